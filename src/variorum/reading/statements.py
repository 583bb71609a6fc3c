"""Reading: inputs to chunks of SOURCES, FAILURES and WITNESSES."""

from __future__ import annotations

import datetime as dt
import os
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.chunks import MAX_TEXT, Chunk, ChunkBuilder, SourceRow, Witness
from variorum.reading.dates import UNDATED, Dating, find_date, read_date
from variorum.reading.docxs import read_docx
from variorum.reading.encodings import check_encoding
from variorum.reading.htmls import read_html
from variorum.reading.metadata import Metadata, read_metadata
from variorum.reading.pdfs import read_pdf
from variorum.reading.problems import Problems
from variorum.reading.rows import PLACES, RowReader, clean_text, dump_metadata
from variorum.reading.sigla import Sigla, clean_label
from variorum.reading.sources import Findings, Source, find_sources, refuse_to_open
from variorum.reading.texts import Document, read_markdown, read_text

__all__ = ["Chunk", "read_statements"]

_READERS: dict[str, Callable[[str, str, ReadingConfig, Problems], Document]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "pdf": read_pdf,
    "docx": read_docx,
}
_LETTER = re.compile(r"[^\W_]")


def read_statements(
    inputs: Sequence[str | Path],
    config: ReadingConfig,
    *,
    done: Collection[str] = (),
    first_witness: int = 0,
    taken_sigla: Iterable[str] = (),
) -> Iterator[Chunk]:
    """Return an iterator over what the inputs hold, in chunks of about 16 MB of text or 500 files.

    `inputs` are folders, files and patterns. The order is that of the sources' names, whatever the file system's.
    `done` names sources that a run before this one finished, which are passed over; `first_witness` and `taken_sigla`
    carry on from its witnesses. A source of many rows may begin in one chunk and end in a later one: its row of SOURCES
    comes with the last, so what an interrupted run kept of a source that is not `done` must be taken away first.

    Nothing a source holds raises: what cannot be read stands in `Chunk.failures`.

    Raises:
        UsageError: at once, before anything is read: the metadata file cannot be used, or the setting `encoding` names none.
    """
    check_encoding(config.encoding)
    metadata = read_metadata(config)
    given = [inputs] if isinstance(inputs, (str, os.PathLike)) else inputs
    return _read_chunks([os.fspath(item) for item in given], config, metadata, (set(done), first_witness, Sigla(taken_sigla)))


def _read_chunks(
    inputs: list[str], config: ReadingConfig, metadata: Metadata | None, state: tuple[set[str], int, Sigla]
) -> Iterator[Chunk]:
    """Yield the chunks; `state` is what an interrupted run left: sources done, the next witness, sigla taken."""
    done, first_witness, sigla = state
    found: Findings = find_sources(inputs, config)
    builder = ChunkBuilder(first_witness)
    builder.add_problems(found.problems)
    if metadata:  # what the run before used counts as used
        for label in sigla.taken:
            metadata.find_witness(label)
    for source in found.sources:
        if source.source in done:
            if metadata:
                metadata.find_file(source)
            continue
        problems = Problems(source.source)
        encoding, n_witnesses = None, 0
        for witness, encoding in _guard(source, config, problems, metadata, sigla):  # noqa: B007 (the last one counts)
            if witness:
                n_witnesses += 1
                builder.add_witness(witness)
                if builder.is_full:
                    yield builder.take()
        builder.add_source(_make_row(source, problems, encoding, n_witnesses))
        builder.add_problems(problems.rows())
        if builder.is_full:
            yield builder.take()
    if metadata:
        builder.add_problems(metadata.finish())
    if not builder.is_empty:
        yield builder.take()


_Read = Iterator[tuple[Witness | None, str | None]]


