"""A lineage as SVG, left to right in time, with its table twin: for a file, a page and a notebook; no script, nothing from elsewhere.

Solid is strong, dashed weak, dotted a second source, a grey square a lost source, `?` an open direction, `or` one of several; no sign is by colour alone.
The distance between two dates grows with the logarithm of the days between them, so that a copy of the same week and one of the next year
are both seen. Colours are those of the page round it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from variorum.exporting.contexts import strip_controls
from variorum.exporting.placings import LEFT, MAX_NODES, Mark, make_marks, measure_mark, merge_nodes, pack_rows, place_dates
from variorum.exporting.ties import SideLine, find_tied_children

Rows = Sequence[dict[str, Any]]

_WEAK = 0.8  # support below which a link is dashed
_ROW, _TOP = 20, 40  # in pixels: a row, the axis


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing, what its signs mean, and its table twin: `header` names the columns of `rows`; `summary` says what holds of the whole, a sentence each."""

    svg: Markup
    legend: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    summary: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """About how many bytes it takes in a page."""
        return len(self.svg.encode()) + sum(len(cell.encode()) + 10 for row in self.rows for cell in row)


def draw_lineage(nodes: Rows, links: Rows, side: Sequence[SideLine], max_nodes: int = MAX_NODES) -> Drawing:
    """Return rows of STEMMA and LINKS, and the lines beside, as a drawing."""
    merged = merge_nodes(nodes, links, max_nodes)
    marks = make_marks(nodes, merged)
    axis = place_dates(marks)
    height = pack_rows(marks) * _ROW + _TOP + 8
    width = max((mark.x + measure_mark(mark) for mark in marks.values()), default=0.0) + LEFT
    by_child = {link["child"]: link for link in links}
    title = f"Lineage of {sum(not node['lost'] for node in nodes):,} texts"
    tied = find_tied_children(side)
    parts = [_draw_axis(axis, height), *(_draw_link(marks, by_child[child], merged, tied=child in tied) for child in marks if child in by_child)]
    beside = {(merged[line.source], merged[line.child], line.second): line for line in side if merged[line.source] != merged[line.child]}
    parts += [_draw_side(marks[source], marks[child], line) for (source, child, _), line in beside.items()]
    parts += [_draw_mark(mark) for mark in marks.values()]
    legend = _explain_signs(marks, links, list(beside.values()))
    svg = Markup(
        '<svg class="lineage" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-family="system-ui, sans-serif" font-size="12" fill="currentColor">'
        "<title>{title}</title><desc>{legend} {summary}</desc>{parts}</svg>"
    ).format(w=math.ceil(width), h=math.ceil(height), title=title, legend=legend, summary=_sum_up(nodes, links), parts=Markup("\n").join(parts))
    return Drawing(svg, legend, *_make_twin(nodes, links, side))


def _explain_signs(marks: dict[int, Mark], links: Rows, side: Sequence[SideLine]) -> str:
    """Return what the signs mean that occur."""
    rows = [mark.row for mark in marks.values()]
    signs = [
        (any(not _is_weak(link) for link in links), "solid: a strong link"),
        (any(_is_weak(link) for link in links), "dashed: a weak link"),
        (any(line.second for line in side), "dotted: a second source"),
        (any(not line.second for line in side), "thin and dotted: another parent that is as good"),
        (any(line.tied for line in side), "“or”: one of the lines so marked"),
        (any(not link["decided"] for link in links), "question mark: which of the two was first is open"),
        (any(marks[c].dated and mark.dated and marks[c].low == mark.low for mark in marks.values() for c in mark.children), "a step to the right within one date: a copy, not time"),
        (any(row["lost"] for row in rows), "grey square: a lost source"),
        (any(not row["lost"] and not marks[row["node"]].dated for row in rows), "ring: undated"),
        (any(mark.high > mark.low for mark in marks.values()), "bar: what an uncertain date allows"),
    ]
    said = "; ".join(words for there, words in signs if there)
    time = "Left to right in time; the distance between dates is not in proportion." if any(mark.dated for mark in marks.values()) else "Nothing is dated: left to right by the links alone."
    return time + (f" {said[0].upper()}{said[1:]}." if said else "")


