"""Collation of made traditions, whose every word is known by descent; and of a hand-made alignment.

    python benchmarks/collation.py --seeds 0-9 --witnesses 10 --words 1000 --events 0.03
    python benchmarks/collation.py --seeds 0-9 --witnesses 3 10 --peer PYTHON --peer-seeds 0-1
    python benchmarks/collation.py --aligned parzival-aligned.csv

Needs the generator `make_tradition.py` and the scorer `score_collation.py`; by default those in shared/tools. CollateX is no
dependency of this project, not even for tests: it is run in an environment of your own, which `--peer` names:

    python -m venv peer && peer/bin/pip install collatex Levenshtein
    python benchmarks/collation.py --witnesses 10 30 --peer peer/bin/python --peer-seconds 600

It gets the same texts, and --peer-seconds for each; after a set that it does not finish it is given no other of that size or above.
CPU seconds are those of the collation and its tables, the kernels loaded; those of the whole process, and its memory, stand beside them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import ModuleType

import hand_alignment
import measure

HEAD = ["versions", "F1", "worst", "F1 once", "precision", "recall", "substituted", "moved", "worst moved", "CPU s", "process s", "peak MB"]

# Run by the peer's Python: one set of witnesses, in CollateX's own tokens; prints its JSON and what it took.
_PEER = """
import json, resource, sys, time
from collatex import Collation, collate
data = json.load(open(sys.argv[1]))
started = time.process_time()
collation = Collation.create_from_dict(data)
table = collate(collation, output="json", segmentation=False)
json.dump([json.loads(table), time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss], open(sys.argv[2], "w"))
"""


def collate_folder(folder: Path) -> None:
    """Collate the texts of a folder in this process; write the alignment table, and the CPU seconds it took, into it."""
    import variorum

    variorum.collate({"a": "the old pier is lit at night", "b": "the pier is lit at noon"}).readings.to_arrow()  # loads the kernels
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    started = time.process_time()
    collation = variorum.collate(texts)
    for view in (collation.loci, collation.readings, collation.blocks):
        view.to_arrow()
    cpu = time.process_time() - started
    with (folder / "table.json").open("w", encoding="utf-8") as file:
        file.writelines(collation.stream("collatex"))
    (folder / "account.json").write_text(json.dumps(cpu), encoding="utf-8")


def read_columns(table: dict) -> list[dict[str, int]]:
    """Return the columns of a table in CollateX's JSON as {witness: number of the token}; CollateX itself moves none, so it counts none."""
    columns: list[dict[str, int]] = [{} for _ in (table["table"][0] if table["table"] else [])]
    for witness, row in zip(table["witnesses"], table["table"], strict=True):
        for number, (column, cell) in enumerate((c, cell) for c, cell in zip(columns, row, strict=True) if cell):
            column[witness] = int(cell[0].get("i", number))
    return columns


