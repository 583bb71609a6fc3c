"""HTML: trafilatura finds the main block, an own walk keeps its whole text with paragraph breaks."""

from __future__ import annotations

import json
import re
from typing import Any

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.blocks import collect_blocks, collect_flat_blocks, join_blocks, keep_main_blocks
from variorum.reading.dates import read_date
from variorum.reading.encodings import Decoded, decode, find_mark, note_replaced
from variorum.reading.problems import Problems
from variorum.reading.texts import Document, read_bytes, split_front

MAX_HTML_MB = 64
"""A larger page is refused: its tree takes about twenty times its size in memory."""
MAX_MAIN_MB = 8
"""In a larger page the main block is not looked for, and the text of the whole body is taken."""
MAX_MAIN_ELEMENTS = 100_000
"""The same, for a page of more elements: looking takes about 40 microseconds an element."""

_SPACE = re.compile(r"[ \t\n\r\f]+")
_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
# Jinja, Twig, Liquid and Django marks; bounded so that a lone opening mark cannot swallow the page.
_TEMPLATE_TITLE = re.compile(r"\{%-?\s*block\s+title\s*-?%\}(.{0,500}?)\{%-?\s*endblock\b[^%]{0,80}%\}", re.S)
_TEMPLATE_MARK = re.compile(
    r"\{%(?:[^%{]|%(?!\})|\{(?!%)){0,1000}?%\}|\{\{[^{}]{0,500}\}\}|\{#(?:[^#{]|#(?!\})|\{(?!#)){0,2000}?#\}",
)
_DATE_NAMES = (
    "article:published_time", "datepublished", "date", "dc.date", "dcterms.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "citation_publication_date", "pubdate", "publishdate", "sailthru.date", "parsely-pub-date", "og:published_time",
)  # fmt: skip


def read_html(path: str, source: str, config: ReadingConfig, problems: Problems) -> Document:
    """Return the main text of a page with paragraph breaks, with the title and date that the page declares.

    Navigation, scripts, forms and hidden elements are left out; marks of template languages are taken away. Where no main
    block is found the text of the whole body is taken.

    Raises:
        InputError: the file is no text or too large.
        OSError: the file cannot be read.
    """
    data = read_bytes(path, source, config)
    if len(data) > MAX_HTML_MB << 20:
        raise InputError(source, f"the page is {len(data) >> 20:,} MB large, more than {MAX_HTML_MB} MB", "save its text as .txt")
    found = _decode(data, source, config.encoding)
    note_replaced(found, problems, config.encoding)
    html, fields = split_front(found.text.replace("\0", ""))
    html, title = _strip_template(html)
    root, is_whole = _parse(html)
    if root is None or not is_whole:
        if root is not None:
            problems.note("deep nesting", "the page is nested too deep to look for its main block", "the text of the whole page was taken")
        blocks = collect_flat_blocks(html)
        return Document(join_blocks(blocks), fields.get("title") or title, fields.get("date"), found.encoding)
    blocks = collect_blocks(root)
    if len(html) <= MAX_MAIN_MB << 20 and sum(1 for _ in root.iter()) <= MAX_MAIN_ELEMENTS:
        blocks = keep_main_blocks(root, blocks, html)
    head_title, date = _read_head(root)
    return Document(join_blocks(blocks), fields.get("title") or head_title or title, fields.get("date") or date, found.encoding)


def _decode(data: bytes, source: str, encoding: str | None) -> Decoded:
    """Return the page's text; UTF-8 that is valid goes before what the page declares, as pages are often re-saved."""
    if encoding is None and find_mark(data[:4]) is None:
        declared = _CHARSET.search(data[:4096])
        if declared:
            name = declared[1].decode("ascii").lower()
            # Browsers read these three as cp1252, and so pages are written.
            name = "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name
            for attempt in ("utf-8", name):
                try:
                    data.decode(attempt)
                except (UnicodeDecodeError, LookupError):
                    continue
                return decode(data, source, attempt)
    return decode(data, source, encoding)


def _strip_template(html: str) -> tuple[str, str | None]:
    """Return the page without marks of a template language, and the title that a block of that name gives."""
    if "{%" not in html:
        return html, None
    match = _TEMPLATE_TITLE.search(html)
    title = _SPACE.sub(" ", re.sub(r"<[^>]{0,200}>", "", _TEMPLATE_MARK.sub("", match[1]))).strip() if match else None
    return _TEMPLATE_MARK.sub("", _TEMPLATE_TITLE.sub("", html)), title or None


def _parse(html: str) -> tuple[Any | None, bool]:
    """Return the page's tree, None where it holds no element, and whether it is whole: the parser cuts off what is nested too deep."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    root = etree.fromstring((html.strip() or "<p></p>").encode("utf-8", "replace"), parser)
    return root, not any("RESOURCE_LIMIT" in entry.type_name or "depth" in entry.message.lower() for entry in parser.error_log)


def _read_head(root: Any) -> tuple[str | None, str | None]:
    """Return the title and the date that a page declares; a date that cannot be read does not count."""
    named: dict[str, str] = {}
    for element in root.iter("meta"):
        for key in ("property", "name", "itemprop"):
            if element.get(key) and element.get("content"):
                named.setdefault(element.get(key).strip().lower(), element.get("content").strip())
    titles = [named.get("og:title")] + ["".join(element.itertext()) for tag in ("title", "h1") for element in list(root.iter(tag))[:1]]
    title = next((_SPACE.sub(" ", text).strip() for text in titles if text and text.strip()), None)
    dates = [named.get(name) for name in _DATE_NAMES] + _linked_dates(root)
    dates += [
        element.get("datetime")
        for element in root.iter("time")
        if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None
    ]
    return title, next((date for date in dates if date and read_date(date).understood), None)


def _linked_dates(root: Any) -> list[str]:
    """Return the dates of publication in a page's JSON-LD."""
    dates = []
    for element in root.iter("script"):
        if element.get("type", "").strip().lower() == "application/ld+json":
            try:
                waiting = [json.loads(element.text or "")]
            except (ValueError, RecursionError):
                continue
            while waiting:
                item = waiting.pop()
                if isinstance(item, dict):
                    if isinstance(item.get("datePublished"), str):
                        dates.append(item["datePublished"])
                    item = item.get("@graph", [])
                if isinstance(item, list):
                    waiting += reversed(item[:100])
    return dates
