"""Exact copies: which witnesses fold to the same letters, and where a place of one lies in another.

Exact copies are folded before matching, so a span names only the first of them. Their texts have the same
letters but may differ in spaces, case and punctuation, so that a place must be mapped through the letters.
"""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
import pyarrow as pa

Place = tuple[int, int]


class TextSource(Protocol):
    """The part of a corpus folder that this module reads."""

    def read_texts(self, witnesses: Sequence[int]) -> dict[int, str]:
        """Return the texts of the witnesses."""
        ...


def group_copies(foldings: pa.Table) -> dict[int, list[int]]:
    """Return the copies of every witness that has some: ``{first witness: [its copies, rising]}``."""
    witness = foldings["witness"].to_numpy()
    first = foldings["copy_of"].to_numpy()
    groups: dict[int, list[int]] = {}
    for row in np.flatnonzero(witness != first):
        groups.setdefault(int(first[row]), []).append(int(witness[row]))
    return groups


class CopyPlaces:
    """Maps places between exact copies by counting their folded letters; keeps at most `max_kept` texts' letters."""

    def __init__(self, folder: TextSource, max_kept: int = 4096) -> None:
        """Read texts from `folder` as they are needed."""
        self._folder = folder
        self._max_kept = max_kept
        self._letters: OrderedDict[int, np.ndarray] = OrderedDict()

    def prepare(self, witnesses: Sequence[int]) -> None:
        """Read the letters of `witnesses` in one go; beyond `max_kept` the first are kept."""
        missing = [w for w in dict.fromkeys(witnesses) if w not in self._letters][: self._max_kept]
        for witness, text in self._folder.read_texts(missing).items() if missing else ():
            self._keep(witness, letter_places(text))

    def map_place(self, from_witness: int, to_witness: int, place: Place) -> Place | None:
        """Return where `place` of one witness lies in its exact copy, or None where their letters do not agree there."""
        if from_witness == to_witness:
            return place
        here, there = self._letters_of(from_witness), self._letters_of(to_witness)
        first = int(np.searchsorted(here, place[0]))
        last = int(np.searchsorted(here, place[1])) - 1
        if last < first or len(here) != len(there):
            return None
        return int(there[first]), int(there[last]) + 1

    def _letters_of(self, witness: int) -> np.ndarray:
        """Return the place of every letter of a witness, from the kept ones where it is there."""
        if witness not in self._letters:
            self._keep(witness, letter_places(self._folder.read_texts([witness])[witness]))
        self._letters.move_to_end(witness)
        return self._letters[witness]

    def _keep(self, witness: int, letters: np.ndarray) -> None:
        """Keep a witness's letters and let go of those not used for longest."""
        self._letters[witness] = letters
        while len(self._letters) > self._max_kept:
            self._letters.popitem(last=False)


def letter_places(text: str) -> np.ndarray:
    """Return the place of every folded letter of `text`, int32, rising; a character that folds to two letters stands twice."""
    counts = np.fromiter(map(count_letters, text), np.int32, len(text))
    return np.repeat(np.arange(len(text), dtype=np.int32), counts)


@lru_cache(maxsize=8192)
def count_letters(character: str) -> int:
    """Return how many letters and digits a character folds to (NFKC, case, diacritics; nothing for space and punctuation)."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    return sum(unicodedata.category(part)[0] in "LN" for part in folded)
