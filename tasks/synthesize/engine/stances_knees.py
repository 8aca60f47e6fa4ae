"""Poses on the knees, on hands and knees, and on the front. Shares of stature, by eye."""

from __future__ import annotations

import math
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
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "both_knees",
    "fours",
    "front",
    "heels",
    "one_knee",
    "to_both_knees",
    "to_fours",
    "to_front",
    "to_one_knee",
]

_FLAT = 2.9
"""Pitch of a foot whose top lies on the floor, radians."""


def _knelt_foot(frame: Frame, side: int) -> Foot:
    """Behind the knee, its top on the floor."""
    z = frame.knees_at - 0.995 * frame.shin
    return foot_at(frame, (sign_of(side) * 0.055 * frame.tall, 0.030 * frame.tall, z), pitch=_FLAT)


def _one(frame: Frame, share: float) -> Pose:
    """One knee down, the other foot ahead of it; share < 1: on the way down to it."""
    side = frame.side
    tall, sign = frame.tall, sign_of(side)
    at, high = frame.knees_at, 0.030 * tall + 0.99 * frame.thigh
    rear = foot_at(
        frame, (sign * 0.055 * tall, 0.118 * tall, at - 0.225 * tall), pitch=0.75 + 0.25 * share
    )
    front = _front_foot(frame, 1 - side)
    middle = at + 0.06 * tall
    hips = (0.0, high + (1 - share) * 0.30 * tall, share * at + (1 - share) * middle)
    knee = (-sign * 0.06 * tall, 0.315 * tall, at + 0.15 * tall)
    rest = (0.25, 0.12, 0.3, 0.5)
    on_knee = Hand(at=knee) if share == 1.0 else None
    return Pose(
        hips=hips,
        turn=(0.0, 0.06 + 0.22 * (1 - share), 0.0, 0.0),
        trunk=(0.10 + 0.30 * (1 - share), 0.0, 0.0),
        head=(-0.05 - 0.3 * (1 - share), 0.0, 0.0),
        arms=(rest, rest),
        hands=by_side(side, None, on_knee),
        feet=(front, rear) if side else (rear, front),
        knees=((0.08, -0.2, 1.0), (-0.08, -0.2, 1.0)),
    )


def _front_foot(frame: Frame, side: int) -> Foot | None:
    """Where it stood if the knee can come down behind it, else a step ahead."""
    z = frame.knees_at + 0.15 * frame.tall
    if abs(z - frame.stood[side][2]) < 0.06 * frame.tall:
        return None
    return foot_at(frame, (sign_of(side) * 0.06 * frame.tall, frame.ankle, z), pitch=0.0)


def one_knee(frame: Frame) -> Pose:
    """One knee down, a hand on the other."""
    return _one(frame, 1.0)


def to_one_knee(frame: Frame) -> Pose:
    """On the way down to one knee, or up from it."""
    return _one(frame, 0.45)


def to_both_knees(frame: Frame) -> Pose:
    """From one knee: the other foot comes back past the hips."""
    tall, side = frame.tall, frame.side
    pose, knelt = one_knee(frame), _knelt_foot(frame, side)
    x = -sign_of(side) * 0.07 * tall
    past = foot_at(frame, (x, 0.140 * tall, frame.knees_at - 0.05 * tall), pitch=0.85)
    return replace(
        pose,
        hips=(0.0, pose.hips[1] + 0.012 * tall, pose.hips[2] + 0.02 * tall),
        turn=(0.0, 0.16, 0.05 * sign_of(side), 0.0),
        feet=(past, knelt) if side else (knelt, past),
        hands=(None, None),
    )


def both_knees(frame: Frame) -> Pose:
    """Upright on both knees."""
    tall = frame.tall
    arms = (0.12, 0.14 + 0.05 * frame.twist[0], 0.35, 0.45 + 0.2 * frame.twist[1])
    return Pose(
        hips=(0.0, 0.030 * tall + 0.995 * frame.thigh, frame.knees_at),
        turn=(0.0, 0.02, 0.0, 0.0),
        trunk=(0.05, 0.0, 0.0),
        arms=(arms, arms),
        feet=(_knelt_foot(frame, 0), _knelt_foot(frame, 1)),
        knees=((0.05, -0.3, 1.0), (-0.05, -0.3, 1.0)),
    )


