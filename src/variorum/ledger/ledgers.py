"""The ledger of one text, for Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from variorum.ledger.entries import Entry, build_table, describe_entry
from variorum.ledger.making import make_entries
from variorum.schema import verify_table


@dataclass(frozen=True)
class Ledger:
    """The entries of one text, in order of place.

    Attributes:
        text: the text.
        entries: its entries.
        label: the statement's label, from which the ids of the entries are made.
    """

    text: str
    entries: list[Entry]
    label: str = "text"

    def quote(self, entry: Entry) -> str:
        """Return the raw text of an entry."""
        return self.text[entry.start : entry.end]

    def to_pylist(self) -> list[dict[str, Any]]:
        """Return the entries as flat rows, as the command writes them."""
        return [describe_entry(entry, self.text, self.label) for entry in self.entries]

    def to_arrow(self) -> pa.Table:
        """Return the entries as the table `entries`, the witness being 0."""
        return build_table([(0, self.label, self.text, self.entries)])

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        """Go through the entries."""
        return iter(self.entries)

    def __repr__(self) -> str:
        """Say how many entries there are, by type."""
        counts: dict[str, int] = {}
        for entry in self.entries:
            counts[entry.type] = counts.get(entry.type, 0) + 1
        return f"<Ledger: {', '.join(f'{number} {kind}' for kind, number in counts.items()) or 'no entries'}>"


def tabulate_entries(witnesses: Iterable[Mapping[str, Any]], grade: str = "B") -> pa.Table:
    """Return the table `entries` of witnesses: rows with `witness`, `siglum`, `date` and `text`."""
    return verify_table("entries", build_table((w["witness"], w["siglum"], w["text"], make_entries(w["text"], date=w["date"], grade=grade)) for w in witnesses))
