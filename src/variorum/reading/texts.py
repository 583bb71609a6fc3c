"""Plain text and Markdown."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.encodings import decode, note_replaced
from variorum.reading.problems import Problems

_FRONT = re.compile(r"\A---[ \t]*\n((?:.*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_KEY = re.compile(r"([A-Za-z][\w .-]{0,40}):[ \t]*(.*)")


@dataclass(slots=True)
class Document:
    """What a file of one text gives: the text, and what the document says of itself."""

    text: str
    title: str | None = None
    date: str | None = None
    encoding: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def read_text(path: str, source: str, config: ReadingConfig, problems: Problems) -> Document:
    """Return the text of a plain text file, exactly but for its line ends and byte order mark.

    Raises:
        InputError: the file is no text, or longer than `max_characters`.
        OSError: the file cannot be read.
    """
    found = decode(read_bytes(path, source, config), source, config.encoding)
    note_replaced(found, problems, config.encoding)
    return Document(found.text, encoding=found.encoding)


def read_markdown(path: str, source: str, config: ReadingConfig, problems: Problems) -> Document:
    """Return the text of a Markdown file as it is written; a YAML head gives title and date and is not part of the text."""
    document = read_text(path, source, config, problems)
    document.text, fields = split_front(document.text)
    document.title, document.date = fields.pop("title", None), fields.pop("date", None)
    document.metadata = dict(fields)
    return document


def split_front(text: str) -> tuple[str, dict[str, str]]:
    """Return the text without its YAML head, and the head's plain ``key: value`` lines, keys in lower case."""
    match = _FRONT.match(text)
    if not match:
        return text, {}
    fields = {}
    for line in match[1].splitlines():
        if pair := _KEY.fullmatch(line):
            value = pair[2].strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            if value:
                fields[pair[1].strip().lower()] = value
    # A rule of dashes above ordinary text looks like a head without a single key.
    return (text[match.end() :].lstrip("\n"), fields) if fields else (text, {})


def read_bytes(path: str, source: str, config: ReadingConfig) -> bytes:
    """Return a file's bytes.

    Raises:
        InputError: it is larger than `max_file_mb`, or longer than `max_characters` in any encoding.
        OSError: the file cannot be read.
    """
    size = check_size(path, source, config)
    if size > 4 * config.max_characters + 4:  # no encoding of Unicode takes more than four bytes a character
        raise InputError(source, f"holds more than {config.max_characters:,} characters", "split it, or raise max_characters")
    with open(path, "rb") as file:
        return file.read()


def check_size(path: str, source: str, config: ReadingConfig) -> int:
    """Return a file's size in bytes; raise `InputError` where it is larger than `max_file_mb`."""
    size = os.path.getsize(path)
    if size > config.max_file_mb << 20:
        raise InputError(source, f"is {size >> 20:,} MB large, more than {config.max_file_mb:,} MB", "split it, or raise max_file_mb")
    return size
