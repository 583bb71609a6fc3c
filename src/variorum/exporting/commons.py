"""The words that a reworked passage has in common with another, wherever they stand: order and endings do not count.

Letter by letter nearly all of a reworked passage is a difference, which says nothing. What shows the kinship is which words came along.
"""

from __future__ import annotations

import numpy as np

from variorum.exporting.differences import COMMON, OWN, Segment

MIN_LETTERS = 4
"""Shorter words are in every text of the language and are not marked, unless they are figures or signs of a script without spaces."""
_UNSPACED = 0x0E00  # from Thai on, the scripts of short words


def find_common(against: str, text: str) -> list[tuple[int, int]]:
    """Return the places ``[start, end)`` in `text` of the words whose stem is in `against` as well; neighbours are joined."""
    from variorum.words import Vocabulary  # loads the kernels, which few that show passages need

    store = Vocabulary().add([against, text])
    low, high = int(store.starts[1]), int(store.starts[2]) - 1
    known = np.isin(store.numbers[low:high], store.text_numbers(0))
    places: list[tuple[int, int]] = []
    last = -2
    for at in np.flatnonzero(known).tolist():
        start, end = int(store.begins[low + at]), int(store.ends[low + at])
        if not _is_telling(text[start:end]):
            continue
        if last == at - 1:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
        last = at
    return places


def mark_common(against: str, text: str) -> list[Segment]:
    """Return the segments of a reworked passage: the words it has in common with `against`, and what stands between them."""
    segments, done = [], 0
    for start, end in find_common(against, text):
        segments += [Segment(OWN, "", text[done:start]), Segment(COMMON, "", text[start:end])]
        done = end
    return [s for s in (*segments, Segment(OWN, "", text[done:])) if s.b]


def _is_telling(word: str) -> bool:
    """Return whether a common word is worth a mark."""
    return len(word) >= MIN_LETTERS or word[:1].isdigit() or ord(word[0]) >= _UNSPACED
