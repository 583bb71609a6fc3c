"""The network of publishers: a planted order is found, chance is not taken for an order, one event is not counted as many."""

from __future__ import annotations

import io
import json
import random
from collections import defaultdict
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

import lxml.html
import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import variorum
from prose import Prose
from variorum.appearances import Appearances
from variorum.errors import UsageError
from variorum.publishers import MAX_SERIES, Publishers


class Appearance(NamedTuple):
    """One place of `Appearances`, with names for numbers."""

    family: str
    series: str
    witness: int
    first: float
    last: float


def order(found: list[Appearance], min_families: int = 3) -> Publishers:
    family, series = (pa.chunked_array([pa.array([getattr(one, name) for one in found], pa.string())]) for name in ("family", "series"))
    return Publishers(Appearances.gather(family, series, np.array([one.witness for one in found], np.int64), *(np.array([one[n] for one in found], float) for n in (3, 4))), min_families)


def day(family: object, series: str, witness: int, first: float, length: float = 0.9) -> Appearance:
    return Appearance(str(family), series, witness, first, first + length)


def make(seed: int, n_families: int = 40, *, led: bool = False) -> list[Appearance]:
    """Families of four to six of twelve series on days by chance; where `led`, s01 comes a day or two after s00 in all they share."""
    rng = random.Random(seed)
    found = []
    for family in range(n_families):
        names = rng.sample([f"s{n:02}" for n in range(12)], rng.randint(4, 6))
        if led and family % 2:
            names = [*dict.fromkeys(["s00", "s01", *names])]
        days = {name: rng.randrange(30) for name in names}
        if led and {"s00", "s01"} <= days.keys():
            days["s01"] = days["s00"] + rng.randint(1, 2)
        found += [day(family, name, 100 * family + n, days[name]) for n, name in enumerate(names)]
    return found


def test_a_planted_leader_is_found() -> None:
    for seed in range(5):
        links = order(make(seed, led=True)).links.to_pylist()
        assert (links[0]["leader"], links[0]["follower"]) == ("s00", "s01")
        assert links[0]["q"] < 0.001
        assert links[0]["n_after"] == 0
        assert 1 <= links[0]["n_days"] <= 2
        assert not [row for row in links[1:] if row["q"] <= 0.05 and "s01" not in (row["leader"], row["follower"])]


def test_chance_is_not_taken_for_an_order() -> None:
    """Under the null a p of 0.05 or less comes in a share of 0.05 or less, and a q of 0.05 or less in few of the corpora."""
    p_links, p_publishers, wrong = [], [], 0
    for seed in range(60):
        found = order(make(seed))
        links, publishers = found.links.to_pylist(), found.publishers.to_pylist()
        p_links += [row["p"] for row in links]
        p_publishers += [row["p"] for row in publishers]
        wrong += any(row["q"] <= 0.05 for row in links)
    assert len(p_links) > 3000
    assert sum(p <= 0.05 for p in p_links) / len(p_links) <= 0.05
    assert 0.02 <= sum(p <= 0.05 for p in p_publishers) / len(p_publishers) <= 0.065
    assert wrong <= 6


def test_the_chance_of_a_place_is_that_of_all_orders() -> None:
    """The naive twin: all ways in which a series may stand in its families."""
    members = {"f": (0, 3, 3, 9), "g": (1, 2, 5), "h": (0, 4)}
    places = [day(f, s, 10 * i + n, d) for i, (f, days) in enumerate(members.items()) for n, (s, d) in enumerate(zip("abcd", days, strict=False))]
    row = next(r for r in order(places, 2).publishers.to_pylist() if r["series"] == "a")
    scores = [[sum(d < e for e in days) - sum(d > e for e in days) for d in days] for days in members.values()]
    sums = [sum(ways) for ways in product(*scores)]
    total = sum(one[0] for one in scores)
    above, below = (sum(test) / len(sums) for test in ([s >= total for s in sums], [s <= total for s in sums]))
    assert row["p"] == pytest.approx(min(1.0, 2 * min(above, below)))
    assert (row["n_first"], row["n_before"], row["n_after"], row["early"]) == (3, 6, 0, 1.0)


