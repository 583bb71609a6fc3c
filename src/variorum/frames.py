"""What is handed to the user's own tools: tables that are read when they are asked for, and the comparison of two witnesses."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from variorum.corpus import CorpusFolder
from variorum.errors import UsageError
from variorum.schema import TABLES

if TYPE_CHECKING:
    import pandas
    import polars

Statement = int | str
"""A witness, named by its number or its siglum."""


class TableView:
    """One table of a corpus, read when it is asked for; any data-frame library takes it as it is (Arrow C stream)."""

    def __init__(self, name: str, read: Callable[[list[str] | None, int | None], pa.Table], count: Callable[[], int], doc: str = "") -> None:
        """Take the table's name and how to read it: `read` gets columns and a limit of rows, None meaning all."""
        self.name = name
        self.doc = doc
        self._read = read
        self._count = count

    @classmethod
    def of(cls, name: str, table: pa.Table, doc: str = "") -> TableView:
        """Return a view of a table in memory."""
        return cls(name, lambda columns, limit: (table.select(columns) if columns else table).slice(0, limit), lambda: len(table), doc)

    def to_arrow(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the table, or some of its columns, as a pyarrow Table."""
        return self._read(list(columns) if columns is not None else None, None)

    def to_polars(self, columns: Sequence[str] | None = None) -> polars.DataFrame:
        """Return the table, or some of its columns, as a Polars DataFrame."""
        try:
            import polars
        except ImportError:
            raise UsageError("to_polars needs Polars; install it with: pip install 'variorum[polars]'") from None
        frame = polars.from_arrow(self.to_arrow(columns))
        assert isinstance(frame, polars.DataFrame)
        return frame

    def to_pandas(self, columns: Sequence[str] | None = None) -> pandas.DataFrame:
        """Return the table, or some of its columns, as a pandas DataFrame."""
        try:
            import pandas  # noqa: F401 - pyarrow's own message would not name the extra
        except ImportError:
            raise UsageError("to_pandas needs pandas; install it with: pip install 'variorum[pandas]'") from None
        return self.to_arrow(columns).to_pandas()

    def to_pylist(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries."""
        return self.to_arrow().to_pylist()

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._count()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the table to any library that speaks the Arrow C stream interface."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        """Say which table it is and how many rows it has."""
        return f"<{self.name}: {len(self):,} rows>"

    def _repr_html_(self) -> str:
        """Return the first rows as HTML for a notebook."""
        from variorum.exporting.notebook import render_table_html

        return render_table_html(self._read(None, 20), f"{self.name}: {len(self):,} rows")


class StoredTables(ABC):
    """The stored tables of a corpus by name; who has the corpus supplies `table`."""

    @abstractmethod
    def table(self, name: str) -> TableView:
        """Return the stored table `name`."""

    @property
    def witnesses(self) -> TableView:
        """The statements, one row a text."""
        return self.table("witnesses")

    @property
    def passages(self) -> TableView:
        """The passages of all families."""
        return self.table("passages")

    @property
    def families(self) -> TableView:
        """The families, by rank."""
        return self.table("families")

    @property
    def family_links(self) -> TableView:
        """Which family lies in which."""
        return self.table("family_links")

    @property
    def spans(self) -> TableView:
        """The spans of all pairs."""
        return self.table("spans")

    @property
    def foldings(self) -> TableView:
        """Which witness is an exact copy of which."""
        return self.table("foldings")

    @property
    def sources(self) -> TableView:
        """The files that were found, and what became of them."""
        return self.table("sources")

    @property
    def failures(self) -> TableView:
        """What could not be read, and what to do about it."""
        return self.table("failures")

    @property
    def provenance(self) -> TableView:
        """The stages that ran: with what, on what, how long."""
        return self.table("provenance")


@dataclass(frozen=True)
class Comparison:
    """What two witnesses share.

    Attributes:
        a, b: the rows of the two witnesses (without their texts); a is the first named.
        text_a, text_b: their texts.
        spans: the table `spans`, in which ``_a`` is the first named and ``_b`` the second.
    """

    a: dict[str, Any]
    b: dict[str, Any]
    text_a: str
    text_b: str
    spans: TableView

    def __repr__(self) -> str:
        """Say whose comparison it is."""
        return f"<{self.a['siglum']} and {self.b['siglum']} share {len(self.spans)} span{'s' * (len(self.spans) != 1)}>"

    def _repr_html_(self) -> str:
        """Return both texts side by side for a notebook."""
        from variorum.exporting.notebook import render_comparison_html

        return render_comparison_html(self.text_a, self.text_b, self.spans.to_arrow(), (self.a["siglum"], self.b["siglum"]))


def find_witness(folder: CorpusFolder, statement: Statement) -> dict[str, Any]:
    """Return the row (without text) of the witness of that siglum or number.

    Raises:
        UsageError: there is none.
    """
    columns = [name for name in TABLES["witnesses"].names if name != "text"]
    if isinstance(statement, str):
        rows = folder.query("SELECT witness FROM witnesses WHERE siglum = ?", [statement]).to_pylist()
        if not rows and statement.isdecimal():
            return find_witness(folder, int(statement))
        if not rows:
            sigla = folder.read_table("witnesses", ["siglum"])["siglum"].to_pylist()
            near = difflib.get_close_matches(statement, sigla[:100_000], n=1)
            raise UsageError(f"no witness '{statement}' in {folder.path}{f' (did you mean {near[0]!r}?)' if near else ''}")
        statement = rows[0]["witness"]
    found = folder.read_table("witnesses", columns, f"witness = {int(statement)}").to_pylist()
    if not found:
        raise UsageError(f"no witness {statement} in {folder.path}; it holds {folder.count('witnesses')}, counted from 0")
    return found[0]
