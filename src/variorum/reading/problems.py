"""What a source could not give, gathered so that ten thousand bad rows are not ten thousand lines."""

from __future__ import annotations

from typing import NamedTuple

from variorum.errors import InputError

FAILED, NOTE = "failed", "note"
LISTED = 20
"""Places listed of one kind of problem in one source; the rest are counted in one line."""


def count(n: int, noun: str) -> str:
    """Return a number with its noun: ``1 row``, ``2,000 rows``."""
    return f"{n:,} {noun}{'s' * (n != 1)}"


class Problem(NamedTuple):
    """One row of the table FAILURES."""

    source: str
    place: str | None
    problem: str
    advice: str
    severity: str


class Problems:
    """The problems of one source, by kind; `n_failed` counts those in which text was lost."""

    def __init__(self, source: str) -> None:
        """Start without a problem."""
        self.source = source
        self.n_failed = 0
        self._listed: dict[tuple[str, str], list[Problem]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def fail(self, kind: str, problem: str, advice: str = "", place: str | None = None) -> None:
        """Add a problem that lost text; `kind` groups problems that are listed `LISTED` times at most."""
        self.n_failed += 1
        self._add(kind, problem, advice, place, FAILED)

    def note(self, kind: str, problem: str, advice: str = "", place: str | None = None) -> None:
        """Add a problem that lost nothing."""
        self._add(kind, problem, advice, place, NOTE)

    def fail_with(self, error: InputError) -> None:
        """Add the problem that an `InputError` tells of."""
        self.fail("error", error.problem, error.advice, error.place)

    def _add(self, kind: str, problem: str, advice: str, place: str | None, severity: str) -> None:
        key = (kind, severity)
        listed = self._listed.setdefault(key, [])
        self._counts[key] = self._counts.get(key, 0) + 1
        if len(listed) < LISTED:
            listed.append(Problem(self.source, place, problem, advice, severity))

    def rows(self) -> list[Problem]:
        """Return the problems in the order of their kinds' first, each kind's remainder as one line."""
        rows = []
        for (kind, severity), listed in self._listed.items():
            rows += listed
            more = self._counts[kind, severity] - len(listed)
            if more:
                rows.append(Problem(self.source, None, f"and {more:,} more: {kind}", listed[-1].advice, severity))
        return rows
