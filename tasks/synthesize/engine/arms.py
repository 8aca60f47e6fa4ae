"""Blend arms to angles, or hands to places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.posture import Posture

__all__ = ["aim_arm", "aim_hand", "sided"]


def aim_arm(
    posture: Posture, side: int, angles: NDArray[np.float64], weight: NDArray[np.float64]
) -> None:
    """Blend one arm to angles (4,) or (T, 4) with a weight (T,).

    Angles: flexion forward, abduction, inward turn of the upper arm, bend of the elbow, radians.
    """
    mix = weight[:, None]
    posture.arms[:, side] = (1 - mix) * posture.arms[:, side] + mix * angles


def aim_hand(
    posture: Posture,
    side: int,
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
    *,
    in_world: bool = False,
) -> None:
    """Bring one wrist to targets (3,) or (T, 3), in the chest's frame or in the world.

    The chest's frame has its origin at mid-shoulders, x to the body's left, y up, z forward.
    """
    goals, weights = (
        (posture.hold, posture.hold_weight) if in_world else (posture.reach, posture.reach_weight)
    )
    # the new target over the old one, as paint over paint: no jump where one gives way to another
    rest = (1.0 - weight) * weights[:, side]
    total = weight + rest
    mix = np.divide(weight, total, out=np.ones_like(total), where=total > 0.0)[:, None]
    goals[:, side] = mix * target + (1.0 - mix) * goals[:, side]
    weights[:, side] = total


def sided(place: tuple[float, float, float], side: int) -> NDArray[np.float64]:
    """A place of the chest's frame for a hand (0 left, 1 right); x is given outward."""
    return np.array([place[0] * (-1.0 if side else 1.0), place[1], place[2]])
