"""Who acts: read before a verb, before what stands between commas, before *who*, or shared with the verb before it."""

from __future__ import annotations

from functools import lru_cache

from variorum.ledger.clauses import read_subject
from variorum.ledger.clausewords import clause_words, find_subject, is_adverb
from variorum.ledger.languages import WORDS, Language, add_section
from variorum.ledger.naming import names_of
from variorum.ledger.speech import speech_words
from variorum.ledger.tokens import Tokens

ACTOR = 45
"""Tokens of the longest actor."""
_SHARED = 60
"""Tokens between two verbs of one actor."""
_SETS = ("will", "plans", "asks", "owed", "resolves", "idle", "actors", "done", "have", "hereby", "decides", "declares", "subjects_not", "unless", "only_to", "hopes", "told", "after", "voted", "late", "third_person", "forced", "be", "by_word", "endorsing", "futures", "others_futures", "future_leads", "no_futures", "links", "enacting", "backing", "enactable", "foretold", "glued", "times", "time_leads", "without")
add_section("actions", dict.fromkeys(_SETS, WORDS))


@lru_cache(maxsize=8)
def action_words(language: Language) -> dict[str, frozenset[str]]:
    """Return the lists of a language as sets."""
    section = language.section("actions")
    return {name: frozenset(section.get(name, ())) for name in _SETS}


def skip_back(tokens: Tokens, at: int, first: int) -> int:
    """Return the token before which adverbs and words of time stand that part a verb from its actor: *today*, *this week*."""
    classes, words = clause_words(tokens.language), action_words(tokens.language)
    place = at
    while place > first and at - place < 5:
        if is_adverb(classes, tokens.words[place - 1]):
            place -= 1
        elif tokens.words[place - 1] in words["times"] and place - 2 > first and tokens.words[place - 2] in words["time_leads"]:
            place -= 2
        else:
            break
    return place


def read_actor(tokens: Tokens, at: int) -> tuple[tuple[int, int], str] | None:
    """Return who acts before the group of a verb that begins at `at`, and how that was read: `direct`, `apposed`, `who` or `shared`; None where nobody does."""
    classes = clause_words(tokens.language)
    first = tokens.sentence(at)[0]
    place = at
    place = skip_back(tokens, place, first)
    lead = tokens.word(place - 1) if place > first else ""
    if lead == "," and place - 1 > first:
        found, how = _read_apposed(tokens, place), "apposed"
        if found is None:
            found, how = _read_shared(tokens, place - 1), "shared"
    elif lead == "who":
        found, how = _read_before_who(tokens, place - 1), "who"
    elif lead in classes.joints:
        found, how = _read_shared(tokens, place - 1), "shared"
    else:
        found, how = _read_direct(tokens, at), "direct"
    return (found, how) if found is not None else None


