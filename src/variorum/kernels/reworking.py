"""Find the regions of the plane of two texts in which each side's words are those of the other.

Seeds are cells of the plane in which rare words of both texts meet; from the box around each, the windows of both sides are
fitted to each other in turn (`kernels/climbing.py`). Work is linear in the words of both texts: a word that would pair up more
than COMMON times makes no seeds, and only cells that hold something are looked at.
"""

from __future__ import annotations

import math

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.climbing import (
    ACCEPT,
    BESIDE,
    BOTH_WAYS,
    GRID,
    HIGH_A,
    HIGH_B,
    HOMES,
    JOIN,
    KIND,
    LOW_A,
    LOW_B,
    MU,
    PMIN,
    SECOND,
    SEED,
    TOTAL_A,
    TOTAL_B,
    TRIES,
    WIDE,
    M,
    climb,
    make_state,
    set_odds,
)
from variorum.kernels.ordering import keep_order
from variorum.kernels.scattering import explain_summary, turn_regions, turn_state

COMMON = 100
"""A word that would pair up more often than this makes no seeds."""


@kernel
def index_words(words, v):
    """Return where each word stands: places in order of word, and v+1 bounds."""
    bounds = np.zeros(v + 1, np.int64)
    for w in words:
        if w >= 0:
            bounds[w + 1] += 1
    for w in range(v):
        bounds[w + 1] += bounds[w]
    places = np.empty(bounds[v], np.int32)
    at = bounds.copy()
    for i in range(len(words)):
        w = words[i]
        if w >= 0:
            places[at[w]] = i
            at[w] += 1
    return places, bounds


@kernel
def weigh_words(state, limits):
    """Return what one pair of places of each word adds to a cell of the plane; 0 for words that make no seeds."""
    counts, background, sizes = state[0], state[2], state[6]
    m, mu, wide = limits[M], limits[MU], 3.0 * limits[GRID]
    weights = np.zeros(counts.shape[1])
    for w in range(counts.shape[1]):
        n_a, n_b = counts[0, w], counts[1, w]
        if n_a and n_b and n_a * n_b <= COMMON:
            rate = max((n_a - 1 + mu * background[w]) / (sizes[0] - 1 + mu), (n_b - 1 + mu * background[w]) / (sizes[1] - 1 + mu))
            weights[w] = math.log(1.0 - m + m / max(limits[PMIN], 1.0 - math.exp(-wide * rate)))
    return weights


@kernel
def weigh_box(a, row, column, index, weights, grid):
    """Return the sum of a cell of the plane and its eight neighbours."""
    places, bounds = index
    low, high = (column - 1) * grid, (column + 2) * grid
    total = 0.0
    for i in range(max(0, (row - 1) * grid), min(len(a), (row + 2) * grid)):
        if a[i] >= 0 and weights[a[i]] > 0.0:
            for at in range(bounds[a[i]], bounds[a[i] + 1]):
                if low <= places[at] < high:
                    total += weights[a[i]]
    return total


