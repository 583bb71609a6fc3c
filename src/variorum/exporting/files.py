"""Files that appear whole or not at all: written under a temporary name, renamed when they are complete."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from variorum.errors import StorageError


@contextmanager
def replace_file(path: Path, *, encoding: str = "utf-8", newline: str = "\n") -> Iterator[IO[str]]:
    """Yield a text file that takes the name `path` when the block ends without an error.

    Raises:
        StorageError: the folder cannot be made or written, or the disk is full.
    """
    with replace_path(path) as temporary, temporary.open("w", encoding=encoding, newline=newline, errors="replace") as file:
        yield file


@contextmanager
def replace_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; it takes the name `path` when the block ends without an error.

    Raises:
        StorageError: the folder cannot be made or written, or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        _forget(temporary)
        raise StorageError(_describe(path, error)) from error
    except BaseException:
        _forget(temporary)
        raise


def _forget(path: Path) -> None:
    """Delete a file where it can be deleted: what went wrong before is what the user should hear of."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def make_folder(path: Path) -> Path:
    """Return `path` after making it and its parents.

    Raises:
        StorageError: it cannot be made, or a file has its name.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(_describe(path, error)) from error
    return path


def _describe(path: Path, error: OSError) -> str:
    """Return one line that says what could not be written and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{path}: the disk is full; free some space or write elsewhere"
    if isinstance(error, PermissionError):
        return f"{path}: no permission to write here; choose another place"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{path}: a file stands where a folder is needed; choose another place"
    return f"{path}: cannot be written ({error.strerror or error})"
