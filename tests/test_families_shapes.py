"""Families have the shape of what was shared: chains fall apart, jitter does not, quotations lie in releases."""

from __future__ import annotations

import pytest

from family_cases import Statement, group, share_grams
from prose import Prose, count_letters


def dated(number: int) -> str:
    """A day for each number."""
    return f"2024-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"


def test_unrelated_texts_make_no_family(tmp_path):
    prose = Prose(1)
    found = group(tmp_path, [Statement(f"d{i}", None, dated(i), prose.passage(1200)) for i in range(150)])
    assert found.families == []


@pytest.mark.parametrize("kind", ["prose", "syllables"])
def test_a_chain_of_neighbours_falls_into_its_links(tmp_path, kind):
    """Statement i holds sentences i and i + 1, so each sentence stands in two statements."""
    prose = Prose(2)
    said = [prose.passage(110) if kind == "prose" else prose.syllables(20) for _ in range(61)]
    found = group(tmp_path, [Statement(f"d{i}", f"Office {i}", dated(i), f"{said[i]} {said[i + 1]}") for i in range(60)])
    sizes = [f.n_witnesses for f in found.families]
    assert 57 <= len(sizes) <= 61
    assert max(sizes) <= 4


def test_a_formula_with_changing_names_never_holds_a_stranger(tmp_path):
    prose = Prose(3)
    posts, subjects, texts = [prose.thing() for _ in range(20)], [prose.thing() for _ in range(20)], []
    for i in range(200):
        said = f"{prose.name()} {prose.name()}, member of the Committee on {prose.random.choice(posts).title()}, "
        said += f"released the following statement on {prose.random.choice(subjects)}"
        texts.append(Statement(f"d{i}", f"Office {i % 40}", dated(i), f"{said}: {prose.passage(700)}"))
    found = group(tmp_path, texts)
    assert found.families
    for family in found.families:
        medoid = max(family.members, key=lambda m: m.siglum == texts[family.medoid].siglum)
        assert min(share_grams(m.text, medoid.text) for m in family.members) > 0
        # Two statements of one committee on one subject share more than the formula, and a pair gives the rule little to go on.
        assert family.common or family.n_witnesses == 2, (family.excerpt, family.reasons)
    assert max(f.n_witnesses for f in found.families) >= 10, "the formula is found"


def test_a_quotation_that_travels_farther_than_its_release(tmp_path):
    prose = Prose(4)
    quote = f"“{prose.stretch(150)}, and we shall say so,”"
    release = f"{prose.passage(420)} {quote} said Mara Vell of the Harbour Workers' Union. {prose.passage(420)}"
    texts = [Statement(f"release{i}", f"Union {i}", dated(i), f"{prose.passage(300)} {release} {prose.passage(200)}") for i in range(3)]
    texts += [Statement(f"quote{i}", f"Paper {i}", dated(9 + i), f"{prose.passage(500)} {quote} said a speaker. {prose.passage(500)}") for i in range(9)]
    found = group(tmp_path, texts)
    assert sorted(f.n_witnesses for f in found.families) == [3, 12]
    outer, inner = sorted(found.families, key=lambda f: f.n_witnesses)
    assert outer.contains == [inner.family]
    assert not inner.contains
    assert not inner.common, inner.reasons
    assert not outer.common, outer.reasons
    link = found.tables["family_links"].to_pylist()
    assert [(x["relation"], x["n_witnesses"]) for x in link] == [("contains", 3)]


def test_what_lies_in_two_families_lies_in_both(tmp_path):
    """A + B in two statements, B + C in two others, B alone in two more."""
    prose = Prose(5)
    a, b, c = (prose.passage(260) for _ in range(3))
    texts = [Statement(f"{name}{i}", None, dated(i), f"{prose.passage(200)} {said} {prose.passage(200)}")
             for name, said in (("ab", f"{a} {b}"), ("bc", f"{b} {c}"), ("b", b)) for i in range(2)]  # fmt: skip
    found = group(tmp_path, texts)
    by_sigla = {tuple(sorted(f.sigla)): f for f in found.families}
    assert set(by_sigla) == {("ab0", "ab1"), ("bc0", "bc1"), ("ab0", "ab1", "b0", "b1", "bc0", "bc1")}
    inner = by_sigla["ab0", "ab1", "b0", "b1", "bc0", "bc1"]
    for outer in (by_sigla["ab0", "ab1"], by_sigla["bc0", "bc1"]):
        assert outer.contains == [inner.family]
    assert all(share_grams(m.text, a) < 0.1 and share_grams(m.text, c) < 0.1 for m in inner.members)


