"""Reworked passages planted among many statements: which pairs are candidates, which spans come out, at what cost.

    python benchmarks/rework.py --base BOOKS --n 20000 --seed 7
    python benchmarks/rework.py --pan DIR

With `--pan`, all documents of a text alignment corpus of PAN (folders src, susp and 0N-*/ of XML) are traced together, and its
cases are the truth. A pair counts as a candidate where deep mode compared it, and as known where spans by letters already cover half
of both passages, which candidates need not repeat.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import measure
import reworkings

Side = tuple[str, int, int]
DEEP = ("reworked", "summarised")
MEASURES = ("pairs", "candidates", "known", "either", "letters", "recall", "touched")
_ATTRIBUTE = re.compile(r'([\w_]+)="([^"]*)"')
_FEATURE = re.compile(r"<feature\s([^>]*?)/?>", re.S)


@dataclass(frozen=True, slots=True)
class Case:
    """A planted pair: kind and strength, and both passages as (document, begin, end), sorted by document."""

    kind: str
    strength: str
    a: Side
    b: Side


def read_cases(folder: Path) -> list[Case]:
    """Return the planted pairs of a corpus that `reworkings.write_corpus` made: source and copy, and any two copies (kind `two copies`)."""
    groups: dict[int, list[dict]] = defaultdict(list)
    for row in measure.read_lines(folder / "members.jsonl"):
        groups[row["group"]].append(row)
    cases = []
    for members in groups.values():
        members.sort(key=lambda m: (m["kind"] != "source", m["doc"]))
        for i, m in enumerate(members):
            for n in members[i + 1 :]:
                kind, strength = (n["kind"], n["strength"]) if m["kind"] == "source" else ("two copies", "")
                a, b = sorted((x["doc"], x["begin"], x["end"]) for x in (m, n))
                cases.append(Case(kind, strength, a, b))
    return cases


def write_pan(corpus: Path, folder: Path) -> list[Case]:
    """Write all documents of a PAN corpus as one `docs.jsonl` and return its cases."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "docs.jsonl").open("w", encoding="utf-8") as out:
        for path in sorted([*(corpus / "src").glob("*.txt"), *(corpus / "susp").glob("*.txt")]):
            with path.open(encoding="utf-8", newline="") as file:
                out.write(json.dumps({"id": path.name, "text": file.read()}, ensure_ascii=False) + "\n")
    cases = []
    for path in sorted(corpus.glob("0*-*/*.xml")):
        text = path.read_text(encoding="utf-8")
        name = re.search(r'<document[^>]*reference="([^"]+)"', text)
        for feature in _FEATURE.findall(text):
            at = dict(_ATTRIBUTE.findall(feature))
            if name and "source_reference" in at:
                begin, length, other, size = (int(at[k]) for k in ("this_offset", "this_length", "source_offset", "source_length"))
                a, b = sorted([(name[1], begin, begin + length), (at["source_reference"], other, other + size)])
                cases.append(Case(path.parent.name[3:].removesuffix("-obfuscation"), "", a, b))
    if not cases:
        sys.exit(f"{corpus} holds no 0N-*/*.xml with cases")
    return cases


def read_spans(corpus: Path) -> tuple[dict[tuple[str, str], list[tuple]], np.ndarray, set[tuple[str, str]]]:
    """Return the spans of each pair as (begin a, end a, begin b, end b, kind), the candidates of each statement, and the candidate pairs."""
    name = dict(measure.query(corpus, "SELECT witness, siglum FROM witnesses"))
    spans: dict[tuple[str, str], list[tuple]] = defaultdict(list)
    for a, b, *box, kind in measure.query(corpus, "SELECT witness_a, witness_b, start_a, end_a, start_b, end_b, kind FROM spans"):
        spans[name[a], name[b]].append((*box, kind) if name[a] < name[b] else (*box[2:], *box[:2], kind))
        if name[a] > name[b]:
            spans[name[b], name[a]] += spans.pop((name[a], name[b]))
    pairs = measure.query(corpus, "SELECT witness_a, witness_b FROM candidates")
    degrees = np.bincount(np.array(pairs, np.int64).reshape(-1), minlength=len(name))
    return spans, degrees, {(min(name[a], name[b]), max(name[a], name[b])) for a, b in pairs}


def cover(case: Case, spans: list[tuple]) -> float:
    """Return the share of both passages that spans lie over which touch both."""
    touching = [s for s in spans if s[0] < case.a[2] and s[1] > case.a[1] and s[2] < case.b[2] and s[3] > case.b[1]]
    covered = 0
    for low, (_, begin, end) in ((0, case.a), (2, case.b)):
        reach = begin
        for start, stop in sorted((s[low], s[low + 1]) for s in touching):
            start, stop = max(start, reach), min(stop, end)
            covered, reach = covered + max(0, stop - start), max(reach, stop)
    return covered / (case.a[2] - case.a[1] + case.b[2] - case.b[1])


