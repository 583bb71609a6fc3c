"""Write src/variorum/kernels/folding_table.npz: what each code point folds to.

The table is stored, not computed at start, so that texts fold alike under every Python (its Unicode version
differs) and a start costs milliseconds. Run again when a new Unicode version matters; the corpus format
version must rise with it.

    python tools/make_folding_table.py
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np

DEST = Path(__file__).resolve().parent.parent / "src" / "variorum" / "kernels" / "folding_table.npz"

# Classes of code points that fold to nothing (see kernels/folding.py).
SPACE, OTHER, CLOSER, OPENER, QUOTE, MARK = range(6)
CLASS_SHIFT, OWN_WORD, COUNT_SHIFT, TWICE = 16, 1 << 19, 20, 1 << 24

# Marks that a writer may leave out without changing the word: accents of alphabets, Hebrew points, Arabic
# vowels. Other marks (vowel signs of Indic scripts, Thai vowels) are letters to their readers and stay.
DECORATION = [
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED),
    (0x180B, 0x180F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x3099, 0x309A), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF),
]  # fmt: skip
# Scripts written without spaces: each letter stands as a word of its own.
NO_SPACES = [
    (0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3041, 0x30FF),
    (0x3100, 0x312F), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
]  # fmt: skip
# Characters that say as much as two letters of an alphabet, and count as two: Han and kana. The kernel makes the second letter.
DOUBLE = [(0x3005, 0x3007), (0x3041, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF)]
OPENING = set("#@¡¿＃＠")  # other punctuation to Unicode, but it stands before its word
APOSTROPHES = {0x27, 0x2019, 0x2BC, 0xFF07, 0x60, 0xB4, 0x22}
MODIFIERS = (0x02B0, 0x02FF)
TATWEEL = 0x0640


def within(code: int, ranges: list[tuple[int, int]]) -> bool:
    """Return whether a code point lies in one of the inclusive ranges."""
    return any(low <= code <= high for low, high in ranges)


def fold_letters(code: int) -> list[int]:
    """Return the folded letters of one code point, as code points."""
    if code == TATWEEL or MODIFIERS[0] <= code <= MODIFIERS[1]:
        text = unicodedata.normalize("NFKC", chr(code))
        if code == TATWEEL or not text[0].isascii():
            return []
    text = unicodedata.normalize("NFKC", chr(code)).casefold()
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text)).casefold()
    letters = []
    for c in text:
        category, point = unicodedata.category(c), ord(c)
        if within(point, DECORATION):
            continue
        if category == "Nd":
            letters.append(ord("0") + unicodedata.digit(c))
        elif category[0] in "LN" or category in ("Mn", "Mc"):
            letters.append(point)
    return letters[:15]


def pack(point: int) -> int:
    """Return the 16-bit letter of a folded code point; rare letters beyond 16 bits share the private-use area."""
    return point if point < 0x10000 else 0xE000 + point % 6400


def classify(code: int) -> int:
    """Return the class of a code point that folds to nothing."""
    category = unicodedata.category(chr(code))
    if code in APOSTROPHES:
        return QUOTE
    if category in ("Mn", "Mc", "Me", "Cf", "Sk", "Lm") or code == TATWEEL:
        return MARK
    if category[0] == "Z" or category == "Cc":
        return SPACE
    if category in ("Ps", "Pi", "Sc") or chr(code) in OPENING:
        return OPENER
    if category in ("Pe", "Pf", "Po"):
        return CLOSER
    return OTHER


def main() -> None:
    """Build and write the table."""
    table = np.zeros(0x110000, np.uint32)
    place: dict[int, int] = {}
    seen: dict[tuple[int, ...], int] = {}
    expansions: list[int] = []
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF:
            table[code] = OTHER << CLASS_SHIFT
            continue
        letters = [pack(point) for point in fold_letters(code)]
        own = OWN_WORD if within(code, NO_SPACES) else 0
        if not letters:
            table[code] = classify(code) << CLASS_SHIFT
        elif len(letters) == 1:
            twice = TWICE if within(fold_letters(code)[0], DOUBLE) else 0
            table[code] = letters[0] | own | (1 << COUNT_SHIFT) | twice
        else:
            key = tuple(letters)
            if key not in seen:
                seen[key] = len(expansions)
                expansions.extend(letters)
            table[code] = own | (len(letters) << COUNT_SHIFT)
            place[code] = seen[key]
    codes = sorted(place)
    np.savez_compressed(
        DEST, table=table, expanding=np.array(codes, np.int32), offsets=np.array([place[c] for c in codes], np.int32),
        letters=np.array(expansions, np.uint16), unicode=np.array(unicodedata.unidata_version),
    )  # fmt: skip
    print(DEST.name, len(codes), "expanding,", len(expansions), "letters,", DEST.stat().st_size, "bytes, Unicode", unicodedata.unidata_version)


if __name__ == "__main__":
    main()
