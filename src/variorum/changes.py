"""What each version changed of the base, kind by kind, what alters meaning first: the table CHANGES.

A difference is cut at the marks that it touches (see `marks`): each mark that says something else is a change of its own, and what
is left of the words is one of wording, spelling, punctuation, case or layout. No difference is without a change.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from variorum.aspects import (
    ASPECTS,
    KINDS,
    MARK_KINDS,
    Aspect,
    Found,
    describe_change,
    describe_found,
    explain_aspects,
    is_same_name,
)
from variorum.collating.cells import Cell, Cells
from variorum.couplings import couple_apart, couple_marks
from variorum.errors import UsageError
from variorum.marks import WORD, Mark
from variorum.pairings import Difference, Nearby, Side, Span, find_differences, skip_blanks
from variorum.remainders import add_rest, find_holes, holds_sentence, name_words, trim_rest
from variorum.sayings import Told, compare_sayings
from variorum.schema import TABLES, check_table, verify_table

_BULLET = re.compile("(?:[-*\u2022\u2013]|\\(?\\w{1,3}[.)])\\s")
_LIGHT = "wording"
_DATELINE = re.compile(r"[A-Z]{6,}(?:, D\.?C\.?)?")
_TERMINAL = ".!?\u2026\u3002"
_CLOSING = "\"'\u201d\u2019\u00bb)*_"
_QUOTES = '"\u201c\u201d\u00ab\u00bb'
_GAP = 5
"""Characters between a change and a capital that follows from it."""
_MARGIN = 20
"""Characters between a sentence that came or went and white space that follows from it."""
_SLIDE = 200
"""Characters by which a stretch that was dropped may slide along equal text to fall on whole sentences."""


def check_kinds(kinds: Sequence[str]) -> list[str]:
    """Return the kinds and aspects asked for; UsageError for one that is neither."""
    for kind in kinds:
        if kind not in KINDS and kind not in ASPECTS:
            raise UsageError(f"no kind of change '{kind}'; there are: {', '.join(KINDS)}; and what of them changed: {', '.join(ASPECTS)}")
    return list(kinds)


def filter_changes(table: pa.Table, kinds: Sequence[str]) -> pa.Table:
    """Return the rows of `changes` that are of one of the kinds, or of which one of the aspects changed."""
    wanted = set(check_kinds(kinds))
    return table.filter(
        pa.array(
            [row["kind"] in wanted or not wanted.isdisjoint(row["aspects"]) for row in table.select(["kind", "aspects"]).to_pylist()],
            pa.bool_(),
        )
    )


def write_changes(
    readings: pa.Table, blocks: pa.Table, texts: Sequence[str], base: int, recognise: Callable[[str], Sequence[Mark]]
) -> pa.Table:
    """Return the table `changes`.

    Args:
        readings, blocks: the tables of the collation.
        texts: by member: the text of its witness.
        base: number of the base among the members.
        recognise: text -> its marks; each text is asked for once.
    """
    cells = Cells(readings)
    marks: dict[str, Side] = {}
    rows: list[dict[str, Any]] = []
    for member in cells.members:
        pairs = cells.list_differing(base, member) if member != base else []
        if not pairs:
            continue
        for text in (texts[base], texts[member]):
            if text not in marks:
                marks[text] = Side(text, recognise(text))
        sides = marks[texts[base]], marks[texts[member]]
        rows += [_row(locus, member, found, sides) for locus, found in compare_versions(pairs, *sides)]
    for b in blocks.to_pylist():
        span = (cells.cell(base, b["first_locus"]).start, cells.cell(base, b["last_locus"]).ink_end)
        sides = Side(texts[base], ()), Side(texts[int(b["member"])], ())
        rows.append(_row(b["first_locus"], b["member"], Found("block moved", span, (b["start"], b["end"])), sides))
    rows.sort(key=lambda r: (-r["weight"], KINDS.index(r["kind"]), r["base_start"], r["locus"], r["member"], r["start"], r["end"]))
    for number, row in enumerate(rows):
        row["change"] = number
    table = pa.Table.from_pylist(rows, schema=TABLES["changes"].schema)
    return verify_table("changes", check_table("changes", table))


def _row(locus: int, member: int, found: Found, sides: Sequence[Side]) -> dict[str, Any]:
    """Return one row of `changes`, its number left out."""
    (b0, b1), (o0, o1) = found.base, found.other
    words, theirs = " ".join(sides[0].text[b0:b1].split()), " ".join(sides[1].text[o0:o1].split())
    said = f"{words or '(nothing)'} -> {theirs or '(nothing)'}{explain_aspects(found)}"
    # A sentence that came or went weighs as what it says.
    kind = "demand" if any(a.name == "demand" for a in found.aspects) else found.kind
    weight = 1 - KINDS.index(_LIGHT if _is_light(found, words, theirs) else kind) / len(KINDS)
    places = {"base_start": b0, "base_end": b1, "start": o0, "end": o1}
    values = {"value_before": found.before, "value_after": found.after}
    return {
        "locus": locus,
        "member": member,
        "kind": found.kind,
        "weight": weight,
        **places,
        **values,
        **describe_found(found),
        "words": said,
    }


def _is_light(found: Found, words: str, theirs: str) -> bool:
    """Say whether a change alters little, though it is of a date or a name: a day that is told from the statement's own (today) came or went, or the town of a dateline."""
    if found.kind == "date":
        return not found.aspects and bool(words) != bool(theirs) and not any(c.isdigit() for c in words + theirs)
    return found.kind == "name" and all(not said or _DATELINE.fullmatch(said) for said in (words, theirs))


