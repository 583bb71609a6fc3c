"""Align letters: between two anchors from corner to corner, and past an anchor for as long as it pays.

Both are gap-affine (Gotoh 1982) over folded letters; the extension drops cells that fall `drop` below the best
seen (Altschul et al. 1997, "Gapped BLAST", gapped extension). A score counts half letters, so that all of it
is whole numbers: +2 a letter that agrees, -2 one replaced, -6 to open a gap and -1 a letter in it. Unrelated
prose scores about -1.7 a letter, a copy with every third word changed still above 0.

Operations are appended to an int32 array as runs of three: kind, letters of a, letters of b.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

EQUAL, REPLACED, DELETED, INSERTED = 0, 1, 2, 3
MATCH, MISMATCH, OPEN, EXTEND = 2, -2, -6, -1
MAX_CELLS = 1 << 16
"""Cells of one alignment; a wider gap is a replacement whole, a longer extension goes on from where it came."""
BAND = 32
"""Letters that an alignment may lead or lag on one side: in a gap beyond what its two sides differ by, past an end against the best so far."""
_LOW = -(1 << 28)
# Traceback byte: the low two bits say whence the best score of a cell comes, the others whether a gap was open before.
_DIAGONAL, _UP, _LEFT, _UP_OPEN, _LEFT_OPEN = 0, 1, 2, 4, 8


@kernel
def push_run(runs, n: int, kind: int, letters_a: int, letters_b: int) -> int:
    """Append a run, or lengthen the last one of its kind; return the number of runs."""
    if letters_a == 0 and letters_b == 0:
        return n
    if n and runs[n - 1, 0] == kind:
        runs[n - 1, 1] += letters_a
        runs[n - 1, 2] += letters_b
        return n
    runs[n, 0] = kind
    runs[n, 1] = letters_a
    runs[n, 2] = letters_b
    return n + 1


@kernel
def gap_score(letters_a: int, letters_b: int) -> int:
    """Return the score of a stretch that is replaced as a whole, or stands on one side only; a one-sided gap costs at most 60."""
    both = min(letters_a, letters_b)
    extra = max(letters_a, letters_b) - both
    score = MISMATCH * both
    if extra:
        score += max(OPEN + EXTEND * extra, -60)
    return score


@kernel
def align_gap(a, a0: int, a1: int, b, b0: int, b1: int, scratch, trace, steps, runs, n: int):
    """Align ``a[a0:a1]`` with ``b[b0:b1]`` from corner to corner, inside the band; append the operations.

    Args:
        scratch: int32[2, at least width + 1]; trace: uint8[MAX_CELLS + 8192]; steps: uint8, room for both lengths.

    Returns:
        the number of runs and the score.
    """
    la, lb = a1 - a0, b1 - b0
    if la == 0 or lb == 0:
        n = push_run(runs, n, DELETED if la else INSERTED, la, lb)
        return n, gap_score(la, lb)
    width = lb + 1
    if (la + 1) * width > MAX_CELLS or width > scratch.shape[1] or la + lb > len(steps):
        return push_run(runs, n, REPLACED, la, lb), gap_score(la, lb)
    best, up = scratch[0], scratch[1]
    # Row i holds the columns from shift * i + first to shift * i + first + span - 1 that there are: the band, or all where it is no narrower.
    first, shift = min(0, lb - la) - BAND, 1
    span = max(0, lb - la) + BAND - first + 1
    if span >= width:
        first, shift, span = 0, 0, width
    best[0] = 0
    up[0] = _LOW
    for j in range(1, min(width, first + span)):
        best[j] = OPEN + EXTEND * j
        up[j] = _LOW
        trace[j - first] = _LEFT | _LEFT_OPEN
    for i in range(1, la + 1):
        low = shift * i + first
        high = min(width, low + span)
        row = i * span - low
        left = _LOW
        letter = a[a0 + i - 1]
        if low <= 0:
            diagonal = best[0]
            best[0] = before = OPEN + EXTEND * i
            trace[row] = _UP | _UP_OPEN
            low = 1
        else:
            diagonal = best[low - 1]
            before = _LOW
        if shift == 1 and i + first + span <= width:  # the last column was not in the row above
            best[high - 1] = up[high - 1] = _LOW
        for j in range(low, high):
            mark = 0
            opened = best[j] + OPEN + EXTEND
            vertical = up[j] + EXTEND
            if vertical > opened:
                mark = _UP_OPEN
            else:
                vertical = opened
            up[j] = vertical
            opened = before + OPEN + EXTEND
            left += EXTEND
            if left > opened:
                mark |= _LEFT_OPEN
            else:
                left = opened
            before = diagonal + (MATCH if letter == b[b0 + j - 1] else MISMATCH)
            source = _DIAGONAL
            if vertical > before:
                before, source = vertical, _UP
            if left > before:
                before, source = left, _LEFT
            trace[row + j] = mark | source
            diagonal = best[j]
            best[j] = before
    score = best[lb]
    i, j, m = la, lb, 0
    state = _DIAGONAL
    while i > 0 or j > 0:
        mark = trace[i * span + j - shift * i - first]
        if state == _DIAGONAL:
            state = mark & 3
        if state == _DIAGONAL:
            i -= 1
            j -= 1
            steps[m] = EQUAL if a[a0 + i] == b[b0 + j] else REPLACED
        elif state == _UP:
            i -= 1
            steps[m] = DELETED
            if not mark & _UP_OPEN:
                state = _DIAGONAL
        else:
            j -= 1
            steps[m] = INSERTED
            if not mark & _LEFT_OPEN:
                state = _DIAGONAL
        m += 1
    return push_steps(steps, m, True, runs, n), score


@kernel
def push_steps(steps, m: int, backwards: bool, runs, n: int) -> int:
    """Append single steps as runs; return the number of runs."""
    for x in range(m):
        kind = np.int64(steps[m - 1 - x] if backwards else steps[x])
        n = push_run(runs, n, kind, 0 if kind == INSERTED else 1, 0 if kind == DELETED else 1)
    return n


@kernel
def extend(a, a0: int, la: int, b, b0: int, lb: int, way: int, drop: int, scratch, trace, rows, steps):
    """Extend an alignment from a corner: right (`way` 1, first letters a0, b0) or left (`way` -1, likewise).

    Args:
        la, lb: letters there are in this direction.
        drop: cells this far below the best score are dropped.
        scratch: int32[2, width]; trace: uint8[MAX_CELLS]; rows: int32[2, at least 2]: per row its offset in `trace` and first column.
        steps: out, uint8: the single steps from the far end back to the corner.

    Returns:
        letters of a, letters of b, score, number of steps, and whether the room ended before the alignment did.
    """
    best, up = scratch[0], scratch[1]
    room = min(scratch.shape[1], len(steps) // 2) - 1
    la, more_a = min(la, rows.shape[1] - 1), la > rows.shape[1] - 1
    lb, more_b = min(lb, room), lb > room
    top, top_i, top_j = 0, 0, 0
    best[0] = 0
    up[0] = _LOW
    low, high = 0, 1  # live columns of the row above, [low, high)
    trace[0] = 0
    while high <= min(lb, BAND) and OPEN + EXTEND * high >= -drop:
        best[high] = OPEN + EXTEND * high
        up[high] = _LOW
        trace[high] = _LEFT | (_LEFT_OPEN if high > 1 else 0)
        high += 1
    rows[0, 0], rows[1, 0] = 0, 0
    used = high
    leader = 0  # the best column of the row above
    full = False
    i = 0
    while i < la and low < high:
        i += 1
        limit = min(lb + 1, high + 1)
        # The row may run on to the right of the one above for as long as a gap stays alive.
        if used + (limit - low) + drop + 2 > MAX_CELLS:
            full = True
            i -= 1
            break
        rows[0, i] = used - max(low, leader + 1 - BAND)
        rows[1, i] = max(low, leader + 1 - BAND)
        letter = a[a0 + way * (i - 1)]
        left = _LOW
        diagonal = _LOW
        new_low, new_high = -1, low
        last = min(lb, leader + 1 + BAND)
        j = low
        if leader + 1 - BAND > low:
            j = leader + 1 - BAND
            diagonal = best[j - 1]
        first = j
        lead = _LOW
        while j <= last:
            inside = j < high
            above = best[j] if inside else _LOW
            if not inside and diagonal <= _LOW and left < top - drop:
                break
            mark = 0
            opened = above + OPEN + EXTEND
            vertical = _LOW
            if inside:
                vertical = up[j] + EXTEND
                if vertical > opened:
                    mark |= _UP_OPEN
                else:
                    vertical = opened
            if j > first:
                opened = best[j - 1] + OPEN + EXTEND
                if left + EXTEND > opened:
                    left += EXTEND
                    mark |= _LEFT_OPEN
                else:
                    left = opened
            score = _LOW
            source = _DIAGONAL
            if j > 0 and diagonal > _LOW:
                score = diagonal + (MATCH if letter == b[b0 + way * (j - 1)] else MISMATCH)
            if vertical > score:
                score, source = vertical, _UP
            if left > score:
                score, source = left, _LEFT
            trace[used + j - first] = mark | source
            diagonal = above
            if score < top - drop:
                best[j] = _LOW
                up[j] = _LOW
            else:
                best[j] = score
                up[j] = vertical
                if new_low < 0:
                    new_low = j
                new_high = j + 1
                if score > lead:
                    lead, leader = score, j
                if score > top:
                    top, top_i, top_j = score, i, j
            j += 1
        used += j - first
        if new_low < 0:
            break
        low, high = new_low, new_high
    m = _walk_back(a, a0, b, b0, way, top_i, top_j, trace, rows, steps)
    short = full or (low < high and i == la and more_a) or (more_b and high > lb)
    return top_i, top_j, top, m, short


@kernel
def _walk_back(a, a0: int, b, b0: int, way: int, i: int, j: int, trace, rows, steps) -> int:
    """Write the steps from cell (i, j) back to the corner; return their number."""
    m = 0
    state = _DIAGONAL
    while i > 0 or j > 0:
        mark = trace[rows[0, i] + j]
        if state == _DIAGONAL:
            state = mark & 3
        if state == _DIAGONAL:
            i -= 1
            j -= 1
            steps[m] = EQUAL if a[a0 + way * i] == b[b0 + way * j] else REPLACED
        elif state == _UP:
            i -= 1
            steps[m] = DELETED
            if not mark & _UP_OPEN:
                state = _DIAGONAL
        else:
            j -= 1
            steps[m] = INSERTED
            if not mark & _LEFT_OPEN:
                state = _DIAGONAL
        m += 1
    return m
