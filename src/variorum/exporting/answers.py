"""What is asked of a ledger, as rich renderables: checks, the values of one counted thing, demands to one addressee, figures that differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from variorum.checking.intervals import ANSWERS
from variorum.exporting.contexts import cut_middle, strip_controls
from variorum.exporting.terminal import Indented, clean, readable

Row = dict[str, Any]

_CLOCK = re.compile(r"T\d\d:[\d:.]+(?:Z|[+-]\d\d:\d\d)?")
_MAX_SIGLUM = 48
"""Characters of the longest siglum that is shown whole; the words beside it need the room."""
_MAX_VALUES = 12
"""Values of one publisher that are shown in a row."""
_STYLES = {"consistent": "green", "consistent but loose": "yellow", "within rounding": "green", "outside": "red"}


def render_checks(rows: Sequence[Row]) -> RenderableType:
    """Return rows of CHECKS: of each figure its words, the answer and how it came about; then the count of each answer."""
    if not rows:
        return Text("No figure of these statements belongs to a series of the mapping; what they count is listed by variorum ledger with --type figure.")
    parts: list[RenderableType] = []
    statement = None
    for row in rows:
        if row["statement"] != statement:
            statement = row["statement"]
            parts.append(Text.assemble((strip_controls(statement), "bold"), f", {_day(row['date'])}"))
        counted = f" {_line(row['counted'])}" if row["counted"] else ""
        voice = f"  [{row['voice']}]" if row["voice"] != "own" else ""
        parts.append(Text.assemble((f"{row['entry']} {row['start']:>8,}  ", "dim"), _line(row["quote"]), (f"{counted}{voice}  ", "dim"), (row["answer"], _STYLES.get(row["answer"], ""))))
        parts += [Indented(clean(line)) for line in row["why"]]
    counts = Counter(row["answer"] for row in rows)
    parts += [Text(), Text("; ".join(f"{answer}: {counts[answer]:,}" for answer in ANSWERS if counts[answer]))]
    return Group(*parts)


def render_values(rows: Sequence[Row], counted: str, others: Sequence[str] = ()) -> RenderableType:
    """Return rows of VALUES as a table in order of date, and for each publisher how its values went.

    Args:
        rows: as `values` gives them.
        counted: what was asked for.
        others: what is counted most often, told where there are no rows.
    """
    if not rows:
        return _say_nothing(f"No figure counts '{counted}'", "Counted most often", others)
    shown = _Answers(rows, "value", "words")
    # One statement often repeats a figure: it is shown once.
    for same in _group(rows, lambda row: (row["statement"], show_value(row), _line(row["quote"]).casefold(), _line(_counted(row)).casefold(), row["voice"])).values():
        row = same[0]
        marks = (row["voice"] if row["voice"] != "own" else "", "counted thing inferred" if row["inferred"] else "", f"{len(same):,} times" if len(same) > 1 else "")
        shown.add(row, show_value(row), f"{_line(row['quote'])} {_line(_counted(row))}".strip() + "".join(f" [{mark}]" for mark in marks if mark))
    parts: list[RenderableType] = [shown.table, Text()]
    for (publisher, _), own in sorted(_group(rows, lambda row: (row["publisher"] or "", row["unit"] or "")).items()):
        values = list(dict.fromkeys(show_value(row) for row in own))
        went = " -> ".join(values[:_MAX_VALUES]) + (f" and {len(values) - _MAX_VALUES:,} more" if len(values) > _MAX_VALUES else "")
        parts.append(clean(f"{publisher or 'no publisher named'}: {went}"))
    return Group(*parts)


def render_differing(rows: Sequence[Row]) -> RenderableType:
    """Return rows of DIFFERING: of each family its places, with each value, in how many statements it is, from when to when."""
    if not rows:
        return Text("No figure differs inside a family.")
    parts: list[RenderableType] = []
    for (rank, family), own in groupby(rows, key=lambda row: (row["rank"], row["family"])):
        parts.append(Text.assemble((f"Family {rank:,}", "bold"), (f" {strip_controls(family)}", "dim")))
        for (place, key), members in groupby(own, key=lambda row: (row["place"], row["key"])):
            parts.append(clean(f"  {place}: {key or 'nothing is said to be counted'}"))
            table = _make_table("value", "statements", "first", "last", "words", "for example")
            for value, same in _group(members, show_value).items():
                dates = sorted(row["date"] for row in same if row["date"]) or [None]
                table.add_row(*map(clean, (value, f"{len(same):,}", _day(dates[0]), _day(dates[-1]), _line(same[0]["quote"]), cut_middle(same[0]["statement"], _MAX_SIGLUM))))
            parts.append(Padding(table, (0, 0, 0, 4)))
    return Group(*parts)


def render_demands(rows: Sequence[Row], addressee: str, others: Sequence[str] = ()) -> RenderableType:
    """Return entries that go to one addressee, in order of date; without any, who is asked most often."""
    if not rows:
        return _say_nothing(f"Nothing is asked of '{addressee}'", "Asked most often", others)
    shown = _Answers([{**row, "date": row["date_of_statement"]} for row in rows], "addressee", "words")
    for row in rows:
        shown.add({**row, "date": row["date_of_statement"]}, _line(row["addressee"]), _line(row["quote"]) + (f" [{row['voice']}]" if row["voice"] != "own" else ""))
    return shown.table


class _Answers:
    """A table whose rows begin with date, publisher (where any is known) and statement."""

    def __init__(self, rows: Sequence[Row], *columns: str) -> None:
        self._published = any(row["publisher"] for row in rows)
        self.table = _make_table("date", *(["publisher"] if self._published else []), "statement", *columns)

    def add(self, row: Row, *cells: str) -> None:
        publisher = [row["publisher"] or ""] if self._published else []
        self.table.add_row(*map(clean, (_day(row["date"]), *publisher, cut_middle(row["statement"], _MAX_SIGLUM), *cells)))


def _say_nothing(problem: str, what: str, others: Sequence[str]) -> Text:
    """Return that nothing was found, and what there is instead."""
    return clean(f"{problem}." + (f" {what}: {', '.join(others)}." if others else ""))


def _counted(row: Row) -> str:
    return row["counted"] or row["share_of"] or ""


def _day(date: str | None) -> str:
    """Return a date without the time of day."""
    return strip_controls(_CLOCK.sub("", date)) if date else "undated"


def _line(words: str) -> str:
    """Return words on one line."""
    return " ".join(readable(words).split())


def _group(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Return rows by a key, in the order in which keys first appear."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def show_value(row: Row) -> str:
    """Return a figure's value with its comparator and unit."""
    unit = f" {row['unit']}" if row["unit"] else ""
    if row["value"] is not None:
        sign = "" if row["comparator"] == "=" else f"{row['comparator']} "
        return f"{sign}{row['value']:,.12g}{unit}"
    if row["low"] is None:
        return "no number"
    high = " and more" if row["high"] is None else f" .. {row['high']:,.12g}"
    return f"{row['low']:,.12g}{high}{unit}"


def _make_table(*columns: str) -> Table:
    """Return a table with these columns; long words go on in the next line."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in columns:
        table.add_column(name, justify="right" if name in ("value", "statements") else "left", overflow="fold")
    return table
