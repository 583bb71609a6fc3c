"""The local engine: equal to the obvious version, in order, bounded, and quick to fail."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variorum import allocators
from variorum.engines.local import LocalEngine, count_threads
from variorum.errors import SchemaError
from variorum.schema import TABLES

SEEDS = TABLES["seeds"].schema


def blobs(buckets: list[int], first: int = 0) -> pa.RecordBatch:
    """Return rows of the seeds table whose blobs say in what order they came."""
    rows = [{"bucket": b, "pairs": f"{first + i}".encode(), "places": b"x" * (b % 5)} for i, b in enumerate(buckets)]
    return pa.RecordBatch.from_pylist(rows, schema=SEEDS)


def cut(buckets: list[int], size: int) -> list[pa.RecordBatch]:
    """Return the rows in batches of `size`."""
    return [blobs(buckets[i : i + size], i) for i in range(0, len(buckets), size)]


def group_naively(buckets: list[int]) -> list[tuple[int, list[bytes]]]:
    """Return (key, blobs in order of arrival), by rising key."""
    return [(key, [f"{i}".encode() for i, b in enumerate(buckets) if b == key]) for key in sorted(set(buckets))]


def echo(key: int, rows: pa.Table) -> pa.Table:
    """Return the rows of a group as they came, after a check that the group is pure."""
    assert set(rows["bucket"].to_pylist()) == {key}
    return rows


def collect(tables: Iterator[pa.Table]) -> list[tuple[int, list[bytes]]]:
    """Return (key, blobs) of each group's result."""
    return [(t["bucket"][0].as_py(), t["pairs"].to_pylist()) for t in tables]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 9), max_size=60), st.integers(1, 7), st.sampled_from([1, 2, 5]), st.booleans())
def test_groups_equal_the_naive_version_in_memory_and_on_disk(buckets: list[int], size: int, threads: int, spill: bool) -> None:
    engine = LocalEngine(threads)
    engine.memory = 0 if spill else 2**30
    assert collect(engine.map_groups(echo, cut(buckets, size), "bucket", "seeds")) == group_naively(buckets)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 5), st.sampled_from([1, 3]))
def test_batches_come_in_order_one_for_one(buckets: list[int], size: int, threads: int) -> None:
    def slow_first(batch: pa.RecordBatch) -> pa.RecordBatch:
        if batch["pairs"][0].as_py() == b"0":
            time.sleep(0.002)
        return batch

    batches = cut(buckets, size)
    results = list(LocalEngine(threads).map_batches(slow_first, batches, "seeds"))
    assert [b.to_pydict() for b in results] == [b.to_pydict() for b in batches]


def test_an_empty_result_stays_a_batch() -> None:
    results = list(LocalEngine(2).map_batches(lambda batch: batch.slice(0, 0), cut([1, 2, 3], 1), "seeds"))
    assert [(b.num_rows, b.schema) for b in results] == [(0, SEEDS)] * 3


def test_a_table_is_taken_as_well_as_batches() -> None:
    table = pa.Table.from_batches(cut([3, 1, 3], 2))
    assert collect(LocalEngine(2).map_groups(echo, table, "bucket", "seeds")) == [(1, [b"1"]), (3, [b"0", b"2"])]


def test_spilled_files_are_whole_and_gone_afterwards(tmp_path: Path) -> None:
    engine = LocalEngine(2, work=tmp_path)
    engine.memory = 100
    seen: set[str] = set()

    def look(key: int, rows: pa.Table) -> pa.Table:
        seen.update(p.suffix for p in tmp_path.rglob("*") if p.is_file())
        return echo(key, rows)

    buckets = [i % 7 for i in range(500)]
    assert collect(engine.map_groups(look, cut(buckets, 20), "bucket", "seeds")) == group_naively(buckets)
    assert seen == {".arrow"}
    assert list(tmp_path.iterdir()) == []


def test_rows_taken_from_disk_outlive_their_file(tmp_path: Path) -> None:
    engine = LocalEngine(1, work=tmp_path)
    engine.memory = 0
    held = list(engine.map_groups(echo, cut([1, 2, 1], 1), "bucket", "seeds"))
    assert list(tmp_path.iterdir()) == []
    assert held[0]["pairs"].to_pylist() == [b"0", b"2"]


