"""Files of one text: text and Markdown, HTML, PDF, DOCX."""

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import zoo
from variorum.config import ReadingConfig
from variorum.errors import InputError, UsageError
from variorum.reading.docxs import read_docx
from variorum.reading.encodings import check_encoding, decode
from variorum.reading.htmls import read_html
from variorum.reading.pdfs import read_pdf
from variorum.reading.problems import LISTED, Problems
from variorum.reading.texts import read_markdown, read_text, split_front

CONFIG = ReadingConfig()
WESTERN = "“Every crew” – the café’s naïve plan, señor: Löhne für alle, où l’été commence. "


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    return zoo.write_files(tmp_path_factory.mktemp("zoo"))


def read(reader, path, config=CONFIG):
    problems = Problems(str(path))
    return reader(str(path), str(path), config, problems), problems


def refusal(reader, path, config=CONFIG) -> InputError:
    with pytest.raises(InputError) as caught:
        read(reader, path, config)
    assert caught.value.advice, "an error says what to do"
    return caught.value


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_give_the_same_text(encoding):
    assert decode(zoo.STATEMENT.encode(encoding), "x").text == zoo.STATEMENT


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", WESTERN),
        ("cp1251", "Профсоюз портовых рабочих требует повышения заработной платы для всех членов союза."),
        ("koi8-r", "Профсоюз портовых рабочих требует повышения заработной платы для всех членов союза."),
        ("cp1253", "Το συνδικάτο των λιμενεργατών απαιτεί αυξήσεις στους μισθούς όλων των μελών."),
        ("cp1256", zoo.TEXTS["right to left"].replace("ّ", "")),
        ("gb18030", zoo.TEXTS["chinese"]),
        ("cp932", zoo.TEXTS["japanese"]),
        ("cp949", zoo.TEXTS["korean"]),
        ("cp1254", "Liman işçileri sendikası bütün üyeleri için ücret artışı talep ediyor. Görüşme şart."),
    ],
)
@pytest.mark.parametrize("times", [1, 200])
def test_other_encodings_are_found(encoding, text, times):
    found = decode((text * times).encode(encoding), "x")
    assert (found.text, found.n_replaced) == (text * times, 0)


def test_the_setting_overrules_what_is_found():
    assert decode("Łódź".encode("cp1250"), "x", "cp1250").text == "Łódź"
    with pytest.raises(UsageError, match="no encoding 'utf-9'"):
        check_encoding("utf-9")
    with pytest.raises(UsageError):
        check_encoding("base64")


def test_broken_bytes_in_utf8_are_replaced_and_counted(files):
    document, problems = read(read_text, files["broken utf-8"])
    assert document.encoding == "utf-8"
    assert document.text.startswith("Zoë")
    assert document.text.count("\ufffd") == 1
    assert [(p.severity, p.problem) for p in problems.rows()] == [("note", "bytes that are not utf-8 were replaced by U+FFFD in 1 place")]


@pytest.mark.parametrize(
    ("encoding", "data"),
    [("ascii", b"caf\xe9"), ("cp932", b"ab\x81 c"), ("iso2022_jp", b"\x1b$Bzz"), ("utf-16", b"\xff\xfea\0\0\xd8"), ("cp1252", b"\x81x")],
)
def test_bytes_that_an_encoding_has_not_are_counted(encoding, data):
    found = decode(data, "x", encoding)
    assert found.n_replaced == found.text.count("\ufffd") == 1


def test_line_ends_become_one_and_all_else_stays():
    text = "a\r\nb\rc\n\u2028d\u0085e\x0bf\x0c  g\u00a0\t\ufeffe\u0301"
    assert decode(text.encode(), "x").text == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
@example("")
@example("\ufeff")
def test_utf8_is_read_exactly(text):
    assert decode(b"\xef\xbb\xbf" + text.encode(), "x").text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data):
    try:
        found = decode(data, "x")
    except InputError:
        return
    found.text.encode()
    assert "\r" not in found.text


@pytest.mark.parametrize("kind", ["binary as text", "pdf as text", "picture as text"])
def test_binary_files_are_refused(files, kind):
    assert "is not text but" in refusal(read_text, files[kind]).problem


def test_sizes_are_bounded(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"a " * 3_000_000)
    assert "more than 1,000 characters" in refusal(read_text, path, ReadingConfig(max_characters=1000)).problem
    assert "more than 1 MB" in refusal(read_text, path, ReadingConfig(max_file_mb=1)).problem
    assert "more than 1 MB" in refusal(read_pdf, path, ReadingConfig(max_file_mb=1)).problem


def test_a_head_of_markdown_is_no_text(files):
    document, _ = read(read_markdown, files["markdown"])
    assert (document.text, document.title, document.date, document.metadata) == (
        zoo.STATEMENT,
        "Night ferry",
        "2031-03-05",
        {"draft": "true"},
    )
    assert split_front("---\n\nA rule, then text.\n\n---\nmore")[0].startswith("---")
    assert split_front("text\n---\na: b\n---\n") == ("text\n---\na: b\n---\n", {})


