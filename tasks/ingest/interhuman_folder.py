"""The folder of InterHuman: pairs of files, lists of ids, captions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.motion import Label
from datasets_spec.rejection import RejectReason
from tasks.ingest.contract import Discovery, FoundReject, SourceItem
from tasks.ingest.folder_scan import checked_path, is_hidden, scan_folder
from tasks.label.caption_text import clean_caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tasks.ingest.folder_scan import FolderScan

__all__ = ["PairCaptions", "find_pairs", "read_captions"]

_NPY, _PICKLE = ".npy", ".pkl"
_JOINT_FOLDER: Final = "motions_processed"
_PERSONS: Final = ("person1", "person2")
_RAW_FOLDER: Final = "motions"
_SPLITS: Final = ("train.txt", "val.txt", "test.txt")
_IGNORE: Final = "ignore_list.txt"
_LIST_FOLDERS: Final = ("", "split")
"""InterGen's loader wants the lists beside the folders, the release has them in `split`."""
_CLIP_ID: Final = re.compile(r"[A-Za-z0-9_+-]{1,64}")
_MAX_LIST_BYTES: Final = 4 << 20
_MAX_CAPTION_BYTES: Final = 64_000
_MAX_CAPTIONS: Final = 16
"""The release has three a clip."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PairCaptions:
    """Captions of one clip."""

    labels: tuple[Label, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """Motion files by what they are."""

    joints: dict[str, dict[str, str]]
    """Path by clip id and person."""
    pickles: dict[str, str]
    rejects: list[FoundReject]


def find_pairs(root: Path, *, read_pickles: bool) -> Discovery:
    """List the clips of a folder.

    Args:
        root: The release's folder, a folder around it, or its `motions_processed`.
        read_pickles: Use `motions/<id>.pkl` where there is no pair of npy files.

    Raises:
        ConfigError: If the folder is absent, unreadable, or holds no clip.
    """
    scan = scan_folder(root, (_NPY, _PICKLE, ".txt"))
    found = _sort_files(scan)
    listed_bad = _read_ids(root, scan, (_IGNORE,))
    items: list[SourceItem] = []
    rejects = [*scan.rejects, *found.rejects]
    warnings = list(scan.warnings)
    for clip_id in sorted(set(found.joints) | set(found.pickles)):
        pair = found.joints.get(clip_id, {})
        paths = tuple(pair[person] for person in _PERSONS if person in pair)
        if len(paths) == 1:
            rejects.append(_missing_partner(paths[0]))
        if len(paths) < len(_PERSONS):
            paths = (found.pickles[clip_id],) if read_pickles and clip_id in found.pickles else ()
        if paths and clip_id in listed_bad:
            detail = f"{paths[0]}: clip {clip_id} is named in {_IGNORE}"
            rejects.append(
                FoundReject(path=paths[0], reason=RejectReason.LISTED_BAD, detail=detail)
            )
        elif paths:
            size = sum(scan.sizes[path] for path in paths)
            items.append(SourceItem(key=clip_id, paths=paths, size_bytes=size))
    _check_any(root, found, items=items, rejects=rejects)
    if found.pickles and not read_pickles:
        only = sorted(set(found.pickles).difference(found.joints))
        if only:
            warnings.append(f"{len(only)} clips exist only as pkl: read_pickles would read them")
    if items and not any(path.rpartition("/")[0].endswith("annots") for path in scan.sizes):
        warnings.append(f"{root}: no folder annots with captions; name the folder that holds it")
    known = set(found.joints) | set(found.pickles)
    absent = sorted(_read_ids(root, scan, _SPLITS).difference(known))
    if absent:
        warnings.append(f"{len(absent)} ids of the split lists have no motion, such as {absent[0]}")
    rejects.sort(key=lambda reject: reject.path)
    return Discovery(items=tuple(sorted(items)), rejects=tuple(rejects), warnings=tuple(warnings))


def _missing_partner(path: str) -> FoundReject:
    detail = f"{path}: expected both {' and '.join(_PERSONS)}, the other file is absent"
    return FoundReject(path=path, reason=RejectReason.MISSING_PARTNER, detail=detail)


def _check_any(
    root: Path, found: _Found, *, items: list[SourceItem], rejects: list[FoundReject]
) -> None:
    if items or rejects:
        return
    expected = f"{_JOINT_FOLDER}/person1 and person2 with <id>.npy"
    if found.pickles:
        msg = (
            f"{root}: expected {expected}, found only {len(found.pickles)} pkl files; set "
            "read_pickles to read them, or fetch the processed motions"
        )
        raise ConfigError(msg)
    names = sorted(entry.name for entry in root.iterdir())[:8]
    msg = f"{root}: expected {expected}, found no clip; the folder holds {names or 'nothing'}"
    raise ConfigError(msg)


def _sort_files(scan: FolderScan) -> _Found:
    found = _Found(joints={}, pickles={}, rejects=[])
    for path in scan.sizes:
        folder, _, name = path.rpartition("/")
        stem, _, suffix = name.rpartition(".")
        suffix = f".{suffix.lower()}"
        place = folder.rpartition("/")[2]
        is_joints = suffix == _NPY and place in _PERSONS
        is_pickle = suffix == _PICKLE and place in ("", _RAW_FOLDER)
        if not is_joints and not is_pickle:
            continue
        problem = _problem(path, stem)
        if problem is not None:
            found.rejects.append(problem)
        elif is_pickle:
            _place(found, found.pickles, stem, path)
        else:
            _place(found, found.joints.setdefault(stem, {}), place, path)
    return found


def _problem(path: str, stem: str) -> FoundReject | None:
    if is_hidden(path):
        detail = f"{path}: a file that the system left beside the data, no motion"
        return FoundReject(path=path, reason=RejectReason.DECOY, detail=detail)
    if not _CLIP_ID.fullmatch(stem):
        detail = f"{path}: expected a clip id such as 1000, got {stem[:80]!r}; rename the file"
        return FoundReject(path=path, reason=RejectReason.MALFORMED, detail=detail)
    return None


def _place(found: _Found, places: dict[str, str], key: str, path: str) -> None:
    if key in places:
        detail = f"{path}: another file of {places[key]}, which is used; name one folder only"
        reject = FoundReject(path=path, reason=RejectReason.DUPLICATE_ID, detail=detail)
        found.rejects.append(reject)
    else:
        places[key] = path


def _bases(paths: Iterable[str]) -> Iterator[str]:
    """Folders in which side files may lie: beside each folder of motions, and that folder."""
    for path in paths:
        parts = path.split("/")[:-1]
        if parts and parts[-1] in _PERSONS:
            parts.pop()
            yield "/".join(parts)  # where motions_processed itself holds the lists
            if parts and parts[-1] == _JOINT_FOLDER:
                yield "/".join(parts[:-1])
        else:
            yield "/".join(parts[:-1] if parts and parts[-1] == _RAW_FOLDER else parts)


def _read_ids(root: Path, scan: FolderScan, names: tuple[str, ...]) -> frozenset[str]:
    """Ids of all lists with one of the names, where the release or its loader keep them."""
    motions = [path for path in scan.sizes if path.lower().endswith((_NPY, _PICKLE))]
    ids: set[str] = set()
    for base in sorted(set(_bases(motions))):
        for folder in _LIST_FOLDERS:
            for name in names:
                path = "/".join(part for part in (base, folder, name) if part)
                if path in scan.sizes:
                    ids.update(_ids_of(root, path))
    return frozenset(ids)


def _ids_of(root: Path, path: str) -> Iterator[str]:
    try:
        real, size = checked_path(root, path)
        if size > _MAX_LIST_BYTES:
            msg = f"{path}: expected a list of ids below {_MAX_LIST_BYTES} bytes, got {size}"
            raise ConfigError(msg)
        text, _ = _decode(real.read_bytes())
    except (OSError, RejectError) as error:
        msg = f"{path}: expected a readable list of ids ({error}); check the file"
        raise ConfigError(msg) from error
    for line in text.splitlines():
        word = line.replace("\0", "").strip().removesuffix(_NPY)
        if word:
            yield word


def _decode(data: bytes) -> tuple[str, str]:
    """Text of a small file, and a warning if it is no UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace"), "read as UTF-16"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "is no UTF-8, read as Windows-1252"


