"""Fit two windows to each other by the words they share, whatever became of their order.

A word of a passage was either taken from a window of the other text (with probability m) or stands there by chance. The log odds
ask two things only: does the word stand in that window, and how likely would it be there by chance. No order is used, so that
shuffled, translated and edited passages are treated alike.

Windows are half-open intervals of words. A *side* is 0 for text a, 1 for text b. Words are numbered 0 to v-1 within the pair
(the same number in both texts); -1 is a word that no longer counts. Scores are in nats.
"""

from __future__ import annotations

import math

import numpy as np

from variorum.kernels import kernel

# Places of the settings in `limits` (float64).
(MU, PMIN, M, ACCEPT, BESIDE, SECOND, SEED, GRID, TRIES, MARGIN, JOIN, DROP, BONUS_LINE, BONUS_SENTENCE, BONUS_BLOCK, ORDER_SHARE, ORDER_RUN,
 WIDE_ACCEPT, WIDE_LENGTH, WIDE_SPREAD, WIDE_SHARE, WIDE_NEAR, WIDE_ONE, WIDE_REACH, WIDE_SENTENCE, HOMES, BOTH_WAYS) = range(27)  # fmt: skip
N_LIMITS = 27
# Columns of a region (float64): two windows, the score of each side, its kind, and the share of a window that has its words in order.
LOW_A, HIGH_A, LOW_B, HIGH_B, TOTAL_A, TOTAL_B, KIND, ORDER = range(8)
TIGHT, WIDE, STRETCH, WIDE_B = range(4)
"""Kinds of region: two windows that say the same; a window of a that says in short what one of b says; what one sentence of that gave;
a window of b that says in short what one of a says."""
ROUNDS = 13
TRIM = 8.0
"""What a window may lose, in nats, on the way to a better edge farther in."""


@kernel
def make_state(counts, background):
    """Return the working arrays of one pair: counts and windows' counts by side, background, scores and their stamps, uses, sizes, odds.

    Args:
        counts: int64[2, v], how often each word stands in each text.
        background: float64[v], share of each word in texts at large.
    """
    v = counts.shape[1]
    inside = np.zeros((2, v), np.int64)
    sizes = np.zeros(5, np.int64)  # lengths of text a and b, of the windows in a and b; then a clock that tells old scores from new
    return counts, inside, background, np.zeros(v), np.zeros(v, np.int64), np.zeros(v, np.int64), sizes, np.zeros(2)


@kernel
def set_odds(state, m) -> None:
    """Set the share of words taken over, and with it the score of a word that was not."""
    state[7][0], state[7][1] = m, math.log(1.0 - m)
    state[6][4] += 1


@kernel
def find_chance(word, side, state, limits):
    """Return how likely `word` stands in the other side's window by chance: by the rest of either text, whichever says more."""
    counts, inside, background, _, _, _, sizes, _ = state
    other = 1 - side
    prior = limits[MU] * background[word]
    here = (counts[side, word] - inside[side, word] + prior) / (sizes[side] - sizes[2 + side] + limits[MU])
    there = (counts[other, word] - inside[other, word] + prior) / (sizes[other] - sizes[2 + other] + limits[MU])
    return max(limits[PMIN], 1.0 - math.exp(-sizes[2 + other] * max(here, there)))


@kernel
def score_word(word, side, state, limits):
    """Return the log odds of one word of a side, taken from the other side's window against by chance."""
    odds = state[7]
    if word < 0 or state[1][1 - side, word] == 0:
        return odds[1]
    hit, stamps, clock = state[3], state[4], state[6][4]
    if stamps[word] != clock:
        hit[word] = math.log(1.0 - odds[0] + odds[0] / find_chance(word, side, state, limits))
        stamps[word] = clock
    return hit[word]


@kernel
def open_window(words, low, high, side, state, step) -> None:
    """Count the words of a window into the state (step 1), or out of it again (step -1)."""
    inside, sizes = state[1], state[6]
    for i in range(low, high):
        if words[i] >= 0:
            inside[side, words[i]] += step
    sizes[2 + side] = high - low if step > 0 else 0
    sizes[4] += 1


@kernel
def score_once(word, side, state, limits):
    """Return the score of a word that counts only as often as it stands in the other window; further copies score 0."""
    if word < 0 or state[1][1 - side, word] == 0:
        return state[7][1]
    state[5][word] += 1
    return score_word(word, side, state, limits) if state[5][word] <= state[1][1 - side, word] else 0.0


@kernel
def total_window(words, low, high, side, state, limits):
    """Return the score of a window as a whole (see `score_once`)."""
    used = state[5]
    total = 0.0
    for i in range(low, high):
        total += score_once(words[i], side, state, limits)
    for i in range(low, high):
        if words[i] >= 0:
            used[words[i]] = 0
    return total


@kernel
def bonus_of(kind, limits):
    """Return what an edge is worth that falls on a gap of this class."""
    return limits[BONUS_LINE + kind - 1] if kind > 0 else 0.0


@kernel
def find_core(words, low, high, side, state, limits):
    """Return the part of a window whose scores sum to most; an empty one where none is above 0."""
    best, total, first = 0.0, 0.0, low
    core_low, core_high = low, low
    for i in range(low, high):
        if total <= 0.0:
            total, first = 0.0, i
        total += score_word(words[i], side, state, limits)
        if total > best:
            best, core_low, core_high = total, first, i + 1
    return core_low, core_high


