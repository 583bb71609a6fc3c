"""What tells a name that no word of structure heads: words beside a person, an acronym that acts or speaks, a row of bodies, a title line."""

from __future__ import annotations

from itertools import pairwise

from variorum.ledger.clausewords import clause_words
from variorum.ledger.demandwords import demand_words
from variorum.ledger.namewords import match_title
from variorum.ledger.runs import Name, Runs
from variorum.ledger.tokens import Tokens

_ROW = 60
"""Items of the longest row of names."""
_FEWEST = 3
"""Items of the shortest row that tells what its items are."""
_JOINS = frozenset({",", ";", "and", "&", "the", "(", ")", "of", "for", "on", "in", "to", "-"})
_INSIDE = frozenset({"of", "for", "on", "in", "to", "-", "&"})
"""Words and marks that stand between the items of a row, and those that stand inside one."""
_ITEM = 9
"""Tokens of the longest item of a row."""
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 3, 8
"""Letters of an acronym that is told by what it does."""


def speaks_of_person(tokens: Tokens, sets: dict[str, frozenset[str]], first: int, last: int) -> bool:
    """Tell whether a run is a person's name: two to four words, with a role, a party in brackets, an initial, or a verb of speech beside; one word where a ruler is named."""
    words = [n for n in range(first, last) if tokens.is_word(n)]
    apposed = tokens.word(first - 1) == "," and tokens.word(first - 2) in sets["roles"] and tokens.word(last) in (",", ".")
    ruling = len(words) == 1 and _rules(tokens, sets, first, last)
    if not (1 if apposed or ruling else 2) <= len(words) <= 4 or any(tokens.words[n] in sets["joiners"] or tokens.words[n] in sets["place_words"] for n in words):
        return False
    if tokens.raw(words[-1]).isupper() and len(tokens.words[words[-1]]) > 1:
        return False
    initial = any(len(tokens.words[n]) == 1 and tokens.word(n + 1) == "." for n in words[1:-1]) and len(tokens.words[words[0]]) > 1
    party = tokens.word(last) == "(" and len(tokens.word(last + 1)) == 1 and tokens.word(last + 2) == "-"
    before, after = tokens.word(first - 1), tokens.word(last)
    near = [n for n in range(max(0, first - 9), first - 1) if tokens.words[n] in sets["roles"]] if sets["adjective_endings"] and before == "," and after == "," else []
    role = bool(near) or before in sets["roles"] or (before == "," and tokens.word(first - 2) in sets["roles"] and (not tokens.is_capital(first - 2) or any(tokens.word(n) in ("his", "her", "their", "its", "our", "my") for n in range(first - 5, first - 2))))
    speaks = (before in sets["speaking"] and tokens.word(first - 2) in (",", '"', "”", "’", "'", "»")) or after in sets["speaking"] or (after == "," and tokens.word(last + 1) in sets["roles"])
    signed = tokens.role(first) == "signatures" and after == "," and not tokens.is_capital(last + 1) and "\n" in tokens.text[tokens.ends[first - 1] : tokens.starts[first]]
    return initial or party or role or speaks or ruling or signed


def _rules(tokens: Tokens, sets: dict[str, frozenset[str]], first: int, last: int) -> bool:
    """Tell whether a name is that of who rules: *the regime of Rook*; *the state of Rook* only where a word such as *ally of* goes on after its comma."""
    lead = tokens.word(first - 2)
    if tokens.word(first - 1) != "of" or lead not in sets["ruling"] or tokens.word(last) in ("-", "'s"):
        return False
    follows = tokens.words[last + 1 : last + 5] if tokens.word(last) == "," else []
    return lead in sets["despots"] or any(w in sets["partisans"] and after == "of" for w, after in pairwise(follows))


def find_acting(tokens: Tokens, sets: dict[str, frozenset[str]]) -> frozenset[str]:
    """Return the acronyms that act or speak somewhere in a stretch: *the GHB urges*, *the GHB call to*."""
    if not sets["acting"]:
        return frozenset()
    found, classes = set[str](), clause_words(tokens.language)
    for at, word in enumerate(tokens.words):
        if not _SHORTEST_ACRONYM <= len(word) <= _LONGEST_ACRONYM or not tokens.is_capital(at) or not tokens.raw(at).isupper() or not word.isalpha():
            continue
        after = at + 1
        while tokens.word(after) in sets["acting_adverbs"]:
            after += 1
        sentence = tokens.sentence(at)
        shouted = all(tokens.raw(n).isupper() for n in range(at, min(after + 2, sentence[1])) if tokens.is_word(n))
        noun = tokens.word(after) in demand_words(tokens.language).sets["nouny"] - {"urges", "presses"} and tokens.word(after).endswith("s") and tokens.word(after + 1) not in classes.prepositions | classes.that | classes.determiners
        acts = (tokens.word(after) in sets["acting"] and not noun) or (tokens.word(after) in ("is", "are", "would") and tokens.word(after + 1) in sets["acting_after"])
        if acts and not shouted and after < sentence[1] and not tokens.is_capital(after):
            found.add(tokens.raw(at))
    return frozenset(found)


