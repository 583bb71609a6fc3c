"""Make the README's picture: the real report on the bundled example, as a browser shows it.

    python tools/make_report_picture.py

Needs a Chromium. Run it again when the report's looks or the example change.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import variorum
from variorum.example import copy_example

PICTURE = Path(__file__).parent.parent / "docs/images/report.png"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--force-color-profile=srgb")
WIDTH, PAGE_HEIGHT = 1280, 2600
PARTS = ((0, 336), (1185, 2200))
"""Stretches of the page that the picture shows, in pixels from its top: the family's head, and two members side by side."""


def write_frames(page: str, path: Path) -> int:
    """Write a page that shows the stretches of `page` one below the other; return its height in pixels."""
    frame = f'<iframe src="{page}" scrolling="no" style="border:0;width:{WIDTH}px;height:{PAGE_HEIGHT}px;margin-top:{{}}px"></iframe>'
    boxes = [f'<div style="height:{b - a}px;overflow:hidden">{frame.format(-a)}</div>' for a, b in PARTS]
    path.write_text(f'<!DOCTYPE html><body style="margin:0">{"".join(boxes)}', encoding="utf-8")
    return sum(b - a for a, b in PARTS)


def main() -> int:
    """Trace the example, open the family of most substance, save the picture; return the exit code."""
    browser = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if browser is None:
        print("no chromium on this machine", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name)
        copy_example(folder)
        with variorum.trace("statements", metadata="who-when.csv") as corpus:  # from inside, so that the report shows short paths
            first = corpus.families.to_arrow(["family", "rank"]).sort_by("rank")["family"][0].as_py()
        page = f"{(folder / 'statements.variorum/report.html').as_uri()}#family={first}&amp;a=1&amp;b=6"
        height = write_frames(page, folder / "frames.html")
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        window = (f"--user-data-dir={folder / 'profile'}", f"--window-size={WIDTH},{height}", "--virtual-time-budget=4000", f"--screenshot={PICTURE}")
        address = (folder / "frames.html").as_uri()
        return subprocess.run([browser, *FLAGS, *window, address], check=False, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())
