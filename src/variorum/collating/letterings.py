"""Letters laid beside their template, to tables: LETTERS, SEGMENTS, RESIDUES, RESIDUE_GROUPS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.collating.groupings import MIN_WORDS
from variorum.collating.members import Member
from variorum.collating.residues import ADDED, CHANGED, DROPPED, KINDS, MARKS, Collector
from variorum.collating.slots import SLOT, Places, Segment, show_words
from variorum.collating.templating import MIN_HELD, Comparer, Consensus
from variorum.schema import TABLES, check_table, verify_table
from variorum.tokens import split_tokens


@dataclass(frozen=True)
class Lettering:
    """The tables of a family of form letters."""

    letters: pa.Table
    segments: pa.Table
    residues: pa.Table
    groups: pa.Table


def compare_letters(consensus: Consensus, batches: Iterator[Sequence[Member]]) -> Lettering:
    """Lay every letter beside the template, batch by batch; only what is left over is kept."""
    comparer, collector = Comparer(consensus), Collector(consensus)
    rows: list[dict[str, Any]] = []
    for batch in batches:
        tokens = [split_tokens(m.text, m.start, m.end) for m in batch]
        for member, letter, found in zip(batch, tokens, comparer.compare(tokens), strict=True):
            n_held = int(found.held.sum())
            related = found.share >= MIN_HELD
            if related:
                collector.add(len(rows), letter, found)
            rows.append({"member": len(rows), "siglum": member.siglum, "witness": member.witness, "date": member.date, "series": member.series, "n_tokens": len(letter.keys), "n_held": n_held,
                         "n_residue": len(letter.keys) - n_held, "n_moved": found.n_moved, "similarity": min(1.0, found.share), "related": related})  # fmt: skip
    n_related = sum(row["related"] for row in rows)
    segments = Places(consensus, collector, n_related).find_segments()
    residues, groups = _write_residues(consensus, collector, segments)
    return Lettering(_passed("letters", pa.Table.from_pylist(rows, schema=TABLES["letters"].schema)), _write_segments(consensus, segments), residues, groups)


def _write_segments(consensus: Consensus, segments: list[Segment]) -> pa.Table:
    """Return the table `segments`."""
    rows = []
    for number, s in enumerate(segments):
        text, member, start, end = show_words(consensus, s.first, s.last)
        rows.append({"segment": number, "kind": s.kind, "first": s.first, "last": s.last, "text": text, "member": member, "start": start, "end": end, "n_letters": s.n_letters,
                     "n_fillings": s.n_fillings, "filled_with": s.filled_with, "fillings": s.fillings})  # fmt: skip
    return _passed("segments", pa.Table.from_pylist(rows, schema=TABLES["segments"].schema))


def _find_slots(first: np.ndarray, last: np.ndarray, segments: list[Segment]) -> np.ndarray:
    """Return for each residue the slot it fills, -1 where none: the first that it touches."""
    slot = np.full(len(first), -1, np.int64)
    for number, segment in reversed(list(enumerate(segments))):
        if segment.kind == SLOT:
            slot[(first <= segment.last) & (last >= segment.first)] = number
    return slot


def _write_residues(consensus: Consensus, collector: Collector, segments: list[Segment]) -> tuple[pa.Table, pa.Table]:
    """Return the tables `residues` and `residue_groups`."""
    found = collector.residues
    kind, first, last, key, member = (np.array(values, np.int64) for values in (found.kind, found.first, found.last, found.key, found.member))
    start, end = np.array(found.start, np.int64), np.array(found.end, np.int64)
    slot = _find_slots(first, last, segments)
    slot[(kind == DROPPED) | (kind == MARKS)] = -1
    leader = collector.group()[key] if len(key) else key
    groups, rank = _write_groups(consensus, collector, leader, slot)
    part = np.where((first == 0) & (last == 0), 0, np.where((first == len(consensus.keys)) & (last == len(consensus.keys)), 2, 1))
    order = np.lexsort((end, start, member))
    table = {
        "member": member,
        "start": start,
        "end": end,
        "n_tokens": np.array(found.n_tokens, np.int64),
        "kind": np.array(KINDS, object)[kind],
        "part": np.array(["before", "inside", "after"], object)[part],
        "first": first,
        "last": last,
        "slot": slot,
        "group": rank[leader] if len(leader) else leader,
    }
    columns = {name: pa.array(values[order], mask=(values[order] < 0) if name == "slot" else None) for name, values in table.items()}
    return _passed("residues", pa.table({f.name: columns[f.name].cast(f.type) for f in TABLES["residues"].schema})), groups


def _write_groups(consensus: Consensus, collector: Collector, leader: np.ndarray, slot: np.ndarray) -> tuple[pa.Table, np.ndarray]:
    """Return the table `residue_groups`, and by key that leads a group the group's number (int64)."""
    n = len(collector.words)
    found = collector.residues
    key, member, first, last = (np.array(values, np.int64) for values in (found.key, found.member, found.first, found.last))
    n_residues = np.bincount(leader, minlength=n)
    in_slot = 2 * np.bincount(leader, weights=slot >= 0, minlength=n) >= np.maximum(1, n_residues)
    n_letters = np.bincount(np.unique(np.stack([leader, member]), axis=1)[0], minlength=n) if len(leader) else n_residues
    n_wordings = np.bincount(np.unique(np.stack([leader, key]), axis=1)[0], minlength=n) if len(leader) else n_residues
    kinds = np.full(n, MARKS)
    np.minimum.at(kinds, leader, np.array(found.kind, np.int64))
    example = np.zeros(n, np.int64)
    for_first = np.lexsort((last, first))[::-1]  # what is shown must not depend on the order of letters
    example[leader[for_first]] = for_first
    rows = []
    for k in np.flatnonzero(n_residues).tolist():
        words, at = collector.words[k], int(example[k])
        said = show_words(consensus, int(first[at]), int(last[at]))[0] if kinds[k] in (CHANGED, DROPPED) else ""
        dropped = kinds[k] == DROPPED
        weight = sum(consensus.gains.get(word, consensus.most) for word in (set(words) if not dropped else {*consensus.keys[first[at] : last[at]]}))
        rows.append({"group": k, "kind": KINDS[kinds[k]], "text": said if dropped else collector.shown[k], "replaces": said if kinds[k] == CHANGED else None, "n_letters": int(n_letters[k]),
                     "n_residues": int(n_residues[k]), "n_wordings": int(n_wordings[k]), "n_words": len(words), "weight": weight, "in_slot": bool(in_slot[k])})  # fmt: skip
    rows.sort(key=lambda r: (_class_of(r), -r["weight"], r["text"], r["replaces"] or "", -r["n_letters"]))
    rank = np.zeros(n, np.int64)
    for number, row in enumerate(rows):
        rank[row["group"]], row["group"] = number, number
    return _passed("residue_groups", pa.Table.from_pylist(rows, schema=TABLES["residue_groups"].schema)), rank


def _class_of(row: dict[str, Any]) -> int:
    """Return the class in which a group is ranked: what says most to a reader of thousands of letters first."""
    kind = KINDS.index(row["kind"])
    if kind in (ADDED, CHANGED) and row["n_words"] >= MIN_WORDS:
        return 0
    if row["in_slot"]:
        return 4
    return {ADDED: 1, CHANGED: 2, DROPPED: 3, MARKS: 5}[kind]


def _passed(name: str, table: pa.Table) -> pa.Table:
    return verify_table(name, check_table(name, table))
