"""Both feet over the frames of a clip: planted, rolling, swinging, never sliding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.course import smooth
from tasks.synthesize.engine.footsteps import COLUMNS
from tasks.synthesize.engine.frames import yaw_pitch
from tasks.synthesize.engine.limbs import REACH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.footfalls import Footfalls

    Floats = NDArray[np.float64]

__all__ = ["Feet", "foot_turns", "hips_in_reach", "keep_legs_in_reach", "step_feet", "within_reach"]

_SOFT_M: Final = 0.004
_SOFT_TOP_M: Final = 0.02
_SMOOTH_S: Final = 0.10
"""Time in which the hips go down before a leg would be too short."""
_HIGHEST: Final = 0.36
"""A foot stays so far under the hips, share of the leg: the knee keeps a side to bend to."""
_HELD: Final = 0.04
"""Share of the swing in which a foot that has just left, or is about to land, still limits the
hips: it cannot come along yet."""
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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Feet:
    """Both feet, sides along axis 1."""

    ankles: Floats
    """(T, 2, 3) in the world."""
    yaws: Floats
    """(T, 2)."""
    pitches: Floats
    """(T, 2) toes down."""
    swing: Floats
    """(T, 2) progress of the swing, 0..1; 0 while the foot stands."""


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
    here, there = _contacts_at(t, falls)
    clock = t[:, None]
    leave, land = falls.leave[here], falls.land[there]
    style = falls.style[there]
    u = (clock - leave) / np.maximum(land - leave, 1e-3)
    u = np.minimum(np.maximum(u, 0.0), 1.0)
    start, end = falls.place[here], falls.place[there]
    # a cubic leaves and lands without sliding; a little of the straight way keeps mid-swing human
    mix = u * u * (3.0 - 2.0 * u)
    mix -= 0.20 * mix * (1.0 - mix) * (2.0 * u - 1.0)
    place = start + mix[..., None] * (end - start)
    small = np.minimum(1.0, 0.55 + vigour)[:, None]
    arch = _arch(u, style[..., COLUMNS["settle"]]) * style[..., COLUMNS["lift"]] * small
    step_up = end[..., 1] - start[..., 1]
    if step_up.any():
        # up a step before the nosing, down only after it
        soon, late = smooth(u / 0.6), smooth((u - 0.4) / 0.6)
        place[..., 1] = start[..., 1] + np.where(step_up > 0.0, soon, late) * step_up
    place[..., 1] += arch * body.leg
    foot_yaw = falls.yaw[here] + mix * (falls.yaw[there] - falls.yaw[here])
    pitch = vigour[:, None] * _roll(clock, u, falls, here, there) - tilt
    place += _over_ball(body, foot_yaw, pitch) + _over_heel(body, foot_yaw, pitch)
    if step_up.any():
        ground = (
            np.minimum(start[..., 1], end[..., 1]) if not tilt else start[..., 1] + mix * step_up
        )
        place[..., 1] += _toes_under(body, place[..., 1] - ground, pitch + tilt)
    if falls.carried.any():
        held = falls.carried[here] * smooth((clock - leave) / _CARRY_S)
        held *= smooth((land - clock) / _CARRY_S)
        place += held[..., None] * (_carried(body, hips, yaw) - place)
        pitch += held * (0.9 - pitch)
        foot_yaw += held * (yaw[:, None] - foot_yaw)
    return Feet(ankles=place, yaws=foot_yaw, pitches=pitch, swing=u * (clock > leave))


def _contacts_at(t: Floats, falls: Footfalls) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Numbers of the last contact begun and of the next one, (T, 2) each."""
    here = np.empty((len(t), 2), dtype=np.intp)
    there = np.empty((len(t), 2), dtype=np.intp)
    for side in (0, 1):
        own = np.flatnonzero(falls.side == side)
        k = np.clip(np.searchsorted(falls.land[own], t, side="right") - 1, 0, len(own) - 2)
        here[:, side], there[:, side] = own[k], own[k + 1]
    return here, there


