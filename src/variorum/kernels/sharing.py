"""What neighbours in a tree share that the node between them lacks, and whether it lies in stretches or all over the text."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.branching import rate_change


@kernel
def weigh_shared(readings, around, node, commonest, weights, kinds, factors, shared):
    """Weigh the readings that two neighbours of a node share and the node has otherwise.

    Args:
        readings: int32[nodes, events], below 0 where a node does not cover the event.
        around: int64[neighbours].
        node: the node between them.
        commonest, weights, kinds, factors: as `branching.measure_costs` takes them; the node is the source.
        shared: float64[neighbours, neighbours], filled.
    """
    k, m = len(around), readings.shape[1]
    shared[:] = 0.0
    others = np.empty(k, np.int64)
    for e in range(m):
        own = readings[node, e]
        if own < 0:
            continue
        n = 0
        for a in range(k):
            r = readings[around[a], e]
            if r >= 0 and r != own:
                others[n] = a
                n += 1
        for x in range(n):
            for y in range(x):
                r = readings[around[others[x]], e]
                if r == readings[around[others[y]], e]:
                    w = weights[e] * rate_change(r, own, commonest[e], kinds[e], factors)
                    shared[others[x], others[y]] += w
                    shared[others[y], others[x]] += w


@kernel
def follow_stretches(places, hits, enter, leave, outside, inside):
    """Return the log-likelihood of a row of hits and misses under two hidden states that alternate along a text (forward algorithm).

    Args:
        places: float64[events]: where each lies, in words, rising.
        hits: bool[events].
        enter, leave: how often a stretch begins and ends, a word.
        outside, inside: probability of a hit at each event outside a stretch (float64[events]), and inside one.
    """
    share = enter / (enter + leave)
    within = share
    total = 0.0
    for k in range(len(places)):
        if k > 0:
            stay = np.exp(-(enter + leave) * (places[k] - places[k - 1]))
            within = share + (within - share) * stay
        a = inside if hits[k] else 1.0 - inside
        b = outside[k] if hits[k] else 1.0 - outside[k]
        z = within * a + (1.0 - within) * b
        total += np.log(z)
        within = within * a / z
    return total


@kernel
def trace_stretches(places, hits, enter, leave, outside, inside, states):
    """Find the likeliest row of hidden states for a row of hits and misses, as `follow_stretches` takes them (Viterbi algorithm).

    Args:
        states: bool[events], filled: the event lies in a stretch. Of equal rows, the one that is outside for longer from the end.
    """
    n = len(places)
    share = enter / (enter + leave)
    back = np.empty((n, 2), np.int64)
    out, within = np.log(1.0 - share), np.log(share)
    for k in range(n):
        if k > 0:
            stay = np.exp(-(enter + leave) * (places[k] - places[k - 1]))
            to_in, to_stay = share - share * stay, share + (1.0 - share) * stay  # probability to be within, from outside and from within
            a, b = out + np.log(1.0 - to_in), within + np.log(1.0 - to_stay) if to_stay < 1.0 else -np.inf
            c, d = out + np.log(to_in) if to_in > 0.0 else -np.inf, within + np.log(to_stay)
            back[k, 0], back[k, 1] = 0 if a >= b else 1, 0 if c >= d else 1
            out, within = max(a, b), max(c, d)
        within += np.log(inside if hits[k] else 1.0 - inside)
        out += np.log(outside[k] if hits[k] else 1.0 - outside[k])
    state = 0 if out >= within else 1
    for k in range(n - 1, -1, -1):
        states[k] = state == 1
        if k > 0:
            state = back[k, state]
