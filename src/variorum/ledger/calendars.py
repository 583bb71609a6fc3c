"""What a date says: TIMEX, EDTF, the days it covers, and how far each is said or counted from the statement's date.

A TIMEX value of a range is written ``(begin,end,duration)``; both ends are the first days of what is named, so that
``from March to May`` is ``(XXXX-03-01,XXXX-05-01,P2M)``. The days covered are another matter: they end with the last of May.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

DAY = dt.timedelta(days=1)

STATED, COUNTED, INFERRED = "stated", "counted", "inferred"
"""Where the days come from: all said; counted from the statement's date; a part left out (a year) and supplied from it."""

SECONDS = {"S": 1, "MIN": 60, "H": 3600, "D": 86400, "BD": 86400, "WE": 2 * 86400, "W": 7 * 86400, "BW": 7 * 86400, "M": 30 * 86400, "Q": 91 * 86400, "Y": 365 * 86400, "10Y": 3650 * 86400, "100Y": 36500 * 86400, "2W": 14 * 86400}
"""Unit -> seconds, a month being 30 days and a year 365, as durations are compared."""


@dataclass(frozen=True, slots=True)
class When:
    """A date, period, set or duration.

    Attributes:
        kind: `date`, `period`, `set` or `duration`.
        timex: its TIMEX value; None where it is relative to a date that is not known.
        low, high: first and last day; None where open or not known.
        edtf: as EDTF; None for sets and durations.
        grain: `D`, `W`, `M`, `Q`, `Y`, `10Y`, `100Y` or another unit.
        begin: its first day as it is named, such as ``XXXX-03-01``.
        basis: `STATED`, `COUNTED` or `INFERRED`.
        mod: `before`, `after`, `since`, `until`, `approx`, `start`, `mid`, `end`, `more`, `less`.
        seconds: length of a duration.
        named: month and day as named, for a range that completes one side from the other.
        edge: the day from which a bound counts, where it is not the first or last of the days covered: the end of 2022, a year ago.
    """

    kind: str
    timex: str | None
    low: dt.date | None = None
    high: dt.date | None = None
    edtf: str | None = None
    grain: str = "D"
    begin: str | None = None
    basis: str = STATED
    mod: str | None = None
    seconds: float | None = None
    named: tuple[int | None, int | None, int | None] = (None, None, None)
    edge: dt.date | None = None


def parse_reference(text: str | None) -> dt.date | None:
    """Return the day of the statement's date; the first of its month or year where it says no more.

    None where it cannot be told, or so near the ends of the calendar that nothing can be counted from it.
    """
    digits = (text or "")[:10].rstrip("~?%")
    parts = digits.split("-")
    try:
        numbers = [int(p) for p in parts[:3]]
        found = dt.date(numbers[0], numbers[1] if len(numbers) > 1 else 1, numbers[2] if len(numbers) > 2 else 1)
        return found if 200 <= found.year <= 9000 else None
    except (ValueError, IndexError):
        return None


def make_day(year: int | None, month: int, day: int, reference: dt.date | None) -> When | None:
    """Return a day; without a year the one nearest to the statement's date."""
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year or 2024, month)[1]:
        return None
    named = (year, month, day)
    if year is not None:
        date = _safe_date(year, month, day)
        if date is None:
            return None
        text = date.isoformat()
        return When("date", text, date, date, text, begin=text, named=named)
    text = f"XXXX-{month:02}-{day:02}"
    date = _nearest(reference, month, day)
    return When("date", text, date, date, text, begin=text, basis=INFERRED, named=named)


def _safe_date(year: int, month: int, day: int) -> dt.date | None:
    """Return a date, None where the calendar has none."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _nearest(reference: dt.date | None, month: int, day: int) -> dt.date | None:
    """Return the day of that name nearest to a date, days to come counting a fifth more, since statements tell more of what was."""
    if reference is None:
        return None
    found = [d for y in range(reference.year - 4, reference.year + 5) if (d := _safe_date(y, month, day)) is not None]
    return min(found, key=lambda d: (d - reference).days * 1.2 if d > reference else (reference - d).days) if found else None


def make_month(year: int | None, month: int, reference: dt.date | None) -> When:
    """Return a month; without a year the one whose middle is nearest to the statement's date."""
    middle = _nearest(reference, month, 15) if year is None else dt.date(year, month, 15)
    low, high = month_bounds(middle) if middle else (None, None)
    shown = "XXXX" if year is None else f"{year:04}"
    return When("period", f"{shown}-{month:02}", low, high, f"{shown}-{month:02}", "M", f"{shown}-{month:02}-01", INFERRED if year is None else STATED, named=(year, month, None))


