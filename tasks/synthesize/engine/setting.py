"""Where it happens: surroundings that change motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["EARTH_GRAVITY", "GROUNDS", "MOON_GRAVITY", "Setting"]

EARTH_GRAVITY: Final = 9.80665
"""m/s2, standard gravity (ISO 80000-3)."""
MOON_GRAVITY: Final = 1.62
"""m/s2 at the Moon's surface (NASA Moon Fact Sheet)."""
GROUNDS: Final = ("floor", "ice", "stairs_up", "stairs_down", "slope_up", "slope_down")


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """Surroundings of a scene. The defaults change nothing."""

    place: str = ""
    """Words for captions: "in the park", "on the moon"; may be empty."""
    gravity_mps2: float = EARTH_GRAVITY
    ground: str = "floor"
    """A word of `GROUNDS`."""
    water_m: float = 0.0
    """Depth of the water in which the actors stand; 0 = dry."""
    wind_mps: float = 0.0
    """Wind speed; it blows towards `wind_yaw`."""
    wind_yaw: float = 0.0
    """Radians about y; 0 = towards +z."""

    def __post_init__(self) -> None:
        if self.ground not in GROUNDS or not 0.5 <= self.gravity_mps2 <= 30.0:
            msg = (
                f"expected a ground of {GROUNDS} and gravity in 0.5..30 m/s2, "
                f"got {self.ground!r}, {self.gravity_mps2!r}"
            )
            raise ValueError(msg)
