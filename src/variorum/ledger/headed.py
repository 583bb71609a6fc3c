"""Names whose head comes first, as French and Spanish have them: ``Conseil régional``, ``ministère des Transports``, ``isla de Bruma``."""

from __future__ import annotations

from variorum.ledger.clausewords import clause_words
from variorum.ledger.namewords import NameWords, match_title
from variorum.ledger.tokens import Tokens

_LONGEST = 14
"""Tokens of the longest such name."""
_AND = frozenset({"et", "y", "e"})


def read_headed(tokens: Tokens, words: NameWords, starts: set[int], at: int) -> tuple[int, str, bool] | None:
    """Return (token after it, `body` or `place`, whether a capital follows the head) of a name whose head is a token; None where it is no name.

    A head in small letters needs a capital behind it; one with a capital, an adjective or one noun (``Syndicat des marins``).
    """
    sets = words.sets
    kind = "body" if tokens.words[at] in sets["leading_heads"] else "place" if tokens.words[at] in sets["place_heads"] else None
    if kind is None:
        return None
    large = tokens.is_capital(at)
    last, named, noun, adjective = at + 1, False, False, False
    while last < min(len(tokens), at + _LONGEST) and last not in starts:
        word = tokens.words[last]
        if tokens.is_word(last) and tokens.is_capital(last):
            last, named = last + 1, True
        elif word == "-" and tokens.touches(last) and tokens.touches(last + 1) and tokens.is_word(last + 1):
            last += 2
        elif (large or named) and not noun and tokens.is_word(last) and _is_adjective(word, words):
            last, adjective = last + 1, True
        else:
            joint = last + (word in _AND)
            place = _skip_joiners(tokens, joint, sets["joiners"])
            if place == joint or (word in _AND and kind == "place"):
                break
            if tokens.is_capital(place) and place not in starts and match_title(words, tokens, place) is None:
                last, named = place + 1, True
            elif large and kind == "body" and not noun and not named and _is_noun(tokens, words, place):
                last, noun = place + 1, True
            else:
                break
    if not (named or (large and (noun or adjective) and kind == "body")) or (tokens.raw(at, last).isupper() and last - at > 1):
        return None
    return last, kind, named


def _is_adjective(word: str, words: NameWords) -> bool:
    """Tell whether a word in small letters is an adjective by its ending; Spanish ones in -ica bear an accent, verbs do not (publica)."""
    if word.endswith(("ica", "icas", "ico", "icos")) and not any(c in "áéíóú" for c in word):
        return False
    return word.endswith(tuple(words.sets["adjective_endings"])) and word not in words.common


def _skip_joiners(tokens: Tokens, at: int, joiners: frozenset[str]) -> int:
    """Return the token after joining words and articles that begin at a token: de la, des, del."""
    place = at
    while place < at + 3 and tokens.word(place) in joiners and tokens.word(place) not in _AND and (place > at or tokens.word(place) not in ("la", "l'", "les", "los", "las", "el")):
        place += 1
    return place


def _is_noun(tokens: Tokens, words: NameWords, at: int) -> bool:
    """Tell whether a word in small letters may end the name of a body."""
    classes = clause_words(tokens.language)
    word = tokens.word(at)
    return tokens.is_word(at) and len(word) > 3 and word not in words.common and word not in classes.finite and word not in classes.determiners and word not in classes.prepositions
