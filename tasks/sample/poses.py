"""Getting down and up: crouching, sitting, lying, falling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.sample.motion import Span
from tasks.synthesize.engine.arms import aim_arm
from tasks.synthesize.engine.timing import keyed, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.posture import Posture

__all__ = ["ahead", "crouch", "fall", "lie_down", "pick_up", "sit"]

_SEAT_HEIGHT = 0.29
"""Mid-hips above the floor on a chair, share of stature."""


def ahead(posture: Posture) -> NDArray[np.float64]:
    """Level facing of the pelvis, (T, 3) unit vectors."""
    flat = posture.turn[:, :, 2] * np.array([1.0, 0.0, 1.0])
    facing: NDArray[np.float64] = flat / np.linalg.norm(flat, axis=-1, keepdims=True)
    return facing


def crouch(posture: Posture, body: Body, start_s: float, end_s: float) -> Span:
    """Squat down on flat feet, stay, rise."""
    weight = pulse(posture.t, start_s, end_s, 0.95)
    _lower(posture, body, weight, drop=0.24, back=0.11, lean=0.75)
    for side in (0, 1):
        aim_arm(posture, side, np.array([1.05, 0.15, 0.2, 0.75]), weight)
    return Span(action="crouch", start_s=start_s, end_s=end_s, text="crouches down")


def pick_up(posture: Posture, body: Body, start_s: float, end_s: float) -> Span:
    """Bend the knees, take something from the floor, rise."""
    weight = pulse(posture.t, start_s, end_s, (end_s - start_s) * 0.45)
    _lower(posture, body, weight, drop=0.22, back=0.13, lean=1.15)
    aim_arm(posture, 1, np.array([1.25, 0.0, 0.1, 0.15]), weight)
    aim_arm(posture, 0, np.array([0.6, 0.15, 0.3, 0.9]), weight)
    return Span(
        action="pick_up", start_s=start_s, end_s=end_s, text="picks something up from the floor"
    )


def sit(posture: Posture, body: Body, start_s: float, end_s: float) -> tuple[Span, ...]:
    """Sit down on a chair behind, sit, stand up."""
    t = posture.t
    down, up = start_s + 1.4 / body.tempo, end_s - 1.3 / body.tempo
    weight = keyed(t, (start_s, down, up, end_s), (0.0, 1.0, 1.0, 0.0))
    moving = 4 * weight * (1 - weight)
    facing = ahead(posture)
    seat = _SEAT_HEIGHT * body.stature
    posture.hips[:, 1] += weight * (seat - posture.hips[:, 1])
    posture.hips -= weight[:, None] * 0.235 * body.stature * facing
    lean = 0.34 * moving - 0.05 * weight
    posture.turn = posture.turn @ axis_rotation("X", lean)
    posture.trunk[:, 0] += 0.38 * moving + 0.05 * weight
    posture.head[:, 0] -= 0.30 * moving
    for side in (0, 1):
        aim_arm(posture, side, np.array([0.45, 0.10, 0.45, 1.10]), weight)
    return (
        Span(action="sit_down", start_s=start_s, end_s=down, text="sits down on a chair"),
        Span(action="sit", start_s=down, end_s=up, text="sits"),
        Span(action="stand_up", start_s=up, end_s=end_s, text="stands up"),
    )


def lie_down(posture: Posture, body: Body, start_s: float, end_s: float) -> tuple[Span, ...]:
    """Lower oneself to the floor, lie on the back with bent knees, get up."""
    pace = 1.0 / body.tempo
    down = tuple(start_s + pace * d for d in (0.0, 1.1, 1.9, 3.2))
    up = tuple(end_s - pace * d for d in (3.0, 1.9, 1.1, 0.0))
    _to_the_floor(posture, body, down, up)
    return (
        Span(action="lie_down", start_s=start_s, end_s=up[0], text="lies down on the back"),
        Span(action="get_up", start_s=up[0], end_s=end_s, text="gets up from the floor"),
    )


def fall(posture: Posture, body: Body, start_s: float, end_s: float) -> tuple[Span, ...]:
    """Fall backwards, lie stunned, get up."""
    down = tuple(start_s + d for d in (0.0, 0.42, 0.72, 1.15))
    up = tuple(end_s - d / body.tempo for d in (3.0, 1.9, 1.1, 0.0))
    _to_the_floor(posture, body, down, up)
    flail = pulse(posture.t, start_s, down[3] + 0.4, 0.35)
    aim_arm(posture, 0, np.array([0.5, 0.9, 0.0, 0.7]), 0.8 * flail)
    aim_arm(posture, 1, np.array([0.7, 0.7, 0.1, 0.6]), 0.8 * flail)
    return (
        Span(action="fall", start_s=start_s, end_s=down[3], text="falls over backwards"),
        Span(action="lie_down", start_s=down[3], end_s=up[0], text="lies on the floor"),
        Span(action="get_up", start_s=up[0], end_s=end_s, text="gets up"),
    )


def _lower(
    posture: Posture,
    body: Body,
    weight: NDArray[np.float64],
    *,
    drop: float,
    back: float,
    lean: float,
) -> None:
    """Lower the hips by a share of stature over planted feet, the trunk leaning ahead."""
    facing = ahead(posture)
    posture.hips[:, 1] -= weight * drop * body.stature
    posture.hips -= weight[:, None] * back * body.stature * facing
    posture.turn = posture.turn @ axis_rotation("X", 0.55 * lean * weight)
    posture.trunk[:, 0] += 0.45 * lean * weight
    posture.head[:, 0] -= 0.45 * lean * weight


def _to_the_floor(
    posture: Posture, body: Body, down: tuple[float, ...], up: tuple[float, ...]
) -> None:
    """Stand, squat, sit on the floor, lie; and the same back."""
    t, tall = posture.t, body.stature
    times = (*down, *up)
    facing = ahead(posture)
    # hips above the floor, hips behind the feet, pitch of the pelvis, bend of the trunk
    stages = [(0.0, 0.0, 0.0, 0.0), (0.27, 0.15, 0.25, 0.45), (0.065, 0.29, -0.35, 0.75)]
    lying = (0.068, 0.31, -1.50, 0.0)
    track = keyed(t, times, [*stages, lying, lying, *reversed(stages)])
    height = keyed(t, times, (0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0))
    posture.hips[:, 1] = (1 - height) * posture.hips[:, 1] + track[:, 0] * tall
    posture.hips -= track[:, 1, None] * tall * facing
    posture.turn = posture.turn @ axis_rotation("X", track[:, 2])
    posture.trunk[:, 0] += track[:, 3]
    lie = keyed(t, times, (0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0))
    posture.head[:, 0] += 0.12 * lie - 0.3 * track[:, 3]
    brace = keyed(t, times, (0.0, 0.6, 1.0, 0.0, 0.0, 1.0, 0.6, 0.0))
    for side in (0, 1):
        aim_arm(posture, side, np.array([0.16, 0.30, 0.3, 0.25]), lie)
        aim_arm(posture, side, np.array([-0.90, 0.35, -0.2, 0.62]), brace)
