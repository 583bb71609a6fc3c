"""The role of each paragraph: wrapper, title, dateline, preamble, body, list, operative, demands, signatures, slogans, footnotes.

Told from layout (length, marks of a list, capitals, end marks) and a few words of the language; what shows no sign is body.
"""

from __future__ import annotations

import re

from variorum.ledger.languages import READ, Language, add_section, load_language
from variorum.ledger.layouts import Paragraph

ROLES = {
    "wrapper": "words of who republishes the statement, before or after it",
    "title": "title or heading",
    "dateline": "place and date",
    "preamble": "recitals before the operative paragraphs",
    "body": "running text",
    "list": "item of a list",
    "operative": "numbered operative paragraph",
    "demands": "item of a list that a demand leads",
    "signatures": "names of who signs",
    "slogans": "calls at the end",
    "footnotes": "footnote or end note",
}

add_section(
    "sections",
    {
        "signatures": "words",
        "demands": "words",
        "recitals": "words",
        "republishing": "words",
        "documents": "words",
        "months": "words",
    },
)

_HEADING = re.compile(r"#{1,6}\s+\S")
_ITEM = re.compile(r"(?:[-–—•●▪◦‣∙*·]\s|\(?(?:[a-zA-Z]|[ivxIVX]{1,5})[.)]\s)")
_NUMBERED = re.compile(r"\(?(\d{1,3})[.)]\s")
_NOTE = re.compile(r"(?:\[\d{1,3}\]|[¹²³⁰-⁹]+|\*{1,3}(?=\w))\s?")
_WORD = re.compile(r"[^\W\d_]+")
_END = re.compile(r"[.!?:;…][\"'’”»)\]]*$")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_SHORT = 16
"""Words of the longest title, dateline or slogan."""
_WRAPPER_PARAGRAPHS = 4
"""A republisher's preface ends within this many paragraphs."""


def mark_roles(text: str, paragraphs: list[Paragraph]) -> None:
    """Give each paragraph its role, in place."""
    views = [_Sight(text[p.start : p.end], p.lang) for p in paragraphs]
    for number, (paragraph, sight) in enumerate(zip(paragraphs, views, strict=True)):
        paragraph.role = _judge_alone(sight, number, len(paragraphs))
    _mark_lists(paragraphs, views)
    _mark_preamble(paragraphs, views)
    _mark_signatures(paragraphs, views)
    _mark_slogans(paragraphs, views)
    _mark_wrapper(paragraphs, views)


class _Sight:
    """What is looked at in one paragraph."""

    def __init__(self, text: str, lang: str) -> None:
        self.text = text
        self.head = text[:300].lower().replace("’", "'")
        self.tail = text[-120:].lower().replace("’", "'")
        self.n_words = len(_WORD.findall(text[:400]))
        self.language: Language | None = load_language(lang) if lang in READ else None
        self.ended = _END.search(text[-8:]) is not None
        self.item = _ITEM.match(text) is not None
        numbered = _NUMBERED.match(text)
        self.number = int(numbered[1]) if numbered else None

    def words(self, key: str) -> list[str]:
        """Return the words of the language under a key."""
        return self.language.section("sections").get(key, []) if self.language else []

    def has(self, key: str) -> bool:
        """Tell whether one of the words or phrases stands in the paragraph's beginning."""
        return any(re.search(rf"\b{re.escape(w)}", self.head) for w in self.words(key))

    def leads(self) -> bool:
        """Tell whether the paragraph leads a list of demands."""
        return self.text.rstrip().endswith((":", "…", "-", "—")) and (self.has("demands") or any(re.search(rf"\b{re.escape(w)}", self.tail) for w in self.words("demands")))

    def begins(self, key: str) -> bool:
        """Tell whether the paragraph begins with one of the words or phrases."""
        head = self.head.lstrip(" \t*_\"'“«-–—(")
        return any(head.startswith(w) and not head[len(w) : len(w) + 1].isalpha() for w in self.words(key))


