"""Join sorted fingerprint rows to seeds: which two texts hold one shingle, and where.

A shingle in at most `max_df` texts gives every pair of its places. A shingle in more gives *hub edges*: each of
its places is paired with the first two texts that hold it, which is linear and keeps all of them in one
family.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

HUB = np.uint64(1) << np.uint64(63)
"""Bit of a seed's places that marks a hub edge."""
MAX_REPEATS = 4
"""A shingle that one text repeats counts at its first places only."""


@kernel
def text_of(element: int, starts, block_text, block_bits: int) -> int:
    """Return the text that holds an element; `block_text` gives the text at the start of each block of the stream."""
    text = block_text[element >> block_bits]
    while starts[text + 1] <= element:
        text += 1
    return text


@kernel
def count_groups(rows, bounds, place_bits: int, sizes) -> None:
    """Count the groups of equal shingles by their places: ``sizes[m]`` groups of m; the last counts the places of all larger groups.

    Args:
        rows, bounds: uint64 and int64, sorted rows and the bounds of the partitions.
    """
    shift = np.uint64(place_bits)
    last = len(sizes) - 1
    for p in range(len(bounds) - 1):
        i = bounds[p]
        while i < bounds[p + 1]:
            j = i + 1
            while j < bounds[p + 1] and rows[j] >> shift == rows[i] >> shift:
                j += 1
            if j - i >= last:
                sizes[last] += j - i
            else:
                sizes[j - i] += 1
            i = j


@kernel
def join_rows(rows, place_bits: int, starts, block_text, block_bits: int, series, max_df: int, pairs, places, counts) -> int:
    """Write the seeds of one partition; return their number, which may exceed the room of `pairs` (then nothing past it is written).

    Where a row's place lies past the end of the stream, return -1: the rows are not of this stream.

    Args:
        rows: uint64, sorted.
        starts: int64, first element of each text.
        series: int32 per text, or empty; pairs of texts of one series are left out.
        pairs, places: out, uint64 (see `schema.SEEDS`).
        counts: out, int64[3]: shingles shared, shingles above max_df, hub seeds.
    """
    mask = (np.uint64(1) << np.uint64(place_bits)) - np.uint64(1)
    shift = np.uint64(place_bits)
    size = 1024
    text = np.empty(size, np.int64)
    at = np.empty(size, np.int64)
    n = 0
    i = 0
    while i < len(rows):
        j = i + 1
        key = rows[i] >> shift
        while j < len(rows) and rows[j] >> shift == key:
            j += 1
        if j - i >= 2:
            if j - i > size:
                size = 2 * (j - i)
                text = np.empty(size, np.int64)
                at = np.empty(size, np.int64)
            m = 0
            df = 0
            repeats = 0
            for r in range(i, j):
                element = np.int64(rows[r] & mask)
                if element >= starts[len(starts) - 1]:
                    return -1
                t = text_of(element, starts, block_text, block_bits)
                if m and text[m - 1] == t:
                    repeats += 1
                    if repeats >= MAX_REPEATS:
                        continue
                else:
                    df += 1
                    repeats = 0
                text[m] = t
                at[m] = element - starts[t]
                m += 1
            if df >= 2:
                counts[0] += 1
                if df > max_df:
                    counts[1] += 1
                    before = n
                    n = _pair_hubs(text, at, m, series, pairs, places, n)
                    counts[2] += n - before
                else:
                    n = _pair_all(text, at, m, series, pairs, places, n)
        i = j
    return n


@kernel
def _pair_all(text, at, m: int, series, pairs, places, n: int) -> int:
    """Pair every two places in different texts; return the number of seeds so far."""
    for x in range(m):
        for y in range(x + 1, m):
            if text[x] == text[y] or (len(series) and series[text[x]] == series[text[y]]):
                continue
            if n < len(pairs):
                pairs[n] = (np.uint64(text[x]) << np.uint64(32)) | np.uint64(text[y])
                places[n] = (np.uint64(at[x]) << np.uint64(32)) | np.uint64(at[y])
            n += 1
    return n


@kernel
def _pair_hubs(text, at, m: int, series, pairs, places, n: int) -> int:
    """Pair every place with the first places of the first two texts (of two series, where series count); return the seeds so far."""
    first, second = 0, 0
    for y in range(m):
        if text[y] != text[0] and not (len(series) and series[text[y]] == series[text[0]]):
            second = y
            break
    for y in range(m):
        for x in (first, second):
            if text[y] == text[x] or (x == second and (second == first or text[y] == text[first])):
                continue
            if len(series) and series[text[x]] == series[text[y]]:
                continue
            # Texts of the first one's series may stand before the second hub.
            low, high = (x, y) if text[x] < text[y] else (y, x)
            if n < len(pairs):
                pairs[n] = (np.uint64(text[low]) << np.uint64(32)) | np.uint64(text[high])
                places[n] = (np.uint64(at[low]) << np.uint64(32)) | np.uint64(at[high]) | HUB
            n += 1
    return n


@kernel
def scatter_seeds(pairs, places, n_texts: int, n_buckets: int, pairs_out, places_out, bounds) -> None:
    """Put the seeds of one bucket together; a bucket is a range of the second text, so that the pairs of a hub spread."""
    low = np.uint64(0xFFFFFFFF)
    for b in range(len(bounds)):
        bounds[b] = 0
    for pair in pairs:
        bounds[np.int64(pair & low) * n_buckets // n_texts + 1] += 1
    for b in range(1, len(bounds)):
        bounds[b] += bounds[b - 1]
    cursor = bounds.copy()
    for i in range(len(pairs)):
        b = np.int64(pairs[i] & low) * n_buckets // n_texts
        pairs_out[cursor[b]] = pairs[i]
        places_out[cursor[b]] = places[i]
        cursor[b] += 1
