"""Demands without a verb of asking: must and should, need to and have to, it is time, let us, please, and imperatives."""

from __future__ import annotations

from variorum.ledger.asking import Asked, draft_demand, is_question, match_cue, read_frames
from variorum.ledger.clausewords import (
    ClauseWords,
    clause_words,
    end_clause,
    find_clause_start,
    is_adverb,
    read_infinitive,
    skip_adverbs,
    skip_marker,
)
from variorum.ledger.demandwords import DemandWords, demand_words, match_words
from variorum.ledger.rules import Draft
from variorum.ledger.tokens import Tokens, split_words

_QUOTES = frozenset("\"“«‘'")
_HELD = frozenset({"held", "heard", "tenus", "tenu", "obligados"})
_LONGEST_SUBJECT = 25
"""Tokens of the longest subject that counts as the addressee."""


def find_modal(tokens: Tokens, at: int, ways: frozenset[str]) -> Draft | None:
    """Return the demand whose modal begins at a token, where it is of one of the ways (`must`, `should`, `need`, `have`)."""
    words, classes = demand_words(tokens.language), clause_words(tokens.language)
    found = next(((phrase, way) for phrase, way in words.modals.get(tokens.words[at], ()) if tuple(tokens.words[at : at + len(phrase)]) == phrase), None)
    if found is None or found[1] not in ways or is_question(tokens, at) or tokens.taken[at]:
        return None
    way, after = found[1], at + len(found[0])
    verb = _read_modal_verb(tokens, after, way, words, classes)
    if verb is None:
        return None
    subject = _read_modal_subject(tokens, at, way, words, classes)
    if subject is None:
        return None
    last = end_clause(tokens, verb, words.anchors)
    if tokens.words[last - 1] in words.sets["stranded"] and last - verb > 1:
        return None  # its object stands before: a structure that makers must comply with
    passive = tokens.words[verb] in ("be", "être", "ser")
    first = subject if at - subject <= _LONGEST_SUBJECT else at
    agent = None if (passive and tokens.word(skip_adverbs(tokens, verb + 1)) not in _HELD) or first == at else (first, _end_subject(tokens, first, at))
    asked = Asked(agent, (after, max(last, verb + 1)), verb, "must")
    kind = words.kinds.get("need" if way in ("need", "have") else way, "should")
    draft = draft_demand(tokens, kind, "must" if way in ("must", "should") else "necessity", (at, after), asked)
    draft.first = min(draft.first, first)
    negated = any(w in classes.negations for w in tokens.words[after:verb]) or tokens.words[at].endswith("n't")
    draft.fields.refrains = draft.fields.refrains or negated
    return draft


def _end_subject(tokens: Tokens, first: int, last: int) -> int:
    """Return the end of a subject without the adverbs and commas between it and the modal."""
    classes = clause_words(tokens.language)
    while last > first + 1 and (is_adverb(classes, tokens.words[last - 1]) or tokens.words[last - 1] == ","):
        last -= 1
    return last


def _read_modal_verb(tokens: Tokens, after: int, way: str, words: DemandWords, classes: ClauseWords) -> int | None:
    """Return the verb after a modal where what it says is asked, rather than supposed, laid down as a rule of entry, or past."""
    verb = skip_adverbs(tokens, after)
    verb += tokens.word(verb) in words.sets["floating"]
    word = tokens.word(verb)
    romance = bool(classes.infinitives)
    if romance:
        verb = read_infinitive(tokens, after) or -1
        word = tokens.word(verb)
        if verb < 0:
            return None
    elif not word or not word[0].isalpha() or (word not in classes.bases and (word in classes.no_infinitives or word in classes.prepositions or word in classes.finite - {"be", "have", "do"})):
        return None
    following = tokens.word(skip_adverbs(tokens, verb + 1))
    if word == "have" and (following.endswith(("ed", "en")) or following in words.sets["participles"]):
        return None
    if word in words.sets["should_not" if way == "should" else "must_not"] or (way in ("need", "have") and word in words.sets["must_not"] | {"worry", "choose", "live"}):
        return None
    if word in ("be", "être", "ser") and following in words.sets["not_be"] and not any(w in classes.negations for w in tokens.words[after:verb]):
        return None
    return verb


