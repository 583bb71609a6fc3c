"""A corpus above thresholds: the narrowed tables equal a slow, obvious narrowing, keep the rules of the schema, and reach every export."""

from __future__ import annotations

import csv
import datetime
import json
import random
import statistics
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import variorum
from prose import Prose
from variorum.api import Corpus
from variorum.config import make_config
from variorum.errors import UsageError
from variorum.narrowing import NARROWED, THRESHOLDS, Thresholds, describe_unreached, narrow_finds
from variorum.schema import TABLES, check_table, verify_table


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return variorum.trace(write_statements(tmp_path_factory.mktemp("narrow")), metadata=None)


def find_earliest(held: list[int], first: dict, last: dict) -> int | None:
    """Return the witness whose date lies wholly before all others', or None where none is dated or two may be of one time."""
    dated = [w for w in held if first[w]]
    return next((w for w in dated if all(first[v] > (last[w] or first[w]) for v in dated if v != w)), None)


def narrow_slowly(corpus: Corpus, thresholds: Thresholds) -> dict[str, list[dict]]:
    """Return the narrowed tables, span by span and passage by passage."""
    floor = make_config().families
    spans, passages, families, links = (corpus.table(name).to_pylist() for name in NARROWED_IN_ORDER)
    witnesses = {row["witness"]: row for row in corpus.witnesses.to_pylist()}
    foldings = {row["witness"]: row for row in corpus.foldings.to_pylist()}
    copied = {row["copy_of"] for row in foldings.values() if row["copy_of"] != row["witness"]}
    left = [s for s in spans if all(s[column] >= value for column, value in thresholds.of_spans().items())]
    numbers = {s["span"] for s in left}
    matched = [p for p in passages if p["copy_of"] is None]
    ties, lost = defaultdict(int), defaultdict(int)
    for span in spans:
        if span["n_letters"] < floor.min_letters or span["similarity"] < floor.min_similarity:
            continue
        for a in matched:
            for b in matched:
                if a["family"] == b["family"] and ends_in(span, "a", a) and ends_in(span, "b", b):
                    for p in (a, b):
                        (ties if span["span"] in numbers else lost)[p["family"], p["passage"]] += 1
    live = {}
    for p in matched:
        key = (p["family"], p["passage"])
        whole = p["witness"] in copied and p["n_letters"] == foldings[p["witness"]]["n_letters"]
        if ties[key] or (p["n_letters"] >= (thresholds.min_letters or 0) and (whole or not lost[key])):
            live[key] = max(min(p["n_spans"], 1), p["n_spans"] - lost[key])
    out: dict[str, list[dict]] = {"spans": left, "passages": [], "families": []}
    for family in families:
        mine = [p for p in passages if p["family"] == family["family"]]
        members = [{**p, "n_spans": live[family["family"], own["passage"]]} for p in mine if (own := original_of(p, mine)) and (family["family"], own["passage"]) in live]
        held = sorted({p["witness"] for p in members})
        series = {witnesses[w]["series"] or w for w in held}
        if len(held) < max(2, thresholds.min_witnesses or 0) or len(series) < (thresholds.min_series or 0):
            continue
        out["passages"] += [{**p, "position": i} for i, p in enumerate(sorted(members, key=lambda p: p["position"]))]
        dates = {w: row["not_before_at"] for w, row in witnesses.items()}
        firsts, lasts = [dates[w] for w in held if dates[w]], [witnesses[w]["not_after_at"] for w in held if witnesses[w]["not_after_at"]]
        out["families"].append({
            **family, "n_passages": len(members), "n_witnesses": len(held), "n_series": len(series),
            "earliest": find_earliest(held, dates, {w: row["not_after_at"] for w, row in witnesses.items()}),
            "first_at": min(firsts, default=None), "last_at": max(lasts, default=None), "n_days": (max(firsts) - min(firsts)).days if firsts else None,
            "n_letters": int(statistics.median(p["n_letters"] for p in members if p["copy_of"] is None)),
        })  # fmt: skip
    kept = {f["family"] for f in out["families"]}
    out["family_links"] = [link for link in links if {link["family"], link["other"]} <= kept]
    return out


