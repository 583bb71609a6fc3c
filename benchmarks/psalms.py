"""Medieval manuscripts, read by machine: which tokens copy which psalm, beside exact matching of five words.

    python benchmarks/psalms.py DATA_DIR

DATA_DIR holds manuscripts (`*.bio`: a token and its label a line) and a folder `psalm` of texts. The labels are not the
names of the files: each label is taken for the psalm whose letters agree most with all that bears it. Both ways of
matching see the same words; both join the stretches of one psalm that lie few words apart and leave out short ones. The first two
manuscripts are for tuning (distance and least length are, for each way, the best on them); the others were not looked at.

A stretch is right where it and a labelled one of the same psalm lie over each other in half of both together or more; a token
is right where its psalm is.
"""

from __future__ import annotations

import argparse
import tempfile
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import measure

TUNED_ON = 2
DISTANCES = (0, 4, 8, 15, 30, 60, 100)
LEAST = (1, 6, 12, 18, 24)
Stretch = tuple[int, int, str, float]
"""First token, token after the last, psalm, strength."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A manuscript: its tokens and the label of each, or None."""

    name: str
    tokens: list[str]
    labels: list[str | None]
    stretches: list[tuple[int, int, str]]


def read_manuscript(path: Path) -> Manuscript:
    """Read a manuscript; B begins a stretch, and so does an I whose label is not that of the token before."""
    tokens, labels, stretches = [], [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        token, _, mark = line.strip().rpartition(" ")
        if not token:
            continue
        label = mark[2:] if mark[:2] in ("B-", "I-") else None
        if label and (mark[0] == "B" or not labels or labels[-1] != label):
            stretches.append((len(tokens), len(tokens) + 1, label))
        elif label:
            stretches[-1] = (stretches[-1][0], len(tokens) + 1, label)
        tokens.append(token)
        labels.append(label)
    return Manuscript(path.stem, tokens, labels, stretches)


def fold(text: str) -> str:
    """Return the lower case letters of a text, compatibility forms and accents evened out."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def name_labels(manuscripts: list[Manuscript], psalms: dict[str, str]) -> dict[str, str]:
    """Return the psalm of each label: the one of whose five-letter shingles, rare ones counting more, most stand in what bears the label."""

    def shingles(text: str) -> set[str]:
        letters = "".join(c for c in fold(text) if c.isalnum())
        return {letters[i : i + 5] for i in range(len(letters) - 4)}

    grams = {name: shingles(text) for name, text in psalms.items()}
    seen = Counter(gram for held in grams.values() for gram in held)
    said: dict[str, list[str]] = defaultdict(list)
    for manuscript in manuscripts:
        for token, label in zip(manuscript.tokens, manuscript.labels, strict=True):
            if label:
                said[label].append(token)
    named = {}
    for label, tokens in said.items():
        held = shingles(" ".join(tokens))
        weight = {name: sum(1 / seen[g] for g in own & held) / sum(1 / seen[g] for g in own) for name, own in grams.items() if own}
        named[label] = max(sorted(weight), key=lambda name: weight[name])
    return named


def match_exactly(manuscript: Manuscript, psalms: dict[str, str]) -> list[Stretch]:
    """Return the runs of tokens whose every five in a row stand in one psalm."""
    homes: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, text in psalms.items():
        words = fold(text).split()
        for i in range(len(words) - 4):
            homes[tuple(words[i : i + 5])].add(name)
    words = [fold(token) for token in manuscript.tokens]
    open_runs: dict[str, int] = {}
    found: list[Stretch] = []
    for i in range(len(words) + 1):
        here = homes.get(tuple(words[i : i + 5]), set()) if i + 5 <= len(words) else set()
        for name in [n for n in open_runs if n not in here]:
            low = open_runs.pop(name)
            found.append((low, i + 4, name, float(i + 4 - low)))
        for name in here:
            open_runs.setdefault(name, i)
    return found


def match_traced(manuscripts: list[Manuscript], psalms: dict[str, str], folder: Path, preset: str) -> tuple[list[list[Stretch]], float]:
    """Return, per manuscript, what a trace finds between it and the psalms, and the CPU seconds of the trace."""
    statements = folder / "statements"
    statements.mkdir(parents=True)
    for n, manuscript in enumerate(manuscripts):
        (statements / f"m{n}.txt").write_text(" ".join(manuscript.tokens), encoding="utf-8")
    for name, text in psalms.items():
        (statements / f"p-{name}.txt").write_text(text, encoding="utf-8")
    cost = measure.trace([statements], folder / "out.variorum", ["--preset", preset, "--stop-after", "spans"])
    sql = (
        "select a.siglum, b.siglum, s.start_a, s.end_a, s.start_b, s.end_b, s.score from spans s"
        " join witnesses a on a.witness = s.witness_a join witnesses b on b.witness = s.witness_b"
    )
    found: list[list[Stretch]] = [[] for _ in manuscripts]
    starts = [token_starts(m.tokens) for m in manuscripts]
    for a, b, start_a, end_a, start_b, end_b, nats in measure.query(folder / "out.variorum", sql):
        for one, other, start, end in ((a, b, start_a, end_a), (b, a, start_b, end_b)):
            if one.startswith("m") and other.startswith("p-"):
                at = starts[int(one[1:])]
                held = [i for i in range(len(at) - 1) if at[i] < end and at[i + 1] - 1 > start]
                found[int(one[1:])].append((held[0], held[-1] + 1, other[2:], nats))
    return found, cost.cpu_seconds


def token_starts(tokens: list[str]) -> list[int]:
    """Return where each token begins in the text, and one past its end."""
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token) + 1)
    return starts


def settle(stretches: list[Stretch], n_tokens: int, distance: int, least: int) -> list[tuple[int, int, str]]:
    """Give each token to the strongest stretch over it, join what is of one psalm and at most `distance` tokens apart, leave out what is shorter than `least`."""
    owner: list[str | None] = [None] * n_tokens
    for low, high, name, _ in sorted(stretches, key=lambda s: (s[3], s[0], s[2])):
        owner[low:high] = [name] * (high - low)
    runs: list[tuple[int, int, str]] = []
    for i, name in enumerate(owner):
        if name is None:
            continue
        if runs and runs[-1][2] == name and i - runs[-1][1] <= distance:
            runs[-1] = (runs[-1][0], i + 1, name)
        else:
            runs.append((i, i + 1, name))
    return [run for run in runs if run[1] - run[0] >= least]


def count_right(manuscript: Manuscript, runs: list[tuple[int, int, str]], named: dict[str, str]) -> list[int]:
    """Return stretches found, labelled, right; tokens found, labelled, right."""
    gold = [(low, high, named[label]) for low, high, label in manuscript.stretches]
    free, right = set(range(len(gold))), 0
    for low, high, name in runs:
        for g in sorted(free):
            both = min(high, gold[g][1]) - max(low, gold[g][0])
            if gold[g][2] == name and both > 0 and 2 * both >= max(high, gold[g][1]) - min(low, gold[g][0]):
                free.discard(g)
                right += 1
                break
    labels = [named[label] if label else None for label in manuscript.labels]
    said = {i: name for low, high, name in runs for i in range(low, high)}
    return [len(runs), len(gold), right, len(said), sum(label is not None for label in labels), sum(labels[i] == name for i, name in said.items())]


def f1(counts: list[int]) -> float:
    """Return F1 of found, labelled and right."""
    found, labelled, right = counts
    return 2 * right / (found + labelled) if found + labelled else 0.0


def score(data: Path, presets: list[str], folder: Path) -> tuple[dict[str, list[list[int]]], dict[str, tuple[int, int]], dict[str, float]]:
    """Return, per way of matching, the counts of each manuscript; the distance and least length chosen; the CPU seconds of the traces."""
    manuscripts = [read_manuscript(path) for path in sorted(data.glob("*.bio"))]
    psalms = {path.stem: path.read_text(encoding="utf-8") for path in sorted((data / "psalm").glob("*.txt"))}
    named = name_labels(manuscripts, psalms)
    ways, costs = {"five words": [match_exactly(m, psalms) for m in manuscripts]}, {}
    for preset in presets:
        ways[preset], costs[preset] = match_traced(manuscripts, psalms, folder / preset, preset)
    counts, chosen = {}, {}
    for way, found in ways.items():
        by = {
            (distance, least): [count_right(m, settle(s, len(m.tokens), distance, least), named) for m, s in zip(manuscripts, found, strict=True)]
            for distance in DISTANCES
            for least in LEAST
        }
        chosen[way] = max(by, key=lambda c: (sum(summarise(by[c][:TUNED_ON])), -c[0], -c[1]))
        counts[way] = by[chosen[way]]
    return counts, chosen, costs


def summarise(counts: list[list[int]]) -> tuple[float, float]:
    """Return stretch F1 and token F1 over some manuscripts together."""
    total = [sum(column) for column in zip(*counts, strict=True)]
    return f1(total[:3]), f1(total[3:])


def main() -> None:
    """Match both ways and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of *.bio and psalm/*.txt")
    parser.add_argument("--presets", nargs="+", default=["sensitive", "noisy"])
    parser.add_argument("--work", type=Path, help="folder to work in (kept)")
    arguments = parser.parse_args()
    measure.warm_up()
    with tempfile.TemporaryDirectory() as scratch:
        counts, chosen, costs = score(arguments.data, arguments.presets, arguments.work or Path(scratch))
    rows = []
    for way, per in counts.items():
        values = [value for part in (per, per[:TUNED_ON], per[TUNED_ON:]) for value in summarise(part)]
        rows.append([way, *values, *chosen[way], costs.get(way)])
    head = ["way", "spans F1", "tokens F1", "tuned: spans", "tokens", "held out: spans", "tokens", "distance", "least", "CPU s"]
    measure.print_table(head, rows, f"{len(next(iter(counts.values())))} manuscripts")


if __name__ == "__main__":
    main()
