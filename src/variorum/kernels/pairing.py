"""From the seeds of many pairs to aligned spans: the driver of chaining and aligning.

Spans come out in elements of the letter stream, with their operations as runs over letters; `place_spans`
turns both to code points.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.aligning import (
    DELETED,
    EQUAL,
    INSERTED,
    MATCH,
    MAX_CELLS,
    REPLACED,
    align_gap,
    extend,
    push_run,
    push_steps,
)
from variorum.kernels.chaining import chain_matches, grow_seeds, take_chain
from variorum.kernels.folding import RARE, gap_at, left_place, place_of, right_place

BREAK = 200
"""A stretch that costs more than this (half letters) between two matches ends the span."""
DROP = 80
"""Fall from the best score (half letters) at which an extension stops."""
PROBE = 40
"""The same for the first, cheap extension of a weak chain; most are common phrases and end here."""
SURE = 120
"""Score (half letters) from which a chain is not probed."""
SHORT_RUN = 3
"""Equal runs of fewer letters between differences are taken for chance and joined to the difference in the operations."""
TRIM = 28
"""Letters looked back over, at most, for a word boundary at the end of a span."""
SPAN_COLUMNS = 11
"""Columns of a span: text a, first, last; text b, first, last (elements, half-open); equal letters, seeds, score; its runs, half-open."""


@kernel
def is_word_start(element: int, side) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Return whether a word begins at an element of a stream (an end mark counts); for `side` see `match_seeds`."""
    code = np.int64(side[2][element])
    if code == RARE:
        return (gap_at(element, side[2], side[4], side[5]) & 1) == 1
    return code >= 16


@kernel
def trim_end(runs, n: int, x: int, y: int, side_a, side_b):  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Take letters off the end of a span until words end on both sides; (x, y) are the elements after it.

    Returns:
        runs left and the new (x, y); 0 runs where nothing is left.
    """
    taken = 0
    m, u, v = n, x, y
    length = 0 if n == 0 else runs[n - 1, 1]
    while m > 0:
        if runs[m - 1, 0] != EQUAL:
            taken += max(runs[m - 1, 1], runs[m - 1, 2])
            u -= runs[m - 1, 1]
            v -= runs[m - 1, 2]
            m -= 1
            length = runs[m - 1, 1] if m else 0
            continue
        while length > 0:
            if is_word_start(u, side_a) and is_word_start(v, side_b):
                runs[m - 1, 1] = length
                runs[m - 1, 2] = length
                return m, u, v
            if taken >= TRIM:
                return n, x, y
            u -= 1
            v -= 1
            length -= 1
            taken += 1
        m -= 1
        length = runs[m - 1, 1] if m else 0
    return n, x, y


@kernel
def trim_start(runs, n: int, x: int, y: int, side_a, side_b):  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Take letters off the start of a span until words begin on both sides; return the first run left and the new (x, y)."""
    taken = 0
    m, u, v = 0, x, y
    length = 0 if n == 0 else runs[0, 1]
    while m < n:
        if runs[m, 0] != EQUAL:
            taken += max(runs[m, 1], runs[m, 2])
            u += runs[m, 1]
            v += runs[m, 2]
            m += 1
            length = runs[m, 1] if m < n else 0
            continue
        while length > 0:
            if is_word_start(u, side_a) and is_word_start(v, side_b):
                runs[m, 1] = length
                runs[m, 2] = length
                return m, u, v
            if taken >= TRIM:
                return 0, x, y
            u += 1
            v += 1
            length -= 1
            taken += 1
        m += 1
        length = runs[m, 1] if m < n else 0
    return 0, x, y


