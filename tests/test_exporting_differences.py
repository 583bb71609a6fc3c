"""Word-level differences: nothing lost, wording marked, layout not."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporting_corpora import CALL, CHANGED, wrap
from variorum.exporting.differences import EQUAL, LAYOUT, ONLY_A, ONLY_B, compare_texts, split_words
from zoo import TEXTS

WORDS = st.lists(st.sampled_from(["harbour", "Harbour", "must", "should", "12,000", "1.5", "15", "\n", " - ", "don't", "don’t", "é", "e\u0301", "停", "火", "🚢", "%", "\u00ad"]), max_size=25)


def marked(a: str, b: str) -> list[tuple[str, str]]:
    """Return the changes of wording between two texts."""
    return [(s.a, s.b) for s in compare_texts(a, b) if s.kind in (ONLY_A, ONLY_B)]


@given(WORDS, WORDS, st.sampled_from(["", " "]))
def test_segments_give_both_texts_back(a: list[str], b: list[str], between: str) -> None:
    text_a, text_b = between.join(a), between.join(b)
    segments = compare_texts(text_a, text_b)
    assert "".join(s.a for s in segments) == text_a
    assert "".join(s.b for s in segments) == text_b
    for s in segments:
        assert s.kind != EQUAL or s.a == s.b
        assert s.kind != ONLY_A or (s.a and not s.b)
        assert s.kind != ONLY_B or (s.b and not s.a)
    for first, second in itertools.pairwise(segments):
        assert first.kind != second.kind


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_characters_are_kept(a: str, b: str) -> None:
    segments = compare_texts(a, b)
    assert ("".join(s.a for s in segments), "".join(s.b for s in segments)) == (a, b)
    assert marked(a, a) == []


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if len(text) < 100_000])
def test_a_text_has_no_differences_to_itself_in_other_lines(name: str) -> None:
    text = TEXTS[name]
    assert marked(text, text) == []
    assert marked(text, text.upper().lower()) == marked(text.upper().lower(), text) == [] or "ß" in text or "İ" in text or "ı" in text or "ſ" in text


def test_layout_is_not_wording() -> None:
    assert marked(CALL, wrap(CALL, 40)) == []
    assert marked(CALL, CALL.upper().replace(".", " !")) == []
    assert marked("“The crews’ call”", '"the crews\' call"') == []
    assert marked("the govern-\nment of all", "the government of all") == []
    assert marked("cafe\u0301", "caf\u00e9") == []
    assert LAYOUT in {s.kind for s in compare_texts("A b", "a  b")}


def test_wording_is_marked_to_the_word() -> None:
    assert marked(CALL, CHANGED) == [("12,000", ""), ("", "1,200"), ("must", ""), ("", "should")]
    assert marked("a rate of 1.5%", "a rate of 15%") == [("1.5", ""), ("", "15")]
    assert marked("a rate of 5%", "a rate of 5€") == [("%", ""), ("", "€")]
    assert marked("立即停火", "马上停火") == [("立即", ""), ("", "马上")]
    assert marked("one two", "one two three") == [("", "three")]
    assert marked("we can", "we cannot") == [("can", ""), ("", "cannot")]


def test_chance_agreement_inside_a_large_change_is_not_split() -> None:
    a = "start alpha bravo charlie delta of echo foxtrot golf hotel end"
    b = "start india juliet kilo lima of mike november oscar papa end"
    assert marked(a, b) == [("alpha bravo charlie delta of echo foxtrot golf hotel", ""), ("", "india juliet kilo lima of mike november oscar papa")]


@pytest.mark.parametrize(("text", "words"), [
    ("12th of May, 10:30", ["12th", "of", "may", "10:30"]),
    ("U.S. 12,000.50 don’t x_y", ["u", "s", "12,000.50", "don't", "x", "y"]),
    ("हिन्दी में", ["हिन्दी", "में"]),
    ("东湖 12月", ["东", "湖", "12", "月"]),
])  # fmt: skip
def test_words(text: str, words: list[str]) -> None:
    assert split_words(text).keys == words


def test_long_texts_take_linear_memory() -> None:
    draw = random.Random(3)
    a = " ".join(str(draw.random()) for _ in range(9_000))
    b = " ".join(str(draw.random()) for _ in range(9_000))
    segments = compare_texts(a, b)
    assert [s.kind for s in segments] == [ONLY_A, ONLY_B]
