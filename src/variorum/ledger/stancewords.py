"""The words of stances in a language: cues with their kind, the words that may follow each, and closed lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from variorum.ledger.clausewords import clause_words
from variorum.ledger.demandwords import demand_words
from variorum.ledger.languages import LISTS, WORDS, Language, add_section
from variorum.ledger.tokens import Tokens, split_words

KINDS = ("condemns", "opposes", "regrets", "concerned", "welcomes", "commends", "thanks", "supports")
"""What a stance may be; the language files group their words by these."""

_SETS = (
    "be", "it", "seeing", "modals", "leads", "willing", "documents", "participles_after", "things", "bodies", "expressing", "possessors", "with_nouns", "greeted",
    "stops", "reasons", "that", "to", "negations", "by", "in", "with", "personal", "doubtful", "greeting", "nouns_too", "degrees", "warm", "called_out", "reading", "own", "on", "there", "honouring", "having", "strengths", "events", "people_endings", "turning", "causing", "gatherings",
)  # fmt: skip
_CUES = ("verbs", "feelings", "judgements", "nouns")
add_section("stances", {**dict.fromkeys(_SETS, WORDS), **dict.fromkeys(_CUES, LISTS), "frames": LISTS})

Phrases = dict[str, list[tuple[tuple[str, ...], str]]]
"""First token -> (phrase, kind), the longest first."""


@dataclass(frozen=True, eq=False)
class StanceWords:
    """The words of stances.

    Attributes:
        sets: closed lists by name.
        cues: `verbs`, `feelings`, `judgements` and `nouns` -> their phrases with the kind of stance.
        frames: phrase of a feeling or noun -> the words that may lead its target.
        anchors: verbs that begin a clause of their own, so that a target ends before them.
    """

    sets: dict[str, frozenset[str]]
    cues: dict[str, Phrases]
    frames: dict[tuple[str, ...], frozenset[str]]
    anchors: frozenset[str]

    def match(self, way: str, tokens: Tokens, at: int) -> tuple[int, str] | None:
        """Return (token after it, kind) of the longest phrase of a way that begins at a token."""
        for phrase, kind in self.cues[way].get(tokens.words[at], ()):
            if len(phrase) == 1 or tuple(tokens.words[at : at + len(phrase)]) == phrase:
                return at + len(phrase), kind
        return None

    def firsts(self, way: str) -> frozenset[str]:
        """Return the anchors of a way."""
        return frozenset(self.cues[way])


@lru_cache(maxsize=8)
def stance_words(language: Language) -> StanceWords:
    """Return the words of stances in a language."""
    section = language.section("stances")
    cues: dict[str, Phrases] = {}
    for way in _CUES:
        table: Phrases = {}
        for kind, forms in section.get(way, {}).items():
            for form in forms:
                phrase = split_words(form, language)
                table.setdefault(phrase[0], []).append((phrase, kind))
        for rows in table.values():
            rows.sort(key=lambda row: -len(row[0]))
        cues[way] = table
    frames = {split_words(phrase, language): frozenset(leads) for phrase, leads in section.get("frames", {}).items()}
    verbs = frozenset(word for word in cues["verbs"] if word not in section.get("nouns_too", ()))
    return StanceWords({name: frozenset(section.get(name, ())) for name in _SETS}, cues, frames, verbs | demand_words(language).anchors | clause_words(language).sayings)
