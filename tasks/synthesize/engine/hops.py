"""Hops on both feet: crouch, push, free flight, landing that gives way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.ballistic import fall_freely, frame_at
from tasks.synthesize.engine.cycles import arc, between, hermite, through
from tasks.synthesize.engine.setting import EARTH_GRAVITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.carry import Ground
    from tasks.synthesize.engine.posture import Posture
    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["Hop", "Rhythm", "free_flights", "hop", "plan_hops", "tip_feet"]

_OFF_BALL: Final = 0.90
"""Pitch of the feet when the toes leave the floor, radians; by eye."""
_ON_BALL: Final = 0.45
"""Pitch when they touch it again."""
_DEEP: Final = 0.18
"""A usual crouch, share of stature, with which trunk and arms go by 1."""
_SQUEEZE: Final = 0.7
"""Least share of the usual time in which crouch and landing can be done."""
_WORTH: Final = 0.75
"""Least share of the wanted time in the air to which hops are cut short."""
_LIMBS_S: Final = 0.42
"""Time in the air in which legs come all the way up, or out, and back."""
_QUICK_S: Final = 0.2
"""Flight of a very low hop."""
_BRINK: Final = 0.062
"""Rise of the hips at take-off on the toes, share of stature; follows from the pitch."""
_TOUCH: Final = 0.028
"""The same at the touch-down, knees not quite straight."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hop:
    """One flight from both feet to both feet."""

    low_s: float
    """Deepest moment before it."""
    off_s: float
    land_s: float
    deep_s: float
    """Deepest moment after it."""
    dip_m: float
    """Hips below standing at `low_s`."""
    give_m: float
    """Hips below standing at `deep_s`."""
    travel: tuple[float, float] = (0.0, 0.0)
    """To the left and ahead, metres."""
    tuck_m: float = 0.0
    """Feet drawn up in flight."""
    spread_m: float = 0.0
    """Feet out to the sides at the top of the flight, each."""
    stance_m: float = 0.0
    """Feet out to the sides where they land, each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """How a row of hops is timed and how big it is."""

    height_m: float
    """Rise of the body centre under the Earth's gravity."""
    dip_m: float
    tempo: float = 1.0
    low_s: float = 0.45
    push_s: float = 0.28
    give_s: float = 0.20
    settle_s: float = 0.70
    travel: tuple[float, float] = (0.0, 0.0)
    tuck_m: float = 0.0
    spread_m: float = 0.0
    stances_m: tuple[float, ...] = (0.0,)
    """Where the feet land, over and over."""