NARROWED_IN_ORDER = ("spans", "passages", "families", "family_links")


def ends_in(span: dict, side: str, p: dict) -> bool:
    start, end = span[f"start_{side}"], span[f"end_{side}"]
    return p["witness"] == span[f"witness_{side}"] and min(end, p["end"]) - max(start, p["start"]) >= 0.8 * (end - start)


def original_of(p: dict, members: list[dict]) -> dict | None:
    """Return the passage that `p` copies: the one in the same place of the order in its witness."""
    if p["copy_of"] is None:
        return p
    turn = sorted(q["start"] for q in members if q["witness"] == p["witness"]).index(p["start"])
    own = sorted((q for q in members if q["witness"] == p["copy_of"]), key=lambda q: q["start"])
    return own[turn] if turn < len(own) else None


CASES = [
    {}, {"min_letters": 150}, {"min_letters": 400}, {"min_similarity": 0.9}, {"min_similarity": 0.999}, {"min_score": 200.0}, {"min_rarity": 6.55},
    {"min_witnesses": 4}, {"min_series": 3}, {"min_letters": 120, "min_similarity": 0.95, "min_series": 2}, {"min_score": 1e6},
]  # fmt: skip


@pytest.mark.parametrize("given_", CASES, ids=str)
def test_narrowed_tables_equal_a_slow_narrowing(corpus, given_):
    narrow, slow = corpus.narrow(**given_), narrow_slowly(corpus, Thresholds(**given_))
    n_left, n_all = sum(map(len, slow.values())), sum(len(corpus.table(name)) for name in NARROWED)
    assert (n_left < n_all) == bool(given_), "each case leaves something out, and no threshold nothing"
    for name in NARROWED:
        rows = narrow.table(name).to_pylist()
        assert len(narrow.table(name)) == len(rows)
        expected = slow[name]
        if name == "families":
            for row, other in zip(rows, expected, strict=True):
                members = {p["witness"] for p in slow["passages"] if p["family"] == row["family"] and p["copy_of"] is None}
                assert row.pop("medoid") in members
                assert other.pop("medoid") == corpus.query("SELECT medoid FROM families WHERE family = ?", [row["family"]])["medoid"][0].as_py()
        order = lambda row, name=name: [row[c] for c in TABLES[name].sort] or str(row)  # noqa: E731
        assert sorted(rows, key=order) == sorted(expected, key=order), name


def test_no_threshold_is_the_corpus_itself(corpus):
    assert corpus.narrow().families.to_arrow() == corpus.families.to_arrow()
    weakest = min(row["score"] for row in corpus.spans.to_pylist())
    low = corpus.narrow(min_score=max(0, weakest - 1), min_letters=1, min_similarity=0.0, min_rarity=0.0, min_witnesses=2, min_series=1)
    for name in NARROWED:
        assert low.table(name).to_arrow().drop_columns([c for c in ("n_spans",) if c in TABLES[name].names]) == corpus.table(name).to_arrow().drop_columns(
            [c for c in ("n_spans",) if c in TABLES[name].names]
        )


@pytest.mark.parametrize("given_", CASES, ids=str)
def test_narrowed_tables_keep_the_rules_of_the_schema(corpus, given_):
    narrow = corpus.narrow(**given_)
    for name in NARROWED:
        table = narrow.table(name).to_arrow()
        if name == "families":  # ranks are those of the corpus
            table = table.set_column(1, "rank", pa.array(range(1, len(table) + 1), pa.int32()))
        verify_table(name, check_table(name, table))
    passages, families = narrow.passages.to_pylist(), {row["family"] for row in narrow.families.to_pylist()}
    assert {p["family"] for p in passages} == families


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(["min_letters", "min_witnesses", "min_score"]), st.integers(0, 600), max_size=3), st.integers(0, 300))
def test_higher_thresholds_leave_no_more(corpus, low, more):
    high = {name: value + more for name, value in low.items()}
    few, many = ({p["passage"] + p["family"] for p in corpus.narrow(**one).passages.to_pylist()} for one in (high, low))
    assert few <= many


