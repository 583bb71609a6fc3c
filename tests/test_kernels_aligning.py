"""Growing, chaining, aligning and trimming equal their twins."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import naive
from kernel_cases import PLAIN, cases, frozen, letters, stream
from variorum.kernels import aligning, chaining, pairing, spanning, trimming
from variorum.letters import fold_texts


def grow(a: list[int], b: list[int], seeds: list[tuple[int, int]], k: int) -> list[tuple[int, int, int]]:
    """Return the matches that the kernel grows, in one stream of both texts, in places of the texts."""
    held, starts = stream(a, b)
    packed = np.array([x << 32 | y for x, y in seeds], np.uint64)
    matches = np.empty((len(seeds) + 1, 3), np.int64)
    n = chaining.grow_seeds(held, 0, starts[1] - 1, held, starts[1], starts[2] - 1, packed, k, matches)
    return [(x, y - int(starts[1]), z) for x, y, z in matches[:n].tolist()]


@cases(200)
@given(letters(2, 30), letters(2, 30), st.data())
def test_seeds_grow_to_maximal_matches(a: list[int], b: list[int], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, 4))
    seed = st.tuples(st.integers(0, max(0, len(a) - 1)), st.integers(0, max(0, len(b) - 1)))
    seeds = sorted(data.draw(st.sets(seed, max_size=16)))
    assert grow(a, b, seeds, k) == naive.grow(a, b, seeds, k)


@cases(60)
@given(letters(2, 40, 8))
def test_matches_do_not_leave_their_texts(part: list[int]) -> None:
    """Both texts and their neighbours are the same letters; an end mark stands between."""
    assert grow(part, part, [(i, i) for i in range(len(part) - 3)], 3) == [(0, 0, len(part))]


@st.composite
def some_matches(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Matches on a small plane, sorted, overlapping as they like."""
    return sorted(draw(st.sets(st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 25)), min_size=1, max_size=70)))


@cases(200)
@given(some_matches(), st.sampled_from([5, 30, 400]))
def test_chains_score_as_the_twin_says(matches: list[tuple[int, int, int]], max_gap: int) -> None:
    n = len(matches)
    scores, before = np.empty(n, np.float64), np.empty(n, np.int64)
    chaining.chain_matches(np.array(matches, np.int64), n, max_gap, scores, before)
    assert np.allclose(scores, naive.chain(matches, max_gap, chaining.LOOK_BACK, chaining.link_cost))
    for i, j in enumerate(before.tolist()):
        assert j == -1 or (j < i and matches[j][0] < matches[i][0] and matches[j][1] < matches[i][1])
        assert (j == -1) == (scores[i] == matches[i][2])


@cases(100)
@given(st.integers(0, 500), st.integers(0, 500))
def test_a_link_costs_by_its_letters_and_by_what_they_differ(gap_a: int, gap_b: int) -> None:
    cost = chaining.link_cost(gap_a, gap_b)
    assert chaining.link_cost(0, 0) == 0
    assert cost == chaining.link_cost(gap_b, gap_a)
    assert chaining.link_cost(min(gap_a, gap_b), min(gap_a, gap_b)) <= cost <= chaining.link_cost(gap_a + 1, gap_b + 1)
    assert cost <= chaining.link_cost(gap_a, gap_b + 500)
    assert cost < gap_a + gap_b + 5


@cases(100)
@given(some_matches())
def test_each_match_is_taken_by_one_chain(matches: list[tuple[int, int, int]]) -> None:
    n = len(matches)
    scores, before = np.empty(n, np.float64), np.empty(n, np.int64)
    chaining.chain_matches(np.array(matches, np.int64), n, 400, scores, before)
    used, chain, taken = np.zeros(n, np.bool_), np.empty(n, np.int64), []
    for end in np.argsort(-scores, kind="stable"):
        length = chaining.take_chain(end, before, used, chain)
        own = chain[:length].tolist()
        assert all(before[x] == y for x, y in pairwise(own))
        used[own] = True
        taken += own
    assert sorted(taken) == list(range(n))


@cases(60)
@given(some_matches(), st.randoms(use_true_random=False))
def test_matches_are_sorted(matches: list[tuple[int, int, int]], random: object) -> None:
    mixed = matches[:]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    array = np.array(mixed, np.int64)
    pairing.sort_matches(array, len(array))
    assert [tuple(row[:2]) for row in array.tolist()] == [row[:2] for row in matches]
    assert sorted(map(tuple, array.tolist())) == matches