@kernel
def join_short_runs(runs, first: int, n: int) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
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
def _grow_rows(array, n: int):  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Return `array` with room for twice as many rows."""
    larger = np.empty((2 * len(array), array.shape[1]), array.dtype)
    larger[:n] = array[:n]
    return larger


@kernel
def is_explained(a: int, x: int, b: int, y: int, bounds, known) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Return whether a seed follows from two spans with one hub: both its places lie over the same place of a third text.

    Args:
        bounds: int64, rows of `known` of each text; known: int64[m, 5]: start, end, hub, start in the hub, end in the hub (letters).
    """
    for i in range(bounds[a], bounds[a + 1]):
        if not known[i, 0] <= x < known[i, 1]:
            continue
        at_a = known[i, 3] + (x - known[i, 0]) * (known[i, 4] - known[i, 3]) // (known[i, 1] - known[i, 0])
        for j in range(bounds[b], bounds[b + 1]):
            if known[j, 2] != known[i, 2] or not known[j, 0] <= y < known[j, 1]:
                continue
            at_b = known[j, 3] + (y - known[j, 0]) * (known[j, 4] - known[j, 3]) // (known[j, 1] - known[j, 0])
            if abs(at_a - at_b) <= 48:
                return True
    return False


@kernel
def follow_chain(a, b, matches, chain, at: int, work, runs, scratch, trace, steps):  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Align along a chain (last match first) from its match `at` for as long as the score holds.

    Returns:
        the position in the chain of the last match taken, first and last corner (x0, y0, x, y), score, and number of runs.
    """
    first = chain[at]
    x0, y0 = matches[first, 0], matches[first, 1]
    x, y = x0 + matches[first, 2], y0 + matches[first, 2]
    n = push_run(runs, 0, EQUAL, matches[first, 2], matches[first, 2])
    score = MATCH * matches[first, 2]
    top, top_x, top_y, top_n, top_at, top_last = score, x, y, n, at, matches[first, 2]
    for position in range(at - 1, -1, -1):
        i = chain[position]
        u, v, z = matches[i, 0], matches[i, 1], matches[i, 2]
        skip = max(0, x - u, y - v)
        if skip >= z:
            continue
        u, v, z = u + skip, v + skip, z - skip
        work[4] += (u - x) * (v - y)
        n, cost = align_gap(a, x, u, b, y, v, scratch, trace, steps, runs, n)
        if cost < -BREAK or score + cost < 0 or score + cost + MATCH * z < top - BREAK:
            break
        n = push_run(runs, n, EQUAL, z, z)
        score += cost + MATCH * z
        x, y = u + z, v + z
        if score > top:
            top, top_x, top_y, top_n, top_at, top_last = score, x, y, n, position, runs[n - 1, 1]
    # Runs were appended past the best end; its own last run is as long as it was then.
    runs[top_n - 1, 0], runs[top_n - 1, 1], runs[top_n - 1, 2] = EQUAL, top_last, top_last
    return top_at, x0, y0, top_x, top_y, top, top_n


@kernel
def _reserve(runs, n: int, room: int):  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Return `runs` with room for so many rows more, the first `n` kept."""
    if len(runs) - n >= room:
        return runs
    wider = np.empty((2 * (n + room), 3), np.int32)
    wider[:n] = runs[:n]
    return wider


@kernel
def extend_right(a, b, x: int, y: int, high_a: int, high_b: int, drop: int, score: int, runs, n: int, scratch, trace, rows, steps):  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Extend a span past its right end; return the new end (x, y), score, runs and their number."""
    more = True
    while more:
        got_a, got_b, got, m, more = extend(a, x, high_a - x, b, y, high_b - y, 1, drop, scratch, trace, rows, steps)
        if got <= 0:
            break
        runs = _reserve(runs, n, m)
        n = push_steps(steps, m, True, runs, n)
        x, y, score = x + got_a, y + got_b, score + got
    return x, y, score, runs, n


@kernel
def extend_left(a, b, x: int, y: int, low_a: int, low_b: int, drop: int, score: int, runs, n: int, scratch, trace, rows, steps):  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Extend a span past its left end; return the new start (x, y), score, runs and their number."""
    more = True
    while more:
        got_a, got_b, got, m, more = extend(a, x - 1, x - low_a, b, y - 1, y - low_b, -1, drop, scratch, trace, rows, steps)
        if got <= 0:
            break
        lead = np.empty((m + 1, 3), np.int32)
        n_lead = push_steps(steps, m, False, lead, 0)
        runs = _reserve(runs, n, n_lead)
        for r in range(n - 1, -1, -1):
            runs[r + n_lead, 0], runs[r + n_lead, 1], runs[r + n_lead, 2] = runs[r, 0], runs[r, 1], runs[r, 2]
        runs[:n_lead] = lead[:n_lead]
        n += n_lead
        x, y, score = x - got_a, y - got_b, score + got
    return x, y, score, runs, n


