"""Group intervals and compare passages: leaders, disjoint sets, overlaps within one text, shared 7-letter shingles."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.sketching import is_varied, mix

GRAM = 7
"""Letters of a shingle when two passages are compared."""
WINDOW = 16
"""Letters of the stretch that must have a few distinct letters (see `kernels.sketching.is_varied`)."""
_BASE = np.uint64(0x9E3779B97F4A7C15)


@kernel
def assign_leaders(text, start, end, min_overlap: float, leader, leader_row) -> int:
    """Join each interval to the leader of its text that it overlaps most, or make it one; return the number of leaders.

    A leader never moves, so that staggered intervals cannot chain inside a text.

    Args:
        text, start, end: int64, intervals sorted by text, then by length, longest first.
        min_overlap: least intersection over union.
        leader: out, int64, number of the leader of each interval; leader_row: out, int64, the interval that a leader is.
    """
    n = 0
    first = 0
    for i in range(len(text)):
        if i and text[i] != text[i - 1]:
            first = n
        best, chosen = min_overlap, -1
        for j in range(first, n):
            row = leader_row[j]
            both = min(end[i], end[row]) - max(start[i], start[row])
            if both <= 0:
                continue
            share = both / (end[i] - start[i] + end[row] - start[row] - both)
            if share > best or (share == best and chosen < 0):
                best, chosen = share, j
        if chosen < 0:
            chosen = n
            leader_row[n] = i
            n += 1
        leader[i] = chosen
    return n


@kernel
def find_root(parent, i: int) -> int:
    """Return the root of element `i`, halving its path."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@kernel
def join_sets(parent, a, b) -> None:
    """Join the sets of ``a[i]`` and ``b[i]`` for every i; a root is the smallest element of its set; all paths are flat at the end."""
    for i in range(len(a)):
        x, y = find_root(parent, a[i]), find_root(parent, b[i])
        if x < y:
            parent[y] = x
        elif y < x:
            parent[x] = y
    for i in range(len(parent)):
        parent[i] = find_root(parent, i)


@kernel
def list_overlaps(text, start, end, group, out) -> int:
    """List the overlapping intervals of two groups in one text; return their number, which may exceed the room of `out`.

    Args:
        text, start, end, group: int64, sorted by text and start.
        out: int64[m, 2]: rows of the two intervals.
    """
    n = 0
    for i in range(len(text)):
        for j in range(i + 1, len(text)):
            if text[j] != text[i] or start[j] >= end[i]:
                break
            if group[j] != group[i]:
                if n < len(out):
                    out[n, 0], out[n, 1] = i, j
                n += 1
    return n


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
def sort_grams(letters, low: int, high: int, out) -> int:
    """Write the distinct 7-letter shingles of the letters ``[low, high)`` into `out` (uint64), sorted; return their number."""
    own = out[: hash_grams(letters, low, high, out)]
    own.sort()
    n = 0
    for i in range(len(own)):
        if i == 0 or own[i] != own[i - 1]:
            own[n] = own[i]
            n += 1
    return n


@kernel
def count_common(a, b) -> int:
    """Count the values that two sorted arrays of distinct values share."""
    i, j, n = 0, 0, 0
    while i < len(a) and j < len(b):
        if a[i] < b[j]:
            i += 1
        elif a[i] > b[j]:
            j += 1
        else:
            n += 1
            i += 1
            j += 1
    return n


@kernel
def share_grams(letters, low, high, grams, out) -> None:
    """Write, per passage, the distinct shingles it shares with another one over those of the one that has fewer.

    A shingle counts once however often it comes back: lists of signatures agree in "member of the council" only.

    Args:
        low, high: int64, elements of each passage.
        grams: uint64, the distinct shingles of the other passage, sorted.
        out: float64, one a passage.
    """
    longest = 1
    for i in range(len(low)):
        longest = max(longest, high[i] - low[i])
    room = np.empty(longest, np.uint64)
    for i in range(len(low)):
        own = room[: sort_grams(letters, low[i], high[i], room)]
        fewer = min(len(own), len(grams))
        out[i] = count_common(own, grams) / fewer if fewer > 0 else 0.0


@kernel
def share_with_first(letters, low, high, bounds, out) -> None:
    """Write, per passage, what `share_grams` does against the first passage of its group.

    Args:
        low, high: int64, elements of each passage; bounds: int64, group g holds the passages ``bounds[g]:bounds[g + 1]``.
        out: float64, one a passage.
    """
    longest = 1
    for i in range(len(low)):
        longest = max(longest, high[i] - low[i])
    room_first, room = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    for g in range(len(bounds) - 1):
        for i in range(bounds[g], bounds[g + 1]):
            if i == bounds[g]:
                first = room_first[: sort_grams(letters, low[i], high[i], room_first)]
                out[i] = 1.0 if len(first) else 0.0
                continue
            own = room[: sort_grams(letters, low[i], high[i], room)]
            fewer = min(len(own), len(first))
            out[i] = count_common(own, first) / fewer if fewer > 0 else 0.0


@kernel
def share_sides(letters, low_a, high_a, low_b, high_b, out) -> None:
    """Write, per span, the distinct shingles that its two sides share over those of the side that has fewer.

    Args:
        low_a, high_a, low_b, high_b: int64, elements of the two sides of each span.
        out: float64, one a span.
    """
    longest = 1
    for i in range(len(low_a)):
        longest = max(longest, high_a[i] - low_a[i], high_b[i] - low_b[i])
    room_a, room_b = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    for i in range(len(low_a)):
        a = room_a[: sort_grams(letters, low_a[i], high_a[i], room_a)]
        b = room_b[: sort_grams(letters, low_b[i], high_b[i], room_b)]
        fewer = min(len(a), len(b))
        out[i] = count_common(a, b) / fewer if fewer > 0 else 0.0


@kernel
def count_alike(letters, low, high, min_share: float) -> int:
    """Count the pairs of passages that share `min_share` or more of the distinct 7-letter shingles of the one that has fewer.

    Args:
        low, high: int64, elements of each passage.
    """
    bounds = np.zeros(len(low) + 1, np.int64)
    for i in range(len(low)):
        bounds[i + 1] = bounds[i] + max(0, high[i] - low[i] - GRAM + 1)
    grams = np.empty(bounds[-1], np.uint64)
    size = np.zeros(len(low), np.int64)
    for i in range(len(low)):
        size[i] = sort_grams(letters, low[i], high[i], grams[bounds[i] : bounds[i + 1]])
    n = 0
    for i in range(len(low)):
        own = grams[bounds[i] : bounds[i] + size[i]]
        for j in range(i + 1, len(low)):
            if count_common(own, grams[bounds[j] : bounds[j] + size[j]]) >= min_share * min(size[i], size[j]):
                n += 1
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
