"""Captions as they may be shown: no control characters, one blank between words, bounded."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["MAX_CAPTION_CHARS", "clean_caption"]

MAX_CAPTION_CHARS: Final = 500
"""Longer captions are cut at a word; HumanML3D's longest is about 400 characters."""

_MAX_RAW_CHARS: Final = 4 * MAX_CAPTION_CHARS
"""What comes after is not even looked at: text is hostile and may be megabytes."""


def _is_shown(char: str) -> bool:
    # Cc, Cf (direction marks, zero width), Cs (lone surrogates break UTF-8), Co, Cn
    return not unicodedata.category(char).startswith("C")


def clean_caption(text: str) -> str:
    """A caption fit to be stored and shown; empty if nothing is left."""
    raw = " ".join(text[:_MAX_RAW_CHARS].split())
    if raw.isascii() and raw.isprintable():  # nearly all; nothing below would change it
        flat = raw
    else:
        shown = "".join(char if _is_shown(char) else " " for char in raw)
        flat = " ".join(unicodedata.normalize("NFC", shown).split())
    if len(flat) <= MAX_CAPTION_CHARS:
        return flat
    head = flat[: MAX_CAPTION_CHARS + 1]
    cut = head.rfind(" ", MAX_CAPTION_CHARS // 2)
    return head[:cut].rstrip() if cut > 0 else flat[:MAX_CAPTION_CHARS]
