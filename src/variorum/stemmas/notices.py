"""Notices by which a text says of itself that it is not yet public, or that it has been revised.

Where nothing is dated, what changed between two texts hardly says which came first. A notice does: a draft is sent round before it comes out, and what was
revised came out before. What it tells is a weight of the root; see `roots`. The words must be about the text itself: a country under embargo, or another's draft, is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

import numpy as np

ONE_WAY = 2.3
"""What a notice tells, in nats: ten times as often, one that a text is not yet public goes than comes, and one that it was revised comes than goes. From reason,
not learnt: too few texts at hand have one."""
MAX_NOTICES = 2
"""Notices of one kind in a text that count."""

_PRIVATE = r"[^.!?]{0,60}\b(?:privately|confidentially|in confidence|en privé|à titre confidentiel|en privado|de forma confidencial)"
_OPENING = r"(?:\A|(?<=[.!?:*(\[]\s)|(?<=[*(\[])|(?<=\n\n)|(?<=\n\r\n))"  # of a sentence or paragraph
_KIND = r"(?:letter|statement|release|document|version|text|page|post|article|report)"
# A space stands for any white space, since a line may end between two words; no notice ends inside a word.
_EARLY = (
    rf"(?:shar|send|circulat|distribut|forward)\w* (?:this|these)\b{_PRIVATE}",
    rf"(?:envoy|partag|diffus|transm)\w* (?:ceci|ce|cet|cette)\b{_PRIVATE}",
    rf"(?:envi|compart|difund)\w* (?:esto|este|esta)\b{_PRIVATE}",
    rf"{_OPENING}(?:strictly )?(?:under|sous|bajo) (?:strict )?embargo(?=\s*(?:[.:!*)\]]|\n|\Z))",
    rf"{_OPENING}(?:(?:strictly )?(?:under|sous|bajo) )?(?:strict )?embargo(?= (?:until|till|jusqu|hasta)|:\s*\d)",
    r"embargoed (?:until|till|for)|embargad[oa] hasta",
    r"not for (?:immediate |public )?(?:release|publication|distribution|circulation)",
    r"do(?: not|n't) (?:share|publish|distribute|circulate|forward|post)(?: (?:this|it|the \w+))? (?:yet|publicly|before|until|widely|further|outside)",
    rf"{_OPENING}(?:\w+ )?draft(?: \w+)? for (?:review|comments?|discussion)",
    r"ne pas (?:diffuser|publier|partager) avant|no (?:difundir|publicar|compartir|distribuir) (?:antes|hasta)",
)
_LATE = (
    rf"this {_KIND} (?:was|has been) (?:since )?(?:updated|revised|corrected|amended|edited)|this (?:updated|revised|corrected|amended) {_KIND}",
    rf"{_KIND} has (?:since )?had (?:[\w-]+ ){{0,3}}(?:revisions?|corrections?|changes|edits)|(?:edit|revision) history",
    rf"last updated(?: on|:)|(?:an|the) (?:earlier|previous|prior) version of (?:this|our|the) {_KIND}",
    r"mise? à jour (?:le|du) \d{1,2}(?:er)?|version (?:antérieure|précédente) de (?:ce|cet|cette|notre)|version (?:corrigée|révisée) d[eu] (?:ce|cette|communiqué)",
    r"actualizad[oa] (?:el|a) \d{1,2}|versión (?:anterior|previa) de (?:este|esta|nuestra)|fe de erratas",
)
_EARLY_NOTICE, _LATE_NOTICE = (re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)".replace(" ", r"\s+"), re.I) for words in (_EARLY, _LATE))


def rate_early(texts: Sequence[str]) -> np.ndarray:
    """Return by text what its notices say for its being early, in nats; below 0 for its being late (float64[texts])."""
    return np.array([ONE_WAY * (len(find_notices(text, early=True)) - len(find_notices(text, early=False))) for text in texts], np.float64)


def find_notices(text: str, *, early: bool) -> list[tuple[int, int]]:
    """Return where a text says that it is not yet public (`early`), or that it was revised: the first `MAX_NOTICES` places."""
    pattern = _EARLY_NOTICE if early else _LATE_NOTICE
    return [match.span() for match in islice(pattern.finditer(text.replace("’", "'")), MAX_NOTICES)]


def describe_notices(parent: str, child: str) -> str:
    """Return what the notices of two texts say for the parent's being the earlier, in words; nothing, where they say nothing."""
    said = []
    for early, owner, other, meaning in ((True, parent, child, "the parent says that it is not yet public"), (False, child, parent, "the child says that it was revised")):
        own = find_notices(owner, early=early)
        if len(own) > len(find_notices(other, early=early)):
            start, end = own[0]
            said.append(f"{meaning} ({' '.join(owner[start:end].split())})")
    return "; ".join(said)
