"""Form letters: does a campaign come out as one family, and at what cost?

    python benchmarks/campaign.py --base BOOKS --letters 300 --documents 1000 --noise 0 0.03
    python benchmarks/campaign.py --base BOOKS --letters 50000 --documents 60000

Up to 2,000 letters the corpus and the score of all pairs come from the generator and the scorer in shared/tools beside
the checkout. Above that the number of true pairs is out of reach, so this file makes the letters itself and counts in
linear time: the share of the letters that the best family holds, and the share of that family that are letters.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

import measure
import texts

MAX_PAIRED = 2_000


def make_letters(folder: Path, noise: float, arguments: argparse.Namespace) -> str:
    """Make the corpus and return the name of the campaign's family in `copies.jsonl`."""
    if arguments.letters > MAX_PAIRED:
        walker = texts.Walker(arguments.base, np.random.default_rng(arguments.seed))
        into = texts.plant_campaign(walker, arguments.documents, arguments.letters, noise)
        texts.write_statements(walker, into, arguments.documents, folder, (300, 40))
        return "campaign"
    sizes = ["--n", str(arguments.documents), "--campaigns", "1", "--campaign-size", str(arguments.letters)]
    if arguments.families is not None:
        sizes += ["--families", str(arguments.families)]
    measure.run_tool(arguments.generator, ["--base", arguments.base, *sizes, "--noise", str(noise), "--seed", str(arguments.seed), "--out", folder])
    return str(next(c["family"] for c in measure.read_lines(folder / "copies.jsonl") if c["campaign"]))


def score_linear(folder: Path, family: str) -> tuple[float, float, int]:
    """Return the share of letters in the best family, the share of that family that are letters, and families touched.

    A passage counts as a letter when it covers half or more of the letter's planted text.
    """
    letters = {c["doc"]: (c["begin"], c["end"]) for c in measure.read_lines(folder / "copies.jsonl") if str(c["family"]) == family}
    members: dict[int, set[str]] = defaultdict(set)
    right: dict[int, set[str]] = defaultdict(set)
    for row in measure.read_lines(folder / "passim" / "out.json"):
        members[row["cluster"]].add(row["id"])
        begin, end = letters.get(row["id"], (0, 0))
        if 2 * (min(end, row["end"]) - max(begin, row["begin"])) >= end - begin > 0:
            right[row["cluster"]].add(row["id"])
    if not right:
        return 0.0, 0.0, 0
    best, n = Counter({c: len(names) for c, names in right.items()}).most_common(1)[0]
    return n / len(letters), n / len(members[best]), len(right)


def main() -> None:
    """Run every level of noise and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt)")
    parser.add_argument("--letters", type=int, default=300)
    parser.add_argument("--documents", type=int, default=1000, help="documents in all")
    parser.add_argument("--families", type=int, help="other planted families (generator's default: documents / 12)")
    parser.add_argument("--noise", type=float, nargs="+", default=[0, 0.03], help="share of a copy's words that are edited")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--generator", type=Path, default=measure.SHARED_TOOLS / "make_reuse_corpus.py")
    parser.add_argument("--scorer", type=Path, default=measure.SHARED_TOOLS / "score_reuse.py")
    parser.add_argument("--work", type=Path, help="folder to work in (kept)")
    arguments = parser.parse_args()
    measure.warm_up()
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for noise in arguments.noise:
            folder = (arguments.work or Path(scratch)) / f"noise{noise}"
            family = make_letters(folder, noise, arguments)
            cost = measure.trace([folder / "docs.jsonl"], folder / "out.variorum")
            measure.export_passim(folder / "out.variorum", folder / "passim")
            share, purity, touched = score_linear(folder, family)
            f1 = None
            if arguments.letters <= MAX_PAIRED:
                f1 = json.loads(measure.run_tool(arguments.scorer, [folder, folder / "passim" / "out.json", "--json"]))["f1"]
            rows.append([f"{noise:g}", f1, share, purity, touched, cost.cpu_seconds, cost.wall_seconds, cost.peak_mb])
    head = ["noise", "F1 families", "letters in best family", "purity", "families touched", "CPU s", "wall s", "peak MB"]
    measure.print_table(head, rows, f"{arguments.letters:,} letters among {arguments.documents:,} documents, seed {arguments.seed}")


if __name__ == "__main__":
    main()
