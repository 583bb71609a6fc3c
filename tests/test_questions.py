"""What is asked of a corpus: values of one counted thing, demands to one addressee, figures that differ inside one family."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
import pytest
from click.testing import CliRunner

import variorum
from variorum.cli import main
from variorum.collations import find_family
from variorum.errors import UsageError
from variorum.ledger import plugins
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
    assert ask(corpus, "--counted", "whales").stdout.startswith("No figure counts 'whales'. Counted most often: islanders (")
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
    assert ask(corpus, "--addressee", "parliament").stdout.startswith("Nothing is asked of 'parliament'. Asked most often: harbour council (")


def test_an_answer_without_rows_has_its_head_as_csv(corpus):
    for options in (["--counted", "whales"], ["--addressee", "parliament"]):
        full = ask(corpus, "--counted", "islanders", "--csv") if "whales" in options else ask(corpus, "--addressee", "council", "--csv")
        assert ask(corpus, *options, "--csv").stdout.splitlines() == full.stdout.splitlines()[:1]


def test_answers_show_days_one_line_and_repeated_figures_once(tmp_path):
    name = "https://harbour.example/2024/" + "letters-to-the-council-" * 4 + "last"
    text = BASE.replace("and 12 boats", "and 12\nboats") + " Yes, 12 boats! And we say it again: 12 boats."
    rows = [{"id": name, "text": text, "date": "2024-03-29T10:30:00+01:00"}]
    (tmp_path / "letters.jsonl").write_text(json.dumps(rows[0]), encoding="utf-8")
    shown = CliRunner().invoke(main, ["ledger", str(tmp_path / "letters.jsonl"), "--counted", "boats"]).stdout
    head, row = shown.splitlines()[:2]
    assert "publisher" not in head
    assert row.startswith("2024-03-29  https://harbour.…")
    assert "12 boats [3 times]" in shown
    assert len(json.loads(CliRunner().invoke(main, ["ledger", str(tmp_path / "letters.jsonl"), "--counted", "boats", "--json"]).stdout)) == 3


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


def trace_letters(folder, *texts):
    """A corpus of letters of one publisher each, a day apart."""
    rows = [{"id": f"letter-{n}", "text": text, "date": f"2024-03-{n + 1:02}", "series": f"Union {n}"} for n, text in enumerate(texts)]
    (folder / "letters.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return variorum.trace(folder / "letters.jsonl", out=folder / "l.variorum")


MONEY = (
    "The harbour fund of this year pays for roads and bridges, for lamps and for schools. It gave $250 million to the roads of the east shore, $550 million to the long bridges of the "
    "west shore and $20 million to the 40 schools of both islands. The council, which met in the old tollhouse on the quay, will hear the crews and the tenants before the winter."
)


def test_what_differs_in_a_family_is_what_its_changes_say(tmp_path):
    lead = "From the office of the keepers, who lost 3 of 9 boats and 14 barges in spring.\n\n"
    other = MONEY.replace("$20 million", "nearly $30 million").replace("$250 million", "$260 million")
    corpus = trace_letters(tmp_path, MONEY, lead + other, MONEY.replace("$550", "€550"), MONEY)
    rows = corpus.differing().to_pylist()
    assert [(r["place"], r["statement"], r["comparator"], r["value"], r["unit"]) for r in rows] == [
        (1, "letter-0", "=", 250e6, "dollar"), (1, "letter-1", "=", 260e6, "dollar"), (1, "letter-2", "=", 250e6, "dollar"), (1, "letter-3", "=", 250e6, "dollar"),
        (2, "letter-0", "=", 550e6, "dollar"), (2, "letter-1", "=", 550e6, "dollar"), (2, "letter-2", "=", 550e6, "EUR"), (2, "letter-3", "=", 550e6, "dollar"),
        (3, "letter-0", "=", 20e6, "dollar"), (3, "letter-1", "~<", 30e6, "dollar"), (3, "letter-2", "=", 20e6, "dollar"), (3, "letter-3", "=", 20e6, "dollar"),
    ]  # fmt: skip
    for row in rows:
        assert corpus.text(row["statement"])[row["start"] : row["end"]] == row["quote"]
    collation = corpus.collate("1")
    changed = {(r["base_start"], collation.sigla[r["member"]], r["start"]) for r in collation.changes(["figure"]).to_pylist() if r["start"] < r["end"] and r["base_start"] < r["base_end"]}
    told = set()
    for place in {r["place"] for r in rows}:
        mine, *others = (r for r in rows if r["place"] == place)
        told |= {(mine["start"], r["statement"], r["start"]) for r in others if (r["comparator"], r["value"], r["unit"]) != (mine["comparator"], mine["value"], mine["unit"])}
    assert told == changed


def test_figures_that_the_earliest_copy_has_not_are_compared_among_the_others(tmp_path):
    more = [f"{MONEY} Of the crews on the northern ferry {n} signed the letter that lay in the market hall for two weeks of the spring." for n in (310, 450)]
    rows = trace_letters(tmp_path, MONEY, *more).differing().to_pylist()
    assert [(r["statement"], r["value"]) for r in rows] == [("letter-1", 310), ("letter-2", 450)]


def test_of_many_figures_in_one_reworded_place_each_is_set_against_that_among_the_same_words(tmp_path):
    first = "$833 million to mend the ferries in spring alone with another $3.6 billion over five winters.\n\n$355.8 million was set aside for sea walls.\n\n$5.5 million to date was set aside for cleaning up old tanneries."
    second = "$280 million set aside to mend the ferries of both shores.\n\n$6.9 million set aside on the island for cleaning up old tanneries and their wells."
    rows = trace_letters(tmp_path, *(f"{MONEY}\n\n{part}\n\n{BASE}" for part in (first, second))).differing().to_pylist()
    assert [(r["place"], r["value"]) for r in rows] == [(1, 833e6), (1, 280e6), (2, 5.5e6), (2, 6.9e6)]


def test_a_family_is_named_by_its_whole_id_where_another_id_begins_so(tmp_path):
    corpus = trace_letters(tmp_path, MONEY, MONEY.replace("$250", "$260"))
    family = corpus.families.to_arrow()["family"][0].as_py()
    ids = pa.table({"family": pa.array([f"{family}-2", family], pa.string())})

    class Folder:
        path = "x"

        def query(self, sql, values):
            return ids.slice(0, 0) if "rank" in sql else pa.table({"family": sorted(i for i in ids["family"].to_pylist() if i.startswith(values[0]))})

    assert find_family(Folder(), family) == family
    with pytest.raises(UsageError, match="begins more than one"):
        find_family(Folder(), family[:4])


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