@kernel
def _covers(x0: int, x1: int, y0: int, y1: int, row) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Return whether the intervals cover half of a span's, on both sides."""
    in_a = min(x1, row[2]) - max(x0, row[1])
    in_b = min(y1, row[5]) - max(y0, row[4])
    return 2 * in_a >= row[2] - row[1] and 2 * in_b >= row[5] - row[4]


@kernel
def is_new_span(spans, first: int, n: int, candidate) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Return whether no span of the pair (rows ``[first, n)``) covers the candidate; those that it covers are struck out (text a: -1)."""
    for i in range(first, n):
        if spans[i, 0] >= 0 and _covers(spans[i, 1], spans[i, 2], spans[i, 4], spans[i, 5], candidate):
            return False
    for i in range(first, n):
        if spans[i, 0] >= 0 and _covers(candidate[1], candidate[2], candidate[4], candidate[5], spans[i]):
            spans[i, 0] = -1
    return True


@kernel
def sort_matches(matches, n: int) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Sort matches by place in a, then in b; growing leftwards has upset their order a little."""
    for i in range(1, n):
        x, y, z = matches[i, 0], matches[i, 1], matches[i, 2]
        j = i - 1
        while j >= 0 and (matches[j, 0] > x or (matches[j, 0] == x and matches[j, 1] > y)):
            matches[j + 1, 0], matches[j + 1, 1], matches[j + 1, 2] = matches[j, 0], matches[j, 1], matches[j, 2]
            j -= 1
        matches[j + 1, 0], matches[j + 1, 1], matches[j + 1, 2] = x, y, z


