"""Word-level differences between two texts, with what is only layout (case, space, punctuation) told apart from wording.

A text becomes words, each with what stands between it and the next; words are compared by their key (NFKC,
case folded). Figures keep their separators (1.5 is not 15) and signs that carry meaning ($ % + =) are words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import Indel

from variorum.tokens import fold_word, word_pattern

# Kinds of segment.
EQUAL = "equal"  # the same characters
LAYOUT = "layout"  # the same words, other case, space or punctuation
ONLY_A = "only_a"  # wording that only a has
ONLY_B = "only_b"  # wording that only b has
# Of a reworked passage, whose order says nothing, b alone is shown.
COMMON = "common"  # words that a has as well, anywhere
OWN = "own"  # what stands between them

MAX_CELLS = 40_000_000
"""Words of a times words of b (after the common ends are cut off) beyond which the middle is not compared word by word."""


class Segment(NamedTuple):
    """A run of one kind: the characters of a and the characters of b (one of them empty for `only_a`, `only_b`)."""

    kind: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text in words: word i is ``text[starts[i]:ends[i]]`` and compares by ``keys[i]``."""

    text: str
    starts: list[int]
    ends: list[int]
    keys: list[str]


def split_words(text: str) -> Words:
    """Return `text` in words."""
    starts, ends, keys = [], [], []
    for match in word_pattern().finditer(text):
        starts.append(match.start())
        ends.append(match.end())
        keys.append(fold_word(match.group()))
    return Words(text, starts, ends, keys)


def compare_words(a: Words, b: Words) -> list[Segment]:
    """Return the segments that turn `a` into `b`, in order; joined, their `a` and `b` give both texts back exactly."""
    built = _Segments(a, b)
    for kind, first_a, last_a, first_b, last_b in _word_runs(a.keys, b.keys):
        if kind == EQUAL:
            built.add_same(first_a, last_a, first_b)
        else:
            built.add_change(first_a, last_a, first_b, last_b)
    built.add_layout(len(a.text), len(b.text))
    return built.segments


def compare_texts(text_a: str, text_b: str) -> list[Segment]:
    """Return the segments that turn `text_a` into `text_b`, in order."""
    return compare_words(split_words(text_a), split_words(text_b))


class _Segments:
    """Segments under construction: `place_a` and `place_b` characters of the two texts are in them already."""

    def __init__(self, a: Words, b: Words) -> None:
        self.a, self.b = a, b
        self.place_a = self.place_b = 0
        self.segments: list[Segment] = []

    def add(self, kind: str, end_a: int, end_b: int) -> None:
        """Take the characters up to `end_a` and `end_b` as one kind, joined to the last segment where that is of the same kind."""
        text_a, text_b = self.a.text[self.place_a : end_a], self.b.text[self.place_b : end_b]
        self.place_a, self.place_b = max(self.place_a, end_a), max(self.place_b, end_b)
        if not text_a and not text_b:
            return
        if self.segments and self.segments[-1].kind == kind:
            last = self.segments.pop()
            text_a, text_b = last.a + text_a, last.b + text_b
        self.segments.append(Segment(kind, text_a, text_b))

    def add_layout(self, end_a: int, end_b: int) -> None:
        """Take characters that hold no change of wording."""
        same = self.a.text[self.place_a : end_a] == self.b.text[self.place_b : end_b]
        self.add(EQUAL if same else LAYOUT, end_a, end_b)

    def add_same(self, first_a: int, last_a: int, first_b: int) -> None:
        """Take words that agree: at one stroke where all characters do, else in halves, so that few odd spaces cost little."""
        a, b = self.a, self.b
        length = last_a - first_a
        end_a, end_b = a.ends[last_a - 1], b.ends[first_b + length - 1]
        if a.text[self.place_a : end_a] == b.text[self.place_b : end_b]:
            self.add(EQUAL, end_a, end_b)
        elif length == 1:
            self.add_layout(a.starts[first_a], b.starts[first_b])
            self.add_layout(end_a, end_b)
        else:
            half = length // 2
            self.add_same(first_a, first_a + half, first_b)
            self.add_same(first_a + half, last_a, first_b + half)

    def add_change(self, first_a: int, last_a: int, first_b: int, last_b: int) -> None:
        """Take words that differ; what stands before them stays outside, and so does a mere difference in splitting words."""
        a, b = self.a, self.b
        in_a, in_b = last_a > first_a, last_b > first_b
        end_a = a.ends[last_a - 1] if in_a else self.place_a
        end_b = b.ends[last_b - 1] if in_b else self.place_b
        self.add_layout(a.starts[first_a] if in_a else self.place_a, b.starts[first_b] if in_b else self.place_b)
        if in_a and in_b and _letters(a.keys[first_a:last_a]) == _letters(b.keys[first_b:last_b]):
            self.add_layout(end_a, end_b)
            return
        self.add(ONLY_A, end_a, self.place_b)
        self.add(ONLY_B, self.place_a, end_b)


def _letters(keys: list[str]) -> str:
    """Return words without what stands between them: "govern- ment" equals "government", but "1.5" not "15"."""
    return "".join(keys).replace("'", "")


def _word_runs(a: list[str], b: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield runs of equal and of differing words as (kind, first_a, last_a, first_b, last_b), ends excluded."""
    shorter = min(len(a), len(b))
    head = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    tail = next((i for i in range(shorter - head) if a[-1 - i] != b[-1 - i]), shorter - head)
    if head:
        yield EQUAL, 0, head, 0, head
    mid_a, mid_b = len(a) - head - tail, len(b) - head - tail
    if mid_a and mid_b and mid_a * mid_b <= MAX_CELLS:
        for kind, first_a, last_a, first_b, last_b in _clean_runs(a[head : head + mid_a], b[head : head + mid_b]):
            yield kind, head + first_a, head + last_a, head + first_b, head + last_b
    elif mid_a or mid_b:
        yield ONLY_A, head, head + mid_a, head, head + mid_b
    if tail:
        yield EQUAL, len(a) - tail, len(a), len(b) - tail, len(b)


def _clean_runs(a: list[str], b: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return the runs of the longest common subsequence, with chance agreements inside a large change taken into the change."""
    runs: list[tuple[str, int, int, int, int]] = []
    for op in Indel.opcodes(a, b):
        kind = EQUAL if op.tag == "equal" else ONLY_A
        if runs and runs[-1][0] == kind == ONLY_A:
            runs[-1] = (kind, runs[-1][1], op.src_end, runs[-1][3], op.dest_end)
        else:
            runs.append((kind, op.src_start, op.src_end, op.dest_start, op.dest_end))
    at = 1
    while at < len(runs) - 1:
        kind, first_a, last_a, _, _ = runs[at]
        if kind == EQUAL and sum(map(len, a[first_a:last_a])) <= min(_weight(runs[at - 1], a, b), _weight(runs[at + 1], a, b)) // 2:
            before, after = runs[at - 1], runs[at + 1]
            runs[at - 1 : at + 2] = [(ONLY_A, before[1], after[2], before[3], after[4])]
            at = max(1, at - 2)
        else:
            at += 1
    return runs


def _weight(run: tuple[str, int, int, int, int], a: list[str], b: list[str]) -> int:
    """Return the letters of the longer side of a change; nothing for an equal run."""
    kind, first_a, last_a, first_b, last_b = run
    return 0 if kind == EQUAL else max(sum(map(len, a[first_a:last_a])), sum(map(len, b[first_b:last_b])))
