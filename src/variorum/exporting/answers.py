"""What is asked of a ledger, as rich renderables: checks, the values of one counted thing, demands to one addressee, figures that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from variorum.checking.intervals import ANSWERS
from variorum.exporting.contexts import strip_controls
from variorum.exporting.terminal import Indented, clean, readable

_MAX_VALUES = 12
"""Values of one publisher that are shown in a row."""
_STYLES = {"consistent": "green", "consistent but loose": "yellow", "within rounding": "green", "outside": "red"}


def render_checks(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """Return rows of CHECKS: of each figure its words, the answer and how it came about; then the count of each answer."""
    if not rows:
        return Text("No figure of these statements belongs to a series of the mapping.")
    parts: list[RenderableType] = []
    statement = None
    for row in rows:
        if row["statement"] != statement:
            statement = row["statement"]
            parts.append(Text.assemble((strip_controls(statement), "bold"), f", {strip_controls(row['date'] or 'undated')}"))
        counted = f" {readable(row['counted'])}" if row["counted"] else ""
        voice = f"  [{row['voice']}]" if row["voice"] != "own" else ""
        parts.append(Text.assemble((f"{row['entry']} {row['start']:>8,}  ", "dim"), f"{readable(row['quote'])}", (f"{counted}{voice}  ", "dim"), (row["answer"], _STYLES.get(row["answer"], ""))))
        parts += [Indented(clean(line)) for line in row["why"]]
    counts = Counter(row["answer"] for row in rows)
    parts += [Text(), Text("; ".join(f"{answer}: {counts[answer]:,}" for answer in ANSWERS if counts[answer]))]
    return Group(*parts)


def render_values(rows: Sequence[dict[str, Any]], counted: str) -> RenderableType:
    """Return rows of VALUES as a table in order of date, and for each publisher how its values went."""
    if not rows:
        return Text(f"No figure counts '{strip_controls(counted)}'.")
    table = _make_table("date", "publisher", "statement", "value", "words")
    by_publisher = _group(rows, lambda row: (row["publisher"] or "", row["unit"] or ""))
    for row in rows:
        words = f"{readable(row['quote'])} {readable(row['counted'] or row['share_of'] or '')}".strip()
        marks = "".join(f" [{mark}]" for mark in (row["voice"] if row["voice"] != "own" else "", "counted thing inferred" if row["inferred"] else "") if mark)
        table.add_row(*map(clean, (row["date"] or "undated", row["publisher"] or "", row["statement"], show_value(row), words + marks)))
    parts: list[RenderableType] = [table, Text()]
    for (publisher, _), own in sorted(by_publisher.items()):
        values = list(dict.fromkeys(show_value(row) for row in own))
        shown = " -> ".join(values[:_MAX_VALUES]) + (f" and {len(values) - _MAX_VALUES:,} more" if len(values) > _MAX_VALUES else "")
        parts.append(clean(f"{publisher or 'no publisher named'}: {shown}"))
    return Group(*parts)


def render_differing(rows: Sequence[dict[str, Any]]) -> RenderableType:
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
                dates = [row["date"] or "undated" for row in same]
                table.add_row(*map(clean, (value, f"{len(same):,}", dates[0], dates[-1], readable(same[0]["quote"]), same[0]["statement"])))
            parts.append(Padding(table, (0, 0, 0, 4)))
    return Group(*parts)


def render_demands(rows: Sequence[dict[str, Any]], addressee: str) -> RenderableType:
    """Return entries that go to one addressee, in order of date."""
    if not rows:
        return Text(f"Nothing is asked of '{strip_controls(addressee)}'.")
    table = _make_table("date", "publisher", "statement", "addressee", "words")
    for row in rows:
        words = readable(row["quote"]) + (f" [{row['voice']}]" if row["voice"] != "own" else "")
        table.add_row(*map(clean, (row["date_of_statement"] or "undated", row["publisher"] or "", row["statement"], row["addressee"], words)))
    return table


def _group(rows: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> dict[Any, list[dict[str, Any]]]:
    """Return rows by a key, in the order in which keys first appear."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def show_value(row: dict[str, Any]) -> str:
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
    """Return a table with these columns, nothing of it cut off."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in columns:
        table.add_column(name, justify="right" if name in ("value", "statements") else "left", overflow="fold")
    return table
