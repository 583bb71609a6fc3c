"""Slow, obvious twins of the kernels: plain Python over lists, one loop for each sentence of a definition.

They share no code with the kernels but the folding table and the constants that are part of a definition.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations

from variorum.kernels.aligning import EXTEND, MATCH, MISMATCH, OPEN
from variorum.letters import folding_table

WORD = 1 << 64
SPACE, OTHER, CLOSER, OPENER, QUOTE, MARK = range(6)
EQUAL, REPLACED, DELETED, INSERTED = range(4)
BASE = 0x9E3779B97F4A7C15
MIX_1, MIX_2 = 0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53
NEVER = -(10**9)


# --- folding -------------------------------------------------------------------------------------------------


@dataclass
class Folded:
    """One text folded: a letter, a place and (gap, word begins, tail, head) an element; the last element is the end mark."""

    letters: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    gaps: list[tuple[int, int, int, int]] = field(default_factory=list)


def fold_character(character: str) -> tuple[list[int], int, bool]:
    """Return the letters of a character, its class where it has none, and whether it is a word of its own."""
    table, start_of, expansions = folding_table()
    point = ord(character)
    entry = int(table[point])
    count = entry >> 20 & 15
    if count == 0:
        return [], entry >> 16 & 7, False
    own = bool(entry & 1 << 19)
    if count > 1:
        first = int(start_of[point])
        return [int(letter) for letter in expansions[first : first + count]], 0, own
    letter = entry & 0xFFFF
    return ([letter, 0xE000 + letter % 6400] if entry & 1 << 24 else [letter]), 0, own


def measure_gap(between: list[int], first: bool, forced: bool) -> tuple[int, int, int]:
    """Return whether a word begins after characters of these classes, and how many cling to the word before and after."""
    hard = any(kind not in (MARK, QUOTE) for kind in between) or between.count(QUOTE) > 1
    if not (hard or forced or first):
        return 0, 0, 0
    tail = head = 0
    while not first and tail < len(between) and between[tail] in (MARK, QUOTE, CLOSER):
        tail += 1
    while head < len(between) and between[len(between) - 1 - head] in (MARK, QUOTE, OPENER):
        head += 1
    while head and between[len(between) - head] == MARK:  # marks alone open nothing
        head -= 1
    return 1, min(tail, 2047), min(head, len(between) - tail, 2047)


def fold(text: str) -> Folded:
    """Return a text folded letter by letter."""
    found = Folded()
    between: list[int] = []
    last, own_before = -1, False
    for place, character in enumerate([*text, None]):
        letters, kind, own = ([0], 0, True) if character is None else fold_character(character)
        if not letters:
            between.append(kind)
            continue
        found.gaps.append((place - last, *measure_gap(between, last < 0, own or own_before)))
        found.gaps += [(0, 0, 0, 0)] * (len(letters) - 1)
        found.letters += letters
        found.places += [place] * len(letters)
        between, last, own_before = [], place, own
    return found


def letters_of(text: str) -> list[int]:
    """Return the folded letters of a text, the end mark left out."""
    return [letter for character in text for letter in fold_character(character)[0]]


def hash_letters(letters: Sequence[int]) -> int:
    """Return the hash of a text's letters as FOLDINGS holds it."""
    digest = BASE
    for letter in letters:
        digest = (digest ^ letter) * 0xBF58476D1CE4E5B9 % WORD
        digest ^= digest >> 29
    return digest >> 1


def places_of(text: str, first: int, last: int) -> tuple[int, int]:
    """Return the code points of the letters ``[first, last)``, with what opens the first word and closes the last."""
    folded = fold(text)
    gap, _, tail, _ = folded.gaps[last]
    return folded.places[first] - folded.gaps[first][3], folded.places[last] - gap + 1 + tail


