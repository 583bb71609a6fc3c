"""Statements of any number with known reuse: an order-2 Markov walk over the words of real texts, with passages planted.

The walk keeps the common phrases of the language, so that chance matches are as frequent as in real text. Where two words
stand together fewer than `SEEN` times in the base, the next follows the last word alone: a walk without a choice would
copy the base, and statements would share what nobody planted. Everything follows from the seed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

FIRST_DAY = date(2020, 1, 1)
SEEN = 4  # times a pair of words must stand in the base to lead on by itself
BLOCK = 10_000  # documents walked at a time: 20 MB of word numbers


@dataclass(slots=True)
class Passage:
    """A planted passage: its words, and the label and kind of what it belongs to."""

    family: str
    kind: str
    words: list[str]


@dataclass(slots=True)
class Planted:
    """One copy of a passage on its way into a document: words after noise, and how many were edited."""

    passage: Passage
    words: list[str]
    edits: int


@dataclass(slots=True)
class Walker:
    """Walks over the words of base texts; each next word followed the last two, or the last, somewhere in them."""

    base: Path
    rng: np.random.Generator
    leap: bool = False
    """Whether the walk goes on anywhere after a word that stands fewer than SEEN times, so that not even six words of the base are copied."""
    words: np.ndarray = field(init=False)
    tokens: np.ndarray = field(init=False)
    _order: np.ndarray = field(init=False)
    _first: np.ndarray = field(init=False)
    _size: np.ndarray = field(init=False)
    _loose: tuple[np.ndarray, np.ndarray, np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        """Read the base texts and sort the places of every pair of words."""
        files = [self.base] if self.base.is_file() else sorted(p for p in self.base.rglob("*") if p.suffix in (".md", ".txt"))
        text = " ".join(p.read_text(encoding="utf-8", errors="replace") for p in files).split()
        if len(text) < 10_000:
            sys.exit(f"{self.base} holds {len(text)} words of .md and .txt; at least 10,000 are needed")
        number: dict[str, int] = {}
        self.tokens = np.array([number.setdefault(word, len(number)) for word in text], np.int64)
        self.words = np.array(list(number), dtype=object)
        self._order, self._first, self._size = _index(self.tokens[:-2] * len(self.words) + self.tokens[1:-1])
        self._loose = _index(self.tokens[1:-1])

    def walk(self, n_walks: int, n_words: int) -> np.ndarray:
        """Return `n_walks` rows of `n_words` word numbers."""
        places = len(self._order)
        at = self.rng.integers(0, places, n_walks)
        out = np.empty((n_walks, n_words), np.int64)
        for step in range(n_words):
            out[:, step] = self.tokens[at]
            chance = self.rng.random(n_walks)
            order, first, size = self._loose
            loose = order[first[at] + (chance * size[at]).astype(np.int64)]
            twin = self._order[self._first[at] + (chance * self._size[at]).astype(np.int64)]
            following = np.where(self._size[at] < SEEN, loose, twin) + 1
            if self.leap:
                following = np.where(size[at] < SEEN, self.rng.integers(0, places, n_walks), following)
            at = following
            ended = at >= places
            at[ended] = self.rng.integers(0, places, int(ended.sum()))
        return out

    def passage(self, n_words: int) -> list[str]:
        """Return a passage of `n_words` words."""
        return self.words[self.walk(1, n_words)[0]].tolist()

    def noised(self, words: list[str], rate: float) -> tuple[list[str], int]:
        """Return a copy with about `rate` of its words substituted (half), deleted or inserted, and the number of edits."""
        struck = np.flatnonzero(self.rng.random(len(words)) < rate)
        if not len(struck):
            return list(words), 0
        out = [[word] for word in words]
        kinds = self.rng.random(len(struck))
        strange = self.words[self.tokens[self.rng.integers(0, len(self.tokens), len(struck))]]
        for at, kind, word in zip(struck.tolist(), kinds, strange, strict=True):
            out[at] = [word] if kind < 0.5 else [] if kind < 0.75 else [words[at], word]
        return [word for group in out for word in group], len(struck)

    def garbled(self, words: list[str], rate: float) -> tuple[list[str], int]:
        """Return a copy with about `rate` of its characters, spaces left out, replaced (half), lost or doubled by another letter, and the number of edits.

        Letters are drawn from a to z without regard to what looks alike; a word of which nothing is left is lost.
        """
        edits, out = 0, []
        for word in words:
            struck = self.rng.random(len(word)) < rate
            edits += int(struck.sum())
            parts = []
            for character, hit in zip(word, struck.tolist(), strict=True):
                other = chr(97 + int(self.rng.integers(26))) if hit else ""
                kind = self.rng.random() if hit else 1.0
                parts.append(character if not hit else other if kind < 0.5 else "" if kind < 0.75 else character + other)
            if "".join(parts):
                out.append("".join(parts))
        return out, edits


def _index(key: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places sorted by key and, for each place, the first of its equals in that order and their number."""
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    first = np.searchsorted(ranked, key, "left")
    return order, first, np.searchsorted(ranked, key, "right") - first


