"""Memory that this process holds but does not use, given back to the system: a stage need not pay for the one before it."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable

import pyarrow as pa


def release_unused() -> None:
    """Give back what Arrow's pool and, where it can be told to, the C library keep for later."""
    pa.default_memory_pool().release_unused()
    trim = _find_trim()
    if trim is not None:
        trim(0)


@functools.cache
def _find_trim() -> Callable[[int], int] | None:
    """Return glibc's `malloc_trim`; None on other systems, which give back memory by themselves or not at all."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
