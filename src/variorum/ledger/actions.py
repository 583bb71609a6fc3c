"""Actions: what somebody announces to do, decides or declares by saying so, or is reported to have done."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from variorum.ledger.actors import ACTOR, action_words, has_phrase, is_reduced, is_unmeant, read_actor, skip_back
from variorum.ledger.asking import is_question
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
from variorum.ledger.cues import attributions_of
from variorum.ledger.entries import known
from variorum.ledger.languages import Language
from variorum.ledger.naming import names_of
from variorum.ledger.rules import SENTENCE, Draft, RecordType, Rule
from variorum.ledger.textviews import TextView
from variorum.ledger.tokens import Tokens, split_words

_FORETOLD = 22
"""Tokens between the beginning of a sentence and a verb whose ending foretells."""
_BEFORE = 12
"""Tokens between the beginning of an operative paragraph and its verb."""


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


def _read_spoken(tokens: Tokens, first: int, last: int) -> tuple[int, int] | None:
    """Return the words of a verb that say themselves that we speak: ``nos comprometemos``, ``hemos decidido``, ``nous nous engageons``."""
    classes = clause_words(tokens.language)
    spoken = bool(classes.infinitives) and any(w in classes.first_person or w.endswith("mos") for w in tokens.words[first:last])
    return (first, max(first + 1, last - 1)) if spoken else None


def _find_announced(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody says to be going to do."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    if is_question(tokens, at) or tokens.taken[at]:
        return None
    after = next((at + len(p) for p in _plans(tokens.language).get(tokens.words[at], ()) if tuple(tokens.words[at : at + len(p)]) == p), None)
    glued = tokens.words[at] not in ("will", "shall", "'ll") and tokens.words[at] in words["will"] | words["glued"]
    after = at + 1 if after is None and tokens.words[at] in words["will"] else after
    if after is None or (tokens.is_capital(at) and tokens.is_capital(after)):
        return None  # in a heading a plan to is a noun
    verb = read_infinitive(tokens, after)
    if verb is None and tokens.words[after - 1] == "to" and tokens.word(after).endswith("ing") and not tokens.words[at].endswith("ed"):
        verb = after  # commit to ensuring
    if verb is not None and tokens.words[verb] == "be" and tokens.word(verb + 1).endswith("ing"):
        verb += 1  # will be holding
    if verb is None or tokens.words[verb] in words["idle"] or (tokens.words[verb] in classes.finite and tokens.words[verb] not in classes.bases):
        return None
    actor = _read_spoken(tokens, at, after) or ((at, at + 1) if glued else _actor_of(tokens, at))
    if actor is None or is_unmeant(tokens, actor, at) or (tokens.words[actor[0]] == "they" and not _is_told(tokens, actor[0])):
        return None
    actor = min(skip_adverbs(tokens, actor[0]), actor[1] - 1), actor[1]  # announced today the council will
    draft = _draft(tokens, "announced", (at, after), actor, verb)
    draft.layer = str(verb)  # one may lie in another's clause
    person = tokens.words[actor[0]] in words["third_person"] or any((name := names_of(tokens).get(n)) is not None and name.kind == "person" for n in range(*actor))
    if tokens.words[at] in words["will"] and tokens.words[actor[0]] not in classes.first_person and not person and not _is_told(tokens, actor[0]):
        draft.grade = "C"
        draft.why.append("of somebody else it may be foretold, not announced")
    return draft


def _is_told(tokens: Tokens, first: int) -> bool:
    """Tell whether somebody announces that the actor at a token will act."""
    place = first - (tokens.word(first - 1) in clause_words(tokens.language).that)
    return any(word in action_words(tokens.language)["foretold"] for word in tokens.words[max(tokens.sentence(first)[0], place - 3) : place])


def _find_future(tokens: Tokens, at: int) -> Draft | None:
    """Return what who speaks will do, said by an ending: ``nous remettrons``, ``entregaremos``."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
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
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    first, end = skip_marker(tokens, at), tokens.sentence(at)[1]
    for verb in range(first, min(first + _FORETOLD, end)):
        word = tokens.words[verb]
        if tokens.taken[verb] or (word == "," and tokens.taken[verb - 1]):  # mercredi, le conseil se réunira
            continue
        if word in classes.finite or word in classes.that or word in classes.relatives or word in classes.subordinators or word in words["no_futures"] or word in ",:;()«»\"“”":
            return None
        if len(word) < 5 or not word.endswith(tuple(words["others_futures"])) or (tokens.is_capital(verb) and verb > first):
            continue
        actor = _actor_of(tokens, verb)
        silent = not words["future_leads"] and all(tokens.taken[n] or is_adverb(classes, tokens.words[n]) for n in range(first, verb))  # a subject need not be said
        if (actor is None and not silent) or is_question(tokens, verb):
            return None
        return _draft(tokens, "announced", (verb, verb + 1), actor, verb)
    return None


