"""Units of measure (UCUM) and money (ISO 4217): the phrases that name them, and the signs that all languages share.

A word that names the money of several states (dollar, franc, peso) or a measure of several sizes (ton) is not resolved:
the unit is then that word itself.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import NamedTuple

from variorum.ledger.languages import TEXTS, WORDS, Language, add_section
from variorum.ledger.tokens import Tokens, split_words

add_section("units", {"names": TEXTS})
add_section("money", {"names": TEXTS, "generic": TEXTS, "cents": WORDS})

SYMBOLS = {
    "m": "m", "km": "km", "cm": "cm", "mm": "mm", "dm": "dm", "µm": "um", "μm": "um", "nm": "nm", "pm": "pm", "in": "[in_i]", "ft": "[ft_i]", "yd": "[yd_i]", "mi": "[mi_i]", "nmi": "[nmi_i]",
    "m2": "m2", "m²": "m2", "km2": "km2", "km²": "km2", "cm2": "cm2", "cm²": "cm2", "mm2": "mm2", "mm²": "mm2", "ha": "har", "m3": "m3", "m³": "m3", "km3": "km3", "km³": "km3", "cm3": "cm3", "cm³": "cm3",
    "sqm": "m2", "sqft": "[sft_i]",
    "l": "L", "L": "L", "ml": "mL", "mL": "mL", "cl": "cL", "cL": "cL", "dl": "dL", "dL": "dL", "hl": "hL", "hL": "hL", "gal": "[gal_us]", "bbl": "[bbl_us]", "bbls": "[bbl_us]",
    "g": "g", "kg": "kg", "kgs": "kg", "mg": "mg", "µg": "ug", "μg": "ug", "t": "t", "kt": "kt", "Mt": "Mt", "lb": "[lb_av]", "lbs": "[lb_av]", "oz": "[oz_av]",
    "h": "h", "hr": "h", "hrs": "h", "min": "min", "mins": "min", "s": "s", "sec": "s", "secs": "s", "ms": "ms", "ns": "ns",
    "W": "W", "kW": "kW", "kw": "kW", "MW": "MW", "mw": "MW", "GW": "GW", "TW": "TW", "Wh": "W.h", "kWh": "kW.h", "kwh": "kW.h", "MWh": "MW.h", "GWh": "GW.h", "TWh": "TW.h",
    "J": "J", "kJ": "kJ", "MJ": "MJ", "kcal": "kcal", "V": "V", "kV": "kV", "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "Pa": "Pa", "kPa": "kPa", "hPa": "hPa", "dB": "dB", "hp": "[HP]",
    "kB": "kBy", "KB": "kBy", "MB": "MBy", "GB": "GBy", "TB": "TBy", "PB": "PBy", "mb": "Mbit", "Mb": "Mbit", "Gb": "Gbit", "kb": "kbit", "gb": "GBy", "tb": "TBy", "Mbps": "Mbit/s", "Gbps": "Gbit/s",
    "mph": "[mi_i]/h", "kph": "km/h", "kmh": "km/h", "kts": "[kn_i]", "rad": "rad", "ppm": "[ppm]", "ppb": "[ppb]", "℃": "Cel", "℉": "[degF]", "ºC": "Cel", "ºF": "[degF]", "ºc": "Cel", "ºf": "[degF]", "º": "deg", "˚": "deg", "ºK": "K", '"': "[in_i]", "″": "[in_i]", "′": "[ft_i]", "°": "deg", "K": "K",
}  # fmt: skip
"""Signs as they are written; those of one letter count only where they follow their number at once or after one blank."""

MONEY_SIGNS = {
    "$": "dollar", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₦": "NGN", "₱": "PHP", "฿": "THB", "₫": "VND", "₭": "LAK",
    "₴": "UAH", "₸": "KZT", "₡": "CRC", "₲": "PYG", "₵": "GHS", "₮": "MNT", "₾": "GEL", "¢": "cent", "₿": "bitcoin",
}  # fmt: skip
MONEY_PREFIXES = {
    "us": "USD", "usd": "USD", "u.s.": "USD", "c": "CAD", "ca": "CAD", "cad": "CAD", "a": "AUD", "au": "AUD", "aud": "AUD", "hk": "HKD", "hkd": "HKD", "nz": "NZD", "nt": "TWD", "s": "SGD", "sg": "SGD",
    "r": "BRL", "mx": "MXN", "mex": "MXN", "mxn": "MXN", "z": "ZWL", "j": "JMD", "tt": "TTD", "b": "BSD", "bz": "BZD",
}  # fmt: skip
"""What stands before the sign ``$``."""
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE
CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR
PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
"""
ISO = frozenset(_CODES.split())
"""The codes of ISO 4217 that are in use."""
_WORDS_TOO = frozenset({"ALL", "TOP", "TRY", "CUP", "MOP", "PEN", "SOS", "BAM", "GEL", "LAK", "MAD", "COP", "CAD", "ANG", "NAD"})
"""Codes that are words in capitals as well: only after the number, or before it with a decimal mark."""
_RUPEES = frozenset({"rs", "re"})
_MILLIONS = {"m": 1e6, "b": 1e9, "k": 1e3}
TIME = frozenset({"s", "min", "h", "d", "wk", "mo", "a", "10.a", "100.a", "1000.a", "14.d", "ms", "us", "ns"})
TEMPERATURE = frozenset({"Cel", "[degF]", "K"})

