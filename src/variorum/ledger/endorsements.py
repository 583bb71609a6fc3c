"""Endorsements: who signed, endorses, supports or co-sponsors a document, and how votes fell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from variorum.ledger.clausewords import clause_words, find_clause_start, find_subject, is_adverb
from variorum.ledger.entries import known
from variorum.ledger.languages import LISTS, WORDS, Language, add_section
from variorum.ledger.namerows import read_names
from variorum.ledger.numbers import parse_number
from variorum.ledger.rules import Draft, RecordType, Rule
from variorum.ledger.tokens import Tokens, split_words

_OBJECT = 24
"""Tokens of the longest object."""

_WORDS = ("by_word", "documents", "groups", "glad", "into", "unanimous", "abstentions", "abstained", "votes", "against_word", "none", "undersigned", "signed_words", "modals", "verbs_of_passing", "stops", "including", "without")
add_section("endorsements", {**dict.fromkeys(_WORDS, WORDS), "passive": LISTS, "active": LISTS, "endorsing": LISTS})


@dataclass(slots=True)
class Endorsement:
    """The fields of an endorsement."""

    kind: str = known("`signs`, `endorses`, `supports`, `co-sponsors`, `for`, `against` or `abstains` (the last three in a vote)", "supports")
    agents: list[str] = field(default_factory=list, metadata={"doc": "who does so, as written; empty where only a number is given"})
    count: int | None = known("declared number of agents")
    object: str | None = known("the document, as written")


@dataclass(frozen=True, eq=False)
class _Words:
    """The words of endorsements in a language: lists, and first token -> (phrase, kind) of both voices and of participles before those who do so."""

    sets: dict[str, frozenset[str]]
    passive: dict[str, list[tuple[tuple[str, ...], str]]]
    active: dict[str, list[tuple[tuple[str, ...], str]]]
    endorsing: dict[str, list[tuple[tuple[str, ...], str]]]


@lru_cache(maxsize=8)
def endorsement_words(language: Language) -> _Words:
    """Return the words of endorsements in a language."""
    section = language.section("endorsements")
    tables: list[dict[str, list[tuple[tuple[str, ...], str]]]] = []
    for key in ("passive", "active", "endorsing"):
        table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for kind, forms in section.get(key, {}).items():
            for form in forms:
                phrase = split_words(form, language)
                table.setdefault(phrase[0], []).append((phrase, kind))
        for rows in table.values():
            rows.sort(key=lambda row: -len(row[0]))
        tables.append(table)
    return _Words({name: frozenset(section.get(name, ())) for name in _WORDS}, *tables)


def _match(table: dict[str, list[tuple[tuple[str, ...], str]]], tokens: Tokens, at: int) -> tuple[int, str] | None:
    """Return (token after it, kind) of the longest form that begins at a token."""
    for phrase, kind in table.get(tokens.words[at], ()):
        if tuple(tokens.words[at : at + len(phrase)]) == phrase:
            return at + len(phrase), kind
    return None


def _draft(tokens: Tokens, kind: str, cue: tuple[int, int], agents: list[tuple[int, int]], target: tuple[int, int] | None) -> Draft:
    """Return the draft of an endorsement; its place covers cue and object, and agents that follow."""
    fields = Endorsement(kind, [tokens.raw(*a) for a in agents])
    draft = Draft(cue[0], cue[1], fields, {"cue": [tokens.span(*cue)]}, [f"'{tokens.raw(*cue)}' ({kind})"])
    if agents:
        draft.parts["agent"] = [tokens.span(*a) for a in agents]
        draft.why.append(f"by '{tokens.raw(agents[0][0], agents[-1][1])}'"[:200])
        number = parse_number(tokens, agents[0][0]) if len(agents) == 1 else None
        if number is not None and number.value == int(number.value) and not number.fraction:
            fields.count = int(number.value)
            draft.parts["count"] = [tokens.span(number.first, number.last)]
    if target is not None:
        fields.object = tokens.raw(*target)
        draft.parts["object"] = [tokens.span(*target)]
    places = [cue, *agents, *([target] if target else [])]
    draft.first, draft.last = min(p[0] for p in places), max(p[1] for p in places)
    return draft


def _find_by(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement in the passive: ``a letter signed by``, ``the bill is endorsed by``."""
    words, classes = endorsement_words(tokens.language), clause_words(tokens.language)
    found = _match(words.passive, tokens, at)
    if found is None or tokens.word(found[0]) not in words.sets["by_word"]:
        return None
    begin = found[0] + 1
    first, end = tokens.sentence(at)
    agents = read_names(tokens, begin, end, words.sets["groups"])
    if not agents:
        return None
    place = _skip_coordinated(tokens, at, first, words)
    while place > first and (tokens.words[place - 1] in classes.finite or is_adverb(classes, tokens.words[place - 1])):
        place -= 1
    if place == at and tokens.word(place - 1) == "," and place - 1 > first:
        place -= 1  # a letter, signed by
    begin_object = find_clause_start(tokens, place)
    begins = [n for n in range(begin_object + 1, place) if tokens.words[n] in classes.determiners - {"'s"} and tokens.words[n - 1] not in classes.prepositions | classes.joints]
    if begins:  # we publish here the letter signed by
        begin_object = begins[-1]
    if any(tokens.words[n] in words.sets["modals"] for n in range(place, at)):
        return None
    target = (begin_object, place) if 0 < place - begin_object <= _OBJECT and tokens.is_word(begin_object) else None
    draft = _draft(tokens, found[1], (at, found[0] + 1), agents, target)
    if found[1] == "supports" and not (target and _names_document(tokens, target, words)):
        return None
    draft.negated = any(w in classes.negations for w in tokens.words[place:at])
    return draft


