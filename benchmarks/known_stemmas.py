"""Lineages against stemmata that others drew and versions whose dates are known; see lineage.py."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

Graph = dict[str, dict[str, int]]


def read_dot(path: Path) -> Graph:
    """Return the links of a stemma in DOT."""
    graph: Graph = {}
    for parent, child in re.findall(r'"?([\w. -]+?)"? -> "?([\w. -]+?)"?\s*[;\[]', path.read_text(encoding="utf-8")):
        graph.setdefault(parent.strip(), {})[child.strip()] = 1
        graph.setdefault(child.strip(), {})
    return graph


def to_graph(lineage: Any) -> Graph:
    """Return the links of a lineage."""
    rows = lineage.stemma.to_pylist()
    graph: Graph = {row["label"]: {} for row in rows}
    for row in rows:
        if row["parent"] is not None:
            graph[rows[row["parent"]]["label"]][row["label"]] = 1
    return graph


def score_stemma(folder: Path, scorer: ModuleType, root: str | None) -> list[list[Any]]:
    """Return skeleton and orientation of this program's stemma, of a star and of neighbour joining."""
    import variorum

    true = read_dot(folder / "true_stemma.dot")
    collation = variorum.collate(sorted(folder.glob("*.txt")))
    sigla = collation.sigla
    lineage = variorum.lineage(collation, root=root)
    found = {"variorum" + (f", root {root} known" if root else ""): to_graph(lineage)}
    star: Graph = {"centre": dict.fromkeys(sigla, 1), **{s: {} for s in sigla}}
    found |= {"star": star, "neighbour joining": join_neighbours(collation)}
    return [[name, scorer.skeleton(true, graph, sigla), None if name == "neighbour joining" else scorer.orientation(true, graph, sigla)] for name, graph in found.items()]


def score_compression(folder: Path, scorer: ModuleType, n_moves: int) -> list[list[Any]]:
    """Return skeletons of the trees of least description length (`compression`), found from four starts: without a root, so without orientation."""
    import variorum
    from compression import grow_tree

    true = read_dot(folder / "true_stemma.dot")
    collation = variorum.collate(sorted(folder.glob("*.txt")))
    trees = [grow_tree(collation, n_moves, seed) for seed in range(4)]
    return [[f"compression (RHM), start {seed}, {length:.0f} bytes", scorer.skeleton(true, graph, collation.sigla), None] for seed, (graph, length) in enumerate(trees, 1)]


def join_neighbours(collation: Any) -> Graph:
    """Return the tree of neighbour joining (Saitou and Nei 1987) on the share of varied loci at which two witnesses differ, missing ones left out."""
    import csv
    import io

    rows = list(csv.reader(io.StringIO(collation.to_distances())))
    names = rows[0][1:]
    distance = {(a, b): float(cell or 1.0) for a, *cells in rows[1:] for b, cell in zip(names, cells, strict=True)}
    graph: Graph = {name: {} for name in names}
    left = list(names)
    while len(left) > 2:
        total = {a: sum(distance[a, b] for b in left if b != a) for a in left}
        _, a, b = min(((len(left) - 2) * distance[x, y] - total[x] - total[y], x, y) for x in left for y in left if x < y)
        new = f"({len(graph)})"
        graph[new] = {a: 1, b: 1}
        for c in left:
            if c not in (a, b):
                distance[new, c] = distance[c, new] = (distance[a, c] + distance[b, c] - distance[a, b]) / 2
        left = [c for c in left if c not in (a, b)] + [new]
    graph[left[-1]][left[0]] = 1
    return graph


def score_letters(folder: Path) -> list[Any]:
    """Return how many pairs of versions come in the order of their names, which are their dates, where the lineage is told no date.

    Versions of equal text have no order and are left out; a pair of which none is said to come first counts as not told.
    """
    import variorum

    files = sorted(p for p in folder.iterdir() if p.is_file())
    texts = {p.stem: p.read_text(encoding="utf-8") for p in files}
    lineage = variorum.lineage(texts)
    order = {row["label"]: row["position"] for row in lineage.stemma.to_pylist()}
    pairs = [(a, b) for k, a in enumerate(sorted(texts)) for b in sorted(texts)[k + 1 :] if texts[a] != texts[b]]
    right = sum(order[a] < order[b] for a, b in pairs)
    open_ = sum(order[a] == order[b] for a, b in pairs)
    return [folder.name, len(texts), len(pairs), right / len(pairs), open_ / len(pairs)]
