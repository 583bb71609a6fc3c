"""What adding and removing have in common: the settings of the corpus, the ids that stay, the row of provenance."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from variorum import __version__
from variorum.config import SECTIONS, Config, load_config, make_config
from variorum.corpus import CorpusFolder
from variorum.errors import UsageError
from variorum.pipeline import REVISED, STAGES

if TYPE_CHECKING:
    from variorum.families.heritages import Heritage
    from variorum.letters import Prefix


def settle_config(held: CorpusFolder, settings: dict[str, Any]) -> Config:
    """Return the settings of a corpus as its stages were done, with those of the reading and the run laid over them.

    Raises:
        UsageError: a stage has not been done, was done by another version, or with other settings than those named.
    """
    rows = {row["stage"]: row for row in held.read_table("provenance").to_pylist()}
    parts: dict[str, Any] = {"preset": "sensitive"}
    for stage in STAGES:
        if stage.name not in rows:
            raise UsageError(f"{held.path}: its trace has not come to {stage.name} yet; give its variorum trace command again, then this one")
        made = json.loads(rows[stage.name]["versions"]).get("variorum")
        if made != __version__:
            raise UsageError(f"{held.path}: {stage.name} was done by variorum {made}, not {__version__}; do it again first: variorum trace --out {held.path} --resume-from foldings")
        config = load_config(rows[stage.name]["config"])
        parts.update({section: dataclasses.asdict(getattr(config, section)) for section in stage.settings}, preset=config.preset)
    settings = dict(settings)
    preset = settings.pop("preset", None)
    if preset is not None and preset != parts["preset"]:
        raise UsageError(f"{held.path} was traced with the preset {parts['preset']}, not {preset}; leave the preset out, or make another corpus")
    own = {f"{section}__{name}": value for section, values in parts.items() if section in SECTIONS for name, value in values.items()}
    own["reading__metadata"] = None  # it was of the statements held
    wanted = make_config(parts["preset"], **{**own, **_spell_out(settings)})
    for section, values in parts.items():
        if section not in ("reading", "run", "preset"):
            _refuse_others(held.path, values, dataclasses.asdict(getattr(wanted, section)))
    return wanted


def _spell_out(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings under their full names where only one section has them; `make_config` judges the others."""
    found = {}
    for key, value in settings.items():
        homes = [section for section, kind in SECTIONS.items() if key in {f.name for f in dataclasses.fields(kind)}]
        found[f"{homes[0]}__{key}" if len(homes) == 1 else key] = value
    return {key: value for key, value in found.items() if value is not None}


def _refuse_others(path: Path, own: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Raise UsageError where a setting is named that is not the corpus's own."""
    for name, value in wanted.items():
        if value != own.get(name, value):
            raise UsageError(f"{path} was traced with {name}={own[name]}, not {value}; statements are added under the corpus's own settings: leave it out, or make another corpus")


def describe_heritage(held: CorpusFolder, numbers: np.ndarray) -> Heritage:
    """Return whose ids the families keep: `numbers` is the new number of each witness of the corpus, -1 where it is gone."""
    from variorum.families.heritages import Heritage

    return Heritage.of(held.read_table("passages", ["passage", "family", "witness", "start", "end"]), numbers)


def describe_prefix(held: CorpusFolder, n_texts: int) -> Prefix:
    """Return the first witnesses of a corpus, which stay what they are, with their index."""
    from variorum.letters import Prefix

    hashes = held.read_table("foldings", ["letters_hash"], f"witness < {n_texts}")["letters_hash"].to_numpy()
    return Prefix(held.index, hashes)


def finish(folder: CorpusFolder, row: dict[str, Any]) -> None:
    """Write the provenance row of what was done to a corpus, beside those of earlier times."""
    with folder.transaction():
        folder.append_table("provenance", pa.Table.from_pylist([row]))
        folder.set_state(REVISED, "yes")
