"""The words of names of a language: titles, heads of bodies and places, peoples, and the territories of the world."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from variorum.ledger.languages import FOLDER, TEXTS, WORDS, Language, add_section
from variorum.ledger.tokens import Tokens, split_words

_SETS = (
    "titles", "roles", "heads", "leading_heads", "place_heads", "place_leads", "group_heads", "demonyms", "not_demonyms", "demonym_endings", "group_endings", "joiners", "articles", "possessors",
    "acronyms", "not_names", "adjective_endings", "speaking", "place_words", "locatives", "place_of", "not_towns", "governments", "listing_heads", "works", "ordinals", "not_after", "sides", "without", "acting", "acting_after", "acting_adverbs", "ruling", "despots", "partisans",
)  # fmt: skip

add_section("names", {**dict.fromkeys(_SETS, WORDS), "territories": TEXTS, "aliases": TEXTS})


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words of names of a language.

    Attributes:
        sets: key of the language file -> words.
        common: commonest words of the language.
        places: first word -> (words, name, code) of territories and regions, longest first.
        titles: first word -> titles of persons, each a row of words, longest first.
    """

    sets: dict[str, frozenset[str]]
    common: frozenset[str]
    places: dict[str, list[tuple[tuple[str, ...], str, str]]]
    titles: dict[str, list[tuple[str, ...]]]


@lru_cache(maxsize=8)
def name_words(language: Language) -> NameWords:
    """Return the words of names of a language."""
    table = language.section("names")
    sets = {name: frozenset(table.get(name, [])) for name in _SETS}
    common = frozenset(language.section("identify").get("words", ()))
    places: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    codes = {**_territories().get(language.code, {}), **table.get("territories", {})}
    shown = {form: name for name in codes for form in (name, name.replace(" & ", " and "), name.replace("St. ", "Saint "))}
    for form, name in {**shown, **table.get("aliases", {})}.items():
        words = split_words(form, language)
        places.setdefault(words[0], []).append((words, name, codes.get(name, "")))
    titles: dict[str, list[tuple[str, ...]]] = {}
    for title in table.get("titles", []):
        words = split_words(title, language)
        titles.setdefault(words[0], []).append(words)
    for rows in places.values():
        rows.sort(key=lambda row: (-len(row[0]), row[1]))
    for phrases in titles.values():
        phrases.sort(key=len, reverse=True)
    return NameWords(sets, common, places, titles)


@lru_cache(maxsize=1)
def _territories() -> dict[str, dict[str, str]]:
    """Return language -> name -> code of the territories of the world."""
    with (FOLDER / "territories.toml").open("rb") as file:
        return tomllib.load(file)


def match_place(words: NameWords, tokens: Tokens, at: int) -> tuple[int, str, str] | None:
    """Return (token after it, name, code) of the territory that begins at a token, each of its weighty words with a capital; short ones in capitals throughout."""
    for row, name, code in words.places.get(tokens.words[at], ()):
        last = at + len(row)
        if len(row) > 1 and tuple(tokens.words[at:last]) != row:
            continue
        letters = [n for n in range(at, last) if tokens.is_word(n)]
        if any(not tokens.is_capital(n) and tokens.words[n] not in words.sets["joiners"] and tokens.words[n] not in words.sets["articles"] for n in letters):
            continue
        if sum(len(tokens.words[n]) for n in letters) <= 3 and not tokens.raw(at, last).isupper():
            continue
        return last, name, code
    return None


def match_title(words: NameWords, tokens: Tokens, at: int) -> int | None:
    """Return the token after the title of a person that begins at a token, its point included."""
    for row in words.titles.get(tokens.words[at], ()):
        last = at + len(row)
        if len(row) == 1 or tuple(tokens.words[at:last]) == row:
            return last + (tokens.word(last) == "." and tokens.touches(last))
    return None


def find_officer(tokens: Tokens, at: int, last: int, words: NameWords) -> int | None:
    """Return where the name begins after a title with its office (*Secretary of Harbours Ada Vole*): the last two words of the run, an initial between them apart."""
    sets = words.sets
    begin = last - 3 if last - 3 > at and tokens.words[last - 2] == "." else last - 2
    begin -= begin - 1 > at and len(tokens.words[begin]) == 1
    shown = [n for n in range(begin, last) if tokens.is_word(n)]
    if begin <= at or len(shown) < 2 or not tokens.is_capital(begin) or match_place(words, tokens, begin) is not None or match_place(words, tokens, at) is not None:
        return None
    other = any(tokens.words[n] in sets["heads"] or tokens.words[n] in sets["joiners"] or tokens.words[n] in words.common or (tokens.raw(n).isupper() and len(tokens.words[n]) > 1) for n in shown)
    return None if other else begin
