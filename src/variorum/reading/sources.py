"""Finding: folders, files and patterns to the list of files to read, the same list on every machine."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from variorum.config import ReadingConfig
from variorum.errors import InputError
from variorum.reading.ignores import IGNORE_FILE, Rule, is_ignored, parse_rules
from variorum.reading.problems import FAILED, NOTE, Problem

FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
PACKED = ("jsonl", "csv")
"""Formats that are also read when packed, with ``.gz`` behind their suffix."""

_READABLE = "use .txt .md .html .pdf .docx .jsonl .json .csv or .parquet"
_ADVICE = {
    ".doc": "save it as .docx or PDF",
    ".odt": "save it as .docx or PDF",
    ".rtf": "save it as .docx or PDF",
    ".pages": "export it as .docx or PDF",
    ".epub": "convert it to HTML",
    ".eml": "save the message's text as .txt or .html",
    ".msg": "save the message's text as .txt or .html",
    ".xls": "save the sheet as .csv",
    ".xlsx": "save the sheet as .csv",
    ".zip": "unpack it and give the folder",
    ".tar": "unpack it and give the folder",
    ".gz": "unpack it; only .jsonl.gz and .csv.gz are read packed",
    ".xml": "convert it to .txt or .html",
    ".png": "run text recognition and give the text",
    ".jpg": "run text recognition and give the text",
    ".tif": "run text recognition and give the text",
}
CORPUS_SUFFIX = ".variorum"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read: where it lies, how it is called (`source`), its path below the folder given, its format."""

    path: str
    source: str
    relative: str
    format: str | None
    error: InputError | None = None  # why it cannot be read, known before it is opened
    ignored: bool = False  # listed only

    @property
    def stem(self) -> str:
        """The file's name without its suffixes."""
        name = self.relative.rpartition("/")[2]
        low = name.lower()
        for suffix in (".gz", *FORMATS) if low.endswith(".gz") else FORMATS:
            if low.endswith(suffix) and len(name) > len(suffix):
                name, low = name[: -len(suffix)], low[: -len(suffix)]
                if suffix != ".gz":
                    break
        return name


@dataclass(slots=True)
class Findings:
    """What was found: sources sorted by name, and problems that belong to no file."""

    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def name_format(name: str) -> str | None:
    """Return the format that a file's name promises, or None."""
    base, suffix = os.path.splitext(name.lower())
    if suffix == ".gz":
        found = FORMATS.get(os.path.splitext(base)[1])
        return found if found in PACKED else None
    return FORMATS.get(suffix)


def find_sources(inputs: Sequence[str | os.PathLike[str]], config: ReadingConfig) -> Findings:
    """Return every file that the inputs (folders, files, patterns) name, each once, sorted by name.

    Folders are walked whole; links are followed, each folder once. Hidden files, corpus folders, the metadata file
    and what a `.variorumignore` names are left out. Files of unknown type are `ignored` in a folder and carry an error
    where they were named. Does not raise: what cannot be listed stands in `problems`.
    """
    finder = _Finder(config)
    for given in inputs:
        text = os.fspath(given)
        if os.path.isdir(text):
            finder.walk(text)
        elif os.path.lexists(text) or not glob.has_magic(text):
            finder.add_named(text)
        else:
            matches = sorted(glob.glob(text, recursive=True, include_hidden=config.include_hidden))
            for match in matches:
                finder.walk(match) if os.path.isdir(match) else finder.add_named(match)
            if not matches:
                finder.add(
                    Source(
                        text,
                        show(text),
                        text,
                        None,
                        InputError(show(text), "no file fits this pattern", "check the pattern and the folder"),
                    )
                )
    return finder.finish()


def show(path: str) -> str:
    """Return a path as text that any table can hold; bytes that are no UTF-8 are written as ``\\xff``."""
    return path if path.isprintable() else os.fsencode(path).decode("utf-8", "backslashreplace").replace("\0", "")


