"""A family's texts for the report: as compact JSON that the page's script unfolds, and as plain data for the template.

The block of a family is ``{"r": reference, "t": its text, "m": [[before, operations, after], ...]}``, members in order.
The operations turn the reference's text into the member's, places counted in UTF-16 units as JavaScript does:

    n > 0       keep the next n units of the reference
    n < 0       leave out the next -n units: wording that the reference alone has
    "text"      wording that the member alone has
    [n, "text"] instead of the next n units: the same words in another layout

Where something is told of the differences, ``"k"`` lists what is said, ``[kind]`` or, of a figure, ``[kind, value]`` (kinds by number, as in
`meanings.MARK_KINDS`); ``"w"`` has by member the places of its marks as ``[start, length, number in k, ...]``, and ``"v"`` the blocks it has in
another place than the reference as ``[start, end, start in the reference, end in it, ...]``.

A reworked member has two entries more, its kind and the places of the words it has in common with the reference, ``[start, end, start,
end, ...]``; its operations leave out all of the reference.

Any two members are compared through the reference, so nothing is stored twice and every pair can be shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from variorum.exporting.commons import mark_common
from variorum.exporting.contexts import Window, cut_window
from variorum.exporting.differences import COMMON, EQUAL, LAYOUT, ONLY_A, Segment, Words, compare_words, split_words
from variorum.exporting.meanings import Meanings
from variorum.exporting.members import Member

Operation = int | str | list[int | str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A member as it is shown: its window and its segments against the reference; its kind where it is shown as reworked."""

    window: Window
    segments: list[Segment]
    kind: str | None = None


def show_members(members: list[Member], reference: int, texts: dict[int, str], context: int) -> list[Shown]:
    """Return every member's window and its differences to the reference; equal passages are compared once."""
    windows = [cut_window(texts[m.witness], m.start, m.end, context) for m in members]
    against = split_words(windows[reference].passage)
    known: dict[str, list[Segment]] = {against.text: compare_words(against, against)}
    shown = []
    for number, (member, window) in enumerate(zip(members, windows, strict=True)):
        kind = None if number == reference else member.tie or members[reference].tie
        segments = mark_common(against.text, window.passage) if kind else _compare_once(known, against, window.passage)
        shown.append(Shown(window, segments, kind))
    return shown


def _compare_once(known: dict[str, list[Segment]], against: Words, passage: str) -> list[Segment]:
    """Return the segments of a passage, from those already known where it stood before."""
    if passage not in known:
        known[passage] = compare_words(against, split_words(passage))
    return known[passage]


def encode_block(shown: list[Shown], reference: int, meanings: Meanings | None = None) -> str:
    """Return the JSON block of a family, safe inside a script element."""
    against = shown[reference].window.passage
    members = [_encode_reworked(s, against) if s.kind else [s.window.before, encode_operations(s.segments), s.window.after] for s in shown]
    block: dict[str, Any] = {"r": reference, "t": against, "m": members}
    if meanings and meanings.keys:
        block["k"] = [[kind] if value is None else [kind, value] for kind, value in meanings.keys]
        block["w"] = {n: _encode_marks(shown[n].window.passage, marks) for n, marks in sorted(meanings.marks.items())}
    if meanings and meanings.moves:
        block["v"] = {n: [v for s, e, rs, re in moves for v in (*_to_units(shown[n].window.passage, s, e), *_to_units(against, rs, re))] for n, moves in sorted(meanings.moves.items())}
    return encode_json(block)


def _encode_marks(text: str, marks: list[tuple[int, int, int]]) -> list[int]:
    """Return the marks of a passage in one list of numbers."""
    found = []
    plain = count_units(text) == len(text)
    for start, end, key in marks:
        first, last = (start, end) if plain else _to_units(text, start, end)
        found += [first, last - first, key]
    return found


def _to_units(text: str, start: int, end: int) -> tuple[int, int]:
    """Return two places as JavaScript counts them."""
    first = count_units(text[:start]) if start else 0
    return first, first + count_units(text[start:end])


def _encode_reworked(shown: Shown, against: str) -> list[Any]:
    """Return the entries of a reworked member."""
    places, done = [], 0
    for kind, _, text in shown.segments:
        size = count_units(text)
        places += [done, done + size] if kind == COMMON else []
        done += size
    return [shown.window.before, [-count_units(against), shown.window.passage], shown.window.after, shown.kind, places]


def encode_operations(segments: list[Segment]) -> list[Operation]:
    """Return the operations that turn the reference into the member."""
    operations: list[Operation] = []
    for kind, a, b in segments:
        if kind == EQUAL:
            operations.append(count_units(a))
        elif kind == LAYOUT:
            operations.append([count_units(a), b])
        elif kind == ONLY_A:
            operations.append(-count_units(a))
        else:
            operations.append(b)
    return operations


def count_units(text: str) -> int:
    """Return the length of `text` as JavaScript counts it, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def encode_json(value: Any) -> str:
    """Return `value` as JSON that cannot end or open anything inside a script element.

    Every "<" is escaped, so neither ``</script>`` nor ``<!--`` can occur; lone surrogates, which UTF-8 cannot
    hold, become U+FFFD.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def json_element(name: str, json_text: str) -> Markup:
    """Return a data block: a script element that no browser runs; `name` is a word of letters, digits and hyphens."""
    return Markup(f'<script type="application/json" id="{name}">{json_text}</script>\n')
