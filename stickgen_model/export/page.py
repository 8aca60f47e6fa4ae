"""Pages that are one file: nothing to load, nobody to ask, no text that breaks out."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from typing import Final

__all__ = ["compact_source", "page_policy", "read_template", "script_json"]

_IN_SCRIPT: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def script_json(value: object) -> str:
    """JSON that may stand inside a script element, whatever the texts in it say."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for char, escaped in _IN_SCRIPT.items():
        text = text.replace(char, escaped)
    return text


def read_template(package: str, name: str) -> str:
    """A file of a package of templates."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def compact_source(text: str) -> str:
    """A script or a style without its indents and without comments that have lines of their own.

    Our own sources only: no text in them goes over several lines.
    """
    lines, inside = [], False
    for line in map(str.strip, text.splitlines()):
        inside = inside or line.startswith("/*")
        if line and not inside and not line.startswith("//"):
            lines.append(line)
        inside = inside and not line.endswith("*/")
    return "\n".join(lines) + "\n"


def page_policy(*, scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """A content security policy that allows these inline scripts and styles, and nothing else.

    Args:
        scripts: The text of every script element that runs, as it stands in the page.
        styles: The text of every style element.
    """
    rules = {
        "default-src": "'none'",
        "script-src": _sources(scripts),
        "style-src": _sources(styles),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _sources(texts: tuple[str, ...]) -> str:
    digests = [hashlib.sha256(text.encode("utf-8")).digest() for text in texts]
    told = [f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests]
    return " ".join(told) or "'none'"
