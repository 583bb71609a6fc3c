"""The lineages in the report: for which families one is drawn, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from variorum.collating.members import Member, make_passages
from variorum.exporting.drawings import Drawing
from variorum.exporting.lineage_forms import draw_tables
from variorum.exporting.members import Families, Folder, Labels, Row

N_ANY = 20
"""Families of two witnesses have one only where they are among so many first: two dates say as much."""

_MAX_MEMBERS = 100
_MAX_CHARACTERS = 600_000  # of all witnesses whose lineage is drawn: about a second of work

Tables = Mapping[str, Sequence[dict[str, Any]]]
Trace = Callable[[Sequence[Member]], Tables | None]
"""Finds the lineage of some members: the tables of `lineages.Lineage` as rows, None where they share too little."""


def draw_lineages(folder: Folder, families: Families, labels: Labels, limit: int, trace: Trace) -> Iterator[tuple[int, Drawing]]:
    """Yield number and drawing of up to `limit` families, the first by rank; those marked as common, and those too large for the budget, are passed over."""
    chosen = _choose_families(families, labels, limit)
    witnesses = sorted({row[1] for rows in chosen.values() for row in rows})
    texts = folder.read_texts(witnesses) if witnesses else {}
    for number, rows in chosen.items():
        tables = trace(make_passages([_describe(row, labels) for row in rows], texts))
        if tables is not None:
            yield number, draw_tables(tables)


def _choose_families(families: Families, labels: Labels, limit: int) -> dict[int, list[Row]]:
    """Return the passages of the families that are drawn, by the family's number."""
    chosen: dict[int, list[Row]] = {}
    left = _MAX_CHARACTERS
    for number, family in enumerate(families.rows):
        if len(chosen) >= limit:
            break
        if family["common"] or not 2 <= family["n_passages"] <= _MAX_MEMBERS or (family["n_witnesses"] < 3 and number >= N_ANY):
            continue
        rows = families.passages(number)
        size = sum(labels.length[row[1]] for row in rows)
        if size <= left:
            chosen[number] = rows
            left -= size
    return chosen


def _describe(row: Row, labels: Labels) -> dict[str, Any]:
    """Return a passage as `make_passages` takes it."""
    passage, witness, start, end = row[:4]
    return {"passage": passage, "witness": witness, "start": start, "end": end, "siglum": labels.siglum[witness], "series": labels.series[witness],
            "date": labels.date[witness], "date_basis": labels.basis[witness], "not_before_at": labels.first_at[witness].as_py()}  # fmt: skip
