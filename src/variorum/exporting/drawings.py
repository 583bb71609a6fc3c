"""A lineage as SVG, left to right in time, with its table twin: for a file, a page and a notebook; no script, nothing from elsewhere.

Solid is strong, dashed weak, dotted a second source, a grey square a lost source, `?` an open direction; no sign is by colour alone.
The distance between two dates grows with the logarithm of the days between them, so that a copy of the same week and one of the next year
are both seen. Colours are those of the page round it.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from variorum.exporting.contexts import strip_controls

Rows = Sequence[dict[str, Any]]

MAX_NODES = 500
"""Above this many nodes, those of equal text are drawn as one, with their number; then the copies without copies of one parent."""

_WEAK = 0.8  # support below which a link is dashed
_ROW, _LETTER, _TOP, _LEFT, _SPAN, _GAP = 20, 6.6, 40, 24, 760, 64  # in pixels: a row, a letter of a label, margins, the axis, a step of what is undated
_MAX_LABEL = 30


@dataclass(slots=True)
class _Mark:
    """A node as it is drawn; `low` and `high` bound its date on the axis."""

    row: dict[str, Any]
    text: str
    n_merged: int = 1
    x: float = 0.0
    y: int = 0
    low: float = 0.0
    high: float = 0.0
    dated: bool = False
    children: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing and its table twin: `header` names the columns of `rows`."""

    svg: Markup
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


def draw_lineage(nodes: Rows, links: Rows, second: Rows, max_nodes: int = MAX_NODES) -> Drawing:
    """Return rows of STEMMA, LINKS and SECOND_SOURCES as a drawing."""
    merged = _merge(nodes, links, max_nodes)
    marks = _make_marks(nodes, merged)
    axis = _place_dates(marks)
    height = _pack(marks) * _ROW + _TOP + 8
    width = max((mark.x + _measure(mark) for mark in marks.values()), default=0.0) + _LEFT
    by_child = {link["child"]: link for link in links}
    title = f"Lineage of {sum(not node['lost'] for node in nodes):,} texts"
    parts = [_draw_axis(axis, height), *(_draw_link(marks, by_child[child], merged) for child in marks if child in by_child)]
    pairs = sorted({(merged[row["source"]], merged[row["child"]]) for row in second if merged[row["source"]] != merged[row["child"]]})
    parts += [_draw_second(marks[source], marks[child]) for source, child in pairs]
    parts += [_draw_mark(mark) for mark in marks.values()]
    legend = "Left to right in time; the distance between dates is not in proportion. Solid: strong link; dashed: weak; dotted: second source; grey square: lost source; question mark: direction open; ring: undated; bar: the date is uncertain."
    svg = Markup(
        '<svg class="lineage" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-family="system-ui, sans-serif" font-size="12" fill="currentColor">'
        "<title>{title}</title><desc>{legend} {summary}</desc>{parts}</svg>"
    ).format(w=math.ceil(width), h=math.ceil(height), title=title, legend=legend, summary=_sum_up(nodes, links), parts=Markup("\n").join(parts))
    return Drawing(svg, *_make_twin(nodes, links, second))


def render_lineage_html(drawing: Drawing) -> Markup:
    """Return the drawing in a frame that scrolls, and its table twin, as a fragment of HTML without a style sheet."""
    head = Markup().join(Markup('<th scope="col" align="left">{}</th>').format(name) for name in drawing.header)
    body = Markup().join(Markup("<tr>{}</tr>").format(Markup().join(Markup("<td>{}</td>").format(strip_controls(cell)) for cell in row)) for row in drawing.rows)
    return Markup(
        '<div style="overflow:auto;max-height:90vh" tabindex="0" role="region" aria-label="Lineage">{}</div>'
        "<details><summary>The links as a table</summary><div style=\"overflow-x:auto\"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>"
    ).format(drawing.svg, head, body)


def render_lineage_page(drawing: Drawing, title: str) -> str:
    """Return a page of its own with the drawing and its table, in light and dark, on the screen and in print."""
    style = (
        ":root{color-scheme:light dark;--ground:Canvas}body{font:14px/1.5 system-ui,sans-serif;margin:1.5rem}td,th{padding:2px 12px 2px 0;vertical-align:top;border-bottom:1px solid #8886}"
        "@media print{div{overflow:visible!important;max-height:none!important}svg{max-width:100%;height:auto}}"
    )
    page = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{0}</title><style>{1}</style></head><body><h1>{0}</h1>{2}</body></html>\n'
    return str(Markup(page).format(strip_controls(title), Markup(style), Markup(str(render_lineage_html(drawing)).replace("<details>", "<details open>"))))


