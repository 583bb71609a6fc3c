"""Removing statements from a corpus: nothing is read again, and no file of the corpus holds their text any longer."""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from variorum import folders
from variorum.corpus import CorpusFolder
from variorum.errors import UsageError
from variorum.pipeline import describe_stage, run_later, start_clock
from variorum.revisions import describe_heritage, describe_prefix, finish, settle_config
from variorum.runs import Outcome, Progress
from variorum.successors import Successor


def remove_statements(sigla: Sequence[str], path: str | Path, settings: dict[str, Any], progress: Progress) -> Outcome:
    """Remove witnesses from the corpus at `path`; those left are numbered anew, in their order.

    Args:
        sigla: sigla of the witnesses.
        path: the corpus.
        settings: settings of the run.
        progress: called with every `Event`.

    Returns:
        what came of it; `counts` also holds ``removed``.

    Raises:
        UsageError: a siglum is not held, none is named, nothing would be left, or the trace is not complete.
        CorpusError: there is no corpus, it is damaged, or another process writes to it.
    """
    with Successor(path, memory_mb=1024) as work, folders.machine_errors(path):
        began = start_clock()
        config = settle_config(work.held, settings)
        kept = _choose(work.held, sigla)
        row = work.held.read_table("provenance", where="stage = 'witnesses'").to_pylist()[0]
        key = sha256(json.dumps(["remove", row["input_hash"], sorted(set(sigla))]).encode()).hexdigest()
        row = {**row, "input_hash": key, "n_rows": int(kept.sum())}
        folder = work.begin(key, lambda made: _copy_rows(work.held, made, kept, row), copy=False)
        numbers = np.where(kept, np.cumsum(kept) - 1, -1)
        outcome = run_later(folder, config, progress, describe_heritage(work.held, numbers), describe_prefix(work.held, int(np.argmin(kept))))
        counts = {**outcome.counts, "removed": int((~kept).sum())}
        finish(folder, describe_stage("remove", config, began, counts["removed"], key, {"removed": counts["removed"]}))
        work.commit()
        return dataclasses.replace(outcome, path=work.path, counts=counts, failures=[], exit_code=0)


def _choose(held: CorpusFolder, sigla: Sequence[str]) -> np.ndarray:
    """Return which witnesses are kept."""
    if not sigla:
        raise UsageError("nothing to remove; name the sigla of statements")
    all_sigla = held.read_table("witnesses", ["siglum"])["siglum"].to_pylist()
    unknown = sorted(set(sigla) - set(all_sigla))
    if unknown:
        near = difflib.get_close_matches(unknown[0], all_sigla[:100_000], n=1)
        more = f" and {len(unknown) - 1} more of those named" if len(unknown) > 1 else ""
        raise UsageError(f"no witness '{unknown[0]}'{more} in {held.path}{f' (did you mean {near[0]!r}?)' if near else ''}; nothing was removed")
    gone = set(sigla)
    kept = np.array([siglum not in gone for siglum in all_sigla], bool)
    if not kept.any():
        raise UsageError(f"nothing would be left of {held.path}; delete the folder instead")
    return kept


def _copy_rows(held: CorpusFolder, made: CorpusFolder, kept: np.ndarray, reading: dict[str, Any]) -> None:
    """Copy what is left: a database from which rows are only deleted would still hold their text in blocks that are free.

    `reading` is the new provenance row of the reading.
    """
    first = 0
    gone: dict[str, int] = {}
    with made.storing_texts():
        for batch in held.stream_table("witnesses"):
            left = kept[batch["witness"].to_numpy()]
            for source in batch["source"].filter(pa.array(~left)).to_pylist():
                gone[source] = gone.get(source, 0) + 1
            table = pa.Table.from_batches([batch]).filter(pa.array(left))
            numbers = pa.array(np.arange(first, first + len(table)), pa.int32())
            made.append_table("witnesses", table.set_column(0, table.schema.field(0), numbers))
            first += len(table)
    rows = [{**row, "n_witnesses": row["n_witnesses"] - gone.get(row["source"], 0)} for row in held.read_table("sources").to_pylist()]
    emptied = {row["source"] for row in rows if row["source"] in gone and not row["n_witnesses"]}
    sources = held.read_table("sources")
    made.append_table("sources", pa.Table.from_pylist([row for row in rows if row["source"] not in emptied], schema=sources.schema))
    failures = held.read_table("failures")
    made.append_table("failures", failures.filter(pa.array([source not in emptied for source in failures["source"].to_pylist()], pa.bool_())))
    for row in held.read_table("provenance", where="stage IN ('add', 'remove')").to_pylist():
        made.append_table("provenance", pa.Table.from_pylist([row]))
    made.record_provenance(reading)
    for state in ("reading", "revised"):
        made.set_state(state, held.get_state(state))
