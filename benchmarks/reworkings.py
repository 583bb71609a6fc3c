"""Statements with planted passages that were reworked in known ways, by running text: shuffled, reworded, cut, reordered, summed up, as if translated.

A copy is made from its source by one kind at one of three strengths; every draw comes from one seeded generator. Words
that take the place of others are words of the same texts, of like frequency, and the same for every time a word occurs, as
a synonym would be.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import texts

Sentence = list[str]
STRENGTHS = ("light", "medium", "heavy")
COMMON = 150  # words so frequent stand for the function words of the language
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDINGS = ("ing", "ed", "es", "s", "ly")
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+")


@dataclass(slots=True)
class Words:
    """The words of the texts by frequency, so that one can take another's place."""

    rng: np.random.Generator
    ranked: list[str]
    rank: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Number the words by frequency."""
        self.rank = {word: place for place, word in enumerate(self.ranked)}

    def like(self, word: str) -> str:
        """Return another word of like frequency."""
        rank = self.rank.get(word.lower(), len(self.ranked) - 1)
        low, high = int(rank * 0.6), min(len(self.ranked), int(rank * 1.6) + 20)
        return self.ranked[int(self.rng.integers(low, high))]

    def any(self) -> str:
        """Return a word, the frequent ones more often (as one over the rank)."""
        return self.ranked[int(np.exp(self.rng.uniform(0, np.log(len(self.ranked)))))]

    def is_common(self, word: str) -> bool:
        """Return whether a word is one of the most frequent."""
        return self.rank.get(word.lower(), COMMON) < COMMON


def shuffle(passage: list[Sentence], strength: int, words: Words) -> list[Sentence]:
    """Put the words of windows of 5 or 12 words, or of each whole sentence and then the sentences, in another order."""
    if strength == 2:
        return [_shuffled(s, len(s), words) for s in _permuted(passage, words)]
    return [_shuffled(s, (5, 12)[strength], words) for s in passage]


def reword(passage: list[Sentence], strength: int, words: Words) -> list[Sentence]:
    """Put other words for a share of the words, the same for each time that a word occurs."""
    return _exchanged(passage, (0.25, 0.4, 0.55)[strength], words)


def edit(passage: list[Sentence], strength: int, words: Words) -> list[Sentence]:
    """Leave out and put in words, an equal share of each."""
    rate = (0.15, 0.25, 0.4)[strength]
    out = []
    for sentence in passage:
        mine = []
        for word in sentence:
            chance = words.rng.random(2)
            mine += ([word] if chance[0] >= rate else []) + ([words.any()] if chance[1] < rate else [])
        out.append(mine)
    return out


def reorder(passage: list[Sentence], strength: int, words: Words) -> list[Sentence]:
    """Put the sentences in another order, and other words for a share of the words."""
    return _exchanged(_permuted(passage, words), (0.15, 0.3, 0.45)[strength], words)


def summarise(passage: list[Sentence], strength: int, words: Words) -> list[Sentence]:
    """Condense to a half, a third or a quarter: some sentences go, of the others the common words go first; then reword lightly."""
    share = (0.5, 0.34, 0.25)[strength]
    kept = [s for s in passage if words.rng.random() < share**0.5] or passage[:1]
    wanted = max(12, round(share * sum(map(len, passage))))
    out, left = [], sum(map(len, kept))
    drop = max(0.0, 1 - wanted / left)
    for sentence in kept:
        weights = np.array([1.3 if words.is_common(_bare(w)) else 0.8 for w in sentence])
        out.append([w for w, chance, weight in zip(sentence, words.rng.random(len(sentence)), weights, strict=True) if chance >= drop * weight])
    return _exchanged([s for s in out if s], 0.1, words)


def translate(passage: list[Sentence], strength: int, words: Words) -> list[Sentence]:
    """As after a machine's translation there and back: common words change, order changes nearby, endings change, some words are others."""
    rate = (0.15, 0.3, 0.45)[strength]
    out = []
    for sentence in _exchanged(passage, rate, words):
        mine = []
        for word in sentence:
            chance = words.rng.random(2)
            if words.is_common(_bare(word)):
                mine += [] if chance[0] < 0.2 else [words.ranked[int(words.rng.integers(0, COMMON))]] if chance[0] < 0.5 else [word]
            else:
                mine.append(_inflected(word) if chance[1] < 0.25 else word)
        out.append(_shuffled(mine, 4, words))
    return out