# HTML


def html(tmp_path, text, **settings):
    path = tmp_path / "page.html"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(read_html, path, ReadingConfig(**settings))[0]


def test_hostile_html_gives_its_words_only(files):
    document, _ = read(read_html, files["html"])
    assert document.text.split("\n\n") == [
        "Ferry",
        "The Harbour Workers' Union <script> and the Town of Eastmere\nhave agreed on the night ferry until the end of March.",
        "Both sides ask the Coast Office to pay for 12 new lights on the pier, and soon.",
        "We call on every village along the bay to join us on the quay \ufffd \u202e &bogus;",
        "Signed: A. Mole",
    ]
    assert document.title == "Ferry & <b>pier</b>"


def test_the_main_block_is_kept_whole_and_the_rest_left_out(tmp_path):
    body = "".join(
        f"<p>The union asks for light number {i} on the pier of Eastmere, and for its repair before the winter.</p>" for i in range(8)
    )
    page = f"""<html><head><title>Lights</title><meta name="DC.date" content="2031-03-05"></head><body>
      <div class="top"><ul><li><a href="/">All our news</a></li><li><a href="/c">Contact the office of the union</a></li></ul></div>
      <div id="main"><h1>Lights</h1>{body}<p>Signed</p><ul><li>A. Mole</li><li>B. Pier</li></ul></div>
      <div class="foot"><p>Privacy</p><p>All rights of this page are held by somebody somewhere.</p></div></body></html>"""
    document = html(tmp_path, page)
    assert document.text.startswith("Lights\n\nThe union asks for light number 0")
    assert document.text.endswith("Signed\n\nA. Mole\nB. Pier")
    assert document.text.count("light number") == 8
    assert (document.title, document.date) == ("Lights", "2031-03-05")


def test_paragraphs_tables_and_preformatted_text_keep_their_breaks(tmp_path):
    page = "<p>a<b>b</b>  c<br>d<!-- x -->e<script>no</script>f</p><ul><li>one<li>two</ul><table><tr><td>1<td>2<tr><td>3<td>4</table><pre>x\n  y</pre> tail"
    assert html(tmp_path, page).text == "ab c\ndef\n\none\ntwo\n1\t2\n3\t4\n\nx\n  y\n\ntail"


def test_forms_round_a_page_and_hidden_parts(tmp_path):
    page = f"<body><form id=all><p>{zoo.STATEMENT}</p><p hidden>secret</p><p style='display : none'>secret</p><select><option>x</select></form>"
    text = html(tmp_path, page).text
    assert "night ferry" in text
    assert "secret" not in text


def test_templates_leave_no_marks(files):
    document, _ = read(read_html, files["template"])
    assert document.title == "Ferry"
    assert document.text.replace("\n\n", " ") == zoo.STATEMENT.replace("\n\n", " ")


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta property="article:published_time" content="2031-03-05T10:00:00Z">', "2031-03-05T10:00:00Z"),
        ('<meta name="date" content="soon"><meta name="dcterms.created" content="5 March 2031">', "5 March 2031"),
        ('<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2031-03-05"}]}</script>', "2031-03-05"),
        ('<script type="application/ld+json">{"datePublished": </script>', None),
        ('<time datetime="2031-03-05" itemprop="datePublished">', "2031-03-05"),
        ("<time datetime='2031-03-05'>", None),
    ],
)
def test_dates_that_a_page_declares(tmp_path, head, date):
    assert html(tmp_path, f"<html><head>{head}</head><body><p>{zoo.STATEMENT}").date == date


@pytest.mark.parametrize("declared", ["<meta charset=windows-1251>", '<?xml version="1.0" encoding="windows-1251"?>'])
def test_declared_encodings_are_kept_to(tmp_path, declared):
    word = "Профсоюз и город"
    assert html(tmp_path, f"{declared}<p>{word}".encode("cp1251")).text == word
    assert html(tmp_path, f"{declared}<p>{word}".encode()).text == word, "valid UTF-8 goes before a wrong declaration"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<",
        "<p>",
        "<html></html>",
        "<!-- ",
        "<script>",
        "<p>x\0 harbour",
        "<a href='" * 5000,
        "&" * 5000,
        "</p>" * 5000,
        "<![CDATA[x]]>",
    ],
)
def test_broken_pages_do_not_raise(tmp_path, page):
    html(tmp_path, page)


def test_deep_nesting_loses_no_text(files):
    document, problems = read(read_html, files["deep html"])
    assert document.text.replace("\n\n", " ") == zoo.STATEMENT.replace("\n\n", " ")
    assert [p.severity for p in problems.rows()] == ["note"]


@pytest.mark.parametrize("part", ["<!--", "<!--x", "<a <!-- <script ", '<a href="', "{% x ", "{{", "<p>", "&lt;", "<b "])
@pytest.mark.parametrize("around", ["", "<div>" * 5000])
def test_marks_left_open_take_no_quadratic_time(tmp_path, part, around):
    begun = time.process_time()
    html(tmp_path, around + "{% x %}<p>harbour</p>" + part * 40_000)
    assert time.process_time() - begun < 3, "CPU seconds; a quadratic reader takes minutes"


