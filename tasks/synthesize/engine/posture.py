"""Control tracks of a figure, and their solution as joint rotations by analytical IK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stickgen_model.motion.kinematics import forward_kinematics
from stickgen_model.motion.rotations import euler_to_matrix
from tasks.synthesize.engine.body import PARENTS, Body, body_points, joint
from tasks.synthesize.engine.limbs import arm_rotations, bend_arm, bend_leg

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Motion", "Posture", "Span", "solve"]


_HAND_CLEARANCE_M = 0.03
"""Wrists stay above this height, whatever the arm wants."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """What is done when."""

    action: str
    """A word of `vocabulary.ACTIONS`."""
    start_s: float
    end_s: float
    text: str


@dataclass(kw_only=True, slots=True, eq=False)
class Posture:
    """Tracks over the frames of a clip. World: y up, metres; sides: 0 left, 1 right; radians."""

    t: NDArray[np.float64]
    """(T,) seconds."""
    hips: NDArray[np.float64]
    """(T, 3) mid-hips in the world."""
    turn: NDArray[np.float64]
    """(T, 3, 3) orientation of the pelvis."""
    trunk: NDArray[np.float64]
    """(T, 3) bend forward, twist to the left, lean to the right, of the chest on the pelvis."""
    head: NDArray[np.float64]
    """(T, 3) nod, turn to the left, tilt to the right, of the head on the chest."""
    arms: NDArray[np.float64]
    """(T, 2, 4) flexion forward, abduction, inward turn of the upper arm; bend of the elbow."""
    ankles: NDArray[np.float64]
    """(T, 2, 3) ankles in the world."""
    feet: NDArray[np.float64]
    """(T, 2, 3, 3) orientation of the feet in the world."""
    knees: NDArray[np.float64]
    """(T, 2, 3) direction in the world to which each knee bends."""
    reach: NDArray[np.float64]
    """(T, 2, 3) wrist targets, in the world or in the chest's frame (about mid-shoulders)."""
    reach_weight: NDArray[np.float64]
    """(T, 2) 0: the arm angles rule, 1: the target rules."""
    reach_in_world: NDArray[np.bool_]
    """(2,) frame of each side's targets."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Motion:
    """A solved clip of one actor."""

    body: Body
    fps: float
    rotations: NDArray[np.float64]
    """(T, 22, 3, 3) local joint rotations."""
    pelvis: NDArray[np.float64]
    """(T, 3) pelvis joint in the world, metres, y up."""
    spans: tuple[Span, ...]
    caption: str

    @property
    def points(self) -> NDArray[np.float32]:
        """(T, 15, 3) points of `skeleton.BODY_POINTS`, metres, y up."""
        return body_points(self.body, self.rotations, self.pelvis)

    @property
    def joints(self) -> NDArray[np.float64]:
        """(T, 22, 3) joint positions, metres, y up."""
        positions, _ = forward_kinematics(self.rotations, self.body.offsets, PARENTS)
        return positions + self.pelvis[:, None]


def solve(
    body: Body, posture: Posture, *, fps: float, spans: tuple[Span, ...], caption: str
) -> Motion:
    """Turn control tracks into local joint rotations."""
    num_frames = len(posture.t)
    local = np.broadcast_to(np.eye(3), (num_frames, 22, 3, 3)).copy()
    local[:, 0] = posture.turn
    for name in ("spine1", "spine2", "spine3"):
        local[:, joint(name)] = _bend(posture.trunk / 3)
    for name in ("neck", "head"):
        local[:, joint(name)] = _bend(posture.head / 2)
    above = posture.turn @ np.array([0.0, body.hips_below_pelvis, 0.0])
    pelvis = posture.hips + above
    for side in (0, 1):
        _solve_leg(body, posture, local, side=side)
        _solve_arm(body, posture, local, pelvis, side=side)
    return Motion(body=body, fps=fps, rotations=local, pelvis=pelvis, spans=spans, caption=caption)


def _bend(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Forward, twist left, lean right (..., 3) to matrices: about x, y and minus z."""
    turned = np.stack([angles[..., 1], angles[..., 0], -angles[..., 2]], axis=-1)
    return euler_to_matrix(turned, "YXZ")


def _solve_leg(body: Body, posture: Posture, local: NDArray[np.float64], *, side: int) -> None:
    hip, knee, ankle = 1 + side, 4 + side, 7 + side
    start = posture.hips + posture.turn @ np.array([body.offsets[hip, 0], 0.0, 0.0])
    thigh, shin = bend_leg(
        posture.ankles[:, side] - start,
        posture.knees[:, side],
        lengths=(-body.offsets[knee, 1], -body.offsets[ankle, 1]),
    )
    local[:, hip] = _inverse(posture.turn) @ thigh
    local[:, knee] = _inverse(thigh) @ shin
    local[:, ankle] = _inverse(shin) @ posture.feet[:, side]


def _solve_arm(
    body: Body,
    posture: Posture,
    local: NDArray[np.float64],
    pelvis: NDArray[np.float64],
    *,
    side: int,
) -> None:
    sign = 1.0 - 2.0 * side
    shoulder, elbow, wrist = 16 + side, 18 + side, 20 + side
    upper, bend = arm_rotations(posture.arms[:, side], sign=sign)
    chest, chest_at = _chest(body, local, pelvis)
    centre = chest_at + chest @ np.array([0.0, body.offsets[13, 1] + body.offsets[16, 1], 0.0])
    across = body.offsets[13 + side, 0] + body.offsets[shoulder, 0]
    start = centre + chest @ np.array([across, 0.0, 0.0])
    free_upper = chest @ upper
    free_elbow = free_upper @ body.offsets[elbow]
    free_wrist = free_elbow + (free_upper @ bend) @ body.offsets[wrist]
    weight = posture.reach_weight[:, side, None]
    target = posture.reach[:, side]
    if not posture.reach_in_world[side]:
        target = centre + (chest @ target[..., None])[..., 0]
    goal = (1 - weight) * free_wrist + weight * (target - start)
    height = start[:, 1] + goal[:, 1]
    if weight.max() > 0.0 or height.min() < _HAND_CLEARANCE_M:
        goal[:, 1] += _softly_above(height, _HAND_CLEARANCE_M) - height
        # the elbow hangs down and out, whatever the free arm did
        hang = chest @ np.array([0.55 * sign, -0.8, -0.25])
        pole = (1 - weight) * (free_elbow - 0.5 * free_wrist) + weight * hang
        lengths = (body.length("l_elbow"), body.length("l_wrist"))
        world_upper, world_fore = bend_arm(goal, pole, lengths=lengths, sign=sign)
        upper = _inverse(chest) @ world_upper
        bend = _inverse(world_upper) @ world_fore
    local[:, shoulder] = upper
    local[:, elbow] = bend


def _chest(
    body: Body, local: NDArray[np.float64], pelvis: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Orientation and place of the joint that carries the collars."""
    turn, place = local[:, 0], pelvis
    for name in ("spine1", "spine2", "spine3"):
        place = place + turn @ body.offsets[joint(name)]
        turn = turn @ local[:, joint(name)]
    return turn, place


def _inverse(matrix: NDArray[np.floating[Any]]) -> NDArray[Any]:
    return np.swapaxes(matrix, -1, -2)


def _softly_above(height: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """The height, bent upwards near and below the least one."""
    over = height - least
    lifted: NDArray[np.float64] = least + 0.5 * (over + np.sqrt(over**2 + 0.02**2))
    return lifted