def plan_hops(
    take: Take, rhythm: Rhythm, *, start_s: float, end_s: float, count: int
) -> tuple[tuple[Hop, ...], float]:
    """Lay out hops inside a span.

    Args:
        take: Its frames and gravity.
        rhythm: Sizes and times.
        start_s: When the body begins to sink.
        end_s: When it must stand again.
        count: Wanted number, >= 1, fewer if they cannot fit; 0: as many as fit.

    Returns:
        The hops, and when the body stands again, <= `end_s`.
    """
    gravity, step = take.setting.gravity_mps2, 1.0 / take.fps
    slow = 1.0 / rhythm.tempo
    first, last = (rhythm.low_s + rhythm.push_s) * slow, (rhythm.give_s + rhythm.settle_s) * slow
    pause = (rhythm.give_s + 0.85 * rhythm.push_s) * slow
    # the legs push as hard anywhere: the speed of take-off is the Earth's
    flight = 2.0 * float(np.sqrt(2.0 * EARTH_GRAVITY * rhythm.height_m)) / gravity
    room = end_s - start_s - first - last
    num = count or int(between((room + pause) // (flight + pause), 1, 6))
    # more than can be squeezed in are not tried: rather fewer than mere twitches off the floor
    quick = max(_QUICK_S, min(_WORTH * flight, 0.45 * (end_s - start_s)))
    most = ((end_s - start_s) / _SQUEEZE - first - last + pause) / (quick + pause)
    num = min(num, max(1, int(most)))
    squeeze = min(1.0, (end_s - start_s) / (first + last + num * quick + (num - 1) * pause))
    first, last, pause = first * squeeze, last * squeeze, pause * squeeze
    room = end_s - start_s - first - last - (num - 1) * pause
    flight = step * max(3, int(min(flight, room / num) / step))
    hops = _row(
        rhythm, start_s + first, num=num, flight=flight, pause=pause, pace=(slow * squeeze, step)
    )
    return hops, hops[-1].land_s + last


def _row(
    rhythm: Rhythm, at: float, *, num: int, flight: float, pause: float, pace: tuple[float, float]
) -> tuple[Hop, ...]:
    """Hops one after another, the first take-off next to `at`; all borders of flights on frames."""
    slow, step = pace
    hops = []
    for number in range(num):
        off = step * round(at / step)
        push = rhythm.push_s * slow * (1.0 if number == 0 else 0.85)
        hops.append(
            Hop(
                low_s=off - push,
                off_s=off,
                land_s=off + flight,
                deep_s=off + flight + rhythm.give_s * slow,
                dip_m=rhythm.dip_m,
                give_m=0.75 * rhythm.dip_m,
                travel=rhythm.travel,
                # feet can be drawn up no further than there is time for
                tuck_m=rhythm.tuck_m * min(1.0, flight / _LIMBS_S),
                spread_m=rhythm.spread_m * min(1.0, flight / _LIMBS_S),
                stance_m=rhythm.stances_m[number % len(rhythm.stances_m)],
            )
        )
        at = off + flight + pause
    return tuple(hops)


def hop(take: Take, ground: Ground, hops: Sequence[Hop], *, start_s: float, end_s: float) -> Floats:
    """Hips, legs and trunk of a row of hops; arms are the caller's, then `free_flights`.

    Args:
        take: Edited in place. After a hop the base stays where it has landed.
        ground: Axes of the travel.
        hops: In time order, start and end on frames.
        start_s: When the body begins to sink.
        end_s: When it stands again.

    Returns:
        (T,) how deep the knees are bent, 0..1.
    """
    posture, stature, gravity = take.posture, take.body.stature, take.setting.gravity_mps2
    for one in hops:
        _travel(posture, ground, one)
        _legs(posture, ground, one, gravity=gravity)
    _spread(posture, ground, hops)
    rise = _rise(take, hops, start_s, end_s)
    deepest = max(max(one.dip_m, one.give_m) for one in hops)
    bend: Floats = np.clip(-rise / deepest, 0.0, 1.0)
    fold = deepest / (_DEEP * stature) * bend
    posture.hips[:, 1] += rise
    posture.hips -= 0.06 * stature * fold[:, None] * ground.basis[:, 2]
    tip_feet(posture, take.body, _pitch(take.t, hops, start_s))
    posture.turn = posture.turn @ axis_rotation("X", 0.38 * fold)
    posture.trunk[:, 0] += 0.30 * fold
    posture.head[:, 0] -= 0.42 * fold
    return bend


def _rise(take: Take, hops: Sequence[Hop], start_s: float, end_s: float) -> Floats:
    """Hips above standing, (T,) metres."""
    stature, gravity = take.body.stature, take.setting.gravity_mps2
    keys: list[tuple[float, float, float]] = [(start_s, 0.0, 0.0)]
    wide = 0.0
    for one in hops:
        flight = one.land_s - one.off_s
        # legs apart are less high
        low = one.stance_m**2 / (2.0 * take.body.leg)
        brink, touch = _BRINK * stature - wide, _TOUCH * stature - low
        mean, wide = (touch - brink) / flight, low
        if keys[-1][0] > one.low_s - 0.02:
            keys.pop()
        keys.append((one.low_s, -one.dip_m, 0.0))
        keys.append((one.off_s, brink, mean + 0.5 * gravity * flight))
        keys.append((one.land_s, touch, mean - 0.5 * gravity * flight))
        keys.append((one.deep_s, -one.give_m - low, 0.0))
    keys.append((end_s, 0.0, 0.0))
    times, values, slopes = zip(*keys, strict=True)
    # between take-off and landing the cubic piece is the parabola: its slopes are the flight's
    return hermite(take.t, times, values, slopes)


def _pitch(t: Floats, hops: Sequence[Hop], start_s: float) -> Floats:
    """Of the feet, (T,) radians: onto the balls, toes down in flight, heels down again."""
    keys: list[tuple[float, float]] = [(start_s, 0.0)]
    for one in hops:
        middle = one.off_s + 0.6 * (one.land_s - one.off_s)
        keys += [(max(one.low_s, keys[-1][0] + 0.01), 0.0), (one.off_s, _OFF_BALL)]
        keys += [(middle, 0.8 * _OFF_BALL), (one.land_s, _ON_BALL), (one.land_s + 0.09, 0.0)]
    times, values = zip(*keys, strict=True)
    return through(t, times, values)


def free_flights(take: Take, hops: Sequence[Hop]) -> None:
    """Let the body centre fly freely in every hop; call it when all limbs are final."""
    t, last = take.t, float(take.t[-1])
    for one in hops:
        if one.off_s >= 0.0 and one.land_s <= last + 1e-6:
            frames = (frame_at(t, one.off_s), frame_at(t, one.land_s))
            fall_freely(
                take.posture, take.body, frames=frames, gravity_mps2=take.setting.gravity_mps2
            )


def tip_feet(posture: Posture, body: Body, pitch: Floats) -> None:
    """Raise both heels over the balls of the feet, pitch (T,) in radians."""
    ball = body.offsets[10]
    for side in (0, 1):
        level = posture.feet[:, side]
        tipped = level @ axis_rotation("X", pitch)
        posture.ankles[:, side] += level @ ball - tipped @ ball
        posture.feet[:, side] = tipped


def _travel(posture: Posture, ground: Ground, one: Hop) -> None:
    """Hips lean into the jump, fly at an even speed and come to rest over the feet."""
    distance = float(np.hypot(*one.travel))
    if distance < 1e-6:
        return
    away = (one.travel[0] * ground.basis[:, 0] + one.travel[1] * ground.basis[:, 2]) / distance
    lean = 0.20 * distance
    speed = (distance - 2 * lean) / (one.land_s - one.off_s)
    rest = one.deep_s + 0.30
    gone = hermite(
        posture.t,
        (one.low_s - 0.10, one.off_s, one.land_s, rest),
        (0.0, lean, distance - lean, distance),
        (0.0, speed, speed, 0.0),
    )
    posture.hips += gone[:, None] * away
    feet = through(posture.t, (one.off_s, one.land_s), (0.0, distance))
    posture.ankles += (feet[:, None] * away)[:, None]


def _legs(posture: Posture, ground: Ground, one: Hop, *, gravity: float) -> None:
    """Feet rise with the body, drawn up and apart as wanted."""
    t = posture.t
    within = (t > one.off_s) & (t < one.land_s)
    u = np.clip((t - one.off_s) / (one.land_s - one.off_s), 0.0, 1.0)
    rise = np.where(within, 0.5 * gravity * (t - one.off_s) * (one.land_s - t), 0.0)
    posture.ankles[:, :, 1] += (rise + one.tuck_m * arc(u))[:, None]
    out = one.spread_m * arc(u)
    for side, sign in ((0, 1.0), (1, -1.0)):
        posture.ankles[:, side] += sign * out[:, None] * ground.basis[:, 0]


def _spread(posture: Posture, ground: Ground, hops: Sequence[Hop]) -> None:
    times, values = [hops[0].off_s], [0.0]
    for one in hops:
        if one.off_s > times[-1]:
            times.append(one.off_s)
            values.append(values[-1])
        times.append(one.land_s)
        values.append(one.stance_m)
    if any(values):
        out = through(posture.t, times, values)
        for side, sign in ((0, 1.0), (1, -1.0)):
            posture.ankles[:, side] += sign * out[:, None] * ground.basis[:, 0]
