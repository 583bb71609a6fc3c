"""TEI P5, parallel segmentation (Guidelines, 13.2.3): every witness in one text, `app` where they differ; and back.

An `app` bears the number of its locus, a `rdg` that of its reading. Only characters decide here: what differs from a reading in white
space or case alone follows it as ``type="orthographic"``, numbered 3.1, 3.2 after 3, as programs that count readings expect. A witness that no `rdg` of an
`app` names does not cover that place; `witStart`, `witEnd`, `lacunaStart`, `lacunaEnd` mark where it begins and ends. A reading of a
moved block stands at its home with ``corresp="#movedN"``, and the `anchor` of that name where the witness has it. A character that XML
cannot hold is written ``<g n="U+0001"/>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import numpy as np

from variorum.collating.apparatus import Apparatus
from variorum.collating.members import Member
from variorum.errors import InputError
from variorum.exporting.grids import UNWRITABLE, Grid, escape_xml, name_plainly

_TEI = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@dataclass(frozen=True)
class Edition:
    """What a parallel segmentation holds.

    Attributes:
        texts: by siglum: the text of the witness.
        dates: by siglum: its date, None where it bears none.
        loci: for each stretch: siglum -> what it has there; who does not cover it is not in it.
    """

    texts: dict[str, str]
    dates: dict[str, str | None]
    loci: list[dict[str, str]]


def stream_tei(apparatus: Apparatus, title: str = "Collation") -> Iterator[str]:
    """Yield a TEI document piece by piece."""
    grid = Grid.of(apparatus)
    names = name_plainly([m.siglum for m in grid.members])
    names = [f"wit.{n}" for n in names]  # apart from the names of the moved blocks
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n<teiHeader>\n<fileDesc>\n<titleStmt><title>{escape_xml(title)}</title></titleStmt>\n'
    yield "<publicationStmt><p>Made by Variorum.</p></publicationStmt>\n<sourceDesc>\n<listWit>\n"
    for member, name in zip(grid.members, names, strict=True):
        yield f'<witness xml:id="{name}"><abbr type="siglum">{_write_text(member.siglum)}</abbr>{_write_date(member.date)}</witness>\n'
    yield "</listWit>\n</sourceDesc>\n</fileDesc>\n"
    yield '<encodingDesc><variantEncoding method="parallel-segmentation" location="internal"/></encodingDesc>\n</teiHeader>\n<text>\n<body>\n<p xml:space="preserve">'
    yield from _write_loci(grid, [f"#{n}" for n in names])
    yield "</p>\n</body>\n</text>\n</TEI>\n"


def _write_loci(grid: Grid, names: list[str]) -> Iterator[str]:
    """Yield the text: plain where all have the same characters in the same order, `app` elsewhere."""
    covered = grid.readings >= 0
    places = _place_blocks(grid)
    members = range(len(names))
    reach = [(int(held[0]), int(held[-1])) if (held := np.flatnonzero(covered[:, m])).size else (0, -1) for m in members]
    for locus in range(len(grid.readings) + 1):
        for block, member in places.get(locus, ()):
            yield f'<app n="moved{block}" type="moved"><rdg wit="{names[member]}"><anchor xml:id="moved{block}"/></rdg></app>'
        if locus == len(grid.readings):
            return
        groups: dict[int, dict[tuple[str, str, str, int], list[str]]] = {}
        for m in members:
            if not covered[locus, m]:
                continue
            first, last = reach[m]
            opened = "" if locus == 0 or covered[locus - 1, m] else "<witStart/>" if locus == first else "<lacunaEnd/>"
            closed = "" if locus == len(covered) - 1 or covered[locus + 1, m] else "<witEnd/>" if locus == last else "<lacunaStart/>"
            key = (grid.text(locus, m) if grid.n_tokens[locus, m] else "", opened, closed, int(grid.blocks[locus, m]))
            groups.setdefault(int(grid.readings[locus, m]), {}).setdefault(key, []).append(names[m])
        yield _write_locus(locus, groups, len(names))


def _write_locus(locus: int, groups: dict[int, dict[tuple[str, str, str, int], list[str]]], n_members: int) -> str:
    """Return a locus: its text, where all members have the same, or an `app`."""
    forms = [item for group in groups.values() for item in group.items()]
    if len(forms) == 1 and len(forms[0][1]) == n_members and not any(forms[0][0][1:]):
        return _write_text(forms[0][0][0])
    parts = [f'<app n="{locus}">']
    for reading in sorted(groups):
        for form, ((text, opened, closed, block), who) in enumerate(groups[reading].items()):
            kind = f'n="{reading}.{form}" type="orthographic"' if form else f'n="{reading}"'
            home = f' corresp="#moved{block}"' if block else ""
            parts.append(f'<rdg {kind} wit="{" ".join(who)}"{home}>{opened}{_write_text(text)}{closed}</rdg>')
    return "".join([*parts, "</app>"])


def _place_blocks(grid: Grid) -> dict[int, list[tuple[int, int]]]:
    """Return by locus the moved blocks that stand before it in their witness, and whose they are."""
    places: dict[int, list[tuple[int, int]]] = {}
    for m in range(len(grid.members)):
        following, seen = 0, 0
        for locus in grid.walk(m):
            block = int(grid.blocks[locus, m])
            if not block:
                following = locus + 1
            elif block != seen:
                places.setdefault(following, []).append((block, m))
            seen = block
    return places


def _write_text(text: str) -> str:
    """Return text as TEI holds it."""
    parts, at = [], 0
    for found in UNWRITABLE.finditer(text):
        parts += [escape_xml(text[at : found.start()]), f'<g n="U+{ord(found[0]):04X}"/>']
        at = found.end()
    return "".join([*parts, escape_xml(text[at:])])


def _write_date(date: str | None) -> str:
    """Return an EDTF date as `origDate`; TEI's attributes take plain days, months, years and intervals of them."""
    if date is None:
        return ""
    plain = [part.rstrip("~?%") for part in date.split("/")]
    days = [part if _DAY.fullmatch(part) else None for part in plain]
    if len(days) == 1:
        attributes = f' when="{days[0]}"' if days[0] else ""
    else:
        attributes = "".join(f' {name}="{day}"' for name, day in zip(("notBefore", "notAfter"), days, strict=False) if day)
    certain = ' cert="low"' if plain != date.split("/") else ""
    return f"<origDate{attributes}{certain}>{_write_text(date)}</origDate>"


