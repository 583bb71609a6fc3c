"""The profile: texts joined one after another to an ordered list of columns, a column holding one word of each text at most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from variorum.collating.lexicons import Lexicon
from variorum.collating.merging import merge_columns
from variorum.collating.moves import Block
from variorum.collating.pairs import BOTH_ENDS, align_words, slide_runs, turn_round
from variorum.kernels import collating

NGRAM = 3
"""Words of an n-gram by which a stretch that is left over is looked up in the other texts."""
MIN_MOVED = 5
"""Fewest words of a stretch that is looked up without order."""
MAX_PLACES = 16
"""Places a text, on the average, of an n-gram that is looked up; one that stands everywhere leads nowhere."""
MOVE_ODDS = 6.0
"""What a moved block must weigh beyond chance, in nats."""
INSERT_ODDS = 4.0
"""What words must weigh beyond chance to join columns that the nearest text lacks, in nats."""


class Profile:
    """Columns under construction.

    Attributes:
        columns: by text that has joined: the column of each of its words (int64).
        order: the columns in order (int64).
    """

    def __init__(self, words: Sequence[np.ndarray], lexicon: Lexicon) -> None:
        """Take the texts in words (int32) and what words weigh."""
        self.words = words
        self.lexicon = lexicon
        self.columns: dict[int, np.ndarray] = {}
        self.order = np.zeros(0, np.int64)
        self.word = np.zeros(0, np.int32)  # by column: the word of the first text that had it
        self._index = _NgramIndex(words)

    def join(self, text: int, nearest: int) -> None:
        """Let a text join: along `nearest`, which has joined, or as the first (-1)."""
        words = self.words[text]
        placed = np.full(len(words), -1, np.int64)
        if nearest >= 0:
            mate = self._align_nearest(words, self.words[nearest])
            placed[mate >= 0] = self.columns[nearest][mate[mate >= 0]]
            self._fill_gaps(words, placed)
            self._find_moved(words, placed)
        self._add_columns(words, placed)
        self.columns[text] = placed

    def _align_nearest(self, words: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return for each word of a text the word of the nearest that it stands opposite, or -1; what one of them alone has is cut where sentences end."""
        mate = align_words(words, others, self.lexicon)
        slide_runs(mate, words, self.lexicon.stops, len(others))
        turned = turn_round(mate, len(others))
        slide_runs(turned, others, self.lexicon.stops, len(words))
        return turn_round(turned, len(words))

    def _fill_gaps(self, words: np.ndarray, placed: np.ndarray) -> None:
        """Give words that the nearest text lacks to columns of other texts that lie between their neighbours."""
        place = np.empty(len(self.order), np.int64)
        place[self.order] = np.arange(len(self.order))
        used = np.zeros(len(self.order) + 1, bool)  # by place
        used[place[placed[placed >= 0]]] = True
        gains = self.lexicon.gain
        for low, high in _open_runs(placed):
            left = int(place[placed[low - 1]]) if low else -1
            right = int(place[placed[high]]) if high < len(placed) else len(self.order)
            end = left + 1
            while end < len(self.order) and not used[end]:
                end += 1
            begin = right
            while begin > 0 and not used[begin - 1]:
                begin -= 1
            spaces = [(left + 1, end)] if begin == left + 1 and end == right else [(left + 1, end), (begin, right)]
            for first, last in spaces:
                if first >= last or high <= low:
                    continue
                columns = self.order[first:last]
                mate = align_words(words[low:high], self.word[columns], self.lexicon, BOTH_ENDS)
                hits = np.flatnonzero(mate >= 0)
                equal = hits[self.word[columns[mate[hits]]] == words[low + hits]]
                if gains[words[low + equal]].sum() < INSERT_ODDS + np.log((high - low) * (last - first)):
                    continue
                hits = hits[(hits >= equal[0]) & (hits <= equal[-1])]
                free = placed[low + hits] < 0
                hits = hits[free]
                placed[low + hits] = columns[mate[hits]]
                used[first + mate[hits]] = True

    def _find_moved(self, words: np.ndarray, placed: np.ndarray) -> None:
        """Look up what is left over in all texts, without order; a stretch found takes the columns of its home."""
        used = np.zeros(len(self.order), bool)
        used[placed[placed >= 0]] = True
        gains = self.lexicon.gain
        n_total = len(self.order) * max(1, len(words))
        for low, high in _open_runs(placed):
            while high - low >= MIN_MOVED:
                found = self._look_up(words[low:high], used)
                if found is None:
                    break
                other, first, last = found
                columns = self.columns[other][first:last]
                mate = align_words(words[low:high], self.words[other][first:last], self.lexicon, BOTH_ENDS)
                hits = np.flatnonzero(mate >= 0)
                hits = hits[~used[columns[mate[hits]]]]
                equal = hits[self.words[other][first + mate[hits]] == words[low + hits]]
                if gains[words[low + equal]].sum() < MOVE_ODDS + np.log(n_total):
                    break
                hits = hits[(hits >= equal[0]) & (hits <= equal[-1])]
                placed[low + hits] = columns[mate[hits]]
                used[columns[mate[hits]]] = True
                block = Block(words, placed, used, (low, high), (low + int(hits[0]), low + int(hits[-1]) + 1))
                block.widen(self.words[other], self.columns[other], (first + int(mate[hits[0]]), first + int(mate[hits[-1]]) + 1))
                low, high = block.end, block.run[1]

    def _look_up(self, words: np.ndarray, used: np.ndarray) -> tuple[int, int, int] | None:
        """Return (text, first word, last word) of where a stretch stands in the text that has most of its n-grams, on columns not used."""
        texts, places, at = self._index.find(words)
        joined = np.fromiter((int(t) in self.columns for t in texts), bool, len(texts))
        texts, places, at = texts[joined], places[joined], at[joined]
        free = np.fromiter((not used[self.columns[int(t)][p]] for t, p in zip(texts, places, strict=True)), bool, len(texts))
        texts, places, at = texts[free], places[free], at[free]
        if not len(texts):
            return None
        votes = np.bincount(texts)
        best = int(np.argmax(votes))
        shift = places[texts == best] - at[texts == best]
        middle = int(np.median(shift))
        slack = len(words) // 4 + 8
        return best, max(0, middle - slack), min(len(self.words[best]), middle + len(words) + slack)

    def _add_columns(self, words: np.ndarray, placed: np.ndarray) -> None:
        """Make a column for every word that has none, right after the column of the word before it."""
        new = np.flatnonzero(placed < 0)
        if not len(new):
            return
        n = len(self.word)
        placed[new] = np.arange(n, n + len(new))
        self.word = np.concatenate([self.word, words[new]])
        after: dict[int, list[int]] = {}
        last = -1
        for column in placed.tolist():
            if column >= n:
                after.setdefault(last, []).append(column)
            else:
                last = column
        if not len(self.order):
            self.order = placed.copy()
            return
        parts = [np.array(after.get(-1, []), np.int64)]
        place = np.empty(n, np.int64)
        place[self.order] = np.arange(n)
        begin = 0
        for cut, column in sorted((int(place[c]) + 1, c) for c in after if c >= 0):
            parts += [self.order[begin:cut], np.array(after[column], np.int64)]
            begin = cut
        self.order = np.concatenate([*parts, self.order[begin:]])

    def merge(self) -> None:
        """Make one column of those that say the same of different texts, once all texts have joined."""
        texts = sorted(self.columns)
        self.order, columns = merge_columns(self.order, [self.columns[text] for text in texts], [self.words[text] for text in texts])
        self.columns = dict(zip(texts, columns, strict=True))


