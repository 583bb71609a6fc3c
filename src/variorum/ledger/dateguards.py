"""What looks like a date and is none: a number that no word shows to be a year, a month that is a verb, an ordinal that is a name."""

from __future__ import annotations

from typing import Any

from variorum.ledger.datewords import date_words
from variorum.ledger.numbers import parse_number
from variorum.ledger.numerals import number_words
from variorum.ledger.tokens import Tokens
from variorum.ledger.units import MONEY_SIGNS, read_unit

_PARTS = frozenset({"mid", "mi", "pre", "post", "early", "late"})
"""Words that a hyphen joins to a year: mid-1989."""
_POSSESSORS = frozenset({"its", "their", "our", "his", "her", "your", "my", "'s"})
_LIKELY = range(1900, 2100)
"""Numbers that are years where nothing speaks against it."""


def guard(tokens: Tokens, found: Any) -> bool:
    """Tell whether a find may stand; `found` is a `dates.Found`."""
    if any(tokens.taken[found.first : found.last]) or _is_idiom(tokens, found):
        return False
    if found.group in ("day", "month") and _is_verb(tokens, found):
        return False
    if found.builder == "year" and found.last - found.first == 1 and tokens.is_number(found.first):
        return _is_year(tokens, found.first)
    if found.builder == "year" and tokens.words[found.first] in number_words(tokens.language).begins and not tokens.is_number(found.first):
        return _is_spoken_year(tokens, found)
    if found.builder in ("month", "weekday"):
        return _is_name(tokens, found)
    if found.builder == "this" and tokens.word(found.last) in date_words(tokens.language).sets.get("not_this", ()):
        return False
    if found.builder in ("this", "same", "next", "last", "past") and _is_plural(tokens, found.last - 1):
        return False
    if found.builder in ("recent", "coming") and not _names_several(tokens, found):
        return False
    if found.builder == "range" and _is_restated(tokens, found):
        return False
    if found.builder == "holiday" and tokens.language.code == "en":
        return any(tokens.is_capital(n) or tokens.is_number(n) for n in range(found.first, found.last))
    if found.builder == "dayth":
        return _is_day(tokens, found)
    if found.builder == "digits" or (found.builder == "numeric" and tokens.is_number(found.first)):
        return _is_numeric(tokens, found)
    if found.builder == "duration":
        before = tokens.word(found.first - 1)
        if found.when.grain == "H" and before in date_words(tokens.language).sets.get("clock_leads", ()):
            return False
        return not (found.first and tokens.touches(found.first) and tokens.word(found.first - 1) in ("-", "/", "."))
    return True


def _is_year(tokens: Tokens, at: int) -> bool:
    """Tell whether four digits are a year."""
    words = date_words(tokens.language)
    before, after = tokens.word(at - 1), tokens.word(at + 1)
    if tokens.touches(at) and before not in ("(", "[", "-", "–", "/", "'", '"', "“", "‘", "~", "—"):
        return False
    if tokens.touches(at) and before in ("-", "/") and tokens.touches(at - 1) and tokens.word(at - 2) not in _PARTS and not (tokens.is_number(at - 2) and len(tokens.word(at - 2)) == 4):
        return False
    if tokens.touches(at + 1) and (after in ("%", "/") or after in MONEY_SIGNS or (after == "-" and tokens.touches(at + 2) and tokens.is_word(at + 2))):
        return False
    if before in MONEY_SIGNS or before in words.sets.get("after_year", ()) or after in ("%", "percent"):
        return False
    number = int(tokens.words[at])
    if is_of_law(tokens, at):
        return False
    if before in words.sets.get("before_year", ()):
        return 1000 <= number <= 2300 and (number in _LIKELY or not _counts(tokens, at + 1))
    return number in _LIKELY and not _counts(tokens, at + 1)