def _judge_alone(sight: _Sight, number: int, total: int) -> str:
    """Return the role that a paragraph shows by itself."""
    if _HEADING.match(sight.text) and sight.n_words <= _SHORT and "\n" not in sight.text:
        return "title"
    if number > 0 and _NOTE.match(sight.text) and number > total / 2:
        return "footnotes"
    if sight.item or sight.number is not None:
        return "list"
    if sight.n_words > _SHORT or not sight.n_words:
        return "body"
    if (_YEAR.search(sight.text) and sight.has("months") and sight.n_words <= 8) and not sight.text.rstrip().endswith(("!", "?")):
        return "dateline"
    if not sight.ended and (number < 3 or sight.text.isupper() or (number + 1 < total and sight.text[:1].isupper())):
        return "title"
    return "body"


def _mark_lists(paragraphs: list[Paragraph], views: list[_Sight]) -> None:
    """Make the items of a list that a demand leads demands, and long numbered paragraphs operative."""
    lead = False
    numbered = [p for p, v in zip(paragraphs, views, strict=True) if v.number is not None]
    for paragraph, sight in zip(paragraphs, views, strict=True):
        if paragraph.role != "list":
            if sight.n_words:
                lead = sight.leads()
            continue
        if lead:
            paragraph.role = "demands"
        elif sight.number is not None and len(numbered) >= 2:
            paragraph.role = "operative"


def _mark_preamble(paragraphs: list[Paragraph], views: list[_Sight]) -> None:
    """Make recitals before the first operative paragraph the preamble."""
    first = next((n for n, p in enumerate(paragraphs) if p.role == "operative"), len(paragraphs))
    for number in range(first):
        if paragraphs[number].role in ("body", "title") and views[number].begins("recitals"):
            paragraphs[number].role = "preamble"


def _mark_signatures(paragraphs: list[Paragraph], views: list[_Sight]) -> None:
    """Make what follows the words that lead signatures, and short lines without an end mark at the end, signatures."""
    total = len(paragraphs)
    for number, sight in enumerate(views):
        led = sight.begins("signatures") and sight.n_words <= _SHORT and (sight.text.rstrip().endswith(":") or not sight.ended)
        if led and number:
            for later in range(number, total):
                if views[later].n_words > 40 and views[later].ended:
                    break
                if paragraphs[later].role not in ("footnotes", "dateline"):
                    paragraphs[later].role = "signatures"
    tail = total
    while tail > 1 and _is_signature(views[tail - 1], paragraphs[tail - 1]):
        tail -= 1
    if total - tail >= 2 and tail >= 1:
        for later in range(tail, total):
            if paragraphs[later].role not in ("footnotes", "dateline"):
                paragraphs[later].role = "signatures"


def _is_signature(sight: _Sight, paragraph: Paragraph) -> bool:
    """Tell whether a paragraph may be the line of one who signs, or the dateline among them."""
    return paragraph.role in ("signatures", "dateline") or (not sight.ended and 0 < sight.n_words <= _SHORT and sight.text[:1].isupper())


def _mark_slogans(paragraphs: list[Paragraph], views: list[_Sight]) -> None:
    """Make short paragraphs that end with an exclamation mark slogans, in the last part of a text or where several stand together."""
    calls = [v.text.rstrip().endswith("!") and v.n_words <= _SHORT and p.role in ("body", "title", "list") for p, v in zip(paragraphs, views, strict=True)]
    for number, call in enumerate(calls):
        beside = (number > 0 and calls[number - 1]) or (number + 1 < len(calls) and calls[number + 1])
        if call and (beside or number >= 0.8 * (len(calls) - 1)):
            paragraphs[number].role = "slogans"


def _mark_wrapper(paragraphs: list[Paragraph], views: list[_Sight]) -> None:
    """Make the first paragraphs wrapper, up to the last one in which somebody publishes or endorses a document of others."""
    last = -1
    for number in range(min(_WRAPPER_PARAGRAPHS, len(paragraphs) - 1)):
        if views[number].has("republishing") and views[number].has("documents"):
            last = number
    for number in range(last + 1):
        paragraphs[number].role = "wrapper"
