"""Demands and calls: who asks whom to do what, with what force, by when.

A cue (a verb of asking, a modal, an imperative) is the anchor; its frame gives addressee and action. What another body asks or orders
is found too, with the voice `reported`: it is not a demand of who signs.
"""

from __future__ import annotations

from functools import partial

from variorum.ledger.antecedents import find_participle_asker, is_pronoun, read_subject_noun, resolve_pronoun, widen_names
from variorum.ledger.asking import (
    DEMAND_ROLES,
    Asked,
    Demand,
    draft_demand,
    is_question,
    match_cue,
    read_frames,
)
from variorum.ledger.clausewords import (
    ClauseWords,
    clause_words,
    end_clause,
    find_clause_start,
    find_subject,
    is_adverb,
    paragraph_start,
    read_infinitive,
    skip_marker,
)
from variorum.ledger.demandlists import find_inline_items, find_item
from variorum.ledger.demandvoices import link_demands
from variorum.ledger.demandwords import Cue, DemandWords, demand_words
from variorum.ledger.languages import Language
from variorum.ledger.modals import find_imperative, find_lets, find_modal, find_necessity, find_please
from variorum.ledger.rules import PARAGRAPH, SENTENCE, Draft, RecordType, Rule
from variorum.ledger.tokens import Tokens, split_words

_NOUN_ADDRESSEE = 14
"""Tokens of the longest addressee of a noun."""
_POINTING = frozenset({"this", "that", "which", "these", "those", "there", "what"})
_CLAIMANT = 30
"""Tokens of the longest claimant."""
_BEFORE = 12
"""Tokens between the beginning of an operative paragraph and its verb."""


def _find_asking(tokens: Tokens, at: int, form: str) -> Draft | None:
    """Return the demand whose verb or noun of asking begins at a token, where it is of that form."""
    if ("demand", at) not in tokens.memo:
        tokens.memo["demand", at] = _read_asking(tokens, at)
    draft = tokens.memo["demand", at]
    return draft if draft is not None and draft.fields.form == form else None


def _read_asking(tokens: Tokens, at: int) -> Draft | None:
    """Return the demand whose verb or noun of asking begins at a token."""
    words, classes = demand_words(tokens.language), clause_words(tokens.language)
    cue = match_cue(tokens, at, ("verb", "noun"))
    if cue is None or tokens.taken[at] or is_question(tokens, at):
        return None
    after = at + len(cue.phrase)
    if cue.way == "verb" and _is_operative(tokens, at, cue, classes):
        return _draft_operative(tokens, at, after, cue, words)
    if _is_noun(tokens, at, cue, words, classes):
        return _read_noun(tokens, at, after, cue, words)
    if _is_passive(tokens, at, cue, words, classes):
        return _read_passive(tokens, at, after, cue, words)
    if not _may_ask(tokens, at, cue, words, classes):
        return None
    asked = read_frames(tokens, after, words.frames["verb"].get(cue.lemma, []))
    if asked is None or asked.action is None:
        return None
    draft = draft_demand(tokens, words.kinds[cue.lemma], asked.form, (at, after), asked)
    draft.negated = _is_denied(tokens, at, classes)
    _add_claimant(tokens, at, draft, cue, classes)
    if cue.lemma in words.sets["formal"] and (draft.fields.claimant or "").split(" ")[0].lower() not in classes.first_person:
        return None
    if cue.lemma in words.sets["personal"] and not _is_personal(draft, classes):
        return None
    if draft.fields.claimant is None and cue.phrase[0].endswith("ing") and not classes.infinitives:
        _set_claimant(tokens, draft, find_participle_asker(tokens, at), participle=True)
    return draft


def _is_operative(tokens: Tokens, at: int, cue: Cue, classes: ClauseWords) -> bool:
    """Tell whether a verb is the first of an operative paragraph: ``3. Further requests``, ``(b) The Council calls upon``."""
    start = paragraph_start(tokens, at)
    if at - start > _BEFORE or cue.phrase[0] == "press" or not cue.phrase[0].endswith(("e", "a") if classes.infinitives else "s") or cue.phrase[0].endswith("ing"):
        return False
    begin = skip_marker(tokens, start)
    between = tokens.words[begin:at]
    if all(is_adverb(classes, w) or w in (",", "and", "et", "y", "en", "outre", "además") for w in between):
        return tokens.is_capital(begin)
    return begin > start and between[0] in classes.determiners and len(between) <= 5 and all(tokens.is_capital(begin + n) or is_adverb(classes, w) or w in ("de", "of", "la", "le") for n, w in enumerate(between[1:], 1))


