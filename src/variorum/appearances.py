"""Where and when each publisher (series) takes part in each family, as parallel arrays, and the cases in which two of them meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.exporting.members import Folder


@dataclass(frozen=True, slots=True)
class Appearances:
    """The earliest dated witness by which a series takes part in a family, one place each, sorted by family and series.

    Attributes:
        family: int64 (n,): its rank among the families.
        series: int64 (n,): its place in `names`.
        witness: int64 (n,): number of the witness.
        first, last: float64 (n,): bounds of its date, in days.
        names: the series, sorted.
    """

    family: np.ndarray
    series: np.ndarray
    witness: np.ndarray
    first: np.ndarray
    last: np.ndarray
    names: list[str]

    @classmethod
    def gather(cls, family: pa.ChunkedArray, series: pa.ChunkedArray, witness: np.ndarray, first: np.ndarray, last: np.ndarray) -> Appearances:
        """Return the earliest of each family and series among any number of each, in any order."""
        families, _ = _rank(family)
        numbers, names = _rank(series)
        order = np.lexsort((witness, last, first, numbers, families))
        kept = order[_begins(families[order], numbers[order])]
        return cls(families[kept], numbers[kept], witness[kept], first[kept], last[kept], names)

    def take(self, kept: np.ndarray) -> Appearances:
        """Return those of a mask, bool (n,)."""
        return Appearances(self.family[kept], self.series[kept], self.witness[kept], self.first[kept], self.last[kept], self.names)

    def sizes(self) -> np.ndarray:
        """Return int64 (n,): how many series the family of each has."""
        _, found, counts = np.unique(self.family, return_inverse=True, return_counts=True)
        return counts[found]

    def count_orders(self) -> tuple[np.ndarray, np.ndarray]:
        """Return int64 (n,) twice: how many others of its family come certainly after each, and how many before."""
        starts = np.flatnonzero(_begins(self.family))
        lengths = np.diff(np.append(starts, len(self.family)))
        days, ranks = np.unique(np.concatenate([self.first, self.last]), return_inverse=True)
        block = np.repeat(np.arange(len(starts)), lengths) * len(days)  # one sorted array serves all families, each in a block of its own
        firsts, lasts = block + ranks[: len(block)], block + ranks[len(block) :]
        after = np.repeat(starts + lengths, lengths) - np.searchsorted(np.sort(firsts), lasts, "right")
        before = np.searchsorted(np.sort(lasts), firsts, "left") - np.repeat(starts, lengths)
        return after, before


class Meetings(NamedTuple):
    """The cases in which two series have text in common, sorted by pair: parallel arrays (n,).

    Attributes:
        one, other: int64: the series of a pair, `one` < `other`.
        one_first, one_last, other_first, other_last: float64: the earliest date of either, in days.
    """

    one: np.ndarray
    other: np.ndarray
    one_first: np.ndarray
    one_last: np.ndarray
    other_first: np.ndarray
    other_last: np.ndarray


def find_meetings(found: Appearances, least: int) -> Meetings:
    """Return one meeting for all families in which the same statements of two series meet: they are one event, and would else count as many.

    Pairs that meet in fewer than `least` families are left out.
    """
    one, other = _pair_up(found)
    pair = found.series[one] * len(found.names) + found.series[other]
    _, pair, counts = np.unique(pair, return_inverse=True, return_counts=True)
    kept = counts[pair] >= least
    one, other, pair = one[kept], other[kept], pair[kept]
    event = _join(_number(pair, found.witness[one]), _number(pair, found.witness[other]))
    sides = []
    for side in (one, other):
        order = np.lexsort((found.witness[side], found.last[side], found.first[side], event, pair))
        sides.append(side[order[_begins(event[order])]])
    one, other = sides
    return Meetings(found.series[one], found.series[other], found.first[one], found.last[one], found.first[other], found.last[other])


def read_appearances(folder: Folder, *, marked: bool = False) -> tuple[Appearances, list[str]]:
    """Return the earliest dated witness of each series in each family (with `marked` also the families marked as common), and what was left out."""
    families = folder.read_table("families", ["family", "common"])
    kept = families["family"] if marked else families.filter(pc.invert(families["common"]))["family"]
    passages = folder.read_table("passages", ["family", "witness"])
    passages = passages.filter(pc.is_in(passages["family"], value_set=kept.combine_chunks()))
    witnesses = folder.read_table("witnesses", ["witness", "series", "not_before_at", "not_after_at"])
    place = np.searchsorted(witnesses["witness"].to_numpy(), passages["witness"].to_numpy())
    usable = pc.and_(pc.is_valid(witnesses["series"]), pc.and_(pc.is_valid(witnesses["not_before_at"]), pc.is_valid(witnesses["not_after_at"]))).to_numpy()
    n_unused = len(np.unique(place[~usable[place]]))
    first, last = (pc.cast(witnesses[name].cast(pa.timestamp("us", "UTC")), pa.int64()).fill_null(0).to_numpy() / 86_400e6 for name in ("not_before_at", "not_after_at"))
    passages, place = passages.filter(pa.array(usable[place])), place[usable[place]]
    notes = [f"{n_unused:,} witnesses without a series or a date are left out"] if n_unused else []
    return Appearances.gather(passages["family"], witnesses["series"].take(pa.array(place)), passages["witness"].to_numpy().astype(np.int64), first[place], last[place]), notes


def _rank(values: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """Return int64 (n,): the place of each value among the sorted ones; and those."""
    encoded = pa.chunked_array(values.chunks, values.type).combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    ranks = np.empty(len(names), np.int64)
    ranks[order] = np.arange(len(names))
    return ranks[encoded.indices.to_numpy()], [names[n] for n in order]


def _begins(*columns: np.ndarray) -> np.ndarray:
    """Return bool (n,): where a run of equal rows begins."""
    begins = np.zeros(len(columns[0]), bool)
    begins[:1] = True
    for column in columns:
        begins[1:] |= column[1:] != column[:-1]
    return begins


def _number(*columns: np.ndarray) -> np.ndarray:
    """Return int64 (n,): equal numbers, from 0, for equal rows."""
    numbers = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _, codes = np.unique(column, return_inverse=True)
        _, numbers = np.unique(numbers * (codes.max(initial=0) + 1) + codes, return_inverse=True)
    return numbers


def _pair_up(found: Appearances) -> tuple[np.ndarray, np.ndarray]:
    """Return int64 (pairs,) twice: the places of every two series of one family, the lesser series first."""
    starts = np.flatnonzero(_begins(found.family))
    lengths = np.diff(np.append(starts, len(found.family)))
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for length in np.unique(lengths):
        i, j = np.triu_indices(length, 1)
        base = starts[lengths == length][:, None]
        ones.append((base + i).ravel())
        others.append((base + j).ravel())
    return np.concatenate(ones), np.concatenate(others)


def _join(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return int64 (n,): the same number for rows that equal numbers in either column tie together, directly or over others.

    Least row by turns, with each row then taking the number of the row it points at, so that long ties need few turns.
    """
    label = np.arange(len(one))
    while True:
        before = label
        for codes in (one, other):
            least = np.full(codes.max(initial=-1) + 1, len(one))
            np.minimum.at(least, codes, label)
            label = least[codes]
        label = label[label]
        if np.array_equal(label, before):
            return label
