"""The ends and operations of spans: words stay whole, chance runs are joined, letters become code points."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.aligning import DELETED, EQUAL, INSERTED, MATCH, REPLACED, gap_score
from variorum.kernels.folding import RARE, gap_at, left_place, place_of, right_place

SHORT_RUN = 3
"""Equal runs of fewer letters between differences are taken for chance and joined to the difference in the operations."""
TRIM = 28
"""Letters looked back over, at most, for a word boundary at the end of a span."""


@kernel
def is_word_start(element: int, side) -> bool:
    """Return whether a word begins at an element of a stream (an end mark counts); for `side` see `match_seeds`."""
    code = np.int64(side[2][element])
    if code == RARE:
        return (gap_at(element, side[2], side[4], side[5]) & 1) == 1
    return code >= 16


@kernel
def trim_end(runs, n: int, x: int, y: int, side_a, side_b):
    """Take letters off the end of a span until words end on both sides; (x, y) are the elements after it.

    Of the ends within reach the one that leaves the highest score is taken, of equals the last: letters in which two
    unrelated words by chance agree do not pay for what lies before them.

    Returns:
        runs left and the new (x, y); all of them where no word ends within reach.
    """
    taken, lost, found = 0, 0, False
    m, u, v = n, x, y
    best, best_m, best_u, best_v, best_length = 0, n, x, y, 0
    while m > 0:
        if runs[m - 1, 0] != EQUAL:
            taken += max(runs[m - 1, 1], runs[m - 1, 2])
            lost += gap_score(runs[m - 1, 1], runs[m - 1, 2])
            u -= runs[m - 1, 1]
            v -= runs[m - 1, 2]
            m -= 1
            continue
        length = runs[m - 1, 1]
        while length > 0:
            if is_word_start(u, side_a) and is_word_start(v, side_b) and (not found or lost < best):
                found, best, best_m, best_u, best_v, best_length = True, lost, m, u, v, length
            if taken >= TRIM:
                break
            u -= 1
            v -= 1
            length -= 1
            taken += 1
            lost += MATCH
        if length > 0:
            break
        m -= 1
    if found:
        runs[best_m - 1, 1], runs[best_m - 1, 2] = best_length, best_length
    return best_m, best_u, best_v


@kernel
def trim_start(runs, n: int, x: int, y: int, side_a, side_b):
    """Take letters off the start of a span as `trim_end` does; return the first run left and the new (x, y)."""
    taken, lost, found = 0, 0, False
    m, u, v = 0, x, y
    best, best_m, best_u, best_v, best_length = 0, 0, x, y, 0
    while m < n:
        if runs[m, 0] != EQUAL:
            taken += max(runs[m, 1], runs[m, 2])
            lost += gap_score(runs[m, 1], runs[m, 2])
            u += runs[m, 1]
            v += runs[m, 2]
            m += 1
            continue
        length = runs[m, 1]
        while length > 0:
            if is_word_start(u, side_a) and is_word_start(v, side_b) and (not found or lost < best):
                found, best, best_m, best_u, best_v, best_length = True, lost, m, u, v, length
            if taken >= TRIM:
                break
            u += 1
            v += 1
            length -= 1
            taken += 1
            lost += MATCH
        if length > 0:
            break
        m += 1
    if found:
        runs[best_m, 1], runs[best_m, 2] = best_length, best_length
    return best_m, best_u, best_v


@kernel
def join_short_runs(runs, first: int, n: int) -> int:
    """Join differences, and equal runs shorter than SHORT_RUN between them, to one difference each; return the runs, now from 0."""
    m = 0
    i = first
    while i < n:
        if runs[i, 0] == EQUAL:
            runs[m, 0], runs[m, 1], runs[m, 2] = EQUAL, runs[i, 1], runs[i, 2]
            m += 1
            i += 1
            continue
        in_a, in_b = 0, 0
        while i < n and (runs[i, 0] != EQUAL or (runs[i, 1] < SHORT_RUN and i + 1 < n)):
            in_a += runs[i, 1]
            in_b += runs[i, 2]
            i += 1
        runs[m, 0] = REPLACED if in_a and in_b else (DELETED if in_a else INSERTED)
        runs[m, 1], runs[m, 2] = in_a, in_b
        m += 1
    return m


@kernel
def place_spans(spans, runs, side: int, stream, places) -> None:
    """Turn one side of spans and of their runs from letters to code points.

    Args:
        side: 0 for a, 1 for b; stream: that side's letter stream (see `match_seeds`).
        places: out, int32[n, 4]: start and end in a, start and end in b.
        runs: changed in place: letters become code points, their sums the lengths of the intervals.
    """
    starts, gaps, samples, rare_index, rare_value = stream[1], stream[2], stream[3], stream[4], stream[5]
    for s in range(len(spans)):
        text, first, last = spans[s, 3 * side], spans[s, 3 * side + 1], spans[s, 3 * side + 2]
        start = starts[text]
        left = left_place(first, start, gaps, samples, rare_index, rare_value)
        right = right_place(last, start, gaps, samples, rare_index, rare_value)
        places[s, 2 * side], places[s, 2 * side + 1] = left, right
        element, at = first, left
        for r in range(spans[s, 9], spans[s, 10]):
            element += runs[r, 1 + side]
            if r + 1 == spans[s, 10] or element >= last:
                place = right
            elif is_word_start(element, stream):
                place = left_place(element, start, gaps, samples, rare_index, rare_value)
            else:
                place = place_of(element, start, gaps, samples, rare_index, rare_value)
            place = max(at, place)
            runs[r, 1 + side] = place - at
            at = place

