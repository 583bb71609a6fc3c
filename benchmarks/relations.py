"""What one text is said to be of another, where it was made from it in a known way.

    python benchmarks/relations.py --base BOOKS --seeds 0-199

A base is a run of sentences of a book. From it is made: the same text; a revision (words changed, a sentence moved, a short one added or dropped); an
excerpt (its beginning, end or middle, or some of its sentences in another order); a text that contains it (sentences put in between, or behind); one
that wraps it (words before it, or before and after it); one that quotes a part of it within a longer text of its own. What is put in comes from elsewhere in
the book. Every second wrapper and quoter names its source: an attributed quotation, against silent reuse.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import measure
from collation import parse_seeds
from letters import read_sentences

KINDS = ("same text", "revised", "excerpt of", "contains", "wraps", "quotes from")
SOURCE = "Harbour Board"
MOST_QUOTED = 0.4
"""Greatest share of a text that a quoter has of it; one that has more has made it its own."""
_NAMED = (f"The {SOURCE} said in a statement:", f"According to the {SOURCE}, it is as follows.", f"We print what the {SOURCE} has issued.", f"A letter by the {SOURCE} has come to us.")
_UNNAMED = ("It is as follows.", "We have more to say on this.", "This has come to us.", "Many have asked for it.")
_OTHERS = ("new", "old", "northern", "seven", "quiet", "never", "perhaps", "council", "morning", "river")


def change_words(sentence: str, n: int, rng: random.Random) -> str:
    """Return a sentence with some words replaced, dropped or doubled by another."""
    words = sentence.split()
    for _ in range(n):
        at, kind = rng.randrange(len(words)), rng.random()
        words[at : at + 1] = [rng.choice(_OTHERS)] if kind < 0.6 else [words[at], rng.choice(_OTHERS)] if kind < 0.8 or len(words) < 4 else []
    return " ".join(words)


def take_part(base: Sequence[str], share: float, rng: random.Random) -> list[str]:
    """Return about so great a share of some sentences: a run, or some of them in another order."""
    n = min(len(base) - 1, max(1, round(share * len(base))))
    if rng.random() < 0.3:
        return rng.sample(list(base), n)
    at = rng.choice([0, len(base) - n, rng.randint(0, len(base) - n)])
    return list(base[at : at + n])


def make_relative(kind: str, base: Sequence[str], others: Sequence[str], rng: random.Random, *, named: bool) -> str:
    """Return a text that is this to the base: one of `KINDS`; `others` are sentences of elsewhere."""
    cue = rng.choice(_NAMED if named else _UNNAMED)
    out = list(base)
    if kind == "revised":
        for at in rng.sample(range(len(out)), rng.randint(1, len(out))):
            out[at] = change_words(out[at], rng.randint(1, 2), rng)
        if rng.random() < 0.3:
            out.append(out.pop(rng.randrange(len(out))))
    elif kind == "excerpt of":
        out = take_part(base, rng.uniform(0.25, 0.8), rng)
    elif kind == "contains":
        n = max(2, round(rng.uniform(0.3, 1.0) * len(out)))
        spots = [len(out)] * n if rng.random() < 0.3 else sorted((rng.randint(1, len(out)) for _ in range(n)), reverse=True)
        for spot, sentence in zip(spots, others, strict=False):
            out.insert(spot, sentence)
    elif kind == "wraps":
        before, after = rng.randint(1, 3), rng.choice([0, 1, 2, 3])
        out = [*others[:before], cue, *out, *others[before : before + after]]
    elif kind == "quotes from":
        part = take_part(base, rng.uniform(0.15, 0.4), rng)
        while len(part) > 1 and len(" ".join(part)) > MOST_QUOTED * len(" ".join(base)):
            part.pop()
        size = len(" ".join(part).split())
        own = list(others[:2])
        while len(" ".join(own).split()) < 2 * size and len(own) < len(others):
            own.append(others[len(own)])
        at = rng.randint(1, len(own))
        out = [*own[:at], cue, *part, *own[at:]]
    return " ".join(out)


def tell_relation(base: str, other: str) -> tuple[str, bool | None]:
    """Return what a text is said to be of an earlier one, and whether it is said to name it; "no version" where the two are not collated."""
    import variorum
    from variorum.errors import UsageError

    try:
        links = variorum.lineage({f"{SOURCE}-2024": base, "other": other}, {f"{SOURCE}-2024": "2024-03-01", "other": "2024-03-05"}).links.to_pylist()
    except UsageError:
        return "no version", None
    return (links[0]["relation"], links[0]["named"]) if links else ("no version", None)


def make_pair(kind: str, sentences: Sequence[str], seed: int, *, named: bool) -> tuple[str, str]:
    """Return a base of 6 to 24 sentences and a text that is this to it."""
    rng = random.Random(f"{kind} {seed}")
    n = rng.randint(6, 24)
    at = rng.randrange(len(sentences) - n)
    rest = [*sentences[:at], *sentences[at + n :]]
    return " ".join(sentences[at : at + n]), make_relative(kind, sentences[at : at + n], rng.sample(rest, 60), rng, named=named)


def main() -> None:
    """Print the table of confusion."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt)")
    parser.add_argument("--seeds", type=parse_seeds, default=range(200), help="such as 0-199: a pair of each kind for each")
    arguments = parser.parse_args()
    sentences = read_sentences(arguments.base)
    found = {kind: Counter[str]() for kind in KINDS}
    naming: Counter[tuple[bool, bool | None]] = Counter()
    for kind in KINDS:
        for seed in arguments.seeds:
            named = seed % 2 == 1
            relation, is_named = tell_relation(*make_pair(kind, sentences, seed, named=named))
            found[kind][relation] += 1
            if kind in ("wraps", "quotes from"):
                naming[named, is_named] += 1
    said = [*KINDS, "no version"]
    rows = [[kind, *(found[kind][name] for name in said), found[kind][kind] / found[kind].total()] for kind in KINDS]
    measure.print_table(["made", *said, "right"], rows, f"a pair of each kind a seed, {len(arguments.seeds)} seeds")
    head = ["made", "named", "not named", "not told"]
    measure.print_table(head, [[name, naming[named, True], naming[named, False], naming[named, None]] for name, named in (("attributed quotation", True), ("silent reuse", False))], "wraps and quotes from")


if __name__ == "__main__":
    main()
