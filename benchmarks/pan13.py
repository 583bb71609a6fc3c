"""Deep mode on the pairs of PAN 2013's text alignment corpus: detections in PAN's own XML, scores by kind, cost.

    python benchmarks/pan13.py CORPUS_DIR --out DIR --half all

CORPUS_DIR holds `susp/`, `src/` and one folder for each kind with a file `pairs` (two names a line) and the XML of the
true passages. Detections go to DIR, one file a pair, under PAN's names. A half is that of the pairs whose names, one after
the other, have an even (0) or odd (1) CRC-32; settings were chosen on half 0. CPU seconds are those of this process from the first read to the last detection; the kernels are compiled before.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from xml.sax.saxutils import quoteattr

import numpy as np

import measure
from variorum.config import DeepConfig, make_config
from variorum.matching import reworks
from variorum.words import Vocabulary, counted_background

Case = tuple[str, str, int, int, int, int]
"""A passage: the two documents, start and end in the first, start and end in the second."""


def half_of(pair: tuple[str, str]) -> int:
    """Return the half that a pair of names belongs to."""
    return zlib.crc32("".join(pair).encode()) & 1


def read_pairs(corpus: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the pairs of each kind; kinds are the folders that begin with two digits and a hyphen."""
    kinds = {}
    for folder in sorted(corpus.glob("[0-9][0-9]-*")):
        lines = (folder / "pairs").read_text(encoding="utf-8").splitlines()
        kinds[folder.name] = [(first, second) for first, second in (line.split() for line in lines if line.strip())]
    return kinds


def read_words(corpus: Path, pairs: list[tuple[str, str]], *, counted: bool) -> tuple[reworks.WordPair, np.ndarray]:
    """Read the documents of some pairs; return their words and the pairs as numbers (int32[n, 2])."""
    numbers: dict[Path, int] = {}
    for pair in pairs:
        for folder, name in zip(("susp", "src"), pair, strict=True):
            numbers.setdefault(corpus / folder / name, len(numbers))
    texts = [path.read_bytes().decode("utf-8") for path in numbers]
    vocabulary = Vocabulary()
    words = vocabulary.add(texts)
    background = counted_background(words.count(len(vocabulary))) if counted else vocabulary.background()
    held = reworks.WordPair(texts, words, background)
    return held, np.array([(numbers[corpus / "susp" / a], numbers[corpus / "src" / b]) for a, b in pairs], np.int32).reshape(-1, 2)


def detect(corpus: Path, pairs: list[tuple[str, str]], config: DeepConfig, *, counted: bool = False) -> list[Case]:
    """Return what deep mode finds in some pairs: the first document has it from the second, so that only it can be the summary."""
    held, numbered = read_words(corpus, pairs, counted=counted)
    regions = reworks.find_regions(numbered, held, reworks.make_limits(config, both_ways=False))
    places = reworks.place_regions(regions, numbered, held)
    kept = reworks.long_enough(regions, numbered, places, held, config) & (regions[:, 1 + reworks.KIND] != reworks.STRETCH)
    return [(*pairs[int(regions[k, 0])], *places[k].tolist()) for k in np.flatnonzero(kept)]


def write_detections(pairs: list[tuple[str, str]], found: list[Case], out: Path) -> None:
    """Write one XML file a pair, as PAN's scorer reads them; a pair without a detection has an empty one."""
    out.mkdir(parents=True, exist_ok=True)
    of_pair = defaultdict(list)
    for case in found:
        of_pair[case[:2]].append(case[2:])
    for first, second in pairs:
        lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<document reference={quoteattr(first)}>']
        for start, end, start_b, end_b in of_pair[first, second]:
            here, there = f'this_offset="{start}" this_length="{end - start}"', f'source_offset="{start_b}" source_length="{end_b - start_b}"'
            lines.append(f'<feature name="detected-plagiarism" {here} source_reference={quoteattr(second)} {there} />')
        name = f"{Path(first).stem}-{Path(second).stem}.xml"
        (out / name).write_text("\n".join([*lines, "</document>\n"]), encoding="utf-8")


def load_scorer(path: Path) -> ModuleType:
    """Return the scorer's module."""
    spec = importlib.util.spec_from_file_location("score_pan", path)
    if not path.exists() or spec is None or spec.loader is None:
        sys.exit(f"no {path}; say where PAN's measures are with --scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score_kinds(scorer: ModuleType, corpus: Path, kinds: dict[str, list[tuple[str, str]]], found: list[Case]) -> list[list[object]]:
    """Return a row of measures for each kind that has true passages, and for all; of the others, how many were found."""
    rows: list[list[object]] = []
    truth: list[Case] = []
    chosen: list[Case] = []
    for kind, pairs in kinds.items():
        held = set(pairs)
        cases = [case for case in scorer.read(corpus / kind, "plagiarism") if case[:2] in held]
        mine = [case for case in found if case[:2] in held]
        truth, chosen = truth + cases, chosen + mine
        rows.append([kind, len(pairs), len(cases), len(mine), *(scorer.score(cases, mine) if cases else [""] * 4)])
    return [*rows, ["all", sum(map(len, kinds.values())), len(truth), len(chosen), *scorer.score(truth, chosen)]]


def cpu_seconds(work: Callable[[], list[Case]]) -> tuple[list[Case], float]:
    """Return what a piece of work gives, and the CPU seconds of this process that it took."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    result = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return result, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Detect, write, score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for the detections")
    parser.add_argument("--pairs", type=Path, help="file with two names a line: only these pairs")
    parser.add_argument("--half", choices=["0", "1", "all"], default="all")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE", help="a setting of deep mode, such as min_nats=34")
    parser.add_argument("--counted", action="store_true", help="how common a word is by counting the documents read, not by the table of each language")
    parser.add_argument("--scorer", type=Path, default=measure.SHARED_TOOLS / "score_pan.py")
    parser.add_argument("--markdown", action="store_true")
    arguments = parser.parse_args()
    scorer = load_scorer(arguments.scorer)
    settings = {name: float(value) if "." in value else int(value) for name, value in (pair.split("=") for pair in arguments.settings)}
    # Every passage has one place in the truth, so that a second place of it, true or not, counts as an error.
    config = make_config(**{f"deep__{name}": value for name, value in {"max_homes": 1, **settings}.items()}).deep
    kinds = read_pairs(arguments.corpus)
    if arguments.pairs:
        wanted = {tuple(line.split()) for line in arguments.pairs.read_text(encoding="utf-8").splitlines()}
        kinds = {kind: [pair for pair in pairs if pair in wanted] for kind, pairs in kinds.items()}
    if arguments.half != "all":
        kinds = {kind: [pair for pair in pairs if half_of(pair) == int(arguments.half)] for kind, pairs in kinds.items()}
    pairs = list(dict.fromkeys(pair for chosen in kinds.values() for pair in chosen))
    if not pairs:
        sys.exit(f"no pairs in {arguments.corpus}; it should hold folders such as 02-no-obfuscation, each with a file named pairs")
    detect(arguments.corpus, pairs[:1], config)
    found, cost = cpu_seconds(lambda: detect(arguments.corpus, pairs, config, counted=arguments.counted))
    write_detections(pairs, found, arguments.out)
    head = ["kind", "pairs", "cases", "found", "plagdet", "precision", "recall", "granularity"]
    measure.print_table(head, score_kinds(scorer, arguments.corpus, kinds, found), f"half {arguments.half}", markdown=arguments.markdown)
    print(f"\n{cost:.1f} CPU seconds, reading included")


if __name__ == "__main__":
    main()
