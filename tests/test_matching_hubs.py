"""A passage that very many witnesses hold: linear work, all joined, no pair twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import naive
from matches import assert_true_span, edit_words, find_text, make_prose, match_texts, write_index
from variorum.config import make_config
from variorum.engines.local import LocalEngine
from variorum.letters import Prefix
from variorum.matching.directs import Directs
from variorum.matching.spans import match_witnesses

N = 400
CORE = make_prose(1, 40)


def campaign(n: int, share: float = 0.0) -> list[str]:
    """Return texts that hold one passage each, between words of their own."""
    return [f"{make_prose(1000 + i, 12)} {edit_words(CORE, i, share)} {make_prose(3000 + i, 12)}" for i in range(n)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory):
    """Four hundred texts matched with at most twenty witnesses a shingle."""
    return match_texts(campaign(N), tmp_path_factory.mktemp("hubs"), max_df=20)


def assert_joined(pairs: set[tuple[int, int]], n: int) -> None:
    """Spans lead from every text to every other."""
    assert set(naive.components(n, sorted(pairs))) == {0}


def test_all_are_joined_by_spans_that_hold_the_passage(plain) -> None:
    texts = campaign(N)
    assert_joined(plain.pairs(), N)
    for span in plain.spans:
        assert CORE in texts[span["witness_a"]][span["start_a"] : span["end_a"]]
        assert CORE in texts[span["witness_b"]][span["start_b"] : span["end_b"]]
        assert_true_span(span, texts[span["witness_a"]], texts[span["witness_b"]])


def test_the_work_is_linear(plain) -> None:
    assert plain.counters["hub_shingles"] > 20
    assert plain.counters["hub_seeds"] <= 2 * N * plain.counters["hub_shingles"]
    assert plain.counters["pairs"] <= 6 * N
    # Beside the two hubs, a text meets those whose word before or behind the passage by chance begins alike.
    assert 2 * N - 3 <= plain.counters["alignments"] <= 6 * N


def test_four_times_the_texts_are_four_times_the_work(tmp_path: Path) -> None:
    """Or little more: shingles that hold a change are shared by few at first."""
    small, large = (match_texts(campaign(n, 0.03), tmp_path / str(n), max_df=20).counters for n in (100, 400))
    for name in ("seeds", "pairs", "alignments", "gap_cells"):
        assert large[name] <= 7 * small[name], name


def test_no_pair_comes_twice(plain) -> None:
    assert len(plain.pairs()) == len(plain.spans)


def test_hubs_and_pairs_give_no_span_twice(tmp_path: Path) -> None:
    """With words changed here and there some shingles are hubs and some are not."""
    texts = campaign(120, 0.06)
    found = match_texts(texts, tmp_path, max_df=20)
    assert found.counters["hub_shingles"]
    assert found.counters["hub_shingles"] < found.counters["shared_shingles"]
    assert found.counters["pairs_explained"]
    assert len(found.pairs()) == len(found.spans)
    assert_joined(found.pairs(), 120)


def test_a_passage_in_as_many_witnesses_as_allowed_pairs_all(tmp_path: Path) -> None:
    for n, direct in ((20, 190), (21, 190 + 2), (22, 190 + 4)):
        found = match_texts(campaign(n), tmp_path / str(n), max_df=20)
        # A family as small as this is completed from its hubs.
        assert len(found.spans) == n * (n - 1) // 2
        assert direct <= found.counters["spans_found"] <= direct + 2
        assert len(found.pairs()) == len(found.spans)


@pytest.mark.parametrize("kind", ["halves", "turns", "one of another"])
def test_across_series_joins_all_through_hubs(tmp_path: Path, kind: str) -> None:
    n = 100
    series = {"halves": [i // 50 for i in range(n)], "turns": [i % 2 for i in range(n)], "one of another": [int(i == 70) for i in range(n)]}[kind]
    found = match_texts(campaign(n), tmp_path, series, max_df=20)
    assert all(series[a] != series[b] for a, b in found.pairs())
    assert_joined(found.pairs(), n)
    assert len(found.spans) <= 2 * n + 20 * 20 // 4


def test_a_pair_of_its_own_beside_a_hub_is_found(tmp_path: Path) -> None:
    """Two texts of a campaign that share a second passage: it is nobody else's, and follows from no hub."""
    own = make_prose(7, 40)
    texts = campaign(60)
    for i in (33, 47):
        texts[i] += f" {own}"
    found = match_texts(texts, tmp_path, max_df=20)
    (span,) = [s for s in found.spans if (s["witness_a"], s["witness_b"]) == (33, 47)]
    assert texts[33][span["start_a"] : span["end_a"]] == own


