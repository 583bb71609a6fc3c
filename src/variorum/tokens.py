"""Texts in tokens: words and marks, each with its place, and what it compares by.

A word compares by its folded form (NFKC, case folded), a mark by its plain form (any quotation mark is the straight one).
Figures keep their separators (1.5 is not 15), signs that carry meaning ($ % + =) are words, a run of one mark is one token.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

_PLAIN_MARKS = str.maketrans({**dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'), **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u0060\u00b4", "'"), **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")})  # fmt: skip
_BROKEN = re.compile(r"\w-[ \t]*(?:\r\n?|\n)[ \t]*\w")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text in tokens: token i is ``text[starts[i]:ends[i]]`` and compares by ``keys[i]``; white space stands between tokens only.

    `given` holds the tokens as another program gave them, where it did.
    """

    text: str
    starts: array[int]
    ends: array[int]
    keys: list[str]
    given: list[dict[str, Any]] | None = None


@cache
def word_pattern() -> re.Pattern[str]:
    """Return the pattern of a word, made once: Python's ``\\w`` lacks combining marks, which belong to their word."""
    marks = _character_class(lambda c: unicodedata.category(c) in ("Mn", "Mc"))
    signs = _character_class(lambda c: unicodedata.category(c) in ("Sc", "Sm")) + "%‰°"
    # Scripts without spaces: one character a word, or a single changed character would mark a whole sentence.
    alone = "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    word = rf"(?:[^\W_{alone}]++[{marks}\u00ad\u200b-\u200d]*+)++"
    return re.compile(rf"\d++(?:[.,:/]\d++)++(?:{word})?|{word}(?:['’]{word})*+|[{alone}][{marks}]*+|[{signs}]")


def _character_class(belongs: Callable[[str], bool]) -> str:
    """Return the inside of a regular expression's character class for the characters of the basic plane that belong."""
    points = [point for point in range(0x10000) if belongs(chr(point))]
    parts, first = [], points[0]
    for point, following in zip(points, [*points[1:], sys.maxunicode], strict=True):
        if following != point + 1:
            parts.append(f"{re.escape(chr(first))}-{re.escape(chr(point))}")
            first = following
    return "".join(parts)


@lru_cache(maxsize=1 << 17)
def fold_word(word: str) -> str:
    """Return what a word compares by."""
    if word.isascii():
        return sys.intern(word.lower())
    plain = word.replace("’", "'").translate({0xAD: None, 0x200B: None, 0x200C: None, 0x200D: None})
    return sys.intern(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold()))


@cache
def _token_pattern() -> re.Pattern[str]:
    """Return the pattern of a token: a word, a run of one mark, or any other character that is no white space."""
    return re.compile(rf"({word_pattern().pattern})|([^\w\s]|_)\2*+|\S")


def split_tokens(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """Return ``text[start:end]`` in tokens; places count from the beginning of `text`."""
    starts, ends, keys = array("i"), array("i"), list[str]()
    for match in _token_pattern().finditer(text, start, len(text) if end is None else end):
        starts.append(match.start())
        ends.append(match.end())
        token = match.group()
        keys.append(fold_word(token) if match.lastindex == 1 else fold_mark(token))
    return Tokens(text, starts, ends, keys)


@lru_cache(maxsize=1 << 12)
def fold_mark(mark: str) -> str:
    """Return what a mark compares by."""
    return sys.intern(unicodedata.normalize("NFKC", mark.translate(_PLAIN_MARKS)).casefold())


def join_broken_words(tokens: Tokens, known: Collection[str]) -> Tokens:
    """Return `tokens` with words that a hyphen at the end of a line breaks made whole, where the whole word is among `known` keys."""
    text, starts, ends, keys = tokens.text, array("i"), array("i"), list[str]()
    i, n = 0, len(tokens.keys)
    while i < n:
        joined = i + 2 < n and tokens.keys[i + 1] == "-" and tokens.starts[i + 1] == tokens.ends[i] and tokens.keys[i] + tokens.keys[i + 2]
        broken = joined and joined in known and _BROKEN.fullmatch(text, tokens.ends[i] - 1, tokens.starts[i + 2] + 1)
        last = i + 2 if broken else i
        starts.append(tokens.starts[i])
        ends.append(tokens.ends[last])
        keys.append(sys.intern(joined) if broken and joined else tokens.keys[i])
        i = last + 1
    return Tokens(text, starts, ends, keys)


def has_broken_words(tokens: Tokens) -> bool:
    """Tell whether a hyphen at the end of a line may break a word."""
    return _BROKEN.search(tokens.text) is not None
