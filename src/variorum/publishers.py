"""The network of publishers over all families of a corpus: who is early, who comes after whom, and whether chance would give such an order.

It rests on the order of dates alone. That one publisher comes after another does not say that it took the text from it: for that see the
lineage of a family. Nothing is said from one family.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache, cached_property
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.appearances import Appearances, find_meetings, read_appearances
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
DIRECT = 256
"""Distributions up to this length are added term by term, which is faster there and exact."""
TELLING = 0.05
"""Greatest q of an order that is said to be one that chance seldom gives."""


class Publishers:
    """Who is early and who comes after whom.

    Attributes:
        notes: what was left out, a line each.
    """

    def __init__(self, appearances: Appearances, min_families: int = MIN_FAMILIES, notes: Iterable[str] = ()) -> None:
        """Take what series take part in what families; UsageError where `min_families` is below 2."""
        if min_families < 2:
            raise UsageError(f"min_families is {min_families}; it must be 2 or more: one family says nothing of an order")
        self.notes = list(notes)
        self._min_families = min_families
        sizes = appearances.sizes()
        self._found = appearances.take((sizes > 1) & (sizes <= MAX_SERIES))
        if n_large := len(np.unique(appearances.family[sizes > MAX_SERIES])):
            self.notes.append(f"{n_large:,} families of more than {MAX_SERIES} publishers are left out")

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
        found, sizes = self._found, self._found.sizes()
        n_before, n_after = found.count_orders()
        steps = _find_steps(found.family, n_before - n_after)
        units = np.lexsort((found.family, sizes, found.witness, found.series))  # of the families of a witness the largest tells most of its place
        units = units[np.append((np.diff(found.witness[units]) != 0) | (np.diff(found.series[units]) != 0), np.ones(min(1, len(units)), bool))]
        bounds = np.searchsorted(found.series[units], np.arange(len(found.names) + 1))
        rows = [
            {"series": series, **_describe_publisher(sizes[own] - 1, n_before[own], n_after[own], [steps[family] for family in found.family[own].tolist()])}
            for series, (start, end) in zip(found.names, pairwise(bounds.tolist()), strict=True)
            if len(own := units[start:end]) >= self._min_families
        ]
        _correct(rows)
        rows.sort(key=lambda row: (-row["early"], row["p"], row["series"]))
        return _passed("publishers", [{"publisher": number, **row} for number, row in enumerate(rows)])

    @cached_property
    def _links(self) -> pa.Table:
        found = find_meetings(self._found, self._min_families)
        order = (found.one_last < found.other_first).astype(np.int64) - (found.other_last < found.one_first)
        lags = (found.other_first + found.other_last - found.one_first - found.one_last) / 2
        starts = np.flatnonzero(np.append(True, (np.diff(found.one) != 0) | (np.diff(found.other) != 0))[: len(order)])
        rows = [
            self._describe_pair(found.one[start], found.other[start], order[start:end], lags[start:end])
            for start, end in pairwise([*starts.tolist(), len(order)])
            if end - start >= self._min_families
        ]
        _correct(rows)
        rows.sort(key=lambda row: (row["p"], -row["n_families"], row["leader"], row["follower"]))
        for row in rows:
            row["words"] = _tell(row)
        return _passed("publisher_links", [{"link": number, **row} for number, row in enumerate(rows)])

    def _describe_pair(self, one: int, other: int, order: np.ndarray, lags: np.ndarray) -> dict[str, Any]:
        """Return the order of two series from that of each meeting (1: the one is certainly earlier) and the days between."""
        n_before, n_after = int(np.count_nonzero(order == 1)), int(np.count_nonzero(order == -1))
        if n_after > n_before:
            one, other, n_before, n_after, order, lags = other, one, n_after, n_before, -order, -lags
        return {"leader": self._found.names[one], "follower": self._found.names[other], "n_families": len(order), "n_before": n_before, "n_after": n_after,
                "n_tied": len(order) - n_before - n_after, "n_days": round(median(lags[order == 1].tolist()), 6) if n_before else None, "p": _test_signs(n_before, n_after)}  # fmt: skip

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


def _describe_publisher(n_others: np.ndarray, n_before: np.ndarray, n_after: np.ndarray, steps: list[bytes]) -> dict[str, Any]:
    """Return how early a series is: in each family its score is how many it is before, less how many it is after; by chance it has anyone's score."""
    others, before, after = int(n_others.sum()), int(n_before.sum()), int(n_after.sum())
    tied = others - before - after
    return {"n_families": len(steps), "n_first": int(np.count_nonzero(n_before == n_others)), "n_before": before, "n_after": after, "n_tied": tied,
            "early": (before + tied / 2) / others, "p": _two_sided(_sum_steps(steps), before - after)}  # fmt: skip


def order_publishers(folder: Folder) -> Order | None:
    """Return the order of the publishers of a corpus; None where none is in enough families with another."""
    found = Publishers(read_appearances(folder)[0])
    return found.order() if len(found.publishers) else None


def _count(n: int, one: str, more: str) -> str:
    """Return a number with the verb that follows it."""
    return f"{n or 'none'} {one if n < 2 else more}"


def _find_steps(family: np.ndarray, scores: np.ndarray) -> dict[int, bytes]:
    """Return the distribution of a score in each family, as bytes of float64 about 0: each of its places in the order is as likely."""
    steps: dict[int, bytes] = {}
    starts = np.flatnonzero(np.append(True, np.diff(family) != 0)[: len(family)])
    for number, own in zip(family[starts].tolist(), np.split(scores, starts[1:]), strict=False):
        reach = int(np.abs(own).max())
        steps[number] = (np.bincount(own + reach, minlength=2 * reach + 1) / len(own)).tobytes()
    return steps


def _sum_steps(steps: list[bytes]) -> np.ndarray:
    """Return the distribution of a sum of scores; the middle of the array is 0. Those of like length are added first, and the work is near-linear."""
    spreads = [np.frombuffer(step) for step in sorted(steps)]
    while len(spreads) > 1:
        spreads.sort(key=len)
        odd = spreads[len(spreads) & ~1 :]
        spreads = [_add(one, other) for one, other in zip(spreads[::2], spreads[1::2], strict=False)] + odd
    return spreads[0]


def _add(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the distribution of the sum of two scores: by Fourier transform where both are long, which is right to about 1e-15."""
    if min(len(one), len(other)) <= DIRECT:
        return np.convolve(one, other)
    length = len(one) + len(other) - 1
    size = 1 << (length - 1).bit_length()
    return np.maximum(np.fft.irfft(np.fft.rfft(one, size) * np.fft.rfft(other, size), size)[:length], 0.0)


@cache
def _test_signs(n_before: int, n_after: int) -> float:
    """Return the p of a sign test, both sides; `n_before` is the greater."""
    n = n_before + n_after
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(n_before, n + 1)) / 2**n)


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
