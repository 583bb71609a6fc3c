"""Lineages from Python: who had a text first, who took it from whom, and how sure that is.

    import variorum

    lineage = variorum.lineage(["a.txt", "b.txt", "c.txt"], {"a": "2024-03-01", "b": "2024-03-04"})
    lineage.links.to_pandas()
    lineage.stemma.to_pandas()
    print(lineage.to_dot())
"""

from __future__ import annotations

import csv
import difflib
import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.collating.apparatus import Apparatus, collate_members
from variorum.collating.members import Member
from variorum.collations import Collation, collate
from variorum.errors import InputError, UsageError
from variorum.frames import TableView
from variorum.reading.csvs import find_delimiter
from variorum.reading.dates import UNDATED, Dating, read_date
from variorum.reading.encodings import decode
from variorum.reading.sigla import clean_label
from variorum.schema import TABLES, check_table, verify_table
from variorum.stemmas.datings import Datings
from variorum.stemmas.descents import Descent, find_descent
from variorum.stemmas.evidence import describe_evidence
from variorum.stemmas.namings import choose_names, find_naming
from variorum.stemmas.nodes import Namings, Numbering, describe_alternatives, describe_links, describe_second_sources
from variorum.stemmas.sentences import Sentences
from variorum.stemmas.texts import Texts

Rows = list[dict[str, Any]]
_DAY = 86400.0


