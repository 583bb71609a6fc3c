"""Where the nodes of a lineage stand in its drawing: left to right in time, each with room for its label."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from variorum.exporting.contexts import cut_middle

Rows = Sequence[dict[str, Any]]

MAX_NODES = 500
"""Above this many nodes, those of equal text are drawn as one, with their number; then the copies without copies of one parent."""
LEFT = 24
"""Margin, in pixels."""

_LETTER, _SPAN, _GAP, _STEP = 6.6, 760, 64, 22  # in pixels: a letter of a label, the axis, a step of what is undated, one within a day
_MAX_LABEL = 30


@dataclass(slots=True)
class Mark:
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


def merge_nodes(nodes: Rows, links: Rows, max_nodes: int) -> list[int]:
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


def make_marks(nodes: Rows, merged: list[int]) -> dict[int, Mark]:
    """Return the nodes that are drawn, with their children in the order of their dates."""
    marks: dict[int, Mark] = {}
    for number, lead in enumerate(merged):
        if number == lead:
            marks[number] = Mark(nodes[number], "")
    for number, lead in enumerate(merged):
        marks[lead].n_merged += number != lead
    for number, mark in marks.items():
        label, series = cut_middle(nodes[number]["label"], _MAX_LABEL) or "(no name)", cut_middle(nodes[number]["series"] or "", _MAX_LABEL)
        parts = [label, *([series] if series.lower() not in label.lower() else [])]
        label = " · ".join(f"\u2068{part}\u2069" if len(parts) > 1 and _runs_left(label + series) else part for part in parts)  # else one name would be read into the other
        mark.text = label + (f" and {mark.n_merged - 1:,} more" if mark.n_merged > 1 else "") + ("" if nodes[number]["related"] else " (no version)")
        parent = nodes[number]["parent"]
        if parent is not None and merged[parent] != number:
            marks[merged[parent]].children.append(number)
    return marks


def _runs_left(text: str) -> bool:
    """Tell whether any letter is of a script that is written from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def place_dates(marks: dict[int, Mark]) -> list[tuple[float, str]]:
    """Give each mark its place in time; return the ticks of the axis. Copies of one day stand a step to the right of their source, in the room of that day."""
    bounds = {number: bound for number, mark in marks.items() if (bound := _find_bounds(mark.row)) is not None}
    moments = sorted({moment for bound in bounds.values() for moment in bound})
    depths = _count_steps(marks, bounds)
    indent = min(_STEP, _SPAN / max([*depths.values(), 1]))
    room = dict.fromkeys(moments, 0)
    for number, (low, high) in bounds.items():
        room[low] = max(room[low], depths[number] if low == high else 0)
    ends = [0.0]
    for one, other in pairwise(moments):
        ends.append(ends[-1] + 0.25 + math.log2(1 + (other - one).total_seconds() / 86400))
    unit = min(_SPAN / ends[-1], _GAP) if ends[-1] else 0.0  # a family of few days does not fill the axis
    gap = min(_GAP, max(_STEP, _SPAN / (1 + max(_count_steps(marks, dict.fromkeys(marks.keys() - bounds.keys())).values(), default=0))))
    at = LEFT + gap * (1 + _count_before(marks, bounds))
    places = {}
    for moment, end in zip(moments, ends, strict=False):
        places[moment] = at + unit * end
        at += indent * room[moment]
    for number, (low, high) in bounds.items():
        mark = marks[number]
        mark.low, mark.high, mark.dated = places[low], places[high], True
        mark.x = (mark.low + mark.high) / 2 + indent * depths[number]
    _place_undated(marks, gap)
    return _choose_ticks(moments, places)


def _find_bounds(row: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """Return the first and last moment of a date, one for a day or less; None for what is undated or lost."""
    first, last = row["not_before_at"] or row["not_after_at"], row["not_after_at"] or row["not_before_at"]
    if first is None or last is None or row["lost"]:
        return None
    return (first, last) if (last - first).total_seconds() > 86400 else (first, first)


def _count_steps(marks: dict[int, Mark], bounds: Mapping[int, Any]) -> dict[int, int]:
    """Return for each mark with bounds how many links between marks of the same bounds lead to it."""
    depths = dict.fromkeys(bounds, 0)
    for number in _walk(marks):
        for child in marks[number].children:
            if number in bounds and child in bounds and bounds[child] == bounds[number]:
                depths[child] = depths[number] + 1
    return depths


def _count_before(marks: dict[int, Mark], bounds: Mapping[int, Any]) -> int:
    """Return the number of undated marks above the dated one that has most of them above it."""
    above: dict[int, int] = {}
    for number in _walk(marks):
        for child in marks[number].children:
            above[child] = 0 if number in bounds else above.get(number, 0) + 1
    return max((above.get(number, 0) for number in bounds), default=0)


def _place_undated(marks: dict[int, Mark], gap: float) -> None:
    """Place marks without a date: a step for each before the first dated one that comes from them, and after their parent as far as there is room."""
    order = _walk(marks)
    parent = {child: mark for mark in marks.values() for child in mark.children}
    ahead: dict[int, tuple[float, int]] = {}  # by undated mark: place of the first dated one below it, and how many links off that is
    for number in reversed(order):
        mark = marks[number]
        below = [(marks[child].x, 1) if marks[child].dated else (ahead[child][0], ahead[child][1] + 1) for child in mark.children if marks[child].dated or child in ahead]
        if not mark.dated and below:
            ahead[number] = min(below)
    for number in order:
        mark, above = marks[number], parent.get(number)
        if mark.dated:
            continue
        if number not in ahead:
            mark.x = float(LEFT) if above is None else above.x + gap
            continue
        first, n = ahead[number]
        mark.x = max(float(LEFT), first - gap * n)
        if above and above.x < first:
            mark.x = max(mark.x, above.x + (first - above.x) / (n + 1))


def _walk(marks: dict[int, Mark]) -> list[int]:
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


def measure_mark(mark: Mark) -> float:
    """Return the width of a mark and its label to the right of its place."""
    wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in mark.text)
    return max(mark.high - mark.x, 0.0) + 12 + _LETTER * wide


def pack_rows(marks: dict[int, Mark]) -> int:
    """Give each mark the row nearest below its parent in which its link, its bar and its label have room; return the number of rows."""
    rows: list[list[tuple[float, float]]] = []
    parent = {child: mark for mark in marks.values() for child in mark.children}
    for number in _walk(marks):
        mark = marks[number]
        above = parent.get(number)
        start = min([mark.x - 8, mark.low - 4 if mark.dated else mark.x - 8, above.x + 2 if above else mark.x])
        end = max(mark.x + measure_mark(mark), above.x + 8 if above else 0.0) + 6
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
