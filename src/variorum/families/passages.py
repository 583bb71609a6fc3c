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
    times = np.array([1 + len(known.copies.get(int(w), ())) for w in members.text], np.int64)
    row = np.repeat(np.arange(len(times)), times)
    witness = np.array([w for text in members.text for w in (int(text), *known.copies.get(int(text), ()))], np.int64)
    start, end = store.locate_places(witness, members.start[row], members.end[row])
    n_letters = (members.end - members.start)[row]
    return Passages(members.family[row], witness, members.text[row], start, end, n_letters, members.n_spans[row], members.reworked[row])


def tabulate_passages(rows: Passages, names: np.ndarray, known: Witnesses) -> pa.Table:
    """Return the PASSAGES table; `names` holds the id of each family."""
    ids = name_passages(rows.witness, rows.start, rows.end, known)
    name = names[rows.family].astype(str)
    order = np.lexsort((rows.start, known.place[rows.witness], name))
    family = name[order]
    fresh = np.concatenate([[True], family[1:] != family[:-1]]) if len(order) else np.zeros(0, bool)
    first = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    copied = rows.witness != rows.matched
    columns = {
        "passage": pa.array([ids[i] for i in order], pa.string()),
        "family": pa.array(family.tolist(), pa.string()),
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
