"""WITNESSES and SPANS to SPANS with reworked passages: deep mode over a whole corpus.

Words are read once, candidates found (`candidates.py`), each candidate pair compared (`reworks.py`), and what comes of it laid beside the
spans by letters. Those have the exact operations, so a reworked span that says no more than they do is dropped.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.config import DeepConfig
from variorum.engines.base import Engine
from variorum.kernels import retrieving
from variorum.matching import reworks
from variorum.matching.candidates import Known, corpus_background, find_candidates, index_words
from variorum.matching.reworks import WordPair
from variorum.schema import REWORKED_KINDS, check_table, empty_table, verify_table
from variorum.words import Vocabulary, WordStore, join_stores

REPEATED = 0.7
"""A reworked span repeats spans by letters where they cover so much of both its sides."""
_KNOWN_WORDS = 35  # of a cell
_WORD = re.compile(r"[^\W\d_]+")
_NAMES = 0.35  # running words among those with a capital and those without: fewer are a list of names
_MIN_NAMES = 8
_PAIRS = 512  # candidate pairs a task
_KEYS = [(name, "ascending") for name in ("witness_a", "witness_b", "start_a", "start_b", "end_a", "end_b")]


@dataclass(frozen=True)
class DeepInput:
    """What deep mode reads.

    Attributes:
        texts: WITNESSES in batches, columns ``witness`` and ``text``. foldings: FOLDINGS. spans: SPANS by letters.
        series: int32 code per witness where pairs inside one series are left out, else None.
        read_texts: gives the texts of some witnesses.
    """

    texts: Iterable[pa.RecordBatch]
    foldings: pa.Table
    spans: pa.Table
    series: np.ndarray | None
    read_texts: Callable[[Sequence[int]], dict[int, str]]


def deepen_spans(given: DeepInput, config: DeepConfig, engine: Engine, tell: Callable[[int, int], None]) -> tuple[pa.Table, pa.Table, dict[str, int]]:
    """Return SPANS with the reworked passages, CANDIDATES, and counters; `tell` is called with the pairs compared and how many there are."""
    counters: dict[str, int] = {}
    store, size = _read_words(given.texts, given.foldings)
    background = corpus_background(store.count(size))
    candidates = _find_candidates(given, store, background, config, engine, counters)
    raised = raise_limits(config, len(candidates))
    limits = reworks.make_limits(raised)
    regions = _find_regions(candidates, WordPair([], store, background), limits, engine, tell)
    found = [_tabulate(part, given.read_texts, store, background, raised) for part in _cut_pairs(regions)]
    table = pa.concat_tables(found) if found else empty_table("spans")
    fresh = table.filter(pa.array(~find_repeated(table, given.spans), pa.bool_()))
    counters["reworks_repeated"] = len(table) - len(fresh)
    for kind in REWORKED_KINDS:
        counters[kind] = pc.sum(pc.equal(fresh["kind"], kind)).as_py() or 0
    return merge_spans(given.spans, fresh), candidates, counters


def raise_limits(config: DeepConfig, n_pairs: int) -> DeepConfig:
    """Return the settings for that many pairs: among more of them one is likelier to agree by chance, as many times as there are."""
    more = math.log(max(1, n_pairs))
    return dataclasses.replace(config, min_nats=config.min_nats + more, min_nats_summary=config.min_nats_summary + more)


def _find_candidates(
    given: DeepInput, store: WordStore, background: np.ndarray, config: DeepConfig, engine: Engine, counters: dict[str, int]
) -> pa.Table:
    """Return CANDIDATES."""
    index, counts = index_words(store, background)
    counters.update(counts)
    codes = np.zeros(0, np.int32) if given.series is None else np.asarray(given.series, np.int32)
    known = Known(codes, given.foldings["letters_hash"].to_numpy(), *list_known(given.spans, store, index.cell_starts))
    return find_candidates(store, index, known, config, engine, counters)


def drop_reworked(spans: pa.Table) -> pa.Table:
    """Return SPANS as they were before deep mode."""
    return spans.filter(pc.invert(pc.is_in(spans["kind"], pa.array(REWORKED_KINDS))))


def merge_spans(spans: pa.Table, more: pa.Table) -> pa.Table:
    """Return two tables of SPANS as one, sorted and numbered."""
    merged = pa.concat_tables([spans, more]).sort_by(_KEYS)
    merged = merged.set_column(0, "span", pa.array(np.arange(len(merged), dtype=np.int32)))
    return verify_table("spans", check_table("spans", merged))


def _read_words(batches: Iterable[pa.RecordBatch], foldings: pa.Table) -> tuple[WordStore, int]:
    """Return the words of all texts, none of exact copies, and the size of the vocabulary."""
    vocabulary = Vocabulary()
    copied = foldings["copy_of"].to_numpy() != foldings["witness"].to_numpy()

    def parts() -> Iterator[WordStore]:
        for batch in batches:
            mine = copied[batch["witness"].to_numpy()]
            yield vocabulary.add(pc.if_else(pa.array(mine), "", batch["text"]))

    store = join_stores(parts())
    return store, len(vocabulary)


def list_known(spans: pa.Table, store: WordStore, cell_starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each text the cells of others that spans by letters have in common with it: bounds by text (int64), cells (int32).

    A cell counts where most of its words lie in the span: a passage reworked in part keeps the rest.
    """
    sides = [[spans[name + s].to_numpy().astype(np.int64) for name in ("witness_", "start_", "end_")] for s in ("a", "b")]
    owner = np.repeat(np.arange(store.n_texts, dtype=np.int64), np.diff(store.starts))
    places = (owner << 32) + store.begins
    texts, firsts, counts = [], [], []
    for (here, _, _), (other, start, end) in (sides, sides[::-1]):
        low, high = (np.searchsorted(places, (other << 32) + at) - store.starts[other] for at in (start, end))
        n_cells = cell_starts[other + 1] - cell_starts[other]
        spare = retrieving.CELL - _KNOWN_WORDS
        first, last = (low + _KNOWN_WORDS - 1) // retrieving.CELL, np.minimum((high + spare) // retrieving.CELL, n_cells)
        texts.append(here)
        firsts.append(first + cell_starts[other])
        counts.append(np.maximum(0, last - first))
    text, first, count = np.concatenate(texts), np.concatenate(firsts), np.concatenate(counts)
    begins = np.cumsum(count) - count
    cells = np.repeat(first - begins, count) + np.arange(int(count.sum()))
    text = np.repeat(text, count)
    order = np.argsort(text, kind="stable")
    bounds = np.zeros(store.n_texts + 1, np.int64)
    np.cumsum(np.bincount(text, minlength=store.n_texts), out=bounds[1:])
    return bounds, cells[order].astype(np.int32)


