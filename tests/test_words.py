"""Words: the kernels equal their twins; stems, languages and numbers are what a reader expects."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
import zoo
from kernel_cases import cases, texts
from variorum.kernels import wording
from variorum.letters import folding_table, string_buffers
from variorum.words import FIRST_SHARE, RARE_SHARE, Vocabulary, WordStore, counted_background, join_stores

PIECES = ["ab", "l", "é", "e\u0301", "'", "’", '"', "-", "\u2010", "\n", "\r", "\r\n", " ", ".", "。", "!", "港", "口", "กำ", "\u00ad", "\u2028", "\f", "7", "\u0301"]
odd = st.one_of(texts, st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def words_of(parts: list[str]) -> tuple[np.ndarray, ...]:
    data, offsets = string_buffers(pa.array(parts, pa.large_string()))
    size = len(data) // 2 + 2 * len(parts) + 16
    out = np.empty(size, np.uint64), np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.uint8), np.empty(len(parts) + 1, np.int64)
    n = wording.find_words(data, offsets, folding_table()[0], *out)
    assert n >= 0
    return *(column[:n] for column in out[:4]), out[4]


@cases(600)
@given(st.lists(odd, min_size=1, max_size=3))
def test_words_equal_the_twin(parts):
    hashes, begins, ends, classes, starts = words_of(parts)
    wanted = [word for part in parts for word in naive.find_words(part)]
    assert list(zip(hashes.tolist(), begins.tolist(), ends.tolist(), classes.tolist(), strict=True)) == [(naive.hash_word(w), b, e, c) for w, b, e, c in wanted]
    assert starts.tolist() == np.cumsum([0, *(len(naive.find_words(part)) for part in parts)]).tolist()


@cases(200)
@given(st.lists(st.lists(st.integers(0, 40), max_size=60), max_size=4))
def test_numbers_are_given_in_order_of_first_sight(parts):
    keys, slots = np.zeros(64, np.uint64), np.zeros(64, np.int32)
    known: dict[int, int] = {}
    for part in parts:
        hashes = np.array(part, np.uint64)
        numbers, fresh, before = np.empty(len(part), np.int32), np.empty(len(part), np.int64), len(known)
        done, count = wording.intern_hashes(hashes, before, keys, slots, numbers, fresh)
        wanted = [known.setdefault(h, len(known)) if h else -1 for h in part[:done]]
        assert numbers[:done].tolist() == wanted
        assert [part[i] for i in fresh[: count - before]] == list(known)[before:count]
        assert (done == len(part)) or 2 * len(known) >= len(keys)
        if done < len(part):
            return


@cases(100)
@given(st.lists(st.lists(st.sampled_from([1, 5, 4097, 4101, 9]), max_size=12), min_size=1, max_size=3))
def test_cues_are_counted(parts):
    cues, masks = np.array([1, 4097, 9], np.uint64), np.array([1, 2, 3], np.int64)
    counts = np.zeros((len(parts), 2), np.int64)
    wording.count_cues(np.array([h for part in parts for h in part], np.uint64), np.cumsum([0, *map(len, parts)]), cues, masks, counts)
    assert counts.tolist() == [[sum(p in (1, 9) for p in part), sum(p in (4097, 9) for p in part)] for part in parts]


def stems_equal(a: str, b: str) -> bool:
    store = Vocabulary().add([a, b])
    return store.text_numbers(0).tolist() == store.text_numbers(1).tolist()


@pytest.mark.parametrize(("a", "b"), [
    ("the ferries of the union are at the pier", "The FERRY of the unions are at the piers"),
    ("les ports de la ville et les nuits", "les port de la villes et les nuit"),
    ("the workers’ fer-\nry of the pier", "the worker's ferry of the pier"),
    ("Cafe\u0301 on the pier of the town", "café on the pier of the towns"),
    ("в порту и на пристани", "в порт и на пристань"),
])  # fmt: skip
def test_forms_of_a_word_are_one(a, b):
    assert stems_equal(a, b)


def test_a_text_of_no_known_language_keeps_its_words():
    assert not stems_equal("zarbo zarbos plint", "zarbo zarbo plint")


def test_elided_articles_and_possessives_do_not_count():
    store = Vocabulary().add(["l'usine", "usine", "workers'", "workers", "harbour's", "harbour"])
    numbers = [store.text_numbers(i).tolist() for i in range(6)]
    assert numbers[0] == numbers[1]
    assert numbers[2] == numbers[3]
    assert numbers[4] == numbers[5]


@pytest.mark.parametrize("name", zoo.TEXTS)
def test_odd_texts_have_places_inside_and_one_end_mark(name):
    text = zoo.TEXTS[name]
    store = Vocabulary().add([text])
    assert store.numbers[-1] == -1
    assert (store.numbers[:-1] >= 0).all()
    assert (store.begins[:-1] < store.ends[:-1]).all()
    assert np.all(np.diff(store.begins) >= 0)
    assert store.ends[-1] == len(text)


@cases(60)
@given(st.lists(odd, min_size=2, max_size=4))
def test_texts_added_apart_or_together_are_the_same(parts):
    vocabulary, whole = Vocabulary(), Vocabulary()
    apart = join_stores([vocabulary.add([part]) for part in parts])
    together = whole.add(parts)
    assert vocabulary.keys.tolist() == whole.keys.tolist()
    for name in WordStore.__dataclass_fields__:
        assert getattr(apart, name).tolist() == getattr(together, name).tolist()


def test_a_vocabulary_grows_past_its_first_table():
    words = [f"word{i}" for i in range(20_000)]
    vocabulary = Vocabulary()
    assert vocabulary.add([" ".join(words)]).text_numbers(0).tolist() == list(range(20_000))
    assert vocabulary.add([" ".join(reversed(words))]).text_numbers(0).tolist() == list(range(19_999, -1, -1))
    assert len(set(vocabulary.keys.tolist())) == len(vocabulary) == 20_000


def test_shares_of_a_background_sum_to_one():
    shares = counted_background(np.array([3, 0, 1]))
    assert shares.sum() == pytest.approx(1)
    assert shares[0] > shares[2] > shares[1] > 0


def test_the_commonest_words_of_a_language_are_common():
    vocabulary = Vocabulary()
    store = vocabulary.add(["the ferry of the union and the pier", "der Kai und die Fähre der Stadt in den Hafen", "plint"])
    shares = dict(zip(["the", "ferry"], vocabulary.background()[store.text_numbers(0)[:2]], strict=True))
    assert shares["the"] == FIRST_SHARE
    assert shares["ferry"] == RARE_SHARE
    german = vocabulary.background()[store.text_numbers(1)]
    assert german[0] == FIRST_SHARE
    assert german[1] == RARE_SHARE
    assert vocabulary.background()[store.text_numbers(2)] == [RARE_SHARE]
    assert len(Vocabulary().background()) == 0
