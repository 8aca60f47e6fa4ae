"""Contents of InterHuman's motion files: joints in npy, raw parameters in pkl."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from datasets_spec.sources.interhuman import INTERHUMAN_PICKLE_FPS
from stickgen_model.motion.resampling import snap_fps
from tasks.ingest.body_model import pose_points
from tasks.ingest.npz_file import read_npy_file
from tasks.ingest.pickle_values import plain_array, plain_text
from tasks.ingest.restricted_pickle import load_pickle
from tasks.ingest.smpl_points import SMPL_JOINTS, points_from_smpl

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tasks.ingest.model_files import BodyLibrary

__all__ = ["PairMotion", "cut_to_shorter", "read_joints", "read_parameters"]

_NUM_JOINTS: Final = len(SMPL_JOINTS)
_NUM_COLUMNS: Final = 3 * _NUM_JOINTS
_MIN_FRAMES: Final = 2
_MAX_DISTANCE_M: Final = 1e4
_MIN_FPS, _MAX_FPS = 5.0, 1000.0
_PERSONS: Final = ("person1", "person2")
_FAMILY: Final = "smplh"
"""The publishers fitted SMPL-H bodies; SMPL-X ones come out distorted."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PairMotion:
    """Both people of a clip in one world."""

    points: tuple[NDArray[np.float32], ...]
    """Shape (T, 15, 3) each, equal T."""
    fps: float
    body_model: str
    warnings: tuple[str, ...]


def cut_to_shorter(
    points: tuple[NDArray[np.float32], ...], *, where: str
) -> tuple[tuple[NDArray[np.float32], ...], tuple[str, ...]]:
    """Cut all people to the length of the shortest.

    Returns:
        The arrays, and a warning if frames were dropped.

    Raises:
        RejectError: too_short.
    """
    lengths = [len(person) for person in points]
    shortest = min(lengths)
    if shortest < _MIN_FRAMES:
        detail = f"{where}: expected at least {_MIN_FRAMES} frames, got {shortest}"
        raise RejectError(RejectReason.TOO_SHORT, detail)
    if max(lengths) == shortest:
        return points, ()
    text = f"the people have {' and '.join(map(str, lengths))} frames: cut to {shortest}"
    return tuple(person[:shortest] for person in points), (text,)


def read_joints(path: Path, *, where: str) -> NDArray[np.float32]:
    """One person of the processed motions.

    Args:
        path: An npy file (T, C) with C >= 66 columns, joint positions first, or (T, J, 3) with
            J >= 22; metres, z up.
        where: What to call it in messages.

    Returns:
        The 15 body points, shape (T, 15, 3), metres, y up, float32.

    Raises:
        RejectError: empty, shape_mismatch, missing_joints, non_finite, malformed and what
            `read_npy_file` raises.
    """
    columns, shape = read_npy_file(path, where=where, columns=_NUM_COLUMNS)
    if 0 in shape:
        raise RejectError(RejectReason.EMPTY, f"{where}: the array {shape} has no frames")
    flat = len(shape) == 2 and shape[1] >= _NUM_COLUMNS
    by_joint = len(shape) == 3 and shape[2] == 3
    if by_joint and shape[1] < _NUM_JOINTS:
        detail = f"{where}: expected (T, {_NUM_JOINTS} or more, 3) joints, got {shape}"
        raise RejectError(RejectReason.MISSING_JOINTS, detail)
    if not flat and not by_joint:
        detail = f"{where}: expected (T, 492) with joints in the first 66 columns, got {shape}"
        raise RejectError(RejectReason.SHAPE_MISMATCH, detail)
    if not np.isfinite(columns).all():
        bad = int(np.flatnonzero(~np.isfinite(columns).all(axis=1))[0])
        detail = f"{where}: expected finite joints, frame {bad} has NaN or infinity"
        raise RejectError(RejectReason.NON_FINITE, detail)
    if np.abs(columns).max() > _MAX_DISTANCE_M:
        detail = f"{where}: expected metres, got a joint {np.abs(columns).max():.3g} m away"
        raise RejectError(RejectReason.MALFORMED, detail)
    return points_from_smpl(columns.reshape(-1, _NUM_JOINTS, 3))


