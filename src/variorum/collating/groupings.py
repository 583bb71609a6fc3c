"""Equal and nearly equal stretches of many texts in groups, in time that grows with their number.

A stretch joins the leader that it is most like, or leads a group of its own; leaders are found by runs of three words in common, of
which the commonest lead nowhere. No stretch joins by way of another member, so that a group does not drift.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

MIN_LIKE = 0.8
"""Least share of words, in order, that a stretch has in common with the leader of its group."""
MIN_WORDS = 5
"""Stretches of fewer words are of one group only where they are equal."""
_MAX_LEADERS = 24
"""Leaders that one run of words leads to; where more have it, it tells nothing."""
_MAX_TRIED = 12
"""Leaders with which a stretch is compared, those that share most runs with it first."""

Words = tuple[str, ...]


def group_near(wordings: Sequence[Words], counts: Sequence[int]) -> list[int]:
    """Return for each of some different wordings the wording that leads its group, itself where it leads.

    Args:
        wordings: different stretches, in words.
        counts: how often each occurs; the commoner leads.
    """
    order = sorted(range(len(wordings)), key=lambda k: (-counts[k], -len(wordings[k]), wordings[k]))
    leader = list(range(len(wordings)))
    places: dict[Words, list[int]] = {}
    for k in order:
        words = wordings[k]
        if len(words) < MIN_WORDS:
            continue
        runs = {words[i : i + 3] for i in range(len(words) - 2)}
        found = _find_leader(words, runs, places, wordings)
        if found >= 0:
            leader[k] = found
            continue
        for run in runs:
            places.setdefault(run, []).append(k)
    return leader


def _find_leader(words: Words, runs: set[Words], places: dict[Words, list[int]], wordings: Sequence[Words]) -> int:
    """Return the leader that a wording is like enough to join, or -1."""
    votes: dict[int, int] = {}
    for run in runs:
        held = places.get(run, ())
        if len(held) <= _MAX_LEADERS:
            for k in held:
                votes[k] = votes.get(k, 0) + 1
    best, likeness = -1, 0.0
    for k in sorted(votes, key=lambda k: (-votes[k], wordings[k]))[:_MAX_TRIED]:
        other = wordings[k]
        if 2 * min(len(words), len(other)) < MIN_LIKE * (len(words) + len(other)):
            continue  # too unlike in length
        share = Indel.normalized_similarity(words, other, score_cutoff=MIN_LIKE)
        if share > likeness:
            best, likeness = k, share
    return best
