"""What is read of each family: the medoid's passage and a few others, in the order of the witnesses that hold them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from variorum.families import marks
from variorum.families.groups import Members
from variorum.families.guards import find_medoids, share_with
from variorum.families.witnesses import Witnesses
from variorum.letters import LetterStore

ReadTexts = Callable[[Sequence[int]], dict[int, str]]

LOOKED_AT = 8
"""Passages that are looked at beside the medoid's."""
_BUDGET = 8_000_000
"""Letters of the texts that are read at once."""
_REACH = 40_000_000
"""Letters of all texts from the first to the last of them: what stands between is loaded with them."""


@dataclass(frozen=True)
class Samples:
    """Passages that are looked at: family, text and place in code points, int64 each, sorted by family, the medoid's first.

    `similarity` is, per family, the median share of shingles that the others have in common with the medoid's.
    """

    family: np.ndarray
    text: np.ndarray
    start: np.ndarray
    end: np.ndarray
    similarity: np.ndarray

    @property
    def medoids(self) -> np.ndarray:
        """The row of each family's medoid."""
        return np.flatnonzero(np.diff(self.family, prepend=-1))


def draw_samples(members: Members, known: Witnesses, store: LetterStore) -> Samples:
    """Return the medoid of each family and a few members spread over it."""
    bounds = members.bounds()
    n = len(bounds) - 1
    medoid = find_medoids(members, known.text_place)
    step = np.maximum(1, np.diff(bounds) // LOOKED_AT)
    spread = bounds[:-1, None] + step[:, None] * np.arange(LOOKED_AT + 1)
    kept = (spread < bounds[1:, None]) & (spread != medoid[:, None])
    kept &= np.cumsum(kept, axis=1) <= LOOKED_AT
    family = np.concatenate([np.arange(n), np.repeat(np.arange(n), kept.sum(axis=1))])
    order = np.argsort(family, kind="stable")
    family, rows = family[order], np.concatenate([medoid, spread[kept]])[order]
    share = share_with(medoid[family], rows, members, store)
    others = rows != medoid[family]
    text = members.text[rows]
    start, end = store.locate_places(text, members.start[rows], members.end[rows])
    return Samples(family, text, start, end, find_medians(share[others], family[others], n, 1.0))


def find_medians(values: np.ndarray, group: np.ndarray, n: int, default: float) -> np.ndarray:
    """Return the median of the values of each of `n` groups (float64), `default` where there is none."""
    order = np.lexsort((values, group))
    size = np.bincount(group, minlength=n)
    first = np.cumsum(size) - size
    found = np.full(n, default, np.float64)
    some = size > 0
    low, high = (order[(first + part)[some]] for part in ((size - 1) // 2, size // 2))
    found[some] = (values[low] + values[high]) / 2
    return found


def visit_texts(text: np.ndarray, known: Witnesses, read_texts: ReadTexts, visit: Callable[[int, str], None]) -> None:
    """Call `visit` with every row of `text`, the witnesses wanted, and the text; each text is read once, a few at a time and in order."""
    order = np.argsort(text, kind="stable")
    wanted, first = np.unique(text[order], return_index=True)
    part = np.cumsum(known.n_letters[wanted]) // _BUDGET + np.cumsum(known.n_letters)[wanted] // _REACH
    cuts = [*np.flatnonzero(np.diff(part, prepend=-1)).tolist(), len(wanted)]
    ends = [*first.tolist(), len(order)]
    for low, high in pairwise(cuts):
        texts = read_texts(wanted[low:high].tolist())
        for i in range(low, high):
            for row in order[ends[i] : ends[i + 1]].tolist():
                visit(row, texts[int(wanted[i])])


def read_medoids(samples: Samples, known: Witnesses, read_texts: ReadTexts) -> tuple[list[marks.Words], list[str]]:
    """Return the words of each medoid's passage, and its beginning in one line."""
    rows = samples.medoids
    words: list[marks.Words] = [marks.Words(0, 0, 0, 0, False)] * len(rows)
    excerpts = [""] * len(rows)
    start, end = samples.start[rows].tolist(), samples.end[rows].tolist()

    def visit(f: int, text: str) -> None:
        passage = text[start[f] : end[f]]
        words[f] = marks.count_words(passage)
        excerpts[f] = " ".join(passage[:400].split())[:200]

    visit_texts(samples.text[rows], known, read_texts, visit)
    return words, excerpts


def find_quoted(samples: Samples, families: np.ndarray, known: Witnesses, read_texts: ReadTexts) -> set[int]:
    """Return those of some families of which two or more passages looked at are what somebody said."""
    rows = np.flatnonzero(np.isin(samples.family, families))
    times = np.zeros(len(samples.medoids), np.int64)

    def visit(i: int, text: str) -> None:
        row = rows[i]
        times[samples.family[row]] += marks.is_quoted(text, int(samples.start[row]), int(samples.end[row]))

    visit_texts(samples.text[rows], known, read_texts, visit)
    return set(np.flatnonzero(times >= 2).tolist())


def find_slotted(samples: Samples, families: np.ndarray, known: Witnesses, read_texts: ReadTexts) -> set[int]:
    """Return those of some families whose passages differ in figures."""
    found: set[int] = set()
    rows = np.flatnonzero(np.isin(samples.family, families))
    # Whole families at once, of so many letters that their passages fit in memory.
    part = (np.cumsum(samples.end[rows] - samples.start[rows]) // _BUDGET)[np.searchsorted(samples.family[rows], samples.family[rows])]
    for own in np.split(rows, np.flatnonzero(np.diff(part)) + 1):
        passages = [""] * len(own)

        def visit(i: int, text: str, own: np.ndarray = own, passages: list[str] = passages) -> None:
            passages[i] = text[samples.start[own[i]] : samples.end[own[i]]]

        visit_texts(samples.text[own], known, read_texts, visit)
        cuts = [*np.flatnonzero(np.diff(samples.family[own], prepend=-1)).tolist(), len(own)]
        for low, high in pairwise(cuts):
            if marks.has_slots(passages[low:high]):
                found.add(int(samples.family[own[low]]))
    return found
