"""Lineages: every witness once, no cycle, no order where there is none; order of input and strangers change nothing."""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import variorum
from kernel_cases import cases
from prose import Prose
from variorum.cli import main
from variorum.errors import UsageError
from variorum.exporting.stemmas import render_lineage
from variorum.lineages import Lineage
from variorum.stemmas.notices import find_notices


def make_text(seed: int, n: int = 30) -> list[str]:
    prose = Prose(seed)
    return " ".join(prose.sentence() for _ in range(n)).split()


def copy(words: list[str], seed: int, changes: int = 8) -> list[str]:
    """A copy with so many words replaced by words of its own."""
    rng = random.Random(seed)
    out = list(words)
    for place in rng.sample(range(len(out)), changes):
        out[place] = f"w{seed}x{place}"
    return out


def tradition(seed: int = 0) -> tuple[dict[str, str], dict[str, str]]:
    """a to b and c; b to d and e, which do not differ in their dates."""
    a = make_text(seed)
    b, c = copy(a, 1), copy(a, 2)
    d, e = copy(b, 3), copy(b, 4)
    dates = {"a": "2024-03-01", "b": "2024-03-03", "c": "2024-03-03", "d": "2024-03-05", "e": "2024-03-05"}
    return {name: " ".join(words) for name, words in zip("abcde", (a, b, c, d, e), strict=True)}, dates


def parents(lineage: Lineage) -> dict[str, str | None]:
    """Each node's parent, by label."""
    rows = lineage.stemma.to_pylist()
    return {r["label"]: None if r["parent"] is None else rows[r["parent"]]["label"] for r in rows}


def link_to(lineage: Lineage, label: str) -> dict[str, Any]:
    node = lineage.labels.index(label)
    return next(r for r in lineage.links.to_pylist() if r["child"] == node)


def show(lineage: Lineage) -> str:
    """What the terminal shows, on wide lines."""
    console = Console(width=300, file=io.StringIO())
    console.print(render_lineage(lineage.to_dict()))
    return console.file.getvalue()


def check(lineage: Lineage) -> None:
    """What holds of every lineage; that there is no cycle is an invariant of the table."""
    rows = lineage.stemma.to_pylist()
    assert [r["label"] for r in rows if not r["lost"]] == lineage.sigla
    links = lineage.links.to_pylist()
    assert sorted(r["child"] for r in links) == [r["node"] for r in rows if r["parent"] is not None]
    by_link = {r["link"]: r for r in links}
    for r in rows:
        if r["lost"]:
            assert sum(other["parent"] == r["node"] for other in rows) >= 2
    for e in lineage.evidence.to_pylist():
        link = by_link[e["link"]]
        for node, start, end in ((link["parent"], e["parent_start"], e["parent_end"]), (link["child"], e["start"], e["end"])):
            if start is not None:
                assert 0 <= start <= end <= len(lineage.collation.text(node))
    for table in (lineage.alternatives, lineage.second_sources):
        table.to_arrow()


def test_a_small_tradition_is_found():
    texts, dates = tradition()
    lineage = variorum.lineage(texts, dates)
    check(lineage)
    assert parents(lineage) == {"a": None, "b": "a", "c": "a", "d": "b", "e": "b"}
    assert all(r["kind"] == "taken from" and r["decided"] for r in lineage.links.to_pylist())


def test_siblings_whose_source_is_lost():
    texts, dates = tradition()
    del texts["b"]
    lineage = variorum.lineage(texts, dates)
    check(lineage)
    assert parents(lineage) == {"a": None, "c": "a", "d": "lost 1", "e": "lost 1", "lost 1": "a"}
    assert link_to(lineage, "d")["kind"] == "shares a lost source"
    assert link_to(lineage, "lost 1")["kind"] == "lost source"


@cases(12)
@given(st.permutations("abcde"), st.booleans(), st.integers(0, 3))
def test_the_order_of_input_changes_nothing(order: list[str], dated: bool, seed: int) -> None:
    texts, dates = tradition(seed)
    given_dates = dates if dated else None
    first = variorum.lineage(texts, given_dates)
    second = variorum.lineage({name: texts[name] for name in order}, given_dates)
    assert parents(first) == parents(second)
    for a in "abcde":
        if parents(first)[a] is not None:
            one, two = link_to(first, a), link_to(second, a)
            assert {k: v for k, v in one.items() if k not in ("link", "parent", "child")} == {k: v for k, v in two.items() if k not in ("link", "parent", "child")}


