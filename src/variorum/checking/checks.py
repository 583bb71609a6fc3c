"""Each figure against its series, as of the statement's date and as published by then; the table CHECKS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from variorum.checking.intervals import LOOSE_RATIO, NO_DATA, NOT_COMPARABLE, OUTSIDE, ROUNDING, Verdict, compare_intervals, state_interval
from variorum.checking.mappings import Pairing, find_pairing, make_pairing, name_unit, read_mapping
from variorum.checking.observations import Observation, Observations, read_observations
from variorum.checking.periods import read_period
from variorum.checking.scales import convert
from variorum.errors import UsageError
from variorum.reading.dates import read_date

Row = dict[str, Any]
Pairs = str | Path | Sequence[Pairing] | Mapping[str, str]

_KINDS = ("age", "reference")
"""Kinds of figures that are no observation of a series."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What figures are checked against: the table, which figure belongs to which series, and when a bound is loose (see `intervals`)."""

    observations: Observations
    pairings: Sequence[Pairing]
    loose: float = LOOSE_RATIO


def make_plan(against: str | Path, mapping: Pairs | None, loose: float = LOOSE_RATIO) -> Plan:
    """Return the plan for a table and a mapping.

    Args:
        against: the CSV file of observations.
        mapping: a CSV file (see `mappings`), pairings, or one pairing as a dictionary: ``{"counted": "boats", "series": "port=east"}``.
        loose: a bound is loose where it is that many times what was observed, or the other way round.

    Raises:
        UsageError: a file cannot be read, or the mapping names a series that the table has not.
    """
    if mapping is None:
        raise UsageError("which figures belong to the table? name what it counts (--counted), or give a mapping (--mapping)")
    if not 1 < loose < float("inf"):
        raise UsageError(f"--loose takes a number above 1, not {loose:g}")
    observations = read_observations(Path(against))
    pairings = read_mapping(Path(mapping)) if isinstance(mapping, str | Path) else [make_pairing(**mapping)] if isinstance(mapping, Mapping) else list(mapping)
    for pairing in pairings:
        observations.select(dict(pairing.series))
    return Plan(observations, pairings, loose)


@dataclass(slots=True)
class Tally:
    """What came of a check beside its rows: figures that no row of the mapping fits, and what was wrong, a line each."""

    n_figures: int = 0
    n_unpaired: int = 0
    problems: list[str] = field(default_factory=list)


def check_statement(statement: Mapping[str, Any], rows: Iterable[Row], plan: Plan, tally: Tally) -> Iterator[Row]:
    """Yield a row of CHECKS for each figure of a statement that the mapping gives a series.

    Args:
        statement: with `siglum, series, date`, the date being EDTF.
        rows: its entries, flat.
        plan: what is compared with what.
        tally: is filled.
    """
    for row in rows:
        if row["type"] != "figure" or row["plugin"] is not None:
            continue
        tally.n_figures += 1
        pairing = find_pairing(plan.pairings, row)
        if pairing is None:
            tally.n_unpaired += 1
            continue
        yield _check_figure(statement, row, pairing, plan)


def _check_figure(statement: Mapping[str, Any], row: Row, pairing: Pairing, plan: Plan) -> Row:
    """Return the answer for one figure."""
    names = ("entry", "start", "end", "quote", "voice", "comparator", "value", "low", "high", "counted")
    found: Row = {"statement": statement["siglum"], "publisher": statement.get("series"), "date": statement["date"], **{name: row[name] for name in names}}
    found["counted"] = row["counted"] or row["share_of"]
    found["unit"] = name_unit(row) or None
    why: list[str] = []
    observed, later = None, None
    problem = _find_obstacle(row)
    verdict = Verdict(NOT_COMPARABLE) if problem else Verdict(NO_DATA)
    if problem:
        why.append(problem)
    else:
        try:
            series = plan.observations.select(dict(pairing.series))
            observed, later = _choose(series, statement["date"], pairing, why)
        except UsageError as error:
            verdict = Verdict(NOT_COMPARABLE)
            why.append(str(error))
    next_verdict = None
    if observed is not None:
        verdict = _compare(row, observed, pairing, plan.loose, why)
        if later is not None:
            next_verdict = _compare(row, later, pairing, plan.loose, [])
            why.append(f"published again on {later.published}: {_show(later, pairing.factor)}, {next_verdict.answer}")
    found.update({"answer": verdict.answer, "off_by": verdict.off_by, "off_share": verdict.off_share})
    found["series"] = "; ".join(f"{name}={value}" for name, value in pairing.series.items()) or None
    found.update(_describe(observed, later))
    found["next_answer"] = next_verdict.answer if next_verdict else None
    return {**found, "why": why}


def _find_obstacle(row: Row) -> str | None:
    """Return why a figure cannot be compared with any series; None where it can."""
    if row["negated"]:
        return "the statement denies the figure"
    if row["kind"] in _KINDS:
        return f"the figure is of kind {row['kind']}"
    return "its words give no number" if state_interval(row) is None else None


