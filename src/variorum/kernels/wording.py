"""Find the words of UTF-8 text: their places, a hash of each, and what kind of gap stands before it.

A word is a run of letters and digits (`kernels/folding.py` says what folds to a letter). Marks inside it belong to it; so does
one apostrophe between letters, where only the longest part counts (``workers'`` and ``l'usine`` give *workers* and *usine*), and
a hyphen at the end of a line. Scripts without spaces have no words that could be found without a dictionary: there every two
neighbouring letters are one word, and words overlap by a letter.

Every text ends with one end mark, an element without a word, whose class is that of the gap after the last word.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.folding import CLASS_SHIFT, COUNT_SHIFT, MARK, OWN_WORD, QUOTE

PLAIN, LINE, SENTENCE, BLOCK = 0, 1, 2, 3
"""Classes of a gap: nothing of note; a line break; the end of a sentence; a blank line, or the edge of the text."""

_SEED = np.uint64(0x9E3779B97F4A7C15)
_MUL = np.uint64(0xBF58476D1CE4E5B9)
_NARROW = (0x2E, 0x21, 0x3F, 0x2026, 0x589, 0x61F, 0x6D4, 0x964, 0x965, 0x1362, 0x1367, 0x17D4, 0x203C, 0x2047, 0x2049)
_WIDE = (0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61)  # these need no space after them


@kernel
def mix(digest, point):
    """Return the hash `digest` with one more code point; A to Z count as a to z."""
    if 0x41 <= point <= 0x5A:
        point += 0x20
    digest = (digest ^ np.uint64(point + 1)) * _MUL
    return digest ^ (digest >> np.uint64(29))


@kernel
def decode_point(data, at):
    """Return the code point that begins at byte `at`, and where the next begins."""
    byte = np.int64(data[at])
    if byte < 0x80:
        return byte, at + 1
    if byte < 0xE0:
        return ((byte & 0x1F) << 6) | (np.int64(data[at + 1]) & 0x3F), at + 2
    high = (np.int64(data[at + 1]) & 0x3F) << 6 | (np.int64(data[at + 2]) & 0x3F)
    if byte < 0xF0:
        return ((byte & 0x0F) << 12) | high, at + 3
    return ((byte & 0x07) << 18) | (high << 6) | (np.int64(data[at + 3]) & 0x3F), at + 4


@kernel
def class_of(space, mark, wide, lines):
    """Return the class of a gap that holds white space, a sentence mark, a wide one, so many line breaks in a row."""
    if lines > 1:
        return BLOCK
    if wide or (mark and space):
        return SENTENCE
    return LINE if lines else PLAIN


@kernel
def find_words(data, offsets, table, hashes, begins, ends, classes, starts):
    """Find the words of a batch of texts; return the number of elements written, or -1 where the outputs are too small.

    Args:
        data, offsets: UTF-8 bytes and the n+1 bounds of the texts in them.
        table: the folding table (uint32 by code point).
        hashes: out, uint64, hash of each word's code points; 0 for the end mark.
        begins, ends: out, int32, code points of each word; both the text's length for the end mark.
        classes: out, uint8, class of the gap before each element.
        starts: out, int64[n+1], first element of each text.
    """
    n = 0
    for text in range(len(offsets) - 1):
        starts[text] = n
        at, stop = offsets[text], offsets[text + 1]
        place, begin, end, length = 0, -1, 0, 0  # begin: of the word being read, -1 for none; length: letters of its present part
        best_length, held = 0, 0  # held: 1 after an apostrophe in a word, 2 after a hyphen, 3 after a hyphen and a line break
        digest, best = _SEED, _SEED
        run, before = 0, 0  # letters of the present run without spaces, and the last of them
        space, mark, wide, lines, most, gap = False, False, False, 0, 2, BLOCK
        while True:
            final = at >= stop
            point, kind, letter, own = 0, 0, False, False
            if not final:
                point, at = decode_point(data, at)
                entry = np.int64(table[point])
                letter = (entry >> COUNT_SHIFT) & 15 > 0
                own = letter and (entry & OWN_WORD) != 0
                kind = (entry >> CLASS_SHIFT) & 7
            inside = begin >= 0
            if inside and not final and not own:
                if letter and held != 2:
                    if held == 1:
                        if length > best_length:
                            best, best_length = digest, length
                        digest, length = _SEED, 0
                    digest, length, held, end = mix(digest, point), length + 1, 0, place + 1
                    space, mark, wide, lines, most = False, False, False, 0, 0
                    place += 1
                    continue
                if not letter and kind == MARK and held == 0:
                    if point != 0xAD:
                        digest = mix(digest, point)
                    place += 1
                    continue
                if held == 0 and ((kind == QUOTE and point != 0x22 and not letter) or point == 0x2D or point == 0x2010):
                    held = 1 if kind == QUOTE else 2
                    place += 1
                    continue
                if (held == 2 and (point == 0x0A or point == 0x0D)) or (held == 3 and point == 0x0A and data[at - 2] == 0x0D):
                    held = 3
                    space, lines, most = True, 1, 1
                    place += 1
                    continue
            if n + 3 > len(hashes):
                return -1
            if inside:
                if length > best_length:
                    best = digest
                hashes[n], begins[n], ends[n], classes[n] = best, begin, end, gap
                n += 1
                begin, held, best_length = -1, 0, 0
            if own:
                if run == 0:
                    gap = class_of(space, mark, wide, most)
                else:
                    hashes[n], begins[n], ends[n], classes[n] = mix(mix(_SEED, before), point), place - 1, place + 1, gap
                    n += 1
                    gap = PLAIN
                run, before = run + 1, point
            else:
                if run == 1:
                    hashes[n], begins[n], ends[n], classes[n] = mix(_SEED, before), place - 1, place, gap
                    n += 1
                run = 0
            if final:
                hashes[n], begins[n], ends[n], classes[n] = np.uint64(0), place, place, BLOCK
                n += 1
                break
            if letter:
                if not own:
                    gap = class_of(space, mark, wide, most)
                    begin, end, length, digest = place, place + 1, 1, mix(_SEED, point)
                space, mark, wide, lines, most = False, False, False, 0, 0
            elif point == 0x0A or point == 0x0D or point == 0x85 or point == 0x2028:
                lines += 0 if point == 0x0A and place > 0 and data[at - 2] == 0x0D else 1  # CR LF is one
                space, most = True, max(most, lines)
            elif point == 0x0C or point == 0x2029:
                space, most = True, 2
            elif kind == 0:
                space = True
            else:
                lines = 0
                mark = mark or point in _NARROW
                wide = wide or point in _WIDE
            place += 1
    starts[len(offsets) - 1] = n
    return n


@kernel
def intern_hashes(hashes, count, keys, slots, numbers, fresh):
    """Number the words of `hashes`, so that equal hashes have equal numbers; return (hashes done, numbers given in all).

    Stops where the table is half full, for the caller to enlarge it. Open addressing; 0 is no word's hash and gets -1.

    Args:
        hashes: uint64.
        count: numbers given before; the next is `count`.
        keys, slots: the table, uint64 (0: free) and int32, as long as a power of two.
        numbers: out, int32.
        fresh: out, int64, by new number less `count`: the first place in `hashes` that has it.
    """
    mask = np.uint64(len(keys) - 1)
    given = count
    for i in range(len(hashes)):
        key = hashes[i]
        if key == 0:
            numbers[i] = -1
            continue
        at = (key ^ (key >> np.uint64(32))) & mask
        while keys[at] != 0 and keys[at] != key:
            at = (at + np.uint64(1)) & mask
        if keys[at] == 0:
            if 2 * given >= len(keys):
                return i, given
            keys[at], slots[at] = key, given
            fresh[given - count] = i
            given += 1
        numbers[i] = slots[at]
    return len(hashes), given


@kernel
def count_cues(hashes, starts, cues, masks, counts) -> None:
    """Count, for every text, how many of its words are cues of each language.

    Args:
        hashes, starts: as `find_words` gives them.
        cues, masks: hashes of the cues, sorted, and the languages of each as bits.
        counts: out, int64[n texts, n languages].
    """
    slots = np.full(4096, -1, np.int32)
    for i in range(len(cues)):
        at = cues[i] & np.uint64(4095)
        while slots[at] >= 0:
            at = (at + np.uint64(1)) & np.uint64(4095)
        slots[at] = i
    for text in range(len(starts) - 1):
        for i in range(starts[text], starts[text + 1]):
            at = hashes[i] & np.uint64(4095)
            while slots[at] >= 0 and cues[slots[at]] != hashes[i]:
                at = (at + np.uint64(1)) & np.uint64(4095)
            if slots[at] >= 0:
                mask = masks[slots[at]]
                for language in range(counts.shape[1]):
                    counts[text, language] += (mask >> language) & 1
