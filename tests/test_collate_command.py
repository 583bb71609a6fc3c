"""`variorum collate` and `Corpus.collate`: families, witnesses, files; what is printed, what is written, what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import variorum
from small_corpora import PIER, write_statements
from variorum.cli import main
from variorum.errors import InputError, UsageError


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words), catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A traced corpus whose statements have been removed since."""
    folder = tmp_path_factory.mktemp("collate")
    write_statements(folder / "statements")
    path = variorum.trace(folder / "statements", out=folder / "town.variorum").path
    shutil.rmtree(folder / "statements")
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    texts = {"a": PIER, "b": PIER.replace("must be lit", "should be lit"), "c": PIER.replace("4,200", "3,900").replace("must be lit", "should be lit")}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return [str(tmp_path / f"{name}.txt") for name in texts]


def test_files_are_shown_with_their_differences(files: list[str]) -> None:
    code, out, _ = run("collate", *files)
    assert code == 0
    assert "Base: a; 3 members; they differ at 2 loci" in out
    assert "3,900  c" in out
    assert "should  b, c" in out


def test_a_family_is_collated_though_its_sources_are_gone(corpus: Path) -> None:
    code, out, _ = run("collate", "1", "--in", str(corpus))
    assert code == 0
    assert "Base: 2024-03-29_harbour-workers (2024-03-29)" in out
    assert "3,900  2024-04-05_council" in out
    collation = variorum.open(corpus).collate("1")
    before = [(row["siglum"], collation.text(row["siglum"])[w["start"] : w["end"]]) for w in collation.wrappers.to_pylist() if w["part"] == "before"
              for row in [collation.members.to_pylist()[w["member"]]]]  # fmt: skip
    assert ("2024-04-05_council", "From the minutes: a letter was read out.") in before
    for row in collation.members.to_pylist():
        assert collation.text(row["siglum"])[row["start"] : row["end"]]


def test_witnesses_of_a_corpus_are_collated_whole(corpus: Path) -> None:
    code, out, _ = run("collate", "2024-03-29_harbour-workers", "2024-04-05_council", "--in", str(corpus), "--base", "2024-04-05_council")
    assert code == 0
    assert "Base: 2024-04-05_council" in out
    with pytest.raises(UsageError, match="did you mean"):
        variorum.open(corpus).collate(["2024-03-29_harbour-worker", "museum"])
    with pytest.raises(UsageError, match="not collatable"):
        variorum.open(corpus).collate(["library", "museum"])


@pytest.mark.parametrize("family", ["99", "zzz", ""])
def test_a_family_that_is_not_there(corpus: Path, family: str) -> None:
    with pytest.raises(UsageError, match=r"no family .*listed by: variorum show"):
        variorum.open(corpus).collate(family)


def test_the_table_of_collatex_goes_to_standard_output_or_a_file(files: list[str], tmp_path: Path) -> None:
    code, out, _ = run("collate", *files, "--collatex-json", "-")
    assert code == 0
    data = json.loads(out)
    assert data["witnesses"] == ["a", "b", "c"]
    assert "".join(cell[0]["t"] for cell in data["table"][0] if cell) == PIER
    run("collate", *files, "--collatex-json", str(tmp_path / "table.json"))
    assert json.loads((tmp_path / "table.json").read_text(encoding="utf-8")) == data


def test_json_holds_spans_that_are_slices(files: list[str]) -> None:
    code, out, _ = run("collate", *files, "--json")
    assert code == 0
    data = json.loads(out)
    texts = {m["siglum"]: Path(f).read_text(encoding="utf-8") for m, f in zip(data["members"], files, strict=True)}
    assert data["loci"]
    for row in data["loci"]:
        for reading in row["readings"]:
            assert all(texts[siglum][start:end] == reading["text"] for siglum, (start, end) in reading["spans"].items())


def test_a_long_siglum_is_cut_in_the_middle(tmp_path: Path) -> None:
    name = "2024-03-29_" + "very-long-" * 8 + "end"
    for siglum, text in {"base": PIER, name: PIER.replace("4,200", "3,900"), "c": PIER}.items():
        (tmp_path / f"{siglum}.txt").write_text(text, encoding="utf-8")
    _, out, _ = run("collate", *(str(tmp_path / f"{siglum}.txt") for siglum in ("base", name, "c")), "--base", "base", "--three-way", name, "c")
    row = next(line for line in out.splitlines() if "3,900" in line)
    assert "2024-03-29…" in row
    assert "long-end" in row
    assert "Some 4,200" in out or "4,200" in row


def test_texts_in_a_list_are_told_from_names_of_files() -> None:
    for texts in ([PIER, PIER], ["The pier is lit. " * 40] * 2, ["The pier is lit.", "The pier is dark."], "x" * 300):
        with pytest.raises(UsageError, match=r"is a text, and a list names files; give texts by siglum: \{'A'") as caught:
            variorum.collate(texts)
        assert len(str(caught.value)) < 160
    with pytest.raises(InputError, match=r"^a b\.txt: no such file"):
        variorum.collate(["a b.txt", "c.txt"])


def test_three_ways(files: list[str]) -> None:
    code, out, _ = run("collate", *files, "--three-way", "b", "c", "--json")
    assert code == 0
    assert [(row["changed"], row["base"], row["a"], row["b"]) for row in json.loads(out)] == [("b", "4,200", "4,200", "3,900"), ("both alike", "must", "should", "should")]
    code, out, _ = run("collate", *files, "--three-way", "b", "c")
    assert code == 0
    assert "both alike" in out


def test_a_file_that_cannot_be_read_leaves_the_others(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    code, out, err = run("collate", *files, str(tmp_path / "broken.pdf"))
    assert code == 3
    assert "3 members" in out
    assert "broken.pdf" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.txt", "b.txt"], "no file nowhere.txt; to collate a family of a corpus: variorum collate FAMILY --in CORPUS"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage_is_2_and_says_how(words: list[str], told: str) -> None:
    code, _, err = run("collate", *words)
    assert code == 2
    assert told in err


def test_one_file_is_refused(files: list[str]) -> None:
    code, _, err = run("collate", files[0])
    assert code == 2
    assert "a collation needs two texts or more" in err


def test_a_damaged_witness_file_says_where(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text('{"witnesses": [{"id": "A", "content": "the pier"}, {"content": "the pier"}]}', encoding="utf-8")
    code, _, err = run("collate", str(tmp_path / "w.json"))
    assert code == 3
    assert "w.json, witness 1: a witness without an id" in err
