"""The ground floor of every motion: feet planted along the legs of a path, or standing at ease."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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
    when = min(max(int(posture.t.searchsorted(placement.at_s)), 0), len(posture.t) - 1)
    front = posture.turn[when, :, 2]
    angle = placement.yaw - math.atan2(front[0], front[2])
    back = _about_y(-angle)
    pivot = posture.hips[when] * (1.0, 0.0, 1.0)
    goal = (placement.x, 0.0, placement.z)
    for track in (posture.hips, posture.ankles, posture.knees):
        flat = track.reshape(-1, 3)
        moved = flat @ back
        if track is not posture.knees:
            moved += goal - pivot @ back
        track[...] = moved.reshape(track.shape)
    # a matrix in one row: the turn works on its columns
    across = np.zeros((3, 3, 3, 3))
    across[:, _AXES, :, _AXES] = back
    for frames in (posture.turn, posture.feet):
        frames[...] = (frames.reshape(-1, 9) @ across.reshape(9, 9)).reshape(frames.shape)


_AXES: Final = np.arange(3)


def _about_y(angle: float) -> NDArray[np.float64]:
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
