"""What all benchmarks share: run a command and say what it cost, make a corpus, print an aligned table.

CPU seconds are user and system time of the command, its threads and its children, from the operating system's own
account (wait4); peak memory is the largest resident set of one of its processes, in MB of 10^6 bytes. Of it, what is the
process's own and not a mapped file is looked up ten times a second, where the system tells it (Linux).
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

SHARED_TOOLS = Path(__file__).parent.parent.parent / "shared" / "tools"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost, and what it printed."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float
    anonymous_mb: float
    output: str


def find_variorum() -> str:
    """Return the installed `variorum` command: the one beside this Python, or the first on the path."""
    beside = shutil.which("variorum", path=str(Path(sys.executable).parent))
    if command := beside or shutil.which("variorum"):
        return command
    sys.exit("no variorum command here; install the package first")


def run_measured(command: Sequence[str | Path], times: int = 1, good: Sequence[int] = (0,)) -> Cost:
    """Run a command `times` times and return the median of each cost, with the last output.

    A run whose exit code is not among `good` ends the benchmark with what the command printed.
    """
    costs = [_run_once([str(part) for part in command], good) for _ in range(times)]
    middle = {name: statistics.median(getattr(c, name) for c in costs) for name in ("cpu_seconds", "wall_seconds", "peak_mb", "anonymous_mb")}
    return replace(costs[-1], **middle)


# The command is started by a small process of its own: a child's peak memory counts from before its exec, so that one
# started from here would be charged with what this process holds.
_STARTER = """
import json, os, subprocess, sys, time
started = time.perf_counter()
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
own, done = 0, 0
while not done:
    try:
        with open(f"/proc/{child.pid}/status") as file:
            own = max([own, *(int(line.split()[1]) for line in file if line.startswith("RssAnon"))])
    except OSError:
        pass
    time.sleep(min(0.1, 0.002 + (time.perf_counter() - started) / 50))
    done, status, usage = os.wait4(child.pid, os.WNOHANG)
child.returncode = os.waitstatus_to_exitcode(status)
with open(sys.argv[1], "w") as file:
    json.dump([child.returncode, time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, own], file)
"""


def _run_once(command: list[str], good: Sequence[int]) -> Cost:
    """Run a command once; its output goes through a file, so that a full pipe cannot stop it."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
        account = Path(folder) / "account.json"
        subprocess.run([sys.executable, "-I", "-S", "-c", _STARTER, account, *command], stdout=output, stderr=subprocess.STDOUT, check=False)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
        if not account.exists():
            sys.exit(f"could not be started: {' '.join(command)}\n{text}")
        code, wall, cpu, peak, own = json.loads(account.read_text(encoding="utf-8"))
    if code not in good:
        sys.exit(f"exit code {code}: {' '.join(command)}\n{text}")
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    return Cost(cpu, wall, peak * unit / 1e6, own * 1024 / 1e6, text)


def warm_up() -> None:
    """Trace the bundled example in every way that compiles other kernels, before the clock starts.

    A kernel is compiled for each set of argument types: with and without series, with and without hub edges; in deep mode where there are pairs to compare.
    """
    from variorum.example import copy_example

    with tempfile.TemporaryDirectory() as folder:
        statements, metadata = copy_example(folder)
        for number, options in enumerate(([], ["--metadata", metadata, "--across-series"], ["--set", "max_df=2"], ["--deep", "--set", "min_shared=0"])):
            run_measured([find_variorum(), "trace", statements, "--out", Path(folder) / f"warm{number}.variorum", *options])


def trace(inputs: Sequence[str | Path], out: Path, options: Sequence[str] = ()) -> Cost:
    """Trace `inputs` into a new corpus at `out` and return the cost; an older corpus there is removed."""
    shutil.rmtree(out, ignore_errors=True)
    return run_measured([find_variorum(), "trace", *inputs, "--out", out, *options])


def export_passim(corpus: Path, dest: Path) -> None:
    """Write passim's two files of a corpus into `dest`."""
    run_measured([find_variorum(), "export", corpus, "--passim", dest])


def run_tool(tool: Path, arguments: Sequence[str | Path]) -> str:
    """Run a generator or scorer with this Python and return what it printed."""
    if not tool.exists():
        sys.exit(f"no {tool}; say where it is with --generator and --scorer")
    return run_measured([sys.executable, tool, *arguments]).output


def read_lines(path: Path) -> Iterable[dict]:
    """Yield the objects of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def query(corpus: Path, sql: str) -> list[tuple]:
    """Return the rows of a query on a corpus's tables."""
    import duckdb

    with duckdb.connect(str(corpus / "corpus.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]], title: str = "", *, markdown: bool = False) -> None:
    """Print rows under a head, numbers to the right, columns aligned; or as Markdown."""
    cells = [[_shown(value) for value in row] for row in rows]
    if markdown:
        print(f"{title}\n" if title else "")
        for row in (list(head), ["---"] * len(head), *cells):
            print(f"| {' | '.join(row)} |")
        print(flush=True)
        return
    widths = [max(len(row[i]) for row in [list(head), *cells]) for i in range(len(head))]
    if title:
        print(f"\n{title}")
    print("  ".join(name.ljust(w) if i == 0 else name.rjust(w) for i, (name, w) in enumerate(zip(head, widths, strict=True))))
    for row in cells:
        print("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))))
    sys.stdout.flush()


def _shown(value: object) -> str:
    """Return a value as a table shows it."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 10 else f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