Phrases = dict[str, list[tuple[tuple[str, ...], str]]]


class Unit(NamedTuple):
    """A unit as named: its code, its kind (`money`, `measure`, `duration`, `temperature`, `share`), the token after it, and a factor it brings (MEUR)."""

    code: str
    kind: str
    last: int
    factor: float = 1.0


def make_phrases(table: dict[str, str], language: Language, *, plurals: bool = False) -> Phrases:
    """Return first word -> (words, meaning) of phrases of a language, longest first; with the plural in -s of every word where `plurals`."""
    found: dict[tuple[str, ...], str] = {}
    for phrase, meaning in table.items():
        words = split_words(phrase, language)
        forms = product(*((w, f"{w}s") if plurals and w.isalpha() and len(w) > 1 else (w,) for w in words))
        for form in forms:
            found.setdefault(form, meaning)
    index: Phrases = {}
    for words, meaning in found.items():
        index.setdefault(words[0], []).append((words, meaning))
    for entries in index.values():
        entries.sort(key=lambda e: -len(e[0]))
    return index


def match_phrase(phrases: Phrases, tokens: Tokens, at: int) -> tuple[int, str] | None:
    """Return (token after it, meaning) of the longest phrase that begins at a token."""
    for words, meaning in phrases.get(tokens.word(at), ()):
        if len(words) == 1 or tuple(tokens.words[at : at + len(words)]) == words:
            return at + len(words), meaning
    return None


@lru_cache(maxsize=8)
def _unit_phrases(language: Language) -> tuple[Phrases, Phrases]:
    """Return the phrases of units and of money."""
    money = language.section("money")
    names = {**money.get("generic", {}), **money.get("names", {})}
    return make_phrases(language.section("units").get("names", {}), language, plurals=True), make_phrases(names, language)


def read_unit(tokens: Tokens, at: int) -> Unit | None:
    """Return the unit that begins at a token, the one after its number; hyphens and brackets are taken: ``six-mile``, ``20 (kg)``."""
    language = tokens.language
    units, money = _unit_phrases(language)
    place = at
    if tokens.word(at) in ("-", "‐") and tokens.touches(at) and tokens.touches(at + 1):
        place = at + 1
    named = match_phrase(money, tokens, place)
    measured = match_phrase(units, tokens, place)
    if named is not None and (measured is None or named[0] > measured[0]) and not _is_won(tokens, place):
        return Unit(named[1], "money", named[0])
    if measured is not None:
        return _add_power(tokens, Unit(measured[1], _kind(measured[1]), measured[0]))
    return _read_money_sign(tokens, place) or _read_symbol(tokens, place)


def _is_won(tokens: Tokens, place: int) -> bool:
    """Tell whether ``won`` after a small number is the verb."""
    return tokens.word(place) == "won" and not tokens.word(place - 1).endswith(("000", "illion", "thousand"))


def _kind(code: str) -> str:
    return "duration" if code in TIME else "temperature" if code in TEMPERATURE else "measure"


def _read_money_sign(tokens: Tokens, at: int) -> Unit | None:
    """Return money by its sign or ISO code after the number."""
    word = tokens.word(at)
    if word in MONEY_SIGNS and not (tokens.is_number(at + 1) and tokens.touches(at + 1)):
        return Unit(MONEY_SIGNS[word], "money", at + 1)
    raw = tokens.raw(at) if word else ""
    if raw in ISO:
        return Unit(raw, "money", at + 1)
    if len(raw) == 4 and raw[1:] in ISO and raw[0] in "MKB":
        return Unit(raw[1:], "money", at + 1, _MILLIONS[raw[0].lower()])
    return None


