"""The ledger on bad input: entries or silence, doubtful ones of grade C, linear time for all record types together; and the plug-in of the page as it stands there."""

from __future__ import annotations

import re
import time
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner

import variorum
from variorum.cli import main
from variorum.ledger import plugins
from variorum.ledger.languages import READ

PAGE = (Path(__file__).parent.parent / "docs/ledger.md").read_text(encoding="utf-8")

TABLE = "The figures of the council are these.\n\nIsland        Trips     Boats   Share\nEast          12,000       14     30%\nWest           9,500        8     24%\nTotal         21,500       22    100%\n\nThey list 40 piers beside them.\n"
BAD = {
    "digits of bad print": "More than 4O,000 islanders signed. Some 40, 000 more did so later. l2 boats sank and 1O0 were lost. It cost $2. 5 million and 3O% of it was paid on 3O March 2O24.",
    "odd marks": "\"The ferry must run,' said the mate. ''Nobody asked us'' he added, and ,,keep it\" was heard. ‹12 boats› and «40 crews\" with 'more than 300 islanders” and `5 gulls´ and \"unclosed to the end of 7 piers.",
    "no sentence ends": "more than 40,000 islanders travel by ferry every year and we demand that the council keep the ferry and publish the figures by 4 March 2024 and nobody came and so it goes on",
    "capitals": "MORE THAN 40,000 ISLANDERS TRAVEL BY FERRY. WE DEMAND THAT THE COUNCIL KEEP IT UNTIL 4 MARCH 2024. MAY THEY SIGN ON THE SECOND DAY.",
    "table": TABLE,
    "bars": "| Island | Boats | Share |\n| East | 14 | 30% |\n| West | 8 | 24% |\n",
    "mixed": "More than 40,000 islanders travel by ferry every year, and the council knows it.\n\nNous demandons au conseil de garder le bac : plus de 40 000 habitants le prennent.\n\nWir fordern, dass die 300 Boote auf dem Wasser bleiben und nicht verkauft werden.",
    "controls": "More\x00 than\x07 40,000\u2028islanders \u202esigned\u202c\ufeff and \ud800 12 boats sank.",
}


def find(text, grade="B", **options):
    return variorum.ledger(text, grade=grade, **options).to_pylist()


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_entries_or_silence(name):
    for lang in (None, *READ):
        rows = find(BAD[name], "C", lang=lang)
        assert all(row["quote"] == BAD[name][row["start"] : row["end"]] for row in rows)
        assert rows == find(BAD[name], "C", lang=lang)
        assert [row["entry"] for row in find(BAD[name], lang=lang)] == [row["entry"] for row in rows if row["grade"] != "C"]


def test_digits_of_bad_print_are_off_by_default():
    assert not [row["quote"] for row in find(BAD["digits of bad print"]) if row["type"] == "figure" and row["quote"] != "5 million"]
    shown = {row["quote"]: row["value"] for row in find(BAD["digits of bad print"], "C") if row["type"] == "figure"}
    assert (shown["4O,000"], shown["Some 40, 000"], shown["1O0"], shown["$2"]) == (40_000, 40_000, 100, 2)


def test_a_number_with_its_unit_is_whole():
    assert {row["quote"]: row["grade"] for row in find("The boats sail 40 km. 60% of the crews sing.") if row["type"] == "figure"} == {"40 km": "A", "60%": "A"}


def test_what_stands_in_a_table_is_off_by_default():
    assert [row["quote"] for row in find(TABLE) if row["type"] == "figure"] == ["40"]
    cells = [row for row in find(TABLE, "C") if row["type"] == "figure"]
    assert len(cells) == 10
    assert all("in the row of a table" in row["why"][-1] for row in cells[:-1])


def test_wide_blanks_and_lists_are_no_table():
    text = "The crews   met   and 12 boats came to the harbour on that day in March.\nThe others   stayed   and 14 boats lay idle for want of crews and nets.\n"
    assert {row["grade"] for row in find(text) if row["type"] == "figure"} == {"B"}


def test_capitals_and_missing_ends_are_read():
    capitals = {(row["type"], row["quote"]) for row in find(BAD["capitals"])}
    assert {("figure", "MORE THAN 40,000"), ("date", "UNTIL 4 MARCH 2024")} <= capitals
    assert not any("SECOND" in quote for _, quote in capitals)
    assert {("figure", "more than 40,000"), ("date", "by 4 March 2024")} <= {(row["type"], row["quote"]) for row in find(BAD["no sentence ends"])}


