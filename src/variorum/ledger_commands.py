"""What `variorum ledger` does: list the entries of what is named, for the terminal or for another program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from variorum import api
from variorum.errors import UsageError
from variorum.folders import is_corpus
from variorum.ledger.schemas import make_schema, name_columns
from variorum.ledger.values import name_addressee, name_counted, select_addressed, select_values, sort_by_date
from variorum.listings import Listing, Wanted, list_statements, summarize_listing
from variorum.printing import RowPrinter, print_json, print_rich, print_rows, say, write_pieces
from variorum.schema import TABLES

Stated = tuple[dict[str, Any], list[dict[str, Any]]]
_MAX_OTHERS = 8
"""Counted things or addressees that are named where the one that was asked for is not there."""
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
    if options["differing"]:
        return _show_differing(paths, options)
    if options["family"]:
        raise UsageError("--family goes with --differing; variorum show CORPUS FAMILY shows the family")
    listing = Listing()
    fields = {name: options[name] for name in ("id_field", "text_field", "date_field")}
    stated = list_statements(paths, Wanted(options["types"], options["grade"], options["date"], options["lang"]), listing, fields)
    if options["counted"] or options["addressee"]:
        _show_asked(stated, forms, options)
    elif forms:
        _write_form(forms[0], options[forms[0]], stated)
    elif options["kind"] is None:
        from variorum.exporting.terminal import render_entries

        for statement, rows in stated:
            if rows:
                print_rich(render_entries(statement["siglum"], rows))
    else:
        columns = name_columns(options["types"]) if options["kind"] == "csv" else None
        printer = RowPrinter(options["kind"], columns or ())
        for _, rows in stated:  # as they come: a folder may hold more than memory does
            printer.add([row if columns is None else {name: row.get(name) for name in columns} for row in rows])
        printer.finish()
    for line in summarize_listing(listing):
        say(line)
    return listing.exit_code


def _show_asked(stated: Iterable[Stated], forms: list[str], options: dict[str, Any]) -> None:
    """Show the values given for one counted thing, or what is asked of one addressee, in order of date."""
    if forms or (options["counted"] and options["addressee"]):
        raise UsageError("--counted and --addressee answer in a list of their own: one of them, with --json, --jsonl or --csv")
    counted, addressee = options["counted"], options["addressee"]
    rows: list[dict[str, Any]] = []
    others: Counter[str] = Counter()  # what else could have been asked for
    for statement, entries in stated:
        others.update(filter(None, (name_counted(row) if counted else name_addressee(row) for row in entries)))
        rows += select_values(statement, entries, counted) if counted else ({"publisher": statement["series"], **row} for row in select_addressed(entries, addressee))
    rows = sort_by_date(rows, "date" if counted else "date_of_statement")
    if options["kind"] is not None:
        print_rows(rows, options["kind"], TABLES["values"].schema.names if counted else ["publisher", *name_columns(("demand",))])
        return
    from variorum.exporting.answers import render_demands, render_values

    most = [f"{name} ({n:,})" for name, n in sorted(others.items(), key=lambda item: (-item[1], item[0]))[:_MAX_OTHERS]]
    print_rich(render_values(rows, counted, most) if counted else render_demands(rows, addressee, most))


def _show_differing(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Show the figures that differ inside a family of a corpus; return 0."""
    if len(paths) != 1 or not is_corpus(paths[0]):
        raise UsageError("--differing looks at the families of one corpus; name it alone")
    if options["counted"] or options["addressee"] or any(options[form] for form in FORMS):
        raise UsageError("--differing answers in a list of its own; with --family, --json, --jsonl or --csv")
    table = api.open(paths[0]).differing(options["family"], marked=options["family"] is not None, grade=options["grade"])
    if options["kind"] is not None:
        print_rows(table.to_pylist(), options["kind"], TABLES["differing"].schema.names)
        return 0
    from variorum.exporting.answers import render_differing

    print_rich(render_differing(table.to_pylist()))
    return 0


def _write_form(form: str, dest: str, stated: Iterable[Stated]) -> None:
    """Write statements and their entries in a form that others read."""
    from variorum.exporting import brat, claims, webannotations

    if form == "brat":
        n = brat.export_brat(stated, Path(dest))
        say(f"Written: {n:,} {'statement' if n == 1 else 'statements'} to {dest}")
        return
    write_pieces(claims.stream_claims(stated) if form == "claims" else webannotations.stream_annotations(stated), dest)
