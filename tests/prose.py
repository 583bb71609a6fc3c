"""Fictional prose, the same for the same seed: harbours, ferries, councils; and words of random syllables.

Two passages drawn one after another share words, as real statements do, but no stretch of them.
"""

from __future__ import annotations

import random


def _list(words: str) -> list[str]:
    return words.split()


NOUNS = _list("""ferry harbour pier lantern breakwater ledger chandlery warehouse signal tollhouse slipway orchard bakery causeway towpath quarry
ropewalk lighthouse schoolroom market bridge reservoir windmill granary boathouse infirmary foundry library tannery nursery lockgate cistern
allotment chapel printworks brewery dockyard archive terrace railway viaduct cannery smithy hostel fountain belfry pavilion sawmill""")
ADJECTIVES = _list("""wooden northern narrow unlit flooded cheerful disused brick crowded leaking draughty seaward modest rented patient gravelled hollow
thrifty noisy whitewashed idle winding sheltered freezing borrowed costly rusty generous hurried temporary silent cracked painted remote sunken""")
VERBS = _list("""repaired measured inspected lent counted closed sold widened forgot visited described emptied surveyed rebuilt photographed guarded
mentioned heated borrowed numbered swept opened abandoned praised catalogued drained moved questioned shared insured postponed restored
weighed avoided noticed decorated financed""")
PEOPLE = _list("""pilots gardeners teachers porters weavers nurses carpenters anglers bakers clerks musicians masons drivers widows apprentices
tenants sailors librarians cooks plumbers surveyors beekeepers printers wardens fishmongers roofers""")
JOINS = _list("""because although while until whenever after before where unless since as""")
SEASONS = _list("""frost harvest strike regatta drought auction parade thaw election blackout fair storm procession census lockout wedding market
flood recital inventory hearing ferry-week fog rehearsal audit""")
WHENS = _list("before after during since until throughout despite beyond")
OPENINGS = _list("ka me to ri sol bra den ful gor hes jin lav mor nep ost pir qua rud ste tan ulv wex yar zim")
ENDINGS = _list("vik mar den lund wick fell ton sey holm gate moor strand ness ford by haven")


class Prose:
    """Draws sentences; equal seeds draw the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def name(self) -> str:
        """A fictional place or person: one capitalised word."""
        return "".join([*self.random.choices(OPENINGS, k=2), self.random.choice(ENDINGS)]).capitalize()

    def thing(self) -> str:
        """`the narrow towpath of Karivik`, `every unlit brasomer`; three in ten bear a word that no other text has."""
        return " ".join([
            self.random.choice(["the", "a", "every", "that", "their", "no", "another"]),
            *([self.random.choice(ADJECTIVES)] if self.random.random() < 0.7 else []),
            self.random.choice(NOUNS) if self.random.random() < 0.7 else self.name().lower(),
            *([f"of {self.name()}"] if self.random.random() < 0.25 else []),
        ])  # fmt: skip

    def who(self) -> str:
        """Somebody: `two hundred porters`, `the weavers`."""
        count = self.random.choice(["the", "some", "several", "eleven", "forty", "most", "few", "nearly all"])
        return f"{count} {self.random.choice(PEOPLE)}"

    def clause(self) -> str:
        """Who did what to what, and when."""
        said = f"{self.who()} {self.random.choice(VERBS)} {self.thing()}"
        if self.random.random() < 0.5:
            said += f" {self.random.choice(['near', 'behind', 'beside', 'for', 'with', 'across from'])} {self.thing()}"
        return said + (f" {self.when()}" if self.random.random() < 0.5 else "")

    def when(self) -> str:
        """`during the long thaw`, `until Ostvikby's third auction`."""
        which = self.random.choice(["the", "one", "their", f"{self.name()}'s", "no"])
        return f"{self.random.choice(WHENS)} {which} {self.random.choice(ADJECTIVES)} {self.random.choice(SEASONS)}"

    def sentence(self) -> str:
        """One sentence of 15 to 40 words, most of them running."""
        said = self.clause()
        for _ in range(self.random.choice([1, 1, 2])):
            said += self.random.choice([", and ", f" {self.random.choice(JOINS)} ", ", but "]) + self.clause()
        return said[0].upper() + said[1:] + "."

    def passage(self, n_letters: int) -> str:
        """Whole sentences of together `n_letters` letters or a little more."""
        sentences: list[str] = []
        while count_letters(" ".join(sentences)) < n_letters:
            sentences.append(self.sentence())
        return " ".join(sentences)

    def stretch(self, n_letters: int) -> str:
        """Words of together `n_letters` letters, one more at most; the last sentence may lack its end."""
        words = self.passage(n_letters + 60).split()
        while count_letters("".join(words[:-1])) >= n_letters:
            words.pop()
        return " ".join(words)

    def syllables(self, n_words: int) -> str:
        """Words of random syllables, none of them a word of a language."""
        return " ".join("".join(self.random.choice("bdfgklmnprstvz") + self.random.choice("aeiou") for _ in range(self.random.randint(2, 4))) for _ in range(n_words))

    def date(self, year: int = 2024) -> str:
        """A day of a year."""
        return f"{year}-{self.random.randint(1, 12):02d}-{self.random.randint(1, 28):02d}"


def count_letters(text: str) -> int:
    """Letters and digits of a text."""
    return sum(c.isalnum() for c in text)
