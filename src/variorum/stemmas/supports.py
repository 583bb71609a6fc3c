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


ONE_THREAD = 250_000
"""Multiplications of a product of matrices that OpenBLAS does in one thread (interface/gemm.c: 2**18)."""
MAX_RETURN = 20.0
"""Greatest certainty, in nats, of returned readings that counts."""

# How often links were right, by what is known of them: 13,223 links of traditions made by the simulator of the benchmarks, seeds 20 to 39 and 60 to 99 of 1,000
# words, 20 to 99 of 150, 10 and 30 witnesses, sources lost or not, dates whole, wrong, missing or none. First a logistic regression, then, since it is straight
# where the truth is not, an isotonic table over what it says. Seeds 0 to 19 were not looked at; what they give is in the documentation.
_INTERCEPT, _SHARE, _CHANGED, _RETURNED, _LOST, _LOSSY, _MANY = 2.612, 0.521, 1.466, -0.803, 0.218, -1.132, 0.269
_SAID = np.array([0.0, 0.064, 0.152, 0.252, 0.353, 0.454, 0.550, 0.653, 0.755, 0.844, 0.909, 0.947, 0.971, 0.984, 0.993, 0.997, 1.0])
_RIGHT = np.array([0.185, 0.235, 0.277, 0.297, 0.333, 0.391, 0.456, 0.614, 0.766, 0.882, 0.937, 0.955, 0.959, 0.985, 0.994, 0.997, 0.998])


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
    sampled = _multiply(costs.astype(np.float32), samples[at]) + base[:, None]
    winners = np.bincount(len(others) - np.argmin(sampled[::-1], axis=0), minlength=len(others) + 1)
    return Rivals(others, total[:-1] - total[-1], winners / samples.shape[1])


def _multiply(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return a product of matrices, made in parts that OpenBLAS gives to one thread: threads that wait for each other on a busy machine cost more than the product."""
    step = max(1, ONE_THREAD // max(1, one.size))
    return np.concatenate([one @ two[:, k : k + step] for k in range(0, two.shape[1], step)], axis=1)


def weigh_turning(tree: Tree, *, known: bool = False) -> np.ndarray:
    """Return for each node the probability that the link to it runs the other way: that the root lies on its side; 0 where the root is `known`."""
    if known:
        return np.zeros(len(tree.parents))
    weights = weigh_roots(tree)
    for node in reversed(tree.downwards()):
        if tree.parents[node] >= 0:
            weights[tree.parents[node]] += weights[node]
    return np.where(tree.parents >= 0, np.minimum(1.0, weights), 0.0)


def rate_support(tree: Tree, node: int, rivals: Rivals, turning: float, p_returned: float | None, mean_changed: float) -> float:
    """Return the support of the link to a node: how often links of which as much was said were right.

    Where the parent is lost, samples in which another lost source is the parent speak for the link as well: what is claimed is that the source is lost.

    Args:
        turning: see `weigh_turning`.
        p_returned: probability of so many returned readings in a direct copy; None where one of the two is lost.
        mean_changed: readings that change on a link of the lineage, on the average: the fewer, the less there is to tell texts apart by.
    """
    share = rivals.shares[-1]
    lost = bool(tree.parents[node] >= tree.n_held)
    if lost:
        share += rivals.shares[:-1][rivals.nodes >= tree.n_held].sum()
    odds = np.log((N_SAMPLES * share + 1.0) / (N_SAMPLES * max(0.0, 1.0 - share) + 1.0))
    returned = 0.0 if p_returned is None else min(MAX_RETURN, -np.log(max(p_returned, 1e-300))) / 5.0
    score = _INTERCEPT + _SHARE * odds + _CHANGED * (np.log1p(mean_changed) - 3.0) + _RETURNED * returned + _LOST * lost + _LOSSY * (not tree.is_whole) + _MANY * np.log(tree.n_held)
    return float(np.interp((1.0 - turning) / (1.0 + np.exp(-score)), _SAID, _RIGHT))
