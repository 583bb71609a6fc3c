"""Folding equals its twin: letters, gap codes, places, hashes, and the way back from letters to code points."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
import zoo
from kernel_cases import PLAIN, cases, texts
from variorum.kernels import folding
from variorum.letters import LetterStore, fold_texts, text_hashes

TRACKS = ("gaps", "samples", "rare_index", "rare_value")


def unpack(packed: int) -> tuple[int, int, int, int]:
    """Return gap, word begins, tail, head of a packed gap."""
    return packed >> 24, packed & 1, packed >> 13 & 2047, packed >> 2 & 2047


def assert_folded(store: LetterStore, parts: list[str]) -> None:
    """A stream holds what the twin says, text by text and element by element."""
    twins = [naive.fold(text) for text in parts]
    assert store.letters.tolist() == [letter for twin in twins for letter in twin.letters]
    assert store.starts.tolist() == [sum(len(twin.letters) for twin in twins[:i]) for i in range(len(parts) + 1)]
    places = [place for twin in twins for place in twin.places]
    assert store.samples.tolist() == places[:: folding.SAMPLE]
    rare = (store.rare_index, store.rare_value)
    gaps = [unpack(int(folding.gap_at(i, store.gaps, *rare))) for i in range(len(store.gaps))]
    assert gaps == [gap for twin in twins for gap in twin.gaps]
    found = [int(folding.place_of(i, store.starts[t], *store.tracks)) for t in range(len(parts)) for i in range(store.starts[t], store.starts[t + 1])]
    assert found == places


@cases(300)
@given(st.lists(texts, max_size=4))
def test_a_batch_of_texts_is_folded_as_each_alone(parts: list[str]) -> None:
    assert_folded(fold_texts(parts), parts)
    assert text_hashes(parts).tolist() == [naive.hash_letters(naive.letters_of(text)) for text in parts]


@pytest.mark.parametrize("name", [name for name in zoo.TEXTS if not PLAIN or len(zoo.TEXTS[name]) < 400])
def test_the_zoo_is_folded(name: str) -> None:
    text = zoo.TEXTS[name][:20_000]
    assert_folded(fold_texts([text, "x", text]), [text, "x", text])


@cases(100)
@given(st.integers(0, 400), st.sampled_from([" ", ".", "(", "'", "\u0301", "\u00ad", ". (", "'\u0301", ") - ("]), st.integers(1, 5))
def test_wide_gaps_are_kept(wide: int, filler: str, copies: int) -> None:
    text = ("harbour" + filler * wide + "union") * copies
    assert_folded(fold_texts([text]), [text])


def test_marks_beyond_what_a_gap_can_hold_are_cut() -> None:
    text = "pier" + "\u0301" * 3000 + " (" + "(" * 3000 + "quay"
    store = fold_texts([text])
    assert unpack(int(folding.gap_at(4, store.gaps, store.rare_index, store.rare_value))) == (6003, 1, 2047, 2047)
    assert_folded(store, [text])


@pytest.mark.parametrize("starts", [0, 1])
def test_every_gap_code_comes_back(starts: int) -> None:
    for gap in range(40):
        for tail in range(8):
            for head in range(6):
                if gap < 1 + tail + head or (not starts and (tail or head)):
                    continue
                code = folding.encode_gap(gap, starts, tail, head)
                assert code == folding.RARE or unpack(folding.decode_gap(code)) == (gap, starts, tail, head)
                assert (code != folding.RARE) == (gap < 16 if not starts else tail < 5 and head < 3 and gap - 1 - tail - head < 15)


@cases(200)
@given(st.lists(texts, min_size=1, max_size=3), st.data())
def test_letters_lead_to_places_and_places_to_letters(parts: list[str], data: st.DataObject) -> None:
    store = fold_texts(parts)
    rows = []
    for _ in range(6):
        text = data.draw(st.integers(0, len(parts) - 1))
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(parts[text]) + 2)] * 2)))
        rows.append((text, start, end))
    text, start, end = (np.array(column) for column in zip(*rows, strict=True))
    low, high = store.locate_letters(text, start, end)
    assert list(zip(low, high, strict=True)) == [naive.letters_in(parts[t], x, y) for t, x, y in rows]
    held = low < high
    left, right = store.locate_places(text[held], low[held], high[held])
    expected = [naive.places_of(parts[t], x, y) for t, x, y in zip(text[held], low[held], high[held], strict=True)]
    assert list(zip(left, right, strict=True)) == expected
    assert [store.places(int(t), int(x), int(y)) for t, x, y in zip(text[held], low[held], high[held], strict=True)] == expected


@cases(200)
@given(texts, st.data())
def test_a_place_interval_holds_its_letters_and_no_other(text: str, data: st.DataObject) -> None:
    n = len(naive.letters_of(text))
    if not n:
        return
    first = data.draw(st.integers(0, n - 1))
    last = data.draw(st.integers(first + 1, n))
    places = naive.fold(text).places
    if (first and places[first] == places[first - 1]) or places[last] == places[last - 1]:
        return  # inside one code point of several letters
    start, end = fold_texts([text]).places(0, first, last)
    assert 0 <= start < end <= len(text)
    assert naive.letters_of(text[start:end]) == naive.letters_of(text)[first:last]


FIRM = "".join(c for c in sorted(set("".join(text[:2000] for text in zoo.TEXTS.values()))) if unicodedata.category(c) != "Cn")


@cases(150)
@given(st.text(st.sampled_from(FIRM), max_size=60))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert naive.letters_of(composed) == fold_texts([unicodedata.normalize("NFD", composed)]).text_letters(0).tolist()


@pytest.mark.parametrize("text", [zoo.STATEMENT, "Größe, Straße", "ΟΔΥΣΣΕΥΣ και Σίσυφος", "Профсоюз портовых рабочих", "ﬁnal oﬃce"])
def test_case_and_accents_are_folded_away(text: str) -> None:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    store = fold_texts([text, text.upper(), text.lower(), text.title(), plain])
    assert all(store.text_letters(i).tolist() == store.text_letters(0).tolist() for i in range(5))
    assert len(store.text_letters(0))


@pytest.mark.parametrize(
    ("text", "first", "last", "quoted"),
    [
        ('They said: "Both sides agree." Then', 8, 22, '"Both sides agree."'),
        ("the (night ferry) runs", 3, 13, "(night ferry)"),
        ("costs $12, or more", 5, 7, "$12,"),
        ("the workers' hall", 3, 10, "workers'"),
        ("don't go", 0, 4, "don't"),
        ("«Le bac» reste", 0, 5, "«Le bac»"),
        ("the #ferry2031 list", 3, 12, "#ferry2031"),
        ("see Cafe\u0301 now", 3, 7, "Cafe\u0301"),
        ("the [\u00adpier] now", 3, 7, "[\u00adpier]"),
        ("工会。港口（工人）会", 4, 12, "港口（工人）"),
    ],
)
def test_what_opens_and_closes_a_word_comes_along(text: str, first: int, last: int, quoted: str) -> None:
    start, end = fold_texts([text]).places(0, first, last)
    assert text[start:end] == quoted
