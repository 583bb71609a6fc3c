"""Entries of every record type against the gold labels of press releases, by party: the instrument must not hear one side better.

    python benchmarks/balance.py DATA_DIR                                 the table: F1 of each type by party, their difference and its interval
    python benchmarks/balance.py DATA_DIR --half tune --wrong stance      what goes wrong in one half
    python benchmarks/balance.py DATA_DIR --exchange 200                  releases with the names of the parties exchanged: finds that change

DATA_DIR holds ``congress-press/*.jsonl``; the labels are those of ``tests/gold``. Everything goes through ``variorum ledger --jsonl``.

A label is found where a find of its type overlaps its words: a name and a quotation by half or more (intersection over union), the others by any character of
the words that say so. Each find serves once. Figures, dates and the rest are counted inside the labelled sentences alone.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ledger_demands
import measure
from ledger_counts import Counts

GOLD = Path(__file__).resolve().parent.parent / "tests/gold"

TYPES = ("stance", "attribution", "quotation", "name", "action", "endorsement", "figure", "date")
"""The record types that are labelled."""
ALL_TYPES = (*TYPES, "demand")
"""Those of a line that names none."""
_CUES = {"stance": "cue", "attribution": "cue", "action": "verb", "endorsement": "cue"}
_NOT_LABELLED = {"action.passive", "action.forced"}
"""Rules for what the labels leave out: what was done to something, by whom. Lengths of time are labelled as dates, so figures of that kind are not counted."""
_HALF = {"name", "quotation", "demand"}
PARTIES = ("Democrat", "Republican")
PARTS = ("kind", "target", "holder", "source", "content", "voice")
DRAWS = 2000
"""Draws of the bootstrap over sentences."""

Row = dict[str, Any]
Pair = tuple[int, int]


@dataclass(slots=True)
class EntryCounts(Counts):
    """Labels, finds and right finds of one type in one half and party; by sentence for intervals; of the right ones those of the right kind, and with the right target, holder, source, content and voice."""

    sentences: list[tuple[int, int, int]] = field(default_factory=list)
    parts: dict[str, list[int]] = field(default_factory=dict)
    rules: dict[str, list[int]] = field(default_factory=dict)


def place_of(entry: Row) -> Pair:
    """Return the place of a find that is compared: that of its cue, else its own."""
    spans = entry["parts"].get(_CUES.get(entry["type"], ""), [])
    return (spans[0][0], spans[-1][1]) if spans else (entry["start"], entry["end"])


def overlap(a: Sequence[int], b: Sequence[int]) -> float:
    """Return intersection over union of two places."""
    common = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return common / (max(a[1], b[1]) - min(a[0], b[0])) if common else 0.0


def _finds(row: Row, entries: Sequence[Row], kind: str) -> list[tuple[Pair, Row]]:
    """Return the finds of a type in a labelled sentence with their places, quotations cut at its ends; what another one holds is left out, and the acronym in brackets after a name."""
    low, high = row["start"], row["end"]
    found = []
    acronyms = {tuple(span) for entry in entries if kind == "name" for span in entry["parts"].get("acronym", [])}
    for entry in entries:
        if entry["type"] != kind or (entry["start"], entry["end"]) in acronyms or entry["rule"] in _NOT_LABELLED or (kind == "figure" and entry["kind"] == "duration"):
            continue
        place = place_of(entry)
        if kind == "quotation":
            place = (max(place[0], low), min(place[1], high))
            if place[0] < place[1]:
                found.append((place, entry))
        elif low <= place[0] < high and not (kind == "attribution" and not any(a < high and b > low for a, b in entry["parts"]["content"])):
            found.append((place, entry))
    if kind == "quotation":
        found = [f for f in found if not any(g is not f and g[0][0] <= f[0][0] and f[0][1] <= g[0][1] and (g[0] != f[0] or g[1]["start"] < f[1]["start"]) for g in found)]
    return found


def score_entries(gold: Sequence[Row], entries: Iterable[Row], texts: dict[str, str], types: Sequence[str] = TYPES) -> dict[tuple[str, str, str], EntryCounts]:
    """Return (type, half, party) -> counts; every half and party together under `all`."""
    by_text: dict[str, list[Row]] = {}
    for entry in entries:
        by_text.setdefault(entry["statement"], []).append(entry)
    counts: dict[tuple[str, str, str], EntryCounts] = {}
    for row in gold:
        name = f"{row['file']}:{row['line']}"
        for kind in types:
            if kind not in row.get("types", ALL_TYPES):
                continue
            found = _finds(row, by_text.get(name, []), kind)
            labels = [label for label in row["labels"] if label["type"] == kind]
            for half in (row["half"], "all"):
                for party in (row["party"], "all"):
                    _count(counts.setdefault((kind, half, party), EntryCounts()), row, labels, found, texts[name])
    return counts


def _count(counts: EntryCounts, row: Row, labels: Sequence[Row], found: Sequence[tuple[Pair, Row]], text: str) -> None:
    """Count one sentence."""
    free = list(found)
    sentence = " ".join(text[row["start"] : row["end"]].split())
    right = 0
    for label in labels:
        place = (label["start"], label["end"])
        best = max(free, key=lambda f: overlap(place, f[0]), default=None)
        if best is None or overlap(place, best[0]) < (0.5 if label["type"] in _HALF else 1e-9):
            counts.wrong.append(f"missed {row['half']} {row['party'][0]} {label.get('kind', '')} {' '.join(text[place[0] : place[1]].split())!r} in {sentence!r}")
            continue
        free.remove(best)
        right += 1
        _count_parts(counts, row, label, best[1])
    for _, entry in found:
        counts.rules.setdefault(entry["rule"], [0, 0])[0] += 1
    for _, entry in free:
        counts.rules[entry["rule"]][1] += 1
        counts.wrong.append(f"extra {row['half']} {row['party'][0]} {entry['rule']} {' '.join(entry['quote'].split())!r} in {sentence!r}")
    counts.n_gold += len(labels)
    counts.n_found += len(found)
    counts.n_right += right
    counts.sentences.append((len(labels), len(found), right))


def _count_parts(counts: EntryCounts, row: Row, label: Row, entry: Row) -> None:
    """Count whether kind, parts and voice of a right find are right."""
    told: dict[str, bool] = {}
    if "kind" in label:
        told["kind"] = label["kind"] == entry["kind"]
    for role in ("target", "holder", "source", "content"):
        if role in label:
            spans = entry["parts"].get(role, [])
            place = (max(spans[0][0], row["start"]), min(spans[-1][1], row["end"])) if spans else None
            told[role] = place is None if label[role] is None else place is not None and overlap(label[role], place) >= (1e-9 if role == "holder" else 0.5)
    if label["type"] not in ("quotation", "demand") and "types" not in row:
        told["voice"] = _voice(row, label) == entry["voice"]
    for name, fits in told.items():
        count = counts.parts.setdefault(name, [0, 0])
        count[0] += 1
        count[1] += fits


def _voice(row: Row, label: Row) -> str:
    """Return the voice that the labels give: quoted in a quotation, reported in what an attribution says was said, else own."""
    inside = [other for other in row["labels"] if other["type"] == "quotation" and other["start"] <= label["start"] and label["end"] <= other["end"]]
    if inside:
        return "quoted"
    said = [other["content"] for other in row["labels"] if other["type"] == "attribution" and other is not label]
    return "reported" if any(a <= label["start"] and label["end"] <= b for a, b in said) else "own"


def difference(counts: dict[tuple[str, str, str], EntryCounts], kind: str, half: str, seed: int = 0) -> tuple[float, float, float]:
    """Return the first party's F1 less the second's, and its 95 % interval by a bootstrap over sentences."""
    rng = random.Random(seed)
    sides = [counts[kind, half, party].sentences for party in PARTIES]

    def f1(rows: Sequence[tuple[int, int, int]]) -> float:
        labelled, found, right = (sum(r[n] for r in rows) for n in range(3))
        return 2 * right / max(1, labelled + found)

    drawn = sorted(f1(rng.choices(sides[0], k=len(sides[0]))) - f1(rng.choices(sides[1], k=len(sides[1]))) for _ in range(DRAWS))
    return f1(sides[0]) - f1(sides[1]), drawn[math.floor(0.025 * DRAWS)], drawn[math.ceil(0.975 * DRAWS) - 1]


def measure_balance(data: Path, gold: Path = GOLD) -> dict[tuple[str, str, str], EntryCounts]:
    """Return (type, half, party) -> counts over the files of labels, demands among them."""
    rows = [row for name in ("entries", "further") for row in ledger_demands.read_gold(gold / f"{name}.jsonl")]
    demands = ledger_demands.read_gold(gold / "demands.jsonl")
    for row in demands:
        row["labels"] = [{"type": "demand", "start": d["start"], "end": d["end"]} for d in row["demands"]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "releases.jsonl"
        texts = ledger_demands.write_texts([*rows, *demands], data / "congress-press", path)
        cost = measure.run_measured([measure.find_variorum(), "ledger", path, "--jsonl", "--lang", "en"])
    entries = [json.loads(line) for line in cost.output.splitlines()]
    return {**score_entries(rows, entries, texts, TYPES), **score_entries(demands, entries, texts, ("demand",))}


_NAMES = {"Democrat": "Republican", "Democrats": "Republicans", "Democratic": "Republican", "Republicans": "Democrats", "Republican": "Democratic", "DEMOCRATS": "REPUBLICANS", "REPUBLICANS": "DEMOCRATS"}
_PARTY = re.compile(rf"\b(?:{'|'.join(_NAMES)})\b|\b[DR](?=-[A-Z][A-Za-z.])")


def exchange_parties(text: str) -> str:
    """Return a release with the names and letters of the two parties exchanged."""
    return _PARTY.sub(lambda match: _NAMES.get(match[0], {"D": "R", "R": "D"}.get(match[0], "")), text)


def measure_exchange(data: Path, n_releases: int, seed: int = 7) -> dict[str, tuple[int, int]]:
    """Return type -> (finds in releases that name a party, finds without a counterpart of the same rule once the parties are exchanged)."""
    lines = [line for path in sorted((data / "congress-press").glob("*.jsonl")) for line in path.read_text(encoding="utf-8").split("\n") if line]
    texts = [text for line in lines if (text := json.loads(line)["text"]) and _PARTY.search(text)]
    chosen = random.Random(seed).sample(texts, n_releases)
    found: list[dict[str, Counter[tuple[str, str]]]] = []
    for side in (chosen, [exchange_parties(text) for text in chosen]):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "releases.jsonl"
            path.write_text("".join(json.dumps({"id": f"r{number}", "text": text}) + "\n" for number, text in enumerate(side)), encoding="utf-8")
            cost = measure.run_measured([measure.find_variorum(), "ledger", path, "--jsonl", "--lang", "en"])
        counts: dict[str, Counter[tuple[str, str]]] = {}
        for line in cost.output.splitlines():
            entry = json.loads(line)
            counts.setdefault(entry["type"], Counter())[entry["statement"], entry["rule"]] += 1
        found.append(counts)
    first, second = found
    return {kind: (first[kind].total(), (first[kind] - second.get(kind, Counter())).total() + (second.get(kind, Counter()) - first[kind]).total()) for kind in sorted(first)}


def main() -> None:
    """Score the types and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--gold", type=Path, default=GOLD, help="folder of entries.jsonl and demands.jsonl")
    parser.add_argument("--half", choices=["tune", "held", "all"], default="all")
    parser.add_argument("--wrong", choices=[*TYPES, "demand"], help="print what goes wrong with one type")
    parser.add_argument("--exchange", type=int, help="exchange the parties in so many releases instead")
    arguments = parser.parse_args()
    if arguments.exchange:
        measure.print_table(["type", "finds", "changed"], [[kind, *n] for kind, n in measure_exchange(arguments.data, arguments.exchange).items()])
        return
    counts = measure_balance(arguments.data, arguments.gold)
    rows, parts = [], []
    for kind in (*TYPES, "demand"):
        both = counts[kind, arguments.half, "all"]
        sides = [counts[kind, arguments.half, party] for party in PARTIES]
        gap, low, high = difference(counts, kind, arguments.half)
        rows.append([kind, both.n_gold, f"{both.precision:.3f}", f"{both.recall:.3f}", f"{both.f1:.3f}", *(f"{s.f1:.3f}" for s in sides), f"{gap:+.3f}", f"{low:+.3f} to {high:+.3f}"])
        parts.append([kind, *(f"{right}/{n}" if (n := both.parts.get(name, [0, 0])[0]) and (right := both.parts[name][1]) >= 0 else "" for name in PARTS)])
    measure.print_table(["type", "labels", "P", "R", "F1", *PARTIES, "difference", "95 % interval"], rows)
    measure.print_table(["type", *PARTS], parts)
    if arguments.wrong:
        found = counts[arguments.wrong, arguments.half, "all"]
        print(*found.wrong, sep="\n")
        measure.print_table(["rule", "finds", "wrong"], [[rule, *n] for rule, n in sorted(found.rules.items())])


if __name__ == "__main__":
    main()
