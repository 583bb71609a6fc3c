"""What families need to know of the witnesses: dates, series, exact copies, and an order that is not that of reading."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa


class Witnesses:
    """The witnesses of a corpus as arrays by number."""

    def __init__(self, witnesses: pa.Table, foldings: pa.Table) -> None:
        """Take WITNESSES (metadata and text are not needed) and FOLDINGS."""
        self.n = len(witnesses)
        self.siglum: list[str] = witnesses["siglum"].to_pylist()
        self.n_letters = foldings["n_letters"].to_numpy().astype(np.int64)
        self.copy_of = foldings["copy_of"].to_numpy().astype(np.int64)
        self.first: list[datetime | None] = witnesses["not_before_at"].to_pylist()
        self.last: list[datetime | None] = witnesses["not_after_at"].to_pylist()
        series = witnesses["series"].to_pylist()
        # A witness without a series counts for itself.
        self.series = [f"s:{s}" if s is not None else f"w:{i}" for i, s in enumerate(series)]

    @cached_property
    def copies(self) -> dict[int, list[int]]:
        """The copies of each witness that has some."""
        found: dict[int, list[int]] = {}
        for witness in np.flatnonzero(self.copy_of != np.arange(self.n)):
            found.setdefault(int(self.copy_of[witness]), []).append(int(witness))
        return found

    @cached_property
    def place(self) -> np.ndarray:
        """Where each witness stands by date, undated last, then by siglum (int64)."""
        place = np.empty(self.n, np.int64)
        place[sorted(range(self.n), key=lambda w: (*self._day(w), self.siglum[w]))] = np.arange(self.n)
        return place

    @cached_property
    def text_place(self) -> np.ndarray:
        """The first `place` of each witness and its exact copies, so that it does not matter which of them was read first (int64)."""
        first = self.place.copy()
        np.minimum.at(first, self.copy_of, self.place)
        return first[self.copy_of]

    def first_day(self, text: int) -> tuple[bool, float]:
        """Return a key that sorts texts by the earliest date of any of their exact copies, undated last."""
        return min(self._day(w) for w in (text, *self.copies.get(text, ())))

    def _day(self, witness: int) -> tuple[bool, float]:
        at = self.first[witness]
        return (at is None, at.timestamp() if at else 0.0)


def find_earliest(witnesses: list[int], first: list[datetime | None], last: list[datetime | None]) -> int | None:
    """Return the witness whose date lies wholly before all others', or None where none is dated or two may be of one time."""
    dated = sorted((w for w in witnesses if first[w] is not None), key=lambda w: (first[w], last[w]))
    if not dated:
        return None
    best = dated[0]
    end = last[best] or first[best]
    # All of these are dated; the checker does not follow the filter above.
    return best if all(first[w] > end for w in dated[1:]) else None  # type: ignore[operator]