KINDS: dict[str, Callable[[list[Sentence], int, Words], list[Sentence]]] = {
    "shuffle": shuffle,
    "reword": reword,
    "edit": edit,
    "reorder": reorder,
    "summarise": summarise,
    "translate": translate,
}


def _bare(word: str) -> str:
    """Return a word without the marks around it."""
    found = _WORD.search(word)
    return found.group() if found else word


def _permuted(passage: list[Sentence], words: Words) -> list[Sentence]:
    return [passage[i] for i in words.rng.permutation(len(passage))]


def _shuffled(sentence: Sentence, window: int, words: Words) -> Sentence:
    """Return a sentence with the words of each window in another order."""
    out: Sentence = []
    for low in range(0, len(sentence), max(1, window)):
        part = sentence[low : low + window]
        out += [part[i] for i in words.rng.permutation(len(part))]
    return out


def _exchanged(passage: list[Sentence], share: float, words: Words) -> list[Sentence]:
    """Return a passage with a share of its distinct words exchanged, each for one other."""
    bare = sorted({_bare(w).lower() for s in passage for w in s})
    gone = {w: words.like(w) for w, chance in zip(bare, words.rng.random(len(bare)), strict=True) if chance < share}
    return [[_replace(word, gone) for word in s] for s in passage]


def _replace(word: str, gone: dict[str, str]) -> str:
    """Return a word, or what stands for it, with its marks and its capital."""
    bare = _bare(word)
    new = gone.get(bare.lower())
    if new is None:
        return word
    return word.replace(bare, new.capitalize() if bare[:1].isupper() else new)


def _inflected(word: str) -> str:
    """Return a word with another ending."""
    bare = _bare(word)
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) > len(ending) + 3:
            return word.replace(bare, bare[: -len(ending)])
    return word.replace(bare, bare + "s")


# -- the corpus ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """One copy of a planted passage: its text, and how it was made (kind `source` for the first)."""

    text: str
    kind: str
    strength: str


def read_sentences(path: Path) -> list[Sentence]:
    """Return the sentences of a text: words with their marks."""
    out = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8", errors="replace")):
        if block.lstrip()[:1] not in ("#", "-", ""):
            out += [words for part in _SENTENCE.split(block) if (words := part.split())]
    return out


