"""Contents of AMASS npz files, whatever release or re-export wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.body_model import NUM_POSE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.ingest.npz_file import NpzFile

__all__ = ["FPS_KEYS", "AmassClip", "BodyShape", "clip_prefixes", "read_clip", "read_shape"]

FPS_KEYS: Final = ("mocap_framerate", "mocap_frame_rate", "fps")
"""Spellings of the releases and of re-exports, the first that is there counts."""

_MIN_FPS, _MAX_FPS = 5.0, 1000.0
_MIN_FRAMES: Final = 2
_MAX_SMALL_BYTES: Final = 64 << 20
"""Shape coefficients a frame (N, 300) and rates; far above any real file."""
_BODY_COLUMNS: Final = NUM_POSE_COLUMNS - 3
_FAMILY_BY_COLUMNS: Final = {72: "smpl", 156: "smplh", 162: "smplh", 165: "smplx"}
_FAMILIES: Final = ("smpl", "smplh", "smplx")
_GENDERS: Final = ("male", "female", "neutral")
_FACE_KEYS: Final = ("pose_jaw", "pose_eye")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BodyShape:
    """Whose body it is."""

    gender: str | None = None
    """male, female or neutral; None: not stated."""
    betas: NDArray[np.float64] | None = None
    """Shape coefficients (B,); None: not stated."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class AmassClip:
    """One motion."""

    poses: NDArray[np.floating[Any]]
    """Rotation vectors of root and 21 body joints, shape (N, 66), radians, z up."""
    trans: NDArray[np.floating[Any]]
    """Shape (N, 3), metres."""
    fps: float | None
    """None: absent or unusable; `fps_fault` says what was found."""
    fps_fault: str
    family: str
    """smpl, smplh or smplx."""


def clip_prefixes(file: NpzFile) -> tuple[str, ...]:
    """Prefixes of the motions in a file: ("",) as a rule, `<trial>/` each in custom packs.

    Empty if the file holds no motion, as shape and marker files do.
    """
    found = sorted(
        key.removesuffix("trans") for key in file.keys if key == "trans" or key.endswith("/trans")
    )
    prefixes = tuple(prefix for prefix in found if _has_pose(file, prefix))
    return ("",) if "" in prefixes else prefixes


def _has_pose(file: NpzFile, prefix: str) -> bool:
    return f"{prefix}poses" in file or _is_split(file, prefix)


def _is_split(file: NpzFile, prefix: str) -> bool:
    return f"{prefix}root_orient" in file and f"{prefix}pose_body" in file


def read_clip(file: NpzFile, prefix: str, *, where: str) -> AmassClip:
    """Read one motion.

    Args:
        file: The open file.
        prefix: One of `clip_prefixes`.
        where: What to call it in messages.

    Raises:
        RejectError: empty, too_short, shape_mismatch, and what `NpzFile.numbers` raises.
    """
    if _is_split(file, prefix):
        # every layout begins with root and body; this one needs no other columns to be read
        parts = (
            _columns(file, f"{prefix}root_orient", width=3, exact=True, where=where),
            _columns(file, f"{prefix}pose_body", width=_BODY_COLUMNS, exact=False, where=where),
        )
        _check_rows(parts[0], parts[1], names=("root_orient", "pose_body"), where=where)
        poses = np.concatenate(parts, axis=1)
    else:
        poses = _columns(file, f"{prefix}poses", width=NUM_POSE_COLUMNS, exact=False, where=where)
    trans = _columns(file, f"{prefix}trans", width=3, exact=True, where=where)
    _check_rows(poses, trans, names=("poses", "trans"), where=where)
    if not len(poses):
        raise RejectError(RejectReason.EMPTY, f"{where}: the motion has no frames")
    if len(poses) < _MIN_FRAMES:
        detail = f"{where}: expected at least {_MIN_FRAMES} frames, got {len(poses)}"
        raise RejectError(RejectReason.TOO_SHORT, detail)
    fps, fault = _read_fps(file, prefix)
    family = _read_family(file, prefix)
    return AmassClip(poses=poses, trans=trans, fps=fps, fps_fault=fault, family=family)


