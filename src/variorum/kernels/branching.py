"""Costs of descent between witnesses, and the tree of least cost: a minimum arborescence."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

MISSING = -1


OTHER, SPELLED, OMITTED = 0, 1, 2
"""Kinds of reading: other words than the commonest; the commonest, or that one spelled otherwise; no words."""


@kernel
def rate_change(taken, given, commonest, kinds, factors):
    """Return what it counts that a witness has one reading of an event where its source has another, beside a change of words (0..1).

    Args:
        taken, given: the readings; equal ones count 0.
        commonest: the commonest reading of the event.
        kinds: int8[readings], see `OTHER`.
        factors: float64[3]: what another spelling counts; what of it counts that a slip was put right (the source has another spelling, the taker
            the commonest); what an omission counts.
    """
    if taken == given:
        return 0.0
    if kinds[taken] == OMITTED:
        return factors[2]
    if kinds[taken] == OTHER or kinds[given] != SPELLED:
        return 1.0
    return factors[0] * factors[1] if taken == commonest else factors[0]


@kernel
def measure_costs(readings, commonest, weights, kinds, factors, costs, covered):
    """Measure what it costs that every witness took its text from every other, from the readings that are not the commonest of their event: few are.

    Args:
        readings: int32[witnesses, events], `MISSING` where a witness does not cover the event.
        commonest: int32[events]: a reading that few lack.
        weights: float64[events].
        kinds: int8[events, readings], factors: float64[3]: see `rate_change`.
        costs: float64[witnesses, witnesses], filled: by taker and source, weight of the events at which they differ.
        covered: float64[witnesses, witnesses], filled: weight of the events that both cover; on the diagonal, that each covers.
    """
    n, m = readings.shape
    costs[:], covered[:] = 0.0, 0.0
    whole = 0.0
    taken, given, lacked = np.zeros(n, np.float64), np.zeros(n, np.float64), np.zeros(n, np.float64)  # cost beside a witness that has the commonest everywhere; weight not covered
    one, two = np.zeros(n, np.float64), np.zeros(n, np.float64)  # the same at one event
    alone = np.zeros(n, np.float64)  # weight of the events that a witness covers and few others
    others, mine = np.empty(n, np.int64), np.empty(n, np.int32)  # who has another reading, and which: read once, since an event's readings lie far apart
    for e in range(m):
        k, w, common = 0, weights[e], commonest[e]
        for i in range(n):
            if readings[i, e] >= 0:
                others[k], mine[k] = i, readings[i, e]
                k += 1
        if 2 * k < n:  # few cover it: they alone are compared
            for a in range(k):
                alone[others[a]] += w
                for b in range(k):
                    costs[others[a], others[b]] += w * rate_change(mine[a], mine[b], common, kinds[e], factors)
                    covered[others[a], others[b]] += w
            continue
        k = 0
        whole += w
        for i in range(n):
            r = readings[i, e]
            if r == common:
                continue
            others[k], mine[k] = i, r
            k += 1
            one[i], two[i] = 0.0, 0.0
            if r < 0:
                lacked[i] += w
                continue
            one[i] = w * rate_change(r, common, common, kinds[e], factors)
            two[i] = w * rate_change(common, r, common, kinds[e], factors)
            taken[i] += one[i]
            given[i] += two[i]
        for a in range(k):
            i = others[a]
            for b in range(k):  # corrects the sum over both, below
                j = others[b]
                ri, rj = mine[a], mine[b]
                costs[i, j] -= one[i] + two[j]
                if ri >= 0 and rj >= 0:
                    costs[i, j] += w * rate_change(ri, rj, common, kinds[e], factors)
                elif ri < 0 and rj < 0:
                    covered[i, j] += w
    for i in range(n):
        for j in range(n):
            costs[i, j] = max(0.0, costs[i, j] + taken[i] + given[j])
            covered[i, j] = whole - lacked[i] + (covered[i, j] - lacked[j] if i != j else alone[i])


@kernel
def find_arborescence(costs, parents):
    """Find the tree of least cost that leads from node 0 to every other (Chu and Liu 1965, Edmonds 1967; dense, O(n^2), as in Tarjan 1977).

    Of equal edges the one of the smaller tail is taken.

    Args:
        costs: float64[n, n]: by head and tail; infinite where there is no edge.
        parents: int64[n], filled: the tail of each node's edge; -1 for node 0.

    Returns:
        False where a node cannot be reached.
    """
    n = len(costs)
    into = costs.copy()  # a slot stands for a component, at first a node
    tail, head = np.empty((n, n), np.int32), np.empty((n, n), np.int32)
    for h in range(n):
        for t in range(n):
            tail[h, t], head[h, t] = t, h
    active = np.ones(n, np.bool_)
    name = np.arange(n)  # by slot: its component
    inside = np.full(2 * n, -1, np.int64)  # by component: the one it was contracted into
    chosen_tail, chosen_head = np.full(2 * n, -1, np.int64), np.full(2 * n, -1, np.int64)
    chosen_cost = np.zeros(n, np.float64)  # by slot
    state = np.zeros(n, np.int64)  # 0 not seen, 1 on the path, 2 joined to the root
    state[0] = 2
    path = np.empty(n + 1, np.int64)
    n_names = n
    for start in range(1, n):
        if state[start] != 0 or not active[start]:
            continue
        length = 1
        path[0], state[start] = start, 1
        while True:
            v = path[length - 1]
            best, u = np.inf, -1
            for t in range(n):
                if active[t] and t != v and into[v, t] < best:
                    best, u = into[v, t], t
            if u < 0:
                return False
            chosen_tail[name[v]], chosen_head[name[v]], chosen_cost[v] = tail[v, u], head[v, u], best
            if state[u] == 2:
                for k in range(length):
                    state[path[k]] = 2
                break
            if state[u] == 0:
                path[length], state[u] = u, 1
                length += 1
                continue
            low = length - 1
            while path[low] != u:
                low -= 1
            for k in range(low, length):
                inside[name[path[k]]] = n_names
            for t in range(n):
                if not active[t]:
                    continue
                best, who = np.inf, u
                for k in range(low, length):
                    x = path[k]
                    if into[x, t] - chosen_cost[x] < best:
                        best, who = into[x, t] - chosen_cost[x], x
                into[u, t], tail[u, t], head[u, t] = best, tail[who, t], head[who, t]
            for h in range(n):
                if not active[h]:
                    continue
                best, who = np.inf, u
                for k in range(low, length):
                    x = path[k]
                    if into[h, x] < best:
                        best, who = into[h, x], x
                into[h, u], tail[h, u], head[h, u] = best, tail[h, who], head[h, who]
            for k in range(low + 1, length):
                active[path[k]] = False
            name[u] = n_names
            n_names += 1
            length = low + 1
    for component in range(n_names - 1, n - 1, -1):
        x = chosen_head[component]
        while inside[x] != component:
            x = inside[x]
        chosen_tail[x], chosen_head[x] = chosen_tail[component], chosen_head[component]
    for v in range(n):
        parents[v] = chosen_tail[v]
    parents[0] = -1
    return True
