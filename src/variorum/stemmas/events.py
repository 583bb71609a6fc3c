"""Loci to events: what a copyist did once counts once.

Adjacent loci in which the members divide in the same way are one event. So is a stretch that a member leaves out, however many loci the others
have in it: the member is missing at these, and its omission is an event of its own, shared by whoever leaves out the same stretch. (That lacunae
are missing and no omissions is worth three points in Roos and Heikkila 2009.)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Indel

from variorum.kernels.branching import MISSING, OTHER, SPELLED
from variorum.kernels.branching import OMITTED as NOTHING

MAX_OMITTED = 15
"""Words of the longest stretch whose omission weighs by its length; a longer one is a lacuna, such as a lost page, and weighs as one word."""
SPELLING, MARKS = 0.5, 0.2
"""What another spelling, and an event of punctuation alone, weighs beside one of words."""
SLIP = 0.3
"""What of it counts where a slip is put right: whoever copies an odd spelling of what all others have may write the usual one unasked."""
OMISSION = 0.6
"""What an omission counts: copyists leave words out more easily than they put in those that stand elsewhere."""
FACTORS = np.array([SPELLING, SLIP, OMISSION])
ALIKE = 0.6
"""Least similarity (share of letters in common) of two readings that differ by spelling alone."""

_PLAIN = re.compile(r"\w+")

WORDS, MARKED, OMITTED, MOVED = range(4)
"""Classes of event: words; marks alone; a lacuna; a block moved."""


@dataclass(frozen=True)
class Events:
    """What the members differ in, in the order of the loci.

    Attributes:
        readings: int32[members, events], `MISSING` where a member does not cover the event.
        omitted: bool[members, events]: the reading is an omission.
        weights: float64[events].
        classes: int8[events], see `WORDS`.
        first, last: int32[events]: the loci of the event, `last` included.
        commonest: int32[events]: the commonest reading.
        kinds: int8[events, readings]: see `kernels.branching.OTHER`.
        rare: bool[events, readings]: the reading, of one locus, has a word that stands at no other locus of any member.
    """

    readings: np.ndarray
    omitted: np.ndarray
    weights: np.ndarray
    classes: np.ndarray
    first: np.ndarray
    last: np.ndarray
    commonest: np.ndarray
    kinds: np.ndarray
    rare: np.ndarray

    def rate(self, taken: np.ndarray, given: np.ndarray, at: np.ndarray | None = None) -> np.ndarray:
        """Return what events count where a source has the readings `given` and who takes from it `taken` (int32[events]); 0 where one is missing.

        Args:
            at: the events (int64); all where None.
        """
        if at is None:
            at = np.flatnonzero((taken != given) & (taken >= 0) & (given >= 0))
            rated = np.zeros(len(self))
            rated[at] = self.rate(taken[at], given[at], at)
            return rated
        one, two = self.kinds[at, np.maximum(taken, 0)], self.kinds[at, np.maximum(given, 0)]
        alike = np.where(taken == self.commonest[at], SPELLING * SLIP, SPELLING)
        share = np.where(one == NOTHING, OMISSION, np.where((one == SPELLED) & (two == SPELLED), alike, 1.0))
        return np.where((taken != given) & (taken >= 0) & (given >= 0), self.weights[at] * share, 0.0)

    def take(self, members: np.ndarray) -> Events:
        """Return the events of some members; readings keep their numbers."""
        return replace(self, readings=self.readings[members], omitted=self.omitted[members])

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.weights)


def find_events(loci: pa.Table, readings: pa.Table, blocks: pa.Table, marks: np.ndarray, words: Callable[[int, int], str] | None = None, counts: Mapping[str, int] | None = None) -> Events:
    """Return the events of a collation.

    Args:
        loci, readings, blocks: tables; `readings` holds the same members at every locus.
        marks: bool[loci]: the readings of the locus differ by marks alone.
        words: what a member has at a locus, for telling spellings apart; none are, where None.
        counts: how often each word, casefolded, stands in all members; no word is known to be rare, where None.
    """
    n_loci = len(loci)
    n = len(readings) // max(1, n_loci)
    shape = (n_loci, n)
    held = readings["n_tokens"].to_numpy().reshape(shape)
    number = readings["reading"].fill_null(MISSING).to_numpy().reshape(shape).T.astype(np.int32)
    length = loci["n_tokens"].to_numpy()
    omitted = (held.T == 0) & (number >= 0)
    varied = np.flatnonzero(loci["n_readings"].to_numpy() > 1)
    classes = np.where(marks, MARKED, WORDS).astype(np.int8)
    runs = _find_runs(omitted, loci["n_readings"].to_numpy())
    for member, low, high in runs:
        number[member, low:high] = MISSING
    kept = _join_alike(number, varied)
    first, last = varied[kept[:-1]], varied[kept[1:] - 1]
    joined = np.array([length[varied[a:b]].sum() for a, b in pairwise(kept.tolist())], np.float64)
    parts = [(number[:, first], omitted[:, first], _weigh(joined, classes[first]), classes[first], first, last)]
    parts += [_omitted_events(runs, n, length), _moved_events(blocks, readings["member"].to_numpy()[:n])]
    table, left, weights, kinds, first, last = (np.concatenate([p[k] for p in parts], axis=1 if k < 2 else 0) for k in range(6))
    table = np.ascontiguousarray(_renumber(table))
    commonest = _find_commonest(table)
    of_readings = _find_kinds(table, left, commonest, np.where((first == last) & (kinds == WORDS), first, -1), words, counts)
    return Events(table, np.ascontiguousarray(left & (table >= 0)), weights, kinds, first, last, commonest, *of_readings)


def _weigh(n_tokens: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return the weights of events of so many words."""
    return np.where(classes == MARKED, MARKS, 1.0) * (1.0 + np.log(np.maximum(1.0, n_tokens)))


