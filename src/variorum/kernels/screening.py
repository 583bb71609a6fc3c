"""Which pairs of texts share one common phrase and no more: most pairs that the join gives do.

What such a pair costs is the wait for letters far apart in memory. So many pairs are looked at together, first at the few
letters beside their seeds: nothing that is read there decides what is read next, so that a processor fetches the letters of
many pairs at once, and has them at hand for those that need a second look.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.spanning import count_echoes

BLOCK = 128
"""Pairs looked at together."""
SIDE = 8
"""Letters compared on each side of a shingle; a longer agreement is left to others."""
LINE = 32
"""Letters in a line of the processor's cache."""
FEW = 8
"""Seeds from which on a pair is not asked whether they are one phrase."""
_AHEAD = 4
_EQUAL = np.array([SIDE if m == 0 else (m & -m).bit_length() - 1 for m in range(1 << SIDE)], np.uint8)
"""How many of SIDE letters agree before the first that does not, by the bits of those that do not."""


@kernel
def count_agreeing(a, b) -> int:
    """Return how many letters agree from the first on; a, b: SIDE letters each."""
    differing = 0
    for i in range(SIDE):
        differing |= np.int64(a[i] != b[i]) << i
    return np.int64(_EQUAL[differing])


@kernel
def count_agreeing_back(a, b) -> int:
    """Return how many letters agree from the last on; a, b: SIDE letters each."""
    differing = 0
    for i in range(SIDE):
        differing |= np.int64(a[i] != b[i]) << (SIDE - 1 - i)
    return np.int64(_EQUAL[differing])


@kernel
def is_phrase(
    seeds, first: int, last: int, a, low_a: int, high_a: int, b, low_b: int, high_b: int, limits, enough: int, masks, codes
) -> bool:
    """Return whether seeds of a pair of texts are no more than one common phrase: a short exact match, and little near it agrees.

    It says what the chain and the probe of `pairing.match_seeds` would say, but leaves to them what may be kept for its rarity.

    Args:
        seeds, first, last: the sorted seeds ``[first, last)``. low_a, high_a, low_b, high_b: first and last element of both texts.
        limits: see `pairing.match_seeds`. enough: letters that the match and the echoes near it must hold together.
        masks, codes: see `spanning.find_echo` and `spanning.may_echo`.
    """
    k, size = limits[0], 0
    x, y = low_a + np.int64(seeds[first] >> np.uint64(32)), low_b + np.int64(seeds[first] & np.uint64(0xFFFFFFFF))
    room = min(high_a - x, high_b - y)
    while size < room and a[x + size] == b[y + size]:
        size += 1
    if size < k:  # two shingles of one hash, or more than a text holds
        return last - first == 1
    for i in range(first + 1, last):
        further = low_a + np.int64(seeds[i] >> np.uint64(32)) - x
        if further + k > size or low_b + np.int64(seeds[i] & np.uint64(0xFFFFFFFF)) - y != further:
            return False
    room, before = min(x - low_a, y - low_b), 0
    while before < room and a[x - 1 - before] == b[y - 1 - before]:
        before += 1
    x, y, size = x - before, y - before, size + before
    if size < limits[4]:
        return True
    if size >= limits[2] or 0 < limits[6] <= size:
        return False
    met = size + count_echoes(a, x + size, high_a - x - size, b, y + size, high_b - y - size, 1, enough, masks, codes)
    if met < enough:
        met += count_echoes(a, x - 1, x - low_a, b, y - 1, y - low_b, -1, enough, masks, codes)
    return met < enough


@kernel
def find_phrases(pairs, seeds, cuts, first: int, side_a, side_b, limits, enough: int, masks, codes, phrases) -> None:
    """Tell of the next BLOCK pairs which share one common phrase and no more.

    Args:
        pairs, seeds, cuts, side_a, side_b, limits: see `pairing.match_seeds`. first: the first of these pairs. enough, masks, codes: see `is_phrase`.
        phrases: out, bool[BLOCK + 1]; the last says nothing: it is made of letters that will be read again, so that they are read together.
    """
    letters_a, starts_a, letters_b, starts_b = side_a[0], side_a[1], side_b[0], side_b[1]
    k, last, read = limits[0], min(first + BLOCK, len(pairs)), 0
    last_a, last_b = len(letters_a) - k - 2 * LINE, len(letters_b) - k - 2 * LINE
    for p in range(first, last):
        base_a, base_b = starts_a[np.int64(pairs[p] >> np.uint64(32))], starts_b[np.int64(pairs[p] & np.uint64(0xFFFFFFFF))]
        phrases[p - first] = False
        for i in range(cuts[p], min(cuts[p + 1], cuts[p] + _AHEAD)):
            x, y = base_a + np.int64(seeds[i] >> np.uint64(32)), base_b + np.int64(seeds[i] & np.uint64(0xFFFFFFFF))
            if x < LINE or y < LINE or x > last_a or y > last_b:
                continue
            before = count_agreeing_back(letters_a[x - SIDE : x], letters_b[y - SIDE : y])
            behind = count_agreeing(letters_a[x + k : x + k + SIDE], letters_b[y + k : y + k + SIDE])
            # What lies past the bounds of a text can only make the match seem longer.
            phrases[p - first] = (cuts[p + 1] - cuts[p] == 1) & (before < SIDE) & (behind < SIDE) & (k + before + behind < limits[4])
            read += letters_a[x - LINE] + letters_b[y - LINE] + letters_a[x + k + LINE] + letters_b[y + k + LINE]
    phrases[BLOCK] = read & 1 == 1
    for p in range(first, last):
        if phrases[p - first] or not 0 < cuts[p + 1] - cuts[p] < FEW:
            continue
        a, b = np.int64(pairs[p] >> np.uint64(32)), np.int64(pairs[p] & np.uint64(0xFFFFFFFF))
        low_a, high_a, low_b, high_b = starts_a[a], starts_a[a + 1] - 1, starts_b[b], starts_b[b + 1] - 1
        phrases[p - first] = is_phrase(
            seeds, cuts[p], cuts[p + 1], letters_a, low_a, high_a, letters_b, low_b, high_b, limits, enough, masks, codes
        )
