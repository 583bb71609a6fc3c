"""SEEDS to SPANS: chain and align the seeds of every pair of texts.

Two passes over the seeds, so that a text sent fifty thousand times costs its number of copies and not its square. The first
aligns the pairs that share much with a hub: each copy with the first texts that hold the passage. The second
takes the other pairs, but leaves out the seeds that already follow from the first: both places lie over the same
place of a hub, so both passages are in its family. At last small families are completed (see transits.py).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.config import MatchingConfig
from variorum.engines.base import Engine
from variorum.kernels import joining, pairing
from variorum.letters import LetterStore
from variorum.matching.counters import add_counts
from variorum.matching.fingerprints import join_blobs, open_shared
from variorum.matching.ratings import WordTable, mark_moved, open_words, rate_spans
from variorum.matching.seeds import collect_seeds
from variorum.matching.transits import align_candidates, drop_repeated, list_candidates, name_third
from variorum.schema import check_table, empty_table, verify_table

ALL = np.zeros((0, 4), np.int64)
"""Regions for `kernels.pairing.match_seeds`: none, so the whole texts."""
STRONG = 8
"""Seeds of a pair with a hub from which it is aligned first. A letter sent thousands of times shares most of its shingles with the first
of them, and a few odd ones with many others; those few then follow from the first."""
HUB_CHAIN = 28
"""Least chain of a pair that a hub shingle joins, in letters: a shingle that common says little alone, and a passage has many."""
WORK = ("pairs", "pairs_explained", "chains", "alignments", "gap_cells", "spans_found", "extended")


def match_witnesses(
    index: Path, work: Path, config: MatchingConfig, engine: Engine, series: np.ndarray | None
) -> tuple[pa.Table, dict[str, int]]:
    """Return the SPANS of a corpus and the counters of the work done.

    Args:
        index: index folder with letter stream and fingerprints.
        work: folder for seeds on their way.
        series: int32 code per witness where spans inside one series are left out, else None.
    """
    counters: dict[str, int] = {}
    path = work / "seeds.arrow"
    work.mkdir(parents=True, exist_ok=True)
    seeds = collect_seeds(index, config.max_df, series, engine, counters)
    first = functools.partial(_align_hubs, str(index), config, counters)
    with _Spool(path) as spool:
        found = [table for table in engine.map_groups(first, spool.pass_through(seeds), "bucket", "spans") if len(table)]
        known = _known_hubs(found, open_shared(str(index))[0])
        second = functools.partial(_align_others, str(index), config, known, counters)
        found += [table for table in engine.map_groups(second, spool.read(), "bucket", "spans") if len(table)]
    found.append(_complete(found, str(index), config, series, counters))
    spans = drop_repeated(pa.concat_tables(found)) if found else empty_table("spans")
    keys = [(name, "ascending") for name in ("witness_a", "witness_b", "start_a", "start_b", "end_a", "end_b")]
    spans = mark_moved(spans.sort_by(keys))
    spans = spans.set_column(0, "span", pa.array(np.arange(len(spans), dtype=np.int32)))
    return verify_table("spans", check_table("spans", spans)), counters


def _complete(
    found: list[pa.Table], index: str, config: MatchingConfig, series: np.ndarray | None, counters: dict[str, int]
) -> pa.Table:
    """Return the SPANS between witnesses that share a passage with a third one but have no span of their own."""
    if not found:
        return empty_table("spans")
    store, _ = open_shared(index)
    pairs, regions, through = list_candidates(pa.concat_tables(found), store, config, series)
    work = np.zeros(8, np.int64)
    spans, runs = align_candidates(pairs, regions, store, span_limits(config), work)
    table = spans_table(spans, runs, store, store, open_words(index), name_third(spans, pairs, regions, through))
    counters["transits"] = len(pairs)
    counters["transits_found"] = len(table)
    return table


class _Spool:
    """Seeds pass by on their way to the first pass and are kept in a file for the second."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> _Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)

    def pass_through(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield `batches` and write each."""
        writer = None
        with self._path.open("wb") as file:
            for batch in batches:
                writer = writer or pa.ipc.new_stream(file, batch.schema)
                writer.write_batch(batch)
                yield batch
            if writer:
                writer.close()

    def read(self) -> Iterator[pa.RecordBatch]:
        """Yield the batches again."""
        if self._path.stat().st_size:
            with pa.memory_map(str(self._path)) as file:
                yield from pa.ipc.open_stream(file)


def _align_hubs(index: str, config: MatchingConfig, counters: dict[str, int], bucket: int, table: pa.Table) -> pa.Table:
    """Return the SPANS (numbered later) of the pairs of one bucket that share much with a hub."""
    del bucket
    nothing = (np.zeros(1, np.int64), np.zeros((0, 5), np.int64))
    return _align_pairs(index, config, table, "strong", nothing, counters)


def _align_others(
    index: str, config: MatchingConfig, known: tuple[np.ndarray, np.ndarray], counters: dict[str, int], bucket: int, table: pa.Table
) -> pa.Table:
    """Return the SPANS of the other pairs of one bucket, without the seeds that follow from what is known of hubs."""
    del bucket
    return pa.concat_tables([_align_pairs(index, config, table, kind, known, counters) for kind in ("weak", "plain")])


def _align_pairs(
    index: str, config: MatchingConfig, table: pa.Table, kind: str, known: tuple[np.ndarray, np.ndarray], counters: dict[str, int]
) -> pa.Table:
    """Return the SPANS of the pairs of one kind (see `group_seeds`)."""
    store, _ = open_shared(index)
    pairs, places, cuts = group_seeds(join_blobs(table["pairs"]), join_blobs(table["places"]), kind)
    work = np.zeros(8, np.int64)
    limits = span_limits(config)
    if kind != "plain":
        limits[4] = max(limits[4], HUB_CHAIN)
    found = pairing.match_seeds(pairs, places, cuts, store.stream, store.stream, ALL, *known, limits, work)
    add_counts(counters, WORK, work.tolist())
    return spans_table(*found, store, store, open_words(index))


def group_seeds(pairs: np.ndarray, places: np.ndarray, kind: str | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distinct pairs, places sorted within each, and the bounds of each.

    Args:
        kind: of pairs with a hub seed those with STRONG seeds or more (`strong`) or fewer (`weak`), of the others (`plain`),
            or of all (None).
    """
    hub_bit = joining.HUB
    is_hub = (places & hub_bit) != 0
    places = places & ~hub_bit
    order = np.argsort(pairs)  # the seeds of a pair are sorted below
    pairs, places, is_hub = pairs[order], places[order], is_hub[order]
    cuts = np.concatenate([np.zeros(1, np.int64), np.flatnonzero(np.diff(pairs)) + 1, np.full(min(1, len(pairs)), len(pairs))])
    texts = pairs[cuts[:-1]]
    if kind is not None and len(texts):
        held = np.add.reduceat(is_hub.astype(np.int64), cuts[:-1]) > 0
        sizes = np.diff(cuts)
        strong = held & (sizes >= STRONG)
        kept = {"strong": strong, "weak": held & ~strong, "plain": ~held}[kind]
        places = places[np.repeat(kept, sizes)]
        texts, cuts = texts[kept], np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[kept])])
    pairing.sort_slices(places, cuts)
    return texts, places, cuts