def write_corpus(base: Path, n: int, seed: int, folder: Path) -> dict[str, int]:
    """Write `docs.jsonl` (id, date, text) and `members.jsonl` (group, doc, begin, end, kind, strength); return counts.

    One group of two to four members to every 20 statements. Statements are running text, each sentence once; where the
    texts do not suffice the rest is walked through one book at a time (see texts.py), so that its subject is kept.
    """
    rng = np.random.default_rng(seed)
    paths = sorted(p for p in base.rglob("*") if p.suffix in (".md", ".txt"))
    books = [s for p in paths if sum(map(len, s := read_sentences(p))) >= 12_000]
    if not books:
        sys.exit(f"{base} holds no text of 12,000 words or more")
    counts = Counter(_bare(w).lower() for book in books for s in book for w in s)
    words = Words(rng, [w for w, c in counts.most_common() if c > 2 and _WORD.fullmatch(w)])
    groups = _make_groups(books, max(1, n // 20), words)
    planted: dict[int, list[tuple[int, Member]]] = {}
    for number, members in enumerate(groups):
        for document, member in zip(rng.choice(n, len(members), replace=False).tolist(), members, strict=True):
            planted.setdefault(document, []).append((number, member))
    own, n_walked = _make_own(books, paths, n, planted, rng)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "docs.jsonl").open("w", encoding="utf-8") as docs, (folder / "members.jsonl").open("w", encoding="utf-8") as out:
        for document, sentences in enumerate(own):
            text, places = _compose(sentences, [m.text for _, m in planted.get(document, [])], rng)
            docs.write(json.dumps({"id": f"doc{document:06d}", "text": text}, ensure_ascii=False) + "\n")
            for (group, member), (begin, end) in zip(planted.get(document, []), places, strict=True):
                row = {"group": group, "doc": f"doc{document:06d}", "begin": begin, "end": end, "kind": member.kind, "strength": member.strength}
                out.write(json.dumps(row) + "\n")
    return {"statements": n, "groups": len(groups), "members": sum(map(len, groups)), "walked": n_walked}


def _make_groups(books: list[list[Sentence]], n: int, words: Words) -> list[list[Member]]:
    """Take `n` passages of 60 to 250 words out of the books and rework each one to three times."""
    rng, groups = words.rng, []
    kinds = list(KINDS)
    weights = np.array([len(b) for b in books], float)
    for number in range(n):
        wanted = int(np.exp(rng.uniform(np.log(60), np.log(250))))
        book = books[int(rng.choice(len(books), p=weights / weights.sum()))]
        at = int(rng.integers(0, max(1, len(book) - 40)))
        passage: list[Sentence] = []
        while sum(map(len, passage)) < wanted and at < len(book):
            passage.append(book.pop(at))
        members = [Member(_join(passage), "source", "")]
        for copy in range(1 + int(rng.choice(3, p=[0.7, 0.2, 0.1]))):
            kind = kinds[(number + copy) % len(kinds)]
            strength = (number // len(kinds) + copy) % len(STRENGTHS)
            members.append(Member(_join(KINDS[kind](passage, strength, words)), kind, STRENGTHS[strength]))
        groups.append(members)
    return groups


def _join(passage: list[Sentence]) -> str:
    """Return the text of a passage; each sentence ends with its mark."""
    text = " ".join(" ".join(s) for s in passage if s)
    return text if text[-1:] in ".!?" else text + "."


def _make_own(
    books: list[list[Sentence]], paths: list[Path], n: int, planted: dict[int, list[tuple[int, Member]]], rng: np.random.Generator
) -> tuple[list[list[Sentence]], int]:
    """Return the own sentences of each statement, and how many statements were walked."""
    sizes = []
    for document in range(n):
        taken = sum(len(m.text.split()) for _, m in planted.get(document, []))
        sizes.append(max(100, int(rng.integers(200, 501)) - taken))
    runs: list[list[Sentence]] = []
    at = 0
    for book in books:
        place = 0
        while at < n and place < len(book):
            first = place
            size = 0
            while size < sizes[at] and place < len(book):
                size += len(book[place])
                place += 1
            if size >= sizes[at]:
                runs.append(book[first:place])
                at += 1
    left = n - len(runs)
    share = -(-left // max(1, len(books)))
    big = [p for p in paths if p.stat().st_size > 200_000] or paths
    while len(runs) < n:
        for path in big:
            some = sizes[len(runs) : len(runs) + share]
            if some:
                walker = texts.Walker(path, rng)
                rows = walker.words[walker.walk(len(some), max(some))]
                runs += [[row[:size].tolist()] for row, size in zip(rows, some, strict=True)]
    order = rng.permutation(n)
    # A statement keeps the length drawn for it; only which text it holds is drawn.
    out: list[list[Sentence]] = [[] for _ in range(n)]
    by_size = np.argsort([sum(map(len, r)) for r in runs], kind="stable")
    for place, document in zip(by_size.tolist(), sorted(order.tolist(), key=sizes.__getitem__), strict=True):
        out[document] = runs[place]
    return out, left


def _compose(own: list[Sentence], passages: list[str], rng: np.random.Generator) -> tuple[str, list[tuple[int, int]]]:
    """Return a statement's text with passages between its sentences, and the place of each."""
    cuts = rng.integers(0, len(own) + 1, len(passages)).tolist()
    places = [(0, 0)] * len(passages)
    parts, length = [], 0
    for at in range(len(own) + 1):
        here = [(passages[i], i) for i in range(len(passages)) if cuts[i] == at] + ([(" ".join(own[at]), -1)] if at < len(own) else [])
        for part, number in here:
            length += bool(parts)
            if number >= 0:
                places[number] = (length, length + len(part))
            parts.append(part)
            length += len(part)
    return " ".join(parts), places