def is_of_law(tokens: Tokens, at: int) -> bool:
    """Tell whether a year belongs to the name of a law or programme: *the Harbour Act (HA) of 2021*, *the 2017 Piers and Locks Act*."""
    works = date_words(tokens.language).sets.get("works", ())
    if not works:
        return False
    if tokens.word(at - 1) == "of":
        before = next((n for n in range(at - 2, max(at - 6, -1), -1) if tokens.word(n) not in ("(", ")") and not tokens.raw(n).isupper()), None)
        return before is not None and tokens.words[before] in works and tokens.is_capital(before)
    for place in range(at + 1, min(at + 9, len(tokens))):
        if not (tokens.is_capital(place) or tokens.words[place] in ("of", "and", "for", "the", "to", "in", "&")):
            return False
        if tokens.words[place] in works:
            return True
    return False


def _is_spoken_year(tokens: Tokens, found: Any) -> bool:
    """Tell whether a number in words is a year: a word that years follow stands before it, and nothing that it counts after it."""
    words = date_words(tokens.language)
    larger = parse_number(tokens, found.first - 2)  # sesenta y dos mil diecinueve
    if larger is not None and larger.last > found.first:
        return False
    ends = not tokens.is_word(found.last) or tokens.word(found.last) in words.sets.get("after_day", ())
    return found.when.low is not None and found.when.low.year in _LIKELY and tokens.word(found.first - 1) in words.sets.get("before_year", ()) and ends


def _counts(tokens: Tokens, at: int) -> bool:
    """Tell whether the word after a number is what it counts: a unit, or a plural."""
    word = tokens.word(at)
    if read_unit(tokens, at) is not None and word not in ("in", "a", "h", "'", '"'):
        return True
    return tokens.is_word(at) and word.endswith(("s", "x") if tokens.language.code != "en" else "s") and len(word) > 3 and not tokens.is_capital(at) and word not in date_words(tokens.language).sets.get("no_plurals", ())


def _is_plural(tokens: Tokens, at: int) -> bool:
    """Tell whether a unit stands in the plural, so that it is no one week or year: the years, those months."""
    return tokens.language.code != "fr" and tokens.words[at].endswith("s") and tokens.words[at] != "mes"


def _names_several(tokens: Tokens, found: Any) -> bool:
    """Tell whether the unit of a find stands in the plural: recent months, the coming weeks; no number of them is said after it."""
    if tokens.language.code == "fr":  # mois is both; the word beside it tells
        return any(word.endswith("s") for n, word in enumerate(tokens.words[found.first : found.last], found.first) if n not in range(*found.places.get("unit", (0, 0))) and len(word) > 4)
    last = found.places["unit"][1] - 1
    named = tokens.words[last].endswith("s") and tokens.words[last] != "mes"
    # The last days of May are those of May; recent months of a movement are recent months.
    return named and (tokens.word(found.last) not in ("of", "de", "del") or not {"recent", "recientes"}.isdisjoint(tokens.words[found.first : found.last]))


def _is_restated(tokens: Tokens, found: Any) -> bool:
    """Tell whether a dash divides a distance from the date it leads to, rather than the ends of a range: 20 years ago - on 4 May."""
    first, second = found.places.get("first"), found.places.get("second")
    return bool(first and second) and tokens.word(first[1] - 1) == "ago" and any(w in ("-", "–", "—") for w in tokens.words[first[1] : second[0]])


def _is_name(tokens: Tokens, found: Any) -> bool:
    """Tell whether a lone month or weekday whose name is another word as well (may, sun, French mer) is a date."""
    words = date_words(tokens.language)
    if _is_of_person(tokens, found):
        return False
    names = [n for n in range(found.first, found.last) if tokens.words[n] in words.sets.get("mays", ())]
    if not names or any(tokens.is_number(n) for n in range(found.first, found.last)):
        return True
    if tokens.language.code != "en":  # small letters are the rule there; the point of the short form tells
        return tokens.word(found.last - 1) == "." and tokens.word(found.last)[:1].islower()
    at = names[0]
    return tokens.is_capital(at) and not tokens.begins_sentence(at) and tokens.word(at - 1) in words.sets.get("before_year", ())


