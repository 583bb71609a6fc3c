"""The pipeline: what runs, what is kept, what a killed run leaves, and what each way to fail says."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import types
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from small_corpora import write_statements
from variorum import pipeline
from variorum.config import make_config
from variorum.corpus import CorpusFolder
from variorum.errors import CorpusDamaged, CorpusLocked, InputError, StorageError, UsageError, VariorumError
from variorum.folders import default_out
from variorum.pipeline import Event, Flow, run_pipeline, stage_names
from variorum.schema import TABLES, empty_table

STAGES = ["witnesses", "foldings", "fingerprints", "spans", "reworks", "families", "report"]
MATCHING = STAGES[1:]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Stand in for matching, families and report by functions that are quick and counted; reading is the real one."""
    seen: Counter = Counter()

    def fold_witnesses(batches, index, prefix):
        seen["foldings"] += 1
        texts = [text for batch in batches for text in batch["text"].to_pylist()]
        (index / "letters.bin").write_bytes("".join(texts).encode())
        first: dict[str, int] = {}
        rows = [{"witness": i, "n_letters": len(t), "letters_hash": len(t), "copy_of": first.setdefault(t, i)} for i, t in enumerate(texts)]
        return pa.Table.from_pylist(rows, schema=TABLES["foldings"].schema)

    def index_fingerprints(index, config, engine, prefix):
        seen["fingerprints"] += 1
        (index / "prints.bin").write_bytes(b"%d" % config.k)
        return {"n_fingerprints": 1}

    def least_memory_mb(index, threads):
        return 1

    def match_witnesses(index, work, config, engine, series, prefix):
        seen["spans"] += 1
        seen["series"] = series
        (work / "seeds.bin").write_bytes(b"left behind")
        return empty_table("spans"), {"n_seeds": np.int64(0)}

    def deepen_spans(given, config, engine, tell):
        seen["reworks"] += 1
        texts, foldings, spans, *_ = given
        assert sum(len(batch) for batch in texts) == len(foldings)
        tell(0, 0)
        return spans, empty_table("candidates"), {"candidates": 0}

    def DeepInput(*given):  # noqa: N802 - stands in for a class
        return given

    def build_families(index, spans, witnesses, foldings, config, read_texts):
        seen["families"] += 1
        assert "text" not in witnesses.column_names
        assert len(read_texts([0])) == min(1, len(witnesses))
        return {name: empty_table(name) for name in ("families", "passages", "family_links")}, {}

    def write_report(folder, path, config, trace, order):
        seen["report"] += 1
        path.write_text("<!doctype html>")
        return {"n_families": 0}

    for name, functions in {
        "variorum.matching.folds": [fold_witnesses],
        "variorum.matching.fingerprints": [index_fingerprints, least_memory_mb],
        "variorum.matching.spans": [match_witnesses],
        "variorum.matching.deepening": [deepen_spans, DeepInput],
        "variorum.families": [build_families],
        "variorum.exporting.report": [write_report],
    }.items():
        module = types.ModuleType(name)
        for function in functions:
            setattr(module, function.__name__, function)
        monkeypatch.setitem(sys.modules, name, module)
    return seen


