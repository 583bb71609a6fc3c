"""Complete the spans of small families: where two witnesses share a passage with a third, look between the two.

Without this, two copies that differ much from each other, though little from a third, would stand in one family
without a span of their own.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.config import MatchingConfig
from variorum.kernels import grouping, pairing, transits
from variorum.letters import LetterStore

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


def list_candidates(
    spans: pa.Table, store: LetterStore, config: MatchingConfig, series: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pairs of texts to look between (uint64, text a << 32 | text b), their regions (int64[n, 4], elements), and the third text of each."""
    sound = (spans["n_letters"].to_numpy() >= SOUND_LETTERS) & (spans["similarity"].to_numpy() >= SOUND_SIMILARITY)
    spans = spans.filter(pa.array(sound))
    a, b = (spans[name].to_numpy().astype(np.int64) for name in ("witness_a", "witness_b"))
    low_a, high_a = store.locate_letters(a, spans["start_a"].to_numpy(), spans["end_a"].to_numpy())
    low_b, high_b = store.locate_letters(b, spans["start_b"].to_numpy(), spans["end_b"].to_numpy())
    n = len(a)
    text, start, end = np.concatenate([a, b]), np.concatenate([low_a, low_b]), np.concatenate([high_a, high_b])
    mate = np.concatenate([np.arange(n) + n, np.arange(n)])
    order = np.lexsort((end, start, start - end, text))
    leader, row = np.empty(2 * n, np.int64), np.empty(2 * n, np.int64)
    n_leaders = grouping.assign_leaders(text[order], start[order], end[order], LEADER_OVERLAP, leader, row)
    by_leader = np.argsort(leader, kind="stable")
    bounds = np.searchsorted(leader[by_leader], np.arange(n_leaders + 1))
    keys = a * store.n_texts + b
    by_key = np.argsort(keys, kind="stable")
    codes = np.zeros(0, np.int32) if series is None else np.asarray(series, np.int32)
    fixed = (bounds, order[by_leader], text, start, end, mate, codes, config.max_df, keys[by_key], by_key, by_key + n, store.n_texts)
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


def drop_repeated(spans: pa.Table) -> pa.Table:
    """Return SPANS without those that a longer span of the same two witnesses covers by half on both sides."""
    columns = [[spans[name + side].to_numpy().astype(np.int64) for side in ("_a", "_b")] for name in ("witness", "start", "end")]
    text, start, end = (np.concatenate(column) for column in columns)
    n = len(spans)
    pairs = np.stack([np.arange(n), np.arange(n) + n], 1)
    return spans.take(pa.array(keep_longest(pairs, text, start, end)))


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


def name_third(spans: np.ndarray, pairs: np.ndarray, regions: np.ndarray, third: np.ndarray) -> pa.Array:
    """Return, per span found between two regions, why it was looked for: the third witness that both are copies of."""
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
    return pc.binary_join_element_wise("between two copies of witness", pa.array(third[order[at]]).cast(pa.string()), " ")


def align_candidates(
    pairs: np.ndarray, regions: np.ndarray, store: LetterStore, limits: np.ndarray, work: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the spans found between the regions, as `kernels.pairing.match_seeds` does."""
    limits = limits.copy()
    limits[0], limits[3], limits[4], limits[5] = transits.SHORT_K, min(limits[3], MIN_THOUSANDTHS), transits.SHORT_K + 2, MIN_SCORE
    nothing, bounds = np.zeros((0, 5), np.int64), np.zeros(1, np.int64)
    all_spans, all_runs, n_runs = [], [], 0
    for low in range(0, len(pairs), _BATCH):
        part, region = pairs[low : low + _BATCH], regions[low : low + _BATCH]
        cuts = np.empty(len(part) + 1, np.int64)
        seeds = np.empty(1 << 16, np.uint64)
        n = transits.seed_regions(store.letters, store.starts, part, region, seeds, cuts)
        if n > len(seeds):
            seeds = np.empty(n, np.uint64)
            transits.seed_regions(store.letters, store.starts, part, region, seeds, cuts)
        found, runs = pairing.match_seeds(
            part, seeds[:n], cuts, store.stream, store.stream, region, bounds, nothing, limits, work
        )
        found[:, 9:11] += n_runs
        n_runs += len(runs)
        all_spans.append(found)
        all_runs.append(runs)
    if not all_spans:
        return np.zeros((0, pairing.SPAN_COLUMNS), np.int64), np.zeros((0, 3), np.int32)
    return np.concatenate(all_spans), np.concatenate(all_runs)
