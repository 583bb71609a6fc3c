"""Between the settings and tables of matching and the arrays of its kernels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.config import MatchingConfig
from variorum.kernels import pairing
from variorum.letters import LetterStore
from variorum.matching.ratings import WordTable, choose_rare, describe_ratings, rate_spans
from variorum.schema import TABLES, check_table

ALL = np.zeros((0, 4), np.int64)
"""Regions for `kernels.pairing.match_seeds`: none, so the whole texts."""
_GUESSED = 0.8
"""Share of `min_rare_nats` that a short span must have by the lengths of its words; whether they are rare is known only when all texts are."""


def span_limits(config: MatchingConfig) -> np.ndarray:
    """Return the limits of `kernels.pairing.match_seeds`."""
    # A shingle is found for certain in so many letters that agree; shorter stretches would be kept by chance.
    least = min(config.min_letters, 2 * config.k - config.s)
    short = (least, config.min_words, round(_GUESSED * config.min_rare_nats)) if config.min_words else (0, 0, 0)
    long = (config.k, config.max_gap, config.min_letters, round(1000 * config.min_similarity), config.min_chain, 2 * config.min_score)
    return np.array([*long, *short], np.int64)


def spans_table(
    spans: np.ndarray, runs: np.ndarray, stores: tuple[LetterStore, LetterStore], words: WordTable, config: MatchingConfig,
    reasons: tuple[pa.Array, pa.Array] | None = None,
) -> pa.Table:  # fmt: skip
    """Return spans in letters as a SPANS table in code points, without short ones that are common; `span` is 0 throughout until the table is whole.

    Args:
        stores: the letter streams of the texts a and of the texts b.
        reasons: which of the spans were kept for another reason than what agrees in them, and that reason.
    """
    store_a, store_b = stores
    spans = spans[spans[:, 0] >= 0]
    sizes = spans[:, 10] - spans[:, 9]
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    runs = runs[np.repeat(spans[:, 9] - bounds[:-1], sizes) + np.arange(bounds[-1])]
    spans[:, 9], spans[:, 10] = bounds[:-1], bounds[1:]
    length_a, length_b = spans[:, 2] - spans[:, 1], spans[:, 5] - spans[:, 4]
    ratings, short = rate_spans(spans, runs, store_a, store_b, words), np.minimum(length_a, length_b) < config.min_letters
    rated = describe_ratings(spans, ratings, short)
    places = np.empty((len(spans), 4), np.int32)
    pairing.place_spans(spans, runs, 0, store_a.stream, places)
    pairing.place_spans(spans, runs, 1, store_b.stream, places)
    if reasons is not None:
        rated["reason"] = pc.if_else(*reasons, rated["reason"])
    operations = pa.ListArray.from_arrays(pa.array((3 * bounds).astype(np.int32)), pa.array(runs.reshape(-1)))
    columns = {
        "span": np.zeros(len(spans), np.int32),
        "witness_a": spans[:, 0],
        "start_a": places[:, 0],
        "end_a": places[:, 1],
        "witness_b": spans[:, 3],
        "start_b": places[:, 2],
        "end_b": places[:, 3],
        "n_letters": np.minimum(length_a, length_b),
        "n_equal": spans[:, 6],
        "similarity": 2 * spans[:, 6] / np.maximum(1, length_a + length_b),
        "n_seeds": spans[:, 7],
    }
    table = pa.table({**{name: pa.array(values) for name, values in columns.items()}, **rated, "operations": operations})
    return check_table("spans", table.filter(pa.array(choose_rare(ratings, short, config))))


def direct_table(spans: np.ndarray, runs: np.ndarray, store: LetterStore, third: np.ndarray | None = None) -> pa.RecordBatch:
    """Return spans of the kernels as DIRECT_SPANS.

    Args:
        third: the third witness of each span that stays, where there is one.
    """
    spans = spans[spans[:, 0] >= 0]
    sizes = spans[:, 10] - spans[:, 9]
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    runs = runs[np.repeat(spans[:, 9] - bounds[:-1], sizes) + np.arange(bounds[-1])]
    base_a, base_b = store.starts[spans[:, 0]], store.starts[spans[:, 3]]
    columns = (spans[:, 0], spans[:, 1] - base_a, spans[:, 2] - base_a, spans[:, 3], spans[:, 4] - base_b, spans[:, 5] - base_b, spans[:, 6], spans[:, 7])
    third = np.full(len(spans), -1) if third is None else third
    arrays = [pa.array(column.astype(np.int32)) for column in (*columns, third)]
    arrays.append(pa.ListArray.from_arrays(pa.array((3 * bounds).astype(np.int32)), pa.array(runs.reshape(-1))))
    return pa.record_batch(arrays, schema=TABLES["direct_spans"].schema)


def read_direct(table: pa.Table, store: LetterStore) -> tuple[np.ndarray, np.ndarray]:
    """Return DIRECT_SPANS as spans and runs of the kernels."""
    spans = np.zeros((len(table), pairing.SPAN_COLUMNS), np.int64)
    for column, name in enumerate(("witness_a", "low_a", "high_a", "witness_b", "low_b", "high_b", "n_equal", "n_seeds")):
        spans[:, column] = table[name].to_numpy()
    spans[:, 1:3] += store.starts[spans[:, 0]][:, None]
    spans[:, 4:6] += store.starts[spans[:, 3]][:, None]
    operations = table["runs"].combine_chunks()
    bounds = operations.offsets.to_numpy() // 3
    spans[:, 9], spans[:, 10] = bounds[:-1], bounds[1:]
    return spans, operations.values.to_numpy().reshape(-1, 3).copy()


def find_common(table: pa.Table, store: LetterStore, words: WordTable, config: MatchingConfig) -> np.ndarray:
    """Return which of some DIRECT_SPANS shorter than `min_letters` are too common to be kept."""
    ratings = rate_spans(*read_direct(table, store), store, store, words)
    return ~choose_rare(ratings, np.ones(len(table), bool), config)


def place_direct(table: pa.Table, store: LetterStore, words: WordTable, config: MatchingConfig) -> pa.Table:
    """Return DIRECT_SPANS as SPANS (not numbered): in code points, with kind, score, rarity and reason."""
    spans, runs = read_direct(table, store)
    third = table["third"].combine_chunks()
    told = pc.binary_join_element_wise("between two copies of witness", third.cast(pa.string()), " ")
    return spans_table(spans, runs, (store, store), words, config, (pc.greater_equal(third, 0), told))
