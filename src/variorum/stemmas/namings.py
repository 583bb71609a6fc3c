"""Whether a text names its source: an attributed quotation, against silent reuse.

The name must stand in words of the text's own, not in what it shares with the source, and near a word that says whose words follow, or a quotation mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from variorum.stemmas.texts import Texts

REACH = 80
"""Characters before and after a name within which the word or mark must stand."""
MIN_NAME = 4
"""Fewest letters of a name that is looked for."""

_CUES = (
    "according to|said|says|stated|states|statement|declaration|letter|release|resolution|issued|published|signed|quoted|quoting|cited|citing|wrote|writes|source|courtesy|via|reprinted|adapted|"
    "selon|d'après|déclaré|déclaration|communiqué|lettre|publié|signé|cité|source|"
    "según|dijo|declaró|declaración|comunicado|carta|publicado|firmado|citado|fuente"
)
_CUE = re.compile(rf"(?<!\w)(?:{_CUES})(?!\w)|[\"“”„«»]", re.I)
_DATE_BEHIND = re.compile(r"[-_ ]*\d{4}.*$")


def find_naming(texts: Texts, parent: int, child: int, names: Sequence[str | None]) -> tuple[int, int] | None:
    """Return where the child names its source, None where it does not.

    Args:
        parent, child: members.
        names: sigla and series that it may be named by; a siglum's date is left out.
    """
    wanted = sorted({name for given in names if given and sum(map(str.isalpha, name := re.sub(r"[-_]+", " ", _DATE_BEHIND.sub("", given)).strip())) >= MIN_NAME}, key=lambda n: (-len(n), n))
    if not wanted:
        return None
    same = (texts.reading[:, parent] == texts.reading[:, child]) & (texts.n_tokens[:, child] > 0)
    starts, ends = texts.start[same, child], texts.end[same, child]
    text = texts.texts[child]
    for found in re.finditer(rf"(?<!\w)(?:{'|'.join(re.escape(n).replace(chr(92) + ' ', '[-_ ]+') for n in wanted)})(?!\w)", text, re.I):
        shared = bool(np.any((starts <= found.start()) & (found.end() <= ends)))
        if not shared and _CUE.search(text[max(0, found.start() - REACH) : found.start()] + " " + text[found.end() : found.end() + REACH]):
            return found.start(), found.end()
    return None
