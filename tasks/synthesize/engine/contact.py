"""Hands that meet something in the world, and the lean and look that bring them there."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import body_index
from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.arms import aim_hand
from tasks.synthesize.engine.limbs import REACH, two_bones
from tasks.synthesize.engine.posture import Posture
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = [
    "PALM_M",
    "ahead_of",
    "arm_length",
    "crop",
    "incline",
    "lean_to_reach",
    "look_at",
    "palm_of",
    "reach_palm",
    "shift_hips",
    "solved",
    "spine_place",
    "unit",
]

PALM_M: Final = 0.08
"""Middle of the palm beyond the wrist, along the forearm; by hand, on an adult."""
_USABLE: Final = 0.96
"""Share of the arm's length that a relaxed reach uses at most."""
_LEAN_GAIN: Final = 0.13
"""How far, in statures, a radian of such a bend brings the shoulders to what is ahead of them."""
_FREE_M: Final = 0.06
"""A foot this much higher than a rolling one bears nothing."""
_SOFT_M: Final = 0.006
_SIDES: Final = ("l_", "r_")


def unit(vector: NDArray[np.floating[Any]]) -> Floats:
    """Vectors (..., 3) of length 1."""
    length = np.sqrt((vector * vector).sum(axis=-1, keepdims=True))
    scaled: Floats = vector / np.maximum(length, 1e-9)
    return scaled


def arm_length(body: Body) -> float:
    """Upper arm and forearm, metres."""
    return body.length("l_elbow") + body.length("l_wrist")


def ahead_of(posture: Posture) -> Floats:
    """Level direction in which the pelvis faces, shape (T, 3)."""
    return unit(posture.turn[:, :, 2] * np.array([1.0, 0.0, 1.0]))


def crop(posture: Posture, rows: slice) -> Posture:
    """Some frames of a posture: views, not copies."""
    return Posture(**{field.name: getattr(posture, field.name)[rows] for field in fields(Posture)})


def solved(take: Take, rows: slice = slice(None)) -> Floats:
    """The 15 points of a take as it stands now, (T, 15, 3) metres."""
    return solve_points(take.body, crop(take.posture, rows)).astype(np.float64)


def palm_of(points: Floats, side: int) -> Floats:
    """Middle of a palm, (..., 3), from the points (..., 15, 3); 0 left, 1 right."""
    hand = points[..., body_index(_SIDES[side] + "hand"), :]
    elbow = points[..., body_index(_SIDES[side] + "elbow"), :]
    palm: Floats = hand + PALM_M * unit(hand - elbow)
    return palm


def spine_place(points: Floats, share: float, *, out_m: float = 0.0, left_m: float = 0.0) -> Floats:
    """A place on or before the trunk, (T, 3).

    Args:
        points: (T, 15, 3).
        share: 0 at the mid-hips, 1 at the mid-shoulders.
        out_m: Metres ahead of the spine; negative: on the back.
        left_m: Metres to the body's left.
    """
    left_shoulder, right_shoulder = (
        points[:, body_index("l_shoulder")],
        points[:, body_index("r_shoulder")],
    )
    hips = (points[:, body_index("l_hip")] + points[:, body_index("r_hip")]) / 2
    chest = (left_shoulder + right_shoulder) / 2
    left = unit(left_shoulder - right_shoulder)
    out = unit(np.cross(left, unit(chest - hips)))
    place: Floats = hips + share * (chest - hips) + out_m * out + left_m * left
    return place


def _busy(weight: Floats) -> slice:
    """Frames from the first to the last with a weight."""
    rows = np.flatnonzero(weight > 0.0)
    return slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)


def reach_palm(take: Take, side: int, target: Floats, weight: Floats) -> None:
    """Bring the palm (not the wrist) of one hand to places in the world.

    Args:
        take: Its hold is edited; trunk and hips must be final.
        side: 0 left, 1 right.
        target: (3,) or (T, 3), metres.
        weight: (T,) 0..1.
    """
    rows = _busy(weight)
    if rows.stop == 0:
        return
    goal = np.broadcast_to(target, (len(take.t), 3))[rows]
    part = crop(take.posture, rows)
    part.hold, part.hold_weight = part.hold.copy(), part.hold_weight.copy()
    part.hold[:, side], part.hold_weight[:, side] = goal, 1.0
    points = solve_points(take.body, part).astype(np.float64)
    shoulder = points[:, body_index(_SIDES[side] + "shoulder")]
    bent = points[:, body_index(_SIDES[side] + "elbow")] - shoulder
    # elbow, wrist and palm lie in one plane with the pole: the forearm is longer by the palm, and
    # the wrist is where that longer bone has it
    upper, fore = take.body.length("l_elbow"), take.body.length("l_wrist")
    first, end = two_bones(goal - shoulder, bent, lengths=(upper, fore + PALM_M))
    elbow = upper * first
    wrist = np.zeros((len(take.t), 3))
    wrist[rows] = shoulder + elbow + fore * unit(end - elbow)
    aim_hand(take.posture, side, wrist, weight, in_world=True)


