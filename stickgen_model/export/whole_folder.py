"""Folders that are there with all of their files or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from shutil import rmtree
from typing import TYPE_CHECKING
from uuid import uuid4

from stickgen_model.export.whole_file import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["whole_folder"]


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill beside `path`, which takes its place if all goes well, else vanishes.

    Args:
        path: Where the folder is to be: nothing yet, or an empty folder.

    Raises:
        OutputError: If something is there, or nothing can be written.
    """
    part = path.parent / f".{uuid4().hex[:12]}.part"
    try:
        _check_place(path)
        part.mkdir()
        yield part
        part.replace(path)
    except OSError as error:
        why = error.strerror or str(error) or type(error).__name__
        msg = f"{path}: cannot be written: {why}"
        raise OutputError(msg) from error
    finally:
        rmtree(part, ignore_errors=True)


def _check_place(path: Path) -> None:
    if not path.parent.is_dir():
        msg = f"{path}: expected an existing folder, got {path.parent}; make it, or write elsewhere"
        raise OutputError(msg)
    if path.is_dir():
        if any(path.iterdir()):
            msg = f"{path}: expected a new or empty folder, got one with files; choose another name"
            raise OutputError(msg)
    elif path.exists():
        msg = f"{path}: expected a folder, got a file; choose another name, or end it with .zip"
        raise OutputError(msg)
