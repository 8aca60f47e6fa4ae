"""The 32 numbers of a scene: what they are, in which unit, in which range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = [
    "ENVIRONMENT_DIM",
    "ENVIRONMENT_FEATURES",
    "FeatureSpec",
    "environment_mapping",
    "environment_vector",
    "feature_index",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureSpec:
    """One number of a scene."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str


def _number(name: str, unit: str, low: float, high: float, meaning: str) -> FeatureSpec:
    return FeatureSpec(name=name, unit=unit, low=low, high=high, meaning=meaning)


def _flag(name: str, meaning: str) -> FeatureSpec:
    return _number(name, "1", 0.0, 1.0, meaning)


ENVIRONMENT_FEATURES: Final[tuple[FeatureSpec, ...]] = (
    _number("gravity", "m/s2", 0.0, 30.0, "acceleration of a falling body; 9.80665 on Earth"),
    _number("friction", "1", 0.0, 1.5, "friction coefficient between foot and ground"),
    _number("slope", "rad", -0.8, 0.8, "rise of the ground along the first actor's first facing"),
    _number("stair_rise", "m", -0.3, 0.3, "height of a step, negative for stairs that go down"),
    _number("wind_x", "m/s", -40.0, 40.0, "wind towards the first actor's first left"),
    _number("wind_z", "m/s", -40.0, 40.0, "wind towards the first actor's first facing"),
    _number("water_level", "m", 0.0, 20.0, "surface of the water above the ground, 0 = dry"),
    _number("temperature", "Cel", -60.0, 60.0, "of the air"),
    _number("light", "1", 0.0, 1.0, "0 = dark, 1 = a bright day"),
    _number("num_actors", "1", 1.0, 8.0, "people who are shown"),
    _number("crowd", "1", 0.0, 1.0, "0 = nobody else about, 1 = a dense crowd"),
    _flag("has_object", "1 = something is handled"),
    _flag("ground_floor", "an even, hard floor"),
    _flag("ground_grass", "grass"),
    _flag("ground_sand", "sand"),
    _flag("ground_ice", "ice"),
    _flag("ground_snow", "snow"),
    _flag("ground_stairs", "stairs"),
    _flag("ground_water", "the bottom of a water, or none"),
    _flag("ground_rock", "earth or rock"),
    _flag("ground_slope", "a slope of any kind"),
    _flag("place_indoor", "under a roof"),
    _flag("place_outdoor", "under the sky"),
    _flag("place_home", "a home"),
    _flag("place_work", "an office, a shop, a workshop, a school"),
    _flag("place_stage", "a stage or a dance floor"),
    _flag("place_street", "a street, a square, a station"),
    _flag("place_sport", "a sports ground or hall"),
    _flag("place_nature", "park, wood, beach, mountain"),
    _flag("place_space", "off the Earth"),
    _flag("place_underwater", "in or under water"),
    _flag("place_vehicle", "on board a vehicle"),
)
"""Order is stable: append nothing, change nothing without a new schema version."""

ENVIRONMENT_DIM: Final = len(ENVIRONMENT_FEATURES)
assert ENVIRONMENT_DIM == 32

_INDEX: Final = {spec.name: number for number, spec in enumerate(ENVIRONMENT_FEATURES)}
_LIMITS: Final = tuple((spec.low, spec.high) for spec in ENVIRONMENT_FEATURES)


def feature_index(name: str) -> int:
    """Place of a number in the vector.

    Raises:
        ValueError: If there is no such number.
    """
    if name not in _INDEX:
        msg = f"expected a scene number of {tuple(_INDEX)}, got {name!r}"
        raise ValueError(msg)
    return _INDEX[name]


def environment_vector(known: Mapping[str, float]) -> NDArray[np.float32]:
    """The vector of a scene.

    Args:
        known: Numbers by name, in the units of `ENVIRONMENT_FEATURES`; NaN says unknown too.

    Returns:
        Shape (32,), float32, NaN where nothing is known.

    Raises:
        ValueError: If a name is unknown, or a number lies outside its range.
    """
    vector = [math.nan] * ENVIRONMENT_DIM
    for name, value in known.items():
        number = feature_index(name)
        if math.isnan(value):
            continue
        low, high = _LIMITS[number]
        if not low <= value <= high:
            spec = ENVIRONMENT_FEATURES[number]
            msg = f"{name}: expected {spec.low:g}..{spec.high:g} {spec.unit}, got {value:g}"
            raise ValueError(msg)
        vector[number] = value
    return np.array(vector, dtype=np.float32)


def environment_mapping(vector: NDArray[np.float32]) -> dict[str, float]:
    """The known numbers of a vector, by name.

    Args:
        vector: Shape (32,).

    Raises:
        ValueError: If the shape is another.
    """
    if vector.shape != (ENVIRONMENT_DIM,):
        msg = f"expected a vector of shape ({ENVIRONMENT_DIM},), got {vector.shape}"
        raise ValueError(msg)
    return {
        spec.name: float(value)
        for spec, value in zip(ENVIRONMENT_FEATURES, vector, strict=True)
        if not math.isnan(float(value))
    }
