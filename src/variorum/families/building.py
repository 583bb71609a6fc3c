"""Build the tables of the families from spans: group, name, summarise, link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.allocators import release_unused
from variorum.config import FamiliesConfig
from variorum.families.groups import Intervals, Members, join_intervals, make_members
from variorum.families.guards import guard_families
from variorum.families.links import link_families
from variorum.families.names import name_families
from variorum.families.passages import expand_copies, tabulate_passages
from variorum.families.samples import ReadTexts
from variorum.families.summaries import SharedLetters, Summaries
from variorum.families.witnesses import Witnesses
from variorum.kernels import shingling
from variorum.letters import LetterStore, open_letters
from variorum.schema import REWORKED_KINDS, check_table, empty_table, verify_table

_MIN_VARIED = 0.5
_MIN_SHARED = 0.20
"""Distinct 7-letter shingles the sides of a span share: of real copies with one word in five changed on both sides, one in a thousand has so few."""
_SURE = 0.85
Side = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Texts and the letters ``[low, high)`` of each."""


def build_families(
    index: Path, spans: Iterable[pa.RecordBatch], witnesses: pa.Table, foldings: pa.Table, config: FamiliesConfig, read_texts: ReadTexts
) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """Return the tables FAMILIES, PASSAGES and FAMILY_LINKS, and counters.

    Args:
        index: index folder with the letter stream.
        spans: SPANS in parts, in order, of which witnesses, places, n_letters, similarity, kind and score are needed.
        witnesses: WITNESSES, of which siglum, series and the bounds of the dates are needed. foldings: FOLDINGS.
        read_texts: gives the texts of some witnesses.
    """
    store = open_letters(index)
    known = Witnesses(witnesses, foldings)
    shared = SharedLetters(known.n)
    members = _keep_shared(_group(_make_intervals(spans, known, store, config, shared), store, config), known)
    release_unused()  # the intervals of all spans took several times what their families take
    names = name_families(members, known, store)
    rows = expand_copies(members, known, store)
    tables = {
        "families": Summaries(members, rows, names, known, store).tabulate(shared, read_texts),
        "passages": tabulate_passages(rows, names, known),
        "family_links": link_families(members, names, config),
    }
    tables = {name: verify_table(name, check_table(name, table)) for name, table in tables.items()}
    counters = {"families": len(names), "passages": len(rows.family), "links": len(tables["family_links"])}
    return tables, {**counters, "families_split": len(np.unique(members.family[members.split]))}


def _make_intervals(
    spans: Iterable[pa.RecordBatch], known: Witnesses, store: LetterStore, config: FamiliesConfig, shared: SharedLetters
) -> Intervals:
    """Return both intervals of every span that may make a family, and the whole texts that have exact copies; `shared` counts what each two texts share."""
    columns = [list(column) for column in zip(*(_choose_spans(table, store, config) for table in _take_spans(spans, shared)), strict=True)]
    whole = np.flatnonzero((known.n_copies > 0) & (known.n_letters >= config.min_letters))
    n = sum(map(len, columns[0]))

    def join(one: int, other: int, wholes: np.ndarray) -> np.ndarray:
        """Return a column of both sides; the parts it is made of are given back, since all columns at once would take twice the memory."""
        joined = np.concatenate([*columns[one], *columns[other], wholes])
        columns[one] = columns[other] = []
        return joined

    return Intervals(
        text=join(0, 3, whole),
        start=join(1, 4, np.zeros(len(whole), np.int64)),
        end=join(2, 5, known.n_letters[whole]),
        mate=np.concatenate([np.arange(n) + n, np.arange(n), np.arange(2 * n, 2 * n + len(whole))]),
        similarity=join(7, 7, np.ones(len(whole))),
        reworked=join(6, 6, np.zeros(len(whole), np.int32)),
        place=known.text_place,
    )


def _take_spans(spans: Iterable[pa.RecordBatch], shared: SharedLetters) -> Iterator[pa.Table]:
    """Yield SPANS in parts, counted in `shared`; summaries come last, each as one row."""
    summaries = []
    for batch in spans:
        table = pa.Table.from_batches([batch]).select(_NEEDED)
        shared.add(*(table[name].to_numpy() for name in ("witness_a", "witness_b", "n_letters")))
        summarised = pc.equal(table["kind"], REWORKED_KINDS[1])
        summaries.append(table.filter(summarised))
        yield table.filter(pc.invert(summarised))
    yield _join_summaries(pa.concat_tables(summaries) if summaries else empty_table("spans").select(_NEEDED))