def read_parameters(path: Path, *, where: str, bodies: BodyLibrary) -> PairMotion:
    """Both people of a raw clip.

    Args:
        path: A pickle with `person1`, `person2` and `mocap_framerate`.
        where: What to call it in messages.
        bodies: Body models, for the joints.

    Raises:
        RejectError: missing_field, missing_partner, empty, shape_mismatch, non_finite and what
            `load_pickle` raises.
    """
    content = load_pickle(path, where=where)
    if not isinstance(content, dict):
        detail = f"{where}: expected a dict of two people, got {type(content).__name__}"
        raise RejectError(RejectReason.MALFORMED, detail)
    absent = [name for name in _PERSONS if not isinstance(content.get(name), dict)]
    if absent:
        reason = RejectReason.MISSING_PARTNER if len(absent) == 1 else RejectReason.MISSING_FIELD
        detail = f"{where}: expected {' and '.join(_PERSONS)}, {', '.join(absent)} is absent"
        raise RejectError(reason, detail)
    try:
        fps, notes = _read_fps(content.get("mocap_framerate"), where=where)
        people = [_read_person(content[name], f"{where}: {name}", bodies) for name in _PERSONS]
    except RejectError as error:
        detail = error.detail if error.detail.startswith(where) else f"{where}: {error.detail}"
        raise RejectError(error.reason, detail) from error
    points, cut = cut_to_shorter(tuple(person for person, _, _ in people), where=where)
    bodies_used = list(dict.fromkeys(body for _, body, _ in people))
    warnings = dict.fromkeys((*notes, *cut, *(text for _, _, texts in people for text in texts)))
    return PairMotion(
        points=points, fps=fps, body_model="+".join(bodies_used), warnings=tuple(warnings)
    )


def _read_fps(value: object, *, where: str) -> tuple[float, tuple[str, ...]]:
    if value is None:
        return INTERHUMAN_PICKLE_FPS, ("no mocap_framerate: took 59.94",)
    rates = plain_array(value).reshape(-1)
    if rates.size != 1 or not _MIN_FPS <= rates[0] <= _MAX_FPS:
        detail = f"{where}: expected one rate of 5..1000 per second, got {rates[:3].tolist()}"
        raise RejectError(RejectReason.BAD_FRAME_RATE, detail)
    return snap_fps(float(rates[0])), ()


def _read_person(
    person: dict[Any, Any], where: str, bodies: BodyLibrary
) -> tuple[NDArray[np.float32], str, tuple[str, ...]]:
    arrays: list[NDArray[np.float64]] = []
    for key, width in (("trans", 3), ("root_orient", 3), ("pose_body", _NUM_COLUMNS - 3)):
        if key not in person:
            detail = f"{where}: expected {key}, found {sorted(map(str, person))[:10]}"
            raise RejectError(RejectReason.MISSING_FIELD, detail)
        array = plain_array(person[key])
        if not array.size:  # some published clips are like this
            raise RejectError(RejectReason.EMPTY, f"{where}: {key} is empty")
        if array.ndim < 2 or array[0].size != width:
            detail = f"{where}: expected {key} (T, {width}), got {array.shape}"
            raise RejectError(RejectReason.SHAPE_MISMATCH, detail)
        arrays.append(array.reshape(len(array), width))
    if len({len(array) for array in arrays}) != 1:
        detail = f"{where}: expected equal frames, got {[len(array) for array in arrays]}"
        raise RejectError(RejectReason.SHAPE_MISMATCH, detail)
    gender = (plain_text(person.get("gender")) or "").lower()
    chosen = bodies.choose(_FAMILY, gender if gender in ("male", "female") else "neutral")
    betas, warnings = _read_betas(person.get("betas")) if chosen.uses_betas else (None, ())
    points = pose_points(
        np.concatenate(arrays[1:], axis=1), arrays[0], chosen.body.joints(betas), where=where
    )
    return points, chosen.body.name, (*chosen.warnings, *warnings)


def _read_betas(value: object) -> tuple[NDArray[np.float64] | None, tuple[str, ...]]:
    if value is None:
        return None, ()
    betas = plain_array(value)
    betas = (betas[0] if betas.ndim > 1 and betas.size else betas).reshape(-1)
    if not np.isfinite(betas).all():
        return None, ("betas are not finite: used an average shape",)
    return (betas if betas.size else None), ()
