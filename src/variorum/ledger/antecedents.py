"""Who acts where no name stands before the verb: whom *they* or *it* stands for, and whose participle *demanding* is.

There is no parser. A pronoun stands for the subject of its sentence, else for that of the sentence before, where number and kind fit; a
participle has the subject of its sentence's first verb. Where two readings are open, neither is taken.
"""

from __future__ import annotations

from variorum.ledger.clauses import limits
from variorum.ledger.clausewords import clause_words, find_subject, is_adverb
from variorum.ledger.demandwords import demand_words
from variorum.ledger.namewords import name_words
from variorum.ledger.naming import names_of
from variorum.ledger.stancephrases import find_main_holder, read_antecedent, shows_verb, step_back
from variorum.ledger.stancewords import StanceWords, stance_words
from variorum.ledger.tokens import Tokens

Piece = tuple[int, int]
"""Tokens of a part: the first, and the one after the last."""

SINGULAR, PERSONAL, PLURAL = frozenset({"it"}), frozenset({"he", "she"}), frozenset({"they"})
OBJECTS = {"him": "he", "her": "she", "them": "they"}
"""Objects -> the pronoun in the form of a subject."""
_ANYBODY = frozenset({"nobody", "everyone", "everybody", "anyone", "someone", "somebody", "no", "all", "others"})
_BACK = 2
"""Sentences before that of a pronoun in which its antecedent is looked for."""
_ADJUNCT = 8
"""Tokens before a comma that may stand before a subject: *at the same time,*."""
_LIST = 60
"""Names of the longest list that is one subject."""
_FIRST_VERB = 30
"""Tokens within which a sentence shows its first verb."""


def is_pronoun(tokens: Tokens, piece: Piece) -> bool:
    """Tell whether a part is a pronoun of the third person that stands for somebody named before."""
    return piece[1] - piece[0] == 1 and tokens.words[piece[0]] in SINGULAR | PERSONAL | PLURAL


def resolve_pronoun(tokens: Tokens, at: int) -> Piece | None:
    """Return the tokens of whom a pronoun stands for; None where the sentence and those before it in its paragraph or quotation do not tell."""
    low = limits(tokens, at)[0]
    begin, _ = tokens.sentence(at)
    begin, end = max(begin, low), at
    for number in range(_BACK + 1):
        found = _find_main_subject(tokens, begin, end)
        if found is not None and tokens.words[found[0]] != tokens.words[at]:
            rivals = number == 0 and _names_between(tokens, found[1], at, tokens.words[at])
            return None if rivals else _fit(tokens, found, tokens.words[at])
        if begin <= low or (number == 0 and not _opens(tokens, begin, at)):
            return None
        end = begin
        begin = max(tokens.sentence(begin - 1)[0], low)
    return None


def _opens(tokens: Tokens, begin: int, at: int) -> bool:
    """Tell whether no other subject can stand before a pronoun in its sentence: *Today they*, *At the same time, they*."""
    classes = clause_words(tokens.language)
    plain = all(tokens.words[n] in classes.openers | classes.joints or is_adverb(classes, tokens.words[n]) or tokens.taken[n] or not tokens.is_word(n) for n in range(begin, at))
    return plain or (at - begin <= _ADJUNCT and tokens.words[at - 1] == "," and not any(shows_verb(tokens, n) for n in range(begin, at))) or (at - begin <= 3 and tokens.words[begin] in classes.prepositions)


def resolve_object(tokens: Tokens, at: int, cue: int) -> Piece | None:
    """Return whom a pronoun after a verb of asking stands for, which is not who asks: *wrote to Mayor Rook, urging him*; None unless just one name fits."""
    subject = _find_main_subject(tokens, tokens.sentence(cue)[0], cue)
    if subject is None or subject[1] > cue or tokens.words[subject[0]] in ("this", "it", "there", "that"):
        return None
    pronoun = OBJECTS.get(tokens.words[at], tokens.words[at])
    names = _names_between(tokens, subject[1], cue, pronoun)
    fitting = [name for name in names if not shows_verb(tokens, name[1]) and (pronoun in PERSONAL or _is_recipient(tokens, name, cue))]
    return fitting[0] if len(fitting) == 1 else None


def _is_recipient(tokens: Tokens, name: Piece, cue: int) -> bool:
    """Tell whether a body is the one to whom something was sent: *to the Ferry Board, urging them*."""
    classes = clause_words(tokens.language)
    lead = name[0] - 1 - (tokens.words[name[0] - 1] in classes.determiners)
    after = next((n for n in range(name[1], cue) if not tokens.taken[n]), cue)
    return tokens.words[lead] == "to" and (after >= cue or tokens.words[after] in (",", "("))


def _names_between(tokens: Tokens, first: int, last: int, pronoun: str) -> list[Piece]:
    """Return the names between two tokens that a pronoun may stand for."""
    kinds = {"person"} if pronoun in PERSONAL else {"body"} if pronoun in SINGULAR else {"body", "group"}
    found = [name for n in range(first, last) if (name := names_of(tokens).get(n)) is not None and name.kind in kinds]
    return [(name.title[0] if name.title else name.first, name.last) for name in found]


def _find_main_subject(tokens: Tokens, begin: int, end: int) -> Piece | None:
    """Return the subject of the first verb between two tokens."""
    verb = next((n for n in range(begin + 1, min(end, begin + _FIRST_VERB)) if shows_verb(tokens, n)), None)
    return find_subject(tokens, verb) if verb is not None else None


