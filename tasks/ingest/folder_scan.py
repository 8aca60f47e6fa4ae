"""List and check the files of a source folder: regular files inside it, in one order everywhere."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.contract import FoundReject

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FolderScan", "checked_path", "found_reject", "is_hidden", "safe_words", "scan_folder"]

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.+-]+")
_DECOY_FOLDER: Final = "__MACOSX"


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderScan:
    """The files of a folder."""

    sizes: dict[str, int]
    """Bytes by path inside the folder (forward slashes), sorted by path."""
    rejects: tuple[FoundReject, ...]
    """Files and folders that cannot be read or lead out of the folder."""
    warnings: tuple[str, ...]


def found_reject(path: str, error: RejectError) -> FoundReject:
    """A reject of discovery; names that are no UTF-8 are shown with question marks."""
    shown = path.encode("utf-8", "replace").decode()
    return FoundReject(path=shown, reason=error.reason, detail=error.detail)


def is_hidden(path: str) -> bool:
    """Whether a file was left by a system: `._x`, hidden folders, `__MACOSX`."""
    return any(part.startswith(".") or part == _DECOY_FOLDER for part in path.split("/"))


def safe_words(path: str) -> str:
    """A path in the characters that ids may have."""
    parts = [_UNSAFE.sub("_", part) for part in path.split("/")]
    return "/".join("_" if not part.strip(".") else part for part in parts)


def checked_path(root: Path, path: str) -> tuple[Path, int]:
    """Full path and size of a file, after the checks that make it safe to open.

    Raises:
        RejectError: unreadable (no regular file, no rights, a name that is no UTF-8), unsafe (a
            path or link that leads out of the folder).
    """
    try:
        path.encode()
        real = (root / path).resolve()
        if not real.is_relative_to(root.resolve()):
            detail = f"{path}: leads out of the source folder; put the file itself there"
            raise RejectError(RejectReason.UNSAFE, detail)
        status = real.stat()
    except (UnicodeEncodeError, ValueError) as error:
        shown = path.encode("utf-8", "replace").decode()
        detail = f"{shown}: expected a file name in UTF-8; rename the file"
        raise RejectError(RejectReason.UNREADABLE, detail) from error
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        detail = f"{path}: cannot be opened ({error}); check the file and its rights"
        raise RejectError(RejectReason.UNREADABLE, detail) from error
    if not stat.S_ISREG(status.st_mode):
        detail = f"{path}: expected a regular file, got a folder, device or pipe"
        raise RejectError(RejectReason.UNREADABLE, detail)
    return real, status.st_size


def scan_folder(root: Path, suffixes: Iterable[str]) -> FolderScan:
    """List all files with one of the suffixes (any case) below a folder.

    Linked folders are not followed (each is a warning); linked files count if they stay inside.

    Raises:
        ConfigError: If the folder is absent or unreadable.
    """
    try:
        os.scandir(root).close()
    except OSError as error:
        msg = f"{root}: expected a readable folder ({error.strerror}); correct the path"
        raise ConfigError(msg) from error
    wanted = tuple(suffix.lower() for suffix in suffixes)
    faults: list[OSError] = []
    paths: list[str] = []
    warnings: list[str] = []
    for folder, folders, files in os.walk(root, onerror=faults.append):
        inside = Path(folder).relative_to(root)
        for name in folders:
            if (Path(folder) / name).is_symlink():
                shown = found_name(inside / name)
                warnings.append(f"{shown}: a link to a folder is not followed; name it as a source")
        paths += [(inside / name).as_posix() for name in files if name.lower().endswith(wanted)]
    rejects = [_folder_reject(root, fault) for fault in faults]
    sizes: dict[str, int] = {}
    for path in sorted(paths):
        try:
            sizes[path] = checked_path(root, path)[1]
        except RejectError as error:
            rejects.append(found_reject(path, error))
    rejects.sort(key=lambda reject: reject.path)
    return FolderScan(sizes=sizes, rejects=tuple(rejects), warnings=tuple(sorted(warnings)))


def found_name(path: Path) -> str:
    """A path as text that any table takes."""
    return path.as_posix().encode("utf-8", "replace").decode()


def _folder_reject(root: Path, fault: OSError) -> FoundReject:
    path = Path(str(fault.filename))
    name = found_name(path.relative_to(root) if path.is_relative_to(root) else path)
    detail = f"{name}: the folder cannot be listed ({fault.strerror}); check its rights"
    return FoundReject(path=name, reason=RejectReason.UNREADABLE, detail=detail)
