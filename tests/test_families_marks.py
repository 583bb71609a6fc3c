"""What a reader is shown first: boilerplate is marked with its reasons and never dropped, the rest is ranked by substance."""

from __future__ import annotations

import pytest

from family_cases import Statement, group
from prose import Prose
from variorum.families.marks import count_words, has_slots, is_quoted


def dated(number: int) -> str:
    """A day for each number."""
    return f"2024-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"


def test_a_footer_is_marked_and_a_slogan_is_not(tmp_path):
    """Forty statements of one office bear one footer; thirty of twelve offices hold one slogan in running prose."""
    prose = Prose(21)
    footer = "Harbour Board of Eastmere | Rope Quay 14, Eastmere | Telephone 5 55 01 | Press Officer Mara Vell | Open Monday to Friday"
    slogan = prose.passage(150)
    texts = [Statement(f"board{i}", "Harbour Board", dated(i), f"{prose.passage(700)}\n\n{footer}") for i in range(40)]
    texts += [Statement(f"d{i}", f"Office {i % 12}", dated(i), f"{prose.passage(400)} {slogan} {prose.passage(300)}") for i in range(30)]
    found = group(tmp_path, texts)
    (said,) = [f for f in found.families if not f.common]
    feet = max(found.families, key=lambda f: f.n_witnesses)
    assert (said.n_witnesses, feet.n_witnesses) == (30, 40)
    assert (feet.common, feet.label, feet.n_series) == (True, "furniture", 1)
    assert any("one series" in reason for reason in feet.reasons)
    assert any("begin with a capital" in reason for reason in feet.reasons)
    assert any("beginning or end" in reason for reason in feet.reasons)
    assert (said.common, said.label, said.reasons, said.n_series) == (False, None, [], 12)
    assert said.rank < feet.rank


def test_notices_that_differ_in_figures_are_a_series_template(tmp_path):
    prose = Prose(22)
    texts = []
    for i in range(25):
        n = prose.random.randint
        notice = f"On {n(1, 28)} May {n(2001, 2023)} the patrol boat met {n(2, 90)} vessels off the northern strand and took {n(10, 999)} people on board, of whom "
        notice += f"{n(2, 60)} were brought to the infirmary. The harbour stays closed to all traffic for {n(2, 20)} days, and nobody may anchor there."
        texts.append(Statement(f"n{i}", "Harbour Board", dated(3 * i), f"{prose.passage(200)} {notice} {prose.passage(200)}"))
    found = group(tmp_path, texts)
    (family,) = [f for f in found.families if f.n_witnesses > 5]
    assert family.n_witnesses == 25
    assert (family.common, family.label) == (True, "series template")
    assert "its passages differ in figures or dates" in family.reasons


def test_one_quotation_under_three_names_is_one_family(tmp_path):
    prose = Prose(23)
    quote = f"“{prose.stretch(170)}.”"
    speakers = ["Mara Vell of Eastmere", "Joren Task of Merrow", "Ilse Brandt of Karivik"]
    texts = [Statement(f"r{i}", f"Office {i}", "2024-03-05", f"{prose.passage(300)} {quote} said {who}. {prose.passage(300)}") for i, who in enumerate(speakers)]
    (family,) = group(tmp_path, texts).families
    assert family.sigla == {"r0", "r1", "r2"}
    assert not any(name in m.text for m in family.members for name in ("Mara", "Joren", "Ilse"))
    assert not family.common
    assert (family.earliest, family.n_days, family.n_series) == (None, 0, 3)


def test_a_paragraph_about_us_with_one_word_brought_up_to_date(tmp_path):
    """The chair's title changes with the years; one family, and marked."""
    prose = Prose(24)
    titles = ["Deputy", "Acting", "First", "Second", "Third", "Senior", "Former", "Elected", "Interim", "Honorary"]
    about = "The {} Chair of the Harbour Board, Mara Vell, was born in Eastmere and worked in the ropewalk before she was called to the board. {}"
    rest = prose.passage(200)
    texts = [Statement(f"d{i}", "Harbour Board", dated(25 * i), f"{prose.passage(500)}\n\nAbout us. {about.format(title, rest)}") for i, title in enumerate(titles)]
    found = group(tmp_path, texts)
    (family,) = [f for f in found.families if f.n_witnesses > 2]
    assert family.n_witnesses == 10
    assert family.common
    assert family.label in ("furniture", "series template")
    assert family.reasons


