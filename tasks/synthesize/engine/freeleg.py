"""A leg in the air, led by its joint angles, while the other one bears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["aim_leg"]

_CLEARANCE_M: Final = 0.02
"""Toes of a free foot stay above this height."""


def aim_leg(take: Take, frames: slice, side: int, angles: Floats, weight: Floats) -> None:
    """Blend one leg from where its foot stands to joint angles.

    The angles count in the level frame of the pelvis (its yaw only): a pelvis that tilts for
    balance does not move the foot.

    Args:
        take: Its ankles, feet and knees are edited; hips and pelvis must be final.
        frames: n frames.
        side: 0 left, 1 right.
        angles: (n, 5) flexion forward, abduction, outward turn of the thigh, bend of the knee,
            pointing of the toes (0: foot square to the shin), radians.
        weight: (n,) 0 the foot stays as it is, 1 the angles rule.
    """
    posture, body = take.posture, take.body
    sign = 1.0 - 2.0 * side
    flexion, abduction, outward, bend, point = np.moveaxis(angles, -1, 0)
    turn = posture.turn[frames]
    level = axis_rotation("Y", np.arctan2(turn[:, 0, 2], turn[:, 2, 2]))
    thigh = level @ axis_rotation("X", -flexion) @ axis_rotation("Z", sign * abduction)
    thigh = thigh @ axis_rotation("Y", sign * outward)
    shin = thigh @ axis_rotation("X", bend)
    hip = posture.hips[frames] + turn[:, :, 0] * body.offsets[1 + side, 0]
    ankle = hip + thigh[:, :, 1] * body.offsets[4 + side, 1]
    ankle = ankle + shin[:, :, 1] * body.offsets[7 + side, 1]
    foot = _mix(posture.feet[frames, side], shin @ axis_rotation("X", point), weight)
    mix = weight[:, None]
    ankle = (1.0 - mix) * posture.ankles[frames, side] + mix * ankle
    # a free foot clears the floor: toes and heel
    drop = np.minimum((foot @ body.offsets[10 + side])[:, 1], -0.7 * body.ankle_height)
    under = weight * _CLEARANCE_M - (ankle[:, 1] + drop)
    ankle[:, 1] += np.minimum(1.0, 6.0 * weight) * 0.5 * (under + np.sqrt(under**2 + 1e-4))
    posture.ankles[frames, side] = ankle
    posture.feet[frames, side] = foot
    knees = posture.knees[frames, side]
    front = thigh[:, :, 2] * np.cos(bend / 2)[:, None] - thigh[:, :, 1] * np.sin(bend / 2)[:, None]
    posture.knees[frames, side] = (1.0 - mix) * knees + mix * front


def _mix(one: Floats, other: Floats, weight: Floats) -> Floats:
    """Rotation between two, by mixing columns and making them square again."""
    mixed = one + weight[:, None, None] * (other - one)
    ahead = mixed[:, :, 2] / np.linalg.norm(mixed[:, :, 2], axis=-1, keepdims=True)
    up = mixed[:, :, 1] - (mixed[:, :, 1] * ahead).sum(axis=-1, keepdims=True) * ahead
    up /= np.linalg.norm(up, axis=-1, keepdims=True)
    return np.stack([np.cross(up, ahead), up, ahead], axis=-1)