def test_passages_that_only_overlap_are_linked_as_such(tmp_path):
    """Of a stretch of four parts some statements hold the first two, others the second and third, and some hold all."""
    prose = Prose(6)
    parts = [prose.passage(n) for n in (260, 120, 260, 500)]
    held = {"left": parts[:2], "right": parts[1:3], "whole": parts}
    texts = [Statement(f"{name}{i}", None, dated(i), f"{prose.passage(300)} {' '.join(said)} {prose.passage(200)}")
             for name, said in held.items() for i in range(3)]  # fmt: skip
    found = group(tmp_path, texts)
    (left,) = [f for f in found.holding("left0", "whole0") if "right0" not in f.sigla]
    (right,) = [f for f in found.holding("right0", "whole0") if "left0" not in f.sigla]
    (whole,) = [f for f in found.holding("whole0", "whole1") if len(f.sigla) == 3]
    (middle,) = found.holding("left0", "right0")
    assert right.family in left.overlaps or left.family in right.overlaps
    assert set(whole.contains) == {left.family, right.family}
    assert left.contains == right.contains == [middle.family]


def test_ends_a_few_letters_apart_are_one_family(tmp_path):
    """Neighbours share up to eight letters more by chance; thirty statements are one family all the same."""
    prose = Prose(7)
    passage = prose.passage(320)
    edge = "abridged "
    texts = [Statement(f"d{i}", None, dated(i),
             f"{prose.passage(200)[: -1 - i % 3]} {edge[prose.random.randint(0, 8):]}{passage} {edge[: prose.random.randint(0, 8)]} {prose.passage(200)}")
             for i in range(30)]  # fmt: skip
    found = group(tmp_path, texts)
    assert [f.n_witnesses for f in found.families] == [30]


def test_a_text_that_drifts_keeps_no_strangers_together(tmp_path):
    """Sixty versions, each moved on by a twentieth; the first and the last have nothing in common."""
    prose = Prose(8)
    words = prose.passage(6000).split()
    versions = [" ".join(words[6 * i : 6 * i + 120]) for i in range(60)]
    assert share_grams(versions[0], versions[1]) > 0.9
    assert share_grams(versions[0], versions[-1]) < 0.15, "only words"
    found = group(tmp_path, [Statement(f"d{i}", f"Office {i}", dated(i), text) for i, text in enumerate(versions)])
    assert found.families
    for family in found.families:
        medoid = next(m for m in family.members if m.siglum == f"d{family.medoid}")
        assert min(share_grams(m.text, medoid.text) for m in family.members) >= 0.3
    assert max(f.n_witnesses for f in found.families) <= 30
    assert found.counters["families_split"] > 0
    assert any(f.split for f in found.families)


def test_a_passage_twice_in_one_statement_counts_it_once(tmp_path):
    prose = Prose(9)
    passage = prose.passage(250)
    texts = [Statement("twice", "Guild", dated(1), f"{prose.passage(300)} {passage} {prose.passage(300)} {passage} {prose.passage(200)}")]
    texts += [Statement(f"d{i}", "Guild", dated(2 + i), f"{prose.passage(200)} {passage} {prose.passage(300)}") for i in range(2)]
    found = group(tmp_path, texts)
    (family,) = found.families
    assert (family.n_witnesses, family.n_passages) == (3, 4)
    places = [(m.start, m.end) for m in family.members if m.siglum == "twice"]
    assert len(places) == 2
    assert places[0][1] < places[1][0]


