"""All values that statements give for one counted thing, in order of time; and all entries that go to one addressee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from variorum.ledger.phrases import counts, holds

Row = dict[str, Any]

_OF_FIGURE = ("entry", "start", "end", "quote", "voice", "grade", "comparator", "value", "low", "high", "unit", "per", "counted", "share_of", "key", "inferred")


def select_values(statement: Mapping[str, Any], rows: Iterable[Row], counted: str) -> Iterator[Row]:
    """Yield a row of VALUES for each figure of a statement that counts what is asked for, or is a share of it.

    Args:
        statement: with `siglum, series, date`.
        rows: its entries, flat.
        counted: the words that the counted phrase must hold; case, accents and the plural apart.
    """
    about = {"statement": statement["siglum"], "publisher": statement.get("series"), "date": statement["date"]}
    for row in rows:
        if counts(row, counted):
            yield {**about, **{name: row[name] for name in _OF_FIGURE}}


def select_addressed(rows: Iterable[Row], addressee: str) -> Iterator[Row]:
    """Yield the entries that go to an addressee: demands, and what else has one."""
    return (row for row in rows if holds([row.get("addressee")], addressee))


def sort_by_date(rows: list[Row], date: str = "date") -> list[Row]:
    """Return rows in order of their statement's date, the undated last."""
    return sorted(rows, key=lambda row: (row[date] is None, row[date] or "", row["statement"], row["start"]))
