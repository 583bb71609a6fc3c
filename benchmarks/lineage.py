"""Lineages of made traditions, whose every descent is known; of a tradition with a known stemma; of letters whose versions are dated.

    python benchmarks/lineage.py --seeds 0-19
    python benchmarks/lineage.py --seeds 0-19 --short
    python benchmarks/lineage.py --seeds 0-49 --short --words 300
    python benchmarks/lineage.py --seeds 0-19 --undated
    python benchmarks/lineage.py --stemma notre-besoin --root T1
    python benchmarks/lineage.py --letters tech nix
    python benchmarks/lineage.py --sizes 200 1000

Needs the generator `make_tradition.py` and the scorer `score_stemma.py`; by default those in shared/tools. CPU seconds are those of the lineage alone and,
beside them, with the collation; the kernels are loaded.

A parent is right where it is the true one or, where that is lost, the nearest ancestor that is held. Witnesses that have no held ancestor are
counted apart: right is that none is named. Of second sources: whether the taker is found (of all, and of those that have three readings or more by which to
see it), whether who is said to have one has one, and whether the source is named right. A link "taken from" is right where its parent is; a link "shares a lost source" where the true parent is lost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import math
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import measure
from collation import load_scorer, parse_seeds
from known_stemmas import score_compression, score_letters, score_stemma

SETTINGS: dict[str, list[str]] = {
    "10, none lost": ["--k", "10"],
    "30, none lost": ["--k", "30"],
    "30, 20 % lost": ["--k", "30", "--lost", "0.2"],
    "10, 20 % lost, 20 % undated, 5 % wrong": ["--k", "10", "--lost", "0.2", "--date-missing", "0.2", "--date-wrong", "0.05"],
    "30, 20 % lost, 20 % undated, 5 % wrong": ["--k", "30", "--lost", "0.2", "--date-missing", "0.2", "--date-wrong", "0.05"],
}
SHORT: dict[str, list[str]] = {
    "10, none lost": ["--k", "10"],
    "30, none lost": ["--k", "30"],
    "10, none dated": ["--k", "10", "--date-missing", "1"],
    "10, 20 % lost": ["--k", "10", "--lost", "0.2"],
    "30, 20 % lost": ["--k", "30", "--lost", "0.2"],
    "10, 20 % lost, 20 % undated, 5 % wrong": ["--k", "10", "--lost", "0.2", "--date-missing", "0.2", "--date-wrong", "0.05"],
    "30, 20 % lost, 20 % undated, 5 % wrong": ["--k", "30", "--lost", "0.2", "--date-missing", "0.2", "--date-wrong", "0.05"],
}
SHORT_WORDS = 150
"""Words of a short text: fewer places by which a parent can be told, and so more links that are in doubt."""
UNDATED: dict[str, list[str]] = {"10, none lost": ["--k", "10"], "30, none lost": ["--k", "30"], "10, 20 % lost": ["--k", "10", "--lost", "0.2"]}
FIRST_DAY = dt.date(2024, 1, 1)
VISIBLE = 3
"""Fewest readings by which a second source can be seen."""
Links = list[tuple[float, bool]]


def make_tradition(folder: Path, generator: Path, options: list[str], seed: int) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, Any]]]:
    """Make a tradition; return texts, dates and the true nodes by siglum."""
    measure.run_tool(generator, [*options, "--seed", str(seed), "--out", folder])
    given = json.loads((folder / "witnesses.json").read_text(encoding="utf-8"))
    nodes = {node["id"]: node for node in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["nodes"]}
    texts = {w["id"]: w["content"] for w in given["witnesses"]}
    dates = {w: "" if nodes[w]["published"] is None else (FIRST_DAY + dt.timedelta(days=nodes[w]["published"])).isoformat() for w in texts}
    return texts, dates, nodes


def count_agreeing(collation: Any, child: str, source: str, parent: str) -> int:
    """Return at how many loci a witness has the reading of one other and not that of a third; the most where the third is lost."""
    sigla = collation.sigla
    if parent not in sigla:
        return VISIBLE
    rows = collation.readings.to_arrow(["reading"])["reading"].fill_null(-1).to_numpy().reshape(-1, len(sigla))
    own, other, main = (rows[:, sigla.index(w)] for w in (child, source, parent))
    return int(((own == other) & (own != main)).sum())


class Tally:
    """Counts over the traditions of one setting."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = defaultdict(int)
        self.links: dict[str, Links] = defaultdict(list)
        self.seconds: list[float] = []

    def add(self, texts: dict[str, str], dates: dict[str, str], nodes: dict[str, dict[str, Any]]) -> None:
        """Count one tradition."""
        import variorum

        collation = variorum.collate(texts)
        started = time.process_time()
        lineage = variorum.lineage(collation, dates)
        rows, links = lineage.stemma.to_pylist(), {row["child"]: row for row in lineage.links.to_pylist()}
        found = {(rows[r["child"]]["label"], rows[r["source"]]["label"]) for r in lineage.second_sources.to_pylist()}
        self.seconds.append(time.process_time() - started)
        for row in rows[: len(texts)]:
            self._count_witness(row, rows, links.get(row["node"]), nodes)
        true = {(w, q) for w in texts for q in nodes[w]["parents2"] if q in texts}
        seen = {w for w, q in true if count_agreeing(collation, w, q, nodes[w]["parent"]) >= VISIBLE}
        takers, named = {w for w, _ in true}, {w for w, _ in found}
        for name, n in (("true", len(takers)), ("found", len(named)), ("taker", len(takers & named)), ("seen", len(seen)), ("seen taker", len(seen & named)), ("source", len(true & found))):
            self.counts[f"second, {name}"] += n

    def _count_witness(self, row: dict[str, Any], rows: list[dict[str, Any]], link: dict[str, Any] | None, nodes: dict[str, dict[str, Any]]) -> None:
        siglum = row["label"]
        true = nodes[siglum]["parent"]
        is_lost = true is not None and not nodes[true]["extant"]
        while true is not None and not nodes[true]["extant"]:
            true = nodes[true]["parent"]
        source = None if row["source"] is None else rows[row["source"]]["label"]
        kind = "none" if true is None else "parent"
        self.counts[kind] += 1
        self.counts[f"{kind}, right"] += source == true
        if link is not None:
            parent = rows[link["parent"]]
            right = is_lost if parent["lost"] else parent["label"] == true
            self.links[link["kind"]].append((link["support"], right))


