"""What keeps a family of one text: the medoid guard against drift, and stricter spans for a chain of formulas."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from variorum.config import FamiliesConfig
from variorum.families.groups import Intervals, Members, distinct_rows, join_intervals, make_members
from variorum.kernels import shingling
from variorum.letters import LetterStore

GUARDED = 5
"""Members from which the guard looks at a family; smaller ones have nothing to drift along."""
ALIKE = 0.30
"""Share of the smaller one's 7-letter shingles from which two passages count as alike."""
MANY = 12
"""Members from which a family must hold together as a whole; few noisy copies of one text would not always."""
_COMPARED = 160
_STEP = 0.05
_KIN = 0.4
"""Part of `medoid_share` that an aligned passage needs: many errors leave that much, a list of other names does not."""
_MAX_ALONE = 0.25


def guard_families(intervals: Intervals, family: np.ndarray, store: LetterStore, config: FamiliesConfig) -> tuple[np.ndarray, np.ndarray]:
    """Split what drifted or chains, until every family holds together.

    Who shares too little with the medoid is grouped again among its like. Where too few of a family's pairs are alike,
    though each shares enough with the medoid, the family is grouped again along its more similar spans: formulas whose
    names and subjects differ are chained by spans that agree in little else.

    Returns:
        the family of each interval and whether it was split off.
    """
    family = family.copy()
    split = np.zeros(len(family), bool)
    fresh = int(family.max()) + 1 if len(family) else 0
    queue = [(np.arange(len(family)), config.min_similarity)]
    while queue:
        rows, floor = queue.pop()
        members = make_members(intervals.take(rows), family[rows], split[rows])
        by_family = rows[np.argsort(family[rows], kind="stable")]
        bounds = np.concatenate([[0], np.flatnonzero(np.diff(family[by_family])) + 1, [len(rows)]])
        for suspect in _find_suspects(members, intervals.place, store, config):
            mine, part = by_family[bounds[suspect.family] : bounds[suspect.family + 1]], suspect.members
            moved = _find_strays(intervals, mine, suspect, config)
            if len(moved):
                again, next_floor = join_intervals(intervals.take(moved), config), floor
            else:
                moved, again, next_floor = mine, *_tighten(intervals, mine, part, floor, store, config)
            if again is None:
                continue
            family[moved] = again + fresh
            fresh = int(family[moved].max()) + 1
            split[mine] = True
            queue.append((moved, next_floor))
            if len(moved) < len(mine):
                queue.append((np.setdiff1d(mine, moved), floor))
    return family, split


@dataclass(frozen=True)
class Suspect:
    """A family that may have to be split: its number, its passages, which of them is the medoid, and how much each shares with it."""

    family: int
    members: Members
    medoid: int
    share: np.ndarray


def _find_suspects(members: Members, place: np.ndarray, store: LetterStore, config: FamiliesConfig) -> Iterator[Suspect]:
    """Yield the families of which some passage shares too little with the medoid, or which are so many that they must hold together."""
    bounds = members.bounds()
    sizes = np.diff(bounds)
    looked = np.flatnonzero(sizes[members.family] >= GUARDED)
    medoid = find_medoids(members, place)
    share = np.ones(len(members.text))
    share[looked] = share_with(medoid[members.family[looked]], looked, members, store)
    drifting = np.bincount(members.family, share < config.medoid_share, len(sizes)) > 0
    many = np.bincount(members.family[members.reworked == 0], minlength=len(sizes)) >= MANY
    for f in np.flatnonzero((sizes >= GUARDED) & (drifting | many)).tolist():
        own = slice(bounds[f], bounds[f + 1])
        yield Suspect(f, members.cut(own), int(medoid[f] - bounds[f]), share[own])


def _tighten(
    intervals: Intervals, rows: np.ndarray, members: Members, floor: float, store: LetterStore, config: FamiliesConfig
) -> tuple[np.ndarray | None, float]:
    """Return the new families of one family's intervals, and the similarity of the spans that join them; None where it stays as it is."""
    by_letters = members.cut(members.reworked == 0)  # whether letters agree is no question for the others
    if len(by_letters.text) < MANY or measure_coherence(by_letters, store) >= config.min_coherence:
        return None, floor
    intervals = intervals.take(rows)
    while floor < config.formulaic_similarity:
        floor = min(floor + _STEP, config.formulaic_similarity)
        again = join_intervals(intervals, config, floor)
        if _share_alone(intervals.text, again) > _MAX_ALONE:
            break  # many copies that differ, not formulas: they would only lose each other
        if again.any():
            return again, floor
    return None, floor


