"""What the commands show, as rich renderables. Text of statements enters as `Text`, so no markup in it is obeyed, and
without control characters, so that no statement can steer the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from variorum.exporting.commons import mark_common
from variorum.exporting.contexts import is_hard_wrapped, join_lines, one_line, strip_controls
from variorum.exporting.differences import COMMON, ONLY_A, ONLY_B, Segment, compare_words, split_words
from variorum.exporting.members import ROW, Member, describe_earliest, find_reference, fold_copies, show_day

Rows = Sequence[dict[str, Any]]

_LONGEST_QUOTE = 100
"""Characters of the longest quote that a line of the ledger shows whole."""
MAX_NAME = 32
"""Characters of the longest siglum that a column shows whole; what follows it would have no room."""
_MAX_MEMBERS = 50  # members of one family whose passages are shown
_MAX_COPIES = 5  # exact copies that are named
_MAX_ROWS = 20  # failures and notes listed one by one


class FamiliesTable:
    """The table of families; a narrow terminal gets fewer figures, so that the passages can be read."""

    def __init__(self, families: Rows) -> None:
        """Take rows of FAMILIES."""
        self.families = families

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        """Yield the table for the console's width."""
        left_out = {"days", "letters", "similarity"} if options.max_width < 100 else set()
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", expand=True)
        rows = [_family_figures(row) for row in self.families]
        for name in ("rank", "witnesses", "series", "first", "days", "letters", "similarity", "family"):
            if name not in left_out:
                # Without a least width, rich takes room from the figures for a long passage.
                least = max(len(name), *(len(row[name]) for row in rows)) if rows else len(name)
                table.add_column(name, justify="left" if name == "family" else "right", no_wrap=True, min_width=least)
        table.add_column("passage", ratio=1, overflow="ellipsis", no_wrap=True)
        for row, figures in zip(self.families, rows, strict=True):
            excerpt = Text(f"[{row['label']}] ", style="dim") if row["common"] else Text()
            excerpt.append(one_line(row["excerpt"], 200))
            table.add_row(*(Text(text) for name, text in figures.items() if name not in left_out), excerpt)
        yield table


def _family_figures(row: dict[str, Any]) -> dict[str, str]:
    """Return what the table says of a family before its passage, by column."""
    return {
        "rank": f"{row['rank']:,}",
        "witnesses": f"{row['n_witnesses']:,}",
        "series": f"{row['n_series']:,}",
        "first": show_day(row["first_at"]) or "undated",
        "days": "" if row["n_days"] is None else f"{row['n_days']:,}",
        "letters": f"{row['n_letters']:,}",
        "similarity": f"{row['similarity']:.2f}",
        "family": strip_controls(row["family"]),
    }


