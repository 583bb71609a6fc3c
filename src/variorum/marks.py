"""What in a text carries meaning when it changes: entries of the ledger, and negations, modals, hedges and capitalised words besides."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from variorum.ledger.demandwords import demand_words
from variorum.ledger.entries import Entry
from variorum.ledger.languages import READ, identify_languages, load_language
from variorum.ledger.making import make_entries
from variorum.ledger.phrases import stem_words
from variorum.ledger.speech import first_words, speech_words

WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_QUOTED = re.compile('["\u201c\u201e][^"\u201c\u201d\u201e\n]{1,2000}["\u201d\u201c]|\u00ab[^\u00ab\u00bb\n]{1,2000}\u00bb')
_SENTENCE_START = re.compile("(?:^|[.!?:;\u2026\n])[\\s\"'\u201c\u201e\u2018\u00ab(*_#>\\-\u2022\u2013]*$")
_DIGIT = re.compile("[0-9]")
_DIGITS = re.compile(r"\d+(?:[.,:/]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_INITIAL = re.compile(r"\b[A-Z]\.\s$")
_BETWEEN = re.compile(r" (?:[A-Z]\. ?)*")
"""What stands between two words of one name: a blank, initials."""
_TAG = re.compile(r"[A-Z]{1,3}-(?:[A-Z]{1,2}|\d{1,2}|[A-Z][a-z]{1,3})")
"""What stands in brackets after a name: a party and a state, a district."""
_CONTRACTED = {"wo": "will", "sha": "shall", "ca": "can"}
_TYPES = {"negations": "negation", "modals": "modal", "hedges": "hedge"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One stretch of a text, half-open in code points.

    Attributes:
        kind: the kind of change that it makes.
        start, end: its place.
        key: what it says; equal keys mean no change.
        value: of a figure, else None.
        entry: the ledger's entry that it stands for; None where a word list or a plain recogniser found it.
        role: part of the entry that it is: `counted`; empty for the entry itself.
    """

    kind: str
    start: int
    end: int
    key: tuple[object, ...]
    value: float | None = None
    entry: Entry | None = None
    role: str = ""


@lru_cache(maxsize=1)
def load_words() -> dict[str, dict[str, str]]:
    """Return by language the kind of each word that is recognised."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {lang: {word: _TYPES[name] for name, words in lists.items() for word in words} for lang, lists in table.items()}


_HINTS = {
    "numbers": ("units", "tens", "hundreds", "scales", "halves", "denominators"),
    "dates": ("months", "weekdays", "units", "relative", "adverbs", "seasons", "decades", "quarters", "holidays", "dayparts"),
}


def _list_hints(sections: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return of some lists of words of the languages that are read the longest word of each."""
    found = set[str]()
    for lang in READ:
        for section, names in sections.items():
            for name in names:
                found.update(max(key.split(), key=len) for key in load_language(lang).section(section).get(name, {}))
    return frozenset(found)


@lru_cache(maxsize=1)
def _number_words() -> frozenset[str]:
    return _list_hints({"numbers": _HINTS["numbers"]})


@lru_cache(maxsize=1)
def hint_words() -> frozenset[str]:
    """Return the words without which, and without a digit, no figure and no date can stand in a language that is read, and those that report and ask."""
    found = set(_list_hints(_HINTS))
    for lang in READ:
        language = load_language(lang)
        found |= speech_words(language).verbs | first_words(speech_words(language).according) | demand_words(language).cues.keys()
    return frozenset(found)


def may_hold_figures(text: str) -> bool:
    """Say whether a figure may stand in a text; it costs far less than to look for it."""
    return _holds_digit(text) or not _number_words().isdisjoint(WORD.findall(text.lower()))


def may_hold_entries(text: str) -> bool:
    """Say whether a figure, a date, an attribution or a demand may stand in a text; it costs far less than to look for them."""
    return _holds_digit(text) or not hint_words().isdisjoint(WORD.findall(text.lower()))


def _holds_digit(text: str) -> bool:
    return _DIGIT.search(text) is not None or (not text.isascii() and any(c.isdigit() for c in text))