def test_a_footer_in_the_middle_of_a_copied_passage(tmp_path):
    """Page footers stand where the pages end; the passage is one all the same, and the footer a family of its own."""
    prose = Prose(10)
    first, second = prose.passage(330), prose.passage(330)
    footer = "Harbour Board of Eastmere, Annual Papers, Rope Quay 14, Eastmere, Telephone 5 55 01, Page"
    texts = [Statement(f"cut{i}", "Board", dated(i), f"{prose.passage(400)} {first} {footer} {i + 3} {second} {prose.passage(400)}") for i in range(2)]
    texts += [Statement(f"whole{i}", f"Paper {i}", dated(5 + i), f"{prose.passage(300)} {first} {second} {prose.passage(300)}") for i in range(2)]
    texts += [Statement(f"page{i}", "Board", dated(9 + i), f"{prose.passage(900)} {footer} {i + 40} {prose.passage(600)}") for i in range(6)]
    found = group(tmp_path, texts)
    (whole,) = [f for f in found.holding("cut0", "cut1", "whole0", "whole1") if f.n_letters > 500]
    assert whole.n_witnesses == 4
    feet = max(found.holding("page0", "cut0"), key=lambda f: f.n_witnesses)
    assert feet.n_witnesses == 8
    assert feet.common
    assert feet.family in whole.contains


@pytest.mark.parametrize("seed", [11, 16])
def test_lists_of_signatures_with_different_names_are_not_one_family(tmp_path, seed):
    """`Member of the Council` again and again agrees with itself at every step; a few lists may meet, by which shingles are chosen, never most of them."""
    prose = Prose(seed)
    texts = []
    for i in range(24):
        block = " ".join(f"{prose.syllables(2).title()} Member of the Council" for _ in range(14))
        texts.append(Statement(f"d{i}", f"Town {i}", dated(i), f"{prose.passage(600)} Signed: {block}"))
    found = group(tmp_path, texts)
    assert max((f.n_witnesses for f in found.families), default=0) <= 6
    assert all(f.common for f in found.families)
    # What stands above the names is found all the same.
    letter = prose.passage(300)
    texts = [s._replace(text=s.text.replace("Signed:", f"{letter} Signed:")) if i < 4 else s for i, s in enumerate(texts)]
    found = group(tmp_path / "letter", texts)
    (family,) = [f for f in found.families if not f.common]
    assert family.sigla == {"d0", "d1", "d2", "d3"}


def test_dots_lines_bullets_and_broken_encodings_make_no_family(tmp_path):
    prose = Prose(12)
    rows = ["…" * 80, "_" * 90, "* " * 60, "• " * 60, ". " * 90, "â€¢ â€¦ " * 20, "ï¿½" * 60, "Ã¢Â€Â¦" * 30, "=-" * 50, "\u200b\u00ad" * 40]
    texts = [Statement(f"d{i}", None, dated(i), f"{prose.passage(300)}\n{rows[i % 10]}\n{prose.passage(200)}\n{rows[(i + 3) % 10]}\n{prose.passage(200)}") for i in range(50)]
    assert group(tmp_path, texts).families == []


def test_a_moved_block_is_found_in_both_orders(tmp_path):
    prose = Prose(13)
    first, second = prose.passage(300), prose.passage(300)
    texts = [Statement("one", None, None, f"{first} {prose.passage(200)} {second}"), Statement("other", None, None, f"{second} {prose.passage(200)} {first}")]
    found = group(tmp_path, texts)
    assert sorted(f.n_letters >= 290 for f in found.families) == [True, True]
    assert all(count_letters(f.members[0].text) >= 290 for f in found.families)


def test_a_word_that_two_statements_share_by_chance_moves_no_end(tmp_path):
    prose = Prose(14)
    passage = prose.passage(300)
    after = ["Rail", "Rail", "Oil", "Tar", "Lamp", "Net"]
    texts = [Statement(f"d{i}", None, dated(i), f"{prose.syllables(40)} {word} {passage} {word} {prose.syllables(30)}") for i, word in enumerate(after)]
    found = group(tmp_path, texts)
    (family,) = found.families
    assert {m.text for m in family.members} == {passage}
    assert any(s["end_a"] > texts[0].text.index(passage) + len(passage) for s in found.spans.to_pylist() if s["witness_b"] == 1), "the span runs on"
