"""Ids that stay: families and passages of a corpus that grew or shrank keep the ids they had where their members stayed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.families.groups import list_overlaps
from variorum.schema import TABLES, check_table, verify_table

Stretch = tuple[int, int, int]
"""Witness, start and end."""


@dataclass(frozen=True)
class Heritage:
    """The passages that a corpus had, under the numbers that their witnesses have now: rows of PASSAGES, of which some columns are needed."""

    passages: pa.Table

    @classmethod
    def of(cls, passages: pa.Table, numbers: np.ndarray) -> Heritage:
        """Take PASSAGES and the new number of each witness, -1 where it is gone."""
        witness = numbers[passages["witness"].to_numpy()]
        columns = {"witness": pa.array(witness, pa.int32()), **{name: passages[name] for name in ("passage", "family", "start", "end")}}
        return cls(pa.table(columns).filter(pa.array(witness >= 0)))

    def inherit(self, tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
        """Return FAMILIES, PASSAGES and FAMILY_LINKS under the ids of before.

        A family takes the id of the one with which it shares most passages; each id goes to one family. A passage is shared where both cover
        half or more of what they cover together. A passage keeps its id where its place stays; where it moved a little, it
        takes the id of the passage that stood there, in the family that its family continues.
        """
        passages = tables["passages"]
        mates = self._find_mates(passages)
        families = self._name_families(passages, mates)
        names = self._name_passages(passages, mates, families)
        return {
            "families": _rename(tables["families"], "families", {"family": families}),
            "passages": _rename(passages, "passages", {"family": families}, names),
            "family_links": _turn_links(_rename(tables["family_links"], "family_links", {"family": families, "other": families})),
        }

    def _find_mates(self, passages: pa.Table) -> list[tuple[float, int, int]]:
        """Return overlap (intersection over union), row of before and row of now of all passages that share half or more."""
        n = len(self.passages)
        text, start, end = (
            np.concatenate([side[name].to_numpy().astype(np.int64) for side in (self.passages, passages)]) for name in ("witness", "start", "end")
        )
        i, j = list_overlaps(text, start, end, (np.arange(len(text)) >= n).astype(np.int64))
        old, new = np.minimum(i, j), np.maximum(i, j)
        both = np.minimum(end[old], end[new]) - np.maximum(start[old], start[new])
        share = both / (end[old] - start[old] + end[new] - start[new] - both)
        near = share >= 0.5
        return list(zip(share[near].tolist(), old[near].tolist(), (new[near] - n).tolist(), strict=True))

    def _name_families(self, passages: pa.Table, mates: list[tuple[float, int, int]]) -> dict[str, str]:
        """Return the id that each family gets, by the one it was given."""
        before, now = self.passages["family"].to_pylist(), passages["family"].to_pylist()
        shared: dict[tuple[str, str], float] = {}
        for share, old, new in mates:
            shared[before[old], now[new]] = shared.get((before[old], now[new]), 0.0) + share
        # The same pair of ids goes first among equals, so that nothing is renamed for nothing.
        ranked = sorted(shared, key=lambda pair: (-shared[pair], pair[0] != pair[1], pair))
        return _give_ids(ranked, sorted(set(now)))

    def _name_passages(self, passages: pa.Table, mates: list[tuple[float, int, int]], families: dict[str, str]) -> dict[Stretch, str]:
        """Return the id that each stretch gets."""
        before, now = self.passages.to_pylist(), list(_stretches(passages))
        family = passages["family"].to_pylist()
        own = dict(zip(now, passages["passage"].to_pylist(), strict=True))
        held = {(row["witness"], row["start"], row["end"]): row["passage"] for row in before}
        names = {stretch: held[stretch] for stretch in own if stretch in held}
        taken = set(names.values())
        # What moved: the nearest first.
        moved = sorted((-share, before[old]["passage"], now[new], old, new) for share, old, new in mates if now[new] not in names)
        for _, passage, stretch, old, new in moved:
            if stretch not in names and passage not in taken and before[old]["family"] == families[family[new]]:
                names[stretch] = passage
                taken.add(passage)
        for stretch in sorted(own):
            if stretch not in names:
                names[stretch] = _make_free(own[stretch], taken)
                taken.add(names[stretch])
        return names


def _give_ids(ranked: Iterable[tuple[str, str]], natural: list[str]) -> dict[str, str]:
    """Return an id for each of the families that are called `natural`; `ranked` are pairs of an id of before and one of them, the nearest first."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for old, new in ranked:
        if old not in taken and new not in given:
            given[new] = old
            taken.add(old)
    for new in natural:
        if new not in given:
            given[new] = _make_free(new, taken)
            taken.add(given[new])
    return given


def _make_free(name: str, taken: set[str]) -> str:
    """Return `name`, with a number where an id of before is called so."""
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _stretches(passages: pa.Table) -> Iterable[Stretch]:
    return zip(*(passages[name].to_pylist() for name in ("witness", "start", "end")), strict=True)


def _rename(table: pa.Table, name: str, columns: dict[str, dict[str, str]], passages: dict[Stretch, str] | None = None) -> pa.Table:
    """Return a table with the families in some columns, and its passages, renamed; sorted and verified."""
    for column, names in columns.items():
        values = pa.array([names[value] for value in table[column].to_pylist()], pa.string())
        table = table.set_column(table.column_names.index(column), column, values)
    if passages is not None:
        values = pa.array([passages[stretch] for stretch in _stretches(table)], pa.string())
        table = table.set_column(table.column_names.index("passage"), "passage", values)
    table = table.sort_by([(column, "ascending") for column in TABLES[name].sort])
    return verify_table(name, check_table(name, table))


def _turn_links(links: pa.Table) -> pa.Table:
    """Return FAMILY_LINKS in which two families that overlap stand in the order of their ids."""
    turned = pc.and_(pc.equal(links["relation"], "overlaps"), pc.greater(links["family"], links["other"]))
    family, other = pc.if_else(turned, links["other"], links["family"]), pc.if_else(turned, links["family"], links["other"])
    links = links.set_column(0, "family", family).set_column(1, "other", other)
    return check_table("family_links", links.sort_by([(column, "ascending") for column in TABLES["family_links"].sort]))