def test_a_stranger_changes_nothing():
    texts, dates = tradition()
    alone = variorum.lineage(texts, dates)
    beside = variorum.lineage({**texts, "x": " ".join(make_text(99))}, dates)
    check(beside)
    assert parents(beside) == {**parents(alone), "x": None}
    assert not next(r for r in beside.stemma.to_pylist() if r["label"] == "x")["related"]


def test_equal_texts_have_no_order_on_one_day():
    text = " ".join(make_text(5))
    for dates, decided, said in (({"a": "2024-03-01", "b": "2024-03-01"}, False, "same day: no order"), ({}, False, "not both dated: no order"), ({"a": "2024-03-02", "b": "2024-03-01"}, True, "b is earlier")):
        lineage = variorum.lineage({"a": text, "b": text}, dates)
        check(lineage)
        link = lineage.links.to_pylist()[0]
        assert (link["kind"], link["decided"]) == ("same text", decided)
        assert said in link["words"]
        assert ("dir=" in lineage.to_dot()) is not decided


def test_two_texts_without_dates_get_no_arrow():
    a = make_text(6)
    lineage = variorum.lineage({"a": " ".join(a), "b": " ".join(copy(a, 1))})
    check(lineage)
    link = lineage.links.to_pylist()[0]
    assert (link["kind"], link["decided"]) == ("cannot tell", False)


@pytest.mark.parametrize("value", ["yesterday", "2024-13-45", "03/04/2024"])
def test_impossible_dates_are_noted_and_count_as_none(value):
    texts, dates = tradition()
    lineage = variorum.lineage(texts, {**dates, "d": value, "nobody": "2024-03-01"})
    check(lineage)
    assert len(lineage.notes) == 2
    assert parents(lineage)["d"] == "b"


def test_a_stretch_from_a_second_source_is_named():
    a = make_text(8, 60)
    b, c = copy(a, 1, 60), copy(a, 2, 60)
    third = len(a) // 3
    d = copy([*b[:third], *c[third : 2 * third], *b[2 * third :]], 3, 6)
    texts = {name: " ".join(words) for name, words in zip("abcd", (a, b, c, d), strict=True)}
    lineage = variorum.lineage(texts, {"a": "2024-03-01", "b": "2024-03-03", "c": "2024-03-03", "d": "2024-03-05"})
    check(lineage)
    assert parents(lineage) == {"a": None, "b": "a", "c": "a", "d": "b"}
    (row,) = lineage.second_sources.to_pylist()
    assert (lineage.labels[row["child"]], lineage.labels[row["source"]]) == ("d", "c")
    # It reaches from the first to the last reading of c: c's own changes are some ten words apart.
    first = texts["d"].split()
    low, high = len(texts["d"][: row["start"]].split()), len(texts["d"][: row["end"]].split())
    assert abs(low - third) < 40
    assert abs(high - 2 * third) < 40
    assert len(first) == len(a)
    assert 'style="dashed"' in lineage.to_dot()


def test_of_two_second_sources_that_explain_a_stretch_alike_both_are_named():
    """e has the stretch from c unchanged, so d may have it from either; the table, the page's twin and the terminal say so."""
    a = make_text(8, 60)
    b, c = copy(a, 1, 60), copy(a, 2, 60)
    third = len(a) // 3
    e = [*c[:-20], *copy(c[-20:], 5, 3)]
    d = copy([*b[:third], *c[third : 2 * third], *b[2 * third :]], 3, 6)
    dates = {"a": "2024-03-01", "b": "2024-03-03", "c": "2024-03-03", "e": "2024-03-04", "d": "2024-03-05"}
    lineage = variorum.lineage({name: " ".join(words) for name, words in zip("abcde", (a, b, c, d, e), strict=True)}, dates)
    (row,) = lineage.second_sources.to_pylist()
    assert {lineage.labels[node] for node in (row["source"], *row["tied"])} == {"c", "e"}
    assert "those of c or e and not of b" in row["words"]
    assert "c or e" in lineage.to_format("html")
    assert "second source of d" in show(lineage)
    assert "c or e" in show(lineage)
    # Where e has changed the stretch, c alone is named.
    e = [*c[:third], *copy(c[third : 2 * third], 6, 30), *c[2 * third :]]
    lineage = variorum.lineage({name: " ".join(words) for name, words in zip("abcde", (a, b, c, d, e), strict=True)}, dates)
    (row,) = lineage.second_sources.to_pylist()
    assert (lineage.labels[row["source"]], row["tied"]) == ("c", [])


