"""A lineage as Newick and as NEXUS trees, for programs of phylogenetics: inner witnesses keep their names, a branch is as long as its changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Rows = Sequence[dict[str, Any]]


def stream_newick(nodes: Rows, links: Rows) -> Iterator[str]:
    """Yield a tree a line, one for each root; nodes that are no version of the others are trees of one node.

    Newick has no sign for an open direction and none for a second source: see the DOT or the tables for these.
    """
    for tree, _ in _write_trees(nodes, links, commented=False):
        yield tree + ";\n"


def stream_lineage_nexus(nodes: Rows, links: Rows) -> Iterator[str]:
    """Yield a NEXUS file with a block of taxa and one of trees; `[&U]` stands before a tree in which a direction is open.

    Kind and support of a link stand as `[&kind="taken from",support=0.97]` behind its node, as FigTree reads them.
    """
    labels = [quote_label(node["label"]) for node in nodes]
    yield f"#NEXUS\n\nBEGIN TAXA;\n  DIMENSIONS NTAX={len(labels)};\n  TAXLABELS {' '.join(labels)};\nEND;\n\nBEGIN TREES;\n"
    for number, (tree, decided) in enumerate(_write_trees(nodes, links, commented=True), 1):
        yield f"  TREE tree_{number} = [&{'R' if decided else 'U'}] {tree};\n"
    yield "END;\n"


def quote_label(label: str) -> str:
    """Return a label as Newick and NEXUS hold it: in single quotes, those within doubled, controls as spaces."""
    return "'" + "".join(c if c.isprintable() else " " for c in label).replace("'", "''") + "'"


def _write_trees(nodes: Rows, links: Rows, *, commented: bool) -> Iterator[tuple[str, bool]]:
    """Yield the tree under each root, and whether all its links have a direction. A stack, since a chain of copies may be long."""
    children: dict[int | None, list[int]] = {}
    for node in nodes:
        children.setdefault(node["parent"], []).append(node["node"])
    by_child = {link["child"]: link for link in links}
    for root in children.get(None, []):
        parts: list[str] = []
        decided = True
        stack = [(root, False)]
        while stack:
            node, closed = stack.pop()
            below = children.get(node, [])
            if below and not closed:
                parts.append("(")
                stack.append((node, True))
                stack += [(child, False) for child in reversed(below)]
                continue
            link = by_child.get(node)
            parts.append((")" if closed else "") + quote_label(nodes[node]["label"]) + _write_branch(link, commented))
            decided &= link is None or bool(link["decided"])
            parts.append(",")
        yield _join(parts), decided


def _join(parts: list[str]) -> str:
    """Return the parts without the commas before a closing bracket and at the end."""
    kept = [part for part, after in zip(parts, [*parts[1:], ")"], strict=True) if not (part == "," and after.startswith(")"))]
    return "".join(kept)


def _write_branch(link: dict[str, Any] | None, commented: bool) -> str:
    """Return the length of the branch to a node: loci that changed."""
    if link is None:
        return ""
    comment = f'[&kind="{link["kind"]}",support={link["support"]:.3f}]' if commented else ""
    return f"{comment}:{link['n_added'] + link['n_dropped'] + link['n_changed']}"
