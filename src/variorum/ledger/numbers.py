"""Numbers in digits, in words and in both, with fractions: one parser for all languages, with the words of each.

`parse_number` reads the number that begins at a token, as far as it goes and never farther than `LONGEST` tokens, and
remembers what it found. A number in words is a row of groups below a thousand, each with its scales::

    two hundred and two thousand    202 x 10^3
    one and a half million          (1 + 1/2) x 10^6
    three fifths, 3/5, one in five  numerator and denominator
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from variorum.ledger.fractions import FractionReader
from variorum.ledger.numerals import DASHES, Part
from variorum.ledger.tokens import Tokens

LONGEST = 40
"""Tokens of the longest number that is read."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written.

    Attributes:
        first, last: its tokens: the first, and the one after the last.
        value: what it is worth.
        step: size of the last place written that is not zero (100 for 2,300); 0 for a fraction.
        written: `digits`, `words` or `mixed`.
        fraction: written as numerator and denominator.
        scale: the last scale word, 1 where there is none.
        doubtful: why it may not be what was meant, None where nothing speaks against it.
    """

    first: int
    last: int
    value: float
    step: float
    written: str
    fraction: bool = False
    scale: float = 1.0
    doubtful: str | None = None
    integral: bool = True


def parse_number(tokens: Tokens, first: int) -> Number | None:
    """Return the number that begins at a token; None where none does."""
    if not 0 <= first < len(tokens):
        return None
    key = ("number", first)
    if key not in tokens.memo:
        tokens.memo[key] = _Parser(tokens).parse(first)
    return tokens.memo[key]


class _Parser(FractionReader):
    """Reads one number from the tokens of a text."""

    def parse(self, first: int) -> Number | None:
        """Return the number that begins at a token."""
        word = self.tokens.words[first]
        sign, at = 1.0, first
        if word in self.words.sets["minus"] or (word in DASHES and self._is_minus(first)):
            sign, at = -1.0, first + 1
        part = self._read(at)
        if part is None or self._is_ordinal(at, part):
            return None
        value = sign * part.value
        return Number(
            first, part.last, value, part.step, part.written, part.fraction, part.scale, part.doubtful, not part.fraction and part.step >= 1
        )

    def _read(self, at: int) -> Part | None:
        """Return the longest number that begins at a token: fraction, mixed number, or row of groups with scales."""
        whole = self._read_row(at)
        fraction = self._read_fraction(at, whole)
        if fraction is not None and (whole is None or fraction.last > whole.last):
            return self._scaled(fraction)
        return whole

    def _read_row(self, at: int) -> Part | None:
        """Return groups with their scales: ``two million three hundred thousand and five``."""
        total: Part | None = None
        smallest = math.inf
        place = at
        while place - at < LONGEST:
            begin = place
            if total is not None:
                begin = self._skip_joiner(place)
            group = self._read_group(begin, alone=total is None)
            if group is None:
                break
            size = group.scale
            if total is not None:
                if not group.value or group.value >= smallest or (group.written == "digits" and total.written == "digits"):
                    break
                joined = self.tokens.word(place) in self.words.sets["joiners"]
                if joined and self.tokens.word(group.last) in self.words.denominators:  # two million and three fifths
                    break
                if begin == place and group.written == "digits" and self.tokens.is_number(place - 1):
                    break
            step = min(total.step, group.step) if total and group.value else group.step
            written = group.written if total is None or total.written == group.written else "mixed"
            total = Part((total.value if total else 0) + group.value, step, group.last, written, size, doubtful=group.doubtful)
            place = group.last
            if size <= 1:
                break
            smallest = size
        return self._add_tail(total) if total is not None else None

    def _read_group(self, at: int, *, alone: bool) -> Part | None:
        """Return a group below a thousand, or digits, with the scales after it."""
        part = self._read_digits(at) or self._read_small(at)
        words = self.words
        word = self.tokens.word(at)
        if part is None and word in words.sets["articles"] and self._is_multiple(at + 1):
            part = Part(1, 1, at + 1, "words")
        if part is None and word in words.sets["bare"] and (word in words.scales or word in words.hundreds):
            part = Part(1, 1, at, "words")
        if part is None:
            return None
        part = self._add_mixed(part)
        part = self._scaled(part)
        if part.last == at:
            return None
        del alone
        return part

    def _is_multiple(self, place: int) -> bool:
        """Tell whether a word multiplies: a hundred, a dozen."""
        word = self.tokens.word(place)
        return word in self.words.scales or word in self.words.hundreds

    def _scaled(self, part: Part) -> Part:
        """Return a part with the hundreds and scales after it."""
        words, tokens = self.words, self.tokens
        value, step, last, scale, written = part.value, part.step or 1.0, part.last, part.scale, part.written
        if part.fraction and tokens.word(last) in words.sets["of"]:
            after = last + 1 + (tokens.word(last + 1) in words.sets["articles"])
            if tokens.word(after) in words.scales:
                last = after
        for _ in range(3):
            place = last + 1 if self._is_hyphen(last) or self._binds_scale(last) else last
            if part.fraction and tokens.word(place) in words.sets["articles"] and tokens.word(place + 1) in words.scales:
                place += 1  # half a dozen
            factor = words.scales.get(tokens.word(place))
            if factor is None and words.hundreds.get(tokens.word(place)) == 100 and scale == 1 and part.written == "digits" and (tokens.language.code == "en" or not 10 <= value < 100) and float(value).is_integer():
                factor = 100.0
            if factor is None and scale == 1 and not part.fraction:
                factor = self._read_suffix(place, last)
            if factor is None or (factor == 1000 and scale >= 1e6):  # a million and a thousand
                break
            value, step, last, scale = value * factor, step * factor, place + 1, max(scale, factor)
            more = self._read_small(last) if scale == 1000 and not part.fraction else None
            if more is not None and words.scales.get(tokens.word(more.last), 0) >= 1e6:  # 455 mil 228 millones
                value, step, last = value + more.value, more.step, more.last
            written = "mixed" if part.written == "digits" else part.written
        return Part(value, step, last, written, scale, part.fraction and scale == 1, part.doubtful)

    def _binds_scale(self, last: int) -> bool:
        """Tell whether a hyphen binds a scale word to digits: 12.5-million-gallon."""
        tokens = self.tokens
        return tokens.word(last) in ("-", "‐") and tokens.touches(last) and tokens.touches(last + 1) and tokens.word(last + 1) in self.words.scales

    def _read_suffix(self, place: int, last: int) -> float | None:
        """Return the factor of letters after digits: ``10k``, ``3 bn``; a lone small m is a metre."""
        tokens, words = self.tokens, self.words
        if not tokens.is_number(last - 1) or place != last:
            return None
        word = tokens.word(place)
        factor = words.suffixes.get(word)
        if factor is None or (tokens.touches(place + 1) and (tokens.is_word(place + 1) or tokens.is_number(place + 1))):
            return None
        raw = tokens.raw(place)
        if word == "mm" and not raw.isupper():  # a millimetre
            return None
        if len(word) == 1 and word != "k" and not (raw.isupper() or (word == "b" and tokens.touches(place))):
            return None
        if raw.isupper() and tokens.touches(place + 1) and tokens.word(place + 1) == "-":
            return None
        return factor if tokens.touches(place) or word in words.sets["spaced"] else None
