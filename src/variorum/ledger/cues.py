"""The cues of attributions: at each verb of speech, or words such as *according to*, the source and what was said.

One pass over a stretch, each cue looking within a bounded reach. What was said may hold other attributions, so finds are put in layers.
"""

from __future__ import annotations

from dataclasses import replace

from variorum.ledger.clauses import end_of_content, has_plural_subject, limits, quote_places, read_object, read_subject, trim
from variorum.ledger.finds import Find, end_first_source, join_contents
from variorum.ledger.quotations import is_title
from variorum.ledger.said import (
    END,
    Piece,
    ends_clause,
    extend_left,
    has_clause,
    has_verb,
    quote_before,
    read_content,
    read_plain,
    read_relative,
    skip_adjunct,
)
from variorum.ledger.speech import SpeechWords, speech_words
from variorum.ledger.tokens import Tokens
from variorum.ledger.turned import read_as_turned, read_turned
from variorum.ledger.units import match_phrase

_LAYERS = 8
"""Attributions within one another; deeper ones are passed over."""


def attributions_of(tokens: Tokens) -> dict[int, Find]:
    """Return what is found in a stretch, by the token of the cue."""
    if "attributions" not in tokens.memo:
        words = speech_words(tokens.language)
        found: list[Find] = []
        last = -1
        for number, word in enumerate(tokens.words):
            if number < last or tokens.taken[number]:
                continue
            find = None
            if word in words.according:
                find = _read_according(tokens, number, words)
            if find is None and word in words.verbs:
                find = _read_verb(tokens, number, words, found[-1] if found else None)
            if find is None and word in words.sets["passive"]:
                find = _read_passive(tokens, number, words)
            if find is not None and _strip_apostrophes(tokens, find):
                found.append(find)
                last = find.cue[1]
        tokens.memo["attributions"] = {f.cue[0]: f for f in _layer(found)}
    return tokens.memo["attributions"]


def _strip_apostrophes(tokens: Tokens, find: Find) -> bool:
    """Take apostrophes off the front of a source, and tell whether something is left of it or it has none."""
    if find.source is None:
        return True
    first, last = find.source
    while first < last and tokens.words[first] in ("'", "'s"):
        first += 1
    find.source = first, last
    return first < last


def _layer(found: list[Find]) -> list[Find]:
    """Return the finds with layers such that no two of a layer overlap."""
    ends = [-1] * _LAYERS
    kept = []
    for find in sorted(found, key=lambda f: (f.bounds()[0], -f.bounds()[1], f.cue)):
        first, last = find.bounds()
        layer = next((n for n in range(_LAYERS) if ends[n] <= first), None)
        if layer is not None:
            ends[layer] = last
            kept.append(replace(find, layer=layer))
    return kept


def _read_according(tokens: Tokens, at: int, words: SpeechWords) -> Find | None:
    """Return ``according to SOURCE, CONTENT`` or ``CONTENT, according to SOURCE``."""
    matched = match_phrase(words.according, tokens, at)
    if matched is None:
        return None
    begin = matched[0] + (tokens.word(matched[0]) in words.verbs)  # según afirman los vecinos
    source = read_object(tokens, begin, words) or read_plain(tokens, begin, words)
    if source is None or tokens.words[source[1] - 1] in words.sets["measures"]:
        return None
    if tokens.language.code != "en" and tokens.word(source[0] + (tokens.words[source[0]] in words.sets["determiners"])) in words.sets["measures"]:
        return None  # selon les règles de la commission
    low, high = limits(tokens, at)
    first = max(low, tokens.sentence(at)[0])
    source = end_first_source(tokens, source, words)
    end = min(end_of_content(tokens, at), max(high, source[1]))
    contents: list[Piece] = []
    before = trim(tokens, first, at)
    lead = before[1] - before[0] <= 2 and all(tokens.words[n] in words.sets["leads"] or tokens.words[n] == "," for n in range(*before))
    if tokens.word(source[1]) == "," and (lead or before[1] <= before[0]):
        contents = [trim(tokens, source[1] + 1, end)]
    elif before[1] > before[0] and not lead:
        contents = [extend_left(tokens, before)]
        if tokens.word(source[1]) == "," and tokens.word(at - 1) == "," and end - source[1] > 3:
            contents.append(trim(tokens, source[1] + 1, end))
    elif source[1] < end and tokens.words[source[1]] not in END:
        contents = [trim(tokens, source[1], end)]
    contents = [c for c in contents if c[1] > c[0]]
    if not contents:
        return None
    return Find("according_to", (at, begin), source, contents, "according-to", why=[f"'{tokens.raw(at, begin)}'"])


