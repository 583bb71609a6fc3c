"""What the rules of endorsements share: the words of a language, the draft of an endorsement, and how its document is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from variorum.ledger.clausewords import clause_words
from variorum.ledger.entries import known
from variorum.ledger.languages import LISTS, WORDS, Language, add_section
from variorum.ledger.numbers import parse_number
from variorum.ledger.rules import Draft
from variorum.ledger.tokens import Tokens, split_words

OBJECT = 24
"""Tokens of the longest object."""
NAMED = 4
"""Tokens of an object among which a word for a document tells it where no article leads it: ``additional legislation``."""

WORDS_OF = (
    "by_word", "documents", "groups", "glad", "into", "unanimous", "abstentions", "abstained", "votes", "against_word", "none", "undersigned", "signed_words", "modals", "verbs_of_passing",
    "stops", "including", "leads", "holding", "from_words", "enactors", "enacted", "clitics", "without",
)  # fmt: skip
TABLES = ("passive", "active", "endorsing", "ongoing", "backers", "held")
add_section("endorsements", {**dict.fromkeys(WORDS_OF, WORDS), **dict.fromkeys(TABLES, LISTS)})

Table = dict[str, list[tuple[tuple[str, ...], str]]]
"""First token -> (phrase, kind), the longest first."""


@dataclass(slots=True)
class Endorsement:
    """The fields of an endorsement."""

    kind: str = known("`signs`, `endorses`, `supports`, `co-sponsors`, `for`, `against` or `abstains` (the last three in a vote)", "supports")
    agents: list[str] = field(default_factory=list, metadata={"doc": "who does so, as written; empty where only a number is given"})
    count: int | None = known("declared number of agents")
    object: str | None = known("the document, as written")


@dataclass(frozen=True, eq=False)
class EndorsementWords:
    """The words of endorsements in a language.

    Attributes:
        sets: lists of words.
        passive: participles before ``by``.
        active: verbs of somebody.
        endorsing: participles and nouns before or after those who do so.
        ongoing: the same verbs in *-ing*.
        backers: nouns for who does so (*cosponsor*).
        held: nouns for what a document has or receives (*support*).
    """

    sets: dict[str, frozenset[str]]
    passive: Table
    active: Table
    endorsing: Table
    ongoing: Table
    backers: Table
    held: Table


@lru_cache(maxsize=8)
def endorsement_words(language: Language) -> EndorsementWords:
    """Return the words of endorsements in a language."""
    section = language.section("endorsements")
    tables: list[Table] = []
    for key in TABLES:
        table: Table = {}
        for kind, forms in section.get(key, {}).items():
            for form in forms:
                phrase = split_words(form, language)
                table.setdefault(phrase[0], []).append((phrase, kind))
        for rows in table.values():
            rows.sort(key=lambda row: -len(row[0]))
        tables.append(table)
    return EndorsementWords({name: frozenset(section.get(name, ())) for name in WORDS_OF}, *tables)


def match_form(table: Table, tokens: Tokens, at: int) -> tuple[int, str] | None:
    """Return (token after it, kind) of the longest form that begins at a token."""
    for phrase, kind in table.get(tokens.word(at), ()):
        if tuple(tokens.words[at : at + len(phrase)]) == phrase:
            return at + len(phrase), kind
    return None


def make_draft(tokens: Tokens, kind: str, cue: tuple[int, int], agents: list[tuple[int, int]], target: tuple[int, int] | None) -> Draft:
    """Return the draft of an endorsement; its place covers cue and object, and agents that follow."""
    fields = Endorsement(kind, [tokens.raw(*a) for a in agents])
    draft = Draft(cue[0], cue[1], fields, {"cue": [tokens.span(*cue)]}, [f"'{tokens.raw(*cue)}' ({kind})"])
    if agents:
        draft.parts["agent"] = [tokens.span(*a) for a in agents]
        draft.why.append(f"by '{tokens.raw(agents[0][0], agents[-1][1])}'"[:200])
        number = parse_number(tokens, agents[0][0]) if len(agents) == 1 else None
        if number is not None and number.value == int(number.value) and not number.fraction:
            fields.count = int(number.value)
            draft.parts["count"] = [tokens.span(number.first, number.last)]
    if target is not None:
        fields.object = tokens.raw(*target)
        draft.parts["object"] = [tokens.span(*target)]
    places = [cue, *agents, *([target] if target else [])]
    draft.first, draft.last = min(p[0] for p in places), max(p[1] for p in places)
    return draft


def names_document(tokens: Tokens, place: tuple[int, int]) -> bool:
    """Tell whether a phrase names a document or campaign."""
    documents = endorsement_words(tokens.language).sets["documents"]
    return any(w in documents for w in tokens.words[place[0] : place[1]]) or any(tokens.is_number(n) and _is_bill(tokens, n) for n in range(*place))


def _is_bill(tokens: Tokens, at: int) -> bool:
    """Tell whether a number is that of a bill: ``H.R. 12``, ``S. 3``, ``HR 4``."""
    if tokens.word(at - 1) == "hr":
        return True
    return tokens.word(at - 1) == "." and tokens.is_capital(at - 2) and tokens.word(at - 2) in ("r", "s", "h.r", "res")


def is_enacted(tokens: Tokens, kind: str, agents: list[tuple[int, int]], target: tuple[int, int] | None) -> bool:
    """Tell whether a president or governor alone signs a law: an action, and no endorsement."""
    sets = endorsement_words(tokens.language).sets
    if kind != "signs" or len(agents) != 1 or not sets["enactors"] & set(tokens.words[agents[0][0] : agents[0][0] + 2]):
        return False
    return target is None or bool(sets["enacted"] & set(tokens.words[target[0] : target[1]]))


def read_document(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Return the tokens of the object after a verb: a phrase of its own, up to a verb, a mark or a word that goes on. Marks round a title are part of it."""
    classes = clause_words(tokens.language)
    end = min(tokens.sentence(at)[1] if at < len(tokens) else at, at + OBJECT)
    last, quoted = at, False
    while last < end:
        word = tokens.words[last]
        if word in "“”\"" and (quoted or (last - at <= 1 and tokens.is_capital(last + 1))):
            quoted = not quoted
        elif word == "(" and last > at and not quoted:
            close = next((n for n in range(last + 1, min(last + 9, end)) if tokens.words[n] == ")"), None)
            if close is None or close + 1 >= end or not tokens.is_word(close + 1):
                break
            last = close
        elif not quoted and _ends_object(tokens, at, last, end) and not (last > at and _goes_on(tokens, last, end)):
            break
        last += 1
    while last > at and (tokens.words[last - 1] in classes.prepositions or not (tokens.words[last - 1][0].isalnum() or tokens.words[last - 1] in "”\"")):
        last -= 1
    named = last > at and (tokens.words[at] in classes.determiners or tokens.is_capital(at) or tokens.words[at] in ("it", "“", '"') or names_document(tokens, (at, min(last, at + NAMED))))
    return (at, last) if named else None


