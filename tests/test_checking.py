"""Figures against a table: periods, tables, mappings, intervals, vintages, the command, and the page's example as it stands there."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import variorum
from variorum.checking.intervals import ANSWERS, CONSISTENT, LOOSE, NO_DATA, NOT_COMPARABLE, OUTSIDE, ROUNDING, Stated, compare_intervals
from variorum.checking.mappings import read_mapping
from variorum.checking.observations import read_observations
from variorum.checking.periods import read_period
from variorum.cli import main
from variorum.errors import UsageError

PAGE = (Path(__file__).parent.parent / "docs/checking.md").read_text(encoding="utf-8")
PLAIN = "time,value,low,high,published\n2024-01,41000,39000,43000,2024-02-20\n2024-02,42000,40000,44000,2024-03-20\n2024-02,37500,37000,38000,2024-05-10\n2024-03,43000,41000,45000,2024-04-20\n"


def write(folder, **files):
    paths = []
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def answer(folder, text, table, mapping=None, date="2024-03-29", **options):
    """The rows of a check of one text."""
    letter, series = write(folder, letter_txt=text, series_csv=table)
    return variorum.check(letter, series, mapping or {"counted": "islanders"}, date=date, **options).to_pylist()


# -- periods ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024Q4", "2024-10-01", "2024-12-31"),
        ("2024-S2", "2024-07-01", "2024-12-31"),
        ("2024-T3", "2024-09-01", "2024-12-31"),
        ("2024-M12", "2024-12-01", "2024-12-31"),
        ("2024-A1", "2024-01-01", "2024-12-31"),
        ("2024-W05", "2024-01-29", "2024-02-04"),
        ("2024-D060", "2024-02-29", "2024-02-29"),
        ("2024-03-29", "2024-03-29", "2024-03-29"),
        ("2024-03-29T10:00:00", "2024-03-29", "2024-03-29"),
        ("March 2024", "2024-03-01", "2024-03-31"),
        ("2024-01-01/P3M", "2024-01-01", "2024-03-31"),
        ("2024-01-01/2024-02-15", "2024-01-01", "2024-02-15"),
        ("2024-01-31/P1W", "2024-01-31", "2024-02-06"),
    ],
)
def test_periods(text, first, last):
    assert read_period(text) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "soon", "2024-Q5", "2024-W60", "2024-D400", "2024-13", "2024-00-00", "2024-02/2023-02", "9999-12-31/P3M", "2024-01-01/P0D", "0000"])
def test_what_is_no_period(text):
    assert read_period(text) is None


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_none(text):
    found = read_period(text)
    assert found is None or found[0] <= found[1]


# -- tables ----------------------------------------------------------------------------------------------------------

SDMX = "DATAFLOW,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS\nX,NH,TRIPS,2024-Q1,42.5,NUMBER,3,P\nX,NH,TRIPS,2024-Q2,,NUMBER,3,M\nX,SH,TRIPS,2024-Q1,7,NUMBER,3,A\n"


def test_sdmx_columns_are_known(tmp_path):
    (path,) = write(tmp_path, t_csv=SDMX)
    found = read_observations(path)
    assert found.problems == []
    first, missing, other = found.rows
    assert (first.value, first.low, first.unit, first.status) == (42_500, 42_500, "NUMBER", "provisional")
    assert (missing.value, missing.status) == (None, None)
    assert found.select({"ref_area": "sh"}) == [other]
    assert first.names == {"dataflow": "X", "ref_area": "NH", "indicator": "TRIPS"}


def test_a_table_of_a_spreadsheet_with_decimal_commas(tmp_path):
    (path,) = write(tmp_path, t_csv="\ufeffYear;Value;Low;High\n2023;1 234,5;1200;1300\n\n2024;7;;\n")
    assert [(row.period, row.value, row.low, row.high) for row in read_observations(path).rows] == [("2023", 1234.5, 1200, 1300), ("2024", 7, 7, 7)]


def test_rows_that_cannot_be_read_are_named(tmp_path):
    (path,) = write(tmp_path, t_csv="time,value,low,high,published\nsoon,1,,,\n2024,x,,,\n2024,5,6,7,\n2024,5,,,when\n2024,5,,,2024-02\n")
    found = read_observations(path)
    assert [row.published for row in found.rows] == [dt.date(2024, 2, 29)]
    assert [re.sub(r".*line (\d): (\w+ \w+).*", r"\1 \2", line) for line in found.problems] == ["2 no period", "3 no number", "4 the value", "5 no date"]


@pytest.mark.parametrize(("table", "said"), [("", "the file is empty"), ("a,b\n1,2\n", "no column for the time"), ("time,b\n2024,2\n", "no column for the value")])
def test_what_is_no_table(table, said, tmp_path):
    (path,) = write(tmp_path, t_csv=table)
    with pytest.raises(UsageError, match=said):
        read_observations(path)


# -- mappings --------------------------------------------------------------------------------------------------------


def test_a_figure_goes_by_the_first_row_that_fits(tmp_path):
    text = "More than 40,000 islanders travel. The pier cost 3 million euros. 12 boats sail 40 km. 60% of the islanders sing."
    table = "port,measure,time,value,unit\nall,people,2024-01,41000,\nall,cost,2024-01,2.5,MEUR\neast,people,2023,39000,\nall,way,2024-01,39000,m\nall,share,2024-01,0.61,\n"
    letter, series = write(tmp_path, letter_txt=text, series_csv=table)
    entry = next(row["entry"] for row in variorum.ledger(text).to_pylist() if row["quote"] == "12")
    own = variorum.ledger(text)
    assert own.label != "letter"  # ids bear the statement's name, so they are asked of the command
    rows = json.loads(CliRunner().invoke(main, ["ledger", str(letter), "--json", "--type", "figure"]).stdout)
    boats = next(row["entry"] for row in rows if row["quote"] == "12")
    assert entry != boats
    (mapping,) = write(
        tmp_path,
        map_csv=f"entry,counted,unit,series,factor,time\n{boats[:8]},,,port=east; measure=people,,2023\n,islander,%,measure=share,100,\n,islander,,port=all; measure=people,,\n,,EUR,measure=cost,1000000,\n,,km,measure=way,,\n",
    )
    found = variorum.check(letter, series, mapping, date="2024-03-29").to_pylist()
    shown = {row["quote"]: (row["answer"], row["series"], row["period"]) for row in found}
    assert shown == {
        "More than 40,000": (CONSISTENT, "port=all; measure=people", "2024-01"),
        "3 million euros": (NOT_COMPARABLE, "measure=cost", "2024-01"),
        "12": (OUTSIDE, "port=east; measure=people", "2023"),
        "40 km": (ROUNDING, "measure=way", "2024-01"),
        "60%": (ROUNDING, "measure=share", "2024-01"),
    }
    off = {row["quote"]: row["off_by"] for row in found}
    assert off["40 km"] == pytest.approx(1)  # 39,000 m
    assert off["60%"] == pytest.approx(-1)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("entry,what\n1,2\n", "no column 'what'"),
        ("", "is empty"),
        ("counted,series\nboats,all\n", "line 2: a series is named by columns"),
        ("series\nport=all\n", "line 2: a row of a mapping needs"),
        ("counted,factor\nboats,ten\n", "line 2: no factor"),
        ("counted,time\nboats,soon\n", "line 2: no period"),
        ("counted,series\nboats,harbour=all\n", "no column 'harbour'"),
        ("counted,series\nboats,port=north\n", "no row where port is north"),
    ],
)
def test_a_wrong_mapping_is_named(mapping, said, tmp_path):
    letter, series, path = write(tmp_path, letter_txt="12 boats sail.", series_csv="port,time,value\nall,2024,5\n", map_csv=mapping)
    with pytest.raises(UsageError, match=said):
        variorum.check(letter, series, path)


def test_an_empty_row_of_a_mapping_is_passed_over(tmp_path):
    (path,) = write(tmp_path, map_csv="counted,factor\n,\nboats,2\n")
    assert [(p.counted, p.factor) for p in read_mapping(path)] == [("boats", 2.0)]


# -- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "observed", "expected"),
    [
        ("42,000", (42_000,), CONSISTENT),
        ("42,000", (42_400,), ROUNDING),
        ("42,000", (42_501,), OUTSIDE),
        ("42,000", (42_400, 41_900, 42_900), CONSISTENT),
        ("40,000", (44_900,), ROUNDING),
        ("More than 40,000", (41_000,), CONSISTENT),
        ("More than 40,000", (40_000,), ROUNDING),
        ("More than 40,000", (36_000,), ROUNDING),
        ("More than 40,000", (34_000,), OUTSIDE),
        ("More than 40,000", (95_000,), LOOSE),
        ("At least 40,000", (40_000,), CONSISTENT),
        ("Fewer than 40,000", (39_000,), CONSISTENT),
        ("Fewer than 40,000", (20_000,), LOOSE),
        ("Fewer than 40,000", (41_000,), ROUNDING),
        ("Up to 40,000", (40_000,), CONSISTENT),
        ("About 40,000", (44_000,), CONSISTENT),
        ("About 41,234", (43_000,), CONSISTENT),
        ("About 41,234", (44_000,), OUTSIDE),
        ("Nearly 40,000", (39_000,), CONSISTENT),
        ("Nearly 40,000", (40_500,), ROUNDING),
        ("Nearly 40,000", (50_000,), OUTSIDE),
        ("Just over 40,000", (40_300,), CONSISTENT),
        ("Between 38,000 and 41,000", (39_000,), CONSISTENT),
        ("Between 10,000 and 90,000", (39_000,), LOOSE),
        ("Between 10,000 and 20,000", (39_000,), OUTSIDE),
        ("Tens of thousands of", (39_000,), CONSISTENT),
        ("Thousands of", (39_000,), LOOSE),
        ("Hundreds of", (39,), OUTSIDE),
    ],
)
def test_answers(words, observed, expected, tmp_path):
    table = "time,value,low,high\n2024-01," + ",".join(map(str, observed)) + "," * (3 - len(observed)) + "\n"
    (row,) = answer(tmp_path, f"{words} islanders travel by ferry.", table)
    assert row["answer"] == expected, row["why"]
    assert (row["off_by"] is not None) == (expected in (OUTSIDE, ROUNDING))


def test_how_far_outside_and_on_which_side(tmp_path):
    table = "time,value,low,high\n2024-01,42000,40000,44000\n"
    (row,) = answer(tmp_path, "47,000 islanders stay.", table)
    assert (row["off_by"], row["off_share"]) == (3_000, pytest.approx(3 / 44))
    assert "the figure is above it by 3,000 (6.8%)" in row["why"]
    (row,) = answer(tmp_path, "Fewer than 31,000 islanders stay.", table)
    assert (row["off_by"], row["off_share"]) == (-9_000, pytest.approx(9 / 40))


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e5))
def test_intervals_that_meet_are_never_outside(low, width, other, other_width, slack):
    verdict = compare_intervals(Stated(low, low + width, slack=slack), other, other + other_width)
    meet = low <= other + other_width and other <= low + width
    assert verdict.answer in ANSWERS
    assert not (meet and verdict.answer == OUTSIDE)
    if verdict.off_by is not None and not meet:
        assert (verdict.off_by > 0) == (low > other + other_width)


@pytest.mark.parametrize(
    ("text", "table", "said"),
    [
        ("30% of the islanders sing.", "time,value\n2024-01,30\n", "the table names no unit"),
        ("30% of the islanders sing.", "time,value,unit\n2024-01,30,EUR\n", "in %, the series in EUR"),
        ("300 islanders sing.", "time,value,unit\n2024-01,30,PT\n", "a count, the series in PT"),
        ("Two thirds of the islanders sing.", "time,value\n2024-01,0.66\n", "a share"),
        ("300 islanders sing.", "time,value\n2024-01,300\n2024-01,310\n", "several values for 2024-01"),
    ],
)
def test_what_is_not_comparable(text, table, said, tmp_path):
    (row,) = answer(tmp_path, text, table)
    assert row["answer"] == NOT_COMPARABLE
    assert any(said in line for line in row["why"]), row["why"]


def test_per_cent_and_fractions_compare(tmp_path):
    (row,) = answer(tmp_path, "Two thirds of the islanders sing.", "time,value,unit\n2024-01,66.6666666667,PT\n")
    assert (row["answer"], row["observed_unit"]) == (CONSISTENT, "PT")
    (row,) = answer(tmp_path, "30% of the islanders sing.", "time,value\n2024-01,30\n", {"counted": "islanders", "unit": "%"})
    assert row["answer"] == CONSISTENT


# -- as of when ------------------------------------------------------------------------------------------------------


def test_as_of_the_statement_and_as_published_by_then(tmp_path):
    text = "More than 41,000 islanders travel by ferry."
    (row,) = answer(tmp_path, text, PLAIN)
    assert (row["period"], row["observed"], row["published"]) == ("2024-02", 42_000, "2024-03-20")
    assert (row["next_observed"], row["next_published"], row["next_answer"]) == (37_500, "2024-05-10", OUTSIDE)
    (row,) = answer(tmp_path, text, PLAIN, date="2024-03-10")
    assert (row["period"], row["observed"], row["next_observed"]) == ("2024-01", 41_000, None)
    (row,) = answer(tmp_path, text, PLAIN, date="2024-04-10")
    assert row["period"] == "2024-02"  # March was over, and not published
    (row,) = answer(tmp_path, text, PLAIN, {"counted": "islanders", "time": "2024-02"}, date="2024-06-01")
    assert (row["observed"], row["next_observed"]) == (37_500, None)
    (row,) = answer(tmp_path, text, PLAIN, date="2024-03")
    assert "the statement is dated 2024-03; what was published by 2024-03-31 is taken" in row["why"]


@pytest.mark.parametrize(
    ("date", "mapping", "said"),
    [
        ("2023-12-01", {}, "no period was over by 2023-12-01; the first ends on 2024-01-31"),
        ("2024-02-10", {}, "nothing of it was published by 2024-02-10; the first was on 2024-02-20"),
        (None, {}, "the statement is undated"),
        ("2024-03-29", {"time": "2019"}, "the table has no value for 2019"),
    ],
)
def test_where_there_is_no_data(date, mapping, said, tmp_path):
    (row,) = answer(tmp_path, "41,000 islanders travel.", PLAIN, {"counted": "islanders", **mapping}, date=date)
    assert row["answer"] == NO_DATA
    assert any(said in line for line in row["why"]), row["why"]


def test_a_corpus_is_checked_statement_by_statement(tmp_path):
    (tmp_path / "letters").mkdir()
    write(tmp_path / "letters", **{"2024-03-29_txt": "More than 41,000 islanders travel.", "2023-01-01_txt": "More than 41,000 islanders travel."})
    (series,) = write(tmp_path, series_csv=PLAIN)
    corpus = variorum.trace(tmp_path / "letters", out=tmp_path / "c.variorum", flow=variorum.pipeline.Flow(stop_after="witnesses"))
    rows = corpus.check(series, {"counted": "islander"}).to_pylist()
    assert {row["date"]: row["answer"] for row in rows} == {"2024-03-29": CONSISTENT, "2023-01-01": NO_DATA}
    assert variorum.check(corpus.path, series, {"counted": "islander"}).to_pylist() == rows


# -- the command and the page ----------------------------------------------------------------------------------------


def test_the_example_of_the_page_runs_as_written(tmp_path, monkeypatch):
    text, table, *_ = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    command = next(line for line in PAGE.splitlines() if line.startswith("variorum check letter.txt"))
    write(tmp_path, letter_txt=text, passengers_csv=table)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [*command.split()[1:], "--json"])
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    said = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.split("| figure | answer | why |\n")[1].split("\n\n")[0].splitlines()[1:]]
    assert [[" ".join(row["quote"].split()), row["answer"]] for row in rows] == [cells[:2] for cells in said]
    assert rows[0]["next_answer"] == ROUNDING
    code = PAGE.split("```python\n")[1].split("```")[0]
    shown = io.StringIO()
    exec(compile(code, "checking.md", "exec"), {"print": lambda *words: shown.write(" ".join(map(str, words)) + "\n")})  # the page's own lines
    assert shown.getvalue().splitlines()[-1] == "47,000 outside 3000.0"


def test_the_command_tells_and_writes(tmp_path):
    letter, series = write(tmp_path, letter_txt="More than 40,000 islanders travel. 7 gulls watch.", series_csv=PLAIN + "2024-02,x,,,\n")
    arguments = ["check", str(letter), "--against", str(series), "--counted", "islanders", "--date", "2024-03-29"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 3  # a row of the table was not read
    for said in ("consistent", "for 2024-02 42,000 (40,000 to 44,000) was published on 2024-03-20", "published again on 2024-05-10: 37,500 (37,000 to 38,000), within rounding"):
        assert said in done.stdout
    assert "line 6: no number: 'x'" in done.stderr
    assert "1 of 2 figures belong to no series" in done.stderr
    table = list(csv.DictReader(io.StringIO(CliRunner().invoke(main, [*arguments, "--csv"]).stdout)))
    assert [row["answer"] for row in table] == ["consistent"]


@pytest.mark.parametrize(
    ("options", "said"),
    [([], "which figures belong to the table"), (["--counted", "boats", "--mapping", "m.csv"], "leave --counted and --unit out"), (["--counted", "boats", "--loose", "0.5"], "a number above 1"), (["--mapping", "none.csv"], "none.csv: cannot be read")],
)
def test_wrong_use_is_one_line(options, said, tmp_path, capsys):
    letter, series = write(tmp_path, letter_txt="12 boats sail.", series_csv=PLAIN)
    with pytest.raises(SystemExit) as stop:
        main(["check", str(letter), "--against", str(series), *options])
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_answers_do_not_depend_on_the_order_of_the_table(tmp_path):
    head, *lines = PLAIN.splitlines()
    found = {json.dumps(answer(tmp_path, "More than 41,000 islanders travel.", "\n".join([head, *order]))) for order in itertools.permutations(lines)}
    assert len(found) == 1


FRENCH = """Le port a reçu 1 234,5 tonnes de poisson en février 2024. Plus de 40 000 voyageurs ont pris le bac.
En 2023, un million et demi de passagers ont traversé la baie. Le chômage était de 7,4 %, et près de 12 000 habitants vivent ici."""
SPANISH = """El puerto recibió 1.234,5 toneladas de pescado en febrero de 2024. Más de 40.000 viajeros tomaron el barco.
En 2023, un millón y medio de pasajeros cruzaron la bahía. El desempleo fue del 7,4 %, y casi 12.000 habitantes viven aquí."""
SERIES = """time;series;unit;value;published
2024-02;FISH;t;1.234,5;2024-03-05
2024-01;TRAVEL;;41 000;2024-02-20
2023;CROSSED;;1.480.000;2024-02-01
2023-Q4;WORK;PT;7,4;2024-02-05
2023;LIVE;;10000;2024-02-01
"""


@pytest.mark.parametrize(
    ("text", "code", "nouns"),
    [(FRENCH, "fr", ("voyageurs", "passagers", "habitants")), (SPANISH, "es", ("viajeros", "pasajeros", "habitantes"))],
)
def test_french_and_spanish_figures_are_held_against_a_table(text, code, nouns, tmp_path):
    (letter, series, mapping) = write(
        tmp_path,
        letter_txt=text,
        series_csv=SERIES,
        mapping_csv=f"counted,unit,series,time\n,t,SERIES=FISH,\n,%,SERIES=WORK,\n{nouns[0]},,SERIES=TRAVEL,\n{nouns[1]},,SERIES=CROSSED,2023\n{nouns[2]},,SERIES=LIVE,\n",
    )
    done = CliRunner().invoke(main, ["check", str(letter), "--against", str(series), "--mapping", str(mapping), "--date", "2024-03-12", "--json"])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert {row["lang"] for row in json.loads(CliRunner().invoke(main, ["ledger", str(letter), "--json"]).stdout)} == {code}
    assert [row["answer"] for row in rows] == [CONSISTENT, CONSISTENT, ROUNDING, CONSISTENT, OUTSIDE]
    assert [row["value"] for row in rows] == [1234.5, 40_000, 1_500_000, 7.4, 12_000]