def _find_runs(omitted: np.ndarray, n_readings: np.ndarray) -> list[tuple[int, int, int]]:
    """Return the stretches that a member leaves out and in which others differ: (member, first locus, locus after the last)."""
    found = []
    varied = np.concatenate([[0], np.cumsum(n_readings > 1)])
    for member, row in enumerate(omitted):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        lows, highs = edges[::2], edges[1::2]
        several = varied[highs] - varied[lows] > 1
        found += [(member, low, high) for low, high in zip(lows[several].tolist(), highs[several].tolist(), strict=True)]
    return found


def _join_alike(number: np.ndarray, varied: np.ndarray) -> np.ndarray:
    """Return the places in `varied` at which events begin, and their end: adjacent loci that divide alike are one event."""
    if not len(varied):
        return np.zeros(1, np.int64)
    canonical = _renumber(number[:, varied])
    new = (canonical[:, 1:] != canonical[:, :-1]).any(axis=0) | (np.diff(varied) > 1)
    return np.concatenate([[0], np.flatnonzero(new) + 1, [len(varied)]])


def _renumber(number: np.ndarray) -> np.ndarray:
    """Return the readings of each event numbered in the order in which the members have them."""
    out = np.full_like(number, MISSING)
    known = np.full((int(number.max(initial=0)) + 1, number.shape[1]), MISSING, np.int32)
    counts = np.zeros(number.shape[1], np.int32)
    at = np.arange(number.shape[1])
    for member in range(len(number)):
        value = number[member]
        there = value >= 0
        new = there & (known[np.maximum(value, 0), at] < 0)
        known[value[new], at[new]] = counts[new]
        counts[new] += 1
        out[member, there] = known[value[there], at[there]]
    return out


