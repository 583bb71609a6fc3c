"""The ledger against test cases that others wrote, and its speed on running text.

    python benchmarks/ledger.py DATA_DIR --languages English French Spanish --seed 7
    python benchmarks/ledger.py DATA_DIR --wrong DateTime --half develop     the cases that go wrong
    python benchmarks/ledger.py DATA_DIR --attributions                      quotations, and who said what, against articles that others marked
    python benchmarks/ledger.py DATA_DIR --statements tests/gold             all record types on marked statements in French and Spanish
    python benchmarks/ledger.py DATA_DIR --speed FOLDER                      characters a CPU second, start-up left out
    python benchmarks/ledger.py DATA_DIR --demands tests/gold/demands.jsonl  demands of press releases by half and party, and of resolutions by first verb

DATA_DIR holds ``figure-date-specs/LANGUAGE/*.jsonl``, ``quantities/quantities.json``, ``attributions/``, and for demands ``congress-press/*.jsonl`` and ``unsc/*.txt``. All of it goes through ``variorum ledger --jsonl``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import attribution_scores
import ledger_demands
import ledger_scores
import ledger_statements
import measure
from ledger_counts import Counts


def run_ledger(rows: Path, code: str, types: tuple[str, ...] = ("figure", "date"), grade: str = "B") -> list[dict[str, Any]]:
    """Return the entries of a file of rows."""
    options = [part for kind in types for part in ("--type", kind)]
    cost = measure.run_measured([measure.find_variorum(), "ledger", rows, "--jsonl", "--lang", code, "--grade", grade, *options])
    return [json.loads(line) for line in cost.output.splitlines()]


def score_language(data: Path, language: str, seed: int, half: str = "both") -> dict[str, ledger_scores.Score]:
    """Return the score of each file of a language, and for English of the quantities."""
    cases = ledger_scores.read_cases(data / "figure-date-specs", language, seed)
    quantities = ledger_scores.read_quantities(data / "quantities/quantities.json") if language == "English" else []
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "cases.jsonl"
        ledger_scores.write_rows([*cases, *quantities], rows)
        entries = run_ledger(rows, ledger_scores.LANGUAGES[language])

    def wanted(case: ledger_scores.Case) -> bool:
        return half == "both" or case.develop == (half == "develop")

    scores = ledger_scores.score_cases([c for c in cases if wanted(c)], entries)
    if quantities:
        scores["quantities"] = ledger_scores.score_quantities([c for c in quantities if wanted(c)], entries)
    return scores


def score_demands(data: Path, gold: Path) -> dict[tuple[str, str], ledger_demands.DemandCounts]:
    """Return (half, party) -> counts of demands against the labels."""
    labelled = ledger_demands.read_gold(gold)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "releases.jsonl"
        texts = ledger_demands.write_texts(labelled, data / "congress-press", rows)
        return ledger_demands.score_demands(labelled, run_ledger(rows, "en", ("demand",)), texts)


def score_operative(data: Path) -> dict[str, list[int]]:
    """Return first verb -> counts of the operative paragraphs of the resolutions."""
    rows = ledger_demands.read_operative(data / "unsc")
    return ledger_demands.score_operative(rows, run_ledger(data / "unsc", "en", ("demand",)))


def print_demands(data: Path, gold: Path, *, wrong: bool) -> None:
    """Print the tables of demands, and what went wrong where asked."""
    counts = score_demands(data, gold)
    shown = [[half, party, c.n_gold, c.n_found, f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}", f"{c.n_addressed / max(1, c.n_right):.3f}"] for (half, party), c in sorted(counts.items())]
    measure.print_table(["half", "party", "labelled", "found", "precision", "recall", "F1", "addressee"], shown)
    if wrong:
        print(*counts["all", "all"].wrong, sep="\n")
    verbs = score_operative(data)
    verbs["all"] = [sum(count[n] for count in verbs.values()) for n in range(4)]
    measure.print_table(["first verb", "paragraphs", "kind right", "name whom they ask", "with an addressee"], [[verb, *count] for verb, count in sorted(verbs.items())])


def score_statements(gold: Path, code: str) -> dict[tuple[str, str], Counts]:
    """Return (half, type) -> counts of the marked statements of a language."""
    statements = ledger_statements.read_statements(gold / f"statements.{code}.txt")
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "statements.jsonl"
        rows.write_text("".join(json.dumps({"id": s.name, "text": s.text}) + "\n" for s in statements), encoding="utf-8")
        found: dict[str, list[dict[str, Any]]] = {}
        for entry in run_ledger(rows, code, ()):
            found.setdefault(entry["statement"], []).append(entry)
    return ledger_statements.score_statements(statements, found)


def print_statements(gold: Path, *, wrong: bool) -> None:
    """Print the table of the marked statements in French and Spanish, and what went wrong where asked."""
    rows = []
    for code in ("fr", "es"):
        for (half, kind), counts in sorted(score_statements(gold, code).items()):
            rows.append([code, half, kind, counts.n_gold, counts.n_found, counts.n_right, f"{counts.f1:.2f}"])
            if wrong:
                print(*(f"{code} {half} {line}" for line in counts.wrong), sep="\n")
    measure.print_table(["language", "half", "type", "marked", "found", "right", "F1"], rows)


def join_scores(scores: list[ledger_scores.Score]) -> ledger_scores.Score:
    """Return the score over several files."""
    joined = ledger_scores.Score()
    for score in scores:
        for name in ("n_results", "n_entries", "n_hits", "n_values", "n_units", "n_undecided"):
            setattr(joined, name, getattr(joined, name) + getattr(score, name))
    return joined


def count_rules(data: Path, languages: list[str], seed: int, half: str) -> list[list[object]]:
    """Return (rule, finds, share that is right in place and value) over the files of languages."""
    total: dict[str, list[int]] = {}
    for language in languages:
        for score in score_language(data, language, seed, half).values():
            for rule, (found, right) in score.rules.items():
                counts = total.setdefault(rule, [0, 0])
                counts[0] += found
                counts[1] += right
    return [[rule, found, f"{right / found:.3f}"] for rule, (found, right) in sorted(total.items())]


def score_attributions(data: Path, seed: int, grade: str = "B") -> dict[str, attribution_scores.Score]:
    """Return half -> the score of quotations and attributions of that grade and above on the marked articles."""
    articles = attribution_scores.read_articles(data / "attributions", seed)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "articles.jsonl"
        rows.write_text("".join(json.dumps({"id": a.name, "text": a.text}) + "\n" for a in articles), encoding="utf-8")
        entries = run_ledger(rows, "en", ("attribution", "quotation"), grade)
    return {half: attribution_scores.score_articles([a for a in articles if a.develop == (half == "develop")], entries) for half in ("develop", "held")}


def print_attributions(data: Path, seed: int, wrong: str | None) -> None:
    """Print the table of quotations and attributions, and what goes wrong (`missed`, `extra`, `source`, `content`, `quotation`)."""
    names = ("source", "source any", "content", "content any", "quotations")
    rows = []
    scores = [(grade, half, score) for grade in ("B", "C") for half, score in score_attributions(data, seed, grade).items()]
    for grade, half, score in scores:
        rows.append([grade, half, score.n_marked, score.n_found, f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}", *(f"{score.share(name):.3f}" for name in names)])
        if wrong:
            for article, what, shown in score.wrong:
                if wrong == what:
                    print(article, what, shown)
    measure.print_table(["grade", "half", "marked", "found", "cue P", "cue R", "cue F1", *names], rows)


def measure_speed(folder: Path, types: tuple[str, ...] = ()) -> tuple[int, float]:
    """Return the characters of a folder's statements, and the CPU seconds of their ledger without those of starting."""
    options = [part for kind in types for part in ("--type", kind)]
    command = [measure.find_variorum(), "ledger"]
    text = sum(len(p.read_text(encoding="utf-8", errors="replace")) for p in sorted(folder.rglob("*.txt")))
    with tempfile.TemporaryDirectory() as empty:
        one = Path(empty) / "one.txt"
        one.write_text("We met.", encoding="utf-8")
        start = measure.run_measured([*command, one, "--jsonl", *options], times=3).cpu_seconds
    return text, measure.run_measured([*command, folder, "--jsonl", *options], good=(0, 3)).cpu_seconds - start