class _NgramIndex:
    """Where every n-gram of all texts stands."""

    def __init__(self, words: Sequence[np.ndarray]) -> None:
        hashes, texts, places = [], [], []
        self._most = MAX_PLACES * max(1, len(words))
        for text, held in enumerate(words):
            out = np.empty(len(held) + 1, np.uint64)
            n = collating.hash_ngrams(held, NGRAM, out)
            hashes.append(out[:n])
            texts.append(np.full(n, text))
            places.append(np.arange(n))
        self._hashes = np.concatenate([*hashes, np.zeros(0, np.uint64)])
        order = np.argsort(self._hashes, kind="stable")
        self._hashes = self._hashes[order]
        self._texts = np.concatenate([*texts, np.zeros(0, np.int64)])[order]
        self._places = np.concatenate([*places, np.zeros(0, np.int64)])[order]

    def find(self, words: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (text, place in it, place in `words`) of every n-gram of `words`."""
        out = np.empty(len(words) + 1, np.uint64)
        n = collating.hash_ngrams(words, NGRAM, out)
        low, high = np.searchsorted(self._hashes, out[:n], "left"), np.searchsorted(self._hashes, out[:n], "right")
        high = np.where(high - low > self._most, low, high)
        rows = np.concatenate([*(np.arange(x, y) for x, y in zip(low, high, strict=True)), np.zeros(0, np.int64)])
        return self._texts[rows], self._places[rows], np.repeat(np.arange(n), high - low)


def _open_runs(placed: np.ndarray) -> list[tuple[int, int]]:
    """Return the runs of words that have no column yet."""
    open_ = np.concatenate([[False], placed < 0, [False]])
    edges = np.flatnonzero(open_[1:] != open_[:-1])
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
