"""What `variorum lineage` does: find what is meant, infer its lineage, show it or hand it to another program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from variorum import api
from variorum.errors import UsageError
from variorum.lineages import Lineage, lineage, read_dates
from variorum.printing import print_json, print_rich, say, write_pieces


def run_lineage(items: tuple[str, ...], options: dict[str, Any]) -> int:
    """Show the lineage of a family, of witnesses or of files; return 0, or 3 where a file or a date could not be read, or a date is of no member."""
    found = _find_lineage(items, options)
    for failure in found.failures:
        say(f"variorum: {failure['source']}: {failure['problem']}" + (f"; {failure['advice']}" if failure["advice"] else ""))
    for note in found.notes:
        say(f"variorum: {note}")
    if not _hand_over(found, options):
        from variorum.exporting.stemmas import render_lineage

        print_rich(render_lineage({**found.to_dict(), "notes": []}))
    return 3 if found.failures or found.notes else 0


def _hand_over(found: Lineage, options: dict[str, Any]) -> bool:
    """Write the formats that were asked for; return whether there was one. UsageError where two are to go to standard output."""
    from variorum.exporting.lineage_forms import FORMS, stream_lineage, write_lineage_csv

    wanted = [form for form in FORMS if options[form]]
    if sum(options[form] == "-" for form in wanted) + options["as_json"] > 1:
        raise UsageError("only one format can go to standard output; give the others a file")
    tables = found.tables
    for form in wanted:
        write_pieces(stream_lineage(tables, form), options[form])
    if options["tables"]:
        write_lineage_csv(tables, Path(options["tables"]))
    if options["as_json"]:
        print_json(found.to_dict())
    return bool(wanted or options["tables"] or options["as_json"])


def run_publishers(corpus: str, options: dict[str, Any]) -> int:
    """Show which publishers are early and which come after which, or hand them to another program; return 0."""
    with api.open(corpus) as opened:
        found = opened.publishers(options["min_families"], marked=options["marked"])
    for note in found.notes:
        say(f"variorum: {note}")
    if not len(found.publishers):
        say(f"variorum: {found.summary[0]}")
    forms = [form for form in ("csv", "graphml", "gexf") if options[form]]
    if sum(options[form] == "-" for form in forms) + options["as_json"] > 1:
        raise UsageError("only one format can go to standard output; give the others a file")
    for form in forms:
        write_pieces([found.to_format(form, options["max_q"])], options[form])
    order = found.order(options["max_q"])
    if options["as_json"]:
        print_json({"publishers": order.publishers, "links": order.links, "summary": order.summary, "notes": found.notes})
    elif not forms and len(found.publishers):
        from variorum.exporting.stemmas import render_publishers

        print_rich(render_publishers(order, options["limit"]))
    return 0


def _find_lineage(items: tuple[str, ...], options: dict[str, Any]) -> Lineage:
    """Return the lineage of what the arguments name."""
    corpus, root = options["corpus"], options["root"]
    given = read_dates(options["dates"]) if options["dates"] else None
    if corpus is None:
        missing = [item for item in items if not Path(item).exists()]
        if missing:
            raise UsageError(f"no file {missing[0]}; for the lineage of a family of a corpus: variorum lineage FAMILY --in CORPUS")
        return lineage(list(items), given, root)
    with api.open(corpus) as opened:
        return opened.lineage(items[0] if len(items) == 1 else list(items), given, root)
