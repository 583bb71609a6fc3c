"""Fold UTF-8 text to a stream of letters, and find the way back from letters to code points.

A folded letter is 16 bits: NFKC, case and decorative marks folded away; spaces, punctuation and symbols
fold to nothing. Between two letters stands one byte, the *gap code* of the letter after it, which says how
many code points lie from letter to letter, whether a word begins, and how much punctuation clings to the
word before (`tail`: closing) and after (`head`: opening). Codes:

    0..15        no word begins; the gap itself (0: a further letter of the same code point)
    16..240      a word begins: 16 + (tail * 3 + head) * 15 + middle, gap = 1 + tail + middle + head
    255          none of these: the packed value stands in the list of rare gaps

After its letters every text has one end mark, letter 0, whose gap code holds what follows the last letter.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

SPACE, OTHER, CLOSER, OPENER, QUOTE, MARK = 0, 1, 2, 3, 4, 5
CLASS_SHIFT, OWN_WORD, COUNT_SHIFT, TWICE = 16, 1 << 19, 20, 1 << 24
RARE = 255
SAMPLE = 64
"""A place is stored for every 64th letter of the stream; the gaps give those between."""

# Bits of an entry that say more than which letter, those of one letter of a word, and the gap code of a single space.
_NOT_PLAIN, _ONE_LETTER, _SPACED = OWN_WORD | (15 << COUNT_SHIFT) | TWICE, 1 << COUNT_SHIFT, 17
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MUL = np.uint64(0xBF58476D1CE4E5B9)


@kernel
def pack_gap(gap: int, starts: int, tail: int, head: int) -> int:
    """Return the packed value of a gap: gap << 24 | tail << 13 | head << 2 | starts; tail and head are cut at 2047."""
    return (gap << 24) | (min(tail, 2047) << 13) | (min(head, 2047) << 2) | starts


@kernel
def encode_gap(gap: int, starts: int, tail: int, head: int) -> int:
    """Return the gap code, or RARE."""
    if starts == 0:
        return gap if gap < 16 else RARE
    middle = gap - 1 - tail - head
    if tail < 5 and head < 3 and 0 <= middle < 15:
        return 16 + (tail * 3 + head) * 15 + middle
    return RARE


@kernel
def decode_gap(code: int) -> int:
    """Return the packed value of a gap code other than RARE."""
    if code < 16:
        return pack_gap(code, 0, 0, 0)
    middle = (code - 16) % 15
    rest = (code - 16) // 15
    tail = rest // 3
    head = rest % 3
    return pack_gap(1 + tail + middle + head, 1, tail, head)


@kernel
def fold_batch(data, offsets, table, start_of, expansions, base, letters, gaps, starts, hashes, samples, rare_index, rare_value):
    """Fold a batch of texts; return (letters written, rare gaps written), or (-1, -1) where an output is too small.

    Args:
        data, offsets: UTF-8 bytes and the n+1 bounds of the texts in them.
        table, start_of, expansions: the folding table (uint32, int32, uint16).
        base: number of letters in the stream before this batch.
        letters, gaps: out, uint16 and uint8, one an element of the stream.
        starts: out, int64[n+1], first letter of each text relative to `base`; a text's last element is its end mark.
        hashes: out, int64[n], hash of the letters of each text.
        samples: out, int32, code point at each element whose place in the stream is a multiple of SAMPLE.
        rare_index, rare_value: out, int64, places relative to `base` and packed values of rare gaps.
    """
    n = 0
    n_rare = 0
    capacity = len(letters)
    first_sample = -(-base // SAMPLE)
    for text in range(len(offsets) - 1):
        starts[text] = n
        at, stop = offsets[text], offsets[text + 1]
        place = 0  # code point of the character being read
        last = -1  # code point of the letter before
        run = tail = head = breaks = quotes = 0
        tail_open = 0
        own_before = 0
        digest = _MIX
        while True:
            final = at >= stop
            count, entry, own, point = 1, 0, 0, 0
            if not final:
                byte = np.int64(data[at])
                if byte < 0x80:
                    point = byte
                    at += 1
                elif byte < 0xE0:
                    point = ((byte & 0x1F) << 6) | (np.int64(data[at + 1]) & 0x3F)
                    at += 2
                elif byte < 0xF0:
                    point = ((byte & 0x0F) << 12) | ((np.int64(data[at + 1]) & 0x3F) << 6) | (np.int64(data[at + 2]) & 0x3F)
                    at += 3
                else:
                    point = (
                        ((byte & 0x07) << 18)
                        | ((np.int64(data[at + 1]) & 0x3F) << 12)
                        | ((np.int64(data[at + 2]) & 0x3F) << 6)
                        | (np.int64(data[at + 3]) & 0x3F)
                    )
                    at += 4
                entry = np.int64(table[point])
                count = (entry >> COUNT_SHIFT) & 15
                if count == 0:
                    kind = (entry >> CLASS_SHIFT) & 7
                    run += 1
                    if kind == MARK:
                        tail += tail_open
                        head += 1 if head else 0
                    elif kind == QUOTE:
                        tail += tail_open
                        head += 1
                        quotes += 1
                        breaks |= quotes > 1
                    elif kind == CLOSER:
                        tail += tail_open
                        head = 0
                        breaks = 1
                    else:
                        head = head + 1 if kind == OPENER else 0
                        tail_open = 0
                        breaks = 1
                    place += 1
                    continue
                own = 1 if entry & OWN_WORD else 0
            gap = place - last
            word = 1 if (breaks or final or own or own_before or last < 0) else 0
            if word == 0:
                tail = head = 0
            elif tail + head > run:
                head = run - tail
            code = encode_gap(gap, word, tail, head)
            pieces = 2 if entry & TWICE else count
            if n + pieces > capacity or n_rare + 1 >= len(rare_index):
                return -1, -1
            if code == RARE:
                rare_index[n_rare] = n
                rare_value[n_rare] = pack_gap(gap, word, tail, head)
                n_rare += 1
            for piece in range(pieces):
                if final:
                    letter = np.uint16(0)
                elif count > 1:
                    letter = expansions[start_of[point] + piece]
                elif piece == 0:
                    letter = np.uint16(entry & 0xFFFF)
                else:
                    letter = np.uint16(0xE000 + (entry & 0xFFFF) % 6400)
                letters[n] = letter
                gaps[n] = code if piece == 0 else 0
                if (base + n) % SAMPLE == 0:
                    samples[(base + n) // SAMPLE - first_sample] = place
                if not final:
                    digest = (digest ^ np.uint64(letter)) * _MUL
                    digest ^= digest >> np.uint64(29)
                n += 1
            if final:
                break
            last = place
            place += 1
            run = tail = head = breaks = quotes = 0
            tail_open = 1
            own_before = own
            # Most of what follows is a letter of the same word, or a space and a letter of the next, in ASCII.
            while own == 0 and at + 1 < stop and n + 1 < capacity:
                space = data[at] == 0x20
                point = np.int64(data[at + 1] if space else data[at])
                if point >= 0x80:
                    break
                entry = np.int64(table[point])
                if entry & _NOT_PLAIN != _ONE_LETTER:
                    break
                letters[n] = entry & 0xFFFF
                gaps[n] = _SPACED if space else 1
                at += 2 if space else 1
                last = place + 1 if space else place
                if (base + n) & (SAMPLE - 1) == 0:
                    samples[(base + n) // SAMPLE - first_sample] = last
                place = last + 1
                digest = (digest ^ np.uint64(entry & 0xFFFF)) * _MUL
                digest ^= digest >> np.uint64(29)
                n += 1
        hashes[text] = np.int64(digest >> np.uint64(1))
    starts[len(offsets) - 1] = n
    return n, n_rare


@kernel
def gap_at(index, gaps, rare_index, rare_value):
    """Return the packed gap before element `index` of the stream."""
    code = np.int64(gaps[index])
    if code != RARE:
        return decode_gap(code)
    return rare_value[np.searchsorted(rare_index, index)]


@kernel
def place_of(index, start, gaps, samples, rare_index, rare_value):
    """Return the code point, in its text, of element `index` of the stream; `start` is its text's first element."""
    block = index // SAMPLE
    at = block * SAMPLE
    if at >= start:
        place = np.int64(samples[block])
    else:
        at = start
        place = (gap_at(at, gaps, rare_index, rare_value) >> 24) - 1
    for i in range(at + 1, index + 1):
        place += gap_at(i, gaps, rare_index, rare_value) >> 24
    return place


