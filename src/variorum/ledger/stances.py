"""Stances: what somebody condemns, opposes, regrets, welcomes, commends, thanks for or supports, in the words they say it with.

A cue (a verb, an adjective of who feels or of the thing, a noun) is the anchor; it gives the kind, and its frame the target. Loaded words
for a thing are no stance, nor is pride in what one does oneself: nothing is weighed or scored.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from variorum.ledger.antecedents import is_pronoun, resolve_pronoun
from variorum.ledger.asking import is_question
from variorum.ledger.clausewords import clause_words, find_clause_start, is_adverb
from variorum.ledger.entries import Entry, known
from variorum.ledger.languages import Language
from variorum.ledger.naming import names_of
from variorum.ledger.rules import Draft, RecordType, Rule
from variorum.ledger.stancephrases import (
    Piece,
    begins_operative,
    find_holder,
    find_main_holder,
    is_of_speaker,
    read_clause,
    read_target,
    starts_clause,
    step_back,
)
from variorum.ledger.stancewords import StanceWords, stance_words
from variorum.ledger.textviews import TextView
from variorum.ledger.tokens import Tokens

_NOUN_LEAD = 7
"""Tokens between a noun of stance and the verb that expresses it."""


@dataclass(slots=True)
class Stance:
    """The fields of a stance."""

    kind: str = known("`condemns`, `opposes`, `regrets`, `concerned`, `welcomes`, `commends`, `thanks` or `supports`: the kind of the word that says so", "supports")
    form: str = known("`verb` (we condemn), `feeling` (we are glad that), `judgement` (it is unacceptable that), `noun` (in support of) or `passive` (was condemned by)", "verb")
    holder: str | None = known("who takes it, as written; null where the statement's own voice takes it without naming itself")
    own: bool = known("the holder is the speaker: I, we", False)
    target: str | None = known("toward what, as written")
    reason: str | None = known("what for, as written, where it stands apart from the target: thank somebody for something")
    inferred: list[str] = field(default_factory=list, metadata={"doc": "fields taken from elsewhere: the name that a pronoun stands for"})


def _draft(tokens: Tokens, kind: str, form: str, cue: Piece, target: Piece | None, holder: Piece | None, reason: Piece | None = None) -> Draft:
    """Return the draft of a stance; its place covers cue and target."""
    classes = clause_words(tokens.language)
    fields = Stance(kind, form, own=holder is not None and tokens.words[holder[0]] in classes.first_person)
    places = [cue] if target is None else [cue, target]
    first, last = min(a for a, _ in places), max(b for _, b in places)
    draft = Draft(first, last, fields, {"cue": [tokens.span(*cue)]}, [f"'{tokens.raw(*cue)}' ({kind})"], layer=str(cue[0]))
    begin = holder[1] if holder and cue[0] - 8 < holder[1] <= cue[0] else max(tokens.sentence(cue[0])[0], step_back(tokens, cue[0]) + 1)
    if holder is not None and is_pronoun(tokens, holder):
        holder = _resolve_holder(tokens, holder, draft)
    for name, piece in (("holder", holder), ("target", target), ("reason", reason)):
        if piece is not None:
            setattr(fields, name, tokens.raw(*piece))
            draft.parts[name] = [tokens.span(*piece)]
    if fields.holder:
        draft.why.append(f"of '{fields.holder}'")
    negations = stance_words(tokens.language).sets["negations"]
    draft.negated = any(tokens.words[n] in negations and tokens.word(n + 1) != "only" for n in range(begin, cue[0]))
    return draft


def _resolve_holder(tokens: Tokens, pronoun: Piece, draft: Draft) -> Piece | None:
    """Return whom the pronoun of a holder stands for; where that is open nobody holds the stance, and the find is doubtful."""
    draft.parts["holder_pronoun"] = [tokens.span(*pronoun)]
    holder, shown = resolve_pronoun(tokens, pronoun[0]), tokens.raw(*pronoun)
    draft.why.append(f"'{shown}' stands for '{tokens.raw(*holder)}'" if holder else f"nothing near tells who '{shown}' is")
    draft.grade = draft.grade if holder else "C"
    draft.fields.inferred += ["holder"] if holder else []
    return holder


def _find_verb(tokens: Tokens, at: int) -> Draft | None:
    """Return a stance by its verb: ``we condemn the sale``, ``a resolution condemning``, ``2. Deplores the delay``."""
    words, classes = stance_words(tokens.language), clause_words(tokens.language)
    found = words.match("verbs", tokens, at)
    if found is None or tokens.taken[at] or is_question(tokens, at):
        return None
    word, (last, kind) = tokens.words[at], found
    place = step_back(tokens, at)
    lead = tokens.words[place] if place >= tokens.sentence(at)[0] else ""
    if (lead in words.sets["modals"] and lead not in words.sets["to"] | words.sets["willing"]) or tokens.word(at + 1) == "-" or tokens.word(at - 1) == "-":
        return None
    if word in words.sets["nouns_too"] and (lead in classes.determiners or (lead in classes.prepositions and lead not in words.sets["to"]) or (last == at + 1 and tokens.word(last) in classes.prepositions)):
        return None
    if tokens.is_capital(at) and word in words.sets["nouns_too"] and not word.endswith(("s", "ed", "ing")) and at > tokens.sentence(at)[0]:
        return None  # part of a name: the Crew Support Fund
    operative = begins_operative(tokens, at) and word.endswith("s") and tokens.is_capital(at)
    holder: Piece | None = None
    if word.endswith("ing"):
        if not _may_be_participle(tokens, place, lead, words) or (word in words.sets["personal"] and lead not in words.sets["documents"] | words.sets["be"] | {","}):
            return None
        holder = _find_document(tokens, place) if lead in words.sets["documents"] else find_holder(tokens, at) if lead in words.sets["be"] else find_main_holder(tokens, at)
    elif lead in words.sets["to"]:
        if tokens.word(step_back(tokens, place)) not in words.sets["leads"]:
            return None
        holder = find_main_holder(tokens, at)
    elif lead in words.sets["be"]:
        return _find_passive(tokens, (at, last), place, kind) if word.endswith("ed") else None
    elif not operative:
        holder = find_holder(tokens, at) or (find_main_holder(tokens, at) if lead in classes.joints else None)
        if holder is None:
            return _read_thanks(tokens, at, last, kind) if kind == "thanks" else None
        if lead in classes.joints and holder[1] != place + 1 and not _joins_stances(tokens, holder[1], place, word, words):
            return None  # to help the crews and honor them
    return _draft_verb(tokens, (at, last), kind, holder)


def _joins_stances(tokens: Tokens, first: int, last: int, word: str, words: StanceWords) -> bool:
    """Tell whether a verb of stance in the form of `word`, or a feeling, stands between a holder and a conjunction."""
    between = tokens.words[first:last]
    return any(w in words.cues["feelings"] or (w in words.cues["verbs"] and _form(w) == _form(word) and (w not in words.sets["nouns_too"] or bool(_form(w)))) for w in between)


def _form(word: str) -> str:
    """Return the ending by which two verbs of one subject agree."""
    return "ed" if word.endswith("ed") else "s" if word.endswith("s") else ""


def _draft_verb(tokens: Tokens, cue: Piece, kind: str, holder: Piece | None) -> Draft | None:
    """Return the draft of a verb whose target follows it."""
    words = stance_words(tokens.language)
    word, begin = tokens.words[cue[0]], cue[1]
    target = read_clause(tokens, begin) if tokens.word(begin - 1) in words.sets["that"] else read_target(tokens, begin, kind)
    if target is None or (word in words.sets["personal"] and holder is None and not begins_operative(tokens, cue[0])):
        return None
    piece, reason = target
    if word in words.sets["greeting"] and _is_greeted(tokens, piece, words):
        return None
    if kind == "thanks" and tokens.words[piece[0]] == "you":
        if reason is None or tokens.word(piece[1]) not in words.sets["reasons"]:
            return None  # a courtesy
        cue, piece, reason = (cue[0], reason[0]), reason, None
    draft = _draft(tokens, kind, "verb", cue, piece, holder, reason)
    if word in words.sets["personal"] and holder is not None and not _is_known(tokens, holder, words) and not words.sets["documents"] & set(tokens.words[piece[0] : piece[1]]):
        draft.grade = "C"
        draft.why.append(f"'{draft.fields.holder}' may be no body")
    told = words.sets["events"] & set(tokens.words[piece[0] : piece[1]])
    if (word in words.sets["doubtful"] and not told) or (word in words.sets["honouring"] and not draft.fields.own and holder is not None and not tokens.is_capital(holder[1] - 1) and tokens.words[holder[1] - 1] != ")"):
        draft.grade = "C"
        draft.why.append(f"'{word}' says other things as well")
    return draft


def _is_greeted(tokens: Tokens, target: Piece, words: StanceWords) -> bool:
    """Tell whether somebody is welcomed as a guest: *you*, a person's name, people who come to do something."""
    first = target[0]
    name = next((name for n in range(first, min(target[1], first + 4)) if (name := names_of(tokens).get(n)) is not None), None)
    after = tokens.word(name.last) if name is not None else ""
    plain = not tokens.is_word(name.last) or after in clause_words(tokens.language).prepositions | clause_words(tokens.language).joints | words.sets["to"] | words.sets["greeted"] if name is not None else False
    person = name is not None and name.kind == "person" and after not in ("'s", "'") and plain
    guests = not (tokens.words[first] in clause_words(tokens.language).determiners or tokens.is_capital(first)) and words.sets["to"] & set(tokens.words[first : target[1]])
    return tokens.words[first] in words.sets["greeted"] or person or bool(guests)


