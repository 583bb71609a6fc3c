"""Loci and readings together: any number of versions side by side, in the order of any of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa

from variorum.collating.columns import Columns, arrange_columns
from variorum.collating.distances import count_shared, measure_similarity, order_texts
from variorum.collating.lexicons import Lexicon, number_words
from variorum.collating.members import MIN_SHARED, Member, find_shares, group_related, name_apart, tokenize_members
from variorum.collating.profiles import Profile
from variorum.collating.readings import Loci, Material, find_loci, write_blocks, write_loci, write_readings, write_tokens
from variorum.errors import UsageError
from variorum.schema import TABLES, check_table, verify_table


class Alignment:
    """Members aligned, without regard to a base or to the order in which they are given.

    Attributes:
        members: all of them, under sigla of their own.
        tokens, words: each member's tokens, as they are and as numbers of `lexicon`.
        related: bool: the member is aligned with the others.
        similarity: by member: greatest share of the shorter side's n-grams that it has in common with a related one.
        most_shared: the greatest such share of any two.
        copy_of: by member: the first with the same tokens.
        columns: by member: the column of each token; empty for a member that is not related.
        order: the columns in order.
    """

    def __init__(self, members: Sequence[Member], base: int | None = None) -> None:
        """Align `members`; `base` decides which of two unrelated groups of equal size is collated."""
        self.members = name_apart(members)
        self.tokens = tokenize_members(self.members)
        self.lexicon: Lexicon
        self.lexicon, self.words = number_words([t.keys for t in self.tokens])
        distinct, which = self._find_distinct()
        shared = count_shared(distinct)
        shares = find_shares(shared, distinct)
        self.related = self._choose_related(shares, distinct, which, base)
        copies = np.bincount(which, minlength=len(distinct))
        chosen = sorted(set(which[self.related].tolist()))
        nearest = shares[:, chosen].max(axis=1, initial=0.0)
        nearest[chosen] = np.where(copies > 1, 1.0, nearest)[chosen]
        self.similarity = nearest[which]
        self.most_shared = float(shares.max(initial=0.0))
        profile = Profile([distinct[d] for d in chosen], self.lexicon)
        part = measure_similarity(shared[np.ix_(chosen, chosen)])
        for text, near in order_texts(part):
            profile.join(text, near)
        profile.merge()
        self.order = profile.order
        number = {d: k for k, d in enumerate(chosen)}
        none = np.zeros(0, np.int64)
        self.columns: list[np.ndarray] = [profile.columns[number[d]] if self.related[m] else none for m, d in enumerate(which.tolist())]

    def _find_distinct(self) -> tuple[list[np.ndarray], np.ndarray]:
        """Return the different texts, in an order of their own, and which of them each member is."""
        contents = [w.astype(">i4").tobytes() for w in self.words]  # in this order of bytes they sort as the numbers do
        known = sorted(set(contents))
        number = {text: k for k, text in enumerate(known)}
        which = np.array([number[text] for text in contents], np.int64)
        first: dict[int, int] = {}
        self.copy_of = np.array([first.setdefault(int(d), m) for m, d in enumerate(which)], np.int64)
        return [np.frombuffer(text, ">i4").astype(np.int32) for text in known], which

    def _choose_related(self, shares: np.ndarray, distinct: Sequence[np.ndarray], which: np.ndarray, base: int | None) -> np.ndarray:
        """Return which members are collated: the largest group of related ones, or that of the base."""
        group = group_related(shares, distinct, self.lexicon.light)[which]
        if base is not None:
            return group == group[base]
        sizes = np.bincount(group)
        # Among groups of one size, that which begins with the smallest text, whatever the order of input.
        best = min(np.flatnonzero(sizes == sizes.max()).tolist(), key=lambda g: int(which[group == g].min()))
        return group == best


class Apparatus:
    """Versions side by side, in the order of one of them.

    Attributes:
        alignment: what does not depend on the base.
        base: number of the member whose order the loci follow.
    """

    def __init__(self, alignment: Alignment, base: int | None = None) -> None:
        """Lay out an alignment in the order of the member `base`; the earliest member, or the first, where None."""
        self.alignment = alignment
        members = alignment.members
        self._dated = sorted(range(len(members)), key=lambda m: (*members[m].order, m))
        if base is None:
            base = next((m for m in self._dated if alignment.related[m] and len(alignment.words[m])), self._dated[0])
        if not alignment.related[base]:
            raise UsageError(f"{members[base].siglum} shares too little with the others to be the base (similarity {alignment.similarity[base]:.2f})")
        self.base = base

    def with_base(self, member: int | str) -> Apparatus:
        """Return the same collation in the order of another member, named by its number or siglum."""
        return Apparatus(self.alignment, self.find_member(member))

    def find_member(self, member: int | str) -> int:
        """Return the number of a member given by number or siglum; UsageError where there is none."""
        sigla = [m.siglum for m in self.alignment.members]
        if isinstance(member, str):
            if member not in sigla:
                import difflib

                near = difflib.get_close_matches(member, sigla, n=1)
                raise UsageError(f"no member '{member}' in the collation{f' (did you mean {near[0]!r}?)' if near else ''}; it has {', '.join(sigla[:10])}{' ...' if len(sigla) > 10 else ''}")
            return sigla.index(member)
        if not 0 <= member < len(sigla):
            raise UsageError(f"no member {member} in the collation; it has {len(sigla)}, counted from 0")
        return member

    @cached_property
    def reading_order(self) -> list[int]:
        """By member: its place in the order in which readings are counted, the base first, then by date."""
        place = {m: k for k, m in enumerate(self._dated)}
        return [-1 if m == self.base else place[m] for m in range(len(place))]

    @cached_property
    def material(self) -> Material:
        """The members that are collated, and what they consist of."""
        numbers = np.flatnonzero(self.alignment.related)
        members = self.alignment.members
        ranks = np.array(self.reading_order, np.int64)[numbers]
        pick = numbers.tolist()
        tokens, words = [self.alignment.tokens[k] for k in pick], [self.alignment.words[k] for k in pick]
        return Material(numbers, [members[k] for k in pick], tokens, words, self.alignment.lexicon, pick.index(self.base), ranks)

    @cached_property
    def columns(self) -> Columns:
        """The columns of the alignment in the order of the base."""
        return arrange_columns(self.alignment.order, [self.alignment.columns[m] for m in self.material.numbers], self.material.base)

    @cached_property
    def found(self) -> Loci:
        """The loci, as arrays."""
        return find_loci(self.material, self.columns)

    @cached_property
    def members(self) -> pa.Table:
        """The table `members`."""
        alignment = self.alignment
        rows = []
        place = {m: k for k, m in enumerate(self._dated)}
        for k, m in enumerate(alignment.members):
            rows.append({"member": k, "siglum": m.siglum, "witness": m.witness, "passage": m.passage, "start": m.start, "end": m.end, "date": m.date,
                         "series": m.series, "position": place[k], "n_tokens": len(alignment.words[k]), "copy_of": int(alignment.copy_of[k]),
                         "similarity": float(alignment.similarity[k]), "related": bool(alignment.related[k]), "base": k == self.base})  # fmt: skip
        return self._passed("members", pa.Table.from_pylist(rows, schema=TABLES["members"].schema))

    @cached_property
    def tokens(self) -> pa.Table:
        """The table `tokens`."""
        return self._passed("tokens", write_tokens(self.material, self.columns, self.found))

    @cached_property
    def loci(self) -> pa.Table:
        """The table `loci`."""
        return self._passed("loci", write_loci(self.columns, self.found))

    @cached_property
    def readings(self) -> pa.Table:
        """The table `readings`."""
        return self._passed("readings", write_readings(self.material, self.columns, self.found))

    @cached_property
    def blocks(self) -> pa.Table:
        """The table `blocks`."""
        return self._passed("blocks", write_blocks(self.material, self.columns, self.found))

    def text(self, member: int | str) -> str:
        """Return the whole text of a member's witness; all places count its characters."""
        return self.alignment.members[self.find_member(member)].text

    @staticmethod
    def _passed(name: str, table: pa.Table) -> pa.Table:
        """Return a table that keeps the rules of its schema."""
        return verify_table(name, check_table(name, table))


def collate_members(members: Sequence[Member], base: int | str | None = None) -> Apparatus:
    """Return the collation of `members`.

    Args:
        members: two or more.
        base: the member whose order the loci follow, by number or siglum; the earliest by date, or the first, where None.

    Raises:
        UsageError: fewer than two members, an unknown base, or no two members that share enough to be collated.
    """
    if len(members) < 2:
        raise UsageError(f"a collation needs two texts or more, not {len(members)}; name another")
    number = None
    if base is not None:
        sigla = [m.siglum for m in name_apart(members)]
        if isinstance(base, str) and base not in sigla:
            raise UsageError(f"no text '{base}' to be the base; there are {', '.join(sigla[:10])}{' ...' if len(sigla) > 10 else ''}")
        number = sigla.index(base) if isinstance(base, str) else base
    alignment = Alignment(members, number)
    if alignment.related.sum() < 2:
        names = " and ".join(m.siglum for m in alignment.members[:2]) if len(members) == 2 else f"these {len(members)} texts"
        raise UsageError(f"not collatable: {names} share too little (similarity {alignment.most_shared:.2f}, needed {MIN_SHARED}); they are no versions of one text")
    return Apparatus(alignment, number)
