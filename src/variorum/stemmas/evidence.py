"""The evidence for and against each link, in words and places: the table EVIDENCE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from variorum.stemmas.descents import Descent
from variorum.stemmas.nodes import Namings, Numbering, compare_loci, is_doubted
from variorum.stemmas.texts import Texts

MAX_SHARED = 25
"""Shared readings that are listed of a link, those that fewest others have first."""
RARE_SHARE = 0.5
"""Greatest share of the members that may have a reading for it to say something of two that have it."""


@dataclass(frozen=True)
class _Counts:
    """How many members have each reading, and cover each locus: counted once, since each link asks for nearly all.

    Attributes:
        having: int64: by locus, then by reading.
        first: int64[loci]: where the readings of a locus begin in it.
        covering: int64[loci].
    """

    having: np.ndarray
    first: np.ndarray
    covering: np.ndarray

    @classmethod
    def of(cls, texts: Texts) -> _Counts:
        sizes = texts.reading.max(axis=1, initial=-1).astype(np.int64) + 1
        first = np.cumsum(sizes) - sizes
        there = texts.reading >= 0
        return cls(np.bincount((first[:, None] + texts.reading)[there], minlength=int(sizes.sum())), first, there.sum(axis=1))

    def count(self, loci: np.ndarray, readings: np.ndarray) -> np.ndarray:
        """Return how many have these readings, each at its locus; no reading may be missing."""
        return self.having[self.first[loci] + readings]


def describe_evidence(descent: Descent, numbering: Numbering, links: list[dict[str, Any]], dates: dict[int, str], namings: Namings) -> list[dict[str, Any]]:
    """Return rows of EVIDENCE.

    Args:
        links: rows of LINKS.
        dates: by member (as in STEMMA) what is said of its date, in words.
        namings: see `nodes.describe_links`.
    """
    tree = descent.tree
    entry, leave = tree.number_depth_first()
    nodes = {numbering.number(descent, node): node for node in range(len(tree.parents))}
    member = {int(number): k for k, number in enumerate(numbering.members)}
    counts = _Counts.of(descent.texts)
    rows: list[dict[str, Any]] = []
    for link in links:
        parent, child = member.get(link["parent"]), member.get(link["child"])
        if parent is not None and child is not None:
            rows += _list_shared(descent, link, parent, child, counts)
            node = int(descent.node_of[child])
            inside = np.flatnonzero((entry[descent.node_of] >= entry[node]) & (entry[descent.node_of] < leave[node]))
            rows += _list_changes(descent, link, parent, child, inside, counts)
            rows.append(_tell_dates(link, dates))
            if is_doubted(descent, numbering, link):
                words = "all of the parent stands in the child, which by the dates is later: an excerpt is later than what it is from"
                rows.append({**rows[-1], "kind": "containment", "weight": -1.0, "words": words})
            named = namings.get(link["child"])
            if named is not None:
                start, end = named
                rows.append({**rows[-1], "kind": "named", "weight": 1.0, "start": start, "end": end, "words": f"names “{descent.texts.texts[child][start:end]}” as its source"})
        elif child is not None and link["parent"] in nodes:
            rows += _list_common(descent, link, nodes[link["parent"]], child)
    return rows


def _list_shared(descent: Descent, link: dict[str, Any], parent: int, child: int, counts: _Counts) -> list[dict[str, Any]]:
    """Return the readings that both have and few others, the rarest first."""
    texts = descent.texts
    same = (texts.reading[:, parent] == texts.reading[:, child]) & (texts.reading[:, child] >= 0) & (texts.n_readings > 1)
    loci = np.flatnonzero(same)
    having, covering = counts.count(loci, texts.reading[loci, child]), counts.covering[loci]
    rare = having <= np.maximum(2, RARE_SHARE * covering)
    loci, having, covering = loci[rare], having[rare], covering[rare]
    rows = []
    for k in np.lexsort((loci, having))[:MAX_SHARED].tolist():
        locus, n = int(loci[k]), int(having[k])
        words = texts.words(locus, child)
        what = f"both have “{words}”" if words else f"both lack “{_longest_words(descent, locus)}”"
        rest = "no other has it so" if n == 2 else f"{n - 2} of {int(covering[k]) - 2} others have it so"
        rows.append(_row(descent, link, "shared", float(np.log(covering[k] / n)), locus, parent, child, f"{what}; {rest}"))
    return rows


def _longest_words(descent: Descent, locus: int) -> str:
    """Return what the member with most words at a locus has there."""
    other = int(np.argmax(descent.texts.n_tokens[locus]))
    return descent.texts.words(locus, other)


def _list_common(descent: Descent, link: dict[str, Any], lost: int, child: int) -> list[dict[str, Any]]:
    """Return what a member shares with others that come from the same lost source, and the nearest held node above it has otherwise."""
    tree, texts = descent.tree, descent.texts
    entry, leave = tree.number_depth_first()
    own = int(descent.node_of[child])
    beside = [n for n in range(tree.n_held) if entry[lost] <= entry[n] < leave[lost] and not entry[own] <= entry[n] < leave[own]]
    source = int(tree.find_sources()[lost])
    if not beside or source < 0:
        return []
    above = int(descent.held[source])
    others = texts.reading[:, descent.held[beside]]
    having = (others == texts.reading[:, child][:, None]).sum(axis=1)
    loci = np.flatnonzero((having > 0) & (texts.reading[:, child] >= 0) & (texts.reading[:, above] >= 0) & (texts.reading[:, child] != texts.reading[:, above]))
    rows = []
    for locus in loci[np.argsort(-having[loci], kind="stable")][:MAX_SHARED].tolist():
        words, before = texts.words(locus, child), texts.words(locus, above)
        who = f"{int(having[locus])} of {len(beside)} others from the same source"
        row = _row(descent, link, "shared", 1.0, locus, child, child, f"“{words}” with {who}, where the nearest held above has “{before}”")
        rows.append({**row, "parent_start": None, "parent_end": None})
    return rows


def _list_changes(descent: Descent, link: dict[str, Any], parent: int, child: int, inside: np.ndarray, counts: _Counts) -> list[dict[str, Any]]:
    """Return what was added, dropped and changed; what the child has again that stands elsewhere than in it and its descent (`inside`: members) is called returned."""
    texts = descent.texts
    rows = []
    for kind, loci in zip(("added", "dropped", "changed"), compare_loci(descent, parent, child), strict=True):
        own = texts.reading[loci, child]
        elsewhere = counts.count(loci, own) - (texts.reading[np.ix_(loci, inside)] == own[:, None]).sum(axis=1)
        for locus, others in zip(loci.tolist(), elsewhere.tolist(), strict=True):
            before, after = texts.words(locus, parent), texts.words(locus, child)
            words = {"added": f"added “{after}”", "dropped": f"dropped “{before}”", "changed": f"“{before}” became “{after}”"}[kind]
            if others:
                rows.append(_row(descent, link, "returned", -1.0, locus, parent, child, f"{words}, as {others} {'other has' if others == 1 else 'others have'} it"))
            else:
                rows.append(_row(descent, link, kind, 0.0, locus, parent, child, words))
    return sorted(rows, key=lambda row: row["locus"])


def _row(descent: Descent, link: dict[str, Any], kind: str, weight: float, locus: int, parent: int, child: int, words: str) -> dict[str, Any]:
    texts = descent.texts
    spans = {"parent_start": int(texts.start[locus, parent]), "parent_end": int(texts.end[locus, parent]), "start": int(texts.start[locus, child]), "end": int(texts.end[locus, child])}
    return {"link": link["link"], "kind": kind, "weight": weight, "locus": locus, **spans, "words": words}


def _tell_dates(link: dict[str, Any], dates: dict[int, str]) -> dict[str, Any]:
    """Return what the dates of the two say."""
    n_days = link["n_days"]
    words = f"{dates[link['parent']]}; {dates[link['child']]}"
    weight = 0.0
    if n_days is not None:
        weight = 1.0 if n_days > 0 else -1.0 if n_days < 0 else 0.0
    return {"link": link["link"], "kind": "date", "weight": weight, "locus": None, "parent_start": None, "parent_end": None, "start": None, "end": None, "words": words}
