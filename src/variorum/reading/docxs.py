"""DOCX: paragraphs and tables in their order, as the text stands with all tracked changes accepted."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.problems import Problems, count
from variorum.reading.texts import Document, check_size

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED = (_W + "del", _W + "moveFrom")
# Left out whole: deleted text, the second copy of a drawing's text for old programs, codes of fields, phonetic guides.
_SKIPPED = {*_DELETED, _FALLBACK, _W + "instrText", _W + "delText", _W + "rt", _W + "pPr", _W + "rPr", _W + "sectPr", _W + "tblPr"}
_SIGNS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "\u2011", _W + "softHyphen": "\u00ad"}
_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted .docx is wrapped in the old container format
_MAX_PARTS = 20_000
_TEMPLATE_DATE = "2013-12-23"  # the date of python-docx's own template, which documents made with it carry


def read_docx(path: str, source: str, config: ReadingConfig, problems: Problems) -> Document:
    r"""Return the text of a DOCX: a line a paragraph, table cells parted by tabs, footnotes at the end; title and date of creation.

    Tracked insertions are kept; tracked deletions are left out and counted in a note.

    Raises:
        InputError: encrypted, damaged, no DOCX, or too large when unpacked.
        OSError: the file cannot be read.
    """
    import docx as library
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    check_size(path, source, config)
    _check_archive(path, source, config)
    try:
        with open(path, "rb") as file:
            docx = library.Document(file)
        properties = docx.core_properties
        created, title = properties.created, properties.title
    except (OpcError, zipfile.BadZipFile, XMLSyntaxError, KeyError, ValueError, EOFError) as error:
        raise InputError(
            source, f"the document is damaged, or is no .docx ({type(error).__name__})", "open it and save it anew as .docx"
        ) from error
    lines = list(_lines(docx.element.body))
    n_deleted = sum(1 for element in docx.element.body.iter(*_DELETED) if any(True for _ in element.iter(_W + "delText", _W + "t")))
    for notes in _notes(docx):
        lines += _lines(notes)
    if n_deleted:
        problems.note(
            "tracked changes",
            f"{count(n_deleted, 'tracked deletion')} left out, tracked insertions kept",
            "accept or reject all changes first if that is not meant",
        )
    date = created.isoformat() if created and created.date().isoformat() != _TEMPLATE_DATE else None
    return Document(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), title.strip() or None, date)


def _check_archive(path: str, source: str, config: ReadingConfig) -> None:
    """Raise `InputError` where the file is no zip archive, is encrypted, or would unpack to more than is allowed."""
    with open(path, "rb") as file:
        if file.read(4) == _OLE:
            raise InputError(source, "the document is encrypted, or an old .doc", "save it as .docx without a password")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(source, "the document is damaged, or is no .docx", "open it and save it anew as .docx") from error
    # A packed file of a megabyte can hold a gigabyte of zeros; its XML needs about eight times that in memory.
    n_bytes = sum(part.file_size for part in parts)
    n_xml = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    if len(parts) > _MAX_PARTS or n_bytes > config.max_file_mb << 20 or n_xml > min(config.max_file_mb << 20, 16 * config.max_characters):
        raise InputError(
            source,
            f"unpacks to {n_bytes >> 20:,} MB in {len(parts):,} parts, more than is allowed",
            "split it, or raise max_file_mb and max_characters",
        )


def _lines(root: Any) -> Iterator[str]:
    """Yield a line a paragraph and a line a row of a table, in order; without recursion, whatever the nesting."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    parts: list[str] = []
    cells: list[list[str]] = []  # of the rows that are open; tables may stand in cells
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            yield from _close(tag, parts, cells)
        elif tag in _SKIPPED:
            walk.skip_subtree()
        elif tag == _W + "t":
            parts.append(element.text or "")
        elif tag in _SIGNS:
            parts.append(_SIGNS[tag])
        elif tag == _W + "tr":
            cells.append([])
        elif tag == _W + "tc" and cells:
            cells[-1].append("")


def _close(tag: str, parts: list[str], cells: list[list[str]]) -> Iterator[str]:
    """Yield the lines that are complete where an element ends."""
    if tag == _W + "p":
        line = "".join(parts).rstrip()
        parts.clear()
        if not cells:
            yield line
            yield ""
        elif line and cells[-1]:
            cells[-1][-1] = f"{cells[-1][-1]}\n{line}".lstrip("\n")
    elif tag == _W + "tr" and cells:
        line = "\t".join(cell for cell in cells.pop() if cell)
        if cells and cells[-1]:  # a table in a cell
            cells[-1][-1] = f"{cells[-1][-1]}\n{line}".strip("\n")
        elif line:
            yield line
    elif tag == _W + "tbl" and not cells:
        yield ""


def _notes(docx: Any) -> Iterator[Any]:
    """Yield the elements that hold footnotes and endnotes."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in docx.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in ("footnotes", "endnotes") and not relation.is_external:
            root = etree.fromstring(relation.target_part.blob, parser)
            for note in root:
                if note.get(_W + "type") is None:  # the others are the separator lines
                    yield note
