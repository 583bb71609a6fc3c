"""Run the way from texts to families on statements given in a test, and look at what came out."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from variorum.config import make_config
from variorum.engines.local import LocalEngine
from variorum.families import build_families
from variorum.matching.fingerprints import index_fingerprints
from variorum.matching.folds import fold_witnesses
from variorum.matching.spans import match_witnesses
from variorum.schema import empty_table

GRAM = 7


class Statement(NamedTuple):
    """A text to be read: label, publisher, date (`2024-03-01`, `2024-03`, `2024` or None), text."""

    siglum: str
    series: str | None
    date: str | None
    text: str


class Member(NamedTuple):
    """A passage of a family, by the siglum of its witness."""

    siglum: str
    start: int
    end: int
    text: str
    position: int
    copy_of: str | None


@dataclass
class Family:
    """A row of FAMILIES with its members in order and what it is linked with."""

    row: dict[str, Any]
    members: list[Member]
    earliest: str | None
    contains: list[str] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return self.row[name]

    @property
    def sigla(self) -> set[str]:
        return {m.siglum for m in self.members}


@dataclass
class Grouped:
    """What `group` found."""

    statements: Sequence[Statement]
    tables: dict[str, pa.Table]
    spans: pa.Table
    matching: dict[str, int]
    counters: dict[str, int]

    @cached_property
    def families(self) -> list[Family]:
        """By rank."""
        labels = [s.siglum for s in self.statements]
        members: dict[str, list[Member]] = {}
        for p in self.tables["passages"].to_pylist():
            text = self.statements[p["witness"]].text[p["start"] : p["end"]]
            copied = None if p["copy_of"] is None else labels[p["copy_of"]]
            members.setdefault(p["family"], []).append(Member(labels[p["witness"]], p["start"], p["end"], text, p["position"], copied))
        found = {}
        for row in self.tables["families"].to_pylist():
            found[row["family"]] = Family(row, members[row["family"]], None if row["earliest"] is None else labels[row["earliest"]])
        for link in self.tables["family_links"].to_pylist():
            getattr(found[link["family"]], link["relation"]).append(link["other"])
        return list(found.values())

    def holding(self, *sigla: str) -> list[Family]:
        """The families that hold all of these witnesses."""
        return [f for f in self.families if f.sigla.issuperset(sigla)]

    def of_text(self, text: str, share: float = 0.8) -> list[Family]:
        """The families of which some passage shares that much with `text`, and is about as long."""
        return [f for f in self.families if any(share_grams(m.text, text) >= share and len(m.text) < 1.5 * len(text) for m in f.members)]

    def picture(self) -> list[tuple[Any, ...]]:
        """All that is said, without witness numbers, so that two runs can be compared."""
        rows = []
        for f in self.families:
            row = {k: v for k, v in f.row.items() if k not in ("earliest", "medoid")}
            rows.append((row["rank"], sorted(row.items(), key=str), f.earliest, [m[:5] for m in f.members], f.contains, f.overlaps))
        return rows


def letters_of(text: str) -> str:
    """The letters and digits, lower case."""
    return "".join(c for c in text.lower() if c.isalnum())


def grams_of(text: str) -> set[str]:
    """The runs of seven letters."""
    letters = letters_of(text)
    return {letters[i : i + GRAM] for i in range(max(1, len(letters) - GRAM + 1))}


def share_grams(a: str, b: str) -> float:
    """Share of the smaller set of seven-letter runs."""
    x, y = grams_of(a), grams_of(b)
    return len(x & y) / min(len(x), len(y))


def bounds_of(date: str | None) -> tuple[datetime | None, datetime | None]:
    """First and last moment of a date."""
    if date is None:
        return None, None
    parts = [int(part) for part in date.split("-")]
    year, month, day = (*parts, None, None)[:3]
    low = datetime(year, month or 1, day or 1, tzinfo=UTC)
    last = day or calendar.monthrange(year, month or 12)[1]
    return low, datetime(year, month or 12, last, 23, 59, 59, 999999, tzinfo=UTC)


def group(folder: Path, statements: Sequence[Statement], *, across: bool = False, **settings: Any) -> Grouped:
    """Fold, index, match and group statements; `across` leaves out what one series shares with itself."""
    config = make_config(**settings)
    folder.mkdir(parents=True, exist_ok=True)
    index, work = folder / "index", folder / "work"
    numbers = pa.array(range(len(statements)), pa.int32())
    texts = [s.text for s in statements]
    foldings = fold_witnesses([pa.record_batch({"witness": numbers, "text": pa.array(texts, pa.string())})], index)
    engine = LocalEngine(1)
    index_fingerprints(index, config.matching, engine)
    names = sorted({s.series or s.siglum for s in statements})
    codes = pa.array([names.index(s.series or s.siglum) for s in statements], pa.int32()).to_numpy() if across else None
    parts, matching = match_witnesses(index, work, config.matching, engine, codes)
    spans = pa.concat_tables([empty_table("spans"), *parts])
    bounds = [bounds_of(s.date) for s in statements]
    moment = pa.timestamp("us", "UTC")
    witnesses = pa.table({
        "witness": numbers,
        "siglum": [s.siglum for s in statements],
        "series": pa.array([s.series for s in statements], pa.string()),
        "not_before_at": pa.array([low for low, _ in bounds], moment),
        "not_after_at": pa.array([high for _, high in bounds], moment),
    })  # fmt: skip
    tables, counters = build_families(index, spans.to_batches(), witnesses, foldings, config.families, lambda wanted: {w: texts[w] for w in wanted})
    return Grouped(statements, tables, spans, matching, counters)