def _read_symbol(tokens: Tokens, at: int) -> Unit | None:
    """Return a measure by its sign, in brackets too."""
    if tokens.word(at) in ("(", "["):
        inner = _read_symbol(tokens, at + 1)
        closed = inner is not None and tokens.word(inner.last) in (")", "]")
        return Unit(inner.code, inner.kind, inner.last + 1) if inner is not None and closed and "." not in inner.code else None
    if at >= len(tokens):
        return None
    raw = tokens.raw(at)
    code = SYMBOLS.get(raw)
    if code is None:
        return None
    if raw in ("°", "º", "˚"):
        scale = {"c": "Cel", "f": "[degF]", "celsius": "Cel", "fahrenheit": "[degF]"}.get(tokens.word(at + 1))
        if scale is None and raw == "º":  # the mark of an ordinal as well
            return None
        return Unit(scale or "deg", "temperature" if scale else "measure", at + 1 + (scale is not None))
    if raw == "in" and not tokens.touches(at) and tokens.word(at + 1) not in (".", ",", "", "thick", "long", "wide", "high", "deep", "tall", "x", "×", ")"):
        return None
    if raw in ('"', "s", "K") and (not tokens.touches(at) if raw != '"' else tokens.word(at + 1) not in ("long", "wide", "high", "deep", "tall", "thick", "x")):
        return None
    if tokens.touches(at + 1) and (tokens.is_word(at + 1) or tokens.is_number(at + 1)):
        return None
    if raw == "W" and not tokens.touches(at) and tokens.word(at + 1) == ".":  # 206 W. Main Street
        return None
    if raw == "s":  # the 60s
        return None
    slash = tokens.word(at + 1) == "/" and SYMBOLS.get(tokens.raw(at + 2) if at + 2 < len(tokens) else "")
    if slash and tokens.touches(at + 1) and tokens.touches(at + 2):
        return Unit(f"{code}/{slash}", "measure", at + 3)
    return _add_power(tokens, Unit(code, _kind(code), at + 1))


def _add_power(tokens: Tokens, unit: Unit) -> Unit:
    """Return a unit with the square or cube written after it: ``km^2``, ``km squared``."""
    powers = {"squared": "2", "cubed": "3", "carrés": "2", "cubes": "3"}
    if unit.code not in ("m", "km", "cm", "mm", "[ft_i]", "[mi_i]", "[in_i]"):
        return unit
    if tokens.word(unit.last) in powers:
        return Unit(unit.code + powers[tokens.word(unit.last)], "measure", unit.last + 1)
    if tokens.word(unit.last) == "^" and tokens.word(unit.last + 1) in ("2", "3"):
        return Unit(unit.code + tokens.words[unit.last + 1], "measure", unit.last + 2)
    return unit


def read_prefix(tokens: Tokens, first: int) -> tuple[int, str] | None:
    """Return (first token, code) of the money sign or code that stands before the number at `first`."""
    before = first - 1
    word = tokens.word(before)
    if not word:
        return None
    if word in MONEY_SIGNS and tokens.is_number(before - 1) and not tokens.touches(first) and tokens.is_number(first) and tokens.word(first + 1) == word:
        return None  # 10 $ 30 $
    if word in MONEY_SIGNS:
        code, at = MONEY_SIGNS[word], before
        if word == "$":
            prefix = tokens.word(before - 1)
            if prefix in MONEY_PREFIXES and (tokens.touches(before) or (len(prefix) == 2 or prefix == "c")) and not (prefix in ("a", "s") and not tokens.touches(before)):
                code, at = MONEY_PREFIXES[prefix], before - 1
            elif prefix == "." and tokens.words[max(0, before - 4) : before] == ["u", ".", "s", "."]:
                code, at = "USD", before - 4
            elif prefix.upper() in ISO and tokens.touches(before):
                code, at = prefix.upper(), before - 1
        elif word == "£" and tokens.word(before - 1) == "ir" and tokens.touches(before):
            code, at = "IEP", before - 1
        return at, code
    raw = tokens.raw(before)
    if raw in ISO and (raw not in _WORDS_TOO or "." in tokens.words[first] or tokens.touches(first)):
        return before, raw
    if word in _RUPEES and tokens.is_number(first):
        return before, "rupee"
    if word == "." and tokens.word(before - 1) in _RUPEES and tokens.is_number(first):
        return before - 1, "rupee"
    return None
