import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zoo
from variorum.config import ReadingConfig
from variorum.reading.ignores import is_ignored, parse_rules
from variorum.reading.sigla import LONGEST, Sigla, clean_label
from variorum.reading.sources import find_sources


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(zoo.STATEMENT, encoding="utf-8")


def names(folder: Path, *inputs, **settings) -> list[str]:
    found = find_sources([str(folder / i) for i in inputs] or [str(folder)], ReadingConfig(**settings))
    return [os.path.relpath(source.source, folder).replace(os.sep, "/") for source in found.sources if not source.ignored]


def test_folders_are_walked_in_order_of_names(tmp_path):
    write(tmp_path, "b/z.txt", "b/a.txt", "a.txt", "B.txt", "a/x/y/deep.md")
    assert names(tmp_path) == ["B.txt", "a.txt", "a/x/y/deep.md", "b/a.txt", "b/z.txt"]


def test_hidden_files_and_corpora_are_left_out(tmp_path):
    write(tmp_path, ".git/x.txt", ".hidden.txt", "in.variorum/report.html", "a.txt")
    assert names(tmp_path) == ["a.txt"]
    assert names(tmp_path, include_hidden=True) == [".git/x.txt", ".hidden.txt", "a.txt"]


def test_inputs_that_overlap_give_each_file_once_in_any_order(tmp_path):
    write(tmp_path, "a.txt", "b/c.txt")
    assert names(tmp_path, ".", "b", "b/c.txt") == names(tmp_path, "b/c.txt", "b", ".") == ["a.txt", "b/c.txt"]


def test_patterns_are_expanded(tmp_path):
    write(tmp_path, "a.txt", "b.md", "c/d.txt", "x[1].txt")
    assert names(tmp_path, "*.txt") == ["a.txt", "x[1].txt"]
    assert names(tmp_path, "**/*.txt") == ["a.txt", "c/d.txt", "x[1].txt"]
    assert names(tmp_path, "x[1].txt") == ["x[1].txt"], "a file of that very name goes before the pattern"
    (source,) = find_sources([str(tmp_path / "*.pdf")], ReadingConfig()).sources
    assert "no file fits this pattern" in str(source.error)


def test_the_metadata_file_is_no_statement(tmp_path):
    write(tmp_path, "a.txt", "who-when.csv")
    assert names(tmp_path, metadata=str(tmp_path / "who-when.csv")) == ["a.txt"]


def test_unknown_types_are_listed_in_a_folder_and_refused_by_name(tmp_path):
    write(tmp_path, "a.doc", "noext", "b.txt")
    found = find_sources([tmp_path], ReadingConfig())
    assert [(Path(s.source).name, s.ignored, s.error) for s in found.sources] == [
        ("a.doc", True, None),
        ("b.txt", False, None),
        ("noext", True, None),
    ]
    found = find_sources([tmp_path / "a.doc", tmp_path / "noext", tmp_path / "none.txt"], ReadingConfig())
    assert [source.error.advice for source in found.sources] == [
        "save it as .docx or PDF",
        "use .txt .md .html .pdf .docx .jsonl .json .csv or .parquet",
        "check the name; it may have been moved while reading",
    ]


