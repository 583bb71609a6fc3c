"""The side-by-side benchmark measures what it says: scores, exact joins, and the output of programs that are run from a checkout."""

from __future__ import annotations

import json
import stat
import subprocess
import sys

import numpy as np
import pytest

import bills
import measure
import near_duplicates
import peer_programs
import peers

SHARED = "the ferry to the outer islands leaves the old harbour every morning at nine and comes back before the tide turns"
ONE = "Meeting of the rope makers. " + SHARED + ". Beans and kale stand in the allotment."
TWO = "Notice, left side: " + SHARED + " again; the museum opens on Wednesdays"
OTHER = "Sheet twenty goes up when the rain has stopped, and not before somebody has looked at the sky."


@pytest.fixture
def docs(tmp_path):
    rows = [{"id": name, "series": name, "date": "2024-01-01", "text": text} for name, text in (("one", ONE), ("two", TWO), ("other", OTHER), ("twin", ONE))]
    (tmp_path / "docs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "docs.jsonl"


def write_program(path, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_scores_count_pairs_and_halves_on_both_sides():
    planted = {("a", "b"): [((0, 100), (50, 150))], ("a", "c"): [((0, 100), (0, 100))], ("b", "c"): [((0, 100), (0, 100))]}
    pairs = {("a", "b"): [((0, 30), (50, 90)), ((25, 60), (80, 110))], ("a", "c"): [((0, 100), (0, 40))], ("a", "d"): [((0, 9), (0, 9))]}
    assert peers.score(peers.Found(pairs, has_places=True), planted) == [2 / 3, 1 / 3, 1, 1 / 3]
    assert peers.score(peers.Found({pair: [] for pair in pairs}, has_places=False), planted) == [2 / 3, None, 1, 1 / 3]
    assert peers.score(peers.Found({}, has_places=False), planted) == [0, None, 0, 0]


def test_covered_counts_overlapping_stretches_once():
    assert peers.covered((10, 20), [(0, 12), (11, 14), (19, 40)]) == pytest.approx(0.5)
    assert peers.covered((10, 20), []) == 0


def test_planted_pairs_are_those_of_different_documents(tmp_path):
    copies = [("f", "b", 5, 9), ("f", "a", 1, 4), ("f", "a", 7, 9), ("g", "a", 0, 3)]
    lines = (json.dumps({"family": f, "doc": d, "begin": b, "end": e}) for f, d, b, e in copies)
    (tmp_path / "copies.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert peers.read_planted(tmp_path) == {("a", "b"): [((1, 4), (5, 9)), ((7, 9), (5, 9))]}


def test_exact_runs_are_the_longest_and_point_at_their_places(docs):
    found = {(a, b): (begin_a, end_a, begin_b, end_b) for a, begin_a, end_a, b, begin_b, end_b in near_duplicates.run_ngrams(docs, 5)}
    begin_a, end_a, begin_b, end_b = found["one", "two"]
    assert ONE[begin_a:end_a] == TWO[begin_b:end_b] == SHARED
    assert found["one", "twin"] == (0, len(ONE) - 1, 0, len(ONE) - 1)
    assert not [pair for pair in found if "other" in pair]
    assert list(near_duplicates.run_ngrams(docs, 60)) == []


def test_recipe_of_text_dedup_groups_near_equal_texts_alone(docs):
    assert near_duplicates.run_text_dedup(docs, "documents", 0.7) == {("one", "twin")}
    assert near_duplicates._choose_bands(0.7, 250, exact=False) == (25, 10)  # as the package itself chooses


@pytest.mark.parametrize("method", ["datasketch", "rensa"])
def test_near_duplicates_are_named(method, docs):
    pytest.importorskip(method)
    run = {"datasketch": near_duplicates.run_datasketch, "rensa": near_duplicates.run_rensa}[method]
    assert ("one", "twin") in run(docs, "documents", 0.5)
    assert not [pair for pair in run(docs, "documents", 0.5) if "other" in pair]


def test_a_large_bucket_is_paired_with_its_first():
    names = [f"n{i:03d}" for i in range(near_duplicates.MAX_GROUP + 1)]
    assert near_duplicates.pair_groups([names]) == {("n000", name) for name in names[1:]}
    assert near_duplicates.pair_groups([["b", "a", "a"]]) == {("a", "b")}


# What the stand-ins below check and write follows passim's and TextPAIR's own formats.
SUBMIT = """
import json, os, sys
script, given, out = sys.argv[-9], sys.argv[-2], sys.argv[-1]
assert script.endswith("passim/seriatim.py") and "--pairwise" in sys.argv and "gid < gid2" in sys.argv, sys.argv
os.makedirs(out + "/align.json")
open(out + "/align.json/_SUCCESS", "w")
row = {"id": "two", "begin": 19, "end": 30, "id2": "one", "begin2": 28, "end2": 39, "matches": 11}
open(out + "/align.json/part-00000", "w").write(json.dumps(row) + "\\n")
sys.exit("no GraphFrames")
"""


def test_passim_from_a_checkout(docs, tmp_path, monkeypatch, capsys):
    write_program(tmp_path / "bin" / "spark-submit", SUBMIT)
    (tmp_path / "checkout" / "passim").mkdir(parents=True)
    (tmp_path / "checkout" / "passim" / "seriatim.py").touch()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    _, result = peer_programs.run_passim(docs.parent, tmp_path / "checkout")
    assert list(peer_programs.read_rows(result)) == [("two", 19, 30, "one", 28, 39)]
    assert "failed before its clusters" in capsys.readouterr().err
    assert peers.read_found(result).pairs == {("one", "two"): [((28, 39), (19, 30))]}
    with pytest.raises(SystemExit, match="--passim names a checkout"):
        peer_programs.run_passim(docs.parent, tmp_path)


ALIGNER = """
import json, os, sys
option = dict(zip(sys.argv[1::2], sys.argv[2::2]))
metadata = json.load(open(option["--source_metadata"]))
index = {name: json.load(open(os.path.join(option["--source_files"], name + ".json"))) for name in metadata}
text = {name: open(metadata[name]["filename"], "rb").read() for name in metadata}
os.makedirs(option["--output_path"] + "/result_batches")
shared = sorted((index["one"][key][0], index["two"][key][0]) for key in set(index["one"]) & set(index["two"]))
assert all(-2**31 <= int(key) < 2**31 for key in index["one"])
(_, begin_a, _), (_, begin_b, _) = shared[0]
(_, _, end_a), (_, _, end_b) = shared[-1]
assert text["one"][begin_a:end_a] == text["two"][begin_b:end_b]
row = {"source_doc_id": "one", "source_start_byte": str(begin_a), "source_end_byte": str(end_a)}
row |= {"target_doc_id": "two", "target_start_byte": str(begin_b), "target_end_byte": str(end_b)}
open(option["--output_path"] + "/result_batches/one-two", "w").write(json.dumps(row) + "\\n")
"""


def test_textpair_from_a_checkout(docs, tmp_path, monkeypatch):
    pytest.importorskip("snowballstemmer")
    rows = list(measure.read_lines(docs))
    rows[0]["text"] = "Über die Fähre: " + ONE  # bytes are not characters
    docs.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    write_program(tmp_path / "checkout/lib/core/binary" / peer_programs.platform.machine() / "compareNgrams", ALIGNER)
    monkeypatch.setattr(peer_programs.shutil, "which", lambda name, path=None: name)
    _, result = peer_programs.run_textpair(docs.parent, tmp_path / "checkout")
    ((a, begin_a, end_a, b, begin_b, end_b),) = peer_programs.read_rows(result)
    assert (a, b) == ("one", "two")
    assert rows[0]["text"][begin_a:end_a] == TWO[begin_b:end_b]
    assert SHARED[4:-20] in rows[0]["text"][begin_a:end_a]


def test_missing_peers_are_one_line(monkeypatch):
    monkeypatch.setattr(peer_programs.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="install the peers with: pip install datasketch rensa"):
        peer_programs.require_peers()


def test_table_as_markdown(capsys):
    measure.print_table(["program", "share"], [["one", 0.5], ["two", None]], "Both", markdown=True)
    assert capsys.readouterr().out == "Both\n\n| program | share |\n| --- | --- |\n| one | 0.5000 |\n| two | - |\n\n"


def test_cuts_part_the_grades_at_the_best_places():
    x = np.array([[0.5, 0.1], [0.5, 0.2], [0.5, 0.5], [0.5, 0.6], [0.5, 0.9], [0.5, 0.95]])
    cuts = bills.Cuts().fit(x, np.array([0, 0, 1, 1, 2, 2]))
    assert cuts.column == 1
    assert cuts.cuts.tolist() == pytest.approx([0.35, 0.75])
    assert cuts.predict(np.array([[0, 0.0], [0, 0.4], [0, 1.0]])).tolist() == [0, 1, 2]


def test_cuts_equal_all_ways_to_cut():
    rng = np.random.default_rng(5)
    for _ in range(30):
        x, y = rng.integers(0, 8, (14, 1)) / 8, rng.integers(0, 3, 14)
        y[0] = 2
        weight = np.sqrt(14 / np.maximum(1, np.bincount(y, minlength=3)))[y]
        marks = np.arange(-1, 9) / 8 + 1 / 16
        best = max(weight[np.searchsorted([low, high], x[:, 0], "right") == y].sum() for low in marks for high in marks if low <= high)
        told = bills.Cuts().fit(x, y).predict(x)
        assert weight[told == y].sum() == pytest.approx(best)


def test_pairs_that_share_a_section_stay_in_one_fold():
    groups = bills.group_pairs([("a", "b"), ("c", "d"), ("b", "e"), ("f", "c"), ("g", "h")])
    assert groups.tolist() == [0, 1, 0, 1, 2]
    folds = bills.split_folds(np.array([0, 1, 1, 0, 1]), groups, 3, np.random.default_rng(1))
    assert folds[0] == folds[2]
    assert folds[1] == folds[3]


def test_grades_are_scored():
    accuracy, f1, kappa, by_grade = bills.score_grades(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]))
    assert (accuracy, kappa) == (0.75, 0.5)
    assert by_grade == pytest.approx([2 / 3, 0.8])
    assert f1 == pytest.approx((2 / 3 + 0.8) / 2)


def test_similarities_of_equal_and_unrelated_texts():
    config = bills.make_config(**{f"matching__{name}": value for name, value in bills.SHORT.items()}).matching
    weights = bills.Weights([ONE, TWO, OTHER])
    assert bills.measure_pair(ONE, ONE, weights, config) == pytest.approx([1.0] * len(bills.NAMES), abs=0.02)
    assert max(bills.measure_pair(ONE, OTHER, weights, config)[:4]) == 0
    near = bills.measure_pair(ONE, TWO, weights, config)
    assert all(0 <= value <= 1 for value in near)
    assert near[0] < near[1] < 1


@pytest.mark.parametrize("name", ["peers", "bills"])
def test_benchmarks_say_how_to_call_them(name):
    script = measure.Path(measure.__file__).parent / f"{name}.py"
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    assert f"python benchmarks/{name}.py" in done.stdout
    assert name in (script.parent / "README.md").read_text(encoding="utf-8")
