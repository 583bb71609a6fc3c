"""Group intervals: leaders, disjoint sets, overlaps within one text."""

from __future__ import annotations

from variorum.kernels import kernel


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
