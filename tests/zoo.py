"""Odd inputs that all tests share: texts by name, and files of every kind made when asked for.

All names and events are invented.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path

STATEMENT = (
    "The Harbour Workers' Union and the Town of Eastmere have agreed that the night ferry will run until the end of March. "
    "Both sides ask the Coast Office to pay for 12 new lights on the pier, and to publish its plan before 1 June 2031.\n\n"
    "We call on every village along the bay to join us on the quay."
)

TEXTS: dict[str, str] = {
    "empty": "",
    "blank": " \n\t \r\n \u3000",
    "one word": "Harbour",
    "one letter": "a",
    "one letter a million times": "a" * 1_000_000,
    "one line without spaces": "harbourunion" * 50_000,
    "statement": STATEMENT,
    "hard-wrapped": "The Harbour Workers' Union and the Town of\nEastmere have agreed that the night fer-\nry will run until the\n\nend of March.",
    "right to left": "اتفق اتحاد عمال الميناء وبلدة الساحل على استمرار العبّارة الليلية حتى نهاية شهر مارس.",
    "hebrew with figures": "איגוד עובדי הנמל דורש 12 פנסים חדשים עד 1 ביוני 2031.",
    "emoji": "The ferry runs again 🚢🎉 and the families 👨‍👩‍👧‍👦 of Eastmere 🇪🇺 thank the crew 👍🏽.",
    "only emoji": "🚢🎉👨‍👩‍👧‍👦",
    "combining marks": "Cafe\u0301 Zoe\u0308 on the pier: na\u0308\u0301\u0323ive, Vie\u0323\u0302t, q\u0307\u0323.",
    "many combining marks": "e" + "\u0301" * 10_000 + " harbour",
    "crlf": "First line of the union.\r\nSecond line of the town.\r\n\r\nThird line.\r\n",
    "old mac": "First line of the union.\rSecond line of the town.\r",
    "nul": "The union\0 and the\0 town agree on the ferry.",
    "controls": "The union\x01 and\x7f the\x1b town\x08 agree\x0b.",
    "turned": "The union \u202eeert yenom\u202c and the town \u2066agree\u2069.",
    "soft hyphens": "The har\u00adbour work\u00aders of East\u00admere\u200b agree\ufeff.",
    "ligatures": "The ﬁrst oﬃce of the ﬂeet ſent ½ of №7 in ﬀ.",
    "full width": "Ｈａｒｂｏｕｒ　Ｕｎｉｏｎ　１２３",
    "dotted i": "İstanbul iskelesi ISPARTA ıspanak ẞ ß Σίσυφος",
    "chinese": "港口工人工会与东湖镇商定，夜间渡轮将运行至三月底。双方要求海岸办公室为码头支付十二盏新灯的费用。",
    "japanese": "港湾労働者組合と東湖町は、夜間フェリーを三月末まで運航することで合意した。ﾌｪﾘｰﾊ夜モ走ﾙ。",
    "korean": "항만 노동조합과 동호읍은 야간 여객선을 삼월 말까지 운항하기로 합의했다.",
    "thai": "สหภาพแรงงานท่าเรือและเมืองอีสต์เมียร์ตกลงว่าเรือข้ามฟากกลางคืนจะวิ่งต่อไปจนถึงสิ้นเดือนมีนาคม",
    "hindi": "बंदरगाह श्रमिक संघ और ईस्टमेयर नगर सहमत हैं कि रात की नौका मार्च के अंत तक चलेगी।",
    "beyond the first plane": "𝐇𝐚𝐫𝐛𝐨𝐮𝐫 𝔘𝔫𝔦𝔬𝔫 𐌰𐌱𐌲 𠀀𠀁𠀂 meets at noon.",
    "markup": "<script>alert('union')</script> & <img src=x onerror=\"alert(1)\"> &lt;b&gt; </textarea> ]]> {{ 7*7 }} --><!--",
    "formula": '=HYPERLINK("http://example.invalid";"union")',
    "digits": "12 400 7 31 2031 0007",
    "punctuation": "... --- *** ?! ()[]{} \u2014 \u2026",
    "dots": "." * 5000 + " The union agrees. " + "." * 5000,
    "repeated": "The union and the town agree on the night ferry. " * 2000,
}
"""Texts by name; none holds a lone surrogate, so that each can be written as UTF-8."""

HOSTILE_HTML = (
    "<!DOCTYPE html><html><head><title>Ferry &amp; <b>pier</b></title><script>alert('no')</script></head><body onload='x()'>"
    "<nav><a href='/'>Home</a></nav><div style='display: none'>hidden words</div><article><h1>Ferry</h1>"
    "<p>The Harbour Workers' Union &lt;script&gt; and the Town of Eastmere<br>have agreed on the night ferry until the end of March.</p>"
    "<!-- a comment --><p>Both sides ask the Coast Office to pay for 12 new lights on the pier<script>alert('in')</script>, and soon.</p>"
    "<p>We call on every village along the bay to join us on the quay &#0; &#x202e; &bogus;<p>Signed: A. Mole<svg><text>drawn</text></svg>"
    "</article><footer>Cookies</footer></body>"
)


def make_pdf(pages: list[list[str]], *, title: str = "", date: str = "", encrypted: bool = False) -> bytes:
    """Return a PDF with the given lines a page; a page without lines shows only a picture. `encrypted` asks for a password."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    grey = zlib.compress(bytes(16))
    objects.append(
        _stream(grey, b"/Type /XObject /Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode")
    )
    kids = []
    for lines in pages:
        shown = b" ".join(b"(" + _escape(line) + b") Tj T*" for line in lines)
        content = b"BT /F1 11 Tf 14 TL 60 780 Td " + shown + b" ET" if lines else b"q 400 0 0 400 60 300 cm /I1 Do Q"
        objects.append(_stream(content))
        resources = b"<< /Font << /F1 3 0 R >> /XObject << /I1 4 0 R >> >>"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources %s >>" % (len(objects), resources)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    objects.append(b"<< /Title (%s) /CreationDate (%s) >>" % (_escape(title), date.encode()))
    trailer = b"/Size %d /Root 1 0 R /Info %d 0 R" % (len(objects) + 1, len(objects))
    if encrypted:  # no password fits these keys
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32))
        trailer += b" /Encrypt %d 0 R /ID [<00> <00>]" % len(objects)
    return _assemble(objects, trailer)


