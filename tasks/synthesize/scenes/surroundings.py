"""A setting as the numbers of a scene."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasks.synthesize.engine.setting import Setting

__all__ = ["environment_of"]

_FRICTION: Final = {"ice": 0.05}
"""Rubber on wet ice; elsewhere `_DRY`. Source: engineering tables of friction coefficients."""
_DRY: Final = 0.8
_STAIR_RISE_M: Final = 0.17
_SLOPE_RAD: Final = 0.12
_PLACES: Final = {
    "park": ("place_outdoor", "place_nature", "ground_grass"),
    "garden": ("place_outdoor", "place_nature", "ground_grass"),
    "beach": ("place_outdoor", "place_nature", "ground_sand"),
    "street": ("place_outdoor", "place_street", "ground_floor"),
    "courtyard": ("place_outdoor", "place_street", "ground_floor"),
    "playground": ("place_outdoor", "place_sport", "ground_floor"),
    "stage": ("place_indoor", "place_stage", "ground_floor"),
    "gym": ("place_indoor", "place_sport", "ground_floor"),
    "kitchen": ("place_indoor", "place_home", "ground_floor"),
    "office": ("place_indoor", "place_work", "ground_floor"),
    "hall": ("place_indoor", "ground_floor"),
    "moon": ("place_outdoor", "place_space", "ground_rock"),
    "wind": ("place_outdoor",),
}


def environment_of(setting: Setting, *, num_actors: int, has_object: bool) -> dict[str, float]:
    """What is known of a scene, by the names of `environment.ENVIRONMENT_FEATURES`."""
    known = {
        "gravity": setting.gravity_mps2,
        "friction": _FRICTION.get(setting.ground, _DRY),
        "slope": {"slope_up": _SLOPE_RAD, "slope_down": -_SLOPE_RAD}.get(setting.ground, 0.0),
        "stair_rise": {"stairs_up": _STAIR_RISE_M, "stairs_down": -_STAIR_RISE_M}.get(
            setting.ground, 0.0
        ),
        "wind_x": setting.wind_mps * math.sin(setting.wind_yaw),
        "wind_z": setting.wind_mps * math.cos(setting.wind_yaw),
        "water_level": setting.water_m,
        "num_actors": float(num_actors),
        "has_object": float(has_object),
        "ground_ice": float(setting.ground == "ice"),
        "ground_stairs": float(setting.ground.startswith("stairs")),
        "ground_slope": float(setting.ground.startswith("slope")),
        "ground_water": float(setting.water_m > 0.0),
    }
    words = set(setting.place.split())
    for place, flags in _PLACES.items():
        if place in words:
            known |= dict.fromkeys(flags, 1.0)
    return known
