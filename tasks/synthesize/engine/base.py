"""The ground floor of every motion: feet planted along the legs of a path, or standing at ease."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tasks.synthesize.engine.course import course_of_legs
from tasks.synthesize.engine.gait import move
from tasks.synthesize.engine.gaits import leg_here
from tasks.synthesize.engine.take import Leg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.posture import Posture
    from tasks.synthesize.engine.setting import Setting

__all__ = ["Placement", "lay_base", "place"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where an actor's mid-hips are over the floor, and its facing, at one moment."""

    x: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    """Radians, 0 = facing +z, positive to the left."""
    at_s: float = 0.0


def lay_base(
    t: NDArray[np.float64],
    body: Body,
    manner: Manner,
    setting: Setting,
    rng: np.random.Generator,
    *,
    legs: Sequence[Leg],
) -> Posture:
    """Travel along the legs, stand still in between.

    Args:
        t: Times, shape (T,), seconds, evenly spaced.
        body: Who.
        manner: Scales steps, swing and noise.
        setting: Ground, gravity, water and wind change the gait.
        rng: Phase and noise.
        legs: In time order, without overlap; may begin before 0 and end after the last frame.

    Returns:
        Tracks that start at the origin, facing +z at time 0.
    """
    # standing is a leg that goes nowhere
    legs = legs or (Leg(start_s=float(t[0]), end_s=float(t[-1])),)
    course = course_of_legs(t, [leg_here(leg, manner, setting) for leg in legs])
    return move(t, body, course, rng, manner=manner, setting=setting)


def place(posture: Posture, placement: Placement) -> None:
    """Move and turn the whole of a base so that it is at its placement at that moment.

    Args:
        posture: Tracks without world-frame reaches yet.
        placement: Where, which way, and when.
    """
    when = int(np.clip(np.searchsorted(posture.t, placement.at_s), 0, len(posture.t) - 1))
    front = posture.turn[when, :, 2]
    angle = placement.yaw - math.atan2(front[0], front[2])
    pivot = posture.hips[when].copy()
    goal = (placement.x, placement.z)
    for track in (posture.hips, posture.ankles):
        for axis in (0, 2):
            track[..., axis] -= pivot[axis]
        _turn_about_y(track, angle)
        for axis, there in zip((0, 2), goal, strict=True):
            track[..., axis] += there
    _turn_about_y(posture.knees, angle)
    for frames in (posture.turn, posture.feet):
        _turn_about_y(np.swapaxes(frames, -1, -2), angle)


def _turn_about_y(vectors: NDArray[np.float64], angle: float) -> None:
    """Turn vectors (..., 3) about y, in place."""
    cos, sin = math.cos(angle), math.sin(angle)
    x, z = vectors[..., 0].copy(), vectors[..., 2]
    vectors[..., 0] = cos * x + sin * z
    vectors[..., 2] = cos * z - sin * x
