"""What the peers of `peers.py` do, one method a run, so that each pays for itself: near-duplicates and an exact join of words.

    python benchmarks/near_duplicates.py datasketch docs.jsonl pairs.tsv --unit documents --threshold 0.5

Writes one line a pair: two ids, and for a method that knows places ``doc_a begin_a end_a doc_b begin_b end_b``.
Words are runs of letters and digits in lower case; a text's set is that of its runs of five words.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import re
import struct
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

WORD = re.compile(r"\w+")
N = 5  # words of a run; text-dedup's default, and what the other methods get too
MIN_PARAGRAPH = 10  # words; shorter ones are salutations and headings
MAX_GROUP = 200  # units of one bucket that are paired with each other; a larger bucket is paired with its first
PERMUTATIONS = 128  # datasketch's and rensa's own default

Pair = tuple[str, str]


def read_statements(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of every line of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["id"], row["text"]


def split_units(path: Path, unit: str) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of whole documents, or of every paragraph."""
    for name, text in read_statements(path):
        parts = [text] if unit == "documents" else [part for part in text.split("\n\n") if len(WORD.findall(part)) >= MIN_PARAGRAPH]
        yield from ((name, part) for part in parts)


def shingle(text: str) -> set[str]:
    """Return the runs of `N` words of a text; all its words as one run where it has fewer."""
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + N]) for i in range(max(1, len(words) - N + 1))} if words else set()


def pair_groups(groups: Iterable[Iterable[str]]) -> set[Pair]:
    """Return the pairs of different documents that stand in one group."""
    pairs = set()
    for group in groups:
        names = sorted(set(group))
        chosen = itertools.combinations(names, 2) if len(names) <= MAX_GROUP else ((names[0], other) for other in names[1:])
        pairs.update(chosen)
    return pairs


def run_datasketch(path: Path, unit: str, threshold: float) -> set[Pair]:
    """MinHash and LSH as in datasketch's manual: every unit asks the index for its candidates, which are taken as they are."""
    from datasketch import MinHash, MinHashLSH

    names, sketches = [], []
    for name, text in split_units(path, unit):
        if runs := shingle(text):
            sketch = MinHash(num_perm=PERMUTATIONS)
            sketch.update_batch([run.encode() for run in runs])
            names.append(name)
            sketches.append(sketch)
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    with index.insertion_session() as session:
        for number, sketch in enumerate(sketches):
            session.insert(str(number), sketch, check_duplication=False)
    found = (index.query(sketch) for sketch in sketches)
    return _name_pairs(names, ([int(other) for other in others] for others in found))


def run_rensa(path: Path, unit: str, threshold: float) -> set[Pair]:
    """R-MinHash and LSH of rensa, in its batch form."""
    from rensa import RMinHash, RMinHashLSH

    units = [(name, list(runs)) for name, text in split_units(path, unit) if (runs := shingle(text))]
    sketches = RMinHash.from_token_sets([runs for _, runs in units], num_perm=PERMUTATIONS, seed=42)
    bands = _choose_bands(threshold, PERMUTATIONS, exact=True)[0]
    index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=bands)
    index.insert_pairs(list(enumerate(sketches)))
    return _name_pairs([name for name, _ in units], index.query_all(sketches))


def run_text_dedup(path: Path, unit: str, threshold: float) -> set[Pair]:
    """The published recipe of text-dedup's `minhash`, with its defaults: 250 permutations, runs of five, groups by union.

    The package itself writes the texts that are left, not what they repeat, so that its groups are made here: SHA-1 of each run,
    permutations modulo 2^61 - 1, bands of the best split for the threshold, all members of all buckets united.
    """
    import numpy as np

    n_permutations, prime, most = 250, np.uint64((1 << 61) - 1), np.uint64((1 << 32) - 1)
    n_bands, n_rows = _choose_bands(threshold, n_permutations, exact=False)
    rng = np.random.RandomState(42)
    a = rng.randint(1, prime, size=n_permutations, dtype=np.uint64)
    b = rng.randint(0, prime, size=n_permutations, dtype=np.uint64)
    tables: list[dict[bytes, int]] = [{} for _ in range(n_bands)]
    names: list[str] = []
    parent: list[int] = []

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    for name, text in split_units(path, unit):
        words = re.split(r"\W", text.lower())
        if len(words) < N:
            continue
        runs = {" ".join(words[i : i + N]) for i in range(len(words) - N + 1)}
        hashes = np.array([struct.unpack("<I", hashlib.sha1(run.encode()).digest()[:4])[0] for run in runs], np.uint64)
        sketch = ((hashes[:, None] * a + b) % prime & most).min(axis=0)
        number = len(names)
        names.append(name)
        parent.append(number)
        for band, table in enumerate(tables):
            other = table.setdefault(sketch[band * n_rows : (band + 1) * n_rows].tobytes(), number)
            low, high = sorted((root(number), root(other)))
            parent[high] = low
    groups: dict[int, list[str]] = defaultdict(list)
    for number, name in enumerate(names):
        groups[root(number)].append(name)
    return pair_groups(groups.values())


