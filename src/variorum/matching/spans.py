"""SEEDS to SPANS: chain and align the seeds of every pair of texts.

Two passes over the seeds, so that a text sent fifty thousand times costs its number of copies and not its square. The first
aligns the pairs that share much with a hub: each copy with the first texts that hold the passage. The second
takes the other pairs, but leaves out the seeds that already follow from the first: both places lie over the same
place of a hub, so both passages are in its family. These spans are *direct*: each follows from its two texts and the texts
before them, so that the direct spans of a corpus stay what they are when texts are added (see `kernels.joining`). At last
small families are completed (see transits.py), which is done anew whenever texts come or go.

Files in the index folder, Arrow IPC, DIRECT_SPANS each, in no order; NUMBER is the first text that was new:

    strong-NUMBER.arrow   direct spans of the first pass, all with a hub
    plain-NUMBER.arrow    direct spans of the second
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.allocators import release_unused
from variorum.config import MatchingConfig
from variorum.engines.base import Engine
from variorum.kernels import pairing
from variorum.letters import Prefix
from variorum.matching.counters import add_counts
from variorum.matching.directs import Directs, SpanRows, as_batch, keep_batches
from variorum.matching.fingerprints import join_blobs, open_shared
from variorum.matching.ratings import mark_moved, open_words
from variorum.matching.seeds import choose_pairs, collect_seeds, group_seeds
from variorum.matching.tabulating import ALL, direct_table, find_common, place_direct, span_limits
from variorum.matching.transits import complete_families, keep_longest
from variorum.schema import check_table

STRONG = 8
"""Seeds of a pair with a hub from which it is aligned first. A letter sent thousands of times shares most of its shingles with the first
of them, and a few odd ones with many others; those few then follow from the first."""
HUB_CHAIN = 28
"""Least chain of a pair that a hub shingle joins, in letters: a shingle that common says little alone, and a passage has many."""
WORK = ("pairs", "pairs_explained", "chains", "alignments", "gap_cells", "spans_found", "extended", "phrases")
_SORT = ("witness_a", "witness_b", "low_a", "low_b", "high_a", "high_b")
_BATCH = 50_000


def match_witnesses(
    index: Path, work: Path, config: MatchingConfig, engine: Engine, series: np.ndarray | None, prefix: Prefix | None = None
) -> tuple[Iterator[pa.Table], dict[str, int]]:
    """Return the SPANS of a corpus in parts, in order, and the counters of the work done, which are whole after the last part.

    Args:
        index: index folder with letter stream and fingerprints; the files of direct spans are written here.
        work: folder for seeds on their way.
        series: int32 code per witness where spans inside one series are left out, else None.
        prefix: the first witnesses, where they are matched with each other already.
    """
    counters = find_direct(index, work, config, engine, series, prefix)
    return complete_spans(index, work, config, engine, series, counters), counters


def find_direct(
    index: Path, work: Path, config: MatchingConfig, engine: Engine, series: np.ndarray | None, prefix: Prefix | None = None
) -> dict[str, int]:
    """Write the direct spans of all pairs and return counters; those of `prefix` are taken over."""
    counters: dict[str, int] = {}
    work.mkdir(parents=True, exist_ok=True)
    directs = Directs(index)
    directs.forget(0)
    n_old = prefix.n_texts if prefix else 0
    if prefix:
        directs.take_over(prefix)
    store, _ = open_shared(str(index))
    seeds = collect_seeds(index, config.max_df, series, n_old, engine, counters)
    first = functools.partial(_align_hubs, str(index), str(work), config, counters)
    directs.write("strong", n_old, engine.map_groups(first, seeds, "bucket", "direct_spans"))
    release_unused()
    known = _known_hubs(directs.open("strong"), store.n_texts)
    second = functools.partial(_align_others, str(index), config, known, counters)
    buckets = [pa.record_batch({"path": pa.array([str(path)])}) for path in sorted(work.glob("rest-*.arrow"))]
    directs.write("plain", n_old, (pa.Table.from_batches([batch]) for batch in engine.map_batches(second, buckets, "direct_spans")))
    return counters


def complete_spans(
    index: Path, work: Path, config: MatchingConfig, engine: Engine, series: np.ndarray | None, counters: dict[str, int]
) -> Iterator[pa.Table]:
    """Yield the SPANS, in order and numbered: the direct ones and those between members of one family that have none."""
    store, _ = open_shared(str(index))
    directs = Directs(index)
    direct = SpanRows([*directs.open("strong"), *directs.open("plain")])
    found = complete_families(direct, store, config, series, engine, counters)
    with keep_batches(work / "transits.arrow", found) as transits:
        rows = SpanRows([*direct.batches, *transits])
        counters["transits_found"] = len(rows) - len(direct)
        order = _order_spans(rows, str(index), config)
        release_unused()  # sorting took several times what the order takes
        place = functools.partial(_place_rows, str(index), config, rows, order)
        for batch in engine.map_batches(place, _cut_between_pairs(rows, order), "spans"):
            yield pa.Table.from_batches([batch])


def _order_spans(rows: SpanRows, index: str, config: MatchingConfig) -> np.ndarray:
    """Return the rows that stay, in the order of SPANS: not the short and common ones, and of those over one place of the same two texts the longest."""
    pairs, text, low, high = rows.sides()
    length = high - low
    short = np.flatnonzero(np.minimum(length[: len(rows)], length[len(rows) :]) < config.min_letters)
    stays = np.ones(len(rows), bool)
    if len(short):
        stays[short[find_common(rows.take(short), open_shared(index)[0], open_words(index), config)]] = False
    stays = np.flatnonzero(stays)
    kept = stays[keep_longest(pairs[stays], text, low, high)]
    return kept[np.lexsort([rows.column(name)[kept] for name in reversed(_SORT)])]


def _cut_between_pairs(rows: SpanRows, order: np.ndarray) -> Iterator[pa.RecordBatch]:
    """Yield ranges of the ordered rows, of about `_BATCH` each, that split no pair of texts."""
    a, b = rows.column("witness_a")[order], rows.column("witness_b")[order]
    begins = np.flatnonzero(np.concatenate([np.ones(min(1, len(a)), bool), (np.diff(a) != 0) | (np.diff(b) != 0)]))
    low = 0
    while low < len(order):
        at = int(np.searchsorted(begins, low + _BATCH))
        high = int(begins[at]) if at < len(begins) else len(order)
        yield pa.record_batch({"low": pa.array([low]), "high": pa.array([high])})
        low = high


def _place_rows(index: str, config: MatchingConfig, rows: SpanRows, order: np.ndarray, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a range of the ordered rows as SPANS, numbered."""
    low, high = batch["low"][0].as_py(), batch["high"][0].as_py()
    table = mark_moved(place_direct(rows.take(order[low:high]), open_shared(index)[0], open_words(index), config))
    table = table.set_column(0, "span", pa.array(np.arange(low, high, dtype=np.int32)))
    return check_table("spans", table).combine_chunks().to_batches()[0]


