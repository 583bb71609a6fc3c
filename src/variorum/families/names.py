"""Ids of families and passages, which another run finds again."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np

from variorum.families.groups import Members, distinct_rows
from variorum.families.witnesses import Witnesses
from variorum.letters import LetterStore

_DIGITS = 32
_SHORT = 8
_PASSAGE = 10
"""Digits of the id of a passage, two more as often as another begins so."""


def name_families(members: Members, known: Witnesses, store: LetterStore) -> np.ndarray:
    """Return an id for each family: a hash of the letters of its earliest passage.

    Neither the order of reading nor a family that comes or goes elsewhere changes it, nor does one exact copy more.
    """
    bounds = members.bounds()
    if len(bounds) < 2:
        return np.array([], dtype=object)
    first = known.text_first[members.text]
    digests = [""] * (len(bounds) - 1)
    for row in np.flatnonzero(first == np.minimum.reduceat(first, bounds[:-1])[members.family]).tolist():
        f, digest = members.family[row], _digest(_letters(members, row, store))
        digests[f] = min(digests[f] or digest, digest)
    taken = Counter(digests)
    for f, digest in enumerate(digests):
        if taken[digest] > 1:  # the same letters begin two families: all their passages tell them apart
            digests[f] = _digest(b"|".join(sorted(_letters(members, r, store) for r in range(bounds[f], bounds[f + 1]))))
    return np.array(_shorten(digests), dtype=object)


def _letters(members: Members, row: int, store: LetterStore) -> bytes:
    """Return the letters of a passage."""
    return store.text_letters(int(members.text[row]))[members.start[row] : members.end[row]].tobytes()


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=_DIGITS // 2).hexdigest()


def _shorten(digests: list[str]) -> list[str]:
    """Return the first 8 digits of each digest, all of them where two digests begin alike, and a number where they are equal."""
    beginnings = Counter(digest[:_SHORT] for digest in set(digests))
    seen: Counter[str] = Counter()
    names = []
    for digest in digests:
        name = digest[:_SHORT] if beginnings[digest[:_SHORT]] == 1 else digest
        seen[digest] += 1
        names.append(name if seen[digest] == 1 else f"{name}-{seen[digest]}")
    return names


def name_passages(witness: np.ndarray, start: np.ndarray, end: np.ndarray, known: Witnesses) -> np.ndarray:
    """Return an id for each passage: a hash of siglum and place; the same stretch in two families has one id."""
    rows, times = distinct_rows(witness, start, end)
    rows_of = np.empty(len(witness), np.int64)
    rows_of[np.lexsort((end, start, witness))] = np.repeat(np.arange(len(rows)), times)
    sigla = known.siglum.take(witness[rows]).to_pylist()
    digests = [
        hashlib.blake2b(f"{siglum}\0{low}\0{high}".encode(), digest_size=12).hexdigest()
        for siglum, low, high in zip(sigla, start[rows].tolist(), end[rows].tolist(), strict=True)
    ]
    return np.array(_tell_apart(digests, rows), dtype=object)[rows_of]


def _tell_apart(digests: list[str], order: np.ndarray) -> list[str]:
    """Return the shortest beginning of each digest that no digest before it, by `order`, was given."""
    names = [digest[:_PASSAGE] for digest in digests]
    times = Counter(names)
    if len(times) == len(names):
        return names
    taken: set[str] = set()
    for i in sorted((i for i, name in enumerate(names) if times[name] > 1), key=order.__getitem__):
        while names[i] in taken:
            names[i] = digests[i][: len(names[i]) + 2]
        taken.add(names[i])
    return names
