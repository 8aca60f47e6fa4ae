"""Titles inside files."""

from __future__ import annotations

from typing import Final

from stickgen_model.text.plain import plain_text

__all__ = ["LONGEST_TITLE", "file_title"]

LONGEST_TITLE: Final = 200
"""Characters."""


def file_title(title: str) -> str:
    """A title for the inside of a file: one short line, no controls."""
    return plain_text(title)[:LONGEST_TITLE].strip()
