"""Members with their copies folded, and passages in their context."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from exporting_corpora import CALL, make_small, wrap
from variorum.exporting.blocks import count_units, encode_block, encode_json, show_members
from variorum.exporting.charts import draw_dates, draw_similarity
from variorum.exporting.contexts import cut_window, is_hard_wrapped, join_lines, one_line, strip_controls
from variorum.exporting.differences import COMMON
from variorum.exporting.members import Member, batch_by_size, describe_earliest, find_reference, fold_copies, read_families
from zoo import TEXTS


def test_copies_are_folded_under_the_first_by_date() -> None:
    rows = [("p1", 4, 10, 90, 1, None, None), ("p0", 7, 12, 95, 0, 4, None), ("p2", 9, 0, 80, 2, 4, None), ("p3", 5, 0, 70, 3, None, None)]
    members = fold_copies(rows)
    assert [(m.witness, m.copies) for m in members] == [(7, [4, 9]), (5, [])]


def test_a_passage_held_twice_is_folded_with_its_like() -> None:
    rows = [("a", 1, 0, 50, 0, None, None), ("b", 1, 100, 150, 1, None, None), ("c", 2, 3, 53, 2, 1, None), ("d", 2, 103, 153, 3, 1, None)]
    assert [(m.passage, m.copies) for m in fold_copies(rows)] == [("a", [2]), ("b", [2])]


def test_families_give_their_members_in_order(tmp_path: Path) -> None:
    families = read_families(make_small(tmp_path / "s.variorum"))
    assert [row["rank"] for row in families.rows] == [1, 2, 3]
    assert [(m.witness, m.copies) for m in families.members(0)] == [(0, [3]), (1, []), (2, [])]
    assert find_reference(families.rows[0], families.members(0)) == 0
    assert sum(len(families.members(n)) for n in range(3)) == 7


def test_the_reference_is_the_earliest_even_where_it_is_a_folded_copy() -> None:
    members = fold_copies([("a", 1, 0, 5, 0, None, None), ("b", 2, 0, 5, 1, None, None), ("c", 3, 0, 5, 2, 2, None)])
    assert find_reference({"earliest": 3, "medoid": 1}, members) == 1
    assert find_reference({"earliest": None, "medoid": 2}, members) == 1
    assert find_reference({"earliest": None, "medoid": 8}, members) == 0


def test_what_cannot_be_told_is_said(tmp_path: Path) -> None:
    rows = read_families(make_small(tmp_path / "s.variorum")).rows
    assert describe_earliest(rows[0], "union") == "union (2031-03-02)"
    assert "same day: no order" in describe_earliest(rows[1], None)
    assert "no member is dated" in describe_earliest({"first_at": None}, None)


@pytest.mark.parametrize(("sizes", "runs"), [([], []), ([5], [(0, 1)]), ([3, 3, 3], [(0, 2), (2, 3)]), ([99, 1, 1], [(0, 1), (1, 3)])])
def test_batches_stay_under_the_limit(sizes: list[int], runs: list[tuple[int, int]]) -> None:
    assert list(batch_by_size(sizes, 6)) == runs


def test_context_is_cut_at_words() -> None:
    text = "aaaa bbbb cccc PASSAGE dddd eeee ffff"
    start = text.index("PASSAGE")
    assert cut_window(text, start, start + 7, 7) == ("…cccc ", "PASSAGE", " dddd…")
    assert cut_window(text, start, start + 7, 99) == ("aaaa bbbb cccc ", "PASSAGE", " dddd eeee ffff")
    assert cut_window(text, start, start + 7, 0) == ("", "PASSAGE", "")


@pytest.mark.parametrize("name", list(TEXTS))
def test_every_window_is_clean(name: str) -> None:
    text = TEXTS[name][:5000]
    for window in (cut_window(text, len(text) // 3, 2 * len(text) // 3, 20), cut_window(text, 0, len(text), 10)):
        shown = "".join(window)
        assert not any((ord(c) < 32 and c not in "\t\n") or 0x7F <= ord(c) < 0xA0 for c in shown)


def test_hard_wrapped_lines_are_joined_and_lists_are_not() -> None:
    wrapped = wrap(CALL, 60)
    assert is_hard_wrapped(wrapped)
    assert join_lines(wrapped, wrapped=True) == CALL
    items = "We ask for:\nlamps\nboats\nwages\nbread"
    assert not is_hard_wrapped(items)
    assert join_lines(items, wrapped=False) == items
    assert join_lines("one two\n \n\n\nthree", wrapped=True) == "one two\n\nthree"
    assert join_lines("govern-\nment", wrapped=True) == "govern-ment"


def test_one_line_and_controls() -> None:
    assert one_line("a\n b\x00\tc", 99) == "a b c"
    assert one_line("alpha bravo charlie", 12) == "alpha bravo…"
    assert strip_controls("a\x1b[31mb\r\n\x9b") == "a[31mb\n"


@pytest.mark.parametrize(("text", "units"), [("abc", 3), ("é停", 2), ("🚢a", 3), ("", 0)])
def test_units_are_those_of_javascript(text: str, units: int) -> None:
    assert count_units(text) == units == len(text.encode("utf-16-le")) // 2


def test_json_cannot_leave_its_element() -> None:
    text = encode_json(["</script>", "<!--", "\u2028", "\ud800"])
    assert "<" not in text
    assert "\u2028" not in text
    text.encode("utf-8")


def test_charts_show_every_count() -> None:
    chart = draw_similarity(np.array([0.61, 0.99, 1.0, 1.0]))
    assert chart.rows[0] == ("0.50 to 0.55", "0")
    assert chart.rows[2] == ("0.60 to 0.65", "1")
    assert chart.rows[-1] == ("0.95 to 1.00", "3")
    assert chart.svg.count('class="bar"') == 2
    assert "style=" not in chart.svg


def test_dates_get_a_bar_a_step_in_proportion() -> None:
    from datetime import UTC, datetime

    days = [datetime(2031, 3, day, tzinfo=UTC) for day in (1, 1, 4)]
    assert draw_dates(days, [False, True, False]).rows == [("2031-03-01", "2", "1"), ("2031-03-04", "1", "0")]
    assert draw_dates([*days, datetime(2032, 1, 1, tzinfo=UTC)], [False] * 4).header[0] == "month"
    assert draw_dates([*days, datetime(1946, 1, 1, tzinfo=UTC)], [False] * 4).header[0] == "year"


def test_a_reworked_member_shows_the_words_in_common_and_no_differences() -> None:
    texts = {1: "Before. The harbour must be repaired by winter. After.", 2: "By winter repairs of that harbour are due, say 12 crews."}
    members = [Member("a", 1, 8, 47, 0), Member("b", 2, 0, 56, 1, "reworked")]
    shown = show_members(members, 0, texts, 10)
    assert [(s.kind, s.b) for s in shown[1].segments if s.kind == COMMON] == [(COMMON, "winter repairs"), (COMMON, "harbour")]
    assert "".join(s.b for s in shown[1].segments) == texts[2]
    block = json.loads(encode_block(shown, 0))
    before, operations, _, kind, places = block["m"][1]
    assert (before, operations, kind) == ("", [-39, texts[2]], "reworked")
    assert [texts[2][x:y] for x, y in zip(places[::2], places[1::2], strict=True)] == ["winter repairs", "harbour"]
    assert len(block["m"][0]) == 3  # the reference is shown as it is
    turned = show_members(members, 1, texts, 10)
    assert (turned[0].kind, turned[1].kind) == ("reworked", None)
