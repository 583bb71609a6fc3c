"""A quantity: one number with what it is a number of: per cent, money, a measure, an age, and by what it is divided."""

from __future__ import annotations

from dataclasses import dataclass, replace

from variorum.ledger.entries import Span
from variorum.ledger.figurewords import figure_words
from variorum.ledger.numbers import Number, parse_number
from variorum.ledger.numerals import number_words
from variorum.ledger.tokens import Tokens
from variorum.ledger.units import ISO, MONEY_SIGNS, Unit, match_phrase, read_prefix, read_unit

_AGES = {"y": "a", "a": "a", "m": "mo", "w": "wk", "s": "wk", "d": "d", "j": "d"}
_DASHES = ("-", "–", "—", "‐", "−")
_DEGREES = frozenset({"celsius", "fahrenheit", "kelvin", "centigrade", "centígrados", "temperature", "temperatura", "température", "degrees", "grados", "degrés", "°", "℃", "℉"})
_CLOCK = frozenset({"am", "pm", "a.m", "p.m"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit.

    Attributes:
        first, last: its tokens: the first, and the one after the last.
        number: the number, without its unit.
        value, step: what the whole is worth (5 feet 2 inches), and the size of its last place.
        unit, kind: code and kind: `number`, `share`, `points`, `money`, `measure`, `duration`, `temperature`, `age`.
        unit_span: raw place of the unit, None where there is none.
        per, per_span: what it is divided by, and where that stands.
    """

    first: int
    last: int
    number: Number
    value: float
    step: float
    unit: str | None = None
    kind: str = "number"
    unit_span: Span | None = None
    per: str | None = None
    per_span: Span | None = None


def read_quantity(tokens: Tokens, first: int) -> Quantity | None:
    """Return the quantity whose number begins at a token; its sign of money may stand before."""
    key = ("quantity", first)
    if key not in tokens.memo:
        number = parse_number(tokens, first)
        tokens.memo[key] = _read(tokens, number) if number is not None and _stands_free(tokens, number) else None
    return tokens.memo[key]


def _stands_free(tokens: Tokens, number: Number) -> bool:
    """Tell whether a number is no part of a name, a time of day, an ordinal or a code."""
    first, last = number.first, number.last
    after = tokens.word(last)
    if any(tokens.taken[first:last]):
        return False
    if (tokens.word(first - 1) in _DASHES and tokens.touches(first) and tokens.word(first - 2) in ("multi", "sub")) or tokens.words[first:last] == ["9", "/", "11"]:
        return False  # a multi-billion-dollar plan; 9/11
    if number.written != "words":
        if tokens.touches(first) and _is_part_of_name(tokens, first):
            return False
        if after == ":" and tokens.touches(last) and tokens.is_number(last + 1):
            return False
        if tokens.touches(last) and tokens.is_word(last) and (after in figure_words(tokens.language).sets["ordinals"] or not _is_known_ending(tokens, last)):
            return False
        if tokens.touches(last) and after in _DASHES and _leads_to_code(tokens, first, last):
            return False
        if (after in _CLOCK and number.integral) or (after in ("a", "p") and tokens.word(last + 1) == "." and tokens.word(last + 2) == "m"):
            return False
    elif number.last - number.first == 1:
        return _is_no_pronoun(tokens, number)
    elif number.fraction and tokens.word(last - 2) not in {*number_words(tokens.language).sets["over"], "cada"} and tokens.word(first) in number_words(tokens.language).sets["articles"]:
        return not (tokens.is_word(last) or (tokens.word(last) == "-" and tokens.touches(last))) or match_phrase(figure_words(tokens.language).percent, tokens, last) is not None or tokens.word(last) in {*number_words(tokens.language).sets["of"], *number_words(tokens.language).scales} or number_words(tokens.language).halves.get(tokens.word(first + 1)) in (0.5, 0.25)
    return True


def _leads_to_code(tokens: Tokens, first: int, last: int) -> bool:
    """Tell whether a dash after a number goes on to a code (800-273-TALK) or to a time of day (2-4 pm)."""
    if not tokens.touches(last + 1):
        return False
    within = tokens.touches(first) and tokens.word(first - 1) in _DASHES and tokens.touches(first - 1)
    return within or (tokens.is_number(last + 1) and tokens.word(last + 2) in _CLOCK)


def _is_part_of_name(tokens: Tokens, first: int) -> bool:
    """Tell whether what touches a number from before makes it part of a name, a path or a code."""
    before = tokens.word(first - 1)
    if before in (".", ","):
        return tokens.touches(first - 1) and tokens.is_number(first - 2)
    named = before[-1:].isalnum() or before in ("_", "#", "/", ":", "\\", "@", "=") or (before in _DASHES and _is_hyphened(tokens, first - 1))
    return named and not _is_code(tokens, first - 1)


def _is_code(tokens: Tokens, number: int) -> bool:
    """Tell whether a token is a code of money that a number may touch (USD115)."""
    return tokens.raw(number) in ISO or tokens.word(number) in MONEY_SIGNS


def _is_hyphened(tokens: Tokens, dash: int) -> bool:
    """Tell whether a dash binds a number to a word before it: COVID-19; not the dash of a range."""
    return tokens.touches(dash) and tokens.is_word(dash - 1)


def _is_known_ending(tokens: Tokens, last: int) -> bool:
    """Tell whether letters that touch a number are a unit, a sign of money or a percentage."""
    return read_unit(tokens, last) is not None or match_phrase(figure_words(tokens.language).percent, tokens, last) is not None or tokens.word(last) in ("x",)


def _is_no_pronoun(tokens: Tokens, number: Number) -> bool:
    """Tell whether a lone word such as `one` is a number here."""
    words = number_words(tokens.language)
    word, before, after = tokens.word(number.first), tokens.word(number.first - 1), tokens.word(number.last)
    if word in words.halves:
        return _is_half(tokens, number)
    if word not in words.sets["lone"]:
        return True
    if match_phrase(figure_words(tokens.language).percent, tokens, number.last) or _is_named_unit(tokens, number.last):
        return True
    if words.sets["lone"] - {"one"}:  # a language whose one is its article
        return False
    return before not in words.sets["not_after"] and after not in words.sets["not_before"]


def _is_named_unit(tokens: Tokens, at: int) -> bool:
    """Tell whether a unit is named at a token."""
    return read_unit(tokens, at) is not None


def _is_half(tokens: Tokens, number: Number) -> bool:
    """Tell whether `half` or `quarter` is a share here: a quarter alone is a time or a place."""
    word, before = tokens.word(number.first), tokens.word(number.first - 1)
    words = number_words(tokens.language)
    linked = tokens.word(number.last) in {*words.sets["of"], "des", "du"} and before in {*words.sets["articles"], "le", "du", "au", "l'"}
    whole = words.halves[word] == 0.5 or (tokens.language.code == "fr" and linked)  # le tiers des voix
    return whole and before not in ("first", "second", "other", "latter", "better", "-") and tokens.word(number.last) not in ("-", "past", "hour", "year", "time", "way", "brother", "sister")


def _read(tokens: Tokens, number: Number) -> Quantity:
    """Return the quantity of a number."""
    words = figure_words(tokens.language)
    base = Quantity(number.first, number.last, number, number.value, number.step)
    prefix = read_prefix(tokens, number.first)
    if prefix is not None:
        return _read_money(tokens, base, prefix)
    place = number.last
    hyphen = tokens.word(place) in ("-", "‐") and tokens.touches(place) and tokens.touches(place + 1)
    for phrases, kind in ((words.points, "points"), (words.percent, "share")):
        found = match_phrase(phrases, tokens, place + hyphen)
        if found is not None:
            quantity = _take_part(tokens, replace(base, last=found[0], unit="%", kind=kind, unit_span=tokens.span(place + hyphen, found[0])))
            return _add_per(tokens, quantity)
    age = _read_age(tokens, base)
    if age is not None:
        return _add_half(tokens, age)
    if tokens.raw(place - 1, place) == "K" and number.scale == 1000 and _is_kelvin(tokens, number):
        plain = number.value / 1000
        number = replace(number, last=place - 1, value=plain, step=number.step / 1000, scale=1.0)
        return replace(base, number=number, value=plain, step=number.step, kind="temperature", unit="K", unit_span=tokens.span(place - 1, place))
    unit = read_unit(tokens, place)
    if unit is None and number.fraction and tokens.word(place) in number_words(tokens.language).sets["articles"]:  # half a century
        unit = part if (part := read_unit(tokens, place + 1)) is not None and part.kind in ("duration", "measure") else None
    if unit is None and number.scale >= 1e6 and tokens.word(place) in ("de", "d'"):  # millions de litres
        place += 1
        unit = read_unit(tokens, place)
    if unit is None:
        return _add_per(tokens, base)
    begin = place + hyphen
    quantity = replace(base, last=unit.last, unit=unit.code, kind=unit.kind, unit_span=tokens.span(begin, unit.last), value=base.value * unit.factor, step=base.step * unit.factor)
    if unit.kind == "money":
        quantity = _add_scale(tokens, quantity)
    if unit.kind == "temperature" and tokens.word(quantity.first - 1) in ("-", "−") and not tokens.is_number(quantity.first - 2):
        quantity = replace(quantity, first=quantity.first - 1, value=-quantity.value)  # a dash before degrees is their sign
    if quantity.kind == "temperature" or quantity.unit == "deg":
        quantity = _add_below_zero(tokens, quantity)
    if quantity.unit in ("a", "mo", "wk", "d"):
        quantity = _add_half(tokens, quantity)
    if unit.code in ("mo", "wk", "d") and _is_of_age(tokens, quantity):
        quantity = replace(quantity, kind="age")
    return _add_per(tokens, _add_smaller(tokens, quantity))


def _take_part(tokens: Tokens, quantity: Quantity) -> Quantity:
    """Return the part of one per cent that words before it say: ``half of one percent``."""
    numbers = number_words(tokens.language)
    part = numbers.halves.get(tokens.word(quantity.first - 2)) if quantity.value == 1 and tokens.word(quantity.first - 1) in numbers.sets["of"] else None
    if part is None:
        return quantity
    first = quantity.first - 2
    first -= tokens.word(first - 1) in numbers.sets["articles"] or tokens.word(first - 1) == "one"
    return replace(quantity, first=first, value=part, step=part)


def _is_kelvin(tokens: Tokens, number: Number) -> bool:
    """Tell whether a K after a number is kelvin, not a thousand: another word of temperature stands near it."""
    return any(word in _DEGREES for word in tokens.words[max(0, number.first - 8) : number.last + 6])


def _read_money(tokens: Tokens, base: Quantity, prefix: tuple[int, str]) -> Quantity:
    """Return money whose sign stands before the number; a small m or b after it is a million or a billion."""
    first, code = prefix
    quantity = replace(base, first=first, unit=code, kind="money", unit_span=tokens.span(first, base.first))
    factor = {"m": 1e6, "b": 1e9}.get(tokens.word(base.last)) if base.number.scale == 1 else None
    if factor and not (tokens.touches(base.last + 1) and tokens.is_word(base.last + 1)):
        quantity = replace(quantity, last=base.last + 1, value=base.value * factor, step=base.step * factor)
    named = read_unit(tokens, quantity.last)
    if named is not None and named.kind == "money" and not tokens.is_number(named.last):
        code = quantity.unit if named.code in ("dollar", quantity.unit) or quantity.unit != "dollar" else named.code
        quantity = replace(quantity, last=named.last, unit=code)
    elif named is None or named.kind != "money":
        quantity = _add_smaller(tokens, quantity)
    return _add_per(tokens, quantity)


def _add_scale(tokens: Tokens, quantity: Quantity) -> Quantity:
    """Return money whose scale word stands after its name: ``75 USD million``."""
    factor = number_words(tokens.language).scales.get(tokens.word(quantity.last))
    if factor is None or quantity.number.scale > 1:
        return quantity
    return replace(quantity, last=quantity.last + 1, value=quantity.value * factor, step=quantity.step * factor)


def _add_smaller(tokens: Tokens, quantity: Quantity) -> Quantity:
    """Return a quantity with its smaller unit added: five feet two inches, thirteen dollars and forty-five cents, 15 dollars 50."""
    joiners = number_words(tokens.language).sets["joiners"]
    begin = quantity.last + (tokens.word(quantity.last) in joiners)
    smaller = parse_number(tokens, begin)
    if smaller is None or not smaller.integral or smaller.value < 0 or not float(quantity.value).is_integer():
        return quantity
    unit = read_unit(tokens, smaller.last)
    code = unit.code if unit else None
    if quantity.kind == "money":
        cents = tokens.language.section("money").get("cents", [])
        named = tokens.word(smaller.last) in cents
        bare = unit is None and 10 <= smaller.value < 100 and _ends_clause(tokens, smaller.last)
        if quantity.unit in ("cent", "penny") or not ((named and smaller.value < 100) or bare):
            return quantity
        return replace(quantity, value=quantity.value + smaller.value / 100, step=0.01, last=smaller.last + named)
    factor = {("[ft_i]", "[in_i]"): 12, ("[lb_av]", "[oz_av]"): 16}.get((quantity.unit or "", code or ""))
    if factor is None or unit is None:
        return quantity
    return replace(quantity, value=quantity.value + smaller.value / factor, step=1 / factor, last=unit.last)


def _add_below_zero(tokens: Tokens, quantity: Quantity) -> Quantity:
    """Return a temperature whose sign stands in words after it: ``10 degrees below zero``."""
    found = match_phrase(figure_words(tokens.language).below_zero, tokens, quantity.last)
    return quantity if found is None or quantity.value < 0 else replace(quantity, value=-quantity.value, last=found[0])


def _add_half(tokens: Tokens, quantity: Quantity) -> Quantity:
    """Return a time with the half after its unit: ``four years and a half``, ``cuatro años y medio``."""
    words = number_words(tokens.language)
    place = quantity.last
    if tokens.word(place) not in words.sets["joiners"] or not float(quantity.value).is_integer():
        return quantity
    place += 1 + (tokens.word(place + 1) in words.sets["articles"])
    if words.halves.get(tokens.word(place)) != 0.5 or tokens.word(place + 1) in words.sets["of"] or tokens.word(place + 1) == "-":
        return quantity
    return replace(quantity, value=quantity.value + 0.5, step=0.5, last=place + 1)


def _ends_clause(tokens: Tokens, at: int) -> bool:
    """Tell whether a clause ends at a token."""
    return at >= len(tokens) or tokens.word(at) in (".", ",", ";", ":", "!", "?", ")", "more")


def _read_age(tokens: Tokens, base: Quantity) -> Quantity | None:
    """Return an age: ``five years old``, ``5-year-old``, ``three years of age``."""
    led = _read_led_age(tokens, base)
    if led is not None:
        return led
    place, words = base.last, []
    at = place
    while at < len(tokens) and len(words) < 3:  # hyphens between the words are passed over
        word = tokens.word(at)
        if word in ("-", "‐"):
            at += 1
            continue
        words.append((word, at))
        at += 1
    for length in range(len(words), 0, -1):
        phrase = tuple(w for w, _ in words[:length])
        known = figure_words(tokens.language).ages.get(phrase[0], []) if phrase else []
        if any(candidate == phrase for candidate, _ in known) and (length > 1 or _is_age(tokens, base.first, words[0][1] + 1)):
            last = words[length - 1][1] + 1
            return replace(base, last=last, kind="age", unit=_age_unit(phrase[0]), unit_span=tokens.span(words[0][1], last))
    return None


def _is_of_age(tokens: Tokens, quantity: Quantity) -> bool:
    """Tell whether months, weeks or days are an age: a word of age stands near them."""
    contexts = tokens.language.section("figures").get("age_contexts", ())
    near = tokens.words[max(0, quantity.first - 6) : quantity.last + 4] if contexts else ()
    verbs = tokens.language.section("figures").get("age_verbs", ())
    had = bool(verbs) and _ends_clause(tokens, quantity.last) and any(word in verbs for word in tokens.words[max(0, quantity.first - 3) : quantity.first])  # tenían menos de tres meses, where nothing says what for
    return had or any(word in contexts for word in near)


def _is_age(tokens: Tokens, first: int, last: int) -> bool:
    """Tell whether a bare number of years (French ans, Spanish años) is an age: no word of duration stands before it, no `de` after it."""
    table = tokens.language.section("figures")
    before = tokens.words[max(0, first - 4) : first]
    return tokens.word(last) not in ("de", "d'") and not any(word in table.get("durations", ()) for word in before)


def _read_led_age(tokens: Tokens, base: Quantity) -> Quantity | None:
    """Return an age whose word stands before its number, in years where no unit follows: ``aged 40``, ``under the age of 5``."""
    leads, compared = figure_words(tokens.language).age_leads, figure_words(tokens.language).age_comparators
    for begin in range(max(0, base.first - 4), base.first):
        found = match_phrase(leads, tokens, begin) or match_phrase(compared, tokens, begin)
        if found is None or found[0] != base.first or not base.number.integral or not 0 < base.value < 130:
            continue
        begin = base.first if match_phrase(compared, tokens, begin) else begin  # a comparator is read as such later
        unit = read_unit(tokens, base.last)
        if unit is not None and unit.kind == "duration":
            return replace(base, first=begin, last=unit.last, kind="age", unit=unit.code, unit_span=tokens.span(base.last, unit.last))
        counts = begin == base.first and tokens.word(base.last).endswith("s")  # un número mayor de 20 barcos
        if unit is None and not counts and tokens.word(base.last) not in ("%", "percent"):
            return replace(base, first=begin, kind="age", unit="a")
    return None


def _age_unit(word: str) -> str:
    """Return the UCUM code of the unit of an age by the beginning of its word."""
    return {"mes": "mo", "moi": "mo", "jou": "d", "día": "d", "dia": "d", "sem": "wk"}.get(word[:3], _AGES.get(word[:1], "a"))


def _add_per(tokens: Tokens, quantity: Quantity) -> Quantity:
    """Return a quantity with what it is divided by: ``a day``, ``per millisecond``, ``/day``."""
    found = match_phrase(figure_words(tokens.language).per, tokens, quantity.last)
    if found is None or quantity.kind in ("age",) or quantity.per:
        return quantity
    place = found[0]
    unit = read_unit(tokens, place)
    strict = tokens.word(quantity.last) not in ("per", "/", "par", "por")
    if unit is None or (strict and unit.kind not in ("duration",) and quantity.kind != "money") or not _names_unit(tokens, place, unit):
        return quantity
    if quantity.kind in ("duration", "share") and strict:
        return quantity
    return replace(quantity, per=unit.code, per_span=tokens.span(place, unit.last), last=unit.last)


def _names_unit(tokens: Tokens, place: int, unit: Unit) -> bool:
    """Tell whether a unit after `a` or `per` is one that things are divided by."""
    return unit.kind != "money" and not (tokens.word(place) in ("second",) and tokens.word(unit.last - 1) != "second")
