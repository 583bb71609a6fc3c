"""What each version changed of the base, kind by kind, what alters meaning first: the table CHANGES.

A difference is cut at the marks that it touches (see `marks`): each mark that says something else is a change of its own, and what
is left of the words is one of wording, spelling, punctuation, case or layout. No difference is without a change.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from rapidfuzz.distance import OSA

from variorum.collating.cells import Cell, Cells
from variorum.errors import UsageError
from variorum.marks import WORD, Mark
from variorum.schema import TABLES, check_table, verify_table

KINDS = (
    "figure", "date", "name", "negation", "modal", "hedge", "quotation", "list item dropped", "list item added", "sentence dropped", "sentence added",
    "block moved", "wording", "spelling", "punctuation", "case", "layout",
)  # fmt: skip
"""From what alters meaning most to what alters it least."""

_MARKED = KINDS[:7]
_BULLET = re.compile("(?:[-*\u2022\u2013]|\\(?\\w{1,3}[.)])\\s")
_PIECE = re.compile(r"\w+|\s+|[^\w\s]")
_TERMINAL = ".!?\u2026\u3002"
_CLOSING = "\"'\u201d\u2019\u00bb)*_"
_INNER_END = re.compile("[.!?\u2026][^\\w\\s]*\\s+\\S")
_LONG = 12
"""Words from which a stretch that holds a sentence's end counts as sentences, though it begins or ends inside one."""
_SLIDE = 200
"""Characters by which a stretch that was dropped may slide along equal text to fall on whole sentences."""


class Side:
    """One version: its text, its marks in order of their starts, and its quotations."""

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        """Take a text and what was recognised in it."""
        self.text = text
        self.quotations = [m for m in marks if m.kind == "quotation"]
        self._marks = sorted((m for m in marks if m.kind != "quotation"), key=lambda m: m.start)
        self._starts = [m.start for m in self._marks]
        self._longest = max((m.end - m.start for m in self._marks), default=0)

    def touching(self, start: int, end: int) -> list[Mark]:
        """Return the marks that hold a character of the interval, or a point inside; not quotations."""
        low, high = bisect_left(self._starts, start - self._longest), bisect_left(self._starts, max(end, start + 1))
        return [m for m in self._marks[low:high] if m.end > start]

    def inside(self, start: int, end: int) -> list[Mark]:
        """Return the marks that lie in the interval; not quotations."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [m for m in self._marks[low:high] if m.end <= end]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two stretches that stand for each other: `base` and `other`, (start, end) each, and their locus."""

    locus: int
    base: tuple[int, int]
    other: tuple[int, int]


Found = tuple[str, tuple[int, int], tuple[int, int], float | None, float | None]
"""Kind, both spans, both values."""


def check_kinds(kinds: Sequence[str]) -> list[str]:
    """Return the kinds asked for; UsageError for one that is none."""
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"no kind of change '{kind}'; there are: {', '.join(KINDS)}")
    return list(kinds)


def write_changes(readings: pa.Table, blocks: pa.Table, texts: Sequence[str], base: int, recognise: Callable[[str], Sequence[Mark]]) -> pa.Table:
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
        rows += [_row(locus, member, found, sides) for locus, found in _compare_members(pairs, *sides)]
    for b in blocks.to_pylist():
        span = (cells.cell(base, b["first_locus"]).start, cells.cell(base, b["last_locus"]).ink_end)
        sides = Side(texts[base], ()), Side(texts[int(b["member"])], ())
        rows.append(_row(b["first_locus"], b["member"], ("block moved", span, (b["start"], b["end"]), None, None), sides))
    rows.sort(key=lambda r: (KINDS.index(r["kind"]), r["base_start"], r["locus"], r["member"], r["start"], r["end"]))
    for number, row in enumerate(rows):
        row["change"] = number
    table = pa.Table.from_pylist(rows, schema=TABLES["changes"].schema)
    return verify_table("changes", check_table("changes", table))


