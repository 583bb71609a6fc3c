"""How far a collation agrees with an alignment that was made by hand, and where it does not."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import variorum

Cell = tuple[str, int]  # witness, number of the cell among its cells


@dataclass(frozen=True)
class Agreement:
    """Pairs of words that both align, that only the hand or only the collation aligns; and the rows that differ, in words."""

    both: int
    hand: int
    own: int
    differences: list[str]


def read_alignment(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the sigla and the rows of a tab-separated alignment; an empty cell is a gap."""
    with path.open(encoding="utf-8", newline="") as file:
        sigla, *rows = [[cell.strip() for cell in row] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return sigla, [row + [""] * (len(sigla) - len(row)) for row in rows]


def compare(path: Path) -> Agreement:
    """Collate the texts of an alignment as plain text and compare; a cell is aligned where its first word is."""
    sigla, rows = read_alignment(path)
    texts = {s: " ".join(row[k] for row in rows if row[k]) for k, s in enumerate(sigla)}
    collation = variorum.collate(texts)
    place = {(collation.sigla[t["member"]], t["start"]): t["column"] for t in collation.tokens.to_pylist()}
    word = {(s, n): start for s in sigla for n, start in enumerate(_cell_starts([row[sigla.index(s)] for row in rows if row[sigla.index(s)]]))}
    hand_of: dict[Cell, int] = {}
    counts: Counter[str] = Counter()
    for number, row in enumerate(rows):
        for s, cell in zip(sigla, row, strict=True):
            if cell:
                hand_of[s, counts[s]] = number
                counts[s] += 1
    own_of = {cell: place.get((cell[0], word[cell])) for cell in hand_of}
    by_row, by_column = _group(hand_of), _group({c: at for c, at in own_of.items() if at is not None})
    both = sum(own_of[a] == own_of[b] and own_of[a] is not None for cells in by_row.values() for a, b in combinations(cells, 2))
    hand, own = (sum(len(cells) * (len(cells) - 1) // 2 for cells in groups.values()) for groups in (by_row, by_column))
    differences = [_describe(rows[number], sigla, cells, own_of, number) for number, cells in by_row.items() if len({own_of[c] for c in cells}) > 1]
    for cells in by_column.values():
        numbers = sorted({hand_of[c] for c in cells})
        if len(numbers) > 1:
            parts = [f"{number + 2}: " + ", ".join(f"{s} {rows[number][sigla.index(s)]!r}" for s, n in cells if hand_of[s, n] == number) for number in numbers]
            differences.append("aligned here, apart by hand: " + " | ".join(parts))
    return Agreement(both, hand, own, differences)


def print_comparison(path: Path) -> None:
    """Print how far the collation agrees, and every difference."""
    found = compare(path)
    print(f"pairs aligned by hand {found.hand:,}, by the collation {found.own:,}, by both {found.both:,}")
    print(f"of the hand's pairs {found.both / found.hand:.4f}; of the collation's pairs {found.both / found.own:.4f}")
    print(f"\n{len(found.differences)} differences (lines of the file):")
    for line in found.differences:
        print(f"  {line}")


def _group(cells: dict[Cell, int]) -> dict[int, list[Cell]]:
    """Return the cells of each row or column."""
    groups: dict[int, list[Cell]] = {}
    for cell, at in cells.items():
        groups.setdefault(at, []).append(cell)
    return groups


def _cell_starts(cells: list[str]) -> list[int]:
    """Return where the first word of each cell begins when they stand in a row with a space between them."""
    starts, at = [], 0
    for cell in cells:
        starts.append(at + next((k for k, c in enumerate(cell) if c.isalnum()), 0))
        at += len(cell) + 1
    return starts


def _describe(row: list[str], sigla: list[str], cells: list[Cell], own_of: dict[Cell, int | None], number: int) -> str:
    """Say how the collation parts what the hand aligns."""
    groups: dict[int | None, list[str]] = {}
    for cell in cells:
        groups.setdefault(own_of[cell], []).append(cell[0])
    parts = [f"{' '.join(members) if len(members) < 5 else f'{len(members)} witnesses'} {row[sigla.index(members[0])]!r}" for members in groups.values()]
    return f"aligned by hand, apart here: {number + 2}: " + " | ".join(parts)
