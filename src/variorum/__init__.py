"""Variorum: which statements share text, what each version changed, who had it first.

    import variorum
    corpus = variorum.trace("statements/")
    corpus.families.to_polars()

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Collation", "Corpus", "Lineage", "Template", "VariorumError", "add", "check", "collate", "compare", "find_template", "ledger", "lineage", "make_config", "open", "trace"]

if TYPE_CHECKING:
    from variorum.api import Corpus, add, open, trace
    from variorum.collations import Collation, collate
    from variorum.comparisons import compare
    from variorum.config import make_config
    from variorum.errors import VariorumError
    from variorum.ledger import read_ledger as ledger
    from variorum.lineages import Lineage, lineage
    from variorum.listings import check
    from variorum.templates import Template, find_template

_HOMES = {
    "Corpus": "variorum.api",
    "add": "variorum.api",
    "open": "variorum.api",
    "trace": "variorum.api",
    "Collation": "variorum.collations",
    "check": "variorum.listings",
    "collate": "variorum.collations",
    "compare": "variorum.comparisons",
    "Lineage": "variorum.lineages",
    "lineage": "variorum.lineages",
    "make_config": "variorum.config",
    "Template": "variorum.templates",
    "VariorumError": "variorum.errors",
    "find_template": "variorum.templates",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module at its first use."""
    import importlib

    if name == "ledger":  # the package is called itself; see there
        return importlib.import_module("variorum.ledger")
    if name not in _HOMES:
        raise AttributeError(f"module 'variorum' has no attribute '{name}'")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
