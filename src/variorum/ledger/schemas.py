"""The JSON Schema of one line of ``variorum ledger --jsonl``, made from the record types."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from variorum.ledger.entries import GRADES, VOICES
from variorum.ledger.registry import TYPES, UNREAD
from variorum.ledger.sections import ROLES

_SPAN = {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}], "minItems": 2, "maxItems": 2}
_JSON = {str: "string", int: "integer", float: "number", bool: "boolean"}

COMMON: dict[str, tuple[dict[str, Any], str]] = {
    "file": ({"type": "string"}, "path of the file, `-` for standard input"),
    "statement": ({"type": "string"}, "siglum of the statement"),
    "place": ({"type": ["string", "null"]}, "the part of the file, such as `line 12`; null for the whole file"),
    "date_of_statement": ({"type": ["string", "null"]}, "the statement's date as EDTF; null where it is undated"),
    "entry": ({"type": "string"}, "id of the entry: a hash of siglum, type and place"),
    "type": ({"type": "string"}, "record type; a plug-in may bring types of its own"),
    "start": ({"type": "integer"}, "start in the text, in code points"),
    "end": ({"type": "integer"}, "end, not included"),
    "quote": ({"type": "string"}, "the text from start to end"),
    "parts": ({"type": "object", "additionalProperties": {"type": "array", "items": _SPAN}}, "role -> places; a part may lie outside the entry"),
    "voice": ({"enum": list(VOICES)}, "whose words the entry stands in"),
    "negated": ({"type": "boolean"}, "the statement denies it"),
    "lang": ({"type": ["string", "null"]}, "language of the paragraph"),
    "section": ({"enum": list(ROLES)}, "role of the section"),
    "sentence": ({**_SPAN, "type": ["array", "null"]}, "place of the sentence that holds its start; null where it is not read"),
    "grade": ({"enum": list(GRADES)}, "measured precision of the rule: A at least 0.95, B at least 0.85, C below"),
    "rule": ({"type": "string"}, "the rule that found it"),
    "why": ({"type": "array", "items": {"type": "string"}}, "what the rule saw, in words"),
    "links": ({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}, "role -> ids of entries it belongs to"),
    "plugin": ({"type": ["string", "null"]}, "plug-in that found it; null for the program's own rules"),
}
"""Key -> JSON Schema and meaning of what every line has."""


def name_columns(types: tuple[str, ...]) -> list[str]:
    """Return the columns of a table of entries of the given types, of all where none is given: what all have, then each type's fields."""
    fields = [name for kind in types or TYPES if kind in TYPES for name in describe_fields(TYPES[kind].fields)]
    return list(dict.fromkeys([*COMMON, *fields]))


def describe_fields(kind: type) -> dict[str, dict[str, Any]]:
    """Return field -> JSON Schema of a record type's dataclass."""
    hints = typing.get_type_hints(kind)
    return {f.name: {**_describe_type(hints[f.name]), "description": f.metadata.get("doc", "")} for f in dataclasses.fields(kind)}


def _describe_type(hint: Any) -> dict[str, Any]:
    """Return the JSON Schema of a type annotation."""
    if isinstance(hint, types.UnionType):
        found = [_describe_type(part) for part in typing.get_args(hint) if part is not type(None)]
        first = dict(found[0])
        first["type"] = [first["type"], "null"]
        return first
    if typing.get_origin(hint) is list:
        return {"type": "array", "items": _describe_type(typing.get_args(hint)[0])}
    return {"type": _JSON[hint]}


def make_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line: what all entries have, and per type its own fields."""
    rules = []
    for name, kind in TYPES.items():
        fields = describe_fields(kind.fields)
        roles = {"parts": {"properties": {role: {"description": doc} for role, doc in kind.roles.items()}}}
        rules.append({"if": {"properties": {"type": {"const": name}, "plugin": {"type": "null"}}}, "then": {"description": kind.doc, "properties": {**fields, **roles}, "required": list(fields)}})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One entry of a ledger",
        "description": f"One line of `variorum ledger --jsonl`. Own record types: {', '.join(TYPES)}; `{UNREAD}` stands for a stretch in a language that is not read.",
        "type": "object",
        "properties": {name: {**schema, "description": doc} for name, (schema, doc) in COMMON.items()},
        "required": list(COMMON),
        "allOf": rules,
    }