def _draft_operative(tokens: Tokens, at: int, after: int, cue: Cue, words: DemandWords) -> Draft | None:
    """Return the demand of an operative paragraph, without an action where a list follows."""
    frames = words.frames["verb"].get(cue.lemma, [])
    asked = read_frames(tokens, after, frames)
    if asked is None:
        last = min(tokens.sentence(at)[1], after + 1)
        asked = Asked(None, (after, last) if last > after and tokens.is_word(after) else None, None, "verb")
    return draft_demand(tokens, words.kinds[cue.lemma], "operative paragraph", (at, after), asked)


def _is_noun(tokens: Tokens, at: int, cue: Cue, words: DemandWords, classes: ClauseWords) -> bool:
    """Tell whether a form that may be a noun is one, by the word before it."""
    if cue.way == "noun":
        return True
    word = cue.phrase[0]
    if word not in words.sets["nouny"] or len(cue.phrase) > 1:
        return False
    before = tokens.word(at - 1)
    if word in words.sets["strict"] and not (before in classes.pronouns or before in classes.finite or before == "to" or is_adverb(classes, before) or (word.endswith("s") and tokens.is_capital(at - 1) and not tokens.is_capital(at))):
        return True
    if at == tokens.sentence(at)[0]:
        return False
    before = tokens.words[at - 1]
    if before == "," and tokens.is_capital(at) and tokens.is_capital(at + 1):
        return True
    if before in classes.determiners or before in words.sets["noun_before"] or (before in classes.prepositions and before != "to") or before[0].isdigit():
        return before not in ("that", "all", "this") or (before == "this" and not word.endswith("s"))
    if word.endswith("s") or before in classes.pronouns or before in classes.finite or before in ("to", ",", ":", ";", "“", '"') or before in classes.joints or is_adverb(classes, before) or before in classes.that:
        return False
    return not (classes.infinitives or before.endswith("s") or tokens.is_capital(at - 1) or before in (")", "people", "women", "men"))


def _read_noun(tokens: Tokens, at: int, after: int, cue: Cue, words: DemandWords) -> Draft | None:
    """Return the demand in a noun of asking: ``a request for the council to``, ``reiterates its call for``."""
    if tokens.word(at - 1) in words.sets["noun_not"] or any(w in words.sets["answers"] for w in tokens.words[max(tokens.sentence(at)[0], at - 5) : at]):
        return None
    led = any(w in words.sets["renewals"] for w in tokens.words[max(tokens.sentence(at)[0], at - 4) : at])
    asked = read_frames(tokens, after, words.frames["led" if led else "noun"].get(cue.lemma, []))
    if asked is None or asked.action is None:
        return None
    if not led and asked.addressee is None and asked.form == "verb" and tokens.word(at - 1) not in words.sets["possessives"]:
        return None  # who answers the call to serve is asked nothing here
    if not led and asked.addressee is not None and not _is_somebody(tokens, asked.addressee[0], words):
        return None
    if not led and asked.addressee is not None and asked.addressee[1] - asked.addressee[0] > _NOUN_ADDRESSEE:
        return None
    return draft_demand(tokens, words.kinds.get(cue.lemma, "urge"), "noun", (at, after), asked)


def _is_somebody(tokens: Tokens, at: int, words: DemandWords) -> bool:
    """Tell whether a phrase begins as one that names somebody: with a capital, an article or a plural."""
    word = tokens.words[at]
    return tokens.is_capital(at) or word in words.sets["agents"] | words.sets["objects"] | clause_words(tokens.language).determiners or word.endswith("s") or tokens.words[at] in "“\""


def _is_passive(tokens: Tokens, at: int, cue: Cue, words: DemandWords, classes: ClauseWords) -> bool:
    """Tell whether a participle stands in the passive of the present: ``islanders are invited``."""
    place = at - 1
    while place >= 0 and at - place < 5 and is_adverb(classes, tokens.words[place]):
        place -= 1
    return cue.phrase[0] in words.sets["passive"] and tokens.word(place) in words.sets["was"] - {"not"}


