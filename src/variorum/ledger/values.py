"""All values that statements give for one counted thing, in order of time; and all entries that go to one addressee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from variorum.ledger.phrases import counts, holds

Row = dict[str, Any]

_ARTICLES = {"the", "a", "an", "le", "la", "les", "el", "los", "las"}

_OF_FIGURE = ("entry", "start", "end", "quote", "voice", "comparator", "value", "low", "high", "unit", "per", "counted", "share_of", "key", "grade", "inferred")


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


def name_counted(row: Row) -> str | None:
    """Return the head noun of what a figure counts; None where that is not said, or of another entry."""
    return row["key"] if row["type"] == "figure" else None


def name_addressee(row: Row) -> str | None:
    """Return whom an entry addresses, on one line, without an article; None where nobody is named."""
    words = (row.get("addressee") or "").split()
    return " ".join(words[1:] if words and words[0].casefold() in _ARTICLES else words) or None


def sort_by_date(rows: list[Row], date: str = "date") -> list[Row]:
    """Return rows in order of their statement's date, the undated last."""
    return sorted(rows, key=lambda row: (row[date] is None, row[date] or "", row["statement"], row["start"]))
