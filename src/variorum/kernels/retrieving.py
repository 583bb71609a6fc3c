"""Find which texts share many rare words within a short stretch: cells of words, an inverted index over them, the best blocks.

A text is cut into cells of `CELL` words; two neighbouring cells make a block, so that blocks overlap by half and a passage of
sixty words lies in one of them for the most part. Blocks of two texts are compared by the words both hold, each once,
by its weight. Only words of few cells are indexed, so that the work has a bound a word of text whatever the corpus.
Weights are whole numbers, so that sums do not depend on the order of texts.
"""

from __future__ import annotations

import numpy as np

from variorum.kernels import kernel

CELL = 50
"""Words in a cell."""
_SPARED = 8
_LOW = np.int64((1 << 31) - 1)


@kernel
def count_texts(numbers, starts, df):
    """Add to `df`, by word number, in how many texts each word stands; ``starts`` bound the texts, a number below 0 is no word."""
    last = np.full(len(df), -1, np.int64)
    for text in range(len(starts) - 1):
        for i in range(starts[text], starts[text + 1]):
            w = numbers[i]
            if w >= 0 and last[w] != text:
                last[w] = text
                df[w] += 1


@kernel
def cut_cells(starts, cell_starts):
    """Write the first cell of each text; a text of no words has none. Every text ends with one end mark."""
    cell_starts[0] = 0
    for text in range(len(starts) - 1):
        cell_starts[text + 1] = cell_starts[text] + (starts[text + 1] - starts[text] - 1 + CELL - 1) // CELL


@kernel
def list_terms(numbers, starts, cell_starts, weights, bounds, terms):
    """List the distinct words of each cell that have a weight, in the order of the text; return how many there are in all.

    Args:
        numbers, starts: word numbers and the bounds of the texts.
        cell_starts: first cell of each text.
        weights: int32 by word number; 0: not indexed.
        bounds: out, int64[n_cells + 1].
        terms: out, int32, room for all words.
    """
    last = np.full(len(weights), -1, np.int64)
    n = 0
    bounds[0] = 0
    for text in range(len(starts) - 1):
        for cell in range(cell_starts[text], cell_starts[text + 1]):
            low = starts[text] + (cell - cell_starts[text]) * CELL
            for i in range(low, min(low + CELL, starts[text + 1] - 1)):
                w = numbers[i]
                if w >= 0 and weights[w] > 0 and last[w] != cell:
                    last[w] = cell
                    terms[n] = w
                    n += 1
            bounds[cell + 1] = n
    return n


@kernel
def turn_terms(bounds, terms, post_bounds, posts):
    """Write the cells of each word, rising: those of word w are ``posts[post_bounds[w]:post_bounds[w + 1]]`` (int32)."""
    for i in range(bounds[len(bounds) - 1]):
        post_bounds[terms[i] + 1] += 1
    for w in range(len(post_bounds) - 1):
        post_bounds[w + 1] += post_bounds[w]
    at = post_bounds[: len(post_bounds) - 1].copy()
    for cell in range(len(bounds) - 1):
        for i in range(bounds[cell], bounds[cell + 1]):
            posts[at[terms[i]]] = cell
            at[terms[i]] += 1


@kernel
def add_terms(cell, until, own, index, weights, texts, series, sums, touched):
    """Add the words of the block of cells ``[cell, until)`` to `sums`, by cell of other texts; return (cells touched, places looked at).

    Cells ``[own[0], own[1])`` are the text's own; a sum below 0 is not added to.
    """
    bounds, terms, post_bounds, posts = index
    n, looked = 0, 0
    low, high = own
    for i in range(bounds[cell], bounds[until]):
        w = terms[i]
        again = False
        for j in range(bounds[cell], bounds[cell + 1] if i >= bounds[cell + 1] else bounds[cell]):
            again = again or terms[j] == w
        if again:
            continue
        looked += post_bounds[w + 1] - post_bounds[w]
        weight = weights[w]
        for p in range(post_bounds[w], post_bounds[w + 1]):
            other = posts[p]
            held = sums[other]
            if held < 0 or (low <= other < high) or (len(series) and series[texts[other]] == series[texts[low]]):
                continue
            if held == 0:
                touched[n] = other
                n += 1
            sums[other] = held + weight
    return n, looked


