"""One thing of so many: ``one islander in five``, ``une personne sur cinq``, ``una persona de cada cinco``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from variorum.ledger.comparators import read_comparison
from variorum.ledger.figurewords import figure_words
from variorum.ledger.numbers import parse_number
from variorum.ledger.numerals import number_words
from variorum.ledger.quantities import Quantity
from variorum.ledger.rules import Draft
from variorum.ledger.tokens import Tokens
from variorum.ledger.units import read_unit

_ROUND = frozenset({*range(2, 11), 12, 15, 20, 25, 30, 40, 50, 100, 500, 1000, 10_000, 100_000, 1_000_000})
"""What such shares are said of."""


def find_odds(tokens: Tokens, at: int, build: Callable[..., Any]) -> Draft | None:
    """Return a share whose noun stands between its numbers: a small number, a noun or two, and so many of them; `build` makes its fields."""
    above = parse_number(tokens, at)
    if above is None or not above.integral or not 0 < above.value < 10:
        return None
    stop = figure_words(tokens.language).sets["stop"]
    last = above.last
    while last < above.last + 2 and tokens.is_word(last) and tokens.words[last] not in stop and not tokens.is_capital(last) and read_unit(tokens, last) is None:
        last += 1
    place = _skip_over(tokens, last) if last > above.last else None
    below = parse_number(tokens, place) if place is not None else None
    if below is None or below.value not in _ROUND or below.value <= above.value or below.written != above.written:
        return None
    after = tokens.word(below.last)
    if read_unit(tokens, below.last) is not None or (tokens.is_word(below.last) and after not in stop and after.endswith(("s", "x"))):  # two boats in three days, in three ports
        return None
    span = tokens.span(above.last, last)
    head = above.last if "first" in figure_words(tokens.language).sets["head"] else last - 1
    said = tokens.text[slice(*span)]
    fields = build("share", float(f"{above.value / below.value:.12g}"), share_of=said, key=tokens.words[head], written=above.written)
    comparison = read_comparison(tokens, Quantity(at, below.last, replace(above, last=below.last), fields.value, 0.0))
    fields.comparator = comparison.symbol
    parts = {"value": [tokens.span(at, below.last)], "share_of": [span]}
    if comparison.span is not None:
        parts["comparator"] = [comparison.span]
    why = [f"'{tokens.raw(at, above.last)}' of '{tokens.raw(below.first, below.last)}'", f"share of: '{said}'"]
    return Draft(min(at, comparison.first), max(below.last, comparison.last), fields, parts, why)


def _skip_over(tokens: Tokens, at: int) -> int | None:
    """Return the token after the words between the two numbers: in, out of, sur, de cada."""
    words = number_words(tokens.language).sets
    if tokens.word(at) in words["odds"] or (tokens.word(at) in words["over"] and tokens.language.code != "en"):
        return at + 1
    return at + 2 if f"{tokens.word(at)} {tokens.word(at + 1)}" in words["out_of"] else None
