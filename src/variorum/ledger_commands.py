"""What `variorum ledger` does: list the entries of what is named, for the terminal or for another program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from variorum import api
from variorum.errors import UsageError
from variorum.folders import is_corpus
from variorum.ledger.schemas import make_schema, name_columns
from variorum.ledger.values import select_addressed, select_values, sort_by_date
from variorum.listings import Listing, Wanted, list_statements, summarize_listing
from variorum.printing import RowPrinter, print_json, print_rich, print_rows, say, write_pieces

Stated = tuple[dict[str, Any], list[dict[str, Any]]]
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
        printer = RowPrinter(options["kind"])
        columns = name_columns(options["types"]) if options["kind"] == "csv" else None
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
    if options["counted"]:
        rows = sort_by_date([row for statement, entries in stated for row in select_values(statement, entries, options["counted"])])
    else:
        about = (({"publisher": statement["series"], **row}) for statement, entries in stated for row in select_addressed(entries, options["addressee"]))
        rows = sort_by_date(list(about), "date_of_statement")
    if options["kind"] is not None:
        print_rows(rows, options["kind"])
        return
    from variorum.exporting.answers import render_demands, render_values

    print_rich(render_values(rows, options["counted"]) if options["counted"] else render_demands(rows, options["addressee"]))


def _show_differing(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Show the figures that differ inside a family of a corpus; return 0."""
    if len(paths) != 1 or not is_corpus(paths[0]):
        raise UsageError("--differing looks at the families of one corpus; name it alone")
    if options["counted"] or options["addressee"] or any(options[form] for form in FORMS):
        raise UsageError("--differing answers in a list of its own; with --family, --json, --jsonl or --csv")
    table = api.open(paths[0]).differing(options["family"], marked=options["family"] is not None, grade=options["grade"])
    if options["kind"] is not None:
        print_rows(table.to_pylist(), options["kind"])
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
