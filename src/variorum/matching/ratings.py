"""What a span says and why it was kept: the columns kind, score, rarity and reason of SPANS.

The words of a corpus are counted once, in a sample, when its texts are folded:

    words.u8   class of the count of each slot of words, then the number of words counted as int64
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.config import MatchingConfig
from variorum.errors import CorpusDamaged
from variorum.kernels import rating
from variorum.letters import LetterStore
from variorum.schema import check_table

FILE = "words.u8"
SAMPLED_LETTERS = 16_000_000
"""Letters whose words are counted, about: three million words."""
PRIOR_WORDS = 20_000
"""Words that the prior counts for: with two texts it decides nearly alone, in a corpus of a million words hardly at all."""
_STEPS = 8
"""Classes of count to a doubling."""


@dataclass(frozen=True)
class WordTable:
    """How common words are: `codes` uint8[2 ** b] by hash, `info` float64[256, rating.SIGN + 1] in nats by class of count and of length."""

    codes: np.ndarray
    info: np.ndarray


def count_words(store: LetterStore, copies: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the class of the count of each slot of words (uint8) and the words counted; texts whose `copies` is 1 are left out."""
    length = len(store.letters)
    size = 1 << min(20, max(12, (length // 4).bit_length()))
    counts = np.zeros(size, np.int32)
    n = rating.count_words(store.stream, copies, -(-length // SAMPLED_LETTERS), counts)
    return class_counts(counts), n


def class_counts(counts: np.ndarray) -> np.ndarray:
    """Return the class (uint8) of each count."""
    return np.round(_STEPS * np.log2(1.0 + counts)).astype(np.uint8)


def make_table(codes: np.ndarray, n_words: int) -> WordTable:
    """Return the table of the words counted, with the prior laid under it."""
    count = 2.0 ** (np.arange(256) / _STEPS) - 1
    info = np.log(n_words + PRIOR_WORDS) - np.log(count[:, None] + PRIOR_WORDS * np.exp(-rating.PRIOR_NATS)[None, :])
    codes, info = codes.view(), np.ascontiguousarray(info)
    codes.flags.writeable = info.flags.writeable = False
    return WordTable(codes, info)


def table_of(store: LetterStore) -> WordTable:
    """Return the table of the words of a few texts in memory."""
    return make_table(*count_words(store, np.zeros(store.n_texts, np.uint8)))


def write_words(store: LetterStore, copies: np.ndarray, index: Path) -> None:
    """Count the words of a corpus and write them into its index folder."""
    codes, n = count_words(store, copies)
    (index / FILE).write_bytes(codes.tobytes() + np.array([n], np.int64).tobytes())


@functools.lru_cache(maxsize=4)
def _open_once(path: str, stamp: int) -> WordTable:
    """Read the words of a corpus once per process and version of them."""
    del stamp
    held = Path(path).read_bytes() if Path(path).exists() else b""
    size = len(held) - 8
    n = int(np.frombuffer(held, np.int64, 1, size)[0]) if size > 0 else -1
    if size < 1 or size & (size - 1) or n < 0:
        raise CorpusDamaged(f"{path}: missing or cut short; trace again with --resume-from foldings")
    return make_table(np.frombuffer(held, np.uint8, size), n)


def open_words(index: str) -> WordTable:
    """Return how common the words of a corpus are.

    Raises:
        CorpusDamaged: the file is missing or cut short.
    """
    path = Path(index) / FILE
    return _open_once(str(path), path.stat().st_mtime_ns if path.exists() else 0)


def rate_spans(spans: np.ndarray, runs: np.ndarray, store_a: LetterStore, store_b: LetterStore, words: WordTable) -> np.ndarray:
    """Return score, rarity and words that agree whole (float64[n, 3]) of spans whose places and operations are still letters."""
    ratings = np.empty((len(spans), 3))
    rating.rate_spans(spans, runs, store_a.stream, store_b.stream, words.codes, words.info, ratings)
    return ratings


def describe_ratings(spans: np.ndarray, ratings: np.ndarray, short: np.ndarray) -> dict[str, pa.Array]:
    """Return the columns kind, score, rarity and reason of SPANS; `short` are those that were kept for their rarity."""
    equal = spans[:, 6]
    same = (spans[:, 2] - spans[:, 1] == equal) & (spans[:, 5] - spans[:, 4] == equal)
    kinds = pa.DictionaryArray.from_arrays(pa.array((~same).astype(np.int8)), pa.array(["verbatim", "edited"]))
    reason = pc.binary_join_element_wise(pa.array(equal).cast(pa.string()), "letters agree", " ")
    if short.any():
        n_words, nats = (pa.array(np.round(ratings[:, column]).astype(np.int64)).cast(pa.string()) for column in (2, 0))
        told = pc.binary_join_element_wise("short but rare: ", n_words, " words, ", nats, " nats", "")
        reason = pc.if_else(pa.array(short), told, reason)
    return {"kind": kinds.cast(pa.string()), "score": pa.array(ratings[:, 0]), "rarity": pa.array(ratings[:, 1]), "reason": reason}


def choose_rare(ratings: np.ndarray, short: np.ndarray, config: MatchingConfig) -> np.ndarray:
    """Return which spans stay: those that are not `short`, and the short ones of words enough that are rare enough."""
    rare = (ratings[:, 0] >= config.min_rare_nats) & (ratings[:, 1] >= config.min_rarity) & (ratings[:, 2] >= config.min_words)
    return ~short | rare


def mark_moved(spans: pa.Table) -> pa.Table:
    """Return SPANS, sorted by witnesses, in which those out of order with a stronger one of the same pair have the kind `moved`."""
    if len(spans) < 2:
        return spans
    a, b = (spans[name].to_numpy() for name in ("witness_a", "witness_b"))
    cuts = np.concatenate([[0], np.flatnonzero((np.diff(a) != 0) | (np.diff(b) != 0)) + 1, [len(spans)]]).astype(np.int64)
    boxes = np.stack([spans[name].to_numpy().astype(np.int64) for name in ("start_a", "end_a", "start_b", "end_b")], 1)
    moved = np.empty(len(spans), np.bool_)
    rating.mark_moved(cuts, boxes, np.ascontiguousarray(spans["score"].to_numpy()), moved)
    kind = pc.if_else(pa.array(moved), pa.scalar("moved"), spans["kind"].combine_chunks())
    return check_table("spans", spans.set_column(spans.column_names.index("kind"), "kind", kind))