@kernel
def score_texts(first, last, cell_starts, texts, index, weights, series, known, ranks, limits, rows, work):
    """Score the texts ``[first, last)`` against all others by their best pair of blocks (see `contrast_best`); keep the best of each.

    Args:
        cell_starts, texts: first cell of each text; text of each cell (int32).
        index: bounds and terms of `list_terms`, bounds and posts of `turn_terms`.
        weights: int32 by word number, thousandths of a nat.
        series: int32 by text; texts of one series are not compared; empty: all are.
        known: (int64 bounds by text, int32 cells): cells of other texts that a text already has in common with them.
        ranks: int32 by text, its place in an order that is not that of reading, and int32 by place, its text.
        limits: int64, least score, most kept of a text.
        rows: out, int64, three columns: text, other text, score; room for ``limits[1]`` rows a text.
        work: out, int64; the places looked at are added to the first.

    Returns:
        the number of rows.
    """
    known_bounds, known_cells = known
    rank_of, text_of = ranks
    sums = np.zeros(len(texts), np.int32)
    best, touched = np.zeros(len(rank_of), np.int32), np.empty(len(texts), np.int32)
    whole = np.zeros(len(rank_of), np.int64)
    met, keys = np.empty(len(rank_of), np.int32), np.empty(len(rank_of), np.int64)
    n_rows = 0
    for here in range(first, last):
        for k in range(known_bounds[here], known_bounds[here + 1]):
            sums[known_cells[k]] = -1
        n_met = 0
        for cell in range(cell_starts[here], cell_starts[here + 1]):
            if cell > cell_starts[here] and cell + 1 == cell_starts[here + 1]:
                break  # the last cell lies in the block before it
            until = min(cell + 2, cell_starts[here + 1])
            n, looked = add_terms(cell, until, (cell_starts[here], cell_starts[here + 1]), index, weights, texts, series, sums, touched)
            work[0] += looked
            for k in range(n):
                other = touched[k]
                text = texts[other]
                beside = max(0, sums[other + 1]) if other + 1 < cell_starts[text + 1] else 0
                if other > cell_starts[text]:
                    beside = max(beside, sums[other - 1])
                score = sums[other] + beside
                if best[text] == 0:
                    met[n_met] = text
                    n_met += 1
                best[text] = max(best[text], score)
                whole[text] += sums[other]
            for k in range(n):
                sums[touched[k]] = 0
        for k in range(known_bounds[here], known_bounds[here + 1]):
            sums[known_cells[k]] = 0
        contrast_best(here, met[:n_met], cell_starts, best, whole)
        n_rows = keep_best(here, met[:n_met], best, rank_of, text_of, limits, keys, rows, n_rows)
    return n_rows


@kernel
def contrast_best(here, met, cell_starts, best, whole):
    """Take from the best block pair of each two texts what an average one shares: texts of one subject share words everywhere.

    `whole` (set to 0 again) holds what all blocks of the one share with all cells of the other, each of which lies in two blocks.
    `_SPARED` pairs that share nothing are counted in, so that two short texts that agree as a whole lose little.
    """
    n_here = max(1, cell_starts[here + 1] - cell_starts[here] - 1)
    for k in range(len(met)):
        text = met[k]
        pairs = n_here * max(1, cell_starts[text + 1] - cell_starts[text] - 1) + _SPARED
        best[text] = max(1, best[text] - 2 * max(0, whole[text] - best[text]) // pairs)
        whole[text] = 0


@kernel
def keep_best(here, met, best, rank_of, text_of, limits, keys, rows, n_rows):
    """Add a text's best others to `rows`, best first, equal ones by rank, and set `best` to 0 again; return the number of rows."""
    n = 0
    for k in range(len(met)):
        if best[met[k]] >= limits[0]:
            keys[n] = (np.int64(best[met[k]]) << 31) | (_LOW - rank_of[met[k]])
            n += 1
        best[met[k]] = 0
    ordered = np.sort(keys[:n])
    for k in range(min(n, limits[1])):
        key = ordered[n - 1 - k]
        rows[n_rows, 0], rows[n_rows, 1], rows[n_rows, 2] = here, text_of[_LOW - (key & _LOW)], key >> 31
        n_rows += 1
    return n_rows


@kernel
def limit_degrees(a, b, most, degrees, kept):
    """Keep each pair, best first, while neither of its texts has `most` pairs; `degrees` counts them by text."""
    for i in range(len(a)):
        kept[i] = degrees[a[i]] < most and degrees[b[i]] < most
        if kept[i]:
            degrees[a[i]] += 1
            degrees[b[i]] += 1
