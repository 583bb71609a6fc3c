"""Numbers that name something rather than count: *article 5*, *E.O. 140*, the year of a law, the score of a vote."""

from __future__ import annotations

from variorum.ledger.dateguards import is_of_law
from variorum.ledger.figurewords import figure_words
from variorum.ledger.quantities import Quantity
from variorum.ledger.tokens import Tokens
from variorum.ledger.units import match_phrase


def find_reference(tokens: Tokens, quantity: Quantity) -> str | None:
    """Return the word before a bare number that makes it a name: article, resolution."""
    if quantity.unit is not None or quantity.number.written != "digits":
        return None
    first, last = quantity.number.first, quantity.number.last
    if tokens.word(first - 1) == "[" and tokens.word(last) == "]":
        return "["
    if first and len(tokens.words[first]) == 5 and len(tokens.words[first - 1]) == 2 and tokens.raw(first - 1).isupper():
        return tokens.raw(first - 1)  # a postal code: GA 30411
    if tokens.words[last : last + 3] in (["u", ".", "s"], ["c", ".", "f"]):
        return tokens.raw(last, last + 3)
    name = _find_named(tokens, first, last)
    if name is not None:
        return name
    at = quantity.first - 1
    at -= tokens.word(at) in (".", "°", "#", "(")
    for begin in (at, at - 2):
        found = match_phrase(figure_words(tokens.language).references, tokens, begin)
        if found is not None and found[0] in (at + 1, at):
            return tokens.raw(begin, found[0])
    return None


def _find_named(tokens: Tokens, first: int, last: int) -> str | None:
    """Return the initials right before a number that belongs to them (*E.O. 140*, *HR 7*), the law whose year it is, or the vote whose score it is (*a vote of 90-9*)."""
    if tokens.language.code != "en" or first <= tokens.sentence(first)[0]:
        return None
    scored = first - 2 * (tokens.word(first - 1) in ("-", "–") and tokens.is_number(first - 2))
    if tokens.word(scored - 1) == "of" and tokens.word(scored - 2) == "vote" and (scored < first or tokens.word(last) in ("-", "–")):
        return "vote"
    if len(tokens.words[first]) == 4 and is_of_law(tokens, first):
        return "act"
    dotted = tokens.word(first - 1) == "." and tokens.touches(first - 1)
    at = first - 1 - dotted
    named = at > tokens.sentence(first)[0] and tokens.is_capital(at) and (len(tokens.words[at]) == 1 if dotted else tokens.words[at] == "hr")
    return tokens.raw(at) if named and len(tokens.words[first]) <= 5 and "," not in tokens.words[first] and tokens.words[first].isdigit() else None