def month_bounds(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a day's month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def make_year(year: int, basis: str = STATED) -> When:
    """Return a year."""
    return When("period", f"{year:04}", dt.date(year, 1, 1), dt.date(year, 12, 31), f"{year:04}", "Y", f"{year:04}-01-01", basis, named=(year, None, None))


def make_days(low: dt.date, high: dt.date, grain: str = "D", basis: str = COUNTED, timex: str | None = None, span: str | None = None) -> When:
    """Return a period of whole days; its TIMEX is the tuple of its bounds and the duration `span` unless `timex` is given."""
    after = high + DAY
    text = timex or f"({low.isoformat()},{after.isoformat()},{span or f'P{(after - low).days}D'})"
    edtf = low.isoformat() if low == high else f"{low.isoformat()}/{high.isoformat()}"
    return When("period" if low != high or grain != "D" else "date", text, low, high, edtf, grain, low.isoformat(), basis)


def make_week(day: dt.date, basis: str = COUNTED) -> When:
    """Return the week, from Monday, that holds a day."""
    monday = day - DAY * day.weekday()
    year, week, _ = monday.isocalendar()
    return make_days(monday, monday + 6 * DAY, "W", basis, f"{year:04}-W{week:02}")


def make_weekend(day: dt.date, basis: str = COUNTED) -> When:
    """Return the weekend of the week that holds a day."""
    monday = day - DAY * day.weekday()
    year, week, _ = monday.isocalendar()
    return make_days(monday + 5 * DAY, monday + 6 * DAY, "WE", basis, f"{year:04}-W{week:02}-WE")


def make_quarter(year: int | None, quarter: int, reference: dt.date | None, months: int = 3) -> When:
    """Return a quarter of a year, or a half of it where `months` is 6."""
    month = (quarter - 1) * months + 1
    shown = f"{year:04}" if year is not None else "XXXX"
    actual = year if year is not None else (reference.year if reference else None)
    next_month, carry = (month + months, 0) if month + months <= 12 else (1, 1)
    end_year = f"{year + carry:04}" if year is not None else "XXXX"
    low = dt.date(actual, month, 1) if actual else None
    high = dt.date(actual + carry, next_month, 1) - DAY if actual else None
    timex = f"({shown}-{month:02}-01,{end_year}-{next_month:02}-01,P{months}M)"
    edtf = f"{low.isoformat()[:7]}/{high.isoformat()[:7]}" if low and high and year is not None else None
    return When("period", timex, low, high, edtf, "Q" if months == 3 else "H", f"{shown}-{month:02}-01", STATED if year is not None else INFERRED)


def make_decade(year: int, *, century_known: bool) -> When:
    """Return the ten years from `year`."""
    timex = f"({year:04}-01-01,{year + 10:04}-01-01,P10Y)"
    return When("period", timex, dt.date(year, 1, 1), dt.date(year + 9, 12, 31), f"{year // 10:03}X", "10Y", f"{year:04}-01-01", STATED if century_known else INFERRED)


def make_century(number: int) -> When | None:
    """Return a century by its ordinal; the fifteenth begins in 1400, as people count."""
    if not 1 <= number <= 30:
        return None
    year = (number - 1) * 100
    low = dt.date(max(year, 1), 1, 1)
    return When("period", f"({year:04}-01-01,{year + 100:04}-01-01,P100Y)", low, dt.date(year + 99, 12, 31), f"{year // 100:02}XX", "100Y", f"{year:04}-01-01")


def shift(day: dt.date, count: float, unit: str) -> dt.date | None:
    """Return a day moved by a number of units; None where the calendar ends."""
    try:
        if unit in ("D", "W", "2W", "WE"):
            return day + dt.timedelta(days=round(count * {"D": 1, "W": 7, "2W": 14, "WE": 7}[unit]))
        if unit == "BD":
            step, left = (1 if count > 0 else -1), abs(int(count))
            while left and left < 2000:
                day += step * DAY
                left -= day.weekday() < 5
            return day
        if unit in ("S", "MIN", "H"):
            return day
        months = round(count * {"M": 1, "Q": 3, "Y": 12, "10Y": 120, "100Y": 1200}[unit])
        total = day.year * 12 + day.month - 1 + months
        year, month = divmod(total, 12)
        return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError, KeyError, calendar.IllegalMonthError):
        return None


def make_duration(count: float, unit: str) -> When:
    """Return a duration: P3D, PT1.5H, P4BD."""
    amount = f"{count:g}"
    if unit == "Q":
        text = f"P{3 * count:g}M"
    elif unit in ("S", "MIN", "H"):
        text = f"PT{amount}{'M' if unit == 'MIN' else unit}"
    elif unit == "BW":
        text = f"P{amount}W"  # a working week comes round with the week
    elif unit in ("10Y", "100Y", "2W"):
        text = f"P{count * int(unit[:-1]):g}{unit[-1]}"
    else:
        text = f"P{amount}{unit}"
    return When("duration", text, grain=unit, seconds=count * SECONDS[unit])


