"""Compare passages by their 7-letter shingles: how many two have in common, how many of many are alike.

Shingles are told apart by a hash of 64 bits. Sets of them are tables with open slots, which are emptied by counting up a mark.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.sketching import is_varied, mix

GRAM = 7
"""Letters of a shingle when two passages are compared."""
WINDOW = 16
"""Letters of the stretch that must have a few distinct letters (see `kernels.sketching.is_varied`)."""
_BASE = np.uint64(0x9E3779B97F4A7C15)
_STRIDE = 32
"""Shingles after which two passages are looked at to see whether they are alike, or cannot be any more."""


@kernel
def hash_grams(letters, low: int, high: int, out) -> int:
    """Hash the 7-letter shingles of the letters ``[low, high)`` into `out` (uint64); return their number."""
    power = np.uint64(1)
    for _ in range(GRAM):
        power *= _BASE
    rolling = np.uint64(0)
    n = 0
    for i in range(low, high):
        rolling = rolling * _BASE + mix(np.uint64(letters[i]) + np.uint64(1))
        if i - low >= GRAM:
            rolling -= power * mix(np.uint64(letters[i - GRAM]) + np.uint64(1))
        if i - low >= GRAM - 1:
            out[n] = rolling
            n += 1
    return n


@kernel
def table_size(n: int) -> int:
    """Return the slots of a table for `n` shingles: a power of two, half of them open."""
    size = 16
    while size < 2 * n:
        size *= 2
    return size


@kernel
def find_slot(keys, marks, mask: np.uint64, mark: int, gram: np.uint64) -> np.uint64:
    """Return the slot that holds a shingle, or the open one that it would take; a slot is open where it does not bear `mark`."""
    at = gram & mask
    while marks[at] == mark and keys[at] != gram:
        at = (at + np.uint64(1)) & mask
    return at


@kernel
def enter_grams(grams, keys, marks, mark: int) -> int:
    """Put shingles into a table that is empty but for what bears `mark`; return how many are distinct."""
    mask = np.uint64(table_size(len(grams)) - 1)
    n = 0
    for gram in grams:
        at = find_slot(keys, marks, mask, mark, gram)
        if marks[at] != mark:
            keys[at], marks[at] = gram, mark
            n += 1
    return n


@kernel
def share_sides(letters, low_a, high_a, low_b, high_b, out) -> None:
    """Write, per row, the distinct shingles that its two passages share over those of the one that has fewer.

    A shingle counts once however often it comes back: lists of signatures agree in "member of the council" only. Rows with one
    passage b are best together.

    Args:
        low_a, high_a, low_b, high_b: int64, elements of the two passages of each row.
        out: float64, one a row.
    """
    longest = 1
    for i in range(len(low_a)):
        longest = max(longest, high_a[i] - low_a[i], high_b[i] - low_b[i])
    grams, size = np.empty(longest, np.uint64), table_size(longest)
    keys_b, marks_b, seen = np.empty(size, np.uint64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    keys_a, marks_a = np.empty(size, np.uint64), np.zeros(size, np.int64)
    mark, n_b, mask_b = 0, 0, np.uint64(0)
    for i in range(len(low_a)):
        if i == 0 or low_b[i] != low_b[i - 1] or high_b[i] != high_b[i - 1]:
            mark = i + 1
            own = grams[: hash_grams(letters, low_b[i], high_b[i], grams)]
            n_b, mask_b = enter_grams(own, keys_b, marks_b, mark), np.uint64(table_size(len(own)) - 1)
        own = grams[: hash_grams(letters, low_a[i], high_a[i], grams)]
        mask_a = np.uint64(table_size(len(own)) - 1)
        common, alone = 0, 0
        for gram in own:
            at = find_slot(keys_b, marks_b, mask_b, mark, gram)
            if marks_b[at] == mark:
                common += seen[at] != i + 1
                seen[at] = i + 1
            else:
                at = find_slot(keys_a, marks_a, mask_a, i + 1, gram)
                alone += marks_a[at] != i + 1
                keys_a[at], marks_a[at] = gram, i + 1
        fewer = min(common + alone, n_b)
        out[i] = common / fewer if fewer > 0 else 0.0


@kernel
def number_grams(letters, low, high, bounds, out, size) -> int:
    """Number the distinct shingles of passages from 0; return how many there are.

    Args:
        low, high: int64, elements of each passage; bounds: int64, where the shingles of each begin in `out`, and the end.
        out: out, int32, numbers of the distinct shingles of passage i from ``bounds[i]`` on; size: out, int64, how many they are.
    """
    grams = np.empty(max(1, bounds[-1]), np.uint64)
    slots = table_size(bounds[-1])
    keys, marks, number = np.empty(slots, np.uint64), np.zeros(slots, np.int64), np.empty(slots, np.int32)
    last = np.full(max(1, bounds[-1]), -1, np.int32)  # the passage that held each shingle last
    mask, n = np.uint64(slots - 1), 0
    for i in range(len(low)):
        size[i] = 0
        for gram in grams[: hash_grams(letters, low[i], high[i], grams)]:
            at = find_slot(keys, marks, mask, 1, gram)
            if marks[at] != 1:
                keys[at], marks[at], number[at] = gram, 1, n
                n += 1
            if last[number[at]] != i:
                last[number[at]] = i
                out[bounds[i] + size[i]] = number[at]
                size[i] += 1
    return n


@kernel
def count_alike(letters, low, high, min_share: float) -> int:
    """Count the pairs of passages that share `min_share` or more of the distinct 7-letter shingles of the one that has fewer.

    Args:
        low, high: int64, elements of each passage.
    """
    bounds = np.zeros(len(low) + 1, np.int64)
    for i in range(len(low)):
        bounds[i + 1] = bounds[i] + max(0, high[i] - low[i] - GRAM + 1)
    numbers, size = np.empty(max(1, bounds[-1]), np.int32), np.zeros(len(low), np.int64)
    held = np.full(max(1, number_grams(letters, low, high, bounds, numbers, size)), -1, np.int32)
    n = 0
    for i in range(len(low)):
        for at in range(bounds[i], bounds[i] + size[i]):
            held[numbers[at]] = i
        for j in range(i + 1, len(low)):
            needed = min_share * min(size[i], size[j])
            common, at, end = 0, bounds[j], bounds[j] + size[j]
            while common < needed <= common + end - at:
                stop = min(end, at + _STRIDE)
                for x in range(at, stop):
                    common += held[numbers[x]] == i
                at = stop
            n += common >= needed
    return n


@kernel
def share_varied(letters, low, high, out) -> None:
    """Write, per interval, the share of its letters that lie in stretches of 16 with distinct letters enough.

    The rest is rules of one letter, broken encodings, "ha ha ha". Stretches are laid end to end where they pass.

    Args:
        low, high: int64, elements of each interval.
        out: float64, one an interval; 1 where it is shorter than a stretch.
    """
    for i in range(len(low)):
        if high[i] - low[i] < WINDOW:
            out[i] = 1.0
            continue
        covered, at, done = 0, low[i], low[i]
        while at + WINDOW <= high[i]:
            if is_varied(letters, at, WINDOW):
                covered += at + WINDOW - max(at, done)
                done = at + WINDOW
                # The last stretch ends with the interval.
                at = done if done + WINDOW <= high[i] or done == high[i] else high[i] - WINDOW
            else:
                at += 1
        out[i] = covered / (high[i] - low[i])
