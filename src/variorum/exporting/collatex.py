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
    if isinstance(data.get("table"), list):
        return [_place_tokens(siglum, _order_tokens(row)) for siglum, row in read_table(data, str(path)).items()]
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


def read_table(data: dict[str, Any], source: str = "table") -> dict[str, list[list[dict[str, Any]]]]:
    """Return a finished table of either layout by siglum: the tokens in each of its columns.

    Where there are as many columns as witnesses, the layout is horizontal unless ``layout`` says `vertical`, as `stream_collatex` writes.

    Raises:
        InputError: it is no table of these witnesses.
    """
    sigla, table = data["witnesses"], data["table"]
    hint = "a table is a list of witnesses, each a list of cells, or of columns; a cell is a list of tokens or null"
    if not all(isinstance(s, str) for s in sigla) or len(set(sigla)) < len(sigla) or not all(isinstance(row, list) for row in table):
        raise InputError(source, "a table that is none, or witnesses that are no list of different names", hint)
    if not sigla or not table:
        return {siglum: [] for siglum in sigla}
    widths = {len(row) for row in table}
    across, down = len(table) == len(sigla) and len(widths) == 1, widths == {len(sigla)}
    if not across and not down:
        raise InputError(source, f"a table of {len(table)} rows that does not fit its {len(sigla)} witnesses", hint)
    cells = [[_read_cell(cell, source, hint) for cell in row] for row in table]
    turned = [list(column) for column in zip(*cells, strict=True)]
    if across and down:
        across = data.get("layout") != "vertical"
    return dict(zip(sigla, cells if across else turned, strict=True))


def _read_cell(cell: Any, source: str, hint: str) -> list[dict[str, Any]]:
    """Return the tokens of a cell."""
    cell = cell or []
    if not isinstance(cell, list) or not all(isinstance(t, dict) and isinstance(t.get("t"), str) for t in cell):
        raise InputError(source, "a cell that is no list of tokens with a text t", hint)
    return cell


def _order_tokens(row: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the tokens of a witness in the order of its text, which `i` says; in that of the columns where it does not."""
    tokens = [token for cell in row for token in cell]
    return sorted(tokens, key=lambda t: t["i"]) if all(isinstance(t.get("i"), int) for t in tokens) else tokens


def write_collatex(apparatus: Apparatus, *, vertical: bool = False) -> dict[str, Any]:
    """Return the alignment as CollateX's JSON: ``table[witness][column]``, or ``table[column][witness]``, is a list of one token, or null."""
    return json.loads("".join(stream_collatex(apparatus, vertical=vertical)))


def stream_collatex(apparatus: Apparatus, *, vertical: bool = False) -> Iterator[str]:
    """Yield the text of `write_collatex`'s answer piece by piece: the table of many witnesses is mostly empty, and large."""
    sigla = _dump([m.siglum for m in apparatus.material.members])
    yield '{"witnesses":' + sigla + (',"layout":"vertical"' if vertical else "") + ',"table":['
    for number, row in enumerate(zip(*_list_rows(apparatus), strict=True) if vertical else _list_rows(apparatus)):
        yield ("," if number else "") + _dump(row)
    yield "]}\n"


def _list_rows(apparatus: Apparatus) -> Iterator[list[list[dict[str, Any]] | None]]:
    """Yield the row of each witness."""
    material, columns = apparatus.material, apparatus.columns
    for member, tokens, places in zip(material.members, material.tokens, columns.places, strict=True):
        row: list[list[dict[str, Any]] | None] = [None] * columns.n
        ends = [*tokens.starts[1:], member.end]
        for number, column in enumerate(places.tolist()):
            if tokens.given is not None:
                row[column] = [tokens.given[number]]
            else:
                row[column] = [{"t": tokens.text[tokens.starts[number] : ends[number]], "n": tokens.keys[number], "i": number}]
        yield row


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
