"""Candidates by rare words: a reworked passage wins, the order of texts does not matter, what is frequent costs no square."""

from __future__ import annotations

import numpy as np
import pytest

from variorum.config import make_config
from variorum.engines.local import LocalEngine
from variorum.matching import candidates
from word_cases import Texts, known_of, store_of


def retrieve(parts: Texts, size: int, known: candidates.Known | None = None, **settings: float) -> tuple[dict[tuple[int, int], float], dict[str, int]]:
    """Return the candidates of texts as {(a, b): score}, and the counters."""
    store = store_of(parts)
    index, counters = candidates.index_words(store, candidates.corpus_background(store.count(size)))
    table = candidates.find_candidates(store, index, known or known_of(parts), make_config(**settings).deep, LocalEngine(2), counters)
    columns = (table[name].to_pylist() for name in ("witness_a", "witness_b", "score"))
    return {(a, b): score for a, b, score in zip(*columns, strict=True)}, counters


def planted(seed: int, n: int = 60, size: int = 4000) -> tuple[Texts, tuple[int, int]]:
    """Texts of 300 words, the first half of one subject; the words of a passage of text 0 stand in another order in the last text."""
    rng = np.random.default_rng(seed)
    common = 1 / np.arange(1, size + 1)
    subject = common.copy()
    subject[200:260] *= 20  # what all texts of the subject speak of
    parts = [rng.choice(size, 300, p=(w := subject if i < n // 2 else common) / w.sum()).tolist() for i in range(n)]
    passage = rng.choice(size, 60, p=common / common.sum())
    parts[0][100:160] = passage.tolist()
    parts[-1][40:100] = rng.permutation(passage).tolist()
    return parts, (0, n - 1)


@pytest.mark.parametrize("seed", range(5))
def test_a_shuffled_passage_wins_over_texts_of_the_subject(seed):
    parts, pair = planted(seed)
    found, _ = retrieve(parts, 4000, min_shared=10.0)
    assert found[pair] == max(found.values())


def test_the_order_of_texts_does_not_matter():
    parts, _ = planted(9)
    found, _ = retrieve(parts, 4000, min_shared=4.0, max_candidates=3)
    order = np.random.default_rng(1).permutation(len(parts)).tolist()
    again, _ = retrieve([parts[i] for i in order], 4000, min_shared=4.0, max_candidates=3)
    assert {(*sorted((order[a], order[b])), score) for (a, b), score in again.items()} == {(a, b, score) for (a, b), score in found.items()}
    degrees = np.bincount([text for pair in found for text in pair])
    assert degrees.max() == 3


def test_what_is_known_and_what_is_of_one_series_is_left_out():
    parts, pair = planted(3)
    all_cells = [(pair[0], 6 * pair[1] + c) for c in range(6)] + [(pair[1], 6 * pair[0] + c) for c in range(6)]
    found, _ = retrieve(parts, 4000, known_of(parts, sorted(all_cells)), min_shared=10.0)
    assert pair not in found
    series = list(range(len(parts)))
    series[pair[1]] = series[pair[0]]
    found, _ = retrieve(parts, 4000, known_of(parts, series=series), min_shared=10.0)
    assert pair not in found


def test_frequent_words_cost_no_square():
    """Ten times the texts cost about ten times the work, though every text holds the same thousand words."""
    rng = np.random.default_rng(2)

    def looked_at(n: int) -> int:
        return retrieve([rng.permutation(1000)[:300].tolist() for _ in range(n)], 1000)[1]["cells_looked_at"]

    few, many = looked_at(60), looked_at(600)
    assert few > 0
    assert many <= 2.5 * candidates.WORK_PER_WORD * 600 * 300


@pytest.mark.parametrize("parts", [[], [[]], [[], []], [[5] * 100_000, [5] * 100_000, [7]], [list(range(30))]], ids=["no text", "empty", "two empty", "one word repeated", "alone"])
def test_texts_of_nothing(parts):
    found, _ = retrieve(parts, 40)
    assert found == {}
