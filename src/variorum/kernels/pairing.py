"""From the seeds of many pairs of texts to aligned spans: the driver of chaining and aligning.

Spans come out in elements of the letter stream, with their operations as runs over letters;
`trimming.place_spans` turns both to code points.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.aligning import EQUAL, MAX_CELLS
from variorum.kernels.chaining import chain_matches, grow_seeds, take_chain
from variorum.kernels.rating import guess_nats
from variorum.kernels.screening import BLOCK, find_phrases
from variorum.kernels.settling import settle_runs
from variorum.kernels.spanning import (
    BREAK,
    CELL_BITS,
    CODES,
    DROP,
    count_echoes,
    extend_left,
    extend_right,
    follow_chain,
    is_new_span,
    note_span,
    reserve_runs,
)
from variorum.kernels.trimming import join_short_runs, place_spans, trim_end, trim_start

__all__ = ["SPAN_COLUMNS", "is_explained", "match_seeds", "place_spans", "sort_slices"]

PROBED = 85
"""Percent of `min_letters` that a weak chain and the short runs near it must hold together before it is extended."""
SHORT_THOUSANDTHS = 850
"""Least similarity of a span shorter than `min_letters`, in thousandths."""
SPAN_COLUMNS = 11
"""Columns of a span: text a, first, last; text b, first, last (elements, half-open); equal letters, seeds, score; its runs, half-open."""


@kernel
def sort_slices(values, cuts) -> None:
    """Sort the values (uint64) of every slice ``[cuts[i], cuts[i + 1])`` in place."""
    for i in range(len(cuts) - 1):
        low, high = cuts[i], cuts[i + 1]
        if high - low > 32:
            values[low:high].sort()
            continue
        for j in range(low + 1, high):
            value = values[j]
            k = j - 1
            while k >= low and values[k] > value:
                values[k + 1] = values[k]
                k -= 1
            values[k + 1] = value


@kernel
def rank_scores(scores, n: int, order) -> None:
    """Write the numbers of the first `n` scores into `order`, highest score first, of equals the first; most pairs have one or two."""
    if n > 32:
        order[:n] = np.argsort(-scores[:n], kind="mergesort")
        return
    for i in range(n):
        j = i - 1
        while j >= 0 and scores[order[j]] < scores[i]:
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = i


@kernel
def sort_matches(matches, n: int) -> None:
    """Sort matches by place in a, then in b; growing leftwards has upset their order a little."""
    for i in range(1, n):
        x, y, z = matches[i, 0], matches[i, 1], matches[i, 2]
        j = i - 1
        while j >= 0 and (matches[j, 0] > x or (matches[j, 0] == x and matches[j, 1] > y)):
            matches[j + 1, 0], matches[j + 1, 1], matches[j + 1, 2] = matches[j, 0], matches[j, 1], matches[j, 2]
            j -= 1
        matches[j + 1, 0], matches[j + 1, 1], matches[j + 1, 2] = x, y, z


@kernel
def is_explained(a: int, x: int, b: int, y: int, bounds, known) -> bool:
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
def _grow_rows(array, n: int):
    """Return `array` with room for twice as many rows."""
    larger = np.empty((2 * len(array), array.shape[1]), array.dtype)
    larger[:n] = array[:n]
    return larger


@kernel
def count_equal(runs, first: int, n: int) -> int:
    """Return the letters of the equal runs ``[first, n)``."""
    equal = 0
    for r in range(first, n):
        if runs[r, 0] == EQUAL:
            equal += runs[r, 1]
    return equal


@kernel
def may_be_rare(x0: int, x: int, y0: int, y: int, equal: int, side, limits) -> bool:
    """Return whether a span shorter than `min_letters` is close, and has words enough that by their lengths are rare enough, to be kept.

    Args:
        equal: letters that agree; side: the letter stream of a; limits: see `match_seeds`.
    """
    if limits[6] == 0 or min(x - x0, y - y0) < limits[6] or 2000 * equal < SHORT_THOUSANDTHS * (x - x0 + y - y0):
        return False
    nats, words = guess_nats(x0, x, side)
    return words >= limits[7] and nats >= limits[8]


@kernel
def match_seeds(pairs, seeds, cuts, side_a, side_b, regions, bounds, known, limits, work) -> tuple[np.ndarray, np.ndarray]:
    """Match every pair of texts from its seeds.

    Args:
        pairs: uint64[p]: text a << 32 | text b. seeds: uint64, sorted within a pair. cuts: int64[p + 1], the seeds of each pair.
        side_a, side_b: the letter streams of the texts a and b, often one: letters, starts, gaps, samples, rare places, rare values.
        regions: int64[p, 4]: first and last element in a and in b that may be used, or no rows: the whole texts.
        bounds, known: spans with hubs, see `is_explained`; known is empty where nothing is left out.
        limits: int64[9]: k, max_gap, min_letters, least similarity in thousandths, least chain in letters, least score in half letters;
            of a shorter span that may be kept since it is rare (0: none is) letters, words, and nats by the lengths of its words.
        work: int64[8], counters to add to: pairs, pairs explained, chains, alignments, cells of gaps, spans, extended, pairs whose seeds are one phrase.

    Returns:
        spans int64[n, SPAN_COLUMNS] and runs int32[m, 3]; a span that a later one covers has -1 for text a.
    """
    k, max_gap, min_letters, min_thousandths, min_chain, min_score = limits[0], limits[1], limits[2], limits[3], limits[4], limits[5]
    enough = PROBED * min_letters // 100
    letters_a, starts_a, letters_b, starts_b = side_a[0], side_a[1], side_b[0], side_b[1]
    spans, n_spans = np.empty((256, SPAN_COLUMNS), np.int64), 0
    all_runs, n_runs = np.empty((4096, 3), np.int32), 0
    scratch, rows, masks = np.empty((3, 4096), np.int32), np.empty((2, 4096), np.int32), np.empty(64, np.uint64)
    codes = np.empty(CODES, np.uint16)
    trace, steps = np.empty(MAX_CELLS + 8192, np.uint8), np.empty(1 << 14, np.uint8)
    runs = np.empty((1 << 14, 3), np.int32)
    candidate, heads, links = np.empty(SPAN_COLUMNS, np.int64), np.empty(64, np.int64), np.empty((256, 2), np.int64)
    size, phrases, whole = 0, np.empty(BLOCK + 1, np.bool_), len(regions) == 0
    for p in range(len(pairs)):
        work[0] += 1
        if whole and p % BLOCK == 0:
            find_phrases(pairs, seeds, cuts, p, side_a, side_b, limits, enough, masks, codes, phrases)
        if whole and phrases[p % BLOCK]:
            work[7] += 1
            continue
        a, b = np.int64(pairs[p] >> np.uint64(32)), np.int64(pairs[p] & np.uint64(0xFFFFFFFF))
        low_a, high_a, low_b, high_b = starts_a[a], starts_a[a + 1] - 1, starts_b[b], starts_b[b + 1] - 1
        if size == 0 or cuts[p + 1] - cuts[p] > size:
            size = max(64, 2 * (cuts[p + 1] - cuts[p]))
            matches, kept, scores = np.empty((size, 3), np.int64), np.empty(size, np.uint64), np.empty(size, np.float64)
            before, chain, order = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
            used, spent = np.empty(size, np.bool_), np.empty(size, np.bool_)
        m = 0
        for i in range(cuts[p], cuts[p + 1]):
            in_a, in_b = np.int64(seeds[i] >> np.uint64(32)), np.int64(seeds[i] & np.uint64(0xFFFFFFFF))
            if len(known) == 0 or not is_explained(a, in_a, b, in_b, bounds, known):
                kept[m] = seeds[i]
                m += 1
        if m == 0:
            work[1] += 1
            continue
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
        rank_scores(scores, n, order)
        n_links, n_cells = 0, ((starts_a[a + 1] - starts_a[a]) >> CELL_BITS) + 1
        if n_cells > len(heads):
            heads = np.empty(2 * n_cells, np.int64)
        heads[:n_cells] = -1
        for end in order[:n]:
            if scores[end] < min_chain:
                break
            length = take_chain(end, before, used, chain)
            for i in range(length):
                used[chain[i]] = True
            if length:
                work[2] += 1
            at, limit = length - 1, BREAK
            while at >= 0:
                if spent[chain[at]]:
                    at -= 1
                    continue
                head, tail = chain[at], chain[0]
                # No more runs than letters on both sides.
                runs = reserve_runs(runs, 0, matches[tail, 0] - matches[head, 0] + matches[tail, 1] - matches[head, 1] + 2 * matches[tail, 2] + 64)
                begin = at
                at, x0, y0, x, y, score, n_own = follow_chain(letters_a, letters_b, matches, chain, at, limit, work, runs, scratch, trace, steps)
                several = at < begin
                at -= 1
                work[3] += 1
                if x - x0 < min_letters and not may_be_rare(x0, x, y0, y, min(x - x0, y - y0), side_a, limits):
                    met = x - x0 + count_echoes(letters_a, x, high_a - x, letters_b, y, high_b - y, 1, enough, masks, codes)
                    if met < enough:
                        met += count_echoes(letters_a, x0 - 1, x0 - low_a, letters_b, y0 - 1, y0 - low_b, -1, enough, masks, codes)
                    if met < enough:
                        continue
                work[6] += 1
                x, y, score, runs, n_own = extend_right(letters_a, letters_b, x, y, high_a, high_b, DROP, score, runs, n_own, scratch, trace, rows, steps)
                x0, y0, score, runs, n_own = extend_left(letters_a, letters_b, x0, y0, low_a, low_b, DROP, score, runs, n_own, scratch, trace, rows, steps)
                equal = count_equal(runs, 0, n_own)
                if several and limit == BREAK and 2000 * equal < min_thousandths * (x - x0 + y - y0):
                    # Passages one after another with other text between: each is looked at by itself.
                    at, limit = begin, DROP
                    continue
                for i in range(np.searchsorted(matches[:n, 0], x0), n):
                    if matches[i, 0] >= x:
                        break
                    if matches[i, 0] + matches[i, 2] <= x and y0 <= matches[i, 1] and matches[i, 1] + matches[i, 2] <= y:
                        used[i] = True
                        spent[i] = True
                if min(x - x0, y - y0) < (limits[6] if limits[6] else min_letters) or score < min_score:
                    continue
                n_own, x, y = trim_end(runs, n_own, x, y, side_a, side_b)
                skip, x0, y0 = trim_start(runs, n_own, x0, y0, side_a, side_b)
                equal = count_equal(runs, skip, n_own)
                if 2000 * equal < min_thousandths * (x - x0 + y - y0):
                    continue
                if min(x - x0, y - y0) < min_letters and not may_be_rare(x0, x, y0, y, equal, side_a, limits):
                    continue
                candidate[0], candidate[1], candidate[2], candidate[3], candidate[4], candidate[5] = a, x0, x, b, y0, y
                if not is_new_span(spans, candidate, starts_a[a], heads, links):
                    continue
                n_own = settle_runs(runs, join_short_runs(runs, skip, n_own), x0, y0, side_a[2], side_b[2])
                while n_runs + n_own > len(all_runs):
                    all_runs = _grow_rows(all_runs, n_runs)
                all_runs[n_runs : n_runs + n_own] = runs[:n_own]
                candidate[6], candidate[7], candidate[8], candidate[9], candidate[10] = equal, m, score, n_runs, n_runs + n_own
                n_runs += n_own
                if n_spans == len(spans):
                    spans = _grow_rows(spans, n_spans)
                spans[n_spans] = candidate
                links, n_links = note_span(n_spans, candidate, starts_a[a], heads, links, n_links)
                n_spans += 1
                work[5] += 1
    return spans[:n_spans], all_runs[:n_runs]
