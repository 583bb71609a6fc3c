"""Dates: days, periods, sets and durations, as TIMEX and EDTF, with the days they cover.

The patterns stand in the language files under ``[dates.patterns]``, by the name of their builder. A pattern may hold a
``<point>``: what a simpler pattern finds. There are three levels, so that nothing recurs: patterns without a point; patterns whose
point is of the first level (the first week of July); ranges and bounds (from .. to, since), whose points are of the first two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from variorum.ledger import datebuilders, dateperiods
from variorum.ledger.calendars import When, make_day, make_month, parse_reference
from variorum.ledger.dateguards import guard
from variorum.ledger.datevalues import Builder
from variorum.ledger.datewords import date_words, read_numeric
from variorum.ledger.entries import known
from variorum.ledger.languages import Language
from variorum.ledger.patterns import Component, Pattern
from variorum.ledger.rules import DIGITS, Draft, RecordType, Rule
from variorum.ledger.tokens import Tokens


@dataclass(slots=True)
class Date:
    """The fields of a date."""

    kind: str = known("`date` (a day), `period`, `set` (comes back) or `duration`", "date")
    timex: str | None = known("TIMEX value; a range is `(begin,end,duration)` with the first days of what is named; null where it is relative and the statement is undated")
    mod: str | None = known("`before`, `after`, `since`, `until`, `approx`, `start`, `mid`, `end`")
    edtf: str | None = known("as EDTF (ISO 8601-2); null for sets and durations")
    not_before: str | None = known("first day it allows; null where open or not known")
    not_after: str | None = known("last day it allows, included; null where open or not known")
    basis: str = known("`stated`, `counted` (from the statement's date), or `inferred` (a part left out, such as the year, is the nearest to the statement's date)", "stated")
    seconds: float | None = known("length of a duration, a month being 30 days and a year 365")


GROUPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "day": ("A", "a day by its month, in words or digits", ("day", "day_in", "dayth", "numeric")),
    "month": ("B", "a month, with or without its year", ("month", "month_in", "month_this", "month_next", "month_last")),
    "year": ("A", "a year", ("year", "fiscal", "school")),
    "weekday": ("B", "a day of the week", ("weekday", "weekday_dayth", "weekday_this", "weekday_next", "weekday_last", "weekday_coming", "weekday_past", "weekday_in", "weekday_nth")),
    "relative": ("A", "today, tomorrow, yesterday", ("relative",)),
    "counted": ("B", "a number of units from the statement's date or another", ("ago", "ago_today", "ahead", "from", "before_point", "day_after", "day_before", "next_count", "last_count", "past", "count_in")),
    "calendar": ("B", "this, next or last week, month or year; recent and coming ones", ("this", "next", "last", "same", "recent", "coming", "after_next", "before_last", "to_date", "rest")),
    "week": ("B", "a week by its number or by a day in it", ("week_in", "week_number", "week_of")),
    "quarter": ("B", "a quarter or half of a year", ("quarter", "half", "quarter_in")),
    "era": ("B", "a decade or century", ("decade", "century")),
    "season": ("A", "a season", ("season", "season_this", "season_next", "season_last", "season_bare")),
    "holiday": ("B", "a feast or day of remembrance", ("holiday",)),
    "range": ("B", "from one date or period to another", ("range", "day_range", "dayth_range", "month_range")),
    "bound": ("B", "since, until, before or after", ("since", "until", "before", "after", "as_of")),
    "portion": ("A", "the beginning, middle or end of a period; about a date", ("start", "mid", "end", "approx", "end_unit", "start_unit")),
    "duration": ("A", "how long something takes or took", ("duration",)),
    "set": ("B", "what comes back: every week, daily", ("set", "other_set", "weekday_set", "adverb", "day_set", "daypart_set")),
}
"""Rule -> grade, what it finds, and the builders whose patterns it has."""

_SINGLES = ("relative", "adverbs", "month", "weekdays", "holidays", "seasons", "decade", "plural_days", "year")
"""Components that are a date by themselves."""
_RANGES = frozenset({"range", "since", "until", "before", "after", "as_of"})
_MODS = {name: name for name in ("since", "until", "before", "after", "start", "mid", "end", "approx")}
_NUMERIC = "digits"
_INNER_MARKS = frozenset({",", "("})
"""Marks that may follow the day of the week, and begin no date where none stands."""


@lru_cache(maxsize=256)
def _find_builder(name: str) -> Builder:
    """Return the builder of that name."""
    if name in _MODS:
        return datebuilders.modified(name)
    return getattr(datebuilders, f"build_{name}", None) or getattr(dateperiods, f"build_{name}")


@dataclass(frozen=True, slots=True)
class Found:
    """What a pattern found: tokens, meaning, the rule and builder, and the places of its components."""

    first: int
    last: int
    when: When
    group: str
    builder: str
    places: dict[str, tuple[int, int]]
    doubtful: str | None = None


class _Grammar:
    """The date patterns of a language, by level and first word."""

    def __init__(self, language: Language) -> None:
        self.words = date_words(language)
        groups = {name: group for group, (_, _, names) in GROUPS.items() for name in names}
        self.index: list[dict[str, list[tuple[str, str, Pattern]]]] = [{}, {}, {}]
        self.anchors: dict[str, set[str]] = {group: set() for group in GROUPS}
        self.vocabulary = {word for words in self.words.firsts.values() for word in words}
        self.singles = {word for name in _SINGLES for word in self.words.firsts[name]}
        given: dict[str, list[str]] = language.section("dates").get("patterns", {})
        leveled = sorted(((self._level(name, text), name, text) for name, texts in given.items() for text in texts), key=lambda p: p[0])
        firsts = dict(self.words.firsts)
        point: set[str] = {DIGITS}
        for level, name, text in leveled:
            nested = {key: partial(self._read_point, level=level - 1) for key in ("point", "period", "first", "second")}
            pattern = Pattern(text, {**self.words.components, **nested, "clock": _read_clock}, language)
            anchors = pattern.first({**firsts, "clock": frozenset({DIGITS}), **dict.fromkeys(("point", "period", "first", "second"), frozenset(point))})
            anchors -= _INNER_MARKS
            for anchor in anchors:
                self.index[level].setdefault(anchor, []).append((name, groups[name], pattern))
            self.anchors[groups[name]] |= anchors
            self.vocabulary |= pattern.vocabulary()
            if level < 2:
                point |= anchors
        self.anchors["day"] |= {DIGITS}
        self.anchors["month"] |= {DIGITS}

    @staticmethod
    def _level(name: str, text: str) -> int:
        """Return the level of a pattern."""
        if name in _RANGES:
            return 2
        return 1 if "<point>" in text or "<period>" in text else 0

    def _read_point(self, tokens: Tokens, at: int, level: int) -> tuple[int, When] | None:
        """Return what patterns up to a level find at a token."""
        found = self.find(tokens, at, level)
        return None if found is None or found.when.kind not in ("date", "period") else (found.last, found.when)

    def find(self, tokens: Tokens, at: int, level: int) -> Found | None:
        """Return the longest find of patterns up to a level that begins at a token."""
        if not 0 <= at < len(tokens) or not self._may_begin(tokens, at):
            return None
        key = ("date", level, at)
        if key not in tokens.memo:
            tokens.memo[key] = self._find(tokens, at, level)
        return tokens.memo[key]

    def _may_begin(self, tokens: Tokens, at: int) -> bool:
        """Tell whether a date may begin at a token: it is one by itself, or the word after it is one of the words of dates."""
        word, after = tokens.words[at], tokens.word(at + 1)
        return word in self.singles or word[0].isdigit() or after in self.vocabulary or after[:1].isdigit()

    def _find(self, tokens: Tokens, at: int, level: int) -> Found | None:
        best = self.find(tokens, at, level - 1) if level else _find_numeric(tokens, at)
        reference = _reference(tokens)
        word = tokens.words[at]
        index = self.index[level]
        for name, group, pattern in (*index.get(word, ()), *(index.get(DIGITS, ()) if word[0].isdigit() else ())):
            match = pattern.match(tokens, at)
            if match is None or (best is not None and match[0] <= best.last):
                continue
            when = _find_builder(name)(match[1], reference)
            if when is None:
                continue
            places = {key[1:]: value for key, value in match[1].items() if key.startswith("@")}
            found = Found(at, match[0], when, group, name, places)
            if guard(tokens, found):
                best = found
        return best


def _read_clock(tokens: Tokens, at: int) -> tuple[int, None] | None:
    """Return a time of day, which is passed over: 9:30, 5 pm."""
    if not tokens.is_number(at):
        return None
    end = at + 1
    if tokens.word(end) == ":" and tokens.is_number(end + 1):
        end += 2
    if tokens.word(end) in ("am", "pm", "h", "hrs"):
        return end + 1, None
    return (end, None) if end > at + 1 else None


def _reference(tokens: Tokens) -> Any:
    """Return the day of the statement's date."""
    if "reference" not in tokens.memo:
        tokens.memo["reference"] = parse_reference(tokens.date)
    return tokens.memo["reference"]


