"""What the ledger sees in changes: known edits are told by kind, aspect, direction and ratio; words, places, filters."""

from __future__ import annotations

import random

import variorum
from change_frames import Frame
from prose import Prose
from test_changes import check_spans
from variorum.collations import Collation


def edit(seed: int, frames: list[Frame]) -> tuple[str, str, list[Frame]]:
    """A text, the text with some slots edited, and their frames."""
    rng, prose = random.Random(seed), Prose(seed)
    order = rng.sample(range(len(frames)), len(frames))
    chosen = set(rng.sample(order, rng.randint(1, 6)))
    base, other = [], []
    for k in order:
        filler = " ".join(prose.sentence() for _ in range(2))
        for texts, filling in ((base, frames[k].before), (other, frames[k].after if k in chosen else frames[k].before)):
            sentence = frames[k].text.format(filling)
            texts.append(f"{filler} {sentence[:1].upper()}{sentence[1:]}".strip())
    return "\n\n".join(base), "\n\n".join(other), [frames[k] for k in sorted(chosen, key=order.index)]


def is_told(row: dict, frame: Frame) -> bool:
    """A row says what the frame says of its change."""
    ratio = frame.ratio is None or (row["ratio"] is not None and abs(row["ratio"] - frame.ratio) < 1e-9)
    return row["kind"] == frame.kind and frame.aspect in row["aspects"] and row["direction"] == frame.direction and ratio


def differ(rows: list[dict], expected: list[Frame]) -> bool:
    """The rows are not exactly the edits."""
    left = list(rows)
    for frame in expected:
        found = next((row for row in left if is_told(row, frame)), None)
        if found is None:
            return True
        left.remove(found)
    return bool(left)


def run(frames: list[Frame]) -> list[tuple]:
    """The seeds of 200 whose changes are not exactly their edits."""
    wrong = []
    for seed in range(200):
        base, other, expected = edit(seed, frames)
        collation: Collation = variorum.collate({"a": base, "b": other}, base="a")
        rows = check_spans(collation)
        if differ(rows, expected):
            wrong.append((seed, expected, [(r["kind"], r["aspects"], r["words"]) for r in rows]))
    return wrong
