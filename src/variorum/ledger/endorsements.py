"""Endorsements: who signed, endorses, supports or co-sponsors a document, and how votes fell."""

from __future__ import annotations

from variorum.ledger.backers import find_backer, find_held
from variorum.ledger.clauses import read_subject
from variorum.ledger.clausewords import clause_words, find_clause_start, find_subject, is_adverb
from variorum.ledger.endorsing import (
    OBJECT,
    Endorsement,
    EndorsementWords,
    endorsement_words,
    is_enacted,
    make_draft,
    match_form,
    names_document,
    read_antecedent,
    read_document,
)
from variorum.ledger.languages import Language
from variorum.ledger.namerows import read_names
from variorum.ledger.naming import names_of
from variorum.ledger.numbers import parse_number
from variorum.ledger.rules import Draft, RecordType, Rule
from variorum.ledger.speech import speech_words
from variorum.ledger.tokens import Tokens

_REACH = 25
"""Tokens of the longest subject, and of what stands between it and its verb."""

def _find_by(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement in the passive: ``a letter signed by``, ``the bill is endorsed by``."""
    words, classes = endorsement_words(tokens.language), clause_words(tokens.language)
    found = match_form(words.passive, tokens, at)
    agent = _find_agent(tokens, found[0], words) if found is not None else None
    if found is None or agent is None:
        return None
    begin = agent + (tokens.word(agent) == ":")
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
    target = (begin_object, place) if 0 < place - begin_object <= OBJECT and tokens.is_word(begin_object) else None
    if is_enacted(tokens, found[1], agents, target):
        return None
    draft = make_draft(tokens, found[1], (at, agent if agent == found[0] + 1 else found[0]), agents, target)
    if found[1] == "supports" and not (target and names_document(tokens, target)):
        return None
    draft.negated = any(w in classes.negations for w in tokens.words[place:at])
    return draft


def _find_agent(tokens: Tokens, after: int, words: EndorsementWords) -> int | None:
    """Return the token after *by*: right after a participle, in French and Spanish also after words that say when or where (signée en une semaine par)."""
    classes = clause_words(tokens.language)
    reach = after + (8 if classes.infinitives else 1)
    for place in range(after, min(reach, len(tokens))):
        word = tokens.words[place]
        if word in words.sets["by_word"]:
            return place + 1
        if (place > after and (word in classes.finite or word in classes.relatives or word in classes.joints)) or (place == after and word not in classes.prepositions) or not word[0].isalnum():
            return None
    return None


def _skip_coordinated(tokens: Tokens, at: int, first: int, words: EndorsementWords) -> int:
    """Return the participle with *by* that a conjunction joins to the one at a token, where one stands before it: *drafted by the crews and backed by*."""
    classes = clause_words(tokens.language)
    if classes.infinitives or (tokens.word(at - 1) not in classes.joints and tokens.word(at - 1) != ","):
        return at
    for place in range(at - 3, max(first, at - OBJECT), -1):
        word = tokens.words[place]
        if word in words.sets["by_word"] and tokens.words[place - 1].endswith(("ed", "en", "wn")) and place - 1 > first:
            return place - 3 if tokens.words[place - 2] == "-" and place - 3 > first else place - 1
        if word in ";:.?!" or word in classes.finite:
            break
    return at


def _find_active(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement in the active: ``our union endorses the declaration``, ``she signed the letter``, ``the bill (that) she cosponsored``."""
    words = endorsement_words(tokens.language)
    found = match_form(words.active, tokens, at)
    if found is None or tokens.word(found[0]) in words.sets["by_word"] | words.sets["into"] or tokens.word(at - 1) == "-":
        return None
    if tokens.is_capital(at) and at > tokens.sentence(at)[0] and tokens.is_capital(at - 1) and not tokens.words[found[0] - 1].endswith(("s", "ed")):
        return None  # the Crew Support Act
    onward = match_form(words.active, tokens, found[0])
    cue, kind = ((at, onward[0]), onward[1]) if onward is not None else ((at, found[0]), found[1])  # signed on to co-sponsor
    if tokens.word(at - 1) in words.sets["clitics"]:
        return _find_pronoun(tokens, cue, kind, words)
    verb = _find_verb(tokens, at, words)
    subject = _read_agent(tokens, verb) if verb is not None else None
    if verb is None or subject is None or any(tokens.words[n] in words.sets["modals"] for n in range(subject[1], at)):
        return None
    return _make_active(tokens, cue, kind, subject)


def _find_pronoun(tokens: Tokens, cue: tuple[int, int], kind: str, words: EndorsementWords) -> Draft | None:
    """Return the endorsement of a document that a pronoun before the verb stands for: ``la ligue le soutient``, where one was named shortly before."""
    first, verb = tokens.sentence(cue[0])[0], cue[0] - 1
    subject = _read_agent(tokens, verb) if verb > first else None
    if subject is None or not names_document(tokens, (max(0, first - OBJECT), first)):
        return None
    return make_draft(tokens, kind, cue, read_names(tokens, subject[0], subject[1], words.sets["groups"]) or [subject], (verb, cue[0]))


def _make_active(tokens: Tokens, cue: tuple[int, int], kind: str, subject: tuple[int, int]) -> Draft | None:
    """Return the draft of a verb with its subject, which is empty where the clause leaves it out, if what it is about is a document."""
    words, classes = endorsement_words(tokens.language), clause_words(tokens.language)
    target = read_document(tokens, cue[1]) or _read_shared(tokens, cue[1])
    if target is None or not (kind == "endorses" or names_document(tokens, target)):
        target = _read_before(tokens, subject)
    if target is None or (kind != "endorses" and not names_document(tokens, target)):
        return None
    if kind == "signs" and any(tuple(tokens.words[n : n + 2]) == ("into", "law") for n in range(cue[1], min(len(tokens), cue[1] + 25))):
        return None  # who signs into law acts
    agents = (read_names(tokens, subject[0], subject[1], words.sets["groups"]) or [subject]) if subject[0] < subject[1] else []
    if is_enacted(tokens, kind, agents, target):
        return None
    draft = make_draft(tokens, kind, cue, agents, target)
    draft.negated = any(w in classes.negations for w in tokens.words[max(subject[1], cue[0] - 6) : cue[0]])
    return draft


def _read_before(tokens: Tokens, subject: tuple[int, int]) -> tuple[int, int] | None:
    """Return the document before a relative clause with that subject: ``a bill that the union supports``, ``the bill she cosponsored``."""
    classes = clause_words(tokens.language)
    first, last = subject
    if first == last or any(w in classes.finite or w in classes.prepositions - {"of", "for", "on"} for w in tokens.words[first:last]):
        return None
    lead = tokens.word(first - 1) in classes.relatives | classes.that
    return read_antecedent(tokens, first - lead) if first and (lead or tokens.words[first] in classes.pronouns) else None


def _find_verb(tokens: Tokens, at: int, words: EndorsementWords) -> int | None:
    """Return the token before which the subject of a verb stands: its own, or that of the words that lead to an infinitive (``is proud to support``); None where it is a noun or asked for."""
    classes = clause_words(tokens.language)
    first = tokens.sentence(at)[0]
    before = at - 1
    while before >= first and at - before < 4 and is_adverb(classes, tokens.words[before]):
        before -= 1
    if before < first:
        return at
    if tokens.words[before] == "to":
        lead = before - 1
        while lead > first and is_adverb(classes, tokens.words[lead]):
            lead -= 1
        return lead if tokens.words[lead] in words.sets["glad"] else None
    word = tokens.words[before]
    if word in classes.determiners - {"that", "this"} or word in classes.prepositions or word in words.sets["modals"]:
        return None
    return at


def _read_agent(tokens: Tokens, verb: int) -> tuple[int, int] | None:
    """Return who does what a verb says; an empty place where the clause leaves it out (``Cosponsored bills to mend the pier``); None where nobody is found."""
    classes = clause_words(tokens.language)
    first = tokens.sentence(verb)[0]
    lead = tokens.words[first:verb]
    if tokens.language.code == "en" and tokens.words[verb].endswith("ed") and (not lead or (lead[0].endswith("ed") and lead[-1] in classes.joints and len(lead) <= 3)):
        return (verb, verb)
    place = verb
    while place > first and verb - place < 4 and is_adverb(classes, tokens.words[place - 1]):
        place -= 1
    if tokens.word(place - 1) == ",":
        subject = read_subject(tokens, place, speech_words(tokens.language)) or _read_before_inserted(tokens, place)
        return subject if subject is not None and subject[1] - subject[0] <= 2 * _REACH and tokens.words[subject[0]] not in classes.relatives else None
    subject = find_subject(tokens, verb)
    if subject is None or any(not is_adverb(classes, w) and w not in classes.finite for w in tokens.words[subject[1] : verb]):
        return None
    begin = subject[0] + (tokens.words[subject[0]] in classes.relatives and subject[1] - subject[0] > 1)
    if tokens.words[begin] in classes.relatives or subject[1] - begin > _REACH:
        return None
    return begin, subject[1]


def _read_before_inserted(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Return the subject before what stands between commas: ``they, just four years ago, signed``, ``Mayor Vole (Bay), master of the port, signed``."""
    for comma in range(at - 2, max(at - _REACH, tokens.sentence(at)[0]), -1):
        if tokens.words[comma] == ",":
            if tokens.words[comma - 1] == ")":
                return read_subject(tokens, comma, speech_words(tokens.language))
            if comma > at - 10 and not any(tokens.is_capital(n) for n in range(comma, at - 1)):
                return find_subject(tokens, comma)
    return None


def _read_shared(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Return the object that a second verb shares: ``the bill`` in ``cosponsored and voted for the bill``."""
    classes = clause_words(tokens.language)
    if tokens.word(at) not in classes.joints:
        return None
    end = min(tokens.sentence(at)[1], at + 10)
    place = next((n for n in range(at + 1, end) if tokens.words[n] in classes.determiners or names_document(tokens, (n, n + 1))), None)
    return read_document(tokens, place) if place is not None else None


def _find_ongoing(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement in *-ing*: ``the union is cosponsoring the bill``, ``thank you, Mayor Vole, for supporting the bill``, ``joined in cosponsoring``."""
    words, classes = endorsement_words(tokens.language), clause_words(tokens.language)
    found = match_form(words.ongoing, tokens, at)
    if found is None:
        return None
    first = tokens.sentence(at)[0]
    place = at
    while place > first and at - place < 4 and is_adverb(classes, tokens.words[place - 1]):
        place -= 1
    before = tokens.word(place - 1) if place > first else ""
    if before in classes.finite:
        subject = _read_agent(tokens, at)
    elif before == "for":
        subject = _read_thanked(tokens, place - 1)
    elif before == "in":
        joined = next((n for n in range(place - 2, max(first - 1, place - _REACH), -1) if tokens.words[n] in ("joins", "joined")), None)
        subject = find_subject(tokens, joined) if joined is not None else None
    else:
        return None
    return _make_active(tokens, (at, found[0]), found[1], subject) if subject is not None and subject[0] < subject[1] and tokens.words[subject[0]] not in classes.relatives | {"who"} else None


def _read_thanked(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Return the person, body or group before ``for``: whom one thanks for supporting a bill."""
    words, classes = endorsement_words(tokens.language), clause_words(tokens.language)
    low = max(tokens.sentence(at)[0], at - 14)
    for place in range(at - 1, low - 1, -1):
        name = names_of(tokens).get(place)
        if name is not None and name.last == at and name.kind in ("person", "body"):
            return (name.title[0] if name.title else name.first), at
    begin = next((n for n in range(at - 1, low - 1, -1) if tokens.words[n] in classes.determiners), None)
    return (begin, at) if begin is not None and words.sets["groups"] & set(tokens.words[begin:at]) else None


def _find_including(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement by those that a list names: ``Organizations endorsing the bill include the Pier Union and Crews United``."""
    words = endorsement_words(tokens.language)
    found = match_form(words.endorsing, tokens, at)
    first, end = tokens.sentence(at)
    place = next((n for n in range(at + 1, min(end, at + OBJECT)) if tokens.words[n] in words.sets["including"]), None)
    near = tokens.words[max(first, at - 4) : place]
    if found is None or place is None or not (words.sets["groups"] & set(near) or words.sets["leads"] & set(near[: max(0, at - max(first, at - 4))])):
        return None
    begin = place + 1 + (tokens.word(place + 1) == ":")
    agents = read_names(tokens, begin, end, words.sets["groups"]) if begin < end else []
    target = read_document(tokens, found[0])
    target = (target[0], min(target[1], place)) if target is not None else None
    if target is not None and (target[0] >= place or not names_document(tokens, target)):
        target = None
    return make_draft(tokens, found[1], (at, found[0]), agents, target) if agents else None


def _find_vote(tokens: Tokens, at: int) -> Draft | list[Draft] | None:
    """Return how a vote fell: unanimously, by a number to a number, with a number of abstentions and by whom."""
    words = endorsement_words(tokens.language)
    word = tokens.words[at]
    if word in words.sets["unanimous"]:
        near = tokens.words[max(0, at - 4) : at + 3]
        return make_draft(tokens, "for", (at, at + 1), [], None) if any(w in words.sets["verbs_of_passing"] for w in near) else None
    if word in words.sets["votes"]:
        return _find_counted(tokens, at)
    if word in words.sets["abstentions"]:
        return _find_abstention(tokens, at, words)
    if word in words.sets["abstained"]:
        subject = find_subject(tokens, at)
        return make_draft(tokens, "abstains", (at, at + 1), read_names(tokens, subject[0], subject[1], words.sets["groups"]) or [subject], None) if subject and subject[1] - subject[0] <= 25 else None
    return None


def _find_counted(tokens: Tokens, at: int) -> list[Draft] | None:
    """Return the numbers for and against: ``9 votes to 2``, ``a vote of 90-9``."""
    number = parse_number(tokens, at + 2) if tokens.word(at + 1) == "of" else parse_number(tokens, at - 1)
    if number is None or number.fraction or (number.first != at + 2 if tokens.word(at + 1) == "of" else number.last != at):
        return None
    last = max(number.last, at + 1)
    if tokens.word(last) not in ("to", "contre", "contra", "a", "à", "-", "–"):
        return None
    drafts = [_count(tokens, "for", number.first, last, int(number.value))]
    other = parse_number(tokens, last + 1)
    if other is not None and other.first == last + 1 and other.value:
        drafts.append(_count(tokens, "against", other.first, other.last, int(other.value)))
    return drafts


def _count(tokens: Tokens, kind: str, first: int, last: int, value: int) -> Draft:
    """Return the draft of a number of votes."""
    return Draft(first, last, Endorsement(kind, count=value), {"count": [tokens.span(first, first + 1)]}, [f"{value} votes {kind}"])


def _find_abstention(tokens: Tokens, at: int, words: EndorsementWords) -> Draft | None:
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
    draft = make_draft(tokens, "abstains", (at, at + 1), agents, None)
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
        draft = make_draft(tokens, "signs", (at, at + 1), [(number.first, last + 1)], None)
    elif any(w in words.sets["groups"] for w in tokens.words[place : place + 3]):
        last = next(n for n in range(place, place + 3) if tokens.words[n] in words.sets["groups"])
        draft = make_draft(tokens, "signs", (at, at + 1), [(place, last + 1)], None)
    else:
        return None
    return draft


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of endorsements in a language, in order of precedence."""
    words = endorsement_words(language)
    votes = words.sets["unanimous"] | words.sets["votes"] | words.sets["abstentions"] | words.sets["abstained"]
    rules = [
        Rule("backer", frozenset(words.backers), find_backer, "B", "somebody is named or counted as a cosponsor or signatory"),
        Rule("by", frozenset(words.passive), _find_by, "B", "signed, endorsed, supported or co-sponsored by somebody named"),
        Rule("active", frozenset(words.active), _find_active, "B", "somebody signs, endorses, supports or co-sponsors a document"),
        Rule("ongoing", frozenset(words.ongoing), _find_ongoing, "B", "somebody is supporting or co-sponsoring a document, or is thanked for it"),
        Rule("held", frozenset(words.held), find_held, "B", "a document has or receives the support or endorsement of somebody named"),
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
