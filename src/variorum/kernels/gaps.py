"""Gaps of a collation: what stands between two anchors is aligned word by word, near-matches included.

Gotoh's dynamic programme (1982) with three states: a pair of words, a word only in a, a word only in b. Scores are
logarithms of odds: an equal word weighs by its rarity, a changed word costs less than a dropped and an added one.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

PAIR, ONLY_A, ONLY_B = 0, 1, 2
MISMATCH = -3.6
"""Score of two words that have nothing in common."""
OPEN = -5.2
"""Score of the first word of a run that one side lacks."""
EXTEND = -0.5
"""Score of each further word of such a run."""
MIN_LIKENESS = 0.6
"""Two words are near from this share of letters in common at their beginnings and ends."""
MAX_CELLS = 1 << 18
"""Cells beyond which only a band round the diagonal is filled."""
MIN_BAND = 64
NEVER = np.float32(-1e9)


@kernel
def measure_likeness(x: int, y: int, letters, offsets) -> float:
    """Return the share (0..1) of two words' letters that agree, counted from both ends.

    Args:
        x, y: words.
        letters: int32: the letters of all words, one word after the other.
        offsets: int64[words + 1]: where each word begins in `letters`.
    """
    start_x, start_y = offsets[x], offsets[y]
    n_x, n_y = offsets[x + 1] - start_x, offsets[y + 1] - start_y
    shorter = min(n_x, n_y)
    if shorter == 0:
        return 0.0
    head = 0
    while head < shorter and letters[start_x + head] == letters[start_y + head]:
        head += 1
    tail = 0
    while tail < shorter - head and letters[start_x + n_x - 1 - tail] == letters[start_y + n_y - 1 - tail]:
        tail += 1
    return 2.0 * (head + tail) / (n_x + n_y)


@kernel
def score_pair(x: int, y: int, gain, light, letters, offsets) -> float:
    """Return the score of two words that stand opposite each other.

    `light` (bool[words]) marks punctuation, which never stands for a word at the price of another word.
    """
    if x == y:
        return gain[x]
    if light[x] != light[y]:
        return MISMATCH - 1.0
    if light[x]:
        return MISMATCH / 2
    share = measure_likeness(x, y, letters, offsets)
    return MISMATCH if share < MIN_LIKENESS else 4.0 * (share - MIN_LIKENESS)


@kernel
def align_gap(a, b, gain, light, letters, offsets, free: int, pairs) -> int:
    """Align two short runs of words; write the pairs that stand opposite each other, in order.

    Args:
        a, b: words, int32; not both long: see `MAX_CELLS`.
        gain, light, letters, offsets: what words weigh and how they are spelled, see `score_pair`.
        free: 1: what is left over at the beginning costs nothing; 2: at the end; 3: at both.
        pairs: out, int64[min(len(a), len(b)), 2]: word in a, word in b.

    Returns:
        The number of pairs; 0 where the texts are too unlike in length for any band.
    """
    n_a, n_b = len(a), len(b)
    if n_a == 0 or n_b == 0:
        return 0
    band = min(n_b + 1, max(MIN_BAND, MAX_CELLS // (n_a + 1)))
    if band <= n_b and n_b // n_a > band // 4:
        return 0
    trace = np.zeros((n_a + 1, band), np.uint8)
    score = np.full((2, 3, band + 2), NEVER, np.float32)  # two rows, three states; one column of margin on each side
    low = 0
    for i in range(n_a + 1):
        now, was = i & 1, 1 - (i & 1)
        before = low
        low = 0 if band > n_b else min(n_b + 1 - band, max(0, i * n_b // n_a - band // 2))
        shift = low - before
        score[now, :, :] = NEVER
        for c in range(band):
            j = low + c
            if i == 0 and j == 0:
                score[now, PAIR, 1] = 0.0
                continue
            k = c + 1
            step = 0
            if i > 0:
                up = k + shift  # the cell above, in the row before
                if up <= band:
                    opened = max(score[was, PAIR, up], score[was, ONLY_B, up])
                    cost = EXTEND if j == 0 and free & 1 else OPEN
                    if j == 0 and free & 1:
                        cost = 0.0
                    if j == n_b and free & 2:
                        cost = 0.0
                    going = score[was, ONLY_A, up] + (0.0 if cost == 0.0 else EXTEND)
                    if going >= opened + cost:
                        score[now, ONLY_A, k] = going
                        step |= ONLY_A << 2
                    else:
                        score[now, ONLY_A, k] = opened + cost
                        step |= (PAIR if score[was, PAIR, up] >= score[was, ONLY_B, up] else ONLY_B) << 2
                if j > 0 and up - 1 <= band:
                    kind = PAIR
                    top = score[was, PAIR, up - 1]
                    if score[was, ONLY_A, up - 1] > top:
                        kind, top = ONLY_A, score[was, ONLY_A, up - 1]
                    if score[was, ONLY_B, up - 1] > top:
                        kind, top = ONLY_B, score[was, ONLY_B, up - 1]
                    score[now, PAIR, k] = top + score_pair(a[i - 1], b[j - 1], gain, light, letters, offsets)
                    step |= kind
            if j > 0:
                opened = max(score[now, PAIR, k - 1], score[now, ONLY_A, k - 1])
                cost = 0.0 if (i == 0 and free & 1) or (i == n_a and free & 2) else OPEN
                going = score[now, ONLY_B, k - 1] + (0.0 if cost == 0.0 else EXTEND)
                if going >= opened + cost:
                    score[now, ONLY_B, k] = going
                    step |= ONLY_B << 4
                else:
                    score[now, ONLY_B, k] = opened + cost
                    step |= (PAIR if score[now, PAIR, k - 1] >= score[now, ONLY_A, k - 1] else ONLY_A) << 4
            trace[i, c] = step
    at = n_a & 1
    last = n_b - low + 1
    state = PAIR
    for kind in range(1, 3):
        if score[at, kind, last] > score[at, state, last]:
            state = kind
    i, j, m = n_a, n_b, 0
    while i > 0 or j > 0:
        low = 0 if band > n_b else min(n_b + 1 - band, max(0, i * n_b // n_a - band // 2))
        step = trace[i, j - low]
        if state == PAIR:
            i, j = i - 1, j - 1
            pairs[m, 0], pairs[m, 1] = i, j
            m += 1
            state = step & 3
        elif state == ONLY_A:
            i -= 1
            state = (step >> 2) & 3
        else:
            j -= 1
            state = (step >> 4) & 3
    for k in range(m // 2):
        for c in range(2):
            pairs[k, c], pairs[m - 1 - k, c] = pairs[m - 1 - k, c], pairs[k, c]
    return m