def _omitted_events(runs: list[tuple[int, int, int]], n: int, length: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the events of stretches that are left out: the same stretch is one event."""
    places = {place: k for k, place in enumerate(sorted({(low, high) for _, low, high in runs}))}
    number = np.zeros((n, len(places)), np.int32)
    for member, low, high in runs:
        number[member, places[low, high]] = 1
    first = np.array([low for low, _ in places], np.int64)
    last = np.array([high - 1 for _, high in places], np.int64)
    size = np.array([length[low:high].sum() for low, high in places], np.float64)
    lacuna = size > MAX_OMITTED
    weights = np.where(lacuna, 1.0, 1.0 + np.log(np.maximum(size, 1.0)))
    return number, number > 0, weights, np.where(lacuna, OMITTED, WORDS).astype(np.int8), first, last


def _moved_events(blocks: pa.Table, members: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the events of moved blocks: who has it elsewhere than the base."""
    rows = blocks.to_pylist()
    place = {int(m): k for k, m in enumerate(members)}
    moves = sorted({row["move"] for row in rows})
    number = np.zeros((len(members), len(moves)), np.int32)
    first, last, size = np.zeros(len(moves), np.int64), np.zeros(len(moves), np.int64), np.ones(len(moves))
    for row in rows:
        k = moves.index(row["move"])
        number[place[row["member"]], k] = 1
        first[k], last[k], size[k] = row["first_locus"], row["last_locus"], max(size[k], row["n_tokens"])
    return number, np.zeros_like(number, bool), 1.0 + np.log(size), np.full(len(moves), MOVED, np.int8), first, last


def _find_commonest(readings: np.ndarray) -> np.ndarray:
    """Return the commonest reading of each event, the smallest of equals."""
    n_readings = int(readings.max(initial=0)) + 1
    counts = np.stack([(readings == r).sum(axis=0) for r in range(n_readings)])
    return counts.argmax(axis=0).astype(np.int32)


def _find_kinds(
    readings: np.ndarray, omitted: np.ndarray, commonest: np.ndarray, loci: np.ndarray, words: Callable[[int, int], str] | None, counts: Mapping[str, int] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the kind of each reading of each event and whether it has a word of no other place; `loci`: the one locus of an event, -1 where it has several."""
    kinds = np.full((len(commonest), int(readings.max(initial=0)) + 1), OTHER, np.int8)
    rare = np.zeros(kinds.shape, bool)
    kinds[np.arange(len(commonest)), np.maximum(commonest, 0)] = SPELLED
    member, event = np.nonzero(omitted & (readings >= 0))
    kinds[event, readings[member, event]] = NOTHING
    if words is None:
        return kinds, rare
    usual = kinds[np.arange(len(commonest)), np.maximum(commonest, 0)] == SPELLED
    for at in np.flatnonzero(loci >= 0).tolist():
        numbers, holders, n_holders = np.unique(readings[:, at], return_index=True, return_counts=True)
        shown = {r: (words(int(loci[at]), m).casefold(), n) for r, m, n in zip(numbers.tolist(), holders.tolist(), n_holders.tolist(), strict=True) if r >= 0 and kinds[at, r] != NOTHING}
        if counts is not None:
            rare[at, list(shown)] = _find_rare(list(shown.values()), counts)
        if usual[at]:
            for r, (text, _) in shown.items():
                if Indel.normalized_similarity(text, shown[int(commonest[at])][0]) >= ALIKE:
                    kinds[at, r] = SPELLED
    return kinds, rare


def _find_rare(shown: list[tuple[str, int]], counts: Mapping[str, int]) -> list[bool]:
    """Return of each reading of a locus, with how many have it, whether one of its words stands at no other place."""
    here = Counter[str]()
    split = [split_plain(text) for text, _ in shown]
    for words, (_, n) in zip(split, shown, strict=True):
        for word in words:
            here[word] += n
    return [any(counts.get(word, 0) <= here[word] for word in words) for words in split]


def split_plain(text: str) -> list[str]:
    """Return the words of a casefolded text."""
    return _PLAIN.findall(text)
