"""passim's own two files, so that programs written for it read a corpus: `out.json` (families) and `align.json` (pairs)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import pyarrow as pa

from variorum.exporting.copies import Place, group_copies, map_place
from variorum.exporting.files import make_folder, replace_file
from variorum.letters import LetterStore, open_letters

MAX_COPY_PAIRS = 100
"""Pairs written between two sets of exact copies, or inside one; beyond it only those with the first copy."""

_ROWS = 4096  # passages whose texts are in memory at once


class Folder(Protocol):
    """The part of a corpus folder that this module reads; `index` is the folder of its letter stream."""

    @property
    def index(self) -> Path:
        """The folder of the letter stream."""
        ...

    def read_table(self, name: str, columns: list[str] | None = None, where: str | None = None) -> pa.Table:
        """Return a stored table."""
        ...

    def stream_table(self, name: str, columns: list[str] | None = None, batch_size: int = 2048) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a stored table in its sort order."""
        ...

    def read_texts(self, witnesses: Sequence[int]) -> dict[int, str]:
        """Return the texts of the witnesses."""
        ...


def export_passim(folder: Folder, dest: Path) -> dict[str, int]:
    """Write ``dest/out.json`` and ``dest/align.json`` (JSON lines) and return the lines of each.

    out.json
        one passage a line, sorted by family: ``uid, cluster, size, id, begin, end, series, date, title, text``
        as passim has them (`cluster` is the family's rank, `size` its passages, `id` the siglum, `uid` the witness's number), and `family`.
    align.json
        one span a line: ``id, begin, end, id2, begin2, end2, uid, uid2, series, series2, date, date2, matches``.
        Exact copies are folded before matching and come back here: a span of one copy is written for all of
        them, and a set of copies gives pairs of whole texts. Where that makes more than 100 pairs for a span
        or a set, only the pairs with the first copy are written, so that the file grows in a straight line.

    Raises:
        StorageError: `dest` cannot be written, or the disk is full.
    """
    make_folder(dest)
    labels = _Labels(folder.read_table("witnesses", columns=["witness", "siglum", "series", "date", "title", "n_characters"]))
    counts = {}
    with replace_file(dest / "out.json") as file:
        counts["out.json"] = _write_passages(folder, labels, file)
    with replace_file(dest / "align.json") as file:
        counts["align.json"] = _write_pairs(folder, labels, file)
    return counts


class _Labels:
    """What is said of a witness in every line, by its number."""

    def __init__(self, witnesses: pa.Table) -> None:
        self.siglum = witnesses["siglum"].to_pylist()
        self.series = witnesses["series"].to_pylist()
        self.date = witnesses["date"].to_pylist()
        self.title = witnesses["title"].to_pylist()
        self.length = witnesses["n_characters"].to_pylist()


_encode = json.JSONEncoder(ensure_ascii=True, check_circular=False).encode


def _write_passages(folder: Folder, labels: _Labels, file: IO[str]) -> int:
    """Write out.json."""
    families = folder.read_table("families", columns=["family", "rank", "n_passages"])
    rank = dict(zip(families["family"].to_pylist(), families["rank"].to_pylist(), strict=True))
    size = dict(zip(families["family"].to_pylist(), families["n_passages"].to_pylist(), strict=True))
    passages = folder.read_table("passages", columns=["family", "witness", "start", "end"])
    order = np.argsort(np.array([rank[f] for f in passages["family"].to_pylist()], np.int64), kind="stable")
    for first in range(0, len(order), _ROWS):
        rows = passages.take(pa.array(order[first : first + _ROWS])).to_pylist()
        texts = folder.read_texts(sorted({row["witness"] for row in rows}))
        for row in rows:
            witness, family = row["witness"], row["family"]
            line = {
                "uid": witness,
                "cluster": rank[family],
                "size": size[family],
                "id": labels.siglum[witness],
                "begin": row["start"],
                "end": row["end"],
                "series": labels.series[witness],
                "date": labels.date[witness],
                "title": labels.title[witness],
                "text": texts[witness][row["start"] : row["end"]],
                "family": family,
            }
            file.write(_encode(line) + "\n")
    return len(order)


def _write_pairs(folder: Folder, labels: _Labels, file: IO[str]) -> int:
    """Write align.json."""
    foldings = folder.read_table("foldings", columns=["witness", "copy_of", "n_letters"])
    copies = group_copies(foldings)
    store = open_letters(folder.index)
    n_lines = 0
    columns = ["witness_a", "start_a", "end_a", "witness_b", "start_b", "end_b", "n_equal"]
    for batch in folder.stream_table("spans", columns=columns):
        rows = list(zip(*(batch[name].to_pylist() for name in columns), strict=True))
        for a, start_a, end_a, b, start_b, end_b, n_equal in rows:
            for pair_a, pair_b in _spread_span((a, (start_a, end_a)), (b, (start_b, end_b)), copies, store):
                file.write(_pair_line(labels, pair_a, pair_b, n_equal))
                n_lines += 1
    n_letters = foldings["n_letters"].to_numpy()
    for first, others in copies.items():
        if not n_letters[first]:
            continue
        for x, y in _spread_set([first, *others]):
            file.write(_pair_line(labels, (x, (0, labels.length[x])), (y, (0, labels.length[y])), int(n_letters[first])))
            n_lines += 1
    return n_lines


_Interval = tuple[int, Place]


def _spread_span(a: _Interval, b: _Interval, copies: dict[int, list[int]], store: LetterStore) -> Iterator[tuple[_Interval, _Interval]]:
    """Yield the span itself and the same span of the exact copies of both sides."""
    if a[0] not in copies and b[0] not in copies:
        yield a, b
        return
    here = _with_copies(a, copies, store)
    there = _with_copies(b, copies, store)
    if len(here) * len(there) <= MAX_COPY_PAIRS:
        yield from itertools.product(here, there)
        return
    yield from ((a, other) for other in there)
    yield from ((other, b) for other in here[1:])


def _with_copies(interval: _Interval, copies: dict[int, list[int]], store: LetterStore) -> list[_Interval]:
    """Return the interval and, after it, the same letters in every exact copy of its witness."""
    witness, place = interval
    return [interval, *map_place(store, witness, copies.get(witness, ()), place)]


def _spread_set(members: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a set of exact copies: all of them where they are few, else those with the first."""
    if len(members) * (len(members) - 1) // 2 <= MAX_COPY_PAIRS:
        yield from itertools.combinations(members, 2)
    else:
        yield from ((members[0], other) for other in members[1:])


def _pair_line(labels: _Labels, a: _Interval, b: _Interval, matches: int) -> str:
    """Return one line of align.json."""
    (witness, (begin, end)), (witness2, (begin2, end2)) = a, b
    line: dict[str, Any] = {
        "id": labels.siglum[witness],
        "begin": begin,
        "end": end,
        "id2": labels.siglum[witness2],
        "begin2": begin2,
        "end2": end2,
        "uid": witness,
        "uid2": witness2,
        "series": labels.series[witness],
        "series2": labels.series[witness2],
        "date": labels.date[witness],
        "date2": labels.date[witness2],
        "matches": matches,
    }
    return _encode(line) + "\n"
