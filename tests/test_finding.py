"""Finding: texts that are not in the corpus, one or many, from Python, from files and from a stream."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import naive
import variorum
import zoo
from kernel_cases import cases, frozen
from matches import make_prose
from small_corpora import LAMPS, PIER, write_statements
from variorum.api import Corpus
from variorum.cli import main
from variorum.config import ReadingConfig
from variorum.corpus import CorpusFolder
from variorum.errors import CorpusDamaged, UsageError
from variorum.kernels import finding
from variorum.matching import labels
from variorum.reading.problems import Problems
from variorum.reading.streams import read_stream

TEXTS = [PIER, "", f"{make_prose(1, 30)} {LAMPS} {PIER}", LAMPS.upper(), make_prose(2, 60), f"{PIER}\n\n{PIER}", *zoo.TEXTS.values()]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return variorum.trace(write_statements(tmp_path_factory.mktemp("finding") / "letters"))


def call(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], input=stdin)


# -- the kernel --------------------------------------------------------------------------------------------------------


@st.composite
def indexed(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[int]]:
    """Rows of few distinct hashes in two partitions over a few texts, the texts' starts, and hashes to look for."""
    starts = np.cumsum([0, *draw(st.lists(st.integers(1, 30), min_size=1, max_size=9))]).tolist()
    hashes = draw(st.lists(st.integers(0, naive.WORD - 1), min_size=1, max_size=4, unique=True))
    places = draw(st.lists(st.integers(0, starts[-1] - 1), unique=True, max_size=60))
    held = [(draw(st.sampled_from(hashes)), place) for place in places]
    wanted = draw(st.lists(st.one_of(st.sampled_from(hashes), st.integers(0, naive.WORD - 1)), max_size=6))
    return [sorted(rows) for rows in naive.pack(held, 1, 10)], starts, wanted


def look_up(partitions: list[list[int]], starts: list[int], hashes: list[int], max_df: int, room: int) -> list[tuple[int, int, int]] | int:
    """Return (shingle, text, place) as the kernel finds them, or its answer where that says that something is wrong."""
    rows = np.array([row for part in partitions for row in part], np.uint64)
    bounds = np.cumsum([0, *map(len, partitions)])
    block_text = np.minimum(np.searchsorted(starts, np.arange(0, starts[-1] + 1, 4), "right") - 1, len(starts) - 2).astype(np.int32)
    out = np.empty((3, room), np.int64)
    fixed = (frozen(rows), bounds, 1, 10, frozen(np.array(starts)), frozen(block_text), 2, np.array(hashes, np.uint64), max_df)
    n = finding.find_rows(*fixed, *out)
    if n < 0:
        return n
    return look_up(partitions, starts, hashes, max_df, n) if n > room else list(zip(*out[:, :n].tolist(), strict=True))


@cases(300)
@given(indexed(), st.integers(1, 6), st.sampled_from([0, 3, 100]))
def test_shingles_looked_up_equal_the_twin(drawn: tuple[list[list[int]], list[int], list[int]], max_df: int, room: int) -> None:
    partitions, starts, hashes = drawn
    assert look_up(partitions, starts, hashes, max_df, room) == naive.look_up(partitions, hashes, starts, 10, max_df)


def test_rows_past_the_end_of_the_stream_are_told() -> None:
    assert look_up([[(5 << 10 | 1000) << 8], []], [0, 20], [5 << 30], 9, 9) == -1


# -- many texts --------------------------------------------------------------------------------------------------------


def test_many_texts_give_what_each_gives_alone(corpus: Corpus) -> None:
    together = [found.to_arrow() for found in corpus.find_all(TEXTS)]
    assert len(together) == len(TEXTS)
    for text, found in zip(TEXTS, together, strict=True):
        assert found.to_pylist() == corpus.find(text).to_pylist()
    assert len(together[2]) >= 5
    assert len(corpus.find(PIER, min_letters=100)) == 3
    assert [len(found) for found in corpus.find_all([PIER, LAMPS], min_letters=10_000)] == [0, 0]


