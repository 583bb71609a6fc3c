"""Words to CANDIDATES: the pairs of texts worth comparing in deep mode, by rare words that they share within a short stretch.

Reworked text shares no long runs of letters, so that fingerprints do not find it, and to compare all pairs is out of the question.
But it keeps the rarer part of its words near each other. An inverted index over cells of words
(`kernels/retrieving.py`) gives for each text those that share most with one of its blocks; a word counts by how much likelier it is there as a
copy than by chance. Words of too many cells to be indexed are left out; where the line lies follows from the work that
the corpus allows.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from variorum.config import DeepConfig
from variorum.engines.base import Engine
from variorum.kernels import retrieving
from variorum.matching.counters import add_counts
from variorum.schema import check_table, verify_table
from variorum.words import FLAT, WordStore

BLOCK_WORDS = 2 * retrieving.CELL
WORK_PER_WORD = 100
"""Places of the index looked at for each word of the corpus, about: words of more cells are left out once these are spent."""
MIN_CELLS = 16
"""A word of so few cells is indexed whatever the corpus."""
COPIED = 0.5
"""Share of a passage's words that are copied, in the odds that one shared word gives."""
PRIOR_WORDS = 20_000
"""Words of unknown text that the background of a corpus begins with: in a few short texts a passage of their own would be common."""
_MIN_WEIGHT = 500  # a word that says less is not worth its place in the index, in thousandths of a nat
_TASKS = 64


@dataclass(frozen=True)
class Known:
    """What is known beforehand, by text: `series` (int32 code, or empty: all are compared), `hashes` (int64, of what each text says), and
    the cells of other texts that each already has in common with them (int64 bounds by text, int32 cells)."""

    series: np.ndarray
    hashes: np.ndarray
    bounds: np.ndarray
    cells: np.ndarray


@dataclass(frozen=True)
class CellIndex:
    """The inverted index: first cell of each text, text of each cell, bounds and words by cell, bounds and cells by word, weight by word."""

    cell_starts: np.ndarray
    texts: np.ndarray
    bounds: np.ndarray
    terms: np.ndarray
    post_bounds: np.ndarray
    posts: np.ndarray
    weights: np.ndarray

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """Words by cell and cells by word, as the kernels take them."""
        return self.bounds, self.terms, self.post_bounds, self.posts


def corpus_background(counts: np.ndarray) -> np.ndarray:
    """Return the share of each word in text like this corpus (float64), from its counts and a prior that a few texts do not outweigh."""
    return (counts + PRIOR_WORDS * FLAT) / (counts.sum() + PRIOR_WORDS)


def index_words(store: WordStore, background: np.ndarray) -> tuple[CellIndex, dict[str, int]]:
    """Return the index of the words of all texts, and counters."""
    size = len(background)
    cell_starts = np.empty(store.n_texts + 1, np.int64)
    retrieving.cut_cells(store.starts, cell_starts)
    weights = _weigh(store, background)
    lists = _list_terms(store, cell_starts, weights)
    held = np.bincount(lists[1], minlength=size)
    most = limit_cells(held, store.n_words)
    weights[held > most] = 0
    bounds, terms = _list_terms(store, cell_starts, weights)
    post_bounds, posts = np.zeros(size + 1, np.int64), np.empty(len(terms), np.int32)
    retrieving.turn_terms(bounds, terms, post_bounds, posts)
    texts = np.repeat(np.arange(store.n_texts, dtype=np.int32), np.diff(cell_starts))
    counters = {"words": store.n_words, "cells": len(texts), "indexed_words": int((np.diff(post_bounds) > 0).sum()), "max_cells": most}
    return CellIndex(cell_starts, texts, bounds, terms, post_bounds, posts, weights), counters


def limit_cells(held: np.ndarray, n_words: int) -> int:
    """Return the most cells that an indexed word may stand in: the work of all pairs of its cells stays within a bound a word of the corpus."""
    sizes = np.bincount(held)
    work = np.cumsum(sizes * np.arange(len(sizes), dtype=np.float64) ** 2)
    fits = np.flatnonzero(work <= WORK_PER_WORD * max(1, n_words))
    return max(MIN_CELLS, int(fits[-1])) if len(fits) else MIN_CELLS


