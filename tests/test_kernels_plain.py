"""The kernels are Python: without the compiler they give the same, only slower."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = [*sorted(p.name for p in HERE.glob("test_kernels_*.py") if p.name != Path(__file__).name), "test_matching_scripts.py"]


@pytest.mark.slow
def test_all_kernels_equal_their_twins_without_the_compiler() -> None:
    assert FILES
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "COVERAGE_PROCESS_START": ""}
    # Hashes are meant to run over; numpy's scalars, unlike compiled code, remark on it.
    arguments = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore:overflow encountered:RuntimeWarning"]
    run = subprocess.run([sys.executable, "-m", "pytest", *arguments, *FILES], cwd=HERE, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
