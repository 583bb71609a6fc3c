"""Make ``src/variorum/ledger/lang/territories.toml``: names of countries, territories and parts of the world, from the CLDR as babel carries it.

    python tools/make_territories.py

Run it when babel is new, or when a language is added to the ledger. The data are the Unicode CLDR's (Unicode License v3), carried by babel (BSD-3-Clause).
"""

from __future__ import annotations

import json
from pathlib import Path

import babel
from babel import Locale

LANGUAGES = ("en", "fr", "es")
OUT = Path(__file__).parent.parent / "src/variorum/ledger/lang/territories.toml"
LEFT_OUT = {"ZZ", "EZ", "XA", "XB", "QO", "UM"}
"""Codes that are no places that anybody names."""


def list_names(code: str) -> dict[str, str]:
    """Return name -> ISO 3166 (or UN M49) code of the territories in a language."""
    found = {}
    for territory, name in sorted(Locale.parse(code).territories.items()):
        if territory not in LEFT_OUT:
            found[name.split(" (")[0]] = territory
    return found


def main() -> None:
    """Write the file."""
    lines = [
        f"# Names of countries, territories and parts of the world with their ISO 3166 or UN M49 codes. Made by tools/make_territories.py from babel {babel.__version__}; do not edit.",
        "# Data: Unicode CLDR, Copyright 1991-2025 Unicode, Inc., Unicode License v3 (https://www.unicode.org/license.txt); carried by babel, BSD-3-Clause.",
    ]
    for code in LANGUAGES:
        lines += ["", f"[{code}]", *(f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(territory)}" for name, territory in sorted(list_names(code).items()))]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
