"""What one text is of another, by how much of each stands in the other and where the rest stands.

Counted are words, not marks. A word of one text stands in the other where the collation sets the same word against it, where a run of `RUN` words
round it is in the other at any place (sentences may have changed places), or where at most `GAP` words between two such ones were reworded in place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from variorum.stemmas.texts import Texts

RUN, GAP = 4, 3
"""Words of a run that is looked for at any place; most words in a row that count as reworded, and so as held."""
WHOLE, PART = 0.9, 0.85
"""Least share of a text that the other holds, for it to be held whole; greatest share of the other, for the other to be more."""
VERBATIM, PART_OF_VERBATIM, LEAST_MORE = 0.995, 0.95, 5
"""The same where hardly a word is changed, reworded ones not being held; and then the fewest words that the other must have more."""
BETWEEN = 0.2
"""Greatest share of what a text has more that may stand between words it shares, for it to be wrapped round the other."""
STRAY = 0.03
"""Share of the words that two texts share which may stand apart from the rest at either end by chance."""
LITTLE = 0.5
"""Share of either text below which no more than a passage is shared."""
DOUBTED = 0.6
"""Greatest support of a link to a fuller text from an earlier one that looks like an excerpt of it. The text alone tells no order: of 16 pairs of press
releases of different days of which one holds the other, 10 had the shorter one first."""
CARRIES = ("contains", "wraps", "quotes from")
"""Relations in which the child has words of its own beside those of the parent, and may say whose those are."""


@dataclass(frozen=True)
class Cover:
    """How much of two texts stands in the other.

    Attributes:
        parent, child: share of the words of each that the other has.
        exact_parent, exact_child: the same without what was reworded.
        before, between, after: words of the child that the parent has not: before the first that it has, after the last, and between.
        more: words of the parent that the child has not.
    """

    parent: float
    child: float
    exact_parent: float
    exact_child: float
    before: int
    between: int
    after: int
    more: int

    @property
    def own(self) -> int:
        """The words of the child that the parent has not."""
        return self.before + self.between + self.after


def measure_cover(texts: Texts, parent: int, child: int) -> Cover:
    """Return how much of two members stands in the other."""
    held_p, exact_p = _find_held(texts, parent, child)
    held_c, exact_c = _find_held(texts, child, parent)
    first, last = _find_stretch(held_c)
    own = np.cumsum(np.concatenate([[0], ~held_c]))
    before, between, after = own[first], own[last] - own[first], own[-1] - own[last]
    return Cover(_share(held_p), _share(held_c), _share(exact_p), _share(exact_c), int(before), int(between), int(after), int((~held_p).sum()))


def name_relation(texts: Texts, parent: int, child: int) -> str:
    """Return what the child is of the parent: one of `schema.RELATIONS`."""
    tokens_p, tokens_c = texts.n_tokens[:, parent], texts.n_tokens[:, child]
    same = (texts.reading[:, parent] == texts.reading[:, child]) & (tokens_p > 0) & (tokens_c > 0)
    if same.sum() == (tokens_p > 0).sum() == (tokens_c > 0).sum() and np.array_equal(texts.numbers[parent], texts.numbers[child]):
        return "same text"  # not where a part stands elsewhere
    cover = measure_cover(texts, parent, child)
    if _is_part(cover.child, cover.parent, cover.exact_child, cover.more):
        return "excerpt of"
    if _is_part(cover.parent, cover.child, cover.exact_parent, cover.own):
        return "wraps" if cover.before and cover.between <= BETWEEN * cover.own else "contains"
    return "quotes from" if max(cover.parent, cover.child) < LITTLE else "revised"


def is_doubtful(texts: Texts, parent: int, child: int, relation: str) -> bool:
    """Tell whether a parent looks like an excerpt of its child, which holds all of it and has more in between or behind, or more before than an opening.

    What stands before and after, and is the smaller part, is a frame; few words before it are one too.
    """
    if relation != "wraps":
        return relation == "contains"
    cover = measure_cover(texts, parent, child)
    return cover.child < LITTLE or (cover.child <= PART and not cover.after)


def _is_part(share: float, other: float, exact: float, more: int) -> bool:
    """Tell whether a text is held whole by another that is more: `share` of it is in the other, `exact` word for word; `other` of the other in it, which has `more` words."""
    return (share >= WHOLE and other <= PART) or (exact >= VERBATIM and other <= PART_OF_VERBATIM and more >= LEAST_MORE)


def _find_held(texts: Texts, member: int, other: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which words of a member stand in another, reworded ones with them, and which do word for word (bool[words])."""
    words, columns = texts.numbers[member], texts.columns[member]
    _, own, facing = np.intersect1d(columns, texts.columns[other], assume_unique=True, return_indices=True)
    aligned, exact = np.zeros(len(words), bool), np.zeros(len(words), bool)
    aligned[own] = True
    exact[own] = words[own] == texts.numbers[other][facing]
    runs, others = _hash_runs(words), _hash_runs(texts.numbers[other])
    for at in np.flatnonzero(np.isin(runs, others)).tolist():
        exact[at : at + RUN] = True
    held = exact.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[1], exact.astype(np.int8), [1]])))
    for low, high in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if high - low <= GAP and low > 0 and high < len(held) and aligned[low:high].all():
            held[low:high] = True
    return held, exact


def _find_stretch(held: np.ndarray) -> tuple[int, int]:
    """Return the first and the end of the stretch in which the held words stand; a chance few of them beyond its ends are not of it."""
    at = np.flatnonzero(held)
    if not len(at):
        return len(held), len(held)
    stray = int(STRAY * len(at))
    first, last = int(at[stray]), int(at[len(at) - 1 - stray]) + 1
    breaks = np.flatnonzero(~held)
    before, behind = breaks[breaks < first], breaks[breaks >= last]
    return int(before[-1]) + 1 if len(before) else 0, int(behind[0]) if len(behind) else len(held)


def _hash_runs(words: np.ndarray) -> np.ndarray:
    """Return a number for each run of `RUN` words: equal ones have equal numbers."""
    n = len(words) - RUN + 1
    found = np.zeros(max(0, n), np.uint64)
    for k in range(RUN if n > 0 else 0):
        found = found * np.uint64(0x9E3779B97F4A7C15) + words[k : k + n].astype(np.uint64) + np.uint64(1)
    return found


def _share(held: np.ndarray) -> float:
    return float(held.mean()) if len(held) else 0.0
