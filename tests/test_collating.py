"""Collations: every token once, order of input nothing, moved blocks, fragments, phrases, what others' tools get wrong."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import variorum
import zoo
from kernel_cases import cases
from prose import Prose
from variorum.collating import profiles
from variorum.collating.cells import Cell, Cells
from variorum.collations import Collation
from variorum.errors import UsageError


def rebuilt(collation: Collation, member: int) -> str:
    """A member's readings, joined in the order of its text."""
    rows = [r for r in collation.readings.to_pylist() if r["member"] == member and r["n_tokens"]]
    return "".join(collation.text(member)[r["start"] : r["end"]] for r in sorted(rows, key=lambda r: r["start"]))


def check(collation: Collation) -> None:
    """What holds of every collation: all of every passage in readings, each token in one column, each span a slice."""
    members = collation.members.to_pylist()
    tokens = collation.tokens.to_pylist()
    for m in members:
        if not m["related"]:
            continue
        text = collation.text(m["member"])
        mine = [t for t in tokens if t["member"] == m["member"]]
        assert len(mine) == m["n_tokens"] == len({t["column"] for t in mine})
        assert "".join("".join(text[t["start"] : t["end"]].split()) for t in mine) == "".join(text[m["start"] : m["end"]].split())
        assert rebuilt(collation, m["member"]) == text[m["start"] : m["end"]] or not mine
    base = [t["column"] for t in tokens if t["member"] == collation.sigla.index(collation.base)]
    assert base == sorted(base)
    loci = {row["locus"]: row for row in collation.loci.to_pylist()}
    n_related = sum(m["related"] for m in members)
    by_locus: dict[int, list[dict[str, Any]]] = {}
    for r in collation.readings.to_pylist():
        by_locus.setdefault(r["locus"], []).append(r)
    assert set(by_locus) == set(loci)
    keys = {m["member"]: [t["key"] for t in tokens if t["member"] == m["member"]] for m in members}
    for locus, rows in by_locus.items():
        assert len(rows) == n_related
        words: dict[int, set[tuple[str, ...]]] = {}
        for r in rows:
            if r["reading"] is not None:
                words.setdefault(r["reading"], set()).add(tuple(keys[r["member"]][r["token"] or 0 :][: r["n_tokens"]]))
        assert len(words) == loci[locus]["n_readings"]
        assert all(len(said) == 1 for said in words.values())  # equal readings are one reading, and one reading is equal words
        assert len(set().union(*words.values())) == len(words)
    blocks = {b["block"]: b for b in collation.blocks.to_pylist()}
    assert {t["block"] for t in tokens} - {0} == set(blocks)


def columns_of(collation: Collation) -> set[frozenset[tuple[str, int]]]:
    """The alignment, whatever the order: which tokens of which members stand opposite each other."""
    found: dict[int, set[tuple[str, int]]] = {}
    sigla = collation.sigla
    for t in collation.tokens.to_pylist():
        found.setdefault(t["column"], set()).add((sigla[t["member"]], t["token"]))
    return {frozenset(column) for column in found.values()}


def shown(collation: Collation) -> list[dict[str, str]]:
    """The variants as siglum -> reading."""
    return [{s: r["text"] for r in row["readings"] for s in r["members"]} for row in collation.apparatus()]


