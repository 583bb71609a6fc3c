"""What is said of a witness that was found: its siglum, series and date, and its exact copies; mapped, so that a few cost a few.

    labels.arrow   an Arrow IPC file: one row a witness, batches of 65,536 rows
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.errors import CorpusDamaged

FILE = "labels.arrow"
COLUMNS = ("siglum", "series", "date", "not_before_at")
"""Columns of WITNESSES that labels are made of."""
_ROWS = 1 << 16
_SCHEMA = pa.schema([("siglum", pa.string()), ("series", pa.string()), ("date", pa.string()), ("n_copies", pa.int32()), ("earliest_copy", pa.int32())])


def write_labels(index: Path, witnesses: pa.Table, copy_of: np.ndarray) -> None:
    """Write the labels of all witnesses.

    Args:
        index: the index folder.
        witnesses: WITNESSES, of which COLUMNS are needed, in order.
        copy_of: the first witness with the same letters, per witness.
    """
    table = witnesses.select(COLUMNS[:3])
    table = table.append_column("n_copies", pa.array((np.bincount(copy_of, minlength=len(copy_of)) - 1)[copy_of], pa.int32()))
    table = table.append_column("earliest_copy", pa.array(_find_earliest(witnesses["not_before_at"], copy_of), pa.int32()))
    unfinished = index / f"{FILE}.part"
    with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
        for low in range(0, len(table), _ROWS):
            writer.write_table(table.slice(low, _ROWS).cast(_SCHEMA).combine_chunks(), _ROWS)
    os.replace(unfinished, index / FILE)


def _find_earliest(not_before_at: pa.ChunkedArray, copy_of: np.ndarray) -> np.ndarray:
    """Return, per witness, the earliest of it and its exact copies: by date, undated last, then by number."""
    at = not_before_at.cast(pa.int64()).fill_null(np.iinfo(np.int64).max).to_numpy()
    order = np.lexsort((at, copy_of))
    own = copy_of[order]
    first = order[np.concatenate([np.ones(min(1, len(own)), bool), np.diff(own) != 0])]
    earliest = np.empty(len(copy_of), np.int64)
    earliest[copy_of[first]] = first
    return earliest[copy_of]


class Labels:
    """The labels of a corpus, mapped."""

    def __init__(self, index: Path) -> None:
        """Map the file.

        Raises:
            CorpusDamaged: it is missing or cannot be read.
        """
        try:
            self._reader = pa.ipc.open_file(pa.memory_map(str(index / FILE)))
        except (OSError, pa.ArrowInvalid) as error:
            raise CorpusDamaged(f"{index / FILE}: missing or damaged; trace again with --resume-from foldings") from error

    def describe(self, witnesses: np.ndarray) -> pa.Table:
        """Return siglum, series, date, n_copies, earliest_copy (a siglum) and earliest_date of each of some witnesses, in their order."""
        numbers, row = np.unique(witnesses, return_inverse=True)
        own = self._take(numbers)
        earliest, where = np.unique(own["earliest_copy"].to_numpy(), return_inverse=True)
        first = self._take(earliest).take(pa.array(where))
        table = own.drop_columns(["earliest_copy"]).append_column("earliest_copy", first["siglum"]).append_column("earliest_date", first["date"])
        return table.take(pa.array(row))

    def _take(self, numbers: np.ndarray) -> pa.Table:
        """Return the rows of some witnesses (sorted, each once); only the batches that hold them are looked at."""
        parts = []
        for number in np.unique(numbers // _ROWS).tolist():
            rows = numbers[numbers // _ROWS == number] - number * _ROWS
            parts.append(self._reader.get_batch(number).take(pa.array(rows)))
        return pa.Table.from_batches(parts, _SCHEMA)
