"""FOLDINGS to FINGERPRINTS: select shingles and keep them sorted, for the join and for later searches.

Files in the index folder:

    fingerprints.u64   rows (see kernels/sketching.py), sorted within each partition
    fingerprints.json  bounds of the partitions, bits, k and s
    block_text.i32     text at the start of each block of the letter stream
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.config import MatchingConfig
from variorum.engines.base import Engine
from variorum.errors import CorpusDamaged
from variorum.kernels import sketching
from variorum.letters import LetterStore, Prefix, open_letters

BLOCK_BITS = 11
_TASK_LETTERS = 16_000_000
_TASKS = 8
_PARTITION_ROWS = 500_000


@dataclass(frozen=True)
class FingerprintIndex:
    """Sorted fingerprints: rows of partition p are ``rows[bounds[p]:bounds[p + 1]]``."""

    rows: np.ndarray
    bounds: np.ndarray
    partition_bits: int
    place_bits: int
    k: int
    s: int
    block_text: np.ndarray


def index_fingerprints(index: Path, config: MatchingConfig, engine: Engine, prefix: Prefix | None = None) -> dict[str, int]:
    """Write the fingerprint files of an index folder; return counters.

    Exact copies of an earlier witness have no fingerprints: `copies.u8`, written by the stage before, says which they are. The fingerprints
    of `prefix` are taken over where most of the letters are its own.
    """
    store = open_letters(index)
    length = len(store.letters)
    place_bits = _place_bits(length)
    expected = 2 * length // (config.k - config.s + 1)
    fewest = sketching.HASH_BITS + sketching.CHECK_BITS + place_bits - 64
    partition_bits = max(0, fewest, int(expected // _PARTITION_ROWS).bit_length())
    task = functools.partial(_sketch_range, str(index), config.k, config.s, partition_bits, place_bits)
    before = open_fingerprints(prefix.index) if prefix and 2 * store.starts[prefix.n_texts] > length else None
    if before and before.partition_bits > partition_bits:
        before = None
    first = prefix.n_texts if prefix and before else 0
    blobs = engine.map_batches(task, _text_ranges(store, first), "fingerprints")
    sorted_rows = engine.map_groups(_sort_partition, blobs, "partition", "fingerprints")
    if before:
        sorted_rows = _merge_partitions(sorted_rows, before, int(store.starts[first]), partition_bits, place_bits)
    bounds = np.zeros((1 << partition_bits) + 1, np.int64)
    written = 0
    at = 0
    temporary = index / "fingerprints.part"
    with temporary.open("wb") as file:
        for table in sorted_rows:
            partition = table["partition"][0].as_py()
            bounds[at + 1 : partition + 1] = written
            rows = table["rows"][0].as_buffer()
            file.write(rows)
            written += rows.size // 8
            bounds[partition + 1] = written
            at = partition + 1
    bounds[at + 1 :] = written
    temporary.replace(index / "fingerprints.u64")
    _block_texts(store.starts, length).tofile(index / "block_text.i32")
    about = {"k": config.k, "s": config.s, "partition_bits": partition_bits, "place_bits": place_bits, "bounds": bounds.tolist()}
    (index / "fingerprints.json").write_text(json.dumps(about), encoding="utf-8")
    return {"letters": length - store.n_texts, "fingerprints": written}


def _merge_partitions(
    tables: Iterable[pa.Table], before: FingerprintIndex, limit: int, partition_bits: int, place_bits: int
) -> Iterator[pa.Table]:
    """Yield every partition of rows: those of `before` whose place lies below `limit`, merged with the new ones in `tables`."""
    new = {table["partition"][0].as_py(): join_blobs(table["rows"]) for table in tables}
    finer = partition_bits - before.partition_bits
    up, low = np.uint64(before.place_bits + sketching.CHECK_BITS), np.uint64((1 << before.place_bits + sketching.CHECK_BITS) - 1)
    key_bits = np.uint64(sketching.HASH_BITS - partition_bits)
    for coarse in range(1 << before.partition_bits):
        rows = before.rows[before.bounds[coarse] : before.bounds[coarse + 1]]
        rows = rows[(rows & low) >> np.uint64(sketching.CHECK_BITS) < np.uint64(limit)]
        # The top bits of what a row keeps of its hash are the finer partition; the place and the check stay as they are.
        key = rows >> up
        cuts = np.searchsorted(key >> key_bits, np.arange((1 << finer) + 1, dtype=np.uint64))
        rows = ((key & ((np.uint64(1) << key_bits) - np.uint64(1))) << np.uint64(place_bits + sketching.CHECK_BITS)) | (rows & low)
        for part in range(1 << finer):
            partition = (coarse << finer) + part
            both = np.concatenate([rows[cuts[part] : cuts[part + 1]], new.pop(partition, np.zeros(0, np.uint64))])
            both.sort(kind="stable")  # merges two sorted runs in one pass
            if len(both):
                yield pa.table({"partition": pa.array([partition], pa.int32()), "rows": pa.array([both.tobytes()], pa.binary())})


def least_memory_mb(index: Path, threads: int) -> int:
    """Return the memory, in MB, that the longest text and one partition of the fingerprints take, for as many threads; a run needs so much."""
    store = open_letters(index)
    longest = int(np.diff(store.starts).max(initial=0))
    # Of a text's letters a sixth at most gives a hash and a place; rows are held twice while they are put together.
    letters = max(longest, min(_TASK_LETTERS, len(store.letters)))
    return 256 + threads * (letters * 6 + 3 * 8 * min(_PARTITION_ROWS * 2, len(store.letters))) // 2**20


def open_fingerprints(index: Path) -> FingerprintIndex:
    """Map the fingerprint files of an index folder.

    Raises:
        CorpusDamaged: a file is missing or cut short, or they are not of this letter stream.
    """
    try:
        about = json.loads((index / "fingerprints.json").read_text(encoding="utf-8"))
        bounds = np.array(about["bounds"], np.int64)
        partition_bits, place_bits, k, s = (int(about[name]) for name in ("partition_bits", "place_bits", "k", "s"))
        rows = np.memmap(index / "fingerprints.u64", np.uint64, "r") if bounds[-1] else np.zeros(0, np.uint64)
        block_text = np.frombuffer(np.memmap(index / "block_text.i32", np.int32, "r"), np.int32)
        length = (index / "letters.u16").stat().st_size // 2
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise CorpusDamaged(f"{index}: the fingerprint files cannot be read ({error}); trace again with --resume-from fingerprints") from error
    if len(rows) != bounds[-1]:
        raise CorpusDamaged(f"{index}: fingerprints.u64 is cut short; trace again with --resume-from fingerprints")
    fitting = len(block_text) == (length >> BLOCK_BITS) + 1 and place_bits == _place_bits(length) and 0 < s < k
    if not fitting or bounds.shape != ((1 << partition_bits) + 1,) or bounds[0] != 0 or np.any(np.diff(bounds) < 0):
        raise CorpusDamaged(f"{index}: the fingerprint files are not of this letter stream; trace again with --resume-from fingerprints")
    plain = np.frombuffer(rows, np.uint64) if len(rows) else rows
    return FingerprintIndex(plain, bounds, partition_bits, place_bits, k, s, block_text)


def _place_bits(length: int) -> int:
    """Return how many bits a place in a letter stream of this length takes."""
    return max(8, int(length).bit_length())


def sketch_letters(letters: np.ndarray, low: int, high: int, k: int, s: int) -> tuple[np.ndarray, np.ndarray]:
    """Return hashes (uint64) and elements (int64) of the shingles selected from the letters ``[low, high)``."""
    hashes, places = np.empty(max(0, high - low), np.uint64), np.empty(max(0, high - low), np.int64)
    n = sketching.select_shingles(letters, low, high, k, s, hashes, places)
    return hashes[:n], places[:n]


@functools.lru_cache(maxsize=4)
def _open_once(index: str, stamp: int) -> tuple[LetterStore, np.ndarray]:
    """Map the letter stream once per process and version of it."""
    del stamp
    store = open_letters(Path(index))
    path = Path(index) / "copies.u8"
    copies = np.fromfile(path, np.uint8) if path.exists() else np.zeros(0, np.uint8)
    if len(copies) != store.n_texts:
        raise CorpusDamaged(f"{path}: missing or cut short; trace again with --resume-from foldings")
    return store, copies


def open_shared(index: str) -> tuple[LetterStore, np.ndarray]:
    """Return the letter stream and the copies of an index folder, mapped once for all tasks of a process."""
    starts = Path(index) / "starts.i64"
    return _open_once(index, starts.stat().st_mtime_ns if starts.exists() else 0)


def _text_ranges(store: LetterStore, first: int) -> Iterator[pa.RecordBatch]:
    """Yield ranges of the texts from `first` on, of at most about `_TASK_LETTERS` letters, one a batch; a small corpus makes a few, for as many threads."""
    starts = store.starts
    size = min(_TASK_LETTERS, max(_TASK_LETTERS // 16, int(starts[-1]) // _TASKS))
    low = first
    while low < store.n_texts:
        high = int(np.searchsorted(starts, starts[low] + size, "right")) - 1
        high = min(max(high, low + 1), store.n_texts)
        yield pa.record_batch({"first": pa.array([low], pa.int32()), "last": pa.array([high], pa.int32())})
        low = high


def _sketch_range(index: str, k: int, s: int, partition_bits: int, place_bits: int, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Select the shingles of a range of texts and put those of one partition together."""
    store, copies = open_shared(index)
    low, high = batch["first"][0].as_py(), batch["last"][0].as_py()
    size = int(store.starts[high] - store.starts[low])
    hashes, places = np.empty(size, np.uint64), np.empty(size, np.int64)
    n = sketching.select_texts(store.letters, store.starts, low, high, copies, k, s, hashes, places)
    rows, bounds = np.empty(n, np.uint64), np.empty((1 << partition_bits) + 1, np.int64)
    sketching.scatter_rows(hashes[:n], places[:n], partition_bits, place_bits, rows, bounds)
    held = [p for p in range(1 << partition_bits) if bounds[p] < bounds[p + 1]]
    blobs = [rows[bounds[p] : bounds[p + 1]].tobytes() for p in held]
    return pa.record_batch({"partition": pa.array(held, pa.int32()), "rows": pa.array(blobs, pa.binary())})


def _sort_partition(partition: int, table: pa.Table) -> pa.Table:
    """Return the rows of a partition as one sorted blob."""
    rows = join_blobs(table["rows"])
    rows.sort()
    return pa.table({"partition": pa.array([partition], pa.int32()), "rows": pa.array([rows.tobytes()], pa.binary())})


def join_blobs(column: pa.ChunkedArray) -> np.ndarray:
    """Return the uint64 values of a column of blobs, one after another."""
    parts = [np.frombuffer(value.as_buffer(), np.uint64) for value in column]
    return np.concatenate(parts) if parts else np.zeros(0, np.uint64)


def _block_texts(starts: np.ndarray, length: int) -> np.ndarray:
    """Return the text at the start of each block of the stream (int32)."""
    firsts = np.arange(0, length + 1, 1 << BLOCK_BITS)
    texts = np.searchsorted(starts, firsts, "right") - 1
    return np.minimum(texts, max(0, len(starts) - 2)).astype(np.int32)