def _arch(u: Floats, settle: Floats) -> Floats:
    """Lift of the foot over the swing: 0, 1 at its highest, 0."""
    top = 2.0 / (2.0 + settle)
    arch = u**2 * (1.0 - u) ** settle / (top**2 * (1.0 - top) ** settle)
    # it comes down on the floor, not along it
    lifted: Floats = arch + _STRIKE * u**2 * (1.0 - u)
    return lifted


def _roll(
    clock: Floats,
    u: Floats,
    falls: Footfalls,
    here: NDArray[np.intp],
    there: NDArray[np.intp],
) -> Floats:
    """Pitch of the foot: it lands toes up (or on the ball), goes flat, leaves over the ball."""
    land, leave = falls.land[here], falls.leave[here]
    span = leave - land
    flat = smooth((clock - land) / np.minimum(0.3 * span, _BALL_S[0]))
    rolled = np.minimum(0.55 * span, _BALL_S[1])
    heel_up = np.minimum(np.maximum((clock - leave + rolled) / rolled, 0.0), 1.0) ** 2.5
    off = falls.style[here, COLUMNS["toe_off"]]
    first, next_ = falls.style[here, COLUMNS["toe_up"]], falls.style[there, COLUMNS["toe_up"]]
    # the heel goes on rising at its speed as the toes leave
    swing_s = falls.land[there] - leave
    rising = np.minimum(2.5 * swing_s / rolled, 8.0) * u * np.maximum(1.0 - u / 0.45, 0.0) ** 2
    pitch: Floats = (
        off * (heel_up * (1.0 - smooth(u / 0.65)) + rising)
        - first * (1.0 - flat)
        - next_ * smooth((u - 0.5) / 0.5)
    )
    return pitch


def _over_ball(body: Body, yaw: Floats, pitch: Floats) -> Floats:
    """Way of the ankle when the foot turns over its ball instead of its heel, (T, 2, 3)."""
    _, drop, length = body.offsets[joint("l_foot")]
    down = np.maximum(pitch, 0.0)
    sine, cosine = np.sin(down), np.cos(down)
    up = drop - (drop * cosine - length * sine)
    ahead = length - (drop * sine + length * cosine)
    return np.stack([ahead * np.sin(yaw), up, ahead * np.cos(yaw)], axis=-1)


def _over_heel(body: Body, yaw: Floats, pitch: Floats) -> Floats:
    """Way of the ankle while the foot rocks on its heel, toes up, (T, 2, 3)."""
    behind, under = _HEEL * body.offsets[joint("l_foot")][2], body.ankle_height
    up = np.maximum(-pitch, 0.0)
    sine, cosine = np.sin(up), np.cos(up)
    back = behind - (behind * cosine - under * sine)
    rise = behind * sine - under * (1.0 - cosine)
    return np.stack([-back * np.sin(yaw), rise, -back * np.cos(yaw)], axis=-1)


def _toes_under(body: Body, height: Floats, pitch: Floats) -> Floats:
    """How far a foot must rise so that its ball stays above the ground, (T, 2)."""
    _, drop, length = body.offsets[joint("l_foot")]
    under = drop - height - (drop * np.cos(pitch) - length * np.sin(np.maximum(pitch, 0.0)))
    lift: Floats = _SOFT_M * np.log1p(np.exp(np.minimum(under / _SOFT_M, 50.0))) * (under > -0.03)
    return lift


def _carried(body: Body, hips: Floats, yaw: Floats) -> Floats:
    """Where a carried foot hangs, (T, 2, 3)."""
    out, up, ahead = (share * body.leg for share in _FREE)
    side = np.array([out, -out])
    sine, cosine = np.sin(yaw)[:, None], np.cos(yaw)[:, None]
    gap = np.stack([side * cosine + ahead * sine, np.full_like(side * sine, up)], axis=-1)
    z = -side * sine + ahead * cosine
    place: Floats = hips[:, None] + np.concatenate([gap, z[..., None]], axis=-1)
    return place


