"""Join sorted fingerprint rows to seeds: which two texts hold one shingle, and where.

The texts that hold a shingle are ranked by their numbers. Text j is paired with text i of a smaller rank where j is among
the first `max_df`, or where i is one of the first two, the hubs (where series count: the first text, and the first of
another series). Pairs of a text beyond `max_df` are *hub edges*: linear in the texts, and all of them stay in one family.

So a pair follows from the two texts and from those before them, never from those after: the spans of the first n texts are
what they would be if there were no others. That is what adding to a corpus rests on. For the same reason `max_df` is
a setting and does not change with the size of the corpus.

A hub edge needs agreement on one side of the shingle (the check, see sketching.py): a phrase that common is mostly chance,
and a passage has many shingles. Other seeds without agreement are marked `WEAK`: alone in their pair they count for nothing.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.sketching import CHECK_BITS

HUB, WEAK = np.uint64(1) << np.uint64(63), np.uint64(1) << np.uint64(62)
"""Bits of a seed's places: a hub edge; no agreement beside the shingle."""
FLAGS = HUB | WEAK
MAX_REPEATS = 4
"""A shingle that one text repeats counts at its first places only."""
_AFTER = (np.uint64(1) << np.uint64(CHECK_BITS // 2)) - np.uint64(1)
_BEFORE = _AFTER << np.uint64(CHECK_BITS // 2)


@kernel
def text_of(element: int, starts, block_text, block_bits: int) -> int:
    """Return the text that holds an element; `block_text` gives the text at the start of each block of the stream."""
    text = block_text[element >> block_bits]
    while starts[text + 1] <= element:
        text += 1
    return text


@kernel
def agrees(check: np.uint64, other: np.uint64) -> bool:
    """Return whether two checks agree before the shingle or behind it."""
    differing = check ^ other
    return differing & _AFTER == np.uint64(0) or differing & _BEFORE == np.uint64(0)


@kernel
def join_rows(rows, place_bits: int, starts, block_text, block_bits: int, series, max_df: int, n_old: int, pairs, places, counts) -> int:
    """Write the seeds of one partition; return their number, which may exceed the room of `pairs` (then nothing past it is written).

    Where a row's place lies past the end of the stream, return -1: the rows are not of this stream.

    Args:
        rows: uint64, sorted (see sketching.py).
        starts: int64, first element of each text.
        series: int32 per text, or empty; pairs of texts of one series are left out.
        n_old: only pairs whose larger text is this or a later one are given.
        pairs, places: out, uint64 (see `schema.SEEDS`).
        counts: out, int64[4]: shingles shared, those of them with hub edges, hub seeds, places that agree with no hub.
    """
    check_bits, up = np.uint64(CHECK_BITS), np.uint64(place_bits + CHECK_BITS)
    mask = (np.uint64(1) << up) - np.uint64(1)
    first_new, n_elements = starts[n_old], starts[len(starts) - 1]
    text, at, check = np.empty(1024, np.int64), np.empty(1024, np.int64), np.empty(1024, np.uint64)
    n = 0
    i = 0
    while i < len(rows):
        j = i + 1
        key = rows[i] >> up
        while j < len(rows) and rows[j] >> up == key:
            j += 1
        if j - i >= 2:
            last = np.int64((rows[j - 1] & mask) >> check_bits)
            if last >= n_elements:
                return -1
            if last >= first_new:
                room = j - i if len(series) else min(j - i, MAX_REPEATS * max_df + 1)
                if room > len(text):
                    text, at, check = np.empty(2 * room, np.int64), np.empty(2 * room, np.int64), np.empty(2 * room, np.uint64)
                n = _join_group(rows[i:j] & mask, starts, block_text, block_bits, series, max_df, n_old, text, at, check, pairs, places, counts, n)
        i = j
    return n


@kernel
def _join_group(group, starts, block_text, block_bits: int, series, max_df: int, n_old: int, text, at, check, pairs, places, counts, n: int) -> int:
    """Pair the places of one shingle (element << CHECK_BITS | check); return the seeds so far."""
    m, df, repeats, t, limit, second, before = 0, 0, 0, -1, -1, -1, n
    for row in group:
        element, bits = np.int64(row >> np.uint64(CHECK_BITS)), row & (_BEFORE | _AFTER)
        inside = element < limit
        late = df > max_df or (df == max_df and not inside)
        if late and second >= 0 and not agrees(bits, check[0]) and not agrees(bits, check[second]):
            counts[3] += 1
            continue
        if inside:
            repeats += 1
            if repeats >= MAX_REPEATS:
                continue
        else:
            t = text_of(element, starts, block_text, block_bits)
            limit, repeats = starts[t + 1], 0
            df += 1
        text[m], at[m], check[m] = t, element - starts[t], bits
        if t >= n_old:
            if not late:
                n = _pair_with(0, m, m, False, series, text, at, check, pairs, places, n)
            elif second < 0:
                # Up to here all are of the first one's series; the first of another one meets them all.
                n = _pair_with(0, m, m, True, series, text, at, check, pairs, places, n)
            else:
                n = _pair_with(0, 1, m, True, series, text, at, check, pairs, places, n)
                if text[second] != t:
                    n = _pair_with(second, second + 1, m, True, series, text, at, check, pairs, places, n)
        if second < 0 and t != text[0] and (len(series) == 0 or series[t] != series[text[0]]):
            second = m
            m += 1
        elif not late or second < 0:
            m += 1
    counts[0] += df >= 2
    counts[1] += df > max_df
    if df > max_df:
        for s in range(before, min(n, len(places))):
            counts[2] += places[s] & HUB != np.uint64(0)
    return n


@kernel
def _pair_with(low: int, high: int, y: int, hub: bool, series, text, at, check, pairs, places, n: int) -> int:
    """Pair place y with the places ``[low, high)`` before it; return the number of seeds so far."""
    for x in range(low, high):
        if text[x] == text[y] or (len(series) and series[text[x]] == series[text[y]]):
            continue
        near = agrees(check[x], check[y])
        if hub and not near:
            continue
        if n < len(pairs):
            flag = HUB if hub else (np.uint64(0) if near else WEAK)
            pairs[n] = (np.uint64(text[x]) << np.uint64(32)) | np.uint64(text[y])
            places[n] = (np.uint64(at[x]) << np.uint64(32)) | np.uint64(at[y]) | flag
        n += 1
    return n


@kernel
def scatter_seeds(pairs, places, bucket_bits: int, pairs_out, places_out, bounds) -> None:
    """Put the seeds of one bucket together: those whose second texts differ in their last `bucket_bits` bits only, so that the pairs of a hub spread."""
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(bucket_bits)
    for b in range(len(bounds)):
        bounds[b] = 0
    for pair in pairs:
        bounds[np.int64((pair & low) >> shift) + 1] += 1
    for b in range(1, len(bounds)):
        bounds[b] += bounds[b - 1]
    cursor = bounds.copy()
    for i in range(len(pairs)):
        b = np.int64((pairs[i] & low) >> shift)
        pairs_out[cursor[b]] = pairs[i]
        places_out[cursor[b]] = places[i]
        cursor[b] += 1


@kernel
def pack_pairs(pairs, keys) -> int:
    """Write a key for each seed that sorts by its pair of texts and ends with its row; return the bits of a row, or -1 where pair and row do not fit.

    A bucket holds a range of second texts, so that they take few bits.
    """
    low32 = np.uint64(0xFFFFFFFF)
    first, least, most = np.uint64(0), low32, np.uint64(0)
    for pair in pairs:
        first = max(first, pair >> np.uint64(32))
        least = min(least, pair & low32)
        most = max(most, pair & low32)
    bits_first, bits_second, bits_row = 0, 0, 0
    while first >> np.uint64(bits_first):
        bits_first += 1
    while least < most and (most - least) >> np.uint64(bits_second):
        bits_second += 1
    while len(pairs) >> bits_row:
        bits_row += 1
    if bits_first + bits_second + bits_row > 64:
        return -1
    up, shift = np.uint64(bits_second), np.uint64(bits_row)
    for i in range(len(pairs)):
        keys[i] = ((pairs[i] >> np.uint64(32)) << up | ((pairs[i] & low32) - least)) << shift | np.uint64(i)
    return bits_row


@kernel
def cut_pairs(keys, bits_row: int, pairs, places, texts, kept, cuts, hubs) -> int:
    """Put the seeds of each pair of texts together, without a pair whose one seed is weak; return the number of pairs.

    Args:
        keys: uint64, sorted: what tells a pair from others, then the row of `pairs` and `places` in `bits_row` bits.
        texts: out, uint64, the pairs. kept: out, uint64, places without flags. cuts: out, int64, bounds of each pair's places. hubs: out, bool: a hub shingle joins them.
    """
    shift, mask = np.uint64(bits_row), (np.uint64(1) << np.uint64(bits_row)) - np.uint64(1)
    p, n, i = 0, 0, 0
    cuts[0] = 0
    while i < len(keys):
        head, first, flags = keys[i] >> shift, n, np.uint64(0)
        texts[p] = pairs[np.int64(keys[i] & mask)]
        while i < len(keys) and keys[i] >> shift == head:
            place = places[np.int64(keys[i] & mask)]
            kept[n] = place & ~FLAGS
            flags |= place
            n += 1
            i += 1
        if n - first == 1 and flags & WEAK:
            n = first
            continue
        hubs[p] = flags & HUB != np.uint64(0)
        p += 1
        cuts[p] = n
    return p


@kernel
def choose_pairs(texts, places, cuts, chosen, texts_out, places_out, cuts_out) -> int:
    """Copy the pairs that are `chosen` (bool), their places and their bounds; return their number."""
    p, n = 0, 0
    cuts_out[0] = 0
    for i in range(len(texts)):
        if not chosen[i]:
            continue
        texts_out[p] = texts[i]
        for j in range(cuts[i], cuts[i + 1]):
            places_out[n] = places[j]
            n += 1
        p += 1
        cuts_out[p] = n
    return p