def plant_passages(walker: Walker, n_documents: int, max_noise: float = 0.2) -> dict[int, list[Planted]]:
    """Return what goes into which document: a passage to every twelve documents, and 60 strings of boilerplate.

    A passage has 30 to 300 words and 2 to 60 copies (Zipf); each copy has word noise between 0 and `max_noise`.
    The most frequent boilerplate stands in 5 % of the documents, the next in half as many, and so on.
    """
    rng = walker.rng
    into: dict[int, list[Planted]] = {}
    for number in range(max(1, n_documents // 12)):
        passage = Passage(f"p{number}", "passage", walker.passage(int(np.exp(rng.uniform(np.log(30), np.log(300))))))
        for place, document in enumerate(_some(rng, n_documents, int(min(60, 1 + rng.zipf(2.0))))):
            words, edits = walker.noised(passage.words, rng.uniform(0, max_noise)) if place else (passage.words, 0)
            into.setdefault(document, []).append(Planted(passage, words, edits))
    _plant_boilerplate(walker, n_documents, into)
    return into


def _plant_boilerplate(walker: Walker, n_documents: int, into: dict[int, list[Planted]]) -> None:
    """Plant 60 strings of boilerplate, the first in 5 % of the documents."""
    for number in range(60):
        passage = Passage(f"b{number}", "boilerplate", walker.passage(int(walker.rng.integers(12, 40))))
        for document in _some(walker.rng, n_documents, max(2, int(n_documents * 0.05 / (number + 1)))):
            into.setdefault(document, []).append(Planted(passage, passage.words, 0))


def plant_noisy(walker: Walker, n_documents: int, n_passages: int, max_noise: float = 0.2, most: int = 20) -> dict[int, list[Planted]]:
    """Return what goes into which document: passages of 30 to 300 words whose copies differ by their noise, and boilerplate.

    Of every two passages the copies of one have errors in characters (kind `letters`), those of the other in words (kind
    `words`), each copy at a rate of its own up to `max_noise`; the first copy has none. A passage has 2 to `most` copies (Zipf).
    """
    rng = walker.rng
    into: dict[int, list[Planted]] = {}
    for number in range(n_passages):
        kind = "letters" if number % 2 else "words"
        passage = Passage(f"{kind[0]}{number}", kind, walker.passage(int(np.exp(rng.uniform(np.log(30), np.log(300))))))
        spoil = walker.garbled if kind == "letters" else walker.noised
        for place, document in enumerate(_some(rng, n_documents, int(min(most, 1 + rng.zipf(2.0))))):
            words, edits = spoil(passage.words, rng.uniform(0, max_noise)) if place else (passage.words, 0)
            into.setdefault(document, []).append(Planted(passage, words, edits))
    _plant_boilerplate(walker, n_documents, into)
    return into


def plant_short(walker: Walker, n_documents: int, n_passages: int) -> dict[int, list[Planted]]:
    """Return what goes into which document: word for word quotations of 8 to 24 words in two documents each."""
    into: dict[int, list[Planted]] = {}
    for number in range(n_passages):
        passage = Passage(f"q{number}", "quotation", walker.passage(int(walker.rng.integers(8, 25))))
        for document in _some(walker.rng, n_documents, 2):
            into.setdefault(document, []).append(Planted(passage, passage.words, 0))
    return into


def plant_campaign(walker: Walker, n_documents: int, n_letters: int, noise: float) -> dict[int, list[Planted]]:
    """Return one form letter of 200 words in the first `n_letters` of the documents, each copy with word noise `noise`."""
    passage = Passage("campaign", "start", walker.passage(200))
    chosen = _some(walker.rng, n_documents, n_letters)
    return {document: [Planted(passage, *walker.noised(passage.words, noise if place else 0.0))] for place, document in enumerate(chosen)}


def write_statements(walker: Walker, into: dict[int, list[Planted]], n_documents: int, folder: Path, n_words: tuple[int, int]) -> int:
    """Write `docs.jsonl` (id, series, date, text) and `copies.jsonl` (family, doc, begin, end, kind, words, edits).

    `n_words` is the median number of own words of a document, and that of a document that begins with a letter.
    Returns the bytes of `docs.jsonl`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = walker.rng
    with (folder / "docs.jsonl").open("w", encoding="utf-8") as docs, (folder / "copies.jsonl").open("w", encoding="utf-8") as copies:
        for low in range(0, n_documents, BLOCK):
            numbers = range(low, min(low + BLOCK, n_documents))
            lengths = np.clip(n_words[0] * np.exp(rng.normal(0, 0.3, len(numbers))), 20, 3 * n_words[0]).astype(int)
            rows = walker.words[walker.walk(len(numbers), int(lengths.max()))]
            for number, row, length in zip(numbers, rows, lengths, strict=True):
                planted = into.get(number, [])
                own = row[: n_words[1] if any(p.passage.kind == "start" for p in planted) else length].tolist()
                text, places = _compose(own, planted, rng)
                day = FIRST_DAY + timedelta(days=int(rng.integers(0, 1000)))
                name = f"doc{number:07d}"
                docs.write(json.dumps({"id": name, "series": f"Office {number % 500}", "date": str(day), "text": text}, ensure_ascii=False) + "\n")
                for one, (begin, end) in zip(planted, places, strict=True):
                    row_out = {"family": one.passage.family, "doc": name, "begin": begin, "end": end, "kind": one.passage.kind}
                    copies.write(json.dumps({**row_out, "words": len(one.words), "edits": one.edits}) + "\n")
    return (folder / "docs.jsonl").stat().st_size


def write_replicas(walker: Walker, n_documents: int, folder: Path, n_words: tuple[int, int], times: int, part: float = 1.0) -> int:
    """Write statements of which each stands there `times` times, every copy with 2 to 5 % of its words edited; the files are those of `write_statements`.

    The base, n_documents / times statements, is made by `plant_passages` and `write_statements` and comes first, as it is. Of each of its statements
    the copies hold a stretch of `part` of the words, anywhere in a text that is otherwise their own and as long. Families in `copies.jsonl` are
    named after the base statement. Returns the bytes of `docs.jsonl`.
    """
    n_base = max(1, n_documents // times)
    write_statements(walker, plant_passages(walker, n_base), n_base, folder / "base", n_words)
    with (folder / "base" / "docs.jsonl").open(encoding="utf-8") as file:
        base = [json.loads(line) for line in file]
    with (folder / "docs.jsonl").open("w", encoding="utf-8") as docs, (folder / "copies.jsonl").open("w", encoding="utf-8") as copies:
        for number in range(n_documents):
            turn, which = divmod(number, n_base)
            row, name = base[which], f"doc{number:07d}"
            before, kept, after, edits = _replicate(walker, row["text"].split(" "), part, which, edited=turn > 0)
            begin = len(" ".join([*before, ""]))
            place = {"begin": begin, "end": begin + len(" ".join(kept)), "kind": "passage", "words": len(kept), "edits": edits}
            copies.write(json.dumps({"family": row["id"], "doc": name, **place}) + "\n")
            day = date.fromisoformat(row["date"]) + timedelta(days=turn)
            text = " ".join([*before, *kept, *after])
            docs.write(json.dumps({"id": name, "series": f"Office {(which + 7 * turn) % 500}", "date": str(day), "text": text}, ensure_ascii=False) + "\n")
    return (folder / "docs.jsonl").stat().st_size


def _replicate(walker: Walker, words: list[str], part: float, which: int, *, edited: bool) -> tuple[list[str], list[str], list[str], int]:
    """Return what stands before the stretch that statement number `which` of the base hands on, the stretch, what stands after it, and the edits in it."""
    n_kept = max(1, round(len(words) * part))
    low = 37 * which % (len(words) - n_kept + 1)
    kept, own = words[low : low + n_kept], [*words[:low], *words[low + n_kept :]]
    if not edited:
        return own[:low], kept, own[low:], 0
    kept, edits = walker.noised(kept, walker.rng.uniform(0.02, 0.05))
    own = walker.passage(len(own)) if own else own
    cut = int(walker.rng.integers(0, len(own) + 1))
    return own[:cut], kept, own[cut:], edits


def _compose(own: list[str], planted: list[Planted], rng: np.random.Generator) -> tuple[str, list[tuple[int, int]]]:
    """Return a document's text and the place of each planted copy in it."""
    cuts = [0 if p.passage.kind == "start" else int(rng.integers(0, len(own) + 1)) for p in planted]
    parts: list[str] = []
    places = [(0, 0)] * len(planted)
    length = done = 0
    for at in sorted(range(len(planted)), key=cuts.__getitem__):
        for words, mine in ((own[done : cuts[at]], False), (planted[at].words, True)):
            if words:
                part = " ".join(words)
                length += bool(parts)
                if mine:
                    places[at] = (length, length + len(part))
                parts.append(part)
                length += len(part)
        done = cuts[at]
    if own[done:]:
        parts.append(" ".join(own[done:]))
    return " ".join(parts), places


def _some(rng: np.random.Generator, n: int, k: int) -> list[int]:
    """Return `k` different numbers below `n`."""
    return rng.choice(n, min(k, n), replace=False).tolist()
