"""Text as a reader sees it: a passage with what stands before and after, hard-wrapped lines joined, control characters out."""

from __future__ import annotations

import itertools
import re
import statistics
from typing import NamedTuple

# C0 and C1 controls but tab and line feed; bidirectional overrides could make a text look like another, but they
# are part of what a source says, and every text is shown in a block of its own that they cannot leave.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ELLIPSIS = "…"


class Window(NamedTuple):
    """A passage and its context."""

    before: str
    passage: str
    after: str


def strip_controls(text: str) -> str:
    """Return `text` without control characters other than tab and line feed."""
    return _CONTROLS.sub("", text)


def cut_window(text: str, start: int, end: int, context: int) -> Window:
    """Return ``text[start:end]`` with up to `context` characters on both sides, cut at words, as a reader sees them."""
    before = _cut_before(text[max(0, start - context) : start], start > context)
    after = _cut_after(text[end : end + context], end + context < len(text))
    passage = text[start:end]
    if "\n" in passage or "\n" in before or "\n" in after:
        wrapped = is_hard_wrapped(before + passage + after)
        before, passage, after = (join_lines(part, wrapped) for part in (before, passage, after))
    return Window(strip_controls(before), strip_controls(passage), strip_controls(after))


def is_hard_wrapped(text: str) -> bool:
    """Tell whether most lines of `text` end because the page was full, not because a sentence or item did."""
    lines = [line.strip() for line in text.split("\n")]
    inner = [len(line) for line, following in itertools.pairwise(lines) if line and following]
    if len(inner) < 2:
        return False
    width = statistics.median(inner)
    return 35 <= width <= 130 and sum(length >= 0.7 * width for length in inner) >= 0.7 * len(inner)


def join_lines(text: str, wrapped: bool) -> str:
    """Return `text` with at most one blank line in a row and, where it is `wrapped`, lines of one paragraph joined."""
    if "\n" not in text:
        return text
    text = re.sub(r"[ \t\u00a0]*\n(?:[ \t\u00a0]*\n)+[ \t]*", "\n\n", text)
    if wrapped:
        text = re.sub(r"(?<=\w)-\n(?=[^\W\d_])", "-", text)
        text = re.sub(r"(?<!\n)[ \t]*\n(?!\n)[ \t]*", " ", text)
    return text


def one_line(text: str, length: int) -> str:
    """Return `text` on one line, without control characters, cut at a word to at most `length` characters."""
    flat = " ".join(strip_controls(text).split())
    return flat if len(flat) <= length else _cut_after(flat[:length], True).rstrip(_ELLIPSIS + " ") + _ELLIPSIS


def cut_middle(name: str, length: int) -> str:
    """Return a name on one line, without control characters, its middle left out where it is longer than `length`: names of files and addresses differ at their ends."""
    flat = " ".join(strip_controls(name).split())
    head = length // 3
    return flat if len(flat) <= length else f"{flat[:head]}{_ELLIPSIS}{flat[head + 1 - length :]}"


def _cut_before(text: str, cut: bool) -> str:
    """Return the text before a passage, without the part of a word that it begins with."""
    if not cut or not text:
        return text
    blank = re.search(r"\s", text[:40])
    return _ELLIPSIS + text[blank.end() if blank else 0 :]


def _cut_after(text: str, cut: bool) -> str:
    """Return the text after a passage, without the part of a word that it ends with."""
    if not cut or not text:
        return text
    tail = text[-40:]
    blank = max((match.start() for match in re.finditer(r"\s", tail)), default=-1)
    return (text[: len(text) - len(tail) + blank] if blank >= 0 else text) + _ELLIPSIS
