"""Quotations: what stands between quotation marks, and whether it is speech, a title, or a word held at arm's length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

from variorum.ledger.entries import known
from variorum.ledger.languages import WORDS, Language, add_section
from variorum.ledger.quotemarks import MARKS, Quote, find_quotes
from variorum.ledger.rules import Draft, RecordType, Rule
from variorum.ledger.tokens import Tokens, split_words

add_section("quotations", {"cues": WORDS, "works": WORDS, "names": WORDS, "elided": WORDS, "small": WORDS})

_BEFORE, _AFTER = 14, 9
"""Tokens before and after a quotation in which a cue of speech is looked for."""
_FEW = 3
"""Words of the longest quotation that is no speech unless a cue says so."""
_ENDED = frozenset(".!?…,—–-")


@dataclass(slots=True)
class Quotation:
    """The fields of a quotation."""

    kind: str = known("`speech` (said or written by somebody), `title` (a title, or another name in capitals) or `name` (a word used as a name, or held at arm's length)", "speech")
    content: str = known("what stands between the marks, as written; of several paragraphs the first", "")
    marks: str = known("the opening and the closing mark; the second is missing where it is not closed", "")
    closed: bool = known("a mark closes it", True)
    depth: int = known("quotations that it stands in", 0)
    n_paragraphs: int = known("paragraphs that it runs through", 1)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of quotations of a language: verbs of speech, works that have titles, what leads a name, words that an apostrophe begins, small words of titles."""

    cues: frozenset[str]
    works: frozenset[str]
    names: frozenset[tuple[str, ...]]
    elided: frozenset[str]
    small: frozenset[str]


@lru_cache(maxsize=8)
def _words(language: Language) -> _Words:
    """Return the words of quotations of a language."""
    table = language.section("quotations")
    names = frozenset(split_words(phrase, language) for phrase in table.get("names", []))
    return _Words(frozenset(table.get("cues", [])), frozenset(table.get("works", [])), names, frozenset(table.get("elided", [])), frozenset(table.get("small", [])))


def quotes_of(tokens: Tokens) -> dict[int, Quote]:
    """Return the quoted stretches by the token of their opening mark."""
    if "quotes" not in tokens.memo:
        tokens.memo["quotes"] = {q.first: q for q in find_quotes(tokens, _words(tokens.language).elided)}
    return tokens.memo["quotes"]


def is_title(tokens: Tokens, quote: Quote) -> bool:
    """Tell whether a quoted stretch is a title."""
    return _rule_of(tokens, quote)[0] == "title"


def _rule_of(tokens: Tokens, quote: Quote) -> tuple[str, str]:
    """Return the rule of a quoted stretch and why, judged once."""
    key = ("quotation", quote.first)
    if key not in tokens.memo:
        tokens.memo[key] = _judge(tokens, quote)
    return tokens.memo[key]


def _judge(tokens: Tokens, quote: Quote) -> tuple[str, str]:
    """Return the rule that a quoted stretch belongs to, and why."""
    if not quote.closed:
        many = len(quote.pieces) > 1
        return ("reopened", f"reopened in {len(quote.pieces)} paragraphs, never closed") if many else ("unclosed", "no mark closes it before its paragraph ends")
    if quote.runs_on:
        return "runs_on", f"opens at the start of a paragraph and closes {len(quote.pieces) - 1} paragraphs later"
    if len(quote.pieces) > 1:
        return "reopened", f"reopened in {len(quote.pieces)} paragraphs"
    first, last = quote.pieces[0]
    words = _words(tokens.language)
    shown = [n for n in range(first, min(last, first + 60)) if tokens.words[n][0].isalnum()]
    weighty = [n for n in shown if tokens.words[n] not in words.small]
    capital = sum(not tokens.text[tokens.starts[n]].islower() for n in weighty)
    stopped = tokens.words[last - 1] in _ENDED
    led = next((phrase for phrase in words.names if tuple(tokens.words[max(0, quote.first - len(phrase)) : quote.first]) == phrase), None)
    cue = _find_cue(tokens, quote, words)
    sentence = stopped and tokens.words[last - 1] != "," and len(weighty) > _FEW
    if weighty and capital == len(weighty) >= 1 and not sentence and (len(weighty) > 1 or not cue):
        work = next((w for w in tokens.words[max(0, quote.first - 4) : quote.first] + tokens.words[quote.last : quote.last + 2] if w in words.works), None)
        if len(weighty) > 1 or work:
            return "title", f"every weighty word has a capital{f', beside {work!r}' if work else ''}"
    if led is not None:
        return "name", f"'{' '.join(led)}' leads it"
    if len(shown) > _FEW:
        return "speech", f"'{cue}' beside it" if cue else f"{len(shown)} words" if len(shown) < 60 else "60 words or more"
    if cue or sentence:
        return "speech", f"'{cue}' beside it" if cue else "a sentence"
    return "name", f"{len(shown)} {'word' if len(shown) == 1 else 'words'} without a verb of speech beside"


def _find_cue(tokens: Tokens, quote: Quote, words: _Words) -> str | None:
    """Return a verb of speech in the sentence before the opening mark, or just after the closing one."""
    first, _ = tokens.sentence(quote.first)
    begin = max(0, quote.first - _BEFORE, min(first, quote.first))
    for number in range(quote.first - 1, begin - 1, -1):
        if tokens.words[number] in words.cues:
            return tokens.words[number]
    if quote.last < len(tokens):
        _, end = tokens.sentence(quote.last)
        for number in range(quote.last, min(end, quote.last + _AFTER, len(tokens))):
            if tokens.words[number] in MARKS:
                break
            if tokens.words[number] in words.cues:
                return tokens.words[number]
    return None


_KINDS = {"speech": "speech", "reopened": "speech", "runs_on": "speech", "unclosed": "speech", "title": "title", "name": "name"}


def _find(tokens: Tokens, at: int, rule: str) -> Draft | None:
    """Return the quotation that a mark opens, where it belongs to the rule."""
    quote = quotes_of(tokens).get(at)
    if quote is None:
        return None
    name, why = _rule_of(tokens, quote)
    if name != rule:
        return None
    pieces = [tokens.span(a, b) for a, b in quote.pieces]
    fields = Quotation(_KINDS[rule], tokens.text[slice(*pieces[0])], "".join(quote.marks), quote.closed, quote.depth, len(quote.pieces))
    return Draft(quote.first, quote.last, fields, {"content": pieces}, [f"between {quote.marks[0]} and {quote.marks[1] or 'the end of its paragraph'}", why], layer=str(quote.depth))


def make_rules(_: Language) -> list[Rule]:
    """Return the rules of quotations, which are the same in each language."""
    rules = [
        ("speech", "A", "words between marks: a sentence, more than three words, or few with a verb of speech beside"),
        ("reopened", "A", "a quotation whose marks open again at each paragraph"),
        ("runs_on", "A", "a quotation that goes on over paragraphs without a mark at the start of each"),
        ("title", "B", "every weighty word has a capital"),
        ("name", "B", "few words without a verb of speech: a name, or words held at arm's length"),
        ("unclosed", "C", "a mark opens, and none closes before the paragraph ends"),
    ]
    return [Rule(name, MARKS, partial(_find, rule=name), grade, doc) for name, grade, doc in rules]


QUOTATION = RecordType(
    "quotation",
    "What stands between quotation marks, the marks included.",
    Quotation,
    "quotations",
    make_rules,
    {"content": "what stands between the marks, one place a paragraph"},
)
