"""What `variorum ledger` does: list the entries of what is named, for the terminal or for another program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from variorum.errors import UsageError
from variorum.ledger.schemas import make_schema, name_columns
from variorum.listings import Listing, Wanted, list_statements, summarize_listing
from variorum.printing import RowPrinter, print_json, print_rich, say, write_pieces

FORMS = ("brat", "web_annotation", "claims")
"""Forms that are written to a file or folder of their own."""


def run_ledger(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """List the entries of the statements in `paths`, or of a corpus; return 0, or 3 where some inputs were not read."""
    if options["schema"]:
        print_json(make_schema())
        return 0
    forms = [form for form in FORMS if options[form]]
    if len(forms) + (options["kind"] is not None) > 1:
        raise UsageError("one form at a time: --brat, --web-annotation, --claims, --json, --jsonl or --csv")
    listing = Listing()
    fields = {name: options[name] for name in ("id_field", "text_field", "date_field")}
    stated = list_statements(paths, Wanted(options["types"], options["grade"], options["date"], options["lang"]), listing, fields)
    if forms:
        _write_form(forms[0], options[forms[0]], stated)
    elif options["kind"] is None:
        from variorum.exporting.terminal import render_entries

        for statement, rows in stated:
            if rows:
                print_rich(render_entries(statement["siglum"], rows))
    else:
        printer = RowPrinter(options["kind"])
        columns = name_columns(options["types"]) if options["kind"] == "csv" else None
        for _, rows in stated:  # as they come: a folder may hold more than memory does
            printer.add([row if columns is None else {name: row.get(name) for name in columns} for row in rows])
        printer.finish()
    for line in summarize_listing(listing):
        say(line)
    return listing.exit_code


def _write_form(form: str, dest: str, stated: Iterable[tuple[dict[str, Any], list[dict[str, Any]]]]) -> None:
    """Write statements and their entries in a form that others read."""
    from variorum.exporting import brat, claims, webannotations

    if form == "brat":
        n = brat.export_brat(stated, Path(dest))
        say(f"Written: {n:,} {'statement' if n == 1 else 'statements'} to {dest}")
        return
    write_pieces(claims.stream_claims(stated) if form == "claims" else webannotations.stream_annotations(stated), dest)
