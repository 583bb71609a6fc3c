"""Builders of dates that are counted in units: two months ago, next week, the first quarter, every two weeks, three weeks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from variorum.ledger import calendars as cal
from variorum.ledger.calendars import DAY, When
from variorum.ledger.datevalues import CLOCK, EDGE, Few, Reference, Values, day_at, day_of, year_of


def build_year(v: Values, ref: Reference) -> When | None:
    """2023, the year 2023."""
    del ref
    return cal.make_year(year_of(v))


def build_fiscal(v: Values, ref: Reference) -> When | None:
    """Fiscal year 2008, whose first day the statement does not say."""
    del ref
    return When("period", f"FY{year_of(v)}", grain="Y")


def build_school(v: Values, ref: Reference) -> When | None:
    """School year 2008."""
    del ref
    return When("period", f"SY{year_of(v)}", grain="Y")


def build_end_unit(v: Values, ref: Reference) -> When | None:
    """End of year."""
    period = build_this(v, ref) if v["unit"] in ("W", "M", "Q", "Y", "10Y", "100Y") else None
    return _mark_edge(cal.modify(period, "end"), v, period.high) if period else None


def build_start_unit(v: Values, ref: Reference) -> When | None:
    """Beginning of year."""
    period = build_this(v, ref) if v["unit"] in ("W", "M", "Q", "Y", "10Y", "100Y") else None
    return _mark_edge(cal.modify(period, "start"), v, period.low) if period else None


def _mark_edge(part: When, v: Values, edge: dt.date | None) -> When:
    """Return a part of a period with the day that a bound counts from, where its words name the very end or beginning."""
    return replace(part, edge=edge) if v.get(part.mod or "") == EDGE else part


def build_ago(v: Values, ref: Reference) -> When | None:
    """Two months ago, 2 weeks and 2 days ago."""
    if v["unit"] in CLOCK:
        return None
    if ref is None:
        return When("date", None, basis=cal.COUNTED)
    date = cal.shift(ref, -v["count"], v["unit"])
    if date and "unit2" in v:
        date = cal.shift(date, -v["count2"], v["unit2"])
    if date is None:
        return None
    made = cal.make_days(date, date, timex=date.isoformat())
    return made if v["unit"] == "BD" else _loosen(made, date, v, ref)


def build_ago_today(v: Values, ref: Reference) -> When | None:
    """A year ago today: that very day."""
    made = build_ago(v, ref)
    return cal.make_days(made.edge, made.edge, timex=made.timex) if made and made.edge else made


def _loosen(made: When, date: dt.date, v: Values, ref: dt.date) -> When:
    """Return a day counted back in units with the days that it may be: those of its week, month, year; with a loose count those of one unit or two more, or one less."""
    unit, count = v.get("unit2", v["unit"]), v["count"]
    if isinstance(count, Few) and "unit2" not in v:
        low, high = cal.shift(ref, -(count + (1 if count < 3 else 2)), unit), cal.shift(ref, -(count - 1), unit)
    elif unit == "D":
        return made
    else:
        period = _period(unit, date, 0)
        low, high = (period.low, period.high) if period else (date, date)
    shown = date.isoformat()[: {"M": 7, "Y": 4, "10Y": 4, "100Y": 4}.get(unit, 10)]
    return replace(made, low=low, high=high, edtf=f"{shown}~", mod="approx", edge=date)


def build_rest(v: Values, ref: Reference) -> When | None:
    """The rest of the year: from the statement's day to the end, where that day lies in it."""
    period = v["period"] if "period" in v else build_this(v, ref)
    if period is None or period.kind != "period" or period.mod is not None:
        return None
    if ref is None or period.low is None or period.high is None or not period.low <= ref < period.high:
        return replace(period, mod="end")
    return cal.make_days(ref, period.high, period.grain)


def build_day_after(v: Values, ref: Reference) -> When | None:
    """The day after Christmas."""
    return build_from({"count": 1, "unit": "D", **v}, ref)


def build_day_before(v: Values, ref: Reference) -> When | None:
    """The day before Christmas."""
    return build_from({"unit": "D", **v, "count": -1}, ref)


