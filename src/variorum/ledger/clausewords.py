"""Where clauses and noun phrases end, told without a parser: by marks, conjunctions and a few closed word classes of the language.

All readers look at no more than `REACH` tokens from where they are called.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from variorum.ledger.languages import WORDS, Language, add_section
from variorum.ledger.tokens import Tokens

REACH = 160
"""Tokens of the longest clause that is read."""

OPENING, CLOSING = frozenset("“«‘"), frozenset("”»")
DASHES = frozenset("—–")
_MARKS = frozenset(".!?…,;:\"'“”«»‘’()[]—–-*•●▪·|/")
_LONGEST_PHRASE = 45
"""Tokens of the longest subject or addressee."""
_SUBJECT = 6
"""Tokens of a subject after *and* without a comma that begins a clause of its own."""
_UNSURE = frozenset({"be", "been", "being", "having", "called", "means", "makes", "took", "takes"})
"""Of the verbs that show a clause, those that may stand in a noun phrase."""

add_section(
    "clauses",
    {
        "adverbs": WORDS,
        "no_adverbs": WORDS,
        "not": WORDS,
        "joints": WORDS,
        "pronouns": WORDS,
        "first_person": WORDS,
        "clitics": WORDS,  # pronouns before a verb in the infinitive
        "finite": WORDS,
        "sayings": WORDS,
        "determiners": WORDS,
        "prepositions": WORDS,
        "relatives": WORDS,
        "subordinators": WORDS,
        "that": WORDS,
        "openers": WORDS,
        "bases": WORDS,
        "infinitives": WORDS,
        "no_infinitives": WORDS,
        "if": WORDS,
    },
)


@dataclass(frozen=True, eq=False)
class ClauseWords:
    """The closed word classes of a language, each a set of tokens.

    Attributes:
        adverbs: may stand between a subject and its verb, or between ``to`` and its verb.
        no_adverbs: nouns that end as adverbs do: assembly.
        negations: deny a verb.
        joints: join clauses: and, but.
        pronouns: subjects in one word.
        first_person: those of who speaks.
        clitics: pronouns that may stand before an infinitive.
        finite: auxiliaries and modals, by which a clause shows its verb.
        sayings: verbs after a quotation: said, wrote.
        determiners: begin a noun phrase.
        prepositions: neither verbs nor nouns.
        relatives: begin a relative clause.
        subordinators: begin a clause of their own: if, because.
        that: begins a that-clause.
        openers: adverbs before a subject: therefore, now.
        bases: verbs in the form of the imperative and after ``to``.
        infinitives: endings by which an infinitive is known; empty where the word itself must be in `bases` or look like a verb.
        no_infinitives: words that follow ``to`` and are no verbs.
        conditions: begin a condition: if, unless.
    """

    adverbs: frozenset[str]
    no_adverbs: frozenset[str]
    negations: frozenset[str]
    joints: frozenset[str]
    pronouns: frozenset[str]
    first_person: frozenset[str]
    clitics: frozenset[str]
    finite: frozenset[str]
    sayings: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    relatives: frozenset[str]
    subordinators: frozenset[str]
    that: frozenset[str]
    openers: frozenset[str]
    bases: frozenset[str]
    infinitives: tuple[str, ...]
    no_infinitives: frozenset[str]
    conditions: frozenset[str]


@lru_cache(maxsize=8)
def clause_words(language: Language) -> ClauseWords:
    """Return the closed word classes of a language."""
    words = language.section("clauses")
    sets = {name: frozenset(words.get(name, ())) for name in ("adverbs", "no_adverbs", "joints", "pronouns", "first_person", "clitics", "finite", "sayings", "determiners", "prepositions", "relatives", "subordinators", "that", "openers", "bases", "no_infinitives")}
    return ClauseWords(negations=frozenset(words.get("not", ())), conditions=frozenset(words.get("if", ())), infinitives=tuple(words.get("infinitives", ())), **sets)


def paragraph_start(tokens: Tokens, at: int) -> int:
    """Return the first token of the paragraph that holds a token."""
    return tokens.paragraph_starts[bisect_right(tokens.paragraph_starts, at) - 1]


def skip_marker(tokens: Tokens, at: int) -> int:
    """Return the first token after the mark of a list (bullet, number, letter) at the first token of a paragraph."""
    word = tokens.word(at)
    if word in ("-", "–", "—", "•", "●", "▪", "◦", "‣", "∙", "*", "·", "►", "✔", "✓"):
        return at + 1
    bracket = word == "("
    inner = tokens.word(at + bracket)
    closing = tokens.word(at + bracket + 1)
    if (inner.isdigit() or (inner.isalpha() and len(inner) <= 4 and (len(inner) == 1 or set(inner) <= set("ivx")))) and closing in (".", ")") and tokens.touches(at + bracket + 1):
        return at + bracket + 2
    return at


def is_adverb(words: ClauseWords, word: str) -> bool:
    """Tell whether a token may stand between a subject and its verb."""
    return word in words.adverbs or word in words.negations or (word.endswith("ly") and word not in words.bases and word not in words.no_adverbs and bool(not words.infinitives))


def skip_adverbs(tokens: Tokens, at: int) -> int:
    """Return the first token from `at` on that is no adverb."""
    words = clause_words(tokens.language)
    last = at
    while last < len(tokens) and last - at < 6 and is_adverb(words, tokens.words[last]):
        last += 1
    return last


def read_infinitive(tokens: Tokens, at: int) -> int | None:
    """Return the token of the verb where an infinitive may stand at a token, adverbs before it passed over; None where none does."""
    words = clause_words(tokens.language)
    place = skip_adverbs(tokens, at)
    while place - at < 3 and tokens.word(place) in words.clitics:  # de nous recevoir
        place = skip_adverbs(tokens, place + 1)
    word = tokens.word(place)
    if not word or not word[0].isalpha() or word in words.no_infinitives:
        return None
    if words.infinitives:
        return place if word.endswith(words.infinitives) or word in words.bases else None
    if word in words.bases:
        return place
    if tokens.is_capital(place) and not (tokens.raw(place).isupper() and len(word) > 2):
        return None
    odd = word in words.determiners or word in words.prepositions or word in words.pronouns or word in words.relatives
    return None if odd or word.endswith(("s", "ing", "ion", "ity", "ment", "ed")) else place


def end_clause(tokens: Tokens, at: int, anchors: frozenset[str] = frozenset(), *, whole: bool = False) -> int:
    """Return the token after the last of the clause that goes on at `at`, closing marks left out.

    It ends with its sentence, at a semicolon or colon, where a quotation that began before it closes, before who said it, and
    where a clause with a subject or one of the verbs `anchors` of its own follows. A `whole` clause begins with its own subject, which *and* may join to another.
    """
    end = min(tokens.sentence(at)[1] if at < len(tokens) else at, at + REACH)
    words = clause_words(tokens.language)
    depth, place = 0, at
    while place < end:
        word = tokens.words[place]
        if word in ";:" and not _is_clock(tokens, place):
            break
        if word in OPENING:
            depth += 1
        elif word in CLOSING or (word == '"' and _closes(tokens, place)):
            if not depth:
                break
            depth -= 1
        elif word == '"':
            depth += 1
        elif (word in DASHES and _dash_ends(tokens, place, end)) or ((word == "," or word in words.joints) and place > at and _new_clause(tokens, place, words, anchors)) or (word in words.joints and place > at and not words.infinitives and _new_subject(tokens, place, words) and not _may_join_subjects(tokens, at, place, words, whole=whole)):
            break
        place += 1
    return strip_end(tokens, at, place)


def strip_end(tokens: Tokens, first: int, last: int) -> int:
    """Return the end of a phrase without the marks, and the conjunctions, that stand last in it."""
    words = clause_words(tokens.language)
    while last > first and ((tokens.words[last - 1] in _MARKS and not _closes_inside(tokens, first, last - 1)) or tokens.words[last - 1] in words.joints):
        last -= 1
    return last


def _closes_inside(tokens: Tokens, first: int, at: int) -> bool:
    """Tell whether a mark closes a bracket or quotation that opens in the phrase."""
    opening = {")": "(", "]": "[", "”": "“", "»": "«", '"': '"', "’": "‘"}.get(tokens.words[at])
    return opening is not None and opening in tokens.words[max(first, at - REACH) : at]


def _is_clock(tokens: Tokens, at: int) -> bool:
    return tokens.words[at] == ":" and tokens.is_number(at - 1) and tokens.is_number(at + 1)


def _closes(tokens: Tokens, at: int) -> bool:
    """Tell whether a straight quotation mark closes: it touches what stands before it, not what follows."""
    return tokens.touches(at) and not (tokens.touches(at + 1) and tokens.is_word(at + 1))


def _dash_ends(tokens: Tokens, at: int, end: int) -> bool:
    """Tell whether a dash ends the clause: no second one follows soon, and it joins no two words."""
    if tokens.touches(at) and tokens.touches(at + 1) and tokens.words[at] == "–":
        return False
    return not any(word in DASHES for word in tokens.words[at + 1 : min(end, at + 25)])


def _new_clause(tokens: Tokens, at: int, words: ClauseWords, anchors: frozenset[str]) -> bool:
    """Tell whether a clause of its own begins after a comma or conjunction: a subject with its verb, another anchor, or who said it."""
    comma = tokens.words[at] == ","
    after = at + 1
    if comma and (tokens.word(after) in words.sayings or (tokens.word(after) in CLOSING | {'"'} and tokens.word(after + 1) in words.sayings)):
        return True
    joined = not comma
    if comma and tokens.word(after) in words.joints:
        joined, after = True, after + 1
    after = skip_adverbs(tokens, after)
    if tokens.word(after) in anchors and (joined or comma):
        return True
    if not joined:
        return False
    if tokens.word(after) in words.pronouns:
        return True
    if not comma:
        return False
    for place in range(after + 1, min(after + 9, len(tokens))):
        word = tokens.words[place]
        if word in words.finite:
            return tokens.word(place - 1) not in words.relatives and tokens.word(after) not in words.bases
        if word == "." and tokens.touches(place):
            continue
        if word in _MARKS or word in words.relatives or word in words.subordinators or word == "to":
            return False
    return False


def _new_subject(tokens: Tokens, at: int, words: ClauseWords) -> bool:
    """Tell whether a noun phrase with its verb follows a conjunction: ``and some ports have closed``."""
    if tokens.word(at + 1) not in words.determiners - {"'s", "that"}:
        return False
    for place in range(at + 2, min(at + 2 + _SUBJECT, len(tokens))):
        word = tokens.words[place]
        if word in words.finite - _UNSURE:
            return place > at + 2
        if not tokens.is_word(place) or word in words.relatives or word in words.subordinators or word in words.that or word in words.joints or word in words.prepositions or word == "to":
            return False
    return False


def _may_join_subjects(tokens: Tokens, first: int, at: int, words: ClauseWords, *, whole: bool) -> bool:
    """Tell whether the conjunction at a token may join two subjects of one verb: a clause of its own began before it, and its verb has not come."""
    begins = [n for n in range(first, at) if tokens.words[n] in words.that or tokens.words[n] in words.subordinators or tokens.words[n] in words.relatives or tokens.words[n] in ("between", "both")]
    start = begins[-1] if begins else first
    return (whole or bool(begins)) and not any(tokens.words[n] in words.finite for n in range(start, at))


def find_clause_start(tokens: Tokens, at: int) -> int:
    """Return the first token of the noun phrase that ends before `at`, where `at` is its verb: the subject as far as it can be told."""
    words = clause_words(tokens.language)
    low = max(tokens.sentence(at)[0], at - _LONGEST_PHRASE)
    place = at
    while place > low:
        word = tokens.words[place - 1]
        if word in words.relatives and place - 1 > low and place < at and _holds_verb(tokens, place, at, words):
            place -= 1  # a relative clause inside the subject: go on to what it is about
            continue
        if word in words.that or word in words.subordinators:
            break
        if word == "," and _is_inserted(tokens, place, at):
            place -= 1
            continue
        inside = word in ")]([/.'’‘" or (word == "-" and tokens.touches(place))
        if (word in _MARKS and not inside) or (word in words.joints and _holds_verb(tokens, _last_break(tokens, low, place - 1, words), place - 1, words)):
            break
        place -= 1
    while place < at and (tokens.words[place] in words.openers or tokens.words[place] in words.joints or tokens.words[place] in _MARKS):
        place += 1
    return place


def _last_break(tokens: Tokens, low: int, at: int, words: ClauseWords) -> int:
    """Return the token after the last mark or word before `at` that begins a clause."""
    place = at
    while place > low and tokens.words[place - 1] not in words.that | words.subordinators and tokens.words[place - 1] not in ",;:—–":
        place -= 1
    return place


def _is_inserted(tokens: Tokens, after: int, at: int) -> bool:
    """Tell whether the comma before token `after` joins items of one noun phrase: ``A, B and C``."""
    words = clause_words(tokens.language)
    between = tokens.words[after:at]
    return 0 < len(between) <= 25 and any(w in words.joints for w in between) and "," not in between[-1:] and not any(w in words.finite or w in words.pronouns for w in between) and tokens.is_capital(after) and tokens.is_capital(after - 2)


def _holds_verb(tokens: Tokens, first: int, last: int, words: ClauseWords) -> bool:
    """Tell whether a verb shows between two tokens."""
    return any(tokens.words[n] in words.finite or (tokens.words[n].endswith("ed") and len(tokens.words[n]) > 4 and not tokens.is_capital(n)) for n in range(max(first, last - _LONGEST_PHRASE), last))


def find_subject(tokens: Tokens, verb: int) -> tuple[int, int] | None:
    """Return the tokens of the subject before a verb; None where the verb has none of its own before it."""
    words = clause_words(tokens.language)
    last = verb
    low = tokens.sentence(verb)[0]
    while last > low and verb - last < 8 and (is_adverb(words, tokens.words[last - 1]) or tokens.words[last - 1] in words.finite):
        last -= 1
    if last > low and tokens.words[last - 1] in words.pronouns:
        return last - 1, last
    if last > low + 2 and tokens.words[last - 1] == "," and tokens.words[low + 1] == "," and tokens.words[low] in words.first_person & words.pronouns:
        return low, low + 1  # We, the undersigned, call on
    first = find_clause_start(tokens, last)
    if first < last and tokens.words[first] in words.pronouns:
        return first, first + 1  # we write to ask
    if tokens.word(last - 1) in words.joints | words.prepositions or tokens.word(last - 1) == "to":
        return None
    return (first, last) if first < last and any(tokens.is_word(n) for n in range(first, last)) else None


def find_condition(tokens: Tokens, first: int, last: int) -> tuple[int, int] | None:
    """Return the tokens of a condition inside a clause: ``if ...``, ``unless ...``, up to the next comma or its end."""
    words = clause_words(tokens.language)
    for place in range(first, last):
        if tokens.words[place] in words.conditions and tokens.word(place - 1) not in ("as", "even", "know", "see", "ask"):
            end = next((n for n in range(place, last) if tokens.words[n] == ","), last)
            return (place, end) if end - place > 1 else None
    return None


def read_object(tokens: Tokens, at: int, last: int) -> tuple[int, int] | None:
    """Return the tokens of the noun phrase after a verb, up to the next preposition, relative, mark or end; None where none follows."""
    words = clause_words(tokens.language)
    place = skip_adverbs(tokens, at)
    first = place
    if tokens.word(first) == "to":
        return None  # rise to strikes: no object
    while place < min(last, first + 12):
        word = tokens.words[place]
        stop = word in words.relatives or word in words.that or word in words.subordinators or word in words.joints or (word in _MARKS and word not in "-'’") or word in words.finite
        if stop or (word in words.prepositions and place > first and word not in ("of", "de", "du", "des", "del")) or (word in words.prepositions and place == first):
            break
        place += 1
    return (first, place) if place > first and any(tokens.is_word(n) for n in range(first, place)) else None