def hips_in_reach(body: Body, hips: Floats, across: Floats, feet: Feet, *, fps: float) -> Floats:
    """Height of the hips, lowered smoothly in time where a standing leg would be too short.

    Args:
        body: Whose legs.
        hips: (T, 3) wanted.
        across: (T, 3) direction from the right hip to the left one.
        feet: Both feet.
        fps: Frames per second.

    Returns:
        (T,) metres, nowhere above `hips[:, 1]`.
    """
    reach = (REACH - 0.0005) * body.leg
    out = across[:, None] * body.offsets[1:3, :1]
    gap = hips[:, None] + out - feet.ankles
    flat = gap[..., 0] ** 2 + gap[..., 2] ** 2
    over = gap[..., 1] - np.sqrt(np.maximum(reach**2 - flat, 1e-4))
    # a swinging leg bends: it limits nothing
    free = np.maximum(np.minimum(feet.swing, 1.0 - feet.swing) - _HELD, 0.0)
    over -= body.leg * np.minimum(1.0, 8.0 * free)
    steep = np.exp(np.minimum(over / _SOFT_M, 50.0))
    lower = _SOFT_M * np.log1p(steep[:, 0] + steep[:, 1])
    height: Floats = hips[:, 1] - _spread_out(lower, fps)
    return height


def _spread_out(lower: Floats, fps: float) -> Floats:
    """A smooth track that is nowhere less: the most in reach of a kernel, then the kernel."""
    width = max(1, round(_SMOOTH_S * fps))
    most = maximum_filter1d(lower, 2 * width + 1)
    return gaussian_filter1d(most, width / 2.2, radius=width)


def keep_legs_in_reach(
    body: Body,
    hips: Floats,
    turn: Floats,
    ankles: Floats,
    bearing: NDArray[np.bool_],
    *,
    fps: float,
) -> Floats:
    """Height of the hips, lowered smoothly in time where a bearing leg would be too short.

    Args:
        body: Whose legs.
        hips: (T, 3) wanted.
        turn: (T, 3, 3) orientation of the pelvis.
        ankles: (T, 2, 3) in the world.
        bearing: (T, 2) True where the foot must stay where it is.
        fps: Frames per second.

    Returns:
        (T,) metres, nowhere above `hips[:, 1]`.
    """
    # as long as the base lets a leg be: what stands already is not lowered
    reach = (REACH - 0.0004) * body.leg
    gap = hips[:, None] + turn[:, None, :, 0] * body.offsets[1:3, :1] - ankles
    flat = gap[..., 0] ** 2 + gap[..., 2] ** 2
    missing = gap[..., 1] - np.sqrt(np.maximum(reach**2 - flat, 1e-4))
    excess = np.maximum(np.where(bearing, missing, 0.0).max(axis=1), 0.0)
    height: Floats = hips[:, 1] - _spread_out(excess, fps)
    return height


def within_reach(body: Body, hips: Floats, across: Floats, feet: Feet) -> Floats:
    """Ankles (T, 2, 3); a swinging foot too far from its hip comes along softly."""
    reach = (REACH - 0.01) * body.leg
    start = hips[:, None] + body.offsets[1, 0] * across[:, None] * np.array([1.0, -1.0])[:, None]
    gap = feet.ankles - start
    distance = np.sqrt((gap * gap).sum(axis=-1))
    excess = np.maximum(distance / reach - 1.0, 0.0)
    window = smooth(feet.swing / 0.06) * smooth((1.0 - feet.swing) / 0.06)
    pull = window * excess / (1.0 + excess)
    ankles: Floats = feet.ankles - pull[..., None] * gap
    top = hips[:, 1, None] - _HIGHEST * body.leg
    over = (ankles[..., 1] - top) / _SOFT_TOP_M
    ankles[..., 1] -= _SOFT_TOP_M * np.log1p(np.exp(np.minimum(over, 50.0)))
    return ankles


def foot_turns(feet: Feet) -> tuple[Floats, Floats]:
    """Orientations (T, 2, 3, 3) of the feet, and directions (T, 2, 3) to which the knees bend."""
    knee = feet.yaws + np.array([0.02, -0.02])
    poles = np.stack([np.sin(knee), np.zeros_like(knee), np.cos(knee)], axis=-1)
    return yaw_pitch(feet.yaws, feet.pitches), poles
