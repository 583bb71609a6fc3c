"""What a rule is, and how rules run over the tokens of a text.

A rule has an anchor (a set of words), a pattern over a bounded window of tokens round it, and a builder of a draft. It
is called only where its anchor stands, and it may look at `WINDOW` tokens to either side, so that the time of a text
is linear in its length. Its examples stand in ``examples/TYPE.toml`` and run as tests.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from variorum.ledger.entries import Entry, Span
from variorum.ledger.languages import Language
from variorum.ledger.tokens import Tokens

WINDOW = 60
"""Tokens that a rule may look at to either side of its anchor."""

DIGITS, CAPITAL, SENTENCE, PARAGRAPH = "<digits>", "<capital>", "<sentence>", "<paragraph>"
"""Anchors that are no words: a token of digits, one that begins with a capital, the first of a sentence, the first of a paragraph."""


@dataclass(slots=True)
class Draft:
    """What a rule proposes.

    Attributes:
        first, last: its tokens: the first, and the one after the last.
        fields: an instance of its type's dataclass.
        parts: role -> raw places.
        why: what the rule saw, in words.
        grade: other than the rule's, where this find is more doubtful.
        opaque: later record types find nothing in its tokens.
        layer: drafts of different layers may lie in one another.
        negated: the statement denies it.
    """

    first: int
    last: int
    fields: Any
    parts: dict[str, list[Span]] = field(default_factory=dict)
    why: list[str] = field(default_factory=list)
    grade: str | None = None
    opaque: bool = False
    layer: str = ""
    negated: bool = False


_MEASURED = frozenset({"figures", "dates", "quotations"})
"""Sections of the record types whose finds were measured in every language; of others, finds were read in English."""

Find = Callable[[Tokens, int], "Draft | list[Draft] | None"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule: its anchors, what it does (`find` gets the tokens and the number of the anchor), its grade and a sentence about it."""

    name: str
    anchors: frozenset[str]
    find: Find
    grade: str
    doc: str


@dataclass(frozen=True, eq=False)
class RecordType:
    """One record type.

    Attributes:
        name: its name in the ledger.
        doc: what it is, one sentence.
        fields: the dataclass of its fields.
        section: the section of the language files without which a language does not claim it.
        make_rules: the rules of a language, in order of precedence.
        roles: role of a part -> what it is.
        link: called with the view once all types have been found; fills links, voices and fields that need other entries.
        needs: other types that `link` looks at, beside those that all types build on (`registry.BASIS`).
    """

    name: str
    doc: str
    fields: type
    section: str
    make_rules: Callable[[Language], list[Rule]]
    roles: dict[str, str]
    link: Callable[[Any], None] | None = None
    needs: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def rules_of(kind: RecordType, language: Language) -> list[Rule]:
    """Return the rules of a record type in a language; none where the language does not claim it, and none of grade A where its finds were not measured."""
    rules = kind.make_rules(language) if language.section(kind.section) else []
    measured = language.code == "en" or kind.section in _MEASURED
    return rules if measured else [replace(rule, grade=max(rule.grade, "B")) for rule in rules]


@lru_cache(maxsize=256)
def _anchors_of(kind: RecordType, language: Language) -> dict[str, list[tuple[int, Rule]]]:
    """Return anchor -> rules with their precedence."""
    found: dict[str, list[tuple[int, Rule]]] = {}
    for order, rule in enumerate(rules_of(kind, language)):
        for word in rule.anchors:
            found.setdefault(word, []).append((order, rule))
    return found


def find_drafts(kind: RecordType, tokens: Tokens) -> list[tuple[Rule, Draft]]:
    """Return what the rules of one record type find in the tokens, overlaps settled, in order of place."""
    anchors = _anchors_of(kind, tokens.language)
    if not anchors:
        return []
    drafts: list[tuple[int, Rule, Draft]] = []
    for number, rules in _hits(anchors, tokens):
        for order, rule in rules:
            found = rule.find(tokens, number)
            if found is not None:
                drafts += [(order, rule, draft) for draft in (found if isinstance(found, list) else [found])]
    return _settle(drafts, len(tokens))


def _hits(anchors: dict[str, list[tuple[int, Rule]]], tokens: Tokens) -> Iterable[tuple[int, list[tuple[int, Rule]]]]:
    """Yield every token at which rules are called, with the rules."""
    words, none = tokens.words, ()
    get = anchors.get
    for number, word in enumerate(words):
        if rules := get(word, none):
            yield number, list(rules)
    if rules := anchors.get(DIGITS):
        yield from ((n, rules) for n, word in enumerate(words) if word[0].isdigit())
    if rules := anchors.get(CAPITAL):
        text, starts = tokens.text, tokens.starts
        yield from ((n, rules) for n in range(len(words)) if text[starts[n]].isupper())
    if rules := anchors.get(SENTENCE):
        yield from ((n, rules) for n in tokens.sentence_starts)
    if rules := anchors.get(PARAGRAPH):
        yield from ((n, rules) for n in tokens.paragraph_starts if n < len(words))


def _settle(drafts: list[tuple[int, Rule, Draft]], n_tokens: int) -> list[tuple[Rule, Draft]]:
    """Return the drafts that stand: of those that overlap in a layer the longest, then the first rule's, then the first."""
    drafts.sort(key=lambda d: (d[2].first - d[2].last, d[0], d[2].first))
    used: dict[str, bytearray] = {}
    kept: list[tuple[Rule, Draft]] = []
    for _, rule, draft in drafts:
        cover = used.setdefault(draft.layer, bytearray(n_tokens))
        if not any(cover[draft.first : draft.last]):
            cover[draft.first : draft.last] = b"\1" * (draft.last - draft.first)
            kept.append((rule, draft))
    kept.sort(key=lambda d: (d[1].first, d[1].last, d[1].layer))
    return kept


def build_entry(kind: RecordType, rule: Rule, draft: Draft, tokens: Tokens) -> Entry:
    """Return the entry of a draft."""
    start, end = tokens.span(draft.first, draft.last)
    return Entry(
        kind.name,
        start,
        end,
        draft.fields,
        f"{kind.name}.{rule.name}",
        draft.grade or rule.grade,
        draft.parts,
        draft.why,
        negated=draft.negated,
        lang=tokens.language.code,
    )


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a rule: a text, the quote it must give (None: nothing), and fields that it must have."""

    text: str
    quote: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)


def load_examples(kind: str) -> dict[tuple[str, str], list[Example]]:
    """Return (rule, language) -> examples of a record type, from ``examples/TYPE.toml``."""
    with (Path(__file__).parent / "examples" / f"{kind}.toml").open("rb") as file:
        found = tomllib.load(file)
    examples: dict[tuple[str, str], list[Example]] = {}
    for rule, languages in found.items():
        for code, given in languages.items():
            yes = [Example(row[0], row[1], row[2] if len(row) > 2 else {}) for row in given.get("yes", [])]
            examples[rule, code] = yes + [Example(text) for text in given.get("no", [])]
    return examples
