"""What a cue of asking asks: the frame behind it, with the addressee and the action, and whether the cue is one at all."""

from __future__ import annotations

from dataclasses import dataclass, field

from variorum.ledger.antecedents import OBJECTS, is_pronoun, resolve_object, resolve_pronoun
from variorum.ledger.clausewords import (
    clause_words,
    end_clause,
    find_condition,
    is_adverb,
    read_infinitive,
    read_object,
    skip_adverbs,
    strip_end,
)
from variorum.ledger.demandwords import FORCE, Cue, DemandWords, Frame, demand_words, match_words
from variorum.ledger.entries import known
from variorum.ledger.rules import Draft
from variorum.ledger.tokens import Tokens

_ADDRESSEE = 90
"""Tokens of the longest addressee."""
_TO = {False: frozenset({"to"}), True: frozenset({"à", "a", "de", "d'"})}
"""Words before an infinitive, in English and in the Romance languages."""
_ABSTRACT = ("tion", "sion", "age", "ment", "ance", "ence", "ity", "ing", "al", "ness", "cy", "answers", "action", "support", "release", "end", "halt", "vote", "help", "aid", "relief", "access", "funding", "use", "review", "changes", "return", "peace", "calm", "restraint", "justice", "reform")
"""Endings and words of what is asked for, not of who is asked."""
_IDEAS = ("tion", "sion", "ment", "ance", "ence", "ity", "ness", "ship", "ism")
"""Endings of ideas, which can do nothing themselves."""


@dataclass(slots=True)
class Demand:
    """The fields of a demand."""

    kind: str = known("`order`, `demand`, `call`, `urge`, `request`, `invite` or `should`: *must* is a demand, *need to* and *it is time* urge, *let us* and an imperative call, *please* requests", "call")
    force: int = known("rank of the kind: order 7, demand 6, call 5, urge 4, request 3, invite 2, should 1", 5)
    form: str = known("`verb`, `that-clause`, `noun`, `passive`, `must` (and should, ought to), `necessity` (need to, it is time), `imperative`, `let's`, `list item` or `operative paragraph`", "verb")
    claimant: str | None = known("who asks, as written; null where the statement's own voice asks without naming itself")
    addressee: str | None = known("who is asked, as written; null where nobody is named")
    action: str | None = known("what is asked, as written; null where it stands in a list that follows")
    action_verb: str | None = known("verb of the action, in lower case; null for a thing that is asked for")
    object: str | None = known("what the verb of the action is about, as written")
    refrains: bool = known("it asks that something not be done", False)
    deadline: str | None = known("last day by which, as EDTF; the text itself where it has no date")
    condition: str | None = known("condition under which it is asked, as written")
    inferred: list[str] = field(default_factory=list, metadata={"doc": "fields taken from elsewhere: from the words that lead a list, or from the name that a pronoun stands for"})


DEMAND_ROLES = {
    "force": "words that ask",
    "claimant": "who asks",
    "claimant_pronoun": "pronoun that stands for who asks",
    "addressee_pronoun": "pronoun that stands for who is asked",
    "addressee": "who is asked",
    "action": "what is asked",
    "action_verb": "verb of the action",
    "object": "what the verb is about",
    "deadline": "by when",
    "condition": "under which condition",
    "lead": "words that lead the list",
}


@dataclass(slots=True)
class Asked:
    """What a frame found: tokens of the addressee and of the action (None where there is none), the verb of the action, and the form."""

    addressee: tuple[int, int] | None
    action: tuple[int, int] | None
    verb: int | None
    form: str


def match_cue(tokens: Tokens, at: int, ways: tuple[str, ...]) -> Cue | None:
    """Return the longest cue of the given ways that begins at a token."""
    for cue in demand_words(tokens.language).cues.get(tokens.words[at], ()):
        if cue.way in ways and tuple(tokens.words[at : at + len(cue.phrase)]) == cue.phrase:
            return cue
    return None


def is_question(tokens: Tokens, at: int) -> bool:
    """Tell whether the sentence of a token ends with a question mark."""
    _, end = tokens.sentence(at)
    return "?" in tokens.words[max(at, end - 3) : end]


def read_frames(tokens: Tokens, at: int, frames: list[Frame]) -> Asked | None:
    """Return what the first frame that fits finds after a cue that ends before token `at`."""
    place = skip_adverbs(tokens, at)
    if tokens.word(place) == ",":  # Urges, having regard to the report, the parties to ...
        close = next((n for n in range(place + 1, min(place + 30, tokens.sentence(place)[1])) if tokens.words[n] == ","), None)
        place = skip_adverbs(tokens, close + 1) if close is not None else place
    for frame in frames:
        begin = place
        if frame.before:
            begin = match_words(frame.before, tokens.words, place) or match_words(frame.before, tokens.words, at) or -1
            if begin < 0:
                continue
            begin = skip_adverbs(tokens, begin) if frame.asked != "V" or frame.addressee else begin
            if tokens.word(begin) == "," and frame.addressee:
                continue
        found = _read_addressed(tokens, begin, frame) if frame.addressee else _read_open(tokens, begin, frame)
        if found is not None:
            return found
    return None


