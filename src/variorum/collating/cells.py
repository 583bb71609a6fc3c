"""Two members side by side out of the table READINGS, without a row in Python for each of the others: there are millions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa


class Cell(NamedTuple):
    """What a member has at a locus; the columns of `readings` of these names."""

    locus: int
    reading: int
    start: int
    end: int
    ink_end: int
    block: int


class Cells:
    """The table `readings` by locus and member.

    Attributes:
        members: the members that are collated, by their numbers.
    """

    def __init__(self, readings: pa.Table) -> None:
        """Take the table."""
        locus = readings["locus"].to_numpy()
        self.members: list[int] = readings["member"].slice(0, int(np.searchsorted(locus, 0, "right"))).to_pylist()
        self._place = {member: column for column, member in enumerate(self.members)}
        shape = (-1, max(1, len(self.members)))
        self._form = readings["form"].fill_null(-1).to_numpy().reshape(shape)
        reading = readings["reading"].fill_null(-1).to_numpy()
        self._parts = [part.reshape(shape) for part in (locus, reading, *(readings[name].to_numpy() for name in Cell._fields[2:]))]

    def cell(self, member: int, locus: int) -> Cell:
        """Return what `member` has at `locus`."""
        column = self._place[member]
        return Cell(*(int(part[locus, column]) for part in self._parts))

    def list_row(self, locus: int, order: Sequence[int] | None = None) -> list[tuple[int, int, int, int]]:
        """Return (member, reading, start, end of the ink) of all members at `locus`, in the order of `members` or of their numbers in `order`; a reading of -1 is missing."""
        columns = slice(None) if order is None else [self._place[member] for member in order]
        parts = (self._parts[k][locus, columns].tolist() for k in (1, 2, 4))
        return list(zip(self.members if order is None else order, *parts, strict=True))

    def first_common(self, a: int, b: int) -> tuple[int, int] | None:
        """Return where the first locus begins that members `a` and `b` both cover; None where there is none."""
        one, two = self._place[a], self._place[b]
        loci = np.flatnonzero((self._form[:, one] >= 0) & (self._form[:, two] >= 0))
        return (self.cell(a, int(loci[0])).start, self.cell(b, int(loci[0])).start) if len(loci) else None

    def list_differing(self, a: int, b: int) -> list[tuple[Cell, Cell]]:
        """Return what members `a` and `b` have at the loci that both cover and where they have not the same characters, in order."""
        one, two = self._place[a], self._place[b]
        loci = np.flatnonzero((self._form[:, one] != self._form[:, two]) & (self._form[:, one] >= 0) & (self._form[:, two] >= 0))
        sides = (map(Cell, *(part[loci, column].tolist() for part in self._parts)) for column in (one, two))
        return list(zip(*sides, strict=True))
