"""Exports of a lineage: other readers find in them the nodes and links that the tables have."""

from __future__ import annotations

import csv
import io
import itertools
import warnings
from pathlib import Path
from typing import Any

import dendropy
import networkx as nx
import pydot
import pytest
from lxml import etree

import variorum
from test_lineages import copy, make_text, tradition
from variorum.errors import UsageError
from variorum.exporting.lineage_forms import draw_tables
from variorum.exporting.ties import list_side_lines
from variorum.lineages import Lineage

HOSTILE = "<a'b\">&\\,(;):[x]"


@pytest.fixture(scope="module")
def found() -> Lineage:
    texts, dates = tradition()
    texts[HOSTILE] = " ".join(copy(texts["c"].split(), 9))
    texts["f"] = texts["e"]
    return variorum.lineage(texts, {**dates, HOSTILE: "2024-03-07/2024-03-09"})


def pairs(found: Lineage) -> set[tuple[str, str]]:
    return {(found.labels[r["parent"]], found.labels[r["child"]]) for r in found.links.to_pylist()}


def read_newick(text: str) -> set[tuple[str, str]]:
    """A slow obvious reader: pairs of parent and child."""
    tokens, at = [], 0
    while at < len(text):
        if text[at] == "'":
            end = at + 1
            while text[end] != "'" or text[end + 1 : end + 2] == "'":
                end += 2 if text[end] == "'" else 1
            tokens.append("'" + text[at + 1 : end].replace("''", "'"))
            at = end + 1
        else:
            tokens.append(text[at])
            at += 1
    found: set[tuple[str, str]] = set()
    levels: list[list[str]] = [[]]
    below: list[str] = []
    for token in tokens:
        if token == "(":
            levels.append([])
        elif token == ")":
            below = levels.pop()
        elif token.startswith("'"):
            found |= {(token[1:], child) for child in below}
            below = []
            levels[-1].append(token[1:])
    assert len(levels) == 1
    return found


def test_newick_has_the_links(found: Lineage) -> None:
    text = found.to_format("newick")
    assert set(itertools.chain(*(read_newick(line) for line in text.splitlines()))) == pairs(found)
    assert text.count("\n") == sum(r["parent"] is None for r in found.stemma.to_pylist())


def test_nexus_has_taxa_and_trees(found: Lineage) -> None:
    text = found.to_format("nexus")
    assert f"NTAX={len(found.labels)};" in text
    trees = [line for line in text.splitlines() if line.strip().startswith("TREE")]
    plain = found.to_format("newick").splitlines()
    assert len(trees) == len(plain)
    assert all("[&U]" in tree or "[&R]" in tree for tree in trees)
    assert ("[&U]" in text) == any(not r["decided"] for r in found.links.to_pylist())


def test_a_chain_of_any_length_is_written() -> None:
    from variorum.exporting.newicks import stream_newick

    nodes = [{"node": n, "label": f"w{n}", "parent": n - 1 if n else None} for n in range(5000)]
    links: list[dict[str, Any]] = [{"child": n, "n_added": 1, "n_dropped": 0, "n_changed": 1, "decided": True, "kind": "taken from", "support": 1.0} for n in range(1, 5000)]
    text = "".join(stream_newick(nodes, links))
    assert read_newick(text) == {(f"w{n - 1}", f"w{n}") for n in range(1, 5000)}


def test_graphml_is_read_by_networkx(found: Lineage) -> None:
    graph = nx.parse_graphml(found.to_format("graphml"))
    labels = nx.get_node_attributes(graph, "label")
    assert {(labels[a], labels[b]) for a, b in graph.edges} == pairs(found)
    assert {data["kind"] for _, _, data in graph.edges(data=True)} == set(found.links.to_pandas()["kind"])
    assert all(isinstance(data["support"], float) and isinstance(data["decided"], bool) for _, _, data in graph.edges(data=True))


