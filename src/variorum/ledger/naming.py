"""Where names stand: runs of capitals, cut and told apart by words of structure (titles, heads of bodies, territories, peoples), never by a list of persons.

One pass over a stretch. A capital at the start of a sentence is no sign where the word also stands in small letters, and in a heading, where most words
have capitals, only places and titled persons are names.
"""

from __future__ import annotations

from variorum.ledger.headed import read_headed
from variorum.ledger.namesigns import add_rows, find_acting, read_titles, speaks_of_person
from variorum.ledger.namewords import find_officer, match_place, match_title
from variorum.ledger.runs import Name, Runs
from variorum.ledger.settlements import find_datelines, stands_in_territory
from variorum.ledger.tokens import Tokens

_LISTED = 60
"""Names of the longest list that a title in the plural leads."""


def names_of(tokens: Tokens) -> dict[int, Name]:
    """Return the names of a stretch by their first token."""
    if "names" not in tokens.memo:
        tokens.memo["names"] = {name.first: name for name in _Reader(tokens).read()}
    return tokens.memo["names"]


class _Reader(Runs):
    """Reads the names of one stretch in order."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        self.persons: dict[str, str] = {}  # last word -> the longest form so far
        self.known: dict[str, tuple[str, str]] = {}  # acronym or full form -> (class, long form)
        self.found: list[Name] = []
        self.acting = find_acting(tokens, self.sets)

    def read(self) -> list[Name]:
        """Return the names in order of place."""
        at, n = 0, len(self.tokens)
        towns = find_datelines(self.tokens, self.words, self.calendar, self.small)
        while at < n:
            if at in towns:
                town = towns[at]
                self.found.append(Name(at, town.last, "place", "dateline", canonical=" ".join(self.tokens.raw(at, town.last).split()), why=[town.why]))
                self._know_town(at, town.last)
                at = town.after
            elif self.tokens.taken[at] or not self.tokens.is_word(at):
                at += 1
            elif (end := self._read_headed(at)) is not None:
                at = end
            elif self.sets["adjective_endings"] and self.tokens.words[at] in self.sets["articles"]:
                at += 1
            elif self.tokens.is_capital(at):
                last = self.run(at)
                self.cut(at, last)
                at = max(last, at + 1, self.found[-1].last if self.found else 0)
            else:
                title = match_title(self.words, self.tokens, at)
                last = self.run(title) if title is not None and self.tokens.is_capital(title) and title not in self.starts else 0
                if title is not None and last:
                    self.add_person(title, last, (at, title), "titled")
                    at = max(last, self.found[-1].last if self.found else 0)
                else:
                    at += 1
        self.found += read_titles(self, self.known, self.persons, self.found)
        add_rows(self, self.found)
        return sorted({name.first: name for name in reversed(self.found)}.values(), key=lambda name: name.first)

    def _read_headed(self, at: int) -> int | None:
        """Add the name whose head is a token, in a language whose heads come first, and return the token after it."""
        tokens, sets = self.tokens, self.sets
        headed = read_headed(tokens, self.words, self.starts, at) if sets["adjective_endings"] else None
        if headed is None:
            known = self.known.get(tokens.raw(at)) if sets["adjective_endings"] and tokens.is_capital(at) and tokens.words[at] in sets["leading_heads"] and at not in self.starts else None
            if known is not None:  # the Council, after its whole name
                self.found.append(Name(at, at + 1, known[0], "again", canonical=known[1], why=[f"stands for '{known[1]}'"]))
            return at + 1 if known is not None else None
        last, kind, _ = headed
        if kind == "place" and tokens.is_capital(at) and self.is_heading(at) and tokens.role(at) != "signatures":
            return None
        shown = " ".join(tokens.raw(at, last).split())
        name = Name(at, last, kind, "body" if kind == "body" else "placed", canonical=shown, why=[f"'{tokens.words[at]}' heads the name of a {kind}"])
        self._find_acronym(name)
        self.known[tokens.raw(at, last)] = self.known[tokens.raw(at)] = (kind, shown)
        self.found.append(name)
        return last

    def cut(self, first: int, last: int) -> None:
        """Add the names in a run of capitals."""
        tokens, sets = self.tokens, self.sets
        while first < last and self._is_no_name(first):
            first += 1
        titled = {match_title(self.words, tokens, n) for n in range(first, last)}
        for place in range(first + 1, last):
            if tokens.words[place] in self.calendar and place not in titled:
                end = place - (tokens.words[place - 1] in sets["joiners"])  # the Harbour Council on Monday
                self.cut(first, end)
                self.cut(place + 1, last)
                return
        if first >= last:
            return
        if tokens.word(last) in sets["governments"] and not tokens.is_capital(last) and last - first <= 3 and match_place(self.words, tokens, first) is None and tokens.word(last - 1) not in ("'s", "'") and not tokens.raw(first, last).isupper() and not any(tokens.words[n] in sets["heads"] for n in range(first, last)) and not tokens.words[last - 1].endswith(tuple(sets["demonym_endings"])):
            self.found.append(Name(first, last + 1, "body", "body", canonical=tokens.raw(first, last + 1), why=[f"'{tokens.words[last]}' after a name"]))
            return
        if self._cut_titled(first, last) or self._cut_again(first, last):
            return
        place = match_place(self.words, tokens, first)
        if place is not None and place[0] >= last - (tokens.words[last - 1] == "."):
            self._add_place(first, place[0], place)
            return
        if last - first == 2 and tokens.words[first] in sets["ordinals"] and tokens.words[last - 1] in sets["place_heads"]:
            self.found.append(Name(first, last, "place", "placed", canonical=tokens.raw(first, last), why=[f"'{tokens.words[last - 1]}' with its number"]))
            return
        heading = self.is_heading(first)
        heads = [n for n in range(first, last) if tokens.words[n] in sets["heads"]]
        leading = tokens.words[first] in sets["leading_heads"]
        if (heads or leading) and not heading and self._is_body(first, last, heads):
            self._add_body(first, last, heads)
            return
        if place is not None and place[0] <= last:
            self._add_place(first, last, place)
            return
        if last - first == 1 and (tokens.word(last) != "-" or (tokens.words[first] in sets["acronyms"] and tokens.is_word(last + 1) and not tokens.is_capital(last + 1))) and (tokens.words[first] in sets["acronyms"] or self._is_acronym(first)):
            self._add_acronym(first, last)
            return
        if last - first == 3 and tokens.words[first + 1] == "-" and tokens.raw(first, last).lower() in sets["acronyms"]:
            self._add_acronym(first, last)
            return
        if not heading:
            self._cut_other(first, last)

    def _know_town(self, first: int, last: int) -> None:
        """Keep the name of a town without its state, for later mentions."""
        comma = next((n for n in range(first, last) if self.tokens.words[n] == ","), last)
        shown = self.tokens.raw(first, comma)
        shown = shown.title() if shown.isupper() else shown
        if comma - first <= 3 and shown.lower() not in self.sets["not_names"]:
            self.known[shown] = ("place", shown)

    def _is_no_name(self, at: int) -> bool:
        """Tell whether a capital says nothing: a common word, a word of the calendar, or the first of a sentence that also stands in small letters."""
        tokens = self.tokens
        word = tokens.words[at]
        place = match_place(self.words, tokens, at)
        if word in self.calendar or (word in self.sets["not_names"] and (place is None or place[0] == at + 1)):
            return True
        if place is not None or (tokens.raw(at).isupper() and len(word) > 1 and word in self.sets["acronyms"]):
            return False
        before = tokens.word(at - 1)
        opening = at in self.starts or before in ('"', "“", "‘", "'", "(", ":", "•", "-", "–", "—", "*", ";")
        return word in self.words.common or (opening and word in self.small and word not in self.sets["heads"])

    def _cut_titled(self, first: int, last: int) -> bool:
        """Add the persons that a title in the run leads, and what stands before the title."""
        tokens = self.tokens
        for place in range(first, last):
            title = match_title(self.words, tokens, place)
            if title is None or (tokens.word(place - 1) in self.sets["joiners"] and place > first and tokens.words[first] in self.sets["leading_heads"] | self.sets["heads"]):
                continue
            if tokens.word(title) == "of" and tokens.is_capital(title + 1):
                end = self.run(title + 1)
                office = find_officer(tokens, title + 1, end, self.words)
                if office is not None:
                    self.add_person(office, end, (place, office), "titled")
                    return True
            end = before = title
            while end < last and (more := match_title(self.words, tokens, end)) is not None and more <= last:
                before, end = end, more
            if end == last and end == before + 1:
                end = before  # Rep. Dean
            if end >= last or tokens.words[end] in self.sets["joiners"] or tokens.words[end] in self.sets["heads"] or tokens.words[end] in ("'s", "'", "-", "–"):
                continue
            if place > first:
                self.cut(first, place)
            self.add_person(end, last, (place, end), "titled")
            return True
        return False

    def add_person(self, first: int, last: int, title: tuple[int, int] | None, rule: str) -> None:
        """Add a person, and after a title in the plural those of its list."""
        end = self._end_person(first, last)
        if end <= first or self._is_no_person(first, end, rule):
            return
        self._note_person(first, end, title, rule)
        if end < last and self.tokens.words[end] not in self.sets["joiners"]:
            self.cut(end, last)
        if title is not None and self.is_plural(title):
            self._read_list(end)

    def _end_person(self, first: int, last: int) -> int:
        """Return where the words of a person's name end: at a joining word, the head of a body, a territory."""
        tokens, sets = self.tokens, self.sets
        end = first
        while end < last and end - first < 6:
            word = tokens.words[end]
            if len(word) == 1 and tokens.is_capital(end):
                end += 1
                continue
            if word in sets["heads"] or word in sets["articles"] or (word in sets["joiners"] and not tokens.is_capital(end) and word not in ("de", "del", "du", "von", "van", "bin", "la", "al")) or word in ("'s", "'", "&") or (word in self.calendar and end > first):
                break
            if end > first and match_title(self.words, tokens, end) is not None and len(word) > 2 and word not in ("king", "pope", "judge", "bishop", "dean", "prince", "cardinal", "lord", "knight"):
                return first  # Chief Information Officer
            end += 1
        while end > first and not tokens.is_word(end - 1) and tokens.words[end - 1] != ".":
            end -= 1
        return end

    def _read_list(self, at: int) -> None:
        """Add the persons of a list: *Sens. Vole (I-Pier), Rook and Mole*."""
        tokens = self.tokens
        for _ in range(_LISTED):
            place = self.skip_bracket(at)
            comma = tokens.word(place) == ","
            place += comma
            joined = tokens.word(place) in ("and", "&", "et", "y")
            place += joined
            if not (comma or joined) or not tokens.is_capital(place) or match_title(self.words, tokens, place) is not None or tokens.raw(place).isupper():
                return
            last = self.run(place)
            end = self._end_person(place, last)
            if end != last or last - place < (2 if not joined else 1) or match_place(self.words, tokens, place) is not None or self._is_no_person(place, end, "listed"):
                return
            self._note_person(place, end, None, "listed")
            at = end

    def _note_person(self, first: int, end: int, title: tuple[int, int] | None, rule: str) -> None:
        """Add one person and keep the name for later mentions."""
        tokens = self.tokens
        shown = " ".join(tokens.raw(first, end).split())
        words = [tokens.words[n] for n in range(first, end) if tokens.is_word(n) and len(tokens.words[n]) > 1]
        if not words:
            return
        key = words[-2] if words[-1] in ("jr", "sr", "ii", "iii", "iv") and len(words) > 1 else words[-1]
        known = self.persons.get(key, "")
        full = known if len(words) == 1 and known else shown
        if len(full) >= len(known):
            self.persons[key] = full
        why = {"titled": f"title '{tokens.raw(*title)}'" if title else "", "listed": "in a list that a title leads", "again": "named before"}.get(rule, "words beside it speak of a person")
        self.found.append(Name(first, end, "person", rule, title, canonical=full, why=[why]))

    def _cut_again(self, first: int, last: int) -> bool:
        """Add a person or a body that was named before."""
        tokens = self.tokens
        word = tokens.words[last - 1] if tokens.is_word(last - 1) else tokens.word(last - 2)
        full = self.persons.get(word)
        if full is not None and last - first <= 4:
            parts = set(full.lower().replace(".", " ").split())
            if all(tokens.words[n] in parts or not tokens.is_word(n) or len(tokens.words[n]) == 1 for n in range(first, last)):
                self._note_person(first, last, None, "again")
                return True
        known = self.known.get(tokens.raw(first, last))
        if known is not None:
            self.found.append(Name(first, last, known[0], "again", canonical=known[1], why=[f"stands for '{known[1]}'"]))
            return True
        return False

    def _add_body(self, first: int, last: int, heads: list[int]) -> None:
        """Add a body; a territory before it in the genitive, or after its head, belongs to it."""
        tokens = self.tokens
        shown = tokens.raw(first, last)
        head = tokens.words[heads[-1]] if heads else tokens.words[first]
        name = Name(first, self._grow(last), "body", "body", canonical=" ".join(tokens.raw(first, self._grow(last)).split()), why=[f"'{head}' heads the name of a body"])
        self._find_acronym(name)
        self.known[shown] = ("body", name.canonical or shown)
        self.found.append(name)

    def _is_body(self, first: int, last: int, heads: list[int]) -> bool:
        """Tell whether a run is the name of a body: its head ends it, or the part of it before *of*."""
        tokens, sets = self.tokens, self.sets
        if last - first == 1:
            return tokens.words[first] in sets["acronyms"]
        if tokens.raw(first, last).isupper():
            return False
        joint = next((n for n in range(first + 1, last) if tokens.words[n] in sets["joiners"] and tokens.words[n] not in ("and", "&")), last)
        if joint < last:
            return joint - 1 in heads or tokens.words[first] in sets["leading_heads"]
        return bool(heads) and (heads[-1] == last - 1 or (tokens.words[first] in sets["leading_heads"] and bool(sets["adjective_endings"])))

    def _grow(self, last: int) -> int:
        """Return the end of a name with the adjective in small letters after it (Parti communiste), where the language has such."""
        endings = tuple(self.sets["adjective_endings"])
        tokens = self.tokens
        while endings and tokens.is_word(last) and tokens.words[last].endswith(endings) and tokens.words[last] not in self.words.common and last not in self.starts:
            last += 1
        return last

    def _find_acronym(self, name: Name) -> None:
        """Join the acronym in brackets after a name, where its letters are initials of it."""
        tokens = self.tokens
        at = name.last
        if tokens.word(at) != "(" or tokens.word(at + 2) != ")" or not tokens.raw(at + 1)[:2].isupper():
            return
        letters = [c for c in tokens.raw(at + 1).lower() if c.isalpha()]
        initials = [tokens.words[n][0] for n in range(name.first, name.last) if tokens.is_word(n)]
        place = -1
        for letter in letters[:-1] if letters[-1:] == ["s"] else letters:
            place = next((n for n in range(place + 1, len(initials)) if initials[n] == letter), len(initials))
        if letters and place < len(initials):
            name.acronym = (at + 1, at + 2)
            self.known[tokens.raw(at + 1)] = (name.kind, name.canonical or tokens.raw(name.first, name.last))
            name.why.append(f"acronym '{tokens.raw(at + 1)}' in brackets")

    def _add_place(self, first: int, last: int, place: tuple[int, str, str]) -> None:
        """Add a territory, and what follows it in the run."""
        tokens = self.tokens
        end, name, code = place
        if (end < last and tokens.words[last - 1] in self.sets["works"]) or (tokens.word(first - 1) == "(" and tokens.word(end) == "-" and tokens.is_number(end + 1)):
            return  # in the name of a law, or with the number of a district
        if end < last and tokens.words[last - 1] in self.sets["place_heads"] and tokens.words[last - 1] not in self.sets["place_words"]:
            self.found.append(Name(first, last, "place", "placed", canonical=tokens.raw(first, last), why=[f"'{tokens.words[last - 1]}' heads the name of a place"]))
            return
        if code == "UN":  # the CLDR has them among the regions of the world
            self.found.append(Name(first, end, "body", "body", canonical=name, why=[f"{name} ({code})"]))
            return
        rest = any(tokens.words[n] in self.sets["heads"] for n in range(end, last))
        if not rest:
            self.found.append(Name(first, end, "place", "territory", iso=code if code[:2].isupper() else None, canonical=name, why=[f"{name} ({code})"]))
        if end < last:
            self.cut(end if tokens.words[end] not in ("-", "–", "'s") else end + 1, last)

    def _is_acronym(self, at: int) -> bool:
        """Tell whether a token is an acronym that was defined before, or looks like one outside a heading."""
        shown = self.tokens.raw(at)
        return shown in self.known or shown in self.acting or (2 < len(shown) <= 6 and shown.isupper() and shown.isalpha() and not self.is_heading(at) and self.tokens.words[at] not in self.small)

    def _add_acronym(self, at: int, last: int) -> None:
        """Add an acronym: of the language's list, or one that only looks like one."""
        tokens = self.tokens
        if (tokens.word(last) == "." and tokens.touches(last) and last - at == 1 and len(tokens.words[at]) <= 4 and not tokens.raw(at).isupper()) or (tokens.word(at - 1) == "-" and tokens.word(at - 3) == "("):
            return  # Sec. Vole; (I-VA)
        listed = self.tokens.raw(at, last).lower() in self.sets["acronyms"]
        if self.tokens.raw(at).isupper() or listed:
            acts = not listed and self.tokens.raw(at) in self.acting
            rule, why = ("acronym", "an acronym of the list") if listed else ("acting", "capitals throughout, and it acts or speaks") if acts else ("capitals", "capitals throughout")
            self.found.append(Name(at, last, "body", rule, canonical=self.tokens.raw(at, last), why=[why]))
            if acts:
                self.known[self.tokens.raw(at)] = ("body", self.tokens.raw(at))

    def _cut_other(self, first: int, last: int) -> None:
        """Add a place by its head, a people, or a person by the words beside the name."""
        tokens, sets = self.tokens, self.sets
        if last - first > 1 and tokens.words[last - 1] not in sets["place_words"] - sets["place_heads"] and (tokens.words[last - 1] in sets["place_heads"] or tokens.words[first] in sets["place_leads"] or (tokens.words[first] in sets["place_of"] and tokens.words[first + 1] == "of")):
            head = tokens.words[last - 1] if tokens.words[last - 1] in sets["place_heads"] else tokens.words[first]
            self.found.append(Name(first, last, "place", "placed", canonical=tokens.raw(first, last), why=[f"'{head}' heads the name of a place"]))
            return
        if self._add_group(first, last):
            return
        if last - first <= 3 and stands_in_territory(tokens, last, self.words) and not any(tokens.words[n] in sets["place_words"] or tokens.words[n] in sets["not_towns"] for n in range(first, last)):
            self._know_town(first, last)
            self.found.append(Name(first, last, "place", "sited", canonical=tokens.raw(first, last), why=["before a comma and the name of a territory"]))
            return
        inner = next((n for n in range(first + 1, last) if match_place(self.words, tokens, n) is not None), None)
        if inner is not None:
            self.cut(inner, last)
            return
        if speaks_of_person(tokens, sets, first, last):
            self.add_person(first, last, None, "person")
        elif tokens.word(last) in sets["place_heads"] and not tokens.is_capital(last) and tokens.words[last] not in sets["place_words"] | sets["not_after"]:
            self.found.append(Name(first, last + 1, "place", "placed", canonical=tokens.raw(first, last + 1), why=[f"'{tokens.words[last]}' after it"]))
        elif tokens.word(first - 1) in sets["locatives"] and not tokens.is_capital(first - 2) and last - first <= 3 and tokens.word(last) not in ("-", "'s", "'", "&") and not any(tokens.words[n] in sets["place_words"] for n in range(first, last)) and (not tokens.is_word(last) or tokens.words[last] in self.words.common):
            self.found.append(Name(first, last, "place", "located", canonical=tokens.raw(first, last), why=[f"'{tokens.words[first - 1]}' before a capital"]))

    def _add_group(self, first: int, last: int) -> bool:
        """Add a people or a group: *Palestinians*, *the Irish people*."""
        tokens, sets = self.tokens, self.sets
        word = tokens.words[last - 1]
        after = last
        if tokens.is_word(after) and tokens.words[after] not in sets["group_heads"] and tokens.words[after] not in self.words.common:
            after += 1
        if tokens.word(after) in sets["group_heads"] and after not in self.starts and len(word) > 4 and word.endswith(tuple(sets["demonym_endings"])) and word not in self.small and last - first <= 2:
            self.found.append(Name(first, after + 1, "group", "group", canonical=tokens.raw(first, after + 1), why=[f"'{tokens.words[after]}' after an adjective of origin"]))
            return True
        plural = (word in sets["demonyms"] and (word.endswith("s") or not tokens.is_word(last) or tokens.words[last] in self.words.common)) or (len(word) > 5 and word.endswith(tuple(sets["group_endings"])) and word not in sets["not_demonyms"] and word not in self.small)
        if plural:
            self.found.append(Name(last - 1, last, "group", "group", canonical=tokens.raw(last - 1), why=["a people or a following in the plural"]))
            return True
        return False

    def _is_no_person(self, first: int, last: int, rule: str) -> bool:
        """Tell whether the words of a person are none: common ones, acronyms, places, or in a heading words that also stand in small letters."""
        tokens = self.tokens
        words = [n for n in range(first, last) if tokens.is_word(n) and len(tokens.words[n]) > 1]
        if not words or all(tokens.words[n] in self.words.common or tokens.words[n] in self.sets["not_names"] for n in words):
            return True
        if rule == "person" and ((len(words) < 2 and tokens.word(first - 1) not in (",", "of")) or any(tokens.raw(n).isupper() for n in words)):
            return True
        if self.is_heading(first) and any(tokens.words[n] in self.small for n in words):
            return True
        return match_place(self.words, tokens, first) is not None or any(tokens.words[n] in self.sets["place_words"] for n in words)
