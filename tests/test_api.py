"""The Python interface, on a small corpus that is really traced."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars
import pyarrow as pa
import pytest

import variorum
from small_corpora import LAMPS, PIER, write_rows, write_statements
from variorum.api import Corpus, TableView
from variorum.errors import ConfigError, CorpusError, SchemaError, UsageError
from variorum.pipeline import Event, Flow
from variorum.schema import TABLES

HARBOUR, FERRY, COUNCIL = "2024-03-29_harbour-workers", "2024-04-02_ferry-passengers", "2024-04-05_council"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return variorum.trace(write_statements(tmp_path_factory.mktemp("api") / "letters"))


def test_trace_gives_the_corpus_beside_its_statements(corpus: Corpus) -> None:
    assert corpus.path.name == "letters.variorum"
    assert corpus.name == "letters"
    assert corpus.outcome is not None
    assert corpus.outcome.exit_code == 0
    assert corpus.outcome.counts["witnesses"] == len(corpus.witnesses) == 7


def test_the_planted_passages_are_found_to_the_letter(corpus: Corpus) -> None:
    texts = dict(zip(*(corpus.witnesses.to_arrow()[name].to_pylist() for name in ("witness", "text")), strict=True))
    sigla = dict(zip(*(corpus.witnesses.to_arrow()[name].to_pylist() for name in ("witness", "siglum")), strict=True))
    families = corpus.families.to_pylist()
    passages = corpus.passages.to_pylist()
    found = {}
    for family in families:
        found[family["rank"]] = {sigla[p["witness"]]: texts[p["witness"]][p["start"] : p["end"]].strip(" .") for p in passages if p["family"] == family["family"]}
    by_members = {frozenset(members): members for members in found.values()}
    pier = by_members[frozenset({HARBOUR, FERRY, COUNCIL})]
    assert pier[HARBOUR] == pier[FERRY] == PIER.strip(".")
    assert "3,900" in pier[COUNCIL]
    lamps = by_members[frozenset({"2024-04-05_lamp-keepers", "2024-05-01_boarding-houses"})]
    assert set(lamps.values()) == {LAMPS.strip(".")}
    family = next(f for f in families if f["n_witnesses"] == 3)
    assert sigla[family["earliest"]] == HARBOUR


def test_a_second_trace_keeps_everything(corpus: Corpus) -> None:
    again = variorum.trace(corpus.path.with_name("letters"))
    assert again.outcome is not None
    assert set(again.outcome.stages.values()) == {"kept"}


def test_settings_and_flow_reach_the_run(tmp_path: Path) -> None:
    events: list[Event] = []
    rows = write_rows(tmp_path / "rows.jsonl")
    settings = {"id_field": "key", "text_field": "body", "date_field": "when", "series_field": "from.name", "title_field": "heading"}
    corpus = variorum.trace([rows], tmp_path / "c", preset="fast", flow=Flow(stop_after="foldings"), progress=events.append, **settings)
    assert corpus.config.matching.k == 20
    assert corpus.config.preset == "fast"
    assert {e.stage for e in events} == {"witnesses", "foldings"}
    row = corpus.witnesses.to_pylist()[0]
    assert (row["siglum"], row["series"], row["date"], row["title"], row["date_basis"]) == ("s0", "harbour-workers", "2024-03-29", "HARBOUR-WORKERS", "field")
    with pytest.raises(UsageError, match="has not come to fingerprints yet"):
        corpus.find("anything")


def test_an_unknown_setting_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    statements = write_statements(tmp_path / "letters")
    with pytest.raises(ConfigError, match="did you mean 'max_df'"):
        variorum.trace(statements, maxdf=3)
    assert not (tmp_path / "letters.variorum").exists()


def test_a_missing_corpus_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus at"):
        variorum.open(tmp_path / "nothing")


# -- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["witnesses", "passages", "families", "family_links", "spans", "foldings", "sources", "failures", "provenance"])
def test_every_table_comes_as_arrow_polars_and_pandas(corpus: Corpus, name: str) -> None:
    view = getattr(variorum.open(corpus.path), name)
    table = view.to_arrow()
    assert table.schema.equals(TABLES[name].schema)
    assert len(view) == len(table) == len(view.to_polars()) == len(view.to_pandas())
    assert view.to_polars().columns == list(view.to_pandas().columns) == table.column_names
    assert repr(view) == f"<{name}: {len(table)} rows>"
    first = table.column_names[0]
    assert view.to_arrow([first]).column_names == view.to_polars([first]).columns == [first]


def test_any_library_takes_a_view_as_it_is(corpus: Corpus) -> None:
    assert polars.DataFrame(corpus.families).height == len(corpus.families)
    assert pa.table(corpus.families).equals(corpus.families.to_arrow())


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_a_missing_library_is_named_with_its_extra(corpus: Corpus, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=rf"variorum\[{library}\]"):
        getattr(corpus.families, f"to_{library}")()


def test_an_unknown_column_is_named(corpus: Corpus) -> None:
    with pytest.raises(SchemaError, match="colour"):
        corpus.families.to_arrow(["colour"])


def test_a_view_of_a_table_in_memory() -> None:
    view = TableView.of("things", pa.table({"a": [1, 2, 3], "b": ["x", "y", "z"]}))
    assert len(view) == 3
    assert view.to_arrow(["b"]).to_pydict() == {"b": ["x", "y", "z"]}


def test_queries_read_the_tables(corpus: Corpus) -> None:
    table = corpus.query("SELECT count(*) AS n FROM witnesses WHERE date >= ?", ["2024-04-05"])
    assert table.to_pylist() == [{"n": 3}]


# -- open only while reading -----------------------------------------------------------------------------------------


def test_a_corpus_at_rest_does_not_keep_a_writer_out(tmp_path: Path) -> None:
    statements = write_statements(tmp_path / "letters")
    flow = Flow(stop_after="witnesses")
    corpus = variorum.trace(statements, flow=flow)
    (statements / "museum.txt").unlink()
    again = variorum.trace(statements, flow=flow)
    assert len(corpus.witnesses) == len(again.witnesses) == 6


def test_with_keeps_it_open_and_blocks_may_nest(corpus: Corpus) -> None:
    with variorum.open(corpus.path) as held:
        with held as inner:
            assert inner is held
        with held.folder() as a, held.folder() as b:
            assert a is b
        folder = a
        assert folder.count("witnesses") == 7
    with pytest.raises(CorpusError, match="closed"):
        folder.count("witnesses")
    assert len(held.witnesses) == 7


# -- find and compare ------------------------------------------------------------------------------------------------


def test_find_says_what_is_held_and_where(corpus: Corpus) -> None:
    text = f"A new statement, with a preface that is nowhere else.\n\n{PIER}\n\nSigned by nobody in particular."
    rows = corpus.find(text).to_pylist()
    assert {row["siglum"] for row in rows} == {HARBOUR, FERRY, COUNCIL}
    for row in rows:
        held = corpus.text(row["siglum"])
        assert text[row["start"] : row["end"]].startswith("We call on the Town of Eastmere")
        assert held[row["start_b"] : row["end_b"]].startswith("We call on the Town of Eastmere")
        assert row["date"] == row["siglum"][:10]
    assert [row["n_letters"] for row in rows] == sorted((row["n_letters"] for row in rows), reverse=True)


def test_find_counts_exact_copies(tmp_path: Path) -> None:
    folder = write_statements(tmp_path / "letters")
    text = (folder / f"{FERRY}.txt").read_text(encoding="utf-8")
    for i in range(3):
        (folder / f"copy-{i}.txt").write_text(text.replace(" ", "\n" if i else "  ").upper(), encoding="utf-8")
    (folder / "1999-01-02-first.txt").write_text(text.lower(), encoding="utf-8")
    rows = {row["siglum"]: row for row in variorum.trace(folder).find(PIER).to_pylist()}
    copied = next(siglum for siglum, row in rows.items() if row["n_copies"])
    assert sorted(row["n_copies"] for row in rows.values()) == [0, 0, 4]
    assert (rows[copied]["earliest_copy"], rows[copied]["earliest_date"]) == ("1999-01-02-first", "1999-01-02")
    assert (rows[HARBOUR]["earliest_copy"], rows[HARBOUR]["earliest_date"]) == (HARBOUR, rows[HARBOUR]["date"])


@pytest.mark.parametrize("text", ["", "!", "Nothing of this has ever been said by anybody on this coast, as far as is known to us."])
def test_find_of_what_is_not_held_gives_no_row(corpus: Corpus, text: str) -> None:
    assert len(corpus.find(text)) == 0


def test_find_takes_settings_but_not_those_of_the_fingerprints(corpus: Corpus) -> None:
    assert len(corpus.find(PIER, min_letters=10_000)) == 0
    with pytest.raises(UsageError, match="k is fixed"):
        corpus.find(PIER, k=12)


@pytest.mark.parametrize(("a", "b"), [(HARBOUR, COUNCIL), (COUNCIL, HARBOUR)])
def test_compare_gives_spans_whose_operations_rebuild_both_sides(corpus: Corpus, a: str, b: str) -> None:
    result = corpus.compare(a, b)
    assert (result.a["siglum"], result.b["siglum"]) == (a, b)
    assert "share 1 span" in repr(result)
    (row,) = result.spans.to_pylist()
    runs = np.array(row["operations"]).reshape(-1, 3)
    assert runs[:, 1].sum() == row["end_a"] - row["start_a"]
    assert runs[:, 2].sum() == row["end_b"] - row["start_b"]
    assert result.text_a[row["start_a"] : row["end_a"]].startswith("We call on")
    assert result.text_b[row["start_b"] : row["end_b"]].startswith("We call on")


def test_witnesses_are_named_by_siglum_or_number(corpus: Corpus) -> None:
    number = corpus.witnesses.to_arrow()["siglum"].to_pylist().index("museum")
    assert corpus.text(number) == corpus.text("museum") == corpus.text(str(number))
    with pytest.raises(UsageError, match="did you mean 'museum'"):
        corpus.text("musem")
    with pytest.raises(UsageError, match="it holds 7, counted from 0"):
        corpus.text(7)


# -- out -------------------------------------------------------------------------------------------------------------


def test_the_report_is_written_where_asked(corpus: Corpus, tmp_path: Path) -> None:
    path = corpus.report(tmp_path / "mine.html", title="Letters about a pier")
    html = path.read_text(encoding="utf-8")
    assert "Letters about a pier" in html
    assert "Town of Eastmere" in html


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "csv", "passim"])
def test_every_export_writes_files(corpus: Corpus, tmp_path: Path, kind: str) -> None:
    counts = corpus.export(tmp_path / kind, kind)
    assert counts
    assert any((tmp_path / kind).iterdir())


def test_an_unknown_export_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="parquet, jsonl, csv, passim"):
        corpus.export(tmp_path, "xlsx")


@pytest.mark.parametrize("show", [lambda c: c, lambda c: c.families, lambda c: c.witnesses, lambda c: c.find(PIER), lambda c: c.compare(HARBOUR, FERRY)])
def test_everything_has_a_face_in_a_notebook_that_works_offline(corpus: Corpus, show) -> None:
    html = show(corpus)._repr_html_()
    assert html.lstrip().startswith("<")
    for outside in ("http://", "https://", "<script", "src="):
        assert outside not in html


def test_repr_says_what_it_is(corpus: Corpus) -> None:
    assert "7 witnesses" in repr(corpus)
    assert repr(corpus).startswith("<Corpus")


def test_the_package_imports_without_its_libraries() -> None:
    import subprocess

    program = "import sys, variorum; print([m for m in ('numpy', 'pyarrow', 'duckdb', 'numba', 'rich', 'click') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"
