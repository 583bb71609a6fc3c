"""What links demands to the rest: their deadline among the dates, whose demand it is, and imperatives that their section confirms."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from variorum.ledger.clausewords import clause_words
from variorum.ledger.demandwords import demand_words
from variorum.ledger.entries import Entry
from variorum.ledger.languages import READ, load_language
from variorum.ledger.textviews import TextView

_CALLING = frozenset({"slogans", "demands", "wrapper"})
"""Sections in which an imperative is a call."""
_OPERATIVE = frozenset({"operative", "preamble", "demands"})
"""Sections in which a body directs and orders by its own word."""
_HEAD = 700
"""Characters in which a text says whose it is."""
_NAME = re.compile(r"\b(?:Congress(?:man|woman)|Senators?|Sens?\.|Reps?\.|Representatives?|Members? of Congress|Chair(?:man|woman)?|President|Speaker|Leader|Secretary|Governor|Mayor)\s+((?:[A-Z][\w.'’-]*\s?){1,4})")


def link_demands(view: TextView) -> None:
    """Link each demand to its deadline and give it the voice of who asks."""
    demands = [e for e in view.of_type("demand") if not e.plugin]
    if not demands:
        return
    dates = sorted((e for e in view.of_type("date") if e.fields.kind in ("date", "period")), key=lambda e: e.start)
    heads = _find_heads(view.text)
    for before, entry in pairwise(demands):
        _follow_claimant(view.text, before, entry)
    for entry in demands:
        _add_deadline(view, entry, dates)
        _set_voice(entry, view.text, heads)
        if entry.rule == "demand.operative" and entry.fields.kind == "order" and entry.section not in _OPERATIVE:
            entry.grade = "C"
            entry.why.append("no resolution: it may be what a bill directs")
        if entry.rule == "demand.imperative" and entry.grade == "C" and entry.section in _CALLING:
            entry.grade = "B"
            entry.why.append(f"stands in a section of {entry.section}")


def _follow_claimant(text: str, before: Entry, entry: Entry) -> None:
    """Give the second of two participles of one sentence the claimant of the first: *marched, demanding a hall, asking for boats*."""
    participles = all(text[e.start : e.end].split()[0].endswith("ing") for e in (before, entry))
    fields: Any = entry.fields
    if participles and before.sentence == entry.sentence and fields.claimant is None and before.fields.claimant and entry.rule in ("demand.verb", "demand.that"):
        fields.claimant = before.fields.claimant
        entry.parts["claimant"] = before.parts["claimant"]
        entry.why.append(f"'{fields.claimant}' asks, as just before")


def _add_deadline(view: TextView, entry: Entry, dates: list[Entry]) -> None:
    """Take the last bound that says until when (by, before, until, not later than) among the dates in the action as the deadline."""
    action = entry.parts.get("action")
    if not action:
        return
    start, end = action[0]
    from bisect import bisect_left

    place = bisect_left(dates, start, key=lambda e: e.start)
    for date in dates[place : place + 8]:
        if date.end > end:
            break
        if date.fields.mod in ("until", "before"):
            fields: Any = entry.fields
            fields.deadline = date.fields.not_after or view.text[date.start : date.end]
            entry.parts["deadline"] = [(date.start, date.end)]
            entry.links["deadline"] = [date]
            entry.why.append(f"by when: '{view.text[date.start : date.end]}'")
            return


def _find_heads(text: str) -> frozenset[str]:
    """Return the last words of the names with a title that stand in the head of a text: whose statement it is."""
    return frozenset(match[1].split()[-1].rstrip(".,’'") for match in _NAME.finditer(text[:_HEAD]) if match[1].split())


def _set_voice(entry: Entry, text: str, heads: frozenset[str]) -> None:
    """Give the voice `reported` to what somebody else asks: a subject that is neither the first person nor who issues the statement."""
    fields: Any = entry.fields
    if entry.rule.split(".")[1] not in ("verb", "that", "noun") or fields.form == "operative paragraph":
        return
    words = clause_words(load_language(entry.lang if entry.lang in READ else READ[0]))
    claimant = fields.claimant
    if claimant is None:
        if "claimant_pronoun" in entry.parts:
            entry.voice = "reported"
            return
        if entry.section in ("demands", "operative", "slogans") or _is_own_clause(text, entry.start, words.first_person):
            return
        entry.voice = "own" if _names_head(text[max(0, entry.start - 300) : entry.start], heads) else "reported"
        return
    first = claimant.split()[0].lower()
    issuers = demand_words(load_language(entry.lang if entry.lang in READ else READ[0])).sets["issuers"]
    if first in words.first_person or _names_head(claimant, heads) or (heads and any(w.lower() in issuers for w in claimant.split())):
        return
    entry.voice = "reported"
    entry.why.append(f"'{claimant}' asks, not who speaks")


def _is_own_clause(text: str, start: int, first_person: frozenset[str]) -> bool:
    """Tell whether the first person, or nobody, is the subject of the sentence up to a place."""
    before = re.split(r"[.!?;:]\s|\n\s*\n", text[max(0, start - 400) : start])[-1]
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", before)
    # US is a country; who is asked or told (us) does not ask.
    return not words or any(w.lower() in first_person - {"us", "nos"} and not (w.isupper() and len(w) > 1) for w in words)


def _names_head(text: str, heads: frozenset[str]) -> bool:
    """Tell whether a text names one of those whose statement it is."""
    return any(word.strip(",.()’'") in heads for word in text.split())
