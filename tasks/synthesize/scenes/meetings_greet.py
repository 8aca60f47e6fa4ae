"""Meetings of hands and arms: shaking hands, high fives, hugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.arms import aim_hand, sided
from tasks.synthesize.engine.contact import (
    PALM_M,
    arm_length,
    incline,
    lean_to_reach,
    look_at,
    reach_palm,
    shift_hips,
    solved,
    spine_place,
)
from tasks.synthesize.engine.take import LEFT, RIGHT
from tasks.synthesize.engine.timing import keyed, pulse
from tasks.synthesize.scenes.meetings_spec import Encounter, MeetingSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["GREETINGS", "common_height", "face_each_other"]

_SHAKE_HZ: Final = 2.3
"""Shakes a second, by eye; two to four shakes are usual."""
_SHAKE_M: Final = 0.04
_SHAKE_HEIGHT: Final = 0.60
"""Of stature: clasped hands of two adults are at the height of the waist or just above."""
_FIVE_HEIGHT: Final = {"high": 0.99, "double": 0.90, "low": 0.52}
"""Of stature: palms above the shoulders, or below the waist."""


def common_height(
    encounter: Encounter, middle: Floats, *, share: float, when_s: float, side: int = RIGHT
) -> float:
    """Height at which two palms can meet, metres.

    Args:
        encounter: Its first two actors meet.
        middle: (T, 3), where they meet over the floor.
        share: Wanted height as a share of each one's stature.
        when_s: When they meet.
        side: The hand that meets.
    """
    row = int(np.clip(np.searchsorted(encounter.t, when_s), 0, len(encounter.t) - 1))
    wanted = float(np.mean([share * take.body.stature for take in encounter.takes[:2]]))
    lows, highs = [], []
    for take in encounter.takes[:2]:
        name = ("l_" if side == LEFT else "r_") + "shoulder"
        shoulder = solved(take, slice(row, row + 1))[0, body_index(name)]
        reach = 0.97 * arm_length(take.body) + PALM_M
        level = float(np.hypot(*(middle[row] - shoulder)[[0, 2]]))
        rise = float(np.sqrt(max(reach**2 - level**2, 0.0)))
        lows.append(float(shoulder[1]) - rise)
        highs.append(float(shoulder[1]) + rise)
    # where both cannot, the middle between them: leaning does the rest
    low, high = max(lows), min(highs)
    return float(np.clip(wanted, low, high)) if low <= high else 0.5 * (low + high)


def face_each_other(encounter: Encounter, weight: Floats) -> None:
    """Eyes on each other's faces."""
    heads = [encounter.head_of(one) for one in (0, 1)]
    for one in (0, 1):
        look_at(encounter.takes[one], heads[1 - one], weight)


def _handshake(encounter: Encounter) -> None:
    t, meeting, style = encounter.t, encounter.meeting, encounter.meeting.style
    length = meeting.end_s - meeting.start_s
    ramp = float(np.clip(0.55 / encounter.tempo, 0.25, 0.26 * length))
    first, last = meeting.start_s + ramp, meeting.end_s - 0.9 * ramp
    rate = _SHAKE_HZ * encounter.tempo * float(encounter.rng.uniform(0.85, 1.15))
    most = 2 if style == "brief" else 7
    count = int(np.clip(round(rate * (last - first - 0.10)), 2, most))
    size = _SHAKE_M * float(np.mean([take.manner.amplitude for take in encounter.takes]))
    size *= {"brief": 0.8, "hearty": 1.7}.get(style, 1.0)
    begin, done = first + 0.05, min(first + 0.05 + count / rate, last)
    u = np.clip((t - begin) / (done - begin), 0.0, 1.0)
    # every shake begins downwards and has its own strength
    swing = -size * np.sin(2 * np.pi * count * u) * (1.15 - 0.3 * u)
    middle, along = encounter.between()
    height = common_height(encounter, middle, share=_SHAKE_HEIGHT, when_s=first)
    place = middle.copy()
    place[:, 1] = height + swing
    weight = pulse(t, meeting.start_s, meeting.end_s, ramp)
    both = style == "two_handed"
    clasp = pulse(t, first, meeting.end_s - 0.1 * ramp, 0.8 * ramp) if both else None
    face_each_other(encounter, pulse(t, meeting.start_s, meeting.end_s, 0.5))
    for take in encounter.takes:
        incline(take, 0.08 * take.manner.amplitude * weight)
        take.posture.trunk[:, 1] += 0.16 * weight
        lean_to_reach(take, [(RIGHT, place)], weight)
    for one, take in enumerate(encounter.takes):
        reach_palm(take, RIGHT, place, weight)
        if clasp is not None and one == 0:
            over = place + 0.05 * along + np.array([0.0, 0.05, 0.0])
            reach_palm(take, LEFT, over, clasp)
        encounter.tell(
            one,
            "handshake",
            start_s=meeting.start_s,
            end_s=meeting.end_s,
            side="right",
            count=count,
            style=style,
        )


