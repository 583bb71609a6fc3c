"""Two texts in words, aligned in one order: anchors first, then the gaps between them."""

from __future__ import annotations

import numpy as np

from variorum.collating.lexicons import Lexicon
from variorum.kernels import collating, gaps

ANCHOR_SIZES = (4, 2, 1)
"""Words of an n-gram that anchors; the shorter ones only inside a gap that is too large for `gaps.align_gap`."""
SMALL_GAP = 1 << 14
"""Cells of a gap that is aligned word by word without further anchors."""

BOTH_ENDS = 3


def align_words(a: np.ndarray, b: np.ndarray, lexicon: Lexicon, free: int = 0, small: int = SMALL_GAP) -> np.ndarray:
    """Return for each word of `a` the word of `b` it stands opposite, or -1 (int64).

    Args:
        a, b: words, int32.
        lexicon: what they weigh.
        free: which ends may be left over at no cost, see `kernels.gaps.align_gap`.
        small: cells of a gap that needs no further anchors.
    """
    mate = np.full(len(a), -1, np.int64)
    stack = [(0, len(a), 0, len(b), free, 0)]
    while stack:
        low_a, high_a, low_b, high_b, ends, level = stack.pop()
        if low_a == high_a or low_b == high_b:
            continue
        part_a, part_b = a[low_a:high_a], b[low_b:high_b]
        if (high_a - low_a) * (high_b - low_b) <= small or level == len(ANCHOR_SIZES):
            pairs = np.empty((min(len(part_a), len(part_b)), 2), np.int64)
            n = gaps.align_gap(part_a, part_b, *lexicon.spelling, ends, pairs)
            mate[low_a + pairs[:n, 0]] = low_b + pairs[:n, 1]
            continue
        runs = np.empty((min(len(part_a), len(part_b)) + 1, 3), np.int64)
        n = collating.list_runs(part_a, part_b, ANCHOR_SIZES[level], runs)
        chain = np.empty((n, 3), np.int64)
        n = collating.chain_runs(runs, n, lexicon.gain, part_a, chain)
        x, y, first = low_a, low_b, True
        for i, j, size in chain[:n].tolist():
            i, j = low_a + i, low_b + j
            mate[i : i + size] = np.arange(j, j + size)
            stack.append((x, i, y, j, ends & 1 if first else 0, level + 1))
            x, y, first = i + size, j + size, False
        stack.append((x, high_a, y, high_b, ends & 2 if n else ends, level + 1))
    return mate
