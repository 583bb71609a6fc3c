"""Reading end to end: rows, metadata, sigla, dates, chunks, resuming, and bad input."""

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zoo
from variorum.config import ReadingConfig
from variorum.errors import UsageError
from variorum.reading import chunks as chunks_module
from variorum.reading import statements
from variorum.reading.chunks import make_strings
from variorum.reading.csvs import find_delimiter
from variorum.reading.rows import make_getter
from variorum.reading.statements import Chunk, read_statements
from variorum.schema import check_table, verify_table


class Read(NamedTuple):
    """Everything that was read, checked against the schema."""

    sources: list[dict[str, Any]]
    failures: list[dict[str, Any]]
    witnesses: list[dict[str, Any]]
    chunks: list[Chunk]

    @property
    def states(self) -> dict[str, str]:
        return {Path(row["source"]).name: row["state"] for row in self.sources}

    @property
    def texts(self) -> list[str]:
        return [row["text"] for row in self.witnesses]

    @property
    def sigla(self) -> list[str]:
        return [row["siglum"] for row in self.witnesses]

    def told(self, file: str) -> list[tuple[str | None, str, str]]:
        return [(row["place"], row["problem"], row["severity"]) for row in self.failures if Path(row["source"]).name == file]


def read(*inputs, **settings) -> Read:
    return gather(list(read_statements([str(i) for i in inputs], ReadingConfig(**settings))))


def gather(chunks: list[Chunk], first: int = 0) -> Read:
    tables = []
    for name in ("sources", "failures", "witnesses"):
        table = check_table(name, pa.concat_tables([getattr(chunk, name) for chunk in chunks]))
        if not (name == "witnesses" and first):
            verify_table(name, table)
        tables.append(table.to_pylist())
    return Read(*tables, chunks)


def write_rows(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


STATEMENT = zoo.STATEMENT


# Rows


ROW = {"id": 7, "text": "The union agrees.", "date": "2031-03-05", "series": "Union", "title": "A title", "n": 1.5, "tags": ["x"]}


def write_csv(path: Path) -> None:
    path.write_text("id,text,date,series,title,n,tags\n7,The union agrees.,2031-03-05,Union,A title,1.5,x\n", encoding="utf-8")


def write_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([ROW]), path)


@pytest.mark.parametrize(
    ("name", "write", "place"),
    [
        ("a.jsonl", lambda path: write_rows(path, [ROW]), "line 1"),
        ("a.ndjson", lambda path: write_rows(path, [ROW]), "line 1"),
        ("a.jsonl.gz", lambda path: path.write_bytes(gzip.compress(json.dumps(ROW).encode())), "line 1"),
        ("a.json", lambda path: path.write_text(json.dumps([ROW], indent=1)), "item 1"),
        ("b.json", lambda path: path.write_text(json.dumps({"releases": [ROW], "page": 1})), "item 1"),
        ("c.json", lambda path: path.write_text(json.dumps({"7": {k: v for k, v in ROW.items() if k != "id"}})), "item 1"),
        ("d.json", lambda path: path.write_text(json.dumps(ROW)), "item 1"),
        ("e.json", lambda path: path.write_text(json.dumps(ROW) + "\n\n"), "item 1"),
        ("array.jsonl", lambda path: path.write_text(json.dumps([ROW], indent=1)), "line 1"),
        ("a.csv", write_csv, "line 2"),
        ("a.csv.gz", lambda path: (write_csv(path), path.write_bytes(gzip.compress(path.read_bytes()))), "line 2"),
        ("a.parquet", write_parquet, "row 1"),
    ],
)
def test_every_format_of_rows_gives_the_same_witness(tmp_path, name, write, place):
    write(tmp_path / name)
    found = read(tmp_path / name)
    (witness,) = found.witnesses
    assert found.failures == []
    assert {key: witness[key] for key in ("siglum", "place", "title", "series", "date", "date_basis", "n_characters", "text")} == {
        "siglum": "7", "place": place, "title": "A title", "series": "Union", "date": "2031-03-05", "date_basis": "field", "n_characters": 17,
        "text": "The union agrees.",
    }  # fmt: skip
    assert set(json.loads(witness["metadata"])) == {"n", "tags"}
    assert found.sources[0]["state"] == "read"
    assert found.sources[0]["n_bytes"] == (tmp_path / name).stat().st_size