def _read_passive(tokens: Tokens, at: int, after: int, cue: Cue, words: DemandWords) -> Draft | None:
    """Return the demand in the passive of the present, whose subject is the addressee."""
    classes = clause_words(tokens.language)
    place = at - 1
    while is_adverb(classes, tokens.words[place]):
        place -= 1
    if tokens.words[place] not in words.sets["be"] or tokens.word(place - 1) in classes.finite | {"to"} | classes.joints or is_adverb(classes, tokens.word(place - 1)):
        return None
    link = after + (tokens.word(after) in ("on", "upon"))
    if cue.lemma == "call" and link == after:
        return None
    verb = read_infinitive(tokens, link + 1) if tokens.word(link) in ("to", "à", "a", "de") else None
    first = find_clause_start(tokens, place)
    first += 2 * (tokens.word(first + 1) == ")")  # b) The commission is requested to
    which = next((n for n in range(first, min(first + 4, place)) if tokens.words[n] == "which"), None)
    first = first if which is None else which + 1 + (tokens.word(which + 1) in ("time", "date", "point"))  # at which time the council is requested to
    if verb is None or first >= place or tokens.words[verb] in words.sets["page"]:
        return None
    if words.sets["applicants"] & set(tokens.words[first:place]):
        return None
    asked = Asked((first, place), (link, end_clause(tokens, verb, words.anchors)), verb, "passive")
    return draft_demand(tokens, words.kinds[cue.lemma], "passive", (place, after), asked)


def _may_ask(tokens: Tokens, at: int, cue: Cue, words: DemandWords, classes: ClauseWords) -> bool:
    """Tell whether a verb of asking asks where it stands: not a participle before a noun, not what somebody may or wants to ask."""
    first = tokens.sentence(at)[0]
    before = tokens.word(at - 1) if at > first else ""
    word = cue.phrase[0]
    place = at - 1
    while place > first and is_adverb(classes, tokens.words[place]):
        place -= 1
    lead = tokens.word(place) if place >= first else ""
    if word.endswith("ed") or (word.endswith("ing") and not classes.infinitives):
        if before in classes.determiners or before == "as" or (word.endswith("ed") and lead in words.sets["was"]):
            return False
        return not (word.endswith("ing") and before in ("more", "very", "most", "a"))
    if lead == "to":
        return tokens.word(place - 1) not in words.sets["idle"]
    return not (lead in words.sets["may"] and cue.lemma in ("request", "ask", "order"))


def _is_denied(tokens: Tokens, at: int, classes: ClauseWords) -> bool:
    """Tell whether a verb of asking is denied: ``we do not ask``."""
    place = at - 1
    while place >= 0 and at - place < 5 and (is_adverb(classes, tokens.words[place]) or tokens.words[place] in classes.finite):
        if tokens.words[place] in classes.negations or tokens.words[place].endswith("n't"):
            return True
        place -= 1
    return False


def _add_claimant(tokens: Tokens, at: int, draft: Draft, cue: Cue, classes: ClauseWords) -> None:
    """Add who asks, where the verb has a subject of its own before it."""
    place = at - 1
    if tokens.word(place) == "having" and tokens.word(place - 1) in classes.prepositions:
        found = _find_accused(tokens, place - 1)
    else:
        found = find_subject(tokens, at)
    if cue.phrase[0].endswith("ing") and tokens.word(place) not in classes.finite and tokens.word(place) not in classes.pronouns and not is_adverb(classes, tokens.word(place)):
        return
    if found is not None and found[1] - found[0] == 1 and tokens.words[found[0]] in _POINTING:
        document = read_subject_noun(tokens, found, at)
        if document is None:
            draft.grade = "C"
            draft.why.insert(0, f"'{tokens.raw(*found)}' is nobody who asks")
        found = document
    _set_claimant(tokens, draft, found)