@kernel
def extend_edge(words, classes, edge, stop, step, side, state, limits):
    """Return the edge farther out, to the left (step -1) or right (1), at which what is gained on the way and the bonus there are most.

    Words of the window so far are counted in `used`; those taken in are added.
    """
    best, found = bonus_of(classes[edge], limits), edge
    total, peak, at, used = 0.0, 0.0, edge, state[5]
    while at != stop:
        total += score_once(words[at - 1 if step < 0 else at], side, state, limits)
        at += step
        value = total + bonus_of(classes[at], limits)
        if value > best:
            best, found = value, at
        peak = max(peak, total)
        if total < peak - limits[DROP]:
            break
    while at != found:  # what was walked over for nothing is free again
        word = words[at if step < 0 else at - 1]
        if word >= 0 and used[word] > 0:
            used[word] -= 1
        at -= step
    return found


@kernel
def trim_edge(words, classes, edge, stop, step, side, state, limits):
    """Return the edge farther in, seen from the left (step 1) or right (-1), at which the bonus there less what is lost on the way is most.

    A word that the rest of the window has as often as the other window is no loss. `used` counts the words of the window.
    """
    best, found = bonus_of(classes[edge], limits), edge
    total, at, used, inside = 0.0, edge, state[5], state[1]
    while at != stop:
        word = words[at if step > 0 else at - 1]
        if word < 0 or inside[1 - side, word] == 0:
            total -= state[7][1]
        else:
            used[word] -= 1
            if used[word] < inside[1 - side, word]:
                total -= score_word(word, side, state, limits)
        at += step
        value = total + bonus_of(classes[at], limits)
        if value > best:
            best, found = value, at
        if total < -TRIM:
            break
    while at != found:  # what is kept counts again
        at -= step
        word = words[at if step > 0 else at - 1]
        if word >= 0 and inside[1 - side, word] > 0:
            used[word] += 1
    return found


@kernel
def fit_window(words, classes, low, high, side, state, limits):
    """Return the window of one side that fits the other side's window best, from the one held; (low, low) where nothing fits.

    Args:
        words, classes: of the text, int32[n]; class of the gap before each, uint8[n+1].
    """
    left, right = find_core(words, low, high, side, state, limits)
    if left == right:
        return low, low
    used = state[5]
    for i in range(left, right):
        if words[i] >= 0 and state[1][1 - side, words[i]] > 0:
            used[words[i]] += 1
    left = extend_edge(words, classes, left, 0, -1, side, state, limits)
    right = extend_edge(words, classes, right, len(words), 1, side, state, limits)
    outer_left, outer_right = left, right
    left = trim_edge(words, classes, left, right, 1, side, state, limits)
    right = trim_edge(words, classes, right, left, -1, side, state, limits)
    for i in range(outer_left, outer_right):
        if words[i] >= 0:
            used[words[i]] = 0
    return left, right


@kernel
def fit_side(own, other, classes, region, side, margin, state, limits):
    """Fit the window of one side of a region to the other's, widened by `margin` words at both ends; return False where nothing fits."""
    mine, theirs = 2 * side, 2 - 2 * side
    low, high = int(region[mine]), int(region[mine + 1])
    wide_low, wide_high = max(0, int(region[theirs]) - margin), min(len(other), int(region[theirs + 1]) + margin)
    open_window(other, wide_low, wide_high, 1 - side, state, 1)
    open_window(own, low, high, side, state, 1)
    new_low, new_high = fit_window(own, classes, low, high, side, state, limits)
    open_window(own, low, high, side, state, -1)
    open_window(other, wide_low, wide_high, 1 - side, state, -1)
    region[mine], region[mine + 1] = new_low, new_high
    return new_low < new_high


@kernel
def total_region(a, b, region, state, limits):
    """Write the totals of both sides of a region."""
    low_a, high_a, low_b, high_b = int(region[LOW_A]), int(region[HIGH_A]), int(region[LOW_B]), int(region[HIGH_B])
    open_window(a, low_a, high_a, 0, state, 1)
    open_window(b, low_b, high_b, 1, state, 1)
    region[TOTAL_A] = total_window(a, low_a, high_a, 0, state, limits)
    region[TOTAL_B] = total_window(b, low_b, high_b, 1, state, limits)
    open_window(a, low_a, high_a, 0, state, -1)
    open_window(b, low_b, high_b, 1, state, -1)


@kernel
def climb(a, b, classes_a, classes_b, region, state, limits):
    """Fit the windows of a region to each other in turn until they stay, and write their totals; 0 where nothing fits.

    Windows are widened by MARGIN words while they grow, since two that see only each other cannot, and not at all in the last turn.
    """
    margin = int(limits[MARGIN])
    region[TOTAL_A], region[TOTAL_B] = 0.0, 0.0
    for turn in range(ROUNDS + 1):
        low_a, high_a, low_b, high_b = region[LOW_A], region[HIGH_A], region[LOW_B], region[HIGH_B]
        for side in range(2):
            own, other, classes = (a, b, classes_a) if side == 0 else (b, a, classes_b)
            if not fit_side(own, other, classes, region, side, margin, state, limits):
                return
        if margin == 0:
            break
        still = low_a == region[LOW_A] and high_a == region[HIGH_A] and low_b == region[LOW_B] and high_b == region[HIGH_B]
        if still or turn == ROUNDS - 1:
            margin = 0
    total_region(a, b, region, state, limits)
