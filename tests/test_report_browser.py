"""The report in a browser: its script runs without an error, shows every text as text, and compares any two members."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import lxml.html
import pytest

from exporting_corpora import CHINESE, EMOJI, RIGHT_TO_LEFT, FakeFolder, make_large, make_small
from variorum.config import ReportConfig
from variorum.exporting.report import write_report
from variorum.lineages import trace_members

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--enable-logging=stderr", "--virtual-time-budget=3000", "--host-resolver-rules=MAP * ~NOTFOUND",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> FakeFolder:
    """A small corpus with its report."""
    folder = make_small(tmp_path_factory.mktemp("browser") / "small.variorum")
    write_report(folder, folder.path / "report.html", ReportConfig(), trace_members)
    return folder


def load(chromium: str, path: Path, fragment: str = "", *more: str) -> lxml.html.HtmlElement:
    """Return the page as the browser has it once its script has run; fail on anything in the console."""
    command = [chromium, *FLAGS, f"--user-data-dir={path.parent / 'profile'}", *more, "--dump-dom", f"{path.as_uri()}{fragment}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not console, console
    assert done.stdout, done.stderr[-2000:]
    return lxml.html.document_fromstring(done.stdout)


def family_id(folder: FakeFolder, rank: int) -> str:
    """Return the id of a family."""
    return folder.tables["families"]["family"][rank - 1].as_py()


def side_text(page: lxml.html.HtmlElement, side: str) -> str:
    """Return one side's passage as it stands in the page, without change numbers, on one line."""
    parts = []
    for cell in page.xpath(f"//*[contains(concat(' ', @class, ' '), ' sides ')]/*[starts-with(@class, '{side}')]"):
        for number in cell.xpath(".//sup"):
            number.getparent().text = (number.getparent().text or "") + (number.tail or "")
            number.drop_tree()
        parts += [mark.text_content() for mark in cell.iter("mark")]
    return " ".join(" ".join(parts).split())


def test_the_list_folds_marked_families_away(chromium: str, folder: FakeFolder) -> None:
    page = load(chromium, folder.path / "report.html")
    assert page.get("class") == "js"
    assert len(page.xpath("//*[@id='list']//tbody/tr")) == 2
    assert "1 marked as common are folded away" in page.get_element_by_id("found").text_content()
    assert page.get_element_by_id("family").get("hidden") is not None


@pytest.mark.parametrize(("fragment", "ranks"), [
    ("#common=1", ["1", "2", "3"]),
    ("#q=eastmere", ["1"]),
    ("#q=MIRROR", ["1"]),
    ("#q=lighthouse", []),
    ("#sort=rank&reverse=1&common=1", ["3", "2", "1"]),
    ("#sort=witnesses&common=1", ["1", "3", "2"]),
])  # fmt: skip
def test_search_and_sort_are_in_the_address(chromium: str, folder: FakeFolder, fragment: str, ranks: list[str]) -> None:
    page = load(chromium, folder.path / "report.html", fragment)
    assert page.xpath("//*[@id='list']//tbody/tr/td[1]/text()") == ranks


def test_a_family_on_its_own(chromium: str, folder: FakeFolder) -> None:
    page = load(chromium, folder.path / "report.html", f"#family={family_id(folder, 1)}")
    article = page.get_element_by_id("family")
    text = " ".join(article.text_content().split())
    assert page.get_element_by_id("pages").get("hidden") is not None
    assert "earliest copy held" in text
    assert "and 1 exact copy: mirror" in text
    assert "This family contains 1 other" in text
    assert "2031-03-02 (metadata)" in text
    assert "undated" in text
    assert [node.text for node in article.xpath(".//ol[@class='members']//ins")] == ["1,200", "should"]
    assert [node.text for node in article.xpath(".//ol[@class='members']//del")] == ["12,000", "must"]


def test_a_family_has_its_lineage_or_the_command_for_it(chromium: str, folder: FakeFolder) -> None:
    page = load(chromium, folder.path / "report.html", f"#family={family_id(folder, 1)}")
    article = page.get_element_by_id("family")
    (drawing,) = article.xpath(".//*[@class='lineage'][*]/*/*[local-name()='svg']")
    labels = {node.text for node in drawing.xpath(".//*[local-name()='text']")}
    assert {"union · Harbour Workers' Union", "mirror", "town · Town of Eastmere", "gazette · Gazette <b>of</b> the coast"} <= labels
    assert {row[0].text_content() for row in article.xpath(".//*[@class='lineage']//tbody/tr")} == {"union", "mirror", "town", "gazette"}
    assert f"variorum lineage {family_id(folder, 1)} --in small.variorum --tables FOLDER" in article.text_content()
    marked = load(chromium, folder.path / "report.html", f"#family={family_id(folder, 3)}").get_element_by_id("family")
    assert not marked.xpath(".//*[local-name()='svg']")
    assert f"variorum lineage {family_id(folder, 3)} --in small.variorum" in marked.text_content()


