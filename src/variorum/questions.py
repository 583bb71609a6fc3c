"""What can be asked of a corpus about what its statements say: the ledger of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from variorum.checking.checks import Pairs, Tally, check_statement, make_plan, tabulate_checks
from variorum.checking.intervals import LOOSE_RATIO
from variorum.errors import UsageError
from variorum.frames import Statement, TableView, find_witness
from variorum.ledger.entries import describe_entry
from variorum.ledger.explanations import explain_entry
from variorum.ledger.making import make_entries
from variorum.schema import TABLES

if TYPE_CHECKING:
    from variorum.corpus import CorpusFolder

Row = dict[str, Any]

_COLUMNS = ["witness", "siglum", "source", "place", "title", "series", "date", "text"]
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
        plan, tally = make_plan(against, mapping, loose), Tally()
        with self.folder() as folder:
            rows = [row for statement, entries in self.ledgers(folder, grade) for row in check_statement(statement, entries, plan, tally)]
        return TableView.of("checks", tabulate_checks(rows), TABLES["checks"].doc)

    @staticmethod
    def ledgers(folder: CorpusFolder, grade: str = "B") -> Iterator[tuple[Row, list[Row]]]:
        """Yield each witness of the corpus with its entries as flat rows."""
        for witness in stream_witnesses(folder):
            entries = make_entries(witness["text"], date=witness["date"], grade=grade)
            yield witness, [describe_entry(entry, witness["text"], witness["siglum"]) for entry in entries]


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
    for statement in statements:
        text, siglum = statement["text"], statement["siglum"]
        entries = make_entries(text, date=statement["date"] or date, lang=lang, grade="C")
        if any(e.identify(siglum) == entry for e in entries):
            rows: Mapping[str, Row] = {e.identify(siglum): describe_entry(e, text, siglum) for e in entries}
            return {"statement": siglum, "date_of_statement": statement["date"] or date, **explain_entry(rows[entry], text, rows)}
    return None
