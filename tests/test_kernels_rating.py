"""What a span says: kernels equal their twins, and the measures mean what the schema says they do."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
from kernel_cases import cases, store_of, texts
from matches import edit_words, make_prose, match_texts
from variorum.config import make_config
from variorum.kernels import rating
from variorum.letters import LetterStore
from variorum.matching import ratings
from variorum.matching.finds import compare_texts

CONFIG = make_config().matching
QUOTE = "We keep the night ferry running until the quay is lit by twelve new lamps, and we will not wait for another winter."


def begins_of(store: LetterStore) -> list[bool]:
    """Return whether a word begins at each element of a stream."""
    return [rating.is_word_start(i, store.stream) for i in range(len(store.letters))]


def words_in(store: LetterStore) -> Counter[tuple[int, ...]]:
    """Return the words of all texts of a stream."""
    begins, found = begins_of(store), Counter()
    held = store.letters.tolist()
    for low, end in zip(store.starts[:-1].tolist(), store.starts[1:].tolist(), strict=True):
        found.update(tuple(held[x:y]) for x, y in naive.split_words(held, begins.__getitem__, low, end - 1, rating.MAX_WORD))
    return found


@cases(150)
@given(st.lists(texts, min_size=1, max_size=4))
def test_words_are_counted_as_the_twin_counts_them(parts: list[str]) -> None:
    store = store_of(parts)
    expected = words_in(store)
    counts = np.zeros(1 << 16, np.int32)
    n = rating.count_words(store.stream, np.zeros(len(parts), np.uint8), 1, counts)
    assert n == sum(expected.values()) == counts.sum()
    # A block cuts words at its end; these texts are shorter than one.
    assert sorted(counts[counts > 0]) == sorted(expected.values())


def test_copies_are_not_counted_and_a_sample_does_not_depend_on_the_order() -> None:
    parts = [make_prose(i, 900) for i in range(12)]
    tables = []
    for order in (range(12), reversed(range(12))):
        store = store_of([parts[i] for i in order])
        counts = np.zeros(1 << 12, np.int32)
        n = rating.count_words(store.stream, np.zeros(12, np.uint8), 4, counts)
        assert 0 < n < sum(words_in(store).values()) / 2
        tables.append(counts.tolist())
    assert tables[0] == tables[1]
    counts = np.zeros(1 << 12, np.int32)
    assert rating.count_words(store_of(parts).stream, np.ones(12, np.uint8), 1, counts) == 0


@st.composite
def spans(draw: st.DrawFn) -> tuple[LetterStore, list[tuple[int, int, int]]]:
    """Two texts of at least thirty letters and operations over a part of both."""
    parts = [draw(st.text(st.sampled_from("ab. cd港ก"), min_size=40, max_size=60)) + " end" * 20 for _ in range(2)]
    runs = []
    for i in range(draw(st.integers(1, 5))):
        if i % 2 == 0:
            n = draw(st.integers(1, 6))
            runs.append((naive.EQUAL, n, n))
        else:
            x, y = draw(st.sampled_from([(1, 1), (2, 1), (0, 3), (4, 0)]))
            runs.append((naive.REPLACED if x and y else naive.DELETED if x else naive.INSERTED, x, y))
    return store_of(parts), runs


@cases(200)
@given(spans())
def test_spans_are_rated_as_the_twin_rates_them(case: tuple[LetterStore, list[tuple[int, int, int]]]) -> None:
    store, runs = case
    counts = np.zeros(1 << 18, np.int32)  # so many slots that no two words share one
    n_counted = rating.count_words(store.stream, np.zeros(2, np.uint8), 1, counts)
    words = ratings.make_table(ratings.class_counts(counts), n_counted)
    held, begins = store.letters.tolist(), begins_of(store)
    first = [int(store.starts[0]), int(store.starts[1])]
    lengths = [sum(run[side] for run in runs) for side in (1, 2)]
    span = np.array([[0, first[0], first[0] + lengths[0], 1, first[1], first[1] + lengths[1], 0, 1, 0, 0, len(runs)]], np.int64)
    found = np.empty((1, 3))
    rating.rate_spans(span, np.array(runs, np.int32), store.stream, store.stream, words.codes, words.info, found)
    counted = words_in(store)
    n_words = sum(counted.values())

    def info(word: tuple[int, ...]) -> float:
        kind = rating.SIGN if len(word) == 2 and word[1] >= 0xE000 else len(word)
        count = 2 ** (round(8 * math.log2(1 + counted[word])) / 8) - 1
        prior = ratings.PRIOR_WORDS * math.exp(-rating.PRIOR_NATS[kind])
        return math.log((n_words + ratings.PRIOR_WORDS) / (count + prior))

    sides = [(held, first[side], begins.__getitem__) for side in (0, 1)]
    assert found[0].tolist() == pytest.approx(naive.rate(runs, sides, info, rating.MAX_WORD))


boxes = st.tuples(st.integers(0, 30), st.integers(1, 9), st.integers(0, 30), st.integers(1, 9)).map(lambda b: (b[0], b[0] + b[1], b[2], b[2] + b[3]))


@cases(300)
@given(st.lists(st.lists(st.tuples(boxes, st.sampled_from([1.0, 2.0, 5.0])), max_size=8), max_size=3))
def test_moved_spans_are_those_of_the_twin(pairs: list[list[tuple[tuple[int, int, int, int], float]]]) -> None:
    cuts = np.cumsum([0, *map(len, pairs)])
    flat = [row for pair in pairs for row in pair]
    found = np.empty(len(flat), np.bool_)
    places = np.array([box for box, _ in flat], np.int64).reshape(-1, 4)
    rating.mark_moved(cuts.astype(np.int64), places, np.array([score for _, score in flat], np.float64), found)
    assert found.tolist() == [mark for pair in pairs for mark in naive.moved([box for box, _ in pair], [score for _, score in pair])]


def compare(a: str, b: str) -> list[dict]:
    return compare_texts(a, b, CONFIG).to_pylist()


def test_a_copy_is_verbatim_and_a_changed_one_edited() -> None:
    (same,) = compare(f"{make_prose(1, 20)} {QUOTE}", f"{QUOTE.upper()} {make_prose(2, 20)}")
    (changed,) = compare(f"{make_prose(1, 20)} {QUOTE}", f"{QUOTE.replace('twelve', 'eleven')} {make_prose(2, 20)}")
    assert (same["kind"], changed["kind"]) == ("verbatim", "edited")
    assert same["reason"] == f"{same['n_equal']} letters agree"
    assert changed["score"] < same["score"]


def test_of_two_passages_that_change_places_the_weaker_is_moved() -> None:
    long, short = make_prose(3, 60), make_prose(4, 20)
    found = compare(f"{long} {make_prose(5, 30)} {short}", f"{short} {make_prose(6, 30)} {long}")
    assert {span["kind"]: span["n_letters"] > 150 for span in found} == {"verbatim": True, "moved": False}


def test_rare_words_say_more_than_common_ones() -> None:
    common = "it is as it was and as it is to be so it is to us and to you and to all of us as it was so it is now"
    rare = "vermilion lanthorns gutter besides sullen basaltic breakwaters whenever thunderous equinoctial weather threatens"
    (plain,), (odd,) = compare(common, common), compare(rare, rare)
    assert odd["rarity"] > plain["rarity"] + 3


def test_a_span_found_through_a_third_witness_names_it(tmp_path: Path) -> None:
    core = make_prose(8, 60)
    texts = [core, *(f"{make_prose(20 + i, 20)} {edit_words(core, i, 0.25)}" for i in range(1, 12))]
    found = match_texts(texts, tmp_path)
    through = [span for span in found.spans if str(span["reason"]).startswith("between")]
    assert 0 < len(through) <= found.counters["transits_found"]
    joined = found.pairs()
    for span in through:
        a, b, third = int(span["witness_a"]), int(span["witness_b"]), int(str(span["reason"]).split()[-1])  # type: ignore[call-overload]
        assert third not in (a, b)
        assert span["reason"] == f"between two copies of witness {third}"
        assert {(min(third, w), max(third, w)) for w in (a, b)} <= joined


@cases(150)
@given(texts.filter(bool), st.data())
def test_a_guess_by_length_equals_the_twin(text: str, data: st.DataObject) -> None:
    store = store_of([text])
    n = len(store.letters) - 1
    low = data.draw(st.integers(0, max(0, n)))
    high = data.draw(st.integers(low, max(low, n)))
    words = naive.split_words(store.letters.tolist(), begins_of(store).__getitem__, low, high, rating.MAX_WORD)
    lengths = [rating.SIGN if y - x == 2 and store.letters[y - 1] >= 0xE000 else y - x for x, y in words]
    nats, n_words = rating.guess_nats(low, high, store.stream)
    assert (nats, n_words) == (pytest.approx(sum(rating.PRIOR_NATS[kind] for kind in lengths)), len(words))
