"""The rows of FAMILIES: who holds a family's text, since when, what it is worth reading and why it may be boilerplate."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pyarrow as pa

from variorum.families import marks
from variorum.families.groups import Members
from variorum.families.holders import Holders, count_holders
from variorum.families.passages import Passages
from variorum.families.samples import LOOKED_AT, ReadTexts, Samples, draw_samples, find_medians, find_quoted, find_slotted, read_medoids
from variorum.families.witnesses import UNDATED, Witnesses
from variorum.letters import LetterStore
from variorum.schema import TABLES, TIMESTAMP

EDGE_LETTERS = 60
"""A passage this near to the first or last letter of its text stands at its beginning or end."""


class SharedLetters:
    """The letters that each two witnesses share in all their spans."""

    def __init__(self, n: int) -> None:
        """Take the number of witnesses."""
        self._n = max(1, n)
        self._parts: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, a: np.ndarray, b: np.ndarray, n_letters: np.ndarray) -> None:
        """Take the next of SPANS: both witnesses and the letters of each."""
        self._parts.append(_sum_up(a.astype(np.int64) * self._n + b, n_letters.astype(np.int64)))

    def of(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return the letters that pairs of witnesses share (int64)."""
        if len(self._parts) != 1:
            empty = np.zeros(0, np.int64)
            self._parts = [_sum_up(*(np.concatenate([empty, *column]) for column in zip((empty, empty), *self._parts, strict=True)))]
        keys, sums = self._parts[0]
        if not len(keys):
            return np.zeros(len(a), np.int64)
        wanted = np.minimum(a, b) * self._n + np.maximum(a, b)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, sums[at], 0)