class Lineage:
    """The tree of descent of the members of a collation, with its evidence.

    Attributes:
        collation: the collation it rests on; loci and places are those of its tables.
        failures: files that could not be read, as rows of the table `failures`.
        notes: what was wrong or doubtful with what was given, a line each.
    """

    def __init__(self, collation: Collation, dates: Mapping[str, object] | None = None, root: str | None = None) -> None:
        """Infer the lineage of a collation; `dates` by siglum (EDTF, or as people write them) go before those of the texts; `root`: see `lineage`."""
        self.failures = collation.failures
        alignment = collation.layout.alignment
        self.notes: list[str] = []
        self._dates, self._basis = self._read_dates(alignment.members, dates or {})
        self._apparatus = self._choose_base(collation.layout)
        self.collation = Collation(self._apparatus, collation.failures)
        self._members = np.array([m for m in self._apparatus.material.numbers.tolist() if len(alignment.words[m])], np.int64)
        if not len(self._members):
            raise UsageError("there are no words in any of the texts; a lineage needs two texts with words")
        self._numbering = Numbering(self._members, len(alignment.members))
        self._descent = self._find_descent(root)

    def _read_dates(self, members: Sequence[Member], given: Mapping[str, object]) -> tuple[list[Dating], list[str | None]]:
        """Return the date of every member and where it comes from; note what is not understood."""
        sigla = {m.siglum for m in members}
        for siglum in given:
            if siglum not in sigla:
                known = ", ".join(difflib.get_close_matches(siglum, sigla, 3, 0.5) or sorted(sigla)[:10])
                self.notes.append(f"a date is given for {siglum!r}, which is no member; there are {known}" if siglum else "a date is given without a siglum; name the text it is of")
        found: list[Dating] = []
        basis: list[str | None] = []
        for member in members:
            own = given.get(member.siglum)
            dating = read_date(own) if own is not None else read_date(member.date)
            if not dating.understood:
                told = f"the date given for {member.siglum}, {str(own)!r}," if own is not None else f"the date of {member.siglum}, {member.date!r},"
                self.notes.append(f"{told} is not understood; it counts as undated (write it as 2024-03-29, 2024-03 or 2024-03-01/2024-03-05)")
                dating = UNDATED
            found.append(dating)
            basis.append(None if dating.date is None else "given" if own is not None else member.date_basis)
        return found, basis

    def _choose_base(self, apparatus: Apparatus) -> Apparatus:
        """Return the collation in the order of the earliest member; of several, or where none is dated, of the longest: no matter the order of input."""
        alignment = apparatus.alignment
        usable = [m for m in np.flatnonzero(alignment.related).tolist() if len(alignment.words[m])] or [apparatus.base]

        def rank(member: int) -> tuple[object, ...]:
            at = self._dates[member].not_before_at
            words = alignment.words[member]
            return at is None, at.timestamp() if at else 0.0, -len(words), words.tobytes(), alignment.members[member].siglum

        return apparatus.with_base(min(usable, key=rank))

    def _find_descent(self, root: str | None) -> Descent:
        """Return the tree of the members that are collated and not empty."""
        alignment, apparatus = self._apparatus.alignment, self._apparatus
        dates = [self._dates[m] for m in self._members.tolist()]
        first = np.array([-np.inf if d.not_before_at is None else d.not_before_at.timestamp() / _DAY for d in dates])
        last = np.array([np.inf if d.not_after_at is None else d.not_after_at.timestamp() / _DAY for d in dates])
        zoned = np.array([_is_zoned(d.date) for d in dates], bool)
        keys = [(alignment.words[m].tobytes(), alignment.members[m].siglum) for m in self._members.tolist()]
        texts = [alignment.members[m].text for m in self._members.tolist()]
        kept = np.isin(apparatus.material.numbers, self._members)
        readings = apparatus.readings if kept.all() else apparatus.readings.filter(pa.array(np.tile(kept, len(apparatus.loci))))
        number = None if root is None else apparatus.find_member(root)
        if number is not None and number not in self._members:
            raise UsageError(f"{root} is no version of the others, so it cannot be their root")
        at = None if number is None else int(np.searchsorted(self._members, number))
        worded = [~alignment.lexicon.light[alignment.words[m]] for m in self._members.tolist()]
        spread = [[table[m][at] for m, at in zip(self._members.tolist(), worded, strict=True)] for table in (alignment.words, alignment.columns)]
        held = Texts.of(apparatus.loci, readings, texts, spread[0], spread[1])
        return find_descent((apparatus.loci, readings, apparatus.blocks), held, keys, Datings(first, last, zoned), at)

    @property
    def sigla(self) -> list[str]:
        """The sigla of the members, in the order of input: the first nodes of `stemma`."""
        return self.collation.sigla

    @property
    def stemma(self) -> TableView:
        """The nodes: every member once, and the lost sources."""
        return self._view("stemma", self._stemma)

    @property
    def links(self) -> TableView:
        """The links, one for each node that comes from another."""
        return self._view("links", self._links)

    @property
    def evidence(self) -> TableView:
        """What speaks for and against each link, in words and places."""
        return self._view("evidence", self._evidence)

    @property
    def alternatives(self) -> TableView:
        """Other parents that the nodes might have, and how much worse they are."""
        return self._view("alternatives", self._alternatives)

    @property
    def second_sources(self) -> TableView:
        """Stretches that members took from others than their parent."""
        return self._view("second_sources", self._second_sources)

    @cached_property
    def labels(self) -> list[str]:
        """The label of each node: sigla, then `lost 1` and so on."""
        taken = set(self.sigla)
        found = list(self.sigla)
        number = 0
        while len(found) < len(self.sigla) + len(self._descent.tree.parents) - self._descent.tree.n_held:
            number += 1
            label = f"lost {number}"
            if label not in taken:
                found.append(label)
        return found

    @cached_property
    def _link_rows(self) -> Rows:
        rows = describe_links(self._descent, self._numbering, self._namings)
        return [{**row, "words": self._sayings.tell_link(row)} for row in rows]

    @cached_property
    def _sayings(self) -> Sentences:
        return Sentences(self._descent, self._numbering, self._namings, self.labels)

    @cached_property
    def _namings(self) -> Namings:
        """By member that comes from another: where it names that one, or the publisher of the earliest copy; None where it does not."""
        members, tree = self._apparatus.alignment.members, self._descent.tree
        root = int(np.flatnonzero(tree.parents < 0)[0])
        first = members[self._members[self._descent.held[root]]].series if root < tree.n_held else None
        found: Namings = {}
        for parent, child in self._descent.pairs():
            source, taker = (members[self._members[m]] for m in (parent, child))
            names = choose_names([name for name in (source.siglum, source.series, first) if name != taker.series])
            if names:
                found[int(self._members[child])] = find_naming(self._descent.texts, parent, child, names)
        return found

    @property
    def summary(self) -> list[str]:
        """What is to be said of the whole, a sentence each: which texts have no order, and what that may mean."""
        return self._sayings.tell_whole()

    @cached_property
    def _links(self) -> pa.Table:
        return _passed("links", self._link_rows)

    @cached_property
    def _stemma(self) -> pa.Table:
        members = self._apparatus.alignment.members
        parent = {row["child"]: row["parent"] for row in self._link_rows}
        n = len(self.labels)
        depth, source = [0] * n, [-1] * n
        for node in range(n):
            at, steps = parent.get(node), 0
            while at is not None:
                steps += 1
                if source[node] < 0 and at < len(members):
                    source[node] = at
                at = parent.get(at)
            depth[node] = steps
        related = set(self._members.tolist())
        position = self._order_nodes()
        last = self._descent.tree.bounds()[1]
        rows = []
        for node, label in enumerate(self.labels):
            lost = node >= len(members)
            date = UNDATED if lost else self._dates[node]
            until = date.not_after_at if not lost else _moment(last[self._descent.tree.n_held + node - len(members)])
            rows.append({"node": node, "label": label, "lost": lost, "parent": parent.get(node), "source": None if source[node] < 0 else source[node], "date": date.date,
                         "not_before_at": date.not_before_at, "not_after_at": until, "date_basis": None if lost else self._basis[node], "series": None if lost else members[node].series,
                         "depth": depth[node], "position": position.get(node), "related": lost or node in related})  # fmt: skip
        return _passed("stemma", rows)

    def _order_nodes(self) -> dict[int, int]:
        """Return by node its place in the order in which the texts were made."""
        copies: dict[int, Rows] = {}
        for row in self._link_rows:
            if row["kind"] == "same text":
                copies.setdefault(row["parent"], []).append(row)
        found: dict[int, int] = {}
        place = 0
        for node in self._descent.tree.walk():
            number = self._numbering.number(self._descent, node)
            found[number] = place
            for row in sorted(copies.get(number, []), key=lambda r: (r["decided"], r["n_days"] or 0.0, r["child"])):
                place += row["decided"]
                found[row["child"]] = place
            place += 1
        return found

    @cached_property
    def _evidence(self) -> pa.Table:
        return _passed("evidence", describe_evidence(self._descent, self._numbering, self._link_rows, {m: self._tell_date(m) for m in range(len(self.sigla))}, self._namings))

    @cached_property
    def _alternatives(self) -> pa.Table:
        return _passed("alternatives", describe_alternatives(self._descent, self._numbering, dict(enumerate(self.labels))))

    @cached_property
    def _second_sources(self) -> pa.Table:
        return _passed("second_sources", describe_second_sources(self._descent, self._numbering, dict(enumerate(self.labels))))

    def _tell_date(self, member: int) -> str:
        """Return what is said of a member's date."""
        date, basis = self._dates[member].date, self._basis[member]
        if date is None:
            return f"{self.sigla[member]} is not dated"
        return f"{self.sigla[member]} is dated {date}" + (f" ({basis})" if basis else "")

    @property
    def tables(self) -> Mapping[str, Rows]:
        """The tables by name, as rows; each is made when it is first asked for."""
        return _Tables(self)

    def to_format(self, form: str) -> str:
        """Return the lineage as `dot`, `newick`, `nexus`, `graphml`, `gexf`, `csv` (the links), `svg` or `html` (a page with drawing and table); UsageError where there is no such format."""
        from variorum.exporting.lineage_forms import stream_lineage

        return "".join(stream_lineage(self.tables, form))

    def to_dot(self) -> str:
        """Return the stemma as DOT in the style of OpenStemmata: grey nodes are lost, dashed links are weak or second sources."""
        return self.to_format("dot")

    def to_dict(self) -> dict[str, Any]:
        """Return nodes, links, alternatives, second sources, summary and notes as plain data."""
        return {**{name: self.tables[name] for name in _Tables.NAMES if name != "evidence"}, "summary": self.summary, "notes": self.notes}

    def _repr_html_(self) -> str:
        """Return drawing and table for a notebook."""
        from variorum.exporting.drawings import render_lineage_html
        from variorum.exporting.lineage_forms import draw_tables

        return str(render_lineage_html(draw_tables(self.tables)))

    def __repr__(self) -> str:
        """Say how many nodes there are."""
        n_lost = len(self.labels) - len(self.sigla)
        return f"<Lineage of {len(self.sigla)} members, {n_lost} lost {'source' if n_lost == 1 else 'sources'}>"

    @staticmethod
    def _view(name: str, table: pa.Table) -> TableView:
        return TableView.of(name, table, TABLES[name].doc)


