"""Figures: a value or an interval, how it is compared, its unit, what is counted and of what it is a share.

The word lists are those of the language; the rules differ only in what they take a number for. Precedence is the longest
find, then the order of the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from variorum.ledger.comparators import Comparison, read_comparison
from variorum.ledger.counted import find_counted, inherit_counted
from variorum.ledger.entries import known
from variorum.ledger.figurewords import figure_words
from variorum.ledger.intervals import match_units, read_age_range
from variorum.ledger.languages import Language
from variorum.ledger.numbers import parse_number
from variorum.ledger.numerals import number_words, read_digits
from variorum.ledger.odds import find_odds
from variorum.ledger.quantities import Quantity, read_quantity
from variorum.ledger.references import find_reference
from variorum.ledger.rules import DIGITS, Draft, RecordType, Rule
from variorum.ledger.tokens import Tokens
from variorum.ledger.units import ISO, match_phrase, read_unit

_DASHES = ("-", "–", "—", "−", "~")


@dataclass(slots=True)
class Figure:
    """The fields of a figure."""

    kind: str = known("`count`, `share` (per cent or fraction), `points` (percentage points), `money`, `measure`, `duration`, `temperature`, `age`, `number` (bare) or `reference` (a number that names something)", "number")
    value: float | None = known("the value as written; null for an interval and for words such as `several`")
    low: float | None = known("lower bound of an interval, or of a vague amount (`hundreds of`: 100)")
    high: float | None = known("upper bound of an interval")
    comparator: str = known("`=`, `>`, `>=`, `<`, `<=`, `~` (about), `~<` (nearly), `~>` (just over) or `..` (an interval)", "=")
    vague: bool = known("an amount without a number: several, tens of thousands", False)
    unit: str | None = known("UCUM code, ISO 4217 code or `%`; the word itself where it names several (dollar, ton); null for a count")
    unit_system: str | None = known("`UCUM` or `ISO 4217`; null where the unit is a word or there is none")
    per: str | None = known("UCUM code of what it is divided by (`d` in barrels a day)")
    counted: str | None = known("what is counted, as written")
    key: str | None = known("head noun of what is counted, in lower case, for grouping")
    share_of: str | None = known("of what it is a share, as written")
    rounded_to: float | None = known("size of the last place written that is not zero: 10000 for 40,000; null for a fraction")
    written: str = known("`digits`, `words` or `mixed`", "digits")
    inferred: list[str] = field(default_factory=list, metadata={"doc": "fields taken from another place of the statement, not said here"})


def _convert(quantity: Quantity) -> Figure:
    """Return the fields that a quantity fills."""
    unit = quantity.unit
    system = None
    if unit is not None:
        system = "ISO 4217" if unit in ISO else "UCUM" if unit not in ("dollar", "ton") and quantity.kind != "money" else None
    kind = "share" if quantity.number.fraction and quantity.kind == "number" else quantity.kind
    return Figure(
        kind,
        _tidy(quantity.value),
        unit=unit,
        unit_system=system,
        per=quantity.per,
        rounded_to=_tidy(quantity.step) if quantity.step else None,
        written=quantity.number.written,
    )


def _tidy(value: float) -> float:
    """Return a value without the dust of binary fractions."""
    return float(f"{value:.12g}")


def _draft(tokens: Tokens, quantity: Quantity, comparison: Comparison) -> Draft:
    """Return the draft of one quantity with its comparator."""
    fields = _convert(quantity)
    fields.comparator = comparison.symbol
    first, last = min(comparison.first, quantity.first), max(comparison.last, quantity.last)
    draft = Draft(first, last, fields)
    draft.parts["value"] = [tokens.span(quantity.number.first, quantity.number.last)]
    draft.why.append(f"number '{tokens.raw(quantity.number.first, quantity.number.last)}'")
    if comparison.span is not None:
        draft.parts["comparator"] = [comparison.span]
        draft.why.append(f"comparator '{tokens.text[slice(*comparison.span)]}'" + (", its 'than' lost" if comparison.lost else ""))
        draft.grade = "B" if comparison.lost else None
    for role, span, said in (("unit", quantity.unit_span, fields.unit), ("per", quantity.per_span, fields.per)):
        if span is not None:
            draft.parts[role] = [span]
            draft.why.append(f"{role} '{tokens.text[slice(*span)]}' ({said})")
    if quantity.number.doubtful or _is_cut(tokens, quantity):
        draft.grade = "C"
        draft.why += [] if quantity.number.doubtful else ["a point and a blank after it, then digits: it may be cut in two"]
    if quantity.number.doubtful:
        draft.why.append(quantity.number.doubtful)
    find_counted(tokens, draft, quantity)
    return draft


def _is_cut(tokens: Tokens, quantity: Quantity) -> bool:
    """Tell whether bad print may have cut a number in two at its point: ``$2. 5 million``."""
    last = quantity.last
    whole = last > quantity.number.last or quantity.number.written != "digits"  # a unit after it ends a number
    return not whole and tokens.word(last) == "." and tokens.touches(last) and tokens.is_number(last + 1) and tokens.words[last + 1].isdigit() and len(tokens.words[last + 1]) <= 3 and not tokens.begins_paragraph(last + 1)


def _find_single(tokens: Tokens, at: int, wanted: Callable[[Quantity], bool]) -> Draft | None:
    """Return the figure whose number begins at a token, where its quantity is of the wanted kind."""
    quantity = read_quantity(tokens, at)
    if quantity is None or not wanted(quantity):
        return None
    if _is_marker(tokens, quantity):
        return None
    draft = _draft(tokens, quantity, read_comparison(tokens, quantity))
    _share_unit(tokens, quantity, draft)
    reference = find_reference(tokens, quantity)
    if reference is not None:
        draft.fields.kind, draft.grade = "reference", "C"
        draft.why.append(f"'{reference}' beside it: the number may be a name")
    return draft


def _share_unit(tokens: Tokens, quantity: Quantity, draft: Draft) -> None:
    """Give a bare number of a list the unit that its last number bears: ``45 and 50 mg``."""
    words = number_words(tokens.language)
    if quantity.unit is not None or tokens.word(quantity.last) not in {*words.sets["joiners"], "or", "ou", "o", "u", "/"}:
        return
    after = read_quantity(tokens, quantity.last + 1)
    if after is None or after.kind not in ("measure", "duration", "money", "share", "temperature", "age") or after.first != quantity.last + 1 or after.number.written != quantity.number.written:
        return
    shared = _convert(after)
    draft.fields.kind, draft.fields.unit, draft.fields.unit_system = shared.kind, shared.unit, shared.unit_system
    draft.fields.inferred = ["unit"]
    if after.unit_span is not None:
        draft.parts["unit"] = [after.unit_span]
        draft.why.append(f"unit of the number after it: '{tokens.text[slice(*after.unit_span)]}'")


def _is_marker(tokens: Tokens, quantity: Quantity) -> bool:
    """Tell whether a number marks an item of a list: the first of a paragraph, with a point or bracket and text after it."""
    at = quantity.number.first
    if not tokens.begins_paragraph(at) and not (tokens.word(at - 1) in ("(", "[") and tokens.begins_paragraph(at - 1)):
        return False
    closing = tokens.word(quantity.number.last)
    return quantity.unit is None and closing in (".", ")", "]") and tokens.touches(quantity.number.last) and quantity.number.last + 1 < len(tokens) and quantity.value < 1000


def _find_range(tokens: Tokens, at: int) -> Draft | None:
    """Return an interval: ``between 20 and 30``, ``from 200 to 300``, ``5 to 7 per cent``, ``1000-5000``, ``8- to 16-meter``."""
    low = read_quantity(tokens, at)
    if low is None:
        return None
    if low.kind == "age":
        ages = read_age_range(tokens, low)
        return None if ages is None else _draft_range(tokens, ages[0], low, ages[1])
    words = figure_words(tokens.language)
    lead = _find_lead(tokens, low.first)
    place = low.last
    if tokens.word(place) in ("-", "‐") and tokens.touches(place) and tokens.word(place + 1) in words.sets["to"] and not tokens.touches(place + 1):
        place += 1
    if tokens.words[place : place + 3] == ["+", "/", "-"]:  # an uncertainty: 9.8 +/- 0.1
        return _find_uncertain(tokens, low, place + 3)
    if tokens.word(place) == "±":
        return _find_uncertain(tokens, low, place + 1)
    if tokens.word(at) in number_words(tokens.language).scales and (begun := parse_number(tokens, at - 1)) is not None and begun.last > at:
        return None  # the million of 1 million to 4 million
    joint = words.sets["and"] | words.sets["to"] if lead is not None and lead[1] == "between" else words.sets["to"]
    if tokens.word(place) not in joint:
        return None
    dash = tokens.word(place) in _DASHES
    high = read_quantity(tokens, place + 1) or _read_after_sign(tokens, place + 1)
    if high is None or high.number.first > place + 3 or tokens.word(high.number.first) in number_words(tokens.language).scales:
        return None
    low, high = match_units(low, high)
    if tokens.is_capital(low.first) and tokens.is_capital(high.first) and low.number.written == "words" and not tokens.begins_sentence(low.first):
        return None  # a name: Zero to Three
    if not low.value < high.value or (low.unit or "") != (high.unit or "") or (dash and _is_code_like(tokens, low, high, place)):
        return None
    if lead is not None and lead[1] == "from" and _follows_change(tokens, lead[0]):
        return None
    return _draft_range(tokens, lead[0] if lead is not None else low.first, low, high)


def _draft_range(tokens: Tokens, first: int, low: Quantity, high: Quantity) -> Draft:
    """Return the draft of an interval between two quantities."""
    fields = replace(_convert(high), value=None, low=_tidy(low.value), high=_tidy(high.value), comparator="..", rounded_to=_tidy(max(low.step, high.step)) or None)
    draft = Draft(first, high.last, fields)
    draft.parts["low"] = [tokens.span(low.number.first, low.number.last)]
    draft.parts["high"] = [tokens.span(high.number.first, high.number.last)]
    draft.why.append(f"interval from '{tokens.raw(low.number.first, low.number.last)}' to '{tokens.raw(high.number.first, high.number.last)}'")
    if high.unit_span is not None:
        draft.parts["unit"] = [high.unit_span]
        draft.why.append(f"unit '{tokens.text[slice(*high.unit_span)]}' ({fields.unit})")
    find_counted(tokens, draft, high)
    return draft


def _find_uncertain(tokens: Tokens, middle: Quantity, place: int) -> Draft | None:
    """Return the interval of a value with its uncertainty after it."""
    width = read_quantity(tokens, place)
    if width is None or not width.value > 0:
        return None
    unit = middle if middle.unit else width
    fields = replace(_convert(unit), value=None, low=_tidy(middle.value - width.value), high=_tidy(middle.value + width.value), comparator="..", rounded_to=_tidy(width.step) or None)
    draft = Draft(middle.first, width.last, fields, {"value": [tokens.span(middle.number.first, middle.number.last)]})
    draft.why.append(f"'{tokens.raw(middle.number.first, middle.number.last)}' give or take '{tokens.raw(width.number.first, width.number.last)}'")
    if unit.unit_span is not None:
        draft.parts["unit"] = [unit.unit_span]
    return draft


def _read_after_sign(tokens: Tokens, at: int) -> Quantity | None:
    """Return the quantity whose number begins after a sign of money at a token."""
    for place in (at + 1, at + 2):
        quantity = read_quantity(tokens, place)
        if quantity is not None and quantity.first == at:
            return quantity
    return None


def _find_lead(tokens: Tokens, first: int) -> tuple[int, str] | None:
    """Return (first token, `between` or `from`) of the words that lead a range before a token."""
    words = figure_words(tokens.language)
    for phrases, name in ((words.between, "between"), (words.from_, "from")):
        for begin in (first - 3, first - 2, first - 1):
            found = match_phrase(phrases, tokens, begin) if begin >= 0 else None
            if found is not None and found[0] == first:
                return begin, name
    return None


def _is_code_like(tokens: Tokens, low: Quantity, high: Quantity, place: int) -> bool:
    """Tell whether digits with a dash are a code (a phone number, a part number) rather than a range."""
    named = low.unit is None and tokens.touches(place) and _is_named(tokens, low.first)
    more = named or (tokens.word(high.last) in _DASHES and tokens.touches(high.last) and tokens.is_number(high.last + 1))
    before = tokens.word(low.first - 1) in ("-", "–", "+") and tokens.touches(low.first)
    padded = tokens.word(low.number.first).startswith("0") and low.value >= 1
    return more or before or padded or (tokens.touches(place) != tokens.touches(place + 1))


def _is_named(tokens: Tokens, first: int) -> bool:
    """Tell whether what stands before a number makes it a name: ``Public Act 22-90``, ``P.L. 117-167``."""
    at = first - (tokens.word(first - 1) == ".")
    return any((found := match_phrase(figure_words(tokens.language).references, tokens, n)) is not None and found[0] == at for n in range(max(0, at - 4), at))


def _follows_change(tokens: Tokens, first: int) -> bool:
    """Tell whether a verb of change stands shortly before, so that from .. to says what was and what is."""
    changes = figure_words(tokens.language).sets["changes"]
    return any(word in changes for word in tokens.words[max(tokens.sentence(first)[0], first - 14) : first])


def _find_percent_of(tokens: Tokens, at: int) -> Draft | None:
    """Return a percentage whose sign stands before its number: ``per cent of 210``."""
    found = match_phrase(figure_words(tokens.language).percent_of, tokens, at)
    if found is None or parse_number(tokens, at - 1) is not None or tokens.is_number(at - 1):
        return None
    quantity = read_quantity(tokens, found[0])
    if quantity is None or quantity.unit is not None or quantity.first != found[0]:
        return None
    quantity = replace(quantity, unit="%", kind="share", first=at, unit_span=tokens.span(at, found[0]))
    return _draft(tokens, quantity, Comparison("=", at, at, None))


def _find_several(tokens: Tokens, at: int) -> Draft | None:
    """Return an amount that a vague word and a scale word make: ``several hundred boats``, ``a few million euros``; at least two of them."""
    found = match_phrase(figure_words(tokens.language).several, tokens, at)
    words = number_words(tokens.language)
    scales = {**words.scales, **words.hundreds}
    scale = scales.get(tokens.word(found[0]), 0.0) if found else 0.0
    if found is None or scale < 10:
        return None
    last = found[0] + 1
    if scales.get(tokens.word(last), 0.0) > scale:  # several hundred thousand
        scale, last = scale * scales[tokens.word(last)], last + 1
    fields = Figure("count", None, _tidy(2 * scale), comparator=">=", vague=True, written="words")
    draft = Draft(at, last, fields, {"value": [tokens.span(at, last)]}, [f"vague amount '{tokens.raw(at, last)}'"])
    unit = read_unit(tokens, last + (tokens.word(last) in words.sets["of"]))
    if unit is None:
        find_counted(tokens, draft, None)
        return draft
    fields.kind, fields.unit, draft.last = unit.kind, unit.code, unit.last
    fields.unit_system = "ISO 4217" if unit.code in ISO else "UCUM" if unit.kind != "money" else None
    draft.parts["unit"] = [tokens.span(unit.last - 1, unit.last)]
    draft.why.append(f"unit '{tokens.raw(unit.last - 1, unit.last)}' ({unit.code})")
    return draft


def _find_vague(tokens: Tokens, at: int) -> Draft | None:
    """Return an amount in plural scale words: ``hundreds of boats``, ``tens of thousands``."""
    if tokens.word(at) in figure_words(tokens.language).several:
        return _find_several(tokens, at)
    words = number_words(tokens.language)
    if tokens.word(at - 1) in words.sets["of"] and tokens.word(at - 2) in words.sets["plural"]:
        return None
    if parse_number(tokens, at - 1) is not None or tokens.is_number(at - 1):
        return None
    scales = {**words.scales, **words.hundreds, **_PLURALS}
    low, last = scales.get(tokens.word(at), 0.0), at + 1
    for _ in range(2):
        if tokens.word(last) in words.sets["of"] and tokens.word(last + 1) in words.sets["plural"]:
            low, last = low * scales.get(tokens.word(last + 1), 1.0), last + 2
    if not low or tokens.word(last) in ("-",) or (tokens.words[at] == "scores" and tokens.word(at + 1) != "of"):
        return None
    fields = Figure("count", None, _tidy(low), comparator=">=", vague=True, written="words")
    draft = Draft(at, last, fields, {"value": [tokens.span(at, last)]}, [f"vague amount '{tokens.raw(at, last)}'"])
    find_counted(tokens, draft, None)
    return draft


_PLURALS = {"tens": 10.0, "scores": 20.0, "dozens": 12.0, "dizaines": 10.0, "douzaines": 12.0, "centaines": 100.0, "milliers": 1000.0, "decenas": 10.0, "docenas": 12.0, "centenares": 100.0, "cientos": 100.0, "miles": 1000.0, "millares": 1000.0}


def _find_bad_print(tokens: Tokens, at: int) -> Draft | None:
    """Return a number in which the letter O stands for a nought: ``4O,OOO``."""
    end = tokens.ends[at]
    text = tokens.text
    last = end
    while last < len(text) and last - end < 12 and (text[last] in "Oo" or text[last].isdigit() or (text[last] in ".," and last + 1 < len(text) and text[last + 1] in "OoO0")):
        last += 1
    shown = text[tokens.starts[at] : last]
    if "O" not in shown.upper() or (last < len(text) and text[last].isalnum()) or not shown[-2:].upper().endswith(("O", "0")):
        return None
    found = read_digits(shown.upper().replace("O", "0"), number_words(tokens.language).decimal)
    if found is None:
        return None
    cover = tokens.find(last - 1) + 1
    fields = Figure("number", found[0], rounded_to=found[1])
    return Draft(at, cover, fields, {"value": [tokens.span(at, cover)]}, [f"'{shown}' read as {found[0]:g}: the letter O for a nought"], "C")


def _of_kind(*kinds: str) -> Callable[[Quantity], bool]:
    return lambda quantity: quantity.kind in kinds and not (quantity.kind == "number" and quantity.number.fraction)


def _is_fraction(quantity: Quantity) -> bool:
    return quantity.kind == "number" and quantity.number.fraction


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of figures in a language, in order of precedence."""
    words = number_words(language)
    begins = frozenset({*words.begins, DIGITS, ".", words.decimal, "-", "−", "–"})
    plural = frozenset({*words.sets["plural"], *figure_words(language).several})
    single = [
        ("share", "A", _of_kind("share", "points"), "a number with per cent or percentage points"),
        ("money", "A", _of_kind("money"), "a number with the sign, code or name of money"),
        ("age", "A", _of_kind("age"), "a number of years, months or days of age"),
        ("measure", "A", _of_kind("measure", "duration", "temperature"), "a number with a unit of measure"),
        ("fraction", "B", _is_fraction, "numerator and denominator, or one out of several"),
        ("number", "B", _of_kind("number"), "a number in digits or words, with what is counted"),
    ]
    rules = [Rule("range", begins, _find_range, "B", "two numbers that bound an interval")]
    rules += [Rule(name, begins, partial(_find_single, wanted=wanted), grade, doc) for name, grade, wanted, doc in single]
    rules.append(Rule("odds", begins, partial(find_odds, build=Figure), "B", "one thing of so many, its noun between the numbers"))
    rules.append(Rule("percent_of", frozenset(figure_words(language).percent_of), _find_percent_of, "B", "per cent before its number"))
    rules.append(Rule("vague", plural, _find_vague, "B", "an amount without a number: hundreds of, tens of thousands, several million"))
    rules.append(Rule("bad_print", frozenset({DIGITS}), _find_bad_print, "C", "digits among which the letter O stands for a nought"))
    return rules


FIGURE = RecordType(
    "figure",
    "A number that the statement gives: value or interval, comparator, unit, what is counted.",
    Figure,
    "figures",
    make_rules,
    {
        "value": "the number",
        "low": "lower end of an interval",
        "high": "upper end of an interval",
        "comparator": "words or sign that compare",
        "unit": "unit or sign of money",
        "per": "what it is divided by",
        "counted": "what is counted",
        "share_of": "of what it is a share",
    },
    inherit_counted,
)
