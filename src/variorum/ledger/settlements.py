"""Towns and the like, told from where they stand: a dateline, before the name of a state or country, after *city of*."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from variorum.ledger.namewords import NameWords, match_place
from variorum.ledger.tokens import Tokens

_DATELINES = 10
"""Paragraphs in which a dateline may stand, from the first of the statement."""
_WORDS = 4
"""Words of the longest name of a town."""
_DASHES = ("-", "–", "—", "―")
_REST = 8
"""Words that must follow a dateline in its paragraph."""


class Town(NamedTuple):
    """A town in tokens: the first, the one after the last, the token after all that belongs to it, and what tells it."""

    first: int
    last: int
    after: int
    why: str


def find_datelines(tokens: Tokens, words: NameWords, calendar: frozenset[str], small: set[str]) -> dict[int, Town]:
    """Return the towns that begin a paragraph and a dash ends: ``EASTMERE, Norway – The crews``; by their first token."""
    found: dict[int, Town] = {}
    for start in tokens.paragraph_starts[:_DATELINES]:
        town = _read_dateline(tokens, start, words, calendar, small)
        if town is not None:
            found[town.first] = town
    return found


def _read_dateline(tokens: Tokens, start: int, words: NameWords, calendar: frozenset[str], small: set[str]) -> Town | None:
    """Return the town of a dateline that begins at a paragraph's first token."""
    bracket = tokens.word(start) == "("
    first = start + bracket
    last = first
    while last < len(tokens) and last - first < _WORDS and tokens.is_capital(last) and not tokens.begins_paragraph(last + 1):
        last += 1
        if tokens.word(last) == "." and tokens.touches(last) and tokens.words[last - 1] in ("st", "ft", "mt"):
            last += 1
    if last == first or any(_is_other(tokens, n, words, calendar) for n in range(first, last)):
        return None
    place = last
    if tokens.word(place) == ",":
        state = _read_state(tokens, place + 1, words)
        if state is None:
            return None
        place = last = state
    elif any(tokens.words[n] in small for n in range(first, last)):
        return None
    place += bracket and tokens.word(place) == ")"
    dash = tokens.word(place) in _DASHES and not (tokens.words[place] == "-" and tokens.touches(place) and tokens.touches(place + 1))
    number = bisect_right(tokens.paragraph_starts, start)
    end = tokens.paragraph_starts[number] if number < len(tokens.paragraph_starts) else len(tokens)
    if not dash or end - place <= _REST or not (tokens.is_capital(place + 1) or tokens.words[place + 1] in "“\"‘("):
        return None
    return Town(first, last, place, "a dateline")


def _is_other(tokens: Tokens, at: int, words: NameWords, calendar: frozenset[str]) -> bool:
    """Tell whether a word of a dateline names no town."""
    word = tokens.words[at]
    return word in words.common or word in calendar or word in words.sets["heads"] or word in words.sets["not_towns"] or len(word) == 1 or (word,) in words.titles.get(word, ())


def _read_state(tokens: Tokens, at: int, words: NameWords) -> int | None:
    """Return the token after the state or country after a town's comma, short forms among them: Norway, AZ, D.C., Calif."""
    place = match_place(words, tokens, at) if at < len(tokens) else None
    if place is not None:
        return place[0]
    if not tokens.is_capital(at) or not tokens.words[at].isalpha():
        return None
    last = at + 1
    while tokens.word(last) == "." and tokens.touches(last):
        last += 1
        if tokens.touches(last) and tokens.is_capital(last) and len(tokens.words[last]) == 1:
            last += 1
    short = last > at + 1 or (len(tokens.words[at]) == 2 and tokens.raw(at).isupper())
    return last if short and len(tokens.words[at]) <= 5 else None


def stands_in_territory(tokens: Tokens, last: int, words: NameWords) -> bool:
    """Tell whether the name that ends before a token stands before a comma and a state or country: ``Eastmere, Norway``, ``Eastmere, south of Oslo``."""
    if tokens.word(last) != "," or last + 3 >= len(tokens):
        return False
    side = tokens.words[last + 1] in words.sets["sides"] and tokens.words[last + 2] == "of"
    place = match_place(words, tokens, last + 3 if side else last + 1)
    if place is None:
        return False
    after = place[0]
    return not tokens.is_capital(after) and tokens.word(after) not in ("'s", "-", "'") and not tokens.is_number(after)
