"""CollateX's JSON: witnesses in, an alignment table out (its manual, sections "JSON input" and "JSON output").

Tokens that are given are kept as given, whatever else they hold beside ``t`` (the token with what follows it) and ``n`` (what
it compares by). A token of a moved block stands in the column of its home; ``i`` is its number in its witness.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from variorum.collating.apparatus import Apparatus
from variorum.collating.members import Member, whole_text
from variorum.errors import InputError
from variorum.tokens import Tokens


def read_collatex(path: Path) -> list[Member] | None:
    """Return the witnesses of a file in CollateX's JSON; None where it is other JSON.

    Raises:
        InputError: it has ``witnesses``, but not as CollateX writes them.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None  # the reader of statements says what is wrong
    if not isinstance(data, dict) or not isinstance(data.get("witnesses"), list):
        return None
    return [_read_witness(path, number, witness) for number, witness in enumerate(data["witnesses"])]


def _read_witness(path: Path, number: int, witness: Any) -> Member:
    """Return one witness: its tokens as given, or its content."""
    place = f"witness {number}"
    if not isinstance(witness, dict) or not isinstance(witness.get("id"), str):
        raise InputError(str(path), "a witness without an id", 'write {"id": "A", "content": "..."} or {"id": "A", "tokens": [{"t": "..."}]}', place)
    given = witness.get("tokens")
    if given is None:
        if not isinstance(witness.get("content"), str):
            raise InputError(str(path), "a witness without content or tokens", "give one of them", place)
        return whole_text(witness["id"], witness["content"])
    if not isinstance(given, list) or not all(isinstance(t, dict) and isinstance(t.get("t"), str) for t in given):
        raise InputError(str(path), "tokens that are no objects with a text t", 'write {"t": "word "}', place)
    return _place_tokens(witness["id"], given)


def _place_tokens(siglum: str, given: list[dict[str, Any]]) -> Member:
    """Return a member made of given tokens; its text is their texts, one after the other, a space where there is none at all."""
    spaced = any(t["t"] != t["t"].strip() for t in given)
    starts, ends = array("i"), array("i")
    parts, keys, kept = list[str](), list[str](), list[dict[str, Any]]()
    at = 0
    for token in given:
        text = token["t"] if spaced else token["t"] + " "
        ink = text.strip()
        if ink:
            starts.append(at + text.index(ink))
            ends.append(starts[-1] + len(ink))
            n = token.get("n")
            keys.append(n if isinstance(n, str) else ink)
            kept.append(token)
        parts.append(text)
        at += len(text)
    whole = "".join(parts)
    return Member(siglum, whole, starts[0] if starts else 0, at if starts else 0, Tokens(whole, starts, ends, keys, kept))


def write_collatex(apparatus: Apparatus) -> dict[str, Any]:
    """Return the alignment as CollateX's JSON in its horizontal layout: ``table[witness][column]`` is a list of one token, or null."""
    return {"witnesses": [m.siglum for m in apparatus.material.members], "table": list(_list_rows(apparatus))}


def stream_collatex(apparatus: Apparatus) -> Iterator[str]:
    """Yield the text of `write_collatex`'s answer piece by piece: the table of many witnesses is mostly empty, and large."""
    yield '{"witnesses":' + _dump([m.siglum for m in apparatus.material.members]) + ',"table":['
    for number, row in enumerate(_list_rows(apparatus)):
        yield ("," if number else "") + _dump(row)
    yield "]}\n"


def _list_rows(apparatus: Apparatus) -> Iterator[list[list[dict[str, Any]] | None]]:
    """Yield the row of each witness."""
    material, columns = apparatus.material, apparatus.columns
    for member, tokens, places in zip(material.members, material.tokens, columns.places, strict=True):
        row: list[list[dict[str, Any]] | None] = [None] * columns.held.shape[1]
        ends = [*tokens.starts[1:], member.end]
        for number, column in enumerate(places.tolist()):
            if tokens.given is not None:
                row[column] = [tokens.given[number]]
            else:
                row[column] = [{"t": tokens.text[tokens.starts[number] : ends[number]], "n": tokens.keys[number], "i": number}]
        yield row


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
