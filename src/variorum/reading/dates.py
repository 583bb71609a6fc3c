"""Dates as people write them, to EDTF and the moments they allow.

The rules are few and their own: a date that could be read two ways (``03/04/2024``) is not understood
rather than guessed. A moment without a zone counts as UTC. A date marked ``~`` or ``?`` may be off by one
unit of its own precision (a day, a month, a year), which widens its bounds.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

DAY, MONTH, YEAR = "day", "month", "year"
LONGEST = 80
"""Characters of the longest text that is looked at as a date."""


class Dating(NamedTuple):
    """A date: EDTF string, first and last moment it allows (UTC; None where open or undated), and whether it was understood."""

    date: str | None
    not_before_at: dt.datetime | None
    not_after_at: dt.datetime | None
    understood: bool


UNDATED = Dating(None, None, None, True)
NOT_UNDERSTOOD = Dating(None, None, None, False)

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_TIME = r"(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?"
_ZONE = r"(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_CLOCK = rf"(?:,?\s+(?:at\s+)?{_TIME}\s*{_ZONE})?"

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO_TIME = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)(?:T|t|\s+){_TIME}\s*{_ZONE}")
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?([?~%])?")
_COMPACT = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?\s*(Z|[+-]\d\d(?:[:']?\d\d)?)?'?)?")
_UNSPECIFIED = re.compile(r"\d{3}X|\d\dXX|\d{4}-XX(?:-XX)?|\d{4}-\d\d-XX")
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d\d?)\2(\d\d?)")
_DOTTED = re.compile(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d\d?)[/-](\d\d?)[/-](\d{4})")
_DAY_MONTH = re.compile(rf"{_WEEKDAY}(\d\d?)(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH},?[\s-]+(\d{{4}}){_CLOCK}", re.I)
_MONTH_DAY = re.compile(rf"{_WEEKDAY}{_MONTH}\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{{4}}){_CLOCK}", re.I)
_MONTH_YEAR = re.compile(rf"{_MONTH},?\s+(\d{{4}})", re.I)
_HAN = re.compile(r"(\d{4})\s*年\s*(?:(\d\d?)\s*月\s*(?:(\d\d?)\s*[日号號])?)?")

# In a file's name a clock time must be marked by a T or hold its seconds: 2024-03-29-0012 is a serial number.
_IN_NAME = re.compile(
    r"(?<!\d)(\d{4})([-_.]?)(\d\d)\2(\d\d)"
    r"(?:T(\d\d)[-:_.]?(\d\d)(?:[-:_.]?(\d\d))?Z?(?!\d)|[ _.-]{1,3}(\d\d)[-:_.]?(\d\d)[-:_.]?(\d\d)Z?(?!\d))?(?!\d)"
)
_MONTH_IN_NAME = re.compile(r"(\d{4})[-_](\d\d)(?!\d|[-_.]?\d)")
_DAY_LAST_IN_NAME = re.compile(r"(?<!\d)(\d\d)([-_.])(\d\d)\2(\d{4})(?!\d)")
_DAY_MONTH_IN_NAME = re.compile(rf"(?<!\d)(\d\d?)(?:st|nd|rd|th)?[ _.-]*{_MONTH}[ _.,-]*(\d{{4}})(?!\d)", re.I)
_MONTH_DAY_IN_NAME = re.compile(rf"(?<![^\W\d_]){_MONTH}[ _.-]*(\d\d?)(?:st|nd|rd|th)?[ _.,-]+(\d{{4}})(?!\d)", re.I)


def read_date(value: object) -> Dating:
    """Return the date that a field holds: text, a date or datetime, or a number (year, yyyymmdd, Unix seconds or milliseconds).

    None and blank text are `UNDATED`; what is not a date is `NOT_UNDERSTOOD`. Never raises.
    """
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return UNDATED
        return _read_text(text) if len(text) <= LONGEST else NOT_UNDERSTOOD
    if value is None:
        return UNDATED
    if isinstance(value, dt.date):  # datetime is a date as well
        return _read_text(value.isoformat())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _read_number(value)
    return NOT_UNDERSTOOD


@lru_cache(maxsize=4096)
def find_date(name: str) -> Dating:
    """Return the date in a file's name without its suffix, such as ``press_2024-03-29`` or ``2024-03-29T023417``; else `UNDATED`."""
    for match in _IN_NAME.finditer(name):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        clock = next((match.group(i, i + 1, i + 2) for i in (5, 8) if match[i]), None)
        if _plausible(year):
            found = _at(year, month, day, clock) if clock else NOT_UNDERSTOOD
            found = found if found.understood else _on(year, month, day)
            if found.understood:
                return found
    for pattern, order in ((_DAY_LAST_IN_NAME, (1, 3, 4)), (_DAY_MONTH_IN_NAME, (1, 2, 3)), (_MONTH_DAY_IN_NAME, (2, 1, 3))):
        for match in pattern.finditer(name):
            day, month, year = (match[i] for i in order)
            if pattern is _DAY_LAST_IN_NAME and match[2] != "." and int(day) <= 12:
                continue  # 03-04-2024 could be either
            found = _on(int(year), _month(month), int(day))
            if found.understood and _plausible(int(year)):
                return found
    # A month only where the name begins with it: in S-2024-11 the 11 is more likely a serial number.
    match = _MONTH_IN_NAME.match(name)
    found = _on(int(match[1]), int(match[2])) if match and _plausible(int(match[1])) else UNDATED
    return found if found.understood else UNDATED


