"""What families count over arrays equals what one would count family by family."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kernel_cases import cases
from variorum.families.groups import distinct_rows
from variorum.families.holders import count_holders
from variorum.families.names import _tell_apart
from variorum.families.passages import Passages
from variorum.families.samples import find_medians, visit_texts
from variorum.families.summaries import SharedLetters
from variorum.families.witnesses import UNDATED, Witnesses
from variorum.schema import TIMESTAMP

EPOCH = datetime(1969, 12, 25, tzinfo=UTC)
small = st.integers(0, 3)


@cases(100)
@given(st.lists(st.tuples(small, small, st.sampled_from([0, 5, 1 << 40])), max_size=20), st.sampled_from([1, 1 << 25]))
def test_distinct_rows_come_in_order_with_their_first_row(rows: list[tuple[int, int, int]], scale: int) -> None:
    rows = [(a * scale, b, c) for a, b, c in rows]
    first, times = distinct_rows(*np.array(rows, np.int64).reshape(-1, 3).T)
    counted = Counter(rows)
    assert [rows[i] for i in first] == sorted(counted)
    assert times.tolist() == [counted[row] for row in sorted(counted)]
    assert first.tolist() == [rows.index(row) for row in sorted(counted)]


@cases(100)
@given(st.lists(st.tuples(small, st.integers(-5, 5)), max_size=20))
def test_medians_are_those_of_each_group(rows: list[tuple[int, int]]) -> None:
    values, group = np.array([v for _, v in rows], np.int64), np.array([g for g, _ in rows], np.int64)
    own = [[v for g, v in rows if g == number] for number in range(4)]
    assert find_medians(values, group, 4, 0.25).tolist() == [median(part) if part else 0.25 for part in own]


@st.composite
def corpora(draw: st.DrawFn) -> tuple[Witnesses, list[dict[str, object]]]:
    """Witnesses, some of them exact copies, undated, of one series or of none; and the same as rows."""
    n = draw(st.integers(1, 7))
    rows = []
    for i in range(n):
        hours = draw(st.none() | st.integers(0, 200))
        first = None if hours is None else EPOCH + timedelta(hours=hours)
        last = first and first + timedelta(hours=draw(st.sampled_from([0, 0, 24, 100])))
        copy_of = draw(st.sampled_from([i, i, *(r["witness"] for r in rows if r["copy_of"] == r["witness"])]))
        rows.append({"witness": i, "siglum": draw(st.sampled_from("abé𝄞")) + str(i), "first": first, "last": last, "copy_of": copy_of, "series": draw(st.sampled_from([None, "p", "q"]))})
    table = pa.table({
        "siglum": [r["siglum"] for r in rows],
        "series": pa.array([r["series"] for r in rows], pa.string()),
        "not_before_at": pa.array([r["first"] for r in rows], TIMESTAMP),
        "not_after_at": pa.array([r["last"] for r in rows], TIMESTAMP),
    })  # fmt: skip
    foldings = pa.table({"n_letters": pa.array([10] * n, pa.int32()), "copy_of": pa.array([r["copy_of"] for r in rows], pa.int32())})
    return Witnesses(table, foldings), rows


@cases(100)
@given(corpora(), st.lists(st.integers(0, 6), max_size=5))
def test_copies_and_order_are_those_of_the_rows(given: tuple[Witnesses, list[dict]], drawn: list[int]) -> None:
    known, rows = given
    heads = [r["witness"] for r in rows if r["copy_of"] == r["witness"]]
    text = [heads[i % len(heads)] for i in drawn]
    expected = [(w, at) for at, t in enumerate(text) for w in (t, *(r["witness"] for r in rows if r["copy_of"] == t != r["witness"]))]
    witness, row = known.expand(np.array(text, np.int64))
    assert list(zip(witness.tolist(), row.tolist(), strict=True)) == expected
    ordered = sorted(rows, key=lambda r: (r["first"] is None, r["first"] or EPOCH, r["siglum"]))
    assert np.argsort(known.place).tolist() == [r["witness"] for r in ordered]
    for r in rows:
        kin = [o for o in rows if o["copy_of"] == r["copy_of"]]
        assert known.text_place[r["witness"]] == min(known.place[o["witness"]] for o in kin)


def microseconds(moment: datetime | None) -> int:
    return UNDATED if moment is None else round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000


@cases(150)
@given(corpora(), st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6)), min_size=1, max_size=12))
def test_holders_are_counted_as_family_by_family(given: tuple[Witnesses, list[dict]], drawn: list[tuple[int, int]]) -> None:
    known, rows = given
    held = sorted((0 if not i else f, w % known.n) for i, (f, w) in enumerate(drawn))
    family, witness = np.array(held, np.int64).T
    family = np.unique(family, return_inverse=True)[1]
    n = int(family[-1]) + 1
    none = np.zeros(len(held), np.int64)
    holders = count_holders(Passages(family, witness, known.copy_of[witness], none, none, none, none, none), n, known)
    groups = defaultdict(list)
    for f, w in zip(family.tolist(), witness.tolist(), strict=True):
        groups[f].append(rows[w])
    for f, members in groups.items():
        distinct = list({r["witness"]: r for r in members}.values())
        dated = sorted((r for r in distinct if r["first"]), key=lambda r: (r["first"], r["last"], r["witness"]))
        assert holders.n_passages[f] == len(members)
        assert holders.n_witnesses[f] == len(distinct)
        assert holders.n_series[f] == len({r["series"] or r["witness"] for r in distinct})
        earliest = dated[0]["witness"] if dated and all(r["first"] > dated[0]["last"] for r in dated[1:]) else -1
        assert holders.earliest[f] == earliest
        assert holders.first_at[f] == (microseconds(dated[0]["first"]) if dated else UNDATED)
        assert holders.last_at[f] == (microseconds(max(r["last"] for r in dated)) if dated else UNDATED)
        assert holders.n_days[f] == ((dated[-1]["first"] - dated[0]["first"]).days if dated else 0)
        statements = {(r["copy_of"], r["series"] or r["witness"], r["first"].date() if r["first"] else r["witness"]) for r in members}
        offices = Counter(series for _, series, _ in statements)
        assert holders.n_statements[f] == len(statements)
        assert holders.n_dates[f] == len({r["first"].date() for r in dated})
        assert holders.main_share[f] == max(offices.values()) / len(statements)


@cases(60)
@given(st.lists(st.tuples(small, small, st.integers(1, 9)), max_size=15), st.integers(1, 4))
def test_shared_letters_are_summed_up_over_parts(rows: list[tuple[int, int, int]], size: int) -> None:
    rows = sorted((min(a, b), max(a, b) + 1, n) for a, b, n in rows)
    shared = SharedLetters(5)
    for low in range(0, len(rows), size):
        shared.add(*np.array(rows[low : low + size], np.int32).T)
    a, b = np.array([(a, b) for a in range(5) for b in range(5) if a < b]).T
    expected = [sum(n for x, y, n in rows if (x, y) == pair) for pair in zip(a.tolist(), b.tolist(), strict=True)]
    assert shared.of(a, b).tolist() == shared.of(b, a).tolist() == expected


def test_texts_are_visited_once_each_and_in_order() -> None:
    asked, seen = [], []
    known = corpora_of(40, n_letters=3_000_000)
    wanted = np.array([7, 3, 7, 39, 0, 12])

    def read(witnesses: Sequence[int]) -> dict[int, str]:
        asked.append(list(witnesses))
        return {w: f"text {w}" for w in witnesses}

    visit_texts(wanted, known, read, lambda row, text: seen.append((row, text)))
    assert sorted(seen) == [(row, f"text {w}") for row, w in enumerate(wanted)]
    assert [text for _, text in seen] == [f"text {w}" for w in sorted(wanted)]
    assert [w for part in asked for w in part] == [0, 3, 7, 12, 39]
    assert len(asked) > 1, "a few at a time"
    visit_texts(np.zeros(0, np.int64), known, read, lambda row, text: seen.append((row, text)))
    assert len(seen) == len(wanted)


def corpora_of(n: int, n_letters: int) -> Witnesses:
    none = pa.nulls(n, TIMESTAMP)
    table = pa.table({"siglum": [str(i) for i in range(n)], "series": pa.nulls(n, pa.string()), "not_before_at": none, "not_after_at": none})
    foldings = pa.table({"n_letters": pa.array([n_letters] * n, pa.int32()), "copy_of": pa.array(range(n), pa.int32())})
    return Witnesses(table, foldings)


def test_ids_that_begin_alike_are_told_apart_in_the_order_of_their_passages() -> None:
    digests = ["a" * 24, "a" * 10 + "b" * 14, "c" * 24, "a" * 11 + "d" * 13]
    assert _tell_apart(digests, np.array([3, 0, 1, 2])) == ["a" * 12, "a" * 10, "c" * 10, "a" * 11 + "d"]
    assert _tell_apart(digests[1:3], np.array([0, 1])) == ["a" * 10, "c" * 10]
