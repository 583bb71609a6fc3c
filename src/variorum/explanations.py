"""Why a span was kept and how sure it is: as data, and in sentences.

The score of a span is the log of a likelihood ratio, in nats: how much likelier its one side is as a copy of the other
than by chance. By chance a ratio of r or more comes up at most once in r tries (Markov's inequality), so that a corpus of
n letters holds at most n * n / 2 * exp(-score) such spans by chance, if words stood at random. Set phrases do not: a
family marked as common says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa

from variorum.config import Config
from variorum.errors import UsageError
from variorum.exporting.differences import ONLY_A, ONLY_B, compare_texts
from variorum.narrowing import lies_in
from variorum.schema import REWORKED_KINDS

Row = dict[str, Any]

SURE, HARDLY = -6.0, 0.0
"""Powers of ten of spans expected by chance below which one is taken for no chance, and hardly for chance."""

KIND_WORDS = {
    "verbatim": "Word for word: every letter of the two passages agrees.",
    "edited": "Copied and edited: the two passages run side by side, with changes.",
    "reworked": "Reworked: the two passages share their words, in another order or wording.",
    "summarised": "Summarised: one passage says in few words what the other says at length.",
    "moved": "Moved: the passage stands out of order with a stronger span of the same two statements.",
}


class Folder(Protocol):
    """The part of a corpus folder that this module reads."""

    def query(self, sql: str, params: Sequence[Any] | None = None) -> pa.Table:
        """Return the result of one SELECT statement."""
        ...

    def read_texts(self, witnesses: Sequence[int]) -> dict[int, str]:
        """Return the texts of the witnesses."""
        ...

    def count(self, name: str, where: str | None = None) -> int:
        """Return how many rows a table has."""
        ...


def explain_span(folder: Folder, number: int, config: Config) -> Row:
    """Return why the span of that number was kept and how sure it is.

    Keys: ``item`` (`span`) and the columns of SPANS without its places; ``a`` and ``b``, each with ``witness, siglum, series, date,
    date_basis, title, start, end, text, copies, earliest`` (the earliest of it and its exact copies); ``families`` that hold both passages; ``changes``, each with its kind
    (`replaced`, `only_a`, `only_b`), wording and places; ``n_tosses``, ``chance_log10`` and ``sure``; ``said``, all of it in sentences.

    Args:
        number: the span's number. config: the settings of the run.

    Raises:
        UsageError: there is no span of that number.
    """
    found = folder.query("SELECT * FROM spans WHERE span = ?", [number]).to_pylist()
    if not found:
        n = folder.count("spans")
        raise UsageError(f"no span {number}; " + (f"spans are numbered from 0 to {n - 1}" if n else "the corpus holds none"))
    row = found[0]
    sides = {side: _describe_side(folder, row, side) for side in ("a", "b")}
    changes = list_changes(sides["a"], sides["b"])
    shown = {name: row[name] for name in row if name not in ("operations", *(f"{part}_{s}" for part in ("witness", "start", "end") for s in "ab"))}
    told = {"item": "span", **shown, **sides, "families": _find_families(folder, number), **_weigh(folder, row), "changes": changes}
    return {**told, "said": _tell(folder, told, config)}


def explain_item(folder: Folder, item: int | str, config: Config, limit: int | None = None) -> Row:
    """Return `explain_span` of a span's number, or `explain_passage` of a passage's id (its beginning is enough).

    Raises:
        UsageError: nothing is named so.
    """
    number = int(item) if isinstance(item, int) or item.isdecimal() else None
    if number is not None and (isinstance(item, int) or number < folder.count("spans")):
        return explain_span(folder, number, config)
    ids = folder.query("SELECT DISTINCT passage FROM passages WHERE starts_with(passage, ?) ORDER BY passage LIMIT 2", [str(item)])["passage"].to_pylist()
    if len(ids) == 1:
        return explain_passage(folder, ids[0], config, limit)
    if ids:
        raise UsageError(f"'{item}' begins more than one passage: {ids[0]}, {ids[1]} ...; give more of it")
    if number is not None:
        return explain_span(folder, number, config)
    if folder.query("SELECT 1 FROM witnesses WHERE siglum = ?", [item]).num_rows:
        raise UsageError(f"'{item}' is a witness; name a second one, and what ties the two is told")
    raise UsageError(f"no span, passage or witness '{item}'; variorum show CORPUS FAMILY names spans and passages")


def explain_passage(folder: Folder, passage: str, config: Config, limit: int | None = None) -> Row:
    """Return the spans that end in a passage and tie it to others of its families.

    Keys: ``item`` (`passage`), ``passage``, ``n_spans``, ``spans`` as `explain_span` gives them, by score, at most `limit` (None: all), ``said``.
    """
    sides = " UNION ".join(
        f"""SELECT s.span, s.score FROM passages p JOIN spans s ON {lies_in("s", side, "p")} JOIN passages o ON o.copy_of IS NULL AND o.family = p.family
            AND {lies_in("s", other, "o")} WHERE p.passage = ? AND p.copy_of IS NULL"""
        for side, other in (("a", "b"), ("b", "a"))
    )
    numbers = folder.query(f"SELECT span FROM ({sides}) ORDER BY score DESC, span", [passage, passage])["span"].to_pylist()
    copies = folder.query("SELECT DISTINCT w.siglum FROM passages p JOIN witnesses w ON w.witness = p.copy_of WHERE p.passage = ?", [passage])["siglum"].to_pylist()
    said = [f"It is an exact copy of the passage of {copies[0]}, which was matched for both."] if copies else []
    return {"item": "passage", "passage": passage, "n_spans": len(numbers), "spans": [explain_span(folder, n, config) for n in numbers[:limit]], "said": said}


def explain_pair(folder: Folder, a: Row, b: Row, config: Config, limit: int | None = None) -> Row:
    """Return what ties two witnesses: ``item`` (`pair`), ``a``, ``b`` (rows of WITNESSES), ``n_spans``, ``spans`` as `explain_span` gives them, by score, at most `limit` (None: all), ``said``.

    Exact copies are matched once, as the first of them: ``said`` tells where the spans are those of another copy.

    Args:
        a, b: rows with ``witness`` and ``siglum``. config: the settings of the run.
    """
    copies = {row["witness"]: row for row in folder.query(
        "SELECT f.witness, f.copy_of, f.n_letters, w.siglum, w.series FROM foldings f JOIN witnesses w ON w.witness = f.copy_of WHERE f.witness IN (?, ?)", [a["witness"], b["witness"]]
    ).to_pylist()}  # fmt: skip
    first, second = copies[a["witness"]], copies[b["witness"]]
    said = [f"{row['siglum']} is an exact copy of {held['siglum']}, and is matched as that." for row, held in ((a, first), (b, second)) if held["copy_of"] != row["witness"]]
    if first["copy_of"] == second["copy_of"]:
        alike = f"{a['siglum']} and {b['siglum']} are exact copies: the same {first['n_letters']:,} letters, but for case, space and punctuation."
        return {"item": "pair", "a": a, "b": b, "n_spans": 0, "spans": [], "said": [alike]}
    low, high = sorted((first["copy_of"], second["copy_of"]))
    numbers = folder.query("SELECT span FROM spans WHERE witness_a = ? AND witness_b = ? ORDER BY score DESC, span", [low, high])["span"].to_pylist()
    if not numbers:
        said.append(_tell_nothing(a, b, config))
    spans = [explain_span(folder, number, config) for number in numbers[:limit]]
    return {"item": "pair", "a": a, "b": b, "n_spans": len(numbers), "spans": spans, "said": said}


def list_changes(a: Row, b: Row) -> list[Row]:
    """Return the changes of wording between two passages (rows with ``start`` and ``text``): kind, wording and places in both texts."""
    at_a, at_b = a["start"], b["start"]
    changes: list[Row] = []
    for kind, text_a, text_b in compare_texts(a["text"], b["text"]):
        end_a, end_b = at_a + len(text_a), at_b + len(text_b)
        if kind in (ONLY_A, ONLY_B):
            last = changes[-1] if changes else None
            if last is not None and kind == ONLY_B and last["kind"] == "only_a" and (last["end_a"], last["end_b"]) == (at_a, at_b):
                last.update(kind="replaced", b=text_b, end_b=end_b)
            else:
                changes.append({"kind": kind, "a": text_a, "b": text_b, "start_a": at_a, "end_a": end_a, "start_b": at_b, "end_b": end_b})
        at_a, at_b = end_a, end_b
    return changes


def _describe_side(folder: Folder, row: Row, side: str) -> Row:
    """Return one side of a span: who, when, where, the text, and the sigla of its exact copies."""
    witness, start, end = row[f"witness_{side}"], row[f"start_{side}"], row[f"end_{side}"]
    about = folder.query("SELECT witness, siglum, series, date, date_basis, title, not_before_at FROM witnesses WHERE witness = ?", [witness]).to_pylist()[0]
    copies = folder.query(
        "SELECT w.siglum, w.date, w.not_before_at FROM foldings f JOIN witnesses w USING (witness) WHERE f.copy_of = ? ORDER BY not_before_at NULLS LAST, witness", [witness]
    ).to_pylist()
    others = [copy["siglum"] for copy in copies if copy["siglum"] != about["siglum"]]
    return {**about, "start": start, "end": end, "text": folder.read_texts([witness])[witness][start:end], "copies": others, "earliest": copies[0]}


def _find_families(folder: Folder, number: int) -> list[Row]:
    """Return the families of which both sides of a span end in passages, smallest rank first."""
    sql = f"""SELECT f.family, f.rank, f.n_witnesses, f.n_series, f.common, f.label, f.reasons, f.excerpt, a.passage AS passage_a, b.passage AS passage_b
        FROM spans s JOIN passages a ON a.copy_of IS NULL AND {lies_in("s", "a", "a")}
        JOIN passages b ON b.copy_of IS NULL AND b.family = a.family AND {lies_in("s", "b", "b")} JOIN families f ON f.family = a.family
        WHERE s.span = ? ORDER BY f.rank"""
    return folder.query(sql, [number]).to_pylist()


def _weigh(folder: Folder, row: Row) -> Row:
    """Return how sure a span is: coin tosses as unlikely as its score, spans that chance gives (power of ten), and the word for it."""
    letters = folder.query("SELECT sum(n_letters)::DOUBLE AS n FROM foldings WHERE copy_of = witness")["n"][0].as_py()
    chance = 2 * math.log10(max(1.0, letters or 1.0)) - math.log10(2) - row["score"] / math.log(10)
    below = folder.query("SELECT avg((rarity < ?)::INTEGER) AS share FROM spans", [row["rarity"]])["share"][0].as_py()
    sure = "beyond chance" if chance < SURE else "hardly by chance" if chance < HARDLY else "may be chance"
    return {"n_tosses": max(0, round(row["score"] / math.log(2))), "chance_log10": round(chance, 1), "sure": sure, "rarer_than": below}


def _tell(folder: Folder, told: Row, config: Config) -> list[str]:
    """Return an explanation in sentences."""
    said = [KIND_WORDS.get(told["kind"], f"Kind: {told['kind']}.")]
    said.append(f"{told['n_equal']:,} letters agree; the shorter side has {told['n_letters']:,}. Similarity {told['similarity']:.2f}.")
    one_in = round(math.exp(min(told["rarity"], 50)))
    said.append(f"Rarity {told['rarity']:.1f} nats a word: a word in it is on the mean as rare as one in {one_in:,}; rarer than {told['rarer_than']:.0%} of the spans here.")
    said.append(_tell_score(told))
    said.append(f"Kept because: {_name_witness(folder, told['reason'])}. {_tell_limits(told, config)}")
    said += [_tell_family(family) for family in told["families"]] or [_tell_no_family(told, config)]
    for side in ("a", "b"):
        if n := len(told[side]["copies"]):
            said.append(f"{told[side]['siglum']} also stands for its exact {'copy' if n == 1 else 'copies'} {', '.join(told[side]['copies'][:5])}{f' and {n - 5:,} more' if n > 5 else ''}.")
    if order := _tell_order(told["a"], told["b"]):
        said.append(order)
    if told["kind"] not in REWORKED_KINDS:
        said.append(count_changes(told["changes"]))
    return said


def _tell_score(told: Row) -> str:
    """Say how sure a span is."""
    score = round(told["score"])
    if score <= 0:
        return f"Score {score} nats: its differences cost {'as much as' if score == 0 else 'more than'} its words say; {told['sure']}."
    power = told["chance_log10"]
    expected = f"fewer than 10^{math.ceil(power)}" if power < -1 else f"up to {10**power:,.1f}" if power < 6 else f"up to 10^{power:.0f}"
    sure = f"{told['sure'][0].upper()}{told['sure'][1:]}: a corpus of this size would hold {expected} such spans if words stood at random."
    return f"Score {score:,} nats: as likely by chance as {told['n_tosses']:,} coin tosses that all show heads. {sure}"


def _tell_limits(told: Row, config: Config) -> str:
    """Say what the run asked of every span, and where this one has less."""
    if told["kind"] in REWORKED_KINDS:
        return f"Deep mode asks for {config.deep.min_nats:g} nats, and for more the more pairs were compared."
    asked = config.matching
    less = told["n_letters"] < asked.min_letters or told["similarity"] < asked.min_similarity
    return f"The run asked for {asked.min_letters:,} letters and similarity {asked.min_similarity:.2f}" + ("; this one was kept with less." if less else ".")


def _tell_family(family: Row) -> str:
    """Say which family a span ties, and why it is marked where it is."""
    said = f"It ties two passages of family {family['rank']:,} ({family['family']}), which is in {family['n_witnesses']:,} witnesses of {family['n_series']:,} series"
    return said + (f"; marked as common, {family['label']}: {'; '.join(family['reasons'])}." if family["common"] else "; not marked as common.")


def _tell_no_family(told: Row, config: Config) -> str:
    """Say why a span ties no two passages of a family."""
    asked = config.families
    if told["n_letters"] < asked.min_letters or (told["similarity"] < asked.min_similarity and told["kind"] not in REWORKED_KINDS):
        return f"It makes no family: families take spans of at least {asked.min_letters:,} letters and similarity {asked.min_similarity:.2f}."
    return "It ties no two passages of one family: its words come back and back, the family was split there, or families were not made."


def _tell_order(a: Row, b: Row) -> str | None:
    """Say which of the two is dated earlier, by the earliest of the exact copies of each."""
    first, second = sorted((a["earliest"], b["earliest"]), key=lambda row: (row["not_before_at"] is None, row["not_before_at"]))
    if second["not_before_at"] is None:
        return None
    days = (second["not_before_at"].date() - first["not_before_at"].date()).days
    if not days:
        return f"{first['siglum']} and {second['siglum']} are of one day: no order." if first["date"] == second["date"] else None
    return f"{first['siglum']} is dated {first['date']}, {days:,} {'day' if days == 1 else 'days'} before {second['siglum']}."


def count_changes(changes: Sequence[Row]) -> str:
    """Say how many words are replaced, only in a, only in b."""
    if not changes:
        return "No wording differs."
    words = {kind: sum(len((c["a"] or c["b"]).split()) for c in changes if c["kind"] == kind) for kind in ("replaced", "only_a", "only_b")}
    parts = [f"{words['replaced']:,} replaced", f"{words['only_a']:,} only in a", f"{words['only_b']:,} only in b"]
    n = len(changes)
    return f"{n:,} {'change' if n == 1 else 'changes'} of wording; words: {', '.join(part for part in parts if not part.startswith('0 '))}."


def _name_witness(folder: Folder, reason: str) -> str:
    """Return a reason with the siglum beside the number of a witness that it names."""
    match = re.search(r"\bwitness (\d+)$", reason)
    found = folder.query("SELECT siglum FROM witnesses WHERE witness = ?", [int(match.group(1))])["siglum"].to_pylist() if match else []
    return reason[: match.start()] + found[0] if match and found else reason


def _tell_nothing(a: Row, b: Row, config: Config) -> str:
    """Say why two witnesses may have no span."""
    asked = config.matching
    if asked.across_series and a["series"] is not None and a["series"] == b["series"]:
        return f"No span: both are of the series {a['series']}, and the run left out what one series shares with itself (across_series)."
    return f"No span of {a['siglum']} and {b['siglum']} was kept: they share no stretch of {asked.min_letters:,} letters and similarity {asked.min_similarity:.2f}."
