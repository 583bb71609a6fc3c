"""Names: mentions joined, acronyms with their long form, headings and starts of sentences, and time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import variorum
from variorum.ledger.languages import load_language


def read(text, **options):
    return [row for row in variorum.ledger(text, lang="en", **options).to_pylist() if row["type"] == "name"]


def test_mentions_of_a_person_are_joined():
    text = "Senator Ada B. Vole spoke. Mr. Rook thanked Vole. Then Ada Vole left."
    rows = [row for row in read(text) if row["canonical"] == "Ada B. Vole"]
    assert [row["quote"] for row in rows] == ["Ada B. Vole", "Vole", "Ada Vole"]
    assert [text[a:b] for a, b in rows[0]["parts"]["mention"]] == ["Ada B. Vole", "Vole", "Ada Vole"]
    assert [row["links"] for row in rows] == [{}, {"first": [rows[0]["entry"]]}, {"first": [rows[0]["entry"]]}]
    assert text[slice(*rows[0]["parts"]["title"][0])] == "Senator"


def test_an_acronym_is_joined_to_its_long_form():
    rows = read("The crews wrote to the Harbour Safety Board (HSB) in May. The HSB did not answer.")
    assert [(row["quote"], row["canonical"], row["n_mentions"]) for row in rows] == [("Harbour Safety Board", "Harbour Safety Board", 3), ("HSB", "Harbour Safety Board", 3), ("HSB", "Harbour Safety Board", 3)]
    assert rows[0]["acronym"] == "HSB"


def test_an_acronym_without_brackets_is_joined_where_its_letters_fit():
    rows = read("They asked the International Criminal Court for help. The ICC agreed.")
    assert [row["canonical"] for row in rows] == ["International Criminal Court"] * 2


def test_a_territory_has_one_name():
    rows = read("Boats from the US, from America and from the United States met.")
    assert {(row["canonical"], row["iso"], row["n_mentions"]) for row in rows} == {("United States", "US", 3)}


@pytest.mark.parametrize("text", ["Boats lie idle. Then the crews met. Meanwhile they waited.", "THE BOATS LIE IDLE IN THE HARBOUR", "What Crews Want And How They Want It", "On Monday in May we met.", "I think so."])
def test_capitals_alone_are_no_names(text):
    assert not read(text)


def test_a_long_list_of_persons():
    names = [f"{first} {last}" for first in ("Ada", "Ivy", "Mark", "Rosa", "Tom") for last in ("Vole", "Rook", "Teal", "Heron", "Mole", "Finch", "Wren", "Crane")]
    rows = read(f"Senators {', '.join(f'{name} (I-Pier)' for name in names[:-1])}, and {names[-1]} signed.")
    assert [row["quote"] for row in rows if row["kind"] == "person"] == names


WORDS = sorted({word for key in ("titles", "heads", "place_heads", "joiners", "articles", "acronyms", "demonyms", "group_heads", "speaking", "locatives") for word in load_language("en").section("names")[key]})


@given(st.lists(st.sampled_from([*WORDS, *(word.title() for word in WORDS), "Ada", "Vole", "B", ".", ",", "(", ")", "and", "'s", "-", '"', "Norway", "US", "\n\n"]), max_size=20))
def test_any_words_of_names_give_entries_or_silence(words):
    text = " ".join(words)
    rows = read(text, grade="C")
    for row in rows:
        assert row["quote"] == text[row["start"] : row["end"]]
        assert row["canonical"]
    assert rows == read(text, grade="C")


@pytest.mark.parametrize("part", ["A ", "Vole ", "Mr. Vole ", "Mr ", "Senators Vole, Rook ", "of Vole ", "Council of ", "United ", "Vole (VOLE) ", "US ", "Irish ", "A. ", "Vole-", "Vole's ", '"Vole" ', "Vole, ", "VOLE "])
def test_many_capitals_cost_linear_time(part):
    costs = []
    for n in (500, 5_000):
        begin = time.process_time()
        read(part * n, types=["name"])
        costs.append(time.process_time() - begin)
    assert costs[1] < 40 * max(costs[0], 0.05), costs