def compare_versions(pairs: Sequence[tuple[Cell, Cell]], one: Side, two: Side) -> list[tuple[int, Found]]:
    """Return the changes from one version to another with their loci, each once.

    Args:
        pairs: what both have where they differ, see `Cells.list_differing`.
        one, two: the base and the other version.
    """
    differences = find_differences(pairs, one.text, two.text)
    told = compare_sayings(differences, [_is_sentence(d, one, two) for d in differences], one, two)
    ends = [d.base[1] for d in differences]
    found: dict[Found, int] = {}
    for t in told:
        after = range(bisect_left(ends, t.base[0]), len(differences))
        found.setdefault(t.found, next((differences[k].locus for k in after if differences[k].other[1] >= t.other[0]), 0))
    joined = _join_marked(differences, one, two)
    for t in _tell_apart(joined, told, one, two):
        found.setdefault(t.found, next(d.locus for d in joined if d.base[0] <= t.base[0] <= d.base[1]))
        told.append(t)
    near = Nearby([(t.base, t) for t in told])
    for d in joined:
        for change in _name_changes(d, one, two, near.around(d.base)):
            found.setdefault(change, d.locus)
    beside = Nearby([(c.base, c) for c in found if c.kind not in ("case", "layout")])
    return [(locus, c) for c, locus in found.items() if not _follows(c, beside, one.text, two.text)]


def _tell_apart(differences: Sequence[Difference], told: Sequence[Told], one: Side, two: Side) -> Iterator[Told]:
    """Yield what changed of marks that stand for each other in two differences, once for each of the two; not where either was told already."""
    covered = Nearby([(t.base, t) for t in told]), Nearby([(t.other, t) for t in told])
    free = [d for d in differences if not _name_plain(d, one, two) and not _is_sentence(d, one, two)]
    for a, b, d, e in couple_apart(free, (one, two)):
        places = (a.start, a.end), (b.start, b.end)
        if any(_meet(t.base, places[0]) for t in covered[0].around(places[0])) or any(_meet(t.other, places[1]) for t in covered[1].around(places[1])):
            continue
        change = Found("wording" if a.key == b.key else a.kind, *places, before=a.value, after=b.value)
        change = change if a.key == b.key else describe_change(change, a, b, (one, two))
        yield Told(change, places[0], (d.other[0], d.other[0]))
        yield Told(change, (e.base[0], e.base[0]), places[1])


def _follows(change: Found, others: Nearby[Found], mine: str, theirs: str) -> bool:
    """Say whether a change follows from another: white space round a sentence that came or went, a capital where a sentence now begins."""
    if change.kind not in ("case", "layout"):
        return False
    start, end = change.base
    found = others.around((max(0, start - _MARGIN), end + _MARGIN))
    if change.kind == "layout":
        return any(c.kind.endswith((" dropped", " added")) and _near(change.base, c.base) and _near(change.other, c.other) for c in found)
    before = [c for c in found if 0 <= start - c.base[1] <= _GAP and 0 <= change.other[0] - c.other[1] <= _GAP]
    return any(
        not WORD.search(mine[c.base[1] : start])
        and not WORD.search(theirs[c.other[1] : change.other[0]])
        and mine[start:end].lower() == theirs[change.other[0] : change.other[1]].lower()
        for c in before
    )


def _near(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] <= b[1] + _MARGIN and b[0] <= a[1] + _MARGIN