def _is_known(tokens: Tokens, holder: Piece, words: StanceWords) -> bool:
    """Tell whether a holder is somebody for sure: a pronoun, people or bodies, or a name that is told from more than its capitals."""
    inside = range(*holder)
    if any(tokens.words[n] in clause_words(tokens.language).pronouns or tokens.words[n] in words.sets["bodies"] for n in inside):
        return True
    return any(n in names_of(tokens) and names_of(tokens)[n].rule != "capitals" for n in inside)


def _read_thanks(tokens: Tokens, at: int, last: int, kind: str) -> Draft | None:
    """Return thanks without a subject: ``Thank you for your help``."""
    words = stance_words(tokens.language)
    if at != tokens.sentence(at)[0] and tokens.word(at - 1) not in ("“", '"', ",", "—", "–", "and"):
        return None
    place = last + 1 if tokens.word(last) == "you" else -1
    while 0 < place < len(tokens) and place - last < 6 and (tokens.words[place] in words.sets["degrees"] or is_adverb(clause_words(tokens.language), tokens.words[place])):
        place += 1
    if place < 0 or tokens.word(place) not in words.sets["reasons"]:
        return None
    target = read_target(tokens, place + 1, kind)
    return _draft(tokens, kind, "verb", (at, place + 1), target[0], None) if target else None