def _plausible(year: int) -> bool:
    """Tell whether digits in a file's name may be a year rather than part of a number."""
    return 1900 <= year <= 2099


def _read_number(value: int | float) -> Dating:
    """Return the date of a number: years and yyyymmdd are written out, larger numbers count from 1970."""
    if value != value or value in (float("inf"), float("-inf")):
        return NOT_UNDERSTOOD
    if value == int(value) and 1000 <= value <= 99_999_999:
        return _read_text(str(int(value)))
    # Unix time of this century has ten digits in seconds and thirteen in milliseconds.
    seconds = value / 1000 if abs(value) >= 1e11 else value
    if not 1e8 <= abs(seconds) < 1e11:
        return NOT_UNDERSTOOD
    try:
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
    except OverflowError:
        return NOT_UNDERSTOOD
    return _read_text(moment.isoformat())


@lru_cache(maxsize=65536)
def _read_text(text: str) -> Dating:
    """Return the date of stripped text; whole rows of equal dates cost one reading."""
    if match := _ISO_DAY.fullmatch(text):  # by far the most frequent, and so without detours
        year, month, day = map(int, match.groups())
        try:
            first = dt.datetime(year, month, day, tzinfo=dt.UTC)
        except ValueError:
            return NOT_UNDERSTOOD
        return Dating(text, first, dt.datetime(year, month, day, 23, 59, 59, 999_999, dt.UTC), True)
    if match := _ISO_TIME.fullmatch(text):
        return _at(int(match[1]), int(match[2]), int(match[3]), match.groups()[3:7], match[8])
    if match := _ISO.fullmatch(text):
        return _on(int(match[1]), *(int(part) if part else None for part in match.groups()[1:3]), mark=match[4] or "")
    if match := _COMPACT.fullmatch(text):
        clock = match.groups()[3:6]
        day = int(match[1]), int(match[2]), int(match[3])
        return _at(*day, (*clock, None), match[7]) if clock[0] else _on(*day)
    if _UNSPECIFIED.fullmatch(text):
        return _unspecified(text)
    if text.count("/") == 1:
        return _interval(*text.split("/"))
    return _read_words(text)


