"""How much a span says: the self-information of the words that agree in it, less what its differences cost.

A word is the letters from one word boundary to the next, at most MAX_WORD of them, so that a script without spaces
has words too. Words are counted in a table by hash; two words of one slot count as one, which makes a rare word
commoner than it is, seldom and never rarer.
"""

from __future__ import annotations

import math

import numpy as np

from variorum.kernels import kernel
from variorum.kernels.aligning import EQUAL
from variorum.kernels.sketching import mix
from variorum.kernels.trimming import is_word_start

MAX_WORD = 16
"""Letters after which a word is cut."""
SIGN = MAX_WORD + 1
"""The length class of a Han or kana sign, which is two letters of the stream."""
BLOCK = 1024
"""Letters of a text that are taken into the count of words together, or left out."""
MAX_RIVALS = 256
"""Spans in line that a span of the same pair is compared with, at most; no two statements share so many, and hostile ones cost no square."""
PRIOR_NATS = np.array([5.5, 4.5, 5.0, 5.2, 7.3, 8.2, 8.7, 8.8, 9.0, 9.1, 9.2, 9.3, 9.4, 9.5, 9.5, 9.5, 9.5, 5.5])
"""Self-information of a word by its length in letters, and of a Han or kana sign last: short words are common in every language.
About what English statements give; a sign stands between kana and Han."""
_SEED = np.uint64(0x9E3779B97F4A7C15)
_MUL = np.uint64(0xBF58476D1CE4E5B9)
_FIRST_PIECE = 0xE000


@kernel
def word_class(length: int, last: int) -> int:
    """Return the length class of a word of so many letters; `last` is its last letter."""
    return SIGN if length == 2 and last >= _FIRST_PIECE else length


@kernel
def count_words(stream, copies, one_in: int, counts) -> int:
    """Count the words of a sample of a letter stream; return how many were counted.

    Args:
        stream: letters, starts and gaps as `kernels.pairing` takes them. copies: uint8 per text, 1 where it is left out.
        one_in: of so many blocks one is taken, by the hash of its first letters, so that the order of the texts does not matter.
        counts: int32[2 ** b], to add to.
    """
    letters, starts = stream[0], stream[1]
    mask = np.uint64(len(counts) - 1)
    n = 0
    for text in range(len(starts) - 1):
        if copies[text]:
            continue
        low, high = starts[text], starts[text + 1] - 1
        for first in range(low, high, BLOCK):
            last = min(first + BLOCK, high)
            if one_in > 1:
                digest = _SEED
                for i in range(first, min(first + 16, last)):
                    digest = (digest ^ np.uint64(letters[i])) * _MUL
                if mix(digest) % np.uint64(one_in) != 0:
                    continue
            digest, length = _SEED, 0
            whole = first == low  # a word cut off by the block's start is left out, as is one cut off by its end
            for i in range(first, last):
                if is_word_start(i, stream) or length == MAX_WORD:
                    if length and whole:
                        counts[np.int64(mix(digest) & mask)] += 1
                        n += 1
                    whole = whole or is_word_start(i, stream)
                    digest, length = _SEED, 0
                digest = (digest ^ np.uint64(letters[i])) * _MUL
                length += 1
            if length and whole and last == high:
                counts[np.int64(mix(digest) & mask)] += 1
                n += 1
    return n


@kernel
def rate_side(runs, low: int, high: int, element: int, side: int, stream, codes, info):
    """Rate one side of a span.

    Args:
        runs: its operations in letters, ``[low, high)``. element: its first letter. side: 0 for a, 1 for b.
        codes, info: see `rate_spans`.

    Returns:
        nats of what agrees, words that agree (one that agrees in part counts by its part), words that agree whole.
    """
    letters = stream[0]
    mask = np.uint64(len(codes) - 1)
    nats, share, whole = 0.0, 0.0, 0
    digest, length, equal = _SEED, 0, 0
    for r in range(low, high):
        agree = 1 if runs[r, 0] == EQUAL else 0
        for _ in range(runs[r, 1 + side]):
            if length and (length == MAX_WORD or is_word_start(element, stream)):
                if equal:
                    value = info[codes[np.int64(mix(digest) & mask)], word_class(length, letters[element - 1])]
                    nats += value * equal / length
                    share += equal / length
                    whole += 1 if equal == length else 0
                digest, length, equal = _SEED, 0, 0
            digest = (digest ^ np.uint64(letters[element])) * _MUL
            length += 1
            equal += agree
            element += 1
    if equal:
        value = info[codes[np.int64(mix(digest) & mask)], word_class(length, letters[element - 1])]
        nats += value * equal / length
        share += equal / length
        whole += 1 if equal == length else 0
    return nats, share, whole