def span_limits(config: MatchingConfig) -> np.ndarray:
    """Return the limits of `kernels.pairing.match_seeds`."""
    return np.array([config.k, config.max_gap, config.min_letters, round(1000 * config.min_similarity), config.min_chain, 2 * config.min_score], np.int64)


def spans_table(
    spans: np.ndarray, runs: np.ndarray, store_a: LetterStore, store_b: LetterStore, words: WordTable, reasons: pa.Array | None = None
) -> pa.Table:
    """Return spans in letters as a SPANS table in code points; `span` is 0 throughout until the table is whole.

    Args:
        reasons: why each span that stays was kept, where it is not for what agrees in it.
    """
    spans = spans[spans[:, 0] >= 0]
    sizes = spans[:, 10] - spans[:, 9]
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    runs = runs[np.repeat(spans[:, 9] - bounds[:-1], sizes) + np.arange(bounds[-1])]
    spans[:, 9], spans[:, 10] = bounds[:-1], bounds[1:]
    rated = rate_spans(spans, runs, store_a, store_b, words)
    places = np.empty((len(spans), 4), np.int32)
    pairing.place_spans(spans, runs, 0, store_a.stream, places)
    pairing.place_spans(spans, runs, 1, store_b.stream, places)
    if reasons is not None:
        rated["reason"] = reasons
    operations = pa.ListArray.from_arrays(pa.array((3 * bounds).astype(np.int32)), pa.array(runs.reshape(-1)))
    length_a, length_b = spans[:, 2] - spans[:, 1], spans[:, 5] - spans[:, 4]
    columns = {
        "span": np.zeros(len(spans), np.int32),
        "witness_a": spans[:, 0],
        "start_a": places[:, 0],
        "end_a": places[:, 1],
        "witness_b": spans[:, 3],
        "start_b": places[:, 2],
        "end_b": places[:, 3],
        "n_letters": np.minimum(length_a, length_b),
        "n_equal": spans[:, 6],
        "similarity": 2 * spans[:, 6] / np.maximum(1, length_a + length_b),
        "n_seeds": spans[:, 7],
    }
    return check_table("spans", pa.table({**{name: pa.array(values) for name, values in columns.items()}, **rated, "operations": operations}))


def _known_hubs(tables: list[pa.Table], store: LetterStore) -> tuple[np.ndarray, np.ndarray]:
    """Return which stretches of each text lie over which of a hub (see `kernels.pairing.is_explained`), in letters."""
    bounds = np.zeros(store.n_texts + 1, np.int64)
    if not tables:
        return bounds, np.zeros((0, 5), np.int64)
    spans = pa.concat_tables(tables)
    a, start_a, end_a, b, start_b, end_b = (
        spans[name].to_numpy() for name in ("witness_a", "start_a", "end_a", "witness_b", "start_b", "end_b")
    )
    low_a, high_a = store.locate_letters(a, start_a, end_a)
    low_b, high_b = store.locate_letters(b, start_b, end_b)
    over = np.stack([b, low_b, high_b, a, low_a, high_a], 1)
    # The hub, which is a, lies over itself: its stretches are joined, else a hub of thousands had thousands to look through.
    text, low, high = join_touching(a.astype(np.int64), low_a, high_a)
    itself = np.stack([text, low, high, text, low, high], 1)
    known = np.unique(np.concatenate([over, itself]).astype(np.int64), axis=0)
    np.cumsum(np.bincount(known[:, 0], minlength=store.n_texts), out=bounds[1:])
    return bounds, np.ascontiguousarray(known[:, 1:])


def join_touching(text: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the stretches that intervals of texts cover together, sorted."""
    order = np.lexsort((high, low, text))
    text, low, high = text[order], low[order], high[order]
    if not len(text):
        return text, low, high
    shift = text * (int(high.max()) + 1)
    reach = np.maximum.accumulate(high + shift)
    cuts = np.flatnonzero(np.concatenate([[True], (low + shift)[1:] > reach[:-1]]))
    return text[cuts], low[cuts], np.maximum.reduceat(high, cuts)
