"""Higher thresholds on a corpus that is there: its tables as they look when weaker spans fall out, without a new run.

A span below a threshold falls out. A passage stays while a span that is left ends in it; the passage of a whole text that
has exact copies stays by its length alone. A family of fewer than two witnesses falls out. What is left of a family is
counted again (passages, witnesses, series, dates, earliest copy held); its id, its rank and its marks are those of the
corpus, so that they name the same family with and without thresholds. Families are not grouped anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from variorum.config import Config
from variorum.corpus import CorpusFolder
from variorum.definitions import choose_columns, find_spec, write_select
from variorum.errors import UsageError
from variorum.schema import check_table

NARROWED = ("spans", "families", "passages", "family_links")
"""The tables that thresholds bear on."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least values, each inclusive; None: no threshold.

    Attributes:
        min_letters: folded letters of a span's shorter side.
        min_similarity: similarity of a span, 0..1.
        min_score: score of a span, in nats.
        min_rarity: rarity of a span, in nats a word.
        min_witnesses: witnesses of a family, exact copies included.
        min_series: series of a family; a witness without one counts for itself.
    """

    min_letters: int | None = None
    min_similarity: float | None = None
    min_score: float | None = None
    min_rarity: float | None = None
    min_witnesses: int | None = None
    min_series: int | None = None

    def __post_init__(self) -> None:
        """Refuse what can be no threshold."""
        for name, value in self.given().items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value < 0:
                raise UsageError(f"{name} must be a number that is not negative, not {value!r}")
        if (self.min_similarity or 0) > 1:
            raise UsageError(f"min_similarity must lie between 0 and 1, not {self.min_similarity!r}")

    def given(self) -> dict[str, int | float]:
        """Return the thresholds that are set, by name."""
        return {name: value for name in THRESHOLDS if (value := getattr(self, name)) is not None}

    def tell(self) -> str:
        """Return them in words: "at least 100 letters, score 50"; empty where there are none."""
        shown = {"min_letters": "{:,} letters", "min_similarity": "similarity {:g}", "min_score": "a score of {:g} nats", "min_rarity": "a rarity of {:g} nats a word",
                 "min_witnesses": "{:,} witnesses", "min_series": "{:,} series"}  # fmt: skip
        parts = [shown[name].format(value) for name, value in self.given().items()]
        return f"at least {', '.join(parts)}" if parts else ""

    def of_spans(self) -> dict[str, int | float]:
        """Return those that bear on a span, by the column of SPANS."""
        return {name.removeprefix("min_").replace("letters", "n_letters"): v for name, v in self.given().items() if name not in ("min_witnesses", "min_series")}


THRESHOLDS = tuple(field.name for field in dataclasses.fields(Thresholds))
"""The names of all thresholds."""


def split_thresholds(settings: dict[str, Any], names: Sequence[str] = THRESHOLDS) -> tuple[Thresholds, dict[str, Any]]:
    """Return the thresholds among `settings` that have one of `names`, and the other settings."""
    chosen = {name: value for name, value in settings.items() if name in names}
    return Thresholds(**chosen), {name: value for name, value in settings.items() if name not in chosen}


def narrow_finds(found: pa.Table, thresholds: Thresholds) -> pa.Table:
    """Return the rows of `Corpus.find` that stand above the thresholds.

    Two stretches of the text are of one place where half of the shorter or more lies in the other; a stretch has the witnesses of all
    stretches of its place, exact copies included.
    """
    given, keep = thresholds.given(), np.ones(len(found), bool)
    for column, value in thresholds.of_spans().items():
        keep &= found[column].to_numpy() >= value
    found = found.filter(pa.array(keep))
    if not len(found) or not {"min_witnesses", "min_series"} & given.keys():
        return found
    start, end, witness = (found[name].to_numpy().astype(np.int64) for name in ("start", "end", "witness"))
    series = [f"s:{s}" if s is not None else f"w:{w}" for s, w in zip(found["series"].to_pylist(), witness.tolist(), strict=True)]
    copies = found["n_copies"].to_numpy()
    keep = np.ones(len(found), bool)
    for row in range(len(found)):
        held = np.minimum(end, end[row]) - np.maximum(start, start[row])
        beside = np.flatnonzero(2 * held >= np.minimum(end - start, end[row] - start[row]))
        _, first = np.unique(witness[beside], return_index=True)
        n_witnesses = len(first) + int(copies[beside[first]].sum())
        n_series = len({series[other] for other in beside})
        keep[row] = n_witnesses >= given.get("min_witnesses", 0) and n_series >= given.get("min_series", 0)
    return found.filter(pa.array(keep))


def describe_unreached(thresholds: Thresholds, config: Config) -> list[str]:
    """Return a line for each threshold below what the run itself asked for, since there is nothing weaker to show.

    `config` holds the settings of the run.
    """
    lines = []
    for name, value in thresholds.given().items():
        kept, made = (getattr(part, name, None) if name in ("min_letters", "min_similarity") else None for part in (config.matching, config.families))
        option = f"--{name.replace('_', '-')} {value:g}"
        if kept is not None and value < kept:
            lines.append(f"{option} shows nothing more: the run kept spans of {kept:g} and more; trace again with --set matching.{name}={value:g}")
        elif made is not None and value < made:
            lines.append(f"{option} shows no more families: the run made them from spans of {made:g} and more; trace again with --set families.{name}={value:g}")
    return lines


def lies_in(span: str, side: str, passage: str) -> str:
    """Return the SQL condition that one side of a span ends in a passage: four fifths of it lie there.

    `span` and `passage` are names of tables, `side` is a or b. Which spans made a passage is not stored; by place, this share
    tells it best.
    """
    start, end = f"{span}.start_{side}", f"{span}.end_{side}"
    held = f'least({passage}."end", {end}) - greatest({passage}.start, {start})'
    return f"{passage}.witness = {span}.witness_{side} AND 5 * ({held}) >= 4 * ({end} - {start})"


def write_narrowed(thresholds: Thresholds, config: Config) -> str:
    """Return the SQL that puts the narrowed tables in the place of the stored ones: what stands between WITH and the query."""
    families = config.families
    kept = " AND ".join(f"s.{column} >= {value!r}" for column, value in thresholds.of_spans().items()) or "true"
    # A passage of exact copies has the place of the passage it copies, counted from the start of the text.
    ordinal = "row_number() OVER (PARTITION BY family, witness ORDER BY start) AS ordinal"
    return f"""
