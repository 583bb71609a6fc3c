"""Small corpora in memory for the tests of the exports: tables as the schema says, with families placed by phrase."""

from __future__ import annotations

import datetime
import hashlib
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from variorum.letters import fold_texts, write_letters
from variorum.schema import TABLES, check_table, verify_table

HOSTILE = "<script>alert(1)</script> </script><!-- <img src=http://example.invalid/x.png onerror=alert(2)> {{ 7*7 }} [bold]&amp; \u2028 \x00\x1b[31m end"
RIGHT_TO_LEFT = "يدعو اتحاد عمال الميناء إلى وقف العمل يوم ٣ مارس، ويطالب بأجر قدره 43 % أعلى."
EMOJI = "The ferry 🚢 leaves at 10:30 with 1.5 tonnes of 𝒜𝒷𝒸 cargo 👩‍🚒 on board every day of the week."
CHINESE = "我们要求立即停止在港口的工作，并于三月十二日之前支付全部工资。"


class FakeFolder:
    """A corpus folder of tables in memory; the letter stream is written to `path` when it is asked for."""

    def __init__(self, tables: dict[str, pa.Table], path: Path) -> None:
        self.tables = tables
        self.path = path
        self.name = path.stem
        self.read: list[int] = []  # how many texts each reading took

    @property
    def index(self) -> Path:
        folder = self.path / "index"
        if not folder.exists():
            write_letters(self.tables["witnesses"].select(["witness", "text"]).to_batches(), folder)
        return folder

    def read_table(self, name: str, columns: list[str] | None = None, where: str | None = None) -> pa.Table:
        assert where is None
        return self.tables[name].select(columns) if columns else self.tables[name]

    def stream_table(self, name: str, columns: list[str] | None = None, batch_size: int = 2048) -> Iterator[pa.RecordBatch]:
        yield from self.read_table(name, columns).to_batches(batch_size)

    def read_texts(self, witnesses: Sequence[int]) -> dict[int, str]:
        self.read.append(len(witnesses))
        return {w: self.tables["witnesses"]["text"][w].as_py() for w in witnesses}


def statement(siglum: str, text: str, series: str | None = None, date: str | None = None, title: str | None = None) -> dict[str, Any]:
    """Return a row of WITNESSES but for its number."""
    moment = datetime.datetime.fromisoformat(date + "T00:00:00+00:00") if date else None
    return {
        "siglum": siglum,
        "source": f"{siglum}.txt",
        "title": title,
        "series": series,
        "date": date,
        "not_before_at": moment,
        "not_after_at": moment and moment + datetime.timedelta(hours=24, microseconds=-1),
        "date_basis": "metadata" if date else None,
        "n_characters": len(text),
        "text": text,
    }


