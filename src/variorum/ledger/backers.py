"""Endorsements by a noun: who is a *cosponsor* of a bill, and whose *support* a document has."""

from __future__ import annotations

from variorum.ledger.clausewords import clause_words, find_subject, is_adverb
from variorum.ledger.endorsing import OBJECT, endorsement_words, make_draft, match_form, names_document, read_document
from variorum.ledger.namerows import read_names
from variorum.ledger.naming import names_of
from variorum.ledger.numbers import Number, parse_number
from variorum.ledger.rules import Draft
from variorum.ledger.tokens import Tokens

_BETWEEN = 6
"""Tokens between a verb of being and the noun: ``is also the sole Republican cosponsor``."""
_COUNTED = 4
"""Tokens between a number and the noun: ``eight more cosponsors``."""


def find_backer(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement by a noun for who gives it: ``Ada Vole is a cosponsor of the bill``, ``with 16 cosponsors``, ``cosponsors: Ada Vole and Ben Tern``."""
    words = endorsement_words(tokens.language)
    found = match_form(words.backers, tokens, at)
    if found is None or tokens.word(at - 1) == "-":
        return None
    last, kind = found
    first, end = tokens.sentence(at)
    lead = at - 1
    while lead > first and is_adverb(clause_words(tokens.language), tokens.words[lead]):
        lead -= 1
    if tokens.words[lead] == "to" and lead >= first:
        return None  # a verb: to cosponsor
    target = read_document(tokens, last + 1) if tokens.word(last) in ("of", "on", "to", "for", "in") and last + 1 < end else None
    if target is not None and not (names_document(tokens, target) or any(tokens.is_capital(n) for n in range(target[0] + 1, target[1]))):
        target = None
    agents = _read_listed(tokens, last, end)
    if not agents:
        number = _read_count(tokens, at, first)
        if number is not None:
            agents = [(number.first, last)]
    if not agents:
        verb = _find_being(tokens, at, first)
        if verb is None or (target is None and kind != "co-sponsors"):
            return None
        agents = _read_holder(tokens, verb, first)
        if agents is None:
            return None
    draft = make_draft(tokens, kind, (at, last), agents, target)
    draft.negated = any(w in clause_words(tokens.language).negations for w in tokens.words[max(first, at - _BETWEEN) : at])
    return draft


def _read_listed(tokens: Tokens, last: int, end: int) -> list[tuple[int, int]]:
    """Return the persons or bodies named right after the noun, or after a colon."""
    begin = last + (tokens.word(last) == ":")
    if begin >= end or not tokens.is_capital(begin):
        return []
    named = any((name := names_of(tokens).get(n)) is not None and name.kind in ("person", "body") for n in range(begin, min(begin + 4, end)))
    return read_names(tokens, begin, end, endorsement_words(tokens.language).sets["groups"]) if named else []


def _read_count(tokens: Tokens, at: int, first: int) -> Number | None:
    """Return the number of those who do so, with at most some adjectives between."""
    classes = clause_words(tokens.language)
    for place in range(at - 1, max(first, at - _COUNTED) - 1, -1):
        if (not tokens.is_word(place) and not tokens.is_number(place)) or tokens.words[place] in classes.prepositions | classes.finite:
            return None
        number = parse_number(tokens, place)
        if number is not None and number.first == place and number.last <= at and not number.fraction and number.value == int(number.value) and number.value > 1:
            return number
    return None


def _find_being(tokens: Tokens, at: int, first: int) -> int | None:
    """Return the token of the verb of being, or of ``as``, that leads to the noun: ``is also a``, ``to be an early``, ``joined as``."""
    classes = clause_words(tokens.language)
    for place in range(at - 1, max(first - 1, at - 2 - _BETWEEN), -1):
        word = tokens.words[place]
        if word in ("is", "are", "was", "were", "be", "been", "being", "am", "as", "i'm", "we're"):
            return place
        if not (tokens.is_word(place) or word == "-") or (word in classes.prepositions and word != "of") or word in ("'s", "his", "her", "their"):
            return None
    return None


def _read_holder(tokens: Tokens, verb: int, first: int) -> list[tuple[int, int]] | None:
    """Return who is the cosponsor, read from the verb; an empty list where the clause leaves it out; None where it is asked for, not said."""
    words, classes = endorsement_words(tokens.language), clause_words(tokens.language)
    word, at = tokens.words[verb], verb
    if word in ("i'm", "we're"):
        return [(verb, verb + 1)]
    if word == "as":
        joined = next((n for n in range(verb - 1, max(first - 1, verb - 30), -1) if tokens.words[n] in ("join", "joins", "joined", "joining", "serves", "served", "signed", "named")), None)
        if joined is None:
            return None
        at = joined
    elif word == "be":
        before = next((n for n in range(verb - 1, max(first - 1, verb - 4), -1) if not is_adverb(classes, tokens.words[n]) and tokens.words[n] != "to"), None)
        if before is None or tokens.words[before] not in words.sets["glad"]:
            return None
        at = before
    elif word == "being":
        return _read_names_before(tokens, verb, first)
    subject = find_subject(tokens, at)
    if subject is None or subject[1] - subject[0] > OBJECT or tokens.words[subject[0]] in classes.relatives | {"who", "which", "that"}:
        return _read_names_before(tokens, at, first)
    return read_names(tokens, subject[0], subject[1], words.sets["groups"]) or [subject]


def _read_names_before(tokens: Tokens, at: int, first: int) -> list[tuple[int, int]]:
    """Return the last person or body named before ``for being``, ``including being``, ``who is``; none where nobody is near."""
    for place in range(at - 1, max(first - 1, at - OBJECT), -1):
        name = names_of(tokens).get(place)
        if name is not None and name.kind in ("person", "body") and name.last <= at:
            return [(name.title[0] if name.title else name.first, name.last)]
    return []


def find_held(tokens: Tokens, at: int) -> Draft | None:
    """Return an endorsement that a document has: ``the bill has the support of the Pier Union``, ``received an endorsement from``."""
    words, classes = endorsement_words(tokens.language), clause_words(tokens.language)
    found = match_form(words.held, tokens, at)
    if found is None or tokens.word(found[0]) not in words.sets["from_words"]:
        return None
    first, end = tokens.sentence(at)
    verb = next((n for n in range(at - 1, max(first - 1, at - 6), -1) if tokens.words[n] in words.sets["holding"]), None)
    if verb is None or any(w in classes.negations or w in classes.prepositions for w in tokens.words[verb + 1 : at]):
        return None
    subject = find_subject(tokens, verb)
    if subject is None and tokens.word(verb - 1) in classes.joints:  # the bill was filed by Ada Vole and has the support of
        finite = next((n for n in range(first, verb) if tokens.words[n] in classes.finite), verb)
        subject = find_subject(tokens, finite)
    if subject is not None and not names_document(tokens, subject):  # this proposal enjoys
        last = verb
        while last > subject[1] and (is_adverb(classes, tokens.words[last - 1]) or tokens.words[last - 1] in classes.finite):
            last -= 1
        subject = (subject[0], last)
    if subject is None or (not names_document(tokens, subject) and tokens.words[subject[0]] not in ("it", "which")):
        return None
    if tokens.words[subject[0]] in classes.relatives and subject[1] - subject[0] > 1:
        return None
    begin = found[0] + 1
    agents = read_names(tokens, begin, end, words.sets["groups"])
    if not agents:
        return None
    draft = make_draft(tokens, found[1], (at, found[0]), agents, subject)
    draft.layer = "held"  # the bill was signed by some and has the support of others
    return draft
