"""The letter stream on disk: the same as in memory, however cut into batches, and refused where damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
import zoo
from kernel_cases import cases, texts
from variorum.errors import CorpusDamaged
from variorum.letters import LetterStore, fold_texts, open_letters, text_hashes, write_letters
from variorum.matching.folds import find_copies, fold_witnesses

ARRAYS = ("letters", "gaps", "starts", "samples", "rare_index", "rare_value")


def batches(parts: list[str], size: int) -> list[pa.RecordBatch]:
    """Return a table of texts in batches of `size`."""
    return pa.table({"witness": pa.array(range(len(parts)), pa.int32()), "text": pa.array(parts, pa.string())}).to_batches(max_chunksize=size)


def assert_same(store: LetterStore, other: LetterStore) -> None:
    """Two streams are equal in every array."""
    for name in ARRAYS:
        assert getattr(store, name).tolist() == getattr(other, name).tolist(), name
        assert getattr(store, name).dtype == getattr(other, name).dtype


@cases(80)
@given(st.lists(texts, max_size=7), st.integers(1, 4))
def test_batches_written_one_after_another_make_one_stream(tmp_path_factory: pytest.TempPathFactory, parts: list[str], size: int) -> None:
    folder = tmp_path_factory.mktemp("index")
    n_letters, hashes = write_letters(batches(parts, size), folder)
    store = open_letters(folder)
    assert store.n_texts == len(parts)
    assert_same(store, fold_texts(parts))
    assert n_letters.tolist() == [len(naive.letters_of(text)) for text in parts]
    assert hashes.tolist() == text_hashes(parts).tolist()
    for i, text in enumerate(parts):
        assert store.text_letters(i).tolist() == naive.letters_of(text)


def test_the_whole_zoo_is_written_and_read_back(tmp_path: Path) -> None:
    parts = list(zoo.TEXTS.values())
    write_letters(batches(parts, 5), tmp_path)
    store = open_letters(tmp_path)
    assert_same(store, fold_texts(parts))
    for i, text in enumerate(parts):
        n = len(store.text_letters(i))
        if not n:
            continue
        start, end = store.places(i, 0, n)
        assert 0 <= start < end <= len(text)
        whole = (np.array([value]) for value in (i, start, end))
        assert [int(x[0]) for x in store.locate_letters(*whole)] == [0, n]


def test_no_text_at_all(tmp_path: Path) -> None:
    n_letters, hashes = write_letters([], tmp_path)
    assert len(n_letters) == len(hashes) == open_letters(tmp_path).n_texts == 0
    assert fold_texts([]).n_texts == 0


@cases(100)
@given(st.lists(st.sampled_from(["", " ", "Pier", "pier", "p-i e.r", "PIÉR!", "quay", "pie", "piers", "..", "ﬁn", "fin"]), max_size=12))
def test_copies_are_the_texts_of_the_same_letters(parts: list[str]) -> None:
    folded = [tuple(naive.letters_of(text)) for text in parts]
    store = fold_texts(parts)
    copy_of = find_copies(store, np.diff(store.starts) - 1, text_hashes(parts))
    # A text without a letter copies nothing.
    assert copy_of.tolist() == [folded.index(letters) if letters else i for i, letters in enumerate(folded)]


def test_texts_of_one_hash_are_compared_letter_by_letter() -> None:
    store = fold_texts(["abcd", "abce", "abcd", "abcd"])
    assert find_copies(store, np.full(4, 4), np.zeros(4, np.int64)).tolist() == [0, 1, 0, 0]


def test_foldings_name_the_copies(tmp_path: Path) -> None:
    parts = [zoo.STATEMENT, "Another text.", zoo.STATEMENT.upper(), "", "another TEXT", zoo.STATEMENT.replace(" ", "\n")]
    table = fold_witnesses(batches(parts, 2), tmp_path)
    assert table["copy_of"].to_pylist() == [0, 1, 0, 3, 1, 0]
    assert table["witness"].to_pylist() == list(range(6))
    assert table["n_letters"].to_pylist() == [len(naive.letters_of(text)) for text in parts]
    assert np.fromfile(tmp_path / "copies.u8", np.uint8).tolist() == [0, 0, 1, 0, 1, 1]


def damage_by_cutting(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def damage_by_adding(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\1" * 8)


def damage_by_emptying(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("name", ["letters.u16", "gaps.u8", "starts.i64", "samples.i32", "rare.i64"])
@pytest.mark.parametrize("damage", [damage_by_cutting, damage_by_adding, damage_by_emptying, Path.unlink])
def test_a_damaged_file_is_refused(tmp_path: Path, name: str, damage) -> None:
    write_letters(batches([zoo.STATEMENT, "pier" + " " * 60 + "quay", "dots" + "." * 99 + "end"], 2), tmp_path)
    path = tmp_path / name
    damage(path)
    with pytest.raises(CorpusDamaged) as error:
        open_letters(tmp_path)
    assert str(tmp_path) in str(error.value)
    assert "resume-from" in str(error.value)


@pytest.mark.parametrize("starts", [[0, 5, 3, 20], [1, 5, 9, 20], [0, 0, 9, 20], [0, -4, 9, 20]])
def test_bounds_that_cannot_be_are_refused(tmp_path: Path, starts: list[int]) -> None:
    write_letters(batches(["pier", "quay", "ferries"], 9), tmp_path)
    length = (tmp_path / "letters.u16").stat().st_size // 2
    np.array([*starts[:3], length], np.int64).tofile(tmp_path / "starts.i64")
    with pytest.raises(CorpusDamaged, match="belong together"):
        open_letters(tmp_path)


def test_many_intervals_of_many_texts_are_located_at_once() -> None:
    chance = np.random.default_rng(3)
    parts = [zoo.STATEMENT[: 40 + 9 * i] + " (" * (i % 7) + "quay)" for i in range(30)]
    store = fold_texts(parts)
    text = chance.integers(0, 30, 300)
    low = chance.integers(0, 20, 300)
    high = low + chance.integers(1, 14, 300)
    start, end = store.locate_places(text, low, high)
    assert list(zip(start, end, strict=True)) == [naive.places_of(parts[t], x, y) for t, x, y in zip(text, low, high, strict=True)]
    again_low, again_high = store.locate_letters(text, start, end)
    assert np.array_equal(again_low, low)
    assert np.array_equal(again_high, high)
