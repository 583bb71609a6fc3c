"""What families need to know of the witnesses: dates, series, exact copies, and an order that is not that of reading."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

UNDATED = np.iinfo(np.int64).max
"""The moment of a witness without a date."""
DAY = 86_400_000_000
"""Microseconds of a day."""


class Witnesses:
    """The witnesses of a corpus as arrays by number.

    Attributes:
        n: how many they are.
        siglum: their sigla.
        n_letters, copy_of: int64, as in FOLDINGS.
        first, last: int64, the earliest and latest moment of each, in microseconds since 1970, or `UNDATED`.
        series: int64, a number for the series of each; a witness without one counts for itself.
    """

    def __init__(self, witnesses: pa.Table, foldings: pa.Table) -> None:
        """Take WITNESSES (siglum, series and the bounds of the dates are needed) and FOLDINGS."""
        self.n = len(witnesses)
        self.siglum: pa.ChunkedArray = witnesses["siglum"]
        self.n_letters = foldings["n_letters"].to_numpy().astype(np.int64)
        self.copy_of = foldings["copy_of"].to_numpy().astype(np.int64)
        self.first, self.last = (_moments(witnesses[name]) for name in ("not_before_at", "not_after_at"))
        codes = pc.fill_null(pc.index_in(witnesses["series"], pc.drop_null(pc.unique(witnesses["series"]))), -1).to_numpy()
        self.series = np.where(codes < 0, self.n + np.arange(self.n), codes).astype(np.int64)

    @cached_property
    def n_copies(self) -> np.ndarray:
        """How many exact copies each witness has (int64)."""
        return np.bincount(self.copy_of[self._copying], minlength=self.n)

    @cached_property
    def place(self) -> np.ndarray:
        """Where each witness stands by date, undated last, then by siglum (int64)."""
        table = pa.table({"first": self.first, "siglum": self.siglum})
        place = np.empty(self.n, np.int64)
        place[pc.sort_indices(table, [("first", "ascending"), ("siglum", "ascending")]).to_numpy()] = np.arange(self.n)
        return place

    @cached_property
    def text_place(self) -> np.ndarray:
        """The first `place` of each witness and its exact copies, so that it does not matter which of them was read first (int64)."""
        first = self.place.copy()
        np.minimum.at(first, self.copy_of, self.place)
        return first[self.copy_of]

    @cached_property
    def text_first(self) -> np.ndarray:
        """The earliest moment of each witness and its exact copies (int64)."""
        first = self.first.copy()
        np.minimum.at(first, self.copy_of, self.first)
        return first[self.copy_of]

    @cached_property
    def _copying(self) -> np.ndarray:
        return np.flatnonzero(self.copy_of != np.arange(self.n))

    def expand(self, text: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each of some texts followed by its exact copies, and for each the row of `text` it comes from (int64)."""
        times = 1 + self.n_copies[text]
        row = np.repeat(np.arange(len(text)), times)
        number = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
        copies = self._copying[np.argsort(self.copy_of[self._copying], kind="stable")]
        first = np.cumsum(self.n_copies) - self.n_copies
        witness = text[row]
        copied = number > 0
        witness[copied] = copies[first[witness[copied]] + number[copied] - 1]
        return witness, row


def _moments(column: pa.ChunkedArray) -> np.ndarray:
    """Return points in time as microseconds since 1970, `UNDATED` where there is none."""
    return pc.fill_null(column.cast(pa.int64()), UNDATED).to_numpy()