def heels(frame: Frame) -> Pose:
    """Sitting back on the heels, hands on the thighs."""
    tall, slope = frame.tall, 0.50
    y = 0.030 * tall + frame.thigh * math.sin(slope)
    z = frame.knees_at - frame.thigh * math.cos(slope)
    pose = both_knees(frame)
    lap = (0.065, (y + 0.045 * tall) / tall - 0.04, z / tall + 0.13)
    return replace(
        pose,
        hips=(0.0, y, z),
        turn=(0.0, 0.0, 0.0, 0.0),
        trunk=(0.12 + 0.05 * frame.twist[0], 0.0, 0.0),
        head=(-0.05, 0.0, 0.0),
        hands=both_hands(frame, lap),
    )


def to_fours(frame: Frame) -> Pose:
    """From both knees, leaning ahead on to the hands."""
    reach = (1.0, 0.1, 0.2, 0.3)
    return replace(
        both_knees(frame),
        hips=(0.0, 0.030 * frame.tall + 0.96 * frame.thigh, frame.knees_at - 0.05 * frame.tall),
        turn=(0.0, 0.65, 0.0, 0.0),
        trunk=(0.40, 0.0, 0.0),
        head=(-0.35, 0.0, 0.0),
        arms=(reach, reach),
    )


def fours(frame: Frame) -> Pose:
    """On hands and knees."""
    return replace(
        both_knees(frame),
        hips=(0.0, 0.030 * frame.tall + 0.99 * frame.thigh, frame.knees_at - 0.01 * frame.tall),
        turn=(0.0, 1.30, 0.0, 0.0),
        trunk=(0.12, 0.0, 0.0),
        head=(-0.60, 0.0, 0.0),
        hands=_hands_ahead(frame, 0.28, 0.28),
    )


def _hands_ahead(frame: Frame, left: float, right: float) -> tuple[Hand, Hand]:
    """Bearing hands ahead of the knees, shares of stature."""
    at = frame.knees_at / frame.tall
    return floor_hand(frame, (0.125, at + left)), floor_hand(frame, (-0.125, at + right))


def to_front(share: float) -> Callable[[Frame], Pose]:
    """From hands and knees to lying on the front: hand by hand ahead, then down."""

    def build(frame: Frame) -> Pose:
        first, second = min(1.0, 2 * share), max(0.0, 2 * share - 1.0)
        ahead = [0.28 + 0.19 * (first if side == frame.side else second) for side in (0, 1)]
        low = share * share
        return replace(
            fours(frame),
            hips=(
                0.0,
                (0.27 - 0.10 * low) * frame.tall,
                frame.knees_at + 0.12 * share * frame.tall,
            ),
            turn=(0.0, 1.36, 0.0, 0.0),
            trunk=(0.02, 0.0, 0.0),
            head=(-0.45, 0.0, 0.0),
            hands=_hands_ahead(frame, ahead[0], ahead[1]),
        )

    return build


def front(frame: Frame) -> Pose:
    """Flat on the front, the head turned to a side, hands beside the shoulders."""
    tall, sign = frame.tall, sign_of(frame.side)
    leg = 0.985 * (frame.thigh + frame.shin)
    hands = tuple(floor_hand(frame, (out, frame.knees_at / tall + 0.47)) for out in (0.215, -0.215))
    return Pose(
        hips=(0.0, 0.062 * tall, frame.knees_at - frame.shin + leg),
        turn=(0.0, 1.53, 0.0, 0.0),
        trunk=(-0.05, 0.0, 0.0),
        head=(-0.15, 0.9 * sign, 0.0),
        hands=(hands[0], hands[1]),
        feet=(_knelt_foot(frame, 0), _knelt_foot(frame, 1)),
        knees=((0.3, -1.0, 0.2), (-0.3, -1.0, 0.2)),
    )
