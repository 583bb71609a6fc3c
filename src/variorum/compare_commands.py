"""What `variorum compare` does: read two texts, compare them, hand the answer to the terminal or to another program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from variorum import api
from variorum.comparisons import compare
from variorum.errors import UsageError
from variorum.options import parse_settings
from variorum.printing import print_rich, print_rows


def run_compare(a: str, b: str, options: dict[str, Any]) -> int:
    """Compare two files, or two witnesses of a corpus; return 0."""
    settings = {name: value for name, value in options.items() if name.startswith("min_") and value is not None}
    settings.update(parse_settings(options["pairs"]))
    if options["corpus"] is not None:
        with api.open(options["corpus"]) as opened:
            found = opened.compare(a, b, deep=options["deep"], **settings)
    else:
        missing = [file for file in (a, b) if not Path(file).exists()]
        if missing:
            raise UsageError(f"no file {missing[0]}; to compare two statements of a corpus: variorum compare A B --in CORPUS")
        found = compare(a, b, deep=options["deep"], **settings)
    spans = found.spans.to_pylist()
    if options["kind"] is None:
        from variorum.exporting.comparing import render_comparison

        print_rich(render_comparison((found.a["siglum"], found.b["siglum"]), (found.text_a, found.text_b), spans, options["limit"]))
        return 0
    chosen = sorted(spans, key=lambda row: -row["score"])[: options["limit"] or None]
    rows = []
    for row in sorted(chosen, key=lambda row: (row["start_a"], row["start_b"])):
        texts = {"text_a": found.text_a[row["start_a"] : row["end_a"]], "text_b": found.text_b[row["start_b"] : row["end_b"]]}
        rows.append({"siglum_a": found.a["siglum"], "siglum_b": found.b["siglum"], **row, **texts})
    print_rows(rows, options["kind"])
    return 0
