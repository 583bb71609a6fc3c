"""The ledger as a whole: places, views, languages, plug-ins, the command, hostile input."""

from __future__ import annotations

import json
import time

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

import variorum
import zoo
from variorum import schema
from variorum.cli import main
from variorum.errors import ConfigError, UsageError
from variorum.ledger import languages, plugins
from variorum.ledger.entries import read_row
from variorum.ledger.languages import READ, check_section, identify_languages, load_language
from variorum.ledger.layouts import split_paragraphs
from variorum.ledger.making import make_entries, needed_types
from variorum.ledger.registry import TYPES
from variorum.ledger.rules import load_examples
from variorum.ledger.schemas import COMMON, make_schema
from variorum.ledger.textviews import view_text
from variorum.ledger.tokens import list_sentences, split_tokens
from variorum.pipeline import Flow

STATEMENT = """ The Harbour Union publishes here the joint statement of the island crews. We endorse the statement, since it speaks for

all of us and for those who work ashore.

More than 40,000 islanders travel by ferry, and more
100,000 have signed since the first vote was held in the har-
bour hall. Nearly half a million trips were made.
Keep the ferry running!
Boats for all!
"""


def read(text, **options):
    return variorum.ledger(text, lang="en", **options)


# -- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [STATEMENT, *zoo.TEXTS.values()])
def test_every_quote_is_its_slice_and_the_table_holds(text):
    found = variorum.ledger(text, grade="C")
    for row in found.to_pylist():
        assert row["quote"] == text[row["start"] : row["end"]]
        for spans in row["parts"].values():
            assert all(0 <= a < b <= len(text) for a, b in spans)
    schema.verify_table("entries", schema.check_table("entries", found.to_arrow()))


@given(st.text(alphabet="1234567890,.-–%$€ abcone twohundredandhalf\n()'’\"O", max_size=80))
def test_any_text_gives_entries_or_silence(text):
    rows = read(text, grade="C").to_pylist()
    assert all(row["quote"] == text[row["start"] : row["end"]] for row in rows)
    assert rows == read(text, grade="C").to_pylist()


WORDS = {code: [*sorted(languages.words_of(code)), *["0", "1", "7", "31", "60", "87", "100", "2024", "1,5", "40,000", "1st", "XVe", "5/12", "12/05/2020", "31/02", "24/7", "'87", "½", ",", ".", "-", "–", "(", ")", "%", "$", "€", "/", ":"], "\n\n"] for code in READ}


@given(st.sampled_from(READ).flatmap(lambda code: st.tuples(st.just(code), st.lists(st.sampled_from(WORDS[code]), max_size=14))), st.sampled_from([None, "2024-02-29", "0001-01-01", "9999-12-31", "2024"]))
def test_any_words_give_entries_or_silence(case, date):
    """Words of figures and dates in any order: never an error, and every quote is its slice."""
    code, words = case
    text = " ".join(words)
    found = variorum.ledger(text, lang=code, grade="C", date=date)
    assert all(row["quote"] == text[row["start"] : row["end"]] for row in found.to_pylist())
    schema.verify_table("entries", found.to_arrow())


@given(st.integers(0, 999_999_999_999), st.sampled_from(["{:,}", "{}", "{:,} boats"]))
def test_a_written_number_is_its_value(value, shape):
    assume(shape != "{}" or not 1900 <= value < 2100)  # four bare digits of these centuries are a year
    text = f"We count {shape.format(value)} here"
    rows = [r for r in read(text).to_pylist() if r["type"] == "figure"]
    assert [r["value"] for r in rows] == [pytest.approx(value, rel=1e-11)]


UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905 - twenty words read better so
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell(n: int) -> str:
    """A number in English words, the slow and obvious way."""
    if n < 20:
        return UNITS[n]
    if n < 100:
        return TENS[n // 10] + (f"-{UNITS[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{UNITS[n // 100]} hundred" + (f" and {spell(n % 100)}" if n % 100 else "")
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if n >= size:
            rest = n % size
            return f"{spell(n // size)} {name}" + (f" {'and ' if rest < 100 else ''}{spell(rest)}" if rest else "")
    raise AssertionError


@given(st.integers(2, 10**11))
def test_a_spelt_number_is_its_value(value):
    rows = read(f"They saw {spell(value)} of them").to_pylist()
    assert [r["value"] for r in rows if r["type"] == "figure"] == [pytest.approx(value, rel=1e-11)]


def test_unrelated_text_after_a_paragraph_changes_nothing_in_it():
    alone = read("More than 300 boats lay idle.").to_pylist()
    longer = read("More than 300 boats lay idle.\n\nNobody knew what to say about it.").to_pylist()
    assert [r["quote"] for r in longer] == [r["quote"] for r in alone]


# -- views -----------------------------------------------------------------------------------------------------------


def test_paragraphs_are_undone_from_hard_wraps():
    paragraphs = split_paragraphs(STATEMENT)
    heads = [STATEMENT[p.start : p.end].split()[:2] for p in paragraphs]
    assert heads == [["The", "Harbour"], ["More", "than"], ["Keep", "the"], ["Boats", "for"]]


def test_a_page_number_between_two_pages_is_passed_over():
    lines = ["The crews of the islands met again and they", "Some of them had come from far away to hear", "Nobody knew how many boats there were but", "In the end it was the harbour that paid for"]
    pages = [f"HARBOUR NEWS {n}\n{line}\nspoke at {'length ' * n}of all the ferries that were laid" for n, line in enumerate(lines)]
    text = "\f".join(pages) + " up.\n"
    heads = split_paragraphs(text)
    words = " ".join(text[a:b] for p in heads for a, b in p.pieces)
    assert "HARBOUR" not in words
    assert words.count("ferries") == 4


def test_a_word_cut_at_a_line_end_is_one_token():
    tokens = view_text(STATEMENT, lang="en").stretches[0]
    number = tokens.words.index("harbour", 20)
    assert tokens.raw(number) == "har-\nbour"


def test_sentences_end_where_they_end():
    text = "Mr. Vole spoke at 5 p.m. on Monday. The crews (all of them) agreed! “We stay.” Then they left"
    sentences = list_sentences(split_tokens(text, [[(0, len(text))]], load_language("en")))
    assert [text[a:b] for a, b in sentences] == ["Mr. Vole spoke at 5 p.m. on Monday.", "The crews (all of them) agreed!", "“We stay.”", "Then they left"]


def test_roles_of_sections():
    text = (
        "Joint statement of the crews\n\n12 March 2024\n\nThe crews met in the harbour hall and spoke of the boats that were laid up.\n\n"
        "We demand that the council:\n\n- keep the ferry running\n- publish the figures\n\nSigned by:\n\nIsland Crews Union\nHarbour Watch\nFriends of the Pier\n"
    )
    roles = [p.role for p in view_text(text, lang="en").paragraphs]
    assert roles == ["title", "dateline", "body", "body", "demands", "demands", "signatures", "signatures", "signatures", "signatures"]


def test_who_republishes_speaks_in_a_voice_of_its_own():
    text = "We publish here the statement of 12 crews.\n\nStatement of the crews\n\nMore than 300 boats lay idle in the harbour all that year, and nobody came to see them there.\n"
    rows = read(text).to_pylist()
    assert [(r["quote"], r["voice"]) for r in rows if r["type"] == "figure"] == [("12", "republisher"), ("More than 300", "own")]


# -- languages -------------------------------------------------------------------------------------------------------


def test_a_language_that_is_not_read_is_said_to_be_so():
    text = "Wir fordern, dass die 300 Boote auf dem Wasser bleiben und nicht verkauft werden."
    (row,) = variorum.ledger(text).to_pylist()
    assert (row["type"], row["why"], row["quote"]) == ("unread", ["not read: German"], text)


def test_mixed_languages_are_told_by_paragraph():
    codes = identify_languages(["We have seen the boats and they are here.", "Wir haben die Boote gesehen und sie sind hier.", "Мы видели лодки, и они здесь."])
    assert codes == ["en", "de", "Cyrillic"]


def test_no_language_at_all():
    assert identify_languages(["Zxq vbrt klomp drzz wfft qqrst brumf glork snarf"]) == ["und"]
    assert identify_languages(["12,000"]) == [READ[0]]


@pytest.mark.parametrize("code", READ)
def test_language_files_are_checked(code):
    language = load_language(code)
    assert language.section("identify")
    with pytest.raises(ConfigError, match=r"no section \[figres\]"):
        check_section("xx.toml", "figres", {})
    with pytest.raises(ConfigError, match="has no key tenz"):
        check_section("xx.toml", "numbers", {"tenz": {}})
    with pytest.raises(ConfigError, match="not a table of numbers"):
        check_section("xx.toml", "numbers", {"tens": {"twenty": "20"}})


def test_unknown_language_and_type_are_refused():
    with pytest.raises(ConfigError, match="'xx' is not read"):
        make_entries("text", lang="xx")
    with pytest.raises(UsageError, match="no record type 'figur'"):
        make_entries("text", types=["figur"])


@pytest.mark.parametrize("name", ["statement", "hard-wrapped", "repeated", "all examples"])
def test_a_type_alone_is_as_it_is_among_all(name):
    examples = "\n\n".join(e.text for kind in TYPES for (_, code), given in load_examples(kind).items() if code == "en" for e in given)
    text = examples if name == "all examples" else zoo.TEXTS[name]
    rows = read(text, grade="C").to_pylist()
    for kind in TYPES:
        assert read(text, grade="C", types=[kind]).to_pylist() == [row for row in rows if row["type"] == kind]


def test_only_what_is_wanted_and_what_it_needs_is_found():
    assert [kind.name for kind in needed_types({"figure"})] == ["quotation", "date", "figure", "attribution"]
    assert [kind.name for kind in needed_types({"signatory"})] == ["quotation", "date", "attribution", "endorsement", "signatory"]
    assert [kind.name for kind in needed_types(None)] == list(TYPES)


# -- plug-ins --------------------------------------------------------------------------------------------------------


@pytest.fixture
def plugin(monkeypatch):
    def install(tag):
        plugins.load_plugins.cache_clear()
        monkeypatch.setattr(plugins, "load_plugins", lambda: {"ships": tag})

    return install


def test_a_plugin_is_marked(plugin):
    plugin(lambda text, paragraphs: [{"type": "ship", "start": 4, "end": 11, "fields": {"name": "Sandpiper"[:4]}, "why": ["a name"]}])
    rows = read("The MV Sand sails.").to_pylist()
    assert [(r["type"], r["quote"], r["plugin"], r["rule"]) for r in rows] == [("ship", "MV Sand", "ships", "ship.ships")]


def test_a_plugin_with_a_wrong_place_is_refused(plugin):
    plugin(lambda text, paragraphs: [{"type": "ship", "start": 4, "end": 1100}])
    with pytest.raises(UsageError, match=r"plug-in ships failed: SchemaError: .*no place in a text of 18"):
        read("The MV Sand sails.")


# -- the command -----------------------------------------------------------------------------------------------------


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, ["ledger", *map(str, arguments)], input=stdin)