class _Finder:
    """Collects sources; remembers real paths so that nothing is read twice."""

    def __init__(self, config: ReadingConfig) -> None:
        self.config = config
        self.found = Findings()
        self.folders: set[str] = set()
        self.files: dict[str, Source] = {}
        self.metadata = os.path.realpath(config.metadata) if config.metadata else None

    def add(self, source: Source, real: str | None = None) -> None:
        """Keep a source unless its real file was found before, or is the metadata."""
        real = real or os.path.realpath(source.path)
        if real == self.metadata:
            return
        before = self.files.get(real)
        # Which of two names stands must not hang on the order of the inputs: a file's own name goes before a link's.
        if before is None or (os.path.islink(source.path), source.source) < (os.path.islink(before.path), before.source):
            self.files[real] = source

    def add_named(self, path: str) -> None:
        """Keep a file that the user named."""
        name = os.path.basename(path)
        shown, known, error = show(path), name_format(name), None
        try:
            mode = os.stat(path).st_mode
            if not stat.S_ISREG(mode):
                error = InputError(shown, "is not a regular file", "give a file or a folder")
            elif known is None:
                suffix = os.path.splitext(name)[1].lower()
                kind = f"files of type {suffix} are not read" if suffix else "a file without a suffix is not read"
                error = InputError(shown, kind, _ADVICE.get(suffix, _READABLE))
        except OSError as problem:
            error = refuse_to_open(shown, problem)
        self.add(Source(path, shown, _slashed(show(name)), known, error))

    def walk(self, top: str) -> None:
        """Keep all files below a folder, without recursion so that no depth can break it."""
        before = len(self.files)
        linked: list[tuple[str, str, list[Rule]]] = [(top, "", [])]
        while linked:
            waiting = [linked.pop(0)]
            while waiting:
                folder, below, rules = waiting.pop()
                real = os.path.realpath(folder)
                if real in self.folders:
                    continue
                self.folders.add(real)
                rules = rules + self._rules(folder, below)
                inner = []
                for entry in self._entries(folder):
                    found = self._take(entry, folder, real, below, rules)
                    if found and entry.is_symlink():
                        linked.append(found)  # after the folders themselves, so that those keep their own names
                    elif found:
                        inner.append(found)
                waiting += inner
        if len(self.files) == before:
            shown = show(top)
            self.found.problems.append(Problem(shown, None, "no file in this folder", _READABLE, NOTE))

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as problem:
            error = refuse_to_open(show(folder), problem, what="folder")
            self.found.problems.append(Problem(error.source, None, error.problem, error.advice, FAILED))
            return []

    def _rules(self, folder: str, below: str) -> list[Rule]:
        path = os.path.join(folder, IGNORE_FILE)
        if not os.path.isfile(path):
            return []
        try:
            return parse_rules(Path(path).read_text("utf-8", "replace"), below)
        except OSError as problem:
            error = refuse_to_open(show(path), problem)
            self.found.problems.append(Problem(error.source, None, error.problem, "its patterns were not applied", NOTE))
            return []

    def _take(self, entry: os.DirEntry[str], folder: str, real: str, below: str, rules: list[Rule]) -> tuple[str, str, list[Rule]] | None:
        """Keep an entry that is a file; return an entry that is a folder to walk."""
        name, relative = entry.name, below + entry.name
        if (name.startswith(".") and not self.config.include_hidden) or name == IGNORE_FILE:
            return None
        try:
            is_folder, is_link = entry.is_dir(), entry.is_symlink()
        except OSError:  # a loop of links has no kind
            is_folder, is_link = False, True
        if is_folder:
            return None if name.endswith(CORPUS_SUFFIX) or is_ignored(relative, rules, folder=True) else (entry.path, relative + "/", rules)
        if is_ignored(relative, rules):
            return None
        path = name if folder == "." else os.path.join(folder, name)
        known, shown, error = name_format(name), show(path), None
        if is_link and not os.path.isfile(path):
            error = InputError(shown, "is a link to nothing", "mend or delete the link") if known else None
        elif not is_link and not entry.is_file():
            known = None  # a pipe or a device would wait for ever
        source = Source(path, shown, show(relative), known, error, ignored=known is None)
        self.add(source, None if is_link else os.path.join(real, name))
        return None

    def finish(self) -> Findings:
        """Return the findings in order, each name once."""
        names: set[str] = set()
        for source in sorted(self.files.values(), key=lambda source: source.source):
            if source.source not in names:
                names.add(source.source)
                self.found.sources.append(source)
        return self.found


def refuse_to_open(source: str, problem: OSError, what: str = "file") -> InputError:
    """Return the error for a file or folder that the system would not open."""
    if isinstance(problem, FileNotFoundError):
        return InputError(source, "no such file or folder", "check the name; it may have been moved while reading")
    if isinstance(problem, PermissionError):
        return InputError(source, "permission denied", f"allow reading the {what}, or run as a user who may")
    return InputError(source, f"the {what} cannot be read ({problem.strerror or problem})", "check the disk and the name")


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")