def test_queries_see_the_narrowed_tables(corpus):
    narrow = corpus.narrow(min_letters=400)
    assert narrow.query("SELECT count(*)::INTEGER AS n FROM spans")["n"][0].as_py() == len(narrow.spans) < len(corpus.spans)
    own = narrow.query("WITH long AS (SELECT * FROM spans WHERE n_letters > ?) SELECT min(n_letters) AS n FROM long", [0])
    assert own["n"][0].as_py() >= 400
    assert narrow.narrow(min_witnesses=2).thresholds == Thresholds(min_letters=400, min_witnesses=2)
    with narrow, narrow.folder() as folder:
        assert folder.count("families", "n_witnesses > 1000") == 0
        assert folder.read_table("spans", ["span"], "n_letters > 0", limit=1).num_rows == 1
        assert folder.path == corpus.path
        assert folder.name == corpus.name
    assert "families" in repr(narrow)
    assert "<table" in narrow._repr_html_()


def test_every_export_leaves_out_the_same(corpus, tmp_path):
    narrow = corpus.narrow(min_letters=150, min_witnesses=3)
    counts = corpus.export(tmp_path / "csv", "csv", min_letters=150, min_witnesses=3)
    assert {name: counts[name] for name in NARROWED} == {name: len(narrow.table(name)) for name in NARROWED}
    assert counts["witnesses"] == len(corpus.witnesses)
    narrow.export(tmp_path / "jsonl", "jsonl")
    narrow.export(tmp_path / "parquet")
    narrow.export(tmp_path / "passim", "passim")
    ids = {row["family"] for row in narrow.families.to_pylist()}
    assert ids
    assert ids < {row["family"] for row in corpus.families.to_pylist()}
    with (tmp_path / "csv" / "passages.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["family"] for row in csv.DictReader(file)} == ids
    assert {json.loads(line)["family"] for line in (tmp_path / "jsonl" / "families.jsonl").read_text(encoding="utf-8").splitlines()} == ids
    assert {json.loads(line)["family"] for line in (tmp_path / "passim" / "out.json").read_text(encoding="utf-8").splitlines()} == ids
    spans = json.loads("[" + ",".join((tmp_path / "passim" / "align.json").read_text(encoding="utf-8").splitlines()) + "]")
    assert len(spans) >= len(narrow.spans)


def test_report_says_that_it_is_narrowed(corpus, tmp_path):
    page = corpus.report(tmp_path / "few.html", min_witnesses=4, title="Few").read_text(encoding="utf-8")
    assert "Only what has at least 4 witnesses is in this report." in page
    assert "<title>Few" in page
    whole = corpus.report(tmp_path / "all.html").read_text(encoding="utf-8")
    assert "Only what has" not in whole
    assert f"variorum explain A B --in {corpus.path.name}" in whole


def test_finds_stand_above_thresholds(corpus):
    text = next(row["text"] for row in corpus.witnesses.to_pylist() if row["siglum"] == "a0")
    found = corpus.find(text).to_pylist()
    for name, column in (("min_score", "score"), ("min_rarity", "rarity"), ("min_similarity", "similarity"), ("min_letters", "n_letters")):
        middle = statistics.median(row[column] for row in found)
        value = int(middle) if name == "min_letters" else middle
        few = corpus.find(text, **{name: value}).to_pylist()
        assert few
        assert min(row[column] for row in few) >= value
        if name not in ("min_letters", "min_similarity"):  # those two steer the search, and may move an end
            assert few == [row for row in found if row[column] >= value] == corpus.narrow(**{name: value}).find(text).to_pylist()
    assert corpus.find(text, min_witnesses=1000).to_pylist() == []


def test_comparisons_stand_above_thresholds(corpus):
    spans = corpus.compare("a0", "a1").spans.to_pylist()
    middle = statistics.median(row["score"] for row in spans)
    few = [row for row in spans if row["score"] >= middle]
    assert 0 < len(few) < len(spans)
    assert corpus.compare("a0", "a1", min_score=middle).spans.to_pylist() == few
    assert corpus.narrow(min_score=middle, min_witnesses=9).compare("a0", "a1").spans.to_pylist() == few
    assert corpus.compare("a0", "a1", matching__min_score=100_000).spans.to_pylist() == []  # the matching's own, in letters


def test_a_stretch_has_the_witnesses_of_its_place():
    def row(start, end, witness, n_copies=0, series=None):
        return {"start": start, "end": end, "witness": witness, "n_copies": n_copies, "series": series, "score": 50.0}

    found = pa.Table.from_pylist([row(0, 100, 1, series="x"), row(10, 90, 2, n_copies=1, series="x"), row(60, 200, 3), row(300, 400, 1, series="x"), row(310, 330, 4, series="y")])
    place = lambda **thresholds: [(r["start"], r["witness"]) for r in narrow_finds(found, Thresholds(**thresholds)).to_pylist()]  # noqa: E731
    assert place(min_witnesses=3) == [(0, 1), (10, 2)]
    assert place(min_witnesses=2) == [(0, 1), (10, 2), (300, 1), (310, 4)]
    assert place(min_series=2) == [(300, 1), (310, 4)]
    assert place(min_score=51) == []
    assert len(place()) == 5


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("min_letters", -1, "not negative"), ("min_similarity", 1.5, "between 0 and 1"), ("min_score", float("nan"), "a number"), ("min_series", "3", "a number"), ("min_witnesses", True, "a number")],
)
def test_what_can_be_no_threshold_is_refused(corpus, name, value, said):
    with pytest.raises(UsageError, match=said):
        corpus.narrow(**{name: value})


