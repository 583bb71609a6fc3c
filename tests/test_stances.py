"""Stances over whole statements: voices, negation, links and exports; single sentences stand beside the rules."""

from __future__ import annotations

import json
import time

import pytest
from click.testing import CliRunner

import variorum
from variorum.cli import main

STATEMENT = """The Harbour Union condemns the sale of the pier. Mayor Ada Vole said that she welcomes the sale.

“We are deeply concerned about the fares,” said Ben Tern of the Harbour Union. We do not oppose a new ferry. The council must condemn the delays.
It is shameful that the crews of Gull Island wait. I thank the Island Council for its help.
"""


def read(text, **options):
    return variorum.ledger(text, lang="en", **options).to_pylist()


def test_kinds_holders_targets_and_voices():
    rows = read(STATEMENT, types=["stance"])
    assert [(r["kind"], r["holder"], r["target"], r["voice"], r["negated"]) for r in rows] == [
        ("condemns", "The Harbour Union", "the sale of the pier", "own", False),
        ("welcomes", "Mayor Ada Vole", "the sale", "reported", False),
        ("concerned", "We", "the fares", "quoted", False),
        ("opposes", "We", "a new ferry", "own", True),
        ("condemns", None, "the crews of Gull Island wait", "own", False),
        ("thanks", "I", "the Island Council", "own", False),
    ]
    assert [r["reason"] for r in rows if r["reason"]] == ["its help"]
    assert all(STATEMENT[a:b] == r[role] for r in rows for role in ("holder", "target", "reason") for a, b in r["parts"].get(role, []))


def test_what_shall_be_condemned_is_a_demand():
    rows = read(STATEMENT, types=["demand"])
    assert [r["action"] for r in rows] == ["condemn the delays"]


def test_names_are_linked():
    rows = read(STATEMENT)
    by_id = {r["entry"]: r for r in rows}
    thanks = next(r for r in rows if r["type"] == "stance" and r["kind"] == "thanks")
    assert [by_id[other]["quote"] for other in thanks["links"]["target"]] == ["Island Council"]


def test_command_and_exports(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text(STATEMENT, encoding="utf-8")
    done = CliRunner().invoke(main, ["ledger", str(path), "--type", "stance", "--jsonl"])
    assert done.exit_code == 0
    assert [json.loads(line)["type"] for line in done.stdout.splitlines()] == ["stance"] * 6
    assert CliRunner().invoke(main, ["ledger", str(path), "--type", "stance", "--brat", str(tmp_path / "letter.ann")]).exit_code == 0
    assert "stance-target" in (tmp_path / "letter.ann").read_text(encoding="utf-8")
    told = CliRunner().invoke(main, ["explain", json.loads(done.stdout.splitlines()[0])["entry"], "--in", str(path)])
    assert "'condemns' (condemns)" in told.stdout
    assert "target: the sale of the pier" in told.stdout


@pytest.mark.parametrize("unit", ["we condemn ", "and condemn, ", "is shameful and ", "in support of ", "glad that we ", "concern about the ", "who who condemn "])
def test_time_is_linear(unit):
    def cost(times: int) -> float:
        begin = time.process_time()
        read(unit * times, types=["stance"])
        return time.process_time() - begin

    cost(100)
    assert cost(6000) < 14 * max(cost(1500), 0.05)
