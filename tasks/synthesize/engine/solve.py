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
_SIGNS: Final = np.array([1.0, -1.0])
"""Direction of the body's own side along x: left, right."""
_SHOULDERS, _ELBOWS, _HANDS, _HIPS, _KNEES, _FEET, _TOES = (
    [body_index("l_" + name), body_index("r_" + name)]
    for name in ("shoulder", "elbow", "hand", "hip", "knee", "foot", "toe")
)


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
class _Arms:
    """Both arms, (T, 2, 3) each, in the world from the shoulder on."""

    start: Floats
    """The shoulders."""
    elbow: Floats
    """Elbow from the shoulder, as the angles have it."""
    goal: Floats
    """Wrist from the shoulder, where it should be."""
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
    points = np.empty((len(posture.t), NUM_BODY_POINTS, 3), dtype=np.float32)
    trunk = _trunk(body, posture)
    nod = trunk.chest @ _bend(posture.head / 2)
    neck = trunk.chest_at + trunk.chest[:, :, 1] * body.offsets[joint("neck"), 1]
    reach = body.offsets[joint("head"), 1] + HEAD_CENTRE_M
    points[:, body_index("head")] = neck + nod[:, :, 1] * reach
    hips = _hips(body, posture)
    lengths = _leg_lengths(body, 0)
    first, end = two_bones(posture.ankles - hips, posture.knees, lengths=lengths)
    ankles = hips + end
    points[:, _HIPS] = hips
    points[:, _KNEES] = hips + lengths[0] * first
    points[:, _FEET] = ankles
    points[:, _TOES] = ankles + posture.feet @ body.offsets[joint("l_foot")]
    arms = _arms(body, posture, trunk)
    elbow, wrist = arms.elbow, arms.goal
    if arms.solved:
        lengths = (body.length("l_elbow"), body.length("l_wrist"))
        first, wrist = two_bones(arms.goal, arms.pole, lengths=lengths)
        elbow = lengths[0] * first
    points[:, _SHOULDERS] = arms.start
    points[:, _ELBOWS] = arms.start + elbow
    points[:, _HANDS] = arms.start + wrist
    return points


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
    hips = _hips(body, posture)
    arms = _arms(body, posture, trunk)
    for side in (0, 1):
        hip, knee, ankle = 1 + side, 4 + side, 7 + side
        thigh, shin = bend_leg(
            posture.ankles[:, side] - hips[:, side],
            posture.knees[:, side],
            lengths=_leg_lengths(body, side),
        )
        local[:, hip] = _inverse(posture.turn) @ thigh
        local[:, knee] = _inverse(thigh) @ shin
        local[:, ankle] = _inverse(shin) @ posture.feet[:, side]
        sign = 1.0 - 2.0 * side
        upper, bend = arm_rotations(posture.arms[:, side], sign=sign)
        if arms.solved:
            lengths = (body.length("l_elbow"), body.length("l_wrist"))
            goal, pole = arms.goal[:, side], arms.pole[:, side]
            world_upper, world_fore = bend_arm(goal, pole, lengths=lengths, sign=sign)
            upper = _inverse(trunk.chest) @ world_upper
            bend = _inverse(world_upper) @ world_fore
        local[:, 16 + side] = upper
        local[:, 18 + side] = bend
    return local, trunk.pelvis


def _bend(angles: Floats) -> Floats:
    """Forward, twist left, lean left (..., 3) to matrices: about x, y and minus z."""
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


def _hips(body: Body, posture: Posture) -> Floats:
    """Both hip joints, (T, 2, 3)."""
    across = posture.turn[:, None, :, 0] * body.offsets[1:3, 0, None]
    return np.asarray(posture.hips[:, None] + across)


def _leg_lengths(body: Body, side: int) -> tuple[float, float]:
    return -float(body.offsets[4 + side, 1]), -float(body.offsets[7 + side, 1])


def _free_arms(posture: Posture) -> tuple[Floats, Floats]:
    """Directions of upper arm and forearm as the angles have them, (T, 2, 3), chest's frame.

    The columns of `limbs.arm_rotations` along the bones, written out.
    """
    cosine, sine = np.cos(posture.arms), np.sin(posture.arms)
    (flex, abduct, inward, bend), (flex_s, abduct_s, inward_s, bend_s) = (
        np.moveaxis(part, -1, 0) for part in (cosine, sine)
    )
    upper, front = np.empty((*flex.shape, 3)), np.empty((*flex.shape, 3))
    upper[..., 0] = _SIGNS * abduct_s
    upper[..., 1] = -abduct * flex
    upper[..., 2] = abduct * flex_s
    tilt = inward_s * abduct_s
    front[..., 0] = -_SIGNS * inward_s * abduct
    front[..., 1] = inward * flex_s - tilt * flex
    front[..., 2] = inward * flex + tilt * flex_s
    return upper, upper * bend[..., None] + front * bend_s[..., None]


def _arms(body: Body, posture: Posture, trunk: _Trunk) -> _Arms:
    to_world = _inverse(trunk.chest)
    across = body.offsets[13, 0] + body.offsets[16, 0]
    side_axis = trunk.chest[:, None, :, 0] * _SIGNS[:, None]
    start = trunk.shoulders[:, None] + side_axis * across
    upper, fore = _free_arms(posture)
    elbow = upper @ to_world * body.offsets[18, 0]
    wrist = elbow + fore @ to_world * body.offsets[20, 0]
    near, far = posture.reach_weight[..., None], posture.hold_weight[..., None]
    aimed = bool(near.any() or far.any())
    if not aimed and float((start[..., 1] + wrist[..., 1]).min()) >= _HAND_CLEARANCE_M:
        return _Arms(start=start, elbow=elbow, goal=wrist, pole=wrist, solved=False)
    target = trunk.shoulders[:, None] + posture.reach @ to_world
    goal = wrist + near * (target - start - wrist)
    goal += far * (posture.hold - start - goal)
    height = start[..., 1] + goal[..., 1]
    goal[..., 1] += _softly_above(height, _HAND_CLEARANCE_M) - height
    # the elbow of a reaching arm hangs down and out, whatever the free arm did
    out = posture.elbows
    hang = np.empty_like(goal)
    hang[..., 0] = _SIGNS * (0.55 + 0.65 * out)
    hang[..., 1] = -0.8 * (1.0 - np.abs(out))
    hang[..., 2] = -0.25
    free = elbow - 0.5 * wrist
    weight = 1.0 - (1.0 - near) * (1.0 - far)
    pole = free + weight * (hang @ to_world - free)
    return _Arms(start=start, elbow=elbow, goal=goal, pole=pole, solved=True)


def _inverse(matrix: NDArray[np.floating[Any]]) -> NDArray[Any]:
    return np.swapaxes(matrix, -1, -2)


def _softly_above(height: Floats, least: float) -> Floats:
    """The height, bent upwards near and below the least one."""
    over = height - least
    lifted: Floats = least + 0.5 * (over + np.sqrt(over**2 + 0.02**2))
    return lifted
