"""The words of `cues.toml`: by which a text speaks of itself or of its source, in all languages at once."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_OPENING = r"(?:\A|(?<=[.!?:*(\[]\s)|(?<=[*(\[])|(?<=\n\n)|(?<=\n\r\n))"


@lru_cache(maxsize=1)
def _load() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=2)
def compile_notices(name: str) -> re.Pattern[str]:
    """Return the expression of the notices `early` or `late`; a space in it stands for any white space."""
    found = []
    for words in _load().values():
        for expression in words[name]:
            for part in ("kind", "private"):
                expression = expression.replace(f"{{{part}}}", f"(?:{words.get(part, '')})")
            found.append(expression)
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)".replace(" ", r"\s+").replace("{opening}", _OPENING), re.I)


@lru_cache(maxsize=1)
def compile_sources() -> re.Pattern[str]:
    """Return the expression of a word that says whose words stand beside it, or of a quotation mark."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(str(words['sources']) for words in _load().values())})(?!\w)|[\"“”„«»]", re.I)
