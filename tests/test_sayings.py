"""Which attributions and demands of two versions stand for each other: the same as by trying every pair."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from naive import match_bodies as match_slowly
from variorum.sayings import match_bodies

SPANS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 300)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=3)


@given(st.lists(SPANS, max_size=12), st.lists(SPANS, max_size=12))
def test_bodies_are_paired_as_by_trying_every_pair(mine: list[list[tuple[int, int]]], theirs: list[list[tuple[int, int]]]) -> None:
    assert match_bodies(mine, theirs) == match_slowly(mine, theirs)


def test_of_several_the_first_free_one_is_taken() -> None:
    assert match_bodies([[(0, 10)], [(0, 10)], [(500, 510)]], [[(4, 30)], [(5, 15)], [(0, 9)]]) == [(0, 0), (1, 1)]
