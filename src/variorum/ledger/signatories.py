"""Signatories: the lines of a list of those who sign, each with its name, what stands beside it, and its number in the list."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from variorum.ledger.clausewords import paragraph_start, skip_marker
from variorum.ledger.entries import Entry, known
from variorum.ledger.languages import WORDS, Language, add_section
from variorum.ledger.namerows import read_names
from variorum.ledger.rules import PARAGRAPH, Draft, RecordType, Rule
from variorum.ledger.textviews import TextView
from variorum.ledger.tokens import Tokens, split_words

_WORDS = 14
"""Words of the longest name."""
_BESIDE = re.compile(r"\s+[–—|]\s+|\s-\s|\t+|\s{3,}|,\s+|\s*\(|;\s+|\s/\s")
"""What stands between a name and what stands beside it."""
_SUFFIX = re.compile(r"(?:Jr|Sr|Inc|Ltd|LLC|PhD|Ph\.D|MD|M\.D|Esq|II|III|IV|e\.V|S\.A|GmbH)\b\.?")
_NO_NAME = re.compile(r"https?:|www\.|@|\d{3}[-.]\d{4}|###|\.\.\.|^\[|^(?:Enclosures?|Attachments?|cc|CC|Cc)\b:?")
_ADDRESS = re.compile(r"\b[A-Z]{2} \d{5}\b")

add_section("signatories", {"heads": WORDS, "positions": WORDS, "leads": WORDS, "undersigned": WORDS, "groups": WORDS})


@dataclass(slots=True)
class Signatory:
    """The fields of a signatory."""

    name: str = known("the name, as written", "")
    affiliation: str | None = known("what stands beside the name: office, body, place, as written")
    index: int = known("its place in the list, from 1", 1)
    listed: int = known("signatories of the list in all", 1)
    declared: int | None = known("number that the statement declares of those who sign")


@lru_cache(maxsize=8)
def _phrases(language: Language, key: str) -> list[tuple[str, ...]]:
    """Return the phrases of a list as tokens."""
    return [split_words(p, language) for p in language.section("signatories").get(key, ())]


def _starts_with(tokens: Tokens, at: int, key: str) -> bool:
    """Tell whether one of the phrases of a list begins at a token."""
    return any(tuple(tokens.words[at : at + len(p)]) == p for p in _phrases(tokens.language, key))


def _split_lines(tokens: Tokens, first: int, last: int) -> list[tuple[int, int]]:
    """Return the tokens of each line of a paragraph; a line that begins in small letters goes on from the one before."""
    cuts = [n for n in range(first + 1, last) if "\n" in tokens.text[tokens.ends[n - 1] : tokens.starts[n]] and not tokens.text[tokens.starts[n]].islower()]
    return list(pairwise([first, *cuts, last]))


def _find_lines(tokens: Tokens) -> dict[int, list[Draft]]:
    """Return first token of a paragraph -> drafts of its signatories, for all lists of the stretch; worked out once."""
    if "signatories" in tokens.memo:
        return tokens.memo["signatories"]
    found: dict[int, list[Draft]] = {}
    run: list[Draft] = []
    led = False
    signed = bool(tokens.language.section("signatories")) and any(w in tokens.language.section("signatories").get("undersigned", ()) for w in tokens.words)
    bounds = [*tokens.paragraph_starts, len(tokens)]
    lines = [(place, tokens.role(start)) for start, end in pairwise(bounds) if end > start for place in (_split_lines(tokens, start, end) if tokens.role(start) == "signatures" else [(start, end)])]
    for (first, last), role in lines:
        if _is_head(tokens, first, last):
            _close_run(run, found, tokens, sure=led or signed)
            run, led = [], True
            continue
        draft = _read_line(tokens, first, last, run) if role == "signatures" or (led and run) or led else None
        if draft is None and not (run and _starts_with(tokens, skip_marker(tokens, first), "positions")):
            _close_run(run, found, tokens, sure=led or signed)
            run, led = [], False
        elif draft is not None:
            run.append(draft)
    _close_run(run, found, tokens, sure=led or signed)
    tokens.memo["signatories"] = found
    return found


def _close_run(run: list[Draft], found: dict[int, list[Draft]], tokens: Tokens, *, sure: bool) -> None:
    """Number the signatories of a list and take them over."""
    for number, draft in enumerate(run, 1):
        draft.fields.index, draft.fields.listed = number, len(run)
        if not sure:
            draft.grade = "C"
            draft.why.append("no words lead the list")
        found.setdefault(paragraph_start(tokens, tokens.find(draft.parts["line"][0][0])), []).append(draft)


def _is_head(tokens: Tokens, first: int, last: int) -> bool:
    """Tell whether a paragraph leads a list of signatories: ``Signed by:``, ``Sincerely,``."""
    return last - first <= 12 and _starts_with(tokens, first, "heads") and tokens.words[last - 1] in (":", ",", "-", ")", *[p[-1] for p in _phrases(tokens.language, "heads")])


def _read_line(tokens: Tokens, first: int, last: int, run: list[Draft]) -> Draft | None:
    """Return the signatory in a paragraph; the line of an office belongs to the name before it, in whose draft it goes."""
    begin = first if tokens.words[first : first + 4] == ["u", ".", "s", "."] else skip_marker(tokens, first)
    if begin >= last or _ADDRESS.search(tokens.raw(first, last)) or last - begin > 3 * _WORDS:
        return None
    if _starts_with(tokens, begin, "positions") and (run or last - begin <= 3):
        if not run:
            return None
        before = run[-1]
        if before.fields.affiliation is None:
            before.fields.affiliation = tokens.raw(begin, last)
            before.parts["affiliation"] = [tokens.span(begin, last)]
        return None
    start, end = tokens.span(begin, last)
    text = tokens.text[start:end]
    name, beside = _split_line(text)
    if not name or not _may_be_name(name) or tokens.words[last - 1] in ("!", "?", ":"):
        return None
    draft = Draft(first, last, Signatory(name), {"name": [(start, start + len(name))], "line": [tokens.span(first, last)]}, [f"a line of a list of those who sign: '{name}'"])
    if beside is not None:
        draft.fields.affiliation = text[beside[0] : beside[1]]
        draft.parts["affiliation"] = [(start + beside[0], start + beside[1])]
    return draft


def _split_line(text: str) -> tuple[str, tuple[int, int] | None]:
    """Return the name at the beginning of a line, and the place of what stands beside it."""
    place = 0
    while True:
        match = _BESIDE.search(text, place)
        if match is None:
            return text.rstrip(" ,;."), None
        if _SUFFIX.match(text, match.end()):  # a name with its suffix: Vole, Jr.
            place = match.end()
            continue
        start, end = match.end(), len(text)
        while end > start and text[end - 1] in " ).,;":
            end -= 1
        while start < end and text[start] in " (,":
            start += 1
        return text[: match.start()].rstrip(), (start, end) if end > start else None


def _may_be_name(name: str) -> bool:
    """Tell whether a line's beginning may name somebody: a few words, the first with a capital or of a script without them, no address."""
    words = name.split()
    first = next((c for c in name if c.isalpha()), "")
    return 0 < len(words) <= _WORDS and len(name) > 1 and first != "" and not first.islower() and not _NO_NAME.search(name) and sum(c.isdigit() for c in name) <= 4