def test_json_lines_under_the_name_json(tmp_path):
    write_rows(tmp_path / "a.json", [ROW, {**ROW, "id": 8}])
    assert read(tmp_path).sigla == ["7", "8"]


def test_fields_are_reached_by_dotted_paths(tmp_path):
    row = {
        "member": {"name": "A. Mole", "party": "Pier"},
        "body": {"parts": ["The union agrees.", "And the town."]},
        "when": [{"day": "2031-03-05"}],
        "a.b": "dot",
    }
    write_rows(tmp_path / "a.jsonl", [row, {"body": {"parts": "The town."}, "member": None}])
    found = read(tmp_path, text_field="body.parts", series_field="member.name", date_field="when.0.day", id_field="a.b")
    assert found.texts == ["The union agrees.\n\nAnd the town.", "The town."]
    assert [(w["siglum"], w["series"], w["date"]) for w in found.witnesses] == [("dot", "A. Mole", "2031-03-05"), ("a:2", None, None)]
    assert json.loads(found.witnesses[0]["metadata"])["member"]["party"] == "Pier"
    assert make_getter("x.0.y")({"x": "text"}) is None


def test_an_unknown_text_field_is_one_clear_line(tmp_path):
    write_rows(tmp_path / "a.jsonl", [{"id": i, "body_text": "The union."} for i in range(500)])
    write_csv(tmp_path / "b.csv")
    write_parquet(tmp_path / "c.parquet")
    write_rows(tmp_path / "d.jsonl", [{}, {}])
    found = read(tmp_path, text_field="bodytext")
    assert set(found.states.values()) == {"failed"}
    assert found.told("a.jsonl") == [(None, "no field 'bodytext' (did you mean 'body_text'?)", "failed")]
    assert len(found.failures) == 4
    assert found.failures[1]["advice"] == "name the field that holds the text; there are id, text, date, series, title, n, tags"


def test_other_fields_that_no_row_has_are_noted_where_they_were_asked_for(tmp_path):
    write_rows(tmp_path / "a.jsonl", [{"text": "The union agrees."}])
    assert read(tmp_path).failures == []
    found = read(tmp_path, date_field="when", series_field="who")
    assert sorted(found.told("a.jsonl")) == [
        (None, "no row has the field 'when' named for the date", "note"),
        (None, "no row has the field 'who' named for the series", "note"),
    ]


def test_broken_json_on_line_40000_leaves_the_rest(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for i in range(1, 40_011):
            file.write('{"id": "x", "text": \n' if i == 40_000 else f'{{"id": "i{i}", "text": "The union agrees {i}."}}\n')
    found = read(path)
    assert len(found.witnesses) == 40_009
    assert found.states == {"a.jsonl": "partly"}
    assert [(place, severity) for place, _, severity in found.told("a.jsonl")] == [("line 40000", "failed")]
    assert found.witnesses[-1]["place"] == "line 40010"


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"text": ' * 50_000, "1" * 5000, "nul", '"text"', "[1, 2]", '{"text": 5}', '{"text": {"a": 1}}', "\ufeff{"]
)
def test_hostile_lines_are_listed(tmp_path, line):
    (tmp_path / "a.jsonl").write_text(f'{{"id": 1, "text": "The union agrees."}}\n{line}\n', encoding="utf-8")
    found = read(tmp_path)
    assert found.states == {"a.jsonl": "partly"}
    assert [(place, severity) for place, _, severity in found.told("a.jsonl")] == [("line 2", "failed")]


