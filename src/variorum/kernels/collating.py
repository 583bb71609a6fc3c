"""Anchors of a collation: runs of equal words that two texts share, and the best row of them in one order.

Words are integers. A run grows from an n-gram that stands once in each text (Bram Cohen's patience diff, with n-grams
for lines), so that what comes back often anchors nothing. The row is the heaviest increasing one, found with a tree of
prefix maxima (Fenwick 1994): time grows with n log n, also on hostile input.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@kernel
def hash_ngrams(words, n: int, out) -> int:
    """Write the hash of every n-gram of `words` (int32) to `out` (uint64[len]); return how many there are."""
    m = len(words) - n + 1
    for i in range(m):
        value = np.uint64(n)
        for k in range(n):
            value = (value ^ np.uint64(words[i + k] + 1)) * _FACTOR
            value ^= value >> _SHIFT
        out[i] = value
    return max(m, 0)


@kernel
def list_runs(a, b, n: int, runs) -> int:
    """List the longest runs of equal words that hold an n-gram which stands once in `a` and once in `b`.

    Args:
        a, b: words, int32.
        n: words of an n-gram.
        runs: out, int64[min(len(a), len(b)) + 1, 3]: first word in a, first word in b, words; sorted by the word in a.

    Returns:
        The number of runs.
    """
    hash_a, hash_b = np.empty(len(a) + 1, np.uint64), np.empty(len(b) + 1, np.uint64)
    n_a, n_b = hash_ngrams(a, n, hash_a), hash_ngrams(b, n, hash_b)
    order_a, order_b = np.argsort(hash_a[:n_a], kind="mergesort"), np.argsort(hash_b[:n_b], kind="mergesort")
    mate = np.full(n_a + 1, -1, np.int64)
    x = y = 0
    while x < n_a and y < n_b:
        value, other = hash_a[order_a[x]], hash_b[order_b[y]]
        if value < other:
            x += 1
        elif other < value:
            y += 1
        else:
            end_x, end_y = x + 1, y + 1
            while end_x < n_a and hash_a[order_a[end_x]] == value:
                end_x += 1
            while end_y < n_b and hash_b[order_b[end_y]] == value:
                end_y += 1
            if end_x == x + 1 and end_y == y + 1:
                mate[order_a[x]] = order_b[y]
            x, y = end_x, end_y
    reached = np.zeros(len(a) + len(b) + 1, np.int64)  # by diagonal: the word of a after the last run
    m = 0
    for i in range(n_a):
        j = mate[i]
        if j < 0 or i < reached[i - j + len(b)]:
            continue
        size = 0
        while size < n and a[i + size] == b[j + size]:
            size += 1
        if size < n:  # two n-grams of one hash
            continue
        low, high = i, i + n
        while low > 0 and low - i + j > 0 and a[low - 1] == b[low - 1 - i + j]:
            low -= 1
        while high < len(a) and high - i + j < len(b) and a[high] == b[high - i + j]:
            high += 1
        reached[i - j + len(b)] = high
        place = m
        while place > 0 and runs[place - 1, 0] > low:  # a run that reaches far to the left moves forward in the list
            runs[place] = runs[place - 1]
            place -= 1
        runs[place, 0], runs[place, 1], runs[place, 2] = low, low - i + j, high - low
        m += 1
    return m


@kernel
def chain_runs(runs, n: int, gain, a, chain) -> int:
    """Find the heaviest row of runs whose beginnings rise in both texts; cut what overlaps from the later run.

    Args:
        runs, n: as `list_runs` gives them.
        gain: float32[words]: what an equal word weighs.
        a: words of the first text, int32.
        chain: out, int64[n, 3]: the runs of the row, cut, in order.

    Returns:
        The number of runs in the row.
    """
    if n == 0:
        return 0
    order = np.argsort(runs[:n, 1], kind="mergesort")
    rank = np.empty(n, np.int64)
    height = 0
    for k in range(n):
        if k and runs[order[k], 1] != runs[order[k - 1], 1]:
            height += 1
        rank[order[k]] = height
    best = np.full(height + 2, -1, np.int64)  # Fenwick tree over ranks: the run with which the heaviest row ends
    score, before = np.zeros(n, np.float64), np.full(n, -1, np.int64)
    first = 0
    for k in range(n):
        weight = 0.0
        for i in range(runs[k, 0], runs[k, 0] + runs[k, 2]):
            weight += gain[a[i]]
        at, found = rank[k], -1  # ranks below this one's
        while at > 0:
            if best[at] >= 0 and (found < 0 or score[best[at]] > score[found]):
                found = best[at]
            at -= at & -at
        score[k] = weight + (score[found] if found >= 0 else 0.0)
        before[k] = found
        if k + 1 == n or runs[k + 1, 0] != runs[k, 0]:  # runs that begin at one word of a do not follow each other
            for m in range(first, k + 1):
                at = rank[m] + 1
                while at <= height + 1:
                    if best[at] < 0 or score[m] > score[best[at]]:
                        best[at] = m
                    at += at & -at
            first = k + 1
    last = 0
    for k in range(n):
        if score[k] > score[last]:
            last = k
    size = 0
    while last >= 0:
        chain[size] = runs[last]
        size += 1
        last = before[last]
    for k in range(size // 2):
        for c in range(3):
            chain[k, c], chain[size - 1 - k, c] = chain[size - 1 - k, c], chain[k, c]
    kept, end_a, end_b = 0, 0, 0
    for k in range(size):
        cut = max(end_a - chain[k, 0], end_b - chain[k, 1], 0)
        if cut < chain[k, 2]:
            chain[kept, 0], chain[kept, 1], chain[kept, 2] = chain[k, 0] + cut, chain[k, 1] + cut, chain[k, 2] - cut
            end_a, end_b = chain[kept, 0] + chain[kept, 2], chain[kept, 1] + chain[kept, 2]
            kept += 1
    return kept
