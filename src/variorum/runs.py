"""What a run is told and tells: how far it goes, what it says on the way, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something a run tells while it goes on.

    `state` is `begin`, `advance`, `end`, `kept` (the stage need not run again) or `note`; `done` and `total` count
    what `text` names; `total` is None where it is not known.
    """

    stage: str
    state: str
    done: int = 0
    total: int | None = None
    text: str = ""


Progress = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Flow:
    """How far a run goes: the last stage, the stage to start again from, and whether the first failed source ends it."""

    stop_after: str | None = None
    resume_from: str | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run.

    Attributes:
        path: the corpus folder.
        exit_code: 0, or 3 where some inputs failed.
        failures: rows of the table `failures` where text was lost.
        counts: rows of each table, and families marked as common (`n_common`).
        stages: stage -> `ran` or `kept`, in order.
    """

    path: Path
    exit_code: int
    failures: list[dict[str, Any]]
    counts: dict[str, int]
    stages: dict[str, str]
