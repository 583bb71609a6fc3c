"""The habits of the copyists of a tradition, which tell which end of a link was first.

Two kinds of change have a direction, though not the same in every tradition: a word or three left out where another text has them (who copies by hand
loses words; who revises adds some), and a word that stands nowhere else where another has one that does (a slip; or the word that a slip replaced). How
often each goes one way is learnt from the tree itself: a text from which none comes is hardly the root, so that the links at the ends of the tree have
their direction, and what the copyists there did, those in the middle did too. Roots and habits are estimated in turn (Dempster, Laird and Rubin 1977).
"""

from __future__ import annotations

import numpy as np

from variorum.kernels.branching import OMITTED as NOTHING
from variorum.stemmas.events import WORDS
from variorum.stemmas.trees import Tree

SHORT = 1.0 + np.log(3.0) + 1e-9
"""Greatest weight of an event of three words."""
EVEN = 10.0
"""Changes each way that are supposed beforehand of each kind, so that few changes say little."""
ROUNDS = 8
"""Times that roots and habits are estimated."""


def count_directed(tree: Tree) -> np.ndarray:
    """Return by node the changes on the link to it that have a direction (float64[nodes, kinds, 2]): as copyists would do, and the other way round.

    Kinds: short omissions; words that stand nowhere else. What one text alone has from which others come tells nothing: they all put it right.
    """
    events, readings = tree.events, tree.readings
    at = np.arange(len(events))
    holders = np.zeros(events.kinds.shape, np.int32)
    for row in readings[: tree.n_held]:
        there = row >= 0
        holders[at[there], row[there]] += 1
    degree = np.array([len(around) for around in tree.neighbours()])
    found = np.zeros((len(tree.parents), 2, 2))
    for node, parent in enumerate(tree.parents.tolist()):
        if parent < 0:
            continue
        given, taken = readings[parent], readings[node]
        e = np.flatnonzero((given != taken) & (given >= 0) & (taken >= 0))
        a, b = given[e], taken[e]
        own = np.zeros(len(e), bool)
        for end, reading in ((parent, a), (node, b)):
            own |= (holders[e, reading] == 1) & (end < tree.n_held) & (degree[end] > 1)
        none_a, none_b = events.kinds[e, a] == NOTHING, events.kinds[e, b] == NOTHING
        short = (events.classes[e] == WORDS) & (events.weights[e] <= SHORT)
        rare_a, rare_b = events.rare[e, a], events.rare[e, b]
        worded = ~none_a & ~none_b & ~own
        found[node] = [[(short & none_b & ~none_a).sum(), (short & none_a & ~none_b).sum()], [(worded & rare_b & ~rare_a).sum(), (worded & rare_a & ~rare_b).sum()]]
    return found


def learn_habits(counts: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """Return for each kind the log-odds that such a change goes as copyists do (float64[kinds]).

    Args:
        counts: see `count_directed`.
        turned: float64[nodes]: probability that the link to the node runs the other way.
    """
    back = turned[:, None]
    loss = (counts[:, :, 0] * (1.0 - back) + counts[:, :, 1] * back).sum(axis=0)
    gain = (counts[:, :, 1] * (1.0 - back) + counts[:, :, 0] * back).sum(axis=0)
    return np.log((EVEN + loss) / (EVEN + gain))
