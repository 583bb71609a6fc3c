"""PDF: the text layer, page by page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.encodings import one_line_end
from variorum.reading.problems import Problems, count
from variorum.reading.texts import Document, check_size

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# PDFium gives U+0002 (older releases U+FFFE) for a hyphen at a line's end and swallows the line break after it.
_LINE_END_HYPHEN = re.compile("[\x02\ufffe\ufffb]")
_LETTER = re.compile(r"[^\W_]")
_NO_TITLES = re.compile(r"(?i)untitled.*|unspecified|anonymous|document\d*|.*\.(?:docx?|indd|pages|tmp|qxd|rtf)")
_MADE_WITH = re.compile(r"^Microsoft (?:Word|PowerPoint) - ")


def read_pdf(path: str, source: str, config: ReadingConfig, problems: Problems) -> Document:
    r"""Return the text of a PDF's pages, joined by ``\n``, with the document's title and date of creation.

    Hyphens at line ends keep their line break. Pages without text are noted.

    Raises:
        InputError: encrypted, damaged, without any text, or longer than `max_characters`.
        OSError: the file cannot be read.
    """
    from pypdfium2 import PdfDocument, PdfiumError  # loads a shared library

    check_size(path, source, config)
    with open(path, "rb") as file:
        try:
            pdf = PdfDocument(file)
        except PdfiumError as error:
            raise _refuse(source, error) from error
        try:
            text = _read_pages(pdf, source, config, problems)
            named = pdf.get_metadata_dict(skip_empty=True)
        finally:
            pdf.close()
    title = _MADE_WITH.sub("", named.get("Title", "")).strip()
    return Document(text, None if _NO_TITLES.fullmatch(title) else title or None, named.get("CreationDate"))


def _refuse(source: str, error: Exception) -> InputError:
    """Return the error for a PDF that does not open."""
    from pypdfium2 import raw

    code = getattr(error, "err_code", None)
    if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return InputError(source, "the PDF is encrypted and asks for a password", "save it without a password")
    return InputError(source, "the PDF is damaged, or is no PDF", "open it in a viewer and save it anew, or fetch it again")


def _read_pages(pdf: PdfDocument, source: str, config: ReadingConfig, problems: Problems) -> str:
    """Return the text of all pages; pages that fail are listed, pages without text noted."""
    from pypdfium2 import PdfiumError

    pages: list[str] = []
    blank: list[int] = []
    n_characters, n_pages = 0, len(pdf)
    for number in range(1, n_pages + 1):
        try:
            text = _read_page(pdf, number - 1)
        except PdfiumError as error:
            problems.fail("pages are damaged", f"the page is damaged ({error})", "the other pages were read", f"page {number}")
            continue
        n_characters += len(text)
        if n_characters > config.max_characters:
            raise InputError(source, f"holds more than {config.max_characters:,} characters", "split it, or raise max_characters")
        if _LETTER.search(text):
            pages.append(text)
        else:
            blank.append(number)
    if not pages:
        if problems.n_failed:
            raise InputError(source, "no page of the PDF could be read", "open it in a viewer and save it anew, or fetch it again")
        raise InputError(
            source,
            f"the PDF has no text layer ({count(n_pages, 'page')} of images)",
            "run text recognition (OCR) on it and give the result",
        )
    if blank:
        shown = ", ".join(map(str, blank[:10])) + (f" and {len(blank) - 10:,} more" if len(blank) > 10 else "")
        problems.note(
            "pages without text", f"no text on {len(blank):,} of {n_pages:,} pages: {shown}", "run text recognition (OCR) if they are scans"
        )
    return "\n".join(pages)


def _read_page(pdf: PdfDocument, index: int) -> str:
    """Return the text of one page."""
    page = pdf[index]
    try:
        words = page.get_textpage()
        try:
            text = words.get_text_bounded(errors="replace")
        finally:
            words.close()
    finally:
        page.close()
    return one_line_end(_LINE_END_HYPHEN.sub("-\n", text))
