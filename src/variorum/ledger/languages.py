"""The words of each language, from ``lang/CODE.toml``, checked as they are loaded; and which language a paragraph is in.

A language claims only the record types it has words for. Languages that are told from others but not read stand in
``lang/others.toml``; a paragraph in one of them, or in none that is known, is reported as not read.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from variorum.errors import ConfigError

FOLDER = Path(__file__).parent / "lang"

READ = ("en", "fr", "es")
"""The languages that are read, the one for texts of figures alone first."""

WORDS, NUMBERS, TEXTS, LISTS = "words", "numbers", "texts", "lists"

SECTIONS: dict[str, dict[str, str]] = {
    "identify": {"words": WORDS},
    "tokens": {"elisions": WORDS, "endings": WORDS, "abbreviations": WORDS},
}
"""Section -> key -> kind: a list of words, or a table of word -> number, text or list of texts. A record type adds its own."""

_SCRIPTS = {
    "Cyrillic": "\u0400-\u052f", "Greek": "\u0370-\u03ff", "Hebrew": "\u0590-\u05ff", "Arabic": "\u0600-\u06ff\u0750-\u077f", "Devanagari": "\u0900-\u097f",
    "Bengali": "\u0980-\u09ff", "Tamil": "\u0b80-\u0bff", "Thai": "\u0e00-\u0e7f", "Georgian": "\u10a0-\u10ff", "Armenian": "\u0530-\u058f",
    "Ethiopic": "\u1200-\u137f", "Hangul": "\uac00-\ud7af", "Japanese kana": "\u3040-\u30ff", "Han": "\u4e00-\u9fff",
}  # fmt: skip
_OTHER_SCRIPT = re.compile("|".join(f"(?P<s{n}>[{chars}])" for n, chars in enumerate(_SCRIPTS.values())))
_NOT_LATIN = re.compile("[\u0370-\u1fff\u3040-\ud7af]")
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_MARKS = {"ñ": "es", "¿": "es", "¡": "es", "ê": "fr", "è": "fr", "ç": "fr", "œ": "fr", "ã": "pt", "õ": "pt", "ß": "de", "ü": "de", "ä": "de", "ı": "tr", "ş": "tr"}
"""Letters and marks that speak for one language among those of the Latin script."""
_TOO_SHORT = 4
"""A text of fewer words, none of them known, goes with the first of `READ`."""
_SHORT = 60
"""In texts of fewer words every word of a language's file counts, not the commonest alone."""
_ENOUGH = 0.06
"""Share of a text's words that must be words of a language for it to be in that language; prose has 0.3 to 0.5."""


Votes = dict[str, float]
"""Language or script -> how much of a text speaks for it."""


@dataclass(frozen=True, eq=False)
class Language:
    """The words of one language: `code`, `name`, and sections of tables as in its file."""

    code: str
    name: str
    sections: dict[str, dict[str, Any]]

    def section(self, name: str) -> dict[str, Any]:
        """Return the words for one record type; empty where the language has none."""
        return self.sections.get(name, {})


def add_section(name: str, keys: dict[str, str]) -> None:
    """Declare the words that a record type takes from the language files: key -> kind."""
    SECTIONS[name] = keys


@lru_cache(maxsize=16)
def load_language(code: str) -> Language:
    """Return the language of that code, its file checked.

    Raises:
        ConfigError: there is no such language, or its file breaks the rules; names file, section and key.
    """
    path = FOLDER / f"{code}.toml"
    if code not in READ or not path.is_file():
        raise ConfigError(f"language {code!r} is not read; there are {', '.join(READ)}")
    with path.open("rb") as file:
        found = tomllib.load(file)
    name = found.pop("name", None)
    if not isinstance(name, str):
        raise ConfigError(f"{path.name}: no name")
    for section, table in found.items():
        check_section(path.name, section, table)
    return Language(code, name, found)


def check_section(file: str, section: str, table: Any) -> None:
    """Raise ConfigError where a section of a language file is unknown or a key in it is not of its kind."""
    # The record types and the sections declare their words as they are imported.
    import variorum.ledger.registry
    import variorum.ledger.sections  # noqa: F401 - imported for what it declares

    if section not in SECTIONS:
        raise ConfigError(f"{file}: no section [{section}]; there are {', '.join(SECTIONS)}")
    for key, value in table.items():
        kind = SECTIONS[section].get(key)
        if kind is None:
            raise ConfigError(f"{file}: section [{section}] has no key {key}; it has {', '.join(SECTIONS[section])}")
        if not _is_kind(value, kind):
            raise ConfigError(f"{file}: [{section}] {key} is not a table of {kind}")


