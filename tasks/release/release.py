"""The order in which a version reaches its readers: files, check, record, pointer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from tasks.release.package import RECORD_KIND, package_label, record_text
from tasks.release.place import PublishError
from tasks.track.progress import report_progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks.release.package import Package
    from tasks.release.place import Place

__all__ = ["LATEST_FILE", "Released", "compare_bytes", "release_to_place"]

LATEST_FILE: Final = "latest.json"
"""Below the target: the record of the version that was published last."""
_RECORDS: Final = "releases"
_VERSIONS: Final = "versions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """A version that readers see.

    Attributes:
        content: dataset or model.
        name: Word for it.
        version: Its version.
        fingerprint: sha256 of names and bytes.
        place: Where it lies: folder, address, or repository with its revision.
        files: How many files it has.
        size: Bytes of all of them.
        sent: How many had to be sent; the others were there.
        checked: How many were fetched again and have the right checksum: all.
    """

    content: str
    name: str
    version: str
    fingerprint: str
    place: str
    files: int
    size: int
    sent: int
    checked: int


def release_to_place(package: Package, place: Place) -> Released:
    """Publish to a folder or a bucket.

    The files of a version lie in a folder of their own, named after their fingerprint, so that
    two publishers never mix. Its record in `releases/` is written once, and only after every file
    was fetched again and compared; `latest.json` moves last.

    Raises:
        ConfigError: If the version is taken by other bytes, or the target holds something else.
        ConnectionCutError: If the target cannot be reached; the same call goes on.
        PublishError: If the target refuses, or gives back other bytes than it was sent.
    """
    record_name = f"{_RECORDS}/{package.version}.json"
    label = package_label(package)
    whole = f"{_VERSIONS}/{label}"
    record = record_text(package, whole).encode()
    _check_content(place, package)
    _check_record(place.read(record_name), package, place)
    with place.hold(label) as area:
        sent = _send(package, place, area)
        _check_files(package, place, area)
        place.settle(area, whole)
    if not place.create(record_name, record):
        _check_record(place.read(record_name), package, place)
    place.replace(LATEST_FILE, record)
    return Released(
        content=package.content,
        name=package.name,
        version=package.version,
        fingerprint=package.fingerprint,
        place=f"{place.where}/{whole}",
        files=len(package.files),
        size=package.size,
        sent=sent,
        checked=len(package.files),
    )


def _check_content(place: Place, package: Package) -> None:
    latest = place.read(LATEST_FILE)
    if latest is None:
        return
    held = _parsed(latest, f"{place.where}/{LATEST_FILE}").get("content")
    if held != package.content:
        msg = (
            f"{place.where}: expected a place for a {package.content}, but it holds a {held}; "
            "choose another --to"
        )
        raise ConfigError(msg)


def _check_record(found: bytes | None, package: Package, place: Place) -> None:
    if found is None:
        return
    where = f"{place.where}/{_RECORDS}/{package.version}.json"
    held = str(_parsed(found, where).get("fingerprint"))
    if held != package.fingerprint:
        msg = (
            f"{place.where}: version {package.version} is there already with other content "
            f"(fingerprint {held[:12]}, this is {package.fingerprint[:12]}); choose another "
            "--version"
        )
        raise ConfigError(msg)


def _parsed(content: bytes, where: str) -> dict[str, object]:
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or values.get("kind") != RECORD_KIND:
        msg = f"{where}: expected the record of a StickGen version; it is something else"
        raise ConfigError(msg)
    return values


def _send(package: Package, place: Place, area: str) -> int:
    sent = 0
    for done, (name, file) in enumerate(package.files.items()):
        report_progress("upload", done, len(package.files))
        if not place.holds(f"{area}/{name}", file):
            place.put(f"{area}/{name}", file)
            sent += 1
    report_progress("upload", len(package.files), len(package.files))
    return sent


def _check_files(package: Package, place: Place, area: str) -> None:
    """Fetch everything again; what differs is sent once more, and then an error."""
    faults = []
    for done, (name, file) in enumerate(package.files.items()):
        report_progress("check", done, len(package.files))
        if not compare_bytes(place.fetch(f"{area}/{name}"), file.sha256):
            place.put(f"{area}/{name}", file)
            if not compare_bytes(place.fetch(f"{area}/{name}"), file.sha256):
                faults.append(name)
    report_progress("check", len(package.files), len(package.files))
    refuse_faults(place.where, faults)


def refuse_faults(where: str, faults: Iterable[str]) -> None:
    """Say which files came back with other bytes.

    Raises:
        PublishError: If there are any.
    """
    told = ", ".join(faults)
    if told:
        msg = f"{where}: these files came back with other bytes than were sent: {told}; not shown"
        raise PublishError(msg)


def compare_bytes(blocks: Iterable[bytes], sha256: str) -> bool:
    """Whether bytes have a checksum."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest() == sha256
