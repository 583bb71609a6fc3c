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
_REACH = 40
"""Words by which a stretch that only one side has may slide along equal words."""


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


def slide_runs(mate: np.ndarray, words: np.ndarray, stops: np.ndarray, n_others: int) -> None:
    """Let a stretch that was put in begin after a sentence and end with one, where equal words at its ends leave a choice; `mate` changes in place.

    Args:
        mate: by word the word of the other text opposite it, rising, or -1 (int64).
        words: the text, int32.
        stops: by number of a word what stands behind it, see `Lexicon.stops`; where no sentence does, other marks decide.
        n_others: length of the other text.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (mate < 0).view(np.int8), [0]])))
    for low, high in edges.reshape(-1, 2).tolist():
        before = int(mate[low - 1]) if low else -1
        after = int(mate[high]) if high < len(mate) else n_others
        if after != before + 1:
            continue
        shifts = [0]
        while (at := low + shifts[-1] - 1) >= 0 and mate[at] == before + shifts[-1] and words[at] == words[high + shifts[-1] - 1] and len(shifts) < _REACH:
            shifts.append(shifts[-1] - 1)
        ahead = 0
        while high + ahead < len(mate) and mate[high + ahead] == after + ahead and words[high + ahead] == words[low + ahead] and ahead < _REACH:
            ahead += 1
            shifts.append(ahead)
        if len(shifts) == 1:
            continue
        shift = max(shifts, key=lambda s: (min(2 if low + s == 0 else stops[words[low + s - 1]], stops[words[high + s - 1]]), -abs(s)))
        if shift < 0:
            mate[high + shift : high] = mate[low + shift : low].copy()
            mate[low + shift : low] = -1
        elif shift > 0:
            mate[low : low + shift] = mate[high : high + shift].copy()
            mate[high : high + shift] = -1


def turn_round(mate: np.ndarray, n_others: int) -> np.ndarray:
    """Return for each of the `n_others` words of the other text the word opposite it, or -1 (int64)."""
    turned = np.full(n_others, -1, np.int64)
    held = np.flatnonzero(mate >= 0)
    turned[mate[held]] = held
    return turned
