"""Collations from Python: of files, of texts, of a family of a corpus.

    import variorum

    collation = variorum.collate(["a.txt", "b.txt", "c.txt"])
    collation.loci.to_pandas()
    collation.apparatus()
    collation.with_base("b")

What is collated does not depend on the order of input; the order of the loci is that of the base.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.changes import filter_changes, write_changes
from variorum.collating.apparatus import Apparatus, collate_members
from variorum.collating.cells import Cells
from variorum.collating.members import Member, make_passages, whole_text
from variorum.collating.wrappers import write_wrappers
from variorum.config import ReadingConfig
from variorum.corpus import CorpusFolder
from variorum.errors import InputError, UsageError
from variorum.exporting.contexts import cut_middle
from variorum.frames import TableView
from variorum.marks import recognise
from variorum.schema import TABLES, check_table, verify_table

Rows = list[dict[str, Any]]

_RANK_DIGITS = 9
"""Digits of the longest rank; what has more can only be an id."""
_MAX_NAME = 255
"""Characters that the name of a file or folder has at most."""


class Collation:
    """Versions side by side, in the order of one of them, the base.

    Attributes:
        failures: rows of the table `failures`: files that could not be read and are not in it.
    """

    def __init__(self, apparatus: Apparatus, failures: Rows | None = None) -> None:
        """Take the apparatus; `collate` makes one."""
        self._apparatus = apparatus
        self.failures = failures or []

    @property
    def layout(self) -> Apparatus:
        """What the tables are written from: the members laid out in the order of the base."""
        return self._apparatus

    @property
    def base(self) -> str:
        """The siglum of the base."""
        return self.sigla[self._apparatus.base]

    @property
    def sigla(self) -> list[str]:
        """The sigla of the members, in the order of input."""
        return [m.siglum for m in self._apparatus.alignment.members]

    @property
    def members(self) -> TableView:
        """The texts and passages that were given, and which of them are collated."""
        return self._view("members", self._apparatus.members)

    @property
    def tokens(self) -> TableView:
        """Every word and mark, with its column."""
        return self._view("tokens", self._apparatus.tokens)

    @property
    def loci(self) -> TableView:
        """The loci, in the order of the base."""
        return self._view("loci", self._apparatus.loci)

    @property
    def readings(self) -> TableView:
        """What each member has at each locus."""
        return self._view("readings", self._apparatus.readings)

    @property
    def blocks(self) -> TableView:
        """The moved blocks."""
        return self._view("blocks", self._apparatus.blocks)

    @property
    def wrappers(self) -> TableView:
        """What stands before, after and inside the carried text of each member and in no other."""
        return self._view("wrappers", self._wrappers)

    @cached_property
    def _wrappers(self) -> pa.Table:
        table = write_wrappers(self._apparatus.alignment.members, self._apparatus.members, self._apparatus.loci, self._apparatus.readings)
        return verify_table("wrappers", check_table("wrappers", table))

    def changes(self, kinds: Sequence[str] | None = None) -> TableView:
        """Return what each member changed of the base, what alters meaning first; only of the kinds, or with the aspects, named, where given."""
        table = self._changes
        if kinds is not None:
            table = filter_changes(table, kinds)
        return self._view("changes", table)

    @cached_property
    def _changes(self) -> pa.Table:
        texts = [m.text for m in self._apparatus.alignment.members]
        return write_changes(self._apparatus.readings, self._apparatus.blocks, texts, self._apparatus.base, recognise)

    def text(self, member: int | str) -> str:
        """Return the whole text of a member's witness; all places count its characters."""
        return self._apparatus.text(member)

    def with_base(self, member: int | str) -> Collation:
        """Return the same collation in the order of another member, named by its siglum or its number in `members`."""
        return Collation(self._apparatus.with_base(member), self.failures)

    def apparatus(self, *, all_loci: bool = False, limit: int | None = None) -> Rows:
        """Return the loci at which the members differ, or all, each with its readings in words; at most `limit` of them.

        A row: ``locus``, ``moved`` (some member has it in another place), ``missing`` (sigla that do not cover it) and ``readings``,
        the base's first: ``reading, text, omitted, members`` (sigla), ``spans`` (siglum -> start and end in its text).
        """
        return list(self.stream_apparatus(all_loci=all_loci, limit=limit))

    def stream_apparatus(self, *, all_loci: bool = False, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of `apparatus` one by one: those of hundreds of versions are large."""
        loci = self._apparatus.loci
        wanted = np.arange(len(loci)) if all_loci else np.flatnonzero(loci["n_readings"].to_numpy() > 1)
        moved = loci["moved"].to_pylist()
        for locus in wanted[:limit].tolist():
            yield self._describe_locus(locus, moved=moved[locus])

    def _describe_locus(self, locus: int, *, moved: bool) -> dict[str, Any]:
        """Return one row of `apparatus`."""
        cells, order = self._cells
        members = self._apparatus.alignment.members
        readings: dict[int, dict[str, Any]] = {}
        missing = []
        for member, reading, start, end in cells.list_row(locus, order):
            siglum = members[member].siglum
            if reading < 0:
                missing.append(siglum)
                continue
            if reading not in readings:
                readings[reading] = {"reading": reading, "text": members[member].text[start:end], "omitted": start == end, "members": [], "spans": {}}
            readings[reading]["members"].append(siglum)
            readings[reading]["spans"][siglum] = [start, end]
        return {"locus": locus, "moved": moved, "readings": [readings[n] for n in sorted(readings)], "missing": missing}

    @cached_property
    def _cells(self) -> tuple[Cells, list[int]]:
        """The readings by locus and member, and the members that are collated in the order in which readings are counted."""
        cells = Cells(self._apparatus.readings)
        return cells, sorted(cells.members, key=self._apparatus.reading_order.__getitem__)

    def three_way(self, a: int | str, b: int | str) -> Rows:
        """Return who changed what: the loci at which members `a` and `b` do not both have the reading of the base.

        A row: ``locus``, ``changed`` (`a`, `b`, `both alike` or `both differently`), and ``base``, ``a`` and ``b``: each the text
        there, None where the member does not cover the locus.
        """
        table = self._apparatus.readings
        numbers = [self._apparatus.base, self._apparatus.find_member(a), self._apparatus.find_member(b)]
        if len(set(numbers)) < 3:
            raise UsageError(f"a three-way view needs three members; the base is {self.base}")
        sides = [table.filter(pc.equal(table["member"], n)).to_pylist() for n in numbers]
        for number, side in zip(numbers, sides, strict=True):
            if not side:
                raise UsageError(f"{self.sigla[number]} shares too little with the others and is not collated")
        texts = [self._apparatus.alignment.members[n].text for n in numbers]
        rows = []
        for three in zip(*sides, strict=True):
            base, one, two = (r["reading"] for r in three)
            changed_a, changed_b = one not in (base, None), two not in (base, None)
            if not changed_a and not changed_b:
                continue
            kind = "both alike" if one == two else "both differently" if changed_a and changed_b else "a" if changed_a else "b"
            shown = [None if r["reading"] is None else text[r["start"] : r["ink_end"]] for r, text in zip(three, texts, strict=True)]
            rows.append({"locus": three[0]["locus"], "changed": kind, "base": shown[0], "a": shown[1], "b": shown[2]})
        return rows

    def contexts(self, n_words: int = 4) -> dict[int, tuple[str, str]]:
        """Return by locus the words of the base before and after it, as many as asked for."""
        part = self._apparatus.readings.filter(pc.equal(self._apparatus.readings["member"], self._apparatus.base))
        text = self._apparatus.alignment.members[self._apparatus.base].text
        reach = 24 * n_words
        found = {}
        for locus, start, end in zip(*(part[name].to_pylist() for name in ("locus", "start", "ink_end")), strict=True):
            before, after = text[max(0, start - reach) : start].split(), text[end : end + reach].split()
            found[locus] = (" ".join(before[-n_words:]), " ".join(after[:n_words]))
        return found

    def to_collatex(self, *, vertical: bool = False) -> dict[str, Any]:
        """Return the collation as CollateX's JSON: ``witnesses`` and ``table``, a row a witness, a cell a column of the alignment; turned where `vertical`."""
        from variorum.exporting.collatex import write_collatex

        return write_collatex(self._apparatus, vertical=vertical)

    def to_tei(self) -> str:
        """Return the collation as TEI P5, parallel segmentation; `variorum.exporting.tei.read_tei` reads it back."""
        return "".join(self.stream("tei"))

    def to_graphml(self) -> str:
        """Return the variant graph as GraphML."""
        return "".join(self.stream("graphml"))

    def to_nexus(self) -> str:
        """Return the readings at the loci that vary as NEXUS."""
        return "".join(self.stream("nexus"))

    def to_phylip(self) -> str:
        """Return the readings at the loci that vary as relaxed Phylip."""
        return "".join(self.stream("phylip"))

    def to_distances(self) -> str:
        """Return as CSV the share of the varied loci at which two members differ."""
        return "".join(self.stream("distances"))

    def to_csv(self) -> str:
        """Return the alignment as CSV, a row a locus, a column a member."""
        return "".join(self.stream("csv"))

    def to_html(self) -> str:
        """Return the collation as one HTML file: changes first, the versions side by side, the apparatus."""
        return "".join(self.stream("html"))

    def stream(self, form: str) -> Iterator[str]:
        """Yield the collation piece by piece as `collatex`, `collatex-vertical`, `tei`, `graphml`, `nexus`, `phylip`, `distances`, `csv` or `html`."""
        from variorum.exporting.exchanges import stream_collation

        return stream_collation(self._apparatus, form)

    def to_dict(self, limit: int | None = None) -> dict[str, Any]:
        """Return members, apparatus (at most `limit` loci; ``n_varied`` says how many there are), blocks and wrappers as plain data."""
        return {
            "base": self.base,
            "members": self.members.to_pylist(),
            "n_varied": int(pc.sum(pc.greater(self._apparatus.loci["n_readings"], 1)).as_py() or 0),
            "loci": self.apparatus(limit=limit),
            "blocks": self.blocks.to_pylist(),
            "wrappers": [{**row, "siglum": self.sigla[row["member"]], "text": self.text(row["member"])[row["start"] : row["end"]]} for row in self.wrappers.to_pylist()],
        }

    def __repr__(self) -> str:
        """Say how many versions there are and at how many loci they differ."""
        varied = int(pc.sum(pc.greater(self._apparatus.loci["n_readings"], 1)).as_py() or 0)
        return f"<Collation of {len(self.sigla)} members, base {self.base!r}: {varied:,} of {len(self._apparatus.loci):,} loci vary>"

    @staticmethod
    def _view(name: str, table: pa.Table) -> TableView:
        return TableView.of(name, table, TABLES[name].doc)


def collate(inputs: Mapping[str, str] | Sequence[str | Path], base: str | None = None) -> Collation:
    """Collate texts or files.

    Args:
        inputs: texts by siglum; or files of any readable format, one or more texts each, CollateX's JSON of witnesses among them.
        base: siglum of the text whose order the loci follow; the earliest by date, or the first, where None.

    Raises:
        UsageError: fewer than two texts, or texts that share too little to be versions of one.
    """
    members, failures = read_inputs(inputs)
    return Collation(collate_members(members, base), failures)


def read_inputs(inputs: Mapping[str, str] | Sequence[str | Path]) -> tuple[list[Member], Rows]:
    """Return the texts given by siglum or as files, and what could not be read; InputError where that leaves fewer than two texts."""
    if isinstance(inputs, Mapping):
        return [whole_text(siglum, text) for siglum, text in inputs.items()], []
    members: list[Member] = []
    failures: Rows = []
    for item in [inputs] if isinstance(inputs, str | Path) else inputs:
        if isinstance(item, str) and _looks_like_text(item):
            raise UsageError(f"{cut_middle(item, 40)!r} is a text, and a list names files; give texts by siglum: {{'A': '...', 'B': '...'}}")
        found, problems = _read_members(Path(item))
        members += found
        failures += problems
    if len(members) < 2 and failures:
        raise InputError(failures[0]["source"], failures[0]["problem"], failures[0]["advice"], failures[0]["place"])
    return members, failures


def _looks_like_text(item: str) -> bool:
    """Tell whether what should name a file is a text: it has several lines, is longer than a name may be, or is a sentence and no file is named so."""
    return "\n" in item or max(map(len, re.split(r"[/\\]", item))) > _MAX_NAME or (" " in item and item.rstrip()[-1:] in (".", "!", "?") and not Path(item).exists())


def find_family(folder: CorpusFolder, family: str) -> str:
    """Return the id of the family that a rank, an id or the beginning of one names; UsageError where there is none, or more than one."""
    by_rank = folder.query("SELECT family FROM families WHERE rank = ?", [int(family)]) if family.isdecimal() and len(family) <= _RANK_DIGITS else None
    if by_rank is not None and by_rank.num_rows:
        return by_rank["family"][0].as_py()
    ids = folder.query("SELECT family FROM families WHERE starts_with(family, ?) ORDER BY family LIMIT 2", [family])["family"].to_pylist() if family else []
    if ids and (len(ids) == 1 or ids[0] == family):  # a whole id may be the beginning of a longer one
        return ids[0]
    if ids:
        raise UsageError(f"'{family}' begins more than one family: {ids[0]}, {ids[1]} ...; give more of it")
    raise UsageError(f"no family '{family}' in {folder.path}; they are listed by: variorum show {folder.path}")


def collate_family(folder: CorpusFolder, family: str, base: int | str | None) -> Collation:
    """Collate the passages of the family that a rank or the beginning of an id names."""
    return _collate(list_passages(folder, find_family(folder, family))[1], base)


def list_passages(folder: CorpusFolder, family: str) -> tuple[Rows, list[Member]]:
    """Return the passages of a family in their order: rows of PASSAGES with what WITNESSES says of each, and the members of its collation."""
    sql = (
        "SELECT p.passage, p.witness, p.start, p.\"end\", w.siglum, w.series, w.date, w.date_basis, w.not_before_at FROM passages p JOIN witnesses w USING (witness)"
        " WHERE p.family = ? ORDER BY p.position"
    )
    rows = folder.query(sql, [family]).to_pylist()
    return rows, make_passages(rows, folder.read_texts([row["witness"] for row in rows]))


def collate_witnesses(folder: CorpusFolder, witnesses: Sequence[int], base: int | str | None) -> Collation:
    """Collate whole witnesses."""
    rows = folder.query(
        "SELECT witness, siglum, series, date, date_basis, not_before_at FROM witnesses"
        " WHERE witness IN (SELECT unnest(?::INTEGER[])) ORDER BY witness",
        [list(witnesses)],
    ).to_pylist()
    by_number = {row["witness"]: row for row in rows}
    texts = folder.read_texts(list(by_number))
    members = []
    for witness in dict.fromkeys(witnesses):
        row = by_number[witness]
        date, whole = row["not_before_at"], whole_text(row["siglum"], texts[witness])
        order = (date is None, date.timestamp() if date else 0.0)
        members.append(Member(whole.siglum, whole.text, whole.start, whole.end, None, witness, None, row["date"], row["series"], order, row["date_basis"]))
    return _collate(members, base)


def _collate(members: list[Member], base: int | str | None) -> Collation:
    """Collate members of a corpus; a base given as a number is that of a witness."""
    if isinstance(base, int):
        found = [number for number, member in enumerate(members) if member.witness == base]
        if not found:
            raise UsageError(f"witness {base} is not among the members, so it cannot be the base")
        base = found[0]
    return Collation(collate_members(members, base))


def _read_members(path: Path) -> tuple[list[Member], Rows]:
    """Return the texts of a file, and what could not be read."""
    from variorum.exporting.collatex import read_collatex
    from variorum.exporting.tei import read_tei_members
    from variorum.reading.statements import read_statements

    if path.suffix.lower() == ".json" and (given := read_collatex(path)) is not None:
        return given, []
    if path.suffix.lower() in {".xml", ".tei"} and (given := read_tei_members(path)) is not None:
        return given, []
    members, failures = [], list[dict[str, Any]]()
    for chunk in read_statements([path], ReadingConfig()):
        failures += [row for row in chunk.failures.to_pylist() if row["severity"] == "failed"]
        for row in chunk.witnesses.to_pylist():
            date = row["not_before_at"]
            whole = whole_text(row["siglum"], row["text"])
            order = (date is None, date.timestamp() if date else 0.0)
            members.append(Member(whole.siglum, whole.text, whole.start, whole.end, None, None, None, row["date"], row["series"], order, row["date_basis"]))
    if not members and not failures:
        members = [whole_text(path.stem, "")] if path.is_file() else []
        if not members:
            failures = [{"source": str(path), "place": None, "problem": "there is no text in it", "advice": "", "severity": "failed"}]
    return members, failures
