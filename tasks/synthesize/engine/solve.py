"""Control tracks to body points, or to joint rotations, by analytical inverse kinematics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import NUM_BODY_POINTS, body_index
from stickgen_model.motion.rotations import euler_to_matrix
from tasks.synthesize.engine.body import HEAD_CENTRE_M, joint
from tasks.synthesize.engine.limbs import arm_rotations, bend_arm, bend_leg, two_bones

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.posture import Posture

    Floats = NDArray[np.float64]

__all__ = ["solve_points", "solve_rotations"]

_HAND_CLEARANCE_M: Final = 0.03
"""Wrists stay above this height, whatever the arm wants."""
_SPINE: Final = ("spine1", "spine2", "spine3")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Trunk:
    """The middle of the body in the world."""

    pelvis: Floats
    bend: Floats
    """(T, 3, 3) of each of the three spine joints."""
    chest: Floats
    """(T, 3, 3)."""
    chest_at: Floats
    """(T, 3) joint that carries neck and collars."""
    shoulders: Floats
    """(T, 3) mid-shoulders."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Arm:
    """One arm: where it starts, and either free angles or a goal."""

    start: Floats
    upper: Floats
    """(T, 3, 3) in the chest's frame, before any goal."""
    bend: Floats
    goal: Floats
    """(T, 3) wrist from the shoulder, world axes."""
    pole: Floats
    solved: bool
    """True: goal and pole rule; False: the free angles hold throughout."""


def solve_points(body: Body, posture: Posture) -> NDArray[np.float32]:
    """The 15 points of `skeleton.BODY_POINTS`.

    Args:
        body: Whose lengths to use.
        posture: Control tracks of T frames.

    Returns:
        Shape (T, 15, 3), metres, y up, float32.
    """
    points = np.empty((len(posture.t), NUM_BODY_POINTS, 3))
    trunk = _trunk(body, posture)
    nod = trunk.chest @ _bend(posture.head / 2)
    neck = trunk.chest_at + trunk.chest[:, :, 1] * body.offsets[joint("neck"), 1]
    reach = body.offsets[joint("head"), 1] + HEAD_CENTRE_M
    points[:, body_index("head")] = neck + nod[:, :, 1] * reach
    for side, name in ((0, "l_"), (1, "r_")):
        hip = _hip(body, posture, side)
        thigh, shin = _leg_lengths(body, side)
        first, end = two_bones(
            posture.ankles[:, side] - hip, posture.knees[:, side], lengths=(thigh, shin)
        )
        points[:, body_index(name + "hip")] = hip
        points[:, body_index(name + "knee")] = hip + thigh * first
        points[:, body_index(name + "foot")] = hip + end
        ball = posture.feet[:, side] @ body.offsets[joint(name + "foot")]
        points[:, body_index(name + "toe")] = hip + end + ball
        arm = _arm(body, posture, trunk, side)
        points[:, body_index(name + "shoulder")] = arm.start
        lengths = (body.length("l_elbow"), body.length("l_wrist"))
        if arm.solved:
            first, end = two_bones(arm.goal, arm.pole, lengths=lengths)
            elbow = lengths[0] * first
        else:
            elbow, end = _free_arm(body, trunk, arm, side)
        points[:, body_index(name + "elbow")] = arm.start + elbow
        points[:, body_index(name + "hand")] = arm.start + end
    return points.astype(np.float32)


def solve_rotations(body: Body, posture: Posture) -> tuple[Floats, Floats]:
    """Local joint rotations and the place of the pelvis joint.

    Args:
        body: Whose lengths to use.
        posture: Control tracks of T frames.

    Returns:
        Rotations (T, 22, 3, 3) in the order of `body.BODY_JOINTS`; pelvis (T, 3), metres, y up.
    """
    num_frames = len(posture.t)
    local = np.broadcast_to(np.eye(3), (num_frames, 22, 3, 3)).copy()
    trunk = _trunk(body, posture)
    local[:, 0] = posture.turn
    for name in _SPINE:
        local[:, joint(name)] = trunk.bend
    for name in ("neck", "head"):
        local[:, joint(name)] = _bend(posture.head / 2)
    for side in (0, 1):
        hip, knee, ankle = 1 + side, 4 + side, 7 + side
        thigh, shin = bend_leg(
            posture.ankles[:, side] - _hip(body, posture, side),
            posture.knees[:, side],
            lengths=_leg_lengths(body, side),
        )
        local[:, hip] = _inverse(posture.turn) @ thigh
        local[:, knee] = _inverse(thigh) @ shin
        local[:, ankle] = _inverse(shin) @ posture.feet[:, side]
        arm = _arm(body, posture, trunk, side)
        upper, bend = arm.upper, arm.bend
        if arm.solved:
            sign = 1.0 - 2.0 * side
            lengths = (body.length("l_elbow"), body.length("l_wrist"))
            world_upper, world_fore = bend_arm(arm.goal, arm.pole, lengths=lengths, sign=sign)
            upper = _inverse(trunk.chest) @ world_upper
            bend = _inverse(world_upper) @ world_fore
        local[:, 16 + side] = upper
        local[:, 18 + side] = bend
    return local, trunk.pelvis