def _assemble(objects: list[bytes], trailer: bytes) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start))
    return out.getvalue()


def _stream(data: bytes, keys: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), keys, data)


def _escape(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def make_docx_bomb(megabytes: int) -> bytes:
    """Return a small zip archive that unpacks to a large `word/document.xml`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(megabytes):
            part.write(b" " * (1 << 20))
    return packed.getvalue()


def write_docx(path: Path, *, changes: bool = False) -> Path:
    """Write a DOCX with paragraphs round a table; with `changes`, one tracked insertion and one tracked deletion."""
    from docx import Document
    from docx.oxml import parse_xml

    document = Document()
    document.core_properties.title = "Night ferry"
    document.add_paragraph("The Harbour Workers' Union and the Town of Eastmere have agreed.")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip((c for row in table.rows for c in row.cells), ("Lights", "12", "Ferries", "2"), strict=True):
        cell.text = words
    last = document.add_paragraph("We call on every village ")
    if changes:
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:id="1" w:author="A" w:date="2031-01-01T00:00:00Z"'
        last._p.append(parse_xml(f"<w:ins {space}><w:r><w:t>along the bay</w:t></w:r></w:ins>"))
        last._p.append(parse_xml(f"<w:del {space}><w:r><w:delText>and every town</w:delText></w:r></w:del>"))
    document.save(str(path))
    return path


def write_files(folder: Path) -> dict[str, Path]:
    """Write one file of every odd kind into `folder`; return their paths by what they are."""
    folder.mkdir(parents=True, exist_ok=True)
    statement = STATEMENT.encode()
    cut_pdf = make_pdf([[STATEMENT[:60]]])
    contents: dict[str, tuple[str, bytes]] = {
        "empty": ("empty.txt", b""),
        "no letter": ("no-letter.txt", b" \n-- ** --\n"),
        "one word": ("one-word.txt", b"Harbour"),
        "binary as text": ("binary.txt", bytes(range(256)) * 64),
        "pdf as text": ("really-a-pdf.txt", cut_pdf),
        "picture as text": ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(500)),
        "broken utf-8": ("broken-utf8.txt", "Zoë and the crew of the café agree. ".encode() * 8 + b"\xff\xc3 end of it"),
        "cp1252": ("western.txt", "“Every crew” – the café’s naïve plan for Eastmere is agreed by the whole union.".encode("cp1252")),
        "cp1251": ("cyrillic.txt", "Профсоюз портовых рабочих и город договорились о ночном пароме до конца марта.".encode("cp1251")),
        "utf-8 with mark": ("marked.txt", b"\xef\xbb\xbf" + statement),
        "utf-16": ("wide.txt", STATEMENT.encode("utf-16")),
        "utf-16 without mark": ("wide-unmarked.txt", STATEMENT.encode("utf-16-le")),
        "crlf": ("crlf.txt", TEXTS["crlf"].encode()),
        "nul": ("nul.txt", (STATEMENT + "\0" + STATEMENT).encode()),
        "markdown": ("head.md", b'---\ntitle: "Night ferry"\ndate: 2031-03-05\ndraft: true\n---\n\n' + statement),
        "html": ("page.html", HOSTILE_HTML.encode()),
        "deep html": ("deep.html", b"<div>" * 30_000 + b"<p>" + statement + b"</p>"),
        "template": (
            "letter.html",
            ("{% extends 'base.html' %}{% block title %}Ferry{% endblock %}\n<p>" + STATEMENT + "</p>{{ names(3) }}").encode(),
        ),
        "pdf": (
            "agreement.pdf",
            make_pdf(
                [["The union and the town have agreed on the recom-", "mended ferry."], ["Second page."]],
                title="Ferry",
                date="D:20310305101500+01'00'",
            ),
        ),
        "encrypted pdf": ("locked.pdf", make_pdf([["Secret."]], encrypted=True)),
        "damaged pdf": ("damaged.pdf", cut_pdf[: len(cut_pdf) // 3]),
        "image-only pdf": ("scan.pdf", make_pdf([[], []])),
        "half-scanned pdf": ("half.pdf", make_pdf([["The union and the town have agreed."], []])),
        "damaged docx": ("damaged.docx", b"PK\x03\x04" + bytes(200)),
        "encrypted docx": ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
        "zip as docx": ("other.docx", _zip({"readme.txt": statement})),
        "rows": (
            "rows.jsonl",
            _jsonl([{"id": "a", "text": STATEMENT, "date": "2031-03-05"}, {"id": "b", "text": STATEMENT, "date": "2024-13-45"}]),
        ),
        "packed rows": ("packed.jsonl.gz", gzip.compress(_jsonl([{"id": "p", "text": STATEMENT}]), mtime=0)),
        "cut packed rows": (
            "cut.jsonl.gz",
            gzip.compress(_jsonl([{"id": f"c{i}", "text": STATEMENT + str(i * i)} for i in range(3000)]), mtime=0)[:-400],
        ),
        "broken rows": (
            "broken.jsonl",
            b'{"id": "ok", "text": "The union agrees."}\n{"id": "bad", "text": \n[1]\n{"id": "ok2", "text": "The town agrees."}\n',
        ),
        "empty rows": (
            "empty-rows.jsonl",
            _jsonl([{"id": i, "text": None} for i in range(50)] + [{"id": "full", "text": "The union agrees."}]),
        ),
        "other field": ("other-field.jsonl", _jsonl([{"id": 1, "txt": STATEMENT}])),
        "table": ("table.csv", '\ufeffid;text;date\r\n1;"The union;\nand the town";2031-03-05\r\n2;The town;05.03.2031\r\n'.encode()),
        "unknown type": ("sheet.xlsx", b"PK\x03\x04" + bytes(50)),
    }
    paths = {}
    for name, (file, data) in contents.items():
        paths[name] = folder / file
        paths[name].write_bytes(data)
    paths["docx"] = write_docx(folder / "letter.docx", changes=True)
    return paths


def _jsonl(rows: list[dict]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()
