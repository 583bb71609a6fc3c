"""What of an entry changed: value, comparator, unit, what is counted, source, deadline, addressee, claimant, force, voice; and that in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rapidfuzz.distance import Indel

from variorum.ledger.entries import Entry
from variorum.ledger.phrases import stem_words
from variorum.marks import Mark
from variorum.pairings import Side, Span

KINDS = (
    "figure", "date", "demand", "attribution", "name", "negation", "modal", "hedge", "quotation", "list item dropped", "list item added", "sentence dropped", "sentence added",
    "block moved", "wording", "spelling", "punctuation", "case", "layout",
)  # fmt: skip
"""From what alters meaning most to what alters it least."""

MARK_KINDS = KINDS[: KINDS.index("quotation") + 1]
"""Kinds of what is recognised in a text."""

ASPECTS = (
    "value",
    "comparator",
    "unit",
    "counted",
    "deadline",
    "demand",
    "addressee",
    "claimant",
    "force",
    "source",
    "voice",
    "dropped",
    "added",
)
"""What can be said of a change beside its kind."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that is other than before: its name in `ASPECTS`, what it was and what it became, in words; None for nothing."""

    name: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A change that was found.

    Attributes:
        kind: its kind.
        base, other: its place in both texts; an empty one where nothing stands there.
        aspects: what of it changed; nothing where the kind says all.
        before, after: values of a figure.
        direction: `up` or `down` of values and force, `later` or `earlier` of dates.
    """

    kind: str
    base: Span
    other: Span
    aspects: tuple[Aspect, ...] = ()
    before: float | None = None
    after: float | None = None
    direction: str | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the value before the value after is; None where there is no value, or it was 0."""
        return self.after / self.before if self.before and self.after is not None else None

    def add(self, *aspects: Aspect) -> Found:
        """Return the change with more aspects."""
        return replace(self, aspects=(*self.aspects, *aspects))


def describe_change(found: Found, a: Mark | None, b: Mark | None, sides: tuple[Side, Side]) -> Found:
    """Return the change of two marks of one kind, one of which may be missing, with what of them changed."""
    found = _compare_entries(found, a, b, sides)
    if found.before is not None and found.after is not None and found.before != found.after:
        return replace(found, direction="up" if found.after > found.before else "down")
    if found.kind == "modal":
        return compare_force(found, *(side.demand_at(m.start, m.end) if m else None for m, side in zip((a, b), sides, strict=True)))
    if found.kind == "date" and any(m and side.is_deadline((m.start, m.end)) for m, side in zip((a, b), sides, strict=True)):
        return found.add(
            Aspect(
                "deadline",
                *(_bound(m.entry.fields) or _read(side, m) if m and m.entry else None for m, side in zip((a, b), sides, strict=True)),
            )
        )
    return found


def _read(side: Side, mark: Mark) -> str:
    return " ".join(side.text[mark.start : mark.end].split())


def _compare_entries(found: Found, a: Mark | None, b: Mark | None, sides: tuple[Side, Side]) -> Found:
    """Return the change with what of the two ledger's entries differs."""
    mark = a or b
    if mark is None or mark.entry is None:
        return found
    if a is None or b is None or a.entry is None or b.entry is None:
        return (
            found.add(Aspect("counted", *(_read(side, m) if m else None for m, side in zip((a, b), sides, strict=True))))
            if mark.role
            else found
        )
    if found.kind == "figure":
        return _compare_figures(found, (a, a.entry), (b, b.entry), (sides[0].text, sides[1].text))
    return replace(found, direction=_compare_dates(a.entry, b.entry)) if found.kind == "date" else found


def _compare_figures(found: Found, one: tuple[Mark, Entry], two: tuple[Mark, Entry], texts: tuple[str, str]) -> Found:
    """Return the change of two figures, or of what two figures count."""
    (mark, a), (_, b) = one, two
    if mark.role:
        return found.add(
            Aspect(
                "counted", *(" ".join(text[start:end].split()) for text, (start, end) in zip(texts, (found.base, found.other), strict=True))
            )
        )
    aspects = []
    if (a.fields.value, a.fields.low, a.fields.high) != (b.fields.value, b.fields.low, b.fields.high):
        aspects.append(Aspect("value", _say_value(a.fields), _say_value(b.fields)))
    if a.fields.comparator != b.fields.comparator:
        aspects.append(Aspect("comparator", *(_say_part(e, "comparator", text) for e, text in zip((a, b), texts, strict=True))))
    if (a.fields.unit, a.fields.per) != (b.fields.unit, b.fields.per):
        aspects.append(Aspect("unit", *("/".join(u for u in (e.fields.unit, e.fields.per) if u) or None for e in (a, b))))
    return found.add(*aspects)


def _say_value(fields: Any) -> str | None:
    if fields.value is not None:
        return f"{fields.value:,.10g}"
    bounds = [f"{v:,.10g}" if v is not None else "" for v in (fields.low, fields.high)]
    return "..".join(bounds) if any(bounds) else None


def _say_part(entry: Entry, role: str, text: str) -> str | None:
    spans = entry.parts.get(role)
    return " ".join(text[slice(*spans[0])].split()) if spans else None


def _compare_dates(a: Entry, b: Entry) -> str | None:
    """Return whether the second date is later or earlier; None where that cannot be told."""
    bounds = [_bound(e.fields) for e in (a, b)]
    if None in bounds or len(str(bounds[0])) != len(str(bounds[1])) or bounds[0] == bounds[1]:
        return None
    return "later" if str(bounds[1]) > str(bounds[0]) else "earlier"