def _find_numeric(tokens: Tokens, at: int) -> Found | None:
    """Return a date in digits."""
    found = read_numeric(tokens, at)
    if found is None:
        return None
    last, (year, month, day), twofold = found
    reference = _reference(tokens)
    when = make_day(year, month, day, reference) if day is not None else make_month(year, month, reference)
    if when is None:
        return None
    doubtful = "day and month could be the other way round" if twofold else None
    made = Found(at, last, when, "day" if day is not None else "month", _NUMERIC, {}, doubtful)
    return made if guard(tokens, made) else None


@lru_cache(maxsize=8)
def _grammar(language: Language) -> _Grammar:
    return _Grammar(language)


def find_when(tokens: Tokens, at: int) -> Found | None:
    """Return the date that begins at a token, the longest of all patterns."""
    return _grammar(tokens.language).find(tokens, at, 2)


def _find(tokens: Tokens, at: int, group: str) -> Draft | list[Draft] | None:
    """Return the draft of the date that begins at a token, where it is one of the rule's."""
    found = find_when(tokens, at)
    if found is None or found.group != group:
        return None
    if found.builder == "weekday":
        found = _share_week(tokens, found)
    drafts = [_draft(tokens, found)]
    if group == "day":
        drafts += _find_list(tokens, found)
    return drafts


