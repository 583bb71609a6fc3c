"""The members of a collation: which texts, in which tokens, and which of them can be collated with which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from variorum.collating.distances import count_shared
from variorum.tokens import Tokens, has_broken_words, join_broken_words, split_tokens

MIN_SHARED = 0.08
"""Least share of the n-grams of the shorter text that two texts have in common to be collated; unrelated prose shares 0.00 to 0.04."""
LONG = 5_000
"""Tokens of a text from which n-grams of `LONG_NGRAM` words tell whether another is related: two books of 400,000 share 0.14 of their trigrams, and 0.01 of these."""
LONG_NGRAM = 5
SHORT = 25
"""A text of fewer tokens has too few n-grams to tell; its single words decide."""
MIN_SHORT = 0.25
"""Least share of the different words of a short text that another must have."""


@dataclass(frozen=True)
class Member:
    """A text, or a stretch of one, that is collated.

    Attributes:
        siglum: its label, unique in the collation.
        text: the whole text of the witness.
        start, end: what of it is collated.
        tokens: what it consists of; found in the text where None.
        witness, passage, date, series: as in the table `members`; date_basis: where the date comes from, as in `witnesses`.
        order: sorts members by date: (undated, time, number).
    """

    siglum: str
    text: str
    start: int
    end: int
    tokens: Tokens | None = None
    witness: int | None = None
    passage: str | None = None
    date: str | None = None
    series: str | None = None
    order: tuple[bool, float] = (True, 0.0)
    date_basis: str | None = None


def whole_text(siglum: str, text: str) -> Member:
    """Return a member that holds a whole text, without white space at its ends."""
    start = len(text) - len(text.lstrip())
    return Member(siglum, text, start, max(start, len(text.rstrip())))


def make_passages(rows: Sequence[Mapping[str, Any]], texts: Mapping[int, str]) -> list[Member]:
    """Return members for passages of a family, which come in their order by date.

    Args:
        rows: witness, passage, start, end, and what WITNESSES says of the witness: siglum, series, date, date_basis, not_before_at.
        texts: whole text by witness.
    """
    return [
        Member(row["siglum"], texts[row["witness"]], row["start"], row["end"], None, row["witness"], row["passage"], row["date"], row["series"],
               (row["not_before_at"] is None, float(number)), row["date_basis"])
        for number, row in enumerate(rows)
    ]  # fmt: skip


def tokenize_members(members: Sequence[Member]) -> list[Tokens]:
    """Return the tokens of each member; words broken at the end of a line are made whole where another place has them whole."""
    found = [m.tokens if m.tokens is not None else split_tokens(m.text, m.start, m.end) for m in members]
    broken = [m.tokens is None and has_broken_words(tokens) for m, tokens in zip(members, found, strict=True)]
    if any(broken):
        known = set().union(*(tokens.keys for tokens in found))
        found = [join_broken_words(tokens, known) if is_broken else tokens for tokens, is_broken in zip(found, broken, strict=True)]
    return found


def name_apart(members: Sequence[Member]) -> list[Member]:
    """Return members whose sigla are unique: a second one of a name is called ``name (2)``."""
    taken: set[str] = set()
    named = []
    for member in members:
        siglum, number = member.siglum, 1
        while siglum in taken:
            number += 1
            siglum = f"{member.siglum} ({number})"
        taken.add(siglum)
        named.append(member if siglum == member.siglum else replace(member, siglum=siglum))
    return named


def group_related(shares: np.ndarray, words: Sequence[np.ndarray], light: np.ndarray) -> np.ndarray:
    """Return the number of the group each text belongs to: texts are of one group that share enough, also through others.

    Args:
        shares: by pair the share of n-grams in common, see `find_shares`.
        words: the texts (int32); an empty one joins the largest group, a short one the first text that has enough of its words.
        light: bool: punctuation, which says nothing of relation.
    """
    close = shares >= MIN_SHARED
    own = [np.unique(text[~light[text]]) for text in words]
    for text in np.flatnonzero(np.array([len(w) for w in words]) < SHORT):
        wanted = max(1.0, MIN_SHORT * len(own[text]))
        close[text] = [np.intersect1d(own[text], other, assume_unique=True).size >= wanted for other in own]
        close[:, text] |= close[text]
    group = np.full(len(words), -1, np.int64)
    n = 0
    for first in range(len(words)):
        if group[first] >= 0 or not len(words[first]):
            continue
        frontier = np.array([first])
        while len(frontier):
            group[frontier] = n
            frontier = np.flatnonzero(close[frontier].any(axis=0) & (group < 0))
        n += 1
    group[group < 0] = np.argmax(np.bincount(group[group >= 0])) if n else 0
    return group


def find_shares(shared: np.ndarray, words: Sequence[np.ndarray]) -> np.ndarray:
    """Return for each pair of texts (int32 words) the share of the shorter one's n-grams that both have, so counted that chance alone makes it small.

    `shared` is what `distances.count_shared` gives. In a long text any three common words stand somewhere: there longer n-grams are counted.
    """
    shares = share_shorter(shared)
    long = np.array([len(text) > LONG for text in words], bool)
    if long.any():
        either = long[:, None] | long[None, :]
        shares[either] = share_shorter(count_shared(words, LONG_NGRAM))[either]
    return shares


def share_shorter(shared: np.ndarray) -> np.ndarray:
    """Return for each pair the share (0..1) of the shorter text's n-grams that both have; 0 on the diagonal."""
    counts = np.diag(shared)
    shorter = np.minimum(counts[:, None], counts[None, :])
    shares = np.where(shorter > 0, shared / np.maximum(shorter, 1), 0.0)
    np.fill_diagonal(shares, 0.0)
    return shares
