"""Text that is only text: what may be shown in a page, a table or a picture."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["plain_text"]

_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINER: Final = "\u200d"
"""Joins emoji to one picture: the one format character that captions need."""


def plain_text(text: str) -> str:
    """One line without control characters and direction overrides; spaces are collapsed."""
    kept = (
        " " if c.isspace() else c
        for c in text
        if c.isspace() or c == _JOINER or unicodedata.category(c) not in _HIDDEN
    )
    return " ".join("".join(kept).split())
