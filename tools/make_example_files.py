"""Make the two binary statements of the bundled example: a PDF of two hard-wrapped pages and a DOCX.

    python tools/make_example_files.py

Both carry the text of `joint-declaration.txt` between a preface and a closing of their own. The results are
committed; run this again only when the declaration changes. The PDF needs reportlab, which is not among the
project's dependencies. Both files come out the same, byte for byte, on every run.
"""

from __future__ import annotations

import datetime
import textwrap
import zipfile
from pathlib import Path

STATEMENTS = Path(__file__).parent.parent / "src/variorum/example/statements"
WIDTH = 74
LINES_A_PAGE = 40

PDF_PREFACE = (
    "Rail Forward Merrow, information sheet 7",
    "Rail Forward Merrow brings together commuters and rail workers between Eastmere and Tarnmouth. We were not asked to sign the "
    "text that the harbours and ferries have published, but we find that our members should know it. It is given here word for word.",
)
PDF_CLOSING = (
    "Rail Forward Merrow meets on the second Thursday of the month above the signal box in Tarnmouth. Guests are welcome, and the "
    "stairs are steep. Sheet 8 will deal with bicycles.",
)
DOCX_PREFACE = (
    "Port Callow Chamber of Trade: papers for the members' meeting",
    "Point four of the agenda. The board proposes to discuss the declaration that was handed to us by the ferry companies. The board "
    "makes no recommendation. Members who own a frontage on the pier are asked to say so before they speak.",
)
DOCX_CLOSING = (
    "Point five of the agenda. The Christmas lights of the High Street need new fuses; two offers have come in and are attached.",
)


def read_declaration() -> list[str]:
    """Return the paragraphs of the declaration."""
    return (STATEMENTS / "joint-declaration.txt").read_text(encoding="utf-8").strip().split("\n\n")


def write_pdf(path: Path, paragraphs: list[str]) -> None:
    """Write the paragraphs as hard-wrapped lines over as many pages as they need, each with a foot line."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    lines = [line for paragraph in paragraphs for line in [*textwrap.wrap(paragraph, WIDTH), ""]][:-1]
    pages = [lines[i : i + LINES_A_PAGE] for i in range(0, len(lines), LINES_A_PAGE)]
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setTitle("Rail Forward Merrow, information sheet 7")
    canvas.setAuthor("Rail Forward Merrow")
    for number, page in enumerate(pages, 1):
        canvas.setFont("Times-Roman", 11)
        height = A4[1] - 72
        for line in page:
            canvas.drawString(72, height, line)
            height -= 16
        canvas.setFont("Times-Italic", 9)
        canvas.drawString(72, 42, f"Sheet 7, page {number} of {len(pages)}")
        canvas.showPage()
    canvas.save()
    # The library's fixed date is of the year 2000, and the reading takes the date of a document seriously.
    path.write_bytes(path.read_bytes().replace(b"(D:20000101000000", b"(D:20230508000000"))


def write_docx(path: Path, paragraphs: list[str]) -> None:
    """Write the paragraphs as a DOCX with a fixed date, without the picture and the styles of the library's template."""
    import docx

    document = docx.Document()
    moment = datetime.datetime(2023, 5, 10, 9, 0)  # noqa: DTZ001  (the format knows no zone)
    document.core_properties.title = "Papers for the members' meeting"
    document.core_properties.author = "Port Callow Chamber of Trade"
    document.core_properties.created = document.core_properties.modified = moment
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    _settle_times(path)


def _settle_times(path: Path) -> None:
    """Rewrite a zip with one fixed time for every member, since the library writes the time of the run."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist() if not name.startswith("docProps/thumbnail")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members:
            if name == "_rels/.rels":
                data = _without_thumbnail(data)
            archive.writestr(zipfile.ZipInfo(name, (2023, 5, 10, 9, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)


def _without_thumbnail(relations: bytes) -> bytes:
    """Return the package relations without the one that names the template's picture."""
    text = relations.decode("utf-8")
    before, mark, rest = text.partition("<Relationship ")
    kept = [part for part in rest.split("<Relationship ") if "thumbnail" not in part]
    end = "" if rest.rstrip().endswith("</Relationships>") and "thumbnail" not in rest.split("<Relationship ")[-1] else "</Relationships>"
    return (before + mark + mark.join(kept) + end).encode("utf-8")


def main() -> None:
    """Write both files."""
    declaration = read_declaration()
    write_pdf(STATEMENTS / "rail-forward.pdf", [*PDF_PREFACE, *declaration, *PDF_CLOSING])
    write_docx(STATEMENTS / "chamber-of-trade.docx", [*DOCX_PREFACE, *declaration, *DOCX_CLOSING])


if __name__ == "__main__":
    main()
