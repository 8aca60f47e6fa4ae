"""Files that are there whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["OutputError", "whole_file"]


class OutputError(StickgenError):
    """An output that cannot be written."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write beside `path`, which takes its place if all goes well, else vanishes.

    The name keeps the suffix, by which many libraries choose the format.

    Args:
        path: Where the file is to be; an existing one is replaced at the end.

    Raises:
        OutputError: If the folder does not exist, the path is a folder, or nothing can be written.
    """
    part = path.with_name(f".{uuid4().hex[:12]}.part{path.suffix}")
    try:
        _check_place(path)
        yield part
        part.replace(path)
    except OSError as error:
        why = error.strerror or str(error) or type(error).__name__
        msg = f"{path}: cannot be written: {why}"
        raise OutputError(msg) from error
    finally:
        with suppress(OSError):  # what went wrong before is what is told
            part.unlink(missing_ok=True)


def _check_place(path: Path) -> None:
    if not path.parent.is_dir():
        msg = f"{path}: expected an existing folder, got {path.parent}; make it, or write elsewhere"
        raise OutputError(msg)
    if path.is_dir():
        msg = f"{path}: expected the name of a file, got a folder; add a name such as clip.mp4"
        raise OutputError(msg)
