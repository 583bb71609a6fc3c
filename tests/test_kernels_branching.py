"""The kernels of lineages equal their slow twins, and the tree of least cost that of networkx."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive_branching as naive
from kernel_cases import cases
from variorum.kernels.branching import OMITTED, OTHER, SPELLED, find_arborescence, measure_costs
from variorum.kernels.sharing import follow_stretches, trace_stretches, weigh_shared

tables = st.integers(1, 6).flatmap(lambda n: st.integers(0, 8).flatmap(lambda m: st.lists(st.lists(st.integers(-1, 2), min_size=m, max_size=m), min_size=n, max_size=n)))


def as_readings(rows: list[list[int]]) -> np.ndarray:
    return np.array(rows, np.int32).reshape(len(rows), -1)


def draw_kinds(data: st.DataObject, m: int) -> np.ndarray:
    return np.array(data.draw(st.lists(st.lists(st.sampled_from([OTHER, SPELLED, OMITTED]), min_size=3, max_size=3), min_size=m, max_size=m)), np.int8).reshape(m, 3)


@cases(200)
@given(tables, st.integers(0, 2), st.data())
def test_costs_equal_the_twin(rows: list[list[int]], usual: int, data: st.DataObject) -> None:
    readings = as_readings(rows)
    n, m = readings.shape
    weights, commonest, kinds = 1.0 + np.arange(m) / 4, np.full(m, usual, np.int32), draw_kinds(data, m)
    found, covered = np.empty((n, n)), np.empty((n, n))
    measure_costs(readings, commonest, weights, kinds, np.array(naive.FACTORS), found, covered)
    costs, both = naive.costs(rows, commonest.tolist(), weights.tolist(), kinds.tolist())
    assert found == pytest.approx(np.array(costs), abs=1e-9)
    assert covered == pytest.approx(np.array(both), abs=1e-9)


@cases(150)
@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(st.sampled_from([1.0, 2.0, 3.5, np.inf]), min_size=n, max_size=n), min_size=n, max_size=n)))
def test_the_tree_costs_least(rows: list[list[float]]) -> None:
    costs = np.array(rows)
    np.fill_diagonal(costs, np.inf)
    costs[0] = np.inf
    parents = np.empty(len(costs), np.int64)
    least = naive.arborescence([[0.0] * len(costs), *costs[1:].tolist()])
    assert find_arborescence(costs, parents) == np.isfinite(least)
    if np.isfinite(least):
        assert parents[0] == -1
        assert sum(costs[node, parents[node]] for node in range(1, len(costs))) == least
        assert all(naive._reaches_root(node, parents.tolist()) for node in range(len(costs)))


@pytest.mark.parametrize("seed", range(40))
def test_the_tree_costs_what_networkx_says(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 25))
    costs = rng.integers(1, 15, (n, n)).astype(float)
    np.fill_diagonal(costs, np.inf)
    costs[0] = np.inf
    parents = np.empty(n, np.int64)
    assert find_arborescence(costs, parents)
    graph = nx.DiGraph([(t, h, {"weight": costs[h, t]}) for h in range(n) for t in range(n) if np.isfinite(costs[h, t])])
    least = sum(d["weight"] for *_, d in nx.minimum_spanning_arborescence(graph).edges(data=True))
    assert sum(costs[node, parents[node]] for node in range(1, n)) == least


@cases(200)
@given(tables, st.data())
def test_what_neighbours_share_equals_the_twin(rows: list[list[int]], data: st.DataObject) -> None:
    readings = as_readings(rows)
    n, m = readings.shape
    node = data.draw(st.integers(0, n - 1))
    around = [k for k in range(n) if k != node]
    weights, commonest, kinds = 1.0 + np.arange(m) / 4, np.full(m, data.draw(st.integers(0, 2)), np.int32), draw_kinds(data, m)
    found = np.empty((len(around), len(around)))
    weigh_shared(readings, np.array(around, np.int64), node, commonest, weights, kinds, np.array(naive.FACTORS), found)
    twin = naive.shared(rows, around, node, commonest.tolist(), weights.tolist(), kinds.tolist())
    assert found == pytest.approx(np.array(twin).reshape(found.shape), abs=1e-9)


@cases(150)
@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=9))
def test_stretches_equal_the_twin(events: list[tuple[int, bool]]) -> None:
    places, hits = [float(p) for p, _ in sorted(events)], [h for _, h in sorted(events)]
    rows = naive.rows_of_states(places, hits, (1 / 150, 1 / 30), (0.05, 0.9))
    given_ = (np.array(places), np.array(hits, bool), 1 / 150, 1 / 30, np.full(len(places), 0.05), 0.9)
    assert follow_stretches(*given_) == pytest.approx(math.log(sum(rows.values())), abs=1e-9)
    states = np.empty(len(places), np.bool_)
    trace_stretches(*given_, states)
    assert rows[tuple(states.astype(int).tolist())] == pytest.approx(max(rows.values()), rel=1e-9)
