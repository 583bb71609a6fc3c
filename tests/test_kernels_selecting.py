"""Selecting shingles and joining them to seeds equal their twins."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
from kernel_cases import PLAIN, cases, letters, stream, texts
from variorum.kernels import joining, sketching
from variorum.letters import fold_texts
from variorum.matching.fingerprints import sketch_letters
from variorum.matching.seeds import choose_pairs, group_seeds


def select(stream_letters: np.ndarray, low: int, high: int, k: int, s: int) -> list[tuple[int, int]]:
    """Return (hash, place) as the kernel finds them."""
    hashes, places = sketch_letters(stream_letters, low, high, k, s)
    return list(zip(hashes.tolist(), places.tolist(), strict=True))


@cases(150)
@given(st.one_of(letters(26, 90), letters(3, 60), st.lists(st.integers(1, 0xFFFF), max_size=50)), st.integers(6, 20), st.integers(2, 8))
def test_closed_syncmers_equal_brute_force(part: list[int], k: int, s: int) -> None:
    s = min(s, k - 1)
    held, starts = stream(part)
    assert select(held, 0, int(starts[1]) - 1, k, s) == naive.select(part, k, s)


@cases(60)
@given(texts, texts)
def test_shingles_of_a_text_do_not_depend_on_its_neighbours(before: str, text: str) -> None:
    store = fold_texts([before, text])
    low, high = int(store.starts[1]), int(store.starts[2]) - 1
    expected = naive.select(naive.letters_of(text), 16, 6)
    assert select(store.letters, low, high, 16, 6) == [(value, low + at) for value, at in expected]


@cases(60)
@given(st.lists(st.tuples(letters(8, 40), st.booleans()), max_size=5))
def test_texts_that_are_skipped_give_no_shingle(parts: list[tuple[list[int], bool]]) -> None:
    held, starts = stream(*[part for part, _ in parts])
    skip = np.array([skipped for _, skipped in parts], np.uint8)
    hashes, places = np.empty(len(held), np.uint64), np.empty(len(held), np.int64)
    n = sketching.select_texts(held, starts, 0, len(parts), skip, 10, 4, hashes, places)
    expected = [
        (value, int(starts[i]) + at) for i, (part, skipped) in enumerate(parts) if not skipped for value, at in naive.select(part, 10, 4)
    ]
    assert list(zip(hashes[:n].tolist(), places[:n].tolist(), strict=True)) == expected


def test_every_stretch_of_shared_letters_holds_a_shingle() -> None:
    """Where no two sub-shingles are equal, 2k - s - 1 letters always hold a closed syncmer."""
    k, s = 16, 6
    size = 200 if PLAIN else 4000
    part = np.random.default_rng(7).integers(97, 123, size).tolist()
    held, _ = stream(part)
    places = {at for _, at in select(held, 0, size, k, s)}
    window = 2 * k - s - 1
    assert all(any(at in places for at in range(low, low + window - k + 1)) for low in range(size - window + 1))


def test_a_shingle_of_few_letters_is_never_selected() -> None:
    for period in (1, 2, 3, 4):
        held, _ = stream([97 + i % period for i in range(200)])
        assert select(held, 0, 200, 16, 6) == []
    held, _ = stream([97 + i % 12 for i in range(200)])
    assert select(held, 0, 200, 16, 6)


@cases(100)
@given(st.lists(st.integers(0, naive.WORD - 1), max_size=40), st.integers(0, 6), st.integers(8, 22))
def test_rows_are_packed_by_partition(values: list[int], partition_bits: int, place_bits: int) -> None:
    shingles = [(value, i * 7 % (1 << 8)) for i, value in enumerate(values)]
    rows, bounds = np.empty(len(values), np.uint64), np.empty((1 << partition_bits) + 1, np.int64)
    columns = np.array([v for v, _ in shingles], np.uint64), np.array([p for _, p in shingles], np.int64)
    sketching.scatter_rows(*columns, partition_bits, place_bits, rows, bounds)
    assert [rows[bounds[p] : bounds[p + 1]].tolist() for p in range(1 << partition_bits)] == naive.pack(shingles, partition_bits, place_bits)


Seed = tuple[int, int, int, int, str]


def join(rows: list[int], starts: np.ndarray, series: np.ndarray, max_df: int, room: int, n_old: int = 0) -> tuple[list[Seed], list[int]]:
    """Return the seeds of sorted rows and the counts, as the kernel gives them."""
    block_text = np.searchsorted(starts, np.arange(0, starts[-1] + 1, 4), "right") - 1
    block_text = np.minimum(block_text, len(starts) - 2).astype(np.int32)
    counts = np.zeros(4, np.int64)
    pairs, places = np.empty(room, np.uint64), np.empty(room, np.uint64)
    n = joining.join_rows(np.array(rows, np.uint64), 10, starts, block_text, 2, series, max_df, n_old, pairs, places, counts)
    if n > room:
        return join(rows, starts, series, max_df, n, n_old)
    low = 0xFFFFFFFF
    seeds = []
    for pair, place in zip(pairs[:n].tolist(), places[:n].tolist(), strict=True):
        kind = "hub" if place >> 63 else "weak" if place >> 62 else "plain"
        seeds.append((pair >> 32, pair & low, place >> 32 & 0x3FFFFFFF, place & low, kind))
    return seeds, counts.tolist()


@st.composite
def joinable(draw: st.DrawFn) -> tuple[list[int], np.ndarray, list[int]]:
    """Sorted rows of few distinct hashes and checks over a few texts, some empty, and the series of each text."""
    sizes = draw(st.lists(st.integers(1, 30), min_size=2, max_size=9))
    starts = np.cumsum([0, *sizes])
    places = draw(st.lists(st.integers(0, int(starts[-1]) - 1), unique=True, max_size=60))
    checks = st.sampled_from([0x11, 0x12, 0x21, 0x22, 0x31])
    rows = sorted((draw(st.integers(0, 3)) << 10 | place) << 8 | draw(checks) for place in places)
    return rows, starts, draw(st.lists(st.integers(0, 2), min_size=len(sizes), max_size=len(sizes)))


@cases(400)
@given(joinable(), st.booleans(), st.integers(2, 6), st.sampled_from([0, 3, 500]), st.integers(0, 9))
def test_joined_seeds_equal_the_twin(drawn: tuple[list[int], np.ndarray, list[int]], by_series: bool, max_df: int, room: int, n_old: int) -> None:
    rows, starts, series = drawn
    codes = np.array(series if by_series else [], np.int32)
    n_old = min(n_old, len(starts) - 1)
    seeds, counts = join(rows, starts, codes, max_df, room, n_old)
    expected = naive.join(rows, 10, starts.tolist(), codes.tolist(), max_df, n_old)
    assert sorted(seeds) == sorted(expected)
    assert len(set(seeds)) == len(seeds)
    assert all(a < b for a, b, *_ in seeds)
    assert counts[2] == sum(kind == "hub" for *_, kind in expected)


@cases(300)
@given(joinable(), st.booleans(), st.integers(2, 6), st.integers(1, 9))
def test_texts_that_come_after_change_no_seed(drawn: tuple[list[int], np.ndarray, list[int]], by_series: bool, max_df: int, n_first: int) -> None:
    """The seeds of the first texts alone are those among them in the whole, and `n_old` leaves out just these."""
    rows, starts, series = drawn
    codes = np.array(series if by_series else [], np.int32)
    n_first = min(n_first, len(starts) - 1)
    whole, _ = join(rows, starts, codes, max_df, 100)
    first = [row for row in rows if (row >> 8) % 1024 < starts[n_first]]
    alone, _ = join(first, starts[: n_first + 1], codes[:n_first], max_df, 100)
    assert sorted(alone) == sorted(seed for seed in whole if seed[1] < n_first)
    later, _ = join(rows, starts, codes, max_df, 100, n_first)
    assert sorted(alone + later) == sorted(whole)


@pytest.mark.parametrize("by_series", [False, True])
def test_hub_edges_are_linear_and_join_all(by_series: bool) -> None:
    """Also where the first texts are all of one series: the second hub then stands behind them."""
    n = 60
    starts = np.arange(0, 10 * (n + 1), 10)
    rows = [(5 << 10 | 10 * t) << 8 for t in range(n)]
    series = np.array([0] * (n // 2) + [1] * (n // 2), np.int32) if by_series else np.zeros(0, np.int32)
    seeds, counts = join(rows, starts, series, 4, 10)
    n_hub = sum(kind == "hub" for *_, kind in seeds)
    assert counts == [1, 1, n_hub, 0]
    assert len(seeds) - n_hub == (0 if by_series else 6)
    assert n_hub <= 2 * n
    assert set(naive.components(n, [(a, b) for a, b, *_ in seeds])) == {0}
    assert not by_series or all(series[a] != series[b] for a, b, *_ in seeds)


@cases(100)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans(), st.booleans()), max_size=30), st.booleans(), st.data())
def test_seeds_are_grouped_by_pair_without_lone_weak_ones(drawn: list[tuple[int, int, bool, bool]], far: bool, data: st.DataObject) -> None:
    """Where texts are so far apart that pair and row do not fit into a key, the result is the same."""
    scale = (1 << 32) // 6 if far else 1
    pairs = np.array([a * scale << 32 | b * scale for a, b, *_ in drawn], np.uint64)
    flags = [(1 << 63 if hub else 0) | (1 << 62 if weak else 0) for *_, weak, hub in drawn]
    texts, places, cuts, hubs = group_seeds(pairs, np.array([flag | i for i, flag in enumerate(flags)], np.uint64))
    held: dict[tuple[int, int], list[int]] = {}
    for i, (a, b, *_) in enumerate(drawn):
        held.setdefault((a, b), []).append(i)
    expected = [(pair, rows) for pair, rows in sorted(held.items()) if len(rows) > 1 or not drawn[rows[0]][2]]
    assert texts.tolist() == [a * scale << 32 | b * scale for (a, b), _ in expected]
    assert [places[x:y].tolist() for x, y in itertools.pairwise(cuts.tolist())] == [rows for _, rows in expected]
    assert hubs.tolist() == [any(drawn[row][3] for row in rows) for _, rows in expected]
    chosen = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    some, their_places, bounds = choose_pairs(texts, places, cuts, np.array(chosen, bool))
    assert some.tolist() == [text for text, one in zip(texts.tolist(), chosen, strict=True) if one]
    assert [their_places[x:y].tolist() for x, y in itertools.pairwise(bounds.tolist())] == [rows for (_, rows), one in zip(expected, chosen, strict=True) if one]


@cases(80)
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40), st.integers(0, 5))
def test_seeds_are_scattered_by_the_second_text(edges: list[tuple[int, int]], bits: int) -> None:
    pairs = np.array([a << 32 | b for a, b in edges], np.uint64)
    places = np.arange(len(edges), dtype=np.uint64)
    n_buckets = (19 >> bits) + 1
    pairs_out, places_out, bounds = np.empty_like(pairs), np.empty_like(places), np.empty(n_buckets + 1, np.int64)
    joining.scatter_seeds(pairs, places, bits, pairs_out, places_out, bounds)
    buckets = [[i for i, (_, b) in enumerate(edges) if b // 2**bits == bucket] for bucket in range(n_buckets)]
    assert [places_out[bounds[i] : bounds[i + 1]].tolist() for i in range(n_buckets)] == buckets
    assert pairs_out.tolist() == pairs[places_out.astype(np.int64)].tolist()