def main() -> None:
    """Score the languages and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--languages", nargs="+", default=list(ledger_scores.LANGUAGES), choices=list(ledger_scores.LANGUAGES))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--half", choices=["develop", "held", "both"], help="one half alone")
    parser.add_argument("--wrong", help="print the cases of files with this in their name that go wrong")
    parser.add_argument("--rules", action="store_true", help="print what share of each rule's finds is right in place and value, over the chosen languages")
    parser.add_argument("--speed", type=Path, help="folder of text files to measure speed on instead")
    parser.add_argument("--attributions", action="store_true", help="score quotations and attributions instead")
    parser.add_argument("--demands", type=Path, help="file of labelled demands to score on instead")
    parser.add_argument("--statements", type=Path, help="folder of marked statements in French and Spanish to score on instead")
    arguments = parser.parse_args()
    if arguments.statements:
        print_statements(arguments.statements, wrong=arguments.wrong is not None)
        return
    if arguments.attributions:
        print_attributions(arguments.data, arguments.seed, arguments.wrong)
        return
    if arguments.demands:
        print_demands(arguments.data, arguments.demands, wrong=arguments.wrong is not None)
        return
    if arguments.speed:
        text, seconds = measure_speed(arguments.speed)
        print(f"{text:,} characters in {seconds:.2f} CPU s: {text / seconds:,.0f} characters a CPU second")
        return
    if arguments.rules:
        measure.print_table(["rule", "finds", "right"], count_rules(arguments.data, arguments.languages, arguments.seed, arguments.half or "held"))
        return
    rows = []
    for language in arguments.languages:
        halves = [arguments.half] if arguments.half else ["develop", "held"]
        scores = {half: score_language(arguments.data, language, arguments.seed, half) for half in halves}
        for found in scores.values():
            found["all dates"] = join_scores([score for name, score in found.items() if name.startswith("DateTime-")])
        for name in scores[halves[0]]:
            cells = []
            for half in halves:
                score = scores[half].get(name, ledger_scores.Score())
                cells += [score.n_results, f"{score.f1:.3f}", f"{score.value:.3f}", f"{score.unit:.3f}"]
                if arguments.wrong and arguments.wrong in name:
                    for case, what, shown in score.wrong:
                        print(case, what, shown)
            rows.append([language, name, *cells])
    measure.print_table(["language", "file", *(f"{half} {what}" for half in halves for what in ("n", "F1", "value", "unit"))], rows)


if __name__ == "__main__":
    main()
