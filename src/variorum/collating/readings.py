"""Columns to the tables of a collation: TOKENS, LOCI, READINGS, BLOCKS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Indel

from variorum.collating.columns import Columns
from variorum.collating.lexicons import Lexicon
from variorum.collating.members import Member
from variorum.kernels import loci
from variorum.schema import TABLES
from variorum.tokens import Tokens


@dataclass(frozen=True)
class Material:
    """What the tables are made of: the members that are collated, in one order everywhere.

    Attributes:
        numbers: the number of each in the table `members`.
        members, tokens: what they are; words: their tokens as numbers of the lexicon (int32 each).
        base: which of them is the base.
        ranks: their places by date, the base first.
    """

    numbers: np.ndarray
    members: Sequence[Member]
    tokens: Sequence[Tokens]
    words: Sequence[np.ndarray]
    lexicon: Lexicon
    base: int
    ranks: np.ndarray


@dataclass(frozen=True)
class Loci:
    """Loci before they are tables: `cuts` as in `kernels.loci`; `cells` int32[4, loci, members] and `sizes` as `collect_readings` gives them."""

    cuts: np.ndarray
    cells: np.ndarray
    sizes: np.ndarray


def find_loci(material: Material, columns: Columns) -> Loci:
    """Cut the columns into loci and number their readings."""
    words = _joined(material.words, np.int32)
    blocks = _joined(columns.blocks, np.int32)
    starts = np.concatenate([[0], np.cumsum([len(w) for w in material.words])]).astype(np.int64)
    held, n_columns = columns.hold_tokens(), columns.n
    labels, agreed = np.empty(n_columns, np.int64), np.empty(n_columns, bool)
    loci.label_columns(held, words, starts, len(material.lexicon.keys), labels, agreed)
    cuts = np.empty(n_columns + 1, np.int64)
    n = loci.cut_loci(held, labels, blocks, starts, np.empty(len(starts), np.int64), cuts)
    weights = np.zeros(n_columns, np.float32)
    for places, numbers in zip(columns.places, material.words, strict=True):
        weights[places] = np.maximum(weights[places], material.lexicon.gain[numbers])
    n = loci.bridge_loci(held, labels, agreed, weights, blocks, starts, cuts, n)
    cells, sizes = np.empty((4, n, len(material.members)), np.int32), np.empty((2, n), np.int32)
    forms, spaces = _number_forms(material)
    loci.collect_readings(held, cuts, n, words, forms, spaces, starts, np.argsort(material.ranks), cells, sizes)
    return Loci(cuts[: n + 1], cells, sizes)


def write_tokens(material: Material, columns: Columns, found: Loci) -> pa.Table:
    """Return the table `tokens`."""
    lengths = [len(w) for w in material.words]
    places = _joined(columns.places, np.int64)
    table = {
        "member": np.repeat(material.numbers, lengths),
        "token": _joined([np.arange(n) for n in lengths], np.int32),
        "start": _joined([t.starts for t in material.tokens], np.int32),
        "end": _joined([t.ends for t in material.tokens], np.int32),
        "key": pa.array([key for t in material.tokens for key in t.keys], pa.string()),
        "column": places,
        "locus": np.searchsorted(found.cuts, places, "right") - 1,
        "block": _joined(columns.blocks, np.int32),
    }
    return _table("tokens", table)


def write_loci(columns: Columns, found: Loci) -> pa.Table:
    """Return the table `loci`."""
    n = len(found.cuts) - 1
    moved = np.zeros(n, bool)
    for places, blocks in zip(columns.places, columns.blocks, strict=True):
        moved[np.searchsorted(found.cuts, places[blocks > 0], "right") - 1] = True
    table = {
        "locus": np.arange(n),
        "column": found.cuts[:-1],
        "n_columns": np.diff(found.cuts),
        "n_members": (found.cells[0] >= 0).sum(axis=1),
        "n_readings": found.sizes[0],
        "n_forms": found.sizes[1],
        "n_tokens": found.cells[3].max(axis=1, initial=0),
        "moved": moved,
    }
    return _table("loci", table)


def write_readings(material: Material, columns: Columns, found: Loci) -> pa.Table:
    """Return the table `readings`."""
    n_loci, n_members = found.cells.shape[1:]
    start, end, ink_end, block = (np.zeros((n_loci, n_members), np.int32) for _ in range(4))
    first, count = found.cells[2], found.cells[3]
    for m in range(n_members):
        tiles, ends = _tile_starts(material.members[m], material.tokens[m]), np.array([*material.tokens[m].ends, 0])
        held = count[:, m] > 0
        at = first[held, m]
        start[held, m], end[held, m] = tiles[at], tiles[at + count[held, m]]
        ink_end[held, m] = ends[at + count[held, m] - 1]
        block[held, m] = columns.blocks[m][at]
        points = tiles[_find_points(columns.places[m], columns.blocks[m], found.cuts[:-1][~held])]
        start[~held, m] = end[~held, m] = ink_end[~held, m] = points
    reading, form = (_with_nulls(values, values >= 0) for values in found.cells[:2])
    table = {
        "locus": np.repeat(np.arange(n_loci, dtype=np.int32), n_members),
        "member": np.tile(material.numbers.astype(np.int32), n_loci),
        "reading": reading,
        "form": form,
        "start": start.ravel(),
        "end": end.ravel(),
        "ink_end": ink_end.ravel(),
        "token": _with_nulls(first, first >= 0),
        "n_tokens": count.ravel(),
        "similarity": _measure_similarity(material, found),
        "block": block.ravel(),
    }
    return _table("readings", table)


def write_blocks(material: Material, columns: Columns, found: Loci) -> pa.Table:
    """Return the table `blocks`."""
    rows = []
    moves: list[tuple[int | None, int | None, int, int]] = []
    for number, (m, low, size) in enumerate(columns.ranges, 1):
        tiles = _tile_starts(material.members[m], material.tokens[m])
        at = np.searchsorted(found.cuts, columns.places[m], "right") - 1
        first, last = int(at[low : low + size].min()), int(at[low : low + size].max())
        before = int(at[low - 1]) if low else None
        after = int(at[low + size]) if low + size < len(at) else None
        key = (before, after, first, last)
        move = next((k for k, other in enumerate(moves) if _same_move(key, other)), len(moves))
        if move == len(moves):
            moves.append(key)
        rows.append({"block": number, "member": int(material.numbers[m]), "move": move + 1, "first_locus": first, "last_locus": last, "start": int(tiles[low]),
                     "end": int(tiles[low + size]), "n_tokens": size, "before_locus": before, "after_locus": after})  # fmt: skip
    return pa.Table.from_pylist(rows, schema=TABLES["blocks"].schema)


def _same_move(a: tuple[int | None, int | None, int, int], b: tuple[int | None, int | None, int, int]) -> bool:
    """Tell whether two blocks are one move: their homes overlap by half, and a neighbour of theirs is the same."""
    both = min(a[3], b[3]) - max(a[2], b[2]) + 1
    return (a[0] == b[0] or a[1] == b[1]) and 2 * both >= max(a[3] - a[2], b[3] - b[2]) + 1


def _find_points(places: np.ndarray, blocks: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the token before which a reading in each of the sorted `columns` would stand; the number of tokens: at the end.

    It stands before the next token in order; inside a moved block where the tokens around its column are of one block.
    """
    in_order = np.flatnonzero(blocks == 0)
    n = len(places)
    after = np.append(in_order, n)[np.searchsorted(places[in_order], columns)]
    by_place = np.argsort(places, kind="stable")
    at = np.searchsorted(places[by_place], columns)
    inner = (at > 0) & (at < n)
    if inner.any():
        left, right = by_place[at[inner] - 1], by_place[at[inner]]
        same = (blocks[left] == blocks[right]) & (blocks[left] > 0)
        after[np.flatnonzero(inner)[same]] = right[same]
    return after


