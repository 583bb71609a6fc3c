"""Odd inputs through `variorum lineage`: an answer or one clear line, in every format, and never a wrong arrow."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import zoo
from test_lineages import copy, make_text
from variorum.cli import main

FORMS = ("dot", "newick", "nexus", "graphml", "gexf", "csv", "svg", "html")


def run(folder: Path, texts: dict[str, str], *more: str) -> Result:
    """What the command says of some texts."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_bytes(text.encode("utf-8", "surrogatepass"))
    done = CliRunner().invoke(main, ["lineage", *(str(folder / f"{name}.txt") for name in texts), *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def links(done: Result) -> dict[tuple[str, str], dict[str, Any]]:
    found = json.loads(done.stdout)
    labels = [row["label"] for row in found["stemma"]]
    return {(labels[row["parent"]], labels[row["child"]]): row for row in found["links"]}


@pytest.mark.parametrize("name", zoo.TEXTS)
def test_each_odd_text_beside_its_like(name: str, tmp_path: Path) -> None:
    text = zoo.TEXTS[name]
    texts = {"a": text, "b": text, "c": f"{text} And the village joins them on the quay.", "d": text[: len(text) // 2]}
    done = run(tmp_path, texts, "--json")
    assert done.exit_code in (0, 2, 3)
    if not done.stdout:
        (line,) = done.stderr.strip().splitlines()[-1:]
        assert line.startswith("variorum: error:")
        return
    for link in links(done).values():
        assert not (link["kind"] == "same text" and link["decided"])  # nothing is dated
    files = [tmp_path / f"out.{form}" for form in FORMS]
    written = run(tmp_path, texts, *(part for form, file in zip(FORMS, files, strict=True) for part in (f"--{form}", str(file))))
    assert written.exit_code == done.exit_code
    for form, file in zip(FORMS, files, strict=True):
        made = file.read_text(encoding="utf-8")
        assert made.strip()
        if form in ("graphml", "gexf", "svg"):
            ElementTree.fromstring(made.encode())
        assert "<script" not in made or form == "csv"


def test_texts_without_words_are_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, {"a": "", "b": " \n"})
    assert done.exit_code == 2
    assert done.stderr.strip().splitlines()[-1] == "variorum: error: there are no words in any of the texts; a lineage needs two texts with words"


@pytest.mark.parametrize("label", ["ـ".join("اتحاد"), "港口工人工会", "union\u202eeert", "<b>&\"'", "a,b;(c)[d]:e", "x" * 120, "-", "=1+1"])
def test_odd_names_of_files(label: str, tmp_path: Path) -> None:
    words = make_text(1)
    texts = {label: " ".join(words), "b": " ".join(copy(words, 1)), "c": " ".join(copy(words, 2))}
    (tmp_path / "dates.csv").write_text(f'siglum,date\n"{label.replace(chr(34), chr(34) * 2)}",2024-03-01\nb,2024-03-02\nc,2024-03-03\n', encoding="utf-8")
    done = run(tmp_path, texts, "--dates", str(tmp_path / "dates.csv"), "--json")
    assert done.exit_code == 0
    siglum = label.replace("\u202e", "")
    assert set(links(done)) == {(siglum, "b"), (siglum, "c")}
    drawn = run(tmp_path, texts, "--dates", str(tmp_path / "dates.csv"), "--svg", "-").stdout
    root = ElementTree.fromstring(drawn.encode())
    assert any(siglum[:8] in (text.text or "") for text in root.iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize("dates", [None, "2024-03-01", "2024-02-30", "before the war"])
@pytest.mark.parametrize("n", [2, 5])
def test_equal_texts_without_an_order_of_dates_have_none(n: int, dates: str | None, tmp_path: Path) -> None:
    texts = dict.fromkeys("abcde"[:n], zoo.STATEMENT * 3)
    (tmp_path / "dates.csv").write_text("siglum,date\n" + "".join(f"{name},{dates}\n" for name in texts if dates), encoding="utf-8")
    done = run(tmp_path, texts, "--dates", str(tmp_path / "dates.csv"), "--json")
    assert done.exit_code == (3 if dates in ("2024-02-30", "before the war") else 0)
    found = links(done)
    assert len(found) == n - 1
    assert all(link["kind"] == "same text" and not link["decided"] for link in found.values())
    assert all("no order" in link["words"] for link in found.values())
    assert "->" not in "".join(line for line in run(tmp_path, texts, "--dot", "-").stdout.splitlines() if 'dir="none"' not in line)


def test_two_that_differ_and_bear_one_date_have_no_arrow(tmp_path: Path) -> None:
    words = make_text(4)
    (tmp_path / "dates.csv").write_text("siglum,date\na,2024-03-01\nb,2024-03-01\n", encoding="utf-8")
    texts = {"a": " ".join(words), "b": " ".join(copy(words, 1))}
    (link,) = links(run(tmp_path, texts, "--dates", str(tmp_path / "dates.csv"), "--json")).values()
    assert not link["decided"]
    assert link["kind"] == "cannot tell"


def test_readings_that_go_round_in_a_ring_are_no_ring_of_links(tmp_path: Path) -> None:
    """Each of six shares a change with the next one, the last with the first: no tree holds all of that, and what is given is one, with an open direction."""
    words = make_text(6)
    places = random.Random(1).sample(range(len(words)), 36)
    texts = {}
    for member in range(6):
        own = list(words)
        for step in (member, (member + 1) % 6):
            for place in places[6 * step : 6 * step + 6]:
                own[place] = f"ring{step}"
        texts[f"m{member}"] = " ".join(own)
    found = links(run(tmp_path, texts, "--json"))
    children = [child for _, child in found]
    assert len(children) == len(set(children))
    assert not any(link["decided"] and link["support"] > 0.9 and not parent.startswith("lost") for (parent, _), link in found.items())