def test_an_empty_folder_is_noted(tmp_path):
    (tmp_path / "empty").mkdir()
    (problem,) = find_sources([tmp_path / "empty"], ReadingConfig()).problems
    assert (problem.problem, problem.severity) == ("no file in this folder", "note")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_in_a_circle_end_and_a_file_keeps_its_own_name(tmp_path):
    write(tmp_path, "z/real.txt")
    (tmp_path / "a").symlink_to(tmp_path / "z")
    (tmp_path / "z/up").symlink_to(tmp_path)
    (tmp_path / "z/self.txt").symlink_to("self.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "z/real.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    found = find_sources([tmp_path], ReadingConfig())
    shown = {os.path.relpath(source.source, tmp_path): source.error and source.error.problem for source in found.sources}
    assert shown == {"gone.txt": "is a link to nothing", "z/real.txt": None, "z/self.txt": "is a link to nothing"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert names(tmp_path) == []
    (source,) = find_sources([tmp_path / "pipe.txt"], ReadingConfig()).sources
    assert source.error.problem == "is not a regular file"


@pytest.fixture
def common_folder():
    """Give a folder anybody may read, and be an ordinary user while the test runs: root may list every folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="folders there are shut in another way")
def test_a_folder_that_may_not_be_listed_is_told(common_folder):
    (common_folder / "shut").mkdir(mode=0)
    write(common_folder, "a.txt")
    found = find_sources([common_folder], ReadingConfig())
    (common_folder / "shut").chmod(0o700)
    assert [(p.problem, p.severity) for p in found.problems] == [("permission denied", "failed")]
    assert len(found.sources) == 1


def test_ignore_files_count_below_their_folder(tmp_path):
    write(tmp_path, "drafts/a.txt", "keep.txt", "skip.txt", "sub/skip.txt", "sub/only.txt", "sub/deep/only.txt", "other/only.txt")
    (tmp_path / ".variorumignore").write_text("# drafts\ndrafts/\n/skip.txt\n", encoding="utf-8")
    (tmp_path / "sub/.variorumignore").write_text("only.txt\n!deep/only.txt\n", encoding="utf-8")
    assert names(tmp_path) == ["keep.txt", "other/only.txt", "sub/deep/only.txt", "sub/skip.txt"]


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("*.tmp", ["a.tmp", "b/c.tmp"], ["a.tmpx", "tmp"]),
        ("/a.txt", ["a.txt"], ["b/a.txt"]),
        ("a/b.txt", ["a/b.txt"], ["c/a/b.txt"]),
        ("a/**/z.txt", ["a/z.txt", "a/b/z.txt", "a/b/c/z.txt"], ["b/z.txt", "a/zz.txt"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("**/x", ["x", "a/b/x"], ["xx"]),
        ("?.txt", ["a.txt"], ["ab.txt", "/.txt"]),
        ("[a-c]1", ["b1"], ["d1"]),
        ("[!a-c]1", ["d1"], ["b1", "/1"]),
        ("[z-a]", [], ["z"]),
        ("\\#x", ["#x"], ["x"]),
        ("\\!x", ["!x"], ["x"]),
        ("a+(b).txt", ["a+(b).txt"], ["aab.txt"]),
        ("name  ", ["name"], ["name  "]),
    ],
)
def test_patterns_read_as_git_reads_them(pattern, fits, fits_not):
    rules = parse_rules(pattern)
    assert all(is_ignored(path, rules) for path in fits)
    assert not any(is_ignored(path, rules) for path in fits_not)


def test_the_last_pattern_decides_and_a_slash_at_the_end_means_folders():
    rules = parse_rules("*.txt\n!keep.txt\nbuild/")
    assert [is_ignored(p, rules) for p in ("a.txt", "keep.txt", "build")] == [True, False, False]
    assert is_ignored("build", rules, folder=True)


@given(st.text("a*?[]!/\\#. ", max_size=12), st.text("a/.", max_size=8))
def test_no_pattern_breaks(pattern, path):
    is_ignored(path, parse_rules(pattern))


def test_labels_are_unique_short_and_clean():
    sigla = Sigla(["old"])
    assert [sigla.claim("a"), sigla.claim("a"), sigla.claim("a"), sigla.claim("old")] == ["a", "a#2", "a#3", "old#2"]
    assert sigla.claim("a", "folder/a.txt") == "folder/a.txt"
    assert sigla.claim("a", "folder/a.txt") == "a#4"
    assert sigla.claim("", "") == "unnamed"
    assert clean_label(" x\ty\x00\u202e\ud800  z ") == "x y z"
    assert clean_label("می‌خواهم") == "می‌خواهم", "a joiner is part of the word"


@given(st.lists(st.tuples(st.text(st.characters(), max_size=6), st.text(max_size=3)), max_size=40), st.integers(1, 300))
def test_no_label_is_given_twice(wanted, width):
    sigla = Sigla()
    labels = [sigla.claim(text * width, other) for text, other in wanted]
    assert len(set(labels)) == len(labels)
    assert all(0 < len(label) <= LONGEST and label.isprintable() for label in labels if label.isascii())


def test_fifty_thousand_rows_of_one_id_take_no_quadratic_time():
    sigla = Sigla()
    assert [sigla.claim("same") for _ in range(50_000)][-1] == "same#50000"