def _read_group(tokens: Tokens, at: int, words: SpeechWords) -> tuple[int, bool] | None:
    """Return where the group of a verb begins, with its auxiliaries and adverbs, and whether it is denied; None where it says nothing (*to say*)."""
    sets = words.sets
    first, denied = at, False
    while first > 0 and at - first < 5:
        word = tokens.words[first - 1]
        if word in sets["negations"]:
            denied = True
        elif word == "to" and (begin := _skip_leading(tokens, first - 1, words)) is not None:
            first = begin
            continue
        elif word in sets["blocked"]:
            return None
        elif (word in sets["personal"] and word in sets["adverbs"] and _is_subject(tokens, first - 1, words)) or not (word in sets["auxiliaries"] or word in sets["adverbs"] or (word.endswith("ly") and len(word) > 4 and not tokens.is_capital(first - 1))):  # nous avons dit; not: le conseil nous dit
            break
        first -= 1
    return first, denied


def _skip_leading(tokens: Tokens, to: int, words: SpeechWords) -> int | None:
    """Return where the words begin that lead by ``to`` to what is said: ``continue to show``, ``am proud to announce``; None where others stand there."""
    lead = to - 1
    if tokens.word(lead) in words.sets["ongoing"]:
        return lead
    while tokens.word(lead) in words.sets["adverbs"]:
        lead -= 1
    return lead - 1 if tokens.word(lead) in words.sets["glad"] and tokens.word(lead - 1) in words.sets["passive_aux"] | {"am"} else None


def _is_subject(tokens: Tokens, at: int, words: SpeechWords) -> bool:
    """Tell whether a pronoun that may also be an object is the subject of the verb after it."""
    before = tokens.word(at - 1)
    return at == tokens.sentence(at)[0] or tokens.word(at + 1).endswith(("ons", "ez")) or not tokens.is_word(at - 1) or before in words.sets["boundaries"] or before in words.sets["and"]


def _read_verb(tokens: Tokens, at: int, words: SpeechWords, before: Find | None) -> Find | None:
    """Return the attribution of a verb of speech: quoted, inverted or plain."""
    turned = read_turned(tokens, at, words)
    if turned is not None:
        return turned
    group = _read_group(tokens, at, words)
    if group is None or tokens.word(at - 1) == "-" or tokens.word(at + 1) == "-":
        return None
    first, denied = group
    if _is_no_verb(tokens, at, first, words):
        return None
    begin = first
    while begin < at and tokens.words[begin] in ("both", "all", "only", "once", "first"):  # of the subject rather than of the cue
        begin += 1
    matched = match_phrase(words.particles, tokens, at + 1)
    last = matched[0] if matched else at + 1
    if tokens.words[at] in words.sets["participles"]:
        found = _read_participle(tokens, at, (first, last), words, before)
    else:
        found = read_as_turned(tokens, first, last, words) or _read_inverted(tokens, at, (first, last), words) or _read_finite(tokens, at, (first, last), words, before)
    if found is not None:
        found.negated = denied
        found.cue = begin, last
    return found


def _is_no_verb(tokens: Tokens, at: int, first: int, words: SpeechWords) -> bool:
    """Tell whether a form of a verb of speech is none here: a noun, a name (the United States), a passive, a bare form without a plural subject."""
    sets = words.sets
    word, before = tokens.words[at], tokens.word(at - 1)
    if tokens.is_capital(at) and tokens.text[tokens.ends[at] - 1].islower() and at != tokens.sentence(at)[0]:
        return True
    if word in sets["ambiguous"] and (before in ("'s", "'") or before in sets["adjectives"] or (before != "to" and (before in sets["determiners"] or before in sets["prepositions"]) and before not in sets["pronouns"])):
        return True
    if word in sets["plain"] and word in sets["ambiguous"] and word not in sets["promises"] and tokens.word(at + 1) in ("of", "for", "to"):
        return True
    if word in sets["participles"] and (before in sets["adjectives"] or before in ("so", "as", "very") or (before in sets["determiners"] and before not in sets["pronouns"])):
        return True
    if word not in sets["participles"] and any(tokens.words[n] in sets["passive_aux"] for n in range(first, at)):
        return True
    if word in sets["plain"] and first == at and not has_plural_subject(tokens, at, words):
        return not (before in sets["pronouns"] or before.endswith("s") or before in sets["plurals"] or before == ")" or before in (",", "”", '"', "“"))
    return False


