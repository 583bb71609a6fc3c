"""The order of publishers as two tables of text, for the terminal and the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from variorum.exporting.members import Folder

Rows = Sequence[dict[str, Any]]

PUBLISHER_HEADER = ("publisher", "families", "first", "others later", "earlier", "same day", "early", "p", "q")
LINK_HEADER = ("earlier", "later", "statements", "so", "other way", "same day", "median days", "p", "q")


@dataclass(frozen=True, slots=True)
class Order:
    """The order of publishers: rows of PUBLISHERS and PUBLISHER_LINKS, and what is said of the whole, a sentence each."""

    publishers: Rows
    links: Rows
    summary: list[str]


OrderPublishers = Callable[[Folder], Order | None]
"""Finds the order of the publishers of a corpus; None where there is none to be told."""


def list_publishers(rows: Rows) -> list[tuple[str, ...]]:
    """Return rows of PUBLISHERS as the cells of a table under `PUBLISHER_HEADER`."""
    return [(row["series"], *_count(row, ("n_families", "n_first", "n_before", "n_after", "n_tied")), f"{row['early']:.2f}", f"{row['p']:.2g}", f"{row['q']:.2g}") for row in rows]


def list_links(rows: Rows) -> list[tuple[str, ...]]:
    """Return rows of PUBLISHER_LINKS as the cells of a table under `LINK_HEADER`."""
    return [
        (row["leader"], row["follower"], *_count(row, ("n_families", "n_before", "n_after", "n_tied")), "" if row["n_days"] is None else f"{row['n_days']:.1f}", f"{row['p']:.2g}", f"{row['q']:.2g}")
        for row in rows
    ]


def _count(row: dict[str, Any], names: Sequence[str]) -> list[str]:
    return [f"{row[name]:,}" for name in names]
