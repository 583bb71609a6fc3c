"""Select shingles of the letter stream: closed syncmers.

A shingle of k letters is selected where the smallest hash among its k - s + 1 sub-shingles of s letters stands
first or last (Edgar 2021, "Syncmers are more sensitive than minimizers", section 2). Selection depends on
the shingle alone, so an edit elsewhere never drops it; every stretch of 2k - s - 1 shared letters holds one.

A hash has HASH_BITS that count, its top ones, in a corpus of any size: so that texts that are added later change nothing
among those that were there. Its low CHECK_BITS say which letters stand before and behind the shingle: chance phrases
agree in neither, and die in the join without a look at the texts.

A row is one uint64, from the top: the hash without its first bits, which are the partition's number; the element of the
stream in `place_bits`; the check.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
HASH_BITS, CHECK_BITS, CHECK_LETTERS = 34, 8, 2
"""Bits of a hash that tell shingles apart; bits of the check, half of them for each side; letters each side of it looks at."""
MIN_DISTINCT = 5
"""A shingle of fewer distinct letters (rows of one letter, "hahaha") is never selected."""


@kernel
def mix(value: np.uint64) -> np.uint64:
    """Return a well-mixed hash of 64 bits (MurmurHash3's finaliser)."""
    value ^= value >> np.uint64(33)
    value *= _MIX_1
    value ^= value >> np.uint64(33)
    value *= _MIX_2
    return value ^ (value >> np.uint64(33))


@kernel
def is_varied(letters, at: int, k: int) -> bool:
    """Return whether the shingle at `at` has MIN_DISTINCT distinct letters (counted modulo 64)."""
    seen = np.uint64(0)
    if k >= 8:
        for i in range(at, at + 8):
            seen |= np.uint64(1) << np.uint64((letters[i] * np.uint32(40503)) >> np.uint32(6) & np.uint32(63))
        left = seen
        for _ in range(MIN_DISTINCT - 1):
            left &= left - np.uint64(1)
        if left:  # nearly always, and without a branch that cannot be foreseen
            return True
    seen = np.uint64(0)
    count = 0
    for i in range(at, at + k):
        bit = np.uint64(1) << np.uint64((letters[i] * np.uint32(40503)) >> np.uint32(6) & np.uint32(63))
        if not seen & bit:
            seen |= bit
            count += 1
            if count >= MIN_DISTINCT:
                return True
    return False


@kernel
def check_sides(letters, low: int, high: int, at: int, k: int) -> np.uint64:
    """Return the check of the shingle at `at`: four bits for the letters before it, four for those behind, inside ``[low, high)``."""
    before, behind = np.uint64(0), np.uint64(0)
    if at - CHECK_LETTERS >= low and at + k + CHECK_LETTERS <= high:
        for i in range(CHECK_LETTERS):
            before = before * _BASE + np.uint64(letters[at - 1 - i])
            behind = behind * _BASE + np.uint64(letters[at + k + i])
    else:
        for i in range(CHECK_LETTERS):
            x, y = at - 1 - i, at + k + i
            before = before * _BASE + (np.uint64(letters[x]) if x >= low else np.uint64(0))
            behind = behind * _BASE + (np.uint64(letters[y]) if y < high else np.uint64(0))
    half = np.uint64(64 - CHECK_BITS // 2)
    return (mix(before) >> half) << np.uint64(CHECK_BITS // 2) | mix(behind) >> half


@kernel
def select_shingles(letters, low: int, high: int, k: int, s: int, hashes, places) -> int:
    """Select the closed syncmers of the letters ``[low, high)``; return their number.

    Args:
        letters: uint16, the stream.
        hashes, places: out, uint64 and int64, room for ``high - low`` each; the low bits of a hash are its check.
    """
    check = (np.uint64(1) << np.uint64(CHECK_BITS)) - np.uint64(1)
    if high - low < k:
        return 0
    window = k - s + 1
    power_s, power_k = np.uint64(1), np.uint64(1)
    for _ in range(s):
        power_s *= _BASE
    for _ in range(k):
        power_k *= _BASE
    power_s *= _MIX_1
    power_k *= _MIX_1
    ring = np.empty(window, np.uint64)
    slot = window - 1  # where the ring holds the newest sub-shingle; the oldest stands behind it
    rolling_s, rolling_k = np.uint64(0), np.uint64(0)
    n = 0
    smallest, smallest_at = np.uint64(0xFFFFFFFFFFFFFFFF), -1
    for i in range(low, high):
        # A letter is spread before it enters the sum, else neighbouring code points give neighbouring sums.
        letter = np.uint64(letters[i]) * _MIX_1
        rolling_s = rolling_s * _BASE + letter
        rolling_k = rolling_k * _BASE + letter
        if i - low >= s:
            rolling_s -= power_s * np.uint64(letters[i - s])
        if i - low >= k:
            rolling_k -= power_k * np.uint64(letters[i - k])
        at = i - s + 1  # the sub-shingle that ends here
        if at < low:
            continue
        value = mix(rolling_s)
        slot = slot + 1 if slot + 1 < window else 0
        ring[slot] = value
        if value <= smallest:
            smallest, smallest_at = value, at
        first = i - k + 1  # the shingle that ends here
        if first < low:
            continue
        oldest = slot + 1 if slot + 1 < window else 0
        if smallest_at < first:
            smallest = np.uint64(0xFFFFFFFFFFFFFFFF)
            for j in range(window):
                x = oldest + j if oldest + j < window else oldest + j - window
                if ring[x] <= smallest:
                    smallest, smallest_at = ring[x], first + j
        if (value == smallest or ring[oldest] == smallest) and is_varied(letters, first, k):
            hashes[n] = (mix(rolling_k) & ~check) | check_sides(letters, low, high, first, k)
            places[n] = first
            n += 1
    return n


@kernel
def scatter_rows(hashes, places, partition_bits: int, place_bits: int, rows, bounds) -> None:
    """Pack shingles into rows and put those of one partition together.

    Args:
        hashes, places: the shingles. HASH_BITS - partition_bits + place_bits + CHECK_BITS is 64 at most.
        rows: out, uint64, as long as `hashes`.
        bounds: out, int64, one more than there are partitions; rows of partition p are ``bounds[p]:bounds[p + 1]``.
    """
    shift = np.uint64(64 - partition_bits)
    keep = np.uint64(partition_bits)
    cut = np.uint64(64 - HASH_BITS + partition_bits)
    up = np.uint64(place_bits + CHECK_BITS)
    check = (np.uint64(1) << np.uint64(CHECK_BITS)) - np.uint64(1)
    for p in range(len(bounds)):
        bounds[p] = 0
    for h in hashes:
        p = h >> shift if partition_bits else np.uint64(0)
        bounds[np.int64(p) + 1] += 1
    for p in range(1, len(bounds)):
        bounds[p] += bounds[p - 1]
    cursor = bounds.copy()
    for i in range(len(hashes)):
        h = hashes[i]
        p = np.int64(h >> shift) if partition_bits else 0
        rows[cursor[p]] = ((h << keep) >> cut << up) | (np.uint64(places[i]) << np.uint64(CHECK_BITS)) | (h & check)
        cursor[p] += 1


@kernel
def select_texts(letters, starts, low: int, high: int, skip, k: int, s: int, hashes, places) -> int:
    """Select the shingles of the texts ``[low, high)`` for which `skip` is 0; return their number."""
    n = 0
    for text in range(low, high):
        if skip[text] == 0:
            n += select_shingles(letters, starts[text], starts[text + 1] - 1, k, s, hashes[n:], places[n:])
    return n
