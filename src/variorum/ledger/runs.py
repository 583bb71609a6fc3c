"""Runs of capitals: where they begin and end, and which sentences are headings."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from variorum.ledger.namewords import NameWords, match_place, name_words
from variorum.ledger.tokens import Tokens

_LONGEST = 14
"""Tokens of the longest run of capitals."""
_HEADING = 0.7
"""Share of capitals among the words of a sentence without an end mark from which it is a heading."""
_LONGEST_HEADING = 30
"""Tokens of the longest heading."""
_AND = ("and", "&", "et", "y", "e")


@dataclass(slots=True)
class Name:
    """A name in tokens: the first, the one after the last, its class, the rule that found it, the title before it, the code of a place, and a longer form that it stands for."""

    first: int
    last: int
    kind: str
    rule: str
    title: tuple[int, int] | None = None
    iso: str | None = None
    acronym: tuple[int, int] | None = None
    canonical: str | None = None
    why: list[str] = field(default_factory=list)


class Runs:
    """The runs of capitals of one stretch; `small` are the words that also stand in small letters, `starts` the first tokens of sentences."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.words: NameWords = name_words(tokens.language)
        self.sets = self.words.sets
        self.small = {word for number, word in enumerate(tokens.words) if word[0].isalpha() and not tokens.is_capital(number)}
        dates = tokens.language.section("dates")
        self.calendar = frozenset(dates.get("months", {})) | frozenset(dates.get("weekdays", {}))
        self.starts = set(tokens.sentence_starts)
        self.paragraphs = set(tokens.paragraph_starts)
        self.headings: dict[int, bool] = {}

    def run(self, first: int) -> int:
        """Return the token after the run of capitals that begins at a token: joined by *of*, points of initials, hyphens, and *and* inside the name of a body."""
        tokens, sets = self.tokens, self.sets
        last = first + 1
        while last < len(tokens) and last - first < _LONGEST:
            word = tokens.words[last]
            after = last + 1
            if last in self.paragraphs or (last in self.starts and tokens.words[last - 1] != "."):
                break
            if last in self.starts and not self._is_abbreviated(last - 1):
                break
            if tokens.is_capital(last) or (word == "." and tokens.touches(last) and self._is_abbreviated(last)):
                last += 1
            elif word in ("-", "‐", "–") and len(tokens.words[last - 1]) > 1 and tokens.touches(last) and tokens.touches(after) and tokens.is_capital(after):
                last += 2
            elif (word in sets["joiners"] or word == "&") and (step := self._joined(first, last)):
                last += step
            elif word in ('"', "“") and tokens.word(last + 2) in ('"', "”") and tokens.is_capital(after) and tokens.is_capital(last + 3) and last + 3 not in self.starts:
                last += 4
            elif word == "," and (step := self._listed(first, last)):
                last += step
            elif word in ("'s", "'") and tokens.touches(last) and tokens.is_capital(after) and self._owns(last - 1, after):
                last += 2
            else:
                break
        while last > first + 1 and (tokens.words[last - 1] in sets["joiners"] or tokens.words[last - 1] in sets["articles"]):
            last -= 1
        return last

    def _owns(self, owner: int, owned: int) -> bool:
        """Tell whether a possessive is a part of a body's name: the People's Party, the Growers' League."""
        words, sets = self.tokens.words, self.sets
        return words[owner] in sets["possessors"] or (words[owner].endswith("s") and words[owned] in sets["heads"])

    def _is_abbreviated(self, at: int) -> bool:
        """Tell whether the point at a token follows an initial or a title cut short."""
        before = self.tokens.word(at - 1)
        return len(before) == 1 or before in self.tokens.language.section("tokens").get("abbreviations", ())

    def _joined(self, first: int, at: int) -> int:
        """Return how many tokens a joining word adds to a run, 0 where it ends it."""
        tokens, sets = self.tokens, self.sets
        place = at + 1
        while place < at + 3 and tokens.word(place) in (sets["articles"] | sets["joiners"]):
            place += 1
        if not tokens.is_capital(place) or place in self.starts:
            return 0
        before = tokens.words[first:at]
        headed = any(word in sets["heads"] or word in sets["leading_heads"] for word in before)
        if tokens.words[at] in ("and", "&") and self._heads_later(first, at, place):
            return place + 1 - at
        if tokens.words[at] in ("and", "&", "et", "y"):
            inside = any(word in sets["joiners"] and word not in ("and", "&", "et", "y") for word in before)
            return place + 1 - at if headed and inside and place == at + 1 and not tokens.raw(place).isupper() else 0
        return place + 1 - at if headed or any(word in sets["place_leads"] for word in before) or (before[-1] in sets["place_of"] and tokens.words[at] == "of") else 0

    def _heads_later(self, first: int, at: int, place: int) -> bool:
        """Tell whether *and* joins words of one body whose head stands after it: *the Energy and Natural Resources Committee*."""
        tokens, sets = self.tokens, self.sets
        left = tokens.words[first:at]
        if tokens.word(first - 1) not in sets["articles"] or (left[0] in sets["heads"] and len(left) == 1) or any(w in sets["heads"] or w == "'s" or w in sets["demonyms"] for w in left[1:]) or tokens.raw(at - 1).isupper() or left[-1] in sets["place_heads"]:
            return False
        if any(match_place(self.words, tokens, n) is not None for n in (first, at - 1, place)):
            return False
        last = place
        while last < place + 5 and tokens.is_capital(last) and last not in self.starts:
            last += 1
        return last > place + 1 and tokens.words[last - 1] in sets["heads"]

    def _listed(self, first: int, comma: int) -> int:
        """Return how many tokens a list inside the name of a committee or office adds: *Subcommittee on Piers, Ferries & Crews*; 0 where none goes on."""
        tokens, sets = self.tokens, self.sets
        head = next((n for n in range(first, comma) if tokens.words[n] in sets["listing_heads"]), comma)
        if not any(tokens.words[n] in ("on", "of", "for") for n in range(head, comma)):
            return 0
        place = comma + 1
        while place < comma + 12 and (tokens.is_capital(place) or tokens.word(place) == ","):
            place += 1
        joined = tokens.word(place) in _AND and tokens.is_capital(place + 1) and place + 1 not in self.starts
        return place + 2 - comma if joined and place > comma + 1 else 0

    def is_heading(self, at: int) -> bool:
        """Tell whether the sentence of a token has capitals nearly throughout."""
        number = bisect_right(self.tokens.sentence_starts, at) - 1
        if number not in self.headings:
            first, last = self.tokens.sentence(at)
            shown = [n for n in range(first, min(last, first + 40)) if self.tokens.is_word(n) and self.tokens.words[n] not in self.words.common]
            capital = sum(self.tokens.is_capital(n) for n in shown)
            self.headings[number] = len(shown) >= 3 and last - first <= _LONGEST_HEADING and self.tokens.words[last - 1] not in (".", "!", "?", "”", '"') and capital >= _HEADING * len(shown)
        return self.headings[number]

    def skip_bracket(self, at: int) -> int:
        """Return the token after a bracket that begins at a token."""
        if self.tokens.word(at) != "(":
            return at
        return next((n + 1 for n in range(at + 1, min(len(self.tokens), at + 12)) if self.tokens.words[n] == ")"), at)

    def is_plural(self, title: tuple[int, int]) -> bool:
        """Tell whether a title is one of several persons: Senators, Reps."""
        end = next((n for n in range(*title) if self.tokens.words[n] == "of"), title[1])
        last = end - 1 - (self.tokens.words[end - 1] == ".")
        return self.tokens.words[last].endswith(("s", "men")) and self.tokens.words[last] not in ("mrs", "ms", "miss") and end - title[0] <= 5
