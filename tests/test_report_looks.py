"""Contrast of the report's colours, by arithmetic (WCAG 2.2, 1.4.3 and 1.4.11), in light, dark and print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parent.parent / "src/variorum/web/static/report.css").read_text(encoding="utf-8")
LIGHT, DARK = (dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", part)) for part in (CSS.split("@media")[0], CSS.split("prefers-color-scheme: dark")[1].split("* {")[0]))
PRINT = {**LIGHT, **dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", CSS.split("@media print")[1]))}

# (text, ground, least ratio): 4.5 for text, 3 for edges and marks that carry meaning.
PAIRS = [
    ("text", "ground", 7.0), ("text", "panel", 7.0), ("muted", "ground", 4.5), ("muted", "panel", 4.5), ("link", "ground", 4.5), ("link", "panel", 4.5),
    ("mark-text", "mark", 7.0), ("ins-text", "ins", 4.5), ("del-text", "del", 4.5), ("badge-text", "badge", 4.5),
    ("edge", "ground", 3.0), ("mark-edge", "ground", 3.0), ("bar", "ground", 3.0), ("focus", "ground", 3.0), ("focus", "ins", 3.0), ("focus", "del", 3.0),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Return the relative luminance of #rgb or #rrggbb."""
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    values = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_contrast(theme: str, front: str, ground: str, least: float) -> None:
    tokens = {"light": LIGHT, "dark": DARK, "print": PRINT}[theme]
    assert contrast(tokens[front], tokens[ground]) >= least


def test_the_arithmetic() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


def test_both_themes_have_every_colour() -> None:
    assert set(LIGHT) == set(DARK)
    assert set(re.findall(r"var\(--([\w-]+)\)", CSS)) <= set(LIGHT) | {"serif", "sans", "mono"}


def test_marks_do_not_rest_on_colour() -> None:
    rules = dict(re.findall(r"^(mark|ins|del) \{ (.*?) \}", CSS, re.M))
    assert "underline" in rules["ins"]
    assert "line-through" in rules["del"]
    assert "border-inline" in rules["mark"]


def test_the_page_keeps_to_logical_directions() -> None:
    assert not re.search(r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)|float:", CSS)
