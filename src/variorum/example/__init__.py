"""The bundled example: twelve fictional statements about a coastal rail line, and who published them when.

One declaration; copies of it with prefaces and closings of their own as text, Markdown, HTML, PDF and DOCX;
one with changed figures and dates; a shortened one; a letter that quotes two sentences; an exact copy with
other line breaks; two texts on other matters.
"""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path
from typing import NamedTuple

_NAMES = ("statements", "who-when.csv", ".variorumignore")


class Example(NamedTuple):
    """Where the example lies: the folder of statements, and the CSV file for ``metadata``."""

    statements: Path
    metadata: Path


def example_folder() -> Path:
    """Return the folder of the installed package that holds `statements/` and `who-when.csv`."""
    return Path(str(resources.files(__name__)))


def copy_example(dest: str | Path) -> Example:
    """Copy the example into the folder `dest`, which is made where it is missing, and return where its parts lie.

    Files of the example that are there already are written again; other files are left alone.
    """
    dest = Path(dest)
    dest.mkdir(parents=True, exist_ok=True)
    for name in _NAMES:
        source = example_folder() / name
        if source.is_dir():
            shutil.copytree(source, dest / name, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, dest / name)
    return Example(dest / "statements", dest / "who-when.csv")