def _read_open(tokens: Tokens, at: int, frame: Frame) -> Asked | None:
    """Return what is asked of nobody in particular."""
    if at >= len(tokens):
        return None
    words = demand_words(tokens.language)
    if frame.asked == "V":
        verb = read_infinitive(tokens, at)
        return None if verb is None else Asked(None, _cut(tokens, at, words), verb, "verb")
    if frame.asked == "S":
        return _read_that(tokens, at, None)
    word = tokens.words[at]
    classes = clause_words(tokens.language)
    if word in words.sets["ask_not"] or word in classes.prepositions or word in classes.finite or word in classes.pronouns - {"this"} or word in classes.relatives or word in classes.joints or word in classes.that or not (tokens.is_word(at) or tokens.is_number(at) or word in "$€£“\"‘("):
        return None
    if word in _TO[bool(classes.infinitives)] or (word.endswith("ing") and not classes.infinitives and not frame.before):
        return None
    first, last = _cut(tokens, at, words, noun=True)
    if last <= first:
        return None
    return Asked(_find_source(tokens, first, last), (first, last), None, "verb")


def _cut(tokens: Tokens, at: int, words: DemandWords, *, noun: bool = False) -> tuple[int, int]:
    """Return the tokens of what is asked, from `at` to the end of the clause; a noun ends before words such as `following`."""
    last = end_clause(tokens, at, words.anchors)
    if noun:
        for place in range(at + 2, last):
            participle = tokens.words[place - 1] == "," and tokens.words[place].endswith("ing") and not clause_words(tokens.language).infinitives and "," not in tokens.words[at : place - 1] and tokens.word(place + 1) in clause_words(tokens.language).determiners
            if tokens.words[place] in words.sets["afterwards"] or participle:
                last = strip_end(tokens, at, place)
                break
    return at, last


def _find_source(tokens: Tokens, first: int, last: int) -> tuple[int, int] | None:
    """Return from whom a thing is asked: ``answers from the council``."""
    classes = clause_words(tokens.language)
    for place in range(first + 1, min(last, first + 9)):
        if tokens.words[place] in ("from", "auprès"):
            end = place + 1
            while end < last and tokens.words[end] not in classes.prepositions | classes.relatives and tokens.words[end] not in (",", ";", "after"):
                end += 1
            return (place + 1, end) if end > place + 1 and (tokens.is_capital(place + 1) or tokens.words[place + 1] in classes.determiners) else None
    return None


def _read_addressed(tokens: Tokens, at: int, frame: Frame) -> Asked | None:
    """Return what is asked of the addressee that begins at a token."""
    words = demand_words(tokens.language)
    classes = clause_words(tokens.language)
    if at >= len(tokens):
        return None
    word = tokens.words[at]
    if word in words.sets["ask_not"] or word in classes.prepositions or word in classes.relatives or word in classes.that or word in classes.finite or word in classes.joints or not (tokens.is_word(at) or word in "“\"‘("):
        return None
    if frame.before and word in classes.bases and not tokens.is_capital(at):
        return None  # a request to declare a day of rest
    end = min(tokens.sentence(at)[1], at + _ADDRESSEE)
    beyond = at
    for place in range(at + 1, end):
        if place < beyond:
            continue
        word = tokens.words[place]
        if word == "," and not beyond > at and (close := _find_insertion(tokens, place, end, frame)):
            beyond = close  # the council, should it agree, to ...
            continue
        if word in frame.link:
            found = _read_linked(tokens, at, place, frame, words)
            if found is not None:
                return found
            if frame.asked == "N":
                return None
        if word in ";:" or (word in "”»" and "“" not in tokens.words[at:place]) or (word in words.anchors and word.endswith("ing")):
            return None
        if word in classes.finite and not (classes.relatives | classes.that) & set(tokens.words[at:place]):
            return None
        if (word in classes.subordinators and word != "as") or (word in classes.first_person - {"our", "my", "us"} and tokens.words[place - 1] != "(") or word in ("it's", "they", "he", "she"):
            return None
    return None


def _find_insertion(tokens: Tokens, at: int, end: int, frame: Frame) -> int | None:
    """Return the link after the comma that closes what is inserted at a comma, where the frame goes on there."""
    for place in range(at + 2, min(end, at + 50)):
        if tokens.words[place] == "," and tokens.word(skip_adverbs(tokens, place + 1)) in frame.link and frame.asked == "V" and read_infinitive(tokens, place + 2) is not None:
            return place + 1
        if tokens.words[place] in ";:":
            return None
    return None


