"""Second sources: stretches that a member took from another than its parent.

Read along the text, the places where the parent and another node differ say of whom the member holds. A member that took a stretch from the other
has all of its readings there and hardly one elsewhere: two hidden states, one after the other, beside one state alone. It is the
copying model of genetics (Li and Stephens 2003) with one haplotype at a time, after the tree has been found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from variorum.kernels.branching import OMITTED as NOTHING
from variorum.kernels.branching import SPELLED
from variorum.kernels.sharing import follow_stretches, trace_stretches
from variorum.stemmas.events import OMITTED
from variorum.stemmas.losses import CERTAIN, CHANCE, STRETCH, STRETCHES_APART
from variorum.stemmas.trees import Tree

CHANCE_WORDS = 0.0003
"""Share of a copyist's changes of words by which a text has by chance what stands elsewhere; other changes: `losses.CHANCE`."""
TIED = 0.1
"""Odds, in nats, within which two sources explain a stretch as well."""
MAX_SOURCES = 3
"""Second sources of one member that are looked for."""
_MAX_RIVALS = 12
_RATES = (1.0 / STRETCHES_APART, 1.0 / STRETCH)


@dataclass(frozen=True, slots=True)
class Standard:
    """What is asked of a second source, and how far it is then to be believed.

    Attributes:
        explained: fewest readings that it must explain.
        odds: odds in nats, rising; the first are the fewest: how much likelier it must be than none.
        right: share of second sources of these odds whose source and taker were right.
    """

    explained: int
    odds: tuple[float, ...]
    right: tuple[float, ...]


# From the simulator of the benchmarks, seeds 20 to 59, its five settings; seeds 0 to 19 were not looked at. A lost source is another explanation of one
# stretch: where one is inserted more is asked, and hardly more than half are right however great the odds.
_WHOLE = Standard(1, (2.0, 5.0, 12.0, 24.0), (0.4, 0.7, 0.9, 0.955))
_LOSSY = Standard(2, (8.0, 12.0, 24.0, 40.0), (0.12, 0.25, 0.5, 0.56))


@dataclass(frozen=True)
class SecondSource:
    """A source beside the parent.

    Attributes:
        child, source: nodes.
        stretches: for each: the first and the last event in it that the source explains.
        n_explained, n_against: for each: readings that the source has and the parent has not; the other way round.
        odds: how much likelier it is than none, in nats.
        others: nodes that explain the same readings, no worse.
    """

    child: int
    source: int
    stretches: list[tuple[int, int]]
    n_explained: list[int]
    n_against: list[int]
    odds: float
    others: list[int]


def find_second_sources(tree: Tree, places: np.ndarray) -> list[SecondSource]:
    """Return the second sources of all held nodes.

    Args:
        tree: as it stands at the end, lost sources inserted.
        places: float64[events]: where each event lies, in words.
    """
    entry, leave = tree.number_depth_first()
    first, last = tree.bounds()
    order = np.argsort(places, kind="stable")
    order = order[tree.events.classes[order] < OMITTED]
    found: list[SecondSource] = []
    for child in range(tree.n_held):
        parent = int(tree.parents[child])
        if parent < 0:
            continue
        # Not what comes from the child itself, nor what is certainly later.
        free = ((entry < entry[child]) | (entry >= leave[child])) & (first <= last[child])
        free[parent] = False
        found += _find_of(tree, child, np.flatnonzero(free), places, order)
    above = {(source.child, source.source) for source in found if entry[source.source] < entry[source.child] < leave[source.source]}
    return [source for source in found if (source.child, source.source) in above or not _runs_other_way(tree, source, found, places, order)]


def _runs_other_way(tree: Tree, source: SecondSource, found: list[SecondSource], places: np.ndarray, order: np.ndarray) -> bool:
    """Tell whether it was rather the source that took the stretch from the child.

    Whoever gave a stretch has it from a parent of its own, changed as little as all its text; who took it differs there from the parent as much as two
    lines of descent do. So the one that differs more from its own parent took it. Where both differ alike, the later one did, and where the dates are
    alike too, the one that is found to be likelier.
    """
    if source.source >= tree.n_held or tree.parents[source.source] < 0:
        return False
    own, given = 0, 0
    for first, last in source.stretches:
        at = order[(places[order] >= places[first]) & (places[order] <= places[last])]
        own += _count_differing(tree, source.child, at)
        given += _count_differing(tree, source.source, at)
    if own != given:
        return own < given
    days = [tree.datings.middle(node) for node in (source.child, source.source)]
    if np.isfinite(days).all() and days[0] != days[1]:
        return bool(days[0] < days[1])
    other = [x for x in found if x.child == source.source and x.source == source.child]
    return any((x.odds, -x.child) > (source.odds, -source.child) for x in other)


