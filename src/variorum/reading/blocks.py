"""The blocks of a page: its text in paragraphs, and which of them are the main block."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

# fmt: off
_DROPPED = frozenset((
    "script", "style", "noscript", "template", "head", "svg", "math", "canvas", "iframe", "object", "embed", "audio", "video",
    "nav", "aside", "footer", "button", "select", "textarea", "datalist", "dialog",
))
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
))
# fmt: on
_TIGHT = frozenset(("li", "tr", "dd", "dt"))  # parted by one line end, other blocks by two
# No part runs past the next tag, so that marks left open cost no quadratic time; an open comment hides the rest, as in browsers.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<!--(?:.*?-->|.*\Z)|<[!?][^<>]*>", re.S)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_MIN_MATCH = 20  # letters of a block that can be told from chance
_MIN_MAIN = 40  # letters below which nothing was found
_MAX_LOOKUP = 200_000  # letters of the main text in which blocks are looked for by substring


@dataclass(slots=True)
class Block:
    """One block of text; `owner` is the element that holds it, `tight` joins it to the one before with one line end."""

    text: str
    owner: Any
    tight: bool
    letters: str = field(default="")


class _Collector:
    """Takes the events of a page in order and gives its blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.owner: Any = None
        self.tight = False
        self.n_pre = 0

    def start(self, tag: str, owner: Any) -> None:
        if tag in _BLOCKS:
            self.flush()
            self.tight = tag in _TIGHT
        elif tag == "br":
            self.parts.append("\n")
        elif tag in ("td", "th") and self.parts:
            self.parts.append("\t")
        self.n_pre += tag == "pre"
        self.owner = owner

    def end(self, tag: str, owner: Any) -> None:
        if tag in _BLOCKS:
            self.flush()
        self.n_pre -= tag == "pre" and self.n_pre > 0
        self.owner = owner

    def text(self, text: str | None) -> None:
        if text:
            self.parts.append(text if self.n_pre else _SPACE.sub(" ", text))

    def flush(self) -> None:
        if self.parts:
            text = "".join(self.parts)
            text = text.strip("\n") if self.n_pre else re.sub(r" *([\n\t]) *", r"\1", re.sub(" {2,}", " ", text)).strip(" \n\t")
            if text.strip():
                self.blocks.append(Block(text, self.owner, self.tight))
            self.parts.clear()


def collect_blocks(root: Any) -> list[Block]:
    """Return the blocks of a tree, without recursion."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    collector = _Collector()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("comment", "pi"):
            collector.text(element.tail)
        elif event == "start":
            if element.tag in _DROPPED or _is_hidden(element):
                walk.skip_subtree()
            else:
                collector.start(element.tag, element)
                collector.text(element.text)
        else:
            if element.tag not in _DROPPED:
                collector.end(element.tag, element.getparent())
            elif element.getparent() is not None:
                collector.owner = element.getparent()
            collector.text(element.tail)
    collector.flush()
    return collector.blocks


def _is_hidden(element: Any) -> bool:
    """Tell whether an element is not shown."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style) and "display:none" in style.replace(" ", "").lower()


def keep_main_blocks(root: Any, blocks: list[Block], html: str) -> list[Block]:
    """Return the blocks of the main block: of the smallest element that holds what trafilatura finds, or of its stretch of the page."""
    folded = [_fold(line) for line in _find_main(html).splitlines()]
    lines, main = set(folded), "".join(folded)
    if len(main) < _MIN_MAIN:
        return blocks
    for block in blocks:
        block.letters = _fold(block.text)
    # Trafilatura cuts and joins blocks; looking across its lines is quadratic, so long pages compare line by line.
    if len(main) < _MAX_LOOKUP:
        matched = [i for i, block in enumerate(blocks) if len(block.letters) >= _MIN_MATCH and block.letters in main]
    else:
        parts = ((i, [_fold(line) for line in block.text.splitlines()]) for i, block in enumerate(blocks))
        matched = [i for i, inner in parts if any(len(line) >= _MIN_MATCH and line in lines for line in inner)]
    if not matched:
        return blocks
    inside, share = _smallest_holder(root, blocks, matched)
    # An element that holds little else is kept whole, with the signatures and short lines that trafilatura passes over;
    # of any other (a body without structure) only the stretch from the first to the last block found.
    if share < 0.6:
        inside = [i for i in inside if matched[0] <= i <= matched[-1]]
    return [blocks[i] for i in inside]


def _fold(text: str) -> str:
    """Return the letters and digits of a text, without case."""
    return _NOT_LETTERS.sub("", text).casefold()


def _find_main(html: str) -> str:
    """Return the text trafilatura takes for the main text; empty where it finds none."""
    import trafilatura

    try:
        document = trafilatura.bare_extraction(html, fast=True, include_comments=False, with_metadata=False)
    except Exception:
        # It walks hostile trees by recursion and regular expressions and documents no errors; without it the body serves.
        return ""
    return getattr(document, "text", None) or ""


def _smallest_holder(root: Any, blocks: list[Block], matched: list[int]) -> tuple[list[int], float]:
    """Return the blocks in the deepest element that holds 0.97 of the matched letters, and what share of its letters matched."""
    elements = list(root.iter())  # held, so that each keeps its identity
    found, total = dict.fromkeys(elements, 0), dict.fromkeys(elements, 0)
    wanted = set(matched)
    for i, block in enumerate(blocks):
        total[block.owner] += len(block.letters)
        found[block.owner] += len(block.letters) * (i in wanted)
    n_matched = sum(found.values())
    for element in reversed(elements):  # children stand behind their parents
        if element is not root:
            parent = element.getparent()
            total[parent] += total[element]
            found[parent] += found[element]
    holder = root
    while (inner := next((child for child in holder if found[child] >= 0.97 * n_matched), None)) is not None:
        holder = inner
    within = set(holder.iter())
    return [i for i, block in enumerate(blocks) if block.owner in within], found[holder] / max(total[holder], 1)


def collect_flat_blocks(html: str) -> list[Block]:
    """Return the blocks of a page whose tree cannot be built, read as a flat run of tags; no depth can break it, and its time is linear."""
    collector = _Collector()
    place, dropped, n_dropped = 0, "", 0
    while match := _TAG.search(html, place):
        if not dropped:
            collector.text(unescape(html[place : match.start()]))
        place = match.end()
        closing, tag = match[1], (match[2] or "").lower()
        if not tag:  # a comment or a declaration
            continue
        if dropped:
            n_dropped += (tag == dropped) * (-1 if closing else 1)
            dropped = dropped if n_dropped else ""
        elif closing:
            collector.end(tag, None)
        elif tag in ("script", "style"):  # their content is no markup
            ending = re.compile(f"</{tag}[^<>]*>", re.I).search(html, place)
            place = ending.end() if ending else len(html)
        elif tag in _DROPPED and tag not in ("embed", "iframe"):
            dropped, n_dropped = tag, 1
        else:
            collector.start(tag, None)
    if not dropped:
        collector.text(unescape(html[place:]))
    collector.flush()
    return collector.blocks


def join_blocks(blocks: list[Block]) -> str:
    """Return the text of blocks: a blank line between paragraphs, none between items of a list or rows of a table."""
    parts: list[str] = []
    for i, block in enumerate(blocks):
        if i:
            parts.append("\n" if block.tight and blocks[i - 1].tight else "\n\n")
        parts.append(block.text)
    return "".join(parts)
