"""Dates as intervals of days, and what it costs that a source is later than who took from it.

A date is never a wall: it may be wrong, and a text may have been drawn up before it was dated. A contradiction costs as much as some changes of
the text and a little more with every day, so that a strong likeness overrules a wrong date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CONTRADICTION, PER_DAY, MAX_DAYS = 8.0, 0.5, 60.0
"""What a source costs that is later than the taker, in events of one word; more with every day, up to so many."""
DAY_SLACK = 14.0 / 24.0
"""Days by which two moments of different zones may be out of order, where a zone is not known."""


@dataclass(frozen=True)
class Datings:
    """When each witness was made, in days; infinite where a side is open.

    Attributes:
        first, last: float64[members].
        zoned: bool[members]: the moment is known with its zone; days without a zone are of the day of the publisher.
    """

    first: np.ndarray
    last: np.ndarray
    zoned: np.ndarray

    def take(self, members: np.ndarray) -> Datings:
        """Return the dates of some members, in the order given."""
        return Datings(self.first[members], self.last[members], self.zoned[members])

    def middle(self, member: int) -> float:
        """Return the middle of a date, in days; infinite where a side is open."""
        bounds = self.first[member], self.last[member]
        return float(sum(bounds) / 2) if np.isfinite(bounds).all() else np.inf


def measure_lateness(first: np.ndarray, last: np.ndarray, zoned: np.ndarray | None = None) -> np.ndarray:
    """Return by taker and source how many days the source is too late (float64[n, n]; 0 where it need not be late)."""
    days = first[None, :] - last[:, None]
    if zoned is not None:  # a day of one zone against a moment of another
        days = days - DAY_SLACK * (zoned[:, None] != zoned[None, :])
    return np.where(np.isfinite(days), np.maximum(days, 0.0), 0.0)


def cost_lateness(days: np.ndarray) -> np.ndarray:
    """Return what so many days cost."""
    return np.where(days > 0, CONTRADICTION + PER_DAY * np.minimum(days, MAX_DAYS), 0.0)
