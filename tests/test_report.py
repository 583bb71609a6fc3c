"""The report as a file: complete, escaped, offline, within its size."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from exporting_corpora import CALL, HOSTILE, FakeFolder, make_folder, make_large, make_small, place_of, statement
from variorum.config import ReportConfig
from variorum.errors import StorageError
from variorum.exporting.report import write_report
from variorum.exporting.webpages import hash_inline
from variorum.lineages import trace_members

WEB = Path(__file__).parent.parent / "src/variorum/web"


def build(folder: FakeFolder, tmp_path: Path, **settings: Any) -> tuple[str, dict[str, int]]:
    """Write the report and return it with its counters."""
    path = tmp_path / "report.html"
    counters = write_report(folder, path, ReportConfig(**settings), trace_members)
    assert path.stat().st_size == counters["n_bytes"]
    return path.read_text(encoding="utf-8"), counters


def blocks_of(html: str) -> dict[str, Any]:
    """Return every data block by its id."""
    return {name: json.loads(text) for name, text in re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', html, re.S)}


def unfold(block: dict[str, Any], number: int) -> str:
    """Rebuild a member's passage from its operations, as the page's script does, in UTF-16 units."""
    units = block["t"].encode("utf-16-le")
    place, parts = 0, []
    for operation in block["m"][number][1]:
        if isinstance(operation, str):
            parts.append(operation)
            continue
        n = operation[0] if isinstance(operation, list) else abs(operation)
        if isinstance(operation, list):
            parts.append(operation[1])
        elif operation > 0:
            parts.append(units[2 * place : 2 * (place + n)].decode("utf-16-le"))
        place += n
    assert place == len(units) // 2
    return "".join(parts)


@pytest.fixture
def folder(tmp_path: Path) -> FakeFolder:
    """A small corpus."""
    return make_small(tmp_path / "small.variorum")


def test_counters_and_blocks(folder: FakeFolder, tmp_path: Path) -> None:
    html, counters = build(folder, tmp_path)
    blocks = blocks_of(html)
    assert counters == {"n_families": 3, "n_listed": 3, "n_with_texts": 3, "n_lineages": 2, "n_bytes": counters["n_bytes"]}
    assert set(blocks) == {"data", "f-0", "f-1", "f-2"}
    assert [row[0] for row in blocks["data"]["families"]] == folder.tables["families"]["family"].to_pylist()


def test_every_passage_can_be_rebuilt_from_its_block(folder: FakeFolder, tmp_path: Path) -> None:
    blocks = blocks_of(build(folder, tmp_path)[0])
    texts = folder.tables["witnesses"]["text"].to_pylist()
    names = folder.tables["witnesses"]["siglum"].to_pylist()
    seen = 0
    for number, row in enumerate(blocks["data"]["families"]):
        for at, (witness, start, end, *_copies) in enumerate(row[14]):
            siglum = blocks["data"]["witnesses"][witness][0]
            raw = texts[names.index(siglum)][start:end]
            shown = "".join(c for c in raw if (ord(c) >= 32 and not 0x7F <= ord(c) < 0xA0) or c in "\n\t")
            assert unfold(blocks[f"f-{number}"], at) == shown
            seen += 1
    assert seen == 7


def test_exact_copies_are_folded_and_named(folder: FakeFolder, tmp_path: Path) -> None:
    html, _ = build(folder, tmp_path)
    first = blocks_of(html)["data"]["families"][0]
    assert [len(member) for member in first[14]] == [5, 3, 3]
    assert first[14][0][4] == 1
    assert "and 1 exact copy: <bdi>mirror</bdi>" in html


def test_the_page_reads_without_script(folder: FakeFolder, tmp_path: Path) -> None:
    root = lxml.html.fromstring(build(folder, tmp_path)[0])
    whole = root.get_element_by_id("whole")
    text = " ".join(whole.text_content().split())
    assert "The harbour workers of Eastmere" in text
    assert [node.text for node in whole.iter("ins")][:3] == ["only here", "1,200", "should"]
    assert [node.text for node in whole.iter("del")][:3] == ["only there", "12,000", "must"]
    assert re.search(r"Earliest copy held\s*union \(2031-03-02\)", text)
    assert "same day: no order" in text
    assert "Marked as common: furniture. it stands at the end" in text
    assert len(whole.findall(".//mark")) == 7
    assert "scan.pdf" in root.get_element_by_id("files").text_content()
    assert "read it with OCR first" in root.get_element_by_id("files").text_content()
    assert "matching.k" in root.get_element_by_id("run").text_content()
    assert "6 of 7 witnesses share text with another" in root.get_element_by_id("overview").text_content()
    assert "86 %" in root.get_element_by_id("overview").text_content()


def test_each_chart_has_a_table(folder: FakeFolder, tmp_path: Path) -> None:
    root = lxml.html.fromstring(build(folder, tmp_path)[0])
    figures = root.findall(".//figure")
    assert len(figures) == 2
    for figure in figures:
        assert figure.find(".//svg").get("role") == "img"
        assert figure.findall(".//table/tbody/tr")


def test_hostile_text_makes_no_element(folder: FakeFolder, tmp_path: Path) -> None:
    html, _ = build(folder, tmp_path)
    root = lxml.html.fromstring(html)
    assert [node.get("type") for node in root.iter("script")] == ["application/json"] * 4 + ["module"]
    assert not list(root.iter("img"))
    assert not list(root.iter("b"))
    assert "alert(1)" in root.get_element_by_id("whole").text_content()
    assert "\x00" not in html
    assert "\x1b" not in html
    assert "{{ 7*7 }}" in html
    for text in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.S):
        assert "<" not in text


def test_nothing_is_asked_of_the_network(folder: FakeFolder, tmp_path: Path) -> None:
    html, _ = build(folder, tmp_path)
    root = lxml.html.fromstring(html)
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    css, script = root.find(".//style").text, root.xpath("//script[@type='module']")[0].text
    assert f"style-src '{hash_inline(css)}'" in policy
    assert f"script-src '{hash_inline(script)}'" in policy
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        assert not [name for name in node.attrib if name.startswith("on")], node.tag
        assert node.get("style") is None
        assert node.get("src") is None
        assert (node.get("href") or "#").startswith(("#", "data:"))
    assert "url(" not in css
    assert "@import" not in css
    assert not re.search(r"fetch|XMLHttpRequest|WebSocket|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


def test_the_words_of_the_house(folder: FakeFolder, tmp_path: Path) -> None:
    html, _ = build(folder, tmp_path)
    for word in ("original", "plagiar", "cluster", "duplicate"):
        assert word not in html.lower()


def test_one_text_a_block_carries_its_direction(folder: FakeFolder, tmp_path: Path) -> None:
    root = lxml.html.fromstring(build(folder, tmp_path)[0])
    assert root.get("lang") == "en"
    texts = root.xpath("//p[@class='text']")
    assert texts
    assert {node.get("dir") for node in texts} == {"auto"}


def test_beyond_its_size_the_last_families_are_listed_only(tmp_path: Path) -> None:
    folder = make_large(tmp_path / "large.variorum", 500)
    whole, all_counters = build(folder, tmp_path)
    html, counters = build(folder, tmp_path, max_mb=0.8)
    assert counters["n_bytes"] <= 800_000
    assert counters["n_listed"] == 500
    assert 50 < counters["n_with_texts"] < 500 == all_counters["n_with_texts"]
    blocks = blocks_of(html)
    assert [f"f-{n}" in blocks for n in range(500)] == sorted((f"f-{n}" in blocks for n in range(500)), reverse=True)
    n_left = 500 - counters["n_with_texts"]
    assert f"those of {n_left} others would make it larger than 0.8 MB" in html
    assert "variorum show large.variorum FAMILY" in html
    assert "would make it larger" not in whole


def test_a_list_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    folder = make_large(tmp_path / "large.variorum", 900)
    html, counters = build(folder, tmp_path, max_mb=0.5)
    assert counters["n_listed"] < 900 == counters["n_families"]
    assert f"{900 - counters['n_listed']:,} more families of less substance are not in this file" in html
    assert counters["n_bytes"] <= 500_000


def test_texts_are_read_in_batches_and_once_each(tmp_path: Path) -> None:
    folder = make_large(tmp_path / "large.variorum", 60)
    build(folder, tmp_path, max_lineages=0)
    assert sum(folder.read) == 120


def test_the_first_families_have_their_lineage(tmp_path: Path) -> None:
    folder = make_large(tmp_path / "large.variorum", 60)
    html, counters = build(folder, tmp_path, max_lineages=7)
    root = lxml.html.fromstring(html)
    drawn = root.xpath("//*[@id='whole']//*[@class='lineage'][@id]")
    assert [node.get("id") for node in drawn] == [f"lineage-{n}" for n in range(7)]
    assert counters["n_lineages"] == 7
    for node in drawn:
        assert node.find(".//svg/title").text == "Lineage of 2 texts"
        assert len(node.findall(".//table/tbody/tr")) == 2
        assert "Left to right in time" in node.text_content() or "Nothing is dated" in node.text_content()
    assert sum(folder.read) == 120 + 14
    assert "style=" not in html  # the policy would leave it out
    assert 'class="lineage"' not in build(folder, tmp_path, max_lineages=0)[0]


def test_a_lineage_beyond_the_first_families_waits_for_the_script(tmp_path: Path) -> None:
    letters = [statement(f"letter-{n:02d}", f"Preface {n}. {CALL} Signed by {n}.", date=f"2031-03-{1 + n % 9:02d}") for n in range(75)]
    families = [{row["siglum"]: place_of(row["text"], CALL) for row in letters[3 * n : 3 * n + 3]} for n in range(25)]
    html, counters = build(make_folder(tmp_path / "letters.variorum", letters, families), tmp_path)
    root = lxml.html.fromstring(html)
    assert counters["n_lineages"] == 25
    assert len(root.xpath("//*[@id='whole']//*[@class='lineage'][@id]")) == 20
    assert [node.get("id") for node in root.xpath("//template/*[@class='lineage']")] == [f"lineage-{n}" for n in range(20, 25)]


def test_families_too_large_are_passed_over(tmp_path: Path) -> None:
    letters = [statement(f"letter-{n:03d}", f"Preface {n}. {CALL} Signed by {n}.") for n in range(104)]
    families = [{row["siglum"]: place_of(row["text"], CALL) for row in rows} for rows in (letters[:101], letters[101:])]
    root = lxml.html.fromstring(build(make_folder(tmp_path / "letters.variorum", letters, families), tmp_path)[0])
    assert [node.get("id") for node in root.xpath("//*[@class='lineage'][@id]")] == ["lineage-1"]


def test_a_large_family_names_what_it_leaves_out(tmp_path: Path) -> None:
    texts = [f"Preface number {n} of this letter. {CALL} Signed by person {n}." for n in range(1100)]
    letters = [statement(f"letter-{n:04d}", text) for n, text in enumerate(texts)]
    family = {f"letter-{n:04d}": place_of(text, CALL) for n, text in enumerate(texts)}
    html, counters = build(make_folder(tmp_path / "letters.variorum", letters, [family]), tmp_path)
    row = blocks_of(html)["data"]["families"][0]
    assert (len(row[14]), row[15], row[1]) == (1000, 1100, 1100)
    assert "And 1,088 more" in html
    assert counters["n_bytes"] < 1_500_000


def test_a_corpus_without_families_or_anything(tmp_path: Path) -> None:
    alone = make_folder(tmp_path / "alone.variorum", [statement("a", "Nothing shared.")], [])
    html, counters = build(alone, tmp_path)
    assert counters["n_families"] == 0
    assert "No two witnesses share a passage" in html
    empty, _ = build(make_folder(tmp_path / "none.variorum", [], []), tmp_path)
    assert "0 of 0 witnesses" in empty


def test_settings_reach_the_page(folder: FakeFolder, tmp_path: Path) -> None:
    html, _ = build(folder, tmp_path, title="Ferry <i>letters</i>", context=0)
    assert "<title>Ferry &lt;i&gt;letters&lt;/i&gt; – Variorum report</title>" in html
    assert all(member[0] == member[2] == "" for name, block in blocks_of(html).items() if name != "data" for member in block["m"])


def test_the_corpus_path_is_not_told(folder: FakeFolder, tmp_path: Path) -> None:
    assert str(tmp_path) not in build(folder, tmp_path)[0]


def test_the_report_is_the_same_each_time(folder: FakeFolder, tmp_path: Path) -> None:
    assert build(folder, tmp_path)[0] == build(folder, tmp_path)[0]


def test_where_it_cannot_be_written_is_one_line(folder: FakeFolder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="a file stands where a folder is needed"):
        write_report(folder, tmp_path / "file/report.html", ReportConfig())


def test_hostile_text_is_really_in_the_corpus(folder: FakeFolder) -> None:
    assert sum(HOSTILE in text or HOSTILE.replace("end", "END now") in text for text in folder.tables["witnesses"]["text"].to_pylist()) == 2


def test_the_script_is_small() -> None:
    assert sum(path.stat().st_size for path in (WEB / "static").glob("*.js")) < 42_500  # 30 kB for the report, 10.5 for naming changes, 1.5 for a collation