def _draft(tokens: Tokens, found: Found) -> Draft:
    """Return the draft of a date."""
    when = found.when
    fields = Date(when.kind, when.timex, when.mod, when.edtf, _text(when.low), _text(when.high), when.basis, when.seconds)
    draft = Draft(found.first, found.last, fields, opaque=when.kind in ("date", "period"))
    draft.why.append(f"'{tokens.raw(found.first, found.last)}' read as {found.builder}")
    if when.basis != "stated":
        draft.why.append(f"{when.basis} from the statement's date {tokens.date}" if tokens.date else "the statement's date is not known")
    for role, key in (("begin", "first"), ("end", "second"), ("point", "point"), ("point", "period")):
        if key in found.places:
            draft.parts[role] = [tokens.span(*found.places[key])]
    if found.doubtful:
        draft.grade = "B"
        draft.why.append(found.doubtful)
    return draft


def _text(day: Any) -> str | None:
    return day.isoformat() if day is not None else None


_JOINTS = frozenset({",", "and", "or", "&", "et", "ou", "y", "e", "o", "u"})
"""What stands between the members of a list."""


def _share_week(tokens: Tokens, found: Found) -> Found:
    """Return a weekday in the week of the one beside it in a list: next Monday or Tuesday; Monday, Thursday, Friday next week."""
    number = date_words(tokens.language).components["weekdays"](tokens, found.last - 1)
    if number is None:
        return found
    for beside in (_find_before(tokens, found.first), _find_after(tokens, found.last)):
        if beside is not None and beside.builder in ("weekday_next", "weekday_last", "weekday_this"):
            when = _find_builder(beside.builder)({"weekdays": number[1]}, _reference(tokens))
            if when is not None:
                return replace(found, when=when, builder=beside.builder)
    return found


