"""Key poses of the whole body as rows of numbers: made, mirrored, run through, laid over a base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["ARMS", "HEAD", "HIPS", "PELVIS", "POSE_WIDTH", "TRUNK", "lay_pose", "mirrored", "pose"]

HIPS: Final = slice(0, 3)
"""Shift of the hips to the left, up, ahead; shares of the leg's length."""
PELVIS: Final = slice(3, 6)
"""Pelvis: forward, turn to the left, lean to the right; radians."""
TRUNK: Final = slice(6, 9)
"""Chest on pelvis: forward, turn to the left, lean to the right; radians."""
HEAD: Final = slice(9, 12)
"""Head on chest: nod, turn to the left, tilt to the right; radians."""
ARMS: Final = slice(12, 20)
"""Left arm, then right arm: flexion, abduction, inward turn, bend of the elbow; radians."""
POSE_WIDTH: Final = 20

_MIRROR_SIGNS: Final = np.array([-1, 1, 1, 1, -1, -1, 1, -1, -1, 1, -1, -1] + [1] * 8, dtype=float)
_MIRROR_ORDER: Final = np.array([*range(12), 16, 17, 18, 19, 12, 13, 14, 15])

Three = tuple[float, float, float]
Four = tuple[float, float, float, float]

_HANG: Final = (0.05, 0.15, 0.25, 0.35)
_LEVEL: Final = (0.0, 0.0, 0.0)


def pose(
    *,
    hips: Three = _LEVEL,
    pelvis: Three = _LEVEL,
    trunk: Three = _LEVEL,
    head: Three = _LEVEL,
    left: Four = _HANG,
    right: Four = _HANG,
    arms: tuple[Four, Four] | None = None,
) -> Floats:
    """One key pose, shape (20,); `left` and `right` are the arms, `arms` is both."""
    left, right = arms or (left, right)
    return np.array([*hips, *pelvis, *trunk, *head, *left, *right])


def mirrored(rows: Floats) -> Floats:
    """The same poses (..., 20) with left and right exchanged."""
    exchanged: Floats = (rows * _MIRROR_SIGNS)[..., _MIRROR_ORDER]
    return exchanged


def lay_pose(take: Take, frames: slice, rows: Floats, arm_weight: Floats) -> None:
    """Add poses to hips, pelvis, trunk and head, and blend the arms to theirs.

    Args:
        take: Its hips, turn, trunk, head and arms are edited.
        frames: n frames.
        rows: (n, 20); all but the arms should begin and end at 0.
        arm_weight: (n,) or (n, 2) 0: arms stay as they are, 1: arms as the rows have them.
    """
    posture = take.posture
    turn = posture.turn[frames]
    ahead = turn[:, :, 2] * np.array([1.0, 0.0, 1.0])
    ahead = ahead / np.linalg.norm(ahead, axis=-1, keepdims=True)
    left = np.stack([ahead[:, 2], np.zeros(len(ahead)), -ahead[:, 0]], axis=-1)
    move = rows[:, HIPS] * take.body.leg
    posture.hips[frames] += move[:, 0, None] * left + move[:, 2, None] * ahead
    posture.hips[frames, 1] += move[:, 1]
    tilt = axis_rotation("X", rows[:, 3]) @ axis_rotation("Z", -rows[:, 5])
    posture.turn[frames] = axis_rotation("Y", rows[:, 4]) @ turn @ tilt
    posture.trunk[frames] += rows[:, TRUNK]
    posture.head[frames] += rows[:, HEAD]
    weight = arm_weight[:, None] if arm_weight.ndim == 1 else arm_weight
    goal = rows[:, ARMS].reshape(-1, 2, 4)
    posture.arms[frames] += weight[:, :, None] * (goal - posture.arms[frames])
