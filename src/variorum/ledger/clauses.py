"""Sources and contents of what is said: the noun phrase before or after a verb of speech, and the clause or quotation it belongs to.

There is no parser: a phrase runs to the nearest word or mark that bounds phrases, and never over more than `REACH` tokens.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from variorum.ledger.quotations import quotes_of
from variorum.ledger.quotemarks import Quote
from variorum.ledger.speech import SpeechWords
from variorum.ledger.tokens import Tokens

REACH = 40
"""Tokens of the longest source."""
_STOPS = frozenset(",;:—–―()[]|/!?…*•") | {'"', "“", "”", "«", "»", "″"}
_DASHES = frozenset("—–―-")


class Places(NamedTuple):
    """Where quotations stand in a stretch: by their first token, by their last, and the innermost round each token."""

    opening: dict[int, Quote]
    closing: dict[int, Quote]
    inside: list[int]


def quote_places(tokens: Tokens) -> Places:
    """Return where quotations stand; single words between marks bound nothing."""
    if "quote places" not in tokens.memo:
        opening = {n: q for n, q in quotes_of(tokens).items() if q.closed or len(q.pieces) > 1 or tokens.begins_paragraph(q.first)}
        inside = [-1] * len(tokens)
        for number, quote in opening.items():  # in order of place, so that inner ones come later
            inside[quote.first : quote.last] = [number] * (quote.last - quote.first)
        tokens.memo["quote places"] = Places(opening, {q.last - 1: q for q in opening.values()}, inside)
    return tokens.memo["quote places"]


def limits(tokens: Tokens, at: int) -> tuple[int, int]:
    """Return the tokens that a clause round a token cannot leave: those of its paragraph, or of the quotation it stands in."""
    places = quote_places(tokens)
    number = bisect_right(tokens.paragraph_starts, at)
    low = tokens.paragraph_starts[number - 1]
    high = tokens.paragraph_starts[number] if number < len(tokens.paragraph_starts) else len(tokens)
    if places.inside[at] >= 0:
        quote = places.opening[places.inside[at]]
        for first, last in quote.pieces:
            if first <= at < last:
                low, high = max(low, first), min(high, last)
    return low, high


def read_subject(tokens: Tokens, last: int, words: SpeechWords) -> tuple[int, int] | None:
    """Return the noun phrase that ends before a token, the group of the verb; None where none does."""
    at = last - 1
    if at < 0 or (last < len(tokens) and last == tokens.sentence(last)[0]):
        return None
    low, _ = limits(tokens, at)
    low = max(low, tokens.sentence(at)[0], last - REACH)
    word = tokens.words[at]
    if at < low or word in words.sets["and"] or word in words.sets["boundaries"]:
        return None
    if word in words.sets["pronouns"]:
        return (at, last) if word not in words.sets["that"] else None
    if word == ",":
        return _read_apposed(tokens, at, low, words)
    if word in (")", "]"):
        return _read_bracketed(tokens, at, low, words)
    if word in words.sets["prepositions"] or word in words.sets["finite"] or word == "the":
        return None
    first = walk_left(tokens, last, low, words)
    return (first, last) if first < last else None


def _read_apposed(tokens: Tokens, comma: int, low: int, words: SpeechWords) -> tuple[int, int] | None:
    """Return a noun phrase with what stands between commas after it: ``Ms Vole, the master, said``."""
    place = comma - 1
    while place >= low and comma - place < 26 and tokens.words[place] not in (";", ":", "”", '"', "“"):
        if tokens.words[place] == ",":
            bracketed = _read_bracketed(tokens, place - 1, low, words) if tokens.words[place - 1] in (")", "]") else None
            first = bracketed[0] if bracketed is not None else walk_left(tokens, place, low, words)
            if first < place and (any(tokens.is_capital(n) for n in range(first, place)) or tokens.words[first] in words.sets["determiners"]):
                inner = tokens.words[place + 1]
                if inner in words.sets["determiners"] or inner in words.sets["relative"] or tokens.is_capital(place + 1) or tokens.is_number(place + 1) or inner in words.sets["titles"] or (inner in words.sets["prepositions"] and tokens.is_capital(place - 1)):
                    return first, comma
            return None
        place -= 1
    return None


def _read_bracketed(tokens: Tokens, close: int, low: int, words: SpeechWords) -> tuple[int, int] | None:
    """Return a noun phrase with the bracket after it: ``Sen. Vole (I-Pier) said``."""
    for place in range(close - 1, max(low, close - 8) - 1, -1):
        if tokens.words[place] in ("(", "["):
            first = walk_left(tokens, place, low, words)
            return (first, close + 1) if first < place else None
    return None


def walk_left(tokens: Tokens, last: int, low: int, words: SpeechWords) -> int:
    """Return where the noun phrase that ends before a token begins."""
    sets = words.sets
    at = last
    while at > low:
        word = tokens.words[at - 1]
        nickname = quote_places(tokens).closing.get(at - 1)
        if nickname is not None and at > nickname.first > low and at - nickname.first <= 4 and tokens.words[at - 2] not in (",", "."):
            at = nickname.first
            continue
        if word in _STOPS or (word in _DASHES and not tokens.touches(at)):
            break
        if word in sets["boundaries"] or (word in sets["finite"] and not _is_relative(tokens, at - 1, low, words)):
            break
        if word in words.verbs and word not in sets["ambiguous"] and not tokens.is_capital(at - 1) and not _is_relative(tokens, at - 1, low, words):
            break
        at -= 1
    at = _cut_coordination(tokens, at, last, words)
    while at < last and (tokens.words[at] in sets["leads"] or tokens.words[at] in sets["and"]) and not (tokens.is_capital(at) and at > low):
        at += 1
    return _strip_preposition(tokens, at, last, words)


def _is_relative(tokens: Tokens, at: int, low: int, words: SpeechWords) -> bool:
    """Tell whether a verb belongs to a relative clause: *who* stands shortly before it."""
    return any(tokens.words[n] in words.sets["relative"] for n in range(at - 1, max(low, at - 8) - 1, -1))


def _cut_coordination(tokens: Tokens, first: int, last: int, words: SpeechWords) -> int:
    """Return where a phrase begins: after an *and* that joins clauses rather than names."""
    for place in range(last - 2, first, -1):
        if tokens.words[place] in words.sets["and"]:
            left_capital = tokens.is_capital(place - 1) or tokens.words[place - 1] in (")", ".")
            right_capital = tokens.is_capital(place + 1)
            if right_capital and not left_capital:
                return place + 1
            if tokens.words[place + 1] in words.sets["pronouns"]:
                return place + 1
    return first


def _strip_preposition(tokens: Tokens, first: int, last: int, words: SpeechWords) -> int:
    """Return where a phrase begins without the adjunct before it: ``On Monday Ms Vole``."""
    if first >= last or tokens.words[first] not in words.sets["prepositions"]:
        return first
    for place in range(first + 1, last):
        if tokens.words[place - 1] in words.sets["times"] and tokens.words[place] not in words.sets["prepositions"] and tokens.words[place] not in words.sets["times"]:
            return place
    place = last
    while place > first + 1 and (tokens.is_capital(place - 1) or tokens.words[place - 1] in (".", "'s")):
        place -= 1
    return place


def has_plural_subject(tokens: Tokens, at: int, words: SpeechWords) -> bool:
    """Tell whether the subject before a token is plural though its last word is not: *advisers to Ms Vole say*, *Ms Vole and Mr Rook say*."""
    subject = read_subject(tokens, at, words)
    if subject is None:
        return False
    head = next((n for n in range(subject[0] + 1, subject[1]) if tokens.words[n] in words.sets["prepositions"]), subject[1]) - 1
    inside = tokens.words[subject[0] : subject[1]]
    named = any(w in words.sets["and"] for w in inside) and tokens.is_capital(subject[0]) and tokens.is_capital(subject[1] - 1)
    return named or (head < subject[1] - 1 and (tokens.words[head].endswith("s") or inside[0] in ("those", "many", "some", "most")) and tokens.words[head] != "'s")


def read_object(tokens: Tokens, at: int, words: SpeechWords) -> tuple[int, int] | None:
    """Return the noun phrase that begins at a token, a source named after its verb, with what is said of it between commas; None where none does."""
    if at >= len(tokens):
        return None
    _, high = limits(tokens, at)
    high = min(high, max(tokens.sentence(at)[1], at + 1), at + REACH)
    sets = words.sets
    noun = tokens.words[at] in sets["determiners"] and tokens.is_word(at + 1) and tokens.word(at + 1) not in sets["finite"] and tokens.word(at + 1) not in sets["prepositions"]
    if tokens.words[at] in sets["pronouns"] and not tokens.is_capital(at) and (not noun or tokens.words[at] in sets["personal"]):
        return at, at + 1
    named = tokens.is_capital(at) or tokens.words[at] in sets["determiners"] or tokens.words[at] in sets["titles"]
    if not named or tokens.words[at] in sets["that"] or tokens.words[at] in sets["prepositions"] or tokens.words[at] in sets["boundaries"] or tokens.words[at] == "not":
        return None
    last = at
    while last < high:
        word = tokens.words[last]
        if word in _STOPS - {",", "(", ")", "/"} or word in ("“", '"') or (word in _DASHES and not tokens.touches(last)):
            break
        if word == "." and (last + 1 >= high or not tokens.touches(last)):
            break
        if word == "," and _ends_source(tokens, last + 1, high, words):
            break
        if word in sets["times"] and last > at and not tokens.is_capital(last - 1) and word in ("today", "yesterday"):
            break
        if last > at and word in sets["prepositions"] and _is_adjunct(tokens, last, words):
            break
        if last > at and word in sets["times"] and tokens.is_capital(last) and not tokens.is_capital(last - 1):
            break
        if last > at and word in words.sets["boundaries"] and not (word in words.sets["as"] and any(tokens.words[n] in words.sets["relative"] for n in range(at, last))) and word not in words.sets["relative"]:
            break
        last += 1
    while last > at and tokens.words[last - 1] in (",", ".") and not (tokens.words[last - 1] == "." and last - 2 > at and len(tokens.words[last - 2]) == 1):
        last -= 1
    return (at, last) if last > at else None


def _ends_source(tokens: Tokens, at: int, high: int, words: SpeechWords) -> bool:
    """Tell whether what follows a comma is no longer the source: a participle (*adding*), a conjunction."""
    if at >= high:
        return True
    word = tokens.words[at]
    if word in words.sets["relative"] and tokens.word(at + 1) in words.verbs and tokens.language.code != "en":
        return True  # dijo Bel, quien insinuó que
    if tokens.language.code != "en" and word in words.sets["prepositions"] and word not in ("de", "du", "del", "des", "d'"):
        return True
    if word not in words.sets["relative"]:
        for place in range(at, min(high, at + 25)):
            if tokens.words[place] == "," or tokens.words[place] in words.sets["relative"]:
                break
            if tokens.words[place] in words.sets["finite"]:
                return True
    return word in words.sets["participles"] or (word.endswith("ing") and not tokens.is_capital(at)) or word in words.sets["boundaries"] or word in ("in", "on", "at", "during", "and") or word in quote_marks()


def quote_marks() -> frozenset[str]:
    """Return the tokens of double marks and guillemets."""
    return frozenset({'"', "“", "”", "«", "»", "„"})


def _is_adjunct(tokens: Tokens, at: int, words: SpeechWords) -> bool:
    """Tell whether a preposition leads when, where or in what medium it was said."""
    return any(tokens.word(n) in words.sets["times"] or tokens.word(n) in words.sets["media"] for n in range(at + 1, at + 5)) and tokens.words[at] not in ("of", "for", "from", "with", "by", "de", "du", "des", "d'", "del", "pour", "para", "par", "por", "avec", "con")


def find_that(tokens: Tokens, at: int, high: int, words: SpeechWords) -> int | None:
    """Return the next *that* within reach which leads what was said; None where a mark, a verb or a quotation stands before it."""
    opening = quote_places(tokens).opening
    for place in range(at, min(high, at + 22)):
        word = tokens.words[place]
        if word in words.sets["that"]:
            return place
        if word in (".", ";", ":", "?", "!") or place in opening or word in words.sets["finite"] or (word in words.verbs and word not in words.sets["ambiguous"]):
            return None
    return None


def end_of_content(tokens: Tokens, at: int) -> int:
    """Return the token after what was said: the end of its sentence, or of the quotation that began in it and runs on."""
    _, high = limits(tokens, at)
    end = min(max(tokens.sentence(at)[1], at + 1), high)
    places = quote_places(tokens)
    number = places.inside[end - 1]
    outer = places.inside[at]
    while number >= 0 and number != outer and number >= at:
        quote = places.opening[number]
        if quote.last > end:
            end = quote.last
        break
    return end


def trim(tokens: Tokens, first: int, last: int) -> tuple[int, int]:
    """Return a content without the marks that only join it to its sentence; a closing quotation mark and what it holds stay."""
    closing = quote_places(tokens).closing
    while first < last and tokens.words[first] in (",", ":", "—", "–", "―", "-"):
        first += 1
    while last > first and tokens.words[last - 1] in (",", ".", ";", ":", "—", "–", "―") and last - 1 not in closing:
        if tokens.words[last - 1] == "." and last - 2 >= first and len(tokens.words[last - 2]) == 1 and tokens.is_capital(last - 2):
            break
        last -= 1
    return first, last
