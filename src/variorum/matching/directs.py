"""Spans in files: written batch by batch, read as columns, gathered row by row, never whole in memory."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.errors import CorpusDamaged
from variorum.letters import Prefix
from variorum.schema import TABLES, empty_table

_SCHEMA = TABLES["direct_spans"].schema


class Directs:
    """The files of direct spans of an index folder (see spans.py)."""

    def __init__(self, index: Path) -> None:
        """Take the index folder."""
        self._index = index

    def forget(self, first: int) -> None:
        """Delete the files of the pairs whose larger witness is `first` or a later one."""
        for path in [*self._index.glob("strong-*"), *self._index.glob("plain-*")]:
            if path.suffix != ".arrow" or int(path.stem.rpartition("-")[2]) >= first:
                path.unlink()

    def take_over(self, prefix: Prefix) -> None:
        """Take the spans of the texts of `prefix` from the folder that holds them.

        Raises:
            CorpusDamaged: a file cannot be read.
        """
        before, last = Directs(prefix.index), prefix.n_texts
        for kind in ("strong", "plain"):
            kept = (batch.filter(pc.less(batch["witness_b"], last)) for batch in before.open(kind))
            self.write(kind, 0, (pa.Table.from_batches([batch]) for batch in kept))

    def write(self, kind: str, first: int, tables: Iterable[pa.Table]) -> None:
        """Write spans to a file that has its name only once it is whole."""
        _write(self._index / f"{kind}-{first:010d}.arrow", tables)

    def open(self, kind: str) -> list[pa.RecordBatch]:
        """Return the spans of a kind, mapped.

        Raises:
            CorpusDamaged: a file cannot be read.
        """
        return [batch for path in sorted(self._index.glob(f"{kind}-*.arrow")) for batch in _map(path)]


@contextlib.contextmanager
def keep_batches(path: Path, tables: Iterable[pa.Table]) -> Iterator[list[pa.RecordBatch]]:
    """Write tables to a file and give them back, mapped; the file goes at the end."""
    _write(path, tables)
    try:
        yield _map(path)
    finally:
        path.unlink()


def as_batch(table: pa.Table) -> pa.RecordBatch:
    """Return a table as one batch, also where it has no row."""
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


def _write(path: Path, tables: Iterable[pa.Table]) -> None:
    unfinished = path.with_suffix(".part")
    with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
        for table in tables:
            if len(table):
                writer.write_table(table)
    os.replace(unfinished, path)


def _map(path: Path) -> list[pa.RecordBatch]:
    try:
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
        return [reader.get_batch(i) for i in range(reader.num_record_batches)]
    except (pa.ArrowInvalid, OSError) as error:
        raise CorpusDamaged(f"{path}: cannot be read ({error}); trace again with --resume-from spans") from error


class SpanRows:
    """The rows of many batches of DIRECT_SPANS, by their number over all."""

    def __init__(self, batches: Sequence[pa.RecordBatch]) -> None:
        """Take the batches, which may be mapped."""
        self.batches = [batch for batch in batches if batch.num_rows]
        self._bounds = np.cumsum([0, *(batch.num_rows for batch in self.batches)])

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._bounds[-1])

    def column(self, name: str) -> np.ndarray:
        """Return a column of numbers."""
        parts = [batch[name].to_numpy() for batch in self.batches]
        return np.concatenate(parts) if parts else np.zeros(0, _SCHEMA.field(name).type.to_pandas_dtype())

    def sides(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return the rows as pairs of intervals: rows of the two intervals of each span, then text, first and last letter of all, sides a first."""
        text, low, high = (np.concatenate([self.column(f"{name}_{side}") for side in "ab"]).astype(np.int64) for name in ("witness", "low", "high"))
        row = np.arange(len(self))
        return np.stack([row, row + len(self)], 1), text, low, high

    def take(self, rows: np.ndarray) -> pa.Table:
        """Return some rows in the order given."""
        if not len(rows):
            return empty_table("direct_spans")
        home = np.searchsorted(self._bounds, rows, "right") - 1
        order = np.argsort(home, kind="stable")
        cuts = np.flatnonzero(np.diff(home[order], prepend=-1, append=-1))
        groups = [order[x:y] for x, y in pairwise(cuts)]
        parts = [self.batches[home[group[0]]].take(pa.array(rows[group] - self._bounds[home[group[0]]])) for group in groups]
        back = np.empty(len(rows), np.int64)
        back[order] = np.arange(len(rows))
        return pa.Table.from_batches(parts).combine_chunks().take(pa.array(back))
