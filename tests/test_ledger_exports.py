"""The ledger's exports, each read back by a reader written from its specification and not from the writer."""

from __future__ import annotations

import itertools
import json
import re
from hashlib import sha256

import jsonschema
import pytest
from click.testing import CliRunner

import variorum
import zoo
from variorum.cli import main
from variorum.exporting.brat import export_brat
from variorum.exporting.claims import stream_claims
from variorum.exporting.webannotations import AROUND, stream_annotations
from variorum.ledger.schemas import make_schema

TEXT = (
    "The Harbour Union publishes here the statement of the crews.\n\n"
    "More than 40,000 islanders travel by ferry, and more \n100,000 have signed since the 4th of March 2024.\tNearly half\n"
    "a million trips — 60\u00a0% of them by night 🚢 — were made,\nsome 2,000 by \u202bسفينة\u202c. About 30 boats lay idle.\n"
)


def state(text, siglum="crews", **about):
    """A statement and its entries as the commands have them."""
    statement = {"siglum": siglum, "source": f"letters/{siglum}.txt", "place": None, "title": None, "series": None, "date": None, "text": text, **about}
    rows = variorum.ledger(text, grade="C", date=statement["date"]).to_pylist()
    return statement, [{"file": statement["source"], "statement": siglum, "place": None, "date_of_statement": None, **row} for row in rows]


# -- JSON lines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TEXT, *zoo.TEXTS.values()])
def test_every_line_is_valid_by_the_published_schema(text):
    validator = jsonschema.Draft202012Validator(make_schema())
    for row in state(text)[1]:
        validator.validate(json.loads(json.dumps(row)))


def test_the_schema_refuses_what_is_no_entry():
    validator = jsonschema.Draft202012Validator(make_schema())
    row = state(TEXT)[1][0]
    assert not validator.is_valid({**row, "grade": "D"})
    assert not validator.is_valid({name: value for name, value in row.items() if name != "quote"})
    assert not validator.is_valid({**row, "sentence": [1]})


def test_the_sentence_holds_the_start_of_its_entry():
    statement, rows = state(TEXT)
    for row in rows:
        start, end = row["sentence"]
        assert start <= row["start"] < end
    first = next(row for row in rows if row["quote"] == "More than 40,000")
    assert statement["text"][slice(*first["sentence"])].startswith("More than 40,000 islanders")
    assert statement["text"][slice(*first["sentence"])].endswith("2024.")


# -- brat ------------------------------------------------------------------------------------------------------------


def read_brat(folder, name):
    """Read a document as brat's server does: one annotation a line, the words checked against the text."""
    text = (folder / f"{name}.txt").read_bytes().decode("utf-8")
    marks, relations, attributes, notes = {}, [], [], {}
    for line in (folder / f"{name}.ann").read_text(encoding="utf-8").splitlines():
        ident, data, *tail = line.split("\t", 2)
        if ident[0] == "T":
            kind, places = data.split(" ", 1)
            spans = [tuple(map(int, place.split(" "))) for place in places.split(";")]
            assert all(0 <= a < b <= len(text) for a, b in spans)
            assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
            assert " ".join(text[a:b] for a, b in spans) == tail[0]
            assert ident not in marks
            marks[ident] = (kind, spans)
        elif ident[0] == "R":
            role, first, second = data.split(" ")
            relations.append((role, first.removeprefix("Arg1:"), second.removeprefix("Arg2:")))
        elif ident[0] == "A":
            attributes.append(tuple(data.split(" ")))
        elif ident[0] == "#":
            kind, of = data.split(" ")
            assert kind == "AnnotatorNotes"
            notes[of] = json.loads(tail[0])
        else:
            raise AssertionError(line)
    assert all(a in marks and b in marks for _, a, b in relations)
    assert all(of in marks for _, of, *_ in attributes)
    return text, marks, relations, attributes, notes


def read_configuration(path):
    sections, section = {}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if found := re.fullmatch(r"\[(\w+)\]", line):
            section = sections.setdefault(found[1], [])
        elif line:
            assert section is not None
            section.append(re.split(r"[\t ]", line, maxsplit=1))
    return sections


