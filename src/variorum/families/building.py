"""Build the tables of the families from spans: passages, exact copies, dates, marks, rank."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.config import FamiliesConfig
from variorum.families import marks
from variorum.families.groups import Intervals, Members, find_medoid, group_intervals, share_with_medoid
from variorum.families.links import link_families
from variorum.letters import LetterStore, open_letters
from variorum.schema import TABLES, check_table, verify_table

ReadTexts = Callable[[Sequence[int]], dict[int, str]]

EDGE_LETTERS = 60
"""A passage this near to the first or last letter of its text stands at its beginning or end."""
_BATCH = 1000
_LOOKED_AT = 8


def build_families(
    index: Path, spans: pa.Table, witnesses: pa.Table, foldings: pa.Table, config: FamiliesConfig, read_texts: ReadTexts
) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """Return the tables FAMILIES, PASSAGES and FAMILY_LINKS, and counters.

    Args:
        index: index folder with the letter stream.
        spans: SPANS. witnesses: WITNESSES, without metadata and text. foldings: FOLDINGS.
        read_texts: gives the texts of some witnesses.
    """
    store = open_letters(index)
    corpus = _Corpus(witnesses, foldings)
    members = _group(spans, corpus, store, config)
    held = _Held.make(members, corpus, store)
    families, passages = _Tables(held, corpus, store, spans, read_texts).build()
    links = link_families(held.members, held.names, config)
    tables = {
        "families": verify_table("families", check_table("families", families)),
        "passages": verify_table("passages", check_table("passages", passages)),
        "family_links": verify_table("family_links", check_table("family_links", links)),
    }
    n_split = int(members.split.any()) and len(np.unique(members.family[members.split]))
    return tables, {"families": len(families), "passages": len(passages), "links": len(links), "families_split": int(n_split)}


class _Corpus:
    """What families need of the witnesses, as arrays by witness number."""

    def __init__(self, witnesses: pa.Table, foldings: pa.Table) -> None:
        self.n = len(witnesses)
        self.siglum: list[str] = witnesses["siglum"].to_pylist()
        self.n_letters = foldings["n_letters"].to_numpy().astype(np.int64)
        self.copy_of = foldings["copy_of"].to_numpy().astype(np.int64)
        self.first: list[datetime | None] = witnesses["not_before_at"].to_pylist()
        self.last: list[datetime | None] = witnesses["not_after_at"].to_pylist()
        series = witnesses["series"].to_pylist()
        # A witness without a series counts for itself.
        self.series = [f"s:{s}" if s is not None else f"w:{i}" for i, s in enumerate(series)]

    @cached_property
    def copies(self) -> dict[int, list[int]]:
        """The copies of each witness that has some."""
        found: dict[int, list[int]] = {}
        for witness in np.flatnonzero(self.copy_of != np.arange(self.n)):
            found.setdefault(int(self.copy_of[witness]), []).append(int(witness))
        return found

    def order_key(self, witness: int) -> tuple[bool, float, str]:
        """Sort by date, undated last, then by siglum."""
        at = self.first[witness]
        return (at is None, at.timestamp() if at else 0.0, self.siglum[witness])


def _group(spans: pa.Table, corpus: _Corpus, store: LetterStore, config: FamiliesConfig) -> Members:
    """Return the passages of all families; an incoherent corpus is grouped at the stricter similarity."""
    intervals, similarity = _make_intervals(spans, corpus, store, config)
    members = group_intervals(intervals, store, config)
    sizes = np.diff(members.bounds())
    if len(sizes) == 0:
        return members
    largest = int(np.argmax(sizes))
    formulaic = sizes[largest] > max(100, config.formulaic_share * corpus.n) and _coherence(members, largest, store, config) < 0.9
    if formulaic:
        members = group_intervals(intervals.take(np.flatnonzero(similarity >= config.formulaic_similarity)), store, config)
    return members


def _coherence(members: Members, family: int, store: LetterStore, config: FamiliesConfig) -> float:
    """Return the share of a family's passages that share enough with a passage other than the medoid (its shortest fifth's last)."""
    rows = np.flatnonzero(members.family == family)
    by_length = rows[np.argsort(members.end[rows] - members.start[rows], kind="stable")]
    other = by_length[len(by_length) // 5]
    pick = np.concatenate([[other], rows[rows != other]])
    favoured = np.zeros(len(pick), np.int64)
    favoured[0] = 1
    share = share_with_medoid(members.text[pick], members.start[pick], members.end[pick], favoured, store)
    return float((share >= 0.75 * config.medoid_share).mean())


def _make_intervals(spans: pa.Table, corpus: _Corpus, store: LetterStore, config: FamiliesConfig) -> tuple[Intervals, np.ndarray]:
    """Return both intervals of every span that may make a family, and whole texts that have exact copies, with their similarities."""
    fits = (spans["n_letters"].to_numpy() >= config.min_letters) & (spans["similarity"].to_numpy() >= config.min_similarity)
    spans = spans.filter(pa.array(fits))
    a, b = (spans[name].to_numpy().astype(np.int64) for name in ("witness_a", "witness_b"))
    low_a, high_a = store.locate_letters(a, spans["start_a"].to_numpy(), spans["end_a"].to_numpy())
    low_b, high_b = store.locate_letters(b, spans["start_b"].to_numpy(), spans["end_b"].to_numpy())
    whole = np.array([w for w in sorted(corpus.copies) if corpus.n_letters[w] >= config.min_letters], np.int64)
    n = len(a)
    mate = np.concatenate([np.arange(n) + n, np.arange(n), np.arange(2 * n, 2 * n + len(whole))])
    zero = np.zeros(len(whole), np.int64)
    intervals = Intervals(
        np.concatenate([a, b, whole]),
        np.concatenate([low_a, low_b, zero]),
        np.concatenate([high_a, high_b, corpus.n_letters[whole]]),
        mate,
    )
    similarity = spans["similarity"].to_numpy()
    return intervals, np.concatenate([similarity, similarity, np.ones(len(whole))])


@dataclass(frozen=True)
class _Held:
    """Families with two or more witnesses, exact copies counted: passages in letters and each family's id."""

    members: Members
    names: np.ndarray

    @classmethod
    def make(cls, members: Members, corpus: _Corpus, store: LetterStore) -> _Held:
        bounds = members.bounds()
        keep = np.zeros(len(members.family), bool)
        for f in range(len(bounds) - 1):
            texts = np.unique(members.text[bounds[f] : bounds[f + 1]])
            keep[bounds[f] : bounds[f + 1]] = len(texts) > 1 or int(texts[0]) in corpus.copies
        _, number = np.unique(members.family[keep], return_inverse=True)
        columns = [getattr(members, name)[keep] for name in ("text", "start", "end", "n_spans", "split")]
        held = Members(number, *columns)
        return cls(held, _name_families(held, corpus, store))


