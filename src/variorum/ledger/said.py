"""What was said: the quotation or clause before or after a verb of speech, and to whom it was said."""

from __future__ import annotations

from bisect import bisect_right

from variorum.ledger.clauses import end_of_content, find_that, limits, quote_places, trim
from variorum.ledger.speech import SpeechWords
from variorum.ledger.tokens import Tokens

END = frozenset({".", "!", "?", "…", ";", ":"})
"""Marks that end a clause."""
_MARKS = frozenset({'"', "“", "”", "«", "»", "'", "„"})

Piece = tuple[int, int]
"""Tokens of a part: the first, and the one after the last."""


def quote_before(tokens: Tokens, at: int) -> Piece | None:
    """Return the content that ends with a quotation just before a token, from the start of its sentence."""
    places = quote_places(tokens)
    for place in (at - 1, at - 2):
        quote = places.closing.get(place)
        if place < limits(tokens, at)[0]:
            return None
        if quote is not None and (place == at - 1 or tokens.word(at - 1) in (",", ".", "—", "-")) and quote.last - quote.first > 2:
            first = max(tokens.sentence(quote.first)[0], limits(tokens, quote.first)[0])
            single = quote.last - quote.first <= 6 and tokens.words[quote.last - 2] not in (",", "?", "!", ".") and tokens.word(at - 1) != ","
            if single:
                return None
            return (min(first, quote.first) if not _starts_sentence(tokens, quote.first, first) else quote.first), quote.last
    return None


def _starts_sentence(tokens: Tokens, at: int, first: int) -> bool:
    """Tell whether nothing but a mark stands between the start of a sentence and a token."""
    return first >= at or (at - first <= 1 and not tokens.is_word(first))


def quotes_after(tokens: Tokens, at: int) -> list[Piece]:
    """Return the quotations that follow a token at once, one after the other in its paragraph: ``… said Vole. “More.”``"""
    places = quote_places(tokens)
    found: list[Piece] = []
    _, high = limits(tokens, min(at, len(tokens) - 1))
    while at < high and len(found) < 4:
        if tokens.words[at] in (".", ",", ":", ";") and not found:
            at += 1
            if at < high and tokens.words[at] in ("and", "but") and at + 1 in places.opening:
                at += 1
            continue
        quote = places.opening.get(at)
        if quote is None:
            break
        found.append((quote.first, quote.last))
        at = quote.last
    return found


def ends_clause(tokens: Tokens, at: int, words: SpeechWords) -> bool:
    """Tell whether a clause ends at a token: an end mark, a comma, or no more than when and where it was said."""
    if at >= len(tokens) or tokens.begins_paragraph(at):
        return True
    if tokens.words[at] in END or tokens.words[at] in (",", "—", "–", ")", "”") or at >= limits(tokens, at - 1)[1]:
        return True
    if tokens.words[at] in words.sets["and"] and tokens.word(at + 1) in words.verbs:  # confirmó Vega y añadió que
        return True
    if not (tokens.words[at] in words.sets["prepositions"] or tokens.words[at] in words.sets["times"] or tokens.words[at - 1] in words.sets["hearers"]):
        return False
    after = skip_adjunct(tokens, at, words)
    return after > at and (after >= len(tokens) or tokens.words[after] in END or tokens.words[after] == "," or tokens.begins_paragraph(after))


def skip_adjunct(tokens: Tokens, at: int, words: SpeechWords) -> int:
    """Return the token after when, where and to whom it was said: *on Monday*, *in a statement*, *the Harbour News*."""
    end = min(len(tokens), at + 16, limits(tokens, min(at, len(tokens) - 1))[1])
    place = at
    while place < end and tokens.words[place] not in END and tokens.words[place] != "," and tokens.words[place] not in words.sets["that"] and tokens.words[place] not in _MARKS:
        if tokens.words[place] in words.sets["finite"]:
            return at
        place += 1
    return place if place < end or place == len(tokens) or tokens.begins_paragraph(place) else at


def has_verb(tokens: Tokens, piece: Piece, words: SpeechWords) -> bool:
    """Tell whether a finite verb stands in a piece."""
    return any(tokens.words[n] in words.sets["finite"] or (tokens.words[n].endswith("ed") and not tokens.is_capital(n)) for n in range(piece[0] + 1, min(piece[1], piece[0] + 60)))


def has_clause(tokens: Tokens, at: int, words: SpeechWords) -> bool:
    """Tell whether a finite verb follows shortly, so that it is a clause rather than an object."""
    end = min(tokens.sentence(at)[1] if at < len(tokens) else at, at + 12)
    if tokens.language.code == "en" and tokens.word(at) in words.sets["personal"] and tokens.word(at) not in ("it", "you", "who", "which"):
        return True  # announced he came
    for place in range(at + 1, end):
        word = tokens.words[place]
        if word in END or word == "," or word in words.sets["that"] or word in words.sets["relative"]:
            return False
        if word in words.sets["finite"] and word not in ("be", "been", "being") and tokens.words[place - 1] not in words.sets["passive_to"]:
            return True
    return False


