"""Collations for other programs: written, read by others, read back equal; hostile sigla and texts."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest
import teiphy
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import variorum
from kernel_cases import cases
from prose import Prose
from test_collating import make_versions, moved_pair
from variorum.cli import main
from variorum.collations import Collation
from variorum.errors import InputError, UsageError
from variorum.exporting.collatex import read_table
from variorum.exporting.tei import Edition, read_tei

SMALL = {"A": "The ferry must run at night.", "B": "The ferry should run at night.", "C": "The ferry should\nrun."}
HOSTILE = {'<"A" & \'x\'\n]]>': 'The ferry <must> run & "at" night\x00 \x0b.\r\nBy day too.', "1 é;'": "The ferry should run & at night\x01 by day ]]> too.", "_=1+1": "=The ferry <must> run at night\ufffe &amp; too."}
TEI = {"t": "http://www.tei-c.org/ns/1.0"}


def reread(collation: Collation) -> Edition:
    edition = read_tei(io.BytesIO(collation.to_tei().encode()))
    assert edition is not None
    return edition


def carried(collation: Collation) -> dict[str, str]:
    """By siglum: what of its text is collated."""
    return {m["siglum"]: collation.text(m["member"])[m["start"] : m["end"]] for m in collation.members.to_pylist() if m["related"]}


def fragments() -> dict[str, str]:
    prose = Prose(5)
    sentences = [prose.sentence() for _ in range(12)]
    return {"whole": " ".join(sentences), "end": " ".join(sentences[6:]), "begin": " ".join(sentences[:5]), "again": " ".join(sentences).replace(".", ";", 2)}


def examples() -> dict[str, dict[str, str]]:
    a, b, _ = moved_pair()
    return {"small": SMALL, "hostile": HOSTILE, "moved": {"A": a, "B": b, "C": a.replace(",", "")}, "fragments": fragments(), "empty": {"A": "", **SMALL, "B": ""}, "many": make_versions(4, 8)}


@pytest.fixture(params=list(examples()))
def collation(request: pytest.FixtureRequest) -> Collation:
    return variorum.collate(examples()[request.param])


def test_tei_is_read_back_equal(collation: Collation) -> None:
    assert reread(collation).texts == carried(collation)


def test_a_small_edition_by_eye() -> None:
    text = variorum.collate(SMALL).to_tei()
    assert text[text.index("<p xml") : text.index("</p>\n</body>")] == (
        '<p xml:space="preserve">The ferry <app n="1"><rdg n="0" wit="#wit.A">must </rdg><rdg n="1" wit="#wit.B">should </rdg><rdg n="1.1" type="orthographic" wit="#wit.C">should\n</rdg></app>'
        '<app n="2"><rdg n="0" wit="#wit.A #wit.B">run </rdg><rdg n="0.1" type="orthographic" wit="#wit.C">run</rdg></app>'
        '<app n="3"><rdg n="0" wit="#wit.A #wit.B">at night</rdg><rdg n="1" wit="#wit.C"></rdg></app>.'
    )


def test_tei_is_read_alike_by_another_program(collation: Collation) -> None:
    """teiphy (MIT) finds our members, the loci with two readings or more, and who has which reading there; what is missing is missing."""
    text = collation.to_tei()
    found = teiphy.Collation(etree.ElementTree(etree.fromstring(text.encode())), trivial_reading_types=["orthographic"])
    related = [m for m in collation.members.to_pylist() if m["related"]]
    readings = {(r["locus"], r["member"]): r["reading"] for r in collation.readings.to_pylist()}
    varied = [row["locus"] for row in collation.loci.to_pylist() if row["n_readings"] > 1]
    assert len(found.witnesses) == len(related)
    units = [k for k, unit in enumerate(found.variation_unit_ids) if unit in {str(locus) for locus in varied}]
    assert [found.variation_unit_ids[k] for k in units] == [str(locus) for locus in varied]
    for member, witness in zip(related, found.witnesses, strict=True):
        support = found.readings_by_witness[witness.id]
        for k, locus in zip(units, varied, strict=True):
            held = [name for name, share in zip(found.substantive_readings_by_variation_unit_id[str(locus)], support[k], strict=True) if share]
            mine = readings[locus, member["member"]]
            assert held == ([] if mine is None else [str(mine)])


def test_moved_blocks_and_fragments_are_marked() -> None:
    moved = etree.fromstring(variorum.collate(examples()["moved"]).to_tei().encode())
    anchors = moved.xpath("//t:anchor/@xml:id", namespaces=TEI)
    assert anchors
    assert {f"#{a}" for a in anchors} == set(moved.xpath("//t:rdg/@corresp", namespaces=TEI))
    torn = etree.fromstring(variorum.collate(fragments()).to_tei().encode())
    assert torn.xpath("//t:rdg[t:witStart]/@wit", namespaces=TEI) == ["#wit.end"]
    assert torn.xpath("//t:rdg[t:witEnd]/@wit", namespaces=TEI) == ["#wit.begin"]


def test_dates_become_attributes(tmp_path: Path) -> None:
    lines = [{"id": k, "text": SMALL[s], "date": d} for k, s, d in (("a", "A", "2024-03-29"), ("b", "B", "2024-03/2024-04"), ("c", "C", None))]
    (tmp_path / "s.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    text = variorum.collate([tmp_path / "s.jsonl"]).to_tei()
    assert '<origDate when="2024-03-29">' in text
    assert '<origDate notBefore="2024-03" notAfter="2024-04">' in text
    edition = read_tei(io.BytesIO(text.encode()))
    assert edition is not None
    assert list(edition.dates.values()) == ["2024-03-29", "2024-03/2024-04", None]


def test_tei_that_is_damaged() -> None:
    text = variorum.collate(examples()["moved"]).to_tei()
    with pytest.raises(InputError, match="which is not listed"):
        read_tei(io.BytesIO(text.replace('wit="#wit.A', 'wit="#nobody').encode()))
    with pytest.raises(InputError, match="no anchor"):
        read_tei(io.BytesIO(text.replace('<anchor xml:id="moved1"/>', "").encode()))
    assert read_tei(io.BytesIO(b"<TEI/>")) is None
    assert read_tei(io.BytesIO(b"<<")) is None


@pytest.mark.parametrize("vertical", [False, True])
def test_a_table_of_collatex_is_read_back_equal(collation: Collation, vertical: bool) -> None:
    rows = read_table(collation.to_collatex(vertical=vertical))
    related = [m for m in collation.members.to_pylist() if m["related"]]
    assert list(rows) == [m["siglum"] for m in related]
    for m in related:
        mine = {t["column"]: t["token"] for t in collation.tokens.to_pylist() if t["member"] == m["member"]}
        assert {c: cell[0]["i"] for c, cell in enumerate(rows[m["siglum"]]) if cell} == mine
        tokens = sorted((cell[0] for cell in rows[m["siglum"]] if cell), key=lambda t: t["i"])
        assert "".join(t["t"] for t in tokens) == carried(collation)[m["siglum"]]


@pytest.mark.parametrize("table", [[[]], [[None], [None]], [None], [[[{"n": "x"}]]], [[3], [3], [3]]])
def test_a_table_that_is_none(table: Any) -> None:
    with pytest.raises(InputError, match=r"table|cell"):
        read_table({"witnesses": ["A", "B", "C"], "table": table})


@cases(25)
@given(st.integers(0, 10_000), st.integers(2, 6), st.text(max_size=20), st.text(st.characters(codec="utf-8"), min_size=1, max_size=6))
def test_round_trips_of_any_versions(seed: int, n: int, odd: str, siglum: str) -> None:
    texts = make_versions(seed, n, 60)
    texts["v1"] = texts["v1"][:100] + odd.encode("utf-8", "replace").decode() + texts["v1"][100:]
    texts[siglum] = texts.pop("v0")
    collation = variorum.collate(texts)
    assert reread(collation).texts == carried(collation)
    for vertical in (False, True):
        rows = read_table(collation.to_collatex(vertical=vertical))
        assert {s: "".join(t["t"] for t in sorted((c[0] for c in row if c), key=lambda t: t["i"])) for s, row in rows.items()} == carried(collation)


def test_the_variant_graph_is_walked_by_another_reader(collation: Collation) -> None:
    graph = networkx.parse_graphml(collation.to_graphml(), force_multigraph=True)
    tokens = collation.tokens.to_pylist()
    for m in collation.members.to_pylist():
        if not m["related"]:
            continue
        name, at, words = " ".join(m["siglum"].split()), "start", []
        while at != "end":
            at = next(b for _, b, data in graph.out_edges(at, data=True) if data["type"] == "way" and name in data["way"].split("\n"))
            words.append(graph.nodes[at].get("locus"))
        mine = [t["locus"] for t in tokens if t["member"] == m["member"]]
        assert words[:-1] == [locus for k, locus in enumerate(mine) if k == 0 or mine[k - 1] != locus]


def test_matrices_hold_the_readings(collation: Collation) -> None:
    lines = collation.to_phylip().splitlines()
    n_members, n_loci = map(int, lines[0].split())
    states = [line.split(" ")[1] for line in lines[1:]]
    assert len(states) == n_members
    varied = {row["locus"] for row in collation.loci.to_pylist() if row["n_readings"] > 1}
    assert n_loci == len(varied)
    related = [m["member"] for m in collation.members.to_pylist() if m["related"]]
    readings = {(r["locus"], r["member"]): r["reading"] for r in collation.readings.to_pylist()}
    for k, locus in enumerate(sorted(varied)):
        for one, a in zip(related, states, strict=True):
            assert (a[k] == "?") == (readings[locus, one] is None)
            for other, b in zip(related, states, strict=True):
                if "?" not in (a[k], b[k]):
                    assert (a[k] == b[k]) == (readings[locus, one] == readings[locus, other])
    rows = list(csv.reader(io.StringIO(collation.to_distances())))
    values = np.array([[float(cell or "nan") for cell in row[1:]] for row in rows[1:]])
    for i, a in enumerate(states):
        for j, b in enumerate(states):
            both = [(x, y) for x, y in zip(a, b, strict=True) if "?" not in (x, y)]
            assert values[i, j] == pytest.approx(sum(x != y for x, y in both) / len(both), abs=1e-6) if both else n_loci == 0 or np.isnan(values[i, j])


def test_nexus_by_eye() -> None:
    assert variorum.collate({"A": SMALL["A"], "it's [B]": SMALL["B"]}).to_nexus() == (
        "#NEXUS\n\nBEGIN TAXA;\n  DIMENSIONS NTAX=2;\n  TAXLABELS 'A' 'it''s [B]';\nEND;\n\nBEGIN CHARACTERS;\n  DIMENSIONS NCHAR=1;\n"
        '  FORMAT DATATYPE=STANDARD MISSING=? SYMBOLS="0123456789ABCDEFGHIJKLMNOPQRSTUV";\n'
        "  CHARSTATELABELS\n    1 'locus 1' / 'must' 'should';\n  MATRIX\n    'A' 0\n    'it''s [B]' 1\n  ;\nEND;\n"
    )


def test_more_readings_than_states() -> None:
    texts = {f"w{k}": f"The long ferry across the bay must run {Prose(k).sentence().split()[0]}{k} times at night and by day" for k in range(40)}
    text = variorum.collate(texts).to_nexus()
    assert "[8 rare readings beyond 32 at one locus are written ?]" in text
    assert text.count(" ?\n") == 8


def test_csv_is_safe_and_whole() -> None:
    collation = variorum.collate(HOSTILE)
    rows = list(csv.reader(io.StringIO(collation.to_csv(), newline="")))
    assert len(rows) == len(collation.loci.to_pylist()) + 1
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_all_formats_from_the_command_line(tmp_path: Path) -> None:
    for name, text in SMALL.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    files = [str(tmp_path / f"{name}.txt") for name in SMALL]
    forms = {"collatex-json": "t.json", "tei": "e.xml", "graphml": "g.graphml", "nexus": "n.nex", "phylip": "p.phy", "distances": "d.csv", "csv": "c.csv"}
    words = [word for form, name in forms.items() for word in (f"--{form}", str(tmp_path / name))]
    result = CliRunner().invoke(main, ["collate", *files, "--vertical", *words], catch_exceptions=False)
    assert result.exit_code == 0
    assert all((tmp_path / name).stat().st_size for name in forms.values())
    for name in ("e.xml", "t.json"):
        back = CliRunner().invoke(main, ["collate", str(tmp_path / name), "--csv", "-"], catch_exceptions=False)
        assert back.stdout == (tmp_path / "c.csv").read_text(encoding="utf-8")
    result = CliRunner().invoke(main, ["collate", *files, "--tei", "-", "--csv", "-"])
    assert result.exit_code == 2
    assert "two formats go to standard output" in result.stderr
    with pytest.raises(UsageError, match="no format 'pdf'"):
        variorum.collate(SMALL).stream("pdf")
