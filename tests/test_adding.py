"""Adding and removing statements: the result is that of a trace from scratch, ids stay, and a corpus is what it was until all is done."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import variorum
import zoo
from matches import edit_words, make_prose
from rework_texts import FILLER, OTHER, REWORDED, SOURCE
from small_corpora import LAMPS, PIER, write_statements
from variorum import folders
from variorum.api import Corpus
from variorum.cli import main
from variorum.corpus import CorpusFolder
from variorum.errors import ConfigError, CorpusDamaged, CorpusError, CorpusLocked, InputError, UsageError, VariorumError
from variorum.families.heritages import Heritage
from variorum.matching.directs import Directs
from variorum.schema import TABLES, empty_table

HARBOUR, FERRY, COUNCIL = "2024-03-29_harbour-workers", "2024-04-02_ferry-passengers", "2024-04-05_council"
CORES = [make_prose(seed, 60) for seed in range(5)]
Texts = dict[str, str]


def write(folder: Path, texts: Texts) -> Path:
    """Write texts as files; the name of a file may hold a date."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def draw_texts(seed: int, n: int, prefix: str) -> Texts:
    """Return statements that share, now more, now less changed, a few passages with each other and with those of other seeds."""
    rng = np.random.default_rng([seed, n])
    texts = {}
    for number in range(n):
        parts = [make_prose(1000 * seed + 100 * n + number, int(rng.integers(5, 30)))]
        for core in rng.choice(len(CORES), int(rng.integers(0, 3)), replace=False).tolist():
            parts.insert(int(rng.integers(0, 2)), edit_words(CORES[core], int(rng.integers(0, 99)), float(rng.choice([0.0, 0.0, 0.08, 0.2]))))
        day = f"2024-{rng.integers(1, 12):02d}-{rng.integers(1, 28):02d}_" if rng.random() < 0.7 else ""
        text = " ".join(parts)
        texts[f"{prefix}{number:02d}_{day}x"] = text.upper() if rng.random() < 0.2 else text
    copied = [name for name in texts if rng.random() < 0.2]
    return {**texts, **{f"{name}-copy": texts[name].lower() for name in copied}}


def tell(corpus: Corpus) -> dict[str, Any]:
    """Return what a corpus says, without ids and without what hangs on them or on the time."""
    with corpus:
        spans = corpus.spans.to_pylist()
        witnesses = corpus.witnesses.to_arrow(["witness", "siglum", "date", "text"]).to_pylist()
        foldings = corpus.foldings.to_pylist()
        passages = corpus.passages.to_pylist()
        families = {row["family"]: row for row in corpus.families.to_pylist()}
        links = corpus.family_links.to_pylist()
    members: dict[str, frozenset[tuple[int, ...]]] = {
        family: frozenset((p["witness"], p["start"], p["end"], p["n_spans"], p["position"]) for p in passages if p["family"] == family) for family in families
    }
    assert len(set(members.values())) == len(families)
    own = {members[name]: {key: value for key, value in row.items() if key not in ("family", "rank")} for name, row in families.items()}
    between = {(frozenset({members[row["family"]], members[row["other"]]}), row["relation"], row["n_witnesses"]) for row in links}
    return {"witnesses": witnesses, "spans": spans, "foldings": foldings, "families": own, "links": between}


def finds(corpus: Corpus, texts: list[str]) -> list[list[dict[str, Any]]]:
    return [found.to_pylist() for found in corpus.find_all(texts)]


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words])


@pytest.fixture
def traced(tmp_path: Path) -> Corpus:
    return variorum.trace(write_statements(tmp_path / "letters"))


@pytest.fixture
def more(tmp_path: Path) -> Path:
    return write(tmp_path / "more", {"2024-06-01_lamps": f"We all say so.\n\n{LAMPS}", "a-copy": (tmp_path / "letters" / f"{FERRY}.txt").read_text(encoding="utf-8").upper()})


def snapshot(corpus: Corpus) -> dict[str, tuple[int, bytes]]:
    """Return name, size and content of all files of a corpus but the lock."""
    files = [p for p in corpus.path.rglob("*") if p.is_file() and p.name != "lock" and "next" not in p.parts]
    return {str(p.relative_to(corpus.path)): (p.stat().st_size, p.read_bytes()) for p in files}


# -- equal to a trace from scratch -------------------------------------------------------------------------------------


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), n_old=st.integers(1, 8), n_new=st.integers(1, 6))
def test_adding_gives_what_a_trace_of_all_would(tmp_path_factory: pytest.TempPathFactory, seed: int, n_old: int, n_new: int) -> None:
    folder = tmp_path_factory.mktemp("adding")
    old, new = draw_texts(seed, n_old, "a"), draw_texts(seed + 1, n_new, "b")
    grown = variorum.trace(write(folder / "old", old), folder / "grown.variorum")
    before = name_members(grown)
    grown.add(write(folder / "new", new))
    whole = variorum.trace(write(write(folder / "all", old), new), folder / "whole.variorum")
    assert tell(grown) == tell(whole)
    assert finds(grown, [*CORES, PIER]) == finds(whole, [*CORES, PIER])
    assert_ids_stay(before, name_members(grown), lambda witness: witness)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), n=st.integers(3, 10), gone=st.sets(st.integers(0, 9), min_size=1, max_size=4))
