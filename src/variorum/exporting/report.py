"""The report: one HTML file that works offline, from an e-mail, without script and in print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from variorum import __version__
from variorum.config import ReportConfig
from variorum.exporting.blocks import Shown, encode_block, encode_json, json_element, show_members
from variorum.exporting.charts import draw_dates, draw_similarity
from variorum.exporting.contexts import one_line, strip_controls
from variorum.exporting.drawings import Drawing
from variorum.exporting.files import replace_file
from variorum.exporting.lineage_parts import Trace, draw_lineages
from variorum.exporting.meanings import MARK_KINDS, Reader
from variorum.exporting.members import (
    WITNESS_COLUMNS,
    Families,
    Folder,
    Labels,
    Member,
    batch_by_size,
    describe_earliest,
    find_reference,
    read_families,
    show_day,
)
from variorum.exporting.orders import LINK_HEADER, PUBLISHER_HEADER, Order, OrderPublishers, list_links, list_publishers
from variorum.exporting.webpages import render_page
from variorum.narrowing import NarrowFolder

N_WHOLE = 20
"""Families that stand in the page as plain HTML, so that it reads without script."""

_MAX_WHOLE_MEMBERS = 12  # of each of them
_MAX_WHOLE_SIZE = 40_000  # characters of each of them, beyond the first two members
_MAX_MEMBERS = 1000  # members of one family whose texts go into the file
_MAX_COPIES = 100  # exact copies of one member that are named
_LIST_SHARE = 0.35  # part of the file that the list of families may take
_BLOCK_SHARE = 0.25  # part of the file that one family may take
_LINEAGE_SHARE = 0.1  # part of the file that drawings of lineages may take
_MAX_ORDERED = 15  # publishers and pairs of them in the page
_BATCH_CHARACTERS = 8_000_000  # texts in memory at once
_MAX_PROBLEMS = 500  # files named in the page


def write_report(folder: Folder, path: Path, config: ReportConfig, trace: Trace | None = None, order: OrderPublishers | None = None) -> dict[str, int]:
    """Write the report of a corpus to `path` and return its counters.

    Families come in order of rank. When the file would grow beyond `config.max_mb`, the texts of those of least
    substance are left out (they stay in the list), and beyond a third of it the last of the list as well; the
    page says how many, and the command that shows them. `trace` finds the lineages that are drawn for the first
    families, and `order` the order of publishers; there are none where it is None. Counters: ``n_families``, ``n_listed``, ``n_with_texts``, ``n_lineages``,
    ``n_bytes``.

    Raises:
        StorageError: `path` cannot be written, or the disk is full.
    """
    families = read_families(folder)
    labels = Labels(folder.read_table("witnesses", columns=WITNESS_COLUMNS))
    budget = int(config.max_mb * 1_000_000)
    listing = _list_families(families, labels, int(budget * _LIST_SHARE))
    page = {**_describe_page(folder, families, labels, config), "order": _describe_order(order(folder)) if order else None}
    data = {**listing.data, "links": _list_links(folder, listing), "corpus": _corpus_name(folder), "version": __version__, "kinds": MARK_KINDS}
    spent = len(encode_json(data).encode()) + 300_000  # the page's own parts and the first families as HTML
    drawn = _draw_lineages(folder, families, listing, labels, config, trace)
    spent += sum(drawing.size for drawing in drawn.values())
    blocks: list[Markup] = []
    whole: list[dict[str, Any]] = []
    reader = Reader()
    for number, shown, reference in _show_families(folder, listing, families, labels, config.context):
        if number < N_WHOLE:
            row = {**families.rows[number], "n_members": listing.data["families"][number][-1]}
            whole.append({**_describe_whole(row, listing.members[number], shown, reference, labels), "lineage": drawn.pop(number, None)})
            spent += sum(part["size"] for part in whole[-1]["members"])
        told = reader.read([s.window.passage for s in shown], [None if s.kind else s.segments for s in shown], reference) if not reader.is_done else None
        block = encode_block(shown, reference, told)
        size = len(block.encode()) + 70
        if size > budget * _BLOCK_SHARE or spent + size > budget:
            if spent > 0.98 * budget:
                break
            continue
        spent += size
        blocks.append(json_element(f"f-{number}", block))
    n_texts, n_lineages = len(blocks), len(drawn) + sum(family["lineage"] is not None for family in whole)
    page.update(n_listed=len(listing.members), n_texts=n_texts, whole=whole, lineages=drawn, data=json_element("data", encode_json({**data, "n_named": reader.n_read if reader.is_done else len(listing.members)})), blocks=Markup("").join(blocks))
    with replace_file(path) as file:
        file.writelines(render_page("report.html", ["changes.js", "report.js"], page))
    return {"n_families": len(families), "n_listed": len(listing.members), "n_with_texts": n_texts, "n_lineages": n_lineages, "n_bytes": path.stat().st_size}


@dataclass(frozen=True, slots=True)
class _Listing:
    """The families of the list: their members, and the page's data without texts."""

    members: list[list[Member]]
    data: dict[str, Any]


