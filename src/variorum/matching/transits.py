"""Complete the spans of small families: where two witnesses share a passage with a third, look between the two.

Without this, two copies that differ much from each other, though little from a third, would stand in one family
without a span of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from variorum.allocators import release_unused
from variorum.config import MatchingConfig
from variorum.engines.base import Engine
from variorum.kernels import grouping, pairing, transits
from variorum.letters import LetterStore
from variorum.matching.directs import SpanRows
from variorum.matching.tabulating import direct_table, span_limits

SOUND_LETTERS, SOUND_SIMILARITY = 50, 0.6
"""Spans that lead to others: shorter or looser ones are mostly official names and formulas."""
LEADER_OVERLAP = 0.5
"""Intersection over union at which two intervals of the third witness count as the same passage."""
MIN_SCORE, MIN_THOUSANDTHS = 12, 450
"""Least score (half letters) and similarity of a span between two stretches that are known to correspond."""
_MARGIN = 32
_BATCH = 4096
_MAX_REGION = 1 << 20
"""Letters of a region, at most: `seed_regions` packs places in 24 bits, and so long a stretch has seeds of its own."""


def complete_families(
    spans: SpanRows, store: LetterStore, config: MatchingConfig, series: np.ndarray | None, engine: Engine, counters: dict[str, int]
) -> Iterator[pa.Table]:
    """Return the DIRECT_SPANS between witnesses that share a passage with a third one but have no span of their own."""
    pairs, regions, through = list_candidates(spans, store, config, series)
    release_unused()
    counters["transits"] = len(pairs)
    limits = _transit_limits(config)

    def align(batch: pa.RecordBatch) -> pa.RecordBatch:
        part = slice(batch["low"][0].as_py(), batch["low"][0].as_py() + _BATCH)
        found, runs = align_candidates(pairs[part], regions[part], store, limits)
        return direct_table(found, runs, store, name_third(found, pairs[part], regions[part], through[part]))

    batches = (pa.record_batch({"low": pa.array([low])}) for low in range(0, len(pairs), _BATCH))
    return (pa.Table.from_batches([batch]) for batch in engine.map_batches(align, batches, "direct_spans"))


def list_candidates(
    spans: SpanRows, store: LetterStore, config: MatchingConfig, series: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pairs of texts to look between (uint64, text a << 32 | text b), their regions (int64[n, 4], elements), and the third text of each."""
    names = ("witness_a", "low_a", "high_a", "witness_b", "low_b", "high_b", "n_equal")
    a, low_a, high_a, b, low_b, high_b, equal = (spans.column(name).astype(np.int64) for name in names)
    sound = (np.minimum(high_a - low_a, high_b - low_b) >= SOUND_LETTERS) & (2 * equal >= SOUND_SIMILARITY * (high_a - low_a + high_b - low_b))
    a, low_a, high_a, b, low_b, high_b = (column[sound] for column in (a, low_a, high_a, b, low_b, high_b))
    # In an order that does not depend on how the spans were found.
    order = np.lexsort((high_b, high_a, low_b, low_a, b, a))
    a, low_a, high_a, b, low_b, high_b = (column[order] for column in (a, low_a, high_a, b, low_b, high_b))
    n = len(a)
    text, start, end = np.concatenate([a, b]), np.concatenate([low_a, low_b]), np.concatenate([high_a, high_b])
    mate = np.concatenate([np.arange(n) + n, np.arange(n)])
    order = np.lexsort((end, start, start - end, text))
    leader, row = np.empty(2 * n, np.int64), np.empty(2 * n, np.int64)
    n_leaders = grouping.assign_leaders(text[order], start[order], end[order], LEADER_OVERLAP, leader, row)
    by_leader = np.argsort(leader, kind="stable")
    bounds = np.searchsorted(leader[by_leader], np.arange(n_leaders + 1))
    keys = a * store.n_texts + b
    codes = np.zeros(0, np.int32) if series is None else np.asarray(series, np.int32)
    fixed = (bounds, order[by_leader], text, start, end, mate, codes, config.max_complete, keys, np.arange(n), np.arange(n) + n, store.n_texts)
    pairs = np.empty((max(1024, 2 * n), 2), np.int64)
    found = transits.list_transits(*fixed, pairs)
    if found > len(pairs):
        pairs = np.empty((found, 2), np.int64)
        transits.list_transits(*fixed, pairs)
    pairs = pairs[:found]
    pairs = pairs[keep_longest(pairs, text, start, end)]
    return _make_regions(pairs, text, start, end, text[mate[pairs[:, 0]]], store)