def test_jsonl_lines_keep_their_schema(tmp_path):
    (tmp_path / "crews.txt").write_text(STATEMENT, encoding="utf-8")
    done = run(tmp_path, "--jsonl")
    assert done.exit_code == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    known = {kind["if"]["properties"]["type"]["const"]: kind["then"]["required"] for kind in make_schema()["allOf"]}
    assert rows
    for row in rows:
        assert list(row) == [*COMMON, *known[row["type"]]]
        assert row["statement"] == "crews"
        assert row["quote"] == STATEMENT[row["start"] : row["end"]]


def test_rows_keep_their_labels_and_types_are_chosen(tmp_path):
    lines = [{"id": "a", "text": "They saw 12 boats and gave 5%.", "date": "2024-03-29"}, {"id": "b", "text": "There were 3 piers."}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = run(tmp_path / "rows.jsonl", "--type", "figure", "--csv")
    assert done.exit_code == 0
    assert [line.split(",")[1] for line in done.stdout.splitlines()] == ["statement", "a", "a", "b"]


def test_what_is_not_read_is_told_and_exits_with_3():
    done = run("-", "--jsonl", stdin="Wir fordern, dass die Boote auf dem Wasser bleiben und nicht verkauft werden.")
    assert done.exit_code == 3
    assert "not read: German" in done.stderr


def test_a_reader_sees_lines():
    done = run("-", stdin="More than 300 boats lay idle and 40 piers were closed by the council.")
    assert done.exit_code == 0
    assert "> 300 boats" in done.stdout


def test_a_corpus_has_entries(tmp_path):
    for name, text in (("a", "We count 12 boats in the harbour and nobody is glad."), ("b", "The council of the island owns 3 piers and 40% of the boats.")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    with variorum.trace(tmp_path, out=tmp_path / "c.variorum", flow=Flow(stop_after="witnesses")) as corpus:
        table = corpus.entries.to_arrow()
        assert len(corpus.entries) == len(table) == 3
        assert corpus.entries.to_arrow(["quote"]).to_pylist() == [{"quote": "12"}, {"quote": "3"}, {"quote": "40%"}]
    done = run(tmp_path / "c.variorum", "--jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["entry"] for row in rows] == table["entry"].to_pylist()
    flat = [read_row(row) for row in table.to_pylist()]
    assert [{name: row[name] for name in flat[0]} for row in rows] == flat
    assert run(tmp_path / "c.variorum", tmp_path).exit_code != 0


@pytest.mark.parametrize(("options", "said"), [(["--type", "figur"], "no record type"), (["--date", "tomorrowish"], "date not understood"), (["--lang", "xx"], "is not read"), ([], "nothing to read")])
def test_wrong_use_is_one_line(options, said, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["ledger", *options, *(["-"] if options else [])])
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


def test_schema_is_written():
    assert json.loads(run("--schema").stdout) == make_schema()


# -- hostile input ---------------------------------------------------------------------------------------------------

HOSTILE = {
    "the": "the " * 25_000,
    "1,1": "1,1," * 25_000,
    "ones": "1" * 100_000,
    "brackets": "(" * 50_000 + ")" * 50_000,
    "quotation marks": '"' * 10_000,
    "apostrophes": "'" * 10_000,
    "opening marks": " “a" * 10_000,
    "hundreds": "hundred " * 12_500,
    "twenty": "twenty " * 14_000,
    "and": "one and " * 12_500,
    "dashes": "5-" * 50_000,
    "slashes": "1/2/" * 25_000,
    "hundred millions": "5 million " * 10_000,
    "groups": "100 " * 25_000,
    "per cent": "percent of " * 9_000,
    "halves": "half a " * 14_000,
    "one letter": "a" * 100_000,
    "capitals": "A" * 100_000,
    "marks": "." * 100_000,
    "breaks": "\n" * 100_000,
    "hyphens": "a-\n" * 33_000,
    "dollars": "$" * 100_000,
    "less than": "less than or " * 8_000,
    "must": "must " * 20_000,
    "call on": "We call on the council " * 4_000,
    "demand that": "demand that " * 8_000,
    "asking": "asking, urging, " * 6_000,
    "commas": "We urge A, B, " * 7_000,
    "colons": "demands: " * 10_000,
    "items": "We demand:\n" + "- to act;\n" * 9_000,
    "signed": "signed by A, " * 8_000,
    "signed by": "Signed by: " * 9_000,
    "lines": "Signed by:\n" + "Ada Vole\n" * 10_000,
    "let us": "let us be " * 10_000,
    "will": "we will sail and " * 6_000,
    "cheers": "A, b! " * 16_000,
    "votes": "1 abstention (" * 7_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear_on_hostile_input(name):
    """Ten times the text may cost some thirty times the time, not a hundred; the bound is wide since machines are shared."""
    text = HOSTILE[name][:40_000]
    costs = []
    for part in (text[:4_000], text):
        begin = time.process_time()
        variorum.ledger(part, lang="en", grade="C")
        costs.append(time.process_time() - begin)
    assert costs[1] < 40 * max(costs[0], 0.05), costs


def test_every_type_has_documentation():
    for kind in TYPES.values():
        assert kind.doc.endswith(".")
        assert kind.roles
