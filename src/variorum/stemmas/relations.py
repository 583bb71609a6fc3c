"""What one text is of another, by how much of each the other has."""

from __future__ import annotations

import numpy as np

from variorum.stemmas.texts import Texts

WHOLE, PART = 0.9, 0.7
"""Least share of a text that the other has, for it to be held in the other; greatest share of the other, for the other to be more."""
AT_ENDS = 0.8
"""Least share of what is more that stands before and after what is shared, for a text to wrap the other."""


def name_relation(texts: Texts, parent: int, child: int) -> str:
    """Return what the child is of the parent: one of `schema.RELATIONS`."""
    tokens_p, tokens_c = texts.n_tokens[:, parent].astype(np.int64), texts.n_tokens[:, child].astype(np.int64)
    both = (tokens_p > 0) & (tokens_c > 0)
    same = (texts.reading[:, parent] == texts.reading[:, child]) & both
    n_p, n_c = int(tokens_p.sum()), int(tokens_c.sum())
    if same.sum() == (tokens_p > 0).sum() == (tokens_c > 0).sum():
        return "same text"
    share_p, share_c = tokens_p[both].sum() / max(1, n_p), tokens_c[both].sum() / max(1, n_c)
    if share_c >= WHOLE and share_p < PART:
        return "excerpt of"
    if share_p >= WHOLE and share_c < PART:
        at = np.flatnonzero(both)
        outside = tokens_c[: at[0]].sum() + tokens_c[at[-1] + 1 :].sum() if len(at) else 0
        return "wraps" if outside >= AT_ENDS * (n_c - tokens_c[both].sum()) else "contains"
    return "revised"
