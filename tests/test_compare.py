"""`variorum compare` and `Corpus.compare(deep=True)` as their users meet them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import variorum
from rework_texts import FILLER, HARBOUR, QUOTED, REWORDED, SOURCE
from variorum.cli import main
from variorum.errors import InputError

A = f"{' '.join(HARBOUR[:6])}\n\n{SOURCE}\n"
B = f"{REWORDED}\n\n{FILLER}\n\n{QUOTED}"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    (folder / "a.txt").write_text(A, encoding="utf-8")
    (folder / "b.txt").write_text(B, encoding="utf-8")
    return folder


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(a) for a in arguments])
    return done.exit_code, done.output


def test_two_files_are_compared_by_letters_and_in_deep_mode(files):
    code, shallow = run("compare", files / "a.txt", files / "b.txt")
    assert code == 0
    assert "share 1 span" in shallow
    assert QUOTED[:60] in shallow
    code, deep = run("compare", files / "a.txt", files / "b.txt", "--deep")
    assert code == 0
    assert "share 2 spans" in deep
    assert "reworked  score" in deep
    assert "words stand in the other passage too" in deep


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv"])
def test_other_programs_get_every_span_with_its_text(files, kind):
    code, output = run("compare", files / "a.txt", files / "b.txt", "--deep", f"--{kind}")
    assert code == 0
    if kind == "csv":
        assert output.startswith("siglum_a,siglum_b,span,")
        return
    rows = json.loads(output) if kind == "json" else [json.loads(line) for line in output.splitlines()]
    assert {row["kind"] for row in rows} == {"reworked", "verbatim"}
    for row in rows:
        assert row["text_a"] == A[row["start_a"] : row["end_a"]]
        assert row["text_b"] == B[row["start_b"] : row["end_b"]]


def test_thresholds_and_settings_narrow_what_is_shown(files):
    pair = (files / "a.txt", files / "b.txt", "--deep")
    assert "share 1 span" in run("compare", *pair, "--set", "deep.min_characters=9000")[1]
    assert "share no passage" in run("compare", *pair, "--min-score", 100_000)[1]
    assert "weaker" in run("compare", *pair, "--limit", 1)[1]


def test_a_missing_file_is_one_clear_line(files):
    code, output = run("compare", files / "a.txt", files / "none.txt")
    assert code != 0
    assert output.count("\n") == 1
    assert "none.txt" in output
    assert "--in CORPUS" in output


def test_a_file_of_many_statements_is_refused(files):
    path = files / "many.jsonl"
    path.write_text("".join(json.dumps({"id": str(n), "text": f"Text {n}."}) + "\n" for n in range(3)), encoding="utf-8")
    with pytest.raises(InputError, match="it holds 3 statements, not one"):
        variorum.compare(path, files / "b.txt")


def test_two_witnesses_of_a_corpus(files, tmp_path):
    (tmp_path / "a.txt").write_text(A, encoding="utf-8")
    (tmp_path / "b.txt").write_text(B, encoding="utf-8")
    with variorum.trace(tmp_path, out=tmp_path / "pair.variorum") as corpus:
        kinds = {row["kind"] for row in corpus.compare("a", "b", deep=True).spans.to_pylist()}
        assert kinds == {"reworked", "verbatim"}
        assert {row["kind"] for row in corpus.compare("a", "b").spans.to_pylist()} == {"verbatim"}
    code, output = run("compare", "a", "b", "--in", tmp_path / "pair.variorum", "--deep")
    assert code == 0
    assert "share 2 spans" in output
