"""Which intervals belong together: leaders, union along spans, merge of coinciding families.

The way was chosen among eleven on four real corpora: plain overlap chains thousands of unrelated texts into one
family; strict overlap inside a text, with leaders that do not move, does not, and is deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from variorum.config import FamiliesConfig
from variorum.kernels import grouping

JITTER = 12
"""Letters within which ends of one passage are taken to mean the same end."""


@dataclass(frozen=True)
class Intervals:
    """Intervals of texts in letters, int64 each; `mate` is the row of a span's other side, or the row itself.

    `similarity` is the span's, `reworked` 1 or 2 where deep mode found it reworked or summarised, else 0; `place` holds, for every text of the corpus, where it stands
    in an order that does not depend on the order of reading.
    """

    text: np.ndarray
    start: np.ndarray
    end: np.ndarray
    mate: np.ndarray
    similarity: np.ndarray
    reworked: np.ndarray
    place: np.ndarray

    def take(self, rows: np.ndarray) -> Intervals:
        """Return some of the intervals, given by rows in order; a mate that is not among them becomes the row itself."""
        if len(rows) == len(self.text):
            return self
        mate = self.mate[rows]
        at = np.minimum(np.searchsorted(rows, mate), len(rows) - 1)
        columns = self.text[rows], self.start[rows], self.end[rows], np.where(rows[at] == mate, at, np.arange(len(rows)))
        return Intervals(*columns, self.similarity[rows], self.reworked[rows], self.place)


@dataclass(frozen=True)
class Members:
    """Passages: family (numbered from 0), text, first and last letter, number of intervals that end in it; sorted by family, text, start.

    `reworked` is 0 where a span by letters ties it to its family, else that of `Intervals`.
    """

    family: np.ndarray
    text: np.ndarray
    start: np.ndarray
    end: np.ndarray
    n_spans: np.ndarray
    reworked: np.ndarray
    split: np.ndarray

    def bounds(self) -> np.ndarray:
        """Return the rows of each family: family f holds ``bounds[f]:bounds[f + 1]``."""
        n = int(self.family[-1]) + 1 if len(self.family) else 0
        return np.searchsorted(self.family, np.arange(n + 1))

    def cut(self, rows: slice | np.ndarray) -> Members:
        """Return some of the passages."""
        return Members(*(getattr(self, name)[rows] for name in ("family", "text", "start", "end", "n_spans", "reworked", "split")))


def join_intervals(intervals: Intervals, config: FamiliesConfig, min_similarity: float = 0.0) -> np.ndarray:
    """Return the family of each interval (numbered from 0): leaders, union along spans, merge of those that coincide.

    Spans below `min_similarity` join nothing, and their intervals stand alone.
    """
    kept = intervals.similarity >= min_similarity
    family = np.arange(len(kept)) + len(kept)
    held = intervals.take(np.flatnonzero(kept))
    leader, leader_row = find_leaders(held, config.leader_overlap)
    parent = np.arange(len(leader_row))
    grouping.join_sets(parent, leader, leader[held.mate])
    merge_coinciding(held, leader_row, parent, config.merge_overlap)
    family[kept] = parent[leader]
    return np.unique(family, return_inverse=True)[1]


def find_leaders(intervals: Intervals, min_overlap: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the leader of each interval and the interval that each leader is."""
    order = np.lexsort((intervals.end, intervals.start, intervals.start - intervals.end, intervals.text))
    leader, row = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    n = grouping.assign_leaders(intervals.text[order], intervals.start[order], intervals.end[order], min_overlap, leader, row)
    of_interval = np.empty(len(order), np.int64)
    of_interval[order] = leader
    return of_interval, order[row[:n]]


