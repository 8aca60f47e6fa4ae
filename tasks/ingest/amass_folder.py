"""The folder of AMASS: which files are clips, and what their paths say."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from datasets_spec.rejection import RejectReason
from tasks.ingest.contract import Discovery, FoundReject, SourceItem
from tasks.ingest.folder_scan import is_hidden, safe_words, scan_folder
from tasks.label.amass_key import canonical_clip_key, is_subset

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SHAPE_FILE", "clip_key", "find_clips", "performance_of", "subject_of"]

SHAPE_FILE: Final = "shape.npz"
_SUFFIX: Final = ".npz"
_NO_CLIP: Final = "_stagei.npz"
_SECOND_CHOICE: Final = "_stageii.npz"
_KEY_PARTS: Final = 3
_CMU_TRIAL: Final = re.compile(r"^CMU/[^/]+/(\d{1,4})_(\d{1,4})$")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class _Candidate:
    """Sorts so that the copy to keep comes first."""

    key: str
    second_choice: bool
    """SMPL-X copies state wrong frame rates for about 5,000 clips; SMPL-H ones are trusted."""
    depth: int
    path: str


def clip_key(root: Path, path: str) -> str:
    """Canonical key of a clip, `subset/subject/clip` where the path is long enough.

    The names of the root and its parent help out where the root itself is a subset or a subject
    of one; other folder names above the root never enter, so that a dataset can be moved.
    """
    missing = _KEY_PARTS - len(path.split("/"))
    if missing in (1, 2):
        above = root.resolve().parts[-missing:]
        if len(above) == missing and is_subset(above[0]):
            return canonical_clip_key("/".join((*above, path)))
    return canonical_clip_key(path)


def subject_of(key: str) -> str:
    """Subject of a sequence id: subset and subject; a clip without folders is its own subject."""
    parts = key.split("/")
    return "/".join(parts[:2] if len(parts) >= _KEY_PARTS else parts[:1])


def performance_of(key: str) -> str:
    """Performance of a sequence id: trials of CMU's own numbering are named as BVH readers do.

    So the two forms of one recording never straddle splits.
    """
    trial = _CMU_TRIAL.match(key)
    return f"cmu/{int(trial[1]):02d}_{int(trial[2]):02d}" if trial is not None else key


def find_clips(root: Path, *, with_shapes: bool) -> Discovery:
    """List all npz files below a folder.

    Args:
        root: The folder of AMASS, of one subset, or of one subject.
        with_shapes: Add the subject's shape file to the paths of an item.

    Raises:
        ConfigError: If the folder is absent, unreadable, or holds no npz file.
    """
    scan = scan_folder(root, (_SUFFIX,))
    if not scan.sizes and not scan.rejects:
        found = sorted(entry.name for entry in root.iterdir())[:8]
        msg = (
            f"{root}: expected AMASS clips (<subset>/<subject>/<clip>_poses.npz), found no npz "
            f"file; the folder holds {found or 'nothing'}"
        )
        raise ConfigError(msg)
    rejects = list(scan.rejects)
    candidates: list[_Candidate] = []
    for path in scan.sizes:
        why = _why_no_clip(path)
        if why:
            rejects.append(FoundReject(path=path, reason=RejectReason.DECOY, detail=why))
            continue
        candidates.append(
            _Candidate(
                key=clip_key(root, path),
                second_choice=path.lower().endswith(_SECOND_CHOICE),
                depth=path.count("/"),
                path=path,
            )
        )
    items, copies = _choose(candidates, scan.sizes, with_shapes=with_shapes)
    rejects = sorted((*rejects, *copies), key=lambda reject: reject.path)
    warnings = list(scan.warnings)
    flat = sum("/" not in item.key for item in items)
    if flat:
        warnings.append(
            f"{root}: {flat} clips lie in no folder of a subject: each counts as its own subject, "
            "so one person can be in several splits"
        )
    return Discovery(items=tuple(items), rejects=tuple(rejects), warnings=tuple(warnings))


def _why_no_clip(path: str) -> str:
    name = path.rsplit("/", 1)[-1].lower()
    if is_hidden(path):
        return f"{path}: a file that the system left beside the data, no motion"
    if name == SHAPE_FILE:
        return f"{path}: the body shape of a subject, no motion"
    if name.endswith(_NO_CLIP):
        return f"{path}: marker layout and body shape of a subject, no motion"
    return ""


def _choose(
    candidates: list[_Candidate], sizes: dict[str, int], *, with_shapes: bool
) -> tuple[list[SourceItem], list[FoundReject]]:
    """One item a canonical key; its other copies become rejects."""
    kept: dict[str, str] = {}
    items: dict[str, SourceItem] = {}
    copies: list[FoundReject] = []
    for candidate in sorted(candidates):
        path = candidate.path
        if candidate.key in kept:
            detail = f"{path}: another copy of {kept[candidate.key]}, which is used"
            copies.append(FoundReject(path=path, reason=RejectReason.DUPLICATE_ID, detail=detail))
            continue
        kept[candidate.key] = path
        name = safe_words(candidate.key)
        if name in items:  # two names that differ only in characters that ids do not have
            name = f"{name}-{hashlib.sha256(candidate.key.encode()).hexdigest()[:8]}"
        shape = f"{path.rpartition('/')[0]}/{SHAPE_FILE}".removeprefix("/")
        paths = (path, shape) if with_shapes and shape in sizes else (path,)
        items[name] = SourceItem(key=name, paths=paths, size_bytes=sizes[path])
    return sorted(items.values()), copies