def test_removing_gives_what_a_trace_of_the_others_would(tmp_path_factory: pytest.TempPathFactory, seed: int, n: int, gone: set[int]) -> None:
    folder = tmp_path_factory.mktemp("removing")
    texts = draw_texts(seed, n, "a")
    names = sorted(texts, key=lambda name: f"{name}.txt")
    taken = [names[i] for i in gone if i < len(names) - 1]
    if not taken:
        return
    shrunk = variorum.trace(write(folder / "all", texts), folder / "shrunk.variorum")
    before = name_members(shrunk)
    left = [name for name in names if name not in taken]
    shrunk.remove(taken)
    whole = variorum.trace(write(folder / "left", {name: texts[name] for name in left}), folder / "whole.variorum")
    assert tell(shrunk) == tell(whole)
    assert finds(shrunk, CORES) == finds(whole, CORES)
    assert_ids_stay(before, name_members(shrunk), lambda witness: left.index(names[witness]) if names[witness] in left else None)


Members = dict[str, dict[tuple[int, int, int], str]]


def name_members(corpus: Corpus) -> Members:
    """Return the passages of each family: the id of each stretch."""
    found: Members = {}
    for row in corpus.passages.to_pylist():
        found.setdefault(row["family"], {})[row["witness"], row["start"], row["end"]] = row["passage"]
    return found


def assert_ids_stay(before: Members, after: Members, number: Callable[[int], int | None]) -> None:
    """A stretch that is still one has its id; a family all of whose stretches that are left stand together has its id."""
    names = {stretch: name for members in after.values() for stretch, name in members.items()}
    assert len(set(names.values())) == len(names)
    homes: dict[tuple[int, int, int], set[str]] = {}
    for family, members in after.items():
        for stretch in members:
            homes.setdefault(stretch, set()).add(family)
    moved = {}
    for family, members in before.items():
        left = {(new, start, end): name for (old, start, end), name in members.items() if (new := number(old)) is not None}
        moved[family] = set(left)
        for stretch, name in left.items():
            if stretch in names:
                assert names[stretch] == name
    for family, left in moved.items():
        together = set.intersection(*(homes.get(stretch, set()) for stretch in left)) if len(left) > 1 else set()
        rivals = [other for other, theirs in moved.items() if other != family and any(homes.get(s, set()) & together for s in theirs)]
        if together and not rivals:
            assert family in together


def test_adding_in_two_steps_gives_the_same(tmp_path: Path) -> None:
    parts = [draw_texts(seed, 5, prefix) for seed, prefix in ((3, "a"), (4, "b"), (5, "c"))]
    grown = variorum.trace(write(tmp_path / "0", parts[0]), tmp_path / "grown.variorum")
    for number in (1, 2):
        variorum.add(write(tmp_path / str(number), parts[number]), grown.path)
    for part in parts:
        write(tmp_path / "all", part)
    assert tell(grown) == tell(variorum.trace(tmp_path / "all"))
    assert (grown.path / "index").is_dir()
    assert not (grown.path / "index-2").exists()


def read_index(corpus: Corpus) -> dict[str, bytes | list[str]]:
    """Return the content of each index file; of direct spans their rows, which stand in files by when they were found."""
    with CorpusFolder.open(corpus.path) as folder:
        index = folder.index
    found: dict[str, bytes | list[str]] = {path.name: path.read_bytes() for path in index.iterdir() if not path.name.startswith(("strong", "plain"))}
    for kind in ("strong", "plain"):
        found[kind] = sorted(str(row) for batch in Directs(index).open(kind) for row in batch.to_pylist())
    return found


