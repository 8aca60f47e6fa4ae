"""Falls as key poses: balance lost, the floor hit part by part, a small bounce.

Moments are seconds under Earth's gravity; the time of a fall goes with 1 / sqrt(gravity). Hips
that fall freely from standing height take about 0.43 s; a body that topples takes longer, since
the feet carry a part of it: about 0.8 s from the first loss of balance to the first impact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tasks.synthesize.engine import stances_falls_ahead as ahead
from tasks.synthesize.engine import stances_ground as ground
from tasks.synthesize.engine import stances_knees as knees
from tasks.synthesize.engine.stances_poses import (
    Foot,
    Frame,
    Pose,
    foot_at,
    sign_of,
    turned,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.synthesize.engine.stances_poses import Angles, Place

    _Rows = tuple[tuple[float, Callable[[Frame], Pose]], ...]

__all__ = ["FallStep", "fall_steps", "side_psi"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FallStep:
    """A pose of a fall."""

    at_s: float
    build: Callable[[Frame], Pose]
    impact: bool = False


def fall_steps(goal: str) -> tuple[FallStep, ...]:
    """Poses of a fall that ends in a stance.

    Args:
        goal: front, back, side_left or side_right, as in `stances_ways.WAYS`.
    """
    if goal == "front":
        rows: _Rows = (
            (0.42, ahead.forward_tip),
            (0.70, ahead.forward_fold),
            (0.92, ahead.on_knees),
            (1.16, ahead.on_hands),
        )
        return (
            *_steps(rows, first_impact=2),
            FallStep(at_s=1.32, build=ahead.on_chest, impact=True),
            FallStep(at_s=1.52, build=ahead.chest_bounce),
            FallStep(at_s=1.95, build=knees.front),
        )
    if goal == "back":
        rows = ((0.40, _backward_tip), (0.68, _backward_fold), (0.90, _on_seat), (1.14, _on_back))
        return (
            *_steps(rows, first_impact=2),
            FallStep(at_s=1.38, build=_back_bounce),
            FallStep(at_s=1.90, build=ground.back),
        )
    side = 0 if goal == "side_left" else 1
    rows = (
        (0.40, _sideways(side, 0)),
        (0.68, _sideways(side, 1)),
        (0.88, _sideways(side, 2)),
        (1.08, _sideways(side, 3)),
    )
    return (
        *_steps(rows, first_impact=2),
        FallStep(at_s=1.30, build=_sideways(side, 4)),
        FallStep(at_s=1.80, build=lambda frame: ground.lying(ground.lying_side(side), frame)),
    )


def side_psi(side: int) -> float:
    """How far a body that has fallen to a side lies turned from where it stood, radians."""
    return -sign_of(side) * math.pi / 2


def _steps(rows: _Rows, *, first_impact: int) -> tuple[FallStep, ...]:
    return tuple(
        FallStep(at_s=at, build=build, impact=k >= first_impact)
        for k, (at, build) in enumerate(rows)
    )


# backward


def _backward_tip(frame: Frame) -> Pose:
    tall, odd = frame.tall, frame.twist
    left = (1.0 + 0.4 * odd[0], 0.9 + 0.2 * odd[1], 0.0, 0.5)
    right = (1.3 - 0.4 * odd[0], 0.8 - 0.2 * odd[2], 0.0, 0.4)
    return Pose(
        hips=(0.02 * odd[0] * tall, 0.490 * tall, -0.10 * tall),
        turn=(0.0, -0.22, 0.06 * odd[1], 0.0),
        trunk=(0.20, 0.15 * odd[2], 0.0),
        head=(0.25, 0.0, 0.0),
        arms=(left, right),
    )


def _backward_fold(frame: Frame) -> Pose:
    tall = frame.tall
    arms = (0.55, 0.75, 0.0, 0.4)
    return Pose(
        hips=(0.0, 0.305 * tall, -0.235 * tall),
        turn=(0.0, -0.32, 0.0, 0.0),
        trunk=(0.45, 0.0, 0.0),
        head=(0.30, 0.0, 0.0),
        arms=(arms, arms),
        knees=((0.15, 0.2, 1.0), (-0.15, 0.2, 1.0)),
    )


def _on_seat(frame: Frame) -> Pose:
    tall = frame.tall
    arms = (-0.10, 0.75, 0.0, 0.5)
    return Pose(
        hips=(0.0, 0.060 * tall, -0.315 * tall),
        turn=(0.0, -0.55, 0.0, 0.0),
        trunk=(0.60, 0.0, 0.0),
        head=(0.35, 0.0, 0.0),
        arms=(arms, arms),
        knees=((0.15, 0.6, 1.0), (-0.15, 0.6, 1.0)),
    )


def _flung(frame: Frame, high: float, ahead: float) -> tuple[Foot, Foot]:
    """Feet in the air, shares of stature above the floor and ahead of the hips."""
    z = (-0.315 + ahead) * frame.tall
    return (
        foot_at(frame, (0.085 * frame.tall, high * frame.tall, z), pitch=-0.9),
        foot_at(frame, (-0.075 * frame.tall, (high - 0.03) * frame.tall, z), pitch=-0.8),
    )


def _on_back(frame: Frame) -> Pose:
    tall = frame.tall
    arms = (0.10, 1.05, 0.1, 0.35)
    return Pose(
        hips=(0.0, 0.064 * tall, -0.315 * tall),
        turn=(0.0, -1.46, 0.0, 0.0),
        trunk=(0.25, 0.0, 0.0),
        head=(0.50, 0.0, 0.0),
        arms=(arms, arms),
        feet=_flung(frame, 0.24, 0.36),
        knees=((0.15, 1.0, 0.4), (-0.15, 1.0, 0.4)),
    )


def _back_bounce(frame: Frame) -> Pose:
    pose = ground.back(frame)
    arms = (0.12, 0.85, 0.1, 0.35)
    return replace(
        pose,
        trunk=(0.10, 0.0, 0.0),
        head=(0.10, 0.0, 0.0),
        arms=(arms, arms),
        feet=_flung(frame, 0.10, 0.42),
    )


# sideways

_SIDEWAYS = (
    # height and place of the hips towards the fall, tilt, spin, lean of the trunk to the fall
    (0.500, -0.085, -0.22, 1.57, -0.20),
    (0.330, -0.215, -0.62, 1.55, -0.10),
    (0.098, -0.300, -1.05, 1.40, -0.25),
    (0.088, -0.315, -1.41, 1.08, -0.10),
    (0.094, -0.315, -1.38, 1.02, -0.14),
)


def _sideways(side: int, stage: int) -> Callable[[Frame], Pose]:
    """The poses of a fall to one side, in the frame of the body that will lie there."""
    y, z, tilt, spin, lean = _SIDEWAYS[stage]
    sign = sign_of(side)
    near: Angles = ((0.3, 1.1, 0.0, 0.5), (0.4, 0.9, 0.0, 0.5), (0.9, 0.3, 0.2, 0.8))[min(stage, 2)]
    far: Angles = ((0.5, 1.3, 0.0, 0.5), (0.7, 1.2, 0.0, 0.5), (0.8, 0.5, 0.3, 0.7))[min(stage, 2)]

    def build(frame: Frame) -> Pose:
        goal = ground.lying_side(side)(frame)
        hips: Place = (0.0, y * frame.tall, z * frame.tall)
        settled = stage >= 3
        pose = replace(
            goal,
            hips=hips,
            turn=(0.0, tilt, 0.0, sign * spin),
            trunk=(0.20, 0.0, -sign * lean),
            head=(0.10, 0.0, sign * 0.30 if stage < 4 else goal.head[2]),
            arms=(far, near) if side else (near, far),
            hands=goal.hands if settled else (None, None),
        )
        pose = turned(frame, pose, frame.psi)
        if stage < 2:
            return replace(pose, feet=(None, None), knees=(None, None))
        return pose if settled else replace(pose, feet=_swept(frame, side))

    return build


def _swept(frame: Frame, side: int) -> tuple[Foot | None, Foot | None]:
    """The foot away from the fall has left the floor."""
    x, y, z = frame.stood[1 - side]
    up = foot_at(frame, (x, y + 0.07 * frame.tall, z), pitch=0.3)
    return (up, None) if side else (None, up)
