"""Form letters: the template, its slots, and that nothing which a sender added is missed."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import variorum
from form_letters import BODY, make_letters, write_letter
from kernel_cases import cases
from variorum.cli import main
from variorum.collating.groupings import MIN_LIKE, group_near
from variorum.errors import UsageError
from variorum.templates import Template

NEW = "My grandmother rowed that boat when there was no ferry at all."

STRANGER = "Beans and kale stand in the allotment behind a wall, and nobody has watered them since their keeper left for his village in June, they say."


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words), catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def named(texts: list[str]) -> dict[str, str]:
    return {f"s{k:03}": text for k, text in enumerate(texts)}


def said(template: Template, kind: str | None = None) -> dict[str, list[str]]:
    """What each letter has beside the template, by siglum."""
    found: dict[str, list[str]] = {}
    for row in template.texts():
        if kind is None or row["kind"] == kind:
            found.setdefault(row["siglum"], []).append(" ".join(row["text"].split()))
    return found


def letters_with(text: str, changed: str, n: int = 40, at: int = 7) -> Template:
    """Plain letters, one of which has `changed` in the place of `text`."""
    chosen = random.Random(1)
    texts = [write_letter(BODY, chosen) for _ in range(n)]
    assert text in texts[at]
    texts[at] = texts[at].replace(text, changed)
    return variorum.find_template(named(texts))


def test_the_template_comes_out_word_for_word_with_its_slots() -> None:
    template = variorum.find_template(named([letter.text for letter in make_letters(200)]))
    outline = " ".join(template.outline().split())
    slots = [row for row in template.segments.to_pylist() if row["kind"] == "slot"]
    assert [row["filled_with"] for row in slots] == ["name", "name", "name"]
    assert outline == f"Dear Councillor [1 name], I write to you from [2 name] today. {' '.join(BODY)} Yours sincerely, [3 name]"
    assert all(row["n_letters"] == 200 for row in slots)
    assert "Gull Bay" in " ".join(slots[1]["fillings"]) or slots[1]["n_fillings"] > 5


def test_every_added_sentence_is_found_whole_and_nothing_else_is_taken_for_one() -> None:
    made = make_letters(300, seed=9)
    template = variorum.find_template(named([letter.text for letter in made]))
    found = said(template, "added")
    for k, letter in enumerate(made):
        sentences = [text for text in found[f"s{k:03}"] if len(text.split()) >= 5]
        assert sentences == letter.added
    first = next(row for row in template.groups.to_pylist())
    assert first["n_words"] >= 5, "whole sentences come before names"


def test_with_all_that_is_held_residues_are_all_of_a_letter() -> None:
    template = variorum.find_template(named([letter.text for letter in make_letters(60)]))
    totals: dict[int, int] = {}
    for row in template.residues.to_pylist():
        totals[row["member"]] = totals.get(row["member"], 0) + row["n_tokens"]
    for row in template.letters.to_pylist():
        assert totals.get(row["member"], 0) == row["n_residue"] == row["n_tokens"] - row["n_held"]


WORDS = st.lists(st.sampled_from(["ferry", "must", "run", "at", "night", ".", "!", "the", "\n\n", "harbour", "\U0001f6a2", "\u591c", "\u05d0\u05d1", "7.5"]), max_size=12)


@cases(25)
@given(st.lists(WORDS, min_size=2, max_size=8), st.randoms())
def test_whatever_the_letters_are_nothing_is_lost_and_the_order_changes_nothing(parts: list[list[str]], chosen: random.Random) -> None:
    base = " ".join(BODY)
    texts = [f"{base} {' '.join(words)}" if k % 2 else f"{' '.join(words)} {base}" for k, words in enumerate(parts)]
    template = variorum.find_template(named(texts))
    totals: dict[int, int] = {}
    for row in template.residues.to_pylist():
        totals[row["member"]] = totals.get(row["member"], 0) + row["n_tokens"]
    assert all(totals.get(row["member"], 0) == row["n_residue"] for row in template.letters.to_pylist() if row["related"])
    shuffled = list(named(texts).items())
    chosen.shuffle(shuffled)
    again = variorum.find_template(dict(shuffled))
    assert again.outline() == template.outline()
    columns = ["group", "kind", "text", "n_letters", "n_wordings"]
    assert again.groups.to_arrow(columns) == template.groups.to_arrow(columns)
    assert {k: sorted(v) for k, v in said(again).items()} == {k: sorted(v) for k, v in said(template).items()}


@pytest.mark.parametrize("place", range(len(BODY)))
def test_one_new_sentence_among_hundreds_of_letters_is_not_missed(place: int) -> None:
    template = letters_with(BODY[place], f"{BODY[place]} {NEW}", n=120)
    assert NEW in said(template, "added")["s007"]
    group = next(row for row in template.groups.to_pylist() if row["text"] == NEW)
    assert (group["group"], group["n_letters"], group["kind"]) == (0, 1, "added"), "it comes before all that is shorter or commoner"


def test_a_word_put_in_changed_or_left_out_is_named() -> None:
    assert said(letters_with("vote against", "not vote against"), "added")["s007"][2:3] == ["not"]
    rows = letters_with("three years", "two years").groups.to_pylist()
    assert ("three", "two") in [(row["replaces"], row["text"]) for row in rows if row["kind"] == "changed"]
    rows = letters_with(f" {BODY[6]}", "").groups.to_pylist()
    assert [row["text"] for row in rows if row["kind"] == "dropped"] == [BODY[6]]


def test_a_sentence_that_many_leave_out_is_optional() -> None:
    chosen = random.Random(3)
    texts = [write_letter([s for s in BODY if s != BODY[3] or k % 3], chosen) for k in range(60)]
    template = variorum.find_template(named(texts))
    assert f"[? {BODY[3]} ?]" in template.outline()
    assert [row["n_letters"] for row in template.segments.to_pylist() if row["kind"] == "optional"] == [40]


def test_a_sentence_in_another_place_is_moved_and_not_added() -> None:
    template = letters_with(" ".join([BODY[1], *BODY[2:5]]), " ".join([*BODY[2:5], BODY[1]]))
    row = template.letters.to_pylist()[7]
    assert row["n_moved"] >= 9
    assert all(len(text.split()) < 5 for text in said(template)["s007"])


def test_nearly_equal_additions_are_one_group_with_all_its_wordings() -> None:
    chosen = random.Random(2)
    texts = [write_letter([*BODY, NEW.replace("rowed", word)] if word else BODY, chosen) for word in ["", "rowed", "steered", "rowed", "", "", "sailed", *[""] * 20]]
    template = variorum.find_template(named(texts))
    group = template.groups.to_pylist()[0]
    assert (group["text"], group["n_letters"], group["n_wordings"]) == (NEW, 4, 3)
    assert sorted(row["siglum"] for row in template.texts([0])) == ["s001", "s002", "s003", "s006"]


def test_groups_have_a_leader_that_each_is_like() -> None:
    wordings = [tuple(text.split()) for text in ("one two three four five six", "one two three four five seven", "one two three four eight seven", "nine ten eleven twelve one two")]
    assert group_near(wordings, [5, 1, 1, 1]) == [0, 0, 2, 3], f"the third is nearer than {MIN_LIKE} to the second alone"


def test_a_text_that_is_no_letter_of_the_template_is_set_aside() -> None:
    texts = named([letter.text for letter in make_letters(40)])
    texts["stranger"] = STRANGER
    template = variorum.find_template(texts)
    assert [row["siglum"] for row in template.letters.to_pylist() if not row["related"]] == ["stranger"]
    assert "stranger" not in said(template)


@pytest.mark.parametrize(("texts", "problem"), [({"a": BODY[0]}, "two letters or more"), ({"a": "", "b": ""}, "no word"), ({"a": "!!!", "b": "!!!"}, "no word"), ({"a": " ".join(BODY), "b": STRANGER}, "no two of these")])
def test_what_is_no_family_of_letters_is_one_line(texts: dict[str, str], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        variorum.find_template(texts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letters")
    (folder / "in").mkdir()
    for k, letter in enumerate(make_letters(30, seed=4)):
        (folder / "in" / f"s{k:03}.txt").write_text(letter.text, encoding="utf-8")
    variorum.trace(folder / "in", out=folder / "town.variorum")
    return folder


def test_the_command_shows_a_family_of_a_corpus(folder: Path) -> None:
    code, out, _ = run("collate", "1", "--in", str(folder / "town.variorum"), "--template")
    assert code == 0
    assert "Template of 30 letters" in out
    assert "[1 name]" in out
    assert all(letter.added[0].split()[3] in out for letter in make_letters(30, seed=4) if letter.added)


def test_json_and_csv_hold_every_residue(folder: Path) -> None:
    files = [str(path) for path in sorted((folder / "in").iterdir())]
    code, out, _ = run("collate", *files, "--template", "--json")
    data = json.loads(out)
    assert code == 0
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "in").iterdir()}
    rows = [(row["siglum"], row["start"], row["end"], row["text"]) for group in data["groups"] for row in group["residues"]]
    assert all(texts[siglum][start:end] == text for siglum, start, end, text in rows)
    _, out, _ = run("collate", *files, "--template", "--csv", "-")
    table = list(csv.DictReader(io.StringIO(out)))
    assert [(row["siglum"], int(row["start"]), int(row["end"])) for row in table] == [row[:3] for row in rows]
    assert [int(row["group"]) for row in table] == sorted(int(row["group"]) for row in table)


@pytest.mark.parametrize("words", [("--changes",), ("--three-way", "a", "b"), ("--tei", "-"), ("--base", "a")])
def test_other_views_are_not_mixed_in(folder: Path, words: tuple[str, ...]) -> None:
    code, _, err = run("collate", "1", "--in", str(folder / "town.variorum"), "--template", *words)
    assert code == 2
    assert f"leave {words[0]} out" in err