@pytest.mark.parametrize("rows", [40, 500_000])
def test_the_index_is_that_of_a_trace_byte_by_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Also where the partitions become finer, the places need more bits, and little stays the same."""
    monkeypatch.setattr("variorum.matching.fingerprints._PARTITION_ROWS", rows)
    parts = [draw_texts(seed, 4 * seed, prefix) for seed, prefix in ((2, "a"), (4, "b"), (1, "c"))]
    odd = {"b-odd": zoo.STATEMENT, "b-none": "1", "b-wide": "pier" + " " * 90 + "quay" + "." * 99 + "end"}
    parts[1] |= odd
    grown = variorum.trace(write(tmp_path / "0", parts[0]), tmp_path / "grown.variorum")
    names: list[str] = []
    for number, part in enumerate(parts):
        if number:
            grown.add(write(tmp_path / str(number), part))
        write(tmp_path / "all", part)
        names += part
        whole = variorum.trace(tmp_path / "all", tmp_path / f"whole{number}.variorum")
        assert read_index(grown) == read_index(whole)
    for gone in (["c00_" + next(n for n in names if n.startswith("c00_"))[4:]], ["b-odd", "b-none"], [sorted(parts[0])[0]]):
        grown.remove(gone)
        for name in gone:
            (tmp_path / "all" / f"{name}.txt").unlink()
        whole = variorum.trace(tmp_path / "all", tmp_path / f"left{gone[0]}.variorum")
        assert read_index(grown) == read_index(whole)


def test_a_campaign_goes_on(tmp_path: Path) -> None:
    """Through hubs: more copies of one letter than are matched with each other."""
    letters = {f"{'ab'[i // 30]}{i:02d}": f"{make_prose(i, 12)} {edit_words(CORES[0], i, 0.03)} {make_prose(100 + i, 5)}" for i in range(60)}
    first = {name: text for name, text in letters.items() if name < "b"}
    grown = variorum.trace(write(tmp_path / "old", first), tmp_path / "grown.variorum", max_df=5)
    grown.add(write(tmp_path / "new", {name: text for name, text in letters.items() if name not in first}))
    whole = variorum.trace(write(tmp_path / "all", letters), max_df=5)
    assert tell(grown) == tell(whole)
    assert max(row["n_witnesses"] for row in whole.families.to_pylist()) == 60
    gone = [name for name in letters if int(name[1:]) % 7 == 3]
    grown.remove(gone)
    assert tell(grown) == tell(variorum.trace(write(tmp_path / "left", {name: text for name, text in letters.items() if name not in gone}), max_df=5))


def test_statements_of_one_series_are_left_out_as_in_a_trace(tmp_path: Path) -> None:
    rows = [{"id": f"s{i}", "series": f"Office {i % 3}", "text": f"{make_prose(i, 10)} {edit_words(CORES[i % 2], i, 0.05)}"} for i in range(24)]
    for name, part in (("old", rows[:15]), ("new", rows[15:]), ("all", rows)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part), encoding="utf-8")
    grown = variorum.trace([tmp_path / "old.jsonl"], across_series=True, max_df=4)
    grown.add([tmp_path / "new.jsonl"])
    whole = variorum.trace([tmp_path / "all.jsonl"], across_series=True, max_df=4)
    assert tell(grown) == tell(whole)
    assert all(int(rows[span["witness_a"]]["series"][-1]) != int(rows[span["witness_b"]]["series"][-1]) for span in whole.spans.to_pylist())


def test_removing_what_was_added_gives_the_corpus_back(tmp_path: Path) -> None:
    corpus = variorum.trace(write(tmp_path / "old", draw_texts(8, 7, "a")))
    before, names = tell(corpus), name_members(corpus)
    added = draw_texts(9, 4, "b")
    corpus.add(write(tmp_path / "new", added))
    assert tell(corpus) != before
    corpus.remove(list(added))
    assert tell(corpus) == before
    assert {frozenset(members.items()) for members in name_members(corpus).values()} == {frozenset(members.items()) for members in names.values()}


def test_the_next_copy_takes_the_place_of_a_first_that_goes(tmp_path: Path) -> None:
    texts = {"a": f"First. {PIER}", "b": f"first {PIER.upper()}", "c": f"FIRST! {PIER}", "d": f"Another. {PIER}"}
    corpus = variorum.trace(write(tmp_path / "letters", texts))
    assert corpus.foldings.to_arrow()["copy_of"].to_pylist() == [0, 0, 0, 3]
    corpus.remove("a")
    assert corpus.foldings.to_arrow()["copy_of"].to_pylist() == [0, 0, 2]
    assert corpus.witnesses.to_arrow()["siglum"].to_pylist() == ["b", "c", "d"]
    found = {row["siglum"]: row["n_copies"] for row in corpus.find(PIER).to_pylist()}
    assert found == {"b": 1, "d": 0}


# -- ids ---------------------------------------------------------------------------------------------------------------


def test_a_family_keeps_its_id_though_an_earlier_copy_comes(traced: Corpus, tmp_path: Path) -> None:
    """A trace from scratch would name it after that copy."""
    names = {row["n_witnesses"]: row["family"] for row in traced.families.to_pylist()}
    traced.add(write(tmp_path / "more", {"1999-01-01_before": f"Long before.\n\n{PIER.replace('4,200', '5,100').replace('old', 'wooden')}"}))
    found = {row["n_witnesses"]: row for row in traced.families.to_pylist()}
    assert found[4]["family"] == names[3]
    assert traced.witnesses.to_pylist()[found[4]["earliest"]]["siglum"] == "1999-01-01_before"


def make_passages(rows: list[tuple[str, str, int, int, int]]) -> pa.Table:
    """Return PASSAGES of id, family, witness, start, end."""
    names = ("passage", "family", "witness", "start", "end")
    full = [{**dict(zip(names, row, strict=True)), "n_letters": 1, "position": i, "n_spans": 1, "copy_of": None} for i, row in enumerate(rows)]
    return pa.Table.from_pylist(full, schema=TABLES["passages"].schema).sort_by([("family", "ascending"), ("position", "ascending")])


def inherit(before: list[tuple[str, str, int, int, int]], now: list[tuple[str, str, int, int, int]], numbers: list[int]) -> list[tuple[str, str, int, int, int]]:
    """Return the passages of now under the ids of before, in their order."""
    tables = {"families": empty_table("families"), "passages": make_passages(now), "family_links": empty_table("family_links")}
    rows = Heritage.of(make_passages(before), np.array(numbers)).inherit(tables)["passages"].to_pylist()
    ids = {(row["witness"], row["start"], row["end"], row["position"]): (row["passage"], row["family"]) for row in rows}
    return [(*ids[witness, start, end, i], witness, start, end) for i, (_, _, witness, start, end) in enumerate(now)]


def test_the_larger_part_of_a_family_that_falls_apart_keeps_its_id() -> None:
    before = [(f"p{w}", "f", w, 0, 100) for w in range(5)]
    now = [(f"q{w}", "x" if w < 2 else "y", w, 0, 100) for w in range(5)]
    assert inherit(before, now, [0, 1, 2, 3, 4]) == [(f"p{w}", "x" if w < 2 else "f", w, 0, 100) for w in range(5)]


def test_of_two_families_that_are_joined_the_larger_gives_its_id() -> None:
    before = [(f"p{w}", "f" if w < 2 else "g", w, 0, 100) for w in range(5)]
    now = [(f"q{w}", "x", w, 0, 100) for w in range(5)]
    assert {row[1] for row in inherit(before, now, [0, 1, 2, 3, 4])} == {"g"}


def test_a_passage_that_moved_a_little_keeps_its_id_and_no_other_gets_it() -> None:
    before = [("p0", "f", 0, 0, 100), ("p1", "f", 1, 0, 100)]
    now = [("q0", "x", 0, 0, 104), ("q1", "x", 1, 0, 100), ("p0", "y", 0, 300, 400), ("q3", "y", 2, 300, 400)]
    assert inherit(before, now, [0, 1]) == [("p0", "f", 0, 0, 104), ("p1", "f", 1, 0, 100), ("p0-2", "y", 0, 300, 400), ("q3", "y", 2, 300, 400)]


def test_a_new_family_that_would_be_called_as_an_old_one_is_told_apart() -> None:
    before = [("p0", "f", 0, 0, 100), ("p1", "f", 1, 0, 100)]
    now = [("p0", "x", 0, 0, 100), ("p1", "x", 1, 0, 100), ("r2", "f", 2, 0, 90), ("r3", "f", 3, 0, 90)]
    assert [row[1] for row in inherit(before, now, [0, 1])] == ["f", "f", "f-2", "f-2"]


def test_what_is_gone_gives_no_id() -> None:
    before = [("p0", "f", 0, 0, 100), ("p1", "f", 1, 0, 100), ("p2", "g", 0, 200, 300), ("p3", "g", 1, 200, 300)]
    now = [("q1", "x", 0, 200, 300), ("q2", "x", 1, 0, 80)]
    assert inherit(before, now, [-1, 0]) == [("p3", "g", 0, 200, 300), ("q2", "g", 1, 0, 80)]


# -- what is held already, and later versions --------------------------------------------------------------------------


def test_the_same_again_is_not_doubled_and_another_text_is_a_later_version(traced: Corpus, tmp_path: Path) -> None:
    held = (tmp_path / "letters" / f"{COUNCIL}.txt").read_text(encoding="utf-8")
    folder = write(tmp_path / "more", {COUNCIL: held.replace("3,900", "3,400"), "museum": (tmp_path / "letters" / "museum.txt").read_text(encoding="utf-8"), "new": LAMPS})
    result = call("add", folder, "--to", traced.path)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[:3] == [
        "2 statements added; 9 statements in all.",
        "1 statement held already, under the same name with the same text, and not added again (museum).",
        f"1 statement of a name that was held with another text: kept beside it as a later version ({COUNCIL}@2).",
    ]
    assert traced.text(f"{COUNCIL}@2") == held.replace("3,900", "3,400")
    assert traced.text(COUNCIL) == held
    assert {row["source"]: row["state"] for row in traced.sources.to_pylist() if "more" in row["source"]} == {
        str(folder / f"{COUNCIL}.txt"): "read", str(folder / "museum.txt"): "held", str(folder / "new.txt"): "read"}  # fmt: skip
    write(folder, {COUNCIL: held.replace("3,900", "3,300")})
    traced.add(folder)
    assert traced.outcome is not None
    assert {name: traced.outcome.counts[name] for name in ("added", "held", "versions")} == {"added": 1, "held": 2, "versions": 1}
    assert "3,300" in traced.text(f"{COUNCIL}@3")
    sources = traced.sources.to_arrow()["source"].to_pylist()
    assert str(folder / f"{COUNCIL}.txt@2") in sources
    assert str(folder / "new.txt@2") not in sources


def test_nothing_new_changes_nothing(traced: Corpus, tmp_path: Path) -> None:
    before = snapshot(traced)
    result = call("add", tmp_path / "letters", "--to", traced.path)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[0] == "Nothing to add."
    assert result.stderr.splitlines()[-1] == f"{traced.path} is unchanged."
    assert snapshot(traced) == before
    assert not (traced.path / "next").exists()


def test_rows_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    rows = [{"key": f"s{i}", "body": make_prose(i, 30)} for i in range(4)]
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    first.write_text("".join(json.dumps(row) + "\n" for row in rows[:3]), encoding="utf-8")
    corpus = variorum.trace([first], text_field="body", id_field="key")
    rows[1]["body"] += " And more."
    second.write_text("".join(json.dumps(row) + "\n" for row in rows[1:]), encoding="utf-8")
    corpus.add([second])
    assert corpus.witnesses.to_arrow()["siglum"].to_pylist() == ["s0", "s1", "s2", "s1@2", "s3"]
    assert [row["n_witnesses"] for row in corpus.sources.to_pylist()] == [3, 2]
    second.write_text(json.dumps({"name": "s9", "words": make_prose(9, 30)}), encoding="utf-8")
    corpus.add([second], text_field="words", id_field="name")
    assert corpus.witnesses.to_arrow()["siglum"].to_pylist()[-1] == "s9"


# -- what it says of itself --------------------------------------------------------------------------------------------


def test_status_and_report_tell_of_it(traced: Corpus, more: Path) -> None:
    counters = [{"added": 2, "held": 0, "versions": 0, "copies": 1}, {"removed": 1}]
    traced.add(more)
    traced.remove("museum")
    found = json.loads(call("status", traced.path, "--json").stdout)
    assert [stage["stage"] for stage in found["stages"]][-2:] == ["add", "remove"]
    assert [stage["counters"] for stage in found["stages"][-2:]] == counters
    assert found["complete"]
    assert "add" in call("status", traced.path).stdout
    report = traced.path.joinpath("report.html").read_text(encoding="utf-8")
    assert "2024-06-01_lamps" in report
    assert f"<title>{traced.name}" in report or traced.name in report
    assert "next" not in {part for p in traced.path.rglob("*") for part in p.relative_to(traced.path).parts}


def test_a_trace_that_would_undo_it_is_refused(traced: Corpus, more: Path) -> None:
    statements = traced.path.with_suffix("")
    traced.add(more)
    with pytest.raises(UsageError, match="resume-from foldings, or begin anew with --resume-from witnesses"):
        variorum.trace(statements)
    before = tell(traced)
    assert call("trace", "--out", traced.path, "--resume-from", "foldings").exit_code == 0
    assert tell(traced) == before
    assert call("trace", statements, "--resume-from", "witnesses").exit_code == 0
    assert len(traced.witnesses) == 7
    assert [row["stage"] for row in traced.provenance.to_pylist()] == ["witnesses", "foldings", "fingerprints", "spans", "reworks", "families", "report"]
    assert set(variorum.trace(statements).outcome.stages.values()) == {"kept"}  # type: ignore[union-attr]


def test_a_text_that_was_removed_is_in_no_file(tmp_path: Path) -> None:
    secret = "The name of the night porter is Abernathy Quillfeather, and his window looks on the weir"
    texts = {f"a{i}": make_prose(i, 200) for i in range(30)} | {"b": f"{secret}. {PIER}", "c": f"{make_prose(99, 20)} {PIER}", "d": f"{secret}. {LAMPS}"}
    corpus = variorum.trace(write(tmp_path / "letters", texts))
    letters = "".join(c for c in secret.lower() if c.isalnum())
    marks = [secret.encode(), letters.encode("utf-16-le"), b"letters/d.txt"]

    def holding(mark: bytes) -> list[str]:
        return [p.name for p in corpus.path.rglob("*") if p.is_file() and mark in p.read_bytes()]

    assert "corpus.duckdb" in holding(marks[0])
    assert "letters.u16" in holding(marks[1])
    corpus.remove(["b", "d"])
    assert [holding(mark) for mark in marks] == [[], [], []]
    assert len(corpus.find(secret)) == 0


def test_a_corpus_that_is_held_open_sees_what_was_added(traced: Corpus, more: Path) -> None:
    with traced:
        assert len(traced.find(LAMPS)) == 2
        traced.add(more)
        assert len(traced.find(LAMPS)) == 3
        assert len(traced.witnesses) == 9


@pytest.mark.parametrize("searched", [False, True])
def test_a_corpus_held_open_while_others_add_and_remove_says_so(traced: Corpus, more: Path, tmp_path: Path, searched: bool) -> None:
    """No answer comes half from one state and half from the next, and what is opened in the same process meanwhile is the new state."""
    second = write(tmp_path / "second", {"2024-06-01_lamps": f"Once more. {LAMPS} So it was said."})

    def refuse(held: Corpus) -> None:
        for ask in (lambda: held.find(LAMPS), lambda: len(held.witnesses), lambda: held.query("SELECT 1"), lambda: held.explain(0)):
            with pytest.raises(CorpusError, match="statements were added or removed since it was opened; close it and open it again") as told:
                ask()
            assert not isinstance(told.value, CorpusDamaged)

    with variorum.open(traced.path) as held:
        if searched:
            assert len(held.find(LAMPS)) == 2
        variorum.add(more, traced.path)
        refuse(held)
        assert len(variorum.open(traced.path).find(LAMPS)) == 3
        variorum.add(second, traced.path)
        refuse(held)
        assert len(variorum.open(traced.path).find(LAMPS)) == 4
        held.close()
        with held:
            assert len(held.find(LAMPS)) == 4
            variorum.open(traced.path).remove("2024-06-01_lamps")
            refuse(held)
        assert len(held.find(LAMPS)) == 3


def test_a_stream_of_texts_is_answered_to_its_end_though_statements_come(traced: Corpus, more: Path) -> None:
    found = traced.find_all([LAMPS] * 200)
    assert len(next(found)) == 2
    variorum.add(more, traced.path)
    assert [len(rows) for rows in found] == [2] * 199


def test_a_corpus_replaced_while_it_is_opened_is_opened_as_it_is_then(traced: Corpus, more: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check, calls = folders.check_files, 0

    def add_meanwhile(*given: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            monkeypatch.undo()
            variorum.add(more, traced.path)
        check(*given)

    monkeypatch.setattr(folders, "check_files", add_meanwhile)
    assert len(variorum.open(traced.path).witnesses) == 9


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--preset", "fast"], "was traced with the preset sensitive, not fast; leave the preset out"),
        (["--set", "max_df=13"], "was traced with max_df="),
        (["--set", "families.min_letters=80"], "was traced with min_letters=60, not 80"),
        (["--set", "max_dff=13"], "no setting 'max_dff'"),
    ],
)
def test_settings_that_are_not_the_corpus_s_are_refused(traced: Corpus, more: Path, words: list[str], said: str) -> None:
    before = snapshot(traced)
    result = call("add", more, "--to", traced.path, *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert snapshot(traced) == before


def test_settings_that_are_the_corpus_s_may_be_named(tmp_path: Path) -> None:
    corpus = variorum.trace(write_statements(tmp_path / "letters"), preset="fast", max_df=20)
    corpus.add(write(tmp_path / "more", {"new": PIER}), preset="fast", max_df=20, threads=1)
    assert corpus.config.matching.k == 20
    assert len(corpus.witnesses) == 8
    with pytest.raises(ConfigError):
        corpus.add(tmp_path / "more", max_df="many")


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: os.truncate(path, 8)])
def test_an_index_that_is_missing_is_told_and_can_be_made_anew(traced: Corpus, more: Path, damage: Callable[[Path], None]) -> None:
    before = tell(traced)
    damage(traced.path / "index" / "fingerprints.u64")
    for words in (["add", more, "--to"], ["remove", "museum", "--from"], ["status"]):
        result = call(*words, traced.path)
        assert result.exit_code == 1
        assert f"make the index anew with: variorum trace --out {traced.path} --resume-from foldings" in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert call("trace", "--out", traced.path, "--resume-from", "foldings").exit_code == 0
    assert tell(traced) == before


def test_a_trace_that_is_not_complete_is_told(tmp_path: Path) -> None:
    write_statements(tmp_path / "letters")
    assert call("trace", tmp_path / "letters", "--stop-after", "reworks").exit_code == 0
    for words in (["add", tmp_path / "letters", "--to"], ["remove", "museum", "--from"]):
        result = call(*words, tmp_path / "letters.variorum")
        assert result.exit_code == 2
        assert "its trace has not come to families yet" in result.stderr


def test_a_corpus_of_another_version_is_told(traced: Corpus, more: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("variorum.revisions.__version__", "7.0.0")
    with pytest.raises(UsageError, match=r"was done by variorum .*, not 7\.0\.0; do it again first: variorum trace"):
        traced.add(more)


def test_a_corpus_that_is_being_written_to_is_told(traced: Corpus, more: Path) -> None:
    with CorpusFolder.open(traced.path, write=True):
        for change in (lambda: traced.add(more), lambda: traced.remove("museum")):
            with pytest.raises(CorpusLocked, match="it is being written to"):
                change()
    traced.add(more)


@pytest.mark.parametrize(("words", "code", "said"), [(["nowhere"], 1, "no readable file in nowhere"), (["empty"], 1, "no statement could be read from the files to add"), (["letters.variorum"], 2, "is a corpus, not statements")])
def test_nothing_that_could_be_added_is_told(traced: Corpus, tmp_path: Path, words: list[str], code: int, said: str) -> None:
    write(tmp_path / "empty", {"one": "", "two": "?!"})
    before = snapshot(traced)
    result = call("add", *[tmp_path / word for word in words], "--to", traced.path)
    assert result.exit_code == code
    assert said.replace("nowhere", str(tmp_path / "nowhere")) in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert snapshot(traced) == before


def test_a_file_that_fails_is_listed_and_the_others_are_added(traced: Corpus, more: Path) -> None:
    (more / "bad.pdf").write_bytes(b"%PDF-1.4 damaged")
    with pytest.raises(InputError, match=r"bad\.pdf"):
        traced.add(more, strict=True)
    assert len(traced.witnesses) == 7
    result = call("add", more, "--to", traced.path)
    assert result.exit_code == 3
    assert "2 statements added; 9 statements in all." in result.stderr
    assert "bad.pdf" in result.stderr
    assert [row["source"] for row in traced.failures.to_pylist() if row["severity"] == "failed"] == [str(more / "bad.pdf")]


@pytest.mark.parametrize(
    ("sigla", "said"),
    [
        (["musuem"], r"no witness 'musuem' in .* \(did you mean 'museum'\?\); nothing was removed"),
        (["museum", "x", "y"], "no witness 'x' and 1 more of those named"),
        ([], "nothing to remove"),
        ([HARBOUR, FERRY, COUNCIL, "museum", "library", "2024-04-05_lamp-keepers", "2024-05-01_boarding-houses"], "nothing would be left of .*; delete the folder instead"),
    ],
)
def test_what_cannot_be_removed_is_told(traced: Corpus, sigla: list[str], said: str) -> None:
    before = snapshot(traced)
    with pytest.raises(UsageError, match=said):
        traced.remove(sigla)
    assert snapshot(traced) == before


def test_a_text_that_shares_nothing_comes_and_goes(traced: Corpus, tmp_path: Path) -> None:
    before = tell(traced)
    traced.add(write(tmp_path / "more", {"alone": make_prose(5, 40)}))
    assert set(tell(traced)["families"]) == set(before["families"])
    traced.remove("alone")
    assert tell(traced) == before


# -- killed, interrupted, without room ---------------------------------------------------------------------------------

PROGRAM = """
    import os, signal, sys
    import variorum
    from variorum import successors
    from variorum.corpus import CorpusFolder
    what, path, names, moment = sys.argv[1], sys.argv[2], sys.argv[3].split(","), sys.argv[4]
    def kill():
        os.kill(os.getpid(), signal.SIGKILL)
    def told(event):
        if moment in (f"{event.stage} {event.state}",):
            kill()
    keep = CorpusFolder.record_provenance
    def record(folder, row):
        keep(folder, row)
        if moment == f"{row['stage']} commit":
            kill()
    CorpusFolder.record_provenance = record
    replace = os.replace
    def replace_and_die(source, target):
        replace(source, target)
        if moment == f"replace {os.path.basename(target)}" and os.path.dirname(target) == path:
            kill()
    successors.os.replace = replace_and_die
    corpus = variorum.open(path)
    getattr(corpus, what)(names, progress=told)
