"""Tokens and sentences of a stretch of text: parallel lists with raw places, nothing moved and nothing rewritten.

A word that a hard wrap cut in two (``agree-`` / ``ment``) is one token whose place spans the break. Numbers with their
group and decimal marks are one token; a hyphen, an apostrophe's ending (``year's``) and an elision (``l'an``) are tokens
of their own, so that ``six-mile``, ``the year's end`` and ``d'avril`` need no rules of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from variorum.ledger.languages import Language

Span = tuple[int, int]

_END = frozenset(".!?…")
_CLOSING = frozenset("\"'’”»)]")
_BROKEN = re.compile(r"(?<=[^\W\d_])(?:[-\u00ad\u2010]\n[ \t]*|\ufffe\n?|\u00ad)(?=[^\W\d_])")
_GLUED = "USD|EUR|GBP|JPY|CHF|CAD|AUD|CNY|INR|MXN|Rs"
"""Codes of money that are written against their number."""
_PHONE = re.compile(r"(?:\+?\d{1,3}[ .-])?(?:\(\d{3}\) ?|\b\d{3}[ .-])\d{3}[.-]\d{4}\b|\+\d{1,3}(?:[ .-]\d{2,4}){2,5}\b")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,2000}|\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}")
_QUOTES = str.maketrans("’ʼ‘`´", "'''''")


@dataclass(slots=True)
class Tokens:
    """The tokens of a stretch.

    Attributes:
        text: the raw text of the whole statement.
        words: each token in lower case, with plain apostrophes and without a hyphen at a line's end.
        starts, ends: its place in `text`.
        language: the language of the stretch.
        sentence_starts: number of the first token of each sentence, in order.
        paragraph_starts: number of the first token of each paragraph, in order.
        taken: marks the tokens that an earlier record type keeps for itself.
        date: the statement's date as EDTF, None where it is not known.
        roles: role of the section of each paragraph, where the tokens stand in a view.
        memo: what parsers have already found, by their own keys.
    """

    text: str
    language: Language
    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentence_starts: list[int] = field(default_factory=list)
    paragraph_starts: list[int] = field(default_factory=list)
    taken: bytearray = field(default_factory=bytearray)
    date: str | None = None
    roles: list[str] = field(default_factory=list)
    memo: dict[Any, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

    def word(self, number: int) -> str:
        """Return a token, an empty text where there is none."""
        return self.words[number] if 0 <= number < len(self.words) else ""

    def raw(self, first: int, last: int | None = None) -> str:
        """Return the raw text of a token, or of the tokens from `first` up to, not including, `last`."""
        return self.text[self.starts[first] : self.ends[first if last is None else last - 1]]

    def span(self, first: int, last: int) -> Span:
        """Return the raw place of the tokens from `first` up to, not including, `last`."""
        return self.starts[first], self.ends[last - 1]

    def touches(self, number: int) -> bool:
        """Tell whether a token follows the one before it without a blank."""
        return 0 < number < len(self.words) and self.starts[number] == self.ends[number - 1]

    def begins_paragraph(self, number: int) -> bool:
        """Tell whether a token is the first of a paragraph."""
        place = bisect_left(self.paragraph_starts, number)
        return place < len(self.paragraph_starts) and self.paragraph_starts[place] == number

    def begins_sentence(self, number: int) -> bool:
        """Tell whether a token is the first of a sentence."""
        place = bisect_left(self.sentence_starts, number)
        return place < len(self.sentence_starts) and self.sentence_starts[place] == number

    def is_capital(self, number: int) -> bool:
        """Tell whether a token begins with a capital letter."""
        return 0 <= number < len(self.words) and self.text[self.starts[number]].isupper()

    def is_number(self, number: int) -> bool:
        """Tell whether a token begins with a digit."""
        return 0 <= number < len(self.words) and self.words[number][0].isdigit()

    def is_word(self, number: int) -> bool:
        """Tell whether a token begins with a letter."""
        return 0 <= number < len(self.words) and self.words[number][0].isalpha()

    def sentence(self, number: int) -> Span:
        """Return the first token of the sentence that holds a token, and the token after its last."""
        place = bisect_right(self.sentence_starts, number)
        first = self.sentence_starts[place - 1] if place else 0
        return first, self.sentence_starts[place] if place < len(self.sentence_starts) else len(self.words)

    def role(self, number: int) -> str:
        """Return the role of the section of the paragraph that holds a token; `body` where none is known."""
        place = bisect_right(self.paragraph_starts, number) - 1
        return self.roles[place] if 0 <= place < len(self.roles) else "body"

    def find(self, place: int) -> int:
        """Return the number of the first token that does not end before or at `place`."""
        return bisect_right(self.ends, place)

    def cover(self, start: int, end: int) -> Span:
        """Return the tokens that lie in the raw place: the first, and the one after the last."""
        return bisect_left(self.starts, start), bisect_right(self.ends, end)


@lru_cache(maxsize=16)
def _pattern(elisions: tuple[str, ...], endings: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a token; `elisions` end with an apostrophe and begin a word, `endings` follow an apostrophe."""
    apostrophe = "['’ʼ]"
    before = "|".join(sorted(map(re.escape, elisions), key=len, reverse=True))
    after = "|".join(sorted(map(re.escape, endings), key=len, reverse=True))
    ahead = rf"(?!(?:{after})\b)" if after else ""
    parts = [
        rf"(?-i:{_GLUED})(?=\d)",  # USD115
        rf"(?:{before}){apostrophe}(?=\w|$)" if before else "",
        rf"{apostrophe}(?:{after})\b" if after else "",
        # A word keeps an apostrophe inside it (don't) unless an ending of its own begins there.
        rf"[^\W\d_]\w*(?:{apostrophe}{ahead}[^\W\d_]\w*){{0,4}}",
        r"\d+(?:[.,'’]\d+){0,12}",
        r"[^\w\s]|_|\w",
    ]
    return re.compile("|".join(p for p in parts if p), re.IGNORECASE)