def recognise(text: str, *, entries: bool = True, grade: str = "B") -> list[Mark]:
    """Return the marks of a text in order: the ledger's entries where the language is read, what plain recognisers find where it is not.

    Without `entries` the ledger is not asked either: of figures and quotations only the plain ones are found, dates, attributions and demands are not.
    `grade` is the lowest grade of the entries.
    """
    lang = identify_languages([text])[0] if text.strip() else ""
    marks = _read_entries(text, lang, grade) if lang in READ and entries else _read_plain(text)
    names = [m for m in marks if m.kind == "name"]
    marks = [m for m in marks if m.kind != "name"]
    free = _blank(text, [m for m in marks if m.kind in ("figure", "date", "modal") and not m.role])
    marks += _find_words(_blank(free, names), load_words().get(lang, {})) + _join_names(names, _find_names(free), text)
    return sorted(marks, key=lambda m: (m.start, m.end, m.kind))


def _read_plain(text: str) -> list[Mark]:
    """Return what is written in digits, and what stands between quotation marks."""
    marks = [Mark("quotation", m.start(), m.end(), (" ".join(m[0][1:-1].casefold().split()),)) for m in _QUOTED.finditer(text)]
    return marks + [Mark("figure", m.start(), m.end(), (m[0],), _read_digits(m[0])) for m in _DIGITS.finditer(text)]


def _read_digits(word: str) -> float | None:
    """Return the value of a figure with commas between its thousands, or with a point; None where it may be anything else."""
    plain = word.replace(",", "") if _THOUSANDS.fullmatch(word) else word
    return float(plain) if _PLAIN.fullmatch(plain) else None


def _read_entries(text: str, lang: str, grade: str) -> list[Mark]:
    """Return the marks of the ledger's entries, a counted phrase as a mark of its own."""
    found: list[Mark] = []
    entries = make_entries(text, lang=lang, types=_ENTRIES, grade=grade)
    figures = {(e.start, e.end) for e in entries if e.type == "figure"}
    for entry in entries:
        if entry.type == "date" and (entry.start, entry.end) in figures:
            continue  # nine days are a figure
        start, end, key = _READERS[entry.type](entry, text)
        if start < end:
            found.append(Mark(entry.type, start, end, key, entry.fields.value if entry.type == "figure" else None, entry))
        if is_modal(entry):
            found += [Mark("modal", *span, (_fold(text[slice(*span)]),), None, entry) for span in entry.parts.get("force", ())]
        for role in ("counted", "share_of"):
            for span in entry.parts.get(role, ()):
                found.append(Mark("figure", *span, ("counted", stem_words(text[slice(*span)])), None, entry, "counted"))
    return found


Read = tuple[int, int, tuple[object, ...]]
"""Place and key of a mark."""


def _read_figure(entry: Entry, text: str) -> Read:
    fields = entry.fields
    said = (fields.value, fields.low, fields.high)
    exact = any(v is not None for v in said)
    return entry.start, entry.end, (*said, fields.comparator, fields.unit, fields.per) if exact else (_fold(text[entry.start : entry.end]),)


def _read_date(entry: Entry, text: str) -> Read:
    return entry.start, entry.end, (entry.fields.timex or _fold(text[entry.start : entry.end]), entry.fields.edtf, entry.fields.mod)


def _read_name(entry: Entry, text: str) -> Read:
    return entry.start, entry.end, (_fold(text[entry.start : entry.end]),)


def _read_quotation(entry: Entry, text: str) -> Read:
    closed = entry.fields.closed and entry.end - entry.start > 2
    return entry.start, entry.end if closed else entry.start, (_fold(text[entry.start + 1 : entry.end - 1]),)


def _read_attribution(entry: Entry, _: str) -> Read:
    return *_hull(entry, "cue", "source"), (entry.fields.own or stem_words(entry.fields.source or ""),)


def is_modal(entry: Entry) -> bool:
    """Say whether a demand asks by a modal: must, should, ought to, need to."""
    return entry.rule in _MODAL_RULES


def _read_demand(entry: Entry, _: str) -> Read:
    fields = entry.fields
    force = None if is_modal(entry) else fields.kind  # the modal is a mark of its own
    return *_hull(entry, "force", "addressee"), (force, stem_words(fields.addressee or ""), entry.voice)


