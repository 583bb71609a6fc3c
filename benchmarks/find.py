"""Time of finding: one text in an open corpus, with the corpus opened for it, as a process of its own; many texts; hostile texts.

    python benchmarks/find.py CORPUS --texts docs.jsonl --seed 7

The texts are drawn from a file of rows, and each word of one is put in the place of another with the chance `--edits`, so that
none is an exact copy. The kernels are compiled and the files in the cache before the clock starts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import measure


def draw_texts(path: Path, field: str, n: int, edits: float, seed: int) -> list[str]:
    """Return `n` texts of a file of rows, spread over it, with a share of their words replaced by words of the others."""
    rng = np.random.default_rng(seed)
    rows = [row[field] for row in measure.read_lines(path)]
    chosen = [rows[i].split() for i in rng.choice(len(rows), min(n, len(rows)), replace=False)]
    words = np.array(sorted({word for text in chosen for word in text}), dtype=object)
    return [" ".join(np.where(rng.random(len(text)) < edits, rng.choice(words, len(text)), text)) for text in chosen]


Times = list[tuple[float, float]]
"""Milliseconds of the clock and of the processors."""


def time_each(call: Callable[[str], object], texts: list[str]) -> Times:
    """Return the time of each call."""
    times = []
    for text in texts:
        started, cpu = time.perf_counter(), time.process_time()
        call(text)
        times.append((1000 * (time.perf_counter() - started), 1000 * (time.process_time() - cpu)))
    return times


def time_process(corpus: Path, texts: list[str]) -> Times:
    """Return the time of `variorum find` on each text, from start to end of the process."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for text in texts:
            file = Path(folder) / "text.txt"
            file.write_text(text, encoding="utf-8")
            cost = measure.run_measured([measure.find_variorum(), "find", file, "--in", corpus, "--json"])
            times.append((1000 * cost.wall_seconds, 1000 * cost.cpu_seconds))
    return times


def main() -> None:
    """Draw the texts, find them, print the table."""
    import variorum

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--texts", type=Path, required=True, help="file of JSON lines to draw texts from")
    parser.add_argument("--text-field", default="text")
    parser.add_argument("--n", type=int, default=300, help="texts")
    parser.add_argument("--processes", type=int, default=5, help="texts found by a process of their own")
    parser.add_argument("--edits", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    texts = draw_texts(arguments.texts, arguments.text_field, arguments.n, arguments.edits, arguments.seed)
    corpus = variorum.open(arguments.corpus)
    rows = []

    def note(name: str, times: Times) -> None:
        wall, cpu = np.array(times).T
        rows.append([name, len(times), float(np.median(wall)), float(np.percentile(wall, 95)), float(np.median(cpu)), float(np.percentile(cpu, 95))])

    with corpus:
        n_found = sum(len(found) for found in corpus.find_all(texts))  # compiles, and brings the pages in
        note("one text, corpus open", time_each(corpus.find, texts))
        started, cpu = time.perf_counter(), time.process_time()
        for _ in corpus.find_all(texts):
            pass
        many, many_cpu = time.perf_counter() - started, time.process_time() - cpu
        for size, name in ((500_000, "0.5 MB"), (1_000_000, "1 MB")):
            note(f"one letter, {name}", time_each(corpus.find, ["a" * size] * 3))
            sentence = texts[0][:200] + " "
            note(f"one sentence again and again, {name}", time_each(corpus.find, [sentence * (size // len(sentence))] * 3))
    note("one text, corpus opened for it", time_each(corpus.find, texts[:50]))
    note("variorum find, the whole process", time_process(arguments.corpus, texts[: arguments.processes]))
    n_witnesses = len(corpus.witnesses)
    measure.print_table(["way", "times", "median ms", "95 % ms", "median CPU ms", "95 % CPU ms"], rows, f"{n_witnesses:,} witnesses, {len(texts)} texts, seed {arguments.seed}")
    print(f"many texts in one call: {len(texts) / many:,.0f} a second, {len(texts) / many_cpu:,.0f} a CPU second; {n_found / len(texts):.1f} stretches found a text")


if __name__ == "__main__":
    main()
