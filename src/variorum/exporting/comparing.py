"""What two texts share, for the terminal: each span with its kind, score, places and both passages."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from variorum.exporting.contexts import one_line, strip_controls
from variorum.exporting.terminal import Indented

_EXCERPT = 300
"""Characters of a passage that are shown."""


def render_comparison(labels: tuple[str, str], texts: tuple[str, str], spans: list[dict[str, Any]], limit: int) -> RenderableType:
    """Return the spans of two texts in the order of the first; at most `limit` of them, the strongest (0: all)."""
    names = [strip_controls(label) for label in labels]
    if not spans:
        return Text(f"{names[0]} and {names[1]} share no passage.")
    chosen = sorted(spans, key=lambda row: -row["score"])[: limit or None]
    count = f"{len(spans):,} span" + ("s" if len(spans) != 1 else "")
    parts: list[RenderableType] = [Text(f"{names[0]} and {names[1]} share {count}.", style="bold")]
    for number, row in enumerate(sorted(chosen, key=lambda row: (row["start_a"], row["start_b"])), 1):
        parts += [Text(), Text.assemble((f"{number}. {row['kind']}", "bold"), f"  {_figures(row)}"), Text(f"   {row['reason']}", style="dim")]
        for side, name, text in zip("ab", names, texts, strict=True):
            start, end = row[f"start_{side}"], row[f"end_{side}"]
            parts += [Text(f"  {name} {start:,} to {end:,}", style="dim"), Indented(Text(one_line(text[start:end], _EXCERPT)))]
    if len(chosen) < len(spans):
        parts.append(Text(f"and {len(spans) - len(chosen):,} weaker ones; --limit 0 shows all", style="dim"))
    return Group(*parts)


def _figures(row: dict[str, Any]) -> str:
    return f"score {row['score']:.0f} nats, similarity {row['similarity']:.2f}, {row['n_letters']:,} letters"
