"""Whether a text names its source: an attributed quotation, against silent reuse.

The name must stand in words of the text's own, not in what it shares with the source, and near a word that says whose words follow, or a quotation mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from variorum.stemmas.cues import compile_sources
from variorum.stemmas.texts import Texts

REACH = 80
"""Characters before and after a name within which the word or mark must stand."""
MIN_NAME = 4
"""Fewest letters of a name that is looked for."""

_DATE_BEHIND = re.compile(r"[-_ ]*\d{4}.*$")


def choose_names(given: Sequence[str | None]) -> list[str]:
    """Return the names that a source may be known by, the longest first: sigla without their date, and series, of `MIN_NAME` letters or more."""
    names = {re.sub(r"[-_]+", " ", _DATE_BEHIND.sub("", name)).strip() for name in given if name}
    return sorted((name for name in names if sum(map(str.isalpha, name)) >= MIN_NAME), key=lambda n: (-len(n), n))


def find_naming(texts: Texts, parent: int, child: int, names: Sequence[str]) -> tuple[int, int] | None:
    """Return where the child names its source by one of some names, None where it does not."""
    if not names:
        return None
    same = (texts.reading[:, parent] == texts.reading[:, child]) & (texts.n_tokens[:, child] > 0)
    starts, ends = texts.start[same, child], texts.end[same, child]
    text = texts.texts[child]
    for found in re.finditer(rf"(?<!\w)(?:{'|'.join(re.escape(n).replace(chr(92) + ' ', '[-_ ]+') for n in names)})(?!\w)", text, re.I):
        shared = bool(np.any((starts <= found.start()) & (found.end() <= ends)))
        if not shared and compile_sources().search(text[max(0, found.start() - REACH) : found.start()] + " " + text[found.end() : found.end() + REACH]):
            return found.start(), found.end()
    return None