def _is_of_person(tokens: Tokens, found: Any) -> bool:
    """Tell whether a lone month before a capital is a person's name: Jan Vole, April Heron."""
    if found.builder != "month" or found.last - found.first > 1 or tokens.words[found.first] not in ("jan", "april", "june", "may", "august"):
        return False
    before = tokens.word(found.first - 1)
    return tokens.language.code == "en" and tokens.is_capital(found.last) and before not in date_words(tokens.language).sets.get("before_year", ())


def _is_verb(tokens: Tokens, found: Any) -> bool:
    """Tell whether `may` or `march` in small letters beside words, not digits, is a verb; French `sept` beside words is a number."""
    words = tokens.words[found.first : found.last]
    if tokens.language.code == "fr" and "sept" in words and not any(word[0].isdigit() for word in words):
        return True
    verbs = [n for n in range(found.first, found.last) if tokens.words[n] in ("may", "march") and not tokens.is_capital(n)]
    return bool(verbs) and tokens.language.code == "en" and not any(tokens.is_number(n) for n in range(found.first, found.last)) and found.last - found.first < 4


def _is_day(tokens: Tokens, found: Any) -> bool:
    """Tell whether an ordinal with its article is a day: nothing that it could count follows."""
    after = tokens.word(found.last)
    if tokens.is_number(found.last) or after in MONEY_SIGNS or (after in ("and", "or") and tokens.word(found.last + 1) in tokens.language.section("dates").get("ordinals", ())):  # the first $1 billion, the first and second quarters
        return False
    if tokens.language.code == "en" and _names_no_day(tokens, found, after):
        return False
    return not tokens.is_word(found.last) or after in date_words(tokens.language).sets.get("after_day", ())


def _names_no_day(tokens: Tokens, found: Any, after: str) -> bool:
    """Tell whether an ordinal is none of a month: *the second-most*, *the 3rd (III)*, *the first of its kind*, and in words without a preposition before it."""
    if after in ("-", "(", "of") or tokens.is_number(found.last - 1):
        return after in ("-", "(", "of")
    spelt = not any(word[0].isdigit() for word in tokens.words[found.first : found.last])
    return spelt and tokens.words[found.first] not in ("on", "by", "until") and tokens.word(found.first - 1) not in ("on", "by", "until", "before", "after", "since", "from", "to", "and")


def _is_idiom(tokens: Tokens, found: Any) -> bool:
    """Tell whether a find is part of other words: *their 70s*, *its second century*, *half a second*, *will one day be*, *the first Thursday of each month*, *vehicles a day*."""
    before = tokens.word(found.first - 1)
    if found.builder in ("century", "decade"):
        return before in _POSSESSORS or before == "$" or (before == "and" and any(tokens.word(found.first - n) in _POSSESSORS for n in (3, 4)))
    if found.builder == "last_count":
        return tokens.is_number(found.first - 1) and tokens.words[found.first] in number_words(tokens.language).scales  # $20 million last month
    if found.builder in ("until", "next_count", "adverb", "approx", "weekday_dayth"):
        return tokens.language.code == "en" and _is_other_use(tokens, found)
    if found.builder == "this" and before == "by" and tokens.words[found.first] == "the":
        return True  # by the day
    if found.builder == "weekday":
        return _is_one_of_many(tokens, found)
    if found.group == "day" and found.last - found.first >= 3 and tokens.words[found.last - 2] == "," and len(tokens.words[found.last - 1]) <= 2:
        return tokens.is_number(found.last - 1) and tokens.is_word(found.last) and tokens.word(found.last) not in date_words(tokens.language).sets.get("after_day", ())  # in October, 21 girls
    if found.builder == "holiday":
        return (tokens.words[found.first] == "memorial" and tokens.is_capital(found.first - 1)) or tokens.word(found.last) in ("tree", "trees", "card", "cards", "lights", "carols", "gift", "gifts", "shopping")
    if found.builder != "duration":
        return False
    after = tokens.word(found.last + 1) if tokens.word(found.last) in ("-", "of", "de", "d'") else tokens.word(found.last)
    if after in ("old", "olds", "gmt", "utc", "age", "edad", "âge") or tokens.words[found.first : found.last] == ["for", "the", "second"] or (after != "a" and found.when.grain == "Q" and tokens.word(found.last) == "of"):
        return True  # 20-year-old, for the second year, a quarter of the boats
    said = tokens.words[found.first : found.last]
    if tokens.language.code == "en" and (said in (["a", "second"], ["all", "hours"], ["all", "hour"]) or (said[-1] == "quarters" and after in ("in", "are", "were", "is", "say", "have", "support"))):
        return (tokens.is_word(found.last) and after not in ("later", "ago", "before", "after", "earlier", "or", "and")) or said[0] == "all"  # a second report, at all hours
    once = tokens.words[found.first : found.last] == ["one", "day"] and before in ("will", "would", "could", "may", "might", "can", "to", "and")
    after = tokens.words[found.last : found.last + 2]
    aged = after[:1] == ["old"] or after == ["-", "old"] or after == ["-", "olds"] or after == ["of", "age"]
    return before == "half" or once or aged or _is_rate(tokens, found)