def letters_in(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the letters whose code points lie at or past `start` and before `end`."""
    places = fold(text).places[:-1]
    return sum(place < start for place in places), sum(place < end for place in places)


# --- candidates ----------------------------------------------------------------------------------------------


def block_words(text: list[int], cell: int, cells: int) -> set[int]:
    """Return the distinct words of some cells of a text, from the cell `cell` on."""
    return {w for w in text[50 * cell : 50 * (cell + cells)] if w >= 0}


def share_blocks(here: list[int], other: list[int], weights: list[int], hidden: set[int]) -> int:
    """Return what the best blocks of two texts share, less what an average pair shares; a word in both cells of the other's block counts twice."""
    n_here, n_other = -(-len(here) // 50), -(-len(other) // 50)

    def shared(block: int, cell: int) -> int:
        if cell in hidden or not 0 <= cell < n_other:
            return 0
        return sum(weights[w] for w in block_words(here, block, 2) & block_words(other, cell, 1))

    blocks = range(max(1, n_here - 1)) if n_here else range(0)
    best = max((shared(x, y) + shared(x, y + 1) for x in blocks for y in range(n_other)), default=0)
    whole = sum(shared(x, y) for x in blocks for y in range(n_other))
    pairs = max(1, n_here - 1) * max(1, n_other - 1) + 8
    return max(1, best - 2 * max(0, whole - best) // pairs) if best else 0


# --- selecting and joining -----------------------------------------------------------------------------------


def mix(value: int) -> int:
    """Return MurmurHash3's finaliser of 64 bits."""
    value ^= value >> 33
    value = value * MIX_1 % WORD
    value ^= value >> 33
    value = value * MIX_2 % WORD
    return value ^ value >> 33


def code_letters(letters: Sequence[int]) -> int:
    """Return the letters side by side in 64 bits, each spread and cut to its share of at most sixteen."""
    bits = min(16, 64 // len(letters))
    return sum((letter * 40503 % 65536 >> 16 - bits) << bits * i for i, letter in enumerate(reversed(letters)))


def rank_shingle(letters: Sequence[int]) -> int:
    """Return the rank of a sub-shingle."""
    return mix(code_letters(letters) ^ 5)


def hash_shingle(letters: Sequence[int], s: int) -> int:
    """Return the hash of a whole shingle, from its sub-shingles at 0, s, 2 s ... and its last."""
    last = len(letters) - s
    digest = 0
    for at in [*range(0, last, s), last]:
        digest = (digest ^ code_letters(letters[at : at + s])) * MIX_1 % WORD
        digest ^= digest >> 32
    return digest


def check_sides(letters: Sequence[int], at: int, k: int) -> int:
    """Return the check of a shingle: four bits each for the two or three letters before it and behind it, absent ones 0."""
    reach = range(3 if k >= 18 else 2)
    before = [letters[at - 1 - i] if at > i else 0 for i in reach]
    behind = [letters[at + k + i] if at + k + i < len(letters) else 0 for i in reach]
    high, low = (sum(letter << 16 * i for i, letter in enumerate(reversed(side))) * MIX_2 % WORD >> 60 for side in (before, behind))
    return high << 4 | low


def select(letters: Sequence[int], k: int, s: int) -> list[tuple[int, int]]:
    """Return (hash, place) of the closed syncmers: shingles whose smallest sub-shingle stands first or last; a hash ends with its check."""
    found = []
    for at in range(len(letters) - k + 1):
        shingle = letters[at : at + k]
        parts = [rank_shingle(shingle[i : i + s]) for i in range(k - s + 1)]
        varied = len({letter * 40503 >> 6 & 63 for letter in shingle}) >= 5
        if varied and min(parts) in (parts[0], parts[-1]):
            found.append((hash_shingle(shingle, s) >> 8 << 8 | check_sides(letters, at, k), at))
    return found


def pack(shingles: Sequence[tuple[int, int]], partition_bits: int, place_bits: int) -> list[list[int]]:
    """Return the rows of each partition, in the order of the shingles: of a hash the first 34 bits and the check."""
    rows: list[list[int]] = [[] for _ in range(1 << partition_bits)]
    for value, place in shingles:
        partition, rest = divmod(value >> 30, 1 << 34 - partition_bits)
        rows[partition].append((rest << place_bits | place) << 8 | value % 256)
    return rows


@dataclass
class Held:
    """A text that holds a shingle: its number, its rank among those that do, and (place, check) of each occurrence."""

    text: int
    rank: int
    places: list[tuple[int, int]] = field(default_factory=list)


def agree(check: int, other: int) -> bool:
    """Return whether two checks have one of their halves in common."""
    return check >> 4 == other >> 4 or check % 16 == other % 16


def join(
    rows: Sequence[int], place_bits: int, starts: Sequence[int], series: Sequence[int], max_df: int, n_old: int = 0
) -> list[tuple[int, int, int, int, str]]:
    """Return the seeds of sorted rows: text a, text b, place in a, place in b, and whether it is a `hub` edge, `weak` or `plain`."""
    shingles: dict[int, list[Held]] = {}
    for row in rows:
        element = (row >> 8) % (1 << place_bits)
        text = max(t for t in range(len(starts) - 1) if starts[t] <= element)
        group = shingles.setdefault(row >> 8 + place_bits, [])
        if not group or group[-1].text != text:
            group.append(Held(text, len(group)))
        group[-1].places.append((element - starts[text], row % 256))

    def apart(a: Held, b: Held) -> bool:
        return a.text != b.text and (not len(series) or series[a.text] != series[b.text])

    seeds = []
    for group in shingles.values():
        first = group[0]
        second = next((one for one in group if apart(one, first)), None)

        def counted(one: Held, first: Held = first, second: Held | None = second) -> list[tuple[int, int]]:
            """Return the places that count; of a late text, where both hubs are known, those that agree with one of them."""
            places = one.places
            if one.rank >= max_df and second is not None and one.rank > second.rank:
                places = [p for p in places if any(agree(p[1], hub.places[0][1]) for hub in (first, second))]
            return places[:4]

        for a, b in combinations(group, 2):
            if not apart(a, b) or b.text < n_old:
                continue
            late = b.rank >= max_df
            for x, check_x in counted(a):
                for y, check_y in counted(b):
                    near = agree(check_x, check_y)
                    if not late:
                        seeds.append((a.text, b.text, x, y, "plain" if near else "weak"))
                        continue
                    to_hub = a in (first, second) and x == a.places[0][0]
                    to_new_hub = b is second and y == b.places[0][0]
                    if near and (to_hub or to_new_hub):
                        seeds.append((a.text, b.text, x, y, "hub"))
    return seeds


def look_up(
    partitions: Sequence[Sequence[int]], hashes: Sequence[int], starts: Sequence[int], place_bits: int, max_df: int
) -> list[tuple[int, int, int]]:
    """Return (shingle, text, place in the text) of the rows that hold each shingle: its first places, and the first four of each text."""
    bits = len(partitions).bit_length() - 1
    found = []
    for number, value in enumerate(hashes):
        rest = (value >> 30) % (1 << 34 - bits)
        elements = [(row >> 8) % (1 << place_bits) for row in partitions[value >> 64 - bits] if row >> 8 + place_bits == rest]
        by_text = [(max(t for t in range(len(starts) - 1) if starts[t] <= element), element) for element in elements]
        firsts = [(text, element) for i, (text, element) in enumerate(by_text) if sum(t == text for t, _ in by_text[:i]) < 4]
        found += [(number, text, element - starts[text]) for text, element in firsts[:max_df]]
    return found


# --- chaining ------------------------------------------------------------------------------------------------


def grow(a: Sequence[int], b: Sequence[int], seeds: Sequence[tuple[int, int]], k: int) -> list[tuple[int, int, int]]:
    """Return the maximal exact matches that hold a seed, each once, in the order of their first seeds."""
    found: dict[tuple[int, int, int], None] = {}
    for x, y in seeds:
        if x + k > len(a) or y + k > len(b) or list(a[x : x + k]) != list(b[y : y + k]):
            continue
        before = after = 0
        while min(x, y) > before and a[x - before - 1] == b[y - before - 1]:
            before += 1
        while x + k + after < len(a) and y + k + after < len(b) and a[x + k + after] == b[y + k + after]:
            after += 1
        found[x - before, y - before, before + k + after] = None
    return list(found)


def chain(matches: Sequence[tuple[int, int, int]], max_gap: int, look_back: int, link_cost: Callable[[int, int], float]) -> list[float]:
    """Return the score of the best chain that ends in each match; `link_cost` is asked of the stretches between two."""

    @cache
    def best(i: int) -> float:
        x, y, size = matches[i]
        scores = [float(size)]
        for j in range(max(0, i - look_back), i):
            u, v, length = matches[j]
            gap_a, gap_b = x - (u + length), y - (v + length)
            overlap = max(0, -gap_a, -gap_b)
            if u < x and v < y and gap_a <= max_gap and gap_b <= max_gap and overlap < size:
                scores.append(best(j) + size - overlap - link_cost(gap_a + overlap, gap_b + overlap))
        return max(scores)

    return [best(i) for i in range(len(matches))]


# --- aligning ------------------------------------------------------------------------------------------------


def align(a: Sequence[int], b: Sequence[int]) -> list[list[int]]:
    """Return the best gap-affine score of every two beginnings of a and b, by the whole matrix."""
    across, down = range(len(b) + 1), range(len(a) + 1)
    best = [[NEVER for _ in across] for _ in down]
    only_a, only_b = [row[:] for row in best], [row[:] for row in best]
    for i in down:
        for j in across:
            if i:
                only_a[i][j] = max(only_a[i - 1][j] + EXTEND, best[i - 1][j] + OPEN + EXTEND)
            if j:
                only_b[i][j] = max(only_b[i][j - 1] + EXTEND, best[i][j - 1] + OPEN + EXTEND)
            pair = best[i - 1][j - 1] + (MATCH if a[i - 1] == b[j - 1] else MISMATCH) if i and j else NEVER
            best[i][j] = 0 if not i and not j else max(pair, only_a[i][j], only_b[i][j])
    return best


def score_runs(runs: Sequence[Sequence[int]]) -> int:
    """Return the gap-affine score of operations."""
    first = {EQUAL: 0, REPLACED: 0, DELETED: OPEN, INSERTED: OPEN}
    each = {EQUAL: MATCH, REPLACED: MISMATCH, DELETED: EXTEND, INSERTED: EXTEND}
    return sum(first[kind] + each[kind] * max(x, y) for kind, x, y in runs)


def score_whole(runs: Sequence[Sequence[int]]) -> int:
    """Return the score of operations, each taken as a whole: what is replaced by more or less costs a gap, a gap at most 60."""
    score = 0
    for kind, x, y in runs:
        extra = max(x, y) - min(x, y)
        score += MATCH * x if kind == EQUAL else MISMATCH * min(x, y) + (max(-60, OPEN + EXTEND * extra) if extra else 0)
    return score


def read_runs(runs: Sequence[Sequence[int]], a: Sequence[int], b: Sequence[int]) -> tuple[int, int]:
    """Return how many letters of each side the operations consume; every one must be true of the letters."""
    i = j = 0
    for kind, x, y in runs:
        assert x + y > 0
        if kind == EQUAL:
            assert list(a[i : i + x]) == list(b[j : j + y])
        elif kind == REPLACED:
            assert x
            assert y
        else:
            assert (x, y).index(0) == (1 if kind == DELETED else 0)
        i, j = i + x, j + y
    return i, j


def run_lengths(steps: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return single steps as operations."""
    runs: list[tuple[int, int, int]] = []
    for kind in steps:
        x, y = int(kind != INSERTED), int(kind != DELETED)
        if runs and runs[-1][0] == kind:
            x, y = x + runs[-1][1], y + runs[-1][2]
            runs.pop()
        runs.append((kind, x, y))
    return runs


def trim(runs: Sequence[tuple[int, int, int]], is_word_end: Callable[[int, int], bool], limit: int) -> list[tuple[int, int, int]]:
    """Return the operations up to a letter that agrees and ends a word on both sides: of all such, up to which the score is highest.

    All of them, where one must look further back than `limit` letters. ``is_word_end(i, j)`` is asked of what lies
    after i letters of a and j letters of b.
    """
    ends = []
    for r in range(len(runs) - 1, -1, -1):
        kind, x, _ = runs[r]
        if kind != EQUAL:
            continue
        i, j = sum(run[1] for run in runs[:r]), sum(run[2] for run in runs[:r])
        behind = sum(max(run[1], run[2]) for run in runs[r + 1 :])
        for length in range(x, 0, -1):
            # The first letter of a run is looked at however much lies behind it.
            if behind + x - length > limit and length < x:
                break
            if is_word_end(i + length, j + length):
                ends.append([*runs[:r], (EQUAL, length, length)])
        if behind + x > limit:
            break
    return max(ends, key=lambda end: (score_whole(end), len(end), end[-1][1]), default=list(runs))


def join_short(runs: Sequence[tuple[int, int, int]], short: int) -> list[tuple[int, int, int]]:
    """Return the operations with each difference joined to the next where fewer than `short` equal letters lie between."""
    joined: list[tuple[int, int, int]] = []
    for r, (kind, x, y) in enumerate(runs):
        after_difference = bool(joined) and joined[-1][0] != EQUAL
        chance = kind == EQUAL and x < short and r + 1 < len(runs)
        if after_difference and (kind != EQUAL or chance):
            x, y = x + joined[-1][1], y + joined[-1][2]
            joined.pop()
        elif kind == EQUAL:
            joined.append((kind, x, y))
            continue
        joined.append((REPLACED if x and y else DELETED if x else INSERTED, x, y))
    return joined


def find_echo(a: Sequence[int], b: Sequence[int], size: int, reach: int, shift: int) -> tuple[int, int]:
    """Return where the nearest run of equal letters begins, or (-1, -1)."""
    starts = ((i, j) for i in range(reach) for j in range(max(0, i - shift), i + shift + 1))
    return next(((i, j) for i, j in starts if len(a[i : i + size]) == size and list(a[i : i + size]) == list(b[j : j + size])), (-1, -1))


def is_phrase(
    a: Sequence[int],
    b: Sequence[int],
    seeds: Sequence[tuple[int, int]],
    k: int,
    chain: int,
    letters: int,
    rare: int,
    echo: tuple[int, int, int, int],
) -> bool:
    """Return whether the seeds make one match that is short, and little near it agrees; `echo`: size, reach, shift, and the letters that are enough."""
    size, reach, shift, enough = echo
    if grow(a, b, seeds[:1], k) == [] and len(seeds) > 1:
        return False
    matches = grow(a, b, seeds, k)
    if len(matches) > 1:
        return False
    for x, y, n in matches:
        if n < chain:
            return True
        if rare and n >= rare:
            return False
        met = n + count_echoes(a[x + n :], b[y + n :], size, reach, shift, enough)
        if met < enough:
            met += count_echoes([*reversed(a[:x])], [*reversed(b[:y])], size, reach, shift, enough)
        return n < letters and met < enough
    return True


def count_echoes(a: Sequence[int], b: Sequence[int], size: int, reach: int, shift: int, enough: int) -> int:
    """Return the equal letters met when hopping from the nearest run of `size` equal letters to the next, until there are `enough`."""
    n = 0
    while n < enough:
        i, j = find_echo(a, b, size, reach, shift)
        if i < 0:
            break
        more = size
        while i + more < len(a) and j + more < len(b) and a[i + more] == b[j + more]:
            more += 1
        n, a, b = n + more, a[i + more :], b[j + more :]
    return n


# --- grouping ------------------------------------------------------------------------------------------------


def overlap_share(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Return intersection over union of two intervals."""
    both = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return both / (a[1] - a[0] + b[1] - b[0] - both)


def lead(text: Sequence[int], start: Sequence[int], end: Sequence[int], min_overlap: float) -> list[int]:
    """Return for each interval the interval that leads it: the one of its text that it overlaps most, or itself."""
    leaders: list[int] = []
    chosen = []
    for i in range(len(text)):
        shares = {j: overlap_share((start[i], end[i]), (start[j], end[j])) for j in leaders if text[j] == text[i]}
        shares = {j: share for j, share in shares.items() if share >= min_overlap and share > 0}
        if not shares:
            leaders.append(i)
        chosen.append(max(shares, key=lambda j: (shares[j], -j)) if shares else i)
    return chosen


def components(n: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return the smallest element that each element is joined with."""
    smallest = list(range(n))
    for _ in range(n):
        for a, b in edges:
            smallest[a] = smallest[b] = min(smallest[a], smallest[b])
    return smallest


def overlaps(text: Sequence[int], start: Sequence[int], end: Sequence[int], group: Sequence[int]) -> set[tuple[int, int]]:
    """Return the rows of each two intervals of different groups that share a place of one text."""
    return {
        (i, j)
        for i, j in combinations(range(len(text)), 2)
        if text[i] == text[j] and group[i] != group[j] and max(start[i], start[j]) < min(end[i], end[j])
    }


def grams(letters: Sequence[int], size: int) -> list[tuple[int, ...]]:
    """Return all shingles of so many letters."""
    return [tuple(letters[i : i + size]) for i in range(len(letters) - size + 1)]


def share(letters: Sequence[int], other: Sequence[int], size: int) -> float:
    """Return the distinct shingles of two passages that they share, over those of the one that has fewer."""
    own, held = set(grams(letters, size)), set(grams(other, size))
    return len(own & held) / min(len(own), len(held)) if own and held else 0.0


def alike(letters: Sequence[int], other: Sequence[int], size: int, min_share: float) -> bool:
    """Return whether two passages share enough of the distinct shingles of the one that has fewer."""
    own, held = set(grams(letters, size)), set(grams(other, size))
    return len(own & held) >= min_share * min(len(own), len(held))


def varied(letters: Sequence[int], window: int, min_distinct: int) -> float:
    """Return the share of letters that lie in stretches of many distinct letters, laid end to end."""
    held: set[int] = set()
    at = 0
    while at + window <= len(letters):
        if len(set(letters[at : at + window])) >= min_distinct:
            held.update(range(at, at + window))
            at = max(at + 1, min(at + window, len(letters) - window))
        else:
            at += 1
    return len(held) / len(letters) if len(letters) >= window else 1.0


# --- transits ------------------------------------------------------------------------------------------------


def covers(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    """Return whether an interval covers half of another."""
    return 2 * (min(outer[1], inner[1]) - max(outer[0], inner[0])) >= inner[1] - inner[0]


def transits(
    leader: Sequence[int], text: Sequence[int], intervals: Sequence[tuple[int, int]], series: Sequence[int], max_partners: int
) -> set[tuple[int, int]]:
    """Return the pairs of rows whose mates one leader joins and no span covers; row i and row i + n are the sides of span i."""
    n = len(text) // 2
    found = set()
    for one in set(leader):
        rows = [i for i in range(2 * n) if leader[i] == one]
        if not 2 <= len(rows) <= max_partners:
            continue
        for i, j in combinations(rows, 2):
            x, y = (i + n) % (2 * n), (j + n) % (2 * n)
            x, y = (x, y) if text[x] < text[y] else (y, x)
            if text[x] == text[y] or (len(series) and series[text[x]] == series[text[y]]):
                continue
            spans = [s for s in range(n) if (text[s], text[s + n]) == (text[x], text[y])]
            if not any(covers(intervals[s], intervals[x]) and covers(intervals[s + n], intervals[y]) for s in spans):
                found.add((x, y))
    return found


def short_seeds(a: Sequence[int], b: Sequence[int], region: tuple[int, int, int, int], k: int, most: int) -> list[tuple[int, int]]:
    """Return where the two regions hold the same k letters, each place of a with its first few places of b."""
    first_a, last_a, first_b, last_b = region
    found = []
    for i in range(first_a, last_a - k + 1):
        places = [j for j in range(first_b, last_b - k + 1) if list(a[i : i + k]) == list(b[j : j + k])]
        found += [(i, j) for j in places[:most]]
    return found


# --- settling ------------------------------------------------------------------------------------------------


def settle(runs: Sequence[tuple[int, int, int]], inside: Callable[[int, int], bool]) -> list[tuple[int, int, int]]:
    """Return the operations with equal letters given to the difference beside them for as long as their boundary lies in a code point.

    ``inside(i, j)`` is asked of the boundary after i letters of a and j letters of b. First the front of an equal run gives.
    """
    steps = [[kind, x, y] for kind, x, y in runs]
    for r, (kind, x, _) in enumerate(runs):
        if kind != EQUAL:
            continue
        i, j = sum(run[1] for run in runs[:r]), sum(run[2] for run in runs[:r])
        cuts = [at for at in range(x + 1) if not inside(i + at, j + at)]
        low = min(cuts, default=x) if r else 0
        high = max([low, *cuts]) if r + 1 < len(runs) else x
        steps[r][1:] = [high - low] * 2
        for other, letters in ((r - 1, low), (r + 1, x - high)):
            if letters:
                steps[other][1:] = [steps[other][1] + letters, steps[other][2] + letters]
    return join_short([(k, x, y) for k, x, y in steps if x + y], 0)


# --- words ---------------------------------------------------------------------------------------------------

PLAIN, LINE, SENTENCE, BLOCK = range(4)
SENTENCE_MARKS = ".!?…։؟۔।॥።፧។‼⁇⁉"
WIDE_MARKS = "。！．？｡"
LINE_BREAKS = ("\r\n", "\r", "\n", "\x85", "\u2028")


def gap_class(gap: str) -> int:
    """Return the class of what stands between two words."""
    lines, most, space, mark, wide = 0, 0, False, False, False
    while gap:
        taken = next((b for b in LINE_BREAKS if gap.startswith(b)), gap[0])
        gap = gap[len(taken) :]
        letters, kind, _ = fold_character(taken[0])
        assert not letters
        if taken in LINE_BREAKS:
            lines, space = lines + 1, True
            most = max(most, lines)
        elif taken in "\f\u2029":
            most, space = 2, True
        elif kind == SPACE:
            space = True
        else:
            lines = 0
            mark, wide = mark or taken in SENTENCE_MARKS, wide or taken in WIDE_MARKS
    if most > 1:
        return BLOCK
    return SENTENCE if wide or (mark and space) else LINE if most else PLAIN


def find_words(text: str) -> list[tuple[str, int, int, int]]:
    """Return (what counts of it, begin, end, class of the gap before) of each word, and the end mark."""
    letters, kinds, own = zip(*map(fold_character, text), strict=True) if text else ((), (), ())

    def is_letter(i: int) -> bool:
        return i < len(text) and bool(letters[i]) and not own[i]

    def is_mark(i: int) -> bool:
        return not letters[i] and kinds[i] == MARK

    words, i, last = [], 0, 0

    def give(word: str, begin: int, end: int) -> None:
        before = text[last:begin]
        words.append((word, begin, end, BLOCK if not words else PLAIN if begin < last else gap_class(before)))

    while i < len(text):
        begin = i
        if is_letter(i):
            parts, end = [""], i
            while True:
                if is_letter(i):
                    parts[-1] += text[i]
                    i += 1
                    end = i
                elif i < len(text) and is_mark(i):
                    parts[-1] += text[i] if text[i] != "\u00ad" else ""
                    i += 1
                elif i < len(text) and not letters[i] and kinds[i] == QUOTE and text[i] != '"' and is_letter(i + 1):
                    parts.append("")
                    i += 1
                else:
                    broken = next((b for b in ("\r\n", "\n", "\r") if text[i + 1 :].startswith(b)), None)
                    if not (text[i : i + 1] in ("-", "\u2010") and broken and is_letter(i + 1 + len(broken))):
                        break
                    i += 1 + len(broken)
            best = max(parts, key=lambda part: sum(bool(fold_character(c)[0]) for c in part))
            give(best, begin, end)
            last = end
        elif letters[i] and own[i]:
            end = i
            while end < len(text) and letters[end] and own[end]:
                end += 1
            for k in range(i, max(i + 1, end - 1)):
                stop = min(k + 2, end)
                give(text[k:stop], k, stop)
                last = stop
            last = i = end
        else:
            i += 1
    words.append(("", len(text), len(text), BLOCK))
    return words


def hash_word(word: str) -> int:
    """Return the hash of a word's code points; A to Z count as a to z."""
    digest = BASE
    for character in word:
        point = ord(character) + (32 if "A" <= character <= "Z" else 0)
        digest = (digest ^ (point + 1)) * 0xBF58476D1CE4E5B9 % WORD
        digest ^= digest >> 29
    return digest if word else 0


# --- rating --------------------------------------------------------------------------------------------------


def split_words(letters: Sequence[int], begins: Callable[[int], bool], low: int, high: int, most: int) -> list[tuple[int, int]]:
    """Return the words of ``letters[low:high]``, half-open: one begins at `low`, where `begins` says, and after `most` letters."""
    cuts = [low]
    for i in range(low + 1, high):
        if begins(i) or i - cuts[-1] == most:
            cuts.append(i)
    return list(zip(cuts, [*cuts[1:], high], strict=True)) if high > low else []


def rate(
    runs: Sequence[tuple[int, int, int]],
    sides: Sequence[tuple[Sequence[int], int, Callable[[int], bool]]],
    info: Callable[[tuple[int, ...]], float],
    most: int,
) -> tuple[float, float, int]:
    """Return score, rarity and whole words of a span; a side is its letters, its first element and where words begin."""
    nats = share = 0.0
    whole = []
    for side, (letters, first, begins) in enumerate(sides, 1):
        agree: list[bool] = []
        for run in runs:
            agree += [run[0] == EQUAL] * run[side]
        complete = 0
        for low, high in split_words(letters, begins, first, first + len(agree), most):
            part = sum(agree[low - first : high - first]) / (high - low)
            nats += info(tuple(letters[low:high])) * part / 2
            share += part / 2
            complete += part == 1
        whole.append(complete)
    n_equal = sum(run[1] for run in runs if run[0] == EQUAL)
    others = [max(run[1:]) for run in runs if run[0] != EQUAL]
    rate_of_error = len(others) / (n_equal + len(others))
    cost = sum(2 * math.log(size) for size in others)
    if n_equal and others:
        cost -= len(others) * math.log(rate_of_error) + n_equal * math.log(1 - rate_of_error)
    return nats - cost, nats / share if share else 0.0, min(whole)


def moved(boxes: Sequence[tuple[int, int, int, int]], scores: Sequence[float]) -> list[bool]:
    """Return which spans of one pair stand out of order with a stronger one that is not moved."""
    found = [False] * len(boxes)
    kept: list[tuple[int, int, int, int]] = []
    for s in sorted(range(len(boxes)), key=lambda s: (-scores[s], boxes[s][0] + boxes[s][2], s)):
        x0, x1, y0, y1 = boxes[s]
        found[s] = any((x1 <= u0 and y0 >= v1) or (x0 >= u1 and y1 <= v0) for u0, u1, v0, v1 in kept)
        if not found[s]:
            kept.append(boxes[s])
    return found


def match_bodies(mine: Sequence[Sequence[tuple[int, int]]], theirs: Sequence[Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    """As `sayings.match_bodies`: every pair is tried."""
    pairs: list[tuple[int, int]] = []
    for a, spans in enumerate(mine):
        for b, others in enumerate(theirs):
            if b in [taken for _, taken in pairs]:
                continue
            common = sum(max(0, min(e, t) - max(s, u)) for s, e in spans for u, t in others)
            if common and common >= 0.5 * min(sum(e - s for s, e in spans), sum(t - u for u, t in others)):
                pairs.append((a, b))
                break
    return pairs
