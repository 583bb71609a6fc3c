"""Deep mode: the passages that two texts share though one was rewritten, shuffled, summarised or translated from the other.

`kernels/reworking.py` finds regions: two windows of words. Here they become SPANS, with the alignment of their words inside and
the exact layer (`finds.compare_texts`) beside them, which keeps short quotations and has the better ends where the order is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Levenshtein

from variorum.config import DeepConfig, MatchingConfig
from variorum.kernels import climbing, reworking
from variorum.kernels.climbing import HIGH_B, KIND, LOW_A, STRETCH, TIGHT, TOTAL_A, TOTAL_B, WIDE, WIDE_B
from variorum.kernels.folding import OWN_WORD
from variorum.letters import fold_texts, folding_table
from variorum.matching.finds import compare_texts
from variorum.schema import DELETED, EQUAL, INSERTED, REPLACED, SPANS, check_table
from variorum.tokens import fold_word
from variorum.words import Vocabulary, WordStore

# What the kernels take besides the settings of DeepConfig, chosen on one half of the pairs of PAN 2013's training corpus. In brackets: by
# how much plagdet falls there where one is moved; the others are moved by a third or half for less than .003.
_LIMITS = {
    climbing.MU: 2000,  # words that the background counts for beside the rest of a text (1000: -.004, 4000: -.008)
    climbing.PMIN: 0.004,  # least chance of a word, so that one rare word cannot carry a passage (.002: -.002)
    climbing.M: 0.5,  # share of a passage's words that were taken over (.25 and .75: -.012)
    climbing.SEED: 22,  # nats of a cell of the plane, with its neighbours, from which a passage is tried
    climbing.GRID: 16,  # words on the side of a cell
    climbing.TRIES: 40,  # seeds that may fail before a pair is given up
    climbing.MARGIN: 20,  # words beyond a window that the other side sees while both grow (0: -.036)
    climbing.JOIN: 40,  # words between two passages that are one
    climbing.DROP: 12,  # nats below its best at which the walk outward ends
    climbing.BONUS_LINE: 1,  # nats that an end is worth at a line break
    climbing.BONUS_SENTENCE: 2.5,  # at the end of a sentence (0: -.012)
    climbing.BONUS_BLOCK: 3,  # at a blank line
    climbing.ORDER_SHARE: 0.8,  # of a window in runs in order: then its ends are those of the runs
    climbing.ORDER_RUN: 8,  # words of such a run
    climbing.WIDE_LENGTH: 1.15,  # a summary is so much longer than any passage in it that was found by itself
    climbing.WIDE_SPREAD: 3,  # and spread over so many times its length
    climbing.WIDE_SHARE: 0.3,  # and says so much of what those passages say, where they are scattered as it is
    climbing.WIDE_NEAR: 0.55,  # where they lie together
    climbing.WIDE_ONE: 0.65,  # where there is one
    climbing.WIDE_REACH: 5000,  # words on both sides of the best passage that a summary may be of
    climbing.WIDE_SENTENCE: 5,  # nats from which a sentence counts as summarised
}
_EDITED = 0.8
"""Similarity from which a passage is edited rather than reworked."""
_COVERED = 0.8
"""Share of a passage that spans of the exact layer cover, from which they stand for it; and of them in it, from which it stands for them."""
_SIGN = 3
"""Characters that a sign of a script without spaces counts as."""
_MAX_CELLS = 25_000_000
"""Words of one side times words of the other, above which a span's words are not aligned one by one."""


class Texts(Protocol):
    """Texts by number: a list, or a mapping that holds some of them."""

    def __getitem__(self, number: int, /) -> str:
        """Return a text."""
        ...


@dataclass(frozen=True)
class WordPair:
    """The words of some texts and how common each is: what regions are looked for in.

    Attributes:
        texts: the texts by number, at least those looked at. words: their words (`variorum.words`). background: float64 by number of the word.
    """

    texts: Texts
    words: WordStore
    background: np.ndarray


def read_words(texts: list[str]) -> WordPair:
    """Return the words of some texts, each as common as it is in its language."""
    vocabulary = Vocabulary()
    words = vocabulary.add(texts)
    return WordPair(texts, words, vocabulary.background())


