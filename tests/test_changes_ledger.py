"""What the ledger sees in changes: known edits are told by kind, aspect, direction and ratio; words, places, filters."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

import change_frames_fr_es
import variorum
from change_frames import FIRST, HELD, Frame
from prose import Prose
from test_changes import check_spans
from variorum.cli import main
from variorum.collations import Collation


def edit(seed: int, frames: list[Frame]) -> tuple[str, str, list[Frame]]:
    """A text, the text with some slots edited, and their frames."""
    rng, prose = random.Random(seed), Prose(seed)
    order = rng.sample(range(len(frames)), len(frames))
    chosen = set(rng.sample(order, rng.randint(1, 6)))
    base, other = [], []
    for k in order:
        filler = prose.sentence()
        for texts, filling in ((base, frames[k].before), (other, frames[k].after if k in chosen else frames[k].before)):
            sentence = frames[k].text.format(filling)
            texts.append(f"{filler} {sentence[:1].upper()}{sentence[1:]}".strip())
    return "\n\n".join(base), "\n\n".join(other), [frames[k] for k in sorted(chosen, key=order.index)]


def is_told(row: dict, frame: Frame) -> bool:
    """A row says what the frame says of its change."""
    ratio = frame.ratio is None or (row["ratio"] is not None and abs(row["ratio"] - frame.ratio) < 1e-9)
    return row["kind"] == frame.kind and frame.aspect in row["aspects"] and row["direction"] == frame.direction and ratio


def differ(rows: list[dict], expected: list[Frame]) -> bool:
    """The rows are not exactly the edits."""
    left = list(rows)
    for frame in expected:
        found = next((row for row in left if is_told(row, frame)), None)
        if found is None:
            return True
        left.remove(found)
    return bool(left)


def run(frames: list[Frame]) -> list[tuple]:
    """The seeds of 200 whose changes are not exactly their edits."""
    wrong = []
    for seed in range(200):
        base, other, expected = edit(seed, frames)
        collation: Collation = variorum.collate({"a": base, "b": other}, base="a")
        rows = check_spans(collation)
        if differ(rows, expected):
            wrong.append((seed, expected, [(r["kind"], r["aspects"], r["words"]) for r in rows]))
    return wrong


@pytest.mark.parametrize(("frames", "most"), [(FIRST, 10), (HELD, 10)], ids=["first", "held"])
def test_known_edits_are_told_by_kind_aspect_direction_and_ratio(frames: list[Frame], most: int) -> None:
    # Run once before anything was mended, the second set gave 177 of 200; the six of the 23 that were looked at had "ought to".
    wrong = run(frames)
    assert len(wrong) <= most, (len(wrong), wrong[:8])


def edit_one(frames: list[Frame], number: int, fillers: list[str]) -> tuple[str, str]:
    """A text of all frames, and the text with one of them edited."""
    rng = random.Random(number)
    order, between = rng.sample(range(len(frames)), len(frames)), rng.sample(fillers, len(fillers))
    texts: tuple[list[str], list[str]] = [], []
    for place, k in enumerate(order):
        for side, filling in zip(texts, (frames[k].before, frames[k].after if k == number else frames[k].before), strict=True):
            sentence = frames[k].text.format(filling)
            side.append(f"{between[place % len(between)]} {sentence[:1].upper()}{sentence[1:]}".strip())
    return "\n\n".join(texts[0]), "\n\n".join(texts[1])


@pytest.mark.parametrize("lang", ["fr", "es"])
@pytest.mark.parametrize(("frames", "most"), [(change_frames_fr_es.FIRST, 0), (change_frames_fr_es.HELD, 1)], ids=["first", "held"])
def test_known_edits_of_french_and_spanish_are_told(lang: str, frames: dict[str, list[Frame]], most: int) -> None:
    # Run once before anything was mended, the second set gave 16 of 18 in French and 15 of 18 in Spanish; of the first set one each was wrong.
    # What is left is a verb that the ledger does not take for one that reports.
    wrong = []
    for number, frame in enumerate(frames[lang]):
        rows = changes_of(*edit_one(frames[lang], number, change_frames_fr_es.FILLERS[lang]))
        if differ(rows, [frame]):
            wrong.append((frame, [(r["kind"], r["aspects"], r["words"]) for r in rows]))
    assert len(wrong) <= most, wrong


def test_a_verb_that_follows_who_asks_or_says_is_no_change_of_its_own() -> None:
    rows = changes_of(f"We call on the mayor to light the pier. {REST}", f"The baker calls on the mayor to light the pier. {REST}")
    assert [(r["kind"], r["words"]) for r in rows] == [("demand", "We -> The baker (claimant changed; voice: own -> reported)")]
    rows = changes_of(f"The wardens report that the pier is shut. {REST}", f"The baker reports that the pier is shut. {REST}")
    assert [(r["kind"], r["aspects"]) for r in rows] == [("attribution", ["source"])]


def changes_of(a: str, b: str, kinds: list[str] | None = None) -> list[dict]:
    """The changes from one text to another."""
    collation = variorum.collate({"a": a, "b": b}, base="a")
    check_spans(collation)
    return collation.changes(kinds).to_pylist()


REST = "The night ferry was late again, and nobody at the lock knew why. The market opened at seven in the rain."


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("The keepers counted 30 boats.", "The keepers counted 45 boats.", "30 -> 45 (up by 15, 50.0%, 1.5 times)"),
        (
            "The keepers counted 30 boats.",
            "The keepers counted more than 45 boats.",
            "30 -> more than 45 (up by 15, 50.0%, 1.5 times; comparator: none -> more than)",
        ),
        ("The town has 18,450 lamps.", "The town has 18,494 lamps.", "18,450 -> 18,494 (up by 44, 0.2%)"),
        ("The cable is 12 metres long.", "The cable is 12 kilometres long.", "12 metres -> 12 kilometres (unit: m -> km)"),
        ("The dredger cost $40 in all.", "The dredger cost €40 in all.", "$40 -> €40 (unit: dollar -> EUR)"),
        ("The cable is 1.5 km long.", "The cable is 15 km long.", "1.5 km -> 15 km (up by 13.5, 900.0%, 10 times)"),
        ("The town has 18,450 lamps.", "The town has 18450 lamps.", "18,450 -> 18450"),
        ("The keepers counted 30 boats.", "The keepers counted 30 barges.", "boats -> barges (counted thing changed)"),
        (
            "According to the union, the pier is shut.",
            "The pier is shut.",
            "According to the union -> (nothing) (attribution dropped; voice: reported -> own)",
        ),
        (
            "We call on the mayor to light the pier.",
            "We call on the bishop to light the pier.",
            "the mayor -> the bishop (addressee changed)",
        ),
        ("The council must light the pier.", "The council should light the pier.", "must -> should (force down: demand -> should)"),
        (
            "The council must light the pier by 3 May 2024.",
            "The council must light the pier by 10 May 2024.",
            "by 3 May 2024 -> by 10 May 2024 (deadline moved 7 days later)",
        ),
        ("The vote was on 3 May 2024.", "The vote was on 1 May 2024.", "3 May 2024 -> 1 May 2024 (earlier)"),
        (
            "The council must light the pier by 3 May 2024.",
            "The council must light the pier.",
            "by 3 May 2024 -> (nothing) (deadline dropped)",
        ),
        (
            "We call on the mayor to light the pier.",
            "The traders call on the mayor to light the pier.",
            "We -> The traders (claimant changed; voice: own -> reported)",
        ),
        ("He said that the old pier was unsafe.", 'He said "the old pier was unsafe".', None),
    ],
)
def test_a_change_is_told_in_words(before: str, after: str, words: str | None) -> None:
    told = [row["words"] for row in changes_of(f"{before} {REST}", f"{after} {REST}")]
    assert told == [words] if words else told


def test_an_attribution_in_other_words_is_no_change_of_source() -> None:
    rows = changes_of(
        f"According to the wardens, the old pier was unsafe. {REST}", f"The wardens said that the old pier was unsafe. {REST}"
    )
    assert not any(row["kind"] == "attribution" for row in rows)
    assert rows, "it is a change of wording"


def test_who_is_only_named_more_fully_is_the_same_source() -> None:
    a, b = (f"{who} said that the old pier was unsafe. {REST}" for who in ("Doctor Ida Solmar", "Ida Solmar"))
    assert not any(row["kind"] == "attribution" for row in changes_of(a, b))


def test_changes_are_filtered_by_kind_and_by_aspect() -> None:
    a = f"The keepers counted 30 boats. The council must light the pier by 3 May 2024. {REST}"
    b = f"The keepers counted about 30 boats. The council must light the pier by 9 May 2024. {REST} We urge the mayor to resign."
    assert [row["kind"] for row in changes_of(a, b)] == ["figure", "date", "sentence added"]
    assert [row["kind"] for row in changes_of(a, b, ["deadline"])] == ["date"]
    assert [row["kind"] for row in changes_of(a, b, ["demand"])] == ["sentence added"]
    assert [row["kind"] for row in changes_of(a, b, ["comparator", "date"])] == ["figure", "date"]


def test_a_demand_that_came_leads_the_names() -> None:
    a = f"The chair came from Marvik by train. {REST}"
    b = f"The chair came from Lundholm by train. {REST} The owners must pay the crews."
    assert [row["kind"] for row in changes_of(a, b)] == ["sentence added", "name"]


def test_a_language_that_is_not_read_has_its_digits_and_capitals() -> None:
    a = "Die Wächter zählten im Hafen 30 Boote. Die Fähre kam aus Marvik und war nicht pünktlich, weil der Sturm die Lampen gelöscht hatte."
    rows = changes_of(a, a.replace("30", "45").replace("Marvik", "Lundholm"))
    assert [(row["kind"], row["value_before"], row["value_after"], row["direction"]) for row in rows] == [
        ("figure", 30, 45, "up"),
        ("name", None, None, None),
    ]


def test_the_command_writes_changes_as_csv(tmp_path: Path) -> None:
    for name, n in (("a", "30"), ("b", "more than 45")):
        (tmp_path / f"{name}.txt").write_text(f"The keepers counted {n} boats. {REST}", encoding="utf-8")
    files = [str(tmp_path / f"{name}.txt") for name in "ab"]
    out = tmp_path / "changes.csv"
    assert (
        CliRunner().invoke(main, ["collate", *files, "--base", "a", "--changes", "--csv", str(out)], catch_exceptions=False).exit_code == 0
    )
    (row,) = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert (row["siglum"], row["kind"], row["aspects"], row["befores"], row["afters"], row["direction"], row["ratio"]) == (
        "b",
        "figure",
        "value; comparator",
        "30; ",
        "45; more than",
        "up",
        "1.5",
    )
    for wrong in (["--csv", "-", "--json"], ["--tei", "-"], ["--kind", "number"]):
        assert CliRunner().invoke(main, ["collate", *files, "--changes", *wrong]).exit_code == 2


def test_a_list_without_a_change_has_its_head_as_csv(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"The keepers counted 30 boats. {REST}", encoding="utf-8")
    files = [str(tmp_path / f"{name}.txt") for name in "ab"]
    shown = CliRunner().invoke(main, ["collate", *files, "--changes", "--csv", "-"], catch_exceptions=False).stdout
    (tmp_path / "b.txt").write_text(f"The keepers counted 45 boats. {REST}", encoding="utf-8")
    full = CliRunner().invoke(main, ["collate", *files, "--changes", "--csv", "-"], catch_exceptions=False).stdout
    assert shown.splitlines() == full.splitlines()[:1]


def test_what_one_side_alone_has_in_one_place_is_one_change() -> None:
    a = f"The pier was closed at dusk. {REST}"
    b = f"The pier was closed by 40 wardens of the Harbour Council at dusk. {REST}"
    assert [(row["kind"], row["words"]) for row in changes_of(a, b)] == [("figure", "(nothing) -> by 40 wardens of the Harbour Council (figure added)")]


def test_figures_of_other_things_do_not_stand_for_each_other() -> None:
    a = f"The lamps burn since article 1 was read aloud. {REST}"
    b = f"The lamps burn since over 75 years ago in the tower. {REST}"
    assert not any(row["direction"] for row in changes_of(a, b))


def test_a_source_that_is_still_named_in_the_sentence_is_not_dropped() -> None:
    a = f'In the brief, the wardens write: "The old pier was never safe in a storm." {REST}'
    b = f'The wardens put it so in their brief, "The old pier was never safe in a storm." {REST}'
    assert not any(row["kind"] == "attribution" for row in changes_of(a, b))


def test_names_go_on_over_initials_and_tags_are_none() -> None:
    a = f"The chair was Ida R. Solmar (D-NY) that year. {REST}"
    rows = changes_of(a, a.replace("Ida R. Solmar", "Anna B. Marvik").replace("D-NY", "R-NJ"))
    assert ("name", "Ida R. Solmar -> Anna B. Marvik") in [(row["kind"], row["words"]) for row in rows]
    assert not any("R-NJ" in row["words"] for row in rows if row["kind"] == "name")


def test_figures_that_count_other_things_among_other_words_are_not_set_against_each_other() -> None:
    a = f"The grant will help two school districts. {REST}"
    b = f"The grant was used by the board to buy 280 clean school buses for the coast. {REST}"
    assert not any(row["direction"] for row in changes_of(a, b))
    rows = changes_of(f"The keepers of the lock counted 30 boats at the old quay. {REST}", f"The keepers of the lock counted 45 barges at the old quay. {REST}")
    assert [row["direction"] for row in rows if row["kind"] == "figure"] == ["up", None], rows


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Statement of the harbour union, 29 March 2024", "April 22, 2024 \u2014 Statement on the ferry and the lamps", ("date", "29 March 2024 -> April 22, 2024 (later)", "later")),
        ("May 2024 \u2014 Statement on the ferry and the lamps", "Statement of the harbour union, March 2024", ("date", "May 2024 -> March 2024 (earlier)", "earlier")),
        ("Statement of the harbour union, 29 March 2024", "29 March 2024 \u2014 Statement on the ferry and the lamps", ("wording", "(nothing) -> Statement on the ferry and the lamps", None)),
    ],
)
def test_the_dates_of_a_head_line_that_was_written_anew_are_set_against_each_other(before: str, after: str, expected: tuple) -> None:
    rows = [(row["kind"], row["words"], row["direction"]) for row in changes_of(f"{before}\n\n{REST}", f"{after}\n\n{REST}")]
    assert expected in rows, rows
    assert [kind for kind, _, _ in rows].count("date") == (expected[0] == "date"), rows


def test_dates_of_two_lines_are_not_set_against_each_other() -> None:
    rows = changes_of(f"Marvik, 29 March 2024\n\n{REST}", f"Marvik\n\n{REST}\n\nOn 22 April 2024 we go on.")
    assert not any(row["direction"] for row in rows), rows


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Doctor Ida Solmar of the board came too.", "Doctor Solmar of the board came too."),
        ("They wrote to the U.S. Court of Harbours.", "They wrote to the US Court of Harbours."),
        ("Later, said a report of ten years' worth of soundings in the outer basin, it was dry.", "Later, said a report of 10 years' worth of soundings in the outer basin, it was dry."),
    ],
)
def test_who_is_written_in_another_form_is_the_same(before: str, after: str) -> None:
    rows = changes_of(f"{before} {REST}", f"{after} {REST}")
    assert rows
    assert not any(row["kind"] in ("name", "attribution") for row in rows), rows


def test_a_dateline_and_a_day_told_from_the_statements_own_do_not_lead() -> None:
    a = f"The wardens met today in the hall. They emptied the cellar after the flood. {REST}"
    b = f"TORHAVEN \u2014 The wardens met in the hall. They may have emptied the cellar after the flood. {REST}"
    rows = changes_of(a, b)
    assert [row["kind"] for row in rows][:1] == ["modal"], rows
    assert {"date", "name"} <= {row["kind"] for row in rows}