def _five_wind_up(take: Take, sides: Sequence[int], keys: Sequence[float], *, low: bool) -> None:
    """Hands go up and back (low: down and back) before they swing to the other's."""
    t = take.t
    place = (0.30, -0.42, -0.10) if low else (0.26, 0.24, 0.02)
    scale = take.body.stature / 1.7
    # the palm's target takes over while the hand is still on its way: one movement, no stop
    weight = keyed(t, (keys[0], keys[1], keys[2], keys[2] + 0.01), (0.0, 1.0, 1.0, 0.0))
    for side in sides:
        aim_hand(take.posture, side, scale * sided(place, side), weight)
        take.posture.trunk[:, 1] += (0.18 if side else -0.18) / len(sides) * _dip(t, keys)
    take.posture.trunk[:, 0] -= 0.06 * _dip(t, keys)


def _dip(t: Floats, keys: Sequence[float]) -> Floats:
    """Wind up (negative), go through (positive), come back."""
    return keyed(t, (keys[0], keys[1], keys[2], keys[2] + 0.12, keys[3]), (0.0, -1.0, 0.8, 0.8, 0))


def _high_five(encounter: Encounter) -> None:
    t, meeting = encounter.t, encounter.meeting
    style = meeting.style or "high"
    length = meeting.end_s - meeting.start_s
    hit = encounter.at(0.52 + float(encounter.rng.uniform(-0.04, 0.04)))
    back = min(0.24 / encounter.tempo, 0.25 * length)
    keys = (meeting.start_s, hit - back, hit, meeting.end_s)
    sides = (LEFT, RIGHT) if style == "double" else (RIGHT,)
    middle, along = encounter.between()
    left = np.cross(np.array([0.0, 1.0, 0.0]), along)
    height = common_height(encounter, middle, share=_FIVE_HEIGHT[style], when_s=hit)
    face_each_other(encounter, pulse(t, meeting.start_s, meeting.end_s, 0.5))
    weight = keyed(t, (hit - back, hit, hit + 0.10, keys[3]), (0.0, 1.0, 1.0, 0.0))
    places = []
    for one, take in enumerate(encounter.takes):
        _five_wind_up(take, sides, keys, low=style == "low")
        sign = 1.0 - 2.0 * one
        goals = []
        for side in sides:
            # the right hand meets the other's right across the middle, or its left straight ahead
            across = 0.0 if len(sides) == 1 else sign * (1.0 - 2.0 * side) * 0.15
            place = middle + (across * left) - sign * 0.012 * along
            place[:, 1] = height + 0.02 * np.sin(np.clip((t - hit) / 0.2, 0, 1) * np.pi)
            goals.append((side, place))
        places.append(goals)
        lean_to_reach(take, goals, weight)
    for one, take in enumerate(encounter.takes):
        for side, place in places[one]:
            reach_palm(take, side, place, weight)
        encounter.tell(
            one,
            "high_five",
            start_s=meeting.start_s,
            end_s=meeting.end_s,
            side="both" if len(sides) == 2 else "right",
            count=1,
            style=style,
        )