def make_limits(config: DeepConfig, *, both_ways: bool = True) -> np.ndarray:
    """Return the settings as the kernels take them (float64); `both_ways`: either text may be a summary of the other, not only a of b."""
    limits = np.zeros(climbing.N_LIMITS)
    for place, value in _LIMITS.items():
        limits[place] = value
    limits[climbing.ACCEPT], limits[climbing.BESIDE] = config.min_nats, min(config.min_nats, config.min_nats_beside)
    limits[climbing.WIDE_ACCEPT] = config.min_nats_summary
    limits[climbing.HOMES], limits[climbing.SECOND] = config.max_homes, config.min_home_share
    limits[climbing.BOTH_WAYS] = both_ways
    return limits


def find_regions(pairs: np.ndarray, held: WordPair, limits: np.ndarray) -> np.ndarray:
    """Return the regions of many pairs of texts (float64[n, 9]): number of the pair, then the columns of `kernels.climbing`.

    Args:
        pairs: int32[n, 2], two texts of `held` each.
    """
    words = held.words
    pairs = np.ascontiguousarray(pairs, np.int32)
    return reworking.rework_pairs(pairs, words.numbers, words.classes, words.starts, held.background, limits)


def place_regions(regions: np.ndarray, pairs: np.ndarray, held: WordPair) -> np.ndarray:
    """Return the code points of regions, with the marks that cling to their words (int64[n, 4]: start and end in a, in b)."""
    places = np.empty((len(regions), 4), np.int64)
    words = held.words
    for k, region in enumerate(regions):
        for side in range(2):
            text = int(pairs[int(region[0]), side])
            low, high = (int(words.starts[text] + region[1 + 2 * side + end]) for end in range(2))
            start, end = int(words.begins[low]), int(words.ends[high - 1])
            places[k, 2 * side : 2 * side + 2] = _take_marks(held.texts[text], start, end)
    return places


def long_enough(regions: np.ndarray, pairs: np.ndarray, places: np.ndarray, held: WordPair, config: DeepConfig) -> np.ndarray:
    """Return which regions have `min_characters` on their longer side (bool[n]); sentences of a summary go with it."""
    kept = np.ones(len(regions), bool)
    whole = True
    for k, region in enumerate(regions):
        if region[1 + KIND] != STRETCH:
            sides = (held.texts[int(pairs[int(region[0]), side])][places[k, 2 * side] : places[k, 2 * side + 1]] for side in range(2))
            whole = max(_measure(text) for text in sides) >= config.min_characters
        kept[k] = whole
    return kept


def find_reworked(pairs: np.ndarray, held: WordPair, config: DeepConfig) -> pa.Table:
    """Return the SPANS of many pairs of texts that deep mode finds; `witness_a` and `witness_b` are the numbers in `pairs`.

    A summary gives one span for each sentence it was drawn from: that sentence, and the words of the summary that it gave most to. All have
    the score of the whole summary, and their reason names its place.
    """
    return tabulate_regions(find_regions(pairs, held, make_limits(config)), pairs, held, config)


def tabulate_regions(regions: np.ndarray, pairs: np.ndarray, held: WordPair, config: DeepConfig) -> pa.Table:
    """Return the SPANS of the regions that `find_regions` gave for `pairs`; only the texts of those are looked at."""
    places = place_regions(regions, pairs, held)
    kept = long_enough(regions, pairs, places, held, config)
    kinds = regions[:, 1 + KIND]
    rows: list[dict[str, Any]] = []
    for k in np.flatnonzero(kept & ((kinds == TIGHT) | (kinds == STRETCH))):
        row = _make_row(regions[k], pairs, held)
        if kinds[k] == STRETCH:
            (before,) = np.flatnonzero((kinds[:k] == WIDE) | (kinds[:k] == WIDE_B))[-1:]
            after = next((n for n in range(k, len(kinds)) if kinds[n] != STRETCH), len(kinds))
            _tie_to_summary(row, regions[before], places[before], (int(k - before), int(after - before - 1)))
        rows.append(row)
    return _tabulate(rows, held)


def compare_deep(text_a: str, text_b: str, matching: MatchingConfig, deep: DeepConfig, held: WordPair | None = None) -> pa.Table:
    """Return the SPANS of two texts (witness_a 0, witness_b 1): those of the exact layer and the reworked ones.

    `held` has the two texts with the background of their corpus; without it nothing is known of how common words are.
    """
    exact = compare_texts(text_a, text_b, matching)
    held = held or read_words([text_a, text_b])
    return merge_layers(exact, find_reworked(np.array([[0, 1]], np.int32), held, deep))


