"""Slogans: long live and down with, calls to somebody by name, lines in capitals, and short lines with an exclamation mark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

from variorum.ledger.clausewords import clause_words, paragraph_start, skip_marker
from variorum.ledger.entries import known
from variorum.ledger.languages import WORDS, Language, add_section
from variorum.ledger.rules import SENTENCE, Draft, RecordType, Rule
from variorum.ledger.tokens import Tokens, split_words

_LONGEST = 20
"""Tokens of the longest slogan, a called name apart."""
_PATTERN = 40
"""Tokens of the longest slogan that begins with words such as long live."""
_QUOTES = frozenset("\"“”«»‘’'")

add_section("slogans", {"long_live": WORDS, "down_with": WORDS, "courtesies": WORDS})


@dataclass(slots=True)
class Slogan:
    """The fields of a slogan."""

    pattern: str = known("`long live`, `down with`, `vocative` (somebody is called by name), `capitals` or `exclamation`", "exclamation")
    target: str | None = known("who or what shall live or go down, as written")
    addressee: str | None = known("who is called by name, as written")


@lru_cache(maxsize=8)
def _phrases(language: Language, key: str) -> dict[str, list[tuple[str, ...]]]:
    """Return first token -> phrases of a list, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in language.section("slogans").get(key, ()):
        words = split_words(phrase, language)
        found.setdefault(words[0], []).append(words)
    for rows in found.values():
        rows.sort(key=len, reverse=True)
    return found


def _find_led(tokens: Tokens, at: int, key: str, name: str) -> Draft | None:
    """Return the slogan that begins with words such as long live, up to the end of its sentence."""
    lead = next((p for p in _phrases(tokens.language, key).get(tokens.words[at], ()) if tuple(tokens.words[at : at + len(p)]) == p), None)
    first, end = tokens.sentence(at)
    if lead is None or end - at > _PATTERN or end - at <= len(lead):
        return None
    before = tokens.word(at - 1) if at > first else ""
    if before and before not in _QUOTES | {"!", "¡", ",", ":", "-", "–", "—", "•", "*", "·"}:
        return None
    last = _strip(tokens, at, end)
    called = "!" in tokens.words[last:end] or tokens.role(at) == "slogans"
    if not called and (paragraph_start(tokens, at) != first or tokens.is_capital(at) is False):
        return None
    target = (at + len(lead), last)
    if target[1] <= target[0]:
        return None
    draft = Draft(at, last, Slogan(name, tokens.raw(*target)), {"target": [tokens.span(*target)]}, [f"'{tokens.raw(at, at + len(lead))}'"])
    draft.grade = None if called else "C"
    return draft


def _strip(tokens: Tokens, first: int, end: int) -> int:
    """Return the end of a slogan without the marks that close it."""
    last = end
    while last > first and (tokens.words[last - 1] in _QUOTES | {"!", ".", "¡", ",", ";", "*", "_"}):
        last -= 1
    return last


def _find_shouted(tokens: Tokens, at: int, pattern: str) -> Draft | None:
    """Return the slogan of one sentence that is called out: alone in its paragraph, or in a section of slogans."""
    if ("slogan", at) not in tokens.memo:
        tokens.memo["slogan", at] = _read_shouted(tokens, at)
    draft = tokens.memo["slogan", at]
    return draft if draft is not None and draft.fields.pattern == pattern else None


def _read_shouted(tokens: Tokens, at: int) -> Draft | None:
    """Return the slogan in the sentence that begins at a token, by its pattern."""
    _, end = tokens.sentence(at)
    start = paragraph_start(tokens, at)
    first = skip_marker(tokens, at) if at == start else at
    while first < end and tokens.words[first] in _QUOTES | {"¡", "*", "#", "_"}:
        first += 1
    last = _strip(tokens, first, end)
    if last - first < 2 or end - first > _LONGEST + 20:
        return None
    called = "!" in tokens.words[last:end]
    inside = tokens.role(at) == "slogans"
    alone = at == start and _is_whole(tokens, end)
    if not (called or inside) or not any(tokens.is_word(n) for n in range(first, last)):
        return None
    return _draft_shouted(tokens, first, last, sure=inside or (called and alone))