def join_range(first: When, second: When, reference: dt.date | None) -> When | None:
    """Return the range from one date or period to another; what one side leaves out is taken from the other."""
    first, second = _complete(first, second, reference), _complete(second, first, reference)
    if first.begin is None or second.begin is None:
        return None
    low, high = first.low, second.high
    if low and high and high < low:
        if INFERRED not in (first.basis, second.basis) or second.named[1] is None:
            return None
        high = _safe_date(high.year + 1, high.month, high.day)
    basis = next((b for b in (COUNTED, INFERRED) if b in (first.basis, second.basis)), STATED)
    duration = _measure(first, second)
    if duration is None:
        return None
    edtf = f"{first.edtf}/{second.edtf}" if first.edtf and second.edtf and "/" not in first.edtf + second.edtf else None
    return When("period", f"({first.begin},{second.begin},{duration})", low, high, edtf, second.grain, first.begin, basis)


def _complete(side: When, other: When, reference: dt.date | None) -> When:
    """Return one side of a range with the year of the other."""
    year, month, day = side.named
    if year is None and month is not None and other.named[0] is not None:
        made = make_day(other.named[0], month, day, reference) if day is not None else make_month(other.named[0], month, reference)
        return made or side
    return side


def _measure(first: When, second: When) -> str | None:
    """Return the duration between the first days of two sides."""
    a, b = _nominal(first.begin), _nominal(second.begin)
    if ("X" in (first.begin or "")) != ("X" in (second.begin or "")) and first.low and second.low and first.low <= second.low:
        a, b = first.low, second.low  # one side tells its year
    if a is None or b is None:
        return None
    if b < a:
        if "X" not in (first.begin or "") and "X" not in (second.begin or ""):
            return None
        b = shift(b, 1, "Y") or b
    months = (b.year - a.year) * 12 + b.month - a.month
    if first.grain == second.grain == "Y":
        return f"P{b.year - a.year}Y"
    if {first.grain, second.grain} <= {"M", "Q", "H", "Y"}:
        return f"P{months}M"
    return f"P{(b - a).days}D"


def _nominal(begin: str | None) -> dt.date | None:
    """Return the day of a begin, a year that is not named taken as 2019."""
    if begin is None:
        return None
    try:
        return dt.date.fromisoformat(begin.replace("XXXX-XX", "2019-11").replace("XXXX", "2019"))
    except ValueError:
        return None


def modify(when: When, mod: str) -> When:
    """Return a date or period that is only a bound: `since`, `after`, `before`, `until`; or a part of it: `start`, `mid`, `end`; or `approx`."""
    low, high, edtf = when.low, when.high, when.edtf
    plain = edtf is not None and "/" not in edtf
    if when.edge is not None and mod in ("since", "after", "before", "until"):
        ends = when.mod == "end"  # what lasts to the last day comes before the end; since the end is since the last part
        low, high = (low if ends and mod == "since" else when.edge + DAY if ends else when.edge), when.edge
        when = replace(when, low=low, high=high, edge=None)
    if mod in ("since", "from"):
        return replace(when, kind="period", high=None, mod="since", edtf=f"{edtf}/.." if plain else None)
    if mod == "after":
        return replace(when, kind="period", low=high + DAY if high else None, high=None, mod=mod, edtf=f"{edtf}/.." if plain else None)
    if mod == "before":
        return replace(when, kind="period", low=None, high=low - DAY if low else None, mod=mod, edtf=f"../{edtf}" if plain else None)
    if mod == "until":
        return replace(when, kind="period", low=None, mod=mod, edtf=f"../{edtf}" if plain else None)
    if mod == "approx":
        return replace(when, mod=mod, edtf=f"{edtf}~" if plain else None)
    return _take_part(when, mod)


def _take_part(when: When, mod: str) -> When:
    """Return the beginning, middle or end of a period: ten days of a month, half a year or another period at its ends, a third in its middle."""
    low, high = when.low, when.high
    if low is None or high is None:
        return replace(when, mod=mod)
    days = (high - low).days + 1
    if when.grain == "Y":
        bounds: dict[str, Any] = {"start": (low, low.replace(month=6, day=30)), "end": (low.replace(month=7), high), "mid": (low.replace(month=5), low.replace(month=8, day=31))}
    elif when.grain == "M":
        bounds = {"start": (low, low.replace(day=15)), "end": (low.replace(day=16), high), "mid": (low.replace(day=10), low.replace(day=20))}
    else:
        half, third = days // 2, days // 3
        bounds = {"start": (low, low + (half - 1) * DAY if half else low), "end": (high - (half - 1) * DAY if half else high, high), "mid": (low + third * DAY, high - third * DAY)}
    first, last = bounds.get(mod, (low, high))
    return replace(when, low=first, high=last, mod=mod, edtf=f"{first.isoformat()}/{last.isoformat()}")