class _Tables(Mapping[str, Rows]):
    """The tables of a lineage as rows: the evidence in words takes longer than all the rest, and few formats hold it."""

    NAMES = ("stemma", "links", "evidence", "alternatives", "second_sources")

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage
        self._known: dict[str, Rows] = {}

    def __getitem__(self, name: str) -> Rows:
        if name == "summary":  # no table, and not among them: what the drawing says of the whole
            return [{"words": said} for said in self._lineage.summary]
        if name not in self.NAMES:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = getattr(self._lineage, name).to_pylist()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.NAMES)

    def __len__(self) -> int:
        return len(self.NAMES)


def lineage(inputs: Mapping[str, str] | Sequence[str | Path] | Collation, dates: Mapping[str, object] | None = None, root: str | None = None) -> Lineage:
    """Return the lineage of texts, of files, or of a collation.

    Args:
        inputs: as for `variorum.collate`; or a collation.
        dates: by siglum, as EDTF or as people write them; they go before the dates of the texts. An empty value makes a text undated.
        root: siglum of the text that all others come from, where it is known.

    Raises:
        UsageError: fewer than two texts, or texts that share too little to be versions of one.
    """
    return Lineage(inputs if isinstance(inputs, Collation) else collate(inputs), dates, root)


def trace_members(members: Sequence[Member]) -> Mapping[str, Rows] | None:
    """Return the tables of the lineage of some members, as `Lineage.tables`; None where they share too little to be versions of one."""
    try:
        return Lineage(Collation(collate_members(members))).tables
    except UsageError:
        return None


