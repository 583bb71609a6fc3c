"""What two versions report and ask: which attributions and demands stand for each other, and what of them changed.

Two stand for each other where their cue stands at one place, where what is said or asked is the same words, or where one difference holds both
cues. One that stands alone was dropped or added, where its cue lies in a difference.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from variorum.aspects import SMALL, Aspect, Found, compare_force, is_same
from variorum.ledger.entries import Entry
from variorum.ledger.languages import READ, load_language
from variorum.ledger.phrases import stem_words
from variorum.ledger.speech import speech_words
from variorum.marks import WORD, is_modal
from variorum.pairings import Difference, Nearby, Places, Side, Span

Pair = tuple[Entry | None, Entry | None]

_CUE = {"attribution": "cue", "demand": "force"}
_BODY = {"attribution": "content", "demand": "action"}
_HALF = 0.5
_EXTRA = 2
"""Words beside a cue and its source that come and go with them."""
_STEM = 3
"""First letters that two forms of a verb have in common."""
_NEAR = 80
"""Characters beside what was said in which its source would be named."""
_SENTENCE_END = re.compile("[.!?\u2026][^\\w\\s]*\\s|\n")
_ENDS = ' \t\r\n,;:.\u2014\u2013-"\u201c\u201d'


@dataclass(frozen=True, slots=True)
class Told:
    """A change of an attribution or a demand, and the stretches of both texts that it tells of."""

    found: Found
    base: Span
    other: Span


def compare_sayings(differences: Sequence[Difference], whole: Sequence[bool], one: Side, two: Side) -> list[Told]:
    """Return what changed of attributions and demands.

    Args:
        differences: where the two texts differ.
        whole: by difference: it is whole sentences that one side lacks; what stands in these is not told apart.
        one, two: the base and the other version.
    """
    if not one.said and not two.said:
        return []
    to = Places([(d.base, d.other) for d in differences], one.text, two.text)
    back = to.flipped()
    sentences = [d for d, is_whole in zip(differences, whole, strict=True) if is_whole]
    told: list[Told] = []
    mine = [e for e in one.said if not _lies_in(e, [d.base for d in sentences])]
    theirs = [e for e in two.said if not _lies_in(e, [d.other for d in sentences])]
    for kind in _CUE:
        for a, b in _pair([e for e in mine if e.type == kind], [e for e in theirs if e.type == kind], to, back):
            if a is not None and b is not None:
                told += _compare_pair(a, b, (one, two), (to, back))
            elif a is not None:
                told += _describe_single(a, (one, two), to)
            elif b is not None:
                told += [
                    Told(replace(t.found, base=t.found.other, other=t.found.base), t.other, t.base)
                    for t in _describe_single(b, (two, one), back, added=True)
                ]
    return told


def _lies_in(entry: Entry, spans: Sequence[Span]) -> bool:
    at = _cue(entry)[0]
    return any(s <= at < e for s, e in spans)


def _cue(entry: Entry) -> Span:
    """Return the place of the words that report or ask."""
    return entry.parts.get(_CUE[entry.type], [(entry.start, entry.end)])[0]


def _part(entry: Entry, role: str) -> Span | None:
    spans = entry.parts.get(role)
    return spans[0] if spans else None


def _pair(mine: list[Entry], theirs: list[Entry], to: Places, back: Places) -> list[Pair]:
    """Return those of two versions that stand for each other, and those that stand alone; only where a difference is near."""
    at_place = {_cue(b)[0]: b for b in theirs}
    pairs: list[Pair] = []
    left: list[Entry] = []
    taken: set[int] = set()
    for a in mine:
        start = _cue(a)[0]
        place = to.find(start) if to.difference_at(start) is None else None
        b = at_place.get(place) if place is not None else None
        if b is None or id(b) in taken:
            left.append(a)
        else:
            taken.add(id(b))
            pairs.append((a, b))
    free = [b for b in theirs if id(b) not in taken]
    pairs += _pair_bodies(left, free, to)
    pairs += _pair_in_differences(left, free, to, back)
    return pairs + [(a, None) for a in left] + [(None, b) for b in free]


def _pair_bodies(left: list[Entry], free: list[Entry], to: Places) -> list[Pair]:
    """Take out of both lists, and return, those of which the same words are said or asked."""
    mine = [
        [place for s, e in a.parts.get(_BODY[a.type], ()) if to.kept(s, e) >= _HALF and (place := to.map_span(s, e)) is not None] for a in left
    ]
    return _take(left, free, match_bodies(mine, [b.parts.get(_BODY[b.type], ()) for b in free]))


def match_bodies(mine: Sequence[Sequence[Span]], theirs: Sequence[Sequence[Span]]) -> list[tuple[int, int]]:
    """Return pairs of numbers: to each of the first, in order, the first of the second that is free and has half of the shorter one's characters in common.

    Args:
        mine, theirs: intervals of one text, by what is said or asked.
    """
    near = Nearby([(span, number) for number, spans in enumerate(theirs) for span in spans])
    taken: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for number, spans in enumerate(mine):
        length = sum(e - s for s, e in spans)
        for other in sorted({k for span in spans for k in near.around(span)} - taken):
            common = sum(max(0, min(e, t) - max(s, u)) for s, e in spans for u, t in theirs[other])
            if common and common >= _HALF * min(length, sum(t - u for u, t in theirs[other])):
                pairs.append((number, other))
                taken.add(other)
                break
    return pairs


def _take(left: list[Entry], free: list[Entry], numbers: Sequence[tuple[int, int]]) -> list[Pair]:
    """Take pairs, by their numbers, out of both lists and return them."""
    pairs: list[Pair] = [(left[a], free[b]) for a, b in numbers]
    for entries, gone in ((left, {a for a, _ in numbers}), (free, {b for _, b in numbers})):
        entries[:] = [entry for k, entry in enumerate(entries) if k not in gone]
    return pairs


def _pair_in_differences(left: list[Entry], free: list[Entry], to: Places, back: Places) -> list[Pair]:
    """Take out of both lists, and return, those whose cues lie in one difference, in order."""
    held: dict[tuple[Span, Span], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, (entries, places) in enumerate(((left, to), (free, back))):
        for number, entry in enumerate(entries):
            k = places.difference_at(_cue(entry)[0])
            if k is not None:
                a, b = places.pairs[k]
                held[(a, b) if side == 0 else (b, a)][side].append(number)
    return _take(left, free, [pair for mine, theirs in held.values() for pair in zip(mine, theirs, strict=False)])


def _compare_pair(a: Entry, b: Entry, sides: tuple[Side, Side], places: tuple[Places, Places]) -> list[Told]:
    """Return what changed between two that stand for each other."""
    if a.type == "attribution":
        return _compare_phrase(a, b, "source", sides, places)
    told = _compare_phrase(a, b, "addressee", sides, places) + _compare_phrase(a, b, "claimant", sides, places)
    one, two = (_asking_words(e, side.text, place) for e, side, place in zip((a, b), sides, places, strict=True))
    if not is_modal(a) or not is_modal(b):  # two modals are told as such
        found = compare_force(Found("demand", one, two), a, b)
        if found.aspects and (places[0].touches(*one) or places[1].touches(*two)):
            told.append(Told(found, one, two))
    return told


def _asking_words(entry: Entry, text: str, places: Places) -> Span:
    """Return the place of the words that ask, with the preposition after them where it differs too."""
    (start, end), addressee = _cue(entry), _part(entry, "addressee")
    if addressee and addressee[0] > end and places.touches(end, addressee[0]) and len(WORD.findall(text[end : addressee[0]])) <= _EXTRA:
        end += len(text[end : addressee[0]].rstrip())
    return start, end


def _compare_phrase(a: Entry, b: Entry, role: str, sides: tuple[Side, Side], places: tuple[Places, Places]) -> list[Told]:
    """Return the change of a part that says who: the source, the addressee, the claimant."""
    spans = _part(a, role), _part(b, role)
    words = [side.text[slice(*span)] if span else None for side, span in zip(sides, spans, strict=True)]
    if not any(span and place.touches(*span) for span, place in zip(spans, places, strict=True)):
        return []
    own = [_is_own(e, role, said) for e, said in zip((a, b), words, strict=True)]
    if all(own) or (
        words[0]
        and words[1]
        and (
            is_same(words[0], words[1]) or any(_is_pronoun(e, said) and not mine for e, said, mine in zip((a, b), words, own, strict=True))
        )
    ):
        return []
    placed = [
        span or _place_of(other, there) for span, other, there in zip(spans, (spans[1], spans[0]), (places[1], places[0]), strict=True)
    ]
    if placed[0] is None or placed[1] is None:
        return []
    folded = [" ".join(said.split()) if said else None for said in words]
    aspects = [Aspect(role, *folded)]
    voices = [_voice(e, side) for e, side in zip((a, b), sides, strict=True)]
    if voices[0] != voices[1] and (role == "source" or any(own)):
        aspects.append(Aspect("voice", *voices))
    told = Told(Found(a.type, placed[0], placed[1], tuple(aspects)), placed[0], placed[1])
    cues = _cue(a), _cue(b)
    inflected = role in ("claimant", "source") and _is_inflected(*(side.text[slice(*cue)] for side, cue in zip(sides, cues, strict=True)))
    return [told, replace(told, base=cues[0], other=cues[1])] if inflected else [told]


def _is_inflected(a: str, b: str) -> bool:
    """Tell whether two cues are one verb in two forms, as its subject asks for: call and calls."""
    words = [said.casefold().split() for said in (a, b)]
    return all(words) and words[0][-1][:_STEM] == words[1][-1][:_STEM]


def _place_of(span: Span | None, places: Places) -> Span | None:
    """Return the point at which what one side has would stand in the other."""
    mapped = places.map_span(*span) if span else None
    return (mapped[0], mapped[0]) if mapped else None


def _voice(entry: Entry, side: Side) -> str:
    """Return whose words a demand is, or what an attribution says was said."""
    if entry.type == "demand":
        return entry.voice
    content = _part(entry, "content")
    return side.voice_at(*content) if content else entry.voice


def _is_own(entry: Entry, role: str, said: str | None) -> bool:
    """Say whether the phrase is the speaker of the statement, named or not."""
    if role == "source":
        return bool(entry.fields.own)
    return role == "claimant" and entry.voice == "own" and (said is None or _is_pronoun(entry, said))


def _is_pronoun(entry: Entry, said: str | None) -> bool:
    code = entry.lang if entry.lang in READ else READ[0]
    return said is not None and said.casefold() in speech_words(load_language(code)).sets["pronouns"]


def _describe_single(entry: Entry, sides: tuple[Side, Side], places: Places, *, added: bool = False) -> list[Told]:
    """Return the change of one that only the first side has."""
    if not places.touches(*_cue(entry)) or places.difference_at(_cue(entry)[0]) is None:
        return []
    verb = Aspect("added" if added else "dropped")
    describe = _describe_attribution if entry.type == "attribution" else _describe_demand
    return describe(entry, sides, places, verb)


def _describe_attribution(entry: Entry, sides: tuple[Side, Side], places: Places, verb: Aspect) -> list[Told]:
    """Return that what is still said has lost its attribution."""
    content = _part(entry, "content")
    if entry.fields.own or content is None or places.kept(*content) < _HALF:
        return []
    there = places.map_span(*content)
    source = _part(entry, "source") or _cue(entry)
    if there is None or _is_named_near(entry, sides[1].text, there):
        return []
    start, end = min(_cue(entry)[0], source[0]), max(_cue(entry)[1], source[1])
    start, end = (start, max(end, content[0])) if start < content[0] else (start if start < content[1] else content[1], end)
    told = _tell("attribution", _stretch((start, end), sides[0].text, places), sides, places, verb)
    voices = [sides[0].voice_at(*content), sides[1].voice_at(*there)]
    if verb.name == "added":
        voices.reverse()
    return [replace(t, found=t.found.add(Aspect("voice", *voices))) if voices[0] != voices[1] else t for t in told]


def _is_named_near(entry: Entry, text: str, content: Span) -> bool:
    """Say whether the source of an attribution stands beside what was said all the same, in its sentence."""
    source = stem_words(entry.fields.source or "") - SMALL
    before = _SENTENCE_END.split(text[max(0, content[0] - _NEAR) : content[0]])[-1]
    after = _SENTENCE_END.split(text[content[1] : content[1] + _NEAR])[0]
    return bool(source) and any(source <= stem_words(piece) for piece in (before, after))


def _stretch(span: Span, text: str, places: Places) -> Span:
    """Return the interval with up to two words more at either end that the other side lacks as well: that, and also."""
    ends = [place for k in places.touches(*span) if places.pairs[k][1][0] == places.pairs[k][1][1] for place in places.pairs[k][0]]
    low, high = min([span[0], *ends]), max([span[1], *ends])
    return low if len(WORD.findall(text[low : span[0]])) <= _EXTRA else span[0], high if len(
        WORD.findall(text[span[1] : high])
    ) <= _EXTRA else span[1]


def _describe_demand(entry: Entry, sides: tuple[Side, Side], places: Places, verb: Aspect) -> list[Told]:
    """Return that a demand was dropped: all of it, or the words that ask."""
    action = _part(entry, "action")
    gone = action is None or places.kept(*action) < _HALF
    k = places.difference_at(_cue(entry)[0])
    assert k is not None
    mine, theirs = places.pairs[k]
    if is_modal(entry) and not (gone and theirs[0] == theirs[1]):
        return []  # its modal is told
    if gone and theirs[0] == theirs[1]:
        return [Told(Found("demand", _trim(sides[0].text, *mine), theirs, (verb,)), mine, theirs)]
    if gone:
        return _tell("demand", (entry.start, entry.end), sides, places, verb)
    parts = [span for role in ("claimant", "force", "addressee") if (span := _part(entry, role))]
    return _tell("demand", (min(s for s, _ in parts), max(e for _, e in parts)), sides, places, verb)


def _tell(kind: str, span: Span, sides: tuple[Side, Side], places: Places, verb: Aspect) -> list[Told]:
    """Return a change of a stretch that the other side lacks, with what it has instead."""
    start, end = _trim(sides[0].text, *span)
    there = places.map_span(start, end)
    if there is None:
        return []
    ends = [place for k in places.touches(start, end) for place in places.pairs[k][0]]
    rest = sides[0].text[min([start, *ends]) : start], sides[0].text[end : max([end, *ends])]
    if any(WORD.search(words) for words in rest):  # what the other side has there stands for the rest as well
        at = there[1] if WORD.search(rest[0]) else there[0]
        there = at, at
    return [Told(Found(kind, (start, end), _trim(sides[1].text, *there), (verb,)), (start, end), there)]


def _trim(text: str, start: int, end: int) -> Span:
    """Return an interval without white space and marks at its ends; a point where nothing else is in it."""
    piece = text[start:end]
    inner = piece.strip(_ENDS)
    if not inner:
        return start, start
    start += len(piece) - len(piece.lstrip(_ENDS))
    return start, start + len(inner)
