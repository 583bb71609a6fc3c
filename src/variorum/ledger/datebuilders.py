"""From the values of a date pattern to what the date says; a builder gets the values, the statement's date and the words before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from variorum.ledger import calendars as cal
from variorum.ledger.calendars import DAY, When

Values = dict[str, Any]
Reference = dt.date | None
_CLOCK = ("S", "MIN", "H")
"""Units in which no day is counted."""

Builder = Callable[[Values, Reference], "When | None"]


def _year(v: Values) -> Any:
    """Return the year of a pattern, None where it has none."""
    return v.get("year", v.get("year2"))


def _day(v: Values) -> int:
    """Return the day of the month of a pattern."""
    return next(v[name] for name in ("day", "dayth", "dayword") if name in v)


def build_day(v: Values, ref: Reference) -> When | None:
    """7 October 2023, October 7th."""
    return cal.make_day(_year(v), v["month"], _day(v), ref)


def build_month(v: Values, ref: Reference) -> When | None:
    """October, October 2023."""
    return cal.make_month(_year(v), v["month"], ref)


def build_year(v: Values, ref: Reference) -> When | None:
    """2023, the year 2023."""
    del ref
    return cal.make_year(_year(v))


def build_numeric(v: Values, ref: Reference) -> When | None:
    """Friday 7/6, next 5/19."""
    year, month, day = v["numeric"]
    return cal.make_day(year, month, day, ref)


def build_fiscal(v: Values, ref: Reference) -> When | None:
    """Fiscal year 2008, whose first day the statement does not say."""
    del ref
    return When("period", f"FY{_year(v)}", grain="Y")


def build_school(v: Values, ref: Reference) -> When | None:
    """School year 2008."""
    del ref
    return When("period", f"SY{_year(v)}", grain="Y")


def build_end_unit(v: Values, ref: Reference) -> When | None:
    """End of year."""
    period = build_this(v, ref)
    return cal.modify(period, "end") if period else None


def build_start_unit(v: Values, ref: Reference) -> When | None:
    """Beginning of year."""
    period = build_this(v, ref)
    return cal.modify(period, "start") if period else None


def build_dayth(v: Values, ref: Reference) -> When | None:
    """The 4th: of a month that is not named."""
    day = _day(v)
    dates = [] if ref is None else [d for m in (-1, 0, 1) if (s := cal.shift(ref.replace(day=1), m, "M")) and (d := _replace_day(s, day))]
    date = min(dates, key=lambda d: abs((d - ref).days)) if dates and ref else None
    text = f"XXXX-XX-{day:02}"
    return When("date", text, date, date, text, begin=text, basis=cal.INFERRED, named=(None, None, day))


def _replace_day(date: dt.date, day: int) -> Reference:
    try:
        return date.replace(day=day)
    except ValueError:
        return None


def build_weekday(v: Values, ref: Reference) -> When | None:
    """Monday: the last one before the statement or on its day."""
    number = int(v["weekdays"])
    date = None if ref is None else ref - DAY * ((ref.isoweekday() - number) % 7)
    return When("date", f"XXXX-WXX-{number}", date, date, None, begin=date.isoformat() if date else None, basis=cal.INFERRED)


def build_weekday_dayth(v: Values, ref: Reference) -> When | None:
    """Monday the 21st: the nearest such day."""
    number, day = int(v["weekdays"]), _day(v)
    if ref is not None and ref.isoweekday() == number and ref.day == day or (ref is not None and _in_month(ref, number, day)):
        date = ref.replace(day=day)
        return cal.make_days(date, date)
    timex = f"XXXX-WXX-{number}"
    dates = [] if ref is None else [d for m in range(-14, 15) if (s := cal.shift(ref.replace(day=1), m, "M")) and (d := _replace_day(s, day)) and d.isoweekday() == number]
    date = min(dates, key=lambda d: abs((d - ref).days)) if dates and ref else None
    return When("date", timex, date, date, None, begin=date.isoformat() if date else None, basis=cal.INFERRED)


def _in_month(ref: dt.date, number: int, day: int) -> bool:
    date = _replace_day(ref, day)
    return date is not None and date.isoweekday() == number


def build_relative(v: Values, ref: Reference) -> When | None:
    """Today, tomorrow, the day before yesterday."""
    return _at(ref, int(v["relative"]), "D")


def _at(ref: Reference, count: float, unit: str) -> When | None:
    """Return the day at a distance from another."""
    date = cal.shift(ref, count, unit) if ref else None
    if date is None:
        return When("date", None, basis=cal.COUNTED)
    return cal.make_days(date, date, timex=date.isoformat())


def build_ago(v: Values, ref: Reference) -> When | None:
    """Two months ago, 2 weeks and 2 days ago."""
    if v["unit"] in _CLOCK:
        return None
    if ref is None:
        return When("date", None, basis=cal.COUNTED)
    date = cal.shift(ref, -v["count"], v["unit"])
    if date and "unit2" in v:
        date = cal.shift(date, -v["count2"], v["unit2"])
    return cal.make_days(date, date, timex=date.isoformat()) if date else None


def build_ahead(v: Values, ref: Reference) -> When | None:
    """In two weeks, two weeks from now."""
    if v["unit"] in _CLOCK:
        return None
    return _at(ref, v.get("count", 1), v["unit"])


def build_from(v: Values, ref: Reference) -> When | None:
    """Three weeks from tomorrow, two days after 4 May."""
    del ref
    base: When = v["point"]
    if v["unit"] in _CLOCK:
        return None
    if base.low is None:
        return When("date", None, basis=base.basis)
    date = cal.shift(base.low, v.get("count", 1), v["unit"])
    return cal.make_days(date, date, basis=base.basis, timex=date.isoformat()) if date else None


def build_before(v: Values, ref: Reference) -> When | None:
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
    unit = "BW" if v["unit"] == "BW" else v["unit"]
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


def build_same(v: Values, ref: Reference) -> When | None:
    """The same week, that month: as another place of the text has it."""
    names = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "M": "XXXX-XX", "Y": "XXXX", "WE": "XXXX-WXX-WE", "Q": "XXXX-QX"}
    found = _calendar_unit(v, ref, 0)
    return replace(found, timex=names[v["unit"]], basis=cal.INFERRED) if found and v["unit"] in names else None


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


def _count_units(v: Values, ref: Reference, sign: int) -> When | None:
    """Return the days of a number of units beside the statement's day."""
    unit, count = v["unit"], v.get("count", 1)
    span = cal.make_duration(count, unit).timex
    if ref is None:
        return When("period", None, grain=unit, basis=cal.COUNTED)
    if unit in _CLOCK or count > 1000:
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


