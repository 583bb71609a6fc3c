"""Help for the tests of matching: invented prose, and the way from texts to spans through an index folder."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

import naive
from variorum.config import MatchingConfig, make_config
from variorum.engines.local import LocalEngine
from variorum.matching.finds import find_texts, open_search
from variorum.matching.fingerprints import index_fingerprints
from variorum.matching.folds import fold_witnesses
from variorum.matching.spans import match_witnesses
from variorum.schema import verify_table

_ONSETS = ["b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "qu", "r", "s", "st", "t", "tr", "v", "w", "z"]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ou"]
_CODAS = ["", "", "n", "r", "l", "st", "nd", "m", "ck"]
Span = dict[str, int | float | list[int]]


def make_words(seed: int, n: int) -> list[str]:
    """Return invented words; those of two seeds share next to no run of sixteen letters."""
    chance = random.Random(seed)
    return ["".join(chance.choice(part) for _ in range(chance.randint(1, 3)) for part in (_ONSETS, _VOWELS, _CODAS)) for _ in range(n)]


def make_prose(seed: int, n: int) -> str:
    """Return `n` invented words with capitals, commas and full stops."""
    chance = random.Random(seed)
    parts, opening = [], True
    for word in make_words(seed, n):
        mark = chance.choices(["", ",", "."], [12, 1, 1])[0]
        parts.append((word.capitalize() if opening else word) + mark)
        opening = mark == "."
    return " ".join(parts)


def edit_words(text: str, seed: int, share: float) -> str:
    """Return the text with this share of its words replaced, dropped or doubled."""
    chance = random.Random(seed)
    words = text.split(" ")
    spare = make_words(seed + 1_000_003, len(words))
    edited: list[str] = []
    for word, other in zip(words, spare, strict=True):
        way = chance.choice(["replace", "drop", "add"]) if chance.random() < share else "keep"
        edited += {"keep": [word], "replace": [other], "drop": [], "add": [word, other]}[way]
    return " ".join(edited)


@dataclass
class Matched:
    """What matching gives: spans as rows, exact copies, counters of the work done, and the index folder."""

    spans: list[Span]
    copy_of: list[int]
    counters: dict[str, int]
    index: Path

    def pairs(self) -> set[tuple[int, int]]:
        """Return the pairs of witnesses that share a span."""
        return {(int(s["witness_a"]), int(s["witness_b"])) for s in self.spans}  # type: ignore[arg-type]

    def boxes(self) -> list[tuple[int, ...]]:
        """Return witnesses and intervals of all spans."""
        return [box_of(span) for span in self.spans]


def box_of(span: Span) -> tuple[int, ...]:
    """Return witness, start and end of both sides of a span."""
    return tuple(span[f"{name}_{side}"] for side in "ab" for name in ("witness", "start", "end"))  # type: ignore[misc]


def write_index(texts: list[str], folder: Path, config: MatchingConfig, threads: int = 1) -> pa.Table:
    """Fold and fingerprint texts into an index folder; return the FOLDINGS."""
    columns = {"witness": pa.array(range(len(texts)), pa.int32()), "text": pa.array(texts, pa.string())}
    foldings = fold_witnesses(pa.table(columns).to_batches(max_chunksize=7), folder)
    index_fingerprints(folder, config, LocalEngine(threads))
    return foldings


def match_texts(texts: list[str], folder: Path, series: list[int] | None = None, threads: int = 1, **settings: int | float) -> Matched:
    """Return the spans of some texts, found as a run finds them."""
    config = make_config(**settings).matching
    foldings = write_index(texts, folder / "index", config, threads)
    codes = None if series is None else np.array(series, np.int32)
    parts, counters = match_witnesses(folder / "index", folder / "work", config, LocalEngine(threads), codes)
    spans = [row for part in parts for row in verify_table("spans", part).to_pylist()]
    return Matched(spans, foldings["copy_of"].to_pylist(), counters, folder / "index")


def find_text(index: Path, text: str, **settings: int | float) -> pa.Table:
    """Return what of a text stands in the texts of an index folder."""
    (found,) = find_texts(open_search(index), [text], make_config(**settings).matching)
    return found


def read_operations(span: Span) -> list[tuple[int, int, int, int, int]]:
    """Return (kind, start and end in a, start and end in b) of each operation."""
    flat: list[int] = span["operations"]  # type: ignore[assignment]
    at_a, at_b, found = int(span["start_a"]), int(span["start_b"]), []  # type: ignore[arg-type]
    for kind, n_a, n_b in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        found.append((kind, at_a, at_a + n_a, at_b, at_b + n_b))
        at_a, at_b = at_a + n_a, at_b + n_b
    return found


def assert_true_span(span: Span, text_a: str, text_b: str) -> None:
    """A span says of the texts what is there: operations, equal letters, similarity."""
    operations = read_operations(span)
    assert operations[-1][2::2] == (span["end_a"], span["end_b"])
    equal = 0
    for kind, start_a, end_a, start_b, end_b in operations:
        letters_a, letters_b = naive.letters_of(text_a[start_a:end_a]), naive.letters_of(text_b[start_b:end_b])
        if kind == naive.EQUAL:
            assert letters_a == letters_b
            equal += len(letters_a)
        elif kind == naive.REPLACED:
            assert letters_a
            assert letters_b
        else:
            assert (bool(letters_a), bool(letters_b)) == (kind == naive.DELETED, kind == naive.INSERTED)
    sizes = [len(naive.letters_of(text[span[f"start_{s}"] : span[f"end_{s}"]])) for text, s in ((text_a, "a"), (text_b, "b"))]  # type: ignore[misc]
    assert span["n_letters"] == min(sizes)
    # Runs of one or two equal letters count, but stand among the differences.
    assert equal <= span["n_equal"] <= min(sizes)
    assert span["similarity"] == 2 * span["n_equal"] / sum(sizes)  # type: ignore[operator]
    assert operations[0][0] == operations[-1][0] == naive.EQUAL
