"""Which versions of what made a result."""

from __future__ import annotations

import contextlib
import platform
from importlib import metadata

from variorum import __version__

_LIBRARIES = ("numpy", "numba", "pyarrow", "duckdb", "pypdfium2", "trafilatura", "python-docx", "charset-normalizer", "rapidfuzz", "pystemmer")


def list_versions() -> dict[str, str]:
    """Return the versions of the program, of Python and of the libraries that shape results."""
    found = {"variorum": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found
