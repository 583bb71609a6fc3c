"""Labels, finds and right finds of a ledger's benchmark, and what is computed of them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """Labels, finds, and finds that are right; `wrong` tells of the others."""

    n_gold: int = 0
    n_found: int = 0
    n_right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of finds that are right."""
        return self.n_right / max(1, self.n_found)

    @property
    def recall(self) -> float:
        """Share of labels that were found."""
        return self.n_right / max(1, self.n_gold)

    @property
    def f1(self) -> float:
        """F1 of places."""
        return 2 * self.n_right / max(1, self.n_gold + self.n_found)
