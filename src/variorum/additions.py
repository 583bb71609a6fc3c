"""Adding statements to a corpus: only the new files are read, and the corpus stays what it was until all is done.

A statement is known by its siglum. One whose siglum and text are held is not added again; one of a siglum that is held, with
another text, is a later version and is kept beside it as ``SIGLUM@2``. The same text under another siglum is an exact copy, as in a trace.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from variorum import folders
from variorum.config import ReadingConfig
from variorum.corpus import CorpusFolder
from variorum.errors import UsageError, VariorumError
from variorum.intake import refuse_failures, sign_inputs, verify_witnesses
from variorum.pipeline import STAGES, describe_stage, forget_stages, run_later, start_clock
from variorum.revisions import describe_heritage, describe_prefix, finish, settle_config
from variorum.runs import Event, Outcome, Progress
from variorum.successors import Successor

_TALLY = "adding"
_NAMED = 5  # statements named in the tally of those held already and of versions
_VERSION = re.compile(r"@\d+$")


def add_statements(inputs: Sequence[str | Path], path: str | Path, settings: dict[str, Any], progress: Progress, *, strict: bool = False) -> Outcome:
    """Add the statements in some files to the corpus at `path`.

    Args:
        inputs: folders, files and patterns.
        path: the corpus.
        settings: settings of the reading that the new files need, laid over those of the corpus, and of the run; ``preset`` and other
            settings may be named where they are those of the corpus.
        progress: called with every `Event`.
        strict: whether the first failed source ends the adding.

    Returns:
        what came of it; `counts` also holds ``added``, ``held`` (held already and not added again), ``versions`` and ``copies``.

    Raises:
        UsageError: a setting is not that of the corpus, or its trace is not complete.
        CorpusError: there is no corpus, it is damaged, or another process writes to it.
        InputError: a source failed and the adding is strict.
        VariorumError: nothing could be read.
    """
    with Successor(path, memory_mb=1024) as work, folders.machine_errors(path):
        began = start_clock()
        config = settle_config(work.held, settings)
        for given in inputs:
            if folders.is_corpus(given):
                raise UsageError(f"{given} is a corpus, not statements; name the files it was made from")
        sign = sign_inputs(inputs, config.reading)
        before = work.held.read_table("provenance", ["input_hash"], "stage = 'witnesses'")["input_hash"][0].as_py()
        key = sha256(json.dumps(["add", before, sign, dataclasses.asdict(config.reading)]).encode()).hexdigest()
        folder = work.begin(key, _empty_stages, copy=True)
        newcomers = Newcomers(work.held, folder, config.reading)
        if not _is_read(folder, key):
            for n_witnesses in newcomers.read(inputs, strict=strict):
                progress(Event("witnesses", "advance", n_witnesses, text="statements"))
            if folder.count("witnesses") == newcomers.n_held:
                return _give_up(work, newcomers)
            _note_reading(folder, key)
        if strict:
            refuse_failures(newcomers.failures())
        n_held = newcomers.n_held
        outcome = run_later(folder, config, progress, describe_heritage(work.held, np.arange(n_held)), describe_prefix(work.held, n_held))
        counts = {**outcome.counts, **newcomers.sum_up()}
        row = describe_stage("add", config, began, counts["added"], sign, {name: counts[name] for name in ("added", "held", "versions", "copies")})
        failures = [row for row in newcomers.failures().to_pylist() if row["severity"] == "failed"]
        finish(folder, row)
        work.commit()
        return dataclasses.replace(outcome, path=work.path, counts=counts, failures=failures, exit_code=3 if failures else 0)


def _empty_stages(folder: CorpusFolder) -> None:
    """Take away what the stages after the reading had made of the statements held, and what an earlier adding had counted."""
    forget_stages(folder, STAGES[1].name)
    folder.set_state(_TALLY, None)


def _is_read(folder: CorpusFolder, key: str) -> bool:
    """Tell whether the new files have been read to the end."""
    return folder.read_table("provenance", ["input_hash"], "stage = 'witnesses'")["input_hash"].to_pylist() == [key]


def _note_reading(folder: CorpusFolder, key: str) -> None:
    """Note that the new files have been read: what depends on the witnesses depends on these too."""
    verify_witnesses(folder)
    row = folder.read_table("provenance", where="stage = 'witnesses'").to_pylist()[0]
    folder.record_provenance({**row, "input_hash": key, "n_rows": folder.count("witnesses")})


def _give_up(work: Successor, newcomers: Newcomers) -> Outcome:
    """Leave the corpus as it is: there was nothing to read, or all of it is held."""
    failures, counts = newcomers.failures().to_pylist(), newcomers.sum_up()
    if not counts["held"]:
        row = next(iter(failures), None)
        raise VariorumError("no statement could be read from the files to add" + (f" ({row['source']}: {row['problem']})" if row else ""))
    failed = [row for row in failures if row["severity"] == "failed"]
    n_witnesses = work.held.count("witnesses")
    work.discard()
    return Outcome(work.path, 3 if failed else 0, failed, {"witnesses": n_witnesses, **counts}, {})


class Newcomers:
    """Takes the statements of new files into the next state of a corpus, behind those held.

    Attributes:
        n_held: witnesses of the corpus as it is.
        tally: statements held already (`held`), later versions of some held (`versions`), and the first few of each by name.
    """

    def __init__(self, held: CorpusFolder, folder: CorpusFolder, config: ReadingConfig) -> None:
        """Take the corpus as it is and its next state, which may hold what an interrupted run has read."""
        self._folder, self._config = folder, config
        sigla = held.read_table("witnesses", ["siglum"])["siglum"].to_pylist()
        self.n_held = len(sigla)
        self._held = dict(zip(sigla, range(len(sigla)), strict=True))
        self._sources = set(held.read_table("sources", ["source"])["source"].to_pylist())
        self._n_failures = held.count("failures")
        self.tally: dict[str, Any] = json.loads(folder.get_state(_TALLY) or '{"held": 0, "versions": 0, "held_named": [], "versions_named": []}')

    def read(self, inputs: Sequence[str | Path], *, strict: bool) -> Iterator[int]:
        """Read the inputs, and yield the number of witnesses after each chunk is committed; what an interrupted run had read is passed over.

        Raises:
            InputError: a source failed and the reading is strict.
        """
        from variorum.reading.statements import read_statements

        folder = self._folder
        done = self._drop_unfinished()
        sigla = folder.read_table("witnesses", ["siglum"])["siglum"].to_pylist()
        self._sigla = dict(zip(sigla, range(len(sigla)), strict=True))
        taken = [self._wanted(siglum) for siglum in sigla[self.n_held :]]
        self._n_dropped: Counter[str] = Counter()
        with folder.storing_texts():
            for chunk in read_statements(inputs, self._config, done=done, taken_sigla=taken):
                self._commit(chunk)
                if strict:
                    refuse_failures(chunk.failures)
                yield len(self._sigla)
        # A file that was read before and holds nothing new needs no second row.
        again = [source for source in self._new_sources() if self._path(source) != source]
        with folder.transaction():
            folder.delete_rows("sources", f"state = 'held' AND source IN ({', '.join(map(_quote, again))})" if again else "false")

    def failures(self) -> pa.Table:
        """Return the FAILURES of the new files."""
        return self._folder.read_table("failures").slice(self._n_failures)

    def sum_up(self) -> dict[str, Any]:
        """Return how many statements were added, how many were held already, are later versions, and are exact copies of one held."""
        n_copies = self._folder.count("foldings", f"witness >= {self.n_held} AND copy_of < {self.n_held}")
        return {"added": self._folder.count("witnesses") - self.n_held, "copies": n_copies, **self.tally}

    def _drop_unfinished(self) -> set[str]:
        """Delete what a killed run had read of a source that it did not finish; return the files it had finished."""
        folder = self._folder
        with folder.transaction():
            finished = set(folder.read_table("sources", ["source"])["source"].to_pylist())
            failures = folder.read_table("failures")
            kept = [row < self._n_failures or source in finished for row, source in enumerate(failures["source"].to_pylist())]
            folder.delete_rows("failures")
            folder.append_table("failures", failures.filter(pa.array(kept, pa.bool_())))
            folder.delete_rows("witnesses", f"witness >= {self.n_held} AND source NOT IN (SELECT source FROM sources)")
        return {self._path(source) for source in finished - self._sources}

    def _new_sources(self) -> list[str]:
        return sorted(set(self._folder.read_table("sources", ["source"])["source"].to_pylist()) - self._sources)

    def _commit(self, chunk: Any) -> None:
        """Write what is new of a chunk, as a whole."""
        witnesses = chunk.witnesses
        texts = self._read_held(witnesses["siglum"].to_pylist())
        kept, sigla = [], []
        for row, (wanted, text, source) in enumerate(zip(*(witnesses[name].to_pylist() for name in ("siglum", "text", "source")), strict=True)):
            siglum = self._admit(wanted, text, texts)
            if siglum is None:
                self._n_dropped[source] += 1
                continue
            kept.append(row)
            sigla.append(siglum)
        first = len(self._sigla) - len(sigla)
        witnesses = witnesses.take(pa.array(kept, pa.int64()))
        witnesses = _replace(witnesses, "witness", pa.array(np.arange(first, first + len(kept)), pa.int32()))
        witnesses = _replace(witnesses, "siglum", pa.array(sigla, pa.string()))
        with self._folder.transaction():
            self._folder.append_table("witnesses", self._rename(witnesses))
            self._folder.append_table("failures", self._rename(chunk.failures))
            self._folder.append_table("sources", self._rename(self._count(chunk.sources)))
            self._folder.set_state(_TALLY, json.dumps(self.tally))

    def _read_held(self, wanted: list[str]) -> dict[int, str]:
        """Return the texts of all witnesses of the given sigla and of their later versions."""
        numbers = [self._sigla[version] for siglum in set(wanted) for version in self._versions(siglum)]
        return self._folder.read_texts(numbers)

    def _versions(self, siglum: str) -> Iterator[str]:
        """Yield the siglum where it is held, and those of its later versions."""
        if siglum not in self._held:
            return
        number, version = 1, siglum
        while version in self._sigla:
            yield version
            number += 1
            version = f"{siglum}@{number}"

    def _admit(self, wanted: str, text: str, texts: dict[int, str]) -> str | None:
        """Return the siglum of a new statement; None where its text is held under it already."""
        versions = list(self._versions(wanted))
        same = next((version for version in versions if texts.get(self._sigla[version]) == text), None)
        if same is not None:
            self._note("held", same)
            return None
        siglum = f"{wanted}@{len(versions) + 1}" if versions else wanted
        while siglum in self._sigla:  # a file may be called so
            siglum += "@2"
        if versions:
            self._note("versions", siglum)
        texts[len(self._sigla)] = text
        self._sigla[siglum] = len(self._sigla)
        return siglum

    def _note(self, what: str, siglum: str) -> None:
        self.tally[what] += 1
        if len(self.tally[f"{what}_named"]) < _NAMED:
            self.tally[f"{what}_named"].append(siglum)

    def _wanted(self, siglum: str) -> str:
        """Return the siglum that a new statement had before it was found to be a later version."""
        base = _VERSION.sub("", siglum)
        return base if base in self._held else siglum

    def _count(self, sources: pa.Table) -> pa.Table:
        """Return SOURCES with the witnesses that were added from each; `held` where there was none but all are held."""
        rows = sources.to_pylist()
        for row in rows:
            n_dropped = self._n_dropped.pop(row["source"], 0)
            row["n_witnesses"] -= n_dropped
            if n_dropped and not row["n_witnesses"] and row["state"] == "read":
                row["state"] = "held"
        return pa.Table.from_pylist(rows, schema=sources.schema)

    def _rename(self, table: pa.Table) -> pa.Table:
        """Return a table in which files of a path that was read before are told apart."""
        return _replace(table, "source", pa.array([self._tell_apart(source) for source in table["source"].to_pylist()], pa.string()))

    def _tell_apart(self, source: str) -> str:
        number, name = 1, source
        while name in self._sources:
            number += 1
            name = f"{source}@{number}"
        return name

    def _path(self, source: str) -> str:
        """Return the path of a new source."""
        base = _VERSION.sub("", source)
        return base if base != source and self._tell_apart(base) == source else source


def _replace(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), table.schema.field(name), values)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