def render_lineage_html(drawing: Drawing) -> Markup:
    """Return the drawing in a frame that scrolls, and its table twin, as a fragment of HTML without a style sheet."""
    head = Markup().join(Markup('<th scope="col" align="left">{}</th>').format(name) for name in drawing.header)
    body = Markup().join(Markup("<tr>{}</tr>").format(Markup().join(Markup("<td>{}</td>").format(strip_controls(cell)) for cell in row)) for row in drawing.rows)
    summary = Markup().join(Markup("<p>{}.</p>").format(strip_controls(said)) for said in drawing.summary)
    return Markup(
        '<div style="overflow:auto;max-height:90vh" tabindex="0" role="region" aria-label="Lineage">{}</div>'
        "{}<p>{}</p><details><summary>The links as a table</summary><div style=\"overflow-x:auto\"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>"
    ).format(drawing.svg, summary, drawing.legend, head, body)


def render_lineage_page(drawing: Drawing, title: str) -> str:
    """Return a page of its own with the drawing and its table, in light and dark, on the screen and in print."""
    style = (
        ":root{color-scheme:light dark;--ground:Canvas}body{font:14px/1.5 system-ui,sans-serif;margin:1.5rem}td,th{padding:2px 12px 2px 0;vertical-align:top;border-bottom:1px solid #8886}"
        "@page{size:landscape;margin:12mm}@media print{h1{margin:0}svg{display:block}div{overflow:visible!important;max-height:none!important}svg{max-width:100%;height:auto}}"
    )
    page = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{0}</title><style>{1}</style></head><body><h1>{0}</h1>{2}</body></html>\n'
    return str(Markup(page).format(strip_controls(title), Markup(style), Markup(str(render_lineage_html(drawing)).replace("<details>", "<details open>"))))


def write_svg(drawing: Drawing) -> str:
    """Return the drawing as a file of its own, in light and dark."""
    style = "<style>svg{color:#1b1e22;background:#fdfdfb;--ground:#fdfdfb}@media (prefers-color-scheme:dark){svg{color:#e7e9ec;background:#15181c;--ground:#15181c}}</style>"
    head, rest = str(drawing.svg).split("</desc>", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}</desc>{style}{rest}\n'


def _y(mark: Mark) -> float:
    return _TOP + mark.y * _ROW + _ROW / 2


def _draw_axis(ticks: list[tuple[float, str]], height: float) -> Markup:
    """Return the days over the drawing, with a faint line down from each."""
    lines = Markup().join(
        Markup('<path d="M{x:.1f} 24V{h:.0f}" stroke="currentColor" stroke-opacity="0.18"/><text x="{x:.1f}" y="16" text-anchor="middle" font-size="11">{t}</text>').format(x=x, h=height, t=text)
        for x, text in ticks
    )
    return Markup('<g class="axis">{}</g>').format(lines)


def _is_weak(link: dict[str, Any]) -> bool:
    return bool(link["kind"] == "cannot tell" or link["support"] < _WEAK)


