import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from variorum.reading.dates import NOT_UNDERSTOOD, UNDATED, find_date, read_date

UTC = dt.UTC


def day(year: int, month: int, number: int) -> dt.datetime:
    return dt.datetime(year, month, number, tzinfo=UTC)


def end(year: int, month: int, number: int) -> dt.datetime:
    return dt.datetime(year, month, number, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "edtf", "first", "last"),
    [
        ("2024-03-29", "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
        ("20240321", "2024-03-21", day(2024, 3, 21), end(2024, 3, 21)),
        (20240321, "2024-03-21", day(2024, 3, 21), end(2024, 3, 21)),
        ("2024-02", "2024-02", day(2024, 2, 1), end(2024, 2, 29)),
        ("2024", "2024", day(2024, 1, 1), end(2024, 12, 31)),
        (1946, "1946", day(1946, 1, 1), end(1946, 12, 31)),
        ("29 March 2024", "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
        ("1st of Sept. 2024", "2024-09-01", day(2024, 9, 1), end(2024, 9, 1)),
        ("Friday, March 29, 2024", "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
        ("march 2024", "2024-03", day(2024, 3, 1), end(2024, 3, 31)),
        ("29.03.2024", "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
        ("3.4.2024", "2024-04-03", day(2024, 4, 3), end(2024, 4, 3)),
        ("2024/3/29", "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
        ("03/29/2024", "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
        ("29/03/2024", "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
        ("2024年3月29日", "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
        ("2024-03-29~", "2024-03-29~", day(2024, 3, 28), end(2024, 3, 30)),
        ("2024-03?", "2024-03?", day(2024, 2, 1), end(2024, 4, 30)),
        ("2023-12%", "2023-12%", day(2023, 11, 1), end(2024, 1, 31)),
        ("2024~", "2024~", day(2023, 1, 1), end(2025, 12, 31)),
        ("201X", "201X", day(2010, 1, 1), end(2019, 12, 31)),
        ("2024-02-XX", "2024-02-XX", day(2024, 2, 1), end(2024, 2, 29)),
        ("2024-03-01/2024-04", "2024-03-01/2024-04", day(2024, 3, 1), end(2024, 4, 30)),
        ("2024-03/..", "2024-03/..", day(2024, 3, 1), None),
        ("../2024", "../2024", None, end(2024, 12, 31)),
        (dt.date(2024, 3, 29), "2024-03-29", day(2024, 3, 29), end(2024, 3, 29)),
    ],
)
def test_days_months_and_years(text, edtf, first, last):
    assert read_date(text) == (edtf, first, last, True)


@pytest.mark.parametrize(
    ("text", "edtf", "first"),
    [
        ("2024-04-21T09:21:17-06:00", "2024-04-21T09:21:17-06:00", dt.datetime(2024, 4, 21, 15, 21, 17, tzinfo=UTC)),
        ("2024-04-21T09:21:17Z", "2024-04-21T09:21:17Z", dt.datetime(2024, 4, 21, 9, 21, 17, tzinfo=UTC)),
        ("2024-04-21 09:21:17", "2024-04-21T09:21:17", dt.datetime(2024, 4, 21, 9, 21, 17, tzinfo=UTC)),
        ("2024-04-21T104201", "2024-04-21T10:42:01", dt.datetime(2024, 4, 21, 10, 42, 1, tzinfo=UTC)),
        ("20240421T104201Z", "2024-04-21T10:42:01Z", dt.datetime(2024, 4, 21, 10, 42, 1, tzinfo=UTC)),
        ("D:20240421104201+02'00'", "2024-04-21T10:42:01+02:00", dt.datetime(2024, 4, 21, 8, 42, 1, tzinfo=UTC)),
        ("Sun, 21 Apr 2024 10:42:01 GMT", "2024-04-21T10:42:01Z", dt.datetime(2024, 4, 21, 10, 42, 1, tzinfo=UTC)),
        (1713696121, "2024-04-21T10:42:01+00:00", dt.datetime(2024, 4, 21, 10, 42, 1, tzinfo=UTC)),
        (1713696121000, "2024-04-21T10:42:01+00:00", dt.datetime(2024, 4, 21, 10, 42, 1, tzinfo=UTC)),
    ],
)
def test_moments_keep_their_zone_and_are_compared_in_utc(text, edtf, first):
    dating = read_date(text)
    assert (dating.date, dating.not_before_at) == (edtf, first)
    assert dating.not_after_at == first + dt.timedelta(microseconds=999_999)


def test_a_fraction_of_a_second_is_a_moment():
    dating = read_date("2024-04-21T09:21:17.25Z")
    assert dating.not_before_at == dating.not_after_at == dt.datetime(2024, 4, 21, 9, 21, 17, 250_000, tzinfo=UTC)


@pytest.mark.parametrize("text", [None, "", "  ", "\n"])
def test_nothing_is_undated(text):
    assert read_date(text) == UNDATED


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2024-13-45",
            "2024-02-30",
            "2023-02-29",
            "2024-00-10",
            "2024-01-00",
            "0000",
            "03/04/2024",
            "soon",
            "12",
            "2024-04-21T25:00:00",
            "2024-3-2-1",
        ),
        *(
            "2024/2023",
            "../..",
            "/",
            "2024-04-21T09:21:17+99:00",
            "32 March 2024",
            "X",
            "x" * 10_000,
            True,
            {"year": 2024},
            [2024],
            float("nan"),
            12.5,
            10**30,
        ),
    ],
)
def test_what_is_no_date_is_not_understood(text):
    assert read_date(text) == NOT_UNDERSTOOD


@given(
    st.one_of(
        st.text(max_size=30), st.text("0123456789-/.: TZX~?%March", max_size=20), st.integers(), st.floats(), st.dates(), st.datetimes()
    )
)
def test_never_raises_and_bounds_are_in_order(value):
    dating = read_date(value)
    assert dating.understood or dating.date is None
    assert dating.not_before_at is None or dating.not_after_at is None or dating.not_before_at <= dating.not_after_at
    if dating.date:  # what was written reads the same again
        assert read_date(dating.date)[:3] == dating[:3] or "." in str(value)
    find_date(str(value))


@pytest.mark.parametrize(
    ("name", "edtf"),
    [
        ("2024-03-29T023417", "2024-03-29T02:34:17"),
        ("press_2024-03-29", "2024-03-29"),
        ("2024_03_29", "2024-03-29"),
        ("statement.2024.03.29.final", "2024-03-29"),
        ("20240329-union", "2024-03-29"),
        ("20240329_023417", "2024-03-29T02:34:17"),
        ("2024-03-29-0012", "2024-03-29"),
        ("2024-03-29T9999", "2024-03-29"),
        ("statement 29 March 2024", "2024-03-29"),
        ("March_29_2024_union", "2024-03-29"),
        ("29.03.2024", "2024-03-29"),
        ("29-03-2024", "2024-03-29"),
        ("03-04-2024", None),
        ("2024-03", "2024-03"),
        ("S-2024-11", None),
        ("2024-13-45", None),
        ("id12345678", None),
        ("10241199", None),
        ("20249999", None),
        ("120240329", None),
        ("202403291", None),
        ("2024", None),
        ("statement", None),
        ("", None),
    ],
)
def test_dates_in_file_names(name, edtf):
    assert find_date(name).date == edtf
