"""Attributions whose source stands after its verb without a comma of its own: French ``dit-il`` and ``a-t-elle ajouté``, ``comme l'a dit Vole``."""

from __future__ import annotations

from variorum.ledger.clauses import end_of_content, limits, read_object, trim
from variorum.ledger.finds import Find, end_first_source, join_contents
from variorum.ledger.said import quote_before
from variorum.ledger.speech import SpeechWords
from variorum.ledger.tokens import Tokens


def read_turned(tokens: Tokens, at: int, words: SpeechWords) -> Find | None:
    """Return French ``CONTENT, dit-il`` or ``CONTENT, a-t-elle ajouté``: the pronoun stands after its verb or auxiliary, bound by a hyphen."""
    sets = words.sets
    first, place = at, at
    while place > at - 4 and tokens.word(place - 1) in sets["adverbs"]:
        place -= 1
    if tokens.word(place - 1) in sets["personal"] and tokens.word(place - 2) == "-":  # a-t-elle ajouté
        source, first = place - 1, place - 3 - 2 * (tokens.word(place - 3) == "t")
        last = at + 1
        if tokens.word(first) not in sets["auxiliaries"]:
            return None
    elif tokens.word(at + 1) == "-" and tokens.touches(at + 1):  # dit-il, ajoute-t-elle
        source = at + 2 + 2 * (tokens.word(at + 2) == "t")
        last = source + 1
        if tokens.word(source) not in sets["personal"]:
            return None
    else:
        return None
    low = max(limits(tokens, first)[0], tokens.sentence(first)[0])
    content = quote_before(tokens, first) or (trim(tokens, low, first) if tokens.word(first - 1) in (",", "—", "–") else None)
    if content is None or content[1] - content[0] < 2:
        return None
    found = join_contents(tokens, (first, last), (source, source + 1), content, last, words)
    found.cue = (first, at + 1) if at > source else (at, at + 1)
    return found


def read_as_turned(tokens: Tokens, first: int, last: int, words: SpeechWords) -> Find | None:
    """Return ``comme l'a dit SOURCE, CONTENT``: the source stands after its verb."""
    lead = first - 1
    if tokens.word(lead) not in words.sets["as"] or tokens.language.code == "en":
        return None
    source = read_object(tokens, last, words)
    if source is None:
        return None
    source = end_first_source(tokens, source, words)
    low, end = max(limits(tokens, lead)[0], tokens.sentence(lead)[0]), end_of_content(tokens, lead)
    content = trim(tokens, source[1], end) if lead <= low + 1 else trim(tokens, low, lead)
    if content[1] - content[0] < 3:
        return None
    return Find("as", (first, last), source, [content], "as", why=[f"'{tokens.words[lead]}' before the verb"])
