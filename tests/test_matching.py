"""What matching promises, whatever the texts: true spans, exact ends, nothing lost by place, order or company."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
import zoo
from kernel_cases import cases
from matches import Matched, assert_true_span, box_of, edit_words, find_text, make_prose, match_texts, read_operations, write_index
from variorum.config import make_config
from variorum.matching.finds import compare_texts

CONFIG = make_config().matching
CORE = make_prose(1, 70)


def compare(a: str, b: str) -> list[dict]:
    """Return the spans of two texts."""
    return compare_texts(a, b, CONFIG).to_pylist()


def passages(a: str, b: str) -> list[tuple[str, str]]:
    """Return what the spans of two texts quote of each."""
    return [(a[s["start_a"] : s["end_a"]], b[s["start_b"] : s["end_b"]]) for s in compare(a, b)]


# --- spans are true ------------------------------------------------------------------------------------------


@cases(120)
@given(st.integers(0, 10**6), st.integers(20, 120), st.sampled_from([0.0, 0.03, 0.1, 0.2, 0.3]))
def test_spans_say_what_is_there(seed: int, n_words: int, share: float) -> None:
    core = make_prose(seed, n_words)
    a = f"{make_prose(seed + 1, 15)} {core} {make_prose(seed + 2, 15)}"
    b = f"{make_prose(seed + 3, 25)} {edit_words(core, seed, share)} {make_prose(seed + 4, 5)}"
    for span in compare(a, b):
        assert_true_span(span, a, b)
        assert span["n_letters"] >= CONFIG.min_letters
        assert span["similarity"] >= CONFIG.min_similarity


@cases(60)
@given(st.lists(st.sampled_from([*CORE[:400].split(". "), *make_prose(5, 60).split(". "), *(t[:300] for t in zoo.TEXTS.values())]), max_size=12), st.data())
def test_spans_of_odd_texts_are_true(parts: list[str], data: st.DataObject) -> None:
    other = data.draw(st.permutations(parts))
    a, b = " ".join(parts), "\n".join(part.upper() if data.draw(st.booleans()) else part for part in other)
    for span in compare(a, b):
        assert_true_span(span, a, b)


def test_every_span_of_a_corpus_is_true(tmp_path: Path) -> None:
    texts = [f"{make_prose(10 + i, 20)} {edit_words(CORE, i, 0.04 * i)} {make_prose(40 + i, 20)}" for i in range(8)]
    found = match_texts(texts, tmp_path)
    assert found.pairs() >= {(a, b) for a in range(5) for b in range(a + 1, 5)}
    for span in found.spans:
        assert_true_span(span, texts[span["witness_a"]], texts[span["witness_b"]])  # type: ignore[index]


def test_unrelated_texts_share_nothing(tmp_path: Path) -> None:
    assert match_texts([make_prose(i, 300) for i in range(12)], tmp_path).spans == []


def test_a_named_change_is_named() -> None:
    old, new = "pay for 12 new lights", "pay for 15 new lights"
    (span,) = compare(zoo.STATEMENT, zoo.STATEMENT.replace(old, new))
    changed = [(zoo.STATEMENT[a:b], kind) for kind, a, b, _, _ in read_operations(span) if kind]
    assert changed == [("2 ", naive.REPLACED)]
    assert span["similarity"] == 1 - 1 / span["n_letters"]


# --- layout, case and marks do not matter ----------------------------------------------------------------------


def wrap(text: str, width: int) -> str:
    """Return the text hard-wrapped, a blank line every seven lines."""
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return "".join(line + ("\n\n" if i % 7 == 6 else "\n") for i, line in enumerate(lines))


def hyphenate(text: str) -> str:
    """Return the text with every long word broken over two lines."""
    return " ".join(word[:4] + "-\n" + word[4:] if len(word) > 8 else word for word in text.split())


LAYOUTS = {
    "wrapped": lambda t: wrap(t, 40),
    "wrapped narrow": lambda t: wrap(t, 18),
    "hyphenated": hyphenate,
    "upper case": str.upper,
    "decomposed": lambda t: unicodedata.normalize("NFD", t),
    "soft hyphens": lambda t: "\u00ad".join(t),
    "no spaces": lambda t: t.replace(" ", ""),
    "spaced out": lambda t: " ".join(t),
    "quoted lines": lambda t: "".join("> " + line + "\n" for line in wrap(t, 50).splitlines()),
    "curly": lambda t: t.replace("'", "\u2019"),
    "no accents": lambda t: "".join(c for c in unicodedata.normalize("NFD", t) if not unicodedata.combining(c)),
    "full width": lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
}
ACCENTED = (
    "Le syndicat des dockers d'Émeraude et la municipalité de Côte-aux-Fées ont décidé que le bac de nuit naviguera jusqu'à la fin de mars. "
    "Les deux parties exigent que l'office côtier règle douze réverbères sur la jetée, et qu'il publie son plan avant le 1er juin 2031."
)


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("text", [CORE, ACCENTED], ids=["prose", "accents"])
def test_a_passage_in_another_layout_matches_whole(name: str, text: str) -> None:
    laid = LAYOUTS[name](text)
    before, after = make_prose(2, 30), make_prose(3, 30)
    a, b = f"{before} {text} {after}", f"{make_prose(4, 12)}\n\n{laid}\n\n{make_prose(5, 12)}"
    (span,) = compare(a, b)
    assert span["similarity"] == 1.0
    assert a[span["start_a"] : span["end_a"]] == text
    assert naive.letters_of(b[span["start_b"] : span["end_b"]]) == naive.letters_of(text)
    assert [kind for kind, *_ in read_operations(span)] == [naive.EQUAL]
    # A space before a full stop leaves it outside, as it leaves the mark of the next quoted line.
    assert b[span["start_b"] : span["end_b"]].rstrip(" .") == laid.strip("> \n").rstrip(" .")


def test_a_text_in_another_layout_is_a_copy(tmp_path: Path) -> None:
    laid = [CORE, *(layout(CORE) for name, layout in LAYOUTS.items())]
    found = match_texts([*laid, make_prose(6, 80)], tmp_path)
    assert found.copy_of == [0] * len(laid) + [len(laid)]
    assert found.spans == []


# --- where a passage stands does not matter --------------------------------------------------------------------


@cases(60)
@given(st.integers(0, 10**6), st.integers(11, 60), st.integers(0, 25), st.integers(0, 25), st.integers(0, 25), st.integers(0, 25))
def test_a_verbatim_passage_is_found_with_ends_right_to_the_word(
    seed: int, n_words: int, before_a: int, after_a: int, before_b: int, after_b: int
) -> None:
    """At the start, at the end, in the middle and as the whole of a text; what stands beside it begins and ends otherwise."""
    core = make_prose(seed, n_words)
    if len(naive.letters_of(core)) < CONFIG.min_letters:
        return
    a = " ".join(part for part in (make_prose(seed + 1, before_a), core, make_prose(seed + 2, after_a)) if part)
    b = " ".join(part for part in (make_prose(seed + 3, before_b), core, make_prose(seed + 4, after_b)) if part)
    ((quoted_a, quoted_b),) = passages(a, b)
    words = core.split()
    for quoted, text in ((quoted_a, a), (quoted_b, b)):
        # A word beside it may by chance begin as its neighbour in the other text does; the passage's own words are all there.
        assert core in quoted or quoted in core
        assert abs(len(quoted.split()) - len(words)) <= 1
        assert quoted in text
    if not (before_a and before_b) and not (after_a and after_b):
        assert quoted_a == quoted_b == core


@pytest.mark.parametrize("ends", ["start", "end", "whole", "middle"])
def test_ends_are_right_in_a_corpus(tmp_path: Path, ends: str) -> None:
    before, after = ("" if ends in ("start", "whole") else make_prose(7, 40) + "\n\n"), ("" if ends in ("end", "whole") else "\n\n" + make_prose(8, 40))
    texts = [f"{make_prose(9, 40)} {CORE} {make_prose(11, 40)}", before + CORE + after]
    (span,) = match_texts(texts, tmp_path).spans
    assert texts[0][span["start_a"] : span["end_a"]] == texts[1][span["start_b"] : span["end_b"]] == CORE  # type: ignore[misc]


def test_a_moved_block_gives_two_spans() -> None:
    first, second = make_prose(20, 40), make_prose(21, 50)
    assert sorted(passages(f"{first} {second}", f"{second} {first}")) == sorted([(first, first), (second, second)])


def test_a_passage_twice_in_one_text_gives_two_spans(tmp_path: Path) -> None:
    texts = [f"{make_prose(22, 20)} {CORE}", f"{CORE} {make_prose(23, 60)} {CORE} {make_prose(24, 9)}"]
    for spans in (compare(*texts), match_texts(texts, tmp_path).spans):
        starts = [(span["start_a"], span["start_b"]) for span in spans]
        assert [texts[1][s["start_b"] : s["end_b"]] for s in spans] == [CORE, CORE]
        assert len({a for a, _ in starts}) == 1
        assert len({b for _, b in starts}) == 2


def test_an_insertion_and_a_cut_stay_inside_one_span() -> None:
    words = CORE.split()
    longer = " ".join([*words[:30], *make_prose(25, 12).split(), *words[30:]])
    (span,) = compare(CORE, longer)
    assert [kind for kind, *_ in read_operations(span)].count(naive.EQUAL) >= 2
    assert (span["start_a"], span["end_a"]) == (0, len(CORE))
    assert (span["start_b"], span["end_b"]) == (0, len(longer))
    assert span["n_equal"] >= len(naive.letters_of(CORE)) - 3


def test_a_wide_insertion_parts_a_passage_in_two() -> None:
    words = CORE.split()
    longer = " ".join([*words[:35], *make_prose(26, 150).split(), *words[35:]])
    assert [a for a, _ in passages(CORE, longer)] == [" ".join(words[:35]), " ".join(words[35:])]


# --- order and company do not matter -----------------------------------------------------------------------------


def some_texts() -> list[str]:
    """Texts that share, pairwise or more, lightly edited passages."""
    cores = [make_prose(30 + i, 40 + 10 * i) for i in range(3)]
    texts = [
        f"{make_prose(50 + i, 30)} {edit_words(cores[i % 3], i, 0.03)} {make_prose(70 + i, 10 + i)} {edit_words(cores[(i + 1) % 3], 90 + i, 0.03)}"
        for i in range(9)
    ]
    return [*texts, *(make_prose(110 + i, 60) for i in range(3))]


def unordered(found: Matched, names: list[int]) -> list[tuple]:
    """Return the spans with witnesses named by `names`, whichever side they stand on."""
    rows = []
    for span in found.spans:
        a, b = box_of(span)[:3], box_of(span)[3:]
        rows.append((*sorted([(names[a[0]], *a[1:]), (names[b[0]], *b[1:])]), span["n_equal"]))
    return sorted(rows)


def test_order_of_input_changes_nothing(tmp_path: Path) -> None:
    texts = some_texts()
    plain = unordered(match_texts(texts, tmp_path / "plain"), list(range(len(texts))))
    assert len(plain) >= 30
    for seed in range(4):
        order = random.Random(seed).sample(range(len(texts)), len(texts))
        mixed = match_texts([texts[i] for i in order], tmp_path / str(seed))
        assert unordered(mixed, order) == plain


def test_an_unrelated_witness_changes_no_span_between_the_others(tmp_path: Path) -> None:
    texts = some_texts()
    plain = unordered(match_texts(texts, tmp_path / "plain"), list(range(len(texts))))
    for at in (0, 4, len(texts)):
        with_other = [*texts[:at], make_prose(999, 5000), *texts[at:]]
        names = [*range(at), -1, *range(at, len(texts))]
        assert unordered(match_texts(with_other, tmp_path / str(at)), names) == plain


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_change_nothing(tmp_path: Path, threads: int) -> None:
    one = match_texts(some_texts(), tmp_path / "one")
    again = match_texts(some_texts(), tmp_path / "again", threads=threads)
    assert one.spans == again.spans
    assert one.counters == again.counters


def test_comparing_two_texts_gives_the_spans_of_a_corpus_of_two(tmp_path: Path) -> None:
    texts = some_texts()
    for i, (a, b) in enumerate([(0, 1), (2, 5), (3, 4), (0, 10)]):
        assert compare(texts[a], texts[b]) == match_texts([texts[a], texts[b]], tmp_path / str(i)).spans


def test_finding_a_text_gives_the_spans_it_would_have_in_the_corpus(tmp_path: Path) -> None:
    """Up to which side is a, and the spans that only a third text leads to."""
    texts = some_texts()
    found = match_texts(texts, tmp_path / "whole")
    write_index(texts[:-1], tmp_path / "part", CONFIG)
    query = f"{make_prose(200, 20)} {texts[1]}"
    write_index([query, *texts], tmp_path / "with", CONFIG)
    rows = find_text(tmp_path / "part", query).to_pylist()
    held = {(int(span["witness_a"] if span["witness_b"] == 1 else span["witness_b"])) for span in found.spans if 1 in (span["witness_a"], span["witness_b"])}  # type: ignore[arg-type]
    assert {row["witness"] for row in rows} >= {1} | held
    for row in rows:
        span = {**row, "witness_a": 0, "start_a": row["start"], "end_a": row["end"], "witness_b": row["witness"]}
        assert_true_span(span, query, texts[row["witness"]])
    assert [row["n_letters"] for row in rows] == sorted((row["n_letters"] for row in rows), reverse=True)


# --- copies and series -------------------------------------------------------------------------------------------


def test_exact_copies_are_folded(tmp_path: Path) -> None:
    text, other = f"{make_prose(60, 20)} {CORE}", f"{CORE} {make_prose(61, 20)}"
    texts = [text, other, text.upper(), text.replace(" ", "\n"), other + "!", make_prose(62, 30)]
    found = match_texts(texts, tmp_path)
    assert found.copy_of == [0, 1, 0, 0, 1, 5]
    assert found.pairs() == {(0, 1)}


def test_empty_texts_are_no_copies_of_each_other(tmp_path: Path) -> None:
    found = match_texts(["", "  ", CORE, "...", ""], tmp_path)
    assert found.copy_of == [0, 1, 2, 3, 4]
    assert found.spans == []


def test_across_series_leaves_out_pairs_of_one_series(tmp_path: Path) -> None:
    texts, series = some_texts(), [0, 0, 1, 1, 2, 2, 0, 3, 4, 5, 5, 5]
    plain, across = match_texts(texts, tmp_path / "plain"), match_texts(texts, tmp_path / "across", series)
    assert any(series[a] == series[b] for a, b in plain.pairs())
    expected = {(a, b) for a, b in plain.pairs() if series[a] != series[b]}
    assert across.pairs() == expected


@pytest.mark.parametrize("texts", [[], [""], ["pier"], [CORE], ["", ""], [CORE, ""]])
def test_next_to_nothing_gives_nothing(tmp_path: Path, texts: list[str]) -> None:
    found = match_texts(texts, tmp_path)
    assert found.spans == []
    assert found.copy_of == list(range(len(texts)))
    if texts:
        assert len(find_text(found.index, "")) == 0
        assert len(compare_texts(texts[0], "", CONFIG)) == 0


def test_the_whole_zoo_together(tmp_path: Path) -> None:
    texts = list(zoo.TEXTS.values())
    found = match_texts([*texts, *texts], tmp_path)
    names = list(zoo.TEXTS)
    assert found.pairs()
    assert {(names[a], names[b]) for a, b in found.pairs()} <= {("statement", "hard-wrapped"), ("crlf", "old mac"), *(("statement", n) for n in names)}
    for i, (name, text) in enumerate(zoo.TEXTS.items()):
        assert found.copy_of[len(texts) + i] == (found.copy_of[i] if naive.letters_of(text[:6000]) else len(texts) + i), name
