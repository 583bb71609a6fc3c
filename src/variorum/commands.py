"""What each command does: ask `api` and `views`, hand the answer to the terminal or to another program, return the exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from variorum import api, views
from variorum.errors import UsageError
from variorum.folders import is_corpus
from variorum.narrowing import THRESHOLDS, describe_unreached
from variorum.options import parse_memory, parse_settings
from variorum.pipeline import Event, Flow
from variorum.printing import RowPrinter, is_coloured, print_json, print_rich, print_rows, say
from variorum.questions import looks_like_entry

Rows = list[dict[str, Any]]

_READING = ("id_field", "text_field", "date_field", "series_field", "title_field", "metadata")
_SETTINGS = (*_READING, "across_series", "deep", "threads")


def run_trace(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Trace `paths`; say what came of it; return 0, or 3 where some inputs failed."""
    settings: dict[str, Any] = {name: options[name] for name in _SETTINGS}
    if options["example"]:
        if paths:
            raise UsageError("--example brings its own statements; leave the paths out")
        paths, settings["metadata"] = _copy_example()
    elif not paths and not (options["out"] and options["resume_from"]):
        raise UsageError("nothing to trace; name a folder, files or a pattern, or try: variorum trace --example")
    if options["memory"]:
        settings["memory_mb"] = parse_memory(options["memory"])
    settings.update(parse_settings(options["pairs"]))
    flow = Flow(options["stop_after"], options["resume_from"], options["strict"])
    with StageDisplay(quiet=options["quiet"]) as display:
        corpus = api.trace(list(paths), options["out"], preset=options["preset"], flow=flow, progress=display.tell, **settings)
    return _tell_outcome(corpus, quiet=options["quiet"])


def run_add(paths: tuple[str, ...], path: str, options: dict[str, Any]) -> int:
    """Add the statements in `paths` to the corpus at `path`; return 0, or 3 where some inputs failed."""
    settings = {name: options[name] for name in (*_READING, "threads", "preset")}
    settings.update(parse_settings(options["pairs"]))
    with StageDisplay(quiet=options["quiet"]) as display:
        corpus = api.open(path).add(list(paths), strict=options["strict"], progress=display.tell, **settings)
    return _tell_outcome(corpus, quiet=options["quiet"])


def run_remove(sigla: tuple[str, ...], path: str, options: dict[str, Any]) -> int:
    """Remove the witnesses of some sigla from the corpus at `path`."""
    with StageDisplay(quiet=options["quiet"]) as display:
        corpus = api.open(path).remove(sigla, progress=display.tell, threads=options["threads"])
    return _tell_outcome(corpus, quiet=options["quiet"])


def _tell_outcome(corpus: api.Corpus, *, quiet: bool) -> int:
    """Say what came of a run; return its exit code."""
    outcome = corpus.outcome
    assert outcome is not None
    for line in () if quiet else views.summarize_outcome(corpus, outcome):
        say(line)
    return outcome.exit_code


def run_find(files: tuple[str, ...], path: str, options: dict[str, Any]) -> int:
    """Show what of the statements in `files` is in the corpus at `path`, one by one; return 0, or 3 where some could not be read."""
    from variorum.exporting import terminal

    corpus = api.open(path)
    settings = {name: options[name] for name in THRESHOLDS if options[name] is not None}
    failures: Rows = []
    printer = RowPrinter(options["kind"])
    for label, text, finds in views.find_files(corpus, files, settings, failures):
        if options["kind"] is None:
            print_rich(terminal.render_finds(label, text, finds, options["limit"]))
        else:
            chosen = finds[: options["limit"]] if options["limit"] else finds
            printer.add([{"statement": label, **row, "text": text[row["start"] : row["end"]]} for row in chosen])
        if "-" in files:
            sys.stdout.flush()  # who feeds the stream may wait for the answer
    printer.finish()
    failed = [row for row in failures if row["severity"] == "failed"]
    for line in views.describe_failures(failed):
        say(line)
    return 3 if failed else 0


def run_show(path: str, item: str | None, options: dict[str, Any]) -> int:
    """Show the families of the corpus at `path`, or the one family or passage that `item` names."""
    from variorum.exporting import terminal

    corpus = _open_narrowed(path, options)
    if item is None:
        return _show_families(corpus, options)
    found = views.describe_item(corpus, item)
    kind = options["kind"]
    if kind == "json":
        print_json(found)
    elif kind is not None:
        print_rows(found["members"] if found["kind"] == "family" else found["families"], kind)
    elif found["kind"] == "family":
        print_rich(terminal.render_family(found, colour=is_coloured()))
    else:
        print_rich(terminal.render_passage(found))
    return 0


