"""Demands, actions, endorsements, signatories and slogans over whole statements; single sentences stand beside the rules."""

from __future__ import annotations

import random

import pytest

import variorum
from variorum.ledger.demandwords import FORCE

STATEMENT = """The Harbour Union publishes here the joint declaration of the island crews, signed by 40 unions. We endorse the declaration.

Keep the boats afloat for all of us, and for our children too!

The harbour court has ordered the company to lower its fares. Crews on the mainland struck work, demanding an end to the sales.
The unions of all islands must speak with one voice, around shared demands: demand that the company reopen the pier; demand the
release of the figures by 1 May 2024; free ferries for all. We call on the council to vote for this if the crews agree.

Crews of all islands, unite!
Long live the ferry!
"""


def read(text, *types, **options):
    return variorum.ledger(text, lang="en", types=types or None, **options).to_pylist()


def test_the_declaration_of_the_crews():
    found = [(r["rule"], r["voice"], r["kind"], r["addressee"]) for r in read(STATEMENT, "demand")]
    assert found == [
        ("demand.imperative", "own", "call", None),
        ("demand.verb", "reported", "order", "the company"),
        ("demand.verb", "reported", "demand", None),
        ("demand.must", "own", "demand", "The unions of all islands"),
        ("demand.that", "own", "demand", "the company"),
        ("demand.verb", "own", "demand", None),
        ("demand.inline_item", "own", "demand", None),
        ("demand.verb", "own", "call", "the council"),
    ]


def test_a_demand_is_linked_to_its_deadline():
    rows = read(STATEMENT)
    (demand,) = [r for r in rows if r["type"] == "demand" and r["deadline"]]
    assert demand["deadline"] == "2024-05-01"
    assert [r["quote"] for r in rows if r["entry"] in demand["links"]["deadline"]] == ["by 1 May 2024"]


def test_who_republishes_endorses_and_the_crews_call():
    rows = read(STATEMENT, "endorsement", "slogan")
    assert [(r["rule"], r["voice"], r.get("count"), r.get("object")) for r in rows if r["type"] == "endorsement"] == [
        ("endorsement.by", "republisher", 40, "the joint declaration of the island crews"),
        ("endorsement.active", "republisher", None, "the declaration"),
    ]
    slogans = [(r["rule"], r["grade"], r["target"], r["addressee"]) for r in rows if r["type"] == "slogan"]
    assert slogans == [("slogan.exclamation", "B", None, None), ("slogan.vocative", "B", None, "Crews of all islands"), ("slogan.long_live", "B", "the ferry", None)]


@pytest.mark.parametrize("text", ["The US court has sent us a bill for having ordered the sale of the pier.", "The US board told us of crews demanding an end to the fares."])
def test_what_others_ask_is_reported_also_where_we_are_told(text):
    assert [r["voice"] for r in read(text, "demand")] == ["reported"]


def test_force_has_the_order_of_the_words():
    said = ["We demand that the council act.", "We call on the council to act.", "We urge the council to act.", "We ask the council to act.", "We invite the council to act.", "The council should act."]
    ranks = [read(text, "demand")[0]["force"] for text in said]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == len(ranks) < len(FORCE)


SHAPES = ["{name}, {body}", "{name} ({body})", "{name} - {body}", "{name}", "{number}. {name}, {body}", "- {name}; {body}"]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_thousand_signatories(shape, gap):
    draw = random.Random(3)
    names = [f"{draw.choice(['Ada', 'Ben', 'Cy', 'Dora', 'Edo'])} {draw.choice(['Vole', 'Tern', 'Gull', 'Skua'])}" for _ in range(1000)]
    bodies = [draw.choice(["Harbour Union", "Pier Watch", "Island Crews", "University of Gull Island"]) for _ in names]
    lines = [shape.format(name=name, body=body, number=number) for number, (name, body) in enumerate(zip(names, bodies, strict=True), 1)]
    rows = read(f"We, the undersigned 1000 islanders, ask the council to keep the ferry running.\n\nSigned by:\n\n{gap.join(lines)}\n", "signatory")
    assert [r["name"] for r in rows] == names
    assert [r["index"] for r in rows] == list(range(1, 1001))
    assert {(r["listed"], r["declared"]) for r in rows} == {(1000, 1000)}
    if "{body}" in shape:
        assert [r["affiliation"] for r in rows] == bodies


def test_a_row_of_a_thousand_names():
    names = [f"{'ABCDEFGHIJ'[n % 10]}da Vole{n}" for n in range(1000)]
    rows = read(f"Signed by: {', '.join(names)}", "signatory")
    assert [r["name"] for r in rows] == names


def test_labels_hold_no_text():
    """The gold labels name places in a collection; the texts are not the project's."""
    import json
    from pathlib import Path

    rows = [json.loads(line) for line in (Path(__file__).parent / "gold/demands.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 300
    parties = [row["party"] for row in rows]
    assert parties.count("Democrat") == parties.count("Republican") == len(rows) / 2
    assert all(row["start"] <= d["start"] < d["end"] <= row["end"] for row in rows for d in row["demands"])
    assert not [row for row in rows if any(isinstance(value, str) and len(value) > 20 for value in row.values())]
