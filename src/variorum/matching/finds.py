"""Match texts that are not in the corpus: one against all of it by binary search, or two against each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.config import MatchingConfig
from variorum.errors import CorpusDamaged
from variorum.kernels import joining, pairing
from variorum.letters import LetterStore, fold_texts
from variorum.matching.fingerprints import FingerprintIndex, open_fingerprints, open_shared, sketch_letters
from variorum.matching.ratings import WordTable, mark_moved, open_words, table_of
from variorum.matching.spans import ALL, group_seeds, span_limits, spans_table

MAX_CANDIDATES = 2000
"""Witnesses aligned with one text, at most: those with most seeds."""
_FOUND = ("start", "end", "witness", "start_b", "end_b", "n_letters", "n_equal", "similarity", "kind", "score", "rarity", "reason", "operations")


def find_text(index: Path, text: str, config: MatchingConfig) -> pa.Table:
    """Return what of a text stands in the corpus: one row an aligned pair, longest first.

    Columns: start, end (in the text), witness, start_b, end_b (in the witness), n_letters, n_equal,
    similarity, kind, score, rarity, reason, operations. Exact copies of a witness are not listed apart: FOLDINGS names them.
    """
    prints = open_fingerprints(index)
    corpus, _ = open_shared(str(index))
    query = fold_texts([text])
    hashes, places = sketch_letters(query.letters, 0, len(query.letters) - 1, prints.k, prints.s)
    witnesses, places = _keep_best(*_look_up(prints, corpus, hashes, places, config.max_df))
    # The text is number 0 of its own stream, the witnesses keep their numbers in theirs.
    table = _align(witnesses.astype(np.uint64), places, query, corpus, config, prints.k, open_words(str(index)))
    table = table.append_column("start", table["start_a"]).append_column("end", table["end_a"]).append_column("witness", table["witness_b"])
    return table.select(_FOUND).sort_by([("n_letters", "descending"), ("witness", "ascending"), ("start", "ascending")])


def compare_texts(text_a: str, text_b: str, config: MatchingConfig) -> pa.Table:
    """Return the SPANS of two texts (witness_a 0, witness_b 1)."""
    store = fold_texts([text_a, text_b])
    sketches = []
    for i in range(2):
        low, high = int(store.starts[i]), int(store.starts[i + 1]) - 1
        hashes, places = sketch_letters(store.letters, low, high, config.k, config.s)
        sketches.append((hashes, places - low))
    (hash_a, place_a), (hash_b, place_b) = ((hashes[kept], places[kept]) for hashes, places in sketches for kept in [_first_repeats(hashes)])
    order = np.argsort(hash_b, kind="stable")
    low, high = np.searchsorted(hash_b[order], hash_a, "left"), np.searchsorted(hash_b[order], hash_a, "right")
    counts = high - low
    row = np.repeat(np.arange(len(hash_a)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    places = (place_a[row].astype(np.uint64) << np.uint64(32)) | place_b[order[low[row] + within]].astype(np.uint64)
    table = _align(np.ones(len(places), np.uint64), places, store, store, config, config.k, table_of(store))
    return table.set_column(0, "span", pa.array(np.arange(len(table), dtype=np.int32)))


def _look_up(
    prints: FingerprintIndex, corpus: LetterStore, hashes: np.ndarray, places: np.ndarray, max_df: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the witness of each seed (int64) and its places (uint64: in the text << 32 | in the witness).

    A shingle in more than `max_df` places gives its first `max_df` only: where a passage is that common, the family has the rest.
    One that a text repeats counts at its first places, as in `kernels.joining`.
    """
    kept = _first_repeats(hashes)
    hashes, places = hashes[kept], places[kept]
    shift = np.uint64(64 - prints.partition_bits)
    partition = (hashes >> shift).astype(np.int64) if prints.partition_bits else np.zeros(len(hashes), np.int64)
    place_bits = np.uint64(prints.place_bits)
    key = (hashes << np.uint64(prints.partition_bits)) >> place_bits
    found_texts, found_places = [], []
    for i in np.lexsort((key, partition)):
        rows = prints.rows[prints.bounds[partition[i]] : prints.bounds[partition[i] + 1]]
        mask = (np.uint64(1) << place_bits) - np.uint64(1)
        low, high = np.searchsorted(rows, key[i] << place_bits, "left"), np.searchsorted(rows, key[i] << place_bits | mask, "right")
        if low == high:
            continue
        element = (rows[low:high] & mask).astype(np.int64)
        if element[-1] >= corpus.starts[-1]:
            raise CorpusDamaged("fingerprints.u64 is not of the corpus's letter stream; trace again with --resume-from fingerprints")
        text = np.searchsorted(corpus.starts, element, "right") - 1
        kept = _first_repeats(text)[:max_df]
        text, element = text[kept], element[kept]
        found_texts.append(text)
        found_places.append((np.uint64(places[i]) << np.uint64(32)) | (element - corpus.starts[text]).astype(np.uint64))
    if not found_texts:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    return np.concatenate(found_texts), np.concatenate(found_places)


def _first_repeats(values: np.ndarray) -> np.ndarray:
    """Return the rows of each value's first MAX_REPEATS occurrences, in their order."""
    order = np.argsort(values, kind="stable")
    number = np.arange(len(values)) - np.searchsorted(values[order], values[order])
    return np.sort(order[number < joining.MAX_REPEATS])


def _keep_best(texts: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the seeds of the MAX_CANDIDATES witnesses that have most of them."""
    witnesses, number, counts = np.unique(texts, return_inverse=True, return_counts=True)
    kept = np.zeros(len(witnesses), bool)
    kept[np.argsort(-counts, kind="stable")[:MAX_CANDIDATES]] = True
    return texts[kept[number]], places[kept[number]]


def _align(pairs: np.ndarray, places: np.ndarray, store_a: LetterStore, store_b: LetterStore, config: MatchingConfig, k: int, words: WordTable) -> pa.Table:
    """Return the SPANS of seeds between text 0 of one stream and the texts of another, sorted by witness and place."""
    pairs, places, cuts = group_seeds(pairs, places, None)
    limits = span_limits(config)
    limits[0] = k
    nothing, bounds, work = np.zeros((0, 5), np.int64), np.zeros(1, np.int64), np.zeros(8, np.int64)
    found = pairing.match_seeds(pairs, places, cuts, store_a.stream, store_b.stream, ALL, bounds, nothing, limits, work)
    table = spans_table(*found, store_a, store_b, words)
    return mark_moved(table.sort_by([(name, "ascending") for name in ("witness_b", "start_a", "start_b", "end_a", "end_b")]))