def test_an_ancestor_has_no_stretch_from_what_comes_from_it():
    """c takes a stretch from its grandparent a, back over what b changed: however much a itself changed there, a is the source."""
    root = make_text(8, 60)
    third = len(root) // 3
    a = [*root[:third], *copy(root[third : 2 * third], 1, 60), *root[2 * third :]]
    b = copy(a, 2, 60)
    c = copy([*b[:third], *a[third : 2 * third], *b[2 * third :]], 3, 40)
    texts = {name: " ".join(words) for name, words in zip("rabc", (root, a, b, c), strict=True)}
    lineage = variorum.lineage(texts, {"r": "2024-03-01", "a": "2024-03-02", "b": "2024-03-03", "c": "2024-03-04"})
    assert parents(lineage) == {"r": None, "a": "r", "b": "a", "c": "b"}
    (row,) = lineage.second_sources.to_pylist()
    assert (lineage.labels[row["child"]], lineage.labels[row["source"]]) == ("c", "a")


def test_a_root_that_is_known_is_the_root():
    texts, _ = tradition()
    lineage = variorum.lineage(texts, root="d")
    check(lineage)
    assert parents(lineage) == {"d": None, "b": "d", "e": "b", "a": "b", "c": "a"}
    assert all(row["decided"] for row in lineage.links.to_pylist())
    with pytest.raises(UsageError, match="no member 'z'"):
        variorum.lineage(texts, root="z")


@pytest.mark.parametrize(
    ("draft", "revised"),
    [
        ("Please share this letter privately until Monday.", "This letter was revised in two places."),
        ("Sous embargo.", "Ce texte remplace une version antérieure de cette lettre."),
        ("Bajo embargo.", "Sustituye a una versión anterior de esta carta."),
        ("Do not circulate this yet.", "An earlier version of this statement had another figure."),
        ("Under embargo until Monday.", "Last updated: 5 May."),
        ("We send this to you\r\n  in confidence.", "An earlier\r\n  version of this letter was shorter."),
        ("Sous embargo jusqu'au 12 mai.", "Mis à jour le 12 mai."),
        ("Embargo: 12 May.", "Actualizado el 12 de mayo."),
    ],
)
def test_what_a_text_says_of_itself_tells_the_first_of_undated_ones(draft, revised):
    """A draft is sent round before it comes out, and what was revised came out before: in either order of names."""
    words = make_text(5)
    for one, two in (("a", "b"), ("b", "a")):
        texts = {one: f"{draft} {' '.join(words)}", two: f"{' '.join(copy(words, 1, 3))} {revised}"}
        lineage = variorum.lineage(texts)
        check(lineage)
        link = link_to(lineage, two)
        assert link["decided"]
        assert "the parent says that it is not yet public" in link["words"]
        assert "the child says that it was revised" in link["words"]
        # A date goes before what the text says.
        assert parents(variorum.lineage(texts, {one: "2024-06-01", two: "2024-03-01"})) == {one: two, two: None}


@pytest.mark.parametrize("mend", [False, True])
def test_what_copyists_do_at_the_ends_of_the_tree_tells_its_root(mend: bool) -> None:
    """Four copies of one that comes from another, none dated: by shape alone the one in the middle is the root. All put in words of no other place, or all take such words out."""
    words = make_text(21, 60)
    counts = Counter(words)
    places = [k for k, word in enumerate(words) if (counts[word] == 1) == mend and word.isalpha()]
    random.Random(2).shuffle(places)
    common = [word for word, n in counts.most_common(40) if word.isalpha()]

    def change(of: list[str], number: int) -> list[str]:
        out = list(of)
        for k in places[number * 8 : number * 8 + 8]:
            out[k] = common[k % len(common)] if mend else f"w{number}x{k}"
        return out

    middle = change(words, 0)
    texts = {"first": words, "middle": middle, **{name: change(middle, number) for number, name in enumerate("abcd", 1)}}
    lineage = variorum.lineage({name: " ".join(text) for name, text in texts.items()})
    check(lineage)
    assert parents(lineage) == {"first": None, "middle": "first", **dict.fromkeys("abcd", "middle")}


