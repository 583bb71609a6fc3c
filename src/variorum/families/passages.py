"""The rows of PASSAGES: the members of families, and their exact copies at places of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from variorum.families.groups import Members
from variorum.families.names import name_passages
from variorum.families.witnesses import Witnesses
from variorum.letters import LetterStore
from variorum.schema import REWORKED_KINDS


@dataclass(frozen=True)
class Passages:
    """Passages in code points, exact copies included, sorted by family; `matched` is the witness that was matched."""

    family: np.ndarray
    witness: np.ndarray
    matched: np.ndarray
    start: np.ndarray
    end: np.ndarray
    n_letters: np.ndarray
    n_spans: np.ndarray
    reworked: np.ndarray


def expand_copies(members: Members, known: Witnesses, store: LetterStore) -> Passages:
    """Return the passages of all members and of their exact copies, each at its own place."""
    witness, row = known.expand(members.text)
    start, end = store.locate_places(witness, members.start[row], members.end[row])
    n_letters = (members.end - members.start)[row]
    return Passages(members.family[row], witness, members.text[row], start, end, n_letters, members.n_spans[row], members.reworked[row])


def tabulate_passages(rows: Passages, names: np.ndarray, known: Witnesses) -> pa.Table:
    """Return the PASSAGES table; `names` holds the id of each family."""
    rank = np.empty(len(names), np.int64)
    rank[np.argsort(names.astype(str))] = np.arange(len(names))
    order = np.lexsort((rows.start, known.place[rows.witness], rank[rows.family]))
    family = rows.family[order]
    fresh = np.diff(family, prepend=-1) != 0
    first = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    copied = rows.witness != rows.matched
    columns = {
        "passage": pa.array(name_passages(rows.witness, rows.start, rows.end, known)[order], pa.string()),
        "family": pa.array(names[family], pa.string()),
        "witness": pa.array(rows.witness[order], pa.int32()),
        "start": pa.array(rows.start[order], pa.int32()),
        "end": pa.array(rows.end[order], pa.int32()),
        "n_letters": pa.array(rows.n_letters[order], pa.int32()),
        "position": pa.array(np.arange(len(order)) - first, pa.int32()),
        "n_spans": pa.array(rows.n_spans[order], pa.int32()),
        "tie": pa.array(np.array([None, *REWORKED_KINDS], object)[rows.reworked[order]], pa.string()),
        "copy_of": pa.array(rows.matched[order], pa.int32(), mask=~copied[order]),
    }
    return pa.table(columns)
