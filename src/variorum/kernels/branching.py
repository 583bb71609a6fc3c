"""Costs of descent between witnesses, and the tree of least cost: a minimum arborescence."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

MISSING = -1


@kernel
def measure_costs(readings, commonest, weights, costs, covered):
    """Measure by how much every two witnesses differ, from the readings that are not the commonest of their event: few are.

    Args:
        readings: int32[witnesses, events], `MISSING` where a witness does not cover the event.
        commonest: int32[events]: a reading that few lack.
        weights: float64[events].
        costs: float64[witnesses, witnesses], filled: weight of the events at which they differ.
        covered: float64[witnesses, witnesses], filled: weight of the events that both cover; on the diagonal, that each covers.
    """
    n, m = readings.shape
    costs[:], covered[:] = 0.0, 0.0
    whole = 0.0
    own, lacked = np.zeros(n, np.float64), np.zeros(n, np.float64)  # weight of what is not the commonest; of what is not covered
    others = np.empty(n, np.int64)
    for e in range(m):
        k, w = 0, weights[e]
        whole += w
        for i in range(n):
            if readings[i, e] != commonest[e]:
                others[k] = i
                k += 1
        for a in range(k):
            i = others[a]
            if readings[i, e] < 0:
                lacked[i] += w
            else:
                own[i] += w
            for b in range(k):  # corrects the sum over both, below
                j = others[b]
                ri, rj = readings[i, e], readings[j, e]
                if ri < 0 and rj < 0:
                    covered[i, j] += w
                elif ri >= 0 and rj >= 0:
                    costs[i, j] -= 2.0 * w if ri == rj else w
                else:
                    costs[i, j] -= w
    for i in range(n):
        for j in range(n):
            costs[i, j] = max(0.0, costs[i, j] + own[i] + own[j])
            covered[i, j] = whole - lacked[i] + (covered[i, j] - lacked[j] if i != j else 0.0)


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
