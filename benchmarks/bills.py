"""Pairs of bill subsections graded by people, 0 unrelated to 4 identical: how well do similarities alone tell the grade?

    python benchmarks/bills.py DATA_DIR --repeats 5 --seed 0

DATA_DIR holds `subsection_pairs.csv` (sec_a_text, sec_b_text, label 0..4) and, where it is there, `training_data_alignment_classifier.csv`
(left, right, label 0..2). Each figure is the mean over repeated ten-fold cross-validation, with the standard deviation between repeats;
pairs that share a section stay in one fold. Everything that is chosen (the measure, its cuts, the strength of the penalty) is chosen
inside the training folds. scikit-learn is needed: pip install scikit-learn.

Two models. *Cuts*: one similarity, and the four values of it that part the grades. *Ordered*: for each grade the odds of being above it,
a logistic regression on all similarities.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from rapidfuzz.distance import Indel

import measure
from variorum.config import MatchingConfig, make_config
from variorum.matching.finds import compare_texts

WORD = re.compile(r"[^\W_]+")
SHORT = {"k": 12, "s": 4, "min_letters": 20, "min_chain": 16, "min_score": 16}  # sections are short and were paired on purpose
NAMES = ("covered, less", "covered, more", "longest span", "letters that agree", "words in order", "weighted words", "weighted words held", "words", "pairs of words", "length ratio")  # fmt: skip
DEEP_NAMES = ("reworked, less", "reworked, more", "reworked, nats a word")
REWORKED = {"min_characters": 60, "min_nats": 12.0, "min_nats_beside": 10.0, "min_nats_summary": 20.0}  # as with the spans: short, and paired on purpose
FULL = 8.0  # nats a word at which deep mode's score counts as whole
PUBLISHED = ("fine-tuned transformer, sister set (published)", 0.889, 0.799)


class Model(Protocol):
    """What is fitted to similarities and grades, and then tells grades."""

    def fit(self, x: np.ndarray, y: np.ndarray) -> Model:
        """Learn from rows of similarities `x` and grades `y`; return itself."""
        ...

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the grades of rows of similarities."""
        ...


class Weights:
    """How much a word says: the logarithm of texts over texts that hold it."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count the words of the texts."""
        self.n = len(texts)
        self.held = Counter(word for text in texts for word in set(split_words(text)))

    def of(self, word: str) -> float:
        """Return the weight of a word."""
        return math.log((self.n + 1) / (self.held.get(word, 0) + 0.5))


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return WORD.findall(text.lower())


def measure_pair(a: str, b: str, weights: Weights, config: MatchingConfig) -> list[float]:
    """Return the similarities of two texts, each in 0..1, in the order of `NAMES`."""
    spans = compare_texts(a, b, config).to_pylist()
    letters_a, letters_b = (max(1, sum(map(str.isalnum, text))) for text in (a, b))
    covered = sorted(_covered(spans, side) / max(1, len(text.strip())) for side, text in (("a", a), ("b", b)))
    longest = max((span["n_letters"] for span in spans), default=0) / min(letters_a, letters_b)
    agree = 2 * sum(span["n_equal"] for span in spans) / (letters_a + letters_b)
    words_a, words_b = split_words(a), split_words(b)
    weighted, held = _overlap(Counter(words_a), Counter(words_b), weights.of)
    plain, _ = _overlap(Counter(words_a), Counter(words_b), lambda _: 1.0)
    pairs, _ = _overlap(Counter(itertools.pairwise(words_a)), Counter(itertools.pairwise(words_b)), lambda _: 1.0)
    ratio = min(letters_a, letters_b) / max(letters_a, letters_b)
    return [min(1.0, v) for v in (*covered, longest, agree, Indel.normalized_similarity(words_a, words_b), weighted, held, plain, pairs, ratio)]


