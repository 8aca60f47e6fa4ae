"""Stretching, on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.arms import aim_arm, aim_hand
from tasks.synthesize.engine.carry import ground_at
from tasks.synthesize.engine.cycles import between
from tasks.synthesize.engine.hops import tip_feet
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import keyed, pulse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Stretch = Callable[["Take", "Floats", int, float], None]

__all__ = ["SPECS"]


def _overhead(take: Take, on: Floats, side: int, size: float) -> None:
    """Both arms up, long back, onto the toes."""
    del side
    posture = take.posture
    for one in (0, 1):
        aim_arm(posture, one, np.array([2.95, 0.18, 0.0, 0.12]), on)
    posture.trunk[:, 0] -= 0.24 * size * on
    posture.head[:, 0] -= 0.40 * on
    posture.turn = posture.turn @ axis_rotation("X", -0.05 * on)
    posture.hips[:, 1] += 0.048 * take.body.stature * on
    tip_feet(posture, take.body, 0.62 * on)
    posture.hips += _along(take, 2, 0.018 * take.body.stature * on)


def _yawn(take: Take, on: Floats, side: int, size: float) -> None:
    """Elbows wide, fists beside the head, chest out, a hand to the mouth comes after."""
    del side
    posture = take.posture
    for one in (0, 1):
        aim_arm(posture, one, np.array([0.10, 1.75, -1.5, 2.1]), on)
    posture.trunk[:, 0] -= 0.20 * size * on
    posture.head[:, 0] -= 0.45 * on
    posture.head[:, 2] += 0.12 * on
    posture.hips[:, 1] -= 0.008 * take.body.stature * on


def _bend_aside(take: Take, on: Floats, side: int, size: float) -> None:
    """Over to one side, the other arm over the head; the hips go the other way."""
    posture, sign = take.posture, 1.0 - 2.0 * side
    aim_arm(posture, 1 - side, np.array([0.10, 2.85, 0.0, 0.45]), on)
    aim_arm(posture, side, np.array([-0.05, 0.45, 0.6, 1.35]), on)
    posture.trunk[:, 2] += sign * 0.62 * size * on
    posture.head[:, 2] += sign * 0.15 * on
    posture.turn = posture.turn @ axis_rotation("Z", -sign * 0.06 * on)
    posture.hips += _along(take, 0, -sign * 0.045 * take.body.stature * on)


def _toe_touch(take: Take, on: Floats, side: int, size: float) -> None:
    """Fold at the hips, hands down to the feet, hips behind the heels."""
    del side
    # who stretches gently still gets there
    size = max(size, 1.0)
    posture, tall = take.posture, take.body.stature
    posture.turn = posture.turn @ axis_rotation("X", 1.05 * size * on)
    posture.trunk[:, 0] += 1.00 * size * on
    posture.head[:, 0] += 0.25 * on
    posture.hips += _along(take, 2, -0.105 * tall * on)
    posture.hips[:, 1] -= 0.022 * tall * on
    ahead = _along(take, 2, np.full(len(on), 0.085 * tall))
    for one in (0, 1):
        goal = posture.ankles[:, one] + ahead
        goal[:, 1] = 0.085 * tall + (1.0 - size) * 0.4 * tall
        aim_hand(posture, one, goal, on, in_world=True)


def _arm_across(take: Take, on: Floats, side: int, size: float) -> None:
    """One arm across the chest, held by the other."""
    posture, sign = take.posture, 1.0 - 2.0 * side
    tall = take.body.stature
    aim_hand(posture, side, np.array([-sign * 0.200, -0.025, 0.150]) * tall, on)
    aim_hand(posture, 1 - side, np.array([sign * 0.030, -0.035, 0.165]) * tall, on)
    for one in (0, 1):
        posture.elbows[:, one] += 0.75 * on
    posture.trunk[:, 1] -= sign * 0.22 * size * on
    posture.head[:, 1] += sign * 0.30 * on


def _shoulder_roll(take: Take, on: Floats, side: int, size: float) -> None:
    """Big backward circles of both arms."""
    del side
    circle = 2 * np.pi * 0.55 * take.manner.tempo * take.t
    for one in (0, 1):
        angles = np.stack(
            [
                0.15 + 0.95 * size * np.cos(circle),
                1.15 + 0.75 * size * np.sin(circle),
                0.0 * circle,
                1.9 + 0.1 * np.cos(circle),
            ],
            axis=-1,
        )
        aim_arm(take.posture, one, angles, on)
    take.posture.trunk[:, 0] -= 0.10 * on * np.sin(circle)


_STRETCHES: Final[dict[str, Stretch]] = {
    "overhead": _overhead,
    "yawn": _yawn,
    "side_bend": _bend_aside,
    "toe_touch": _toe_touch,
    "arm_across": _arm_across,
    "arm_circles": _shoulder_roll,
}
_SIDED: Final = ("side_bend", "arm_across")
_REACH_S: Final = 1.1
"""Into a stretch, and out of it."""
_ONE_S: Final = 2.6
"""A stretch with its hold, at ease; by eye."""


def _stretch(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=4)
    names = tuple(_STRETCHES) if beat.side is None else _SIDED
    if beat.count:
        names = tuple(name for name in names if name != "arm_circles")
    style = beat.style or names[int(draws[0] * len(names))]
    lead = take.manner.handed if draws[1] < 0.7 else 1 - take.manner.handed
    lead = lead if beat.side is None else beat.side
    length = beat.end_s - beat.start_s
    num = beat.count or int(between(round(length / (_ONE_S / take.manner.tempo)), 1, 4))
    if style == "arm_circles":
        num = 1
    size = between(take.manner.amplitude, 0.75, 1.2)
    edges = np.linspace(beat.start_s, beat.end_s, num + 1)
    for number in range(num):
        side = lead if beat.side is not None or number % 2 == 0 else 1 - lead
        low, high = edges[number], edges[number + 1]
        on = pulse(take.t, low, high, min(0.40 * (high - low), _REACH_S / take.manner.tempo))
        # a stretch goes on deepening while it is held
        on = on * (0.90 + 0.10 * keyed(take.t, (low, high), (0.0, 1.0)))
        _STRETCHES[style](take, on, side, size)
    both = num > 1 and beat.side is None
    return Deed(
        action="stretch",
        start_s=beat.start_s,
        end_s=beat.end_s,
        side=("both" if both else ("left", "right")[lead]) if style in _SIDED else "",
        count=0 if style == "arm_circles" else num,
        style=style,
    )


def _along(take: Take, axis: int, metres: Floats) -> Floats:
    """Metres (T,) along the body's left (0) or ahead (2) at the start, in the world (T, 3)."""
    way = ground_at(take.posture, 0.0).basis[:, axis]
    return metres[:, None] * way


SPECS: Final = (
    ActionSpec(
        name="stretch",
        kind="whole",
        seconds=(2.4, 7.0),
        play=_stretch,
        sided=True,
        counts=(1, 4),
        styles=tuple(_STRETCHES),
    ),
)
