"""What a figure allows, as an interval, and how it lies to what was observed.

A figure's interval follows from its comparator. Its rounding is half the last place that it writes: 40,000 stands for 35,000 to 45,000. Where
`about`, `nearly` or `just over` says no more, what they allow is the rounding or a twentieth of the value, whichever is more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CONSISTENT, LOOSE, ROUNDING, OUTSIDE, NOT_COMPARABLE, NO_DATA = "consistent", "consistent but loose", "within rounding", "outside", "not comparable", "no data"
ANSWERS = (CONSISTENT, LOOSE, ROUNDING, OUTSIDE, NOT_COMPARABLE, NO_DATA)
"""What a check answers; never true or false."""

ABOUT = 0.05
"""Share of the value by which `about`, `nearly` and `just over` may miss."""
LOOSE_RATIO = 1.5
"""A bound is loose where what was observed is that many times the bound, or the bound that many times it."""
VAGUE_RATIO = 10.0
"""`Tens of thousands` is loose from ten times its lower bound."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a figure allows: from `low` to `high`, both included unless open; `slack` is its rounding, `ratio` what makes it loose (None: it cannot be)."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False
    slack: float = 0.0
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and, where it is `outside` or `within rounding`, by how much the figure is above (or, negative, below) what was observed."""

    answer: str
    off_by: float | None = None
    off_share: float | None = None


def state_interval(row: Mapping[str, Any], loose: float = LOOSE_RATIO) -> Stated | None:
    """Return what a figure (a flat row) allows; None where its words give no number."""
    slack = (row["rounded_to"] or 0.0) / 2
    value, comparator = row["value"], row["comparator"]
    if value is None:
        if row["low"] is None:
            return None
        if row["high"] is None:
            return Stated(row["low"], math.inf, slack=slack, ratio=VAGUE_RATIO)
        return Stated(row["low"], row["high"], slack=slack, ratio=loose)
    about = max(slack, ABOUT * abs(value))
    shapes = {
        "=": Stated(value, value, slack=slack),
        ">": Stated(value, math.inf, low_open=True, slack=slack, ratio=loose),
        ">=": Stated(value, math.inf, slack=slack, ratio=loose),
        "<": Stated(-math.inf, value, high_open=True, slack=slack, ratio=loose),
        "<=": Stated(-math.inf, value, slack=slack, ratio=loose),
        "~": Stated(value - about, value + about),
        "~<": Stated(value - about, value, slack=slack),
        "~>": Stated(value, value + about, slack=slack),
    }
    return shapes.get(comparator)


def compare_intervals(stated: Stated, low: float, high: float) -> Verdict:
    """Return how a figure lies to what was observed, from `low` to `high`."""
    dust = 1e-9 * max(abs(low), abs(high), 1e-300)
    gap = low - stated.high if low > stated.high else stated.low - high if high < stated.low else 0.0
    touching = (stated.low_open and abs(high - stated.low) <= dust) or (stated.high_open and abs(low - stated.high) <= dust)
    if gap <= dust and not touching:
        return Verdict(LOOSE if _is_loose(stated, low, high) else CONSISTENT)
    above = stated.low >= high  # the figure lies above what was observed
    nearest = high if above else low
    off = (gap if above else -gap) or 0.0
    share = abs(off / nearest) if nearest else None
    return Verdict(ROUNDING if gap <= stated.slack + dust else OUTSIDE, off, share)


def _is_loose(stated: Stated, low: float, high: float) -> bool:
    """Tell whether a figure allows much more than what was observed."""
    if stated.ratio is None:
        return False
    if math.isinf(stated.high):
        return stated.low > 0 and low >= stated.ratio * stated.low
    if math.isinf(stated.low):
        return high > 0 and stated.high >= stated.ratio * high
    return stated.low > 0 and stated.high / stated.low >= stated.ratio**2
