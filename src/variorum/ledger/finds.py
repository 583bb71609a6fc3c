"""What is found at a cue of speech, and how its contents are put together."""

from __future__ import annotations

from dataclasses import dataclass, field

from variorum.ledger.clauses import end_of_content, quote_places, trim
from variorum.ledger.said import Piece, quotes_after
from variorum.ledger.speech import SpeechWords
from variorum.ledger.tokens import Tokens


@dataclass(slots=True)
class Find:
    """What is found at one cue, in tokens: cue, source, contents, the form, and whether it is denied."""

    rule: str
    cue: Piece
    source: Piece | None
    contents: list[Piece]
    mode: str
    negated: bool = False
    hearer: Piece | None = None
    why: list[str] = field(default_factory=list)
    layer: int = 0

    def bounds(self) -> Piece:
        """Return its first token and the one after its last."""
        pieces = [self.cue, *self.contents, *([self.source] if self.source else [])]
        return min(a for a, _ in pieces), max(b for _, b in pieces)


def join_contents(tokens: Tokens, cue: Piece, source: Piece, content: Piece, after: int, words: SpeechWords) -> Find:
    """Return an inverted attribution with what goes on after it: another quotation, or the rest of the sentence it stands in."""
    contents = [content]
    quoted = content[1] - 1 in quote_places(tokens).closing
    more = quotes_after(tokens, after)
    if more:
        contents += more
    elif tokens.word(after) == "," and tokens.word(after + 1) not in words.sets["participles"] and not quoted and content[1] - content[0] <= 12:
        rest = trim(tokens, after + 1, end_of_content(tokens, after))
        if rest[1] - rest[0] > 2:
            contents.append(rest)
    return Find("quote" if quoted else "inverted", cue, source, contents, "quote" if quoted else "inverted", why=["what was said stands before its verb"])


def end_first_source(tokens: Tokens, source: Piece, words: SpeechWords) -> Piece:
    """Return the source after according to: up to its first comma, or the second where nothing but what somebody is stands between."""
    commas = [n for n in range(*source) if tokens.words[n] == ","]
    if not commas:
        return source
    second = commas[1] if len(commas) > 1 else source[1]
    between = range(commas[0] + 1, second)
    verb = any(tokens.words[n] in words.sets["finite"] or (tokens.words[n].endswith("ed") and not tokens.is_capital(n)) for n in between)
    apposed = tokens.word(commas[0] + 1) in ("a", "an", "the", *words.sets["relative"]) and (tokens.word(second) == "," or second == source[1]) and (not verb or tokens.word(commas[0] + 1) in words.sets["relative"])
    return (source[0], second) if apposed else (source[0], commas[0])
