"""Form letters with known additions: are template, slots and every added sentence found, and at what cost?

    python benchmarks/letters.py --base BOOKS --letters 300 --noise 0 0.03
    python benchmarks/letters.py --base BOOKS --letters 50000

A letter is a run of sentences of a book with a greeting, a place and a signature of its own. A share of the senders add a sentence, at any
end of a sentence, before the letter or after it: one of their own, taken from the books, or one of five that hundreds add, with a word changed.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import measure

HEAD = ["letters", "noise", "template F1", "slots", "whole", "words", "precision", "one group", "CPU s", "peak MB"]
N_SHARED = 5
_FIRST = ["Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Leo", "Mona", "Nils", "Olga", "Paul", "Rosa", "Sven", "Tara", "Uwe"]
_LAST = ["Berg", "Castro", "Dahl", "Ekman", "Ferro", "Grant", "Holm", "Ivers", "Jansen", "Keller", "Lund", "Moreau", "Nyberg", "Olsen", "Perez", "Quist", "Rossi", "Stone", "Tran", "Vogel"]
_PLACES = ["Northport", "Lower Quay", "Saltmarsh", "Millbridge", "Eastholm", "Gull Bay", "Stonehaven", "Ferrytown"]
_SENTENCE = re.compile(r"(?<=[.!?] )[A-Z][a-z][^.!?\n]{30,220}[.!?](?= [A-Z])")


@dataclass
class Letters:
    """Made letters: their texts, the words of the template, what each sender added, and by shared addition who has it."""

    texts: list[str]
    template: list[str]
    added: list[list[str]]
    shared: dict[int, set[int]]


def read_sentences(base: Path) -> list[str]:
    """Return the different sentences of the books, in their order."""
    files = [base] if base.is_file() else sorted(p for p in base.rglob("*") if p.suffix in (".md", ".txt"))
    found: dict[str, None] = {}
    for file in files:
        text = re.sub(r"[ \t\r\n]+", " ", re.sub(r"[*_#`\\]+", "", file.read_text(encoding="utf-8", errors="replace")))
        found.update(dict.fromkeys(m[0] for m in _SENTENCE.finditer(text) if not any(c.isdigit() or c in "\"\u201c\u201d'()" for c in m[0])))
    return list(found)


def spoil(words: list[str], rate: float, vocabulary: list[str], chosen: random.Random) -> list[str]:
    """Return words of which about `rate` are replaced (half), dropped or doubled by another; marks stay."""
    out = []
    for word in words:
        if chosen.random() >= rate:
            out.append(word)
            continue
        kind, mark = chosen.random(), word[-1] if not word[-1].isalnum() else ""
        other = chosen.choice(vocabulary)
        out += [other + mark] if kind < 0.5 else ([mark] if mark else []) if kind < 0.75 else [other, word]
    return out


def make_letters(sentences: list[str], n: int, noise: float, share: float, seed: int) -> Letters:
    """Return `n` letters, of which about `share` have a sentence of their own."""
    chosen = random.Random(seed)
    at = chosen.randrange(len(sentences) - 10)
    body, pool = sentences[at : at + 10], [*sentences[:at], *sentences[at + 10 :]]
    chosen.shuffle(pool)
    common, own = pool[:N_SHARED], pool[N_SHARED:]
    vocabulary = [word for word in " ".join(pool[:400]).split() if word.isalpha()]
    texts, added, shared = [], [], defaultdict[int, set[int]](set)
    for k in range(n):
        parts = [" ".join(spoil(sentence.split(), noise, vocabulary, chosen)) for sentence in body]
        mine = []
        if chosen.random() < share:
            if chosen.random() < 0.8:
                mine.append(own[k % len(own)])
            else:
                which = chosen.randrange(N_SHARED)
                words = common[which].split()
                words[chosen.randrange(1, len(words) - 1)] = chosen.choice(vocabulary)
                mine.append(" ".join(words))
                shared[which].add(k)
        spot = chosen.randrange(len(body) + 3) if mine else -1
        if 0 <= spot <= len(body):
            parts.insert(spot, mine[0])
        before = f"{mine[0]}\n\n" if spot == len(body) + 1 else ""
        after = f"\n\n{mine[0]}" if spot == len(body) + 2 else ""
        name = f"{chosen.choice(_FIRST)} {chosen.choice(_LAST)}"
        texts.append(f"{before}Dear Councillor {chosen.choice(_LAST)},\n\nI write from {chosen.choice(_PLACES)} on a matter of weight. {' '.join(parts)}\n\nYours sincerely,\n{name}{after}")
        added.append(mine)
    words = re.findall(r"\w+", f"Dear Councillor I write from on a matter of weight {' '.join(body)} Yours sincerely".lower())
    return Letters(texts, words, added, dict(shared))


def measure_letters(made: Letters) -> list[float]:
    """Return what is measured, in the order of `HEAD` from the third."""
    import variorum

    variorum.find_template({"a": "the old pier is lit at night", "b": "the old pier is lit at noon"})  # loads the kernels
    started = time.process_time()
    template = variorum.find_template({f"{k:06}": text for k, text in enumerate(made.texts)})
    cpu = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3 / 1.024)
    segments = template.segments.to_pylist()
    found = Counter(re.findall(r"\w+", " ".join(s["text"] for s in segments if s["kind"] != "slot").lower()))
    right = sum((found & Counter(made.template)).values())
    f1 = 2 * right / (found.total() + len(made.template))
    units, groups = defaultdict[int, list[str]](list), defaultdict[int, Counter[int]](Counter)
    where = {k: which for which, letters in made.shared.items() for k in letters}
    truth = {(k, sentence) for k, mine in enumerate(made.added) for sentence in mine}
    n_long = n_right = 0
    for row in template.texts():
        said = " ".join(row["text"].split())
        units[row["member"]].append(said)
        if row["kind"] in ("added", "changed") and len(said.split()) >= 5:
            n_long, n_right = n_long + 1, n_right + ((row["member"], said) in truth)
        if row["member"] in where and said in made.added[row["member"]]:
            groups[where[row["member"]]][row["group"]] += 1
    whole = sum(sentence in units[k] for k, sentence in truth)
    held = sum(len(sentence.split()) * (sentence in " ".join(units[k])) for k, sentence in truth)
    together = sum(max(counts.values()) for counts in groups.values()) / max(1, len(where))
    n_slots = sum(s["kind"] == "slot" and s["filled_with"] == "name" for s in segments)
    total = max(1, len(truth))
    return [f1, n_slots, whole / total, held / max(1, sum(len(s.split()) for _, s in truth)), n_right / max(1, n_long), together, cpu, peak]


def main() -> None:
    """Run every size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder of plain texts (.md, .txt)")
    parser.add_argument("--letters", type=int, nargs="+", default=[300])
    parser.add_argument("--noise", type=float, nargs="+", default=[0, 0.03], help="share of a letter's words that are edited")
    parser.add_argument("--share", type=float, default=0.3, help="share of the letters with a sentence of their own")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    sentences = read_sentences(arguments.base)
    rows = [[n, noise, *measure_letters(make_letters(sentences, n, noise, arguments.share, arguments.seed))] for n in arguments.letters for noise in arguments.noise]
    measure.print_table(HEAD, rows, f"seed {arguments.seed}, {arguments.share:g} of the letters with a sentence added; slots: of three")


if __name__ == "__main__":
    main()
