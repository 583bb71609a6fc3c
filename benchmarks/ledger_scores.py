"""Scores of a ledger, as JSON lines, against test cases for numbers, units and dates that others wrote.

A case has an input, a reference date and results with inclusive ends. Spans are compared by overlap, since theirs hold
prepositions; a result and an entry that overlap are a hit, and its value is right where it is one of the values that the case allows.
Each file is cut into two halves by a seed: rules are developed on one, and both are reported.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LANGUAGES = {"English": "en", "French": "fr", "Spanish": "es"}
NUMBERS = "Number-NumberModel"
UNIT_KINDS = {
    "Number-PercentModel": {"share"},
    "NumberWithUnit-AgeModel": {"age"},
    "NumberWithUnit-CurrencyModel": {"money"},
    "NumberWithUnit-DimensionModel": {"measure"},
    "NumberWithUnit-TemperatureModel": {"temperature", "measure"},
}
"""File -> kinds of figure that it is about."""
DATES = "DateTime-"
CLAIMED = {"date", "daterange", "set", "duration"}
"""Kinds of the date cases that a ledger claims; times of day it does not."""

# Names of units in the cases -> code in a ledger; where a name is not here the value alone is compared.
UNITS = {
    "mile": "[mi_i]", "meter": "m", "foot": "[ft_i]", "gallon": "[gal_us]", "pound": "[lb_av]", "square meter": "m2", "microgram": "ug", "metric ton": "t", "kilometer": "km", "inch": "[in_i]",
    "millimeter": "mm", "decimeter": "dm", "kilogram": "kg", "milliliter": "mL", "barrel": "[bbl_us]", "acre": "[acr_us]", "cubic foot": "[cft_i]", "bit": "bit", "radian": "rad", "year": "a", "month": "mo",
    "week": "wk", "day": "d", "hour": "h", "c": "Cel", "f": "[degF]", "kilometre": "km", "metre": "m", "milligram": "mg", "degree celsius": "Cel", "square kilometre": "km2", "cubic kilometre": "km3",
    "litre": "L", "tonne": "t", "percentage": "%", "square mile": "[smi_us]", "ans": "a", "mois": "mo", "semaines": "wk", "jour": "d", "año": "a", "mes": "mo", "semana": "wk", "milla": "[mi_i]",
    "pie": "[ft_i]", "kilómetro": "km", "pulgada": "[in_i]", "galón": "[gal_us]", "tonelada métrica": "t", "metro": "m", "milímetro": "mm", "metro cuadrado": "m2", "kilomètres": "km", "pied": "[ft_i]",
    "mètres": "m", "tonne métrique": "t", "grado celsius": "Cel", "grado fahrenheit": "[degF]", "kelvin": "K", "euro": "EUR", "nanometre": "nm", "picometre": "pm", "centilitre": "cL",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: its name (file and line), input, reference date, results, and whether it stands in the half to develop on."""

    name: str
    file: str
    text: str
    date: str | None
    results: list[dict[str, Any]]
    develop: bool


@dataclass(slots=True)
class Score:
    """Counts over the cases of one file: results, entries, hits, and hits with the right value and unit."""

    n_results: int = 0
    n_entries: int = 0
    n_hits: int = 0
    n_values: int = 0
    n_units: int = 0
    n_undecided: int = 0
    rules: dict[str, list[int]] = field(default_factory=dict)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """F1 of overlap."""
        return 2 * self.n_hits / max(1, self.n_results + self.n_entries)

    @property
    def value(self) -> float:
        """Share of results whose value was found, of those whose value the case decides."""
        return self.n_values / max(1, self.n_results - self.n_undecided)

    @property
    def unit(self) -> float:
        """Share of right values whose unit is right too."""
        return self.n_units / max(1, self.n_values)