def test_an_unknown_threshold_is_refused_with_those_there_are(corpus):
    with pytest.raises(UsageError, match=r"no threshold 'min_words'; there are min_letters"):
        corpus.narrow(min_words=4)


def test_what_the_run_did_not_keep_is_said():
    config = make_config()
    lines = describe_unreached(Thresholds(min_letters=30, min_similarity=0.57, min_score=1, min_witnesses=1), config)
    assert len(lines) == 2
    assert "the run kept spans of 45 and more; trace again with --set matching.min_letters=30" in lines[0]
    assert "the run made them from spans of 0.6 and more; trace again with --set families.min_similarity=0.57" in lines[1]
    assert describe_unreached(Thresholds(min_letters=60, min_similarity=0.6), config) == []


def test_thresholds_in_words():
    assert Thresholds().tell() == ""
    assert set(THRESHOLDS) == set(Thresholds(1, 1, 1, 1, 1, 1).given())
    assert Thresholds(min_letters=1000, min_score=50).tell() == "at least 1,000 letters, a score of 50 nats"


def vary(text: str, n: int) -> str:
    """Return a text with `n` of its words replaced."""
    words, rng = text.split(), random.Random(n)
    for at in rng.sample(range(len(words)), n):
        words[at] = rng.choice(["umbrella", "eleven", "Ostvik", "quietly"])
    return " ".join(words)


def write_statements(folder: Path) -> Path:
    """Write statements of several dates and series that share passages of several lengths and degrees of likeness, with exact copies among them."""
    prose = Prose(11)
    long, middle, short, near = (prose.passage(n) for n in (600, 280, 110, 330))
    opening, alone = prose.passage(250), prose.passage(450)
    day = datetime.date(2024, 1, 1)
    rows = []

    def add(name, series, days, *parts):
        date = None if days is None else str(day + datetime.timedelta(days=days))
        rows.append({"id": name, "series": series, "date": date, "text": "\n\n".join(parts)})

    for i in range(5):
        add(f"a{i}", f"office {i % 3}", 3 * i, prose.passage(300), vary(long, i), prose.passage(200), middle)
    for i in range(3):
        add(f"b{i}", None, None if i else 40, prose.passage(250), middle, prose.passage(150), short)
    for i in range(3):
        add(f"c{i}", "office 9", 2, vary(near, 4 * i), prose.passage(250))
    add("copy1", "office 1", 50, opening, near)
    add("copy2", "office 2", 51, opening, near)
    add("copy3", "office 1", None, opening, near)
    add("alone1", "office 4", 60, alone)
    add("alone2", "office 5", 61, alone)
    add("none", "office 6", 62, prose.passage(450))
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
