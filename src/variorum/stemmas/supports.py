"""How sure a link is: its rivals under resampled events, and the rate at which such links were right in made traditions.

The events are resampled by weights drawn from Poisson(1), which is the bootstrap without a fixed total (Felsenstein 1985 for trees).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from variorum.stemmas.datings import cost_lateness, measure_lateness
from variorum.stemmas.roots import weigh_roots
from variorum.stemmas.trees import Tree

N_SAMPLES = 200
N_RIVALS = 8
"""Other parents of a node that are looked at."""


# Share of the links that were right, by what the samples and the root's place said of them: traditions of the simulator of the benchmarks, seeds
# 100 to 129, 10 and 30 witnesses, sources lost or not, dates whole, wrong, missing, or none at all. Seeds 0 to 19 were not looked at.
_SAID = np.array([0.0, 0.45, 0.65, 0.75, 0.85, 0.95, 0.99, 1.0])
_RIGHT = np.array([0.0, 0.66, 0.68, 0.80, 0.90, 0.975, 0.993, 0.997])


@dataclass(frozen=True)
class Rivals:
    """What else might be the parent of a node, by what it costs more.

    Attributes:
        nodes: int64[rivals].
        worse: float64[rivals].
        shares: float64[rivals + 1]: share of the samples each wins; that of the parent itself is last.
    """

    nodes: np.ndarray
    worse: np.ndarray
    shares: np.ndarray


def find_rivals(tree: Tree, seed: int = 1) -> list[Rivals]:
    """Return for each node what else might be its parent; nothing for the root."""
    n = len(tree.parents)
    zoned = np.append(tree.datings.zoned, np.zeros(n - tree.n_held, bool))
    late = cost_lateness(measure_lateness(*tree.bounds(), zoned))
    costs = tree.measure()[0] + late
    samples = np.random.default_rng(seed).poisson(1.0, (len(tree.events), N_SAMPLES)).astype(np.float32)
    entry, leave = tree.number_depth_first()
    found = []
    none = np.zeros(0)
    for node in range(n):
        parent = int(tree.parents[node])
        if parent < 0:
            found.append(Rivals(np.zeros(0, np.int64), none, np.ones(1)))
            continue
        free = (entry < entry[node]) | (entry >= leave[node])  # not below the node
        free[parent] = False
        others = np.flatnonzero(free)
        others = others[np.argsort(costs[node, others], kind="stable")][:N_RIVALS]
        found.append(_compare(tree, node, others, late[node], samples))
    return found


def _compare(tree: Tree, node: int, others: np.ndarray, late: np.ndarray, samples: np.ndarray) -> Rivals:
    """Return the rivals `others` of a node's parent."""
    parent = int(tree.parents[node])
    own = tree.readings[node]
    rows = np.vstack([tree.readings[others], tree.readings[parent][None]])
    differ = (rows != own) & (rows >= 0) & (own >= 0)
    at = np.flatnonzero(differ.any(axis=0))
    costs = np.array([tree.events.rate(own[at], row[at], at) for row in rows])
    base = late[np.append(others, parent)]
    total = costs.sum(axis=1) + base
    sampled = costs.astype(np.float32) @ samples[at] + base[:, None]
    winners = np.bincount(len(others) - np.argmin(sampled[::-1], axis=0), minlength=len(others) + 1)
    return Rivals(others, total[:-1] - total[-1], winners / samples.shape[1])


def weigh_turning(tree: Tree, *, known: bool = False) -> np.ndarray:
    """Return for each node the probability that the link to it runs the other way: that the root lies on its side; 0 where the root is `known`."""
    if known:
        return np.zeros(len(tree.parents))
    weights = weigh_roots(tree)
    for node in reversed(tree.downwards()):
        if tree.parents[node] >= 0:
            weights[tree.parents[node]] += weights[node]
    return np.where(tree.parents >= 0, np.minimum(1.0, weights), 0.0)


def rate_support(tree: Tree, node: int, rivals: Rivals, turning: float) -> float:
    """Return the support of the link to a node: how often links of which as much was said were right.

    Where the parent is lost, samples in which another lost source is the parent speak for the link as well: what is claimed is that the source is lost.
    """
    share = rivals.shares[-1]
    if tree.parents[node] >= tree.n_held:
        share += rivals.shares[:-1][rivals.nodes >= tree.n_held].sum()
    return float(np.interp(share * (1.0 - turning), _SAID, _RIGHT))