@kernel
def match_seeds(pairs, seeds, cuts, side_a, side_b, regions, bounds, known, limits, work):  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Match every pair of texts from its seeds.

    Args:
        pairs: uint64[p]: text a << 32 | text b. seeds: uint64, sorted within a pair. cuts: int64[p + 1], the seeds of each pair.
        side_a, side_b: the letter streams of the texts a and b, often one: letters, starts, gaps, samples, rare places, rare values.
        regions: int64[p, 4]: first and last element in a and in b that may be used, or no rows: the whole texts.
        bounds, known: spans with hubs, see `is_explained`; known is empty where nothing is left out.
        limits: int64[6]: k, max_gap, min_letters, least similarity in thousandths, least chain in letters, least score in half letters.
        work: int64[8], counters to add to: pairs, pairs explained, chains, alignments, cells of gaps, spans.

    Returns:
        spans int64[n, SPAN_COLUMNS] and runs int32[m, 3]; a span that a later one covers has -1 for text a.
    """
    k, max_gap, min_letters, min_thousandths, min_chain, min_score = limits[0], limits[1], limits[2], limits[3], limits[4], limits[5]
    letters_a, starts_a, letters_b, starts_b = side_a[0], side_a[1], side_b[0], side_b[1]
    spans, n_spans = np.empty((256, SPAN_COLUMNS), np.int64), 0
    all_runs, n_runs = np.empty((4096, 3), np.int32), 0
    scratch, rows = np.empty((2, 4096), np.int32), np.empty((2, 4096), np.int32)
    trace, steps = np.empty(MAX_CELLS + 8192, np.uint8), np.empty(1 << 14, np.uint8)
    runs = np.empty((1 << 14, 3), np.int32)
    candidate = np.empty(SPAN_COLUMNS, np.int64)
    size = 0
    for p in range(len(pairs)):
        a, b = np.int64(pairs[p] >> np.uint64(32)), np.int64(pairs[p] & np.uint64(0xFFFFFFFF))
        if size == 0 or cuts[p + 1] - cuts[p] > size:
            size = max(64, 2 * (cuts[p + 1] - cuts[p]))
            matches, kept, scores = np.empty((size, 3), np.int64), np.empty(size, np.uint64), np.empty(size, np.float64)
            before, chain, used, spent = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.bool_), np.empty(size, np.bool_)
        work[0] += 1
        m = 0
        for i in range(cuts[p], cuts[p + 1]):
            in_a, in_b = np.int64(seeds[i] >> np.uint64(32)), np.int64(seeds[i] & np.uint64(0xFFFFFFFF))
            if len(known) == 0 or not is_explained(a, in_a, b, in_b, bounds, known):
                kept[m] = seeds[i]
                m += 1
        if m == 0:
            work[1] += 1
            continue
        low_a, high_a, low_b, high_b = starts_a[a], starts_a[a + 1] - 1, starts_b[b], starts_b[b + 1] - 1
        n = grow_seeds(letters_a, low_a, high_a, letters_b, low_b, high_b, kept[:m], k, matches)
        # A lone short match is a common phrase; it is passed over before anything dearer is done.
        if n == 0 or (n == 1 and matches[0, 2] < min_chain):
            continue
        if len(regions):
            low_a, high_a, low_b, high_b = regions[p, 0], regions[p, 1], regions[p, 2], regions[p, 3]
        sort_matches(matches, n)
        chain_matches(matches, n, max_gap, scores, before)
        used[:n] = False
        spent[:n] = False
        order = np.argsort(-scores[:n], kind="mergesort")
        first_span = n_spans
        for end in order:
            if scores[end] < min_chain:
                break
            length = take_chain(end, scores, before, used, chain)
            for i in range(length):
                used[chain[i]] = True
            if length:
                work[2] += 1
            at = length - 1
            while at >= 0:
                if spent[chain[at]]:
                    at -= 1
                    continue
                head, tail = chain[at], chain[0]
                # No more runs than letters on both sides.
                runs = _reserve(runs, 0, matches[tail, 0] - matches[head, 0] + matches[tail, 1] - matches[head, 1] + 2 * matches[tail, 2] + 64)
                at, x0, y0, x, y, score, n_own = follow_chain(letters_a, letters_b, matches, chain, at, work, runs, scratch, trace, steps)
                at -= 1
                work[3] += 1
                drop = PROBE if score < SURE else DROP
                while True:
                    x, y, score, runs, n_own = extend_right(letters_a, letters_b, x, y, high_a, high_b, drop, score, runs, n_own, scratch, trace, rows, steps)
                    x0, y0, score, runs, n_own = extend_left(letters_a, letters_b, x0, y0, low_a, low_b, drop, score, runs, n_own, scratch, trace, rows, steps)
                    if drop == DROP or score < min_score:
                        break
                    drop = DROP
                for i in range(n):
                    if x0 <= matches[i, 0] and matches[i, 0] + matches[i, 2] <= x and y0 <= matches[i, 1] and matches[i, 1] + matches[i, 2] <= y:
                        used[i] = True
                        spent[i] = True
                if min(x - x0, y - y0) < min_letters or score < min_score:
                    continue
                n_own, x, y = trim_end(runs, n_own, x, y, side_a, side_b)
                skip, x0, y0 = trim_start(runs, n_own, x0, y0, side_a, side_b)
                equal = 0
                for r in range(skip, n_own):
                    if runs[r, 0] == EQUAL:
                        equal += runs[r, 1]
                if min(x - x0, y - y0) < min_letters or 2000 * equal < min_thousandths * (x - x0 + y - y0):
                    continue
                candidate[0], candidate[1], candidate[2], candidate[3], candidate[4], candidate[5] = a, x0, x, b, y0, y
                if not is_new_span(spans, first_span, n_spans, candidate):
                    continue
                n_own = join_short_runs(runs, skip, n_own)
                while n_runs + n_own > len(all_runs):
                    all_runs = _grow_rows(all_runs, n_runs)
                all_runs[n_runs : n_runs + n_own] = runs[:n_own]
                candidate[6], candidate[7], candidate[8], candidate[9], candidate[10] = equal, m, score, n_runs, n_runs + n_own
                n_runs += n_own
                if n_spans == len(spans):
                    spans = _grow_rows(spans, n_spans)
                spans[n_spans] = candidate
                n_spans += 1
                work[5] += 1
    return spans[:n_spans], all_runs[:n_runs]


@kernel
def place_spans(spans, runs, side: int, stream, places) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
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
