"""What the differences of a family touch, for the report: figures, dates, demands, names, negations, modals and so on, and moved blocks.

Marks are looked for near differences alone, in the texts of a family together, so that a report of thousands of families stays quick;
any two members can then be compared in the page, mark by mark. Moved blocks are those of a collation of the members.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from variorum.changes import MARK_KINDS
from variorum.collating.apparatus import Alignment
from variorum.collating.members import Member as Version
from variorum.exporting.differences import ONLY_A, ONLY_B, Segment
from variorum.marks import may_hold_entries, recognise
from variorum.tokens import Tokens

MAX_NAMED = 1000
"""Families, by rank, whose changes are named in a report; the command names those of the others."""
MAX_READ = 100_000
"""Characters near differences of which the ledger is asked, those of the families of most substance first; about a second of work.
In what comes after, figures are those in digits, and dates, attributions and demands are not told from other words."""
MAX_MARKED = 6_000_000
"""Characters near differences in which anything is looked for at all: about three seconds of work. The families after that are as those after `MAX_NAMED`."""
_REACH = 60
"""Characters round a difference in which marks are looked for; a figure with its comparator and unit is rarely longer."""
_NEAR = 20
"""Characters round a difference in which a digit, or a word that dates, reports or asks, must stand for the ledger to be asked."""
_MIN_MOVED = 5
"""Words of a stretch that only one side has, from which it may have been moved."""
_MAX_COLLATED = 60
"""Different members of a family that are collated for moved blocks."""
_MAX_CHARACTERS = 400_000
"""Characters of them."""
_BREAK = "\n\n"  # between windows; inside them a blank line is one line, of the same length
_BLANK = re.compile("\n(?=\n)")
_SPACE = re.compile(r"\s")


Window = tuple[int, int, bool]
"""Start and end in a passage, and whether an entry of the ledger may stand near the difference."""


@dataclass
class Meanings:
    """What stands at the differences of a family.

    Attributes:
        keys: what is said, by number: kind (a number of `MARK_KINDS`) and, of a figure, its value.
        marks: by member: (start, end, key) in its passage.
        moves: by member: (start, end, start in the reference, end in it) of moved blocks.
    """

    keys: list[tuple[int, float | None]] = field(default_factory=list)
    marks: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    moves: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict)


class Reader:
    """Reads family after family, the ledger's figures and dates as long as `MAX_READ` allows.

    Attributes:
        n_read: families read so far.
    """

    def __init__(self) -> None:
        self.n_read = 0
        self._left = MAX_READ
        self._unmarked = MAX_MARKED

    @property
    def is_done(self) -> bool:
        """Whether the families that follow, by rank, are not read."""
        return self.n_read >= MAX_NAMED or self._unmarked <= 0

    def read(self, passages: Sequence[str], segments: Sequence[Sequence[Segment] | None], reference: int) -> Meanings:
        """Return what stands at the differences of a family.

        Args:
            passages: the members' passages as they are shown.
            segments: by member: how the reference's passage becomes it; None where it is not compared word by word.
            reference: number of the reference.
        """
        self.n_read += 1
        found = Meanings()
        windows = _find_windows(passages, segments, reference)
        if windows:
            self._add_marks(found, passages, windows)
            found.moves = _find_moves(passages, segments, reference)
        return found

    def _add_marks(self, found: Meanings, passages: Sequence[str], windows: dict[int, list[Window]]) -> None:
        """Recognise the marks in all windows at once: the language of a family is told from all of them."""
        pieces: dict[tuple[str, bool], list[tuple[int, int]]] = {}  # the same words stand in many members: by piece, member and start
        for number, spans in sorted(windows.items()):
            for start, end, may in spans:
                pieces.setdefault((_BLANK.sub(" ", passages[number][start:end]), may), []).append((number, start))
        numbers: dict[tuple[object, ...], int] = {}
        for may in (True, False):
            chosen = [piece for piece, flag in pieces if flag == may]
            starts = np.concatenate([[0], np.cumsum([len(piece) + len(_BREAK) for piece in chosen])])
            entries = may and self._left > 0
            self._unmarked -= int(starts[-1])
            self._left -= int(starts[-1]) if entries else 0
            for mark in recognise(_BREAK.join(chosen), entries=entries):
                k = int(np.searchsorted(starts, mark.start, "right")) - 1
                start, end = mark.start - int(starts[k]), mark.end - int(starts[k])
                if end > len(chosen[k]):
                    continue
                key = (mark.kind, *mark.key)
                if key not in numbers:
                    numbers[key] = len(found.keys)
                    found.keys.append((MARK_KINDS.index(mark.kind), mark.value))
                for number, place in pieces[chosen[k], may]:
                    found.marks.setdefault(number, []).append((place + start, place + end, numbers[key]))
        for marks in found.marks.values():
            marks.sort()


def _find_windows(passages: Sequence[str], segments: Sequence[Sequence[Segment] | None], reference: int) -> dict[int, list[Window]]:
    """Return by member the stretches near its differences, and in the reference those near anyone's."""
    places: dict[int, set[tuple[int, int]]] = {}
    for number, parts in enumerate(segments):
        here = there = 0
        for kind, a, b in parts or ():
            if kind in (ONLY_A, ONLY_B):
                places.setdefault(number, set()).add((here, here + len(b)))
                places.setdefault(reference, set()).add((there, there + len(a)))
            there += len(a)
            here += len(b)
    # Many members say the same in the same words.
    known: dict[tuple[str, frozenset[tuple[int, int]]], list[Window]] = {}
    windows: dict[int, list[Window]] = {}
    for number, spans in places.items():
        key = (passages[number], frozenset(spans))
        if key not in known:
            known[key] = _join_windows(passages[number], sorted(spans))
        windows[number] = known[key]
    return windows