def test_looks_only_a_little_ahead() -> None:
    asked = 0

    def source() -> Iterator[pa.RecordBatch]:
        nonlocal asked
        for i in range(100):
            asked = i + 1
            yield blobs([i])

    results = LocalEngine(2).map_batches(lambda batch: batch, source(), "seeds")
    next(results)
    assert asked <= 6
    results.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_comes_at_once_and_leaves_no_thread(threads: int) -> None:
    before = threading.active_count()
    started: list[int] = []

    def fail(batch: pa.RecordBatch) -> pa.RecordBatch:
        number = batch["bucket"][0].as_py()
        started.append(number)
        if number == 1:
            raise ValueError("bad batch")
        time.sleep(0.01)
        return batch

    with pytest.raises(ValueError, match="bad batch"):
        list(LocalEngine(threads).map_batches(fail, cut(list(range(200)), 1), "seeds"))
    assert len(started) < 20
    assert threading.active_count() == before


def test_an_error_in_a_later_task_does_not_wait_for_a_slow_first() -> None:
    release = threading.Event()

    def fail(batch: pa.RecordBatch) -> pa.RecordBatch:
        if batch["bucket"][0].as_py() == 0:
            release.wait(5)
            return batch
        release.set()  # the pool waits for running tasks when it closes; let the first end once the error is on its way
        raise ValueError("second")

    began = time.monotonic()
    with pytest.raises(ValueError, match="second"):
        list(LocalEngine(2).map_batches(fail, cut([0, 1], 1), "seeds"))
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("stop", [KeyboardInterrupt, GeneratorExit])
def test_stopping_half_way_leaves_no_thread_and_no_file(tmp_path: Path, stop: type[BaseException]) -> None:
    before = threading.active_count()
    engine = LocalEngine(2, work=tmp_path)
    engine.memory = 0
    results = engine.map_groups(echo, cut(list(range(50)), 5), "bucket", "seeds")
    next(results)
    with pytest.raises(stop):
        results.throw(stop())  # type: ignore[attr-defined]
    assert threading.active_count() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("run", ["batches", "groups"])
def test_a_result_of_the_wrong_table_is_refused(run: str) -> None:
    engine = LocalEngine(2)
    calls: dict[str, Callable[[], object]] = {
        "batches": lambda: list(engine.map_batches(lambda batch: batch, cut([1], 1), "fingerprints")),
        "groups": lambda: list(engine.map_groups(echo, cut([1], 1), "bucket", "fingerprints")),
    }
    with pytest.raises(SchemaError, match="table fingerprints"):
        calls[run]()


def test_a_row_without_a_key_is_refused() -> None:
    batch = pa.RecordBatch.from_arrays([pa.array([1, None], pa.int32())], names=["bucket"])
    with pytest.raises(SchemaError, match="bucket"):
        list(LocalEngine(1).map_groups(echo, [batch], "bucket", "seeds"))


def test_threads_are_counted() -> None:
    assert count_threads(3) == 3
    assert count_threads(0) >= 1


def test_functions_really_run_at_the_same_time() -> None:
    meet = threading.Barrier(2, timeout=5)

    def wait(batch: pa.RecordBatch) -> pa.RecordBatch:
        meet.wait()
        return batch

    assert len(list(LocalEngine(2).map_batches(wait, cut(np.arange(2).tolist(), 1), "seeds"))) == 2


class _Library:
    """A C library that notes what it is told; it has `malloc_trim` or not."""

    def __init__(self, *, trims: bool) -> None:
        self.told: list[int] = []
        if trims:
            self.malloc_trim = self.told.append


@pytest.mark.parametrize(("library", "told"), [(_Library(trims=True), [0]), (_Library(trims=False), []), (None, [])])
def test_unused_memory_is_given_back_where_the_c_library_can_be_told(monkeypatch: pytest.MonkeyPatch, library: _Library | None, told: list[int]) -> None:
    def load(name: None) -> _Library:
        if library is None:  # as on Windows, where a library needs a name
            raise TypeError
        return library

    monkeypatch.setattr(ctypes, "CDLL", load)
    allocators._find_trim.cache_clear()
    try:
        allocators.release_unused()
    finally:
        allocators._find_trim.cache_clear()
    assert (library.told if library else []) == told
