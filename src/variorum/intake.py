"""Taking statements into the corpus: chunk by chunk, so that a reading that was killed goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.config import ReadingConfig
from variorum.corpus import CorpusFolder
from variorum.errors import InputError, SchemaError, VariorumError
from variorum.reading.problems import count
from variorum.reading.sources import find_sources
from variorum.schema import WITNESSES, check_table, verify_table

_STATE = "reading"


def sign_inputs(inputs: Sequence[str | Path], config: ReadingConfig) -> str:
    """Return a hash over the files that the inputs name, their sizes and times of change, and the metadata file's.

    Raises:
        VariorumError: there is no file to read.
    """
    found = find_sources(inputs, config)
    if not any(source.error is None and not source.ignored for source in found.sources):
        raise VariorumError(f"no readable file in {_list_some([str(i) for i in inputs])}{_first_reason(found)}")
    signs: list[object] = [(source.path, *_sign_file(source.path)) for source in found.sources]
    if config.metadata:
        signs.append(_sign_content(config.metadata))
    return sha256(json.dumps(signs).encode("utf-8", "surrogateescape")).hexdigest()


def refuse_failures(failures: pa.Table) -> None:
    """Raise the first of the FAILURES rows that lost text as an InputError."""
    for row in failures.to_pylist():
        if row["severity"] == "failed":
            raise InputError(row["source"], row["problem"], row["advice"], row["place"])


@dataclass(frozen=True, slots=True)
class Taken:
    """How far a reading has come: sources and witnesses so far."""

    n_sources: int
    n_witnesses: int


class Intake:
    """One reading into one corpus folder.

    Attributes:
        counters: sources, witnesses and code points read, failures met, and sources an earlier run had read.
    """

    def __init__(self, folder: CorpusFolder, config: ReadingConfig, *, strict: bool) -> None:
        """Take the open folder and the settings; `strict` makes the first failed source an error."""
        self._folder = folder
        self._config = config
        self._strict = strict
        self.counters: dict[str, int] = {}

    def read(self, inputs: Sequence[str | Path], sign: str, forget: Callable[[], None], *, anew: bool = False) -> Iterator[Taken]:
        """Read the inputs into the tables `sources`, `failures` and `witnesses`; yield after each chunk is committed.

        Args:
            inputs: folders, files and patterns.
            sign: hash of the inputs and settings; a reading under another one is begun anew.
            forget: called to empty the corpus where the reading begins anew.
            anew: begin anew in any case.

        Raises:
            InputError: a source failed and the reading is strict.
            VariorumError: nothing could be read.
        """
        from variorum.reading.statements import read_statements

        folder = self._folder
        going_on = not anew and folder.get_state(_STATE) == sign and self._drop_unfinished()
        done = folder.read_table("sources", ["source"])["source"].to_pylist() if going_on else []
        sigla = folder.read_table("witnesses", ["siglum"])["siglum"].to_pylist() if going_on else []
        if going_on and self._strict:
            refuse_failures(folder.read_table("failures"))
        chunks = read_statements(inputs, self._config, done=set(done), first_witness=len(sigla), taken_sigla=sigla)
        first = next(chunks, None)  # a mistake in the settings shows here, before anything is deleted
        if not going_on:
            with folder.transaction():
                forget()
                folder.set_state(_STATE, sign)
        self.counters = {"n_sources": 0, "n_continued": len(done), "n_failures": 0, "n_characters": 0}
        taken = Taken(len(done), len(sigla))
        with folder.storing_texts():
            while first is not None:
                taken = self._commit(first, taken)
                yield taken
                first = next(chunks, None)
        verify_witnesses(folder)

    def _commit(self, chunk: Any, taken: Taken) -> Taken:
        """Write one chunk as a whole."""
        folder = self._folder
        witnesses = chunk.witnesses
        if len(witnesses) and witnesses["witness"][0].as_py() != taken.n_witnesses:
            raise SchemaError(f"table witnesses: a chunk begins with witness {witnesses['witness'][0]}, not {taken.n_witnesses}")
        with folder.transaction():
            folder.append_table("witnesses", witnesses)
            folder.append_table("failures", chunk.failures)
            folder.append_table("sources", chunk.sources)
        self.counters["n_sources"] += len(chunk.sources)
        self.counters["n_failures"] += len(chunk.failures)
        self.counters["n_characters"] += int(np.sum(witnesses["n_characters"].to_numpy(), dtype=np.int64))
        if self._strict:
            refuse_failures(chunk.failures)
        return Taken(taken.n_sources + len(chunk.sources), taken.n_witnesses + len(witnesses))

    def _drop_unfinished(self) -> bool:
        """Delete what a killed run had read of a source that it did not finish; tell whether what is left can be kept."""
        folder = self._folder
        unfinished = "source NOT IN (SELECT source FROM sources)"
        with folder.transaction():
            # Failures that belong to no finished file are found again by the reading.
            folder.delete_rows("failures", unfinished)
            folder.delete_rows("witnesses", unfinished)
        numbers = folder.read_table("witnesses", ["witness"])["witness"]
        return not len(numbers) or numbers[-1].as_py() == len(numbers) - 1


def verify_witnesses(folder: CorpusFolder) -> None:
    """Verify the witnesses as one table (without their texts, which may be large), and that there are any.

    Raises:
        VariorumError: there are none.
    """
    table = folder.read_table("witnesses", [name for name in WITNESSES.names if name not in ("metadata", "text")])
    if not len(table):
        failures = folder.read_table("failures", limit=1).to_pylist()
        reason = f" ({failures[0]['source']}: {failures[0]['problem']})" if failures else ""
        raise VariorumError(f"no statement could be read from {folder.count('sources')} files{reason}; see: variorum status {folder.path}")
    table = table.append_column("metadata", pa.nulls(len(table), pa.string())).append_column("text", pa.array([""] * len(table)))
    verify_table("witnesses", check_table("witnesses", table))


def _sign_file(path: str | Path) -> tuple[int, int]:
    """Return size in bytes and time of change in nanoseconds; of a file that cannot be asked, neither."""
    try:
        info = os.stat(path)
    except OSError:
        return -1, -1
    return info.st_size, info.st_mtime_ns


def _sign_content(path: str) -> str:
    """Return a hash of the metadata file: it is small, and often written anew by another program without a change."""
    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError:  # the reading says so
        return ""


def _first_reason(found: Any) -> str:
    """Say why the first source cannot be read, and how many more there are."""
    reasons = [str(source.error) for source in found.sources if source.error is not None]
    reasons += [f"{p.source}: {p.problem}" + (f"; {p.advice}" if p.advice else "") for p in found.problems]
    ignored = sum(source.ignored for source in found.sources)
    if not reasons:
        return f": {count(ignored, 'file')}, none of a type that is read; use .txt .md .html .pdf .docx .jsonl .json .csv or .parquet" if ignored else ""
    return f": {reasons[0]}" + (f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else "")


def _list_some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
