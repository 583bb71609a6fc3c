"""A network (a lineage, or publishers) as GraphML, and as GEXF with dates for the time line of Gephi."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from variorum.exporting.grids import escape_xml
from variorum.exporting.ties import SideLine, find_tied_children

Rows = Sequence[dict[str, Any]]
_GRAPHML = {"integer": "int"}  # the one name of a type that differs from GEXF's
_STEMMA_FIELDS = ("lost", "date", "date_basis", "series", "depth", "related")
_LINK_FIELDS = ("kind", "relation", "named", "support", "decided", "n_days", "n_shared", "n_added", "n_dropped", "n_changed", "words")


@dataclass(frozen=True, slots=True)
class Node:
    """A node: `start` is the earliest moment of its date; None where that is open."""

    label: str
    values: dict[str, Any]
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two nodes by their places in the list of nodes; `weight` is positive."""

    source: int
    target: int
    weight: float
    values: dict[str, Any]
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """A directed graph with values of strings, numbers and truth values at its nodes and edges."""

    nodes: list[Node]
    edges: list[Edge]


def make_lineage_network(nodes: Rows, links: Rows, side: Sequence[SideLine]) -> Network:
    """Return rows of STEMMA and LINKS, and the lines beside, as a network.

    A second source is an edge of the kind `second source`, a parent as good as the one chosen one of the kind `other parent`; `tied` says that the edge is
    one of several to its node of which one is meant.
    """
    places = [
        Node(row["label"], {**_take(row, _STEMMA_FIELDS), "not_before": _day(row["not_before_at"]), "not_after": _day(row["not_after_at"])}, row["not_before_at"])
        for row in nodes
    ]
    tied = find_tied_children(side)
    edges = [
        Edge(row["parent"], row["child"], max(row["support"], 0.01), {**_take(row, _LINK_FIELDS), "tied": row["child"] in tied}, places[row["child"]].start) for row in links
    ]
    for line in side:
        kind = "second source" if line.second else "other parent"
        values = {**dict.fromkeys(_LINK_FIELDS), "kind": kind, "support": line.support, "words": line.words, "tied": line.tied}
        edges.append(Edge(line.source, line.child, max(line.support, 0.01), values, places[line.child].start))
    return Network(places, edges)


def make_publisher_network(publishers: Rows, links: Rows) -> Network:
    """Return rows of PUBLISHERS and PUBLISHER_LINKS as a network; an edge leads from the leader to the follower, its weight is how often it is so."""
    values = {row["series"]: {name: value for name, value in row.items() if name not in ("publisher", "series")} for row in publishers}
    labels = list(values) + sorted({row[end] for row in links for end in ("leader", "follower")} - values.keys())
    places = {label: number for number, label in enumerate(labels)}
    none = dict.fromkeys(next(iter(values.values()), {}))
    nodes = [Node(label, values.get(label, none)) for label in labels]
    fields = ("n_families", "n_before", "n_after", "n_tied", "n_days", "p", "q", "words")
    return Network(nodes, [Edge(places[row["leader"]], places[row["follower"]], float(max(row["n_before"], 1)), _take(row, fields)) for row in links])


def stream_network_graphml(network: Network) -> Iterator[str]:
    """Yield a network as GraphML; labels and values are data of nodes and edges."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    kinds = {"node": {"label": "string", **_find_kinds([n.values for n in network.nodes])}, "edge": {"weight": "double", **_find_kinds([e.values for e in network.edges])}}
    for domain, fields in kinds.items():
        for name, kind in fields.items():
            yield f'<key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{_GRAPHML.get(kind, kind)}"/>\n'
    yield '<graph id="network" edgedefault="directed">\n'
    for number, node in enumerate(network.nodes):
        yield f'<node id="n{number}">{_write_data("node", {"label": node.label, **node.values})}</node>\n'
    for number, edge in enumerate(network.edges):
        yield f'<edge id="e{number}" source="n{edge.source}" target="n{edge.target}">{_write_data("edge", {"weight": edge.weight, **edge.values})}</edge>\n'
    yield "</graph>\n</graphml>\n"


def stream_network_gexf(network: Network) -> Iterator[str]:
    """Yield a network as GEXF 1.2: a node and an edge are there from the day of their date on, those without a date from the beginning."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
    yield '<graph defaultedgetype="directed" mode="dynamic" timeformat="date">\n'
    numbers: dict[str, dict[str, int]] = {}
    for domain, values in (("node", [n.values for n in network.nodes]), ("edge", [e.values for e in network.edges])):
        fields = _find_kinds(values)
        numbers[domain] = {name: number for number, name in enumerate(fields)}
        yield f'<attributes class="{domain}" mode="static">\n'
        for name, kind in fields.items():
            yield f'<attribute id="{numbers[domain][name]}" title="{name}" type="{kind}"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for number, node in enumerate(network.nodes):
        yield f'<node id="n{number}" label="{_escape(node.label)}"{_write_start(node.start)}>{_write_values(node.values, numbers["node"])}</node>\n'
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(network.edges):
        ends = f'source="n{edge.source}" target="n{edge.target}" weight="{edge.weight:g}"'
        yield f'<edge id="e{number}" {ends}{_write_start(edge.start)}>{_write_values(edge.values, numbers["edge"])}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _take(row: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in fields}


def _day(moment: datetime | None) -> str | None:
    return None if moment is None else moment.date().isoformat()


def _find_kinds(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return the type of each field, by the first value that is one; a field without any value is text."""
    kinds: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            if value is not None and name not in kinds:
                kinds[name] = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "double" if isinstance(value, float) else "string"
    names = rows[0] if rows else {}
    return {name: kinds.get(name, "string") for name in names}


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else _escape(value)


def _escape(value: Any) -> str:
    return escape_xml(str(value)).replace("\n", "&#10;").replace("\t", "&#9;")


def _write_data(domain: str, data: dict[str, Any]) -> str:
    return "".join(f'<data key="{domain}_{name}">{_plain(value)}</data>' for name, value in data.items() if value is not None)


def _write_values(values: dict[str, Any], numbers: dict[str, int]) -> str:
    return "<attvalues>" + "".join(f'<attvalue for="{numbers[name]}" value="{_plain(v)}"/>' for name, v in values.items() if v is not None) + "</attvalues>"


def _write_start(start: datetime | None) -> str:
    return "" if start is None else f' start="{start.date().isoformat()}"'
