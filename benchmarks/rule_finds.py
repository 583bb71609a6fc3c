"""Finds of each rule of the ledger, drawn by chance, for reading; and the counts of those that were read.

    python benchmarks/rule_finds.py DATA_DIR --rules date.bound figure.money --n 30 --seed 3   finds to read, one a line
    python benchmarks/rule_finds.py DATA_DIR --reads tests/gold/reads.jsonl                    what was read: counts, and which of the finds still stand

The texts are those of half ``held`` of DATA_DIR: press releases (``congress-press/*.jsonl``), resolutions (``unsc/*.txt``), open letters
(``open-letters/*/*``) and news (``attributions/*.txt``). A text is held back where the SHA-256 of its characters begins with 8 to f; no text with
labels of its own in ``tests/gold`` is drawn from. Of one text at most one find of a rule is drawn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import measure
import variorum

CONTEXT = 110
"""Characters to either side of a find that are shown."""
GOLD = Path(__file__).parent.parent / "tests/gold"


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the data: its file, its line (0 where the file is one text), its date and its characters."""

    file: str
    line: int
    date: str | None
    text: str

    @property
    def sha(self) -> str:
        """First 16 digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def read_texts(data: Path) -> Iterator[Text]:
    """Yield all texts of the collections, in order."""
    for path in sorted((data / "congress-press").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            if row["text"]:
                yield Text(f"congress-press/{path.name}", number, (row["date"] or "")[:10] or None, row["text"])
    for path in sorted([*(data / "unsc").glob("*.txt"), *(data / "open-letters").rglob("*.*"), *(data / "attributions").rglob("*.txt")]):
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
        date = path.stem[:10] if path.parent.parent.name == "open-letters" and path.stem[:4].isdigit() else None
        yield Text(str(path.relative_to(data)), 0, date, text)


def read_held(data: Path) -> list[Text]:
    """Return the texts of the half that is held back, without those that bear labels."""
    labelled = {json.loads(line)["text_sha"] for name in ("demands", "entries") for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()}
    return [text for text in read_texts(data) if text.sha[0] in "89abcdef" and text.sha not in labelled]


def draw_finds(texts: list[Text], rules: list[str], n: int, seed: int) -> dict[str, list[tuple[Text, dict[str, Any]]]]:
    """Return rule -> `n` finds, one a text, the texts being gone through in an order drawn by `seed` until there are enough."""
    order = texts[:]
    random.Random(seed).shuffle(order)
    found: dict[str, list[tuple[Text, dict[str, Any]]]] = {rule: [] for rule in rules}
    for text in order:
        wanted = [rule for rule in rules if len(found[rule]) < n]
        if not wanted:
            break
        by_rule: dict[str, list[dict[str, Any]]] = {}
        for row in variorum.ledger(text.text, date=text.date, lang="en", types=sorted({rule.partition(".")[0] for rule in wanted})).to_pylist():
            by_rule.setdefault(row["rule"], []).append(row)
        for rule in wanted:
            if by_rule.get(rule):
                found[rule].append((text, random.Random(f"{seed}:{rule}:{text.sha}").choice(by_rule[rule])))
    return found


def describe_find(text: Text, row: dict[str, Any]) -> str:
    """Return a find in its context on one line, with its fields."""
    start, end = row["start"], row["end"]
    shown = f"{text.text[max(0, start - CONTEXT) : start]}[[{text.text[start:end]}]]{text.text[end : end + CONTEXT]}"
    skipped = {"file", "statement", "place", "date_of_statement", "entry", "type", "start", "end", "quote", "parts", "lang", "section", "sentence", "grade", "rule", "why", "links", "plugin"}
    fields = {name: value for name, value in row.items() if name not in skipped and value not in (None, [], False)}
    return f"{text.file}:{text.line} {start}-{end} {text.date} {row['grade']} | {' '.join(shown.split())} | {json.dumps(fields, ensure_ascii=False)}"


def count_reads(path: Path) -> dict[str, tuple[int, int]]:
    """Return rule -> (finds that were read, how many of them were right)."""
    counts: dict[str, tuple[int, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        read, right = counts.get(row["rule"], (0, 0))
        counts[row["rule"]] = read + 1, right + row["right"]
    return counts


def find_standing(texts: dict[str, Text], path: Path) -> dict[str, list[int]]:
    """Return rule -> (right ones that still stand, wrong ones that still stand): found by any rule of that type at the same place."""
    reads: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        reads.setdefault(row["text_sha"], []).append(row)
    standing: dict[str, list[int]] = {}
    for sha, rows in reads.items():
        types = sorted({row["rule"].partition(".")[0] for row in rows})
        places = {(found["rule"], found["start"], found["end"]) for found in variorum.ledger(texts[sha].text, date=texts[sha].date, lang="en", types=types).to_pylist()}
        for row in rows:
            counts = standing.setdefault(row["rule"], [0, 0])
            counts[not row["right"]] += (row["rule"], row["start"], row["end"]) in places
    return standing


def main() -> None:
    """Draw finds, or count what was read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rules", nargs="+", default=[], help="rules such as date.bound")
    parser.add_argument("--n", type=int, default=30)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the drawn finds there too, to be marked right or wrong")
    parser.add_argument("--reads", type=Path, help="file of finds that were read")
    arguments = parser.parse_args()
    texts = read_held(arguments.data)
    if arguments.reads:
        standing = find_standing({text.sha: text for text in texts}, arguments.reads)
        rows = [[rule, read, right, *standing[rule]] for rule, (read, right) in sorted(count_reads(arguments.reads).items())]
        measure.print_table(["rule", "read", "right", "right that stand", "wrong that stand"], rows)
        return
    drawn = draw_finds(texts, arguments.rules, arguments.n, arguments.seed)
    for rule, finds in drawn.items():
        print(f"== {rule}: {len(finds)}")
        for number, (text, row) in enumerate(finds, start=1):
            print(number, describe_find(text, row))
    if arguments.json:
        lines = [{"rule": rule, "number": n, "file": t.file, "line": t.line, "text_sha": t.sha, "start": r["start"], "end": r["end"]} for rule, finds in drawn.items() for n, (t, r) in enumerate(finds, start=1)]
        arguments.json.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
