"""Names: bodies, places, persons and groups, with every mention joined to the first and acronyms to their long form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from variorum.ledger.entries import Entry, known
from variorum.ledger.languages import Language
from variorum.ledger.namewords import name_words
from variorum.ledger.naming import names_of
from variorum.ledger.rules import CAPITAL, Draft, RecordType, Rule
from variorum.ledger.runs import Name
from variorum.ledger.textviews import TextView
from variorum.ledger.tokens import Tokens


@dataclass(slots=True)
class NameFields:
    """The fields of a name."""

    kind: str = known("`body`, `place`, `person` or `group`", "body")
    canonical: str = known("the name that all mentions share: the longest form of a person, the long form of an acronym, the usual name of a territory", "")
    iso: str | None = known("ISO 3166 code of a territory")
    acronym: str | None = known("acronym that stands in brackets after the name")
    n_mentions: int = known("mentions of the name in the statement", 1)


def _find(tokens: Tokens, at: int, rule: str) -> Draft | None:
    """Return the name that begins at a token, where it is of the rule."""
    name = names_of(tokens).get(at)
    if name is None or name.rule != rule:
        return None
    return _draft(tokens, name)


def _draft(tokens: Tokens, name: Name) -> Draft:
    """Return the draft of a name."""
    fields = NameFields(name.kind, " ".join((name.canonical or tokens.raw(name.first, name.last)).split()), name.iso, tokens.raw(*name.acronym) if name.acronym else None)
    draft = Draft(name.first, name.last, fields, {}, list(name.why))
    if name.title is not None:
        draft.parts["title"] = [tokens.span(*name.title)]
    if name.acronym is not None:
        draft.parts["acronym"] = [tokens.span(*name.acronym)]
    return draft


def join_mentions(view: TextView) -> None:
    """Join the mentions of each name: the first bears the places of all, each later one is linked to it."""
    firsts: dict[tuple[str, str], list[Entry]] = {}
    forms: dict[str, str] = {}
    entries = sorted((e for e in view.of_type("name") if not e.plugin), key=lambda e: e.key)
    for entry in entries:  # the longest form of a person by the last word, wherever it stands
        if entry.fields.kind == "person":
            key = entry.fields.canonical.split()[-1].lower()
            if len(entry.fields.canonical) > len(forms.get(key, "")):
                forms[key] = entry.fields.canonical
    _join_acronyms(entries)
    for entry in entries:
        fields = entry.fields
        if fields.kind == "person":
            full = forms[fields.canonical.split()[-1].lower()]
            if set(fields.canonical.lower().split()) <= set(full.lower().split()):
                fields.canonical = full
        firsts.setdefault((fields.kind, fields.canonical.lower().removeprefix("the ")), []).append(entry)
    for mentions in firsts.values():
        first = mentions[0]
        first.parts["mention"] = [(e.start, e.end) for e in mentions]
        for entry in mentions:
            entry.fields.n_mentions = len(mentions)
        for entry in mentions[1:]:
            entry.links["first"] = [first]


def _join_acronyms(entries: list[Entry]) -> None:
    """Give acronyms the long form whose weighty words begin with their letters, where just one body of the statement has such a name."""
    long: dict[str, set[str]] = {}
    for entry in entries:
        if entry.fields.kind == "body" and " " in entry.fields.canonical:
            initials = "".join(word[0] for word in entry.fields.canonical.split() if word[0].isupper())
            long.setdefault(initials, set()).add(entry.fields.canonical)
    for entry in entries:
        found = long.get(entry.fields.canonical, ())
        if len(found) == 1 and entry.fields.kind == "body":
            entry.fields.canonical = next(iter(found))
            entry.why.append(f"initials of '{entry.fields.canonical}'")


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of names, which are the same in each language; where heads come first, they may stand in small letters."""
    sets = name_words(language).sets
    anchors = frozenset({CAPITAL, *(sets["leading_heads"] | sets["place_heads"] if sets["adjective_endings"] else ())})
    rules = [
        ("territory", "A", "a country, a territory or a part of the world"),
        ("placed", "B", "a place by its head: river, strip, province"),
        ("dateline", "A", "a town that begins a paragraph before a dash"),
        ("sited", "B", "a place before a comma and the name of a state or country"),
        ("located", "C", "a capital after in, near or outside"),
        ("titled", "A", "a person after a title"),
        ("listed", "B", "a person in a list that a title in the plural leads"),
        ("person", "B", "a person by a role, a party in brackets, an initial or a verb of speech beside"),
        ("again", "B", "a person or a body that was named before"),
        ("body", "B", "a body by its head: council, ministry, union"),
        ("acronym", "A", "an acronym of the language's list"),
        ("acting", "B", "an acronym that acts or speaks: urges, has signed, a call of theirs"),
        ("row", "B", "an item of a row most of which are bodies"),
        ("group", "B", "a people or a following"),
        ("capitals", "C", "capitals throughout, of which nothing else is known"),
    ]
    return [Rule(name, anchors, partial(_find, rule=name), grade, doc) for name, grade, doc in rules if name not in sets["without"]]


NAME = RecordType(
    "name",
    "A body, a place, a person or a group that the statement names, one entry a mention.",
    NameFields,
    "names",
    make_rules,
    {"title": "title before a person's name", "acronym": "acronym in brackets after the name", "mention": "all mentions, at the first of them"},
    join_mentions,
)
