"""Form letters in the terminal and as CSV: the template with its slots, and what senders added."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from variorum.exporting.contexts import one_line, strip_controls
from variorum.exporting.tables import protect_cell
from variorum.exporting.terminal import Indented, clean

if TYPE_CHECKING:
    from variorum.templates import Template

Rows = list[dict[str, Any]]

_MAX_TEXT = 400
_MAX_SMALL = 10
"""Groups of changed and of dropped words that are shown; those of whole sentences have a limit of their own."""
_COLUMNS = ("group", "kind", "slot", "n_letters", "siglum", "date", "series", "part", "start", "end", "text", "replaces")


def render_template(template: Template, limit: int) -> RenderableType:
    """Return the template, its slots, and the groups of residues, at most `limit` of what was added (0: all)."""
    segments, groups, letters = template.segments.to_pylist(), template.groups.to_pylist(), template.letters.to_pylist()
    n_related = sum(row["related"] for row in letters)
    apart = [row for row in letters if not row["related"]]
    own = sum(1 for row in letters if row["related"] and row["n_residue"])
    parts: list[RenderableType] = [Text(f"Template of {n_related:,} letters; {n_related - own:,} are it and nothing else", style="bold"), Indented(clean(template.outline())), Text()]
    if slots := [row for row in segments if row["kind"] == "slot"]:
        parts += [Text("Slots", style="bold"), _slot_table(slots, n_related), Text()]
    added = [row for row in groups if not row["in_slot"] or row["n_words"] >= 5]
    sections = {
        "Added": [row for row in added if row["kind"] == "added" or row["n_words"] >= 5],
        "Changed": [row for row in added if row["kind"] == "changed" and row["n_words"] < 5],
        "Left out": [row for row in groups if row["kind"] == "dropped"],
    }
    for name, rows in sections.items():
        shown = rows[: (limit or None) if name == "Added" else (min(limit, _MAX_SMALL) or None)]
        parts += [Text(f"{name}: {len(rows):,} different", style="bold"), _group_table(shown)] if rows else [Text(f"{name}: nothing", style="bold")]
        if len(shown) < len(rows):
            parts.append(Text(f"and {len(rows) - len(shown):,} more; --limit 0, --json or --csv FILE gives all", style="dim"))
        parts.append(Text())
    if apart:
        names = ", ".join(strip_controls(row["siglum"]) for row in apart[:8]) + (" ..." if len(apart) > 8 else "")
        parts.append(Text(f"Set aside, since they have too little of the template: {len(apart):,} ({names})"))
    return Group(*parts[:-1] if isinstance(parts[-1], Text) and not parts[-1].plain else parts)


def _slot_table(slots: Rows, n_letters: int) -> Table:
    """Return the slots, a line each."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for justify in ("right", "left", "right", "left"):
        table.add_column(justify=justify)
    for number, row in enumerate(slots, 1):
        shown = "; ".join(one_line(text, 60) for text in row["fillings"])
        more = f"; and {row['n_fillings'] - len(row['fillings']):,} more" if row["n_fillings"] > len(row["fillings"]) else ""
        table.add_row(Text(f"{number}", style="bold"), row["filled_with"], f"{row['n_letters']:,} of {n_letters:,}", clean(shown + more))
    return table


def _group_table(rows: Rows) -> Table:
    """Return groups, a line each: in how many letters, the words, what they stand for."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", min_width=7)
    table.add_column()
    for row in rows:
        said = one_line(row["text"], _MAX_TEXT)
        if row["replaces"]:
            said = f"{one_line(row['replaces'], _MAX_TEXT)} -> {said}"
        wordings = f"  ({row['n_wordings']:,} wordings)" if row["n_wordings"] > 1 else ""
        table.add_row(f"{row['n_letters']:,}", Text.assemble(clean(said), (wordings, "dim")))
    return table


def write_residues(template: Template) -> Iterator[str]:
    """Yield a CSV with a row a residue, in the order of the groups; what a spreadsheet would run as a formula has an apostrophe before it."""
    groups = template.groups.to_pylist()
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in sorted(template.texts(), key=lambda r: (r["group"], r["member"], r["start"])):
        group = groups[row["group"]]
        full = {**row, "n_letters": group["n_letters"], "replaces": group["text"] if row["kind"] == "dropped" else group["replaces"]}
        writer.writerow([protect_cell(value) if isinstance(value := full[name], str) else "" if value is None else value for name in _COLUMNS])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
