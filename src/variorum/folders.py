"""The corpus folder as files: names and places, the write lock, the index files, errors of the file system."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import filelock

from variorum.errors import CorpusDamaged, CorpusError, CorpusLocked, StorageError, UsageError, VariorumError

SUFFIX = ".variorum"
DATABASE, INDEX, WORK, LOCK, REPORT = "corpus.duckdb", "index", "work", "lock", "report.html"
INDEXES = (INDEX, "index-2")
"""Names of the folder of index files: the next state of a corpus brings its own under the other name."""

# What a folder may hold and still be taken for a corpus whose creation was interrupted.
_OWN_NAMES = {INDEX, WORK, LOCK}

# Who holds the lock stands in a file of its own: on some systems a locked file cannot be read by others.
_HOLDER = "writer.json"


_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}

AGAIN = "delete the folder and make it again with: variorum trace"


def is_corpus(path: str | Path) -> bool:
    """Tell whether `path` is a folder that holds a corpus."""
    return (Path(path) / DATABASE).is_file()


def default_out(inputs: Sequence[str | Path]) -> Path:
    """Return where the corpus of `inputs` goes: beside the first of them, under its name."""
    if not inputs:
        raise UsageError("nothing to trace; name a folder, files or a pattern")
    first = Path(inputs[0])
    while not first.exists() and any(mark in first.name for mark in "*?[") and first.name:
        first = first.parent
    first = first.resolve() if first.name in ("", ".", "..") else first
    name = first.name if first.is_dir() else first.name.removesuffix(".gz").rpartition(".")[0] or first.name
    return first.with_name((name or "statements") + SUFFIX)


def refuse_foreign(path: Path) -> None:
    """Raise UsageError where `path` holds anything but a corpus, or nothing."""
    if path.is_dir():
        with storage_errors(path):
            names = {entry.name for entry in path.iterdir()}
        if DATABASE not in names and names - _OWN_NAMES:
            raise UsageError(f"{path} exists and is not a corpus; choose another place with --out")
    elif path.exists():
        raise UsageError(f"{path} is a file, not a corpus; choose another place with --out")


def make_folders(path: Path) -> None:
    """Make the folder of a corpus and those inside it, where they are missing."""
    with storage_errors(path):
        for part in (path, path / INDEX, path / WORK):
            part.mkdir(parents=True, exist_ok=True)


def list_files(folder: Path) -> list[tuple[str, int]]:
    """Return (path inside `folder`, size in bytes) of every file under it, sorted."""
    return sorted((path.relative_to(folder).as_posix(), path.stat().st_size) for path in folder.rglob("*") if path.is_file())


def identify(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from one that is put into its place; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def check_format(path: Path, versions: Sequence[tuple[int, str]], own: int) -> None:
    """Raise CorpusDamaged where the corpus at `path` is not of the format `own`; `versions` are its rows of format and program."""
    if len(versions) != 1:
        raise CorpusDamaged(f"{path}: damaged: variorum_meta has {len(versions)} rows, not one; {AGAIN}")
    version, program = versions[0]
    if version != own:
        newer = version > own
        advice = "install a newer variorum" if newer else AGAIN
        raise CorpusDamaged(f"{path}: format {version}, written by variorum {program}, is {'newer' if newer else 'older'} than this program's ({own}); {advice}")


def check_files(path: Path, index: str, noted: Iterable[tuple[str, int]]) -> None:
    """Raise CorpusDamaged where a file of the folder `index` of the corpus at `path` is missing or not of the size that was noted."""
    for file, size in noted:
        found = (path / index / file).stat().st_size if (path / index / file).is_file() else None
        if found != size:
            state = "is missing" if found is None else f"has {found} bytes, not {size}"
            raise CorpusDamaged(f"{path}: damaged: {index}/{file} {state}; make the index anew with: variorum trace --out {path} --resume-from foldings")


def clear_folder(folder: Path, keep: set[str]) -> None:
    """Delete what is in `folder`, except for the entries named in `keep` and the lock's note."""
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name in keep or entry.name == _HOLDER:
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


