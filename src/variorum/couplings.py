"""Which marks of one kind stand for each other where two versions differ: those that say the same, and of the rest those among the same words.

Order is kept: two marks that changed places are not set crosswise.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from variorum.aspects import may_stand_for
from variorum.ledger.phrases import stem_words
from variorum.marks import Mark
from variorum.pairings import Difference, Nearby, Side, Span

Couple = tuple[Mark | None, Mark | None]

_REACH = 40
"""Characters before and after a mark whose words tell it from others of its sentence."""
_MOST = 10_000
"""Pairs of marks that are weighed in one place; of more, each goes to that of its rank."""
_LINE = 120
"""Characters of a line, or sentence, between two marks that stand for each other though they stand in two differences."""
_LINE_END = re.compile("\n")
_SENTENCE_END = re.compile("[.!?\u2026][^\\w\\s]*\\s|\n")
_ALIKE = 0.5
"""Share of the words near two figures that they must have in common where neither what they count nor their value is the same."""
_ANY = 0.1
"""Weight of two marks that may stand for each other, whatever stands round them."""


def couple_marks(mine: Sequence[Mark], other: Sequence[Mark], sides: tuple[Side, Side]) -> Iterator[Couple]:
    """Yield the marks of two stretches that differ, each with that which stands for it, or alone; not those that say the same in order.

    Args:
        mine, other: marks of one kind and role in the stretch of the base and of the other version, in order.
        sides: the base and the other version.
    """
    matcher = difflib.SequenceMatcher(None, [m.key for m in mine], [m.key for m in other], autojunk=False)
    for tag, i0, i1, j0, j1 in matcher.get_opcodes():
        if tag != "equal":
            yield from _couple_unequal(mine[i0:i1], other[j0:j1], sides)


def couple_apart(differences: Sequence[Difference], sides: tuple[Side, Side]) -> list[tuple[Mark, Mark, Difference, Difference]]:
    """Return dates, and figures of one thing, that stand in one line but in two differences, of which each has such a mark on one side alone.

    As where a head line is written anew and its date moves from its end to its beginning. Each comes with the difference that holds it.
    """
    lone: tuple[list[tuple[Mark, Difference]], list[tuple[Mark, Difference]]] = [], []
    for d in differences:
        for kind in ("date", "figure"):
            found = [[m for m in side.inside(*span) if m.kind == kind and not m.role and m.entry is not None] for side, span in zip(sides, (d.base, d.other), strict=True)]
            if len(found[0]) + len(found[1]) == 1:
                lone[0 if found[0] else 1].append(((found[0] or found[1])[0], d))
    near = Nearby([(d.base, (mark, d)) for mark, d in lone[1]])
    couples = []
    taken: set[int] = set()
    for a, d in lone[0]:
        free = [(b, e) for b, e in near.around((max(0, d.base[0] - _LINE), d.base[1] + _LINE)) if id(b) not in taken and _may_couple(a, b, d, e, sides)]
        if free:
            b, e = min(free, key=lambda f: abs(f[1].base[0] - d.base[0]))
            taken.add(id(b))
            couples.append((a, b, d, e))
    return couples


def _may_couple(a: Mark, b: Mark, d: Difference, e: Difference, sides: tuple[Side, Side]) -> bool:
    """Tell whether a mark of the base and one of the other version, in differences `d` and `e`, stand in one line, and figures in one sentence and for one thing."""
    if a.kind != b.kind or d == e or not may_stand_for(a, b) or (a.kind == "figure" and not _counts_same(a, b)):
        return False
    between = _cut_between(sides[0].text, (a.start, a.end), e.base), _cut_between(sides[1].text, d.other, (b.start, b.end))
    stop = _SENTENCE_END if a.kind == "figure" else _LINE_END
    return all(len(piece) <= _LINE and not stop.search(piece) for piece in between)


def _cut_between(text: str, a: Span, b: Span) -> str:
    return text[a[1] : b[0]] if a[1] <= b[0] else text[b[1] : a[0]]


def _couple_unequal(mine: Sequence[Mark], other: Sequence[Mark], sides: tuple[Side, Side]) -> Iterator[Couple]:
    """Yield marks that say something else, in order: coupled where the words round them are most alike in all."""
    n, m = len(mine), len(other)
    if n * m > _MOST:
        couples = [(k, k) for k in range(min(n, m)) if may_stand_for(mine[k], other[k])]
    else:
        couples = _align(_weigh(mine, other, sides))
    for (i, j), (k, end) in pairwise([(-1, -1), *couples, (n, m)]):
        yield from ((mark, None) for mark in mine[i + 1 : k])
        yield from ((None, mark) for mark in other[j + 1 : end])
        if k < n:
            yield mine[k], other[end]


def _weigh(mine: Sequence[Mark], other: Sequence[Mark], sides: tuple[Side, Side]) -> np.ndarray:
    """Return how well each mark may stand for each: 0 where it may not."""
    around = [[_read_around(mark, side.text) for mark in marks] for marks, side in zip((mine, other), sides, strict=True)]
    weights = np.zeros((len(mine), len(other)))
    for i, a in enumerate(mine):
        for j, b in enumerate(other):
            shares = [_share(x, y) for x, y in zip(around[0][i], around[1][j], strict=True)]
            same = _counts_same(a, b)
            if may_stand_for(a, b) and (same is not False or a.value == b.value or shares[1] >= _ALIKE):
                weights[i, j] = _ANY + sum(shares) + (same or 0)
    return weights


def _read_around(mark: Mark, text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a mark's sentence, and those near it, without its own."""
    start, end = (mark.entry.sentence if mark.entry is not None else None) or (mark.start, mark.end)
    low, high = min(start, mark.start), max(end, mark.end)
    near = max(low, mark.start - _REACH), min(high, mark.end + _REACH)
    return stem_words(f"{text[low : mark.start]} {text[mark.end : high]}"), stem_words(f"{text[near[0] : mark.start]} {text[mark.end : near[1]]}")


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the share of words in common (Dice)."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _counts_same(a: Mark, b: Mark) -> bool | None:
    """Tell whether two figures count the same thing; None where that is not said of both."""
    if a.kind != "figure" or a.role or a.entry is None or b.entry is None:
        return None
    one, two = a.entry.fields.key, b.entry.fields.key
    return None if one is None or two is None else one == two


def _align(weights: np.ndarray) -> list[tuple[int, int]]:
    """Return the couples, in order, of most weight in all; the earlier ones where several ways weigh the same."""
    n, m = weights.shape
    best = np.zeros((n + 1, m + 1))
    for i in range(n):
        for j in range(m):
            coupled = best[i, j] + weights[i, j] if weights[i, j] else 0.0
            best[i + 1, j + 1] = max(best[i, j + 1], best[i + 1, j], coupled)
    couples = []
    i, j = n, m
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            couples.append((i - 1, j - 1))
            i, j = i - 1, j - 1
    return couples[::-1]
