"""Paragraphs of a raw text, undone from hard wraps and running heads, without moving a character.

A line break ends a paragraph where the page shows it: after a blank line, unless the sentence goes on in small letters;
where the next line begins with the mark of a list; where the line ends with an end mark although the next line's first word would
have fitted; where a line stops well short of the others and a capital follows. In a text whose lines are as long as
its paragraphs every line break does.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field

Span = tuple[int, int]

_MARKER = re.compile(r"\s*(?:[-–—•●▪◦‣∙*·]\s+|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s+|\[\d{1,3}\]\s|[¹²³⁰-⁹]+\s?)")
_ENDED = re.compile(r"[.!?:;…][\"'’”»)\]]*\s*$")
_PAGE_NUMBER = re.compile(r"\W{0,3}(?:page|página|p\.)?\s*(\d{1,4})(?:\s*(?:/|of|sur|de)\s*\d{1,4})?\W{0,3}", re.IGNORECASE)
_LONG_LINE = 160
"""Lines longer than this are not hard-wrapped."""
_MIN_BLOCK = 2
"""Lines of the smallest block that has a width of its own."""
_NARROWEST = 0.6
"""Share of the text's width that a block's longest line must have to be wrapped to a width of its own."""
_NARROW, _EVEN = 40, 0.6
"""A block is wrapped to a width of its own where its lines have that many characters and that share of them, the last apart, are about as long."""
_MIN_PAGES = 3
_HEAD_SHARE = 0.6
"""Share of pages on whose edge a line must stand, digits apart, to be a running head."""


@dataclass(slots=True)
class Paragraph:
    """One paragraph.

    Attributes:
        pieces: raw places of its text, in order; more than one where a running head stands inside it.
        role: the role of its section (see `sections`).
        lang: language code, or what stands for a language that is not read.
    """

    pieces: list[Span] = field(default_factory=list)
    role: str = "body"
    lang: str = "en"

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.pieces[-1][1]


def split_paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs of a text in order; blank text has none."""
    lines = _split_lines(text)
    heads = _find_heads(text, lines)
    widths = _measure_blocks(lines)
    found: list[Paragraph] = []
    before: Span | None = None  # the line before that holds text
    n_blank = 0
    for number, (start, end) in enumerate(lines):
        if number in heads:
            continue
        if start == end:
            n_blank += 1
            continue
        if before is None or _is_break(text, before, (start, end), n_blank, widths[number]):
            found.append(Paragraph([(start, end)]))
        elif n_blank == 0 and text[found[-1].end : start].strip() == "":
            found[-1].pieces[-1] = (found[-1].pieces[-1][0], end)
        elif any(n in heads for n in range(max(0, number - n_blank - 4), number)):
            found[-1].pieces.append((start, end))
        else:
            found[-1].pieces[-1] = (found[-1].pieces[-1][0], end)
        before, n_blank = (start, end), 0
    return found


def _split_lines(text: str) -> list[Span]:
    """Return each line's place without the blanks at its ends; a blank line is an empty place."""
    found = []
    for match in re.finditer(r"[^\n\f\x0b\u2028\u2029]*[\n\f\x0b\u2028\u2029]?", text):
        line = match.group()
        if not line:
            continue
        stripped = line.strip()
        start = match.start() + (len(line) - len(line.lstrip()) if stripped else 0)
        found.append((start, start + len(stripped)))
    return found


def _measure_width(lines: list[Span]) -> int:
    """Return the width that the lines were wrapped to: nearly the longest; 0 where they are not wrapped."""
    lengths = sorted(end - start for start, end in lines if end > start)
    if not lengths:
        return 0
    width = lengths[int(0.97 * (len(lengths) - 1))]
    return 0 if width > _LONG_LINE else max(width, 30)


def _measure_blocks(lines: list[Span]) -> list[int]:
    """Return for each line the width of its block, the lines between two blank ones: columns of one text may differ.

    A block of short lines (an address, names) has the width of the text.
    """
    width = _measure_width(lines)
    widths = [width] * len(lines)
    first = 0
    for number in range(len(lines) + 1):
        if number < len(lines) and lines[number][1] > lines[number][0]:
            continue
        lengths = [end - start for start, end in lines[first:number]]
        if width and number - first >= _MIN_BLOCK:
            widths[first:number] = [_measure_block(lengths, width)] * (number - first)
        first = number + 1
    return widths


def _measure_block(lengths: list[int], width: int) -> int:
    """Return the width of a block of lines of these lengths in a text of that width; a line or two that text recognition ran together do not count."""
    others = sorted(lengths[:-1])
    middle = others[len(others) // 2]
    near = [n for n in others if 0.85 * middle <= n <= 1.15 * middle]
    if middle >= _NARROW and len(near) >= _EVEN * len(others) and (len(others) > 1 or lengths[-1] <= 1.15 * middle):
        return max(near)
    longest = max(lengths)
    return max(longest, 30) if longest >= _NARROWEST * width else width


def _is_break(text: str, before: Span, line: Span, n_blank: int, width: int) -> bool:
    """Tell whether a paragraph ends between two lines of text with `n_blank` blank lines between them."""
    last, first = text[max(before[0], before[1] - 12) : before[1]], text[line[0] : line[0] + 60]
    goes_on = first[:1].islower() and not _ENDED.search(last)
    if n_blank:
        return not (goes_on and not _MARKER.match(first))
    if _MARKER.match(first):
        return True
    if width == 0:
        return True
    room = width - (before[1] - before[0]) - 1
    word = len(first.split(None, 1)[0])
    if _ENDED.search(last):
        return word <= room and not first[:1].islower()
    return not first[:1].islower() and room > max(word, 0.3 * width)


def _find_heads(text: str, lines: list[Span]) -> set[int]:
    """Return the numbers of lines that are running heads or page numbers."""
    if "\f" in text:
        return _find_page_edges(text, lines)
    numbered = []
    for number, (start, end) in enumerate(lines):
        if 0 < end - start <= 20 and (match := _PAGE_NUMBER.fullmatch(text, start, end)):
            numbered.append((number, int(match[1])))
    # Page numbers rise by one; three in a row are no accident.
    runs = [(a, b) for (a, x), (b, y) in itertools.pairwise(numbered) if y == x + 1]
    return {n for pair in runs for n in pair} if len(runs) >= _MIN_PAGES - 1 else set()


def _find_page_edges(text: str, lines: list[Span]) -> set[int]:
    """Return the lines at the edges of pages that come back, digits apart, on most pages."""
    pages: list[list[int]] = [[]]
    before = 0
    for number, (start, end) in enumerate(lines):
        if start == end:
            continue
        if "\f" in text[before:start]:
            pages.append([])
        pages[-1].append(number)
        before = end
    pages = [p for p in pages if p]
    if len(pages) < _MIN_PAGES:
        return set()
    edges = [(n, re.sub(r"\d+", "#", text[lines[n][0] : lines[n][1]])) for page in pages for n in {*page[:2], *page[-2:]}]
    counts = Counter(shape for _, shape in edges)
    return {n for n, shape in edges if counts[shape] >= _HEAD_SHARE * len(pages)}
