"""What is shown in the terminal and in notebooks: complete, escaped, without control characters."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import lxml.html
import pyarrow as pa
import pytest
from rich.console import Console

from exporting_corpora import CALL, CHANGED, HOSTILE, FakeFolder, make_small, place_of
from variorum.exporting.notebook import render_comparison_html, render_corpus_html, render_table_html
from variorum.exporting.terminal import render_families, render_family, render_finds, render_passage, render_status


@pytest.fixture
def folder(tmp_path: Path) -> FakeFolder:
    """A small corpus."""
    return make_small(tmp_path / "small.variorum")


def show(renderable: Any, *, colour: bool = False, width: int = 120) -> str:
    """Return what the terminal gets."""
    console = Console(file=io.StringIO(), width=width, force_terminal=colour, color_system="truecolor" if colour else None)
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined]


def family_item(folder: FakeFolder, rank: int) -> dict[str, Any]:
    """Return a family as the command hands it over."""
    row = folder.tables["families"].to_pylist()[rank - 1]
    witnesses = {w["witness"]: w for w in folder.tables["witnesses"].to_pylist()}
    members = []
    for passage in folder.tables["passages"].to_pylist():
        if passage["family"] == row["family"]:
            witness = witnesses[passage["witness"]]
            details = {name: witness[name] for name in ("siglum", "series", "date", "date_basis")}
            members.append({**passage, **details, "text": witness["text"][passage["start"] : passage["end"]]})
    links = [{**link, "rank": 3, "excerpt": "A meeting"} for link in folder.tables["family_links"].to_pylist() if row["family"] in (link["family"], link["other"])]
    return {**row, "members": members, "links": links}


def test_the_table_of_families_names_what_it_leaves_out(folder: FakeFolder) -> None:
    rows = folder.tables["families"].to_pylist()
    shown = show(render_families(rows[:2], "small.variorum", n_marked_hidden=1, n_more=4))
    assert "The harbour workers of Eastmere" in shown
    for width in (100, 160):
        lines = show(render_families(rows, "small.variorum"), width=width).splitlines()
        assert [line.split()[:5] for line in lines[1:3]] == [["1", "4", "4", "2031-03-02", "3"], ["2", "2", "2", "2031-04-01", "0"]]
        assert rows[0]["family"] in lines[1]
        assert max(map(len, lines)) <= width
    narrow = show(render_families(rows, "small.variorum"), width=80)
    assert "The harbour workers" in narrow
    assert "similarity" not in narrow
    assert "and 4 more" in shown
    assert "1 marked as common are not listed" in shown
    assert "[furniture]" in show(render_families(rows, "small.variorum"))
    assert show(render_families([], "x")) == "No two statements share a passage.\n"


def test_a_family_shows_differences_without_colour_and_with(folder: FakeFolder) -> None:
    plain = " ".join(show(render_family(family_item(folder, 1), colour=False)).split())
    assert "[-12,000-]{+1,200+}" in plain
    assert "[-must-]{+should+}" in plain
    assert "Earliest copy held: union (2031-03-02)" in plain
    assert "and 1 exact copy: mirror" in plain
    assert "Contains family 3 in 2 witnesses" in plain
    assert plain.index("union") < plain.index("  2 town".strip()) < plain.index("3 gazette")
    coloured = show(render_family(family_item(folder, 1), colour=True), colour=True)
    assert "\x1b[" in coloured
    assert "[-must-]" not in coloured


def test_a_reworked_member_is_named_and_its_words_in_common_are_marked(folder: FakeFolder) -> None:
    item = family_item(folder, 1)
    next(row for row in item["members"] if row["siglum"] == "town")["tie"] = "reworked"
    plain = " ".join(show(render_family(item, colour=False)).split())
    assert "reworked" in plain
    assert "words that both have are marked" in plain
    assert "*withdraw" in plain
    assert "{+should+}" not in plain


def test_a_nested_family_says_where_it_lies(folder: FakeFolder) -> None:
    shown = show(render_family(family_item(folder, 3), colour=False))
    assert "Lies in family" in shown
    assert "Marked as common, furniture: it stands at the end" in shown


def test_hostile_text_neither_marks_up_nor_steers_the_terminal(folder: FakeFolder) -> None:
    shown = show(render_family(family_item(folder, 2), colour=False), width=400)
    assert "<script>alert(1)</script>" in shown
    assert "[bold]&amp;" in shown
    assert "\x1b" not in shown
    assert "\x00" not in shown
    assert "same day: no order" in shown


def test_a_passage_names_its_families(folder: FakeFolder) -> None:
    item = family_item(folder, 3)
    shown = show(render_passage({**item["members"][0], "families": [item]}))
    assert "A meeting of all crews will be held on the pier." in shown
    assert "marked as common: furniture" in shown


def test_finds_point_at_both_places() -> None:
    text = "Preface. " + CALL
    row = {"siglum": "union", "series": "Union", "date": None, "start": 9, "end": len(text), "start_b": 43, "end_b": 260, "similarity": 0.97, "witness": 0}
    shown = " ".join(show(render_finds("new.txt", text, [row, row], limit=1), width=200).split())
    assert "new.txt shares text with 1 witness" in shown
    assert "union, undated, characters 43 to 260, Union" in shown
    assert "and 1 more" in shown
    assert "nothing of it is in the corpus" in show(render_finds("new.txt", text, []))


def test_status_lists_what_failed(folder: FakeFolder) -> None:
    counts = {"witnesses": 7, "spans": 4, "families": 3, "passages": 8, "marked": 1, "undated": 2, "exact_copies": 1}
    stages = folder.tables["provenance"].to_pylist()
    failures = folder.tables["failures"].to_pylist()
    status = {"corpus": "small.variorum", "counts": counts, "sources": [{"state": "read", "n_sources": 7}], "failed": failures * 30, "notes": [], "stages": stages, "complete": False, "report": None}
    shown = show(render_status(status), width=200)
    assert "scan.pdf: no text layer; read it with OCR first" in shown
    assert "and 10 more" in shown
    assert "7 read" in shown
    assert "not complete" in shown


def test_a_table_in_a_notebook_is_escaped_and_short() -> None:
    table = pa.table({"n": list(range(30)), "text": ["<b>x</b>" + "y" * 500] * 30, "ops": [[1, 2, 3] * 20] * 30, "none": pa.nulls(30)})
    html = render_table_html(table, "t <i>: 30 rows")
    root = lxml.html.fromstring(html)
    assert len(root.findall(".//tbody/tr")) == 20
    assert root.find(".//b") is None
    assert root.find(".//i") is None
    assert max(len(cell.text_content()) for cell in root.iter("td")) < 140
    assert_offline(html)


def test_a_corpus_in_a_notebook(folder: FakeFolder) -> None:
    html = render_corpus_html(folder)
    assert "7 witnesses, 2 of them undated" in html
    assert "1 of them marked as common" in html
    assert "1 things could not be read" in html
    assert "&lt;script&gt;alert(1)" in html
    assert_offline(html)


def test_a_comparison_marks_the_same_numbers_on_both_sides() -> None:
    text_a = f"{'x ' * 900}First. {CALL} Between. {HOSTILE} Last."
    text_b = f"{HOSTILE} Other. {CHANGED} Last."
    rows = [(*place_of(text_a, CALL), *place_of(text_b, CHANGED)), (*place_of(text_a, HOSTILE), *place_of(text_b, HOSTILE))]
    spans = pa.table({name: [row[n] for row in rows] for n, name in enumerate(("start_a", "end_a", "start_b", "end_b"))})
    html = render_comparison_html(text_a, text_b, spans, ("a<b>", "b"))
    root = lxml.html.fromstring(html)
    sides = root.findall(".//tbody/tr/td")
    assert [[mark.findtext("./sup/strong") for mark in side.iter("mark")] for side in sides] == [["1", "2"], ["2", "1"]]
    assert [node.text for node in sides[0].iter("del")] == ["12,000", "must"]
    assert [node.text for node in sides[1].iter("ins")] == ["1,200", "should"]
    assert "characters…" in sides[0].text_content()
    assert root.find(".//script") is None
    assert root.find(".//img") is None
    assert_offline(html)


def test_overlapping_spans_do_not_repeat_text() -> None:
    spans = pa.table({"start_a": [0, 5], "end_a": [10, 15], "start_b": [0, 20], "end_b": [10, 30]})
    html = render_comparison_html("abcdefghij klmno", "abcdefghij 123456789 fghij klmno", spans, ("a", "b"))
    side = lxml.html.fromstring(html).findall(".//tbody/tr/td")[0].text_content()
    assert side.count("fghij") == 1


def assert_offline(html: str) -> None:
    """Fail where HTML could run or fetch anything."""
    root = lxml.html.fromstring(f"<div>{html}</div>")
    for node in root.iter():
        assert node.tag not in ("script", "img", "link", "iframe", "object", "style")
        assert not [name for name in node.attrib if name.startswith("on") or name in ("src", "href")]
        assert "url(" not in node.get("style", "")


def test_values_in_a_notebook_are_short() -> None:
    from datetime import UTC, datetime

    table = pa.table({"at": [datetime(2031, 3, 2, tzinfo=UTC), datetime(2031, 3, 2, 23, 59, 59, 999999, UTC), datetime(2031, 3, 2, 9, 30, tzinfo=UTC)], "x": [0.5, 1.0, 12345.6]})
    cells = [cell.text for cell in lxml.html.fromstring(render_table_html(table, "t")).iter("td")]
    assert cells == ["2031-03-02", "0.50", "2031-03-02", "1.00", "2031-03-02T09:30:00", "12,346"]