def test_a_stream_is_taken_piece_by_piece_with_the_corpus_opened_once(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, taken = [], 0
    plain = CorpusFolder.open.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(CorpusFolder, "open", classmethod(lambda cls, *words, **named: opened.append(words) or plain(cls, *words, **named)))

    def stream() -> Iterator[str]:
        nonlocal taken
        while True:  # without an end
            taken += 1
            yield PIER

    found = corpus.find_all(stream())
    assert len(next(found)) == 3
    assert taken == 64
    assert [len(next(found)) for _ in range(150)] == [3] * 150
    assert taken == 192
    assert len(opened) == 1
    found.close()  # type: ignore[attr-defined]
    with CorpusFolder.open(corpus.path, write=True):
        pass


def test_a_mistake_in_the_settings_shows_before_the_first_text(corpus: Corpus) -> None:
    with pytest.raises(UsageError, match="s is fixed"):
        corpus.find_all([], s=3)
    with pytest.raises(UsageError, match="no setting"):
        corpus.find_all([], min_leters=3)


def test_a_corpus_kept_open_is_mapped_once(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    mapped = []
    plain = Corpus._open_search
    monkeypatch.setattr(Corpus, "_open_search", lambda self: mapped.append(1) or plain(self))
    with variorum.open(corpus.path) as held:
        assert [len(held.find(PIER)) for _ in range(3)] == [3, 3, 3]
    assert len(held.find(PIER)) == 3
    assert len(mapped) == 2


# -- labels ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [3, 100])
def test_labels_tell_of_each_witness_and_its_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(labels, "_ROWS", rows)
    rng = np.random.default_rng(4)
    n = 40
    copy_of = np.arange(n)
    for witness in range(1, n):
        if rng.random() < 0.6:
            copy_of[witness] = copy_of[rng.integers(0, witness)]
    days = [int(day) if day < 5 else None for day in rng.integers(0, 7, n)]
    at = pa.array([None if day is None else day * 86_400_000_000 for day in days], pa.timestamp("us", tz="UTC"))
    sigla, dates = [f"w{i}" for i in range(n)], [None if day is None else f"1970-01-0{day + 1}" for day in days]
    columns = {"siglum": sigla, "series": [None] * n, "date": dates, "not_before_at": at}
    labels.write_labels(tmp_path, pa.table({name: pa.array(values, pa.string()) if isinstance(values, list) else values for name, values in columns.items()}), copy_of)
    asked = rng.integers(0, n, 25)
    found = labels.Labels(tmp_path).describe(asked).to_pylist()
    for witness, row in zip(asked.tolist(), found, strict=True):
        own = [w for w in range(n) if copy_of[w] == copy_of[witness]]
        first = min(own, key=lambda w: (days[w] is None, days[w] or 0, w))
        expected = (sigla[witness], None, dates[witness], len(own) - 1, sigla[first], dates[first])
        assert tuple(row[name] for name in ("siglum", "series", "date", "n_copies", "earliest_copy", "earliest_date")) == expected


@pytest.mark.parametrize("content", [None, b"", b"ARROW1 no more"])
def test_labels_that_are_missing_or_damaged_are_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / labels.FILE).write_bytes(content)
    with pytest.raises(CorpusDamaged, match="resume-from foldings"):
        labels.Labels(tmp_path)


# -- streams -----------------------------------------------------------------------------------------------------------


class Slow(io.BytesIO):
    """A stream that gives what was put into it part by part, and notes how often it was asked."""

    def __init__(self, *parts: bytes) -> None:
        super().__init__()
        self.parts, self.asked = list(parts), 0

    def read1(self, size: int | None = -1, /) -> bytes:
        self.asked += 1
        return self.parts.pop(0) if self.parts else b""


def read(*parts: bytes, **settings: str) -> tuple[list[list[tuple[str, str]]], list[str]]:
    problems = Problems("standard input")
    found = list(read_stream(Slow(*parts), ReadingConfig(**settings), problems))
    return found, [f"{row.place}: {row.problem}" for row in problems.rows()]


def test_rows_are_given_as_they_come() -> None:
    stream = Slow(b'\n{"id": "a", "te', b'xt": "one"}\n{"text": "two"}\n{"te', b'xt": "three"}\n')
    statements = read_stream(stream, ReadingConfig(), Problems("standard input"))
    assert next(statements) == [("a", "one"), ("line 3", "two")]
    assert stream.asked == 2
    assert list(statements) == [[("line 4", "three")]]


def test_a_row_that_holds_no_statement_is_told_and_the_others_are_read() -> None:
    found, told = read(b'{"key": 7, "body": "one"}\nnonsense\n[1]\n{"key": 8}\n{"key": 9, "body": "?!"}\n', b'{"key": 10, "body": "two"}', text_field="body", id_field="key")
    assert found == [[("7", "one")], [("10", "two")]]
    assert [line.split(":")[0] for line in told] == ["line 2", "line 3", "line 4", "line 5"]


@pytest.mark.parametrize("text", [PIER, f"\n\n{PIER}\n", "{ a brace, but no object\nand more", '"a quotation"\n{"text": "inside"}', "\ufeffwith a mark"])
def test_what_does_not_begin_with_an_object_is_one_text(text: str) -> None:
    data = text.encode()
    assert read(data[:5], data[5:]) == ([[("standard input", text.removeprefix("\ufeff").removesuffix("\n"))]], [])


@pytest.mark.parametrize("data", [b"", b"\n\n", b" ... \n"])
def test_nothing_gives_nothing(data: bytes) -> None:
    assert read(data) == ([], [])


# -- the command -------------------------------------------------------------------------------------------------------


def test_find_takes_files_folders_and_a_stream_at_once(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "one.txt").write_text(PIER, encoding="utf-8")
    (tmp_path / "more" / "bad.pdf").write_bytes(b"%PDF-1.4 damaged")
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": "two", "text": LAMPS}), encoding="utf-8")
    stdin = json.dumps({"id": "three", "text": f"{PIER} {LAMPS}"}) + "\nbroken\n"
    result = call("find", tmp_path / "more", tmp_path / "rows.jsonl", "-", "--in", corpus.path, "--jsonl", stdin=stdin)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    held = {row["statement"]: [] for row in rows}
    for row in rows:
        held[row["statement"]].append(row["siglum"])
    assert {name: len(sigla) for name, sigla in held.items()} == {"one": 3, "two": 2, "three": 5}
    assert result.exit_code == 3
    assert "2 failures:" in result.stderr
    assert "standard input, line 2: the line is no JSON object" in result.stderr
    assert "bad.pdf" in result.stderr


def test_find_writes_one_head_of_csv(corpus: Corpus) -> None:
    stdin = "".join(json.dumps({"text": text}) + "\n" for text in (LAMPS, "nothing of it", PIER))
    result = call("find", "-", "--in", corpus.path, "--csv", stdin=stdin)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 1 + 2 + 3
    assert lines[0].startswith("statement,start,end,witness,siglum,")
    assert sum(line.startswith("statement,") for line in lines) == 1


def test_find_in_a_stream_without_a_statement_is_one_line(corpus: Corpus) -> None:
    result = call("find", "-", "--in", corpus.path, stdin='{"body": "text of another field"}\n')
    assert result.exit_code == 3
    assert result.stderr == "variorum: error: standard input, line 1: the field 'text' holds no text; give the text in it\n"