def _may_be_participle(tokens: Tokens, place: int, lead: str, words: StanceWords) -> bool:
    """Tell whether a form in -ing says a stance where it stands: after a document, a form of be, a comma or *join in*."""
    if lead == ",":
        return place - 1 > tokens.sentence(place)[0]
    return lead in words.sets["documents"] or lead in words.sets["be"] or lead in words.sets["participles_after"]


def _find_document(tokens: Tokens, at: int) -> Piece:
    """Return the noun phrase of a document that ends at a token: ``a joint resolution``."""
    classes = clause_words(tokens.language)
    first = at
    while first > tokens.sentence(at)[0] and at - first < 5 and tokens.is_word(first - 1) and tokens.words[first] not in classes.determiners and tokens.words[first - 1] not in classes.prepositions | classes.finite and not tokens.words[first - 1].endswith("ed"):
        first -= 1
    return first, at + 1


def _find_passive(tokens: Tokens, cue: Piece, be: int, kind: str) -> Draft | None:
    """Return a stance in the passive: ``the sale was condemned by the crews``; what is supported or honoured so is passed over."""
    words = stance_words(tokens.language)
    if tokens.word(cue[1]) not in words.sets["by"] or kind not in ("condemns", "opposes", "commends", "welcomes"):
        return None
    holder = read_target(tokens, cue[1] + 1, kind)
    first = find_clause_start(tokens, be)
    while first < be and tokens.words[be - 1] in clause_words(tokens.language).finite:
        be -= 1
    if holder is None or first >= be or not (tokens.is_capital(holder[0][0]) or words.sets["bodies"] & set(tokens.words[holder[0][0] : holder[0][1]])):
        return None
    return _draft(tokens, kind, "passive", (cue[0], cue[1] + 1), (first, be), holder[0])


def _find_feeling(tokens: Tokens, at: int) -> Draft | None:
    """Return a stance by an adjective of who feels: ``we are glad that``, ``Gravely concerned at``."""
    words = stance_words(tokens.language)
    found = words.match("feelings", tokens, at)
    if found is None or tokens.taken[at] or is_question(tokens, at):
        return None
    last, kind = found
    place = step_back(tokens, at)
    while tokens.word(place) in ("and", ",") and place > tokens.sentence(at)[0] and any(tokens.words[n] in words.cues["feelings"] for n in range(max(place - 2, 0), place)):
        place = step_back(tokens, next(n for n in range(place - 1, -1, -1) if tokens.words[n] in words.cues["feelings"]))
    holder: Piece | None = None
    if place >= tokens.sentence(at)[0] and tokens.words[place] in words.sets["be"]:
        merged = "'" in tokens.words[place] and len(tokens.words[place]) > 3
        holder = (place, place + 1) if merged else find_holder(tokens, place)
        if holder is None or tokens.word(step_back(tokens, place)) in words.sets["modals"]:
            return None
    elif not begins_operative(tokens, at):
        return None
    target = _read_felt(tokens, last, kind, words.frames.get(tuple(tokens.words[at:last]), frozenset()), words)
    if target is None:
        return None
    begin, (piece, reason) = target
    return _draft(tokens, kind, "feeling", (at, begin), piece, holder, reason)