def read_dates(path: str) -> dict[str, str]:
    """Return the dates of a CSV file with the columns `siglum` and `date`; a date without a siglum stands under an empty one.

    Raises:
        UsageError: the file cannot be read, has no such columns, or gives one siglum two dates.
    """
    try:
        text = decode(Path(path).read_bytes(), path).text
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=find_delimiter(text.partition("\n")[0]))
        reader.fieldnames = [name.strip("\ufeff \t").lower() for name in reader.fieldnames or []]
        rows, columns = list(reader), reader.fieldnames
    except (OSError, InputError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read as CSV: {error}; give a table with the columns siglum and date") from error
    if not {"siglum", "date"} <= set(columns):
        raise UsageError(f"{path}: it has {'the columns ' + textwrap.shorten(', '.join(columns), 80, placeholder=' ...') if columns else 'no columns'}; it needs siglum and date")
    dates: dict[str, str] = {}
    for row in rows:
        siglum, date = clean_label(row["siglum"] or ""), (row["date"] or "").strip()
        if (siglum or date) and dates.setdefault(siglum, date) != date and siglum:
            raise UsageError(f"{path}: {siglum} has two dates, {dates[siglum]!r} and {date!r}; keep one, or write an interval (2024-03-01/2024-03-05)")
    return dates


def _is_zoned(date: str | None) -> bool:
    """Tell whether an EDTF date is a moment with its zone."""
    return date is not None and "T" in date and (date.endswith("Z") or date[-6] in "+-")


def _moment(day: float) -> datetime | None:
    """Return a number of days as a moment; None where it is open."""
    return datetime.fromtimestamp(float(day) * _DAY, UTC) if np.isfinite(day) else None


def _passed(name: str, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Return rows as the named table, which keeps the rules of its schema."""
    return verify_table(name, check_table(name, pa.Table.from_pylist(list(rows), schema=TABLES[name].schema)))
