"""F1 of every record type on labelled press releases, and by party: the instrument must not hear one side better."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import balance

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["balance"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def counts(shared):
    return balance.measure_balance(shared / "data")


@pytest.mark.parametrize("kind", FLOORS["f1"])
def test_record_type(kind, counts):
    assert counts[kind, "all", "all"].f1 >= FLOORS["f1"][kind], counts[kind, "all", "all"].wrong


@pytest.mark.parametrize("kind", FLOORS["f1"])
def test_no_party_is_heard_better(kind, counts):
    """The interval of the difference touches what may be: a difference that the sample can tell from it is a defect."""
    _, low, high = balance.difference(counts, kind, "all")
    assert low <= FLOORS["max_difference"], (low, high)
    assert high >= -FLOORS["max_difference"], (low, high)


def test_rules_know_no_party(shared):
    """With the names and letters of the parties exchanged the same is found."""
    changed = balance.measure_exchange(shared / "data", 40)
    assert sum(n for n, _ in changed.values()) > 500
    assert sum(n for _, n in changed.values()) <= 0.005 * sum(n for n, _ in changed.values()), changed


def test_parties_are_exchanged():
    assert balance.exchange_parties("Sen. Vole (D-PI) and Republicans; a Democrat, R-Bay.") == "Sen. Vole (R-PI) and Democrats; a Republican, D-Bay."


def test_a_find_serves_once_and_gives_the_interval():
    """Two labels and one find that lies on both: one is right, one missed."""
    row = {"file": "a", "line": 0, "start": 0, "end": 20, "half": "tune", "party": "Democrat", "labels": [{"type": "date", "start": 0, "end": 4}, {"type": "date", "start": 6, "end": 9}]}
    entry = {"statement": "a:0", "type": "date", "start": 2, "end": 8, "parts": {}, "rule": "date.x", "quote": "x", "voice": "own"}
    found = balance.score_entries([row, {**row, "party": "Republican"}], [entry], {"a:0": "a" * 20}, ("date",))
    both = found["date", "all", "all"]
    assert (both.n_gold, both.n_found, both.n_right) == (4, 2, 2)
    assert balance.difference(found, "date", "all") == (0, 0, 0)


def test_types_that_a_sentence_was_not_labelled_for_are_not_counted():
    row = {"file": "a", "line": 0, "start": 0, "end": 20, "half": "tune", "party": "Democrat", "types": ["date"], "labels": [{"type": "date", "start": 0, "end": 4}]}
    entries = [{"statement": "a:0", "type": kind, "start": 0, "end": 4, "parts": {}, "rule": f"{kind}.x", "quote": "x", "voice": "own"} for kind in ("date", "figure")]
    found = balance.score_entries([row], entries, {"a:0": "a" * 20}, ("date", "figure"))
    assert {kind for kind, _, _ in found} == {"date"}
    assert found["date", "all", "all"].n_right == 1