def share(right: int, n: int) -> float | None:
    """Return a share, None of nothing."""
    return right / n if n else None


def count_kind(links: Links) -> float | None:
    """Return the share of links that are right."""
    return share(sum(right for _, right in links), len(links))


def bin_support(links: Links) -> list[list[Any]]:
    """Return by tenth of support: links, their mean support, the share that is right, by how much it is more, and the standard error that chance alone gives it."""
    rows: list[list[Any]] = []
    for tenth in range(10):
        inside = [(s, right) for s, right in links if min(9, int(s * 10)) == tenth]
        if inside:
            mean, right = sum(s for s, _ in inside) / len(inside), count_kind(inside) or 0.0
            error = math.sqrt(sum(s * (1 - s) for s, _ in inside)) / len(inside)
            rows.append([f"{tenth / 10:.1f}-{tenth / 10 + 0.1:.1f}", len(inside), mean, right, right - mean, error])
    return rows


def rate_calibration(links: Links) -> float:
    """Return by how much support and share of right links differ, in tenths of support weighed by their links (expected calibration error)."""
    return sum(n * abs(off) for _, n, _, _, off, _ in bin_support(links)) / len(links)


def measure_traditions(arguments: argparse.Namespace) -> None:
    """Print what is told of made traditions, by setting, and how often links of each support are right in all of them."""
    settings, common = (SHORT, ["--words", str(arguments.words)]) if arguments.short else (SETTINGS, [])
    title = f"seeds {arguments.seeds[0]}-{arguments.seeds[-1]}" + (f", texts of {arguments.words} words" if arguments.short else "")
    rows, every = [], []
    for name, options in settings.items():
        tally = Tally()
        for seed in arguments.seeds:
            with tempfile.TemporaryDirectory() as scratch:
                tally.add(*make_tradition(Path(scratch), arguments.generator, [*options, *common, "--text", arguments.text], seed))
        n, links = tally.counts, tally.links
        rows.append([name, share(n["parent, right"], n["parent"]), n["parent"], share(n["none, right"], n["none"]), share(n["parent, right"] + n["none, right"], n["parent"] + n["none"]),
                     count_kind(links["taken from"]), len(links["taken from"]), count_kind(links["shares a lost source"]), len(links["shares a lost source"]), count_kind(links["cannot tell"]),
                     len(links["cannot tell"]), share(n["second, taker"], n["second, true"]), share(n["second, seen taker"], n["second, seen"]), share(n["second, taker"], n["second, found"]), share(n["second, source"], n["second, true"]), sum(tally.seconds) / len(tally.seconds)])  # fmt: skip
        every += [link for kind in links.values() for link in kind]
    head = ["witnesses", "parent right", "of", "none right", "all", "taken", "of", "lost", "of", "cannot tell", "of", "second recall", "of 3 readings", "precision", "source right", "CPU s"]
    measure.print_table(head, rows, title)
    measure.print_table(["support", "links", "mean support", "right", "more", "standard error"], bin_support(every), f"support, all settings together ({title})")


