"""Deep mode as its users meet it: spans of reworked text, with the exact layer beside them."""

from __future__ import annotations

import re

import numpy as np
import pytest

import zoo
from rework_texts import FILLER, HARBOUR, LETTER, OTHER, QUOTED, REWORDED, SOURCE, SUMMARISED, SUMMARY
from variorum.config import DeepConfig, make_config
from variorum.matching.reworks import compare_deep, find_reworked, read_words
from variorum.schema import verify_table
from variorum.words import WordStore

CONFIG = make_config()
BEFORE = " ".join(HARBOUR[:6])


def compare(a: str, b: str, **settings) -> list[dict]:
    config = make_config(**settings)
    table = compare_deep(a, b, config.matching, config.deep)
    verify_table("spans", table)
    return table.to_pylist()


def test_a_reworded_passage_is_found_with_its_reason():
    a, b = f"{BEFORE}\n\n{SOURCE}\n\n{HARBOUR[8]}", f"{REWORDED}\n\n{FILLER}"
    spans = [s for s in compare(a, b) if s["kind"] == "reworked"]
    assert len(spans) == 1
    (span,) = spans
    low, high = len(BEFORE) + 2, len(BEFORE) + 2 + len(SOURCE)
    assert low - 60 <= span["start_a"] <= low + 130
    assert high - 180 <= span["end_a"] <= high + 60
    assert span["start_b"] == 0
    assert abs(span["end_b"] - len(REWORDED)) < 80
    assert span["score"] > CONFIG.deep.min_nats
    assert 0 < span["similarity"] < 0.8
    assert "words stand in the other passage too" in span["reason"]


def test_the_exact_layer_alone_does_not_find_it():
    deep = [s for s in compare(SOURCE, REWORDED) if s["kind"] == "reworked"]
    assert deep
    assert not [s for s in compare(SOURCE, OTHER) if s["kind"] == "reworked"]


def test_a_short_quotation_stays():
    text = f"{BEFORE} {QUOTED}"
    (found,) = compare(text, f"{SOURCE} {FILLER}")
    assert found["kind"] == "verbatim"
    assert text[found["start_a"] : found["end_a"]] == QUOTED


def test_a_copy_is_given_by_the_exact_layer_once():
    spans = compare(f"{BEFORE}\n\n{SOURCE}", f"{SOURCE}\n\n{FILLER}")
    carried = [s for s in spans if s["start_b"] < len(SOURCE) and s["end_b"] > 0]
    assert [s["kind"] for s in carried] == ["verbatim"]


def test_a_summary_gives_its_sentences_each_with_what_it_gave():
    between = iter((SOURCE + " " + FILLER).replace(". ", ".|").split("|"))
    source = " ".join(f"{sentence} {next(between, '')} {next(between, '')}".strip() for sentence in HARBOUR)
    (letter,) = re.findall("Dear .*", LETTER)
    spans = [s for s in compare(f"{letter}\n\n{SUMMARY}\n\n{letter[::-1]}", source) if s["kind"] == "summarised"]
    (place,) = {re.search(r"the summary at (\d+) to (\d+) of a", s["reason"]).groups() for s in spans}
    assert abs(int(place[0]) - len(letter) - 2) < 5
    assert abs(int(place[1]) - len(letter) - 2 - len(SUMMARY)) < 5
    assert len({s["score"] for s in spans}) == 1
    assert all(int(place[0]) <= s["start_a"] < s["end_a"] <= int(place[1]) for s in spans)
    assert all(s["reason"].startswith(f"sentence {n} of {len(spans)} ") for n, s in enumerate(sorted(spans, key=lambda s: s["start_b"]), 1))
    named = {next((k for k, sentence in enumerate(HARBOUR) if source[s["start_b"] : s["end_b"]] in sentence), -1) for s in spans}
    assert len(named & set(SUMMARISED)) >= 4
    assert len(named - set(SUMMARISED)) <= 1


def test_the_minimum_length_is_a_setting():
    assert [s for s in compare(SOURCE, REWORDED) if s["kind"] == "reworked"]
    assert not [s for s in compare(SOURCE, REWORDED, min_characters=5000) if s["kind"] == "reworked"]


def test_more_evidence_may_be_asked_for():
    (span,) = [s for s in compare(SOURCE, REWORDED) if s["kind"] == "reworked"]
    assert not [s for s in compare(SOURCE, REWORDED, min_nats=span["score"] + 1) if s["kind"] == "reworked"]


def test_an_unrelated_witness_changes_nothing():
    """Regions of a pair follow from the pair and the background alone."""
    alone = read_words([SOURCE, REWORDED])
    among = read_words([OTHER, SOURCE, FILLER, REWORDED])
    one = find_reworked(np.array([[0, 1]], np.int32), alone, CONFIG.deep).to_pylist()
    many = find_reworked(np.array([[0, 2], [1, 3], [0, 3]], np.int32), among, CONFIG.deep).to_pylist()
    kept = ("start_a", "end_a", "start_b", "end_b", "score", "similarity", "operations")
    assert [[s[k] for k in kept] for s in one] == [[s[k] for k in kept] for s in many if (s["witness_a"], s["witness_b"]) == (1, 3)]


CHINESE_A = "港口工人工会星期四晚上与东湖镇议会商谈冬季时刻表。十一年来，收费站为错过末班车的旅客开放取暖候车室，煤钱由看守人自己承担。今年秋天每袋煤从九元涨到十四元，去年冬天候车室用了三十一袋。议会司库回答说，桥梁基金有六百元，只能用于修理护栏。二百一十二人签名的请愿书要求从十一月一日起把通行费的十分之一留作燃料。"
CHINESE_B = "二百一十二人签名请愿，要求十一月一日起通行费的十分之一用作燃料。看守人说，煤价今年秋天涨到每袋十四元，原来是九元，候车室去年冬天用了三十一袋。收费站十一年来为错过末班车的旅客开放候车室取暖，煤钱看守人自己承担。司库回答，桥梁基金的六百元只能修理护栏。"


def test_a_script_without_spaces_is_reworked_too():
    spans = [s for s in compare(CHINESE_A, CHINESE_B) if s["kind"] in ("reworked", "edited")]
    assert spans
    assert max(s["end_a"] - s["start_a"] for s in spans) > len(CHINESE_A) * 0.6


@pytest.mark.parametrize("name", zoo.TEXTS)
def test_odd_texts_are_compared(name):
    text = zoo.TEXTS[name]
    for other in (SOURCE, text[:20_000], ""):
        compare(text[:200_000], other)


def test_words_of_a_million_times_one_letter_are_few():
    assert read_words(["a" * 1_000_000]).words.n_words == 1
    assert isinstance(read_words([]).words, WordStore)


def test_settings_have_ranges():
    assert DeepConfig().min_characters == 230
    with pytest.raises(Exception, match="min_characters must lie between"):
        make_config(min_characters=1)
