"""The words of a collation as integers, with what each weighs and how it is spelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

SMOOTHING = 500
"""Words added to the mean length before frequencies are taken, so that in a short text no word counts as frequent."""
LIGHT_SHARE = 0.2
"""What punctuation weighs beside a word of the same frequency (CollateX issue 69)."""


_TERMINAL = ".!?\u2026\u3002\u061f\u0964"


def ends_sentence(key: str) -> bool:
    """Say whether a token ends a sentence."""
    return key[:1] in _TERMINAL and key != ""


@dataclass(frozen=True)
class Lexicon:
    """All words that occur, in the order of their keys, so that the numbers do not depend on the order of texts.

    Attributes:
        keys: the words.
        gain: float32: what two equal words weigh when they stand opposite each other, in nats: -log of the frequency.
        light: bool: the word has no letter or digit.
        letters, offsets: spelling, as `kernels.gaps.measure_likeness` takes it.
    """

    keys: list[str]
    gain: np.ndarray
    light: np.ndarray
    letters: np.ndarray
    offsets: np.ndarray

    @cached_property
    def stops(self) -> np.ndarray:
        """What stands behind each word (int8): 2 the end of a sentence, 1 another mark's, 0 nothing."""
        return np.fromiter((2 if ends_sentence(key) else int(light) for key, light in zip(self.keys, self.light.tolist(), strict=True)), np.int8, len(self.keys))

    @property
    def spelling(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The arrays in the order in which the kernels take them."""
        return self.gain, self.light, self.letters, self.offsets


def number_words(texts: Sequence[Sequence[str]]) -> tuple[Lexicon, list[np.ndarray]]:
    """Return the lexicon of the texts (lists of keys) and each text as int32 numbers."""
    keys = sorted(set().union(*texts)) if texts else []
    numbers = {key: number for number, key in enumerate(keys)}
    words = [np.fromiter((numbers[key] for key in text), np.int32, len(text)) for text in texts]
    counts = np.bincount(np.concatenate(words), minlength=len(keys)) if words else np.zeros(0)
    n = max(1, len(texts))
    frequency = (counts / n) / (counts.sum() / n + SMOOTHING)
    light = np.fromiter((not any(c.isalnum() for c in key) for key in keys), bool, len(keys))
    gain = np.where(light, LIGHT_SHARE, 1.0) * -np.log(np.maximum(frequency, 1e-12))
    # A word that one text of many has is not rarer than one that all have: no word weighs more than one occurrence a text.
    gain = np.minimum(gain, np.where(light, LIGHT_SHARE, 1.0) * np.log(counts.sum() / n + SMOOTHING))
    offsets = np.zeros(len(keys) + 1, np.int64)
    np.cumsum([len(key) for key in keys], out=offsets[1:])
    letters = np.frombuffer("".join(keys).encode("utf-32-le", "surrogatepass"), np.int32)
    return Lexicon(keys, np.maximum(gain, 0.1).astype(np.float32), light, letters, offsets), words