def _count_differing(tree: Tree, node: int, events: np.ndarray) -> int:
    """Return at how many of some events a node differs from its parent."""
    own, other = tree.readings[node, events], tree.readings[int(tree.parents[node]), events]
    return int(((own != other) & (own >= 0) & (other >= 0)).sum())


def _find_of(tree: Tree, child: int, others: np.ndarray, places: np.ndarray, order: np.ndarray) -> list[SecondSource]:
    """Return the second sources of one node, the likeliest first."""
    own, main = tree.readings[child, order], tree.readings[int(tree.parents[child]), order]
    unexplained = (own != main) & (own >= 0) & (main >= 0)
    asked = _choose_standard(tree)
    found: list[SecondSource] = []
    while len(found) < MAX_SOURCES and len(others):
        at = order[unexplained]
        counts = (tree.readings[np.ix_(others, at)] == tree.readings[child, at]).sum(axis=1)
        nearest = others[np.argsort(-counts, kind="stable")[:_MAX_RIVALS]]
        rated = [(_rate(tree, child, int(other), places, order, unexplained), other) for other in nearest if counts[others == other][0] >= asked.explained]
        best = max(rated, key=lambda r: (r[0][0], -int(r[1])), default=None)
        if best is None or best[0][0] < asked.odds[0]:
            break
        (odds, used, hits, states), other = best
        stretches = _cut(states)
        explained = [int(hits[low:high].sum()) for low, high in stretches]
        if max(explained, default=0) < asked.explained:
            break
        kept = [(int(order[used[low]]), int(order[used[high - 1]])) for low, high in stretches]
        taken = set(used[hits & states].tolist())
        tied = sorted(int(o) for r, o in rated if o != other and r[0] >= odds - TIED and set(r[1][r[2] & r[3]].tolist()) == taken)
        found.append(SecondSource(child, int(other), kept, explained, [int((~hits[low:high]).sum()) for low, high in stretches], odds, tied))
        for low, high in stretches:
            unexplained[used[low:high]] = False
    return found


def _rate(tree: Tree, child: int, other: int, places: np.ndarray, order: np.ndarray, unexplained: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """Return the log-odds of one second source; the events that tell (as places in `order`), which of them it explains, and which lie in its stretches."""
    own, main, rows = tree.readings[child, order], tree.readings[int(tree.parents[child]), order], tree.readings[other, order]
    covered = (own >= 0) & (main >= 0) & (rows >= 0) & (main != rows)
    hit = covered & (own == rows) & unexplained
    used = np.flatnonzero(hit | (covered & (own == main)))
    hits, at = hit[used], places[order[used]]
    chance = _rate_chance(tree, order[used], rows[used], main[used])
    odds = follow_stretches(at, hits, *_RATES, chance, CERTAIN) - np.log(np.where(hits, chance, 1.0 - chance)).sum()
    states = np.empty(len(used), np.bool_)
    trace_stretches(at, hits, *_RATES, chance, CERTAIN, states)
    return float(odds), used, hits, states


def _rate_chance(tree: Tree, events: np.ndarray, other: np.ndarray, main: np.ndarray) -> np.ndarray:
    """Return how often a member has by chance the reading of another where its parent has `main`.

    Two spellings, or words and none, are hit upon more easily than another word is, or what stood before it.
    """
    one, two = tree.events.kinds[events, other], tree.events.kinds[events, main]
    easy = (one == NOTHING) | (two == NOTHING) | ((one == SPELLED) & (two == SPELLED))
    return np.where(easy, CHANCE, CHANCE_WORDS)


def _cut(states: np.ndarray) -> list[tuple[int, int]]:
    """Return the runs of True, each as (first, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], states.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _choose_standard(tree: Tree) -> Standard:
    return _WHOLE if tree.is_whole else _LOSSY


def rate_second(tree: Tree, odds: float) -> float:
    """Return the support of a second source: how often those as likely were right, source and taker, in made traditions."""
    asked = _choose_standard(tree)
    return float(np.interp(odds, asked.odds, asked.right))
