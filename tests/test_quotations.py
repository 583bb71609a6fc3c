"""Quotation marks of every style: where they open and close, one in another, over paragraphs, odd ones, and many of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import variorum
import zoo

STYLES = [("“", "”"), ('"', '"'), ("«", "»"), ("« ", " »"), ("»", "«"), ("„", "“"), ("‘", "’"), ("'", "'"), ("''", "''"), ("``", "''"), ("‹", "›"), ("「", "」"), ("”", "”")]


def read(text, **options):
    return [row for row in variorum.ledger(text, lang="en", grade="C", **options).to_pylist() if row["type"] == "quotation"]


@pytest.mark.parametrize(("left", "right"), STYLES)
def test_marks_of_each_style(left, right):
    quote = f"{left}We stay in the harbour, all of us{right}"
    (row,) = read(f"The master said {quote}, and the crew's boats didn't sail.")
    assert (row["quote"], row["closed"], row["kind"]) == (quote, True, "speech")
    assert row["content"].strip() == "We stay in the harbour, all of us"
    assert read(f"({quote})")[0]["quote"] == quote


@pytest.mark.parametrize(("outer", "inner"), [(("“", "”"), ("‘", "’")), (('"', '"'), ("'", "'")), (("«", "»"), ("“", "”")), (("'", "'"), ('"', '"')), (('"', '"'), ("“", "”")), (("“", "”"), ("“", "”"))])
def test_one_quotation_in_another(outer, inner):
    quoted = f"{inner[0]}keep the boats here all winter{inner[1]}"
    text = f"{outer[0]}They told us {quoted} and we did,{outer[1]} said the master."
    rows = read(text)
    assert [(row["quote"], row["depth"]) for row in rows] == [(text[: text.index(" said")], 0), (quoted, 1)]


def test_an_apostrophe_is_no_mark():
    assert not read("The crews' boats, the master's dog and the pilots' hats weren't sold in the '90s, 'tis said; rock 'n' roll, 6' tall.")
    (row,) = read("They saw 'the crews' boats' on the pier and said the pilots' hats were lost.")
    assert row["quote"] == "'the crews' boats'"


def test_a_mark_that_is_missing_spoils_no_other():
    text = '"We stay, said the master. "We sail in May," said the pilot.\n\nThe council met. "It was late," they wrote.'
    assert [(row["quote"], row["closed"]) for row in read(text)] == [('"We stay, said the master.', False), ('"We sail in May,"', True), ('"It was late,"', True)]


def test_unclosed_quotations_are_off_by_default():
    assert not variorum.ledger("“The boats are old and they leak.\n\nThe council met.", lang="en", types=["quotation"]).entries


def test_what_stands_in_a_quotation_of_speech_is_quoted():
    text = "“We lost 40 boats in the storm,” said the master.\n\nThe “300 Boats” film shows 12 boats."
    figures = [(row["quote"], row["voice"]) for row in variorum.ledger(text, lang="en", types=["figure"]).to_pylist()]
    assert figures == [("40", "quoted"), ("300", "own"), ("12", "own")]


@given(st.text(alphabet="“”\"'‘’«»„ ab.,\n(s", max_size=60))
def test_any_marks_give_quotations_that_nest(text):
    """Each begins and, where closed, ends with a mark; two of one depth never overlap, and a deeper one lies in another."""
    rows = read(text)
    for row in rows:
        assert row["quote"][0] in "“”\"'‘’«»„"
        assert not row["closed"] or row["quote"][-1] in "“”\"'‘’«»„"
        assert row["depth"] < 4
    for a in rows:
        for b in rows:
            if a is not b and a["depth"] == b["depth"]:
                assert a["end"] <= b["start"] or b["end"] <= a["start"]


@pytest.mark.parametrize("marks", ['"', "“", "”", "«", "'", "‘", '"a ', "'a ", " 'a", "“a\n\n", '"a b" ', "''", "'s 'a "])
def test_ten_thousand_marks_cost_linear_time(marks):
    costs = []
    for n in (1_000, 10_000):
        text = marks * n
        begin = time.process_time()
        read(text, types=["quotation"])
        costs.append(time.process_time() - begin)
    assert costs[1] < 40 * max(costs[0], 0.05), costs


@pytest.mark.parametrize("name", zoo.TEXTS)
def test_odd_texts(name):
    text = zoo.TEXTS[name]
    for row in variorum.ledger(text, grade="C", types=["quotation"]).to_pylist():
        assert row["quote"] == text[row["start"] : row["end"]]