def _find_decided(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody decides: ``we have decided to``, ``the board resolves that``."""
    words = action_words(tokens.language)
    link = at + 1
    clause = tokens.word(link) in clause_words(tokens.language).that
    linked = clause or tokens.word(link) in words["links"]
    if not (linked or not words["links"]) or is_question(tokens, at) or tokens.words[at] not in words["resolves"]:
        return None
    if clause and tokens.words[at] in words["only_to"]:
        return None
    verb = skip_adverbs(tokens, link + 1) if clause else read_infinitive(tokens, link + linked)
    actor = _actor_of(tokens, at) or _read_spoken(tokens, at - (tokens.word(at - 1) in words["have"]), at + 1)
    if verb is None or actor is None or verb >= tokens.sentence(at)[1] or tokens.words[actor[0]] == "they" or _is_supposed(tokens, actor, at, verb if clause else None):
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
    words, classes = action_words(tokens.language), clause_words(tokens.language)
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
    """Return what somebody is said to have done: ``the council has approved``, ``Mayor Vole signed``, ``and released``."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    if is_question(tokens, at) or tokens.taken[at] or not _is_done(tokens, at):
        return None
    first = tokens.sentence(at)[0]
    place = skip_back(tokens, at - 2 * (tokens.word(at - 1) == "-"), first)
    before = tokens.word(place - 1) if place > first else ""
    perfect = before in words["have"]
    if not before:
        return _draft(tokens, "reported", (at, at + 1), None, at) if _is_elided(tokens, at, place) else None
    if (before in classes.finite and not perfect) or before in classes.determiners or before in classes.prepositions or before in classes.relatives - {"who"} or before in ("to", "not"):
        return None
    read = read_actor(tokens, place - 1 if perfect else place)
    if read is None or not _has_object(tokens, at):
        return None
    actor, how = read
    if how == "direct" and not perfect and (actor[1] != place or is_reduced(tokens, at, actor)):
        return None
    if how == "shared" and tokens.word(place - 1) == "," and not has_phrase(tokens, at):
        return None
    draft = _draft(tokens, "reported", (place - 1 if perfect else at, at + 1), actor, at)
    draft.layer = str(at)  # one may lie in another's clause
    return draft


def _is_done(tokens: Tokens, at: int) -> bool:
    """Tell whether a verb of acting may tell an act here: not *House-passed*, not *introduced by*, not a letter that is signed or what is announced in a clause."""
    words, word = action_words(tokens.language), tokens.words[at]
    if tokens.word(at - 1) == "-" and (tokens.word(at - 2) != "co" or word in words["backing"]):
        return False
    after = tokens.word(at + 1)
    if word in words["enacting"]:
        return after not in ("on", "onto", "by") and bool(words["enactable"] & set(tokens.words[at + 1 : at + 16]))
    if after == "by":  # passed by a vote of 9 to 2
        return "vote" in tokens.words[at + 2 : at + 8] and tokens.word(at - 1) not in clause_words(tokens.language).finite
    if after == "to" and word not in words["voted"]:
        return tokens.word(at - 1) in words["have"] | words["third_person"] | {"i", "we"}
    return not (word in words["told"] and (attributions_of(tokens).get(at) is not None or _tells_clause(tokens, at)))


def _tells_clause(tokens: Tokens, at: int) -> bool:
    """Tell whether a clause follows a verb that may tell something, *that* left out: ``announced the bank has approved``."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    for word in tokens.words[at + 1 : min(at + 16, tokens.sentence(at)[1])]:
        if word in classes.relatives | classes.that | classes.prepositions - {"of"} or word in ",;:":
            return False
        if word in words["have"] | words["be"] | words["will"] | {"is", "are", "would"}:
            return True
    return False


def _is_elided(tokens: Tokens, at: int, place: int) -> bool:
    """Tell whether a paragraph begins with a verb whose actor is left out, as in a list of what somebody did: ``Introduced the Pier Act``."""
    classes = clause_words(tokens.language)
    begins = skip_marker(tokens, paragraph_start(tokens, at)) in (place, at)
    return begins and tokens.language.code == "en" and tokens.is_capital(at) and (tokens.word(at + 1) in classes.determiners or tokens.is_capital(at + 1)) and "," not in tokens.words[at : at + 12]


def _actor_of(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Return who acts before a verb."""
    read = read_actor(tokens, at)
    return read[0] if read is not None else None


def _find_forced(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody was forced to do: ``some unions have been forced to stop work``; the act is theirs, told by who speaks."""
    words = action_words(tokens.language)
    be, perfect = _read_be(tokens, at)
    verb = read_infinitive(tokens, at + 2) if tokens.word(at + 1) in words["links"] else None
    if be is None or verb is None or is_question(tokens, at) or tokens.taken[at]:
        return None
    actor = _actor_of(tokens, be)
    return _draft(tokens, "reported", (be, at + 2), actor, verb) if actor is not None and (perfect or actor[1] == be) else None


def _find_passive(tokens: Tokens, at: int) -> Draft | None:
    """Return what somebody did, told of what it was done to: ``the plan was rejected by the council``."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
    be, _ = _read_be(tokens, at)
    begin = at + 2
    if be is None or tokens.word(at + 1) not in words["by_word"] or is_question(tokens, at) or tokens.taken[at] or begin >= tokens.sentence(at)[1]:
        return None
    last = next((name.last for n in range(begin, min(begin + 6, len(tokens))) if (name := names_of(tokens).get(n)) is not None and name.kind in ("person", "body")), None)
    if last is None or any(tokens.is_word(n) and not tokens.is_capital(n) and tokens.words[n] not in classes.determiners for n in range(begin, last) if tokens.words[n] not in ("of", "and", "for")):
        return None
    subject = find_subject(tokens, be)
    if subject is None or subject[1] - subject[0] > ACTOR or tokens.words[subject[0]] in classes.relatives | classes.that:
        return None
    draft = _draft(tokens, "reported", (at, last), (begin, last), at)
    draft.first = min(subject[0], draft.first)
    draft.fields.object = tokens.raw(*subject)
    draft.parts["object"] = [tokens.span(*subject)]
    return draft


def _read_be(tokens: Tokens, at: int) -> tuple[int | None, bool]:
    """Return the first token of the form of *be* before a participle, and whether it is a perfect; None after a modal, or where none stands there."""
    words, classes = action_words(tokens.language), clause_words(tokens.language)
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


def _has_object(tokens: Tokens, at: int) -> bool:
    """Tell whether what follows a verb may be what was done; *announced that* tells what was said instead."""
    classes = clause_words(tokens.language)
    target = tokens.word(skip_adverbs(tokens, at + 1))
    if target == "by":
        return True  # a vote, as _is_done saw
    if target in classes.that and tokens.words[at] in action_words(tokens.language)["told"]:
        return False
    if not target or not (target in classes.determiners or tokens.is_capital(at + 1) or tokens.is_number(at + 1) or target in "$€£" or target in ("that", "against", "for", "in", "to", "with", "over", "legislation", "on", "yes", "no") or target[0].isalpha()):
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
    words = action_words(language)
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