spans AS (SELECT * FROM main.spans s WHERE {kept}),
n_matched AS (SELECT *, {ordinal} FROM main.passages WHERE copy_of IS NULL),
n_ties AS (
    SELECT a.family, a.passage AS passage_a, b.passage AS passage_b, {kept} AS kept FROM main.spans s
    JOIN n_matched a ON {lies_in("s", "a", "a")}
    JOIN n_matched b ON b.family = a.family AND {lies_in("s", "b", "b")}
    WHERE s.n_letters >= {families.min_letters} AND s.similarity >= {families.min_similarity!r}),
n_live AS (
    SELECT m.family, m.passage, greatest(least(m.n_spans, 1), m.n_spans - count(*) FILTER (NOT t.kept))::INTEGER AS n_spans FROM n_matched m
    LEFT JOIN (SELECT family, passage_a AS passage, kept FROM n_ties UNION ALL SELECT family, passage_b, kept FROM n_ties) t
        ON t.family = m.family AND t.passage = m.passage
    GROUP BY m.family, m.passage, m.witness, m.n_letters, m.n_spans HAVING bool_or(t.kept) OR m.n_letters >= {int(thresholds.min_letters or 0)} AND (count(t.kept) = 0
        OR m.n_letters = (SELECT n_letters FROM main.foldings f WHERE f.witness = m.witness) AND m.witness IN (SELECT copy_of FROM main.foldings WHERE copy_of <> witness))),
n_members AS (
    SELECT p.*, l.n_spans AS n_left FROM (SELECT *, {ordinal} FROM main.passages) p
    JOIN n_matched m ON m.family = p.family AND m.witness = coalesce(p.copy_of, p.witness) AND m.ordinal = p.ordinal
    JOIN n_live l ON l.family = m.family AND l.passage = m.passage),
n_dates AS (
    SELECT DISTINCT m.family, m.witness, w.series, w.not_before_at AS low, coalesce(w.not_after_at, w.not_before_at) AS high
    FROM n_members m JOIN main.witnesses w ON w.witness = m.witness),
n_first AS (
    SELECT family, count(*)::INTEGER AS n_witnesses, count(DISTINCT coalesce('s:' || series, 'w:' || witness))::INTEGER AS n_series,
        min(low) AS first_at, max(high) AS last_at, floor((epoch(max(low)) - epoch(min(low))) / 86400)::INTEGER AS n_days,
        arg_min(witness, (low, high)) FILTER (low IS NOT NULL) AS best, arg_min(high, (low, high)) FILTER (low IS NOT NULL) AS best_high
    FROM n_dates GROUP BY family HAVING count(*) >= {max(2, int(thresholds.min_witnesses or 0))}
        AND count(DISTINCT coalesce('s:' || series, 'w:' || witness)) >= {int(thresholds.min_series or 0)}),
