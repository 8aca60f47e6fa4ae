"""Control tracks to body points, or to joint rotations, by analytical inverse kinematics.

Inside, components come first: (3, T) vectors, (3, 2, T) of both sides, (3, 3, T) matrices. Every
step then runs over contiguous memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import NUM_BODY_POINTS, body_index
from tasks.synthesize.engine.body import HEAD_CENTRE_M, joint
from tasks.synthesize.engine.limbs import aim_limb, arm_rotations, bend_arm, bend_leg
from tasks.synthesize.engine.swivel import round_shoulders, steady_poles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.posture import Posture

    Floats = NDArray[np.float64]

__all__ = ["solve_points", "solve_rotations"]

_HAND_CLEARANCE_M: Final = 0.03
"""Wrists stay above this height, whatever the arm wants."""
_SPINE: Final = tuple(joint(name) for name in ("spine1", "spine2", "spine3"))
_NECK, _HEAD, _BALL = joint("neck"), joint("head"), joint("l_foot")
_COLLAR, _SHOULDER = joint("l_collar"), joint("l_shoulder")
_SIGNS: Final = np.array([[1.0], [-1.0]])
"""Direction of the body's own side along x: left, right."""
_SHOULDERS, _ELBOWS, _HANDS, _HIPS, _KNEES, _FEET, _TOES = (
    slice(body_index("l_" + name), body_index("r_" + name) + 1)
    for name in ("shoulder", "elbow", "hand", "hip", "knee", "foot", "toe")
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Trunk:
    """The middle of the body in the world."""

    pelvis: Floats
    """(3, T)."""
    bend: Floats
    """(3, 3, T) of each of the three spine joints."""
    chest: Floats
    """(3, 3, T)."""
    chest_at: Floats
    """(3, T) joint that carries neck and collars."""
    shoulders: Floats
    """(3, T) mid-shoulders."""
    nod: Floats
    """(3, 3, T) of neck and head joint each."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Arms:
    """Both arms, (3, 2, T) each, in the world from the shoulder on."""

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
    neck = trunk.chest_at + trunk.chest[:, 1] * body.offsets[_NECK, 1]
    up = np.einsum("ijt,jt->it", trunk.chest, trunk.nod[:, 1])
    points[:, body_index("head")] = (neck + up * (body.offsets[_HEAD, 1] + HEAD_CENTRE_M)).T
    hips = _hips(body, posture)
    lengths = _leg_lengths(body, 0)
    aim = posture.ankles.transpose(2, 1, 0) - hips
    first, end = aim_limb(aim, _sides(posture.knees), lengths=lengths)
    ankles = (hips + end).transpose(2, 1, 0)
    points[:, _HIPS] = hips.transpose(2, 1, 0)
    points[:, _KNEES] = (hips + lengths[0] * first).transpose(2, 1, 0)
    points[:, _FEET] = ankles
    balls = posture.feet.reshape(-1, 3) @ body.offsets[_BALL]
    points[:, _TOES] = ankles + balls.reshape(-1, 2, 3)
    arms = _arms(body, posture, trunk)
    elbow, wrist = arms.elbow, arms.goal
    if arms.solved:
        lengths = (body.length("l_elbow"), body.length("l_wrist"))
        first, wrist = aim_limb(arms.goal, arms.pole, lengths=lengths)
        elbow = lengths[0] * first
    points[:, _SHOULDERS] = arms.start.transpose(2, 1, 0)
    points[:, _ELBOWS] = (arms.start + elbow).transpose(2, 1, 0)
    points[:, _HANDS] = (arms.start + wrist).transpose(2, 1, 0)
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
    for number in _SPINE:
        local[:, number] = trunk.bend.transpose(2, 0, 1)
    for number in (_NECK, _HEAD):
        local[:, number] = trunk.nod.transpose(2, 0, 1)
    hips = _hips(body, posture)
    chest = trunk.chest.transpose(2, 0, 1)
    arms = _arms(body, posture, trunk)
    for side in (0, 1):
        hip, knee, ankle = 1 + side, 4 + side, 7 + side
        thigh, shin = bend_leg(
            posture.ankles[:, side] - hips[:, side].T,
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
            goal, pole = arms.goal[:, side].T, arms.pole[:, side].T
            world_upper, world_fore = bend_arm(goal, pole, lengths=lengths, sign=sign)
            upper = _inverse(chest) @ world_upper
            bend = _inverse(world_upper) @ world_fore
        local[:, 16 + side] = upper
        local[:, 18 + side] = bend
    return local, np.ascontiguousarray(trunk.pelvis.T)


def _sides(track: Floats) -> Floats:
    """(T, 2, n) of both sides as (n, 2, T)."""
    return np.ascontiguousarray(track.transpose(2, 1, 0))


def _bends(trunk: Floats, head: Floats) -> Floats:
    """A third of the trunk's and half of the head's angles (T, 3) as (3, 3, 2, T).

    Forward, twist left, lean left: turns about y after x after minus z, written out.
    """
    angles = np.empty((3, 2, len(trunk)))
    angles[:, 0] = trunk.T / 3
    angles[:, 1] = head.T / 2
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    out = np.empty((3, 3, *cx.shape))
    ahead, aside = sx * cy, sx * sy
    out[0, 0] = cy * cz - aside * sz
    out[0, 1] = cy * sz + aside * cz
    out[0, 2] = sy * cx
    out[1, 0] = -cx * sz
    out[1, 1] = cx * cz
    out[1, 2] = -sx
    out[2, 0] = -sy * cz - ahead * sz
    out[2, 1] = ahead * cz - sy * sz
    out[2, 2] = cx * cy
    return out


def _trunk(body: Body, posture: Posture) -> _Trunk:
    bends = _bends(posture.trunk, posture.head)
    bend = np.ascontiguousarray(bends[:, :, 0])
    turn = np.ascontiguousarray(posture.turn.transpose(1, 2, 0))
    pelvis = posture.hips.T + turn[:, 1] * body.hips_below_pelvis
    place = pelvis
    for number in _SPINE:
        # the middle joints of the body lie above one another: only the y column carries
        place = place + turn[:, 1] * body.offsets[number, 1]
        turn = np.einsum("ijt,jkt->ikt", turn, bend)
    up = body.offsets[_COLLAR, 1] + body.offsets[_SHOULDER, 1]
    return _Trunk(
        pelvis=pelvis,
        bend=bend,
        chest=turn,
        chest_at=place,
        shoulders=place + turn[:, 1] * up,
        nod=bends[:, :, 1],
    )


def _hips(body: Body, posture: Posture) -> Floats:
    """Both hip joints, (3, 2, T)."""
    across = posture.turn[:, :, 0].T[:, None] * body.offsets[1:3, 0, None]
    return np.asarray(posture.hips.T[:, None] + across)


def _leg_lengths(body: Body, side: int) -> tuple[float, float]:
    return -float(body.offsets[4 + side, 1]), -float(body.offsets[7 + side, 1])


def _free_arms(posture: Posture) -> Floats:
    """Directions of upper arm and forearm as the angles have them, (3, 2 bones, 2 sides, T).

    In the chest's frame: the columns of `limbs.arm_rotations` along the bones, written out.
    """
    angles = _sides(posture.arms)
    flex, abduct, inward, bend = np.cos(angles)
    flex_s, abduct_s, inward_s, bend_s = np.sin(angles)
    bones, front = np.empty((3, 2, *flex.shape)), np.empty((3, *flex.shape))
    upper = bones[:, 0]
    upper[0] = _SIGNS * abduct_s
    upper[1] = -abduct * flex
    upper[2] = abduct * flex_s
    tilt = inward_s * abduct_s
    front[0] = -_SIGNS * inward_s * abduct
    front[1] = inward * flex_s - tilt * flex
    front[2] = inward * flex + tilt * flex_s
    bones[:, 1] = upper * bend + front * bend_s
    return bones


def _arms(body: Body, posture: Posture, trunk: _Trunk) -> _Arms:
    chest, middle = trunk.chest, trunk.shoulders[:, None]
    across = body.offsets[13, 0] + body.offsets[16, 0]
    start = middle + chest[:, 0, None] * (_SIGNS * across)
    bones = np.einsum("ijt,jbst->ibst", chest, _free_arms(posture))
    elbow = bones[:, 0] * body.offsets[18, 0]
    wrist = elbow + bones[:, 1] * body.offsets[20, 0]
    near, far = posture.reach_weight.T, posture.hold_weight.T
    reaches, holds = bool(near.any()), bool(far.any())
    height = start[1] + wrist[1]
    if not (reaches or holds) and float(height.min()) >= _HAND_CLEARANCE_M:
        return _Arms(start=start, elbow=elbow, goal=wrist, pole=wrist, solved=False)
    goal = wrist.copy()
    if reaches:
        target = middle + np.einsum("ijt,jst->ist", chest, _sides(posture.reach))
        goal += near * (target - start - wrist)
    if holds:
        goal += far * (posture.hold.transpose(2, 1, 0) - start - goal)
    if reaches or holds:
        length = body.offsets[18, 0] + body.offsets[20, 0]
        round_shoulders(goal, chest[:, 2], length=float(length))
    height = start[1] + goal[1]
    goal[1] += _softly_above(height, _HAND_CLEARANCE_M) - height
    pole = elbow - 0.5 * wrist
    if reaches or holds:
        # the elbow of a reaching arm hangs down and out, whatever the free arm did
        weight = 1.0 - (1.0 - near) * (1.0 - far)
        pole += weight * (np.einsum("ijt,jst->ist", chest, _hanging(posture.elbows)) - pole)
    return _Arms(start=start, elbow=elbow, goal=goal, pole=steady_poles(goal, pole), solved=True)


def _hanging(elbows: Floats) -> Floats:
    """Where elbows (T, 2) of reaching arms point in the chest's frame, (3, 2, T)."""
    out = elbows.T
    hang = np.empty((3, *out.shape))
    hang[0] = _SIGNS * (0.55 + 0.65 * out)
    hang[1] = -0.8 * (1.0 - np.abs(out))
    hang[2] = -0.25
    return hang


def _inverse(matrix: NDArray[np.floating[Any]]) -> NDArray[Any]:
    return np.swapaxes(matrix, -1, -2)


def _softly_above(height: Floats, least: float) -> Floats:
    """The height, bent upwards near and below the least one."""
    over = height - least
    lifted: Floats = least + 0.5 * (over + np.sqrt(over * over + 0.02**2))
    return lifted
