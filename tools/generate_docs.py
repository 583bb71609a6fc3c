"""Write the documentation pages that are made from the code: tables, settings, command line and record types.

    python tools/generate_docs.py            rewrite the pages
    python tools/generate_docs.py --check    change nothing; exit 1 where a page is not what the code says
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from variorum import config, schema

DOCS = Path(__file__).parent.parent / "docs"
NOTE = "<!-- Made by tools/generate_docs.py; edit {source} and run: python3 make.py generate -->"


def render_tables() -> str:
    """Return the page of the tables, from schema.py."""
    lines = [
        NOTE.format(source="src/variorum/schema.py"),
        "# Tables",
        "",
        "Every arrow between two stages is a table. A table is checked once, as it leaves its stage, and is only read after that. "
        "The stored ones lie in `corpus.duckdb`, which any DuckDB opens.",
        "",
        "Places are half-open, `[start, end)`, and count Unicode code points of the stored text.",
        "",
        f"Format version of the corpus folder: {schema.FORMAT_VERSION}.",
        "",
    ]
    for spec in schema.TABLES.values():
        lines += [f"## `{spec.name}`", "", spec.doc, ""]
        if not spec.stored:
            lines += ["Not stored: it passes between two stages.", ""]
        lines += ["| column | type | meaning | empty where |", "|---|---|---|---|"]
        lines += [f"| `{c.name}` | {c.type} | {_cell(c.doc)} | {_cell(c.null or '')} |" for c in spec.columns]
        lines += [""]
        if spec.sort:
            lines += [f"Sorted by {', '.join(f'`{name}`' for name in spec.sort)}.", ""]
        if spec.invariants:
            lines += ["What always holds:", "", *(f"- {rule.doc}" for rule in spec.invariants), ""]
    return "\n".join(lines)


def render_settings() -> str:
    """Return the page of the settings, from config.py."""
    lines = [
        NOTE.format(source="src/variorum/config.py"),
        "# Settings",
        "",
        "On the command line: `--set NAME=VALUE`. In Python: a keyword of `variorum.trace`. A name that two sections share is written "
        "`SECTION.NAME` on the command line and `SECTION__NAME` in Python. An unknown name is refused, with the nearest known one.",
        "",
    ]
    for section, cls in config.SECTIONS.items():
        heading, _, about = inspect.cleandoc(cls.__doc__ or section).splitlines()[0].partition(": ")
        lines += [f"## {heading}", "", f"Section `{section}`: {about}", "", "| setting | default | range | meaning |", "|---|---|---|---|"]
        for field in config.option_fields(section):
            low, high = field.metadata["low"], field.metadata["high"]
            span = "" if low is None and high is None else f"{_number(low)} to {_number(high)}" if high is not None else f"from {_number(low)}"
            lines += [f"| `{field.name}` | {_default(field.default)} | {span} | {_cell(field.metadata['doc'])} |"]
        lines += [""]
    lines += ["## Presets", "", "A preset changes only what its use needs. `--preset NAME`; `sensitive` is the default.", ""]
    for name, sections in config.PRESETS.items():
        changes = [f"`{key}` = {_default(value)}" for values in sections.values() for key, value in values.items()]
        lines += [f"- `{name}`: {', '.join(changes) if changes else 'every setting as above'}"]
    return "\n".join([*lines, ""])


def render_cli() -> str:
    """Return the page of the command line, from the commands themselves."""
    lines = [
        NOTE.format(source="src/variorum/cli.py"),
        "# Command line",
        "",
        "Exit codes: 0 done, 1 error, 2 wrong usage, 3 done but some inputs failed, 130 interrupted.",
        "",
    ]
    for path, command in walk_commands():
        lines += [f"## `{' '.join(path)}`", ""]
        lines += ["```", " ".join([*path, *_usage(command)]), "```", ""]
        for paragraph in inspect.cleandoc(command.help or "").split("\f")[0].split("\n\n"):
            lines += _paragraph(paragraph)
        options = [p for p in command.params if p.param_type_name == "option" and not getattr(p, "hidden", False)]
        if options:
            lines += ["| option | value | default | meaning |", "|---|---|---|---|"]
            lines += [_option_row(option) for option in options]
            lines += [""]
    return "\n".join(lines)


def render_entries() -> str:
    """Return the page of the record types, from the ledger's modules and the examples beside its rules."""
    from variorum.ledger import schemas
    from variorum.ledger.languages import READ, load_language
    from variorum.ledger.registry import TYPES
    from variorum.ledger.rules import rules_of

    lines = [
        NOTE.format(source="src/variorum/ledger"),
        "# Record types",
        "",
        "What one line of `variorum ledger --jsonl` holds. The same as a JSON Schema: [entry.schema.json](entry.schema.json), or `variorum ledger --schema`.",
        "",
        "## All entries",
        "",
        "| field | type | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {_schema_type(schema)} | {_cell(doc)} |" for name, (schema, doc) in schemas.COMMON.items()]
    for kind in TYPES.values():
        claimed = [load_language(code).name for code in READ if rules_of(kind, load_language(code))]
        lines += ["", f"## `{kind.name}`", "", f"{kind.doc} Read in {', '.join(claimed)}.", "", "| field | type | meaning |", "|---|---|---|"]
        lines += [f"| `{name}` | {_schema_type(schema)} | {_cell(schema['description'])} |" for name, schema in schemas.describe_fields(kind.fields).items()]
        lines += ["", "| part | meaning |", "|---|---|", *(f"| `{role}` | {_cell(doc)} |" for role, doc in kind.roles.items())]
        lines += ["", "| rule | grade | finds | for example |", "|---|---|---|---|"]
        lines += [_rule_row(kind.name, rule) for rule in rules_of(kind, load_language(READ[0]))]
    return "\n".join([*lines, ""])


