"""The words of attributions of a language: verbs of speech by what may follow them, and the words that bound sources and contents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from variorum.ledger.languages import WORDS, Language, add_section
from variorum.ledger.units import Phrases, make_phrases

_SETS = (
    "bare", "speech", "ambiguous", "hearers", "quoting", "participles", "shows", "media", "auxiliaries", "blocked", "adverbs", "negations", "pronouns", "first_person", "relative", "that",
    "boundaries", "finite", "prepositions", "determiners", "times", "leads", "as", "and", "titles", "passive", "passive_to", "impersonal", "promises", "adjectives", "passive_aux", "plain", "plurals", "bare_participles", "measures", "objects", "personal", "asking", "inverting", "idle", "explaining", "alone", "ongoing", "glad",
)  # fmt: skip
_PHRASES = ("according", "particles")

add_section("attributions", dict.fromkeys((*_SETS, *_PHRASES, "without"), WORDS))  # without: rules that the language does not claim


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """The words of attributions of a language.

    Attributes:
        sets: key of the language file -> words.
        verbs: all forms of verbs that may be a cue.
        according: phrases such as *according to*.
        particles: what belongs to a verb and follows it, such as *out* in *pointed out*.
    """

    sets: dict[str, frozenset[str]]
    verbs: frozenset[str]
    according: Phrases
    particles: Phrases


@lru_cache(maxsize=8)
def speech_words(language: Language) -> SpeechWords:
    """Return the words of attributions of a language."""
    table = language.section("attributions")
    sets = {name: frozenset(table.get(name, [])) for name in _SETS}
    verbs = frozenset().union(*(sets[name] for name in ("bare", "speech", "hearers", "quoting", "participles", "shows")))
    according = make_phrases({phrase: phrase for phrase in table.get("according", [])}, language)
    particles = make_phrases({phrase: phrase for phrase in table.get("particles", [])}, language)
    return SpeechWords(sets, verbs, according, particles)


def first_words(phrases: Phrases) -> frozenset[str]:
    """Return the words with which phrases begin."""
    return frozenset(phrases)