def _weigh(store: WordStore, background: np.ndarray) -> np.ndarray:
    """Return what one word shared by two blocks says, in thousandths of a nat (int32); 0 for a word of one text or of none to speak of."""
    df = np.zeros(len(background), np.int64)
    retrieving.count_texts(store.numbers, store.starts, df)
    chance = 1 - np.exp(-BLOCK_WORDS * background)
    weights = np.round(1000 * np.log(1 - COPIED + COPIED / np.maximum(chance, 1e-12))).astype(np.int32)
    return np.where((df >= 2) & (weights >= _MIN_WEIGHT), weights, np.int32(0))


def _list_terms(store: WordStore, cell_starts: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    bounds, terms = np.empty(int(cell_starts[-1]) + 1, np.int64), np.empty(len(store.numbers), np.int32)
    n = retrieving.list_terms(store.numbers, store.starts, cell_starts, weights, bounds, terms)
    return bounds, terms[:n].copy()


def find_candidates(
    store: WordStore, index: CellIndex, known: Known, config: DeepConfig, engine: Engine, counters: dict[str, int]
) -> pa.Table:
    """Return CANDIDATES: for each text at most `max_candidates` others, those that share most with one of its blocks.

    A pair counts for both of its texts. What comes out does not depend on the order of the texts.
    """
    ranks = np.empty(store.n_texts, np.int32)
    by_rank = np.lexsort((np.diff(store.starts), known.hashes)).astype(np.int32)
    ranks[by_rank] = np.arange(store.n_texts, dtype=np.int32)
    task = functools.partial(_score_range, index, known, (ranks, by_rank), config, counters)
    found = list(engine.map_batches(task, _ranges(store), "candidates"))
    a, b, score = (np.concatenate([np.asarray(batch[name]) for batch in found] or [np.zeros(0)]) for name in ("witness_a", "witness_b", "score"))
    pairs = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b), (1000 * score).round()], 1).astype(np.int64), axis=0)
    # The two directions of a pair may differ by what is already known; the better counts, and it comes last.
    last = np.ones(len(pairs), bool)
    last[:-1] = (pairs[1:, :2] != pairs[:-1, :2]).any(1)
    pairs = pairs[last]
    low, high = np.sort(ranks[pairs[:, :2]], axis=1).T
    pairs = np.ascontiguousarray(pairs[np.lexsort((high, low, -pairs[:, 2]))])
    kept = np.empty(len(pairs), np.bool_)
    degrees = np.zeros(store.n_texts, np.int64)
    retrieving.limit_degrees(pairs[:, 0].copy(), pairs[:, 1].copy(), config.max_candidates, degrees, kept)
    add_counts(counters, ("candidates", "candidates_left_out"), (int(kept.sum()), int((~kept).sum())))
    table = check_table("candidates", pa.table(_columns(pairs[kept])))
    return verify_table("candidates", table.sort_by([("witness_a", "ascending"), ("witness_b", "ascending")]))


def _ranges(store: WordStore) -> Iterator[pa.RecordBatch]:
    """Yield ranges of texts of about equal numbers of words."""
    cuts = np.searchsorted(store.starts, np.linspace(0, store.starts[-1], min(_TASKS, store.n_texts) + 1).astype(np.int64))
    cuts[0], cuts[-1] = 0, store.n_texts
    for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        if low < high:
            yield pa.record_batch({"first": pa.array([low]), "last": pa.array([high])})


def _score_range(
    index: CellIndex, known: Known, ranks: tuple[np.ndarray, np.ndarray], config: DeepConfig, counters: dict[str, int], batch: pa.RecordBatch
) -> pa.RecordBatch:
    """Return CANDIDATES of some texts, before they are sorted and counted for both sides."""
    first, last = batch["first"][0].as_py(), batch["last"][0].as_py()
    limits = np.array([round(1000 * config.min_shared), config.max_candidates], np.int64)
    rows, work = np.empty(((last - first) * config.max_candidates, 3), np.int64), np.zeros(1, np.int64)
    n = retrieving.score_texts(
        first, last, index.cell_starts, index.texts, index.arrays, index.weights, known.series, (known.bounds, known.cells), ranks, limits, rows, work
    )
    add_counts(counters, ("cells_looked_at",), work.tolist())
    rows = rows[:n]
    rows[:, :2].sort(axis=1)
    return pa.record_batch(_columns(rows))


def _columns(rows: np.ndarray) -> dict[str, pa.Array]:
    """Return rows of (text, text, score in thousandths of a nat) as the columns of CANDIDATES."""
    return {"witness_a": pa.array(rows[:, 0], pa.int32()), "witness_b": pa.array(rows[:, 1], pa.int32()), "score": pa.array(rows[:, 2] / 1000)}
