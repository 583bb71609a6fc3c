"""Every stored table as Parquet, JSON lines or CSV: one file a table, streamed, so that all texts are never in memory at once."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from variorum.exporting.files import make_folder, replace_file, replace_path
from variorum.schema import FORMAT_VERSION, TableSpec, stored_tables

# A spreadsheet runs a cell that begins with one of these as a formula; an apostrophe before it makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class TableSource(Protocol):
    """The part of a corpus folder that this module reads."""

    def stream_table(self, name: str, columns: list[str] | None = None, batch_size: int = 2048) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a stored table in its sort order."""
        ...


def export_parquet(folder: TableSource, dest: Path) -> dict[str, int]:
    """Write every stored table to ``dest/<table>.parquet`` and return the rows of each.

    Each column's documentation goes into its field's metadata.

    Raises:
        StorageError: `dest` cannot be written, or the disk is full.
    """
    return _export_all(folder, dest, "parquet", _write_parquet)


def export_jsonl(folder: TableSource, dest: Path) -> dict[str, int]:
    """Write every stored table to ``dest/<table>.jsonl``, one JSON object a row, and return the rows of each.

    Times are ISO 8601 in UTC; lists are JSON lists; an absent value is null.

    Raises:
        StorageError: `dest` cannot be written, or the disk is full.
    """
    return _export_all(folder, dest, "jsonl", _write_jsonl)


def export_csv(folder: TableSource, dest: Path) -> dict[str, int]:
    """Write every stored table to ``dest/<table>.csv`` and return the rows of each.

    UTF-8 with a byte order mark, so that Excel reads it right; lists are JSON; text that begins like a
    formula (= + - @ tab) gets an apostrophe before it, so that no spreadsheet runs it.

    Raises:
        StorageError: `dest` cannot be written, or the disk is full.
    """
    return _export_all(folder, dest, "csv", _write_csv)


def protect_cell(text: str) -> str:
    """Return `text`, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def plain_value(value: Any) -> Any:
    """Return a value that JSON holds: times become ISO 8601 in UTC, everything else is left."""
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def _export_all(folder: TableSource, dest: Path, ending: str, write: Callable[[TableSpec, Iterator[pa.RecordBatch], Path], int]) -> dict[str, int]:
    """Write every stored table with `write`."""
    make_folder(dest)
    counts = {}
    for spec in stored_tables():
        counts[spec.name] = write(spec, folder.stream_table(spec.name), dest / f"{spec.name}.{ending}")
    return counts


def _write_parquet(spec: TableSpec, batches: Iterator[pa.RecordBatch], path: Path) -> int:
    """Write one table as Parquet."""
    fields = [pa.field(c.name, c.type, nullable=c.null is not None, metadata={"doc": c.doc}) for c in spec.columns]
    schema = pa.schema(fields, metadata={"doc": spec.doc, "variorum_format": str(FORMAT_VERSION)})
    n_rows = 0
    with replace_path(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))
            n_rows += len(batch)
    return n_rows


def _write_jsonl(spec: TableSpec, batches: Iterator[pa.RecordBatch], path: Path) -> int:
    """Write one table as JSON lines."""
    n_rows = 0
    encode = json.JSONEncoder(ensure_ascii=False, default=plain_value, check_circular=False).encode
    with replace_file(path) as file:
        for batch in batches:
            # U+2028 and U+2029 end a line for some readers of JSON lines, though not for JSON.
            file.writelines(encode(row).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n" for row in batch.select(spec.names).to_pylist())
            n_rows += len(batch)
    return n_rows


def _write_csv(spec: TableSpec, batches: Iterator[pa.RecordBatch], path: Path) -> int:
    """Write one table as CSV."""
    n_rows = 0
    with replace_file(path, encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(spec.names)
        for batch in batches:
            writer.writerows(zip(*(_cells(batch[column.name], column.type) for column in spec.columns), strict=True))
            n_rows += len(batch)
    return n_rows


def _cells(values: pa.Array, kind: pa.DataType) -> list[Any]:
    """Return one column's values as CSV cells; an absent value is an empty cell."""
    cells = values.to_pylist()
    if pa.types.is_string(kind):
        return ["" if cell is None else protect_cell(cell) for cell in cells]
    if pa.types.is_list(kind):
        return ["" if cell is None else json.dumps(cell, ensure_ascii=False) for cell in cells]
    if pa.types.is_boolean(kind):
        return ["" if cell is None else "true" if cell else "false" for cell in cells]
    return ["" if cell is None else plain_value(cell) for cell in cells]
