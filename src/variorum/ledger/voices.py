"""Whose words an entry stands in: the statement's own, reported or quoted from another, or those of who republishes it; and the link from an entry to its attribution."""

from __future__ import annotations

from bisect import bisect_right

from variorum.ledger.entries import Entry, Span
from variorum.ledger.textviews import TextView


def link_attributions(view: TextView) -> None:
    """Link each entry that lies in what an attribution says was said to that attribution, the innermost of several."""
    contents = sorted(((start, end, e) for e in view.of_type("attribution") for start, end in e.parts.get("content", [])), key=lambda c: (c[0], -c[1]))
    stack: list[tuple[int, int, Entry]] = []
    number = 0
    for entry in sorted(view.entries, key=lambda e: e.key):
        while number < len(contents) and contents[number][0] <= entry.start:
            while stack and stack[-1][1] <= contents[number][0]:
                stack.pop()
            stack.append(contents[number])
            number += 1
        while stack and stack[-1][1] <= entry.start:
            stack.pop()
        for _, end, attribution in reversed(stack[-_DEEPEST:]):
            if end >= entry.end and attribution is not entry:
                entry.links["attribution"] = [attribution]
                break


_DEEPEST = 8
"""Contents within one another that are looked at for an entry."""


def mark_voices(view: TextView) -> None:
    """Give each entry its voice.

    What lies inside a `quotation` of speech is quoted, what lies inside the `content` of an `attribution` is reported unless its source is
    the speaker of the statement (we said), and what lies in a wrapper section is the republisher's. A voice that a rule has set itself stays.
    """
    quoted = _join_places([(e.start, e.end) for e in view.of_type("quotation") if getattr(e.fields, "kind", "speech") == "speech"])
    reported = _join_places([span for e in view.of_type("attribution") if not getattr(e.fields, "own", False) for span in e.parts.get("content", [])])
    for entry in view.entries:
        if entry.voice != "own":
            continue
        if _covers(quoted, entry.start, entry.end):
            entry.voice = "quoted"
        elif _covers(reported, entry.start, entry.end):
            entry.voice = "reported"
        elif entry.section == "wrapper":
            entry.voice = "republisher"


def _join_places(places: list[Span]) -> list[Span]:
    """Return places in order, those that overlap joined."""
    joined: list[Span] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _covers(places: list[Span], start: int, end: int) -> bool:
    """Tell whether one of the joined places holds the interval."""
    number = bisect_right(places, (start, 1 << 60))
    return number > 0 and places[number - 1][1] >= end
