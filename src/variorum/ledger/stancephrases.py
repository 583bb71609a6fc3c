"""Who takes a stance and toward what: the holder before a cue, and the target after it."""

from __future__ import annotations

from variorum.ledger.clausewords import (
    ClauseWords,
    clause_words,
    end_clause,
    find_subject,
    is_adverb,
    paragraph_start,
    skip_adverbs,
    skip_marker,
)
from variorum.ledger.demandwords import demand_words
from variorum.ledger.stancewords import StanceWords, stance_words
from variorum.ledger.tokens import Tokens

Piece = tuple[int, int]
"""Tokens of a part: the first, and the one after the last."""

_HOLDER = 30
"""Tokens of the longest holder."""
_CLAUSE = 12
"""Tokens within which a clause without *that* shows its verb."""
_CAUSED = 14
"""Tokens between a verb of causing and the target before the verb that it causes."""
_NEAR = 25
"""Tokens before *in support of* in which the document or gathering that gives it stands."""
_DEGREES = 5
"""Adverbs before a cue that are passed over."""


def step_back(tokens: Tokens, at: int) -> int:
    """Return the token before a cue, adverbs passed over; -1 or the sentence's start minus one where none stands there."""
    words = clause_words(tokens.language)
    extra = stance_words(tokens.language).sets["degrees"]
    low = tokens.sentence(at)[0]
    place = at - 1
    while place >= low and at - place <= _DEGREES and (is_adverb(words, tokens.words[place]) or tokens.words[place] in extra):
        place -= 1
    return place


def begins_operative(tokens: Tokens, at: int) -> bool:
    """Tell whether nothing but a number and adverbs stand in the paragraph before a token: *2. Strongly condemns*."""
    start = paragraph_start(tokens, at)
    if at - start > 8:
        return False
    begin = skip_marker(tokens, start)
    classes = clause_words(tokens.language)
    extra = stance_words(tokens.language).sets["degrees"]
    return tokens.is_capital(begin) and all(is_adverb(classes, w) or w in extra or w in (",", "and") for w in tokens.words[begin:at])


def find_holder(tokens: Tokens, verb: int) -> Piece | None:
    """Return the subject of a verb where it is somebody who may take a stance: the first person, a name, or a word for people and bodies."""
    words, classes = stance_words(tokens.language), clause_words(tokens.language)
    before = step_back(tokens, verb)
    found = read_antecedent(tokens, before) if before > 0 and tokens.words[before] == "who" else find_subject(tokens, verb)
    if found is None or found[1] - found[0] > _HOLDER:
        return None
    if tokens.words[before] == "who":
        return found if _is_somebody(tokens, found, words, classes) else None
    between = tokens.words[found[1] : verb]
    if any(not is_adverb(classes, w) and w not in classes.finite and w not in words.sets["degrees"] for w in between):
        return None
    return found if _is_somebody(tokens, found, words, classes) else None


def read_antecedent(tokens: Tokens, who: int) -> Piece | None:
    """Return the noun phrase before *who*: *employers who had concerns*."""
    classes = clause_words(tokens.language)
    low = tokens.sentence(who)[0]
    last = who - (tokens.word(who - 1) == ",")
    first = last
    while first > low and last - first < 6 and (tokens.is_word(first - 1) or tokens.words[first - 1] in "'s") and tokens.words[first - 1] not in classes.prepositions | classes.finite | classes.joints:
        first -= 1
        if tokens.words[first] in classes.determiners:
            break
    return (first, last) if first < last else None


def _is_somebody(tokens: Tokens, piece: Piece, words: StanceWords, classes: ClauseWords) -> bool:
    """Tell whether a noun phrase names people or bodies."""
    first, last = piece
    if any(tokens.words[n] in classes.sayings or tokens.words[n] in classes.finite or tokens.words[n] in words.sets["to"] for n in range(first, last)) and last - first > 1:
        return False
    if tokens.words[first] in classes.first_person:
        return last - first == 1 or bool(words.sets["bodies"] & set(tokens.words[first:last])) or tokens.words[first] in ("our", "my")
    if tokens.words[first] in classes.prepositions or tokens.words[first] in classes.relatives or tokens.words[last - 1] in ("'s", "'"):
        return False
    head = next((n for n in range(first + 1, last) if tokens.words[n] in classes.prepositions or tokens.words[n] in (",", "(")), last) - 1
    if tokens.words[head] in words.sets["things"]:
        return False
    named = tokens.is_capital(head) and tokens.is_capital(first + (tokens.words[first] in classes.determiners))
    people = tokens.words[head].endswith(tuple(words.sets["people_endings"]))
    return named or people or bool(words.sets["bodies"] & set(tokens.words[first : head + 1]))


