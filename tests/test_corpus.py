"""The corpus folder: what it stores comes back, one writer at a time, and what cannot be trusted is refused."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variorum import corpus as corpus_module
from variorum import folders
from variorum.corpus import CorpusFolder
from variorum.errors import CorpusDamaged, CorpusError, CorpusLocked, SchemaError, StorageError, UsageError
from variorum.schema import FORMAT_VERSION, TABLES, stored_tables


def make_witnesses(texts: list[str], first: int = 0) -> pa.Table:
    rows = [
        {
            "witness": first + i,
            "siglum": f"w{first + i}",
            "source": "letters.jsonl",
            "place": f"line {first + i + 1}",
            "title": None,
            "series": "Town of Eastmere",
            "date": "2024-03-29",
            "not_before_at": datetime(2024, 3, 29, tzinfo=UTC),
            "not_after_at": datetime(2024, 3, 29, 23, 59, tzinfo=UTC),
            "date_basis": "field",
            "n_characters": len(text),
            "metadata": None,
            "text": text,
        }
        for i, text in enumerate(texts)
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["witnesses"].schema)


def make_spans(pairs: list[tuple[int, int]]) -> pa.Table:
    rows = [
        {
            "span": i,
            "witness_a": a,
            "start_a": 0,
            "end_a": 5,
            "witness_b": b,
            "start_b": 1,
            "end_b": 7,
            "n_letters": 5,
            "n_equal": 4,
            "similarity": 0.8,
            "n_seeds": 2,
            "kind": "edited",
            "score": 30.5,
            "rarity": 7.5,
            "reason": "4 letters agree",
            "operations": [0, 4, 4, 1, 1, 2],
        }
        for i, (a, b) in enumerate(pairs)
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["spans"].schema)


def make_provenance(stage: str) -> dict[str, object]:
    started = datetime(2024, 4, 2, 9, tzinfo=UTC)
    return {
        "stage": stage, "started_at": started, "seconds": 1.5, "cpu_seconds": 2.0, "n_rows": 3,
        "config": "{}", "versions": "{}", "input_hash": "abc", "counters": "{}",
    }  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letters.variorum"


@pytest.fixture
def folder(path: Path):
    with CorpusFolder.create(path) as folder:
        yield folder


# -- what is written comes back --------------------------------------------------------------------------------------


def test_every_stored_table_is_there_empty_and_of_its_schema(folder: CorpusFolder) -> None:
    for spec in stored_tables():
        table = folder.read_table(spec.name)
        assert table.schema.equals(spec.schema)
        assert table.num_rows == folder.count(spec.name) == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40), max_size=8), st.integers(1, 5))
def test_texts_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, texts: list[str], size: int) -> None:
    with CorpusFolder.create(tmp_path_factory.mktemp("c") / "c.variorum") as folder:
        folder.append_table("witnesses", make_witnesses(texts))
        assert folder.read_table("witnesses")["text"].to_pylist() == texts
        batches = list(folder.stream_table("witnesses", ["text", "witness"], size))
        assert [b["text"].to_pylist() for b in batches if b.num_rows] == [texts[i : i + size] for i in range(0, len(texts), size)]
        assert folder.read_texts([*range(len(texts)), 99]) == dict(enumerate(texts))


def test_long_texts_are_streamed_in_bounded_pieces(folder: CorpusFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["a" * n for n in (10, 90, 5, 250, 0, 0, 40, 40, 40, 1)]
    folder.append_table("witnesses", make_witnesses(texts))
    monkeypatch.setattr(corpus_module, "_TEXT_BUDGET", 100)
    batches = [b["text"].to_pylist() for b in folder.stream_table("witnesses", ["witness", "text"])]
    assert [t for b in batches for t in b] == texts
    assert max(sum(map(len, b)) - max(map(len, b)) for b in batches) <= 100  # the budget, beside one long text
    assert len(batches) >= 4


def test_spans_with_their_operations_come_back(folder: CorpusFolder) -> None:
    spans = make_spans([(0, 1), (0, 2), (1, 2)])
    folder.write_table("spans", spans)
    assert folder.read_table("spans").equals(spans)
    assert folder.read_table("spans", ["witness_b", "operations"], "witness_a = 0").to_pydict() == {
        "witness_b": [1, 2],
        "operations": [[0, 4, 4, 1, 1, 2]] * 2,
    }
    assert folder.read_table("spans", limit=1)["span"].to_pylist() == [0]


def test_tables_are_read_in_their_sort_order(folder: CorpusFolder) -> None:
    rows = [{"source": s, "state": "read", "format": "text", "encoding": None, "n_bytes": 1, "modified_at": None, "n_witnesses": 1} for s in ("b", "é", "a", "Z")]
    for row in rows:
        folder.append_table("sources", pa.Table.from_pylist([row], schema=TABLES["sources"].schema))
    assert folder.read_table("sources")["source"].to_pylist() == ["Z", "a", "b", "é"]


def test_memory_given_back_leaves_the_rows_and_the_limit(folder: CorpusFolder) -> None:
    folder.write_table("spans", make_spans([(0, 1), (0, 2)]))
    limit = folder.query("SELECT current_setting('memory_limit') AS held")
    folder.release_memory()
    assert folder.query("SELECT current_setting('memory_limit') AS held") == limit
    assert folder.read_table("spans", ["witness_b"])["witness_b"].to_pylist() == [1, 2]


def test_writing_replaces_and_appending_adds(folder: CorpusFolder) -> None:
    folder.write_table("spans", make_spans([(0, 1)]))
    folder.write_table("spans", make_spans([(0, 2), (0, 3)]))
    folder.append_table("spans", make_spans([(4, 5)]))
    assert folder.read_table("spans", ["witness_b"])["witness_b"].to_pylist() == [2, 3, 5]
    folder.delete_rows("spans", "witness_b = 3")
    assert folder.count("spans") == 2
    assert folder.count("spans", "witness_a = 4") == 1


def test_a_table_that_breaks_its_rules_is_not_written(folder: CorpusFolder) -> None:
    folder.write_table("spans", make_spans([(0, 1)]))
    with pytest.raises(SchemaError, match="a < b"):
        folder.write_table("spans", make_spans([(3, 2)]))
    with pytest.raises(SchemaError, match="not sorted"):
        folder.write_table("spans", make_spans([(1, 2), (0, 1)]))
    with pytest.raises(SchemaError, match="missing columns"):
        folder.append_table("spans", make_spans([(0, 1)]).drop_columns(["n_seeds"]))
    assert folder.read_table("spans", ["witness_a"])["witness_a"].to_pylist() == [0]


@pytest.mark.parametrize("call", [lambda f: f.read_table("seeds"), lambda f: f.read_table("nonsense"), lambda f: f.read_table("spans", ["colour"])])
def test_unknown_tables_and_columns_are_named(folder: CorpusFolder, call) -> None:
    with pytest.raises(SchemaError, match=r"seeds|nonsense|colour"):
        call(folder)


def test_a_stage_has_one_provenance_row(folder: CorpusFolder) -> None:
    folder.record_provenance(make_provenance("spans"))
    folder.record_provenance({**make_provenance("spans"), "n_rows": 9})
    folder.record_provenance({**make_provenance("families"), "started_at": datetime(2023, 1, 1, tzinfo=UTC)})
    rows = folder.read_table("provenance").to_pylist()
    assert [(r["stage"], r["n_rows"]) for r in rows] == [("families", 3), ("spans", 9)]


def test_a_transaction_is_all_or_nothing(folder: CorpusFolder) -> None:
    folder.write_table("spans", make_spans([(0, 1)]))

    def half() -> None:
        with folder.transaction():
            folder.write_table("spans", make_spans([(5, 6), (7, 8)]))
            folder.set_state("reading", "half")
            assert folder.count("spans") == 2  # inside, its own changes are seen
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert folder.read_table("spans", ["witness_a"])["witness_a"].to_pylist() == [0]
    assert folder.get_state("reading") is None


def test_any_duckdb_finds_the_documentation_as_comments(path: Path) -> None:
    CorpusFolder.create(path).close()
    with duckdb.connect(str(path / "corpus.duckdb"), read_only=True) as connection:
        tables = dict(connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        columns = connection.execute("SELECT comment FROM duckdb_columns() WHERE table_name = 'families' AND column_name = 'medoid'").fetchall()
        storage = connection.execute("SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'corpus'").fetchone()
    assert tables["spans"] == TABLES["spans"].doc
    assert "shares most spans" in columns[0][0]
    assert all(tables.values())
    assert storage[0].startswith("v1.4")  # the oldest DuckDB that is supported opens it


def test_columns_that_must_have_a_value_refuse_to_have_none(path: Path) -> None:
    CorpusFolder.create(path).close()
    with duckdb.connect(str(path / "corpus.duckdb")) as connection, pytest.raises(duckdb.ConstraintException):
        connection.execute("INSERT INTO foldings VALUES (NULL, 1, 1, 1)")


# -- queries ---------------------------------------------------------------------------------------------------------


def test_a_query_reads(folder: CorpusFolder) -> None:
    folder.write_table("spans", make_spans([(0, 1), (0, 2)]))
    assert folder.query("SELECT witness_b AS b FROM spans WHERE witness_b > ?", [1]).to_pylist() == [{"b": 2}]


@pytest.mark.parametrize("sql", ["DELETE FROM spans", "SELECT 1; SELECT 2", "COPY spans TO 'x.csv'", "SELEC 1", ""])
def test_a_query_does_nothing_else(folder: CorpusFolder, sql: str) -> None:
    with pytest.raises(UsageError):
        folder.query(sql)


def test_a_query_with_an_unknown_column_is_one_line(folder: CorpusFolder) -> None:
    with pytest.raises(UsageError, match=r"^query not understood: .*colour") as caught:
        folder.query("SELECT colour FROM spans")
    assert "\n" not in str(caught.value)


# -- opening, locking ------------------------------------------------------------------------------------------------


def test_what_is_no_corpus_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no corpus at .*nothing; make one with: variorum trace"):
        CorpusFolder.open(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_other_folders_and_files_are_never_written_into(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not a corpus"):
        CorpusFolder.create(tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        CorpusFolder.create(tmp_path / "notes.txt")
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_and_an_interrupted_creation_are_taken(tmp_path: Path) -> None:
    CorpusFolder.create(tmp_path).close()
    other = tmp_path.parent / "half.variorum"
    (other / "work").mkdir(parents=True)
    (other / "work" / "new.duckdb").write_bytes(b"half written")
    CorpusFolder.create(other).close()
    CorpusFolder.open(other).close()


def test_two_readers_may_read(path: Path) -> None:
    CorpusFolder.create(path).close()
    with CorpusFolder.open(path) as a, CorpusFolder.open(path) as b:
        assert a.count("spans") == b.count("spans") == 0
        with pytest.raises(UsageError, match="opened for reading"):
            a.delete_rows("spans")


def run_other(path: Path, call: str) -> str:
    """Return what another process prints that calls CorpusFolder on `path`."""
    program = f"""
        from variorum.corpus import CorpusFolder
        try:
            {call}
            print("opened")
        except Exception as error:
            print(type(error).__name__, error)
    """
    return subprocess.run([sys.executable, "-c", textwrap.dedent(program), str(path)], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("call", ["CorpusFolder.open(__import__('sys').argv[1], write=True)", "CorpusFolder.open(__import__('sys').argv[1])"])
def test_while_one_writes_others_are_refused_by_name(folder: CorpusFolder, path: Path, call: str) -> None:
    said = run_other(path, call)
    assert said.startswith("CorpusLocked")
    assert f"process {os.getpid()}" in said
    assert len(said.strip().splitlines()) == 1


def test_a_second_writer_in_this_process_is_refused(folder: CorpusFolder, path: Path) -> None:
    with pytest.raises(CorpusLocked, match="being written"):
        CorpusFolder.create(path)


def test_the_lock_is_free_again(path: Path) -> None:
    CorpusFolder.create(path).close()
    assert run_other(path, "CorpusFolder.open(__import__('sys').argv[1], write=True).close()").startswith("opened")


def test_a_killed_writer_leaves_no_lock_and_no_half_transaction(path: Path) -> None:
    call = """
        from variorum.corpus import CorpusFolder; import os, signal, sys
        sys.path.insert(0, sys.argv[2])
        from test_corpus import make_spans
        folder = CorpusFolder.create(sys.argv[1])
        folder.write_table("spans", make_spans([(0, 1)]))
        with folder.transaction():
            folder.write_table("spans", make_spans([(0, 2), (0, 3)]))
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(call), str(path), str(Path(__file__).parent)], check=False)
    assert done.returncode != 0
    with CorpusFolder.open(path) as folder:
        assert folder.read_table("spans", ["witness_b"])["witness_b"].to_pylist() == [1]
    CorpusFolder.open(path, write=True).close()