def read_content(tokens: Tokens, at: int, cue: Piece, words: SpeechWords) -> tuple[Piece | None, Piece | None, str]:
    """Return what follows a verb as said, to whom, and in which form: `that`, `quote`, `bare`."""
    sets = words.sets
    _, high = limits(tokens, at)
    end = end_of_content(tokens, at)
    place = cue[1]
    opening = quote_places(tokens).opening
    following = place + (tokens.word(place) in (",", ":", "—", "―"))
    if following in opening and following < high + 1:
        return _end_quote(tokens, following, end), None, "quote"
    if tokens.word(place) == ":" and (place + 1 >= high or place + 1 in opening):
        return _read_after_colon(tokens, place + 1, bare=tokens.words[at] in sets["bare"])
    if place >= high or tokens.words[place] in END or place >= tokens.sentence(at)[1]:
        return None, None, ""
    hearer = _read_hearer(tokens, place, words) if tokens.words[at] in sets["hearers"] else None
    after = tokens.word(place + 1)
    if tokens.words[place] in sets["passive_to"] and tokens.words[at] in sets["promises"] and place + 2 < end and after not in sets["determiners"] and after not in sets["pronouns"]:
        return _cut(tokens, place, end, words), None, "to"
    that = find_that(tokens, place, end, words)
    after = that + 1 if that is not None else 0
    phrase = tokens.word(after) in sets["determiners"] or tokens.word(after) in sets["pronouns"] or tokens.is_capital(after) or tokens.is_number(after) or tokens.word(after) in sets["prepositions"]
    relative = tokens.word(after) in sets["finite"] or (tokens.words[at].endswith("s") and not phrase and not tokens.word(after).endswith("s"))
    if that is not None and tokens.words[at] in sets["ambiguous"] and relative:
        return None, None, ""  # a relative clause: states that are dry
    if that is not None and (that == place or hearer or _is_aside(tokens, place, that, words)):
        return _cut(tokens, that, end, words), hearer, "that"
    quote = next((n for n in range(place, min(place + 14, end)) if n in opening), None)
    if quote is not None and tokens.words[quote - 1] in (",", ":") and not any(tokens.words[n] in sets["finite"] for n in range(place, quote)):
        return _end_quote(tokens, quote, end), hearer, "quote"
    if tokens.words[place] == ",":
        return None, None, ""
    start = hearer[1] if hearer else place
    while start < end and tokens.words[start] in sets["times"]:
        start += 1
    if start >= end - 1 or tokens.words[start] in END or tokens.words[start] == "," or tokens.words[start] in sets["finite"] or tokens.words[start] in sets["objects"] or tokens.words[start] in sets["and"] or tokens.words[start] in sets["as"]:
        return None, None, ""
    if hearer is None and tokens.words[at] in sets["hearers"]:
        return None, None, ""
    if hearer is not None and not (tokens.words[start] in sets["determiners"] or tokens.words[start] in sets["asking"] or tokens.is_capital(start)):
        return None, None, ""
    if tokens.words[start] in sets["asking"] and tokens.words[at] in sets["explaining"]:
        return _cut(tokens, start, end, words), hearer, "asked"
    quote = next((n for n in range(start, min(start + 30, end)) if n in opening and opening[n].last - n > 3), None)
    form = "quote" if quote is not None and tokens.words[at] in sets["quoting"] and tokens.words[at] not in sets["bare"] else "bare"
    if form == "bare" and tokens.words[start] in sets["prepositions"] and tokens.words[at] in sets["bare"] and quote is None:
        return (_cut(tokens, start, end, words), hearer, form) if has_clause(tokens, start, words) else (None, None, "")
    return _cut(tokens, start, end, words), hearer, form


def _read_after_colon(tokens: Tokens, number: int, *, bare: bool) -> tuple[Piece | None, None, str]:
    """Return what a colon leads that ends its paragraph: a quotation, or after a verb such as *said* the paragraph that follows."""
    opening = quote_places(tokens).opening
    if bare and number not in opening and tokens.begins_paragraph(number):
        return _read_paragraph(tokens, number), None, "that"
    return ((number, opening[number].last) if number in opening else None), None, "quote"