def _skip_coordinated(tokens: Tokens, at: int, first: int, words: _Words) -> int:
    """Return the participle with *by* that a conjunction joins to the one at a token, where one stands before it: *drafted by the crews and backed by*."""
    classes = clause_words(tokens.language)
    if classes.infinitives or (tokens.word(at - 1) not in classes.joints and tokens.word(at - 1) != ","):
        return at
    for place in range(at - 3, max(first, at - _OBJECT), -1):
        word = tokens.words[place]
        if word in words.sets["by_word"] and tokens.words[place - 1].endswith(("ed", "en", "wn")) and place - 1 > first:
            return place - 3 if tokens.words[place - 2] == "-" and place - 3 > first else place - 1
        if word in ";:.?!" or word in classes.finite:
            break
    return at


def _names_document(tokens: Tokens, place: tuple[int, int], words: _Words) -> bool:
    """Tell whether a phrase names a document or campaign."""
    return any(w in words.sets["documents"] for w in tokens.words[place[0] : place[1]])


def _find_active(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement in the active: ``our union endorses the declaration``, ``she signed the letter``."""
    words, classes = endorsement_words(tokens.language), clause_words(tokens.language)
    found = _match(words.active, tokens, at)
    if found is None or tokens.word(found[0]) in words.sets["by_word"] | words.sets["into"]:
        return None
    first, _ = tokens.sentence(at)
    verb, before = at, tokens.word(at - 1) if at > first else ""
    if before == "to":
        if tokens.word(at - 2) not in words.sets["glad"]:
            return None
        verb = at - 2
    elif before in classes.determiners - {"that", "this"} or before in classes.prepositions or before in words.sets["modals"] or before in classes.relatives - {"who"}:
        return None
    subject = find_subject(tokens, verb)
    if subject is not None and any(not is_adverb(classes, w) and w not in classes.finite for w in tokens.words[subject[1] : verb]):
        return None
    if subject is not None and tokens.words[subject[0]] in classes.relatives:
        return None
    if subject is None or subject[1] - subject[0] > 25 or any(tokens.words[n] in words.sets["modals"] for n in range(subject[1], at)):
        return None
    target = _read_target(tokens, found[0], words)
    if found[1] == "signs" and target is not None and any(tuple(tokens.words[n : n + 2]) == ("into", "law") for n in range(found[0], min(len(tokens), found[0] + 25))):
        return None  # who signs into law acts
    if target is None or (found[1] != "endorses" and not _names_document(tokens, target, words)):
        return None
    agents = read_names(tokens, subject[0], subject[1], words.sets["groups"]) or [subject]
    draft = _draft(tokens, found[1], (at, found[0]), agents, target)
    draft.negated = any(w in classes.negations for w in tokens.words[subject[1] : at])
    return draft


def _find_including(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement by those that a list names: ``Organizations endorsing the bill include the Pier Union and Crews United``."""
    words = endorsement_words(tokens.language)
    found = _match(words.endorsing, tokens, at)
    first, end = tokens.sentence(at)
    place = next((n for n in range(at + 1, min(end, at + _OBJECT)) if tokens.words[n] in words.sets["including"]), None)
    if found is None or place is None or not words.sets["groups"] & set(tokens.words[max(first, at - 4) : place]):
        return None
    begin = place + 1 + (tokens.word(place + 1) == ":")
    agents = read_names(tokens, begin, end, words.sets["groups"]) if begin < end else []
    target = _read_target(tokens, found[0], words)
    target = (target[0], min(target[1], place)) if target is not None else None
    if target is not None and (target[0] >= place or not _names_document(tokens, target, words)):
        target = None
    return _draft(tokens, found[1], (at, found[0]), agents, target) if agents else None


def _read_target(tokens: Tokens, at: int, words: _Words) -> tuple[int, int] | None:
    """Return the tokens of the object after a verb: a phrase of its own, up to a verb, a mark or a word that goes on."""
    classes = clause_words(tokens.language)
    end = min(tokens.sentence(at)[1] if at < len(tokens) else at, at + _OBJECT)
    last = at
    while last < end:
        word = tokens.words[last]
        if word in classes.relatives | classes.that | classes.finite | classes.joints or word in words.sets["stops"] or (word in ",;:()“”\"—–" and last > at) or (word.endswith("ing") and last > at and tokens.language.code == "en" and not tokens.is_capital(last)):
            break
        last += 1
    while last > at and (tokens.words[last - 1] in classes.prepositions or not tokens.words[last - 1][0].isalnum()):
        last -= 1
    named = last > at and (tokens.words[at] in classes.determiners or tokens.is_capital(at) or tokens.words[at] in words.sets["documents"] or tokens.words[at] == "it")
    return (at, last) if named else None


def _find_vote(tokens: Tokens, at: int) -> Draft | list[Draft] | None:
    """Return how a vote fell: unanimously, by a number to a number, with a number of abstentions and by whom."""
    words = endorsement_words(tokens.language)
    word = tokens.words[at]
    if word in words.sets["unanimous"]:
        near = tokens.words[max(0, at - 4) : at + 3]
        return _draft(tokens, "for", (at, at + 1), [], None) if any(w in words.sets["verbs_of_passing"] for w in near) else None
    if word in words.sets["votes"]:
        number = parse_number(tokens, at - 1)
        if number is None or number.last != at or tokens.word(at + 1) not in ("to", "contre", "contra", "a", "à"):
            return None
        drafts = [_count(tokens, "for", number.first, at + 1, int(number.value))]
        other = parse_number(tokens, at + 2)
        if other is not None and other.first == at + 2 and other.value:
            drafts.append(_count(tokens, "against", other.first, other.last, int(other.value)))
        return drafts
    if word in words.sets["abstentions"]:
        return _find_abstention(tokens, at, words)
    if word in words.sets["abstained"]:
        subject = find_subject(tokens, at)
        return _draft(tokens, "abstains", (at, at + 1), read_names(tokens, subject[0], subject[1], words.sets["groups"]) or [subject], None) if subject and subject[1] - subject[0] <= 25 else None
    return None


def _count(tokens: Tokens, kind: str, first: int, last: int, value: int) -> Draft:
    """Return the draft of a number of votes."""
    return Draft(first, last, Endorsement(kind, count=value), {"count": [tokens.span(first, first + 1)]}, [f"{value} votes {kind}"])


def _find_abstention(tokens: Tokens, at: int, words: _Words) -> Draft | None:
    """Return the abstentions before whose word a number stands, with the names in brackets after it."""
    number = parse_number(tokens, at - 1)
    if number is None or number.last != at or number.fraction:
        return None
    agents: list[tuple[int, int]] = []
    last = at + 1
    if tokens.word(last) == "(":
        close = next((n for n in range(last + 1, min(last + 60, len(tokens))) if tokens.words[n] == ")"), None)
        if close is not None:
            agents, last = read_names(tokens, last + 1, close, words.sets["groups"]), close + 1
    draft = _draft(tokens, "abstains", (at, at + 1), agents, None)
    draft.fields.count = int(number.value)
    draft.parts["count"] = [tokens.span(number.first, number.last)]
    draft.first, draft.last = number.first, max(draft.last, last)
    return draft


def _find_undersigned(tokens: Tokens, at: int) -> Draft | None:
    """Return a declared number of those who sign: ``we, the undersigned 143 organisations``, ``signed by 40 groups`` has a rule of its own."""
    words = endorsement_words(tokens.language)
    place = at + 1
    number = parse_number(tokens, place) if place < len(tokens) else None
    if number is not None and number.first == place:
        last = number.last
        while last < len(tokens) and last - number.last < 4 and tokens.words[last] not in words.sets["groups"]:
            last += 1
        if tokens.word(last) not in words.sets["groups"]:
            return None
        draft = _draft(tokens, "signs", (at, at + 1), [(number.first, last + 1)], None)
    elif any(w in words.sets["groups"] for w in tokens.words[place : place + 3]):
        last = next(n for n in range(place, place + 3) if tokens.words[n] in words.sets["groups"])
        draft = _draft(tokens, "signs", (at, at + 1), [(place, last + 1)], None)
    else:
        return None
    return draft


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of endorsements in a language, in order of precedence."""
    words = endorsement_words(language)
    votes = words.sets["unanimous"] | words.sets["votes"] | words.sets["abstentions"] | words.sets["abstained"]
    rules = [
        Rule("by", frozenset(words.passive), _find_by, "B", "signed, endorsed, supported or co-sponsored by somebody named"),
        Rule("active", frozenset(words.active), _find_active, "B", "somebody signs, endorses, supports or co-sponsors a document"),
        Rule("including", frozenset(words.endorsing), _find_including, "B", "those who endorse, support or co-sponsor, named in a list after include"),
        Rule("vote", votes, _find_vote, "A", "how a vote fell: unanimously, numbers, abstentions"),
        Rule("undersigned", words.sets["undersigned"], _find_undersigned, "B", "a declared number of those who sign"),
    ]
    return [rule for rule in rules if rule.anchors and rule.name not in words.sets["without"]]


ENDORSEMENT = RecordType(
    "endorsement",
    "Who signed, endorses, supports or co-sponsors a document, or how a vote on it fell.",
    Endorsement,
    "endorsements",
    make_rules,
    {"cue": "words of endorsing", "agent": "who does so", "count": "declared number", "object": "the document"},
)