def read_truth(folder: Path) -> dict[str, list]:
    """Return the tokens of the texts that are held, as the scorer takes them: word and descent."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return {node["id"]: node["tokens"] for node in truth["nodes"] if node["extant"]}


def leave_doubles_out(tokens: dict[str, list], columns: list[dict[str, int]]) -> tuple[dict[str, list], list[dict[str, int]]]:
    """Return truth and columns without the words that one text has twice.

    A copy contaminated by another may hold a stretch twice. Only one can stand opposite the others', and the truth has both.
    """
    seen = {w: Counter(descent for _, descent in held) for w, held in tokens.items()}
    once = {w: [(word, d if seen[w][d] == 1 else f"{w} {n}") for n, (word, d) in enumerate(held)] for w, held in tokens.items()}
    kept = [{w: n for w, n in column.items() if seen[w][tokens[w][n][1]] == 1} for column in columns]
    return once, kept


class Peer:
    """CollateX in a Python of its own.

    Attributes:
        version: its version; None where no Python was named.
        seconds: time it may take for one set of texts.
    """

    def __init__(self, python: str | None, seeds: list[int], seconds: float) -> None:
        """Take what the options say; ends with one line where that Python has no CollateX."""
        self.version: str | None = None
        self.seconds = seconds
        self._python, self._seeds, self._in_time = python, seeds, True
        if python is None:
            return
        asked = [python, "-c", "import collatex, Levenshtein, importlib.metadata as m; print(m.version('collatex'))"]
        try:
            answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError as error:
            sys.exit(f"--peer {python} cannot be run ({error.strerror}); it takes the Python of an environment, such as peer/bin/python")
        if answer.returncode:
            sys.exit(f"--peer {python} has no CollateX ({answer.stderr.strip().splitlines()[-1]}); make an environment: python -m venv peer && peer/bin/pip install collatex Levenshtein")
        self.version = answer.stdout.strip()

    def run(self, folder: Path, seed: int) -> list | None:
        """Return CollateX's table, CPU seconds and peak MB; None where it was not run or did not finish in time."""
        if not self._python or seed not in self._seeds or not self._in_time:
            return None
        try:
            subprocess.run([self._python, "-c", _PEER, folder / "witnesses.json", folder / "peer.json"], check=True, capture_output=True, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            self._in_time = False
            return None
        except subprocess.CalledProcessError as error:
            sys.exit(f"CollateX failed on seed {seed}: {error.stderr.decode('utf-8', 'replace').strip().splitlines()[-1]}")
        table, cpu, peak = json.loads((folder / "peer.json").read_text(encoding="utf-8"))
        return [table, cpu, peak / 1e3 * 1.024]


def make_tradition(folder: Path, arguments: argparse.Namespace, witnesses: int, seed: int) -> None:
    """Write one tradition: CollateX's witnesses.json, truth.json, and the plain texts."""
    sizes = ["--k", str(witnesses), "--words", str(arguments.words), "--rate", str(arguments.events), "--seed", str(seed)]
    measure.run_tool(arguments.generator, [*sizes, "--text", arguments.text, "--out", folder])
    given = json.loads((folder / "witnesses.json").read_text(encoding="utf-8"))
    (folder / "texts.json").write_text(json.dumps({w["id"]: w["content"] for w in given["witnesses"]}), encoding="utf-8")


def measure_set(arguments: argparse.Namespace, scorer: ModuleType, witnesses: int, peer: Peer) -> list[list]:
    """Return the rows of the table for traditions of so many witnesses: this program's, this program's on the peer's seeds where these are fewer, and the peer's."""
    ours: list[dict] = []
    theirs: list[dict] = []
    beside: list[dict] = []  # ours, of the seeds that the peer finished
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            make_tradition(folder, arguments, witnesses, seed)
            cost = measure.run_measured([sys.executable, __file__, "--child", folder])
            tokens = read_truth(folder)
            cpu = json.loads((folder / "account.json").read_text(encoding="utf-8"))
            table = json.loads((folder / "table.json").read_text(encoding="utf-8"))
            ours.append({**score(scorer, tokens, read_columns(table)), "cpu": cpu, "process": cost.cpu_seconds, "peak": cost.peak_mb})
            if found := peer.run(folder, seed):
                beside.append(ours[-1])
                theirs.append({**score(scorer, tokens, read_columns(found[0])), "cpu": found[1], "process": None, "peak": found[2]})
    label = f"{witnesses} x {arguments.words:,}"
    rows = [[label, *_summarize(ours)]]
    if peer.version and not theirs:
        rows.append([f"{label}, CollateX: not in {peer.seconds:g} s", *[None] * (len(HEAD) - 1)])
    elif peer.version:
        rows += [[f"{label}, the {len(theirs)} seeds below" if len(theirs) > 1 else f"{label}, the seed below", *_summarize(beside)]] if len(theirs) < len(ours) else []
        rows.append([f"{label}, CollateX {peer.version}", *_summarize(theirs)])
    return rows


def score(scorer: ModuleType, tokens: dict[str, list], columns: list[dict[str, int]]) -> dict:
    """Return what the scorer says of some columns, and the F1 of the words that each text has once."""
    return {**scorer.sp(columns, tokens), "once": scorer.sp(*reversed(leave_doubles_out(tokens, columns)))["f1"]}


def _summarize(runs: list[dict]) -> list[float | None]:
    """Return the means over seeds, and the worst of what has a bar; moved words count only where there are some."""
    moved = [r["recall_moved"] for r in runs if r["moved_share"]]
    means = [statistics.mean(r[name] for r in runs) for name in ("f1", "precision", "recall", "recall_substituted")]
    process = None if runs[0]["process"] is None else statistics.median(r["process"] for r in runs)
    return [means[0], min(r["f1"] for r in runs), statistics.mean(r["once"] for r in runs), *means[1:], statistics.mean(moved) if moved else None, min(moved) if moved else None,
            statistics.median(r["cpu"] for r in runs), process, max(r["peak"] for r in runs)]  # fmt: skip


def parse_seeds(text: str) -> list[int]:
    """Return the seeds of `0-9` or `3`."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def load_scorer(path: Path) -> ModuleType:
    """Return the scorer as a module."""
    if not path.exists():
        sys.exit(f"no {path}; say where it is with --scorer")
    spec = importlib.util.spec_from_file_location("score_collation", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Run every size and print the table, or compare with a hand-made alignment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=parse_seeds, default="0-9", help="such as 0-9")
    parser.add_argument("--witnesses", type=int, nargs="+", default=[10])
    parser.add_argument("--words", type=int, default=1000)
    parser.add_argument("--events", type=float, default=0.03, help="events per word and copy")
    parser.add_argument("--text", default="zipf", help="zipf, or a plain text to copy")
    parser.add_argument("--peer", metavar="PYTHON", help="a Python that has collatex and Levenshtein, in an environment of its own")
    parser.add_argument("--peer-seeds", type=parse_seeds, help="seeds that it is given; all where this is left out")
    parser.add_argument("--peer-seconds", type=float, default=120.0, help="time one tradition may take it")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--aligned", type=Path, metavar="CSV", help="compare with this hand-made alignment: a tab-separated column a witness, a row a place")
    parser.add_argument("--generator", type=Path, default=measure.SHARED_TOOLS / "make_tradition.py")
    parser.add_argument("--scorer", type=Path, default=measure.SHARED_TOOLS / "score_collation.py")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        collate_folder(arguments.child)
        return
    if arguments.aligned:
        hand_alignment.print_comparison(arguments.aligned)
        return
    scorer = load_scorer(arguments.scorer)
    peer = Peer(arguments.peer, arguments.peer_seeds or arguments.seeds, arguments.peer_seconds)
    rows = [row for witnesses in sorted(arguments.witnesses) for row in measure_set(arguments, scorer, witnesses, peer)]
    seeds = f"{arguments.seeds[0]}-{arguments.seeds[-1]}"
    measure.print_table(HEAD, rows, f"seeds {seeds}, {arguments.events:g} events per word and copy; means over seeds, CPU median, memory highest", markdown=arguments.markdown)
    if not peer.version:
        print("CollateX was not run: --peer PYTHON names a Python that has it (python -m venv peer && peer/bin/pip install collatex Levenshtein)")


if __name__ == "__main__":
    main()