def test_a_closed_folder_says_so(folder: CorpusFolder) -> None:
    folder.close()
    folder.close()
    with pytest.raises(CorpusError, match="closed"):
        folder.count("spans")


def test_another_program_that_holds_the_tables_is_reported(path: Path) -> None:
    CorpusFolder.create(path).close()
    with duckdb.connect(str(path / "corpus.duckdb"), read_only=True):
        said = run_other(path, "CorpusFolder.open(__import__('sys').argv[1], write=True)")
    assert said.startswith("CorpusLocked")
    assert "close them there" in said


# -- damage ----------------------------------------------------------------------------------------------------------


def change(path: Path, sql: str) -> None:
    with duckdb.connect(str(path / "corpus.duckdb")) as connection:
        connection.execute(sql)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (f"UPDATE variorum_meta SET format_version = {FORMAT_VERSION + 1}, program_version = '9.9'", rf"format {FORMAT_VERSION + 1}, written by variorum 9\.9, is newer .*install a newer"),
        ("UPDATE variorum_meta SET format_version = 0", "older than this program's .*make it again"),
        ("DELETE FROM variorum_meta", "variorum_meta has 0 rows"),
        ("DROP TABLE passages; DROP TABLE variorum_state", "no table passages, variorum_state"),
        ("DROP TABLE variorum_meta", "not the database of a corpus"),
    ],
)
def test_another_format_is_refused_with_its_version(path: Path, sql: str, said: str) -> None:
    CorpusFolder.create(path).close()
    change(path, sql)
    for write in (False, True):
        with pytest.raises(CorpusDamaged, match=said) as caught:
            CorpusFolder.open(path, write=write)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"not a database", b"\0" * 20_000])
