"""Fixtures that all tests share."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent

# The same cases on every run: a test that fails only now and then is not looked at. No deadline: the first call of a
# kernel compiles it.
settings.register_profile("fixed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fixed")


def _missing(what: str) -> None:
    """Skip the test with a reason; where everything must be there (CI), fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI needs it", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of evaluation data and tools that lies beside the checkout."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        _missing("no ../shared beside the checkout")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The command of a Chromium or Chrome."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    _missing("no chromium on this machine")
    raise AssertionError


@pytest.fixture(scope="session")
def books(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of plain texts that reuse is planted in."""
    folder = tmp_path_factory.mktemp("books")
    with tarfile.open(shared / "data/books.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return next(p for p in folder.iterdir() if p.is_dir())
