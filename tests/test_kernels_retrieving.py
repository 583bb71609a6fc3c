"""Cells of words, their inverted index and the scores of texts by their best blocks equal their twins."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import naive
from kernel_cases import cases
from variorum.kernels import retrieving
from variorum.matching import candidates
from variorum.words import WordStore
from word_cases import Texts, known_of, store_of

VOCABULARY = 40


def index_of(store: WordStore, weights: np.ndarray) -> candidates.CellIndex:
    """Return the index of all words that have a weight."""
    cell_starts = np.empty(store.n_texts + 1, np.int64)
    retrieving.cut_cells(store.starts, cell_starts)
    bounds, terms = candidates._list_terms(store, cell_starts, weights)
    post_bounds, posts = np.zeros(len(weights) + 1, np.int64), np.empty(len(terms), np.int32)
    retrieving.turn_terms(bounds, terms, post_bounds, posts)
    texts = np.repeat(np.arange(store.n_texts, dtype=np.int32), np.diff(cell_starts))
    return candidates.CellIndex(cell_starts, texts, bounds, terms, post_bounds, posts, weights)


@st.composite
def corpora(draw: st.DrawFn) -> Texts:
    """Texts of none to four cells, drawn from few words so that they share many."""
    return draw(st.lists(st.lists(st.integers(0, VOCABULARY - 1), max_size=180), min_size=1, max_size=5))


@cases(60)
@given(corpora())
def test_lists_and_counts_equal_the_twin(parts: Texts) -> None:
    store = store_of(parts)
    weights = np.arange(VOCABULARY, dtype=np.int32) % 3
    index = index_of(store, weights)
    cells = [[w for w in dict.fromkeys(part[50 * c : 50 * c + 50]) if weights[w]] for part in parts for c in range(-(-len(part) // 50))]
    assert [index.terms[x:y].tolist() for x, y in zip(index.bounds[:-1], index.bounds[1:], strict=True)] == cells
    for w in range(VOCABULARY):
        held = index.posts[index.post_bounds[w] : index.post_bounds[w + 1]].tolist()
        assert held == [c for c, terms in enumerate(cells) if w in terms]
    df = np.zeros(VOCABULARY, np.int64)
    retrieving.count_texts(store.numbers, store.starts, df)
    assert df.tolist() == [sum(w in part for part in parts) for w in range(VOCABULARY)]


@cases(80)
@given(corpora(), st.data())
def test_scores_equal_the_twin(parts: Texts, data: st.DataObject) -> None:
    store = store_of(parts)
    weights = np.array(data.draw(st.lists(st.integers(0, 5), min_size=VOCABULARY, max_size=VOCABULARY)), np.int32)
    index = index_of(store, weights)
    n_cells = len(index.texts)
    here = data.draw(st.integers(0, len(parts) - 1))
    cells = sorted(data.draw(st.sets(st.integers(0, n_cells - 1), max_size=3))) if n_cells else []
    known = known_of(parts, [(here, c) for c in cells])
    ranks = np.arange(len(parts), dtype=np.int32)
    least = data.draw(st.integers(1, 20))
    rows = np.empty((len(parts) * 2, 3), np.int64)
    limits = np.array([least, 2], np.int64)
    n = retrieving.score_texts(
        here, here + 1, index.cell_starts, index.texts, index.arrays, weights, known.series, (known.bounds, known.cells), (ranks, ranks), limits, rows, np.zeros(1, np.int64)
    )
    scores = []
    for other in range(len(parts)):
        hidden = {c - int(index.cell_starts[other]) for c in cells}
        score = 0 if other == here else naive.share_blocks(parts[here], parts[other], weights.tolist(), hidden)
        if score >= least:
            scores.append((-score, other))
    assert rows[:n].tolist() == [[here, other, -score] for score, other in sorted(scores)[:2]]


@cases(60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30), st.integers(1, 3))
def test_degrees_are_limited(pairs: list[tuple[int, int]], most: int) -> None:
    a, b = (np.array(column, np.int64) for column in (zip(*pairs, strict=True) if pairs else ([], [])))
    kept = np.empty(len(pairs), np.bool_)
    retrieving.limit_degrees(a, b, most, np.zeros(7, np.int64), kept)
    degrees = [0] * 7
    for (x, y), was_kept in zip(pairs, kept, strict=True):
        assert was_kept == (degrees[x] < most and degrees[y] < most)
        if was_kept:
            degrees[x] += 1
            degrees[y] += 1
