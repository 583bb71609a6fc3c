"""The ledger on statements whose entries are marked in the text: ``<at>..</at>`` round an attribution, ``<na>..</na>`` round a name, and so on.

A file holds statements under heads ``=== half name``. A find is right where it and a mark of its type overlap by half of the longer, or by half of both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger_counts import Counts

MARKS = {"at": "attribution", "na": "name", "ac": "action", "en": "endorsement", "si": "signatory", "sl": "slogan", "de": "demand", "qu": "quotation"}
_TAG = re.compile(r"<(/?)(\w\w)>")


@dataclass(frozen=True, slots=True)
class Statement:
    """A marked statement: its half and name, the text without marks, and (type, start, end) of each mark."""

    half: str
    name: str
    text: str
    marks: list[tuple[str, int, int]]


def read_statements(path: Path) -> list[Statement]:
    """Return the statements of a file."""
    found = []
    for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
        head, _, body = block.partition("\n")
        half, _, name = head.partition(" ")
        text, marks, opened, place = "", [], [], 0
        for tag in _TAG.finditer(body):
            text += body[place : tag.start()]
            place = tag.end()
            if tag[1]:
                kind, start = opened.pop()
                marks.append((MARKS[kind], start, len(text)))
            else:
                opened.append((tag[2], len(text)))
        found.append(Statement(half, name, text + body[place:], sorted(marks, key=lambda m: m[1:])))
    return found


def score_statements(statements: list[Statement], entries: dict[str, list[dict[str, Any]]]) -> dict[tuple[str, str], Counts]:
    """Return (half, type) -> counts; `entries` are by the name of the statement."""
    counts: dict[tuple[str, str], Counts] = {}
    for statement in statements:
        for kind in MARKS.values():
            score = counts.setdefault((statement.half, kind), Counts())
            golds = [(start, end) for marked, start, end in statement.marks if marked == kind]
            rows = [row for row in entries.get(statement.name, []) if row["type"] == kind]
            score.n_gold += len(golds)
            score.n_found += len(rows)
            free = list(rows)
            for start, end in golds:
                best = max(free, key=lambda row: _overlap(row, start, end), default=None)
                if best is not None and _overlap(best, start, end) >= 0.5:
                    free.remove(best)
                    score.n_right += 1
                else:
                    score.wrong.append(f"missed {kind}: {statement.text[start:end]!r}")
            score.wrong += [f"extra {row['rule']}: {row['quote']!r}" for row in free]
    return counts


def _overlap(row: dict[str, Any], start: int, end: int) -> float:
    """Return the common part of an entry and a mark over the mean of their lengths (Dice)."""
    common = max(0, min(end, row["end"]) - max(start, row["start"]))
    return 2 * common / (end - start + row["end"] - row["start"])
