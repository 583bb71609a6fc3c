"""Statements that come in on a stream: JSON lines, taken as they come, or one text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from variorum.config import ReadingConfig
from variorum.reading.jsons import parse_line
from variorum.reading.problems import Problems
from variorum.reading.rows import make_getter, make_label

_LETTER = re.compile(r"[^\W_]")
_BLOCK = 1 << 20

Statement = tuple[str, str]
"""Label and text."""


def read_stream(stream: io.BufferedIOBase, config: ReadingConfig, problems: Problems) -> Iterator[list[Statement]]:
    """Yield the statements of a stream, each time those that have come: a row each, or one text where the first line is no JSON object.

    A row's label is its id field or the number of its line. Lines that hold no statement are put into `problems`.
    """
    before: list[bytes] = []
    blocks = _take_lines(stream)
    for lines in blocks:
        before += lines
        first = next((line for line in before if line.strip()), None)
        if first is None:
            continue
        if isinstance(_parse(first), dict):
            yield from _read_rows(chain([before], blocks), config, problems)
            return
        break
    text = b"\n".join(chain(before, chain.from_iterable(blocks))).decode("utf-8-sig", "replace")
    if _LETTER.search(text):
        yield [(problems.source, text)]


def _read_rows(blocks: Iterator[list[bytes]], config: ReadingConfig, problems: Problems) -> Iterator[list[Statement]]:
    """Yield the statements of lines, those of one block together."""
    get_text, get_label = make_getter(config.text_field), make_getter(config.id_field)
    n_lines = 0
    for lines in blocks:
        statements: list[Statement] = []
        for number, line in enumerate(lines, n_lines + 1):
            if not line.strip():
                continue
            row, place = _parse(line), f"line {number}"
            text = get_text(row) if isinstance(row, dict) else None
            if not isinstance(row, dict):
                problems.fail("lines are no objects", "the line is no JSON object", "write one object {...} a line", place)
            elif not isinstance(text, str) or not _LETTER.search(text):
                problems.fail("rows without text", f"the field '{config.text_field}' holds no text", "give the text in it", place)
            else:
                statements.append((make_label(get_label(row)) or place, text))
        n_lines += len(lines)
        if statements:
            yield statements


def _parse(line: bytes) -> Any:
    """Return what a line of JSON holds, None where it is none."""
    try:
        return parse_line(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def _take_lines(stream: io.BufferedIOBase) -> Iterator[list[bytes]]:
    """Yield the whole lines that have come, without waiting for more once there is one."""
    rest: list[bytes] = []
    while block := stream.read1(_BLOCK):
        first, *others = block.split(b"\n")
        rest.append(first)
        if others:
            *whole, last = others
            yield [b"".join(rest), *whole]
            rest = [last]
    if any(rest):
        yield [b"".join(rest)]
