"""What `variorum ledger` does: list the entries of what is named, for the terminal or for another program."""

from __future__ import annotations

import itertools
from typing import Any

from variorum.ledger.schemas import make_schema, name_columns
from variorum.listings import Listing, Wanted, list_entries
from variorum.printing import RowPrinter, print_json, print_rich, say

_TOLD = 10
"""Statements in which something was not read that are named one by one."""


def run_ledger(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """List the entries of the statements in `paths`, or of a corpus; return 0, or 3 where some inputs were not read."""
    if options["schema"]:
        print_json(make_schema())
        return 0
    listing = Listing()
    fields = {name: options[name] for name in ("id_field", "text_field", "date_field")}
    rows = list_entries(paths, Wanted(options["types"], options["grade"], options["date"], options["lang"]), listing, fields)
    if options["kind"] is None:
        from variorum.exporting.terminal import render_entries

        for label, group in itertools.groupby(rows, key=lambda row: row["statement"]):
            print_rich(render_entries(label, list(group)))
    else:
        printer = RowPrinter(options["kind"])
        columns = name_columns(options["types"]) if options["kind"] == "csv" else None
        for row in rows:  # as they come: a folder may hold more than memory does
            printer.add([row if columns is None else {name: row.get(name) for name in columns}])
        printer.finish()
    for line in _summarize(listing):
        say(line)
    return listing.exit_code


def _summarize(listing: Listing) -> list[str]:
    """Return what came of a listing that its rows do not say: what was not read, what failed."""
    lines = [f"variorum: {label}: {why}" for label, why, _ in listing.unread[:_TOLD]]
    if len(listing.unread) > _TOLD:
        lines.append(f"variorum: and {len(listing.unread) - _TOLD:,} more statements in which something was not read")
    for row in listing.failures:
        where = f"{row['source']}, {row['place']}" if row["place"] else row["source"]
        lines.append(f"variorum: {where}: {row['problem']}" + (f"; {row['advice']}" if row["advice"] else ""))
    return lines