ROOM = 512


def buffers() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return scratch, trace, rows and steps, full of rubbish: no kernel may count on zeros."""
    rubbish = np.full((3, ROOM), 77, np.int32)
    return rubbish, np.full(aligning.MAX_CELLS + 8192, 77, np.uint8), rubbish.copy(), np.full(4096, 77, np.uint8)


def align_gap(a: list[int], b: list[int]) -> tuple[list[tuple[int, int, int]], int]:
    """Return operations and score of the corner-to-corner kernel, on letters that stand inside longer streams."""
    scratch, trace, _, steps = buffers()
    runs = np.full((4096, 3), 77, np.int32)
    held_a, held_b = stream([120, *a, 121])[0], stream([120, 120, *b, 121])[0]
    n, score = aligning.align_gap(held_a, 1, 1 + len(a), held_b, 2, 2 + len(b), scratch, trace, steps, runs, 0)
    return [(kind, x, y) for kind, x, y in runs[:n].tolist()], score


@cases(300)
@given(letters(4, 24), letters(4, 24))
def test_gaps_are_aligned_as_well_as_can_be(a: list[int], b: list[int]) -> None:
    runs, score = align_gap(a, b)
    assert naive.read_runs(runs, a, b) == (len(a), len(b))
    if a and b:
        assert score == naive.align(a, b)[-1][-1] == naive.score_runs(runs)
    else:
        assert score == max(-60, naive.score_runs(runs))


@cases(60)
@given(letters(6, 90), st.integers(0, 60), st.integers(0, 90))
def test_a_longer_gap_is_aligned_inside_its_band(a: list[int], size: int, at: int) -> None:
    """Two stretches that differ by one piece: whatever its length, the alignment lies inside the band."""
    a = a + list(range(200, 240))
    at = min(at, len(a))
    b = [*a[:at], *range(300, 300 + size), *a[at:]]
    for x, y in ((a, b), (b, a)):
        runs, score = align_gap(x, y)
        assert naive.read_runs(runs, x, y) == (len(x), len(y))
        assert score == 2 * len(a) + (aligning.OPEN + aligning.EXTEND * size if size else 0)


@pytest.mark.parametrize(("n_a", "n_b"), [(400, 3), (3, 400), (70, 60), (150, 30), (1, 1)])
def test_a_lopsided_gap_stays_inside_its_room(n_a: int, n_b: int) -> None:
    """With rubbish behind the room that the cells of the whole matrix take."""
    scratch, trace, _, steps = buffers()
    room = (n_a + 1) * (n_b + 1)
    trace[room:] = 255
    a, b = stream(list(range(100, 100 + n_a)))[0], stream(list(range(100, 100 + n_b)))[0]
    runs = np.empty((4096, 3), np.int32)
    n, score = aligning.align_gap(a, 0, n_a, b, 0, n_b, scratch, trace, steps, runs, 0)
    assert score == 2 * min(n_a, n_b) + (aligning.OPEN + aligning.EXTEND * abs(n_a - n_b) if n_a != n_b else 0)
    assert naive.read_runs(runs[:n].tolist(), a.tolist(), b.tolist()) == (n_a, n_b)
    assert (trace[room:] == 255).all()


def test_a_gap_too_wide_to_align_is_replaced_whole() -> None:
    a, b = [97] * 300, [98] * 280
    assert aligning.MAX_CELLS < 301 * 281
    assert align_gap(a, b) == ([(naive.REPLACED, 300, 280)], naive.score_runs([(naive.REPLACED, 280, 280), (naive.DELETED, 20, 0)]))
    assert align_gap([97] * 3, [98] * 600)[0] == [(naive.REPLACED, 3, 600)]  # wider than the scratch
    assert align_gap([97] * 3, []) == ([(naive.DELETED, 3, 0)], naive.score_runs([(naive.DELETED, 3, 0)]))
    assert align_gap([], [97] * 300)[1] == -60


def extend(a: list[int], b: list[int], drop: int, way: int = 1, scratch_room: int = ROOM) -> tuple[list[tuple[int, int, int]], tuple[int, int, int], bool]:
    """Return operations from the corner outwards, (letters of a, letters of b, score), and whether room was short."""
    scratch, trace, rows, steps = buffers()
    held_a, held_b = (stream([*part] if way == 1 else [*reversed(part)])[0] for part in (a, b))
    at_a, at_b = (0, 0) if way == 1 else (len(a) - 1, len(b) - 1)
    got_a, got_b, score, m, short = aligning.extend(
        held_a, at_a, len(a), held_b, at_b, len(b), way, drop, scratch[:, :scratch_room], trace, rows, steps
    )
    runs = naive.run_lengths(steps[:m][::-1].tolist())
    return runs, (int(got_a), int(got_b), int(score)), bool(short)


@cases(250)
@given(letters(3, 24), letters(3, 24), st.sampled_from([1, -1]))
def test_an_extension_that_drops_nothing_is_the_best_there_is(a: list[int], b: list[int], way: int) -> None:
    runs, (got_a, got_b, score), short = extend(a, b, 3000, way)
    assert score == max(max(row) for row in naive.align(a, b)) == naive.score_runs(runs)
    assert naive.read_runs(runs, a, b) == (got_a, got_b)
    assert not short


@cases(250)
@given(letters(3, 40), letters(3, 40), st.integers(0, 80))
def test_an_extension_says_what_it_scores(a: list[int], b: list[int], drop: int) -> None:
    runs, (got_a, got_b, score), short = extend(a, b, drop)
    assert naive.read_runs(runs, a, b) == (got_a, got_b)
    assert 0 <= score == naive.score_runs(runs) <= max(max(row) for row in naive.align(a, b))
    assert extend(a, b, drop, -1) == (runs, (got_a, got_b, score), short)
    assert not short
    if score:
        assert runs[-1][0] == naive.EQUAL


@cases(60)
@given(letters(26, 60, 1), st.integers(20, 80))
def test_an_extension_passes_over_one_difference(part: list[int], drop: int) -> None:
    """Sixteen equal letters either side of a word of six that is replaced, or a gap as long as the drop and the band allow."""
    a = [*range(200, 216), *part[:6], *range(300, 332)]
    b = [*range(200, 216), *[1000 + x for x in part[:6]], *range(300, 332)]
    assert extend(a, b, drop)[1] == (len(a), len(b), 2 * 48 + aligning.MISMATCH * len(part[:6]))
    allowed = (drop + aligning.OPEN) // -aligning.EXTEND
    widest = min(aligning.BAND, allowed)
    for size, score in ((widest, 2 * 116 + aligning.OPEN + aligning.EXTEND * widest), (allowed + 1, 32)):
        whole = [*range(200, 216), *range(500, 500 + size), *range(300, 400)]
        assert extend(whole, [*range(200, 216), *range(300, 400)], drop)[1][2] == score


def test_an_extension_says_where_its_room_ends() -> None:
    a = [97 + i % 26 for i in range(700)]
    runs, (got_a, got_b, _), short = extend(a, a, 40)
    assert short
    assert (got_a, got_b) == (ROOM - 1, ROOM - 1)
    assert runs == [(naive.EQUAL, ROOM - 1, ROOM - 1)]
    assert extend(a, a, 40, scratch_room=100)[1:] == ((99, 99, 198), True)
    assert not extend(a[:300], a[:300], 40)[2]


@cases(60)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_runs_are_pushed_as_steps_are(steps: list[tuple[int, int]]) -> None:
    kinds = [kind for kind, times in steps for _ in range(times)]
    runs = np.full((100, 3), 77, np.int32)
    n = aligning.push_steps(np.array(kinds, np.uint8), len(kinds), False, runs, 0)
    assert [tuple(row) for row in runs[:n].tolist()] == naive.run_lengths(kinds)
    n = aligning.push_steps(np.array(kinds, np.uint8), len(kinds), True, runs, 0)
    assert [tuple(row) for row in runs[:n].tolist()] == naive.run_lengths(kinds[::-1])


run_lists = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=9).map(
    lambda drawn: [(k, x if k != naive.INSERTED else 0, x if k == naive.EQUAL else y if k != naive.DELETED else 0) for k, x, y in drawn]
)
"""Lists of operations of any order."""


def tidy(runs: list[tuple[int, int, int]]) -> bool:
    """Return whether no run follows one of its own kind."""
    return all(x[0] != y[0] for x, y in pairwise(runs))


@cases(300)
@given(run_lists, st.integers(0, 4))
def test_short_equal_runs_are_joined_to_their_differences(runs: list[tuple[int, int, int]], skip: int) -> None:
    assume(tidy(runs))
    skip = min(skip, len(runs))
    array = np.array(runs, np.int32)
    n = trimming.join_short_runs(array, skip, len(runs))
    assert [tuple(row) for row in array[:n].tolist()] == naive.join_short(runs[skip:], trimming.SHORT_RUN)


def spread(runs: list[tuple[int, int, int]], breaks: list[tuple[bool, bool]]) -> tuple[tuple, tuple, set[tuple[int, int]]]:
    """Return two streams on which words begin where `breaks` says (side a, side b), and the (i, j) at which they begin on both."""
    sides, marks = [], []
    for side in (0, 1):
        size = sum(run[1 + side] for run in runs)
        begins = [True, *[breaks[i % len(breaks)][side] for i in range(1, size)], True]
        text = "".join((" " if i and begins[i] else "") + "a" for i in range(size))
        sides.append(fold_texts([text]).stream)
        marks.append(begins)
    both = {(i, j) for i, x in enumerate(marks[0]) for j, y in enumerate(marks[1]) if x and y}
    return sides[0], sides[1], both


@cases(300)
@given(run_lists, st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40), st.booleans())
def test_ends_are_trimmed_to_words(runs: list[tuple[int, int, int]], breaks: list[tuple[bool, bool]], rarely: bool) -> None:
    assume(tidy(runs))
    if rarely:  # long words, so that looking back comes to its limit
        runs = [(kind, 7 * x, 7 * y) for kind, x, y in runs]
        breaks = [(i % 9 == 0 and x, i % 11 == 0 and y) for i, (x, y) in enumerate(breaks)]
    side_a, side_b, both = spread(runs, breaks)
    whole = sum(run[1] for run in runs), sum(run[2] for run in runs)
    # What is cut behind a span is cut before its mirror image.
    expected = naive.trim(runs, lambda i, j: (i, j) in both, trimming.TRIM)
    array = np.array(runs, np.int32)
    n, x, y = trimming.trim_end(array, len(runs), *whole, side_a, side_b)
    assert [tuple(row) for row in array[:n].tolist()] == expected
    assert (x, y) == (sum(run[1] for run in expected), sum(run[2] for run in expected))
    expected = naive.trim(runs[::-1], lambda i, j: (whole[0] - i, whole[1] - j) in both, trimming.TRIM)[::-1]
    array = np.array(runs, np.int32)
    skip, x, y = trimming.trim_start(array, len(runs), 0, 0, side_a, side_b)
    assert [tuple(row) for row in array[skip:].tolist()] == expected
    assert (whole[0] - x, whole[1] - y) == (sum(run[1] for run in expected), sum(run[2] for run in expected))


def test_a_word_start_is_seen_behind_any_gap() -> None:
    text = "pier" + "." * 100 + "quay lights" + "\u0301" * 100 + "x" + " " * 30
    side = fold_texts([text]).stream
    starts = [i for i in range(len(side[0])) if trimming.is_word_start(i, side)]
    assert starts == [0, 4, 8, 15]


spans_drawn = st.lists(st.tuples(*[st.integers(0, 30)] * 2, *[st.integers(1, 20)] * 2), min_size=1, max_size=12)


@cases(150)
@given(spans_drawn)
def test_of_spans_that_cover_each_other_one_stays(drawn: list[tuple[int, int, int, int]]) -> None:
    """In the twin, a span comes in unless one that is there covers half of it; those it covers by half then go."""
    spans, kept = np.zeros((20, pairing.SPAN_COLUMNS), np.int64), []
    scale = 100  # so that spans lie in many cells
    heads, links, n_links = np.full(20, -1, np.int64), np.empty((1, 2), np.int64), 0
    for n, (x, y, u, v) in enumerate(drawn):
        box = ((x, x + u), (y, y + v))
        candidate = np.array([5, 7 + scale * x, 7 + scale * (x + u), 6, scale * y, scale * (y + v), 0, 0, 0, 0, 0], np.int64)
        new = spanning.is_new_span(spans, candidate, 7, heads, links)
        spans[n] = candidate
        if new:
            links, n_links = spanning.note_span(n, candidate, 7, heads, links, n_links)
        else:
            spans[n, 0] = -1
        expected = not any(naive.covers(other[0], box[0]) and naive.covers(other[1], box[1]) for _, other in kept)
        assert bool(new) == expected
        if expected:
            kept = [(i, other) for i, other in kept if not (naive.covers(box[0], other[0]) and naive.covers(box[1], other[1]))]
            kept.append((n, box))
        assert np.flatnonzero(spans[: n + 1, 0] >= 0).tolist() == [i for i, _ in kept]


@cases(100)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(1, 90), st.integers(0, 1), st.integers(0, 60), st.integers(1, 90)), max_size=8), st.data())
def test_what_a_hub_explains(rows: list[tuple[int, int, int, int, int, int]], data: st.DataObject) -> None:
    rows = sorted(rows)
    known = np.array([(s, s + n, hub, t, t + m) for _, s, n, hub, t, m in rows], np.int64).reshape(-1, 5)
    bounds = np.searchsorted([row[0] for row in rows], np.arange(4)).astype(np.int64)
    for _ in range(4):
        a, b = data.draw(st.tuples(*[st.integers(0, 2)] * 2))
        x, y = data.draw(st.tuples(*[st.integers(0, 150)] * 2))
        over_a, over_b = (
            [(hub, t + (at - s) * m // n) for text, s, n, hub, t, m in rows if text == one and s <= at < s + n] for one, at in ((a, x), (b, y))
        )
        expected = any(f == g and abs(i - j) <= 48 for f, i in over_a for g, j in over_b)
        assert bool(pairing.is_explained(a, x, b, y, bounds, known)) == expected


@cases(150)
@given(letters(2, 90), letters(2, 90), st.integers(0, 40), st.sampled_from([1, -1]))
def test_echoes_are_counted_as_the_twin_says(a: list[int], b: list[int], enough: int, way: int) -> None:
    held_a, held_b = (stream([120, *(part if way == 1 else reversed(part)), 121])[0] for part in (a, b))
    at_a, at_b = (1, 1) if way == 1 else (len(a), len(b))
    codes = np.empty(spanning.CODES, np.uint16)
    found = spanning.count_echoes(held_a, at_a, len(a), held_b, at_b, len(b), way, enough, np.full(64, 7, np.uint64), codes)
    assert found == naive.count_echoes(a, b, spanning.ECHO, spanning.ECHO_REACH, spanning.ECHO_SHIFT, enough)


@cases(200)
@given(letters(2, 60), letters(2, 60), st.sampled_from([4, 5, spanning.ECHO]), st.sampled_from([1, -1]))
def test_the_nearest_echo_is_that_of_the_twin(a: list[int], b: list[int], size: int, way: int) -> None:
    held_a, held_b = (stream([120, *(part if way == 1 else reversed(part)), 121])[0] for part in (a, b))
    at_a, at_b = (1, 1) if way == 1 else (len(a), len(b))
    found = spanning.find_echo(held_a, at_a, len(a), held_b, at_b, len(b), way, size, np.full(64, 7, np.uint64))
    assert found == naive.find_echo(a, b, size, spanning.ECHO_REACH, spanning.ECHO_SHIFT)


@cases(100)
@given(st.lists(st.integers(0, 9), max_size=50))
def test_scores_are_ranked_of_equals_the_first(scores: list[int]) -> None:
    order = np.full(60, -1, np.int64)
    pairing.rank_scores(np.array([*scores, 99], np.float64), len(scores), order)
    assert order[: len(scores)].tolist() == sorted(range(len(scores)), key=lambda i: -scores[i])


@cases(60)
@given(st.lists(st.lists(st.integers(0, naive.WORD - 1), max_size=50), max_size=5))
def test_slices_are_sorted_each(slices: list[list[int]]) -> None:
    values = np.array([value for part in slices for value in part], np.uint64)
    cuts = np.cumsum([0, *map(len, slices)])
    pairing.sort_slices(values, cuts)
    assert values.tolist() == [value for part in slices for value in sorted(part)]


def test_buffers_of_the_tests_are_as_the_driver_makes_them() -> None:
    """The kernels are compiled for these types; the driver's own are the same."""
    scratch, trace, rows, steps = buffers()
    assert [x.dtype for x in (scratch, trace, rows, steps)] == [np.int32, np.uint8, np.int32, np.uint8]
    assert frozen(trace).base is not None or PLAIN
