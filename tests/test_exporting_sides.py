"""A collation as one HTML file: changes first, versions side by side, safe and readable without script."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from click.testing import CliRunner

import variorum
from test_report_browser import load
from variorum.cli import main
from variorum.exporting import sides
from variorum.exporting.webpages import hash_inline
from zoo import TEXTS as ODD

EARLY = (
    "The night ferry carries 4,200 people on a day in winter, and most of them work in the harbour. "
    "Every crossing is written into the big book that the keeper holds in the tower by the gate. "
    "The council of Eastmere must answer before 3 May, and it will be asked again on the pier."
)
LATE = (
    "The night ferry carries 3,900 people on a day in winter, and most of them work in the harbour. "
    "The council of Eastmere should answer before 9 May, and it will be asked again on the pier. "
    "Every crossing is written into the thick book that the keeper holds in the tower by the gate."
)
HOSTILE = EARLY.replace("most", "<script>alert(1)</script> & nearly all")
TEXTS = {"early": EARLY, "late": LATE, '<b>"third"': HOSTILE}


def page_of(collation: variorum.Collation) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(collation.to_html())


def test_changes_lead_by_what_they_alter() -> None:
    page = page_of(variorum.collate(TEXTS))
    kinds = page.xpath("//*[@id='changes']/ol/li/*[@class='badge']/text()")
    assert kinds[0] == "figure"
    assert {"date", "modal", "block moved"} <= set(kinds)
    assert "(down by 300, 7.1%, 0.929 times)" in page.xpath("string(//*[@id='changes']/ol/li[1])")
    ids = set(page.xpath("//@id"))
    assert {href[1:] for href in page.xpath("//*[@id='changes']/ol/li[position() < 4]//a/@href")} <= ids


def test_the_base_stands_whole_and_the_others_with_their_readings() -> None:
    collation = variorum.collate(TEXTS)
    page = page_of(collation)
    columns = [" ".join(" ".join(cell.text_content() for cell in page.xpath(f"//table[@class='versions']/tbody/tr/td[{n}]")).split()) for n in (1, 2, 3)]
    assert columns[0] == EARLY
    assert "[moved]" in columns[1]
    for version in (2, 3):
        kept = page_of(collation).xpath(f"//table[@class='versions']/tbody/tr/td[{version}]")
        for cell in kept:
            for dropped in cell.xpath(".//del"):
                dropped.drop_tree()
        shown = "".join(cell.text_content() for cell in kept).replace("[moved]", "")
        assert sorted("".join(shown.split())) == sorted("".join((LATE if version == 2 else HOSTILE).split())), "moved words stand at home, none is lost"


def test_hostile_text_and_sigla_make_no_element() -> None:
    html = variorum.collate(TEXTS).to_html()
    assert html.count("<script") == 1
    assert "<b>&#34;third" not in html
    assert '<b>"third' not in html
    page = lxml.html.document_fromstring(html)
    assert not page.xpath("//@src | //link[@rel='stylesheet'] | //*[starts-with(@href, 'http')]")
    script, style = page.xpath("//script/text()")[0], page.xpath("//style/text()")[0]
    policy = page.xpath("//meta[@http-equiv]/@content")[0]
    assert hash_inline(script) in policy
    assert hash_inline(style) in policy


def test_every_text_has_its_direction() -> None:
    page = page_of(variorum.collate({"a": "שלום לכולם היום במעבורת", "b": "שלום לכולם מחר במעבורת"}))
    assert all(cell.get("dir") == "auto" for cell in page.xpath("//table[@class='versions']/tbody/tr/td"))


def test_more_versions_than_columns_are_in_the_apparatus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sides, "MAX_COLUMNS", 2)
    page = page_of(variorum.collate(TEXTS))
    assert len(page.xpath("//table[@class='versions']/thead/tr/th")) == 2
    assert "2 of 3 versions stand here" in page.text_content()
    assert '<b>"third"' in page.get_element_by_id("apparatus").text_content()


def test_the_zoo_of_texts_makes_pages() -> None:
    for text in ODD.values():
        assert "</html>" in variorum.collate({"a": f"{EARLY} {text[:5000]}", "b": f"{LATE} {text[:5000]}"}).to_html()


def test_the_page_runs_without_an_error_and_is_written_by_the_command(chromium: str, tmp_path: Path) -> None:
    for name, text in {"early": EARLY, "late": LATE}.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "out.html"
    done = CliRunner().invoke(main, ["collate", str(tmp_path / "early.txt"), str(tmp_path / "late.txt"), "--html", str(out)], catch_exceptions=False)
    assert done.exit_code == 0
    page = load(chromium, out)
    assert page.get("class") == "js"
    assert page.get_element_by_id("stepping").get("hidden") is None