def read_cases(folder: Path, language: str, seed: int) -> list[Case]:
    """Return the cases of one language."""
    cases = []
    for path in sorted((folder / language).glob("*.jsonl")):
        if path.stem not in (NUMBERS, *UNIT_KINDS) and not path.stem.startswith(DATES):
            continue
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        chosen = set(random.Random(f"{seed}:{language}:{path.stem}").sample(range(len(lines)), len(lines) // 2))
        for number, line in enumerate(lines):
            if line.get("NotSupported"):
                continue
            for result in line["Results"]:  # some give no place; their text is in lower case
                if "Start" not in result:
                    result["Start"] = line["Input"].lower().find(result["Text"].lower())
                    result["End"] = result["Start"] + len(result["Text"]) - 1
            line["Results"] = [r for r in line["Results"] if r["Start"] >= 0]
            reference = line.get("Context", {}).get("ReferenceDateTime", "")[:10] or None
            cases.append(Case(f"{path.stem}:{number}", path.stem, line["Input"], reference, line["Results"], number in chosen))
    return cases


def write_rows(cases: Iterable[Case], path: Path) -> None:
    """Write the cases as rows for `variorum ledger`."""
    with path.open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps({"id": case.name, "text": case.text, "date": case.date}, ensure_ascii=False) + "\n")


def score_cases(cases: Sequence[Case], entries: Iterable[dict[str, Any]]) -> dict[str, Score]:
    """Return the score of each file."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        found.setdefault(entry["statement"], []).append(entry)
    scores: dict[str, Score] = {}
    for case in cases:
        score = scores.setdefault(case.file, Score())
        if case.file == NUMBERS:
            _score_numbers(case, found.get(case.name, []), score)
        elif case.file in UNIT_KINDS:
            _score_units(case, found.get(case.name, []), score)
        else:
            _score_dates(case, found.get(case.name, []), score)
    return scores


def _span(result: dict[str, Any]) -> tuple[int, int]:
    """Return the place of a result, the end not included."""
    return result["Start"], result["End"] + 1


def _match(score: Score, golds: list[tuple[tuple[int, int], Any]], found: list[tuple[tuple[int, int], Any]], case: Case, is_right: Any) -> None:
    """Count one case: golds and finds are (span, value); a find serves one gold."""
    score.n_results += len(golds)
    score.n_entries += len(found)
    free = list(found)
    for (start, end), gold in golds:
        overlapping = [f for f in free if f[0][0] < end and start < f[0][1]]
        if not overlapping:
            score.wrong.append((case.name, "missed", f"{case.text!r} [{case.date}] -> {case.text[start:end]!r} {gold}"))
            continue
        best = max(overlapping, key=lambda f: (bool(is_right(gold, f[1])[0]), min(f[0][1], end) - max(f[0][0], start)))
        free.remove(best)
        score.n_hits += 1
        value, unit = is_right(gold, best[1])
        score.n_values += value
        score.n_units += value and unit
        _count_rule(score, best[1], right=bool(value and unit))
        if not (value and unit):
            score.wrong.append((case.name, "value" if not value else "unit", f"{case.text!r} [{case.date}] -> {gold} not {best[1]}"))
    for _, entry in free:
        _count_rule(score, entry, right=False)
    score.wrong += [(case.name, "extra", f"{case.text!r} [{case.date}] -> {case.text[s:e]!r} {v}") for (s, e), v in free]


def _count_rule(score: Score, entry: Any, *, right: bool) -> None:
    """Count a find for the rule that made it: all, and those that are right in place and value."""
    counts = score.rules.setdefault(entry["rule"] if isinstance(entry, dict) else entry[-1], [0, 0])
    counts[0] += 1
    counts[1] += right


def _score_numbers(case: Case, entries: list[dict[str, Any]], score: Score) -> None:
    """Count the numbers themselves: an interval has two, and a number glued to a unit is not one for these cases."""
    golds = [(_span(r), float(r["Resolution"]["value"].replace(",", "."))) for r in case.results if r.get("Resolution", {}).get("value") not in (None, "null")]
    found = []
    for entry in (e for e in entries if e["type"] == "figure"):
        for role in ("value", "low", "high"):
            if entry["parts"].get(role) and entry.get(role) is not None:
                found.append((tuple(entry["parts"][role][0]), (entry[role], entry["rule"]), entry["kind"]))
    overlaps = [any(s < g[0][1] and g[0][0] < e for g in golds) for (s, e), _, _ in found]
    kept = [(span, value) for (span, value, kind), hit in zip(found, overlaps, strict=True) if hit or kind in ("number", "count", "share", "reference")]
    _match(score, golds, kept, case, lambda gold, value: (_close(gold, value[0]), True))


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1e-9, abs(a))


def _score_units(case: Case, entries: list[dict[str, Any]], score: Score) -> None:
    """Count figures of the file's kind; results without a number (a unit alone) are left out."""
    golds = []
    neutral = []
    for result in case.results:
        value = (result.get("Resolution") or {}).get("value")
        if value in (None, "null", ""):
            neutral.append(_span(result))
            continue
        resolution = result["Resolution"]
        golds.append((_span(result), (float(value.rstrip("%").replace(",", ".")), resolution.get("isoCurrency") or ("Currency" not in case.file and UNITS.get((resolution.get("unit") or "").lower())) or None)))
    kinds = UNIT_KINDS[case.file]
    found = []
    for entry in (e for e in entries if e["type"] == "figure" and e["kind"] in kinds):
        if case.file == "Number-PercentModel" and entry["unit"] != "%":
            continue
        if case.file == "NumberWithUnit-TemperatureModel" and entry["unit"] not in ("Cel", "[degF]", "K", "deg"):
            continue
        span = (entry["start"], entry["end"])
        if any(span[0] < e and s < span[1] for s, e in neutral) and not any(span[0] < g[0][1] and g[0][0] < span[1] for g in golds):
            continue
        values = [entry[name] for name in ("value", "low", "high") if entry[name] is not None]
        found.append((span, (values, entry["unit"], entry["rule"])))
    _match(score, golds, found, case, lambda gold, f: (any(_close(gold[0], v) for v in f[0]), gold[1] is None or gold[1] == f[1]))


def _score_dates(case: Case, entries: list[dict[str, Any]], score: Score) -> None:
    """Count dates, periods, sets and durations; entries over results of other kinds (times of day) count for nothing."""
    golds, neutral = [], []
    for result in case.results:
        values = (result.get("Resolution") or {}).get("values", [])
        kinds = {v.get("type") for v in values}
        if not values or not kinds <= CLAIMED:
            neutral.append(_span(result))
        else:
            golds.append((_span(result), values))
    found = []
    for entry in (e for e in entries if e["type"] == "date"):
        span = (entry["start"], entry["end"])
        over_gold = any(span[0] < g[0][1] and g[0][0] < span[1] for g in golds)
        if over_gold or not any(span[0] < e and s < span[1] for s, e in neutral):
            found.append((span, {name: entry[name] for name in ("kind", "timex", "not_before", "not_after", "seconds", "quote", "rule")}))
    score.n_undecided += sum(_is_undecided(case, values) for _, values in golds)
    _match(score, golds, found, case, lambda values, entry: (any(_is_value(v, entry) for v in values), True))


def _is_undecided(case: Case, values: list[dict[str, Any]]) -> bool:
    """Tell whether a result counts from a reference date that the case does not give: its year stands nowhere in the input."""
    years = set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", " ".join(str(v.get("timex")) for v in values)))
    return case.date is None and any(year not in case.text and year[2:] not in case.text for year in years)


def _is_value(value: dict[str, Any], entry: dict[str, Any]) -> bool:
    """Tell whether a date entry has one of the values that a case allows: the same TIMEX, or the same days."""
    if value.get("timex") and value["timex"] == entry["timex"]:
        return True
    kind = value["type"]
    if kind == "duration":
        return entry["seconds"] is not None and _close(float(value["value"]), entry["seconds"])
    if kind == "set":
        return False
    if kind == "date":
        return value.get("value") is not None and value["value"] == entry["not_before"] == entry["not_after"]
    start, end = value.get("start"), value.get("end")
    if start is None and end is None:
        return False
    last = (dt.date.fromisoformat(end[:10]) - dt.timedelta(days=1)).isoformat() if end else None
    return start == entry["not_before"] and entry["not_after"] in (last, end)


def read_quantities(path: Path) -> list[Case]:
    """Return the quantity cases as cases of one file, all of them to develop on or not by the parity of their number."""
    cases = []
    for number, case in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        results, place = [], 0
        for result in case["res"]:
            start = case["req"].find(result["surface"], place)
            start = start if start >= 0 else case["req"].find(result["surface"])
            place = start + len(result["surface"])
            results.append({**result, "Start": start, "End": place - 1})
        cases.append(Case(f"quantities:{number}", "quantities", case["req"], None, results, number % 2 == 0))
    return cases


def score_quantities(cases: Sequence[Case], entries: Iterable[dict[str, Any]]) -> Score:
    """Return the score over quantity cases; a year that the ledger has as a date is no quantity here."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        found.setdefault(entry["statement"], []).append(entry)
    score = Score()
    for case in cases:
        rows = found.get(case.name, [])
        dates = [(e["start"], e["end"]) for e in rows if e["type"] == "date"]
        golds = []
        for result in case.results:
            span = _span(result)
            if result["unit"] == "dimensionless" and any(s < span[1] and span[0] < e for s, e in dates) and not any(e["type"] == "figure" and e["start"] < span[1] and span[0] < e["end"] for e in rows):
                continue
            bounds = (result["value"] - result["uncertainty"], result["value"] + result["uncertainty"]) if result.get("uncertainty") else (result["value"],)
            golds.append((span, (bounds, UNITS.get(result["unit"].lower()))))
        figures = [((e["start"], e["end"]), (tuple(e[n] for n in ("value", "low", "high") if e[n] is not None), e["unit"], e["rule"])) for e in rows if e["type"] == "figure"]
        _match(score, golds, figures, case, lambda gold, f: (len(gold[0]) == len(f[0]) and all(_close(a, b) for a, b in zip(gold[0], f[0], strict=True)), gold[1] is None or gold[1] == f[1]))
    return score
