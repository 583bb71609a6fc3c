"""What is said of a lineage in sentences: of each link, and of the whole where its answer is that there is no order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from variorum.stemmas.descents import Descent
from variorum.stemmas.nodes import Namings, Numbering, is_doubted, list_holders
from variorum.stemmas.notices import describe_notices
from variorum.stemmas.relations import CARRIES

MAX_NAMED = 5
"""Most texts that a sentence names; of more it says how many."""
MANY = 3
"""Fewest texts of which it is said that one may have been sent to all."""
CERTAIN_RETURN = 0.01
"""Probability of so many returned readings by chance, below which they are told."""


@dataclass(frozen=True)
class Sentences:
    """Sentences about a lineage.

    Attributes:
        descent, numbering, namings: what it rests on.
        labels: by node, as in STEMMA.
    """

    descent: Descent
    numbering: Numbering
    namings: Namings
    labels: Sequence[str]

    def tell_link(self, row: dict[str, Any]) -> str:
        """Return what a link, a row of LINKS without `words`, rests on."""
        parent, child = self.labels[row["parent"]], self.labels[row["child"]]
        if row["kind"] == "same text":
            return f"{child} and {parent} have the same text; " + (f"{parent} is earlier" if row["decided"] else self._tell_open([row["parent"], row["child"]]))
        said = [f"{child} has {row['n_shared']} reading{'s' * (row['n_shared'] != 1)} of {parent} that few others have, and changes {row['n_added'] + row['n_dropped'] + row['n_changed']}"]
        if row["p_returned"] is not None and row["p_returned"] < CERTAIN_RETURN:
            said.append(f"{row['n_returned']} of these stand elsewhere")
        if row["relation"]:
            said += self._tell_source(row)
        if not row["decided"]:
            said.append("which of the two was first is open")
        return "; ".join(said)

    def _tell_source(self, row: dict[str, Any]) -> list[str]:
        """Return what the texts of a link say of each other, both being held."""
        parent, child = (self.numbering.find(row[end]) for end in ("parent", "child"))
        if parent is None or child is None:
            return []
        texts, said = self.descent.texts.texts, []
        doubted = is_doubted(self.descent, self.numbering, row)
        span = self.namings.get(row["child"])
        if span is not None:
            said.append(f"it names {' '.join(texts[child][span[0] : span[1]].split())}" + (": an attributed quotation" if row["relation"] in CARRIES else ""))
        elif row["named"] is False and row["decided"] and row["relation"] in CARRIES and not doubted:
            said.append("it names no source: silent reuse")
        if notices := describe_notices((texts[parent], texts[child]), self.descent.notices[parent], self.descent.notices[child]):
            said.append(notices)
        if doubted:
            parent_label, child_label = self.labels[row["parent"]], self.labels[row["child"]]
            said.append(f"all of {parent_label} stands in {child_label}, as in what an excerpt is from: by the dates {child_label} added to it; else the date of {parent_label} is wrong or an earlier {child_label} is not held")
        if holders := list_holders(self.descent, self.numbering, int(self.descent.node_of[child])):
            said.append(f"the same text as {self.labels[row['parent']]} is also held by {self._name(holders)}")
        return said

    def tell_whole(self) -> list[str]:
        """Return what is to be said where several texts have no order: equal ones, and those that differ each in its own way, of one day."""
        descent = self.descent
        n_texts, n = descent.tree.n_held, len(descent.node_of)
        found = []
        for node in range(n_texts):
            members = descent.copies(node)
            if len(members) < 2 or not self._meet(members):
                continue
            numbers = self.numbering.members[members].tolist()
            agreed = ": an agreed text sent to all would look so, and so would copies made within the day" if len(members) >= MANY or len(members) == n else ""
            who = f"all {n} texts" if len(members) == n else self._name(numbers)
            found.append(f"{who} have the same text; {self._tell_open(numbers)}{agreed if self._dated(numbers) else ''}")
        everyone = np.arange(n)
        if n_texts >= MANY and self._meet(everyone) and self._is_star():
            found.append(f"{n_texts} texts differ each in its own way from one; {self._tell_open(self.numbering.members.tolist())}: an agreed text sent to all would look so")
        return found

    def _is_star(self) -> bool:
        """Tell whether all held nodes hang on the root, so that no text but it has readings that another took."""
        parents = self.descent.tree.parents
        root = int(np.flatnonzero(parents < 0)[0])
        return bool(np.isin(parents, (-1, root)).all())

    def _meet(self, members: np.ndarray) -> bool:
        """Tell whether the dates of members allow that all are of one moment."""
        datings = self.descent.datings
        return bool(datings.first[members].max() <= datings.last[members].min())

    def _dated(self, numbers: Sequence[int]) -> bool:
        datings, places = self.descent.datings, np.searchsorted(self.numbering.members, np.array(numbers, np.int64))
        return bool(np.isfinite(datings.first[places]).all() and np.isfinite(datings.last[places]).all())

    def _tell_open(self, numbers: Sequence[int]) -> str:
        """Return why some members have no order."""
        return "same day: no order" if self._dated(numbers) else "not all dated: no order" if len(numbers) > 2 else "not both dated: no order"

    def _name(self, numbers: Sequence[int]) -> str:
        """Return some texts by name."""
        shown = [self.labels[number] for number in numbers[:MAX_NAMED]]
        if len(numbers) > MAX_NAMED:
            return f"{', '.join(shown)} and {len(numbers) - MAX_NAMED} more"
        return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
