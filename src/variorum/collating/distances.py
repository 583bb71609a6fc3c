"""How alike texts are, and the order in which they join the profile.

Likeness counts n-grams of words in common, not edits: a moved block then costs its two ends and not its length, and all
pairs of 500 texts are one product of a matrix.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from variorum.kernels import collating

NGRAM = 3
"""Words of an n-gram that counts for likeness."""
_MAX_CELLS = 4_000_000
"""Cells of the incidence matrix held at a time."""


def count_shared(words: Sequence[np.ndarray], n: int = NGRAM) -> np.ndarray:
    """Return for each pair of texts (int32 words) how many different n-grams they share; on the diagonal, how many each has."""
    grams = [_different_ngrams(text, n) for text in words]
    values, columns = np.unique(np.concatenate([*grams, np.zeros(0, np.uint64)]), return_inverse=True)
    rows = np.repeat(np.arange(len(words)), [len(g) for g in grams])
    common = np.bincount(columns, minlength=len(values)) > 1
    place = np.cumsum(common) - 1
    keep = common[columns]
    rows, columns, n_common = rows[keep], place[columns[keep]], int(common.sum())
    shared = np.zeros((len(words), len(words)), np.float64)
    step = max(1, _MAX_CELLS // max(1, len(words)))
    for low in range(0, n_common, step):
        inside = (columns >= low) & (columns < low + step)
        held = np.zeros((len(words), min(step, n_common - low)), np.float32)
        held[rows[inside], columns[inside] - low] = 1.0
        shared += held @ held.T
    np.fill_diagonal(shared, [len(g) for g in grams])
    return shared


def measure_similarity(shared: np.ndarray) -> np.ndarray:
    """Return the share (0..1) of the n-grams of each pair of texts that both have: Jaccard's index."""
    counts = np.diag(shared)
    either = counts[:, None] + counts[None, :] - shared
    return np.where(either > 0, shared / np.maximum(either, 1), 0.0)


def order_texts(similarity: np.ndarray) -> list[tuple[int, int]]:
    """Return (text, the text before it that is most like it) in the order of Prim's tree from the medoid; -1 for the first.

    Texts of equal rank come in the order of their numbers, which must not depend on the order of input.
    """
    n = len(similarity)
    if not n:
        return []
    first = int(np.argmax(similarity.sum(axis=1)))
    order = [(first, -1)]
    best, source = similarity[first].copy(), np.full(n, first)
    best[first] = -np.inf
    for _ in range(n - 1):
        text = int(np.argmax(best))
        order.append((text, int(source[text])))
        closer = (similarity[text] > best) & ~np.isneginf(best)
        best[closer], source[closer] = similarity[text][closer], text
        best[text] = -np.inf
    return order


def _different_ngrams(text: np.ndarray, n: int) -> np.ndarray:
    """Return the different n-grams of a text as sorted hashes; a shorter text counts as one n-gram of its length."""
    size = min(n, len(text))
    out = np.empty(len(text) + 1, np.uint64)
    return np.unique(out[: collating.hash_ngrams(text, size, out)]) if size else out[:0]
