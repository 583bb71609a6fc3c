"""Lost sources: where two neighbours of a node share readings that the node itself lacks, all over the text.

If a node's child has, again and again, what the node's parent has and the node has not, the child was not taken from the node but from something
between the two (the reversion test). If two children of a node share readings that the node lacks, they come from something below it. Both are
one question: what do two neighbours share against the node between them? Three things can be the cause, and each says something else of
where along the text the shared readings lie:

- chance: few, at the rate at which two copyists hit upon the same reading;
- a second source: in stretches, in which all is shared, and outside which hardly anything is;
- a lost source: all over the text, at one rate.

The lost source is taken where it is likelier than the other two. The first is a binomial whose rate is a setting. How often stretches come and how long they
are is as little known as the rate at which a lost source shares: both are averaged over, the one over some two-state chains, the other wholly (a beta-binomial).
"""

from __future__ import annotations

from math import lgamma, log

import numpy as np

from variorum.kernels.sharing import follow_stretches, weigh_shared
from variorum.stemmas.events import FACTORS, OMITTED
from variorum.stemmas.trees import Tree

CHANCE, CERTAIN = 0.03, 0.97
"""Share of a copyist's changes that another hits upon too; share of a source's readings that a stretch taken from it has."""
STRETCHES_APART, STRETCH = 1500.0, 120.0
"""Words between two stretches from a second source, and in one."""
CHAINS = tuple((1.0 / apart, 1.0 / stretch) for apart in (400.0, STRETCHES_APART) for stretch in (60.0, STRETCH))
"""Rates at which stretches from a second source may begin and end."""
MIN_WEIGHT = 3.0
"""Least weight of what must be shared, in events of one word."""
MIN_ODDS = 3.0
"""How much likelier a lost source must be, in nats."""


def insert_losses(tree: Tree, places: np.ndarray) -> int:
    """Insert lost sources into a tree until no more is called for; return how many.

    Args:
        tree: changed in place.
        places: float64[events]: where each event lies, in words.
    """
    found = 0
    refused: set[tuple[int, int, int]] = set()
    gains: dict[int, list[tuple[float, int, int, int]]] = {}
    dirty = set(range(len(tree.parents)))
    while True:
        around = tree.neighbours()
        for node in dirty:
            gains[node] = _weigh_pairs(tree, node, around[node])
        dirty = set()
        best = max((g for node in gains for g in gains[node] if g[1:] not in refused), default=None, key=lambda g: (g[0], -g[1], -g[2], -g[3]))
        if best is None:
            return found
        _, node, a, b = best
        if rate_loss(tree, places, node, a, b) < MIN_ODDS:
            refused.add((node, a, b))
            continue
        dirty = _insert(tree, node, a, b)
        found += 1
        refused = {r for r in refused if r[0] not in dirty}


def rate_loss(tree: Tree, places: np.ndarray, node: int, a: int, b: int) -> float:
    """Return by how many nats a lost source beats chance and a second source as the reason of what `a` and `b` share against `node`."""
    events, rows = tree.events, tree.readings[[node, a, b]]
    usable = (rows >= 0).all(axis=0) & (events.classes < OMITTED)
    sides = [b] if tree.parents[node] == a else [a] if tree.parents[node] == b else [a, b]
    # Where one of the two is the node's parent, what may have come back are the node's own changes: the places where it differs from that one.
    if len(sides) == 1:
        return _compare(usable & (rows[0] != rows[1 if sides[0] == b else 2]), rows, places)
    return min(_compare(usable & (rows[0] != rows[k]), rows, places) for k in (1, 2))


def _compare(trials: np.ndarray, rows: np.ndarray, places: np.ndarray) -> float:
    """Return the log-odds of a lost source, by the events at which something might be shared."""
    at = np.flatnonzero(trials)
    at = at[np.argsort(places[at], kind="stable")]
    hits = rows[1, at] == rows[2, at]
    n, k = len(at), int(hits.sum())
    chance = k * log(CHANCE) + (n - k) * log(1.0 - CHANCE)
    rates = np.full(n, CHANCE)
    stretches = float(np.logaddexp.reduce([follow_stretches(places[at], hits, *chain, rates, CERTAIN) for chain in CHAINS])) - log(len(CHAINS))
    return lgamma(k + 1) + lgamma(n - k + 1) - lgamma(n + 2) - max(chance, stretches)


def _weigh_pairs(tree: Tree, node: int, around: list[int]) -> list[tuple[float, int, int, int]]:
    """Return the pairs of neighbours of a node that share enough against it: (weight, node, neighbour, neighbour)."""
    if len(around) < 2:
        return []
    shared = np.empty((len(around), len(around)))
    events = tree.events
    weigh_shared(tree.readings, np.array(around, np.int64), node, events.commonest, events.weights, events.kinds, FACTORS, shared)
    pairs = zip(*np.nonzero(np.triu(shared >= MIN_WEIGHT, 1)), strict=True)
    return [(float(shared[i, j]), node, around[i], around[j]) for i, j in pairs]


def _insert(tree: Tree, node: int, a: int, b: int) -> set[int]:
    """Insert a lost source that `a` and `b` come from, or lead to and come from; return the nodes whose neighbours are others now."""
    rows = tree.readings
    middle = np.where((rows[a] == rows[b]) & (rows[a] >= 0), rows[a], np.where(rows[node] >= 0, rows[node], np.maximum(rows[a], rows[b])))
    above = int(tree.parents[node])
    if above in (a, b):
        children = [node, b if above == a else a]
        new = tree.insert(middle, above, children)
    else:
        children = [a, b]
        new = tree.insert(middle, node, children)
    touched = {new, node, a, b}
    around = tree.children()
    for other in [*around[node], *(around[int(tree.parents[new])])]:
        if other in (new, node):
            continue
        now = int(tree.parents[other])
        own = tree.readings[other]
        if tree.events.rate(own, tree.readings[new]).sum() < tree.events.rate(own, tree.readings[now]).sum():
            tree.parents[other] = new
            touched |= {other, now}
    touched |= {int(p) for p in tree.parents[list(touched)] if p >= 0}
    tree.refit(1)
    return touched