def _share_alone(text: np.ndarray, family: np.ndarray) -> float:
    """Return the share of texts that are in no family with another."""
    rows, _ = distinct_rows(family, text)
    together = np.bincount(family[rows])[family[rows]] > 1
    return 1.0 - len(np.unique(text[rows][together])) / len(np.unique(text))


def _find_strays(intervals: Intervals, rows: np.ndarray, suspect: Suspect, config: FamiliesConfig) -> np.ndarray:
    """Return the intervals (some of `rows`, those of one family) of the members that share too little with the medoid."""
    members, medoid, share = suspect.members, suspect.medoid, suspect.share
    stray = share < config.medoid_share
    if not stray.any():
        return rows[:0]
    home = _find_homes(intervals, rows, members)
    stray &= (share < config.medoid_share * _KIN) | ~_aligned_with(medoid, intervals, rows, home, members, config.medoid_share)
    reworked = intervals.reworked[rows] > 0
    if reworked.any():
        # A reworked passage shares hardly any shingles. A span of its own with the medoid speaks for it; one with another member does not.
        stray &= ~_aligned_with(medoid, intervals, rows[reworked], home[reworked], members, config.medoid_share)
    return rows[stray[home]]


def _find_homes(intervals: Intervals, rows: np.ndarray, members: Members) -> np.ndarray:
    """Return the member of one family in which each of its intervals lies."""
    width = int(max(intervals.end[rows].max(), members.start.max())) + 1
    return np.searchsorted(members.text * width + members.start, intervals.text[rows] * width + intervals.start[rows], "right") - 1


def _aligned_with(medoid: int, intervals: Intervals, rows: np.ndarray, home: np.ndarray, members: Members, min_share: float) -> np.ndarray:
    """Return which members are aligned with the medoid over enough of the shorter of the two.

    A span says more than shingles do where every third word is changed.
    """
    there = intervals.mate[rows[home == medoid]]
    at = np.minimum(np.searchsorted(rows, there), len(rows) - 1)
    inside = rows[at] == there
    aligned = np.zeros(len(members.text), np.int64)
    np.maximum.at(aligned, home[at[inside]], intervals.end[there[inside]] - intervals.start[there[inside]])
    size = members.end - members.start
    good = aligned >= min_share * np.minimum(size, size[medoid])
    good[medoid] = True
    return good


def share_with(chosen: np.ndarray, rows: np.ndarray, members: Members, store: LetterStore) -> np.ndarray:
    """Return how much of its 7-letter shingles each passage of `rows` shares with the `chosen` one (over the shorter of the two)."""
    low, high = store.starts[members.text] + members.start, store.starts[members.text] + members.end
    share = np.empty(len(rows))
    shingling.share_sides(store.letters, low[rows], high[rows], low[chosen], high[chosen], share)
    return share


def find_medoids(members: Members, place: np.ndarray) -> np.ndarray:
    """Return the member of each family with most spans inside it; of equals the longest, then the first by `place` of its text."""
    order = np.lexsort((members.start, place[members.text], members.start - members.end, -members.n_spans, members.family))
    return order[members.bounds()[:-1]]


def measure_coherence(members: Members, store: LetterStore) -> float:
    """Return the share of pairs of a family's passages that are alike; of a large family some passages stand for all."""
    low, high = store.starts[members.text] + members.start, store.starts[members.text] + members.end
    if len(low) > _COMPARED:
        # Chosen by what they say, so that the order of reading cannot matter.
        digests = [hashlib.blake2b(store.letters[x:y].tobytes(), digest_size=8).digest() for x, y in zip(low, high, strict=True)]
        chosen = np.array(sorted(range(len(low)), key=digests.__getitem__))[np.linspace(0, len(low) - 1, _COMPARED).astype(np.int64)]
        low, high = low[chosen], high[chosen]
    n_pairs = len(low) * (len(low) - 1) // 2
    return shingling.count_alike(store.letters, low, high, ALIKE) / n_pairs if n_pairs else 1.0
