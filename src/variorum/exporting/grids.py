"""A collation as other formats want it: loci by members, each member's way through the loci, and text that fits into XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from variorum.collating.apparatus import Apparatus
from variorum.collating.members import Member

UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document can hold (XML 1.0, 2.2)."""
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
"""States of a character matrix; programs that read NEXUS and Phylip take no more than these 32."""


@dataclass(frozen=True)
class Grid:
    """The readings of a collation, a row a locus, a column a member that is collated.

    Attributes:
        members: the members.
        starts, ends, ink_ends: int (loci, members): the reading in the member's text, with and without the white space after it.
        readings: int (loci, members): number of the reading; -1 where it is missing.
        n_tokens: int (loci, members): 0 where it is omitted or missing.
        blocks: int (loci, members): the moved block it stands in; 0 in order.
        moves: by block: the number of its move.
        base: which of the members is the base.
    """

    members: Sequence[Member]
    starts: np.ndarray
    ends: np.ndarray
    ink_ends: np.ndarray
    readings: np.ndarray
    n_tokens: np.ndarray
    blocks: np.ndarray
    moves: dict[int, int]
    base: int

    @staticmethod
    def of(apparatus: Apparatus) -> Grid:
        """Return the grid of an apparatus."""
        table, material = apparatus.readings, apparatus.material
        shape = (len(table) // len(material.members), len(material.members))
        arrays = {name: table[name].to_numpy().reshape(shape) for name in ("start", "end", "ink_end", "n_tokens", "block")}
        readings = table["reading"].fill_null(-1).to_numpy().reshape(shape)
        moves = dict(zip(apparatus.blocks["block"].to_pylist(), apparatus.blocks["move"].to_pylist(), strict=True))
        return Grid(material.members, arrays["start"], arrays["end"], arrays["ink_end"], readings, arrays["n_tokens"], arrays["block"], moves, material.base)

    def text(self, locus: int, member: int) -> str:
        """Return what a member has at a locus, the white space after it included."""
        return self.members[member].text[self.starts[locus, member] : self.ends[locus, member]]

    def ink(self, locus: int, member: int) -> str:
        """Return what a member has at a locus, without the white space after it."""
        return self.members[member].text[self.starts[locus, member] : self.ink_ends[locus, member]]

    def walk(self, member: int) -> Iterator[int]:
        """Yield the loci at which a member has tokens, in the order of its text."""
        held = np.flatnonzero(self.n_tokens[:, member] > 0)
        yield from held[np.argsort(self.starts[held, member], kind="stable")].tolist()

    @cached_property
    def varied(self) -> np.ndarray:
        """Numbers of the loci that have two readings or more."""
        return np.flatnonzero(self.readings.max(axis=1, initial=0) > np.where(self.readings < 0, np.iinfo(np.int32).max, self.readings).min(axis=1, initial=np.iinfo(np.int32).max))

    def rank_readings(self, locus: int) -> list[int]:
        """Return the readings of a locus, the one of the most members first, then by number."""
        found, counts = np.unique(self.readings[locus][self.readings[locus] >= 0], return_counts=True)
        return found[np.lexsort((found, -counts))].tolist()

    def write_states(self) -> tuple[list[str], int]:
        """Return each member's states at the varied loci, a character a locus, and how many readings had no symbol left.

        Readings are counted from the commonest; the 33rd and any after it is written ``?``, as is what is missing.
        """
        columns, n_lost = [], 0
        for locus in self.varied.tolist():
            ranked = self.rank_readings(locus)
            n_lost += max(0, len(ranked) - len(SYMBOLS))
            symbols = dict(zip(ranked, SYMBOLS, strict=False))
            columns.append([symbols.get(reading, "?") for reading in self.readings[locus].tolist()])
        return ["".join(column[m] for column in columns) for m in range(len(self.members))], n_lost


def name_plainly(sigla: Sequence[str], allowed: str = "A-Za-z0-9_.-") -> list[str]:
    """Return a name for each siglum that any format takes: letters first, only characters of `allowed`, no two alike."""
    names: list[str] = []
    taken: set[str] = set()
    for siglum in sigla:
        name = re.sub(f"[^{allowed}]", "_", siglum)
        name = name if re.match("[A-Za-z]", name) else f"w{name}"
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = f"{name}_{number}"
        taken.add(unique)
        names.append(unique)
    return names


def escape_xml(text: str) -> str:
    """Return text as XML holds it: markup escaped, a carriage return kept, U+FFFD for what XML cannot hold."""
    return UNWRITABLE.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("\r", "&#13;")