def _widen(d: Difference, one: Side, two: Side) -> Difference:
    """Return the difference grown to whole marks on both sides; outside it the two texts are alike, place by place."""
    (b0, b1), (o0, o1) = d.base, d.other
    for _ in range(4):
        before = (b0, b1, o0, o1)
        mine, theirs = one.touching(b0, b1), two.touching(o0, o1)
        if any(m.end > b1 for m in mine) or any(m.end > o1 for m in theirs):  # either side may have white space between its end and what both have
            b1, o1 = skip_blanks(one.text, b1), skip_blanks(two.text, o1)
        left = max([b0 - m.start for m in mine] + [o0 - m.start for m in theirs] + [0])
        right = max([m.end - b1 for m in mine] + [m.end - o1 for m in theirs] + [0])
        left = min(left, b0, o0)
        b0, o0 = b0 - left, o0 - left
        b1, o1 = min(b1 + right, len(one.text)), min(o1 + right, len(two.text))
        if (b0, b1, o0, o1) == before:
            break
    return Difference(d.locus, (b0, b1), (o0, o1))


def _join_marked(differences: list[Difference], one: Side, two: Side) -> list[Difference]:
    """Return the differences grown to whole marks, those that a mark ties together as one; whole sentences stay as they are."""
    out: list[Difference] = []
    for d in differences:
        plain = _name_plain(d, one, two)
        wide = d if plain or _is_sentence(d, one, two) else _widen(d, one, two)
        last = out[-1] if out else None
        if last and wide is not d and last.base[1] > wide.base[0] and last.other[1] > wide.other[0] >= last.other[0]:
            out[-1] = Difference(
                last.locus, (last.base[0], max(wide.base[1], last.base[1])), (last.other[0], max(wide.other[1], last.other[1]))
            )
        else:
            out.append(wide)
    return out


def _is_sentence(d: Difference, one: Side, two: Side) -> bool:
    """Say whether one side is nothing and the other whole sentences."""
    if d.base[0] < d.base[1] and d.other[0] < d.other[1]:
        return False
    side, span = (one, d.base) if d.base[0] < d.base[1] else (two, d.other)
    return find_sentences(side.text, *span) is not None