def write_svg(drawing: Drawing) -> str:
    """Return the drawing as a file of its own, in light and dark."""
    style = "<style>svg{color:#1b1e22;background:#fdfdfb;--ground:#fdfdfb}@media (prefers-color-scheme:dark){svg{color:#e7e9ec;background:#15181c;--ground:#15181c}}</style>"
    head, rest = str(drawing.svg).split("</desc>", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}</desc>{style}{rest}\n'


def _merge(nodes: Rows, links: Rows, max_nodes: int) -> list[int]:
    """Return for each node the one it is drawn as: itself, unless there are too many."""
    merged = list(range(len(nodes)))
    if len(nodes) <= max_nodes:
        return merged
    parents = [node["parent"] for node in nodes]
    for link in sorted(links, key=lambda one: nodes[one["child"]]["depth"]):
        if link["kind"] == "same text":
            merged[link["child"]] = merged[link["parent"]]
    if len(set(merged)) <= max_nodes:
        return merged
    inner = {merged[parent] for child, parent in enumerate(parents) if parent is not None and merged[child] != merged[parent]}
    first: dict[int, int] = {}
    for node in range(len(nodes)):
        parent = parents[node]
        if merged[node] == node and node not in inner and parent is not None:
            first.setdefault(merged[parent], node)
    lead = {node: first[merged[parent]] for node in range(len(nodes)) if merged[node] == node and node not in inner and (parent := parents[node]) is not None}
    return [lead.get(one, one) for one in merged]


def _make_marks(nodes: Rows, merged: list[int]) -> dict[int, _Mark]:
    """Return the nodes that are drawn, with their children in the order of their dates."""
    marks: dict[int, _Mark] = {}
    for number, lead in enumerate(merged):
        if number == lead:
            marks[number] = _Mark(nodes[number], "")
    for number, lead in enumerate(merged):
        marks[lead].n_merged += number != lead
    for number, mark in marks.items():
        label = " ".join(strip_controls(nodes[number]["label"]).split()) or "(no name)"
        label = label if len(label) <= _MAX_LABEL else f"{label[:10]}…{label[11 - _MAX_LABEL :]}"  # names of files and addresses differ at their ends
        mark.text = label + (f" and {mark.n_merged - 1:,} more" if mark.n_merged > 1 else "") + ("" if nodes[number]["related"] else " (no version)")
        parent = nodes[number]["parent"]
        if parent is not None and merged[parent] != number:
            marks[merged[parent]].children.append(number)
    return marks


def _place_dates(marks: dict[int, _Mark]) -> list[tuple[float, str]]:
    """Give each mark its place in time; return the ticks of the axis. What is undated stands by its order, a step after its parent or before its children."""
    moments = sorted({moment for mark in marks.values() for moment in (mark.row["not_before_at"], mark.row["not_after_at"]) if moment is not None and not mark.row["lost"]})
    steps = [0.0]
    for one, other in pairwise(moments):
        days = (other - one).total_seconds() / 86400
        steps.append(steps[-1] + (math.log2(1 + days) if days >= 1 else 0.15 * days))
    unit = min(_SPAN / steps[-1], _GAP) if steps[-1] else 0.0  # a family of one day does not fill the axis
    places = {moment: _LEFT + _GAP + unit * step for moment, step in zip(moments, steps, strict=False)}
    for mark in marks.values():
        bounds = [mark.row[name] for name in ("not_before_at", "not_after_at") if mark.row[name] is not None]
        if bounds and not mark.row["lost"]:
            mark.low, mark.high, mark.dated = places[bounds[0]], places[bounds[-1]], True
            mark.x = (mark.low + mark.high) / 2
    _place_undated(marks)
    return _choose_ticks(moments, places)


def _place_undated(marks: dict[int, _Mark]) -> None:
    """Place marks without a date: before the first of their children that has a place, else after their parent."""
    order = _walk(marks)
    for number in reversed(order):
        mark = marks[number]
        below = [marks[child].x for child in mark.children if marks[child].dated or marks[child].x]
        if not mark.dated and below:
            mark.x = max(float(_LEFT) / 2, min(below) - _GAP)
    for number in order:
        mark = marks[number]
        if not mark.dated and not mark.x:
            mark.x = float(_LEFT) / 2
        for child in mark.children:
            if not marks[child].dated and not marks[child].x:
                marks[child].x = mark.x + _GAP


