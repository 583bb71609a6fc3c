"""What two texts share: two witnesses of a corpus, or two files that are in none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from variorum.config import DeepConfig, MatchingConfig, ReadingConfig, make_config, option_fields, overlay_matching
from variorum.errors import InputError
from variorum.frames import Comparison, TableView
from variorum.narrowing import narrow_finds, split_thresholds
from variorum.schema import TABLES

ON_SPANS = ("min_rarity", "min_score")
"""Thresholds that leave out spans of a comparison; the others are settings of the matching."""

Sided = tuple[dict[str, Any], str]
"""A witness's row without its text, and the text."""


def compare(a: str | Path, b: str | Path, *, deep: bool = False, **settings: Any) -> Comparison:
    """Return what two files share, each one text of any readable format.

    Args:
        a, b: the files.
        deep: also find reworked passages.
        **settings: settings of the matching and of deep mode; ``min_score`` (nats) and ``min_rarity`` are thresholds on the spans.

    Raises:
        InputError: a file cannot be read, or holds more than one text.
    """
    sides = (_read_side(Path(a), 0), _read_side(Path(b), 1))
    return compare_sides(sides, (MatchingConfig(), DeepConfig()), settings, deep=deep)


def compare_sides(sides: tuple[Sided, Sided], own: tuple[MatchingConfig, DeepConfig], settings: dict[str, Any], *, deep: bool) -> Comparison:
    """Return what two texts share; `settings` are laid over `own`, those of a corpus or the defaults."""
    thresholds, settings = split_thresholds(settings, ON_SPANS)
    of_deep = {field.name for field in option_fields("deep")}
    for_deep = {name.removeprefix("deep__"): value for name, value in settings.items() if name.startswith("deep__") or name in of_deep}
    others = {name: value for name, value in settings.items() if not name.startswith("deep__") and name not in of_deep}
    (row_a, text_a), (row_b, text_b) = sides
    matching = overlay_matching(own[0], others)
    if deep:
        from variorum.matching.reworks import compare_deep

        base = {field.name: getattr(own[1], field.name) for field in option_fields("deep")}
        config = make_config(**{f"deep__{name}": value for name, value in {**base, **for_deep}.items()}).deep
        spans = compare_deep(text_a, text_b, matching, config)
    else:
        from variorum.matching.finds import compare_texts

        spans = compare_texts(text_a, text_b, matching)
    return Comparison(row_a, row_b, text_a, text_b, TableView.of("spans", narrow_finds(spans, thresholds), TABLES["spans"].doc))


def _read_side(path: Path, number: int) -> Sided:
    """Return the one text of a file."""
    from variorum.reading.statements import read_statements

    rows, failures = [], []
    for chunk in read_statements([path], ReadingConfig()):
        failures += chunk.failures.to_pylist()
        rows += chunk.witnesses.to_pylist()
    if not rows:
        row = failures[0] if failures else {"problem": "there is no text in it", "advice": "", "place": None}
        raise InputError(str(path), row["problem"], row["advice"], row["place"])
    if len(rows) > 1:
        advice = "trace it and compare two of its statements: variorum compare A B --in CORPUS"
        raise InputError(str(path), f"it holds {len(rows):,} statements, not one", advice, None)
    row = rows[0]
    text = row.pop("text")
    return {**row, "witness": number}, text
