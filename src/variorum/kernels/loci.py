"""Columns of a collation to loci: what stands in order, which columns divide the members alike, which readings are equal."""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

MISSING = -2
"""Mark in `held` of a column that a member does not cover."""

_FACTOR = np.int64(1099511628211)
_START = np.int64(1469598103934665603)


@kernel
def find_rising(places, rising) -> None:
    """Mark the words of a longest rising row (Fredman 1975): `rising` (bool) is true where `places` (int64) is of it."""
    n = len(places)
    tails, before = np.empty(n, np.int64), np.empty(n, np.int64)
    size = 0
    for i in range(n):
        low, high = 0, size
        while low < high:
            middle = (low + high) // 2
            if places[tails[middle]] < places[i]:
                low = middle + 1
            else:
                high = middle
        before[i] = tails[low - 1] if low else -1
        tails[low] = i
        size = max(size, low + 1)
    rising[:] = False
    i = tails[size - 1] if size else -1
    while i >= 0:
        rising[i] = True
        i = before[i]


@kernel
def label_columns(held, words, starts, n_words: int, labels, agreed) -> None:
    """Give columns that divide the members in the same way the same label.

    Args:
        held: int32[members, columns]: number of the word a member has there, -1 where it has none, `MISSING`.
        words: int32: the words of all members, one member after the other.
        starts: int64[members + 1]: where each member begins in `words`.
        n_words: different words.
        labels: out, int64[columns]: hash of the division.
        agreed: out, bool[columns]: all that cover the column have the same word there.
    """
    stamp, group = np.full(n_words + 1, -1, np.int64), np.zeros(n_words + 1, np.int64)
    n_members, n_columns = held.shape
    for c in range(n_columns):
        n, value = 0, _START
        for m in range(n_members):
            at = held[m, c]
            if at == MISSING:
                value = (value ^ np.int64(7)) * _FACTOR
                continue
            word = n_words if at < 0 else words[starts[m] + at]
            if stamp[word] != c:
                stamp[word] = c
                group[word] = n
                n += 1
            value = (value ^ (group[word] + 11)) * _FACTOR
            value ^= value >> 29
        labels[c] = value
        agreed[c] = n <= 1


@kernel
def cut_loci(held, labels, blocks, starts, last, cuts) -> int:
    """Join adjacent columns of one label into loci, as long as each member's words follow one another.

    Args:
        held: int32[members, columns], see `label_columns`.
        labels: int64[columns].
        blocks: int32: the moved block of each word of all members, 0 where it stands in order.
        starts: int64[members + 1].
        last: scratch, int64[members].
        cuts: out, int64[columns + 1]: first column of each locus, and the number of columns last.

    Returns:
        The number of loci.
    """
    n_members, n_columns = held.shape
    n = 0
    last[:] = -1
    for c in range(n_columns):
        joins = c > 0 and labels[c] == labels[c - 1]
        if joins:
            joins = follows(held, c, c + 1, blocks, starts, last)
        if not joins:
            cuts[n] = c
            n += 1
            last[:] = -1
        for m in range(n_members):
            if held[m, c] >= 0:
                last[m] = held[m, c]
    cuts[n] = n_columns
    return n


@kernel
def follows(held, first: int, end: int, blocks, starts, last) -> bool:
    """Tell whether each member's words in the columns ``[first, end)`` follow its word `last` (-1: none), in one block."""
    for m in range(held.shape[0]):
        at = last[m]
        for c in range(first, end):
            now = held[m, c]
            if now >= 0:
                if at >= 0 and (now != at + 1 or blocks[starts[m] + now] != blocks[starts[m] + at]):
                    return False
                at = now
    return True


@kernel
def bridge_loci(held, labels, agreed, weights, blocks, starts, cuts, n: int) -> int:
    """Join two loci of one label with a light stretch between them in which all agree; return the number of loci left.

    A stretch is light where it weighs at most half of the lighter of its neighbours, so that a changed phrase is not torn
    apart at an "and" that both have. `weights` (float32[columns]) is what each column weighs; `cuts` is changed in place.
    """
    n_members = held.shape[0]
    last = np.empty(n_members, np.int64)
    kept = 0
    k = 0
    while k < n:
        first, end = cuts[k], cuts[k + 1]
        joined = False
        if kept >= 2 and not agreed[first] and labels[first] == labels[cuts[kept - 2]] and agreed[cuts[kept - 1]]:
            before = after = between = 0.0
            for c in range(cuts[kept - 2], cuts[kept - 1]):
                before += weights[c]
            for c in range(cuts[kept - 1], first):
                between += weights[c]
            for c in range(first, end):
                after += weights[c]
            if between <= min(before, after) / 2:
                last[:] = -1
                joined = follows(held, cuts[kept - 2], end, blocks, starts, last)
        if joined:
            kept -= 1  # the stretch between and this locus belong to the one before
        else:
            cuts[kept] = first
            kept += 1
        k += 1
    cuts[kept] = cuts[n]
    return kept


@kernel
def collect_readings(held, cuts, n: int, words, forms, spaces, starts, order, out, sizes) -> None:
    """Number the readings of every locus: equal words are one reading, equal characters one form.

    Args:
        held: int32[members, columns].
        cuts, n: the loci, as `cut_loci` gives them.
        words: int32: the words of all members; forms: the same with case and spelling as they are; spaces: what follows each.
        starts: int64[members + 1].
        order: int64[members]: the member whose reading is counted first, second ...
        out: out, int32[4, loci, members]: reading, form (both -1 where missing), first word (-1 where none), number of words.
        sizes: out, int32[2, loci]: readings and forms.
    """
    n_members = len(order)
    keys, exact = np.empty(n_members, np.int64), np.empty(n_members, np.int64)
    for k in range(n):
        n_keys = n_exact = 0
        for m in order:
            value = other = _START
            first, count, missing = -1, 0, False
            for c in range(cuts[k], cuts[k + 1]):
                at = held[m, c]
                if at == MISSING:
                    missing = True
                elif at >= 0:
                    place = starts[m] + at
                    if first < 0:
                        first = at
                    else:
                        other = (other ^ (spaces[place - 1] + 3)) * _FACTOR
                        other ^= other >> 29
                    count += 1
                    value = (value ^ (words[place] + 11)) * _FACTOR
                    value ^= value >> 29
                    other = (other ^ (forms[place] + 11)) * _FACTOR
                    other ^= other >> 29
            out[2, k, m] = first
            out[3, k, m] = count
            out[0, k, m] = out[1, k, m] = -1
            if missing and count == 0:
                continue
            number = 0
            while number < n_keys and keys[number] != value:
                number += 1
            keys[number] = value
            n_keys = max(n_keys, number + 1)
            out[0, k, m] = number
            number = 0
            while number < n_exact and exact[number] != other:
                number += 1
            exact[number] = other
            n_exact = max(n_exact, number + 1)
            out[1, k, m] = number
        sizes[0, k], sizes[1, k] = n_keys, n_exact
