"""How long the command takes to start.

    python benchmarks/start.py --times 10
"""

from __future__ import annotations

import argparse
import sys

import measure


def main() -> None:
    """Run `variorum --help` and, as the floor, Python that does nothing; print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    commands = {
        "variorum --help": [measure.find_variorum(), "--help"],
        "variorum --version": [measure.find_variorum(), "--version"],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    rows = []
    for name, command in commands.items():
        measure.run_measured(command)
        cost = measure.run_measured(command, times)
        rows.append([name, cost.wall_seconds, cost.cpu_seconds, cost.peak_mb])
    measure.print_table(["command", "wall s", "CPU s", "peak MB"], rows, f"median of {times}")


if __name__ == "__main__":
    main()
