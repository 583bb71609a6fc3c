"""Slow, obvious twins of the kernels of collating: plain Python over lists; see naive.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from variorum.kernels.gaps import EXTEND, MIN_LIKENESS, MISMATCH, OPEN

Run = tuple[int, int, int]
ABSENT, MISSING = -1, -2


def runs(a: list[int], b: list[int], n: int) -> set[Run]:
    """The longest runs of equal words round each n-gram that stands once in each text."""
    found = set()
    grams_a = [tuple(a[i : i + n]) for i in range(len(a) - n + 1)]
    grams_b = [tuple(b[j : j + n]) for j in range(len(b) - n + 1)]
    for i, gram in enumerate(grams_a):
        if grams_a.count(gram) == 1 and grams_b.count(gram) == 1:
            j = grams_b.index(gram)
            low = 0
            while low < min(i, j) and a[i - low - 1] == b[j - low - 1]:
                low += 1
            high = 0
            while i + high < len(a) and j + high < len(b) and a[i + high] == b[j + high]:
                high += 1
            found.add((i - low, j - low, low + high))
    return found


def weight_of(row: Sequence[Run], a: list[int], gain: list[float]) -> float:
    return sum(gain[a[k]] for i, _, size in row for k in range(i, i + size))


def best_row(given: Sequence[Run], a: list[int], gain: list[float]) -> float:
    """The weight of the heaviest row of runs whose beginnings rise in both texts: all rows are tried."""
    best = 0.0
    for size in range(1, len(given) + 1):
        for row in combinations(sorted(given), size):
            if all(x[0] < y[0] and x[1] < y[1] for x, y in pairwise(row)):
                best = max(best, weight_of(row, a, gain))
    return best


def likeness(x: str, y: str) -> float:
    """The share of letters that agree from both ends."""
    shorter = min(len(x), len(y))
    if not shorter:
        return 0.0
    head = next((k for k in range(shorter) if x[k] != y[k]), shorter)
    tail = next((k for k in range(shorter - head) if x[-1 - k] != y[-1 - k]), shorter - head)
    return 2 * (head + tail) / (len(x) + len(y))


def pair_score(x: int, y: int, gain: list[float], light: list[bool], spelling: list[str]) -> float:
    if x == y:
        return gain[x]
    if light[x] != light[y]:
        return MISMATCH - 1
    if light[x]:
        return MISMATCH / 2
    share = likeness(spelling[x], spelling[y])
    return MISMATCH if share < MIN_LIKENESS else 4 * (share - MIN_LIKENESS)


def alignments(n_a: int, n_b: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """All ways to pair words in order."""
    cells = [(i, j) for i in range(n_a) for j in range(n_b)]
    for size in range(min(n_a, n_b) + 1):
        for chosen in combinations(cells, size):
            if all(x[0] < y[0] and x[1] < y[1] for x, y in pairwise(chosen)):
                yield chosen


def alignment_score(pairs: Sequence[tuple[int, int]], scores: dict[tuple[int, int], float], n_a: int, n_b: int, free: int) -> float:
    """What pairs weigh less what is left over; at a free end one side is left over for nothing."""

    def cost(n: int) -> float:
        return OPEN + EXTEND * (n - 1) if n else 0.0

    total, x, y = 0.0, 0, 0
    for number, (i, j) in enumerate([*pairs, (n_a, n_b)]):
        left_a, left_b = cost(i - x), cost(j - y)
        ends = (number == 0 and free & 1 > 0) + 2 * (number == len(pairs) and free & 2 > 0)
        total += 0.0 if ends == 3 else max(left_a, left_b) if ends and left_a and left_b else 0.0 if ends else left_a + left_b
        total += scores.get((i, j), 0.0)
        x, y = i + 1, j + 1
    return total


def longest_rising(places: list[int]) -> int:
    return max((n for n in range(len(places) + 1) for row in combinations(places, n) if list(row) == sorted(row)), default=0)


def division(words: Sequence[int]) -> tuple[int, ...]:
    """How a column divides the members: equal numbers for equal words, counted by first appearance."""
    known: dict[int, int] = {}
    return tuple(MISSING if w == MISSING else known.setdefault(w, len(known)) for w in words)


def loci(held: list[list[int]], words: list[list[int]], blocks: list[list[int]]) -> list[tuple[int, int]]:
    """Adjacent columns of one division, as long as each member's words follow one another in one block."""
    cuts: list[tuple[int, int]] = []
    n_columns = len(held[0])
    column = [[row[c] if row[c] < 0 else words[m][row[c]] for m, row in enumerate(held)] for c in range(n_columns)]
    for c in range(n_columns):
        joins = bool(cuts) and division(column[c]) == division(column[c - 1])
        if joins:
            for m, row in enumerate(held):
                before = [at for at in row[cuts[-1][0] : c] if at >= 0]
                if before and row[c] >= 0 and (row[c] != before[-1] + 1 or blocks[m][row[c]] != blocks[m][before[-1]]):
                    joins = False
        if joins:
            cuts[-1] = (cuts[-1][0], c + 1)
        else:
            cuts.append((c, c + 1))
    return cuts
