"""Actions: what somebody announces to do, decides or declares by saying so, or is reported to have done."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from variorum.ledger.asking import is_question
from variorum.ledger.clauses import read_subject
from variorum.ledger.clausewords import (
    clause_words,
    end_clause,
    find_subject,
    is_adverb,
    paragraph_start,
    read_infinitive,
    read_object,
    skip_adverbs,
    skip_marker,
)
from variorum.ledger.entries import known
from variorum.ledger.languages import WORDS, Language, add_section
from variorum.ledger.naming import names_of
from variorum.ledger.rules import SENTENCE, Draft, RecordType, Rule
from variorum.ledger.speech import speech_words
from variorum.ledger.textviews import TextView
from variorum.ledger.tokens import Tokens, split_words

_ACTOR = 22
"""Tokens of the longest actor."""
_BEFORE = 12
"""Tokens between the beginning of an operative paragraph and its verb."""
_SETS = ("will", "plans", "resolves", "idle", "actors", "done", "have", "hereby", "decides", "declares", "subjects_not", "unless", "only_to", "hopes", "told", "after", "voted", "late", "third_person", "forced", "be", "by_word", "endorsing", "futures", "others_futures", "future_leads", "no_futures", "links", "without")
add_section("actions", dict.fromkeys(_SETS, WORDS))


@dataclass(slots=True)
class Action:
    """The fields of an action."""

    kind: str = known("`announced` (will, intends to), `decided` or `declared` (done by saying so: decides, reaffirms) or `reported` (has approved)", "announced")
    actor: str | None = known("who acts, as written; null where the verb begins an operative paragraph")
    verb: str | None = known("verb of the action, in lower case")
    action: str | None = known("what is done, as written, with its verb")
    object: str | None = known("what the verb is about, as written")
    date: str | None = known("when, as EDTF, from the first date of the action")


@lru_cache(maxsize=8)
def _words(language: Language) -> dict[str, frozenset[str]]:
    """Return the lists of a language as sets."""
    section = language.section("actions")
    return {name: frozenset(section.get(name, ())) for name in _SETS}


@lru_cache(maxsize=8)
def _plans(language: Language) -> dict[str, list[tuple[str, ...]]]:
    """Return first token -> phrases of intending."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in language.section("actions").get("plans", ()):
        words = split_words(phrase, language)
        found.setdefault(words[0], []).append(words)
    return found


def _draft(tokens: Tokens, kind: str, cue: tuple[int, int], actor: tuple[int, int] | None, verb: int) -> Draft:
    """Return the draft of an action: from the actor, or its verb, to the end of the clause."""
    last = max(end_clause(tokens, verb + 1) if verb + 1 < tokens.sentence(verb)[1] else verb + 1, verb + 1, cue[1])
    fields = Action(kind, verb=tokens.words[verb], action=tokens.raw(verb, last))
    draft = Draft(actor[0] if actor else cue[0], last, fields, {"action": [tokens.span(verb, last)], "verb": [tokens.span(verb, verb + 1)]}, [f"'{tokens.raw(*cue)}' ({kind})"])
    if actor is not None:
        fields.actor = tokens.raw(*actor)
        draft.parts["actor"] = [tokens.span(*actor)]
        draft.why.append(f"by '{fields.actor}'")
    target = read_object(tokens, verb + 1, last)
    if target is not None:
        fields.object = tokens.raw(*target)
        draft.parts["object"] = [tokens.span(*target)]
    classes = clause_words(tokens.language)
    draft.negated = any(w in classes.negations or w.endswith("n't") for w in tokens.words[cue[0] : verb])
    return draft