def _read_modal_subject(tokens: Tokens, at: int, way: str, words: DemandWords, classes: ClauseWords) -> int | None:
    """Return the first token of a modal's subject; the modal itself where its subject is a relative; None where it is no demand."""
    low = tokens.sentence(at)[0]
    end = at
    while end > low and is_adverb(classes, tokens.words[end - 1]):
        end -= 1
    before = tokens.word(end - 1) if end > low else ""
    if way in ("need", "have") and (before in words.sets["need_before"] or any(w in classes.negations for w in tokens.words[end:at])):
        return None
    if not before and classes.infinitives and tokens.words[at].endswith(("mos", "ons")):
        return at  # the subject lies in the verb: debemos
    if not before or before in words.sets["wh"] or before in classes.determiners - {"this", "that"} or (before in classes.finite and way in ("need", "have")):
        return at if before and before in classes.relatives - words.sets["wh"] else None
    if before in classes.relatives or before in classes.that:
        return at if way in ("must", "should") else None
    first = find_clause_start(tokens, end)
    if before in classes.pronouns:
        first = end - 1
    if first >= end:
        return None
    lead = tokens.word(first - 1) if first > low else ""
    if _is_left_out(tokens, first, lead, way, before in classes.pronouns, words, classes):
        return None
    if way in ("need", "have") and not _is_plain(tokens, first, end, classes):
        return None
    subject = set(tokens.words[first:end])
    if subject & words.sets["rule_subjects"] and not subject & {"we"}:
        return None
    if way == "have" and not subject & words.sets["we"]:
        return None
    if before in ("it", "there", "i", "this", "that", "which") and way in ("should", "need"):
        return None if before in ("it", "i", "this", "that") else first
    return first


def _is_plain(tokens: Tokens, first: int, end: int, classes: ClauseWords) -> bool:
    """Tell whether a subject is one noun phrase, without a verb and without a second one beside it (``the tools our crews need``)."""
    if end - first == 1:
        return True
    for place in range(first, end):
        word, before = tokens.words[place], tokens.word(place - 1)
        if word in classes.pronouns - {"this"} or word == "to" or (word in classes.finite and "who" not in tokens.words[first:place]):
            return False
        if place > first and word in classes.determiners - {"'s"} and before[0].isalpha() and before not in classes.prepositions | classes.joints | classes.determiners | classes.adverbs:
            return False
    return True


def _is_left_out(tokens: Tokens, first: int, lead: str, way: str, pronoun: bool, words: DemandWords, classes: ClauseWords) -> bool:
    """Tell whether a subject is that of a question, a condition or a relative clause (``the tools they need to ...``)."""
    if lead in words.sets["wh"] and lead != "as":
        return lead not in words.sets["believe"] and not (lead in words.sets["places"] and pronoun and way in ("must", "should"))
    if lead in words.sets["conditional"]:
        return True
    if lead in classes.that:
        said = tokens.word(first - 2)
        return way in ("need", "have") and said not in words.sets["believe"] and not said.endswith("ed")
    if not pronoun or not lead or lead in _QUOTES or not lead[0].isalpha():
        return False
    return not (lead in classes.joints or lead in classes.openers or lead in classes.subordinators or lead in words.sets["believe"] or is_adverb(classes, lead) or lead in classes.relatives)


def find_necessity(tokens: Tokens, at: int) -> Draft | None:
    """Return the demand in words such as ``it is time for``, ``it is imperative that``, ``it is up to the council to``."""
    words = demand_words(tokens.language)
    cue = match_cue(tokens, at, ("necessity",))
    if cue is None or is_question(tokens, at):
        return None
    after = at + len(cue.phrase)
    if tokens.words[after : after + 2] in (["for", "me"], ["for", "you"]):
        return None
    asked = read_frames(tokens, after, words.frames["necessity"].get(cue.lemma, []))
    if asked is None or asked.form == "lead":
        return None
    return draft_demand(tokens, words.kinds[cue.lemma], "necessity", (at, after), asked)


def _begins_clause(tokens: Tokens, at: int) -> bool:
    """Tell whether a clause may begin at a token: the sentence does, or a mark, a conjunction or an adverb stands before it."""
    classes = clause_words(tokens.language)
    first = tokens.sentence(at)[0]
    before = tokens.word(at - 1)
    return at == first or not before[0].isalnum() or before in classes.joints or before in classes.openers or before in classes.subordinators


