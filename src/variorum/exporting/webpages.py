"""Pages of one file: a template with its style and script inside, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from variorum.exporting.contexts import strip_controls


def render_page(template: str, scripts: Sequence[str], page: dict[str, Any]) -> Iterator[str]:
    """Yield the page in parts; the policy in its head names the hash of its one style and its one script."""
    static = resources.files("variorum.web").joinpath("static")
    css = static.joinpath("report.css").read_text(encoding="utf-8")
    script = "".join(static.joinpath(name).read_text(encoding="utf-8") for name in scripts)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("variorum.web"), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(plain=strip_controls, number=lambda n: f"{n:,}", share=show_share)
    inside = {"css": Markup(css), "script": Markup(script), "css_hash": hash_inline(css), "script_hash": hash_inline(script)}
    return environment.get_template(template).generate({**page, **inside})


def hash_inline(text: str) -> str:
    """Return the source expression that lets a policy allow one inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def show_share(part: int, whole: int) -> str:
    """Return a share in per cent, or a dash where there is nothing to share."""
    return f"{100 * part / whole:.0f} %" if whole else "–"