def find_main_holder(tokens: Tokens, at: int) -> Piece | None:
    """Return the subject of the sentence's first verb, for a cue without a subject of its own: *We write to condemn*, *Vole came, praising*."""
    classes = clause_words(tokens.language)
    low = tokens.sentence(at)[0]
    for place in range(low + 1, min(at, low + _HOLDER)):
        if shows_verb(tokens, place):
            holder = find_holder(tokens, place)
            parted = holder is None or any(w in (";", ":") or w in classes.that or w in classes.relatives for w in tokens.words[holder[1] : at])
            return None if parted else holder
    return None


def shows_verb(tokens: Tokens, at: int) -> bool:
    """Tell whether a token may be the verb of its sentence: an auxiliary, a verb of stance or speech, a past form."""
    classes, words = clause_words(tokens.language), stance_words(tokens.language)
    word = tokens.words[at]
    if word in classes.finite or word in words.cues["verbs"] or word in words.sets["leads"] or word in words.sets["expressing"] or word in classes.sayings:
        return True
    past = word.endswith("ed") or word in demand_words(tokens.language).sets["pasts"]
    return past and not tokens.is_capital(at) and tokens.words[at - 1] not in classes.determiners | classes.prepositions


def is_of_speaker(tokens: Tokens, at: int, words: StanceWords) -> bool:
    """Tell whether *in support of* without a holder may be said of the statement itself: it begins a sentence or part of one, or a document or gathering stands before it."""
    low = tokens.sentence(at)[0]
    before = tokens.word(step_back(tokens, at)) if at > low else ""
    relatives = [n for n in range(max(low, at - _NEAR), at) if tokens.words[n] in clause_words(tokens.language).relatives]
    low = relatives[-1] if relatives else low
    return not before.isalpha() or bool((words.sets["documents"] | words.sets["gatherings"]) & set(tokens.words[max(low, at - _NEAR) : at]))


def read_target(tokens: Tokens, at: int, kind: str) -> tuple[Piece, Piece | None] | None:
    """Return the target that begins at a token, and what for where that stands apart (*thank the crews for their help*); None where none does."""
    words, classes = stance_words(tokens.language), clause_words(tokens.language)
    if at >= tokens.sentence(at - 1)[1]:
        return None
    if tokens.words[at] in words.sets["that"] and _is_clause(tokens, at + 1):
        return read_clause(tokens, at + 1)
    word = tokens.words[at]
    if not (tokens.is_word(at) or tokens.is_number(at) or word in "“\"‘'$") or word in classes.prepositions or word in classes.finite or word in words.sets["to"] or word in classes.joints or word in classes.relatives - {"what", "how"} or (word.endswith("ly") and is_adverb(classes, word)):
        return None
    end = end_clause(tokens, at, words.anchors)
    person = kind in ("thanks", "commends")
    last, reason, infinitive = end, None, tokens.words[at].endswith("ing")
    caused = bool(words.sets["causing"] & set(tokens.words[max(tokens.sentence(at)[0], at - _CAUSED) : at]))
    for place in range(at + 1, end):
        word = tokens.words[place]
        if word in words.sets["stops"] or (word.endswith("ed") and tokens.word(place + 1) in words.sets["by"] and tokens.words[place - 1] not in classes.finite and not infinitive) or (word in classes.finite and not infinitive and not (classes.relatives | classes.that) & set(tokens.words[at:place])) or (word in classes.relatives and tokens.words[place - 1] == ",") or (word == "," and not _goes_on(tokens, place, end, classes)):
            last = place
            break
        if person and _leads_reason(tokens, place, words):
            last, more = place, read_target(tokens, place + 1, "supports")
            reason = more[0] if more else None
            break
        if word in classes.joints and not infinitive and (_second_verb(tokens, place, words, classes) or _turns(tokens, at, place, words)):
            last = place
            break
        if caused and word in classes.bases and not infinitive and _is_caused(tokens, place, classes):
            last = place
            break
        infinitive = infinitive or word in words.sets["to"] or word in classes.relatives
    while last > at and (tokens.words[last - 1] in classes.joints or tokens.words[last - 1] in classes.prepositions or tokens.words[last - 1] == ","):
        last -= 1
    return ((at, last), reason) if last > at else None


