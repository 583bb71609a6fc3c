"""Form letters: the text that most of many near-equal texts have in common, the template, and what of each letter it leaves over.

The template is the consensus of a sample of letters, collated whole: the words that more than half of them have. Every letter is then
aligned with the template alone, so that time grows with their number and not with its square.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from variorum.collating.apparatus import Alignment
from variorum.collating.lexicons import LIGHT_SHARE, SMOOTHING, Lexicon, ends_sentence
from variorum.collating.members import Member
from variorum.collating.pairs import BOTH_ENDS, align_words, slide_runs
from variorum.collating.profiles import MIN_MOVED, MOVE_ODDS
from variorum.tokens import Tokens

N_SAMPLE = 48
"""Letters whose consensus the template is: a word that six in ten of all have is in it with odds of twelve to one."""
MIN_HELD = 0.3
"""Least share of the template's words, by weight, that a text must have to be one of its letters."""
SMALL_GAP = 1 << 9
"""Cells of a gap in which words are aligned one by one; letters are so near to the template that most need few."""
MAX_RUNS = 8
"""Stretches of a letter, and of the template, that are tried as moved."""


@dataclass(frozen=True)
class Consensus:
    """The words that most letters have.

    Attributes:
        keys: what they compare by, in order.
        sources: by word: the sampled letter it is shown from, and its token there; neighbours come from one letter where one has both.
        tokens: by sampled letter: its tokens.
        gains: by word that the sampled letters have: what it weighs, in nats.
        most: what a word weighs that none of them has.
    """

    keys: list[str]
    sources: list[tuple[int, int]]
    tokens: dict[int, Tokens]
    gains: dict[str, float]
    most: float


@dataclass(frozen=True)
class Leftover:
    """A stretch in which a letter is not the template: tokens ``[low, high)`` of the letter stand for words ``[first, last)`` of it."""

    low: int
    high: int
    first: int
    last: int


@dataclass(frozen=True)
class Comparison:
    """One letter beside the template.

    Attributes:
        held: bool by word of the template: the letter has it.
        n_moved: how many of them in another place.
        leftovers: what is not the template, in the order of the letter. Together with the words held they are all of the letter.
        share: share (0..1) of the template's weight that is held.
    """

    held: np.ndarray
    n_moved: int
    leftovers: list[Leftover]
    share: float


def choose_sample(texts: Iterable[str]) -> list[int]:
    """Return the numbers of the letters to take the template from, chosen by their content, whatever the order of input."""
    seen: Counter[bytes] = Counter()
    ranks: list[tuple[bytes, int]] = []
    for number, text in enumerate(texts):
        content = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        seen[content] += 1  # a text sent a hundred times has a hundred chances
        ranks.append((hashlib.blake2b(content + seen[content].to_bytes(8, "little"), digest_size=16).digest(), number))
    return [number for _, number in sorted(ranks)[:N_SAMPLE]]


def find_consensus(numbers: Sequence[int], members: Sequence[Member]) -> Consensus | None:
    """Return the template of some letters, whose numbers among all are given; None where they have no word in common."""
    alignment = Alignment(members)
    related = [m for m in range(len(members)) if alignment.related[m]]
    texts = [alignment.words[m] for m in related]
    columns = [alignment.columns[m] for m in related]
    words: dict[int, Counter[int]] = {}
    for held, text in zip(columns, texts, strict=True):
        for column, word in zip(held.tolist(), text.tolist(), strict=True):
            words.setdefault(column, Counter())[word] += 1
    keys = alignment.lexicon.keys
    chosen: dict[int, int] = {}
    for column, counts in words.items():
        word, n = min(counts.items(), key=lambda item: (-item[1], keys[item[0]]))
        if 2 * n > len(related):
            chosen[column] = word
    order = [int(c) for c in alignment.order if int(c) in chosen]
    if not any(not alignment.lexicon.light[chosen[c]] for c in order):
        return None
    ranks = sorted(range(len(related)), key=lambda k: (texts[k].tolist(), members[related[k]].text))
    sources = _choose_sources(order, chosen, [columns[k] for k in ranks], [texts[k] for k in ranks])
    tokens = {numbers[m]: alignment.tokens[m] for m in related}
    gains = {key: float(gain) for key, gain in zip(keys, alignment.lexicon.gain, strict=True)}
    most = float(np.log(np.mean([len(text) for text in texts]) + SMOOTHING))
    return Consensus([keys[chosen[c]] for c in order], [(numbers[related[ranks[k]]], token) for k, token in sources], tokens, gains, most)


