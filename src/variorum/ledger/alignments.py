"""Which figures of several versions stand for one another: by what they count, their unit, and the words of their sentence.

Values say nothing here, since it is they that may differ. A figure goes to the place with whose sentence it shares the most words, of several in
one sentence to that of its rank in it, and each place takes one figure of a version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from variorum.ledger.phrases import stem_words

Row = dict[str, Any]

_LEAST = 0.5
"""Share of words (Dice) that the sentences of two figures must have in common; a figure that counts the same thing needs half of it."""


@dataclass(slots=True)
class Sighted:
    """A figure with the words of its sentence, all figures of it left out, its rank among the figures of its sentence, and among those of its version."""

    row: Row
    words: frozenset[str]
    place: int
    rank: int


@dataclass(slots=True)
class Place:
    """A place that versions fill: member -> its figure."""

    first: Sighted
    figures: dict[int, Row] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Tell whether two members have another value or comparator."""
        return len({(row["comparator"], row["value"], row["low"], row["high"]) for row in self.figures.values()}) > 1


def sight_figures(rows: Sequence[Row], text: str) -> list[Sighted]:
    """Return the figures among flat rows with the words of their sentences."""
    figures = [row for row in rows if row["type"] == "figure" and row["plugin"] is None and row["kind"] != "reference"]
    found = []
    for rank, row in enumerate(figures):
        start, end = row["sentence"] or (row["start"], row["end"])
        kept, at, place = [], start, 0
        for other in figures:
            if start <= other["start"] < end:
                kept.append(text[at : other["start"]])
                at = max(at, other["end"])
                place += other["start"] < row["start"]
        found.append(Sighted(row, stem_words(" ".join([*kept, text[at:end]])), place, rank))
    return found


def align_figures(members: Sequence[Sequence[Sighted]]) -> list[Place]:
    """Return the places that the figures of versions fill, in order of their first appearance."""
    places: list[Place] = []
    for member, figures in enumerate(members):
        scored = sorted(
            ((score, -abs(figure.place - place.first.place), -abs(figure.rank - place.first.rank), -number, -at) for at, figure in enumerate(figures) for number, place in enumerate(places) if (score := _score(figure, place.first)) > 0),
            reverse=True,
        )
        free = set(range(len(figures)))
        for _, _, _, number, at in scored:
            if -at in free and member not in places[-number].figures:
                places[-number].figures[member] = figures[-at].row
                free.remove(-at)
        places += [Place(figures[at], {member: figures[at].row}) for at in sorted(free)]
    return places


def _score(a: Sighted, b: Sighted) -> float:
    """Return how well two figures stand for one another; 0 where they do not."""
    if (a.row["unit"], a.row["per"], a.row["kind"] == "share") != (b.row["unit"], b.row["per"], b.row["kind"] == "share"):
        return 0.0
    common = len(a.words & b.words)
    shared = 2 * common / (len(a.words) + len(b.words)) if common else 0.0
    keys = {a.row["key"], b.row["key"]}
    same = len(keys) == 1 and None not in keys
    if None not in keys and not same and shared < 0.9:
        return 0.0
    return shared + same if shared >= (_LEAST / 2 if same else _LEAST) else 0.0
