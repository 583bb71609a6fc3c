"""The metadata file: a CSV of who and when, joined on file name or witness id."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from variorum.config import ReadingConfig
from variorum.errors import InputError, UsageError
from variorum.reading.csvs import Table
from variorum.reading.dates import Dating, read_date
from variorum.reading.jsons import find_row_encoding, open_lines
from variorum.reading.problems import Problem, Problems
from variorum.reading.sigla import clean_label
from variorum.reading.sources import Source, refuse_to_open, show

FILE_KEYS = ("file", "filename", "file_name", "path", "name")
ID_KEYS = ("id", "siglum", "witness")
_SHOWN = 5  # names shown of those that match nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the metadata file; `dating` is None where the row gives no date that is understood."""

    dating: Dating | None
    series: str | None
    title: str | None
    others: dict[str, Any]


class Metadata:
    """The rows of a metadata file by their keys; remembers which were used."""

    def __init__(self, source: str) -> None:
        """Start without a row; `source` is the file's name for messages."""
        self.source = source
        self.problems = Problems(source)
        self._entries: dict[str, Entry] = {}
        self._rows: dict[str, int] = {}  # key -> number of its row; a row may have two keys
        self._used: set[int] = set()

    def add(self, keys: Iterable[str], entry: Entry, number: int) -> None:
        """Keep a row under its keys; a key that stands twice is noted, and its first row counts."""
        for key in keys:
            if key in self._entries:
                self.problems.note("names stand twice", f"'{key}' stands twice", "its first row counts", f"line {number}")
            else:
                self._entries[key] = entry
                self._rows[key] = number

    def find_file(self, source: Source) -> Entry | None:
        """Return the row of a file: by its path as found, its path below the folder given, its name, or its name without suffix."""
        return self._find(_normal(source.source), source.relative, source.relative.rpartition("/")[2], source.stem)

    def find_witness(self, label: str) -> Entry | None:
        """Return the row of a witness by its id."""
        return self._find(label)

    def _find(self, *keys: str) -> Entry | None:
        for key in keys:
            entry = self._entries.get(key)
            if entry is not None:
                self._used.add(self._rows[key])
                return entry
        return None

    def finish(self) -> list[Problem]:
        """Return the problems of the file, rows that matched nothing among them; to be called when all is read."""
        unused = [key for key, number in self._rows.items() if number not in self._used]
        first = {self._rows[key]: key for key in reversed(unused)}
        if first:
            names = list(reversed(first.values()))
            shown = ", ".join(f"'{name}'" for name in names[:_SHOWN]) + (" and others" if len(names) > _SHOWN else "")
            n = len(names)
            problem = f"{n:,} row{'s match' if n > 1 else ' matches'} no file and no witness: {shown}"
            self.problems.note("rows match nothing", problem, "write names as they stand in the folder, or ids as they stand in the rows")
        return self.problems.rows()


def read_metadata(config: ReadingConfig) -> Metadata | None:
    """Return the rows of the metadata file that the settings name; None where they name none.

    Raises:
        UsageError: the file cannot be read, or has no column that names files or witnesses.
    """
    if config.metadata is None:
        return None
    path = os.fspath(config.metadata)
    source = show(path)
    metadata = Metadata(source)
    try:
        with open_lines(path, find_row_encoding(path, source, config), "") as file:
            table = Table(file, source, tabs=path.lower().endswith(".tsv"), longest=config.max_characters)
            columns = [name.lower() for name in table.header]
            keys = _find_keys(columns, source)
            for number, row in table.iterate(metadata.problems):
                _add_row(metadata, keys, {name.lower(): value.strip() for name, value in row.items()}, number)
    except InputError as error:
        raise UsageError(f"metadata file {error}") from error
    except OSError as error:
        raise UsageError(f"metadata file {refuse_to_open(source, error)}") from error
    return metadata


def _find_keys(columns: list[str], source: str) -> list[str]:
    """Return the columns that name files and witnesses."""
    keys = [next((name for name in names if name in columns), None) for names in (FILE_KEYS, ID_KEYS)]
    found = [key for key in keys if key]
    if not found:
        near = next(
            (f" (did you mean 'file' by '{name}'?)" for name in columns if difflib.get_close_matches(name, FILE_KEYS + ID_KEYS, 1)), ""
        )
        raise UsageError(f"metadata file {source}: no column 'file', 'name' or 'id'{near}; its columns are {', '.join(columns) or 'none'}")
    return found


def _add_row(metadata: Metadata, keys: list[str], row: dict[str, str], number: int) -> None:
    """Add one row of the file."""
    names = [_normal(row.pop(key, "")) for key in keys]
    date = row.pop("date", "")
    dating = read_date(date)
    if not dating.understood:
        metadata.problems.note(
            "dates not understood",
            f"date not understood: '{date[:40]}'; the row's date is left out",
            "write dates as 2024-03-29",
            f"line {number}",
        )
    series, title = clean_label(row.pop("series", "")) or None, clean_label(row.pop("title", "")) or None
    others = {name: value for name, value in row.items() if name and value}
    entry = Entry(dating if dating.date else None, series, title, others)
    if any(names):
        metadata.add(dict.fromkeys(name for name in names if name), entry, number)
    else:
        metadata.problems.note("rows name nothing", f"the row has nothing under {' or '.join(keys)}", "", f"line {number}")


def _normal(key: str) -> str:
    """Return a name with forward slashes and without a leading ``./``."""
    return key.replace("\\", "/").removeprefix("./")
