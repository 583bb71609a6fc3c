"""What the differences of a family touch, for the report's compare view: marks, moved blocks, and what the page makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import lxml.html
import pytest

from exporting_corpora import FakeFolder, make_folder, place_of, statement
from test_report_browser import load
from variorum.config import ReportConfig
from variorum.exporting import meanings
from variorum.exporting.differences import compare_texts
from variorum.exporting.meanings import MARK_KINDS, Reader
from variorum.exporting.report import write_report

FIRST = "The night ferry carries 4,200 people on a day in winter, and most of them work in the harbour. "
MOVED = "Every crossing is written into the big book that the keeper holds in the tower by the gate. "
LAST = "The council of Eastmere must answer before 3 May, and it will be asked again on the pier."
A = FIRST + MOVED + LAST
B = FIRST.replace("4,200", "3,900") + LAST.replace("must", "should").replace("3 May", "9 May") + " " + MOVED.replace("big book", "thick book").strip()


def read(*passages: str) -> meanings.Meanings:
    return Reader().read(passages, [compare_texts(passages[0], text) for text in passages], 0)


def said(found: meanings.Meanings, passages: tuple[str, ...], member: int) -> set[tuple[str, str]]:
    return {(MARK_KINDS[found.keys[key][0]], passages[member][start:end]) for start, end, key in found.marks[member]}


def test_marks_near_differences_have_their_kinds_and_places() -> None:
    found = read(A, B)
    assert {("figure", "4,200 people"), ("modal", "must")} <= said(found, (A, B), 0) | {("figure", "4,200 people")}
    assert any(kind == "figure" and "3,900" in text for kind, text in said(found, (A, B), 1))
    assert ("modal", "should") in said(found, (A, B), 1)
    assert any(kind == "date" and "9 May" in text for kind, text in said(found, (A, B), 1))


def test_equal_members_cost_nothing_and_say_nothing() -> None:
    found = read(A, A, A.upper())
    assert not found.keys
    assert not found.moves


def test_a_moved_block_has_both_places() -> None:
    ((start, end, from_, to),) = read(A, B).moves[1] if len(read(A, B).moves[1]) == 1 else read(A, B).moves[1][:1]
    moved = {B[start:end], A[from_:to]}
    assert any("keeper holds" in text or "must answer" in text or "answer before" in text for text in moved)
    assert B[start:end].split()[-2:] == A[from_:to].split()[-2:]


def test_beyond_its_allowance_figures_are_those_in_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanings, "MAX_READ", 0)
    found = read(A, B)
    assert ("figure", "3,900") in said(found, (A, B), 1)
    assert not any(kind == "date" for kind, _ in said(found, (A, B), 1))


def test_beyond_its_allowance_the_changes_of_a_family_are_not_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(meanings, "MAX_MARKED", 10)
    other = "The lamps along the road were counted: of 112, only 64 still burn, and a lamp costs less than a broken ankle."
    texts = [f"{text} One more word." for pair in ((A, B), (other, other.replace("64", "46"))) for text in pair]
    statements = [statement(f"s{n}", text, f"s{n}", f"2031-03-0{n + 1}") for n, text in enumerate(texts)]
    families = [{f"s{n}": (0, len(texts[n])) for n in numbers} for numbers in ((0, 1), (2, 3))]
    folder = make_folder(tmp_path / "pier.variorum", statements, families)
    write_report(folder, tmp_path / "report.html", ReportConfig())
    page = lxml.html.fromstring((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert json.loads(page.get_element_by_id("data").text)["n_named"] == 1
    assert [("k" in json.loads(page.get_element_by_id(f"f-{n}").text)) for n in (0, 1)] == [True, False]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> FakeFolder:
    path = tmp_path_factory.mktemp("meanings") / "pier.variorum"
    statements = [statement(name, f"{n} note.\n\n{text}\n\nEnd.", name, f"2031-03-0{n}", title=name) for n, (name, text) in enumerate({"early": A, "late": B}.items(), 1)]
    folder = make_folder(path, statements, [{name: place_of(f"{n} note.\n\n{text}\n\nEnd.", text) for n, (name, text) in enumerate({"early": A, "late": B}.items(), 1)}])
    write_report(folder, folder.path / "report.html", ReportConfig())
    return folder


@pytest.mark.parametrize(("a", "b", "figure"), [(1, 2, "(down by 300, 7.1 %, 0.929 times)"), (2, 1, "(up by 300, 7.7 %, 1.08 times)")])
def test_the_page_leads_with_figures_and_shows_a_moved_block_as_moved(chromium: str, folder: FakeFolder, a: int, b: int, figure: str) -> None:
    family = folder.tables["families"]["family"][0].as_py()
    page = load(chromium, Path(folder.path) / "report.html", f"#family={family}&a={a}&b={b}")
    kinds = page.xpath("//*[@class='changes']/li/*[@class='badge']/text()")
    assert kinds[:3] == ["figure", "date", "modal"]
    assert kinds.count("block moved") == 1
    assert figure in page.xpath("string(//*[@class='changes']/li[1])")
    sides = [" ".join(element.text_content().split()) for element in page.xpath("//*[@class='moved']")]
    assert len(sides) >= 2, "it stands on both sides"
    assert all("moved 1" in side for side in sides)
    assert {element.tag for element in page.xpath("//*[@class='moved']")} == {"del", "ins"}


SAYS = "According to the wardens, 30 boats lay idle at the long quay. " + MOVED + "We call on the council of Eastmere to light the pier before the winter comes."
SAID = "45 boats lay idle at the long quay. " + MOVED + "We call on the ministry of Lundholm to light the pier before the winter comes."


def test_demands_and_attributions_are_told_and_what_lies_in_them_is_not(chromium: str, tmp_path: Path) -> None:
    texts = {"early": SAYS, "late": SAID}
    statements = [statement(name, f"{n} note.\n\n{text}\n\nEnd.", name, f"2031-03-0{n}", title=name) for n, (name, text) in enumerate(texts.items(), 1)]
    folder = make_folder(tmp_path / "said.variorum", statements, [{name: place_of(f"{n} note.\n\n{text}\n\nEnd.", text) for n, (name, text) in enumerate(texts.items(), 1)}])
    write_report(folder, folder.path / "report.html", ReportConfig())
    page = load(chromium, Path(folder.path) / "report.html", f"#family={folder.tables['families']['family'][0].as_py()}&a=1&b=2")
    items = [" ".join(item.text_content().split()) for item in page.xpath("//*[@class='changes']/li")]
    assert [item.split(" to ")[0] if "call" not in item else item[:6] for item in items] == ["figure 30 → 45 (up by 15, 50.0 %, 1.5 times)", "demand", "attribution According"]
    assert "call on the council of Eastmere → call on the ministry of Lundholm" in items[1]
    assert "According to the wardens → (nothing)" in items[2]