def _walk(marks: dict[int, _Mark]) -> list[int]:
    """Return the marks from each root downwards, each branch together, the earlier child first."""
    below = {child for mark in marks.values() for child in mark.children}
    stack = sorted((number for number in marks if number not in below), key=lambda n: (not marks[n].row["related"], n), reverse=True)
    order = []
    while stack:
        number = stack.pop()
        order.append(number)
        stack += sorted(marks[number].children, key=lambda n: (marks[n].x, n), reverse=True)
    return order


def _choose_ticks(moments: list[datetime], places: dict[datetime, float]) -> list[tuple[float, str]]:
    """Return place and label of the days that have room on the axis."""
    ticks: list[tuple[float, str]] = []
    for moment in moments:
        if (not ticks or places[moment] - ticks[-1][0] >= 84) and (not ticks or ticks[-1][1] != moment.date().isoformat()):
            ticks.append((places[moment], moment.date().isoformat()))
    return ticks


def _measure(mark: _Mark) -> float:
    """Return the width of a mark and its label to the right of its place."""
    wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in mark.text)
    return max(mark.high - mark.x, 0.0) + 12 + _LETTER * wide


def _pack(marks: dict[int, _Mark]) -> int:
    """Give each mark the row nearest below its parent in which its link, its bar and its label have room; return the number of rows."""
    rows: list[list[tuple[float, float]]] = []
    parent = {child: mark for mark in marks.values() for child in mark.children}
    for number in _walk(marks):
        mark = marks[number]
        above = parent.get(number)
        start = min([mark.x - 8, mark.low - 4 if mark.dated else mark.x - 8, above.x + 2 if above else mark.x])
        end = max(mark.x + _measure(mark), above.x + 8 if above else 0.0) + 6
        at = above.y if above else 0
        while at < len(rows) and not _has_room(rows[at], start, end):
            at += 1
        if at == len(rows):
            rows.append([])
        rows[at].insert(bisect_left(rows[at], (start, end)), (start, end))
        mark.y = at
    return len(rows)


def _has_room(taken: list[tuple[float, float]], start: float, end: float) -> bool:
    """Tell whether an interval meets none of those taken, which are sorted and apart."""
    at = bisect_right(taken, (start, math.inf))
    return (at == 0 or taken[at - 1][1] <= start) and (at == len(taken) or taken[at][0] >= end)


def _y(mark: _Mark) -> float:
    return _TOP + mark.y * _ROW + _ROW / 2


def _draw_axis(ticks: list[tuple[float, str]], height: float) -> Markup:
    """Return the days over the drawing, with a faint line down from each."""
    lines = Markup().join(
        Markup('<path d="M{x:.1f} 24V{h:.0f}" stroke="currentColor" stroke-opacity="0.18"/><text x="{x:.1f}" y="16" text-anchor="middle" font-size="11">{t}</text>').format(x=x, h=height, t=text)
        for x, text in ticks
    )
    return Markup('<g class="axis">{}</g>').format(lines)


def _draw_link(marks: dict[int, _Mark], link: dict[str, Any], merged: list[int]) -> Markup:
    """Return a link: down from the parent, then along the row of the child."""
    one, other = marks[merged[link["parent"]]], marks[link["child"]]
    weak = link["kind"] == "cannot tell" or link["support"] < _WEAK
    x, y = one.x, _y(other)
    turn = 6 if other.x >= x else -6
    if abs(other.x - x) < 6:
        turn = 0
    path = f"M{x:.1f} {_y(one):.1f}V{y - 6:.1f}Q{x:.1f} {y:.1f} {x + turn:.1f} {y:.1f}H{other.x:.1f}" if other.y != one.y else f"M{x:.1f} {y:.1f}H{other.x:.1f}"
    if other.x < x - 6 and other.y != one.y:  # back in time: over the label of the child, not through it
        path = f"M{x:.1f} {_y(one):.1f}V{y - 9:.1f}H{other.x:.1f}V{y:.1f}"
    said = f"{one.row['label']} to {other.row['label']}: {link['kind']}, support {link['support']:.2f}" + ("" if link["decided"] else ", direction open")
    sign = Markup("") if link["decided"] else _write_text((x + other.x) / 2 if other.x - x > 24 else other.x - 12, y + 4, "?", bold=True)
    return Markup('<g><title>{}</title><path d="{}" fill="none" stroke="currentColor" stroke-width="{}"{}{}/>{}</g>').format(
        strip_controls(said), path, "1.2" if weak else "1.8", Markup(' stroke-dasharray="6 4"') if weak else "", Markup(' stroke-opacity="0.5"') if one.row["lost"] or other.row["lost"] else "", sign
    )


