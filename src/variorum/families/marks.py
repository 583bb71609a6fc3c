"""Boilerplate is marked with its reasons, never dropped: office furniture, templates, official names.

Points, chosen on hand-read families of two corpora: see the page "Families and marks". Two or more mark a family;
an attributed quotation is exempt. Scripts without capitals are judged without the two signs that need them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
MARKED_FROM = 2
_REPEATS = 3
_PROSE = 40
_SAME = 0.7
_CAPITALS = 0.4
_ONE_SERIES = 0.8
_AT_EDGE = 0.7
_REACH = 1500
_NEAR = 160
_MARKS = "“”\"«»„‟"
_QUOTES = re.compile(f"[{_MARKS}]")
_SPEECH = re.compile(
    r"\b(said|says|stated|states|added|told|wrote|writes|declared|noted|according to|explained|commented|concluded|continued"
    r"|a déclaré|a dit|selon|dijo|declaró|afirmó|según|sagte|erklärte|laut)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Words:
    """Counts of words in one passage; where the script has no case every word counts as running.

    `n_fresh` counts a running word three times at most, so that a list of signatures ("member of the council", over
    and over) is not taken for prose.
    """

    n_words: int
    n_capitalised: int
    n_running: int
    n_fresh: int
    has_case: bool


@dataclass(frozen=True)
class Signs:
    """What the points of one family are given for."""

    words: Words
    n_characters: float
    n_witnesses: int
    n_dates: int
    main_series_share: float
    shared_else: float
    edge_share: float

    @property
    def capitals(self) -> bool:
        """Whether the passage is names: many capitals, and few running words; a letter with a long list of signatures is a letter."""
        words = self.words
        return words.has_case and words.n_words > 0 and words.n_capitalised / words.n_words >= _CAPITALS and words.n_fresh < _PROSE

    @cached_property
    def points(self) -> tuple[int, list[str]]:
        """The points of the family and the reasons for them, in words."""
        return _give_points(self)

    @property
    def one_series(self) -> bool:
        """Whether nearly all of its statements come from one series."""
        return self.main_series_share >= _ONE_SERIES


def count_words(text: str) -> Words:
    """Count the words of a passage that begin with a capital or digit, and the others."""
    words = WORD.findall(text)
    if not any(c.isupper() or c.islower() for c in text):
        return Words(len(words), 0, len(words), len(words), False)
    firsts = [w[0] for w in words]
    running = Counter(compress(words, map(str.islower, firsts)))
    n_running = running.total()
    n_fresh = n_running - sum(n - _REPEATS for n in running.values() if n > _REPEATS)
    return Words(len(words), sum(map(str.isupper, firsts)), n_running, n_fresh, True)


def _give_points(signs: Signs) -> tuple[int, list[str]]:
    """Return the points of a family and the reasons for them, in words."""
    reasons = []
    points = 0
    words = signs.words
    short = 150 if words.has_case else 200
    if signs.capitals:
        points += 1
        reasons.append(f"{words.n_capitalised} of its {words.n_words} words begin with a capital")
    if signs.n_characters < short:
        points += 1
        reasons.append(f"short: {signs.n_characters:.0f} characters")
    if words.has_case and words.n_fresh < 16:
        points += 1
        repeats = " without repeats" if words.n_fresh < words.n_running else ""
        reasons.append(f"few running words: {words.n_fresh}{repeats}")
    if signs.shared_else < 0.05 and signs.n_dates >= 3:
        points += 1
        reasons.append(f"its statements share nothing else and bear {signs.n_dates} dates")
    if signs.n_witnesses >= 5 and signs.one_series:
        points += 2
        reasons.append(f"{signs.main_series_share:.0%} of its {signs.n_witnesses} statements come from one series")
    return points, reasons


def ask_passages(signs: Signs) -> str | None:
    """Return what has to be seen of a family's passages to mark it: `quoted`, whether they stand in quotation marks; `slots`, whether they differ in figures; or None."""
    if signs.points[0] < MARKED_FROM:
        return None
    # What somebody said is exempt; names and addresses inside a quoted letter are not what somebody said.
    if not signs.capitals and not signs.one_series:
        return "quoted"
    # Only the template of one series is told by its slots.
    return "slots" if signs.one_series and signs.edge_share < _AT_EDGE else None


def mark_family(signs: Signs, answer: bool) -> tuple[str | None, list[str]]:
    """Return the label of a family (None: not marked) and the reasons, in words; `answer` is to what `ask_passages` asks."""
    points, reasons = signs.points
    asked = ask_passages(signs)
    if points < MARKED_FROM or (asked == "quoted" and answer):
        return None, []
    if signs.edge_share >= _AT_EDGE:
        return "furniture", [*reasons, f"at the beginning or end of {signs.edge_share:.0%} of its statements"]
    if asked == "slots" and answer:
        return "series template", [*reasons, "its passages differ in figures or dates"]
    return "formula or name", reasons


def is_quoted(text: str, start: int, end: int) -> bool:
    """Return whether a passage stands in quotation marks and words of speech stand near it."""
    # The passage may take its marks with it, or a letter less.
    opening = max(text.rfind(mark, max(0, start - _REACH), start + 2) for mark in _MARKS)
    closing = _QUOTES.search(text, max(start + 2, end - 3), end + _REACH)
    if opening < 0 or closing is None or not _opens(text, opening) or _opens(text, closing.start()):
        return False
    return bool(_SPEECH.search(text, max(0, start - _NEAR), start) or _SPEECH.search(text, end, end + _NEAR))


def _opens(text: str, at: int) -> bool:
    """Return whether the quotation mark at a place opens: nothing or a gap stands before it, and none behind."""
    return (at == 0 or text[at - 1].isspace() or text[at - 1] in "([—–-:") and at + 1 < len(text) and not text[at + 1].isspace()


def has_slots(passages: Sequence[str]) -> bool:
    """Return whether a quarter or more of the passages after the first say the same as it with other figures."""
    first, *others = (_triples(passage) for passage in passages)
    filled = 0
    for other in others:
        exact, bare = len(first[0] & other[0]), len(first[1] & other[1])
        filled += exact < bare and bare >= _SAME * min(len(first[1]), len(other[1]))
    return filled > 0 and 4 * filled >= len(others)


def _triples(passage: str) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """Return each three neighbouring words of a passage, as they are and with every figure a 0."""
    words = WORD.findall(passage)
    bare = [_DIGITS.sub("0", word) for word in words]
    return set(zip(words, words[1:], words[2:], strict=False)), set(zip(bare, bare[1:], bare[2:], strict=False))


def score_substance(n_letters: float, words: Words, n_series: int, n_witnesses: int, n_total: int) -> float:
    """Return the score that ranks families: length, running words, other publishers and rarity; unbounded, higher first."""
    running = words.n_running / words.n_words if words.n_words else 0.0
    reach = (1 + n_series) ** 0.5
    rarity = 1.0 - 0.5 * n_witnesses / max(n_total, n_witnesses)
    return float(min(n_letters, 4000.0) ** 0.5 * (0.05 + running) * reach * rarity)
