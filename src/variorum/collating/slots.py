"""The template in segments: words that stand, words that many leave out, and slots that each letter fills with its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from variorum.collating.residues import DROPPED, MARKS, Collector, name_filling
from variorum.collating.templating import Consensus
from variorum.tokens import Tokens

FIXED, OPTIONAL, SLOT = "fixed", "optional", "slot"

MIN_VARIED = 0.1
"""Least share of the letters that have something of their own where a slot is."""
ABOVE_NOISE = 5.0
"""How often more of them must be than at the middle one of all words, so that no slot is made of slips of the pen."""
MAX_NEEDED = 0.5
"""Share that is enough, whatever the noise."""
MIN_FILLINGS = 3
"""Fewest different fillings of a slot; fewer are variants."""
MIN_OPTIONAL = 3
"""Fewest words that are called optional."""
N_SHOWN = 5
"""Fillings of a slot that are named, the commonest first."""
_N_JUDGED = 400
"""Fillings from which it is told what a slot is filled with."""


@dataclass(frozen=True)
class Segment:
    """Words ``[first, last)`` of the template; a slot may hold none. See the table `segments` for the rest."""

    kind: str
    first: int
    last: int
    n_letters: int
    n_fillings: int
    filled_with: str | None
    fillings: list[str]


class Places:
    """How the letters vary at each word of the template and in the gap before it; the last gap stands behind all."""

    def __init__(self, template: Consensus, collector: Collector, n_letters: int) -> None:
        """Count the residues."""
        self.template, self.collector, self.n_letters = template, collector, n_letters
        found = collector.residues
        columns = (np.array(values, np.int64) for values in (found.kind, found.first, found.last, found.stretch, found.key))
        self._kind, self._first, self._last, self._stretch, self._key = columns
        n = len(template.keys)
        # A stretch of several sentences counts once: its first row says which words it stands for.
        self._begins = np.flatnonzero(np.diff(self._stretch, prepend=-1) != 0)
        first, last = self._first[self._begins], self._last[self._begins]
        dropped, marks = self._kind[self._begins] == DROPPED, self._is_marks()
        self._filled = ~dropped & ~marks
        self.replaced = _count(first[self._filled], last[self._filled], n)
        self.dropped = _count(first[dropped], last[dropped], n)
        self.gaps = _count(first[self._filled], last[self._filled] + 1, n + 1)

    def _is_marks(self) -> np.ndarray:
        """Return which stretches hold marks alone (bool)."""
        rest = np.ones(len(self._begins), bool)
        number = np.cumsum(np.diff(self._stretch, prepend=-1) != 0) - 1
        rest[number[self._kind != MARKS]] = False
        return rest

    def find_segments(self) -> list[Segment]:
        """Return the segments of the template, in order."""
        n = len(self.template.keys)
        needed = max(3.0, self.n_letters * self._share_needed())
        word = self.replaced >= needed
        gap = self.gaps >= needed
        left_out = self._find_optional(needed)
        segments: list[Segment] = []
        at = 0
        while at <= n:
            if gap[at] or (at < n and word[at]):
                end = at
                while end < n and word[end]:
                    end += 1
                slot = self._make_slot(at, end, needed)
                if slot is not None:
                    segments.append(slot)
                    if end > at:
                        at = end
                        continue
            if at == n:
                break
            end = at + 1
            while end < n and left_out[end] == left_out[at] and not gap[end] and not word[end]:
                end += 1
            kind = OPTIONAL if left_out[at] else FIXED
            segments.append(Segment(kind, at, end, self._count_holders(at, end), 0, None, []))
            at = end
        return _join_fixed(segments)

    def _share_needed(self) -> float:
        """Return the share of the letters that must vary at a place for a slot."""
        heavy = [any(c.isalnum() for c in key) for key in self.template.keys]
        varied = (self.replaced + self.dropped)[heavy] / max(1, self.n_letters)
        return float(np.clip(ABOVE_NOISE * np.median(varied), MIN_VARIED, MAX_NEEDED))

    def _find_optional(self, needed: float) -> np.ndarray:
        """Return the words that many leave out and put nothing in their place (bool)."""
        out = self.dropped >= needed
        edges = np.flatnonzero(np.diff(np.concatenate([[0], out.view(np.int8), [0]]))).reshape(-1, 2)
        for low, high in edges.tolist():
            if sum(any(c.isalnum() for c in key) for key in self.template.keys[low:high]) < MIN_OPTIONAL:
                out[low:high] = False
        return out

    def _touching(self, first: int, last: int) -> np.ndarray:
        """Return the filled stretches that touch a slot, as numbers of stretches."""
        low, high = self._first[self._begins], self._last[self._begins]
        return np.flatnonzero(self._filled & (low <= last) & (high >= first))

    def _make_slot(self, first: int, last: int, needed: float) -> Segment | None:
        """Return the slot at some words of the template, or None where what stands there is too much alike."""
        chosen = self._touching(first, last)
        bounds = np.append(self._begins, len(self._key))
        fillings = Counter(tuple(self._key[bounds[k] : bounds[k + 1]].tolist()) for k in chosen.tolist())
        most = max(fillings.values(), default=0)
        if len(fillings) < MIN_FILLINGS or len(chosen) - most < needed / 2:
            return None
        shown = {keys: " ".join(self.collector.shown[key] for key in keys) for keys in fillings}
        ranked = sorted(fillings, key=lambda keys: (-fillings[keys], shown[keys]))
        return Segment(SLOT, first, last, len(chosen), len(fillings), name_filling([shown[keys] for keys in ranked[:_N_JUDGED]]), [shown[keys] for keys in ranked[:N_SHOWN]])

    def _count_holders(self, first: int, last: int) -> int:
        """Return how many letters have all words of a segment, near enough: those that lack the word that most lack are left out."""
        return int(self.n_letters - (self.replaced + self.dropped)[first:last].max(initial=0))


def _count(first: np.ndarray, last: np.ndarray, n: int) -> np.ndarray:
    """Return by place in how many of the intervals ``[first, last)`` it lies (int64[n])."""
    return np.cumsum(np.bincount(first, minlength=n + 1)[: n + 1] - np.bincount(np.minimum(last, n), minlength=n + 1)[: n + 1])[:n]


def _join_fixed(segments: list[Segment]) -> list[Segment]:
    """Return the segments with neighbours of one kind joined; a gap that was no slot has cut them."""
    joined: list[Segment] = []
    for segment in segments:
        last = joined[-1] if joined else None
        if last and last.kind == segment.kind != SLOT:
            joined[-1] = Segment(last.kind, last.first, segment.last, min(last.n_letters, segment.n_letters), 0, None, [])
        else:
            joined.append(segment)
    return joined


def show_words(template: Consensus, first: int, last: int) -> tuple[str, int | None, int, int]:
    """Return words of the template as they stand in the letters, and the letter and place where they stand so; no letter where they are of several."""
    pieces: list[str] = []
    runs: list[tuple[int, int, int]] = []
    for letter, token in template.sources[first:last]:
        if runs and runs[-1][0] == letter and runs[-1][2] == token:
            runs[-1] = (letter, runs[-1][1], token + 1)
        else:
            runs.append((letter, token, token + 1))
    for letter, low, high in runs:
        tokens: Tokens = template.tokens[letter]
        pieces.append(tokens.text[tokens.starts[low] : tokens.ends[high - 1]])
    if len(runs) == 1:
        letter, low, high = runs[0]
        return pieces[0], letter, template.tokens[letter].starts[low], template.tokens[letter].ends[high - 1]
    return " ".join(pieces), None, 0, 0