def _draw_second(source: _Mark, child: _Mark) -> Markup:
    """Return the line from a second source: a dotted curve, so that it is no link of the tree."""
    x, y, u, v = source.x, _y(source), child.x, _y(child)
    path = f"M{x:.1f} {y:.1f}C{x:.1f} {v:.1f} {(x + u) / 2:.1f} {v + 10:.1f} {u - 4:.1f} {v + 3:.1f}"
    said = f"{child.row['label']} took a stretch from {source.row['label']} too"
    return Markup('<g><title>{}</title><path d="{}" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="0.1 4" stroke-linecap="round"/></g>').format(strip_controls(said), path)


def _draw_mark(mark: _Mark) -> Markup:
    """Return a node: a disc, a ring where it is undated, a grey square where it is lost; a bar where its date is uncertain; its label."""
    x, y = mark.x, _y(mark)
    dated = mark.row["date"] or ("lost source" if mark.row["lost"] else "undated")
    parts = [Markup("<title>{}</title>").format(strip_controls(f"{mark.row['label']}: {dated}"))]
    if mark.dated and mark.row["not_after_at"] and mark.row["not_before_at"] and (mark.row["not_after_at"] - mark.row["not_before_at"]).total_seconds() > 86400:
        parts.append(Markup('<path class="date" d="M{:.1f} {:.1f}H{:.1f}" stroke="currentColor" stroke-width="5" stroke-opacity="0.3" stroke-linecap="round"/>').format(mark.low, y, mark.high))
    if mark.row["lost"]:
        parts.append(Markup('<rect x="{:.1f}" y="{:.1f}" width="8" height="8" fill="#8a8a8a" stroke="currentColor" stroke-dasharray="2 1.5"/>').format(x - 4, y - 4))
    else:
        fill = "currentColor" if mark.dated else "var(--ground,Canvas)"
        parts.append(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="4" fill="{}" stroke="currentColor" stroke-width="1.5"/>').format(x, y, fill))
    parts.append(_write_text(max(mark.high, x) + 8, y + 4, mark.text, grey=bool(mark.row["lost"])))
    return Markup("<g>{}</g>").format(Markup().join(parts))


def _write_text(x: float, y: float, text: str, *, bold: bool = False, grey: bool = False) -> Markup:
    """Return a text with a rim of the ground's colour, so that a line behind it does not run into its letters."""
    more = Markup(' font-weight="bold"') if bold else Markup(' font-style="italic" fill-opacity="0.75"') if grey else ""
    return Markup('<text x="{:.1f}" y="{:.1f}" stroke="var(--ground,Canvas)" stroke-width="3" stroke-linejoin="round" paint-order="stroke"{}>{}</text>').format(x, y, more, escape(text))


def _sum_up(nodes: Rows, links: Rows) -> str:
    """Return what a reader who does not see the drawing is told."""
    n_lost, n_open = sum(node["lost"] for node in nodes), sum(not link["decided"] for link in links)
    roots = [node["label"] for node in nodes if node["parent"] is None and node["related"]]
    first = f"It begins with {strip_controls(roots[0])}. " if len(roots) == 1 else ""
    return f"{first}{len(links):,} links, {n_open:,} of them with an open direction; {n_lost:,} lost sources. The table tells each."


def _make_twin(nodes: Rows, links: Rows, second: Rows) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return header and rows of the table twin: a node a row."""
    by_child = {link["child"]: link for link in links}
    others: dict[int, list[str]] = {}
    for row in second:
        others.setdefault(row["child"], []).append(" or ".join(nodes[node]["label"] for node in (row["source"], *row["tied"])))
    rows = []
    for node in nodes:
        link = by_child.get(node["node"])
        dated = node["date"] or ("lost" if node["lost"] else "undated")
        also = ", ".join(dict.fromkeys(others.get(node["node"], [])))
        if link is None:
            rows.append((node["label"], dated, "", "first" if node["related"] else "no version of the others", "", also, ""))
        else:
            rows.append((node["label"], dated, nodes[node["parent"]]["label"], link["kind"] + ("" if link["decided"] else " (direction open)"), f"{link['support']:.2f}", also, link["words"]))
    return ("text", "date", "from", "link", "support", "also from", "what it rests on"), rows
