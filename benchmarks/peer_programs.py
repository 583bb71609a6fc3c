"""The programs that `peers.py` compares: how each is run, and how what it writes becomes lines of ids and places.

Every program runs as a child process of its own, start-up included, and ends in one file of tab-separated lines: two ids where it
names pairs of documents, ``doc_a begin_a end_a doc_b begin_b end_b`` in characters where it has places. Turning its output into that file is not counted.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import measure

METHODS = Path(__file__).parent / "near_duplicates.py"
NEEDED = ("datasketch", "rensa")
PAIRWISE = ["--all-pairs", "--fields", "xxhash64(series) as gid", "--filterpairs", "gid < gid2", "--pairwise"]  # what `bin/passim` adds, and pairs

Span = tuple[str, int, int, str, int, int]


@dataclass(frozen=True, slots=True)
class Program:
    """One line of the table: `run` takes the folder of the statements and returns the cost and the file of what was found, None where it finds nothing."""

    name: str
    run: Callable[[Path], tuple[measure.Cost, Path | None]]


def require_peers() -> None:
    """End with one line where a peer is not installed."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"no {' and no '.join(missing)} here; install the peers with: pip install {' '.join(NEEDED)}")


def list_programs(presets: Sequence[str], passim: Path | None, textpair: Path | None, text_dedup: str | None) -> list[Program]:
    """Return the programs of a run in the order of the table."""
    programs = [Program(f"variorum, {preset}", lambda folder, preset=preset: run_variorum(folder, preset)) for preset in presets]
    for method in ("datasketch", "rensa"):
        for unit in ("documents", "paragraphs"):
            programs.append(_method(f"{method} MinHash-LSH, {unit}", method, "--unit", unit, "--threshold", "0.5"))
    programs.append(_method("text-dedup's recipe, documents", "text-dedup", "--threshold", "0.7"))
    if text_dedup is not None:
        programs.append(Program("text-dedup, documents", lambda folder: run_text_dedup(folder, text_dedup)))
    programs += [_method(f"exact runs of {n} words", "ngrams", "--min-words", str(n)) for n in (5, 10)]
    if passim is not None:
        programs.append(Program("passim, pairs", lambda folder: run_passim(folder, passim)))
    if textpair is not None:
        programs.append(Program("TextPAIR's aligner", lambda folder: run_textpair(folder, textpair)))
    programs.append(Program("wc -w", lambda folder: (measure.run_measured(["wc", "-w", folder / "docs.jsonl"], times=3), None)))
    read = ["dd", f"of={os.devnull}", "bs=1M"]
    programs.append(Program("reading the bytes", lambda folder: (measure.run_measured([*read, f"if={folder / 'docs.jsonl'}"], times=3), None)))
    return programs


