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

_SPREAD = np.uint64(40503)  # golden ratio in 16 bits: neighbouring letters differ in their top bits
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
HASH_BITS, CHECK_BITS, RING = 34, 8, 32
"""Bits of a hash that tell shingles apart; bits of the check, half of them for each side; sub-shingles kept in view, a power of two."""
SALT = np.uint64(5)
"""Changes the order of the sub-shingles; of seven that were tried, the one by which most is found at noise 0.2 on four seeds; four others say the same of it."""
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
def check_reach(k: int) -> int:
    """Return how many letters each side of a shingle the check looks at: a longer shingle alone says more, and asks for a longer match."""
    return 3 if k >= 18 else 2


@kernel
def check_sides(text, at: int, k: int) -> np.uint64:
    """Return the check of the shingle at `at` of a text's letters: four bits for those before it, four for those behind it, absent ones 0."""
    before, behind = np.uint64(0), np.uint64(0)
    for i in range(check_reach(k)):
        x, y = at - 1 - i, at + k + i
        before = before << np.uint64(16) | (np.uint64(text[x]) if x >= 0 else np.uint64(0))
        behind = behind << np.uint64(16) | (np.uint64(text[y]) if y < len(text) else np.uint64(0))
    half = np.uint64(64 - CHECK_BITS // 2)
    return (before * _MIX_2) >> half << np.uint64(CHECK_BITS // 2) | (behind * _MIX_2) >> half


@kernel
def hash_shingle(codes, first: int, k: int, s: int) -> np.uint64:
    """Return the hash of the shingle at `first` from the codes of the sub-shingles that cover it; `codes` is a ring of RING."""
    digest = np.uint64(0)
    at = 0
    while True:
        digest = (digest ^ codes[(first + at) & (RING - 1)]) * _MIX_1
        digest ^= digest >> np.uint64(32)
        if at == k - s:
            return digest
        at = min(at + s, k - s)


@kernel
def select_shingles(letters, low: int, high: int, k: int, s: int, hashes, places) -> int:
    """Select the closed syncmers of the letters ``[low, high)``; return their number.

    A sub-shingle has a code, its letters side by side in 64 bits, each cut to as many as there is room for. Its rank is a
    mix of the code; the hash of a shingle is one of the codes that cover it, and only made where the shingle is selected.

    Args:
        letters: uint16, the stream.
        k, s: letters of a shingle, at most RING, and of a sub-shingle.
        hashes, places: out, uint64 and int64, room for ``high - low`` each; the low bits of a hash are its check.
    """
    check = (np.uint64(1) << np.uint64(CHECK_BITS)) - np.uint64(1)
    text = letters[low:high]
    if len(text) < k:
        return 0
    bits = min(16, 64 // s)
    width, cut = np.uint64(bits), np.uint64(16 - bits)
    mask = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - bits * s)
    codes, ranks = np.empty(RING, np.uint64), np.empty(RING, np.uint64)
    code, smallest, smallest_at, n = np.uint64(0), np.uint64(0xFFFFFFFFFFFFFFFF), -1, 0
    for i in range(len(text)):
        letter = (np.uint64(text[i]) * _SPREAD & np.uint64(0xFFFF)) >> cut
        code = (code << width | letter) & mask
        at = i - s + 1  # the sub-shingle that ends here
        if at < 0:
            continue
        rank = mix(code ^ SALT)
        codes[at & (RING - 1)], ranks[at & (RING - 1)] = code, rank
        if rank <= smallest:
            smallest, smallest_at = rank, at
        first = i - k + 1  # the shingle that ends here
        if first < 0:
            continue
        if smallest_at < first:
            smallest = np.uint64(0xFFFFFFFFFFFFFFFF)
            for j in range(first, at + 1):
                if ranks[j & (RING - 1)] <= smallest:
                    smallest, smallest_at = ranks[j & (RING - 1)], j
        if (rank == smallest or ranks[first & (RING - 1)] == smallest) and is_varied(text, first, k):
            hashes[n] = (hash_shingle(codes, first, k, s) & ~check) | check_sides(text, first, k)
            places[n] = low + first
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
