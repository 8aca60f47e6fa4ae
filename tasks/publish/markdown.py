"""Markdown that hostile text cannot break: escaping and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stickgen_model.text.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["code_span", "escape_markdown", "markdown_table", "plain_text"]

_SPECIAL: Final = frozenset("\\`*_[]#!|~$")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape_markdown(text: str) -> str:
    """Text that Markdown and HTML show as it is, in a paragraph or a table cell."""
    escaped = []
    for char in plain_text(text):
        if char in _ENTITIES:
            escaped.append(_ENTITIES[char])
        else:
            escaped.append(f"\\{char}" if char in _SPECIAL else char)
    return "".join(escaped)


def code_span(text: str) -> str:
    """A plain word in the letters of code; any other text escaped, as it is."""
    plain = plain_text(text)
    word = bool(plain) and all(c.isalnum() or c in "_ .:/@+-=" for c in plain)
    return f"`{plain}`" if word else escape_markdown(plain)


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; numbers are right-aligned and grouped, cells must be escaped already."""
    body = [list(row) for row in rows]
    numeric = [
        bool(body) and all(isinstance(row[n], int | float) for row in body)
        for n in range(len(header))
    ]
    rule = ["---:" if number else "---" for number in numeric]
    lines = [list(header), rule, *([_cell(cell) for cell in row] for row in body)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return str(value)
