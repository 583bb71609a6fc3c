"""The network of publishers over all families of a corpus: who is early, who comes after whom, and whether chance would give such an order.

It rests on the order of dates alone. That one publisher comes after another does not say that it took the text from it: for that see the
lineage of a family. Nothing is said from one family.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.errors import UsageError
from variorum.exporting.members import Folder
from variorum.exporting.orders import Order
from variorum.frames import TableView
from variorum.schema import TABLES, check_table, verify_table

Rows = list[dict[str, Any]]

MAX_SERIES = 200
"""A family of more series makes no pairs: their number grows with its square, and what everyone publishes orders nobody."""
MIN_FAMILIES = 3
"""Pairs and publishers of fewer families are left out."""
TELLING = 0.05
"""Greatest q of an order that is said to be one that chance seldom gives."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """The earliest dated witness by which a series takes part in a family; `first` and `last` bound its date in days."""

    family: str
    series: str
    witness: int
    first: float
    last: float


class Publishers:
    """Who is early and who comes after whom.

    Attributes:
        notes: what was left out, a line each.
    """

    def __init__(self, appearances: Iterable[Appearance], min_families: int = MIN_FAMILIES, notes: Iterable[str] = ()) -> None:
        """Take one appearance for each series of each family; UsageError where `min_families` is below 2."""
        if min_families < 2:
            raise UsageError(f"min_families is {min_families}; it must be 2 or more: one family says nothing of an order")
        self.notes = list(notes)
        self._min_families = min_families
        self._families: dict[str, list[Appearance]] = defaultdict(list)
        for one in appearances:
            self._families[one.family].append(one)
        large = [family for family, members in self._families.items() if len(members) > MAX_SERIES]
        if large:
            self.notes.append(f"{len(large):,} families of more than {MAX_SERIES} publishers are left out")
        for family in large:
            del self._families[family]

    @property
    def publishers(self) -> TableView:
        """The publishers, those that are early first."""
        return TableView.of("publishers", self._publishers, TABLES["publishers"].doc)

    @property
    def links(self) -> TableView:
        """The pairs of publishers, those whose order chance gives least first."""
        return TableView.of("publisher_links", self._links, TABLES["publisher_links"].doc)

    @property
    def summary(self) -> list[str]:
        """What it comes to, a sentence each."""
        publishers, links = self._publishers, self._links
        if not len(publishers):
            return [f"no order of publishers: none is in {self._min_families} families or more in which another is dated too"]
        early, late = (sum(q <= TELLING and (share > 0.5) == is_early for q, share in zip(publishers["q"].to_pylist(), publishers["early"].to_pylist(), strict=True)) for is_early in (True, False))
        telling = sum(q <= TELLING for q in links["q"].to_pylist())
        return [
            f"Of {len(publishers):,} publishers in {self._min_families} families or more, {_count(early, 'is', 'are')} earlier, and {_count(late, 'is', 'are')} later, than chance would give (q of {TELLING:g} or less)",
            f"Of {len(links):,} {'pair' if len(links) == 1 else 'pairs'} with {self._min_families} statements or more in common, {_count(telling, 'has', 'have')} an order that chance seldom gives"
            if len(links)
            else f"No two have {self._min_families} statements or more in common",
            "It rests on dates alone: who comes after another need not have taken the text from it",
        ]

    def order(self, max_q: float = 1.0) -> Order:
        """Return publishers, pairs of at most this `q`, and the summary, for what shows them."""
        return Order(self._publishers.to_pylist(), [row for row in self._links.to_pylist() if row["q"] <= max_q], self.summary)

    @cached_property
    def _publishers(self) -> pa.Table:
        units: dict[str, dict[int, tuple[np.ndarray, np.ndarray]]] = defaultdict(dict)  # by series and witness, in its largest family: scores of all, own orders
        for _, members in sorted(self._families.items(), key=lambda item: (len(item[1]), item[0])):
            orders = _order_all(members)
            for one, own in zip(members, orders, strict=True):
                if len(members) > 1:
                    units[one.series][one.witness] = orders.sum(axis=1), own
        rows = [_describe_publisher(series, list(found.values())) for series, found in sorted(units.items()) if len(found) >= self._min_families]
        _correct(rows)
        rows.sort(key=lambda row: (-row["early"], row["p"], row["series"]))
        return _passed("publishers", [{"publisher": number, **row} for number, row in enumerate(rows)])

    @cached_property
    def _links(self) -> pa.Table:
        pairs: dict[tuple[str, str], list[tuple[Appearance, Appearance]]] = defaultdict(list)
        for members in self._families.values():
            for a, b in combinations(sorted(members, key=lambda one: one.series), 2):
                pairs[a.series, b.series].append((a, b))
        rows = [row for (a, b), found in sorted(pairs.items()) if (row := self._describe_pair(a, b, found))]
        _correct(rows)
        rows.sort(key=lambda row: (row["p"], -row["n_families"], row["leader"], row["follower"]))
        for row in rows:
            row["words"] = _tell(row)
        return _passed("publisher_links", [{"link": number, **row} for number, row in enumerate(rows)])

    def _describe_pair(self, a: str, b: str, found: list[tuple[Appearance, Appearance]]) -> dict[str, Any] | None:
        """Return the order of two series; None where they have too few statements in common."""
        units = _join_units(found)
        if len(units) < self._min_families:
            return None
        orders = [_order(one, other) for one, other in units]
        n_before, n_after = orders.count(1), orders.count(-1)
        if n_after > n_before:
            a, b, n_before, n_after = b, a, n_after, n_before
            units, orders = [(other, one) for one, other in units], [-order for order in orders]
        lags = [(other.first + other.last - one.first - one.last) / 2 for (one, other), order in zip(units, orders, strict=True) if order == 1]
        n = n_before + n_after
        tail = sum(math.comb(n, k) for k in range(n_before, n + 1)) / 2**n
        return {"leader": a, "follower": b, "n_families": len(units), "n_before": n_before, "n_after": n_after, "n_tied": len(units) - n,
                "n_days": round(median(lags), 6) if lags else None, "p": min(1.0, 2 * tail)}  # fmt: skip

    def to_format(self, form: str, max_q: float = 1.0) -> str:
        """Return pairs of at most this `q` as `csv`, or with the publishers as `graphml` or `gexf`; an edge leads from the earlier to the later."""
        from variorum.exporting.lineage_forms import stream_table_csv
        from variorum.exporting.networks import make_publisher_network, stream_network_gexf, stream_network_graphml

        links = [row for row in self.links.to_pylist() if row["q"] <= max_q]
        if form == "csv":
            return "".join(stream_table_csv("publisher_links", links))
        if form not in ("graphml", "gexf"):
            raise UsageError(f"no format '{form}'; there are csv, graphml, gexf")
        network = make_publisher_network(self.publishers.to_pylist(), links)
        return "".join((stream_network_gexf if form == "gexf" else stream_network_graphml)(network))

    def __repr__(self) -> str:
        """Say how many there are."""
        return f"<Publishers: {len(self.publishers):,}, {len(self.links):,} pairs>"


def _describe_publisher(series: str, units: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, Any]:
    """Return how early a series is: in each family its score is how many it is before, less how many it is after; by chance it has anyone's score."""
    own = [orders for _, orders in units]
    n_before, n_after = (int(sum((orders == sign).sum() for orders in own)) for sign in (1, -1))
    n_others = sum(len(orders) - 1 for orders in own)
    spread = np.ones(1)
    for scores, _ in units:
        spread = _convolve(spread, scores)
    n_tied = n_others - n_before - n_after
    return {"series": series, "n_families": len(units), "n_first": sum(int((orders == 1).sum()) == len(orders) - 1 for orders in own), "n_before": n_before,
            "n_after": n_after, "n_tied": n_tied, "early": (n_before + n_tied / 2) / n_others, "p": _two_sided(spread, n_before - n_after)}  # fmt: skip


