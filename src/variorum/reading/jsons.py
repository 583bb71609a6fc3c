"""Rows of JSON Lines, streamed, and of JSON, read whole."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.encodings import MARK, decode, find_stream_encoding
from variorum.reading.problems import Problems
from variorum.reading.texts import check_size

Row = tuple[int, dict[str, Any]]
# NaN and Infinity are no JSON; kept as numbers they would spoil the metadata column.
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


def parse_line(line: str) -> Any:
    """Return what a line of JSON holds.

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    return _DECODER.decode(line)


def open_packed(path: str) -> io.BufferedIOBase:
    """Open a file for reading bytes, unpacking it where its name ends in ``.gz``."""
    return gzip.open(path, "rb") if path.lower().endswith(".gz") else open(path, "rb")  # type: ignore[return-value] - a GzipFile reads as buffered files do


def find_row_encoding(path: str, source: str, config: ReadingConfig) -> str:
    """Return the encoding of a file of rows: the setting, or what its bytes show."""
    if config.encoding:
        return config.encoding
    with open_packed(path) as file:
        return find_stream_encoding(file, source, whole=not path.lower().endswith(".gz"))  # type: ignore[arg-type] - bytes are read and sought alone


def open_lines(path: str, encoding: str, newline: str) -> io.TextIOWrapper:
    """Open a file of rows as text; bytes that stand for no character become lone surrogates, replaced when a text is stored."""
    return io.TextIOWrapper(open_packed(path), encoding=encoding, errors=MARK, newline=newline)  # type: ignore[arg-type] - as for open_packed


def iterate_jsonl(path: str, source: str, encoding: str, config: ReadingConfig, problems: Problems) -> Iterator[Row]:
    """Yield (number of the line from 1, object); lines that are no object are listed and passed over.

    A file that is one JSON array, whatever its name, is read as such.

    Raises:
        InputError: see `iterate_json`.
        OSError, EOFError, zlib.error: the file cannot be read on.
    """
    limit = 2 * config.max_characters + 65536  # escapes may double a text; a line beyond it is not held in memory
    with open_lines(path, encoding, "\n") as file:
        number = 0
        while line := file.readline(limit):
            number += 1
            if len(line) >= limit and not line.endswith("\n"):
                while (rest := file.readline(limit)) and not rest.endswith("\n"):
                    pass
                problems.fail(
                    "lines are too long",
                    f"the line has more than {limit:,} characters",
                    "split it, or raise max_characters",
                    f"line {number}",
                )
                continue
            try:
                row = _DECODER.decode(line)
            except (ValueError, RecursionError) as error:
                if not line.strip():
                    continue
                if number == 1 and line.lstrip().startswith("["):
                    yield from iterate_json(path, source, encoding, config, problems)
                    return
                _fail_line(problems, number, error)
                continue
            if isinstance(row, dict):
                yield number, row
            elif number == 1 and isinstance(row, list):
                yield from iterate_json(path, source, encoding, config, problems)
                return
            else:
                problems.fail(
                    "lines are no objects", f"the line is {_kind(row)}, not an object", "write one object {...} a line", f"line {number}"
                )


def _fail_line(problems: Problems, number: int, error: Exception) -> None:
    """List a line that is no JSON."""
    what = f"{error.msg}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else type(error).__name__
    problems.fail("lines of broken JSON", f"broken JSON ({what})", "mend or delete the line; the others were read", f"line {number}")


def iterate_json(path: str, source: str, encoding: str, config: ReadingConfig, problems: Problems) -> Iterator[Row]:
    """Yield (number from 1, object) of a JSON file: an array of objects, an object of objects, or a single row.

    Raises:
        InputError: broken JSON, or no rows in it.
        OSError: the file cannot be read.
    """
    check_size(path, source, config)
    with open_packed(path) as file:
        text = decode(file.read(), source, encoding).text
    try:
        data = _DECODER.decode(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and not text.lstrip().startswith("["):  # JSON Lines under another name
            yield from iterate_jsonl(path, source, encoding, config, problems)
            return
        raise InputError(source, f"broken JSON ({error.msg})", "mend the file", f"line {error.lineno}, column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(source, f"broken JSON ({type(error).__name__})", "mend the file") from error
    for number, row in enumerate(_list_rows(data, source, config), 1):
        if isinstance(row, dict):
            yield number, row
        else:
            problems.fail(
                "items are no objects", f"the item is {_kind(row)}, not an object", "write one object {...} an item", f"item {number}"
            )


def _list_rows(data: Any, source: str, config: ReadingConfig) -> list[Any]:
    """Return the rows in parsed JSON."""
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        if config.text_field.split(".")[0] in data:
            return [data]
        values = list(data.values())
        if values and all(isinstance(value, dict) for value in values):
            # The keys name the rows where these do not name themselves.
            return [{config.id_field: key, **value} for key, value in data.items()]
        lists = [value for value in values if isinstance(value, list) and value and isinstance(value[0], dict)]
        if len(lists) == 1:
            return lists[0]
        return [data]
    raise InputError(source, f"the file holds {_kind(data)}, not rows", "write an array of objects, or one object a line as .jsonl")


def _kind(value: Any) -> str:
    """Return what a JSON value is, in words."""
    names = {list: "a list", str: "a string", bool: "true or false", int: "a number", float: "a number", dict: "an object"}
    return names.get(type(value), "null")
