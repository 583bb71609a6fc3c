"""A moved block is as long as it can be.

Where the word before a block is also its last, as in ``the [old pier by the] lamp``, the block may be cut out of its text, and out of
its home, a word sooner or later, and both must be cut alike. A block grows by a word where that word only changes places with an equal one.
"""

from __future__ import annotations

import numpy as np

_REACH = 40
"""Words by which a block may grow at each end."""


class Block:
    """A stretch of a text that has found its home in another place of another text.

    Attributes:
        run: first and end of the words of the text that had no column before, round the block.
        start, end: the block in the text.
    """

    def __init__(self, words: np.ndarray, placed: np.ndarray, used: np.ndarray, run: tuple[int, int], span: tuple[int, int]) -> None:
        """Take the text (words, int32), the column of each word (-1: none yet) and by column whether the text has a word there; the latter two are changed in place."""
        self.words, self.placed, self.used = words, placed, used
        self.run = run
        self.start, self.end = span

    def widen(self, others: np.ndarray, columns: np.ndarray, home: tuple[int, int]) -> None:
        """Let the block grow at both ends, as far as what stands there is what stands at its `home` in the other text (words `others`, `columns`)."""
        for way, at, to in ((-1, self.start - 1, home[0] - 1), (1, self.end, home[1])):
            for _ in range(_REACH):
                if not (0 <= at < len(self.words) and 0 <= to < len(others) and self.words[at] == others[to]):
                    break
                free = not self.used[columns[to]]
                if not (self._take(at, way, int(columns[to])) if free else self._swap(at, way, others, columns, to)):
                    break
                self.start, self.end = min(self.start, at), max(self.end, at + 1)
                at, to = at + way, to + way

    def _take(self, at: int, way: int, column: int) -> bool:
        """Let a word take a free column; its own goes to an equal word at the other end of the run."""
        if self.placed[at] >= 0:
            low, high = self.run
            far = high - 1 if way < 0 else low
            beside = low - 1 if way < 0 else high
            if at != beside or self.placed[far] >= 0 or self.words[far] != self.words[at]:
                return False
            self.placed[far] = self.placed[at]
            self.run = (low + way, high + way)
        self.placed[at] = column
        self.used[column] = True
        return True

    def _swap(self, at: int, way: int, others: np.ndarray, columns: np.ndarray, to: int) -> bool:
        """Let a word take the column of an equal word of its text, which takes that at the other end of the home."""
        if self.placed[at] >= 0:
            return False
        holder = int(np.flatnonzero(self.placed == columns[to])[0])
        beyond = holder - way
        if self.words[holder] != self.words[at] or not 0 <= beyond < len(self.words) or self.placed[beyond] < 0:
            return False
        far = np.flatnonzero(columns == self.placed[beyond]) + way
        if len(far) != 1 or not 0 <= far[0] < len(others) or self.used[columns[far[0]]] or others[far[0]] != self.words[at]:
            return False
        self.placed[holder] = columns[far[0]]
        self.used[columns[far[0]]] = True
        self.placed[at] = columns[to]
        return True
