"""The stored tables in SQL: their definitions with comments, and the query that reads one in its sort order, in ranges and batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.errors import SchemaError
from variorum.schema import TABLES, TableSpec, stored_tables

_TYPES = {
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.string(): "VARCHAR",
    pa.binary(): "BLOB",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}

# Tables of the folder itself; they say what the folder is and how far its making has come.
_HOUSEKEEPING = (
    "CREATE TABLE variorum_meta (format_version INTEGER NOT NULL, created_at TIMESTAMPTZ NOT NULL, program_version VARCHAR NOT NULL)",
    "CREATE TABLE variorum_state (key VARCHAR NOT NULL, value VARCHAR NOT NULL)",
    "CREATE TABLE variorum_index (stage VARCHAR NOT NULL, file VARCHAR NOT NULL, n_bytes BIGINT NOT NULL)",
    "COMMENT ON TABLE variorum_meta IS 'One row: the format of this corpus and the program that made it.'",
    "COMMENT ON TABLE variorum_state IS 'How far the reading has come, so that an interrupted run continues.'",
    "COMMENT ON TABLE variorum_index IS 'One row a file under index/: the stage that wrote it and its size.'",
)


def write_definitions() -> Iterator[str]:
    """Yield the SQL statements that make an empty corpus, documentation included."""
    yield from _HOUSEKEEPING
    for spec in stored_tables():
        columns = ", ".join(f'"{c.name}" {_sql_type(c.type)}{"" if c.null else " NOT NULL"}' for c in spec.columns)
        yield f"CREATE TABLE {spec.name} ({columns})"
        yield f"COMMENT ON TABLE {spec.name} IS {_literal(spec.doc)}"
        for column in spec.columns:
            doc = column.doc + (f" (absent: {column.null})" if column.null else "")
            yield f'COMMENT ON COLUMN {spec.name}."{column.name}" IS {_literal(doc)}'


def required_tables() -> list[str]:
    """Return the names of the tables that every corpus has."""
    return [spec.name for spec in stored_tables()] + ["variorum_state", "variorum_index"]


def find_spec(name: str) -> TableSpec:
    """Return the spec of a stored table; SchemaError where there is none of that name."""
    if name not in TABLES or not TABLES[name].stored:
        raise SchemaError(f"no stored table '{name}'; there are {', '.join(spec.name for spec in stored_tables())}")
    return TABLES[name]


def choose_columns(spec: TableSpec, columns: Sequence[str] | None) -> pa.Schema:
    """Return the schema of the wanted columns, all where None; SchemaError where one is unknown."""
    unknown = [c for c in columns or () if c not in spec.names]
    if unknown:
        raise SchemaError(f"table {spec.name} has no column {', '.join(unknown)}; it has {', '.join(spec.names)}")
    return spec.schema if columns is None else pa.schema([spec.schema.field(c) for c in columns])


def write_select(spec: TableSpec, columns: Sequence[str], where: str | None = None, limit: int | None = None) -> str:
    """Return the query for the given columns of a table in its sort order; the order of writing where it has none."""
    order = ", ".join(f'"{c}"' for c in spec.sort) or "rowid"
    chosen = ", ".join(f'"{c}"' for c in columns)
    tail = f" LIMIT {int(limit)}" if limit is not None else ""
    return f"SELECT {chosen} FROM {spec.name}{f' WHERE {where}' if where else ''} ORDER BY {order}{tail}"


def cut_texts(witness: np.ndarray, sizes: np.ndarray, budget: int) -> list[str | None]:
    """Return conditions that cut rising witness numbers into ranges of at most about `budget` code points; `sizes` are theirs."""
    # A range ends where the running total passes a multiple of the budget; one longer text makes its own range.
    part = np.cumsum(sizes, dtype=np.int64) // budget
    first = np.flatnonzero(np.diff(part, prepend=-1))
    last = np.append(first[1:] - 1, len(part) - 1) if len(first) else first
    return [f"witness BETWEEN {witness[a]} AND {witness[b]}" for a, b in zip(first, last, strict=True)]


def make_reader(relation: Any, batch_size: int) -> pa.RecordBatchReader:
    """Return an Arrow reader over a relation; DuckDB renamed the method in version 2."""
    method = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
    return method(batch_size)


def _sql_type(kind: pa.DataType) -> str:
    return f"{_sql_type(kind.value_type)}[]" if isinstance(kind, pa.ListType) else _TYPES[kind]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