@pytest.fixture
def statements(tmp_path: Path) -> Path:
    folder = tmp_path / "statements"
    folder.mkdir()
    for name in ("harbour", "council", "ferry"):
        (folder / f"{name}.txt").write_text(f"The {name} has a statement to make about the pier.", encoding="utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "s.variorum"


def run(statements: Path, out: Path, flow: Flow | None = None, **settings) -> tuple[dict[str, str], list[Event]]:
    events: list[Event] = []
    outcome = run_pipeline([statements], out, make_config(**{"deep": True, **settings}), flow=flow, progress=events.append)
    return outcome.stages, events


def ran(states: dict[str, str]) -> list[str]:
    return [name for name, state in states.items() if state == "ran"]


def notes(events: list[Event]) -> str:
    return "; ".join(event.text for event in events if event.state == "note")


# -- what runs and what is kept --------------------------------------------------------------------------------------


def test_all_stages_run_in_order_and_say_what_made_them(calls: Counter, statements: Path, out: Path) -> None:
    states, events = run(statements, out)
    assert list(states) == STAGES == stage_names()
    assert set(states.values()) == {"ran"}
    assert [e.stage for e in events if e.state == "begin"] == STAGES
    assert (out / "report.html").is_file()
    with CorpusFolder.open(out) as folder:
        rows = folder.read_table("provenance").to_pylist()
        assert [row["stage"] for row in rows] == STAGES
        assert [row["n_rows"] for row in rows] == [6, 3, 0, 0, 0, 0, 0]
        assert json.loads(rows[0]["counters"]) == {"n_sources": 3, "n_continued": 0, "n_failures": 0, "n_characters": 151}
        assert {"variorum", "python", "numpy", "duckdb", "pyarrow"} <= set(json.loads(rows[0]["versions"]))
        assert json.loads(rows[0]["config"])["matching"]["k"] == make_config().matching.k
        assert len({row["input_hash"] for row in rows}) == len(STAGES)
        assert all(row["seconds"] >= 0 and row["cpu_seconds"] >= 0 for row in rows)
        assert list(folder.work.iterdir()) == []


def test_a_second_run_does_nothing_again(calls: Counter, statements: Path, out: Path) -> None:
    run(statements, out)
    before = dict(calls)
    states, events = run(statements, out)
    assert ran(states) == []
    assert dict(calls) == before
    assert [e.state for e in events] == ["kept"] * len(STAGES)


@pytest.mark.parametrize(
    ("settings", "again"),
    [
        ({"max_df": 30}, STAGES[2:]),
        ({"max_candidates": 10}, STAGES[4:]),
        ({"leader_overlap": 0.9}, STAGES[5:]),
        ({"context": 10}, STAGES[6:]),
        ({"text_field": "body"}, STAGES),
        ({"threads": 1, "memory_mb": 300}, []),
    ],
)
def test_a_changed_setting_runs_what_depends_on_it(calls: Counter, statements: Path, out: Path, settings: dict, again: list[str]) -> None:
    run(statements, out)
    states, events = run(statements, out, **settings)
    assert ran(states) == again
    if again:
        assert f"{next(iter(settings))} " in notes(events)
        assert "settings changed" in notes(events)
    assert ran(run(statements, out, **settings)[0]) == []


def test_a_deleted_report_is_written_again(calls: Counter, statements: Path, out: Path) -> None:
    run(statements, out)
    (out / "report.html").unlink()
    assert ran(run(statements, out)[0]) == ["report"]


def change_nothing(folder: Path) -> None:
    (folder / ".hidden.txt").write_text("not read")


def edit_a_file(folder: Path) -> None:
    (folder / "ferry.txt").write_text("The ferry has changed its mind, and its statement with it.")


def add_a_file(folder: Path) -> None:
    (folder / "museum.txt").write_text("The museum closes early on Fridays.")


def remove_a_file(folder: Path) -> None:
    (folder / "ferry.txt").unlink()


def touch_a_file(folder: Path) -> None:
    os.utime(folder / "ferry.txt", ns=(1, 1))


@pytest.mark.parametrize(
    ("change", "count"), [(change_nothing, None), (edit_a_file, 3), (add_a_file, 4), (remove_a_file, 2), (touch_a_file, 3)], ids=lambda c: getattr(c, "__name__", "")
)
def test_changed_inputs_are_read_again_and_it_is_said(calls: Counter, statements: Path, out: Path, change, count: int | None) -> None:
    run(statements, out)
    change(statements)
    states, events = run(statements, out)
    assert ran(states) == ([] if count is None else STAGES)
    assert ("inputs changed" in notes(events)) == (count is not None)
    with CorpusFolder.open(out) as folder:
        texts = folder.read_table("witnesses")["text"].to_pylist()
        assert len(texts) == folder.count("sources") == (count or 3)
        assert texts == [p.read_text() for p in sorted(statements.glob("[a-z]*.txt"))]
        assert (folder.index / "letters.bin").read_bytes().decode() == "".join(texts)


def test_metadata_counts_as_an_input_by_its_content(calls: Counter, statements: Path, out: Path) -> None:
    metadata = statements.parent / "who.csv"
    metadata.write_text("file,date\nferry.txt,2024-03-29\n")
    run(statements, out, metadata=str(metadata))
    os.utime(metadata, ns=(1, 1))
    assert ran(run(statements, out, metadata=str(metadata))[0]) == []
    metadata.write_text("file,date\nferry.txt,2024-04-02\n")
    assert ran(run(statements, out, metadata=str(metadata))[0]) == STAGES
    with CorpusFolder.open(out) as folder:
        assert folder.read_table("witnesses", ["date"], "siglum = 'ferry'")["date"].to_pylist() == ["2024-04-02"]


def test_series_codes_are_given_only_where_asked(calls: Counter, statements: Path, out: Path) -> None:
    metadata = statements.parent / "who.csv"
    metadata.write_text("file,series\nferry.txt,Isles\ncouncil.txt,Isles\n")
    run(statements, out, metadata=str(metadata))
    assert calls["series"] is None
    run(statements, out, metadata=str(metadata), across_series=True)
    assert calls["series"].dtype == np.int32
    council, ferry, harbour = calls["series"]
    assert council == ferry != harbour


# -- stopping and resuming -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_stop_after_a_stage_and_go_on(calls: Counter, statements: Path, out: Path, stage: str) -> None:
    number = STAGES.index(stage) + 1
    assert ran(run(statements, out, Flow(stop_after=stage))[0]) == STAGES[:number]
    states, _ = run(statements, out)
    assert list(states) == STAGES
    assert ran(states) == STAGES[number:]


@pytest.mark.parametrize("stage", STAGES)
def test_resume_from_a_stage_runs_it_and_those_after_it(calls: Counter, statements: Path, out: Path, stage: str) -> None:
    run(statements, out)
    if stage != "witnesses":
        edit_a_file(statements)  # earlier stages are taken as they are, whatever became of the inputs
    states, _ = run(statements, out, Flow(resume_from=stage))
    assert ran(states) == STAGES[STAGES.index(stage) :]


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        (Flow(stop_after="familys"), r"did you mean 'families'\?.*the stages are witnesses, foldings"),
        (Flow(resume_from="collating"), "no stage 'collating'"),
        (Flow(stop_after="foldings", resume_from="spans"), "comes later"),
        (Flow(resume_from="spans"), "no corpus at .* to resume from"),
    ],
)
def test_flows_that_cannot_be_are_refused(calls: Counter, statements: Path, out: Path, flow: Flow, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run(statements, out, flow)
    assert not out.exists()


def test_resuming_past_a_stage_that_was_not_done_is_refused(calls: Counter, statements: Path, out: Path) -> None:
    run(statements, out, Flow(stop_after="foldings"))
    with pytest.raises(UsageError, match="stage fingerprints has not been done"):
        run(statements, out, Flow(resume_from="families"))


@pytest.mark.parametrize("stage", MATCHING)
def test_a_stage_that_fails_leaves_nothing_half(calls: Counter, statements: Path, out: Path, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run(statements, out)
    number = STAGES.index(stage)
    broken = [
        s if s.name != stage else pipeline.Stage(s.name, s.tables, s.settings, lambda run: [(run.folder.index / "half.bin").write_bytes(b"x"), 1 // 0])  # type: ignore[arg-type, return-value]
        for s in pipeline.STAGES
    ]
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "STAGES", broken)
        with pytest.raises(ZeroDivisionError):
            run(statements, out, Flow(resume_from=stage))
    with CorpusFolder.open(out) as folder:
        assert folder.read_table("provenance")["stage"].to_pylist() == STAGES[:number]
        assert all(folder.count(t) == 0 for s in pipeline.STAGES[number:] for t in s.tables)
        assert not folder.report.exists()
    assert ran(run(statements, out)[0]) == STAGES[number:]
    assert not (out / "index" / "half.bin").exists()


def test_a_result_that_breaks_its_rules_is_not_kept(calls: Counter, statements: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"witness": i, "n_letters": 1, "letters_hash": 1, "copy_of": 2} for i in range(3)]
    table = pa.Table.from_pylist(rows, schema=TABLES["foldings"].schema)
    monkeypatch.setattr(sys.modules["variorum.matching.folds"], "fold_witnesses", lambda batches, index, prefix: [*batches] and table)
    with pytest.raises(VariorumError, match="copies an earlier one"):
        run(statements, out)
    with CorpusFolder.open(out) as folder:
        assert folder.read_table("provenance")["stage"].to_pylist() == ["witnesses"]


def test_an_index_file_that_was_cut_is_refused(calls: Counter, statements: Path, out: Path) -> None:
    run(statements, out)
    os.truncate(out / "index" / "letters.bin", 3)
    with pytest.raises(CorpusDamaged, match="letters"):
        run(statements, out)


# -- killed and interrupted ------------------------------------------------------------------------------------------

KILLED = """
    import os, signal, sys
    from pathlib import Path
    from variorum.config import make_config
    from variorum.pipeline import Flow, run_pipeline
    n_chunks = 0
    def stop(event):
        global n_chunks
        n_chunks += event.state == "advance"
        if n_chunks == int(sys.argv[3]):
            os.kill(os.getpid(), signal.{signal})
    run_pipeline([sys.argv[1]], Path(sys.argv[2]), make_config(), flow=Flow(stop_after="witnesses"), progress=stop)
"""


def kill_reading(statements: Path, out: Path, chunk: int, kind: str = "SIGKILL") -> int:
    program = textwrap.dedent(KILLED).replace("{signal}", kind)
    return subprocess.run([sys.executable, "-c", program, str(statements), str(out), str(chunk)], check=False, stderr=subprocess.DEVNULL).returncode


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("chunk", [1, 2])
def test_a_killed_reading_goes_on_where_it_was(calls: Counter, tmp_path: Path, out: Path, chunk: int) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(1100):  # a chunk holds 500 files
        (folder / f"{i:04d}.txt").write_text(f"Statement number {i} of the harbour.")
    assert kill_reading(folder, out, chunk) == -signal.SIGKILL
    with CorpusFolder.open(out) as corpus:
        held = corpus.count("witnesses")
    assert 0 < held < 1100
    states, _ = run(folder, out)
    assert ran(states) == STAGES
    with CorpusFolder.open(out) as corpus:
        counters = json.loads(corpus.read_table("provenance").to_pylist()[0]["counters"])
        assert counters["n_continued"] == held
        assert counters["n_sources"] == 1100 - held
        assert corpus.read_table("witnesses")["text"].to_pylist() == [f"Statement number {i} of the harbour." for i in range(1100)]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_half_a_source_of_rows_is_read_again_whole(calls: Counter, tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "a.txt").write_text("The first file, whole.")
    with (folder / "b.jsonl").open("w") as file:
        for i in range(60):
            file.write(json.dumps({"id": f"row-{i}", "text": f"Statement {i}. " + "word " * 120_000}) + "\n")
    assert kill_reading(folder, out, 1) == -signal.SIGKILL
    with CorpusFolder.open(out) as corpus:
        assert 1 < corpus.count("witnesses") < 61
        assert corpus.read_table("sources")["source"].to_pylist() == [str(folder / "a.txt")]
    run(folder, out, Flow(stop_after="witnesses"))
    with CorpusFolder.open(out) as corpus:
        assert corpus.read_table("witnesses", ["siglum"])["siglum"].to_pylist() == ["a", *(f"row-{i}" for i in range(60))]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_inputs_that_changed_since_the_kill_are_read_from_the_start(calls: Counter, statements: Path, out: Path) -> None:
    assert kill_reading(statements, out, 1) == -signal.SIGKILL
    edit_a_file(statements)
    run(statements, out)
    with CorpusFolder.open(out) as corpus:
        assert "changed its mind" in corpus.read_texts([1])[1]
        assert corpus.count("witnesses") == 3


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_run_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    """With the real stages: killed as each begins and again as it ends, before it is committed."""
    statements = write_statements(tmp_path / "letters")
    program = """
        import os, signal, sys
        from pathlib import Path
        from variorum.config import make_config
        from variorum.corpus import CorpusFolder
        from variorum.pipeline import run_pipeline
        stage, moment = sys.argv[3:]
        def kill():
            os.kill(os.getpid(), signal.SIGKILL)
        def told(event):
            if moment == "begin" and (event.stage, event.state) == (stage, "begin"):
                kill()
        keep = CorpusFolder.record_provenance
        def record(folder, row):
            keep(folder, row)
            if moment == "commit" and row["stage"] == stage:
                kill()
        CorpusFolder.record_provenance = record
        run_pipeline([sys.argv[1]], Path(sys.argv[2]), make_config(), progress=told)
    """
    killed, whole = tmp_path / "killed.variorum", tmp_path / "whole.variorum"
    for stage, moment in [("foldings", "commit"), ("spans", "begin"), ("spans", "commit"), ("families", "commit"), ("report", "begin")]:
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(program), str(statements), str(killed), stage, moment], check=False)
        assert done.returncode == -signal.SIGKILL, (stage, moment)
    assert ran(run(statements, killed, deep=False)[0]) == ["report"]
    run(statements, whole, deep=False)
    with CorpusFolder.open(killed) as a, CorpusFolder.open(whole) as b:
        for stage in pipeline.STAGES:
            for name in stage.tables:
                assert a.read_table(name).equals(b.read_table(name)), name
        assert a.count("families") == 2


