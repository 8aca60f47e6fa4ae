"""Cartwheels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import GENERIC_LENGTHS
from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.arms import aim_arm, aim_hand
from tasks.synthesize.engine.carry import Ground, ground_at
from tasks.synthesize.engine.cycles import advance, arc, between
from tasks.synthesize.engine.take import LEFT, RIGHT, ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_TRAVEL: Final = 1.30
"""From stand to stand, share of stature; foot, hand, hand, foot are about evenly spaced."""
_ARMS: Final = 0.94
"""Use of the arms' length when upside down."""
_WRIST: Final = 0.026
"""Height of a bearing wrist, share of stature."""
_DIP: Final = 0.09
"""Sinking of the hips on their way over, share of stature."""
_STEP: Final = 0.20
"""Step to the side before it, share of stature."""
_STEP_S: Final = 0.42
_WHEEL_S: Final = (1.5, 2.0)
"""From feet to feet; CMU trial 88_07 holds a whole cartwheel in 1.3 s, a gymnast's."""


def _cartwheel(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=3)
    toward = {"left": LEFT, "right": RIGHT}.get(beat.direction, beat.side)
    lead = take.manner.handed if toward is None else toward
    start = max(beat.start_s, 0.0)
    end = min(beat.end_s, float(take.t[-1]))
    wheel = (_WHEEL_S[0] + float(draws[0]) * (_WHEEL_S[1] - _WHEEL_S[0])) / take.manner.tempo**0.5
    squeeze = between((end - start - wheel) / 1.05, 0.5, 1.0)
    before, after = 0.55 * squeeze, 0.50 * squeeze
    wheel = min(wheel, end - start - before - after)
    begin, done = start + before, start + before + wheel
    travel = take.body.stature * (_TRAVEL + 0.12 * float(draws[1] - 0.5))
    _roll_over(take, lead, begin, done, travel, raised=pulse(take.t, start, done + after, 0.45))
    name = ("left", "right")[lead]
    return Deed(
        action="cartwheel", start_s=start, end_s=done + after, count=1, side=name, direction=name
    )


def _roll_over(
    take: Take, lead: int, begin: float, end: float, travel: float, *, raised: Floats
) -> None:
    """Turn over sideways about the body's own front axis; +angle goes to the leading side."""
    t, posture, body = take.t, take.posture, take.body
    tall, sign = body.stature, 1.0 - 2.0 * lead
    ground = ground_at(posture, begin)
    angle = 2 * np.pi * advance(t, begin, end, ramp_s=0.33 * (end - begin))
    degrees = np.degrees(angle)
    upside = (1 - np.cos(angle)) / 2
    side_way = sign * travel * angle / (2 * np.pi)
    # a step to that side first; the body is over the leading foot when it begins to turn
    there = ease((t - begin + _STEP_S) / (1.2 * _STEP_S))
    step = sign * _STEP * tall * there
    side_way += 0.6 * step * (1.0 - ease((degrees - 10.0) / 150.0))
    posture.hips += side_way[:, None] * ground.basis[:, 0]
    posture.hips[:, 1] -= 0.02 * tall * there * (1.0 - ease((degrees - 10.0) / 90.0))
    posture.ankles[:, lead] += ((degrees < 180.0) * step)[:, None] * ground.basis[:, 0]
    posture.ankles[:, lead, 1] += (degrees < 180.0) * 0.05 * tall * arc(there)
    posture.hips[:, 1] += _rise(take.body) * upside**1.5 - _DIP * tall * np.sin(angle) ** 2
    spin = _about_front(ground, -sign * angle)
    posture.turn = spin @ posture.turn
    _legs(take, ground, lead, spin, degrees, angle, travel)
    hands = ((lead, 0.425, (84.0, 205.0)), (1 - lead, 0.600, (152.0, 274.0)))
    for side, share, (touch, leave) in hands:
        aim_arm(posture, side, np.array([0.15, 2.75, 0.0, 0.10]), raised)
        place = ground.world(np.array([sign * travel * share, 0.0, 0.02]))
        place[1] = _WRIST * tall
        down = ease((degrees - touch + 40.0) / 62.0)
        down *= 1 - ease((degrees - leave + 22.0) / 75.0)
        aim_hand(posture, side, place, down, in_world=True)
    # a stoop or a slouch has no place on straight arms
    posture.trunk *= 1.0 - 0.9 * upside[:, None]
    posture.head[:, 0] -= 0.35 * upside


def _rise(body: Body) -> float:
    """Hips on straight arms, upside down, above hips on straight legs, metres."""
    arm = body.length("l_elbow") + body.length("l_wrist")
    torso = GENERIC_LENGTHS["torso"] * body.stature
    return torso + _ARMS * arm + _WRIST * body.stature - body.hip_height


def _about_front(ground: Ground, angle: Floats) -> Floats:
    return ground.basis @ axis_rotation("Z", angle) @ ground.basis.T


def _legs(
    take: Take,
    ground: Ground,
    lead: int,
    spin: Floats,
    degrees: Floats,
    angle: Floats,
    travel: float,
) -> None:
    """The trailing leg kicks up first and lands first, the leading one pushes off and follows."""
    posture, body = take.posture, take.body
    sign = 1.0 - 2.0 * lead
    moved = sign * travel * ground.basis[:, 0]
    windows = ((lead, (58.0, 325.0)), (1 - lead, (35.0, 302.0)))
    for side, (lift, land) in windows:
        out = 1.0 - 2.0 * side
        spoke = ground.basis @ (body.leg * np.array([out * 0.63, -0.775, 0.0]))
        place = posture.hips + spin @ spoke
        free = ease((degrees - lift) / 75.0) * (1 - ease((degrees - land + 75.0) / 75.0))
        planted = posture.ankles[:, side] + moved * (degrees > 180.0)[:, None]
        posture.ankles[:, side] = planted + free[:, None] * (place - planted)
        tilt = ease((degrees - lift + 60.0) / 130.0) * (1 - ease((degrees - land + 90.0) / 130.0))
        over = tilt * np.where(degrees < 180.0, angle, angle - 2 * np.pi)
        turned = _about_front(ground, -sign * over)
        posture.feet[:, side] = turned @ posture.feet[:, side] @ axis_rotation("X", 0.8 * free)
        front = spin @ (ground.basis @ np.array([out * 0.3, 0.0, 1.0]))
        posture.knees[:, side] += free[:, None] * (front - posture.knees[:, side])


SPECS: Final = (
    ActionSpec(
        name="cartwheel",
        kind="whole",
        seconds=(2.9, 3.8),
        play=_cartwheel,
        sided=True,
        counts=(1, 1),
        directions=("left", "right"),
    ),
)
