"""Deep mode over a corpus: reworked passages become spans and families, beside those by letters; off again, they are gone."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import variorum
from variorum.config import make_config
from variorum.families.building import _take_spans
from variorum.families.groups import Intervals, make_members
from variorum.families.guards import _find_strays, _find_suspects
from variorum.families.summaries import SharedLetters
from variorum.kernels.retrieving import CELL
from variorum.letters import fold_texts
from variorum.matching import candidates, deepening
from variorum.pipeline import Flow
from variorum.schema import REWORKED_KINDS, TABLES
from variorum.words import Vocabulary

UNREPORTED = Flow(stop_after="families")
DRAW = random.Random(5)
WORDS = ["".join(DRAW.choice("bdfgklmnprstv") + DRAW.choice("aeiou") for _ in range(DRAW.randint(2, 4))) for _ in range(3000)]
WEIGHTS = [1 / (rank + 3) for rank in range(len(WORDS))]


def prose(draw: random.Random, n: int) -> list[str]:
    """Return sentences of made-up words, `n` words in all, the frequent ones more often."""
    words = draw.choices(WORDS, WEIGHTS, k=n)
    return [" ".join(words[i : i + 12]).capitalize() + "." for i in range(0, n, 12)]


def shuffled(draw: random.Random, sentences: list[str]) -> str:
    """Return the words of a passage in another order, sentence by sentence."""
    words = " ".join(sentences).lower().replace(".", "").split()
    draw.shuffle(words)
    return " ".join(" ".join(words[i : i + 12]).capitalize() + "." for i in range(0, len(words), 12))


def statements(seed: int = 1) -> dict[str, str]:
    """Thirty statements; `source` holds a passage that `copy` has word for word and `rework-1` and `rework-2` in another order."""
    draw = random.Random(seed)
    passage = prose(draw, 108)
    texts = {f"other-{n:02}": " ".join(prose(draw, 240)) for n in range(26)}
    for name, carried in (("source", " ".join(passage)), ("copy", " ".join(passage)), ("rework-1", shuffled(draw, passage)), ("rework-2", shuffled(draw, passage))):
        own = prose(draw, 144)
        texts[name] = " ".join([*own[:5], carried, *own[5:]])
    return texts


def write_rows(path: Path, texts: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps({"id": name, "text": text, "series": name.rstrip("-0123456789")}) + "\n" for name, text in texts.items()), encoding="utf-8")
    return path


def spans_of(corpus: variorum.Corpus) -> set[tuple]:
    """Return the spans by sigla, so that the order of reading does not matter."""
    name = [row["siglum"] for row in corpus.witnesses.to_pylist()]
    rows = set()
    for row in corpus.spans.to_pylist():
        sides = sorted((name[row[f"witness_{s}"]], row[f"start_{s}"], row[f"end_{s}"]) for s in "ab")
        rows.add((*sides[0], *sides[1], row["kind"]))
    return rows


def kinds_of(corpus: variorum.Corpus) -> list[str]:
    return [row["kind"] for row in corpus.spans.to_pylist()]


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> variorum.Corpus:
    folder = tmp_path_factory.mktemp("deep")
    return variorum.trace(write_rows(folder / "rows.jsonl", statements()), out=folder / "deep.variorum", flow=UNREPORTED, deep=True)


def test_reworked_passages_are_spans_and_one_family(deep):
    kinds = {(a, b): kind for a, _, _, b, _, _, kind in spans_of(deep)}
    assert kinds["copy", "source"] == "verbatim"
    for pair in (("rework-1", "source"), ("copy", "rework-1"), ("rework-1", "rework-2")):
        assert kinds[pair] == "reworked"
    assert not any(name.startswith("other") for pair in kinds for name in pair)
    assert len(deep.families) == 1
    passages = deep.query("SELECT siglum, tie, text[p.start + 1:p.end] AS passage FROM passages p JOIN witnesses USING (witness)").to_pylist()
    assert {row["siglum"]: row["tie"] for row in passages} == {"source": None, "copy": None, "rework-1": "reworked", "rework-2": "reworked"}
    assert all(700 < len(row["passage"]) < 900 for row in passages)


def test_candidates_are_kept_and_counted(deep):
    pairs = deep.query("SELECT a.siglum AS a, b.siglum AS b, score FROM candidates JOIN witnesses a ON a.witness = witness_a JOIN witnesses b ON b.witness = witness_b").to_pylist()
    found = {tuple(sorted((row["a"], row["b"]))) for row in pairs}
    assert ("rework-1", "source") in found
    row = next(row for row in deep.provenance.to_pylist() if row["stage"] == "reworks")
    counters = json.loads(row["counters"])
    assert counters["candidates"] == len(pairs) == row["n_rows"]
    assert counters["reworked"] == 5
    assert counters["cells_looked_at"] > 0


def test_the_order_of_reading_changes_no_span(deep, tmp_path):
    texts = statements()
    names = list(texts)
    random.Random(3).shuffle(names)
    again = variorum.trace(write_rows(tmp_path / "rows.jsonl", {name: texts[name] for name in names}), out=tmp_path / "again.variorum", flow=UNREPORTED, deep=True, threads=1)
    assert spans_of(again) == spans_of(deep)


def test_deep_mode_on_and_off(tmp_path):
    rows = write_rows(tmp_path / "rows.jsonl", statements())
    with variorum.trace(rows, out=tmp_path / "plain.variorum", flow=UNREPORTED) as plain:
        by_letters = plain.spans.to_arrow()
        assert len(plain.table("candidates")) == 0
    with variorum.trace(rows, out=tmp_path / "plain.variorum", flow=UNREPORTED, preset="reworked") as deep:
        assert {"reworked"} == set(kinds_of(deep)) - set(by_letters["kind"].to_pylist())
        assert deep.outcome is not None
        assert [name for name, state in deep.outcome.stages.items() if state == "ran"] == ["reworks", "families"]
    again = variorum.trace(rows, out=tmp_path / "plain.variorum", flow=Flow(stop_after="families", resume_from="reworks"), deep=True)
    assert sum(kind in REWORKED_KINDS for kind in kinds_of(again)) == 5
    off = variorum.trace(rows, out=tmp_path / "plain.variorum", flow=UNREPORTED)
    assert off.spans.to_arrow().drop_columns("span").equals(by_letters.drop_columns("span"))
    assert len(off.table("candidates")) == 0


def test_one_series_may_be_left_out(tmp_path):
    rows = write_rows(tmp_path / "rows.jsonl", statements())
    corpus = variorum.trace(rows, out=tmp_path / "across.variorum", flow=UNREPORTED, deep=True, across_series=True)
    pairs = {(a, b) for a, _, _, b, _, _, _ in spans_of(corpus)}
    assert ("rework-1", "source") in pairs
    assert ("rework-1", "rework-2") not in pairs


@pytest.mark.parametrize("texts", [{"a": "One statement alone."}, {"a": "!!! 1", "b": "... 2"}, {"a": "x " * 5000, "b": "x " * 6000}], ids=["one", "marks", "one letter"])
def test_corpora_of_nothing_to_find(tmp_path, texts):
    corpus = variorum.trace(write_rows(tmp_path / "rows.jsonl", texts), out=tmp_path / "x.variorum", flow=UNREPORTED, deep=True)
    assert not any(kind in REWORKED_KINDS for kind in kinds_of(corpus))


def span(a: int, b: int, box: tuple[int, int, int, int], kind: str = "edited") -> dict:
    length_a, length_b = box[1] - box[0], box[3] - box[2]
    return {
        "span": 0, "witness_a": a, "start_a": box[0], "end_a": box[1], "witness_b": b, "start_b": box[2], "end_b": box[3], "n_letters": min(length_a, length_b),
        "n_equal": 0, "similarity": 0.2, "n_seeds": 0, "kind": kind, "score": 50.0, "rarity": 5.0, "reason": "words agree", "operations": [1, length_a, length_b],
    }  # fmt: skip


def table(*rows: dict) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=TABLES["spans"].schema)


def test_what_spans_by_letters_already_say_is_no_reworked_span():
    found = table(span(0, 1, (100, 300, 500, 700), "reworked"), span(0, 2, (100, 300, 500, 700), "reworked"), span(0, 3, (0, 90, 0, 90), "reworked"))
    letters = table(span(0, 1, (90, 180, 490, 580)), span(0, 1, (200, 290, 600, 690)), span(0, 2, (100, 290, 0, 190)), span(0, 3, (0, 90, 0, 30)))
    assert deepening.find_repeated(found, letters).tolist() == [True, False, False]
    assert deepening.find_repeated(found, letters.slice(0, 0)).tolist() == [False, False, False]
    merged = deepening.merge_spans(letters, found)
    assert merged["span"].to_pylist() == list(range(7))
    assert deepening.drop_reworked(merged).num_rows == 4


def test_cells_under_spans_by_letters_are_known():
    text = " ".join(f"word{n:03}" for n in range(5 * CELL))
    store = Vocabulary().add([text, "other words", text])
    cell_starts = np.array([0, 5, 6, 11])
    place = [text.index(f"word{n:03}") for n in range(5 * CELL)]
    # Cell 1 of text 2 is covered for the most part, cell 2 wholly, cell 3 by ten words; in text 0 only cell 0 is.
    letters = table(span(0, 2, (0, place[45], place[65], place[160])))
    bounds, cells = deepening.list_known(letters, store, cell_starts)
    assert [cells[x:y].tolist() for x, y in pairwise(bounds.tolist())] == [[7, 8], [], [0]]
    assert candidates.BLOCK_WORDS == 2 * CELL


def test_a_span_with_the_medoid_speaks_for_a_reworked_passage_and_no_other_does():
    """Six copies of one text, a rework of the medoid, and a text that only the rework is tied to."""
    draw = random.Random(2)
    base = prose(draw, 96)
    texts = [" ".join(base)] * 6 + [shuffled(draw, base), " ".join(prose(draw, 96))]
    store = fold_texts(texts)
    size = np.diff(store.starts) - 1
    pairs = [(0, n, 0) for n in range(1, 6)] + [(0, 6, 1), (6, 7, 1)]
    n = len(pairs)
    text = np.array([a for a, _, _ in pairs] + [b for _, b, _ in pairs])
    intervals = Intervals(
        text=text, start=np.zeros(2 * n, np.int64), end=size[text], mate=np.concatenate([np.arange(n) + n, np.arange(n)]), similarity=np.ones(2 * n),
        reworked=np.array([kind for _, _, kind in pairs] * 2, np.int32), place=np.arange(len(texts)),
    )  # fmt: skip
    members = make_members(intervals, np.zeros(2 * n, np.int64), np.zeros(2 * n, bool))
    assert members.reworked.tolist() == [0] * 6 + [1, 1]
    config = make_config().families
    (suspect,) = _find_suspects(members, intervals.place, store, config)
    strays = _find_strays(intervals, np.arange(2 * n), suspect, config)
    assert set(text[strays].tolist()) == {7}


def test_the_sentences_of_a_summary_make_one_pair_of_intervals():
    sentences = [span(0, 1, (10, 90, 300, 360), "summarised"), span(0, 1, (200, 270, 340, 420), "summarised"), span(0, 2, (10, 90, 0, 60))]
    parts = _take_spans(table(*sentences).to_batches(), SharedLetters(3))
    joined = [row for part in parts for row in part.to_pylist()]
    assert [(row["start_a"], row["end_a"], row["start_b"], row["end_b"], row["n_letters"], row["kind"]) for row in joined] == [
        (10, 90, 0, 60, 60, "edited"), (10, 270, 300, 420, 130, "summarised"),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), [
    ("Signed by Ada Brook, Bela Crane, Cora Dunn, Dario Elm, Edda Finch, Fia Gull and Gus Heron.", True),
    ("The Harbour Workers' Union of Eastmere and the Ferry Crews of Westmere call on the Port Authority to withdraw the new timetable.", False),
    ("THE HARBOUR MUST STAY OPEN THROUGH THE WINTER AND THE LAMPS MUST BE LIT AGAIN", False),
    ("我们要求立即停止在港口的工作", False),
    ("", False),
])  # fmt: skip
def test_lists_of_names_are_told(text, names):
    assert deepening.is_list_of_names(text) is names
