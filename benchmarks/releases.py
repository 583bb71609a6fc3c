"""A folder of real releases: what a trace with its report costs, and whether the largest families hold together.

    python benchmarks/releases.py DATA_DIR --text-field text --date-field date --series-field member.name

Coherence of a family: share of random pairs of its passages that have at least 30 % of the smaller one's runs of seven
letters in common.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path

import measure

LETTERS = 7
MIN_SHARE = 0.30


def letter_runs(text: str) -> set[str]:
    """Return the runs of seven letters or digits of a text, folded."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text).lower() if c.isalnum())
    return {folded[i : i + LETTERS] for i in range(max(1, len(folded) - LETTERS + 1))}


def coherence(passages: list[str], n_pairs: int, rng: random.Random) -> float:
    """Return the share of random pairs of passages that share enough."""
    runs = [letter_runs(p) for p in passages]
    good = 0
    for _ in range(n_pairs):
        a, b = rng.sample(runs, 2)
        good += len(a & b) >= MIN_SHARE * min(len(a), len(b))
    return good / n_pairs


def largest_families(query: Callable[[str], list[tuple]], n: int) -> list[tuple[str, int, int, int, bool, list[str]]]:
    """Return family, rank, witnesses, series, mark and passages of the `n` families of most witnesses; `query` runs SQL on the corpus."""
    rows = query(f"select family, rank, n_witnesses, n_series, common from families order by n_witnesses desc, rank limit {n}")
    found = []
    for family, rank, n_witnesses, n_series, common in rows:
        # SQL counts characters from 1, and in code points as the places do.
        sql = f'select substr(text, p.start + 1, p."end" - p.start) from passages p join witnesses using (witness) where family = \'{family}\''
        found.append((family, rank, n_witnesses, n_series, common, [text for (text,) in query(sql)]))
    return found


def main() -> None:
    """Trace the folder and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder or file of statements")
    for name in ("id", "text", "date", "series"):
        parser.add_argument(f"--{name}-field")
    parser.add_argument("--times", type=int, default=1, help="runs to take the median of")
    parser.add_argument("--families", type=int, default=5, help="how many of the largest families to look at")
    parser.add_argument("--pairs", type=int, default=1000, help="random pairs a family")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--work", type=Path, help="folder to work in (kept)")
    arguments = parser.parse_args()
    options = [part for name in ("id", "text", "date", "series") if (value := getattr(arguments, f"{name}_field")) for part in (f"--{name}-field", value)]
    measure.warm_up()
    with tempfile.TemporaryDirectory() as scratch:
        corpus = (arguments.work or Path(scratch)) / "releases.variorum"
        costs = sorted((measure.trace([arguments.data], corpus, options) for _ in range(arguments.times)), key=lambda c: c.cpu_seconds)
        cost = costs[len(costs) // 2]
        report = (corpus / "report.html").stat().st_size / 1e6
        ((n, with_family),) = measure.query(corpus, "select (select count(*) from witnesses), (select count(distinct witness) from passages)")
        ((spans,),) = measure.query(corpus, "select count(*) from spans")
        ((families, common),) = measure.query(corpus, "select count(*), count(*) filter (common) from families")
        head = ["statements", "CPU s", "wall s", "peak MB", "report MB", "spans", "families", "marked", "share with a family"]
        row = [f"{n:,}", cost.cpu_seconds, cost.wall_seconds, cost.peak_mb, report, spans, families, common, with_family / max(1, n)]
        measure.print_table(head, [row], "trace with the report")
        stages = measure.query(corpus, "select stage, seconds, cpu_seconds, n_rows from provenance order by started_at")
        measure.print_table(["stage", "seconds", "CPU s", "rows"], stages, "stages of the last run")
        rng = random.Random(arguments.seed)
        rows = [[family, rank, witnesses, series, "yes" if mark else "no", coherence(passages, arguments.pairs, rng)]
                for family, rank, witnesses, series, mark, passages in largest_families(partial(measure.query, corpus), arguments.families)]  # fmt: skip
        measure.print_table(["family", "rank", "witnesses", "series", "marked", "coherence"], rows, f"the {len(rows)} largest families")


if __name__ == "__main__":
    main()
