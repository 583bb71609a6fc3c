"""What a corpus says of several versions of one text: their collation, their lineage, the template of form letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from variorum.config import Config
from variorum.corpus import CorpusFolder
from variorum.frames import Statement, find_witness

if TYPE_CHECKING:
    from variorum.collations import Collation
    from variorum.lineages import Lineage
    from variorum.publishers import Publishers
    from variorum.templates import Template


class Parallels:
    """Families and witnesses of a corpus side by side; `Corpus` is one."""

    def folder(self) -> AbstractContextManager[CorpusFolder]:
        """Return the corpus folder, open while the context lasts."""
        raise NotImplementedError

    def require(self, stage: str | None) -> Config:
        """Return the settings of the corpus; raise where it lacks what a stage gives."""
        raise NotImplementedError

    def collate(self, chosen: str | Sequence[Statement], base: Statement | None = None) -> Collation:
        """Return the versions of a family side by side, or those of some witnesses.

        Args:
            chosen: a family, by its rank (as text) or the beginning of its id; or a list of witnesses, each by number or siglum,
                which are collated whole.
            base: the member whose order the loci follow, by siglum or witness number; the earliest copy held where None.

        Raises:
            UsageError: nothing is named so, or the texts share too little to be versions of one.
        """
        from variorum.collations import collate_family, collate_witnesses

        with self.folder() as folder:
            if isinstance(chosen, str):
                self.require("families")
                return collate_family(folder, chosen, base)
            return collate_witnesses(folder, [find_witness(folder, s)["witness"] for s in chosen], base)

    def lineage(self, chosen: str | Sequence[Statement], dates: Mapping[str, object] | None = None, root: str | None = None) -> Lineage:
        """Return who took it from whom among the members of a family, or among some witnesses.

        Args:
            chosen: as for `collate`.
            dates: by siglum; they go before the dates of the corpus.
            root: siglum of the witness that all others come from, where it is known.

        Raises:
            UsageError: nothing is named so, or the texts share too little to be versions of one.
        """
        from variorum.lineages import Lineage

        return Lineage(self.collate(chosen), dates, root)

    def publishers(self, min_families: int = 3, *, marked: bool = False) -> Publishers:
        """Return which publishers (series) are early and which come after which, over all families, by the order of dates.

        Args:
            min_families: publishers and pairs of fewer are left out; 2 or more.
            marked: also the families marked as common.
        """
        from variorum.appearances import read_appearances
        from variorum.publishers import Publishers

        self.require("families")
        with self.folder() as folder:
            appearances, notes = read_appearances(folder, marked=marked)
        return Publishers(appearances, min_families, notes)

    def template(self, family: str) -> Template:
        """Return the text that most letters of a family have in common, its slots, and what each letter has beside it.

        Raises:
            UsageError: nothing is named so, or the letters have no words in common.
        """
        from variorum.templates import find_family_template

        self.require("families")
        return find_family_template(self.folder, family)
