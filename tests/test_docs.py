"""The documentation says what the code does: generated pages are fresh, and hand-written pages name nothing that is not there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import generate_docs
from variorum import config, schema

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
WRITTEN = [*(p for p in PAGES if p.name not in generate_docs.PAGES), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", generate_docs.PAGES)
def test_generated_page_is_fresh(name):
    assert read(name) == generate_docs.PAGES[name](), f"docs/{name} is stale; run: python3 make.py generate"


@pytest.mark.parametrize("spec", schema.TABLES.values(), ids=schema.TABLES)
def test_every_table_and_column_is_documented(spec):
    section = read("tables.md").split(f"\n## `{spec.name}`\n")[1].split("\n## ")[0]
    assert spec.doc in section
    for column in spec.columns:
        assert f"| `{column.name}` | {column.type} |" in section
        assert len(column.doc) > 3, f"{spec.name}.{column.name} has no meaning"


@pytest.mark.parametrize("section", config.SECTIONS)
def test_every_setting_is_documented_with_its_default(section):
    page = read("settings.md").split(f"\nSection `{section}`")[1].split("\n## ")[0]
    for field in config.option_fields(section):
        assert f"| `{field.name}` |" in page
        assert len(field.metadata["doc"]) > 10, f"{section}.{field.name} has no reason"


def test_every_preset_is_documented():
    page = read("settings.md")
    assert all(f"- `{name}`:" in page for name in config.PRESETS)


def test_every_command_and_option_is_documented():
    page = read("cli.md")
    commands = dict(generate_docs.walk_commands())
    assert {"trace", "find", "show", "export", "status"} <= {path[-1] for path in commands}
    for path, command in commands.items():
        assert f"# `{' '.join(path)}`" in page
        assert command.help, f"{path} has no help text"
        section = page.split(f"# `{' '.join(path)}`\n")[1].split("\n## ")[0]
        for option in command.params:
            if option.param_type_name == "option" and not option.hidden:
                assert f"`{option.opts[0]}`" in section
                assert option.help, f"{path} {option.opts[0]} has no help text"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda p: p.name)
def test_defaults_named_in_prose_are_those_of_the_settings(page):
    """A page writes a default as `setting` (value)."""
    defaults: dict[str, set[str]] = {}
    for section in config.SECTIONS:
        for field in config.option_fields(section):
            defaults.setdefault(field.name, set()).add(str(field.default))
    for name, value in re.findall(r"`(\w+)` \(([\d.]+)\)", page.read_text(encoding="utf-8")):
        assert name in defaults, f"{page.name} names a setting {name}"
        assert value in defaults[name], f"{page.name} says {name} is {value}"


def test_matching_page_names_every_matching_setting():
    page = read("matching.md")
    assert all(f"`{field.name}`" in page for field in config.option_fields("matching"))
    families = read("families.md")
    assert all(f"`{field.name}`" in families for field in config.option_fields("families"))


@pytest.mark.parametrize("page", WRITTEN, ids=lambda p: p.name)
def test_commands_in_examples_exist(page):
    """Every `variorum ...` line of a code block names a command and options that exist."""
    commands = {path[1]: command for path, command in generate_docs.walk_commands() if len(path) == 2}
    root = next(command for path, command in generate_docs.walk_commands() if len(path) == 1)
    for block in re.findall(r"```\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            words = line.split("#")[0].split()
            if not words or words[0] != "variorum":
                continue
            if words[1].startswith("--"):
                assert any(words[1] in p.opts for p in root.params), line
                continue
            assert words[1] in commands, line
            known = {name for p in commands[words[1]].params for name in (*p.opts, *p.secondary_opts)}
            assert not [w for w in words[2:] if w.startswith("--") and w not in known], line


def test_python_tour_names_what_the_api_has():
    import variorum

    page = read("tour-python.md") + (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"\bvariorum\.(\w+)\(", page):
        assert hasattr(variorum, name), name
    for name in re.findall(r"\bcorpus\.(\w+)", page):
        assert hasattr(variorum.Corpus, name) or name in schema.TABLES or name == "duckdb", name


def test_every_page_is_in_the_navigation():
    listed = set(re.findall(r"([\w-]+\.md)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert {p.name for p in PAGES} <= listed


def test_readme_links_lead_somewhere():
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert target.startswith("http") or (ROOT / target).exists(), f"{name}: {target}"


def test_changelog_names_the_version_or_is_unreleased():
    import variorum

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text or f"## [{variorum.__version__}]" in text


def test_extras_named_in_install_exist():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r'"\.\[(\w+)\]"', read("install.md"))) <= set(extras)
