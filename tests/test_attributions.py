"""Attributions with their links: what is reported, what is quoted, whose figure it is; nested, at odd places, and many of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import variorum
from variorum.ledger.languages import load_language


def read(text, **options):
    return variorum.ledger(text, lang="en", **options).to_pylist()


def of(rows, kind):
    return [row for row in rows if row["type"] == kind]


def test_a_figure_is_linked_to_its_attribution():
    rows = read("According to the Harbour Office, 40 boats lay idle. We count 12 boats.")
    (attribution,) = of(rows, "attribution")
    figures = of(rows, "figure")
    assert [(f["quote"], f["voice"], f["links"]) for f in figures] == [("40", "reported", {"attribution": [attribution["entry"]]}), ("12", "own", {})]


def test_the_innermost_attribution_is_the_link():
    rows = read("Ada Vole said that the port told the council that 40 boats leak.", grade="C")
    outer, inner = of(rows, "attribution")
    assert (outer["source"], inner["source"]) == ("Ada Vole", "the port")
    assert inner["links"] == {"attribution": [outer["entry"]]}
    assert of(rows, "figure")[0]["links"] == {"attribution": [inner["entry"]]}


def test_what_we_say_is_our_own_voice():
    rows = read("We say that 40 boats must stay. The port says that 12 boats may go.")
    assert [(f["quote"], f["voice"]) for f in of(rows, "figure")] == [("40", "own"), ("12", "reported")]


def test_a_quotation_is_linked_to_who_said_it():
    rows = read("“The 40 boats stay,” said Ada Vole. The “ghost” ferry lay idle.")
    (attribution,) = of(rows, "attribution")
    quotation = of(rows, "quotation")[0]
    assert quotation["links"] == {"attribution": [attribution["entry"]]}
    assert (quotation["voice"], of(rows, "figure")[0]["voice"]) == ("quoted", "quoted")


def test_a_quotation_over_paragraphs_is_what_was_said():
    text = "Ada Vole said:\n\n“The boats stay.\n\n“The 12 crews too.”\n\nThe council met."
    (attribution,) = of(read(text), "attribution")
    assert text[slice(*attribution["parts"]["content"][0])] == "“The boats stay.\n\n“The 12 crews too.”"


def test_a_denied_report_is_negated():
    assert [row["negated"] for row in of(read("The port never said that the pier is safe. The port said that it is old."), "attribution")] == [True, False]


SPEECH = sorted({word for name in ("bare", "speech", "hearers", "quoting", "participles", "shows", "that", "pronouns", "according", "as") for word in load_language("en").section("attributions")[name]})


@given(st.lists(st.sampled_from([*SPEECH, "the", "Harbour", "Office", "boats", "are", "was", "“", "”", '"', ",", ".", ":", "(", ")", "-", "—", "and", "in", "on", "Monday", "\n\n"]), max_size=25))
def test_any_words_of_speech_give_entries_or_silence(words):
    text = " ".join(words)
    for row in read(text, grade="C"):
        assert row["quote"] == text[row["start"] : row["end"]]
        if row["type"] == "attribution":
            assert text[slice(*row["parts"]["cue"][0])] == row["cue"]
            assert all(row["start"] <= a < b <= row["end"] for role in ("cue", "source", "content") for a, b in row["parts"].get(role, []))


@pytest.mark.parametrize("part", ["said ", "he said, ", "“he said,” she said. ", "according to ", "according to Vole, ", "that ", "told Vole that ", ", Vole said", "Vole and ", "and said ", "he said that ", "was said to ", "Vole (", "as he said, ", "“a " * 3, "said\n\n"])
def test_many_cues_cost_linear_time(part):
    costs = []
    for n in (500, 5_000):
        begin = time.process_time()
        read(part * n, types=["attribution"])
        costs.append(time.process_time() - begin)
    assert costs[1] < 40 * max(costs[0], 0.05), costs


def test_no_source_begins_with_an_apostrophe():
    for text in ("' said that the pier is safe.", "They met. 's said: “The pier is safe.”", "The boats' said that the pier is safe.", "' The council said that the pier is safe."):
        for row in variorum.ledger(text, lang="en", types=["attribution"], grade="C").to_pylist():
            assert row["source"] is None or row["source"][0].isalnum(), (text, row["source"])


def test_a_link_names_only_entries_of_the_wanted_grade():
    text = "Ada Vole told the crews the 40 boats lay idle."
    linked = [row["links"] for row in variorum.ledger(text, lang="en", types=["figure"], grade="C").to_pylist()]
    assert linked
    assert all("attribution" in links for links in linked)
    shown = [row["links"] for row in variorum.ledger(text, lang="en", types=["figure"], grade="B").to_pylist()]
    assert shown
    assert not any("attribution" in links for links in shown)
