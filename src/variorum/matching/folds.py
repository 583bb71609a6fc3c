"""WITNESSES to FOLDINGS: fold every text into the letter stream and find the exact copies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.letters import LetterStore, Prefix, open_letters, write_letters
from variorum.matching.ratings import write_words
from variorum.schema import TABLES, check_table


def fold_witnesses(batches: Iterable[pa.RecordBatch], index: Path, prefix: Prefix | None = None) -> pa.Table:
    """Write the letter stream of all witnesses and return the FOLDINGS table.

    Args:
        batches: columns ``witness`` (counting from 0) and ``text``, in order.
        index: the corpus's index folder.
        prefix: the first witnesses, where they are folded already; `batches` then begin behind them.
    """
    n_letters, hashes = write_letters(batches, index, prefix)
    store = open_letters(index)
    copy_of = find_copies(store, n_letters, hashes)
    # The fingerprint stage leaves these out; it works from files alone.
    copies = (copy_of != np.arange(len(copy_of))).astype(np.uint8)
    copies.tofile(index / "copies.u8")
    write_words(store, copies, index)
    columns = [np.arange(len(n_letters)), n_letters, hashes, copy_of]
    return check_table("foldings", pa.table([pa.array(column) for column in columns], names=TABLES["foldings"].names))


def find_copies(store: LetterStore, n_letters: np.ndarray, hashes: np.ndarray) -> np.ndarray:
    """Return, per text, the first text with the same letters (int64); equal hashes are compared letter by letter."""
    copy_of = np.arange(len(hashes))
    order = np.lexsort((copy_of, n_letters, hashes))
    same = (np.diff(hashes[order]) == 0) & (np.diff(n_letters[order]) == 0)
    first = None
    for at in np.flatnonzero(same):
        a, b = order[at], order[at + 1]
        if first is None or at == 0 or not same[at - 1]:
            first = a
        if n_letters[b] and np.array_equal(store.text_letters(first), store.text_letters(b)):
            copy_of[b] = first
    return copy_of