def measure_undated(arguments: argparse.Namespace) -> None:
    """Print what is told of traditions of which no date is known."""
    rows = [[name, *rate_undated(arguments, [*options, "--text", arguments.text])] for name, options in UNDATED.items()]
    measure.print_table(["witnesses, none dated", "root right", "orientation", "taken from right", "of"], rows, f"seeds {arguments.seeds[0]}-{arguments.seeds[-1]}")


def rate_undated(arguments: argparse.Namespace, options: list[str]) -> list[float | None]:
    """Return how often the root is right, the order of depth (average sign distance), the share of links "taken from" that are right, and their number; `arguments`: seeds, generator, scorer."""
    import variorum
    from known_stemmas import to_graph

    scorer = load_scorer(arguments.scorer)
    roots, orientations, links = [], [], []
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as scratch:
            texts, _, nodes = make_tradition(Path(scratch), arguments.generator, options, seed)
        lineage = variorum.lineage(texts)
        true = {w: {child: 1 for child, node in nodes.items() if node["parent"] == w} for w in nodes}
        orientations.append(scorer.orientation(true, to_graph(lineage), list(texts)))
        roots.append({row["label"] for row in lineage.stemma.to_pylist() if row["parent"] is None} == {w for w in nodes if nodes[w]["parent"] is None})
        links += [nodes[lineage.labels[r["child"]]]["parent"] == lineage.labels[r["parent"]] for r in lineage.links.to_pylist() if r["kind"] == "taken from"]
    return [sum(roots) / len(roots), sum(orientations) / len(orientations), share(sum(links), len(links)), len(links)]


def measure_sizes(arguments: argparse.Namespace) -> None:
    """Print what many witnesses cost."""
    import variorum

    variorum.lineage({"a": "the old pier is lit at night", "b": "the pier is lit at noon"}).to_dict()  # loads the kernels
    rows = []
    for n in arguments.sizes:
        with tempfile.TemporaryDirectory() as scratch:
            texts, dates, _ = make_tradition(Path(scratch), arguments.generator, ["--k", str(n)], 0)
        times = [time.process_time()]
        collation = variorum.collate(texts)
        collation.readings.to_arrow()
        times.append(time.process_time())
        lineage = variorum.lineage(collation, dates)
        for view in (lineage.stemma, lineage.links, lineage.alternatives, lineage.second_sources):
            view.to_arrow()
        times.append(time.process_time())
        lineage.evidence.to_arrow()
        times.append(time.process_time())
        lineage.to_format("html")
        times.append(time.process_time())
        rows.append([n, *(after - before for before, after in itertools.pairwise(times)), times[2] - times[0]])
    head = ["witnesses", "collation, CPU s", "lineage, CPU s", "evidence in words, CPU s", "page, CPU s", "collation and lineage"]
    measure.print_table(head, rows, "texts of 1,000 words, seed 0")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=parse_seeds, help="such as 0-19: made traditions")
    parser.add_argument("--short", action="store_true", help="with --seeds: short texts, in which more links are in doubt, and more settings")
    parser.add_argument("--words", type=int, default=SHORT_WORDS, help="with --short: words of a text")
    parser.add_argument("--undated", action="store_true", help="with --seeds: no date is told")
    parser.add_argument("--text", default="zipf", help="zipf, or a plain text to copy")
    parser.add_argument("--stemma", type=Path, metavar="FOLDER", help="texts and true_stemma.dot")
    parser.add_argument("--root", metavar="SIGLUM", help="with --stemma: the root is known")
    parser.add_argument("--moves", type=int, default=6000, help="with --stemma: moves of the search for the tree of least description length, from four starts")
    parser.add_argument("--letters", type=Path, nargs="+", metavar="FOLDER", help="versions of a letter whose names are their dates")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of witnesses")
    parser.add_argument("--generator", type=Path, default=measure.SHARED_TOOLS / "make_tradition.py")
    parser.add_argument("--scorer", type=Path, default=measure.SHARED_TOOLS / "score_stemma.py")
    arguments = parser.parse_args()
    if arguments.seeds and arguments.undated:
        measure_undated(arguments)
    elif arguments.seeds:
        measure_traditions(arguments)
    if arguments.stemma:
        scorer = load_scorer(arguments.scorer)
        rows = score_stemma(arguments.stemma, scorer, arguments.root) + score_compression(arguments.stemma, scorer, arguments.moves)
        measure.print_table(["", "skeleton", "orientation"], rows, arguments.stemma.name)
    if arguments.letters:
        measure.print_table(["letter", "versions", "pairs", "in order", "not told"], [score_letters(folder) for folder in arguments.letters], "dates hidden")
    if arguments.sizes:
        measure_sizes(arguments)


if __name__ == "__main__":
    main()
