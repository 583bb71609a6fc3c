"""The answers of checks, as rich renderables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from variorum.checking.intervals import ANSWERS
from variorum.exporting.contexts import strip_controls
from variorum.exporting.terminal import Indented, clean, readable

_STYLES = {"consistent": "green", "consistent but loose": "yellow", "within rounding": "green", "outside": "red"}


def render_checks(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """Return rows of CHECKS: of each figure its words, the answer and how it came about; then the count of each answer."""
    if not rows:
        return Text("No figure of these statements belongs to a series of the mapping.")
    parts: list[RenderableType] = []
    statement = None
    for row in rows:
        if row["statement"] != statement:
            statement = row["statement"]
            parts.append(Text.assemble((strip_controls(statement), "bold"), f", {strip_controls(row['date'] or 'undated')}"))
        counted = f" {readable(row['counted'])}" if row["counted"] else ""
        voice = f"  [{row['voice']}]" if row["voice"] != "own" else ""
        parts.append(Text.assemble((f"{row['entry']} {row['start']:>8,}  ", "dim"), f"{readable(row['quote'])}", (f"{counted}{voice}  ", "dim"), (row["answer"], _STYLES.get(row["answer"], ""))))
        parts += [Indented(clean(line)) for line in row["why"]]
    counts = Counter(row["answer"] for row in rows)
    parts += [Text(), Text("; ".join(f"{answer}: {counts[answer]:,}" for answer in ANSWERS if counts[answer]))]
    return Group(*parts)
