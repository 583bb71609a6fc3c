"""Whose words an entry stands in: the statement's own, reported or quoted from another, or those of who republishes it."""

from __future__ import annotations

from bisect import bisect_right

from variorum.ledger.textviews import TextView


def mark_voices(view: TextView) -> None:
    """Give each entry its voice.

    What lies inside a `quotation` of speech is quoted, what lies inside the `content` of an `attribution` is reported, and
    what lies in a wrapper section is the republisher's. A voice that a rule has set itself stays.
    """
    quoted = _join_places([(e.start, e.end) for e in view.of_type("quotation") if getattr(e.fields, "kind", "speech") == "speech"])
    reported = _join_places([span for e in view.of_type("attribution") for span in e.parts.get("content", [])])
    for entry in view.entries:
        if entry.voice != "own":
            continue
        if entry.type != "quotation" and _covers(quoted, entry.start, entry.end):
            entry.voice = "quoted"
        elif entry.type != "attribution" and _covers(reported, entry.start, entry.end):
            entry.voice = "reported"
        elif entry.section == "wrapper":
            entry.voice = "republisher"


def _join_places(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in order, those that touch joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _covers(places: list[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether one of the joined places holds the interval."""
    number = bisect_right(places, (start, 1 << 60))
    return number > 0 and places[number - 1][1] >= end
