"""The program from Python: trace statements, open a corpus, look at its tables, find and compare.

    import variorum

    corpus = variorum.trace("statements/")
    corpus.find("We call on the council to keep the ferry running.")
    corpus.compare("harbour-2024-03-29", "council-2024-04-02")

A corpus is open only while something is read from it, so that a notebook does not keep others from writing to it;
``with variorum.open(path) as corpus:`` keeps it open for many readings.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from variorum.config import Config, MatchingConfig, load_config, make_config, overlay_matching
from variorum.corpus import CorpusFolder
from variorum.errors import UsageError
from variorum.folders import default_out
from variorum.frames import Comparison, Statement, StoredTables, TableView, find_witness
from variorum.narrowing import THRESHOLDS, NarrowFolder, Thresholds, narrow_finds, split_thresholds
from variorum.parallels import Parallels
from variorum.pipeline import Flow, Outcome, Progress, run_pipeline
from variorum.questions import Ledgers, is_entry
from variorum.schema import TABLES

if TYPE_CHECKING:
    from variorum.matching.finds import SearchIndex
    from variorum.matching.labels import Labels

EXPORTS = ("parquet", "jsonl", "csv", "passim")
"""The formats that `Corpus.export` writes."""

_NONE = Thresholds()
_OF_SPANS = ("min_score", "min_rarity")  # thresholds on what is matched anew; the other two of spans are settings of the matching itself
_OF_FAMILIES = ("min_witnesses", "min_series")


def trace(
    inputs: str | Path | Sequence[str | Path],
    out: str | Path | None = None,
    *,
    preset: str = "sensitive",
    flow: Flow | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> Corpus:
    """Read statements, find what they share, group it into families, and write the report.

    What was done before with the same inputs and settings is kept; a run that was interrupted goes on.

    Args:
        inputs: a folder, file or pattern, or several.
        out: the corpus folder; beside the first input, under its name, where None.
        preset: ``sensitive`` or ``fast``.
        flow: where to stop or start again, and whether the first failed source ends the run.
        progress: called with an `Event` as the run goes on.
        **settings: any setting of `variorum.config`, such as ``text_field="body"`` or ``matching__max_df=50``.

    Raises:
        ConfigError: an unknown setting.
        CorpusError: the corpus folder cannot be used.
        VariorumError: nothing could be read, or (strict) a source failed.
    """
    given = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    config = make_config(preset, **settings)
    place = Path(out) if out is not None else default_out(given)
    outcome = run_pipeline(given, place, config, flow=flow, progress=progress)
    return Corpus(outcome.path, outcome)


def add(inputs: str | Path | Sequence[str | Path], to: str | Path, **settings: Any) -> Corpus:
    """Add the statements in some files to the corpus at `to`, and return it: `Corpus.add`, for a corpus named by its path."""
    return open(to).add(inputs, **settings)


def open(path: str | Path) -> Corpus:
    """Open the corpus at `path` for reading.

    Raises:
        CorpusError: there is none, it is damaged, or another process writes to it.
    """
    with CorpusFolder.open(path):
        return Corpus(Path(path))


class Corpus(StoredTables, Ledgers, Parallels):
    """A corpus, open for reading.

    Attributes:
        path, name: its folder, and the folder's name without ``.variorum``.
        outcome: what came of the run that made it, where `trace` has just done so.
        thresholds: those that `narrow` set; none of them where it did not.
    """

    outcome: Outcome | None = None

    def __init__(self, path: str | Path, outcome: Outcome | None = None, thresholds: Thresholds = _NONE) -> None:
        """Name the folder; `variorum.open` checks that it is a corpus."""
        self.thresholds = thresholds
        self.path = Path(path)
        self.name = self.path.resolve().name.removesuffix(".variorum")
        self.outcome = outcome
        self._held: CorpusFolder | None = None
        self._search: tuple[SearchIndex, Labels, MatchingConfig] | None = None  # mapped at the first search while it is held
        self._depth = 0  # of ``with`` blocks

    @property
    def config(self) -> Config:
        """The settings of the last stage that ran."""
        return self.require(None)

    def require(self, stage: str | None) -> Config:
        """Return the settings under which `stage` was done (None: the last one); UsageError where it has not been done yet."""
        with self.folder() as folder:
            rows = folder.read_table("provenance", ["config"], f"stage = '{stage}'" if stage else None).to_pylist()
        if not rows:
            raise UsageError(f"{self.path}: the run has not come to {stage or 'the end of the first stage'} yet; give its variorum trace command again")
        return load_config(rows[-1]["config"])

    def table(self, name: str) -> TableView:
        """Return the stored table `name`."""

        def read(columns: list[str] | None, limit: int | None) -> pa.Table:
            with self.folder() as folder:
                return folder.read_table(name, columns, limit=limit)

        def count() -> int:
            with self.folder() as folder:
                return folder.count(name)

        return TableView(name, read, count, TABLES[name].doc)

    def query(self, sql: str, params: Sequence[Any] | None = None) -> pa.Table:
        """Return the result of one SELECT statement over the tables of the corpus."""
        with self.folder() as folder:
            return folder.query(sql, params)

    def narrow(self, **thresholds: Any) -> Corpus:
        """Return the same corpus above some thresholds: weaker spans fall out, and the passages and families that rest on them.

        Nothing is matched anew and nothing is written; tables, queries, finds, reports and exports of what is returned hold what is left.

        Args:
            **thresholds: ``min_letters, min_similarity, min_score, min_rarity`` of spans, ``min_witnesses, min_series`` of families;
                see `variorum.narrowing.Thresholds`.
        """
        unknown = [name for name in thresholds if name not in THRESHOLDS]
        if unknown:
            raise UsageError(f"no threshold '{unknown[0]}'; there are {', '.join(THRESHOLDS)}")
        given = {name: value for name, value in thresholds.items() if value is not None}
        return Corpus(self.path, self.outcome, dataclasses.replace(self.thresholds, **given))

    def explain(self, item: int | str, other: Statement | None = None, *, limit: int | None = None) -> dict[str, Any]:
        """Return why something was kept and how sure it is, as data; ``said`` tells it in sentences.

        Args:
            item: the number of a span, the id of a passage (its spans are told), a witness, or the id of an entry of the ledger.
            other: a second witness: what ties the two is told; of an entry, the witness that says it, which spares going through all.
            limit: of a pair or passage, at most this many spans, by score; None: all.
        """
        from variorum import explanations

        with self:
            with self.folder() as folder:
                if is_entry(folder, item):
                    return self.explain_entry(str(item), other)
            config = self.require("spans")
            with self.folder() as folder:
                if other is not None:
                    return explanations.explain_pair(folder, find_witness(folder, item), find_witness(folder, other), config, limit)
                return explanations.explain_item(folder, item, config, limit)

    def text(self, statement: Statement) -> str:
        """Return the text of a witness, named by its number or siglum."""
        with self.folder() as folder:
            number = find_witness(folder, statement)["witness"]
            return folder.read_texts([number])[number]

    def find(self, text: str, **settings: Any) -> TableView:
        """Return what of `text` is in the corpus, and where: one row a stretch and witness, longest first.

        Columns: ``start, end`` in `text`; ``witness, siglum, series, date, start_b, end_b``; ``n_copies``, the exact copies
        of the witness that are held beside it, and ``earliest_copy, earliest_date``, the earliest of it and them; ``n_letters, n_equal, similarity, kind, score, rarity, reason, operations`` as in the table `spans`.

        Args:
            text: the text to look for.
            **settings: matching settings other than those of the corpus, such as ``min_letters=30``; and thresholds on what is found: ``min_score``
                (nats), ``min_rarity``, ``min_witnesses``, ``min_series`` (of the corpus, for each stretch).
        """
        (found,) = self.find_all([text], **settings)
        return found

    def find_all(self, texts: Iterable[str], **settings: Any) -> Iterator[TableView]:
        """Return an iterator over what `find` returns for each of a stream of texts, in their order.

        The corpus is opened once and stays open until the iterator is used up or closed; up to 64 texts are taken ahead of the answer.
        """
        found = self._find(texts, settings)
        next(found)  # a mistake in the settings shows here and not at the first text
        return cast("Iterator[TableView]", found)

    def _find(self, texts: Iterable[str], settings: dict[str, Any]) -> Iterator[TableView | None]:
        """Yield None once the corpus is open, then what is found of each text."""
        from variorum.matching.finds import find_texts

        thresholds, settings = split_thresholds({**self.thresholds.given(), **settings}, _OF_SPANS + _OF_FAMILIES)
        with self, self.folder():  # `folder` refuses a corpus that was replaced; a search that is open would not meet it
            self._search = self._search or self._open_search()
            search, labels, own = self._search
            config = overlay_matching(own, settings)
            yield None
            for found in find_texts(search, texts, config):
                about, place = labels.describe(found["witness"].to_numpy()), found.column_names.index("witness") + 1
                for name in reversed(about.column_names):
                    found = found.add_column(place, name, about[name])
                yield TableView.of("finds", narrow_finds(found, thresholds), "What of the text is in the corpus, and where.")

    def _open_search(self) -> tuple[SearchIndex, Labels, MatchingConfig]:
        """Map what texts are looked for in and what is said of the witnesses found; with the settings of the corpus."""
        from variorum.matching.finds import open_search
        from variorum.matching.labels import Labels

        own = self.require("fingerprints").matching
        with self.folder() as folder:
            return open_search(folder.index), Labels(folder.index), own

    def compare(self, a: Statement, b: Statement, *, deep: bool = False, **settings: Any) -> Comparison:
        """Return what two witnesses share, each named by its number or siglum.

        Args:
            deep: also find what one reworked from the other.
            **settings: other settings than those of the corpus; ``min_score`` (nats) and ``min_rarity`` are thresholds on the spans.
        """
        from variorum.comparisons import compare_sides

        config = self.require("fingerprints")
        own = {name: value for name, value in self.thresholds.given().items() if name not in _OF_FAMILIES}
        with self.folder() as folder:
            row_a, row_b = find_witness(folder, a), find_witness(folder, b)
            texts = folder.read_texts([row_a["witness"], row_b["witness"]])
        sides = ((row_a, texts[row_a["witness"]]), (row_b, texts[row_b["witness"]]))
        return compare_sides(sides, (config.matching, config.deep), {**own, **settings}, deep=deep)

    def add(self, inputs: str | Path | Sequence[str | Path], *, strict: bool = False, progress: Progress = lambda _: None, **settings: Any) -> Corpus:
        """Add the statements in some files, and return the corpus: only these files are read, and ids stay where members stay.

        A statement whose siglum and text are held is not added again; one of a siglum that is held, with another text, is kept
        beside it as ``SIGLUM@2``. `Corpus.outcome` tells how many of each. Until all is done the corpus is what it was.

        `strict` ends the adding at the first failed source; `settings` are those of the reading that the new files need, such as
        ``text_field="body"``: the others are the corpus's own.

        Raises:
            UsageError: a setting is not the corpus's own, or its trace is not complete.
            CorpusError: another process writes to the corpus, or it is damaged.
            VariorumError: nothing could be read, or (strict) a source failed.
        """
        from variorum.additions import add_statements

        given = [inputs] if isinstance(inputs, str | Path) else list(inputs)
        return self._revise(lambda: add_statements(given, self.path, settings, progress, strict=strict))

    def remove(self, sigla: str | Sequence[str], *, progress: Progress = lambda _: None, **settings: Any) -> Corpus:
        """Remove witnesses, named by their sigla, and return the corpus: no file of it holds their texts any longer.

        Those left are numbered anew; ids of families and passages stay where members stay.

        Raises:
            UsageError: a siglum is not held, or nothing would be left.
            CorpusError: another process writes to the corpus, or it is damaged.
        """
        from variorum.removals import remove_statements

        given = [sigla] if isinstance(sigla, str) else list(sigla)
        return self._revise(lambda: remove_statements(given, self.path, settings, progress))

    def _revise(self, work: Callable[[], Outcome]) -> Corpus:
        """Do some work that puts another state into the place of this corpus."""
        depth = self._depth
        self.close()
        try:
            self.outcome = work()
        finally:
            if depth:
                self._held, self._depth = CorpusFolder.open(self.path), depth
        return self

    def report(self, path: str | Path, **settings: Any) -> Path:
        """Write the report to `path` and return it; `settings` are those of the report, and thresholds as `narrow` takes them."""
        from variorum.exporting.report import write_report
        from variorum.lineages import trace_members
        from variorum.publishers import order_publishers

        thresholds, settings = split_thresholds(settings)
        with self.narrow(**thresholds.given()).folder() as folder:
            own = dataclasses.asdict(self.require("families").report)
            config = make_config(**{f"report__{name}": value for name, value in {**own, **settings}.items()}).report
            write_report(folder, Path(path), config, trace_members, order_publishers)
        return Path(path)

    def export(self, dest: str | Path, kind: str = "parquet", **thresholds: Any) -> dict[str, int]:
        """Write the tables into the folder `dest` as ``parquet``, ``jsonl``, ``csv`` or ``passim``; return rows by table.

        `thresholds` are those of `narrow`: what lies below them is left out of all tables.
        """
        from variorum.exporting import passim, tables

        writers = {"parquet": tables.export_parquet, "jsonl": tables.export_jsonl, "csv": tables.export_csv, "passim": passim.export_passim}
        if kind not in writers:
            raise UsageError(f"no export '{kind}'; there are {', '.join(EXPORTS)}")
        with self.narrow(**thresholds).folder() as folder:
            if kind == "passim":
                self.require("families")
            return writers[kind](folder, Path(dest))

    @contextlib.contextmanager
    def folder(self) -> Iterator[CorpusFolder]:
        """Give the open corpus folder, for as long as the ``with`` block lasts.

        Raises:
            CorpusError: the corpus was held open while statements were added or removed by others.
        """
        if self._held is not None:
            self._held.refuse_changed()
            yield self._narrowed(self._held)
            return
        with CorpusFolder.open(self.path) as folder:
            yield self._narrowed(folder)

    def _narrowed(self, folder: CorpusFolder) -> CorpusFolder:
        """Return the folder as it looks above the thresholds; it reads alike."""
        if not self.thresholds.given():
            return folder
        rows = folder.read_table("provenance", ["config"], "stage = 'families'").to_pylist()
        return cast("CorpusFolder", NarrowFolder(folder, self.thresholds, load_config(rows[0]["config"]) if rows else make_config()))

    def close(self) -> None:
        """Close the corpus where ``with`` had kept it open."""
        self._depth, self._search = 0, None
        if self._held is not None:
            self._held.close()
            self._held = None

    def __enter__(self) -> Corpus:
        """Keep the corpus open until the block ends; blocks may stand in one another."""
        if self._held is None:
            self._held = CorpusFolder.open(self.path)
        self._depth += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the corpus at the end of the outermost block."""
        self._depth -= 1
        if self._depth <= 0:
            self.close()

    def __repr__(self) -> str:
        """Say where the corpus is and what is in it."""
        with self.folder() as folder:
            return f"<Corpus {str(self.path)!r}: {folder.count('witnesses'):,} witnesses, {folder.count('families'):,} families>"

    def _repr_html_(self) -> str:
        """Return an overview as HTML for a notebook."""
        from variorum.exporting.notebook import render_corpus_html

        with self.folder() as folder:
            return render_corpus_html(folder)