def _read_felt(tokens: Tokens, at: int, kind: str, frame: frozenset[str], words: StanceWords) -> tuple[int, tuple[Piece, Piece | None]] | None:
    """Return the end of the cue, and what a feeling is about: after one of its prepositions, *that*, *to see*, or a clause."""
    classes = clause_words(tokens.language)
    lead = tokens.word(at)
    if lead in words.sets["that"] and "that" in frame:
        target = read_clause(tokens, at + 1)
        return (at, target) if target else None
    if lead in words.sets["to"] and lead in frame:
        if tokens.word(at + 1) in words.sets["seeing"]:
            begin = at + 2 + (tokens.word(at + 2) in words.sets["that"] or tokens.word(at + 2) in classes.prepositions)
            target = read_clause(tokens, begin) if begin < tokens.sentence(at)[1] else None
            return (at, target) if target else None
        target = read_target(tokens, at + 1, kind) if kind in ("thanks", "opposes") else None
        return (at + 1, target) if target and (tokens.is_capital(at + 1) or tokens.word(at + 1) in classes.determiners or tokens.word(at + 1) in ("all", "everyone")) else None
    if lead in frame:
        target = read_target(tokens, at + 1, kind)
        return (at + 1, target) if target else None
    if "that" in frame and starts_clause(tokens, at):
        target = read_clause(tokens, at)
        return (at, target) if target else None
    return None


def _find_judgement(tokens: Tokens, at: int) -> Draft | None:
    """Return a stance by an adjective of the thing: ``it is unacceptable that``, ``the delay is shameful``."""
    words, classes = stance_words(tokens.language), clause_words(tokens.language)
    found = words.match("judgements", tokens, at)
    if found is None or tokens.taken[at] or is_question(tokens, at):
        return None
    last, kind = found
    after = tokens.word(last)
    if tokens.is_word(last) and last < tokens.sentence(at)[1] and not (after in classes.prepositions or after in words.sets["that"] or after in words.sets["to"] or after in classes.joints or after in classes.subordinators or after in classes.relatives):
        return None
    place = step_back(tokens, at)
    is_be = tokens.words[place] in words.sets["be"] or (tokens.words[place] == "'s" and tokens.word(place - 1) in words.sets["it"])
    if place < tokens.sentence(at)[0] or not is_be or tokens.word(step_back(tokens, place)) in words.sets["modals"] or after == "if":
        return None
    merged = "'" in tokens.words[place] and len(tokens.words[place]) > 3
    while not merged and tokens.word(place - 1) in classes.finite:
        place -= 1  # has been
    first = place if merged else find_clause_start(tokens, place)
    first = max([first, *(n + 1 for n in range(first, place) if tokens.words[n] in classes.sayings)])
    subject = (first, place + merged)
    if subject[1] <= first or tokens.words[first] in classes.relatives or tokens.words[first] in classes.first_person:
        return None
    target: Piece | None = subject
    if subject[1] - first == 1 and tokens.words[first] in words.sets["it"]:
        follows = read_clause(tokens, last + (after in words.sets["that"])) if after in words.sets["that"] or after in words.sets["to"] or after in ("when", "how") else None
        if follows is None and not merged and tokens.words[first] == "it":
            return None
        target = follows[0] if follows else None if merged else subject
    return _draft(tokens, kind, "judgement", (at, last), target, None)


def _find_noun(tokens: Tokens, at: int) -> Draft | None:
    """Return a stance by a noun: ``in support of the crews``, ``voiced concern about``, ``our thanks to``."""
    words = stance_words(tokens.language)
    found = words.match("nouns", tokens, at)
    if found is None or tokens.taken[at] or is_question(tokens, at):
        return None
    last, kind = found
    frame = words.frames.get(tuple(tokens.words[at:last]), frozenset())
    lead = tokens.word(last)
    if lead not in frame or last >= tokens.sentence(at)[1]:
        return None
    held = _find_expressed(tokens, at, kind, words)
    if held is None:
        return None
    target = read_target(tokens, last if lead in words.sets["that"] else last + 1, kind)
    if target is None:
        return None
    first, holder = held
    draft = _draft(tokens, kind, "noun", (first, last if lead in words.sets["that"] else last + 1), target[0], holder, target[1])
    if holder is None and tokens.words[first] in words.sets["in"] and not is_of_speaker(tokens, first, words):
        draft.grade = "C"
        draft.why.append("nothing tells whose it is")
    return draft