def _columns(
    file: NpzFile, key: str, *, width: int, exact: bool, where: str
) -> NDArray[np.floating[Any]]:
    array = file.numbers(key, columns=width + 1)
    if array.shape[1] < width or (exact and array.shape[1] > width):
        least = "" if exact else "at least "
        detail = f"{where}: expected {key} (N, {least}{width}), got {file.shape(key)}"
        raise RejectError(RejectReason.SHAPE_MISMATCH, detail)
    return array[:, :width]


def _check_rows(
    first: NDArray[Any], second: NDArray[Any], *, names: tuple[str, str], where: str
) -> None:
    if len(first) != len(second):
        detail = (
            f"{where}: expected as many frames in {names[0]} as in {names[1]}, "
            f"got {len(first)} and {len(second)}"
        )
        raise RejectError(RejectReason.SHAPE_MISMATCH, detail)


def _read_fps(file: NpzFile, prefix: str) -> tuple[float | None, str]:
    faults: list[str] = []
    for key in FPS_KEYS:
        if f"{prefix}{key}" not in file:
            continue
        try:
            values = file.numbers(f"{prefix}{key}", max_bytes=_MAX_SMALL_BYTES).reshape(-1)
        except RejectError as error:
            faults.append(f"{key}: {error.reason.value}")
            continue
        # a range that NaN fails as well
        if values.size and values.min() == values.max() and _MIN_FPS <= values[0] <= _MAX_FPS:
            return float(values[0]), ""
        faults.append(f"{key} = {values[:3].tolist()}")
    return None, ", ".join(faults) or f"none of {', '.join(FPS_KEYS)}"


def _read_family(file: NpzFile, prefix: str) -> str:
    stated = (_text(file, f"{prefix}surface_model_type") or "").lower()
    if stated in _FAMILIES:
        return stated
    if any(f"{prefix}{key}" in file for key in _FACE_KEYS):
        return "smplx"
    shape = file.shape(f"{prefix}poses") if f"{prefix}poses" in file else ()
    return _FAMILY_BY_COLUMNS.get(shape[1] if len(shape) == 2 else 0, "smplh")


def _text(file: NpzFile, key: str) -> str | None:
    if key not in file:
        return None
    try:
        return file.text(key)
    except RejectError:  # an unreadable gender is an unknown one
        return None


def read_shape(file: NpzFile, prefix: str = "") -> BodyShape:
    """Gender and shape coefficients, of a clip or of a subject's shape file."""
    gender = _text(file, f"{prefix}gender")
    if gender is None and f"{prefix}gender" in file:
        gender = ""
    if gender is not None:
        gender = gender.lower() if gender.lower() in _GENDERS else "neutral"
    if f"{prefix}betas" not in file:
        return BodyShape(gender=gender)
    try:
        betas = file.numbers(f"{prefix}betas", max_bytes=_MAX_SMALL_BYTES)
    except RejectError as error:
        return BodyShape(gender=gender, warnings=(f"betas left out: {error.detail}",))
    warnings: tuple[str, ...] = ()
    if betas.ndim > 1 and betas.size:
        rows = betas.reshape(len(betas), -1)
        if not np.array_equal(rows, np.broadcast_to(rows[0], rows.shape)):
            warnings = ("betas change during the clip: used the first row",)
        betas = rows[0]
    flat: NDArray[np.float64] = betas.reshape(-1).astype(np.float64)
    if not flat.size:
        return BodyShape(gender=gender)
    if not np.isfinite(flat).all():
        return BodyShape(gender=gender, warnings=("betas are not finite: used an average shape",))
    return BodyShape(gender=gender, betas=flat, warnings=warnings)
