"""Families with their members, gathered from the tables for everything that shows them: exact copies folded, in order of date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from variorum.exporting.contexts import strip_controls

WITNESS_COLUMNS = ["witness", "siglum", "source", "place", "title", "series", "date", "date_basis", "n_characters", "not_before_at"]
Row = tuple[str, int, int, int, int, int | None, str | None]
ROW = ("passage", "witness", "start", "end", "position", "copy_of", "tie")
PASSAGE_COLUMNS = ["passage", "family", "witness", "start", "end", "position", "copy_of", "tie"]


class Folder(Protocol):
    """The part of a corpus folder that the exports read."""

    name: str

    def read_table(self, name: str, columns: list[str] | None = None, where: str | None = None) -> pa.Table:
        """Return a stored table, sorted as the schema says."""
        ...

    def read_texts(self, witnesses: Sequence[int]) -> dict[int, str]:
        """Return the texts of the witnesses."""
        ...


_WINDOW = 16_384


@dataclass(slots=True)
class Member:
    """One passage of a family, with the witnesses that are exact copies of its own; all of them by their number.

    `tie` is None, or what deep mode found ties the passage to its family as (see `passages.tie`).
    """

    passage: str
    witness: int
    start: int
    end: int
    position: int
    tie: str | None = None
    copies: list[int] = field(default_factory=list)


class Families:
    """All families of a corpus and, one family at a time, their members."""

    def __init__(self, families: pa.Table, passages: pa.Table) -> None:
        """Take the FAMILIES table and PASSAGES with `PASSAGE_COLUMNS`, both in any order."""
        self.rows: list[dict[str, Any]] = families.sort_by("rank").to_pylist() if len(families) else []
        self._passages = passages
        codes = {row["family"]: number for number, row in enumerate(self.rows)}
        known = passages["family"].combine_chunks().dictionary_encode()
        of_dictionary = np.array([codes.get(name, -1) for name in known.dictionary.to_pylist()], np.int64)
        family = of_dictionary[known.indices.to_numpy()] if len(passages) else np.zeros(0, np.int64)
        self._order = np.lexsort((passages["position"].to_numpy(), family))
        self._bounds = np.searchsorted(family[self._order], np.arange(len(self.rows) + 1))
        self._window = (0, 0)  # rows in order that are held as plain values: one `take` a family would cost more than all the rest
        self._rows: list[Row] = []

    def __len__(self) -> int:
        """Return the number of families."""
        return len(self.rows)

    def members(self, number: int) -> list[Member]:
        """Return the members of the family in row `number`, by position, exact copies folded into the first of them."""
        return fold_copies(self.passages(number))

    def passages(self, number: int) -> list[Row]:
        """Return the passages of the family in row `number`, by position."""
        first, last = (int(bound) for bound in self._bounds[number : number + 2])
        if not self._window[0] <= first <= last <= self._window[1]:
            part = self._passages.take(pa.array(self._order[first : max(last, first + _WINDOW)]))
            self._rows = list(zip(*(part[name].to_pylist() for name in ROW), strict=True))
            self._window = (first, first + len(self._rows))
        return self._rows[first - self._window[0] : last - self._window[0]]


_TOLD = ("siglum", "source", "place", "title", "series", "date", "date_basis")


class Labels:
    """What is said of every witness, by its number."""

    def __init__(self, witnesses: pa.Table) -> None:
        """Take WITNESSES with `WITNESS_COLUMNS`."""
        self.n_witnesses, self.n_undated = len(witnesses), witnesses["date"].null_count
        self.siglum, self.source, self.place, self.title, self.series, self.date, self.basis = (_Column(witnesses[name]) for name in _TOLD)
        self.length, self.first_at = witnesses["n_characters"].to_numpy().astype(np.int64), witnesses["not_before_at"]


class _Column:
    """The texts of a column by row, each made when it is asked for: of a million statements few are shown."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._texts = column.combine_chunks()

    def __getitem__(self, row: int) -> str | None:
        """Return the text of a row, without control characters; None where there is none."""
        text = self._texts[row].as_py()
        return None if text is None else strip_controls(text)


def fold_copies(rows: Iterable[Row]) -> list[Member]:
    """Return one member for each passage that is not an exact copy of another's witness, in order of position.

    A row is (passage, witness, start, end, position, copy_of, tie). A set of copies is shown by the one of lowest
    position, which by date comes first. Where a witness holds the family more than once, its copies' passages go
    in the same order with its own.
    """
    seen: dict[tuple[int, int], int] = {}
    keyed = []
    for row in sorted(rows, key=lambda row: (row[1], row[2])):
        first = row[1] if row[5] is None else row[5]
        turn = seen[row[1], first] = seen.get((row[1], first), -1) + 1
        keyed.append((row[4], first, turn, row))
    sets: dict[tuple[int, int], Member] = {}
    for _, first, turn, row in sorted(keyed, key=lambda item: item[0]):
        if (first, turn) in sets:
            sets[first, turn].copies.append(row[1])
        else:
            sets[first, turn] = Member(*row[:5], tie=row[6])
    return list(sets.values())


def find_reference(row: dict[str, Any], members: list[Member]) -> int:
    """Return which member the others are compared to: the earliest copy held, else the medoid, else the first."""
    for wanted in (row["earliest"], row["medoid"]):
        for number, member in enumerate(members):
            if wanted is not None and (wanted == member.witness or wanted in member.copies):
                return number
    return 0


def describe_earliest(row: dict[str, Any], siglum: str | None) -> str:
    """Return what is said of a family's earliest copy, in words."""
    if siglum is not None:
        return f"{siglum} ({show_day(row['first_at'])})"
    if row["first_at"] is None:
        return "cannot be told: no member is dated"
    return f"cannot be told: several bear the earliest date, {show_day(row['first_at'])} (same day: no order)"


def show_day(moment: Any) -> str:
    """Return the day of a timestamp as ISO, or an empty string where there is none."""
    return "" if moment is None else moment.date().isoformat()


def read_families(folder: Folder) -> Families:
    """Return the families of a corpus."""
    return Families(folder.read_table("families"), folder.read_table("passages", columns=PASSAGE_COLUMNS))


def batch_by_size(sizes: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of runs whose sizes add up to at most `limit`; a larger single one stands alone."""
    first = total = 0
    for number, size in enumerate(sizes):
        if number > first and total + size > limit:
            yield first, number
            first, total = number, 0
        total += size
    if first < len(sizes):
        yield first, len(sizes)
