"""The kernels of deep mode equal their twins; regions are where they were planted, and cost stays in bounds."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive_reworking as naive
from kernel_cases import cases
from variorum.config import make_config
from variorum.kernels import climbing, ordering, reworking
from variorum.kernels.climbing import HIGH_A, HIGH_B, KIND, LOW_A, LOW_B, STRETCH, TIGHT, TOTAL_A, TOTAL_B, WIDE, WIDE_B
from variorum.matching.reworks import make_limits

DEEP = make_config().deep


@st.composite
def planes(draw: st.DrawFn) -> tuple[naive.Plane, tuple, list[int], tuple[int, int], tuple[int, int]]:
    """Two texts of few words, the state of the kernels, classes of a, a window of each."""
    v = draw(st.integers(2, 9))
    a, b = (draw(st.lists(st.integers(-1, v - 1), min_size=6, max_size=24)) for _ in range(2))
    shares = draw(st.lists(st.sampled_from([1e-5, 3e-4, 0.01]), min_size=v, max_size=v))
    classes = draw(st.lists(st.integers(0, 3), min_size=len(a) + 1, max_size=len(a) + 1))
    windows = []
    for text in (a, b):
        low = draw(st.integers(0, len(text) - 1))
        windows.append((low, draw(st.integers(low + 1, len(text)))))
    limits = make_limits(DEEP)
    limits[climbing.MU], limits[climbing.DROP], limits[climbing.GRID], limits[climbing.SEED] = 5, draw(st.sampled_from([1, 3, 12])), 4, 3
    counts = tuple(Counter(w for w in text if w >= 0) for text in (a, b))
    table = np.array([[count[w] for w in range(v)] for count in counts], np.int64)
    state = climbing.make_state(table, np.array(shares))
    state[6][0], state[6][1] = len(a), len(b)
    climbing.set_odds(state, 0.5)
    return naive.Plane((a, b), counts, shares, limits, 0.5), state, classes, windows[0], windows[1]


def open_both(plane, state, own, other):
    a, b = (np.array(text, np.int32) for text in plane.texts)
    climbing.open_window(a, *own, 0, state, 1)
    climbing.open_window(b, *other, 1, state, 1)
    return a, b


@cases(200)
@given(planes())
def test_scores_and_totals_equal_the_twin(case):
    plane, state, _, own, other = case
    a, _ = open_both(plane, state, own, other)
    for word in a:
        assert climbing.score_word(word, 0, state, plane.limits) == pytest.approx(plane.score(word, 0, own, other))
    assert climbing.total_window(a, *own, 0, state, plane.limits) == pytest.approx(plane.total(own, 0, own, other))
    assert not state[5].any()
    core = climbing.find_core(a, *own, 0, state, plane.limits)
    held = sum(plane.score(w, 0, own, other) for w in plane.texts[0][core[0] : core[1]])
    assert held == pytest.approx(naive.best_core(plane, 0, own, other))


@cases(200)
@given(planes(), st.sampled_from(["<", ">", "<|", "|>"]))
def test_edges_are_worth_most_of_those_walked_to(case, move):
    plane, state, classes, own, other = case
    a, _ = open_both(plane, state, own, other)
    marks = np.array(classes, np.uint8)
    used = state[5]
    for word in a[own[0] : own[1]]:
        if word >= 0 and state[1][1, word] > 0:
            used[word] += 1
    step = 1 if move in (">", "<|") else -1
    if len(move) == 1:
        edge, stop = (own[0], 0) if move == "<" else (own[1], len(a))
        found = climbing.extend_edge(a, marks, edge, stop, step, 0, state, plane.limits)
        part = (found, own[1]) if move == "<" else (own[0], found)
    else:
        edge, stop = own if move == "<|" else own[::-1]
        found = climbing.trim_edge(a, marks, edge, stop, step, 0, state, plane.limits)
        part = (found, own[1]) if move == "<|" else (own[0], found)
    values = naive.edge_values(plane, 0, own, other, own, classes, move)
    assert values[found] == pytest.approx(max(values.values()))
    assert used.tolist() == [sum(w == word for w in a[part[0] : part[1]]) if state[1][1, word] > 0 else 0 for word in range(len(used))]


@cases(200)
@given(planes())
def test_boxes_equal_the_twin(case):
    plane, state, *_ = case
    a, b = (np.array(text, np.int32) for text in plane.texts)
    index = reworking.index_words(b, state[0].shape[1])
    weights = reworking.weigh_words(state, plane.limits)
    cells, values = reworking.find_boxes(a, len(b), index, weights, plane.limits)
    wanted = naive.boxes(plane, reworking.COMMON)
    least = plane.limits[climbing.SEED]
    found = {(int(r), int(k)): value for (r, k), value in zip(cells, values, strict=True)}
    assert len(found) == len(cells)
    assert {cell for cell, value in wanted.items() if value > least + 1e-9} <= found.keys() <= {cell for cell, value in wanted.items() if value > least - 1e-9}
    for (row, column), value in found.items():
        assert value == pytest.approx(wanted[row, column])
        assert reworking.weigh_box(a, row, column, index, weights, int(plane.limits[climbing.GRID])) == pytest.approx(value)


@cases(200)
@given(st.lists(st.integers(0, 3), max_size=20), st.lists(st.integers(0, 3), max_size=20), st.integers(3, 6))
def test_runs_in_order_equal_the_twin(a, b, least):
    region = np.array([0, len(a), 0, len(b), 0, 0, 0, 0], float)
    share, ends = ordering.follow_order(np.array(a, np.int32), np.array(b, np.int32), region, least)
    kept_a, kept_b = naive.runs_in_order(a, b, least, 4)
    assert share == max(len(kept_a) / max(1, len(a)), len(kept_b) / max(1, len(b)))
    if kept_a:
        assert ends.tolist() == [min(kept_a), max(kept_a) + 1, min(kept_b), max(kept_b) + 1]
    else:
        assert ends.tolist() == [0, len(a), 0, len(b)]


class Texts:
    """Texts of made words: 2,000 common ones by Zipf's law, and rare ones that stand nowhere else."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        shares = 1 / np.arange(1, 2001)
        self.background = np.concatenate([shares / shares.sum(), np.full(20_000, 1e-6)])
        self.rare = 2000

    def common(self, n: int) -> list[int]:
        return self.random.choice(2000, n, p=self.background[:2000]).tolist()

    def passage(self, n: int) -> list[int]:
        """Words of which every third is rare."""
        words = self.common(n)
        for i in range(0, n, 3):
            words[i] = self.rare
            self.rare += 1
        return words

    def rework(self, words: list[int], kept: float = 0.7) -> list[int]:
        """The words in another order, some of them replaced."""
        out = [w if self.random.random() < kept else self.common(1)[0] for w in words]
        self.random.shuffle(out)
        return out

    def match(self, a: list[int], b: list[int], **settings: float) -> np.ndarray:
        limits = make_limits(DEEP)
        for name, value in settings.items():
            limits[getattr(climbing, name)] = value
        local: dict[int, int] = {}
        texts = [np.array([local.setdefault(w, len(local)) for w in text], np.int32) for text in (a, b)]
        shares = self.background[list(local)] if local else np.zeros(0)
        classes = [np.zeros(len(text) + 1, np.uint8) for text in texts]
        for marks in classes:
            marks[::20] = 2
            marks[0] = marks[-1] = 3
        return reworking.match_words(*texts, *classes, shares, limits)


