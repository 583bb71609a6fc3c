"""Budgets and words of the house, counted. The budgets are DESIGN's; where one is wider, the reason stands beside it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src/variorum"
MODULES = sorted(SOURCE.rglob("*.py"))
TEXTS = sorted(p for p in [*SOURCE.rglob("*"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]
               if p.suffix in {".py", ".md", ".html", ".j2", ".jinja", ".js", ".css"} and "statements" not in p.parts)  # fmt: skip
IDS = {"ids": lambda p: str(p.relative_to(ROOT))}

MAX_LINES = 400
WIDE_MODULES = {"schema.py": 1000, "cli.py": 800}  # one file says what every table is; the command line is one list of options
MAX_BODY = 50
MAX_KERNEL_BODY = 120  # a kernel is one loop; a call inside it would cost more than a long body
MAX_ARGUMENTS = 6
MAX_KERNEL_ARGUMENTS = 14  # kernels take plain arrays, not records

FORBIDDEN = re.compile(r"\b(original(?:ly|s)?|plagiari\w*)\b", re.IGNORECASE)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def is_kernel(path: Path) -> bool:
    return "kernels" in path.relative_to(SOURCE).parts


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(parse(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The statements of a function without its docstring."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def public_definitions(path: Path) -> list[tuple[str, ast.AST]]:
    """Classes, functions and methods that callers outside may use."""
    found: list[tuple[str, ast.AST]] = []

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                found.append((prefix + node.name, node))
                if isinstance(node, ast.ClassDef):
                    visit(node.body, f"{prefix}{node.name}.")

    visit(parse(path).body, "")
    return found


@pytest.mark.parametrize("path", MODULES, **IDS)
def test_module_length(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= WIDE_MODULES.get(path.name, MAX_LINES)


@pytest.mark.parametrize("path", MODULES, **IDS)
def test_function_bodies(path):
    limit = MAX_KERNEL_BODY if is_kernel(path) else MAX_BODY
    long = {f.name: n for f in functions(path) if (body := body_of(f)) and (n := body[-1].end_lineno - body[0].lineno + 1) > limit}  # type: ignore[operator]
    assert not long


@pytest.mark.parametrize("path", MODULES, **IDS)
def test_public_arguments(path):
    """Options of a click command are counted by click, not here: a command takes one argument an option."""
    limit = MAX_KERNEL_ARGUMENTS if is_kernel(path) else MAX_ARGUMENTS
    many = {}
    for name, node in public_definitions(path):
        if isinstance(node, ast.ClassDef) or (path.name == "cli.py" and node.decorator_list):  # type: ignore[attr-defined]
            continue
        arguments = [a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs] if a.arg not in ("self", "cls")]  # type: ignore[attr-defined]
        if len(arguments) > limit:
            many[name] = len(arguments)
    assert not many


@pytest.mark.parametrize("path", MODULES, **IDS)
def test_docstrings(path):
    assert ast.get_docstring(parse(path)), "the module has no docstring"
    bare = [name for name, node in public_definitions(path) if not ast.get_docstring(node)]  # type: ignore[arg-type]
    assert not bare


@pytest.mark.parametrize("path", MODULES, **IDS)
def test_no_print_outside_the_surface(path):
    if path.relative_to(SOURCE).as_posix() in ("cli.py", "exporting/terminal.py"):
        return
    calls = [n.lineno for n in ast.walk(parse(path)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "print"]
    assert not calls


@pytest.mark.parametrize("path", TEXTS, **IDS)
def test_words_that_take_sides_are_not_used(path):
    """It is the earliest copy held: a copy that is not held may be earlier, and no statement is judged."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if FORBIDDEN.search(line)]
    assert not lines


@pytest.mark.parametrize("path", MODULES, **IDS)
def test_family_is_the_word(path):
    """`cluster` is other tools' word; it stands only where their formats are written."""
    if path.name == "passim.py":
        return
    names = {t.string for t in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline) if t.type == tokenize.NAME}
    assert not {n for n in names if "cluster" in n.lower()}


@pytest.mark.parametrize("path", [*TEXTS, ROOT / "make.py", ROOT / "pyproject.toml", ROOT / ".ci/run", ROOT / "CONTRIBUTING.md"], **IDS)
def test_no_absolute_path_of_a_machine(path):
    assert not re.findall(r"(?<![\w.])/(?:home|root|work|Users)/\w+", path.read_text(encoding="utf-8"))


def test_no_function_stands_twice():
    """Two functions of the same code are one function that should be called."""
    seen: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for function in functions(path):
            body = body_of(function)
            if sum(1 for statement in body for _ in ast.walk(statement)) >= 40:
                code = "\n".join(ast.dump(statement) for statement in body)
                seen[code].append(f"{path.relative_to(SOURCE)}:{function.name}")
    assert not [places for places in seen.values() if len(places) > 1]


def test_no_check_is_switched_off_without_a_reason():
    """A `noqa`, `type: ignore` or `fmt: skip` for a rule of substance says why, on its line or the one above."""
    bare = []
    for path in MODULES:
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if (match := re.search(r"#\s*(noqa|type: ignore|pyright: ignore)(:?\s*[A-Z0-9,\s]*|\[[\w, -]*\])(.*)$", line)) is None:
                continue
            above = lines[number - 1].strip() if number else ""
            if len(match.group(3).strip(" -():")) < 8 and not above.startswith("#"):
                bare.append(f"{path.relative_to(ROOT)}:{number + 1}")
    assert not bare
