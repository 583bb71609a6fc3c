"""Planted passages with known ends, at several levels of noise: what is found, how exactly, at what cost.

    python benchmarks/reuse.py --base BOOKS --n 2000 --noise 0 0.05 0.1 0.2 --seed 7

Needs a generator and a scorer of planted reuse; by default those in the folder shared/tools beside the checkout.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import measure

HEAD = ["noise", "view", "F1", "precision", "recall", "case recall", "granularity", "ends", "ends p90", "false pairs"]


def score_run(folder: Path, noise: float, arguments: argparse.Namespace) -> tuple[dict[str, dict], measure.Cost]:
    """Make a corpus, trace it, and return the scores as pairs and as families, with the cost of the trace."""
    measure.run_tool(
        arguments.generator,
        ["--base", arguments.base, "--n", str(arguments.n), "--size", str(arguments.size), "--noise", str(noise), "--seed", str(arguments.seed), "--out", folder],
    )
    corpus = folder / "out.variorum"
    cost = measure.trace([folder / "docs.jsonl"], corpus, ["--preset", arguments.preset])
    measure.export_passim(corpus, folder / "passim")
    views = {"pairs": "align.json", "families": "out.json"}
    scores = {view: json.loads(measure.run_tool(arguments.scorer, [folder, folder / "passim" / name, "--json"])) for view, name in views.items()}
    return scores, cost


def main() -> None:
    """Run every level of noise and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt)")
    parser.add_argument("--n", type=int, default=2000, help="documents")
    parser.add_argument("--size", type=int, default=400, help="median words of a document, what is planted left out")
    parser.add_argument("--noise", type=float, nargs="+", default=[0, 0.05, 0.1, 0.2], help="share of a copy's words that are edited")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--preset", default="sensitive")
    parser.add_argument("--generator", type=Path, default=measure.SHARED_TOOLS / "make_reuse_corpus.py")
    parser.add_argument("--scorer", type=Path, default=measure.SHARED_TOOLS / "score_reuse.py")
    parser.add_argument("--work", type=Path, help="folder to work in (kept)")
    arguments = parser.parse_args()
    measure.warm_up()
    runs = {}
    with tempfile.TemporaryDirectory() as scratch:
        for noise in arguments.noise:
            runs[noise] = score_run((arguments.work or Path(scratch)) / f"noise{noise}", noise, arguments)
    rows = []
    for noise, (scores, _) in runs.items():
        for view, s in scores.items():
            rows.append([f"{noise:g}", view, s["f1"], s["precision"], s["recall"], s["case_recall"], s["granularity"], s["boundary_mae"], s["boundary_p90"], s["false_pairs"]])
    measure.print_table(HEAD, rows, f"{arguments.n:,} documents, seed {arguments.seed}, preset {arguments.preset}; ends in characters")
    groups = sorted({g for scores, _ in runs.values() for g in scores["pairs"]["by"]})
    table = [[g, *(scores["pairs"]["by"].get(g, {}).get("case_recall") for scores, _ in runs.values())] for g in groups]
    measure.print_table(["case recall of pairs", *(f"noise {n}" for n in runs)], table, "by placement, length and relation")
    costs = [[f"noise {n}", c.cpu_seconds, c.wall_seconds, c.peak_mb] for n, (_, c) in runs.items()]
    measure.print_table(["trace with the report", "CPU s", "wall s", "peak MB"], costs, "cost")


if __name__ == "__main__":
    main()
