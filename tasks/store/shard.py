"""A shard's folder: written under a temporary name, renamed, marked; skipped if marked already."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "MARKER_FILE",
    "ShardMarker",
    "file_sha256",
    "fingerprint",
    "load_marker",
    "write_shard",
]

MARKER_FILE: Final = "_SUCCESS"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ShardMarker:
    """What a finished shard says of itself."""

    shard_id: str
    fingerprint: str
    """Of everything that decides its bytes: inputs, configuration, code, schema version."""
    files: dict[str, str]
    """sha256 by file name."""
    counts: dict[str, int]
    elapsed_s: float
    """Not part of any fingerprint."""
    reused: bool = False
    """True if the shard was there already."""

    @property
    def content(self) -> str:
        """Fingerprint of the bytes of the shard."""
        return fingerprint(self.files)


def fingerprint(*parts: Any) -> str:
    """sha256 of JSON-able parts, independent of dict order."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """sha256 of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def load_marker(folder: Path, *, wanted: str | None = None) -> ShardMarker | None:
    """The marker of a finished shard; None if there is none, it is damaged, or does not match.

    Args:
        folder: The shard's folder.
        wanted: Fingerprint that it must have; None accepts any.
    """
    try:
        fields = json.loads((folder / MARKER_FILE).read_text(encoding="utf-8"))
        marker = ShardMarker(**fields)
    except (OSError, ValueError, TypeError):
        return None  # an unreadable marker is no marker: the shard is made again
    if wanted is not None and marker.fingerprint != wanted:
        return None
    if not all((folder / name).is_file() for name in marker.files):
        return None
    return marker


def write_shard(
    folder: Path,
    *,
    wanted: str,
    fill: Callable[[Path], dict[str, int]],
    clock: Callable[[], float],
) -> ShardMarker:
    """Make a shard's folder, or keep the one that is there if its marker matches.

    Args:
        folder: Final place; what is there under another fingerprint is replaced.
        wanted: Fingerprint of everything that decides the shard's bytes.
        fill: Writes the shard's files into the folder it is given; returns counts.
        clock: Seconds, for the time taken.

    Returns:
        The marker of the finished shard.

    Raises:
        StickgenError: If the disk is full or not writable.
    """
    marker = load_marker(folder, wanted=wanted)
    if marker is not None:
        return replace(marker, reused=True)
    started = clock()
    temporary = folder.with_name(f"{folder.name}.tmp-{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        counts = fill(temporary)
        files = {}
        for path in sorted(temporary.iterdir()):
            _fsync(path)
            files[path.name] = file_sha256(path)
        marker = ShardMarker(
            shard_id=folder.name,
            fingerprint=wanted,
            files=files,
            counts=counts,
            elapsed_s=round(clock() - started, 3),
        )
        _write_marker(temporary / MARKER_FILE, marker)
        shutil.rmtree(folder, ignore_errors=True)
        temporary.rename(folder)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        msg = (
            f"{folder}: could not write the shard: {error}; free space or fix the permissions, "
            "then run the same command again: finished shards are kept"
        )
        raise StickgenError(msg) from error
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return marker


def _write_marker(path: Path, marker: ShardMarker) -> None:
    fields = {
        "shard_id": marker.shard_id,
        "fingerprint": marker.fingerprint,
        "files": marker.files,
        "counts": marker.counts,
        "elapsed_s": marker.elapsed_s,
    }
    path.write_text(json.dumps(fields, sort_keys=True, indent=1), encoding="utf-8")
    _fsync(path)


def _fsync(path: Path) -> None:
    with path.open("rb") as source:
        os.fsync(source.fileno())
