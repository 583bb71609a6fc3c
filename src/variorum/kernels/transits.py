"""Pairs of texts that must share a passage because a third text shares it with both, and their seeds.

Two noisy copies of one passage may hold no shingle in common though each holds one in common with a third
copy. Where they lie is known from that third copy, so that far shorter seeds serve inside the two stretches.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.sketching import mix

SHORT_K = 8
"""Letters of a seed inside two stretches known to correspond."""
_MAX_PLACES = 4
_SLOTS = 2048


@kernel
def _is_known(low: int, high: int, x: int, y: int, start, end, span_x, span_y) -> bool:
    """Return whether one of the spans ``[low, high)`` of a pair of texts covers half of both intervals x and y."""
    for s in range(low, high):
        in_x = min(end[x], end[span_x[s]]) - max(start[x], start[span_x[s]])
        in_y = min(end[y], end[span_y[s]]) - max(start[y], start[span_y[s]])
        if 2 * in_x >= end[x] - start[x] and 2 * in_y >= end[y] - start[y]:
            return True
    return False


@kernel
def list_transits(bounds, rows, text, start, end, mate, series, max_partners: int, keys, span_x, span_y, n_texts: int, out) -> int:
    """List pairs of intervals that one leader joins and no span does; return their number, which may exceed the room of `out`.

    Args:
        bounds, rows: int64, intervals of leader l are ``rows[bounds[l]:bounds[l + 1]]``.
        text, start, end, mate: int64 per interval; the mate is the other side of its span.
        series: int32 per text, or empty.
        keys, span_x, span_y: int64 per span, sorted: text a * n_texts + text b, and the rows of its two intervals.
        out: int64[m, 2]: rows of the two intervals, the one of the smaller text first.
    """
    n = 0
    for leader in range(len(bounds) - 1):
        size = bounds[leader + 1] - bounds[leader]
        if size < 2 or size > max_partners:
            continue
        for i in range(bounds[leader], bounds[leader + 1]):
            for j in range(i + 1, bounds[leader + 1]):
                x, y = mate[rows[i]], mate[rows[j]]
                if text[x] == text[y] or (len(series) and series[text[x]] == series[text[y]]):
                    continue
                if text[x] > text[y]:
                    x, y = y, x
                key = text[x] * n_texts + text[y]
                low = np.searchsorted(keys, key)
                high = low
                while high < len(keys) and keys[high] == key:
                    high += 1
                if _is_known(low, high, x, y, start, end, span_x, span_y):
                    continue
                if n < len(out):
                    out[n, 0], out[n, 1] = x, y
                n += 1
    return n


@kernel
def drop_covered(pairs, start, end, text, kept) -> None:
    """Mark which pairs of intervals no earlier kept pair of the same texts covers by half (`kept`, bool); pairs come sorted by texts."""
    first = 0
    for i in range(len(pairs)):
        x, y = pairs[i, 0], pairs[i, 1]
        if i and (text[x] != text[pairs[i - 1, 0]] or text[y] != text[pairs[i - 1, 1]]):
            first = i
        kept[i] = True
        for j in range(first, i):
            if not kept[j]:
                continue
            u, v = pairs[j, 0], pairs[j, 1]
            in_x = min(end[x], end[u]) - max(start[x], start[u])
            in_y = min(end[y], end[v]) - max(start[y], start[v])
            if 2 * in_x >= end[x] - start[x] and 2 * in_y >= end[y] - start[y]:
                kept[i] = False
                break


@kernel
def seed_regions(letters, starts, pairs, regions, seeds, cuts) -> int:
    """Find the short seeds between the two regions of each pair; return their number, which may exceed the room of `seeds`.

    Args:
        pairs: uint64: text a << 32 | text b. regions: int64[p, 4], elements: first and last in a, first and last in b.
        seeds: out, uint64, sorted within a pair: place in a << 32 | place in b, letters from the start of the texts.
        cuts: out, int64[p + 1].
    """
    n = 0
    size = 1024
    keys, following = np.empty(size, np.uint64), np.empty(size, np.int32)
    heads = np.empty(_SLOTS, np.int32)
    for p in range(len(pairs)):
        base_a = starts[np.int64(pairs[p] >> np.uint64(32))]
        base_b = starts[np.int64(pairs[p] & np.uint64(0xFFFFFFFF))]
        cuts[p] = n
        count = max(0, regions[p, 3] - regions[p, 2] - SHORT_K + 1)
        if count > size:
            size = 2 * count
            keys, following = np.empty(size, np.uint64), np.empty(size, np.int32)
        # Places of b in lists by hash; entered from the last, so that each list rises.
        heads[:] = -1
        for i in range(count - 1, -1, -1):
            keys[i] = _hash_short(letters, regions[p, 2] + i)
            slot = np.int64(keys[i] & np.uint64(_SLOTS - 1))
            following[i] = heads[slot]
            heads[slot] = i
        for i in range(regions[p, 0], regions[p, 1] - SHORT_K + 1):
            key = _hash_short(letters, i)
            at = np.int64(heads[np.int64(key & np.uint64(_SLOTS - 1))])
            taken = 0
            while at >= 0 and taken < _MAX_PLACES:
                if keys[at] == key:
                    if n < len(seeds):
                        seeds[n] = (np.uint64(i - base_a) << np.uint64(32)) | np.uint64(regions[p, 2] + at - base_b)
                    n += 1
                    taken += 1
                at = np.int64(following[at])
    cuts[len(pairs)] = n
    return n


@kernel
def _hash_short(letters, at: int) -> np.uint64:
    """Return a hash of the SHORT_K (8) letters at an element: two words of four letters, mixed."""
    low = np.uint64(letters[at]) | np.uint64(letters[at + 1]) << np.uint64(16) | np.uint64(letters[at + 2]) << np.uint64(32)
    high = np.uint64(letters[at + 4]) | np.uint64(letters[at + 5]) << np.uint64(16) | np.uint64(letters[at + 6]) << np.uint64(32)
    low |= np.uint64(letters[at + 3]) << np.uint64(48)
    high |= np.uint64(letters[at + 7]) << np.uint64(48)
    return mix(mix(low) ^ high)
