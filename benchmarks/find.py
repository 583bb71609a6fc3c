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


def time_each(call: Callable[[str], object], texts: list[str]) -> list[float]:
    """Return the milliseconds of each call."""
    times = []
    for text in texts:
        started = time.perf_counter()
        call(text)
        times.append(1000 * (time.perf_counter() - started))
    return times


def time_process(corpus: Path, texts: list[str]) -> list[float]:
    """Return the milliseconds of `variorum find` on each text, from start to end of the process."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for text in texts:
            file = Path(folder) / "text.txt"
            file.write_text(text, encoding="utf-8")
            times.append(1000 * measure.run_measured([measure.find_variorum(), "find", file, "--in", corpus, "--json"]).wall_seconds)
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

    def note(name: str, times: list[float]) -> None:
        rows.append([name, len(times), float(np.median(times)), float(np.percentile(times, 95)), max(times)])

    with corpus:
        n_found = sum(len(found) for found in corpus.find_all(texts))  # compiles, and brings the pages in
        note("one text, corpus open", time_each(corpus.find, texts))
        started = time.perf_counter()
        for _ in corpus.find_all(texts):
            pass
        many = time.perf_counter() - started
        for size, name in ((500_000, "0.5 MB"), (1_000_000, "1 MB")):
            note(f"one letter, {name}", time_each(corpus.find, ["a" * size] * 3))
            sentence = texts[0][:200] + " "
            note(f"one sentence again and again, {name}", time_each(corpus.find, [sentence * (size // len(sentence))] * 3))
    note("one text, corpus opened for it", time_each(corpus.find, texts[:50]))
    note("variorum find, the whole process", time_process(arguments.corpus, texts[: arguments.processes]))
    n_witnesses = len(corpus.witnesses)
    measure.print_table(["way", "times", "median ms", "95 % ms", "most ms"], rows, f"{n_witnesses:,} witnesses, {len(texts)} texts, seed {arguments.seed}")
    print(f"many texts in one call: {len(texts) / many:,.0f} a second; {n_found / len(texts):.1f} stretches found a text")


if __name__ == "__main__":
    main()