def _is_kind(value: Any, kind: str) -> bool:
    """Tell whether a value of a language file is what its key takes."""
    if kind == WORDS:
        return isinstance(value, list) and all(isinstance(word, str) and word == word.lower() for word in value)
    if not isinstance(value, dict):
        return False
    if kind == NUMBERS:
        return all(isinstance(v, int | float) for v in value.values())
    if kind == TEXTS:
        return all(isinstance(v, str) for v in value.values())
    return all(isinstance(v, list) and all(isinstance(w, str) for w in v) for v in value.values())


@lru_cache(maxsize=1)
def load_others() -> dict[str, dict[str, Any]]:
    """Return code -> name and words of the languages that are told from others but not read."""
    with (FOLDER / "others.toml").open("rb") as file:
        return tomllib.load(file)


def name_language(code: str) -> str:
    """Return the English name of a language or script that `identify_languages` gave."""
    if code in READ:
        return load_language(code).name
    return load_others().get(code, {}).get("name", "a language that is not known" if code == "und" else f"{code} script")


@lru_cache(maxsize=1)
def _votes() -> dict[str, tuple[str, ...]]:
    """Return word -> the languages whose common word it is."""
    found: dict[str, list[str]] = {}
    lists = {code: load_language(code).section("identify").get("words", []) for code in READ}
    # A single letter is too little to tell a language that cannot be read.
    lists |= {code: [word for word in other["words"] if len(word) > 1] for code, other in load_others().items()}
    for code, words in lists.items():
        for word in words:
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


@lru_cache(maxsize=8)
def words_of(code: str) -> frozenset[str]:
    """Return every word that stands anywhere in a language's file."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.update(_WORD.findall(value.lower()))
        elif isinstance(value, dict):
            for key, inner in value.items():
                walk(key)
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(load_language(code).sections)
    return frozenset(found)


def identify_languages(paragraphs: Iterable[str]) -> list[str]:
    """Return for each paragraph a code of `READ`, of ``others.toml``, the name of a script, or ``und`` for none that is known.

    A paragraph too short to tell goes with the text as a whole; a text of no words, or of two or three that are not known, goes with the first of `READ`.
    """
    counted = [_count_votes(p) for p in paragraphs]
    total: Votes = defaultdict(float)
    n_words = 0
    every: set[str] = set()
    for votes, number, words in counted:
        for code, count in votes.items():
            total[code] += count
        n_words += number
        every |= words
    whole = _decide(total, n_words, every)
    return [_decide_paragraph(votes, number, whole) for votes, number, _ in counted]


def _count_votes(text: str) -> tuple[Votes, int, set[str]]:
    """Return votes by language, the number of words, and the words of a short text."""
    votes: Votes = defaultdict(float)
    if _NOT_LATIN.search(text):
        scripts = Counter(m.lastgroup for m in _OTHER_SCRIPT.finditer(text))
        name, number = scripts.most_common(1)[0] if scripts else (None, 0)
        if name is not None and number > sum(c.isalpha() for c in text) / 2:
            return defaultdict(float, {list(_SCRIPTS)[int(name[1:])]: float(number)}), number, set()
    lowered = text.lower()
    words = _WORD.findall(lowered)
    table = _votes()
    for word in words:
        codes = table.get(word, ())
        for code in codes:  # what several languages share speaks little for each
            votes[code] += 1 / len(codes)
    if len(words) >= _SHORT:
        return votes, len(words), set()
    for word in words:
        known = [code for code in READ if word in words_of(code)] if word not in table else []
        for code in known:
            votes[code] += 0.6 / len(known)
    for mark in set(lowered) & set(_MARKS):
        votes[_MARKS[mark]] += 0.8
    return votes, len(words), set(words)


def _decide(votes: Votes, n_words: int, words: set[str]) -> str:
    """Return the language of a whole text."""
    if not n_words or (n_words < _TOO_SHORT and not votes):
        return READ[0]
    best = _best(votes)
    if best is not None and votes[best] >= _ENOUGH * n_words:
        return best
    known_in = [(len(words & words_of(code)), -READ.index(code), code) for code in READ]
    share, _, code = max(known_in)
    return code if share and share >= 0.5 * len(words) else "und"


def _best(votes: Votes) -> str | None:
    """Return the language of most votes; of several, one that is read."""
    if not votes:
        return None
    return max(votes, key=lambda code: (votes[code], code in READ, -READ.index(code) if code in READ else 0, code))


def _decide_paragraph(votes: Votes, n_words: int, whole: str) -> str:
    """Return the language of one paragraph of a text whose language as a whole is `whole`."""
    best = _best(votes)
    if best is None or best == whole or n_words < 5:
        return whole
    clear = votes[best] >= 3 and votes[best] >= 1.5 * votes.get(whole, 0.0) and votes[best] >= _ENOUGH * n_words
    return best if clear else whole
