"""Figures that differ inside a family: of the changes between its members, those in which one figure became another.

Which figure stands for which is what `changes` says, so that a place where members differ and a change from one to the other are the same thing.
A figure that only some have, in a stretch of their own, is at a place of its own among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from variorum.changes import compare_versions
from variorum.collating.apparatus import Apparatus
from variorum.collating.cells import Cell, Cells
from variorum.ledger.entries import Entry
from variorum.marks import may_hold_figures
from variorum.pairings import Difference, Places, Side, Span, find_differences

_MAX_REFERENCES = 8
"""Members with which the later ones are compared for figures that the base has not; the earliest that have such."""
_REACH = 60
"""Characters round a difference within which a word or digit of a figure that it touches stands."""
_ASPECTS = {"value", "comparator", "unit"}


@dataclass(slots=True)
class Place:
    """A place that members fill: member -> its figure."""

    figures: dict[int, Entry] = field(default_factory=dict)


class Disagreements:
    """The places of one family at which its members give different figures."""

    def __init__(self, apparatus: Apparatus, see: Callable[[str], Side]) -> None:
        """Take the collation of the family, and what gives a text with its marks; it is asked only for texts that differ near a figure."""
        self._texts = [m.text for m in apparatus.alignment.members]
        self._cells = Cells(apparatus.readings)
        self._order = sorted(self._cells.members, key=apparatus.reading_order.__getitem__)
        self._see = see
        self._placed: set[tuple[int, int]] = set()

    def find(self) -> Iterator[Place]:
        """Yield the places, the base's first, each in the order of its text."""
        n_references = 0
        for number, reference in enumerate(self._order):
            others = self._order[number + 1 :]
            pairs = {member: self._cells.list_differing(reference, member) for member in others}
            near = [m for m in others if self._may_differ(pairs[m], reference, m)]
            if not near:
                if number == 0:
                    continue
                return
            n_references += 1
            if n_references > _MAX_REFERENCES:
                return
            yield from self._compare(reference, near, pairs)

    def _may_differ(self, pairs: Sequence[tuple[Cell, Cell]], one: int, two: int) -> bool:
        """Say whether figures may stand near a difference on both sides."""
        texts = self._texts[one], self._texts[two]
        return any(all(may_hold_figures(text[max(0, cell.start - _REACH) : cell.ink_end + _REACH]) for text, cell in zip(texts, pair, strict=True)) for pair in pairs)

    def _compare(self, reference: int, near: Sequence[int], pairs: dict[int, list[tuple[Cell, Cell]]]) -> Iterator[Place]:
        """Yield the places of a reference, in the order of its text, that were not found with an earlier one."""
        mine = self._see(self._texts[reference])
        found: dict[Span, Place] = {}
        for member in near:
            theirs = self._see(self._texts[member])
            for _, change in compare_versions(pairs[member], mine, theirs):
                a, b = mine.figure_at(change.base), theirs.figure_at(change.other)
                if change.kind != "figure" or a is None or b is None or _ASPECTS.isdisjoint(x.name for x in change.aspects):
                    continue
                if "reference" not in (a.fields.kind, b.fields.kind) and not {(reference, a.start), (member, b.start)} & self._placed:
                    found.setdefault(change.base, Place({reference: a})).figures[member] = b
        for span, place in sorted(found.items()):
            for member, cells in pairs.items():
                if member not in place.figures and (same := self._find_same(reference, member, cells, span)):
                    place.figures[member] = same
            self._placed |= {(member, entry.start) for member, entry in place.figures.items()}
            yield place

    def _find_same(self, reference: int, member: int, pairs: Sequence[tuple[Cell, Cell]], span: Span) -> Entry | None:
        """Return the figure of a member that stands where the reference's stands and says the same."""
        mine, theirs = self._texts[reference], self._texts[member]
        start = self._cells.first_common(reference, member)
        differences = find_differences(pairs, mine, theirs)
        if start and (not differences or differences[0].base[0] > start[0]):
            differences.insert(0, Difference(0, (start[0], start[0]), (start[1], start[1])))
        there = Places([(d.base, d.other) for d in differences], mine, theirs).map_span(*span)
        return self._see(theirs).figure_at(there) if there else None
