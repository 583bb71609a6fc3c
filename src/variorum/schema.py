"""Every table: its columns, types, meaning, sort order and invariants.

A stage may do what it likes while it builds a table; the table passes `check_table` (types) and
`verify_table` (invariants) once as it leaves and is only read after that. The documentation page of the
tables is generated from this file.

Places are half-open ``[start, end)`` in Unicode code points of the stored text. Types are those that
survive DuckDB, Arrow and Spark: int32, int64, float64, bool, string, binary, list, timestamp[us, UTC].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from variorum.errors import SchemaError
from variorum.invariants import (
    broken_parents,
    differing_lengths,
    not_above,
    not_following,
    not_less,
    operations_off,
    outside_unit,
    repeated,
    repeated_in_order,
    untiled,
)

FORMAT_VERSION = 3
"""Version of the corpus folder's format; a corpus of another version is refused."""

TIMESTAMP = pa.timestamp("us", tz="UTC")
_NONE = pa.scalar(0, pa.int32())  # a plain 0 would make int64 copies of columns of millions of rows

# Kinds of run in `spans.operations`; each run is three integers: kind, code points of a, code points of b.
EQUAL, REPLACED, DELETED, INSERTED = 0, 1, 2, 3

KINDS = ("verbatim", "edited", "reworked", "summarised", "moved")
"""Values of `spans.kind`."""
REWORKED_KINDS = ("reworked", "summarised")
"""Those that deep mode finds."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, Arrow type, meaning; `null` says what an absent value means, or is None where none may be."""

    name: str
    type: pa.DataType
    doc: str
    null: str | None = None


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule every row keeps: `find` gives the mask of rows that break it (None: the rule is about the whole table)."""

    doc: str
    find: Callable[[pa.Table], pa.ChunkedArray | pa.Array | np.ndarray]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: `stored` tables live in the corpus's DuckDB file, the others pass between stages."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    sort: tuple[str, ...] = ()
    invariants: tuple[Invariant, ...] = field(default=())
    stored: bool = True

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.null is not None) for c in self.columns])

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [c.name for c in self.columns]


WITNESS = Column("witness", pa.int32(), "number of the witness, counted from 0 in the order of reading")

SOURCES = TableSpec(
    "sources",
    "One row a file that was found: what became of it.",
    (
        Column("source", pa.string(), "path of the file, as found from the folder or pattern given; `@2` and so on behind it where a file of that path was read before"),
        Column("state", pa.string(), "`read`, `partly` (some rows failed), `failed`, `empty`, `ignored`, or `held` (added when all of it was held already)"),
        Column("format", pa.string(), "`text`, `markdown`, `html`, `pdf`, `docx`, `jsonl`, `json`, `csv` or `parquet`", "not recognised"),
        Column("encoding", pa.string(), "encoding of the text as found", "not a text format"),
        Column("n_bytes", pa.int64(), "size of the file"),
        Column("modified_at", TIMESTAMP, "time of the file's last change", "not known"),
        Column("n_witnesses", pa.int32(), "witnesses read from it"),
    ),
    ("source",),
    (Invariant("a source stands once", repeated("source")), Invariant("counts are not negative", not_less("n_witnesses", 0))),
)

FAILURES = TableSpec(
    "failures",
    "One row a thing that could not be read or was left out, with what to do about it.",
    (
        Column("source", pa.string(), "path of the file"),
        Column("place", pa.string(), "the part of it, such as `line 40000` or `page 3`", "the whole file"),
        Column("problem", pa.string(), "what is wrong, in words"),
        Column("advice", pa.string(), "what to do, in words; may be empty"),
        Column("severity", pa.string(), "`failed` (text was lost; the run exits 3) or `note` (nothing was lost)"),
    ),
)

WITNESSES = TableSpec(
    "witnesses",
    "One row a text as one source gave it.",
    (
        WITNESS,
        Column("siglum", pa.string(), "short label of the witness, unique in the corpus: its id field, or its file's name; `@2` and so on behind it: a later version, added"),
        Column("source", pa.string(), "file it was read from (see `sources`)"),
        Column("place", pa.string(), "the part of the file, such as `line 12`", "the whole file"),
        Column("title", pa.string(), "title", "none given"),
        Column("series", pa.string(), "series, that is the publisher", "none given"),
        Column("date", pa.string(), "date as an EDTF string, such as `2024-03-29` or `2024-03`", "undated"),
        Column("not_before_at", TIMESTAMP, "earliest moment the date allows", "undated"),
        Column("not_after_at", TIMESTAMP, "latest moment the date allows", "undated"),
        Column("date_basis", pa.string(), "where the date comes from: `metadata`, `field`, `document`, `file name` or `row`", "undated"),
        Column("n_characters", pa.int32(), "length of the text in code points"),
        Column("metadata", pa.string(), "the row's other fields, as a JSON object", "none"),
        Column("text", pa.string(), "the text; every place in every table counts its code points"),
    ),
    ("witness",),
    (
        Invariant("witnesses are numbered from 0 without a gap", lambda t: pc.not_equal(t["witness"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("a siglum stands once", repeated("siglum")),
        Invariant("the date's bounds are in order", lambda t: pc.fill_null(pc.greater(t["not_before_at"], t["not_after_at"]), False)),
    ),
)

FOLDINGS = TableSpec(
    "foldings",
    "One row a witness: its text folded to letters and digits, and which earlier witness folds to the same.",
    (
        WITNESS,
        Column("n_letters", pa.int32(), "letters and digits left after folding"),
        Column("letters_hash", pa.int64(), "hash of the folded letters"),
        Column("copy_of", pa.int32(), "the first witness with the same folded letters; itself where it is the first"),
    ),
    ("witness",),
    (Invariant("a witness copies an earlier one or itself", lambda t: pc.greater(t["copy_of"], t["witness"])),),
)

FINGERPRINTS = TableSpec(
    "fingerprints",
    "Selected shingles on their way to the shuffle by hash: one blob a task and partition.",
    (
        Column("partition", pa.int32(), "partition: the top bits of the hash"),
        Column("rows", pa.binary(), "uint64 each, from the top: hash, place in the letter stream, check of the letters beside it"),
    ),
    stored=False,
)

SEEDS = TableSpec(
    "seeds",
    "Fingerprints that two witnesses share, on their way to the shuffle by pair: one blob a partition and bucket.",
    (
        Column("bucket", pa.int32(), "range of witness b"),
        Column("pairs", pa.binary(), "uint64 each: witness a in the high half, witness b in the low half, a < b"),
        Column("places", pa.binary(), "uint64 each: place in a's letters in the high half, in b's in the low half; the top bit marks a hub edge, the next a seed that nothing beside it confirms"),
    ),
    stored=False,
)

DIRECT_SPANS = TableSpec(
    "direct_spans",
    "Spans as they are found, in folded letters: what follows from two witnesses and those before them alone, and so stays when others are added.",
    (
        Column("witness_a", pa.int32(), "the witness of the smaller number"),
        Column("low_a", pa.int32(), "first letter in a"),
        Column("high_a", pa.int32(), "letter after the last in a"),
        Column("witness_b", pa.int32(), "the witness of the larger number"),
        Column("low_b", pa.int32(), "first letter in b"),
        Column("high_b", pa.int32(), "letter after the last in b"),
        Column("n_equal", pa.int32(), "letters that agree"),
        Column("n_seeds", pa.int32(), "seeds in the chain it grew from"),
        Column("third", pa.int32(), "the witness that both are copies of, where that was the reason to look; else -1"),
        Column("runs", pa.list_(pa.int32()), "operations as in SPANS, in letters"),
    ),
    stored=False,
)

CANDIDATES = TableSpec(
    "candidates",
    "Pairs of witnesses that share rare words within a short stretch, compared in deep mode.",
    (
        Column("witness_a", pa.int32(), "the witness of the smaller number"),
        Column("witness_b", pa.int32(), "the witness of the larger number"),
        Column("score", pa.float64(), "nats: sum over the words that their best two blocks share"),
    ),
    ("witness_a", "witness_b"),
    (Invariant("a < b", not_above("witness_a", "witness_b")), Invariant("a pair stands once", repeated("witness_a", "witness_b"))),
)

REGIONS = TableSpec(
    "regions",
    "Windows of words that deep mode found in candidate pairs, on their way to spans.",
    (
        Column("witness_a", pa.int32(), "the witness of the smaller number"),
        Column("witness_b", pa.int32(), "the witness of the larger number"),
        Column("region", pa.binary(), "float64 each: the columns of `kernels/climbing.py`"),
    ),
    stored=False,
)

SPANS = TableSpec(
    "spans",
    "One row an aligned pair of intervals: what two witnesses share, with the operations that turn one side into the other.",
    (
        Column("span", pa.int32(), "number of the span"),
        Column("witness_a", pa.int32(), "the witness of the smaller number"),
        Column("start_a", pa.int32(), "start in a"),
        Column("end_a", pa.int32(), "end in a"),
        Column("witness_b", pa.int32(), "the witness of the larger number"),
        Column("start_b", pa.int32(), "start in b"),
        Column("end_b", pa.int32(), "end in b"),
        Column("n_letters", pa.int32(), "folded letters of the shorter side"),
        Column("n_equal", pa.int32(), "folded letters that agree"),
        Column("similarity", pa.float64(), "letters that agree, twice, over the letters of both sides"),
        Column("n_seeds", pa.int32(), "seeds in the chain it grew from"),
        Column("kind", pa.string(), "`verbatim` (all letters of both sides agree), `edited`, `reworked`, `summarised`, or `moved` (out of order with a stronger span of the same two witnesses)"),
        Column("score", pa.float64(), "nats: the log of how much likelier the text of the one side is as a copy of the other than by chance; comparable between kinds"),
        Column("rarity", pa.float64(), "nats a word: mean self-information of the words that agree, by how often words stand in the corpus"),
        Column("reason", pa.string(), "why the span was kept, in words"),
        Column("operations", pa.list_(pa.int32()), "runs of three integers: kind (0 equal but for case, space and punctuation, 1 replaced, 2 only in a, 3 only in b), code points of a, code points of b"),
    ),
    ("witness_a", "witness_b", "start_a", "start_b"),
    (
        Invariant("a < b", not_above("witness_a", "witness_b")),
        Invariant("the interval in a is not empty", not_above("start_a", "end_a")),
        Invariant("the interval in b is not empty", not_above("start_b", "end_b")),
        Invariant("similarity lies in 0..1", outside_unit("similarity")),
        Invariant("the kind is one of five", lambda t: pc.invert(pc.is_in(t["kind"], pa.array(KINDS)))),
        Invariant("a reason is given", lambda t: pc.equal(pc.utf8_length(t["reason"]), 0)),
        Invariant("the operations consume exactly both intervals", operations_off),
    ),
)

FAMILIES = TableSpec(
    "families",
    "One row a family: passages joined by spans. Rank 1 is the family of most substance.",
    (
        Column("family", pa.string(), "id: a hash of its first passage, so that it survives another run; kept as statements are added and removed"),
        Column("rank", pa.int32(), "place in the list: marked families after the others, each by substance"),
        Column("n_passages", pa.int32(), "passages, those of exact copies included"),
        Column("n_witnesses", pa.int32(), "witnesses, exact copies included"),
        Column("n_series", pa.int32(), "series among them; a witness without one counts for itself"),
        Column("earliest", pa.int32(), "witness of the earliest copy held", "no member is dated, or the earliest cannot be told"),
        Column("first_at", TIMESTAMP, "earliest date of a member", "no member is dated"),
        Column("last_at", TIMESTAMP, "latest date of a member", "no member is dated"),
        Column("n_days", pa.int32(), "days from first to last", "no member is dated"),
        Column("medoid", pa.int32(), "witness of the member that shares most spans inside the family"),
        Column("n_letters", pa.int32(), "median length of its passages, in folded letters"),
        Column("n_running_words", pa.int32(), "words of the medoid's passage that do not begin with a capital or digit; all words where the script has no case"),
        Column("similarity", pa.float64(), "median share of 7-letter shingles that its passages have in common with the medoid's"),
        Column("substance", pa.float64(), "score that ranks: length, running words, other series, rarity"),
        Column("common", pa.bool_(), "marked as boilerplate"),
        Column("label", pa.string(), "`furniture`, `series template` or `formula or name`", "not marked"),
        Column("reasons", pa.list_(pa.string()), "why it is marked, in words"),
        Column("split", pa.bool_(), "the medoid guard took it from a larger family"),
        Column("excerpt", pa.string(), "the beginning of the medoid's passage, one line"),
    ),
    ("rank",),
    (
        Invariant("a family stands once", repeated("family")),
        Invariant("a family has two witnesses or more", not_less("n_witnesses", 2)),
        Invariant("passages are not fewer than witnesses", not_less("n_passages", "n_witnesses")),
        Invariant("ranks count from 1", lambda t: pc.not_equal(t["rank"], pa.array(np.arange(1, len(t) + 1, dtype=np.int32)))),
        Invariant("a marked family has a label and a reason", lambda t: pc.and_(t["common"], pc.or_(pc.is_null(t["label"]), pc.equal(pc.list_value_length(t["reasons"]), 0)))),
    ),
)

PASSAGES = TableSpec(
    "passages",
    "One row a stretch of one witness that belongs to a family.",
    (
        Column("passage", pa.string(), "id: a hash of the witness's siglum and the place"),
        Column("family", pa.string(), "its family"),
        WITNESS,
        Column("start", pa.int32(), "start in the witness"),
        Column("end", pa.int32(), "end in the witness"),
        Column("n_letters", pa.int32(), "length in folded letters"),
        Column("position", pa.int32(), "place in the family by date, from 0; undated members last"),
        Column("n_spans", pa.int32(), "spans inside the family that end in it"),
        Column("tie", pa.string(), "`reworked` or `summarised`: what deep mode found ties it to its family", "a span by letters does"),
        Column("copy_of", pa.int32(), "the witness it is an exact copy of", "matched itself"),
    ),
    ("family", "position"),
    (
        Invariant("a passage stands once in its family", repeated("family", "passage")),
        Invariant("the interval is not empty", not_above("start", "end")),
    ),
)

FAMILY_LINKS = TableSpec(
    "family_links",
    "One row a pair of families of which one lies in the other or overlaps it; a graph, since a quotation may lie in several.",
    (
        Column("family", pa.string(), "the family around, or the first of two that overlap"),
        Column("other", pa.string(), "the family inside, or the second"),
        Column("relation", pa.string(), "`contains` or `overlaps`"),
        Column("n_witnesses", pa.int32(), "witnesses in which it is so"),
    ),
    ("family", "other"),
    (Invariant("a pair stands once", repeated("family", "other")), Invariant("two different families", lambda t: pc.equal(t["family"], t["other"]))),
)

MEMBER = Column("member", pa.int32(), "number of the member in its collation, counted from 0 in the order of input")

MEMBERS = TableSpec(
    "members",
    "One row a text or passage that takes part in a collation.",
    (
        MEMBER,
        Column("siglum", pa.string(), "siglum of its witness, with a number where a witness has several passages; or the name of the text given"),
        Column("witness", pa.int32(), "its witness in the corpus", "a text given from outside"),
        Column("passage", pa.string(), "its passage", "a whole text"),
        Column("start", pa.int32(), "start of what is collated, in the text of the witness"),
        Column("end", pa.int32(), "end of it"),
        Column("date", pa.string(), "date of the witness as an EDTF string", "undated"),
        Column("series", pa.string(), "series of the witness", "none"),
        Column("position", pa.int32(), "place by date, from 0; undated members last, in the order of input"),
        Column("n_tokens", pa.int32(), "words and marks"),
        Column("copy_of", pa.int32(), "the first member with the same words and marks; itself where it is the first"),
        Column("similarity", pa.float64(), "greatest share of 3-word shingles, of the shorter side, that it has in common with another member that is collated"),
        Column("related", pa.bool_(), "it is collated; false: it shares too little with the others, and has no tokens and readings"),
        Column("base", pa.bool_(), "the loci follow its order"),
    ),
    ("member",),
    (
        Invariant("members are numbered from 0 without a gap", lambda t: pc.not_equal(t["member"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("a siglum stands once", repeated("siglum")),
        Invariant("the interval is in order", lambda t: pc.greater(t["start"], t["end"])),
        Invariant("a member copies an earlier one or itself", lambda t: pc.greater(t["copy_of"], t["member"])),
        Invariant("similarity lies in 0..1", outside_unit("similarity")),
        Invariant("one member is the base, and it is collated", lambda t: np.full(len(t), t["base"].to_pylist().count(True) != 1) | np.asarray(pc.and_not(t["base"], t["related"]))),
    ),
    stored=False,
)

TOKENS = TableSpec(
    "tokens",
    "One row a word or mark of a member, with the column of the collation it stands in.",
    (
        MEMBER,
        Column("token", pa.int32(), "number of the token in its member, from 0"),
        Column("start", pa.int32(), "start in the text of the witness"),
        Column("end", pa.int32(), "end; the white space after it is outside"),
        Column("key", pa.string(), "what it compares by"),
        Column("column", pa.int32(), "column of the alignment, from 0 in the order of the base"),
        Column("locus", pa.int32(), "its locus"),
        Column("block", pa.int32(), "the moved block it stands in (see `blocks`); 0: in order"),
    ),
    ("member", "token"),
    (
        Invariant("a member has one token in a column at most", repeated("member", "column")),
        Invariant("a token stands once", repeated_in_order("member", "token")),
        Invariant("the interval is not empty", not_above("start", "end")),
        Invariant("tokens follow each other in the text", not_following("member", "start", "end")),
    ),
    stored=False,
)

LOCI = TableSpec(
    "loci",
    "One row a stretch of a collation in which the members divide in one way: where they differ, or where all agree (one reading). Together the loci hold all of every member.",
    (
        Column("locus", pa.int32(), "number of the locus, from 0 in the order of the base"),
        Column("column", pa.int32(), "first column of the alignment in it"),
        Column("n_columns", pa.int32(), "columns in it"),
        Column("n_members", pa.int32(), "members that cover it, those that omit it included"),
        Column("n_readings", pa.int32(), "different readings, an omission included; case, white space and the shape of quotation marks and dashes make no difference"),
        Column("n_forms", pa.int32(), "readings that differ in any character"),
        Column("n_tokens", pa.int32(), "tokens of the longest reading"),
        Column("moved", pa.bool_(), "some member has it in another place"),
    ),
    ("locus",),
    (
        Invariant("loci are numbered from 0 without a gap", lambda t: pc.not_equal(t["locus"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("a locus has a column", not_less("n_columns", 1)),
        Invariant("there are as many forms as readings, or more", not_less("n_forms", "n_readings")),
    ),
    stored=False,
)

READINGS = TableSpec(
    "readings",
    "One row a locus and member: what the member has there. A member's readings, sorted by start, rebuild its passage without a gap.",
    (
        Column("locus", pa.int32(), "the locus"),
        MEMBER,
        Column("reading", pa.int32(), "number of the reading in its locus: 0 is the base's, then by date; equal readings have one number", "missing: the member is a fragment that does not cover the locus"),
        Column("form", pa.int32(), "number of the form: 0 is the base's; equal characters have one number", "missing"),
        Column("start", pa.int32(), "start in the text of the witness; where there are no tokens, the place at which the reading would stand"),
        Column("end", pa.int32(), "end, the white space that follows included; `start` where it is omitted or missing"),
        Column("ink_end", pa.int32(), "end without the white space that follows"),
        Column("token", pa.int32(), "its first token", "omitted or missing"),
        Column("n_tokens", pa.int32(), "its tokens; 0: omitted (with a number of a reading) or missing (without)"),
        Column("similarity", pa.float64(), "share of letters it has in common with the base's reading", "one of the two has no tokens, or all agree"),
        Column("block", pa.int32(), "the moved block it stands in (see `blocks`); 0: in order"),
    ),
    ("locus", "member"),
    (
        Invariant("a member has one reading in a locus", repeated_in_order("locus", "member")),
        Invariant("a reading with tokens is not empty, one without is a point", lambda t: pc.not_equal(pc.greater(t["n_tokens"], _NONE), pc.greater(t["end"], t["start"]))),
        Invariant("the interval is in order", lambda t: pc.or_(pc.greater(t["start"], t["ink_end"]), pc.greater(t["ink_end"], t["end"]))),
        Invariant("a reading has a form", lambda t: pc.not_equal(pc.is_null(t["reading"]), pc.is_null(t["form"]))),
        Invariant("what is missing has no tokens", lambda t: pc.and_(pc.is_null(t["reading"]), pc.greater(t["n_tokens"], _NONE))),
        Invariant("a member's readings follow each other without a gap", untiled),
    ),
    stored=False,
)

BLOCKS = TableSpec(
    "blocks",
    "One row a moved block: a stretch that a member has in another place than the base.",
    (
        Column("block", pa.int32(), "number of the block in its collation, from 1"),
        MEMBER,
        Column("move", pa.int32(), "number of the move, from 1: members that have the same stretch in the same place share it"),
        Column("first_locus", pa.int32(), "first locus of its home, in the order of the base"),
        Column("last_locus", pa.int32(), "last locus of its home"),
        Column("start", pa.int32(), "start in the text of the witness, where it stands"),
        Column("end", pa.int32(), "end, the white space that follows included"),
        Column("n_tokens", pa.int32(), "its tokens"),
        Column("before_locus", pa.int32(), "the locus whose reading stands before it in this member", "it stands at the beginning"),
        Column("after_locus", pa.int32(), "the locus whose reading stands after it in this member", "it stands at the end"),
    ),
    ("block",),
    (
        Invariant("blocks are numbered from 1 without a gap", lambda t: pc.not_equal(t["block"], pa.array(np.arange(1, len(t) + 1, dtype=np.int32)))),
        Invariant("the home is in order", lambda t: pc.greater(t["first_locus"], t["last_locus"])),
        Invariant("the interval is not empty", not_above("start", "end")),
    ),
    stored=False,
)

WRAPPERS = TableSpec(
    "wrappers",
    "One row a stretch of a member's witness that the carried text of the others does not have: what stands before, after and inside it.",
    (
        MEMBER,
        Column("part", pa.string(), "`before` the carried text, `after` it, or `inside`"),
        Column("start", pa.int32(), "start in the text of the witness"),
        Column("end", pa.int32(), "end in it"),
        Column("n_tokens", pa.int32(), "words and marks"),
        Column("locus", pa.int32(), "the locus it makes", "before or after"),
    ),
    ("member", "start"),
    (Invariant("the interval is not empty", not_above("start", "end")),),
    stored=False,
)

CHANGES = TableSpec(
    "changes",
    "One row a difference between the base and another member, named by its kind; what alters meaning comes first.",
    (
        Column("change", pa.int32(), "number of the change, from 0: its rank"),
        Column("locus", pa.int32(), "the locus it stands in, the last where it spans several"),
        MEMBER,
        Column("kind", pa.string(), "`figure`, `date`, `demand`, `attribution`, `name`, `negation`, `modal`, `hedge`, `quotation`, `list item dropped` or `added`, `sentence dropped` or `added`, `block moved`, `wording`, `spelling`, `punctuation`, `case` or `layout`"),
        Column("weight", pa.float64(), "how much changes of this kind alter the meaning, from 1 down; a rank of kinds, no measurement"),
        Column("base_start", pa.int32(), "start in the text of the base"),
        Column("base_end", pa.int32(), "end in it; `base_start` where it has nothing there"),
        Column("start", pa.int32(), "start in the text of the member"),
        Column("end", pa.int32(), "end in it; `start` where it has nothing there"),
        Column("value_before", pa.float64(), "value of the figure in the base", "no figure, or an interval"),
        Column("value_after", pa.float64(), "value of the figure in the member", "no figure, or an interval"),
        Column("aspects", pa.list_(pa.string()), "what of it changed: `value`, `comparator`, `unit`, `counted` (the thing counted), `deadline`, `demand` (of a sentence that came or went: it asks), `addressee`, `claimant`, `force`, `source`, `voice` (own, reported, quoted), `dropped`, `added`; empty where the kind says all"),
        Column("befores", pa.list_(pa.string()), "by aspect: what it was in the base; null: nothing, or not said"),
        Column("afters", pa.list_(pa.string()), "by aspect: what it is in the member; null: nothing, or not said"),
        Column("direction", pa.string(), "`up` or `down` (a value, the force of a demand), `later` or `earlier` (a date)", "not known, or neither"),
        Column("ratio", pa.float64(), "how many times the value before the value after is", "not both values, or the first is 0"),
        Column("words", pa.string(), "the change in words: what the base has, what the member has, by how much a figure went up or down"),
    ),
    ("change",),
    (
        Invariant("changes are numbered from 0 without a gap", lambda t: pc.not_equal(t["change"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("the base's interval is in order", lambda t: pc.greater(t["base_start"], t["base_end"])),
        Invariant("the member's interval is in order", lambda t: pc.greater(t["start"], t["end"])),
    ),
    stored=False,
)

NODE = Column("node", pa.int32(), "number of the node: that of the member where it is held; lost sources come after all members")

STEMMA = TableSpec(
    "stemma",
    "One row a node of a lineage: each member of the collation once, and the lost sources that are inferred.",
    (
        NODE,
        Column("label", pa.string(), "siglum of the member; `lost 1`, `lost 2` ... for lost sources"),
        Column("lost", pa.bool_(), "no witness of it is held: it is inferred from what its children share"),
        Column("parent", pa.int32(), "node it comes from, held or lost (see `links`)", "a root, or no version of the others"),
        Column("source", pa.int32(), "the nearest node above it that is held", "none is held above it"),
        Column("date", pa.string(), "date as an EDTF string", "undated or lost"),
        Column("not_before_at", TIMESTAMP, "earliest moment the date allows", "open, undated or lost"),
        Column("not_after_at", TIMESTAMP, "latest moment the date allows; for a lost source: the latest that its children's dates allow", "open or undated"),
        Column("date_basis", pa.string(), "where the date comes from: as in `witnesses`, or `given`", "undated or lost"),
        Column("series", pa.string(), "series of the witness", "none"),
        Column("depth", pa.int32(), "links from the root; 0 for a root"),
        Column("position", pa.int32(), "place in the order in which the texts were made, from 0: parents before children, branches by their earliest date, the longest last; equal texts that have no order share a place", "no version of the others"),
        Column("related", pa.bool_(), "it is a version of the others; false: it stands alone"),
    ),
    ("node",),
    (
        Invariant("nodes are numbered from 0 without a gap", lambda t: pc.not_equal(t["node"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("a label stands once", repeated("label")),
        Invariant("a parent lies nearer to the root: there is no cycle", lambda t: broken_parents(t)),
        Invariant("the date's bounds are in order", lambda t: pc.fill_null(pc.greater(t["not_before_at"], t["not_after_at"]), False)),
    ),
    stored=False,
)

LINK_KINDS = ("taken from", "shares a lost source", "lost source", "same text", "cannot tell")
"""Values of `links.kind`."""
RELATIONS = ("same text", "revised", "excerpt of", "contains", "wraps", "quotes from")
"""Values of `links.relation`."""

LINKS = TableSpec(
    "links",
    "One row a link of a lineage: a node and the one it comes from.",
    (
        Column("link", pa.int32(), "number of the link, from 0"),
        Column("parent", pa.int32(), "node of the parent"),
        Column("child", pa.int32(), "node of the child"),
        Column("kind", pa.string(), "`taken from`: the child comes from the parent, both held; `shares a lost source`: the parent is lost; `lost source`: the child is lost; `same text`: nothing tells them apart but the date; `cannot tell`: another link, or the other direction, is about as likely"),
        Column("relation", pa.string(), "what the child is of the parent, by its text: `same text`, `revised`, `excerpt of`, `contains`, `wraps` or `quotes from`", "one of the two is lost"),
        Column("named", pa.bool_(), "the child names the parent, its series, or the series of the earliest copy, as its source", "one of the two is lost, or the parent has no name to look for"),
        Column("support", pa.float64(), "0..1: share of such links that were right in made traditions (see the page of lineages)"),
        Column("decided", pa.bool_(), "dates or text tell which of the two was first"),
        Column("cost", pa.float64(), "weight of what changed on the way, and of dates that are broken"),
        Column("n_days", pa.float64(), "days from the one to the other, between the middles of their dates; negative where the dates contradict the link", "one of the two is undated or lost"),
        Column("n_shared", pa.int32(), "loci at which both have a reading that few others have"),
        Column("n_added", pa.int32(), "loci at which the child has words and the parent none"),
        Column("n_dropped", pa.int32(), "loci at which the parent has words and the child none"),
        Column("n_changed", pa.int32(), "loci at which both have words, but others"),
        Column("n_returned", pa.int32(), "changes of these by which the child has again what stands elsewhere outside its descent"),
        Column("p_returned", pa.float64(), "probability of so many returned readings, or more, in a direct copy", "one of the two is lost"),
        Column("words", pa.string(), "what the link rests on, in a sentence"),
    ),
    ("link",),
    (
        Invariant("links are numbered from 0 without a gap", lambda t: pc.not_equal(t["link"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("a node has one parent at most", repeated("child")),
        Invariant("support lies in 0..1", outside_unit("support")),
        Invariant("the kind is one of five", lambda t: pc.invert(pc.is_in(t["kind"], pa.array(LINK_KINDS)))),
        Invariant("the relation is one of six", lambda t: pc.invert(pc.is_in(t["relation"], pa.array((*RELATIONS, None))))),
    ),
    stored=False,
)

EVIDENCE = TableSpec(
    "evidence",
    "One row a piece of evidence for or against a link, in words and places.",
    (
        Column("link", pa.int32(), "the link"),
        Column("kind", pa.string(), "`shared` (a reading few others have), `added`, `dropped`, `changed`, `returned` (against a direct copy), `date`, `containment` (the dates put an excerpt first) or `named`"),
        Column("weight", pa.float64(), "how much it counts, in events of one word; below 0: it speaks against the link"),
        Column("locus", pa.int32(), "first locus", "a date, a containment or a name"),
        Column("parent_start", pa.int32(), "start in the text of the parent", "a date, a containment or a name, or the parent is lost"),
        Column("parent_end", pa.int32(), "end in it", "a date, a containment or a name, or the parent is lost"),
        Column("start", pa.int32(), "start in the text of the child", "a date or a containment, or the child is lost"),
        Column("end", pa.int32(), "end in it", "a date or a containment, or the child is lost"),
        Column("words", pa.string(), "the evidence in words"),
    ),
    ("link",),
    stored=False,
)

ALTERNATIVES = TableSpec(
    "alternatives",
    "One row another parent that a node might have, with how much worse it is.",
    (
        Column("child", pa.int32(), "the node"),
        Column("parent", pa.int32(), "the other parent"),
        Column("rank", pa.int32(), "1: the next best"),
        Column("worse", pa.float64(), "by how much it costs more than the parent chosen, in events of one word"),
        Column("support", pa.float64(), "share of resampled events by which it would be the parent"),
        Column("words", pa.string(), "why it is worse, in words"),
    ),
    ("child", "rank"),
    (Invariant("support lies in 0..1", outside_unit("support")), Invariant("ranks count from 1", not_less("rank", 1))),
    stored=False,
)

SECOND_SOURCES = TableSpec(
    "second_sources",
    "One row a stretch that a member took from another than its parent.",
    (
        Column("child", pa.int32(), "the node that took it"),
        Column("source", pa.int32(), "the node it took it from"),
        Column("start", pa.int32(), "start in the text of the child"),
        Column("end", pa.int32(), "end in it"),
        Column("source_start", pa.int32(), "start in the text of the source", "the source is lost"),
        Column("source_end", pa.int32(), "end in it", "the source is lost"),
        Column("n_explained", pa.int32(), "readings of the stretch that the source has and the parent has not"),
        Column("n_against", pa.int32(), "readings of the stretch that the parent has and the source has not"),
        Column("tied", pa.list_(pa.int32()), "other nodes that explain the same readings as well: it is the source or one of these"),
        Column("support", pa.float64(), "0..1: share of such stretches that were right in made traditions"),
        Column("words", pa.string(), "what it rests on, in words"),
    ),
    ("child", "start"),
    (Invariant("the interval is not empty", not_above("start", "end")), Invariant("support lies in 0..1", outside_unit("support"))),
    stored=False,
)

PUBLISHERS = TableSpec(
    "publishers",
    "One row a publisher (series) that takes part in several families, with how early it is in them by the dates alone.",
    (
        Column("publisher", pa.int32(), "number, from 0: the earliest first"),
        Column("series", pa.string(), "the series"),
        Column("n_families", pa.int32(), "its statements that share text with other series, one family each: the one with the most series"),
        Column("n_first", pa.int32(), "those of them in which it is certainly before all others"),
        Column("n_before", pa.int32(), "other series of these families that come after it"),
        Column("n_after", pa.int32(), "other series that come before it"),
        Column("n_tied", pa.int32(), "other series whose dates meet its own"),
        Column("early", pa.float64(), "0..1: share of the other series that come after it, ties half"),
        Column("p", pa.float64(), "probability of a sum of places as far from the middle, or farther, if in each family every order of the series were as likely"),
        Column("q", pa.float64(), "`p` corrected for many publishers: the share of wrong ones expected among all of this p or less"),
    ),
    ("publisher",),
    (Invariant("a series stands once", repeated("series")), Invariant("early lies in 0..1", outside_unit("early")), Invariant("p lies in 0..1", outside_unit("p")), Invariant("q lies in 0..1", outside_unit("q"))),
    stored=False,
)

PUBLISHER_LINKS = TableSpec(
    "publisher_links",
    "One row a pair of publishers (series) that share text in several statements, with their order by the dates alone.",
    (
        Column("link", pa.int32(), "number, from 0: what chance gives least first"),
        Column("leader", pa.string(), "the series that is earlier more often"),
        Column("follower", pa.string(), "the other"),
        Column("n_families", pa.int32(), "what both have: families in which the same statements meet count once"),
        Column("n_before", pa.int32(), "those in which the leader is certainly earlier"),
        Column("n_after", pa.int32(), "those in which the follower is"),
        Column("n_tied", pa.int32(), "those in which their dates meet"),
        Column("n_days", pa.float64(), "median of the days from the leader to the follower, where the leader is earlier", "it never is"),
        Column("p", pa.float64(), "probability of so uneven an order, or a more uneven one, if each were the earlier as often (sign test, both sides)"),
        Column("q", pa.float64(), "`p` corrected for many pairs: the share of wrong ones expected among all of this p or less"),
        Column("words", pa.string(), "what it rests on, in words"),
    ),
    ("link",),
    (Invariant("the counts add up", lambda t: pc.not_equal(pc.add(pc.add(t["n_before"], t["n_after"]), t["n_tied"]), t["n_families"])), Invariant("p lies in 0..1", outside_unit("p")), Invariant("q lies in 0..1", outside_unit("q"))),
    stored=False,
)

LETTER = Column("member", pa.int32(), "number of the letter among those given, from 0")

LETTERS = TableSpec(
    "letters",
    "One row a text that was laid beside the template of a family of form letters.",
    (
        LETTER,
        Column("siglum", pa.string(), "siglum of its witness, or the name of the text given"),
        Column("witness", pa.int32(), "its witness in the corpus", "a text given from outside"),
        Column("date", pa.string(), "date of the witness as an EDTF string", "undated"),
        Column("series", pa.string(), "series of the witness", "none"),
        Column("n_tokens", pa.int32(), "words and marks"),
        Column("n_held", pa.int32(), "those of them that are the template's"),
        Column("n_residue", pa.int32(), "those that are not; all of them stand in `residues` where the text is a letter of the template"),
        Column("n_moved", pa.int32(), "words of the template that it has in another place"),
        Column("similarity", pa.float64(), "share of the template's words, by weight, that it has"),
        Column("related", pa.bool_(), "it is a letter of the template; false: it has too little of it, is set aside, and has no residues"),
    ),
    ("member",),
    (
        Invariant("letters are numbered from 0 without a gap", lambda t: pc.not_equal(t["member"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("what is not the template's is residue", lambda t: pc.not_equal(pc.add(t["n_held"], t["n_residue"]), t["n_tokens"])),
        Invariant("similarity lies in 0..1", outside_unit("similarity")),
    ),
    stored=False,
)

SEGMENTS = TableSpec(
    "segments",
    "One row a part of the template of a family of form letters, in order: words that stand, words that many leave out, and slots that each letter fills with its own.",
    (
        Column("segment", pa.int32(), "number of the segment, from 0"),
        Column("kind", pa.string(), "`fixed`, `optional` (many letters leave it out and put nothing in its place) or `slot`"),
        Column("first", pa.int32(), "its first word or mark in the template"),
        Column("last", pa.int32(), "end of it; `first` where a slot stands between two words"),
        Column("text", pa.string(), "its words as letters have them; of a slot what most have there, which may be nothing"),
        Column("member", pa.int32(), "a letter, by its number in `letters`, that has these characters", "several letters together have them, or it is an empty slot"),
        Column("start", pa.int32(), "where they stand in the text of that letter; 0 where there is none"),
        Column("end", pa.int32(), "end of them"),
        Column("n_letters", pa.int32(), "letters that have all its words as they stand; of a slot: that put something of their own there"),
        Column("n_fillings", pa.int32(), "different fillings of a slot; 0 of other segments"),
        Column("filled_with", pa.string(), "what most fillings are: `name` (capitalised words), `figure`, `sentence` or `words`", "no slot"),
        Column("fillings", pa.list_(pa.string()), "the commonest fillings, at most five"),
    ),
    ("segment",),
    (
        Invariant("segments are numbered from 0 without a gap", lambda t: pc.not_equal(t["segment"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("segments follow each other without a gap", lambda t: np.not_equal(t["first"].to_numpy(), np.concatenate([[0], t["last"].to_numpy()[:-1]]))),
        Invariant("the interval is in order", lambda t: pc.greater(t["start"], t["end"])),
    ),
    stored=False,
)

RESIDUES = TableSpec(
    "residues",
    "One row a sentence, line or stretch that a letter has beside the template, or a stretch of the template that it leaves out. With the words held they are all of the letter.",
    (
        LETTER,
        Column("start", pa.int32(), "start in the text of the letter"),
        Column("end", pa.int32(), "end in it; `start` where words were left out"),
        Column("n_tokens", pa.int32(), "its words and marks"),
        Column("kind", pa.string(), "`added`, `changed` (it stands for words of the template), `dropped` or `marks` (no word on either side)"),
        Column("part", pa.string(), "`before` the template's words, `after` them, or `inside`"),
        Column("first", pa.int32(), "first word of the template that it stands for, or before which it stands"),
        Column("last", pa.int32(), "end of what it stands for"),
        Column("slot", pa.int32(), "the slot it fills: a number of `segments`", "it stands in no slot"),
        Column("group", pa.int32(), "its group"),
    ),
    ("member", "start", "end"),
    (
        Invariant("residues follow each other in the text", not_following("member", "start", "end")),
        Invariant("the interval is in order", lambda t: pc.greater(t["start"], t["end"])),
        Invariant("what was left out has no words", lambda t: pc.not_equal(pc.equal(t["n_tokens"], 0), pc.equal(t["start"], t["end"]))),
    ),
    stored=False,
)

RESIDUE_GROUPS = TableSpec(
    "residue_groups",
    "One row a group of equal or nearly equal residues; sentences first, those of rarer words before others; what fills short slots last.",
    (
        Column("group", pa.int32(), "number of the group, from 0: its rank"),
        Column("kind", pa.string(), "kind of its residues; `added` where some are"),
        Column("text", pa.string(), "the commonest wording; of `dropped` the template's words"),
        Column("replaces", pa.string(), "the template's words it stands for in one letter", "nothing, or `dropped`"),
        Column("n_letters", pa.int32(), "letters that have it"),
        Column("n_residues", pa.int32(), "residues in it"),
        Column("n_wordings", pa.int32(), "different wordings; case, white space and marks make no difference"),
        Column("n_words", pa.int32(), "words of the commonest wording"),
        Column("weight", pa.float64(), "what its different words weigh by their rarity, in nats"),
        Column("in_slot", pa.bool_(), "half of them or more fill a slot"),
    ),
    ("group",),
    (
        Invariant("groups are numbered from 0 without a gap", lambda t: pc.not_equal(t["group"], pa.array(np.arange(len(t), dtype=np.int32)))),
        Invariant("a group has a residue for each of its letters and wordings", lambda t: pc.or_(pc.greater(t["n_letters"], t["n_residues"]), pc.greater(t["n_wordings"], t["n_residues"]))),
    ),
    stored=False,
)

ENTRIES = TableSpec(
    "entries",
    "One row a thing that a witness says: a figure, a date and so on; the ledger. Made when it is asked for.",
    (
        Column("entry", pa.string(), "id: a hash of the witness's siglum, the type and the place"),
        WITNESS,
        Column("type", pa.string(), "record type, such as `figure` or `date`; `unread` is a stretch in a language that is not read"),
        Column("start", pa.int32(), "start in the witness"),
        Column("end", pa.int32(), "end in the witness"),
        Column("quote", pa.string(), "the text from start to end"),
        Column("part_roles", pa.list_(pa.string()), "roles of its parts, such as `comparator`; a role may come twice"),
        Column("part_starts", pa.list_(pa.int32()), "where each part starts in the witness; a part may lie outside the entry"),
        Column("part_ends", pa.list_(pa.int32()), "where each part ends"),
        Column("voice", pa.string(), "whose words it stands in: `own`, `reported`, `quoted` or `republisher`"),
        Column("negated", pa.bool_(), "the statement denies it"),
        Column("lang", pa.string(), "language of its paragraph", "not known"),
        Column("section", pa.string(), "role of its section, such as `body` or `signatures`"),
        Column("sentence_start", pa.int32(), "where the sentence starts that holds its start", "not read"),
        Column("sentence_end", pa.int32(), "where that sentence ends", "not read"),
        Column("grade", pa.string(), "measured precision of its rule: `A` at least 0.95, `B` at least 0.85, `C` below"),
        Column("rule", pa.string(), "the rule that found it"),
        Column("why", pa.list_(pa.string()), "what the rule saw, in words"),
        Column("link_roles", pa.list_(pa.string()), "roles of the entries it belongs to, such as `attribution`"),
        Column("link_entries", pa.list_(pa.string()), "their ids"),
        Column("plugin", pa.string(), "name of the plug-in that found it", "found by the program's own rules"),
        Column("fields", pa.string(), "the fields of its type, as a JSON object (see the page of the ledger)"),
    ),
    ("witness", "start", "end", "type"),
    (
        Invariant("an entry stands once", repeated("entry")),
        Invariant("the interval is not empty", not_above("start", "end")),
        Invariant("the quote is as long as the interval", lambda t: pc.not_equal(pc.utf8_length(t["quote"]), pc.subtract(t["end"], t["start"]))),
        Invariant("every part has a role, a start and an end", differing_lengths("part_roles", "part_starts", "part_ends")),
        Invariant("every link has a role and an entry", differing_lengths("link_roles", "link_entries")),
    ),
    stored=False,
)

_FIGURE = (
    Column("entry", pa.string(), "id of the figure"),
    Column("start", pa.int32(), "start in the text"),
    Column("end", pa.int32(), "end in the text"),
    Column("quote", pa.string(), "the figure's words"),
    Column("voice", pa.string(), "whose words it stands in"),
    Column("comparator", pa.string(), "its comparator"),
    Column("value", pa.float64(), "its value", "an interval, or vague"),
    Column("low", pa.float64(), "its lower bound", "no interval"),
    Column("high", pa.float64(), "its upper bound", "no interval"),
)
_STATEMENT = (
    Column("statement", pa.string(), "siglum of the statement"),
    Column("publisher", pa.string(), "its series", "none given"),
    Column("date", pa.string(), "its date as EDTF", "undated"),
)
_AS_LONG = Invariant("the quote is as long as the interval", lambda t: pc.not_equal(pc.utf8_length(t["quote"]), pc.subtract(t["end"], t["start"])))

VALUES = TableSpec(
    "values",
    "One row a figure that counts what was asked for, or is a share of it, in order of date; made when it is asked for.",
    (
        *_STATEMENT,
        *_FIGURE,
        Column("unit", pa.string(), "UCUM or ISO 4217 code, or `%`", "a count"),
        Column("per", pa.string(), "what it is divided by", "nothing"),
        Column("counted", pa.string(), "what is counted, as written", "a share, or not said"),
        Column("share_of", pa.string(), "of what it is a share, as written", "no share"),
        Column("key", pa.string(), "head noun of what is counted", "not said"),
        Column("grade", pa.string(), "measured precision of its rule"),
        Column("inferred", pa.list_(pa.string()), "fields taken from another place of the statement"),
    ),
    (),
    (_AS_LONG,),
    stored=False,
)

DIFFERING = TableSpec(
    "differing",
    "One row a figure at a place of a family where its members give different values; made when it is asked for.",
    (
        Column("rank", pa.int32(), "rank of the family"),
        Column("family", pa.string(), "id of the family"),
        Column("place", pa.int32(), "number of the place in the family, from 1"),
        Column("key", pa.string(), "head noun of what is counted there", "not said"),
        Column("unit", pa.string(), "unit of the figure", "a count"),
        *_STATEMENT,
        *_FIGURE,
    ),
    (),
    (_AS_LONG,),
    stored=False,
)

CHECKS = TableSpec(
    "checks",
    "One row a figure that was held against a table of the user's; made when it is asked for.",
    (
        *_STATEMENT,
        *_FIGURE,
        Column("unit", pa.string(), "its unit, with what it is divided by", "a count"),
        Column("counted", pa.string(), "what it counts, or of what it is a share", "not said"),
        Column("answer", pa.string(), "`consistent`, `consistent but loose`, `within rounding`, `outside`, `not comparable` or `no data`"),
        Column("off_by", pa.float64(), "by how much the figure is above what was observed; negative: below", "neither outside nor within rounding"),
        Column("off_share", pa.float64(), "the same as a share of what was observed", "neither, or nought was observed"),
        Column("series", pa.string(), "the columns by which the mapping names the series", "the whole table"),
        Column("period", pa.string(), "the period compared with", "no data"),
        Column("observed", pa.float64(), "what was observed, as the table has it", "no data"),
        Column("observed_low", pa.float64(), "lower end of its range", "no data"),
        Column("observed_high", pa.float64(), "upper end of its range", "no data"),
        Column("observed_unit", pa.string(), "the table's unit", "none given"),
        Column("observed_status", pa.string(), "what the table says of it: `provisional`, `estimated` and so on", "nothing"),
        Column("published", pa.string(), "day on which it was published", "not said"),
        Column("next_observed", pa.float64(), "what was published of the same period next, after the statement", "nothing"),
        Column("next_published", pa.string(), "when", "nothing"),
        Column("next_answer", pa.string(), "the answer by that", "nothing"),
        Column("why", pa.list_(pa.string()), "how the answer came about, in words"),
    ),
    (),
    (
        _AS_LONG,
        Invariant("what is outside is off by something", lambda t: pc.and_(pc.equal(t["answer"], "outside"), pc.is_null(t["off_by"]))),
    ),
    stored=False,
)

PROVENANCE = TableSpec(
    "provenance",
    "One row a stage that ran: with what, on what, how long.",
    (
        Column("stage", pa.string(), "name of the stage; `add` and `remove`: statements added or removed since the trace, a row each time"),
        Column("started_at", TIMESTAMP, "when it began"),
        Column("seconds", pa.float64(), "time on the clock, in seconds"),
        Column("cpu_seconds", pa.float64(), "time of all processors, in seconds"),
        Column("n_rows", pa.int64(), "rows it wrote"),
        Column("config", pa.string(), "the settings, as JSON"),
        Column("versions", pa.string(), "versions of the program and of what it uses, as JSON"),
        Column("input_hash", pa.string(), "hash of what it read: the stage before, and the settings it uses"),
        Column("counters", pa.string(), "exact counts of work done, as JSON"),
    ),
    ("started_at",),
)

TABLES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (SOURCES, FAILURES, WITNESSES, FOLDINGS, FINGERPRINTS, SEEDS, DIRECT_SPANS, CANDIDATES, REGIONS, SPANS, FAMILIES, PASSAGES, FAMILY_LINKS, MEMBERS, TOKENS, LOCI, READINGS, BLOCKS, WRAPPERS, CHANGES, LETTERS, SEGMENTS, RESIDUES, RESIDUE_GROUPS, STEMMA, LINKS, EVIDENCE, ALTERNATIVES, SECOND_SOURCES, PUBLISHERS, PUBLISHER_LINKS, ENTRIES, VALUES, DIFFERING, CHECKS, PROVENANCE)
}


def stored_tables() -> Iterator[TableSpec]:
    """Yield the tables that live in the corpus's DuckDB file."""
    return (spec for spec in TABLES.values() if spec.stored)