def _tile_starts(member: Member, tokens: Tokens) -> np.ndarray:
    """Return where each token begins when the white space belongs to the token before it, and the end of the member last."""
    tiles = np.array([*tokens.starts, member.end], np.int64)
    if len(tokens.starts):
        tiles[0] = member.start
    return tiles


def _number_forms(material: Material) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for the characters of every token, and for those between it and the next."""
    known: dict[str, int] = {}
    forms, spaces = [], []
    for tokens in material.tokens:
        text, starts, ends = tokens.text, tokens.starts, tokens.ends
        forms += [known.setdefault(text[s:e], len(known)) for s, e in zip(starts, ends, strict=True)]
        if starts:
            spaces += [known.setdefault(text[e:s], len(known)) for e, s in zip(ends[:-1], starts[1:], strict=True)]
            spaces.append(-1)
    return np.array(forms, np.int32), np.array(spaces, np.int32)


def _measure_similarity(material: Material, found: Loci) -> pa.Array:
    """Return the share of letters each differing reading has in common with the base's; null where one has no words or all agree."""
    reading, count = found.cells[0], found.cells[3]
    values = np.full(reading.shape, np.nan)
    for k in np.flatnonzero((found.sizes[0] > 1) & (count[:, material.base] > 0)).tolist():
        base = _words_of(material, material.base, found, k)
        known: dict[int, float] = {0: 1.0}
        for m in np.flatnonzero(count[k] > 0).tolist():
            number = int(reading[k, m])
            if number not in known:
                known[number] = Indel.normalized_similarity(base, _words_of(material, m, found, k))
            values[k, m] = known[number]
    return _with_nulls(values, ~np.isnan(values))


def _words_of(material: Material, member: int, found: Loci, locus: int) -> str:
    """Return a reading by what its words compare by."""
    first, count = found.cells[2:, locus, member]
    return " ".join(material.tokens[member].keys[first : first + count])


def _with_nulls(values: np.ndarray, valid: np.ndarray) -> pa.Array:
    """Return values as an Arrow array that shares their memory: the table of hundreds of versions is large."""
    values = np.ascontiguousarray(values).ravel()
    bits = np.packbits(valid.ravel(), bitorder="little")
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [pa.py_buffer(bits), pa.py_buffer(values)])


def _joined(arrays: Sequence[object], dtype: type) -> np.ndarray:
    return np.concatenate([*(np.asarray(a, dtype) for a in arrays), np.zeros(0, dtype)])


def _table(name: str, columns: dict[str, Any]) -> pa.Table:
    schema = TABLES[name].schema
    return pa.table({f.name: pa.array(columns[f.name]).cast(f.type) for f in schema}, schema=schema)
