"""Form letters with known slots and additions, for tests."""

from __future__ import annotations

import random
from dataclasses import dataclass

BODY = [
    "The council wants to close the night ferry in autumn.",
    "Hundreds of nurses and bakers take it before dawn.",
    "Without it they would lose an hour each way.",
    "The harbour fund holds enough to keep it running for three years.",
    "We ask you to vote against the closure on Monday.",
    "We also ask that the timetable be published before any decision.",
    "A town that cannot be reached at night is half a town.",
]
CLOSING = "Yours sincerely,"
NAMES = ["Berg", "Castro", "Dahl", "Ekman", "Ferro", "Grant", "Holm", "Ivers", "Jansen", "Keller", "Lund", "Moreau", "Nyberg", "Olsen", "Perez", "Quist", "Rossi", "Stone", "Tran", "Vogel"]
FIRST = ["Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Leo", "Mona", "Nils", "Olga", "Paul", "Rosa", "Sven", "Tara", "Uwe"]
TOWNS = ["Northport", "Lower Quay", "Saltmarsh", "Millbridge", "Eastholm", "Gull Bay", "Stonehaven", "Ferrytown"]
NOUNS = ["river", "bread", "lantern", "window", "school", "winter", "morning", "clinic", "bridge", "market", "uncle", "sister", "ticket", "shift", "kitchen", "storm", "garden", "engine", "doctor", "ladder", "music", "station", "village", "friend"]
VERBS = ["waits", "carries", "needs", "opens", "missed", "found", "left", "brings", "keeps", "crossed", "walked", "heard"]


@dataclass
class Letter:
    """A letter, and the sentences that its sender added."""

    text: str
    added: list[str]


def make_sentence(chosen: random.Random) -> str:
    """Return a sentence that no other sender has."""
    n = chosen.randint(6, 14)
    return f"My {' '.join(chosen.choice(VERBS if k % 2 else NOUNS) for k in range(n))}."


def make_letters(n: int, seed: int = 5, share: float = 0.3) -> list[Letter]:
    """Return `n` letters of one template with three slots; about `share` of the senders add a sentence somewhere."""
    chosen = random.Random(seed)
    made = []
    for _ in range(n):
        body, added, before, after = list(BODY), list[str](), "", ""
        if chosen.random() < share:
            added.append(make_sentence(chosen))
            spot = chosen.randrange(len(body) + 3)
            if spot <= len(body):
                body.insert(spot, added[0])
            before = f"{added[0]}\n\n" if spot == len(body) + 1 else ""
            after = f"\n\n{added[0]}" if spot == len(body) + 2 else ""
        made.append(Letter(f"{before}{write_letter(body, chosen)}{after}", added))
    return made


def write_letter(body: list[str], chosen: random.Random) -> str:
    """Return one letter with its own names and town."""
    name = f"{chosen.choice(FIRST)} {chosen.choice(NAMES)}"
    return f"Dear Councillor {chosen.choice(NAMES)},\n\nI write to you from {chosen.choice(TOWNS)} today. {' '.join(body)}\n\n{CLOSING}\n{name}"
