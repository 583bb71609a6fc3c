"""Look shingles up in sorted fingerprint rows: binary search, and no more rows looked at than are taken."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.joining import MAX_REPEATS, text_of
from variorum.kernels.sketching import CHECK_BITS, HASH_BITS


@kernel
def find_rows(rows, bounds, partition_bits: int, place_bits: int, starts, block_text, block_bits: int, hashes, max_df: int, number, texts, places) -> int:
    """Write where the texts of a corpus hold some shingles; return how many places there are, which may exceed the room (then nothing past it is written).

    A shingle gives its first `max_df` places, and of one text its first MAX_REPEATS. Where a row's place lies past the end of the stream,
    return -1: the rows are not of this stream.

    Args:
        rows, bounds: uint64 and int64, rows sorted within each partition and the bounds of the partitions.
        starts: int64, first element of each text; block_text: int32, the text at the start of each block of the stream.
        hashes: uint64, the shingles; in rising order neighbours in the files are looked at one after another.
        number, texts, places: out, int64: which shingle, in which text, at which of its letters.
    """
    keep = np.uint64(partition_bits)
    up, cut = np.uint64(place_bits + CHECK_BITS), np.uint64(64 - HASH_BITS + partition_bits)
    mask = (np.uint64(1) << up) - np.uint64(1)
    length = starts[len(starts) - 1]
    n = 0
    for h in range(len(hashes)):
        p = np.int64(hashes[h] >> np.uint64(64 - partition_bits)) if partition_bits else 0
        wanted = (hashes[h] << keep) >> cut << up
        low, high = bounds[p], bounds[p + 1]
        end = high
        while low < high:
            middle = (low + high) >> 1
            if rows[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        taken, repeats, last = 0, 0, -1
        while low < end and taken < max_df and rows[low] & ~mask == wanted:
            element = np.int64((rows[low] & mask) >> np.uint64(CHECK_BITS))
            if element >= length:
                return -1
            text = text_of(element, starts, block_text, block_bits)
            repeats = repeats + 1 if text == last else 0
            last = text
            low += 1
            if repeats >= MAX_REPEATS:
                continue
            if n < len(number):
                number[n], texts[n], places[n] = h, text, element - starts[text]
            n += 1
            taken += 1
    return n