class _Numbers:
    """Gives each different value the next number; None is -1."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._known: dict[str, int] = {}

    def of(self, value: str | None) -> int:
        """Return the number of `value`."""
        if value is None:
            return -1
        if value not in self._known:
            self._known[value] = len(self.values)
            self.values.append(strip_controls(value))
        return self._known[value]


def _list_families(families: Families, labels: Labels, budget: int) -> _Listing:
    """Return the families that fit into `budget` bytes of list, with their members and every witness among them once."""
    series, sources, marks, witnesses = _Numbers(), _Numbers(), _Numbers(), _Numbers()
    rows, members, listed = [], [], []

    def number_of(witness: int) -> int:
        known = len(witnesses.values)
        number = witnesses.of(str(witness))
        if number == known:
            title = one_line(labels.title[witness] or "", 120)
            place = [labels.siglum[witness], series.of(labels.series[witness]), labels.date[witness] or "", labels.basis[witness] or ""]
            listed.append([*place, title, sources.of(labels.source[witness]), labels.place[witness] or "", int(labels.length[witness])])
        return number

    spent = 0
    for number, row in enumerate(families.rows):
        found = families.members(number)
        kept = found[:_MAX_MEMBERS]
        known = len(listed)
        flat = [[number_of(m.witness), m.start, m.end, *_number_copies(m, number_of)] for m in kept]
        item = [*_describe_row(row, labels, marks), number_of(row["earliest"]) if row["earliest"] is not None else -1, flat, len(found)]
        spent += len(encode_json([item, listed[known:]]).encode())
        if spent > budget and rows:
            break
        rows.append(item)
        members.append(kept)
    data = {"families": rows, "witnesses": listed, "series": series.values, "sources": sources.values, "marks": marks.values}
    return _Listing(members, data)


def _number_copies(member: Member, number_of: Any) -> list[Any]:
    """Return nothing for a member without exact copies, else the first of them and how many there are."""
    if not member.copies:
        return []
    return [[number_of(copy) for copy in member.copies[:_MAX_COPIES]], len(member.copies)]


def _describe_row(row: dict[str, Any], labels: Labels, marks: _Numbers) -> list[Any]:
    """Return what the list says of a family, up to its members (the script's `F` names the places)."""
    siglum = labels.siglum[row["earliest"]] if row["earliest"] is not None else None
    return [
        row["family"],
        row["n_passages"],
        row["n_witnesses"],
        row["n_series"],
        show_day(row["first_at"]),
        show_day(row["last_at"]),
        -1 if row["n_days"] is None else row["n_days"],
        row["n_letters"],
        round(row["similarity"], 3),
        [marks.of(text) for text in (row["label"], *row["reasons"]) if text] if row["common"] else 0,
        int(row["split"]),
        one_line(row["excerpt"], 160),
        "" if siglum is not None else describe_earliest(row, None),
    ]


def _draw_lineages(folder: Folder, families: Families, listing: _Listing, labels: Labels, config: ReportConfig, trace: Trace | None) -> dict[int, Drawing]:
    """Return the drawings of lineages by the family's number: of listed families, and in a tenth of the file at most."""
    left = int(config.max_mb * 1_000_000 * _LINEAGE_SHARE)
    drawn: dict[int, Drawing] = {}
    for number, drawing in draw_lineages(folder, families, labels, config.max_lineages, trace) if trace else ():
        if number < len(listing.members) and drawing.size <= left:
            drawn[number] = drawing
            left -= drawing.size
    return drawn


def _describe_order(order: Order | None) -> dict[str, Any] | None:
    """Return what the template needs to show the order of publishers."""
    if order is None:
        return None
    publishers, links = list_publishers(order.publishers[:_MAX_ORDERED]), list_links(order.links[:_MAX_ORDERED])
    tables = [("Publishers, the earliest first", PUBLISHER_HEADER, publishers, 1, len(order.publishers)), ("Pairs, those whose order chance gives least first", LINK_HEADER, links, 2, len(order.links))]
    return {"summary": order.summary, "tables": [table for table in tables if table[2]]}


def _list_links(folder: Folder, listing: _Listing) -> list[list[int]]:
    """Return the links between listed families as [family, other, 0 contains or 1 overlaps, witnesses]."""
    numbers = {row[0]: number for number, row in enumerate(listing.data["families"])}
    links = folder.read_table("family_links").to_pylist()
    return [
        [numbers[link["family"]], numbers[link["other"]], int(link["relation"] == "overlaps"), link["n_witnesses"]]
        for link in links
        if link["family"] in numbers and link["other"] in numbers
    ]


def _show_families(folder: Folder, listing: _Listing, families: Families, labels: Labels, context: int) -> Iterator[tuple[int, list[Shown], int]]:
    """Yield (number, its members as shown, reference) for the listed families, reading the texts in batches."""
    sizes = [int(labels.length[[m.witness for m in members]].sum()) for members in listing.members]
    for first, last in batch_by_size(sizes, _BATCH_CHARACTERS):
        texts = folder.read_texts(sorted({m.witness for members in listing.members[first:last] for m in members}))
        for number in range(first, last):
            members = listing.members[number]
            reference = find_reference(families.rows[number], members)
            yield number, show_members(members, reference, texts, context), reference


def _describe_whole(row: dict[str, Any], members: list[Member], shown: list[Shown], reference: int, labels: Labels) -> dict[str, Any]:
    """Return what the template needs to write a family as plain HTML."""
    earliest = row["earliest"]
    sizes = np.cumsum([_size_of(item) for item in shown[:_MAX_WHOLE_MEMBERS]])
    n_whole = max(2, int(np.searchsorted(sizes, _MAX_WHOLE_SIZE)))
    parts = [
        {
            "size": _size_of(item),
            "siglum": labels.siglum[member.witness],
            "series": labels.series[member.witness],
            "date": labels.date[member.witness],
            "basis": labels.basis[member.witness],
            "title": one_line(labels.title[member.witness] or "", 160),
            "start": member.start,
            "end": member.end,
            "source": labels.source[member.witness],
            "place": labels.place[member.witness],
            "copies": [labels.siglum[copy] for copy in member.copies[:_MAX_COPIES]],
            "n_copies": len(member.copies),
            "kind": member.tie,
            "earliest": earliest is not None and (earliest == member.witness or earliest in member.copies),
            "shown": item,
        }
        for member, item in zip(members[: min(n_whole, _MAX_WHOLE_MEMBERS)], shown, strict=False)
    ]
    siglum = labels.siglum[earliest] if earliest is not None else None
    reference_siglum = labels.siglum[members[reference].witness]
    days = {"first": show_day(row["first_at"]), "last": show_day(row["last_at"])}
    words = {"earliest_words": describe_earliest(row, siglum), "reference": reference_siglum, "n_left_out": row["n_members"] - len(parts)}
    return {**row, **days, **words, "members": parts, "has_reworked": any(s.kind for s in shown), "is_earliest_reference": siglum is not None}


def _size_of(shown: Shown) -> int:
    """Return about how many characters of HTML a member takes."""
    return 700 + len(shown.window.before) + len(shown.window.after) + sum(len(s.a) + len(s.b) + 30 for s in shown.segments)


def _corpus_name(folder: Folder) -> str:
    """Return the corpus's folder name, never its whole path: the file is sent to others."""
    path = getattr(folder, "path", None)
    return path.name if path is not None else folder.name


def _describe_page(folder: Folder, families: Families, labels: Labels, config: ReportConfig) -> dict[str, Any]:
    """Return what the template needs besides the families."""
    sources = folder.read_table("sources", columns=["state", "n_witnesses"])
    failures = folder.read_table("failures").to_pylist()
    rows = families.rows
    dated = [(row["first_at"], row["common"]) for row in rows if row["first_at"] is not None]
    similarities = folder.read_table("spans", columns=["similarity"])["similarity"].to_numpy()
    passages = folder.read_table("passages", columns=["family", "witness"])
    kept = pa.array([row["family"] for row in rows if not row["common"]], pa.string())
    with_family = passages["witness"].unique()
    is_kept = pc.call_function("is_in", [passages["family"]], pc.SetLookupOptions(kept))
    unmarked = passages.filter(is_kept)["witness"].unique()
    states = sources["state"].to_pylist()
    return {
        "title": config.title or folder.name,
        "corpus": _corpus_name(folder),
        "version": __version__,
        "max_mb": f"{config.max_mb:g}",
        "narrowed": folder.thresholds.tell() if isinstance(folder, NarrowFolder) else "",
        "n_sources": len(states),
        "n_unread": sum(state in ("failed", "partly") for state in states),
        "n_witnesses": labels.n_witnesses,
        "n_undated": labels.n_undated,
        "n_families": len(rows),
        "n_common": sum(row["common"] for row in rows),
        "n_with_family": len(with_family),
        "n_with_unmarked": len(unmarked),
        "n_spans": len(similarities),
        "failed": [f for f in failures if f["severity"] == "failed"][:_MAX_PROBLEMS],
        "notes": [f for f in failures if f["severity"] != "failed"][:_MAX_PROBLEMS],
        "n_failed": sum(f["severity"] == "failed" for f in failures),
        "n_notes": sum(f["severity"] != "failed" for f in failures),
        "similarity_chart": draw_similarity(similarities) if len(similarities) else None,
        "date_chart": draw_dates([d for d, _ in dated], [c for _, c in dated]) if dated else None,
        "run": _describe_run(folder),
    }


def _describe_run(folder: Folder) -> dict[str, Any]:
    """Return the run card: stages with their times, settings, versions."""
    stages = folder.read_table("provenance").to_pylist()
    last = stages[-1] if stages else {"config": "{}", "versions": "{}", "started_at": None}
    first_at = stages[0]["started_at"] if stages else None
    return {
        "stages": stages,
        "started_at": "" if first_at is None else first_at.isoformat(sep=" ", timespec="minutes").replace("+00:00", " UTC"),
        "seconds": sum(stage["seconds"] for stage in stages),
        "cpu_seconds": sum(stage["cpu_seconds"] for stage in stages),
        "settings": _flatten(json.loads(last["config"])),
        "versions": sorted(json.loads(last["versions"]).items()),
        "input_hash": stages[0]["input_hash"] if stages else "",
    }


def _flatten(settings: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return settings as (dotted name, value in words), in order."""
    flat: list[tuple[str, str]] = []
    for name, value in settings.items():
        flat += _flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, "none" if value is None else str(value))]
    return flat
