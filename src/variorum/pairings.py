"""Two versions of a text: the marks of each, where they differ, and which place of one stands at which place of the other."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from variorum.collating.cells import Cell
from variorum.ledger.entries import Entry
from variorum.marks import Mark

Span = tuple[int, int]
Item = TypeVar("Item")

_PIECE = re.compile(r"\w+|\s+|[^\w\s]")

SAID = ("attribution", "demand")
"""Kinds of mark whose parts are compared one by one."""


class Side:
    """One version: its text, its marks in order of their starts, its quotations, and what it reports and asks."""

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        """Take a text and what was recognised in it."""
        self.text = text
        self.quotations = [m for m in marks if m.kind == "quotation"]
        self.said = [m.entry for m in marks if m.kind in SAID and m.entry is not None]
        self._marks = sorted((m for m in marks if m.kind != "quotation" and m.kind not in SAID), key=lambda m: m.start)
        self._starts = [m.start for m in self._marks]
        self._longest = max((m.end - m.start for m in self._marks), default=0)
        self._reported = [span for e in self.said if e.type == "attribution" and not e.fields.own for span in e.parts.get("content", ())]
        self._forces = {span: e for e in self.said if e.type == "demand" for span in e.parts.get("force", ())}
        self._figures = {(m.start, m.end): m.entry for m in self._marks if m.kind == "figure" and not m.role and m.entry is not None}
        self._deadlines = {span for e in self.said for span in e.parts.get("deadline", ())}

    def touching(self, start: int, end: int) -> list[Mark]:
        """Return the marks that hold a character of the interval, or a point inside; not quotations, nor what is reported and asked."""
        low, high = bisect_left(self._starts, start - self._longest), bisect_left(self._starts, max(end, start + 1))
        return [m for m in self._marks[low:high] if m.end > start and (m.start < end or start < end)]

    def inside(self, start: int, end: int) -> list[Mark]:
        """Return the marks that lie in the interval; not quotations, nor what is reported and asked."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [m for m in self._marks[low:high] if m.end <= end]

    def voice_at(self, start: int, end: int) -> str:
        """Return whose words an interval is: `own`, `reported` or `quoted`."""
        if any(m.start <= start and end <= m.end and (m.entry is None or m.entry.fields.kind == "speech") for m in self.quotations):
            return "quoted"
        return "reported" if any(s <= start and end <= e for s, e in self._reported) else "own"

    def demand_at(self, start: int, end: int) -> Entry | None:
        """Return the demand of which the interval is the word that asks."""
        return next((e for (s, t), e in self._forces.items() if s <= start and end <= t), None)

    def figure_at(self, span: Span) -> Entry | None:
        """Return the ledger's figure that is the interval."""
        return self._figures.get(span)

    def is_deadline(self, span: Span) -> bool:
        """Say whether a date is the deadline of a demand."""
        return span in self._deadlines

    def asks(self, start: int, end: int) -> bool:
        """Say whether a demand begins in the interval."""
        return any(e.type == "demand" and start <= e.start < end for e in self.said)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two stretches that stand for each other: `base` and `other`, (start, end) each, and their locus."""

    locus: int
    base: Span
    other: Span


class Nearby(Generic[Item]):
    """Items by their interval in a text, so that those near a place are found without a look at every one: a version may have tens of thousands."""

    def __init__(self, items: Sequence[tuple[Span, Item]]) -> None:
        """Take the items with their intervals; points, too."""
        self._items = [item for _, item in items]
        self._by_piece: dict[int, list[int]] = {}
        for number, (span, _) in enumerate(items):
            for piece in range(span[0] // _PIECE_SIZE, span[1] // _PIECE_SIZE + 1):
                self._by_piece.setdefault(piece, []).append(number)

    def around(self, span: Span) -> list[Item]:
        """Return, in their order, at least the items that have a place in common with the interval."""
        pieces = range(span[0] // _PIECE_SIZE, span[1] // _PIECE_SIZE + 1)
        return [self._items[k] for k in sorted({k for piece in pieces for k in self._by_piece.get(piece, ())})]


def find_differences(pairs: Sequence[tuple[Cell, Cell]], mine: str, other: str) -> list[Difference]:
    """Return the stretches that differ, in the order of the base; neighbours in both texts are one."""
    found: list[Difference] = []
    before: tuple[Cell, Cell] | None = None  # the last pair whose readings differ
    for b, o in pairs:
        here = Difference(b.locus, (b.start, b.ink_end), (o.start, o.ink_end))
        if b.reading == o.reading:
            found += _find_forms(here, mine, other)
            continue
        last = found[-1] if found else None
        if (
            before
            and last
            and last.locus == before[0].locus == b.locus - 1
            and here.other[0] >= last.other[1]
            and o.block == before[1].block
            and before[1].end == o.start
        ):
            found[-1] = Difference(
                b.locus, (last.base[0], max(last.base[1], here.base[1])), (last.other[0], max(last.other[1], here.other[1]))
            )
        else:
            found.append(here)
        before = b, o
    return found


def _find_forms(d: Difference, mine: str, other: str) -> list[Difference]:
    """Return where two readings that are one but for case, white space and the shape of marks differ, piece by piece."""
    sides = []
    for text, (start, end) in ((mine, d.base), (other, d.other)):
        sides.append([(m[0], m.start() + start, m.end() + start) for m in _PIECE.finditer(text[start:end])])
    if len(sides[0]) == len(sides[1]):
        return [Difference(d.locus, a[1:], b[1:]) for a, b in zip(*sides, strict=True) if a[0] != b[0]]
    matcher = difflib.SequenceMatcher(None, [p[0] for p in sides[0]], [p[0] for p in sides[1]], autojunk=False)
    found = []
    for tag, i0, i1, j0, j1 in matcher.get_opcodes():
        if tag != "equal":
            a = (sides[0][i0][1] if i0 < len(sides[0]) else d.base[1], sides[0][i1 - 1][2] if i1 > i0 else 0)
            b = (sides[1][j0][1] if j0 < len(sides[1]) else d.other[1], sides[1][j1 - 1][2] if j1 > j0 else 0)
            found.append(Difference(d.locus, (a[0], max(a)), (b[0], max(b))))
    return found


class Places:
    """Which place of one version stands at which place of the other: between two differences the texts are alike."""

    def __init__(self, pairs: Sequence[tuple[Span, Span]], mine: str, theirs: str) -> None:
        """Take the differences (place in the one, place in the other) and both texts."""
        self._mine, self._theirs = mine, theirs
        self.pairs = sorted(pairs)
        self._starts = [p[0][0] for p in self.pairs]

    def flipped(self) -> Places:
        """Return the places the other way."""
        return Places([(b, a) for a, b in self.pairs], self._theirs, self._mine)

    def difference_at(self, place: int) -> int | None:
        """Return the number of the difference that holds a place; of an insertion, none."""
        k = bisect_right(self._starts, place) - 1
        return k if k >= 0 and place < self.pairs[k][0][1] else None

    def touches(self, start: int, end: int) -> list[int]:
        """Return the numbers of the differences that hold a character of the interval, or lie strictly inside as an insertion."""
        found = []
        k = max(0, bisect_right(self._starts, start) - 1)
        while k < len(self.pairs) and self._starts[k] < end:
            a, b = self.pairs[k][0]
            if b > start if a < b else start < a:
                found.append(k)
            k += 1
        return found

    def find(self, place: int) -> int | None:
        """Return the other version's place of one outside the differences; None where the texts are not alike there."""
        k = bisect_right(self._starts, place) - 1
        guesses = [place + self._lead()]
        if k >= 0:  # a difference ends with its ink, and either side may have white space after it
            mine, theirs = (skip_blanks(text, span[1]) for text, span in zip((self._mine, self._theirs), self.pairs[k], strict=True))
            guesses = [self.pairs[k][1][1] + place - self.pairs[k][0][1], theirs + place - mine]
        if k + 1 < len(self.pairs):
            guesses.append(self.pairs[k + 1][1][0] - (self.pairs[k + 1][0][0] - place))
        piece = self._mine[place : place + _PROBE]
        if k + 1 < len(self.pairs):
            piece = piece[: max(1, self.pairs[k + 1][0][0] - place)]
        return next((g for g in guesses if g >= 0 and self._theirs[g : g + len(piece)] == piece), None)

    def _lead(self) -> int:
        """Return by how much places before the first difference are moved."""
        return self.pairs[0][1][0] - self.pairs[0][0][0] if self.pairs else 0

    def map_span(self, start: int, end: int) -> Span | None:
        """Return the other version's interval of an interval, differences at its ends as a whole; None where an end has no place."""
        first, last = self.difference_at(start), self.difference_at(max(start, end - 1))
        low = self.pairs[first][1][0] if first is not None else self.find(start)
        if last is not None:
            high = self.pairs[last][1][1]
        else:
            at = self.find(max(start, end - 1))
            high = None if at is None else at + (end > start)
        return (low, high) if low is not None and high is not None and low <= high else None

    def kept(self, start: int, end: int) -> float:
        """Return the share of an interval that lies outside the differences."""
        lost = sum(max(0, min(end, self.pairs[k][0][1]) - max(start, self.pairs[k][0][0])) for k in self.touches(start, end))
        return 1 - lost / max(1, end - start)


def skip_blanks(text: str, place: int) -> int:
    """Return the place after the white space that begins at a place."""
    end = min(len(text), place + _BLANKS)
    while place < end and text[place].isspace():
        place += 1
    return place


_PIECE_SIZE = 128
"""Characters of a piece of text by which `Nearby` looks up."""
_BLANKS = 1000
"""Characters of white space that are looked through."""
_PROBE = 12
"""Characters that must be alike for two places to be one."""
