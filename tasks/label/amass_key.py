"""One key for a motion-capture clip, whatever release, archive or label file spells it."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["canonical_clip_key", "canonical_subset", "is_subset"]

# One spelling a subset: the names of the download site and of the SMPL-X release. Older SMPL-H
# archives, BABEL and HumanML3D use the spellings on the right.
_SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "ACCAD": (),
    "BMLhandball": (),
    "BMLmovi": (),
    "BMLrub": ("BioMotionLab_NTroje",),
    "CMU": (),
    "CNRS": (),
    "DFaust": ("DFaust_67",),
    "DanceDB": (),
    "EKUT": (),
    "Eyes_Japan_Dataset": ("Eyes_Japan",),
    "GRAB": (),
    "HDM05": ("MPI_HDM05",),
    "HUMAN4D": (),
    "HumanEva": (),
    "KIT": (),
    "MOYO": (),
    "MoSh": ("MPI_mosh",),
    "PosePrior": ("MPI_Limits",),
    "SFU": (),
    "SOMA": (),
    "SSM": ("SSM_synced",),
    "TCDHands": ("TCD_handMocap",),
    "TotalCapture": (),
    "Transitions": ("Transitions_mocap",),
    "WEIZMANN": (),
}

_EXTENSIONS: Final = (".npz", ".npy")
_ROLES: Final = ("_stageii", "_poses")
_KEY_PARTS: Final = 3


def _fold(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


_ALIASES: Final = {
    _fold(spelling): name for name, others in _SPELLINGS.items() for spelling in (name, *others)
}


def canonical_subset(name: str) -> str:
    """The one spelling of a subset's folder name; an unknown name is returned as it is."""
    return _ALIASES.get(_fold(name), name)


def is_subset(name: str) -> bool:
    """Whether a folder name is a subset of AMASS, in any spelling."""
    return _fold(name) in _ALIASES


def _strip_suffix(name: str, suffixes: tuple[str, ...]) -> str:
    for suffix in suffixes:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def canonical_clip_key(path: str) -> str:
    """Key that joins motion files with BABEL and HumanML3D.

    The last three parts of the path (subset, subject or session, clip), the subset in its one
    spelling, the clip without its extension and `_poses` or `_stageii`, blanks turned to
    underscores, case kept. Doubled archive folders, `./pose_data/` and BABEL's leading folder fall
    away by themselves. A shorter path keeps the parts it has.

    Args:
        path: With forward or backward slashes, relative or absolute.

    Returns:
        For example `BMLrub/rub055/0020_lifting_heavy2`.
    """
    clean = unicodedata.normalize("NFC", path).replace("\\", "/")
    parts = [part.strip() for part in clean.split("/")]
    parts = [part for part in parts if part not in ("", ".", "..")][-_KEY_PARTS:]
    if not parts:
        return ""
    parts[-1] = _strip_suffix(_strip_suffix(parts[-1], _EXTENSIONS), _ROLES)
    if len(parts) > 1:
        parts[0] = canonical_subset(parts[0])
    return "/".join(part.replace(" ", "_") for part in parts)
