"""Results in a notebook: HTML that needs no script, no style sheet and no network; every text is escaped."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from markupsafe import Markup, escape

from variorum.exporting.contexts import one_line, strip_controls
from variorum.exporting.differences import ONLY_A, ONLY_B, compare_texts
from variorum.exporting.members import Folder, show_day
from variorum.exporting.webpages import show_share

MAX_ROWS = 20
"""Rows of a table that are shown."""

_MAX_CELL = 120  # characters of one cell
_CONTEXT = 400  # characters shown between and around shared spans

# Colours are mixed with the notebook's own, so that they hold in light and dark alike; no mark depends on colour alone.
_TABLE = "border-collapse:collapse;font-size:13px;font-family:system-ui,sans-serif"
_CELL = "padding:3px 10px 3px 0;border-bottom:1px solid #8884;text-align:{};vertical-align:top"
_LONG, _SHORT = "min-width:20em", "white-space:nowrap"
_MUTED = "opacity:.75"
_SHARED = "background:#f2c40033;color:inherit;border-left:3px solid #b98a00;border-right:3px solid #b98a00;padding:0 2px"
_MARKS = {ONLY_A: ("del", "background:#e8731a3d;text-decoration:line-through"), ONLY_B: ("ins", "background:#2f80d63d;text-decoration:underline 2px")}


def render_table_html(table: pa.Table, title: str) -> str:
    """Return the first 20 rows of a table under a title."""
    names = table.column_names
    head = Markup().join(Markup('<th scope="col" style="{}">{}</th>').format(_CELL.format(_side(table.schema.field(n).type)), n) for n in names)
    rows = []
    for row in table.slice(0, MAX_ROWS).to_pylist():
        cells = ((_side(table.schema.field(name).type), _cell(row[name])) for name in names)
        shown = (Markup('<td style="{};{}">{}</td>').format(_CELL.format(side), _LONG if len(cell) > 40 else _SHORT, cell) for side, cell in cells)
        rows.append(Markup("<tr>{}</tr>").format(Markup().join(shown)))
    caption = Markup('<caption style="text-align:left;padding-bottom:4px"><strong>{}</strong></caption>').format(strip_controls(title))
    html = Markup('<div style="overflow-x:auto"><table style="{}">{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
    return str(html.format(_TABLE, caption, head, Markup().join(rows)))


def render_corpus_html(folder: Folder) -> str:
    """Return an overview of a corpus: its counts and its first families that are not marked as common."""
    columns = ["rank", "n_witnesses", "n_series", "first_at", "n_letters", "similarity", "excerpt", "common"]
    families = folder.read_table("families", columns=columns)
    kept = [row for row in families.to_pylist() if not row["common"]]
    witnesses = folder.read_table("witnesses", columns=["witness", "date"])
    n_shared = len(folder.read_table("passages", columns=["witness"])["witness"].unique())
    failed = folder.read_table("failures", columns=["severity"])["severity"].to_pylist().count("failed")
    lead = (
        f"{len(witnesses):,} witnesses, {witnesses['date'].null_count:,} of them undated; {show_share(n_shared, len(witnesses))} share text with another. "
        f"{len(families):,} families, {len(families) - len(kept):,} of them marked as common." + (f" {failed:,} things could not be read." if failed else "")
    )
    shown = [
        {
            "rank": row["rank"],
            "passage": row["excerpt"],
            "witnesses": row["n_witnesses"],
            "series": row["n_series"],
            "first": show_day(row["first_at"]) or "undated",
            "letters": row["n_letters"],
            "similarity": row["similarity"],
        }
        for row in kept[:10]
    ]
    intro = Markup('<p style="font-family:system-ui,sans-serif"><strong>{}</strong>: {}</p>').format(strip_controls(folder.name), lead)
    return str(intro) + (render_table_html(pa.Table.from_pylist(shown), "First families") if shown else "")


def render_comparison_html(text_a: str, text_b: str, spans: pa.Table, labels: tuple[str, str]) -> str:
    """Return two texts side by side, what they share marked with the same number on both sides, differences inside it marked.

    Args:
        text_a, text_b: the whole texts.
        spans: columns ``start_a, end_a, start_b, end_b`` at least, in any order.
        labels: what the two are called.
    """
    rows = sorted(spans.select(["start_a", "end_a", "start_b", "end_b"]).to_pylist(), key=lambda r: (r["start_a"], r["end_a"]))
    marked = [(number, compare_texts(text_a[r["start_a"] : r["end_a"]], text_b[r["start_b"] : r["end_b"]])) for number, r in enumerate(rows, 1)]
    sides = []
    for side, text, label in (("a", text_a, labels[0]), ("b", text_b, labels[1])):
        places = [(row[f"start_{side}"], row[f"end_{side}"], number, segments) for row, (number, segments) in zip(rows, marked, strict=True)]
        head = Markup('<th scope="col" style="text-align:left;padding:4px 12px 4px 0;width:50%">{}</th>').format(strip_controls(label))
        body = Markup('<td style="vertical-align:top;padding:4px 12px 4px 0"><div dir="auto" style="white-space:pre-wrap;text-align:start">{}</div></td>')
        sides.append((head, body.format(_mark_side(text, sorted(places, key=lambda p: p[:3]), ONLY_A if side == "a" else ONLY_B))))
    words = f"{len(rows)} shared {'passage' if len(rows) == 1 else 'passages'}" if rows else "No shared passage"
    caption = Markup('<caption style="text-align:left;padding-bottom:4px">{}; struck: only in {}; underlined: only in {}</caption>').format(words, *map(strip_controls, labels))
    html = Markup('<table style="{};width:100%;table-layout:fixed">{}<thead><tr>{}{}</tr></thead><tbody><tr>{}{}</tr></tbody></table>')
    return str(html.format(_TABLE, caption, sides[0][0], sides[1][0], sides[0][1], sides[1][1]))


def _mark_side(text: str, places: Sequence[tuple[int, int, int, Any]], alone: str) -> Markup:
    """Return one text with its shared places marked; what lies between them is shortened, a place inside an earlier one is named only."""
    parts: list[Markup] = []
    at = 0
    for start, end, number, segments in places:
        if start < at:
            parts.append(Markup('<sup title="{}">[{}]</sup>').format("overlaps the passage before", number))
            continue
        parts.append(_between(text[at:start], first=at == 0, last=False))
        inner = Markup().join(_segment(segment, alone) for segment in segments)
        parts.append(Markup('<mark style="{}"><sup><strong>{}</strong></sup> {}</mark>').format(_SHARED, number, inner))
        at = end
    parts.append(_between(text[at:], first=at == 0, last=True))
    return Markup().join(parts)


def _segment(segment: Any, alone: str) -> Markup:
    """Return one segment as one side shows it."""
    kind, a, b = segment
    text = strip_controls(a if alone == ONLY_A else b)
    if kind != alone or not text:
        return escape(text) if kind not in (ONLY_A, ONLY_B) else Markup()
    tag, style = _MARKS[kind]
    return Markup(f'<{tag} style="{style}">{{}}</{tag}>').format(text)


def _between(text: str, *, first: bool, last: bool) -> Markup:
    """Return text that is not shared, its middle left out where it is long."""
    limit = _CONTEXT if first or last else 2 * _CONTEXT
    if len(text) > limit:
        n_left = len(text) - limit
        note = f" […{n_left:,} characters…] "
        head = "" if first and not last else text[:_CONTEXT]
        tail = "" if last else text[-_CONTEXT:]
        text = head + note + tail
    return Markup('<span style="{}">{}</span>').format(_MUTED, strip_controls(text)) if text else Markup()


def _cell(value: Any) -> str:
    """Return a value as one short line."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, list) and len(value) > 12:
        return one_line(", ".join(map(str, value[:12])), _MAX_CELL) + ", …"
    if isinstance(value, datetime.datetime):
        return re.sub(r"T(00:00:00|23:59:59[.]999999)$", "", value.isoformat().removesuffix("+00:00"))
    return one_line(str(value), _MAX_CELL)


def _side(kind: pa.DataType) -> str:
    """Return the side a column is set to."""
    return "right" if pa.types.is_integer(kind) or pa.types.is_floating(kind) else "left"