def test_a_line_without_end_is_not_held(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"text": "' + "x" * 300_000 + '"}\n{"text": "The union."}\n{"text": "' + "y" * 1500 + '"}\n', encoding="utf-8"
    )
    found = read(tmp_path, max_characters=1000)
    assert found.texts == ["The union."]
    assert [place for place, _, _ in found.told("a.jsonl")] == ["line 1", "line 3"]


def test_ten_thousand_empty_rows_are_counted_once(tmp_path):
    write_rows(tmp_path / "a.jsonl", [{"id": i, "text": [None, "", " \n", "...", "🚢"][i % 5]} for i in range(10_000)])
    found = read(tmp_path)
    assert found.states == {"a.jsonl": "empty"}
    assert len(found.failures) == 21
    assert found.failures[-1]["problem"] == "and 9,980 more: rows without text"
    assert {row["severity"] for row in found.failures} == {"note"}


def test_ids_become_sigla_and_repeated_ones_are_numbered(tmp_path):
    write_rows(tmp_path / "a.jsonl", [{"id": i, "text": "The union."} for i in ["x", "x", None, "", 5, 5.0, "a\nb", "z" * 500, ["p", "q"]]])
    found = read(tmp_path)
    assert found.sigla == ["x", "x#2", "a:3", "a:4", "5", "5.0", "a b", "z" * 200, "p; q"]
    assert [problem for _, problem, _ in found.told("a.jsonl")] == ["1 row with an id that was taken; called id#2 and so on"]


def test_nul_and_lone_surrogates_are_noted_and_all_else_kept(tmp_path):
    text = "a\r\nb\u0000c\ud800d\u00e9e\u0301 \u202e\ufeff"
    write_rows(tmp_path / "a.jsonl", [{"id": "\ud800k", "text": text, "x\ud800": "\ud801", "nan": float("nan")}])
    found = read(tmp_path)
    assert found.texts == ["a\r\nbc\ufffddée\u0301 \u202e\ufeff"], "a row's text is stored as the field holds it, line ends too"
    assert found.sigla == ["k"]
    assert json.loads(found.witnesses[0]["metadata"]) == {"x\ufffd": "\ufffd", "nan": None}
    assert [severity for _, _, severity in found.told("a.jsonl")] == ["note", "note"]


def test_rows_in_other_encodings(tmp_path):
    (tmp_path / "a.csv").write_bytes("id;text\n1;“Café” über señor Ölkännchen – où?\n".encode("cp1252"))
    (tmp_path / "b.jsonl").write_bytes('{"text": "Café"}\n'.encode("utf-16"))
    (tmp_path / "c.jsonl").write_bytes(b'{"text": "Z\xc3\xb6e caf\xc3\xa9 \xc3\xa9t\xc3\xa9 \xff"}\n')
    found = read(tmp_path)
    assert found.texts == ["“Café” über señor Ölkännchen – où?", "Café", "Zöe café été \ufffd"]
    assert [row["encoding"] for row in found.sources] == ["cp1252", "utf-16", "utf-8"]


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        *(
            (f"a.{suffix}", b"", "the file is empty")
            for suffix in ("txt", "md", "html", "pdf", "docx", "jsonl", "jsonl.gz", "json", "csv", "parquet")
        ),
        ("b.jsonl", b"\n \n", "there is no row in the file"),
        ("b.json", b"[]", "there is no row in the file"),
        ("b.csv", b"id,text\n", "there is no row in the file"),
        ("b.txt", b"\xef\xbb\xbf \n", "the text holds no letter"),
        ("b.html", b"<p>&nbsp;</p><script>x</script>", "the text holds no letter"),
    ],
)
def test_what_holds_nothing_is_empty_and_noted(tmp_path, name, data, problem):
    (tmp_path / name).write_bytes(data)
    found = read(tmp_path)
    assert found.states == {name: "empty"}
    assert found.told(name) == [(None, problem, "note")]


# CSV


