"""Texts given in numbers of words, for the tests of deep mode."""

from __future__ import annotations

import numpy as np

from variorum.matching import candidates
from variorum.words import WordStore

Texts = list[list[int]]


def store_of(parts: Texts) -> WordStore:
    """Return texts given in numbers of words, as `variorum.words` holds them."""
    numbers = np.array([w for part in parts for w in [*part, -1]], np.int32)
    nothing = np.zeros(len(numbers), np.int32)
    starts = np.cumsum([0, *(len(part) + 1 for part in parts)]).astype(np.int64)
    return WordStore(numbers, nothing, nothing, nothing.astype(np.uint8), starts)


def known_of(parts: Texts, cells: list[tuple[int, int]] = (), series: list[int] = ()) -> candidates.Known:
    """Return what is known beforehand: for each text the cells of others it already shares."""
    bounds = np.cumsum(np.bincount([text for text, _ in cells], minlength=len(parts) + 1)[: len(parts)]) if cells else np.zeros(len(parts), np.int64)
    hidden = np.array([cell for _, cell in sorted(cells)], np.int32)
    hashes = np.array([hash(tuple(part)) for part in parts], np.int64)
    return candidates.Known(np.array(series, np.int32), hashes, np.concatenate([[0], bounds]).astype(np.int64), hidden)
