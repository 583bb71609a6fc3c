"""What a command prints: lines on standard error, data on standard output."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]


def say(line: str) -> None:
    """Write a line to standard error: standard output is for data."""
    sys.stderr.write(line + "\n")


def print_rich(shown: Any) -> None:
    """Print a rich renderable; outside a terminal at a width that keeps lines whole for other programs."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False) if sys.stdout.isatty() else Console(highlight=False, width=160, no_color=True)
    console.print(shown)


def is_coloured() -> bool:
    """Tell whether differences may be shown by colour."""
    import os

    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write("\n")


def print_records(parts: Mapping[str, Any]) -> None:
    """Print a JSON object as it comes; of a list or an iterator among its values each item is a line."""
    sys.stdout.write("{")
    for number, (name, value) in enumerate(parts.items()):
        sys.stdout.write(f"{',' if number else ''}\n{_dump(name)}: ")
        if isinstance(value, list | Iterator):
            print_array(value, end="")
        else:
            sys.stdout.write(_dump(value))
    sys.stdout.write("\n}\n")


def print_array(rows: Iterable[Any], end: str = "\n") -> None:
    """Print a JSON array as it comes, a row a line."""
    sys.stdout.write("[")
    sys.stdout.writelines(f"{',' if k else ''}\n{_dump(row)}" for k, row in enumerate(rows))
    sys.stdout.write("]" + end)


def _dump(value: Any) -> str:
    """Return JSON in one line: Python writes it far faster than indented."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def write_pieces(pieces: Iterable[str], dest: str) -> None:
    """Write text to a file, which appears whole or not at all, or to standard output for ``-``."""
    if dest == "-":
        sys.stdout.writelines(pieces)
        return
    from variorum.exporting.files import replace_file

    path = Path(dest)
    plain = path.is_file() or not path.exists()  # a pipe or a device is written to, not replaced
    with replace_file(path) if plain else path.open("w", encoding="utf-8", errors="replace") as file:
        file.writelines(pieces)


class RowPrinter:
    """Rows as JSON lines or CSV as they come, or as one JSON array at the end."""

    def __init__(self, kind: str | None, head: Sequence[str] = ()) -> None:
        """Take the kind: `json`, `jsonl` or `csv`; None prints nothing. `head` names the columns of CSV where no row comes."""
        self._kind = kind
        self._rows: Rows = []
        self._columns = head
        self._head = False

    def add(self, rows: Rows) -> None:
        """Print some rows."""
        if self._kind == "json":
            self._rows += rows
        elif self._kind == "jsonl":
            sys.stdout.writelines(json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in rows)
        elif self._kind == "csv" and rows:
            from variorum.exporting.tables import plain_value, protect_cell

            writer = csv.writer(sys.stdout, lineterminator="\n")
            if not self._head:
                writer.writerow(rows[0])
                self._head = True
            writer.writerows(_cells(row.values(), plain_value, protect_cell) for row in rows)

    def finish(self) -> None:
        """Print what is still to be printed."""
        if self._kind == "json":
            print_json(self._rows)
        elif self._kind == "csv" and not self._head and self._columns:
            csv.writer(sys.stdout, lineterminator="\n").writerow(self._columns)


def print_rows(rows: Rows, kind: str, head: Sequence[str] = ()) -> None:
    """Print rows as JSON, JSON lines or CSV; the latter with `head` where there are none."""
    printer = RowPrinter(kind, head)
    printer.add(rows)
    printer.finish()


def _cells(values: Iterable[Any], plain_value: Any, protect_cell: Any) -> list[str]:
    """Return values as CSV cells that no spreadsheet takes for a formula."""
    plain = [json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else plain_value(value) for value in values]
    return ["" if value is None else protect_cell(value) if isinstance(value, str) else str(value) for value in plain]


def _plain(value: Any) -> str:
    """Return what JSON has no type for as text."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
