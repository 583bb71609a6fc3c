"""The kernels that tell pairs of one common phrase from others equal their slow twins."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import naive
from kernel_cases import cases, letters, stream
from variorum.kernels import screening, spanning


@cases(200)
@given(letters(3, 90, 40), letters(3, 90, 40), st.data())
def test_where_no_echo_may_begin_the_twin_finds_none(a: list[int], b: list[int], data: st.DataObject) -> None:
    """Letters stand before and behind, so that the ends of the stream are far."""
    at_a, at_b = data.draw(st.tuples(st.integers(0, len(a) - 1), st.integers(0, len(b) - 1)))
    way = data.draw(st.sampled_from([1, -1]))
    if data.draw(st.booleans()):  # one that agrees, at the edge of what counts as near
        j = data.draw(st.integers(0, 2 * spanning.ECHO_SHIFT + 1))
        i = data.draw(st.integers(max(0, j - spanning.ECHO_SHIFT), spanning.ECHO_REACH))
        run = [200 + x for x in range(spanning.ECHO)]
        a, b = [*a[: i + 1], *run, *a[i + 1 :]], [*b[: j + 1], *run, *b[j + 1 :]]
        at_a = at_b = 0 if way == 1 else -1
        if way == -1:
            a, b = a[::-1], b[::-1]
            at_a, at_b = len(a) - 1, len(b) - 1
    rim = [*range(300, 400)]
    held_a, held_b = np.array([*rim, *a, *rim], np.uint16), np.array([*(x + 200 for x in rim), *b, *(x + 200 for x in rim)], np.uint16)
    may = spanning.may_echo(held_a, 100 + at_a, held_b, 100 + at_b, way, np.empty(spanning.CODES, np.uint16))
    ahead = (a[at_a:], b[at_b:]) if way == 1 else ([*reversed(a[: at_a + 1])], [*reversed(b[: at_b + 1])])
    echo = naive.find_echo(*ahead, spanning.ECHO, spanning.ECHO_REACH, spanning.ECHO_SHIFT)
    assert may or echo == (-1, -1)


def test_unlike_letters_make_no_echo_likely() -> None:
    a, b = np.full(200, 97, np.uint16), np.full(200, 98, np.uint16)
    codes = np.empty(spanning.CODES, np.uint16)
    assert not spanning.may_echo(a, 100, b, 100, 1, codes)
    assert not spanning.may_echo(a, 100, b, 100, -1, codes)
    assert spanning.may_echo(a, 195, b, 195, 1, codes)  # too near the end to tell
    assert spanning.may_echo(a, 4, b, 4, -1, codes)


@cases(300)
@given(st.lists(st.tuples(letters(2, 60, 8), letters(2, 60, 8)), min_size=1, max_size=4), st.data())
def test_pairs_of_one_phrase_are_those_of_the_twin(texts: list[tuple[list[int], list[int]]], data: st.DataObject) -> None:
    k, chain, enough = data.draw(st.tuples(st.integers(2, 4), st.integers(3, 9), st.integers(8, 40)))
    least = data.draw(st.sampled_from([0, 6, 12, 70]))
    rim = [50] * data.draw(st.sampled_from([0, 80]))  # near the ends of the stream nothing is compared ahead
    held, starts = stream(rim, *(part for pair in texts for part in pair), rim)
    side = (held, starts, np.zeros(len(held), np.uint8), np.zeros(1, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int64))
    limits = np.array([k, 400, 30, 550, chain, 24, least, 0, 0])
    places = []
    for a, b in texts:
        matches = [(x, y) for x in range(len(a) - k + 1) for y in range(len(b) - k + 1) if a[x : x + k] == b[y : y + k]]
        true = st.lists(st.sampled_from(matches), min_size=1, max_size=3, unique=True) if matches else st.nothing()
        any_place = st.tuples(st.integers(0, len(a) - 1), st.integers(0, len(b) - 1))
        places.append(sorted(data.draw(true | st.lists(any_place, min_size=1, max_size=1))))
    pairs = np.array([(2 * i + 1) << 32 | 2 * i + 2 for i in range(len(texts))], np.uint64)
    seeds = np.array([x << 32 | y for one in places for x, y in one], np.uint64)
    cuts = np.cumsum([0, *map(len, places)])
    phrases = np.ones(screening.BLOCK + 1, np.bool_)
    scratch = (np.full(64, 7, np.uint64), np.empty(spanning.CODES, np.uint16))
    screening.find_phrases(pairs, seeds, cuts, 0, side, side, limits, enough, *scratch, phrases)
    echo = (spanning.ECHO, spanning.ECHO_REACH, spanning.ECHO_SHIFT, enough)
    assert phrases[: len(texts)].tolist() == [
        naive.is_phrase(a, b, one, k, chain, 30, least, echo) for (a, b), one in zip(texts, places, strict=True)
    ]
