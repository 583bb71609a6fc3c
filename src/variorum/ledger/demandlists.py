"""Items of a list that a demand leads: ``we ask you to:`` and a list of paragraphs, or ``our demands: ...; ...; ...`` in one sentence."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass, replace

from variorum.ledger.antecedents import is_pronoun, widen_names
from variorum.ledger.asking import Asked, draft_demand, match_cue, read_frames
from variorum.ledger.clausewords import clause_words, end_clause, find_subject, paragraph_start, read_infinitive, skip_marker, strip_end
from variorum.ledger.demandwords import Frame, demand_words, match_words
from variorum.ledger.rules import Draft
from variorum.ledger.tokens import Tokens

_LEAD = 45
"""Tokens before the colon in which the cue of a lead stands."""
_INLINE = 400
"""Tokens of the longest list in one sentence."""
_CLAIMANT = 30
"""Tokens of the longest claimant of a list."""
_ITEM = 60
"""Tokens of the longest item."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The words that lead a list: kind of demand, tokens of the words, of the addressee and of the claimant (None: nobody is named)."""

    kind: str
    words: tuple[int, int]
    addressee: tuple[int, int] | None
    claimant: tuple[int, int] | None = None


def _read_lead(tokens: Tokens, colon: int) -> Lead | None:
    """Return the lead that ends with the colon at a token, with who asks."""
    lead = _read_words(tokens, colon)
    if lead is None or match_cue(tokens, lead.words[0], ("verb",)) is None or tokens.words[lead.words[0]].endswith("ing"):
        return lead
    subject = find_subject(tokens, lead.words[0])
    if subject is None or subject[1] - subject[0] > _CLAIMANT or is_pronoun(tokens, subject) or tokens.words[subject[0]] in clause_words(tokens.language).relatives | {"this", "that"}:
        return lead
    return replace(lead, claimant=widen_names(tokens, subject))


def _read_words(tokens: Tokens, colon: int) -> Lead | None:
    """Return the lead that ends with the colon at a token."""
    words = demand_words(tokens.language)
    low = max(tokens.sentence(colon)[0], colon - _LEAD)
    if any(w in words.sets["questions"] for w in tokens.words[max(low, colon - 12) : colon]):
        return None
    for place in range(colon - 1, low - 1, -1):
        cue = match_cue(tokens, place, ("verb", "noun"))
        if cue is None or (tokens.words[place] in words.sets["strict"] and tokens.is_capital(place)):
            continue
        after = place + len(cue.phrase)
        if after == colon:
            if tokens.words[place] not in words.sets["leads"]:
                return None
            return Lead(words.kinds.get(cue.lemma, "call"), (place, after), None)
        if tokens.words[after] in clause_words(tokens.language).that and _is_phrase(tokens, after + 1, colon):
            return Lead(words.kinds[cue.lemma], (place, after), (after + 1, colon))
        asked = read_frames(tokens, after, words.frames["verb"].get(cue.lemma, []))
        if asked is not None and asked.form == "lead":
            return Lead(words.kinds[cue.lemma], (place, after), asked.addressee)
        if cue.way == "verb" and _is_phrase(tokens, after, colon):
            return Lead(words.kinds[cue.lemma], (place, after), (after, colon))
        named = _find_named(tokens, after, colon, words.frames["verb"].get(cue.lemma, [])) if cue.way == "verb" else None
        if named is not None:
            return Lead(words.kinds[cue.lemma], (place, after), named)
        if colon - after <= 4 and tokens.words[colon - 1] in ("that", "to", "for", "à", "de", "que", "a"):
            return Lead(words.kinds.get(cue.lemma, "call"), (place, after), None)
    return None


def _find_named(tokens: Tokens, first: int, last: int, frames: list[Frame]) -> tuple[int, int] | None:
    """Return whom a lead names after the preposition of its verb: ``we call on the council:``, ``we appeal to all crews:``."""
    for frame in frames:
        begin = match_words(frame.before, tokens.words, first) if frame.before and frame.addressee else None
        if begin is not None and _is_phrase(tokens, begin, last):
            return begin, last
    return None