def order_publishers(folder: Folder) -> Order | None:
    """Return the order of the publishers of a corpus; None where none is in enough families with another."""
    found = Publishers(read_appearances(folder)[0])
    return found.order() if len(found.publishers) else None


def read_appearances(folder: Folder, *, marked: bool = False) -> tuple[list[Appearance], list[str]]:
    """Return the earliest dated witness of each series in each family (with `marked` also the families marked as common), and what was left out."""
    families = folder.read_table("families", ["family", "common"]).to_pylist()
    kept = {row["family"] for row in families if marked or not row["common"]}
    witnesses = {row["witness"]: row for row in folder.read_table("witnesses", ["witness", "series", "not_before_at", "not_after_at"]).to_pylist()}
    best: dict[tuple[str, str], Appearance] = {}
    unused: set[int] = set()
    passages = folder.read_table("passages", ["family", "witness"])
    for family, witness in zip(passages["family"].to_pylist(), passages["witness"].to_pylist(), strict=True):
        row = witnesses[witness]
        first, last = row["not_before_at"], row["not_after_at"]
        if family not in kept:
            continue
        if row["series"] is None or first is None or last is None:
            unused.add(witness)
            continue
        one = Appearance(family, row["series"], witness, first.timestamp() / 86400, last.timestamp() / 86400)
        held = best.get((family, one.series))
        if held is None or (one.first, one.last, one.witness) < (held.first, held.last, held.witness):
            best[family, one.series] = one
    notes = [f"{len(unused):,} witnesses without a series or a date are left out"] if unused else []
    return list(best.values()), notes