def _row(locus: int, member: int, found: Found, sides: Sequence[Side]) -> dict[str, Any]:
    """Return one row of `changes`, its number left out."""
    kind, (b0, b1), (o0, o1), before, after = found
    words, theirs = " ".join(sides[0].text[b0:b1].split()), " ".join(sides[1].text[o0:o1].split())
    said = f"{words or '(nothing)'} -> {theirs or '(nothing)'}"
    if before is not None and after is not None and before != after:
        ratio = f", {abs(after - before) / abs(before):.1%}" if before else ""
        said += f" ({'up' if after > before else 'down'} by {abs(after - before):,.10g}{ratio})"
    weight = 1 - KINDS.index(kind) / len(KINDS)
    places = {"base_start": b0, "base_end": b1, "start": o0, "end": o1}
    return {"locus": locus, "member": member, "kind": kind, "weight": weight, **places, "value_before": before, "value_after": after, "words": said}


def _compare_members(pairs: Sequence[tuple[Cell, Cell]], one: Side, two: Side) -> list[tuple[int, Found]]:
    """Return the changes of one member, each once."""
    differences = _join_marked(_find_differences(pairs, one.text, two.text), one, two)
    found: dict[Found, int] = {}
    for d in differences:
        for change in _name_changes(d, one, two):
            found.setdefault(change, d.locus)
    # White space round a sentence that came or went is no change of its own.
    whole = [(change[1], change[2]) for change in found if change[0].endswith((" dropped", " added"))]
    return [(locus, c) for c, locus in found.items() if c[0] != "layout" or not any(_near(c[1], w[0]) and _near(c[2], w[1]) for w in whole)]


def _near(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] <= b[1] + _SLIDE // 10 and b[0] <= a[1] + _SLIDE // 10


def _find_differences(pairs: Sequence[tuple[Cell, Cell]], mine: str, other: str) -> list[Difference]:
    """Return the stretches that differ, in the order of the base; neighbours in both texts are one."""
    found: list[Difference] = []
    before: tuple[Cell, Cell] | None = None  # the last pair whose readings differ
    for b, o in pairs:
        here = Difference(b.locus, (b.start, b.ink_end), (o.start, o.ink_end))
        if b.reading == o.reading:
            found += _find_forms(here, mine, other)
            continue
        last = found[-1] if found else None
        if before and last and last.locus == before[0].locus == b.locus - 1 and here.other[0] >= last.other[1] and o.block == before[1].block and before[1].end == o.start:
            found[-1] = Difference(b.locus, (last.base[0], max(last.base[1], here.base[1])), (last.other[0], max(last.other[1], here.other[1])))
        else:
            found.append(here)
        before = b, o
    return found


def _find_forms(d: Difference, mine: str, other: str) -> list[Difference]:
    """Return where two readings that are one but for case, white space and the shape of marks differ, piece by piece."""
    sides = []
    for text, (start, end) in ((mine, d.base), (other, d.other)):
        sides.append([(m[0], m.start() + start, m.end() + start) for m in _PIECE.finditer(text[start:end])])
    if len(sides[0]) == len(sides[1]):
        return [Difference(d.locus, a[1:], b[1:]) for a, b in zip(*sides, strict=True) if a[0] != b[0]]
    matcher = difflib.SequenceMatcher(None, [p[0] for p in sides[0]], [p[0] for p in sides[1]], autojunk=False)
    found = []
    for tag, i0, i1, j0, j1 in matcher.get_opcodes():
        if tag != "equal":
            a = (sides[0][i0][1] if i0 < len(sides[0]) else d.base[1], sides[0][i1 - 1][2] if i1 > i0 else 0)
            b = (sides[1][j0][1] if j0 < len(sides[1]) else d.other[1], sides[1][j1 - 1][2] if j1 > j0 else 0)
            found.append(Difference(d.locus, (a[0], max(a)), (b[0], max(b))))
    return found


