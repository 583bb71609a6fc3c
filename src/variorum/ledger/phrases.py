"""Whether a phrase of a statement is the one asked for: the same words, case, accents and the plural apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+")
_IRREGULAR = {"children": "child", "men": "man", "women": "woman", "lives": "life", "feet": "foot", "wives": "wife", "persons": "person"}


@lru_cache(maxsize=65_536)
def stem_words(phrase: str) -> frozenset[str]:
    """Return the words of a phrase without case, accents and the plural's ending."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", phrase.casefold()) if not unicodedata.combining(c))
    return frozenset(_stem(word) for word in _WORD.findall(plain))


def _stem(word: str) -> str:
    """Return a word without the ending of a plural."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def holds(phrases: Iterable[str | None], asked: str) -> bool:
    """Tell whether one of the phrases holds every word that is asked for."""
    wanted = stem_words(asked)
    return bool(wanted) and any(phrase is not None and wanted <= stem_words(phrase) for phrase in phrases)


def counts(row: Mapping[str, Any], asked: str) -> bool:
    """Tell whether a figure (a flat row) counts what is asked for, or is a share of it."""
    return row["type"] == "figure" and holds((row.get("counted"), row.get("share_of")), asked)