def _count(n: int, one: str, more: str) -> str:
    """Return a number with the verb that follows it."""
    return f"{n or 'none'} {one if n < 2 else more}"


def _order(one: Appearance, other: Appearance) -> int:
    """Return 1 where the one is certainly earlier, -1 where the other is, 0 where their dates meet."""
    return int(one.last < other.first) - int(other.last < one.first)


def _order_all(members: list[Appearance]) -> np.ndarray:
    """Return int64 (members, members): the order of each pair."""
    first, last = np.array([m.first for m in members]), np.array([m.last for m in members])
    earlier = last[:, None] < first[None, :]
    return earlier.astype(np.int64) - earlier.T


def _join_units(found: list[tuple[Appearance, Appearance]]) -> list[tuple[Appearance, Appearance]]:
    """Return one pair for all families in which the same statements of two series meet: they are one event, and would else count as many."""
    leads: dict[tuple[int, int], tuple[int, int]] = {}

    def lead(node: tuple[int, int]) -> tuple[int, int]:
        while leads.setdefault(node, node) != node:
            node = leads[node]
        return node

    for a, b in found:
        one, other = sorted((lead((0, a.witness)), lead((1, b.witness))))
        leads[other] = one
    units: dict[tuple[int, int], tuple[Appearance, Appearance]] = {}
    for a, b in found:
        root = lead((0, a.witness))
        x, y = units.get(root, (a, b))
        units[root] = (min(a, x, key=_when), min(b, y, key=_when))
    return [units[root] for root in sorted(units)]


def _when(one: Appearance) -> tuple[float, float, int]:
    return one.first, one.last, one.witness


def _convolve(spread: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return the distribution of a sum after one more family: each of its places in the order is as likely. The middle of the array is 0."""
    reach = int(np.abs(scores).max())
    step = np.bincount(scores + reach, minlength=2 * reach + 1) / len(scores)
    return np.convolve(spread, step)


def _two_sided(spread: np.ndarray, total: int) -> float:
    """Return the probability of a sum as far from 0, or farther: the distribution need not be symmetric, so that both tails are twice the smaller."""
    middle = len(spread) // 2
    above, below = float(spread[middle + total :].sum()), float(spread[: middle + total + 1].sum())
    return min(1.0, 2 * min(above, below))


def _correct(rows: Rows) -> None:
    """Add `q` to rows with `p`: the share of wrong ones expected among all rows of such p or less (Benjamini and Hochberg 1995)."""
    least = 1.0
    ranked = sorted(rows, key=lambda row: row["p"])
    for rank in range(len(ranked), 0, -1):
        least = min(least, ranked[rank - 1]["p"] * len(ranked) / rank)
        ranked[rank - 1]["q"] = least


def _tell(row: dict[str, Any]) -> str:
    """Return what a pair shows, in a sentence."""
    said = f"of {row['n_families']} statements that both have, {row['leader']} has {row['n_before']} earlier and {row['follower']} {row['n_after']}"
    if row["n_tied"]:
        said += f"; {row['n_tied']} on the same day or with dates that meet"
    return said + ("; chance seldom gives such an order" if row["q"] <= TELLING else "; chance may give such an order")


def _passed(name: str, rows: Rows) -> pa.Table:
    """Return rows as the named table, which keeps the rules of its schema."""
    return verify_table(name, check_table(name, pa.Table.from_pylist(rows, schema=TABLES[name].schema)))
