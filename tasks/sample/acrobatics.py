"""Leaving the ground: jumps, kicks, a cartwheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicHermiteSpline

from stickgen_model.motion.rotations import axis_rotation
from tasks.sample.motion import Span
from tasks.sample.poses import ahead
from tasks.synthesize.engine.arms import aim_arm, aim_hand
from tasks.synthesize.engine.timing import ease, keyed, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.posture import Posture

__all__ = ["cartwheel", "jump", "kick"]

_GRAVITY = 9.81
_OFF_BALL = 0.75
"""Pitch of the feet at take-off, radians."""


def jump(
    posture: Posture, body: Body, start_s: float, *, height_m: float, forward_m: float = 0.0
) -> Span:
    """Crouch, jump with a ballistic flight of the hips, land, straighten; from standing."""
    t = posture.t
    speed = float(np.sqrt(2 * _GRAVITY * height_m))
    flight = 2 * speed / _GRAVITY
    low, off = start_s + 0.55, start_s + 0.55 + 0.27
    land, deep, end = off + flight, off + flight + 0.22, off + flight + 0.95
    dip, brink = -0.15 * body.stature, 0.012 * body.stature
    before = CubicHermiteSpline([start_s, low, off], [0, dip, brink], [0, 0, speed])
    after = CubicHermiteSpline([land, deep, end], [brink, 0.85 * dip, 0], [-speed, 0, 0])
    air = brink + speed * (t - off) - 0.5 * _GRAVITY * (t - off) ** 2
    rise = np.where(t < off, before(np.clip(t, start_s, off)), after(np.clip(t, land, end)))
    rise = np.where((t >= off) & (t < land), air, rise)
    facing = ahead(posture)
    run = keyed(t, (low + 0.1, land + 0.15), (0.0, forward_m))
    gone = keyed(t, (off, land), (0.0, forward_m))
    flying = np.clip((t - off) / flight, 0.0, 1.0)
    lift = height_m * 16 * flying**2 * (1 - flying) ** 2
    pitch = keyed(t, (low, off, off + 0.6 * flight, land, land + 0.12), (0, 1, 0.7, 0.35, 0))
    bend = np.maximum(0.0, -rise) / -dip
    posture.hips[:, 1] += rise
    posture.hips += (run[:, None] - 0.07 * bend[:, None]) * facing
    posture.ankles += (gone[:, None] * facing)[:, None]
    posture.ankles[:, :, 1] += lift[:, None]
    _tip_feet(posture, body, _OFF_BALL * pitch)
    posture.turn = posture.turn @ axis_rotation("X", 0.40 * bend)
    posture.trunk[:, 0] += 0.30 * bend
    posture.head[:, 0] -= 0.40 * bend
    times = (start_s, low - 0.10, off + 0.12, deep, end)
    swing = keyed(t, times, (0.0, -0.60, 1.55, 0.55, 0.0))
    posture.arms[:, :, 0] += swing[:, None]
    posture.arms[:, :, 3] += 0.35 * np.abs(swing)[:, None]
    text = "jumps forward" if forward_m > 0.2 else "jumps up"
    return Span(action="jump", start_s=start_s, end_s=end, text=text)


def _tip_feet(posture: Posture, body: Body, pitch: NDArray[np.float64]) -> None:
    """Raise both heels over the balls of the feet, pitch (T,) in radians."""
    ball = body.offsets[10]
    for side in (0, 1):
        level = posture.feet[:, side]
        tipped = level @ axis_rotation("X", pitch)
        posture.ankles[:, side] += level @ ball - tipped @ ball
        posture.feet[:, side] = tipped


def kick(posture: Posture, body: Body, start_s: float, *, side: int = 1) -> Span:
    """Kick forward with one leg, standing on the other."""
    t, tall = posture.t, body.stature
    sign = 1.0 - 2.0 * side
    times = tuple(start_s + d / body.tempo for d in (0.0, 0.45, 0.80, 0.92, 1.65))
    facing = ahead(posture)
    left = np.cross(np.array([0.0, 1.0, 0.0]), facing)
    # ankle up and ahead of where it stood, share of stature; pitch of the foot
    track = keyed(
        t,
        times,
        [(0, 0, 0), (0.15, -0.20, 0.75), (0.40, 0.44, -0.75), (0.40, 0.44, -0.75), (0, 0, 0)],
    )
    posture.ankles[:, side, 1] += track[:, 0] * tall
    posture.ankles[:, side] += track[:, 1, None] * tall * facing
    posture.feet[:, side] = posture.feet[:, side] @ axis_rotation("X", track[:, 2])
    lean = pulse(t, times[0], times[4], 0.4)
    away = keyed(t, times, (0.0, 0.12, -0.22, -0.22, 0.0))
    posture.hips += -sign * 0.045 * tall * lean[:, None] * left
    posture.hips[:, 1] -= 0.02 * tall * lean
    posture.turn = posture.turn @ axis_rotation("X", away)
    posture.trunk[:, 2] += -sign * 0.06 * lean
    swing = keyed(t, times, (0.0, -0.5, 0.9, 0.9, 0.0))
    posture.arms[:, 1 - side, 0] += swing
    posture.arms[:, side, 0] -= 0.7 * swing
    posture.arms[:, :, 1] += 0.35 * lean[:, None]
    foot = "right" if side else "left"
    text = f"kicks with the {foot} foot"
    return Span(action="kick", start_s=times[0], end_s=times[4], text=text)


def cartwheel(posture: Posture, body: Body, start_s: float) -> Span:
    """Turn over sideways to the left, hands and feet in turn; from standing, facing +z."""
    t, tall = posture.t, body.stature
    begin, end = start_s + 0.55, start_s + 0.55 + 1.8
    u = np.clip((t - begin) / (end - begin), 0.0, 1.0)
    angle = 2 * np.pi * (0.6 * ease(u) + 0.4 * u * u * (3 - 2 * u))
    travel = 1.30 * tall
    start = posture.hips[:, 0].copy()
    upside = (1 - np.cos(angle)) / 2
    posture.hips[:, 0] += travel * angle / (2 * np.pi)
    posture.hips[:, 1] += 0.13 * tall * upside**1.5 - 0.05 * tall * np.sin(angle) ** 2
    spin = axis_rotation("Z", -angle)
    posture.turn = spin @ posture.turn
    degrees = np.degrees(angle)
    windows = ((0, (58.0, 325.0)), (1, (35.0, 302.0)))
    for side, (lift, land) in windows:
        sign = 1.0 - 2.0 * side
        spoke = posture.hips + spin @ (body.leg * np.array([sign * 0.62, -0.76, 0.0]))
        free = ease((degrees - lift) / 75.0) * (1 - ease((degrees - land + 75.0) / 75.0))
        planted = posture.ankles[:, side] + np.array([travel, 0.0, 0.0]) * (degrees > 180)[:, None]
        posture.ankles[:, side] = planted + free[:, None] * (spoke - planted)
        tilt = ease((degrees - lift + 60.0) / 130.0) * (1 - ease((degrees - land + 90.0) / 130.0))
        turned = axis_rotation("Z", -tilt * np.where(degrees < 180, angle, angle - 2 * np.pi))
        point_toes = axis_rotation("X", 0.8 * free)
        posture.feet[:, side] = turned @ posture.feet[:, side] @ point_toes
        front = spin @ np.array([sign * 0.3, 0.0, 1.0])
        posture.knees[:, side] += free[:, None] * (front - posture.knees[:, side])
    raised = pulse(t, start_s, end + 0.6, 0.5)
    for side, (touch, leave) in ((0, (100.0, 215.0)), (1, (145.0, 262.0))):
        aim_arm(posture, side, np.array([0.15, 2.75, 0.0, 0.10]), raised)
        centre = start + travel * (0.40 if side == 0 else 0.60)
        place = np.stack([centre, np.full_like(t, 0.028 * tall), posture.hips[:, 2]], axis=-1)
        down = ease((degrees - touch + 25.0) / 60.0)
        down *= 1 - ease((degrees - leave + 25.0) / 60.0)
        aim_hand(posture, side, place, down, in_world=True)
    return Span(
        action="cartwheel", start_s=start_s, end_s=end + 0.3, text="turns a cartwheel to the left"
    )