def test_the_chance_of_a_place_in_many_large_families_is_that_of_adding_one_after_the_other() -> None:
    rng = random.Random(5)
    found = [day(f, f"s{n:02}", 100 * f + n, rng.randrange(30) + n / 2) for f in range(60) for n in range(30)]
    rows = {row["series"]: row for row in order(found).publishers.to_pylist()}
    spread, totals = np.ones(1), dict.fromkeys(rows, 0)
    for f in range(60):
        days = {one.series: one.first for one in found if one.family == str(f)}
        scores = {s: sum(a + 0.9 < b for b in days.values()) - sum(b + 0.9 < a for b in days.values()) for s, a in days.items()}
        spread = np.convolve(spread, np.bincount(np.array(list(scores.values())) + 29, minlength=59) / 30)
        totals = {s: totals[s] + scores[s] for s in totals}
    middle = len(spread) // 2
    for series, total in totals.items():
        both = 2 * min(spread[middle + total :].sum(), spread[: middle + total + 1].sum())
        assert rows[series]["p"] == pytest.approx(min(1.0, both), abs=1e-12)
    assert min(row["p"] for row in rows.values()) < 1e-6


places = st.lists(st.builds(day, st.integers(0, 6), st.sampled_from("abcd"), st.integers(0, 5), st.integers(0, 4), st.sampled_from([0.9, 2.0])), max_size=40)


@given(places)
def test_pairs_are_those_of_the_naive_twin(found: list[Appearance]) -> None:
    assert {(row["leader"], row["follower"]): (row["n_families"], row["n_before"], row["n_after"], row["n_days"]) for row in order(found, 2).links.to_pylist()} == naive_links(found, 2)


def naive_links(found: list[Appearance], least: int) -> dict[tuple[str, str], tuple[int, int, int, float | None]]:
    """Return statements in common, those in which the leader and the follower are earlier, and the median of days, for each pair."""
    best: dict[tuple[str, str], Appearance] = {}
    for one in sorted(found, key=lambda one: one[2:], reverse=True):
        best[one.family, one.series] = min(one, best.get((one.family, one.series), one), key=lambda one: (one.first, one.last, one.witness))
    pairs = defaultdict(list)
    for a, b in combinations(sorted(best.values(), key=lambda one: one.series), 2):
        if a.family == b.family and a.series != b.series:
            pairs[a.series, b.series].append((a, b))
    links = {}
    for (leader, follower), met in pairs.items():
        graph = nx.Graph(((0, a.witness), (1, b.witness)) for a, b in met)
        events = [[pair for pair in met if (0, pair[0].witness) in nodes] for nodes in nx.connected_components(graph)]
        firsts = [tuple(min((pair[side] for pair in event), key=lambda one: (one.first, one.last, one.witness)) for side in (0, 1)) for event in events]
        ahead = [b.first + b.last - a.first - a.last for a, b in firsts if a.last < b.first]
        behind = [a.first + a.last - b.first - b.last for a, b in firsts if b.last < a.first]
        if len(behind) > len(ahead):
            leader, follower, ahead, behind = follower, leader, behind, ahead
        if len(events) >= least:
            links[leader, follower] = (len(events), len(ahead), len(behind), round(float(np.median(ahead)) / 2, 6) if ahead else None)
    return links


def test_one_event_in_many_families_counts_once() -> None:
    """Two statements that share ten passages are one case, not ten."""
    same = [one for n in range(10) for one in (day(n, "a", 1, 0), day(n, "b", 2, 5))]
    assert not len(order(same).links)
    more = [*same, *(one for n in range(3) for one in (day(f"x{n}", "a", 10 + n, 0), day(f"x{n}", "b", 20 + n, 5)))]
    (row,) = order(more).links.to_pylist()
    assert (row["n_families"], row["n_before"], row["n_days"], row["p"]) == (4, 4, 5.0, 0.125)


def test_dates_that_meet_give_no_order() -> None:
    (row,) = order([one for n in range(4) for one in (day(n, "a", n, 0, 31), day(n, "b", 10 + n, 5))]).links.to_pylist()
    assert (row["n_before"], row["n_after"], row["n_tied"], row["n_days"], row["p"], row["q"]) == (0, 0, 4, None, 1.0, 1.0)


