"""Side by side on one machine, in one run: this program, near-duplicate finders, an exact join of words, and the floor.

    python benchmarks/peers.py --base BOOKS --n 5000 --noise 0 0.05 0.1 --seed 7
    python benchmarks/peers.py --base BOOKS --passim CHECKOUT --textpair CHECKOUT

datasketch and rensa are needed beside this program: pip install datasketch rensa. `--passim` names a checkout of passim, which needs
pyspark (and a JVM), intervaltree and graphframes-py here; `--textpair` one of TextPAIR, whose aligner needs the lz4 command, and Go where the
checkout holds no binary for this machine. The statements come from the generator in shared/tools beside the checkout.

Two measures. *Pairs named*: of the pairs of documents that share a planted passage, those that the program names. *Passages shown*: of
the planted pairs, those of which spans of that pair cover half or more on both sides. A false pair shares nothing planted.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import measure
import peer_programs

Place = tuple[int, int]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a program names: pairs of documents, and for each the places (in the first, in the second) where it has them."""

    pairs: dict[Pair, list[tuple[Place, Place]]]
    has_places: bool


def read_found(path: Path) -> Found:
    """Read pairs (two columns) or spans (six columns) from a file of `near_duplicates.py`, or passim's or TextPAIR's JSON lines."""
    pairs: dict[Pair, list[tuple[Place, Place]]] = defaultdict(list)
    has_places = False
    for parts in peer_programs.read_rows(path):
        if len(parts) == 2:
            pairs[min(parts), max(parts)] = []
            continue
        has_places = True
        a, begin_a, end_a, b, begin_b, end_b = parts
        if a < b:
            pairs[a, b].append(((begin_a, end_a), (begin_b, end_b)))
        elif b < a:
            pairs[b, a].append(((begin_b, end_b), (begin_a, end_a)))
    return Found(pairs, has_places)


def read_planted(folder: Path) -> dict[Pair, list[tuple[Place, Place]]]:
    """Return the planted pairs of places by pair of documents."""
    families: dict[str, list[tuple[str, Place]]] = defaultdict(list)
    for copy in measure.read_lines(folder / "copies.jsonl"):
        families[copy["family"]].append((copy["doc"], (copy["begin"], copy["end"])))
    planted: dict[Pair, list[tuple[Place, Place]]] = defaultdict(list)
    for copies in families.values():
        for (a, place_a), (b, place_b) in itertools.combinations(sorted(copies), 2):
            if a != b:
                planted[a, b].append((place_a, place_b))
    return planted


def covered(place: Place, by: Iterable[Place]) -> float:
    """Return the share of a place that the union of others covers."""
    done, total = place[0], 0
    for begin, end in sorted(by):
        begin, end = max(begin, done), min(end, place[1])
        if end > begin:
            total += end - begin
            done = end
    return total / max(1, place[1] - place[0])


def score(found: Found, planted: dict[Pair, list[tuple[Place, Place]]]) -> list[object]:
    """Return pairs named, passages shown (None where the program has no places), false pairs and their share of what was named."""
    right = found.pairs.keys() & planted.keys()
    false = len(found.pairs) - len(right)
    shown = None
    if found.has_places:
        cases = [(case, found.pairs.get(pair, [])) for pair, places in planted.items() for case in places]
        halves = (all(covered(case[side], [s[side] for s in spans]) >= 0.5 for side in (0, 1)) for case, spans in cases)
        shown = sum(halves) / len(cases)
    return [len(right) / len(planted), shown, false, false / max(1, len(found.pairs))]


def main() -> None:
    """Run every program at every level of noise and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt)")
    parser.add_argument("--n", type=int, default=5000, help="documents")
    parser.add_argument("--size", type=int, default=400, help="median own words of a document")
    parser.add_argument("--noise", type=float, nargs="+", default=[0, 0.05, 0.1], help="share of a copy's words that are edited")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--presets", nargs="+", default=["sensitive", "fast"], help="presets of this program")
    parser.add_argument("--passim", type=Path, help="a checkout of passim")
    parser.add_argument("--textpair", type=Path, help="a checkout of TextPAIR")
    parser.add_argument("--text-dedup", metavar="PYTHON", help="a Python that has the package text-dedup; without it, its recipe alone is run")
    parser.add_argument("--only", nargs="+", help="only programs whose name begins so")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--generator", type=Path, default=measure.SHARED_TOOLS / "make_reuse_corpus.py")
    parser.add_argument("--work", type=Path, help="folder to work in (kept)")
    arguments = parser.parse_args()
    peer_programs.require_peers()
    measure.warm_up()
    head = ["program", "pairs named", "passages shown", "false pairs", "false share", "CPU s", "wall s", "peak MB"]
    with tempfile.TemporaryDirectory() as scratch:
        for noise in arguments.noise:
            folder = ((arguments.work or Path(scratch)) / f"noise{noise}").resolve()
            sizes = ["--n", str(arguments.n), "--size", str(arguments.size), "--noise", str(noise), "--seed", str(arguments.seed)]
            measure.run_tool(arguments.generator, ["--base", arguments.base, *sizes, "--out", folder])
            planted = read_planted(folder)
            rows = []
            for program in peer_programs.list_programs(arguments.presets, arguments.passim, arguments.textpair, arguments.text_dedup):
                if arguments.only and not program.name.startswith(tuple(arguments.only)):
                    continue
                print(f"{program.name} ...", file=sys.stderr, flush=True)
                cost, result = program.run(folder)
                scores = score(read_found(result), planted) if result else [None] * 4
                rows.append([program.name, *scores, cost.cpu_seconds, cost.wall_seconds, cost.peak_mb])
            megabytes = (folder / "docs.jsonl").stat().st_size / 1e6
            cases = sum(map(len, planted.values()))
            title = f"{arguments.n:,} documents, {megabytes:.1f} MB, {cases:,} planted pairs, noise {noise:g}, seed {arguments.seed}"
            measure.print_table(head, rows, title, markdown=arguments.markdown)


if __name__ == "__main__":
    main()