def _read_paragraph(tokens: Tokens, first: int) -> Piece | None:
    """Return the paragraph after a colon, where it is running text: what was said is set apart without marks."""
    number = bisect_right(tokens.paragraph_starts, first)
    last = tokens.paragraph_starts[number] if number < len(tokens.paragraph_starts) else len(tokens)
    prose = last - first > 8 and tokens.is_capital(first) and tokens.words[last - 1] in END
    return (first, last) if prose else None


def _is_aside(tokens: Tokens, first: int, last: int, words: SpeechWords) -> bool:
    """Tell whether the words between a verb and its *that* say when, where or in what it was said."""
    sets = words.sets
    if any(tokens.words[n] in sets["pronouns"] or tokens.words[n] in ("our", "my", "their") for n in range(first, last)):
        return False  # we write to express our belief that
    if not (tokens.words[first] in sets["prepositions"] or tokens.words[first] in sets["times"] or tokens.words[first] == "," or tokens.is_capital(first) or tokens.taken[first]):
        return False
    return any(tokens.words[n] in sets["times"] or tokens.words[n] in sets["media"] or tokens.is_capital(n) or tokens.is_number(n) for n in range(first, last))


def _cut(tokens: Tokens, first: int, last: int, words: SpeechWords) -> Piece:
    """Return a content up to a second verb of speech of its sentence: *and warned*, *, adding that*."""
    inside = quote_places(tokens).inside
    for place in range(first + 2, min(last, first + 80)):
        word = tokens.words[place]
        if inside[place] != inside[first]:
            continue
        joined = tokens.words[place - 1] in ("and", "but") and word in words.verbs and word not in words.sets["shows"]
        joined = joined and (word in words.sets["bare"] or word in words.sets["hearers"]) and (word.endswith("ed") or word in ("said", "says", "told", "tells"))
        if joined or (tokens.words[place - 1] == "," and word in words.sets["participles"]):
            return trim(tokens, first, place - 1)
    return trim(tokens, first, last)


def _end_quote(tokens: Tokens, at: int, end: int) -> Piece:
    """Return a content that begins with a quotation: the quotation alone where it ends its sentence, else the rest of the sentence with it."""
    quote = quote_places(tokens).opening[at]
    if quote.last >= end or tokens.word(quote.last) in (".", "") or tokens.words[max(at, quote.last - 2)] in (".", "!", "?"):
        return at, quote.last
    return trim(tokens, at, max(end, quote.last))


def _read_hearer(tokens: Tokens, at: int, words: SpeechWords) -> Piece | None:
    """Return to whom it was said: *reporters*, *the Harbour News*, *her*."""
    sets = words.sets
    last = at
    if tokens.words[at] in sets["prepositions"]:
        return None
    while last < min(len(tokens), at + 10):
        word = tokens.words[last]
        if word in sets["that"] or word in sets["asking"] or word in END or word in _MARKS or word == "," or (last > at and not tokens.is_capital(last) and (word in sets["determiners"] or word in sets["times"] or word in sets["prepositions"])):
            break
        last += 1
        if word in ("me", "us", "him", "her", "them", "you", "it") and last == at + 1 and word != "her":
            break
    return (at, last) if last > at else None


def extend_left(tokens: Tokens, piece: Piece) -> Piece:
    """Return a content from where the quotation that ends it begins, which may be some sentences before."""
    quote = quote_places(tokens).closing.get(piece[1] - 1)
    return (min(piece[0], quote.first), piece[1]) if quote is not None else piece


def read_relative(tokens: Tokens, subject: Piece, cue: Piece, words: SpeechWords) -> Piece | None:
    """Return what was said in a relative clause: ``the fares, which the crews said were high``: from the verb after the cue on."""
    if tokens.word(subject[0] - 1) not in words.sets["relative"] | words.sets["that"] | {"what"} or tokens.word(cue[1]) not in words.sets["finite"]:
        return None
    end = min(end_of_content(tokens, cue[0]), limits(tokens, cue[0])[1])
    last = next((n for n in range(cue[1], end) if tokens.words[n] in END or tokens.words[n] == ","), end)
    return trim(tokens, cue[1], last) if last - cue[1] > 1 else None


def read_plain(tokens: Tokens, at: int, words: SpeechWords) -> Piece | None:
    """Return a source without an article or a capital: *officials*, *exit polls*."""
    _, high = limits(tokens, min(at, len(tokens) - 1))
    last = at
    while last < min(high, at + 12) and (tokens.is_word(last) or (tokens.words[last] == "-" and tokens.touches(last) and last > at)) and tokens.words[last] not in words.sets["finite"] and tokens.words[last] not in words.sets["boundaries"]:
        if last > at and tokens.words[last] in words.sets["prepositions"] and tokens.words[last] not in ("of", "from", "with", "in", "de", "du"):
            break
        last += 1
    return (at, last) if last > at else None
