"""Rows of CSV and TSV, streamed."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from typing import TextIO

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.jsons import Row, open_lines
from variorum.reading.problems import Problems

_DELIMITERS = ",;\t|"


class Table:
    """A CSV file that is open: its header, and its rows by `iterate`."""

    def __init__(self, file: TextIO, source: str, *, tabs: bool = False, longest: int = 2**31 - 1) -> None:
        """Read the header of `file`, opened with ``newline=""``; `longest` bounds a field, so that a quote left open cannot take all memory.

        Raises:
            InputError: the header cannot be read.
        """
        csv.field_size_limit(min(longest, sys.maxsize, 2**31 - 1))  # one setting for the whole process
        self.source = source
        first = file.readline(1 << 20)
        self._n_before = self._n_quotes = 0
        self._ended = False
        if first[:4].lower() == "sep=" and len(first.strip()) == 5:  # a hint that Excel writes and reads
            delimiter, first, self._n_before = first[4], file.readline(1 << 20), 1
        else:
            delimiter = "\t" if tabs else find_delimiter(first)
        self._reader = csv.reader(self._lines(first, file), delimiter=delimiter)
        self.header = [name.strip().removeprefix("\ufeff") for name in self._next() or []]

    @property
    def line(self) -> int:
        """The number of the last line read."""
        return self._reader.line_num + self._n_before

    def _lines(self, first: str, rest: TextIO) -> Iterator[str]:
        """Yield all lines, counting quotation marks: an odd number at the end tells of one left open."""
        yield first
        self._n_quotes += first.count('"')
        for line in rest:
            self._n_quotes += line.count('"')
            yield line
        self._ended = True

    def _next(self) -> list[str] | None:
        start = self.line + 1
        try:
            return next(self._reader, None)
        except csv.Error as error:
            advice = "look for a quotation mark that is not closed" if "limit" in str(error) else "mend the line"
            raise InputError(self.source, f"broken CSV ({error})", advice, f"line {start}") from error

    def iterate(self, problems: Problems) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (number of the line a row begins on, row); rows with more cells than the header are listed and passed over.

        Raises:
            InputError: the file cannot be read on.
        """
        header = self.header
        n_columns = len(header)
        while True:
            start = self.line + 1
            cells = self._next()
            if cells is None:
                return
            if self._n_quotes % 2 and self._ended and self.line > start:
                advice = "close it; all after it was taken for one cell and left out"
                problems.fail("quotation marks are open", "a quotation mark is not closed", advice, f"line {start}")
                return
            if len(cells) > n_columns and any(cells[n_columns:]):
                what = f"the row has {len(cells)} cells, the header {n_columns}"
                problems.fail("rows have too many cells", what, "put quotation marks round cells that hold the delimiter", f"line {start}")
            elif cells:
                yield start, dict(zip(header, cells, strict=False))


def find_delimiter(line: str) -> str:
    """Return the delimiter that a header line uses most outside quotation marks; a comma where there is none."""
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=lambda sign: (outside.count(sign), -_DELIMITERS.index(sign)))


def iterate_csv(path: str, source: str, encoding: str, config: ReadingConfig, problems: Problems) -> Iterator[Row]:
    """Yield (number of the line from 1, row) of a CSV or TSV file with a header.

    Raises:
        InputError: no header, a text field it does not name, or a file that cannot be read on.
        OSError, EOFError, zlib.error: the file cannot be read on.
    """
    tabs = path.lower().removesuffix(".gz").endswith(".tsv")
    with open_lines(path, encoding, "") as file:
        table = Table(file, source, tabs=tabs, longest=4 * config.max_characters)
        yield 0, dict.fromkeys(table.header)
        yield from table.iterate(problems)