def shift_hips(take: Take, offset: Floats) -> None:
    """Move the hips by (T, 3) metres over planted feet; they sink where a leg gets too short."""
    before = _too_high(take)
    take.posture.hips = take.posture.hips + offset
    take.posture.hips[:, 1] -= np.maximum(_too_high(take) - before, 0.0)


def _too_high(take: Take) -> Floats:
    """How far the hips are above what the bearing legs can reach, (T,) >= 0, softly."""
    posture, body = take.posture, take.body
    reach = (REACH - 0.003) * body.leg
    height = posture.hips[:, 1]
    for side in (0, 1):
        across = posture.turn[:, :, 0] * body.offsets[1 + side, 0]
        ankle = posture.ankles[:, side]
        gap = posture.hips + across - ankle
        room = np.sqrt(np.maximum(reach**2 - gap[:, 0] ** 2 - gap[:, 2] ** 2, 0.04 * reach**2))
        free = ease((ankle[:, 1] - body.ankle_height - 0.02) / _FREE_M)
        most = ankle[:, 1] + room - across[:, 1] + 0.3 * body.leg * free
        over = height - most
        height = height - 0.5 * (over + np.sqrt(over**2 + _SOFT_M**2))
    too_high: Floats = posture.hips[:, 1] - height
    return too_high


def incline(take: Take, angle: Floats) -> None:
    """Bend forward by (T,) radians, half at the hips and half in the spine.

    The hips go back, so that the body centre stays over the feet.
    """
    posture = take.posture
    pitch = 0.5 * angle
    posture.turn = posture.turn @ axis_rotation("X", pitch)
    posture.trunk[:, 0] += 0.5 * angle
    back = 0.16 * take.body.stature * np.sin(pitch)
    shift_hips(take, -back[:, None] * ahead_of(posture))


def lean_to_reach(
    take: Take, targets: Sequence[tuple[int, Floats]], weight: Floats, *, most: float = 0.7
) -> None:
    """Bend forward as far as the hands need for their targets.

    Args:
        take: Whose trunk is edited.
        targets: Side and place of the palm, (3,) or (T, 3), for each hand.
        weight: (T,) 0..1; the need is measured where it is largest.
        most: Largest bend, radians.
    """
    when = int(np.argmax(weight))
    total = 0.0
    for _ in range(4):
        points = solved(take, slice(when, when + 1))[0]
        missing = -1.0
        for side, place in targets:
            goal = np.broadcast_to(place, (len(take.t), 3))[when]
            gap = np.linalg.norm(goal - points[body_index(_SIDES[side] + "shoulder")])
            missing = max(missing, float(gap) - _USABLE * arm_length(take.body) - PALM_M)
        step = min(max(missing, 0.0) / (_LEAN_GAIN * take.body.stature), most - total)
        if step < 1e-3:
            return
        incline(take, step * weight)
        total += step


def look_at(take: Take, place: Floats, weight: Floats) -> None:
    """Turn and nod the head to a place (T, 3) in the world, with a weight (T,)."""
    posture = take.posture
    eyes = posture.hips + np.array([0.0, 0.41 * take.body.stature, 0.0])
    local = np.einsum("tji,tj->ti", posture.turn, np.broadcast_to(place, eyes.shape) - eyes)
    yaw = np.clip(np.arctan2(local[:, 0], local[:, 2]), -1.2, 1.2)
    pitch = -np.arctan2(local[:, 1], np.hypot(local[:, 0], local[:, 2]))
    nod = np.clip(0.8 * (pitch - posture.trunk[:, 0]), -0.7, 0.7)
    posture.head[:, 0] += weight * (nod - 0.7 * posture.head[:, 0])
    posture.head[:, 1] += weight * (0.8 * (yaw - posture.trunk[:, 1]) - 0.7 * posture.head[:, 1])
