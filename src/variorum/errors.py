"""Every error the program raises on purpose.

    VariorumError
    ├── UsageError          what was asked cannot be asked (exit 2)
    │   └── ConfigError     a setting is unknown or out of range
    ├── InputError          a file or row could not be read (listed, the run goes on; exit 3)
    ├── SchemaError         a table broke its own rules (a defect of ours)
    ├── CorpusError         a corpus folder cannot be used
    │   ├── CorpusLocked    another process is writing to it
    │   └── CorpusDamaged   its format is newer, older or not readable
    └── StorageError        the disk is full or the folder cannot be written

A message is one line: what, where, what to do.
"""

from __future__ import annotations


class VariorumError(Exception):
    """An error with a message meant for the user; ``exit_code`` is what the command returns."""

    exit_code = 1


class UsageError(VariorumError):
    """What was asked cannot be asked of this corpus or command."""

    exit_code = 2


class ConfigError(UsageError):
    """A setting is unknown or out of range."""


class InputError(VariorumError):
    """A source could not be read, whole or in part.

    ``source`` is the file as given, ``place`` the part of it (``"line 40000"``) or None, ``problem`` what
    is wrong with it and ``advice`` what the user can do.
    """

    exit_code = 3

    def __init__(self, source: str, problem: str, advice: str = "", place: str | None = None) -> None:
        self.source = source
        self.place = place
        self.problem = problem
        self.advice = advice
        where = f"{source}, {place}" if place else source
        super().__init__(f"{where}: {problem}" + (f"; {advice}" if advice else ""))

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process pool: the default would rebuild from the one-line message alone."""
        return type(self), (self.source, self.problem, self.advice, self.place)


class SchemaError(VariorumError):
    """A table broke its own rules: table, column, first bad row, value."""


class CorpusError(VariorumError):
    """A corpus folder cannot be used."""


class CorpusLocked(CorpusError):
    """Another process is writing to the corpus."""


class CorpusDamaged(CorpusError):
    """The corpus is of another format, or its files do not belong together."""


class StorageError(VariorumError):
    """The disk is full or a folder cannot be written."""