def read_captions(root: Path, motion_path: str, clip_id: str) -> PairCaptions:
    """Captions of a clip: one a line, about both people and the whole clip.

    Args:
        root: The source folder.
        motion_path: A motion file of the clip, inside the root.
        clip_id: Name of the caption file in `annots`.

    Returns:
        Labels in the order of the file; a file that is absent or unreadable costs a warning only.
    """
    bases = list(_bases([motion_path]))
    places = [
        "/".join(part for part in (base, "annots", f"{clip_id}.txt") if part) for base in bases
    ]
    path = places[-1]
    try:
        path = next((place for place in places if (root / place).is_file()), "")
        if not path:
            return PairCaptions(labels=(), warnings=(f"{places[-1]}: no captions found",))
        real, _ = checked_path(root, path)
        with real.open("rb") as file:
            text, problem = _decode(file.read(_MAX_CAPTION_BYTES))
    except (OSError, RejectError) as error:
        return PairCaptions(labels=(), warnings=(f"{path}: captions left out ({error})",))
    captions = dict.fromkeys(filter(None, (clean_caption(line) for line in text.splitlines())))
    warnings = [f"{path}: {problem}"] if problem else []
    if not captions:
        warnings.append(f"{path}: holds no caption")
    if len(captions) > _MAX_CAPTIONS:
        warnings.append(f"{path}: kept {_MAX_CAPTIONS} of {len(captions)} captions")
    labels = tuple(Label(text=words, caption_source="human") for words in captions)
    return PairCaptions(labels=labels[:_MAX_CAPTIONS], warnings=tuple(warnings))
