"""Tables as Parquet, JSON lines and CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from exporting_corpora import HOSTILE, FakeFolder, make_small
from variorum.errors import StorageError
from variorum.exporting.files import replace_file
from variorum.exporting.tables import export_csv, export_jsonl, export_parquet, protect_cell
from variorum.schema import stored_tables

NAMES = {spec.name for spec in stored_tables()}


@pytest.fixture
def folder(tmp_path: Path) -> FakeFolder:
    """A small corpus."""
    return make_small(tmp_path / "small.variorum")


def test_parquet_gives_every_table_back(folder: FakeFolder, tmp_path: Path) -> None:
    counts = export_parquet(folder, tmp_path / "out")
    assert set(counts) == NAMES == {path.stem for path in (tmp_path / "out").iterdir()}
    for name in NAMES:
        table = pq.read_table(tmp_path / "out" / f"{name}.parquet")
        assert table.replace_schema_metadata().cast(folder.tables[name].schema).equals(folder.tables[name])
        assert counts[name] == len(table)
    schema = pq.read_schema(tmp_path / "out/spans.parquet")
    assert schema.field("start_a").metadata[b"doc"] == b"start in a"


def test_jsonl_holds_a_row_a_line(folder: FakeFolder, tmp_path: Path) -> None:
    export_jsonl(folder, tmp_path)
    lines = (tmp_path / "witnesses.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["text"] for row in rows] == folder.tables["witnesses"]["text"].to_pylist()
    assert rows[0]["not_before_at"] == "2031-03-02T00:00:00Z"
    assert rows[6]["date"] is None
    assert json.loads((tmp_path / "spans.jsonl").read_text().splitlines()[0])["operations"][0] == 1


def test_csv_is_safe_to_open_in_a_spreadsheet(folder: FakeFolder, tmp_path: Path) -> None:
    export_csv(folder, tmp_path)
    assert (tmp_path / "witnesses.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "witnesses.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[4]["series"] == "'=A1+1"
    assert HOSTILE in rows[4]["text"]
    assert rows[6]["date"] == ""
    with (tmp_path / "families.csv").open(encoding="utf-8-sig", newline="") as file:
        families = list(csv.DictReader(file))
    assert [json.loads(row["reasons"]) for row in families][2] == ["it stands at the end of most of its witnesses"]
    assert [row["common"] for row in families] == ["false", "false", "true"]
    with (tmp_path / "foldings.csv").open(encoding="utf-8-sig", newline="") as file:
        hashes = [int(row["letters_hash"]) for row in csv.DictReader(file)]
    assert hashes == folder.tables["foldings"]["letters_hash"].to_pylist()
    assert min(hashes) < 0  # a negative number is a number, not a formula


@pytest.mark.parametrize(("cell", "shown"), [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("a=b", "a=b"), ("", "")])
def test_protect_cell(cell: str, shown: str) -> None:
    assert protect_cell(cell) == shown


@pytest.mark.parametrize("export", [export_parquet, export_jsonl, export_csv])
def test_a_failed_export_leaves_the_old_file_and_no_part(export, folder: FakeFolder, tmp_path: Path) -> None:
    export(folder, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    stream = folder.stream_table

    def broken(name: str, columns: list[str] | None = None, batch_size: int = 2048):
        yield from stream(name, columns, batch_size)
        if name == "witnesses":
            raise RuntimeError("stopped")

    folder.stream_table = broken  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="stopped"):
        export(folder, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_texts_are_streamed(folder: FakeFolder, tmp_path: Path) -> None:
    seen = []

    def stream(name: str, columns: list[str] | None = None, batch_size: int = 2048):
        seen.append(name)
        yield from folder.tables[name].to_batches(max_chunksize=2)

    folder.stream_table = stream  # type: ignore[method-assign]
    folder.read_table = None  # type: ignore[assignment, method-assign]
    export_parquet(folder, tmp_path / "out")
    assert set(seen) == NAMES
    assert pq.read_table(tmp_path / "out/witnesses.parquet").num_rows == 7


def test_a_file_in_the_way_is_one_clear_line(folder: FakeFolder, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(StorageError, match="a file stands where a folder is needed"):
        export_csv(folder, tmp_path / "out")


def test_a_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    def write() -> None:
        with replace_file(tmp_path / "x.json") as file:
            file.write("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="the disk is full"):
        write()
    assert not list(tmp_path.iterdir())


def test_empty_tables_are_files_too(tmp_path: Path) -> None:
    empty = FakeFolder({spec.name: pa.Table.from_pylist([], schema=spec.schema) for spec in stored_tables()}, tmp_path / "e.variorum")
    assert set(export_parquet(empty, tmp_path / "out").values()) == {0}
    assert set(export_csv(empty, tmp_path / "out").values()) == {0}
    assert pq.read_table(tmp_path / "out/spans.parquet").num_rows == 0