def _fit(tokens: Tokens, subject: Piece, pronoun: str) -> Piece | None:
    """Return the part of a subject that a pronoun may stand for; None where number or kind forbids it."""
    words, classes = stance_words(tokens.language), clause_words(tokens.language)
    inside = [name for n in range(*subject) if (name := names_of(tokens).get(n)) is not None]
    persons = [name for name in inside if name.kind == "person"]
    if pronoun in PERSONAL:
        one = persons[0] if len(persons) == 1 else None
        if one is None and not persons and tokens.words[subject[1] - 1] in name_words(tokens.language).sets["roles"] and tokens.words[subject[0]] == "the":
            return subject  # the mayor said she
        return None if one is None else (one.title[0] if one.title else one.first, one.last)
    if is_pronoun(tokens, subject) or tokens.words[subject[0]] in classes.pronouns | classes.prepositions | _ANYBODY:
        return None
    head = next((n for n in range(subject[0] + 1, subject[1]) if tokens.words[n] in classes.prepositions or tokens.words[n] in (",", "(")), subject[1]) - 1
    body = any(name.kind == "body" and name.first <= head < name.last for name in inside) or tokens.words[head] in words.sets["bodies"] - {"letter", "statement", "resolution"}
    if pronoun in SINGULAR:
        return subject if body and not tokens.words[head].endswith("s") else None
    several = any(tokens.words[n] in classes.joints for n in range(*subject)) or tokens.words[head].endswith("s")
    people = several and (bool(inside) or tokens.words[head] in words.sets["bodies"] or tokens.words[head].endswith(tuple(words.sets["people_endings"])))
    return subject if people or body else None


def find_participle_asker(tokens: Tokens, at: int) -> Piece | None:
    """Return who asks in a participle without a subject: *Ms Vole wrote to the board, demanding*.

    People or a body right before it may ask themselves (*the guard held crews demanding pay*), unless a document or its sending stands between: then neither is taken.
    """
    holder = find_main_holder(tokens, at)
    if holder is None:
        return None
    words, classes = stance_words(tokens.language), clause_words(tokens.language)
    before = step_back(tokens, at)
    if tokens.words[before] in classes.subordinators or tokens.words[before] in ("of", "without", "from") or (tokens.words[before] in ("in", "for") and _is_idea(tokens, before - 1)):
        return None  # while begging, instead of begging; thanked for her leadership in urging
    if tokens.words[before] == "," or tokens.words[before] in classes.joints or tokens.words[before] in classes.prepositions:
        return holder
    sent = words.sets["documents"] | demand_words(tokens.language).sets["sending"]
    return None if _ends_somebody(tokens, before, words) and not sent & set(tokens.words[holder[1] : at]) else holder


def _is_idea(tokens: Tokens, at: int) -> bool:
    """Tell whether a noun is that of an act or idea: *leadership in*, *work in*."""
    word = tokens.words[at]
    return word.endswith(("ship", "tion", "sion", "ment", "ance", "ence", "ness", "cy")) or word in demand_words(tokens.language).sets["abstract"] | {"role", "help", "support", "record"}


def widen_names(tokens: Tokens, piece: Piece) -> Piece:
    """Return a subject with the names of its list before it: *Ms Vole, Mr Rook, and Mr Mole wrote*."""
    names = names_of(tokens)
    ends = {name.last: name.title[0] if name.title else name.first for name in names.values()}
    classes = clause_words(tokens.language)
    first, joined = piece[0], bool(classes.joints & set(tokens.words[piece[0] : piece[1]]))
    for _ in range(_LIST):
        begin = first + (tokens.words[first] in classes.determiners)
        place = first
        while place > 0 and (tokens.words[place - 1] in classes.joints or tokens.words[place - 1] == ","):
            place -= 1
        joined = joined or bool(classes.joints & set(tokens.words[place:first]))
        if place == first or not joined:
            break  # In her letter to Mayor Rook, Ms Vole
        if tokens.words[place - 1] == ")":
            place = next((n for n in range(place - 1, max(place - 9, 0), -1) if tokens.words[n] == "("), place)
        if place not in ends or (begin not in names and begin not in ends.values()):
            break
        first = ends[place] - (tokens.word(ends[place] - 1) in classes.determiners)
    return piece if tokens.word(first - 1) in classes.prepositions - {"with"} and first != piece[0] else (first, piece[1])


def read_subject_noun(tokens: Tokens, found: Piece, verb: int) -> Piece | None:
    """Return the noun phrase for a subject that is one word which points: *this letter asks*, *the letters, which ask*; None where it names no document or bill."""
    words, classes = stance_words(tokens.language), clause_words(tokens.language)
    papers = words.sets["documents"] | demand_words(tokens.language).sets["issuers"]
    if tokens.words[found[0]] in ("which", "that"):
        piece = read_antecedent(tokens, found[0])
        return piece if piece is not None and tokens.words[piece[1] - 1] in papers else None
    paper = next((n for n in range(found[1], min(verb, found[1] + 5)) if tokens.words[n] in papers and tokens.words[n - 1] not in classes.prepositions), None)
    return (found[0], paper + 1) if paper is not None else None


def _ends_somebody(tokens: Tokens, at: int, words: StanceWords) -> bool:
    """Tell whether a name or a noun for people ends at a token."""
    return tokens.is_capital(at) or tokens.words[at] in words.sets["bodies"] or tokens.words[at] == ")" or tokens.words[at].endswith("s")