def _set_claimant(tokens: Tokens, draft: Draft, found: tuple[int, int] | None, *, participle: bool = False) -> None:
    """Set who asks; for a pronoun whom it stands for, and where that is open nobody, the find being doubtful."""
    if found is None or found[1] - found[0] > _CLAIMANT:
        return
    if is_pronoun(tokens, found):
        pronoun = found
        shown, found = tokens.raw(*found), resolve_pronoun(tokens, found[0])
        if found is None and participle:
            return
        if found is None:
            draft.grade = "C"
            draft.parts["claimant_pronoun"] = [tokens.span(*pronoun)]
            draft.why.insert(0, f"'{shown}' asks, and nothing near tells who that is")
            return
        draft.parts["claimant_pronoun"] = [tokens.span(*pronoun)]
        draft.fields.inferred.append("claimant")
        draft.why.insert(0, f"'{shown}' stands for '{tokens.raw(*found)}'")
    first, last = widen_names(tokens, found)
    while last > first + 1 and tokens.taken[last - 1]:
        last -= 1  # Ms Vole this week
    draft.parts["claimant"] = [tokens.span(first, last)]
    draft.fields.claimant = tokens.raw(first, last)
    draft.why.insert(0, f"'{draft.fields.claimant}' asks")


def _find_accused(tokens: Tokens, last: int) -> tuple[int, int] | None:
    """Return the name before *for having*: *a bill against the Harbour Court for having ordered*."""
    first = last
    while first > tokens.sentence(last)[0] and (tokens.is_capital(first - 1) or tokens.words[first - 1] in ("of", "the")):
        first -= 1
    return (first, last) if first < last and any(tokens.is_capital(n) for n in range(first, last)) else None


def _is_personal(draft: Draft, classes: ClauseWords) -> bool:
    """Tell whether a person or a body in capitals asks, not a programme or a bill: needed for verbs such as encourage."""
    claimant = draft.fields.claimant
    if claimant is None:
        return False
    words = claimant.split()
    return words[0].lower() in classes.first_person or (words[-1][:1].isupper() and "Act" not in words and "Bill" not in words and "Program" not in words) or words[-1].endswith(")")


def make_rules(language: Language) -> list[Rule]:
    """Return the rules of demands in a language, in order of precedence."""
    words = demand_words(language)
    asking = frozenset(word for word, cues in words.cues.items() if any(c.way in ("verb", "noun") for c in cues))
    firsts = {name: frozenset(split_words(p, language)[0] for p in words.sets[name]) for name in ("lets", "please")}
    ways = {lemma for rows in words.modals.values() for _, lemma in rows}
    rules = [
        Rule("item", frozenset({PARAGRAPH}), find_item, "B", "an item of a list that a demand leads"),
        Rule("inline_item", frozenset({":"}), find_inline_items, "B", "an item of a list in one sentence that a demand leads"),
        Rule("operative", asking, partial(_find_asking, form="operative paragraph"), "A", "the first verb of an operative paragraph asks"),
        Rule("verb", asking, partial(_find_asking, form="verb"), "B", "a verb of asking with who is asked, what for, or both"),
        Rule("that", asking, partial(_find_asking, form="that-clause"), "B", "a verb of asking with a clause that says what shall be"),
        Rule("passive", frozenset(words.sets["passive"]), partial(_find_asking, form="passive"), "B", "who is asked, with the verb in the passive"),
        Rule("must", frozenset(words.modals), partial(find_modal, ways=frozenset({"must"})), "B", "must, with what shall be done"),
        Rule("should", frozenset(words.modals), partial(find_modal, ways=frozenset({"should"})), "B", "should or ought to, with what shall be done"),
        Rule("need", frozenset(words.modals), partial(find_modal, ways=frozenset({"need", "have"})), "B", "need to or have to, with what shall be done"),
        Rule("necessity", frozenset(w for w, cues in words.cues.items() if any(c.way == "necessity" for c in cues)), find_necessity, "A", "it is time to, it is imperative that, it is up to somebody to"),
        Rule("lets", firsts["lets"], find_lets, "B", "let us, with what shall be done"),
        Rule("please", firsts["please"], find_please, "B", "please, with what shall be done, instructions for a page or an office apart"),
        Rule("noun", asking, partial(_find_asking, form="noun"), "B", "a request, call or appeal in the form of a noun"),
        Rule("imperative", frozenset({SENTENCE}), find_imperative, "B", "an imperative that begins a sentence; doubtful without an exclamation mark"),
    ]
    absent = {name for name, there in (("noun", words.frames["noun"]), ("should", "should" in ways), ("need", ways & {"need", "have"})) if not there}
    return [rule for rule in rules if rule.anchors and rule.name not in absent]


DEMAND = RecordType(
    "demand",
    "A demand or call: who asks whom to do what, with what force.",
    Demand,
    "demands",
    make_rules,
    DEMAND_ROLES,
    link_demands,
)