def _turns(tokens: Tokens, first: int, at: int, words: StanceWords) -> bool:
    """Tell whether a conjunction leads a stance of another sign, not more of the same target: *in support of the crews and against the sale*."""
    after = tokens.word(at + 1)
    return after in words.sets["turning"] and after not in tokens.words[first - 1 : at]


def _is_caused(tokens: Tokens, at: int, classes: ClauseWords) -> bool:
    """Tell whether a plain verb belongs to a verb of causing before the target: *make the march in support of the crews continue in every port*."""
    after = tokens.word(at + 1)
    return not tokens.is_capital(at) and tokens.words[at - 1] not in classes.determiners | classes.prepositions and (after in classes.prepositions or after in classes.determiners or is_adverb(classes, after))


def _leads_reason(tokens: Tokens, at: int, words: StanceWords) -> bool:
    """Tell whether a word leads what somebody is praised or thanked for: for, on, or in before a verb or *their*."""
    after = tokens.word(at + 1)
    return tokens.words[at] in words.sets["reasons"] or (tokens.words[at] in words.sets["in"] | words.sets["on"] and ((after in words.sets["possessors"] and after not in words.sets["own"]) or (after.endswith("ing") and not tokens.is_capital(at + 1))))


def _second_verb(tokens: Tokens, at: int, words: StanceWords, classes: ClauseWords) -> bool:
    """Tell whether a conjunction leads a second verb of the holder, or a second stance: *and look forward*, *and my thanks*."""
    place = skip_adverbs(tokens, at + 1)
    word = tokens.word(place)
    if tokens.is_capital(place):
        return False
    more = word in words.sets["own"] and tokens.word(place + 1) in words.cues["nouns"]
    return more or word in classes.finite or (word in classes.bases and word not in words.sets["nouns_too"] and tokens.word(place + 1) not in classes.joints | {",", "."}) or (place > at + 1 and word.endswith("ing"))


def read_clause(tokens: Tokens, at: int) -> tuple[Piece, None] | None:
    """Return a clause as a target, up to a second verb of the holder after its comma (*, and look forward to*)."""
    words, classes = stance_words(tokens.language), clause_words(tokens.language)
    end = end_clause(tokens, at, words.anchors, whole=True)
    for place in range(at + 2, end - 2):
        if tokens.words[place] != ",":
            continue
        after = tokens.words[place + 1]
        joined = after in classes.joints and tokens.words[place + 2] in classes.bases and not words.sets["to"] & set(tokens.words[at:place])
        if joined or (after in classes.pronouns and after not in classes.relatives):
            end = place
            break
    return ((at, end), None) if end > at else None


def starts_clause(tokens: Tokens, at: int) -> bool:
    """Tell whether a clause without *that* begins at a token: a noun phrase with a finite verb soon after it."""
    classes = clause_words(tokens.language)
    word = tokens.word(at)
    return bool(word) and (word in classes.pronouns or word in classes.determiners or tokens.is_capital(at)) and _is_clause(tokens, at)


def _is_clause(tokens: Tokens, at: int) -> bool:
    """Tell whether a finite verb stands soon after a token, inside its clause."""
    classes = clause_words(tokens.language)
    end = min(tokens.sentence(at)[1] if at < len(tokens) else at, at + _CLAUSE)
    for place in range(at + (tokens.word(at) not in classes.pronouns), end):
        word = tokens.words[place]
        if word in classes.finite or word in classes.pronouns or (word.endswith("ed") and not tokens.is_capital(place)):
            return True
        if word in ";:.?!" and not tokens.touches(place + 1):
            break
    return tokens.word(at) in classes.determiners or tokens.is_capital(at)


def _goes_on(tokens: Tokens, comma: int, end: int, classes: ClauseWords) -> bool:
    """Tell whether a comma joins items of one target: *the sale, the fares and the delays*."""
    after = tokens.words[comma + 1 : min(end, comma + 26)]
    if not after or after[0] in classes.relatives or after[0] in classes.prepositions or after[0] in classes.subordinators or after[0].endswith("ing") or any(w in classes.finite for w in after[:12]):
        return False
    return any(w in classes.joints for w in after)