def _draft_shouted(tokens: Tokens, first: int, last: int, *, sure: bool) -> Draft | None:
    """Return the draft of a slogan that is called out: somebody called by name, capitals, or a short line without a subject of its own."""
    classes = clause_words(tokens.language)
    comma = next((n for n in range(first + 1, min(last, first + 16)) if tokens.words[n] == ","), None)
    words = tokens.words[first:last]
    if _is_courtesy(tokens, first, words):
        return None
    if tokens.raw(first, last).isupper() and len(words) >= 3:
        draft = Draft(first, last, Slogan("capitals"), {}, ["a line in capitals"])
    elif comma is not None and _is_called(tokens, first, comma) and comma + 1 < last and not any(w in classes.pronouns for w in tokens.words[comma + 1 : comma + 2]):
        draft = Draft(first, last, Slogan("vocative", addressee=tokens.raw(first, comma)), {"addressee": [tokens.span(first, comma)]}, [f"'{tokens.raw(first, comma)}' is called by name"])
    elif last - first <= _LONGEST and words[0] not in classes.pronouns and not any(w in classes.first_person - {"our", "us", "my"} for w in words[:4]):
        draft = Draft(first, last, Slogan("exclamation"), {}, ["a short line with an exclamation mark"])
    else:
        return None
    if not sure:
        draft.grade = "C"
        draft.why.append("it stands among other sentences")
    elif draft.fields.pattern == "exclamation" and any(w in classes.finite for w in words):
        draft.grade = "C"
        draft.why.append("it may be a plain sentence")
    return draft


def _is_courtesy(tokens: Tokens, first: int, words: list[str]) -> bool:
    """Tell whether a called line greets, thanks or congratulates, or speaks of a page."""
    listed = _phrases(tokens.language, "courtesies")
    return any(tuple(words[n : n + len(p)]) == p for n in range(min(4, len(words))) for p in listed.get(words[n], ())) or any(tokens.taken[first : first + len(words)])


def _is_called(tokens: Tokens, first: int, comma: int) -> bool:
    """Tell whether the words before a comma name somebody who is called: a plural or a name, no opener and no verb."""
    classes = clause_words(tokens.language)
    words = tokens.words[first:comma]
    if any(w in classes.finite or w in classes.pronouns or w in classes.subordinators or w in classes.openers - classes.joints or w in classes.bases - {"people"} for w in words) or words[0] in classes.prepositions | classes.determiners - {"the"}:
        return False
    return len(words) > 1 or words[0].endswith("s") or words[0] in ("people", "comrades")


def _is_whole(tokens: Tokens, end: int) -> bool:
    """Tell whether a sentence fills its paragraph."""
    return end >= len(tokens) or end in _starts(tokens)


def _starts(tokens: Tokens) -> frozenset[int]:
    """Return the first tokens of all paragraphs as a set, made once."""
    if "paragraph starts" not in tokens.memo:
        tokens.memo["paragraph starts"] = frozenset(tokens.paragraph_starts)
    return tokens.memo["paragraph starts"]


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of slogans in a language, in order of precedence."""
    return [
        Rule("long_live", frozenset(_phrases(language, "long_live")), partial(_find_led, key="long_live", name="long live"), "B", "long live, glory to, victory to"),
        Rule("down_with", frozenset(_phrases(language, "down_with")), partial(_find_led, key="down_with", name="down with"), "B", "down with, no to"),
        Rule("vocative", frozenset({SENTENCE}), partial(_find_shouted, pattern="vocative"), "B", "somebody called by name, with what is called to them"),
        Rule("capitals", frozenset({SENTENCE}), partial(_find_shouted, pattern="capitals"), "B", "a called line in capitals"),
        Rule("exclamation", frozenset({SENTENCE}), partial(_find_shouted, pattern="exclamation"), "B", "a short line with an exclamation mark that stands alone"),
    ]


SLOGAN = RecordType(
    "slogan",
    "A slogan: long live, down with, a call to somebody by name, a line in capitals, a called line that stands alone.",
    Slogan,
    "slogans",
    make_rules,
    {"target": "who or what shall live or go down", "addressee": "who is called by name"},
)
