"""Texts made to be slow: the work grows with their length and not with its square."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

import naive
import zoo
from matches import Matched, assert_true_span, find_text, make_prose, make_words, match_texts, write_index
from variorum.config import make_config
from variorum.errors import CorpusDamaged
from variorum.kernels import chaining, joining, pairing
from variorum.kernels.sketching import CHECK_BITS
from variorum.matching import finds, fingerprints
from variorum.matching.finds import compare_texts

CONFIG = make_config().matching
SENTENCE = "The union and the town agree on the night ferry until the end of March. "
COUNTED = ("seeds", "pairs", "chains", "alignments", "gap_cells")


def repeat_sentence(n: int) -> tuple[str, str]:
    """Return the sentence n times, twice over."""
    return SENTENCE * n, "Preface of the town. " + SENTENCE * (n - 3)


def draw_digits(n: int) -> tuple[str, str]:
    """Return two rows of digits that share nothing but a stretch."""
    chance = random.Random(1)
    shared = "".join(chance.choices("0123456789", k=n // 20))
    a, b = ("".join(chance.choices("0123456789", k=n)) for _ in range(2))
    return a + shared, shared + b


def count_up(n: int) -> tuple[str, str]:
    """Return figures in their order."""
    return " ".join(map(str, range(n))), " ".join(map(str, range(3, n + 3)))


def cycle(n: int) -> tuple[str, str]:
    """Return the ten digits over and over."""
    return "0123456789" * n, "0123456789" * (n - 9) + "77"


def repeat_with_noise(n: int) -> tuple[str, str]:
    """Return the sentence n times, with a letter in twenty changed, otherwise in each."""
    made = []
    for seed in (1, 2):
        chance, letters = random.Random(seed), list(SENTENCE * n)
        for i in range(len(letters)):
            if chance.random() < 0.05:
                letters[i] = chance.choice("bcdfgjk")
        made.append("".join(letters))
    return made[0], made[1]


def draw_sentences(n: int) -> tuple[str, str]:
    """Return two texts of sentences drawn again and again from one small heap."""
    heap = [" ".join(make_words(10_000 + i, 8)) for i in range(n // 4)]
    return ". ".join(random.Random(1).choices(heap, k=n)), ". ".join(random.Random(2).choices(heap, k=n))


def shuffle_sentences(n: int) -> tuple[str, str]:
    """Return the same sentences in two orders."""
    sentences = [" ".join(make_words(50_000 + i, 12)) for i in range(n)]
    return ". ".join(sentences), ". ".join(random.Random(3).sample(sentences, n))


def one_letter(n: int) -> tuple[str, str]:
    """Return one letter over and over."""
    return "a" * n, "a" * (n - 7)


HOSTILE = {
    "one letter": (one_letter, 250_000),
    "one sentence": (repeat_sentence, 5_000),
    "digits": (draw_digits, 250_000),
    "counting": (count_up, 40_000),
    "cycle": (cycle, 25_000),
    "noise": (repeat_with_noise, 700),
    "drawn": (draw_sentences, 700),
    "shuffled": (shuffle_sentences, 700),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_text_is_at_most_four_times_the_work(tmp_path: Path, name: str) -> None:
    make, n = HOSTILE[name]
    small, large = (match_texts(list(make(size)), tmp_path / str(size)) for size in (n, 4 * n))
    for what in COUNTED:
        assert large.counters.get(what, 0) <= 5 * small.counters.get(what, 0) + 64, what
    assert large.counters.get("seeds", 0) <= 16 * max(1, large.counters["shared_shingles"])


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds and pairs that comparing and finding hand to the aligner."""
    seen: list[int] = []
    align = pairing.match_seeds

    def count(pairs: np.ndarray, seeds: np.ndarray, *rest: object) -> object:
        seen.append(len(seeds))
        return align(pairs, seeds, *rest)

    monkeypatch.setattr(finds.pairing, "match_seeds", count)
    return seen


