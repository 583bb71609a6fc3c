"""Cost of adding statements to a corpus and of removing some, next to a trace of all of them.

    python benchmarks/grow.py --base BOOKS --documents 10000 --more 100 1000 --seed 7

The statements are those of scale.py: a walk over the base texts with planted passages and boilerplate.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np

import measure
import texts


def main() -> None:
    """Make the statements, trace the first, add the others, remove them again, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt) to walk over")
    parser.add_argument("--documents", type=int, default=10_000, help="statements in the corpus")
    parser.add_argument("--more", type=int, nargs="+", default=[100, 1000], help="statements to add")
    parser.add_argument("--words", type=int, default=500, help="median own words of a document")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--preset", default="sensitive")
    arguments = parser.parse_args()
    measure.warm_up()
    command, rows = measure.find_variorum(), []
    with tempfile.TemporaryDirectory() as scratch:
        folder, n = Path(scratch), arguments.documents + max(arguments.more)
        walker = texts.Walker(arguments.base, np.random.default_rng([arguments.seed, n]))
        texts.write_statements(walker, texts.plant_passages(walker, n), n, folder, (arguments.words, 60))
        lines = (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        old = folder / "old.jsonl"
        old.write_text("".join(lines[: arguments.documents]), encoding="utf-8")
        cost = measure.trace([old], folder / "old.variorum", ["--preset", arguments.preset])
        rows.append([f"trace of {arguments.documents:,}", cost.cpu_seconds, cost.wall_seconds, cost.peak_mb])
        for number in arguments.more:
            new, grown = folder / f"more{number}.jsonl", folder / f"grown{number}.variorum"
            new.write_text("".join(lines[arguments.documents : arguments.documents + number]), encoding="utf-8")
            shutil.copytree(folder / "old.variorum", grown)
            cost = measure.run_measured([command, "add", new, "--to", grown])
            rows.append([f"{number:,} more added", cost.cpu_seconds, cost.wall_seconds, cost.peak_mb])
            for name, first in (("the last one", arguments.documents + number - 1), ("one in the middle", arguments.documents // 2)):
                cost = measure.run_measured([command, "remove", f"doc{first:07d}", "--from", grown])
                rows.append([f"then {name} removed", cost.cpu_seconds, cost.wall_seconds, cost.peak_mb])
        cost = measure.trace([folder / "docs.jsonl"], folder / "all.variorum", ["--preset", arguments.preset])
        rows.append([f"trace of {n:,}", cost.cpu_seconds, cost.wall_seconds, cost.peak_mb])
    measure.print_table(["work", "CPU s", "wall s", "peak MB"], rows, f"with the report, preset {arguments.preset}, seed {arguments.seed}")


if __name__ == "__main__":
    main()
