"""The corpus folder: one DuckDB file of tables, the index files, one writer at a time.

    NAME.variorum/
      corpus.duckdb   every stored table of schema.py, with its documentation as comments; any DuckDB opens it
      index/          letter streams and sorted fingerprints, memory-mapped by the matcher
      work/           intermediate files of the run that is going on; may be deleted while none is
      lock            held by the one process that writes
      report.html     the report

Only this module knows DuckDB. Readers may open a corpus while nobody writes to it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from variorum import __version__, folders
from variorum.definitions import choose_columns, cut_texts, find_spec, make_reader, required_tables, write_definitions, write_select
from variorum.errors import CorpusDamaged, CorpusError, UsageError
from variorum.folders import DATABASE, INDEX, REPORT, SUFFIX, WORK, is_corpus, storage_errors
from variorum.schema import FORMAT_VERSION, TABLES, check_table, verify_table

_TEXT_BUDGET = 32_000_000  # code points asked for at once, so that memory stays bounded however long the texts are
_GROUP_ROWS = 2048  # rows stored together; a group that a chunk of texts does not fill is written again with the next one
_STORAGE = "v1.4.0"  # files are written in the format of the oldest DuckDB supported, so that every later one opens them


class CorpusFolder:
    """An open corpus folder; make one with `create` or `open`, and close it (or use ``with``).

    Attributes:
        path: the folder.
        name: its name without ``.variorum``.
        writable: whether it was opened for writing.
    """

    def __init__(self, path: Path, *, write: bool, memory_mb: int, threads: int) -> None:
        """Open the database; use `create` or `open` instead."""
        self.path = path
        self.name = path.resolve().name.removesuffix(SUFFIX)
        self.writable = write
        self._lock: folders.WriteLock | None = None
        self._connection: Any = None
        self._depth, self._index = 0, INDEX
        self._spill = path / WORK / f"duckdb-{os.getpid()}-{id(self):x}"  # two databases in one folder would write into each other's files
        self._state = folders.identify(path / DATABASE)
        self._settings: dict[str, Any] = {"memory_limit": f"{max(256, memory_mb)}MB", "threads": str(max(1, threads)), "temp_directory": str(self._spill)}

    # -- opening and closing -------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: str | Path, *, memory_mb: int = 1024, threads: int = 2, repair: bool = False) -> CorpusFolder:
        """Make a corpus at `path` and open it for writing; continue a creation that was interrupted.

        Args:
            path: a folder that is missing, is empty, or holds a creation that was interrupted.
            memory_mb, threads: memory, in MB, and threads that DuckDB may use.
            repair: whether index files may be missing or damaged, since they are about to be made anew.

        Raises:
            UsageError: there is something else at `path`.
            CorpusLocked: another process writes to it.
            StorageError: the folder cannot be written.
        """
        path = Path(path)
        folders.refuse_foreign(path)
        return cls(path, write=True, memory_mb=memory_mb, threads=threads)._begin(repair=repair)

    @classmethod
    def open(cls, path: str | Path, *, write: bool = False, memory_mb: int = 512, threads: int = 2) -> CorpusFolder:
        """Open the corpus at `path`, for reading or for writing.

        Raises:
            CorpusError: there is no corpus at `path`.
            CorpusLocked: another process writes to it (or, for writing, reads it).
            CorpusDamaged: its format is another, or its files do not belong together.
        """
        path = Path(path)
        if not is_corpus(path):
            raise CorpusError(f"no corpus at {path}; make one with: variorum trace STATEMENTS --out {path}")
        return cls(path, write=write, memory_mb=memory_mb, threads=threads)._begin()

    def close(self) -> None:
        """Close the database and give the lock back; closing twice is harmless."""
        if self._connection is not None:
            with contextlib.suppress(duckdb.Error):
                self._connection.close()
            self._connection = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> CorpusFolder:
        """Return the folder itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the folder."""
        self.close()

    def refuse_changed(self) -> None:
        """Raise CorpusError where another state has been put into the corpus's place since it was opened, which happens to readers only."""
        if self._is_replaced():
            raise CorpusError(f"{self.path}: statements were added or removed since it was opened; close it and open it again")

    # -- names and places ----------------------------------------------------------------------------------------

    @property
    def index(self) -> Path:
        """The folder of the index files, noted in the database; CorpusError where an addition or removal since it was opened has put others into their place."""
        self.refuse_changed()
        return self.path / self._index

    @property
    def work(self) -> Path:
        """The folder of intermediate files."""
        return self.path / WORK

    @property
    def report(self) -> Path:
        """Where the report is, or will be."""
        return self.path / REPORT

    # -- reading -------------------------------------------------------------------------------------------------

    def read_table(self, name: str, columns: Sequence[str] | None = None, where: str | None = None, limit: int | None = None) -> pa.Table:
        """Return a stored table, or some of its columns and rows, sorted as schema.py says.

        Args:
            columns: columns wanted, in this order; all where None.
            where, limit: SQL condition on the rows; how many at most.
        """
        spec = find_spec(name)
        schema = choose_columns(spec, columns)
        table = self._fetch(write_select(spec, schema.names, where, limit)).cast(schema)
        return check_table(name, table) if columns is None else table

    def stream_table(self, name: str, columns: Sequence[str] | None = None, batch_size: int = 2048, first: int = 0) -> Iterator[pa.RecordBatch]:
        """Yield a stored table in batches of at most `batch_size` rows, in its sort order, never whole in memory; of texts those from witness `first` on."""
        spec = find_spec(name)
        schema = choose_columns(spec, columns)
        for condition in self._text_ranges(first) if "text" in schema.names else [None]:
            with self._reading() as cursor:
                for batch in make_reader(cursor.sql(write_select(spec, schema.names, condition)), batch_size):
                    yield from pa.Table.from_batches([batch]).cast(schema).to_batches()

    def read_texts(self, witnesses: Sequence[int]) -> dict[int, str]:
        """Return the texts of the given witnesses; a number that is not held is left out."""
        numbers, texts = sorted({int(w) for w in witnesses}), dict[int, str]()
        for first in range(0, len(numbers), 500):  # each may take a block of the database into memory
            with self._reading() as cursor:
                texts.update(cursor.execute("SELECT witness, text FROM witnesses WHERE witness IN (SELECT unnest(?::INTEGER[]))", [numbers[first : first + 500]]).fetchall())
            if self.writable:  # stages read a text once: the blocks round it need not stay
                self.release_memory()
        return texts

    def query(self, sql: str, params: Sequence[Any] | None = None) -> pa.Table:
        """Return the result of one SELECT statement.

        Raises:
            UsageError: it is not one SELECT statement, or DuckDB does not understand it.
        """
        with self._reading() as cursor:
            statements = cursor.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("a query must be one SELECT statement; a corpus is changed by its stages alone")
        return self._fetch(sql, params)

    def count(self, name: str, where: str | None = None) -> int:
        """Return how many rows a stored table has, or how many meet the SQL condition `where`."""
        with self._reading() as cursor:
            return int(cursor.execute(f"SELECT count(*) FROM {find_spec(name).name} WHERE {where or 'true'}").fetchone()[0])

    # -- writing -------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes inside the ``with`` block, or none of them."""
        self._refuse_reader()
        if self._depth == 0:
            self._execute("BEGIN TRANSACTION")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                with contextlib.suppress(duckdb.Error):
                    self._connection.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self._execute("COMMIT")

    @contextlib.contextmanager
    def storing_texts(self) -> Iterator[None]:
        """Store what is written inside the ``with`` block as it is: compressing texts costs four times their writing and saves a third."""
        self._execute("SET force_compression = 'uncompressed'")
        try:
            yield
        finally:
            with contextlib.suppress(duckdb.Error):
                self._connection.execute("SET force_compression = 'auto'")

    def write_table(self, name: str, table: pa.Table | Iterable[pa.Table]) -> None:
        """Replace the rows of a stored table by `table`, or by its parts in order, once they are checked and verified; all or nothing.

        Raises:
            SchemaError: the table breaks its own rules.
        """
        with self.transaction():
            self.delete_rows(name)
            for part in [table] if isinstance(table, pa.Table) else table:
                self._insert(name, verify_table(name, check_table(name, part)))

    def append_table(self, name: str, table: pa.Table) -> None:
        """Add rows to a stored table, their types checked; all or nothing."""
        with self.transaction():
            self._insert(name, check_table(name, table))

    def delete_rows(self, name: str, where: str | None = None) -> None:
        """Delete the rows that meet the SQL condition `where`, all where it is None."""
        with self.transaction():
            self._execute(f"DELETE FROM {find_spec(name).name}" + (f" WHERE {where}" if where else ""))

    def record_provenance(self, row: dict[str, Any]) -> None:
        """Write the provenance row of a stage in the place of the one it had."""
        table = check_table("provenance", pa.Table.from_pylist([row], schema=TABLES["provenance"].schema))
        with self.transaction():
            self._execute("DELETE FROM provenance WHERE stage = ?", [row["stage"]])
            self._insert("provenance", table)

    # -- state and index files -----------------------------------------------------------------------------------

    def get_state(self, key: str) -> str | None:
        """Return what `set_state` noted under `key`."""
        rows = self._fetch("SELECT value FROM variorum_state WHERE key = ?", [key])
        return rows["value"][0].as_py() if len(rows) else None

    def set_state(self, key: str, value: str | None) -> None:
        """Note a value about the making of this corpus; None forgets it."""
        with self.transaction():
            self._execute("DELETE FROM variorum_state WHERE key = ?", [key])
            if value is not None:
                self._execute("INSERT INTO variorum_state VALUES (?, ?)", [key, value])

    def record_index(self, stage: str) -> int:
        """Note the index files that `stage` wrote, with their sizes; return how many there are."""
        with self.transaction():
            self._execute("DELETE FROM variorum_index WHERE stage = ?", [stage])
            noted = {row[0] for row in self._connection.execute("SELECT file FROM variorum_index").fetchall()}
            found = [(stage, file, size) for file, size in folders.list_files(self.index) if file not in noted]
            for row in found:
                self._execute("INSERT INTO variorum_index VALUES (?, ?, ?)", list(row))
        return len(found)

    def forget_index(self, stages: Sequence[str]) -> None:
        """Delete the index files of the named stages, and those that an interrupted stage left behind."""
        with self.transaction():
            for stage in stages:
                self._execute("DELETE FROM variorum_index WHERE stage = ?", [stage])
            noted = {row[0] for row in self._connection.execute("SELECT file FROM variorum_index").fetchall()}
        with storage_errors(self.index):
            for file, _ in folders.list_files(self.index):
                if file not in noted:
                    (self.index / file).unlink(missing_ok=True)

    def clear_work(self) -> None:
        """Delete the intermediate files; DuckDB's own stay, as it may be using them."""
        folders.clear_folder(self.work, keep={self._spill.name})

    def release_memory(self) -> None:
        """Take from the database what it has read and keeps in memory for later."""
        with contextlib.suppress(duckdb.Error):  # what is in use stays
            self._connection.execute("SET memory_limit = '64MB'")
        self._execute(f"SET memory_limit = '{self._settings['memory_limit']}'")

    # -- inside --------------------------------------------------------------------------------------------------

    def _begin(self, *, repair: bool = False) -> CorpusFolder:
        """Take the lock where one is needed, make the database where there is none, and connect to it."""
        try:
            if self.writable:
                folders.make_folders(self.path)
                self._lock = folders.WriteLock(self.path)
                if not is_corpus(self.path):
                    self._make_database()
            self._connect(repair=repair)
        except BaseException as error:
            self.close()
            if not (isinstance(error, CorpusDamaged) and self._is_replaced()):
                raise
        if self._is_replaced():  # by an addition, which came between
            self.close()
            return self._begin()
        return self

    def _is_replaced(self) -> bool:
        """Tell whether the database is another file than when it was opened; what an addition puts into its place is a new file."""
        return folders.identify(self.path / DATABASE) != self._state

    def _make_database(self) -> None:
        """Write an empty database under a temporary name, so that a corpus exists only once it is whole."""
        unfinished = self.path / WORK / "new.duckdb"
        with storage_errors(self.path):
            folders.clear_folder(self.work, keep=set())
        with self._translated():
            connection = duckdb.connect(str(unfinished), config={**self._settings, "storage_compatibility_version": _STORAGE})
            try:
                connection.execute(";".join(["BEGIN", *write_definitions()]))
                connection.execute("INSERT INTO variorum_meta VALUES (?, ?, ?)", [FORMAT_VERSION, datetime.now(UTC), __version__])
                connection.execute("COMMIT")
            finally:
                connection.close()
        with storage_errors(self.path):
            os.replace(unfinished, self.path / DATABASE)

    def _connect(self, *, repair: bool) -> None:
        """Open the database and refuse what is not a corpus of this format."""
        self._state = folders.identify(self.path / DATABASE)
        with self._translated():
            # Attached: of a path that is opened by itself, a process is given again what it has open, though another file has taken its place.
            self._connection = duckdb.connect(":memory:", config=self._settings)
            self._connection.execute(f"ATTACH ? AS corpus ({f'ROW_GROUP_SIZE {_GROUP_ROWS}' if self.writable else 'READ_ONLY'})", [str(self.path / DATABASE)])
            self._connection.execute("USE corpus; SET TimeZone = 'UTC'")
            present = {row[0] for row in self._connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        if "variorum_meta" not in present:
            raise CorpusDamaged(f"{self.path}: {DATABASE} is not the database of a corpus; {folders.AGAIN}")
        with self._translated():
            versions = self._connection.execute("SELECT format_version, program_version FROM variorum_meta").fetchall()
        folders.check_format(self.path, versions, FORMAT_VERSION)
        if missing := [name for name in required_tables() if name not in present]:
            raise CorpusDamaged(f"{self.path}: damaged: no table {', '.join(missing)}; {folders.AGAIN}")
        with self._translated():
            files = self._connection.execute("SELECT file, n_bytes FROM variorum_index ORDER BY file").fetchall()
        noted = self.get_state("index")
        self._index = noted if noted in folders.INDEXES else INDEX
        folders.check_files(self.path, self._index, () if repair else files)

    def _text_ranges(self, first_witness: int) -> list[str | None]:
        """Return conditions that cut the witnesses from the first one wanted on into ranges of at most `_TEXT_BUDGET` code points."""
        lengths = self._fetch("SELECT witness, n_characters FROM witnesses WHERE witness >= ? ORDER BY witness", [first_witness])
        return cut_texts(lengths["witness"].to_numpy(), lengths["n_characters"].to_numpy(), _TEXT_BUDGET)

    def _insert(self, name: str, table: pa.Table) -> None:
        """Insert the rows of a checked table."""
        if not len(table):
            return
        with self._translated():
            self._connection.register("variorum_incoming", table)
            try:
                self._connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM variorum_incoming")
            finally:
                with contextlib.suppress(duckdb.Error):  # the transaction may have ended with the error that is on its way
                    self._connection.unregister("variorum_incoming")

    def _execute(self, sql: str, params: list[Any] | None = None) -> None:
        self._refuse_reader()
        with self._translated():
            self._connection.execute(sql, params or [])

    def _fetch(self, sql: str, params: Sequence[Any] | None = None) -> pa.Table:
        with self._reading() as cursor:
            return make_reader(cursor.sql(sql, params=list(params) if params else None), 100_000).read_all()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Any]:
        """Give a handle for one query: a cursor of its own, or inside a transaction the connection, which alone sees its changes."""
        if self._connection is None:
            raise CorpusError(f"{self.path}: the corpus is closed")
        handle = self._connection if self._depth else self._connection.cursor().execute("USE corpus")
        try:
            with self._translated():
                yield handle
        finally:
            if handle is not self._connection:
                handle.close()

    def _refuse_reader(self) -> None:
        if self._connection is None:
            raise CorpusError(f"{self.path}: the corpus is closed")
        if not self.writable:
            raise UsageError(f"{self.path}: the corpus was opened for reading")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn DuckDB's errors into ours."""
        try:
            yield
        except duckdb.Error as error:
            raise folders.translate_error(self.path, error) from error
