"""What `variorum collate` does: find what is meant, collate it, hand the answer to the terminal or to another program."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from variorum import api
from variorum.collations import Collation, collate
from variorum.errors import UsageError
from variorum.printing import is_coloured, print_array, print_json, print_records, print_rich, say, write_pieces
from variorum.schema import TABLES
from variorum.templates import find_template

FORMS = {"collatex": "--collatex-json", "tei": "--tei", "graphml": "--graphml", "nexus": "--nexus", "phylip": "--phylip", "distances": "--distances", "csv": "--csv", "html": "--html"}
"""Exchange formats and their options."""


def run_collate(items: tuple[str, ...], options: dict[str, Any]) -> int:
    """Collate a family, witnesses or files; return 0, or 3 where a file could not be read."""
    if options["template"]:
        return _show_template(items, options)
    collation = _find_collation(items, options["corpus"], options["base"])
    _say_failures(collation.failures)
    wanted = {form: options[form] for form in FORMS if options[form]}
    if options["kinds"] and not options["changes"]:
        raise UsageError("--kind chooses among changes; add --changes")
    if options["changes"] and (set(wanted) - {"csv"} or options["three_way"]):
        raise UsageError("--changes lists what was changed of the base; leave --three-way and the files of the alignment out")
    if options["changes"] and wanted and options["as_json"]:
        raise UsageError("--csv and --json are two forms of one list; give one")
    if options["changes"]:
        _show_changes(collation, options)
    elif wanted:
        _write_forms(collation, wanted, options)
    elif options["three_way"]:
        _show_three_way(collation, options)
    elif options["as_json"]:
        print_records({**collation.to_dict(limit=0), "loci": collation.stream_apparatus()})
    else:
        from variorum.exporting.apparatus import render_apparatus

        print_rich(render_apparatus(collation.to_dict(options["limit"] or None), collation.contexts(), colour=is_coloured()))
    return 3 if collation.failures else 0


def _show_template(items: tuple[str, ...], options: dict[str, Any]) -> int:
    """Show the template of form letters and what senders added."""
    others = [name for name in ("base", "three_way", "changes", *FORMS) if options[name] and name != "csv"]
    if others:
        raise UsageError(f"--template shows form letters; leave {FORMS.get(others[0], '--' + others[0].replace('_', '-'))} out")
    if options["corpus"] is None:
        _check_files(items)
        template = find_template(list(items))
    elif len(items) != 1:
        raise UsageError("--template takes one family of a corpus, or files")
    else:
        template = api.open(options["corpus"]).template(items[0])
    _say_failures(template.failures)
    if options["csv"]:
        write_pieces(template.stream_csv(), options["csv"])
    elif options["as_json"]:
        print_json(template.to_dict())
    else:
        from variorum.exporting.letters import render_template

        print_rich(render_template(template, options["limit"]))
    return 3 if template.failures else 0


def _say_failures(failures: Iterable[dict[str, Any]]) -> None:
    """Name the files that could not be read."""
    for failure in failures:
        say(f"variorum: {failure['source']}: {failure['problem']}" + (f"; {failure['advice']}" if failure["advice"] else ""))


def _check_files(items: tuple[str, ...]) -> None:
    """Raise where one of the files is not there."""
    missing = [item for item in items if not Path(item).exists()]
    if missing:
        raise UsageError(f"no file {missing[0]}; to collate a family of a corpus: variorum collate FAMILY --in CORPUS")


def _write_forms(collation: Collation, wanted: dict[str, str], options: dict[str, Any]) -> None:
    """Write the collation in each of the formats that are wanted."""
    first = FORMS[next(iter(wanted))]
    if options["as_json"] or options["three_way"]:
        raise UsageError(f"{first} writes the whole alignment; leave --json and --three-way out")
    dests = list(wanted.values())
    if len(set(dests)) < len(dests):
        raise UsageError(f"two formats go to {'standard output' if '-' in dests else 'one file'}; name a file for each")
    for form, dest in wanted.items():
        write_pieces(collation.stream("collatex-vertical" if form == "collatex" and options["vertical"] else form), dest)


def _find_collation(items: tuple[str, ...], corpus: str | None, base: str | None) -> Collation:
    """Return the collation of what the arguments name."""
    if corpus is None:
        _check_files(items)
        return collate(list(items), base)
    with api.open(corpus) as opened:
        return opened.collate(items[0] if len(items) == 1 else list(items), base)


def _show_changes(collation: Collation, options: dict[str, Any]) -> None:
    """Show what was changed, one line a change; members that changed the same in one place share the line."""
    rows = collation.changes(options["kinds"] or None).to_pylist()
    sigla = collation.sigla
    if options["csv"] or options["as_json"]:
        named = [{**row, "siglum": sigla[row["member"]]} for row in rows]
        if options["as_json"]:
            print_array(named)
            return
        from variorum.exporting.lineage_forms import stream_rows_csv

        lists = ("aspects", "befores", "afters")
        head = [*TABLES["changes"].schema.names, "siglum"]
        write_pieces(stream_rows_csv([{**row, **{name: "; ".join(value or "" for value in row[name]) for name in lists}} for row in named], head), options["csv"])
        return
    lines: dict[tuple[Any, ...], list[str]] = {}
    for row in rows:
        lines.setdefault((row["kind"], row["words"], row["base_start"], row["base_end"]), []).append(sigla[row["member"]])
    # Where lines break says little, and copies differ in it everywhere: counted, and listed only where it is asked for.
    layout = [] if options["kinds"] else [key for key in lines if key[0] == "layout"]
    for key in layout:
        del lines[key]
    limit = options["limit"] or len(lines)
    shown = [f"Base: {collation.base}; {len(lines)} changes"]
    shown += [f"{kind}: {words}  [{', '.join(who)}]  {start}-{end}" for (kind, words, start, end), who in list(lines.items())[:limit]]
    if len(lines) > limit:
        shown.append(f"... and {len(lines) - limit} more; all with --limit 0")
    if layout:
        shown.append(f"In layout alone they differ at {len(layout)} more places; --kind layout lists them")
    sys.stdout.writelines(f"{line}\n" for line in shown)


def _show_three_way(collation: Collation, options: dict[str, Any]) -> None:
    """Show who changed what of the base."""
    a, b = options["three_way"]
    rows = collation.three_way(a, b)
    if options["as_json"]:
        print_json(rows)
        return
    from variorum.exporting.apparatus import render_three_way

    print_rich(render_three_way(rows, collation.base, a, b))