def _read_inverted(tokens: Tokens, at: int, cue: Piece, words: SpeechWords) -> Find | None:
    """Return ``CONTENT, said SOURCE`` or ``CONTENT, SOURCE said``, and what goes on after it."""
    first, last = cue
    plain = tokens.words[at] in words.sets["inverting"]
    low = max(limits(tokens, first)[0], tokens.sentence(first)[0])
    quoted = quote_before(tokens, first)
    if quoted is not None or (plain and tokens.word(first - 1) in (",", "—", "–") and first - 1 > low):
        source = read_object(tokens, last, words)
        content = quoted or trim(tokens, low, first - 1)
        if source is not None and (quoted is not None or _may_follow(tokens, first, source, words)) and content[1] - content[0] > 2:
            return join_contents(tokens, cue, source, content, source[1], words)
        if quoted is not None and source is None and tokens.words[at] in words.sets["alone"] and tokens.word(last) in END:  # “…”, agregó.
            return Find("quote", cue, None, [quoted], "quote", why=["what was said stands before its verb"])
        if quoted is not None and source is None:
            return None
    subject = read_subject(tokens, first, words)
    if subject is None or subject[0] == 0 or tokens.words[subject[0] - 1] in ("what", "which"):
        return None
    quoted = quote_before(tokens, subject[0])
    follows = tokens.word(last) == ":" or (tokens.word(last) == "," and last + 1 in quote_places(tokens).opening)
    if quoted is not None and follows and quoted[0] not in quote_places(tokens).opening:
        quoted = None
    ends = ends_clause(tokens, last, words) and not (follows and quoted is None)
    if quoted is not None and not ends and ("." in (tokens.words[subject[0] - 1], tokens.words[quoted[1] - 2]) or quoted[0] not in quote_places(tokens).opening):
        quoted = None  # a quotation that ended before this sentence, or a title among the words that lead it
    if quoted is not None:
        return join_contents(tokens, cue, subject, quoted, skip_adjunct(tokens, last, words), words)
    shows = tokens.words[at] in words.sets["shows"] and any(tokens.words[n] in words.sets["media"] for n in range(*subject))
    named = tokens.words[at] in words.sets["speech"] and tokens.is_capital(subject[1] - 1) and tokens.word(last) in END
    if tokens.words[subject[0] - 1] != "," or not ends or not (plain or shows or named):
        return None
    content = trim(tokens, low, subject[0] - 1)
    after = last if tokens.word(last) in END or tokens.word(last) == "," else skip_adjunct(tokens, last, words)
    if content[1] - content[0] < 2:
        return None
    found = join_contents(tokens, cue, subject, content, after, words)
    return None if len(found.contents) == 1 and not has_verb(tokens, content, words) else found


def _may_follow(tokens: Tokens, first: int, source: Piece, words: SpeechWords) -> bool:
    """Tell whether a phrase after a verb that a comma precedes is its source: it ends its clause, and no subject with a comma after it stands before the verb."""
    if not ends_clause(tokens, source[1], words):
        return False
    if any(tokens.words[n] in words.sets["finite"] or (tokens.words[n].endswith("ed") and n > source[0] and not tokens.is_capital(n)) for n in range(*source)):
        return False
    return read_subject(tokens, first, words) is None or (tokens.is_capital(source[0]) and source[1] - source[0] <= 8)