def _schema_type(schema: dict[str, Any]) -> str:
    """Return the type of a field in words."""
    if "enum" in schema:
        return _cell(" | ".join(f"`{value}`" for value in schema["enum"]))
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    inner = f" of {_schema_type(schema['items'])}" if kinds == ["array"] and "type" in schema.get("items", {}) else ""
    return " or ".join(kinds) + inner


def _rule_row(kind: str, rule: Any) -> str:
    """Return one row of the table of rules, with the first of its examples."""
    from variorum.ledger.languages import READ
    from variorum.ledger.rules import load_examples

    example = load_examples(kind)[rule.name, READ[0]][0]
    shown = example.text.replace(example.quote or "", f"**{example.quote}**", 1)
    return f"| `{kind}.{rule.name}` | {rule.grade} | {_cell(rule.doc)} | {_cell(shown)} |"


def render_schema() -> str:
    """Return the JSON Schema of an entry."""
    from variorum.ledger.schemas import make_schema

    return json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"


def walk_commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command with the words that call it, the program itself first."""
    import click

    from variorum.cli import main as program

    def walk(path: tuple[str, ...], command: Any, context: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
        yield path, command
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                if child is not None and not child.hidden:
                    yield from walk((*path, name), child, click.Context(child, info_name=name, parent=context))

    if not isinstance(program, click.Command):
        raise TypeError("variorum.cli:main is no click command")
    yield from walk(("variorum",), program, click.Context(program, info_name="variorum"))


PAGES: dict[str, Callable[[], str]] = {"tables.md": render_tables, "settings.md": render_settings, "cli.md": render_cli, "entries.md": render_entries, "entry.schema.json": render_schema}


def stale_pages() -> list[str]:
    """Return the names of the pages that are not what the code says."""
    return [name for name, render in PAGES.items() if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != render()]


def _usage(command: Any) -> list[str]:
    """Return the words of a usage line after the command: options, arguments, sub-command."""
    words = ["[OPTIONS]"] if any(p.param_type_name == "option" for p in command.params) else []
    for param in command.params:
        if param.param_type_name == "argument":
            word = (param.metavar or param.name).upper().strip("[].")
            words.append((word if param.required else f"[{word}]") + ("..." if param.nargs != 1 else ""))
    return [*words, "COMMAND ..."] if hasattr(command, "list_commands") else words


def _paragraph(text: str) -> list[str]:
    """Return a paragraph of a help text as Markdown; one that begins with a backspace sign keeps its lines."""
    if text.startswith("\b"):
        return ["```", *text.lstrip("\b").strip("\n").splitlines(), "```", ""]
    return [" ".join(text.split()), ""] if text.strip() else []


def _option_row(option: Any) -> str:
    """Return one row of the table of options."""
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    choices = getattr(option.type, "choices", None)
    value = "" if option.is_flag or option.count else option.metavar or ("|".join(map(str, choices)) if choices else option.type.name.upper())
    plain = isinstance(option.default, str | int | float) and not isinstance(option.default, bool) and not option.is_flag and not option.count
    default = f"`{option.default}`" if plain and option.default != "" else ""
    return f"| {names} | {_cell(value)} | {default} | {_cell(' '.join((option.help or '').split()))}{' (may be repeated)' if option.multiple else ''} |"


def _cell(text: str) -> str:
    """Return text that does not end a table's cell."""
    return text.replace("|", "\\|")


def _default(value: Any) -> str:
    """Return a default as a reader would type it."""
    if value is None:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _number(value: float) -> str:
    """Return a bound without a needless decimal point."""
    return f"{value:g}"


def main() -> int:
    """Write or check the pages; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing")
    if parser.parse_args().check:
        stale = stale_pages()
        for name in stale:
            print(f"docs/{name} is not what the code says; run: python3 make.py generate", file=sys.stderr)
        return 1 if stale else 0
    for name, render in PAGES.items():
        (DOCS / name).write_text(render(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