def _bend(angles: Floats) -> Floats:
    """Forward, twist left, lean right (..., 3) to matrices: about x, y and minus z."""
    turned = np.stack([angles[..., 1], angles[..., 0], -angles[..., 2]], axis=-1)
    return euler_to_matrix(turned, "YXZ")


def _trunk(body: Body, posture: Posture) -> _Trunk:
    bend = _bend(posture.trunk / 3)
    pelvis = posture.hips + posture.turn[:, :, 1] * body.hips_below_pelvis
    turn, place = posture.turn, pelvis
    for name in _SPINE:
        # the middle joints of the body lie above one another: only the y column carries
        place = place + turn[:, :, 1] * body.offsets[joint(name), 1]
        turn = turn @ bend
    up = body.offsets[joint("l_collar"), 1] + body.offsets[joint("l_shoulder"), 1]
    shoulders = place + turn[:, :, 1] * up
    return _Trunk(pelvis=pelvis, bend=bend, chest=turn, chest_at=place, shoulders=shoulders)


def _hip(body: Body, posture: Posture, side: int) -> Floats:
    hip: Floats = posture.hips + posture.turn[:, :, 0] * body.offsets[1 + side, 0]
    return hip


def _leg_lengths(body: Body, side: int) -> tuple[float, float]:
    return -float(body.offsets[4 + side, 1]), -float(body.offsets[7 + side, 1])


def _free_arm(body: Body, trunk: _Trunk, arm: _Arm, side: int) -> tuple[Floats, Floats]:
    """Elbow and wrist from the shoulder, as the angles have them."""
    upper = trunk.chest @ arm.upper
    elbow = upper[:, :, 0] * body.offsets[18 + side, 0]
    # the bend turns about y: the forearm's x axis in the frame of the upper arm
    fore = upper[:, :, 0] * arm.bend[:, 0, 0, None] + upper[:, :, 2] * arm.bend[:, 2, 0, None]
    return elbow, elbow + fore * body.offsets[20 + side, 0]


def _arm(body: Body, posture: Posture, trunk: _Trunk, side: int) -> _Arm:
    sign = 1.0 - 2.0 * side
    upper, bend = arm_rotations(posture.arms[:, side], sign=sign)
    across = body.offsets[13 + side, 0] + body.offsets[16 + side, 0]
    start = trunk.shoulders + trunk.chest[:, :, 0] * across
    free = _Arm(start=start, upper=upper, bend=bend, goal=start, pole=start, solved=False)
    elbow, wrist = _free_arm(body, trunk, free, side)
    near, far = posture.reach_weight[:, side, None], posture.hold_weight[:, side, None]
    aimed = bool(near.any() or far.any())
    if not aimed and float((start[:, 1] + wrist[:, 1]).min()) >= _HAND_CLEARANCE_M:
        return free
    target = trunk.shoulders + (trunk.chest @ posture.reach[:, side, :, None])[..., 0]
    goal = (1 - near) * wrist + near * (target - start)
    goal = (1 - far) * goal + far * (posture.hold[:, side] - start)
    height = start[:, 1] + goal[:, 1]
    goal[:, 1] += _softly_above(height, _HAND_CLEARANCE_M) - height
    # the elbow of a reaching arm hangs down and out, whatever the free arm did
    out = posture.elbows[:, side]
    hang = np.stack(
        [sign * (0.55 + 0.65 * out), -0.8 * (1.0 - np.abs(out)), np.full_like(out, -0.25)], axis=-1
    )
    pole = (trunk.chest @ hang[..., None])[..., 0]
    weight = 1.0 - (1.0 - near) * (1.0 - far)
    pole = (1 - weight) * (elbow - 0.5 * wrist) + weight * pole
    return _Arm(start=start, upper=upper, bend=bend, goal=goal, pole=pole, solved=True)


def _inverse(matrix: NDArray[np.floating[Any]]) -> NDArray[Any]:
    return np.swapaxes(matrix, -1, -2)


def _softly_above(height: Floats, least: float) -> Floats:
    """The height, bent upwards near and below the least one."""
    over = height - least
    lifted: Floats = least + 0.5 * (over + np.sqrt(over**2 + 0.02**2))
    return lifted
