"""Attributions: who is said to have said what. A cue (a verb of speech, *according to*), its source, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from variorum.ledger.cues import attributions_of
from variorum.ledger.entries import known
from variorum.ledger.languages import Language
from variorum.ledger.rules import Draft, RecordType, Rule
from variorum.ledger.speech import first_words, speech_words
from variorum.ledger.tokens import Tokens
from variorum.ledger.voices import link_attributions


@dataclass(slots=True)
class Attribution:
    """The fields of an attribution."""

    cue: str = known("the words that say so, as written", "")
    source: str | None = known("who said it, as written; null where the statement does not say")
    source_named: bool = known("the source bears a proper name", False)
    own: bool = known("the source is the speaker of the statement itself: I, we", False)
    content: str = known("what was said, as written; of several pieces the first", "")
    medium: str | None = known("the kind of text or talk it was said in: report, statement, interview")
    mode: str = known("`verb` (source, verb, content), `inverted` (content before its verb), `quote` (the content is quoted), `according-to`, `as` (as somebody said) or `passive` (is said to)", "verb")


def _find_draft(tokens: Tokens, at: int, rule: str) -> Draft | None:
    """Return the attribution whose cue begins at a token, where it is of the rule."""
    found = attributions_of(tokens).get(at)
    if found is None or found.rule != rule:
        return None
    first, last = found.bounds()
    words = speech_words(tokens.language)
    source = tokens.raw(*found.source) if found.source else None
    inside = range(*found.source) if found.source else range(0)
    named = any(tokens.is_capital(n) and (n > found.source[0] or len(inside) == 1 or tokens.is_capital(n + 1)) and tokens.words[n] not in words.sets["pronouns"] for n in inside) if found.source else False
    medium = next((tokens.words[n] for n in [*inside, *range(found.cue[1], min(found.cue[1] + 8, len(tokens)))] if tokens.words[n] in words.sets["media"]), None)
    own = any(tokens.words[n] in words.sets["first_person"] for n in inside)
    fields = Attribution(tokens.raw(*found.cue), source, named, own, tokens.raw(*found.contents[0]), medium, found.mode)
    parts = {"cue": [tokens.span(*found.cue)], "content": sorted(tokens.span(*c) for c in found.contents)}
    if found.source:
        parts["source"] = [tokens.span(*found.source)]
    if found.hearer:
        parts["hearer"] = [tokens.span(*found.hearer)]
    return Draft(first, last, fields, parts, [f"cue '{fields.cue}'", *found.why], layer=str(found.layer), negated=found.negated)


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of attributions in a language."""
    words = speech_words(language)
    anchors = frozenset({*words.verbs, *first_words(words.according), *words.sets["auxiliaries"], *words.sets["adverbs"], *words.sets["finite"]})
    rules = [
        ("according_to", "B", "according to a source"),
        ("quote", "A", "a verb of speech with a quotation"),
        ("inverted", "B", "what was said, then its source and verb"),
        ("verb", "B", "a source, its verb, and that or a clause"),
        ("told", "C", "a source tells somebody that"),
        ("shows", "B", "a report, poll or study shows that"),
        ("adding", "B", "a verb after a comma whose source is that of its sentence: he agreed, adding that"),
        ("participle", "C", "a second verb without a source of its own and without a comma before it: by saying that"),
        ("as", "B", "as a source said"),
        ("passive", "C", "is said to, it is reported that: nobody is named"),
    ]
    return [Rule(name, anchors, partial(_find_draft, rule=name), grade, doc) for name, grade, doc in rules if name not in language.section("attributions").get("without", ())]


ATTRIBUTION = RecordType(
    "attribution",
    "Whose word something is: a cue, its source, and what was said.",
    Attribution,
    "attributions",
    make_rules,
    {"cue": "the verb, or words such as according to", "source": "who said it", "content": "what was said, in one or more pieces", "hearer": "to whom it was said"},
    link_attributions,
)