def _read_linked(tokens: Tokens, at: int, place: int, frame: Frame, words: DemandWords) -> Asked | None:
    """Return what is asked where the link at `place` leads to it from the addressee that begins at `at`."""
    last = place
    while last > at + 1 and (is_adverb(clause_words(tokens.language), tokens.words[last - 1]) or tokens.words[last - 1] in (",", "-")):
        last -= 1
    if tokens.word(place + 1) == ":" and frame.asked != "N":
        return Asked((at, last), None, None, "lead")
    if not _is_agent(tokens, at, last, words):
        return None
    if frame.asked == "V":
        verb = read_infinitive(tokens, place + 1)
        if verb is None and tokens.word(place + 1) == ",":  # to, without delay, withdraw
            close = next((n for n in range(place + 2, min(place + 14, len(tokens))) if tokens.words[n] == ","), None)
            verb = read_infinitive(tokens, close + 1) if close is not None else None
        if verb is None:
            return None
        return Asked((at, last), (place, end_clause(tokens, verb, words.anchors)), verb, "verb")
    if frame.asked == "S":
        found = _read_that(tokens, place + 1, (at, last))
        return found
    found = _read_open(tokens, skip_adverbs(tokens, place + 1), Frame((), False, frozenset(), "N"))
    return None if found is None else Asked((at, last), found.action, None, "verb")


def _is_agent(tokens: Tokens, first: int, last: int, words: DemandWords) -> bool:
    """Tell whether a phrase may name who is asked, rather than what is asked for."""
    if last <= first:
        return False
    if tokens.words[first] in words.sets["objects"]:
        return True
    head = find_head(tokens, first, last)
    word = tokens.words[head]
    if tokens.is_capital(head) or word in words.sets["agents"]:
        return True
    return not (word.removesuffix("s").endswith(_ABSTRACT) if tokens.language.code == "en" else word.endswith(("tion", "ción", "sión", "sion", "ment", "miento")))


def _read_that(tokens: Tokens, at: int, addressee: tuple[int, int] | None) -> Asked | None:
    """Return what is asked in a clause of its own: its subject is the addressee, unless it says what shall be done to something."""
    if at >= len(tokens):
        return None
    words, classes = demand_words(tokens.language), clause_words(tokens.language)
    end = min(tokens.sentence(at)[1], at + _ADDRESSEE)
    if not (tokens.is_word(at) or tokens.is_number(at) or tokens.words[at] in "“\"‘(") or tokens.words[at] in classes.prepositions | _TO[bool(classes.infinitives)]:
        return None
    verb = _find_that_verb(tokens, at, end)
    if verb is None:
        return Asked(addressee, (at, end_clause(tokens, at, words.anchors)), None, "that-clause") if classes.infinitives else None
    last = verb
    while last > at and is_adverb(classes, tokens.words[last - 1]):
        last -= 1
    whole = end_clause(tokens, verb, words.anchors)
    head = skip_adverbs(tokens, verb + (tokens.words[verb] in words.plain_modals))
    passive = tokens.word(head) in ("be", "être", "ser", "sea", "sean", "soit", "soient")
    if addressee is None and not passive and last > at and tokens.words[at] not in ("there", "it", "this", "no"):
        addressee = (at, last)
    return Asked(addressee, (at, max(whole, verb + 1)), head if head < len(tokens) else None, "that-clause")


def _find_that_verb(tokens: Tokens, at: int, end: int) -> int | None:
    """Return the verb of a clause of what shall be: a plain form or a modal; None where the clause says what is."""
    words, classes = demand_words(tokens.language), clause_words(tokens.language)
    romance = bool(classes.infinitives)
    if tokens.words[at] in classes.pronouns and not romance:
        verb = skip_adverbs(tokens, at + 1)
        return verb if verb < end and (tokens.words[verb] not in classes.finite - {"be", "shall", "should", "must"}) and (tokens.words[verb] in words.plain_modals or tokens.words[verb] in ("be", "shall") or read_infinitive(tokens, verb) == verb) else None
    for place in range(at, end):
        word = tokens.words[place]
        if word in words.plain_modals or word in ("shall", "be", "not") or (place > at and word in classes.bases and _may_be_verb(tokens, place) and tokens.word(place + 1) not in words.plain_modals | {"be"}):
            return place
        if romance and place > at and word.endswith(("e", "en", "a", "an", "ent", "ez", "ne", "ra", "ront")) and tokens.words[place - 1] not in classes.determiners | classes.prepositions and place > at + 1:
            return place
        if word in classes.finite and not romance:
            return None
        if word in ";:.!?" or word in classes.subordinators:
            return None
    return None


