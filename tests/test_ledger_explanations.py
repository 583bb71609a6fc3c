"""Why an entry stands in the ledger: of a file, of a corpus, for every record type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import rule_finds
import variorum
from variorum.cli import main
from variorum.errors import UsageError
from variorum.ledger import plugins
from variorum.ledger.explanations import explain_entry
from variorum.ledger.languages import READ, load_language
from variorum.ledger.measures import LEAST, load_measures
from variorum.ledger.registry import TYPES
from variorum.ledger.rules import load_examples, rules_of
from variorum.pipeline import Flow

HERE = Path(__file__).parent
TEXT = "More than 40,000 islanders travel by ferry,\nand more 100,000 have signed since then. Nobody else came."


def call(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def entry_of(path, quote):
    return next(row["entry"] for row in json.loads(call("ledger", path, "--json").stdout) if row["quote"] == quote)


def test_an_entry_of_a_file_is_told(letter):
    done = call("explain", entry_of(letter, "more 100,000"), "--in", letter)
    assert done.exit_code == 0
    assert "[more 100,000] have been" not in done.stdout
    assert "and [more 100,000] have signed since then." in done.stdout
    for said in ("comparator: more", "counted_with -> figure 'More than 40,000'", "its 'than' lost", "figure.number", "Taken from another place of the statement: counted, key", "What it leaves alone:"):
        assert said in done.stdout


def test_the_list_names_what_explain_takes(letter):
    entry = entry_of(letter, "More than 40,000")
    assert entry in call("ledger", letter).stdout
    told = json.loads(call("explain", entry, "--in", letter, "--json").stdout)
    assert told["entry"] == entry
    assert (told["before"], told["quote"]) == ("", "More than 40,000")
    assert TEXT.startswith(told["before"] + told["quote"] + told["after"])
    assert [part["text"] for part in told["shown_parts"] if part["role"] == "counted"] == ["islanders"]
    assert all(part["text"] == TEXT[part["start"] : part["end"]] for part in told["shown_parts"])


def test_an_entry_of_a_corpus_is_told(letter, tmp_path):
    (tmp_path / "other.txt").write_text("We count 12 boats in the harbour.", encoding="utf-8")
    corpus = variorum.trace(tmp_path, out=tmp_path / "c.variorum", flow=Flow(stop_after="witnesses"))
    entry = corpus.entries.to_arrow(["entry", "quote"]).to_pylist()[1]
    told = corpus.explain(entry["entry"])
    assert (told["item"], told["quote"], told["statement"]) == ("entry", entry["quote"], "letter")
    assert corpus.explain(entry["entry"], "letter") == told
    assert call("explain", entry["entry"], "--in", corpus.path).exit_code == 0
    with pytest.raises(UsageError, match="no entry '0123456789ab' in the corpus"):
        corpus.explain("0123456789ab")
    with pytest.raises(UsageError, match="in other of the corpus"):
        corpus.explain(entry["entry"], "other")


@pytest.mark.parametrize(("item", "where", "said"), [("0123456789ab", "letter.txt", "no entry '0123456789ab'"), ("0123456789ab", "missing.txt", "missing.txt"), ("5", "letter.txt", "no corpus at")])
def test_what_is_not_there_is_one_line(item, where, said, letter, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["explain", item, "--in", str(letter.parent / where)])
    assert stop.value.code in (1, 2)
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


CASES = [(kind.name, rule.name, code) for kind in TYPES.values() for code in READ for rule in rules_of(kind, load_language(code))]


@pytest.mark.parametrize(("kind", "rule", "code"), CASES, ids=[".".join(case) for case in CASES])
def test_every_rule_can_be_told(kind, rule, code):
    example = next(e for e in load_examples(kind)[rule, code] if e.quote is not None)
    rows = variorum.ledger(example.text, lang=code, grade="C", date="2024-03-29").to_pylist()
    by_id = {row["entry"]: row for row in rows}
    row = next(row for row in rows if row["rule"] == f"{kind}.{rule}")
    told = explain_entry(row, example.text, by_id)
    assert told["finds"]
    assert told["examples"][0] == {"text": example.text, "quote": example.quote}
    assert len(told["leaves"]) == 3
    assert any(f"Rule {kind}.{rule} finds" in line for line in told["said"])
    assert all(part["meaning"] for part in told["shown_parts"]), "a part whose role the record type does not describe"


def test_an_entry_of_a_plugin_and_a_stretch_not_read(monkeypatch):
    monkeypatch.setattr(plugins, "load_plugins", lambda: {"ships": lambda text, places: [{"type": "ship", "start": 4, "end": 11, "parts": {"name": [(7, 11)]}}]})
    text = "The MV Sand sails to the island and all of the crews are on it.\n\nWir fordern, dass die Boote auf dem Wasser bleiben und nicht verkauft werden."
    rows = variorum.ledger(text).to_pylist()
    told = [explain_entry(row, text, {}) for row in rows]
    assert told[0]["said"] == ["Found by the plug-in ships, not by a rule of the program.", "Grade B, given by the plug-in."]
    assert told[1]["said"] == ["Not read: German: nothing was looked for here."]


def test_no_grade_is_above_what_was_measured():
    rules = {f"{kind.name}.{rule.name}": rule for kind in TYPES.values() for rule in rules_of(kind, load_language("en"))}
    for name, measure in load_measures().items():
        assert name in rules, f"{name} was measured, and there is no such rule"
        assert 0 < measure.right <= measure.read
        assert measure.precision >= LEAST[rules[name].grade], f"{name} bears {rules[name].grade} and was right in {measure.right} of {measure.read}"


def test_counts_hold_all_that_was_read():
    counts = rule_finds.count_reads(HERE / "gold/reads.jsonl")
    measures = load_measures()
    short = {rule: (read, right) for rule, (read, right) in counts.items() if measures[rule].read < read or measures[rule].read - measures[rule].right < read - right}
    assert len(counts) >= 39
    assert not short, f"measured.toml counts less than was read: {short}"


def test_every_grade_a_rests_on_thirty_finds():
    measures = load_measures()
    rules = [f"{kind.name}.{rule.name}" for kind in TYPES.values() for rule in rules_of(kind, load_language("en")) if rule.grade == "A"]
    assert len(rules) > 20
    assert [rule for rule in rules if rule not in measures or measures[rule].read < 30] == []