n_earliest AS (
    SELECT f.family, CASE WHEN count(*) FILTER (d.low <= f.best_high) = 1 THEN any_value(f.best) END AS earliest
    FROM n_first f JOIN n_dates d USING (family) GROUP BY f.family),
n_sizes AS (
    SELECT family, count(*)::INTEGER AS n_passages, floor(median(n_letters) FILTER (copy_of IS NULL))::INTEGER AS n_letters,
        list(witness) FILTER (copy_of IS NULL) AS matched, arg_max(witness, n_left) FILTER (copy_of IS NULL) AS most
    FROM n_members GROUP BY family),
passages AS (
    SELECT m.passage, m.family, m.witness, m.start, m."end", m.n_letters,
        (row_number() OVER (PARTITION BY m.family ORDER BY m.position) - 1)::INTEGER AS position, m.n_left AS n_spans, m.tie, m.copy_of
    FROM n_members m SEMI JOIN n_first USING (family)),
families AS (
    SELECT f.* REPLACE (z.n_passages AS n_passages, n.n_witnesses AS n_witnesses, n.n_series AS n_series, e.earliest AS earliest, n.first_at AS first_at,
        n.last_at AS last_at, n.n_days AS n_days, z.n_letters AS n_letters, CASE WHEN list_contains(z.matched, f.medoid) THEN f.medoid ELSE z.most END AS medoid)
    FROM main.families f JOIN n_first n USING (family) JOIN n_earliest e USING (family) JOIN n_sizes z USING (family)),
family_links AS (
    SELECT l.* FROM main.family_links l SEMI JOIN n_first a ON a.family = l.family SEMI JOIN n_first b ON b.family = l.other)
"""


class NarrowFolder:
    """An open corpus folder as it looks above some thresholds; reads like `CorpusFolder`, and writes nothing."""

    def __init__(self, folder: CorpusFolder, thresholds: Thresholds, config: Config) -> None:
        """Take the open folder and the settings of its run."""
        self._folder = folder
        self.thresholds = thresholds
        self._head = f"WITH {write_narrowed(thresholds, config)}"

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    @property
    def name(self) -> str:
        """Its name without ``.variorum``."""
        return self._folder.name

    @property
    def index(self) -> Path:
        """The folder of the index files."""
        return self._folder.index

    def query(self, sql: str, params: Sequence[Any] | None = None) -> pa.Table:
        """Return the result of one SELECT statement over the narrowed tables."""
        begin = sql.lstrip()
        if begin[:4].lower() == "with" and not begin[4:5].isalnum():
            return self._folder.query(f"{self._head}, {begin[4:]}", params)
        return self._folder.query(self._head + sql, params)

    def read_table(self, name: str, columns: Sequence[str] | None = None, where: str | None = None, limit: int | None = None) -> pa.Table:
        """Return a table, or some of its columns and rows, as `CorpusFolder.read_table` does."""
        if name not in NARROWED:
            return self._folder.read_table(name, columns, where, limit)
        spec = find_spec(name)
        schema = choose_columns(spec, columns)
        table = self.query(write_select(spec, schema.names, where, limit)).cast(schema)
        return check_table(name, table) if columns is None else table

    def stream_table(self, name: str, columns: Sequence[str] | None = None, batch_size: int = 2048) -> Iterator[pa.RecordBatch]:
        """Yield a table in batches; a narrowed one is in memory as a whole."""
        if name not in NARROWED:
            yield from self._folder.stream_table(name, columns, batch_size)
            return
        yield from self.read_table(name, columns).to_batches(batch_size)

    def read_texts(self, witnesses: Sequence[int]) -> dict[int, str]:
        """Return the texts of the given witnesses."""
        return self._folder.read_texts(witnesses)

    def count(self, name: str, where: str | None = None) -> int:
        """Return how many rows a table has, or how many meet the SQL condition `where`."""
        if name not in NARROWED:
            return self._folder.count(name, where)
        return self.query(f"SELECT count(*)::BIGINT AS n FROM {name}{f' WHERE {where}' if where else ''}")["n"][0].as_py()

    def close(self) -> None:
        """Close the folder."""
        self._folder.close()
