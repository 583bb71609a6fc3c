"""What can be asked of a corpus about what its statements say: the ledger of all of them.

The ledger's rules and the collation are loaded when they are asked for: that takes longer than to open a corpus.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from variorum.checking.intervals import LOOSE_RATIO
from variorum.errors import UsageError
from variorum.frames import Statement, TableView, find_witness
from variorum.schema import TABLES, check_table, verify_table

if TYPE_CHECKING:
    from variorum.checking.checks import Pairs
    from variorum.corpus import CorpusFolder
    from variorum.pairings import Side

Row = dict[str, Any]

_COLUMNS = ["witness", "siglum", "source", "place", "title", "series", "date", "text"]
_OF_FIGURE = ("entry", "start", "end", "quote", "voice", "comparator", "value", "low", "high")
_MAX_SEEN = 512
"""Statements whose marks are kept: one is often in several families."""
_ID = re.compile(r"[0-9a-f]{12}")


class Ledgers:
    """The part of a corpus that answers from its ledger, which is made when it is asked for: it costs more than all stages of a trace together."""

    def folder(self) -> AbstractContextManager[CorpusFolder]:
        """Give the open corpus folder."""
        raise NotImplementedError

    @property
    def entries(self) -> TableView:
        """The ledger of all statements; made when it is read."""
        from variorum.ledger.ledgers import tabulate_entries

        def read(columns: list[str] | None = None, limit: int | None = None) -> pa.Table:
            with self.folder() as folder:
                table = tabulate_entries(stream_witnesses(folder))
            return (table.select(columns) if columns else table).slice(0, limit)

        return TableView("entries", read, lambda: len(read()), TABLES["entries"].doc)

    def explain_entry(self, entry: str, statement: Statement | None = None) -> Row:
        """Return why the ledger has an entry, as data; ``said`` tells it in sentences (see `variorum.ledger.explanations`).

        Args:
            entry: its id.
            statement: the witness that says it; without it all are gone through.

        Raises:
            UsageError: no statement has such an entry.
        """
        with self.folder() as folder:
            if statement is None:
                found = find_entry(stream_witnesses(folder), entry)
            else:
                row = find_witness(folder, statement)
                found = find_entry([{**row, "text": folder.read_texts([row["witness"]])[row["witness"]]}], entry)
        if found is None:
            raise UsageError(f"no entry '{entry}' in {f'{statement} of ' if statement is not None else ''}the corpus; variorum ledger CORPUS --json names the entries")
        return found


    def values(self, counted: str, *, grade: str = "B") -> TableView:
        """Return every value that the statements give for one counted thing, in order of date: the table `values`.

        Args:
            counted: words that the counted phrase must hold, such as ``"boats"``; case, accents and the plural apart.
            grade: lowest grade of the figures.
        """
        from variorum.ledger.values import select_values, sort_by_date

        with self.folder() as folder:
            rows = [row for statement, entries in self.ledgers(folder, grade) for row in select_values(statement, entries, counted)]
        return make_view("values", sort_by_date(rows))

    def demands(self, addressee: str | None = None, *, grade: str = "B") -> list[Row]:
        """Return the demands of all statements in order of date, or those to one addressee, as flat rows with `statement`, `publisher` and `date`.

        Args:
            addressee: words that the addressee must hold, such as ``"harbour council"``; None: all demands.
            grade: lowest grade of the demands.
        """
        from variorum.ledger.values import select_addressed, sort_by_date

        with self.folder() as folder:
            found = []
            for statement, entries in self.ledgers(folder, grade):
                rows = [row for row in entries if row["type"] == "demand"] if addressee is None else select_addressed(entries, addressee)
                found += [{"statement": statement["siglum"], "publisher": statement["series"], "date": statement["date"], **row} for row in rows]
        return sort_by_date(found)

    def differing(self, family: str | None = None, *, marked: bool = False, grade: str = "B") -> TableView:
        """Return the figures that differ inside a family: the table `differing`.

        Which figure stands for which is what the changes of the family say (see `Collation.changes`).

        Args:
            family: rank of the family or the beginning of its id; None: all families.
            marked: also families marked as common.
            grade: lowest grade of the figures.

        Raises:
            UsageError: no family is named so.
        """
        with self.folder() as folder:
            return make_view("differing", list(find_differing(folder, family, marked=marked, grade=grade)))

    def check(self, against: str | Path, mapping: Pairs | None = None, *, grade: str = "B", loose: float = LOOSE_RATIO) -> TableView:
        """Return how the figures of all statements lie to a table of the user's, as of each statement's date and as published by then.

        Args:
            against: CSV file of observations (see `variorum.checking.observations`).
            mapping: which figure belongs to which series: a CSV file, pairings, or one as a dictionary, such as ``{"counted": "boats"}``.
            grade: lowest grade of the figures.
            loose: a bound is loose where it is that many times what was observed, or the other way round.

        Raises:
            UsageError: the table or the mapping cannot be used.
        """
        from variorum.checking.checks import Tally, check_statement, make_plan

        plan, tally = make_plan(against, mapping, loose), Tally()
        with self.folder() as folder:
            rows = [row for statement, entries in self.ledgers(folder, grade) for row in check_statement(statement, entries, plan, tally)]
        return make_view("checks", rows)

    @staticmethod
    def ledgers(folder: CorpusFolder, grade: str = "B") -> Iterator[tuple[Row, list[Row]]]:
        """Yield each witness of the corpus with its entries as flat rows."""
        from variorum.ledger.entries import describe_entry
        from variorum.ledger.making import make_entries

        for witness in stream_witnesses(folder):
            entries = make_entries(witness["text"], date=witness["date"], grade=grade)
            yield witness, [describe_entry(entry, witness["text"], witness["siglum"]) for entry in entries]


def make_view(name: str, rows: list[Row]) -> TableView:
    """Return rows as a view of a table that is made when it is asked for, checked."""
    table = pa.Table.from_pylist(rows, schema=TABLES[name].schema)
    return TableView.of(name, verify_table(name, check_table(name, table)), TABLES[name].doc)


def find_differing(folder: CorpusFolder, family: str | None, *, marked: bool, grade: str) -> Iterator[Row]:
    """Yield the rows of DIFFERING of one family or of all, by rank."""
    from variorum.collating.apparatus import collate_members
    from variorum.collations import list_passages
    from variorum.disagreements import Disagreements
    from variorum.ledger.entries import describe_entry
    from variorum.marks import recognise
    from variorum.pairings import Side

    @lru_cache(maxsize=_MAX_SEEN)
    def see(text: str) -> Side:
        return Side(text, recognise(text, grade=grade))

    for row in _find_families(folder, family, marked=marked):
        rows, members = list_passages(folder, row["family"])
        try:
            apparatus = collate_members(members)
        except UsageError:
            continue  # its members share no words in one order, and so no place
        for number, place in enumerate(Disagreements(apparatus, see).find(), 1):
            first = next(iter(place.figures.values()))
            about = {"rank": row["rank"], "family": row["family"], "place": number, "key": first.fields.key}
            for member in sorted(place.figures):
                entry, passage = place.figures[member], rows[member]
                figure = describe_entry(entry, members[member].text, passage["siglum"])
                named = {"statement": passage["siglum"], "publisher": passage["series"], "date": passage["date"], "unit": figure["unit"]}
                yield {**about, **named, **{name: figure[name] for name in _OF_FIGURE}}


def _find_families(folder: CorpusFolder, family: str | None, *, marked: bool) -> list[Row]:
    """Return rank and id of the family that is named, or of all."""
    from variorum.collations import find_family

    if family is None:
        return folder.query(f"SELECT rank, family FROM families {'' if marked else 'WHERE NOT common'} ORDER BY rank").to_pylist()
    return folder.query("SELECT rank, family FROM families WHERE family = ?", [find_family(folder, family)]).to_pylist()


def looks_like_entry(item: int | str) -> bool:
    """Tell whether something that is to be explained looks like the id of an entry."""
    return isinstance(item, str) and _ID.fullmatch(item) is not None


def is_entry(folder: CorpusFolder, item: int | str) -> bool:
    """Tell whether something that is to be explained can only be an entry: it looks like an id, and no span or passage is named so."""
    if not looks_like_entry(item) or (str(item).isdecimal() and int(item) < folder.count("spans")):
        return False
    return not folder.query("SELECT 1 FROM passages WHERE passage = ? LIMIT 1", [item]).num_rows and not folder.query("SELECT 1 FROM witnesses WHERE siglum = ?", [item]).num_rows


def stream_witnesses(folder: CorpusFolder) -> Iterator[Row]:
    """Yield the witnesses of a corpus with their texts, in order."""
    for batch in folder.stream_table("witnesses", _COLUMNS):
        yield from batch.to_pylist()


def find_entry(statements: Iterable[Row], entry: str, date: str | None = None, lang: str | None = None) -> Row | None:
    """Return the explanation of the entry of that id in the first statement that has it; None where none has.

    Args:
        statements: rows with `siglum`, `date` and `text`.
        entry: the id.
        date: EDTF date of statements that bear none.
        lang: language of all statements; found by paragraph where None.
    """
    from variorum.ledger.entries import describe_entry
    from variorum.ledger.explanations import explain_entry
    from variorum.ledger.making import make_entries

    for statement in statements:
        text, siglum = statement["text"], statement["siglum"]
        entries = make_entries(text, date=statement["date"] or date, lang=lang, grade="C")
        if any(e.identify(siglum) == entry for e in entries):
            rows: Mapping[str, Row] = {e.identify(siglum): describe_entry(e, text, siglum) for e in entries}
            return {"statement": siglum, "date_of_statement": statement["date"] or date, **explain_entry(rows[entry], text, rows)}
    return None