def test_odd_pages_print_nothing(tmp_path, capfd):
    for page in ("", "<", "<p>x", "<html></html>", zoo.HOSTILE_HTML, "<div>" * 5000):
        html(tmp_path, page)
    assert capfd.readouterr() == ("", "")


# PDF


def test_a_pdf_gives_its_pages_title_and_date(files):
    document, problems = read(read_pdf, files["pdf"])
    assert document.text == "The union and the town have agreed on the recom-\nmended ferry.\nSecond page."
    assert (document.title, document.date) == ("Ferry", "D:20310305101500+01'00'")
    assert not problems.rows()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("encrypted pdf", "encrypted and asks for a password"),
        ("damaged pdf", "damaged"),
        ("image-only pdf", r"no text layer \(2 pages of images\)"),
        ("empty", "damaged"),
    ],
)
def test_pdfs_that_cannot_be_read(files, kind, words):
    error = refusal(read_pdf, files[kind])
    with pytest.raises(InputError, match=words):
        raise error


def test_pages_without_text_are_noted(files):
    document, problems = read(read_pdf, files["half-scanned pdf"])
    assert document.text == "The union and the town have agreed."
    assert [(p.problem, p.severity) for p in problems.rows()] == [("no text on 1 of 2 pages: 2", "note")]


@pytest.mark.parametrize(
    ("title", "shown"), [("Microsoft Word - Ferry plan", "Ferry plan"), ("untitled", None), ("plan.docx", None), ("", None)]
)
def test_titles_that_a_program_put_there(tmp_path, title, shown):
    path = tmp_path / "x.pdf"
    path.write_bytes(zoo.make_pdf([["The union."]], title=title))
    assert read(read_pdf, path)[0].title == shown


@given(st.data())
def test_a_pdf_with_flipped_bytes_is_read_or_refused(data):
    pdf = bytearray(zoo.make_pdf([["The union and the town."]]))
    for place in data.draw(st.lists(st.integers(0, len(pdf) - 1), min_size=1, max_size=20)):
        pdf[place] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flipped.pdf"
        path.write_bytes(pdf)
        try:
            document, _ = read(read_pdf, path)
        except InputError:
            return
        assert any(c.isalnum() for c in document.text)


# DOCX


def test_a_docx_gives_paragraphs_and_tables_in_order(tmp_path):
    document, problems = read(read_docx, zoo.write_docx(tmp_path / "a.docx"))
    assert document.text == (
        "The Harbour Workers' Union and the Town of Eastmere have agreed.\n\nLights\t12\nFerries\t2\n\nWe call on every village"
    )
    assert (document.title, document.date) == ("Night ferry", None), "the date of the library's template is nobody's date"
    assert not problems.rows()


def test_tracked_insertions_stay_and_deletions_are_told(files):
    document, problems = read(read_docx, files["docx"])
    assert document.text.endswith("We call on every village along the bay")
    assert "town" not in document.text.rsplit("\n", 1)[1]
    assert [(p.problem, p.severity) for p in problems.rows()] == [("1 tracked deletion left out, tracked insertions kept", "note")]


def test_tables_in_cells_and_footnotes_lose_nothing(tmp_path):
    from docx import Document
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = Document()
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "left"
    inner = outer.cell(0, 1).add_table(rows=2, cols=1)
    inner.cell(0, 0).text, inner.cell(1, 0).text = "upper", "lower"
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>no</w:t></w:r></w:p>'
        '</w:footnote><w:footnote w:id="1"><w:p><w:r><w:t>As agreed in June.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(str(tmp_path / "x.docx"))
    assert read(read_docx, tmp_path / "x.docx")[0].text == "left\tupper\nlower\n\nAs agreed in June."


@pytest.mark.parametrize(
    ("kind", "words"), [("damaged docx", "damaged"), ("encrypted docx", "encrypted"), ("zip as docx", "no .docx"), ("empty", "damaged")]
)
def test_docx_that_cannot_be_read(files, kind, words):
    assert words in refusal(read_docx, files[kind]).problem


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.docx"
    path.write_bytes(zoo.make_docx_bomb(40))
    assert path.stat().st_size < 100_000
    assert "more than is allowed" in refusal(read_docx, path, ReadingConfig(max_characters=1_000_000)).problem


# Problems


def test_many_problems_of_a_kind_are_counted_not_listed():
    problems = Problems("rows.jsonl")
    for number in range(10_000):
        problems.note("rows without text", "the row holds no text", "", f"line {number}")
    problems.fail("lines of broken JSON", "broken JSON", "mend it", "line 7")
    rows = problems.rows()
    assert len(rows) == LISTED + 2
    assert rows[LISTED].problem == "and 9,980 more: rows without text"
    assert problems.n_failed == 1
