"""One text as the rules see it: paragraphs with roles and languages, stretches of tokens, and the entries found so far."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from variorum.ledger.entries import Entry
from variorum.ledger.languages import READ, identify_languages, load_language
from variorum.ledger.layouts import Paragraph, split_paragraphs
from variorum.ledger.tokens import Tokens, split_tokens


@dataclass(slots=True)
class TextView:
    """A raw text and the views over it.

    Attributes:
        text: the raw text.
        date: the statement's date as EDTF, None where it is not known.
        paragraphs: in order.
        stretches: tokens of each run of paragraphs in one language that is read.
        entries: what has been found so far, in the order of finding.
    """

    text: str
    date: str | None
    paragraphs: list[Paragraph]
    stretches: list[Tokens]
    entries: list[Entry] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def paragraph_at(self, place: int) -> Paragraph | None:
        """Return the paragraph that holds a place."""
        number = bisect_right(self._starts, place)
        return self.paragraphs[number - 1] if number else None

    def sentence_at(self, place: int) -> tuple[int, int] | None:
        """Return the place of the sentence that holds a place; None where none that is read does."""
        number = bisect_right(self.stretches, place, key=lambda tokens: tokens.starts[0])
        if not number or place >= self.stretches[number - 1].ends[-1]:
            return None
        tokens = self.stretches[number - 1]
        return tokens.span(*tokens.sentence(tokens.find(place)))

    def of_type(self, *types: str) -> Iterator[Entry]:
        """Yield the entries of the given types found so far."""
        return (entry for entry in self.entries if entry.type in types)

    def unread(self) -> Iterator[tuple[str, int, int]]:
        """Yield (language, start, end) of each run of paragraphs in a language that is not read."""
        for code, group in groupby(self.paragraphs, key=lambda p: p.lang):
            if code not in READ:
                run = list(group)
                yield code, run[0].start, run[-1].end


def view_text(text: str, *, date: str | None = None, lang: str | None = None) -> TextView:
    """Return the views over a text.

    Args:
        text: the raw text.
        date: the statement's date as EDTF.
        lang: the language of the whole text; found by paragraph where None.
    """
    from variorum.ledger.sections import mark_roles

    if lang is not None:
        load_language(lang)
    paragraphs = split_paragraphs(text)
    codes: Iterable[str] = [lang] * len(paragraphs) if lang else identify_languages(text[p.start : p.end] for p in paragraphs)
    for paragraph, code in zip(paragraphs, codes, strict=True):
        paragraph.lang = code
    mark_roles(text, paragraphs)
    stretches = []
    for code, group in groupby(paragraphs, key=lambda p: p.lang):
        if code in READ:
            run = list(group)
            tokens = split_tokens(text, [p.pieces for p in run], load_language(code))
            tokens.date = date
            tokens.roles = [p.role for p in run]
            if tokens.words:
                stretches.append(tokens)
    return TextView(text, date, paragraphs, stretches, [], [p.start for p in paragraphs])