def _widen(d: Difference, one: Side, two: Side) -> Difference:
    """Return the difference grown to whole marks on both sides; outside it the two texts are alike, place by place."""
    (b0, b1), (o0, o1) = d.base, d.other
    for _ in range(4):
        before = (b0, b1, o0, o1)
        left = max([b0 - m.start for m in one.touching(b0, b1)] + [o0 - m.start for m in two.touching(o0, o1)] + [0])
        right = max([m.end - b1 for m in one.touching(b0, b1)] + [m.end - o1 for m in two.touching(o0, o1)] + [0])
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
        plain = _name_plain(one.text[slice(*d.base)], two.text[slice(*d.other)])
        wide = d if plain or _is_sentence(d, one, two) else _widen(d, one, two)
        last = out[-1] if out else None
        if last and wide is not d and last.base[1] > wide.base[0] and last.other[1] > wide.other[0] >= last.other[0]:
            out[-1] = Difference(last.locus, (last.base[0], max(wide.base[1], last.base[1])), (last.other[0], max(wide.other[1], last.other[1])))
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
    return (start, start + len(piece.rstrip())) if len(WORD.findall(piece)) >= _LONG and _INNER_END.search(piece) else None


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


def _name_changes(d: Difference, one: Side, two: Side) -> list[Found]:
    """Return the changes that a difference is made of."""
    (b0, b1), (o0, o1) = d.base, d.other
    words = one.text[b0:b1], two.text[o0:o1]
    if _is_sentence(d, one, two):
        side, verb = (one, "dropped") if b0 < b1 else (two, "added")
        span = find_sentences(side.text, *(d.base if b0 < b1 else d.other))
        assert span is not None
        kind = f"{'list item' if _is_item(side.text, span[0]) else 'sentence'} {verb}"
        return [(kind, span, (o0, o0), None, None)] if b0 < b1 else [(kind, (b0, b0), span, None, None)]
    plain = _name_plain(*words)
    if plain:
        return [(kind, d.base, d.other, None, None) for kind in plain]
    found: list[Found] = _compare_quotations(d, one, two)
    mine, other = one.inside(*d.base), two.inside(*d.other)
    for kind in _MARKED[:6]:
        found += _compare_marks(kind, [m for m in mine if m.kind == kind], [m for m in other if m.kind == kind], d)
    rest = _trim_rest(_holes(one.text, d.base, mine), _holes(two.text, d.other, other), d)
    if rest is not None:
        found = _add_rest(found, rest, d, one, two)
    return found or [(_name_words(*words), d.base, d.other, None, None)]


def _compare_quotations(d: Difference, one: Side, two: Side) -> list[Found]:
    """Return the quotation that a quotation mark which was added or dropped makes or ends."""
    for side, span, mine in ((one, d.base, True), (two, d.other, False)):
        for m in side.quotations:
            if any(span[0] <= place < span[1] for place in (m.start, m.end - 1)):
                other = two if mine else one
                said = side.text[m.start + 1 : m.end - 1]
                near = (d.other if mine else d.base)[0]
                at = other.text.find(said, max(0, near - len(said) - 2))
                place = (at, at + len(said)) if 0 <= at <= near + 2 else (near, near)
                return [("quotation", (m.start, m.end), place, None, None)] if mine else [("quotation", place, (m.start, m.end), None, None)]
    return []


def _compare_marks(kind: str, mine: list[Mark], other: list[Mark], d: Difference) -> list[Found]:
    """Pair the marks of one kind in order; those that say the same are no change."""
    found: list[Found] = []
    if not mine and not other:
        return found
    matcher = difflib.SequenceMatcher(None, [m.key for m in mine], [m.key for m in other], autojunk=False)
    for tag, i0, i1, j0, j1 in matcher.get_opcodes():
        if tag == "equal":
            continue
        for k in range(max(i1 - i0, j1 - j0)):
            a, b = mine[i0 + k] if i0 + k < i1 else None, other[j0 + k] if j0 + k < j1 else None
            spans = (a.start, a.end) if a else (d.base[0], d.base[0]), (b.start, b.end) if b else (d.other[0], d.other[0])
            found.append((kind, spans[0], spans[1], a.value if a else None, b.value if b else None))
    return found