def _choose_sources(order: list[int], chosen: dict[int, int], columns: Sequence[np.ndarray], texts: Sequence[np.ndarray]) -> list[tuple[int, int]]:
    """Return for each column of the template the letter and token to show; a letter is kept to as long as it has the next word too."""
    where = [{c: t for t, (c, w) in enumerate(zip(held.tolist(), text.tolist(), strict=True)) if chosen.get(c) == w} for held, text in zip(columns, texts, strict=True)]
    ranks = sorted(range(len(where)), key=lambda m: -len(where[m]))
    found: list[tuple[int, int]] = []
    for place, column in enumerate(order):
        if found and (last := found[-1])[1] + 1 == where[last[0]].get(column):
            found.append((last[0], last[1] + 1))
            continue
        # The letter that goes on longest from here.
        best, length = -1, -1
        for m in ranks:
            token = where[m].get(column)
            if token is None:
                continue
            n = 1
            while place + n < len(order) and where[m].get(order[place + n]) == token + n:
                n += 1
            if n > length:
                best, length = m, n
        found.append((best, where[best][column]))
    return found


class Comparer:
    """Letters beside one template; equal letters are compared once in a batch."""

    def __init__(self, template: Consensus) -> None:
        """Take the template."""
        self.template = template
        self._known = sorted({*template.gains, *template.keys})
        weights = np.array([template.gains[key] for key in template.keys])
        self._weights = weights / max(1e-9, float(weights.sum()))

    def compare(self, letters: Sequence[Tokens]) -> list[Comparison]:
        """Return what each letter has of the template, and what else."""
        new = sorted(set().union(*(t.keys for t in letters)).difference(self._known)) if letters else []
        lexicon = self._make_lexicon(self._known + new)
        numbers = {key: number for number, key in enumerate(lexicon.keys)}
        words = np.array([numbers[key] for key in self.template.keys], np.int32)
        done: dict[bytes, Comparison] = {}
        found = []
        for letter in letters:
            own = np.fromiter((numbers[key] for key in letter.keys), np.int32, len(letter.keys))
            key = own.tobytes()
            if key not in done:
                done[key] = self._compare(own, words, lexicon, letter.keys)
            found.append(done[key])
        return found

    def _make_lexicon(self, keys: list[str]) -> Lexicon:
        """Return a lexicon in which a word weighs what it weighs in every batch."""
        light = np.fromiter((not any(c.isalnum() for c in key) for key in keys), bool, len(keys))
        most = np.where(light, LIGHT_SHARE, 1.0) * self.template.most
        gain = np.array([self.template.gains.get(key, rest) for key, rest in zip(keys, most.tolist(), strict=True)], np.float32)
        offsets = np.zeros(len(keys) + 1, np.int64)
        np.cumsum([len(key) for key in keys], out=offsets[1:])
        return Lexicon(keys, gain, light, np.frombuffer("".join(keys).encode("utf-32-le", "surrogatepass"), np.int32), offsets)

    def _compare(self, letter: np.ndarray, words: np.ndarray, lexicon: Lexicon, keys: list[str]) -> Comparison:
        """Return one letter beside the template, all as numbers of the lexicon."""
        mate = align_words(letter, words, lexicon, small=SMALL_GAP) if len(letter) else np.zeros(0, np.int64)
        mate[(mate >= 0) & (words[mate] != letter)] = -1  # a word in the place of another is none of the template's
        _give_ends(mate, keys)
        slide_runs(mate, letter, lexicon.stops, len(words))
        moved = _find_moved(letter, words, mate, lexicon)
        _drop_chance(mate, moved, lexicon.light[letter], keys)
        held = np.zeros(len(words), bool)
        held[mate[mate >= 0]] = True
        return Comparison(held, int(moved.sum()), _list_leftovers(mate, moved, len(words)), float(self._weights[held].sum()))


_SENTENCE = 5
"""Words from which a stretch that was put in is taken for a sentence."""


def _give_ends(mate: np.ndarray, keys: list[str]) -> None:
    """Let the end of a sentence of the template be the first of two in the letter: what is put in behind a filled slot has its own; `mate` changes in place."""
    for high in np.flatnonzero((mate[1:] >= 0) & (mate[:-1] < 0)).tolist():
        high += 1
        if not ends_sentence(keys[high]):
            continue
        low = high - 1
        while low > 0 and mate[low - 1] < 0:
            low -= 1
        for at in range(low, high - 1):
            if keys[at] == keys[high]:
                mate[at], mate[high] = mate[high], -1
                break


