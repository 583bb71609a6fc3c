"""Demands against the gold labels of press releases and the operative paragraphs of resolutions.

A found demand is right where its place and a labelled one overlap by at least half (intersection over union); each serves once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger_counts import Counts

OVERLAP = 0.5
"""Least overlap of a right find."""


@dataclass(slots=True)
class DemandCounts(Counts):
    """Labelled, found and right demands; of the right ones, those whose addressee overlaps or is absent in both."""

    n_addressed: int = 0
    rules: dict[str, list[int]] = field(default_factory=dict)


def read_gold(path: Path) -> list[dict[str, Any]]:
    """Return the labelled sentences."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_texts(gold: Iterable[dict[str, Any]], releases: Path, rows: Path) -> dict[str, str]:
    """Write the texts of the labelled sentences as rows for `variorum ledger`; return id -> text. A text that is not the one labelled is an error."""
    wanted: dict[str, dict[int, dict[str, Any]]] = {}
    for row in gold:
        wanted.setdefault(row["file"], {})[row["line"]] = row
    texts = {}
    for name, lines in sorted(wanted.items()):
        for number, line in enumerate((releases / name).read_text(encoding="utf-8").split("\n")):
            if number in lines:
                text = json.loads(line)["text"]
                if hashlib.sha256(text.encode()).hexdigest()[:16] != lines[number]["text_sha"]:
                    raise ValueError(f"{name} line {number} is not the text that was labelled")
                texts[f"{name}:{number}"] = text
    rows.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()), encoding="utf-8")
    return texts


def _overlap(a: Sequence[int], b: Sequence[int]) -> float:
    """Return intersection over union of two places."""
    common = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return common / max(1, max(a[1], b[1]) - min(a[0], b[0])) if common else 0.0


def score_demands(gold: Sequence[dict[str, Any]], entries: Iterable[dict[str, Any]], texts: dict[str, str]) -> dict[tuple[str, str], DemandCounts]:
    """Return (half, party) -> counts; every half and party together under `all`."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        if entry["type"] == "demand":
            found.setdefault(entry["statement"], []).append(entry)
    counts: dict[tuple[str, str], DemandCounts] = {}
    for row in gold:
        name = f"{row['file']}:{row['line']}"
        here = [e for e in found.get(name, []) if row["start"] <= e["start"] < row["end"]]
        for half in (row["half"], "all"):
            for party in (row["party"], "all"):
                _count(counts.setdefault((half, party), DemandCounts()), row, here, texts[name])
    return counts


def _count(counts: DemandCounts, row: dict[str, Any], here: list[dict[str, Any]], text: str) -> None:
    """Count one sentence."""
    free = list(here)
    sentence = " ".join(text[row["start"] : row["end"]].split())
    counts.n_gold += len(row["demands"])
    counts.n_found += len(here)
    for label in row["demands"]:
        place = (label["start"], label["end"])
        best = max(free, key=lambda e: _overlap(place, (e["start"], e["end"])), default=None)
        if best is None or _overlap(place, (best["start"], best["end"])) < OVERLAP:
            counts.wrong.append(f"missed {row['half']} {row['party'][0]}: {' '.join(text[place[0] : place[1]].split())!r} in {sentence!r}")
            continue
        free.remove(best)
        counts.n_right += 1
        # A label marks the pronoun itself, of which the find says whom it stands for.
        addressee = (best["parts"].get("addressee_pronoun") or best["parts"].get("addressee") or [None])[0]
        counts.n_addressed += (addressee is None) == (label["addressee"] is None) and (addressee is None or _overlap(addressee, label["addressee"]) > 0)
        counts.rules.setdefault(best["rule"], [0, 0])[1] += 1
    for entry in here:
        counts.rules.setdefault(entry["rule"], [0, 0])[0] += 1
    counts.wrong += [f"extra {row['half']} {row['party'][0]} {e['rule']}: {e['quote']!r} in {sentence!r}" for e in free]


# -- operative paragraphs ----------------------------------------------------------------------------------------------

_NUMBERED = re.compile(r"^[ \t]*(\d{1,2})\s*[.)]\s+(?=\S)", re.MULTILINE)
_SKIPPED = re.compile(r"(?:(?:The (?:Security )?Council|further|also|strongly|urgently|again|solemnly|deeply|once again|therefore|highly|fully|warmly|and),?\s+)*", re.IGNORECASE)
VERBS = {
    "requests": "request", "calls": "call", "urges": "urge", "demands": "demand", "invites": "invite", "appeals": "call", "recommends": "invite", "instructs": "order", "directs": "order",
    "orders": "order", "insists": "demand", "asks": "request", "encourages": "invite", "advises": "invite",
}  # fmt: skip
"""First verb of an operative paragraph -> kind of demand."""
_NAMES_ONE = re.compile(
    r"[A-Za-z]+\.?,?(?:\s+(?:again|further|once|also|therefore|strongly|urgently|particularly|upon|on|to|,))*\s+(?:that\s+)?(?!for\b|to\b|that\b|his\b|its\b)"
    r"(?:the|all|both|any|every|each|those|States|Members?|parties|Governments?|[A-Z]\w+)\b[^.;:]{0,500}?\s(?:to|should|shall)\s+[a-z]",
    re.DOTALL,
)
"""After its first verb a paragraph names whom it asks: a name or phrase before ``to`` or a modal."""


@dataclass(frozen=True, slots=True)
class Operative:
    """One numbered operative paragraph: file, place of the first verb, the verb, the text from there on."""

    file: str
    start: int
    verb: str
    text: str


def read_operative(folder: Path) -> list[Operative]:
    """Return the numbered operative paragraphs of the resolutions whose first verb is known."""
    rows = []
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for match in _NUMBERED.finditer(text):
            start = _SKIPPED.match(text, match.end()).end()  # type: ignore[union-attr] - it matches the empty text too
            verb = re.match(r"[A-Za-z]+", text[start:])
            if verb and verb[0].lower() in VERBS:
                rows.append(Operative(path.stem, start, verb[0].lower(), text[start : start + 600]))
    return rows


def score_operative(rows: Sequence[Operative], entries: Iterable[dict[str, Any]]) -> dict[str, list[int]]:
    """Return verb -> [paragraphs, of the right kind at the first verb, naming whom they ask, with an addressee]."""
    found = {(e["statement"], e["parts"]["force"][0][0]): e for e in entries if e["type"] == "demand" and "force" in e["parts"]}
    counts: dict[str, list[int]] = {}
    for row in rows:
        count = counts.setdefault(row.verb, [0, 0, 0, 0])
        entry = found.get((row.file, row.start))
        count[0] += 1
        count[1] += entry is not None and entry["kind"] == VERBS[row.verb]
        if _NAMES_ONE.match(row.text):
            count[2] += 1
            count[3] += entry is not None and entry["addressee"] is not None
    return counts
