"""What the benchmarks measure with is itself right: planted places hold what was planted, and costs are those of the child."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys

import numpy as np
import pytest

import measure
import releases
import texts


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A text of 15,000 words over a small fictional vocabulary."""
    rng = random.Random(3)
    words = ["".join(rng.choices("aeioulmnrst", k=rng.randint(2, 8))) for _ in range(400)]
    folder = tmp_path_factory.mktemp("base")
    (folder / "base.txt").write_text(" ".join(rng.choices(words, k=15_000)), encoding="utf-8")
    return folder


def make(base, folder, seed=7, n=60):
    walker = texts.Walker(base, np.random.default_rng(seed))
    size = texts.write_statements(walker, texts.plant_passages(walker, n), n, folder, (80, 20))
    docs = [json.loads(line) for line in (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    copies = [json.loads(line) for line in (folder / "copies.jsonl").read_text(encoding="utf-8").splitlines()]
    return size, docs, copies


def test_planted_places_hold_what_was_planted(base, tmp_path):
    size, docs, copies = make(base, tmp_path)
    assert size == (tmp_path / "docs.jsonl").stat().st_size
    text = {d["id"]: d["text"] for d in docs}
    assert len(text) == 60
    families = {}
    for copy in copies:
        planted = text[copy["doc"]][copy["begin"] : copy["end"]]
        assert len(planted.split()) == copy["words"]
        assert planted == planted.strip()
        if copy["edits"] == 0:
            assert families.setdefault(copy["family"], planted) == planted
    assert any(c["edits"] for c in copies)
    assert {c["kind"] for c in copies} == {"passage", "boilerplate"}


def test_the_seed_decides_everything(base, tmp_path):
    first, second, other = (make(base, tmp_path / name, seed) for name, seed in (("a", 7), ("b", 7), ("c", 8)))
    assert first == second
    assert first != other


def test_walk_uses_only_pairs_of_words_that_stand_in_the_base(base):
    walker = texts.Walker(base, np.random.default_rng(1))
    pairs = set(zip(walker.tokens[:-1].tolist(), walker.tokens[1:].tolist(), strict=True))
    rows = walker.walk(5, 200)
    unknown = [pair for row in rows.tolist() for pair in itertools.pairwise(row) if pair not in pairs]
    assert len(unknown) <= 3  # a walk that reaches the end of the base starts anew


def test_campaign_letters_begin_their_documents(base, tmp_path):
    walker = texts.Walker(base, np.random.default_rng(5))
    texts.write_statements(walker, texts.plant_campaign(walker, 40, 25, 0.03), 40, tmp_path, (100, 20))
    copies = [json.loads(line) for line in (tmp_path / "copies.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({c["doc"] for c in copies}) == len(copies) == 25
    assert {c["begin"] for c in copies} == {0}


@pytest.mark.parametrize("part", [1.0, 0.4])
def test_replicas_hold_their_part_of_the_base(base, tmp_path, part):
    walker = texts.Walker(base, np.random.default_rng(5))
    size = texts.write_replicas(walker, 45, tmp_path, (80, 20), times=5, part=part)
    assert size == (tmp_path / "docs.jsonl").stat().st_size
    docs = [json.loads(line) for line in (tmp_path / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    copies = [json.loads(line) for line in (tmp_path / "copies.jsonl").read_text(encoding="utf-8").splitlines()]
    first = {row["id"]: row["text"] for row in map(json.loads, (tmp_path / "base/docs.jsonl").read_text(encoding="utf-8").splitlines())}
    assert [doc["text"] for doc in docs[:9]] == list(first.values())
    held = {}
    for doc, copy in zip(docs, copies, strict=True):
        assert doc["id"] == copy["doc"]
        passage = doc["text"][copy["begin"] : copy["end"]].split(" ")
        assert len(passage) == copy["words"]
        kept = held.setdefault(copy["family"], passage)
        assert " ".join(kept) in first[copy["family"]]
        assert abs(len(kept) - part * len(first[copy["family"]].split())) <= 1
        assert len(set(kept) & set(passage)) >= 0.8 * len(set(kept))
        assert (copy["edits"] == 0) == (passage == kept)
    assert len(held) == 9
    assert sum(copy["edits"] > 0 for copy in copies) > 30


def test_costs_are_those_of_the_child():
    idle = measure.run_measured([sys.executable, "-c", "print('idle')"])
    busy = measure.run_measured([sys.executable, "-c", "x = bytearray(150_000_000)\nfor i in range(6_000_000): pass\nprint('busy')"])
    assert idle.output == "idle\n"
    assert busy.cpu_seconds > idle.cpu_seconds + 0.02
    assert busy.peak_mb > idle.peak_mb + 100


def test_a_failed_run_ends_the_benchmark_with_what_it_printed():
    with pytest.raises(SystemExit, match=r"(?s)exit code 3.*no such harbour"):
        measure.run_measured([sys.executable, "-c", "import sys; print('no such harbour'); sys.exit(3)"])


def test_coherence_tells_one_text_from_many():
    rng = random.Random(2)
    text = "The ferry leaves at nine and the keepers light the lamp before the tide turns."
    unrelated = ["Beans and kale stand in the allotment behind the wall.", "The museum opens its rope room on Wednesdays.", "A bus with a roof would do as well."]
    assert releases.coherence([text, text.upper(), text.replace("nine", "ten")], 50, rng) == 1.0
    assert releases.coherence([text, *unrelated], 50, rng) == 0.0


@pytest.mark.parametrize("name", ["reuse", "campaign", "scale", "find", "grow", "letters", "releases", "rework", "start"])
def test_every_benchmark_says_how_to_call_it(name):
    script = measure.Path(measure.__file__).parent / f"{name}.py"
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    assert f"python benchmarks/{name}.py" in done.stdout
    assert name in (script.parent / "README.md").read_text(encoding="utf-8")
