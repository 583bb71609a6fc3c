"""Every setting, its default and its reason: one frozen dataclass a stage, presets by use.

A preset changes only what its use needs. Unknown settings are refused with the nearest known name. The
documentation page of the settings is generated from this file.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
from dataclasses import dataclass, field
from typing import Any

from variorum.errors import ConfigError


def option(default: Any, doc: str, *, low: float | None = None, high: float | None = None) -> Any:
    """Return a dataclass field that carries its documentation and its inclusive range."""
    return field(default=default, metadata={"doc": doc, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class ReadingConfig:
    """Reading: files and rows to witnesses."""

    id_field: str = option("id", "field of a row that names the witness; a dot steps into an object; where absent, the file name and row number serve")
    text_field: str = option("text", "field of a row that holds the text")
    date_field: str = option("date", "field of a row that holds the date")
    series_field: str = option("series", "field of a row that names the series, that is the publisher")
    title_field: str = option("title", "field of a row that holds the title")
    metadata: str | None = option(None, "CSV file joined on file name or witness id: columns name (or file, id), date, series, title")
    encoding: str | None = option(None, "encoding of text files; none: found per file, UTF-8 first")
    max_file_mb: int = option(1024, "a larger file is refused, in MB; JSONL, CSV and Parquet are streamed and have no limit", low=1)
    max_characters: int = option(20_000_000, "a longer text is refused, in characters", low=1)
    include_hidden: bool = option(False, "also read files and folders whose name begins with a dot")


@dataclass(frozen=True, slots=True)
class MatchingConfig:
    """Matching: witnesses to spans."""

    k: int = option(15, "letters in a shingle; 15 finds noisy copies, 20 costs less", low=6, high=32)
    s: int = option(4, "letters in the sub-shingle that selects a shingle (closed syncmers; density 2/(k-s+1))", low=2, high=16)
    max_df: int = option(12, "the first so many witnesses of a shingle are matched with each other, later ones with the first two only (hub edges)", low=2)
    max_complete: int = option(50, "passages of up to so many witnesses are completed: pairs that only a third witness joins are aligned as well", low=2)
    min_letters: int = option(45, "shortest span, in folded letters of its shorter side", low=16)
    min_words: int = option(8, "a span shorter than min_letters is kept where so many words of it agree whole and are rare enough, see min_rare_nats and min_rarity; 0: never", low=0)
    min_rare_nats: float = option(50.0, "least score, in nats, of a span shorter than min_letters; a word that stands once in ten thousand is worth 9.2", low=0.0)
    min_rarity: float = option(5.8, "least rarity, in nats a word, of a span shorter than min_letters; phrases of everyday words have 5 to 6", low=0.0)
    min_similarity: float = option(0.55, "least similarity of a span: letters that agree, twice, over the letters of both sides", low=0.0, high=1.0)
    max_gap: int = option(400, "widest stretch without a seed inside one chain, in folded letters", low=16)
    min_chain: int = option(18, "least score of a chain of exact matches that is aligned, in letters; lone shorter matches are common phrases", low=16)
    min_score: int = option(24, "least score of a span, in letters that agree less the cost of those that do not", low=1)
    across_series: bool = option(False, "leave out spans between two witnesses of one series")


@dataclass(frozen=True, slots=True)
class DeepConfig:
    """Deep mode: two witnesses to the passages that one reworked from the other, whatever became of the order of the words."""

    deep: bool = option(False, "in a corpus, also look for passages that were reworded, shuffled, summed up or translated")
    max_candidates: int = option(50, "in a corpus, most witnesses that one witness is compared with; a reworked copy is nearly always among the first ten", low=1)
    min_shared: float = option(15.0, "in a corpus, least that two witnesses must share within a hundred words to be compared, in nats: a few rare words together", low=0.0)
    min_characters: int = option(230, "shortest reworked passage, in characters of its longer side; a sign of a script without spaces counts as three; what is shorter and word for word is found as ever", low=40)
    min_nats: float = option(28.0, "least score of a reworked passage, in nats, on either side alone: how much likelier its words are from the other side than by chance", low=5.0)
    min_nats_beside: float = option(20.0, "least score of one that lies beside another on both sides and is joined to it, in nats", low=5.0)
    min_nats_summary: float = option(30.0, "least score of a summary, in nats", low=5.0)
    max_homes: int = option(8, "places of the other text that one passage is looked for in", low=1)
    min_home_share: float = option(0.8, "share of the score of the first place that each further one must have", low=0.0, high=1.0)


@dataclass(frozen=True, slots=True)
class FamiliesConfig:
    """Families: spans to families and passages."""

    min_letters: int = option(60, "shortest span that makes a family, in folded letters", low=16)
    min_rare_nats: float = option(55.0, "a span shorter than min_letters makes a family all the same where its score, in nats, is at least this", low=0.0)
    min_similarity: float = option(0.60, "least similarity of a span that makes a family", low=0.0, high=1.0)
    formulaic_similarity: float = option(0.90, "a family whose passages have too little in common is grouped again along spans of rising similarity, up to this", low=0.0, high=1.0)
    min_coherence: float = option(0.97, "share of the pairs of a family's passages that must be alike, that is share 30 % of the 7-letter shingles of the shorter; see formulaic_similarity", low=0.0, high=1.0)
    leader_overlap: float = option(0.85, "intervals of one witness join one leader at this intersection over union", low=0.5, high=1.0)
    merge_overlap: float = option(0.50, "two families coincide where their passages overlap this much in half of their witnesses", low=0.1, high=1.0)
    medoid_share: float = option(0.40, "a passage stays in a family of five or more while it shares this much of its 7-letter shingles with the medoid", low=0.0, high=1.0)
    nested_cover: float = option(0.90, "a passage lies in another when this much of it does", low=0.5, high=1.0)
    nested_length: float = option(0.85, "a nested passage is shorter than this share of the one around it", low=0.1, high=1.0)


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Running: machine and flow; changes nothing in the tables."""

    threads: int = option(0, "threads; 0: as many as the machine offers", low=0)
    memory_mb: int = option(2048, "memory budget for tables on their way between stages, in MB; beyond it they go to disk", low=256)