def empty_table(name: str) -> pa.Table:
    """Return the named table without rows."""
    return TABLES[name].schema.empty_table()


def check_table(name: str, table: pa.Table) -> pa.Table:
    """Return `table` with exactly the columns and types of table `name`, in order.

    Raises:
        SchemaError: a column is missing, unknown, of another type or null where it may not be.
    """
    spec = TABLES[name]
    missing = [c for c in spec.names if c not in table.column_names]
    unknown = [c for c in table.column_names if c not in spec.names]
    if missing or unknown:
        raise SchemaError(f"table {name}: missing columns {missing}, unknown columns {unknown}")
    columns = []
    for column in spec.columns:
        values = table[column.name]
        if values.type != column.type:
            try:
                values = values.cast(column.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
                raise SchemaError(f"table {name}, column {column.name}: {values.type} is not {column.type} ({error})") from error
        if column.null is None and values.null_count:
            row = int(np.argmax(values.is_null().to_numpy()))
            raise SchemaError(f"table {name}, column {column.name}: no value in row {row}")
        columns.append(values)
    return pa.Table.from_arrays(columns, schema=spec.schema)


def verify_table(name: str, table: pa.Table) -> pa.Table:
    """Return `table` unchanged where it keeps every invariant and the sort order of table `name`.

    Raises:
        SchemaError: the first rule that is broken, with the first row that breaks it.
    """
    spec = TABLES[name]
    for rule in spec.invariants if len(table) else ():
        bad = np.asarray(rule.find(table))
        if bad.any():
            row = int(np.argmax(bad))
            shown = {c: table[c][row].as_py() for c in spec.names if c not in ("text", "operations")}
            raise SchemaError(f"table {name}, row {row}: broken rule: {rule.doc}; {shown}")
    _verify_order(spec, table)
    return table


def _verify_order(spec: TableSpec, table: pa.Table) -> None:
    """Raise where `table` is not sorted as its spec says."""
    if not spec.sort or len(table) < 2:
        return
    undecided = np.ones(len(table) - 1, bool)
    for name in spec.sort:
        column = table[name]
        values = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()  # which would copy the one
        before, after = values.slice(0, len(values) - 1), values.slice(1)
        falls = pc.fill_null(pc.greater(before, after), False).to_numpy(zero_copy_only=False)
        wrong = undecided & falls
        if wrong.any():
            row = int(np.argmax(wrong)) + 1
            raise SchemaError(f"table {spec.name}, row {row}: not sorted by {', '.join(spec.sort)}")
        undecided &= pc.fill_null(pc.equal(before, after), False).to_numpy(zero_copy_only=False)
