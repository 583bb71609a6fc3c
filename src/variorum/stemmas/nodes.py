"""The tables STEMMA, LINKS and ALTERNATIVES of a descent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from variorum.stemmas.descents import Descent
from variorum.stemmas.relations import DOUBTED, is_doubtful, name_relation
from variorum.stemmas.sources import rate_second
from variorum.stemmas.supports import rate_support
from variorum.stemmas.texts import Texts

CHANCE = 0.03
"""Share of a copyist's changes by which a text has again what stands elsewhere, though it comes straight from its source."""
OPEN = 0.1
"""Probability that the root lies on the child's side, above which the direction of a link is open."""
WEAK = 0.5
"""Support below which no parent is named with confidence."""


Namings = dict[int, "tuple[int, int] | None"]


@dataclass(frozen=True)
class Numbering:
    """The numbers of the table STEMMA: those of the members, then lost sources.

    Attributes:
        members: by member that is collated: its number among all.
        n_members: how many there are, those that are not collated included.
    """

    members: np.ndarray
    n_members: int

    def find(self, number: int) -> int | None:
        """Return the place among the members that are collated; None of a lost source."""
        return int(np.searchsorted(self.members, number)) if number < self.n_members else None

    def number(self, descent: Descent, node: int) -> int:
        """Return the number of a node of the tree."""
        if node < descent.tree.n_held:
            return int(self.members[descent.held[node]])
        return self.n_members + node - descent.tree.n_held


def describe_links(descent: Descent, numbering: Numbering, namings: Namings) -> list[dict[str, Any]]:
    """Return rows of LINKS without `words`, in the order of their children.

    Args:
        namings: by member that has a parent: where it names its source, None where it does not; without those whose source has no name to look for.
    """
    tree = descent.tree
    rows = [_describe_copy(descent, numbering, member) for member in range(len(descent.node_of)) if descent.held[descent.node_of[member]] != member]
    counts = _count_returned(descent)
    linked = [node for node in tree.downwards() if tree.parents[node] >= 0]
    links = {node: _describe_link(descent, numbering, node, counts) for node in linked}
    changed = [row["n_changed"] for node, row in links.items() if node < tree.n_held]
    for node, row in links.items():
        row["support"] = rate_support(tree, node, descent.rivals[node], float(descent.turning[node]), row["p_returned"], float(np.mean(changed or [0])))
        kind = "lost source" if node >= tree.n_held else "taken from" if tree.parents[node] < tree.n_held else "shares a lost source"
        row["kind"] = kind if node >= tree.n_held or (row["decided"] and row["support"] >= WEAK) else "cannot tell"
    rows = sorted([*rows, *links.values()], key=lambda row: row["child"])
    for row in rows:
        row["named"] = None if row["relation"] is None or row["child"] not in namings else namings[row["child"]] is not None
        if is_doubted(descent, numbering, row):
            row["support"] = min(row["support"], DOUBTED)
    return [{"link": k, **row} for k, row in enumerate(rows)]


def is_doubted(descent: Descent, numbering: Numbering, link: dict[str, Any]) -> bool:
    """Tell whether by the dates a text comes first that looks like an excerpt of what is said to come from it (`relations.is_doubtful`).

    Not where another holds the same text, or where the child names it: then it was a text of its own.
    """
    if link["named"] or link["kind"] == "same text" or not link["decided"]:
        return False
    parent, child = numbering.find(link["parent"]), numbering.find(link["child"])
    return parent is not None and child is not None and len(descent.copies(int(descent.node_of[parent]))) == 1 and is_doubtful(descent.texts, parent, child, link["relation"])


def _describe_copy(descent: Descent, numbering: Numbering, member: int) -> dict[str, Any]:
    """Return the link of a member to the earliest of its text."""
    first = int(descent.held[descent.node_of[member]])
    decided = bool(descent.datings.last[first] < descent.datings.first[member])
    return {"parent": int(numbering.members[first]), "child": int(numbering.members[member]), "kind": "same text", "relation": "same text", "support": 0.5 if not decided else 0.9,
            "decided": decided, "cost": 0.0, "n_days": _count_days(descent, first, member), "n_shared": 0, "n_added": 0, "n_dropped": 0, "n_changed": 0, "n_returned": 0, "p_returned": 1.0}  # fmt: skip


def _describe_link(descent: Descent, numbering: Numbering, node: int, returned: np.ndarray) -> dict[str, Any]:
    """Return the link of a node to its parent, without its support and kind."""
    tree = descent.tree
    parent = int(tree.parents[node])
    held = node < tree.n_held and parent < tree.n_held
    own, other = tree.readings[node], tree.readings[parent]
    differ = (own != other) & (own >= 0) & (other >= 0)
    shared = (own == other) & (own != tree.events.commonest) & (own >= 0)
    n = int(differ.sum())
    row: dict[str, Any] = {"parent": numbering.number(descent, parent), "child": numbering.number(descent, node), "decided": bool(descent.turning[node] <= OPEN),
                           "cost": float(tree.events.rate(own, other).sum()), "n_shared": int(shared.sum()), "n_added": 0, "n_dropped": 0, "n_changed": n,
                           "n_returned": int(returned[node]), "relation": None, "n_days": None, "p_returned": None}  # fmt: skip
    if held:
        p, c = int(descent.held[parent]), int(descent.held[node])
        added, dropped, changed = compare_loci(descent, p, c)
        row |= {"relation": name_relation(descent.texts, p, c), "n_days": _count_days(descent, p, c), "n_added": len(added), "n_dropped": len(dropped),
                "n_changed": len(changed), "p_returned": _tail(int(returned[node]), n)}  # fmt: skip
    return row


