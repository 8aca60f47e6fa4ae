"""Captions of a folder of motion files: a CSV with `motion_id,description`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasets_spec.errors import ConfigError
from tasks.label.caption_text import clean_caption
from tasks.label.files import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["find_caption", "fold_captions", "load_captions"]


def load_captions(path: Path) -> dict[str, str]:
    """Description of each motion, by its id as written; empty descriptions are left out.

    Raises:
        ConfigError: If the file cannot be read, lacks a column, or names a motion twice.
    """
    captions: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, row in read_table(path, ("motion_id", "description")):
        key = row["motion_id"].strip()
        text = clean_caption(row["description"])
        if not key:
            if text:
                msg = f"{path}: line {line}: expected a motion_id, got an empty one; fill it in"
                raise ConfigError(msg)
            continue
        if key in lines:
            msg = (
                f"{path}: line {line}: expected each motion_id once, got {key[:80]!r} again "
                f"(first in line {lines[key]}); remove one of the lines"
            )
            raise ConfigError(msg)
        lines[key] = line
        if text:
            captions[key] = text
    return captions


def fold_captions(captions: Mapping[str, str]) -> dict[str, str]:
    """The same captions by case-folded id; ids that differ by case only keep the first."""
    folded: dict[str, str] = {}
    for key, text in captions.items():
        folded.setdefault(key.casefold(), text)
    return folded


def find_caption(captions: Mapping[str, str], folded: Mapping[str, str], *names: str) -> str | None:
    """Caption of the first of `names` that has one, exact spelling before any case.

    Args:
        captions: From `load_captions`.
        folded: From `fold_captions` of the same captions.
        names: Names a motion goes by, the best first, e.g. path without extension, then stem.
    """
    for name in names:
        text = captions.get(name) or folded.get(name.casefold())
        if text:
            return text
    return None
