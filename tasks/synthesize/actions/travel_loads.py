"""Carrying a load, pushing a heavy thing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.travel_gaits import at_pace, travelled
from tasks.synthesize.engine.arms import aim_arm, aim_hand, sided
from tasks.synthesize.engine.gaits import WALK
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Leg, Take
from tasks.synthesize.engine.timing import pulse

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting

__all__ = ["SPECS"]

_SIDES: Final = ("left", "right")
_THINGS: Final = {
    # thing: ways of carrying it
    "box": ("front", "shoulder"),
    "crate": ("front",),
    "sack": ("shoulder",),
    "bucket": ("side",),
    "suitcase": ("side",),
    "tray": ("front",),
}
_WAYS: Final = ("front", "shoulder", "side")
_RAMP_S: Final = 0.5


def _carry(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del setting
    chance = rng.uniform(size=2)
    style = replace(
        WALK,
        sink=0.012,
        twist=0.05,
        lean=0.0,
        cadence=1.06,
        width=0.22,
        lift=0.10,
        bob=0.016,
    )
    speed = beat.amount or at_pace(0.8 + 0.35 * float(chance[0]), body, manner)
    return Leg(start_s=beat.start_s, end_s=beat.end_s, speed_mps=speed, style=style)


def _carried(take: Take, beat: Beat) -> Deed:
    chance = take.rng.uniform(size=5)
    thing = beat.thing or tuple(_THINGS)[int(chance[0] * len(_THINGS))]
    ways = _THINGS.get(thing, _WAYS[:1])
    way = beat.style or ways[int(chance[1] * len(ways))]
    side = take.manner.handed if beat.side is None else beat.side
    weight = pulse(take.t, beat.start_s, beat.end_s, _RAMP_S)
    heavy = 0.5 + float(chance[2])
    deed = travelled(take, beat, direction="forward")
    if way == "front":
        _hold_in_front(take, weight, heavy, width=0.15 + 0.07 * float(chance[3]))
        return replace(deed, side="both", thing=thing, style=way)
    if way == "shoulder":
        _hold_on_shoulder(take, weight, side)
    else:
        _hold_at_side(take, weight, side, heavy)
    return replace(deed, side=_SIDES[side], thing=thing, style=way)


def _hold_in_front(take: Take, weight: np.ndarray, heavy: float, *, width: float) -> None:
    """Both hands under a thing before the belly; the trunk leans back against its weight."""
    size = take.body.stature
    take.posture.trunk[:, 0] -= 0.10 * heavy * weight
    take.posture.head[:, 0] += 0.06 * heavy * weight
    for side in (0, 1):
        place = sided((width, -0.235 - 0.02 * heavy, 0.20), side) * size
        aim_hand(take.posture, side, place, weight)
    take.posture.elbows += (0.25 * weight)[:, None]


def _hold_on_shoulder(take: Take, weight: np.ndarray, side: int) -> None:
    """One hand beside the head steadies a load; the trunk leans away from it."""
    size, sign = take.body.stature, 1.0 if side == 0 else -1.0
    aim_hand(take.posture, side, sided((0.165, 0.09, 0.075), side) * size, weight)
    take.posture.elbows[:, side] += 0.35 * weight
    take.posture.trunk[:, 2] -= 0.10 * sign * weight
    take.posture.head[:, 2] -= 0.16 * sign * weight


def _hold_at_side(take: Take, weight: np.ndarray, side: int, heavy: float) -> None:
    """One arm hangs straight under a load, the other is held out, the trunk leans away."""
    sign = 1.0 if side == 0 else -1.0
    posture = take.posture
    held = posture.arms[:, side] * np.array([0.15, 1.0, 1.0, 0.0])
    held[:, 1], held[:, 3] = 0.16, 0.10
    aim_arm(posture, side, held, weight)
    posture.arms[:, 1 - side, 1] += 0.35 * heavy * weight
    posture.trunk[:, 2] -= 0.14 * heavy * sign * weight
    posture.head[:, 2] += 0.08 * heavy * sign * weight


def _push(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del setting
    chance = rng.uniform(size=2)
    style = replace(
        WALK,
        cadence=0.95,
        lean=0.30,
        stoop=0.10,
        nod=-0.05,
        sink=0.055,
        over=0.18,
        toe_up=-0.15,
        toe_off=1.2,
        twist=0.03,
        width=0.26,
        bob=0.008,
        duty=0.60,
    )
    speed = beat.amount or at_pace(0.35 + 0.35 * float(chance[0]), body, manner)
    return Leg(start_s=beat.start_s, end_s=beat.end_s, speed_mps=speed, style=style)


def _pushed(take: Take, beat: Beat) -> Deed:
    chance = take.rng.uniform(size=3)
    things = ("car", "box", "cart", "wardrobe")
    thing = beat.thing or things[int(chance[0] * len(things))]
    posture, body = take.posture, take.body
    weight = pulse(take.t, beat.start_s, beat.end_s, _RAMP_S)
    front = posture.turn[:, :, 2] * np.array([1.0, 0.0, 1.0])
    front /= np.linalg.norm(front, axis=1, keepdims=True)
    left = np.stack([front[:, 2], np.zeros(len(front)), -front[:, 0]], axis=1)
    ground = posture.hips[:, 1] - posture.hips[:, 1].mean()
    height = (0.68 + 0.06 * float(chance[1])) * body.stature
    ahead, out = 0.40 * body.stature, (0.10 + 0.04 * float(chance[2])) * body.stature
    for side, sign in ((0, 1.0), (1, -1.0)):
        target = posture.hips + ahead * front + sign * out * left
        target[:, 1] = height + 0.3 * ground
        aim_hand(posture, side, target, weight, in_world=True)
    posture.elbows += (0.3 * weight)[:, None]
    return replace(travelled(take, beat, direction="forward"), side="both", thing=thing)


SPECS: Final = (
    ActionSpec(
        name="carry",
        kind="travel",
        seconds=(2.5, 7.0),
        play=_carried,
        go=_carry,
        sided=True,
        things=tuple(_THINGS),
        styles=_WAYS,
    ),
    ActionSpec(
        name="push",
        kind="travel",
        seconds=(2.5, 6.0),
        play=_pushed,
        go=_push,
        things=("car", "box", "cart", "wardrobe"),
    ),
)
