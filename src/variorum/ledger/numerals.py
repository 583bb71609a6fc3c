"""Numerals: the number words of a language, digits with their marks, and the small readers that numbers are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from variorum.ledger.languages import NUMBERS, TEXTS, WORDS, Language, add_section
from variorum.ledger.tokens import Tokens

_SUPERSCRIPTS = {
    "½": 1 / 2,
    "⅓": 1 / 3,
    "⅔": 2 / 3,
    "¼": 1 / 4,
    "¾": 3 / 4,
    "⅕": 1 / 5,
    "⅖": 2 / 5,
    "⅗": 3 / 5,
    "⅘": 4 / 5,
    "⅙": 1 / 6,
    "⅚": 5 / 6,
    "⅛": 1 / 8,
    "⅜": 3 / 8,
    "⅝": 5 / 8,
    "⅞": 7 / 8,
}
_POWER = re.compile(r"(?:[eE]([+-]?\d{1,3})|\s?[x×*]\s?10\s?\^\s?([+-]?\d{1,3}))(?![\w.,]*\d)")
_CARET = re.compile(r"\^\s?([+-]{0,2}\d{1,3})(?![\w])")
DASHES = ("-", "–", "−", "‐")

add_section(
    "numbers",
    {
        "units": NUMBERS,  # one .. nineteen
        "tens": NUMBERS,  # twenty .. ninety
        "hundreds": NUMBERS,  # hundred; in some languages each hundred is a word
        "scales": NUMBERS,  # thousand, million, dozen: multiply what stands before them
        "bare": WORDS,  # scales and hundreds that need no number before them
        "suffixes": NUMBERS,  # letters after digits: 10k
        "spaced": WORDS,  # suffixes that may stand after a blank
        "denominators": NUMBERS,  # third, fifths
        "ordinals": NUMBERS,  # ordinals that are denominators behind tens alone: vingt-deuxième
        "timely": WORDS,  # ordinals that are units of time as well, so that a word of `ordinal_leads` must tell
        "ordinal_leads": WORDS,
        "fraction_endings": WORDS,  # endings that make a number a denominator: Spanish -avo
        "parts": WORDS,  # after a denominator: Spanish parte
        "halves": NUMBERS,  # fractions that are nouns: half, quarter
        "articles": WORDS,  # a hundred, a third
        "fraction_joiners": WORDS,  # Spanish con: 103 con dos tercios
        "joiners": WORDS,  # two hundred and one
        "minus": WORDS,
        "point": WORDS,  # two point five
        "over": WORDS,  # one over three
        "out_of": WORDS,  # phrases: one out of three
        "odds": WORDS,  # one in five, of small and round numbers alone
        "of": WORDS,  # two thirds of a million
        "lone": WORDS,  # number words that alone are something else as a rule (one, French un)
        "marks": TEXTS,  # decimal and group marks
        "not_after": WORDS,  # after these, a lone word is no number (which one)
        "not_before": WORDS,  # before these, a lone word is no number (one another)
        "plural": WORDS,  # of: tens of thousands
    },
)

@dataclass(frozen=True)
class Words:
    """The number words of one language, ready for the parser."""

    units: dict[str, float]
    tens: dict[str, float]
    hundreds: dict[str, float]
    scales: dict[str, float]
    suffixes: dict[str, float]
    denominators: dict[str, float]
    halves: dict[str, float]
    ordinals: dict[str, float]
    sets: dict[str, frozenset[str]]
    decimal: str
    begins: frozenset[str]
    """Words with which a number may begin."""


@lru_cache(maxsize=8)
def number_words(language: Language) -> Words:
    """Return the number words of a language."""
    table = language.section("numbers")
    maps: dict[str, Any] = {
        name: table.get(name, {}) for name in ("units", "tens", "hundreds", "scales", "suffixes", "denominators", "halves", "ordinals")
    }
    maps["denominators"] = {**_compose_denominators(table), **maps["denominators"]}
    names = ("bare", "spaced", "articles", "joiners", "fraction_joiners", "minus", "point", "over", "out_of", "odds", "of", "lone", "not_after", "not_before", "plural", "timely", "ordinal_leads", "parts")
    sets = {name: frozenset(table.get(name, [])) for name in names}
    begins = {
        *maps["units"],
        *maps["tens"],
        *maps["hundreds"],
        *sets["bare"],
        *sets["articles"],
        *sets["minus"],
        *maps["halves"],
        *_SUPERSCRIPTS,
        *(maps["denominators"] if sets["parts"] else ()),  # la quinta parte
    }
    return Words(**maps, sets=sets, decimal=table.get("marks", {}).get("decimal", "."), begins=frozenset(begins))


def _compose_denominators(table: dict[str, Any]) -> dict[str, float]:
    """Return the denominators that a language writes in one word: Spanish treintaicincoavos, dosmilésimos."""
    endings, small = table.get("fraction_endings", []), {**table.get("units", {}), **table.get("tens", {})}
    joiners = {"", "i", *table.get("joiners", [])}
    stems = dict(small)
    for word, tens in table.get("tens", {}).items():
        for one, units in table.get("units", {}).items():
            if 0 < units < 10:
                stems.update({f"{lead}{joint}{one}": tens + units for lead in (word, word[:-1]) for joint in joiners})
    found: dict[str, float] = {}
    for word, value in stems.items() if endings else ():
        for stem in {word, word[:-1] if word[-1] in "ae" else word}:
            found.update({f"{stem}{ending}": value for ending in endings if value > 10})
    large = {word: value for word, value in table.get("denominators", {}).items() if value >= 1000}
    for word, value in {**small, **table.get("hundreds", {})}.items() if endings else ():
        found.update({f"{word}{part}": value * times for part, times in large.items() if value > 1})
    return found


def read_digits(text: str, decimal: str = ".") -> tuple[float, float] | None:
    """Return value and step of digits with their marks; None where the marks make no number.

    ``decimal`` is the mark that the language writes before decimals; it decides where the digits alone do not.
    """
    plain = text.replace("’", "'")
    marks = [c for c in plain if not c.isdigit()]
    if not marks:
        return float(plain), _step(plain)
    parts = re.split(r"[.,']", plain)
    last = marks[-1]
    if len(set(marks)) == 2 and marks.count(last) == 1 and all(m == marks[0] for m in marks[:-1]) and last != "'":
        whole, fraction = parts[:-1], parts[-1]
    elif len(set(marks)) > 1:
        return None
    elif last == "'" or len(marks) > 1 or (len(parts[1]) == 3 and last != decimal and parts[0] not in ("", "0")):
        whole, fraction = parts, ""
    else:
        whole, fraction = parts[:1], parts[1]
    if len(whole) > 1 and not _are_groups(whole):
        return None
    digits = "".join(whole)
    value = float(f"{digits or '0'}.{fraction or '0'}")
    return value, (10.0 ** -len(fraction) if fraction else _step(digits))


def _are_groups(parts: list[str]) -> bool:
    """Tell whether digits are grouped by threes, or by twos before the last three as in India."""
    rest = parts[1:]
    threes = all(len(p) == 3 for p in rest)
    twos = len(rest[-1]) == 3 and all(len(p) == 2 for p in rest[:-1])
    return 1 <= len(parts[0]) <= 3 and (threes or twos)


def _step(digits: str) -> float:
    """Return the size of the last place that is not zero."""
    stripped = digits.rstrip("0")
    return 10.0 ** (len(digits) - len(stripped)) if stripped else 1.0


@dataclass(slots=True)
class Part:
    """A part of a number while it is read: value, step, the token after it, how it is written, its largest scale."""

    value: float
    step: float
    last: int
    written: str
    scale: float = 1.0
    fraction: bool = False
    doubtful: str | None = None


class DigitReader:
    """Reads numbers in digits from the tokens of a text."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.words = number_words(tokens.language)

    def _is_hyphen(self, place: int) -> bool:
        """Tell whether a token is a hyphen between number words."""
        word = self.tokens.word(place)
        return word in DASHES and place + 1 < len(self.tokens) and self.tokens.is_word(place - 1) and self.tokens.is_word(place + 1)

    def _is_minus(self, number: int) -> bool:
        """Tell whether a dash is the sign of the number after it, not a hyphen, a range or a dash between words."""
        tokens = self.tokens
        if tokens.touches(number) and not tokens.word(number - 1).startswith(("(", "[", "=", "<", ">", "^", "$", "€", "£")):
            return False
        at_start = number == 0 or number in tokens.sentence_starts[:1]
        pointed = tokens.word(number + 1) in (".", self.words.decimal) and tokens.is_number(number + 2) and tokens.touches(number + 2)
        return number + 1 < len(tokens) and (tokens.is_number(number + 1) or pointed) and (tokens.touches(number + 1) or at_start)

    def _read_digits(self, at: int) -> Part | None:
        """Return a number in digits: groups after blanks, powers, a broken group as doubtful."""
        tokens = self.tokens
        if not tokens.is_number(at):
            return self._read_leading_point(at) or self._read_superscript(at)
        text = tokens.words[at]
        found = read_digits(text, self.words.decimal)
        if found is None:
            return None
        value, step = found
        last, doubtful = at + 1, None
        power = _POWER.match(tokens.text, tokens.ends[at])
        if power is not None:
            factor = 10.0 ** int(power[1] or power[2])
            return Part(value * factor, step * factor, tokens.find(power.end() - 1) + 1, "digits")
        caret = _CARET.match(tokens.text, tokens.ends[at])
        if caret is not None:
            return self._raise_power(value, caret)
        if text.isdigit() and len(text) <= 3 and text[0] != "0":
            value, step, last, doubtful = self._read_spaced_groups(at, text)
        elif self._is_broken(last):
            value, step, last, doubtful = value * 1000 + int(tokens.words[last + 1]), 1000.0, last + 2, "its groups are split by a blank"
        return self._add_superscript(Part(value, step, last, "digits", doubtful=doubtful))

    def _raise_power(self, value: float, caret: re.Match[str]) -> Part | None:
        """Return a number raised to a power."""
        exponent = int(caret[1].replace("--", "-") if not caret[1].startswith("--") else "-" + caret[1][2:])
        try:
            result = value**exponent
        except (OverflowError, ZeroDivisionError):
            return None
        return Part(result, 0.0, self.tokens.find(caret.end() - 1) + 1, "digits")

    def _read_spaced_groups(self, at: int, text: str) -> tuple[float, float, int, str | None]:
        """Return value, step, end and doubt of digits whose groups of three are divided by blanks, or by comma and blank."""
        tokens = self.tokens
        last, digits = at + 1, text
        for _ in range(5):
            gap = tokens.text[tokens.ends[last - 1] : tokens.starts[last]] if last < len(tokens) else ""
            group = tokens.word(last)
            if len(gap) != 1 or gap not in " \u00a0\u202f\u2009" or not group[:3].isdigit() or len(re.match(r"\d*", group)[0]) != 3:  # type: ignore[index] - \d* always matches
                break
            if not group.isdigit():  # decimals end it: 12 345,6
                found = read_digits(group, self.words.decimal)
                if found is None or not re.fullmatch(r"\d{3}[.,]\d+", group):
                    break
                decimals = re.split(r"[.,]", group)[1]
                return float(f"{digits}{group[:3]}.{decimals}"), 10.0 ** -len(decimals), last + 1, None
            digits, last = digits + group, last + 1
        if last == at + 1 and self._is_broken(last):
            return (
                float(digits + tokens.words[last + 1]),
                _step(digits + tokens.words[last + 1]),
                last + 2,
                "its groups are split by a blank",
            )
        return float(digits), _step(digits), last, None

    def _is_broken(self, last: int) -> bool:
        """Tell whether a group of zeros follows a comma and a blank, as badly read print has it: ``40, 000``."""
        tokens = self.tokens
        group = tokens.word(last + 1)
        return (
            tokens.word(last) in (",", ".")
            and len(group) == 3
            and group.isdigit()
            and group[0] == "0"
            and tokens.starts[last + 1] - tokens.ends[last - 1] <= 3
        )

    def _read_leading_point(self, at: int) -> Part | None:
        """Return a decimal without a digit before its mark: ``.25``."""
        tokens = self.tokens
        digits = tokens.word(at + 1)
        if tokens.word(at) not in (".", self.words.decimal) or (tokens.touches(at) and tokens.word(at - 1) not in DASHES) or not digits.isdigit() or not tokens.touches(at + 1):
            return None
        return Part(float(f"0.{digits}"), 10.0 ** -len(digits), at + 2, "digits")

    def _read_superscript(self, at: int) -> Part | None:
        value = _SUPERSCRIPTS.get(self.tokens.word(at))
        return None if value is None else Part(value, 0.0, at + 1, "digits", fraction=True)

    def _add_superscript(self, part: Part) -> Part:
        """Return digits with a fraction sign after them: ``2½``."""
        more = _SUPERSCRIPTS.get(self.tokens.word(part.last))
        return part if more is None else replace(part, value=part.value + more, step=0.0, last=part.last + 1)
