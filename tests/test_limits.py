"""What meets a limit: a disk that is full in the middle of a run, and corpora of the worst kind."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import CompletedProcess, run

import pyarrow as pa
import pytest

import prose
import variorum
from variorum.corpus import CorpusFolder
from variorum.engines.local import LocalEngine
from variorum.errors import StorageError
from variorum.runs import Flow

RUN = """
import resource, sys
if int(sys.argv[1]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from variorum.cli import main
main(sys.argv[2:])
"""


def trace(limit: int, path: Path, out: Path) -> CompletedProcess[str]:
    """Trace `path` up to its families in a process whose files may grow to `limit` bytes; 0: to any size."""
    command = [sys.executable, "-c", RUN, str(limit), "trace", str(path), "--out", str(out), "--stop-after", "families"]
    return run(command, capture_output=True, text=True, check=False)


def write_rows(path: Path, texts: list[str]) -> Path:
    """Write texts as JSON lines."""
    path.write_text("".join(json.dumps({"id": f"s{i}", "text": text}) + "\n" for i, text in enumerate(texts)), encoding="utf-8")
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
@pytest.mark.parametrize("limit", [600_000, 1_400_000])
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(tmp_path: Path, limit: int) -> None:
    path = write_rows(tmp_path / "rows.jsonl", [prose.Prose(i).passage(900) for i in range(600)] * 2)
    stopped = trace(limit, path, tmp_path / "out.variorum")
    assert stopped.returncode not in (0, 3), stopped.stdout
    assert [line for line in stopped.stderr.splitlines() if "error" in line] == [
        f"variorum: error: {tmp_path / 'out.variorum'}: the disk is full; make room and run the same command again (it continues), or choose another place with --out"
    ]
    assert "Traceback" not in stopped.stderr
    assert trace(0, path, tmp_path / "out.variorum").returncode == 0
    assert trace(0, path, tmp_path / "fresh.variorum").returncode == 0
    with CorpusFolder.open(tmp_path / "out.variorum") as one, CorpusFolder.open(tmp_path / "fresh.variorum") as other:
        for table in ("witnesses", "spans", "families", "passages"):
            assert one.read_table(table).equals(other.read_table(table)), table


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
@pytest.mark.parametrize("stage", ["fingerprints", "spans"])
def test_a_disk_full_in_the_middle_of_a_spill_is_one_line_and_the_next_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    path, out, flow = write_rows(tmp_path / "rows.jsonl", [prose.Prose(i % 20).passage(300) for i in range(60)]), tmp_path / "out.variorum", Flow(stop_after="families")
    make, open_file, begun, spilled = LocalEngine.__init__, pa.OSFile, list[str](), list[str]()

    def without_memory(engine: LocalEngine, *arguments: object) -> None:
        make(engine, *arguments)
        engine.memory = 0  # so that all rows on their way go to disk

    def open_full(file: str, mode: str) -> pa.OSFile:
        if "groups-" in file and begun[-1] == stage:
            spilled.append(file)
            return open_file("/dev/full", mode)
        return open_file(file, mode)

    monkeypatch.setattr(LocalEngine, "__init__", without_memory)
    monkeypatch.setattr(pa, "OSFile", open_full)
    with pytest.raises(StorageError, match="the disk is full; make room"):
        variorum.trace(path, out, flow=flow, progress=lambda event: begun.append(event.stage))
    assert len(spilled) == 1
    assert not list((out / "work").glob("groups-*"))
    monkeypatch.undo()
    variorum.trace(path, out, flow=flow)
    variorum.trace(path, tmp_path / "fresh.variorum", flow=flow)
    with CorpusFolder.open(out) as one, CorpusFolder.open(tmp_path / "fresh.variorum") as other:
        for table in ("witnesses", "spans", "families", "passages"):
            assert one.read_table(table).equals(other.read_table(table)), table


def test_ten_thousand_statements_that_are_all_the_same_are_one_family(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "rows.jsonl", [prose.Prose(3).passage(200)] * 10_000)
    assert trace(0, path, tmp_path / "out.variorum").returncode == 0
    with CorpusFolder.open(tmp_path / "out.variorum") as corpus:
        assert corpus.count("families") == 1
        assert corpus.count("passages") == 10_000
        assert corpus.count("spans") == 0  # exact copies are compared as one text


def test_a_pair_of_texts_of_one_letter_a_million_times_shares_nothing(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "rows.jsonl", ["a" * 1_000_000, "a" * 1_000_000 + "b"])
    assert trace(0, path, tmp_path / "out.variorum").returncode == 0
    with CorpusFolder.open(tmp_path / "out.variorum") as corpus:
        assert corpus.count("witnesses") == 2
        assert corpus.count("spans") == 0