@dataclass(frozen=True, slots=True)
class ReportConfig:
    """The report: what the single HTML file holds."""

    max_mb: float = option(12.0, "size the report stays under, in MB; the families of least substance are listed without their texts beyond it", low=0.5)
    context: int = option(240, "characters shown before and after a passage", low=0)
    max_lineages: int = option(40, "families whose lineage is drawn in it, the first by rank of those not marked as common and not too large; 0: none", low=0)
    title: str | None = option(None, "heading of the report; none: the name of the corpus")


SECTIONS: dict[str, type] = {
    "reading": ReadingConfig,
    "matching": MatchingConfig,
    "deep": DeepConfig,
    "families": FamiliesConfig,
    "report": ReportConfig,
    "run": RunConfig,
}

# What each preset changes; anything not named keeps its default.
PRESETS: dict[str, dict[str, dict[str, Any]]] = {
    "sensitive": {},
    "reworked": {"deep": {"deep": True}},
    "fast": {"matching": {"k": 20, "s": 8, "min_letters": 60, "min_chain": 26, "max_df": 8, "max_complete": 20, "min_words": 0}},
    "noisy": {"matching": {"k": 10, "s": 4, "min_chain": 16}},
}


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run."""

    reading: ReadingConfig = field(default_factory=ReadingConfig)
    matching: MatchingConfig = field(default_factory=MatchingConfig)
    deep: DeepConfig = field(default_factory=DeepConfig)
    families: FamiliesConfig = field(default_factory=FamiliesConfig)
    report: ReportConfig = field(default_factory=ReportConfig)
    run: RunConfig = field(default_factory=RunConfig)
    preset: str = "sensitive"

    def to_json(self) -> str:
        """Return the settings as JSON, keys sorted, so that equal settings give equal text."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


