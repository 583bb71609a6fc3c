"""What each statement says, span by span, by rules that explain themselves: no model, no download.

    import variorum
    for row in variorum.ledger("More than 300 boats lay idle on 4 March 2024.").to_pylist():
        print(row["type"], row["quote"])

The package itself is called, so that the function of the command's name and the package that does the work are one name.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from variorum.ledger.ledgers import Ledger


def read_ledger(
    text: str,
    *,
    date: str | None = None,
    lang: str | None = None,
    types: Sequence[str] | None = None,
    grade: str = "B",
) -> Ledger:
    """Return the ledger of a text; see `making.make_entries` for the arguments and what it raises."""
    from variorum.ledger.ledgers import Ledger
    from variorum.ledger.making import make_entries

    return Ledger(text, make_entries(text, date=date, lang=lang, types=types, grade=grade))


class _CallableModule(ModuleType):
    """A module that is called: ``variorum.ledger(text)``."""

    __call__ = staticmethod(read_ledger)


sys.modules[__name__].__class__ = _CallableModule
