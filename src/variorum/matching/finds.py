"""Match texts that are not in the corpus: some against all of it by binary search, or two against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.config import MatchingConfig
from variorum.errors import CorpusDamaged
from variorum.kernels import finding, joining, pairing, sketching
from variorum.kernels.sketching import CHECK_BITS
from variorum.letters import LetterStore, fold_texts
from variorum.matching.fingerprints import BLOCK_BITS, FingerprintIndex, open_fingerprints, open_shared, sketch_letters
from variorum.matching.ratings import WordTable, mark_moved, open_words, table_of
from variorum.matching.seeds import group_seeds
from variorum.matching.tabulating import ALL, span_limits, spans_table

MAX_CANDIDATES = 2000
"""Witnesses aligned with one text, at most: those with most seeds."""
_BATCH_TEXTS, _BATCH_CHARACTERS = 64, 250_000
"""Texts that are looked for together: enough to spread the cost of a call, few enough to answer soon and in little memory."""
_FOUND = ("start", "end", "witness", "start_b", "end_b", "n_letters", "n_equal", "similarity", "kind", "score", "rarity", "reason", "operations")


@dataclass(frozen=True)
class SearchIndex:
    """What texts are looked for in: the letters of a corpus and its fingerprints, both mapped, and how common its words are."""

    letters: LetterStore
    prints: FingerprintIndex
    words: WordTable


def open_search(index: Path) -> SearchIndex:
    """Map the files of an index folder; what is asked of them later reads only the pages it needs.

    Raises:
        CorpusDamaged: a file is missing or cut short, or they do not belong together.
    """
    prints = open_fingerprints(index)
    return SearchIndex(open_shared(str(index))[0], prints, open_words(str(index)))


def find_texts(search: SearchIndex, texts: Iterable[str], config: MatchingConfig) -> Iterator[pa.Table]:
    """Yield for each text what of it stands in the corpus: one row an aligned pair, longest first.

    Columns: start, end (in the text), witness, start_b, end_b (in the witness), n_letters, n_equal,
    similarity, kind, score, rarity, reason, operations. Exact copies of a witness are not listed apart: FOLDINGS names them. Up to 64 texts are taken from `texts` before
    the first is answered.
    """
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if len(batch) == _BATCH_TEXTS or size >= _BATCH_CHARACTERS:
            yield from _find_batch(search, batch, config)
            batch, size = [], 0
    yield from _find_batch(search, batch, config)


def _find_batch(search: SearchIndex, texts: Sequence[str], config: MatchingConfig) -> Iterator[pa.Table]:
    """Yield the finds of each text; all are looked up and aligned at once."""
    if not texts:
        return
    query = fold_texts(texts)
    pairs, places = _keep_best(*_look_up(search, query, config.max_complete))
    # The texts are numbered in their own stream, the witnesses in theirs.
    table = _align(pairs, places, query, search.letters, config, search.prints.k, search.words)
    table = table.append_column("start", table["start_a"]).append_column("end", table["end_a"]).append_column("witness", table["witness_b"])
    order = [("witness_a", "ascending"), ("n_letters", "descending"), ("witness", "ascending"), ("start", "ascending")]
    table = table.sort_by(order)
    cuts = np.searchsorted(table["witness_a"].to_numpy(), np.arange(len(texts) + 1))
    table = table.select(_FOUND)
    for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        yield table.slice(low, high - low)


def compare_texts(text_a: str, text_b: str, config: MatchingConfig) -> pa.Table:
    """Return the SPANS of two texts (witness_a 0, witness_b 1)."""
    store = fold_texts([text_a, text_b])
    sketches = []
    for i in range(2):
        low, high = int(store.starts[i]), int(store.starts[i + 1]) - 1
        hashes, places = sketch_letters(store.letters, low, high, config.k, config.s)
        # The check says what stands beside a shingle, which is nothing to ask where two texts are all there is.
        sketches.append((hashes >> np.uint64(CHECK_BITS), places - low))
    (hash_a, place_a), (hash_b, place_b) = ((hashes[kept], places[kept]) for hashes, places in sketches for kept in [_first_repeats(hashes)])
    order = np.argsort(hash_b, kind="stable")
    low, high = np.searchsorted(hash_b[order], hash_a, "left"), np.searchsorted(hash_b[order], hash_a, "right")
    counts = high - low
    row = np.repeat(np.arange(len(hash_a)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    places = (place_a[row].astype(np.uint64) << np.uint64(32)) | place_b[order[low[row] + within]].astype(np.uint64)
    table = _align(np.ones(len(places), np.uint64), places, store, store, config, config.k, table_of(store))
    return table.set_column(0, "span", pa.array(np.arange(len(table), dtype=np.int32)))


def _look_up(search: SearchIndex, query: LetterStore, max_places: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the seeds of some texts: pairs (uint64: text << 32 | witness) and places (uint64: in the text << 32 | in the witness).

    A shingle in more than `max_places` places gives its first ones only: where a passage is that common, the family has the rest.
    One that a text repeats counts at its first places, as in `kernels.joining`.
    """
    prints, corpus = search.prints, search.letters
    hashes, places = np.empty(len(query.letters), np.uint64), np.empty(len(query.letters), np.int64)
    nothing = np.zeros(query.n_texts, np.uint8)
    n = sketching.select_texts(query.letters, query.starts, 0, query.n_texts, nothing, prints.k, prints.s, hashes, places)
    hashes, places = hashes[:n], places[:n]
    kept = _first_repeats(hashes >> np.uint64(CHECK_BITS), np.searchsorted(query.starts, places, "right"))
    kept = kept[np.argsort(hashes[kept], kind="stable")]
    hashes, places = hashes[kept], places[kept]
    fixed = (prints.rows, prints.bounds, prints.partition_bits, prints.place_bits, corpus.starts, prints.block_text, BLOCK_BITS, hashes, max_places)
    room = max(1024, 16 * len(hashes))
    while True:
        number, witness, at = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
        found = finding.find_rows(*fixed, number, witness, at)
        if found < 0:
            raise CorpusDamaged("fingerprints.u64 is not of the corpus's letter stream; trace again with --resume-from fingerprints")
        if found <= room:
            break
        room = found
    number, witness, at = number[:found], witness[:found], at[:found]
    text = np.searchsorted(query.starts, places, "right") - 1
    pairs = (text[number].astype(np.uint64) << np.uint64(32)) | witness.astype(np.uint64)
    return pairs, ((places - query.starts[text])[number].astype(np.uint64) << np.uint64(32)) | at.astype(np.uint64)


