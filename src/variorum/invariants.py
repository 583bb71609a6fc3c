"""Rules that the rows of a table keep: each gives the function that finds the rows that break it (see schema.py)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def not_less(a: str, b: str | int) -> Callable[[pa.Table], pa.ChunkedArray]:
    """Find rows where column `a` is smaller than column (or number) `b`."""
    return lambda t: pc.less(t[a], t[b] if isinstance(b, str) else b)


def not_above(a: str, b: str) -> Callable[[pa.Table], pa.ChunkedArray]:
    """Find rows where column `a` is not smaller than column `b`."""
    return lambda t: pc.greater_equal(t[a], t[b])


def outside_unit(a: str) -> Callable[[pa.Table], pa.ChunkedArray]:
    """Find rows where column `a` lies outside 0..1."""
    return lambda t: pc.or_(pc.less(t[a], 0.0), pc.greater(t[a], 1.0))


def repeated(*names: str) -> Callable[[pa.Table], np.ndarray]:
    """Find rows that repeat an earlier row in the named columns."""

    def find(table: pa.Table) -> np.ndarray:
        part = table.select(list(names)).append_column("__row", pa.array(np.arange(len(table))))
        first = part.group_by(list(names)).aggregate([("__row", "min")])["__row_min"].to_numpy()
        bad = np.ones(len(table), bool)
        bad[first] = False
        return bad

    return find


def differing_lengths(*names: str) -> Callable[[pa.Table], pa.ChunkedArray]:
    """Find rows whose lists in the named columns are of different length."""

    def find(table: pa.Table) -> pa.ChunkedArray:
        lengths = [pc.list_value_length(table[name]) for name in names]
        bad = pc.not_equal(lengths[0], lengths[-1])
        for length in lengths[1:-1]:
            bad = pc.or_(bad, pc.not_equal(lengths[0], length))
        return bad

    return find


def operations_off(table: pa.Table) -> np.ndarray:
    """Find spans whose operations do not consume exactly both intervals."""
    bad = np.zeros(len(table), bool)
    row = 0
    for batch in table.select(["start_a", "end_a", "start_b", "end_b", "operations"]).to_batches():
        lists = batch["operations"]
        offsets = np.asarray(lists.offsets)
        values = np.asarray(lists.values)
        length_a = np.asarray(batch["end_a"]) - np.asarray(batch["start_a"])
        length_b = np.asarray(batch["end_b"]) - np.asarray(batch["start_b"])
        runs = np.diff(offsets)
        whole = (runs % 3 == 0) & (runs > 0)
        if len(values) and whole.all():
            first = offsets[0]
            triples = values[first : offsets[-1]].reshape(-1, 3)
            cuts = (offsets[:-1] - first) // 3
            sum_a = np.add.reduceat(triples[:, 1].astype(np.int64), cuts)
            sum_b = np.add.reduceat(triples[:, 2].astype(np.int64), cuts)
            bad[row : row + len(batch)] = (sum_a != length_a) | (sum_b != length_b)
        else:
            bad[row : row + len(batch)] = ~whole
        row += len(batch)
    return bad


def not_following(group: str, start: str, end: str) -> Callable[[pa.Table], np.ndarray]:
    """Find rows that begin before the row above, of the same `group`, has ended."""

    def find(table: pa.Table) -> np.ndarray:
        groups, starts, ends = (table[name].to_numpy() for name in (group, start, end))
        return np.concatenate([[False], (groups[1:] == groups[:-1]) & (starts[1:] < ends[:-1])])

    return find


def repeated_in_order(*names: str) -> Callable[[pa.Table], np.ndarray]:
    """Find rows that equal the row above in the named columns: repetitions, in a table that is sorted by them."""

    def find(table: pa.Table) -> np.ndarray:
        same = np.ones(max(0, len(table) - 1), bool)
        for name in names:
            values = table[name].to_numpy()
            same &= values[1:] == values[:-1]
        return np.concatenate([[False], same])

    return find


def untiled(table: pa.Table) -> np.ndarray:
    """Find readings with tokens that do not begin where the member's reading before, by place, has ended."""
    rows = np.flatnonzero(table["n_tokens"].to_numpy() > 0)
    place = (table["member"].to_numpy()[rows].astype(np.int64) << 32) + table["start"].to_numpy()[rows]
    order = np.argsort(place, kind="stable")
    rows, place = rows[order], place[order]
    after = (place >> 32 << 32) + table["end"].to_numpy()[rows]
    bad = np.zeros(len(table), bool)
    bad[rows[1:]] = (place[1:] >> 32 == place[:-1] >> 32) & (place[1:] != after[:-1])
    return bad


def broken_parents(table: pa.Table) -> np.ndarray:
    """Find nodes whose parent does not lie one link nearer to the root, or that have none and do not lie at it."""
    parent, depth = table["parent"].fill_null(-1).to_numpy(), table["depth"].to_numpy()
    inside = parent < len(table)
    above = np.where(inside, depth[np.where(inside, parent, 0)], -2)
    return np.where(parent < 0, depth != 0, above != depth - 1)