def make_folder(path: Path, statements: list[dict[str, Any]], families: list[dict[str, tuple[int, int]]], **extra: list[dict[str, Any]]) -> FakeFolder:
    """Return a corpus of `statements`; a family is ``{siglum: place}`` for the witnesses that are no exact copies.

    Every exact copy of a member (the same folded letters) joins its family with the same letters. `extra` gives
    rows of further tables, and under ``common`` the numbers of the families that are marked.
    """
    witnesses = [{"witness": n, "place": None, "metadata": None, **row} for n, row in enumerate(statements)]
    number = {row["siglum"]: row["witness"] for row in witnesses}
    store = fold_texts([row["text"] for row in witnesses])
    first: dict[bytes, int] = {}
    foldings = []
    for n in range(len(witnesses)):
        letters = store.text_letters(n).tobytes()
        digest = int.from_bytes(hashlib.sha256(letters).digest()[:8], "big", signed=True)
        foldings.append({"witness": n, "n_letters": len(letters) // 2, "letters_hash": digest, "copy_of": first.setdefault(letters, n)})
    rows: dict[str, list[dict[str, Any]]] = {"families": [], "passages": [], "spans": []}
    marked = set(extra.pop("common", []))  # type: ignore[arg-type]
    for rank, family in enumerate(families, 1):
        members = [(number[siglum], place, None) for siglum, place in family.items()]
        _add_spans(rows["spans"], members, store)
        members += _copied(members, foldings, witnesses, store)
        _add_family(rows, rank, members, witnesses, common=rank in marked)
    rows["spans"].sort(key=lambda r: (r["witness_a"], r["witness_b"], r["start_a"], r["start_b"]))
    for n, span in enumerate(rows["spans"]):
        span["span"] = n
    rows["passages"].sort(key=lambda r: (r["family"], r["position"]))
    sources = [{"source": row["source"], "state": "read", "format": "text", "encoding": "utf-8", "n_bytes": 1, "modified_at": None, "n_witnesses": 1} for row in sorted(witnesses, key=lambda r: r["source"])]
    tables = {"witnesses": witnesses, "foldings": foldings, "sources": sources, "failures": [], "family_links": [], "candidates": [], "provenance": [], **rows, **extra}
    made = {name: pa.Table.from_pylist(values, schema=TABLES[name].schema) for name, values in tables.items()}
    return FakeFolder({name: verify_table(name, check_table(name, table)) for name, table in made.items()}, path)


def _copied(members: list[Any], foldings: list[dict[str, Any]], witnesses: list[dict[str, Any]], store: Any) -> list[Any]:
    """Return the members that exact copies of other members are."""
    import numpy as np

    found = []
    for witness, (start, end), _ in members:
        low, high = store.locate_letters(np.array([witness]), np.array([start]), np.array([end]))
        for row in foldings:
            if row["copy_of"] == witness != row["witness"]:
                found.append((row["witness"], store.places(row["witness"], int(low[0]), int(high[0])), witness))
    return found


def _add_spans(spans: list[dict[str, Any]], members: list[Any], store: Any) -> None:
    """Add a span from the first member to every other."""
    for other in members[1:]:
        (a, place_a, _), (b, place_b, _) = sorted((members[0], other))
        length_a, length_b = place_a[1] - place_a[0], place_b[1] - place_b[0]
        spans.append({
            "witness_a": a, "start_a": place_a[0], "end_a": place_a[1], "witness_b": b, "start_b": place_b[0], "end_b": place_b[1],
            "n_letters": min(length_a, length_b), "n_equal": min(length_a, length_b) - 1, "similarity": 0.9, "n_seeds": 3,
            "kind": "edited", "score": 100.0, "rarity": 7.0, "reason": "letters agree", "operations": [1, length_a, length_b],
        })  # fmt: skip


def _add_family(rows: dict[str, list[dict[str, Any]]], rank: int, members: list[Any], witnesses: list[dict[str, Any]], *, common: bool) -> None:
    """Add one family and its passages."""
    members = sorted(members, key=lambda m: (witnesses[m[0]]["date"] or "9999", m[0], m[1]))
    family = hashlib.sha256(f"{rank}{members}".encode()).hexdigest()[:12]
    dates = [witnesses[m[0]]["not_before_at"] for m in members if witnesses[m[0]]["date"]]
    holders = {m[0] for m in members if dates and witnesses[m[0]]["not_before_at"] == min(dates)}
    medoid = min(m[0] for m in members if m[2] is None)
    start, end = next(m[1] for m in members if m[0] == medoid)
    rows["families"].append({
        "family": family, "rank": rank, "n_passages": len(members), "n_witnesses": len({m[0] for m in members}),
        "n_series": len({witnesses[m[0]]["series"] or m[0] for m in members}), "earliest": holders.pop() if len(holders) == 1 else None,
        "first_at": min(dates, default=None), "last_at": max(dates, default=None), "n_days": (max(dates) - min(dates)).days if dates else None,
        "medoid": medoid, "n_letters": end - start, "n_running_words": 10, "similarity": 0.9, "substance": 100.0 / rank, "common": common,
        "label": "furniture" if common else None, "reasons": ["it stands at the end of most of its witnesses"] if common else [],
        "split": False, "excerpt": " ".join(witnesses[medoid]["text"][start:end].split())[:120],
    })  # fmt: skip
    for position, (witness, place, copy_of) in enumerate(members):
        passage = hashlib.sha256(f"{witnesses[witness]['siglum']}{place}".encode()).hexdigest()[:12]
        rows["passages"].append({
            "passage": passage, "family": family, "witness": witness, "start": place[0], "end": place[1], "n_letters": place[1] - place[0],
            "position": position, "n_spans": 1, "tie": None, "copy_of": copy_of,
        })  # fmt: skip


def place_of(text: str, phrase: str) -> tuple[int, int]:
    """Return where `phrase` stands in `text`."""
    start = text.index(phrase)
    return start, start + len(phrase)


CALL = (
    "The harbour workers of Eastmere call on the port authority to withdraw the new timetable by 12 May and to pay the "
    "wages of 12,000 people who must wait on the quay without shelter. A meeting of all crews will be held on the pier."
)
CHANGED = CALL.replace("12,000", "1,200").replace("must wait", "should wait")


def wrap(text: str, width: int) -> str:
    """Return `text` hard-wrapped."""
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 1 > width and line:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def make_small(path: Path) -> FakeFolder:
    """Return a corpus of one declaration in five versions (one an exact copy, re-wrapped), hostile texts and a marked family."""
    texts = {
        "union": f"Statement of the Harbour Workers' Union.\n\n{CALL}\n\nIssued at Eastmere.",
        "town": f"The Town of Eastmere makes known what it was sent.\n\n{CHANGED}\n\nNo comment is made.",
        "gazette": f"Gazette of the coast, page two. {CALL.upper()} Further reports follow.",
        "mirror": wrap(f"Statement of the Harbour Workers' Union. {CALL} Issued at Eastmere.", 60),
        "hostile-1": f"Before {HOSTILE} after. {RIGHT_TO_LEFT} {EMOJI} {CHINESE}",
        "hostile-2": f"Elsewhere {HOSTILE.replace('end', 'END now')} after. {RIGHT_TO_LEFT.replace('43', '34')} {EMOJI.replace('1.5', '15')} {CHINESE.replace('立即', '马上')}",
        "alone": "A text about lighthouses that shares nothing with any other in this folder.",
    }
    details = {
        "union": ("Harbour Workers' Union", "2031-03-02"), "town": ("Town of Eastmere", "2031-03-05"), "gazette": ("Gazette <b>of</b> the coast", None),
        "mirror": ("Mirror", "2031-03-04"), "hostile-1": ("=A1+1", "2031-04-01"), "hostile-2": ("</script>", "2031-04-01"), "alone": (None, None),
    }  # fmt: skip
    statements = [statement(siglum, text, *details[siglum], title=f"On {siglum}") for siglum, text in texts.items()]
    call = {"union": place_of(texts["union"], CALL), "town": place_of(texts["town"], CHANGED), "gazette": place_of(texts["gazette"], CALL.upper())}
    hostile = {name: (texts[name].index("<script>"), len(texts[name])) for name in ("hostile-1", "hostile-2")}
    small = {"union": place_of(texts["union"], "A meeting of all crews will be held on the pier."), "town": place_of(texts["town"], "A meeting of all crews will be held on the pier.")}
    now = datetime.datetime(2031, 5, 1, tzinfo=datetime.UTC)
    folder = make_folder(
        path, statements, [call, hostile, small], common=[3],
        failures=[{"source": "scan.pdf", "place": None, "problem": "no text layer", "advice": "read it with OCR first", "severity": "failed"}],
        provenance=[{"stage": "witnesses", "started_at": now, "seconds": 1.5, "cpu_seconds": 1.25, "n_rows": 7, "config": '{"matching": {"k": 16}}', "versions": '{"variorum": "0.1.0"}', "input_hash": "abc", "counters": "{}"}],
    )  # fmt: skip
    ids = {row["rank"]: row["family"] for row in folder.tables["families"].to_pylist()}
    links = [{"family": ids[1], "other": ids[3], "relation": "contains", "n_witnesses": 2}]
    folder.tables["family_links"] = pa.Table.from_pylist(links, schema=TABLES["family_links"].schema)
    return folder


def make_large(path: Path, n_families: int, seed: int = 7) -> FakeFolder:
    """Return a corpus of `n_families` pairs of statements in made-up words, each pair sharing one passage with one word changed."""
    draw = random.Random(seed)
    words = ["".join(draw.choice("bdfgklmnprstv") + draw.choice("aeiou") for _ in range(draw.randint(1, 4))) for _ in range(800)]

    def prose(n: int) -> list[str]:
        return draw.choices(words, k=n)

    statements, families = [], []
    for n in range(n_families):
        carried = prose(80)
        changed = [*carried[:40], "changed", *carried[41:]]
        texts = [" ".join([*prose(30), *middle, *prose(30)]) for middle in (carried, changed)]
        names = [f"s{n}-{side}" for side in "ab"]
        statements += [statement(name, text, f"series {draw.randint(1, 9)}", f"2031-{1 + n % 12:02d}-0{1 + at}") for at, (name, text) in enumerate(zip(names, texts, strict=True))]
        families.append({name: place_of(text, " ".join(middle)) for name, text, middle in zip(names, texts, (carried, changed), strict=True)})
    return make_folder(path, statements, families)
