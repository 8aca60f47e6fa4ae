"""The ground floor of every motion: feet planted along the legs of a path, or standing at ease."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.footsteps import GaitStyle, Path
from tasks.synthesize.engine.gait import travel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.posture import Posture
    from tasks.synthesize.engine.setting import Setting
    from tasks.synthesize.engine.take import Leg

__all__ = ["Placement", "lay_base", "place"]

_RAMP_S: Final = 0.6


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
    del manner, setting
    speed_at, speeds, yaw_at, yaws = [-10.0], [0.0], [-10.0], [0.0]
    for leg in legs:
        speed_at += [leg.start_s, leg.start_s + _RAMP_S, leg.end_s - _RAMP_S, leg.end_s]
        speeds += [0.0, leg.speed_mps, leg.speed_mps, 0.0]
        yaw_at += [leg.start_s, leg.end_s]
        yaws += [yaws[-1], yaws[-1] + leg.turn_rad]
    assert all(one <= other for one, other in pairwise(speed_at))
    path = Path(
        speed=(tuple(speed_at), tuple(speeds)),
        yaw=(tuple(yaw_at), tuple(yaws)),
        travel=legs[0].travel if legs else 0.0,
    )
    return travel(t, body, rng, path=path, style=legs[0].style if legs else GaitStyle())


def place(posture: Posture, placement: Placement) -> None:
    """Move and turn the whole of a base so that it is at its placement at that moment.

    Args:
        posture: Tracks without world-frame reaches yet.
        placement: Where, which way, and when.
    """
    when = int(np.clip(np.searchsorted(posture.t, placement.at_s), 0, len(posture.t) - 1))
    front = posture.turn[when, :, 2]
    turn = axis_rotation("Y", np.array(placement.yaw - np.arctan2(front[0], front[2])))
    pivot = posture.hips[when] * np.array([1.0, 0.0, 1.0])
    goal = np.array([placement.x, 0.0, placement.z])
    posture.hips = (posture.hips - pivot) @ turn.T + goal
    posture.ankles = (posture.ankles - pivot) @ turn.T + goal
    posture.knees = posture.knees @ turn.T
    posture.turn = turn @ posture.turn
    posture.feet = turn @ posture.feet
