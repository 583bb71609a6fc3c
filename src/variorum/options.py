"""Settings written as text, ``KEY=VALUE``, to values of the setting's own type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from variorum.config import SECTIONS, option_fields
from variorum.errors import ConfigError

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def parse_settings(pairs: Iterable[str]) -> dict[str, Any]:
    """Return the settings given as ``KEY=VALUE``; which keys there are, `make_config` checks.

    Raises:
        ConfigError: no ``=``, or a value that is not of the setting's type.
    """
    settings: dict[str, Any] = {}
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not mark or not key.strip():
            raise ConfigError(f"a setting is written KEY=VALUE, not {pair!r}")
        key = key.strip().replace(".", "__").replace("-", "_")
        settings[key] = _parse_value(key, value.strip())
    return settings


def parse_memory(text: str) -> int:
    """Return the MB (of 2**20 bytes) of an amount of memory such as ``512MB``, ``4GB``, ``2GiB`` or ``2048``, which is MB.

    Raises:
        ConfigError: it is not such an amount.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([MGT]?)(I?)B?", text.strip().upper())
    if not found:
        raise ConfigError(f"--memory takes an amount such as 512MB, 4GB or 2GiB, not {text!r}")
    number, unit, binary = float(found[1]), found[2] or "M", found[3] or not found[2]
    power = " MGT".index(unit) + 1
    return int(number * (1024 if binary else 1000) ** power / 2**20)


def _parse_value(key: str, value: str) -> Any:
    """Return `value` in the type of the setting's default."""
    default = _find_default(key)
    kind = type(default)
    if kind is bool:
        if value.lower() not in _TRUE + _FALSE:
            raise ConfigError(f"{key} must be true or false, not {value!r}")
        return value.lower() in _TRUE
    if kind in (int, float):
        try:
            return kind(value.replace("_", ""))
        except ValueError:
            raise ConfigError(f"{key} must be {'a whole number' if kind is int else 'a number'}, not {value!r}") from None
    return value


def _find_default(key: str) -> Any:
    """Return the default of the setting `key`, an empty text where there is no such setting."""
    section, mark, name = key.partition("__")
    parts = [section] if mark and section in SECTIONS else list(SECTIONS)
    wanted = name if mark and section in SECTIONS else key
    return next((f.default for part in parts for f in option_fields(part) if f.name == wanted), "")