@pytest.mark.parametrize("text", [TEXT, *zoo.TEXTS.values()])
def test_brat_is_read_back(text, tmp_path):
    text = text.encode("utf-8", "replace").decode()
    statement, rows = state(text)
    assert export_brat([(statement, rows)], tmp_path) == 1
    held, marks, relations, attributes, notes = read_brat(tmp_path, "crews")
    assert held == text
    entries = [name for name in marks if name in notes]
    assert [notes[name]["entry"] for name in entries] == [row["entry"] for row in rows]
    for name, row in zip(entries, rows, strict=True):
        kind, spans = marks[name]
        assert kind == row["type"]
        assert (spans[0][0], spans[-1][1]) == (row["start"], row["end"])
        parts = sorted((role, marks[other][1][0][0], marks[other][1][-1][1]) for role, of, other in relations if of == name and other not in notes)
        assert parts == sorted((role, *span) for role, places in row["parts"].items() for span in places)
        links = sorted((role, notes[other]["entry"]) for role, of, other in relations if of == name and other in notes)
        assert links == sorted((role, other) for role, others in row["links"].items() for other in others)
        assert ("grade", name, row["grade"]) in attributes


def test_brat_knows_every_name(tmp_path):
    export_brat([state(TEXT), state("We count 12 boats on Tuesday.", "Crews"), state("Nothing.", "a/b c")], tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["Crews_2.ann", "Crews_2.txt", "a_b_c.ann", "a_b_c.txt", "annotation.conf", "crews.ann", "crews.txt"]
    known = read_configuration(tmp_path / "annotation.conf")
    assert list(known) == ["entities", "relations", "events", "attributes"]
    values = dict(known["attributes"])
    for name in ("crews", "Crews_2"):
        _, marks, relations, attributes, _ = read_brat(tmp_path, name)
        assert {kind for kind, _ in marks.values()} <= {row[0] for row in known["entities"]}
        for role, a, b in relations:
            assert [role, f"Arg1:{marks[a][0]}, Arg2:{marks[b][0]}"] in known["relations"]
        for kind, of, *value in attributes:
            on, *choices = values[kind].split(", ")
            assert marks[of][0] in on.removeprefix("Arg:").split("|")
            assert not value or value[0] in choices[0].removeprefix("Value:").split("|")


def test_one_file_of_brat_takes_one_statement(tmp_path):
    (tmp_path / "a.txt").write_text("We count 12 boats.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("We count 13 boats.", encoding="utf-8")
    done = CliRunner().invoke(main, ["ledger", str(tmp_path / "a.txt"), "--brat", str(tmp_path / "out/x.ann")])
    assert done.exit_code == 0
    assert read_brat(tmp_path / "out", "x")[1]["T1"] == ("figure", [(9, 11)])
    done = CliRunner().invoke(main, ["ledger", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--brat", str(tmp_path / "out/y.ann")])
    assert done.exit_code == 2
    assert "name a folder" in done.stderr


# -- Web Annotation --------------------------------------------------------------------------------------------------

ANNOTATION = {
    "type": "object",
    "required": ["id", "type", "motivation", "target", "body"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "format": "uri"},
        "type": {"const": "Annotation"},
        "motivation": {"enum": ["assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying", "linking", "moderating", "questioning", "replying", "reviewing", "tagging"]},
        "body": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type"],
                "additionalProperties": False,
                "properties": {"type": {"enum": ["TextualBody", "SpecificResource"]}, "purpose": {"enum": ["tagging", "describing", "linking"]}, "value": {"type": "string"}, "format": {"type": "string"}, "source": {"type": "string"}},
            },
        },
        "target": {
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "required": ["type", "source", "selector"],
                    "additionalProperties": False,
                    "properties": {
                        "type": {"const": "SpecificResource"},
                        "source": {"type": "object", "required": ["id", "type", "sha256"], "properties": {"id": {"type": "string"}, "type": {"const": "Text"}, "format": {"const": "text/plain"}, "sha256": {"pattern": "^[0-9a-f]{64}$"}, "language": {"type": "string"}}, "additionalProperties": False},
                        "selector": {
                            "type": "array",
                            "minItems": 2,
                            "items": {
                                "oneOf": [
                                    {"type": "object", "required": ["type", "start", "end"], "additionalProperties": False, "properties": {"type": {"const": "TextPositionSelector"}, "start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 1}}},
                                    {"type": "object", "required": ["type", "exact"], "additionalProperties": False, "properties": {"type": {"const": "TextQuoteSelector"}, "exact": {"type": "string", "minLength": 1}, "prefix": {"type": "string"}, "suffix": {"type": "string"}}},
                                ]
                            },
                        },
                    },
                },
            ]
        },
    },
}
"""An annotation by the Recommendation (sections 3 and 4), only the terms that its context defines."""


@pytest.mark.parametrize("text", [TEXT, *zoo.TEXTS.values()])
def test_web_annotations_are_read_back(text):
    statement, rows = state(text)
    found = json.loads("".join(stream_annotations([(statement, rows)])))
    assert found["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert found["type"] == "AnnotationCollection"
    items = found["first"]["items"]
    assert found["total"] == len(items)
    assert len({item["id"] for item in items}) == len(items)
    validator = jsonschema.Draft202012Validator(ANNOTATION)
    places = []
    for item in items:
        validator.validate(item)
        if item["motivation"] == "linking":
            assert item["target"] in {other["id"] for other in items}
            continue
        position, words = item["target"]["selector"]
        start, end = position["start"], position["end"]
        assert words["exact"] == text[start:end]
        assert words["prefix"] == text[max(0, start - AROUND) : start]
        assert words["suffix"] == text[end : end + AROUND]
        assert item["target"]["source"]["sha256"] == sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if item["motivation"] == "describing":
            places.append((item["body"][0]["value"], start, end))
            assert json.loads(item["body"][1]["value"])["rule"]
    assert places == [(row["type"], row["start"], row["end"]) for row in rows]


def test_sources_are_iris():
    statement, rows = state("We count 12 boats.", "a b", source="letters/a b#1.jsonl", place="line 3")
    (first, *_) = json.loads("".join(stream_annotations([(statement, rows)])))["first"]["items"]
    assert first["target"]["source"]["id"] == "letters/a%20b%231.jsonl#line%203"


# -- claims ----------------------------------------------------------------------------------------------------------


def test_claims_say_who_what_where_and_when():
    stated = state(TEXT, series="Harbour Union", date="2024-03-29")
    found = json.loads("".join(stream_claims([stated])))
    assert found["@context"] == "https://schema.org"
    claims = found["@graph"]
    assert len(claims) == sum(row["type"] in ("figure", "attribution", "demand") for row in stated[1])
    claim = next(c for c in claims if c["abstract"] == "More than 40,000")
    assert claim["@type"] == "Claim"
    assert claim["text"] == "More than 40,000 islanders travel by ferry, and more 100,000 have signed since the 4th of March 2024."
    assert claim["about"] == {"@type": "QuantitativeValue", "name": "islanders", "minValue": 40_000}
    assert claim["author"] == {"@type": "Organization", "name": "Harbour Union"}
    assert claim["datePublished"] == claim["appearance"]["datePublished"] == "2024-03-29"
    assert claim["appearance"]["@id"] == "letters/crews.txt"


def test_a_claim_is_that_of_its_source():
    statement, rows = state("About 30 boats lay idle, said the harbour master.", series="Harbour Union")
    rows = [row for row in rows if row["type"] == "figure"]
    source = {**rows[0], "entry": "f" * 12, "type": "attribution", "source": "the harbour master", "links": {}}
    rows[0]["links"] = {"attribution": ["f" * 12]}
    claims = json.loads("".join(stream_claims([(statement, [*rows, source])])))["@graph"]
    assert [claim["author"]["name"] for claim in claims] == ["the harbour master", "the harbour master"]
    rows[0]["links"], rows[0]["voice"] = {}, "reported"
    (claim,) = json.loads("".join(stream_claims([(statement, rows)])))["@graph"]
    assert "author" not in claim  # said by another whom nobody names


# -- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--web-annotation", "--claims"])
def test_forms_go_to_a_file_or_to_standard_output(option, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    shown = CliRunner().invoke(main, ["ledger", str(tmp_path / "a.txt"), option, "-"])
    done = CliRunner().invoke(main, ["ledger", str(tmp_path / "a.txt"), option, str(tmp_path / "out.json")])
    assert (shown.exit_code, done.exit_code) == (0, 0)
    assert json.loads(shown.stdout) == json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))


def test_a_device_is_written_to_and_not_replaced(tmp_path):
    import os

    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    link = tmp_path / "null"
    link.symlink_to(os.devnull)
    assert CliRunner().invoke(main, ["ledger", str(tmp_path / "a.txt"), "--claims", str(link)]).exit_code == 0
    assert link.is_symlink()


def test_one_form_at_a_time(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = CliRunner().invoke(main, ["ledger", str(tmp_path / "a.txt"), "--claims", "-", "--json"])
    assert done.exit_code == 2
    assert "one form at a time" in done.stderr
