"""Counts of work done, added to from several threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable

_LOCK = threading.Lock()


def add_counts(counters: dict[str, int], names: Iterable[str], values: Iterable[int]) -> None:
    """Add `values` to the counters `names`; no count is lost when two threads add at once."""
    with _LOCK:
        for name, value in zip(names, values, strict=False):
            counters[name] = counters.get(name, 0) + int(value)
