"""The stages in order: what each reads, writes and depends on; run, continue, stop, and a provenance row each.

A stage runs again when what it depends on has changed: the stage before it, or the settings it uses. What it wrote
is committed as a whole, tables and index files together; only the reading commits file by file, so that a run that
was killed goes on where it was. Before a stage runs, its results and all later ones are taken away, so that a corpus
never holds tables that do not belong together.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from variorum import __version__, folders
from variorum.allocators import release_unused
from variorum.config import Config
from variorum.corpus import CorpusFolder
from variorum.engines.local import LocalEngine
from variorum.errors import UsageError, VariorumError
from variorum.intake import Intake, refuse_failures, sign_inputs
from variorum.runs import Event, Flow, Outcome, Progress
from variorum.schema import FORMAT_VERSION, REWORKED_KINDS
from variorum.versions import list_versions

if TYPE_CHECKING:
    from variorum.families.heritages import Heritage
    from variorum.letters import Prefix

REVISED = "revised"
"""State of a corpus to which statements were added, or from which some were removed, since its trace."""
_FAMILY_COLUMNS = ("witness_a", "start_a", "end_a", "witness_b", "start_b", "end_b", "n_letters", "similarity", "kind", "score")  # what families need of SPANS


Tables = pa.Table | Iterable[pa.Table]  # a table that a stage gives, whole or in parts


@dataclass(slots=True)
class Run:
    """One run: what the stages share."""

    folder: CorpusFolder
    config: Config
    engine: LocalEngine
    inputs: Sequence[str | Path]
    flow: Flow
    tell: Progress
    input_hash: str = ""
    counters: dict[str, int] = field(default_factory=dict)
    heritage: Heritage | None = None
    prefix: Prefix | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the tables it writes, the settings it depends on, and the function that gives its tables."""

    name: str
    tables: tuple[str, ...]
    settings: tuple[str, ...]
    run: Callable[[Run], dict[str, Tables]]


