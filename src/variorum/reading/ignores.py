"""The patterns of a `.variorumignore`, as git reads those of a `.gitignore`.

``*`` and ``?`` stop at a slash, ``**`` does not; a slash at the end means folders only, a slash elsewhere ties
the pattern to the folder of the file; ``!`` takes back; the last pattern that fits decides.
"""

from __future__ import annotations

import re
from typing import NamedTuple

IGNORE_FILE = ".variorumignore"


class Rule(NamedTuple):
    """One pattern: what it fits, below which folder (``""`` or ``"a/b/"``), for folders only, and whether it takes back."""

    fits: re.Pattern[str]
    below: str
    folders_only: bool
    takes_back: bool


def parse_rules(text: str, below: str = "") -> list[Rule]:
    """Return the rules of an ignore file's text; `below` is its folder, relative to the walk's, with a slash at the end."""
    rules = []
    for line in text.splitlines():
        pattern = re.sub(r"(?<!\\)\s+$", "", line)
        if not pattern or pattern.startswith("#"):
            continue
        takes_back = pattern.startswith("!")
        pattern = pattern[takes_back:]
        folders_only = pattern.endswith("/")
        pattern = pattern.rstrip("/")
        if pattern:
            rules.append(Rule(_translate(pattern), below, folders_only, takes_back))
    return rules


def is_ignored(path: str, rules: list[Rule], *, folder: bool = False) -> bool:
    """Tell whether the path, relative to the walk's folder and with forward slashes, is left out."""
    for rule in reversed(rules):
        if path.startswith(rule.below) and (folder or not rule.folders_only) and rule.fits.fullmatch(path, len(rule.below)):
            return not rule.takes_back
    return False


def _translate(pattern: str) -> re.Pattern[str]:
    """Return a pattern as a regular expression over a whole path."""
    parts = [] if "/" in pattern else ["(?:.*/)?"]
    pattern = re.sub(r"(?:\*\*/)+", "**/", pattern.removeprefix("/"))
    i = 0
    while i < len(pattern):
        if pattern.startswith("**/", i) and (i == 0 or pattern[i - 1] == "/"):
            parts.append("(?:.*/)?")
            i += 3
        elif pattern[i:] == "**" and (i == 0 or pattern[i - 1] == "/"):
            parts.append(".*")
            i += 2
        elif pattern[i] == "*":
            while pattern.startswith("*", i + 1):  # a run of stars says no more than one, and would be slow
                i += 1
            parts.append("[^/]*")
            i += 1
        elif pattern[i] == "?":
            parts.append("[^/]")
            i += 1
        elif pattern[i] == "[" and (found := re.compile(r"\[([!^]?)(\]?[^\]]*)\]").match(pattern, i)) and found[2]:
            parts.append(f"[{'^/' if found[1] else ''}{_escape_class(found[2])}]")
            i = found.end()
        else:
            i += pattern[i] == "\\" and i + 1 < len(pattern)
            parts.append(re.escape(pattern[i]))
            i += 1
    try:
        return re.compile("".join(parts), re.S)
    except re.error:  # a range the wrong way round, such as [z-a]: fits nothing, as in git
        return re.compile(r"(?!)")


def _escape_class(inside: str) -> str:
    """Return the inside of a bracket with what `re` would take otherwise escaped."""
    return re.sub(r"([\\\[\]^&~|])", r"\\\1", inside)
