"""What in a text carries meaning when it changes: figures and dates from the ledger, names, negations, modals, hedges, quotations."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from variorum.ledger import read_ledger
from variorum.ledger.languages import READ, identify_languages, load_language

WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_QUOTED = re.compile('["\u201c\u201e][^"\u201c\u201d\u201e\n]{1,2000}["\u201d\u201c]|\u00ab[^\u00ab\u00bb\n]{1,2000}\u00bb')
_SENTENCE_START = re.compile("(?:^|[.!?:;\u2026\n])[\\s\"'\u201c\u201e\u2018\u00ab(*_#>\\-\u2022\u2013]*$")
_DIGIT = re.compile("[0-9]")
_DIGITS = re.compile(r"\d+(?:[.,:/]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_CONTRACTED = {"wo": "will", "sha": "shall", "ca": "can"}
_TYPES = {"negations": "negation", "modals": "modal", "hedges": "hedge"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One stretch of a text, half-open in code points; `key` is what it says: equal keys mean no change. `value` of a figure, else None."""

    kind: str
    start: int
    end: int
    key: tuple[object, ...]
    value: float | None = None


@lru_cache(maxsize=1)
def load_words() -> dict[str, dict[str, str]]:
    """Return by language the kind of each word that is recognised."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {lang: {word: _TYPES[name] for name, words in lists.items() for word in words} for lang, lists in table.items()}


_HINTS = {"numbers": ("units", "tens", "hundreds", "scales", "halves", "denominators"), "dates": ("months", "weekdays", "units", "relative", "adverbs", "seasons", "decades", "quarters", "holidays", "dayparts")}


@lru_cache(maxsize=1)
def hint_words() -> frozenset[str]:
    """Return the words without which, and without a digit, no figure and no date can stand in a language that is read."""
    found = set[str]()
    for lang in READ:
        for section, names in _HINTS.items():
            for name in names:
                found.update(max(key.split(), key=len) for key in load_language(lang).section(section).get(name, {}))
    return frozenset(found)


def may_hold_entries(text: str) -> bool:
    """Say whether a figure or a date may stand in a text; it costs far less than to look for them."""
    return _DIGIT.search(text) is not None or (not text.isascii() and any(c.isdigit() for c in text)) or not hint_words().isdisjoint(WORD.findall(text.lower()))


def recognise(text: str, *, entries: bool = True) -> list[Mark]:
    """Return the marks of a text in order; words and the ledger's entries only where the language is read, names and quotations always.

    Without `entries` the ledger is not asked: no dates are found, and of figures only what is written in digits.
    """
    lang = identify_languages([text])[0] if text.strip() else ""
    marks = [Mark("quotation", m.start(), m.end(), (" ".join(m[0][1:-1].casefold().split()),)) for m in _QUOTED.finditer(text)]
    taken: list[Mark] = []
    if lang in READ and entries:
        taken = _read_entries(text, lang)
    elif not entries:
        taken = [Mark("figure", m.start(), m.end(), (m[0],), _read_digits(m[0])) for m in _DIGITS.finditer(text)]
    marks += taken
    free = _blank(text, taken)
    marks += _find_words(free, load_words().get(lang, {})) + _find_names(free)
    return sorted(marks, key=lambda m: (m.start, m.end, m.kind))


def _read_digits(word: str) -> float | None:
    """Return the value of a figure with commas between its thousands, or with a point; None where it may be anything else."""
    plain = word.replace(",", "") if _THOUSANDS.fullmatch(word) else word
    return float(plain) if _PLAIN.fullmatch(plain) else None


def _read_entries(text: str, lang: str) -> list[Mark]:
    """Return the ledger's figures and dates."""
    found = []
    for row in read_ledger(text, lang=lang, types=("figure", "date")).to_pylist():
        said = " ".join(row["quote"].casefold().split())
        if row["type"] == "figure":
            key = (row["value"], row["low"], row["high"], row["comparator"], row["unit"])
            found.append(Mark("figure", row["start"], row["end"], key if any(v is not None for v in key[:3]) else (said,), row["value"]))
        else:
            found.append(Mark("date", row["start"], row["end"], (row["timex"] or said, row["edtf"], row["mod"])))
    return found


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
        if not word[0].isupper() or (len(word) == 1 and word in "IAY"):
            continue
        starts = bool(_SENTENCE_START.search(text[max(0, m.start() - 12) : m.start()]))
        if runs and not starts and text[runs[-1][1] : m.start()] == " ":
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
            marks.append(Mark("name", start, end, tuple(text[start:end].split())))
    return marks
