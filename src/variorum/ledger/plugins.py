"""Record types from outside: a model of the user's own, or another tagger, by entry point.

A plug-in is a function in the entry point group ``variorum.ledger``. It gets the raw text and the language of each
paragraph and yields dictionaries: ``type``, ``start``, ``end``, and as it likes ``parts``, ``grade``, ``why``, ``fields``.
Its entries pass the same check of places and bear its name. None is installed with the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

from variorum.errors import UsageError
from variorum.ledger.entries import Entry, check_spans
from variorum.ledger.textviews import TextView

GROUP = "variorum.ledger"

Tagger = Callable[[str, list[tuple[int, int, str]]], Iterable[Mapping[str, Any]]]


@lru_cache(maxsize=1)
def load_plugins() -> dict[str, Tagger]:
    """Return name -> function of the plug-ins that are installed, in order of name.

    Raises:
        UsageError: one cannot be loaded; says which.
    """
    found: dict[str, Tagger] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        try:
            found[point.name] = point.load()
        except Exception as error:  # what a foreign module raises as it is imported is not ours to know
            raise UsageError(f"plug-in {point.name} ({point.value}) cannot be loaded: {error}; mend it or uninstall it") from error
    return found


def run_plugins(view: TextView) -> None:
    """Add to the view what the plug-ins find.

    Raises:
        UsageError: a plug-in fails, or gives what is no entry of this text.
    """
    for name, tag in load_plugins().items():
        places = [(p.start, p.end, p.lang) for p in view.paragraphs]
        try:
            view.entries += [_build_entry(name, row, len(view.text)) for row in tag(view.text, places)]
        except Exception as error:  # nor what it raises as it runs
            raise UsageError(f"plug-in {name} failed: {type(error).__name__}: {error}; mend it or uninstall it") from error


def _build_entry(plugin: str, row: Mapping[str, Any], length: int) -> Entry:
    """Return the entry of a plug-in's row, its places checked."""
    parts = {role: [(int(a), int(b)) for a, b in spans] for role, spans in row.get("parts", {}).items()}
    entry = Entry(str(row["type"]), int(row["start"]), int(row["end"]), dict(row.get("fields", {})), f"{row['type']}.{plugin}", str(row.get("grade", "B")), parts)
    entry.why = [str(line) for line in row.get("why", [])]
    entry.plugin = plugin
    check_spans(entry, length)
    return entry
