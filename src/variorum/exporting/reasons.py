"""Why spans were kept, as rich renderables: two passages with their differences, what is said of them, the first changes."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from variorum.exporting.commons import mark_common
from variorum.exporting.contexts import one_line, strip_controls
from variorum.exporting.differences import compare_words, split_words
from variorum.exporting.terminal import Indented, mark_segments, readable, summarize_entry
from variorum.schema import REWORKED_KINDS

_IN_ORDER = 0.5  # similarity from which differences of a reworked passage are worth reading
_MAX_CHANGES = 10  # changes shown one by one
_MAX_TEXT = 1_200  # characters of a passage that are shown
_MAX_WORDING = 70  # characters of one side of a change


def render_reasons(told: dict[str, Any], *, colour: bool) -> RenderableType:
    """Return an explanation of a span, of the spans of a pair or a passage, or of an entry (as `Corpus.explain` gives it)."""
    if told["item"] == "entry":
        return _render_entry(told, colour=colour)
    if told["item"] == "span":
        return _render_span(told, colour=colour)
    head = f"{told['a']['siglum']} and {told['b']['siglum']}" if told["item"] == "pair" else f"Passage {told['passage']}"
    n, shown = told["n_spans"], told["spans"]
    parts: list[RenderableType] = [Text.assemble((strip_controls(head), "bold"), f": {n:,} {'span' if n == 1 else 'spans'}" + (", strongest first" if n > 1 else "") if n else "")]
    parts += [Text(strip_controls(line)) for line in told["said"]]
    for span in shown:
        parts += [Text(), _render_span(span, colour=colour)]
    if len(shown) < n:
        parts += [Text(), Text(f"and {n - len(shown):,} more; --limit 0 shows all", style="dim")]
    return Group(*parts)


def _render_entry(told: dict[str, Any], *, colour: bool) -> RenderableType:
    """Return one entry: its sentence with the entry marked, its parts, what is said, the examples of its rule."""
    head = f"{told['statement']}, characters {told['start']:,} to {told['end']:,}: {told['type']}  {summarize_entry(told)}"
    quote = readable(told["quote"])
    sentence = Text(readable(told["before"])).append(quote if colour else f"[{quote}]", style="bold underline" if colour else None).append(readable(told["after"]))
    parts: list[RenderableType] = [Text(strip_controls(head), style="bold"), Indented(_cut(sentence)), Text()]
    for part in told["shown_parts"]:
        meaning = f"  ({part['meaning']})" if part["meaning"] else ""
        parts.append(Text.assemble(f"  {strip_controls(part['role'])}: ", (readable(part["text"]), "bold"), (strip_controls(meaning), "dim")))
    for link in told["shown_links"]:
        other = f"{link['type']} '{readable(link['quote'])}'" if link["type"] else "an entry that is left out"
        parts.append(Text(f"  {strip_controls(link['role'])} -> {strip_controls(other)} ({link['entry']})"))
    parts += [Text(), *(Text("- ").append(strip_controls(line)) for line in told["said"])]
    if told["examples"]:
        parts += [Text(), Text(f"What rule {told['rule']} finds:", style="dim")]
        for example in told["examples"]:
            before, _, after = example["text"].partition(example["quote"])
            parts.append(Text("  ").append(before).append(example["quote"] if colour else f"[{example['quote']}]", style="bold underline" if colour else None).append(after))
    if told["leaves"]:
        parts += [Text(), Text("What it leaves alone:", style="dim"), *(Text(f"  {text}") for text in told["leaves"])]
    return Group(*parts)


def _render_span(told: dict[str, Any], *, colour: bool) -> RenderableType:
    """Return one span: the two passages, what is said, the first changes."""
    common = ", marked as common" if told["families"] and all(family["common"] for family in told["families"]) else ""
    parts: list[RenderableType] = [Text.assemble((f"Span {told['span']:,}", "bold"), f"  {told['kind']}, {told['sure']}{common}")]
    texts = {side: readable(told[side]["text"]) for side in ("a", "b")}
    # Where hardly anything is left in order, nearly all would be a change.
    reordered = told["kind"] in REWORKED_KINDS and told["similarity"] < _IN_ORDER
    segments = mark_common(texts["a"], texts["b"]) if reordered else compare_words(split_words(texts["a"]), split_words(texts["b"]))
    marked = mark_segments(segments, colour=colour)
    for side, body in (("a", Text(texts["a"])), ("b", marked)):
        parts += [_side_line(side, told[side]), Indented(_cut(body))]
    parts += [Text(), *(Text("- ").append(strip_controls(line)) for line in told["said"])]
    changes = [] if reordered else told["changes"]
    if reordered:
        parts += [Text(), Text("Marked: the words that both have, whatever their order.", style="dim")]
    if changes:
        parts += [Text(), Text("Changes:" if len(changes) <= _MAX_CHANGES else f"The first {_MAX_CHANGES} of {len(changes):,} changes:", style="dim")]
    parts += [Text("  ").append(_describe_change(change)) for change in changes[:_MAX_CHANGES]]
    if len(changes) > _MAX_CHANGES:
        parts.append(Text("  --json gives all", style="dim"))
    return Group(*parts)


def _side_line(side: str, row: dict[str, Any]) -> Text:
    """Return the line over one side: who, when, where."""
    basis = f" ({row['date_basis']})" if row["date_basis"] else ""
    details = [strip_controls(row["series"] or ""), strip_controls(row["date"] or "undated") + basis, f"characters {row['start']:,} to {row['end']:,}"]
    return Text.assemble(f"  {side} ", (strip_controls(row["siglum"]), "bold"), ("  " + " · ".join(filter(None, details)), "dim"))


def _describe_change(change: dict[str, Any]) -> str:
    """Return a change on one line, with its places."""
    a, b = (one_line(change[side], _MAX_WORDING) for side in ("a", "b"))
    if change["kind"] == "replaced":
        return f"“{a}” in a, “{b}” in b (characters {change['start_a']:,} and {change['start_b']:,})"
    side = "a" if change["kind"] == "only_a" else "b"
    return f"only in {side}: “{a or b}” (characters {change[f'start_{side}']:,} to {change[f'end_{side}']:,})"


def _cut(text: Text) -> Text:
    """Return at most the first `_MAX_TEXT` characters of a text."""
    if len(text) <= _MAX_TEXT:
        return text
    return text[:_MAX_TEXT].append(f" ... ({len(text) - _MAX_TEXT:,} more characters; --json gives all)", style="dim")