class WriteLock:
    """The right to write to one corpus folder; held by one process, and free again when that process ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock of the corpus at `path`, or raise CorpusLocked with who holds it."""
        self._holder = path / WORK / _HOLDER
        self._lock = filelock.FileLock(str(path / LOCK))
        with storage_errors(path):
            try:
                self._lock.acquire(blocking=False)
            except filelock.Timeout:
                raise CorpusLocked(f"{path}: it is being written to{describe_holder(path)}; wait until that is done") from None
            started = datetime.now(UTC).isoformat(timespec="seconds")
            self._holder.write_text(json.dumps({"pid": os.getpid(), "started_at": started}), encoding="utf-8")

    def release(self) -> None:
        """Give the lock back."""
        with contextlib.suppress(OSError):
            self._holder.unlink(missing_ok=True)
        self._lock.release()


def describe_holder(path: Path) -> str:
    """Return which process writes to the corpus at `path`, in brackets, or nothing where that is not known."""
    try:
        data = json.loads((path / WORK / _HOLDER).read_text(encoding="utf-8"))
        if data["pid"] == os.getpid():
            return " (in this very process)"
        return f" (process {data['pid']}, since {data['started_at']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@contextlib.contextmanager
def storage_errors(path: str | Path) -> Iterator[None]:
    """Turn errors of the file system into one line about `path`."""
    try:
        yield
    except OSError as error:
        raise make_storage_error(path, error) from error


@contextlib.contextmanager
def machine_errors(path: str | Path) -> Iterator[None]:
    """Turn a full disk and a full memory, wherever the work on `path` meets them, into one line; an interruption of a query into that of the run."""
    try:
        yield
    except MemoryError as error:
        raise VariorumError("not enough memory; lower the budget with --memory 512MB, or use --preset fast") from error
    except OSError as error:
        # numpy says how much it could not write, but gives no error number.
        if error.errno is None and "requested and" in str(error):
            raise StorageError(full_disk_message(path)) from error
        if error.errno in _FULL or error.errno in _FORBIDDEN:
            raise make_storage_error(path, error) from error
        raise
    except RuntimeError as error:
        # DuckDB catches Ctrl-C while a query runs, and says so with an error of its own.
        if "query interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise


def make_storage_error(path: str | Path, error: OSError) -> StorageError:
    """Return the StorageError that says in one line what `error` means for `path`."""
    if error.errno in _FULL:
        return StorageError(full_disk_message(path))
    if error.errno in _FORBIDDEN:
        return StorageError(f"{path}: cannot be written ({os.strerror(error.errno).lower()}); choose another place with --out")
    return StorageError(f"{path}: cannot be written ({(error.strerror or str(error)).lower()}); choose another place with --out")


def full_disk_message(path: str | Path) -> str:
    """Return the line that says that the disk under `path` is full."""
    return f"{path}: the disk is full; make room and run the same command again (it continues), or choose another place with --out"


def translate_error(path: Path, error: Exception) -> VariorumError:
    """Return our error for one of DuckDB's, told apart by class name and words: DuckDB gives no codes."""
    kind, words = type(error).__name__, str(error).lower()
    line = str(error).strip().splitlines()[0] if words.strip() else kind
    if "conflicting lock" in words or "being used by another process" in words or "already attached" in words:
        holder = describe_holder(path)
        if "since" in holder:
            return CorpusLocked(f"{path}: it is being written to{holder}; wait until that is done")
        return CorpusLocked(f"{path}: the tables are open elsewhere (another program, or another object of this one); close them there first")
    if "no space left" in words or "file too large" in words or "max_temp_directory_size" in words:
        return StorageError(full_disk_message(path))
    if kind == "OutOfMemoryException":
        return StorageError(f"{path}: the tables need more memory than allowed; raise it with --memory 4GB")
    if "permission denied" in words or "read-only file system" in words:
        return StorageError(f"{path}: cannot be read or written ({line})")
    if kind in ("IOException", "SerializationException", "FatalException", "InternalException", "InvalidInputException"):
        return CorpusDamaged(f"{path}: damaged: {DATABASE} cannot be read ({line}); {AGAIN}")
    if kind in ("ParserException", "BinderException", "CatalogException", "ConversionException"):
        return UsageError(f"query not understood: {line}")
    if "corrupt" in words or "checksum" in words:
        return CorpusDamaged(f"{path}: damaged: {DATABASE} cannot be read ({line}); {AGAIN}")
    return CorpusError(f"{path}: {line}")