def _align_hubs(index: str, work: str, config: MatchingConfig, counters: dict[str, int], bucket: int, table: pa.Table) -> pa.Table:
    """Return the DIRECT_SPANS of the pairs of one bucket that share much with a hub; the others go to a file."""
    pairs, places = join_blobs(table["pairs"]), join_blobs(table["places"])
    texts, places, cuts, hubs = group_seeds(pairs, places)
    sizes = np.diff(cuts)
    strong = hubs & (sizes >= STRONG)
    _write_rest(Path(work) / f"rest-{bucket:05d}.arrow", *choose_pairs(texts, places, cuts, ~strong), hubs[~strong])
    nothing = (np.zeros(1, np.int64), np.zeros((0, 5), np.int64))
    return pa.Table.from_batches([_align_pairs(index, config, *choose_pairs(texts, places, cuts, strong), True, nothing, counters)])


def _write_rest(path: Path, texts: np.ndarray, places: np.ndarray, cuts: np.ndarray, hubs: np.ndarray) -> None:
    """Keep the pairs of one bucket for the second pass; the file has its name only once it is whole."""
    columns = {"texts": texts, "places": places, "cuts": cuts, "hubs": hubs.astype(np.uint8)}
    batch = pa.record_batch({name: pa.array([values.tobytes()], pa.binary()) for name, values in columns.items()})
    unfinished = path.with_suffix(".part")
    with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    os.replace(unfinished, path)


def _align_others(
    index: str, config: MatchingConfig, known: tuple[np.ndarray, np.ndarray], counters: dict[str, int], batch: pa.RecordBatch
) -> pa.RecordBatch:
    """Return the DIRECT_SPANS of the other pairs of one bucket, without the seeds that follow from what is known of hubs."""
    path = Path(batch["path"][0].as_py())
    with pa.memory_map(str(path)) as source:
        held = pa.ipc.open_file(source).get_batch(0)
        texts, places, cuts, hubs = (
            np.frombuffer(held[name][0].as_buffer(), dtype) for name, dtype in (("texts", np.uint64), ("places", np.uint64), ("cuts", np.int64), ("hubs", np.bool_))
        )
        found = [_align_pairs(index, config, *choose_pairs(texts, places, cuts, kept), hub, known, counters) for kept, hub in ((hubs, True), (~hubs, False))]
    path.unlink()
    return as_batch(pa.Table.from_batches(found))


def _align_pairs(
    index: str, config: MatchingConfig, texts: np.ndarray, places: np.ndarray, cuts: np.ndarray, hub: bool, known: tuple[np.ndarray, np.ndarray],
    counters: dict[str, int],
) -> pa.RecordBatch:  # fmt: skip
    """Return the DIRECT_SPANS of some pairs, all of which a hub shingle joins, or none."""
    store, _ = open_shared(index)
    pairing.sort_slices(places, cuts)
    work = np.zeros(8, np.int64)
    limits = span_limits(config)
    if hub:
        limits[4] = max(limits[4], HUB_CHAIN)
    found = pairing.match_seeds(texts, places, cuts, store.stream, store.stream, ALL, *known, limits, work)
    add_counts(counters, WORK, work.tolist())
    return direct_table(*found, store)


def _known_hubs(batches: list[pa.RecordBatch], n_texts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which stretches of each text lie over which of a hub (see `kernels.pairing.is_explained`), in letters."""
    rows = SpanRows(batches)
    known = np.stack([rows.column(name).astype(np.int64) for name in ("witness_b", "low_b", "high_b", "witness_a", "low_a", "high_a")], 1)
    known = np.unique(known, axis=0)
    bounds = np.zeros(n_texts + 1, np.int64)
    np.cumsum(np.bincount(known[:, 0], minlength=n_texts), out=bounds[1:])
    return bounds, np.ascontiguousarray(known[:, 1:])
