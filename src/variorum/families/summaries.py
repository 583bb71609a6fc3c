"""The rows of FAMILIES: who holds a family's text, since when, what it is worth reading and why it may be boilerplate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.families import marks
from variorum.families.groups import Members
from variorum.families.guards import find_medoid, share_with
from variorum.families.passages import Passages
from variorum.families.witnesses import Witnesses, find_earliest
from variorum.letters import LetterStore
from variorum.schema import TABLES

ReadTexts = Callable[[Sequence[int]], dict[int, str]]

EDGE_LETTERS = 60
"""A passage this near to the first or last letter of its text stands at its beginning or end."""
_BATCH = 1000
_LOOKED_AT = 8


class Summaries:
    """Sums up families: one row each."""

    def __init__(self, members: Members, rows: Passages, names: np.ndarray, known: Witnesses, store: LetterStore) -> None:
        """Take the passages in letters and in code points, and the id of each family."""
        self.members, self.rows, self.names, self.known, self.store = members, rows, names, known, store
        self.bounds = members.bounds()

    def tabulate(self, spans: pa.Table, read_texts: ReadTexts) -> pa.Table:
        """Return the FAMILIES table, ranked."""
        shared = _sum_pairs(spans, self.known.n)
        found: list[dict[str, Any]] = []
        for low in range(0, len(self.names), _BATCH):
            batch = range(low, min(low + _BATCH, len(self.names)))
            looked = {f: self._look_at(f) for f in batch}
            texts = read_texts(sorted({int(self.members.text[r]) for rows in looked.values() for r in rows}))
            found += [self._family_row(f, looked[f], texts, shared) for f in batch]
        found.sort(key=lambda row: (row["common"], -row["substance"], row["family"]))
        for rank, row in enumerate(found, 1):
            row["rank"] = rank
        return pa.Table.from_pylist(found, schema=TABLES["families"].schema)

    def _own(self, f: int) -> slice:
        """Return the rows of a family's members."""
        return slice(int(self.bounds[f]), int(self.bounds[f + 1]))

    def _look_at(self, f: int) -> list[int]:
        """Return the members whose texts are read: the medoid first, then a few spread over the family."""
        own = self._own(f)
        medoid = own.start + find_medoid(self.members.cut(own), self.known.text_place)
        step = max(1, (own.stop - own.start) // _LOOKED_AT)
        return [medoid, *[r for r in range(own.start, own.stop, step) if r != medoid][:_LOOKED_AT]]

    def _family_row(self, f: int, looked: list[int], texts: dict[int, str], shared: dict[tuple[int, int], int]) -> dict[str, Any]:
        m, known, own = self.members, self.known, self._own(f)
        rows = self.rows.family_slice(f)
        witnesses = np.unique(self.rows.witness[rows]).tolist()
        n_series = len({known.series[w] for w in witnesses})
        firsts = [at for w in witnesses if (at := known.first[w]) is not None]
        lasts = [at for w in witnesses if (at := known.last[w]) is not None]
        n_letters = median((m.end[own] - m.start[own]).tolist())
        signs, passage = self._signs(f, looked, texts, shared)
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
            "medoid": int(m.text[looked[0]]),
            "n_letters": int(n_letters),
            "n_running_words": signs.words.n_running,
            "similarity": self._similarity(looked),
            "substance": marks.score_substance(n_letters, signs.words, n_series, len(witnesses), known.n),
            "common": label is not None,
            "label": label,
            "reasons": reasons,
            "split": bool(m.split[own].any()),
            "excerpt": " ".join(passage[:400].split())[:200],
        }

    def _similarity(self, looked: list[int]) -> float:
        """Return the median share of 7-letter shingles that the members looked at share with the medoid."""
        if len(looked) < 2:
            return 1.0
        return float(median(share_with(0, self.members.cut(np.array(looked)), self.store)[1:].tolist()))

    def _signs(self, f: int, looked: list[int], texts: dict[int, str], shared: dict[tuple[int, int], int]) -> tuple[marks.Signs, str]:
        """Return what the marks look at, and the medoid's passage."""
        m, known, own = self.members, self.known, self._own(f)
        passages, n_quoted = [], 0
        for row in looked:
            text = texts[int(m.text[row])]
            start, end = self.store.places(int(m.text[row]), int(m.start[row]), int(m.end[row]))
            passages.append(text[start:end])
            n_quoted += marks.is_quoted(text, start, end)
        length = known.n_letters[m.text[own]]
        at_edge = (m.start[own] <= EDGE_LETTERS) | (length - m.end[own] <= EDGE_LETTERS)
        # A passage that fills its text stands at both ends without being furniture.
        fills = 2 * (m.end[own] - m.start[own]) >= length
        rows = self.rows.family_slice(f)
        offices, n_dates = self._count_offices(rows)
        main_share = max(offices.values()) / sum(offices.values())
        signs = marks.Signs(
            words=marks.count_words(passages[0]),
            n_characters=float(median(len(p) for p in passages)),
            n_witnesses=sum(offices.values()),
            n_dates=n_dates,
            main_series_share=main_share,
            shared_else=self._shared_else(own, shared),
            edge_share=float((at_edge & ~fills).mean()),
            # Only the template of one series is told by its slots, and looking for them is dear.
            slots=main_share >= 0.8 and marks.has_slots(passages),
            quoted=n_quoted >= 2,
        )
        return signs, passages[0]

    def _count_offices(self, rows: slice) -> tuple[Counter[str], int]:
        """Return how many statements of each series hold a family, and on how many days; what one series gave twice on one day counts once."""
        known = self.known
        given = zip(self.rows.witness[rows].tolist(), self.rows.matched[rows].tolist(), strict=True)
        distinct = {(text, known.series[w], at.date() if (at := known.first[w]) else w) for w, text in given}
        days = {day for _, _, day in distinct if not isinstance(day, int)}
        return Counter(series for _, series, _ in distinct), len(days)

    def _shared_else(self, own: slice, shared: dict[tuple[int, int], int]) -> float:
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
                    shares.append(min(1.0, max(0.0, shared.get((min(a, b), max(a, b)), 0) - size) / left))
        return median(shares) if shares else 1.0


def _sum_pairs(spans: pa.Table, n: int) -> dict[tuple[int, int], int]:
    """Return the letters that each two witnesses share in all their spans."""
    a, b, letters = (spans[name].to_numpy().astype(np.int64) for name in ("witness_a", "witness_b", "n_letters"))
    keys, number = np.unique(a * max(1, n) + b, return_inverse=True)
    sums = np.bincount(number, letters, minlength=len(keys)) if len(keys) else np.zeros(0)
    return {(int(key) // n, int(key) % n): int(total) for key, total in zip(keys, sums, strict=True)}
