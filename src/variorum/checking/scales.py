"""Units of the user's table to those of figures: names of counts and per cent, and sizes of one measure."""

from __future__ import annotations

from variorum.ledger.units import ISO

_PER_CENT = frozenset({"%", "pt", "pc", "pct", "percent", "per cent", "percentage"})
_POINTS = frozenset({"pp", "pctpt", "percentage points"})

_SIZES = {
    "mm": ("m", 1e-3), "cm": ("m", 1e-2), "m": ("m", 1.0), "km": ("m", 1e3), "[in_i]": ("m", 0.0254), "[ft_i]": ("m", 0.3048), "[yd_i]": ("m", 0.9144), "[mi_i]": ("m", 1609.344), "[nmi_i]": ("m", 1852.0),
    "m2": ("m2", 1.0), "har": ("m2", 1e4), "km2": ("m2", 1e6), "[sft_i]": ("m2", 0.09290304),
    "mg": ("g", 1e-3), "g": ("g", 1.0), "kg": ("g", 1e3), "t": ("g", 1e6), "kt": ("g", 1e9), "Mt": ("g", 1e12), "[lb_av]": ("g", 453.59237), "[oz_av]": ("g", 28.349523125),
    "mL": ("L", 1e-3), "L": ("L", 1.0), "hL": ("L", 1e2), "m3": ("L", 1e3), "[gal_us]": ("L", 3.785411784), "[bbl_us]": ("L", 158.987294928),
    "kW": ("W", 1e3), "MW": ("W", 1e6), "GW": ("W", 1e9), "TW": ("W", 1e12), "W": ("W", 1.0),
    "W.h": ("W.h", 1.0), "kW.h": ("W.h", 1e3), "MW.h": ("W.h", 1e6), "GW.h": ("W.h", 1e9), "TW.h": ("W.h", 1e12),
    "s": ("s", 1.0), "min": ("s", 60.0), "h": ("s", 3600.0), "d": ("s", 86400.0), "wk": ("s", 604800.0),
}  # fmt: skip
"""UCUM code -> what it is a size of, and how many of it; months and years have no one length."""


def convert(unit: str, observed: str | None, kind: str) -> float | None:
    """Return what an observed value is multiplied by to be in a figure's unit; None where the two measure different things.

    Args:
        unit: the figure's unit (`name_unit`), empty for a count.
        observed: the table's, as it writes it.
        kind: the figure's kind.
    """
    other = (observed or "").strip()
    plain = other.casefold()
    if kind == "points":
        return 1.0 if plain in _POINTS else None
    if unit == "%":
        return 1.0 if plain in _PER_CENT else None
    if not unit and kind == "share":  # a fraction in words or signs: two thirds
        return 0.01 if plain in _PER_CENT else 1.0 if plain in ("1", "") else None
    if not unit:  # whatever is no measure, money or share is a name for what is counted: NUMBER, PS, boats
        return None if plain in _PER_CENT | _POINTS or other in _SIZES or other.upper() in ISO else 1.0
    if unit == other or unit.casefold() == plain:
        return 1.0
    mine, theirs = _SIZES.get(unit), _SIZES.get(other)
    return theirs[1] / mine[1] if mine and theirs and mine[0] == theirs[0] else None
