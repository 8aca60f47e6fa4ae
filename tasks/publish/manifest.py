"""The manifest: what lies in a dataset folder, how large, with which checksum."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError, SchemaVersionError
from datasets_spec.layout import MANIFEST_FILE
from datasets_spec.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "build_manifest",
    "canonical_json",
    "dataset_fingerprint",
    "portable_config",
    "read_manifest",
    "verify_manifest",
]

_RUN_ONLY: Final = ("out", "work", "jobs", "runner", "experiment")
"""Config keys that say how a build runs, never what it makes."""
_PATHS: Final = ("path", "body_model", "babel", "humanml3d", "captions", "rig", "missing_list")
_MORE_PATHS: Final = ("fps_overrides",)
_CALL_ONLY: Final = ("host", "timeout_s", "concurrency", "cache")
"""Keys of the story backend that say how it is reached, never what it tells."""
_KIND: Final = "stickgen-dataset"
_BLOCK: Final = 1 << 20
_MAX_MANIFEST_BYTES: Final = 256 << 20


def canonical_json(value: object) -> str:
    """JSON text with sorted keys and plain ASCII, so that equal values give equal bytes."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n"


def portable_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a config that decides the bytes of a dataset, free of this machine's folders.

    Args:
        config: A `BuildConfig` as plain JSON values.

    Returns:
        The same without the keys that only steer the run or reach a server, and with each
        source's folders and files cut down to their last name.
    """
    kept = {key: value for key, value in config.items() if key not in _RUN_ONLY}
    if isinstance(kept.get("sources"), list | tuple):
        kept["sources"] = [_portable_source(source) for source in kept["sources"]]
    synthesis = kept.get("synthesis")
    if isinstance(synthesis, dict) and isinstance(synthesis.get("story"), dict):
        told = {key: v for key, v in synthesis["story"].items() if key not in _CALL_ONLY}
        kept["synthesis"] = {**synthesis, "story": told}
    return kept


def _portable_source(source: Mapping[str, Any]) -> dict[str, Any]:
    named = (*_PATHS, *_MORE_PATHS)
    return {
        key: PurePosixPath(str(value)).name if key in named else value
        for key, value in source.items()
    }


def build_manifest(
    folder: Path, *, config: Mapping[str, Any], counts: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe every file of a finished folder; the manifest itself is written last.

    Args:
        folder: The dataset folder.
        config: The resolved configuration, as JSON values.
        counts: Clips, frames and so on, as JSON values.

    Returns:
        JSON values; `fingerprint` is the sha256 over schema version, names and checksums.
    """
    files = {name: _describe(folder / name) for name in _files_of(folder)}
    return {
        "kind": _KIND,
        "schema_version": SCHEMA_VERSION,
        "fingerprint": dataset_fingerprint(files),
        "counts": dict(counts),
        "config": dict(config),
        "files": files,
    }


def dataset_fingerprint(files: Mapping[str, Mapping[str, Any]]) -> str:
    """The sha256 over schema version, names and checksums.

    Args:
        files: As in a manifest, by name.
    """
    lines = [f"schema {SCHEMA_VERSION}", *(f"{files[k]['sha256']}  {k}" for k in sorted(files))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a dataset folder.

    Raises:
        ConfigError: If the folder or its manifest is absent, unreadable or not a StickGen one.
        SchemaVersionError: If the folder was written under another schema version.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        msg = f"expected a dataset folder, but {folder} {what}; make one with `stickgen build`"
        raise ConfigError(msg)
    path = folder / MANIFEST_FILE
    try:
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            msg = f"{path}: expected a manifest of at most {_MAX_MANIFEST_BYTES} bytes"
            raise ConfigError(msg)
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"{folder} is no StickGen dataset: it holds no {MANIFEST_FILE}"
        raise ConfigError(msg) from None
    except (OSError, ValueError, RecursionError) as error:
        msg = f"{path}: expected a JSON manifest, but it cannot be read ({error}); build again"
        raise ConfigError(msg) from error
    if not isinstance(manifest, dict) or manifest.get("kind") != _KIND:
        msg = f"{path}: expected a manifest of kind {_KIND}; this folder is another program's"
        raise ConfigError(msg)
    if manifest.get("schema_version") != SCHEMA_VERSION:
        msg = (
            f"{folder}: expected schema version {SCHEMA_VERSION}, found "
            f"{manifest.get('schema_version')!r}; rebuild the folder with `stickgen build`"
        )
        raise SchemaVersionError(msg)
    return manifest


def verify_manifest(folder: Path) -> list[str]:
    """Compare a folder with its manifest, byte for byte.

    Returns:
        One line a fault, sorted; empty if all is well.

    Raises:
        ConfigError: As `read_manifest`.
        SchemaVersionError: As `read_manifest`.
    """
    listed = read_manifest(folder).get("files")
    if not isinstance(listed, dict):
        return [f"{MANIFEST_FILE}: expected a mapping of files, got {type(listed).__name__}"]
    found = set(_files_of(folder))
    faults = [f"{name}: not in the manifest" for name in found - set(listed)]
    for name, entry in listed.items():
        if name not in found:
            faults.append(f"{name}: listed but absent")
        elif not isinstance(entry, dict):
            faults.append(f"{name}: expected size and sha256, got {entry!r}")
        else:
            faults.extend(_compare(folder / name, name, entry))
    return sorted(faults)


def _compare(path: Path, name: str, entry: Mapping[str, Any]) -> list[str]:
    try:
        size = path.stat().st_size
        if size != entry.get("size"):
            return [f"{name}: expected {entry.get('size')} bytes, found {size}"]
        if _describe(path)["sha256"] != entry.get("sha256"):
            return [f"{name}: same size, but other bytes than when it was written"]
    except OSError as error:
        return [f"{name}: cannot be read ({error.strerror})"]
    return []


def _files_of(folder: Path) -> list[str]:
    paths = (p for p in folder.rglob("*") if p.is_file() and p != folder / MANIFEST_FILE)
    return sorted(p.relative_to(folder).as_posix() for p in paths)


def _describe(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return {"size": size, "sha256": digest.hexdigest()}
