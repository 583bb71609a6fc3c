"""A folder of seven short fictional statements, known passage by passage, for the tests of the whole way."""

from __future__ import annotations

import json
from pathlib import Path

PIER = (
    "We call on the Town of Eastmere to keep the old pier open through the winter. Some 4,200 people crossed it every week last year, "
    "and no other way leads to the fish market before seven in the morning. The pier must be lit, it must be swept of ice, and the "
    "steps on its seaward side must be mended before the first of November."
)
LAMPS = (
    "The lamps along the harbour road were counted again in spring: of one hundred and twelve, only sixty-four still burn. A lamp costs "
    "less than a broken ankle, as any keeper of a boarding house can tell the council."
)
ALONE = {
    "museum": "The museum of rope and sail closes early on Fridays. Visitors with a yearly ticket may leave their umbrellas with the porter at the side door.",
    "library": "Seeds borrowed in March are to be returned as seeds in October; beans and marrows have done best in the allotments behind the library so far.",
}


def write_statements(folder: Path) -> Path:
    """Write the statements into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "2024-03-29_harbour-workers": f"The Harbour Workers' Union met on Thursday evening.\n\n{PIER}\n\nThe union will meet again in May.",
        "2024-04-02_ferry-passengers": f"Passengers of the morning ferry have asked us to pass this on to all who travel with us.\n\n{PIER}",
        "2024-04-05_council": f"From the minutes: a letter was read out.\n{PIER.replace('4,200', '3,900').replace('must be lit', 'should be lit')}\nIt was noted.",
        "2024-04-05_lamp-keepers": f"A word from the keepers.\n\n{LAMPS}\n\nWe thank all who helped to count.",
        "2024-05-01_boarding-houses": f"Every boarding house near the quay has signed what follows!\n\n{LAMPS}",
        **ALONE,
    }
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def write_rows(path: Path) -> Path:
    """Write the same statements as rows whose fields have names of their own."""
    folder = write_statements(path.parent / "as-files")
    with path.open("w", encoding="utf-8") as file:
        for number, statement in enumerate(sorted(folder.iterdir())):
            day, _, name = statement.stem.rpartition("_")
            row = {"key": f"s{number}", "body": statement.read_text(encoding="utf-8"), "when": day or None, "from": {"name": name}, "heading": name.upper()}
            file.write(json.dumps(row) + "\n")
    return path
