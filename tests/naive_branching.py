"""Slow, obvious twins of the kernels of lineages: plain Python over lists; see naive.py."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

Readings = Sequence[Sequence[int]]


def costs(readings: Readings, weights: Sequence[float]) -> tuple[list[list[float]], list[list[float]]]:
    """Weight of the events at which each two differ, and of those that both cover."""
    n = range(len(readings))
    both = [[[e for e, w in enumerate(weights) if readings[i][e] >= 0 and readings[j][e] >= 0] for j in n] for i in n]
    differ = [[sum(weights[e] for e in both[i][j] if readings[i][e] != readings[j][e]) for j in n] for i in n]
    return differ, [[sum(weights[e] for e in both[i][j]) for j in n] for i in n]


def arborescence(costs: Sequence[Sequence[float]]) -> float:
    """Cost of the cheapest tree from node 0, `costs` by head and tail: all choices of parents are tried. Infinite where there is none."""
    n = len(costs)
    best = math.inf
    for choice in itertools.product(range(n), repeat=n - 1):
        parents = [-1, *choice]
        if all(_reaches_root(node, parents) for node in range(n)):
            best = min(best, sum(costs[node][parents[node]] for node in range(1, n)))
    return best


def _reaches_root(node: int, parents: Sequence[int]) -> bool:
    for _ in range(len(parents)):
        if node == 0:
            return True
        node = parents[node]
    return node == 0


def shared(readings: Readings, around: Sequence[int], node: int, weights: Sequence[float]) -> list[list[float]]:
    """Weight of the readings that each two neighbours share and the node has otherwise."""

    def weigh(a: int, b: int) -> float:
        if a == b:
            return 0.0
        rows = [readings[k] for k in (node, a, b)]
        return sum(w for w, own, x, y in zip(weights, *rows, strict=True) if own >= 0 and x >= 0 and x == y != own)

    return [[weigh(a, b) for b in around] for a in around]


def rows_of_states(places: Sequence[float], hits: Sequence[bool], rates: tuple[float, float], chances: tuple[float, float]) -> dict[tuple[int, ...], float]:
    """Probability of hits under every row of two hidden states."""
    enter, leave = rates
    share = enter / (enter + leave)
    found = {}
    for states in itertools.product((0, 1), repeat=len(places)):
        p = 1.0
        for k, state in enumerate(states):
            if k == 0:
                inside = share
            else:
                stay = math.exp(-(enter + leave) * (places[k] - places[k - 1]))
                inside = share + (states[k - 1] - share) * stay
            p *= inside if state else 1.0 - inside
            p *= chances[state] if hits[k] else 1.0 - chances[state]
        found[states] = p
    return found
