"""Patterns over tokens, written in the language files: literals, components, and what may be left out.

    "<weekday>? ,? the? <day> of? <month> ,? <year>?"

A word stands for itself, ``a|b`` for one of several, ``of_the`` for words in a row; ``<name>`` or ``<name:key>`` for a component, that is a
reader ``(tokens, at) -> (token after it, value) or None``; ``?`` marks what may be left out; what is left out is tried last.
A pattern has no repetition, so it looks at a bounded number of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from variorum.errors import ConfigError
from variorum.ledger.tokens import Tokens

Component = Callable[[Tokens, int], "tuple[int, Any] | None"]

_ELEMENT = re.compile(r"<(\w+)(?::(\w+))?>(\?)?")


@dataclass(frozen=True, slots=True)
class _Element:
    """One element: words (each a tuple of tokens), or the name of a component and the key of its value."""

    words: tuple[tuple[str, ...], ...]
    name: str
    key: str
    optional: bool


class Pattern:
    """A compiled pattern."""

    def __init__(self, text: str, components: dict[str, Component]) -> None:
        """Compile `text`; raise ConfigError where it names a component that is not there."""
        self.text = text
        self._components = components
        self._elements = tuple(self._compile(part) for part in text.split())

    def _compile(self, part: str) -> _Element:
        match = _ELEMENT.fullmatch(part)
        if match:
            if match[1] not in self._components:
                raise ConfigError(f"pattern {self.text!r} names no component: <{match[1]}>; there are {', '.join(self._components)}")
            return _Element((), match[1], match[2] or match[1], match[3] is not None)
        optional = part.endswith("?") and len(part) > 1
        words = tuple(tuple(phrase.split("_")) for phrase in (part[:-1] if optional else part).split("|"))
        return _Element(words, "", "", optional)

    def first(self, firsts: dict[str, frozenset[str]]) -> frozenset[str]:
        """Return the anchors with which it may begin; `firsts` are those of the components."""
        found: set[str] = set()
        for element in self._elements:
            found |= firsts[element.name] if element.name else {words[0] for words in element.words}
            if not element.optional:
                break
        return frozenset(found)

    def match(self, tokens: Tokens, at: int) -> tuple[int, dict[str, Any]] | None:
        """Return the token after the pattern and the values of its components (and under ``@key`` their tokens), where it begins at a token."""
        values: dict[str, Any] = {}
        end = self._match(tokens, at, 0, values)
        return None if end is None or end == at else (end, values)

    def _match(self, tokens: Tokens, at: int, number: int, values: dict[str, Any]) -> int | None:
        """Match the elements from `number` on."""
        if number == len(self._elements):
            return at
        element = self._elements[number]
        for end, value in self._read(element, tokens, at):
            if element.name:
                values[element.key], values[f"@{element.key}"] = value, (at, end)
            last = self._match(tokens, end, number + 1, values)
            if last is not None:
                return last
            if element.name:
                values.pop(element.key, None)
                values.pop(f"@{element.key}", None)
        return self._match(tokens, at, number + 1, values) if element.optional else None

    def _read(self, element: _Element, tokens: Tokens, at: int) -> Iterable[tuple[int, Any]]:
        """Yield the ways in which one element stands at a token, longest first."""
        if element.name:
            found = self._components[element.name](tokens, at)
            return () if found is None else (found,)
        words = tokens.words
        ends = [at + len(phrase) for phrase in element.words if tuple(words[at : at + len(phrase)]) == phrase]
        return ((end, None) for end in sorted(ends, reverse=True))
