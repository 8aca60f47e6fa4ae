"""Climbing a ladder, a wall or a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.actions.flight_frame import climb_frame
from tasks.synthesize.engine.carry import Figure, ground_at, lay_over, window
from tasks.synthesize.engine.cycles import advance, plant
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.carry import Window

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_RUNG_M: Final = 0.28
"""EN 131-1 has 0.25 to 0.30 m between the rungs of a ladder."""
_GRIP: Final = 4
"""Rungs between a foot and the hand of the same pull."""
_DUTY: Final = 0.54
_FIRST: Final = 0.05
_CADENCE: Final = 0.62
"""Strides (two rungs) a second; CMU trials 13_33 to 14_35 take 10 to 14 s up and down a ladder."""
_WALL_AHEAD: Final = 0.24
"""Plane of the rungs ahead of the standing ankles, share of stature."""


def _climb(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=6)
    style = (
        beat.style or beat.thing or ("ladder", "wall", "frame", "frame", "frame")[int(draws[0] * 5)]
    )
    if style == "frame" and not beat.direction:
        return climb_frame(take, beat)
    style = "wall" if style == "frame" else style
    span = window(take, beat, enter_s=0.7 / take.manner.tempo, leave_s=0.7 / take.manner.tempo)
    phase, direction = _way(take, beat, span, draws)
    ground = ground_at(take.posture, max(beat.start_s, 0.0))
    figure, legs = _figure(take, phase, style, draws)
    weight = span.weight(take.t)
    hands = np.stack([span.part(take.t, 0.0, 0.85), span.part(take.t, 0.15, 1.0)], axis=-1)
    lay_over(take.posture, ground, figure, weight, legs=legs * weight[:, None], hands=hands)
    return Deed(
        action="climb",
        start_s=beat.start_s,
        end_s=beat.end_s,
        thing=style,
        direction=direction,
        style=style,
    )


def _way(take: Take, beat: Beat, span: Window, draws: Floats) -> tuple[Floats, str]:
    """Strides climbed over time, >= 0 = on the ground, and the direction that is to be seen."""
    t = take.t
    start, end = span.full
    before, after = beat.start_s < 0.0, beat.end_s > float(t[-1])
    cadence = _CADENCE * take.manner.tempo * (0.85 + 0.4 * draws[1])
    if before or after:
        down = beat.direction == "down" or (not beat.direction and before and draws[2] < 0.35)
        down = down and before
        down = down or (before and not after)
        halves = max(1, round(2.0 * cadence * (end - start - 0.3)))
        share = advance(t, start, end, ramp_s=0.3)
        # high enough to be on the ladder throughout, if it neither begins nor ends at its foot
        base = 1.0 if before and after else 0.0
        gone = base + 0.5 * halves * ((1.0 - share) if down else share)
        return gone, "down" if down else "up"
    middle = start + (0.5 + 0.06 * draws[2]) * (end - start)
    halves = max(2, round(2.0 * cadence * (middle - start - 0.3)))
    share = advance(t, start, middle, ramp_s=0.3) - advance(t, middle, end, ramp_s=0.3)
    # up and down again: neither word would be the whole truth
    return 0.5 * halves * share, ""


def _figure(take: Take, strides: Floats, style: str, draws: Floats) -> tuple[Figure, Floats]:
    """Tracks of the climb, and the weights of the legs, which are 0 on the ground."""
    body, tall, num = take.body, take.body.stature, len(take.t)
    rung = _RUNG_M * (tall / 1.7) * (1.0 if style == "ladder" else 1.15)
    # the body rises in pulls, while all four limbs hold
    rise = 2.0 * rung * (strides + 0.045 * np.sin(4 * np.pi * strides))
    wall = _WALL_AHEAD * tall
    phase = strides + _FIRST
    hips = np.zeros((num, 3))
    # the first steps bend the knees: from standing to the crouch of the climb
    stand = body.hip_height - body.ankle_height - 0.01 * tall
    hips[:, 1] = stand + rise - 0.17 * tall * ease(strides / 0.9)
    hips[:, 2] = wall - 0.20 * tall
    side_way = np.sin(2 * np.pi * phase)
    aslant = 0.0 if style == "ladder" else 0.10 * tall * (2.0 * float(draws[5]) - 1.0)
    hips[:, 0] = 0.018 * tall * side_way + 2.0 * aslant * strides
    ankles, legs = _feet(take, phase, style, rung, (float(draws[3]), aslant))
    hold = _hands(take, phase, style, rung, (float(draws[4]), aslant))
    apart = 0.35 if style == "ladder" else 0.9
    knees = np.array([[apart, 0.1, 1.0], [-apart, 0.1, 1.0]]) * np.ones((num, 1, 1))
    turn = axis_rotation("Y", 0.10 * side_way) @ axis_rotation("X", np.full(num, 0.10))
    zero = np.zeros(num)
    gaze = -0.35 if np.gradient(strides).sum() >= 0.0 else 0.30
    figure = Figure(
        hips=hips,
        turn=turn @ axis_rotation("Z", 0.06 * side_way),
        trunk=np.stack([zero + 0.05, -0.05 * side_way, 0.05 * side_way], axis=-1),
        head=np.stack([zero + gaze, 0.12 * side_way, zero], axis=-1),
        ankles=ankles,
        feet=np.broadcast_to(axis_rotation("X", np.array(-0.05)), (num, 2, 3, 3)),
        knees=knees,
        hold=hold,
        elbows=0.35,
    )
    return figure, legs


def _feet(
    take: Take, phase: Floats, style: str, rung: float, ways: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Ankles (T, 2, 3), and weights (T, 2) that are 0 while a foot is on the ground."""
    tall, ladder = take.body.stature, style == "ladder"
    ankles, legs = np.zeros((len(phase), 2, 3)), np.zeros((len(phase), 2))
    for side, sign in ((0, 1.0), (1, -1.0)):
        number, lift = plant(phase + 0.5 * side, _DUTY)
        # holds are rungs: even ones for the left foot, odd ones for the right
        step = np.maximum(2.0 * number - side, 0.0)
        shift = 0.0 if ladder else 0.03 * tall * np.sin(2.4 * step + 6.0 * ways[0]) + ways[1] * step
        legs[:, side] = np.minimum(step, 1.0)
        ankles[:, side, 0] = sign * (0.065 if ladder else 0.11) * tall + shift
        ankles[:, side, 1] = step * rung + 0.03 * tall * lift
        ankles[:, side, 2] = (_WALL_AHEAD - 0.095 - 0.045 * lift) * tall
    return ankles, legs


def _hands(take: Take, phase: Floats, style: str, rung: float, ways: tuple[float, float]) -> Floats:
    """Wrists (T, 2, 3); each hand goes with the foot of the other side."""
    tall, ladder = take.body.stature, style == "ladder"
    hold = np.zeros((len(phase), 2, 3))
    for side, sign in ((0, 1.0), (1, -1.0)):
        number, lift = plant(phase + 0.5 * (1 - side), _DUTY)
        high = 2.0 * number - (1 - side) + _GRIP
        drift = 0.0 if ladder else 0.04 * tall * np.sin(1.7 * high + 6.0 * ways[0])
        hold[:, side, 0] = sign * (0.105 if ladder else 0.15) * tall + drift
        hold[:, side, 0] += ways[1] * (high - _GRIP)
        hold[:, side, 1] = high * rung + 0.03 * tall * lift
        hold[:, side, 2] = (_WALL_AHEAD - 0.015 - 0.05 * lift) * tall
    return hold


SPECS: Final = (
    ActionSpec(
        name="climb",
        kind="whole",
        seconds=(4.0, 8.0),
        play=_climb,
        things=("ladder", "wall"),
        directions=("up", "down"),
        styles=("ladder", "wall", "frame"),
    ),
)
