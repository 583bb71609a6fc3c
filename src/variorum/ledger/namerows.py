"""Names in a row: ``A, B (C) and D``, cut at commas or semicolons, with what belongs to a name kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from variorum.ledger.clausewords import clause_words
from variorum.ledger.tokens import Tokens

_SUFFIXES = frozenset({"inc", "jr", "sr", "llc", "ltd", "md", "m", "phd", "ph", "esq", "ii", "iii", "iv", "cpa", "rn", "dds", "s"})
_LONGEST = 4000
"""Tokens of the longest row of names."""
_PIECE = 30
"""Tokens of the longest name."""


def read_names(tokens: Tokens, first: int, end: int, groups: frozenset[str]) -> list[tuple[int, int]]:
    """Return the tokens of each name of a row that begins at `first`; it ends before what is no name.

    Args:
        tokens: of the stretch.
        first: first token of the row.
        end: token after the last that may belong to it.
        groups: nouns of bodies: a phrase in small letters that holds one is a name too (``more than 40 organisations``).
    """
    end = min(end, first + _LONGEST)
    near = tokens.words[first : min(end, first + 200)]
    return _settle_pieces(tokens, _cut_pieces(tokens, first, end, ";" if near.count(";") >= 2 else ","), groups)


def _cut_pieces(tokens: Tokens, first: int, end: int, mark: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the tokens of each piece between marks that stand in no bracket, and whether it is the last."""
    start, depth = first, 0
    for place in range(first, end + 1):
        word = tokens.words[place] if place < end else mark
        depth += (word == "(") - (word == ")" and depth > 0)
        if word != mark or (depth and place < end):
            continue
        if place > start:
            yield start, place, place == end
        start = place + 1


def _settle_pieces(tokens: Tokens, pieces: Iterable[tuple[int, int, bool]], groups: frozenset[str]) -> list[tuple[int, int]]:
    """Return the pieces that are names, the last one cut at its conjunction, suffixes joined to the name before."""
    joints = clause_words(tokens.language).joints
    found: list[tuple[int, int]] = []
    joined = False
    for first, stop, ends in pieces:
        last = stop
        if tokens.words[first] in joints:
            first, joined = first + 1, True
        last = _end_name(tokens, first, last)
        if last <= first:
            break
        if found and (tokens.words[first] in _SUFFIXES and (last - first <= 3 or "(" in tokens.words[first + 1 : first + 3])):
            found[-1] = (found[-1][0], last)
            continue
        if tokens.words[first] == "including":
            first += 1
        if not _is_name(tokens, first, last, groups):
            break
        cut = None if joined or not ends else _find_joint(tokens, first, last, joints, groups)
        if cut is not None:
            found += [(first, cut), (cut + 1, last)]
        else:
            found.append((first, last))
        if last < stop:
            break
    return found


def _end_name(tokens: Tokens, first: int, last: int) -> int:
    """Return the end of a name: before a verb, a relative or the end mark of the sentence."""
    classes = clause_words(tokens.language)
    depth = 0
    for place in range(first, min(last, first + _PIECE)):
        word = tokens.words[place]
        depth += (word == "(") - (word == ")")
        if depth > 0:
            continue
        if word in classes.finite or word in classes.relatives or word in classes.that or word in classes.subordinators or word in "”\"»—–:!?" or (place > first and word in ("to", "in", "on", "during", "at", "as", "from", "with", "before", "after", "urging", "calling", "including", "en", "pour", "para") and not tokens.is_capital(place + 1)):
            return place
        if word == "." and place + 1 >= last:
            return place
        if place > first and word.endswith("ing") and not classes.infinitives and not tokens.is_capital(place) and tokens.word(place + 1) in classes.determiners:
            return place  # other ports ordering the company to
    return min(last, first + _PIECE)


def _is_name(tokens: Tokens, first: int, last: int, groups: frozenset[str]) -> bool:
    """Tell whether a piece names somebody: it holds a capital, or one of the nouns of bodies."""
    if not (tokens.is_word(first) or tokens.is_number(first)):
        return False
    if tokens.words[first] in ("it", "them", "him", "her", "us", "me", "this", "that") and not (tokens.is_capital(first) and tokens.raw(first).isupper()):
        return False  # but: the US Pilots' Guild
    if tokens.word(first + 1) == "." and tokens.is_word(first + 2) and tokens.touches(first + 1) and tokens.touches(first + 2):
        return True  # pier24.org
    classes = clause_words(tokens.language)
    near = tokens.is_capital(first) or tokens.is_number(first) or tokens.words[first] in classes.determiners or tokens.words[first] == "all"
    return (near and any(tokens.is_capital(n) for n in range(first, min(last, first + 4)))) or any(w in groups for w in tokens.words[first:last])


def _find_joint(tokens: Tokens, first: int, last: int, joints: frozenset[str], groups: frozenset[str]) -> int | None:
    """Return the conjunction between the last two names of a row; None where it joins words of one name (``Research and Policy Centre``)."""
    places = [n for n in range(first + 1, last - 1) if tokens.words[n] in joints]
    if not places:
        return None
    place = places[-1]
    before = tokens.words[first:place]
    inside = any(w in ("for", "of", "on", "de", "pour", "para") for w in before[-4:]) and not any(w in (")",) for w in before)
    return None if inside or not _is_name(tokens, place + 1, last, groups) else place
