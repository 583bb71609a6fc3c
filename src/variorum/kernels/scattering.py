"""Read a window of one text as a summary of the other: its words are scattered over more of it than any tight region covers."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.climbing import (
    HIGH_A,
    HIGH_B,
    KIND,
    LOW_A,
    LOW_B,
    ROUNDS,
    STRETCH,
    TOTAL_A,
    TOTAL_B,
    WIDE,
    WIDE_ACCEPT,
    WIDE_B,
    WIDE_LENGTH,
    WIDE_NEAR,
    WIDE_ONE,
    WIDE_REACH,
    WIDE_SENTENCE,
    WIDE_SHARE,
    WIDE_SPREAD,
    M,
    find_chance,
    find_core,
    fit_window,
    make_state,
    open_window,
    set_odds,
    total_window,
)


@kernel
def fit_summary(a, b, classes_a, start, bounds_b, state, limits):
    """Return the window of a that fits a window of b best, and the share m of its words that are taken over (found by turns).

    Of b itself nothing is known but the background: most of its words lie in the window. Returns (0, 0, m) where nothing fits.
    """
    low, high, m = int(start[LOW_A]), int(start[HIGH_A]), 0.5
    inside, side = state[1], np.int64(0)  # a plain 0 would have the kernels below compiled once more
    open_window(b, bounds_b[0], bounds_b[1], 1, state, 1)
    for _ in range(ROUNDS):
        open_window(a, low, high, 0, state, 1)
        set_odds(state, m)
        new_low, new_high = fit_window(a, classes_a, low, high, side, state, limits)
        expected, n = 1.0, new_high - new_low + 2
        for i in range(new_low, new_high):
            if a[i] >= 0 and inside[1, a[i]] > 0:
                expected += m / (m + (1.0 - m) * find_chance(a[i], 0, state, limits))
        open_window(a, low, high, 0, state, -1)
        if new_low == new_high:
            low, high = 0, 0
            break
        new_m = min(0.97, max(0.05, expected / n))
        still = new_low == low and new_high == high and abs(new_m - m) < 0.01
        low, high, m = new_low, new_high, new_m
        if still:
            break
    open_window(b, bounds_b[0], bounds_b[1], 1, state, -1)
    return low, high, m


@kernel
def total_side(a, b, bounds_a, bounds_b, state, limits):
    """Return the total of a window of a, given one of b."""
    open_window(b, bounds_b[0], bounds_b[1], 1, state, 1)
    open_window(a, bounds_a[0], bounds_a[1], 0, state, 1)
    total = total_window(a, bounds_a[0], bounds_a[1], 0, state, limits)
    open_window(a, bounds_a[0], bounds_a[1], 0, state, -1)
    open_window(b, bounds_b[0], bounds_b[1], 1, state, -1)
    return total


@kernel
def read_scattered(a, b, classes_a, classes_b, regions, refused, state, limits):
    """Read a as a summary of b, from the best region held: one region, of totals 0 where there is none such (float64[8]).

    Args:
        regions: the tight regions found. refused: the best of those refused, float64[1, 8], for where there is none.
    """
    wide = np.zeros(8)
    start = refused[0]
    for k in range(len(regions)):
        if k == 0 or min(regions[k, TOTAL_A], regions[k, TOTAL_B]) > min(start[TOTAL_A], start[TOTAL_B]):
            start = regions[k]
    if start[HIGH_A] <= start[LOW_A]:
        return wide
    reach = int(limits[WIDE_REACH])
    bounds_b = (max(0, int(start[LOW_B]) - reach), min(len(b), int(start[HIGH_B]) + reach))
    low, high, m = fit_summary(a, b, classes_a, start, bounds_b, state, limits)
    if low == high:
        set_odds(state, limits[M])
        return wide
    set_odds(state, m)
    total = total_side(a, b, (low, high), bounds_b, state, limits)
    # The first and the last word of b that the summary is likely to have from there.
    first, last = -1, -1
    open_window(a, low, high, 0, state, 1)
    for j in range(bounds_b[0], bounds_b[1]):
        if b[j] >= 0 and state[1][0, b[j]] > 0 and find_chance(b[j], 1, state, limits) < 0.2:
            first, last = (j if first < 0 else first), j + 1
    open_window(a, low, high, 0, state, -1)
    # What the tight regions say of the same words, in the same measure.
    longest, tight, n, hull_low, hull_high = 0.0, 0.0, 0, float(len(b)), 0.0
    for r in regions:
        if r[LOW_A] < high and r[HIGH_A] > low:
            longest = max(longest, min(high, r[HIGH_A]) - max(low, r[LOW_A]))
            n, hull_low, hull_high = n + 1, min(hull_low, r[LOW_B]), max(hull_high, r[HIGH_B])
            tight += total_side(a, b, (int(r[LOW_A]), int(r[HIGH_A])), (int(r[LOW_B]), int(r[HIGH_B])), state, limits)
    set_odds(state, limits[M])
    if first < 0 or total <= limits[WIDE_ACCEPT] or high - low <= limits[WIDE_LENGTH] * longest:
        return wide
    while first > 0 and classes_b[first] < 2:
        first -= 1
    while last < len(b) and classes_b[last] < 2:
        last += 1
    spread = limits[WIDE_SPREAD] * (high - low)
    share = limits[WIDE_ONE] if n == 1 else limits[WIDE_NEAR] if hull_high - hull_low <= spread else limits[WIDE_SHARE]
    if last - first <= spread or total <= share * tight:
        return wide
    wide[LOW_A], wide[HIGH_A], wide[LOW_B], wide[HIGH_B] = low, high, first, last
    wide[TOTAL_A], wide[TOTAL_B], wide[KIND] = total, total, WIDE
    return wide


@kernel
def find_stretches(a, b, classes_b, wide, state, limits):
    """Return a summary and, after it, a region for each sentence of b that gave to it, with the words of a it gave most to (float64[n, 8])."""
    low, high = int(wide[LOW_A]), int(wide[HIGH_A])
    found, n = np.zeros((8, 8)), 1
    found[0] = wide
    begin = int(wide[LOW_B])
    while begin < int(wide[HIGH_B]):
        end = begin + 1
        while end < int(wide[HIGH_B]) and classes_b[end] < 2:
            end += 1
        set_odds(state, 0.2)  # a summary keeps few of a sentence's words
        open_window(a, low, high, 0, state, 1)
        open_window(b, begin, end, 1, state, 1)
        total = total_window(b, begin, end, 1, state, limits)
        set_odds(state, limits[M])
        core_low, core_high = find_core(a, low, high, 0, state, limits)
        total_a = total_window(a, core_low, core_high, 0, state, limits)
        open_window(b, begin, end, 1, state, -1)
        open_window(a, low, high, 0, state, -1)
        if total > limits[WIDE_SENTENCE] and core_low < core_high:
            if n == len(found):
                more = np.zeros((2 * n, 8))
                more[:n] = found
                found = more
            found[n, LOW_A], found[n, HIGH_A], found[n, LOW_B], found[n, HIGH_B] = core_low, core_high, begin, end
            found[n, TOTAL_A], found[n, TOTAL_B], found[n, KIND] = total_a, total, STRETCH
            n += 1
        begin = end
    return found[:n].copy()


@kernel
def explain_summary(a, b, classes_a, classes_b, regions, refused, state, limits):
    """Return the summary that a is of b, and the sentences of b that gave to it; nothing where there is none (float64[n, 8])."""
    wide = read_scattered(a, b, classes_a, classes_b, regions, refused, state, limits)
    return find_stretches(a, b, classes_b, wide, state, limits) if wide[TOTAL_A] > 0.0 else np.zeros((0, 8))


@kernel
def turn_regions(regions):
    """Return regions with the sides exchanged."""
    turned = regions.copy()
    for k in range(len(regions)):
        for low, other in ((LOW_A, LOW_B), (HIGH_A, HIGH_B), (TOTAL_A, TOTAL_B)):
            turned[k, low], turned[k, other] = regions[k, other], regions[k, low]
        if turned[k, KIND] == WIDE:
            turned[k, KIND] = WIDE_B
    return turned


@kernel
def turn_state(state):
    """Return a state with the sides exchanged; no window may be open."""
    counts = state[0]
    turned = make_state(np.stack((counts[1], counts[0])), state[2])
    turned[6][0], turned[6][1] = state[6][1], state[6][0]
    set_odds(turned, state[7][0])
    return turned
