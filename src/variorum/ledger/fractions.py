"""Numbers below a thousand in words, and fractions: three fifths, 3/4, one and a half, one out of three."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

from variorum.ledger.numerals import DASHES, DigitReader, Part

_TIMES = frozenset({"days", "weeks", "months", "years", "minutes", "hours", "seconds", "decades", "states", "miles", "percent", "am", "pm"})
"""Words after ``three in ten`` that make it no share: three goals in ten minutes."""


_SPANS = ("an", "mois", "jour", "semaine", "heure", "minute", "seconde", "mètre", "kilomètre", "página", "page", "año", "mes", "día", "hora", "metro", "kilómetro")
"""Beginnings of words after `sur` that make it no share: trois sur cinq ans."""


class WordReader(DigitReader, ABC):
    """Reads numbers below a thousand in words; a reader of larger ones and of fractions supplies the rest."""

    @abstractmethod
    def _read_row(self, at: int) -> Part | None:
        """Return groups with their scales; the reader of whole numbers has it."""

    @abstractmethod
    def _read_fraction(self, at: int, whole: Part | None) -> Part | None:
        """Return a fraction; the reader of fractions has it."""

    def _read_small(self, at: int) -> Part | None:
        """Return a number below a thousand in words; also ``ninety-five hundred``."""
        words, tokens = self.words, self.tokens
        below = self._read_below_hundred(at)
        word = tokens.word(at)
        if below is None and word in words.hundreds and words.hundreds[word] != 100:
            below = Part(words.hundreds[word], words.hundreds[word], at + 1, "words")
        elif below is None:
            if word in words.sets["articles"] and words.hundreds.get(tokens.word(at + 1)) == 100:
                below = Part(1, 1, at + 1, "words")
            elif word in words.hundreds and word in words.sets["bare"]:
                below = Part(1, 1, at, "words")
            else:
                return None
        last, value, step = below.last, below.value, below.step
        place = last + 1 if self._is_hyphen(last) else last
        if words.hundreds.get(tokens.word(place)) == 100 and 0 < value < 100:
            value, step, last = value * 100, step * 100, place + 1
        if value >= 100:
            rest = self._read_rest(last, below)
            if rest is not None:
                value, step, last = value + rest.value, rest.step, rest.last
        return self._add_point(Part(value, step, last, "words"))

    def _read_rest(self, last: int, below: Part) -> Part | None:
        """Return what follows the hundreds below a hundred, with or without a joiner."""
        del below
        place = self._skip_joiner(last)
        joined = place > last and self.tokens.word(last) in self.words.sets["joiners"]
        rest = self._read_below_hundred(place)
        if rest is None and self.tokens.is_number(place) and joined:
            digits = self._read_digits(place)
            rest = digits if digits and 0 < digits.value < 100 and float(digits.value).is_integer() else None
        if rest is None or rest.value == 0 or rest.value >= 100:
            return None
        if self.words.hundreds.get(self.tokens.word(rest.last)) == 100:  # three hundred and two hundred
            return None
        if place > last and self._is_fraction_tail(place, rest):
            return None
        return rest

    def _is_fraction_tail(self, place: int, rest: Part) -> bool:
        """Tell whether ``and three`` goes on as a fraction of its own (``and three quarters``)."""
        word = self.tokens.word(rest.last)
        joined = self.tokens.word(place - 1) in self.words.sets["joiners"]
        denominator = self.words.denominators.get(word, 0)
        single = rest.value < 20 and rest.last == place + 1
        return joined and bool(denominator) and (single or denominator in (10, 100, 1000))

    def _skip_joiner(self, place: int) -> int:
        """Return the token after joiners, hyphens and a comma between two groups."""
        words = self.words.sets["joiners"]
        if self.tokens.word(place) == "," and self.tokens.word(place + 1) not in words and not self.tokens.is_number(place + 1):
            return place + 1
        if self.tokens.word(place) in words:
            return place + 1
        return place + 1 if self._is_hyphen(place) else place

    def _read_below_hundred(self, at: int) -> Part | None:
        """Return a number from 0 to 99 in words."""
        words, tokens = self.words, self.tokens
        word = tokens.word(at)
        if word in words.units:
            value, last = words.units[word], at + 1
            place = last + 1 if self._is_hyphen(last) else last
            score = tokens.word(place)
            if value == 10 and 7 <= words.units.get(score, 0) <= 9 and tokens.language.code != "en":  # dix-sept
                return Part(10 + words.units[score], 1.0, place + 1, "words")
            if value == 4 and words.tens.get(score) == 20 and score.startswith("vingt"):
                value, last = 80.0, place + 1
            else:
                return Part(value, 10.0 if value == 10 else 1.0, last, "words")
        elif word in words.tens:
            value, last = words.tens[word], at + 1
        else:
            return None
        place = last + 1 if self._is_hyphen(last) else last
        if tokens.word(place) in words.sets["joiners"] and value % 10 == 0:  # soixante et onze, treinta y uno
            after = tokens.word(place + 1)
            small = words.units.get(after, 0)
            divided = tokens.word(place + 2) in words.denominators
            whole = divided and (not tokens.word(place + 2).endswith("s") if small == 1 else tokens.language.code == "fr" and small != 11)  # vingt et un cinquième, trente et deux cinquièmes
            if 0 < small < 20 and self._joins_units(place, value, small) and not whole:
                return Part(value + small, 1.0, place + 2, "words")
            hyphen = place + 2 if self._is_hyphen(place + 1) else None
            if hyphen is not None and 0 < words.units.get(tokens.word(hyphen), 0) < 20:  # soixante-et-onze
                return Part(value + words.units[tokens.word(hyphen)], 1.0, hyphen + 1, "words")
        small = words.units.get(tokens.word(place), 0)
        if 0 < small < 10 or (10 <= small < 20 and value in (60, 80) and "vingt" in words.tens):
            end = place + 1
            if small == 10 and value in (60, 80):
                more = end + 1 if self._is_hyphen(end) else end
                extra = words.units.get(tokens.word(more), 0)
                if 7 <= extra <= 9:  # soixante-dix-sept
                    return Part(value + 10 + extra, 1.0, more + 1, "words")
            return Part(value + small, 1.0 if small != 10 else 10.0, end, "words")
        return Part(value, 10.0, last, "words")

    def _joins_units(self, place: int, tens: float, small: float) -> bool:
        """Tell whether a joiner stands between tens and units: in languages that write it so, and before no fraction."""
        if self.tokens.language.code == "en":
            return False
        del place
        return small < 10 or tens in (60, 80)

    def _add_point(self, part: Part) -> Part:
        """Return a number in words with decimals in words: ``two point zero three``, ``two point seventy-one``."""
        words, tokens = self.words, self.tokens
        if tokens.word(part.last) not in words.sets["point"]:
            return part
        place, digits = part.last + 1, ""
        if tokens.language.code != "en":  # the decimals are read as one number
            if tokens.word(part.last) in words.sets["fraction_joiners"] and self._read_fraction(place, self._read_below_hundred(place)):
                return part
            row = self._read_row(place)
            if row is None or row.written != "words" or row.fraction or row.value != int(row.value):
                return part
            decimals, end = str(int(row.value)), row.last
            while len(decimals) < 12 and int(decimals[-1]) == words.units.get(tokens.word(end - 1)) and words.units.get(tokens.word(end), 10) < 10:
                decimals, end = decimals + str(int(words.units[tokens.word(end)])), end + 1  # digit by digit: virgule zéro huit
            return replace(part, value=float(f"{int(part.value)}.{decimals}"), step=10.0 ** -len(decimals), last=end)
        while place - part.last < 12:
            small = self._read_below_hundred(place)
            if small is None:
                break
            digits += str(int(small.value))
            place = small.last + (tokens.word(small.last) in DASHES and False)
        if not digits:
            return part
        return replace(part, value=float(f"{int(part.value)}.{digits}"), step=10.0 ** -len(digits), last=place)


class FractionReader(WordReader):
    """Reads fractions, alone or after a whole number."""

    def _add_mixed(self, part: Part) -> Part:
        """Return a whole number with the fraction after it: ``2 1/4``, ``one and a half``, ``twenty and three fifths``."""
        tokens = self.tokens
        if part.written == "digits" and float(part.value).is_integer() and tokens.is_number(part.last):
            fraction = self._read_slash(part.last)
            if fraction is not None and fraction.value < 1 and not tokens.touches(part.last):
                return replace(part, value=part.value + fraction.value, step=0.0, last=fraction.last)
        return self._add_fraction(part, 1.0)

    def _add_tail(self, part: Part) -> Part:
        """Return a number with a fraction of its last scale after it: ``one million and a half``."""
        return self._add_fraction(part, part.scale)

    def _add_fraction(self, part: Part, scale: float) -> Part:
        """Return a part with ``and a half``, ``and two thirds`` of `scale` added."""
        tokens, words = self.tokens, self.words
        if tokens.word(part.last) not in words.sets["joiners"] | words.sets["fraction_joiners"]:
            return part
        begin = part.last + 1
        fraction = self._read_half(begin) or self._read_fraction(begin, self._read_below_hundred(begin))
        if fraction is None or fraction.value >= 1 or (scale == 1 and tokens.word(fraction.last) in words.sets["of"]):
            return part
        after = fraction.last + (scale > 1 and tokens.word(fraction.last) in words.sets["of"])
        after += after > fraction.last and tokens.word(after) in words.sets["articles"]
        if fraction.scale == 1 and tokens.word(after) in words.scales:
            inner = words.scales[tokens.word(after)]
            if scale > 1:  # one billion and a half million
                return replace(part, value=part.value + fraction.value * inner, step=0.0, last=after + 1) if inner < scale else part
        return replace(
            part, value=part.value + fraction.value * scale, step=0.1 * scale if fraction.value == 0.5 else 0.0, last=fraction.last
        )

    def _read_half(self, at: int) -> Part | None:
        """Return ``half``, ``a half``, ``one quarter``: a fraction that is a noun."""
        tokens, words = self.tokens, self.words
        place = at + 1 if tokens.word(at) in words.sets["articles"] or words.units.get(tokens.word(at)) == 1 else at
        place += self._is_hyphen(place)
        value = words.halves.get(tokens.word(place))
        return None if value is None else Part(value, 0.0, place + 1, "words", fraction=True)

    def _read_fraction(self, at: int, whole: Part | None) -> Part | None:
        """Return a fraction: ``3/4``, ``three fifths``, ``a third``, ``half``, ``one over three``, ``one out of three``."""
        slash = self._read_slash(at)
        if slash is not None:
            return slash
        if self.tokens.word(at + 1) in self.words.sets["parts"] and self.words.denominators.get(self.tokens.word(at), 0) > 2:
            return self._read_part(at)
        half = self._read_half(at)
        numerator = whole
        if numerator is None and self.tokens.word(at) in self.words.sets["articles"]:
            numerator = Part(1, 1, at + 1, "words")
        found = None
        if numerator is not None and numerator.value > 0 and float(numerator.value).is_integer():
            found = self._read_denominator(at, numerator) or self._read_ratio(numerator)
        best = max((p for p in (half, found) if p is not None), key=lambda p: p.last, default=None)
        return best

    def _read_part(self, at: int) -> Part | None:
        """Return Spanish ``quinta parte``: one part of so many, where what is divided is named after it."""
        if self.tokens.word(at + 2) not in (*self.words.sets["of"], "del"):
            return None
        return Part(1 / self.words.denominators[self.tokens.word(at)], 0.0, at + 2, "words", fraction=True)

    def _read_ordinal(self, place: int, *, loose: bool) -> tuple[float, int] | None:
        """Return (value, token after it) of an ordinal of several words: ``twenty-fifth``, ``dix-septième``, ``quatre-vingt-onzième``, ``dix-millième``.

        Where `loose`, its parts may stand without hyphens: ``vingt et unième``.
        """
        tokens, words = self.tokens, self.words
        lead = self._read_below_hundred(place)
        if lead is None:
            return None
        bound = self._is_hyphen(lead.last)
        last = lead.last + bound
        joined = loose and tokens.word(last) in words.sets["joiners"]
        if joined:
            last += 1 + self._is_hyphen(last + 1)
        small = words.denominators.get(tokens.word(last)) or words.ordinals.get(tokens.word(last), 0)
        if not small or not (bound or loose) or (lead.value % 10 and lead.value != 4):
            return None
        scores = lead.value in (60, 80) and 10 <= small <= 16  # soixante-douzième
        if (small < 10 and lead.value >= 20) or (scores and (bound or joined)) or (bound and (lead.value == 10 and 7 <= small <= 9 and bool(words.ordinals))):
            return (lead.value + small, last + 1) if not self._is_time(place, last) else None
        if (bound and (small, lead.value) == (20, 4)) or (bound and small >= 1000 and lead.value == 10):  # quatre-vingtième
            return lead.value * small, last + 1
        return None

    def _is_time(self, place: int, last: int) -> bool:
        """Tell whether ``second`` is a unit of time: no word that leads an ordinal stands before it."""
        return self.tokens.word(last) in self.words.sets["timely"] and self.tokens.word(place - 1) not in self.words.sets["ordinal_leads"]

    def _is_ordinal(self, at: int, part: Part) -> bool:
        """Tell whether what was read ends in an ordinal that its last tens belong to, and no fraction is meant: the dix-septième, the one hundred and twenty-fifth."""
        tokens, words = self.tokens, self.words
        end = part.last - 1 if part.fraction else part.last + 1
        word = tokens.word(end)
        if part.written != "words" or not self._is_hyphen(end - 1) or not (word in words.denominators or word in words.ordinals):
            return False
        first = next((n for n in range(at, end) if (self._read_ordinal(n, loose=False) or (0, 0))[1] == end + 1), None)
        return first is not None and (first == at or not part.fraction or (not word.endswith("s") and tokens.word(first - 1) in words.sets["joiners"]))

    def _read_denominator(self, at: int, numerator: Part) -> Part | None:
        """Return a fraction whose denominator follows its numerator: ``five eighths``, ``one twenty-fifth``."""
        tokens, words = self.tokens, self.words
        split = self._split_tens(at, numerator)
        if split is not None:
            return split
        place = numerator.last + (1 if self._is_hyphen(numerator.last) else 0)
        ordinal = self._read_ordinal(place, loose=tokens.language.code != "en")  # un vingt cinquième, une vingt et unième
        if ordinal is not None:
            return Part(numerator.value / ordinal[0], 0.0, ordinal[1], "words", fraction=True)
        denominator = words.denominators.get(tokens.word(place))
        if denominator is None or denominator < 2 or (numerator.written == "digits" and numerator.value > 1 and not tokens.word(place).endswith("s")):  # 2022 third quarter
            return None
        last = place + 1 + (tokens.word(place + 1) in words.sets["parts"])
        return Part(numerator.value / denominator, 0.0, last, "words", fraction=True)

    def _split_tens(self, at: int, numerator: Part) -> Part | None:
        """Return ``one hundred thirty-fifths`` as 100/35: the hyphen binds the tens to the denominator."""
        tokens, words = self.tokens, self.words
        last = numerator.last
        tens = words.tens.get(tokens.word(last - 1)) or (10 if words.ordinals and words.units.get(tokens.word(last - 1)) == 10 else None)
        denominator = words.denominators.get(tokens.word(last + 1)) or words.ordinals.get(tokens.word(last + 1))
        joined = self._is_hyphen(last) and tokens.touches(last) and denominator is not None and denominator < 10
        if not tens or not joined or last - 1 <= at or tokens.word(last - 2) in words.sets["joiners"] or denominator is None:
            return None
        return Part((numerator.value - tens) / (tens + denominator), 0.0, last + 2, "words", fraction=True)

    def _read_ratio(self, numerator: Part) -> Part | None:
        """Return ``one over three``, ``two out of five hundred``."""
        tokens, words = self.tokens, self.words
        place = numerator.last
        odds = tokens.word(place) in words.sets["odds"]
        if tokens.word(place) in words.sets["over"] or odds:
            begin = place + 1
        else:
            phrase = f"{tokens.word(place)} {tokens.word(place + 1)}"
            begin = place + 2 if phrase in words.sets["out_of"] else 0
        if not begin or numerator.scale > 1:
            return None
        below = self._read_row(begin)
        if below is None or below.value <= numerator.value or not float(below.value).is_integer() or tokens.word(begin).startswith("$"):
            return None
        if odds and not self._are_odds(numerator, below):
            return None
        if tokens.word(place) in words.sets["over"] and (numerator.value > 20 or (tokens.is_word(below.last) and not self._counts_alike(numerator, below))):
            return None  # over 3 years
        return Part(numerator.value / below.value, 0.0, below.last, numerator.written, fraction=True)

    def _counts_alike(self, numerator: Part, below: Part) -> bool:
        """Tell whether what stands after ``deux sur cinq cents`` is counted rather than a time: both are words, in a language whose `over` is no `for`."""
        return self.tokens.language.code != "en" and numerator.written == below.written == "words" and not self.tokens.word(below.last).startswith(_SPANS)

    def _are_odds(self, numerator: Part, below: Part) -> bool:
        """Tell whether ``one in five`` is a share: small above round, written alike, and no time or measure after it."""
        after = self.tokens.word(below.last)
        small = numerator.value < 10 and below.value in (*range(3, 11), 12, 15, 20, 25, 30, 40, 50, 100, 1000, 10_000, 100_000, 1e6)
        return small and numerator.written == below.written and after not in _TIMES and not (self.tokens.touches(below.last) and after in ("/", "-", "%", ":"))

    def _read_slash(self, at: int) -> Part | None:
        """Return ``3/4``; a longer row of slashes is a date or a path."""
        tokens = self.tokens
        if not (
            tokens.is_number(at)
            and tokens.word(at + 1) in ("/", "⁄")
            and tokens.touches(at + 1)
            and tokens.is_number(at + 2)
            and tokens.touches(at + 2)
        ):
            return None
        if (tokens.word(at + 3) == "/" and tokens.touches(at + 3)) or (at and tokens.word(at - 1) == "/" and tokens.touches(at)):
            return None
        above, below = tokens.words[at], tokens.words[at + 2]
        if not (above.isdigit() and below.isdigit() and int(below) and len(below) <= 4) or (above, below) == ("24", "7"):
            return None
        return Part(int(above) / int(below), 0.0, at + 3, "digits", fraction=True)
