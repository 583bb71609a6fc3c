"""Columns in the order of a base: what each member has in them, what stands in another place, what a fragment does not cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from variorum.kernels import loci

MIN_MISSING = 15.0
"""Fewest words that a member lacks at its beginning or end, counted in members that have them, to be missing and not omitted."""
MISSING_SHARE = 0.1
"""Least share of the whole that they must be, so that a last sentence dropped is an omission."""


@dataclass(frozen=True)
class Columns:
    """The alignment in the order of one base.

    Attributes:
        places: by member: the column of each of its tokens (int64).
        n: number of columns.
        blocks: by member: the moved block each token stands in, from 1; 0: in order (int32).
        ranges: by block: (member, first token, number of tokens).
    """

    places: list[np.ndarray]
    n: int
    blocks: list[np.ndarray]
    ranges: list[tuple[int, int, int]]

    def hold_tokens(self) -> np.ndarray:
        """Return int32[members, columns]: the token a member has there, -1 none, `kernels.loci.MISSING` where it is a fragment."""
        held = np.full((len(self.places), self.n), -1, np.int32)
        for member, at in enumerate(self.places):
            held[member, at] = np.arange(len(at), dtype=np.int32)
        _mark_missing(held, self.places, self.blocks)
        return held


def arrange_columns(order: np.ndarray, columns: Sequence[np.ndarray], base: int) -> Columns:
    """Return the columns in the order of the member `base`.

    Args:
        order: the columns in the order of the profile (int64).
        columns: by member: the column of each of its tokens.
    """
    rank = _rank_columns(order, columns[base])
    places = [rank[held] for held in columns]
    blocks, ranges = [], []
    for member, at in enumerate(places):
        rising = np.empty(len(at), bool)
        loci.find_rising(at, rising)
        number = np.zeros(len(at), np.int32)
        for low, high in _moved_ranges(at, rising):
            ranges.append((member, low, high - low))
            number[low:high] = len(ranges)
        blocks.append(number)
    return Columns(places, len(order), blocks, ranges)


def _rank_columns(order: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return the new place of each column: the base's in its order, the others after the base's column that they follow in `order`."""
    of_base = np.full(len(order), -1, np.int64)  # by column
    of_base[base] = np.arange(len(base))
    leader = of_base[order]
    leader = np.maximum.accumulate(np.where(leader >= 0, np.arange(len(order)), -1))
    follows = np.where(leader >= 0, of_base[order[leader]], -1)
    rank = np.empty(len(order), np.int64)
    rank[order[np.argsort(follows, kind="stable")]] = np.arange(len(order))
    return rank


def _moved_ranges(places: np.ndarray, rising: np.ndarray) -> list[tuple[int, int]]:
    """Return the runs of tokens out of order whose own columns rise, each as (first, end)."""
    out = np.flatnonzero(~rising)
    if not len(out):
        return []
    new = np.concatenate([[True], (np.diff(out) > 1) | (np.diff(places[out]) < 0)])
    first = out[new]
    last = out[np.concatenate([np.flatnonzero(new)[1:] - 1, [len(out) - 1]])]
    return list(zip(first.tolist(), (last + 1).tolist(), strict=True))


def _mark_missing(held: np.ndarray, places: Sequence[np.ndarray], blocks: Sequence[np.ndarray]) -> None:
    """Mark the columns before a fragment's beginning and after its end; `held` is changed in place."""
    n_members, n_columns = held.shape
    if n_members < 2 or not n_columns:
        return
    present = (held >= 0).sum(axis=0)
    empty = np.array([len(at) == 0 for at in places])
    weight = np.cumsum(np.concatenate([[0.0], present / max(1, n_members - int(empty.sum()))]))
    needed = max(MIN_MISSING, MISSING_SHARE * weight[-1])
    for member, (at, block) in enumerate(zip(places, blocks, strict=True)):
        inside = at[block == 0]
        if not len(inside):
            held[member] = loci.MISSING
            continue
        low, high = int(inside[0]), int(inside[-1]) + 1
        if weight[low] >= needed:
            held[member, :low][held[member, :low] < 0] = loci.MISSING
        if weight[-1] - weight[high] >= needed:
            held[member, high:][held[member, high:] < 0] = loci.MISSING