def _find_regions(candidates: pa.Table, held: WordPair, limits: np.ndarray, engine: Engine, tell: Callable[[int, int], None]) -> pa.Table:
    """Return the REGIONS of the candidate pairs."""

    def task(batch: pa.RecordBatch) -> pa.RecordBatch:
        pairs = np.stack([batch["witness_a"].to_numpy(), batch["witness_b"].to_numpy()], 1)
        regions = reworks.find_regions(pairs, held, limits)
        of = pairs[regions[:, 0].astype(np.int64)]
        return pa.record_batch({"witness_a": of[:, 0], "witness_b": of[:, 1], "region": pa.array([r.tobytes() for r in regions[:, 1:]], pa.binary())})

    found, done = [], 0
    for batch in engine.map_batches(task, iter(candidates.combine_chunks().to_batches(max_chunksize=_PAIRS)), "regions"):
        found.append(pa.Table.from_batches([batch]))
        done = min(done + _PAIRS, len(candidates))
        tell(done, len(candidates))
    return pa.concat_tables(found) if found else empty_table("regions")


def _cut_pairs(regions: pa.Table) -> Iterator[pa.Table]:
    """Yield the regions a few thousand at a time, those of one pair together."""
    a, b = regions["witness_a"].to_numpy(), regions["witness_b"].to_numpy()
    firsts = np.concatenate([[0], np.flatnonzero((np.diff(a) != 0) | (np.diff(b) != 0)) + 1]) if len(a) else np.zeros(0, np.int64)
    cuts = [*firsts[:: _PAIRS * 4].tolist(), len(a)]
    for low, high in pairwise(cuts):
        yield regions.slice(low, high - low)


