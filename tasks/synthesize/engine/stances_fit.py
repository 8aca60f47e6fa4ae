"""Angles of key poses: arms that reach a place, rotations as yaw, pitch, roll and spin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.frames import yaw_pitch_roll
from tasks.synthesize.engine.limbs import two_bones

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body

    Floats = NDArray[np.float64]

__all__ = ["angles_of", "fit_arms", "matrix_of"]

_HANGING = np.array([0.55, -0.8, -0.25])
"""Where the elbow of a left arm that reaches points in the chest's frame, as the solver has it."""


def fit_arms(body: Body, hips: Floats, turns: Floats, trunk: Floats, *, goals: Floats) -> Floats:
    """Arms of key poses that reach for places.

    Args:
        body: Whose arms.
        hips: (K, 3) mid-hips.
        turns: (K, 3, 3) of the pelvis.
        trunk: (K, 3) bends of the chest on the pelvis.
        goals: (K, 2, 3) wrists, left and right, in the axes of `hips`; NaN where there is none.

    Returns:
        (K, 2, 4) flexion, abduction, inward turn, bend, radians; no meaning without a goal.
    """
    turn, trunk = turns, trunk / 3
    bend = yaw_pitch_roll(trunk[:, 1], trunk[:, 0], -trunk[:, 2])
    at = hips + turn[:, :, 1] * body.hips_below_pelvis
    for name in ("spine1", "spine2", "spine3"):
        at = at + turn[:, :, 1] * body.offsets[joint(name), 1]
        turn = turn @ bend
    at = at + turn[:, :, 1] * (body.offsets[joint("l_collar"), 1] + body.offsets[16, 1])
    lengths = (body.length("l_elbow"), body.length("l_wrist"))
    sign = np.array([1.0, -1.0])
    across = sign * (body.offsets[13, 0] + body.offsets[16, 0])
    shoulder = at[:, None] + turn[:, None, :, 0] * across[:, None]
    goal = np.where(np.isfinite(goals), goals, shoulder - np.array([0.0, 0.3, 0.0]))
    goal = (goal - shoulder) @ turn
    pole = np.broadcast_to(_HANGING * np.stack([sign, sign**2, sign**2], axis=-1), goal.shape)
    upper, end = two_bones(goal, pole, lengths=lengths)
    fore = (end - lengths[0] * upper) / lengths[1]
    lift = np.arcsin(np.clip(sign * upper[..., 0], -1.0, 1.0))
    flexion = np.arctan2(upper[..., 2], -upper[..., 1])
    # the forearm in the axes of an upper arm that hangs: undo flexion about x, then lift about z
    sine, cosine = np.sin(flexion), np.cos(flexion)
    low = cosine * fore[..., 1] - sine * fore[..., 2]
    front = sine * fore[..., 1] + cosine * fore[..., 2]
    across = np.cos(lift) * fore[..., 0] + np.sin(sign * lift) * low
    along = np.cos(lift) * low - np.sin(sign * lift) * fore[..., 0]
    inward = np.arctan2(-sign * across, front)
    elbow = np.arccos(np.clip(-along, -1.0, 1.0))
    return np.stack([flexion, lift, inward, elbow], axis=-1)


def angles_of(matrix: Floats, *, facing: float = 0.0) -> Floats:
    """Yaw from a facing, pitch, roll and no spin (..., 4) of rotations (..., 3, 3), radians."""
    pitch = np.arcsin(np.clip(-matrix[..., 1, 2], -1.0, 1.0))
    yaw = np.arctan2(matrix[..., 0, 2], matrix[..., 2, 2]) - facing
    yaw = np.mod(yaw + np.pi, 2.0 * np.pi) - np.pi
    roll = np.arctan2(matrix[..., 1, 0], matrix[..., 1, 1])
    return np.stack([yaw, pitch, roll, np.zeros_like(yaw)], axis=-1)


def matrix_of(angles: Floats) -> Floats:
    """Rotations (..., 3, 3) of yaw, pitch, roll, spin (..., 4), radians."""
    out = yaw_pitch_roll(angles[..., 0], angles[..., 1], angles[..., 2])
    if angles[..., 3].any():
        out = out @ axis_rotation("Y", angles[..., 3])
    return out