def cover_span(span: tuple, cases: list[Case]) -> float:
    """Return the share of both sides of a span that planted pairs lie under which it touches."""
    as_cases = [(c.a[1], c.a[2], c.b[1], c.b[2], c.kind) for c in cases]
    return cover(Case("", "", ("", span[0], span[1]), ("", span[2], span[3])), as_cases)


def score_cases(cases: list[Case], corpus: Path) -> dict[tuple[str, str], np.ndarray]:
    """Return for each kind and strength, and for all pairs of source and copy, means over the planted pairs (see `MEASURES`)."""
    spans, _, pairs = read_spans(corpus)
    rows = defaultdict(list)
    for case in cases:
        pair = case.a[0], case.b[0]
        found = spans.get(pair, [])
        by_letters = cover(case, [s for s in found if s[4] not in DEEP])
        known, covered = by_letters >= 0.5, cover(case, found)
        row = (pair in pairs, known, pair in pairs or known, by_letters, covered, covered > 0)
        for key in {(case.kind, case.strength), (case.kind, ""), ("source and copy" if case.kind != "two copies" else case.kind, "")}:
            rows[key].append(row)
    return {key: np.array([len(found), *np.mean(np.array(found, float), 0)]) for key, found in sorted(rows.items())}


def score_spans(cases: list[Case], corpus: Path) -> tuple[int, float, int]:
    """Return how many spans deep mode added, the mean share of them that is planted, and how many touch nothing planted."""
    spans, _, _ = read_spans(corpus)
    truth = defaultdict(list)
    for case in cases:
        truth[case.a[0], case.b[0]].append(case)
    right = np.array([cover_span(s, truth.get(pair, [])) for pair, found in spans.items() for s in found if s[4] in DEEP])
    return len(right), float(right.mean()) if len(right) else 0.0, int((right == 0).sum())


def tabulate(cases: list[Case], corpus: Path) -> None:
    """Print what became of the planted pairs by kind and strength, and what the reworked spans are worth."""
    table = [[kind, strength, int(found[0]), *found[1:].tolist()] for (kind, strength), found in score_cases(cases, corpus).items()]
    measure.print_table(["kind", "strength", *MEASURES], table, "share of planted pairs; letters, recall: share of their characters under spans by letters, under all spans")
    measure.print_table(["reworked spans", "precision", "wholly wrong"], [list(score_spans(cases, corpus))], "spans that deep mode added")
    _, degrees, pairs = read_spans(corpus)
    measure.print_table(["candidates", "a statement", "most"], [[len(pairs), degrees.mean(), int(degrees.max())]], "pairs compared")


def main() -> None:
    """Make the corpus, trace it without and with deep mode, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, help="folder of plain texts (.md, .txt)")
    parser.add_argument("--pan", type=Path, help="folder of a PAN text alignment corpus; no texts are made then")
    parser.add_argument("--n", type=int, default=20_000, help="statements")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--set", nargs="*", default=[], help="settings, as KEY=VALUE")
    parser.add_argument("--work", type=Path, help="folder to work in (kept)")
    arguments = parser.parse_args()
    if not (arguments.base or arguments.pan):
        parser.error("--base or --pan is needed")
    measure.warm_up()
    options = [part for pair in arguments.set for part in ("--set", pair)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.work or Path(scratch)
        if arguments.pan:
            cases = write_pan(arguments.pan, folder)
        else:
            counts = reworkings.write_corpus(arguments.base, arguments.n, arguments.seed, folder)
            print(", ".join(f"{name} {count:,}" for name, count in counts.items()))
            cases = read_cases(folder)
        plain = measure.trace([folder / "docs.jsonl"], folder / "plain.variorum", ["--stop-after", "families", *options])
        deep = measure.trace([folder / "docs.jsonl"], folder / "deep.variorum", ["--stop-after", "families", "--deep", *options])
        tabulate(cases, folder / "deep.variorum")
        costs = [[name, c.cpu_seconds, c.wall_seconds, c.peak_mb] for name, c in (("without", plain), ("with", deep))]
        measure.print_table(["deep mode", "CPU s", "wall s", "peak MB"], costs, "trace up to families")
        stages = measure.query(folder / "deep.variorum", "SELECT stage, cpu_seconds, counters FROM provenance WHERE stage = 'reworks'")
        print("\n".join(f"{stage}: {seconds:.1f} CPU s; {counters}" for stage, seconds, counters in stages))


if __name__ == "__main__":
    main()
