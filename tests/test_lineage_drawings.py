"""The drawing of a lineage: labels do not collide, every node and link is there, signs are not by colour alone, nothing hostile gets through."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

import variorum
from test_lineages import tradition
from variorum.exporting.drawings import Drawing, draw_lineage, render_lineage_html, render_lineage_page, write_svg
from variorum.exporting.placings import MAX_NODES
from variorum.exporting.ties import SideLine, list_side_lines

Rows = list[dict[str, Any]]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script>"&\x00'


def make(n: int, seed: int = 1) -> tuple[Rows, Rows, list[SideLine]]:
    """A lineage by chance with lost, undated and uncertain nodes, weak and open links, and a second source now and then."""
    rng = random.Random(seed)
    nodes: Rows = []
    links: Rows = []
    days = [0] * n
    for i in range(n):
        parent = None if i == 0 else rng.randrange(max(0, i - 9), i) if rng.random() < 0.6 else rng.randrange(min(i, 5))
        days[i] = 0 if parent is None else days[parent] + rng.choice([0, 1, 1, 2, 7, 20])
        first = datetime(2024, 3, 1, tzinfo=UTC) + timedelta(days=days[i])
        last = first + timedelta(days=20 if rng.random() < 0.1 else 0.9)
        lost = i > 0 and rng.random() < 0.05
        dated = not lost and rng.random() > 0.1
        nodes.append({"node": i, "label": f"lost {i}" if lost else f"{rng.choice(['Ferry', 'harbour-union', '港の組合'])} {i}", "lost": lost, "parent": parent,
                      "date": first.date().isoformat() if dated else None, "not_before_at": first if dated else None, "not_after_at": last if dated else None,
                      "series": None, "depth": 0 if parent is None else nodes[parent]["depth"] + 1, "related": True})  # fmt: skip
        if parent is not None:
            kind = rng.choice(["taken from", "cannot tell", "same text"])
            links.append({"link": i - 1, "parent": parent, "child": i, "kind": kind, "support": rng.random(), "decided": rng.random() > 0.2, "words": "why"})
    second = [{"source": 0, "child": i, "tied": [1] if i % 2 else [], "support": 0.9, "words": "why"} for i in range(7, n, 9) if nodes[i]["parent"]]
    others = [{"child": i, "parent": 2, "rank": 1, "worse": 0.0, "support": 0.4, "words": "as good"} for i in range(6, n, 13) if nodes[i]["parent"] != 2]
    return nodes, links, list_side_lines(second, others)


def parse(drawing: Drawing) -> Any:
    return ElementTree.fromstring(write_svg(drawing).encode())


def boxes(root: Any) -> list[tuple[float, float, float, str]]:
    """Start, end (estimated from below), height and words of each label of a node."""
    found = []
    for group in root.iter(f"{SVG}g"):
        label = group.find(f"{SVG}text")
        if label is not None and (group.find(f"{SVG}circle") is not None or group.find(f"{SVG}rect") is not None):
            x, y = float(label.get("x")), float(label.get("y"))
            found.append((x, x + 5 * len(label.text), y, label.text))
    return found


@pytest.mark.parametrize("n", [1, 2, 5, 30, 200, 500])
def test_every_node_and_link_is_drawn_and_labels_do_not_collide(n: int) -> None:
    nodes, links, second = make(n)
    drawing = draw_lineage(nodes, links, second)
    root = parse(drawing)
    labels = boxes(root)
    assert sorted(words for *_, words in labels) == sorted(row["label"] for row in nodes)
    for one, other in itertools.combinations(labels, 2):
        assert one[2] != other[2] or one[1] <= other[0] or other[1] <= one[0]
    titles = [title.text for title in root.iter(f"{SVG}title")]
    for link in links:
        assert any(t.startswith(f"{nodes[link['parent']]['label']} to {nodes[link['child']]['label']}: {link['kind']}") for t in titles)
    assert [row[0] for row in drawing.rows] == [row["label"] for row in nodes]


def test_signs_are_not_by_colour_alone() -> None:
    nodes, links, second = make(60)
    root = parse(draw_lineage(nodes, links, second))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts.count("?") + texts.count("? or") == sum(not link["decided"] for link in links)
    assert texts.count("or") + texts.count("? or") == sum(line.tied for line in second)  # at the tree's own line to each, and at each tied second source
    assert len(root.findall(f".//{SVG}rect")) == sum(row["lost"] for row in nodes)
    rings = [c for c in root.iter(f"{SVG}circle") if c.get("fill") != "currentColor"]
    assert len(rings) == sum(row["date"] is None and not row["lost"] for row in nodes)
    dashes = [path.get("stroke-dasharray") for path in root.iter(f"{SVG}path")]
    assert dashes.count("6 4") == sum(link["kind"] == "cannot tell" or link["support"] < 0.8 for link in links)
    assert dashes.count("0.1 4") == len(second)
    assert root.find(f".//{SVG}path[@class='date']") is not None
    assert "Solid" in root.findtext(f"{SVG}desc")


def test_time_runs_to_the_right() -> None:
    nodes, links, _ = make(80, 4)
    root = parse(draw_lineage(nodes, links, []))
    places = {}
    for group in root.iter(f"{SVG}g"):
        disc = group.find(f"{SVG}circle")
        if disc is not None and disc.get("fill") == "currentColor":
            places[group.findtext(f"{SVG}text")] = float(disc.get("cx"))
    dated = sorted((row["not_before_at"], places[row["label"]]) for row in nodes if row["date"] and (row["not_after_at"] - row["not_before_at"]).days == 0)
    assert len(dated) > 30
    assert all(x < u for (day, x), (later, u) in itertools.pairwise(dated) if day < later)


def place(root: Any, label: str) -> float:
    """Where a node stands."""
    for group in root.iter(f"{SVG}g"):
        if group.findtext(f"{SVG}text") == label:
            disc = group.find(f"{SVG}circle")
            return float(disc.get("cx")) if disc is not None else float(group.find(f"{SVG}rect").get("x")) + 4
    raise AssertionError(label)


def test_what_is_undated_stands_between_its_parent_and_what_comes_from_it() -> None:
    nodes, links, _ = make(6)
    for n, row in enumerate(nodes):
        row |= {"label": f"w{n}", "lost": False, "parent": n - 1 if n else None, "depth": n}
        if n in (0, 4):
            day = datetime(2024, 3, 1 + n, tzinfo=UTC)
            row |= {"date": day.date().isoformat(), "not_before_at": day, "not_after_at": day + timedelta(hours=23.9)}
        else:
            row |= {"date": None, "not_before_at": None, "not_after_at": None}
    for n, link in enumerate(links):
        link |= {"parent": n, "child": n + 1}
    root = parse(draw_lineage(nodes, links, []))
    places = [place(root, f"w{n}") for n in range(6)]
    assert all(x + 5 < u for x, u in itertools.pairwise(places))
    nodes[0] |= {"date": None, "not_before_at": None, "not_after_at": None}
    root = parse(draw_lineage(nodes, links, []))
    places = [place(root, f"w{n}") for n in range(6)]
    assert all(x + 5 < u for x, u in itertools.pairwise(places))


def test_copies_of_one_day_stand_apart() -> None:
    nodes, links, _ = make(5)
    day = datetime(2024, 3, 1, tzinfo=UTC)
    for n, row in enumerate(nodes):
        row |= {"label": f"w{n}", "lost": False, "parent": n - 1 if n else None, "date": "2024-03-01", "not_before_at": day, "not_after_at": day + timedelta(hours=23.9)}
    nodes[4] |= {"date": "2024-03-02", "not_before_at": day + timedelta(days=1), "not_after_at": day + timedelta(days=1.9)}
    for n, link in enumerate(links):
        link |= {"parent": n, "child": n + 1}
    drawing = draw_lineage(nodes, links, [])
    places = [place(parse(drawing), f"w{n}") for n in range(5)]
    assert all(x + 15 < u for x, u in itertools.pairwise(places))
    assert "a step to the right within one date: a copy, not time" in drawing.legend


def test_names_of_both_directions_are_kept_apart() -> None:
    nodes, links, _ = make(2)
    nodes[1] |= {"label": "איגוד 7", "series": "Harbour Union", "lost": False}
    texts = [text.text for text in parse(draw_lineage(nodes, links, [])).iter(f"{SVG}text")]
    assert "\u2068איגוד 7\u2069 · \u2068Harbour Union\u2069" in texts


def test_a_bar_is_for_dates_of_more_than_a_day() -> None:
    nodes, links, _ = make(2)
    day = datetime(2024, 3, 1, tzinfo=UTC)
    for row in nodes:
        row |= {"date": "2024-03-01", "not_before_at": day, "not_after_at": day + timedelta(hours=23.9)}
    assert parse(draw_lineage(nodes, links, [])).find(f".//{SVG}path[@class='date']") is None
    nodes[1] |= {"date": "2024-03-01/2024-03-04", "not_after_at": day + timedelta(days=3.9)}
    assert parse(draw_lineage(nodes, links, [])).find(f".//{SVG}path[@class='date']") is not None


def test_what_is_too_many_is_merged() -> None:
    nodes, links, second = make(3000)
    drawing = draw_lineage(nodes, links, second)
    shown = boxes(parse(drawing))
    assert len(shown) < 3000
    n_drawn = sum(int(words.split(" and ")[1].split()[0].replace(",", "")) + 1 if " and " in words else 1 for *_, words in shown)
    assert n_drawn == 3000
    assert len(drawing.rows) == 3000
    star: Rows = [{**nodes[0], "node": n, "label": f"w{n}", "parent": 0 if n else None, "depth": min(n, 1), "lost": False} for n in range(MAX_NODES + 1)]
    ties: Rows = [{**links[0], "link": n - 1, "parent": 0, "child": n, "kind": "taken from"} for n in range(1, MAX_NODES + 1)]
    assert len(boxes(parse(draw_lineage(star, ties, [])))) == 2


def test_nothing_hostile_gets_through() -> None:
    nodes, links, second = make(9)
    nodes[3]["label"] = HOSTILE
    nodes[4]["label"] = "x" * 300
    drawing = draw_lineage(nodes, links, second)
    page = render_lineage_page(drawing, HOSTILE)
    for text in (page, str(render_lineage_html(drawing)), write_svg(drawing)):
        assert "<script" not in text
        assert "\x00" not in text
    assert "x" * 300 in page  # whole in the table
    assert max(len(words) for *_, words in boxes(parse(drawing))) < 60


def test_no_dates_and_one_day() -> None:
    nodes, links, _ = make(20)
    for row in nodes:
        row |= {"date": None, "not_before_at": None, "not_after_at": None}
    assert len(boxes(parse(draw_lineage(nodes, links, [])))) == 20
    day = datetime(2024, 3, 1, tzinfo=UTC)
    for row in nodes:
        row |= {"date": "2024-03-01", "not_before_at": day, "not_after_at": day}
    assert len(boxes(parse(draw_lineage(nodes, links, [])))) == 20


def test_a_notebook_shows_it() -> None:
    texts, dates = tradition()
    found = variorum.lineage(texts, dates)
    html = found._repr_html_()
    assert html.count("<svg") == 1
    assert "<table" in html
    assert found.to_format("svg").startswith("<?xml")
    assert found.to_format("html").startswith("<!doctype html>")
