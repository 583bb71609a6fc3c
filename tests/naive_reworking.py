"""Slow, obvious twins of the kernels of deep mode: sums taken anew for every window that is asked about."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from variorum.kernels import climbing as c


@dataclass(frozen=True)
class Plane:
    """Two texts in words (-1: a word that does not count), the background, the settings, the share m."""

    texts: tuple[list[int], list[int]]
    counts: tuple[Counter[int], Counter[int]]
    background: list[float]
    limits: np.ndarray
    m: float

    def window(self, side: int, low: int, high: int) -> Counter[int]:
        return Counter(w for w in self.texts[side][low:high] if w >= 0)

    def chance(self, word: int, side: int, own: tuple[int, int], other: tuple[int, int]) -> float:
        """How likely the word stands in the other window: by the rest of either text, the background counting for mu words."""
        mu = self.limits[c.MU]
        rates = []
        for text, (low, high) in ((side, own), (1 - side, other)):
            rest = self.counts[text][word] - self.window(text, low, high)[word]
            rates.append((rest + mu * self.background[word]) / (len(self.texts[text]) - (high - low) + mu))
        return max(self.limits[c.PMIN], 1 - math.exp(-(other[1] - other[0]) * max(rates)))

    def score(self, word: int, side: int, own: tuple[int, int], other: tuple[int, int]) -> float:
        if word < 0 or not self.window(1 - side, *other)[word]:
            return math.log(1 - self.m)
        return math.log(1 - self.m + self.m / self.chance(word, side, own, other))

    def total(self, part: tuple[int, int], side: int, own: tuple[int, int], other: tuple[int, int]) -> float:
        """The score of part of a window: a word counts as often as it stands in the other window, further copies for nothing."""
        held, seen, total = self.window(1 - side, *other), Counter[int](), 0.0
        for word in self.texts[side][part[0] : part[1]]:
            seen[word] += 1
            if word < 0 or not held[word] or seen[word] <= held[word]:
                total += self.score(word, side, own, other)
        return total

    def bonus(self, kind: int) -> float:
        return 0.0 if kind == 0 else float(self.limits[c.BONUS_LINE + kind - 1])


def best_core(plane: Plane, side: int, own: tuple[int, int], other: tuple[int, int]) -> float:
    """The greatest sum of scores of any part of a window (0 for none)."""
    scores = [plane.score(w, side, own, other) for w in plane.texts[side][own[0] : own[1]]]
    return max((sum(scores[i:k]) for i in range(len(scores)) for k in range(i, len(scores) + 1)), default=0.0)


def edge_values(plane: Plane, side: int, own: tuple[int, int], other: tuple[int, int], part: tuple[int, int], classes: list[int], move: str) -> dict[int, float]:
    """What each edge that a walk comes to is worth: the change of the total and the bonus there.

    `move` is ``<`` (left edge outward), ``>`` (right edge outward), ``<|`` (left edge inward) or ``|>`` (right edge inward).
    """
    low, high = part
    n, start = len(plane.texts[side]), plane.total(part, side, own, other)
    edges = {"<": range(low, -1, -1), ">": range(high, n + 1), "<|": range(low, high + 1), "|>": range(high, low - 1, -1)}[move]
    values, peak = {}, 0.0
    for edge in edges:
        gain = plane.total((edge, high) if "<" in move else (low, edge), side, own, other) - start
        values[edge] = gain + plane.bonus(classes[edge])
        peak = max(peak, gain)
        if (len(move) == 1 and gain < peak - plane.limits[c.DROP]) or (len(move) == 2 and gain < -c.TRIM):
            break
    return values


def boxes(plane: Plane, common: int) -> dict[tuple[int, int], float]:
    """The sum of every cell of the plane with its eight neighbours."""
    a, b = plane.texts
    limits, grid = plane.limits, int(plane.limits[c.GRID])
    cells: Counter[tuple[int, int]] = Counter()
    for i, w in enumerate(a):
        n_a, n_b = plane.counts[0][w], plane.counts[1][w]
        if w < 0 or not n_b or n_a * n_b > common:
            continue
        rates = [(n - 1 + limits[c.MU] * plane.background[w]) / (len(text) - 1 + limits[c.MU]) for n, text in ((n_a, a), (n_b, b))]
        weight = math.log(1 - limits[c.M] + limits[c.M] / max(limits[c.PMIN], 1 - math.exp(-3 * grid * max(rates))))
        for j, u in enumerate(b):
            if u == w:
                cells[i // grid, j // grid] += weight  # type: ignore[assignment] - sums of weights
    rows, columns = -(-len(a) // grid), -(-len(b) // grid)
    near = (-1, 0, 1)
    return {(r, k): sum(cells[r + x, k + y] for x in near for y in near) for r in range(rows) for k in range(columns)}


def runs_in_order(a: list[int], b: list[int], least: int, places: int) -> tuple[set[int], set[int]]:
    """The words of a and of b in runs of `least` or more that both have in one order, each word in its longest run.

    Three words in a row are looked for at their first `places` places in b only.
    """
    cells = set()
    for i in range(len(a) - 2):
        same = [j for j in range(len(b) - 2) if b[j : j + 3] == a[i : i + 3]]
        cells |= {(i, j) for j in same[:places]}
    runs = {}
    for i, j in cells:
        before = next(n for n in range(len(a) + 1) if (i - n - 1, j - n - 1) not in cells)
        after = next(n for n in range(len(a) + 1) if (i + n + 1, j + n + 1) not in cells)
        runs[i, j] = before + after + 3
    longest = [Counter[int](), Counter[int]()]
    for cell, length in runs.items():
        for side in range(2):
            for d in range(3):
                longest[side][cell[side] + d] = max(longest[side][cell[side] + d], length)
    kept = (set[int](), set[int]())
    for (i, j), length in runs.items():
        for d in range(3):
            if length >= least and length == longest[1][j + d]:
                kept[0].add(i + d)
            if length >= least and length == longest[0][i + d]:
                kept[1].add(j + d)
    return kept
