"""What the ledger holds: an entry with its exact places, the fields of its type, and the table that entries make.

Places are half-open ``[start, end)`` in code points of the raw text, and every quote equals ``text[start:end]``.
What a statement does not say is None, never guessed.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pyarrow as pa

from variorum.errors import SchemaError
from variorum.schema import ENTRIES

Span = tuple[int, int]
"""A place in the raw text: start and end."""

GRADES = ("A", "B", "C")
"""Measured precision of an entry's rule: A at least 0.95, B at least 0.85, C below; C is left out unless asked for."""

VOICES = ("own", "reported", "quoted", "republisher")
"""Whose words an entry stands in: the statement's, reported or quoted from another, or those of who republishes it."""


def known(doc: str, default: Any = None) -> Any:
    """Return a field of a record type with its meaning; what is not said is None."""
    return field(default=default, metadata={"doc": doc})


@dataclass(slots=True, eq=False)
class Entry:
    """One thing a statement says.

    Attributes:
        type: its record type, such as `figure`.
        start, end: its place in the raw text.
        fields: an instance of its type's dataclass.
        rule: the rule that found it, ``TYPE.NAME``.
        grade: `A`, `B` or `C`.
        parts: role -> places, in order.
        why: what the rule saw, in words.
        voice: one of `VOICES`.
        negated: the statement denies it.
        lang: language of its paragraph.
        section: role of its section.
        sentence: place of the sentence that holds its start; None in a stretch that is not read.
        links: role -> entries it belongs to.
        plugin: name of the plug-in that found it; None for the program's own rules.
    """

    type: str
    start: int
    end: int
    fields: Any
    rule: str
    grade: str = "A"
    parts: dict[str, list[Span]] = field(default_factory=dict)
    why: list[str] = field(default_factory=list)
    voice: str = "own"
    negated: bool = False
    lang: str | None = None
    section: str = "body"
    sentence: Span | None = None
    links: dict[str, list[Entry]] = field(default_factory=dict)
    plugin: str | None = None

    @property
    def key(self) -> tuple[int, int, str]:
        """What entries are sorted by."""
        return self.start, self.end, self.type

    def identify(self, label: str) -> str:
        """Return the entry's id: a hash of the statement's label, the type and the place; the same in every run."""
        return sha256(f"{label}\0{self.type}\0{self.start}\0{self.end}".encode()).hexdigest()[:12]

    def describe_fields(self) -> dict[str, Any]:
        """Return the fields of its type as plain values."""
        return dict(self.fields) if isinstance(self.fields, Mapping) else dataclasses.asdict(self.fields)


def describe_entry(entry: Entry, text: str, label: str) -> dict[str, Any]:
    """Return an entry as one flat row: what all entries have, then the fields of its type."""
    return {
        "entry": entry.identify(label),
        "type": entry.type,
        "start": entry.start,
        "end": entry.end,
        "quote": text[entry.start : entry.end],
        "parts": {role: [list(span) for span in spans] for role, spans in entry.parts.items()},
        "voice": entry.voice,
        "negated": entry.negated,
        "lang": entry.lang,
        "section": entry.section,
        "sentence": list(entry.sentence) if entry.sentence else None,
        "grade": entry.grade,
        "rule": entry.rule,
        "why": list(entry.why),
        "links": {role: [other.identify(label) for other in others] for role, others in entry.links.items()},
        "plugin": entry.plugin,
        **entry.describe_fields(),
    }


def check_spans(entry: Entry, length: int) -> None:
    """Raise where a place of the entry is none in a text of `length` code points.

    Raises:
        SchemaError: an empty place, one outside the text, or an unknown grade or voice.
    """
    places = [("entry", (entry.start, entry.end)), *((role, span) for role, spans in entry.parts.items() for span in spans)]
    for role, (start, end) in places:
        if not 0 <= start < end <= length:
            raise SchemaError(f"entry of rule {entry.rule}: {role} [{start}, {end}) is no place in a text of {length} characters")
    if entry.grade not in GRADES or entry.voice not in VOICES:
        raise SchemaError(f"entry of rule {entry.rule}: grade {entry.grade!r} or voice {entry.voice!r} is unknown")


def build_table(found: Iterable[tuple[int, str, str, list[Entry]]]) -> pa.Table:
    """Return the table ENTRIES of (witness, siglum, text, entries in order)."""
    columns: dict[str, list[Any]] = {name: [] for name in ENTRIES.names}
    for witness, siglum, text, entries in found:
        for entry in entries:
            places = [(role, span) for role, spans in entry.parts.items() for span in spans]
            links = [(role, other) for role, others in entry.links.items() for other in others]
            row = {
                "entry": entry.identify(siglum),
                "witness": witness,
                "type": entry.type,
                "start": entry.start,
                "end": entry.end,
                "quote": text[entry.start : entry.end],
                "part_roles": [role for role, _ in places],
                "part_starts": [span[0] for _, span in places],
                "part_ends": [span[1] for _, span in places],
                "voice": entry.voice,
                "negated": entry.negated,
                "lang": entry.lang,
                "section": entry.section,
                "sentence_start": entry.sentence[0] if entry.sentence else None,
                "sentence_end": entry.sentence[1] if entry.sentence else None,
                "grade": entry.grade,
                "rule": entry.rule,
                "why": entry.why,
                "link_roles": [role for role, _ in links],
                "link_entries": [other.identify(siglum) for _, other in links],
                "plugin": entry.plugin,
                "fields": json.dumps(entry.describe_fields(), ensure_ascii=False),
            }
            for name, value in row.items():
                columns[name].append(value)
    return pa.table(columns, schema=ENTRIES.schema)


def read_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of ENTRIES in the flat form of `describe_entry`."""
    parts: dict[str, list[list[int]]] = {}
    for role, start, end in zip(row["part_roles"], row["part_starts"], row["part_ends"], strict=True):
        parts.setdefault(role, []).append([start, end])
    links: dict[str, list[str]] = {}
    for role, other in zip(row["link_roles"], row["link_entries"], strict=True):
        links.setdefault(role, []).append(other)
    sentence = None if row["sentence_start"] is None else [row["sentence_start"], row["sentence_end"]]
    taken = ("part_roles", "part_starts", "part_ends", "link_roles", "link_entries", "sentence_start", "sentence_end", "fields", "witness")
    flat = {name: value for name, value in row.items() if name not in taken}
    return {**flat, "parts": parts, "sentence": sentence, "links": links, **json.loads(row["fields"])}