def test_pairs_are_ranked_by_length_and_running_words(tmp_path):
    prose = Prose(25)
    names = "Statement by " + ", ".join(f"{prose.name()} {prose.name()}" for _ in range(60))
    shared = {"long": prose.passage(1500), "middle": prose.passage(500), "short": prose.passage(160), "names": names}
    texts = [Statement(f"{name}{i}", f"Office {i}", dated(i), f"{prose.passage(300)} {said} {prose.passage(300)}") for name, said in shared.items() for i in range(2)]
    found = group(tmp_path, texts)
    assert [min(f.sigla) for f in found.families] == ["long0", "middle0", "short0", "names0"]
    scores = [f.substance for f in found.families]
    assert scores == sorted(scores, reverse=True)
    assert found.families[0].n_running_words > found.families[1].n_running_words > found.families[2].n_running_words


def test_marked_families_stand_after_the_others_and_keep_all_their_passages(tmp_path):
    prose = Prose(26)
    footer = "Guild of Ferry Pilots, Tar Lane 3, Merrow, Telephone 5 55 02, Secretary Joren Task, Treasurer Ilse Brandt"
    said = prose.passage(180)
    texts = [Statement(f"d{i}", "Guild", dated(i), f"{prose.passage(400)} {said if i < 2 else prose.passage(180)} {prose.passage(200)} {footer}") for i in range(30)]
    found = group(tmp_path, texts)
    assert [f.common for f in found.families] == sorted(f.common for f in found.families)
    marked = next(f for f in found.families if f.n_witnesses == 30)
    assert len(marked.members) == 30
    assert all("Tar Lane 3" in m.text for m in marked.members)


def test_script_without_capitals_is_judged_without_them(tmp_path):
    prose = Prose(27)
    signs = [chr(0x4E00 + 7 * n) for n in range(2000)]

    def written(n: int) -> str:
        return "".join("".join(prose.random.choices(signs, k=11)) + "。" for _ in range(n))

    passage = written(26)
    texts = [Statement(f"d{i}", f"Office {i}", dated(i), f"{written(20)}{passage}{written(20)}") for i in range(4)]
    (family,) = group(tmp_path, texts).families
    assert family.n_witnesses == 4
    assert not any("capital" in reason or "running" in reason for reason in family.reasons)
    assert not family.common, family.reasons


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("The Harbour Board met and 14 members voted.", (8, 3, 4, 4)),
        ("of the the the the the Pier", (7, 1, 6, 4)),
        ("會議在海港舉行", (1, 0, 1, 1)),
        ("", (0, 0, 0, 0)),
    ],
)
def test_words_are_counted_by_their_first_letter(text, counts):
    words = count_words(text)
    assert (words.n_words, words.n_capitalised, words.n_running, words.n_fresh) == counts


def test_a_passage_is_quoted_where_marks_and_speech_stand_by_it():
    said = "we will keep the pier open"
    for text, quoted in [
        (f"Mara Vell said: “{said}” and left.", True),
        (f"„{said}“, sagte Mara Vell.", True),
        (f"The board noted that {said} and left.", False),
        (f"A sign read “{said}” in red paint.", False),
        (f"“This is so, and {said}, and more,” she added.", True),
        (f"“The end,” he said. Then {said}.", False),
        (f"«{said}», selon Mara Vell", True),
        (f'Mara Vell said: "The pier is old.\n\n"It is ours, and {said}, for good."', True),
        (f"She said “no” and {said}. “Yes,” said the board.", False),
    ]:
        at = text.index(said)
        assert is_quoted(text, at, at + len(said)) == quoted, text


def test_the_line_before_a_quotation_is_no_quotation():
    """Its end is an opening mark, which is not a closing one."""
    text = "Mara Vell said today: “The pier is ours,” and went home."
    assert not is_quoted(text, 0, text.index("The"))
    assert not is_quoted(text, 0, text.index("pier"))
    assert is_quoted(text, text.index("“"), text.index("ours") + 6)


def test_an_address_in_a_quoted_letter_is_marked(tmp_path):
    prose = Prose(28)
    address = "The Harbour Board of Eastmere 14 Rope Quay, Third Floor, Eastmere 5501 Dear Madam Chair and Members"
    texts = [Statement(f"d{i}", f"Office {i}", dated(9 * i), f"{prose.passage(300)} They said in their letter: “{address} {prose.passage(400)}”") for i in range(5)]
    found = group(tmp_path, texts)
    (family,) = [f for f in found.families if f.n_witnesses == 5]
    assert family.common, family.excerpt


def test_slots_are_figures_that_differ():
    assert has_slots(["the 3 boats of 1999", "the 14 boats of 2003"])
    assert not has_slots(["the 3 boats", "the 3 boats"])
    assert not has_slots(["the three boats of spring", "the fourteen boats of autumn"])
    assert has_slots(["so it was: the 3 boats of 1999 came", "the 14 boats of 2003 came back"]), "ends may differ"
    assert not has_slots(["the 3 boats of 1999 came", "in 14 ways we dug 2003 holes"])
    assert not has_slots(["one passage alone with 3 figures"])