def test_fifty_copies_of_each_of_two_letters_fold_to_two(tmp_path: Path) -> None:
    letters = campaign(2)
    found = match_texts([letters[i % 2].upper() if i % 3 else letters[i % 2] for i in range(100)], tmp_path, max_df=20)
    assert found.copy_of == [i % 2 for i in range(100)]
    assert found.pairs() == {(0, 1)}


def test_finding_a_passage_of_very_many_gives_as_many_as_allowed(tmp_path: Path) -> None:
    config = make_config().matching
    write_index(campaign(N), tmp_path, config)
    rows = find_text(tmp_path, f"{make_prose(8, 30)} {CORE}", max_complete=20).to_pylist()
    assert [row["witness"] for row in rows] == list(range(20))
    start = len(make_prose(8, 30)) + 1
    assert {(row["start"], row["end"]) for row in rows} == {(start, start + len(CORE))}


def test_a_text_that_repeats_a_passage_does_not_hide_the_others(tmp_path: Path) -> None:
    config = make_config().matching
    write_index([" ".join([CORE] * 300), *campaign(10)], tmp_path, config)
    assert {row["witness"] for row in find_text(tmp_path, CORE, max_complete=20).to_pylist()} == set(range(11))


def test_several_buckets_and_partitions_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*campaign(40, 0.05), *(make_prose(i, 100) for i in range(20))]
    whole = match_texts(texts, tmp_path / "whole", max_df=20)
    monkeypatch.setattr("variorum.matching.seeds._ROWS_PER_BUCKET", 300)
    monkeypatch.setattr("variorum.matching.fingerprints._PARTITION_ROWS", 200)
    monkeypatch.setattr("variorum.matching.fingerprints._TASK_LETTERS", 900)
    cut = match_texts(texts, tmp_path / "cut", threads=2, max_df=20)
    assert len(np.fromfile(cut.index / "fingerprints.u64", np.uint64)) == len(np.fromfile(whole.index / "fingerprints.u64", np.uint64))
    assert cut.spans == whole.spans


def direct_rows(index: Path, n: int) -> list[tuple[object, ...]]:
    """Return the direct spans among the first `n` texts, by kind."""
    rows = [(kind, *(str(v) for v in row.values())) for kind in ("strong", "plain") for batch in Directs(index).open(kind) for row in batch.to_pylist() if row["witness_b"] < n]
    return sorted(rows)


@pytest.mark.parametrize("by_series", [False, True])
def test_texts_that_come_after_change_no_direct_span(tmp_path: Path, by_series: bool) -> None:
    """Neither those of a campaign, through hubs, nor others; and they can be found later, by themselves."""
    own = make_prose(7, 40)
    texts = [text + (f" {own}" if i % 9 == 4 else "") for i, text in enumerate(campaign(60, 0.05))]
    series = [i % 7 for i in range(60)] if by_series else None
    whole = match_texts(texts, tmp_path / "whole", series, max_df=5)
    assert whole.counters["hub_seeds"]
    assert whole.counters["pairs_explained"]
    for n in (11, 37):
        alone = match_texts(texts[:n], tmp_path / str(n), series and series[:n], max_df=5)
        assert direct_rows(alone.index, n) == direct_rows(whole.index, n)
        for path in whole.index.iterdir():
            if not path.name.startswith(("strong-", "plain-")):
                (tmp_path / "later").mkdir(exist_ok=True)
                (tmp_path / "later" / path.name).write_bytes(path.read_bytes())
        codes = None if series is None else np.array(series, np.int32)
        parts, _ = match_witnesses(tmp_path / "later", tmp_path / "work", make_config(max_df=5).matching, LocalEngine(1), codes, Prefix(alone.index, np.zeros(n, np.int64)))
        assert [row for part in parts for row in part.to_pylist()] == whole.spans
