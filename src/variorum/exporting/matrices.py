"""Matrices of a collation: NEXUS (Maddison, Swofford and Maddison 1997) and Phylip for programs that make trees, distances as CSV.

A character is a locus with two readings or more, a state is a reading, an omission among them. Programs take 32 states at most: they
go to the commonest readings, and what comes after is written ``?`` as is what is missing. An order of states is not implied.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from variorum.collating.apparatus import Apparatus
from variorum.exporting.grids import SYMBOLS, UNWRITABLE, Grid, name_plainly
from variorum.exporting.tables import protect_cell

_WIDTH = 40
"""Characters of a reading that NEXUS shows as the name of a state."""


def stream_nexus(apparatus: Apparatus) -> Iterator[str]:
    """Yield a NEXUS file: taxa under their sigla, the loci with the words of their readings, the matrix."""
    grid = Grid.of(apparatus)
    labels = [_quote(m.siglum) for m in grid.members]
    states, n_lost = grid.write_states()
    yield f"#NEXUS\n\nBEGIN TAXA;\n  DIMENSIONS NTAX={len(labels)};\n  TAXLABELS {' '.join(labels)};\nEND;\n\n"
    if not len(grid.varied):
        yield "[The witnesses agree at every locus: there is no character.]\n"
        return
    yield f'BEGIN CHARACTERS;\n  DIMENSIONS NCHAR={len(grid.varied)};\n  FORMAT DATATYPE=STANDARD MISSING=? SYMBOLS="{SYMBOLS}";\n'
    if n_lost:
        yield f"  [{n_lost} rare readings beyond {len(SYMBOLS)} at one locus are written ?]\n"
    yield "  CHARSTATELABELS"
    for number, locus in enumerate(grid.varied.tolist()):
        row = grid.readings[locus]
        holders = [int(np.flatnonzero(row == reading)[0]) for reading in grid.rank_readings(locus)[: len(SYMBOLS)]]
        names = " ".join(_quote(_shorten(grid.ink(locus, m)) or "(omitted)") for m in holders)
        yield f"{',' if number else ''}\n    {number + 1} 'locus {locus}' / {names}"
    yield ";\n  MATRIX\n"
    for label, row in zip(labels, states, strict=True):
        yield f"    {label} {row}\n"
    yield "  ;\nEND;\n"


def stream_phylip(apparatus: Apparatus) -> Iterator[str]:
    """Yield a relaxed Phylip file; its names are the sigla with ``_`` for all but letters, digits, ``_``, ``.`` and ``-``."""
    grid = Grid.of(apparatus)
    states, _ = grid.write_states()
    yield f"{len(states)} {len(grid.varied)}\n"
    for name, row in zip(name_plainly([m.siglum for m in grid.members]), states, strict=True):
        yield f"{name} {row}\n"


def measure_distances(apparatus: Apparatus) -> np.ndarray:
    """Return float64 (members, members): share of the varied loci that both cover at which their readings differ; NaN where there is none and others vary."""
    grid = Grid.of(apparatus)
    rows = grid.readings[grid.varied].T
    distances = np.zeros((len(rows), len(rows)))
    if not rows.shape[1]:
        return distances
    for m, row in enumerate(rows):
        both = (rows >= 0) & (row >= 0)
        counts = both.sum(axis=1)
        differ = ((rows != row) & both).sum(axis=1)
        distances[m] = np.divide(differ, counts, out=np.full(len(rows), np.nan), where=counts > 0)
    return distances


def stream_distances(apparatus: Apparatus) -> Iterator[str]:
    """Yield the distances as CSV, a row and a column a witness; empty where two have no varied locus in common."""
    sigla = [m.siglum for m in apparatus.material.members]
    rows = ([siglum, *("" if np.isnan(d) else f"{d:.6f}" for d in row)] for siglum, row in zip(sigla, measure_distances(apparatus), strict=True))
    yield from _write_rows(["witness", *sigla], rows)


def stream_csv(apparatus: Apparatus) -> Iterator[str]:
    """Yield the alignment as CSV: a row a locus, a column a witness; ``missing`` and ``moved`` name the witnesses for whom it is so, one a line."""
    grid = Grid.of(apparatus)
    sigla = [m.siglum for m in grid.members]
    rows = ([locus, len(grid.rank_readings(locus)), _pick(sigla, grid.blocks[locus] > 0), _pick(sigla, grid.readings[locus] < 0),
             *(grid.ink(locus, m) for m in range(len(sigla)))] for locus in range(len(grid.readings)))  # fmt: skip
    yield from _write_rows(["locus", "n_readings", "moved", "missing", *sigla], rows)


def _pick(sigla: list[str], chosen: np.ndarray) -> str:
    return "\n".join(sigla[m] for m in np.flatnonzero(chosen))


def _write_rows(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield rows as CSV that a spreadsheet opens without running a cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in chain([header], rows):
        writer.writerow([protect_cell(cell) if isinstance(cell, str) else cell for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


def _quote(text: str) -> str:
    """Return a NEXUS word: in single quotes, which are doubled inside it, on one line."""
    return "'" + UNWRITABLE.sub("\ufffd", " ".join(text.split())).replace("'", "''") + "'"
