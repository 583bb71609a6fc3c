"""Sigla: short labels, unique in the corpus."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200
"""Characters of the longest siglum."""
# Marks that turn the direction of what follows: a label with one could make another row look different.
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SPACES = re.compile(r"\s+")


def clean_label(text: str) -> str:
    """Return the text as one line without control characters, lone surrogates and marks of direction."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    kept = (c for c in _SPACES.sub(" ", text) if c not in _TURNS and unicodedata.category(c) not in ("Cc", "Cs"))
    return _SPACES.sub(" ", "".join(kept)).strip()


class Sigla:
    """Gives out labels, none twice; `n_repeated` counts those that were taken and got a number."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Start with labels that witnesses read before hold."""
        self.taken = set(taken)
        self.n_repeated = 0
        self._numbers: dict[str, int] = {}

    def claim(self, wanted: str, otherwise: str = "") -> str:
        """Return `wanted` cleaned and cut, or where it is taken `otherwise`, or `wanted` with ``#2``, ``#3`` and so on."""
        base = clean_label(wanted)[:LONGEST].strip() or clean_label(otherwise)[-LONGEST:].strip() or "unnamed"
        for label in (base, clean_label(otherwise)[-LONGEST:].strip()):
            if label and label not in self.taken:
                self.taken.add(label)
                return label
        self.n_repeated += 1
        number = self._numbers.get(base, 1)
        while True:
            number += 1
            suffix = f"#{number}"
            label = base[: LONGEST - len(suffix)] + suffix
            if label not in self.taken:
                self._numbers[base] = number
                self.taken.add(label)
                return label
