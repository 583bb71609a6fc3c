"""What letters have beside their template: cut into sentences and lines, grouped, and told apart by what it does to the template."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from variorum.collating.groupings import MIN_WORDS, Words, group_near
from variorum.collating.lexicons import ends_sentence
from variorum.collating.templating import Comparison, Consensus, Leftover
from variorum.tokens import Tokens

KINDS = ("added", "changed", "dropped", "marks")
"""What a residue does: words where the template has none; in the place of others; words left out; marks alone."""
ADDED, CHANGED, DROPPED, MARKS = range(4)

_SHORT_LINE = 45
"""A line of fewer characters has ended because what it says did, not because the page was full."""
_TITLES = frozenset(["mr", "mrs", "ms", "dr", "st", "no", "sen", "rep", "prof", "gov", "gen", "hon", "jr", "sr", "vs", "art", "sec", "fig", "m", "mme", "sra"])

Key = tuple[object, ...]


@dataclass
class Residues:
    """Residues of all letters, a list a column; `keys` is what each is grouped by, `fills` the whole stretch it is part of."""

    member: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    n_tokens: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    key: list[int] = field(default_factory=list)
    stretch: list[int] = field(default_factory=list)


class Collector:
    """Residues as letters are compared, batch after batch.

    Attributes:
        residues: what was found.
        shown: by number of a key: the words as they stand, of all those that are equal the first in order of characters.
    """

    def __init__(self, template: Consensus) -> None:
        """Take the template."""
        self.residues = Residues()
        self.shown: list[str] = []
        self.words: list[Words] = []
        self.kinds: list[int] = []
        self._keys: dict[Key, int] = {}
        self._light = [_is_light(key) for key in template.keys]
        self._heavy = np.concatenate([[0], np.cumsum(~np.array(self._light, bool))])
        self._template = template
        self._n_stretches = 0

    def add(self, member: int, tokens: Tokens, comparison: Comparison) -> None:
        """Add what one letter has beside the template."""
        for stretch in comparison.leftovers:
            if stretch.low == stretch.high:
                at = tokens.starts[stretch.low] if stretch.low < len(tokens.keys) else (tokens.ends[-1] if tokens.keys else 0)
                self._add(member, tokens, stretch, (at, at))
            else:
                first = stretch.first
                for low, high in cut_sentences(tokens, stretch.low, stretch.high):
                    # The first sentence stands for what the template has there, the others are put in behind it.
                    self._add(member, tokens, Leftover(low, high, first, stretch.last), (tokens.starts[low], tokens.ends[high - 1]))
                    first = stretch.last
            self._n_stretches += 1

    def _add(self, member: int, tokens: Tokens, stretch: Leftover, span: tuple[int, int]) -> None:
        """Add one row."""
        words = tuple(key for key in tokens.keys[stretch.low : stretch.high] if not _is_light(key))
        replaced = bool(self._heavy[stretch.last] - self._heavy[stretch.first])
        kind = (CHANGED if replaced else ADDED) if words else (DROPPED if replaced else MARKS)
        if kind == MARKS and any(unicodedata.category(c) in ("So", "Sk") for key in tokens.keys[stretch.low : stretch.high] for c in key):
            kind, words = ADDED, tuple(tokens.keys[stretch.low : stretch.high])
        key: Key = words
        if len(words) < MIN_WORDS:
            place = (stretch.first, stretch.last) if kind in (CHANGED, DROPPED) else ()
            key = (kind, *place, words or tuple(tokens.keys[stretch.low : stretch.high]))
        shown = " ".join(tokens.text[span[0] : span[1]].split())
        number = self._keys.setdefault(key, len(self.shown))
        if number == len(self.shown):
            self.shown.append(shown)
            self.words.append(words)
            self.kinds.append(kind)
        else:
            self.shown[number] = min(self.shown[number], shown)
            self.kinds[number] = min(self.kinds[number], kind)
        found = self.residues
        for column, value in ((found.member, member), (found.kind, kind), (found.start, span[0]), (found.end, span[1]), (found.n_tokens, stretch.high - stretch.low),
                              (found.first, stretch.first), (found.last, stretch.last), (found.key, number), (found.stretch, self._n_stretches)):  # fmt: skip
            column.append(value)

    def group(self) -> np.ndarray:
        """Return for each key the key that leads its group (int64)."""
        counts = np.bincount(np.array(self.residues.key, np.int64), minlength=len(self.words)).tolist()
        long = [k for k, words in enumerate(self.words) if len(words) >= MIN_WORDS]
        near = group_near([self.words[k] for k in long], [counts[k] for k in long])
        leaders = np.arange(len(self.words))
        leaders[long] = np.array(long, np.int64)[near] if long else []
        return leaders


def cut_sentences(tokens: Tokens, low: int, high: int) -> list[tuple[int, int]]:
    """Return the tokens ``[low, high)`` in sentences and short lines."""
    cuts = [low]
    for k in range(low, high - 1):
        gap = tokens.text[tokens.ends[k] : tokens.starts[k + 1]]
        if gap and _breaks(tokens, k, gap, cuts[-1]):
            cuts.append(k + 1)
    cuts.append(high)
    return list(itertools.pairwise(cuts))


def _breaks(tokens: Tokens, k: int, gap: str, since: int) -> bool:
    """Say whether a sentence or line ends with token `k`, behind which `gap` stands."""
    if "\n" in gap:
        line = tokens.text.rfind("\n", 0, tokens.ends[k]) + 1
        return gap.count("\n") > 1 or tokens.ends[k] - line < _SHORT_LINE or ends_sentence(tokens.keys[k])
    at = k
    while at > since and tokens.keys[at] in ('"', "'", ")"):
        at -= 1
    if not ends_sentence(tokens.keys[at]):
        return False
    before = tokens.keys[at - 1] if at > since else ""
    return tokens.keys[at] != "." or (before not in _TITLES and (len(before) != 1 or before.isdigit()))


_WORD = re.compile(r"[^\W\d_][^\W_]*")


def name_filling(shown: Sequence[str]) -> str:
    """Return what a slot is mostly filled with: `figure`, `sentence`, `name` (capitalised words) or `words`."""
    kinds = [_name_one(text) for text in shown]
    for kind in ("figure", "sentence", "name"):
        if 2 * kinds.count(kind) > len(kinds):
            return kind
    return "words"


def _name_one(text: str) -> str:
    """Return what one filling is."""
    words = _WORD.findall(text)
    if len(text.split()) >= 8 or (len(text.split()) >= 4 and ends_sentence(text[-1])):
        return "sentence"
    if any(c.isdigit() for c in text) and sum(c.isdigit() for c in text) * 2 >= sum(c.isalnum() for c in text):
        return "figure"
    capitals = [word[0].isupper() for word in words]
    return "name" if any(capitals) and all(capital or len(word) <= 3 for capital, word in zip(capitals, words, strict=True)) else "words"


@lru_cache(maxsize=1 << 18)
def _is_light(key: str) -> bool:
    """Say whether a token is a mark."""
    return not any(c.isalnum() for c in key)