def _find_line(tokens: Tokens, at: int) -> list[Draft] | None:
    """Return the signatories in the paragraph that begins at a token."""
    return _find_lines(tokens).get(at)


def _find_row(tokens: Tokens, at: int) -> list[Draft] | None:
    """Return the signatories in a row after words such as ``signed by:`` in one paragraph."""
    lead = next((p for p in _phrases(tokens.language, "leads") if tuple(tokens.words[at : at + len(p)]) == p), None)
    if lead is None or tokens.word(at + len(lead)) != ":":
        return None
    first = at + len(lead) + 1
    place = bisect_right(tokens.paragraph_starts, at)
    end = tokens.paragraph_starts[place] if place < len(tokens.paragraph_starts) else len(tokens)
    names = read_names(tokens, first, end, frozenset(tokens.language.section("signatories").get("groups", ())))
    if len(names) < 2:
        return None
    drafts = []
    for number, (begin, last) in enumerate(names, 1):
        start, stop = tokens.span(begin, last)
        name, beside = _split_line(tokens.text[start:stop])
        draft = Draft(begin, last, Signatory(name, None, number, len(names)), {"name": [(start, start + len(name))], "line": [(start, stop)]}, [f"a name of a row of those who sign: '{name}'"])
        if beside is not None:
            draft.fields.affiliation = tokens.text[start + beside[0] : start + beside[1]]
            draft.parts["affiliation"] = [(start + beside[0], start + beside[1])]
        drafts.append(draft)
    return drafts


def link_signatories(view: TextView) -> None:
    """Give each signatory the number that the statement declares, and a link to where it does."""
    declared: list[Entry] = [e for e in view.of_type("endorsement") if e.fields.kind == "signs" and e.fields.count]
    if not declared:
        return
    for entry in view.of_type("signatory"):
        fields: Any = entry.fields
        fields.declared = declared[0].fields.count
        entry.links["declared"] = [declared[0]]


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of signatories in a language, in order of precedence."""
    return [
        Rule("line", frozenset({PARAGRAPH}), _find_line, "B", "a line of a list of those who sign"),
        Rule("row", frozenset(p[0] for p in _phrases(language, "leads")), _find_row, "B", "a name of a row after words such as signed by"),
    ]


SIGNATORY = RecordType(
    "signatory",
    "Somebody in a list of those who sign.",
    Signatory,
    "signatories",
    make_rules,
    {"name": "the name", "affiliation": "what stands beside it", "line": "the whole line"},
    link_signatories,
    needs=("endorsement",),
)
