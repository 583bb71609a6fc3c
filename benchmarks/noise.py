"""Passages planted with errors of reading and of copying: which share of the pairs is found, by how much both copies differ.

    python benchmarks/noise.py --base BOOKS --documents 2000 --seed 7

Statements are Markov walks over the words of the base. Into them go passages of 30 to 300 words whose copies have up to
20 % of their characters, or of their words, wrong; the noise of a pair is that of both copies together. A pair is found
when spans cover half of the passage or more in both statements; `two` counts the passages of two copies alone, where no third
copy helps. A pair of statements with a span is false when nothing was planted in both. Into another set of
statements go quotations of 8 to 24 words, word for word, in two statements each.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

import measure
import texts

BINS = {"letters": [0.0, 0.05, 0.12, 0.20], "words": [0.0, 0.20, 0.30, 0.40], "quotation": [7, 9, 12, 16, 24]}
"""Upper bounds of the bins, each after the one before: share of characters, share of words, words."""
Bin = tuple[str, float, float]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """One planted copy: where it stands, its words, and its errors per character or word."""

    begin: int
    end: int
    words: int
    rate: float


@dataclass
class Tally:
    """Pairs planted and found in one bin, and of these those of passages with two copies."""

    planted: int = 0
    found: int = 0
    planted_two: int = 0
    found_two: int = 0


def read_copies(path: Path) -> dict[tuple[str, str], dict[str, Copy]]:
    """Return (kind, family) -> statement -> copy of what was planted."""
    families: dict[tuple[str, str], dict[str, Copy]] = defaultdict(dict)
    for row in measure.read_lines(path):
        size = row["end"] - row["begin"] - row["words"] + 1 if row["kind"] == "letters" else row["words"]
        families[row["kind"], row["family"]][row["doc"]] = Copy(row["begin"], row["end"], row["words"], row["edits"] / size)
    return families


def covered_share(spans: Sequence[Box], a: Copy, b: Copy) -> float:
    """Return the share of two copies that spans between them cover, of the copy that is covered less."""
    held = [np.zeros(a.end - a.begin, bool), np.zeros(b.end - b.begin, bool)]
    for start_a, end_a, start_b, end_b in spans:
        if start_a < a.end and end_a > a.begin and start_b < b.end and end_b > b.begin:
            held[0][max(0, start_a - a.begin) : end_a - a.begin] = True
            held[1][max(0, start_b - b.begin) : end_b - b.begin] = True
    return float(min(side.mean() for side in held))


def read_spans(corpus: Path) -> dict[tuple[str, str], list[Box]]:
    """Return (statement, later statement) -> the places of their spans."""
    between: dict[tuple[str, str], list[Box]] = defaultdict(list)
    sql = (
        "select a.siglum, b.siglum, s.start_a, s.end_a, s.start_b, s.end_b from spans s"
        " join witnesses a on a.witness = s.witness_a join witnesses b on b.witness = s.witness_b"
    )
    for a, b, *box in measure.query(corpus, sql):
        between[(a, b) if a < b else (b, a)].append(tuple(box) if a < b else (box[2], box[3], box[0], box[1]))
    return between


def score(corpus: Path, planted: Path) -> tuple[dict[Bin, Tally], int, int]:
    """Return what was found in each bin (kind, above, up to), pairs of statements with a span, and how many of these are false."""
    between = read_spans(corpus)
    true, tallies = set(), defaultdict(Tally)
    for (kind, _), copies in read_copies(planted).items():
        for a, b in combinations(sorted(copies), 2):
            true.add((a, b))
            value = copies[a].words if kind == "quotation" else copies[a].rate + copies[b].rate
            edges = BINS.get(kind, [])
            at = max(1, int(np.searchsorted(edges, value)))
            if at >= len(edges):
                continue
            found, two = covered_share(between.get((a, b), ()), copies[a], copies[b]) >= 0.5, len(copies) == 2
            tally = tallies[kind, edges[at - 1], edges[at]]
            tally.planted += 1
            tally.found += found
            tally.planted_two += two
            tally.found_two += two and found
    return dict(sorted(tallies.items())), len(between), sum(pair not in true for pair in between)


def make_statements(base: Path, n_documents: int, seed: int, folder: Path, *, short: bool = False) -> Path:
    """Write statements with noisy passages, or with short quotations, into `folder`; return their file."""
    walker = texts.Walker(base, np.random.default_rng([seed, int(short)]), leap=True)
    into = texts.plant_short(walker, n_documents, n_documents // 2) if short else texts.plant_noisy(walker, n_documents, n_documents // 4)
    texts.write_statements(walker, into, n_documents, folder, (500, 60))
    return folder / "docs.jsonl"


def show(kind: str, value: float) -> str:
    """Return a bound of a bin as it is read: a number of words, or per cent."""
    return f"{value:g}" if kind == "quotation" else f"{100 * value:g} %"


def main() -> None:
    """Make both sets of statements, trace them with each preset, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt) to walk over")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--presets", nargs="+", default=["fast", "sensitive", "noisy"])
    parser.add_argument("--work", type=Path, help="folder to work in (kept)")
    arguments = parser.parse_args()
    measure.warm_up()
    columns, counts = {}, []
    with tempfile.TemporaryDirectory() as scratch:
        for short in (False, True):
            folder = (arguments.work or Path(scratch)) / ("short" if short else "noisy")
            docs = make_statements(arguments.base, arguments.documents, arguments.seed, folder, short=short)
            for preset in arguments.presets:
                corpus = folder / f"{preset}.variorum"
                cost = measure.trace([docs], corpus, ["--preset", preset, "--stop-after", "families"])
                tallies, n_pairs, n_false = score(corpus, folder / "copies.jsonl")
                for key, tally in tallies.items():
                    columns.setdefault(key, {})[preset] = tally
                counts.append([preset, "quotations" if short else "noise", n_pairs, n_false, 100 * n_false / max(1, n_pairs), cost.cpu_seconds, cost.peak_mb])
    rows = []
    for (kind, low, high), by in columns.items():
        tallies = list(by.values())
        shares = [value for t in tallies for value in (t.found / t.planted, t.found_two / t.planted_two if t.planted_two else None)]
        rows.append([f"{kind}, {show(kind, low)} to {show(kind, high)}", tallies[0].planted, tallies[0].planted_two, *shares])
    head = ["share of pairs found", "pairs", "two", *(name for preset in arguments.presets for name in (preset, "two"))]
    measure.print_table(head, rows, f"{arguments.documents:,} statements, seed {arguments.seed}; noise of both copies together, quotations by words")
    measure.print_table(["preset", "statements with", "pairs found", "false", "false %", "CPU s", "peak MB"], counts, "false pairs and cost")


if __name__ == "__main__":
    main()