def find_sentences(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the stretch as whole sentences, slid along equal text where need be; a long one with a sentence's end in it as it is; else None."""
    if len(WORD.findall(text[start:end])) < 3:
        return None
    # The white space before the stretch or that after it belongs to it: with the former it slides as one.
    while start and text[start - 1].isspace() and end < len(text) and text[end].isspace():
        end += 1
    for step in (-1, 1):
        s, e = start, end
        for _ in range(_SLIDE):
            if _is_whole(text, s, e):
                return s + len(text[s:e]) - len(text[s:e].lstrip()), s + len(text[s:e].rstrip())
            edge, new = (s - 1, e - 1) if step < 0 else (s, e)
            if edge < 0 or new >= len(text) or not _alike(text[edge], text[new]):
                break
            s, e = s + step, e + step
    piece = text[start:end]
    return (start, start + len(piece.rstrip())) if holds_sentence(piece) else None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Say whether the stretch begins where a sentence, line or list item begins and ends where one ends."""
    piece = text[start:end]
    body, head = piece.strip().rstrip(_CLOSING), text[max(0, start - 12) : start].rstrip(_CLOSING + " \t")
    indent = piece[: len(piece) - len(piece.lstrip())]
    begins = not head or head[-1] in _TERMINAL + "\n:" or "\n" in indent
    item = _is_item(text, start) and "\n" in (piece[len(piece.rstrip()) :] + text[end : end + 1] + "\n" * (end == len(text)))
    return begins and bool(body) and (body[-1] in _TERMINAL or item)


def _alike(a: str, b: str) -> bool:
    return a == b or (a.isspace() and b.isspace())


def _is_item(text: str, start: int) -> bool:
    """Say whether a list item begins here."""
    begin = start + len(text[start : start + 200]) - len(text[start : start + 200].lstrip())
    line = text.rfind("\n", 0, begin) + 1
    return not text[line:begin].strip() and bool(_BULLET.match(text, begin))


def _name_changes(d: Difference, one: Side, two: Side, told: Sequence[Told] = ()) -> list[Found]:
    """Return the changes that a difference is made of, but for what was told already."""
    (b0, b1), (o0, o1) = d.base, d.other
    words = one.text[b0:b1], two.text[o0:o1]
    if _is_sentence(d, one, two):
        side, verb = (one, "dropped") if b0 < b1 else (two, "added")
        span = find_sentences(side.text, *(d.base if b0 < b1 else d.other))
        assert span is not None
        kind = f"{'list item' if _is_item(side.text, span[0]) else 'sentence'} {verb}"
        aspects = (Aspect("demand"),) if side.asks(*span) else ()
        return [Found(kind, span, (o0, o0), aspects)] if b0 < b1 else [Found(kind, (b0, b0), span, aspects)]
    plain = _name_plain(d, one, two)
    if plain:
        return [Found(kind, d.base, d.other) for kind in plain]
    known = [t for t in told if _meet(t.base, d.base) and _meet(t.other, d.other)]
    covered = [t.base for t in known], [t.other for t in known]
    found: list[Found] = _compare_quotations(d, one, two)
    mine, other = (
        [m for m in side.inside(*span) if not any(s <= m.start and m.end <= e for s, e in cover)]
        for side, span, cover in ((one, d.base, covered[0]), (two, d.other, covered[1]))
    )
    for kind in MARK_KINDS:
        for role in ("", "counted"):
            found += _compare_marks(
                kind,
                [m for m in mine if m.kind == kind and m.role == role],
                [m for m in other if m.kind == kind and m.role == role],
                d,
                (one, two),
            )
    holes = tuple(find_holes(side.text, span, [*((m.start, m.end) for m in marks), *cover]) for side, span, marks, cover in ((one, d.base, mine, covered[0]), (two, d.other, other, covered[1])))
    found = add_rest(found, trim_rest(holes[0], holes[1], d), d, (one, two))
    return found or ([] if known else [Found(name_words(*words), d.base, d.other)])


def _meet(a: Span, b: Span) -> bool:
    """Say whether two intervals, or points, have a place in common."""
    return a[0] <= b[1] and b[0] <= a[1]


def _compare_quotations(d: Difference, one: Side, two: Side) -> list[Found]:
    """Return the quotation that a quotation mark which was added or dropped makes or ends."""
    for side, span, mine in ((one, d.base, True), (two, d.other, False)):
        for m in side.quotations:
            if any(span[0] <= place < span[1] for place in (m.start, m.end - 1)):
                other = two if mine else one
                said = side.text[m.start + 1 : m.end - 1]
                near = (d.other if mine else d.base)[0]
                at = other.text.find(said, max(0, near - len(said) - 2))
                place = (at, at + len(said)) if 0 <= at <= (d.other if mine else d.base)[1] + 2 else (near, near)
                here, there = side.voice_at(m.start, m.end), other.voice_at(*place)
                voice = (Aspect("voice", *((here, there) if mine else (there, here))),) if here != there and place[0] < place[1] else ()
                return (
                    [Found("quotation", (m.start, m.end), place, voice)] if mine else [Found("quotation", place, (m.start, m.end), voice)]
                )
    return []


def _compare_marks(kind: str, mine: list[Mark], other: list[Mark], d: Difference, sides: tuple[Side, Side]) -> list[Found]:
    """Return what changed of the marks of one kind; those that say the same are no change."""
    found: list[Found] = []
    for a, b in couple_marks(mine, other, sides):
        words = sides[0].text[a.start : a.end] if a else "", sides[1].text[b.start : b.end] if b else ""
        if a and b and (words[0] == words[1] or is_same_name(a, b, words)):
            continue  # what the rest of a text adds to it is no change of its own
        spans = (a.start, a.end) if a else (d.base[0], d.base[0]), (b.start, b.end) if b else (d.other[0], d.other[0])
        change = Found(kind, *spans, before=a.value if a else None, after=b.value if b else None)
        found.append(describe_change(change, a, b, sides))
    return found


def _name_plain(d: Difference, one: Side, two: Side) -> list[str]:
    """Return the kinds of a difference that leaves the words and the figures as they are; nothing where these differ."""
    a, b = one.text[slice(*d.base)], two.text[slice(*d.other)]
    if "".join(a.split()) == "".join(b.split()):
        return ["layout"]
    mine, other = WORD.findall(a), WORD.findall(b)
    if [w.casefold() for w in mine] != [w.casefold() for w in other]:
        return []
    if any(q in a + b for q in _QUOTES) and sum(a.count(q) for q in _QUOTES) != sum(b.count(q) for q in _QUOTES):
        return []
    figures = [[m.key for m in side.touching(*span) if m.kind == "figure" and not m.role] for side, span in ((one, d.base), (two, d.other))]
    if figures[0] != figures[1]:  # a sign of currency, a point between digits
        return []
    marks = ["".join(WORD.sub("", t).split()) for t in (a, b)]
    return [kind for kind, differs in (("punctuation", marks[0] != marks[1]), ("case", mine != other)) if differs]
