"""Chunks: what was read so far, as tables."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from variorum.reading.dates import Dating
from variorum.reading.problems import Problem
from variorum.schema import FAILURES, SOURCES, TIMESTAMP, WITNESSES

MAX_CHARACTERS = 16 << 20
"""Characters of text after which a chunk is closed, as soon as its witnesses are a multiple of `ROWS`; twice as many close it at once."""
ROWS = 2048
"""Rows that the database stores together: chunks of whole groups are written once."""
MAX_TEXT = 400_000_000
"""Characters of the longest text a chunk can hold, whatever the setting: an Arrow column of strings ends at 2 GB."""
MAX_FILES = 500
"""Files after which a chunk is closed."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Chunk:
    """About 16 MB of text or 500 files: rows of SOURCES for those finished in it, of FAILURES, and of WITNESSES."""

    sources: pa.Table
    failures: pa.Table
    witnesses: pa.Table


class Witness(NamedTuple):
    """One row of WITNESSES without its number and length; `text` holds no lone surrogates."""

    siglum: str
    source: str
    place: str | None
    title: str | None
    series: str | None
    dating: Dating
    basis: str | None
    metadata: str | None
    text: str


class SourceRow(NamedTuple):
    """One row of SOURCES."""

    source: str
    state: str
    format: str | None
    encoding: str | None
    n_bytes: int
    modified_at: dt.datetime | None
    n_witnesses: int


class ChunkBuilder:
    """Gathers rows and gives them as chunks, witnesses numbered onwards from `first_witness`."""

    def __init__(self, first_witness: int = 0) -> None:
        """Start empty."""
        self.next_witness = first_witness
        self._sources: list[SourceRow] = []
        self._failures: list[Problem] = []
        self._witnesses: list[Witness] = []
        self._n_characters = 0

    def add_witness(self, witness: Witness) -> None:
        """Add a witness."""
        self._witnesses.append(witness)
        self._n_characters += len(witness.text)

    def add_source(self, source: SourceRow) -> None:
        """Add a source that is finished."""
        self._sources.append(source)

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Add rows of FAILURES."""
        self._failures += problems

    @property
    def is_full(self) -> bool:
        """Whether it is time to take a chunk."""
        if self._n_characters >= MAX_CHARACTERS and len(self._witnesses) % ROWS == 0:
            return True
        return self._n_characters >= 2 * MAX_CHARACTERS or len(self._sources) >= MAX_FILES

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take."""
        return not (self._sources or self._failures or self._witnesses)

    def take(self) -> Chunk:
        """Return what was gathered and start anew."""
        chunk = Chunk(self._take_sources(), self._take_failures(), self._take_witnesses())
        self.next_witness += len(self._witnesses)
        self._sources, self._failures, self._witnesses, self._n_characters = [], [], [], 0
        return chunk

    def _take_sources(self) -> pa.Table:
        columns = _columns(self._sources, SourceRow)
        return pa.table(
            [
                make_strings(columns["source"]),
                make_strings(columns["state"]),
                make_strings(columns["format"]),
                make_strings(columns["encoding"]),
                pa.array(columns["n_bytes"], pa.int64()),
                pa.array(columns["modified_at"], TIMESTAMP),
                pa.array(columns["n_witnesses"], pa.int32()),
            ],
            schema=SOURCES.schema,
        )

    def _take_failures(self) -> pa.Table:
        columns = _columns(self._failures, Problem)
        return pa.table([make_strings(columns[name]) for name in FAILURES.names], schema=FAILURES.schema)

    def _take_witnesses(self) -> pa.Table:
        columns = _columns(self._witnesses, Witness)
        datings, texts = columns["dating"], columns["text"]
        numbers = np.arange(self.next_witness, self.next_witness + len(texts), dtype=np.int32)
        return pa.table(
            [
                pa.array(numbers),
                *(make_strings(columns[name]) for name in ("siglum", "source", "place", "title", "series")),
                make_strings([dating.date for dating in datings]),
                pa.array([dating.not_before_at for dating in datings], TIMESTAMP),
                pa.array([dating.not_after_at for dating in datings], TIMESTAMP),
                make_strings(columns["basis"]),
                pa.array(np.fromiter(map(len, texts), np.int32, len(texts))),
                make_strings(columns["metadata"]),
                make_strings(texts),
            ],
            schema=WITNESSES.schema,
        )


def _columns(rows: Sequence[tuple], kind: type) -> dict[str, Any]:
    """Return named tuples by column."""
    names = kind._fields  # type: ignore[attr-defined] - kind is a named tuple
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {name: [] for name in names}


def make_strings(values: Sequence[str | None]) -> pa.Array:
    """Return strings as an Arrow array; lone surrogates become U+FFFD.

    Built from buffers: `pyarrow.array` takes seven times as long for texts of 3 kB.
    """
    encoded = [_encode(value) if value else b"" for value in values]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
    present = np.fromiter((value is not None for value in values), bool, len(encoded))
    valid = None if present.all() else pa.py_buffer(np.packbits(present, bitorder="little").tobytes())
    return pa.StringArray.from_buffers(
        len(encoded), pa.py_buffer(offsets.astype(np.int32).tobytes()), pa.py_buffer(b"".join(encoded)), valid
    )


def _encode(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", value).encode()