def covers(low: float, high: float, start: int, end: int, slack: int) -> bool:
    return abs(low - start) <= slack and abs(high - end) <= slack


@pytest.mark.parametrize("seed", range(6))
def test_a_shuffled_passage_is_found_where_it_was_planted(seed):
    texts = Texts(seed)
    passage = texts.passage(90)
    a = texts.common(300) + texts.rework(passage) + texts.common(200)
    b = texts.common(150) + passage + texts.common(400)
    (region,) = texts.match(a, b)
    assert region[KIND] == TIGHT
    assert min(region[TOTAL_A], region[TOTAL_B]) > DEEP.min_nats
    assert covers(region[LOW_A], region[HIGH_A], 300, 390, 20)
    assert covers(region[LOW_B], region[HIGH_B], 150, 240, 20)
    (turned,) = texts.match(b, a)
    assert covers(turned[LOW_A], turned[HIGH_A], 150, 240, 20)


@pytest.mark.parametrize("seed", range(4))
def test_unrelated_texts_share_no_region(seed):
    texts = Texts(seed)
    assert len(texts.match(texts.common(600), texts.common(600))) == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_passage_with_two_homes_keeps_both(seed):
    texts = Texts(seed)
    passage = texts.passage(90)
    b = texts.common(200) + passage + texts.common(300) + texts.rework(passage, 0.95) + texts.common(100)
    a = texts.common(100) + texts.rework(passage) + texts.common(100)
    regions = texts.match(a, b)
    assert sorted(round(r[LOW_B] / 100) for r in regions) == [2, 6]
    assert all(covers(r[LOW_A], r[HIGH_A], 100, 190, 20) for r in regions)
    assert len(texts.match(a, b, HOMES=1)) == 1


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("turned", [False, True])
def test_a_summary_names_the_sentences_it_was_drawn_from(seed, turned):
    texts = Texts(seed)
    sentences = [texts.passage(20) for _ in range(40)]
    chosen = [3, 9, 16, 22, 31, 37]
    summary = [w for k in chosen for w in texts.rework(sentences[k])[:14]]
    a, b = texts.common(100) + summary + texts.common(96), [w for s in sentences for w in s]
    regions = texts.match(b, a) if turned else texts.match(a, b)
    whole, stretches = regions[0], regions[1:]
    low, high, source = (LOW_B, HIGH_B, LOW_A) if turned else (LOW_A, HIGH_A, LOW_B)
    assert whole[KIND] == (WIDE_B if turned else WIDE)
    assert covers(whole[low], whole[high], 100, 184, 20)
    assert {r[KIND] for r in stretches} == {STRETCH}
    named = {int(r[source]) // 20 for r in stretches}
    assert named <= set(chosen)
    assert len(named) >= 5


def test_a_copy_in_order_ends_where_the_copy_ends():
    texts = Texts(5)
    passage = texts.passage(80)
    topic = [w for w in passage if w >= 2000][:8]
    b = texts.common(100) + texts.rework(topic + texts.common(20), 1.0) + passage + texts.common(100)
    (region,) = texts.match(texts.common(60) + passage + texts.common(60), b)
    assert region[:4].tolist() == [60, 140, 128, 208]


@pytest.mark.parametrize("a", [[], [0], [0] * 50_000, [0, 1] * 25_000, list(range(50)) * 1000, list(range(500)) * 100])
def test_hostile_texts_cost_no_square(a):
    """Nothing to time here: a square of 50,000 words would not end within the test's patience."""
    texts = Texts(1)
    texts.match(a, a)
    texts.match(a, texts.common(300))


def test_long_texts_of_rare_words_are_one_passage():
    texts = Texts(2)
    long = texts.passage(15_000)
    regions = texts.match(long, long)
    assert len(regions) == 1
    assert regions[0, :4].tolist() == [0, 15_000, 0, 15_000]