def test_input_order_changes_nothing() -> None:
    places = make(3, led=True)
    one = order(places)
    random.Random(1).shuffle(places)
    other = order(places)
    assert one.links.to_pylist() == other.links.to_pylist()
    assert one.publishers.to_pylist() == other.publishers.to_pylist()


def test_bounds() -> None:
    with pytest.raises(UsageError, match="2 or more"):
        order([], 1)
    assert not len(order([]).links)
    huge = order([day("f", f"s{n}", n, n) for n in range(MAX_SERIES + 1)], 2)
    assert "left out" in huge.notes[0]


def test_exports_are_read_back() -> None:
    found = order(make(1, led=True))
    graph = nx.parse_graphml(found.to_format("graphml", 0.05))
    labels = nx.get_node_attributes(graph, "label")
    assert ("s00", "s01") in {(labels[a], labels[b]) for a, b in graph.edges}
    gexf = nx.read_gexf(io.BytesIO(found.to_format("gexf").encode()))
    assert gexf.number_of_edges() == len(found.links)
    with pytest.raises(UsageError, match="graphml"):
        found.to_format("dot")


def test_a_corpus_and_the_command(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from variorum.cli import main

    rows = []
    for n in range(6):
        text = " ".join(Prose(n).sentence() for _ in range(20))
        rows += [{"id": f"{s}{n}", "series": s, "date": f"2024-0{n + 1}-{d:02}", "text": text} for s, d in (("North", 3), ("South", 7))]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    variorum.trace(path, tmp_path / "c.variorum")
    shown = CliRunner().invoke(main, ["publishers", str(tmp_path / "c.variorum")])
    assert shown.exit_code == 0
    assert "North" in shown.stdout
    text = CliRunner().invoke(main, ["publishers", str(tmp_path / "c.variorum"), "--csv", "-"]).stdout
    assert "North,South,6,6,0,0,4.0,0.03125" in text
    assert "Of 2 publishers in 3 families or more, 1 is earlier, and 1 is later, than chance would give" in shown.stdout
    assert "Of 1 pair with 3 statements or more in common, 1 has an order that chance seldom gives" in shown.stdout
    short = CliRunner().invoke(main, ["publishers", str(tmp_path / "c.variorum"), "--limit", "1"]).stdout
    assert "2 publishers, the earliest first (the first 1; --limit 0 shows all)" in short
    report = lxml.html.fromstring((tmp_path / "c.variorum/report.html").read_text(encoding="utf-8"))
    section = report.get_element_by_id("publishers")
    assert "1 is earlier, and 1 is later" in section.text_content()
    assert [[cell.text_content() for cell in row] for row in section.findall(".//tbody/tr")][-1] == ["North", "South", "6", "6", "0", "0", "4.0", "0.031", "0.031"]
    assert report.xpath("//nav/a[@href='#publishers']")


def test_a_corpus_of_one_series_or_of_few_families_has_no_order_and_says_so(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from variorum.cli import main

    text = [" ".join(Prose(n).sentence() for _ in range(20)) for n in range(2)]
    pairs = [{"id": f"{s}{n}", "series": s, "date": f"2024-0{n + 1}-{d:02}", "text": text[n]} for s, d in (("North", 3), ("South", 7)) for n in range(2)]
    single = [{**row, "series": "North"} for row in pairs]
    undated = [{key: value for key, value in row.items() if key not in {"date", "series"}} for row in pairs]
    for name, rows in (("pairs", pairs), ("single", single), ("undated", undated)):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        variorum.trace(path, tmp_path / f"{name}.variorum")
        shown = CliRunner().invoke(main, ["publishers", str(tmp_path / f"{name}.variorum")])
        assert shown.exit_code == 0
        assert "no order of publishers: none is in 3 families or more" in shown.stderr
        assert "North" not in shown.stdout
        assert 'id="publishers"' not in (tmp_path / f"{name}.variorum/report.html").read_text(encoding="utf-8")
