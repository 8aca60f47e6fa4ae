"""The ground under the feet: level, stairs, slopes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.setting import Setting

__all__ = [
    "GOING_M",
    "RISE_M",
    "SLOPE",
    "ground_height",
    "ground_slope",
    "ground_tilt",
    "tread_middle",
]

RISE_M: Final = 0.17
"""Height of a stair step (ISO 14122-3 and common building rules: 2 rises + going = 0.63 m)."""
GOING_M: Final = 0.29
"""Depth of a stair step."""
SLOPE: Final = 0.14
"""Rise over run of a slope: 8 degrees, a steep street."""

_SIGNS: Final = {"stairs_up": 1.0, "slope_up": 1.0, "stairs_down": -1.0, "slope_down": -1.0}


def ground_slope(setting: Setting) -> float:
    """Mean rise over run along the path: 0 on the level, negative downwards."""
    sign = _SIGNS.get(setting.ground, 0.0)
    return sign * (RISE_M / GOING_M if setting.ground.startswith("stairs") else SLOPE)


def ground_height(setting: Setting, distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Height of the ground along a path.

    Args:
        setting: Its `ground` decides.
        distance: Way along the path, metres, forward positive; 0 where the actor is at time 0,
            which is the middle of a tread.

    Returns:
        Metres, in the shape of `distance`; 0 at distance 0.
    """
    slope = ground_slope(setting)
    if setting.ground.startswith("stairs"):
        return slope * GOING_M * np.round(distance / GOING_M)
    return slope * distance


def ground_tilt(setting: Setting) -> float:
    """Angle at which a foot lies flat, radians, positive uphill: treads are level."""
    stairs = setting.ground.startswith("stairs")
    return 0.0 if stairs else float(np.arctan(ground_slope(setting)))


def tread_middle(setting: Setting, distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distance where a foot goes down: on stairs the middle of the nearest tread."""
    if setting.ground.startswith("stairs"):
        return GOING_M * np.round(distance / GOING_M)
    return distance