def _bound(fields: Any) -> str | None:
    """Return the last day that a date allows, else the first; of a date without a year, month and day alone."""
    edtf = fields.edtf or ""
    return fields.not_after or fields.not_before or (edtf[5:] if edtf.startswith("XXXX-") and edtf[5:7].isdigit() else None)


def compare_force(found: Found, a: Entry | None, b: Entry | None) -> Found:
    """Return the change of the words that ask with how the force of the demand changed; as it is where nothing is asked on either side, or by the same force."""
    forces = [e.fields.force if e else 0 for e in (a, b)]
    if forces[0] == forces[1]:
        return found
    kinds = [e.fields.kind if e else None for e in (a, b)]
    return replace(found.add(Aspect("force", *kinds)), direction="up" if forces[1] > forces[0] else "down")


def is_same(a: str, b: str) -> bool:
    """Tell whether two phrases name the same: equal stems, or one a part of the other with a word in capitals in common."""
    one, two = (stem_words(phrase) - SMALL for phrase in (a, b))
    if one == two or (min(len(a), len(b)) >= _MANY and Indel.normalized_similarity(a, b) >= _ALIKE):
        return True
    return (one <= two or two <= one) and any(
        stem_words(word) & one & two for phrase in (a, b) for word in phrase.split()[1:] or phrase.split() if word[:1].isupper()
    )


def is_same_name(a: Mark, b: Mark, words: tuple[str, str]) -> bool:
    """Tell whether two names are one: by the ledger, which joins short forms and acronyms to the long form of their text, or one written more fully, to the same last word."""
    if a.kind == "name":
        one, two = (said.casefold().replace(".", "").split() for said in words)
        if one and two and one[-1] == two[-1] and (set(one) <= set(two) or set(two) <= set(one)):
            return True
    return a.kind == "name" and a.entry is not None and b.entry is not None and (a.entry.fields.kind, a.entry.fields.canonical.casefold()) == (b.entry.fields.kind, b.entry.fields.canonical.casefold())


def may_stand_for(a: Mark, b: Mark) -> bool:
    """Tell whether one mark may be the other changed: two figures have their value, their unit or their kind in common."""
    if a.kind != "figure" or a.role or a.entry is None or b.entry is None:
        return True
    one, two = a.entry.fields, b.entry.fields
    return a.value == b.value or (one.unit, one.per) == (two.unit, two.per) or one.kind == two.kind


_MANY, _ALIKE = 30, 0.9
"""Letters of a phrase from which it is the same where so many are in common: ten years and 10 years."""
SMALL = frozenset({"the", "a", "an", "le", "la", "les", "el", "los", "las", "of", "de"})
"""Words that say nothing of who is named."""


def explain_aspects(found: Found) -> str:
    """Return what changed in words, in brackets after a blank; empty where the kind says all."""
    said = []
    for aspect in found.aspects:
        before, after = (words or "none" for words in (aspect.before, aspect.after))
        if aspect.name == "value" and found.direction in ("up", "down"):
            continue
        if aspect.name in ("dropped", "added"):
            said.append(f"{found.kind} {aspect.name}")
        elif aspect.name == "demand":
            said.append(f"a demand {found.kind.rsplit(' ', 1)[-1]}")
        elif aspect.name == "deadline":
            said.append(_explain_deadline(found))
        elif aspect.name == "force":
            said.append(f"force {found.direction}: {before} -> {after}")
        elif aspect.name in ("comparator", "unit", "voice"):
            said.append(f"{aspect.name}: {before} -> {after}")
        else:
            said.append(
                f"{_LONG.get(aspect.name, aspect.name)} {'dropped' if aspect.after is None and aspect.before else 'added' if aspect.before is None and aspect.after else 'changed'}"
            )
    if found.direction in ("up", "down") and found.before is not None and found.after is not None:
        by, times = abs(found.after - found.before), "" if found.ratio is None else f"{found.ratio:.3g}"
        share = f", {by / abs(found.before):.1%}" if found.before else ""
        said.insert(0, f"{found.direction} by {by:,.10g}{share}{f', {times} times' if times not in ('', '1') else ''}")
    elif found.kind == "date" and found.direction and not said:
        said.append(found.direction)
    return f" ({'; '.join(said)})" if said else ""


_LONG = {"counted": "counted thing"}


def _explain_deadline(found: Found) -> str:
    """Return that a deadline moved, by how many days where that is known."""
    aspect = next(a for a in found.aspects if a.name == "deadline")
    if aspect.before is None or aspect.after is None:
        return f"deadline {'added' if aspect.before is None else 'dropped'}"
    try:
        days = f"{abs((date.fromisoformat(aspect.after) - date.fromisoformat(aspect.before)).days)} days "
    except ValueError:
        days = ""
    return f"deadline moved {days}{found.direction or ''}".rstrip()


def describe_found(found: Found) -> Mapping[str, Any]:
    """Return the columns of `changes` that tell what of an entry changed."""
    names = [a.name for a in found.aspects]
    return {
        "aspects": names,
        "befores": [a.before for a in found.aspects],
        "afters": [a.after for a in found.aspects],
        "direction": found.direction,
        "ratio": found.ratio if found.before != found.after else None,
    }
