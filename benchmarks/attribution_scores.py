"""Attributions and quotations of a ledger, as JSON lines, against news articles in which others marked source, cue and content (brat).

The annotation holds every kind of attribution: what somebody wants, thinks, plans, sings. A ledger claims those by a verb of speech, or *according to*. So a marked attribution counts
where its cue holds one of `SPEECH` or *according to*. A find is right where its cue overlaps a marked cue of any kind: a find by a verb that is not in the list is then neither asked for nor wrong.
Of two annotators of one article the first is taken. Articles are cut into two halves by a seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Span = tuple[int, int]

_STEMS = (
    "say says said saying tell tells told telling add adds added adding note notes noted noting write writes wrote writing written report reports reported reporting argue argues argued arguing claim claims claimed claiming "
    "state states stated stating announce announces announced announcing explain explains explained explaining acknowledge acknowledges acknowledged acknowledging admit admits admitted admitting insist insists insisted "
    "insisting suggest suggests suggested suggesting warn warns warned warning assert asserts asserted asserting maintain maintains maintained contend contends contended contending allege alleges alleged alleging predict "
    "predicts predicted predicting testify testified reply replies replied ask asks asked asking conclude concludes concluded confirm confirms confirmed reiterate reiterated emphasize "
    "emphasizes emphasized emphasizing stress stresses stressed stressing recall recalls recalled remark remarked observe observed tweet tweets tweeted tweeting promise promises "
    "promised promising vow vowed vowing pledge pledged pledging deny denies denied concede concedes conceded reveal reveals revealed disclose disclosed indicate indicates indicated declare declares "
    "declared declaring continue continued continues joked quipped shouted echoed cautioned reminded informed assured"
)
SPEECH = frozenset(_STEMS.split())
"""Forms of verbs of speech; what others mark as a cue counts where it holds one of them."""

_MARKS = {"“": "”\"", '"': "\"”", "'": "'’", "‘": "’'"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked attribution: places of cue, source and content, and whether it is by a verb of speech or according to."""

    cues: list[Span]
    sources: list[Span]
    contents: list[Span]
    speech: bool


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its name, text, marked attributions, places of direct quotations, and whether it stands in the half to develop on."""

    name: str
    text: str
    marked: list[Marked]
    quotations: list[Span]
    develop: bool


@dataclass(slots=True)
class Score:
    """Counts over articles.

    A source or content *overlaps* where half of its characters and half of the found ones are in common (Dice at least 0.5); `any` counts those that share a character.
    """

    n_marked: int = 0
    n_found: int = 0
    n_hits: int = 0
    n_right: int = 0
    n_sources: int = 0
    n_source_hits: int = 0
    n_source_any: int = 0
    n_contents: int = 0
    n_content_hits: int = 0
    n_content_any: int = 0
    n_quotations: int = 0
    n_exact: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the marked cues that are found."""
        return self.n_hits / max(1, self.n_marked)

    @property
    def precision(self) -> float:
        """Share of the finds that are marked."""
        return self.n_right / max(1, self.n_found)

    @property
    def f1(self) -> float:
        """F1 of cues."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def share(self, name: str) -> float:
        """Return the share of hits whose `source` or `content` overlaps by half, or at all (`source any`), or of `quotations` that are exact."""
        counts = {
            "source": (self.n_source_hits, self.n_sources),
            "source any": (self.n_source_any, self.n_sources),
            "content": (self.n_content_hits, self.n_contents),
            "content any": (self.n_content_any, self.n_contents),
            "quotations": (self.n_exact, self.n_quotations),
        }[name]
        return counts[0] / max(1, counts[1])


def read_articles(folder: Path, seed: int) -> list[Article]:
    """Return the articles of a folder with `text/NAME.txt` and `attributions/NAME_xxxx.ann`, places in code points."""
    files: dict[str, Path] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        files.setdefault(path.stem.rsplit("_", 1)[0], path)
    chosen = set(random.Random(seed).sample(sorted(files), len(files) // 2))
    found = []
    for name, path in files.items():
        with (folder / "text" / f"{name}.txt").open(encoding="utf-8", newline="") as file:
            text = file.read()
        marked = _read_marked(path, text)
        found.append(Article(name, text, marked, _list_quotations(marked, text), name in chosen))
    return found


def _read_marked(path: Path, text: str) -> list[Marked]:
    """Return the attributions of one brat file."""
    places: dict[str, list[Span]] = {}
    events: list[list[tuple[str, str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("T"):
            key, middle, _ = line.split("\t", 2)
            places[key] = [(int(a), int(b)) for a, b in (piece.split() for piece in middle.split(" ", 1)[1].split(";"))]
        elif line.startswith("E"):
            events.append([(re.sub(r"\d+$", "", role), key) for role, key in (part.split(":") for part in line.split("\t")[1].split())])
    marked = []
    for event in events:
        spans = {name: [span for role, key in event if role == name for span in places.get(key, [])] for name in ("Cue", "Source", "Content")}
        cue = " ".join(text[a:b] for a, b in spans["Cue"]).lower()
        if spans["Cue"] and spans["Content"]:
            marked.append(Marked(spans["Cue"], spans["Source"], spans["Content"], _is_speech(cue)))
    return marked


def _is_speech(cue: str) -> bool:
    """Tell whether a cue is a verb of speech (*continued*, but not *continued to support*), or according to."""
    words = set(re.findall(r"[a-z]+", cue)) & SPEECH
    return "according to" in cue or bool(words - {"continue", "continues", "continued"} if " to " in f"{cue} " else words)


def _list_quotations(marked: list[Marked], text: str) -> list[Span]:
    """Return the direct quotations: pieces of content that begin and end with marks that belong together, none of their kind between."""
    found = set()
    for span in {s for m in marked for s in m.contents}:
        piece = text[span[0] : span[1]]
        left, right = piece[:1], piece[-1:]
        double = piece[:2] == "''" and piece[-2:] == "''"
        if len(piece) > 2 and right in _MARKS.get(left, "") and (double or not piece.endswith("''")) and not (left in "“\"" and any(m in piece[1:-1] for m in (left, "”"))):
            found.add(span)
    return sorted(found)


def score_articles(articles: Iterable[Article], entries: Iterable[dict[str, Any]]) -> Score:
    """Return the score of the articles' entries."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        found.setdefault(entry["statement"], []).append(entry)
    score = Score()
    for article in articles:
        rows = found.get(article.name, [])
        _score_cues(article, [e for e in rows if e["type"] == "attribution"], score)
        quotations = {(e["start"], e["end"]) for e in rows if e["type"] == "quotation"}
        score.n_quotations += len(article.quotations)
        score.n_exact += sum(span in quotations for span in article.quotations)
        score.wrong += [(article.name, "quotation", repr(article.text[a:b])) for a, b in article.quotations if (a, b) not in quotations]
    return score


