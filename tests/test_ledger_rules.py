"""The examples beside each rule run: what it must find, with the exact quote and fields, and what it must leave alone."""

from __future__ import annotations

import pytest

import variorum
from variorum.ledger.languages import READ, load_language
from variorum.ledger.registry import TYPES
from variorum.ledger.rules import load_examples, rules_of

CASES = [(kind, rule.name, code) for kind in TYPES.values() for code in READ for rule in rules_of(kind, load_language(code))]
EXAMPLES = {kind.name: load_examples(kind.name) for kind in TYPES.values()}


@pytest.mark.parametrize(("kind", "rule", "code"), CASES, ids=[f"{k.name}.{r}.{c}" for k, r, c in CASES])
def test_examples_of_rule(kind, rule, code):
    examples = EXAMPLES[kind.name].get((rule, code), [])
    found = [e for e in examples if e.quote is not None]
    assert len(found) >= 3, f"{kind.name}.{rule} has {len(found)} positive examples in {code}; three are the least"
    assert len(examples) - len(found) >= 3, f"{kind.name}.{rule} has too few negative examples in {code}"
    for example in examples:
        rows = [row for row in variorum.ledger(example.text, lang=code, grade="C", date="2024-03-29").to_pylist() if row["rule"] == f"{kind.name}.{rule}"]
        if example.quote is None:
            assert not rows, (example.text, [row["quote"] for row in rows])
            continue
        row = next((row for row in rows if row["quote"] == example.quote), None)
        assert row is not None, (example.text, [row["quote"] for row in rows])
        for name, value in example.fields.items():
            expected = None if value == "nothing" else value  # TOML knows no null
            assert row[name] == (pytest.approx(expected) if isinstance(expected, float) else expected), (example.text, name, row[name])


def test_no_example_is_for_a_rule_that_is_gone():
    known = {(kind.name, rule, code) for kind, rule, code in CASES}
    for kind, examples in EXAMPLES.items():
        assert not [(rule, code) for rule, code in examples if (kind, rule, code) not in known]