def _join_windows(text: str, spans: Sequence[tuple[int, int]]) -> list[Window]:
    """Return the stretches near some differences in their order, those that touch as one."""
    joined: list[Window] = []
    spaces = [m.start() for m in _SPACE.finditer(text)]
    for start, end in spans:
        may = may_hold_entries(text[max(0, start - _NEAR) : end + _NEAR])
        # To the nearest white space on the way out, or the end of the text.
        before, behind = bisect_right(spaces, start - _REACH), bisect_left(spaces, end + _REACH)
        start, end = spaces[before - 1] if before else 0, spaces[behind] if behind < len(spaces) else len(text)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end), may or joined[-1][2])
        else:
            joined.append((start, end, may))
    return joined


def _find_moves(passages: Sequence[str], segments: Sequence[Sequence[Segment] | None], reference: int) -> dict[int, list[tuple[int, int, int, int]]]:
    """Return by member the blocks that it has in another place than the reference."""
    chosen = [n for n, parts in enumerate(segments) if parts and _may_move(parts)]
    first: dict[str, int] = {}
    for n in chosen:
        first.setdefault(passages[n], n)
    numbers = [reference, *(n for n in first.values() if n != reference)][:_MAX_COLLATED]
    if len(numbers) < 2 or sum(len(passages[n]) for n in numbers) > _MAX_CHARACTERS:
        return {}
    alignment = Alignment([Version(str(n), passages[n], 0, len(passages[n])) for n in numbers], 0)
    base = alignment.tokens[0]
    opposite = np.full(int(alignment.order.max(initial=-1)) + 1, -1, np.int64)  # by column: the reference's token
    opposite[alignment.columns[0]] = np.arange(len(base.keys))
    by_text: dict[str, list[tuple[int, int, int, int]]] = {}
    for k, n in enumerate(numbers[1:], 1):
        if alignment.related[k]:
            by_text[passages[n]] = _match_stretches(segments[n] or (), alignment.tokens[k], opposite[alignment.columns[k]], base)
    return {n: by_text[passages[n]] for n in chosen if by_text.get(passages[n])}


def _match_stretches(parts: Sequence[Segment], tokens: Tokens, mates: np.ndarray, base: Tokens) -> list[tuple[int, int, int, int]]:
    """Return the stretches that only the member has, where the collation puts them opposite one that only the reference has.

    Of two stretches that changed places either may be called moved; that one is which the page does not show in place.
    """
    own, lost, here, there = [], [], 0, 0
    for kind, a, b in parts:
        if kind == ONLY_B:
            own.append((here, here + len(b)))
        elif kind == ONLY_A:
            lost.append((there, there + len(a)))
        here, there = here + len(b), there + len(a)
    own, lost = _keep_long(own, tokens), _keep_long(lost, base)
    if not own or not lost:
        return []
    starts, base_starts = np.array(tokens.starts), np.array(base.starts)
    inside = np.flatnonzero(mates >= 0)
    home = mates[inside]
    stretch, source = _find_stretches(own, starts[inside]), _find_stretches(lost, base_starts[home])
    moved = (stretch >= 0) & (source >= 0)
    pair = (stretch * len(lost) + source)[moved]
    order = np.argsort(pair, kind="stable")
    inside, home, pair = inside[moved][order], home[moved][order], pair[order]
    cuts = np.flatnonzero(np.diff(pair, prepend=-1, append=-1))
    found = []
    for first, last in pairwise(cuts.tolist()):
        if last - first >= _MIN_MOVED:
            mate = home[first:last]
            found.append((tokens.starts[int(inside[first])], tokens.ends[int(inside[last - 1])], base.starts[int(mate.min())], base.ends[int(mate.max())]))
    return found


def _keep_long(stretches: list[tuple[int, int]], tokens: Tokens) -> list[tuple[int, int]]:
    """Return the stretches of a text that hold as many tokens as a moved block has at least."""
    return [(start, end) for start, end in stretches if bisect_left(tokens.starts, end) - bisect_left(tokens.starts, start) >= _MIN_MOVED]


def _find_stretches(stretches: list[tuple[int, int]], places: np.ndarray) -> np.ndarray:
    """Return in which of some stretches, in order, each place stands; -1 where in none."""
    bounds = np.array(stretches)
    number = np.searchsorted(bounds[:, 0], places, "right") - 1
    return np.where((number >= 0) & (places < bounds[number, 1]), number, -1)


def _may_move(parts: Sequence[Segment]) -> bool:
    """Say whether either side has a stretch of its own that is long enough."""
    return all(any(s.kind == kind and len((s.a or s.b).split()) >= _MIN_MOVED for s in parts) for kind in (ONLY_A, ONLY_B))
