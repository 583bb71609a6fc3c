"""Periods of observations as tables write them, SDMX's among them: 2024, 2024-03, 2024-Q1, 2024-S1, 2024-W05, 2024-03-29, ranges."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache

from variorum.reading.dates import read_date

DAY = dt.timedelta(days=1)

_PART = re.compile(r"(\d{4})-?([ASTBQM])(\d{1,2})", re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_DAY_OF_YEAR = re.compile(r"(\d{4})-?D(\d{1,3})", re.IGNORECASE)
_LENGTH = re.compile(r"P(\d{1,3})([YMWD])", re.IGNORECASE)
_MONTHS = {"A": 12, "S": 6, "B": 6, "T": 4, "Q": 3, "M": 1}
"""Letter of a part of a year -> its months: year, semester, half, trimester, quarter, month."""


@lru_cache(maxsize=4096)
def read_period(text: str) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of a period; None where it is not understood."""
    text = text.strip()
    if "/" in text and (found := _read_range(text)):
        return found
    try:
        if match := _PART.fullmatch(text):
            months = _MONTHS[match[2].upper()]
            month = (int(match[3]) - 1) * months + 1
            return (dt.date(int(match[1]), month, 1), _add_months(dt.date(int(match[1]), month, 1), months) - DAY) if 1 <= month <= 13 - months else None
        if match := _WEEK.fullmatch(text):
            monday = dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return monday, monday + 6 * DAY
        if match := _DAY_OF_YEAR.fullmatch(text):
            day = dt.date(int(match[1]), 1, 1) + (int(match[2]) - 1) * DAY
            return (day, day) if day.year == int(match[1]) else None
    except (ValueError, OverflowError):
        return None
    dating = read_date(text)
    if not dating.understood or dating.not_before_at is None or dating.not_after_at is None:
        return None
    return dating.not_before_at.date(), dating.not_after_at.date()


def _read_range(text: str) -> tuple[dt.date, dt.date] | None:
    """Return the days of ``2024-01-01/2024-03-31`` or ``2024-01-01/P3M``."""
    first, _, second = text.partition("/")
    begin = read_period(first)
    if begin is None:
        return None
    match = _LENGTH.fullmatch(second.strip())
    if not match:
        end = read_period(second)
        return (begin[0], end[1]) if end and end[1] >= begin[0] else None
    count, unit = int(match[1]), match[2].upper()
    try:
        after = _add_months(begin[0], count * (12 if unit == "Y" else 1)) if unit in "YM" else begin[0] + count * (7 if unit == "W" else 1) * DAY
    except (ValueError, OverflowError):
        return None
    return (begin[0], after - DAY) if count else None


def _add_months(day: dt.date, months: int) -> dt.date:
    """Return a day moved by months; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
