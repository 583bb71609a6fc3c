"""Cost against size: statements from a Markov walk with planted reuse, traced at several sizes, next to `wc -w`.

    python benchmarks/scale.py --base BOOKS --documents 10000 100000 --seed 7
    python benchmarks/scale.py --base BOOKS --documents 20000 --copies 50 [--part 0.4]

With `--copies` few statements stand there many times each, every copy edited anew, whole or in part. `whole` is the share of
planted passages (with `--copies`, of statements) of which one family holds all copies. The exponent is that of CPU seconds against bytes, from one size to the next: 1 is linear.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

import measure
import texts


def make_statements(arguments: argparse.Namespace, n: int, folder: Path) -> None:
    """Make `n` statements in a folder."""
    walker, n_words = texts.Walker(arguments.base, np.random.default_rng([arguments.seed, n])), (arguments.words, 60)
    if arguments.copies:
        texts.write_replicas(walker, n, folder, n_words, arguments.copies, arguments.part)
    else:
        texts.write_statements(walker, texts.plant_passages(walker, n), n, folder, n_words)


def count_found(corpus: Path, copies: Path) -> tuple[float, float]:
    """Return the share of planted copies (boilerplate left out) of which passages cover half or more, and of passages of which one family covers so much of every copy."""
    held: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    sql = 'select siglum, rank, p.start, p."end" from passages p join witnesses w using (witness) join families f using (family)'
    for name, family, start, end in measure.query(corpus, sql):
        held[name].append((family, start, end))
    found, n_copies, in_family = 0, Counter(), defaultdict(Counter)
    for copy in (c for c in measure.read_lines(copies) if c["kind"] == "passage"):
        covered: dict[int, np.ndarray] = {}
        for family, start, end in held.get(copy["doc"], ()):
            low, high = max(0, start - copy["begin"]), max(0, end - copy["begin"])
            for key in (-1, family):
                covered.setdefault(key, np.zeros(copy["end"] - copy["begin"], bool))[low:high] = True
        n_copies[copy["family"]] += 1
        half = [family for family, places in covered.items() if places.mean() >= 0.5]
        found += -1 in half
        in_family[copy["family"]].update(family for family in half if family >= 0)
    whole = sum(max(in_family[name].values(), default=0) == n for name, n in n_copies.items() if n > 1)
    return found / max(1, n_copies.total()), whole / max(1, sum(n > 1 for n in n_copies.values()))


def main() -> None:
    """Make the statements, trace them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt) to walk over")
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--words", type=int, default=500, help="median own words of a document")
    parser.add_argument("--copies", type=int, help="times that every statement of a base stands in the corpus, instead of passages planted in statements that differ")
    parser.add_argument("--part", type=float, default=1.0, help="with --copies: part of a statement's words that its copies hold")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--times", type=int, default=1, help="runs to take the median of")
    parser.add_argument("--preset", default="sensitive")
    parser.add_argument("--work", type=Path, help="folder to work in (kept; statements made before are taken again)")
    arguments = parser.parse_args()
    measure.warm_up()
    rows, last = [], None
    with tempfile.TemporaryDirectory() as scratch:
        for n in arguments.documents:
            folder = (arguments.work or Path(scratch)) / (f"copies{arguments.copies}-{arguments.part:g}-{n}" if arguments.copies else f"scale{n}")
            docs, corpus = folder / "docs.jsonl", folder / "out.variorum"
            if not docs.exists():
                make_statements(arguments, n, folder)
            size = docs.stat().st_size
            costs = [measure.trace([docs], corpus, ["--preset", arguments.preset]) for _ in range(arguments.times)]
            cost = sorted(costs, key=lambda c: c.cpu_seconds)[len(costs) // 2]
            floor = measure.run_measured(["wc", "-w", docs], times=3)
            ((spans,),) = measure.query(corpus, "select count(*) from spans")
            ((families,),) = measure.query(corpus, "select count(*) from families")
            exponent = math.log(cost.cpu_seconds / last[0]) / math.log(size / last[1]) if last else None
            rows.append([f"{n:,}", size / 1e6, cost.cpu_seconds, cost.cpu_seconds / floor.cpu_seconds, cost.wall_seconds, cost.anonymous_mb, cost.peak_mb,
                         spans, families, *count_found(corpus, folder / "copies.jsonl"), exponent, floor.cpu_seconds])  # fmt: skip
            last = (cost.cpu_seconds, size)
    head = ["documents", "MB", "CPU s", "times wc -w", "wall s", "own MB", "peak MB", "spans", "families", "copies found", "whole", "exponent", "wc -w CPU s"]
    measure.print_table(head, rows, f"trace with the report, preset {arguments.preset}, seed {arguments.seed}")


if __name__ == "__main__":
    main()