def make_config(preset: str = "sensitive", /, **settings: Any) -> Config:
    """Return the preset's settings with `settings` laid over them.

    A setting is named ``section__name`` (``matching__max_df=50``), or by its bare name where only one
    section has it (``max_df=50``). A value of None means "as the preset has it".

    Raises:
        ConfigError: unknown preset or setting, value of the wrong type or out of range; all at once.
    """
    if preset not in PRESETS:
        raise ConfigError(f"no preset '{preset}'{_nearest(preset, list(PRESETS))}; there are {', '.join(PRESETS)}")
    chosen: dict[str, dict[str, Any]] = {name: dict(PRESETS[preset].get(name, {})) for name in SECTIONS}
    problems = []
    for key, value in settings.items():
        if value is None:
            continue
        try:
            section, name = _locate(key)
            chosen[section][name] = _checked(section, name, value)
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("; ".join(problems))
    config = Config(preset=preset, **{name: cls(**chosen[name]) for name, cls in SECTIONS.items()})
    if config.matching.s >= config.matching.k:
        raise ConfigError(f"s ({config.matching.s}) must be smaller than k ({config.matching.k})")
    return config


def overlay_matching(own: MatchingConfig, settings: dict[str, Any]) -> MatchingConfig:
    """Return the matching settings of a corpus with `settings` laid over them.

    A `min_letters` that is named holds for all spans: those kept for their rare words alone are shorter.

    Raises:
        ConfigError: an unknown setting, or one that the fingerprints of the corpus fix.
    """
    settings = {name.removeprefix("matching__"): value for name, value in settings.items()}
    fixed = [name for name in ("k", "s") if name in settings]
    if fixed:
        raise ConfigError(f"{fixed[0]} is fixed by the corpus's fingerprints; trace again with another")
    if settings.get("min_letters") is not None:
        settings = {"min_words": 0, **settings}
    return make_config(**{f"matching__{name}": value for name, value in {**dataclasses.asdict(own), **settings}.items()}).matching


def load_config(text: str) -> Config:
    """Return the settings that `Config.to_json` wrote; settings unknown to this version are refused."""
    data = json.loads(text)
    preset = data.pop("preset", "sensitive")
    flat = {f"{section}__{name}": value for section, values in data.items() for name, value in values.items()}
    return make_config(preset, **flat)


def option_fields(section: str) -> list[dataclasses.Field[Any]]:
    """Return the fields of a section in the order of the file."""
    return list(dataclasses.fields(SECTIONS[section]))


def _locate(key: str) -> tuple[str, str]:
    """Return (section, name) of a setting given as ``section__name`` or by its bare name."""
    section, mark, name = key.partition("__")
    if mark and section in SECTIONS:
        found = [section] if name in {f.name for f in option_fields(section)} else []
    else:
        name = key
        found = [part for part in SECTIONS if name in {f.name for f in option_fields(part)}]
    if len(found) == 1:
        return found[0], name
    if found:
        raise ConfigError(f"'{key}' is a setting of {' and '.join(found)}; write {found[0]}__{name}")
    known = [f.name for part in SECTIONS for f in option_fields(part)]
    raise ConfigError(f"no setting '{key}'{_nearest(name, known)}")


def _checked(section: str, name: str, value: Any) -> Any:
    """Return `value` where it has the setting's type and lies in its range."""
    spec = next(f for f in option_fields(section) if f.name == name)
    kind = type(spec.default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if spec.default is not None and type(value) is not kind:
        raise ConfigError(f"{name} must be {kind.__name__}, not {value!r}")
    low, high = spec.metadata["low"], spec.metadata["high"]
    if (low is not None and value < low) or (high is not None and value > high):
        raise ConfigError(f"{name} must lie between {low} and {high if high is not None else 'any size'}, not {value!r}")
    return value


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""
