"""A collation as one HTML file: changes first, the versions side by side, the apparatus; it works offline, without script and in print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum import __version__
from variorum.changes import KINDS, write_changes
from variorum.collating.apparatus import Apparatus
from variorum.collating.cells import Cells
from variorum.exporting.contexts import strip_controls
from variorum.exporting.webpages import render_page
from variorum.marks import recognise

Rows = list[dict[str, Any]]

MAX_COLUMNS = 12
"""Versions that stand side by side; the readings of the others are in the apparatus."""
MAX_LISTED = 2000
"""Changes, and loci of the apparatus, that the page holds; the command gives the rest."""
_LEADING = KINDS[: KINDS.index("wording")]
_QUIET = ("case", "layout")
_ROW = 300
"""Characters of the base after which a row of the side by side ends with its sentence; after four times as many with any locus."""


def stream_html(apparatus: Apparatus) -> Iterator[str]:
    """Yield the page of a collation."""
    members = apparatus.members.to_pylist()
    sigla = [strip_controls(row["siglum"]) for row in members]
    related = [row for row in members if row["related"]]
    chosen = sorted((row["member"] for row in related), key=lambda m: (m != apparatus.base, members[m]["position"]))[:MAX_COLUMNS]
    changes = list_changes(apparatus, sigla)
    cells = Cells(apparatus.readings)
    varied = np.flatnonzero(apparatus.loci["n_readings"].to_numpy() > 1)
    page = {
        "version": __version__,
        "base": sigla[apparatus.base],
        "members": [{**row, "siglum": siglum} for row, siglum in zip(members, sigla, strict=True)],
        "n_related": len(related),
        "leading": [c for c in changes if c["kind"] in _LEADING][:MAX_LISTED],
        "others": [c for c in changes if c["kind"] not in _LEADING and c["kind"] not in _QUIET][:MAX_LISTED],
        "n_changes": len(changes),
        "n_quiet": sum(c["kind"] in _QUIET for c in changes),
        "columns": [sigla[m] for m in chosen],
        "rows": lay_out(apparatus, chosen),
        "n_varied": len(varied),
        "apparatus": [_describe(apparatus, cells, sigla, locus) for locus in varied[:MAX_LISTED].tolist()],
    }
    return render_page("collation.html", ["steps.js"], page)


def list_changes(apparatus: Apparatus, sigla: list[str]) -> Rows:
    """Return the changes, those that several members made once: ``kind, before, after, said, members, locus``."""
    texts = [m.text for m in apparatus.alignment.members]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in write_changes(apparatus.readings, apparatus.blocks, texts, apparatus.base, recognise).to_pylist():
        before = " ".join(texts[apparatus.base][row["base_start"] : row["base_end"]].split())
        after = " ".join(texts[row["member"]][row["start"] : row["end"]].split())
        plain = f"{before or '(nothing)'} -> {after or '(nothing)'}"
        change = {"kind": row["kind"], "before": before, "after": after, "said": row["words"].removeprefix(plain).strip(), "members": [], "locus": row["locus"]}
        found.setdefault((row["kind"], row["base_start"], row["base_end"], after), change)["members"].append(sigla[row["member"]])
    return list(found.values())


def lay_out(apparatus: Apparatus, chosen: list[int]) -> list[list[Rows]]:
    """Return the versions in rows and columns: a cell is a list of pieces ``kind, text, gap`` (the white space after it)``, base, locus``.

    Kinds: `same` as the base, `changed`, `dropped` (nothing where the base has something), `missing` (the member is a fragment), `moved`.
    """
    table = apparatus.readings.filter(pc.is_in(apparatus.readings["member"], pa.array(chosen, pa.int32())))
    by_member = {m: table.filter(pc.equal(table["member"], m)).to_pylist() for m in chosen}
    texts = {m: apparatus.alignment.members[m].text for m in chosen}
    base = by_member[apparatus.base]
    n_readings = apparatus.loci["n_readings"].to_pylist()
    rows: list[list[Rows]] = [[[] for _ in chosen]]
    length = 0
    for locus, mine in enumerate(base):
        own = texts[apparatus.base][mine["start"] : mine["end"]]
        for column, member in enumerate(chosen):
            row = by_member[member][locus]
            text = texts[member][row["start"] : row["end"]]
            ink = text.rstrip()
            piece = {"kind": _kind_of(row, mine), "text": ink, "gap": text[len(ink) :], "base": own, "locus": locus if n_readings[locus] > 1 else None}
            cell = rows[-1][column]
            if not (piece["kind"] == "missing" and cell and cell[-1]["kind"] == "missing"):
                cell.append(piece)
        length += len(own)
        if (length >= _ROW and own.rstrip()[-1:] in tuple(".!?\u2026\u3002:;")) or length >= 4 * _ROW:
            rows.append([[] for _ in chosen])
            length = 0
    return [row for row in rows if any(row)]


def _kind_of(row: dict[str, Any], base: dict[str, Any]) -> str:
    """Return the kind of a piece."""
    if row["reading"] is None:
        return "missing"
    if row["block"]:
        return "moved" if row["reading"] == base["reading"] else "changed"
    if row["reading"] == base["reading"]:
        return "same"
    return "changed" if row["n_tokens"] else "dropped"


def _describe(apparatus: Apparatus, cells: Cells, sigla: list[str], locus: int) -> dict[str, Any]:
    """Return one entry of the apparatus: readings with who has them, and who does not cover it."""
    readings: dict[int, dict[str, Any]] = {}
    missing = []
    for member, reading, start, end in cells.list_row(locus):
        if reading < 0:
            missing.append(sigla[member])
        elif reading in readings:
            readings[reading]["members"].append(sigla[member])
        else:
            readings[reading] = {"text": apparatus.alignment.members[member].text[start:end], "omitted": start == end, "members": [sigla[member]]}
    return {"locus": locus, "readings": [readings[n] for n in sorted(readings)], "missing": missing}