def _tabulate(
    regions: pa.Table, read_texts: Callable[[Sequence[int]], dict[int, str]], store: WordStore, background: np.ndarray, config: DeepConfig
) -> pa.Table:
    """Return the SPANS of regions."""
    pairs = np.stack([regions["witness_a"].to_numpy(), regions["witness_b"].to_numpy()], 1)
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = (np.diff(pairs, axis=0) != 0).any(1)
    rows = np.array([np.frombuffer(row, np.float64) for row in regions["region"].to_pylist()])
    numbered = np.concatenate([(np.cumsum(fresh) - 1)[:, None], rows], 1)
    texts = read_texts(np.unique(pairs).tolist())
    table = reworks.tabulate_regions(numbered, np.ascontiguousarray(pairs[fresh]), WordPair(texts, store, background), config)
    # What is alike letter by letter and has no span by letters was left to the hubs of its family.
    table = table.filter(pc.is_in(table["kind"], pa.array(REWORKED_KINDS)))
    sides = [zip(*(table[name + side].to_pylist() for name in ("witness_", "start_", "end_")), strict=True) for side in "ab"]
    names = [any(is_list_of_names(texts[w][x:y]) for w, x, y in both) for both in zip(*sides, strict=True)]
    return table.filter(pc.invert(pa.array(names, pa.bool_())))


def is_list_of_names(text: str) -> bool:
    """Tell whether nearly all words of a text begin with a capital: the same people sign many letters, which makes none a reworking of another.

    A text in capitals throughout, or in a script without them, is none.
    """
    words = _WORD.findall(text)
    n_small = sum(word[0].islower() for word in words)
    n_names = sum(word[0].isupper() and not word.isupper() for word in words)
    return n_names >= _MIN_NAMES and n_small < _NAMES * (n_small + n_names)


def find_repeated(found: pa.Table, spans: pa.Table) -> np.ndarray:
    """Return which of the reworked spans `found` say no more than spans by letters of the same two witnesses."""
    by_pair: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
    wanted = set(zip(found["witness_a"].to_pylist(), found["witness_b"].to_pylist(), strict=True))
    columns = [spans[name].to_pylist() for name in ("witness_a", "witness_b", "start_a", "end_a", "start_b", "end_b")] if wanted else []
    for a, b, *box in zip(*columns, strict=True):
        if (a, b) in wanted:
            by_pair.setdefault((a, b), []).append(tuple(box))
    columns = [found[name].to_pylist() for name in ("witness_a", "witness_b", "start_a", "end_a", "start_b", "end_b")]
    return np.array([_is_repeated(tuple(box), by_pair.get((a, b), [])) for a, b, *box in zip(*columns, strict=True)], bool)


def _is_repeated(box: tuple[int, ...], others: list[tuple[int, int, int, int]]) -> bool:
    """Tell whether the parts of `others` that lie in a box on both sides cover enough of both its sides."""
    inside = [o for o in others if o[0] < box[1] and o[1] > box[0] and o[2] < box[3] and o[3] > box[2]]
    for low in (0, 2):
        covered, reach = 0, box[low]
        for start, end in sorted((o[low], o[low + 1]) for o in inside):
            start, end = max(start, reach), min(end, box[low + 1])
            covered, reach = covered + max(0, end - start), max(reach, end)
        if covered < REPEATED * (box[low + 1] - box[low]):
            return False
    return True
