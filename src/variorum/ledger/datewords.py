"""The components of date patterns: day, month, year, weekday, unit, number, holiday, each read from the words of a language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from variorum.ledger.datevalues import EDGE, Few
from variorum.ledger.languages import LISTS, NUMBERS, TEXTS, WORDS, Language, add_section
from variorum.ledger.numbers import parse_number
from variorum.ledger.numerals import number_words
from variorum.ledger.patterns import Component
from variorum.ledger.rules import DIGITS
from variorum.ledger.tokens import Tokens
from variorum.ledger.units import Phrases, make_phrases, match_phrase

add_section(
    "dates",
    {
        "months": NUMBERS,
        "weekdays": NUMBERS,  # Monday is 1
        "ordinals": NUMBERS,  # first .. thirty-first
        "ordinal_endings": WORDS,  # st, nd
        "units": TEXTS,  # day -> D, week -> W
        "relative": NUMBERS,  # today 0, tomorrow 1
        "few": NUMBERS,  # a few 3
        "this": WORDS,
        "next": WORDS,
        "last": WORDS,
        "same": WORDS,
        "every": WORDS,
        "adverbs": TEXTS,  # daily -> P1D
        "seasons": TEXTS,
        "holidays": TEXTS,  # 12-25, easter+1, 5-1-2 (the second Monday of May), 11-1-1+1 (the day after the first Monday of November)
        "start": WORDS,
        "edges": WORDS,  # of those of start and end the ones that name the very first or last day
        "mid": WORDS,
        "end": WORDS,
        "decades": NUMBERS,  # sixties 60
        "centuries": WORDS,
        "patterns": LISTS,
        "order": WORDS,  # mdy or dmy
        "after_year": WORDS,  # words after a year that show that it is none
        "works": WORDS,  # laws and programmes, whose names may hold a year
        "before_year": WORDS,  # words before a bare number of four digits that make it a year
        "eras": NUMBERS,
        "quarters": NUMBERS,  # q1
        "halves": NUMBERS,  # h1
        "not_this": WORDS,  # words after "the week" that make it another
        "clock_leads": WORDS,  # words before hours that make them a time of day
        "mays": WORDS,  # months and weekdays that are other words as well
        "articles": WORDS,
        "plural_days": NUMBERS,
        "dayparts": TEXTS,
        "after_day": WORDS,  # words after a lone ordinal that leave it a day
        "no_plurals": WORDS,  # words in -s that nothing is counted by
        "before_slash": WORDS,  # words before 5/12 that make it a date
    },
)


class DateWords:
    """The date words of a language and its components, by name."""

    def __init__(self, language: Language) -> None:
        """Take the words from the language's file."""
        self.language = language
        self.table = language.section("dates")
        self.sets: dict[str, frozenset[str]] = {name: frozenset(v) for name, v in self.table.items() if isinstance(v, list)}
        months = self.table.get("months", {})
        self.short = {m for m in months if any(other != m and other.startswith(m) and months[other] == months[m] for other in months)}
        self.phrases: dict[str, Phrases] = {}
        for name in ("few", "this", "next", "last", "same", "every", "adverbs", "seasons", "holidays", "start", "mid", "end", "relative", "units", "weekdays", "quarters", "halves", "plural_days", "dayparts"):
            given = self.table.get(name, {})
            edges = self.sets.get("edges", frozenset()) if name in ("start", "end") else frozenset()
            self.phrases[name] = make_phrases({w: str(v) for w, v in given.items()} if isinstance(given, dict) else {w: EDGE if w in edges else w for w in given}, language)
        self.components: dict[str, Component] = {
            "day": self._read_day,
            "dayth": self._read_dayth,
            "dayword": self._read_dayword,
            "month": self._read_month,
            "year": self._read_year,
            "year2": self._read_short_year,
            "count": self._read_count,
            "ordinal": self._read_ordinal,
            "number": self._read_number,
            "decade": self._read_decade,
            "fraction": self._read_fraction,
            "roman": _read_roman,
            "spaced": _read_spaced,
            "numeric": lambda tokens, at: None if (found := read_numeric(tokens, at)) is None or found[1][2] is None else (found[0], found[1]),
            **{name: self._phrase_reader(name) for name in self.phrases},
            "unit": self._read_unit,
        }
        self.firsts = self._find_firsts()

    def _phrase_reader(self, name: str) -> Component:
        phrases = self.phrases[name]

        def read(tokens: Tokens, at: int) -> tuple[int, str] | None:
            return match_phrase(phrases, tokens, at)

        return read

    def _find_firsts(self) -> dict[str, frozenset[str]]:
        """Return component -> anchors with which it begins."""
        numbers = number_words(self.language)
        words = frozenset(numbers.begins)
        digits = frozenset({DIGITS})
        found = {name: frozenset(phrases) for name, phrases in self.phrases.items()}
        ordinals = frozenset(self.table.get("ordinals", {})) | frozenset(numbers.tens)
        found |= {
            "day": digits | ordinals,
            "dayth": digits | ordinals,
            "dayword": digits | ordinals | words,
            "month": frozenset(self.table.get("months", {})),
            "year": digits | words | {"'"},
            "year2": digits | words | {"'"},
            "count": digits | words | frozenset(self.phrases["few"]),
            "number": digits | words,
            "ordinal": digits | ordinals,
            "unit": frozenset(self.phrases["units"]),
            "numeric": digits,
            "spaced": digits,
            "roman": frozenset(number + ending for number in _ROMAN for ending in ("", "e", "è", "ème", "eme")),
            "fraction": words,
            "decade": digits | frozenset(self.table.get("decades", {})) | {"'"},
        }
        return found

    # -- components ----------------------------------------------------------------------------------------------

    def _read_day(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return a day of the month: 7, 7th, seventh, twenty-first."""
        if tokens.is_number(at):
            word = tokens.words[at]
            if not word.isdigit() or len(word) > 2 or not 1 <= int(word) <= 31:
                return None
            ending = tokens.touches(at + 1) and tokens.word(at + 1) in self.sets.get("ordinal_endings", ())
            if not ending and tokens.touches(at + 1) and tokens.is_word(at + 1):
                return None
            return at + 1 + ending, int(word)
        found = self._read_ordinal(tokens, at)
        return found if found and found[1] <= 31 else None

    def _read_dayth(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return a day of the month that shows itself as an ordinal: 7th, seventh."""
        found = self._read_day(tokens, at)
        return None if found is None or (tokens.is_number(at) and found[0] == at + 1) else found

    def _read_dayword(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return a day of the month, also as a number in words: january twenty-five."""
        found = self._read_day(tokens, at)
        if found is not None:
            return found
        number = self._read_words_below(tokens, at, 31)
        return number if number and number[1] >= 1 else None

    def _read_words_below(self, tokens: Tokens, at: int, limit: int) -> tuple[int, int] | None:
        """Return a number in words of at most two words."""
        words = number_words(tokens.language)
        tens = words.tens.get(tokens.word(at))
        if tens is not None:
            place = at + 1 + (tokens.word(at + 1) == "-")
            joined = tokens.word(place) in words.sets["joiners"] and tokens.language.code != "en"
            small = words.units.get(tokens.word(place + joined))
            value, end = (int(tens + small), place + joined + 1) if small and small < 10 else (int(tens), at + 1)
        else:
            small = words.units.get(tokens.word(at))
            if small is None:
                return None
            value, end = int(small), at + 1
        return (end, value) if value <= limit else None

    def _read_ordinal(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return an ordinal number: first, 3rd, twenty-first."""
        ordinals = self.table.get("ordinals", {})
        if tokens.is_number(at):
            ending = tokens.touches(at + 1) and tokens.word(at + 1) in self.sets.get("ordinal_endings", ())
            return (at + 2, int(tokens.words[at])) if ending and tokens.words[at].isdigit() and len(tokens.words[at]) <= 2 else None
        if tokens.word(at) in ordinals:
            return at + 1, int(ordinals[tokens.word(at)])
        tens = number_words(tokens.language).tens.get(tokens.word(at))
        if tens is None:
            return None
        place = at + 1 + (tokens.word(at + 1) == "-")
        unit = ordinals.get(tokens.word(place), 0)
        return (place + 1, int(tens + unit)) if 1 <= unit <= 9 else None

    def _read_month(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return a month, with the point of its short form."""
        number = self.table.get("months", {}).get(tokens.word(at))
        if number is None:
            return None
        short = tokens.words[at] in self.short and tokens.word(at + 1) == "." and tokens.touches(at + 1)
        return at + 1 + short, int(number)

    def _read_year(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return a year of four digits or in words."""
        word = tokens.word(at)
        if len(word) == 4 and word.isdigit() and 1000 <= int(word) <= 2999:
            bad = tokens.touches(at + 1) and tokens.is_word(at + 1)
            return None if bad else (at + 1, int(word))
        return None if not word or tokens.is_number(at) else self._read_spoken_year(tokens, at)

    def _read_spoken_year(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return a year in words: nineteen eighty-six, two thousand and fifteen, nineteen hundred ninety-three."""
        first = self._read_words_below(tokens, at, 29)
        if first is not None and 10 <= first[1] <= 29:
            rest = self._read_words_below(tokens, first[0], 99)
            if rest is not None and rest[1] >= 10:
                return rest[0], first[1] * 100 + rest[1]
        words = number_words(tokens.language)
        number = parse_number(tokens, at) if word_begins(tokens, at, words) else None
        if number is not None and number.written == "words" and number.integral and 1000 <= number.value <= 2999:
            return number.last, int(number.value)
        return None

    def _read_short_year(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return a year, also of two digits: '87; below 40 it is of this century."""
        full = self._read_year(tokens, at)
        if full is not None:
            return full
        mark = tokens.word(at) == "'"
        word = tokens.word(at + mark)
        if len(word) != 2 or not word.isdigit() or (tokens.touches(at + mark + 1) and tokens.is_word(at + mark + 1)):
            return None
        return at + mark + 1, int(word) + (2000 if int(word) < 40 else 1900)

    def _read_count(self, tokens: Tokens, at: int) -> tuple[int, float] | None:
        """Return how many: a number, or a few, several, a couple."""
        few = match_phrase(self.phrases["few"], tokens, at)
        if few is not None:
            return few[0], Few(few[1]) if float(few[1]) > 1 else float(few[1])
        return self._read_number(tokens, at)

    def _read_fraction(self, tokens: Tokens, at: int) -> tuple[int, float] | None:
        """Return a half or a quarter, with or without its article."""
        words = number_words(tokens.language)
        place = at + (tokens.word(at) in words.sets["articles"] or words.units.get(tokens.word(at)) == 1)
        value = words.halves.get(tokens.word(place))
        return None if value is None else (place + 1, value)

    def _read_number(self, tokens: Tokens, at: int) -> tuple[int, float] | None:
        """Return a number that is no fraction of something."""
        number = parse_number(tokens, at)
        if number is not None and number.fraction and tokens.word(number.last - 1) in self.phrases["units"]:  # three quarters, 7 quarters
            digits = tokens.words[at]
            return (at + 1, float(digits)) if digits.isdigit() and len(digits) < 4 else self._read_words_below(tokens, at, 99)
        if number is None or number.value <= 0 or number.value > 1e6 or (tokens.touches(at) and tokens.word(at - 1) in ("-", "/", ".", ":")):
            return None
        return number.last, number.value

    def _read_unit(self, tokens: Tokens, at: int) -> tuple[int, str] | None:
        """Return a unit of time, after a hyphen too: ``3-day``."""
        place = at + 1 if tokens.word(at) == "-" and tokens.touches(at) and tokens.touches(at + 1) else at
        return match_phrase(self.phrases["units"], tokens, place)

    def _read_decade(self, tokens: Tokens, at: int) -> tuple[int, int] | None:
        """Return a decade: 1960s gives 1960; 60s and sixties give 60."""
        at += tokens.word(at) == "'"
        word = tokens.word(at)
        named = self.table.get("decades", {}).get(word)
        if named is not None:
            return at + 1, int(named)
        if word.isdigit() and len(word) in (2, 4) and word.endswith("0"):
            ending = tokens.word(at + 1)
            if ending in ("s", "'s") and tokens.touches(at + 1):
                return at + 2, int(word)
        return None


_ROMAN = {"v": 5, "x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20, "xxi": 21}


def _read_roman(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Return the Roman number of a century: XV, XVe."""
    match = re.fullmatch(r"([IVX]+)(?:e|è|ème|eme)?", tokens.raw(at)) if at < len(tokens) else None
    number = _ROMAN.get(match[1].lower()) if match else None
    return None if number is None else (at + 1, number)


def _read_spaced(tokens: Tokens, at: int) -> tuple[int, tuple[int, int, int]] | None:
    """Return a date in digits divided by blanks, day first: 18 08 1978."""
    words = [tokens.word(n) for n in (at, at + 1, at + 2)]
    if not all(w.isdigit() for w in words) or len(words[0]) > 2 or len(words[1]) > 2 or len(words[2]) not in (2, 4) or tokens.is_number(at - 1) or tokens.is_number(at + 3):
        return None
    day, month, year = map(int, words)
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return at + 3, (year if year >= 100 else year + (2000 if year < 40 else 1900), month, day)


def word_begins(tokens: Tokens, at: int, words: Any) -> bool:
    """Tell whether a number of more than a bare scale begins at a token."""
    return tokens.word(at) in words.units or tokens.word(at) in words.tens or (tokens.language.code != "en" and tokens.word(at) in words.scales)


@lru_cache(maxsize=8)
def date_words(language: Language) -> DateWords:
    """Return the date words of a language."""
    return DateWords(language)


_NUMERIC = re.compile(r"(\d{1,4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?!\w|\2\d(?!\d?\2\d))")
_SHORT = re.compile(r"(\d{1,2})(/)(\d{1,2})(?!\w|[/.,]\d|%|-\d(?!\d?/\d))")
_RANGE = re.compile(r"\d[/.-]\d{1,4}-$")
"""What stands before the second date of a range in digits."""
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\w.,]*\d)")
_MONTH_YEAR = re.compile(r"(?:(\d{1,2})([-/])((?:1[5-9]|20|21)\d\d)|((?:1[5-9]|20|21)\d\d)([-/])(\d{1,2}))(?![\w]|[-/.]\d)")


def read_numeric(tokens: Tokens, at: int) -> tuple[int, tuple[int | None, int, int | None], bool] | None:
    """Return (token after it, (year, month, day), whether it could be read two ways) of a date in digits."""
    if not tokens.is_number(at):
        return None
    start = tokens.starts[at]
    before = tokens.word(at - 1)
    if tokens.touches(at) and (before[-1:].isalnum() or before in ("/", "$", "€", "#") or (before == "-" and not _RANGE.search(tokens.text, max(0, start - 12), start))):
        return None
    order = "".join(tokens.language.section("dates").get("order", ["mdy"]))
    for pattern, build in ((_COMPACT, _build_compact), (_NUMERIC, _build_full), (_MONTH_YEAR, _build_month), (_SHORT, _build_short)):
        match = pattern.match(tokens.text, start)
        found = build(match, order) if match else None
        if match and found is not None and not (tokens.text[match.end() - 1] == "." and False):
            return tokens.find(match.end() - 1) + 1, found[0], found[1]
    return None


_Found = tuple[tuple[int | None, int, int | None], bool]


def _build_compact(match: re.Match[str], order: str) -> _Found | None:
    del order
    return (int(match[1]), int(match[2]), int(match[3])), False


def _build_full(match: re.Match[str], order: str) -> _Found | None:
    """Return year, month, day of three numbers."""
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4:
        return _check(int(first), int(second), int(third), False)
    if len(third) not in (2, 4) or len(first) > 2:
        return None
    year = int(third) if len(third) == 4 else int(third) + (2000 if int(third) < 40 else 1900)
    return _order(year, int(first), int(second), "dmy" if match[2] == "." else order)


def _build_short(match: re.Match[str], order: str) -> _Found | None:
    """Return month and day of two numbers with a slash."""
    return _order(None, int(match[1]), int(match[3]), order) if match[2] == "/" else None


def _build_month(match: re.Match[str], order: str) -> _Found | None:
    """Return year and month."""
    del order
    year, month = (int(match[3]), int(match[1])) if match[1] else (int(match[4]), int(match[6]))
    return ((year, month, None), False) if 1 <= month <= 12 else None


def _order(year: int | None, first: int, second: int, order: str) -> _Found | None:
    """Return the numbers as month and day in the order of the language, in the other where only that is a date."""
    month, day = (first, second) if order == "mdy" else (second, first)
    twofold = first <= 12 and second <= 12 and first != second
    return _check(year, month, day, twofold) or _check(year, day, month, False)


def _check(year: int | None, month: int, day: int, twofold: bool) -> _Found | None:
    """Return what was found where the calendar has it."""
    try:
        dt.date(year or 2024, month, day)
    except ValueError:
        return None
    return (year, month, day), twofold


Reader = Callable[[Tokens, int], Any]
