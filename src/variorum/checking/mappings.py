"""Which figure belongs to which series: rows of a CSV file with ``entry, counted, unit, series, factor, time``.

A figure goes by the first row that fits it: by its id (``entry``), or by what it counts and its unit. An empty cell asks for nothing.
``series`` names the series by its columns, ``REF_AREA=NH; INDICATOR=BOATS``; ``factor`` multiplies what was observed, so that a table in
thousands fits; ``time`` fixes the period that is spoken of, where it is not the last before the statement.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from variorum.checking.periods import read_period
from variorum.errors import UsageError
from variorum.ledger.phrases import counts

COLUMNS = ("entry", "counted", "unit", "series", "factor", "time")


@dataclass(frozen=True, slots=True)
class Pairing:
    """One row of the mapping.

    Attributes:
        entry: id of a figure, or its beginning; counted, unit: what it counts and its unit; None asks for nothing.
        series: column -> value.
        factor: what observed values are multiplied by.
        time: the period to compare with, as tables write it; None: the last before the statement.
    """

    entry: str | None = None
    counted: str | None = None
    unit: str | None = None
    series: Mapping[str, str] = field(default_factory=dict)
    factor: float = 1.0
    time: str | None = None

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a figure (a flat row) is meant."""
        if self.entry is not None and not str(row["entry"]).startswith(self.entry):
            return False
        if self.unit is not None and self.unit.casefold() != name_unit(row).casefold():
            return False
        return self.counted is None or counts(row, self.counted)


def name_unit(row: Mapping[str, Any]) -> str:
    """Return a figure's unit with what it is divided by, as ``km/h``; empty for a count."""
    return (row["unit"] or "") + (f"/{row['per']}" if row["per"] else "")


def find_pairing(pairings: Sequence[Pairing], row: Mapping[str, Any]) -> Pairing | None:
    """Return the first pairing that fits a figure."""
    return next((pairing for pairing in pairings if pairing.fits(row)), None)


def read_mapping(path: Path) -> list[Pairing]:
    """Return the pairings of a file.

    Raises:
        UsageError: it cannot be read, a column is unknown, or a row is wrong; says which.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    unknown = [name for name in reader.fieldnames or [] if name not in COLUMNS]
    if unknown or not reader.fieldnames:
        raise UsageError(f"{path}: {f'no column {unknown[0]!r} in a mapping' if unknown else 'the file is empty'}; there are {', '.join(COLUMNS)}")
    found = []
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if any(cells.values()):
            try:
                found.append(make_pairing(**cells))
            except UsageError as error:
                raise UsageError(f"{path}, line {reader.line_num}: {error}") from error
    return found


def make_pairing(*, entry: str = "", counted: str = "", unit: str = "", series: str = "", factor: str = "", time: str = "") -> Pairing:
    """Return a pairing from its cells; UsageError where one is wrong."""
    if not (entry or counted or unit):
        raise UsageError("a row of a mapping needs an entry, what is counted, or a unit")
    names = {}
    for part in filter(None, (p.strip() for p in series.split(";"))):
        name, mark, value = part.partition("=")
        if not mark or not name.strip():
            raise UsageError(f"a series is named by columns, as REF_AREA=NH; INDICATOR=BOATS, not {series!r}")
        names[name.strip().casefold()] = value.strip()
    if time and read_period(time) is None:
        raise UsageError(f"no period: {time!r}; write it as 2024, 2024-03, 2024-Q1 or 2024-03-29")
    try:
        scale = float(factor or 1)
    except ValueError:
        raise UsageError(f"no factor: {factor!r}") from None
    return Pairing(entry or None, counted or None, unit or None, names, scale, time or None)
