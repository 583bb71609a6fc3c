"""Notices by which a text says of itself that it is not yet public, or that it has been revised.

Where nothing is dated, what changed between two texts hardly says which came first. A notice does: a draft is sent round before it comes out, and what was
revised came out before. What it tells is a weight of the root; see `roots`. The words are those of `cues.toml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from variorum.stemmas.cues import compile_notices

ONE_WAY = 2.3
"""What a notice tells, in nats: ten times as often, one that a text is not yet public goes than comes, and one that it was revised comes than goes. From reason,
not learnt: too few texts at hand have one."""
MAX_NOTICES = 2
"""Notices of one kind in a text that count."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Where a text says that it is not yet public (`early`), and that it was revised (`late`): spans, the first `MAX_NOTICES` of each."""

    early: list[tuple[int, int]]
    late: list[tuple[int, int]]


def read_notices(texts: Sequence[str]) -> list[Notices]:
    """Return the notices of each text; equal texts are read once."""
    known = {text: Notices(find_notices(text, early=True), find_notices(text, early=False)) for text in set(texts)}
    return [known[text] for text in texts]


def rate_early(notices: Sequence[Notices]) -> np.ndarray:
    """Return by text what its notices say for its being early, in nats; below 0 for its being late (float64[texts])."""
    return np.array([ONE_WAY * (len(n.early) - len(n.late)) for n in notices], np.float64)


def find_notices(text: str, *, early: bool) -> list[tuple[int, int]]:
    """Return where a text says that it is not yet public (`early`), or that it was revised: the first `MAX_NOTICES` places."""
    pattern = compile_notices("early" if early else "late")
    return [match.span() for match in islice(pattern.finditer(text.replace("’", "'")), MAX_NOTICES)]


def describe_notices(texts: tuple[str, str], parent: Notices, child: Notices) -> str:
    """Return what the notices of two texts, parent and child, say for the parent's being the earlier, in words; nothing, where they say nothing."""
    said = []
    both = ((texts[0], parent.early, child.early, "the parent says that it is not yet public"), (texts[1], child.late, parent.late, "the child says that it was revised"))
    for text, own, other, meaning in both:
        if len(own) > len(other):
            start, end = own[0]
            said.append(f"{meaning} ({' '.join(text[start:end].split())})")
    return "; ".join(said)
