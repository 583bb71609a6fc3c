"""From a collation and dates to a tree over all its members: equal texts are one node while the tree is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from variorum.stemmas.datings import Datings
from variorum.stemmas.events import find_events, split_plain
from variorum.stemmas.inferring import infer_tree
from variorum.stemmas.notices import Notices, rate_early, read_notices
from variorum.stemmas.sources import SecondSource, find_second_sources
from variorum.stemmas.supports import Rivals, find_rivals, weigh_turning
from variorum.stemmas.texts import Texts
from variorum.stemmas.trees import Tree


@dataclass(frozen=True)
class Descent:
    """Who comes from whom.

    Attributes:
        texts: the members that are collated, as arrays.
        datings: their dates.
        tree: over the different texts, in an order that does not depend on that of input.
        rivals, turning: by node of the tree, see `supports`.
        second: the second sources.
        held: int64[held nodes]: by node, the member that stands for it: the earliest of equal texts.
        node_of: int64[members]: by member, its node.
        notices: by member, what it says of itself.
    """

    texts: Texts
    datings: Datings
    tree: Tree
    rivals: list[Rivals]
    turning: np.ndarray
    second: list[SecondSource]
    held: np.ndarray
    node_of: np.ndarray
    notices: list[Notices]

    def pairs(self) -> list[tuple[int, int]]:
        """Return the members between which there is a link, as (parent, child): copies of one text, and held nodes whose parent is held."""
        copies = [(int(self.held[node]), m) for m, node in enumerate(self.node_of.tolist()) if self.held[node] != m]
        parents = self.tree.parents[: self.tree.n_held].tolist()
        return copies + [(int(self.held[p]), int(self.held[node])) for node, p in enumerate(parents) if 0 <= p < self.tree.n_held]

    def copies(self, node: int) -> np.ndarray:
        """Return the members that have the text of a node."""
        return np.flatnonzero(self.node_of == node)


def find_descent(tables: tuple[pa.Table, pa.Table, pa.Table], texts: Texts, keys: Sequence[tuple[object, ...]], datings: Datings, root: int | None = None) -> Descent:
    """Return the tree of descent of the members of a collation.

    Args:
        tables: `loci`, `readings` and `blocks`.
        texts: what the members have that are collated, of the same tables.
        keys: by member: what its text is and its siglum; members whose first part is equal have one text. Sorting by it must not depend on the order of input.
        datings: by member.
        root: the member that all others come from, where it is known.
    """
    loci, readings, blocks = tables
    counts = Counter(word for text in texts.texts for word in split_plain(text.casefold()))
    events = find_events(loci, readings, blocks, texts.find_marked(), texts.words, counts)
    notices = read_notices(texts.texts)
    order = sorted(range(len(keys)), key=lambda m: (datings.last[m], datings.first[m], keys[m]))
    chosen: dict[object, int] = {}
    for member in order:
        chosen.setdefault(keys[member][0], member)
    # In the order of their texts: ties between equal costs then fall alike whatever the dates.
    nodes = np.array([chosen[key] for key in sorted(chosen, key=lambda k: keys[chosen[k]])], np.int64)
    number = {keys[m][0]: k for k, m in enumerate(nodes.tolist())}
    places = texts.column[events.first].astype(np.float64)
    early = rate_early([notices[m] for m in nodes.tolist()])
    tree = infer_tree(events.take(nodes), datings.take(nodes), places, None if root is None else number[keys[root][0]], early)
    node_of = np.array([number[key[0]] for key in keys], np.int64)
    return Descent(texts, datings, tree, find_rivals(tree), weigh_turning(tree, known=root is not None), find_second_sources(tree, places), nodes, node_of, notices)
