"""The place of a registry, and one writer at a time in it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlparse

from datasets_spec.errors import ConfigError, StickgenError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["registry_lock", "store_file"]

_WAIT_S: Final = 900.0
"""Registering a large model takes minutes."""
_LOOK_S: Final = 0.1


def store_file(uri: str) -> Path | None:
    """The file of a tracking store; None where it is a server or a folder."""
    parsed = urlparse(uri)
    return Path(unquote(parsed.path)[1:]) if parsed.scheme == "sqlite" else None


@contextmanager
def registry_lock(uri: str, *, wait_s: float = _WAIT_S) -> Iterator[None]:
    """Be the only one on this machine who changes a registry; the kernel lets go at the exit.

    The registry itself knows no "change this if it is still that".

    Args:
        uri: Of the tracking store.
        wait_s: How long to wait for another one, in seconds.

    Raises:
        StickgenError: If another holds it for longer; the text names its process.
        ConfigError: If the lock file cannot be made.
    """
    path = _lock_file(uri)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        msg = (
            f"expected a folder to write to for the registry {uri}, cannot make {path} "
            f"({error.strerror}); set MLFLOW_TRACKING_URI to another store"
        )
        raise ConfigError(msg) from error
    try:
        _acquire(handle, path, wait_s)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        # the file stays: deleting it would let two lock two files of one name
        yield
    finally:
        os.close(handle)


def _lock_file(uri: str) -> Path:
    file = store_file(uri)
    if file is not None:
        return file.with_name(f"{file.name}.registry.lock")
    name = hashlib.sha256(uri.encode()).hexdigest()[:16]
    return Path(gettempdir()) / f"stickgen-{os.getuid()}-{name}.registry.lock"


def _acquire(handle: int, path: Path, wait_s: float) -> None:
    until = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(_LOOK_S)
                continue
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
            msg = f"another registration is at work, {path} (process {holder}); wait for it"
            raise StickgenError(msg) from None
        except OSError as error:
            msg = f"cannot lock {path} ({error.strerror}); keep the store on a local disk"
            raise ConfigError(msg) from error
        return