def _read_words(text: str) -> Dating:
    """Return the date of text in other forms than ISO's."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _on(int(match[1]), int(match[3]), int(match[4]))
    if match := _DOTTED.fullmatch(text):
        return _on(int(match[3]), int(match[2]), int(match[1]))  # no country writes month.day.year
    if match := _SLASHED.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first > 12 or first == second:
            return _on(year, second, first)
        return _on(year, first, second) if second > 12 else NOT_UNDERSTOOD
    if match := _DAY_MONTH.fullmatch(text):
        day = int(match[3]), _month(match[2]), int(match[1])
    elif match := _MONTH_DAY.fullmatch(text):
        day = int(match[3]), _month(match[1]), int(match[2])
    elif match := _MONTH_YEAR.fullmatch(text):
        return _on(int(match[2]), _month(match[1]))
    elif match := _HAN.fullmatch(text):
        return _on(int(match[1]), *(int(part) if part else None for part in match.groups()[1:]))
    else:
        return NOT_UNDERSTOOD
    return _at(*day, match.groups()[3:7], match[8]) if match[4] else _on(*day)


def _month(text: str) -> int:
    """Return the number of a month given as figure or English name."""
    return int(text) if text.isdigit() else _MONTHS[text.lower().rstrip(".")]


def _on(year: int, month: int | None = None, day: int | None = None, *, mark: str = "") -> Dating:
    """Return the date of a day, month or year, `mark` being EDTF's ``~``, ``?`` or ``%``."""
    try:
        first = dt.datetime(year, month or 1, day or 1, tzinfo=dt.UTC)
        if day:
            last, edtf = first, f"{year:04}-{month:02}-{day:02}"
        elif month:
            last, edtf = first.replace(day=calendar.monthrange(year, month)[1]), f"{year:04}-{month:02}"
        else:
            last, edtf = first.replace(month=12, day=31), f"{year:04}"
        last = last.replace(hour=23, minute=59, second=59, microsecond=999_999)
        if mark:
            first, last = _widened(first, last, DAY if day else MONTH if month else YEAR)
    except (ValueError, OverflowError):
        return NOT_UNDERSTOOD
    # The year 0 and day or month 0 are not in the calendar; `or 1` above must not let them pass.
    if month == 0 or day == 0:
        return NOT_UNDERSTOOD
    return Dating(edtf + mark, first, last, True)


def _widened(first: dt.datetime, last: dt.datetime, precision: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the bounds moved outwards by one unit of the precision."""
    day = dt.timedelta(days=1)
    if precision == DAY:
        return first - day, last + day
    if precision == MONTH:
        after = last + day
        return (first - day).replace(day=1), last + dt.timedelta(days=calendar.monthrange(after.year, after.month)[1])
    return first.replace(year=first.year - 1), last.replace(year=last.year + 1)


def _at(year: int, month: int, day: int, clock: Sequence[str | None], zone: str | None = None) -> Dating:
    """Return the date of a moment; `clock` holds hour, minute, second or None, and digits of its fraction or None."""
    hour, minute, second = int(clock[0] or 0), int(clock[1] or 0), int(clock[2] or 0)
    fraction = clock[3] if len(clock) > 3 else None
    try:
        offset, shown = _zone(zone)
        first = dt.datetime(year, month, day, hour, minute, second, int(f"{fraction or 0:0<6}"[:6]), tzinfo=dt.UTC) - offset
    except (ValueError, OverflowError):
        return NOT_UNDERSTOOD
    width = dt.timedelta(0) if fraction else dt.timedelta(seconds=1 if clock[2] else 60, microseconds=-1)
    edtf = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{shown}"
    return Dating(edtf, first, first + width, True)


def _zone(zone: str | None) -> tuple[dt.timedelta, str]:
    """Return a zone's offset from UTC and how EDTF writes it."""
    if not zone:
        return dt.timedelta(0), ""
    if zone in ("Z", "UTC", "GMT"):
        return dt.timedelta(0), "Z"
    digits = re.sub(r"\D", "", zone).ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError("no such zone")
    size = dt.timedelta(hours=hours, minutes=minutes)
    return (-size if zone[0] == "-" else size), f"{zone[0]}{hours:02}:{minutes:02}"


def _unspecified(text: str) -> Dating:
    """Return the date of EDTF text with unspecified digits, such as ``201X`` or ``2024-XX``."""
    if "-" in text:
        known = _read_text(text.replace("-XX", ""))
    else:
        low, high = _on(int(text.replace("X", "0"))), _on(int(text.replace("X", "9")))
        known = Dating(text, low.not_before_at, high.not_after_at, low.understood and high.understood)
    return known._replace(date=text) if known.understood else NOT_UNDERSTOOD


def _interval(start: str, end: str) -> Dating:
    """Return the date of an EDTF interval; ``..`` or nothing on a side leaves that bound open."""
    sides = [UNDATED if part in ("", "..") else _read_text(part) for part in (start.strip(), end.strip())]
    if any(not side.understood or "/" in (side.date or "") for side in sides) or sides == [UNDATED, UNDATED]:
        return NOT_UNDERSTOOD
    low, high = sides[0].not_before_at, sides[1].not_after_at
    if low and high and low > high:
        return NOT_UNDERSTOOD
    return Dating("/".join(side.date or ".." for side in sides), low, high, True)
