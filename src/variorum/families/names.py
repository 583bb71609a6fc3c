"""Ids of families and passages, which another run finds again."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np

from variorum.families.groups import Members
from variorum.families.witnesses import Witnesses
from variorum.letters import LetterStore

_DIGITS = 32
_SHORT = 8


def name_families(members: Members, known: Witnesses, store: LetterStore) -> np.ndarray:
    """Return an id for each family: a hash of the letters of its earliest passage.

    Neither the order of reading nor a family that comes or goes elsewhere changes it, nor does one exact copy more.
    """
    bounds = members.bounds()
    digests = []
    for f in range(len(bounds) - 1):
        rows = range(bounds[f], bounds[f + 1])
        days = [known.first_day(int(members.text[r])) for r in rows]
        first = min(days)
        digests.append(min(_digest(_letters(members, r, store)) for r, day in zip(rows, days, strict=True) if day == first))
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


def name_passages(witness: np.ndarray, start: np.ndarray, end: np.ndarray, known: Witnesses) -> list[str]:
    """Return an id for each passage: a hash of siglum and place; the same stretch in two families has one id."""
    ids: dict[str, bytes] = {}
    out = []
    for one, low, high in zip(witness.tolist(), start.tolist(), end.tolist(), strict=True):
        key = f"{known.siglum[one]}\0{low}\0{high}".encode()
        digest = hashlib.blake2b(key, digest_size=12).hexdigest()
        size = 10
        while ids.setdefault(digest[:size], key) != key:
            size += 2
        out.append(digest[:size])
    return out
