"""A tree of descent while it is built: readings of all nodes, held and lost, and who comes from whom."""

from __future__ import annotations

import numpy as np

from variorum.kernels.branching import MISSING, find_arborescence, measure_costs
from variorum.stemmas.datings import Datings, cost_lateness, measure_lateness
from variorum.stemmas.events import FACTORS, Events

ROOT_COST = 1e9
"""What a second root costs: more than all text together."""


class Tree:
    """Nodes from 0: the members, then lost sources.

    Attributes:
        events, datings: what the members differ in, and when they were made.
        n_held: number of members.
        early: float64[members]: what a member says of itself that speaks for its being the earliest, in nats.
        readings: int32[nodes, events]; a lost source's are those that its neighbours let expect.
        parents: int64[nodes], -1 at the root.
    """

    def __init__(self, events: Events, datings: Datings, early: np.ndarray | None = None) -> None:
        """Take the members; `connect` gives them parents."""
        self.events, self.datings = events, datings
        self.n_held = len(events.readings)
        self.early = np.zeros(self.n_held) if early is None else early
        self.readings = events.readings
        self.parents = np.full(self.n_held, -1, np.int64)
        self._measured: tuple[np.ndarray, np.ndarray] | None = None  # of the members alone, whose readings stay as they are

    @property
    def is_whole(self) -> bool:
        """Whether no lost source stands in it."""
        return len(self.parents) == self.n_held

    def children(self) -> list[list[int]]:
        """Return the children of each node, in order."""
        found: list[list[int]] = [[] for _ in self.parents]
        for child, parent in enumerate(self.parents.tolist()):
            if parent >= 0:
                found[parent].append(child)
        return found

    def neighbours(self) -> list[list[int]]:
        """Return the children of each node and then its parent."""
        found = self.children()
        for node, parent in enumerate(self.parents.tolist()):
            if parent >= 0:
                found[node].append(parent)
        return found

    def walk(self) -> list[int]:
        """Return the nodes depth-first: each with what comes from it, by the earliest date there, and the longest line last."""
        children = self.children()
        n = len(self.parents)
        reach, early = np.zeros(n), np.full(n, np.inf)
        days = [self.datings.middle(node) for node in range(self.n_held)]
        early[: self.n_held] = days
        for node in reversed(self.downwards()):
            parent = int(self.parents[node])
            if parent >= 0:
                reach[parent], early[parent] = max(reach[parent], reach[node] + 1), min(early[parent], early[node])
        found: list[int] = []
        stack = np.flatnonzero(self.parents < 0).tolist()
        while stack:
            node = stack.pop()
            found.append(node)
            stack += sorted(children[node], key=lambda c: (early[c], reach[c], c), reverse=True)
        return found

    def downwards(self) -> list[int]:
        """Return the nodes so that each comes after its parent."""
        children = self.children()
        found = np.flatnonzero(self.parents < 0).tolist()
        for node in found:  # grows
            found += children[node]
        return found

    def number_depth_first(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the number of each node in depth-first order, and the number after the last one below it."""
        n = len(self.parents)
        children = self.children()
        entry, leave = np.zeros(n, np.int64), np.zeros(n, np.int64)
        counter = 0
        stack = [(root, False) for root in np.flatnonzero(self.parents < 0)[::-1].tolist()]
        while stack:
            node, done = stack.pop()
            if done:
                leave[node] = counter
                continue
            entry[node] = counter
            counter += 1
            stack.append((node, True))
            stack += [(child, False) for child in reversed(children[node])]
        return entry, leave

    def find_sources(self) -> np.ndarray:
        """Return the nearest held node above each node, -1 where there is none."""
        source = np.full(len(self.parents), -1, np.int64)
        for node in self.downwards():
            parent = int(self.parents[node])
            if parent >= 0:
                source[node] = parent if parent < self.n_held else source[parent]
        return source

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the first and last day of each node; a lost source is not later than what comes from it."""
        n = len(self.parents)
        first, last = np.full(n, -np.inf), np.full(n, np.inf)
        first[: self.n_held], last[: self.n_held] = self.datings.first, self.datings.last
        for node in reversed(self.downwards()):
            parent = self.parents[node]
            if parent >= self.n_held:
                last[parent] = min(last[parent], last[node])
        return first, last

    def measure(self) -> tuple[np.ndarray, np.ndarray]:
        """Return by taker and source what the text costs, and the weight of the events that both cover."""
        if self.is_whole and self._measured is not None:
            return self._measured
        n = len(self.readings)
        costs, covered = np.empty((n, n)), np.empty((n, n))
        measure_costs(self.readings, self.events.commonest, self.events.weights, self.events.kinds, FACTORS, costs, covered)
        # What the source does not cover it cannot have given: it costs as much as the taker changes elsewhere, or more.
        own = np.diag(covered)[:, None]
        gaps = np.maximum(0.0, own - covered)
        rate = np.maximum(costs / np.maximum(covered, 1.0), 0.02)
        found = costs + gaps * np.minimum(0.5, 1.5 * rate), covered
        if self.is_whole:
            self._measured = found
        return found

    def cost_links(self) -> np.ndarray:
        """Return by taker and source what a link costs: text and dates."""
        zoned = np.zeros(len(self.parents), bool)
        zoned[: self.n_held] = self.datings.zoned
        return self.measure()[0] + cost_lateness(measure_lateness(*self.bounds(), zoned))

    def connect(self, costs: np.ndarray, roots: np.ndarray | None = None) -> None:
        """Give every node the parent it has in the tree of least cost; `roots` adds to what it costs that a node is the root."""
        n = len(costs)
        table = np.full((n + 1, n + 1), np.inf)
        table[1:, 1:] = costs
        np.fill_diagonal(table, np.inf)
        table[1:, 0] = ROOT_COST + (0.0 if roots is None else roots)
        parents = np.empty(n + 1, np.int64)
        find_arborescence(table, parents)
        self.parents = parents[1:] - 1

    def insert(self, readings: np.ndarray, parent: int, children: list[int]) -> int:
        """Add a lost source between a node (-1: it becomes the root) and some others; return its number."""
        node = len(self.parents)
        self.readings = np.concatenate([self.readings, readings[None].astype(np.int32)])
        self.parents = np.append(self.parents, parent)
        self.parents[children] = node
        return node

    def prune(self) -> None:
        """Take out lost sources with fewer than two children; one at the root needs two as well."""
        while True:
            counts = np.bincount(self.parents[self.parents >= 0], minlength=len(self.parents))
            bad = np.flatnonzero(counts[self.n_held :] < 2) + self.n_held
            if not len(bad):
                return
            node = int(bad[0])
            self.parents[self.parents == node] = self.parents[node]
            self.parents = np.delete(self.parents, node)
            self.parents[self.parents > node] -= 1
            self.readings = np.delete(self.readings, node, axis=0)

    def refit(self, sweeps: int = 3) -> None:
        """Give each lost source the readings that most of its neighbours have; its parent's, where they are even."""
        around = self.neighbours()
        at = np.arange(len(self.events))
        for _ in range(sweeps):
            for node in range(self.n_held, len(self.parents)):
                rows = self.readings[around[node]]
                counts = np.zeros((int(rows.max(initial=0)) + 1, len(self.events)), np.float32)
                for neighbour, row in zip(around[node], rows, strict=True):
                    there = row >= 0
                    counts[row[there], at[there]] += 1.1 if neighbour == self.parents[node] else 1.0
                self.readings[node] = np.where(counts.max(axis=0, initial=0) > 0, counts.argmax(axis=0), MISSING)

    def turn(self, root: int) -> None:
        """Make another node the root: the links between it and the root it had are turned."""
        path = [root]
        while self.parents[path[-1]] >= 0:
            path.append(int(self.parents[path[-1]]))
        for node, below in zip(path[1:], path[:-1], strict=True):
            self.parents[node] = below
        self.parents[root] = -1
