"""passim's two files: families and pairs, exact copies included."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from exporting_corpora import CALL, FakeFolder, make_folder, make_small, place_of, statement, wrap
from variorum.exporting.passim import export_passim


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def fold(text: str) -> str:
    """Return the letters of a text."""
    return "".join(c for c in text.casefold() if c.isalnum())


@pytest.fixture
def folder(tmp_path: Path) -> FakeFolder:
    """A small corpus."""
    return make_small(tmp_path / "small.variorum")


def test_out_holds_every_passage_by_family(folder: FakeFolder, tmp_path: Path) -> None:
    counts = export_passim(folder, tmp_path / "out")
    rows = read_lines(tmp_path / "out/out.json")
    texts = dict(zip(folder.tables["witnesses"]["siglum"].to_pylist(), folder.tables["witnesses"]["text"].to_pylist(), strict=True))
    assert len(rows) == counts["out.json"] == len(folder.tables["passages"])
    assert [row["cluster"] for row in rows] == sorted(row["cluster"] for row in rows)
    assert list(rows[0]) == ["uid", "cluster", "size", "id", "begin", "end", "series", "date", "title", "text", "family"]
    for row in rows:
        assert row["text"] == texts[row["id"]][row["begin"] : row["end"]] != ""
        assert row["size"] == sum(other["cluster"] == row["cluster"] for other in rows)
    assert [row["id"] for row in rows if row["cluster"] == 1] == ["union", "mirror", "town", "gazette"]


def test_align_brings_exact_copies_back(folder: FakeFolder, tmp_path: Path) -> None:
    export_passim(folder, tmp_path / "out")
    rows = read_lines(tmp_path / "out/align.json")
    texts = dict(zip(folder.tables["witnesses"]["siglum"].to_pylist(), folder.tables["witnesses"]["text"].to_pylist(), strict=True))
    pairs = [frozenset((row["id"], row["id2"])) for row in rows]
    # mirror is union in other lines: it stands beside town and gazette wherever union does, and beside union as a whole.
    assert pairs.count(frozenset(("mirror", "town"))) == pairs.count(frozenset(("union", "town"))) == 2
    assert frozenset(("mirror", "gazette")) in pairs
    whole = next(row for row in rows if {row["id"], row["id2"]} == {"mirror", "union"})
    assert {whole["end"], whole["end2"]} == {len(texts["mirror"]), len(texts["union"])}
    for row in rows:
        a, b = texts[row["id"]][row["begin"] : row["end"]], texts[row["id2"]][row["begin2"] : row["end2"]]
        if {row["id"], row["id2"]} == {"mirror", "gazette"}:
            assert fold(a) == fold(b) == fold(CALL)
            assert "\n" in a + b
        assert row["uid"] != row["uid2"]
        assert row["matches"] > 0


@pytest.mark.parametrize(("n_copies", "n_pairs"), [(13, 14 * 13 // 2), (14, 14), (40, 40)])
def test_pairs_of_copies_are_bounded(tmp_path: Path, n_copies: int, n_pairs: int) -> None:
    letters = [statement(f"letter-{n:02d}", wrap(CALL, 30 + n)) for n in range(n_copies + 1)]
    other = f"A preface that is long enough. {CALL} And a closing."
    statements = [*letters, statement("other", other)]
    folder = make_folder(tmp_path / "c.variorum", statements, [{"letter-00": (0, len(letters[0]["text"])), "other": place_of(other, CALL)}])
    export_passim(folder, tmp_path / "out")
    rows = read_lines(tmp_path / "out/align.json")
    among = [row for row in rows if "other" not in (row["id"], row["id2"])]
    outside = [row for row in rows if "other" in (row["id"], row["id2"])]
    assert len(among) == n_pairs
    assert len(outside) == n_copies + 1
    assert {row["id"] for row in outside} | {row["id2"] for row in outside} == {row["siglum"] for row in statements}
    assert len(read_lines(tmp_path / "out/out.json")) == n_copies + 2


def test_two_large_sets_are_written_in_a_straight_line(tmp_path: Path) -> None:
    a = [statement(f"a{n:02d}", wrap(CALL, 30 + n)) for n in range(20)]
    b = [statement(f"b{n:02d}", wrap("Preface of a reader. " + CALL, 30 + n)) for n in range(20)]
    place = b[0]["text"].index("The"), len(b[0]["text"])
    folder = make_folder(tmp_path / "c.variorum", [*a, *b], [{"a00": (0, len(a[0]["text"])), "b00": place}])
    export_passim(folder, tmp_path / "out")
    rows = read_lines(tmp_path / "out/align.json")
    across = [row for row in rows if {row["id"][0], row["id2"][0]} == {"a", "b"}]
    assert len(across) == 39
    texts = dict(zip(folder.tables["witnesses"]["siglum"].to_pylist(), folder.tables["witnesses"]["text"].to_pylist(), strict=True))
    for row in across:
        assert fold(texts[row["id"]][row["begin"] : row["end"]]) == fold(CALL) == fold(texts[row["id2"]][row["begin2"] : row["end2"]])


@pytest.mark.parametrize("name", ["out.json", "align.json"])
def test_the_scorer_reads_both_files(folder: FakeFolder, tmp_path: Path, shared: Path, name: str) -> None:
    export_passim(folder, tmp_path / "out")
    header = ["doc_a", "begin_a", "end_a", "doc_b", "begin_b", "end_b", "words", "kind_a", "kind_b", "rel", "same"]
    truth = ["\t".join(header)]
    members = [row for row in read_lines(tmp_path / "out/out.json") if row["cluster"] == 1]
    for a, b in combinations(members, 2):
        truth.append("\t".join(map(str, [a["id"], a["begin"], a["end"], b["id"], b["begin"], b["end"], 40, "mid", "mid", "x", 0])))
    (tmp_path / "truth.tsv").write_text("\n".join(truth) + "\n")
    command = [sys.executable, shared / "tools/score_reuse.py", tmp_path / "truth.tsv", tmp_path / "out" / name, "--json"]
    result = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert result["cases"] == 6
    # align.json holds what was aligned: town and gazette were matched through union only.
    assert result["recall"] == 1.0 if name == "out.json" else result["recall"] > 0.8