def read_rows(path: Path) -> Iterator[tuple]:
    """Yield the pairs (id, id) or spans (id, begin, end, id, begin, end) of a file that a program ended in."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            parts = line.rstrip("\n").split("\t")
            yield tuple(parts) if len(parts) == 2 else (parts[0], int(parts[1]), int(parts[2]), parts[3], int(parts[4]), int(parts[5]))


def run_variorum(folder: Path, preset: str) -> tuple[measure.Cost, Path]:
    """Trace the statements, report included; its pairs are those of `export --passim`."""
    corpus = folder / f"{preset}.variorum"
    cost = measure.trace([folder / "docs.jsonl"], corpus, ["--preset", preset])
    measure.export_passim(corpus, folder / f"{preset}-passim")
    return cost, write_spans(_passim_spans(folder / f"{preset}-passim" / "align.json"), folder / f"{preset}.tsv")


def run_passim(folder: Path, checkout: Path) -> tuple[measure.Cost, Path]:
    """Run passim's pairwise alignment through spark-submit.

    What `SPARK_SUBMIT_ARGS` holds goes to spark-submit, as with passim's own command (its `--packages` is left to you: it asks Maven Central). The alignments are
    written before the clusters, which need the GraphFrames jar; where only the clusters fail, the pairs are taken and the failure is said.
    """
    script = checkout / "passim" / "seriatim.py"
    if not script.is_file():
        sys.exit(f"no {script}; --passim names a checkout of passim 2")
    submit = shutil.which("spark-submit") or shutil.which("spark-submit", path=str(Path(sys.executable).parent))
    if submit is None:
        sys.exit("no spark-submit here; passim needs: pip install pyspark intervaltree graphframes-py (and a JVM)")
    out = folder / "passim"
    shutil.rmtree(out, ignore_errors=True)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    extra = shlex.split(os.environ.get("SPARK_SUBMIT_ARGS", ""))
    cost = measure.run_measured([submit, *extra, script, *PAIRWISE, folder / "docs.jsonl", out], good=range(256))
    if not (out / "align.json" / "_SUCCESS").exists():
        sys.exit(f"passim wrote no alignments:\n{cost.output[-4000:]}")
    if not (out / "out.json" / "_SUCCESS").exists():
        print("passim wrote its pairs and failed before its clusters", file=sys.stderr)
    return cost, write_spans(_passim_spans(out / "align.json"), folder / "passim.tsv")


def run_textpair(folder: Path, checkout: Path) -> tuple[measure.Cost, Path]:
    """Run TextPAIR's aligner on stems of words, in trigrams, with its defaults but for whole-text duplicates, which it would set aside.

    Its own first step reads a PhiloLogic database; `near_duplicates.py textpair` writes the same files from the statements and is counted.
    """
    binary = _find_aligner(checkout)
    source, out = folder / "textpair", folder / "textpair-out"
    for old in (source, out):
        shutil.rmtree(old, ignore_errors=True)
    first = measure.run_measured([sys.executable, METHODS, "textpair", folder / "docs.jsonl", source])
    options = ["--source_files", source / "ngrams", "--source_metadata", source / "metadata.json", "--output_path", out, "--sort_by", "filename"]
    second = measure.run_measured([binary, *options, "--duplicate_threshold", "100", "--threads", str(os.cpu_count() or 1)])
    cost = measure.Cost(first.cpu_seconds + second.cpu_seconds, first.wall_seconds + second.wall_seconds, max(first.peak_mb, second.peak_mb), max(first.anonymous_mb, second.anonymous_mb), second.output)
    return cost, write_spans(_textpair_spans(out / "result_batches", source / "texts"), folder / "textpair.tsv")


def run_text_dedup(folder: Path, python: str) -> tuple[measure.Cost, Path]:
    """Run the package text-dedup, in the Python that has it (its pins do not go with other packages), with its defaults."""
    out = folder / "text-dedup"
    shutil.rmtree(out, ignore_errors=True)
    docs = folder / "docs.jsonl"
    options = ["--path", "json", "--data_files", docs, "--split", "train", "--column", "text", "--cache_dir", folder / "text-dedup-cache", "--output", out, "--debug"]
    cost = measure.run_measured([python, "-m", "text_dedup.minhash", *options])
    # The groups lie in a pickle of its own class, so that its own Python must read them.
    show = "import json, pickle, sys; u = pickle.load(open(sys.argv[1], 'rb')); json.dump([[x, u.find(x)] for x in list(u.parent)], sys.stdout)"
    rows = json.loads(measure.run_measured([python, "-c", show, out / "uf.pkl"]).output)
    names = [row["id"] for row in measure.read_lines(docs)]
    groups: dict[int, list[str]] = {}
    for number, root in rows:
        groups.setdefault(root, []).append(names[number])
    import near_duplicates

    result = folder / "text-dedup.tsv"
    result.write_text("".join(f"{a}\t{b}\n" for a, b in sorted(near_duplicates.pair_groups(groups.values()))), encoding="utf-8")
    return cost, result


def write_spans(spans: Iterable[Span], path: Path) -> Path:
    """Write spans as tab-separated lines and return the file."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines("\t".join(map(str, span)) + "\n" for span in spans)
    return path


def _method(name: str, method: str, *options: str) -> Program:
    """Return a method of `near_duplicates.py` as a program."""

    def run(folder: Path) -> tuple[measure.Cost, Path]:
        out = folder / f"{method}{'-'.join(options)}.tsv"
        return measure.run_measured([sys.executable, METHODS, method, folder / "docs.jsonl", out, *options]), out

    return Program(name, run)


def _passim_spans(path: Path) -> Iterator[Span]:
    """Yield the pairs of passim's `align.json`: one file, or a folder of part files."""
    for part in sorted(path.glob("part-*")) if path.is_dir() else [path]:
        for row in measure.read_lines(part):
            yield row["id"], row["begin"], row["end"], row["id2"], row["begin2"], row["end2"]


def _textpair_spans(batches: Path, texts: Path) -> Iterator[Span]:
    """Yield the alignments in TextPAIR's result files, its byte offsets turned into characters."""
    held: dict[str, bytes] = {}

    def place(name: str, byte: str) -> int:
        if name not in held:
            held[name] = (texts / name).read_bytes()
        return len(held[name][: int(byte)].decode("utf-8", "ignore"))

    for path in sorted(p for p in batches.rglob("*") if p.is_file() and p.stat().st_size):
        text = subprocess.run(["lz4", "-dc", path], check=True, capture_output=True).stdout if path.suffix == ".lz4" else path.read_bytes()
        for line in text.decode("utf-8").splitlines():
            row = json.loads(line)
            a, b = row["source_doc_id"], row["target_doc_id"]
            yield a, place(a, row["source_start_byte"]), place(a, row["source_end_byte"]), b, place(b, row["target_start_byte"]), place(b, row["target_end_byte"])


def _find_aligner(checkout: Path) -> Path:
    """Return TextPAIR's aligner: the binary of this machine in the checkout, else one built with Go from its source."""
    if shutil.which("lz4") is None:
        sys.exit("no lz4 command here; TextPAIR's aligner writes through it")
    core = checkout / "lib" / "core"
    if (binary := core / "binary" / platform.machine() / "compareNgrams").is_file():
        return binary
    source = core / "src" / "compareNgrams"
    if not (source / "main.go").is_file():
        sys.exit(f"no {source / 'main.go'}; --textpair names a checkout of TextPAIR")
    if shutil.which("go") is None:
        sys.exit(f"no aligner for {platform.machine()} in {core / 'binary'}, and no go command to build it with")
    built = Path(tempfile.gettempdir()) / "variorum-compareNgrams"
    subprocess.run(["go", "build", "-o", built, "."], cwd=source, check=True)
    return built