def _read_actor(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Return who acts before a verb: the first person, a name, or a body; None for things, bills and what no name tells."""
    words, classes = _words(tokens.language), clause_words(tokens.language)
    found = find_subject(tokens, at)
    if found is None or found[1] - found[0] > _ACTOR:
        return None
    found = _cut_actor(tokens, found, words)
    between = tokens.words[found[1] : at]
    lead = tokens.word(found[0] - 1)
    if any(not is_adverb(classes, w) and w not in classes.finite for w in between) or lead in classes.conditions or lead in words["unless"]:
        return None
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
    first = max([first, *(n + 1 for n in range(first, last - 1) if tokens.words[n] in words["after"])])
    for number in range(first, last):
        name = names_of(tokens).get(number)
        if name is not None and name.title is not None and name.last == last and name.title[0] > first and (tokens.is_word(name.title[0] - 1) or tokens.words[name.title[0] - 1] == ")") and tokens.words[name.title[0] - 1] not in clause_words(tokens.language).joints | clause_words(tokens.language).prepositions:
            return name.title[0], last
    return first, last


def _read_spoken(tokens: Tokens, first: int, last: int) -> tuple[int, int] | None:
    """Return the words of a verb that say themselves that we speak: ``nos comprometemos``, ``hemos decidido``, ``nous nous engageons``."""
    classes = clause_words(tokens.language)
    spoken = bool(classes.infinitives) and any(w in classes.first_person or w.endswith("mos") for w in tokens.words[first:last])
    return (first, max(first + 1, last - 1)) if spoken else None


def _find_announced(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody says to be going to do."""
    words, classes = _words(tokens.language), clause_words(tokens.language)
    if is_question(tokens, at) or tokens.taken[at]:
        return None
    after = next((at + len(p) for p in _plans(tokens.language).get(tokens.words[at], ()) if tuple(tokens.words[at : at + len(p)]) == p), None)
    glued = tokens.words[at] not in ("will", "shall", "'ll") and tokens.words[at] in words["will"]
    after = at + 1 if after is None and tokens.words[at] in words["will"] else after
    if after is None or (tokens.is_capital(at) and tokens.is_capital(after)):
        return None  # in a heading a plan to is a noun
    verb = read_infinitive(tokens, after)
    if verb is None or tokens.words[verb] in words["idle"] or tokens.word(verb) in classes.finite:
        return None
    actor = _read_spoken(tokens, at, after) or ((at, at + 1) if glued else _read_actor(tokens, at))
    if actor is None or tokens.word(actor[0] - 1) in words["hopes"]:
        return None
    draft = _draft(tokens, "announced", (at, after), actor, verb)
    person = any((name := names_of(tokens).get(n)) is not None and name.kind == "person" for n in range(*actor))
    if tokens.words[at] in words["will"] and tokens.words[actor[0]] not in classes.first_person and not person:
        draft.grade = "C"
        draft.why.append("of somebody else it may be foretold, not announced")
    return draft


def _find_future(tokens: Tokens, at: int) -> Draft | None:
    """Return what who speaks will do, said by an ending: ``nous remettrons``, ``entregaremos``."""
    words, classes = _words(tokens.language), clause_words(tokens.language)
    if tokens.begins_sentence(at) and (foretold := _find_foretold(tokens, at)) is not None:
        return foretold
    lead = tokens.words[at] in words["future_leads"]
    verb = skip_adverbs(tokens, at + lead)
    while verb - at <= 4 and (tokens.word(verb) in classes.first_person or tokens.word(verb) in classes.determiners or tokens.word(verb) in classes.openers | classes.joints):
        verb += 1
    if verb - at > 4 or verb >= tokens.sentence(at)[1] or (words["future_leads"] and not lead):
        return None
    word = tokens.words[verb]
    if not word.endswith(tuple(words["futures"])) or word in words["no_futures"] or is_question(tokens, at) or tokens.taken[verb]:
        return None
    return _draft(tokens, "announced", (verb, verb + 1), (at, at + 1) if lead else (verb, verb + 1), verb)


def _find_foretold(tokens: Tokens, at: int) -> Draft | None:
    """Return what a person or body will do, said by the ending of the first verb of a sentence: ``le conseil publiera``, ``comprará dos barcos``."""
    words, classes = _words(tokens.language), clause_words(tokens.language)
    first, end = skip_marker(tokens, at), tokens.sentence(at)[1]
    for verb in range(first, min(first + _ACTOR, end)):
        word = tokens.words[verb]
        if tokens.taken[verb] or (word == "," and tokens.taken[verb - 1]):  # mercredi, le conseil se réunira
            continue
        if word in classes.finite or word in classes.that or word in classes.relatives or word in classes.subordinators or word in words["no_futures"] or word in ",:;()«»\"“”":
            return None
        if len(word) < 5 or not word.endswith(tuple(words["others_futures"])) or (tokens.is_capital(verb) and verb > first):
            continue
        actor = _read_actor(tokens, verb)
        silent = not words["future_leads"] and all(tokens.taken[n] or is_adverb(classes, tokens.words[n]) for n in range(first, verb))  # a subject need not be said
        if (actor is None and not silent) or is_question(tokens, verb):
            return None
        return _draft(tokens, "announced", (verb, verb + 1), actor, verb)
    return None


def _find_decided(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody decides: ``we have decided to``, ``the board resolves that``."""
    words = _words(tokens.language)
    link = at + 1
    clause = tokens.word(link) in clause_words(tokens.language).that
    linked = clause or tokens.word(link) in words["links"]
    if not (linked or not words["links"]) or is_question(tokens, at) or tokens.words[at] not in words["resolves"]:
        return None
    if clause and tokens.words[at] in words["only_to"]:
        return None
    verb = skip_adverbs(tokens, link + 1) if clause else read_infinitive(tokens, link + linked)
    actor = _read_actor(tokens, at) or _read_spoken(tokens, at - (tokens.word(at - 1) in words["have"]), at + 1)
    if verb is None or actor is None or verb >= tokens.sentence(at)[1] or _is_supposed(tokens, actor, at, verb if clause else None):
        return None
    draft = _draft(tokens, "decided", (at, link + linked), actor, verb)
    _end_before_clause(tokens, draft, verb)
    if clause:
        draft.fields.verb = None
        draft.parts.pop("verb")
    return draft


_SUPPOSING = frozenset({"would", "could", "might", "may", "should", "can", "cannot", "must", "if"})
_SHALL = frozenset({"should", "must", "will", "shall", "would", "had", "has", "be"})


def _is_supposed(tokens: Tokens, actor: tuple[int, int], at: int, that: int | None) -> bool:
    """Tell whether a decision is only supposed (*would have decided to*), or is an opinion (*decided that the law was old*); English."""
    if tokens.language.code != "en":
        return False
    between = tokens.words[actor[0] : at]
    opinion = that is not None and not _SHALL & set(tokens.words[that : min(that + 25, tokens.sentence(at)[1])])
    return opinion or bool(_SUPPOSING & set(between))


def _end_before_clause(tokens: Tokens, draft: Draft, verb: int) -> None:
    """End an action before a comma with a subject of its own after it: *while the board has decided to wait, I am concerned*."""
    classes = clause_words(tokens.language)
    comma = next((n for n in range(verb + 1, draft.last - 1) if tokens.words[n] == "," and (tokens.words[n + 1] in classes.pronouns or (tokens.words[n + 1] in ("so", "but", "and") and tokens.word(n + 2) in classes.pronouns))), None)
    if comma is None:
        return
    draft.last = comma
    draft.fields.action = tokens.raw(verb, comma)
    draft.parts["action"] = [tokens.span(verb, comma)]


def _find_operative(tokens: Tokens, at: int) -> Draft | None:
    """Return what an operative paragraph decides or declares by its first verb."""
    words, classes = _words(tokens.language), clause_words(tokens.language)
    start = paragraph_start(tokens, at)
    if at - start > _BEFORE:
        return None
    begin = skip_marker(tokens, start)
    between = tokens.words[begin:at]
    led = bool(between) and begin > start and between[0] in classes.determiners and len(between) <= 5 and all(tokens.is_capital(begin + n) or is_adverb(classes, w) for n, w in enumerate(between[1:], 1))
    if not led and not (all(is_adverb(classes, w) or w in (",", "and") for w in between) and tokens.is_capital(begin)):
        return None
    if begin == start and tokens.role(at) not in ("operative", "preamble") and "the" not in tokens.words[at + 1 : at + 8] and "that" not in tokens.words[at + 1 : at + 3]:
        return None
    kind = "decided" if tokens.words[at] in words["decides"] else "declared"
    draft = _draft(tokens, kind, (at, at + 1), (begin, at) if led else None, at)
    if begin == start and tokens.role(at) not in ("operative", "preamble"):
        draft.grade = "C"
        draft.why.append("no numbered paragraph")
    return draft


def _find_reported(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody is said to have done: ``the council has approved``, ``Mayor Vole signed``."""
    words, classes = _words(tokens.language), clause_words(tokens.language)
    if is_question(tokens, at) or tokens.taken[at]:
        return None
    place = at
    first = tokens.sentence(at)[0]
    while place > first and at - place < 5 and is_adverb(classes, tokens.words[place - 1]):
        place -= 1
    before = tokens.word(place - 1) if place > first else ""
    perfect = before in words["have"]
    if before == "," and place - 1 > first:
        return _find_apposed(tokens, at, place)
    if perfect and place - 2 > first and tokens.words[place - 2] == "," and (apposed := _find_apposed(tokens, at, place - 1)) is not None:
        return apposed  # la ministre, Élise Caron, a présenté
    if not before or (before in classes.finite and not perfect) or before in classes.determiners or before in classes.prepositions or before in classes.joints or before in classes.relatives - {"who"} or before in ("to", ",", "not"):
        return None
    if tokens.word(at + 1) in ("by", "to") and not perfect and not (tokens.words[at] in words["voted"] and tokens.words[at + 1] == "to"):
        return None
    actor = _read_actor(tokens, at)
    if actor is None or (not perfect and actor[1] != place):
        return None
    if not _has_object(tokens, at):
        return None
    return _draft(tokens, "reported", (place - 1 if perfect else at, at + 1), actor, at)


def _find_forced(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody was forced to do: ``some unions have been forced to stop work``; the act is theirs, told by who speaks."""
    words = _words(tokens.language)
    be, perfect = _read_be(tokens, at)
    verb = read_infinitive(tokens, at + 2) if tokens.word(at + 1) in words["links"] else None
    if be is None or verb is None or is_question(tokens, at) or tokens.taken[at]:
        return None
    actor = _read_actor(tokens, be)
    return _draft(tokens, "reported", (be, at + 2), actor, verb) if actor is not None and (perfect or actor[1] == be) else None


def _find_passive(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody did, told of what it was done to: ``the plan was rejected by the council``."""
    words, classes = _words(tokens.language), clause_words(tokens.language)
    be, _ = _read_be(tokens, at)
    begin = at + 2
    if be is None or tokens.word(at + 1) not in words["by_word"] or is_question(tokens, at) or tokens.taken[at] or begin >= tokens.sentence(at)[1]:
        return None
    last = next((name.last for n in range(begin, min(begin + 6, len(tokens))) if (name := names_of(tokens).get(n)) is not None and name.kind in ("person", "body")), None)
    if last is None or any(tokens.is_word(n) and not tokens.is_capital(n) and tokens.words[n] not in classes.determiners for n in range(begin, last) if tokens.words[n] not in ("of", "and", "for")):
        return None
    subject = find_subject(tokens, be)
    if subject is None or subject[1] - subject[0] > _ACTOR or tokens.words[subject[0]] in classes.relatives | classes.that:
        return None
    draft = _draft(tokens, "reported", (at, last), (begin, last), at)
    draft.first = min(subject[0], draft.first)
    draft.fields.object = tokens.raw(*subject)
    draft.parts["object"] = [tokens.span(*subject)]
    return draft


def _read_be(tokens: Tokens, at: int) -> tuple[int | None, bool]:
    """Return the first token of the form of *be* before a participle, and whether it is a perfect; None after a modal, or where none stands there."""
    words, classes = _words(tokens.language), clause_words(tokens.language)
    place = at - 1
    while place > 0 and at - place < 5 and is_adverb(classes, tokens.words[place]):
        place -= 1
    if place <= tokens.sentence(at)[0] or tokens.words[place] not in words["be"]:
        return None, False
    before = place
    while before > 0 and place - before < 3 and is_adverb(classes, tokens.words[before - 1]):
        before -= 1
    perfect = tokens.word(before - 1) in words["have"]
    if tokens.words[place] == "been" and not perfect:
        return None, False
    return (before - 1, True) if perfect else (place, False)


def _find_apposed(tokens: Tokens, at: int, place: int) -> Draft | None:
    """Return an action whose actor stands before something between commas: ``Mayor Vole, joined by the crews, opened the pier``."""
    words = speech_words(tokens.language)
    actor = read_subject(tokens, place, words)
    if actor is None:
        comma = next((n for n in range(place - 2, max(place - 30, 0), -1) if tokens.words[n] == "," and tokens.words[n + 1] in _words(tokens.language)["late"]), None)
        actor = read_subject(tokens, comma, words) if comma is not None else None
        actor = (actor[0], place - 1) if actor is not None else None
    if actor is None or actor[1] != place - 1 or not _has_object(tokens, at):
        return None
    comma = next((n for n in range(*actor) if tokens.words[n] == ","), actor[1])
    named = any(name.kind in ("person", "body") for n in range(actor[0], comma) if (name := names_of(tokens).get(n)) is not None)
    return _draft(tokens, "reported", (at, at + 1), (actor[0], comma), at) if named else None


def _has_object(tokens: Tokens, at: int) -> bool:
    """Tell whether what follows a verb may be what was done; *announced that* tells what was said instead."""
    classes = clause_words(tokens.language)
    target = tokens.word(skip_adverbs(tokens, at + 1))
    if target in classes.that and tokens.words[at] in _words(tokens.language)["told"]:
        return False
    if not target or not (target in classes.determiners or tokens.is_capital(at + 1) or tokens.is_number(at + 1) or target in ("that", "against", "for", "in", "to", "with", "over", "legislation", "on", "yes", "no") or target[0].isalpha()) or target in ("by",):
        return False
    return not (tokens.words[at] == "elected" and target in ("officials", "leaders", "representatives", "members"))


def link_actions(view: TextView) -> None:
    """Link each action to the first date in it."""
    dates = sorted((e for e in view.of_type("date") if e.fields.kind in ("date", "period")), key=lambda e: e.start)
    for entry in view.of_type("action"):
        place = bisect_left(dates, entry.start, key=lambda e: e.start)
        if place < len(dates) and dates[place].end <= entry.end:
            fields: Any = entry.fields
            fields.date = dates[place].fields.edtf
            entry.parts["date"] = [(dates[place].start, dates[place].end)]
            entry.links["date"] = [dates[place]]


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of actions in a language, in order of precedence."""
    words = _words(language)
    return [
        Rule("operative", words["decides"] | words["declares"], _find_operative, "A", "what an operative paragraph decides or declares by its first verb"),
        Rule("decided", words["resolves"], _find_decided, "B", "what somebody decides, resolves or agrees to do"),
        *([Rule("future", words["future_leads"] | {SENTENCE}, _find_future, "B", "what who speaks will do, said by the ending of the verb")] if words["futures"] else []),
        Rule("announced", words["will"] | frozenset(_plans(language)), _find_announced, "B", "what somebody will do, intends or promises to do"),
        *([Rule("forced", words["forced"], _find_forced, "B", "what somebody was forced to do")] if words["forced"] else []),
        *([Rule("passive", words["done"] - words["endorsing"], _find_passive, "B", "what a named person or body has done, told in the passive")] if words["by_word"] else []),
        Rule("reported", words["done"], _find_reported, "B", "what a person or body has done"),
    ]


ACTION = RecordType(
    "action",
    "What somebody announces, decides or declares to do, or is reported to have done.",
    Action,
    "actions",
    make_rules,
    {"actor": "who acts", "verb": "verb of the action", "action": "what is done", "object": "what the verb is about", "date": "when"},
    link_actions,
)
