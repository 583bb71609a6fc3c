"""Broken text is found: misread letters, broken words, columns read across, changed numbers and names, in every script."""

from __future__ import annotations

import random
import textwrap

import pytest

import naive
from matches import assert_true_span, make_prose
from variorum import cli
from variorum.config import PRESETS, make_config
from variorum.matching.finds import compare_texts

PASSAGES = {
    "english": make_prose(1, 90),
    "chinese": "我们要求港务局在今年冬天以前修好老码头的全部路灯并且恢复夜间渡轮的航班因为住在对岸的工人每天清晨都要过河上班没有渡轮他们只能绕行二十公里的山路请市政府公布修理费用的详细清单和完工的日期",
    "japanese": "私たちは港湾局に対して今年の冬までに古い桟橋のすべての街灯を直し夜の渡し船をもう一度走らせることを求めます対岸に住む人々は毎朝早く川を渡って働きに出ますが船がなければ山道を二十キロも歩かなければなりません",
    "thai": "เราขอให้สำนักงานท่าเรือซ่อมโคมไฟทุกดวงบนสะพานปลาเก่าก่อนฤดูหนาวนี้และเปิดเรือข้ามฟากตอนกลางคืนอีกครั้งเพราะคนงานที่อาศัยอยู่ฝั่งตรงข้ามต้องข้ามแม่น้ำทุกเช้าเพื่อไปทำงานหากไม่มีเรือพวกเขาต้องเดินอ้อมภูเขายี่สิบกิโลเมตร",
    "arabic": "نطالب مكتب الميناء بإصلاح جميع المصابيح على الرصيف القديم قبل هذا الشتاء وبإعادة العبّارة الليلية لأن العمال الذين يسكنون في الضفة الأخرى يعبرون النهر كل صباح إلى عملهم ومن دونها يمشون عشرين كيلومترا في طريق الجبل",
    "hebrew": "אנו דורשים ממשרד הנמל לתקן את כל הפנסים על הרציף הישן לפני החורף הזה ולהחזיר את מעבורת הלילה כי העובדים הגרים בגדה השנייה חוצים את הנהר בכל בוקר בדרכם לעבודה ובלעדיה הם הולכים עשרים קילומטרים בשביל ההר",
    "combining": "Chúng tôi yêu cầu văn phòng cảng sửa tất cả các ngọn đèn trên bến cũ trước mùa đông này và mở lại chuyến phà đêm, vì công nhân sống ở bờ bên kia phải qua sông mỗi sáng để đi làm; không có phà họ phải đi vòng hai mươi cây số đường núi.",
}
AROUND = {
    "chinese": "春天的第一场雨落在城外的果园里，老园丁说今年的梨花比往年开得早一些。", "japanese": "春の最初の雨が町はずれの果樹園に降り、庭師は今年の梨の花は早いと言った。",
    "thai": "ฝนแรกของฤดูใบไม้ผลิตกลงบนสวนผลไม้นอกเมืองและคนสวนเก่าพูดว่าดอกแพร์ปีนี้บานเร็ว", "arabic": "هطل أول مطر الربيع على البستان خارج البلدة وقال البستاني العجوز إن أزهار الكمثرى بكرت هذا العام",
    "hebrew": "הגשם הראשון של האביב ירד על המטע שמחוץ לעיר והגנן הזקן אמר שפריחת האגס הקדימה השנה", "combining": "Trận mưa xuân đầu tiên rơi xuống vườn cây ngoài thị trấn, và người làm vườn già nói hoa lê năm nay nở sớm.",
    "english": make_prose(2, 40),
}  # fmt: skip


def misread(text: str, seed: int, share: float) -> str:
    """Return the text with this share of its letters replaced by another letter of it, lost or doubled."""
    chance = random.Random(seed)
    letters = [c for c in text if c.isalpha()]
    out = []
    for c in text:
        way = chance.choice(["replace", "replace", "lose", "add"]) if c.isalpha() and chance.random() < share else "keep"
        out.append({"keep": c, "replace": chance.choice(letters), "lose": "", "add": c + chance.choice(letters)}[way])
    return "".join(out)


def covered(spans: list[dict], start: int, end: int, side: str = "b") -> float:
    """Return the share of ``[start, end)`` of one side that spans cover."""
    held = set()
    for span in spans:
        held.update(range(max(start, span[f"start_{side}"]), min(end, span[f"end_{side}"])))
    return len(held) / (end - start)


