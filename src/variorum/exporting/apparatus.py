"""A collation in the terminal: the base's reading in brackets among its neighbours, and under it what the others have there."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from variorum.exporting.contexts import cut_middle, strip_controls
from variorum.exporting.terminal import MAX_NAME, clean

Rows = list[dict[str, Any]]

_MAX_SIGLA = 8
_MAX_LETTERS = 240
_MAX_WRAPPERS, _MAX_WRAPPER = 10, 100


def render_apparatus(collation: dict[str, Any], contexts: dict[int, tuple[str, str]], *, colour: bool) -> RenderableType:
    """Return the loci at which the members of a collation differ.

    Args:
        collation: as `Collation.to_dict` gives it.
        contexts: by locus: the words of the base before and after it.
        colour: whether the base's reading may be told by colour.
    """
    members = collation["members"]
    loci = collation["loci"]
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", min_width=5)
    grid.add_column()
    for row in loci:
        grid.add_row(Text(f"{row['locus']:,}"), _locus_line(row, contexts.get(row["locus"], ("", "")), colour=colour))
        for reading in row["readings"][1:]:
            grid.add_row("", _variant_line(reading))
        if row["missing"]:
            grid.add_row("", Text(f"  not covered by {_name(row['missing'])}", style="dim"))
    parts: list[RenderableType] = [_head(collation), Text(), grid] if loci else [_head(collation)]
    if collation["n_varied"] > len(loci):
        parts += [Text(), Text(f"and {collation['n_varied'] - len(loci):,} more loci; --limit 0 shows all", style="dim")]
    parts += _wrapper_lines(collation["wrappers"])
    parts += _block_lines(collation, {m["member"]: m["siglum"] for m in members})
    return Group(*parts)


def render_three_way(rows: Rows, base: str, a: str, b: str) -> RenderableType:
    """Return who changed what: rows as `Collation.three_way` gives them."""
    if not rows:
        return clean(f"Neither {a} nor {b} differs from {base} in wording.")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", expand=True)
    table.add_column("locus", justify="right", no_wrap=True)
    table.add_column("changed by", no_wrap=True)
    for name in (base, a, b):
        table.add_column(clean(name), ratio=1)
    said = {"a": a, "b": b}
    for row in rows:
        who = said.get(row["changed"], row["changed"])
        table.add_row(f"{row['locus']:,}", clean(cut_middle(str(who), MAX_NAME)), *(_cell(row[side]) for side in ("base", "a", "b")))
    return table


def _head(collation: dict[str, Any]) -> Text:
    """Return what is said before the loci."""
    members, n = collation["members"], collation["n_varied"]
    related = [m for m in members if m["related"]]
    dates = {m["siglum"]: m["date"] for m in members}
    base = collation["base"]
    date = f" ({dates[base]})" if dates[base] else ""
    head = Text.assemble("Base: ", (strip_controls(base), "bold"), strip_controls(f"{date}; {len(related):,} members"))
    copies = sum(m["copy_of"] != m["member"] for m in related)
    if copies:
        head.append(f", {copies:,} of them word for word like another")
    head.append("; " + ("no differences in wording" if not n else f"they differ at {n:,} {'locus' if n == 1 else 'loci'}"))
    for m in members:
        if not m["related"]:
            head.append(f"\nNot collated: {strip_controls(m['siglum'])} shares too little with the others (similarity {m['similarity']:.2f})", style="bold")
        elif not m["n_tokens"]:
            head.append(f"\n{strip_controls(m['siglum'])} has no words", style="dim")
    return head


def _locus_line(row: dict[str, Any], context: tuple[str, str], *, colour: bool) -> Text:
    """Return the line of a locus: the base's reading among the words around it."""
    base = row["readings"][0] if row["readings"] else None
    line = Text(f"… {context[0]} " if context[0] else "", style="dim").append("[", style="not dim bold")
    if base is None or base["omitted"]:
        line.append("‸", style="not dim bold")
    else:
        line.append(_short(base["text"]), style="not dim bold yellow" if colour else "not dim bold")
    line.append("]", style="not dim bold").append(f" {context[1]} …" if context[1] else "", style="dim")
    return line.append("  (moved in some)" if row["moved"] else "", style="dim")


def _variant_line(reading: dict[str, Any]) -> Text:
    """Return the line of a variant, with the sigla that have it."""
    text = Text("omitted", style="italic") if reading["omitted"] else Text(_short(reading["text"]))
    return Text("  ").append_text(text).append(f"  {_name(reading['members'])}", style="dim")


def _wrapper_lines(wrappers: Rows) -> list[RenderableType]:
    """Return a line for what stands before and after each member's carried text."""
    outside = [row for row in wrappers if row["part"] != "inside"]
    if not outside:
        return []
    lines: list[RenderableType] = [Text(), Text("Before and after the carried text:", style="bold")]
    for row in outside[:_MAX_WRAPPERS]:
        line = " ".join(strip_controls(row["text"]).split())
        text = line if len(line) <= _MAX_WRAPPER else f"{line[:_MAX_WRAPPER]} …" if row["part"] == "after" else f"… {line[-_MAX_WRAPPER:]}"
        lines.append(Text("  ").append(f"{strip_controls(row['siglum'])}, {row['part']}, {row['n_tokens']:,} words and marks: ", style="dim").append(text))
    if len(outside) > _MAX_WRAPPERS:
        lines.append(Text(f"  and {len(outside) - _MAX_WRAPPERS:,} more; --json gives all", style="dim"))
    return lines


def _block_lines(collation: dict[str, Any], sigla: dict[int, str]) -> list[RenderableType]:
    """Return a line for each move: who has which stretch in another place."""
    moves: dict[int, Rows] = {}
    for block in collation["blocks"]:
        moves.setdefault(block["move"], []).append(block)
    if not moves:
        return []
    lines: list[RenderableType] = [Text(), Text(f"Moved ({len(moves):,}):", style="bold")]
    for blocks in moves.values():
        first = blocks[0]
        home = f"locus {first['first_locus']}" if first["first_locus"] == first["last_locus"] else f"loci {first['first_locus']} to {first['last_locus']}"
        place = "stands at the beginning" if first["before_locus"] is None else f"stands after locus {first['before_locus']}"
        lines.append(clean(f"  {home}, {first['n_tokens']:,} words and marks, {place} in {_name([sigla[b['member']] for b in blocks])}"))
    return lines


def _name(sigla: list[str]) -> str:
    """Return sigla in a row, the first few where they are many."""
    more = f" and {len(sigla) - _MAX_SIGLA:,} more" if len(sigla) > _MAX_SIGLA else ""
    return strip_controls(", ".join(sigla[:_MAX_SIGLA])) + more


def _cell(text: str | None) -> Text:
    """Return one side of a three-way view."""
    return Text("not covered", style="dim") if text is None else Text(_short(text)) if text else Text("omitted", style="italic")


def _short(text: str) -> str:
    """Return a reading on one line, its middle left out where it is long."""
    line = " ".join(strip_controls(text).split())
    half = _MAX_LETTERS // 2
    return line if len(line) <= _MAX_LETTERS else f"{line[:half]} … {line[-half:]}"
