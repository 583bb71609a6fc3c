"""The words of figures in a language: comparators, per cent, ages, and what stands round a number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from variorum.ledger.languages import TEXTS, WORDS, Language, add_section
from variorum.ledger.units import Phrases, make_phrases

add_section(
    "figures",
    {
        "comparators": TEXTS,  # before the number
        "after": TEXTS,  # after it
        "lost": TEXTS,  # comparators whose "than" is lost
        "percent": WORDS,
        "points": WORDS,
        "between": WORDS,
        "from": WORDS,
        "to": WORDS,
        "and": WORDS,
        "changes": WORDS,  # after these, from .. to is a change, not a range
        "per": WORDS,
        "references": WORDS,  # before a number that is a name: article 5
        "ages": WORDS,
        "age_leads": WORDS,
        "age_comparators": WORDS,  # comparators that tell an age: older than
        "age_contexts": WORDS,  # words near months and days that make them an age
        "age_verbs": WORDS,  # verbs of having that tell an age: tenían tres meses
        "durations": WORDS,  # words before a bare number of years that is no age
        "ordinals": WORDS,  # endings that make a number an ordinal
        "vague": WORDS,
        "stop": WORDS,  # words that end what is counted
        "head": WORDS,  # `first` or `last`: where the noun stands among its adjectives
        "percent_of": WORDS,
        "below_zero": WORDS,  # after degrees
        "several": WORDS,  # before a scale word, so that no number is said: several hundred
        "plurals": WORDS,  # plurals that do not end in -s
    },
)


@dataclass(frozen=True)
class FigureWords:
    """The words of figures in one language, ready to be looked up."""

    sets: dict[str, frozenset[str]]
    percent: Phrases
    points: Phrases
    ages: Phrases
    per: Phrases
    comparators: Phrases
    after: Phrases
    lost: Phrases
    between: Phrases
    from_: Phrases
    references: Phrases
    percent_of: Phrases
    age_leads: Phrases
    age_comparators: Phrases
    below_zero: Phrases
    several: Phrases


@lru_cache(maxsize=8)
def figure_words(language: Language) -> FigureWords:
    """Return the words of figures of a language."""
    table = language.section("figures")
    sets = {name: frozenset(table.get(name, [])) for name in ("to", "and", "changes", "ordinals", "stop", "head", "per", "plurals")}

    def phrases(name: str) -> Phrases:
        given = table.get(name, {})
        return make_phrases(given if isinstance(given, dict) else {word: word for word in given}, language)

    return FigureWords(
        sets, *(phrases(n) for n in ("percent", "points", "ages", "per", "comparators", "after", "lost", "between", "from", "references", "percent_of", "age_leads", "age_comparators", "below_zero", "several"))
    )
