"""Rows to witnesses: which field is what, and what to do where it is missing."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.chunks import MAX_TEXT, Witness
from variorum.reading.csvs import iterate_csv
from variorum.reading.dates import UNDATED, Dating, read_date
from variorum.reading.jsons import Row, find_row_encoding, iterate_json, iterate_jsonl
from variorum.reading.metadata import Entry, Metadata
from variorum.reading.parquets import iterate_parquet
from variorum.reading.problems import Problems, count
from variorum.reading.sigla import Sigla, clean_label
from variorum.reading.sources import Source

PLACES = {"jsonl": "line", "csv": "line", "json": "item", "parquet": "row"}
"""Formats of rows, and what their places are called."""

_LETTER = re.compile(r"[^\W_]")
_SURROGATE = re.compile("[\ud800-\udfff]+")
_MAX_NAMES = 40  # field names shown where one is not found
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "), default=str)


def make_getter(field: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function that gives a row's field or None; a dot in the name steps into objects and lists, unless a field is named so."""
    if "." not in field:
        return lambda row: row.get(field)
    steps = field.split(".")

    def get(row: Mapping[str, Any]) -> Any:
        if field in row:
            return row[field]
        value: Any = row
        for step in steps:
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            else:
                return None
        return value

    return get


class RowReader:
    """Reads the witnesses of one source of rows. After `read`, `encoding` and `n_witnesses` tell what was found."""

    def __init__(self, source: Source, config: ReadingConfig, problems: Problems, metadata: Metadata | None, sigla: Sigla) -> None:
        """Prepare to read `source`; `sigla` and `metadata` are shared by all sources."""
        self.source, self.config, self.problems = source, config, problems
        self.metadata, self.sigla = metadata, sigla
        self.encoding: str | None = None
        self.n_witnesses = 0
        self._label = PLACES[source.format or ""]
        self._seen: dict[str, bool] = {}  # names of the fields met, until the text field is
        self._found_text = False
        self._missing = {name: getattr(config, name) for name in ("id_field", "date_field", "series_field", "title_field")}
        self._n_empty = self._n_rows = 0

    def read(self) -> Iterator[Witness]:
        """Yield the witnesses in order; what cannot be read is put into the problems.

        Raises:
            InputError: the source as a whole, or what is left of it, cannot be read.
            OSError, EOFError, zlib.error: the file cannot be read on.
        """
        n_repeated = self.sigla.n_repeated
        try:
            yield from self._read()
        finally:
            if repeated := self.sigla.n_repeated - n_repeated:
                self.problems.note("ids repeated", f"{count(repeated, 'row')} with an id that was taken; called id#2 and so on", "")
        if not self._found_text and self._n_empty:
            raise self._unknown_field(self.config.text_field, list(self._seen) or ["none"])
        if self._n_rows == 0 and not self.problems.n_failed:
            self.problems.note("empty", "there is no row in the file")
        self._note_missing()

    def _rows(self) -> Iterator[Row]:
        """Return the rows of the source by its format."""
        path, source = self.source.path, self.source.source
        if self.source.format == "parquet":
            return iterate_parquet(path, source)
        self.encoding = find_row_encoding(path, source, self.config)
        iterate = {"jsonl": iterate_jsonl, "json": iterate_json, "csv": iterate_csv}[self.source.format or ""]
        return iterate(path, source, self.encoding, self.config, self.problems)

    def _read(self) -> Iterator[Witness]:
        """Yield the witnesses; see `read`."""
        config, of_file = self.config, self.metadata.find_file(self.source) if self.metadata else None
        get = {name: make_getter(field) for name, field in self._missing.items()}
        get_text = make_getter(config.text_field)
        used = {config.text_field, *self._missing.values()}
        for number, row in self._rows():
            self._n_rows += number > 0
            if not self._found_text and not self._look_for_text(number, row):
                continue
            if number == 0:
                self._missing = {name: field for name, field in self._missing.items() if not self._has(row, field)}
                continue
            text = self._clean_text(get_text(row), number)
            if text is None:
                continue
            found = {name: getter(row) for name, getter in get.items()}
            if self._missing:
                self._missing = {name: field for name, field in self._missing.items() if found[name] is None and not self._has(row, field)}
            label = make_label(found["id_field"])
            entries = [entry for entry in (self.metadata.find_witness(label) if self.metadata and label else None, of_file) if entry]
            dating, basis = self._date(found["date_field"], entries, number)
            series = next((entry.series for entry in entries if entry.series), None) or make_label(found["series_field"]) or None
            title = next((entry.title for entry in entries if entry.title), None) or make_label(found["title_field"]) or None
            others = {name: value for name, value in row.items() if name not in used}
            for entry in reversed(entries):
                others.update(entry.others)
            siglum = (
                self.sigla.claim(label) if label else self.sigla.claim(f"{self.source.stem}:{number}", f"{self.source.relative}:{number}")
            )
            self.n_witnesses += 1
            yield Witness(siglum, self.source.source, f"{self._label} {number}", title, series, dating, basis, dump_metadata(others), text)

    def _look_for_text(self, number: int, row: Mapping[str, Any]) -> bool:
        """Tell whether the row has the text field; where a header has not, the source cannot be read."""
        if self._has(row, self.config.text_field):
            self._found_text = True
            self._note_empties(self._n_empty)
            return True
        for name, value in row.items():
            if len(self._seen) < 1000:
                self._seen.setdefault(str(name), True)
                if isinstance(value, dict):
                    self._seen.update(dict.fromkeys((f"{name}.{inner}" for inner in value), True))
        if number == 0:
            raise self._unknown_field(self.config.text_field, list(row) or ["none"])
        self._n_empty += 1
        return False

    def _note_empties(self, n_empty: int) -> None:
        """Note rows before the first with a text field."""
        if n_empty:
            self.problems.note(
                "rows without text", f"{count(n_empty, 'row')} without a field '{self.config.text_field}' before the first that has it", ""
            )

    @staticmethod
    def _has(row: Mapping[str, Any], field: str) -> bool:
        """Tell whether a row has a field, be it null."""
        if field in row:
            return True
        parent, _, last = field.rpartition(".")
        if not parent:
            return False
        holder = make_getter(parent)(row)
        # A null where the object should be says nothing about its fields; columns of a header have no values at all.
        return (
            (isinstance(holder, Mapping) and last in holder)
            or (isinstance(holder, list) and last.isdecimal())
            or (holder is None and parent in row)
        )

    def _unknown_field(self, field: str, names: list[str]) -> InputError:
        """Return the error for a text field that no row has."""
        return InputError(
            self.source.source,
            f"no field '{field}'{find_nearest(field, names)}",
            f"name the field that holds the text; there are {show_names(names)}",
        )

    def _note_missing(self) -> None:
        """Note settings that name a field which no row has; the defaults may be missing."""
        default = ReadingConfig()
        for name, field in self._missing.items():
            if field != getattr(default, name) and self.n_witnesses:
                what = name.removesuffix("_field")
                self.problems.note(
                    "fields not found", f"no row has the field '{field}' named for the {what}", "check the name of the field"
                )

    def _clean_text(self, value: Any, number: int) -> str | None:
        """Return a row's text as it will be stored, or None where it has none or cannot be kept."""
        place = f"{self._label} {number}"
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            value = "\n\n".join(value)  # paragraphs
        elif isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if value is None or (isinstance(value, str) and not _LETTER.search(value)):
            self.problems.note("rows without text", "the row holds no text", "", place)
            return None
        if not isinstance(value, str):
            self.problems.fail(
                "rows whose text is none",
                f"the field '{self.config.text_field}' holds no text ({type(value).__name__})",
                "name another field",
                place,
            )
            return None
        limit = min(self.config.max_characters, MAX_TEXT)
        if len(value) > limit:
            self.problems.fail(
                "texts are too long",
                f"the text has {len(value):,} characters, more than {limit:,}",
                "split it, or raise max_characters",
                place,
            )
            return None
        return clean_text(value, self.problems, place)

    def _date(self, value: Any, entries: list[Entry], number: int) -> tuple[Dating, str | None]:
        """Return a row's date and where it comes from."""
        for entry in entries:
            if entry.dating:
                return entry.dating, "metadata"
        if value is None or value == "":
            return UNDATED, None
        dating = read_date(value)
        if not dating.understood:
            problem = f"date not understood: '{str(value)[:40]}'; the witness is kept undated"
            self.problems.note("dates not understood", problem, "write dates as 2024-03-29", f"{self._label} {number}")
            return UNDATED, None
        return dating, "field" if dating.date else None