def _score_cues(article: Article, rows: list[dict[str, Any]], score: Score) -> None:
    """Count the attributions of one article."""
    score.n_found += len(rows)
    right: set[int] = set()
    for marked in article.marked:
        hits = [n for n, e in enumerate(rows) if _shared(marked.cues, e["parts"]["cue"])]
        right.update(hits)
        if not marked.speech:
            continue
        score.n_marked += 1
        shown = repr(article.text[max(0, marked.cues[0][0] - 80) : marked.cues[0][1] + 60])
        if not hits:
            score.wrong.append((article.name, "missed", shown))
            continue
        score.n_hits += 1
        parts = max((rows[n]["parts"] for n in hits), key=lambda p: _shared(marked.contents, p["content"]))
        for role, spans in (("source", marked.sources), ("content", marked.contents)):
            if not spans:
                continue
            dice, touched = _dice(spans, parts.get(role, [])), _shared(spans, parts.get(role, [])) > 0
            setattr(score, f"n_{role}s", getattr(score, f"n_{role}s") + 1)
            setattr(score, f"n_{role}_hits", getattr(score, f"n_{role}_hits") + (dice >= 0.5))
            setattr(score, f"n_{role}_any", getattr(score, f"n_{role}_any") + touched)
            if dice < 0.5:
                score.wrong.append((article.name, role, f"{[article.text[a:b] for a, b in spans]} not {[article.text[a:b] for a, b in parts.get(role, [])]}"))
    score.n_right += len(right)
    for number, entry in enumerate(rows):
        if number not in right:
            score.wrong.append((article.name, "extra", f"{entry['rule']} {article.text[max(0, entry['parts']['cue'][0][0] - 60) : entry['parts']['cue'][0][1] + 60]!r}"))


def _shared(a: Iterable[Any], b: Iterable[Any]) -> int:
    """Return the number of characters in common."""
    return sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a for y in b)


def _dice(a: list[Any], b: list[Any]) -> float:
    """Return the Dice coefficient of two sets of places."""
    return 2 * _shared(a, b) / max(1, sum(y - x for x, y in [*a, *b]))
