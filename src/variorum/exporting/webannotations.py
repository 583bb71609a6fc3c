"""Entries as W3C Web Annotations (JSON-LD): one collection, an annotation an entry and a part, each target told twice.

Places are those of `TextPositionSelector`, which leaves the character open: here Unicode code points, the end not included. A
`TextQuoteSelector` beside it finds the words again where a text has moved. The source bears the SHA-256 of the text in
UTF-8, so that who reads the annotations can tell whether the places are still those of the text at hand. Only terms of the
Recommendation are used, and `sha256` of schema.org.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote

Row = dict[str, Any]
Stated = tuple[Row, list[Row]]
"""A statement (with `siglum`, `source`, `place`, `text`) and its entries as flat rows."""

CONTEXT: list[Any] = ["http://www.w3.org/ns/anno.jsonld", {"sha256": "http://schema.org/sha256"}]
AROUND = 32
"""Characters of the text before and after a quote that go into its selector."""
_COLLECTION = "urn:variorum:ledger"


def name_entry(entry: str) -> str:
    """Return the IRI of an entry."""
    return f"urn:variorum:entry:{entry}"


def name_source(statement: Row) -> str:
    """Return a statement's source as a relative IRI: the path of its file, and its part of the file as the fragment."""
    path = quote(str(statement["source"]).replace("\\", "/"), safe="/~")
    return path + (f"#{quote(statement['place'], safe='')}" if statement["place"] else "")


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def stream_annotations(stated: Iterable[Stated]) -> Iterator[str]:
    """Yield the collection as pieces of one JSON document."""
    head = {"@context": CONTEXT, "id": _COLLECTION, "type": "AnnotationCollection", "label": "Ledger: places in Unicode code points, the end not included"}
    page = {"id": f"{_COLLECTION}:page", "type": "AnnotationPage", "partOf": _COLLECTION, "startIndex": 0}
    yield f'{_dump(head)[:-1]},\n"first": {_dump(page)[:-1]}, "items": [\n'
    total = 0
    for statement, rows in stated:
        about = {"id": name_source(statement), "type": "Text", "format": "text/plain", "sha256": hash_text(statement["text"])}
        for row in rows:
            for annotation in _annotate(row, statement["text"], about):
                yield (",\n" if total else "") + _dump(annotation)
                total += 1
    yield f'\n]}},\n"total": {total}}}\n'


def _annotate(row: Row, text: str, source: Row) -> Iterator[Row]:
    """Yield the annotations of an entry: its own, one for each place of a part, one for each link."""
    iri = name_entry(row["entry"])
    language = {"language": row["lang"]} if row["lang"] else {}
    said = {name: value for name, value in row.items() if name not in ("file", "statement", "place", "quote", "parts", "links", "start", "end")}
    bodies = [
        {"type": "TextualBody", "purpose": "tagging", "value": row["type"], "format": "text/plain"},
        {"type": "TextualBody", "purpose": "describing", "value": json.dumps(said, ensure_ascii=False), "format": "application/json"},
    ]
    whole = {**source, **language}
    yield {"id": iri, "type": "Annotation", "motivation": "describing", "body": bodies, "target": _select(whole, text, row["start"], row["end"])}
    for role, places in row["parts"].items():
        for number, (start, end) in enumerate(places):
            tag = {"type": "TextualBody", "purpose": "tagging", "value": role, "format": "text/plain"}
            of = {"type": "SpecificResource", "purpose": "linking", "source": iri}
            yield {"id": f"{iri}:{role}:{number}", "type": "Annotation", "motivation": "identifying", "body": [tag, of], "target": _select(whole, text, start, end)}
    for role, others in row["links"].items():
        for number, other in enumerate(others):
            body = [{"type": "TextualBody", "purpose": "tagging", "value": role, "format": "text/plain"}, {"type": "SpecificResource", "purpose": "linking", "source": name_entry(other)}]
            yield {"id": f"{iri}:link:{role}:{number}", "type": "Annotation", "motivation": "linking", "body": body, "target": iri}


def _select(source: Row, text: str, start: int, end: int) -> Row:
    """Return a target: the source, and a place in it by position and by quote."""
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    words = {"type": "TextQuoteSelector", "exact": text[start:end], "prefix": text[max(0, start - AROUND) : start], "suffix": text[end : end + AROUND]}
    return {"type": "SpecificResource", "source": source, "selector": [position, words]}


def _dump(value: Row) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)