@kernel
def find_boxes(a, n_b, index, weights, limits):
    """Return the cells of the plane whose sum, with their neighbours', reaches SEED: row, column (int64[n, 2]) and sum (float64[n])."""
    grid, least = int(limits[GRID]), limits[SEED]
    places, bounds = index
    n_rows, n_columns = -(-len(a) // grid), -(-n_b // grid)
    sums = np.zeros((3, n_columns + 2))  # the last three rows; one column more on each side
    touched = np.empty((3, n_columns), np.int64)
    n_touched = np.zeros(3, np.int64)
    done = np.full(n_columns + 2, -1, np.int64)
    cells, values, n = np.empty((64, 2), np.int64), np.empty(64), 0
    for row in range(n_rows + 1):
        now = row % 3
        for k in range(n_touched[now]):
            sums[now, touched[now, k]] = 0.0
        n_touched[now] = 0
        for i in range(row * grid, min(len(a), (row + 1) * grid)):
            if a[i] < 0 or weights[a[i]] <= 0.0:
                continue
            for at in range(bounds[a[i]], bounds[a[i] + 1]):
                column = places[at] // grid + 1
                if sums[now, column] == 0.0:
                    touched[now, n_touched[now]] = column
                    n_touched[now] += 1
                sums[now, column] += weights[a[i]]
        if row == 0:
            continue
        for r in range(3):
            for k in range(n_touched[r]):
                for column in range(max(1, touched[r, k] - 1), min(n_columns, touched[r, k] + 1) + 1):
                    if done[column] == row:
                        continue
                    done[column] = row
                    total = 0.0
                    for q in range(3):
                        total += sums[q, column - 1] + sums[q, column] + sums[q, column + 1]
                    if total >= least:
                        if n == len(values):
                            more_cells, more_values = np.empty((2 * n, 2), np.int64), np.empty(2 * n)
                            more_cells[:n], more_values[:n] = cells, values
                            cells, values = more_cells, more_values
                        cells[n, 0], cells[n, 1], values[n] = row - 1, column - 1, total
                        n += 1
    return cells[:n], values[:n]


@kernel
def lie_close(one, other, reach):
    """Return whether two regions are within `reach` words of each other on both sides."""
    apart_a = max(one[LOW_A], other[LOW_A]) - min(one[HIGH_A], other[HIGH_A])
    apart_b = max(one[LOW_B], other[LOW_B]) - min(one[HIGH_B], other[HIGH_B])
    return apart_a <= reach and apart_b <= reach


@kernel
def join_region(regions, n, new, reach):
    """Add a region to the `n` held, joined to all that lie within `reach` words of it on both sides; return how many there are now."""
    whole = new.copy()
    k = 0
    while k < n:
        old = regions[k]
        if not lie_close(old, whole, reach):
            k += 1
            continue
        for low in (LOW_A, LOW_B):
            whole[low], whole[low + 1] = min(old[low], whole[low]), max(old[low + 1], whole[low + 1])
        whole[TOTAL_A] += old[TOTAL_A]
        whole[TOTAL_B] += old[TOTAL_B]
        n -= 1
        regions[k] = regions[n]
        k = 0  # the whole may now lie close to one that was passed
    regions[n] = whole
    return n + 1


@kernel
def find_regions(a, b, classes_a, classes_b, state, limits):
    """Find the regions of the plane in which each side's words are those of the other; return them, and the best one refused.

    Args:
        a: int32; the words of regions found are set to -1 (a passage of a is explained once).

    Returns:
        float64[n, 8] each; the second has one row, of totals 0 where none was refused.
    """
    v, grid = state[0].shape[1], int(limits[GRID])
    weights, index = weigh_words(state, limits), index_words(b, v)
    cells, values = find_boxes(a, len(b), index, weights, limits)
    regions, n = np.zeros((8, 8)), 0
    refused, region = np.zeros((1, 8)), np.zeros(8)
    failures = 0
    while failures < limits[TRIES] and len(values):
        top = np.argmax(values)
        if values[top] < limits[SEED]:
            break
        row, column = cells[top]
        region[LOW_A], region[HIGH_A] = max(0, (row - 1) * grid), min(len(a), (row + 2) * grid)
        region[LOW_B], region[HIGH_B] = max(0, (column - 1) * grid), min(len(b), (column + 2) * grid)
        climb(a, b, classes_a, classes_b, region, state, limits)
        weaker = min(region[TOTAL_A], region[TOTAL_B])
        accepted = weaker > limits[ACCEPT]
        for k in range(n):
            accepted = accepted or (weaker > limits[BESIDE] and lie_close(regions[k], region, limits[JOIN]))
        failures += not accepted
        if not accepted and min(region[TOTAL_A], region[TOTAL_B]) > min(refused[0, TOTAL_A], refused[0, TOTAL_B]):
            refused[0] = region
        if accepted:
            a[int(region[LOW_A]) : int(region[HIGH_A])] = -1
            if n == len(regions):
                more = np.zeros((2 * n, 8))
                more[:n] = regions
                regions = more
            n = join_region(regions, n, region, limits[JOIN])
        for k in range(len(values)):
            if abs(cells[k, 0] - row) <= 1 and abs(cells[k, 1] - column) <= 1:
                values[k] = -1.0
            elif accepted and values[k] > 0.0 and region[LOW_A] < (cells[k, 0] + 2) * grid and region[HIGH_A] > (cells[k, 0] - 1) * grid:
                values[k] = weigh_box(a, cells[k, 0], cells[k, 1], index, weights, grid)
    return regions[:n].copy(), refused


@kernel
def find_homes(a, b, classes_a, classes_b, regions, state, limits):
    """Return the further places of b that the passages of regions found have (float64[n, 8]).

    Only words of those passages and of b outside of all that was found are looked at. A further home says at least SECOND of what the first does.
    """
    masked_b, free = b.copy(), np.ones(len(a), np.bool_)
    for r in regions:
        masked_b[int(r[LOW_B]) : int(r[HIGH_B])] = -1
        free[int(r[LOW_A]) : int(r[HIGH_A])] = False
    masked_a = a.copy()
    masked_a[free] = -1
    homes = np.zeros((0, 8))
    for _ in range(int(limits[HOMES]) - 1):
        found, _ = find_regions(masked_a.copy(), masked_b, classes_a, classes_b, state, limits)
        kept, n = np.zeros((len(homes) + len(found), 8)), len(homes)
        kept[:n] = homes
        for new in found:
            masked_b[int(new[LOW_B]) : int(new[HIGH_B])] = -1
            for old in regions:
                common = min(old[HIGH_A], new[HIGH_A]) - max(old[LOW_A], new[LOW_A])
                least = limits[SECOND] * min(old[TOTAL_A], old[TOTAL_B])
                if 2 * common > new[HIGH_A] - new[LOW_A] and min(new[TOTAL_A], new[TOTAL_B]) >= least:
                    kept[n] = new
                    n += 1
                    break
        if n == len(homes):
            break
        homes = kept[:n]
    return homes


@kernel
def match_words(a, b, classes_a, classes_b, background, limits):
    """Find the regions of one pair of texts.

    Args:
        a, b: int32, words numbered 0 to v-1. classes_a, classes_b: uint8, one more than words.
        background: float64[v], share of each word in texts at large.

    Returns:
        float64[n, 8]. A WIDE region comes first and its STRETCH regions after it; those it explains are left out.
    """
    counts = np.zeros((2, len(background)), np.int64)
    for w in a:
        counts[0, w] += 1
    for w in b:
        counts[1, w] += 1
    state = make_state(counts, background)
    state[6][0], state[6][1] = len(a), len(b)
    set_odds(state, limits[M])
    regions, refused = find_regions(a.copy(), b, classes_a, classes_b, state, limits)
    if len(regions):
        regions = np.concatenate((regions, find_homes(a, b, classes_a, classes_b, regions, state, limits)))
    keep_order(a, b, regions, state, limits)
    summary = explain_summary(a, b, classes_a, classes_b, regions, refused, state, limits)
    if len(summary) == 0 and limits[BOTH_WAYS] > 0.0:
        turned = turn_state(state)
        summary = turn_regions(explain_summary(b, a, classes_b, classes_a, turn_regions(regions), turn_regions(refused), turned, limits))
    if len(summary) == 0:
        return regions
    wide = summary[0]
    apart = np.zeros(len(regions), np.bool_)
    for k in range(len(regions)):
        if wide[KIND] == WIDE:
            apart[k] = regions[k, LOW_A] >= wide[HIGH_A] or regions[k, HIGH_A] <= wide[LOW_A]
        else:
            apart[k] = regions[k, LOW_B] >= wide[HIGH_B] or regions[k, HIGH_B] <= wide[LOW_B]
    return np.concatenate((summary, regions[apart]))


@kernel
def rework_pairs(pairs, numbers, classes, starts, background, limits):
    """Find the regions of many pairs of texts.

    Args:
        pairs: int32[n, 2], two texts each.
        numbers, classes, starts: the words (`variorum.words.WordStore`).
        background: float64 by number.

    Returns:
        float64[m, 9]: the pair, then the columns of a region.
    """
    local = np.full(len(background), -1, np.int32)
    found, n = np.zeros((64, 9)), 0
    for p in range(len(pairs)):
        low_a, high_a = starts[pairs[p, 0]], starts[pairs[p, 0] + 1] - 1
        low_b, high_b = starts[pairs[p, 1]], starts[pairs[p, 1] + 1] - 1
        a, b = np.empty(high_a - low_a, np.int32), np.empty(high_b - low_b, np.int32)
        shares = np.empty(len(a) + len(b))
        v = 0
        for i in range(len(a) + len(b)):
            word = numbers[low_a + i] if i < len(a) else numbers[low_b + i - len(a)]
            if local[word] < 0:
                local[word], shares[v] = v, background[word]
                v += 1
            if i < len(a):
                a[i] = local[word]
            else:
                b[i - len(a)] = local[word]
        for i in range(low_a, high_a):
            local[numbers[i]] = -1
        for i in range(low_b, high_b):
            local[numbers[i]] = -1
        for r in match_words(a, b, classes[low_a : high_a + 1], classes[low_b : high_b + 1], shares[:v], limits):
            if n == len(found):
                more = np.zeros((2 * n, 9))
                more[:n] = found
                found = more
            found[n, 0], found[n, 1:] = p, r
            n += 1
    return found[:n]
