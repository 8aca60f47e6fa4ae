"""Poses of a fall ahead: on the knees, on the hands, on the chest. Shares of stature, by eye."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine import stances_knees as knees
from tasks.synthesize.engine.stances_poses import Foot, Frame, Pose, foot_at, sign_of, tipped

if TYPE_CHECKING:
    from tasks.synthesize.engine.stances_poses import Place

__all__ = ["chest_bounce", "forward_fold", "forward_tip", "on_chest", "on_hands", "on_knees"]

_DOWN: Final[tuple[Place, Place]] = ((0.1, -1.0, 0.2), (-0.1, -1.0, 0.2))
"""Where the knees of a body on its front point."""


def _toes(frame: Frame, pitch: float) -> tuple[Foot, Foot]:
    """Both balls where they stood, heels up."""
    return tipped(frame, 0, pitch), tipped(frame, 1, pitch)


def forward_tip(frame: Frame) -> Pose:
    """Off balance ahead, the arms fly out."""
    tall, odd = frame.tall, frame.twist
    left = (0.9 + 0.3 * odd[0], 0.7 + 0.2 * odd[1], 0.0, 0.7)
    right = (1.1 - 0.3 * odd[0], 0.6 - 0.2 * odd[2], 0.0, 0.6)
    return Pose(
        hips=(0.02 * odd[0] * tall, 0.505 * tall, 0.10 * tall),
        turn=(0.0, 0.22, 0.05 * odd[1], 0.0),
        trunk=(0.15, 0.10 * odd[2], 0.0),
        head=(-0.35, 0.0, 0.0),
        arms=(left, right),
        feet=_toes(frame, 0.30),
    )


def forward_fold(frame: Frame) -> Pose:
    """The knees give way."""
    tall = frame.tall
    arms = (1.35, 0.25, 0.1, 0.5)
    return Pose(
        hips=(0.0, 0.39 * tall, 0.24 * tall),
        turn=(0.0, 0.55, 0.0, 0.0),
        trunk=(0.15, 0.0, 0.0),
        head=(-0.50, 0.0, 0.0),
        arms=(arms, arms),
        feet=_toes(frame, 0.75),
    )


def _tucked(frame: Frame) -> tuple[Foot, Foot]:
    left, right = (
        foot_at(
            frame,
            (
                sign_of(side) * 0.055 * frame.tall,
                0.118 * frame.tall,
                frame.knees_at - 0.225 * frame.tall,
            ),
            pitch=1.0,
        )
        for side in (0, 1)
    )
    return left, right


def on_knees(frame: Frame) -> Pose:
    """The knees hit the floor."""
    tall = frame.tall
    arms = (1.45, 0.15, 0.1, 0.35)
    return Pose(
        hips=(0.0, 0.030 * tall + 0.96 * frame.thigh, frame.knees_at + 0.06 * tall),
        turn=(0.0, 0.80, 0.0, 0.0),
        trunk=(0.15, 0.0, 0.0),
        head=(-0.60, 0.0, 0.0),
        arms=(arms, arms),
        feet=_tucked(frame),
        knees=((0.08, -0.3, 1.0), (-0.08, -0.3, 1.0)),
    )


def _landed(frame: Frame, hips: tuple[float, float], pitch: float, head: float) -> Pose:
    """Over the hands; hips: height and distance from the knees, shares of stature."""
    pose = knees.front(frame)
    return replace(
        pose,
        hips=(0.0, hips[0] * frame.tall, frame.knees_at + hips[1] * frame.tall),
        turn=(0.0, pitch, 0.0, 0.0),
        trunk=(0.0, 0.0, 0.0),
        head=(head, 0.0, 0.0),
        feet=_tucked(frame),
        knees=((0.08, -0.6, 1.0), (-0.08, -0.6, 1.0)),
    )


def on_hands(frame: Frame) -> Pose:
    """The hands hit the floor."""
    return _landed(frame, (0.175, 0.155), 1.36, -0.45)


def on_chest(frame: Frame) -> Pose:
    """The chest hits the floor, knees and toes are already there."""
    tall, pose = frame.tall, knees.front(frame)
    # thigh and shin slope up from the knee on the floor, to the hips and to the tucked foot
    shin = math.sqrt(frame.shin**2 - (0.088 * tall) ** 2)
    thigh = math.sqrt(frame.thigh**2 - (0.032 * tall) ** 2)
    return replace(
        pose,
        hips=(0.0, pose.hips[1], frame.knees_at - 0.225 * tall + shin + thigh),
        feet=_tucked(frame),
        head=(-0.25, 0.3, 0.0),
        knees=_DOWN,
    )


def chest_bounce(frame: Frame) -> Pose:
    """It gives a little."""
    pose = knees.front(frame)
    x, y, z = pose.hips
    sign = sign_of(frame.side)
    return replace(
        pose,
        hips=(x, y + 0.010 * frame.tall, z),
        trunk=(-0.14, 0.0, 0.0),
        head=(-0.20, 0.6 * sign, 0.0),
    )
