"""Why the ledger has an entry: its rule, what matched, how often the rule was right, and the examples beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from variorum.ledger.entries import Span
from variorum.ledger.languages import READ, load_language
from variorum.ledger.measures import load_measures
from variorum.ledger.registry import TYPES, UNREAD
from variorum.ledger.rules import Rule, load_examples, rules_of

Row = dict[str, Any]

_AROUND = 60
"""Characters of the text shown before and after an entry that no sentence holds."""
_EXAMPLES = 3
"""Examples told of a rule, and as many of what it leaves alone."""
_GRADES = {"A": "at least 0.95", "B": "at least 0.85", "C": "less than 0.85, or not measured"}


def explain_entry(row: Mapping[str, Any], text: str, others: Mapping[str, Mapping[str, Any]]) -> Row:
    """Return why an entry stands in the ledger.

    Keys: ``item`` (`entry`) and those of the flat row; ``before`` and ``after``, the rest of its sentence; ``shown_parts``, each with ``role, start, end, text,
    meaning``; ``shown_links``, each with ``role, entry, type, quote``; ``finds``, what the rule finds; ``measured``, with ``read`` and ``right``, or None; ``examples`` (``text, quote``) and
    ``leaves``, texts in which the rule finds nothing; ``said``, all of it in sentences.

    Args:
        row: the entry's flat row.
        text: the statement's text.
        others: id -> flat rows of the statement's entries.
    """
    kind = TYPES.get(row["type"]) if row["plugin"] is None else None
    rule = _find_rule(row)
    start, end = row["sentence"] or _widen(row["start"], row["end"], len(text))
    parts = [
        {"role": role, "start": a, "end": b, "text": text[a:b], "meaning": kind.roles.get(role, "") if kind else ""}
        for role, places in row["parts"].items()
        for a, b in places
    ]
    links = [{"role": role, "entry": other, **{name: others[other][name] if other in others else None for name in ("type", "quote")}} for role, ids in row["links"].items() for other in ids]
    measure = load_measures().get(row["rule"])
    examples = load_examples(row["type"]).get((row["rule"].split(".", 1)[1], row["lang"]), []) if rule else []
    told: Row = {
        "item": "entry",
        **row,
        "before": text[start : row["start"]],
        "after": text[row["end"] : max(end, row["end"])],
        "shown_parts": parts,
        "shown_links": links,
        "finds": rule.doc if rule else None,
        "measured": {"read": measure.read, "right": measure.right} if measure else None,
        "examples": [{"text": e.text, "quote": e.quote} for e in examples if e.quote is not None][:_EXAMPLES],
        "leaves": [e.text for e in examples if e.quote is None][:_EXAMPLES],
    }
    return {**told, "said": _tell(told, rule)}


def _find_rule(row: Mapping[str, Any]) -> Rule | None:
    """Return the rule that found an entry; None for that of a plug-in, and for what is not read."""
    if row["plugin"] is not None or row["type"] not in TYPES or row["lang"] not in READ:
        return None
    name = row["rule"].split(".", 1)[1]
    return next((rule for rule in rules_of(TYPES[row["type"]], load_language(row["lang"])) if rule.name == name), None)


def _widen(start: int, end: int, length: int) -> Span:
    """Return a place with some of the text around it."""
    return max(0, start - _AROUND), min(length, end + _AROUND)


def _tell(told: Row, rule: Rule | None) -> list[str]:
    """Return an explanation in sentences."""
    said = []
    if told["type"] == UNREAD:
        return [f"{told['why'][0][:1].upper()}{told['why'][0][1:]}: nothing was looked for here."]
    if told["plugin"] is not None:
        said.append(f"Found by the plug-in {told['plugin']}, not by a rule of the program.")
    elif rule is not None:
        said.append(f"Rule {told['rule']} finds {rule.doc}.")
    said += [f"Saw: {'; '.join(told['why'])}."] if told["why"] else []
    said.append(_tell_grade(told, rule))
    voice = {"reported": "It stands in what another is reported to say.", "quoted": "It stands in words quoted from another.", "republisher": "It stands in the words of who republishes the statement."}
    said += [voice[told["voice"]]] if told["voice"] in voice else []
    said += ["The statement denies it."] if told["negated"] else []
    inferred = told.get("inferred")
    said += [f"Taken from another place of the statement: {', '.join(inferred)}."] if inferred else []
    return said


def _tell_grade(told: Row, rule: Rule | None) -> str:
    """Say what the grade stands for: the counts of its rule, and where this find has a lower one."""
    grade = told["grade"]
    if told["plugin"] is not None:
        return f"Grade {grade}, given by the plug-in."
    measured = told["measured"]
    counts = f"of {measured['read']:,} of its finds that were read, {measured['right']:,} were right" if measured else "its finds were not counted"
    if rule is not None and rule.grade != grade:
        return f"Grade {grade} for this find, which is more doubtful than the rule's others ({rule.grade}; {counts})."
    return f"Grade {grade}, a precision of {_GRADES[grade]}: {counts}."
