"""What the members have at each locus, as arrays and as words, for everything that is said of links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from variorum.stemmas.events import MISSING

_LONGEST = 60
"""Characters of a reading that are shown."""


@dataclass(frozen=True)
class Texts:
    """A collation as arrays; members are counted among those that are collated.

    Attributes:
        texts: the whole text of each member's witness.
        reading: int32[loci, members], -1 where a member does not cover the locus; n_tokens, start, end, block: alike.
        n_readings: int32[loci].
        tokens: int32[loci]: tokens of the longest reading.
        column: int64[loci]: first column of each locus.
        numbers, columns: by member: its words as numbers, marks left out, and the column of each.
    """

    texts: Sequence[str]
    reading: np.ndarray
    n_tokens: np.ndarray
    start: np.ndarray
    end: np.ndarray
    block: np.ndarray
    n_readings: np.ndarray
    tokens: np.ndarray
    column: np.ndarray
    numbers: Sequence[np.ndarray]
    columns: Sequence[np.ndarray]

    @classmethod
    def of(cls, loci: pa.Table, readings: pa.Table, texts: Sequence[str], numbers: Sequence[np.ndarray], columns: Sequence[np.ndarray]) -> Texts:
        """Take the tables of a collation and, by member that is collated and in their order: texts, numbers of the words without marks, the column of each word."""
        shape = (len(loci), len(texts))
        fields = (readings[name].to_numpy().reshape(shape) for name in ("n_tokens", "start", "ink_end", "block"))
        reading = readings["reading"].fill_null(MISSING).to_numpy().reshape(shape)
        of_loci = (loci[name].to_numpy() for name in ("n_readings", "n_tokens", "column"))
        return cls(texts, reading, *fields, *of_loci, numbers=numbers, columns=columns)

    def words(self, locus: int, member: int) -> str:
        """Return a reading on one line, shortened."""
        shown = " ".join(self.texts[member][self.start[locus, member] : self.end[locus, member]].split())
        return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"

    def find_marked(self) -> np.ndarray:
        """Return which loci differ by marks alone (bool[loci])."""
        marked = np.zeros(len(self.n_readings), bool)
        for locus in np.flatnonzero(self.n_readings > 1).tolist():
            _, firsts = np.unique(self.reading[locus], return_index=True)
            letters = {self._letters(locus, m) for m in firsts.tolist() if self.reading[locus, m] >= 0}
            marked[locus] = len(letters) == 1
        return marked

    def _letters(self, locus: int, member: int) -> str:
        return "".join(c for c in self.texts[member][self.start[locus, member] : self.end[locus, member]].casefold() if c.isalnum())
