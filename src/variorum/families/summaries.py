"""The rows of FAMILIES: who holds a family's text, since when, what it is worth reading and why it may be boilerplate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.families import marks
from variorum.families.groups import Members
from variorum.families.guards import find_medoid
from variorum.families.passages import Passages
from variorum.families.witnesses import Witnesses, find_earliest
from variorum.kernels import grouping
from variorum.letters import LetterStore
from variorum.schema import TABLES

ReadTexts = Callable[[Sequence[int]], dict[int, str]]

EDGE_LETTERS = 60
"""A passage this near to the first or last letter of its text stands at its beginning or end."""
_BATCH = 1000
_LOOKED_AT = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """What is read of one family: the medoid's text, passages with the medoid's first, how many are quoted, how much they share with the medoid."""

    medoid: int
    passages: list[str]
    n_quoted: int
    similarity: float


class Summaries:
    """Sums up families: one row each."""

    def __init__(self, members: Members, rows: Passages, names: np.ndarray, known: Witnesses, store: LetterStore) -> None:
        """Take the passages in letters and in code points, and the id of each family."""
        self.members, self.rows, self.names, self.known, self.store = members, rows, names, known, store
        self.bounds = members.bounds()
        self.row_bounds = np.searchsorted(rows.family, np.arange(len(names) + 1))

    def tabulate(self, spans: pa.Table, read_texts: ReadTexts) -> pa.Table:
        """Return the FAMILIES table, ranked."""
        shared = SharedLetters(spans, self.known.n)
        found: list[dict[str, Any]] = []
        for low in range(0, len(self.names), _BATCH):
            batch = range(low, min(low + _BATCH, len(self.names)))
            samples = self._sample(batch, read_texts)
            found += [self._family_row(f, sample, shared) for f, sample in zip(batch, samples, strict=True)]
        found.sort(key=lambda row: (row["common"], -row["substance"], row["family"]))
        for rank, row in enumerate(found, 1):
            row["rank"] = rank
        return pa.Table.from_pylist(found, schema=TABLES["families"].schema)

    def _sample(self, batch: range, read_texts: ReadTexts) -> list[Sample]:
        """Return what is looked at of each family: one call a batch for places, for shares and for texts."""
        looked = [self._look_at(f) for f in batch]
        bounds = np.cumsum([0, *map(len, looked)])
        rows = np.array([row for part in looked for row in part], np.int64)
        m, store = self.members, self.store
        text, low, high = m.text[rows], m.start[rows], m.end[rows]
        share = np.empty(len(rows))
        grouping.share_with_first(store.letters, store.starts[text] + low, store.starts[text] + high, bounds, share)
        start, end = (column.tolist() for column in store.locate_places(text, low, high))
        numbers = text.tolist()
        texts = read_texts(sorted(set(numbers)))
        samples = []
        for x, y in pairwise(bounds.tolist()):
            passages = [texts[numbers[i]][start[i] : end[i]] for i in range(x, y)]
            n_quoted = sum(marks.is_quoted(texts[numbers[i]], start[i], end[i]) for i in range(x, y))
            samples.append(Sample(numbers[x], passages, n_quoted, float(median(share[x + 1 : y].tolist())) if y - x > 1 else 1.0))
        return samples

    def _own(self, f: int) -> slice:
        """Return the rows of a family's members."""
        return slice(int(self.bounds[f]), int(self.bounds[f + 1]))

    def _look_at(self, f: int) -> list[int]:
        """Return the members whose texts are read: the medoid first, then a few spread over the family."""
        own = self._own(f)
        medoid = own.start + find_medoid(self.members.cut(own), self.known.text_place)
        step = max(1, (own.stop - own.start) // _LOOKED_AT)
        return [medoid, *[r for r in range(own.start, own.stop, step) if r != medoid][:_LOOKED_AT]]

    def _family_row(self, f: int, sample: Sample, shared: SharedLetters) -> dict[str, Any]:
        m, known, own = self.members, self.known, self._own(f)
        rows = slice(int(self.row_bounds[f]), int(self.row_bounds[f + 1]))
        witnesses = np.unique(self.rows.witness[rows]).tolist()
        n_series = len({known.series[w] for w in witnesses})
        firsts = [at for w in witnesses if (at := known.first[w]) is not None]
        lasts = [at for w in witnesses if (at := known.last[w]) is not None]
        n_letters = median((m.end[own] - m.start[own]).tolist())
        signs, passage = self._signs(f, sample, shared), sample.passages[0]
        label, reasons = marks.mark_family(signs)
        return {
            "family": self.names[f],
            "rank": 0,
            "n_passages": rows.stop - rows.start,
            "n_witnesses": len(witnesses),
            "n_series": n_series,
            "earliest": find_earliest(witnesses, known.first, known.last),
            "first_at": min(firsts, default=None),
            "last_at": max(lasts, default=None),
            "n_days": (max(firsts) - min(firsts)).days if firsts else None,
            "medoid": sample.medoid,
            "n_letters": int(n_letters),
            "n_running_words": signs.words.n_running,
            "similarity": sample.similarity,
            "substance": marks.score_substance(n_letters, signs.words, n_series, len(witnesses), known.n),
            "common": label is not None,
            "label": label,
            "reasons": reasons,
            "split": bool(m.split[own].any()),
            "excerpt": " ".join(passage[:400].split())[:200],
        }

    def _signs(self, f: int, sample: Sample, shared: SharedLetters) -> marks.Signs:
        """Return what the marks look at."""
        m, known, own, passages = self.members, self.known, self._own(f), sample.passages
        length = known.n_letters[m.text[own]]
        at_edge = (m.start[own] <= EDGE_LETTERS) | (length - m.end[own] <= EDGE_LETTERS)
        # A passage that fills its text stands at both ends without being furniture.
        fills = 2 * (m.end[own] - m.start[own]) >= length
        rows = slice(int(self.row_bounds[f]), int(self.row_bounds[f + 1]))
        offices, n_dates = self._count_offices(rows)
        main_share = max(offices.values()) / sum(offices.values())
        return marks.Signs(
            words=marks.count_words(passages[0]),
            n_characters=float(median(len(p) for p in passages)),
            n_witnesses=sum(offices.values()),
            n_dates=n_dates,
            main_series_share=main_share,
            shared_else=self._shared_else(own, shared),
            edge_share=float((at_edge & ~fills).mean()),
            # Only the template of one series is told by its slots, and looking for them is dear.
            slots=main_share >= 0.8 and marks.has_slots(passages),
            quoted=sample.n_quoted >= 2,
        )

    def _count_offices(self, rows: slice) -> tuple[Counter[str], int]:
        """Return how many statements of each series hold a family, and on how many days; what one series gave twice on one day counts once."""
        known = self.known
        given = zip(self.rows.witness[rows].tolist(), self.rows.matched[rows].tolist(), strict=True)
        distinct = {(text, known.series[w], at.date() if (at := known.first[w]) else w) for w, text in given}
        days = {day for _, _, day in distinct if not isinstance(day, int)}
        return Counter(series for _, series, _ in distinct), len(days)

    def _shared_else(self, own: slice, shared: SharedLetters) -> float:
        """Return the median share of what is left of two texts, without the passage, that they share as well; a few pairs are looked at."""
        m = self.members
        rows = range(own.start, own.stop, max(1, (own.stop - own.start) // _LOOKED_AT))[: _LOOKED_AT + 1]
        looked = [(int(m.text[r]), int(m.end[r] - m.start[r]), int(self.known.n_letters[m.text[r]])) for r in rows]
        shares = []
        for i, (a, size_a, length_a) in enumerate(looked):
            for b, size_b, length_b in looked[i + 1 :]:
                size = min(size_a, size_b)
                left = min(length_a, length_b) - size
                if a != b and left >= 1:
                    shares.append(min(1.0, max(0.0, shared.of(min(a, b), max(a, b)) - size) / left))
        return median(shares) if shares else 1.0


class SharedLetters:
    """The letters that each two witnesses share in all their spans."""

    def __init__(self, spans: pa.Table, n: int) -> None:
        """Take SPANS and the number of witnesses."""
        self._n = max(1, n)
        a, b, letters = (spans[name].to_numpy() for name in ("witness_a", "witness_b", "n_letters"))
        keys = a.astype(np.int64) * self._n + b
        cuts = np.flatnonzero(np.diff(keys, prepend=-1))  # SPANS are sorted by witnesses
        self._keys = keys[cuts]
        self._sums = np.add.reduceat(letters.astype(np.int64), cuts) if len(cuts) else np.zeros(0, np.int64)

    def of(self, a: int, b: int) -> int:
        """Return the letters that two witnesses share; a is the smaller number."""
        key = a * self._n + b
        at = int(np.searchsorted(self._keys, key))
        return int(self._sums[at]) if at < len(self._keys) and self._keys[at] == key else 0