def _read_direct(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Return who acts before a verb: the first person, a name, or a body; None for things, bills and what no name tells."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    found = find_subject(tokens, at)
    if found is None or found[1] - found[0] > ACTOR:
        return None
    found = _cut_actor(tokens, found, words)
    if tokens.words[found[0]] in classes.prepositions:  # for six years the company
        begins = [n for n in range(found[0] + 2, found[1]) if tokens.words[n] in classes.determiners and tokens.words[n - 1] not in classes.prepositions | classes.joints]
        found = (begins[-1] if begins else found[0]), found[1]
    last = found[1]
    while last < at and tokens.words[last] in words["time_leads"] and tokens.word(last + 1) in words["times"]:
        last += 2
    between = tokens.words[last:at]
    lead = tokens.word(found[0] - 1)
    if any(not is_adverb(classes, w) and w not in classes.finite for w in between) or lead in classes.conditions or lead in words["unless"]:
        return None
    if tokens.words[found[0]] in classes.relatives and found[1] - found[0] > 1:
        found = found[0] + 1, found[1]  # the bill which Mayor Vole introduced
    subject = tokens.words[found[0] : found[1]]
    if len(subject) == 1 and subject[0] in classes.first_person | words["third_person"]:
        return found
    if set(subject) & words["subjects_not"] or subject[0] in classes.prepositions:
        return None
    head = found[0] + (subject[0] in classes.determiners)
    named = (tokens.is_capital(found[1] - 1) or subject[-1] == ")") and tokens.is_capital(head)
    if subject[-1] in ("'s", "'") or any(w.endswith("ed") and not tokens.is_capital(n) for n, w in enumerate(subject, found[0])):
        return None
    return found if subject[0] in classes.first_person or set(subject) & words["actors"] or named else None


def _cut_actor(tokens: Tokens, found: tuple[int, int], words: dict[str, frozenset[str]]) -> tuple[int, int]:
    """Return an actor without what leads it: *after the council*, *in honour of the crews Mayor Vole*."""
    first, last = found
    first = max([first, *(n + 1 for n in range(first, last - 1) if tokens.words[n] in words["after"] | words["foretold"])])
    for number in range(first, last):
        name = names_of(tokens).get(number)
        if name is not None and name.title is not None and name.last == last and name.title[0] > first and (tokens.is_word(name.title[0] - 1) or tokens.words[name.title[0] - 1] == ")") and tokens.words[name.title[0] - 1] not in clause_words(tokens.language).joints | clause_words(tokens.language).prepositions:
            return name.title[0], last
    return first, last


def _read_apposed(tokens: Tokens, place: int) -> tuple[int, int] | None:
    """Return an actor who stands before something between commas: ``Mayor Vole, joined by the crews, opened the pier``."""
    words = speech_words(tokens.language)
    actor = read_subject(tokens, place, words)
    if actor is None:
        comma = next((n for n in range(place - 2, max(place - 30, 0), -1) if tokens.words[n] == "," and tokens.words[n + 1] in action_words(tokens.language)["late"]), None)
        actor = read_subject(tokens, comma, words) if comma is not None else None
        actor = (actor[0], place - 1) if actor is not None else None
    if actor is None or actor[1] != place - 1:
        return None
    comma = next((n for n in range(*actor) if tokens.words[n] == ","), actor[1])
    named = any(name.kind in ("person", "body") for n in range(actor[0], comma) if (name := names_of(tokens).get(n)) is not None)
    return (actor[0], comma) if named else None


def _read_before_who(tokens: Tokens, who: int) -> tuple[int, int] | None:
    """Return the person or body before ``who``: ``Mayor Vole, who opened the pier``."""
    last = who - (tokens.word(who - 1) == ",")
    found = read_subject(tokens, last, speech_words(tokens.language)) if last > tokens.sentence(who)[0] else None
    if found is None:
        return None
    names = [name for n in range(*found) if (name := names_of(tokens).get(n)) is not None and name.kind in ("person", "body")]
    return (names[-1].title[0] if names[-1].title else names[-1].first, found[1]) if names else None


def _read_shared(tokens: Tokens, joint: int) -> tuple[int, int] | None:
    """Return the actor of the verb before a conjunction: ``Mayor Vole opened the pier and released the figures``, ``I thank you and will write again``."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    first = max(tokens.sentence(joint)[0], joint - _SHARED)
    for place in range(joint - 1, first, -1):
        word = tokens.words[place]
        if word in classes.relatives | classes.that | classes.pronouns or word in ";:“”\"" or (word in classes.finite and word not in (words["have"] | words["will"]) and not tokens.is_capital(place)):
            return None
        before = tokens.words[place - 1]
        if before in ("i", "we") and word not in ("’", "'", "'s"):
            return place - 1, place
        if word in words["done"] and before not in classes.joints and before != ",":
            found = _read_direct(tokens, place)
            if found is not None and (found[1] == place or before in words["have"] or is_adverb(classes, before)):
                return found
    return None


def has_phrase(tokens: Tokens, at: int) -> bool:
    """Tell whether a noun phrase follows a verb: an article, a name or a number."""
    return tokens.word(at + 1) in clause_words(tokens.language).determiners or tokens.is_capital(at + 1) or tokens.is_number(at + 1)


def is_reduced(tokens: Tokens, at: int, actor: tuple[int, int]) -> bool:
    """Tell whether a verb after a common noun may be a participle: ``the authorities provided in the act``."""
    classes = clause_words(tokens.language)
    common = not any(tokens.is_capital(n) for n in range(actor[0] + 1, actor[1])) and tokens.words[actor[0]] not in classes.pronouns | classes.first_person
    return common and actor[1] - actor[0] > 1 and tokens.word(at + 1) in classes.prepositions


def is_unmeant(tokens: Tokens, actor: tuple[int, int], at: int) -> bool:
    """Tell whether what the actor will do by the cue at a token is hoped, asked, owed or a condition: ``we must commit to``, ``if we're going to``."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    place = at - 1
    while place >= actor[1] and (is_adverb(classes, tokens.words[place]) or tokens.words[place] in classes.joints):
        place -= 1
    owed = place >= actor[1] and tokens.words[place] in words["owed"]
    asked = any(word in words["asks"] for word in tokens.words[actor[1] : at])
    return owed or asked or tokens.word(actor[0] - 1) in words["unless"] or tokens.words[actor[1] - 1] in words["hopes"] or _is_hoped(tokens, actor[0])


def _is_hoped(tokens: Tokens, first: int) -> bool:
    """Tell whether somebody hopes, fears or sees to it that the actor at a token will act, or asks how."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    lead = tokens.word(first - 1)
    if lead in classes.that:
        return tokens.word(first - 2) in words["hopes"] or not tokens.is_word(first - 2)
    return lead in words["hopes"] or lead in classes.relatives - {"who", "which"}
