"""Crawling: on hands and knees, as a bear on hands and feet, low on the forearms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.carry import (
    Figure,
    Ground,
    Window,
    ground_at,
    keep_toes_up,
    lay_over,
    move_rest,
    window,
)
from tasks.synthesize.engine.cycles import advance, arc, between, plant
from tasks.synthesize.engine.hops import tip_feet
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Manner:
    """One way of crawling; lengths as shares of stature, angles in radians."""

    hips: float
    """Height of the hips, where the knees do not rule it."""
    pitch: float
    bend: float
    nod: float
    hand_ahead: float
    """Of the hips, in the middle of its hold."""
    hand_out: float
    knee_out: float
    stride: float
    cadence: float
    """Strides a second."""
    legs: str
    """What bears behind: knees, feet or belly."""
    hips_ahead: float
    """Of the standing ankles, so that nobody has to walk back to stand up."""
    foot: float
    """Pitch of the feet."""
    elbows: float = 0.2
    sway: float = 0.02


_WAYS: Final = {
    "hands_and_knees": _Manner(
        hips=0.27,
        pitch=1.32,
        bend=0.10,
        nod=-0.75,
        hand_ahead=0.31,
        hand_out=0.105,
        knee_out=0.060,
        stride=0.33,
        cadence=0.95,
        legs="knees",
        hips_ahead=0.14,
        foot=2.55,
    ),
    "bear": _Manner(
        hips=0.395,
        pitch=1.80,
        bend=0.32,
        nod=-0.70,
        hand_ahead=0.27,
        hand_out=0.12,
        knee_out=0.085,
        stride=0.36,
        cadence=1.05,
        legs="feet",
        hips_ahead=0.02,
        foot=0.75,
    ),
    "army": _Manner(
        hips=0.085,
        pitch=1.40,
        bend=-0.12,
        nod=-0.85,
        hand_ahead=0.47,
        hand_out=0.10,
        knee_out=0.14,
        stride=0.34,
        cadence=0.95,
        legs="belly",
        hips_ahead=0.10,
        foot=2.55,
        elbows=0.95,
        sway=0.03,
    ),
}
_WRIST: Final = 0.027
"""Height of a bearing wrist, and of a bearing knee, shares of stature."""
_KNEE: Final = 0.030
_DUTY: Final = 0.60
_FIRST: Final = 0.05
"""Phase of the first pair at rest: all four bear, the other pair swings next."""
_CLEARANCE_M: Final = 0.05
"""Of the toes while a foot turns over."""
_RAMP_S: Final = 1.5


def _crawl(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=4)
    style = beat.style or ("hands_and_knees", "hands_and_knees", "bear", "army")[int(draws[0] * 4)]
    way = _WAYS[style]
    ramp = _RAMP_S / take.manner.tempo * (1.15 if style == "army" else 1.0)
    span = window(take, beat, enter_s=ramp, leave_s=ramp)
    ground = ground_at(take.posture, max(beat.start_s, 0.0))
    stride = way.stride * take.body.stature * between(take.manner.amplitude, 0.75, 1.1)
    phase, gone = _way(take, span, way, stride=stride, fresh=draws[1], speed=beat.amount)
    figure = _figure(take, way, phase, gone, stride=stride, lateral=draws[2] < 0.35)
    _lay(take, ground, figure, span, gone)
    low, high = span.full
    moved = gone[(take.t >= low) & (take.t <= high)]
    seconds = max(len(moved) / take.fps, 0.1)
    return Deed(
        action="crawl",
        start_s=beat.start_s,
        end_s=beat.end_s,
        direction="forward",
        style=style,
        speed_mps=float(moved[-1] - moved[0]) / seconds if len(moved) else 0.0,
    )


def _way(
    take: Take, span: Window, way: _Manner, *, stride: float, fresh: float, speed: float
) -> tuple[Floats, Floats]:
    """Phase and distance; rests with all four limbs down, wherever the crawl rests in the clip."""
    start, end = span.full
    cadence = (speed / stride if speed else way.cadence) * take.manner.tempo * (0.9 + 0.2 * fresh)
    ramp = min(0.5, (end - start) / 2)
    halves = max(1, int(2.0 * cadence * max(end - start - ramp, 0.1)))
    total = 0.5 * halves * stride
    gone = total * advance(take.t, start, end, ramp_s=ramp)
    phase = gone / stride + _FIRST
    # what went before the clip moves nobody away from where the scene has placed him
    return phase, gone - (gone[0] if span.start_s < 0.0 else 0.0)


def _figure(
    take: Take, way: _Manner, phase: Floats, gone: Floats, *, stride: float, lateral: bool
) -> Figure:
    """All tracks of the crawl in the axes of its ground."""
    tall, t = take.body.stature, take.t
    num, wave = len(t), 2 * np.pi * phase
    hips = np.zeros((num, 3))
    hips[:, 0] = way.sway * tall * np.sin(wave)
    hips[:, 1] = way.hips * tall - take.body.ankle_height + 0.008 * tall * np.cos(2 * wave)
    hips[:, 2] = gone + way.hips_ahead * tall
    hold = np.zeros((num, 2, 3))
    for side, sign in ((0, 1.0), (1, -1.0)):
        own = phase + 0.5 * side + 0.5 + (0.10 if lateral else 0.0)
        place, lift = _ahead(own, gone, phase, stride)
        hold[:, side, 0] = sign * way.hand_out * tall * (1.0 + 0.25 * lift)
        hold[:, side, 1] = _WRIST * tall - take.body.ankle_height + 0.045 * tall * lift
        hold[:, side, 2] = place + (way.hips_ahead + way.hand_ahead) * tall
    roll, ankles, knees = _LEGS[way.legs](take, way, phase, gone, hips, stride)
    yaw = 0.10 * np.cos(wave)
    turn = axis_rotation("Y", yaw) @ axis_rotation("Z", roll)
    zero = np.zeros(num)
    head = np.stack([way.nod + 0.04 * np.sin(2 * wave), 0.06 * np.sin(0.9 * t), zero], axis=-1)
    return Figure(
        hips=hips,
        turn=turn @ axis_rotation("X", np.full(num, way.pitch)),
        trunk=np.stack([zero + way.bend, zero, -1.2 * yaw], axis=-1),
        head=head,
        ankles=ankles,
        feet=axis_rotation("X", np.full((num, 2), way.foot)),
        knees=knees,
        hold=hold,
        elbows=way.elbows,
    )


def _on_knees(
    take: Take, way: _Manner, phase: Floats, gone: Floats, hips: Floats, stride: float
) -> tuple[Floats, Floats, Floats]:
    """Roll of the pelvis (T,), ankles and knee directions (T, 2, 3); lifts or lowers `hips`.

    The knees bear: each hip joint is just as high over its knee as the thigh is long.
    """
    body, tall, num = take.body, take.body.stature, len(phase)
    thigh, shin = body.length("l_knee"), body.length("l_ankle")
    ankles, knees, heights = np.zeros((num, 2, 3)), np.zeros((num, 2, 3)), np.zeros((num, 2))
    for side, sign in ((0, 1.0), (1, -1.0)):
        place, lift = _ahead(phase + 0.5 * side, gone, phase, stride)
        knees[:, side, 0] = sign * way.knee_out * tall
        knees[:, side, 1] = _KNEE * tall - body.ankle_height + 0.012 * tall * lift
        knees[:, side, 2] = place + (way.hips_ahead + 0.01) * tall
        near = knees[:, side] - hips
        heights[:, side] = knees[:, side, 1] + np.sqrt(thigh**2 - near[:, 2] ** 2)
        back = np.array([-0.06 * sign, 0.012, -1.0])
        ankles[:, side] = knees[:, side] + shin * back / np.linalg.norm(back)
    hips[:, 1] = heights.mean(axis=1)
    width = 2.0 * body.offsets[1, 0]
    roll = np.arcsin(np.clip((heights[:, 0] - heights[:, 1]) / width, -0.4, 0.4))
    for side, sign in ((0, 1.0), (1, -1.0)):
        hip = hips + np.array([sign * body.offsets[1, 0], 0.0, 0.0])
        hip[:, 1] = heights[:, side]
        knees[:, side] -= 0.5 * (hip + ankles[:, side])
    return roll, ankles, knees


def _on_feet(
    take: Take, way: _Manner, phase: Floats, gone: Floats, hips: Floats, stride: float
) -> tuple[Floats, Floats, Floats]:
    """As `_on_knees`, for a bear: on the balls of the feet, knees off the floor."""
    del hips
    tall, num = take.body.stature, len(phase)
    ankles, knees = np.zeros((num, 2, 3)), np.zeros((num, 2, 3))
    for side, sign in ((0, 1.0), (1, -1.0)):
        place, lift = _ahead(phase + 0.5 * side, gone, phase, stride)
        ankles[:, side, 0] = sign * way.knee_out * tall
        ankles[:, side, 1] = 0.078 * tall - take.body.ankle_height + 0.05 * tall * lift
        ankles[:, side, 2] = place + (way.hips_ahead - 0.02) * tall
        knees[:, side] = (sign * 0.25, 0.1, 1.0)
    return 0.10 * np.sin(2 * np.pi * phase), ankles, knees


def _on_belly(
    take: Take, way: _Manner, phase: Floats, gone: Floats, hips: Floats, stride: float
) -> tuple[Floats, Floats, Floats]:
    """As `_on_knees`, low: one knee is drawn up beside the body, then pushes back."""
    del hips
    tall, num = take.body.stature, len(phase)
    ankles, knees = np.zeros((num, 2, 3)), np.zeros((num, 2, 3))
    for side, sign in ((0, 1.0), (1, -1.0)):
        place, lift = _ahead(phase + 0.5 * side, gone, phase, stride)
        near = place - gone + 0.3 * stride
        ankles[:, side, 0] = sign * (way.knee_out * tall + 0.16 * near)
        ankles[:, side, 1] = 0.045 * tall - take.body.ankle_height + 0.01 * tall * lift
        ankles[:, side, 2] = place + (way.hips_ahead - 0.33) * tall
        knees[:, side] = (sign * 1.0, 0.05, 0.25)
    return 0.12 * np.sin(2 * np.pi * phase), ankles, knees


_LEGS: Final = {"knees": _on_knees, "feet": _on_feet, "belly": _on_belly}


def _ahead(own: Floats, gone: Floats, phase: Floats, stride: float) -> tuple[Floats, Floats]:
    """Where a limb is along the way, against its middle place, and its lift."""
    number, lift = plant(own, _DUTY)
    offset = own - phase + _FIRST
    return stride * (number + _DUTY / 2 - offset) + (gone[0] - stride * (phase[0] - _FIRST)), lift


def _lay(take: Take, ground: Ground, figure: Figure, span: Window, gone: Floats) -> None:
    """Squat, hands to the floor, one leg back, then the other; and the same way up again."""
    t, posture, body = take.t, take.posture, take.body
    moved = gone[:, None] * ground.basis[:, 2]
    move_rest(posture, moved)
    low = span.part(t, 0.0, 0.62)
    tip = span.part(t, 0.05, 0.45) * (1.0 - span.part(t, 0.55, 0.95))
    tip_feet(posture, body, 0.75 * tip)
    legs = np.stack([span.part(t, 0.46, 0.76), span.part(t, 0.68, 1.0)], axis=-1)
    hands = np.stack([span.part(t, 0.22, 0.58), span.part(t, 0.26, 0.62)], axis=-1)
    figure.ankles[:, :, 1] += 0.10 * body.leg * arc(legs)
    # knees get down before the belly does
    hung = 1.0 - span.part(t, 0.70, 1.0)
    figure.hips[:, 1] += np.maximum(0.26 * body.stature - figure.hips[:, 1], 0.0) * hung
    lay_over(posture, ground, figure, low, legs=legs, hands=hands)
    keep_toes_up(posture, body, ground.origin[1] - body.ankle_height + _CLEARANCE_M * arc(legs))


SPECS: Final = (
    ActionSpec(
        name="crawl",
        kind="whole",
        seconds=(4.5, 8.0),
        play=_crawl,
        directions=("forward",),
        styles=tuple(_WAYS),
    ),
)