class Indented:
    """A text four columns in, wrapped, without the spaces to the right margin that rich's own padding writes."""

    def __init__(self, text: Text) -> None:
        """Take the text."""
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines."""
        for line in self.text.wrap(console, max(20, options.max_width - 4)):
            line.rstrip()
            yield Text("    ").append_text(line) if line else Text()


def clean(value: object) -> Text:
    """Return a value as text that neither markup nor control characters in it can turn into anything else."""
    return Text(strip_controls(str(value)))


def render_families(families: Rows, corpus: str, n_marked_hidden: int = 0, n_more: int = 0, *, n_below: int = 0) -> RenderableType:
    """Return the table of families (rows of FAMILIES, perhaps with `earliest_siglum`), and lines on what it leaves out."""
    if not families and not n_marked_hidden and not n_more:
        return Text(f"All {n_below:,} families lie below the thresholds." if n_below else "No two statements share a passage.")
    lines: list[RenderableType] = [FamiliesTable(families)]
    if n_more:
        lines.append(Text(f"and {n_more:,} more; --limit 0 shows all", style="dim"))
    if n_marked_hidden:
        lines.append(Text(f"{n_marked_hidden:,} marked as common are not listed; --all lists them too", style="dim"))
    if n_below:
        lines.append(Text(f"{n_below:,} lie below the thresholds", style="dim"))
    lines.append(Text.assemble(("One of them: variorum show ", "dim"), Text(strip_controls(corpus), style="dim"), (" RANK", "dim")))
    return Group(*lines)


def render_family(family: dict[str, Any], *, colour: bool) -> RenderableType:
    """Return a family: a FAMILIES row with `members` (PASSAGES rows with siglum, series, date, date_basis, text) and `links`.

    Differences to the earliest copy held (or, where that cannot be told, to the medoid) are coloured where
    `colour`, and written as [-only there-]{+only here+} where not.
    """
    rows = {(row["witness"], row["start"]): row for row in family["members"]}
    members = fold_copies(tuple(r[name] for name in ROW) for r in family["members"])
    sigla = {row["witness"]: row["siglum"] for row in family["members"]}
    reference = members[find_reference(family, members)]
    parts = [_head_family(family, sigla), *_link_lines(family), Text()]
    told = family["earliest"] is not None
    kind = "the earliest copy held" if told else "the member that shares most with the others"
    parts.append(Text(f"Differences are to {kind}, {strip_controls(sigla[reference.witness])}; case, space and punctuation are not marked.", style="dim"))
    if any(row["tie"] for row in family["members"]):
        parts.append(Text("Of a reworked or summarised passage the words that both have are marked instead, whatever their order.", style="dim"))
    first = rows[reference.witness, reference.start]
    against = split_words(readable(first["text"]))
    for number, member in enumerate(members[:_MAX_MEMBERS], 1):
        row = rows[member.witness, member.start]
        body = Text(against.text)
        if member is not reference and (member.tie or first["tie"]):
            body = mark_segments(mark_common(against.text, readable(row["text"])), colour=colour)
        elif member is not reference:
            body = mark_segments(compare_words(against, split_words(readable(row["text"]))), colour=colour)
        earliest = told and (family["earliest"] == member.witness or family["earliest"] in member.copies)
        parts += [Text(), _member_line(number, row, earliest=earliest), *_copies_line(member, sigla), Indented(body)]
    if len(members) > _MAX_MEMBERS:
        parts += [Text(), Text(f"and {len(members) - _MAX_MEMBERS:,} more members; --json gives all", style="dim")]
    if lines := _explain_line(family, "SPAN"):
        parts += [Text(), *lines]
    return Group(*parts)


def render_entries(statement: str, entries: Rows) -> RenderableType:
    """Return the ledger of one statement: place, type, what is said and the words themselves, one entry a line."""
    parts: list[RenderableType] = [Text(strip_controls(statement), style="bold")]
    for row in entries:
        quote = " ".join(row["quote"].split())
        shown = quote if len(quote) <= _LONGEST_QUOTE else f"{quote[: _LONGEST_QUOTE - 1]}…"
        line = Text.assemble((f"{row['entry']} {row['start']:>8,}  ", "dim"), (f"{row['type']:<12}", "cyan"), f"{one_line(summarize_entry(row), _LONGEST_QUOTE):<40}  ", clean(shown))
        if row["voice"] != "own":
            line.append(f"  [{row['voice']}]", style="dim")
        if row["grade"] == "C":
            line.append("  [doubtful]", style="dim")
        if row["plugin"] is not None:
            line.append(f"  [plug-in {strip_controls(row['plugin'])}]", style="dim")
        parts.append(line)
    return Group(*parts)


def summarize_entry(row: dict[str, Any]) -> str:
    """Return in a few words what an entry says: the fields of its type that are filled, in their order."""
    if row["type"] == "figure":
        number = "" if row["value"] is None and row["low"] is None else f"{row['value']:,.12g}" if row["value"] is not None else _interval(row)
        sign = "" if row["comparator"] in ("=", "..") else f"{row['comparator']} "
        unit = f" {row['unit']}" if row["unit"] else ""
        per = f" / {row['per']}" if row["per"] else ""
        counted = row["counted"] or (f"of {row['share_of']}" if row["share_of"] else "")
        return f"{sign}{number}{unit}{per} {readable(counted)}".strip()
    if row["type"] == "unread":
        return str(row["why"][0])
    own = _SAID.get(row["type"]) or list(row)[list(row).index("plugin") + 1 :]
    filled = [name for name in own if row[name] not in (None, "", [], False)]
    denied = ["not"] if row["negated"] else []
    return ", ".join([*denied, *(f"{name} {', '.join(row[name]) if isinstance(row[name], list) else row[name]}" for name in filled[:4])])


_SAID = {
    "demand": ("kind", "claimant", "addressee", "deadline", "condition"),
    "stance": ("kind", "holder", "target", "reason"),
    "action": ("kind", "actor", "date", "object"),
    "endorsement": ("kind", "agents", "count", "object"),
}
"""Of types with many fields those that say most: who, to whom, by when. What is done stands in the quote beside it."""


def _interval(row: dict[str, Any]) -> str:
    """Return the bounds of an interval or of a vague amount."""
    low = "" if row["low"] is None else f"{row['low']:,.12g}"
    return low if row["high"] is None else f"{low} .. {row['high']:,.12g}"


def render_passage(passage: dict[str, Any]) -> RenderableType:
    """Return a passage: a PASSAGES row with siglum, series, date, date_basis, text, and its `families` (FAMILIES rows)."""
    parts: list[RenderableType] = [_member_line(None, passage, earliest=False), Indented(Text(readable(passage["text"]))), Text()]
    for row in passage["families"]:
        line = Text.assemble(("In family ", ""), (str(row["rank"]), "bold"), " (", clean(row["family"]), f"): {row['n_witnesses']:,} witnesses, {row['n_series']:,} series")
        if row["common"]:
            line.append(f"; marked as common: {row['label']}")
        parts.append(line)
    return Group(*parts, *_explain_line(passage, passage["passage"]))


def _explain_line(found: dict[str, Any], item: str) -> list[RenderableType]:
    """Return a line on how to ask why something was kept, where the corpus is known."""
    return [Text(f"Why, and how sure: variorum explain {item} --in {strip_controls(found['corpus'])}", style="dim")] if "corpus" in found else []


def render_finds(label: str, text: str, finds: Rows, limit: int = 20) -> RenderableType:
    """Return what of `text` is in the corpus: a line a find (columns of `Corpus.find`), and the stretch it is about; 0: all."""
    shown = finds[:limit] if limit else finds
    if not finds:
        return Text.assemble(clean(label), ": nothing of it is in the corpus.")
    n_witnesses = sum(1 + n_copies for n_copies in {row["witness"]: row.get("n_copies") or 0 for row in finds}.values())
    parts: list[RenderableType] = [Text.assemble((strip_controls(label), "bold"), f" shares text with {n_witnesses:,} {_word(n_witnesses, 'witness', 'witnesses')} of the corpus:")]
    for row in shown:
        date = strip_controls(row.get("date") or "undated")
        where = Text.assemble("  ", (strip_controls(row["siglum"]), "bold"), f", {date}", f", characters {row['start_b']:,} to {row['end_b']:,}")
        if row.get("series"):
            where.append(f", {strip_controls(row['series'])}")
        if row.get("n_copies"):
            earliest = f"{strip_controls(row['earliest_copy'])}, {strip_controls(row['earliest_date'] or 'undated')}"
            where.append(f"; and {row['n_copies']:,} exact {_word(row['n_copies'], 'copy', 'copies')}, the earliest of them all: {earliest}")
        where.append(f"; similarity {row['similarity']:.2f}; characters {row['start']:,} to {row['end']:,} here:", style="dim")
        parts += [where, Indented(Text(one_line(text[row["start"] : row["end"]], 240)))]
    if len(shown) < len(finds):
        parts.append(Text(f"and {len(finds) - len(shown):,} more; --limit 0 shows all", style="dim"))
    return Group(*parts)


def render_status(status: dict[str, Any]) -> RenderableType:
    """Return the state of a corpus: `corpus`, `counts`, `sources`, `failed`, `notes`, `stages`, `complete`, `report`."""
    counts = status["counts"]
    read = ", ".join(f"{row['n_sources']:,} {row['state']}" for row in status["sources"]) or "none"
    marked, copies, undated = (counts.get(name, 0) for name in ("marked", "exact_copies", "undated"))
    parts: list[RenderableType] = [
        Text(strip_controls(str(status["corpus"])), style="bold"),
        Text(f"Files: {read}"),
        Text(f"Witnesses: {counts['witnesses']:,}" + (f", {undated:,} undated" if undated else "") + (f", {copies:,} exact {_word(copies, 'copy', 'copies')}" if copies else "")),
        Text(f"Spans: {counts['spans']:,}; families: {counts['families']:,}" + (f" ({marked:,} marked as common)" if marked else "") + f"; passages: {counts['passages']:,}"),
    ]
    parts += _problem_lines("Not read", status["failed"]) + _problem_lines("Notes", status["notes"])
    parts += [Text(), _stage_table(status["stages"])]
    if not status["complete"]:
        parts.append(Text("The run is not complete; give the same variorum trace command again and it goes on."))
    if status["report"]:
        parts.append(Text.assemble("Report: ", clean(status["report"])))
    return Group(*parts)


def mark_segments(segments: Iterable[Segment], *, colour: bool) -> Text:
    """Return the second text of a comparison with its differences to the first marked, or (reworked) the words it has in common with it."""
    text = Text()
    for kind, a, b in segments:
        if kind == ONLY_A:
            text.append(a if colour else f"[-{a}-]", style="red strike" if colour else None)
        elif kind == ONLY_B:
            text.append(b if colour else f"{{+{b}+}}", style="bold green underline" if colour else None)
        elif kind == COMMON:
            text.append(b if colour else f"*{b}*", style="bold underline" if colour else None)
        else:
            text.append(b)
    return text


def _head_family(family: dict[str, Any], sigla: dict[int, str]) -> Text:
    """Return what is said of a family before its members."""
    siglum = sigla.get(family["earliest"]) if family["earliest"] is not None else None
    head = Text.assemble((f"Family {family['rank']:,}", "bold"), " ", (strip_controls(family["family"]), "dim"), "\n")
    head.append(f"{family['n_passages']:,} passages in {family['n_witnesses']:,} witnesses, {family['n_series']:,} series; ")
    head.append(f"{family['n_letters']:,} letters; similarity {family['similarity']:.2f}\n")
    head.append(f"Earliest copy held: {strip_controls(describe_earliest(family, siglum))}")
    if family["n_days"] is not None:
        head.append(f"; {family['n_days']:,} {_word(family['n_days'], 'day', 'days')} to the last ({show_day(family['last_at'])})")
    if family["common"]:
        head.append(f"\nMarked as common, {family['label']}: {'; '.join(family['reasons'])}")
    return head


def _link_lines(family: dict[str, Any]) -> list[RenderableType]:
    """Return a line for each related family."""
    lines: list[RenderableType] = []
    for link in family["links"][:_MAX_ROWS]:
        inside = link["relation"] == "contains" and link["other"] == family["family"]
        relation = "Lies in" if inside else link["relation"].capitalize()
        line = Text(f"{relation} family {link['rank']:,} in {link['n_witnesses']:,} {_word(link['n_witnesses'], 'witness', 'witnesses')}: ", style="dim")
        lines.append(line.append(one_line(link["excerpt"], 80)))
    if len(family["links"]) > _MAX_ROWS:
        lines.append(Text(f"and {len(family['links']) - _MAX_ROWS:,} more related families", style="dim"))
    return lines


def _member_line(number: int | None, row: dict[str, Any], *, earliest: bool) -> Text:
    """Return the line over a passage: who, when, where."""
    line = Text(f"{number:>3} " if number else "").append(strip_controls(row["siglum"]), style="bold")
    basis = f" ({row['date_basis']})" if row["date_basis"] else ""
    details = [strip_controls(row["series"] or ""), strip_controls(row["date"] or "undated") + basis, f"characters {row['start']:,} to {row['end']:,}"]
    if row.get("span") is not None:
        details.append(f"span {row['span']} with {strip_controls(row['span_with'])}")
    line.append("  " + " · ".join(filter(None, details)), style="dim")
    if row["tie"]:
        line.append(f"  {row['tie']}", style="bold")
    return line.append("  earliest copy held", style="bold") if earliest else line


def _copies_line(member: Member, sigla: dict[int, str]) -> list[RenderableType]:
    """Return a line that names a member's exact copies, where it has some."""
    n = len(member.copies)
    if not n:
        return []
    names = ", ".join(strip_controls(sigla[witness]) for witness in member.copies[:_MAX_COPIES])
    return [Text(f"    and {n:,} exact {_word(n, 'copy', 'copies')}: {names}" + (f" and {n - _MAX_COPIES:,} more" if n > _MAX_COPIES else ""), style="dim")]


