"""Patterns over tokens, written in the language files: literals, components, and what may be left out.

    "<weekday>? ,? the? <day> of? <month> ,? <year>?"

A word stands for itself, ``a|b`` for one of several, ``of_the`` for words in a row; ``<name>`` or ``<name:key>`` for a component, that is a
reader ``(tokens, at) -> (token after it, value) or None``; ``?`` marks what may be left out; what is left out is tried last.
A pattern has no repetition, so it looks at a bounded number of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from variorum.errors import ConfigError
from variorum.ledger.languages import Language
from variorum.ledger.tokens import Tokens, split_words

Component = Callable[[Tokens, int], "tuple[int, Any] | None"]

_ELEMENT = re.compile(r"<(\w+)(?::(\w+))?>(\?)?")


@dataclass(frozen=True, slots=True)
class _Element:
    """One element: words (by their first, each a row of tokens, longest first), or a component and the key of its value."""

    words: dict[str, list[tuple[str, ...]]]
    component: Component | None
    name: str
    key: str
    optional: bool


class Pattern:
    """A compiled pattern."""

    def __init__(self, text: str, components: dict[str, Component], language: Language) -> None:
        """Compile `text`; raise ConfigError where it names a component that is not there."""
        self.text = text
        self._elements = tuple(self._compile(part, components, language) for part in text.split())

    def _compile(self, part: str, components: dict[str, Component], language: Language) -> _Element:
        match = _ELEMENT.fullmatch(part)
        if match:
            if match[1] not in components:
                raise ConfigError(f"pattern {self.text!r} names no component: <{match[1]}>; there are {', '.join(components)}")
            return _Element({}, components[match[1]], match[1], match[2] or match[1], match[3] is not None)
        optional = part.endswith("?") and len(part) > 1
        found: dict[str, list[tuple[str, ...]]] = {}
        for phrase in (part[:-1] if optional else part).split("|"):
            words = split_words(phrase.replace("_", " "), language)
            found.setdefault(words[0], []).append(words)
        for phrases in found.values():
            phrases.sort(key=len, reverse=True)
        return _Element(found, None, "", "", optional)

    def first(self, firsts: dict[str, frozenset[str]]) -> frozenset[str]:
        """Return the anchors with which it may begin; `firsts` are those of the components."""
        found: set[str] = set()
        for element in self._elements:
            found |= firsts[element.name] if element.name else set(element.words)
            if not element.optional:
                break
        return frozenset(found)

    def vocabulary(self) -> frozenset[str]:
        """Return the words that stand for themselves in it."""
        return frozenset(word for element in self._elements for phrases in element.words.values() for phrase in phrases for word in phrase)

    def match(self, tokens: Tokens, at: int) -> tuple[int, dict[str, Any]] | None:
        """Return the token after the pattern and the values of its components (and under ``@key`` their tokens), where it begins at a token."""
        values: dict[str, Any] = {}
        end = self._match(tokens, at, 0, values)
        return None if end is None or end == at else (end, values)

    def _match(self, tokens: Tokens, at: int, number: int, values: dict[str, Any]) -> int | None:
        """Match the elements from `number` on; what may be left out is tried first with, then without."""
        if number == len(self._elements):
            return at
        element = self._elements[number]
        if element.component is not None:
            found = element.component(tokens, at) if at < len(tokens.words) else None
            if found is not None:
                values[element.key], values[f"@{element.key}"] = found[1], (at, found[0])
                last = self._match(tokens, found[0], number + 1, values)
                if last is not None:
                    return last
                del values[element.key], values[f"@{element.key}"]
        elif at < len(tokens.words):
            for phrase in element.words.get(tokens.words[at], ()):
                end = at + len(phrase)
                if len(phrase) == 1 or tuple(tokens.words[at:end]) == phrase:
                    last = self._match(tokens, end, number + 1, values)
                    if last is not None:
                        return last
        return self._match(tokens, at, number + 1, values) if element.optional else None
