"""Things picked up from the floor, bows and curtsies: key poses on the feet, and back.

The mix of bent knees, bent hips and a rounded back is set by eye beside CMU trial 02_06 (a man who
bends over, scoops something up and rises, nine times).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.arms import aim_arm
from tasks.synthesize.engine.stances_lay import Key, anchor_at, lay_keys
from tasks.synthesize.engine.stances_poses import Frame, Hand, Pose, foot_at, sign_of, tipped
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from tasks.synthesize.engine.stances_poses import Angles, Place

__all__ = ["BOW", "PICK_UP"]

_SIDES: Final = ("left", "right")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Thing:
    """How something on the floor is taken."""

    high_m: float
    """Wrist above the floor when the hand has it."""
    both: bool
    carried: Angles
    """Arm that holds it afterwards."""
    wide: float = 0.0
    """Half the distance between two hands, of stature."""


_THINGS: Final = {
    "ball": _Thing(high_m=0.11, both=False, carried=(0.45, 0.10, 0.45, 1.35)),
    "coin": _Thing(high_m=0.06, both=False, carried=(0.55, 0.15, 0.65, 1.75)),
    "bag": _Thing(high_m=0.11, both=False, carried=(0.10, 0.16, 0.25, 0.20)),
    "cup": _Thing(high_m=0.09, both=False, carried=(0.40, 0.12, 0.50, 1.45)),
    "box": _Thing(high_m=0.11, both=True, carried=(0.42, 0.12, 0.40, 1.20), wide=0.095),
}
_PICKS: Final = ("squatting", "bending over")


def _picks(take: Take, beat: Beat) -> Deed:
    luck = take.rng.uniform(-1.0, 1.0, 4)
    thing = beat.thing if beat.thing in _THINGS else ""
    how = _THINGS[thing or "ball"]
    side = take.manner.handed if beat.side is None else beat.side
    bends = luck[0] > 0.3 if beat.style not in _PICKS else beat.style == _PICKS[1]
    anchor = anchor_at(take, beat.start_s)
    frame = replace(Frame.of(take.body, anchor.stood, anchor.yaws), side=side)
    low = _low_reach(frame, how, bends=bool(bends), ahead=0.02 * float(luck[1]))
    whole = beat.end_s - beat.start_s
    down = min(1.15 / take.manner.tempo, 0.36 * whole)
    grasp = min(0.35, 0.12 * whole)
    up = down * (1.0 + 0.1 * float(luck[2]))
    at = beat.start_s
    lay_keys(
        take,
        anchor,
        (
            Key(at_s=at, pose=None),
            Key(at_s=at + 0.55 * down, pose=_half(frame, low, how)),
            Key(at_s=at + down, pose=low),
            Key(at_s=at + down + grasp, pose=replace(low, head=(0.1, 0.0, 0.0))),
            Key(at_s=at + down + grasp + up, pose=None),
        ),
    )
    # the hand has it from the floor to the end; it is lowered, or set aside, in the last moment
    begin = at + down + grasp + 0.15 * up
    let_go = min(0.45, 0.5 * (beat.end_s - begin))
    weight = ease((take.t - begin) / (0.7 * up))
    weight = weight * (1.0 - ease((take.t - beat.end_s + let_go) / let_go))
    for hand in (0, 1):
        if how.both or hand == side:
            aim_arm(take.posture, hand, np.array(how.carried), weight)
    return Deed(
        action=beat.action,
        start_s=beat.start_s,
        end_s=beat.end_s,
        side="both" if how.both else _SIDES[side],
        thing=thing,
        style=_PICKS[int(bends)],
    )


def _low_reach(frame: Frame, how: _Thing, *, bends: bool, ahead: float) -> Pose:
    """Down at the thing: squatting, or bending over on slightly bent knees."""
    tall, side = frame.tall, frame.side
    sign = 0.0 if how.both else sign_of(side)
    x, z = 0.055 * sign * tall, (0.145 + ahead) * tall
    # shorter arms have to go lower, longer ones would fold
    drop = 1.2 * frame.short
    hips: Place = (0.0, 0.148 * tall, -0.055 * tall)
    if bends:
        hips = (0.0, 0.385 * tall, -0.135 * tall)
    hips = (0.0, hips[1] - drop * tall, hips[2])
    pitch, bend = (1.15, 0.98) if bends else (0.44, 0.84)
    grip = [
        Hand(at=(x + (sign_of(k) * how.wide * tall if how.both else 0.0), how.high_m, z))
        for k in (0, 1)
    ]
    rest: Angles = (0.9, 0.2, 0.3, 0.9) if not bends else (0.9, 0.15, 0.3, 0.6)
    ahead_of_knee = Hand(at=(-0.11 * sign * tall, 0.19 * tall, 0.20 * tall))
    other = None if bends else ahead_of_knee
    used = [hand if how.both or k == side else other for k, hand in enumerate(grip)]
    return Pose(
        hips=hips,
        turn=(0.0, pitch, -0.06 * sign, 0.0),
        trunk=(bend, -0.15 * sign, -0.10 * sign),
        head=(-0.15, 0.0, 0.0),
        arms=(rest, rest),
        hands=(used[0], used[1]),
        feet=(None, None) if bends else (tipped(frame, 0, 0.30), tipped(frame, 1, 0.30)),
        knees=((0.25, 0.0, 1.0), (-0.25, 0.0, 1.0)),
    )


def _half(frame: Frame, low: Pose, how: _Thing) -> Pose:
    """Half way down, the hand already on its way, the eyes on the thing."""
    high = 0.515 * frame.tall
    arm: Angles = (1.0, 0.12, 0.25, 0.45)
    free: Angles = (0.45, 0.2, 0.25, 0.6)
    left = arm if how.both or frame.side == 0 else free
    right = arm if how.both or frame.side == 1 else free
    return replace(
        low,
        hips=(0.0, 0.5 * (high + low.hips[1]), 0.75 * low.hips[2]),
        turn=(0.0, 0.55 * low.turn[1], 0.0, 0.0),
        trunk=(0.5 * low.trunk[0], 0.0, 0.0),
        head=(0.10, 0.0, 0.0),
        arms=(left, right),
        hands=(None, None),
        feet=(None, None),
    )


_BOWS: Final = ("deep", "slight", "curtsy", "with a flourish")


def _bows(take: Take, beat: Beat) -> Deed:
    luck = take.rng.uniform(-1.0, 1.0, 4)
    style = beat.style
    if style not in _BOWS:
        style = _BOWS[int(np.searchsorted((-0.3, 0.3, 0.65), luck[0]))]
    whole = beat.end_s - beat.start_s
    count = beat.count or 1
    side = take.manner.handed if beat.side is None else beat.side
    anchor = anchor_at(take, beat.start_s)
    frame = replace(Frame.of(take.body, anchor.stood, anchor.yaws), side=side)
    size = float(np.clip(take.manner.amplitude * (1.0 + 0.08 * luck[1]), 0.75, 1.25))
    build = {"deep": _deep_bow, "slight": _slight_bow, "curtsy": _curtsy}.get(style, _flourish)
    pose = build(frame, size)
    keys = []
    for number in range(count):
        at = beat.start_s + number * whole / count
        down = (0.40 + 0.04 * float(luck[2])) * whole / count
        keys += [
            Key(at_s=at, pose=None),
            Key(at_s=at + down, pose=pose),
            Key(at_s=at + down + 0.16 * whole / count, pose=pose),
        ]
    lay_keys(take, anchor, (*keys, Key(at_s=beat.end_s, pose=None)))
    return Deed(
        action=beat.action, start_s=beat.start_s, end_s=beat.end_s, count=count, style=style
    )


def _bent(frame: Frame, lean: float, *, arms: tuple[Angles, Angles]) -> Pose:
    """Bent at the hips by an angle in radians, the seat going back so that nobody topples."""
    back = 0.125 * frame.tall * math.sin(lean)
    leg = 0.985 * (frame.thigh + frame.shin)
    drop = leg - math.sqrt(leg * leg - back * back)
    height = frame.ankle + leg - drop
    return Pose(
        hips=(0.0, height, -back),
        turn=(0.0, 0.68 * lean, 0.0, 0.0),
        trunk=(0.50 * lean, 0.0, 0.0),
        head=(0.12 * lean, 0.0, 0.0),
        arms=arms,
    )


def _deep_bow(frame: Frame, size: float) -> Pose:
    lean = 1.25 * size
    arm: Angles = (0.72 * lean, 0.06, 0.30, 0.20)
    return _bent(frame, lean, arms=(arm, arm))


def _slight_bow(frame: Frame, size: float) -> Pose:
    lean = 0.50 * size
    arm: Angles = (0.20 * lean, 0.06, 0.25, 0.18)
    return _bent(frame, lean, arms=(arm, arm))


def _flourish(frame: Frame, size: float) -> Pose:
    """One arm across the waist, the other swept out behind."""
    lean = 1.05 * size
    waist: Angles = (0.62, 0.10, 1.05, 1.55)
    swept: Angles = (-0.35, 0.75, 0.10, 0.25)
    arms = (waist, swept) if frame.side == 0 else (swept, waist)
    return _bent(frame, lean, arms=arms)


def _curtsy(frame: Frame, size: float) -> Pose:
    """One foot behind the other, the knees bend, the hands hold an imagined skirt."""
    tall, sign = frame.tall, sign_of(frame.side)
    skirt: Angles = (0.10, 0.45, 0.15, 0.55)
    x = -sign * 0.05 * tall
    rear = foot_at(frame, (x, 0.085 * tall, -0.19 * tall), pitch=0.62, yaw=sign * 0.2)
    return Pose(
        hips=(0.25 * x, (0.515 - 0.085 * size) * tall, -0.045 * tall),
        turn=(0.0, 0.10, 0.0, 0.0),
        trunk=(0.22 * size, 0.0, 0.0),
        head=(0.28 * size, 0.0, 0.0),
        arms=(skirt, skirt),
        feet=(None, rear) if frame.side else (rear, None),
        knees=((0.35, 0.0, 1.0), (-0.35, 0.0, 1.0)),
    )


PICK_UP: Final = ActionSpec(
    name="pick_up",
    kind="whole",
    seconds=(2.4, 4.0),
    play=_picks,
    sided=True,
    things=tuple(_THINGS),
    styles=_PICKS,
)
BOW: Final = ActionSpec(
    name="bow", kind="whole", seconds=(1.8, 3.2), play=_bows, counts=(1, 3), styles=_BOWS
)
