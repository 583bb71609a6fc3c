"""How a figure is compared: more than, at least, nearly; before the number or after it, with the place of the words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from variorum.ledger.entries import Span
from variorum.ledger.figurewords import figure_words
from variorum.ledger.languages import Language
from variorum.ledger.quantities import Quantity
from variorum.ledger.tokens import Tokens
from variorum.ledger.units import Phrases, match_phrase


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparator.

    Attributes:
        symbol: as in the field `comparator`.
        first, last: the tokens that it and its quantity cover.
        span: its raw place, None where nothing is compared.
        lost: its second word is missing (``more 100,000``).
    """

    symbol: str
    first: int
    last: int
    span: Span | None
    lost: bool = False


@lru_cache(maxsize=8)
def _by_last_word(language: Language) -> Phrases:
    """Return last word -> comparators that end with it, longest first."""
    index: Phrases = {}
    for entries in figure_words(language).comparators.values():
        for words, meaning in entries:
            index.setdefault(words[-1], []).append((words, meaning))
    for entries in index.values():
        entries.sort(key=lambda e: -len(e[0]))
    return index


def read_comparison(tokens: Tokens, quantity: Quantity) -> Comparison:
    """Return the comparator of a quantity; of one before and one after it the one before, both covered."""
    words = figure_words(tokens.language)
    before = _read_before(tokens, quantity.first)
    after = match_phrase(words.after, tokens, quantity.last)
    if after is not None and after[1] and not _goes_on(tokens, after[0]):
        if before is None:
            return Comparison(after[1], quantity.first, after[0], tokens.span(quantity.last, after[0]))
        if after[1] in ("<=", ">=") and before[1] in ("<", ">") and tokens.word(quantity.last) in words.sets["and"] | {"or", "ou", "o"}:
            return Comparison(before[1] + "=", before[0], after[0], tokens.span(before[0], quantity.first))
    if before is None:
        return Comparison("=", quantity.first, quantity.last, None)
    return Comparison(before[1], before[0], quantity.last, tokens.span(before[0], quantity.first), before[2])


def _goes_on(tokens: Tokens, last: int) -> bool:
    """Tell whether words after a number lead to another number: ``20 or more than 40``."""
    return tokens.is_number(last) or tokens.word(last) in ("than", "que")


def _read_before(tokens: Tokens, first: int) -> tuple[int, str, bool] | None:
    """Return (first token, symbol, lost) of the comparator that ends before a token."""
    if first < 1:
        return None
    place = first
    for entry_words, symbol in _by_last_word(tokens.language).get(tokens.words[place - 1], ()):
        begin = place - len(entry_words)
        if begin >= 0 and tuple(tokens.words[begin:place]) == entry_words:
            return begin, symbol, False
    lost = figure_words(tokens.language).lost.get(tokens.words[place - 1], ())
    if lost and not tokens.is_number(place - 2) and tokens.word(place - 2) not in ("any", "no", "many", "few", "two", "three", "one"):
        return place - 1, lost[0][1], True
    return None