@pytest.mark.parametrize("words", ["do not share these views", "a privately shared road", "a draft law", "an updated plan", "an earlier version of this bill", "the statement was welcome", "an island under embargo since 1962", "goods under embargo until 2003", "the embargo ends", "a draft plan for comment", "shared a report privately"])
def test_words_that_are_no_notice(words):
    assert not find_notices(f"They have {words}, and more.", early=True)
    assert not find_notices(f"They have {words}, and more.", early=False)


def test_places_in_time_follow_the_tree():
    texts, dates = tradition()
    rows = variorum.lineage({**texts, "f": texts["e"]}, {**dates, "f": "2024-03-05"}).stemma.to_pylist()
    place = {row["label"]: row["position"] for row in rows}
    assert place["a"] == 0
    assert place["b"] < place["d"]
    assert place["b"] < place["e"] == place["f"]


def test_the_command_shows_it_and_writes_dot(tmp_path):
    texts, dates = tradition()
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "dates.csv").write_text("siglum,date\n" + "".join(f"{name},{date}\n" for name, date in dates.items()), encoding="utf-8")
    files = [str(tmp_path / f"{name}.txt") for name in texts]
    result = CliRunner().invoke(main, ["lineage", *files, "--dates", str(tmp_path / "dates.csv")], catch_exceptions=False)
    assert (result.exit_code, result.stdout.count("taken from")) == (0, 4)
    result = CliRunner().invoke(main, ["lineage", *files, "--dates", str(tmp_path / "dates.csv"), "--dot", "-"], catch_exceptions=False)
    assert '"b" -> "d";' in result.stdout
    (tmp_path / "bad.csv").write_text("name,when\na,2024\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["lineage", *files, "--dates", str(tmp_path / "bad.csv")])
    assert result.exit_code == 2
    assert "needs siglum and date" in result.stderr


def test_a_source_that_is_named_is_told_from_silent_reuse():
    a = " ".join(make_text(11))
    loud = f"According to a statement of the Harbour Board, this is so. {a}"
    texts = {"Harbour-Board-2024": a, "loud": loud, "still": f"This was resolved on the quay last night by many. {a}"}
    lineage = variorum.lineage(texts, {"Harbour-Board-2024": "2024-03-01", "loud": "2024-03-02", "still": "2024-03-02"})
    check(lineage)
    assert (link_to(lineage, "loud")["named"], link_to(lineage, "still")["named"]) == (True, False)
    (row,) = [e for e in lineage.evidence.to_pylist() if e["kind"] == "named"]
    assert loud[row["start"] : row["end"]] == "Harbour Board"


def test_what_copies_of_a_lost_source_share_is_listed():
    texts, dates = tradition()
    del texts["b"]
    lineage = variorum.lineage(texts, dates)
    link = link_to(lineage, "d")["link"]
    shared = [e for e in lineage.evidence.to_pylist() if e["link"] == link and e["kind"] == "shared"]
    assert len(shared) == 8  # what b had changed of a
    assert all(texts["d"][e["start"] : e["end"]].startswith("w1x") and e["parent_start"] is None for e in shared)


def test_dates_that_contradict_the_text_do_not_make_a_wrong_arrow():
    """d holds all of b's changes and more of its own, and yet is dated before it: from b, or from what b was taken from, and never the other way."""
    texts, dates = tradition()
    lineage = variorum.lineage(texts, {**dates, "d": "2024-03-02"})
    check(lineage)
    found = parents(lineage)
    assert found["b"] != "d"
    assert found["d"] == "b" or (found["d"] == found["b"] == "lost 1" and found["lost 1"] == "a")


@pytest.mark.parametrize("table", ["Siglum;Date\r\na;2024-03-02\r\nb;2024-03-01\r\n", "siglum\tdate\na\t2024-03-02\nb\t2024-03-01\n", "\ufeffdate,siglum\n2024-03-02,a\n2024-03-01,b"])
def test_a_table_of_dates_as_spreadsheets_write_it(tmp_path, table):
    from variorum.lineages import read_dates

    for encoding in ("utf-8", "utf-16"):
        (tmp_path / "dates.csv").write_bytes(table.encode(encoding))
        assert read_dates(str(tmp_path / "dates.csv")) == {"a": "2024-03-02", "b": "2024-03-01"}


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("", "it has no columns; it needs siglum and date"),
        ("name,when\n", "it has the columns name, when; it needs siglum and date"),
        ("siglum,date\na,2024-03-01\na,2024-04-01\n", "a has two dates, '2024-03-01' and '2024-04-01'; keep one"),
    ],
)
def test_a_table_of_dates_that_cannot_be_meant_is_refused(tmp_path, table, problem):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(" ".join(make_text(1)), encoding="utf-8")
    (tmp_path / "dates.csv").write_text(table, encoding="utf-8")
    shown = CliRunner().invoke(main, ["lineage", *(str(tmp_path / f"{n}.txt") for n in "ab"), "--dates", str(tmp_path / "dates.csv")])
    assert shown.exit_code == 2
    assert problem in shown.stderr


