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

SEEDS_PER_FINGERPRINT = 0.5
"""Seeds the join may give for each fingerprint, a million apart; see `limit_df`."""
MIN_DF = 8
"""A shingle in so many witnesses gives all its pairs whatever the corpus."""
_SEEDS_PER_BUCKET = 1_000_000


def collect_seeds(index: Path, max_df: int, series: np.ndarray | None, engine: Engine, counters: dict[str, int]) -> Iterator[pa.RecordBatch]:
    """Yield SEEDS batches; `counters` gains the counts of shared shingles, hubs and seeds."""
    prints = open_fingerprints(index)
    max_df, expected = limit_df(prints, max_df)
    counters["max_df"] = max_df
    # The buckets only have to be small, not equal.
    n_buckets = max(1, min(4096, expected // _SEEDS_PER_BUCKET))
    codes = np.zeros(0, np.int32) if series is None else np.asarray(series, np.int32)
    task = functools.partial(_join_partition, str(index), prints, max_df, codes, n_buckets, counters)
    partitions = (pa.record_batch({"partition": pa.array([p], pa.int32())}) for p in range(len(prints.bounds) - 1))
    return engine.map_batches(task, partitions, "seeds")


def limit_df(prints: FingerprintIndex, max_df: int) -> tuple[int, int]:
    """Return the largest limit up to `max_df` that keeps the seeds within a few a fingerprint, and the seeds to expect.

    The pairs of a phrase grow with the square of its witnesses, so that a fixed limit makes a corpus ten times as
    large cost twenty times as much. Above the limit a shingle is matched through hubs, which is linear.
    """
    sizes = np.zeros(max_df + 2, np.int64)
    joining.count_groups(prints.rows, prints.bounds, prints.place_bits, sizes)
    size = np.arange(max_df + 2)
    in_pairs = np.cumsum(sizes * (size * (size - 1) // 2))[:-1]
    places = sizes * size
    places[-1] = sizes[-1]  # the last count is of places, not of groups
    in_hubs = 2 * (places.sum() - np.cumsum(places)[:-1])
    # Only pairs grow with the square; hubs cost two seeds a place under any limit.
    fits = np.flatnonzero(in_pairs <= SEEDS_PER_FINGERPRINT * len(prints.rows) + _SEEDS_PER_BUCKET)
    limit = max(min(MIN_DF, max_df), int(fits[-1]))
    return limit, int(in_pairs[limit] + in_hubs[limit])


def _join_partition(
    index: str, prints: FingerprintIndex, max_df: int, series: np.ndarray, n_buckets: int, counters: dict[str, int], batch: pa.RecordBatch
) -> pa.RecordBatch:
    """Return the seeds of one partition, one row a bucket."""
    store, _ = open_shared(index)
    partition = batch["partition"][0].as_py()
    rows = prints.rows[prints.bounds[partition] : prints.bounds[partition + 1]]
    room = max(1024, len(rows) // 2)
    counts = np.zeros(3, np.int64)
    while True:
        pairs, places = np.empty(room, np.uint64), np.empty(room, np.uint64)
        counts[:] = 0
        n = joining.join_rows(rows, prints.place_bits, store.starts, prints.block_text, BLOCK_BITS, series, max_df, pairs, places, counts)
        if n < 0:
            raise CorpusDamaged(f"{index}: fingerprints.u64 is not of this letter stream; trace again with --resume-from fingerprints")
        if n <= room:
            break
        room = n
    bucketed, seeds, bounds = np.empty(n, np.uint64), np.empty(n, np.uint64), np.empty(n_buckets + 1, np.int64)
    joining.scatter_seeds(pairs[:n], places[:n], store.n_texts, n_buckets, bucketed, seeds, bounds)
    add_counts(counters, ("shared_shingles", "hub_shingles", "hub_seeds", "seeds"), (*counts.tolist(), n))
    held = [b for b in range(n_buckets) if bounds[b] < bounds[b + 1]]
    cut = [(bounds[b], bounds[b + 1]) for b in held]
    return pa.record_batch(
        {
            "bucket": pa.array(held, pa.int32()),
            "pairs": pa.array([bucketed[x:y].tobytes() for x, y in cut], pa.binary()),
            "places": pa.array([seeds[x:y].tobytes() for x, y in cut], pa.binary()),
        }
    )
