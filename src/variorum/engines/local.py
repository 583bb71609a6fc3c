"""The engine of one machine: threads (kernels release the GIL), groups in memory or, over the budget, in Arrow IPC files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.engines.base import Batches, BatchFunction, GroupFunction
from variorum.errors import SchemaError
from variorum.schema import check_table

# Tasks handed out ahead of the one waited for, per thread: enough to keep all busy, few enough to bound memory.
_AHEAD = 2


def count_threads(threads: int = 0) -> int:
    """Return `threads`, or for 0 the number of processors this process may use."""
    if threads > 0:
        return threads
    affinity = getattr(os, "sched_getaffinity", None)
    return max(1, len(affinity(0)) if affinity else (os.cpu_count() or 1))


class LocalEngine:
    """Runs stage functions in threads of this process."""

    def __init__(self, threads: int = 0, memory_mb: int = 2048, work: Path | None = None) -> None:
        """Set the machine.

        Args:
            threads: threads; 0: as many as the machine offers.
            memory_mb: memory for rows on their way to their group, in MB; beyond it they go to disk.
            work: folder for those files; the system's temporary folder where None.
        """
        self.threads = count_threads(threads)
        self.memory = memory_mb * 2**20
        self.work = work

    def map_batches(self, function: BatchFunction, table: Batches, gives: str) -> Iterator[pa.RecordBatch]:
        """Yield `function` of every batch, in the order of the batches.

        Raises:
            SchemaError: a result is not of the table `gives`.
        """

        def task(batch: pa.RecordBatch) -> Callable[[], pa.RecordBatch]:
            return lambda: _as_batch(check_table(gives, pa.Table.from_batches([function(batch)])))

        return self._run(task(batch) for batch in _batches(table))

    def map_groups(self, function: GroupFunction, table: Batches, by: str, gives: str) -> Iterator[pa.Table]:
        """Yield ``function(key, rows)`` for every value of the integer column `by`, in rising order of the key.

        The rows of a group come in the order in which they arrived.

        Raises:
            SchemaError: a result is not of the table `gives`, or a key is absent.
        """
        groups = _Groups(by, self.memory, self.work)
        try:
            for batch in _batches(table):
                groups.add(batch)

            def task(key: int) -> Callable[[], pa.Table]:
                return lambda: check_table(gives, function(key, groups.take(key)))

            yield from self._run(task(key) for key in groups.list_keys())
        finally:
            groups.close()

    def _run(self, tasks: Iterable[Callable[[], Any]]) -> Iterator[Any]:
        """Yield the results of `tasks` in their order; the first error stops all, and no thread outlives the call."""
        if self.threads == 1:
            yield from (task() for task in tasks)
            return
        pool = ThreadPoolExecutor(self.threads, thread_name_prefix="variorum")
        pending: deque[Future[Any]] = deque()
        try:
            for task in tasks:
                pending.append(pool.submit(task))
                if len(pending) > self.threads * _AHEAD:
                    yield _first_result(pending)
            while pending:
                yield _first_result(pending)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Groups:
    """Rows by key: in memory up to a budget, then in files of one run each, sorted by key."""

    def __init__(self, by: str, budget: int, work: Path | None) -> None:
        self._by = by
        self._budget = budget
        self._work = work
        self._folder: Path | None = None
        self._schema: pa.Schema | None = None
        self._held: dict[int, list[pa.RecordBatch]] = {}
        self._bytes = 0
        self._runs: list[tuple[Path, dict[int, tuple[int, int]]]] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the rows of a batch, and write a run to disk where they pass the budget."""
        self._schema = self._schema or batch.schema
        if not batch.num_rows:
            return
        keys = batch[self._by]
        if keys.null_count:
            raise SchemaError(f"column {self._by}: a row to be grouped has no value")
        numbers = keys.to_numpy(zero_copy_only=False)
        if np.any(numbers[1:] < numbers[:-1]):
            order = np.argsort(numbers, kind="stable")
            batch, numbers = batch.take(pa.array(order)), numbers[order]
        cuts = np.flatnonzero(np.diff(numbers)) + 1
        for start, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(numbers)], strict=True):
            self._held.setdefault(int(numbers[start]), []).append(batch.slice(start, end - start))
        self._bytes += batch.nbytes
        if self._bytes > self._budget:
            self._spill()

    def list_keys(self) -> list[int]:
        """Return all keys, rising."""
        return sorted(set(self._held).union(*(places for _, places in self._runs)))

    def take(self, key: int) -> pa.Table:
        """Return the rows of a key in the order of arrival and forget those in memory; each key is taken once."""
        batches: list[pa.RecordBatch] = []
        for path, places in self._runs:
            if key in places:
                first, number = places[key]
                # Mapped, not read: a group's rows cost memory only while its function looks at them.
                with pa.memory_map(str(path)) as source:
                    reader = pa.ipc.open_file(source)
                    batches += [reader.get_batch(first + i) for i in range(number)]
        batches += self._held.pop(key, [])
        return pa.Table.from_batches(batches, schema=self._schema)

    def close(self) -> None:
        """Forget all rows and delete the files."""
        self._held.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _spill(self) -> None:
        """Write the rows in memory to one file, a batch or more a key; the file has its name only once it is whole."""
        assert self._schema is not None
        if self._folder is None:
            if self._work is not None:
                self._work.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix="groups-", dir=self._work))
        path = self._folder / f"run-{len(self._runs):05d}.arrow"
        unfinished = path.with_suffix(".part")
        places: dict[int, tuple[int, int]] = {}
        written = 0
        with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, self._schema) as writer:
            for key in sorted(self._held):
                batches = self._held.pop(key)
                for batch in batches:
                    writer.write_batch(batch)
                places[key] = (written, len(batches))
                written += len(batches)
        os.replace(unfinished, path)
        self._runs.append((path, places))
        self._bytes = 0


def _first_result(pending: deque[Future[Any]]) -> Any:
    """Take the first result, but raise the error of any later task as soon as it is there."""
    while True:
        for future in pending:
            if future.done() and (error := future.exception()) is not None:
                raise error
        if pending[0].done():
            return pending.popleft().result()
        wait([future for future in pending if not future.done()], return_when=FIRST_COMPLETED)


def _batches(table: Any) -> Iterable[pa.RecordBatch]:
    return table.to_batches() if isinstance(table, pa.Table) else table


def _as_batch(table: pa.Table) -> pa.RecordBatch:
    """Return a table of one batch as that batch, also where it has no row."""
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_arrays([pa.array([], f.type) for f in table.schema], schema=table.schema)