def _first_repeats(values: np.ndarray, group: np.ndarray | None = None) -> np.ndarray:
    """Return the rows of the first MAX_REPEATS occurrences of each value (in each group), in their order."""
    group = np.zeros(len(values), np.int64) if group is None else group
    order = np.lexsort((values, group))
    fresh = np.concatenate([np.ones(min(1, len(order)), bool), (np.diff(values[order]) != 0) | (np.diff(group[order]) != 0)])
    number = np.arange(len(order)) - np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    return np.sort(order[number < joining.MAX_REPEATS])


def _keep_best(pairs: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the seeds of the MAX_CANDIDATES witnesses that have most of them, text by text."""
    met, number, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    text = met >> np.uint64(32)
    order = np.lexsort((-counts, text))
    rank = np.empty(len(met), np.int64)
    rank[order] = np.arange(len(met)) - np.searchsorted(text[order], text[order])
    kept = (rank < MAX_CANDIDATES)[number]
    return pairs[kept], places[kept]


def _align(pairs: np.ndarray, places: np.ndarray, store_a: LetterStore, store_b: LetterStore, config: MatchingConfig, k: int, words: WordTable) -> pa.Table:
    """Return the SPANS of seeds between the texts of one stream and those of another, sorted by witnesses and places."""
    pairs, places, cuts, _ = group_seeds(pairs, places)
    pairing.sort_slices(places, cuts)
    limits = span_limits(config)
    limits[0] = k
    nothing, bounds, work = np.zeros((0, 5), np.int64), np.zeros(1, np.int64), np.zeros(8, np.int64)
    found = pairing.match_seeds(pairs, places, cuts, store_a.stream, store_b.stream, ALL, bounds, nothing, limits, work)
    table = spans_table(*found, (store_a, store_b), words, config)
    return mark_moved(table.sort_by([(name, "ascending") for name in ("witness_a", "witness_b", "start_a", "start_b", "end_a", "end_b")]))
