"""Runs of words that two windows have in one order."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.climbing import HIGH_A, HIGH_B, LOW_A, LOW_B, ORDER, ORDER_RUN, ORDER_SHARE, total_region


@kernel
def hash_runs(words, low, high):
    """Return a number for every three words that follow one another in a window (int64)."""
    keys = np.empty(max(0, high - low - 2), np.int64)
    for k in range(len(keys)):
        i = low + k
        keys[k] = ((np.int64(words[i]) << 20) ^ words[i + 1]) * np.int64(2654435761) ^ (np.int64(words[i + 2]) << 8)
    return keys


@kernel
def follow_order(a, b, region, least):
    """Find the runs of at least `least` words that both windows have in one order; a word in several counts with the longest.

    Returns:
        The greater share of a window they make up; the first and last word of a in them, and of b (int64[4], half-open).
    """
    low_a, high_a, low_b, high_b = int(region[LOW_A]), int(region[HIGH_A]), int(region[LOW_B]), int(region[HIGH_B])
    ends = np.array([low_a, high_a, low_b, high_b])
    keys_a, keys_b = hash_runs(a, low_a, high_a), hash_runs(b, low_b, high_b)
    order = np.argsort(keys_b, kind="mergesort")
    keys_b = keys_b[order]
    first = np.searchsorted(keys_b, keys_a)
    # Cells: places that have three words in common, the cell that follows on the diagonal (-1: none), the words of the whole run.
    cells, n = np.empty((4 * len(keys_a), 4), np.int64), 0
    latest = np.full(len(keys_b), -1, np.int64)  # by place in b, the last cell there
    for i in range(len(keys_a)):
        begun = n
        for at in range(first[i], min(first[i] + 4, len(keys_b))):
            if keys_b[at] != keys_a[i]:
                break
            j = order[at]
            before = latest[j - 1] if j > 0 else -1
            if before >= 0 and cells[before, 0] == i - 1:
                cells[n, 3], cells[before, 2] = cells[before, 3] + 1, n
            else:
                cells[n, 3] = 3
            cells[n, 0], cells[n, 1], cells[n, 2] = i, j, -1
            n += 1
        for k in range(begun, n):
            latest[cells[k, 1]] = k
    longest_a, longest_b = np.zeros(high_a - low_a, np.int64), np.zeros(high_b - low_b, np.int64)
    for k in range(n - 1, -1, -1):
        i, j, after, run = cells[k]
        if after >= 0:
            run = cells[after, 3]
            cells[k, 3] = run
        for d in range(3):
            longest_a[i + d], longest_b[j + d] = max(longest_a[i + d], run), max(longest_b[j + d], run)
    kept_a, kept_b = np.zeros(len(longest_a), np.bool_), np.zeros(len(longest_b), np.bool_)
    for k in range(n):
        i, j, _, run = cells[k]
        for d in range(3):
            if run >= least and run == longest_b[j + d]:
                kept_a[i + d] = True
            if run >= least and run == longest_a[i + d]:
                kept_b[j + d] = True
    if kept_a.any() and kept_b.any():
        found_a, found_b = np.flatnonzero(kept_a), np.flatnonzero(kept_b)
        ends[0], ends[1], ends[2], ends[3] = low_a + found_a[0], low_a + found_a[-1] + 1, low_b + found_b[0], low_b + found_b[-1] + 1
    return max(kept_a.sum() / max(1, len(kept_a)), kept_b.sum() / max(1, len(kept_b))), ends


@kernel
def keep_order(a, b, regions, state, limits) -> None:
    """Write the share of each region that has its words in order; cut one that has nearly all so to the runs, and total it again.

    Where the order is kept, it tells the ends better than words alone, which a neighbouring sentence on the same matter shares.
    """
    for k in range(len(regions)):
        share, ends = follow_order(a, b, regions[k], int(limits[ORDER_RUN]))
        regions[k, ORDER] = share
        if share >= limits[ORDER_SHARE]:
            for e in range(4):
                regions[k, e] = ends[e]
            total_region(a, b, regions[k], state, limits)
