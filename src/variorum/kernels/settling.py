"""Settle operations on whole code points: one that folds to several letters is equal whole or not at all.

A Hangul syllable folds to its two or three letters, a Han character to two, a ligature to as many as it joins. Where
only some of them agree, the agreeing ones are taken for part of the difference.
"""

from __future__ import annotations

from variorum.kernels import kernel
from variorum.kernels.aligning import DELETED, EQUAL, INSERTED, REPLACED


@kernel
def is_inside(x: int, y: int, gaps_a, gaps_b) -> bool:
    """Return whether element x of one stream or y of the other is a further letter of the code point before it."""
    return gaps_a[x] == 0 or gaps_b[y] == 0


@kernel
def settle_runs(runs, n: int, x: int, y: int, gaps_a, gaps_b) -> int:
    """Move the boundaries between equal runs and differences out of code points; return the number of runs left.

    Args:
        runs: int32[m, 3], changed in place: kind, letters of a, letters of b; equal runs and differences take turns.
        x, y: the elements at which the first run begins.
        gaps_a, gaps_b: the gap codes of both streams.
    """
    m = 0
    carried = 0  # letters that the equal run before gives to the difference now read
    for r in range(n):
        in_a, in_b = runs[r, 1], runs[r, 2]
        if runs[r, 0] == EQUAL:
            front, carried = 0, 0
            while m and front < in_a and is_inside(x + front, y + front, gaps_a, gaps_b):
                front += 1
            while r + 1 < n and carried < in_a - front and is_inside(x + in_a - carried, y + in_b - carried, gaps_a, gaps_b):
                carried += 1
            x, y = x + in_a, y + in_b
            if front:
                runs[m - 1, 0] = REPLACED
                runs[m - 1, 1] += front
                runs[m - 1, 2] += front
            if in_a > front + carried:
                runs[m, 0], runs[m, 1], runs[m, 2] = EQUAL, in_a - front - carried, in_b - front - carried
                m += 1
            continue
        x, y = x + in_a, y + in_b
        in_a, in_b = in_a + carried, in_b + carried
        if m and runs[m - 1, 0] != EQUAL:  # nothing was left of the equal run between
            m -= 1
            in_a, in_b = in_a + runs[m, 1], in_b + runs[m, 2]
        runs[m, 0] = REPLACED if in_a and in_b else (DELETED if in_a else INSERTED)
        runs[m, 1], runs[m, 2] = in_a, in_b
        m += 1
    return m
