"""From the seeds of one pair of texts to chains of exact matches.

Seeds grow to maximal exact matches; colinear ones are chained by minimap2's dynamic programme (Li 2018,
section 2.1.1) over letters. A difference: matches have their own lengths, and a stretch without a seed costs
by its letters, since prose that is not a copy does not align.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

LOOK_BACK = 48
"""Matches tried as the one before; minimap2's `max_iter`, small because matches are already long."""


@kernel
def grow_seeds(a, low_a: int, high_a: int, b, low_b: int, high_b: int, seeds, k: int, matches) -> int:
    """Grow the sorted seeds of a pair to maximal exact matches; return their number.

    Args:
        a, b: the letter streams; ``[low, high)`` are the elements of the two texts.
        seeds: uint64, sorted: place in a's letters << 32 | place in b's.
        matches: out, int64[n, 3]: first letter in a, first letter in b (elements of the streams), letters.
    """
    n = 0
    for seed in seeds:
        x = low_a + np.int64(seed >> np.uint64(32))
        y = low_b + np.int64(seed & np.uint64(0xFFFFFFFF))
        known = False
        for m in range(n - 1, max(-1, n - 17), -1):
            if x - y == matches[m, 0] - matches[m, 1] and matches[m, 0] <= x and x + k <= matches[m, 0] + matches[m, 2]:
                known = True
                break
        if known or x + k > high_a or y + k > high_b:
            continue
        size = 0
        while size < k and a[x + size] == b[y + size]:
            size += 1
        if size < k:  # two shingles of one hash
            continue
        while x > low_a and y > low_b and a[x - 1] == b[y - 1]:
            x -= 1
            y -= 1
            size += 1
        while x + size < high_a and y + size < high_b and a[x + size] == b[y + size]:
            size += 1
        matches[n, 0] = x
        matches[n, 1] = y
        matches[n, 2] = size
        n += 1
    return n


@kernel
def link_cost(gap_a: int, gap_b: int) -> float:
    """Return the cost, in letters, of joining two matches with these stretches between them."""
    both = min(gap_a, gap_b)
    extra = max(gap_a, gap_b) - both
    cost = 0.08 * both
    if extra:
        cost += min(3.0 + 0.5 * extra, 30.0)
    return cost


@kernel
def chain_matches(matches, n: int, max_gap: int, scores, before) -> None:
    """Score the best chain that ends in each match (sorted by first letter in a).

    Args:
        scores: out, float64[n]; before: out, int64[n], the match before in that chain or -1.
    """
    for i in range(n):
        x, y, size = matches[i, 0], matches[i, 1], matches[i, 2]
        best, source = float(size), -1
        for j in range(i - 1, max(-1, i - 1 - LOOK_BACK), -1):
            u, v, length = matches[j, 0], matches[j, 1], matches[j, 2]
            if u >= x or v >= y:
                continue
            gap_a, gap_b = x - u - length, y - v - length
            if gap_a > max_gap or gap_b > max_gap:
                continue
            overlap = max(0, -gap_a, -gap_b)
            if overlap >= size:
                continue
            # Letters that overlap on one side count once; the other side then has a gap of that much.
            score = scores[j] + size - overlap - link_cost(max(0, gap_a + overlap), max(0, gap_b + overlap))
            if score > best:
                best, source = score, j
        scores[i] = best
        before[i] = source


@kernel
def take_chain(end: int, before, used, chain) -> int:
    """Write the matches of the chain that ends in `end`, last first, up to one already used; return their number."""
    n = 0
    while end >= 0 and not used[end]:
        chain[n] = end
        n += 1
        end = before[end]
    return n
