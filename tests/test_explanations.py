"""Why a span was kept: every number in the explanation is the span's own, its places hold what it quotes, and each case has its words."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import variorum
from prose import Prose
from variorum import explanations
from variorum.api import Corpus
from variorum.cli import main
from variorum.config import make_config
from variorum.errors import UsageError
from variorum.exporting.reasons import render_reasons
from variorum.pipeline import Flow

A, B, C, COPY, OTHER = "2024-03-01_union", "2024-03-05_council", "2024-02-20_paper", "2024-01-09_print", "museum"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("explain") / "letters"
    folder.mkdir()
    prose = Prose(5)
    passage, second, opening = prose.passage(420), prose.passage(160), prose.passage(200)
    edited = passage.replace(" the ", " that ", 1).replace(passage.split()[30], "eleven umbrellas")
    texts = {A: f"{opening}\n\n{passage}", B: f"{prose.passage(150)}\n\n{edited}", C: f"{prose.passage(180)}\n\n{passage}\n\n{second}", OTHER: f"{prose.passage(300)}\n\n{second}"}
    for name, text in {**texts, COPY: texts[A].upper()}.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return variorum.trace(folder)


def number_of(corpus: Corpus, a: str, b: str) -> int:
    (span,) = corpus.explain(a, b)["spans"]
    return span["span"]


def call(*words: object):
    return CliRunner().invoke(main, [str(w) for w in words])


def test_an_explanation_holds_the_span_and_quotes_its_places(corpus):
    texts = {row["siglum"]: row["text"] for row in corpus.witnesses.to_pylist()}
    for row in corpus.spans.to_pylist():
        told = corpus.explain(row["span"])
        assert told["item"] == "span"
        for name in ("span", "n_letters", "n_equal", "similarity", "kind", "score", "rarity", "reason"):
            assert told[name] == row[name]
        for side in ("a", "b"):
            held = told[side]
            assert (held["witness"], held["start"], held["end"]) == (row[f"witness_{side}"], row[f"start_{side}"], row[f"end_{side}"])
            assert held["text"] == texts[held["siglum"]][held["start"] : held["end"]]
            for change in told["changes"]:
                assert change[side] == texts[held["siglum"]][change[f"start_{side}"] : change[f"end_{side}"]]
        assert told["n_tosses"] == round(row["score"] / math.log(2))
        said = " ".join(told["said"])
        assert f"{row['n_equal']:,} letters agree" in said
        assert f"Score {row['score']:,.0f} nats" in said
        assert row["reason"].split(" of witness")[0] in said
        json.dumps(told, default=str)


def test_an_edited_span_counts_its_words_and_names_its_changes(corpus):
    told = corpus.explain(number_of(corpus, B, C))
    assert told["kind"] == "edited"
    assert told["said"][0].startswith("Copied and edited")
    assert {c["kind"] for c in told["changes"]} == {"replaced"}
    assert "eleven umbrellas" in [c["b"] if told["b"]["siglum"] == B else c["a"] for c in told["changes"]]
    assert any(re.fullmatch(r"2 changes of wording; words: 2 replaced\.", line) for line in told["said"])
    assert told["sure"] == "beyond chance"
    assert told["families"][0]["n_witnesses"] == 4
    assert "It ties two passages of family" in " ".join(told["said"])


def test_dates_are_those_of_the_earliest_exact_copy(corpus):
    told = corpus.explain(number_of(corpus, A, C))
    assert f"{COPY} is dated 2024-01-09, 42 days before {C}." in told["said"]
    assert any("also stands for its exact copy" in line for line in told["said"])
    assert number_of(corpus, COPY, C) == told["span"]


def test_exact_copies_and_strangers_have_no_span_and_are_told_why(corpus):
    copies = corpus.explain(A, COPY)
    assert copies["spans"] == []
    assert "are exact copies" in copies["said"][0]
    none = corpus.explain(A, OTHER)
    assert none["n_spans"] == 0
    assert none["said"][-1] == f"No span of {A} and {OTHER} was kept: they share no stretch of 45 letters and similarity 0.55."
    assert any("is an exact copy of" in line for line in corpus.explain(COPY, OTHER)["said"] + none["said"])


def test_two_of_one_series_are_told_that_the_run_left_them_out(tmp_path):
    text = Prose(3).passage(300)
    rows = [{"id": name, "series": "office", "text": f"{text} {name}"} for name in ("one", "two")]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    made = variorum.trace(tmp_path / "rows.jsonl", across_series=True)
    assert "across_series" in made.explain("one", "two")["said"][0]


def test_a_passage_tells_its_spans(corpus):
    passages = {(p["siglum"], p["family"]): p["passage"] for p in corpus.query("SELECT p.*, w.siglum FROM passages p JOIN witnesses w USING (witness)").to_pylist()}
    family = corpus.explain(number_of(corpus, B, C))["families"][0]["family"]
    told = corpus.explain(passages[C, family])
    assert told["n_spans"] == 2
    assert [s["score"] for s in told["spans"]] == sorted((s["score"] for s in told["spans"]), reverse=True)
    assert all(C in (s["a"]["siglum"], s["b"]["siglum"]) for s in told["spans"])
    few = corpus.explain(passages[C, family], limit=1)
    assert (few["n_spans"], few["spans"]) == (2, told["spans"][:1])
    copy = next(p for p in corpus.passages.to_pylist() if p["copy_of"] is not None)
    assert corpus.explain(copy["passage"])["said"][0].startswith("It is an exact copy of the passage of ")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (10_000, r"no span 10000; spans are numbered from 0 to \d+"),
        ("10000", r"no span 10000"),
        (-1, "no span -1"),
        (A, "is a witness; name a second one"),
        ("no such thing", "no span, passage or witness 'no such thing'"),
        ("", "begins more than one passage"),
    ],
)
def test_what_is_not_there_is_one_line(corpus, item, said):
    with pytest.raises(UsageError, match=said):
        corpus.explain(item)


def test_an_unknown_witness_is_named(corpus):
    with pytest.raises(UsageError, match=r"no witness 'museun'.*did you mean 'museum'"):
        corpus.explain(A, "museun")


def test_before_families_are_made_a_span_says_so(tmp_path, corpus):
    letters = corpus.path.with_name("letters")
    made = variorum.trace(letters, out=tmp_path / "half.variorum", flow=Flow(stop_after="spans"))
    assert "or families were not made" in " ".join(made.explain(0)["said"])
    empty = variorum.trace(letters / f"{OTHER}.txt", out=tmp_path / "one.variorum")
    with pytest.raises(UsageError, match="the corpus holds none"):
        empty.explain(0)


class FakeFolder:
    """Answers queries from a list, so that rows that are hard to make can be explained."""

    def __init__(self, row: dict, family: dict | None = None) -> None:
        self.row, self.family = row, family

    def query(self, sql, params=None):
        del params
        witness = {"witness": 1, "siglum": "quay", "series": None, "date": None, "date_basis": None, "title": None, "not_before_at": None}
        for part, rows in (
            ("SELECT * FROM spans", [self.row]),
            ("FROM families", [self.family] if self.family else []),
            ("JOIN families", [self.family] if self.family else []),
            ("sum(n_letters)", [{"n": 10_000.0}]),
            ("avg(", [{"share": 0.25}]),
            ("FROM foldings", [witness]),
            ("FROM witnesses", [witness]),
        ):
            if part in sql:
                return pa.Table.from_pylist(rows, schema=pa.schema([("siglum", pa.string())]) if not rows else None)
        raise AssertionError(sql)

    def read_texts(self, witnesses):
        return dict.fromkeys(witnesses, "the quay was swept of ice")

    def count(self, name, where=None):
        return 1


def tell(**changed) -> dict:
    row = {"span": 0, "witness_a": 0, "start_a": 0, "end_a": 25, "witness_b": 1, "start_b": 0, "end_b": 25, "n_letters": 20, "n_equal": 20, "similarity": 1.0,
           "n_seeds": 1, "kind": "verbatim", "score": 15.0, "rarity": 2.0, "reason": "20 letters agree", "operations": [0, 25, 25]}  # fmt: skip
    family = changed.pop("family", None)
    return explanations.explain_span(FakeFolder({**row, **changed}, family), 0, make_config())


def test_a_weak_span_may_be_chance_and_a_stronger_one_hardly():
    weak = tell()
    assert weak["sure"] == "may be chance"
    assert weak["chance_log10"] == pytest.approx(math.log10(1e8 / 2 * math.exp(-15)), abs=0.06)
    assert any("as 22 coin tosses that all show heads. May be chance" in line for line in weak["said"])
    assert any("this one was kept with less" in line for line in weak["said"])
    assert any(line.startswith("It makes no family") for line in weak["said"])
    assert tell(score=25.0)["sure"] == "hardly by chance"
    assert tell(score=60.0)["sure"] == "beyond chance"
    assert any("Score -3 nats: its differences cost more than" in line for line in tell(score=-3.0)["said"])
    assert any("Score 0 nats: its differences cost as much as" in line for line in tell(score=-0.2)["said"])
    assert any("would hold fewer than 10^-18 such spans" in line for line in tell(score=60.0)["said"])


def test_a_witness_in_the_reason_is_named_by_its_siglum():
    assert "Kept because: between two copies of quay." in " ".join(tell(reason="between two copies of witness 7")["said"])


def test_marks_of_the_family_are_told():
    family = {"family": "f1", "rank": 3, "n_witnesses": 40, "n_series": 1, "common": True, "label": "furniture", "reasons": ["short: 30 characters", "at the end"], "siglum": ""}
    assert render_text(render_reasons(tell(family=family), colour=False)).startswith("Span 0  verbatim, may be chance, marked as common\n")
    assert any("marked as common, furniture: short: 30 characters; at the end." in line for line in tell(family=family)["said"])


@pytest.mark.parametrize("kind", ["verbatim", "edited", "reworked", "summarised", "moved"])
def test_every_kind_has_words(kind):
    assert tell(kind=kind)["said"][0] == explanations.KIND_WORDS[kind]


words = st.lists(st.sampled_from(["ferry", "pier", "lamp", "12", "14", "ice"]), min_size=0, max_size=12)


@given(words, words)
def test_changes_rebuild_both_passages(a, b):
    """What lies between the changes has the same words on both sides."""
    text_a, text_b = " ".join(a), " ".join(b)
    changes = explanations.list_changes({"start": 100, "text": text_a}, {"start": 7, "text": text_b})
    at_a, at_b = 0, 0
    for change in [*changes, {"start_a": 100 + len(text_a), "start_b": 7 + len(text_b), "end_a": 0, "end_b": 0, "a": "", "b": "", "kind": "replaced"}]:
        assert text_a[at_a : change["start_a"] - 100].split() == text_b[at_b : change["start_b"] - 7].split()
        assert text_a[change["start_a"] - 100 : change["end_a"] - 100] == change["a"] or not change["a"]
        assert {"only_a": not change["b"], "only_b": not change["a"], "replaced": True}[change["kind"]]
        at_a, at_b = change["end_a"] - 100, change["end_b"] - 7


# -- command line ----------------------------------------------------------------------------------------------------


def test_explain_prints_both_passages_and_what_is_said(corpus):
    number = number_of(corpus, B, C)
    result = call("explain", number, "--in", corpus.path)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"Span {number}  edited, beyond chance\n")
    assert f"  a {C}  2024-02-20 (file name) · characters" in result.stdout or f"  a {B}" in result.stdout
    assert "{+eleven umbrellas+}" in result.stdout or "[-eleven umbrellas-]" in result.stdout
    assert "- Kept because: " in result.stdout
    assert re.search(r"“\S+” in a, “eleven umbrellas” in b|“eleven umbrellas” in a", result.stdout)


def test_explain_two_witnesses_and_json(corpus):
    result = call("explain", A, C, "--in", corpus.path)
    assert result.stdout.startswith(f"{A} and {C}: 1 span\n")
    data = json.loads(call("explain", A, C, "--in", corpus.path, "--json").stdout)
    assert data["item"] == "pair"
    assert data["spans"][0]["said"]
    assert call("explain", "nobody", "--in", corpus.path).stderr.startswith("variorum: error: no span, passage or witness 'nobody'")


def test_a_long_list_is_cut_and_says_so(corpus):
    span = corpus.explain(0)
    many = {"item": "passage", "passage": "p1", "n_spans": 7, "spans": [span] * 2, "said": []}
    assert render_text(render_reasons(many, colour=False)).count("\nSpan ") == 2
    assert "and 5 more; --limit 0 shows all" in render_text(render_reasons(many, colour=False))
    assert "more; --limit" not in render_text(render_reasons({**many, "n_spans": 2}, colour=False))
    change = {"kind": "only_a", "a": "x " * 90, "b": "", "start_a": 0, "end_a": 180, "start_b": 0, "end_b": 0}
    long = {**span, "changes": [change] * 12, "a": {**span["a"], "text": "pier " * 400}}
    shown = render_text(render_reasons(long, colour=False))
    assert "The first 10 of 12 changes:" in shown
    assert "more characters; --json gives all" in shown


def test_statements_cannot_steer_the_terminal(corpus):
    span = corpus.explain(0)
    hostile = {**span, "a": {**span["a"], "siglum": "\x1b[31mred", "text": "[bold]ice[/bold]\x07 of the pier"}, "said": ["\x1b[2Jgone"]}
    shown = render_text(render_reasons(hostile, colour=False))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]ice[/bold]" in shown


def test_show_names_the_spans_that_explain_takes(corpus):
    family = corpus.explain(number_of(corpus, B, C))["families"][0]
    shown = call("show", corpus.path, family["rank"]).stdout
    assert f"Why, and how sure: variorum explain SPAN --in {corpus.path}" in shown
    numbers = re.findall(r"span (\d+) with (\S+)", shown)
    assert numbers
    for number, siglum in numbers:
        told = corpus.explain(int(number))
        assert siglum in (told["a"]["siglum"], told["b"]["siglum"], *told["a"]["copies"], *told["b"]["copies"])
    member = json.loads(call("show", corpus.path, family["rank"], "--json").stdout)["members"][1]
    assert member["span"] is not None
    assert f"variorum explain {member['passage']} --in {corpus.path}" in call("show", corpus.path, member["passage"]).stdout


def test_thresholds_on_the_command_line(corpus, tmp_path):
    none = call("show", corpus.path, "--min-letters", "100000")
    assert none.stdout == f"All {len(corpus.families):,} families lie below the thresholds.\n"
    few = call("show", corpus.path, "--min-witnesses", "4", "--all")
    assert "2 lie below the thresholds" in few.stdout
    low = call("show", corpus.path, "--min-letters", "20")
    assert low.stderr.startswith("variorum: --min-letters 20 shows nothing more: the run kept spans of 45 and more")
    gone = call("show", corpus.path, "1", "--min-witnesses", "90")
    assert gone.exit_code != 0
    assert "no family or passage '1' with at least 90 witnesses" in gone.stderr
    assert call("show", corpus.path, "--min-similarity", "2").stderr.startswith("variorum: error: min_similarity must lie between 0 and 1")
    call("export", corpus.path, "--jsonl", tmp_path / "out", "--min-witnesses", "4")
    assert len((tmp_path / "out" / "families.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    found = json.loads(call("find", corpus.path.with_name("letters") / f"{B}.txt", "--in", corpus.path, "--min-score", "1e9", "--json").stdout)
    assert found == []


def test_report_is_written_again_where_it_is_asked_for(corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = (corpus.path / "report.html").read_bytes()
    result = call("report", corpus.path, "--min-witnesses", "4", "--title", "Four and more")
    assert result.exit_code == 0, result.output
    assert result.stderr == "Report: letters-report.html\n"
    assert "Only what has at least 4 witnesses" in Path("letters-report.html").read_text(encoding="utf-8")
    call("report", corpus.path, "--out", "all.html", "--context", "20", "--max-mb", "2")
    assert "Only what has" not in Path("all.html").read_text(encoding="utf-8")
    assert (corpus.path / "report.html").read_bytes() == before


def render_text(shown) -> str:
    from rich.console import Console

    console = Console(width=120, no_color=True, highlight=False)
    with console.capture() as capture:
        console.print(shown)
    return capture.get()
