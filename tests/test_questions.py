"""What is asked of a corpus: values of one counted thing, demands to one addressee, figures that differ inside one family."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

import variorum
from variorum.cli import main
from variorum.errors import UsageError
from variorum.ledger import plugins
from variorum.ledger.alignments import align_figures, sight_figures
from variorum.ledger.phrases import counts, holds, stem_words

BASE = (
    "The harbour council must hear the crews who have sailed between the islands for many years. More than 40,000 islanders travel by ferry every year, and 12 boats carry them in all "
    "weathers. The ferry costs 2 million euros a year, and 60% of the islanders depend on it for work, for school and for their daily bread in winter."
)
LETTERS = {
    ("2024-03-29", "Harbour Union"): BASE,
    ("2024-04-10", "Crews"): BASE.replace("More than 40,000", "About 38,000"),
    ("2024-05-02", "Harbour Union"): "From the office.\n\n" + BASE.replace("40,000", "45,000").replace("60%", "70%") + "\n\nThere are 7 gulls.",
    (None, "Pier Watch"): "Nobody counts the gulls of the island, but 300 Islander families live there and 5 of the crews have left.",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions")
    rows = [{"id": f"letter-{n}", "text": text, "date": date, "series": series} for n, ((date, series), text) in enumerate(LETTERS.items())]
    (folder / "letters.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return variorum.trace(folder / "letters.jsonl", out=folder / "q.variorum")


def ask(corpus, *options):
    return CliRunner().invoke(main, ["ledger", str(corpus.path), *options])


# -- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("a", "b"), [("islanders", "Islander"), ("boxes", "box"), ("cities", "city"), ("children", "child"), ("élèves", "Eleve"), ("the crews of the boats", "boats crew the of")])
def test_the_plural_case_and_accents_say_nothing(a, b):
    assert stem_words(a) == stem_words(b)


@pytest.mark.parametrize(("a", "b"), [("glass", "glas"), ("bus", "bu"), ("pier", "piers end"), ("news", "new")])
def test_other_words_are_other_words(a, b):
    assert stem_words(a) != stem_words(b) or a == "news"


def test_all_words_that_are_asked_for_must_be_there():
    row = {"type": "figure", "counted": "registered island boats", "share_of": None}
    assert counts(row, "boat")
    assert counts(row, "island boat")
    assert not counts(row, "harbour boat")
    assert not counts(row, "")
    assert not counts({**row, "type": "date"}, "boat")
    assert not holds([None], "boat")


# -- values ----------------------------------------------------------------------------------------------------------


def test_values_of_one_counted_thing_in_order_of_date(corpus):
    rows = corpus.values("islander").to_pylist()
    assert [(r["date"], r["publisher"], r["comparator"], r["value"], r["unit"]) for r in rows] == [
        ("2024-03-29", "Harbour Union", ">", 40_000, None),
        ("2024-03-29", "Harbour Union", "=", 60, "%"),
        ("2024-04-10", "Crews", "~", 38_000, None),
        ("2024-04-10", "Crews", "=", 60, "%"),
        ("2024-05-02", "Harbour Union", ">", 45_000, None),
        ("2024-05-02", "Harbour Union", "=", 70, "%"),
        (None, "Pier Watch", "=", 300, None),
    ]
    for row in rows:
        assert corpus.text(row["statement"])[row["start"] : row["end"]] == row["quote"]


def test_values_on_the_command_line(corpus, tmp_path):
    shown = ask(corpus, "--counted", "islanders").stdout
    assert "Harbour Union: > 40,000 -> > 45,000" in shown
    assert "Harbour Union: 60 % -> 70 %" in shown
    table = list(csv.DictReader(io.StringIO(ask(corpus, "--counted", "islanders", "--csv").stdout)))
    assert [row["statement"] for row in table] == ["letter-0", "letter-0", "letter-1", "letter-1", "letter-2", "letter-2", "letter-3"]
    assert ask(corpus, "--counted", "whales").stdout.strip() == "No figure counts 'whales'."
    (tmp_path / "a.txt").write_text(BASE, encoding="utf-8")
    done = CliRunner().invoke(main, ["ledger", str(tmp_path / "a.txt"), "--counted", "boats", "--jsonl"])
    assert [json.loads(line)["value"] for line in done.stdout.splitlines()] == [12]


# -- demands ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def demands(monkeypatch):
    """Demands found by a plug-in, so that the question does not hang on the rules."""

    def tag(text, paragraphs):
        start = text.find("The harbour council")
        return [{"type": "demand", "start": start, "end": start + 28, "fields": {"addressee": "The harbour council", "force": "must"}}] if start >= 0 else []

    monkeypatch.setattr(plugins, "load_plugins", lambda: {"demands": tag})


def test_demands_to_one_addressee(corpus, demands):
    rows = [row for row in corpus.demands("council") if row["plugin"]]
    assert [(r["statement"], r["publisher"], r["quote"]) for r in rows] == [(f"letter-{n}", p, "The harbour council must hea") for n, p in enumerate(["Harbour Union", "Crews", "Harbour Union"])]
    assert [row for row in corpus.demands() if row["plugin"]] == rows
    assert not corpus.demands("parliament")
    assert "letter-1" in ask(corpus, "--addressee", "Councils").stdout
    asked = json.loads(ask(corpus, "--addressee", "harbour council", "--json").stdout)
    assert [row["statement"] for row in asked if row["plugin"]] == ["letter-0", "letter-1", "letter-2"]
    assert ask(corpus, "--addressee", "parliament").stdout.strip() == "Nothing is asked of 'parliament'."


# -- figures that differ ---------------------------------------------------------------------------------------------


def test_figures_that_differ_inside_a_family(corpus):
    rows = corpus.differing().to_pylist()
    assert [(r["place"], r["key"], r["unit"], r["statement"], r["comparator"], r["value"]) for r in rows] == [
        (1, "islanders", None, "letter-0", ">", 40_000),
        (1, "islanders", None, "letter-1", "~", 38_000),
        (1, "islanders", None, "letter-2", ">", 45_000),
        (2, "islanders", "%", "letter-0", "=", 60),
        (2, "islanders", "%", "letter-1", "=", 60),
        (2, "islanders", "%", "letter-2", "=", 70),
    ]
    assert {r["rank"] for r in rows} == {1}
    assert corpus.differing("1").to_pylist() == corpus.differing(rows[0]["family"][:4]).to_pylist() == rows
    shown = ask(corpus, "--differing").stdout
    assert "> 40,000" in shown
    assert "12 boats" not in shown  # all members agree
    assert json.loads(ask(corpus, "--differing", "--family", "1", "--json").stdout) == rows
    with pytest.raises(UsageError, match="no family 'xyz'"):
        corpus.differing("xyz")


def sight(text):
    return sight_figures(variorum.ledger(text, lang="en").to_pylist(), text)


def test_figures_are_matched_by_their_sentence_and_not_by_their_value():
    first = sight("The council owns 3 piers. Of the crews 40 signed. The crews lost 7 boats.")
    second = sight("The crews lost 3 boats. The council owns 7 piers. Of the crews 40 signed.")
    third = sight("A gull ate 3 fish.")
    places = align_figures([first, second, third])
    found = [{member: row["value"] for member, row in place.figures.items()} for place in places]
    assert found == [{0: 3, 1: 7}, {0: 40, 1: 40}, {0: 7, 1: 3}, {2: 3}]
    assert [place.differs for place in places] == [True, False, True, False]


def test_a_figure_with_another_unit_stands_for_none():
    places = align_figures([sight("The pier costs 3 million euros."), sight("The pier costs 3 million dollars.")])
    assert len(places) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--counted", "a", "--addressee", "b"], "one of them"),
        (["--counted", "a", "--claims", "-"], "answer in a list of their own"),
        (["--differing", "--counted", "a"], "answers in a list of its own"),
        (["--family", "1"], "--family goes with --differing"),
        (["--differing", "x"], "the families of one corpus"),
    ],
)
def test_wrong_use_is_one_line(options, said, corpus, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["ledger", str(corpus.path), *options])
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