def _find_before(tokens: Tokens, first: int, depth: int = 4) -> Found | None:
    """Return the date before a token in a list, of several weekdays in a row the one with its week."""
    joint = first - 1
    if tokens.word(joint) not in _JOINTS or not depth:
        return None
    joint -= tokens.word(joint - 1) == ","
    for begin in range(max(0, joint - 6), joint):
        found = find_when(tokens, begin)
        if found is not None and found.last == joint and found.group == "weekday":
            return _find_before(tokens, found.first, depth - 1) if found.builder == "weekday" else found
    return None


def _find_after(tokens: Tokens, last: int, depth: int = 4) -> Found | None:
    """Return the date after a token in a list, of several weekdays in a row the one with its week."""
    if tokens.word(last) not in _JOINTS or not depth:
        return None
    begin = last + 1 + (tokens.word(last + 1) in _JOINTS)
    found = find_when(tokens, begin)
    if found is None or found.group != "weekday":
        return None
    return _find_after(tokens, found.last, depth - 1) if found.builder == "weekday" else found


def _find_list(tokens: Tokens, found: Found) -> list[Draft]:
    """Return the other days of a list that share a day's month: 18 and 19 June; July 17th, 18th or 19th."""
    year, month, day = found.when.named
    if month is None or day is None or found.builder == _NUMERIC:
        return []
    words = date_words(tokens.language)
    read = words.components["day"]
    drafts: list[Draft] = []

    def add(first: int, last: int, number: int) -> None:
        when = make_day(year, month, number, _reference(tokens))
        if when is not None:
            drafts.append(_draft(tokens, Found(first, last, when, "day", "day of a list", {})))

    place = found.first
    for _ in range(6):  # days before: 18, 19 and 20 June
        joint = place - 1
        joint -= tokens.word(joint) in words.sets.get("articles", ())
        if tokens.word(joint) not in _JOINTS:
            break
        begin = next((b for b in (joint - 2, joint - 1) if b >= 0 and (r := read(tokens, b)) and r[0] == joint), None)
        if begin is None or not tokens.is_number(found.first if found.places.get("day", (found.first,))[0] == found.first else begin):
            break
        add(begin, joint, read(tokens, begin)[1])  # type: ignore[index] - it was read just above
        place = begin
    place = found.last
    for _ in range(6):  # days after: July 17th, 18th or 19th
        joint = place
        joint += tokens.word(joint) == "," and tokens.word(joint + 1) in _JOINTS
        after = joint + 1 + (tokens.word(joint + 1) == "the")
        item = words.components["dayth"](tokens, after) if tokens.word(joint) in _JOINTS else None
        if item is None or words.components["month"](tokens, item[0]) or tokens.word(item[0]) == "of":
            break
        add(after, item[0], item[1])
        place = item[0]
    return drafts


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of dates in a language, in order of precedence."""
    grammar = _grammar(language)
    return [Rule(group, frozenset(grammar.anchors[group]), _finder(group), grade, doc) for group, (grade, doc, _) in GROUPS.items() if grammar.anchors[group]]


def _finder(group: str) -> Callable[[Tokens, int], Any]:
    return partial(_find, group=group)


DATE = RecordType(
    "date",
    "A day, period, set or duration that the statement names.",
    Date,
    "dates",
    make_rules,
    {"begin": "where a range begins", "end": "where a range ends", "point": "the date or period that a bound or part is of"},
)

__all__ = ["DATE", "Component", "Date", "Found", "find_when", "make_rules"]
