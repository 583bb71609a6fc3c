"""What one text is of another, where it was made from it in a known way; and what is said where dates, texts and equal copies give no order."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relations
import variorum
from kernel_cases import cases
from prose import Prose
from variorum.lineages import Lineage
from variorum.stemmas.relations import DOUBTED

BASE = (
    "The council of Ardell met on Monday and asked the board to open the three northern wells before winter.",
    "It noted that 4,000 homes have had no water since June.",
    "It called on the minister to publish the survey.",
)
BEFORE = "We carry this in full, since many readers wrote to us about the wells last week."
AFTER = "Readers may write to the desk until Friday evening, and letters will be shown in the next number."


def link(lineage: Lineage, child: str) -> dict[str, Any]:
    node = lineage.labels.index(child)
    return next(row for row in lineage.links.to_pylist() if row["child"] == node)


def relate(base: str, other: str) -> str:
    return link(variorum.lineage({"base": base, "other": other}, {"base": "2024-03-01", "other": "2024-03-05"}), "other")["relation"]


@pytest.mark.parametrize("kind", relations.KINDS)
@given(seed=st.integers(0, 10_000), named=st.booleans())
@cases(15)
def test_texts_made_in_a_known_way_are_named_so(kind: str, seed: int, named: bool) -> None:
    rng, prose = random.Random(seed), Prose(seed)
    sentences = [prose.sentence() for _ in range(rng.randint(6, 20) + 60)]
    base, others = sentences[:-60], sentences[-60:]
    text = relations.make_relative(kind, base, others, rng, named=named)
    relation, is_named = relations.tell_relation(" ".join(base), text)
    assert relation == kind
    assert is_named == (named and kind in ("wraps", "quotes from"))


@pytest.mark.parametrize(
    ("other", "relation"),
    [
        (" ".join(BASE), "same text"),
        (" ".join(BASE).replace("three", "four").replace("June", "July"), "revised"),
        (" ".join((BASE[2], BASE[0], BASE[1])), "revised"),
        (" ".join(BASE[:2]), "excerpt of"),
        (" ".join((BASE[2], BASE[1])), "excerpt of"),
        (" ".join((BEFORE, *BASE, AFTER)), "wraps"),
        (" ".join((BEFORE, *BASE)), "wraps"),
        (f'In a statement, the council said: "{" ".join(BASE)}"', "wraps"),
        (" ".join((*BASE, AFTER)), "contains"),
        (" ".join((BASE[0], AFTER, *BASE[1:])), "contains"),
    ],
)
def test_short_texts(other: str, relation: str) -> None:
    assert relate(" ".join(BASE), other) == relation


def test_two_dated_versions_are_not_undecided():
    """The simplest case there is: what fits made traditions of many copies must not forget it."""
    text = " ".join(BASE)
    for later in (text.replace("three", "four"), " ".join(BASE[1:])):
        row = link(variorum.lineage({"first": text, "then": later}, {"first": "2024-03-01", "then": "2024-03-05"}), "then")
        assert (row["kind"], row["support"] > DOUBTED) == ("taken from", True)


def test_an_excerpt_dated_before_what_it_is_from_is_doubted():
    """The dates are followed, and it is said that the text speaks against them; not where another holds the same, or where it is named."""
    texts = {"part": " ".join(BASE[1:]), "base": " ".join(BASE)}
    dates = {"part": "2024-03-01", "base": "2024-03-05"}
    lineage = variorum.lineage(texts, dates)
    row = link(lineage, "base")
    assert (row["kind"], row["decided"], row["support"]) == ("taken from", True, DOUBTED)
    assert "all of part stands in base, as in what an excerpt is from" in row["words"]
    assert [e["weight"] for e in lineage.evidence.to_pylist() if e["kind"] == "containment"] == [-1.0]
    copied = variorum.lineage({**texts, "copy": texts["part"]}, {**dates, "copy": "2024-03-01"})
    assert link(copied, "base")["support"] > DOUBTED
    named = variorum.lineage({**texts, "base": f"{BASE[0]} The release by Part says: {' '.join(BASE[1:])}"}, dates)
    assert (link(named, "base")["named"], link(named, "base")["support"] > DOUBTED) == (True, True)
    right = variorum.lineage(texts, {"part": "2024-03-05", "base": "2024-03-01"})
    assert (link(right, "part")["relation"], link(right, "part")["support"] > DOUBTED) == ("excerpt of", True)


def test_others_that_hold_the_text_of_the_parent_are_named():
    text = " ".join(BASE)
    dates = {"base": "2024-03-01", "same": "2024-03-02", "late": "2024-04-09", "next": "2024-03-05"}
    lineage = variorum.lineage({"base": text, "same": text, "late": text, "next": text.replace("three", "four")}, dates)
    row = link(lineage, "next")
    assert "the same text as base is also held by same" in row["words"]
    assert "late" not in row["words"]
    (first,) = [r for r in lineage.alternatives.to_pylist() if r["child"] == row["child"] and r["rank"] == 1]
    assert (lineage.labels[first["parent"]], first["worse"], first["words"]) == ("same", 0.0, "from same: holds the same text as the parent")


@pytest.mark.parametrize("date", ["2024-03-01", None])
def test_one_text_of_one_day_has_no_order(date: str | None) -> None:
    names = "abcd"
    lineage = variorum.lineage(dict.fromkeys(names, " ".join(BASE)), dict.fromkeys(names, date) if date else None)
    assert not any(row["decided"] for row in lineage.links.to_pylist())
    (said,) = lineage.summary
    assert said.startswith("all 4 texts have the same text; ")
    assert ("same day: no order: an agreed text sent to all would look so" in said) == (date is not None)
    assert lineage.to_dict()["summary"] == [said]


def test_texts_of_one_day_that_differ_each_in_its_own_way():
    prose = Prose(3)
    base = [prose.sentence() for _ in range(12)]
    texts = {name: " ".join([*base[:at], f"{name.capitalize()} signed it.", *base[at:]]) for at, name in enumerate(("north", "south", "east", "west"), 2)}
    same = variorum.lineage(texts, dict.fromkeys(texts, "2024-03-01"))
    assert not any(row["decided"] for row in same.links.to_pylist() if row["kind"] == "taken from")
    assert any("an agreed text sent to all would look so" in said for said in same.summary)
    assert not variorum.lineage(texts, {name: f"2024-03-0{k}" for k, name in enumerate(texts, 1)}).summary


def test_a_cycle_of_evidence_gives_a_tree():
    """Each names the next as its source, the last the first; and each is dated before the one that it names."""
    text = " ".join(BASE)
    names = ["Northgate", "Southgate", "Eastgate"]
    texts = {name: f"{name} prints what {names[k - 2]} stated. {text}" for k, name in enumerate(names)}
    lineage = variorum.lineage(texts, {name: f"2024-03-0{3 - k}" for k, name in enumerate(names)})
    rows = lineage.stemma.to_pylist()
    assert sum(row["parent"] is None for row in rows) == 1  # that there is no cycle is an invariant of the table
    assert all(row["support"] < 1.0 for row in lineage.links.to_pylist())
