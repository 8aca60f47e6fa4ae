"""Find the BVH files of a folder."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.bvh_file import MAX_BYTES
from tasks.ingest.contract import Discovery, FoundReject, SourceItem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["find_bvh_files", "read_bytes", "sequence_key"]

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.+-]+")
_DECOY_FOLDER: Final = "__MACOSX"


def sequence_key(path: str) -> str:
    """Sequence id of a file: its path inside the folder without suffix, in safe characters."""
    parts = path.split("/")
    parts[-1] = parts[-1].rpartition(".")[0] or parts[-1]
    safe = [_UNSAFE.sub("_", part) for part in parts]
    return "/".join("_" if part.strip(".") == "" else part for part in safe)


def find_bvh_files(root: Path, *, key_of: Callable[[str], str] = sequence_key) -> Discovery:
    """List all `.bvh` files, in any case, below a folder.

    Hidden files and what lies in hidden folders or `__MACOSX` are decoys; links that leave the
    folder are unsafe; linked folders are not followed.

    Args:
        root: The folder.
        key_of: Key of a path; where two files get the same one, the later gets a suffix.

    Returns:
        Items sorted by key, rejects sorted by path.

    Raises:
        ConfigError: If the folder is absent or unreadable.
    """
    try:
        os.scandir(root).close()
    except OSError as error:
        msg = f"expected a folder of BVH files at {root}: {error.strerror}; correct the path"
        raise ConfigError(msg) from error
    items: dict[str, SourceItem] = {}
    rejects: list[FoundReject] = []
    paths, warnings = _walk(root)
    for path in paths:
        try:
            size = _check(root, path)
        except RejectError as error:
            # a name that is no UTF-8 must not break the tables it is written to
            shown = path.encode("utf-8", "replace").decode()
            rejects.append(FoundReject(path=shown, reason=error.reason, detail=error.detail))
            continue
        key = key_of(path)
        if key.casefold() in items:
            key = f"{key}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"
        items[key.casefold()] = SourceItem(key=key, paths=(path,), size_bytes=size)
    if not items:
        warnings.append(f"{root}: no BVH file in it")
    return Discovery(
        items=tuple(sorted(items.values())), rejects=tuple(rejects), warnings=tuple(warnings)
    )


def _walk(root: Path) -> tuple[list[str], list[str]]:
    """Paths of all BVH files relative to the root, sorted, and warnings."""
    paths: list[str] = []
    warnings: list[str] = []

    def on_error(error: OSError) -> None:
        warnings.append(f"{error.filename}: folder left out: {error.strerror}")

    for folder, folders, files in os.walk(root, onerror=on_error):
        inside = Path(folder).relative_to(root)
        folders.sort()
        warnings.extend(
            f"{(inside / name).as_posix()}: a link to a folder is not followed"
            for name in folders
            if (Path(folder) / name).is_symlink()
        )
        paths.extend((inside / name).as_posix() for name in files if name.lower().endswith(".bvh"))
    return sorted(paths), sorted(warnings)


def _check(root: Path, path: str) -> int:
    """Size of a candidate in bytes.

    Raises:
        RejectError: DECOY, UNSAFE, UNREADABLE or TOO_LARGE.
    """
    parts = path.split("/")
    if any(part.startswith(".") or part == _DECOY_FOLDER for part in parts):
        detail = "a file that the system left beside the data, no motion"
        raise RejectError(RejectReason.DECOY, detail)
    try:
        path.encode()
        real = _inside(root, path)
        status = real.stat()
    except UnicodeEncodeError as error:
        detail = "expected a file name in UTF-8; rename the file"
        raise RejectError(RejectReason.UNREADABLE, detail) from error
    except (OSError, RuntimeError, ValueError) as error:
        # RuntimeError: links in a ring; ValueError: a zero byte in the path
        detail = f"cannot be opened: {getattr(error, 'strerror', None) or error}"
        raise RejectError(RejectReason.UNREADABLE, detail) from error
    if not stat.S_ISREG(status.st_mode):
        detail = "expected a regular file, got a device, pipe or socket"
        raise RejectError(RejectReason.UNREADABLE, detail)
    if status.st_size > MAX_BYTES:
        detail = f"expected at most {MAX_BYTES} bytes, got {status.st_size}; split the recording"
        raise RejectError(RejectReason.TOO_LARGE, detail)
    return status.st_size


def _inside(root: Path, path: str) -> Path:
    real = (root / path).resolve()
    if not real.is_relative_to(root.resolve()):
        detail = "a path or link that leads out of the folder; put the file itself there"
        raise RejectError(RejectReason.UNSAFE, detail)
    return real


def read_bytes(root: Path, path: str) -> tuple[bytes, str]:
    """Content of a file inside the folder, and its sha256.

    Raises:
        RejectError: UNSAFE, UNREADABLE, TOO_LARGE, DECOY.
    """
    _check(root, path)
    try:
        data = _inside(root, path).read_bytes()
    except OSError as error:
        detail = f"cannot be read: {error.strerror}; check its permissions"
        raise RejectError(RejectReason.UNREADABLE, detail) from error
    return data, hashlib.sha256(data).hexdigest()
