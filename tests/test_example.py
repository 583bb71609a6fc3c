"""The bundled example, traced as a user would."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import variorum
from variorum.example import copy_example, example_folder

WHOLE = {
    "joint-declaration", "harbour-workers", "eastmere-council", "ferry-passengers", "rail-forward", "lighthouse-keepers", "chamber-of-trade",
    "archive-copy",
}  # fmt: skip
SHORTENED, LETTER = "island-shopkeepers", "letter-to-the-gazette"
UNRELATED = {"museum-hours", "seed-library"}
EVERY = WHOLE | UNRELATED | {SHORTENED, LETTER}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    statements, metadata = copy_example(folder)
    with variorum.trace(statements, out=folder / "example.variorum", metadata=str(metadata)) as corpus:
        yield corpus


@pytest.fixture(scope="module")
def witnesses(corpus):
    return {row["witness"]: row for row in corpus.witnesses.to_pylist()}


@pytest.fixture(scope="module")
def declaration(corpus, witnesses):
    """The passages of the declaration's family, the longest one that holds it, by siglum."""
    families = corpus.families.to_pylist()
    passages = corpus.passages.to_pylist()
    held = {p["family"] for p in passages if witnesses[p["witness"]]["siglum"] == "joint-declaration"}
    family = max((f for f in families if f["family"] in held), key=lambda f: f["n_letters"])
    members = {}
    for p in passages:
        if p["family"] == family["family"]:
            w = witnesses[p["witness"]]
            assert w["siglum"] not in members, "two passages of one witness"
            members[w["siglum"]] = {**p, "text": w["text"][p["start"] : p["end"]], "before": w["text"][: p["start"]], "after": w["text"][p["end"] :]}
    return family, members


def test_metadata_names_every_statement_once():
    folder = example_folder()
    with (folder / "who-when.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["file"] for row in rows) == sorted(p.name for p in (folder / "statements").iterdir())
    assert {Path(row["file"]).stem for row in rows} == EVERY
    assert len({row["series"] for row in rows}) == len(rows)


def test_copy_leaves_other_files_alone(tmp_path):
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "mine.txt").write_text("mine")
    first = copy_example(tmp_path)
    assert copy_example(tmp_path) == first
    assert (first.statements / "mine.txt").read_text() == "mine"
    assert len(list(first.statements.iterdir())) == 13
    assert first.metadata.is_file()


def test_every_statement_is_read(corpus, witnesses):
    assert {w["siglum"] for w in witnesses.values()} == EVERY
    assert not [f for f in corpus.failures.to_pylist() if f["severity"] == "failed"]
    assert all(w["date"] and w["date_basis"] == "metadata" and w["series"] for w in witnesses.values())


def test_declaration_is_one_family_of_its_copies(declaration):
    family, members = declaration
    assert set(members) == WHOLE
    assert family["n_witnesses"] == len(WHOLE)
    assert family["rank"] == 1
    assert not family["common"]


def test_earliest_copy_held_is_the_declaration(declaration, witnesses):
    family, _ = declaration
    assert witnesses[family["earliest"]]["siglum"] == "joint-declaration"
    assert family["n_days"] == 18


def test_carried_text_is_right_to_the_word(declaration):
    """Prefaces and closings stay outside, in every format and at every line width."""
    _, members = declaration
    for siglum, passage in members.items():
        words = re.findall(r"\w+", passage["text"])
        assert words[:3] == ["Joint", "declaration", "on"], siglum
        assert words[-3:] == ["Merrow", "Pilots", "Guild"], siglum


def test_exact_copy_with_other_line_breaks_comes_back(declaration, witnesses):
    _, members = declaration
    copy = members["archive-copy"]
    copied = {siglum: witnesses[m["copy_of"]]["siglum"] for siglum, m in members.items() if m["copy_of"] is not None}
    # The one that was read first was matched; the other points at it.
    assert copied == {"joint-declaration": "archive-copy"}
    assert copy["text"].split() == members["joint-declaration"]["text"].split()
    assert copy["text"] != members["joint-declaration"]["text"]


def test_changed_figures_are_inside_the_passage(declaration):
    _, members = declaration
    earliest, changed = members["joint-declaration"]["text"], " ".join(members["lighthouse-keepers"]["text"].split())
    for before, after in (("6,200", "5,400"), ("more than 320", "more than 290"), ("The line must have", "The line should have"),
                          ("30 September 2023", "31 October 2023"), ("12 to 18 June", "19 to 25 June")):  # fmt: skip
        assert before in earliest
        assert before not in changed
        assert after in changed


def test_changed_figure_is_visible_in_the_comparison(corpus, witnesses):
    """The span between the declaration and the changed copy says which characters were replaced."""
    number = {w["siglum"]: n for n, w in witnesses.items()}
    a, b = sorted((number["joint-declaration"], number["lighthouse-keepers"]))
    table = corpus.compare("joint-declaration", "lighthouse-keepers").spans.to_pylist()
    span = max(table, key=lambda s: s["n_letters"])
    texts = {n: witnesses[number[n]]["text"] for n in ("joint-declaration", "lighthouse-keepers")}
    left = texts["joint-declaration"]
    right = texts["lighthouse-keepers"]
    i, j, replaced = span["start_a"], span["start_b"], []
    runs = span["operations"]
    for kind, n_a, n_b in zip(runs[::3], runs[1::3], runs[2::3], strict=True):
        if kind:
            replaced.append((left[i : i + n_a], right[j : j + n_b], left[max(0, i - 8) : i + n_a + 8]))
        i, j = i + n_a, j + n_b
    assert (i, j) == (span["end_a"], span["end_b"])
    assert any("6,200" in around for *_, around in replaced)
    assert any("320" in around for *_, around in replaced)
    assert a < b


def test_shortened_version_and_letter_are_nested(corpus, witnesses, declaration):
    family, _ = declaration
    passages = corpus.passages.to_pylist()
    of = {siglum: {p["family"] for p in passages if witnesses[p["witness"]]["siglum"] == siglum} for siglum in EVERY}
    assert of[SHORTENED]
    assert of[LETTER]
    assert family["family"] not in of[SHORTENED] | of[LETTER]
    with_letter = {witnesses[p["witness"]]["siglum"] for p in passages if p["family"] in of[LETTER]}
    assert with_letter >= WHOLE
    inside = {row["other"] for row in corpus.family_links.to_pylist() if row["family"] == family["family"] and row["relation"] == "contains"}
    assert inside & of[SHORTENED]
    assert inside & of[LETTER]


def test_unrelated_texts_share_nothing(corpus, witnesses):
    held = {witnesses[p["witness"]]["siglum"] for p in corpus.passages.to_pylist()}
    assert not held & UNRELATED
    spans = corpus.spans.to_pylist()
    assert not {witnesses[s[side]]["siglum"] for s in spans for side in ("witness_a", "witness_b")} & UNRELATED


def test_page_menu_and_footer_are_no_part_of_the_statement(witnesses):
    text = next(w["text"] for w in witnesses.values() if w["siglum"] == "eastmere-council")
    assert "took note of the following declaration" in text
    assert "Waste and recycling" not in text
    assert "Imprint" not in text


@pytest.mark.slow
def test_command_writes_the_report(tmp_path):
    command = [shutil.which("variorum", path=str(Path(sys.executable).parent)) or "variorum", "trace", "--example"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    reports = list(tmp_path.rglob("report.html"))
    assert len(reports) == 1
    assert "Joint declaration on the Merrow coastal line" in reports[0].read_text(encoding="utf-8")
