"""One run of a sensor body to the 15 body points: holes filled, wild bone lengths clamped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BODY_JOINTS", "NEEDED_JOINTS", "FilledRun", "fill_run"]

BODY_JOINTS: Final = np.array([3, 4, 8, 5, 9, 6, 10, 12, 16, 13, 17, 14, 18, 15, 19])
"""Sensor joint of each of `skeleton.BODY_POINTS`: Head, shoulders, elbows, wrists, hips, knees,
ankles, feet, left before right. (19 is the right foot; 15 the left one.)"""

_BONES: Final = (
    (1, 0),  # SpineMid - SpineBase
    (20, 1),  # SpineShoulder
    (2, 20),  # Neck
    (3, 2),  # Head
    (4, 20),  # ShoulderLeft
    (5, 4),
    (6, 5),
    (8, 20),  # ShoulderRight
    (9, 8),
    (10, 9),
    (12, 0),  # HipLeft
    (13, 12),
    (14, 13),
    (15, 14),
    (16, 0),  # HipRight
    (17, 16),
    (18, 17),
    (19, 18),
)
"""Joint and its parent, parents first; the 15 points and the trunk they hang on."""

_CHILD: Final = np.array([child for child, _ in _BONES])
_PARENT: Final = np.array([parent for _, parent in _BONES])
NEEDED_JOINTS: Final = np.array([0, *(child for child, _ in _BONES)])
"""Joints that must be known; thumbs, hand tips and hands are not used."""

_BONE_TOLERANCE: Final = 0.30
"""A bone may leave its median length over the run by this share; real bones do not."""


def _carried_by() -> NDArray[np.float64]:
    """Row: bone; column: the bones on the way from the root to its end, itself included; 0 or 1."""
    table = np.eye(len(_BONES))
    for bone, (_, parent) in enumerate(_BONES):
        for above in np.flatnonzero(parent == _CHILD).tolist():
            table[bone] += table[above]
    return table


_CARRIES: Final = _carried_by()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FilledRun:
    """A person over consecutive frames."""

    first_frame: int
    points: NDArray[np.float32]
    """(T, 15, 3), metres, y up; rows as `skeleton.BODY_POINTS`; finite."""
    tracked: NDArray[np.bool_]
    """(T, 15): measured, neither inferred, filled in nor clamped."""
    filled: NDArray[np.bool_]
    """(T,): the sensor had no usable body, the frame lies between two that had one."""


def fill_run(
    frames: NDArray[np.int64], points: NDArray[np.float64], states: NDArray[np.uint8]
) -> FilledRun:
    """Fill the missing frames and joints of a run by straight lines, then clamp bone lengths.

    Args:
        frames: Frame numbers, increasing, shape (N,).
        points: Sensor joints, metres, NaN where unknown, shape (N, 25, 3); each needed joint is
            known somewhere.
        states: Tracking states, shape (N, 25).

    Returns:
        The run from its first frame to its last, T = last - first + 1.
    """
    first, last = int(frames[0]), int(frames[-1])
    num_frames = last - first + 1
    tracked = states == 2
    at = frames - first
    if np.isnan(points[:, NEEDED_JOINTS, 0]).any():
        tracked = tracked & ~np.isnan(points[..., 0])
        points = _fill_joints(at, points)
    if num_frames > frames.size:
        points, tracked = _fill_frames(at, points, tracked, num_frames)
    points, clamped = _clamp_bones(points, tracked)
    return FilledRun(
        first_frame=first,
        points=points[:, BODY_JOINTS].astype(np.float32),
        tracked=(tracked & ~clamped)[:, BODY_JOINTS],
        filled=_absent(at, num_frames),
    )


def _absent(at: NDArray[np.int64], num_frames: int) -> NDArray[np.bool_]:
    absent = np.ones(num_frames, dtype=bool)
    absent[at] = False
    return absent


def _fill_joints(at: NDArray[np.int64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    points = points.copy()
    for joint in NEEDED_JOINTS.tolist():
        known = ~np.isnan(points[:, joint, 0])
        if not known.all():
            for axis in range(3):
                column = points[:, joint, axis]
                column[~known] = np.interp(at[~known], at[known], column[known])
    return points


def _fill_frames(
    at: NDArray[np.int64],
    points: NDArray[np.float64],
    tracked: NDArray[np.bool_],
    num_frames: int,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    wanted = np.arange(num_frames)
    before = np.searchsorted(at, wanted, side="right") - 1
    after = np.minimum(before + 1, at.size - 1)
    span = np.maximum(at[after] - at[before], 1)
    share = ((wanted - at[before]) / span)[:, None, None]
    # a known frame must stay as it is, so no NaN of the next row may touch it
    present = wanted == at[before]
    filled = points[before] + np.where(share == 0.0, 0.0, share * (points[after] - points[before]))
    return filled, tracked[before] & present[:, None]


def _clamp_bones(
    points: NDArray[np.float64], tracked: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Shorten or lengthen bones to within the tolerance; what hangs on them moves along."""
    by_joint = np.ascontiguousarray(points.transpose(1, 2, 0))
    bones = by_joint[_CHILD] - by_joint[_PARENT]  # (bones, 3, T)
    x, y, z = bones[:, 0], bones[:, 1], bones[:, 2]
    lengths = np.sqrt(x * x + y * y + z * z)
    middle = _median_lengths(lengths, (tracked[:, _CHILD] & tracked[:, _PARENT]).T)[:, None]
    low, high = (1.0 - _BONE_TOLERANCE) * middle, (1.0 + _BONE_TOLERANCE) * middle
    wild = (lengths < low) | (lengths > high)
    clamped = np.zeros(points.shape[:2], dtype=bool)
    rows = np.flatnonzero(wild.any(axis=0))
    if rows.size == 0:
        return points, clamped
    wild, lengths, bones = wild[:, rows], lengths[:, rows], bones[..., rows]
    # a bone without length has no direction to stretch along
    scale = np.where(
        wild & (lengths > 1e-6), np.clip(lengths, low, high) / np.maximum(lengths, 1e-6), 1.0
    )
    added = (bones * (scale - 1.0)[:, None]).reshape(len(_BONES), -1)
    shift = (_CARRIES @ added).reshape(len(_BONES), 3, -1)
    moved = points[rows]
    moved[:, _CHILD] += shift.transpose(2, 0, 1)
    points = points.copy()
    points[rows] = moved
    clamped[rows[:, None], _CHILD] = wild.T
    return points, clamped


def _median_lengths(
    lengths: NDArray[np.float64], measured: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Median of each bone (row) over the frames where both ends were measured, else over all."""
    num = measured.sum(axis=1)
    # one sort for all bones: a median by bone costs more than all the rest of the repair
    used = measured if num.all() else measured | (num == 0)[:, None]
    num = np.where(num == 0, lengths.shape[1], num)
    ordered = np.sort(np.where(used, lengths, np.inf), axis=1)
    bones = np.arange(num.size)
    middle: NDArray[np.float64] = (ordered[bones, (num - 1) // 2] + ordered[bones, num // 2]) / 2
    return middle
