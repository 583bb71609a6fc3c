"""Notices by which a text says of itself that it is not yet public, or that it has been revised.

Where nothing is dated, what changed between two texts hardly says which came first. A notice does: a draft is sent round before it comes out, and what was
revised came out before. Each place of a notice counts as a change of its own; see `roots`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

ONE_WAY = 2.3
"""What a notice tells, in nats: ten times as often, one that a text is not yet public goes than comes, and one that it was revised comes than goes. From reason,
not learnt: too few texts at hand have one."""
MAX_NOTICES = 2
"""Notices of one kind in a text that count."""

_SENT = r"(?:shar|send|sent|circulat|distribut|forward)\w*\W[^.!?]{0,60}\b(?:privately|confidentially|in confidence)"
_EARLY = (
    rf"{_SENT}|(?:under|strict) embargo|embargoed (?:until|till|for)|embargo(?: lifts| ends|:)|not for (?:immediate |public )?(?:release|publication|distribution|circulation)|"
    r"do(?: not|n't) (?:share|publish|distribute|circulate|forward|post)(?: (?:this|it|the \w+))? (?:yet|publicly|before|until|widely|further|outside)|draft(?: \w+)? for (?:review|comments?|discussion)|"
    r"sous embargo|ne pas (?:diffuser|publier|partager) avant|(?:envoy|partag|diffus|transm)\w*\W[^.!?]{0,60}\b(?:en privé|à titre confidentiel)|"
    r"bajo embargo|embargad[oa] hasta|no (?:difundir|publicar|compartir|distribuir) (?:antes|hasta)|(?:envi|compart|difund)\w*\W[^.!?]{0,60}\b(?:en privado|de forma confidencial)"
)
_KIND = r"(?:letter|statement|release|document|version|text|page|post|article|report)"
_LATE = (
    rf"this {_KIND} (?:was|has been) (?:since )?(?:updated|revised|corrected|amended|edited)|{_KIND} has (?:since )?had (?:[\w-]+ ){{0,3}}(?:revisions?|corrections?|changes|edits)|"
    rf"last updated(?:: | on |: on )|(?:an|the) (?:earlier|previous|prior) version of (?:this|our|the) {_KIND}|this (?:updated|revised|corrected|amended) {_KIND}|"
    r"(?:edit|revision) history|mise? à jour (?:le|du) \d|version (?:antérieure|précédente) de (?:ce|cet|cette|notre)|version (?:corrigée|révisée) d[eu] (?:ce|cette|communiqué)|"
    r"actualizad[oa] (?:el|a) \d|versión (?:anterior|previa) de (?:este|esta|nuestra)|fe de erratas"
)
_EARLY_NOTICE, _LATE_NOTICE = (re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I) for words in (_EARLY, _LATE))


def rate_early(texts: Sequence[str]) -> np.ndarray:
    """Return by text what its notices say for its being early, in nats; below 0 for its being late (float64[texts])."""
    return np.array([ONE_WAY * (len(find_notices(text, early=True)) - len(find_notices(text, early=False))) for text in texts], np.float64)


def find_notices(text: str, *, early: bool) -> list[tuple[int, int]]:
    """Return where a text says that it is not yet public (`early`), or that it was revised: the first `MAX_NOTICES` places."""
    pattern = _EARLY_NOTICE if early else _LATE_NOTICE
    found = []
    for match in pattern.finditer(text.replace("’", "'").replace("\n", " ")):
        found.append(match.span())
        if len(found) == MAX_NOTICES:
            break
    return found


def describe_notices(parent: str, child: str) -> str:
    """Return what the notices of two texts say for the parent's being the earlier, in words; nothing, where they say nothing."""
    said = []
    for early, owner, other, meaning in ((True, parent, child, "the parent says that it is not yet public"), (False, child, parent, "the child says that it was revised")):
        own = find_notices(owner, early=early)
        if len(own) > len(find_notices(other, early=early)):
            start, end = own[0]
            said.append(f"{meaning} ({' '.join(owner[start:end].split())})")
    return "; ".join(said)