def _choose_spans(spans: pa.Table, store: LetterStore, config: FamiliesConfig) -> tuple[np.ndarray, ...]:
    """Return text and letters of both sides of the spans that may make a family, whether deep mode found them, and their similarity."""
    reworked = 1 + pc.fill_null(pc.index_in(spans["kind"], pa.array(REWORKED_KINDS)), -1).to_numpy()
    # Letters say little of a reworked passage; its words have passed a test of their own.
    weighty = (spans["n_letters"].to_numpy() >= config.min_letters) | ((spans["score"].to_numpy() >= config.min_rare_nats) & (reworked == 0))
    fits = weighty & ((spans["similarity"].to_numpy() >= config.min_similarity) | (reworked > 0))
    spans, reworked = spans.filter(pa.array(fits)), reworked[fits]
    a, b = (spans[name].to_numpy().astype(np.int64) for name in ("witness_a", "witness_b"))
    low_a, high_a = store.locate_letters(a, spans["start_a"].to_numpy(), spans["end_a"].to_numpy())
    low_b, high_b = store.locate_letters(b, spans["start_b"].to_numpy(), spans["end_b"].to_numpy())
    similarity = spans["similarity"].to_numpy()
    said = _find_said(store, (a, low_a, high_a), (b, low_b, high_b), np.where(reworked > 0, 1.0, similarity))
    return tuple(column[said] for column in (a, low_a, high_a, b, low_b, high_b, reworked, similarity))


_BOX = {"start_a": "min", "end_a": "max", "start_b": "min", "end_b": "max"}
_NEEDED = ["witness_a", "witness_b", *_BOX, "n_letters", "similarity", "kind", "score"]


def _join_summaries(spans: pa.Table) -> pa.Table:
    """Return each summary as one row: its sentences, which have one score, belong together."""
    sums = [*_BOX.items(), ("n_letters", "sum"), ("similarity", "min"), ("kind", "min")]
    joined = spans.group_by(["witness_a", "witness_b", "score"], use_threads=False).aggregate(sums)
    columns = {name: joined[name if name in ("witness_a", "witness_b", "score") else f"{name}_{dict(sums)[name]}"] for name in _NEEDED}
    return pa.table(columns).cast(spans.schema)


def _find_said(store: LetterStore, side_a: Side, side_b: Side, similarity: np.ndarray) -> np.ndarray:
    """Return which spans say something: those of text, whose two sides agree in more than words that come back and back.

    Half of a span or more may be no text, such as the bullets of a broken encoding. And lists of different names are
    aligned, since each name is followed by the same title.
    """
    (low_a, high_a), (low_b, high_b) = ((store.starts[text] + low, store.starts[text] + high) for text, low, high in (side_a, side_b))
    varied = np.empty(len(low_a))
    shingling.share_varied(store.letters, low_a, high_a, varied)
    said = varied >= _MIN_VARIED
    unsure = np.flatnonzero(similarity < _SURE)
    share = np.empty(len(unsure))
    shingling.share_sides(store.letters, low_a[unsure], high_a[unsure], low_b[unsure], high_b[unsure], share)
    said[unsure] &= share >= _MIN_SHARED
    return said


def _group(intervals: Intervals, store: LetterStore, config: FamiliesConfig) -> Members:
    """Return the passages of all families."""
    family, split = guard_families(intervals, join_intervals(intervals, config), store, config)
    return make_members(intervals, family, split, settled=True)


def _keep_shared(members: Members, known: Witnesses) -> Members:
    """Return the families of two or more witnesses, numbered from 0; their passages in an order that is not that of reading.

    A text with exact copies makes a family by itself, but only as a whole: a stretch that it shares with its copies
    alone says nothing more.
    """
    bounds = members.bounds()
    first, last = bounds[:-1], bounds[1:] - 1
    whole = known.n_letters[members.text[first]] == members.end[first] - members.start[first]
    several = members.text[first] != members.text[last]
    keep = (several | ((known.n_copies[members.text[first]] > 0) & whole))[members.family]
    kept = members.cut(keep)
    number = np.unique(kept.family, return_inverse=True)[1]
    order = np.lexsort((kept.start, known.text_place[kept.text], number))
    return Members(number, *(getattr(kept, name) for name in ("text", "start", "end", "n_spans", "reworked", "split"))).cut(order)
