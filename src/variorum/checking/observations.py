"""The user's table: observations with their period, value, range, unit and date of publication, from CSV.

Columns are those of SDMX-CSV (TIME_PERIOD, OBS_VALUE, UNIT_MEASURE, UNIT_MULT, OBS_STATUS) or plain ones (time, value, low, high,
published, unit); whatever other columns there are tell one series from another.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from variorum.checking.periods import read_period
from variorum.errors import UsageError

COLUMNS = {
    "time": ("time_period", "time", "period", "date", "year"),
    "value": ("obs_value", "value"),
    "low": ("low", "lower", "lower_bound", "obs_low", "conf_low"),
    "high": ("high", "upper", "upper_bound", "obs_high", "conf_high"),
    "published": ("published", "vintage", "release_date", "obs_published", "last_update"),
    "unit": ("unit_measure", "unit"),
    "multiplier": ("unit_mult",),
    "status": ("obs_status", "status"),
}
"""What an observation has -> the names of columns that hold it, whatever their case."""

_ABSENT = frozenset({"m", "o", "l", "q"})
"""Values of OBS_STATUS (SDMX code list) that say that there is no observation."""
_NOTHING = frozenset({"", "nan", "na", "n/a", ":", "-", "..", "."})
_STATUS = {"e": "estimated", "p": "provisional", "f": "forecast", "b": "break in the series", "u": "of low reliability", "i": "imputed"}


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})")
"""A number whose thousands are parted by points: with a decimal comma, or with two points and more."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of a series as it was published once.

    Attributes:
        period: as the table writes it. first, last: its days.
        value: None where the table says that there is none.
        low, high: the range the table gives with it; the value itself where it gives none.
        published: day of publication; None where the table has none.
        unit: as the table writes it, None where it has none.
        status: what OBS_STATUS says, in words; None for a normal value.
        names: the columns that tell its series, by name in lower case.
        line: of the file.
    """

    period: str
    first: dt.date
    last: dt.date
    value: float | None
    low: float | None
    high: float | None
    published: dt.date | None
    unit: str | None
    status: str | None
    names: dict[str, str]
    line: int


@dataclass(slots=True)
class Observations:
    """A table: its observations in order of the file, and what of it could not be read, a line each."""

    source: str
    rows: list[Observation] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def select(self, wanted: dict[str, str]) -> list[Observation]:
        """Return the observations of which every named column has the wanted value.

        Raises:
            UsageError: there is no such column, or no row with that value.
        """
        for name in wanted:
            if self.rows and name not in self.rows[0].names:
                known = ", ".join(sorted(self.rows[0].names)) or "none that tells series apart"
                raise UsageError(f"{self.source}: no column '{name}' to choose a series by; there are: {known}")
        found = [row for row in self.rows if all(row.names[name].casefold() == value.casefold() for name, value in wanted.items())]
        if self.rows and not found:
            raise UsageError(f"{self.source}: no row where {' and '.join(f'{name} is {value}' for name, value in wanted.items())}")
        return found


def read_observations(path: Path) -> Observations:
    """Return the table in a CSV file; columns are parted by commas, semicolons or tabs.

    Raises:
        UsageError: it cannot be read, or has no column for the time or the value.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _read_rows(str(path), rows, decimal_comma=delimiter != ",")
    except csv.Error as error:
        raise UsageError(f"{path}: no CSV file: {error}") from error


def _read_rows(source: str, rows: Iterable[list[str]], *, decimal_comma: bool) -> Observations:
    """Return the observations of rows, the first being the names of the columns."""
    found = Observations(source)
    places: dict[str, int] = {}
    others: dict[str, int] = {}
    for line, row in enumerate(rows, 1):
        if not any(cell.strip() for cell in row):
            continue
        if not places:
            places, others = _find_columns(source, row)
            continue
        cells = {role: row[at].strip() if at < len(row) else "" for role, at in places.items()}
        problem = _read_row(found, cells, {name: row[at].strip() if at < len(row) else "" for name, at in others.items()}, line, decimal_comma=decimal_comma)
        if problem:
            found.problems.append(f"{source}, line {line}: {problem}")
    if not places:
        raise UsageError(f"{source}: the file is empty; its first line names the columns: time,value,published")
    return found


def _find_columns(source: str, head: list[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return role -> column, and the other columns by name."""
    names = [name.strip().casefold() for name in head]
    places = {}
    for role, known in COLUMNS.items():
        at = next((names.index(name) for name in known if name in names), None)
        if at is not None:
            places[role] = at
    for role in ("time", "value"):
        if role not in places:
            raise UsageError(f"{source}: no column for the {role}: {' or '.join(COLUMNS[role])}; there are: {', '.join(head)}")
    return places, {name: at for at, name in enumerate(names) if at not in places.values() and name}


def _read_row(found: Observations, cells: dict[str, str], names: dict[str, str], line: int, *, decimal_comma: bool) -> str | None:
    """Add one row to the observations; return what is wrong with it, None where nothing is."""
    period = read_period(cells["time"])
    if period is None:
        return f"no period: {cells['time']!r}; write it as 2024, 2024-03, 2024-Q1 or 2024-03-29"
    numbers: dict[str, float | None] = {}
    for role in ("value", "low", "high", "multiplier"):
        try:
            numbers[role] = _read_number(cells.get(role, ""), decimal_comma=decimal_comma)
        except ValueError:
            return f"no number: {cells[role]!r}"
    status = cells.get("status", "").casefold()
    published = None
    if cells.get("published"):
        day = read_period(cells["published"])
        if day is None:
            return f"no date of publication: {cells['published']!r}; write it as 2024-03-29"
        published = day[1]
    scale = 10.0 ** (numbers["multiplier"] or 0)
    value, low, high = (None if n is None else n * scale for n in (numbers["value"], numbers["low"], numbers["high"]))
    if status in _ABSENT:
        value = None
    if value is not None:
        low, high = (value if low is None else low), (value if high is None else high)
        if not low <= value <= high:
            return f"the value {value:g} lies outside its range, {low:g} to {high:g}"
    found.rows.append(Observation(cells["time"], *period, value, low, high, published, cells.get("unit") or None, _STATUS.get(status), names, line))
    return None


def _read_number(text: str, *, decimal_comma: bool) -> float | None:
    """Return a number, None where nothing is written; ValueError for what is no number."""
    text = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if text.casefold() in _NOTHING:
        return None
    if decimal_comma and _GROUPED.fullmatch(text):  # 1.234,5 and 1.480.000
        text = text.replace(".", "")
    if decimal_comma and "," in text and "." not in text:
        text = text.replace(",", ".")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