"""


def kill_at(moment: str, what: str, path: Path, names: list[object]) -> None:
    words = [sys.executable, "-c", textwrap.dedent(PROGRAM), what, str(path), ",".join(map(str, names)), moment]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, (moment, done.stderr)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("what", ["add", "remove"])
def test_killed_at_any_moment_the_corpus_is_what_it_was_and_the_second_run_goes_on(traced: Corpus, more: Path, tmp_path: Path, what: str) -> None:
    names: list[object] = [more] if what == "add" else [HARBOUR, "museum"]
    before = tell(traced)
    whole = Corpus(shutil.copytree(traced.path, tmp_path / "whole.variorum"))
    getattr(whole, what)([str(name) for name in names])
    moments = ["witnesses advance", "witnesses commit"] if what == "add" else []
    for moment in [*moments, "foldings commit", "spans begin", "families commit", "report commit", "replace index-2"]:
        kill_at(moment, what, traced.path, names)
        assert tell(traced) == before, moment
    events = []
    getattr(traced, what)([str(name) for name in names], progress=events.append)
    assert {event.state for event in events} == {"kept"}
    assert tell(traced) == tell(whole)
    assert name_members(traced) == name_members(whole)
    assert not (traced.path / "next").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_killed_once_the_tables_are_in_place_it_is_done(traced: Corpus, more: Path) -> None:
    kill_at("replace corpus.duckdb", "add", traced.path, [more])
    assert len(traced.witnesses) == 9
    assert len(traced.find(LAMPS)) == 3
    result = call("add", more, "--to", traced.path)
    assert result.exit_code == 0
    assert "Nothing to add." in result.stderr
    assert "2024-06-01_lamps" in traced.path.joinpath("report.html").read_text(encoding="utf-8")
    assert not (traced.path / "next").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_reading_that_was_killed_goes_on_behind_the_files_it_had_finished(traced: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    write(folder, {f"{i:04d}": f"Statement number {i} of the harbour." for i in range(600)})  # a chunk holds 500 files
    write(folder, {"museum": "Another museum than the one held, and closed on other days."})
    kill_at("witnesses advance", "add", traced.path, [folder])
    with CorpusFolder.open(traced.path / "next", write=False) as next_state:
        assert next_state.count("witnesses") == 507
    traced.add(folder)
    sigla = traced.witnesses.to_arrow()["siglum"].to_pylist()
    assert sigla[7:] == [*(f"{i:04d}" for i in range(600)), "museum@2"]


def test_other_files_than_those_of_the_interrupted_run_begin_anew(traced: Corpus, more: Path, tmp_path: Path) -> None:
    def stop(event: Any) -> None:
        if (event.stage, event.state) == ("spans", "begin"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        traced.add(more, progress=stop)
    assert len(traced.witnesses) == 7
    traced.add(write(tmp_path / "others", {"other": PIER}))
    assert traced.witnesses.to_arrow()["siglum"].to_pylist()[7:] == ["other"]


def test_a_disk_that_is_full_is_one_line_and_the_corpus_stays(traced: Corpus, more: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tell(traced)

    def refuse(*words: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("variorum.successors.shutil.copyfile", refuse)
        with pytest.raises(VariorumError, match="the disk is full"):
            traced.add(more)
    assert tell(traced) == before
    traced.add(more)
    assert len(traced.witnesses) == 9


def test_a_database_that_another_run_left_unsettled_is_settled_first(traced: Corpus, more: Path) -> None:
    program = f"""
        import os, signal
        from variorum.corpus import CorpusFolder
        folder = CorpusFolder.open({str(traced.path)!r}, write=True)
        folder.set_state("note", "kept")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert (traced.path / "corpus.duckdb.wal").exists()
    traced.add(more)
    with CorpusFolder.open(traced.path) as folder:
        assert folder.get_state("note") == "kept"
        assert folder.count("witnesses") == 9
    assert not (traced.path / "corpus.duckdb.wal").exists()


