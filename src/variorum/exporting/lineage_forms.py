"""The formats of a lineage by name, and its tables as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from variorum.errors import UsageError
from variorum.exporting.drawings import Drawing, draw_lineage, render_lineage_page, write_svg
from variorum.exporting.files import make_folder, replace_file
from variorum.exporting.networks import make_lineage_network, stream_network_gexf, stream_network_graphml
from variorum.exporting.newicks import stream_lineage_nexus, stream_newick
from variorum.exporting.stemmas import write_dot
from variorum.exporting.tables import plain_value, protect_cell
from variorum.exporting.ties import SideLine, list_side_lines
from variorum.schema import TABLES

Rows = Sequence[dict[str, Any]]
Tables = Mapping[str, Rows]
"""The tables of a lineage by name, as rows."""

_FORMS: dict[str, Callable[[Tables], Iterator[str]]] = {
    "dot": lambda t: iter([write_dot(t["stemma"], t["links"], _list_side(t))]),
    "newick": lambda t: stream_newick(t["stemma"], t["links"]),
    "nexus": lambda t: stream_lineage_nexus(t["stemma"], t["links"]),
    "graphml": lambda t: stream_network_graphml(make_lineage_network(t["stemma"], t["links"], _list_side(t))),
    "gexf": lambda t: stream_network_gexf(make_lineage_network(t["stemma"], t["links"], _list_side(t))),
    "svg": lambda t: iter([write_svg(draw_tables(t))]),
    "html": lambda t: iter([render_lineage_page(draw_tables(t), "Lineage")]),
    "csv": lambda t: stream_table_csv("links", name_nodes(t["links"], t["stemma"])),
}
FORMS = tuple(_FORMS)
_NODES = ("parent", "child", "source")  # columns that name a node by its number


def draw_tables(tables: Tables) -> Drawing:
    """Return the drawing of a lineage."""
    return replace(draw_lineage(tables["stemma"], tables["links"], _list_side(tables)), summary=[row["words"] for row in tables.get("summary", ())])


def _list_side(tables: Tables) -> list[SideLine]:
    """Return the lines beside those of the tree."""
    return list_side_lines(tables["second_sources"], tables["alternatives"])


def stream_lineage(tables: Tables, form: str) -> Iterator[str]:
    """Yield a lineage in a format; UsageError where there is no such format."""
    if form not in _FORMS:
        raise UsageError(f"no format '{form}'; there are {', '.join(_FORMS)}")
    return _FORMS[form](tables)


def write_lineage_csv(tables: Tables, dest: Path) -> None:
    """Write each table of a lineage to ``dest/<table>.csv``, with the labels of nodes beside their numbers; UTF-8 with a byte order mark.

    Raises:
        StorageError: `dest` cannot be written, or the disk is full.
    """
    make_folder(dest)
    for name, rows in tables.items():
        with replace_file(dest / f"{name}.csv") as file:
            file.write("\ufeff")
            file.writelines(stream_table_csv(name, name_nodes(rows, tables["stemma"])))


def name_nodes(rows: Rows, nodes: Rows) -> list[dict[str, Any]]:
    """Return rows with the label of each node that they name by number."""
    labels = [node["label"] for node in nodes]
    named = []
    for row in rows:
        full: dict[str, Any] = {}
        for key, value in row.items():
            full[key] = value
            if key in _NODES:
                full[f"{key}_label"] = None if value is None else labels[value]
        named.append(full)
    return named


def stream_table_csv(table: str, rows: Rows) -> Iterator[str]:
    """Yield rows of a table, with `name_nodes` or without, as CSV; the head stands there where there are none."""
    names = [column for name in TABLES[table].schema.names for column in ((name, f"{name}_label") if name in _NODES else (name,))]
    return stream_rows_csv(rows, names)


def stream_rows_csv(rows: Rows, head: Sequence[str] = ()) -> Iterator[str]:
    """Yield rows as CSV under a head, `head` where there are none; text that a spreadsheet would run as a formula gets an apostrophe."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    if rows or head:
        writer.writerow(rows[0] if rows else head)
    for row in rows:
        values = (plain_value(value) for value in row.values())
        writer.writerow([protect_cell(value) if isinstance(value, str) else value for value in values])
        yield held.getvalue()
        held.seek(0)
        held.truncate()
    yield held.getvalue()
