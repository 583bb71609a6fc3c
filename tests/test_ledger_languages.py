"""French and Spanish statements with their marks, and what only these languages say that way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ledger_statements
import variorum
from variorum.ledger.languages import load_language
from variorum.ledger.registry import TYPES
from variorum.ledger.rules import rules_of

HERE = Path(__file__).parent

FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))["ledger"]["statements"]


def find(text, lang, kind, grade="B"):
    return variorum.ledger(text, lang=lang, grade=grade, types=[kind]).to_pylist()


@pytest.mark.parametrize("code", ["fr", "es"])
def test_marked_statements_keep_their_floors(code):
    statements = ledger_statements.read_statements(HERE / f"gold/statements.{code}.txt")
    entries = {s.name: variorum.ledger(s.text, lang=code).to_pylist() for s in statements}
    counts = ledger_statements.score_statements(statements, entries)
    for kind, floor in FLOORS.items():
        both = [c for (_, marked), c in counts.items() if marked == kind]
        f1 = 2 * sum(c.n_right for c in both) / sum(c.n_gold + c.n_found for c in both)
        assert f1 >= floor, (kind, f1, [line for c in both for line in c.wrong])


@pytest.mark.parametrize("code", ["fr", "es"])
def test_what_no_finds_were_read_of_has_no_grade_a(code):
    language = load_language(code)
    measured = {"figure", "date", "quotation"}
    assert {rule.grade for kind in TYPES.values() if kind.name not in measured for rule in rules_of(kind, language)} <= {"B", "C"}


@pytest.mark.parametrize(
    ("code", "text", "source", "content"),
    [
        ("fr", "« Le quai est sûr », a-t-elle ajouté.", "elle", "« Le quai est sûr »"),
        ("fr", "Le quai est sûr, dit-il.", "il", "Le quai est sûr"),
        ("fr", "Le conseil nous dit que le quai est sûr.", "Le conseil", "que le quai est sûr"),
        ("fr", "Selon les règles de la commission, le quai est sûr.", None, None),
        ("es", "Según afirman los vecinos, el muelle es seguro.", "los vecinos", "el muelle es seguro"),
        ("es", "El muelle es seguro. Indicó que el barco saldrá.", None, "que el barco saldrá"),
        ("es", "«No hay barco», agregó.", None, "«No hay barco»"),
        ("es", "«No hay barco», dijo Vega, quien añadió que el muelle es seguro.", "Vega", "«No hay barco»"),
    ],
)
def test_whose_word_it_is(code, text, source, content):
    rows = find(text, code, "attribution")
    assert (rows[0]["source"], rows[0]["content"]) == (source, content) if content else not rows


@pytest.mark.parametrize(
    ("code", "text", "names"),
    [
        ("fr", "Le ministère de l'Économie et des Finances et la Ligue des usagers de la baie écrivent.", ["ministère de l'Économie et des Finances", "Ligue des usagers"]),
        ("fr", "Le Syndicat des marins (SDM) écrit. Le SDM attend.", ["Syndicat des marins", "SDM", "SDM"]),
        ("es", "El Consejo Regional publica sus cuentas con las Naciones Unidas.", ["Consejo Regional", "Naciones Unidas"]),
        ("es", "La Cámara de Comercio de Valmonte y el ministerio callan.", ["Cámara de Comercio de Valmonte"]),
    ],
)
def test_names_whose_head_comes_first(code, text, names):
    assert [row["quote"] for row in find(text, code, "name")] == names


def test_what_we_shall_do_is_announced_by_the_ending_of_the_verb():
    assert [row["verb"] for row in find("Nous publierons nos mesures. Nous serons heureux. Nous admirons la mer.", "fr", "action")] == ["publierons"]
    assert [row["verb"] for row in find("Publicaremos las cuentas. Queremos el muelle. Seremos felices.", "es", "action")] == ["publicaremos"]


@pytest.mark.parametrize(("code", "text", "counted"), [("fr", "Plus de 40 000 habitants empruntent le bac.", "habitants"), ("es", "Unos 300 vecinos usan el barco.", "vecinos"), ("es", "Salen 12 barcos nuevos cada día.", "barcos nuevos"), ("fr", "Ils ont 3 porte-voix rouges.", "porte-voix rouges")])
def test_what_is_counted_ends_before_the_verb(code, text, counted):
    assert [row["counted"] for row in find(text, code, "figure")] == [counted]