def add_rows(runs: Runs, names: list[Name]) -> None:
    """Add the items of a row most of which are bodies: *the Pier Union, Open Water, and the Harbour League*."""
    bodies = {name.first: name for name in names if name.kind == "body"}
    covered = {n: name for name in names for n in range(name.first, name.last)}
    dropped, added = set[int](), list[Name]()
    done = 0
    for first in sorted(bodies):
        if first < done:
            continue
        items = _read_row(runs, _begin_row(runs, first))
        known = [item for item in items if item[0] in bodies and bodies[item[0]].last >= item[1]]
        done = items[-1][1] if items else first
        if len(items) < _FEWEST or 2 * len(known) < len(items) or len(known) < 2:
            continue
        for item in items:
            inside = {id(covered[n]): covered[n] for n in range(*item) if n in covered}.values()
            if item not in known and _may_be_item(runs, *item) and not any(n.kind in ("person", "group") or (n.first <= item[0] and n.last >= item[1]) for n in inside):
                dropped |= {id(name) for name in inside}
                added.append(Name(item[0], item[1], "body", "row", canonical=" ".join(runs.tokens.raw(*item).split()), why=["in a row of bodies"]))
    names[:] = [*(name for name in names if id(name) not in dropped), *added]


def _read_row(runs: Runs, at: int) -> list[tuple[int, int]]:
    """Return the items of a row that begins at a token: runs of capitals between commas, the last after *and*."""
    tokens = runs.tokens
    items: list[tuple[int, int]] = []
    while len(items) < _ROW and at < len(tokens):
        at += tokens.word(at) == "the" and not tokens.is_capital(at)
        if not tokens.is_capital(at) or tokens.words[at] in runs.calendar:
            break
        if any(match_title(runs.words, tokens, n) is not None for n in range(at, min(at + 3, len(tokens))) if tokens.is_capital(n)):
            return items[:-1]  # Ada Vole, Mayor of Eastmere
        last = runs.run(at)
        place = runs.skip_bracket(last)
        comma = tokens.word(place) in (",", ";")
        joined = tokens.word(place + comma) == "and"
        ended = not comma and not joined and not tokens.is_word(place) and tokens.word(place) not in ("-", "'s", "'", "/", "&", "(")
        if last - at > _ITEM or not (comma or joined or ended) or (last - at == 1 and tokens.words[at] in clause_words(tokens.language).openers):
            break
        lead = at - 1 - (tokens.words[at - 1] == "the")
        final = bool(items) and tokens.words[lead] == "and"
        if final and not ended and (not comma or tokens.words[lead - 1] not in (",", ";")):
            return items[:-1]  # no end: the Educational, Scientific and Cultural Council, the Pier Union
        items.append((at, last))
        if ended or final:
            break
        at = place + comma + joined
    return items


def _may_be_item(runs: Runs, first: int, last: int) -> bool:
    """Tell whether an item of a row may be a name by itself: neither the rest of one (*’s Foundation*, *Inc.*) nor a number."""
    tokens = runs.tokens
    before = tokens.word(first - 1) if first > tokens.sentence(first)[0] else ""
    words = [tokens.words[n] for n in range(first, last) if tokens.is_word(n)]
    alone = len(words) == 1 and (words[0] in runs.sets["heads"] | runs.sets["leading_heads"] or len(words[0]) < 3 or set(words[0]) <= set("ivxlc"))
    return before not in ("'s", "'", "of", "de", "-", "/", "&", ".") and not alone


def _begin_row(runs: Runs, first: int) -> int:
    """Return where the row begins that goes on to a name: after the last token before it that is neither a capital nor what joins items."""
    tokens = runs.tokens
    low = max(tokens.sentence(first)[0], first - 8 * _ROW)
    at = first
    while at > low and (tokens.is_capital(at - 1) or tokens.words[at - 1] in _JOINS):
        at -= 1
    while at < first and not (tokens.is_capital(at) and (at == low or tokens.words[at - 1] not in _INSIDE)):
        at += 1
    return at


def read_titles(runs: Runs, known: dict[str, tuple[str, str]], persons: dict[str, str], names: list[Name]) -> list[Name]:
    """Return the names in headings that the statement also names elsewhere, where capitals tell."""
    tokens = runs.tokens
    forms: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for shown, kind, canonical in [*((shown, kind, full) for shown, (kind, full) in known.items()), *((full, "person", full) for full in persons.values() if " " in full), *((last, "person", full) for last, full in persons.items() if len(last) > 3)]:
        row = shown.lower().replace(".", " . ").replace("-", " - ").split()
        if row and (len(row) > 1 or len(row[0]) > 2) and row[0] not in runs.words.common:
            forms.setdefault(row[0], []).append((tuple(row), kind, canonical))
    taken = {n for name in names for n in range(name.first, name.last)}
    found: list[Name] = []
    for start in tokens.sentence_starts:
        if not runs.is_heading(start):
            continue
        at, end = tokens.sentence(start)
        while at < end:
            rows = sorted(forms.get(tokens.words[at], ()), key=lambda r: -len(r[0])) if at not in taken and tokens.is_capital(at) else []
            hit = next((r for r in rows if tuple(tokens.words[at : at + len(r[0])]) == r[0] and not taken & set(range(at, at + len(r[0])))), None)
            if hit is not None and (len(hit[0]) > 1 or tokens.words[at] not in runs.small):
                found.append(Name(at, at + len(hit[0]), hit[1], "again", canonical=hit[2], why=[f"in a title; the text has '{hit[2]}'"]))
                at += len(hit[0])
            else:
                at += 1
    return found