def find_lets(tokens: Tokens, at: int) -> Draft | None:
    """Return the call in ``let us`` or ``let's``; who is called by name before it is the addressee."""
    words, classes = demand_words(tokens.language), clause_words(tokens.language)
    after = match_words(sorted((split_words(p, tokens.language) for p in words.sets["lets"]), key=len, reverse=True), tokens.words, at)
    if after is None or not _begins_clause(tokens, at) or is_question(tokens, at):
        return None
    verb = read_infinitive(tokens, after)
    if verb is None or tokens.words[verb] in words.sets["let_not"] or (tokens.words[verb] == "be" and tokens.word(verb + 1) in ("clear", "honest", "real", "frank", "very")):
        return None
    last = max(end_clause(tokens, verb, words.anchors), verb + 1)
    vocative = _find_vocative(tokens, at, classes)
    draft = draft_demand(tokens, "call", "let's", (at, after), Asked(vocative, (after, last), verb, "let's"))
    if vocative is None:
        us = after - 1
        draft.parts["addressee"] = [tokens.span(us, after)] if tokens.words[us] == "us" else []
        if not draft.parts["addressee"]:
            del draft.parts["addressee"]
        draft.fields.addressee = "us" if tokens.words[us] == "us" else None
    return draft


def _find_vocative(tokens: Tokens, at: int, classes: ClauseWords) -> tuple[int, int] | None:
    """Return who is called by name before a call: ``Islanders and crews, let us ...``."""
    first = tokens.sentence(at)[0]
    if tokens.word(at - 1) not in (",", "!") or not 0 < at - 1 - first <= 15:
        return None
    named = tokens.words[first : at - 1]
    plain = not any(w in classes.finite or w in classes.pronouns or w in classes.openers - classes.joints or w in classes.subordinators or w in classes.prepositions - {"of", "de", "del", "des", "du"} or w == "," for w in named)
    return (first, at - 1) if plain and tokens.is_word(first) and named[0] not in classes.bases else None


def find_please(tokens: Tokens, at: int) -> Draft | None:
    """Return the request in ``please`` with an imperative that is no instruction for a page or an office."""
    words = demand_words(tokens.language)
    if not _begins_clause(tokens, at) or tokens.taken[at]:
        return None
    verb = read_infinitive(tokens, at + 1)
    if verb is None or tokens.words[verb] in words.sets["page"] or any(tokens.taken[verb : min(len(tokens), verb + 12)]):
        return None
    last = max(end_clause(tokens, verb, words.anchors), verb + 1)
    draft = draft_demand(tokens, "request", "imperative", (at, at + 1), Asked(None, (at + 1, last), verb, "imperative"))
    return draft


def find_imperative(tokens: Tokens, at: int) -> Draft | None:
    """Return the call in an imperative that begins a sentence; doubtful unless the sentence is called out."""
    words, classes = demand_words(tokens.language), clause_words(tokens.language)
    first = skip_marker(tokens, at) if tokens.begins_paragraph(at) else at
    while first < len(tokens) and first - at < 3 and tokens.words[first] in _QUOTES | {"¡"}:
        first += 1
    if first >= len(tokens) or tokens.taken[first]:
        return None
    verb: int | None = first
    refrains = False
    dont = match_words([split_words(p, tokens.language) for p in words.sets["dont"]], tokens.words, first)
    if dont is not None:
        verb, refrains = read_infinitive(tokens, dont), True
    if verb is None or tokens.words[verb : verb + 2] == ["have", "a"] or not (refrains or _is_imperative(tokens, verb, classes)) or tokens.words[verb] in words.sets["page"]:
        return None
    end = tokens.sentence(first)[1]
    last = end_clause(tokens, verb, words.anchors)
    if last - verb < 2 or (tokens.is_capital(verb + 1) and tokens.word(last) != "!" and not tokens.raw(first, last).isupper()) or tokens.word(verb + 1) in ("of", "to", "is", "are", "was"):
        return None
    draft = draft_demand(tokens, "call", "imperative", (first, verb + 1), Asked(None, (first, last), verb, "imperative"))
    draft.fields.refrains = draft.fields.refrains or refrains
    called = "!" in tokens.words[max(last - 1, end - 3) : end]
    if not called:
        draft.grade = "C"
        draft.why.append("no exclamation mark: it may be a heading or an item")
    return draft


def _is_imperative(tokens: Tokens, at: int, classes: ClauseWords) -> bool:
    """Tell whether a word at the beginning of a sentence may be an imperative."""
    return tokens.words[at] in classes.bases and tokens.word(at + 1) not in classes.finite