def _ends_object(tokens: Tokens, at: int, place: int, end: int) -> bool:
    """Tell whether a token ends the object that begins at `at`."""
    sets, classes, word = endorsement_words(tokens.language).sets, clause_words(tokens.language), tokens.words[place]
    if word in classes.relatives | classes.that | classes.finite | classes.joints:
        return not (place == at and names_document(tokens, (at + 1, min(at + 3, end))))
    if word in sets["stops"] or (word in ",;:()“”\"—–" and place > at):
        return True
    return word.endswith("ing") and place > at and tokens.language.code == "en" and not tokens.is_capital(place)


def _goes_on(tokens: Tokens, place: int, end: int) -> bool:
    """Tell whether a comma or small word stands inside a title in capitals that ends with a word for a document: ``the Piers, Locks and Boats in Winter Act``."""
    documents, classes = endorsement_words(tokens.language).sets["documents"], clause_words(tokens.language)
    if not tokens.is_capital(place - 1) or tokens.words[place - 1] in documents:
        return False
    for after in range(place + 1, min(place + 14, end)):
        if tokens.is_capital(after):
            if tokens.words[after] in documents:
                return True
        elif tokens.words[after] not in classes.joints | classes.prepositions | {"the", ",", "to", "-"}:
            return False
    return False


def read_antecedent(tokens: Tokens, end: int) -> tuple[int, int] | None:
    """Return the document that a relative clause is about, which begins at `end`: ``a bill`` in ``a bill (that) she cosponsored``."""
    classes = clause_words(tokens.language)
    last = end - (tokens.word(end - 1) == ",")
    low = max(tokens.sentence(last - 1)[0] if last else 0, last - OBJECT)
    first = last
    while first > low and tokens.words[first - 1] not in classes.finite and tokens.words[first - 1] not in ",;:“”\"—–" and tokens.words[first - 1] not in classes.that | classes.relatives:
        first -= 1
    begins = [n for n in range(first, last) if tokens.words[n] in classes.determiners - {"'s"} and tokens.word(n - 1) not in ("of", "for")]
    first = begins[-1] if begins else first
    return (first, last) if first < last and names_document(tokens, (first, last)) else None