def list_overlaps(text: np.ndarray, start: np.ndarray, end: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of each two overlapping intervals of different groups in one text."""
    order = np.lexsort((end, start, text))
    out = np.empty((max(1024, 4 * len(order)), 2), np.int64)
    columns = (text[order], start[order], end[order], group[order])
    n = grouping.list_overlaps(*columns, out)
    if n > len(out):
        out = np.empty((n, 2), np.int64)
        grouping.list_overlaps(*columns, out)
    return order[out[:n, 0]], order[out[:n, 1]]


def merge_coinciding(intervals: Intervals, leader_row: np.ndarray, parent: np.ndarray, min_overlap: float) -> None:
    """Join the families that lie over each other in half or more of all their texts (`parent` is changed).

    Ends found a few words apart would otherwise make one passage two families.
    """
    text, start, end = intervals.text[leader_row], intervals.start[leader_row], intervals.end[leader_row]
    i, j = list_overlaps(text, start, end, parent)
    both = np.minimum(end[i], end[j]) - np.maximum(start[i], start[j])
    near = both >= min_overlap * (end[i] - start[i] + end[j] - start[j] - both)
    i, j = i[near], j[near]
    if not len(i):
        return
    f, g = np.minimum(parent[i], parent[j]), np.maximum(parent[i], parent[j])
    rows, _ = distinct_rows(f, g, text[i])
    f, g = f[rows], g[rows]
    rows, n_near = distinct_rows(f, g)
    f, g = f[rows], g[rows]
    held, _ = distinct_rows(parent, text)
    held = np.stack([parent[held], text[held]], 1)
    n_texts = np.bincount(held[:, 0], minlength=len(parent))
    # Who has too few near each other whatever they share need not be counted.
    likely = 2 * n_near >= np.maximum(n_texts[f], n_texts[g])
    f, g, n_near = f[likely], g[likely], n_near[likely]
    # Texts that hold both, near each other or not, count once in the union.
    common = np.array([_count_common(held, int(x), int(y)) for x, y in zip(f, g, strict=True)], np.int64)
    same = 2 * n_near >= n_texts[f] + n_texts[g] - common
    grouping.join_sets(parent, f[same], g[same])


def _count_common(held: np.ndarray, f: int, g: int) -> int:
    """Return the number of texts that two families share; `held` is sorted rows of (family, text)."""
    parts = [held[np.searchsorted(held[:, 0], x) : np.searchsorted(held[:, 0], x, "right"), 1] for x in (f, g)]
    small, large = sorted(parts, key=len)
    at = np.searchsorted(large, small)
    return int((large[np.minimum(at, len(large) - 1)] == small).sum())


def distinct_rows(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each distinct combination of integers from 0 up, in the order of the combinations, and how many rows each has."""
    code, width = columns[0].astype(np.int64), int(columns[0].max(initial=0)) + 1
    for column in columns[1:]:
        size = int(column.max(initial=0)) + 1
        if width * size >= 1 << 62:
            code = np.unique(code, return_inverse=True)[1]
            width = int(code.max(initial=0)) + 1
        code, width = code * size + column, width * size
    order = np.argsort(code, kind="stable")
    first = np.flatnonzero(np.diff(code[order], prepend=-1))
    return order[first], np.diff(first, append=len(order))


def make_members(intervals: Intervals, family: np.ndarray, split: np.ndarray, *, settled: bool = False) -> Members:
    """Join the intervals of one family and text that touch; families are numbered anew from 0.

    Where `settled`, an end lies where most intervals end, if they do so within a word or two of the farthest: one span
    that runs on by a word that two texts share by chance does not move it.
    """
    width = int(intervals.text.max(initial=0)) + 1
    order = np.lexsort((intervals.end, intervals.start, family * width + intervals.text))
    fam, text, start, end = family[order], intervals.text[order], intervals.start[order], intervals.end[order]
    if not len(order):
        none = np.zeros(0, np.int64)
        return Members(none, none, none, none, none, none, np.zeros(0, bool))
    # An interval begins a new stretch where it starts past all ends before it in its family and text.
    block = np.cumsum(np.concatenate([[0], ((np.diff(fam) != 0) | (np.diff(text) != 0)).astype(np.int64)]))
    shift = block * (int(end.max()) + 1)
    reach = np.maximum.accumulate(end + shift)
    fresh = np.concatenate([[True], (start + shift)[1:] >= reach[:-1]])
    cuts = np.flatnonzero(fresh)
    own = (intervals.mate == np.arange(len(family)))[order]
    counts = np.add.reduceat((~own).astype(np.int64), cuts)
    _, number = np.unique(fam[cuts], return_inverse=True)
    low, high = start[cuts], np.maximum.reduceat(end, cuts)
    if settled:
        stretch = np.cumsum(fresh) - 1
        low, high = _settle_ends(start, stretch, low, 1), _settle_ends(end, stretch, high, -1)
    reworked = np.minimum.reduceat(intervals.reworked[order], cuts)
    return Members(number, text[cuts], low, high, counts, reworked, np.logical_or.reduceat(split[order], cuts))


def _settle_ends(ends: np.ndarray, stretch: np.ndarray, farthest: np.ndarray, inward: int) -> np.ndarray:
    """Return, per stretch, the end that half or more of its ends near the farthest one agree on, else the farthest."""
    off = (ends - farthest[stretch]) * inward
    near = off <= JITTER
    stretch, off = stretch[near], off[near]
    rows, n = distinct_rows(stretch, off)
    stretch, off = stretch[rows], off[rows]
    agreed = 2 * n >= np.bincount(stretch, n)[stretch]
    settled = farthest.copy()
    # Two ends of half each: the farther one is written last.
    settled[stretch[agreed][::-1]] += inward * off[agreed][::-1]
    return settled