def _may_be_verb(tokens: Tokens, at: int) -> bool:
    """Tell whether a word that may be a plain verb may be one where it stands: not after an article, a preposition or ``to``."""
    classes = clause_words(tokens.language)
    before = tokens.words[at - 1]
    return before not in classes.determiners and before not in classes.prepositions and before != "to" and before != "-" and not tokens.is_capital(at)


def draft_demand(tokens: Tokens, kind: str, form: str, force: tuple[int, int], asked: Asked) -> Draft:
    """Return the draft of a demand: its place runs from the words that ask, or the addressee right before them, to the end of what is asked."""
    first, last = force
    fields = Demand(kind, FORCE[kind], form)
    draft = Draft(first, last, fields, {"force": [tokens.span(*force)]}, [f"'{tokens.raw(*force)}' asks ({kind})"])
    named = asked.addressee
    if named is not None:
        asked = _add_addressee(tokens, asked, force, draft)
        first, last = min(first, named[0]), max(last, named[1])
    if asked.action is not None and asked.action[1] > asked.action[0]:
        draft.parts["action"] = [tokens.span(*asked.action)]
        fields.action = tokens.raw(*asked.action)
        first, last = min(first, asked.action[0]), max(last, asked.action[1])
        _add_verb(tokens, asked, draft)
    draft.first, draft.last = first, last
    return draft


def _add_addressee(tokens: Tokens, asked: Asked, force: tuple[int, int], draft: Draft) -> Asked:
    """Add who is asked, and return what is; for a pronoun whom it stands for, and for what cannot be asked (*pressure must rise*) nobody."""
    found = asked.addressee or (0, 0)
    subject = is_pronoun(tokens, found)
    if subject or (found[1] - found[0] == 1 and tokens.words[found[0]] in OBJECTS):
        stands = resolve_pronoun(tokens, found[0]) if asked.form in ("must", "passive") else resolve_object(tokens, found[0], force[0])
        if stands is not None:
            draft.parts["addressee_pronoun"] = [tokens.span(*found)]
            draft.fields.inferred.append("addressee")
            draft.why.append(f"'{tokens.raw(*found)}' stands for '{tokens.raw(*stands)}'")
            found = stands
        elif subject:
            draft.parts["addressee_pronoun"] = [tokens.span(*found)]
            return asked
    elif not _may_be_asked(tokens, found):
        draft.why.append(f"'{tokens.raw(*found)}' can do nothing itself")
        if asked.action is not None and found[0] < asked.action[0] and asked.form == "verb":
            return Asked(found, (found[0], asked.action[1]), asked.verb, asked.form)
        return asked
    draft.parts["addressee"] = [tokens.span(*found)]
    draft.fields.addressee = tokens.raw(*found)
    draft.why.append(f"of '{draft.fields.addressee}'")
    return asked


def _may_be_asked(tokens: Tokens, found: tuple[int, int]) -> bool:
    """Tell whether a phrase is that of somebody or something that acts, rather than of a thing or an idea."""
    words = demand_words(tokens.language)
    head = find_head(tokens, *found)
    word = tokens.words[head]
    if tokens.is_capital(head) or word in words.sets["agents"] or found[1] - found[0] > _ADDRESSEE:
        return True
    return word not in words.sets["abstract"] and not (tokens.language.code == "en" and word.removesuffix("s").endswith(_IDEAS))


def find_head(tokens: Tokens, first: int, last: int) -> int:
    """Return the last token of a noun phrase before what is said of it: a preposition, a bracket, a relative clause."""
    classes = clause_words(tokens.language)
    head = first
    while head + 1 < last and tokens.words[head + 1] not in classes.prepositions and tokens.words[head + 1] not in (",", "(", "-", "'s", "who", "which", "and", "to"):
        head += 1
    return head


def _add_verb(tokens: Tokens, asked: Asked, draft: Draft) -> None:
    """Add the verb of the action, its object, its condition, and whether it asks that something not be done."""
    if asked.action is None:
        return
    words, fields = clause_words(tokens.language), draft.fields
    first, last = asked.action
    if asked.verb is not None and first <= asked.verb < last:
        fields.action_verb = tokens.words[asked.verb]
        draft.parts["action_verb"] = [tokens.span(asked.verb, asked.verb + 1)]
        fields.refrains = any(w in words.negations for w in tokens.words[first : asked.verb]) or tokens.words[asked.verb] in demand_words(tokens.language).sets["refrain"]
        found = read_object(tokens, asked.verb + 1, last)
        if found is not None:
            draft.parts["object"] = [tokens.span(*found)]
            fields.object = tokens.raw(*found)
    found = find_condition(tokens, first, last)
    if found is not None:
        draft.parts["condition"] = [tokens.span(*found)]
        fields.condition = tokens.raw(*found)