def _is_other_use(tokens: Tokens, found: Any) -> bool:
    """Tell whether English words are no bound, count, set or weekday: *by today's decision*, *by the day*, *within 30 days of*, *everyday people*, *about the 2023 event*, *Tuesday 10 AM*."""
    words, after = tokens.words[found.first : found.last], tokens.word(found.last)
    if found.builder == "until":
        return words[0] == "by" and (after in ("'s", "’s") or (len(words) == 3 and words[1] == "the" and not words[2][0].isdigit()))
    if found.builder == "next_count":
        return words[0] == "within" and after in ("of", "after", "from")
    if found.builder == "approx":
        return words[0] == "about" and (after in ("'s", "’s") or (words[1] == "the" and tokens.is_word(found.last) and len(words) == 3))
    if found.builder == "weekday_dayth":
        return after in ("am", "pm", "a.m", "p.m", ":", "a", "p")
    named = tokens.is_capital(found.first) and not tokens.begins_sentence(found.first) and tokens.is_word(found.first - 1) and tokens.is_capital(found.first - 1)
    return (words == ["everyday"] and (after == "people" or (len(after) > 3 and after.endswith("s")))) or (named and len(words) == 1)


def _is_rate(tokens: Tokens, found: Any) -> bool:
    """Tell whether ``a day`` is what a count before it is divided by: vehicles a day, $140 a month."""
    if found.last - found.first != 2 or tokens.words[found.first] not in ("a", "an", "each") or tokens.word(found.last) in ("after", "before", "later", "ago", "earlier", "or", "to"):
        return False
    before = tokens.word(found.first - 1)
    counted = before.endswith("s") or tokens.is_number(found.first - 1) or tokens.word(found.first - 2) == "of"
    low = max(tokens.sentence(found.first)[0], found.first - 7)
    return counted and before not in ("is", "was", "has", "as", "lasts", "takes") and any(parse_number(tokens, n) is not None for n in range(low, found.first))


def _is_one_of_many(tokens: Tokens, found: Any) -> bool:
    """Tell whether a lone weekday is one of a row of them: the first Thursday of each month, summer Friday afternoons."""
    if tokens.language.code != "en" or found.last - found.first > 1:
        return False
    before, after = tokens.word(found.first - 1), tokens.word(found.last)
    return (before in ("first", "second", "third", "fourth", "last", "other", "every") and before != "last") or after in ("afternoons", "mornings", "evenings", "nights")


def _is_numeric(tokens: Tokens, found: Any) -> bool:
    """Tell whether digits with slashes are a date, not a fraction or a score."""
    if found.last - found.first > 3 or found.group == "month" or found.last - found.first == 1:
        return True
    before = tokens.word(found.first - 1)
    words = date_words(tokens.language)
    above, below = tokens.words[found.first], tokens.words[found.last - 1]
    if above.isdigit() and below.isdigit() and int(above) < int(below) and int(below) in (*range(2, 11), 16) and before not in words.sets.get("before_slash", ()):
        return False  # a fraction
    return before in words.sets.get("before_year", ()) or before in words.sets.get("before_slash", ()) or tokens.begins_sentence(found.first) or tokens.word(found.last) in ("-", "–", "to")