def test_an_interruption_leaves_the_corpus_usable(calls: Counter, statements: Path, out: Path) -> None:
    def interrupt(event: Event) -> None:
        if event.stage == "spans":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_pipeline([statements], out, make_config(), progress=interrupt)
    assert ran(run(statements, out)[0]) == STAGES[3:]


# -- bad input -------------------------------------------------------------------------------------------------------


def test_an_empty_folder_is_one_line_and_leaves_nothing(calls: Counter, tmp_path: Path, out: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(VariorumError, match=r"no readable file in .*empty") as caught:
        run(empty, out)
    assert caught.value.exit_code == 1
    assert not out.exists()


@pytest.mark.parametrize("name", ["nowhere", "nothing*.txt", "image.png"])
def test_no_readable_file_is_one_line_and_leaves_nothing(calls: Counter, tmp_path: Path, out: Path, name: str) -> None:
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    with pytest.raises(VariorumError, match=r"no readable file in") as caught:
        run(tmp_path / name, out)
    assert caught.value.exit_code == 1
    assert "\n" not in str(caught.value)
    assert not out.exists()


def test_where_nothing_could_be_read_the_corpus_keeps_why(calls: Counter, tmp_path: Path, out: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 damaged")
    for _ in range(2):
        with pytest.raises(VariorumError, match=r"no statement could be read from 1 file.*bad\.pdf.*variorum status") as caught:
            run(bad, out)
        assert caught.value.exit_code == 1
    with CorpusFolder.open(out) as corpus:
        assert corpus.count("failures") == corpus.count("sources") == 1
    assert calls["foldings"] == 0


def test_failed_inputs_are_listed_and_the_rest_is_done(calls: Counter, statements: Path, out: Path) -> None:
    (statements / "broken.pdf").write_bytes(b"%PDF-1.4 damaged")
    for expected in ("ran", "kept"):
        outcome = run_pipeline([statements], out, make_config())
        assert outcome.exit_code == 3
        assert [Path(row["source"]).name for row in outcome.failures] == ["broken.pdf"]
        assert outcome.counts["witnesses"] == 3
        assert outcome.stages["report"] == expected


def test_strict_stops_at_the_first_failure_before_matching(calls: Counter, statements: Path, out: Path) -> None:
    (statements / "broken.pdf").write_bytes(b"%PDF-1.4 damaged")
    for _ in range(2):
        with pytest.raises(InputError, match=r"broken\.pdf") as caught:
            run(statements, out, Flow(strict=True))
        assert caught.value.exit_code == 3
    assert calls["foldings"] == 0
    assert ran(run(statements, out)[0]) == STAGES  # without it, the same reading goes on
    with pytest.raises(InputError, match=r"broken\.pdf"):
        run(statements, out, Flow(strict=True))


def test_a_mistake_in_the_settings_costs_nothing_that_was_done(calls: Counter, statements: Path, out: Path) -> None:
    run(statements, out)
    with pytest.raises(UsageError, match="nonsense"):
        run(statements, out, encoding="nonsense")
    with CorpusFolder.open(out) as corpus:
        assert corpus.count("witnesses") == 3
    assert ran(run(statements, out)[0]) == []


def test_a_folder_that_is_no_corpus_is_left_alone(calls: Counter, statements: Path) -> None:
    with pytest.raises(UsageError, match="not a corpus"):
        run(statements, statements)
    assert len(list(statements.iterdir())) == 3


def test_a_second_run_at_the_same_time_is_refused(calls: Counter, statements: Path, out: Path) -> None:
    with CorpusFolder.create(out), pytest.raises(CorpusLocked):
        run(statements, out)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError("1000 requested and 12 written"), "disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "choose another place"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_a_full_machine_is_one_line(calls: Counter, statements: Path, out: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(sys.modules["variorum.matching.spans"], "match_witnesses", fail)
    with pytest.raises(VariorumError, match=said) as caught:
        run(statements, out)
    assert isinstance(caught.value, StorageError) or isinstance(error, MemoryError)
    assert caught.value.exit_code == 1


# -- where it goes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("letters", "letters.variorum"),
        ("letters.2024", "letters.2024.variorum"),
        ("rows.jsonl", "rows.variorum"),
        ("rows.jsonl.gz", "rows.variorum"),
        ("2024.03.txt", "2024.03.variorum"),
        ("letters/*.txt", "letters.variorum"),
        ("letters/**/*.txt", "letters.variorum"),
        ("noending", "noending.variorum"),
    ],
)
def test_the_corpus_goes_beside_its_first_input(tmp_path: Path, given: str, expected: str) -> None:
    for name in ("letters", "letters.2024"):
        (tmp_path / name).mkdir()
    assert default_out([tmp_path / given, "other"]) == tmp_path / expected


def test_the_folder_one_stands_in_gives_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "letters"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert default_out(["."]) == tmp_path / "letters.variorum"
    assert default_out(["*.txt"]) == tmp_path / "letters.variorum"
    with pytest.raises(UsageError, match="nothing to trace"):
        default_out([])
