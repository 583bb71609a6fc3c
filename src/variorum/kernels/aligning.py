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
def _fill_row(best, up, letters, trace, letter: int, diagonal: int, before: int) -> None:
    """Fill the cells of one row, those of the row above in `best` and `up`; the slices begin with it, so that no index can be negative."""
    left = _LOW
    for j in range(len(best)):
        above = np.int64(best[j])
        opened, vertical = above + OPEN + EXTEND, np.int64(up[j]) + EXTEND
        mark = _UP_OPEN if vertical > opened else 0
        vertical = max(vertical, opened)
        up[j] = vertical
        opened, left = before + OPEN + EXTEND, left + EXTEND
        mark |= _LEFT_OPEN if left > opened else 0
        left = max(left, opened)
        before = diagonal + (MATCH if letter == letters[j] else MISMATCH)
        source = _UP if vertical > before else _DIAGONAL
        before = max(before, vertical)
        source = _LEFT if left > before else source
        before = max(before, left)
        trace[j] = mark | source
        diagonal = above
        best[j] = before


@kernel
def align_gap(a, a0: int, a1: int, b, b0: int, b1: int, scratch, trace, steps, runs, n: int):
    """Align ``a[a0:a1]`` with ``b[b0:b1]`` from corner to corner, inside the band; append the operations.

    Args:
        scratch: int32[3, at least width + 1]; trace: uint8[MAX_CELLS + 8192]; steps: uint8, room for both lengths.

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
    best, up, letters = scratch[0], scratch[1], scratch[2]
    for j in range(lb):
        letters[j] = b[b0 + j]
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
        letter = np.int64(a[a0 + i - 1])
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
        _fill_row(best[low:high], up[low:high], letters[low - 1 : high - 1], trace[row + low : row + high], letter, diagonal, before)
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
        scratch: int32[3, width]; trace: uint8[MAX_CELLS]; rows: int32[2, at least 2]: per row its offset in `trace` and first column.
        steps: out, uint8: the single steps from the far end back to the corner.

    Returns:
        letters of a, letters of b, score, number of steps, and whether the room ended before the alignment did.
    """
    best, up, letters = scratch[0], scratch[1], scratch[2]  # letters[j]: the letter of b in column j
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
    n_letters = 1
    i = 0
    while i < la and low < high:
        i += 1
        limit = min(lb + 1, high + 1)
        # The row may run on to the right of the one above for as long as a gap stays alive.
        if used + (limit - low) + drop + 2 > MAX_CELLS:
            full = True
            i -= 1
            break
        letter = np.int64(a[a0 + way * (i - 1)])
        last = min(lb, leader + 1 + BAND)
        while n_letters <= last:
            letters[n_letters] = b[b0 + way * (n_letters - 1)]
            n_letters += 1
        first = max(low, leader + 1 - BAND)
        rows[0, i] = used - first
        rows[1, i] = first
        diagonal = best[first - 1] if first > low else _LOW
        stop = max(first, min(high, last + 1))
        row_best, row_up, row_letters, row_trace = best[first:stop], up[first:stop], letters[first:stop], trace[used : used + stop - first]
        left, before, lead, lead_at, new_low, new_high = _LOW, _LOW, _LOW, -1, -1, 0
        for x in range(len(row_best)):
            above = np.int64(row_best[x])
            opened, vertical = above + OPEN + EXTEND, np.int64(row_up[x]) + EXTEND
            mark = _UP_OPEN if vertical > opened else 0
            vertical = max(vertical, opened)
            opened, left = before + OPEN + EXTEND, left + EXTEND
            mark |= _LEFT_OPEN if left > opened else 0
            left = max(left, opened)
            score = diagonal + (MATCH if letter == row_letters[x] else MISMATCH)
            source = _UP if vertical > score else _DIAGONAL
            score = max(score, vertical)
            source = _LEFT if left > score else source
            score = max(score, left)
            row_trace[x] = mark | source
            diagonal = above
            alive = score >= top - drop
            before = score if alive else _LOW
            row_best[x] = before
            row_up[x] = vertical if alive else _LOW
            if alive:
                new_low = x if new_low < 0 else new_low
                new_high = x + 1
                lead_at = x if score > lead else lead_at
                lead = max(lead, score)
                if score > top:
                    top, top_i, top_j = score, i, first + x
        leader = first + lead_at if lead_at >= 0 else leader
        new_low = first + new_low if new_low >= 0 else -1
        new_high = first + new_high if new_high else low
        j = stop
        # Past what was alive above: one cell by the diagonal, then for as long as a gap stays alive.
        while j <= last and (diagonal > _LOW or left >= top - drop):
            opened, left = before + OPEN + EXTEND, left + EXTEND
            mark = _LEFT_OPEN if left > opened else 0
            left = max(left, opened)
            score = diagonal + (MATCH if letter == letters[j] else MISMATCH)
            source = _LEFT if left > score else _DIAGONAL
            score = max(score, left)
            trace[used + j - first] = mark | source
            diagonal = _LOW
            alive = score >= top - drop
            before = score if alive else _LOW
            best[j], up[j] = before, _LOW
            if alive:
                new_low = j if new_low < 0 else new_low
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
