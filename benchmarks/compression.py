"""A peer for lineages: the tree of least description length by compression (Roos, Heikkila and Myllymaki 2006, "RHM"), written for the benchmark after the paper.

The collation is cut into segments of `SEGMENT` words. What a segment costs given another version of it is what a compressor (zlib) needs more for both, one
after the other, than for the other alone. Leaves of a binary tree without root are the witnesses; each inner node has of each segment the version by which
the tree costs least (Sankoff 1975); a witness that lacks a segment costs nothing there. The tree is sought by simulated annealing: cut off a branch, put it in elsewhere.
"""

from __future__ import annotations

import random
import zlib
from typing import Any

import numpy as np

SEGMENT = 12
"""Words of a segment, about; the paper takes 10 to 20."""
HOT, COLD = 6.0, 0.3
"""Temperatures at the beginning and at the end, in bytes."""
_NEVER = 1e6
Edges = dict[int, set[int]]


def split_segments(collation: Any) -> list[list[str]]:
    """Return by segment what each witness has there, in the order of sigla; nothing where it lacks it."""
    rows = collation.readings.to_pylist()
    n = len(collation.sigla)
    texts = [collation.text(m) for m in range(n)]
    segments: list[list[str]] = []
    parts: list[list[str]] = [[] for _ in range(n)]
    longest = 0
    for first in range(0, len(rows), n):
        for member, row in enumerate(rows[first : first + n]):
            if row["reading"] is not None:
                parts[member].append(texts[member][row["start"] : row["end"]].strip())
        longest += max(row["n_tokens"] for row in rows[first : first + n])
        if longest >= SEGMENT or first + n >= len(rows):
            segments.append([" ".join(" ".join(part).split()) for part in parts])
            parts, longest = [[] for _ in range(n)], 0
    return [segment for segment in segments if len({s for s in segment if s}) > 1]


def measure_segments(segments: list[list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Return what each version of a segment costs given each (float64[segments, versions given, versions]), and what each witness costs as each (float64[segments, witnesses, versions])."""
    versions = [sorted({text for text in segment if text}) for segment in segments]
    most = max(len(v) for v in versions)
    costs = np.full((len(segments), most, most), _NEVER)
    leaves = np.full((len(segments), len(segments[0]), most), _NEVER)
    for s, (segment, known) in enumerate(zip(segments, versions, strict=True)):
        alone = [len(zlib.compress(text.encode(), 9)) for text in known]
        for i, given in enumerate(known):
            for j, text in enumerate(known):
                costs[s, i, j] = 0 if i == j else len(zlib.compress(f"{given} {text}".encode(), 9)) - alone[i]
        for member, text in enumerate(segment):
            leaves[s, member, : len(known)] = 0.0 if not text else np.where(np.array(known) == text, 0.0, _NEVER)
    return costs, leaves


def rate_tree(edges: Edges, costs: np.ndarray, leaves: np.ndarray) -> float:
    """Return what a tree costs, read from the first witness downwards."""

    def climb(node: int, above: int) -> np.ndarray:
        if node < leaves.shape[1] and above >= 0:
            return leaves[:, node]
        total = leaves[:, node].copy() if node < leaves.shape[1] else np.zeros_like(leaves[:, 0])
        for below in edges[node]:
            if below != above:
                total += (costs + climb(below, node)[:, None, :]).min(axis=2)
        return total

    return float(climb(0, -1).min(axis=1).sum())


def start_tree(n: int, rng: random.Random) -> Edges:
    """Return a binary tree over `n` leaves, drawn at random; inner nodes are numbered from `n`."""
    order = rng.sample(range(n), n)
    edges: Edges = {node: set() for node in range(2 * n - 2)}
    _tie(edges, order[0], order[1])
    for new, leaf in zip(range(n, 2 * n - 2), order[2:], strict=True):
        a, b = rng.choice([(a, b) for a in edges for b in edges[a] if a < b])
        _split(edges, (a, b), new)
        _tie(edges, new, leaf)
    return edges


def move_branch(edges: Edges, rng: random.Random) -> Edges:
    """Return the tree with one branch put in elsewhere."""
    out = {node: set(around) for node, around in edges.items()}
    joint = rng.choice([node for node, around in out.items() if len(around) == 3])
    branch = rng.choice(sorted(out[joint]))
    left, right = out[joint] - {branch}
    for node in (left, right):
        _untie(out, joint, node)
    _tie(out, left, right)
    inside, stack = {branch, joint}, [branch]
    while stack:
        fresh = out[stack.pop()] - inside
        inside |= fresh
        stack += fresh
    a, b = rng.choice([(a, b) for a in out if a not in inside for b in out[a] if a < b and b not in inside])
    _split(out, (a, b), joint)
    return out


def _tie(edges: Edges, a: int, b: int) -> None:
    edges[a].add(b)
    edges[b].add(a)


def _untie(edges: Edges, a: int, b: int) -> None:
    edges[a].discard(b)
    edges[b].discard(a)


def _split(edges: Edges, edge: tuple[int, int], middle: int) -> None:
    """Put a node into an edge."""
    _untie(edges, *edge)
    for end in edge:
        _tie(edges, middle, end)


def grow_tree(collation: Any, n_moves: int, seed: int) -> tuple[dict[str, dict[str, int]], float]:
    """Return the tree of least description length that so many moves lead to, as links between labels, and its length in bytes."""
    rng = random.Random(seed)
    sigla = collation.sigla
    costs, leaves = measure_segments(split_segments(collation))
    tree = start_tree(len(sigla), rng)
    now = rate_tree(tree, costs, leaves)
    best = now, tree
    for k in range(n_moves):
        other = move_branch(tree, rng)
        length = rate_tree(other, costs, leaves)
        if length <= now or rng.random() < np.exp((now - length) / (HOT * (COLD / HOT) ** (k / n_moves))):
            tree, now = other, length
            best = min(best, (now, tree), key=lambda b: b[0])
    labels = [*sigla, *(f"({k})" for k in range(len(sigla), 2 * len(sigla) - 2))]
    return {labels[a]: {labels[b]: 1 for b in around if a < b} for a, around in best[1].items()}, best[0]