def test_a_next_state_that_is_damaged_is_made_anew(traced: Corpus, more: Path) -> None:
    (traced.path / "next").mkdir()
    (traced.path / "next" / "corpus.duckdb").write_bytes(b"no database at all")
    traced.add(more)
    assert len(traced.witnesses) == 9


def test_damage_of_the_corpus_itself_is_told(traced: Corpus, more: Path) -> None:
    os.truncate(traced.path / "corpus.duckdb", 100)
    with pytest.raises(CorpusDamaged):
        traced.add(more)


def test_a_corpus_of_reworked_passages_grows_and_shrinks_as_others(tmp_path: Path) -> None:
    """The deep stage is done anew over all witnesses; with it, too, the result is that of a trace."""
    texts = {"a0": FILLER + " " + SOURCE, "a1": PIER, "a2": LAMPS, "a6": OTHER + " " + REWORDED, "a7": f"{REWORDED} {LAMPS}", "a8": f"{SOURCE} {PIER}"}
    grown = variorum.trace(write(tmp_path / "old", {name: text for name, text in texts.items() if name < "a6"}), tmp_path / "grown.variorum", preset="reworked")
    grown.add(write(tmp_path / "new", {name: text for name, text in texts.items() if name >= "a6"}))
    whole = variorum.trace(write(tmp_path / "all", texts), preset="reworked")
    assert tell(grown) == tell(whole)
    assert any(span["kind"] not in ("verbatim", "edited", "moved") for span in whole.spans.to_pylist())
    grown.remove(["a1", "a7"])
    left = {name: text for name, text in texts.items() if name not in ("a1", "a7")}
    assert tell(grown) == tell(variorum.trace(write(tmp_path / "left", left), preset="reworked"))
