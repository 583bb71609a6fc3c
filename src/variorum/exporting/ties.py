"""Lines of a lineage beside those of its tree: second sources, and sources between which nothing decides. Every drawing and format has the same ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Rows = Sequence[dict[str, Any]]

TIED = 0.1
"""Events by which another parent may be worse and is still as good; `stemmas.sources.TIED` is the like of second sources, in nats."""
MAX_TIED = 3
"""Most other parents of one node that are drawn: of more, such as forty copies of one text, none is, and words and the table ALTERNATIVES tell of them."""


@dataclass(frozen=True, slots=True)
class SideLine:
    """A line that is no link of the tree: from the node `source` to the node `child`; `tied` where it is this one or another."""

    source: int
    child: int
    second: bool
    tied: bool
    support: float
    words: str


def list_side_lines(second: Rows, alternatives: Rows) -> list[SideLine]:
    """Return one line for each second source and taker, and for each parent that is as good as the one chosen, from rows of SECOND_SOURCES and ALTERNATIVES."""
    stretches: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in second:
        for source in (row["source"], *row["tied"]):
            stretches.setdefault((row["child"], source), []).append(row)
    lines = [
        SideLine(source, child, second=True, tied=all(row["tied"] for row in rows), support=max(row["support"] for row in rows), words="; ".join(dict.fromkeys(row["words"] for row in rows)))
        for (child, source), rows in sorted(stretches.items())
    ]
    tied = [row for row in alternatives if row["worse"] <= TIED and (row["child"], row["parent"]) not in stretches]
    counts = Counter(row["child"] for row in tied)
    lines += [SideLine(row["parent"], row["child"], second=False, tied=True, support=row["support"], words=row["words"]) for row in tied if counts[row["child"]] <= MAX_TIED]
    return lines


def find_tied_children(lines: Sequence[SideLine]) -> set[int]:
    """Return the nodes that may as well come from another parent than the one chosen."""
    return {line.child for line in lines if not line.second}
