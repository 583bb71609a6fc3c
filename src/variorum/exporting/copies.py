"""Exact copies: which witnesses fold to the same letters, and where a place of one lies in another.

Exact copies are folded before matching, so a span names only the first of them. Their texts have the same
letters but may differ in spaces, case and punctuation, so a place is mapped through the letter stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from variorum.letters import LetterStore

Place = tuple[int, int]


def group_copies(foldings: pa.Table) -> dict[int, list[int]]:
    """Return the copies of every witness that has some: ``{first witness: [its copies, rising]}``."""
    witness = foldings["witness"].to_numpy()
    first = foldings["copy_of"].to_numpy()
    groups: dict[int, list[int]] = {}
    for row in np.flatnonzero(witness != first):
        groups.setdefault(int(first[row]), []).append(int(witness[row]))
    return groups


def map_place(store: LetterStore, from_witness: int, to_witnesses: Sequence[int], place: Place) -> Iterator[tuple[int, Place]]:
    """Yield where `place` of one witness lies in each of its exact copies, as (copy, place); nothing for a place without letters."""
    if not to_witnesses:
        return
    low, high = store.locate_letters(*(np.array([value]) for value in (from_witness, *place)))
    if high[0] <= low[0]:
        return
    copies = np.array(to_witnesses)
    starts, ends = store.locate_places(copies, np.repeat(low, len(copies)), np.repeat(high, len(copies)))
    for witness, start, end in zip(to_witnesses, starts, ends, strict=True):
        yield witness, (int(start), int(end))