def build_weekday_this(v: Values, ref: Reference) -> When | None:
    """This Friday, Friday this week."""
    return _weekday_in_week(v, ref, 0)


def build_weekday_next(v: Values, ref: Reference) -> When | None:
    """Next Monday: of the week after the statement's."""
    return _weekday_in_week(v, ref, 1)


def build_weekday_last(v: Values, ref: Reference) -> When | None:
    """Last Wednesday: of the week before the statement's."""
    return _weekday_in_week(v, ref, -1)


def build_weekday_coming(v: Values, ref: Reference) -> When | None:
    """The coming Friday: the first after the statement's day."""
    if ref is None:
        return When("date", None, basis=cal.COUNTED)
    return _at(ref, (int(v["weekdays"]) - ref.isoweekday() - 1) % 7 + 1, "D")


def build_weekday_past(v: Values, ref: Reference) -> When | None:
    """This past Wednesday: the last before the statement's day."""
    if ref is None:
        return When("date", None, basis=cal.COUNTED)
    return _at(ref, -((ref.isoweekday() - int(v["weekdays"]) - 1) % 7 + 1), "D")


def _weekday_in_week(v: Values, ref: Reference, weeks: int) -> When | None:
    if ref is None:
        return When("date", None, basis=cal.COUNTED)
    monday = ref - DAY * ref.weekday() + 7 * weeks * DAY
    return _at(monday, int(v["weekdays"]) - 1, "D")


def build_month_this(v: Values, ref: Reference) -> When | None:
    """This September."""
    return replace(cal.make_month(ref.year, v["month"], ref), basis=cal.COUNTED) if ref else cal.make_month(None, v["month"], None)


def build_month_next(v: Values, ref: Reference) -> When | None:
    """Next September: the first to begin after the statement's month."""
    if ref is None:
        return cal.make_month(None, v["month"], None)
    return replace(cal.make_month(ref.year + (v["month"] <= ref.month), v["month"], ref), basis=cal.COUNTED)


def build_month_last(v: Values, ref: Reference) -> When | None:
    """Last September: the last to end before the statement's month."""
    if ref is None:
        return cal.make_month(None, v["month"], None)
    return replace(cal.make_month(ref.year - (v["month"] >= ref.month), v["month"], ref), basis=cal.COUNTED)


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
    return When("set", f"XXXX-WXX-{int(v.get('weekdays', v.get('plural_days')))}", grain="W")


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
    return When("set", f"XXXX-XX-{_day(v):02}P1M", grain="M")