def merge_layers(exact: pa.Table, reworked: pa.Table) -> pa.Table:
    """Return the SPANS of one pair from both layers: where the exact one covers a reworked span it stands for it, and what lies in one left over goes."""
    boxes = [np.stack([table[name].to_numpy().astype(np.int64) for name in _BOX], 1) for table in (exact, reworked)]
    stays = np.array([not _is_covered(box, boxes[0]) for box in boxes[1]], bool)
    left = boxes[1][stays]
    inside = np.array([any(_common(box, other, 0) >= _COVERED * (box[1] - box[0]) and _common(box, other, 2) >= _COVERED * (box[3] - box[2]) for other in left)
                       for box in boxes[0]], bool)  # fmt: skip
    exact = exact.cast(reworked.schema)
    table = pa.concat_tables([exact.filter(pa.array(~inside, pa.bool_())), reworked.filter(pa.array(stays, pa.bool_()))])
    table = table.sort_by([(name, "ascending") for name in ("witness_a", "witness_b", "start_a", "start_b")])
    return check_table("spans", table.set_column(0, "span", pa.array(np.arange(len(table), dtype=np.int32))))


_BOX = ("start_a", "end_a", "start_b", "end_b")


def _common(one: np.ndarray, other: np.ndarray, side: int) -> int:
    """Return the characters that two boxes have in common on one side (0 for a, 2 for b)."""
    return int(min(one[side + 1], other[side + 1]) - max(one[side], other[side]))


def _is_covered(box: np.ndarray, others: np.ndarray) -> bool:
    """Return whether spans that touch a box on both sides cover most of each of its sides."""
    touching = [other for other in others if _common(box, other, 0) > 0 and _common(box, other, 2) > 0]
    for side in (0, 2):
        covered, reach = 0, int(box[side])
        for other in sorted(touching, key=lambda other: int(other[side])):
            low, high = max(reach, int(other[side])), min(int(box[side + 1]), int(other[side + 1]))
            covered, reach = covered + max(0, high - low), max(reach, high)
        if covered < _COVERED * (box[side + 1] - box[side]):
            return False
    return True


