"""A lineage in the terminal, and as DOT in the style of OpenStemmata: a grey node is lost, a dashed link weak or a second source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from variorum.exporting.contexts import cut_middle
from variorum.exporting.orders import LINK_HEADER, PUBLISHER_HEADER, Order, list_links, list_publishers
from variorum.exporting.terminal import MAX_NAME, clean
from variorum.exporting.ties import SideLine, find_tied_children, list_side_lines

Rows = Sequence[dict[str, Any]]

_WEAK = 0.8
"""Support below which a link is drawn dashed."""


def render_lineage(lineage: dict[str, Any]) -> RenderableType:
    """Return the nodes of a lineage as a tree in a table: `lineage` as `Lineage.to_dict` gives it."""
    nodes, links = lineage["stemma"], {row["child"]: row for row in lineage["links"]}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    series = ["series"] if any(node["series"] for node in nodes) else []
    for name in ("text", *series, "date", "link", "support", "days", "changes", "relation", "what it rests on"):
        table.add_column(name, justify="right" if name in ("support", "days", "changes") else "left", no_wrap=name != "what it rests on", max_width=24 if name == "series" else None)
    others = _name_others(lineage)
    for node, depth in _walk(nodes):
        link = links.get(node["node"])
        label = Text("  " * depth + ("? " if link and not link["decided"] else "")).append_text(clean(cut_middle(node["label"], MAX_NAME)))
        if node["lost"]:
            label.stylize("dim")
        named = [label, *([clean(node["series"] or "")] if series else []), node["date"] or ""]
        if link is None:
            table.add_row(*named, "" if node["related"] else "no version of the others")
            continue
        days = "" if link["n_days"] is None else f"{link['n_days']:.0f}"
        changes = f"{link['n_added'] + link['n_dropped'] + link['n_changed']:,}"
        table.add_row(*named, link["kind"], f"{link['support']:.2f}", days, changes, link["relation"] or "", clean(link["words"] + others.get(node["node"], "")))
    parts: list[RenderableType] = [table]
    parts += [clean(f"second source of {nodes[row['child']]['label']}, characters {row['start']:,} to {row['end']:,}, support {row['support']:.2f}: {row['words']}") for row in lineage["second_sources"]]
    parts += [clean(said) for said in (*lineage["summary"], *lineage["notes"])]
    return Group(*parts)


def _name_others(lineage: dict[str, Any]) -> dict[int, str]:
    """Return by node which other parents are as good as the one chosen, where the words of its link do not name them."""
    labels = [node["label"] for node in lineage["stemma"]]
    words = {link["child"]: link["words"] for link in lineage["links"]}
    found: dict[int, list[str]] = {}
    for line in list_side_lines([], lineage["alternatives"]):
        if not re.search(rf"(?<!\w){re.escape(labels[line.source])}(?!\w)", words[line.child]):
            found.setdefault(line.child, []).append(labels[line.source])
    return {child: f"; as good a parent: {', '.join(names)}" for child, names in found.items()}


def render_publishers(order: Order, limit: int) -> RenderableType:
    """Return the order of publishers as two tables of at most `limit` rows each (0: all), and what it comes to."""
    parts: list[RenderableType] = []
    for title, header, rows, n_left in (
        ("publishers, the earliest first", PUBLISHER_HEADER, list_publishers(order.publishers), 1),
        ("pairs, those whose order chance gives least first", LINK_HEADER, list_links(order.links), 2),
    ):
        table = _make_table(header, n_left)
        shown = rows[: limit or None]
        for row in shown:
            table.add_row(*(clean(cell) for cell in row))
        rest = f" (the first {len(shown):,}; --limit 0 shows all)" if len(shown) < len(rows) else ""
        parts += [Text(f"{len(rows):,} {title}{rest}"), table, Text("")]
    return Group(*parts, *(clean(f"{said}.") for said in order.summary))


def _make_table(names: Sequence[str], n_left: int) -> Table:
    """Return a table with these columns, the first ones to the left and the rest to the right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, name in enumerate(names):
        table.add_column(name, justify="left" if number < n_left else "right")
    return table


def _walk(nodes: Rows) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the nodes from each root downwards, with their depth; those that are no versions of the others last."""
    children: dict[int | None, list[dict[str, Any]]] = {}
    for node in nodes:
        children.setdefault(node["parent"], []).append(node)
    stack = [(node, 0) for node in sorted(children.get(None, []), key=lambda n: (n["related"], -n["node"]))]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack += [(child, depth + 1) for child in reversed(children.get(node["node"], []))]


def write_dot(nodes: Rows, links: Rows, side: Sequence[SideLine]) -> str:
    """Return rows of STEMMA and LINKS, and the lines beside, as DOT; lines to one node of which it is one bear the label `or`."""
    lines = ["digraph stemma {"]
    for node in nodes:
        marks = [f"label={_quote(node['label'])}"]
        if node["lost"]:
            marks.append('color="grey"')
        lines.append(f"  {_quote(node['label'])} [{', '.join(marks)}];")
    labels = [node["label"] for node in nodes]
    tied = find_tied_children(side)
    for link in links:
        marks = ['style="dashed"'] if link["kind"] == "cannot tell" or link["support"] < _WEAK else []
        marks += [] if link["decided"] else ['dir="none"']
        marks += ['label="or"'] if link["child"] in tied else []
        lines.append(f"  {_quote(labels[link['parent']])} -> {_quote(labels[link['child']])}{' [' + ', '.join(marks) + ']' if marks else ''};")
    lines += [f'  {_quote(labels[line.source])} -> {_quote(labels[line.child])} [style="dashed"{", label=" + _quote("or") if line.tied else ""}];' for line in side]
    return "\n".join([*lines, "}", ""])


def _quote(label: str) -> str:
    """Return a label as a DOT string."""
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
