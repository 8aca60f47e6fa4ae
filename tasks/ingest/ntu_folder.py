"""The folder of NTU RGB+D: which files are samples, and what their names say."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from datasets_spec.errors import ConfigError
from datasets_spec.rejection import RejectReason
from datasets_spec.sources.ntu_actions import NTU_CLASSES
from tasks.ingest.contract import Discovery, FoundReject, SourceItem

__all__ = ["SampleName", "find_samples", "parse_sample_name"]

_SUFFIX: Final = ".skeleton"
_NAME: Final = re.compile(r"S(\d{3})C(\d{3})P(\d{3})R(\d{3})A(\d{3})", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleName:
    """The five numbers of a sample's name, all from 1."""

    setup: int
    camera: int
    performer: int
    replication: int
    action: int

    @property
    def subject(self) -> str:
        """The performer; his number is the same in all setups."""
        return f"P{self.performer:03d}"

    @property
    def performance(self) -> str:
        """Shared by the three cameras."""
        return f"S{self.setup:03d}{self.subject}R{self.replication:03d}A{self.action:03d}"


def parse_sample_name(stem: str) -> SampleName | None:
    """Numbers of a name such as S001C002P003R001A050; None if it is no sample's name."""
    match = _NAME.fullmatch(stem)
    if match is None:
        return None
    setup, camera, performer, replication, action = (int(word) for word in match.groups())
    if min(setup, camera, performer, replication, action) < 1 or action > len(NTU_CLASSES):
        return None
    return SampleName(
        setup=setup, camera=camera, performer=performer, replication=replication, action=action
    )


def find_samples(root: Path, *, listed_bad: frozenset[str]) -> Discovery:
    """List all `.skeleton` files under a folder, however they are spread over sub-folders.

    Args:
        root: Folder of the dataset, or one of its two folders of skeletons.
        listed_bad: Ids that are not to be used.

    Returns:
        Items sorted by id; of two files with one id the first path is used.

    Raises:
        ConfigError: If the folder cannot be listed or has no `.skeleton` file.
    """
    paths, unreadable, links = _walk(root)
    if not paths and not unreadable:
        msg = (
            f"{root}: expected *{_SUFFIX} files (nturgb+d_skeletons, nturgb+d_skeletons120), "
            "found none; give the folder into which the skeleton archives were unpacked"
        )
        raise ConfigError(msg)
    items: dict[str, SourceItem] = {}
    rejects = list(unreadable)
    for path in sorted(paths):
        found = _judge(root, path, items, listed_bad)
        if isinstance(found, FoundReject):
            rejects.append(found)
        else:
            items[found.key] = found
    return Discovery(
        items=tuple(sorted(items.values())),
        rejects=tuple(sorted(rejects, key=lambda reject: reject.path)),
        warnings=tuple(
            f"{link}: a link to a folder is not followed; give its target as a source of its own"
            for link in sorted(links)
        ),
    )


def _walk(root: Path) -> tuple[list[str], list[FoundReject], list[str]]:
    """Relative paths of candidate files; sub-folders that cannot be listed; linked folders."""
    if not root.is_dir():
        msg = f"{root}: expected a folder of NTU RGB+D skeletons, found no folder there"
        raise ConfigError(msg)
    paths: list[str] = []
    unreadable: list[FoundReject] = []
    links: list[str] = []

    def note(error: OSError) -> None:
        where = Path(str(error.filename or root))
        if where == root:
            msg = f"{root}: the folder cannot be listed: {error.strerror}"
            raise ConfigError(msg) from error
        detail = f"the folder cannot be listed: {error.strerror}"
        unreadable.append(
            FoundReject(
                path=_printable(where.relative_to(root).as_posix()),
                reason=RejectReason.UNREADABLE,
                detail=detail,
            )
        )

    for folder, folders, names in os.walk(root, onerror=note):
        here = Path(folder).relative_to(root).as_posix()
        prefix = "" if here == "." else f"{here}/"
        paths += [prefix + name for name in names if name.lower().endswith(_SUFFIX)]
        links += [
            _printable(prefix + name) for name in folders if (Path(folder) / name).is_symlink()
        ]
    return paths, unreadable, links


def _judge(
    root: Path, path: str, items: dict[str, SourceItem], listed_bad: frozenset[str]
) -> SourceItem | FoundReject:
    if path != _printable(path):
        detail = "expected a path in UTF-8; rename the file or its folder"
        return FoundReject(path=_printable(path), reason=RejectReason.MALFORMED, detail=detail)
    name = path.rsplit("/", 1)[-1]
    stem = name.removesuffix(_SUFFIX)
    if name.startswith(".") or "__MACOSX" in path.split("/"):
        return FoundReject(path=path, reason=RejectReason.DECOY, detail="a hidden side file")
    if not name.endswith(_SUFFIX) or parse_sample_name(stem) is None:
        detail = f"expected a name SsssCcccPpppRrrrAaaa{_SUFFIX} with a class 001..120"
        return FoundReject(path=path, reason=RejectReason.MALFORMED, detail=detail)
    if stem in listed_bad:
        detail = "in the list of samples with missing skeletons"
        return FoundReject(path=path, reason=RejectReason.LISTED_BAD, detail=detail)
    if stem in items:
        detail = f"the same sample as {items[stem].paths[0]}"
        return FoundReject(path=path, reason=RejectReason.DUPLICATE_ID, detail=detail)
    return _locate(root, path, stem)


def _locate(root: Path, path: str, key: str) -> SourceItem | FoundReject:
    place = root / path
    try:
        facts = place.lstat()
        if stat.S_ISLNK(facts.st_mode):
            if not place.resolve().is_relative_to(root.resolve()):
                detail = "a link that leads out of the source folder"
                return FoundReject(path=path, reason=RejectReason.UNSAFE, detail=detail)
            facts = place.stat()
    except (OSError, RuntimeError) as error:
        return FoundReject(path=path, reason=RejectReason.UNREADABLE, detail=str(error))
    if not stat.S_ISREG(facts.st_mode):
        detail = "expected a file, found a device or pipe"
        return FoundReject(path=path, reason=RejectReason.UNREADABLE, detail=detail)
    return SourceItem(key=key, paths=(path,), size_bytes=facts.st_size)


def _printable(path: str) -> str:
    # names are bytes to the system: what is no UTF-8 must not break the table of rejects
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
