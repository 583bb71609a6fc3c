"""The next state of a corpus, made beside the present one and put in its place at once.

    NAME.variorum/next/   a corpus folder of its own while statements are added or removed; gone when that is done

The corpus is what it was, and can be read, until the next state is whole. What was done of that is kept: the same command goes on from there.
The database goes into its place last, by one renaming; it says which of two folders holds its index files.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from variorum import folders
from variorum.corpus import CorpusFolder
from variorum.errors import CorpusError, StorageError
from variorum.folders import DATABASE, INDEXES, REPORT, is_corpus

NEXT = "next"
_KEY = "next"
_LOG = ".wal"


class Successor:
    """Makes the next state of a corpus; use it as a context, in which the corpus cannot be written to by others.

    Attributes:
        path: the corpus.
        held: the corpus as it is, open for reading.
    """

    def __init__(self, path: str | Path, *, memory_mb: int = 512) -> None:
        """Name the corpus."""
        self.path = Path(path)
        self.held: CorpusFolder
        self._memory = memory_mb
        self._lock: folders.WriteLock | None = None
        self._next = self.path / NEXT
        self._folder: CorpusFolder | None = None

    def __enter__(self) -> Successor:
        """Take the right to write and open the corpus.

        Raises:
            CorpusError: there is no corpus; CorpusLocked: another process writes to it; CorpusDamaged: its files do not belong together.
        """
        if not is_corpus(self.path):
            raise CorpusError(f"no corpus at {self.path}; make one with: variorum trace STATEMENTS --out {self.path}")
        folders.make_folders(self.path)
        if (self.path / (DATABASE + _LOG)).exists():  # of a run that was killed: the database takes it in as it is closed
            CorpusFolder.open(self.path, write=True).close()
        self._lock = folders.WriteLock(self.path)
        try:
            self._finish_commit()
            self.held = CorpusFolder.open(self.path)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close all that is open."""
        if self._folder is not None:
            self._folder.close()
        self.held.close()
        if self._lock is not None:
            self._lock.release()

    def begin(self, key: str, fill: Callable[[CorpusFolder], None], *, copy: bool) -> CorpusFolder:
        """Return the next state, open for writing: that of an interrupted run of the same key, or a new one.

        Args:
            key: says what is being made from what.
            fill: called with a new one, to make of it what the work begins with.
            copy: whether a new one begins with a copy of the tables, or empty.
        """
        found = self._continue(key)
        if found is None:
            with folders.storage_errors(self.path):
                shutil.rmtree(self._next, ignore_errors=True)
                self._next.mkdir()
                if copy:
                    shutil.copyfile(self.path / DATABASE, self._next / f"{DATABASE}.part")
                    os.replace(self._next / f"{DATABASE}.part", self._next / DATABASE)
            with CorpusFolder.create(self._next, memory_mb=self._memory, repair=True) as made, made.transaction():
                made.set_state("index", self._other_index())
                made.forget_index(made.query("SELECT DISTINCT stage FROM variorum_index")["stage"].to_pylist())
                fill(made)
                made.set_state(_KEY, key)
            found = CorpusFolder.open(self._next, write=True, memory_mb=self._memory)
        found.name = self.held.name
        self._folder = found
        return found

    def discard(self) -> None:
        """Give the next state up; the corpus stays what it is."""
        if self._folder is not None:
            self._folder.close()
        shutil.rmtree(self._next, ignore_errors=True)

    def commit(self) -> None:
        """Put the next state into the place of the present one."""
        folder, before = self._folder, self.held.index
        assert folder is not None
        index = folder.index
        folder.close()
        self.held.close()
        if (self._next / (DATABASE + _LOG)).exists():
            raise StorageError(f"{self.path}: the tables could not be written to the end; give the same command again")
        with folders.storage_errors(self.path):
            shutil.rmtree(self.path / index.name, ignore_errors=True)
            if index.exists():
                os.replace(index, self.path / index.name)
            os.replace(self._next / DATABASE, self.path / DATABASE)
        self._finish_commit()
        shutil.rmtree(before, ignore_errors=True)

    def _other_index(self) -> str:
        """Return the name of the folder of index files that the corpus does not use."""
        return INDEXES[1 - INDEXES.index(self.held.index.name)]

    def _continue(self, key: str) -> CorpusFolder | None:
        """Return the next state that an interrupted run of the same key has begun."""
        if not is_corpus(self._next):
            return None
        other = self._other_index()
        if (self.path / other).is_dir() and not (self._next / other).exists():  # the commit was interrupted after its first step
            os.replace(self.path / other, self._next / other)
        with contextlib.suppress(CorpusError):
            folder = CorpusFolder.open(self._next, write=True, memory_mb=self._memory)
            if folder.get_state(_KEY) == key:
                return folder
            folder.close()
        return None

    def _finish_commit(self) -> None:
        """Take over what stands beside a database that is in its place already."""
        if self._next.is_dir() and not is_corpus(self._next):
            with folders.storage_errors(self.path):
                if (self._next / REPORT).is_file():
                    os.replace(self._next / REPORT, self.path / REPORT)
                shutil.rmtree(self._next, ignore_errors=True)
