"""The ledger of files or of a corpus as rows: what `variorum ledger` writes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from variorum.checking.checks import Pairs, Plan, Tally, check_statement, make_plan
from variorum.checking.intervals import LOOSE_RATIO
from variorum.config import make_config
from variorum.corpus import CorpusFolder
from variorum.errors import UsageError
from variorum.folders import is_corpus
from variorum.frames import TableView
from variorum.ledger.entries import describe_entry
from variorum.ledger.languages import load_language
from variorum.ledger.making import make_entries
from variorum.ledger.registry import UNREAD, choose_types
from variorum.questions import find_entry, make_view
from variorum.reading.dates import read_date
from variorum.reading.statements import read_statements

Row = dict[str, Any]

_TOLD = 10
"""Statements in which something was not read that are named one by one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the ledger is wanted.

    Attributes:
        types: record types; all where empty.
        grade: the lowest grade.
        date: date of statements that bear none, as people write dates.
        lang: language of all statements; found by paragraph where None.
    """

    types: tuple[str, ...] = ()
    grade: str = "B"
    date: str | None = None
    lang: str | None = None

    def check(self) -> Wanted:
        """Return it with its date as EDTF; raise UsageError where something in it is unknown."""
        choose_types(list(self.types))
        dating = read_date(self.date)
        if self.date is not None and not dating.understood:
            raise UsageError(f"date not understood: {self.date!r}; write it as 2024-03-29")
        if self.lang is not None:
            load_language(self.lang)
        return Wanted(self.types, self.grade, dating.date, self.lang)


@dataclass(slots=True)
class Listing:
    """What came of a listing beside its rows.

    Attributes:
        n_statements: statements read.
        failures: rows of the table `failures`.
        unread: label of each statement of which something was not read, with why and whether nothing of it was read.
    """

    n_statements: int = 0
    failures: list[Row] = field(default_factory=list)
    unread: list[tuple[str, str, bool]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0, or 3 where an input failed or nothing of a statement was read."""
        failed = any(row["severity"] == "failed" for row in self.failures)
        return 3 if failed or any(whole for _, _, whole in self.unread) else 0


def list_statements(paths: Sequence[str], wanted: Wanted, listing: Listing, fields: dict[str, Any] | None = None) -> Iterator[tuple[Row, list[Row]]]:
    """Yield each statement in the paths (`siglum, source, place, title, series, date, text`) with its entries as flat rows, in order.

    Args:
        paths: files, folders, patterns, ``-`` for standard input, or one corpus.
        wanted: which entries.
        listing: is filled with what came of it.
        fields: settings of the reading, such as ``text_field``.

    Raises:
        UsageError: an unknown type, date or language; a corpus among other paths.
    """
    wanted = wanted.check()
    for statement in _read(paths, listing, fields or {}):
        listing.n_statements += 1
        text, label = statement["text"], statement["siglum"]
        entries = make_entries(text, date=statement["date"] or wanted.date, lang=wanted.lang, types=None, grade=wanted.grade)
        unread = [e for e in entries if e.type == UNREAD]
        if unread:
            n_unread = sum(e.end - e.start for e in unread)
            listing.unread.append((label, "; ".join(sorted({e.why[0] for e in unread})), n_unread >= len(text.strip())))
        about = {"file": statement["source"], "statement": label, "place": statement["place"], "date_of_statement": statement["date"]}
        yield statement, [{**about, **describe_entry(entry, text, label)} for entry in entries if not wanted.types or entry.type in wanted.types]


def list_entries(paths: Sequence[str], wanted: Wanted, listing: Listing, fields: dict[str, Any] | None = None) -> Iterator[Row]:
    """Yield the entries of all statements in the paths as flat rows, in order; see `list_statements`."""
    for _, rows in list_statements(paths, wanted, listing, fields):
        yield from rows


def check(paths: str | Path | Sequence[str | Path], against: str | Path, mapping: Pairs | None = None, *, date: str | None = None, loose: float = LOOSE_RATIO) -> TableView:
    """Return how the figures of some statements lie to a table of the user's: the table `checks`.

    Args:
        paths: files, folders, patterns, or a corpus.
        against: CSV file of observations (see `variorum.checking.observations`).
        mapping: which figure belongs to which series: a CSV file, pairings, or one as a dictionary, such as ``{"counted": "boats"}``.
        date: date of statements that bear none.
        loose: a bound is loose where it is that many times what was observed, or the other way round.

    Raises:
        UsageError: nothing to read, or the table or the mapping cannot be used.
    """
    given = [str(paths)] if isinstance(paths, str | Path) else [str(path) for path in paths]
    rows = list(check_entries(list_statements(given, Wanted(date=date), Listing()), make_plan(against, mapping, loose), Tally(), date))
    return make_view("checks", rows)


def check_entries(stated: Iterable[tuple[Row, list[Row]]], plan: Plan, tally: Tally, date: str | None = None) -> Iterator[Row]:
    """Yield the rows of CHECKS of statements with their entries, those without a date being of `date`."""
    default = read_date(date).date
    for statement, rows in stated:
        yield from check_statement({**statement, "date": statement["date"] or default}, rows, plan, tally)


def explain_in_files(paths: Sequence[str], entry: str, date: str | None = None, lang: str | None = None) -> Row:
    """Return the explanation of an entry of the statements in some files (see `variorum.questions.find_entry`).

    Raises:
        UsageError: no statement has such an entry, or the date or language is unknown.
    """
    wanted = Wanted(date=date, lang=lang).check()
    listing = Listing()
    found = find_entry(_read(paths, listing, {}), entry, wanted.date, wanted.lang)
    if found is None:
        problem = f"{listing.failures[0]['source']}: {listing.failures[0]['problem']}" if listing.failures else "variorum ledger FILE --json names the entries"
        raise UsageError(f"no entry '{entry}' in {', '.join(map(str, paths))}; {problem}")
    return found


def _read(paths: Sequence[str], listing: Listing, fields: dict[str, Any]) -> Iterator[Row]:
    """Yield the statements: rows of WITNESSES."""
    if not paths:
        raise UsageError("nothing to read; name files, a folder, a pattern or a corpus")
    if any(is_corpus(path) for path in paths):
        if len(paths) > 1:
            raise UsageError("a corpus is listed alone; give the other paths in a command of their own")
        with CorpusFolder.open(paths[0]) as folder:
            for batch in folder.stream_table("witnesses", ["siglum", "source", "place", "title", "series", "date", "text"]):
                yield from batch.to_pylist()
        return
    if "-" in paths:
        text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
        yield {"siglum": "-", "source": "-", "place": None, "title": None, "series": None, "date": None, "text": text}
    given: list[str | Path] = [path for path in paths if path != "-"]
    config = make_config(**{f"reading__{name}": value for name, value in fields.items() if value is not None})
    for chunk in read_statements(given, config.reading) if given else ():
        listing.failures += chunk.failures.to_pylist()
        yield from chunk.witnesses.to_pylist()


def summarize_listing(listing: Listing) -> list[str]:
    """Return what came of a listing that its rows do not say: what was not read, what failed."""
    lines = [f"variorum: {label}: {why}" for label, why, _ in listing.unread[:_TOLD]]
    if len(listing.unread) > _TOLD:
        lines.append(f"variorum: and {len(listing.unread) - _TOLD:,} more statements in which something was not read")
    for row in listing.failures:
        where = f"{row['source']}, {row['place']}" if row["place"] else row["source"]
        lines.append(f"variorum: {where}: {row['problem']}" + (f"; {row['advice']}" if row["advice"] else ""))
    return lines