def _hug(encounter: Encounter) -> None:
    t, meeting, style = encounter.t, encounter.meeting, encounter.meeting.style
    length = meeting.end_s - meeting.start_s
    ramp = min(0.95 / encounter.tempo, 0.38 * length)
    weight = pulse(t, meeting.start_s, meeting.end_s, ramp)
    _, along = encounter.between()
    tall = [take.body.stature for take in encounter.takes]
    sway = 0.015 * np.sin(2 * np.pi * 0.45 * (t - meeting.start_s)) * (length > 2.5)
    for one, take in enumerate(encounter.takes):
        sign = 1.0 - 2.0 * one
        # the taller one bends down; both heads go to their own left, beside the other's
        bend = 0.10 + 0.9 * max(0.0, tall[one] / tall[1 - one] - 1.0)
        incline(take, min(bend, 0.5) * weight)
        take.posture.trunk[:, 2] -= 0.13 * weight
        left = np.cross(np.array([0.0, 1.0, 0.0]), along)
        shift_hips(take, (0.035 * sign * weight)[:, None] * along + (sway * weight)[:, None] * left)
        take.posture.head[:, 1] += (-0.35 - 0.4 * take.posture.head[:, 1]) * weight
        take.posture.head[:, 0] += 0.10 * weight
        take.posture.head[:, 2] -= 0.10 * weight
    points = [encounter.points_of(one) for one in (0, 1)]
    count = int(np.clip(round(0.9 * (length - 2 * ramp) / 0.45), 2, 6)) if style == "pat" else 0
    for one in (0, 1):
        _embrace(encounter, one, points[1 - one], ramp=ramp, pats=count)
        encounter.tell(
            one,
            "hug",
            start_s=meeting.start_s,
            end_s=meeting.end_s,
            side="both",
            style=style,
        )


def _embrace(encounter: Encounter, one: int, other: Floats, *, ramp: float, pats: int) -> None:
    """Arms open wide, then close: one over the other's shoulder, one round the waist."""
    t, meeting, take = encounter.t, encounter.meeting, encounter.takes[one]
    scale = take.body.stature / 1.7
    start, end = meeting.start_s, meeting.end_s
    open_ = pulse(t, start, end, 0.55 * ramp)
    close = pulse(t, start + 0.40 * ramp, end - 0.40 * ramp, 0.60 * ramp)
    shorter = take.body.stature < 0.93 * encounter.takes[1 - one].body.stature
    pat = 0.05 * pats_wave(t, start + 1.1 * ramp, end - 1.0 * ramp, pats) if pats else 0.0 * t
    for side in (LEFT, RIGHT):
        over = side == RIGHT and not shorter
        wide = sided((0.40, 0.02 if over else -0.26, 0.34), side)
        aim_hand(take.posture, side, scale * wide, open_)
        # my right hand is on the other's left half: crossed, as two who face each other are
        share, left_m = (0.90, -0.02) if over else (0.52, 0.02)
        behind = 0.105 * encounter.takes[1 - one].body.stature / 1.7
        lift = pat if side == RIGHT else 0.0 * t
        back = spine_place(other, share, left_m=left_m)
        front = spine_place(other, share, out_m=1.0, left_m=left_m) - back
        place = back - (behind + lift)[:, None] * front
        take.posture.elbows[:, side] += (0.75 if over else 0.55) * close
        aim_hand(take.posture, side, place, close, in_world=True)


def pats_wave(t: Floats, start_s: float, end_s: float, count: int) -> Floats:
    """0, and up to 1 `count` times in the span, (T,)."""
    u = np.clip((t - start_s) / max(end_s - start_s, 1e-6), 0.0, 1.0)
    wave: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * count * u)
    return wave


GREETINGS: Final = (
    MeetingSpec(
        name="handshake",
        labels=("handshake", "handshake"),
        seconds=(1.6, 3.2),
        play=_handshake,
        distance_m=(0.80, 0.92),
        styles=("", "brief", "hearty", "two_handed"),
    ),
    MeetingSpec(
        name="high_five",
        labels=("high_five", "high_five"),
        seconds=(1.2, 1.9),
        play=_high_five,
        distance_m=(0.74, 0.84),
        styles=("high", "low", "double"),
    ),
    MeetingSpec(
        name="hug",
        labels=("hug", "hug"),
        seconds=(2.2, 5.0),
        play=_hug,
        distance_m=(0.38, 0.40),
        offset_m=0.10,
        styles=("", "pat"),
    ),
)
