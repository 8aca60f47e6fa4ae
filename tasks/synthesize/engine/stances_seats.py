"""Poses on the feet and on a seat. Shares of stature, by eye beside recordings of people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine.stances_poses import Frame, Hand, Pose, both_hands, tipped

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["chair", "deep", "half_risen", "leaning", "low", "stool"]

_KNEES_HELD: Final = 0.2
"""Above this twist, of -1..1, hands go to the knees on the way to a seat and up from it."""


def half_risen(frame: Frame) -> Pose:
    """Half risen."""
    tall = frame.tall
    arms = (0.55, 0.15, 0.2, 0.6)
    return Pose(
        hips=(0.0, 0.42 * tall, -0.08 * tall),
        turn=(0.0, 0.40, 0.0, 0.0),
        trunk=(0.35, 0.0, 0.0),
        head=(-0.35, 0.0, 0.0),
        arms=(arms, arms),
    )


def low(frame: Frame) -> Pose:
    """Low."""
    tall = frame.tall
    return Pose(
        hips=(0.0, 0.335 * tall, -0.105 * tall),
        turn=(0.0, 0.55, 0.0, 0.0),
        trunk=(0.42, 0.08 * frame.twist[0], 0.0),
        head=(-0.65, 0.0, 0.0),
        hands=both_hands(frame, (0.075, 0.33, 0.06)),
    )


def deep(frame: Frame) -> Pose:
    """Deep."""
    tall = frame.tall
    arms = (0.95 + 0.15 * frame.twist[0], 0.05, 0.35, 0.75)
    return Pose(
        hips=(0.0, 0.175 * tall, -0.085 * tall),
        turn=(0.0, 0.25, 0.0, 0.0),
        trunk=(0.70, 0.08 * frame.twist[1], 0.0),
        head=(-0.60, 0.0, 0.0),
        arms=(arms, arms),
        knees=((0.40, 0.0, 1.0), (-0.40, 0.0, 1.0)),
        feet=(tipped(frame, 0, 0.35), tipped(frame, 1, 0.35)),
    )


# on a seat


def _seated(frame: Frame, height: float, back: float) -> Pose:
    """Hips at a height, behind the feet."""
    tall = frame.tall
    thigh = (0.62 + 0.08 * frame.twist[2]) * frame.thigh
    knee_y = frame.ankle + 0.96 * frame.shin
    slope = (height - knee_y) / frame.thigh
    y = height - slope * thigh + 0.045 * tall
    arms = [(x * 0.075 * tall, y, thigh - back) for x in (1.0, -1.0)]
    return Pose(
        hips=(0.0, height, -back),
        turn=(0.0, -0.10 + 0.05 * frame.twist[0], 0.0, 0.0),
        trunk=(0.14 + 0.08 * frame.twist[1], 0.0, 0.0),
        head=(-0.02, 0.0, 0.0),
        hands=(Hand(at=arms[0]), Hand(at=arms[1])),
        knees=((0.22, 0.0, 1.0), (-0.22, 0.0, 1.0)),
    )


def chair(frame: Frame) -> Pose:
    """Chair."""
    return _seated(frame, frame.ankle + frame.shin + 0.008 * frame.tall, 0.188 * frame.tall)


def stool(frame: Frame) -> Pose:
    """Stool."""
    return _seated(frame, 0.385 * frame.tall, 0.165 * frame.tall)


def _on_knees(frame: Frame) -> tuple[Hand, Hand]:
    """Both hands on the knees of somebody half way to a seat."""
    return both_hands(frame, (0.075, 0.325, 0.03))


def leaning(seat: Callable[[Frame], Pose], share: float) -> Callable[[Frame], Pose]:
    """On the way to a seat: the trunk leans ahead so that the weight stays over the feet."""

    def build(frame: Frame) -> Pose:
        goal, tall = seat(frame), frame.tall
        high = 0.515 * tall
        reach = (0.70 + 0.40 * share, 0.10, 0.30, 0.40)
        return replace(
            goal,
            hips=(0.0, high + share * (goal.hips[1] + 0.006 * tall - high), share * goal.hips[2]),
            turn=(0.0, 0.32 + 0.32 * share, 0.0, 0.0),
            trunk=(0.26 + 0.24 * share, 0.0, 0.0),
            head=(-0.25 - 0.25 * share, 0.0, 0.0),
            arms=(reach, reach),
            hands=_on_knees(frame) if frame.twist[1] > _KNEES_HELD else (None, None),
            knees=((0.1, 0.0, 1.0), (-0.1, 0.0, 1.0)),
        )

    return build