def build_quarter(v: Values, ref: Reference) -> When | None:
    """The first quarter of 2018, Q1 2018."""
    return cal.make_quarter(_year(v), int(v.get("quarters", v.get("ordinal", 0))), ref) if 1 <= int(v.get("quarters", v.get("ordinal", 0))) <= 4 else None


def build_half(v: Values, ref: Reference) -> When | None:
    """The first half of 2018, H1 2018."""
    number = int(v.get("halves", v.get("ordinal", 0)))
    return cal.make_quarter(_year(v), number, ref, 6) if number in (1, 2) else None


def build_quarter_in(v: Values, ref: Reference) -> When | None:
    """The first quarter of next year."""
    period: When = v["period"]
    number = int(v.get("quarters", v.get("ordinal", 0)))
    if period.grain != "Y" or period.low is None or not 1 <= number <= 4:
        return None
    return cal.make_quarter(period.low.year, number, ref)


def build_month_in(v: Values, ref: Reference) -> When | None:
    """August of last year."""
    period: When = v["period"]
    number = v.get("month", v.get("ordinal", 0))
    if period.grain != "Y" or period.low is None or not 1 <= number <= 12:
        return None
    return replace(cal.make_month(period.low.year, number, ref), basis=period.basis)


def build_day_in(v: Values, ref: Reference) -> When | None:
    """The 21st of this month."""
    if "period" not in v and ref is None:
        return build_dayth(v, ref)
    period: When = v["period"] if "period" in v else cal.make_month(ref.year, ref.month, ref)  # type: ignore[union-attr] - looked at just above
    day = _day(v)
    if period.grain != "M" or period.low is None:
        return None
    date = _replace_day(period.low, day)
    return cal.make_days(date, date, basis=period.basis, timex=date.isoformat()) if date else None


def build_weekday_in(v: Values, ref: Reference) -> When | None:
    """Tuesday of next week."""
    period: When = v["period"]
    if period.grain != "W" or period.low is None:
        return None
    return _at(period.low, int(v["weekdays"]) - 1, "D") if ref else None


def build_week_in(v: Values, ref: Reference) -> When | None:
    """The first week of 2019, the last week of July."""
    period: When = v["period"]
    number = int(v["ordinal"]) if "ordinal" in v else -1
    if period.low is None or period.high is None:
        return _named_week(period, number)
    weeks = _weeks(period.low, period.high)
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


def _weeks(low: dt.date, high: dt.date) -> list[dt.date]:
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


def build_week_of(v: Values, ref: Reference) -> When | None:
    """The week of 23 July."""
    del ref
    point: When = v["point"]
    return cal.make_week(point.low, point.basis) if point.low else None


def build_weekday_nth(v: Values, ref: Reference) -> When | None:
    """The first Monday of September."""
    period: When = v["period"]
    if period.grain != "M" or period.low is None or period.high is None:
        return None
    days = [period.low + n * DAY for n in range((period.high - period.low).days + 1) if (period.low + n * DAY).isoweekday() == int(v["weekdays"])]
    number = int(v["ordinal"]) if "ordinal" in v else len(days)
    if not 1 <= number <= len(days):
        return None
    date = days[number - 1]
    del ref
    timex = date.isoformat() if period.basis != cal.INFERRED else f"{period.timex}-WXX-{int(v['weekdays'])}-#{number}"
    return replace(cal.make_days(date, date, basis=period.basis), timex=timex)


def build_count_in(v: Values, ref: Reference) -> When | None:
    """The first two weeks of 2021, the last ten days of May."""
    period: When = v["period"]
    if period.low is None or period.high is None or v["unit"] not in ("D", "W", "M", "Y"):
        return None
    first = "ordinal" in v
    if first and v["ordinal"] != 1:
        return None
    unit, count = v["unit"], int(v["count"])
    weeks = _weeks(period.low, period.high)
    start = weeks[0] if unit == "W" and weeks else period.low
    end = weeks[-1] + 7 * DAY if unit == "W" and weeks else period.high + DAY
    low, high = (start, cal.shift(start, count, unit)) if first else (cal.shift(end, -count, unit), end)
    del ref
    return cal.make_days(low, high - DAY, unit, period.basis, span=f"P{count}{unit}") if low and high and low < high else None


def build_decade(v: Values, ref: Reference) -> When | None:
    """The 1960s, the sixties."""
    del ref
    value = int(v["decade"])
    if value % 10 or not (20 <= value < 100 or 1000 <= value < 2200 or value in (0, 10)):
        return None
    return cal.make_decade(value if value >= 1000 else 1900 + value if value >= 20 else 2000 + value, century_known=value >= 1000)


