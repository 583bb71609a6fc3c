"""FINGERPRINTS to SEEDS: pair the places of every shared shingle, sorted into buckets of text pairs."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.engines.base import Engine
from variorum.errors import CorpusDamaged
from variorum.kernels import joining
from variorum.matching.counters import add_counts
from variorum.matching.fingerprints import BLOCK_BITS, FingerprintIndex, open_fingerprints, open_shared

_ROWS_PER_BUCKET = 1_000_000
_MAX_BUCKETS = 2048


def collect_seeds(
    index: Path, max_df: int, series: np.ndarray | None, n_old: int, engine: Engine, counters: dict[str, int]
) -> Iterator[pa.RecordBatch]:
    """Yield SEEDS batches of the pairs whose larger text is `n_old` or a later one; `counters` gains the counts of shingles and seeds."""
    prints = open_fingerprints(index)
    n_texts = open_shared(str(index))[0].n_texts
    codes = np.zeros(0, np.int32) if series is None else np.asarray(series, np.int32)
    # A bucket is a range of texts; about a seed a fingerprint.
    n_buckets = max(1, min(_MAX_BUCKETS, len(prints.rows) // _ROWS_PER_BUCKET))
    bucket_bits = max(0, (n_texts - 1).bit_length() - (n_buckets - 1).bit_length())
    task = functools.partial(_join_partition, str(index), prints, max_df, codes, n_old, bucket_bits, counters)
    partitions = (pa.record_batch({"partition": pa.array([p], pa.int32())}) for p in range(len(prints.bounds) - 1))
    return engine.map_batches(task, partitions, "seeds")


def _join_partition(
    index: str, prints: FingerprintIndex, max_df: int, series: np.ndarray, n_old: int, bucket_bits: int, counters: dict[str, int], batch: pa.RecordBatch
) -> pa.RecordBatch:
    """Return the seeds of one partition, one row a bucket."""
    store, _ = open_shared(index)
    partition = batch["partition"][0].as_py()
    rows = prints.rows[prints.bounds[partition] : prints.bounds[partition + 1]]
    room = max(1024, len(rows) // 2)
    counts = np.zeros(4, np.int64)
    while True:
        pairs, places = np.empty(room, np.uint64), np.empty(room, np.uint64)
        counts[:] = 0
        n = joining.join_rows(rows, prints.place_bits, store.starts, prints.block_text, BLOCK_BITS, series, max_df, n_old, pairs, places, counts)
        if n < 0:
            raise CorpusDamaged(f"{index}: fingerprints.u64 is not of this letter stream; trace again with --resume-from fingerprints")
        if n <= room:
            break
        room = n
    n_buckets = ((store.n_texts - 1) >> bucket_bits) + 1
    bucketed, seeds, bounds = np.empty(n, np.uint64), np.empty(n, np.uint64), np.empty(n_buckets + 1, np.int64)
    joining.scatter_seeds(pairs[:n], places[:n], bucket_bits, bucketed, seeds, bounds)
    add_counts(counters, ("shared_shingles", "hub_shingles", "hub_seeds", "hub_strangers", "seeds"), (*counts.tolist(), n))
    held = [b for b in range(n_buckets) if bounds[b] < bounds[b + 1]]
    cut = [(bounds[b], bounds[b + 1]) for b in held]
    return pa.record_batch(
        {
            "bucket": pa.array(held, pa.int32()),
            "pairs": pa.array([bucketed[x:y].tobytes() for x, y in cut], pa.binary()),
            "places": pa.array([seeds[x:y].tobytes() for x, y in cut], pa.binary()),
        }
    )


def group_seeds(pairs: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return distinct pairs of texts, the places of their seeds without flags, the bounds of each pair's, and which pairs a hub shingle joins.

    A pair whose one seed is weak is left out. The places are not sorted.
    """
    if not len(pairs):
        return pairs, places, np.zeros(1, np.int64), np.zeros(0, bool)
    pairs, places = _sort_pairs(pairs, places)
    cuts = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1], [True]]))
    texts = pairs[cuts[:-1]]
    sizes = np.diff(cuts)
    kept = (sizes > 1) | ((places[cuts[:-1]] & joining.WEAK) == 0)
    places = places[np.repeat(kept, sizes)]
    texts, cuts = texts[kept], np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[kept])])
    if not len(texts):
        return texts, places, cuts, np.zeros(0, bool)
    hubs = np.maximum.reduceat(places >> np.uint64(63), cuts[:-1]) > 0
    return texts, places & ~joining.FLAGS, cuts, hubs


def _sort_pairs(pairs: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return seeds sorted by pair; where pair and row fit into one number, that is sorted, which is ten times as fast as an argsort."""
    first, low = pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF)
    least = low.min()
    bits_low, bits_row = int(low.max() - least).bit_length(), len(pairs).bit_length()
    if int(first.max()).bit_length() + bits_low + bits_row > 64:
        order = np.argsort(pairs, kind="stable")
    else:
        key = ((first << np.uint64(bits_low)) | (low - least)) << np.uint64(bits_row) | np.arange(len(pairs), dtype=np.uint64)
        key.sort()
        order = (key & np.uint64((1 << bits_row) - 1)).astype(np.int64)
    return pairs[order], places[order]