def _find_moved(letter: np.ndarray, words: np.ndarray, mate: np.ndarray, lexicon: Lexicon) -> np.ndarray:
    """Look for stretches left over among the template's words left over; return the words so found (bool), whose `mate` is set."""
    moved = np.zeros(len(letter), bool)
    free = np.ones(len(words), bool)
    free[mate[mate >= 0]] = False
    homes = _runs_of(free, MIN_MOVED)
    for low, high in _runs_of(mate < 0, MIN_MOVED)[:MAX_RUNS]:
        for first, last in homes[:MAX_RUNS]:
            found = align_words(letter[low:high], words[first:last], lexicon, BOTH_ENDS)
            equal = np.flatnonzero(found >= 0)
            equal = equal[words[first + found[equal]] == letter[low + equal]]
            equal = equal[free[first + found[equal]] & (mate[low + equal] < 0)]
            if len(equal) < MIN_MOVED or lexicon.gain[letter[low + equal]].sum() < MOVE_ODDS + np.log((high - low) * (last - first)):
                continue
            mate[low + equal], free[first + found[equal]], moved[low + equal] = first + found[equal], False, True
    return moved


def _runs_of(mask: np.ndarray, least: int) -> list[tuple[int, int]]:
    """Return the runs of true values that are long enough, the longest first."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.view(np.int8), [0]])))
    return sorted(((low, high) for low, high in edges.reshape(-1, 2).tolist() if high - low >= least), key=lambda run: (run[0] - run[1], run[0]))


def _drop_chance(mate: np.ndarray, moved: np.ndarray, light: np.ndarray, keys: list[str]) -> None:
    """Take words that a letter has in common with the template by chance, inside what it says instead, for its own; `mate` changes in place."""
    inside = np.flatnonzero((mate >= 0) & ~moved)
    if len(inside) < 3:
        return
    # Runs of the template in the letter, each with what is left over on its left.
    cuts = np.flatnonzero((np.diff(inside) > 1) | (np.diff(mate[inside]) > 1)) + 1
    starts, ends = np.concatenate([[0], cuts]), np.concatenate([cuts, [len(inside)]])
    places = mate.copy()
    for k in range(1, len(starts) - 1):
        low, high = int(inside[starts[k]]), int(inside[ends[k] - 1]) + 1
        left = _heavier(light, places, int(inside[starts[k] - 1]), low)
        right = _heavier(light, places, high - 1, int(inside[starts[k + 1]]))
        n = int((~light[low:high]).sum())
        # One word between a small difference and a sentence that was put in, of which it is a part.
        part = (right >= _SENTENCE and not ends_sentence(keys[high - 1])) or (left >= _SENTENCE and not ends_sentence(keys[low - 1]))
        if (n <= 2 and 2 * n <= min(left, right)) or (n <= 1 <= min(left, right) and part):
            mate[low:high] = -1


def _heavier(light: np.ndarray, mate: np.ndarray, before: int, after: int) -> int:
    """Return how many words stand between two words of the template, in the letter or in the template, whichever are more."""
    return max(int((~light[before + 1 : after]).sum()), int(mate[after] - mate[before]) - 1)


def _list_leftovers(mate: np.ndarray, moved: np.ndarray, n_words: int) -> list[Leftover]:
    """Return what of a letter is not the template, and what of the template it lacks."""
    inside = np.flatnonzero((mate >= 0) & ~moved)
    at = np.concatenate([[-1], inside, [len(mate)]])
    place = np.concatenate([[-1], mate[inside], [n_words]])
    elsewhere = np.zeros(n_words, bool)
    elsewhere[mate[moved]] = True
    found = []
    for k in np.flatnonzero((np.diff(at) > 1) | (np.diff(place) > 1)).tolist():
        low, high, first, last = int(at[k]) + 1, int(at[k + 1]), int(place[k]) + 1, int(place[k + 1])
        if not moved[low:high].any() and not elsewhere[first:last].any():
            found.append(Leftover(low, high, first, last))
            continue
        # Moved words are neither the letter's own nor missing: what stands around them is.
        found += [Leftover(low + a, low + b, first, first) for a, b in sorted(_runs_of(~moved[low:high], 1))]
        found += [Leftover(high, high, first + a, first + b) for a, b in sorted(_runs_of(~elsewhere[first:last], 1))]
    return found