def build_ahead(v: Values, ref: Reference) -> When | None:
    """In two weeks, two weeks from now; many years are a span rather than a day to come (the highest in 40 years)."""
    if v["unit"] in CLOCK or (v["unit"] in ("10Y", "100Y")) or (v["unit"] == "Y" and v.get("count", 1) > 9):
        return None
    return day_at(ref, v.get("count", 1), v["unit"])


def build_from(v: Values, ref: Reference) -> When | None:
    """Three weeks from tomorrow, two days after 4 May."""
    del ref
    base: When = v["point"]
    if v["unit"] in CLOCK:
        return None
    if base.basis == cal.INFERRED and v["unit"] in ("Y", "10Y", "100Y"):
        return None  # twenty years after a day whose year is not said
    if base.low is None:
        return When("date", None, basis=base.basis)
    date = cal.shift(base.low, v.get("count", 1), v["unit"])
    return cal.make_days(date, date, basis=base.basis, timex=date.isoformat()) if date else None


def build_before_point(v: Values, ref: Reference) -> When | None:
    """Two days before yesterday."""
    return build_from({**v, "count": -v.get("count", 1)}, ref)


def _period(unit: str, ref: dt.date, count: int) -> When | None:
    """Return the unit of the calendar that lies `count` units from the statement's."""
    moved = cal.shift(ref.replace(day=1) if unit in ("M", "Q", "Y", "10Y") else ref, count, unit)
    if moved is None:
        return None
    if unit == "D":
        return cal.make_days(moved, moved, timex=moved.isoformat())
    if unit == "W":
        return cal.make_week(moved)
    if unit == "WE":
        return cal.make_weekend(moved)
    if unit == "M":
        return replace(cal.make_month(moved.year, moved.month, None), basis=cal.COUNTED)
    if unit == "Q":
        return replace(cal.make_quarter(moved.year, (moved.month - 1) // 3 + 1, None), basis=cal.COUNTED)
    if unit == "Y":
        return cal.make_year(moved.year, cal.COUNTED)
    if unit == "10Y":
        return replace(cal.make_decade(moved.year // 10 * 10, century_known=True), basis=cal.COUNTED)
    if unit == "100Y":
        made = cal.make_century(moved.year // 100 + 1)
        return replace(made, basis=cal.COUNTED) if made else None
    if unit == "2W":
        monday = moved - DAY * moved.weekday()
        return cal.make_days(monday, monday + 13 * DAY, "W", span="P2W")
    return None


def _calendar_unit(v: Values, ref: Reference, count: int) -> When | None:
    unit = v["unit"]
    if unit in CLOCK:
        return None
    if ref is None:
        return When("period", None, grain=unit, basis=cal.COUNTED)
    if unit == "BW":
        moved = cal.shift(ref, count, "W")
        week = cal.make_week(moved) if moved else None
        return replace(week, high=week.low + 4 * DAY) if week and week.low else None
    return _period(unit, ref, count)


def build_this(v: Values, ref: Reference) -> When | None:
    """This week, the year."""
    return _calendar_unit(v, ref, 0)


def build_next(v: Values, ref: Reference) -> When | None:
    """Next month."""
    return _calendar_unit(v, ref, 1)


def build_last(v: Values, ref: Reference) -> When | None:
    """Last quarter."""
    return _calendar_unit(v, ref, -1)


def build_recent(v: Values, ref: Reference) -> When | None:
    """Recent months: some that end with the statement's day."""
    return When("period", "PAST_REF", high=ref, grain=v["unit"], basis=cal.COUNTED) if v["unit"] not in CLOCK else None


def build_coming(v: Values, ref: Reference) -> When | None:
    """The coming weeks: some that begin with the statement's day."""
    return When("period", "FUTURE_REF", low=ref, grain=v["unit"], basis=cal.COUNTED) if v["unit"] not in CLOCK else None


def build_same(v: Values, ref: Reference) -> When | None:
    """The same week, that month: as another place of the text has it."""
    names = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "M": "XXXX-XX", "Y": "XXXX", "WE": "XXXX-WXX-WE", "Q": "XXXX-QX"}
    found = _calendar_unit(v, ref, 0)
    return replace(found, timex=names[v["unit"]], low=None, high=None, edtf=None, basis=cal.INFERRED) if found and v["unit"] in names else None


def build_after_next(v: Values, ref: Reference) -> When | None:
    """The week after next."""
    return _calendar_unit(v, ref, 2)


def build_before_last(v: Values, ref: Reference) -> When | None:
    """The week before last."""
    return _calendar_unit(v, ref, -2)


def build_to_date(v: Values, ref: Reference) -> When | None:
    """Year to date."""
    found = _calendar_unit(v, ref, 0)
    return replace(found, high=ref) if found else None


def build_next_count(v: Values, ref: Reference) -> When | None:
    """Next three days: from the day after the statement's; of smaller and larger units alike."""
    return _count_units(v, ref, 1)


def build_last_count(v: Values, ref: Reference) -> When | None:
    """Past five years: up to the day before the statement's."""
    return _count_units(v, ref, -1)


def build_past(v: Values, ref: Reference) -> When | None:
    """Over the past year: the twelve months up to the statement's day, not those of the calendar."""
    if v["unit"] in ("10Y", "100Y") and ref is not None:
        low = cal.shift(ref, -1, v["unit"])
        return cal.make_days(low, ref - DAY, v["unit"], span=cal.make_duration(1, v["unit"]).timex) if low else None
    return build_last(v, ref) if v["unit"] == "Q" else _count_units(v, ref, -1)


def _count_units(v: Values, ref: Reference, sign: int) -> When | None:
    """Return the days of a number of units beside the statement's day."""
    unit, count = v["unit"], v.get("count", 1)
    span = cal.make_duration(count, unit).timex
    if ref is None:
        return When("period", None, grain=unit, basis=cal.COUNTED)
    if unit in CLOCK or count > 1000:
        return None
    if unit == "Q":
        first = _period("Q", ref, 1 if sign > 0 else -int(count))
        last = _period("Q", ref, int(count) if sign > 0 else -1)
        return cal.make_days(first.low, last.high, "Q", span=span) if first and last and first.low and last.high else None
    if unit == "10Y":
        return _period("10Y", ref, sign) if count == 1 else None
    start = ref + DAY if sign > 0 else ref
    if unit == "BD" and sign > 0:
        while start.weekday() > 4:
            start += DAY
    end = cal.shift(start, sign * count, unit)
    if end and "unit2" in v:
        end = cal.shift(end, sign * v["count2"], v["unit2"])
        span = f"{span}{cal.make_duration(v['count2'], v['unit2']).timex.removeprefix('P')}"  # type: ignore[union-attr] - a duration has a TIMEX
    if end is None:
        return None
    low, high = (start, end - DAY) if sign > 0 else (end, start - DAY)
    return cal.make_days(low, high, unit, span=span) if low <= high else None


def build_duration(v: Values, ref: Reference) -> When | None:
    """Three weeks, 3.5 years, an hour and a half."""
    del ref
    count = v.get("count", 1.0) + v.get("extra", 0.0)
    if v["unit"] in ("BW",):
        return None
    made = cal.make_duration(count, v["unit"])
    if "unit2" in v:
        second = cal.make_duration(v["count2"], v["unit2"])
        tail = (second.timex or "").removeprefix("P")
        tail = tail.removeprefix("T") if "T" in (made.timex or "") else tail
        return replace(made, timex=f"{made.timex}{tail}", seconds=(made.seconds or 0) + (second.seconds or 0))
    return made


def build_set(v: Values, ref: Reference) -> When | None:
    """Every two weeks, once a year."""
    del ref
    return When("set", cal.make_duration(v.get("count", 1), v["unit"]).timex, grain=v["unit"])


def build_other_set(v: Values, ref: Reference) -> When | None:
    """Every other day."""
    return build_set({**v, "count": 2}, ref)


def build_weekday_set(v: Values, ref: Reference) -> When | None:
    """Every Monday, Mondays."""
    del ref
    return When("set", f"XXXX-WXX-{int(v['weekdays'] if 'weekdays' in v else v['plural_days'])}", grain="W")


def build_daypart_set(v: Values, ref: Reference) -> When | None:
    """Every morning."""
    del ref
    return When("set", v["dayparts"], grain="D")


def build_adverb(v: Values, ref: Reference) -> When | None:
    """Daily, weekly."""
    del ref
    return When("set", v["adverbs"], grain=v["adverbs"][2:])


def build_day_set(v: Values, ref: Reference) -> When | None:
    """The 19th of every month."""
    del ref
    return When("set", f"XXXX-XX-{day_of(v):02}P1M", grain="M")


def build_quarter(v: Values, ref: Reference) -> When | None:
    """The first quarter of 2018, Q1 2018."""
    return cal.make_quarter(year_of(v), int(v.get("quarters", v.get("ordinal", 0))), ref) if 1 <= int(v.get("quarters", v.get("ordinal", 0))) <= 4 else None


def build_half(v: Values, ref: Reference) -> When | None:
    """The first half of 2018, H1 2018."""
    number = int(v.get("halves", v.get("ordinal", 0)))
    return cal.make_quarter(year_of(v), number, ref, 6) if number in (1, 2) else None


def build_quarter_in(v: Values, ref: Reference) -> When | None:
    """The first quarter of next year."""
    period: When = v["period"]
    number = int(v.get("quarters", v.get("ordinal", 0)))
    if period.grain != "Y" or period.low is None or not 1 <= number <= 4:
        return None
    return cal.make_quarter(period.low.year, number, ref)


def build_week_in(v: Values, ref: Reference) -> When | None:
    """The first week of 2019, the last week of July."""
    period: When = v["period"]
    number = int(v["ordinal"]) if "ordinal" in v else -1
    if period.low is None or period.high is None:
        return _named_week(period, number)
    weeks = list_weeks(period.low, period.high)
    if number > len(weeks) or number == 0:
        return None
    monday = weeks[number - 1 if number > 0 else -1]
    week = cal.make_week(monday, period.basis)
    named = _named_week(period, number if number > 0 else 5)
    if period.basis == cal.INFERRED and named is not None:
        return replace(week, timex=named.timex, basis=cal.INFERRED, edtf=None)
    if period.grain == "M":
        return replace(week, timex=f"{period.timex}-W{number if number > 0 else len(weeks):02}")
    del ref
    return week


def _named_week(period: When, number: int) -> When | None:
    return When("period", f"{period.timex}-W{number if number > 0 else 5:02}", grain="W", basis=cal.INFERRED) if period.grain == "M" else None


def list_weeks(low: dt.date, high: dt.date) -> list[dt.date]:
    """Return the Mondays of the weeks that have most of their days in the interval."""
    monday = low - DAY * low.weekday()
    found = []
    while monday <= high:
        if low <= monday + 3 * DAY <= high:
            found.append(monday)
        monday += 7 * DAY
    return found


def build_week_number(v: Values, ref: Reference) -> When | None:
    """Week 10, week 3 of 2027."""
    number = int(v["number"])
    year = v.get("year") or (ref.year if ref else None)
    if year is None or not 1 <= number <= 53:
        return None
    try:
        return cal.make_week(dt.date.fromisocalendar(year, number, 1), cal.STATED if "year" in v else cal.COUNTED)
    except ValueError:
        return None


def build_count_in(v: Values, ref: Reference) -> When | None:
    """The first two weeks of 2021, the last ten days of May."""
    period: When = v["period"]
    if period.low is None or period.high is None or v["unit"] not in ("D", "W", "M", "Y"):
        return None
    first = "ordinal" in v
    if first and v["ordinal"] != 1:
        return None
    unit, count = v["unit"], int(v["count"])
    weeks = list_weeks(period.low, period.high)
    start = weeks[0] if unit == "W" and weeks else period.low
    end = weeks[-1] + 7 * DAY if unit == "W" and weeks else period.high + DAY
    low, high = (start, cal.shift(start, count, unit)) if first else (cal.shift(end, -count, unit), end)
    del ref
    return cal.make_days(low, high - DAY, unit, period.basis, span=f"P{count}{unit}") if low and high and low < high else None