def test_gexf_is_read_by_networkx_with_dates(found: Lineage) -> None:
    text = found.to_format("gexf")
    graph = nx.read_gexf(io.BytesIO(text.encode()))
    labels = nx.get_node_attributes(graph, "label")
    assert {(labels[a], labels[b]) for a, b in graph.edges} == pairs(found)
    root = etree.fromstring(text.encode())
    starts = {node.get("label"): node.get("start") for node in root.iter("{*}node")}
    for row in found.stemma.to_pylist():
        assert starts[row["label"]] == (None if row["not_before_at"] is None else row["not_before_at"].date().isoformat())
    assert starts[HOSTILE] == "2024-03-07"


def test_second_sources_are_edges_of_their_kind(found: Lineage) -> None:
    from variorum.exporting.lineage_forms import stream_lineage

    stretch = {"child": 4, "source": 2, "support": 0.7, "tied": [], "words": "three readings"}
    graph = nx.parse_graphml("".join(stream_lineage({**found.tables, "second_sources": [stretch]}, "graphml")))
    assert graph.edges["n2", "n4"]["kind"] == "second source"
    assert graph.number_of_edges() == len(found.links) + 1


def read_dot(text: str) -> tuple[set[str], list[tuple[str, str, dict[str, str]]]]:
    """Nodes and edges with their marks, as pydot reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pydot's own, of pyparsing
        (graph,) = pydot.graph_from_dot_data(text)

    def plain(label: str) -> str:
        return label[1:-1].replace('\\"', '"').replace("\\\\", "\\") if label.startswith('"') else label

    edges = [(plain(e.get_source()), plain(e.get_destination()), {k: plain(v) for k, v in e.get_attributes().items()}) for e in graph.get_edges()]
    return {plain(node.get_name()) for node in graph.get_nodes()}, edges


def test_dot_is_read_by_pydot(found: Lineage) -> None:
    nodes, edges = read_dot(found.to_dot())
    assert nodes == set(found.labels)
    assert {(a, b) for a, b, _ in edges} == pairs(found)
    no_arrow = {(a, b) for a, b, marks in edges if marks.get("dir") == "none"}
    assert no_arrow == {(found.labels[r["parent"]], found.labels[r["child"]]) for r in found.links.to_pylist() if not r["decided"]}


def read_tree(tree: dendropy.Tree) -> set[tuple[str, str, float]]:
    """Parent, child and length of each branch."""

    def name(node: Any) -> str:
        return (node.taxon or node).label

    return {(name(node.parent_node), name(node), node.edge.length) for node in tree.preorder_node_iter() if node.parent_node}


@pytest.mark.parametrize("form", ["newick", "nexus"])
def test_trees_are_read_by_dendropy(found: Lineage, form: str) -> None:
    trees = dendropy.TreeList.get(data=found.to_format(form), schema=form, preserve_underscores=True, suppress_internal_node_taxa=form == "newick")
    wanted = {(found.labels[r["parent"]], found.labels[r["child"]], float(r["n_added"] + r["n_dropped"] + r["n_changed"])) for r in found.links.to_pylist()}
    assert set().union(*(read_tree(tree) for tree in trees)) == wanted
    if form == "nexus":
        assert [bool(tree.is_rooted) for tree in trees] == [all(r["decided"] for r in found.links.to_pylist())]
        kinds = {(node.taxon or node).label: node.annotations.get_value("kind") for node in trees[0].preorder_node_iter() if node.parent_node}
        assert kinds == {found.labels[r["child"]]: r["kind"] for r in found.links.to_pylist()}


def test_ties_are_drawn_from_each_side(found: Lineage) -> None:
    from variorum.exporting.lineage_forms import stream_lineage

    stretch = {"child": 4, "source": 2, "support": 0.7, "tied": [0], "words": "three readings are those of a or c"}
    link = found.links.to_pylist()[-1]
    other = next(n for n in (0, 1, 2) if n not in (link["parent"], link["child"]))
    alternative = {"child": link["child"], "parent": other, "rank": 1, "worse": 0.05, "support": 0.4, "words": "as good"}
    tables = {**found.tables, "second_sources": [stretch], "alternatives": [alternative, {**alternative, "parent": 3, "rank": 2, "worse": 2.0}]}
    for form in ("graphml", "gexf"):
        text = "".join(stream_lineage(tables, form))
        graph = nx.parse_graphml(text) if form == "graphml" else nx.read_gexf(io.BytesIO(text.encode()))
        extra = {(a, b): data for a, b, data in graph.edges(data=True) if data["kind"] in ("second source", "other parent")}
        assert set(extra) == {("n2", "n4"), ("n0", "n4"), (f"n{other}", f"n{link['child']}")}
        assert all(data["tied"] for data in extra.values())
        assert graph.edges[f"n{link['parent']}", f"n{link['child']}"]["tied"]
        assert sum(data["tied"] for _, _, data in graph.edges(data=True)) == 4
    _, edges = read_dot("".join(stream_lineage(tables, "dot")))
    numbers = {label: number for number, label in enumerate(found.labels)}
    marked = {(numbers[a], numbers[b]) for a, b, marks in edges if marks.get("label") == "or"}
    assert marked == {(2, 4), (0, 4), (other, link["child"]), (link["parent"], link["child"])}
    twin = {row[0]: row for row in draw_tables(tables).rows}
    assert f"{found.labels[0]} or {found.labels[2]}" in twin[found.labels[4]]
    assert f"{found.labels[link['parent']]} or {found.labels[other]}" in twin[found.labels[link["child"]]]


@pytest.mark.parametrize(("n", "drawn"), [(3, 3), (40, 0)])
def test_of_many_that_are_as_good_none_is_drawn(n: int, drawn: int) -> None:
    alternatives = [{"child": 0, "parent": parent, "rank": parent, "worse": 0.0, "support": 0.1, "words": "as good"} for parent in range(1, n + 1)]
    assert len(list_side_lines([], alternatives)) == drawn


def test_tables_as_csv(found: Lineage, tmp_path: Path) -> None:
    from variorum.exporting.lineage_forms import write_lineage_csv

    write_lineage_csv(found.tables, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {f"{n}.csv" for n in ("stemma", "links", "evidence", "alternatives", "second_sources")}
    rows = list(csv.DictReader(io.StringIO((tmp_path / "links.csv").read_text(encoding="utf-8-sig"))))
    assert {(r["parent_label"], r["child_label"]) for r in rows} == pairs(found)
    assert list(csv.DictReader(io.StringIO(found.to_format("csv")))) == rows


def test_an_unknown_format_is_refused(found: Lineage) -> None:
    with pytest.raises(UsageError, match="newick"):
        found.to_format("wordstar")


def test_the_command_writes_every_format(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from variorum.cli import main

    a = make_text(3)
    for name, words in (("a", a), ("b", copy(a, 1)), ("c", copy(a, 2))):
        (tmp_path / f"{name}.txt").write_text(" ".join(words))
    files = [str(tmp_path / f"{name}.txt") for name in "abc"]
    forms = ("dot", "newick", "nexus", "graphml", "gexf", "csv")
    done = CliRunner().invoke(main, ["lineage", *files, *itertools.chain(*((f"--{f}", str(tmp_path / f"x.{f}")) for f in forms)), "--tables", str(tmp_path / "t")])
    assert done.exit_code == 0
    assert done.stdout == ""
    assert all((tmp_path / f"x.{f}").stat().st_size for f in forms)
    assert "'a'" in CliRunner().invoke(main, ["lineage", *files, "--newick", "-"]).stdout
    both = CliRunner().invoke(main, ["lineage", *files, "--newick", "-", "--dot", "-"])
    assert both.exit_code != 0
    assert "only one format" in both.stderr
