"""How often each rule was right where its finds were read: the counts in ``measured.toml``, from which grades follow.

The finds were drawn by chance from texts that the rules were not written on. A rule of grade A was right in at least 0.95 of
them, one of grade B in at least 0.85; a rule whose finds were not read has no counts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LEAST = {"A": 0.95, "B": 0.85, "C": 0.0}
"""Precision from which a rule may bear a grade."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Finds of a rule that were read, and how many of them were right in place, kind and value."""

    read: int
    right: int

    @property
    def precision(self) -> float:
        """Share of right finds."""
        return self.right / self.read


@lru_cache(maxsize=1)
def load_measures() -> dict[str, Measure]:
    """Return ``TYPE.RULE`` -> what was measured of it."""
    with (Path(__file__).parent / "measured.toml").open("rb") as file:
        found = tomllib.load(file)
    return {f"{kind}.{rule}": Measure(**counts) for kind, rules in found.items() for rule, counts in rules.items()}
