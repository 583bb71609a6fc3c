#!/usr/bin/env python3
"""Set the project up and run its tasks, with nothing but Python 3.11 or newer.

    python3 make.py example      trace the bundled example and say where its report is
    python3 make.py test         every check and every test (arguments go to pytest)
    python3 make.py check        the checks alone
    python3 make.py docs         build the documentation site into site/
    python3 make.py generate     rewrite the generated pages of docs/
    python3 make.py bench NAME   run benchmarks/NAME.py (further arguments go to it)
    python3 make.py clean        remove what this file made

The first call makes .venv beside this file and installs the package into it; later calls find it there and
start at once, until pyproject.toml changes.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
EXE = ".exe" if os.name == "nt" else ""
PYTHON = os.path.join(BIN, "python" + EXE)
CODE = ["src", "tests", "benchmarks", "tools", "make.py"]


def main(arguments):
    """Run one task; return the exit code."""
    if sys.version_info < (3, 11):
        return complain("Python 3.11 or newer is needed; this is %d.%d. Run this file with a newer one." % sys.version_info[:2])
    tasks = {"example": example, "test": test, "check": check, "docs": docs, "generate": generate, "bench": bench, "clean": clean}
    name = arguments[0] if arguments else ""
    if name not in tasks:
        print(__doc__.strip())
        return 0 if name in ("", "help", "-h", "--help") else complain("no task '%s'; the tasks are %s" % (name, ", ".join(tasks)))
    try:
        return tasks[name](arguments[1:])
    except subprocess.CalledProcessError as error:
        return complain("this command failed (exit %d): %s" % (error.returncode, " ".join(map(str, error.cmd))))
    except KeyboardInterrupt:
        return 130


def example(arguments):
    """Trace the bundled example."""
    install()
    code = run([tool("variorum"), "trace", "--example", *arguments])
    reports = [os.path.join(folder, "report.html") for folder, _, names in os.walk(os.path.join(HERE, "variorum-example")) if "report.html" in names]
    for report in reports if code == 0 else ():
        print("\nThe report: " + report + "\nOpen it in any browser; it needs no network.")
    return code


def test(arguments):
    """Run every check, then every test; pytest's closing line is the last."""
    install("dev")
    failed = run_checks()
    chosen = arguments or ["-n", "2"]
    code = run([PYTHON, "-m", "pytest", *chosen])
    if failed:
        return complain("checks that failed: " + ", ".join(failed))
    return code


def check(arguments):
    """Run the checks alone."""
    del arguments
    install("dev")
    failed = run_checks()
    return complain("checks that failed: " + ", ".join(failed)) if failed else 0


def docs(arguments):
    """Build the documentation site."""
    install("dev")
    subprocess.check_call([PYTHON, os.path.join("tools", "generate_docs.py")], cwd=HERE)
    return run([PYTHON, "-m", "mkdocs", "build", "--strict", *arguments])


def generate(arguments):
    """Rewrite the generated pages."""
    install()
    return run([PYTHON, os.path.join("tools", "generate_docs.py"), *arguments])


def bench(arguments):
    """Run one benchmark."""
    folder = os.path.join(HERE, "benchmarks")
    shared = ("measure.py", "near_duplicates.py", "peer_programs.py", "texts.py")  # what the scripts import; no scripts themselves
    names = sorted(n[:-3] for n in os.listdir(folder) if n.endswith(".py") and n not in shared)
    if not arguments or arguments[0] not in names:
        return complain("which benchmark? There are: " + ", ".join(names))
    install("test")
    return run([PYTHON, os.path.join(folder, arguments[0] + ".py"), *arguments[1:]])


def clean(arguments):
    """Remove what this file made."""
    del arguments
    for name in (".venv", "site", "variorum-example", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"):
        shutil.rmtree(os.path.join(HERE, name), ignore_errors=True)
    return 0


def run_checks():
    """Run the checks one after another; return the names of those that failed."""
    checks = [
        ("ruff", [PYTHON, "-m", "ruff", "check", *CODE]),
        ("pyright", [PYTHON, "-m", "pyright", "--pythonpath", PYTHON]),
        ("import layers", [tool("lint-imports"), "--no-cache"]),
        ("generated docs", [PYTHON, os.path.join("tools", "generate_docs.py"), "--check"]),
        ("docs site", [PYTHON, "-m", "mkdocs", "build", "--strict", "--quiet"]),
    ]
    failed = []
    for name, command in checks:
        print("== " + name, flush=True)
        if run(command) != 0:
            failed.append(name)
    return failed


def install(group=None):
    """Make .venv with the package and a dependency group, unless it or a fuller one is there already."""
    fuller = {None: ("package", "test", "dev"), "test": ("test", "dev"), "dev": ("dev",)}[group]
    stamps = [os.path.join(VENV, "installed-" + name) for name in fuller]
    if os.path.exists(PYTHON) and any(read(stamp) == wanted() for stamp in stamps):
        return
    started = time.monotonic()
    make_venv()
    print("Installing Variorum and what it needs into .venv (once; a minute or two) ...", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.check_call([*pip, "--upgrade", "pip>=25.1"], cwd=HERE)
    subprocess.check_call([*pip, "--editable", ".", *(["--group", group] if group else [])], cwd=HERE)
    with open(stamps[0], "w", encoding="utf-8") as file:
        file.write(wanted())
    print("Installed in %d s." % (time.monotonic() - started), flush=True)


def make_venv():
    """Make .venv where there is none that works."""
    if os.path.exists(PYTHON) and subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return
    try:
        import ensurepip  # noqa: F401  (some distributions ship Python without it)
        import venv
    except ImportError:
        version = "%d.%d" % sys.version_info[:2]
        sys.exit(complain("this Python lacks venv and ensurepip. On Debian and Ubuntu: apt-get install python3-venv (or python%s-venv)" % version))
    shutil.rmtree(VENV, ignore_errors=True)
    venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(VENV)


def wanted():
    """Return what the stamps of an up-to-date installation hold: a hash of pyproject.toml, the Python and this folder."""
    with open(os.path.join(HERE, "pyproject.toml"), "rb") as file:
        return hashlib.sha256(file.read() + repr((sys.version_info[:2], HERE)).encode()).hexdigest()


def read(path):
    """Return a file's text, or nothing where it is not there."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def tool(name):
    """Return the path of a command inside .venv."""
    return os.path.join(BIN, name + EXE)


def run(command):
    """Run a command in the project's folder; return its exit code."""
    environment = dict(os.environ, NO_MKDOCS_2_WARNING="1", PATH=BIN + os.pathsep + os.environ.get("PATH", ""))
    return subprocess.call(command, cwd=HERE, env=environment)


def complain(line):
    """Print one line on standard error; return 1."""
    print("make.py: " + line, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
