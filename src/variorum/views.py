"""What the commands say, as plain data: families, a family, a passage, finds, the state of a corpus, the end of a run."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from variorum.api import Corpus
from variorum.config import ReadingConfig, make_config
from variorum.errors import InputError, UsageError
from variorum.narrowing import lies_in
from variorum.pipeline import Outcome

Rows = list[dict[str, Any]]

_MEMBER_COLUMNS = "p.passage, p.witness, w.siglum, w.series, w.date, w.date_basis, p.start, p.\"end\", p.n_letters, p.position, p.n_spans, p.tie, p.copy_of"


def list_families(corpus: Corpus, limit: int | None = None, *, marked: bool = True) -> Rows:
    """Return the families by rank, with the siglum of the earliest copy held; without the marked ones where not `marked`."""
    corpus.require("families")
    sql = "SELECT f.*, w.siglum AS earliest_siglum FROM families f LEFT JOIN witnesses w ON w.witness = f.earliest"
    sql += "" if marked else " WHERE NOT f.common"
    sql += " ORDER BY f.rank" + (f" LIMIT {int(limit)}" if limit is not None else "")
    return corpus.query(sql).to_pylist()


def describe_item(corpus: Corpus, item: str) -> dict[str, Any]:
    """Return the family or passage that `item` names: a rank, or an id or the beginning of one.

    Of a family: its row, ``kind`` `family`, its ``members`` in order of date with their texts, its ``links``. Of a
    passage: its row, ``kind`` `passage`, its text, and the families that hold it under ``families``.

    Raises:
        UsageError: nothing is named so, or several things are.
    """
    with corpus:
        corpus.require("families")
        if item.isdecimal() and corpus.query("SELECT 1 FROM families WHERE rank = ?", [int(item)]).num_rows:
            return _describe_family(corpus, corpus.query("SELECT family FROM families WHERE rank = ?", [int(item)])["family"][0].as_py())
        for kind, table, describe in (("family", "families", _describe_family), ("passage", "passages", _describe_passage)):
            sql = f"SELECT DISTINCT {kind} AS id FROM {table} WHERE starts_with({kind}, ?) ORDER BY {kind} = ? DESC, {kind} LIMIT 2"
            ids = corpus.query(sql, [item, item])["id"].to_pylist() if item else []
            if len(ids) == 1 or (ids and ids[0] == item):
                return describe(corpus, ids[0])
            if ids:
                raise UsageError(f"'{item}' begins more than one {kind}: {ids[0]}, {ids[1]} ...; give more of it")
        count = len(corpus.families)
        if corpus.thresholds.given():
            raise UsageError(f"no family or passage '{item}' with {corpus.thresholds.tell()} in {corpus.path}; without thresholds: variorum show {corpus.path} {item}")
        raise UsageError(f"no family or passage '{item}' in {corpus.path}; ranks go from 1 to {count}, ids are listed by: variorum show {corpus.path}")


def count_families(corpus: Corpus) -> tuple[int, int]:
    """Return how many families there are, and how many of them are marked as common."""
    row = corpus.query("SELECT count(*)::BIGINT AS n, count(*) FILTER (common)::BIGINT AS n_common FROM families").to_pylist()[0]
    return row["n"], row["n_common"]


def find_files(corpus: Corpus, files: Sequence[str], settings: dict[str, Any], failures: Rows) -> Iterator[tuple[str, str, Rows]]:
    """Yield (label, text, finds) for every statement in files, folders and patterns; ``-`` is standard input: JSON lines, or one text.

    The corpus is opened once, and what comes in on standard input is answered as it comes. `settings` are matching settings laid over
    those of the corpus. What cannot be read is added to `failures` (rows of FAILURES).

    Raises:
        InputError: there is no statement in any of the files.
    """
    n_found = 0
    with corpus:
        for batch in _read_statements(files, corpus.config.reading, failures):
            found = corpus.find_all((text for _, text in batch), **settings)
            for (label, text), finds in zip(batch, found, strict=True):
                n_found += 1
                yield label, text, finds.to_pylist()
    if not n_found:
        row = next((row for row in failures if row["severity"] == "failed"), failures[0] if failures else {})
        source = row.get("source") or ", ".join(files)
        raise InputError(source, row.get("problem", "there is no text in it"), row.get("advice", ""), row.get("place"))


def describe_status(corpus: Corpus) -> dict[str, Any]:
    """Return what was read, what failed and why, what each stage did and took."""
    with corpus:
        states = corpus.query("SELECT state, count(*)::BIGINT AS n_sources, sum(n_witnesses)::BIGINT AS n_witnesses FROM sources GROUP BY state ORDER BY state")
        failures = corpus.failures.to_pylist()
        stages = corpus.provenance.to_pylist()
        counts = {name: len(corpus.table(name)) for name in ("sources", "witnesses", "spans", "families", "passages")}
        counts["undated"] = corpus.query("SELECT count(*) AS n FROM witnesses WHERE date IS NULL")["n"][0].as_py()
        counts["exact_copies"] = corpus.query("SELECT count(*) AS n FROM foldings WHERE copy_of <> witness")["n"][0].as_py()
        counts["marked"] = corpus.query("SELECT count(*) AS n FROM families WHERE common")["n"][0].as_py()
    for stage in stages:
        for name in ("config", "versions", "counters"):
            stage[name] = json.loads(stage[name])
    stages.sort(key=lambda stage: stage["stage"] in ("add", "remove"))
    done = {stage["stage"] for stage in stages}
    report = corpus.path / "report.html"
    return {
        "corpus": str(corpus.path),
        "counts": counts,
        "sources": states.to_pylist(),
        "failed": [row for row in failures if row["severity"] == "failed"],
        "notes": [row for row in failures if row["severity"] != "failed"],
        "stages": stages,
        "complete": "report" in done,
        "report": str(report) if report.is_file() else None,
    }


def summarize_outcome(corpus: Corpus, outcome: Outcome) -> list[str]:
    """Return what came of a run, in sentences, one a line."""
    counts = outcome.counts
    if "added" in counts or "removed" in counts:
        lines = _describe_revision(counts)
        if not outcome.stages:
            return [*lines, *_describe_failures(corpus.path, outcome), f"{corpus.path} is unchanged."]
        with corpus:
            n_largest = corpus.query("SELECT max(n_witnesses) AS n FROM families")["n"][0].as_py() or 0
        return [*lines, *_describe_families(counts, [], n_largest), *_describe_failures(corpus.path, outcome), f"Report: {corpus.path / 'report.html'}"]
    with corpus:
        n_files = corpus.query("SELECT count(*) AS n FROM sources WHERE n_witnesses > 0")["n"][0].as_py()
    lines = [f"{_count(counts['witnesses'], 'statement')} from {_count(n_files, 'file')}."]
    if "families" in outcome.stages:
        with corpus:
            top = list_families(corpus, 1, marked=False)
            n_largest = corpus.query("SELECT max(n_witnesses) AS n FROM families")["n"][0].as_py() or 0
        lines += _describe_families(counts, top, n_largest)
    lines += _describe_failures(corpus.path, outcome)
    lines += _describe_notes(corpus)
    if "report" in outcome.stages:
        lines += [f"Report: {corpus.path / 'report.html'}", f"Next: variorum show {corpus.path}, variorum find FILE --in {corpus.path}"]
    else:
        last = list(outcome.stages)[-1]
        lines.append(f"Stopped after {last}, as asked; the same command without --stop-after goes on.")
    return lines


def _describe_revision(counts: dict[str, Any]) -> list[str]:
    """Say what was added or removed."""
    if "removed" in counts:
        return [f"{_count(counts['removed'], 'statement')} removed; {_count(counts['witnesses'], 'statement')} left. No file of the corpus holds the text any longer."]
    lines = [f"{_count(counts['added'], 'statement')} added; {_count(counts['witnesses'], 'statement')} in all."] if counts["added"] else ["Nothing to add."]
    if counts["held"]:
        lines.append(f"{_count(counts['held'], 'statement')} held already, under the same name with the same text, and not added again{_name_some(counts, 'held')}.")
    if counts["versions"]:
        lines.append(f"{_count(counts['versions'], 'statement')} of a name that was held with another text: kept beside it as a later version{_name_some(counts, 'versions')}.")
    if counts["copies"]:
        lines.append(f"{_count(counts['copies'], 'statement')} an exact copy of one held: linked to it, not matched again." if counts["copies"] == 1 else f"{counts['copies']:,} statements are exact copies of some held: linked to them, not matched again.")
    return lines


def _name_some(counts: dict[str, Any], what: str) -> str:
    """Return the first few names, in brackets."""
    named = counts[f"{what}_named"]
    return f" ({', '.join(named)}{', ...' if len(named) < counts[what] else ''})"


def _describe_families(counts: dict[str, int], top: Rows, n_largest: int) -> list[str]:
    """Say how many families there are, which comes first and how large the largest is."""
    if not counts["families"]:
        return ["No two of them share a passage."]
    marked = f", {counts['n_common']:,} of them marked as common" if counts["n_common"] else ""
    lines = [f"{_count(counts['families'], 'family', 'families')} of shared passages{marked}; the largest is in {n_largest:,} statements."]
    if top:
        row = top[0]
        earliest = f"; earliest copy held: {row['earliest_siglum']}" if row["earliest_siglum"] else ""
        lines.append(f"First by substance: {row['n_witnesses']:,} statements of {_count(row['n_series'], 'series', 'series')}{earliest}.")
    return lines


def describe_failures(failures: Rows) -> list[str]:
    """Return rows of FAILURES as lines: their number, the first ten, and how many more there are."""
    if not failures:
        return []
    more = [f"  and {len(failures) - 10:,} more"] if len(failures) > 10 else []
    return [f"{_count(len(failures), 'failure')}:", *(_describe_problem(row) for row in failures[:10]), *more]


def _describe_failures(path: Path, outcome: Outcome) -> list[str]:
    failures = outcome.failures
    lines = describe_failures(failures)
    if len(failures) > 10:
        lines[-1] += f": variorum status {path}"
    return lines


def _describe_notes(corpus: Corpus) -> list[str]:
    """Return what a reader should know of files that lost no text: a date not understood, a field that no row has."""
    with corpus:
        notes = [row for row in corpus.failures.to_pylist() if row["severity"] != "failed"]
    if not notes:
        return []
    more = [f"  and {len(notes) - 5:,} more: variorum status {corpus.path}"] if len(notes) > 5 else []
    return [f"{_count(len(notes), 'note')}:", *(_describe_problem(row) for row in notes[:5]), *more]


def _describe_problem(row: dict[str, Any]) -> str:
    where = f"{row['source']}, {row['place']}" if row["place"] else row["source"]
    return f"  {where}: {row['problem']}" + (f"; {row['advice']}" if row["advice"] else "")


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _describe_family(corpus: Corpus, family: str) -> dict[str, Any]:
    sql = "SELECT f.*, w.siglum AS earliest_siglum FROM families f LEFT JOIN witnesses w ON w.witness = f.earliest WHERE f.family = ?"
    row = corpus.query(sql, [family]).to_pylist()[0]
    members = corpus.query(f"SELECT {_MEMBER_COLUMNS} FROM passages p JOIN witnesses w USING (witness) WHERE p.family = ? ORDER BY p.position", [family])
    links = corpus.query(
        "SELECT l.family, l.other, l.relation, l.n_witnesses, f.rank, f.excerpt FROM family_links l"
        " JOIN families f ON f.family = CASE WHEN l.family = ? THEN l.other ELSE l.family END"
        " WHERE l.family = ? OR l.other = ? ORDER BY f.rank",
        [family, family, family],
    )
    rows = _add_spans(corpus, family, row["earliest"] if row["earliest"] is not None else row["medoid"], members.to_pylist())
    return {"kind": "family", **row, "corpus": str(corpus.path), "members": _add_texts(corpus, rows), "links": links.to_pylist()}


def _add_spans(corpus: Corpus, family: str, reference: int, rows: Rows) -> Rows:
    """Add to each passage of a family its span with the reference, or its strongest one, and whom that is with; None to exact copies and the like."""
    sides = " UNION ALL ".join(
        f"""SELECT p.passage, s.span, s.score, o.witness FROM spans s JOIN passages p ON p.family = ? AND p.copy_of IS NULL AND {lies_in("s", side, "p")}
            JOIN passages o ON o.family = p.family AND o.copy_of IS NULL AND {lies_in("s", other, "o")}"""
        for side, other in (("a", "b"), ("b", "a"))
    )
    best = f"SELECT passage, span, witness, w.siglum FROM ({sides}) JOIN witnesses w USING (witness) QUALIFY row_number() OVER (PARTITION BY passage ORDER BY witness = ? DESC, score DESC, span) = 1"
    # Exact copies are matched as the first of them that was read; the reference may be another.
    held = corpus.query("SELECT f.copy_of, w.siglum FROM foldings f JOIN witnesses w USING (witness) WHERE witness = ?", [reference]).to_pylist()[0]
    known = {row["passage"]: row for row in corpus.query(best, [family, family, held["copy_of"]]).to_pylist()}
    for row in rows:
        tie = known.get(row["passage"], {})
        row["span"] = tie.get("span")
        row["span_with"] = held["siglum"] if tie.get("witness") == held["copy_of"] else tie.get("siglum")
    return rows


def _describe_passage(corpus: Corpus, passage: str) -> dict[str, Any]:
    sql = f"SELECT {_MEMBER_COLUMNS}, p.family FROM passages p JOIN witnesses w USING (witness) WHERE p.passage = ? ORDER BY p.family"
    rows = corpus.query(sql, [passage]).to_pylist()
    held = corpus.query("SELECT f.* FROM families f WHERE f.family IN (SELECT family FROM passages WHERE passage = ?) ORDER BY f.rank", [passage])
    row = _add_texts(corpus, rows[:1])[0]
    del row["family"], row["position"], row["n_spans"]
    return {"kind": "passage", **row, "corpus": str(corpus.path), "families": held.to_pylist()}


def _add_texts(corpus: Corpus, rows: Rows) -> Rows:
    """Add to each passage its text."""
    with corpus.folder() as folder:
        texts = folder.read_texts([row["witness"] for row in rows])
    for row in rows:
        row["text"] = texts[row["witness"]][row["start"] : row["end"]]
    return rows


def _read_statements(files: Sequence[str], reading: ReadingConfig, failures: Rows) -> Iterator[list[tuple[str, str]]]:
    """Yield (label, text) of each statement in `files`, some at a time."""
    config = make_config(**{f"reading__{name}": getattr(reading, name) for name in ("id_field", "text_field", "encoding", "max_file_mb", "max_characters")})
    if "-" in files:
        from variorum.reading.problems import Problems
        from variorum.reading.streams import read_stream

        problems = Problems("standard input")
        yield from read_stream(cast("io.BufferedIOBase", sys.stdin.buffer), config.reading, problems)
        failures += [row._asdict() for row in problems.rows()]
    named = [file for file in files if file != "-"]
    if named:
        from variorum.reading.statements import read_statements

        for chunk in read_statements(named, config.reading):
            failures += chunk.failures.to_pylist()
            yield list(zip(chunk.witnesses["siglum"].to_pylist(), chunk.witnesses["text"].to_pylist(), strict=True))