def make_versions(seed: int, n: int = 4, n_words: int = 120) -> dict[str, str]:
    """Versions of a text, each made from an earlier one by a few edits."""
    chance = random.Random(seed)
    prose = Prose(seed)
    words = " ".join(prose.sentence() for _ in range(n_words // 10)).split()[:n_words]
    made = [words]
    for _ in range(n - 1):
        copy = list(chance.choice(made))
        for _ in range(chance.randint(0, 6)):
            at = chance.randrange(len(copy) + 1)
            what = chance.random()
            if what < 0.4:
                copy[at : at + 1] = [chance.choice(words)]
            elif what < 0.7:
                del copy[at : at + chance.randint(1, 3)]
            else:
                copy[at:at] = [chance.choice(words) for _ in range(chance.randint(1, 3))]
        if chance.random() < 0.3:
            first = chance.randrange(len(copy) - 30)
            block = copy[first : first + 25]
            del copy[first : first + 25]
            at = chance.randrange(len(copy))
            copy[at:at] = block
        made.append(copy)
    return {f"v{k}": " ".join(copy) for k, copy in enumerate(made)}


# -- what CollateX's users complain of ---------------------------------------------------------------------------


def test_punctuation_does_not_pull_an_alignment() -> None:
    """CollateX issues 58 and 69: the commas were aligned in preference to the words."""
    collation = variorum.collate({"A": "The big, gray, fuzzy koala.", "B": "The big, old, gray koala:", "C": "The big, gray, fuzzy wombat."})
    gray = [t for t in collation.tokens.to_pylist() if t["key"] == "gray"]
    assert len(gray) == 3
    assert len({t["column"] for t in gray}) == 1
    check(collation)


@pytest.mark.parametrize("order", ["ABC", "CAB", "BCA", "CBA"])
def test_the_order_of_witnesses_changes_nothing(order: str) -> None:
    """CollateX issue 66: another order gave another table."""
    texts = {"A": "The gray koala.", "B": "The big gray koala.", "C": "The koala lives in a tree."}
    collation = variorum.collate({s: texts[s] for s in order}, base="A")
    assert shown(collation) == [{"A": "", "C": "", "B": "big"}, {"A": "gray", "B": "gray", "C": ""}, {"A": "", "B": "", "C": "lives in a tree"}]


def test_an_empty_witness_is_missing_throughout() -> None:
    collation = variorum.collate({"A": "", "B": "The ferry runs at night.", "C": "The ferry ran at night."})
    assert collation.base == "B"
    assert shown(collation) == [{"B": "runs", "C": "ran"}]
    assert [row["missing"] for row in collation.apparatus()] == [["A"]]
    check(collation)


def test_no_token_is_lost_with_near_matches() -> None:
    """CollateX issue 94."""
    collation = variorum.collate({"A": "The harbour lights were counted", "B": "The harbor light was counted twice", "C": "The harbours lights are cuonted"})
    check(collation)
    near = [t for t in collation.tokens.to_pylist() if t["token"] == 1]
    assert len({t["column"] for t in near}) == 1


def test_equal_readings_are_one_reading() -> None:
    """CollateX issue 67: one reading stood twice in an entry."""
    collation = variorum.collate({"A": "The big gray koala.", "B": "The big gray koala.", "C": "The gray fuzzy koala lives in a tree."})
    for row in collation.apparatus():
        texts = [r["text"] for r in row["readings"]]
        assert len(texts) == len(set(texts))


def test_case_alone_is_a_form_and_no_reading() -> None:
    """CollateX issue 85."""
    collation = variorum.collate({"A": "The Harbour Office pays.", "B": "the harbour office pays."})
    assert not collation.apparatus()
    assert [(row["n_readings"], row["n_forms"]) for row in collation.loci.to_pylist()] == [(1, 2)]


# -- moved blocks -------------------------------------------------------------------------------------------------


def moved_pair() -> tuple[str, str, str]:
    prose = Prose(3)
    parts = [" ".join(prose.sentence() for _ in range(6)) for _ in range(4)]
    words = parts[1].split()
    words[10] = "tramways"
    edited = " ".join(words)
    return " ".join(parts), " ".join([parts[0], parts[2], edited, parts[3]]), edited


def test_a_moved_block_is_found_with_the_edit_inside_it() -> None:
    a, b, edited = moved_pair()
    collation = variorum.collate({"A": a, "B": b})
    check(collation)
    assert len(shown(collation)) == 1
    assert shown(collation)[0]["B"] == "tramways"
    (block,) = collation.blocks.to_pylist()
    moved = b[block["start"] : block["end"]].strip()
    assert moved == edited or b.index(edited) - len(moved) - 1 == block["start"]  # it went behind, or what it passed went before it
    back = collation.with_base("B")
    check(back)
    assert len(back.blocks) == 1
    assert columns_of(back) == columns_of(collation)


def test_members_with_the_same_move_share_it() -> None:
    a, b, _ = moved_pair()
    collation = variorum.collate({"A": a, "B": b, "C": b.replace("tramways", "trams"), "D": a})
    blocks = collation.blocks.to_pylist()
    assert {block["member"] for block in blocks} == {1, 2}
    assert {block["move"] for block in blocks} == {1}


@cases(60)
@given(st.integers(0, 10**6), st.sampled_from(["The", "Every", ""]))
def test_a_moved_sentence_is_moved_to_the_letter(seed: int, opening: str) -> None:
    """Each sentence begins and ends as all do: where it is cut out of its text, and out of its home, the words leave a choice."""
    chance, prose = random.Random(seed), Prose(seed)
    sentences = [" ".join([opening or chance.choice(["The", "A", "Its", "This"]), *prose.sentence().split()[1:7], chance.choice(["harbour", "pier"])]) + "." for _ in range(16)]
    at = chance.randrange(1, 15)
    rest = sentences[:at] + sentences[at + 1 :]
    to = chance.choice([k for k in range(1, 15) if abs(k - at) > 2])
    other = " ".join([*rest[:to], sentences[at], *rest[to:]])
    collation = variorum.collate({"a": " ".join(sentences), "b": other}, base="a")
    check(collation)
    assert [other[b["start"] : b["end"]].strip() for b in collation.blocks.to_pylist()] == [sentences[at]]
    assert [c["kind"] for c in collation.changes().to_pylist()] == ["block moved"]


@cases(80)
@given(st.integers(0, 10**6))
def test_a_moved_block_is_whole_where_the_words_round_it_are_those_at_its_ends(seed: int) -> None:
    chance = random.Random(seed)
    rare = ["".join(chance.choice("bdfglmnprst") + chance.choice("aeiou") for _ in range(3)) for _ in range(300)]
    words = [chance.choice(["the", "of", "and", "to", "in", "a", "that", "for"]) if chance.random() < 0.45 else chance.choice(rare) for _ in range(300)]
    at, n = chance.choice([(i, n) for i in range(5, 250) for n in range(12, 30) if words[i - 1] == words[i + n - 1] or words[i] == words[i + n]])
    block, rest = words[at : at + n], words[:at] + words[at + n :]
    places = [k for k in range(3, len(rest) - 3) if abs(k - at) > 40]
    alike = [k for k in places if rest[k - 1] == block[-1] or rest[k] == block[0]]
    to = chance.choice(alike or places)
    edited = list(block)
    if seed % 3 == 0:
        edited[n // 2] = "zanzibar"
    collation = variorum.collate({"a": " ".join(words), "b": " ".join([*rest[:to], *edited, *rest[to:]])}, base="a")
    check(collation)
    assert len(collation.blocks) == 1
    assert sorted(c["kind"] for c in collation.changes().to_pylist()) == ["block moved"] + ["wording"] * (edited != block)


# -- fragments ----------------------------------------------------------------------------------------------------


def test_what_a_fragment_does_not_cover_is_missing_and_not_omitted() -> None:
    prose = Prose(5)
    sentences = [prose.sentence() for _ in range(30)]
    whole, part = " ".join(sentences), " ".join([*sentences[10:14], *sentences[15:20]])
    collation = variorum.collate({"A": whole, "B": part})
    check(collation)
    states = [(r["reading"] is None, r["n_tokens"] == 0) for r in collation.readings.to_pylist() if r["member"] == 1]
    assert states == [(True, True), (False, False), (False, True), (False, False), (True, True)]


def test_a_last_sentence_dropped_is_an_omission() -> None:
    prose = Prose(6)
    sentences = [prose.sentence() for _ in range(40)]
    collation = variorum.collate({"A": " ".join(sentences), "B": " ".join(sentences[:-1])})
    assert [row["missing"] for row in collation.apparatus()] == [[]]


# -- loci are phrases ---------------------------------------------------------------------------------------------


def test_a_changed_phrase_is_one_locus() -> None:
    a = "The council of Eastmere must immediately and fully repair the pier before the first of November, and light it."
    b = "The council of Eastmere should soon and partly mend the pier before the first of November, and light it."
    assert shown(variorum.collate({"A": a, "B": b})) == [{"A": "must immediately and fully repair", "B": "should soon and partly mend"}]


def test_changes_of_different_members_stay_apart() -> None:
    a = "Some 4,200 people crossed the pier every week last year."
    collation = variorum.collate({"A": a, "B": a.replace("4,200", "3,900"), "C": a.replace("people", "residents")})
    assert shown(collation) == [{"A": "4,200", "C": "4,200", "B": "3,900"}, {"A": "people", "B": "people", "C": "residents"}]


# -- the base, three ways, wrappers -------------------------------------------------------------------------------


def test_any_member_can_be_the_base() -> None:
    texts = make_versions(11)
    collation = variorum.collate(texts)
    for siglum in texts:
        other = collation.with_base(siglum)
        check(other)
        assert columns_of(other) == columns_of(collation)
        assert all(r["reading"] == 0 for r in other.readings.to_pylist() if other.sigla[r["member"]] == siglum)
    with pytest.raises(UsageError, match="did you mean 'v1'"):
        collation.with_base("v11")


def test_three_ways_tell_who_changed_what() -> None:
    base = "The pier must be lit, swept of ice and mended before the first of November by the council."
    a = base.replace("must", "should").replace("council", "port").replace("swept", "cleared")
    b = base.replace("November", "March").replace("council", "port").replace("swept", "freed")
    rows = variorum.collate({"base": base, "A": a, "B": b}).three_way("A", "B")
    assert [(r["changed"], r["base"], r["a"], r["b"]) for r in rows] == [
        ("a", "must", "should", "must"),
        ("both differently", "swept", "cleared", "freed"),
        ("b", "November", "November", "March"),
        ("both alike", "council", "port", "port"),
    ]


# -- bad input ----------------------------------------------------------------------------------------------------


def test_one_text_is_refused() -> None:
    with pytest.raises(UsageError, match="two texts or more"):
        variorum.collate({"A": "The pier."})


def test_unrelated_texts_are_refused_with_their_similarity() -> None:
    texts = {name: " ".join(Prose(seed).sentence() for _ in range(30)) for name, seed in (("A", 1), ("B", 2))}
    with pytest.raises(UsageError, match=r"not collatable: A and B share too little \(similarity 0\.0\d"):
        variorum.collate(texts)


def test_long_texts_are_not_related_by_three_common_words() -> None:
    """In a long text any three common words stand somewhere; a version of it is known all the same."""
    chance = random.Random(5)
    common = [f"w{k}" for k in range(300)]
    weights = [1 / (k + 2) for k in range(300)]
    a, b = (" ".join(chance.choices(common, weights, k=40_000)) for _ in range(2))
    with pytest.raises(UsageError, match="not collatable"):
        variorum.collate({"A": a, "B": b})
    with pytest.raises(UsageError, match="not collatable"):
        variorum.collate({"A": a, "B": " ".join(b.split()[:400])})
    edited = " ".join(chance.choice(common) if chance.random() < 0.2 else word for word in a.split())
    assert variorum.collate({"A": a, "B": edited, "C": b}).members.to_arrow()["related"].to_pylist() == [True, True, False]


def test_an_unrelated_text_is_set_aside_and_changes_nothing() -> None:
    texts = make_versions(12)
    alone = variorum.collate(texts)
    stranger = " ".join(Prose(999).sentence() for _ in range(30))
    both = variorum.collate({**texts, "stranger": stranger})
    assert [m["siglum"] for m in both.members.to_pylist() if not m["related"]] == ["stranger"]
    assert columns_of(both) == columns_of(alone)
    assert shown(both) == shown(alone)
    check(both)
    with pytest.raises(UsageError, match="too little"):
        variorum.collate({**texts, "stranger": stranger}, base="stranger")


def test_identical_texts_have_no_differences() -> None:
    text = " ".join(Prose(4).sentence() for _ in range(10))
    collation = variorum.collate({"A": text, "B": text, "C": text + "\n"})
    check(collation)
    assert not collation.apparatus()
    assert len(collation.loci) == 1
    assert [m["copy_of"] for m in collation.members.to_pylist()] == [0, 0, 0]


@pytest.mark.parametrize("name", [n for n in zoo.TEXTS if len(zoo.TEXTS[n]) < 20_000])
def test_odd_texts(name: str) -> None:
    text = zoo.TEXTS[name]
    collation = variorum.collate({"A": text, "B": text + " and so on", "C": text.upper()})
    check(collation)


def test_mixed_scripts_and_directions() -> None:
    names = ("right to left", "hebrew with figures", "chinese", "statement", "emoji")
    a = "\n\n".join(zoo.TEXTS[name] for name in names)
    b = a.replace("12", "14").replace("三月", "四月").replace("مارس", "أبريل")
    collation = variorum.collate({"A": a, "B": b})
    check(collation)
    found = [(row["A"], row["B"]) for row in shown(collation)]
    assert ("12", "14") in found
    assert ("三", "四") in found
    assert ("مارس", "أبريل") in found


def test_words_broken_at_the_end_of_a_line_are_whole() -> None:
    a = "The Harbour Workers' Union and the Town of Eastmere have agreed that the night ferry will run."
    b = "The Harbour Workers' Union and the Town of\nEastmere have agreed that the night fer-\nry will run."
    assert not variorum.collate({"A": a, "B": b}).apparatus()


@pytest.mark.slow
def test_a_pair_of_two_megabytes() -> None:
    chance = random.Random(8)
    words = [chance.choice(("the", "of", "and", "pier")) if chance.random() < 0.4 else f"w{chance.randrange(9000)}" for _ in range(400_000)]
    other = [w for w in words if chance.random() > 0.01]
    collation = variorum.collate({"A": " ".join(words), "B": " ".join(other)})
    assert len(collation.text("A")) > 1_900_000
    held = sum(r["n_tokens"] for r in collation.readings.to_pylist() if r["member"] == 1 and r["reading"] == 0)
    assert held > 0.98 * len(other)


@pytest.mark.slow
def test_a_pair_of_one_sentence_over_and_over() -> None:
    text = zoo.TEXTS["repeated"]
    collation = variorum.collate({"A": text, "B": text[: len(text) // 2] + "A storm is near. " + text[len(text) // 2 :]})
    assert len(collation.readings) < 20


# -- CollateX's JSON ----------------------------------------------------------------------------------------------


def test_given_tokens_are_kept_as_given(tmp_path) -> None:
    tokens = {"A": ["The ", "cat ", "sat"], "B": ["the ", "Cat-", "sat "]}
    data = {"witnesses": [{"id": s, "tokens": [{"t": t, "n": t.strip(" -").lower(), "place": k} for k, t in enumerate(ts)]} for s, ts in tokens.items()]}
    (tmp_path / "w.json").write_text(json.dumps(data), encoding="utf-8")
    collation = variorum.collate([tmp_path / "w.json"])
    written = collation.to_collatex()
    assert written["witnesses"] == ["A", "B"]
    assert [[cell[0] for cell in row] for row in written["table"]] == [w["tokens"] for w in data["witnesses"]]
    assert collation.text("B") == "the Cat-sat "


def test_the_alignment_table_holds_every_token_once() -> None:
    texts = make_versions(13)
    collation = variorum.collate(texts)
    written = collation.to_collatex()
    assert len({len(row) for row in written["table"]}) == 1
    for siglum, row in zip(written["witnesses"], written["table"], strict=True):
        cells = sorted((cell[0] for cell in row if cell), key=lambda t: t["i"])
        assert "".join(t["t"] for t in cells) == texts[siglum].strip()
        assert [t["i"] for t in cells] == list(range(len(cells)))


# -- properties ---------------------------------------------------------------------------------------------------


@cases(40)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_every_token_stands_once_in_any_order_of_input(seed: int, n: int) -> None:
    texts = make_versions(seed, n)
    collation = variorum.collate(texts)
    check(collation)
    sigla = list(texts)
    random.Random(seed).shuffle(sigla)
    other = variorum.collate({s: texts[s] for s in sigla}, base="v0")
    assert columns_of(other) == columns_of(collation)
    assert len(other.loci) == len(collation.loci)


tiny = st.lists(st.sampled_from(["the", "pier", "The", ",", ".", "harbour", "harbor", "of", "a"]), max_size=12).map(" ".join)


@cases(150)
@given(st.lists(tiny, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_short_texts_of_few_words(texts: list[str], chance: random.Random) -> None:
    given_texts = {f"w{k}": text for k, text in enumerate(texts)}
    try:
        collation = variorum.collate(given_texts)
    except UsageError:
        return  # no two of them share a word
    check(collation)
    sigla = list(given_texts)
    chance.shuffle(sigla)
    assert columns_of(variorum.collate({s: given_texts[s] for s in sigla})) == columns_of(collation)


@cases(20)
@given(st.integers(0, 10**6))
def test_a_copy_of_a_member_changes_nothing(seed: int) -> None:
    texts = make_versions(seed)
    once = variorum.collate(texts)
    again = variorum.collate({**texts, "copy": texts["v1"]})
    assert again.members.to_pylist()[-1]["copy_of"] in (0, 1)
    assert {frozenset(t for t in column if t[0] != "copy") for column in columns_of(again)} == columns_of(once)


@cases(20)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_cells_equal_the_rows_of_the_table(seed: int, n: int) -> None:
    texts = {**make_versions(seed, n), "z fragment": make_versions(seed)["v0"][:300], "a stranger": "nobody counts these grey geese tonight"}
    collation = variorum.collate(texts)
    cells, rows = Cells(collation.layout.readings), collation.readings.to_pylist()
    assert cells.members == sorted({r["member"] for r in rows})
    by_member = {m: [r for r in rows if r["member"] == m] for m in cells.members}
    for a in cells.members:
        for b in cells.members:
            pairs = [(x, y) for x, y in zip(by_member[a], by_member[b], strict=True) if x["form"] != y["form"] and None not in (x["form"], y["form"])]
            assert cells.list_differing(a, b) == [tuple(Cell(*(-1 if r[name] is None else r[name] for name in Cell._fields)) for r in pair) for pair in pairs]
    last = len(collation.loci) - 1
    assert cells.cell(cells.members[-1], last).start == by_member[cells.members[-1]][last]["start"]


def test_a_text_of_one_word_costs_time_that_grows_with_its_length() -> None:
    """Every run of words stands everywhere: what is left over must not be compared with all its places."""
    looked_up: list[int] = []
    find = profiles._NgramIndex.find

    def counted(index: profiles._NgramIndex, words: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = find(index, words)
        looked_up.append(len(found[0]))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiles._NgramIndex, "find", counted)
        variorum.collate({"a": "no " * 20_000, "b": "no " * 19_500})
    assert sum(looked_up) < 200_000
