"""Entries in the standoff format of the annotation tool brat: ``NAME.txt`` and ``NAME.ann`` for each statement, and
``annotation.conf``, which names the types.

An entry is a text-bound annotation of its type; a part is one of type ``TYPE-ROLE``, tied to its entry by a relation that
bears the role. Links are relations. Grade, voice, section and the closed fields of a type are attributes; all fields stand in a note as
JSON. The format knows no annotation across a line's end: such a place becomes several fragments, as in brat itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from variorum.errors import UsageError
from variorum.exporting.files import make_folder, replace_file

Row = dict[str, Any]
Stated = tuple[Row, list[Row]]

ATTRIBUTES = ("grade", "voice", "section", "kind", "mode", "force", "form", "comparator")
"""Fields with few values, which annotators see as attributes."""

# What ends a line for the readers of the format, and the tab that parts its columns.
_BREAK = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_UNSAFE = re.compile(r"[^\w.@-]+")
_COMPARATORS = {"=": "equal", ">": "more", ">=": "at_least", "<": "less", "<=": "at_most", "~": "about", "~<": "nearly", "~>": "just_over", "..": "interval"}


class _Names:
    """The types, relations and attribute values that were written, for the configuration."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.relations: set[tuple[str, str, str]] = set()
        self.attributes: dict[str, tuple[set[str], set[str]]] = {}


def export_brat(stated: Iterable[Stated], dest: Path) -> int:
    """Write the statements and their entries into the folder `dest`, or one statement to ``NAME.ann`` and ``NAME.txt``; return the number of statements.

    Raises:
        UsageError: `dest` is one file and there are several statements.
        StorageError: it cannot be written.
    """
    single = dest.suffix in (".ann", ".txt")
    folder = make_folder(dest.parent if single else dest)
    names, taken, n = _Names(), set(), 0
    for statement, rows in stated:
        if single and n:
            raise UsageError(f"{dest.name} holds one statement, and there are more; name a folder")
        stem = dest.stem if single else _name_file(statement["siglum"], taken)
        with replace_file(folder / f"{stem}.txt", newline="") as file:
            file.write(statement["text"])
        with replace_file(folder / f"{stem}.ann") as file:
            file.writelines(f"{line}\n" for line in _list_annotations(rows, statement["text"], names))
        n += 1
    with replace_file(folder / "annotation.conf") as file:
        file.writelines(f"{line}\n" for line in _configure(names))
    return n


def _name_file(siglum: str, taken: set[str]) -> str:
    """Return a file name for a statement that no other has, also where case does not count."""
    name = stem = _UNSAFE.sub("_", siglum).strip(".")[:120] or "statement"
    number = 1
    while name.lower() in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name.lower())
    return name


def _plain(name: str) -> str:
    """Return a name as brat's configuration takes it: letters, digits, hyphen and underscore."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name) or "_"


def _list_annotations(rows: list[Row], text: str, names: _Names) -> list[str]:
    """Return the lines of a statement's annotations."""
    lines: list[str] = []
    marks = {row["entry"]: f"T{number}" for number, row in enumerate(rows, 1)}
    kinds = {row["entry"]: _plain(row["type"]) for row in rows}
    n_marks, n_relations, n_attributes = len(rows), 0, 0
    for number, row in enumerate(rows, 1):
        kind = kinds[row["entry"]]
        names.types.add(kind)
        lines.append(_mark(f"T{number}", kind, text, row["start"], row["end"]))
        for role, places in row["parts"].items():
            for start, end in places:
                n_marks, n_relations = n_marks + 1, n_relations + 1
                part = f"{kind}-{_plain(role)}"
                names.types.add(part)
                names.relations.add((_plain(role), kind, part))
                lines += [_mark(f"T{n_marks}", part, text, start, end), f"R{n_relations}\t{_plain(role)} Arg1:T{number} Arg2:T{n_marks}\t"]
        for role, others in row["links"].items():
            for other in others:
                if other in marks:
                    n_relations += 1
                    names.relations.add((_plain(role), kind, kinds[other]))
                    lines.append(f"R{n_relations}\t{_plain(role)} Arg1:T{number} Arg2:{marks[other]}\t")
        for name, value in _list_attributes(row):
            n_attributes += 1
            values, on = names.attributes.setdefault(name, (set(), set()))
            values.add(value)
            on.add(kind)
            lines.append(f"A{n_attributes}\t{name} T{number} {value}".rstrip())
        lines.append(f"#{number}\tAnnotatorNotes T{number}\t{_note(row)}")
    return lines


def _mark(name: str, kind: str, text: str, start: int, end: int) -> str:
    """Return the line of a text-bound annotation, in fragments where its place holds a line's end."""
    pieces, at = [], start
    for found in [*_BREAK.finditer(text, start, end), None]:
        stop = end if found is None else found.start()
        piece = text[at:stop]
        if piece.strip():
            pieces.append((at + len(piece) - len(piece.lstrip()), stop - len(piece) + len(piece.rstrip())))
        at = stop if found is None else found.end()
    pieces = pieces or [(start, end)]
    places = ";".join(f"{a} {b}" for a, b in pieces)
    return f"{name}\t{kind} {places}\t{' '.join(text[a:b] for a, b in pieces)}"


def _list_attributes(row: Row) -> list[tuple[str, str]]:
    """Return the attributes of an entry; one without values has an empty one."""
    found = [("negated", "")] if row["negated"] else []
    for name in ATTRIBUTES:
        value = row.get(name)
        if isinstance(value, str) and value:
            found.append((name, _COMPARATORS.get(value, _plain(value))))
    return found


def _note(row: Row) -> str:
    """Return what a note says: the entry's id, rule and fields as JSON on one line."""
    left_out = ("file", "statement", "place", "type", "start", "end", "quote", "parts", "links", "sentence")
    said = {name: value for name, value in row.items() if name not in left_out and value not in (None, [], False)}
    return _BREAK.sub(" ", json.dumps(said, ensure_ascii=False))


def _configure(names: _Names) -> list[str]:
    """Return brat's configuration: entities, relations, events (none) and attributes."""
    lines = ["[entities]", *sorted(names.types), "", "[relations]", "<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"]
    lines += [f"{role}\tArg1:{a}, Arg2:{b}" for role, a, b in sorted(names.relations)]
    lines += ["", "[events]", "", "[attributes]"]
    for name, (values, on) in sorted(names.attributes.items()):
        choices = f", Value:{'|'.join(sorted(values))}" if values != {""} else ""
        lines.append(f"{name}\tArg:{'|'.join(sorted(on))}{choices}")
    return lines