def _take_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return an interval of words with the marks that cling to its first and last."""
    while start > 0 and not text[start - 1].isspace() and not text[start - 1].isalnum():
        start -= 1
    while end < len(text) and not text[end].isspace() and not text[end].isalnum():
        end += 1
    return start, end


def _measure(text: str) -> int:
    """Return the length of a text in characters, signs of scripts without spaces counted _SIGN times."""
    if text.isascii():
        return len(text)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return len(text) + (_SIGN - 1) * int(np.count_nonzero(folding_table()[0][points] & OWN_WORD))


def _make_row(region: np.ndarray, pairs: np.ndarray, held: WordPair) -> dict[str, Any]:
    """Return a row of SPANS but for the letters."""
    texts = [int(text) for text in pairs[int(region[0])]]
    bounds = region[1 + LOW_A : 2 + HIGH_B].astype(np.int64)
    a, b = (_Side.of(held, text, int(bounds[2 * n]), int(bounds[2 * n + 1])) for n, text in enumerate(texts))
    operations, shared = _align(a, b)
    common = [int(np.isin(a.numbers, b.numbers).sum()), int(np.isin(b.numbers, a.numbers).sum())]
    return {
        "witness_a": texts[0],
        "start_a": a.start,
        "end_a": a.end,
        "witness_b": texts[1],
        "start_b": b.start,
        "end_b": b.end,
        "kind": "reworked",
        "score": float(min(region[1 + TOTAL_A], region[1 + TOTAL_B])),
        "rarity": float(-np.log(held.background[shared]).mean()) if len(shared) else 0.0,
        "reason": f"{common[0]} of {len(a.numbers)} words stand in the other passage too, {common[1]} of {len(b.numbers)} the other way",
        "operations": operations,
    }


def _tie_to_summary(row: dict[str, Any], whole: np.ndarray, places: np.ndarray, number: tuple[int, int]) -> None:
    """Make a row one of the sentences of a summary: which of how many, and where the summary stands."""
    side, own = ("a", 0) if whole[1 + KIND] == WIDE else ("b", 2)
    row["kind"] = "summarised"
    row["score"] = float(min(whole[1 + TOTAL_A], whole[1 + TOTAL_B]))
    row["reason"] = f"sentence {number[0]} of {number[1]} that the summary at {places[own]} to {places[own + 1]} of {side} was drawn from; {row['reason']}"


@dataclass(frozen=True)
class _Side:
    """One side of a span: its code points, the numbers of its words, what they read, and the bounds between them."""

    start: int
    end: int
    numbers: np.ndarray
    read: list[str]
    bounds: list[int]

    @staticmethod
    def of(held: WordPair, text: int, low: int, high: int) -> _Side:
        """Return words ``[low, high)`` of a text."""
        words, written, base = held.words, held.texts[text], int(held.words.starts[text])
        begins, ends = words.begins[base + low : base + high].tolist(), words.ends[base + low : base + high].tolist()
        start, end = _take_marks(written, begins[0], ends[-1])
        read = [fold_word(written[i:j]) for i, j in zip(begins, ends, strict=True)]
        return _Side(start, end, words.numbers[base + low : base + high], read, [start, *begins[1:], end])


def _align(a: _Side, b: _Side) -> tuple[list[int], np.ndarray]:
    """Return the operations between two sides, in code points, and the numbers of the words that agree in order."""
    if len(a.numbers) * len(b.numbers) > _MAX_CELLS:
        return [REPLACED, a.end - a.start, b.end - b.start], np.intersect1d(a.numbers, b.numbers)
    runs: list[list[int]] = []
    shared = []

    def add(kind: int, i: int, k: int, j: int, m: int) -> None:
        """Add a run of words ``[i, k)`` of a and ``[j, m)`` of b, to the one before where they are of one kind."""
        n_a, n_b = a.bounds[k] - a.bounds[i], b.bounds[m] - b.bounds[j]
        if runs and runs[-1][0] == kind:
            runs[-1][1] += n_a
            runs[-1][2] += n_b
        else:
            runs.append([kind, n_a, n_b])

    for step in Levenshtein.opcodes(a.numbers.tolist(), b.numbers.tolist()):
        i, k, j, m = step.src_start, step.src_end, step.dest_start, step.dest_end
        if step.tag == "equal":
            shared.append(a.numbers[i:k])
            for n in range(k - i):  # words of one stem may differ in their form
                add(EQUAL if a.read[i + n] == b.read[j + n] else REPLACED, i + n, i + n + 1, j + n, j + n + 1)
        else:
            add({"replace": REPLACED, "delete": DELETED, "insert": INSERTED}[step.tag], i, k, j, m)
    return [value for run in runs for value in run], np.concatenate([np.zeros(0, np.int32), *shared])


def _tabulate(rows: list[dict[str, Any]], held: WordPair) -> pa.Table:
    """Return rows as SPANS: their letters counted, their kind told by how many agree."""
    columns = {name: [row[name] for row in rows] for name in ("witness_a", "witness_b", *_BOX, "kind", "score", "rarity", "reason", "operations")}
    letters = [_count_letters(row, held) for row in rows]
    kinds, similarities = [], []
    for (in_a, in_b, equal), kind in zip(letters, columns["kind"], strict=True):
        similarity = 2 * equal / max(1, in_a + in_b)
        similarities.append(similarity)
        kinds.append(kind if kind == "summarised" or similarity < _EDITED else "verbatim" if in_a == in_b == equal else "edited")
    counted = {"n_letters": [min(in_a, in_b) for in_a, in_b, _ in letters], "n_equal": [equal for *_, equal in letters], "similarity": similarities}
    whole = {**columns, **counted, "kind": kinds, "span": list(range(len(rows))), "n_seeds": [0] * len(rows)}
    schema = SPANS.schema
    return check_table("spans", pa.table({name: pa.array(whole[name], schema.field(name).type) for name in schema.names}))


def _count_letters(row: dict[str, Any], held: WordPair) -> tuple[int, int, int]:
    """Return the folded letters of a span in a, in b, and those that agree."""
    texts: list[str] = [held.texts[row[f"witness_{side}"]][row[f"start_{side}"] : row[f"end_{side}"]] for side in "ab"]
    flat = row["operations"]
    at, equal = 0, []
    for kind, n_a in zip(flat[::3], flat[1::3], strict=True):
        if kind == EQUAL:
            equal.append(texts[0][at : at + n_a])
        at += n_a
    lengths = np.diff(fold_texts([*texts, " ".join(equal)]).starts) - 1
    return int(lengths[0]), int(lengths[1]), int(min(lengths))