@pytest.mark.parametrize(
    ("line", "sign"), [("a,b", ","), ("a;b,c;d", ";"), ("a\tb", "\t"), ('"a,b,c,d";e;f', ";"), ("text", ","), ("", ","), ("a|b", "|")]
)
def test_delimiters_are_found_in_the_header(line, sign):
    assert find_delimiter(line) == sign


def test_csv_with_quotes_line_ends_and_a_hint_of_excel(tmp_path):
    (tmp_path / "a.csv").write_bytes('\ufeffsep=;\r\nid;text\r\n1;"The ""union"";\r\nand town"\r\n\r\n2;x;\r\n3\r\n'.encode())
    found = read(tmp_path)
    assert [(w["siglum"], w["place"], w["text"]) for w in found.witnesses] == [
        ("1", "line 3", 'The "union";\r\nand town'),
        ("2", "line 6", "x"),
    ]
    assert found.told("a.csv") == [("line 7", "the row holds no text", "note")]


def test_broken_csv(tmp_path):
    (tmp_path / "cells.csv").write_text("id,text\na,The union, the town\nb,The union.\n", encoding="utf-8")
    (tmp_path / "open.csv").write_text('id,text\n1,The union.\n2,"The town.\n3,The bay.\n', encoding="utf-8")
    (tmp_path / "none.csv").write_text("\n", encoding="utf-8")
    (tmp_path / "long.csv").write_text(f'id,text\nc,The union.\nd,"{"x, " * 5000}"\n', encoding="utf-8")
    found = read(tmp_path, max_characters=1000)
    assert found.states == {"cells.csv": "partly", "long.csv": "partly", "none.csv": "failed", "open.csv": "partly"}
    assert found.told("cells.csv") == [("line 2", "the row has 3 cells, the header 2", "failed")]
    assert found.told("open.csv") == [("line 3", "a quotation mark is not closed", "failed")]
    assert found.told("long.csv")[0][0] == "line 3"


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30), min_size=1, max_size=8)
)
def test_csv_that_python_writes_is_read_exactly(tmp_path_factory, texts):
    import csv

    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows([i, text] for i, text in enumerate(texts))
    assert read(path).texts == [text for text in texts if any(c.isalnum() for c in text)]


