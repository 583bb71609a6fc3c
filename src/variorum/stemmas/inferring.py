"""The tree of descent of some members: least cost first, then lost sources, until nothing changes."""

from __future__ import annotations

import numpy as np

from variorum.stemmas.datings import Datings
from variorum.stemmas.events import Events
from variorum.stemmas.losses import insert_losses
from variorum.stemmas.roots import weigh_roots
from variorum.stemmas.trees import ROOT_COST, Tree

MAX_ROUNDS = 4


def infer_tree(events: Events, datings: Datings, places: np.ndarray, root: int | None = None, early: np.ndarray | None = None) -> Tree:
    """Return the tree of descent of members that differ, each in some event.

    Args:
        events: what they differ in.
        datings: when they were made.
        places: float64[events]: where each event lies, in words.
        root: the member that all others come from, where it is known.
        early: by member, see `Tree`.
    """
    tree = Tree(events, datings, early)
    tree.connect(tree.cost_links(), _favour(tree, root))
    for turn in range(MAX_ROUNDS):
        n = insert_losses(tree, places)
        if turn and not n:
            break
        before = tree.parents.copy()
        tree.connect(tree.cost_links(), _favour(tree, root))
        tree.prune()
        tree.refit()
        if len(before) == len(tree.parents) and (before == tree.parents).all():
            break
    tree.turn(int(np.argmax(weigh_roots(tree))) if root is None else root)
    return tree


def _favour(tree: Tree, root: int | None) -> np.ndarray | None:
    """Return what it costs more that a node is the root, where another is known to be it."""
    return None if root is None else np.where(np.arange(len(tree.readings)) == root, 0.0, ROOT_COST)