def run_ngrams(path: Path, min_words: int) -> Iterator[tuple[str, int, int, str, int, int]]:
    """Join on exact runs of five words; yield the maximal common runs of `min_words` words or more, with their places.

    Hits on one diagonal that follow each other word by word make one run. A run of five in more than `MAX_GROUP` places is left out.
    """
    names: list[str] = []
    bounds: list[list[tuple[int, int]]] = []
    places: dict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for number, (name, text) in enumerate(read_statements(path)):
        found = [(m.group(), m.start(), m.end()) for m in WORD.finditer(text.lower())]
        names.append(name)
        bounds.append([(start, end) for _, start, end in found])
        words = [word for word, _, _ in found]
        for at in range(len(words) - N + 1):
            places[hashlib.blake2b(" ".join(words[at : at + N]).encode(), digest_size=8).digest()].append((number, at))
    hits: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for held in places.values():
        if 2 <= len(held) <= MAX_GROUP:
            for (a, at_a), (b, at_b) in itertools.combinations(held, 2):
                if a != b:
                    hits[a, b, at_b - at_a].append(at_a)
    for (a, b, shift), starts in hits.items():
        for first, last in _join_runs(sorted(starts)):
            if last + N - first >= min_words:
                end = last + N - 1
                yield names[a], bounds[a][first][0], bounds[a][end][1], names[b], bounds[b][first + shift][0], bounds[b][end + shift][1]


def write_trigrams(path: Path, out: Path) -> None:
    """Write what TextPAIR's aligner reads: texts, for each the places of its trigrams by hash, and the metadata.

    Words of two letters and more, without numbers, lower-cased and stemmed (Snowball), three to a trigram, hashed to 32 bits; each
    with its number and its bytes, as TextPAIR's own first step does with its defaults.
    """
    import snowballstemmer

    stem = snowballstemmer.stemmer("english").stemWord
    stems: dict[str, str] = {}
    for part in ("texts", "ngrams"):
        (out / part).mkdir(parents=True)
    metadata = {}
    for name, text in read_statements(path):
        (out / "texts" / name).write_text(text, encoding="utf-8", newline="")
        metadata[name] = {"filename": str(out / "texts" / name), "title": name, "start_byte": "0", "end_byte": str(len(text.encode()))}
        words, at, byte = [], 0, 0
        for match in re.finditer(r"[^\W\d_]{2,}", text):
            byte += len(text[at : match.start()].encode())
            end = byte + len(match.group().encode())
            word = match.group().lower()
            if word not in stems:
                stems[word] = stem(word)
            words.append((stems[word], byte, end))
            at, byte = match.end(), end
        index: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for number, three in enumerate(zip(words, words[1:], words[2:], strict=False)):
            key = zlib.crc32("_".join(word for word, _, _ in three).encode())
            index[key - (1 << 31)].append((number, three[0][1], three[2][2]))
        (out / "ngrams" / f"{name}.json").write_text(json.dumps(index), encoding="utf-8")
    (out / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")


def _join_runs(starts: list[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of the stretches of following numbers."""
    first = last = starts[0]
    for start in starts[1:]:
        if start > last + 1:
            yield first, last
            first = start
        last = start
    yield first, last


def _name_pairs(names: list[str], found: Iterable[Iterable[int]]) -> set[Pair]:
    """Return the pairs of different documents among (unit, candidates)."""
    pairs = set()
    for number, others in enumerate(found):
        for other in others:
            if names[other] != names[number]:
                pairs.add((min(names[other], names[number]), max(names[other], names[number])))
    return pairs


def _choose_bands(threshold: float, n_permutations: int, *, exact: bool) -> tuple[int, int]:
    """Return (bands, rows) that make false candidates plus missed ones fewest at `threshold`, as datasketch and text-dedup choose them.

    `exact`: only splits that use all permutations (rensa asks for that).
    """
    steps = [(i + 0.5) / 1000 for i in range(1000)]
    best = (float("inf"), 1, 1)
    for n_bands in range(1, n_permutations + 1):
        for n_rows in range(1, n_permutations // n_bands + 1):
            if exact and n_bands * n_rows != n_permutations:
                continue
            if not exact and n_rows > 40:
                break  # far beyond any best split
            taken = ((s, 1 - (1 - s**n_rows) ** n_bands) for s in steps[::5])  # share of pairs of similarity s that become candidates
            error = sum(share if s < threshold else 1 - share for s, share in taken)
            best = min(best, (error, n_bands, n_rows))
    return best[1], best[2]


def main() -> None:
    """Run one method and write what it found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("method", choices=["datasketch", "rensa", "text-dedup", "ngrams", "textpair"])
    parser.add_argument("docs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--unit", choices=["documents", "paragraphs"], default="documents")
    parser.add_argument("--threshold", type=float, default=0.5, help="Jaccard similarity of two sets of runs")
    parser.add_argument("--min-words", type=int, default=N, help="ngrams: shortest common run")
    arguments = parser.parse_args()
    try:
        if arguments.method == "textpair":
            write_trigrams(arguments.docs, arguments.out)
            return
        if arguments.method == "ngrams":
            rows: Iterable[tuple] = run_ngrams(arguments.docs, arguments.min_words)
        else:
            method = {"datasketch": run_datasketch, "rensa": run_rensa, "text-dedup": run_text_dedup}[arguments.method]
            rows = sorted(method(arguments.docs, arguments.unit, arguments.threshold))
        with arguments.out.open("w", encoding="utf-8") as file:
            file.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    except ModuleNotFoundError as error:
        sys.exit(f"no {error.name} here; install it with: pip install {error.name}")


if __name__ == "__main__":
    main()
