"""Cost against size: statements from a Markov walk with planted reuse, traced at several sizes, next to `wc -w`.

    python benchmarks/scale.py --base BOOKS --documents 10000 100000 --seed 7

The exponent is that of CPU seconds against bytes, from one size to the next: 1 is linear.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

import measure
import texts


def found_share(corpus: Path, copies: Path) -> float:
    """Return the share of planted copies (boilerplate left out) of which passages cover half or more."""
    held: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, start, end in measure.query(corpus, 'select siglum, p.start, p."end" from passages p join witnesses w using (witness)'):
        held[name].append((start, end))
    planted = [c for c in measure.read_lines(copies) if c["kind"] == "passage"]
    found = 0
    for copy in planted:
        covered = np.zeros(copy["end"] - copy["begin"], bool)
        for start, end in held.get(copy["doc"], ()):
            covered[max(0, start - copy["begin"]) : max(0, end - copy["begin"])] = True
        found += covered.mean() >= 0.5
    return found / max(1, len(planted))


def main() -> None:
    """Make the statements, trace them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt) to walk over")
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--words", type=int, default=500, help="median own words of a document")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--times", type=int, default=1, help="runs to take the median of")
    parser.add_argument("--preset", default="sensitive")
    parser.add_argument("--work", type=Path, help="folder to work in (kept; statements made before are taken again)")
    arguments = parser.parse_args()
    measure.warm_up()
    rows, last = [], None
    with tempfile.TemporaryDirectory() as scratch:
        for n in arguments.documents:
            folder = (arguments.work or Path(scratch)) / f"scale{n}"
            docs, corpus = folder / "docs.jsonl", folder / "out.variorum"
            if not docs.exists():
                walker = texts.Walker(arguments.base, np.random.default_rng([arguments.seed, n]))
                texts.write_statements(walker, texts.plant_passages(walker, n), n, folder, (arguments.words, 60))
            size = docs.stat().st_size
            costs = [measure.trace([docs], corpus, ["--preset", arguments.preset]) for _ in range(arguments.times)]
            cost = sorted(costs, key=lambda c: c.cpu_seconds)[len(costs) // 2]
            floor = measure.run_measured(["wc", "-w", docs], times=3)
            ((spans,),) = measure.query(corpus, "select count(*) from spans")
            ((families,),) = measure.query(corpus, "select count(*) from families")
            exponent = math.log(cost.cpu_seconds / last[0]) / math.log(size / last[1]) if last else None
            rows.append([f"{n:,}", size / 1e6, cost.cpu_seconds, cost.cpu_seconds / floor.cpu_seconds, cost.wall_seconds, cost.anonymous_mb, cost.peak_mb,
                         spans, families, found_share(corpus, folder / "copies.jsonl"), exponent, floor.cpu_seconds])  # fmt: skip
            last = (cost.cpu_seconds, size)
    head = ["documents", "MB", "CPU s", "times wc -w", "wall s", "own MB", "peak MB", "spans", "families", "copies found", "exponent", "wc -w CPU s"]
    measure.print_table(head, rows, f"trace with the report, preset {arguments.preset}, seed {arguments.seed}")


if __name__ == "__main__":
    main()