def _sum_up(keys: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct keys of sorted ones, and the sum of the values of each."""
    cuts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[cuts], np.add.reduceat(values, cuts) if len(cuts) else values


class Summaries:
    """Sums up families: one row each."""

    def __init__(self, members: Members, rows: Passages, names: np.ndarray, known: Witnesses, store: LetterStore) -> None:
        """Take the passages in letters, those in code points with exact copies, and the id of each family."""
        self.members, self.names, self.known = members, names, known
        self.holders, self.samples = count_holders(rows, len(names), known), draw_samples(members, known, store)

    def tabulate(self, shared: SharedLetters, read_texts: ReadTexts) -> pa.Table:
        """Return the FAMILIES table, ranked."""
        members, names, known, holders, samples, n = self.members, self.names, self.known, self.holders, self.samples, len(self.names)
        words, excerpts = read_medoids(samples, known, read_texts)
        size = find_medians(members.end - members.start, members.family, n, 0.0)
        labels, reasons = _mark(list(_give_signs(words, holders, samples, members, known, shared)), samples, known, read_texts)
        about = zip(size.tolist(), words, holders.n_series.tolist(), holders.n_witnesses.tolist(), strict=True)
        substance = np.array([marks.score_substance(*family, known.n) for family in about], np.float64)
        common = np.array([label is not None for label in labels], bool)
        by_name = np.argsort(names.astype(str), kind="stable")
        order = by_name[np.lexsort((-substance[by_name], common[by_name]))]
        columns = {
            "family": pa.array(names[order], pa.string()),
            "rank": pa.array(np.arange(1, n + 1), pa.int32()),
            **_tabulate_holders(holders, order),
            "medoid": pa.array(samples.text[samples.medoids][order], pa.int32()),
            "n_letters": pa.array(size[order].astype(np.int64), pa.int32()),
            "n_running_words": pa.array([words[f].n_running for f in order], pa.int32()),
            "similarity": pa.array(samples.similarity[order]),
            "substance": pa.array(substance[order]),
            "common": pa.array(common[order]),
            "label": pa.array([labels[f] for f in order], pa.string()),
            "reasons": pa.array([reasons[f] for f in order], pa.list_(pa.string())),
            "split": pa.array((np.bincount(members.family[members.split], minlength=n) > 0)[order]),
            "excerpt": pa.array([excerpts[f] for f in order], pa.string()),
        }
        return pa.table({name: columns[name] for name in TABLES["families"].names})


def _tabulate_holders(holders: Holders, order: np.ndarray) -> dict[str, pa.Array]:
    """Return the columns of FAMILIES that say who holds each family, in the order of its rows."""
    undated = (holders.first_at == UNDATED)[order]
    return {
        **{name: pa.array(getattr(holders, name)[order], pa.int32()) for name in ("n_passages", "n_witnesses", "n_series")},
        "earliest": pa.array(holders.earliest[order], pa.int32(), mask=(holders.earliest < 0)[order]),
        "first_at": pa.array(holders.first_at[order], mask=undated).cast(TIMESTAMP),
        "last_at": pa.array(holders.last_at[order], mask=(holders.last_at == UNDATED)[order]).cast(TIMESTAMP),
        "n_days": pa.array(holders.n_days[order], pa.int32(), mask=undated),
    }


def _give_signs(
    words: list[marks.Words], holders: Holders, samples: Samples, members: Members, known: Witnesses, shared: SharedLetters
) -> Iterator[marks.Signs]:
    """Yield what the points of each family are given for."""
    n, length = len(words), known.n_letters[members.text]
    at_edge = (members.start <= EDGE_LETTERS) | (length - members.end <= EDGE_LETTERS)
    # A passage that fills its text stands at both ends without being furniture.
    fills = 2 * (members.end - members.start) >= length
    columns = (
        find_medians(samples.end - samples.start, samples.family, n, 0.0),
        holders.n_statements,
        holders.n_dates,
        holders.main_share,
        _share_else(members, known, shared),
        np.bincount(members.family, at_edge & ~fills, n) / np.bincount(members.family, minlength=n),
    )
    for about in zip(words, *(column.tolist() for column in columns), strict=True):
        yield marks.Signs(*about)


def _share_else(members: Members, known: Witnesses, shared: SharedLetters) -> np.ndarray:
    """Return the median share of what is left of two texts, without the passage, that they share as well; a few pairs of each family are looked at."""
    bounds = members.bounds()
    step = np.maximum(1, np.diff(bounds) // LOOKED_AT)
    shares, families = [np.zeros(0)], [np.zeros(0, np.int64)]
    for x, y in combinations(range(LOOKED_AT + 1), 2):
        a, b = bounds[:-1] + x * step, bounds[:-1] + y * step
        family = np.flatnonzero(b < bounds[1:])
        a, b = a[family], b[family]
        size = np.minimum(members.end[a] - members.start[a], members.end[b] - members.start[b])
        left = np.minimum(known.n_letters[members.text[a]], known.n_letters[members.text[b]]) - size
        some = (members.text[a] != members.text[b]) & (left >= 1)
        a, b, size, left = a[some], b[some], size[some], left[some]
        shares.append(np.clip((shared.of(members.text[a], members.text[b]) - size) / left, 0.0, 1.0))
        families.append(family[some])
    return find_medians(np.concatenate(shares), np.concatenate(families), len(bounds) - 1, 1.0)


def _mark(signs: list[marks.Signs], samples: Samples, known: Witnesses, read_texts: ReadTexts) -> tuple[list[str | None], list[list[str]]]:
    """Return the label and the reasons of each family; passages are read of those alone whose mark hangs on them."""
    asked: dict[str, list[int]] = {"quoted": [], "slots": []}
    for f, sign in enumerate(signs):
        if question := marks.ask_passages(sign):
            asked[question].append(f)
    yes = find_quoted(samples, np.array(asked["quoted"], np.int64), known, read_texts)
    yes |= find_slotted(samples, np.array(asked["slots"], np.int64), known, read_texts)
    found = [marks.mark_family(sign, f in yes) for f, sign in enumerate(signs)]
    return [label for label, _ in found], [reasons for _, reasons in found]
