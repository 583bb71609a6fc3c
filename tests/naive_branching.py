"""Slow, obvious twins of the kernels of lineages: plain Python over lists; see naive.py."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

Readings = Sequence[Sequence[int]]


OTHER, SPELLED, OMITTED = 0, 1, 2
FACTORS = (0.5, 0.25, 0.75)


def change(taken: int, given: int, commonest: int, kinds: Sequence[int]) -> float:
    """What a change of reading counts: an omission, a slip put right, another spelling, other words."""
    spelling, slip, omission = FACTORS
    if taken == given:
        return 0.0
    if kinds[taken] == OMITTED:
        return omission
    if (kinds[taken], kinds[given]) == (SPELLED, SPELLED):
        return spelling * slip if taken == commonest else spelling
    return 1.0


def costs(readings: Readings, commonest: Sequence[int], weights: Sequence[float], kinds: Readings) -> tuple[list[list[float]], list[list[float]]]:
    """What it costs each to take from each, and the weight of the events that both cover."""
    n = range(len(readings))
    both = [[[e for e, w in enumerate(weights) if readings[i][e] >= 0 and readings[j][e] >= 0] for j in n] for i in n]
    differ = [[sum(weights[e] * change(readings[i][e], readings[j][e], commonest[e], kinds[e]) for e in both[i][j]) for j in n] for i in n]
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


def shared(readings: Readings, around: Sequence[int], node: int, commonest: Sequence[int], weights: Sequence[float], kinds: Readings) -> list[list[float]]:
    """What it counts that each two neighbours share readings that the node has otherwise."""

    def weigh(a: int, b: int) -> float:
        if a == b:
            return 0.0
        total = 0.0
        for e, w in enumerate(weights):
            own, x, y = (readings[k][e] for k in (node, a, b))
            if own >= 0 and x >= 0 and x == y:
                total += w * change(x, own, commonest[e], kinds[e])
        return total

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