def split_words(phrase: str, language: Language) -> tuple[str, ...]:
    """Return the tokens of a phrase of a language file, as `Tokens.words` has them."""
    words = language.section("tokens")
    return tuple(_pattern(tuple(words.get("elisions", ())), tuple(words.get("endings", ()))).findall(phrase.lower().translate(_QUOTES)))


def split_tokens(text: str, paragraphs: list[list[Span]], language: Language) -> Tokens:
    """Return the tokens of paragraphs, each given as the raw places of its pieces (running heads left out)."""
    tokens = Tokens(text, language)
    words = language.section("tokens")
    pattern = _pattern(tuple(words.get("elisions", ())), tuple(words.get("endings", ())))
    for pieces in paragraphs:
        tokens.paragraph_starts.append(len(tokens.words))
        for start, end in pieces:
            matches = list(pattern.finditer(text, start, end))
            tokens.words += [m.group().lower() for m in matches]
            tokens.starts += [m.start() for m in matches]
            tokens.ends += [m.end() for m in matches]
    if "’" in text or "ʼ" in text or "‘" in text:
        tokens.words = [w.translate(_QUOTES) for w in tokens.words]
    _join_broken_words(tokens, paragraphs)
    _split_sentences(tokens, frozenset(words.get("abbreviations", ())))
    tokens.taken = bytearray(len(tokens.words))
    patterns = [_PHONE] if re.search(r"\d[ .-]\d\d", text) else []
    patterns += [_ADDRESS] if "@" in text or "www." in text or "://" in text else []
    for pattern in patterns:  # in an address or a telephone number nothing is said
        for match in pattern.finditer(text, paragraphs[0][0][0], paragraphs[-1][-1][1]):
            first, last = tokens.cover(*match.span())
            tokens.taken[first:last] = b"\1" * (last - first)
    return tokens


def _join_broken_words(tokens: Tokens, paragraphs: list[list[Span]]) -> None:
    """Make one token of a word that a hyphen at a line's end cut in two."""
    low, high = paragraphs[0][0][0], paragraphs[-1][-1][1]
    breaks = [m.span() for m in _BROKEN.finditer(tokens.text, low, high)]
    if not breaks:
        return
    gone = set()
    for start, end in breaks:
        first, second = bisect_left(tokens.ends, start), bisect_left(tokens.starts, end)
        if second >= len(tokens.words) or tokens.ends[first] != start or tokens.starts[second] != end or not tokens.text[end].islower():
            continue
        tokens.words[second] = tokens.words[first] + tokens.words[second]
        tokens.starts[second] = tokens.starts[first]
        gone.update(range(first, second))
    keep = [n for n in range(len(tokens.words)) if n not in gone]
    lost = sorted(gone)
    tokens.paragraph_starts = [n - bisect_left(lost, n) for n in tokens.paragraph_starts]
    for name in ("words", "starts", "ends"):
        values = getattr(tokens, name)
        setattr(tokens, name, [values[n] for n in keep])


def _split_sentences(tokens: Tokens, abbreviations: frozenset[str]) -> None:
    """Note where sentences begin: at a paragraph, and after an end mark that a small letter does not follow."""
    starts = set(tokens.paragraph_starts)
    words, n = tokens.words, len(tokens.words)
    for i, word in enumerate(words):
        if word not in _END or (i + 1 < n and words[i + 1] in _END):  # of a row of marks the last one counts
            continue
        after = i + 1
        while after < n and after - i < 8 and words[after] in _CLOSING and tokens.touches(after):
            after += 1
        if after >= n or after in starts or tokens.touches(after):
            continue
        before = words[i - 1] if i else ""
        if word == "." and tokens.touches(i) and (before in abbreviations or (len(before) == 1 and before.isalpha() and tokens.is_capital(i - 1))):
            continue
        if not tokens.text[tokens.starts[after]].islower():
            starts.add(after)
    tokens.sentence_starts = sorted(s for s in starts if s < n)


def list_sentences(tokens: Tokens) -> list[Span]:
    """Return the raw places of the sentences, in order."""
    bounds = [*tokens.sentence_starts, len(tokens.words)]
    return [tokens.span(a, b) for a, b in pairwise(bounds) if b > a]