def test_a_damaged_database_is_refused(path: Path, content: bytes) -> None:
    CorpusFolder.create(path).close()
    (path / "corpus.duckdb").write_bytes(content)
    with pytest.raises(CorpusDamaged, match=r"damaged|not the database") as caught:
        CorpusFolder.open(path)
    assert "\n" not in str(caught.value)


def test_a_truncated_database_is_refused(path: Path) -> None:
    with CorpusFolder.create(path) as folder:
        folder.append_table("witnesses", make_witnesses(["some text " * 5000] * 20))
    database = path / "corpus.duckdb"
    os.truncate(database, database.stat().st_size // 2)
    with pytest.raises(CorpusDamaged), CorpusFolder.open(path) as folder:
        folder.read_table("witnesses")


def test_index_files_must_be_there_in_their_size(path: Path) -> None:
    with CorpusFolder.create(path) as folder:
        (folder.index / "letters.u16").write_bytes(b"12345678")
        assert folder.record_index("foldings") == 1
        (folder.index / "parts").mkdir()
        (folder.index / "parts" / "0.bin").write_bytes(b"1234")
        assert folder.record_index("fingerprints") == 1
    CorpusFolder.open(path).close()
    (path / "index" / "parts" / "0.bin").write_bytes(b"12345")
    with pytest.raises(CorpusDamaged, match=r"index/parts/0\.bin has 5 bytes, not 4"):
        CorpusFolder.open(path)
    (path / "index" / "parts" / "0.bin").unlink()
    with pytest.raises(CorpusDamaged, match=r"index/parts/0\.bin is missing"):
        CorpusFolder.open(path)


def test_forgetting_a_stage_deletes_its_files_and_what_was_left_behind(folder: CorpusFolder) -> None:
    for name, stage in (("a", "foldings"), ("b", "fingerprints"), ("left", None)):
        (folder.index / name).write_bytes(b"x")
        if stage:
            folder.record_index(stage)
    folder.forget_index(["fingerprints"])
    assert [p.name for p in folder.index.iterdir()] == ["a"]


def test_clearing_the_work_folder_keeps_the_locks_note(folder: CorpusFolder) -> None:
    (folder.work / "seeds").mkdir()
    (folder.work / "seeds" / "0").write_bytes(b"x")
    (folder.work / "x.tmp").write_bytes(b"x")
    folder.clear_work()
    assert [p.name for p in folder.work.iterdir()] == ["writer.json"]
    assert json.loads((folder.work / "writer.json").read_text())["pid"] == os.getpid()


# -- storage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, r"\(permission denied\); choose another place"), (errno.EROFS, "cannot be written")])
def test_errors_of_the_file_system_are_one_line(path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", fail)
    with pytest.raises(StorageError, match=said):
        CorpusFolder.create(path)


def test_numpys_short_write_counts_as_a_full_disk(path: Path) -> None:
    with pytest.raises(StorageError, match="disk is full"), folders.machine_errors(path):
        raise OSError("1000 requested and 100 written")
    with pytest.raises(OSError, match="something else"), folders.machine_errors(path):
        raise OSError(errno.ENOENT, "something else")


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files is set by another call there")
def test_a_full_disk_under_the_database_is_one_line(path: Path) -> None:
    call = """
        import resource, sys
        sys.path.insert(0, sys.argv[2])
        from test_corpus import make_witnesses
        from variorum.corpus import CorpusFolder
        folder = CorpusFolder.create(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
        import random
        rng = random.Random(1)
        try:
            for _ in range(50):
                folder.append_table("witnesses", make_witnesses(["".join(chr(rng.randrange(33, 9000)) for _ in range(200_000))]))
        except Exception as error:
            print(type(error).__name__, error)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(call), str(path), str(Path(__file__).parent)], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("StorageError"), done.stdout + done.stderr
    assert "disk is full" in done.stdout
    assert len(done.stdout.strip().splitlines()) == 1
