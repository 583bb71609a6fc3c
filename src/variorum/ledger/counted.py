"""What a figure counts, or of what it is a share: the noun phrase after it, and where that is not said, the one before."""

from __future__ import annotations

from typing import Any

from variorum.ledger.entries import Entry
from variorum.ledger.figurewords import figure_words
from variorum.ledger.quantities import Quantity
from variorum.ledger.rules import Draft
from variorum.ledger.textviews import TextView
from variorum.ledger.tokens import Tokens

_LONGEST = 6
"""Words of the longest phrase that is taken for what is counted."""

_OF = frozenset({"of", "de", "d'", "des", "du", "del", "dei"})
_ARTICLES = frozenset({"the", "all", "its", "their", "our", "his", "her", "my", "your", "those", "these", "la", "le", "les", "l'", "los", "las", "el", "sus", "su", "leurs", "ses", "nos", "nuestros", "nuestras"})
_MIDDLE = frozenset({"-", "'s", "&"})


def find_counted(tokens: Tokens, draft: Draft, quantity: Quantity | None) -> None:
    """Add to a figure what is counted, or of what it is a share, where the words after it say so."""
    fields = draft.fields
    if quantity is not None and quantity.kind not in ("number", "share"):
        return
    at = draft.last
    share = fields.kind == "share"
    linked = tokens.word(at) in _OF
    if share and not linked and tokens.word(at) in figure_words(tokens.language).sets["stop"]:
        return
    at += linked
    if linked and tokens.word(at) in _ARTICLES:
        at += 1
    first, last = _read_phrase(tokens, at)
    if first == last:
        return
    span = tokens.span(first, last)
    role = "share_of" if share else "counted"
    draft.parts[role] = [span]
    setattr(fields, role, tokens.text[span[0] : span[1]])
    fields.key = _find_head(tokens, first, last)
    draft.why.append(f"{'share of' if share else 'counted'}: '{tokens.text[span[0] : span[1]]}'")
    if fields.kind == "number":
        fields.kind = "count"


def _read_phrase(tokens: Tokens, at: int) -> tuple[int, int]:
    """Return the tokens of the noun phrase that begins at a token; an empty one where none does."""
    stop = figure_words(tokens.language).sets["stop"]
    end = min(tokens.sentence(at)[1] if at < len(tokens) else at, at + _LONGEST)
    last = at
    while last < end:
        word = tokens.words[last]
        if (tokens.is_word(last) and word not in stop) or (word in _MIDDLE and last > at and last + 1 < end and tokens.is_word(last + 1) and tokens.words[last + 1] not in stop):
            last += 1
        elif word in _OF and last > at and tokens.language.code != "en" and last + 1 < end and tokens.is_word(last + 1):
            break
        else:
            break
    last = _end_at_plural(tokens, at, last) if tokens.language.code == "en" else _end_at_agreement(tokens, at, last)
    while last > at and (tokens.words[last - 1] in _MIDDLE or (last - 1 > at and tokens.words[last - 1].endswith(("ed", "ly")))):
        last -= 1
    return at, last


def _end_at_plural(tokens: Tokens, first: int, last: int) -> int:
    """Return where an English phrase ends: after a plural that no other plural follows; what comes then is a verb."""
    plurals = figure_words(tokens.language).sets["plurals"]
    ends = [n for n in range(first, last) if tokens.words[n] in plurals or (tokens.words[n].endswith("s") and not tokens.words[n].endswith(("ss", "us", "is", "'s")))]
    if not ends:
        return last
    end = ends[0]
    while end + 1 in ends:
        end += 1
    return end + 1


def _end_at_agreement(tokens: Tokens, first: int, last: int) -> int:
    """Return where a French or Spanish phrase ends: after a plural noun, what bears no plural is no adjective of it but a verb (*habitants empruntent*)."""
    if first >= last or not tokens.words[first].endswith(("s", "x")):
        return last
    verbs = (n for n in range(first + 1, last) if tokens.is_word(n) and tokens.is_word(n - 1) and not tokens.is_capital(n) and not tokens.words[n].endswith(("s", "x", "z")))
    return next(verbs, last)


def _find_head(tokens: Tokens, first: int, last: int) -> str:
    """Return the head noun of a phrase: its last word in English, its first in the Romance languages."""
    head = figure_words(tokens.language).sets["head"]
    return tokens.words[first] if "first" in head else tokens.words[last - 1]


def inherit_counted(view: TextView) -> None:
    """Give a bare figure of the same sentence what the figure before it counts: ``40 boats sank and more 100 were damaged``."""
    figures = sorted((e for e in view.of_type("figure") if not e.plugin), key=lambda e: e.key)
    before: Entry | None = None
    for entry in figures:
        fields: Any = entry.fields
        if before is not None and fields.kind == "number" and fields.unit is None and before.fields.counted and _is_near(view, before, entry):
            fields.counted, fields.key, fields.kind = before.fields.counted, before.fields.key, "count"
            fields.inferred = ["counted", "key"]
            entry.links["counted_with"] = [before]
            entry.why.append(f"what is counted is not said here; taken from '{view.text[before.start : before.end]}' before it")
        if fields.kind == "count":
            before = entry


def _is_near(view: TextView, before: Entry, entry: Entry) -> bool:
    """Tell whether two figures stand in one sentence and the second is followed by a verb, so that its noun is left out."""
    for tokens in view.stretches:
        if tokens.starts and tokens.starts[0] <= entry.start < tokens.ends[-1]:
            first, last = tokens.sentence(tokens.find(before.start))
            at = tokens.find(entry.start)
            after = tokens.word(tokens.find(entry.end))
            return first <= at < last and after in figure_words(tokens.language).sets["stop"] and after not in _OF
    return False
