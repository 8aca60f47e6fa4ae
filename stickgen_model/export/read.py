"""Scenes from files of our own formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stickgen_model.export.array_file import read_npz
from stickgen_model.export.clip_table import read_parquet
from stickgen_model.export.document import FormatError
from stickgen_model.export.json_file import read_json
from stickgen_model.export.motion_file import read_motion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from stickgen_model.animation import Animation

__all__ = ["READERS", "read_animation"]

READERS: Final[Mapping[str, Callable[[Path], Animation]]] = {
    ".motion": read_motion,
    ".json": read_json,
    ".npz": read_npz,
    ".parquet": read_parquet,
}
"""By suffix."""


def read_animation(path: Path) -> Animation:
    """Read a scene, its format told by the suffix.

    Args:
        path: A file of one of `READERS`.

    Raises:
        FormatError: If the suffix is unknown, or the file cannot be read or understood.
        SchemaVersionError: If a table was written under another schema version.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        msg = f"{path}: expected a file that ends with {', '.join(READERS)}, got {path.suffix!r}"
        raise FormatError(msg)
    return reader(path)