def _guard(source: Source, config: ReadingConfig, problems: Problems, metadata: Metadata | None, sigla: Sigla) -> _Read:
    """Yield (witness or None, encoding) of a source, whatever it holds; what goes wrong becomes a problem."""
    if source.ignored:
        return
    try:
        if source.error:
            raise source.error
        if os.path.getsize(source.path) == 0:
            problems.note("empty", "the file is empty")
            return
        yield from (_read_rows if source.format in PLACES else _read_file)(source, config, problems, metadata, sigla)
    except InputError as error:
        problems.fail_with(error)
    except (EOFError, zlib.error):
        problems.fail("error", "the packed file is damaged or cut off", "fetch it again; what came before was read")
    except OSError as error:
        problems.fail_with(refuse_to_open(source.source, error))
    except MemoryError:
        problems.fail("error", "is too large for this machine's memory", "split it")
    except Exception as error:
        # Parsers of hostile files raise what they do not document (IndexError, struct.error, AssertionError ...).
        # One file must not end the run; the class name lets a defect of ours be told from a bad file.
        problems.fail(
            "error",
            f"cannot be read ({type(error).__name__}: {str(error)[:200]})",
            "open the file in its program and save it anew, or report a defect",
        )


def _read_rows(source: Source, config: ReadingConfig, problems: Problems, metadata: Metadata | None, sigla: Sigla) -> _Read:
    """Yield the witnesses of a source of rows."""
    reader = RowReader(source, config, problems, metadata, sigla)
    for witness in reader.read():
        yield witness, reader.encoding
    yield None, reader.encoding


def _read_file(source: Source, config: ReadingConfig, problems: Problems, metadata: Metadata | None, sigla: Sigla) -> _Read:
    """Yield the witness of a source that holds one text."""
    document = _READERS[source.format or ""](source.path, source.source, config, problems)
    yield None, document.encoding
    limit = min(config.max_characters, MAX_TEXT)
    if len(document.text) > limit:
        raise InputError(
            source.source, f"holds {len(document.text):,} characters, more than {limit:,}", "split it, or raise max_characters"
        )
    if not _LETTER.search(document.text):
        problems.note("empty", "the text holds no letter")
        return
    entry = metadata.find_file(source) if metadata else None
    others = dict(document.metadata)
    dating, basis = _date(source, document, entry.dating if entry else None, problems, others)
    if entry:
        others.update(entry.others)
    title = (entry.title if entry else None) or clean_label(document.title or "") or None
    siglum = sigla.claim(source.stem, source.relative)
    text = clean_text(document.text, problems)
    series = entry.series if entry else None
    yield Witness(siglum, source.source, None, title, series, dating, basis, dump_metadata(others), text), document.encoding


def _date(source: Source, document: Document, given: Dating | None, problems: Problems, others: dict) -> tuple[Dating, str | None]:
    """Return a file's date and where it comes from: the metadata file, the document, its name; a second, other date goes into `others`."""
    if given:
        return given, "metadata"
    own, named = read_date(document.date), find_date(source.stem)
    # A name with a time of day is a version stamp: whoever kept the versions apart knew better than the document, which
    # carries the same date through all of them.
    first, second = ((own, "document"), (named, "file name"))
    if named.date and "T" in named.date:
        first, second = second, first
    if not own.understood and not named.date:
        shown = f"date not understood: '{str(document.date)[:40]}'; the witness is kept undated"
        problems.note("dates not understood", shown, "give the date in a metadata file")
    for (dating, basis), (other, other_basis) in ((first, second), (second, first)):
        if dating.date:
            if other.date and other.date[:10] != dating.date[:10]:
                others[f"date ({other_basis})"] = other.date
            return dating, basis
    return UNDATED, None


def _make_row(source: Source, problems: Problems, encoding: str | None, n_witnesses: int) -> SourceRow:
    """Return a source's row of SOURCES."""
    if source.ignored:
        state = "ignored"
    elif problems.n_failed:
        state = "partly" if n_witnesses else "failed"
    else:
        state = "read" if n_witnesses else "empty"
    try:
        status = os.stat(source.path)
        n_bytes, modified_at = status.st_size, dt.datetime.fromtimestamp(status.st_mtime, dt.UTC)
    except (OSError, OverflowError, ValueError):
        n_bytes, modified_at = 0, None
    return SourceRow(source.source, state, source.format, encoding, n_bytes, modified_at, n_witnesses)