def compare(a: str, b: str, preset: str = "sensitive") -> list[dict]:
    spans = compare_texts(a, b, make_config(preset).matching).to_pylist()
    for span in spans:
        assert_true_span(span, a, b)
    return spans


@pytest.mark.parametrize("script", PASSAGES)
@pytest.mark.parametrize(("preset", "share"), [("sensitive", 0.06), ("noisy", 0.12)])
def test_a_misread_passage_is_found_in_every_script(script: str, preset: str, share: float) -> None:
    passage = PASSAGES[script]
    found = []
    for seed in range(6):
        read = misread(passage, seed, share)
        a, b = f"{passage} {AROUND[script]}", f"{make_prose(5, 20)} {read} {make_prose(6, 20)}"
        start = b.index(read)
        found.append(covered(compare(a, b, preset), start, start + len(read)))
    assert sum(share > 0.5 for share in found) >= 5, found


def test_noisy_finds_what_sensitive_does_not() -> None:
    """Passages of forty words, 18 % of their letters misread, in two texts alone."""
    found = dict.fromkeys(("sensitive", "noisy"), 0)
    for seed in range(30):
        passage = make_prose(100 + seed, 40)
        read = misread(passage, seed, 0.18)
        a, b = f"{make_prose(200 + seed, 30)} {passage}", f"{read} {make_prose(300 + seed, 30)}"
        for preset in found:
            found[preset] += covered(compare(a, b, preset), 0, len(read)) >= 0.5
    assert found["noisy"] >= 27
    assert found["noisy"] > found["sensitive"]


def test_words_broken_at_the_end_of_lines_are_whole_for_matching() -> None:
    passage = PASSAGES["english"]
    lines = textwrap.wrap(passage, 31)
    broken = "\n".join(line[:-3] + line[-3:-1] + "-\n" + line[-1:] if line[-3:].isalpha() else line for line in lines)
    (span,) = compare(f"{AROUND['english']} {passage}", f"{broken}\n{make_prose(7, 30)}")
    assert span["kind"] == "verbatim"
    assert span["n_letters"] == len(naive.letters_of(passage))


def lay_columns(width: int, *columns: str) -> tuple[str, list[list[tuple[int, int]]]]:
    """Return columns read across, line by line, and where the lines of each stand."""
    lines = [textwrap.wrap(column, width) for column in columns]
    text, places = "", [[] for _ in columns]
    for row in zip(*lines, strict=False):
        for at, line in enumerate(row):
            places[at].append((len(text), len(text) + len(line)))
            text += line + ("   " if at + 1 < len(row) else "\n")
    return text, places


@pytest.mark.parametrize("width", [28, 36, 50])
def test_two_columns_read_across_are_found_and_the_other_column_is_shown_as_added(width: int) -> None:
    passage = make_prose(8, 120)
    page, places = lay_columns(width, passage, make_prose(9, 140))
    spans = compare(passage, page)
    assert covered(spans, 0, len(passage), "a") >= 0.85
    # The lines of the other column are insertions of their own between the lines of this one.
    inserted = sum(kind == naive.INSERTED for span in spans for kind in span["operations"][::3])
    assert inserted >= 0.7 * len(places[0])


def test_changed_numbers_and_names_do_not_cut_a_passage() -> None:
    passage = (
        "On 4 March 2031 the union of Eastmere told Councillor Adela Thorne that 1,240 households on the Long Quay had paid 37 marks each for lamps, "
        "that 12 of the 58 lamps were lit, and that Harbour Master Osric Vane would answer by 19 April for the other 46."
    )
    changed = passage
    for old, new in [("4 March 2031", "17 May 2029"), ("Eastmere", "Westhaven"), ("Adela Thorne", "Bo Quist"), ("1,240", "873"), ("37", "52"), ("Long Quay", "Salt Row"),
                     ("12 of the 58", "3 of the 91"), ("Osric Vane", "Ida Holm"), ("19 April", "2 June"), ("46", "88")]:  # fmt: skip
        assert old in changed
        changed = changed.replace(old, new)
    a, b = f"{make_prose(11, 30)} {passage} {make_prose(12, 30)}", f"{make_prose(13, 30)} {changed} {make_prose(14, 30)}"
    (span,) = compare(a, b)
    start = b.index(changed)
    assert covered([span], start, start + len(changed)) >= 0.9
    assert span["kind"] == "edited"


def test_the_command_knows_every_preset() -> None:
    option = next(p for p in cli.main.commands["trace"].params if p.name == "preset")  # type: ignore[attr-defined]
    assert sorted(option.type.choices) == sorted(PRESETS)  # type: ignore[attr-defined]
