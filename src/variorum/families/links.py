"""Which families lie in others, and which overlap: a graph, since a quotation travels farther than its release."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from variorum.config import FamiliesConfig
from variorum.families.groups import Members, distinct_rows, list_overlaps
from variorum.schema import check_table

MIN_SHARED = 20
"""Letters two passages must share to be called overlapping."""


def link_families(members: Members, names: np.ndarray, config: FamiliesConfig) -> pa.Table:
    """Return the FAMILY_LINKS table.

    A family contains another where its passage covers `nested_cover` of the other's, which is shorter than
    `nested_length` of it, in half or more of the texts of that one of the two that has fewer: a quotation may travel far
    beyond its release, and a release may go out once without it. Families that only overlap are linked by the same measure.

    Args:
        members: passages in letters.
        names: id of each family.
    """
    i, j = list_overlaps(members.text, members.start, members.end, members.family)
    both = np.minimum(members.end[i], members.end[j]) - np.maximum(members.start[i], members.start[j])
    size = members.end - members.start
    rows = []
    for outer, inner in ((i, j), (j, i)):
        nested = (both >= config.nested_cover * size[inner]) & (size[inner] < config.nested_length * size[outer])
        rows.append((outer[nested], inner[nested]))
    n_texts = _count_texts(members)
    outer, inner = (np.concatenate(side) for side in zip(*rows, strict=True))
    contains = _half_of(members, outer, inner, n_texts)
    # Two families may each contain the other, in different texts: then the direction seen more often stands.
    contains = {(f, g): n for (f, g), n in contains.items() if (n, names[f]) > (contains.get((g, f), 0), names[g])}
    apart = both >= MIN_SHARED
    low, high = np.where(members.family[i] < members.family[j], (i, j), (j, i))
    overlaps = _half_of(members, low[apart], high[apart], n_texts)
    nested_pairs = {tuple(sorted(pair)) for pair in contains}
    out = [(names[f], names[g], "contains", n) for (f, g), n in contains.items()]
    out += [(*sorted((names[f], names[g])), "overlaps", n) for (f, g), n in overlaps.items() if (f, g) not in nested_pairs]
    out.sort()
    columns = list(zip(*out, strict=True)) or [(), (), (), ()]
    types = (pa.string(), pa.string(), pa.string(), pa.int32())
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, types, strict=True)]
    return check_table("family_links", pa.table(arrays, names=["family", "other", "relation", "n_witnesses"]))


def _count_texts(members: Members) -> np.ndarray:
    """Return the number of texts of each family."""
    rows, _ = distinct_rows(members.family, members.text)
    return np.bincount(members.family[rows])


def _half_of(members: Members, i: np.ndarray, j: np.ndarray, n_texts: np.ndarray) -> dict[tuple[int, int], int]:
    """Return the pairs of families that meet in half or more of the texts of the one that has fewer, and in how many."""
    if not len(i):
        return {}
    f, g = members.family[i], members.family[j]
    rows, _ = distinct_rows(f, g, members.text[i])
    f, g = f[rows], g[rows]
    rows, counts = distinct_rows(f, g)
    f, g = f[rows], g[rows]
    kept = 2 * counts >= np.minimum(n_texts[f], n_texts[g])
    return dict(zip(zip(f[kept].tolist(), g[kept].tolist(), strict=True), counts[kept].tolist(), strict=True))