def test_a_marked_family_gives_its_reasons(chromium: str, folder: FakeFolder) -> None:
    page = load(chromium, folder.path / "report.html", f"#family={family_id(folder, 3)}")
    text = page.get_element_by_id("family").text_content()
    assert "Marked as common: furniture. it stands at the end of most of its witnesses." in text
    assert "This family lies in 1 other" in text


@pytest.mark.parametrize(("a", "b"), [(1, 2), (2, 3), (3, 2), (1, 3), (2, 2)])
def test_any_two_members_side_by_side(chromium: str, folder: FakeFolder, a: int, b: int) -> None:
    page = load(chromium, folder.path / "report.html", f"#family={family_id(folder, 1)}&a={a}&b={b}")
    passages = [row for row in folder.tables["passages"].to_pylist() if row["family"] == family_id(folder, 1) and row["copy_of"] is None]
    texts = folder.tables["witnesses"]["text"].to_pylist()
    raw = [" ".join(texts[row["witness"]][row["start"] : row["end"]].split()) for row in passages]
    assert side_text(page, "a") == raw[a - 1]
    assert side_text(page, "b") == raw[b - 1]
    old, new = ([node.text for node in page.xpath(f"//*[contains(@class,'sides')]//{tag}")] for tag in ("del", "ins"))
    if {a, b} == {1, 3} or a == b:
        assert (old, new) == ([], [])
        assert "No change of wording." in page.get_element_by_id("family").text_content()
    else:
        given, taken = (["1,200", "should"], ["12,000", "must"]) if a == 2 else (["12,000", "must"], ["1,200", "should"])
        assert [word.lower() for word in old] == given
        assert [word.lower() for word in new] == taken
        assert "2 changes: figure 1, modal 1." in page.get_element_by_id("family").text_content()


def test_hostile_text_stays_text(chromium: str, folder: FakeFolder) -> None:
    page = load(chromium, folder.path / "report.html", f"#family={family_id(folder, 2)}&a=1&b=2")
    article = page.get_element_by_id("family")
    text = article.text_content()
    assert "<script>alert(1)</script> </script><!-- <img src=http://example.invalid/x.png" in text
    assert not list(article.iter("script", "img", "b"))
    assert not list(page.iter("img"))
    assert {node.get("dir") for node in article.xpath(".//p[@class='text']")} == {"auto"}
    changes = [(node.tag, node.text) for node in article.xpath(".//*[@data-change]")]
    assert ("del", "1.5") in changes
    assert ("ins", "15") in changes
    assert ("del", "立即") in changes
    assert ("del", "43") in changes
    for part in (RIGHT_TO_LEFT, EMOJI, CHINESE):
        assert part in side_text(page, "a")


def test_an_unknown_address_shows_the_list(chromium: str, folder: FakeFolder) -> None:
    page = load(chromium, folder.path / "report.html", "#family=nothing&a=%E0%A4%A")
    assert page.xpath("//*[@id='list']//tbody/tr")


def test_a_family_without_texts_gives_the_command(chromium: str, tmp_path: Path) -> None:
    folder = make_large(tmp_path / "large.variorum", 500)
    path = tmp_path / "report.html"
    counters = write_report(folder, path, ReportConfig(max_mb=0.8))
    assert counters["n_with_texts"] < 500
    page = load(chromium, path, f"#family={family_id(folder, 500)}")
    text = page.get_element_by_id("family").text_content()
    assert f"variorum show large.variorum {family_id(folder, 500)}" in text
    assert "Members in order of date" in text


def test_a_large_report_opens_at_once(chromium: str, tmp_path: Path) -> None:
    folder = make_large(tmp_path / "large.variorum", 4000)
    path = tmp_path / "report.html"
    counters = write_report(folder, path, ReportConfig())
    assert counters["n_with_texts"] == 4000
    assert counters["n_bytes"] > 6_000_000
    began = time.perf_counter()
    page = load(chromium, path)
    assert time.perf_counter() - began < 15  # the bar is 2 s on a quiet machine; start-up and dump of the page are in it
    assert len(page.xpath("//*[@id='list']//tbody/tr")) == 100


def test_no_sideways_scrolling_at_320_pixels(chromium: str, folder: FakeFolder, tmp_path: Path) -> None:
    pytest.importorskip("PIL", reason="needs Pillow to look at a screenshot")
    from PIL import Image

    # Headless Chromium refuses windows under 500 px, so the page is put into a frame of 320 px.
    frame = tmp_path / "frame.html"
    frame.write_text(f'<body style="margin:0;background:#f0f"><iframe src="{(folder.path / "report.html").as_uri()}#family={family_id(folder, 1)}" width=320 height=3000 scrolling=no style="border:0">')
    shot = tmp_path / "shot.png"
    subprocess.run([chromium, *FLAGS, f"--user-data-dir={tmp_path / 'p'}", f"--screenshot={shot}", "--window-size=600,3000", frame.as_uri()], capture_output=True, timeout=120, check=True)
    with Image.open(shot) as image:
        right = image.convert("RGB").crop((319, 0, 320, 3000)).getcolors(100_000)
    # Nothing but ground may touch the right edge: text cut off there would.
    assert right is not None
    assert max(right)[0] / 3000 > 0.99