def _choose(series: Sequence[Observation], date: str | None, pairing: Pairing, why: list[str]) -> tuple[Observation | None, Observation | None]:
    """Return the last observation that was over and published by the statement's date, and the next time that its period was published."""
    bound = read_date(date).not_after_at
    if bound is None:
        why.append("the statement is undated: give its date (--date)" if date is None else f"the statement's date {date} has no end")
        return None, None
    by = bound.date()
    if date is not None and len(date) < 10:
        why.append(f"the statement is dated {date}; what was published by {by} is taken")
    wanted = read_period(pairing.time) if pairing.time else None
    over = [o for o in series if o.value is not None and (o.last <= by if wanted is None else (o.first, o.last) == wanted)]
    held = [o for o in over if o.published is None or o.published <= by]
    if not held:
        why.append(_tell_none(series, over, by, pairing))
        return None, None
    last = max((o.last, o.first) for o in held)
    same = [o for o in held if (o.last, o.first) == last]
    newest = max(o.published or dt.date.min for o in same)
    same = [o for o in same if (o.published or dt.date.min) == newest]
    if len({o.value for o in same}) > 1:
        raise UsageError(f"the table has several values for {same[0].period}: {same[0].value:,.12g} and {next(o.value for o in same if o.value != same[0].value):,.12g}; name one series by its columns in the mapping")
    if same[0].published is None:
        why.append("the table says of no value when it was published")
    later = [o for o in over if (o.last, o.first) == last and o.published is not None and o.published > by]
    return same[0], min(later, key=lambda o: o.published or dt.date.max, default=None)


def _tell_none(series: Sequence[Observation], over: Sequence[Observation], by: dt.date, pairing: Pairing) -> str:
    """Say why no observation can be taken."""
    if over:
        first = min(o.published for o in over if o.published is not None)
        return f"nothing of it was published by {by}; the first was on {first}"
    if pairing.time:
        return f"the table has no value for {pairing.time}"
    first = min((o.last for o in series if o.value is not None), default=None)
    return f"no period was over by {by}; the first ends on {first}" if first else "the table has no value"


def _compare(row: Row, observed: Observation, pairing: Pairing, loose: float, why: list[str]) -> Verdict:
    """Return how a figure lies to one observation."""
    factor, problem = _find_factor(row, observed, pairing)
    if problem is not None:
        why.append(problem)
        return Verdict(NOT_COMPARABLE)
    scale = factor * pairing.factor
    stated = state_interval(row, loose)
    assert stated is not None  # else the figure had been passed over
    assert observed.low is not None
    assert observed.high is not None
    low, high = sorted((scale * observed.low, scale * observed.high))
    verdict = compare_intervals(stated, low, high)
    status = f", {observed.status}" if observed.status else ""
    why.append(f"for {observed.period} {_show(observed, scale)} was published" + (f" on {observed.published}" if observed.published else "") + status)
    if verdict.answer in (OUTSIDE, ROUNDING) and verdict.off_by:
        share = f" ({verdict.off_share:.1%})" if verdict.off_share is not None else ""
        why.append(f"the figure is {'above' if verdict.off_by > 0 else 'below'} it by {abs(verdict.off_by):,.12g}{share}")
    return verdict


def _find_factor(row: Row, observed: Observation, pairing: Pairing) -> tuple[float, str | None]:
    """Return what an observed value is multiplied by to be in the figure's unit, and why it cannot be."""
    unit = name_unit(row)
    said = f"in {unit}" if unit else "a share" if row["kind"] == "share" else "a count"
    if observed.unit is None:
        told = pairing.unit is not None or (not unit and row["kind"] != "share")
        return 1.0, None if told else f"the figure is {said}, and the table names no unit; where it has the figure's, say so (--unit, or the column unit of the mapping)"
    factor = convert(unit, observed.unit, row["kind"])
    if factor is None and pairing.unit is not None and row["unit_system"] is None:
        factor = 1.0  # a word that names several units (dollar): the mapping says which is meant
    return factor or 1.0, None if factor is not None else f"the figure is {said}, the series in {observed.unit}"


def _show(observed: Observation, scale: float) -> str:
    """Return what was observed in the figure's unit, with its range where the table gives one."""
    values = [f"{scale * value:,.12g}" for value in (observed.value, observed.low, observed.high) if value is not None]
    return values[0] if len(set(values)) == 1 else f"{values[0]} ({values[1]} to {values[2]})"


def _describe(observed: Observation | None, later: Observation | None) -> Row:
    """Return the columns of CHECKS about what was observed, as the table has it."""
    columns = ("period", "observed", "observed_low", "observed_high", "observed_unit", "observed_status", "published")
    o = observed
    values = (o.period, o.value, o.low, o.high, o.unit, o.status, o.published and o.published.isoformat()) if o else (None,) * len(columns)
    row: Row = dict(zip(columns, values, strict=True))
    return {**row, "next_observed": later.value if later else None, "next_published": later.published.isoformat() if later and later.published else None}
