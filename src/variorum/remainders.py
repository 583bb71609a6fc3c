"""What is left of a difference beside the marks in it: words, and marks that stand on one side alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz.distance import OSA

from variorum.aspects import KINDS, MARK_KINDS, Aspect, Found
from variorum.marks import WORD
from variorum.pairings import Difference, Side, Span

_INNER_END = re.compile("[.!?\u2026][^\\w\\s]*\\s+\\S")
_LONG = 12
"""Words from which a stretch that holds a sentence's end counts as sentences, though it begins or ends inside one; and from which it is more than what is recognised in it."""

Word = tuple[str, int, int]
"""A word, folded, and its place."""

Rest = tuple[Span, Span]
"""The words that differ, in both texts; an empty interval where there are none."""


def find_holes(text: str, span: Span, marks: Iterable[Span]) -> list[Word]:
    """Return the words outside the marks."""
    ends = sorted(marks)
    words = [(m[0].casefold(), m.start() + span[0], m.end() + span[0]) for m in WORD.finditer(text[span[0] : span[1]])]
    kept = []
    for word in words:
        k = bisect_left(ends, (word[1] + 1, 0))
        if not any(end > word[1] for _, end in ends[max(0, k - 3) : k]):
            kept.append(word)
    return kept


def trim_rest(mine: list[Word], other: list[Word], d: Difference) -> Rest:
    """Return the spans of the words that differ outside the marks."""
    a, b = [w[0] for w in mine], [w[0] for w in other]
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    left, right = mine[head : len(mine) - tail], other[head : len(other) - tail]
    return (left[0][1], left[-1][2]) if left else (d.base[0], d.base[0]), (right[0][1], right[-1][2]) if right else (d.other[0], d.other[0])


def add_rest(found: list[Found], rest: Rest, d: Difference, sides: tuple[Side, Side]) -> list[Found]:
    """Return the changes with what is left of the words: the other side of a mark that stands alone, or a change of their own.

    Marks of which one side alone has several are one change, and what stands between them belongs to it.
    """
    for at in (0, 1):
        found, rest = _gather(found, rest, at, d, sides)
    mine, other = rest
    if mine[0] == mine[1] and other[0] == other[1]:
        return found
    for k, change in enumerate(found):
        if change.base[0] == change.base[1] and mine[0] < mine[1] and other[0] == other[1]:
            return [*found[:k], replace(change, base=mine), *found[k + 1 :]]
        if change.other[0] == change.other[1] and other[0] < other[1] and mine[0] == mine[1]:
            return [*found[:k], replace(change, other=other), *found[k + 1 :]]
    kind = name_words(sides[0].text[slice(*mine)], sides[1].text[slice(*other)])
    quoted = any(m.start <= d.base[0] and d.base[1] <= m.end for m in sides[0].quotations)
    return [*found, Found("quotation" if quoted else kind, mine, other)]


def _gather(found: list[Found], rest: Rest, at: int, d: Difference, sides: tuple[Side, Side]) -> tuple[list[Found], Rest]:
    """Return the changes with those marks as one that the side `at` (0: the base) alone has, and the words that are left."""
    spans = [(c.base, c.other) for c in found]
    lone = [
        k
        for k, span in enumerate(spans)
        if found[k].kind in MARK_KINDS[:-1] and span[at][0] < span[at][1] and span[1 - at][0] == span[1 - at][1]
    ]
    over = rest[at][0] < rest[at][1]
    one_sided = not WORD.search(sides[1 - at].text[slice(*((d.base, d.other)[1 - at]))])
    if len(lone) < 2 and not (lone and over and one_sided):
        return found, rest
    places = [spans[k][at] for k in lone] + ([rest[at]] if over else [])
    whole = min(s for s, _ in places), max(e for _, e in places)
    top = min((found[k] for k in lone), key=lambda c: KINDS.index(c.kind))
    piece = sides[at].text[slice(*whole)]
    verb = ("dropped", "added")[at]
    aspects = top.aspects or ((Aspect(verb),) if top.kind == "figure" else ())
    kind = top.kind
    if holds_sentence(piece):
        kind, aspects = f"sentence {verb}", (Aspect("demand"),) if sides[at].asks(*whole) else ()
    elif (
        kind in ("name", "hedge")
        and len(WORD.findall(piece)) > 2 * sum(len(WORD.findall(sides[at].text[slice(*spans[k][at])])) for k in lone)
    ) or len(WORD.findall(piece)) > _LONG:
        kind, aspects = "wording", ()
    facing = rest[1 - at] if rest[1 - at][0] < rest[1 - at][1] else spans[lone[0]][1 - at]
    change = replace(top, kind=kind, aspects=aspects, base=whole if at == 0 else facing, other=whole if at == 1 else facing)
    return [c for k, c in enumerate(found) if k not in lone] + [change], ((d.base[0], d.base[0]), (d.other[0], d.other[0]))


def holds_sentence(piece: str) -> bool:
    """Say whether a stretch is long enough, with a sentence's end in it, to count as sentences."""
    return len(WORD.findall(piece)) >= _LONG and _INNER_END.search(piece) is not None


def name_words(a: str, b: str) -> str:
    """Return `spelling` where word by word only a letter or two differ, else `wording`."""
    mine, other = [w.casefold() for w in WORD.findall(a)], [w.casefold() for w in WORD.findall(b)]
    if not mine and not other:
        return "punctuation"
    if not mine or len(mine) != len(other):
        return "spelling" if mine and "".join(mine).replace("-", "") == "".join(other).replace("-", "") else "wording"
    for x, y in zip(mine, other, strict=True):
        far = OSA.distance(x, y) > (2 if min(len(x), len(y)) >= 8 else 1)
        if x != y and (far or min(len(x), len(y)) < 4 or x.startswith(y) or y.startswith(x)):
            return "wording"
    return "spelling"
