"""A dataset folder as something to publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from datasets_spec.errors import StickgenError
from datasets_spec.layout import CARD_FILE, MANIFEST_FILE
from tasks.publish.clip_index import read_clip_index
from tasks.publish.manifest import dataset_fingerprint, read_manifest, verify_manifest
from tasks.release.licences import check_licences, licence_notes
from tasks.release.package import Package, ReleaseFile, check_version, describe_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["check_dataset_licences", "clips_by_source", "dataset_package"]

_MAX_FAULTS: Final = 10
_REMEDY: Final = (
    "publish without them: --exclude-sources {}; their clips, captions and rejects are then left "
    "out of every file"
)


def dataset_package(folder: Path, *, name: str = "", version: str = "") -> Package:
    """Check a dataset folder byte for byte, and its licences.

    Args:
        folder: The dataset folder.
        name: Word for it; empty = the name of the folder.
        version: Of this state; empty = the first digits of its fingerprint.

    Raises:
        ConfigError: If the folder is no dataset, or the version no name.
        SchemaVersionError: If it was written under another schema version.
        LicenceError: If a source forbids passing on its data.
        StickgenError: If a file differs from the manifest, or there is no card.
    """
    manifest = read_manifest(folder)
    faults = verify_manifest(folder)
    if faults:
        told = "; ".join(faults[:_MAX_FAULTS])
        msg = f"{folder}: {len(faults)} files differ from the manifest: {told}; build again"
        raise StickgenError(msg)
    listed = manifest["files"]
    if CARD_FILE not in listed:
        msg = f"{folder}: expected a card, {CARD_FILE}; found none; build again"
        raise StickgenError(msg)
    sources = clips_by_source(folder)
    check_dataset_licences(folder, sources)
    files = {
        key: ReleaseFile(path=folder / key, size=entry["size"], sha256=entry["sha256"])
        for key, entry in sorted(listed.items())
    }
    fingerprint = dataset_fingerprint(listed)
    if manifest.get("fingerprint") != fingerprint:
        msg = f"{folder}: the fingerprint is not that of the files; build again"
        raise StickgenError(msg)
    return Package(
        content="dataset",
        name=name or folder.resolve().name,
        version=check_version(version, fingerprint),
        fingerprint=fingerprint,
        # the manifest last: a folder without it is no dataset
        files={**files, MANIFEST_FILE: describe_file(folder / MANIFEST_FILE)},
        sources=sources,
        notes=licence_notes(sources),
    )


def check_dataset_licences(folder: Path, sources: Mapping[str, int]) -> None:
    """Refuse a dataset with sources that must not be passed on.

    Raises:
        LicenceError: With every such source, and how to leave them out.
    """
    check_licences(sources, what=f"{folder} must not be published", remedy=_REMEDY)


def clips_by_source(folder: Path) -> dict[str, int]:
    """Clips of each source, counted from the rows themselves."""
    counts = read_clip_index(folder, ["source"])["source"].value_counts(name="clips")
    return dict(counts.sort("source").iter_rows())