def test_parquet_of_other_types_and_damaged(tmp_path):
    rows = [{"id": 1, "text": b"The union.", "date": __import__("datetime").date(2031, 3, 5), "raw": b"\xff", "at": None}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1" + bytes(100))
    found = read(tmp_path)
    assert [(w["text"], w["date"]) for w in found.witnesses] == [("The union.", "2031-03-05")]
    assert found.states == {"a.parquet": "read", "b.parquet": "failed"}


# Dates, metadata, sigla of files


def test_dates_come_from_the_best_place_and_say_so(tmp_path):
    (tmp_path / "press_2031-03-05.txt").write_text(STATEMENT, encoding="utf-8")
    (tmp_path / "2031-03-06.md").write_text(f"---\ndate: 2031-03-01\n---\n{STATEMENT}", encoding="utf-8")
    (tmp_path / "2031-03-07T101500.md").write_text(f"---\ndate: 2031-03-01\n---\n{STATEMENT}", encoding="utf-8")
    (tmp_path / "plain.md").write_text(f"---\ndate: someday\n---\n{STATEMENT}", encoding="utf-8")
    (tmp_path / "who.csv").write_text("file,date\npress_2031-03-05.txt,2031-01-01\n", encoding="utf-8")
    found = read(tmp_path, metadata=str(tmp_path / "who.csv"))
    dates = {w["siglum"]: (w["date"], w["date_basis"], w["metadata"]) for w in found.witnesses}
    assert dates == {
        "press_2031-03-05": ("2031-01-01", "metadata", None),
        "2031-03-06": ("2031-03-01", "document", '{"date (file name)": "2031-03-06"}'),
        "2031-03-07T101500": ("2031-03-07T10:15:00", "file name", '{"date (document)": "2031-03-01"}'),
        "plain": (None, None, None),
    }
    assert found.told("plain.md") == [(None, "date not understood: 'someday'; the witness is kept undated", "note")]


def test_a_date_that_is_none_is_noted_and_the_witness_kept(tmp_path):
    write_rows(tmp_path / "2031-03.jsonl", [{"id": "a", "text": "The union.", "date": "2024-13-45"}])
    found = read(tmp_path)
    assert [(w["date"], w["not_before_at"], w["date_basis"]) for w in found.witnesses] == [(None, None, None)]
    assert found.told("2031-03.jsonl") == [("line 1", "date not understood: '2024-13-45'; the witness is kept undated", "note")]
    assert found.states == {"2031-03.jsonl": "read"}


def test_metadata_joins_on_path_name_stem_and_id(tmp_path):
    for name in ("a/one.txt", "b/one.txt", "b/two.txt", "three.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STATEMENT, encoding="utf-8")
    write_rows(
        tmp_path / "rows.jsonl",
        [{"id": "r1", "text": "The union.", "series": "row", "date": "2030"}, {"id": "r2", "text": "The town.", "series": "row"}],
    )
    (tmp_path / "who.csv").write_text(
        "Name;Date;Series;Title;Source\na/one.txt;2031-03-05;Union;One;web\ntwo;5 March 2031;Town;;\nthree.txt;2024-13-45;Bay;;\nr1;2031;Pier;;mail\n"
        "rows.jsonl;;Rows;;\nfour.txt;2031;;;\nfive;;;;\nthree.txt;2031;again;;\n;2031;;;\n",
        encoding="utf-8",
    )
    found = read(tmp_path, metadata=str(tmp_path / "who.csv"))
    given = {w["siglum"]: (w["date"], w["date_basis"], w["series"], w["title"], w["metadata"]) for w in found.witnesses}
    assert given == {
        "one": ("2031-03-05", "metadata", "Union", "One", '{"source": "web"}'),
        "b/one.txt": (None, None, None, None, None),
        "two": ("2031-03-05", "metadata", "Town", None, None),
        "three": (None, None, "Bay", None, None),
        "r1": ("2031", "metadata", "Pier", None, '{"source": "mail"}'),
        "r2": (None, None, "Rows", None, None),
    }
    assert found.told("who.csv") == [
        ("line 4", "date not understood: '2024-13-45'; the row's date is left out", "note"),
        ("line 9", "'three.txt' stands twice", "note"),
        ("line 10", "the row has nothing under name", "note"),
        (None, "2 rows match no file and no witness: 'four.txt', 'five'", "note"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        (b"when,who\n1,2\n", "no column 'file', 'name' or 'id'; its columns are when, who"),
        (b"nmae,date\nx,2031\n", "did you mean 'file' by 'nmae'"),
        (b"", "its columns are none"),
        (bytes(range(256)) * 9, "not text"),
    ],
)
def test_a_metadata_file_that_cannot_be_used_stops_before_anything_is_read(tmp_path, content, words):
    if content is not None:
        (tmp_path / "who.csv").write_bytes(content)
    with pytest.raises(UsageError, match=words):
        read_statements([tmp_path], ReadingConfig(metadata=str(tmp_path / "who.csv")))
    with pytest.raises(UsageError, match="no encoding 'nope'"):
        read_statements([tmp_path], ReadingConfig(encoding="nope"))


def test_two_files_of_one_name_are_both_read(tmp_path):
    for name in ("a/x.txt", "b/x.txt", "b/x.md", "x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STATEMENT, encoding="utf-8")
    assert read(tmp_path).sigla == ["x", "b/x.md", "b/x.txt", "x.txt"]


# Bad input, whole


def test_the_zoo_is_read_and_each_failure_told(tmp_path):
    files = zoo.write_files(tmp_path / "zoo")
    found = read(tmp_path / "zoo")
    states = {name: found.states[path.name] for name, path in files.items()}
    assert {name for name, state in states.items() if state == "failed"} == {
        "binary as text", "pdf as text", "picture as text", "encrypted pdf", "damaged pdf", "image-only pdf", "damaged docx", "encrypted docx", "zip as docx",
        "other field",
    }  # fmt: skip
    assert {name for name, state in states.items() if state == "partly"} == {"broken rows", "cut packed rows"}
    assert {name for name, state in states.items() if state == "empty"} == {"empty", "no letter"}
    assert {name for name, state in states.items() if state == "ignored"} == {"unknown type"}
    failed = {row["source"] for row in found.failures if row["severity"] == "failed"}
    assert failed == {row["source"] for row in found.sources if row["state"] in ("failed", "partly")}
    assert all(row["advice"] for row in found.failures if row["severity"] == "failed")
    assert "\n" not in "".join(row["problem"] + row["advice"] for row in found.failures)


@pytest.mark.parametrize("name", sorted(zoo.TEXTS))
def test_odd_texts_come_through_files_and_rows(tmp_path, name):
    text = zoo.TEXTS[name]
    (tmp_path / "f.txt").write_bytes(text.encode())
    write_rows(tmp_path / "r.jsonl", [{"id": "r", "text": text}])
    found = read(tmp_path)
    kept = text.replace("\0", "")
    lines = kept.replace("\r\n", "\n").replace("\r", "\n")
    assert found.texts == ([lines, kept] if any(c.isalnum() for c in text) else [])
    assert not [row for row in found.failures if row["severity"] == "failed"]


def test_files_that_vanish_or_may_not_be_read(tmp_path, monkeypatch):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(STATEMENT, encoding="utf-8")

    def fail(path, *_):
        if path.endswith("a.txt"):
            raise PermissionError(13, "Permission denied")
        if path.endswith("b.txt"):
            os.unlink(path)
        return real(path, *_)

    real = statements.read_text
    monkeypatch.setitem(statements._READERS, "text", fail)
    found = read(tmp_path)
    assert [problem for _, problem, _ in found.told("a.txt") + found.told("b.txt")] == ["permission denied", "no such file or folder"]
    assert found.states == {"a.txt": "failed", "b.txt": "failed", "c.txt": "read"}


def test_a_parser_that_breaks_costs_one_file(tmp_path, monkeypatch):
    for name in ("a.txt", "b.md"):
        (tmp_path / name).write_text(STATEMENT, encoding="utf-8")
    monkeypatch.setitem(statements._READERS, "text", lambda *_: [][0])
    found = read(tmp_path)
    assert found.states == {"a.txt": "failed", "b.md": "read"}
    assert "IndexError" in found.told("a.txt")[0][1]


def test_inputs_that_name_nothing(tmp_path):
    found = read(tmp_path / "gone.txt", tmp_path / "none/*.txt", tmp_path)
    assert [(Path(row["source"]).name, row["problem"]) for row in found.failures] == [
        (tmp_path.name, "no file in this folder"),
        ("gone.txt", "no such file or folder"),
        ("*.txt", "no file fits this pattern"),
    ]
    assert list(read_statements([], ReadingConfig())) == []


def test_a_file_name_that_is_no_text(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        with open(path, "wb") as file:
            file.write(STATEMENT.encode())
    except OSError:
        pytest.skip("the file system takes only UTF-8")
    found = read(tmp_path)
    assert found.sources[0]["source"].endswith("caf\\xe9.txt")
    assert found.texts == [STATEMENT]


# Chunks and resuming


def test_chunks_number_on_and_long_sources_span_them(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks_module, "MAX_CHARACTERS", 2000)
    monkeypatch.setattr(chunks_module, "ROWS", 1)
    write_rows(tmp_path / "a.jsonl", [{"id": i, "text": f"{STATEMENT} {i}"} for i in range(30)])
    (tmp_path / "b.txt").write_text(STATEMENT, encoding="utf-8")
    found = read(tmp_path)
    assert len(found.chunks) > 3
    assert [len(chunk.sources) for chunk in found.chunks] == [0] * (len(found.chunks) - 1) + [2]
    assert all(chunk.witnesses["text"].nbytes < 4000 for chunk in found.chunks)


@pytest.mark.parametrize(("rows", "sizes"), [(8, [16, 14]), (32, [24, 6])])
def test_chunks_hold_whole_groups_of_rows_unless_these_are_too_large(tmp_path, monkeypatch, rows, sizes):
    monkeypatch.setattr(chunks_module, "MAX_CHARACTERS", 12 * 200)
    monkeypatch.setattr(chunks_module, "ROWS", rows)
    write_rows(tmp_path / "a.jsonl", [{"id": i, "text": "a" * 200} for i in range(30)])
    assert [len(chunk.witnesses) for chunk in read(tmp_path).chunks] == sizes


def test_many_files_make_several_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks_module, "MAX_FILES", 10)
    for i in range(25):
        (tmp_path / f"{i:03}.txt").write_text(STATEMENT, encoding="utf-8")
    assert [len(chunk.sources) for chunk in read(tmp_path).chunks] == [10, 10, 5]


def test_an_interrupted_run_goes_on_to_the_same_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks_module, "MAX_FILES", 2)
    for name in ("a/x.txt", "b/x.txt", "c/x.txt", "d/y.txt", "e/x.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True)
        (tmp_path / "in" / name).write_text(STATEMENT, encoding="utf-8")
    (tmp_path / "who.csv").write_text("file,series\na/x.txt,Union\nx,Town\nnone,Bay\n", encoding="utf-8")
    config = ReadingConfig(metadata=str(tmp_path / "who.csv"))
    whole = list(read_statements([tmp_path / "in"], config))
    first = next(read_statements([tmp_path / "in"], config))
    done, sigla = first.sources["source"].to_pylist(), first.witnesses["siglum"].to_pylist()
    rest = list(read_statements([tmp_path / "in"], config, done=done, first_witness=len(sigla), taken_sigla=sigla))
    assert gather([first, *rest]).witnesses == gather(whole).witnesses
    assert gather([first, *rest]).failures == gather(whole).failures


def test_the_order_of_inputs_and_of_the_disk_does_not_matter(tmp_path):
    for name in ("b.txt", "a.txt", "c/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STATEMENT + name, encoding="utf-8")
    one = read(tmp_path / "b.txt", tmp_path / "a.txt", tmp_path / "c/a.txt")
    two = read(tmp_path / "c/a.txt", tmp_path / "a.txt", tmp_path / "b.txt")
    assert one.texts == two.texts
    assert [row["source"] for row in one.sources] == [row["source"] for row in two.sources]


@given(st.lists(st.none() | st.text(st.characters(), max_size=8), max_size=20))
def test_strings_from_buffers_equal_those_of_arrow(values):
    clean = [value and "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value) for value in values]
    array = make_strings(values)
    array.validate(full=True)
    assert array.equals(pa.array(clean, pa.string()))


# Cost


def test_rows_load_no_parser_of_files(tmp_path):
    write_rows(tmp_path / "a.jsonl", [ROW])
    code = (
        "import sys; from variorum.reading.statements import read_statements; from variorum.config import ReadingConfig;"
        f"list(read_statements([{str(tmp_path)!r}], ReadingConfig()));"
        "sys.exit(','.join({'docx', 'lxml', 'trafilatura', 'pypdfium2', 'charset_normalizer'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).stderr.decode().strip() == ""


def test_ten_thousand_rows_of_3_kb_are_read_in_time(tmp_path):
    words = (STATEMENT + " ") * 10
    write_rows(
        tmp_path / "a.jsonl",
        [{"id": f"d{i}", "text": f"{i} {words}"[:3000], "date": f"20{i % 30:02}-03-05", "series": "s", "n": i} for i in range(10_000)],
    )
    config = ReadingConfig()
    best = 99.0
    for _ in range(3):
        begun = time.process_time()
        assert sum(len(chunk.witnesses) for chunk in read_statements([tmp_path], config)) == 10_000
        best = min(best, time.process_time() - begun)
    assert best <= 0.6, "CPU seconds"