@kernel
def guess_nats(low: int, high: int, stream):
    """Return the self-information of the letters ``[low, high)`` of a stream by the lengths of their words alone, and how many words they are.

    What it says of a text does not depend on other texts.
    """
    nats, words, length = 0.0, 0, 0
    for i in range(low, high):
        if length and (length == MAX_WORD or is_word_start(i, stream)):
            nats += PRIOR_NATS[word_class(length, stream[0][i - 1])]
            words += 1
            length = 0
        length += 1
    if length:
        nats += PRIOR_NATS[word_class(length, stream[0][high - 1])]
        words += 1
    return nats, words


@kernel
def cost_runs(runs, low: int, high: int) -> float:
    """Return the nats that the differences of a span cost: where they stand among the letters that agree, and how long each is.

    With n letters that agree and d differences, telling which is which costs (n + d) times the entropy of d / (n + d), the
    least cost under any rate of error; a difference of m letters costs 2 ln m more, as if lengths followed a power law.
    """
    equal, different, lengths = 0, 0, 0.0
    for r in range(low, high):
        if runs[r, 0] == EQUAL:
            equal += runs[r, 1]
        else:
            different += 1
            lengths += 2 * math.log(max(runs[r, 1], runs[r, 2]))
    if different == 0 or equal == 0:
        return lengths
    both = equal + different
    return lengths + equal * math.log(both / equal) + different * math.log(both / different)


@kernel
def rate_spans(spans, runs, stream_a, stream_b, codes, info, ratings) -> None:
    """Rate spans; each value is the mean of both sides.

    Args:
        spans, runs: as `pairing.match_seeds` gives them, in letters.
        codes: uint8[2 ** b], the class of the count of each word. info: float64[256, SIGN + 1], nats by class of count and of length.
        ratings: out, float64[n, 3]: score in nats, rarity in nats a word, words that agree whole (of the side that has fewer).
    """
    for s in range(len(spans)):
        low, high = spans[s, 9], spans[s, 10]
        nats_a, share_a, words_a = rate_side(runs, low, high, spans[s, 1], 0, stream_a, codes, info)
        nats_b, share_b, words_b = rate_side(runs, low, high, spans[s, 4], 1, stream_b, codes, info)
        both = share_a + share_b
        ratings[s, 0] = (nats_a + nats_b) / 2 - cost_runs(runs, low, high)
        ratings[s, 1] = (nats_a + nats_b) / both if both > 0 else 0.0
        ratings[s, 2] = min(words_a, words_b)


@kernel
def mark_moved(cuts, boxes, scores, moved) -> None:
    """Mark the spans that stand out of order with a stronger one of their pair that is not itself marked.

    Args:
        cuts: int64[p + 1], the spans of each pair. boxes: int64[n, 4]: start and end in a, start and end in b.
        scores: float64[n]; of equals the one that stands first in both texts together is the stronger.
        moved: out, bool[n].
    """
    kept = np.empty(MAX_RIVALS, np.int64)
    for p in range(len(cuts) - 1):
        low, high = cuts[p], cuts[p + 1]
        moved[low:high] = False
        if high - low < 2:
            continue
        first = np.argsort(boxes[low:high, 0] + boxes[low:high, 2], kind="mergesort")
        order = low + first[np.argsort(-scores[low:high][first], kind="mergesort")]
        n = 0
        for s in order:
            for i in range(n):
                r = kept[i]
                before_a, before_b = boxes[s, 1] <= boxes[r, 0], boxes[s, 3] <= boxes[r, 2]
                after_a, after_b = boxes[s, 0] >= boxes[r, 1], boxes[s, 2] >= boxes[r, 3]
                if (before_a and after_b) or (after_a and before_b):
                    moved[s] = True
                    break
            if not moved[s] and n < MAX_RIVALS:
                kept[n] = s
                n += 1