def _is_phrase(tokens: Tokens, first: int, last: int) -> bool:
    """Tell whether the tokens are one name or noun phrase: ``requests the commission:``."""
    classes = clause_words(tokens.language)
    named = tokens.is_capital(first) or tokens.words[first] in classes.determiners or tokens.words[first] in ("you", "all", "both", "everyone", "tous", "toutes", "todos", "todas")
    return 0 < last - first <= 12 and named and not any(w in classes.finite or w in classes.prepositions - {"of", "de"} or w in ("following", "to", ",") for w in tokens.words[first:last])


def _find_leads(tokens: Tokens) -> dict[int, Lead]:
    """Return first token of each list paragraph -> its lead; worked out once for a stretch."""
    found: dict[int, Lead] = tokens.memo.get("demand_leads")  # type: ignore[assignment] - kept under its own key
    if found is not None:
        return found
    found = {}
    lead: Lead | None = None
    bounds = [*tokens.paragraph_starts, len(tokens)]
    for first, last in itertools.pairwise(bounds):
        if last <= first:
            continue
        if skip_marker(tokens, first) > first:
            if lead is not None:
                found[first] = lead
            continue
        lead = _read_lead(tokens, last - 1) if tokens.words[last - 1] == ":" else None
    tokens.memo["demand_leads"] = found
    return found


def find_item(tokens: Tokens, at: int) -> Draft | None:
    """Return the demand in the paragraph that begins at a token, where it is an item of a list that a demand leads."""
    lead = _find_leads(tokens).get(at)
    if lead is None:
        return None
    place = bisect_right(tokens.paragraph_starts, at)
    end = tokens.paragraph_starts[place] if place < len(tokens.paragraph_starts) else len(tokens)
    return _draft_item(tokens, skip_marker(tokens, at), min(end, at + 4 * _ITEM), lead)


def _draft_item(tokens: Tokens, first: int, end: int, lead: Lead) -> Draft | None:
    """Return the demand in the tokens of one item."""
    if first >= end or "?" in tokens.words[max(first, end - 3) : end]:
        return None
    last = strip_end(tokens, first, min(end, max(end_clause(tokens, first), first + 1)))
    if last <= first:
        return None
    place = first + (tokens.words[first] in ("to", "that", "à", "de", "que", "a", "for"))
    verb = read_infinitive(tokens, place)
    draft = draft_demand(tokens, lead.kind, "list item", (first, min(first + 1, last)), Asked(None, (first, last), verb, "list item"))
    draft.parts.pop("force")
    draft.parts["lead"] = [tokens.span(*lead.words)]
    draft.why = [f"item of a list that '{tokens.raw(*lead.words)}' leads ({lead.kind})"]
    draft.fields.inferred = ["kind", "force"]
    if lead.addressee is not None:
        draft.parts["addressee"] = [tokens.span(*lead.addressee)]
        draft.fields.addressee = tokens.raw(*lead.addressee)
        draft.fields.inferred.append("addressee")
        draft.why.append(f"of '{draft.fields.addressee}'")
    if lead.claimant is not None:
        draft.parts["claimant"] = [tokens.span(*lead.claimant)]
        draft.fields.claimant = tokens.raw(*lead.claimant)
        draft.fields.inferred.append("claimant")
    return draft


def find_inline_items(tokens: Tokens, at: int) -> list[Draft] | None:
    """Return the demands of a list in one sentence, at its colon: items with semicolons between them, without verbs of asking of their own."""
    end = min(tokens.sentence(at)[1], at + _INLINE)
    if at + 1 >= end or paragraph_start(tokens, at) > at:
        return None
    lead = _read_lead(tokens, at)
    if lead is None:
        return None
    bounds = [at, *(n for n in range(at + 1, end) if tokens.words[n] == ";"), end]
    drafts = []
    for left, right in itertools.pairwise(bounds):
        first = left + 1
        if tokens.word(first) in ("and", "et", "y"):
            first += 1
        if first < right and not (first < len(tokens) and match_cue(tokens, first, ("verb",))):
            draft = _draft_item(tokens, first, right, lead)
            drafts += [draft] if draft is not None and draft.last - draft.first > 1 else []
    return drafts
