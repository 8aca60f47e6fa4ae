"""Surroundings by chance: mostly plain, sometimes such that they change how people move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine.setting import MOON_GRAVITY, Setting

if TYPE_CHECKING:
    import numpy as np

__all__ = ["TRAVEL_ONLY", "random_setting"]

TRAVEL_ONLY: Final = ("stairs_up", "stairs_down", "slope_up", "slope_down")
"""Grounds on which people walk or run and do nothing else."""
_PLACES: Final = (
    "",
    "",
    "",
    "in the park",
    "in the street",
    "on a stage",
    "in a gym",
    "in the kitchen",
    "in a garden",
    "at the beach",
    "in an office",
    "in the hall",
    "on the playground",
    "in a courtyard",
)
_GROUND_WORDS: Final = {
    "stairs_up": "up the stairs",
    "stairs_down": "down the stairs",
    "slope_up": "up a slope",
    "slope_down": "down a slope",
}


def random_setting(
    rng: np.random.Generator, *, special_share: float = 0.22, travels: bool = False
) -> Setting:
    """A setting.

    Args:
        rng: Of the clip.
        special_share: Chance of surroundings that change the motion.
        travels: True: all that happens is walking or running, so stairs and slopes are possible.
    """
    chance = rng.uniform(size=4)
    if chance[0] >= special_share:
        return Setting(place=_PLACES[int(chance[1] * len(_PLACES))])
    kinds = ["moon", "ice", "wind", "water", *(TRAVEL_ONLY if travels else ())]
    kind = kinds[int(chance[1] * len(kinds))]
    if kind == "moon":
        return Setting(place="on the moon", gravity_mps2=MOON_GRAVITY)
    if kind == "ice":
        return Setting(place="on ice", ground="ice")
    if kind == "wind":
        strength = 8.0 + 10.0 * chance[2]
        yaw = 3.1416 if chance[3] < 0.7 else 6.2832 * chance[3]
        return Setting(place="in a strong wind", wind_mps=float(strength), wind_yaw=float(yaw))
    if kind == "water":
        deep = 0.4 + 0.5 * chance[2]
        words = "in knee-deep water" if deep < 0.6 else "in waist-deep water"
        return Setting(place=words, water_m=float(deep))
    return Setting(place=_GROUND_WORDS[kind], ground=kind)
