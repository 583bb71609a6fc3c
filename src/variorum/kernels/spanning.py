"""Grow one span: along its chain, past both ends, and tell whether it is new.

A weak chain is first probed by hopping from one short run of equal letters to the next: most weak chains are common
phrases, and the probe costs a hundredth of an extension.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.aligning import EQUAL, MATCH, align_gap, extend, push_run, push_steps

BREAK = 200
"""A stretch that costs more than this (half letters) between two matches ends the span."""
DROP = 56
"""Fall from the best score (half letters) at which an extension stops; also the break in a chain too dissimilar as a whole."""
CELL_BITS = 8
"""A cell of a text is this many bits of its places; spans are looked up by the cells that they touch."""
ECHO, ECHO_REACH, ECHO_SHIFT = 7, 30, 8
"""Letters of an echo, how far from the end of a match it is looked for, and how far off its diagonal."""
_WINDOW, CODES = 36, 64
"""Letters of a in which a near echo lies whole; places of b that are looked at, so many that 32 are compared with each of a: 17 are needed."""


@kernel
def follow_chain(a, b, matches, chain, at: int, limit: int, work, runs, scratch, trace, steps):
    """Align along a chain (last match first) from its match `at` for as long as the score holds.

    Args:
        limit: a stretch between two matches that costs more ends the span.

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
        if cost < -limit or score + cost < 0 or score + cost + MATCH * z < top - limit:
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
def find_echo(a, at_a: int, room_a: int, b, at_b: int, room_b: int, way: int, size: int, masks):
    """Return where the nearest run of `size` equal letters begins, counted from the two elements in direction `way`, or (-1, -1).

    All columns of a row are compared at once, as bits (Baeza-Yates and Gonnet 1992, "A new approach to text searching").

    Args:
        size: letters of the run, four to ECHO.
        masks: uint64[64], scratch: at which places of b letters stand that are the same but for their high bits.
    """
    n = min(room_a, ECHO_REACH + size - 1) - size + 1
    if n < 1:
        return -1, -1
    for x in range(64):
        masks[x] = np.uint64(0)
    bit = np.uint64(1)
    for j in range(min(room_b, ECHO_REACH + ECHO_SHIFT + size - 1)):
        masks[b[at_b + way * j] & np.uint16(63)] |= bit
        bit <<= np.uint64(1)
    # Where the letter i of a and the next agree with b, for this letter and the next; four that agree are two such pairs.
    second, third = masks[a[at_a + way] & np.uint16(63)], masks[a[at_a + way * 2] & np.uint16(63)]
    pair, next_pair = masks[a[at_a] & np.uint16(63)] & second >> np.uint64(1), second & third >> np.uint64(1)
    near = (np.uint64(2) << np.uint64(ECHO_SHIFT)) - np.uint64(1)  # the columns within ECHO_SHIFT of the diagonal
    for i in range(n):
        fourth = masks[a[at_a + way * (i + 3)] & np.uint16(63)]
        far_pair = third & fourth >> np.uint64(1)
        run = near & pair & far_pair >> np.uint64(2)
        j = 0
        while run:
            if run & np.uint64(1):
                same = 0
                while same < size and j + same < room_b and a[at_a + way * (i + same)] == b[at_b + way * (j + same)]:
                    same += 1
                if same == size:
                    return i, j
            run >>= np.uint64(1)
            j += 1
        pair, next_pair, third = next_pair, far_pair, fourth
        near = near << np.uint64(1) | np.uint64(1 if i < ECHO_SHIFT else 0)
    return -1, -1


@kernel
def code_letters(letters, i: int) -> np.uint16:
    """Return a number for the four letters from element i on; others may have the same."""
    return np.uint16(letters[i] ^ letters[i + 1] << np.uint16(3) ^ letters[i + 2] << np.uint16(6) ^ letters[i + 3] << np.uint16(9))


@kernel
def may_echo(a, at_a: int, b, at_b: int, way: int, codes) -> bool:
    """Return whether a run of ECHO equal letters may begin at one of the first ECHO_REACH letters past a match; most matches have none, and end here.

    Such a run holds four letters that begin at every fourth letter of a, and stand within ECHO_SHIFT of their diagonal in b. The loops
    have no branch, so that many places are compared at once.

    Args:
        at_a, at_b: the first elements past the match in direction `way`; what lies beyond a text can only make an echo seem likelier.
        codes: scratch, uint16[CODES].
    """
    x, y = at_a, at_b - ECHO_SHIFT
    if way < 0:
        x, y = at_a - _WINDOW + 1, at_b - _WINDOW + 1 - ECHO_SHIFT
    if x < 0 or y < 0 or x + _WINDOW > len(a) or y + CODES + 3 > len(b):
        return True
    c0, c1, c2, c3, c4 = (
        code_letters(a, x),
        code_letters(a, x + 4),
        code_letters(a, x + 8),
        code_letters(a, x + 12),
        code_letters(a, x + 16),
    )
    c5, c6, c7, c8 = code_letters(a, x + 20), code_letters(a, x + 24), code_letters(a, x + 28), code_letters(a, x + 32)
    across = b[y : y + CODES + 3]
    for j in range(CODES):
        codes[j] = across[j] ^ across[j + 1] << np.uint16(3) ^ across[j + 2] << np.uint16(6) ^ across[j + 3] << np.uint16(9)
    met = False
    for j in range(CODES - _WINDOW + 4):
        met |= (codes[j] == c0) | (codes[j + 4] == c1) | (codes[j + 8] == c2) | (codes[j + 12] == c3) | (codes[j + 16] == c4)
        met |= (codes[j + 20] == c5) | (codes[j + 24] == c6) | (codes[j + 28] == c7) | (codes[j + 32] == c8)
    return met