@kernel
def left_place(index, start, gaps, samples, rare_index, rare_value):
    """Return the code point at which an interval that begins with element `index` begins: with what opens its word."""
    packed = gap_at(index, gaps, rare_index, rare_value)
    return place_of(index, start, gaps, samples, rare_index, rare_value) - ((packed >> 2) & 2047)


@kernel
def right_place(index, start, gaps, samples, rare_index, rare_value):
    """Return the code point at which an interval whose last element is ``index - 1`` ends: after what closes its word."""
    packed = gap_at(index, gaps, rare_index, rare_value)
    before = place_of(index, start, gaps, samples, rare_index, rare_value) - (packed >> 24)
    return before + 1 + ((packed >> 13) & 2047)


@kernel
def count_before(place: int, first: int, last: int, gaps, samples, rare_index, rare_value) -> int:
    """Return how many of a text's letters, the elements ``[first, last)`` of the stream, stand before code point `place`."""
    low, high = (first + SAMPLE - 1) // SAMPLE, (last + SAMPLE - 1) // SAMPLE
    begin = low
    while low < high:
        middle = (low + high) // 2
        if samples[middle] < place:
            low = middle + 1
        else:
            high = middle
    if low > begin:
        at, here = (low - 1) * SAMPLE + 1, np.int64(samples[low - 1])
    else:
        at, here = first, np.int64(-1)
    while at < last:
        here += gap_at(at, gaps, rare_index, rare_value) >> 24
        if here >= place:
            break
        at += 1
    return at - first


@kernel
def locate_letters(text, start, end, starts, gaps, samples, rare_index, rare_value, low, high) -> None:
    """Turn intervals of code points into letters: those at or past `start` and before `end`.

    Args:
        text, start, end: int64.
        low, high: out, int64, letters counted from the first of the text.
    """
    for i in range(len(text)):
        first, last = starts[text[i]], starts[text[i] + 1] - 1
        low[i] = count_before(start[i], first, last, gaps, samples, rare_index, rare_value)
        high[i] = count_before(end[i], first, last, gaps, samples, rare_index, rare_value)


@kernel
def locate_places(text, low, high, starts, gaps, samples, rare_index, rare_value, start, end) -> None:
    """Turn intervals of letters (counted from the first of their text) into code points, with the marks that cling to their words."""
    for i in range(len(text)):
        first = starts[text[i]]
        start[i] = left_place(first + low[i], first, gaps, samples, rare_index, rare_value)
        end[i] = right_place(first + high[i], first, gaps, samples, rare_index, rare_value)