@pytest.mark.parametrize("name", ["one letter", "one sentence", "cycle", "counting", "noise"])
def test_comparing_and_finding_are_handed_few_seeds(tmp_path: Path, grown: list[int], name: str) -> None:
    make, n = HOSTILE[name]
    a, b = make(n)
    compare_texts(a, b, CONFIG)
    write_index([a, b], tmp_path, CONFIG)
    find_text(tmp_path, b)
    letters = len(naive.letters_of(b[:100_000])) * max(1, len(b) // 100_000)
    assert grown[0] <= joining.MAX_REPEATS * letters
    assert grown[1] <= 2 * joining.MAX_REPEATS * letters


def spans_of(found: Matched, texts: tuple[str, str]) -> list[tuple[str, str]]:
    """Return what the spans quote."""
    return [(texts[0][s["start_a"] : s["end_a"]], texts[1][s["start_b"] : s["end_b"]]) for s in found.spans]  # type: ignore[misc]


def test_a_sentence_twenty_thousand_times_twice_over_is_one_span(tmp_path: Path) -> None:
    texts = repeat_sentence(20_000)
    found = match_texts(list(texts), tmp_path)
    ((a, b),) = spans_of(found, texts)
    assert len(a) > 0.99 * len(texts[0]) - 100
    assert len(b) > 0.99 * len(texts[1]) - 100
    assert found.counters["alignments"] <= 16
    assert len(compare_texts(*texts, CONFIG)) == 1


def test_the_stretch_that_two_megabytes_of_digits_share_is_found(tmp_path: Path) -> None:
    texts = draw_digits(1_000_000)
    ((a, b),) = spans_of(match_texts(list(texts), tmp_path), texts)
    size = 1_000_000 // 20
    # No word ends inside; by chance a few digits more agree.
    assert a.endswith(texts[0][-size:])
    assert b.startswith(texts[1][:size])
    assert len(a) + len(b) < 2 * size + 120


def test_a_letter_a_million_times_shares_nothing(tmp_path: Path) -> None:
    texts = [zoo.TEXTS["one letter a million times"], "a" * 999_999, "b" * 10 + "a" * 10_000]
    found = match_texts(texts, tmp_path)
    assert found.spans == []
    assert found.counters["seeds"] == 0


def test_every_sentence_of_a_shuffled_text_is_found(tmp_path: Path) -> None:
    texts = shuffle_sentences(300)
    found = match_texts(list(texts), tmp_path)
    for span in found.spans:
        assert_true_span(span, *texts)
    boxes = found.boxes()
    for sentence in texts[0].split(". "):
        at_a, at_b = texts[0].index(sentence), texts[1].index(sentence)
        assert any(s <= at_a < e and t <= at_b < f for _, s, e, _, t, f in boxes), sentence


def test_passages_with_other_text_between_are_not_lost_together(tmp_path: Path) -> None:
    """Near enough to be one chain, too far apart to be one span."""
    first, second = (" ".join(make_words(i, 11)) for i in range(2))
    a = f"{first} {make_prose(10, 36)} {second}"
    b = f"{make_prose(20, 9)} {first} {second}"
    found = match_texts([a, b], tmp_path)
    assert [a[s["start_a"] : s["end_a"]] for s in found.spans] == [first, second]  # type: ignore[misc]
    assert [s["similarity"] for s in found.spans] == [1.0, 1.0]


def test_more_different_matches_than_are_looked_back_over(tmp_path: Path) -> None:
    """A passage of many short differences: a match every twenty letters or so, one span all the same."""
    words = make_words(9, 600)
    other = [w if i % 9 else w[::-1] + "ux" for i, w in enumerate(words)]
    a, b = " ".join(words[1:]), " ".join(other[1:])
    found = match_texts([a, b], tmp_path)
    assert len(found.spans) == 1
    assert found.spans[0]["n_seeds"] > chaining.LOOK_BACK  # type: ignore[operator]
    assert (found.spans[0]["start_a"], found.spans[0]["end_a"]) == (0, len(a))


# --- damaged files ------------------------------------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\1" * 8)


def garble(path: Path) -> None:
    path.write_bytes(b'{"k": [1, 2], "bounds": 7' if path.suffix == ".json" else b"\xff" * path.stat().st_size)


INDEX_FILES = ["fingerprints.u64", "fingerprints.json", "block_text.i32", "copies.u8", "words.u8", "letters.u16", "starts.i64"]


# Where a file keeps its size, what it holds is not looked at again.
SEEN = [
    (name, damage)
    for name in INDEX_FILES
    for damage in (cut, halve, lengthen, garble, Path.unlink)
    if not (damage is garble and name not in ("fingerprints.json", "starts.i64")) and not (damage is lengthen and name == "fingerprints.json")
]


@pytest.mark.parametrize(("name", "damage"), SEEN)
def test_a_damaged_index_is_refused(tmp_path: Path, name: str, damage) -> None:
    write_index([make_prose(i, 60) + make_prose(7, 60) for i in range(4)], tmp_path, CONFIG)
    damage(tmp_path / name)
    fingerprints._open_once.cache_clear()  # as another process sees it
    with pytest.raises(CorpusDamaged, match="resume-from"):
        find_text(tmp_path, make_prose(7, 60))


@pytest.mark.parametrize(
    "text",
    ["[]", "null", '{"k": 16}', '{"k": 16, "s": 6, "partition_bits": 0, "place_bits": 12, "bounds": []}',
     '{"k": 16, "s": 6, "partition_bits": 3, "place_bits": 12, "bounds": [0, 1]}', '{"k": 16, "s": 6, "partition_bits": 0, "place_bits": 60, "bounds": [0, 0]}',
     '{"k": "a", "s": 6, "partition_bits": 0, "place_bits": 12, "bounds": [0, 0]}', '{"k": 6, "s": 16, "partition_bits": 0, "place_bits": 12, "bounds": [0, 0]}'],
)  # fmt: skip
def test_a_description_that_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    write_index([make_prose(1, 60)], tmp_path, CONFIG)
    (tmp_path / "fingerprints.json").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusDamaged, match="resume-from"):
        find_text(tmp_path, make_prose(1, 60))


def test_fingerprints_of_another_stream_are_refused(tmp_path: Path) -> None:
    """Places past the end of the letters, at which a kernel would read what is not there."""
    from variorum.engines.local import LocalEngine
    from variorum.matching.spans import match_witnesses

    texts = [f"{make_prose(i, 30)} {make_prose(7, 60)}" for i in range(4)]
    write_index(texts, tmp_path / "index", CONFIG)
    path = tmp_path / "index" / "fingerprints.u64"
    rows = np.fromfile(path, np.uint64)
    length = (tmp_path / "index" / "letters.u16").stat().st_size // 2
    mask = np.uint64((1 << max(8, length.bit_length())) - 1 << CHECK_BITS)
    assert int(mask) >> CHECK_BITS > length
    (rows | mask).tofile(path)
    with pytest.raises(CorpusDamaged, match="resume-from"):
        match_witnesses(tmp_path / "index", tmp_path / "work", CONFIG, LocalEngine(1), None)
    with pytest.raises(CorpusDamaged, match="resume-from"):
        find_text(tmp_path / "index", texts[0])
