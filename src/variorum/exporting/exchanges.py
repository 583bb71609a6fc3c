"""The exchange formats of a collation by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from variorum.collating.apparatus import Apparatus
from variorum.errors import UsageError
from variorum.exporting.collatex import stream_collatex
from variorum.exporting.graphml import stream_graphml
from variorum.exporting.matrices import stream_csv, stream_distances, stream_nexus, stream_phylip
from variorum.exporting.sides import stream_html
from variorum.exporting.tei import stream_tei

_FORMS: dict[str, Callable[[Apparatus], Iterator[str]]] = {
    "collatex": stream_collatex,
    "collatex-vertical": partial(stream_collatex, vertical=True),
    "tei": stream_tei,
    "graphml": stream_graphml,
    "nexus": stream_nexus,
    "phylip": stream_phylip,
    "distances": stream_distances,
    "csv": stream_csv,
    "html": stream_html,
}


def stream_collation(apparatus: Apparatus, form: str) -> Iterator[str]:
    """Yield a collation in a format; UsageError where there is no such format."""
    if form not in _FORMS:
        raise UsageError(f"no format '{form}'; there are {', '.join(_FORMS)}")
    return _FORMS[form](apparatus)
