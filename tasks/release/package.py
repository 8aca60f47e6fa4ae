"""What is published: files with checksums, a version and a card."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from datasets_spec.errors import ConfigError
from tasks.publish.manifest import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "Content",
    "Package",
    "ReleaseFile",
    "check_version",
    "describe_file",
    "package_label",
    "record_text",
]

Content = Literal["dataset", "model"]
RECORD_KIND: Final = "stickgen-release"
_SHORT: Final = 12
_VERSION: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
_TAKEN: Final = ("main", "latest", "head")
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseFile:
    """A file that is published.

    Attributes:
        path: Where it lies on this machine.
        size: Bytes.
        sha256: Checksum, 64 hexadecimal digits.
    """

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A dataset or a model, ready to be published.

    Attributes:
        content: Which of the two.
        name: Word for it, of the resource in events.
        version: Name of this state.
        fingerprint: sha256 of names and bytes; equal packages have equal ones.
        files: Files by their name below the version's folder; the last one makes it whole.
        sources: Clips by source, of what is published or was trained on; empty = not known.
        notes: What a publisher should know, a line each.
    """

    content: Content
    name: str
    version: str
    fingerprint: str
    files: Mapping[str, ReleaseFile]
    sources: Mapping[str, int]
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())


def check_version(version: str, fingerprint: str) -> str:
    """The version to publish under.

    Args:
        version: As wanted; empty = the first digits of the fingerprint.
        fingerprint: sha256 of the package.

    Raises:
        ConfigError: If it cannot be a file name and a git tag.
    """
    if not version:
        return fingerprint[:_SHORT]
    plain = _VERSION.fullmatch(version) and ".." not in version and not version.endswith(".lock")
    if not plain or version.lower() in _TAKEN:
        msg = (
            "--version: expected 1 to 64 letters, digits, dots, dashes and underscores, with a "
            f"letter or digit at both ends, and none of {', '.join(_TAKEN)}; got {version!r}"
        )
        raise ConfigError(msg)
    return version


def package_label(package: Package) -> str:
    """Name of the version's folder; packages that differ never share one."""
    short = package.fingerprint[:_SHORT]
    return short if package.version == short else f"{package.version}-{short}"


def record_text(package: Package, path: str) -> str:
    """What a target says of a version: JSON, the same for the same package.

    Args:
        package: What is published.
        path: Folder of the version below the target.
    """
    values: dict[str, Any] = {
        "kind": RECORD_KIND,
        "content": package.content,
        "name": package.name,
        "version": package.version,
        "fingerprint": package.fingerprint,
        "path": path,
        "files": {k: {"size": v.size, "sha256": v.sha256} for k, v in package.files.items()},
    }
    return canonical_json(values)


def describe_file(path: Path) -> ReleaseFile:
    """Size and checksum of a file.

    Raises:
        OSError: If it cannot be read.
    """
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return ReleaseFile(path=path, size=size, sha256=digest.hexdigest())
