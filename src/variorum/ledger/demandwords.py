"""The words of demands: cues with the frames in which they ask, modals, and the words that tell a demand from what looks like one.

A frame is written in the language file, such as ``on|upon A to V``: words, then `A` the addressee, then the word that leads to what is
asked: `V` an infinitive, `N` a noun phrase, `S` a clause with a subject of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from variorum.ledger.languages import LISTS, TEXTS, WORDS, Language, add_section
from variorum.ledger.tokens import split_words

FORCE = {"order": 7, "demand": 6, "call": 5, "urge": 4, "request": 3, "invite": 2, "should": 1}
"""Kind of demand -> rank of its force."""

_SETS = ("leads", "nouny", "noun_before", "ask_not", "idle", "may", "personal", "formal", "agents", "objects", "be", "was", "afterwards", "renewals", "page", "let_not", "rule_subjects", "wh", "believe", "should_not", "must_not", "not_be", "we", "refrain", "lets", "please", "dont", "passive", "conditional", "floating", "need_before", "issuers", "strict", "applicants", "possessives", "places", "participles", "stranded", "questions", "noun_not", "answers", "sending", "abstract", "pasts")

add_section(
    "demands",
    {
        **dict.fromkeys(_SETS, WORDS),
        "kinds": TEXTS,
        "forms": LISTS,
        "frames": LISTS,
        "nouns": LISTS,
        "noun_frames": LISTS,
        "led_frames": LISTS,
        "modals": TEXTS,
        "necessity": LISTS,
        "necessity_frames": LISTS,
    },
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: words first, whether an addressee follows, the words that link it to what is asked, and what that is (`V`, `N`, `S`)."""

    before: tuple[tuple[str, ...], ...]
    addressee: bool
    link: frozenset[str]
    asked: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that ask: the lemma, the phrase as tokens, and the way (`verb`, `noun`, `necessity`)."""

    lemma: str
    phrase: tuple[str, ...]
    way: str


@dataclass(frozen=True, eq=False)
class DemandWords:
    """The words of demands in a language.

    Attributes:
        cues: first token -> cues that begin with it, longest first.
        kinds: lemma -> kind.
        frames: way -> lemma -> frames, in the order in which they are tried.
        modals: first token -> (phrase, lemma), longest first.
        sets: the other lists.
        plain_modals: modals of one word.
        anchors: the first tokens of verbs, at which a clause of its own may begin.
    """

    cues: dict[str, list[Cue]]
    kinds: dict[str, str]
    frames: dict[str, dict[str, list[Frame]]]
    modals: dict[str, list[tuple[tuple[str, ...], str]]]
    sets: dict[str, frozenset[str]]
    plain_modals: frozenset[str]
    anchors: frozenset[str]


def _read_frame(text: str, language: Language) -> Frame:
    """Return a frame as written."""
    parts = text.split()
    words = [[split_words(w.replace("_", " "), language) for w in part.split("|")] for part in parts]
    places = [n for n, part in enumerate(parts) if part in ("A", "V", "N", "S")]
    asked = parts[places[-1]]
    if parts[places[0]] == "A":
        link = frozenset(w[0] for w in words[places[0] + 1]) if places[-1] - places[0] == 2 else frozenset()
        return Frame(tuple(words[0]) if places[0] else (), True, link, asked)
    return Frame(tuple(words[0]) if places[0] else (), False, frozenset(), asked)


@lru_cache(maxsize=8)
def demand_words(language: Language) -> DemandWords:
    """Return the words of demands in a language."""
    section = language.section("demands")
    cues: dict[str, list[Cue]] = {}
    for key, way in (("forms", "verb"), ("nouns", "noun"), ("necessity", "necessity")):
        for lemma, forms in section.get(key, {}).items():
            for form in forms:
                phrase = split_words(form, language)
                cues.setdefault(phrase[0], []).append(Cue(lemma, phrase, way))
    for found in cues.values():
        found.sort(key=lambda cue: -len(cue.phrase))
    frames = {way: {lemma: [_read_frame(f, language) for f in given] for lemma, given in section.get(key, {}).items()} for way, key in (("verb", "frames"), ("noun", "noun_frames"), ("led", "led_frames"), ("necessity", "necessity_frames"))}
    modals: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for form, lemma in section.get("modals", {}).items():
        phrase = split_words(form, language)
        modals.setdefault(phrase[0], []).append((phrase, lemma))
    for rows in modals.values():
        rows.sort(key=lambda row: -len(row[0]))
    sets = {name: frozenset(section.get(name, ())) for name in _SETS}
    verbs = frozenset(word for word, found in cues.items() if any(cue.way == "verb" and len(cue.phrase) == 1 for cue in found))
    plain = frozenset(word for word, rows in modals.items() if any(len(phrase) == 1 for phrase, _ in rows))
    return DemandWords(cues, section.get("kinds", {}), frames, modals, sets, plain, verbs)


def match_words(phrases: Iterable[tuple[str, ...]], words: list[str], at: int) -> int | None:
    """Return the token after the first of the phrases that stands at a token; None where none does."""
    for phrase in phrases:
        if tuple(words[at : at + len(phrase)]) == phrase:
            return at + len(phrase)
    return None