def clean_text(text: str, problems: Problems, place: str | None = None) -> str:
    """Return the text without NUL and with U+FFFD for lone surrogates, each change noted; otherwise exactly as it is."""
    if "\0" in text:
        n = text.count("\0")
        text = text.replace("\0", "")
        problems.note("NUL characters", f"{count(n, 'NUL character')} taken out of the text", "places count the text without them", place)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text, n = _SURROGATE.subn("\ufffd", text)
            problems.note(
                "bytes that are no text",
                f"what stands for no character was replaced by U+FFFD in {count(n, 'place')}",
                "write the file as UTF-8",
                place,
            )
    return text


def make_label(value: Any) -> str:
    """Return a field's value as a label: text and numbers as they are, a list joined by semicolons, nothing as ``""``."""
    if isinstance(value, str):
        return clean_label(value)
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(part for part in map(make_label, value) if part)
    if isinstance(value, Mapping):
        return clean_label(_ENCODER.encode(value))
    return clean_label(str(value))


def dump_metadata(fields: Mapping[str, Any]) -> str | None:
    """Return fields as a JSON object; None where there are none. What JSON cannot hold is written as text."""
    if not fields:
        return None
    try:
        return _ENCODER.encode(fields)
    except (ValueError, TypeError, RecursionError):  # keys that are no text, circles, depth
        return _ENCODER.encode({str(name): str(value)[:1000] for name, value in fields.items()})


def find_nearest(name: str, names: list[str]) -> str:
    """Return a hint at the name most like the one given, or nothing."""
    near = difflib.get_close_matches(name, names, n=1) or [other for other in names if other.lower() == name.lower()]
    return f" (did you mean '{near[0]}'?)" if near else ""


def show_names(names: list[str]) -> str:
    """Return field names as one line."""
    return ", ".join(names[:_MAX_NAMES]) + (f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else "")