def run_pipeline(inputs: Sequence[str | Path], out: Path, config: Config, *, flow: Flow | None = None, progress: Progress | None = None) -> Outcome:
    """Run the stages over `inputs` into the corpus folder `out`, leaving out those that need not run again.

    Args:
        inputs: folders, files and patterns; not looked at where a later stage is resumed from.
        out: the corpus folder; made where it is missing.
        config: the settings.
        flow: where to stop, where to start again, whether to be strict.
        progress: called with every `Event`.

    Raises:
        UsageError: an unknown stage, or `out` is something else than a corpus.
        CorpusLocked: another process writes to `out`.
        InputError: a source failed and the run is strict.
        StorageError: the disk is full or `out` cannot be written.
        VariorumError: nothing could be read.
    """
    flow = flow or Flow()
    tell = progress or (lambda _: None)
    stages = _chosen_stages(flow)
    started = _resumed_stage(flow)
    out = Path(out)
    folders.refuse_foreign(out)
    for given in inputs:
        if folders.is_corpus(given):
            raise UsageError(f"{given} is a corpus, not statements; to do its matching again: variorum trace --out {given} --resume-from foldings")
    # Signed before the folder is made, so that a call without anything to read leaves nothing behind.
    signature = "" if started else sign_inputs(inputs, config.reading)
    if started and not folders.is_corpus(out):
        raise UsageError(f"no corpus at {out} to resume from; leave --resume-from out")
    memory = max(256, config.run.memory_mb // 6)
    # From the foldings on, all index files are made anew.
    with CorpusFolder.create(out, memory_mb=memory, repair=flow.resume_from is not None and started <= 1) as folder, folders.machine_errors(out):
        folder.clear_work()
        engine = LocalEngine(config.run.threads, config.run.memory_mb // 4, folder.work)
        run = Run(folder, config, engine, inputs, flow, tell)
        states = _run_stages(run, stages, started, signature)
        folder.clear_work()
        return _describe_outcome(folder, states)


def run_later(folder: CorpusFolder, config: Config, tell: Progress, heritage: Heritage, prefix: Prefix) -> Outcome:
    """Run the stages after the reading over witnesses that came or went; ids of families and passages stay what `heritage` says they were.

    `prefix` are the first witnesses that stayed, and the index that holds them.

    The folder's provenance row of the reading says what the witnesses are; stages that were done since are kept.
    """
    engine = LocalEngine(config.run.threads, config.run.memory_mb // 4, folder.work)
    run = Run(folder, config, engine, (), Flow(), tell, heritage=heritage, prefix=prefix)
    return _describe_outcome(folder, _run_stages(run, STAGES, 1, ""))


def describe_stage(name: str, config: Config, began: tuple[datetime, float, float], n_rows: int, input_hash: str, counters: dict[str, int]) -> dict[str, Any]:
    """Return a row of PROVENANCE; `began` is the time, and the seconds of clock and processors, at the beginning."""
    return {
        "stage": name,
        "started_at": began[0],
        "seconds": time.perf_counter() - began[1],
        "cpu_seconds": time.process_time() - began[2],
        "n_rows": n_rows,
        "config": config.to_json(),
        "versions": json.dumps(list_versions()),
        "input_hash": input_hash,
        "counters": json.dumps({name: int(value) for name, value in counters.items()}),
    }


def start_clock() -> tuple[datetime, float, float]:
    """Return the time, and the seconds of clock and processors."""
    return datetime.now(UTC), time.perf_counter(), time.process_time()


def stage_names() -> list[str]:
    """Return the names of the stages, in order."""
    return [stage.name for stage in STAGES]


def _run_stages(run: Run, stages: Sequence[Stage], started: int, signature: str) -> dict[str, str]:
    """Run or keep each stage; return which it was."""
    rows = {row["stage"]: row for row in run.folder.read_table("provenance", ["stage", "input_hash", "config"]).to_pylist()}
    before = signature
    states: dict[str, str] = {}
    for number, stage in enumerate(stages):
        kept = rows.get(stage.name)
        if number < started:
            if kept is None:
                raise UsageError(f"{run.folder.path}: stage {stage.name} has not been done; resume from it or an earlier one")
            before = kept["input_hash"]
        else:
            before = _hash_stage(stage, before, run.config)
        forced = run.flow.resume_from is not None and number >= started
        if kept is not None and not forced and kept["input_hash"] == before and "ran" not in states.values() and _results_stand(run, stage):
            if run.flow.strict and number == 0:
                refuse_failures(run.folder.read_table("failures"))
            states[stage.name] = "kept"
            run.tell(Event(stage.name, "kept"))
            continue
        if kept is not None and number >= started and not forced and "ran" not in states.values():
            if number == 0 and run.folder.get_state(REVISED):
                raise UsageError(f"{run.folder.path}: statements were added or removed since its trace, which another trace would undo; go on from what it holds with --resume-from foldings, or begin anew with --resume-from witnesses")
            run.tell(Event(stage.name, "note", text=_explain_change(stage, kept, run.config)))
        run.input_hash = before
        if stage.name == "foldings" and not _kernels_compiled():
            run.tell(Event(stage.name, "note", text="first run of this installation: compiling, which takes about a minute and is done once"))
        _run_stage(run, stage)
        states[stage.name] = "ran"
    return states


def _kernels_compiled() -> bool:
    """Tell whether an earlier run has left compiled kernels."""
    from variorum.kernels import FOLDER

    return any(Path(FOLDER).rglob("*.nbi"))


def _run_stage(run: Run, stage: Stage) -> None:
    """Run one stage and commit its tables, index files and provenance row as a whole."""
    folder = run.folder
    run.counters = {}
    run.tell(Event(stage.name, "begin"))
    began = start_clock()
    if stage is not STAGES[0]:  # the reading itself decides whether it continues or begins anew
        forget_stages(folder, stage.name)
    tables = stage.run(run)
    with folder.transaction():
        for name, table in tables.items():
            folder.write_table(name, table)
        folder.record_index(stage.name)
        n_rows = sum(folder.count(name) for name in stage.tables)
        folder.record_provenance(describe_stage(stage.name, run.config, began, n_rows, run.input_hash, run.counters))
    del tables
    folder.release_memory()
    release_unused()
    run.tell(Event(stage.name, "end"))


def forget_stages(folder: CorpusFolder, first: str) -> None:
    """Take away the results of the stage `first` and of all later ones."""
    gone = STAGES[stage_names().index(first) :]
    with folder.transaction():
        for stage in gone:
            for name in stage.tables:
                folder.delete_rows(name)
            if stage.name == "reworks":  # its spans stand among those by letters, which stay
                folder.delete_rows("spans", f"kind IN {REWORKED_KINDS}")
            folder.delete_rows("provenance", f"stage = '{stage.name}'")
        if gone == STAGES:
            folder.delete_rows("provenance")
            folder.set_state(REVISED, None)
        folder.forget_index([stage.name for stage in gone])
    with folders.storage_errors(folder.path):
        folder.report.unlink(missing_ok=True)


def _chosen_stages(flow: Flow) -> list[Stage]:
    """Return the stages up to the last one wanted."""
    return STAGES if flow.stop_after is None else STAGES[: _stage_number(flow.stop_after) + 1]


def _resumed_stage(flow: Flow) -> int:
    """Return the number of the stage to start again from; 0 for a run that decides for itself."""
    if flow.resume_from is None:
        return 0
    number = _stage_number(flow.resume_from)
    if flow.stop_after is not None and _stage_number(flow.stop_after) < number:
        raise UsageError(f"cannot stop after {flow.stop_after} when resuming from {flow.resume_from}, which comes later")
    return number


def _stage_number(name: str) -> int:
    names = stage_names()
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        raise UsageError(f"no stage '{name}'{f' (did you mean {near[0]!r}?)' if near else ''}; the stages are {', '.join(names)}")
    return names.index(name)


def _hash_stage(stage: Stage, before: str, config: Config) -> str:
    """Return the hash of all that decides a stage's result."""
    settings = {section: dataclasses.asdict(getattr(config, section)) for section in stage.settings}
    parts = [stage.name, before, __version__, FORMAT_VERSION, settings]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _explain_change(stage: Stage, kept: dict[str, Any], config: Config) -> str:
    """Say why a stage that was done is done again."""
    had, has = json.loads(kept["config"]), json.loads(config.to_json())
    changed = [f"{name} {had[part].get(name)!r} -> {value!r}" for part in stage.settings for name, value in has[part].items() if had.get(part, {}).get(name) != value]
    if changed:
        return f"settings changed ({', '.join(changed)}): {stage.name} and what follows are done again"
    if stage is STAGES[0]:
        return "the inputs changed since the last run: all is read again"
    return f"{stage.name} and what follows are done again"


def _results_stand(run: Run, stage: Stage) -> bool:
    """Tell whether what a stage left outside the tables is still there."""
    return stage.name != "report" or run.folder.report.is_file()


def _describe_outcome(folder: CorpusFolder, states: dict[str, str]) -> Outcome:
    failures = folder.read_table("failures", where="severity = 'failed'").to_pylist()
    counts = {name: folder.count(name) for stage in STAGES for name in stage.tables}
    counts["n_common"] = folder.count("families", "common")
    return Outcome(folder.path, 3 if failures else 0, failures, counts, states)


# -- the stages ------------------------------------------------------------------------------------------------------


def _read(run: Run) -> dict[str, Tables]:
    """Files and rows -> SOURCES, FAILURES, WITNESSES; commits as it goes."""
    intake = Intake(run.folder, run.config.reading, strict=run.flow.strict)
    anew = run.flow.resume_from is not None

    def forget() -> None:
        forget_stages(run.folder, STAGES[0].name)

    for taken in intake.read(run.inputs, run.input_hash, forget, anew=anew):
        run.tell(Event("witnesses", "advance", taken.n_witnesses, text="statements"))
    run.counters = intake.counters
    return {}


def _fold(run: Run) -> dict[str, Tables]:
    """WITNESSES -> FOLDINGS and the letter stream."""
    from variorum.matching.folds import fold_witnesses
    from variorum.matching.labels import COLUMNS, write_labels

    about = run.folder.read_table("witnesses", COLUMNS)

    def told() -> Any:
        done = 0
        for batch in run.folder.stream_table("witnesses", ["witness", "text"], first=run.prefix.n_texts if run.prefix else 0):
            yield batch
            done += batch.num_rows
            run.tell(Event("foldings", "advance", done, len(about), "statements"))

    table = fold_witnesses(told(), run.folder.index, run.prefix)
    write_labels(run.folder.index, about, table["copy_of"].to_numpy())
    run.counters = {"n_letters": int(np.sum(table["n_letters"].to_numpy(), dtype=np.int64))}
    return {"foldings": table}


def _index(run: Run) -> dict[str, Tables]:
    """The letter stream -> sorted fingerprints."""
    from variorum.matching.fingerprints import index_fingerprints, least_memory_mb

    least, given = least_memory_mb(run.folder.index, run.engine.threads), run.config.run.memory_mb
    if given < least:
        raise VariorumError(f"{given} MB are too little: the longest statement and one part of the fingerprints take {least} MB; give --memory {least}MiB or more, or --threads 1")
    run.counters = index_fingerprints(run.folder.index, run.config.matching, run.engine, run.prefix)
    return {}


def _match(run: Run) -> dict[str, Tables]:
    """Fingerprints -> SEEDS -> SPANS."""
    from variorum.matching.spans import match_witnesses

    series = _series_codes(run.folder) if run.config.matching.across_series else None
    parts, run.counters = match_witnesses(run.folder.index, run.folder.work, run.config.matching, run.engine, series, run.prefix)
    return {"spans": parts}


def _rework(run: Run) -> dict[str, Tables]:
    """WITNESSES and SPANS -> CANDIDATES, and SPANS with reworked passages; nothing where deep mode is off."""
    if not run.config.deep.deep:
        return {}
    from variorum.matching.deepening import DeepInput, deepen_spans

    folder, config = run.folder, run.config
    series = _series_codes(folder) if config.matching.across_series else None

    def told(done: int, total: int) -> None:
        run.tell(Event("reworks", "advance", done, total, "pairs of statements"))

    texts = folder.stream_table("witnesses", ["witness", "text"])
    given = DeepInput(texts, folder.read_table("foldings"), folder.read_table("spans"), series, folder.read_texts)
    spans, candidates, run.counters = deepen_spans(given, config.deep, run.engine, told)
    return {"candidates": candidates, "spans": spans}


def _group(run: Run) -> dict[str, Tables]:
    """SPANS -> FAMILIES, PASSAGES, FAMILY_LINKS."""
    from variorum.families import build_families

    folder = run.folder
    witnesses = folder.read_table("witnesses", ["siglum", "series", "not_before_at", "not_after_at"])
    foldings = folder.read_table("foldings", ["n_letters", "copy_of"])
    spans = folder.stream_table("spans", _FAMILY_COLUMNS, batch_size=100_000)
    tables, run.counters = build_families(folder.index, spans, witnesses, foldings, run.config.families, folder.read_texts)
    return dict(run.heritage.inherit(tables) if run.heritage else tables)


def _report(run: Run) -> dict[str, Tables]:
    """All tables -> the report, one HTML file."""
    from variorum.exporting.report import write_report
    from variorum.lineages import trace_members
    from variorum.publishers import order_publishers

    unfinished = run.folder.work / folders.REPORT
    run.counters = write_report(run.folder, unfinished, run.config.report, trace_members, order_publishers)
    os.replace(unfinished, run.folder.report)
    return {}


def _series_codes(folder: CorpusFolder) -> np.ndarray:
    """Return a number for the series of each witness; a witness without one is a series of its own."""
    names = folder.read_table("witnesses", ["series"])["series"].to_pylist()
    codes: dict[Any, int] = {}
    return np.array([codes.setdefault(number if name is None else name, len(codes)) for number, name in enumerate(names)], np.int32)


STAGES = [
    Stage("witnesses", ("sources", "failures", "witnesses"), ("reading",), _read),
    Stage("foldings", ("foldings",), (), _fold),
    Stage("fingerprints", (), ("matching",), _index),
    Stage("spans", ("spans",), ("matching",), _match),
    Stage("reworks", ("candidates",), ("deep",), _rework),
    Stage("families", ("families", "passages", "family_links"), ("families",), _group),
    Stage("report", (), ("report",), _report),
]