def _holes(text: str, span: tuple[int, int], marks: list[Mark]) -> list[tuple[str, int, int]]:
    """Return the words outside the marks, folded, with their places."""
    ends = sorted((m.start, m.end) for m in marks)
    words = [(m[0].casefold(), m.start() + span[0], m.end() + span[0]) for m in WORD.finditer(text[span[0] : span[1]])]
    kept = []
    for word in words:
        k = bisect_left(ends, (word[1] + 1, 0))
        if not any(end > word[1] for _, end in ends[max(0, k - 3) : k]):
            kept.append(word)
    return kept


def _trim_rest(mine: list[tuple[str, int, int]], other: list[tuple[str, int, int]], d: Difference) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return the spans of the words that differ outside the marks; None where none do."""
    a, b = [w[0] for w in mine], [w[0] for w in other]
    if a == b:
        return None
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    left, right = mine[head : len(mine) - tail], other[head : len(other) - tail]
    return (left[0][1], left[-1][2]) if left else (d.base[0], d.base[0]), (right[0][1], right[-1][2]) if right else (d.other[0], d.other[0])


def _add_rest(found: list[Found], rest: tuple[tuple[int, int], tuple[int, int]], d: Difference, one: Side, two: Side) -> list[Found]:
    """Return the changes with what is left of the words: the other side of a mark that stands alone, or a change of their own."""
    mine, other = rest
    for k, (kind, a, b, before, after) in enumerate(found):
        if a[0] == a[1] and mine[0] < mine[1] and other[0] == other[1]:
            return [*found[:k], (kind, mine, b, before, after), *found[k + 1 :]]
        if b[0] == b[1] and other[0] < other[1] and mine[0] == mine[1]:
            return [*found[:k], (kind, a, other, before, after), *found[k + 1 :]]
    kind = _name_words(one.text[slice(*mine)], two.text[slice(*other)])
    quoted = any(m.start <= d.base[0] and d.base[1] <= m.end for m in one.quotations)
    return [*found, ("quotation" if quoted else kind, mine, other, None, None)]


def _name_plain(a: str, b: str) -> list[str]:
    """Return the kinds of a difference that leaves the words as they are; nothing where words differ."""
    if "".join(a.split()) == "".join(b.split()):
        return ["layout"]
    mine, other = WORD.findall(a), WORD.findall(b)
    if [w.casefold() for w in mine] != [w.casefold() for w in other]:
        return []
    if any(q in a + b for q in '"\u201c\u201d\u00ab\u00bb') and sum(a.count(q) for q in '"\u201c\u201d\u00ab\u00bb') != sum(b.count(q) for q in '"\u201c\u201d\u00ab\u00bb'):
        return []
    marks = ["".join(WORD.sub("", t).split()) for t in (a, b)]
    return [kind for kind, differs in (("punctuation", marks[0] != marks[1]), ("case", mine != other)) if differs]


def _name_words(a: str, b: str) -> str:
    """Return `spelling` where word by word only a letter or two differ, else `wording`."""
    mine, other = [w.casefold() for w in WORD.findall(a)], [w.casefold() for w in WORD.findall(b)]
    if not mine and not other:
        return "punctuation"
    if not mine or len(mine) != len(other):
        return "spelling" if mine and "".join(mine).replace("-", "") == "".join(other).replace("-", "") else "wording"
    for x, y in zip(mine, other, strict=True):
        far = OSA.distance(x, y) > (2 if min(len(x), len(y)) >= 8 else 1)
        if x != y and (far or min(len(x), len(y)) < 4 or x.startswith(y) or y.startswith(x)):
            return "wording"
    return "spelling"