def _read_finite(tokens: Tokens, at: int, cue: Piece, words: SpeechWords, before: Find | None) -> Find | None:
    """Return ``SOURCE said (that) CONTENT``, ``SOURCE told HEARER that CONTENT``, ``SOURCE said: “CONTENT”``."""
    sets = words.sets
    word = tokens.words[at]
    subject = read_subject(tokens, cue[0], words)
    alone = subject is None and word in sets["alone"] and cue[0] == tokens.sentence(at)[0]  # Spanish: Afirmó que
    if subject is not None and tokens.language.code != "en" and not _may_lead(tokens, subject[0], words):
        return None
    if subject is None and not alone and not (tokens.word(cue[0] - 1) in ("and", "but", ",", "who", *sets["and"]) or cue[0] - 1 in quote_places(tokens).closing):
        return None
    content, hearer, form = read_content(tokens, at, cue, words)
    if subject is not None and subject[0] > 0 and tokens.words[subject[0] - 1] in sets["as"] and form != "quote":
        sure = (word in sets["bare"] or word in sets["speech"]) and (word not in sets["ambiguous"] or word.endswith("ed") or tokens.is_capital(subject[1] - 1) or tokens.words[subject[0]] in sets["pronouns"])
        return _read_as(tokens, subject, cue) if sure and ends_clause(tokens, cue[1], words) else None
    if content is None and subject is not None:
        content = read_relative(tokens, subject, cue, words)
        form = "relative" if content else form
        if content is not None and word in sets["bare"] | sets["speech"]:
            return Find("verb", cue, subject, [content], "verb", why=["in a relative clause: which somebody said was so"])
        content = None
    if content is None or (hearer is not None and content[1] - content[0] < 3):
        return None
    shows = word in sets["shows"] and subject is not None and any(tokens.words[n] in sets["media"] for n in range(*subject))
    if not _may_be_cue(tokens, at, subject, form, words, shows=shows):
        return None
    if subject is not None and tokens.words[subject[0]] in sets["blocked"]:
        return None
    if subject is None:
        subject = _find_earlier_subject(tokens, cue[0], words, before) if not alone else None
        if subject is None and not (alone and form in ("that", "quote")):
            return None
    if subject is not None and tokens.word(subject[0] - 1) == "what":
        return None
    rule = "quote" if form == "quote" else "shows" if shows and word not in sets["bare"] else "told" if hearer and form != "that" else "verb"
    return Find(rule, cue, subject, [content], "quote" if form == "quote" else "verb", hearer=hearer, why=[{"that": "'that' leads what was said", "bare": "a clause follows the verb", "to": "'to' leads what was promised", "asked": "a question leads what was said", "quote": "a quotation follows"}[form]])


def _may_lead(tokens: Tokens, at: int, words: SpeechWords) -> bool:
    """Tell whether a source may begin with a token: an article, a capital, a number, a pronoun or a title; not the rest of a relative clause."""
    word = tokens.words[at]
    return tokens.is_capital(at) or tokens.is_number(at) or word in words.sets["determiners"] or word in words.sets["pronouns"] or word in words.sets["titles"]


def _may_be_cue(tokens: Tokens, at: int, subject: Piece | None, form: str, words: SpeechWords, *, shows: bool) -> bool:
    """Tell whether a word with this form of content after it is a verb of speech here."""
    sets = words.sets
    word = tokens.words[at]
    if shows:
        return form == "that" or (form == "bare" and has_clause(tokens, at + 1, words))
    if word in sets["quoting"] and word not in sets["speech"] and word not in sets["bare"]:
        quote = next((quote_places(tokens).opening[n] for n in range(at + 1, at + 4) if n in quote_places(tokens).opening), None)
        return form == "quote" and not (quote is not None and is_title(tokens, quote))
    if word in sets["shows"] and word not in sets["speech"] and word not in sets["bare"]:
        return False
    if form == "to":
        return True
    if form == "asked":
        return subject is not None
    if form == "bare":
        if word in sets["hearers"]:
            return True
        if word not in sets["bare"]:
            return False
        return word not in sets["ambiguous"] or (subject is not None and has_clause(tokens, at + 1, words))
    return subject is not None or word not in sets["ambiguous"] or form == "quote" or tokens.word(at - 1) in ("and", "but", ",")


def _read_as(tokens: Tokens, subject: Piece, cue: Piece) -> Find | None:
    """Return ``as SOURCE said, CONTENT`` or ``CONTENT, as SOURCE said``."""
    low = max(limits(tokens, cue[0])[0], tokens.sentence(cue[0])[0])
    end = end_of_content(tokens, cue[0])
    if tokens.word(cue[1]) in ("with", "to", "for"):
        return None
    if subject[0] - 1 <= low + 1:
        comma = next((n for n in range(cue[1], min(end, cue[1] + 14)) if tokens.words[n] == ","), None)
        content = trim(tokens, comma, end) if comma is not None else None
    else:
        content = trim(tokens, low, subject[0] - 1)
    if content is None or content[1] - content[0] < 3:
        return None
    return Find("as", cue, subject, [content], "as", why=[f"'{tokens.words[subject[0] - 1]}' before the source"])


