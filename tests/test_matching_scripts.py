"""Passages in every script are found with exact ends, in code points; all sentences are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

import naive
from matches import assert_true_span, make_prose, match_texts, read_operations
from variorum.config import make_config
from variorum.matching.finds import compare_texts

# Script: the passage, something before it and after it in one text, something else in the other, and a change (old, new).
SCRIPTS: dict[str, tuple[str, tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    "chinese": (
        "港口工人工会与东湖镇商定，夜间渡轮将运行至三月底。双方要求海岸办公室为码头支付十二盏新灯的费用。",
        ("镇长在会上宣读了以下内容：", "随后与会者鼓掌。"),
        ("据本报记者昨晚获悉。", "报道到此结束！"),
        ("十二盏", "十五盏"),
    ),
    "japanese": (
        "港湾労働者組合と東湖町は、夜間フェリーを三月末まで運航することで合意した。双方は海岸局に桟橋の新しい灯り十二基の費用を求める。",
        ("町長は次のように述べた。", "会議は夕方に終わった。"),
        ("昨夜の発表によると、", "以上である。"),
        ("十二基", "十五基"),
    ),
    "thai": (
        "สหภาพแรงงานท่าเรือและเมืองอีสต์เมียร์ตกลงว่าเรือข้ามฟากกลางคืนจะวิ่งต่อไปจนถึงสิ้นเดือนมีนาคม ทั้งสองฝ่ายขอให้สำนักงานชายฝั่งจ่ายค่าไฟใหม่ ๑๒ ดวง",
        ("นายกเทศมนตรีอ่านดังนี้ ", " แล้วทุกคนก็กลับบ้าน"),
        ("ข่าวด่วนจากท้องถิ่น ", " จบข่าว"),
        ("๑๒", "๑๕"),
    ),
    "arabic": (
        "اتفق اتحاد عمال الميناء وبلدة الساحل على استمرار العبّارة الليلية حتى نهاية شهر مارس. ويطالب الطرفان مكتب الساحل بدفع ثمن ١٢ مصباحًا جديدًا.",
        ("قرأ رئيس البلدية ما يلي: ", " ثم انصرف الحاضرون."),
        ("خبر ليلة أمس. ", " انتهى الخبر"),
        ("١٢", "١٥"),
    ),
    "hebrew": (
        "איגוד עובדי הנמל ועיירת החוף הסכימו כי מעבורת הלילה תפעל עד סוף חודש מרץ. שני הצדדים דורשים ממשרד החוף לשלם על 12 פנסים חדשים.",
        ("ראש העיר קרא: ", " אחר כך התפזרו הנוכחים."),
        ("ידיעה מאמש. ", " סוף"),
        ("12", "15"),
    ),
    "hindi": (
        "बंदरगाह श्रमिक संघ और ईस्टमेयर नगर सहमत हैं कि रात की नौका मार्च के अंत तक चलेगी। दोनों पक्ष तट कार्यालय से घाट की १२ नई बत्तियों का खर्च माँगते हैं।",
        ("महापौर ने यह पढ़ा: ", " फिर सभा समाप्त हुई।"),
        ("कल रात का समाचार। ", " इति"),
        ("१२", "१५"),
    ),
    "korean": (
        "항만 노동조합과 동호읍은 야간 여객선을 삼월 말까지 운항하기로 합의했다. 양측은 해안 사무소가 부두의 새 등불 열두 개의 비용을 내도록 요구한다.",
        ("읍장은 다음과 같이 읽었다. ", " 그 뒤 모두 돌아갔다."),
        ("어젯밤 소식이다: ", " 이상 끝."),
        ("열두", "열세"),
    ),
    "greek": (
        "Το σωματείο λιμενεργατών και ο δήμος συμφώνησαν ότι το νυχτερινό πλοίο θα εκτελεί δρομολόγια έως το τέλος Μαρτίου και ζητούν 12 νέα φανάρια.",
        ("Ο δήμαρχος διάβασε: ", " Έπειτα έφυγαν όλοι."),
        ("Νέα της χθεσινής νύχτας. ", " Τέλος"),
        ("12", "15"),
    ),
    "cyrillic": (
        "Профсоюз портовых рабочих и город договорились, что ночной паром будет ходить до конца марта. Обе стороны просят оплатить 12 новых фонарей на пирсе.",
        ("Мэр прочитал: ", " Затем все разошлись."),
        ("Вчерашние новости. ", " Конец"),
        ("12", "15"),
    ),
    "beyond the first plane": (
        "𐌷𐌰𐍂𐌱𐌿𐍂 𐌿𐌽𐌹𐍉𐌽 𐌾𐌰𐌷 𐌱𐌰𐌿𐍂𐌲𐍃 𐌲𐌰𐌵𐌴𐌸𐌿𐌽 𐌸𐌰𐍄𐌴𐌹 𐍃𐌺𐌹𐍀 𐌽𐌰𐌷𐍄𐍃 𐍂𐌹𐌽𐌽𐌰𐌹 𐌿𐌽𐌳 𐌰𐌽𐌳𐌹 𐌼𐌴𐌽𐍉𐌸𐌹𐍃 𐌾𐌰𐌷 𐍄𐍅𐌰𐌻𐌹𐍆 𐌻𐌿𐌺𐌰𐍂𐌽𐌰",
        ("𐌼𐌰𐌿𐌹𐍂 𐌵𐌰𐌸: ", " 𐌸𐌰𐌽𐌿𐌷 𐌲𐌰𐌻𐌹𐌸𐌿𐌽."),
        ("𐌲𐌹𐍃𐍄𐍂𐌰𐌳𐌰𐌲𐌹𐍃. ", " 𐌰𐌽𐌳𐌴𐌹𐍃"),
        ("𐍄𐍅𐌰𐌻𐌹𐍆", "𐍆𐌹𐌼𐍆"),
    ),
}
by_script = pytest.mark.parametrize("script", SCRIPTS)


@by_script
@pytest.mark.parametrize("preset", ["sensitive", "fast"])
def test_a_passage_is_found_with_exact_ends(script: str, preset: str) -> None:
    core, (before_a, after_a), (before_b, after_b), _ = SCRIPTS[script]
    for a, b in ((before_a + core + after_a, before_b + core + after_b), (core + after_a, before_b + core), (core, before_b + core + after_b)):
        (span,) = compare_texts(a, b, make_config(preset).matching).to_pylist()
        assert a[span["start_a"] : span["end_a"]] == b[span["start_b"] : span["end_b"]] == core
        assert_true_span(span, a, b)


@by_script
def test_a_change_is_shown_whole_and_alone(script: str) -> None:
    core, (before_a, after_a), (before_b, after_b), (old, new) = SCRIPTS[script]
    a, b = before_a + core + after_a, before_b + core.replace(old, new) + after_b
    (span,) = compare_texts(a, b, make_config().matching).to_pylist()
    assert_true_span(span, a, b)
    assert a[span["start_a"] : span["end_a"]] == core
    assert b[span["start_b"] : span["end_b"]] == core.replace(old, new)
    differences = [(x, y, u, v) for kind, x, y, u, v in read_operations(span) if kind != naive.EQUAL]
    # All that differs lies inside the word that was changed, up to the space behind it.
    at = a.index(old)
    assert differences
    assert all(at <= x and y <= at + len(old) + 1 for x, y, _, _ in differences)


def test_every_script_finds_its_own_in_one_corpus(tmp_path: Path) -> None:
    texts = []
    for i, (core, (before_a, after_a), (before_b, after_b), _) in enumerate(SCRIPTS.values()):
        texts += [f"{make_prose(i, 20)} {before_a}{core}{after_a}", f"{before_b}{core}{after_b} {make_prose(50 + i, 30)}"]
    found = match_texts(texts, tmp_path)
    assert found.pairs() == {(i, i + 1) for i in range(0, len(texts), 2)}
    for span, (core, *_) in zip(found.spans, SCRIPTS.values(), strict=True):
        assert texts[span["witness_a"]][span["start_a"] : span["end_a"]] == core  # type: ignore[index, misc]


def test_points_and_vowels_may_be_left_out() -> None:
    pointed = "הִסְכִּימוּ אִיגּוּד הָעוֹבְדִים וְהָעֲיָרָה כִּי מַעְבֹּרֶת הַלַּיְלָה תִּפְעַל עַד סוֹף חֹדֶשׁ מַרְץ בְּכָל יוֹם"
    plain = "".join(c for c in pointed if not 0x0591 <= ord(c) <= 0x05C7)
    (span,) = compare_texts(f"א {pointed} ב", f"ג ד {plain} ה", make_config().matching).to_pylist()
    assert f"א {pointed} ב"[span["start_a"] : span["end_a"]] == pointed
    assert f"ג ד {plain} ה"[span["start_b"] : span["end_b"]] == plain
    assert span["similarity"] == 1.0


def test_digits_of_all_scripts_are_the_same_digits() -> None:
    texts = [f"{make_prose(3, 20)} on 12 031 and {digits} or so {make_prose(4, 20)}" for digits in ("2031", "٢٠٣١", "२०३१", "２０３１", "๒๐๓๑", "𝟐𝟎𝟑𝟏")]
    for other in texts[1:]:
        (span,) = compare_texts(texts[0], other, make_config().matching).to_pylist()
        assert (span["end_b"], span["similarity"]) == (len(other), 1.0)