@kernel
def count_echoes(a, at_a: int, room_a: int, b, at_b: int, room_b: int, way: int, enough: int, masks, codes) -> int:
    """Count the equal letters met when hopping from run to run past the end of a match, up to `enough`.

    A common phrase in unrelated prose has hardly any; a copy with every third word changed has. Hopping costs a hundredth
    of an extension.

    Args:
        at_a, at_b: the first elements past the match in direction `way`; room_a, room_b: letters there are.
        masks, codes: scratch, see `find_echo` and `may_echo`.
    """
    n = 0
    if not may_echo(a, at_a, b, at_b, way, codes):
        return n
    while n < enough:
        i, j = find_echo(a, at_a, room_a, b, at_b, room_b, way, ECHO, masks)
        if i < 0:
            break
        size = ECHO
        while size < min(room_a - i, room_b - j) and a[at_a + way * (i + size)] == b[at_b + way * (j + size)]:
            size += 1
        n += size
        at_a, at_b = at_a + way * (i + size), at_b + way * (j + size)
        room_a, room_b = room_a - i - size, room_b - j - size
    return n


@kernel
def reserve_runs(runs, n: int, room: int):
    """Return `runs` with room for so many rows more, the first `n` kept."""
    if len(runs) - n >= room:
        return runs
    wider = np.empty((2 * (n + room), 3), np.int32)
    wider[:n] = runs[:n]
    return wider


@kernel
def extend_right(a, b, x: int, y: int, high_a: int, high_b: int, drop: int, score: int, runs, n: int, scratch, trace, rows, steps):
    """Extend a span past its right end; return the new end (x, y), score, runs and their number."""
    more = True
    while more:
        got_a, got_b, got, m, more = extend(a, x, high_a - x, b, y, high_b - y, 1, drop, scratch, trace, rows, steps)
        if got <= 0:
            break
        runs = reserve_runs(runs, n, m)
        n = push_steps(steps, m, True, runs, n)
        x, y, score = x + got_a, y + got_b, score + got
    return x, y, score, runs, n


@kernel
def extend_left(a, b, x: int, y: int, low_a: int, low_b: int, drop: int, score: int, runs, n: int, scratch, trace, rows, steps):
    """Extend a span past its left end; return the new start (x, y), score, runs and their number."""
    more = True
    while more:
        got_a, got_b, got, m, more = extend(a, x - 1, x - low_a, b, y - 1, y - low_b, -1, drop, scratch, trace, rows, steps)
        if got <= 0:
            break
        lead = np.empty((m + 1, 3), np.int32)
        n_lead = push_steps(steps, m, False, lead, 0)
        runs = reserve_runs(runs, n, n_lead)
        for r in range(n - 1, -1, -1):
            runs[r + n_lead, 0], runs[r + n_lead, 1], runs[r + n_lead, 2] = runs[r, 0], runs[r, 1], runs[r, 2]
        runs[:n_lead] = lead[:n_lead]
        n += n_lead
        x, y, score = x - got_a, y - got_b, score + got
    return x, y, score, runs, n


@kernel
def _covers(x0: int, x1: int, y0: int, y1: int, row) -> bool:
    """Return whether the intervals cover half of a span's, on both sides."""
    in_a = min(x1, row[2]) - max(x0, row[1])
    in_b = min(y1, row[5]) - max(y0, row[4])
    return 2 * in_a >= row[2] - row[1] and 2 * in_b >= row[5] - row[4]


@kernel
def is_new_span(spans, candidate, base: int, heads, links) -> bool:
    """Return whether no span of the pair covers the candidate; those that it covers are struck out (text a: -1).

    Args:
        base: first element of text a; heads, links: the spans that touch each cell of text a, see `note_span`.
    """
    low, high = (candidate[1] - base) >> CELL_BITS, (candidate[2] - 1 - base) >> CELL_BITS
    for cell in range(low, high + 1):
        link = heads[cell]
        while link >= 0:
            row = spans[links[link, 0]]
            if row[0] >= 0 and _covers(row[1], row[2], row[4], row[5], candidate):
                return False
            link = links[link, 1]
    for cell in range(low, high + 1):
        link = heads[cell]
        while link >= 0:
            row = spans[links[link, 0]]
            if row[0] >= 0 and _covers(candidate[1], candidate[2], candidate[4], candidate[5], row):
                row[0] = -1
            link = links[link, 1]
    return True


@kernel
def note_span(span: int, candidate, base: int, heads, links, n: int):
    """Add a span to every cell of text a that it touches, so that only its neighbours are looked at.

    Args:
        heads: int64 per cell of text a, its last link or -1; links: int64[m, 2]: a span and the link before; n: links there are.

    Returns:
        links, which may have been widened, and their number.
    """
    low, high = (candidate[1] - base) >> CELL_BITS, (candidate[2] - 1 - base) >> CELL_BITS
    if n + high - low + 1 > len(links):
        wider = np.empty((2 * (n + high - low + 1), 2), np.int64)
        wider[:n] = links[:n]
        links = wider
    for cell in range(low, high + 1):
        links[n, 0], links[n, 1] = span, heads[cell]
        heads[cell] = n
        n += 1
    return links, n
