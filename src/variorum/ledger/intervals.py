"""The ends of an interval: the unit and scale that they share, and ages (``aged 25 to 39``, ``ages 5-11``, ``between the ages of 15 and 49``)."""

from __future__ import annotations

from dataclasses import replace

from variorum.ledger.figurewords import figure_words
from variorum.ledger.quantities import Quantity, read_quantity
from variorum.ledger.tokens import Tokens
from variorum.ledger.units import match_phrase

_OLDEST = 130
"""Years of the oldest age."""


def read_age_range(tokens: Tokens, low: Quantity) -> tuple[int, Quantity] | None:
    """Return (first token, upper end) of the interval that an age begins; None where it begins none."""
    words, place = figure_words(tokens.language), low.last
    between = match_phrase(words.between, tokens, low.first - 1)
    joint = words.sets["to"] | (words.sets["and"] if between is not None else frozenset())
    high = read_quantity(tokens, place + 1) if place + 1 < len(tokens) and tokens.word(place) in joint else None
    if high is None or high.number.first != place + 1 or high.kind not in ("number", "age", "duration") or (high.unit or low.unit) != low.unit or not low.value < high.value < _OLDEST:
        return None
    return low.first - (between is not None), replace(high, kind="age", unit=low.unit, unit_span=high.unit_span or low.unit_span)


def match_units(low: Quantity, high: Quantity) -> tuple[Quantity, Quantity]:
    """Return both ends with the unit of one, and with its scale: two to three million."""
    if low.unit is None and high.unit is not None:
        low = replace(low, unit=high.unit, kind=high.kind)
    elif high.unit is None and low.unit is not None and low.kind in ("money", "share"):
        high = replace(high, unit=low.unit, kind=low.kind, unit_span=low.unit_span)
    scale = high.number.scale
    if scale > 1 and low.number.scale == 1 and low.value < 1000 and low.value * scale < high.value:
        low = replace(low, value=low.value * scale, step=low.step * scale)
    return low, high