def measure_reworked(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Return what deep mode finds of pairs, in the order of `DEEP_NAMES`: the shares of both sides in reworked passages, and their score by the words of the shorter."""
    from variorum.config import DeepConfig
    from variorum.matching.reworks import find_reworked, read_words

    texts = sorted({text for pair in pairs for text in pair})
    number = {text: i for i, text in enumerate(texts)}
    held, config, rows = read_words(texts), DeepConfig(**REWORKED), []
    for a, b in pairs:
        spans = find_reworked(np.array([[number[a], number[b]]], np.int32), held, config).to_pylist()
        shares = sorted(_covered(spans, side) / max(1, len(text)) for side, text in (("a", a), ("b", b)))
        # The sentences of one summary bear its score each.
        nats = sum({span["score"] for span in spans}) / (FULL * max(1, min(len(a.split()), len(b.split()))))
        rows.append([min(1.0, max(0.0, value)) for value in (*shares, nats)])
    return np.array(rows)


def _covered(spans: Sequence[dict], side: str) -> int:
    """Return the characters of one side that lie in a span."""
    total = last = 0
    for start, end in sorted((span[f"start_{side}"], span[f"end_{side}"]) for span in spans):
        total += max(0, end - max(start, last))
        last = max(last, end)
    return total


def _overlap(a: Counter, b: Counter, weigh: Callable) -> tuple[float, float]:
    """Return the weight that two bags have in common over that of both together, and over that of the smaller."""
    common = sum(min(n, b[key]) * weigh(key) for key, n in a.items() if key in b)
    sizes = sorted(sum(n * weigh(key) for key, n in bag.items()) for bag in (a, b))
    return common / max(sum(sizes) - common, 1e-9), common / max(sizes[0], 1e-9)


class Cuts:
    """The one measure, and the cuts of it between following grades, that tell most grades right; a pair counts by the root of how rare its grade is."""

    def fit(self, x: np.ndarray, y: np.ndarray) -> Cuts:
        """Choose the measure and its cuts."""
        self.n_grades = int(y.max()) + 1
        counts = np.bincount(y, minlength=self.n_grades)
        weight = np.sqrt(len(y) / np.maximum(1, counts))[y]
        fitted = [(*self._cut(x[:, column], y, weight), column) for column in range(x.shape[1])]
        _, self.cuts, self.column = max(fitted, key=lambda one: one[0])
        return self

    def _cut(self, values: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the weight told right with the best cuts of one measure, and the cuts (dynamic programme over the sorted values)."""
        order = np.argsort(values, kind="stable")
        values, y, weight = values[order], y[order], weight[order]
        told = np.zeros((self.n_grades, len(y) + 1))
        for grade in range(self.n_grades):
            told[grade, 1:] = np.cumsum(weight * (y == grade))
        # A cut lies between two different values only.
        possible = np.concatenate([[True], np.diff(values) > 1e-12, [True]])
        best = np.where(possible, told[0], -np.inf)
        ways = []
        for grade in range(1, self.n_grades):
            gain = best - told[grade]
            way = _running_argmax(gain)
            ways.append(way)
            best = np.where(possible, told[grade] + gain[way], -np.inf)
        place, cuts = len(y), []
        for way in reversed(ways):
            place = int(way[place])
            around = values[max(0, place - 1)], values[min(place, len(y) - 1)]
            cuts.append(-np.inf if place == 0 else np.inf if place == len(y) else sum(around) / 2)
        return float(best[-1]), np.array(cuts[::-1])

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the grades that the cuts give."""
        return np.searchsorted(self.cuts, x[:, self.column], "right")


def _running_argmax(values: np.ndarray) -> np.ndarray:
    """Return for each place the first place up to it that holds the largest value so far."""
    largest = np.maximum.accumulate(values)
    new = np.concatenate([[True], largest[1:] > largest[:-1]])
    return np.maximum.accumulate(np.where(new, np.arange(len(values)), 0))


class Ordered:
    """For each grade but the last a logistic regression on being above it; measures enter as they are and as odds.

    The strength of the penalty is chosen by cross-validation inside what it is fitted to.
    """

    def __init__(self, seed: int = 0) -> None:
        """Take the seed of the inner folds."""
        self.seed = seed

    def fit(self, x: np.ndarray, y: np.ndarray) -> Ordered:
        """Fit the regressions."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GridSearchCV, StratifiedKFold
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        folds = StratifiedKFold(3, shuffle=True, random_state=self.seed)
        regression = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000))
        search = {"logisticregression__C": [1, 3, 10, 30]}
        self.models = [
            GridSearchCV(regression, search, cv=folds, scoring="neg_log_loss").fit(_with_odds(x), y > grade) for grade in range(int(y.max()))
        ]
        return self

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the most probable grades."""
        above = np.column_stack([model.predict_proba(_with_odds(x))[:, 1] for model in self.models])
        above = np.minimum.accumulate(above, axis=1)
        whole = np.ones((len(x), 1))
        return (np.hstack([whole, above]) - np.hstack([above, 0 * whole])).argmax(axis=1)


def _with_odds(x: np.ndarray) -> np.ndarray:
    """Return measures in 0..1 with the logarithms of their odds beside them, so that 0.95 and 1 stand apart."""
    return np.hstack([x, np.log((x + 0.02) / (1.02 - x))])


def group_pairs(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Return a number for each pair; pairs that share a text, directly or through others, have the same."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while parent.setdefault(text, text) != text:
            text = parent[text]
        return text

    for a, b in pairs:
        parent[root(a)] = root(b)
    number: dict[str, int] = {}
    return np.array([number.setdefault(root(a), len(number)) for a, _ in pairs])


def split_folds(y: np.ndarray, groups: np.ndarray, n_folds: int, rng: np.random.Generator) -> np.ndarray:
    """Return the fold of each pair: whole groups, grade by grade dealt out in random order, so that each fold has its share of each grade."""
    fold_of: dict[int, int] = {}
    order = rng.permutation(len(y))
    turn = rng.integers(0, n_folds)
    for grade in np.unique(y):
        for row in order[y[order] == grade]:
            if groups[row] not in fold_of:
                fold_of[groups[row]] = int(turn % n_folds)
                turn += 1
    return np.array([fold_of[g] for g in groups])


def predict_folds(make: Callable[[], Model], x: np.ndarray, y: np.ndarray, groups: np.ndarray, repeats: int, seed: int) -> Iterator[np.ndarray]:
    """Yield, for every repeat, the grades told of each pair by a model that has not seen its fold."""
    for repeat in range(repeats):
        folds = split_folds(y, groups, 10, np.random.default_rng([seed, repeat]))
        told = np.empty_like(y)
        for fold in range(10):
            held_back = folds == fold
            told[held_back] = make().fit(x[~held_back], y[~held_back]).predict(x[held_back])
        yield told


def score_grades(y: np.ndarray, told: np.ndarray) -> tuple[float, float, float, list[float]]:
    """Return accuracy, macro F1, Cohen's kappa, and F1 by grade."""
    n_grades = int(y.max()) + 1
    table = np.zeros((n_grades, n_grades))
    np.add.at(table, (y, np.minimum(told, n_grades - 1)), 1)
    right = np.diag(table)
    f1 = 2 * right / np.maximum(1, table.sum(0) + table.sum(1))
    accuracy = right.sum() / len(y)
    chance = float((table.sum(0) * table.sum(1)).sum()) / len(y) ** 2
    return float(accuracy), float(f1.mean()), (float(accuracy) - chance) / (1 - chance), f1.tolist()