def read_tei(source: Path | IO[bytes]) -> Edition | None:
    """Return what a parallel segmentation holds; None where the file is XML of another kind or none.

    Raises:
        InputError: an `app` names a witness that is not listed, or a moved block has no place.
    """
    try:
        root = ElementTree.parse(source).getroot()
    except (OSError, ElementTree.ParseError):
        return None  # the reader of statements says what is wrong
    listed = list(root.iter(f"{_TEI}witness"))
    body = root.find(f".//{_TEI}body")
    if root.tag != f"{_TEI}TEI" or not listed or body is None:
        return None
    sigla: dict[str, str] = {}
    dates: dict[str, str | None] = {}
    for witness in listed:
        name = witness.get(_ID, "")
        abbr, date = witness.find(f"{_TEI}abbr"), witness.find(f"{_TEI}origDate")
        sigla[f"#{name}"] = siglum = _read_text(abbr) if abbr is not None else name
        dates[siglum] = None if date is None else _read_text(date) or date.get("when")
    return _Reader(str(source), sigla, dates).read(body)


def read_tei_members(path: Path) -> list[Member] | None:
    """Return the witnesses of a file in TEI's parallel segmentation; None where it is no such file."""
    edition = read_tei(path)
    if edition is None:
        return None
    return [Member(siglum, text, 0, len(text), date=edition.dates[siglum]) for siglum, text in edition.texts.items()]


class _Reader:
    """Takes a text apart into its witnesses."""

    def __init__(self, source: str, sigla: dict[str, str], dates: dict[str, str | None]) -> None:
        self.source, self.sigla, self.dates = source, sigla, dates
        self.loci: list[dict[str, str]] = []
        self.ways: dict[str, list[str]] = {siglum: [] for siglum in sigla.values()}
        """By siglum: texts, and names of moved blocks (which begin with "#") in their places."""
        self.moved: dict[str, list[str]] = {}

    def read(self, body: ElementTree.Element) -> Edition:
        """Return the edition."""
        self._walk(body)
        texts: dict[str, str] = {}
        placed: set[str] = set()
        for siglum, way in self.ways.items():
            placed.update(part for part in way if part.startswith("#"))
            texts[siglum] = "".join("".join(self.moved.get(part, [])) if part.startswith("#") else part[1:] for part in way)
        if lost := sorted(set(self.moved) - placed):
            raise InputError(self.source, f"a reading belongs to {lost[0]}, and no anchor of that name says where it stands", "restore the anchor")
        return Edition(texts, self.dates, self.loci)

    def _walk(self, element: ElementTree.Element) -> None:
        """Read an element that is no `app`, and what is in it."""
        inner = element.tag not in {f"{_TEI}body", f"{_TEI}div"}
        self._take_text(element.text if inner else None)
        for child in element:
            if child.tag == f"{_TEI}app":
                self._read_app(child)
            elif child.tag == f"{_TEI}g":
                self._take_text(_character(child))
            else:
                self._walk(child)
            self._take_text(child.tail if inner else None)

    def _take_text(self, text: str | None) -> None:
        """Take text that all witnesses have."""
        if text:
            self.loci.append(dict.fromkeys(self.ways, text))
            for way in self.ways.values():
                way.append(f" {text}")

    def _read_app(self, app: ElementTree.Element) -> None:
        """Take the readings of an `app`."""
        locus: dict[str, str] = {}
        anchored = False
        for reading in app.iter():
            if reading.tag not in {f"{_TEI}rdg", f"{_TEI}lem"}:
                continue
            text, block, anchor = _read_text(reading), reading.get("corresp"), reading.find(f"{_TEI}anchor")
            anchored = anchored or anchor is not None
            for name in (reading.get("wit") or "").split():
                if name not in self.sigla:
                    raise InputError(self.source, f"a reading names the witness {name}, which is not listed", "add it to listWit")
                siglum = self.sigla[name]
                if anchor is not None:
                    self.ways[siglum].append(f"#{anchor.get(_ID, '')}")
                    continue
                locus[siglum] = text
                if block:
                    self.moved.setdefault(block, []).append(text)
                else:
                    self.ways[siglum].append(f" {text}")
        if not anchored:
            self.loci.append(locus)


def _read_text(element: ElementTree.Element) -> str:
    """Return the text of an element, characters that XML cannot hold restored."""
    parts = [element.text or ""]
    for child in element:
        parts += [_character(child) if child.tag == f"{_TEI}g" else _read_text(child), child.tail or ""]
    return "".join(parts)


def _character(g: ElementTree.Element) -> str:
    """Return the character that a `g` stands for; its content where it is another's."""
    found = re.fullmatch(r"U\+([0-9A-F]{4,6})", g.get("n") or "")
    return chr(int(found[1], 16)) if found and int(found[1], 16) < 0x110000 else g.text or ""
