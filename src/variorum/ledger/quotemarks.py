"""Where quotation marks open and close: curly, straight, guillemets, single, nested, reopened in each paragraph, unclosed.

One pass over the marks of a stretch with a stack of those that are open, so the time is linear. A mark that can only open (a blank before it, a
letter after) never closes, whatever its shape, since shapes are often wrong in print. An apostrophe opens only where a mark that can close follows in its paragraph.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from variorum.ledger.languages import Language
from variorum.ledger.tokens import Tokens

DOUBLE, SINGLE, GUILLEMETS, CORNERS = "double", "single", "guillemets", "corners"

_SHAPES: dict[str, tuple[str, str]] = {
    "“": (DOUBLE, "open"), "„": (DOUBLE, "open"), "‟": (DOUBLE, "open"), "”": (DOUBLE, "close"), '"': (DOUBLE, "either"), "″": (DOUBLE, "either"), "＂": (DOUBLE, "either"), "〝": (DOUBLE, "open"), "〞": (DOUBLE, "close"),
    "«": (GUILLEMETS, "open"), "»": (GUILLEMETS, "close"), "‹": (SINGLE, "open"), "›": (SINGLE, "close"), "「": (CORNERS, "open"), "」": (CORNERS, "close"), "『": (CORNERS, "open"), "』": (CORNERS, "close"),
    "‘": (SINGLE, "open"), "‚": (SINGLE, "open"), "’": (SINGLE, "close"), "'": (SINGLE, "either"), "`": (SINGLE, "open"), "´": (SINGLE, "close"),
}  # fmt: skip
"""Mark -> its class and what its shape says."""

MARKS = frozenset({*_SHAPES, "'"})
_OPENERS = frozenset("([{—–-/…") | frozenset(_SHAPES)
_NOT_FIRST = frozenset(",.;:!?)]}")
_SOFT = frozenset("szxSZX")
"""Letters after which a mark may be a possessive (the crews' boats)."""
_DEEPEST = 4
"""Marks open within one another; deeper ones are passed over."""
_RUN_ON = 12
"""Paragraphs that a quotation may run on over without a mark."""
_TRIES = 12
"""Marks that are tried as the end of a single quotation mark's text."""


@dataclass(slots=True)
class Quote:
    """One quoted stretch.

    Attributes:
        first, last: its tokens, the marks among them: the first, and the one after the last.
        pieces: tokens between the marks, one (first, after the last) a paragraph.
        depth: marks open round it.
        family: class of its marks.
        marks: its opening and its closing mark; the second is empty where it is not closed.
        runs_on: whether it goes over paragraphs without a mark at the start of each.
    """

    first: int
    last: int
    pieces: list[tuple[int, int]]
    depth: int
    family: str
    marks: tuple[str, str]
    runs_on: bool = False

    @property
    def closed(self) -> bool:
        """Whether a mark closes it."""
        return bool(self.marks[1])


@dataclass(slots=True)
class _Mark:
    """A mark: its tokens, class, what its shape says, and whether its place allows it to open or to close."""

    first: int
    last: int
    family: str
    shape: str
    opens: bool
    closes: bool
    text: str


@dataclass(slots=True)
class _Open:
    """A mark that is open: the mark, the pieces of earlier paragraphs, where the present piece begins, and for a single mark the token that closes it."""

    mark: _Mark
    begin: int
    pieces: list[tuple[int, int]] = field(default_factory=list)
    until: int = -1
    reversed: bool = False
    runs_on: bool = False


def find_quotes(tokens: Tokens, elided: frozenset[str]) -> list[Quote]:
    """Return the quoted stretches in order of their opening marks; `elided` are words that an apostrophe begins ('tis)."""
    marks = _list_marks(tokens, elided)
    closers = [m.first for m in marks if m.family == SINGLE and m.closes]
    openers = [m.first for m in marks if m.family == SINGLE and m.opens]
    found: list[Quote] = []
    stack: list[_Open] = []
    paragraph = -1
    for mark in marks:
        here = bisect_right(tokens.paragraph_starts, mark.first) - 1
        if here != paragraph:
            if stack and _carry_over(tokens, stack, mark, paragraph, here, found):
                paragraph = here
                continue
            paragraph = here
        _take(tokens, stack, mark, found, closers, openers)
    _end_paragraph(tokens, stack, paragraph, found)
    return sorted(found, key=lambda q: (q.first, -q.last))


@lru_cache(maxsize=8)
def _common_words(language: Language) -> frozenset[str]:
    """Return the commonest words, before which no possessive stands."""
    return frozenset(language.section("identify").get("words", ()))


def _list_marks(tokens: Tokens, elided: frozenset[str]) -> list[_Mark]:
    """Return the marks of a stretch in order; two single ones that touch are one double mark."""
    text, starts, ends = tokens.text, tokens.starts, tokens.ends
    found: list[_Mark] = []
    skip = -1
    for number, word in enumerate(tokens.words):
        if number == skip or word not in MARKS:
            continue
        char = text[starts[number]]
        family, shape = _SHAPES.get(char, (SINGLE, "either"))
        last = number + 1
        if char in "'`’‘´" and last < len(tokens) and tokens.touches(last) and text[starts[last]] == char and not (last + 1 < len(tokens) and tokens.words[last + 1] == "'" and tokens.touches(last + 1)):
            family, shape, last, skip = DOUBLE, "open" if char in "`‘" else "either", last + 1, last
        before = text[starts[number] - 1] if starts[number] else " "
        after = text[ends[last - 1]] if ends[last - 1] < len(text) else " "
        loose = family in (GUILLEMETS, CORNERS)  # French sets a blank inside its marks
        opens = (not after.isspace() and after not in _NOT_FIRST and (before.isspace() or before in _OPENERS)) or (loose and shape == "open")
        closes = not (before.isspace() or before in "([{") or (loose and shape == "close")
        if family == SINGLE and char != "‹" and char != "›":
            opens = opens and (after.isalnum() or after in "“\"[") and not _is_elision(tokens, last, elided)
            closes = closes and not after.isalnum() and shape != "open"
        found.append(_Mark(number, last, family, shape, opens, closes, text[starts[number] : ends[last - 1]]))
    return found


def _is_elision(tokens: Tokens, number: int, elided: frozenset[str]) -> bool:
    """Tell whether the token after an apostrophe is a word or a year cut short by it: 'tis, '90s."""
    word = tokens.word(number)
    return word in elided or (len(word) >= 2 and word[:2].isdigit() and len(word) <= 3)


def _take(tokens: Tokens, stack: list[_Open], mark: _Mark, found: list[Quote], closers: list[int], openers: list[int]) -> None:
    """Let one mark close what is open, or open."""
    if mark.family == SINGLE:
        _take_single(tokens, stack, mark, found, closers, openers)
        return
    level = next((n for n in range(len(stack) - 1, -1, -1) if stack[n].mark.family == mark.family), None)
    if level is not None:
        turned = stack[level].reversed
        shape = {"open": "close", "close": "open"}.get(mark.shape, mark.shape) if turned else mark.shape
        if mark.closes and not (shape == "open" and mark.opens):
            _close(tokens, stack, level, mark, found)
            return
        if shape == "either" and mark.opens:  # one that is open was never closed
            _drop(tokens, stack, level, mark.first, found)
        elif not mark.opens and shape != "open":
            _close(tokens, stack, level, mark, found)
            return
    if mark.opens and len(stack) < _DEEPEST:
        stack.append(_Open(mark, mark.last, reversed=mark.family == GUILLEMETS and mark.shape == "close"))


def _take_single(tokens: Tokens, stack: list[_Open], mark: _Mark, found: list[Quote], closers: list[int], openers: list[int]) -> None:
    """Close the single mark whose end this is, or open one where its end is in sight."""
    for level in range(len(stack) - 1, -1, -1):
        if stack[level].until == mark.first:
            _close(tokens, stack, level, mark, found)
            return
    if not mark.opens or len(stack) >= _DEEPEST or any(o.mark.family == SINGLE for o in stack):
        return
    until = _find_single_end(tokens, mark, closers, openers)
    if until is not None:
        stack.append(_Open(mark, mark.last, until=until))


def _find_single_end(tokens: Tokens, mark: _Mark, closers: list[int], openers: list[int]) -> int | None:
    """Return the token that closes a single mark: the first that is no possessive, or the first of all before another opens."""
    text = tokens.text
    at = bisect_right(tokens.paragraph_starts, mark.first)
    limit = tokens.paragraph_starts[at] if at < len(tokens.paragraph_starts) else len(tokens)
    number = bisect_left(openers, mark.first + 1)
    limit_next = min(limit, openers[number]) if number < len(openers) else limit
    first = None
    common = _common_words(tokens.language)
    begin = bisect_left(closers, mark.last)
    for place in closers[begin : begin + _TRIES]:
        if place >= (limit if first is None else limit_next):
            break
        after = text[tokens.ends[place] : tokens.ends[place] + 2]
        soft = text[tokens.starts[place] - 1] in _SOFT and after[:1].isspace() and after[1:2].isalnum() and tokens.word(place + 1) not in common
        if not soft:
            return place
        first = place if first is None else first
    return first


def _close(tokens: Tokens, stack: list[_Open], level: int, mark: _Mark, found: list[Quote]) -> None:
    """Close the mark at a level of the stack; what is open above it was none."""
    opened = stack[level]
    del stack[level:]
    pieces = [*opened.pieces, (opened.begin, mark.first)]
    _add(tokens, opened, pieces, mark.last, mark.text, level, found)


def _drop(tokens: Tokens, stack: list[_Open], level: int, end: int, found: list[Quote]) -> None:
    """End the mark at a level, and what is open above it, before a token without a closing mark."""
    opened = stack[level]
    del stack[level:]
    if opened.mark.family != SINGLE:
        _add(tokens, opened, [*opened.pieces, (opened.begin, end)] if end > opened.begin else opened.pieces, end, "", level, found)


def _add(tokens: Tokens, opened: _Open, pieces: list[tuple[int, int]], last: int, closing: str, depth: int, found: list[Quote]) -> None:
    """Add a quote where anything stands between its marks."""
    pieces = [(a, b) for a, b in pieces if b > a]
    if any(tokens.words[n][0].isalnum() for a, b in pieces for n in range(a, min(b, a + 8))):
        found.append(Quote(opened.mark.first, max(last, opened.mark.last), pieces, depth, opened.mark.family, (opened.mark.text, closing), opened.runs_on))


def _carry_over(tokens: Tokens, stack: list[_Open], mark: _Mark, before: int, here: int, found: list[Quote]) -> bool:
    """At the first mark of another paragraph: go on where it reopens the one that is open, else end that one; tell whether the mark is used up."""
    starts = tokens.paragraph_starts
    opened = stack[0]
    same = mark.text == opened.mark.text or (mark.family == opened.mark.family == GUILLEMETS)  # Spanish reopens with the closing mark
    reopens = same and mark.first == starts[here] and here == before + 1 and mark.family in (DOUBLE, GUILLEMETS, CORNERS)
    if not reopens and _runs_on(tokens, stack, mark, here - before):
        opened.runs_on = True
        ends = starts[before + 1 : here + 1]
        opened.pieces += zip([opened.begin, *ends[:-1]], ends, strict=True)
        opened.begin = starts[here]
        return False
    if not reopens:
        _end_paragraph(tokens, stack, before, found)
        return False
    opened.pieces.append((opened.begin, starts[here]))
    opened.begin = mark.last
    del stack[1:]
    return True


def _runs_on(tokens: Tokens, stack: list[_Open], mark: _Mark, paragraphs: int) -> bool:
    """Tell whether a mark, the first of a later paragraph, closes what opened at the start of an earlier one: it can only close."""
    opened = stack[0].mark
    closes = mark.family == opened.family != SINGLE and mark.closes and not mark.opens and mark.shape != "open"
    return closes and len(stack) == 1 and paragraphs <= _RUN_ON and tokens.begins_paragraph(opened.first)


def _end_paragraph(tokens: Tokens, stack: list[_Open], paragraph: int, found: list[Quote]) -> None:
    """End what is open with its paragraph."""
    if stack:
        starts = tokens.paragraph_starts
        end = starts[paragraph + 1] if paragraph + 1 < len(starts) else len(tokens)
        _drop(tokens, stack, 0, end, found)