def compare_loci(descent: Descent, parent: int, child: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the loci at which the child has words and the parent none, the other way round, and at which both have others."""
    texts = descent.texts
    one, two = texts.reading[:, parent], texts.reading[:, child]
    differ = (one != two) & (one >= 0) & (two >= 0)
    n_one, n_two = texts.n_tokens[:, parent], texts.n_tokens[:, child]
    return np.flatnonzero(differ & (n_one == 0)), np.flatnonzero(differ & (n_two == 0)), np.flatnonzero(differ & (n_one > 0) & (n_two > 0))


def _count_returned(descent: Descent) -> np.ndarray:
    """Return by node the number of events at which it differs from its parent and has what stands outside its own descent."""
    tree = descent.tree
    entry, leave = tree.number_depth_first()
    at = np.arange(len(tree.events))
    # By reading: the first and the last of those who have it, in depth-first order; what lies below a node is one stretch of that order.
    low = np.full((int(tree.readings.max(initial=0)) + 1, len(at)), len(entry), np.int32)
    high = np.full_like(low, -1)
    for node, row in enumerate(tree.events.readings):
        there = row >= 0
        low[row[there], at[there]] = np.minimum(low[row[there], at[there]], entry[node])
        high[row[there], at[there]] = np.maximum(high[row[there], at[there]], entry[node])
    found = np.zeros(len(tree.parents), np.int64)
    for node, parent in enumerate(tree.parents.tolist()):
        row, other = tree.readings[node], tree.readings[parent]
        events = np.flatnonzero((row != other) & (row >= 0) & (other >= 0)) if parent >= 0 else at[:0]
        found[node] = ((low[row[events], events] < entry[node]) | (high[row[events], events] >= leave[node])).sum()
    return found


def _tail(k: int, n: int) -> float:
    """Return the probability of `k` or more of `n` by chance (binomial)."""
    from scipy.special import bdtrc  # scipy.stats has it as well, and takes half a second to load

    return float(bdtrc(k - 1, n, CHANCE)) if k else 1.0


def _count_days(descent: Descent, parent: int, child: int) -> float | None:
    """Return the days between the middles of two dates, None where one is open."""
    days = descent.datings.middle(child), descent.datings.middle(parent)
    return days[0] - days[1] if np.isfinite(days).all() else None


def describe_second_sources(descent: Descent, numbering: Numbering, labels: dict[int, str]) -> list[dict[str, Any]]:
    """Return rows of SECOND_SOURCES: a stretch reaches from the first reading that the source explains to the last."""
    tree, texts = descent.tree, descent.texts
    rows = []
    for found in descent.second:
        child = int(descent.held[found.child])
        source = int(descent.held[found.source]) if found.source < tree.n_held else None
        number = numbering.number(descent, found.source)
        tied = [numbering.number(descent, node) for node in found.others]
        named = " or ".join(labels[node] for node in (number, *tied))
        for (first, last), explained, against in zip(found.stretches, found.n_explained, found.n_against, strict=True):
            loci = slice(int(tree.events.first[first]), int(tree.events.last[last]) + 1)
            start, end = _reach(texts, loci, child)
            span = (None, None) if source is None else _reach(texts, loci, source)
            parent = labels[numbering.number(descent, int(tree.parents[found.child]))]
            words = f"{explained} of its readings here are those of {named} and not of {parent}" + (f", {against} the other way round" if against else "")
            rows.append({"child": int(numbering.members[child]), "source": number, "start": start, "end": max(end, start + 1), "source_start": span[0], "source_end": span[1],
                         "n_explained": explained, "n_against": against, "tied": tied, "support": rate_second(tree, found.odds), "words": words})  # fmt: skip
    return sorted(rows, key=lambda row: (row["child"], row["start"], row["source"]))


def _reach(texts: Texts, loci: slice, member: int) -> tuple[int, int]:
    """Return where some loci begin and end in a member's text, moved blocks left out."""
    ordered = texts.block[loci, member] == 0
    start, end = texts.start[loci, member], texts.end[loci, member]
    if not ordered.any():
        return int(start.min()), int(end.max())
    return int(start[ordered].min()), int(end[ordered].max())


def describe_alternatives(descent: Descent, numbering: Numbering, labels: dict[int, str]) -> list[dict[str, Any]]:
    """Return rows of ALTERNATIVES: first those that hold the same text as the parent, then other texts."""
    rows = []
    for node, rivals in enumerate(descent.rivals):
        child = numbering.number(descent, node)
        parents = [(number, 0.0, float(rivals.shares[-1]), "holds the same text as the parent") for number in list_holders(descent, numbering, node)]
        for other, worse, share in zip(rivals.nodes.tolist(), rivals.worse.tolist(), rivals.shares.tolist(), strict=False):
            parents.append((numbering.number(descent, other), worse, share, f"{abs(worse):.1f} events {'worse' if worse >= 0 else 'better'}"))
        for rank, (parent, worse, share, words) in enumerate(parents, 1):
            rows.append({"child": child, "parent": parent, "rank": rank, "worse": worse, "support": share, "words": f"from {labels[parent]}: {words}"})
    return sorted(rows, key=lambda row: (row["child"], row["rank"]))



def list_holders(descent: Descent, numbering: Numbering, node: int) -> list[int]:
    """Return the other members that hold the text of a node's parent and are not certainly later than the node."""
    parent = int(descent.tree.parents[node])
    if not 0 <= parent < descent.tree.n_held:
        return []
    last = descent.datings.last[descent.held[node]] if node < descent.tree.n_held else np.inf
    return [int(numbering.members[m]) for m in descent.copies(parent).tolist() if m != descent.held[parent] and descent.datings.first[m] <= last]