def test_each_language_of_a_mixed_text_is_read_or_said_not_to_be(tmp_path):
    (tmp_path / "mixed.txt").write_text(BAD["mixed"], encoding="utf-8")
    (tmp_path / "finnish.txt").write_text("Me vaadimme, että neuvosto pitää lautan liikenteessä. Yli 40 000 saarelaista matkustaa lautalla joka vuosi.", encoding="utf-8")
    done = CliRunner().invoke(main, ["ledger", str(tmp_path / "mixed.txt")])
    assert done.exit_code == 0
    assert "not read: German" in done.stdout + done.stderr
    assert "> 40,000 habitants" in done.stdout
    done = CliRunner().invoke(main, ["ledger", str(tmp_path / "finnish.txt")])
    assert done.exit_code == 3
    assert "not read: Finnish" in done.stderr


HOSTILE = {
    "the": "the ", "ones": "1,1,1,", "brackets": "((((", "nested": "“‘(\"", "marks": '"', "pairs": "“a” ", "apostrophes": "'a ", "demands": "we demand that ", "calls": "we call on the council to ", "said": "he said that ",
    "according": "according to the council ", "long live": "long live the ", "signed": "signed by the ", "names": "Jan Vole, ", "items": "- a\n", "must": "must ", "several": "several hundred ", "odds": "one in ", "recent": "recent months ",
    "nous": "nous ", "turned": "a-t-elle ajouté ", "heads": "Conseil de ", "ordinals": "quatre-vingt-", "thousands": "dos mil ", "shares": "une personne sur ", "afirmó": "Afirmó que ",
    "below": "5 degrees below zero ", "bars": "1 | 2 | 3\n", "tabs": "1\t2\t3\n", "calls out": "Go!\n", "semicolons": "demand that x; ",
}  # fmt: skip
"""What each record type might trip over, again and again; all of them are run over all record types."""


@pytest.mark.parametrize("name", HOSTILE)
def test_time_of_all_record_types_is_linear(name):
    """Ten times the text may cost some thirty times the time, not a hundred; the bound is wide since machines are shared."""
    text = HOSTILE[name] * (40_000 // len(HOSTILE[name]))
    costs = []
    for part in (text[:4_000], text):
        begin = time.process_time()
        for lang in READ if name in ("nous", "turned", "heads", "ordinals", "thousands", "shares", "afirmó") else ("en",):
            variorum.ledger(part, lang=lang, grade="C")
        costs.append(time.process_time() - begin)
    assert costs[1] < 40 * max(costs[0], 0.05), costs


ISSUE = {"the the the": "the ", "ones": "1,1,1,", "nested brackets": "([{", "quotation marks": '"', "curly marks": "“", "guillemets": "«", "apostrophes": "'"}


@pytest.mark.parametrize("lang", READ)
@pytest.mark.parametrize("name", ISSUE)
def test_a_hundred_thousand_characters_cost_ten_times_ten_thousand(name, lang):
    """Of marks there are ten thousand; ten times the text may cost some thirty times the time, since machines are shared."""
    size = 100_000 if name in ("the the the", "ones", "nested brackets") else 10_000
    text = ISSUE[name] * (size // len(ISSUE[name]))
    costs = []
    for part in (text[: size // 10], text):
        begin = time.process_time()
        variorum.ledger(part, lang=lang, grade="C")
        costs.append(time.process_time() - begin)
    assert costs[1] < 30 * max(costs[0], 0.05), costs


def test_the_plugin_of_the_page_runs_as_written(tmp_path, monkeypatch):
    code = next(block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "def tag(" in block)
    group = re.search(r'\[project\.entry-points\."([\w.]+)"\]', code)
    name, module, function = re.search(r'(\w+) = "(\w+):(\w+)"', code).groups()
    (tmp_path / f"{module}.py").write_text(code, encoding="utf-8")
    info = tmp_path / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[{group[1]}]\n{name} = {module}:{function}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.load_plugins.cache_clear()
    try:
        assert [point.name for point in entry_points(group=plugins.GROUP)] == [name]
        text = "The MV Sandpiper sails for the islands at noon."
        (row,) = [row for row in find(text) if row["plugin"]]
        assert (row["type"], row["quote"], row["name"], row["plugin"], row["rule"]) == ("ship", "MV Sandpiper", "Sandpiper", name, f"ship.{name}")
        assert row["parts"] == {"name": [[7, 16]]}
        table = variorum.ledger(text).to_arrow().to_pylist()
        assert [line["plugin"] for line in table if line["type"] == "ship"] == [name]
        (tmp_path / "letter.txt").write_text(text, encoding="utf-8")
        assert f"[plug-in {name}]" in CliRunner().invoke(main, ["ledger", str(tmp_path / "letter.txt")]).stdout
    finally:
        plugins.load_plugins.cache_clear()