def run_export(path: str, options: dict[str, Any]) -> int:
    """Write the tables of the corpus at `path` in every format asked for."""
    wanted = {kind: dest for kind, dest in options.items() if kind in api.EXPORTS and dest}
    if not wanted:
        raise UsageError("nothing to write; add --parquet DIR, --jsonl DIR, --csv DIR or --passim DIR")
    corpus = _open_narrowed(path, options)
    for kind, dest in wanted.items():
        counts = corpus.export(dest, kind)
        say(f"{dest}: {', '.join(f'{name} {count:,}' for name, count in counts.items())}")
    return 0


def run_explain(path: str, item: str, other: str | None, options: dict[str, Any]) -> int:
    """Say why a span was kept, all that ties a passage or two witnesses, or why the ledger of a corpus or file has an entry."""
    from variorum.exporting import reasons

    if looks_like_entry(item) and not is_corpus(path):
        from variorum.listings import explain_in_files

        told = explain_in_files([path], item, options["date"], options["lang"])
    else:
        told = api.open(path).explain(item, other, limit=options["limit"] or None)
    if options["as_json"]:
        print_json(told)
    else:
        print_rich(reasons.render_reasons(told, colour=is_coloured()))
    return 0


def run_report(path: str, out: str | None, options: dict[str, Any]) -> int:
    """Write the report of the corpus at `path` again; say where it is."""
    corpus = _open_narrowed(path, options)
    settings = {name: value for name, value in options.items() if name not in THRESHOLDS and value is not None}
    say(f"Report: {corpus.report(out or f'{corpus.name}-report.html', **settings)}")
    return 0


def _open_narrowed(path: str, options: dict[str, Any]) -> api.Corpus:
    """Open the corpus at `path` above the thresholds among `options`; say so where one asks for less than the run kept."""
    corpus = api.open(path)
    given = {name: options[name] for name in THRESHOLDS if options[name] is not None}
    if not given:
        return corpus
    narrowed = corpus.narrow(**given)
    for line in describe_unreached(narrowed.thresholds, corpus.require("families")):
        say(f"variorum: {line}")
    return narrowed


def run_status(path: str, *, as_json: bool) -> int:
    """Show what was read, what failed and what each stage did."""
    from variorum.exporting import terminal

    found = views.describe_status(api.open(path))
    if as_json:
        print_json(found)
    else:
        print_rich(terminal.render_status(found))
    return 0


class StageDisplay:
    """What a run tells, on stderr: bars where that is a terminal, notes alone where it is not."""

    def __init__(self, *, quiet: bool) -> None:
        """Say nothing at all where `quiet`."""
        self._quiet = quiet
        self._progress: Any = None
        self._task: Any = None

    def __enter__(self) -> StageDisplay:
        """Begin to show."""
        if not self._quiet and sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            columns = (
                progress.SpinnerColumn(finished_text="✓"),
                progress.TextColumn("{task.description:<12}"),
                progress.BarColumn(bar_width=24),
                progress.TextColumn("{task.fields[said]}"),
                progress.TimeElapsedColumn(),
            )
            self._progress = progress.Progress(*columns, console=Console(stderr=True), transient=False)
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop showing, also where the run failed."""
        if self._progress is not None:
            self._progress.stop()

    def tell(self, event: Event) -> None:
        """Show one event of a run."""
        if self._quiet:
            return
        if event.state == "note":
            line = f"variorum: {event.text}"
            self._progress.console.print(line, markup=False, highlight=False) if self._progress else say(line)
        elif self._progress is not None:
            self._advance(event)

    def _advance(self, event: Event) -> None:
        """Move the bar of the event's stage."""
        if event.state == "begin":
            self._task = self._progress.add_task(event.stage, total=None, said="")
        elif event.state == "advance":
            of = f" of {event.total:,}" if event.total else ""
            self._progress.update(self._task, completed=event.done, total=event.total, said=f"{event.done:,}{of} {event.text}")
        elif event.state == "kept":
            self._progress.add_task(event.stage, total=1, completed=1, said="nothing changed")
        else:
            self._progress.update(self._task, total=1, completed=1)


def _copy_example() -> tuple[tuple[str, ...], str]:
    """Copy the example beside the user; return its paths and its metadata file."""
    from variorum.example import copy_example

    example = copy_example(Path("variorum-example"))
    return (str(example.statements),), str(example.metadata)


def _show_families(corpus: api.Corpus, options: dict[str, Any]) -> int:
    """Show the list of families."""
    from variorum.exporting import terminal

    limit = options["limit"] or None
    with corpus:
        rows = views.list_families(corpus, limit, marked=options["marked"])
        total, n_marked = views.count_families(corpus)
    below = len(api.open(corpus.path).families) - total if corpus.thresholds.given() else 0
    if options["kind"] is not None:
        print_rows(rows, options["kind"])
        return 0
    listed = total if options["marked"] else total - n_marked
    print_rich(terminal.render_families(rows, str(corpus.path), 0 if options["marked"] else n_marked, listed - len(rows), n_below=below))
    return 0
