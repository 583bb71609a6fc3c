"""Entries as schema.org `Claim` (JSON-LD): what is claimed in the words of its sentence, by whom, where, when.

Figures, attributions and demands are claims; no verdict goes with them. The author is whoever the statement names as the
source; else, where the words are the statement's own, its series, that is its publisher; else nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from variorum.exporting.webannotations import Row, Stated, hash_text, name_entry, name_source

TYPES = ("figure", "attribution", "demand")
"""Record types that are claims."""

_SOURCES = ("claimant", "source")
"""Fields that name who says something, in the order in which they are asked."""


def stream_claims(stated: Iterable[Stated]) -> Iterator[str]:
    """Yield the claims as pieces of one JSON document."""
    yield '{"@context": "https://schema.org",\n"@graph": [\n'
    first = True
    for statement, rows in stated:
        by_id = {row["entry"]: row for row in rows}
        appearance = _describe_statement(statement)
        for row in rows:
            if row["type"] in TYPES:
                claim = _make_claim(row, statement, by_id)
                yield ("" if first else ",\n") + json.dumps({**claim, "appearance": appearance}, ensure_ascii=False)
                first = False
    yield "\n]}\n"


def _describe_statement(statement: Row) -> Row:
    """Return the statement as a creative work."""
    work: Row = {"@type": "CreativeWork", "@id": name_source(statement), "name": statement.get("title") or statement["siglum"], "identifier": statement["siglum"]}
    if statement["date"]:
        work["datePublished"] = statement["date"]
    if statement.get("series"):
        work["publisher"] = {"@type": "Organization", "name": statement["series"]}
    return {**work, "sha256": hash_text(statement["text"])}


def _make_claim(row: Row, statement: Row, by_id: dict[str, Row]) -> Row:
    """Return the claim of one entry, its appearance left out."""
    claim: Row = {"@type": "Claim", "@id": name_entry(row["entry"]), "additionalType": row["type"], "text": _join(statement["text"], row["sentence"] or [row["start"], row["end"]]), "abstract": " ".join(row["quote"].split())}
    author = _find_author(row, statement, by_id)
    if author is not None:
        claim["author"] = author
    if statement["date"]:
        claim["datePublished"] = statement["date"]
    if row["lang"]:
        claim["inLanguage"] = row["lang"]
    about = _describe_value(row)
    return {**claim, "about": about} if about else claim


def _join(text: str, place: list[int]) -> str:
    """Return a stretch of the text on one line."""
    return " ".join(text[slice(*place)].split())


def _find_author(row: Row, statement: Row, by_id: dict[str, Row]) -> Row | None:
    """Return who makes a claim, as the statement has it."""
    linked = [by_id[other] for others in row["links"].values() for other in others if other in by_id and by_id[other]["type"] == "attribution"]
    for entry in (row, *linked):
        named = next((entry[name] for name in _SOURCES if entry.get(name)), None)
        if named:
            return {"@type": "Thing", "name": " ".join(str(named).split())}
    if row["voice"] == "own" and statement.get("series"):
        return {"@type": "Organization", "name": statement["series"]}
    return None


def _describe_value(row: Row) -> Row | None:
    """Return a figure's value as a `QuantitativeValue`, None for what has none."""
    role = {">": "minValue", ">=": "minValue", "<": "maxValue", "<=": "maxValue"}.get(row.get("comparator", "="), "value")
    bounds = {role: row["value"]} if row.get("value") is not None else {"minValue": row.get("low"), "maxValue": row.get("high")}
    known: Row = {name: value for name, value in bounds.items() if isinstance(value, int | float)}
    if not known:
        return None
    if row.get("unit"):
        known["unitText"] = row["unit"]
    counted = row.get("counted") or row.get("share_of")
    return {"@type": "QuantitativeValue", **({"name": " ".join(counted.split())} if counted else {}), **known}
