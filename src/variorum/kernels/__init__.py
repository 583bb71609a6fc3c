"""Kernels: loops over plain arrays, compiled by numba. They know no table and no file.

Every kernel is declared by `kernel`, runs without the interpreter's lock, and has a slow twin in
tests/naive.py. Compiled code is cached beside the source (or in ``NUMBA_CACHE_DIR``), so that compiling is
paid once per install.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numba

_F = TypeVar("_F", bound=Callable[..., object])


def _cache_folder() -> str:
    """Return the folder for compiled code: named after the kernels' source, since numba does not see a change in another file."""
    here = Path(__file__).parent
    source = hashlib.sha256()
    for path in sorted(here.glob("*.py")):
        source.update(path.read_bytes())
    home = here / "__pycache__"
    try:
        home.mkdir(exist_ok=True)
        writable = os.access(home, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "variorum"
    return str(home / f"numba-{source.hexdigest()[:12]}")


FOLDER = os.environ.get("NUMBA_CACHE_DIR") or _cache_folder()
"""Where compiled kernels are kept."""


def kernel(function: _F) -> _F:
    """Compile `function` at its first call for each signature; other kernels may call it."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = FOLDER
    try:
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)  # type: ignore[no-any-return] - numba has no types
    finally:
        numba.config.CACHE_DIR = before
