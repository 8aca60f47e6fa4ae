"""Both feet over the frames of a clip: planted, rolling, swinging, never sliding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.course import smooth
from tasks.synthesize.engine.footsteps import COLUMNS
from tasks.synthesize.engine.frames import yaw_pitch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.footfalls import Footfalls

    Floats = NDArray[np.float64]

__all__ = ["Feet", "foot_turns", "step_feet"]

_SOFT_M: Final = 0.004
_STRIKE: Final = 0.37
"""Part of the lift from which the foot comes down with a speed of its own."""
_BALL_S: Final = (0.12, 0.25)
"""A foot goes flat within so long of landing, and rolls over its ball so long before leaving."""
_HEEL: Final = 0.40
"""The heel is so far behind the ankle, share of the way from the ankle to the ball; by eye."""
_CARRY_S: Final = 0.35
"""A foot that is carried along is lifted, and put down, in this time."""
_FREE: Final = (0.14, -0.56, -0.30)
"""Ankle of a carried foot from the mid-hips, shares of the leg: outward, up, ahead."""
_TOES_OUT: Final = np.array([[0.02], [-0.02]])
"""Yaw of the knees against the feet, left and right."""
_WAY: Final = slice(2, 6)
"""Rows of x, y, z and yaw in the table of contacts; the others follow."""
_HEIGHT, _LIFT, _SETTLE, _TOE_OFF, _TOE_UP, _TOP, _CARRIED = 3, 6, 7, 8, 9, 10, 11
_STYLE_COLUMNS: Final = [COLUMNS[name] for name in ("lift", "settle", "toe_off", "toe_up")]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Feet:
    """Both feet; components first, then sides: every step then runs over contiguous memory."""

    ankles: Floats
    """(3, 2, T) in the world."""
    yaws: Floats
    """(2, T)."""
    pitches: Floats
    """(2, T) toes down."""
    swing: Floats
    """(2, T) progress of the swing, 0..1; 0 while the foot stands."""


def step_feet(
    t: Floats,
    body: Body,
    falls: Footfalls,
    *,
    hips: Floats,
    yaw: Floats,
    vigour: Floats,
    tilt: float = 0.0,
) -> Feet:
    """Ankles and feet of both sides.

    Args:
        t: Times, (T,).
        body: Who.
        falls: Contacts.
        hips: (T, 3) roughly where the hips will be, for feet that are carried.
        yaw: (T,) facing.
        vigour: (T,) 0 at rest: lift and roll are smaller near it.
        tilt: Angle of a sloping ground, radians, positive uphill.
    """
    now, next_ = _contacts_at(t, falls)
    leave, land = now[1], next_[0]
    u = (t - leave) / np.maximum(land - leave, 1e-3)
    u = np.minimum(np.maximum(u, 0.0), 1.0)
    # a cubic leaves and lands without sliding; a little of the straight way keeps mid-swing human
    mix = u * u * (3.0 - 2.0 * u)
    mix -= 0.20 * mix * (1.0 - mix) * (2.0 * u - 1.0)
    track = now[_WAY] + mix * (next_[_WAY] - now[_WAY])
    small = np.minimum(1.0, 0.55 + vigour) * body.leg
    start_y, end_y = now[_HEIGHT], next_[_HEIGHT]
    step_up = end_y - start_y
    uneven = bool(step_up.any())
    if uneven:
        # up a step before the nosing, down only after it
        soon, late = smooth(u / 0.6), smooth((u - 0.4) / 0.6)
        track[1] = start_y + np.where(step_up > 0.0, soon, late) * step_up
    track[1] += _arch(u, next_[_SETTLE], next_[_TOP]) * next_[_LIFT] * small
    foot_yaw = track[3]
    pitch = vigour * _roll(t, u, now, next_) - tilt
    ahead, up = _rolled(body, pitch)
    track[0] += ahead * np.sin(foot_yaw)
    track[1] += up
    track[2] += ahead * np.cos(foot_yaw)
    if uneven:
        ground = np.minimum(start_y, end_y) if not tilt else start_y + mix * step_up
        track[1] += _toes_under(body, track[1] - ground, pitch + tilt)
    if falls.carried.any():
        held = now[_CARRIED] * smooth((t - leave) / _CARRY_S)
        held *= smooth((land - t) / _CARRY_S)
        track[:3] += held * (_carried(body, hips, yaw) - track[:3])
        pitch += held * (0.9 - pitch)
        foot_yaw += held * (yaw - foot_yaw)
    return Feet(ankles=track[:3], yaws=foot_yaw, pitches=pitch, swing=u * (t > leave))


def _contacts_at(t: Floats, falls: Footfalls) -> tuple[Floats, Floats]:
    """The last contact begun and the next one, (columns, 2, T) each: see `_WAY` and what follows.

    Columns 0 and 1 are the times of landing and leaving.
    """
    here, there = np.empty((2, 2, len(t)), dtype=np.intp)
    for side in (0, 1):
        own = (falls.side == side).nonzero()[0]
        k = falls.land[own].searchsorted(t, side="right") - 1
        k = np.minimum(np.maximum(k, 0), len(own) - 2)
        here[side], there[side] = own[k], own[k + 1]
    table = np.empty((12, len(falls.land)))
    table[0], table[1] = falls.land, falls.leave
    table[2:5], table[5] = falls.place.T, falls.yaw
    table[_LIFT : _LIFT + 4] = falls.style.T[_STYLE_COLUMNS]
    settle = table[_SETTLE]
    top = 2.0 / (2.0 + settle)
    table[_TOP] = top**2 * (1.0 - top) ** settle
    table[_CARRIED] = falls.carried
    return table.take(here, axis=1), table.take(there, axis=1)


def _arch(u: Floats, settle: Floats, top: Floats) -> Floats:
    """Lift of the foot over the swing: 0, 1 at its highest, 0."""
    rest = 1.0 - u
    square = u * u
    # a power; much quicker as exponential and logarithm
    arch = square * np.exp(settle * np.log(np.maximum(rest, 1e-200))) / top
    # it comes down on the floor, not along it
    lifted: Floats = arch + _STRIKE * square * rest
    return lifted


def _roll(t: Floats, u: Floats, now: Floats, next_: Floats) -> Floats:
    """Pitch of the foot: it lands toes up (or on the ball), goes flat, leaves over the ball."""
    land, leave = now[0], now[1]
    span = leave - land
    flat = smooth((t - land) / np.minimum(0.3 * span, _BALL_S[0]))
    rolled = np.minimum(0.55 * span, _BALL_S[1])
    share = np.minimum(np.maximum((t - leave + rolled) / rolled, 0.0), 1.0)
    heel_up = share * share * np.sqrt(share)
    off, first, last = now[_TOE_OFF], now[_TOE_UP], next_[_TOE_UP]
    # the heel goes on rising at its speed as the toes leave
    swing_s = next_[0] - leave
    falling = np.maximum(1.0 - u / 0.45, 0.0)
    rising = np.minimum(2.5 * swing_s / rolled, 8.0) * u * falling * falling
    pitch: Floats = (
        off * (heel_up * (1.0 - smooth(u / 0.65)) + rising)
        - first * (1.0 - flat)
        - last * smooth((u - 0.5) / 0.5)
    )
    return pitch


def _rolled(body: Body, pitch: Floats) -> tuple[Floats, Floats]:
    """Way ahead and up of an ankle whose foot turns over its ball, or rocks on its heel, toes up.

    A foot that lay flat turns by `pitch`; the joint of the model alone would turn about the ankle.
    """
    _, drop, length = (float(x) for x in body.offsets[joint("l_foot")])
    over_ball = pitch > 0.0
    out = np.where(over_ball, length, -_HEEL * length)
    under = np.where(over_ball, drop, -body.ankle_height)
    sine, gone = np.sin(pitch), 1.0 - np.cos(pitch)
    return out * gone - under * sine, under * gone + out * sine


def _toes_under(body: Body, height: Floats, pitch: Floats) -> Floats:
    """How far a foot must rise so that its ball stays above the ground, (2, T)."""
    _, drop, length = body.offsets[joint("l_foot")]
    under = drop - height - (drop * np.cos(pitch) - length * np.sin(np.maximum(pitch, 0.0)))
    lift: Floats = _SOFT_M * np.log1p(np.exp(np.minimum(under / _SOFT_M, 50.0))) * (under > -0.03)
    return lift


def _carried(body: Body, hips: Floats, yaw: Floats) -> Floats:
    """Where a carried foot hangs, (3, 2, T)."""
    out, up, ahead = (share * body.leg for share in _FREE)
    side = np.array([[out], [-out]])
    sine, cosine = np.sin(yaw), np.cos(yaw)
    place = np.repeat(hips.T[:, None], 2, axis=1)
    place[0] += side * cosine + ahead * sine
    place[1] += up
    place[2] += ahead * cosine - side * sine
    return place


def foot_turns(feet: Feet) -> tuple[Floats, Floats]:
    """Orientations (T, 2, 3, 3) of the feet, and directions (T, 2, 3) to which the knees bend."""
    turns = yaw_pitch(feet.yaws.T, feet.pitches.T)
    knee = feet.yaws + _TOES_OUT
    poles = np.zeros((knee.shape[1], 2, 3))
    poles[..., 0], poles[..., 2] = np.sin(knee).T, np.cos(knee).T
    return turns, poles