def _problem_lines(name: str, rows: Rows) -> list[RenderableType]:
    """Return failures or notes, one a line."""
    if not rows:
        return []
    lines: list[RenderableType] = [Text(), Text(f"{name} ({len(rows):,}):", style="bold")]
    for row in rows[:_MAX_ROWS]:
        where = f"{row['source']}, {row['place']}" if row["place"] else row["source"]
        lines.append(clean(f"  {where}: {row['problem']}" + (f"; {row['advice']}" if row["advice"] else "")))
    if len(rows) > _MAX_ROWS:
        lines.append(Text(f"  and {len(rows) - _MAX_ROWS:,} more; --json gives all", style="dim"))
    return lines


def _stage_table(stages: Rows) -> Table:
    """Return what each stage did and took."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("stage")
    for name in ("rows", "seconds", "processor seconds"):
        table.add_column(name, justify="right")
    for stage in stages:
        table.add_row(clean(stage["stage"]), f"{stage['n_rows']:,}", f"{stage['seconds']:.2f}", f"{stage['cpu_seconds']:.2f}")
    return table


def readable(text: str) -> str:
    """Return a passage with hard-wrapped lines joined and without control characters."""
    return strip_controls(join_lines(text, is_hard_wrapped(text)))


def _word(number: int, one: str, many: str) -> str:
    """Return the word that goes with a number."""
    return one if number == 1 else many
