"""Columns that say the same of different texts become one.

A text may join beside a word that it has, where the text nearest to it lacks that word. Two columns no text has both of, with
nothing of either's texts between them, and a word in common, are one column.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

REACH = 60
"""Columns between two that may become one."""


def merge_columns(order: np.ndarray, columns: Sequence[np.ndarray], words: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the order of the columns that are left (int64), and the column of each word of each text.

    Args:
        order: the columns in order.
        columns: by text: the column of each of its words (int64).
        words: the texts (int32).
    """
    n = len(order)
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    at = [place[held] for held in columns]
    owners, held_words = _contents(at, words, n)
    into = np.arange(n)
    for i in range(n):
        between = 0  # the texts that have a word in one of the columns between
        for j in range(i + 1, min(n, i + 1 + REACH)):
            onward, back = not between & owners[i], not between & owners[j]
            if (onward or back) and not owners[i] & owners[j] and not held_words[i].isdisjoint(held_words[j]):
                source, target = (i, j) if onward else (j, i)
                into[source] = target
                owners[target] |= owners[source]
                held_words[target] |= held_words[source]
                owners[source], held_words[source] = 0, set()
                if source == i:
                    break
            between |= owners[j]
            if not owners[i] & ~between:
                break  # every text of the column has gone on
    for i in range(n):  # a column may have moved more than once
        while into[into[i]] != into[i]:
            into[i] = into[into[i]]
    kept = into == np.arange(n)
    number = np.cumsum(kept) - 1
    return np.arange(int(kept.sum())), [number[into[held]] for held in at]


def _contents(at: Sequence[np.ndarray], words: Sequence[np.ndarray], n: int) -> tuple[list[int], list[set[int]]]:
    """Return by column the texts that have a word there, as bits, and the different words."""
    owners, held_words = [0] * n, [set[int]() for _ in range(n)]
    for number, (held, text) in enumerate(zip(at, words, strict=True)):
        bit = 1 << number
        for column, word in zip(held.tolist(), text.tolist(), strict=True):
            owners[column] |= bit
            held_words[column].add(word)
    return owners, held_words