def keep_longest(pairs: np.ndarray, text: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the rows of `pairs` (intervals x, y) to keep: of those over one place of the same two texts the longest."""
    x, y = pairs[:, 0], pairs[:, 1]
    length = end[x] - start[x] + end[y] - start[y]
    order = np.lexsort((y, x, start[y], start[x], -length, text[y], text[x]))
    kept = np.empty(len(pairs), np.bool_)
    transits.drop_covered(np.ascontiguousarray(pairs[order]), start, end, text, kept)
    return np.sort(order[kept])


def _make_regions(
    pairs: np.ndarray, text: np.ndarray, start: np.ndarray, end: np.ndarray, third: np.ndarray, store: LetterStore
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pairs of texts, the stretches to look in (the intervals with a margin, as elements), and the third text of each."""
    x, y = pairs[:, 0], pairs[:, 1]
    regions = np.empty((len(pairs), 4), np.int64)
    for column, rows in ((0, x), (2, y)):
        margin = _MARGIN + (end[rows] - start[rows]) // 8
        base = store.starts[text[rows]]
        regions[:, column] = np.maximum(base, base + start[rows] - margin)
        regions[:, column + 1] = np.minimum(store.starts[text[rows] + 1] - 1, base + end[rows] + margin)
    small = (regions[:, 1] - regions[:, 0] < _MAX_REGION) & (regions[:, 3] - regions[:, 2] < _MAX_REGION)
    keys = (text[x].astype(np.uint64) << np.uint64(32)) | text[y].astype(np.uint64)
    return keys[small], regions[small], third[small]


def name_third(spans: np.ndarray, pairs: np.ndarray, regions: np.ndarray, third: np.ndarray) -> np.ndarray:
    """Return, per span found between two regions, the third witness that both are copies of."""
    spans = spans[spans[:, 0] >= 0]
    keys = (spans[:, 0].astype(np.uint64) << np.uint64(32)) | spans[:, 3].astype(np.uint64)
    order = np.argsort(pairs, kind="stable")
    at = np.searchsorted(pairs[order], keys)
    # A pair may have several regions; the span lies in one of them.
    for _ in range(len(pairs)):
        row = order[at]
        follows = (at + 1 < len(order)) & (pairs[order[np.minimum(at + 1, len(order) - 1)]] == keys)
        low, high = np.minimum(spans[:, [1, 4]] - regions[row][:, [0, 2]], 0), np.minimum(regions[row][:, [1, 3]] - spans[:, [2, 5]], 0)
        off = follows & (low + high < 0).any(1)
        if not off.any():
            break
        at = at + off
    return third[order[at]]


def _transit_limits(config: MatchingConfig) -> np.ndarray:
    """Return the limits of `kernels.pairing.match_seeds` for stretches that are known to correspond."""
    limits = span_limits(config)
    limits[0], limits[3], limits[4], limits[5] = transits.SHORT_K, min(limits[3], MIN_THOUSANDTHS), transits.SHORT_K + 2, MIN_SCORE
    limits[6:] = 0
    return limits


def align_candidates(
    pairs: np.ndarray, regions: np.ndarray, store: LetterStore, limits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the spans found between the regions of a few thousand pairs, as `kernels.pairing.match_seeds` does."""
    cuts = np.empty(len(pairs) + 1, np.int64)
    seeds = np.empty(1 << 16, np.uint64)
    n = transits.seed_regions(store.letters, store.starts, pairs, regions, seeds, cuts)
    if n > len(seeds):
        seeds = np.empty(n, np.uint64)
        transits.seed_regions(store.letters, store.starts, pairs, regions, seeds, cuts)
    nothing, bounds = np.zeros((0, 5), np.int64), np.zeros(1, np.int64)
    return pairing.match_seeds(pairs, seeds[:n], cuts, store.stream, store.stream, regions, bounds, nothing, limits, np.zeros(8, np.int64))
