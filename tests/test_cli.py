"""The command line: what each command prints where, its exit codes, and one line for whatever goes wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from small_corpora import PIER, write_rows, write_statements
from variorum import commands, folders
from variorum.cli import main
from variorum.config import make_config
from variorum.corpus import CorpusFolder
from variorum.errors import ConfigError
from variorum.options import parse_memory, parse_settings
from variorum.pipeline import Event


def call(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], input=stdin)


def run(*words: object, cwd: Path | None = None, **extra) -> subprocess.CompletedProcess:
    """Run the command as a process of its own."""
    return subprocess.run([sys.executable, "-m", "variorum.cli", *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd, **extra)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    write_statements(folder / "letters")
    (folder / "letters" / "broken.pdf").write_bytes(b"%PDF-1.4 damaged")
    result = call("trace", folder / "letters")
    assert result.exit_code == 3, result.output
    return folder / "letters.variorum"


# -- trace -----------------------------------------------------------------------------------------------------------


def test_trace_tells_what_came_of_it_on_stderr_and_nothing_on_stdout(corpus: Path) -> None:
    result = call("trace", corpus.with_name("letters"))
    assert result.exit_code == 3
    assert result.stdout == ""
    said = result.stderr
    assert "7 statements from 7 files." in said
    assert "2 families of shared passages; the largest is in 3 statements." in said
    assert "earliest copy held: 2024-03-29_harbour-workers" in said
    assert "1 failure:\n" in said
    assert "broken.pdf" in said
    assert f"Report: {corpus / 'report.html'}" in said
    assert f"variorum show {corpus}" in said


def test_many_failures_are_cut_short(tmp_path: Path) -> None:
    write_statements(tmp_path / "letters")
    for i in range(13):
        (tmp_path / "letters" / f"bad{i:02d}.pdf").write_bytes(b"%PDF-1.4 damaged")
    result = call("trace", tmp_path / "letters", "--stop-after", "witnesses")
    assert result.exit_code == 3
    assert "bad09.pdf" in result.stderr
    assert "bad10.pdf" not in result.stderr
    assert f"and 3 more: variorum status {tmp_path / 'letters.variorum'}" in result.stderr
    assert "Stopped after witnesses" in result.stderr


def test_quiet_says_nothing(tmp_path: Path) -> None:
    write_statements(tmp_path / "letters")
    result = call("trace", tmp_path / "letters", "--quiet", "--stop-after", "foldings")
    assert (result.exit_code, result.output) == (0, "")


def test_every_option_reaches_its_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    class StopError(Exception):
        pass

    def fake(inputs, out, *, preset, flow, progress, **settings):
        seen.update(settings, inputs=inputs, out=out, preset=preset, flow=flow)
        make_config(preset, **settings)
        raise StopError

    monkeypatch.setattr(commands.api, "trace", fake)
    words = "a b --out o --preset fast --id-field i --text-field t --date-field d --series-field s.n --title-field h --metadata m.csv"
    words += " --across-series --deep --strict --stop-after spans --resume-from foldings --threads 2 --memory 4GiB --set max_df=7 --set families.min_letters=80 --set reading__include_hidden=yes"
    assert call("trace", *words.split()).exit_code == 1
    flow = seen.pop("flow")
    assert (flow.stop_after, flow.resume_from, flow.strict) == ("spans", "foldings", True)
    assert seen == {
        "inputs": ["a", "b"], "out": "o", "preset": "fast", "id_field": "i", "text_field": "t", "date_field": "d", "series_field": "s.n", "title_field": "h", "deep": True,
        "metadata": "m.csv", "across_series": True, "threads": 2, "memory_mb": 4096, "max_df": 7, "families__min_letters": 80, "reading__include_hidden": True,
    }  # fmt: skip


def test_options_left_out_leave_their_settings_alone(tmp_path: Path) -> None:
    write_statements(tmp_path / "letters")
    assert call("trace", tmp_path / "letters", "--stop-after", "witnesses").exit_code == 0
    with CorpusFolder.open(tmp_path / "letters.variorum") as folder:
        assert folder.read_table("provenance", ["config"])["config"][0].as_py() == make_config().to_json()


def test_rows_with_fields_of_their_own(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl")
    words = ["--id-field", "key", "--text-field", "body", "--date-field", "when", "--series-field", "from.name", "--title-field", "heading"]
    assert call("trace", rows, *words, "--out", tmp_path / "c", "--stop-after", "witnesses").exit_code == 0
    with CorpusFolder.open(tmp_path / "c") as folder:
        assert folder.read_table("witnesses", ["siglum", "series", "date"])["series"][0].as_py() == "harbour-workers"


def test_the_example_is_copied_and_traced(tmp_path: Path) -> None:
    done = run("trace", "--example", "--stop-after", "witnesses", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "12 statements" in done.stderr
    with CorpusFolder.open(tmp_path / "variorum-example" / "statements.variorum") as folder:
        assert set(folder.read_table("witnesses", ["date_basis"])["date_basis"].to_pylist()) == {"metadata"}


# -- looking ---------------------------------------------------------------------------------------------------------


def test_show_lists_the_families(corpus: Path) -> None:
    result = call("show", corpus)
    assert result.exit_code == 0
    assert "We call on the Town of Eastmere" in result.stdout
    rows = json.loads(call("show", corpus, "--json").stdout)
    assert [row["rank"] for row in rows] == [1, 2]
    assert {row["n_witnesses"] for row in rows} == {2, 3}
    assert all(row["first_at"].endswith("Z") for row in rows)
    lines = call("show", corpus, "--jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == rows
    table = list(csv.DictReader(io.StringIO(call("show", corpus, "--csv").stdout)))
    assert [row["family"] for row in table] == [row["family"] for row in rows]
    assert len(json.loads(call("show", corpus, "--json", "--limit", 1).stdout)) == 1


def test_families_marked_as_common_are_shown_where_asked(corpus: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy.variorum"
    shutil.copytree(corpus, copy)
    with CorpusFolder.open(copy, write=True) as folder:
        folder._execute("UPDATE families SET common = true, label = 'furniture', reasons = ['for the test'] WHERE rank = 2")
    assert len(json.loads(call("show", copy, "--json").stdout)) == 1
    assert len(json.loads(call("show", copy, "--json", "--all").stdout)) == 2
    assert "1 marked as common" in call("show", copy).stdout


def test_show_one_family_by_rank_id_or_beginning(corpus: Path) -> None:
    rows = json.loads(call("show", corpus, "--json").stdout)
    family = next(row for row in rows if row["n_witnesses"] == 3)
    answers = [call("show", corpus, item, "--json").stdout for item in (family["rank"], family["family"], family["family"][:-1])]
    assert len(set(answers)) == 1
    found = json.loads(answers[0])
    assert found["kind"] == "family"
    assert [m["position"] for m in found["members"]] == [0, 1, 2]
    assert [m["date"] for m in found["members"]] == ["2024-03-29", "2024-04-02", "2024-04-05"]
    assert all(m["text"].startswith("We call on the Town of Eastmere") for m in found["members"])
    shown = call("show", corpus, family["rank"]).stdout
    assert "earliest copy held" in shown
    assert "{+3,900+}" in shown.replace("\n", "")
    assert len(call("show", corpus, family["rank"], "--csv").stdout.splitlines()) >= 4


def test_show_one_passage(corpus: Path) -> None:
    found = json.loads(call("show", corpus, 1, "--json").stdout)
    passage = found["members"][1]
    one = json.loads(call("show", corpus, passage["passage"], "--json").stdout)
    assert one["kind"] == "passage"
    assert one["text"] == passage["text"]
    assert [row["family"] for row in one["families"]] == [found["family"]]
    assert passage["siglum"] in call("show", corpus, passage["passage"]).stdout


@pytest.mark.parametrize("item", ["0", "99", "zzzz", ""])
def test_show_of_what_is_not_there_is_one_line(corpus: Path, item: str) -> None:
    result = call("show", corpus, item)
    assert result.exit_code == 2
    assert f"no family or passage '{item}'" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("form", ["txt", "jsonl", "stdin"])
def test_find_in_every_form(corpus: Path, tmp_path: Path, form: str) -> None:
    text = f"Something new before.\n\n{PIER}\n\nSomething new behind."
    file = tmp_path / f"new.{form}"
    file.write_text(json.dumps({"id": "new", "text": text}) if form == "jsonl" else text, encoding="utf-8")
    name, stdin = ("-", text) if form == "stdin" else (file, None)
    rows = json.loads(call("find", name, "--in", corpus, "--json", stdin=stdin).stdout)
    assert {row["siglum"] for row in rows} == {"2024-03-29_harbour-workers", "2024-04-02_ferry-passengers", "2024-04-05_council"}
    assert all(row["text"] == text[row["start"] : row["end"]] for row in rows)
    shown = call("find", name, "--in", corpus, stdin=stdin)
    assert shown.exit_code == 0
    assert "2024-03-29_harbour-workers" in shown.stdout
    assert len(call("find", name, "--in", corpus, "--jsonl", stdin=stdin).stdout.splitlines()) == 3
    assert json.loads(call("find", name, "--in", corpus, "--json", "--min-letters", 5000, stdin=stdin).stdout) == []


def test_find_of_a_file_that_cannot_be_read(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 damaged")
    for name in ("bad.pdf", "nowhere.txt"):
        result = call("find", tmp_path / name, "--in", corpus)
        assert result.exit_code == 3
        assert name in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_status_tells_all(corpus: Path) -> None:
    result = call("status", corpus)
    assert result.exit_code == 0
    assert "broken.pdf" in result.stdout
    found = json.loads(call("status", corpus, "--json").stdout)
    assert [stage["stage"] for stage in found["stages"]] == ["witnesses", "foldings", "fingerprints", "spans", "reworks", "families", "report"]
    assert found["counts"]["witnesses"] == 7
    assert found["complete"]
    assert Path(found["report"]).is_file()
    assert {row["state"]: row["n_sources"] for row in found["sources"]} == {"read": 7, "failed": 1}
    assert found["stages"][0]["config"]["preset"] == "sensitive"


def test_export_in_several_formats_at_once(corpus: Path, tmp_path: Path) -> None:
    result = call("export", corpus, "--parquet", tmp_path / "p", "--csv", tmp_path / "c", "--jsonl", tmp_path / "j", "--passim", tmp_path / "s")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "p" / "spans.parquet").is_file()
    assert (tmp_path / "c" / "families.csv").is_file()
    assert (tmp_path / "j" / "witnesses.jsonl").is_file()
    clusters = [json.loads(line) for line in (tmp_path / "s" / "out.json").read_text(encoding="utf-8").splitlines()]
    assert {c["cluster"] for c in clusters} == {1, 2}
    assert call("export", corpus).exit_code == 2


def test_an_unfinished_run_is_not_taken_for_an_empty_result(tmp_path: Path) -> None:
    write_statements(tmp_path / "letters")
    assert call("trace", tmp_path / "letters", "--stop-after", "foldings").exit_code == 0
    corpus = tmp_path / "letters.variorum"
    for words in (["show", corpus], ["show", corpus, "1"], ["export", corpus, "--passim", tmp_path / "x"]):
        result = call(*words)
        assert result.exit_code == 2
        assert "has not come to families yet" in result.stderr
    result = call("find", "-", "--in", corpus, stdin="some text")
    assert "has not come to fingerprints yet" in result.stderr
    assert "not complete" in call("status", corpus).stdout


def test_a_corpus_is_not_taken_for_statements_but_resumed_by_its_name(corpus: Path) -> None:
    result = call("trace", corpus)
    assert result.exit_code == 2
    assert f"variorum trace --out {corpus} --resume-from foldings" in result.stderr
    assert call("trace", "--out", corpus, "--resume-from", "report").exit_code == 3
    assert not corpus.with_name("letters.variorum.variorum").exists()


# -- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["trace"], 2, "nothing to trace"),
        (["trace", "nowhere"], 1, "no readable file in nowhere"),
        (["trace", "a", "--set", "maxdf=3"], 2, "did you mean 'max_df'"),
        (["trace", "a", "--set", "max_df"], 2, "KEY=VALUE"),
        (["trace", "a", "--set", "max_df=many"], 2, "must be a whole number"),
        (["trace", "a", "--threads", "-1"], 2, "threads"),
        (["trace", "a", "--stop-after", "spam"], 2, "the stages are"),
        (["trace", "a", "--example"], 2, "leave the paths out"),
        (["show", "nowhere"], 1, "no corpus at nowhere; make one with"),
        (["find", "x", "--in", "nowhere"], 1, "no corpus at nowhere"),
        (["export", "nowhere", "--csv", "x"], 1, "no corpus at nowhere"),
        (["status", "nowhere"], 1, "no corpus at nowhere"),
    ],
)
def test_errors_are_one_line_with_their_code(words: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(*words)
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.startswith("variorum: error: ")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["fnid"], ["trace", "--nonsense"], ["find", "x"], ["trace", "a", "--preset", "quick"], ["trace", "a", "--threads", "many"]])
def test_wrong_usage_is_2_and_says_how(words: list[str]) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert "Usage: variorum" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_defect_of_ours_says_so_and_debug_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a\nb")

    monkeypatch.setattr(commands, "run_status", fail)
    result = call("status", "x")
    assert result.exit_code == 1
    assert result.stderr == "variorum: error: ZeroDivisionError: a b; this is a defect of the program; --debug shows where\n"
    for words in (["--debug", "status", "x"], ["status", "x", "--debug"]):
        assert isinstance(call(*words).exception, ZeroDivisionError)


def test_an_interruption_is_130_and_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "run_trace", interrupt)
    result = call("trace", "x")
    assert result.exit_code == 130
    assert "same command again" in result.stderr


def test_an_interruption_that_the_database_caught_is_130_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(commands, "run_trace", interrupt)
    result = call("trace", "x")
    assert result.exit_code == 130
    assert "same command again" in result.stderr
    with pytest.raises(KeyboardInterrupt), folders.machine_errors(tmp_path):
        interrupt()


def test_notes_are_told_at_the_end_of_a_run(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "a", "text": "The pier is closed.", "date": "2024-13-45"}\n{"id": "b", "text": "The pier is open."}\n', encoding="utf-8")
    result = call("trace", rows, "--series-field", "publisher")
    assert result.exit_code == 0
    assert "2 notes:" in result.stderr
    assert f"{rows}, line 1: date not understood: '2024-13-45'" in result.stderr
    assert "no row has the field 'publisher'" in result.stderr


def test_an_empty_folder_says_what_is_read(tmp_path: Path) -> None:
    result = call("trace", tmp_path)
    assert result.exit_code == 1
    assert "no file in this folder; use .txt" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
def test_ctrl_c_in_a_real_run(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(3000):
        (folder / f"{i}.txt").write_text(f"Statement {i} of the harbour. " * 200)
    words = [sys.executable, "-m", "variorum.cli", "trace", str(folder), "--stop-after", "witnesses"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (tmp_path / "many.variorum" / "corpus.duckdb").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert call("trace", folder, "--stop-after", "witnesses").exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently there")
def test_a_reader_that_has_enough_is_no_error(corpus: Path) -> None:
    program = f"{sys.executable} -m variorum.cli show {corpus} 1 --json; echo code $? >&2"
    done = subprocess.run(["bash", "-c", f"({program}) | true"], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "code 0"


def test_no_colour_and_no_control_characters_where_there_is_no_terminal(corpus: Path) -> None:
    done = run("show", corpus, 1)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "\x1b" not in run("status", corpus).stdout


def test_output_is_utf8_whatever_the_terminal_says(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text("Жители набережной просят совет города сохранить старый причал на зиму и освещать его по вечерам. 请保留旧码头。 " * 2, encoding="utf-8")
    assert call("trace", folder).exit_code == 0
    done = subprocess.run(
        [sys.executable, "-m", "variorum.cli", "show", str(folder) + ".variorum", "--json"],
        capture_output=True, check=False, env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "причал" in json.loads(done.stdout.decode("utf-8"))[0]["excerpt"]


# -- help and settings -----------------------------------------------------------------------------------------------


def test_what_shows_a_corpus_loads_neither_kernels_nor_rules() -> None:
    program = "import sys, variorum.commands, variorum.exporting.terminal; print([m for m in sys.modules if m in ('numba', 'variorum.ledger.rules', 'variorum.checking.checks')])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_help_is_there_at_once_and_loads_nothing_heavy() -> None:
    program = "import sys; from variorum.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint([m for m in ('numpy', 'pyarrow', 'duckdb', 'numba', 'rich') if m in sys.modules])"
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert time.monotonic() - began < 3  # the bar is 0.3 s; benchmarks/start.py measures it on a quiet machine
    for command in ("trace", "find", "show", "export", "status"):
        assert command in done.stdout
        assert call(command, "--help").exit_code == 0


def test_version() -> None:
    from variorum import __version__

    assert call("--version").stdout == f"variorum {__version__}\n"


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        ("max_df=50", {"max_df": 50}),
        ("matching.max_df=1_000", {"matching__max_df": 1000}),
        ("min-similarity=0.7", {"min_similarity": 0.7}),
        ("families__min_similarity=1", {"families__min_similarity": 1.0}),
        ("include_hidden=No", {"include_hidden": False}),
        ("title=A = b", {"title": "A = b"}),
        ("unknown=7", {"unknown": "7"}),
    ],
)
def test_settings_are_parsed_to_their_types(pair: str, expected: dict[str, object]) -> None:
    found = parse_settings([pair])
    assert found == expected
    assert [type(v) for v in found.values()] == [type(v) for v in expected.values()]


@pytest.mark.parametrize("pair", ["max_df", "=3", "max_df=3.5", "include_hidden=perhaps", "min_similarity=high"])
def test_settings_that_are_none_are_refused(pair: str) -> None:
    with pytest.raises(ConfigError):
        parse_settings([pair])


def test_progress_moves_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with commands.StageDisplay(quiet=False) as display:
        display.tell(Event("witnesses", "begin"))
        display.tell(Event("witnesses", "advance", 3, 7, "statements"))
        display.tell(Event("witnesses", "note", text="read [again]"))
        display.tell(Event("witnesses", "end"))
        display.tell(Event("spans", "kept"))
    said = capsys.readouterr().err
    assert "3 of 7 statements" in said
    assert "read [again]" in said
    assert "nothing changed" in said


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device here that is always full")
def test_output_to_a_full_disk_is_one_line(corpus: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "variorum.cli", "show", str(corpus), "1", "--json"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["variorum: error: the output cannot be written: the disk is full; make room, or write elsewhere"]


@pytest.mark.parametrize(("text", "mb"), [("512MB", 488), ("4GB", 3814), ("2GiB", 2048), ("2048", 2048), (" 1.5 g ", 1430), ("300MiB", 300), ("1tb", 953674)])
def test_amounts_of_memory(text: str, mb: int) -> None:
    assert parse_memory(text) == mb


@pytest.mark.parametrize("text", ["", "GB", "4XB", "-1GB", "4 GB 2", "lots", "4GBB"])
def test_what_is_no_amount_of_memory_is_said(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="512MB, 4GB or 2GiB"):
        parse_memory(text)
    assert call("trace", write_rows(tmp_path / "rows.jsonl"), "--memory", "lots").exit_code == 2


def test_too_little_memory_is_one_line_with_the_least(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_statements(tmp_path / "letters")
    assert "between 256 and" in call("trace", tmp_path / "letters", "--memory", "100MB").stderr
    monkeypatch.setattr("variorum.matching.fingerprints.least_memory_mb", lambda index, threads: 700)
    done = call("trace", tmp_path / "letters", "--memory", "300MiB")
    assert done.exit_code == 1
    assert "300 MB are too little" in done.stderr
    assert "--memory 700MiB" in done.stderr
    monkeypatch.undo()
    # Nothing is lost: the same command with more memory goes on.
    assert "kept" not in call("trace", tmp_path / "letters", "--memory", "1GiB", "--stop-after", "fingerprints").stderr
    with CorpusFolder.open(tmp_path / "letters.variorum") as folder:
        assert folder.read_table("provenance", ["stage"])["stage"].to_pylist() == ["witnesses", "foldings", "fingerprints"]