_READERS: dict[str, Callable[[Entry, str], Read]] = {
    "figure": _read_figure, "date": _read_date, "name": _read_name, "quotation": _read_quotation, "attribution": _read_attribution, "demand": _read_demand,
}  # fmt: skip
_ENTRIES = tuple(_READERS)
_MODAL_RULES = ("demand.must", "demand.should", "demand.need")


def _hull(entry: Entry, *roles: str) -> tuple[int, int]:
    """Return the stretch from the first to the last of some parts of an entry; an empty one where it has none."""
    spans = [span for role in roles for span in entry.parts.get(role, ())]
    return min((s for s, _ in spans), default=0), max((e for _, e in spans), default=0)


def _fold(words: str) -> str:
    return " ".join(words.casefold().split())


def _blank(text: str, marks: list[Mark]) -> str:
    """Return the text with the marked stretches blank, so that nothing is recognised twice."""
    pieces, at = [], 0
    for mark in sorted(marks, key=lambda m: m.start):
        if mark.end > at:
            start = max(at, mark.start)
            pieces += [text[at:start], "0" * (mark.end - start)]
            at = mark.end
    return "".join([*pieces, text[at:]])


def _find_words(text: str, kinds: dict[str, str]) -> list[Mark]:
    """Return negations, modals and hedges; ``cannot`` and ``won't`` are a modal and a negation each."""
    marks = []
    for m in WORD.finditer(text):
        word = m[0].casefold().replace("\u2019", "'")
        if word in kinds:
            marks.append(Mark(kinds[word], m.start(), m.end(), (word,)))
        elif kinds.get("must") and (word.endswith("n't") or word == "cannot"):
            stem = word[:-3]
            stem = _CONTRACTED.get(stem, stem)
            marks.append(Mark("negation", m.start(), m.end(), ("not",)))
            if stem in kinds:
                marks.append(Mark(kinds[stem], m.start(), m.end(), (stem,)))
    return marks


def _find_names(text: str) -> list[Mark]:
    """Return runs of capitalised words; one at the start of a sentence counts where it is capitalised elsewhere too."""
    runs: list[tuple[int, int, bool]] = []
    for m in WORD.finditer(text):
        word = m[0]
        if not word[0].isupper() or len(word) == 1 or _TAG.fullmatch(word):
            continue
        before = text[max(0, m.start() - 12) : m.start()]
        starts = bool(_SENTENCE_START.search(before)) and not _INITIAL.search(before)
        if runs and not starts and _BETWEEN.fullmatch(text, runs[-1][1], m.start()):
            runs[-1] = (runs[-1][0], m.end(), runs[-1][2])
        else:
            runs.append((m.start(), m.end(), starts))
    sure = {word for start, end, starts in runs for word in text[start:end].split()[1 if starts else 0 :]}
    marks = []
    for start, end, starts in runs:
        first = text[start:end].split()[0]
        if starts and first not in sure:
            start += len(first) + 1
        if start < end:
            marks.append(Mark("name", start, end, (_fold(text[start:end]),)))
    return marks


def _join_names(known: list[Mark], runs: list[Mark], text: str) -> list[Mark]:
    """Return the ledger's names and the runs of capitals, those that overlap as one; it is the ledger's where it has no word besides but a title."""
    joined: list[list[Mark]] = []
    end = 0
    for mark in sorted([*known, *runs], key=lambda m: (m.start, -m.end)):
        if joined and mark.start < end:
            joined[-1].append(mark)
            end = max(end, mark.end)
        else:
            joined.append([mark])
            end = mark.end
    found = []
    for group in joined:
        named = [m for m in group if m.entry is not None]
        start, end = min(m.start for m in group), max(m.end for m in group)
        whole = (
            len(named) == 1
            and named[0].entry is not None
            and all(_is_title(text[a:b], named[0].entry, text) for a, b in ((start, named[0].start), (named[0].end, end)))
        )
        found.append(
            Mark("name", start, end, (_fold(text[start:end]),), None, named[0].entry if whole else None)
        )
    return found


def _is_title(words: str, entry: Entry, text: str) -> bool:
    """Say whether words beside a name are nothing, or its title."""
    return not words.strip() or any(words.strip() == text[a:b] for a, b in entry.parts.get("title", ()))