def test_the_terminal_names_publishers_and_parents_that_are_as_good():
    texts, dates = tradition()
    lineage = variorum.lineage(texts, dates)
    given = lineage.to_dict()
    nodes = [{**node, "series": "Harbour Union" if node["label"] == "a" else None} for node in given["stemma"]]
    link = next(row for row in given["links"] if given["stemma"][row["child"]]["label"] == "d")
    other = {"child": link["child"], "parent": 2, "rank": 1, "worse": 0.0, "support": 0.5, "words": "as good"}
    console = Console(width=300, file=io.StringIO())
    console.print(render_lineage({**given, "stemma": nodes, "alternatives": [other]}))
    shown = console.file.getvalue()
    assert "Harbour Union" in shown
    assert shown.count("as good a parent: c") == 1
    assert "series" not in show(lineage)


def test_dates_that_cannot_be_used_are_listed_and_the_rest_goes_on(tmp_path):
    words = make_text(1)
    for name, text in (("a", words), ("b", copy(words, 1)), ("c", copy(words, 2))):
        (tmp_path / f"{name}.txt").write_text(" ".join(text), encoding="utf-8")
    (tmp_path / "dates.csv").write_text("siglum,date\na,2024-03-01\n b ,2024-03-02\nc,the day after\nc.txt,2024-03-03\n,2024-03-04\n", encoding="utf-8")
    files = [str(tmp_path / f"{n}.txt") for n in "abc"]
    shown = CliRunner().invoke(main, ["lineage", *files, "--dates", str(tmp_path / "dates.csv"), "--json"])
    assert shown.exit_code == 3
    lines = shown.stderr.splitlines()
    assert len(lines) == 3
    assert any("'the day after', is not understood" in line and "date given for c" in line for line in lines)
    assert any("'c.txt', which is no member; there are" in line for line in lines)
    assert any("without a siglum" in line for line in lines)
    dates = {row["label"]: row["date"] for row in json.loads(shown.stdout)["stemma"] if not row["lost"]}
    assert dates == {"a": "2024-03-01", "b": "2024-03-02", "c": None}
    (tmp_path / "dates.csv").write_text("siglum,date\na,2024-03-01\nb,2024-03-02\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["lineage", *files, "--dates", str(tmp_path / "dates.csv")]).exit_code == 0


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (("2024-03-01", "2024-03-01"), None),
        (("2024-03-01T10:00:00Z", "2024-03-01"), None),
        (("2024-03-01T12:00:00Z", "2024-03-01T10:00:00Z"), "b"),
        (("2024-03-01T23:30:00-05:00", "2024-03-02T00:30:00+00:00"), "b"),
        (("2024-09~", "2024-03/2024-04"), "b"),
        (("2024-03", "2024-03/2024-04"), None),
        (("2024-13-45", "2024-03-01"), None),
    ],
)
def test_the_command_orders_equal_texts_by_what_dates_say_and_no_further(tmp_path, dates, first):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(" ".join(make_text(1)), encoding="utf-8")
    (tmp_path / "dates.csv").write_text("siglum,date\n" + "".join(f"{n},{d}\n" for n, d in zip("ab", dates, strict=True)), encoding="utf-8")
    files = [str(tmp_path / f"{n}.txt") for n in "ab"]
    shown = CliRunner().invoke(main, ["lineage", *files, "--dates", str(tmp_path / "dates.csv"), "--json"])
    assert shown.exit_code == (3 if "2024-13-45" in dates else 0)
    found = json.loads(shown.stdout)
    (link,) = found["links"]
    assert link["kind"] == "same text"
    assert link["decided"] is (first is not None)
    assert first is None or {row["node"]: row["label"] for row in found["stemma"]}[link["parent"]] == first
