"""One build at a time in a working folder."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, StickgenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["build_lock"]

_LOCK_FILE: Final = "build.lock"


@contextmanager
def build_lock(work: Path, *, what: str = "build") -> Iterator[None]:
    """Hold the working folder; the kernel lets go by itself when the process ends.

    Args:
        work: The working folder; must exist.
        what: Word for what works there.

    Raises:
        StickgenError: If another build holds it; the text names its process.
        ConfigError: If the lock file cannot be made.
    """
    path = work / _LOCK_FILE
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        msg = f"cannot make {path} ({error.strerror}); choose another --out or working folder"
        raise ConfigError(msg) from error
    try:
        _acquire(handle, path, what)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        # the file stays: deleting it would let two builds lock two files of one name
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, path: Path, what: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
        msg = (
            f"another {what} is at work in {path.parent} (process {holder}); "
            "wait for it, stop it, or choose another --out"
        )
        raise StickgenError(msg) from None
    except OSError as error:
        msg = f"cannot lock {path} ({error.strerror}); choose a working folder on a local disk"
        raise ConfigError(msg) from error
