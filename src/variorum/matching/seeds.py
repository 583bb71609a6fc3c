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
    keys = np.empty_like(pairs)
    bits = joining.pack_pairs(pairs, keys)
    if bits < 0:
        bits = len(pairs).bit_length()
        keys = np.unique(pairs, return_inverse=True)[1].astype(np.uint64) << np.uint64(bits) | np.arange(len(pairs), dtype=np.uint64)
    keys.sort()
    texts, kept, cuts, hubs = np.empty_like(pairs), np.empty_like(pairs), np.empty(len(pairs) + 1, np.int64), np.empty(len(pairs), np.bool_)
    n = joining.cut_pairs(keys, bits, pairs, places, texts, kept, cuts, hubs)
    return texts[:n], kept[: cuts[n]], cuts[: n + 1], hubs[:n]


def choose_pairs(texts: np.ndarray, places: np.ndarray, cuts: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return some of the pairs, their places and the bounds of each."""
    n = int(np.count_nonzero(chosen))
    out = np.empty(n, np.uint64), np.empty(int(np.diff(cuts)[chosen].sum()), np.uint64), np.empty(n + 1, np.int64)
    joining.choose_pairs(texts, places, cuts, chosen, *out)
    return out
