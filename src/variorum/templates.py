"""Form letters from Python: the template of a family, its slots, and what each sender added.

    import variorum

    template = variorum.open("comments.variorum").template("1")
    print(template.outline())
    template.groups.to_pandas()

Works on two letters and on hundreds of thousands: texts are read in batches, and only what is not the template is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any

from variorum.collating.letterings import Lettering, compare_letters
from variorum.collating.members import Member, name_apart, whole_text
from variorum.collating.slots import SLOT
from variorum.collating.templating import choose_sample, find_consensus
from variorum.collations import find_family, read_inputs
from variorum.corpus import CorpusFolder
from variorum.errors import UsageError
from variorum.frames import TableView
from variorum.schema import TABLES

BATCH = 2000
"""Letters whose texts are in memory at once."""

_BEFORE_MARK = re.compile(r" (?=[,.;:!?\u2026)\]\u3001\u3002](?:\s|$))")

Rows = list[dict[str, Any]]
Read = Callable[[Sequence[int]], list[Member]]


class Template:
    """The text that most of a family of form letters have in common, and what each has beside it.

    Attributes:
        failures: rows of the table `failures`: files that could not be read.
    """

    def __init__(self, n_letters: int, read: Read, failures: Rows | None = None) -> None:
        """Take the number of letters and how to read some of them by number; `find_template` makes one.

        Raises:
            UsageError: fewer than two letters, or letters that have no words in common.
        """
        if n_letters < 2:
            raise UsageError(f"a template needs two letters or more, not {n_letters}; name another")
        self.failures = failures or []
        self._n_letters, self._read = n_letters, read
        sample = choose_sample(member.text for batch in self._batches() for member in batch)
        consensus = find_consensus(sample, name_apart(read(sample)))
        if consensus is None:
            raise UsageError("no template: there is no word that more than half of these texts have; they are no form letters")
        self._tables: Lettering = compare_letters(consensus, self._batches())
        if sum(self._tables.letters["related"].to_pylist()) < 2:
            raise UsageError("no template: no two of these texts have enough in common; they are no form letters")

    def _batches(self) -> Iterator[list[Member]]:
        """Yield all letters, in order."""
        for first in range(0, self._n_letters, BATCH):
            yield self._read(range(first, min(first + BATCH, self._n_letters)))

    @property
    def letters(self) -> TableView:
        """The letters, and which of them are of the template."""
        return _view("letters", self._tables.letters)

    @property
    def segments(self) -> TableView:
        """The template, part by part: fixed words, optional words, slots."""
        return _view("segments", self._tables.segments)

    @property
    def residues(self) -> TableView:
        """What each letter has beside the template, sentence by sentence."""
        return _view("residues", self._tables.residues)

    @property
    def groups(self) -> TableView:
        """Equal and nearly equal residues in groups, the most telling first."""
        return _view("residue_groups", self._tables.groups)

    @cached_property
    def _sigla(self) -> list[str]:
        return self._tables.letters["siglum"].to_pylist()

    def outline(self) -> str:
        """Return the template as text: ``[1 name]`` is the first slot, ``[? ... ?]`` holds what many leave out."""
        pieces, number = [], 0
        for row in self._tables.segments.to_pylist():
            if row["kind"] == SLOT:
                number += 1
                pieces.append(f"[{number} {row['filled_with']}]")
            else:
                words = row["text"].strip()
                pieces.append(f"[? {words} ?]" if row["kind"] == "optional" else words)
        return _BEFORE_MARK.sub("", " ".join(pieces))

    def texts(self, groups: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the residues of some groups, or all, with what they say: rows of `residues` with ``siglum``, ``date``, ``series`` and ``text``."""
        by_member: dict[int, Rows] = defaultdict(list)
        wanted = None if groups is None else set(groups)
        for batch in self._tables.residues.to_batches():
            for row in batch.to_pylist():
                if wanted is None or row["group"] in wanted:
                    by_member[row["member"]].append(row)
        numbers = sorted(by_member)
        for first in range(0, len(numbers), BATCH):
            part = numbers[first : first + BATCH]
            for number, member in zip(part, self._read(part), strict=True):
                for row in by_member[number]:
                    yield {**row, "siglum": self._sigla[number], "date": member.date, "series": member.series, "text": member.text[row["start"] : row["end"]]}

    def to_dict(self) -> dict[str, Any]:
        """Return outline, letters, segments and groups as plain data, each group with its residues in full."""
        residues: dict[int, Rows] = defaultdict(list)
        for row in self.texts():
            residues[row["group"]].append({name: row[name] for name in ("member", "siglum", "date", "start", "end", "kind", "part", "slot", "text")})
        return {
            "template": self.outline(),
            "segments": self.segments.to_pylist(),
            "letters": self.letters.to_pylist(),
            "groups": [{**row, "residues": residues[row["group"]]} for row in self.groups.to_pylist()],
        }

    def stream_csv(self) -> Iterator[str]:
        """Yield a CSV of all residues, a row each with its group, letter, place and words; the most telling group first."""
        from variorum.exporting.letters import write_residues

        return write_residues(self)

    def __repr__(self) -> str:
        """Say how many letters there are, and what they added."""
        slots = self._tables.segments["kind"].to_pylist().count(SLOT)
        return f"<Template of {self._n_letters:,} letters: {slots} slots, {len(self._tables.groups):,} groups of residues>"


def _view(name: str, table: Any) -> TableView:
    return TableView.of(name, table, TABLES[name].doc)


def find_template(inputs: Mapping[str, str] | Sequence[str | Path]) -> Template:
    """Find the template of texts by siglum, or of files of any readable format.

    Raises:
        UsageError: fewer than two letters, or letters that have no words in common.
        InputError: a file cannot be read, and fewer than two letters are left.
    """
    members, failures = read_inputs(inputs)
    members = name_apart(members)
    return Template(len(members), lambda numbers: [members[n] for n in numbers], failures)


def find_family_template(open_folder: Callable[[], AbstractContextManager[CorpusFolder]], family: str) -> Template:
    """Find the template of the letters that hold the passages of a family; the letters are taken whole.

    `open_folder` opens the corpus; it is opened only while texts are read.
    """
    sql = "SELECT DISTINCT w.witness, w.siglum, w.date, w.series FROM passages p JOIN witnesses w USING (witness) WHERE p.family = ? ORDER BY w.witness"
    with open_folder() as folder:
        rows = folder.query(sql, [find_family(folder, family)]).to_pylist()

    def read(numbers: Sequence[int]) -> list[Member]:
        with open_folder() as folder:
            texts = folder.read_texts([rows[n]["witness"] for n in numbers])
        found = []
        for n in numbers:
            row = rows[n]
            whole = whole_text(row["siglum"], texts[row["witness"]])
            found.append(Member(whole.siglum, whole.text, whole.start, whole.end, None, row["witness"], None, row["date"], row["series"]))
        return found

    return Template(len(rows), read)
