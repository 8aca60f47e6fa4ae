"""Poses on the floor: sitting and lying. Shares of stature, by eye beside recordings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.synthesize.engine.stances_poses import (
    Foot,
    Frame,
    Hand,
    Pose,
    both_hands,
    by_side,
    floor_hand,
    foot_at,
    sign_of,
    turned,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "back",
    "cross",
    "floor",
    "legs",
    "lying",
    "lying_side",
    "reach_floor",
    "recline",
    "touch_floor",
    "unroll",
]


def lying(build: Callable[[Frame], Pose], frame: Frame) -> Pose:
    """A pose that keeps the direction in which the body has come to the floor."""
    return turned(frame, build(frame), frame.psi)


def floor(frame: Frame) -> Pose:
    """Knees drawn up, hands on the shins."""
    tall = frame.tall
    return Pose(
        hips=(0.0, 0.058 * tall, -0.30 * tall),
        turn=(0.0, -0.15, 0.0, 0.0),
        trunk=(0.55 + 0.08 * frame.twist[0], 0.0, 0.0),
        head=(-0.10, 0.0, 0.0),
        hands=both_hands(frame, (0.045, 0.19, -0.085)),
        knees=((0.12, 0.3, 1.0), (-0.12, 0.3, 1.0)),
    )


def _to_hand(
    frame: Frame, *, hips: tuple[float, float], pitch: float, bend: float, bears: bool
) -> Pose:
    """Near the floor on one hand behind; hips: height and place, shares of stature."""
    tall, sign = frame.tall, sign_of(frame.side)
    free = (0.75, 0.15, 0.3, 0.7)
    hand = replace(floor_hand(frame, (sign * 0.175, -0.365)), bears=bears)
    return Pose(
        hips=(0.02 * sign * tall, hips[0] * tall, hips[1] * tall),
        turn=(0.0, pitch, -(0.16 + 6.0 * frame.short) * sign, 0.0),
        trunk=(bend, 0.22 * sign, -0.22 * sign),
        head=(-0.10, 0.10 * sign, 0.10 * sign),
        arms=(free, free),
        hands=by_side(frame.side, hand, None),
        knees=((0.22, 0.3, 1.0), (-0.22, 0.3, 1.0)),
    )


def reach_floor(frame: Frame) -> Pose:
    """Reach floor."""
    return _to_hand(frame, hips=(0.105, -0.25), pitch=-0.10, bend=0.35, bears=False)


def touch_floor(frame: Frame) -> Pose:
    """Touch floor."""
    return _to_hand(frame, hips=(0.060, -0.30), pitch=-0.25, bend=0.45, bears=True)


def cross(frame: Frame) -> Pose:
    """Legs crossed, hands on the knees."""
    tall = frame.tall
    first = frame.side
    x = sign_of(first) * 0.05 * tall
    near = foot_at(frame, (-x, 0.044 * tall, -0.165 * tall), pitch=0.05, yaw=-sign_of(first) * 0.9)
    far = foot_at(frame, (x, 0.044 * tall, -0.105 * tall), pitch=0.05, yaw=sign_of(first) * 0.9)
    feet = (near, far) if first == 0 else (far, near)
    return Pose(
        hips=(0.0, 0.058 * tall, -0.31 * tall),
        turn=(0.0, -0.02, 0.0, 0.0),
        trunk=(0.24 + 0.08 * frame.twist[0], 0.0, 0.0),
        head=(-0.08, 0.0, 0.0),
        hands=both_hands(frame, (0.15, 0.155, -0.17)),
        feet=feet,
        knees=((1.0, 0.42, 0.35), (-1.0, 0.42, 0.35)),
    )


def _straight_feet(frame: Frame, hips_z: float, wide: float) -> tuple[Foot, Foot]:
    """Both feet ahead, heels on the floor, toes up; hips in metres."""
    ahead = hips_z + 0.975 * (frame.thigh + frame.shin)
    heel = 0.034 * frame.tall
    return (
        foot_at(frame, (wide, heel, ahead), pitch=-0.85, yaw=0.3),
        foot_at(frame, (-wide, heel, ahead), pitch=-0.85, yaw=-0.3),
    )


def legs(frame: Frame) -> Pose:
    """Legs stretched out, hands on the floor behind."""
    tall = frame.tall
    return Pose(
        hips=(0.0, 0.058 * tall, -0.31 * tall),
        turn=(0.0, -0.45 - 8.0 * frame.short, 0.0, 0.0),
        trunk=(0.25, 0.0, 0.0),
        head=(0.05, 0.0, 0.0),
        hands=_hands_behind(frame),
        feet=_straight_feet(frame, -0.31 * tall, 0.07 * tall),
        knees=((0.15, 1.0, 0.3), (-0.15, 1.0, 0.3)),
    )


def _hands_behind(frame: Frame) -> tuple[Hand, Hand]:
    return floor_hand(frame, (0.155, -0.42)), floor_hand(frame, (-0.155, -0.42))


def back(frame: Frame) -> Pose:
    """Flat on the back."""
    tall = frame.tall
    arms = (0.02, 0.34 + 0.12 * frame.twist[0], 0.2, 0.22)
    others = (0.02, 0.34 + 0.12 * frame.twist[1], 0.2, 0.22)
    z = -0.315 * tall
    bent = frame.twist[2] > 0.45
    return Pose(
        hips=(0.0, 0.058 * tall, z),
        turn=(0.0, -1.56, 0.0, 0.0),
        head=(0.12, 0.15 * frame.twist[1], 0.0),
        arms=(arms, others),
        feet=(None, None) if bent else _straight_feet(frame, z, 0.075 * tall),
        knees=((0.15, 1.0, 0.3), (-0.15, 1.0, 0.3)),
    )


def recline(frame: Frame) -> Pose:
    """Recline."""
    tall = frame.tall
    return Pose(
        hips=(0.0, 0.060 * tall, -0.31 * tall),
        turn=(0.0, -0.62 - 8.0 * frame.short, 0.0, 0.0),
        trunk=(0.52, 0.0, 0.0),
        head=(0.20, 0.0, 0.0),
        hands=_hands_behind(frame),
        knees=((0.15, 0.6, 1.0), (-0.15, 0.6, 1.0)),
    )


def unroll(frame: Frame) -> Pose:
    """Unroll."""
    tall = frame.tall
    arms = (0.35, 0.30, 0.2, 0.45)
    return Pose(
        hips=(0.0, 0.058 * tall, -0.315 * tall),
        turn=(0.0, -1.28, 0.0, 0.0),
        trunk=(0.52, 0.0, 0.0),
        head=(0.38, 0.0, 0.0),
        arms=(arms, arms),
        knees=((0.15, 0.8, 0.6), (-0.15, 0.8, 0.6)),
    )


def lying_side(side: int) -> Callable[[Frame], Pose]:
    """On one side, knees drawn up a little, the upper hand on the floor ahead."""

    def build(frame: Frame) -> Pose:
        tall, sign = frame.tall, sign_of(side)
        z = -0.315 * tall
        low = foot_at(
            frame, (sign * 0.10 * tall, 0.040 * tall, z + 0.37 * tall), pitch=-1.3, spin=sign * 1.4
        )
        high = foot_at(
            frame, (sign * 0.16 * tall, 0.090 * tall, z + 0.35 * tall), pitch=-1.3, spin=sign * 1.4
        )
        under, over = (1.35, -0.15, 0.4, 1.1), (0.9, 0.1, 0.5, 1.1)
        hand = replace(floor_hand(frame, (sign * 0.20, -0.47)), bears=False)
        return Pose(
            hips=(0.0, 0.086 * tall, z),
            turn=(0.0, -1.42, 0.0, sign * 1.02),
            trunk=(0.22, 0.0, sign * 0.10),
            head=(0.15, 0.0, sign * 0.05),
            arms=(over, under) if side else (under, over),
            hands=by_side(1 - side, hand, None),
            feet=(high, low) if side else (low, high),
            knees=((sign, 0.12, 0.2), (sign, 0.12, 0.2)),
        )

    return build
