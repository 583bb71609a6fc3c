"""Short quotations are kept for their rare words, common phrases of the same length are not."""

from __future__ import annotations

from pathlib import Path

import pytest

import naive
import variorum
from matches import make_prose, match_texts
from variorum.config import make_config
from variorum.matching.finds import compare_texts
from variorum.pipeline import Flow

QUOTE = "no lantern burns upon a quay without keeper"
PHRASE = "as it was said by us all on that day"
CONFIG = make_config().matching


def compare(a: str, b: str, **settings: float) -> list[dict]:
    return compare_texts(a, b, make_config(**settings).matching).to_pylist()


def test_eight_rare_words_are_kept_and_the_reason_says_so() -> None:
    assert len(naive.letters_of(QUOTE)) < CONFIG.min_letters
    a, b = f"{make_prose(1, 40)} {QUOTE} {make_prose(2, 40)}", f"{make_prose(3, 40)}\n“{QUOTE.capitalize()},” {make_prose(4, 40)}"
    (span,) = compare(a, b)
    assert a[span["start_a"] : span["end_a"]] == QUOTE
    assert span["kind"] == "verbatim"
    assert span["reason"] == f"short but rare: 8 words, {span['score']:.0f} nats"
    assert span["score"] >= CONFIG.min_rare_nats


@pytest.mark.parametrize("settings", [{"min_words": 0}, {"min_words": 9}, {"matching__min_rare_nats": 90.0}])
def test_the_settings_decide(settings: dict[str, float]) -> None:
    a, b = f"{make_prose(1, 40)} {QUOTE} {make_prose(2, 40)}", f"{make_prose(3, 40)} {QUOTE} {make_prose(4, 40)}"
    assert compare(a, b, **settings) == []


def test_short_words_are_no_quotation() -> None:
    a, b = f"{make_prose(1, 40)} {PHRASE} {make_prose(2, 40)}", f"{make_prose(3, 40)} {PHRASE} {make_prose(4, 40)}"
    assert compare(a, b) == []


def test_what_is_common_in_the_corpus_is_no_quotation(tmp_path: Path) -> None:
    """The same words are rare in one corpus and a formula in another; the span that was kept for them goes."""
    texts = [f"{make_prose(10 + i, 40)} {QUOTE} {make_prose(60 + i, 40)}" for i in range(2)]
    words = QUOTE.split()
    around = [" ".join(words[(i + j * 3) % len(words)] for j in range(400)) + f" {make_prose(200 + i, 9)}" for i in range(8)]
    alone = match_texts([*texts, *(make_prose(300 + i, 400) for i in range(8))], tmp_path / "alone")
    common = match_texts([*texts, *around], tmp_path / "common")
    assert (0, 1) in alone.pairs()
    assert (0, 1) not in common.pairs()


def test_a_short_quotation_makes_a_family(tmp_path: Path) -> None:
    folder = tmp_path / "statements"
    folder.mkdir()
    for i in range(4):
        (folder / f"{i}.txt").write_text(f"{make_prose(20 + i, 60)} {QUOTE} {make_prose(40 + i, 60)}", encoding="utf-8")
    with variorum.trace(folder, out=tmp_path / "out.variorum", flow=Flow(stop_after="families")) as corpus:
        (family,) = corpus.families.to_pylist()
        texts = {w["witness"]: w["text"] for w in corpus.witnesses.to_pylist()}
        held = [texts[p["witness"]][p["start"] : p["end"]] for p in corpus.passages.to_pylist()]
    assert family["n_witnesses"] == 4
    assert held == [QUOTE] * 4


def test_a_corpus_finds_a_short_quotation(tmp_path: Path) -> None:
    folder = tmp_path / "statements"
    folder.mkdir()
    for i in range(3):
        (folder / f"{i}.txt").write_text(f"{make_prose(20 + i, 60)} {QUOTE if i == 1 else ''} {make_prose(40 + i, 60)}", encoding="utf-8")
    with variorum.trace(folder, out=tmp_path / "out.variorum", flow=Flow(stop_after="families")) as corpus:
        (find,) = corpus.find(f"They told us that {QUOTE}, and left.").to_pylist()
    assert find["siglum"] == "1"
    assert find["reason"].startswith("short but rare: 8 words")