def _find_earlier_subject(tokens: Tokens, at: int, words: SpeechWords, before: Find | None) -> Piece | None:
    """Return the subject of the sentence, for a second verb without one of its own: ``Vole came and said``."""
    low = max(limits(tokens, at)[0], tokens.sentence(at)[0])
    if before is not None and before.source is not None and before.cue[0] >= low and quote_places(tokens).inside[before.cue[0]] == quote_places(tokens).inside[at]:
        return before.source
    while low < at and (tokens.words[low] in words.sets["leads"] or tokens.words[low] in (",", '"', "“")):
        low += 1
    last = low
    while last < min(at, low + 14):
        word = tokens.words[last]
        if word in words.sets["finite"] or (word in words.verbs and word not in words.sets["ambiguous"]) or word in (",", ";", ":") or (last > low and word.endswith("ed") and not tokens.is_capital(last)) or word in words.sets["auxiliaries"] or (word in words.sets["adverbs"] and word not in words.sets["determiners"]):
            break
        if tokens.words[last] in words.sets["pronouns"]:
            return (last, last + 1)
        if tokens.language.code != "en" and last > low and not tokens.is_capital(last) and tokens.is_word(last) and tokens.is_word(last - 1) and not _joins_noun(tokens, last - 1, words):
            break  # el gobernador vino
        last += 1
    named = last > low and (tokens.is_capital(low) or tokens.words[low] in words.sets["determiners"]) and tokens.words[low] not in words.sets["prepositions"]
    return (low, last) if named and last < at and not tokens.raw(low, last).isupper() else None


def _joins_noun(tokens: Tokens, at: int, words: SpeechWords) -> bool:
    """Tell whether the word after a token is the noun it leads: after an article, a preposition or a title."""
    return any(tokens.words[at] in words.sets[name] for name in ("determiners", "prepositions"))


def _read_participle(tokens: Tokens, at: int, cue: Piece, words: SpeechWords, before: Find | None) -> Find | None:
    """Return ``…, adding that CONTENT``: its source is that of the sentence."""
    content, hearer, form = read_content(tokens, at, cue, words)
    if content is None or form not in ("that", "quote", "bare") or (form == "bare" and not (hearer or (tokens.words[at] in words.sets["bare_participles"] and has_clause(tokens, cue[1], words)))):
        return None
    if form != "quote" and tokens.words[at] in ("calling", "describing", "reading", "shouting", "responding"):
        return None
    direct = tokens.words[cue[0]] != tokens.words[at] or not (tokens.word(cue[0] - 1) == "," or tokens.word(cue[0] - 1) in words.sets["prepositions"])
    subject = read_subject(tokens, cue[0], words) if direct else None
    if subject is not None and tokens.words[subject[0]].endswith("ed") and not tokens.is_capital(subject[0]):
        subject = None  # the rest of a clause rather than its subject
    subject = subject or _find_earlier_subject(tokens, cue[0], words, before)
    if subject is None:
        return None
    if tokens.word(cue[0] - 1) in words.sets["idle"]:
        return None  # it goes without saying; it is worth noting
    is_saying = tokens.words[cue[0]] in words.sets["passive_aux"]
    rule = "adding" if tokens.word(cue[0] - 1) == "," or (tokens.word(cue[0] - 1) == "in" and form == "that") else "verb" if is_saying and form != "bare" else "participle"
    return Find(rule, cue, subject, [content], "quote" if form == "quote" else "verb", hearer=hearer, why=[f"'{tokens.words[at]}', its source being that of the sentence"])


def _read_passive(tokens: Tokens, at: int, words: SpeechWords) -> Find | None:
    """Return ``CONTENT is said to CONTENT`` or ``it is reported that CONTENT``: nobody is named."""
    sets = words.sets
    first = at
    while first > 0 and (tokens.words[first - 1] in sets["finite"] or tokens.words[first - 1] in sets["adverbs"]) and at - first < 4:
        first -= 1
    if first == at:
        return None
    low = max(limits(tokens, at)[0], tokens.sentence(at)[0])
    end = end_of_content(tokens, at)
    if tokens.word(first - 1) in sets["impersonal"] and tokens.word(at + 1) in sets["that"]:
        content = [trim(tokens, at + 1, end)]
    elif tokens.word(at + 1) in sets["passive_to"] and first > low:
        subject = read_subject(tokens, first, words)
        if subject is None:
            return None
        content = [subject, trim(tokens, at + 1, end)]
    else:
        return None
    content = [c for c in content if c[1] > c[0]]
    return Find("passive", (first, at + 1), None, content, "passive", why=["nobody is named as the source"]) if content else None
