"""Rows of tables in prose: what stands in one is doubtful, since its words belong to other cells as likely as to its own.

Two lines in a row are a table where each has three cells and more, parted by a tab, a bar or three blanks, and half of them hold a digit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import groupby

_CELLS = re.compile(r"\t+|\s*\|\s*| {3,}")
_LONGEST_CELL = 40
"""Characters of the longest cell; longer ones are lines of running text with wide blanks."""


def find_rows(text: str) -> list[tuple[int, int]]:
    """Return the raw places of the lines that are rows of tables, in order."""
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, at + len(line), _is_row(line)))
        at += len(line) + 1
    rows: list[tuple[int, int]] = []
    for row, group in groupby(lines, key=lambda line: line[2]):
        run = list(group)
        digits = sum(any(c.isdigit() for c in text[start:end]) for start, end, _ in run) if row else 0
        if row and len(run) >= 2 and 2 * digits >= len(run):
            rows += [(start, end) for start, end, _ in run]
    return rows


def _is_row(line: str) -> bool:
    """Tell whether a line has the cells of a row."""
    if len(line) > 2_000:
        return False
    cells = [cell for cell in _CELLS.split(line.strip()) if cell]
    return len(cells) >= 3 and max(map(len, cells)) <= _LONGEST_CELL


def lies_in_row(rows: list[tuple[int, int]], place: int) -> bool:
    """Tell whether a place lies in one of the rows."""
    number = bisect_right(rows, (place, 1 << 60))
    return number > 0 and place < rows[number - 1][1]
