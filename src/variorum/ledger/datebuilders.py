"""Builders of days, weekdays, months, seasons, feasts, decades and ranges from the values of a date pattern."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from variorum.ledger import calendars as cal
from variorum.ledger.calendars import DAY, When
from variorum.ledger.datevalues import EDGE, Builder, Reference, Values, day_at, day_of, replace_day, year_of


def build_day(v: Values, ref: Reference) -> When | None:
    """7 October 2023, October 7th."""
    return cal.make_day(year_of(v), v["month"], day_of(v), ref)


def build_month(v: Values, ref: Reference) -> When | None:
    """October, October 2023."""
    return cal.make_month(year_of(v), v["month"], ref)


def build_numeric(v: Values, ref: Reference) -> When | None:
    """Friday 7/6, next 5/19."""
    year, month, day = v["numeric"]
    return cal.make_day(year, month, day, ref)


def build_dayth(v: Values, ref: Reference) -> When | None:
    """The 4th: of a month that is not named."""
    day = day_of(v)
    dates = [] if ref is None else [d for m in (-1, 0, 1) if (s := cal.shift(ref.replace(day=1), m, "M")) and (d := replace_day(s, day))]
    date = min(dates, key=lambda d: abs((d - ref).days)) if dates and ref else None
    text = f"XXXX-XX-{day:02}"
    return When("date", text, date, date, text, begin=text, basis=cal.INFERRED, named=(None, None, day))


def build_weekday(v: Values, ref: Reference) -> When | None:
    """Monday: the last one before the statement or on its day."""
    number = int(v["weekdays"])
    date = None if ref is None else ref - DAY * ((ref.isoweekday() - number) % 7)
    return When("date", f"XXXX-WXX-{number}", date, date, None, begin=date.isoformat() if date else None, basis=cal.INFERRED)


def build_weekday_dayth(v: Values, ref: Reference) -> When | None:
    """Monday the 21st: the nearest such day."""
    number, day = int(v["weekdays"]), day_of(v)
    if (ref is not None and ref.isoweekday() == number and ref.day == day) or (ref is not None and _in_month(ref, number, day)):
        date = ref.replace(day=day)
        return cal.make_days(date, date)
    timex = f"XXXX-WXX-{number}"
    dates = [] if ref is None else [d for m in range(-14, 15) if (s := cal.shift(ref.replace(day=1), m, "M")) and (d := replace_day(s, day)) and d.isoweekday() == number]
    date = min(dates, key=lambda d: abs((d - ref).days)) if dates and ref else None
    return When("date", timex, date, date, None, begin=date.isoformat() if date else None, basis=cal.INFERRED)


def _in_month(ref: dt.date, number: int, day: int) -> bool:
    date = replace_day(ref, day)
    return date is not None and date.isoweekday() == number


def build_relative(v: Values, ref: Reference) -> When | None:
    """Today, tomorrow, the day before yesterday."""
    return day_at(ref, int(v["relative"]), "D")


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
    return day_at(ref, (int(v["weekdays"]) - ref.isoweekday() - 1) % 7 + 1, "D")


def build_weekday_past(v: Values, ref: Reference) -> When | None:
    """This past Wednesday: the last before the statement's day."""
    if ref is None:
        return When("date", None, basis=cal.COUNTED)
    return day_at(ref, -((ref.isoweekday() - int(v["weekdays"]) - 1) % 7 + 1), "D")


def _weekday_in_week(v: Values, ref: Reference, weeks: int) -> When | None:
    if ref is None:
        return When("date", None, basis=cal.COUNTED)
    monday = ref - DAY * ref.weekday() + 7 * weeks * DAY
    return day_at(monday, int(v["weekdays"]) - 1, "D")


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
    day = day_of(v)
    if period.grain != "M" or period.low is None:
        return None
    date = replace_day(period.low, day)
    return cal.make_days(date, date, basis=period.basis, timex=date.isoformat()) if date else None


def build_weekday_in(v: Values, ref: Reference) -> When | None:
    """Tuesday of next week."""
    period: When = v["period"]
    if period.grain != "W" or period.low is None:
        return None
    return day_at(period.low, int(v["weekdays"]) - 1, "D") if ref else None


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


def _count_season(v: Values, ref: Reference, years: int) -> When | None:
    """Return the season of a year counted from the statement's."""
    made = build_season({**v, "year": ref.year + years if ref else None}, ref)
    return replace(made, basis=cal.COUNTED) if made else None


def build_season_this(v: Values, ref: Reference) -> When | None:
    """This summer."""
    return _count_season(v, ref, 0)


def build_season_next(v: Values, ref: Reference) -> When | None:
    """Next summer."""
    return _count_season(v, ref, 1)


def build_season_last(v: Values, ref: Reference) -> When | None:
    """Last summer."""
    return _count_season(v, ref, -1)


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
        number, _, days = nth[0].partition("+")
        values["ordinal"] = int(number)
        if days:  # the Tuesday after the first Monday
            return _days_after(build_weekday_nth(values, ref), int(days), year)
    made = build_weekday_nth(values, ref)
    return replace(made, timex=f"XXXX-{int(month):02}-WXX-{day}-{nth[0]}") if made and not year and nth[0] != "last" else made


def _days_after(made: When | None, days: int, year: int | None) -> When | None:
    """Return the day some days after a feast that is a weekday of a month; without a year its TIMEX tells the month and the day of the week."""
    if made is None or made.low is None:
        return made
    date = made.low + days * DAY
    timex = date.isoformat() if year else f"XXXX-{date.month:02}-WXX-{date.isoweekday()}"
    return replace(cal.make_days(date, date, basis=made.basis, timex=timex), kind="date")


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


def build_week_of(v: Values, ref: Reference) -> When | None:
    """The week of 23 July."""
    del ref
    point: When = v["point"]
    if point.low is not None and point.high is not None and point.grain == "D" and (point.low != point.high or point.low.isoweekday() == 7):
        last = point.high if point.low != point.high else point.low + 6 * DAY  # the week of 2 to 8 October; a week that begins on a Sunday
        return cal.make_days(point.low, last, "W", point.basis) if (last - point.low).days < 7 else None
    return cal.make_week(point.low, point.basis) if point.low else None


def build_range(v: Values, ref: Reference) -> When | None:
    """From 7 October to 13 October, 2014 to 2018, from March to date."""
    second = v["second"] if "second" in v else day_at(ref, 0, "D")
    if second is not None and v["first"].low is not None and v["first"].low == second.low == v["first"].high == second.high:
        return None  # 13 October 2022 – today: a heading
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


def build_as_of(v: Values, ref: Reference) -> When | None:
    """As of 4 May: what holds on that day."""
    del ref
    point: When = v["point"]
    return point if point.kind in ("date", "period") else None


def modified(mod: str) -> Builder:
    """Return the builder of a bound or part: since, before, until, after, early, late."""

    def build(v: Values, ref: Reference) -> When | None:
        point: When = v.get("point") or v["period"]
        if point.kind not in ("date", "period") or (mod in ("start", "mid", "end") and point.kind != "period"):
            return None
        made = cal.modify(point, mod)
        if v.get(mod) == EDGE:  # the end of 2022, other than late 2022
            made = replace(made, edge=point.low if mod == "start" else point.high)
        if v.get(mod) in ("earlier", "later") and ref is not None and point.low is not None and point.high is not None and point.low <= ref <= point.high:
            low, high = (point.low, ref) if mod == "start" else (ref, point.high)  # earlier this year: up to the statement's day
            made = replace(made, low=low, high=high, edtf=f"{low.isoformat()}/{high.isoformat()}")
        return made

    return build
