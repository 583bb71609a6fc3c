"""GraphML: the variant graph of a collation. A node is a reading at a locus, an edge leads from a reading to the next one of a witness.

A reading of a moved block is a node of its own, which an edge of the type `moved` ties to the node of its locus at home. Omitted
readings have no node: the way of a witness leads past them. A character that XML cannot hold becomes U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterator

from variorum.collating.apparatus import Apparatus
from variorum.exporting.grids import Grid, escape_xml

Node = tuple[int, int, int]
"""Locus, reading, and move (0: in order)."""

_KEYS = (
    ("node", "text", "string"),
    ("node", "locus", "int"),
    ("node", "reading", "int"),
    ("node", "move", "int"),
    ("node", "witnesses", "string"),
    ("edge", "type", "string"),
    ("edge", "way", "string"),
)


def stream_graphml(apparatus: Apparatus) -> Iterator[str]:
    """Yield the variant graph piece by piece; witnesses stand one a line in ``witnesses`` and ``way``."""
    grid = Grid.of(apparatus)
    nodes: dict[Node, list[int]] = {}
    edges: dict[tuple[Node | None, Node | None], list[int]] = {}
    for m in range(len(grid.members)):
        before: Node | None = None
        for locus in grid.walk(m):
            node = (locus, int(grid.readings[locus, m]), grid.moves.get(int(grid.blocks[locus, m]), 0))
            nodes.setdefault(node, []).append(m)
            edges.setdefault((before, node), []).append(m)
            before = node
        edges.setdefault((before, None), []).append(m)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for domain, name, kind in _KEYS:
        yield f'<key id="{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="collation" edgedefault="directed">\n<node id="start"/>\n<node id="end"/>\n'
    for (locus, reading, move), holders in sorted(nodes.items()):
        data = {"text": grid.ink(locus, holders[0]), "locus": locus, "reading": reading, "move": move, "witnesses": _list_sigla(grid, holders)}
        yield f'<node id="{_name((locus, reading, move))}">{_write_data(data)}</node>\n'
    for (one, other), holders in edges.items():
        yield f'<edge source="{_name(one) or "start"}" target="{_name(other) or "end"}">{_write_data({"type": "way", "way": _list_sigla(grid, holders)})}</edge>\n'
    for node in sorted(nodes):
        home = (node[0], node[1], 0)
        if node[2] and home in nodes:
            yield f'<edge source="{_name(node)}" target="{_name(home)}">{_write_data({"type": "moved"})}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _name(node: Node | None) -> str:
    """Return the id of a node; nothing for no node."""
    return "" if node is None else f"n{node[0]}.{node[1]}" + (f".{node[2]}" if node[2] else "")


def _list_sigla(grid: Grid, members: list[int]) -> str:
    return "\n".join(" ".join(grid.members[m].siglum.split()) for m in members)


def _write_data(data: dict[str, str | int]) -> str:
    return "".join(f'<data key="{key}">{escape_xml(str(value))}</data>' for key, value in data.items())
