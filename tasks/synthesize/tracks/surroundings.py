"""The numbers of a scene, from its setting."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from datasets_spec.environment import ENVIRONMENT_FEATURES
from tasks.synthesize.engine.ground import RISE_M, SLOPE

if TYPE_CHECKING:
    from tasks.synthesize.engine.setting import Setting

__all__ = ["scene_numbers"]

_FRICTION: Final = {"ice": 0.1}
"""Rubber on ice; source: tables of engineering mechanics give 0.05 to 0.15."""
_USUAL_FRICTION: Final = 0.7
"""A shoe on a dry floor; tables give 0.5 to 0.9."""
_GROUNDS: Final = tuple(f.name for f in ENVIRONMENT_FEATURES if f.name.startswith("ground_"))
_PLACES: Final = tuple(f.name for f in ENVIRONMENT_FEATURES if f.name.startswith("place_"))
_WORDS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    # word of the place, its ground, its kinds
    ("moon", "ground_rock", ("place_space", "place_outdoor")),
    ("mars", "ground_rock", ("place_space", "place_outdoor")),
    ("space", "ground_floor", ("place_space",)),
    ("park", "ground_grass", ("place_nature", "place_outdoor")),
    ("garden", "ground_grass", ("place_nature", "place_outdoor")),
    ("meadow", "ground_grass", ("place_nature", "place_outdoor")),
    ("forest", "ground_rock", ("place_nature", "place_outdoor")),
    ("wood", "ground_rock", ("place_nature", "place_outdoor")),
    ("mountain", "ground_rock", ("place_nature", "place_outdoor")),
    ("beach", "ground_sand", ("place_nature", "place_outdoor")),
    ("desert", "ground_sand", ("place_nature", "place_outdoor")),
    ("snow", "ground_snow", ("place_nature", "place_outdoor")),
    ("street", "ground_floor", ("place_street", "place_outdoor")),
    ("square", "ground_floor", ("place_street", "place_outdoor")),
    ("market", "ground_floor", ("place_street", "place_outdoor")),
    ("station", "ground_floor", ("place_street", "place_indoor")),
    ("courtyard", "ground_floor", ("place_outdoor",)),
    ("playground", "ground_grass", ("place_sport", "place_outdoor")),
    ("field", "ground_grass", ("place_sport", "place_outdoor")),
    ("gym", "ground_floor", ("place_sport", "place_indoor")),
    ("court", "ground_floor", ("place_sport",)),
    ("stadium", "ground_grass", ("place_sport", "place_outdoor")),
    ("stage", "ground_floor", ("place_stage", "place_indoor")),
    ("dance floor", "ground_floor", ("place_stage", "place_indoor")),
    ("theatre", "ground_floor", ("place_stage", "place_indoor")),
    ("office", "ground_floor", ("place_work", "place_indoor")),
    ("bank", "ground_floor", ("place_work", "place_indoor")),
    ("school", "ground_floor", ("place_work", "place_indoor")),
    ("shop", "ground_floor", ("place_work", "place_indoor")),
    ("kitchen", "ground_floor", ("place_home", "place_indoor")),
    ("living room", "ground_floor", ("place_home", "place_indoor")),
    ("hall", "ground_floor", ("place_indoor",)),
    ("room", "ground_floor", ("place_indoor",)),
    ("train", "ground_floor", ("place_vehicle", "place_indoor")),
    ("ship", "ground_floor", ("place_vehicle",)),
    ("bus", "ground_floor", ("place_vehicle", "place_indoor")),
    ("underwater", "ground_water", ("place_underwater",)),
)
_BY_GROUND: Final = {
    "ice": "ground_ice",
    "stairs_up": "ground_stairs",
    "stairs_down": "ground_stairs",
    "slope_up": "ground_slope",
    "slope_down": "ground_slope",
}
_WET_M: Final = 0.05


def scene_numbers(
    setting: Setting, *, num_actors: int, has_object: bool, yaw: float = 0.0
) -> dict[str, float]:
    """What is known of a scene; the rest stays unknown.

    Args:
        setting: Surroundings.
        num_actors: People shown.
        has_object: Whether something is handled.
        yaw: First facing of the first actor, radians about y, 0 = +z: the wind is told from there.

    Returns:
        Numbers by the names of `environment.ENVIRONMENT_FEATURES`.
    """
    ground = setting.ground
    away = setting.wind_yaw - yaw
    known = {
        "gravity": setting.gravity_mps2,
        "friction": _FRICTION.get(ground, _USUAL_FRICTION),
        "slope": {"slope_up": math.atan(SLOPE), "slope_down": -math.atan(SLOPE)}.get(ground, 0.0),
        "stair_rise": {"stairs_up": RISE_M, "stairs_down": -RISE_M}.get(ground, 0.0),
        "wind_x": setting.wind_mps * math.sin(away),
        "wind_z": setting.wind_mps * math.cos(away),
        "water_level": setting.water_m,
        "num_actors": float(num_actors),
        "has_object": float(has_object),
    }
    return known | _kinds(setting)


def _kinds(setting: Setting) -> dict[str, float]:
    """Ground and place as flags: one ground is 1, all others 0; places only if words tell them."""
    words = setting.place.lower()
    told = next((row for row in _WORDS if row[0] in words), None)
    ground = _BY_GROUND.get(setting.ground, "")
    if not ground and setting.water_m > _WET_M:
        ground = "ground_water"
    if not ground:
        ground = told[1] if told else "ground_floor"
    flags = {name: float(name == ground) for name in _GROUNDS}
    kinds = told[2] if told else ()
    if setting.water_m > _WET_M:
        kinds = (*kinds, "place_underwater")
    if kinds:
        flags |= {name: float(name in kinds) for name in _PLACES}
    return flags
