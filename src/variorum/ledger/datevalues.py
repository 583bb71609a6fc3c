"""What builders of dates share: the values of a pattern, and small steps in the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from variorum.ledger import calendars as cal
from variorum.ledger.calendars import When

Values = dict[str, Any]
"""Values of a pattern's components by key, and under ``@key`` their tokens."""
Reference = dt.date | None
"""Day of the statement's date."""
Builder = Callable[[Values, Reference], "When | None"]

EDGE = "edge"
"""Value of words that name the very beginning or end of a period: the end of, other than late."""


class Few(float):
    """A count that is said loosely: a few, several, a couple."""


CLOCK = ("S", "MIN", "H")
"""Units in which no day is counted."""


def year_of(v: Values) -> Any:
    """Return the year of a pattern, None where it has none."""
    return v.get("year", v.get("year2"))


def day_of(v: Values) -> int:
    """Return the day of the month of a pattern."""
    return next(v[name] for name in ("day", "dayth", "dayword") if name in v)


def day_at(ref: Reference, count: float, unit: str) -> When | None:
    """Return the day at a distance from another."""
    date = cal.shift(ref, count, unit) if ref else None
    if date is None:
        return When("date", None, basis=cal.COUNTED)
    return cal.make_days(date, date, timex=date.isoformat())


def replace_day(date: dt.date, day: int) -> Reference:
    """Return a date with another day of its month, None where the month has none."""
    try:
        return date.replace(day=day)
    except ValueError:
        return None
