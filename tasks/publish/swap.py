"""Put a finished folder in the place of the last one: a reader sees the one or the other."""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import shutil
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.layout import MANIFEST_FILE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["STAGING_DIR", "check_target", "recover", "swap_in"]

logger = logging.getLogger(__name__)

STAGING_DIR: Final = "staging"
"""In the working folder: the dataset that is being written."""
_PREVIOUS_DIR: Final = "previous"
"""In the working folder: the last dataset, between the two renames of the fallback."""

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
"""Source: linux/fcntl.h and linux/fs.h; see renameat2(2)."""
_NO_EXCHANGE: Final = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM)
"""What kernels and filesystems without an exchange answer."""


def check_target(out: Path, work: Path) -> None:
    """Find out before any work whether a dataset could be published; makes the working folder.

    Args:
        out: The dataset folder that is wanted.
        work: The working folder.

    Raises:
        ConfigError: If `out` is a file or somebody else's folder, its parent cannot be written,
            the two lie inside one another, or on different filesystems.
    """
    _check_replaceable(out)
    inside = out == work or out in work.parents or work in out.parents
    if inside:
        msg = f"expected the working folder {work} and the dataset folder {out} side by side"
        raise ConfigError(msg)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"cannot make the folders for {out} ({error.strerror}: {error.filename})"
        raise ConfigError(msg) from error
    for folder in (out.parent, work):
        if not os.access(folder, os.W_OK | os.X_OK):
            msg = f"cannot write to {folder}; choose another --out, or change its permissions"
            raise ConfigError(msg)
    if out.parent.stat().st_dev != work.stat().st_dev or os.path.ismount(out):
        msg = (
            f"expected {work} on the filesystem of {out}, so that publishing is one rename; "
            "leave the working folder at its default"
        )
        raise ConfigError(msg)


def _check_replaceable(out: Path) -> None:
    if out.is_symlink():
        msg = f"expected a folder, but {out} is a symbolic link; name the folder it points to"
        raise ConfigError(msg)
    if not out.exists():
        return
    if not out.is_dir():
        msg = f"expected a folder for the dataset, but {out} is a file"
        raise ConfigError(msg)
    try:
        foreign = any(out.iterdir()) and not (out / MANIFEST_FILE).is_file()
    except OSError as error:
        msg = f"cannot look into {out} ({error.strerror}); change its permissions"
        raise ConfigError(msg) from error
    if foreign:
        msg = (
            f"refused to replace {out}: it is not empty and holds no {MANIFEST_FILE}, so it is "
            "no StickGen dataset; choose another --out, or empty the folder"
        )
        raise ConfigError(msg)


def recover(out: Path, work: Path) -> str:
    """Set right what a crash during publishing left behind; call it before a build.

    Returns:
        What was done, in words; empty if there was nothing to do.

    Raises:
        StickgenError: If the last dataset lies in the working folder and cannot be put back.
    """
    previous, staging = work / _PREVIOUS_DIR, work / STAGING_DIR
    done = []
    if previous.is_dir():
        if out.exists() and any(out.iterdir()):
            _remove(previous)
            done.append(f"removed the dataset that {out} had replaced")
        else:
            try:
                previous.rename(out)
            except OSError as error:
                msg = f"the last dataset lies in {previous}; move it to {out} ({error.strerror})"
                raise StickgenError(msg) from error
            _sync(out.parent)
            done.append(f"put the last dataset back to {out}")
    if staging.is_dir():
        _remove(staging)
        done.append("removed an unfinished dataset")
    return "; ".join(done)


def swap_in(staging: Path, out: Path, work: Path) -> None:
    """Publish a finished folder.

    Every file and folder is on disk before the swap. Where kernel and filesystem can exchange two
    folders in one step, a reader never misses the dataset; elsewhere two renames do it, and
    `recover` undoes a crash between them.

    Args:
        staging: The finished folder, on the filesystem of `out`; gone afterwards.
        out: The dataset folder; absent, empty or a StickGen dataset.
        work: The working folder.

    Raises:
        ConfigError: If `out` has become something that must not be replaced.
        OSError: If a rename fails; `out` is then as it was.
    """
    _sync_tree(staging)
    _check_replaceable(out)
    if not out.exists() or not any(out.iterdir()):
        staging.rename(out)
        _sync(out.parent)
        return
    if _exchange(staging, out):
        _sync(out.parent)
        _sync(work)
        _remove(staging)
        return
    previous = work / _PREVIOUS_DIR
    _remove(previous)
    out.rename(previous)
    try:
        staging.rename(out)
    except OSError:
        previous.rename(out)
        raise
    _sync(out.parent)
    _sync(work)
    _remove(previous)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where that does not exist."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    args = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    call.restype = ctypes.c_int
    if call(*args) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some filesystems cannot sync a folder
            raise
    finally:
        os.close(handle)


def _remove(folder: Path) -> None:
    """Delete a folder that nobody needs; what cannot be deleted is left and logged."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        logger.warning("left behind %s: %s", folder, error)
