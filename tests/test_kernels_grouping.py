"""Grouping intervals, comparing passages and completing small families equal their twins."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import naive
from kernel_cases import cases, letters, stream, texts
from variorum.kernels import grouping, shingling, transits
from variorum.kernels.sketching import MIN_DISTINCT
from variorum.letters import fold_texts

Interval = tuple[int, int, int]


@st.composite
def intervals(draw: st.DrawFn, most: int = 24) -> list[Interval]:
    """Intervals of a few texts: text, start, end; many nearly the same."""
    rows = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(1, 40)), max_size=most))
    return [(text, start, start + size) for text, start, size in rows]


def columns(rows: list[Interval], *more: list[int]) -> list[np.ndarray]:
    """Return text, start, end and further columns as int64."""
    return [*np.array(rows, np.int64).reshape(-1, 3).T.copy(), *(np.array(column, np.int64) for column in more)]


@cases(200)
@given(intervals(), st.sampled_from([0.1, 0.5, 0.85, 1.0]))
def test_leaders_equal_the_twin(rows: list[Interval], min_overlap: float) -> None:
    rows = sorted(rows, key=lambda row: (row[0], row[1] - row[2], row[1]))
    leader, leader_row = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    n = grouping.assign_leaders(*columns(rows), min_overlap, leader, leader_row)
    expected = naive.lead(*zip(*rows, strict=True), min_overlap) if rows else []
    assert leader_row[leader].tolist() == expected
    assert n == len(set(expected))


@cases(100)
@given(st.integers(1, 20), st.data())
def test_joined_sets_equal_the_twin(n: int, data: st.DataObject) -> None:
    edges = data.draw(st.lists(st.tuples(*[st.integers(0, n - 1)] * 2), max_size=25))
    parent = np.arange(n)
    a, b = np.array([x for x, _ in edges], np.int64), np.array([y for _, y in edges], np.int64)
    grouping.join_sets(parent, a, b)
    assert parent.tolist() == naive.components(n, edges)


@cases(200)
@given(intervals(), st.data(), st.sampled_from([0, 2, 400]))
def test_overlaps_equal_the_twin(rows: list[Interval], data: st.DataObject, room: int) -> None:
    rows = sorted(rows)
    group = data.draw(st.lists(st.integers(0, 4), min_size=len(rows), max_size=len(rows)))
    expected = naive.overlaps(*zip(*rows, strict=True), group) if rows else set()
    out = np.full((room, 2), -1, np.int64)
    n = grouping.list_overlaps(*columns(rows, group), out)
    assert n == len(expected)
    found = [tuple(row) for row in out[: min(n, room)].tolist()]
    assert len(set(found)) == len(found)
    assert set(found) <= expected
    assert n > room or set(found) == expected


@cases(150)
@given(st.lists(st.one_of(letters(3, 90), letters(26, 30)), min_size=2, max_size=5), st.sampled_from([0.0, 0.05, 0.3, 0.9]))
def test_shares_of_shingles_equal_the_twin(parts: list[list[int]], min_share: float) -> None:
    held, starts = stream(*parts)
    low, high = starts[:-1].astype(np.int64), starts[1:].astype(np.int64) - 1
    own = np.empty(max(1, len(parts[0])), np.uint64)
    n = shingling.hash_grams(held, low[0], high[0], own)
    assert n == max(0, len(parts[0]) - shingling.GRAM + 1)
    heads = [*([0] * (len(parts) // 2)), *([len(parts) - 1] * (len(parts) - len(parts) // 2))]
    out = np.full(len(parts), -1.0)
    shingling.share_sides(held, low, high, low[heads], high[heads], out)
    assert out.tolist() == [naive.share(part, parts[head], shingling.GRAM) for part, head in zip(parts, heads, strict=True)]
    alike = shingling.count_alike(held, low, high, min_share)
    assert alike == sum(naive.alike(a, b, shingling.GRAM, min_share) for a, b in combinations(parts, 2))


@cases(100)
@given(st.lists(st.one_of(letters(3, 60), letters(26, 60)), min_size=1, max_size=4))
def test_shares_of_varied_letters_equal_the_twin(parts: list[list[int]]) -> None:
    held, starts = stream(*parts)
    low, high = starts[:-1].astype(np.int64), starts[1:].astype(np.int64) - 1
    out = np.full(len(parts), -1.0)
    shingling.share_varied(held, low, high, out)
    assert np.allclose(out, [naive.varied(part, shingling.WINDOW, MIN_DISTINCT) for part in parts])


@cases(80)
@given(texts, texts)
def test_equal_shingles_have_equal_hashes_and_others_have_not(a: str, b: str) -> None:
    store = fold_texts([a + b, b])
    hashes = []
    for i in range(2):
        out = np.empty(int(store.starts[i + 1] - store.starts[i]), np.uint64)
        n = shingling.hash_grams(store.letters, store.starts[i], store.starts[i + 1] - 1, out)
        hashes.append(out[:n].tolist())
    grams = [naive.grams(naive.letters_of(text), shingling.GRAM) for text in (a + b, b)]
    assert hashes[0][len(hashes[0]) - len(hashes[1]) :] == hashes[1]
    assert len(set(hashes[0])) == len(set(grams[0]))


@st.composite
def sided_spans(draw: st.DrawFn) -> tuple[list[Interval], list[int], list[int]]:
    """Rows i and i + n are the two sides of span i, the smaller text first; a leader for each row, alike for rows of one text only."""
    spans = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), *[st.integers(0, 30), st.integers(1, 30)] * 2), max_size=10))
    side_a = [(a, x, x + n) for a, _, x, n, _, _ in spans]
    side_b = [(a + more, y, y + m) for a, more, _, _, y, m in spans]
    rows = side_a + side_b
    split = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    numbers = sorted({(row[0], s) for row, s in zip(rows, split, strict=True)})
    leader = [numbers.index((row[0], s)) for row, s in zip(rows, split, strict=True)]
    return rows, leader, draw(st.lists(st.integers(0, 3), min_size=7, max_size=7))


@cases(200)
@given(sided_spans(), st.booleans(), st.sampled_from([2, 4, 100]), st.sampled_from([0, 500]))
def test_transits_equal_the_twin(drawn: tuple[list[Interval], list[int], list[int]], by_series: bool, max_partners: int, room: int) -> None:
    rows, leader, series = drawn
    n = len(rows) // 2
    text, start, end = columns(rows)
    order = np.argsort(leader, kind="stable").astype(np.int64)
    bounds = np.searchsorted(np.array(leader, np.int64)[order], np.arange(max(leader, default=-1) + 2)).astype(np.int64)
    mate = np.concatenate([np.arange(n) + n, np.arange(n)])
    keys = text[:n] * 10 + text[n:]
    by_key = np.argsort(keys, kind="stable").astype(np.int64)
    codes = np.array(series if by_series else [], np.int32)
    out = np.empty((room, 2), np.int64)
    found = transits.list_transits(bounds, order, text, start, end, mate, codes, max_partners, keys[by_key], by_key, by_key + n, 10, out)
    pairs = [(int(x), int(y)) for x, y in out[: min(found, room)]]
    expected = naive.transits(leader, text.tolist(), [row[1:] for row in rows], codes.tolist(), max_partners)
    assert all(text[x] < text[y] for x, y in pairs)
    assert found == (len(pairs) if found <= room else found)
    assert found > room or set(pairs) == expected
    assert (found == 0) == (not expected)


@cases(150)
@given(st.lists(st.tuples(*[st.integers(0, 20), st.integers(1, 20)] * 2, st.booleans()), max_size=14))
def test_covered_pairs_are_dropped(drawn: list[tuple[int, int, int, int, bool]]) -> None:
    """A pair of intervals goes where one kept before it, of the same texts, covers half of both."""
    drawn = sorted(drawn, key=lambda row: row[4])
    n = len(drawn)
    start = np.array([x for x, *_ in drawn] + [y for _, _, y, _, _ in drawn], np.int64)
    end = start + np.array([x for _, x, *_ in drawn] + [y for _, _, _, y, _ in drawn], np.int64)
    text = np.array([int(other) for *_, other in drawn] + [5] * n, np.int64)
    pairs = np.stack([np.arange(n), np.arange(n) + n], 1)
    kept = np.zeros(n, np.bool_)
    transits.drop_covered(pairs, start, end, text, kept)
    expected: list[int] = []
    for i in range(n):
        covered = (
            text[j] == text[i] and all(naive.covers((start[r], end[r]), (start[s], end[s])) for r, s in ((j, i), (j + n, i + n)))
            for j in expected
        )
        if not any(covered):
            expected.append(i)
    assert np.flatnonzero(kept).tolist() == expected


@cases(120)
@given(letters(2, 40), letters(2, 40), st.data())
def test_short_seeds_equal_the_twin(a: list[int], b: list[int], data: st.DataObject) -> None:
    regions = []
    for _ in range(2):
        first_a, last_a = sorted(data.draw(st.tuples(*[st.integers(0, len(a))] * 2)))
        first_b, last_b = sorted(data.draw(st.tuples(*[st.integers(0, len(b))] * 2)))
        regions.append((first_a, last_a, first_b, last_b))
    held, starts = stream([99], a, b)
    base = np.array([starts[1], starts[1], starts[2], starts[2]])
    pairs = np.array([1 << 32 | 2] * 2, np.uint64)
    cuts = np.empty(3, np.int64)
    seeds = np.empty(data.draw(st.sampled_from([1, 400])), np.uint64)
    n = transits.seed_regions(held, starts, pairs, np.array(regions, np.int64) + base, seeds, cuts)
    if n > len(seeds):
        seeds = np.empty(n, np.uint64)
        assert transits.seed_regions(held, starts, pairs, np.array(regions, np.int64) + base, seeds, cuts) == n
    found = [(int(seed) >> 32, int(seed) & 0xFFFFFFFF) for seed in seeds[:n]]
    for p in range(2):
        assert found[cuts[p] : cuts[p + 1]] == naive.short_seeds(a, b, regions[p], transits.SHORT_K, 4)
    assert cuts[2] == n
