"""The engine protocol: a shuffle, and nothing else.

All mathematics is in kernels and stage functions that take a record batch (or a group's table) and give one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import pyarrow as pa

BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]
GroupFunction = Callable[[int, pa.Table], pa.Table]
Batches = pa.Table | Iterable[pa.RecordBatch]


class Engine(Protocol):
    """Runs stage functions over tables."""

    def map_batches(self, function: BatchFunction, table: Batches, gives: str) -> Iterator[pa.RecordBatch]:
        """Yield `function` of every batch, in the order of the batches; `gives` names the table that results."""
        ...

    def map_groups(self, function: GroupFunction, table: Batches, by: str, gives: str) -> Iterator[pa.Table]:
        """Yield ``function(key, rows)`` for every value of the integer column `by`, in rising order of the key."""
        ...
