"""Operations keep to whole code points, as the twin says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
from kernel_cases import cases, frozen, stream
from variorum.config import make_config
from variorum.kernels import settling
from variorum.letters import fold_texts
from variorum.matching.finds import compare_texts


@st.composite
def alternating(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Operations in which equal runs and differences take turns."""
    runs = []
    for i in range(draw(st.integers(1, 4)) * 2 - 1):
        x, y = draw(st.tuples(st.integers(0, 4), st.integers(1, 5)))
        if i % 2 == 0:
            runs.append((naive.EQUAL, y, y))
        else:
            x, y = draw(st.sampled_from([(x, y), (y, x)]))
            runs.append((naive.REPLACED if x and y else naive.DELETED if x else naive.INSERTED, x, y))
    return runs


@cases(400)
@given(alternating(), st.lists(st.booleans(), min_size=40, max_size=40), st.lists(st.booleans(), min_size=40, max_size=40))
def test_settled_operations_equal_the_twin(runs: list[tuple[int, int, int]], inside_a: list[bool], inside_b: list[bool]) -> None:
    inside_a[0] = inside_b[0] = False
    gaps = [frozen(np.array([0 if x else 1 for x in inside], np.uint8)) for inside in (inside_a, inside_b)]
    array = np.array(runs, np.int32)
    n = settling.settle_runs(array, len(runs), 0, 0, *gaps)
    settled = [tuple(row) for row in array[:n].tolist()]
    assert settled == naive.settle(runs, lambda i, j: inside_a[i] or inside_b[j])
    assert [sum(run[side] for run in settled) for side in (1, 2)] == [sum(run[side] for run in runs) for side in (1, 2)]


SENTENCE = "항만 노동조합과 동호읍은 야간 여객선을 삼월 말까지 운항하기로 합의했다. 양측은 해안 사무소가 부두의 새 등불 비용을 내도록 요구한다."


@pytest.mark.parametrize(("old", "new"), [("부두", "구두"), ("합의", "함의"), ("야간", "여간"), ("말까지", "날까지"), ("새 등불", "세 등불")])
def test_a_changed_syllable_is_changed_whole(old: str, new: str) -> None:
    other = SENTENCE.replace(old, new)
    (span,) = compare_texts(SENTENCE, other, make_config().matching).to_pylist()
    flat, at_a, at_b, changed = span["operations"], 0, 0, []
    for kind, n_a, n_b in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        if kind != naive.EQUAL:
            changed.append((SENTENCE[at_a : at_a + n_a].strip(), other[at_b : at_b + n_b].strip()))
        at_a, at_b = at_a + n_a, at_b + n_b
    assert changed == [next((x, y) for x, y in zip(old, new, strict=True) if x != y)]


def test_a_ligature_is_equal_whole_or_not_at_all() -> None:
    start, end = "the harbour office of Eastmere published the ", " list of lights and ferries on the old quay"
    plain, joined = f"{start}fxnal{end}", f"{start}ﬁnal{end}"
    (span,) = compare_texts(plain, joined, make_config().matching).to_pylist()
    assert span["operations"] == [0, len(start), len(start), 1, 2, 1, 0, len(end) + 3, len(end) + 3]


def test_streams_of_single_letters_stay_as_they_are() -> None:
    held, _ = stream([97] * 30)
    gaps = fold_texts(["a" * 30]).gaps
    assert len(gaps) == len(held)
    array = np.array([(0, 3, 3), (1, 2, 3), (0, 4, 4)], np.int32)
    assert settling.settle_runs(array, 3, 0, 0, gaps, gaps) == 3
    assert array.tolist() == [[0, 3, 3], [1, 2, 3], [0, 4, 4]]
