"""Between the settings and tables of matching and the arrays of its kernels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.config import MatchingConfig
from variorum.kernels import pairing
from variorum.letters import LetterStore
from variorum.matching.ratings import WordTable, rate_spans
from variorum.schema import TABLES, check_table

ALL = np.zeros((0, 4), np.int64)
"""Regions for `kernels.pairing.match_seeds`: none, so the whole texts."""


def span_limits(config: MatchingConfig) -> np.ndarray:
    """Return the limits of `kernels.pairing.match_seeds`."""
    return np.array([config.k, config.max_gap, config.min_letters, round(1000 * config.min_similarity), config.min_chain, 2 * config.min_score], np.int64)


def spans_table(
    spans: np.ndarray, runs: np.ndarray, store_a: LetterStore, store_b: LetterStore, words: WordTable, reasons: tuple[pa.Array, pa.Array] | None = None
) -> pa.Table:
    """Return spans in letters as a SPANS table in code points; `span` is 0 throughout until the table is whole.

    Args:
        reasons: which of the spans were kept for another reason than what agrees in them, and that reason.
    """
    spans = spans[spans[:, 0] >= 0]
    sizes = spans[:, 10] - spans[:, 9]
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    runs = runs[np.repeat(spans[:, 9] - bounds[:-1], sizes) + np.arange(bounds[-1])]
    spans[:, 9], spans[:, 10] = bounds[:-1], bounds[1:]
    rated = rate_spans(spans, runs, store_a, store_b, words)
    places = np.empty((len(spans), 4), np.int32)
    pairing.place_spans(spans, runs, 0, store_a.stream, places)
    pairing.place_spans(spans, runs, 1, store_b.stream, places)
    if reasons is not None:
        rated["reason"] = pc.if_else(*reasons, rated["reason"])
    operations = pa.ListArray.from_arrays(pa.array((3 * bounds).astype(np.int32)), pa.array(runs.reshape(-1)))
    length_a, length_b = spans[:, 2] - spans[:, 1], spans[:, 5] - spans[:, 4]
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
    return check_table("spans", pa.table({**{name: pa.array(values) for name, values in columns.items()}, **rated, "operations": operations}))


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


def place_direct(table: pa.Table, store: LetterStore, words: WordTable) -> pa.Table:
    """Return DIRECT_SPANS as SPANS (not numbered): in code points, with kind, score, rarity and reason."""
    spans = np.zeros((len(table), pairing.SPAN_COLUMNS), np.int64)
    for column, name in enumerate(("witness_a", "low_a", "high_a", "witness_b", "low_b", "high_b", "n_equal", "n_seeds")):
        spans[:, column] = table[name].to_numpy()
    spans[:, 1:3] += store.starts[spans[:, 0]][:, None]
    spans[:, 4:6] += store.starts[spans[:, 3]][:, None]
    operations = table["runs"].combine_chunks()
    bounds = operations.offsets.to_numpy() // 3
    spans[:, 9], spans[:, 10] = bounds[:-1], bounds[1:]
    third = table["third"].combine_chunks()
    told = pc.binary_join_element_wise("between two copies of witness", third.cast(pa.string()), " ")
    return spans_table(spans, operations.values.to_numpy().reshape(-1, 3).copy(), store, store, words, (pc.greater_equal(third, 0), told))
