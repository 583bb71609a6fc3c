"""From a text to its entries: views, then each record type in order, then what links them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from variorum.ledger.entries import GRADES, Entry, check_spans
from variorum.ledger.languages import name_language
from variorum.ledger.plugins import run_plugins
from variorum.ledger.registry import BASIS, TYPES, UNREAD, choose_types
from variorum.ledger.rules import RecordType, build_entry, find_drafts
from variorum.ledger.tablerows import find_rows, lies_in_row
from variorum.ledger.textviews import TextView, view_text
from variorum.ledger.voices import mark_voices


def make_entries(
    text: str,
    *,
    date: str | None = None,
    lang: str | None = None,
    types: Sequence[str] | None = None,
    grade: str = "B",
) -> list[Entry]:
    """Return the entries of a text, in order of place; the same text gives the same entries.

    Args:
        text: the raw text.
        date: the statement's date as EDTF, against which relative dates are resolved.
        lang: code of the language; found by paragraph where None.
        types: record types wanted; all where None.
        grade: the lowest grade wanted; `C` shows doubtful entries too.

    Raises:
        ConfigError: a language that is not read.
        UsageError: an unknown record type.
        SchemaError: an entry whose place is none in the text (a defect of a rule or a plug-in).
    """
    wanted = set(choose_types(list(types))) if types else None
    view = view_text(text, date=date, lang=lang)
    kinds = needed_types(wanted)
    for kind in kinds:
        for tokens in view.stretches:
            for rule, draft in find_drafts(kind, tokens):
                view.entries.append(build_entry(kind, rule, draft, tokens))
                if draft.opaque:
                    tokens.taken[draft.first : draft.last] = b"\1" * (draft.last - draft.first)
    run_plugins(view)
    _mark_places(view)
    for kind in kinds:
        if kind.link is not None:
            kind.link(view)
    mark_voices(view)
    view.entries += _list_unread(view)
    lowest = GRADES.index(grade)
    found = [e for e in view.entries if (wanted is None or e.type in wanted) and GRADES.index(e.grade) <= lowest]
    for entry in found:
        # A link names nothing that is too doubtful to be shown; one to a type that was not asked for stays.
        kept = {role: [other for other in others if GRADES.index(other.grade) <= lowest] for role, others in entry.links.items()}
        entry.links = {role: others for role, others in kept.items() if others}
        check_spans(entry, len(text))
    return sorted(found, key=lambda e: e.key)


def needed_types(wanted: Collection[str] | None) -> list[RecordType]:
    """Return the record types that must be found so that the wanted ones are complete, in order; all where `wanted` is None.

    Dates keep words from later types, and whose words an entry stands in follows from quotations and attributions.
    """
    if wanted is None:
        return list(TYPES.values())
    names = {*BASIS, *wanted, *(other for name in wanted if name in TYPES for other in TYPES[name].needs)}
    return [kind for name, kind in TYPES.items() if name in names]


def _mark_places(view: TextView) -> None:
    """Give each entry the role of its section, and its sentence."""
    rows = find_rows(view.text)
    for entry in view.entries:
        paragraph = view.paragraph_at(entry.start)
        if paragraph is not None:
            entry.section = paragraph.role
        entry.sentence = view.sentence_at(entry.start)
        if rows and entry.plugin is None and lies_in_row(rows, entry.start):
            entry.grade = "C"
            entry.why.append("in the row of a table: the words beside it may belong to another cell")


def _list_unread(view: TextView) -> list[Entry]:
    """Return an entry for each stretch in a language that is not read."""
    found = []
    for code, start, end in view.unread():
        paragraph = view.paragraph_at(start)
        role = paragraph.role if paragraph else "body"
        found.append(Entry(UNREAD, start, end, {}, f"{UNREAD}.language", why=[f"not read: {name_language(code)}"], lang=code, section=role))
    return found