def _draw_link(marks: dict[int, Mark], link: dict[str, Any], merged: list[int], *, tied: bool = False) -> Markup:
    """Return a link: down from the parent, then along the row of the child."""
    one, other = marks[merged[link["parent"]]], marks[link["child"]]
    weak = _is_weak(link)
    x, y = one.x, _y(other)
    turn = 6 if other.x >= x else -6
    if abs(other.x - x) < 6:
        turn = 0
    path = f"M{x:.1f} {_y(one):.1f}V{y - 6:.1f}Q{x:.1f} {y:.1f} {x + turn:.1f} {y:.1f}H{other.x:.1f}" if other.y != one.y else f"M{x:.1f} {y:.1f}H{other.x:.1f}"
    if other.x < x - 6 and other.y != one.y:  # back in time: over the label of the child, not through it
        path = f"M{x:.1f} {_y(one):.1f}V{y - 9:.1f}H{other.x:.1f}V{y:.1f}"
    said = f"{one.row['label']} to {other.row['label']}: {link['kind']}, support {link['support']:.2f}" + ("" if link["decided"] else ", direction open")
    signs = " ".join(sign for sign, there in (("?", not link["decided"]), ("or", tied)) if there)
    sign = _write_text(other.x - 10 - 7 * len(signs), y + 4, signs, bold=not link["decided"]) if signs else Markup("")
    return Markup('<g><title>{}</title><path d="{}" fill="none" stroke="currentColor" stroke-width="{}"{}{}/>{}</g>').format(
        strip_controls(said), path, "1.2" if weak else "1.8", Markup(' stroke-dasharray="6 4"') if weak else "", Markup(' stroke-opacity="0.5"') if one.row["lost"] or other.row["lost"] else "", sign
    )


def _draw_side(source: Mark, child: Mark, line: SideLine) -> Markup:
    """Return a line beside the tree: a dotted curve, so that it is no link of it."""
    x, y, u, v = source.x, _y(source), child.x, _y(child)
    path = f"M{x:.1f} {y:.1f}C{x:.1f} {v:.1f} {(x + u) / 2:.1f} {v + 10:.1f} {u - 4:.1f} {v + 3:.1f}"
    if y == v:  # beside each other: over the row, so that no label is crossed out
        path = f"M{x:.1f} {y - 4:.1f}C{x:.1f} {y - 16:.1f} {u:.1f} {y - 16:.1f} {u:.1f} {y - 5:.1f}"
    said = f"{child.row['label']} took a stretch from {source.row['label']}" if line.second else f"{child.row['label']} may as well come from {source.row['label']}"
    said += (", or from another so marked" if line.tied else " too") if line.second else ""
    sign = _write_text(u - 14, v + 12, "or") if line.tied and line.second else Markup("")
    return Markup('<g><title>{}</title><path d="{}" fill="none" stroke="currentColor" stroke-width="{}" stroke-dasharray="0.1 4" stroke-linecap="round"/>{}</g>').format(
        strip_controls(said), path, "1.6" if line.second else "1.1", sign
    )


def _draw_mark(mark: Mark) -> Markup:
    """Return a node: a disc, a ring where it is undated, a grey square where it is lost; a bar where its date is uncertain; its label."""
    x, y = mark.x, _y(mark)
    dated = mark.row["date"] or ("lost source" if mark.row["lost"] else "undated")
    parts = [Markup("<title>{}</title>").format(strip_controls(f"{mark.row['label']}: {dated}"))]
    if mark.high > mark.low:
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


def _make_twin(nodes: Rows, links: Rows, side: Sequence[SideLine]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return header and rows of the table twin: a node a row; series are left out where there are none."""
    by_child = {link["child"]: link for link in links}
    labels = [node["label"] for node in nodes]
    others: dict[int, str] = {}
    parents = {node["node"]: labels[node["parent"]] for node in nodes if node["parent"] is not None}
    for line in side:
        held = others if line.second else parents
        before = held.get(line.child)
        held[line.child] = f"{before} or {labels[line.source]}" if before and line.tied else f"{before}, {labels[line.source]}" if before else labels[line.source]
    has_series = any(node["series"] for node in nodes)
    rows = []
    for node in nodes:
        number, link = node["node"], by_child.get(node["node"])
        row = [node["label"], *([node["series"] or ""] if has_series else []), node["date"] or ("lost" if node["lost"] else "undated"), parents.get(number, "")]
        if link is None:
            row += ["first" if node["related"] else "no version of the others", "", others.get(number, ""), ""]
        else:
            row += [link["kind"] + ("" if link["decided"] else " (direction open)"), f"{link['support']:.2f}", others.get(number, ""), link["words"]]
        rows.append(tuple(row))
    return ("text", *(["series"] if has_series else []), "date", "from", "link", "support", "also from", "what it rests on"), rows