def read_pairs(path: Path, a: str, b: str) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Read pairs of texts and their grades from a CSV file."""
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row[a], row[b]) for row in rows], np.array([int(row["label"]) for row in rows])


def measure_pairs(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Return the similarities of pairs, one row each; words are weighted by the texts of all pairs (their grades are not used)."""
    weights = Weights(sorted({text for pair in pairs for text in pair}))
    config = make_config(**{f"matching__{name}": value for name, value in SHORT.items()}).matching
    return np.array([measure_pair(a, b, weights, config) for a, b in pairs])


def report(path: Path, columns: tuple[str, str], arguments: argparse.Namespace, published: tuple | None) -> None:
    """Measure one file and print its table."""
    pairs, y = read_pairs(path, *columns)
    x, groups = np.hstack([measure_pairs(pairs), measure_reworked(pairs)]), group_pairs(pairs)
    rows: list[list[object]] = [["always the most frequent grade", f"{np.bincount(y).max() / len(y):.3f}", "-", "-", "-"]]
    for name, make in (("cuts of one similarity", Cuts), ("ordered, all similarities", lambda: Ordered(arguments.seed))):
        scores = [score_grades(y, told) for told in predict_folds(make, x, y, groups, arguments.repeats, arguments.seed)]
        means, deviations = np.mean([s[:3] for s in scores], 0), np.std([s[:3] for s in scores], 0)
        shown = [f"{m:.3f} ± {d:.3f}" for m, d in zip(means, deviations, strict=True)]
        rows.append([name, *shown, " ".join(f"{v:.2f}" for v in np.mean([s[3] for s in scores], 0))])
    if published:
        rows.append([published[0], *(f"{v:.3f}" for v in published[1:]), "-", "-"])
    title = f"{path.name}: {len(y)} pairs in {groups.max() + 1} groups, {arguments.repeats} times ten folds, seed {arguments.seed}"
    measure.print_table(["model", "accuracy", "macro F1", "kappa", "F1 by grade"], rows, title, markdown=arguments.markdown)
    cuts = Cuts().fit(x, y)
    print(f"cuts on all pairs: {(NAMES + DEEP_NAMES)[cuts.column]} at {', '.join(f'{c:.3f}' for c in cuts.cuts)}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA_DIR")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    arguments = parser.parse_args()
    try:
        import sklearn  # noqa: F401 - asked for before anything is computed
    except ModuleNotFoundError:
        sys.exit("no scikit-learn here; install it with: pip install scikit-learn")
    report(arguments.data / "subsection_pairs.csv", ("sec_a_text", "sec_b_text"), arguments, PUBLISHED)
    passages = arguments.data / "training_data_alignment_classifier.csv"
    if passages.is_file():
        report(passages, ("left", "right"), arguments, None)


if __name__ == "__main__":
    main()