def _find_expressed(tokens: Tokens, at: int, kind: str, words: StanceWords) -> tuple[int, Piece | None] | None:
    """Return where the cue of a noun begins, and whose it is; None where nobody is said to have it."""
    classes = clause_words(tokens.language)
    low = max(tokens.sentence(at)[0], at - _NOUN_LEAD)
    for place in range(at - 1, low - 1, -1):
        word = tokens.words[place]
        if word in words.sets["possessors"]:
            if word == "'s":
                if kind == "thanks":
                    return None  # the island's crews, thanks to our help, ...
                first = _find_possessor(tokens, place)
                return (at, (first, place)) if first < place else None
            if tokens.word(place - 1) in words.sets["reading"] and word not in classes.first_person:
                return None  # thanked for their support of
            return at, (place, place + 1) if word in classes.first_person else find_main_holder(tokens, at)
        if word in words.sets["in"] and tokens.words[at] in ("support", "opposition", "favor", "favour", "solidarity") and all(w in words.sets["strengths"] for w in tokens.words[place + 1 : at]):
            return place, find_main_holder(tokens, place)
        if word in words.sets["with"] and tokens.words[at] in words.sets["with_nouns"] and begins_operative(tokens, place - 1):
            return place, None
        if word in words.sets["be"] and tokens.word(place - 1) in words.sets["there"]:
            return at, None
        if word in words.sets["expressing"] and not (kind == "supports" and word in words.sets["having"]):
            holder = find_holder(tokens, place) or find_main_holder(tokens, place)
            operative = begins_operative(tokens, place)
            return (at, holder) if holder is not None or operative or word.endswith("ing") else None
        if word in classes.prepositions or word in classes.relatives or not (tokens.is_word(place) or word in ",-") or word in classes.pronouns:
            break
    opens = at == tokens.sentence(at)[0] or tokens.word(at - 1) in ("“", '"')
    return (at, None) if (opens or tokens.word(at - 1) in words.sets["warm"]) and tokens.words[at] in words.sets["called_out"] | ({"thanks"} if not opens else set()) else None


def _find_possessor(tokens: Tokens, last: int) -> int:
    """Return where the noun phrase before *'s* begins."""
    classes = clause_words(tokens.language)
    first = last
    while first > tokens.sentence(last - 1)[0] and last - first < 7 and (tokens.is_word(first - 1) or tokens.touches(first - 1)) and tokens.words[first - 1] not in classes.prepositions | classes.finite | classes.joints:
        first -= 1
        if tokens.words[first] in classes.determiners:
            break
    return first


def link_stances(view: TextView) -> None:
    """Link each stance to the names in its target and of its holder."""
    names = sorted((e for e in view.of_type("name")), key=lambda e: e.start)
    starts = [e.start for e in names]
    for entry in view.of_type("stance"):
        for role in ("holder", "target"):
            found: list[Entry] = []
            for start, end in entry.parts.get(role, []):
                place = bisect_left(starts, start)
                while place < len(names) and names[place].start < end:
                    found.append(names[place])
                    place += 1
            if found:
                entry.links[role] = found


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of stances in a language."""
    words: Any = stance_words(language)
    return [
        Rule("verb", words.firsts("verbs"), _find_verb, "B", "a verb of stance with its target: condemn, oppose, welcome, thank, support"),
        Rule("feeling", words.firsts("feelings"), _find_feeling, "A", "an adjective of who feels, with what about: glad that, concerned about"),
        Rule("judgement", words.firsts("judgements"), _find_judgement, "B", "an adjective of the thing after is: unacceptable, shameful, regrettable"),
        Rule("noun", words.firsts("nouns"), _find_noun, "B", "a noun of stance that somebody has or expresses: support for, concern about"),
    ]


STANCE = RecordType(
    "stance",
    "What somebody condemns, opposes, regrets, is concerned about, welcomes, commends, thanks for or supports, as it is said.",
    Stance,
    "stances",
    make_rules,
    {"cue": "words that say so", "holder": "who takes the stance", "holder_pronoun": "pronoun that stands for who takes it", "target": "toward what", "reason": "what for"},
    link_stances,
    needs=("name",),
)
