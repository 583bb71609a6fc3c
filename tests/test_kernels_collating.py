"""The kernels of collating equal their slow twins."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import naive_collating as naive
from kernel_cases import cases
from variorum.collating.lexicons import number_words
from variorum.kernels import collating, gaps, loci

WORDS = ["a", "b", "ab", "abc", "abcd", "abcde", "xbcde", ".", ","]
few = st.lists(st.integers(0, 3), max_size=14)
GAIN = [1.0, 1.63, 2.29, 3.17]


def list_runs(a: list[int], b: list[int], n: int) -> np.ndarray:
    runs = np.empty((min(len(a), len(b)) + 1, 3), np.int64)
    size = collating.list_runs(np.array(a, np.int32), np.array(b, np.int32), n, runs)
    return runs[:size]


@cases(300)
@given(few, few, st.integers(1, 3))
def test_runs_equal_the_twin(a: list[int], b: list[int], n: int) -> None:
    runs = list_runs(a, b, n)
    assert {tuple(run) for run in runs.tolist()} == naive.runs(a, b, n)
    assert runs[:, 0].tolist() == sorted(runs[:, 0].tolist())


@cases(200)
@given(few, few, st.integers(1, 2))
def test_the_row_of_runs_is_the_heaviest(a: list[int], b: list[int], n: int) -> None:
    runs = list_runs(a, b, n)
    chain = np.empty((len(runs), 3), np.int64)
    size = collating.chain_runs(runs, len(runs), np.array(GAIN, np.float32), np.array(a, np.int32), chain)
    row = [tuple(run) for run in chain[:size].tolist()]
    for (i, j, n_1), (x, y, _) in itertools.pairwise(row):
        assert (i + n_1 <= x, j + n_1 <= y) == (True, True), "runs of a row do not overlap"
    for i, j, n_1 in row:
        assert n_1 > 0
        assert a[i : i + n_1] == b[j : j + n_1]
    given_runs = [tuple(run) for run in runs.tolist()]
    whole = [next(r for r in given_runs if r[0] - r[1] == i - j and r[0] <= i and i + n_1 == r[0] + r[2]) for i, j, n_1 in row]
    best = naive.best_row(given_runs, a, GAIN)
    # A run that lies inside what is cut away from it leaves the row; what is left is never more than the heaviest row.
    assert naive.weight_of(whole, a, GAIN) <= best + 1e-4
    if all(r[0] + r[2] <= s[0] and r[1] + r[2] <= s[1] for r in given_runs for s in given_runs if r[0] < s[0] and r[1] < s[1]):
        assert abs(naive.weight_of(whole, a, GAIN) - best) < 1e-4


word_lists = st.lists(st.sampled_from(WORDS), max_size=4)


@cases(200)
@given(word_lists, word_lists, st.integers(0, 3))
def test_a_gap_is_aligned_as_well_as_can_be(a: list[str], b: list[str], free: int) -> None:
    lexicon, (x, y) = number_words([a, b])
    pairs = np.empty((min(len(a), len(b)), 2), np.int64)
    n = gaps.align_gap(x, y, *lexicon.spelling, free, pairs)
    found = [tuple(pair) for pair in pairs[:n].tolist()]
    gain, light = lexicon.gain.tolist(), lexicon.light.tolist()
    scores = {(i, j): naive.pair_score(v, w, gain, light, lexicon.keys) for i, v in enumerate(x.tolist()) for j, w in enumerate(y.tolist())}
    best = max(naive.alignment_score(chosen, scores, len(a), len(b), free) for chosen in naive.alignments(len(a), len(b)))
    if a and b:
        assert abs(naive.alignment_score(found, scores, len(a), len(b), free) - best) < 1e-3
    else:
        assert not found


@cases(12)
@given(st.integers(0, 10_000))
def test_a_large_gap_is_aligned_in_a_band(seed: int) -> None:
    chance = np.random.default_rng(seed)
    a = chance.integers(0, 50, 1200)
    kept = chance.random(1200) > 0.03
    lexicon, (x, y) = number_words([[str(w) for w in a], [str(w) for w in a[kept]]])
    pairs = np.empty((len(y), 2), np.int64)
    n = gaps.align_gap(x, y, *lexicon.spelling, 0, pairs)
    assert np.all(np.diff(pairs[:n, 0]) > 0)
    assert np.all(np.diff(pairs[:n, 1]) > 0)
    right = np.flatnonzero(kept)
    assert (x[pairs[:n, 0]] == y[pairs[:n, 1]]).sum() >= 0.97 * len(right)


def test_gaps_too_unlike_in_length_stay_open() -> None:
    lexicon, (x, y) = number_words([["a"] * 40, ["a"] * 2_000_000])
    assert gaps.align_gap(x, y, *lexicon.spelling, 0, np.empty((40, 2), np.int64)) == 0


@cases(300)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_likeness_equals_the_twin(x: str, y: str) -> None:
    letters = np.array([ord(c) for c in x + y], np.int32)
    offsets = np.array([0, len(x), len(x) + len(y)], np.int64)
    assert abs(gaps.measure_likeness(0, 1, letters, offsets) - naive.likeness(x, y)) < 1e-9


@cases(200)
@given(st.lists(st.integers(0, 9), max_size=9, unique=True))
def test_the_rising_row_is_a_longest(places: list[int]) -> None:
    rising = np.ones(len(places), bool)
    loci.find_rising(np.array(places, np.int64), rising)
    chosen = [p for p, up in zip(places, rising, strict=True) if up]
    assert chosen == sorted(chosen)
    assert len(chosen) == naive.longest_rising(places)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """Members in columns: which token each has where, its words, and its blocks; tokens may stand out of order."""
    n_columns, n_members = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    held, words, blocks = [], [], []
    for _ in range(n_members):
        columns = draw(st.permutations(range(n_columns)))[: draw(st.integers(0, n_columns))]
        columns = draw(st.sampled_from([list(columns), sorted(columns)]))
        row = [draw(st.sampled_from([-1, -1, loci.MISSING])) for _ in range(n_columns)]
        for token, column in enumerate(columns):
            row[column] = token
        held.append(row)
        words.append(draw(st.lists(st.integers(0, 1), min_size=len(columns), max_size=len(columns))))
        blocks.append(draw(st.lists(st.integers(0, 1), min_size=len(columns), max_size=len(columns))))
    return held, words, blocks


def as_arrays(held: list[list[int]], words: list[list[int]], blocks: list[list[int]]) -> tuple[np.ndarray, ...]:
    flat = [np.array([x for row in rows for x in row], np.int32) for rows in (words, blocks)]
    starts = np.cumsum([0, *(len(row) for row in words)]).astype(np.int64)
    return np.array(held, np.int32), *flat, starts


@cases(300)
@given(tables())
def test_loci_equal_the_twin(table: tuple[list[list[int]], list[list[int]], list[list[int]]]) -> None:
    held, words, blocks = table
    array, flat, flat_blocks, starts = as_arrays(*table)
    n_columns = array.shape[1]
    labels, agreed, cuts = np.empty(n_columns, np.int64), np.empty(n_columns, bool), np.empty(n_columns + 1, np.int64)
    loci.label_columns(array, flat, starts, 2, labels, agreed)
    columns = [[row[c] if row[c] < 0 else words[m][row[c]] for m, row in enumerate(held)] for c in range(n_columns)]
    divisions = [naive.division(column) for column in columns]
    for c in range(n_columns):
        assert agreed[c] == (len({w for w in columns[c] if w != naive.MISSING}) <= 1)
        for d in range(c):
            assert (labels[c] == labels[d]) == (divisions[c] == divisions[d])
    n = loci.cut_loci(array, labels, flat_blocks, starts, np.empty(len(starts), np.int64), cuts)
    assert list(zip(cuts[:n].tolist(), cuts[1 : n + 1].tolist(), strict=True)) == naive.loci(held, words, blocks)


@cases(200)
@given(tables(), st.integers(0, 5))
def test_readings_are_equal_where_their_words_are(table: tuple[list[list[int]], list[list[int]], list[list[int]]], seed: int) -> None:
    held, words, _ = table
    array, flat, _, starts = as_arrays(*table)
    chance = np.random.default_rng(seed)
    forms, spaces = chance.integers(0, 2, len(flat)).astype(np.int32), chance.integers(0, 2, len(flat)).astype(np.int32)
    n_columns, n_members = array.shape[1], array.shape[0]
    cuts = np.array([0, *sorted({int(c) for c in chance.integers(1, n_columns + 1, 2)} | {n_columns})], np.int64)
    n = len(cuts) - 1
    order = chance.permutation(n_members)
    cells, sizes = np.empty((4, n, n_members), np.int32), np.empty((2, n), np.int32)
    loci.collect_readings(array, cuts, n, flat, forms, spaces, starts, order, cells, sizes)
    for k in range(n):
        seen: list[tuple[int, ...]] = []
        for m in order.tolist():
            inside = held[m][cuts[k] : cuts[k + 1]]
            reading = tuple(words[m][at] for at in inside if at >= 0)
            if not reading and naive.MISSING in inside:
                assert cells[0, k, m] == -1
                continue
            if reading not in seen:
                seen.append(reading)
            assert cells[0, k, m] == seen.index(reading)
            assert cells[3, k, m] == len(reading)
            assert cells[2, k, m] == next((at for at in inside if at >= 0), -1)
        assert sizes[0, k] == len(seen)


@cases(200)
@given(tables())
def test_bridged_loci_join_only_what_a_light_stretch_parts(table: tuple[list[list[int]], list[list[int]], list[list[int]]]) -> None:
    array, flat, flat_blocks, starts = as_arrays(*table)
    n_columns = array.shape[1]
    labels, agreed, cuts = np.empty(n_columns, np.int64), np.empty(n_columns, bool), np.empty(n_columns + 1, np.int64)
    loci.label_columns(array, flat, starts, 2, labels, agreed)
    n = loci.cut_loci(array, labels, flat_blocks, starts, np.empty(len(starts), np.int64), cuts)
    before = set(cuts[: n + 1].tolist())
    kept = loci.bridge_loci(array, labels, agreed, np.ones(n_columns, np.float32), flat_blocks, starts, cuts, n)
    after = cuts[: kept + 1].tolist()
    assert after == sorted(after)
    assert set(after) <= before
    assert after[-1] == n_columns
    for low, high in itertools.pairwise(after):
        inside = [c for c in sorted(before) if low <= c < high]
        if len(inside) > 1:
            assert not agreed[inside[0]]
            assert {bool(agreed[c]) for c in inside[1::2]} == {True}
            assert len({int(labels[c]) for c in inside[::2]}) == 1