def _name_families(members: Members, corpus: _Corpus, store: LetterStore) -> np.ndarray:
    """Return an id for each family: a hash of the letters of its earliest passage, which another run finds again."""
    bounds = members.bounds()
    names: list[str] = []
    taken: set[str] = set()
    for f in range(len(bounds) - 1):
        rows = range(bounds[f], bounds[f + 1])
        first = min(rows, key=lambda r: (corpus.order_key(int(members.text[r])), int(members.start[r])))
        letters = store.text_letters(int(members.text[first]))[members.start[first] : members.end[first]]
        name = _short_hash(letters.tobytes(), taken)
        names.append(name)
    return np.array(names, dtype=object)


def _short_hash(data: bytes, taken: set[str]) -> str:
    """Return a hash of `data` in 8 hexadecimal digits, or more where those are taken."""
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    size = 8
    while digest[:size] in taken and size < len(digest):
        size += 4
    name = digest[:size]
    while name in taken:  # the same letters begin two families
        digest = hashlib.blake2b(digest.encode(), digest_size=16).hexdigest()
        name = digest[:8]
    taken.add(name)
    return name


class _Tables:
    """Writes the rows of FAMILIES and PASSAGES."""

    def __init__(self, held: _Held, corpus: _Corpus, store: LetterStore, spans: pa.Table, read_texts: ReadTexts) -> None:
        self.held, self.members, self.corpus, self.store = held, held.members, corpus, store
        self.read_texts = read_texts
        self.bounds = held.members.bounds()
        self.rows = _expand_copies(held.members, corpus, store)
        self.pair_letters = _sum_pairs(spans, corpus.n)
        self.similarity = float(np.median(spans["similarity"].to_numpy())) if len(spans) else 1.0

    def build(self) -> tuple[pa.Table, pa.Table]:
        """Return both tables, families ranked."""
        n = len(self.held.names)
        family_rows: list[dict[str, Any]] = []
        for low in range(0, n, _BATCH):
            batch = range(low, min(low + _BATCH, n))
            looked = {f: self._look_at(f) for f in batch}
            texts = self.read_texts(sorted({int(self.members.text[r]) for rows in looked.values() for r in rows}))
            family_rows += [self._family_row(f, looked[f], texts) for f in batch]
        family_rows.sort(key=lambda row: (row["common"], -row["substance"], row["family"]))
        for rank, row in enumerate(family_rows, 1):
            row["rank"] = rank
        schema = TABLES["families"].schema
        return pa.Table.from_pylist(family_rows, schema=schema), self._passages()

    def _look_at(self, f: int) -> list[int]:
        """Return the members whose texts are read: the medoid first, then a few spread over the family."""
        low, high = int(self.bounds[f]), int(self.bounds[f + 1])
        part = slice(low, high)
        m = self.members
        medoid = low + find_medoid(m.text[part], m.start[part], m.end[part], m.n_spans[part])
        step = max(1, (high - low) // _LOOKED_AT)
        return [medoid, *[r for r in range(low, high, step) if r != medoid][:_LOOKED_AT]]

    def _family_row(self, f: int, looked: list[int], texts: dict[int, str]) -> dict[str, Any]:
        m, corpus = self.members, self.corpus
        own = self.rows.family_slice(f)
        witnesses = np.unique(self.rows.witness[own])
        series = [corpus.series[w] for w in witnesses]
        dates = [corpus.first[w] for w in witnesses if corpus.first[w] is not None]
        ends = [corpus.last[w] for w in witnesses if corpus.last[w] is not None]
        medoid = looked[0]
        start, end = self.store.places(int(m.text[medoid]), int(m.start[medoid]), int(m.end[medoid]))
        passage = texts[int(m.text[medoid])][start:end]
        words = marks.count_words(passage)
        lengths = m.end[self.bounds[f] : self.bounds[f + 1]] - m.start[self.bounds[f] : self.bounds[f + 1]]
        signs = self._signs(f, looked, texts, words, series, dates)
        label, reasons = marks.mark_family(signs)
        n_series = len(set(series))
        substance = marks.score_substance(float(np.median(lengths)), words, n_series, len(witnesses), corpus.n)
        return {
            "family": self.held.names[f],
            "rank": 0,
            "n_passages": own.stop - own.start,
            "n_witnesses": len(witnesses),
            "n_series": n_series,
            "earliest": find_earliest([int(w) for w in witnesses], corpus.first, corpus.last),
            "first_at": min(dates, default=None),
            "last_at": max(ends, default=None),
            "n_days": (max(dates) - min(dates)).days if dates else None,
            "medoid": int(m.text[medoid]),
            "n_letters": int(np.median(lengths)),
            "n_running_words": words.n_running,
            "similarity": self._similarity(looked),
            "substance": substance,
            "common": label is not None,
            "label": label,
            "reasons": reasons,
            "split": bool(m.split[self.bounds[f] : self.bounds[f + 1]].any()),
            "excerpt": " ".join(passage[:400].split())[:200],
        }

    def _similarity(self, looked: list[int]) -> float:
        """Return the median share of 7-letter shingles that the members looked at share with the medoid."""
        m = self.members
        rows = np.array(looked)
        if len(rows) < 2:
            return 1.0
        favoured = np.zeros(len(rows), np.int64)
        favoured[0] = 1
        share = share_with_medoid(m.text[rows], m.start[rows], m.end[rows], favoured, self.store)
        return float(np.median(share[1:]))

    def _signs(
        self, f: int, looked: list[int], texts: dict[int, str], words: marks.Words, series: list[str], dates: list[datetime]
    ) -> marks.Signs:
        m = self.members
        passages, n_quoted = [], 0
        for row in looked:
            text = texts[int(m.text[row])]
            start, end = self.store.places(int(m.text[row]), int(m.start[row]), int(m.end[row]))
            passages.append(text[start:end])
            n_quoted += marks.is_quoted(text, start, end)
        own = slice(int(self.bounds[f]), int(self.bounds[f + 1]))
        length = self.corpus.n_letters[m.text[own]]
        at_edge = (m.start[own] <= EDGE_LETTERS) | (length - m.end[own] <= EDGE_LETTERS)
        # A passage that fills its text stands at both ends without being furniture.
        fills = 2 * (m.end[own] - m.start[own]) >= length
        counts = np.unique(np.array(series), return_counts=True)[1]
        return marks.Signs(
            words=words,
            n_characters=float(np.median([len(p) for p in passages])),
            n_witnesses=len(series),
            n_dates=len({d.date() for d in dates}),
            main_series_share=float(counts.max() / counts.sum()),
            shared_else=self._shared_else(own),
            edge_share=float((at_edge & ~fills).mean()),
            slots=marks.has_slots(passages),
            quoted=n_quoted >= 2,
        )

    def _shared_else(self, own: slice) -> float:
        """Return the median share of what is left of two texts, without the passage, that they share as well; a few pairs are looked at."""
        m = self.members
        rows = np.arange(own.start, own.stop)
        rows = rows[:: max(1, len(rows) // _LOOKED_AT)][: _LOOKED_AT + 1]
        shares = []
        for x, i in enumerate(rows):
            for j in rows[x + 1 :]:
                a, b = int(min(m.text[i], m.text[j])), int(max(m.text[i], m.text[j]))
                size = min(m.end[i] - m.start[i], m.end[j] - m.start[j])
                left = min(self.corpus.n_letters[a], self.corpus.n_letters[b]) - size
                if a == b or left < 1:
                    continue
                shares.append(min(1.0, max(0.0, self.pair_letters.get((a, b), 0) - size) / left))
        return float(np.median(shares)) if shares else 1.0

    def _passages(self) -> pa.Table:
        rows, corpus = self.rows, self.corpus
        ids = _passage_ids(rows, corpus)
        keys = [corpus.order_key(w) for w in range(corpus.n)]
        place = np.empty(corpus.n, np.int64)
        place[sorted(range(corpus.n), key=keys.__getitem__)] = np.arange(corpus.n)
        names = self.held.names[rows.family] if len(rows.family) else np.zeros(0, object)
        order = np.lexsort((rows.start, place[rows.witness], names.astype(str))) if len(names) else np.zeros(0, np.int64)
        family = names[order]
        fresh = np.concatenate([[True], family[1:] != family[:-1]]) if len(order) else np.zeros(0, bool)
        first = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
        copied = rows.witness != rows.matched
        columns = {
            "passage": pa.array([ids[i] for i in order], pa.string()),
            "family": pa.array(family.tolist(), pa.string()),
            "witness": pa.array(rows.witness[order], pa.int32()),
            "start": pa.array(rows.start[order], pa.int32()),
            "end": pa.array(rows.end[order], pa.int32()),
            "n_letters": pa.array(rows.n_letters[order], pa.int32()),
            "position": pa.array(np.arange(len(order)) - first, pa.int32()),
            "n_spans": pa.array(rows.n_spans[order], pa.int32()),
            "copy_of": pa.array(rows.matched[order], pa.int32(), mask=~copied[order]),
        }
        return pa.table(columns)


@dataclass(frozen=True)
class _Rows:
    """Passages in code points, exact copies included, sorted by family; `matched` is the witness that was matched."""

    family: np.ndarray
    witness: np.ndarray
    matched: np.ndarray
    start: np.ndarray
    end: np.ndarray
    n_letters: np.ndarray
    n_spans: np.ndarray

    def family_slice(self, f: int) -> slice:
        """Return the rows of a family."""
        return slice(int(np.searchsorted(self.family, f)), int(np.searchsorted(self.family, f, "right")))


def _expand_copies(members: Members, corpus: _Corpus, store: LetterStore) -> _Rows:
    """Return the passages of all members and of their exact copies, each at its own place."""
    times = np.array([1 + len(corpus.copies.get(int(w), ())) for w in members.text], np.int64)
    row = np.repeat(np.arange(len(times)), times)
    witness = np.array([w for text in members.text for w in (int(text), *corpus.copies.get(int(text), ()))], np.int64)
    start, end = store.locate_places(witness, members.start[row], members.end[row])
    n_letters = (members.end - members.start)[row]
    return _Rows(members.family[row], witness, members.text[row], start, end, n_letters, members.n_spans[row])


def _sum_pairs(spans: pa.Table, n: int) -> dict[tuple[int, int], int]:
    """Return the letters that each two witnesses share in all their spans."""
    a, b, letters = (spans[name].to_numpy().astype(np.int64) for name in ("witness_a", "witness_b", "n_letters"))
    keys, number = np.unique(a * max(1, n) + b, return_inverse=True)
    sums = np.bincount(number, letters, minlength=len(keys)) if len(keys) else np.zeros(0)
    return {(int(key) // n, int(key) % n): int(total) for key, total in zip(keys, sums, strict=True)}


def _passage_ids(rows: _Rows, corpus: _Corpus) -> list[str]:
    """Return an id for each passage: a hash of siglum and place; the same stretch in two families has one id."""
    ids: dict[str, bytes] = {}
    out = []
    for witness, start, end in zip(rows.witness.tolist(), rows.start.tolist(), rows.end.tolist(), strict=True):
        key = f"{corpus.siglum[witness]}\0{start}\0{end}".encode()
        digest = hashlib.blake2b(key, digest_size=12).hexdigest()
        size = 10
        while ids.setdefault(digest[:size], key) != key:
            size += 2
        out.append(digest[:size])
    return out


def find_earliest(witnesses: list[int], first: list[datetime | None], last: list[datetime | None]) -> int | None:
    """Return the witness whose date lies wholly before all others', or None where none is dated or two may be of one time."""
    dated = sorted((w for w in witnesses if first[w] is not None), key=lambda w: (first[w], last[w]))
    if not dated:
        return None
    best = dated[0]
    end = last[best] or first[best]
    return best if all(first[w] > end for w in dated[1:]) else None  # type: ignore[operator]