def build_century(v: Values, ref: Reference) -> When | None:
    """The fifteenth century."""
    del ref
    return cal.make_century(int(v.get("ordinal", v.get("number", 0))))


def build_season(v: Values, ref: Reference) -> When | None:
    """Summer 2017; which months it covers depends on the hemisphere, so no days are given."""
    del ref
    year = v.get("year")
    shown = f"{year:04}" if year else "XXXX"
    codes = {"SP": "21", "SU": "22", "FA": "23", "WI": "24"}
    return When("period", f"{shown}-{v['seasons']}", edtf=f"{shown}-{codes[v['seasons']]}" if year else None, grain="SEASON", basis=cal.STATED if year else cal.INFERRED)


def build_season_bare(v: Values, ref: Reference) -> When | None:
    """Summer, of a year that is not said."""
    del ref
    return When("period", v["seasons"], grain="SEASON", basis=cal.INFERRED)


def build_season_this(v: Values, ref: Reference) -> When | None:
    """This summer."""
    return build_season({**v, "year": ref.year if ref else None}, ref)


def build_season_next(v: Values, ref: Reference) -> When | None:
    """Next summer."""
    return build_season({**v, "year": ref.year + 1 if ref else None}, ref)


def build_season_last(v: Values, ref: Reference) -> When | None:
    """Last summer."""
    return build_season({**v, "year": ref.year - 1 if ref else None}, ref)


def build_holiday(v: Values, ref: Reference) -> When | None:
    """Christmas, Easter Monday 2018."""
    rule, year = v["holidays"], v.get("year")
    if rule.startswith("easter"):
        days = int(rule[6:] or 0)
        if year is None and ref is None:
            return When("date", None, basis=cal.INFERRED)
        found = [_easter(y) + days * DAY for y in ([year] if year else [ref.year - 1, ref.year, ref.year + 1])]  # type: ignore[union-attr] - ref is given where the year is not
        date = found[0] if year else min(found, key=lambda d: abs((d - ref).days))  # type: ignore[operator] - as above
        return replace(cal.make_days(date, date, basis=cal.STATED if year else cal.INFERRED), timex=date.isoformat() if year else f"XXXX-{date.month:02}-{date.day:02}", kind="date")
    month, day, *nth = rule.split("-")
    if not nth:
        return cal.make_day(year, int(month), int(day), ref)
    period = cal.make_month(year, int(month), ref)
    values = {"period": period, "weekdays": day}
    if nth[0] != "last":
        values["ordinal"] = int(nth[0])
    made = build_weekday_nth(values, ref)
    return replace(made, timex=f"XXXX-{int(month):02}-WXX-{day}-{nth[0]}") if made and not year and nth[0] != "last" else made


def _easter(year: int) -> dt.date:
    """Return Easter Sunday (Meeus, Jones and Butcher, in: Astronomical Algorithms, 1991, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def build_range(v: Values, ref: Reference) -> When | None:
    """From 7 October to 13 October, 2014 to 2018, from March to date."""
    second = v["second"] if "second" in v else _at(ref, 0, "D")
    return cal.join_range(v["first"], second, ref) if second else None


def build_day_range(v: Values, ref: Reference) -> When | None:
    """7 to 13 October, October 7-13."""
    year = v.get("year")
    first, second = cal.make_day(year, v["month"], v["day"], ref), cal.make_day(year, v["month"], v["day2"], ref)
    if first is None or second is None:
        return None
    if v["day2"] <= v["day"]:
        return None
    return cal.join_range(first, second, ref)


def build_dayth_range(v: Values, ref: Reference) -> When | None:
    """Between the 21st and 23rd."""
    first, second = build_dayth({"dayth": v["day"]}, ref), build_dayth({"dayth": v["day2"]}, ref)
    return cal.join_range(first, second, ref) if first and second and v["day2"] > v["day"] else None


def build_month_range(v: Values, ref: Reference) -> When | None:
    """January to February 2017."""
    year = v.get("year")
    return cal.join_range(cal.make_month(year, v["month"], ref), cal.make_month(year, v["month2"], ref), ref)


def modified(mod: str) -> Builder:
    """Return the builder of a bound or part: since, before, until, after, early, late."""

    def build(v: Values, ref: Reference) -> When | None:
        del ref
        point: When = v.get("point") or v["period"]
        if point.kind not in ("date", "period") or (mod in ("start", "mid", "end") and point.kind != "period"):
            return None
        return cal.modify(point, mod)

    return build
